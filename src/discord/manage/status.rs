//! `/admin status`: how the bot is doing, in a few lines, and how the other processes of it are.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::audit::Audit;
use crate::answer::wording::{discord as wording, managing};
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::Visibility;
use crate::discord::reply;
use crate::ops::metrics::resident_bytes;
use crate::reload::ReloadedBy;
use crate::store::{ProcessRecord, Records, StoreError, Timestamp};

/// Processes that were last seen longer ago are not worth a line.
const SEEN_WITHIN_SECONDS: u32 = 10 * 60;
/// The name of a list of them that is too long for a message.
const PROCESSES_FILE: &str = "processes.txt";

/// Shows how the bot is doing.
pub(super) fn status(bot: &Bot, audit: &Audit) -> Response {
    audit.note(managing::deeds::STATUS);
    let status = this_process(bot);
    let records = Arc::clone(&bot.records);
    let work = async move {
        let (now, processes) = all_processes(&records).await;
        let others = match processes {
            Ok(processes) => wording::processes(processes.iter().map(|process| line(process, now))),
            Err(error) => {
                tracing::warn!(%error, "the processes could not be listed");
                wording::PROCESSES_UNKNOWN.to_owned()
            }
        };
        reply::document(&status, &others, PROCESSES_FILE)
    };
    Response::Later(Visibility::Private, Box::pin(work))
}

async fn all_processes(records: &Records) -> (Timestamp, Result<Vec<ProcessRecord>, StoreError>) {
    let now = Timestamp::now();
    let since = now.seconds_before(SEEN_WITHIN_SECONDS);
    let asked = records.ask(move |store| async move { store.processes(since).await });
    (now, asked.await)
}

fn line(process: &ProcessRecord, now: Timestamp) -> String {
    let seconds_since = |then: Timestamp| Duration::from_secs(u64::try_from(now.0 - then.0).unwrap_or_default());
    wording::process(
        &process.name,
        &process.doors,
        &process.version,
        &process.revision,
        seconds_since(process.started_at),
        seconds_since(process.seen_at),
    )
}

fn this_process(bot: &Bot) -> String {
    let now = Instant::now();
    let snapshot = bot.snapshot();
    let base = snapshot.base();
    let reloads = bot.reloader.status();
    let tally = bot.counts.tally();
    let store = bot.records.health();
    let loaded_by = match reloads.last.by {
        ReloadedBy::Start => wording::BY_START.to_owned(),
        ReloadedBy::Edit => wording::BY_EDIT.to_owned(),
        ReloadedBy::Signal => wording::BY_SIGNAL.to_owned(),
        ReloadedBy::Admin(member) => wording::by_admin(member),
    };
    let status = wording::Status {
        version: env!("CARGO_PKG_VERSION"),
        uptime: bot.pulse.uptime(now),
        revision: base.revision.to_string(),
        n_facts: base.n_facts(),
        n_briefings: base.briefings.len(),
        loaded_ago: reloads.last.at.elapsed().unwrap_or_default(),
        loaded_by,
        refused: reloads.refused.map(|refusal| refusal.to_string()),
        answered: tally.answered,
        suggested: tally.suggested,
        declined: tally.declined,
        dropped: tally.dropped,
        failed: tally.failed,
        mean: tally.mean,
        slowest: tally.slowest,
        gateway_latency: bot.pulse.latency(),
        gateway_silence: bot.pulse.silence(now),
        gateway_sessions: bot.pulse.sessions(),
        memory: managing::memory(resident_bytes()),
        store: managing::store(store.n_written, store.n_queued, store.n_lost, store.is_failing),
    };
    status.to_string()
}
