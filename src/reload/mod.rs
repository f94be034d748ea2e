//! Replaces the facts while the bot runs: all of them, or none.
//!
//! A new base is read, validated and indexed beside the one in use, and put in its place in one step; a base with an
//! error changes nothing. Promise: questions in flight finish on the facts they began with; one reload at a time; the
//! same refusal is not logged twice. Deliberately absent: what the files mean, and who may ask for a reload.

mod preview;
mod published;
mod source;
mod watch;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

pub use preview::{Preview, UnreadQuestions};
pub use published::{Published, base_of};
pub use source::{Directory, Earlier, FactSource, Fingerprint, Refusal};
use tokio::sync::broadcast;
pub use watch::watch;

use crate::cache::Cache;
use crate::engine::{Engine, Snapshot};
use crate::fact::{FactBase, FactRef, Revision};

/// Reloads that a listener may be behind before it misses some.
const MAX_UNHEARD: usize = 64;

/// Who asked for a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReloadedBy {
    /// The start of the program.
    Start,
    /// A saved edit.
    Edit,
    /// SIGHUP.
    Signal,
    /// A member with this Discord id.
    Admin(u64),
}

impl std::fmt::Display for ReloadedBy {
    /// As the reload history names it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::Edit => f.write_str("edit"),
            Self::Signal => f.write_str("signal"),
            // Who it was is in the log; the history names no member.
            Self::Admin(_) => f.write_str("admin"),
        }
    }
}

/// What would change, or has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Facts that were not there.
    pub added: Vec<FactRef>,
    /// Facts that say something else, or are asked for otherwise.
    pub changed: Vec<FactRef>,
    /// Facts that are no longer there.
    pub removed: Vec<FactRef>,
}

/// What came of a reload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// Other facts are in place.
    Replaced {
        /// The revision before.
        from: Revision,
        /// The revision now.
        to: Revision,
        /// The number of facts now.
        n_facts: usize,
        /// What changed.
        changes: Changes,
    },
    /// The facts are the ones that were loaded already.
    Unchanged {
        /// Their revision.
        revision: Revision,
        /// Their number.
        n_facts: usize,
    },
    /// There is an error; the facts that were there stay.
    Refused {
        /// The revision that stays.
        revision: Revision,
        /// What is wrong, with file and line.
        refusal: Refusal,
    },
}

/// The last reload that did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastReload {
    /// When.
    pub at: SystemTime,
    /// Who asked.
    pub by: ReloadedBy,
}

/// What is known of reloads so far.
#[derive(Debug, Clone)]
pub struct ReloadStatus {
    /// The reload that the present facts came with.
    pub last: LastReload,
    /// Why the last attempt after it was refused, if it was.
    pub refused: Option<Refusal>,
}

/// A base that is ready to be put in place.
#[derive(Debug)]
struct Prepared {
    snapshot: Snapshot,
    fingerprint: Fingerprint,
}

/// Reloads one engine's facts from one source.
#[derive(Debug)]
pub struct Reloader {
    engine: Arc<Engine>,
    source: Arc<dyn FactSource>,
    /// Where what is learnt is kept.
    cache: Cache,
    /// Files of labelled questions that previews ask.
    questions: Vec<PathBuf>,
    /// Held for the length of a reload.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    told: broadcast::Sender<(ReloadedBy, Reloaded)>,
}

#[derive(Debug)]
struct State {
    status: ReloadStatus,
    /// The content that was last loaded, or refused for good since.
    seen: Fingerprint,
}

impl Reloader {
    /// Loads the facts for the first time; ones of before, where the source has some and refuses what is there now.
    ///
    /// # Errors
    /// If they cannot be read, or there is an error in them.
    pub fn start(source: Arc<dyn FactSource>, cache: Cache) -> Result<Self, Refusal> {
        let ((seen, refused), snapshot) = match learn_apart(|| source.load(), &cache) {
            Ok((fingerprint, snapshot)) => ((fingerprint, None), snapshot),
            Err(refusal) if refusal.is_passing() => return Err(refusal),
            Err(refusal) => {
                let known = |earlier: Earlier| ((earlier.seen, earlier.refused), earlier.base);
                learn_apart(|| source.load_earlier(refusal).map(known), &cache)?
            }
        };
        Ok(Self {
            engine: Arc::new(Engine::new(snapshot)),
            source,
            cache,
            questions: Vec::new(),
            turn: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                status: ReloadStatus {
                    last: LastReload {
                        at: now(),
                        by: ReloadedBy::Start,
                    },
                    refused,
                },
                seen,
            }),
            told: broadcast::Sender::new(MAX_UNHEARD),
        })
    }

    /// Asks the labelled questions of these files in every preview.
    #[must_use]
    pub fn asking(mut self, files: Vec<PathBuf>) -> Self {
        self.questions = files;
        self
    }

    /// Hears what comes of every reload from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<(ReloadedBy, Reloaded)> {
        self.told.subscribe()
    }

    /// The engine whose facts it replaces.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// What is known of reloads so far.
    #[must_use]
    pub fn status(&self) -> ReloadStatus {
        self.state().status.clone()
    }

    /// Reads the facts again, and puts them in place if there is no error.
    pub async fn reload(&self, by: ReloadedBy) -> Reloaded {
        let _turn = self.turn.lock().await;
        let prepared = self.prepare().await;
        self.conclude(prepared, by)
    }

    /// Reads the facts again, and puts them in place if there is no error and they are of this revision, as a preview
    /// showed them; else gives another preview.
    ///
    /// # Errors
    /// What would change now.
    pub async fn reload_to(&self, expected: Revision, by: ReloadedBy) -> Result<Reloaded, Box<Preview>> {
        let _turn = self.turn.lock().await;
        match self.prepare().await {
            Ok(prepared) if prepared.snapshot.base().revision != expected => {
                match self.compare(prepared.snapshot).await {
                    Ok(preview) => Err(Box::new(preview)),
                    Err(refusal) => Ok(self.conclude(Err(refusal), by)),
                }
            }
            prepared => Ok(self.conclude(prepared, by)),
        }
    }

    /// What a reload would change now; nothing is put in place. Facts that are refused are refused as by a reload.
    ///
    /// # Errors
    /// If the facts cannot be read, or there is an error in them.
    pub async fn preview(&self, by: ReloadedBy) -> Result<Preview, Refusal> {
        let _turn = self.turn.lock().await;
        match self.prepare().await {
            Ok(prepared) => self.compare(prepared.snapshot).await,
            Err(refusal) => {
                self.conclude(Err(refusal.clone()), by);
                Err(refusal)
            }
        }
    }

    /// What would change with these facts in place.
    ///
    /// # Errors
    /// If comparing fails.
    pub async fn preview_of(&self, base: FactBase) -> Result<Preview, Refusal> {
        let cache = self.cache.clone();
        let built = tokio::task::spawn_blocking(move || cache.learn(base)).await;
        self.compare(built.map_err(|panic| failed(&panic))?).await
    }

    async fn compare(&self, new: Snapshot) -> Result<Preview, Refusal> {
        let (old, files) = (self.engine.snapshot(), self.questions.clone());
        let compared = tokio::task::spawn_blocking(move || Preview::between(&old, &new, &files)).await;
        compared.map_err(|panic| failed(&panic))
    }

    fn conclude(&self, prepared: Result<Prepared, Refusal>, by: ReloadedBy) -> Reloaded {
        let outcome = match prepared {
            Ok(prepared) => self.commit(prepared, by),
            Err(refusal) => {
                let before = self.state().status.refused.replace(refusal.clone());
                let is_known = refusal.is_passing() && before.as_ref() == Some(&refusal);
                let outcome = Reloaded::Refused {
                    revision: self.engine.snapshot().base().revision,
                    refusal,
                };
                // The watcher goes on trying, perhaps every second, and said so the first time.
                if is_known && by == ReloadedBy::Edit {
                    return outcome;
                }
                outcome
            }
        };
        log(by, &outcome);
        // Nobody need listen.
        let _ = self.told.send((by, outcome.clone()));
        outcome
    }

    /// Builds a new snapshot off to the side, and off the runtime's threads: it may take a while.
    async fn prepare(&self) -> Result<Prepared, Refusal> {
        let now = watch::settled(&self.source).await?;
        let (source, cache) = (Arc::clone(&self.source), self.cache.clone());
        let built = tokio::task::spawn_blocking(move || {
            let (fingerprint, snapshot) = learn_apart(|| source.load(), &cache)?;
            Ok(Prepared { snapshot, fingerprint })
        });
        let prepared = built.await.unwrap_or_else(|panic| Err(failed(&panic)));
        // Only content that is refused for good counts as seen without being loaded: what could not be had, what was only
        // shown, and what nobody waited for to the end must still be new to the watcher.
        if matches!(&prepared, Err(refusal) if !refusal.is_passing()) {
            self.state().seen = now;
        }
        prepared
    }

    fn commit(&self, prepared: Prepared, by: ReloadedBy) -> Reloaded {
        let mut state = self.state();
        state.seen = prepared.fingerprint;
        state.status.refused = None;
        let current = self.engine.snapshot();
        let to = prepared.snapshot.base().revision;
        let n_facts = prepared.snapshot.base().n_facts();
        if current.base().revision == to {
            return Reloaded::Unchanged { revision: to, n_facts };
        }
        let changes = Changes::between(current.base(), prepared.snapshot.base());
        state.status.last = LastReload { at: now(), by };
        self.engine.replace(prepared.snapshot);
        Reloaded::Replaced {
            from: current.base().revision,
            to,
            n_facts,
            changes,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Changes {
    /// What differs from one base to the other.
    #[must_use]
    pub fn between(before: &FactBase, after: &FactBase) -> Self {
        let mut changes = Self::default();
        for (briefing, fact) in after.facts() {
            let reference = FactRef {
                briefing: briefing.id.clone(),
                fact: fact.id.clone(),
            };
            match before.fact(&reference) {
                None => changes.added.push(reference),
                Some(earlier) if earlier != fact => changes.changed.push(reference),
                Some(_) => {}
            }
        }
        for (briefing, fact) in before.facts() {
            let reference = FactRef {
                briefing: briefing.id.clone(),
                fact: fact.id.clone(),
            };
            if after.fact(&reference).is_none() {
                changes.removed.push(reference);
            }
        }
        changes
    }
}

/// Loads facts, with what is known of them, and learns to answer from them, each on a thread of its own.
///
/// The allocator gives each thread memory of its own, and hands that of a thread that has ended to the next. What reading
/// leaves free between what it made would be held for good, in pieces too small for anything else. So the facts are copied
/// out, all that was read goes, by the thread that read it, and what is learnt takes its place.
fn learn_apart<T: Clone + Send + Sync>(
    load: impl FnOnce() -> Result<(T, FactBase), Refusal> + Send,
    cache: &Cache,
) -> Result<(T, Snapshot), Refusal> {
    let (known, base) = apart("reading", || {
        let (known, base) = load()?;
        apart("copying", || (known.clone(), base.clone()))
    })??;
    Ok((known, apart("learning", || cache.learn(base))?))
}

/// Does this on a thread of its own, and waits for it.
fn apart<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> Result<T, Refusal> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(name.to_owned());
        let working = thread.spawn_scoped(scope, work);
        let working = working.map_err(|error| Refusal::passing(format!("the system gives no thread: {error}")))?;
        // A thread that panicked takes its caller with it, as it would have without a thread.
        Ok(working.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn failed(panic: &tokio::task::JoinError) -> Refusal {
    Refusal::new(format!("loading the facts failed: {panic}"))
}

fn log(by: ReloadedBy, outcome: &Reloaded) {
    match outcome {
        Reloaded::Replaced { from, to, n_facts, .. } => {
            tracing::info!(?by, %from, %to, n_facts, "the facts were reloaded");
        }
        Reloaded::Unchanged { revision, .. } => tracing::info!(?by, %revision, "the facts are unchanged"),
        Reloaded::Refused { revision, refusal } => {
            tracing::warn!(?by, %revision, %refusal, "a reload was refused, the facts stay");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a shell; the time of a reload is shown to admins and decides nothing"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests;
