//! What every handler of an event is handed: the services, and what the bot remembers.
//!
//! Deliberately absent: behaviour; each way of asking has a file of its own.

use std::sync::Arc;
use std::time::Instant;

use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId, UserId};

use super::checks::Checks;
use super::counts::Counts;
use super::guard::Guard;
use super::hints::Hints;
use super::lately::Lately;
use super::log_channel::LogChannels;
use super::memory::Memory;
use super::own_roles::OwnRoles;
use super::permit::Admins;
use super::popular::Popular;
use super::pulse::Pulse;
use super::questions::Questions;
use super::rates::Rates;
use super::registration::Registered;
use super::rest::Rest;
use super::shut::Shut;
use super::threads::Threads;
use crate::config::{KnowledgeSource, Switch};
use crate::engine::Snapshot;
use crate::ops::metrics::Metrics;
use crate::reload::Reloader;
use crate::store::{Records, ServerSettings};

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
    /// Which reply answers which message.
    pub(crate) questions: Questions,
    /// Which checks were posted; shared with what posts them, which outlives the event.
    pub(crate) checks: Arc<Checks>,
    /// What is asked the most.
    pub(crate) popular: Popular,
    /// What the gateway was asked to send.
    pub(crate) intents: GatewayIntents,
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
    /// After how many days the store forgets, as `/privacy` says.
    pub(crate) retention_days: u32,
    /// The server whose administrators are the bot's admins.
    pub(crate) home: Option<GuildId>,
    /// What Discord was told of the commands.
    pub(crate) registered: Registered,
    /// Where the facts come from.
    pub(crate) knowledge_source: KnowledgeSource,
    /// Holds back who asks too much.
    pub(crate) rates: Rates,
    /// Who was told of a permission that is missing.
    pub(crate) hints: Hints,
    /// Where it may not write.
    pub(crate) shut: Shut,
    /// Where managers are told of what admins do.
    pub(crate) log_channels: Arc<LogChannels>,
    /// Which channels threads are in.
    pub(crate) threads: Threads,
    /// Which role of a server is its own.
    pub(crate) own_roles: OwnRoles,
}

impl Bot {
    /// The facts as they are now; taken once for each event.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.reloader.engine().snapshot()
    }

    /// A server's settings; the defaults in a direct message.
    pub(crate) fn settings_of(&self, guild: Option<GuildId>) -> Arc<ServerSettings> {
        self.records.settings_of(guild.map(Into::into))
    }

    /// Forgets what anybody said that is past its time, also where nobody says anything any more.
    pub(crate) fn forget_old(&self, now: Instant) {
        self.memory.prune(now);
        self.questions.prune(now);
    }

    /// Forgets what a member said in a channel, and what was answered.
    pub(crate) fn forget(&self, channel: ChannelId, member: UserId) {
        self.memory.forget((channel, member));
        self.questions.forget((channel, member));
    }
}
