//! What the rest of the program is handed of the store.
//!
//! Promise: [`Records::record`] and [`Records::settings_of`] return at once, whatever the store does; everything else ends
//! within [`ASKED_WITHIN`], or the time that its caller gives, with an error or a line in the log where the store does not
//! answer. All work on the store is done on the runtime that it was started on, so that a frozen runtime of another part
//! does not freeze its connections.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use secrecy::SecretString;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::publication::{RolledBack, published_again, roll_back};
use super::recorder::Recorder;
use super::{
    MemberHash, MemberHasher, ProcessRecord, ReadSettings, Record, ServerSettings, Snowflake, Store, StoreError,
    Timestamp,
};

/// An admin's question to the store is answered or given up by then: inside Discord's three seconds.
pub const ASKED_WITHIN: Duration = Duration::from_secs(2);
/// How often settings are read anew: another process may have changed them.
const SETTINGS_READ_EVERY: Duration = Duration::from_secs(30);
/// While they could not be read, they are tried after pauses that grow from the first to the second.
const SETTINGS_PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));
/// How often the store is pruned: what is kept for an hour is to be kept for hardly longer.
const PRUNED_EVERY: Duration = Duration::from_mins(5);
/// Pruning may take so long: it may have much to do.
const PRUNED_WITHIN: Duration = Duration::from_mins(5);

/// The store, as handlers see it.
#[derive(Debug)]
pub struct Records {
    store: Arc<dyn Store>,
    recorder: Recorder,
    settings: Arc<Settings>,
    hasher: MemberHasher,
    runtime: Handle,
    keeping: std::sync::Mutex<JoinSet<()>>,
    /// Whether it took the process's last line about itself, and has answered whatever it was asked since.
    has_answered: AtomicBool,
    /// When it was last pruned, in seconds since 1970; 0 for never.
    pruned_at: Arc<AtomicI64>,
}

/// How the store is, for status and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordsHealth {
    /// Records that wait now.
    pub n_queued: u64,
    /// Records that were written.
    pub n_written: u64,
    /// Records that were lost.
    pub n_lost: u64,
    /// Attempts to write that failed.
    pub n_failures: u64,
    /// Whether the last attempt to write failed.
    pub is_failing: bool,
    /// Whether it answers, and takes records, as far as is known without asking: a process that runs writes itself down
    /// several times a minute, which a full disk does not take.
    pub is_up: bool,
    /// When it was last pruned by this process.
    pub pruned_at: Option<Timestamp>,
}

/// Every server's settings, as last read.
#[derive(Debug, Default)]
struct Settings {
    known: ArcSwap<Known>,
    unset: Arc<ServerSettings>,
    /// Whether they were ever read.
    are_read: watch::Sender<bool>,
    /// Held while they are read or changed, so that what was read before a change never replaces it.
    turn: Mutex<()>,
}

impl Settings {
    fn of(&self, server: Option<Snowflake>) -> Arc<ServerSettings> {
        let known = self.known.load();
        let found = server.and_then(|server| known.get(&server));
        Arc::clone(found.unwrap_or(&self.unset))
    }
}

impl Records {
    /// Starts keeping records, on the runtime that this is called on. `secret` is the key of members' hashes: the bot's
    /// token.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, secret: SecretString, retention_days: u32) -> Arc<Self> {
        let settings = Arc::new(Settings::default());
        let mut keeping = JoinSet::new();
        keeping.spawn(keep_settings(Arc::clone(&store), Arc::clone(&settings)));
        let pruned_at = Arc::default();
        keeping.spawn(keep_pruned(Arc::clone(&store), retention_days, Arc::clone(&pruned_at)));
        Arc::new(Self {
            recorder: Recorder::start(Arc::clone(&store)),
            store,
            settings,
            hasher: MemberHasher::new(secret),
            runtime: Handle::current(),
            keeping: std::sync::Mutex::new(keeping),
            has_answered: AtomicBool::new(false),
            pruned_at,
        })
    }

    /// Remembers something, soon and as far as the store can.
    pub fn record(&self, record: Record) {
        self.recorder.record(record);
    }

    /// Deletes a member's votes, those too that still wait for the store; gives how many the store had.
    ///
    /// # Errors
    /// If the store did not delete them.
    pub async fn delete_votes_of(&self, member: MemberHash) -> Result<u64, StoreError> {
        let its = member.clone();
        let n = self
            .ask(move |store| async move { store.delete_votes_of(&its).await })
            .await?;
        // Behind every vote that is in the queue by now.
        self.record(Record::VotesDeleted { member });
        Ok(n)
    }

    /// A server's settings as they were last read; the defaults for a direct message, for a server that set nothing, and
    /// for as long as the store could never be read.
    #[must_use]
    pub fn settings_of(&self, server: Option<Snowflake>) -> Arc<ServerSettings> {
        self.settings.of(server)
    }

    /// Ends once the servers' settings are known, and at the latest after [`ASKED_WITHIN`]: whoever waits for it before the
    /// first question answers it as its server has chosen, and is not kept from answering by a store that is away.
    pub async fn settings_read(&self) {
        let mut are_read = self.settings.are_read.subscribe();
        let known = timeout(ASKED_WITHIN, are_read.wait_for(|are_read| *are_read)).await;
        if known.is_err() {
            tracing::warn!("the servers' settings are not known yet, so the defaults hold until they are");
        }
    }

    /// Changes a server's settings; they hold here once this has returned, in other processes once they are read there.
    ///
    /// # Errors
    /// If the store did not take them; then they are as before.
    pub async fn change_settings(&self, server: Snowflake, settings: ServerSettings) -> Result<(), StoreError> {
        self.edit_settings(server, move |now| *now = settings).await.map(drop)
    }

    /// Changes a part of a server's settings, and gives them as they hold from then on; two who change different parts
    /// at once both have their way, in one process or in two.
    ///
    /// # Errors
    /// If the store did not take them; then they are as before.
    pub async fn edit_settings(
        &self,
        server: Snowflake,
        edit: impl FnOnce(&mut ServerSettings) + Send + 'static,
    ) -> Result<Arc<ServerSettings>, StoreError> {
        let known = Arc::clone(&self.settings);
        self.ask(move |store| async move {
            let _turn = known.turn.lock().await;
            let edited = store.edit_settings(server, Box::new(edit), Timestamp::now()).await?;
            let settings = Arc::new(edited);
            let mut all = (**known.known.load()).clone();
            all.insert(server, Arc::clone(&settings));
            known.known.store(Arc::new(all));
            Ok(settings)
        })
        .await
    }

    /// A member as votes name them.
    #[must_use]
    pub fn hash(&self, member: u64) -> MemberHash {
        self.hasher.hash(member)
    }

    /// Asks the store, at most [`ASKED_WITHIN`].
    ///
    /// # Errors
    /// The store's, or [`StoreError::Late`].
    pub async fn ask<T, F, W>(&self, question: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Arc<dyn Store>) -> W + Send + 'static,
        W: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        self.ask_within(ASKED_WITHIN, question).await
    }

    /// Asks the store what takes it longer, at most so long: for whoever has told Discord that the answer comes later.
    ///
    /// # Errors
    /// The store's, or [`StoreError::Late`].
    pub async fn ask_within<T, F, W>(&self, at_most: Duration, question: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Arc<dyn Store>) -> W + Send + 'static,
        W: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let asked = self.runtime.spawn(timeout(at_most, question(Arc::clone(&self.store))));
        let answer = match timeout(at_most, asked).await {
            Ok(Ok(Ok(answer))) => answer,
            Ok(Ok(Err(_))) | Err(_) => Err(StoreError::Late),
            Ok(Err(panic)) => Err(StoreError::Unavailable(panic.to_string())),
        };
        // A refusal is an answer, and so are settings that this version cannot read; but reading needs no room to write.
        if matches!(answer, Err(StoreError::Unavailable(_) | StoreError::Late)) {
            self.has_answered.store(false, Ordering::Relaxed);
        }
        answer
    }

    /// Writes this process down, at most [`ASKED_WITHIN`]; a store that takes it is up.
    ///
    /// # Errors
    /// The store's, or [`StoreError::Late`].
    pub async fn note_process(&self, process: ProcessRecord) -> Result<(), StoreError> {
        let noted = self
            .ask(move |store| async move { store.note_process(&process).await })
            .await;
        self.has_answered.store(noted.is_ok(), Ordering::Relaxed);
        noted
    }

    /// Publishes an earlier publication again, at most so long. A store that may have done it and did not say so is looked
    /// at again, so that nobody is told of a failure while other processes load the facts.
    ///
    /// # Errors
    /// The store's, or [`StoreError::Late`], where it was not done by then.
    pub async fn roll_back(&self, number: i64, now: Timestamp, at_most: Duration) -> Result<RolledBack, StoreError> {
        let done = self
            .ask_within(
                at_most,
                move |store| async move { roll_back(&*store, number, now).await },
            )
            .await;
        let error = match done {
            Err(error @ (StoreError::Late | StoreError::Unavailable(_))) => error,
            done => return done,
        };
        let again = self
            .ask(move |store| async move { published_again(&*store, number, now).await })
            .await;
        // What is to be told is the first error, whatever became of the look.
        again.ok().flatten().map(RolledBack::As).ok_or(error)
    }

    /// How the store is.
    #[must_use]
    pub fn health(&self) -> RecordsHealth {
        let tally = self.recorder.tally();
        RecordsHealth {
            n_queued: tally.n_queued,
            n_written: tally.n_written,
            n_lost: tally.n_lost,
            n_failures: tally.n_failures,
            is_failing: tally.is_failing,
            is_up: !tally.is_failing && self.has_answered.load(Ordering::Relaxed),
            pruned_at: match self.pruned_at.load(Ordering::Relaxed) {
                0 => None,
                at => Some(Timestamp(at)),
            },
        }
    }

    /// Writes what is queued, at most so long, and closes the store.
    pub async fn close(&self, at_most: Duration) {
        self.keeping
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .abort_all();
        self.recorder.close(at_most).await;
        if timeout(ASKED_WITHIN, self.store.close()).await.is_err() {
            tracing::warn!("the store did not close in time");
        }
    }
}

/// Reads the settings now and then, for ever.
async fn keep_settings(store: Arc<dyn Store>, settings: Arc<Settings>) {
    let mut was_readable = true;
    let mut unreadable = HashSet::new();
    let mut pause = SETTINGS_PAUSES.0;
    loop {
        let turn = settings.turn.lock().await;
        let read = timeout(SETTINGS_READ_EVERY, store.all_settings())
            .await
            .unwrap_or(Err(StoreError::Late));
        let is_readable = read.is_ok();
        match read {
            Ok(read) => {
                let (known, news) = as_they_hold(read, &mut unreadable);
                for (server, error) in news {
                    let server = server.get();
                    tracing::warn!(%error, server, "until they can be read, only this server's commands are answered");
                }
                settings.known.store(Arc::new(known));
                settings.are_read.send_replace(true);
            }
            Err(error) if was_readable => {
                tracing::warn!(%error, "the servers' settings cannot be read; they stay as known");
            }
            Err(_) => {}
        }
        drop(turn);
        was_readable = is_readable;
        if is_readable {
            pause = SETTINGS_PAUSES.0;
            sleep(SETTINGS_READ_EVERY).await;
        } else {
            sleep(pause).await;
            pause = (pause * 2).min(SETTINGS_PAUSES.1);
        }
    }
}

type Known = HashMap<Snowflake, Arc<ServerSettings>>;

/// The settings as they hold, and the servers whose cannot be read any more; `unreadable`: those whose could not be
/// before, and now.
fn as_they_hold(read: Vec<ReadSettings>, unreadable: &mut HashSet<Snowflake>) -> (Known, Vec<(Snowflake, StoreError)>) {
    let before = std::mem::take(unreadable);
    let (mut known, mut news) = (Known::new(), Vec::new());
    for (server, its) in read {
        let its = its.unwrap_or_else(|error| {
            unreadable.insert(server);
            if !before.contains(&server) {
                news.push((server, error));
            }
            ServerSettings::careful()
        });
        known.insert(server, Arc::new(its));
    }
    (known, news)
}

/// Prunes the store now and then, for ever.
async fn keep_pruned(store: Arc<dyn Store>, retention_days: u32, pruned_at: Arc<AtomicI64>) {
    loop {
        let now = Timestamp::now();
        let pruned = timeout(PRUNED_WITHIN, store.prune(now, retention_days))
            .await
            .unwrap_or(Err(StoreError::Late));
        match pruned {
            Ok(pruned) => {
                pruned_at.store(now.0, Ordering::Relaxed);
                tracing::debug!(?pruned, "the store was pruned");
            }
            Err(error) => tracing::warn!(%error, "the store could not be pruned"),
        }
        sleep(PRUNED_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    #[test]
    fn settings_that_cannot_be_read_are_careful_ones_and_are_said_as_they_become_so() {
        let server = Snowflake::from(NonZeroU64::new(7).unwrap());
        let error = StoreError::Incompatible("of another version".to_owned());
        let (read, unread) = (Ok(ServerSettings::default()), Err(error.clone()));
        let mut unreadable = HashSet::new();
        let mut look = |its: &Result<ServerSettings, StoreError>| {
            let (known, news) = as_they_hold(vec![(server, its.clone())], &mut unreadable);
            (ServerSettings::clone(&known[&server]), news)
        };
        assert_eq!(
            look(&unread),
            (ServerSettings::careful(), vec![(server, error.clone())])
        );
        assert_eq!(
            look(&unread),
            (ServerSettings::careful(), Vec::new()),
            "it is said already"
        );
        assert_eq!(look(&read), (ServerSettings::default(), Vec::new()));
        assert_eq!(look(&unread), (ServerSettings::careful(), vec![(server, error)]));
    }
}
