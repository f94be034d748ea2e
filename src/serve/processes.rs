//! This process among those that share the store: written down while it runs, for whoever asks for the status of all.

use std::time::Duration;

use tokio::time::timeout;

use super::Parts;
use crate::config::{DiscordConfig, Shards};
use crate::store::{ProcessId, ProcessRecord, Timestamp};

/// How often it says that it is alive.
const NOTED_EVERY: Duration = Duration::from_secs(15);

/// What a machine is called that does not say its name.
const UNNAMED: &str = "process";

/// What of this process never changes.
#[derive(Debug)]
pub(super) struct Process {
    id: ProcessId,
    name: String,
    doors: String,
    started_at: Timestamp,
}

impl Process {
    /// This one.
    pub(super) fn new(discord: &DiscordConfig) -> Self {
        Self {
            id: ProcessId::random(),
            name: format!("{}:{}", machine(), std::process::id()),
            doors: doors(discord),
            started_at: Timestamp::now(),
        }
    }

    /// Writes it down at once, after every reload and now and then; never ends by itself. A store that does not take it is
    /// no news here.
    pub(super) async fn keep_noted(&self, parts: &Parts) {
        let mut reloads = parts.reloader.subscribe();
        loop {
            if let Err(error) = parts.records.note_process(self.record(parts)).await {
                tracing::debug!(%error, "this process could not be written down");
            }
            // Whatever ends the wait, it is time.
            let _ = timeout(NOTED_EVERY, reloads.recv()).await;
        }
    }

    /// Takes it off the list, at the end of a process that ends well.
    pub(super) async fn forget(&self, parts: &Parts) {
        let id = self.id.clone();
        let forgotten = parts
            .records
            .ask(move |store| async move { store.forget_process(&id).await });
        if let Err(error) = forgotten.await {
            tracing::debug!(%error, "this process could not be taken off the list");
        }
    }

    fn record(&self, parts: &Parts) -> ProcessRecord {
        let snapshot = parts.reloader.engine().snapshot();
        ProcessRecord {
            id: self.id.clone(),
            name: self.name.clone(),
            doors: self.doors.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision: snapshot.base().revision.to_string(),
            started_at: self.started_at,
            seen_at: Timestamp::now(),
        }
    }
}

/// What it serves.
fn doors(discord: &DiscordConfig) -> String {
    let gateway = match discord.shards {
        Shards::None => None,
        Shards::Auto => Some("all shards".to_owned()),
        Shards::Some(shards) => Some(format!("shards {shards}")),
    };
    let interactions = discord.interactions.map(|_| "interactions".to_owned());
    let doors: Vec<String> = gateway.into_iter().chain(interactions).collect();
    doors.join(", ")
}

/// The name of this machine, or of its container, where the system says. The kernel is asked: a hardened unit has no
/// `/proc/sys` (`ProcSubset=pid`).
#[cfg(target_os = "linux")]
fn machine() -> String {
    match rustix::system::uname().nodename().to_string_lossy() {
        name if name.is_empty() => UNNAMED.to_owned(),
        name => name.into_owned(),
    }
}

/// Elsewhere nobody is asked.
#[cfg(not(target_os = "linux"))]
fn machine() -> String {
    UNNAMED.to_owned()
}
