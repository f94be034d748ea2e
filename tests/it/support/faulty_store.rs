//! A store whose calls fail, hang or wait as a test tells it to, in front of a real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use briefing_bot::store::{
    AskedChannel, Day, FactCount, FactRating, KeptQuestion, Listing, MemberHash, Numbered, Page, ProcessId,
    ProcessRecord, Pruned, Publication, PublicationHead, ReadSettings, Record, ReloadRecord, Row, Scope,
    ServerSettings, SettingsEdit, Snowflake, Store, StoreError, Timestamp, UnansweredCount, Vote,
};
use tokio::sync::watch;

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What the real store does.
    None,
    /// It fails at once.
    Fails,
    /// It does not return while this lasts.
    Hangs,
    /// The servers' settings are not given while this lasts.
    KeepsSettings,
    /// What is published is published, and not said to be while this lasts.
    PublishesInSilence,
    /// What is published is published, and the answer is lost.
    LosesAnswers,
    /// The call of this number, from 0 on, fails.
    FailsAt(u64),
}

#[derive(Debug)]
pub(crate) struct FaultyStore {
    inner: Arc<dyn Store>,
    fault: watch::Sender<Fault>,
    n_calls: AtomicU64,
}

impl FaultyStore {
    pub(crate) fn new(inner: Arc<dyn Store>, fault: Fault) -> Arc<Self> {
        Arc::new(Self {
            inner,
            fault: watch::Sender::new(fault),
            n_calls: AtomicU64::new(0),
        })
    }

    pub(crate) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    pub(crate) fn n_calls(&self) -> u64 {
        self.n_calls.load(Ordering::SeqCst)
    }

    async fn pass(&self) -> Result<(), StoreError> {
        let number = self.n_calls.fetch_add(1, Ordering::SeqCst);
        let mut fault = self.fault.subscribe();
        let now = *fault.wait_for(|fault| *fault != Fault::Hangs).await.unwrap();
        if now == Fault::Fails || now == Fault::FailsAt(number) {
            return Err(StoreError::Unavailable("told to fail".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn write(&self, records: &[Record]) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.write(records).await
    }

    async fn all_settings(&self) -> Result<Vec<ReadSettings>, StoreError> {
        let mut fault = self.fault.subscribe();
        fault.wait_for(|fault| *fault != Fault::KeepsSettings).await.unwrap();
        self.pass().await?;
        self.inner.all_settings().await
    }

    async fn edit_settings(
        &self,
        server: Snowflake,
        edit: SettingsEdit,
        now: Timestamp,
    ) -> Result<ServerSettings, StoreError> {
        self.pass().await?;
        self.inner.edit_settings(server, edit, now).await
    }

    async fn kept_questions(&self, scope: Scope, page: Page) -> Result<Listing<Numbered<KeptQuestion>>, StoreError> {
        self.pass().await?;
        self.inner.kept_questions(scope, page).await
    }

    async fn delete_kept_question(&self, number: i64, scope: Scope) -> Result<bool, StoreError> {
        self.pass().await?;
        self.inner.delete_kept_question(number, scope).await
    }

    async fn votes_of(&self, member: &MemberHash) -> Result<Vec<Vote>, StoreError> {
        self.pass().await?;
        self.inner.votes_of(member).await
    }

    async fn delete_votes_of(&self, member: &MemberHash) -> Result<u64, StoreError> {
        self.pass().await?;
        self.inner.delete_votes_of(member).await
    }

    async fn ratings(&self) -> Result<Vec<FactRating>, StoreError> {
        self.pass().await?;
        self.inner.ratings().await
    }

    async fn answer_counts(&self, since: Day) -> Result<Vec<FactCount>, StoreError> {
        self.pass().await?;
        self.inner.answer_counts(since).await
    }

    async fn unanswered_counts(&self, since: Day) -> Result<Vec<UnansweredCount>, StoreError> {
        self.pass().await?;
        self.inner.unanswered_counts(since).await
    }

    async fn reloads(&self, limit: u32) -> Result<Vec<ReloadRecord>, StoreError> {
        self.pass().await?;
        self.inner.reloads(limit).await
    }

    async fn n_identifies_since(&self, since: Timestamp) -> Result<u64, StoreError> {
        self.pass().await?;
        self.inner.n_identifies_since(since).await
    }

    async fn asked_channels(&self, since: Timestamp, limit: u32) -> Result<Vec<AskedChannel>, StoreError> {
        self.pass().await?;
        self.inner.asked_channels(since, limit).await
    }

    async fn publish(&self, publication: &Publication) -> Result<i64, StoreError> {
        self.pass().await?;
        let number = self.inner.publish(publication).await?;
        let mut fault = self.fault.subscribe();
        fault
            .wait_for(|fault| *fault != Fault::PublishesInSilence)
            .await
            .unwrap();
        if *self.fault.borrow() == Fault::LosesAnswers {
            return Err(StoreError::Unavailable("the answer is lost".to_owned()));
        }
        Ok(number)
    }

    async fn publications(&self, limit: u32) -> Result<Vec<Numbered<PublicationHead>>, StoreError> {
        self.pass().await?;
        self.inner.publications(limit).await
    }

    async fn latest_publication_number(&self) -> Result<Option<i64>, StoreError> {
        self.pass().await?;
        self.inner.latest_publication_number().await
    }

    async fn publication(&self, number: Option<i64>) -> Result<Option<Numbered<Publication>>, StoreError> {
        self.pass().await?;
        self.inner.publication(number).await
    }

    async fn publication_announced(&self) -> Result<(), StoreError> {
        self.inner.publication_announced().await
    }

    async fn note_process(&self, process: &ProcessRecord) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.note_process(process).await
    }

    async fn forget_process(&self, process: &ProcessId) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.forget_process(process).await
    }

    async fn processes(&self, since: Timestamp) -> Result<Vec<ProcessRecord>, StoreError> {
        self.pass().await?;
        self.inner.processes(since).await
    }

    async fn claim(
        &self,
        what: &str,
        holder: &ProcessId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.pass().await?;
        self.inner.claim(what, holder, now, until).await
    }

    async fn release(&self, what: &str, holder: &ProcessId) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.release(what, holder).await
    }

    async fn prune(&self, now: Timestamp, retention_days: u32) -> Result<Pruned, StoreError> {
        self.pass().await?;
        self.inner.prune(now, retention_days).await
    }

    async fn export(&self, sink: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send)) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.export(sink).await
    }

    async fn import(&self, rows: &[Row]) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.import(rows).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.pass().await?;
        self.inner.ping().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
