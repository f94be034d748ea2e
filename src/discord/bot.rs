//! What every handler of an event is handed: the services, and what the bot remembers.
//!
//! Deliberately absent: behaviour; each way of asking has a file of its own.

use std::sync::Arc;

use serenity::model::id::UserId;

use super::counts::Counts;
use super::guard::Guard;
use super::lately::Lately;
use super::memory::Memory;
use super::permit::Admins;
use super::pulse::Pulse;
use super::rest::Rest;
use crate::config::Switch;
use crate::engine::Snapshot;
use crate::ops::metrics::Metrics;
use crate::reload::Reloader;
use crate::store::Records;

/// The bot as its handlers see it.
#[derive(Debug)]
pub(crate) struct Bot {
    /// Its own id.
    pub(crate) me: UserId,
    /// The way to Discord.
    pub(crate) rest: Arc<Rest>,
    /// The facts, and the way to others.
    pub(crate) reloader: Arc<Reloader>,
    /// What is remembered, and the servers' settings.
    pub(crate) records: Arc<Records>,
    /// Who may do what an admin does.
    pub(crate) admins: Admins,
    /// What was said before.
    pub(crate) memory: Memory,
    /// Where it was asked, and what was taken up.
    pub(crate) lately: Lately,
    /// What it has done, for Prometheus.
    pub(crate) metrics: Arc<Metrics>,
    /// What it has done.
    pub(crate) counts: Arc<Counts>,
    /// Lets events in.
    pub(crate) guard: Guard,
    /// The connection's signs of life.
    pub(crate) pulse: Arc<Pulse>,
    /// Whether the words of questions are logged.
    pub(crate) log_questions: Switch,
}

impl Bot {
    /// The facts as they are now; taken once for each event.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.reloader.engine().snapshot()
    }
}
