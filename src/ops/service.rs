//! What a service manager is told: that the bot is up, alive, and on its way out.
//!
//! systemd's protocol, by a crate; where there is no service manager that listens, nothing happens. Promise: the
//! watchdog is fed by the loop that watches everything else, so where that stands still, the bot is started anew.

use sd_notify::NotifyState;

/// The bot is up.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The bot is on its way out.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Feeds the service manager's watchdog, where it has one; never ends by itself.
pub async fn feed_watchdog() {
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    // Half of it, as `sd_watchdog_enabled(3)` advises.
    let mut due = tokio::time::interval(patience / 2);
    loop {
        due.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}
