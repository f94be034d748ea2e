//! What one process at a time may do, as far as the store that they share can say.
//!
//! Promise: a store that does not answer keeps nobody from a turn, and other processes' logins nobody for more than a minute
//! and a half. Deliberately absent: the logins of a session that is over, which serenity begins by itself.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::config::ShardRange;
use crate::store::{ProcessId, Records, Timestamp};

/// How often a process asks again while another has the turn.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// Discord lets one shard of each key log in within five seconds (`topics/gateway.mdx`, "Session Start Limit Object").
const LOGIN_SECONDS: u32 = 5;
/// Stored times are whole seconds, and this one may be nearly over.
const ROUNDED_SECONDS: u32 = 1;
/// Then a process logs in all the same: one that Discord turns away tries again, and one that waits answers nobody. Some
/// fifteen processes of one shard each, all started at once, get their turns by then; and the alert that a process is not
/// connected (`deploy/alerts.yaml`) waits for longer.
const LOGS_IN_WITHIN: Duration = Duration::from_secs(90);

/// Waits until no other process does this, and claims it for so long.
pub(super) async fn take(records: &Records, process: &ProcessId, what: &str, seconds: u32) {
    loop {
        let (process, claim) = (process.clone(), what.to_owned());
        let now = Timestamp::now();
        let until = now.seconds_after(seconds);
        let claimed = records.ask(move |store| async move { store.claim(&claim, &process, now, until).await });
        match claimed.await {
            Ok(true) => return,
            Ok(false) => sleep(ASKED_EVERY).await,
            Err(error) => {
                tracing::debug!(%error, what, "whether another process has the turn cannot be told");
                return;
            }
        }
    }
}

/// Lets the next process have its turn.
pub(super) async fn end(records: &Records, process: &ProcessId, what: &str) {
    let (process, claim) = (process.clone(), what.to_owned());
    let released = records.ask(move |store| async move { store.release(&claim, &process).await });
    if let Err(error) = released.await {
        tracing::debug!(%error, what, "the turn ends with its time");
    }
}

/// Waits until no other process logs in that has to take turns with these shards, and claims as long as their logins take,
/// which serenity begins five seconds apart. A process with all shards has nobody to wait for.
pub(super) async fn to_log_in(records: &Records, process: &ProcessId, shards: ShardRange, max_concurrency: u32) {
    let Some(what) = logins(shards, max_concurrency) else {
        return;
    };
    let seconds = shards.n().saturating_mul(LOGIN_SECONDS).saturating_add(ROUNDED_SECONDS);
    let turn = take(records, process, &what, seconds);
    if timeout(LOGS_IN_WITHIN, turn).await.is_err() {
        tracing::warn!("other processes log in for so long that this one waits no longer");
    }
}

/// Logs in no longer: whoever waits, the same process after its restart as well, need not wait for logins that do not come.
pub(super) async fn end_logins(records: &Records, process: &ProcessId, shards: ShardRange, max_concurrency: u32) {
    if let Some(what) = logins(shards, max_concurrency) {
        end(records, process, &what).await;
    }
}

/// What is claimed to log in with these shards; `None` for all of them.
fn logins(shards: ShardRange, max_concurrency: u32) -> Option<String> {
    (shards.n() < shards.total).then(|| format!("login:{}", shards.first % max_concurrency.max(1)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::{SqliteStore, Store as _};

    #[tokio::test]
    async fn a_process_that_ends_keeps_no_other_from_its_logins() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::new(&folder.path().join("store.sqlite")));
        // Opened without the haste of those who ask for a turn.
        store.ping().await.unwrap();
        let records = Records::start(store, "the key".into(), 90);
        let (ended, next) = (ProcessId::random(), ProcessId::random());
        let shards = ShardRange {
            first: 0,
            end: 4,
            total: 16,
        };
        to_log_in(&records, &ended, shards, 1).await;
        let waiting = to_log_in(&records, &next, shards, 1);
        assert!(timeout(ASKED_EVERY, waiting).await.is_err(), "it logs in as well");
        end_logins(&records, &ended, shards, 1).await;
        // The claim would have been held for 21 s.
        let waiting = to_log_in(&records, &next, shards, 1);
        assert!(timeout(Duration::from_secs(10), waiting).await.is_ok(), "it waits");
        records.close(Duration::from_secs(1)).await;
    }
}
