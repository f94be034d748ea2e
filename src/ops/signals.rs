//! What the outside asks of a running bot: stop, or reload.
//!
//! A value rather than the process's signals themselves, so that tests stop a bot without a signal, and so that a
//! service manager's signals mean the same everywhere. Promise: a stop is never missed, whenever it is asked for.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// The two things that can be asked; clones ask the same bot.
#[derive(Debug, Clone)]
pub struct Control {
    stopping: watch::Sender<bool>,
    reload: Arc<Notify>,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            stopping: watch::Sender::new(false),
            reload: Arc::default(),
        }
    }
}

impl Control {
    /// Asks for a clean end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Asks for the facts to be read again.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Whether an end was asked for.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Ends once an end was asked for.
    pub async fn stopped(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Ends once a reload was asked for since the last time.
    pub async fn reload_asked(&self) {
        self.reload.notified().await;
    }
}

/// Obeys the signals of the process until it ends: SIGTERM and SIGINT stop, SIGHUP reloads.
///
/// # Errors
/// If the signals cannot be had.
#[cfg(unix)]
pub fn obey(control: &Control) -> std::io::Result<impl Future<Output = ()> + use<>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let control = control.clone();
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => control.stop(),
                _ = interrupt.recv() => control.stop(),
                _ = hang_up.recv() => control.reload(),
            }
        }
    })
}

/// Obeys the signals of the process until it ends: Ctrl-C stops.
///
/// # Errors
/// Never here.
#[cfg(not(unix))]
pub fn obey(control: &Control) -> std::io::Result<impl Future<Output = ()> + use<>> {
    let control = control.clone();
    Ok(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            control.stop();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stop_that_was_asked_for_before_anyone_waited_is_not_missed() {
        let control = Control::default();
        control.clone().stop();
        control.stopped().await;
        assert!(control.is_stopping());
    }
}
