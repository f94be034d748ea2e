//! What the bot remembers: settings, counts, votes, questions that were left open, and its own history.
//!
//! The only part that names the database. [`Store`] says what can be remembered and asked, one operation a need; a
//! backend keeps that promise, and one conformance suite holds every backend to it. [`Records`] is what the rest of the
//! program is handed: it never waits where an answer is due. Promise: a store that is slow, full or gone costs records,
//! never answers, and heals by itself; no member's id is in it, but as a keyed hash. A migration only adds: what the
//! version before this one reads and writes is taken away in a later release at the earliest, so that both work on the
//! same tables while one is replaced by the other, or the other by the one. Deliberately absent: what is worth
//! remembering, and who may see it.

mod error;
mod member;
mod migrations;
mod opener;
mod postgres;
mod process;
mod publication;
mod record;
mod recorder;
mod records;
mod row;
mod settings;
mod sqlite;
mod time;
mod words;

use async_trait::async_trait;

pub use error::StoreError;
pub use member::{MemberHash, MemberHasher};
pub use postgres::PostgresStore;
pub use process::{ProcessId, ProcessRecord};
pub use publication::{
    Publication, PublicationHead, PublishedFiles, RolledBack, number_with, publication_before, roll_back,
};
pub use record::{
    AskedChannel, FactCount, FactRating, KeptQuestion, Rating, Record, ReloadRecord, ReloadResult, Shard, Snowflake,
    Unanswered, UnansweredCount, Vote,
};
pub use records::{ASKED_WITHIN, Records, RecordsHealth};
pub use row::Row;
pub use settings::{AnswersIn, ReadSettings, ServerSettings, SettingsEdit};
pub use sqlite::SqliteStore;
pub use time::{Day, Timestamp};

/// How long a server's settings, questions and votes stay once the bot was removed from it.
pub const FORGET_SERVER_AFTER_DAYS: u32 = 7;

/// How long it stays known that members asked in a channel.
pub const FORGET_CHANNEL_AFTER_SECONDS: u32 = 60 * 60;

/// Whose questions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every server's, and those of direct messages: for the bot's own admins.
    All,
    /// One server's: for its managers.
    Server(Snowflake),
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Entries before it.
    pub offset: u32,
    /// Entries in it, at most.
    pub limit: u32,
}

/// A part of a list, and how long the whole is.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// The part.
    pub rows: Vec<T>,
    /// Entries of the whole list.
    pub n_total: u64,
}

/// An entry, and the number that it is deleted by.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbered<T> {
    /// The number; never used again for another entry.
    pub number: i64,
    /// The entry.
    pub entry: T,
}

/// What [`Store::prune`] removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Entries that were older than the retention.
    pub n_expired: u64,
    /// Entries of servers that the bot was removed from.
    pub n_of_left_servers: u64,
}

/// What can be remembered and asked. Every operation but pruning is all or nothing, and each may be tried again after an
/// error.
#[async_trait]
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Writes a batch of records.
    async fn write(&self, records: &[Record]) -> Result<(), StoreError>;

    /// The settings of every server that has some; [`StoreError::Incompatible`] in the place of those that cannot be read.
    async fn all_settings(&self) -> Result<Vec<ReadSettings>, StoreError>;

    /// Changes a server's settings as they are at that moment, and gives them as they are from then on: of two edits at
    /// once, whoever makes them, the one sees what the other did. Those that cannot be read stay as they are, with
    /// [`StoreError::Incompatible`].
    async fn edit_settings(
        &self,
        server: Snowflake,
        edit: SettingsEdit,
        now: Timestamp,
    ) -> Result<ServerSettings, StoreError>;

    /// Questions that were kept with their askers' consent, the most asked first, then the latest.
    async fn kept_questions(&self, scope: Scope, page: Page) -> Result<Listing<Numbered<KeptQuestion>>, StoreError>;

    /// Deletes a kept question; `false` where there is none of this number in the scope.
    async fn delete_kept_question(&self, number: i64, scope: Scope) -> Result<bool, StoreError>;

    /// A member's votes, the latest first.
    async fn votes_of(&self, member: &MemberHash) -> Result<Vec<Vote>, StoreError>;

    /// Deletes a member's votes; returns how many there were.
    async fn delete_votes_of(&self, member: &MemberHash) -> Result<u64, StoreError>;

    /// How every fact that was voted on was rated, the least helpful first.
    async fn ratings(&self) -> Result<Vec<FactRating>, StoreError>;

    /// How often each fact answered on this day and after, the most often first.
    async fn answer_counts(&self, since: Day) -> Result<Vec<FactCount>, StoreError>;

    /// How often questions were left open on this day and after, by nearest fact, the most often first.
    async fn unanswered_counts(&self, since: Day) -> Result<Vec<UnansweredCount>, StoreError>;

    /// The latest reloads, the latest first.
    async fn reloads(&self, limit: u32) -> Result<Vec<ReloadRecord>, StoreError>;

    /// Logins at the gateway at this time and after.
    async fn n_identifies_since(&self, since: Timestamp) -> Result<u64, StoreError>;

    /// The channels that members asked in at this time and after, by this machine's clock, the latest first.
    async fn asked_channels(&self, since: Timestamp, limit: u32) -> Result<Vec<AskedChannel>, StoreError>;

    /// Publishes a fact base; returns its number, which is greater than every one before.
    async fn publish(&self, publication: &Publication) -> Result<i64, StoreError>;

    /// The number of the publication in force: the greatest.
    async fn latest_publication_number(&self) -> Result<Option<i64>, StoreError>;

    /// The publication of this number, or the one in force.
    async fn publication(&self, number: Option<i64>) -> Result<Option<Numbered<Publication>>, StoreError>;

    /// The latest publications, the latest first.
    async fn publications(&self, limit: u32) -> Result<Vec<Numbered<PublicationHead>>, StoreError>;

    /// Ends when something was published, or may have been since this was last called; where the store cannot tell, never.
    /// A hint: it can be lost, so the number is to be asked for now and then all the same.
    async fn publication_announced(&self) -> Result<(), StoreError>;

    /// Writes a process down, in the place of what it wrote before. Processes are no part of an export.
    async fn note_process(&self, process: &ProcessRecord) -> Result<(), StoreError>;

    /// Takes a process off the list.
    async fn forget_process(&self, process: &ProcessId) -> Result<(), StoreError>;

    /// The processes that were seen at this time and after, by name.
    async fn processes(&self, since: Timestamp) -> Result<Vec<ProcessRecord>, StoreError>;

    /// Claims what one process at a time may do, from now until then at the latest; `false` where another has it. A
    /// claim is no part of an export.
    async fn claim(&self, what: &str, holder: &ProcessId, now: Timestamp, until: Timestamp)
    -> Result<bool, StoreError>;

    /// Gives a claim back.
    async fn release(&self, what: &str, holder: &ProcessId) -> Result<(), StoreError>;

    /// Removes what is older than so many days, and what belongs to servers that the bot was removed from more than
    /// [`FORGET_SERVER_AFTER_DAYS`] ago. Channels that were asked in go after [`FORGET_CHANNEL_AFTER_SECONDS`]. Settings of servers that it is in, and publications, have no age.
    async fn prune(&self, now: Timestamp, retention_days: u32) -> Result<Pruned, StoreError>;

    /// Hands every entry to `sink`, as of one moment; an error of the sink ends it.
    async fn export(&self, sink: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send)) -> Result<(), StoreError>;

    /// Inserts entries as [`Store::export`] gave them; for a store that is empty.
    async fn import(&self, rows: &[Row]) -> Result<(), StoreError>;

    /// Whether it can be written to.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Closes its connections; an operation after that opens them again.
    async fn close(&self);
}
