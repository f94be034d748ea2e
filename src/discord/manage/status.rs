//! `/admin status`: how the bot is doing, in a few lines.

use std::time::Instant;

use super::audit::Audit;
use crate::answer::wording::{discord as wording, managing};
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::Visibility;
use crate::discord::reply;
use crate::ops::metrics::resident_bytes;
use crate::reload::ReloadedBy;

/// Shows how the bot is doing.
pub(super) fn status(bot: &Bot, audit: &Audit) -> Response {
    audit.note(managing::deeds::STATUS);
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
    Response::Message(reply::sentence(&status.to_string()), Visibility::Private)
}
