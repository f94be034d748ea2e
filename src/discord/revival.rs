//! Gets shards going that serenity 0.12.5 leaves stranded.
//!
//! A shard whose session is over asks its manager for another one, and the manager first waits up to 5 s for that shard's
//! own end, which cannot come meanwhile. A shard whose connection was closed with 4003, or without a code, looks for
//! events on it without ever giving up its thread (`spins`). Promise: the one waits no longer, the other is ended and
//! begun anew; serenity's own 5 s between two logins are kept. This must not run on a thread that a shard may spin on.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serenity::gateway::ShardManager;
use serenity::model::id::ShardId;
use serenity::model::user::OnlineStatus;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::overheard::Stranded;

/// A shard looks at what it is told every 500 ms; this is for the close to be written as well.
const CLOSED_WITHIN: Duration = Duration::from_millis(800);

/// Whether a word of a shard's end lies in the manager's channel for whoever waits next. After the first restart there
/// always is one, since serenity says it again when the restart is over; so nobody waits from then on.
#[derive(Debug, Default)]
pub(super) struct Revival {
    is_said: AtomicBool,
}

impl Revival {
    /// Gets every stranded shard going; never ends.
    pub(super) async fn attend(
        &self,
        mut stranded: broadcast::Receiver<Stranded>,
        shards: Option<&ShardManager>,
    ) -> Infallible {
        let Some(shards) = shards else {
            return std::future::pending().await;
        };
        loop {
            match stranded.recv().await {
                Ok(Stranded::Waiting(shard)) if !self.is_said.swap(true, Ordering::Relaxed) => {
                    shards.shutdown_finished(shard);
                }
                Ok(Stranded::Waiting(_)) => {}
                Ok(Stranded::Spinning(shard)) => restart(shards, shard).await,
                Err(RecvError::Lagged(n)) => tracing::warn!(n, "more shards were stranded than can be got going"),
                // The sender is in the program's log.
                Err(RecvError::Closed) => return std::future::pending().await,
            }
        }
    }

    /// Closes all shards cleanly; with a word lying in the channel, `shutdown_all` would not wait for them.
    pub(super) async fn close(&self, shards: &ShardManager) {
        if self.is_said.load(Ordering::Relaxed) {
            for runner in shards.runners.lock().await.values() {
                runner.runner_tx.shutdown_clean();
            }
            tokio::time::sleep(CLOSED_WITHIN).await;
        }
        shards.shutdown_all().await;
    }
}

/// Ends a shard that spins, and begins it anew.
async fn restart(shards: &ShardManager, shard: ShardId) {
    tracing::warn!(%shard, "a shard was closed without noticing it, so it is begun anew");
    if let Some(runner) = shards.runners.lock().await.get(&shard) {
        // What it is told to send cannot be sent, and that ends it, without a word.
        runner.runner_tx.set_status(OnlineStatus::Online);
    }
    shards.shutdown_finished(shard);
    shards.restart(shard).await;
}
