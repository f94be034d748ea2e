//! The operations in SQL that every backend understands.
//!
//! This folder is compiled once for each backend, as a module of it: sqlx's types name their database, and what they
//! have in common (`$1`, `ON CONFLICT`) is nearly all that is needed here. Promise: it uses of `super` only `Backend`,
//! which begins transactions, hears of publications and heals, and `Connection`. Deliberately absent: opening, migrations, backups, and all
//! else in which databases differ.

mod claim;
mod export;
mod process;
mod prune;
mod publish;
mod read;
mod write;

use async_trait::async_trait;

use super::{Backend, Connection};
use crate::store::{
    AskedChannel, Day, FactCount, FactRating, KeptQuestion, Listing, MemberHash, Numbered, Page, ProcessId,
    ProcessRecord, Pruned, Publication, PublicationHead, ReadSettings, Record, ReloadRecord, Row, Scope,
    ServerSettings, SettingsEdit, Snowflake, Store, StoreError, Timestamp, UnansweredCount, Vote,
};

/// Runs a function on a connection within a transaction that is undone, since it only reads.
macro_rules! reading {
    ($backend:expr, $function:path $(, $argument:expr)*) => {{
        let attempt = async {
            let mut transaction = $backend.begin_reading().await?;
            $function(&mut *transaction $(, $argument)*).await
        };
        $backend.settle(attempt.await).await
    }};
}

/// Runs a function on a connection within a transaction that is kept where all went well.
macro_rules! writing {
    ($backend:expr, $function:path $(, $argument:expr)*) => {{
        let attempt = async {
            let mut transaction = $backend.begin_writing().await?;
            let result = $function(&mut *transaction $(, $argument)*).await?;
            transaction.commit().await?;
            Ok(result)
        };
        $backend.settle(attempt.await).await
    }};
}

#[async_trait]
impl Store for Backend {
    async fn write(&self, records: &[Record]) -> Result<(), StoreError> {
        writing!(self, write::records, records)
    }

    async fn all_settings(&self) -> Result<Vec<ReadSettings>, StoreError> {
        reading!(self, read::all_settings)
    }

    async fn edit_settings(
        &self,
        server: Snowflake,
        edit: SettingsEdit,
        now: Timestamp,
    ) -> Result<ServerSettings, StoreError> {
        writing!(self, write::edit_settings, server, edit, now)
    }

    async fn kept_questions(&self, scope: Scope, page: Page) -> Result<Listing<Numbered<KeptQuestion>>, StoreError> {
        reading!(self, read::kept_questions, scope, page)
    }

    async fn delete_kept_question(&self, number: i64, scope: Scope) -> Result<bool, StoreError> {
        writing!(self, write::delete_kept_question, number, scope)
    }

    async fn votes_of(&self, member: &MemberHash) -> Result<Vec<Vote>, StoreError> {
        reading!(self, read::votes_of, member)
    }

    async fn delete_votes_of(&self, member: &MemberHash) -> Result<u64, StoreError> {
        writing!(self, write::delete_votes_of, member)
    }

    async fn ratings(&self) -> Result<Vec<FactRating>, StoreError> {
        reading!(self, read::ratings)
    }

    async fn answer_counts(&self, since: Day) -> Result<Vec<FactCount>, StoreError> {
        reading!(self, read::answer_counts, &since)
    }

    async fn unanswered_counts(&self, since: Day) -> Result<Vec<UnansweredCount>, StoreError> {
        reading!(self, read::unanswered_counts, &since)
    }

    async fn reloads(&self, limit: u32) -> Result<Vec<ReloadRecord>, StoreError> {
        reading!(self, read::reloads, limit)
    }

    async fn n_identifies_since(&self, since: Timestamp) -> Result<u64, StoreError> {
        reading!(self, read::n_identifies_since, since)
    }

    async fn asked_channels(&self, since: Timestamp, limit: u32) -> Result<Vec<AskedChannel>, StoreError> {
        reading!(self, read::asked_channels, since, limit)
    }

    async fn publish(&self, publication: &Publication) -> Result<i64, StoreError> {
        writing!(self, publish::publish, publication)
    }

    async fn latest_publication_number(&self) -> Result<Option<i64>, StoreError> {
        reading!(self, publish::latest_number)
    }

    async fn publication(&self, number: Option<i64>) -> Result<Option<Numbered<Publication>>, StoreError> {
        reading!(self, publish::publication, number)
    }

    async fn publications(&self, limit: u32) -> Result<Vec<Numbered<PublicationHead>>, StoreError> {
        reading!(self, publish::publications, limit)
    }

    async fn publication_announced(&self) -> Result<(), StoreError> {
        self.announced().await
    }

    async fn note_process(&self, process: &ProcessRecord) -> Result<(), StoreError> {
        writing!(self, process::note, process)
    }

    async fn forget_process(&self, process: &ProcessId) -> Result<(), StoreError> {
        writing!(self, process::forget, process)
    }

    async fn processes(&self, since: Timestamp) -> Result<Vec<ProcessRecord>, StoreError> {
        reading!(self, process::seen, since)
    }

    async fn claim(
        &self,
        what: &str,
        holder: &ProcessId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        writing!(self, claim::claim, what, holder, (now, until))
    }

    async fn release(&self, what: &str, holder: &ProcessId) -> Result<(), StoreError> {
        writing!(self, claim::release, what, holder)
    }

    async fn prune(&self, now: Timestamp, retention_days: u32) -> Result<Pruned, StoreError> {
        self.settle(prune::prune(self, now, retention_days).await).await
    }

    async fn export(&self, sink: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send)) -> Result<(), StoreError> {
        let attempt = async {
            let mut transaction = self.begin_exporting().await?;
            export::export(&mut transaction, sink).await
        };
        self.settle(attempt.await).await
    }

    async fn import(&self, rows: &[Row]) -> Result<(), StoreError> {
        writing!(self, export::import, rows)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let attempt = async {
            let transaction = self.begin_pinging().await?;
            Ok(transaction.rollback().await?)
        };
        self.settle(attempt.await).await
    }

    async fn close(&self) {
        self.disconnect().await;
    }
}

/// A count as databases have it; none is ever negative.
fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// A count for the database.
fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A server for the database: 0 for a direct message.
fn server_to_store(server: Option<Snowflake>) -> i64 {
    server.map_or(0, Snowflake::to_store)
}

/// A scope for the database: whether it is all, and the server otherwise.
fn scope_to_store(scope: Scope) -> (i64, i64) {
    match scope {
        Scope::All => (1, 0),
        Scope::Server(server) => (0, server.to_store()),
    }
}
