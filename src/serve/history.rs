//! The bot's own history: every reload into the store and the metrics, every login into the store. What was refused at the
//! start is there as a reload that was refused.

use tokio::sync::broadcast;

use super::Parts;
use crate::discord::Overheard;
use crate::reload::{Reloaded, ReloadedBy, Reloader};
use crate::store::{Record, Records, ReloadRecord, ReloadResult, Timestamp};

/// Writes every reload down, the first one too; never ends by itself.
pub(super) async fn keep(parts: &Parts) {
    let Parts { reloader, records, .. } = parts;
    let mut reloads = reloader.subscribe();
    parts.metrics.may_reload(ReloadResult::ALL.map(ReloadResult::name));
    let snapshot = reloader.engine().snapshot();
    let base = snapshot.base();
    let status = reloader.status();
    records.record(Record::Reloaded(ReloadRecord {
        at: Timestamp::of(status.last.at),
        by: ReloadedBy::Start.to_string(),
        result: ReloadResult::Replaced,
        revision: base.revision.to_string(),
        n_facts: base.n_facts() as u64,
        refusal: String::new(),
    }));
    if let Some(refusal) = status.refused {
        let revision = base.revision;
        let outcome = Reloaded::Refused { revision, refusal };
        note(parts, ReloadedBy::Start, &outcome);
    }
    drop(snapshot);
    loop {
        match reloads.recv().await {
            Ok((by, outcome)) => note(parts, by, &outcome),
            Err(broadcast::error::RecvError::Lagged(n)) => tracing::warn!(n, "reloads were not written down"),
            // `reloader` holds the sender, so it lives.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn note(parts: &Parts, by: ReloadedBy, outcome: &Reloaded) {
    let record = reload_record(by, outcome, &parts.reloader);
    parts.metrics.reloaded(record.result.name());
    parts.records.record(Record::Reloaded(record));
}

fn reload_record(by: ReloadedBy, outcome: &Reloaded, reloader: &Reloader) -> ReloadRecord {
    let (result, revision, refusal) = match outcome {
        Reloaded::Replaced { to, .. } => (ReloadResult::Replaced, to, String::new()),
        Reloaded::Unchanged { revision, .. } => (ReloadResult::Unchanged, revision, String::new()),
        Reloaded::Refused { revision, refusal } => (ReloadResult::Refused, revision, refusal.to_string()),
    };
    ReloadRecord {
        at: Timestamp::now(),
        by: by.to_string(),
        result,
        revision: revision.to_string(),
        n_facts: reloader.engine().snapshot().base().n_facts() as u64,
        refusal,
    }
}

/// Writes every login down, so that they are counted across restarts; never ends by itself.
pub(super) async fn keep_logins(overheard: &Overheard, records: &Records) {
    let mut logins = overheard.logins();
    let mut n_kept = 0;
    loop {
        let n_heard = *logins.borrow_and_update();
        for _ in n_kept..n_heard {
            records.record(Record::Identified { at: Timestamp::now() });
        }
        n_kept = n_heard;
        if logins.changed().await.is_err() {
            // `overheard` holds the sender, so it lives.
            std::future::pending::<()>().await;
        }
    }
}
