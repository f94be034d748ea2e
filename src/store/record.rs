//! What is remembered, as values: the records that are written, and the entries that are read.
//!
//! Promise: none of them has room for a member's id, and only a [`KeptQuestion`] for a member's words, which have none
//! in them.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use super::member::MemberHash;
use super::time::Timestamp;
use super::words::without_ids;
use crate::fact::FactRef;

/// Kept questions are cut after so many characters: as many as a message of Discord can have.
const MAX_WORDS_CHARS: usize = 4000;

/// A server's or a channel's id in Discord; in JSON a text, since it is longer than JavaScript's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Snowflake(NonZeroU64);

impl Snowflake {
    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// The same bits, since databases have no unsigned numbers.
    pub(super) fn to_store(self) -> i64 {
        self.get().cast_signed()
    }

    /// Reads the bits back; `None` for 0.
    pub(super) fn from_store(bits: i64) -> Option<Self> {
        NonZeroU64::new(bits.cast_unsigned()).map(Self)
    }
}

impl From<NonZeroU64> for Snowflake {
    fn from(id: NonZeroU64) -> Self {
        Self(id)
    }
}

impl From<Snowflake> for String {
    fn from(id: Snowflake) -> Self {
        id.0.to_string()
    }
}

impl TryFrom<String> for Snowflake {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for Snowflake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Something to remember.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A question was answered with these facts; counted by fact and day.
    Answered {
        /// The facts.
        facts: Vec<FactRef>,
        /// When.
        at: Timestamp,
    },
    /// A question was not answered; counted by nearest fact and day.
    Unanswered {
        /// What it got instead.
        outcome: Unanswered,
        /// The nearest fact.
        nearest: Option<FactRef>,
        /// When.
        at: Timestamp,
    },
    /// A member agreed that the words of a question that was not answered are kept.
    Kept(KeptQuestion),
    /// A member said whether a fact helped; the last vote of a member on a fact counts.
    Voted(Vote),
    /// A member has deleted their votes: those that waited for the store until then go too.
    VotesDeleted {
        /// The member.
        member: MemberHash,
    },
    /// The facts were reloaded, or were to be.
    Reloaded(ReloadRecord),
    /// A question was answered in a channel.
    AskedIn(AskedChannel),
    /// The bot logged in at the gateway.
    Identified {
        /// When.
        at: Timestamp,
    },
    /// The bot was removed from a server.
    ServerLeft {
        /// The server.
        server: Snowflake,
        /// When.
        at: Timestamp,
    },
    /// The bot is in a server: what was to be forgotten of it stays.
    ServerJoined {
        /// The server.
        server: Snowflake,
    },
    /// A session began, and these are all the servers of its shard: the bot was removed meanwhile from any other that it
    /// was in.
    SessionBegan {
        /// The shard.
        shard: Shard,
        /// Its servers.
        servers: Vec<Snowflake>,
        /// When.
        at: Timestamp,
    },
}

/// Which part of all servers a session hears of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Its number, counted from 0.
    pub number: u32,
    /// How many there are.
    pub total: u32,
}

impl Shard {
    /// Whether a server is one of its own (Discord's rule: `topics/gateway.mdx`, sharding).
    #[must_use]
    pub fn has(self, server: Snowflake) -> bool {
        const BITS_BELOW_TIME: u32 = 22;
        (server.get() >> BITS_BELOW_TIME) % u64::from(self.total.max(1)) == u64::from(self.number)
    }
}

/// What a question got that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unanswered {
    /// "Did you mean".
    Suggested,
    /// "The briefing does not say".
    Declined,
}

impl Unanswered {
    /// The name it has in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Declined => "declined",
        }
    }

    pub(super) fn from_store(name: &str) -> Self {
        if name == Self::Suggested.name() {
            Self::Suggested
        } else {
            Self::Declined
        }
    }
}

/// A question that was not answered, in the words of a member who agreed to that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptQuestion {
    /// Where it was asked; `None` in a direct message.
    pub server: Option<Snowflake>,
    /// The words, as [`KeptQuestion::new`] leaves them.
    pub words: String,
    /// What it got.
    pub outcome: Unanswered,
    /// The nearest fact, when it was last asked.
    #[serde(with = "optional_fact")]
    pub nearest: Option<FactRef>,
    /// 0 to 1: that of the nearest fact, when it was last asked.
    pub confidence: f64,
    /// How often it was asked in these words in this server, and kept.
    pub n_asked: u64,
    /// When for the first time.
    pub first_asked_at: Timestamp,
    /// When for the last time.
    pub last_asked_at: Timestamp,
}

impl KeptQuestion {
    /// Asked once, now. White space is made even; control characters, ids and what is too long are left out, since a
    /// mention names a member; the case of letters stays.
    #[must_use]
    pub fn new(
        server: Option<Snowflake>,
        words: &str,
        outcome: Unanswered,
        nearest: Option<FactRef>,
        confidence: f32,
        at: Timestamp,
    ) -> Self {
        Self {
            server,
            words: as_kept(words),
            outcome,
            nearest,
            confidence: if confidence.is_nan() {
                0.0
            } else {
                f64::from(confidence)
            },
            n_asked: 1,
            first_asked_at: at,
            last_asked_at: at,
        }
    }

    /// The same, its words as [`KeptQuestion::new`] leaves them: an earlier version may have left more of them.
    pub(super) fn kept_again(self) -> Self {
        let words = as_kept(&self.words);
        Self { words, ..self }
    }
}

/// Words as they are kept.
fn as_kept(words: &str) -> String {
    let even = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // In this order: a control character may stand within an id.
    let visible: String = even.chars().filter(|c| !c.is_control()).collect();
    without_ids(&visible).chars().take(MAX_WORDS_CHARS).collect()
}

/// Whether a fact helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// It did.
    Helpful,
    /// It did not.
    NotHelpful,
}

/// A member's vote on a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The member, as a keyed hash.
    pub member: MemberHash,
    /// The fact.
    #[serde(with = "fact")]
    pub fact: FactRef,
    /// Where; `None` in a direct message.
    pub server: Option<Snowflake>,
    /// Whether it helped.
    pub rating: Rating,
    /// When.
    pub at: Timestamp,
}

/// A channel that members asked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedChannel {
    /// The channel.
    pub channel: Snowflake,
    /// The server that it is in; `None` for direct messages.
    pub server: Option<Snowflake>,
    /// When the last question was asked that was answered there, by Discord's clock.
    pub asked_at: Timestamp,
    /// When that was written down, by this machine's clock: what the time since is counted from.
    pub noted_at: Timestamp,
}

/// How a fact was rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRating {
    /// The fact.
    pub fact: FactRef,
    /// Votes for it.
    pub n_helpful: u64,
    /// Votes against it.
    pub n_not_helpful: u64,
}

/// How often a fact answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactCount {
    /// The fact.
    pub fact: FactRef,
    /// How often.
    pub n: u64,
}

/// How often questions near a fact were not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredCount {
    /// The nearest fact, where there was one.
    pub nearest: Option<FactRef>,
    /// What they got.
    pub outcome: Unanswered,
    /// How often.
    pub n: u64,
}

/// A reload of the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReloadRecord {
    /// When.
    pub at: Timestamp,
    /// Who asked: `start`, `edit`, `signal` or `admin`.
    pub by: String,
    /// What came of it.
    pub result: ReloadResult,
    /// The revision afterwards.
    pub revision: String,
    /// The number of facts afterwards.
    pub n_facts: u64,
    /// Why it was refused; empty where it was not.
    pub refusal: String,
}

/// What came of a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReloadResult {
    /// Other facts are in place.
    Replaced,
    /// The facts are the same.
    Unchanged,
    /// There was an error; the facts are the same.
    Refused,
}

impl ReloadResult {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Replaced, Self::Unchanged, Self::Refused];

    /// The name it has in the store and in metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }

    pub(super) fn from_store(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|result| result.name() == name)
            .unwrap_or(Self::Refused)
    }
}

/// A fact as the store names it: `briefing/fact`; neither id may have a `/` in it.
pub(super) fn fact_to_store(fact: &FactRef) -> String {
    format!("{}/{}", fact.briefing, fact.fact)
}

/// A fact that may be absent: the empty text.
pub(super) fn nearest_to_store(nearest: Option<&FactRef>) -> String {
    nearest.map(fact_to_store).unwrap_or_default()
}

pub(super) fn fact_from_store(text: &str) -> Option<FactRef> {
    let (briefing, fact) = text.split_once('/')?;
    Some(FactRef {
        briefing: briefing.to_owned(),
        fact: fact.to_owned(),
    })
}

/// A [`FactRef`] in JSON.
pub(super) mod fact {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{FactRef, fact_from_store, fact_to_store};

    pub(in crate::store) fn serialize<S: Serializer>(fact: &FactRef, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&fact_to_store(fact))
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FactRef, D::Error> {
        let text = String::deserialize(deserializer)?;
        fact_from_store(&text).ok_or_else(|| D::Error::custom("expected `briefing/fact`"))
    }
}

/// An `Option<FactRef>` in JSON.
pub(super) mod optional_fact {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use super::{FactRef, fact_from_store, fact_to_store};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(in crate::store) fn serialize<S: Serializer>(fact: &Option<FactRef>, serializer: S) -> Result<S::Ok, S::Error> {
        fact.as_ref().map(fact_to_store).serialize(serializer)
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<FactRef>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let read = |text: String| fact_from_store(&text).ok_or_else(|| D::Error::custom("expected `briefing/fact`"));
        text.map(read).transpose()
    }
}
