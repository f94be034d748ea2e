//! Every entry of the store as one value: what an export writes, and a move reads.
//!
//! The JSON of a row is a format that outlives versions: keys are added, never renamed.

use serde::{Deserialize, Serialize};

use super::publication::Publication;
use super::record::{AskedChannel, KeptQuestion, ReloadRecord, Snowflake, Unanswered, Vote, fact, optional_fact};
use super::settings::ServerSettings;
use super::time::{Day, Timestamp};
use crate::fact::FactRef;

/// An entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Row {
    /// A server's settings.
    Settings {
        /// The server.
        server: Snowflake,
        /// The settings.
        settings: ServerSettings,
        /// When they were last changed.
        changed_at: Timestamp,
    },
    /// A server's settings that this version cannot read, as they are.
    UnreadSettings {
        /// The server.
        server: Snowflake,
        /// What is stored.
        text: String,
        /// When they were last changed.
        changed_at: Timestamp,
    },
    /// A server that the bot is in.
    JoinedServer {
        /// The server.
        server: Snowflake,
    },
    /// A server that the bot was removed from.
    LeftServer {
        /// The server.
        server: Snowflake,
        /// When.
        left_at: Timestamp,
    },
    /// A question kept with consent.
    KeptQuestion(KeptQuestion),
    /// How often questions near a fact were not answered on a day.
    UnansweredCount {
        /// The day.
        day: Day,
        /// The nearest fact.
        #[serde(with = "optional_fact")]
        nearest: Option<FactRef>,
        /// What they got.
        outcome: Unanswered,
        /// How often.
        n: u64,
    },
    /// How often a fact answered on a day.
    AnswerCount {
        /// The day.
        day: Day,
        /// The fact.
        #[serde(with = "fact")]
        fact: FactRef,
        /// How often.
        n: u64,
    },
    /// A vote on a fact.
    Vote(Vote),
    /// A reload.
    Reload(ReloadRecord),
    /// A published fact base; an import numbers them anew, in their order.
    Publication(Publication),
    /// A publication that is too large to be read, or is none: nothing of it is handed on, and an import leaves it out.
    UnreadPublication {
        /// Its number.
        number: i64,
        /// Why it is not read.
        reason: String,
    },
    /// A channel that members asked in within the last hour.
    AskedChannel(AskedChannel),
    /// Logins at the gateway within a second.
    Identify {
        /// When.
        at: Timestamp,
        /// How many.
        n: u64,
    },
}
