//! The queue between an answer and the store: bounded, and never waited for.
//!
//! Promise: [`Recorder::record`] returns at once, whatever the store does. What the store does not take waits and is
//! tried again; what finds the queue full is lost, counted, and said in the log once a minute. One record that the
//! store refuses costs that record only. A batch whose commit was done but not confirmed is written again, so counts
//! may be a little high after a fault, never low by what was queued. What comes one by one is gathered before it is written.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{Record, Store, StoreError};

/// Records that may wait: some minutes of a very busy bot, in some megabytes.
const MAX_QUEUED: usize = 8192;
/// Records written at once. Counts are summed up before, so a large batch is hardly dearer than a small one; of this many,
/// with the three facts of the longest answer, a statement has some 18,000 values, of which SQLite takes 32,766.
const MAX_BATCH: usize = 2048;
/// Rest between two batches, in which records gather: writing one takes some milliseconds of the processor, in many steps
/// on several threads, and waits for the disk, while a bot that is asked a lot has answers to give. What comes after a rest
/// is written at once, and what is gathered then must be less than the queue holds.
const GATHERED_FOR: Duration = Duration::from_millis(250);
/// A batch that is not written by then is tried again.
const WRITTEN_WITHIN: Duration = Duration::from_secs(10);
/// Pauses after failures grow from the first to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How often losses and a lasting failure are said.
const SAID_EVERY: Duration = Duration::from_mins(1);

/// The end of the queue that records are put in.
#[derive(Debug)]
pub(super) struct Recorder {
    queue: mpsc::Sender<Record>,
    state: Arc<State>,
    writing: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct State {
    /// Records that were taken from the queue and wait for the store.
    n_in_hand: AtomicU64,
    n_written: AtomicU64,
    n_lost: AtomicU64,
    n_failures: AtomicU64,
    is_failing: AtomicBool,
    closing: Notify,
}

/// Numbers that only grow, but for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    /// Records that wait now.
    pub(super) n_queued: u64,
    /// Records that were written.
    pub(super) n_written: u64,
    /// Records that were lost.
    pub(super) n_lost: u64,
    /// Attempts to write that failed.
    pub(super) n_failures: u64,
    /// Whether the last attempt to write failed.
    pub(super) is_failing: bool,
}

impl Recorder {
    /// Starts writing to the store, on the runtime that this is called on.
    pub(super) fn start(store: Arc<dyn Store>) -> Self {
        let (queue, records) = mpsc::channel(MAX_QUEUED);
        let state = Arc::new(State::default());
        let writing = tokio::spawn(Writer::new(store, Arc::clone(&state)).write_all(records));
        Self {
            queue,
            state,
            writing: Mutex::new(Some(writing)),
        }
    }

    /// Queues a record, or counts it as lost where the queue is full.
    pub(super) fn record(&self, record: Record) {
        if self.queue.try_send(record).is_err() {
            self.state.n_lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The numbers now.
    pub(super) fn tally(&self) -> Tally {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Tally {
            n_queued: (self.queue.max_capacity() - self.queue.capacity()) as u64 + read(&self.state.n_in_hand),
            n_written: read(&self.state.n_written),
            n_lost: read(&self.state.n_lost),
            n_failures: read(&self.state.n_failures),
            is_failing: self.state.is_failing.load(Ordering::Relaxed),
        }
    }

    /// Takes no more records, and writes those that are queued, at most so long.
    pub(super) async fn close(&self, at_most: Duration) {
        self.state.closing.notify_one();
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut writing) = writing else {
            return;
        };
        if timeout(at_most, &mut writing).await.is_err() {
            writing.abort();
            let n_lost = self.tally().n_queued;
            tracing::warn!(n_lost, "the store did not take the last records in time");
        }
    }
}

/// The end of the queue that records are taken from.
struct Writer {
    store: Arc<dyn Store>,
    state: Arc<State>,
    /// The losses that were said so far.
    n_said: u64,
    losses: Saying,
    failure: Saying,
}

/// When something was said last. What is said of losses and what of a failure have each their own: a store that fails
/// for long would else have every turn, and losses none.
#[derive(Default)]
struct Saying {
    said_at: Option<Instant>,
}

impl Saying {
    fn is_due(&self) -> bool {
        self.said_at.is_none_or(|at| at.elapsed() >= SAID_EVERY)
    }

    fn note(&mut self) {
        self.said_at = Some(Instant::now());
    }
}

impl Writer {
    fn new(store: Arc<dyn Store>, state: Arc<State>) -> Self {
        Self {
            store,
            state,
            n_said: 0,
            losses: Saying::default(),
            failure: Saying::default(),
        }
    }

    async fn write_all(mut self, mut records: mpsc::Receiver<Record>) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        let mut is_closed = false;
        let mut rests_until = Instant::now();
        loop {
            tokio::select! {
                n = next(&mut records, &mut batch, rests_until) => {
                    if n == 0 {
                        return;
                    }
                    self.state.n_in_hand.store(batch.len() as u64, Ordering::Relaxed);
                    self.write_until_done(&mut batch).await;
                    self.state.n_in_hand.store(0, Ordering::Relaxed);
                    // Where a batch was full there are more.
                    let is_done = n < MAX_BATCH && !is_closed;
                    rests_until = Instant::now() + if is_done { GATHERED_FOR } else { Duration::ZERO };
                }
                () = self.state.closing.notified(), if !is_closed => {
                    records.close();
                    is_closed = true;
                    rests_until = Instant::now();
                }
                () = sleep(SAID_EVERY) => {}
            }
            self.say_losses();
        }
    }

    /// Tries until the store has taken or refused every record of the batch.
    async fn write_until_done(&mut self, batch: &mut Vec<Record>) {
        let mut pause = PAUSES.0;
        while !batch.is_empty() {
            match self.write(batch).await {
                Ok(()) => {
                    self.state.n_written.fetch_add(batch.len() as u64, Ordering::Relaxed);
                    self.is_well();
                    batch.clear();
                }
                Err(StoreError::Refused(reason)) if batch.len() == 1 => {
                    self.state.n_lost.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(reason, "the store refused a record");
                    batch.clear();
                }
                // One of them is the culprit: each by itself, in order.
                Err(StoreError::Refused(_)) => {
                    for record in std::mem::take(batch) {
                        Box::pin(self.write_until_done(&mut vec![record])).await;
                    }
                }
                Err(error) => {
                    self.is_ill(&error);
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                    self.say_losses();
                }
            }
        }
    }

    async fn write(&self, batch: &[Record]) -> Result<(), StoreError> {
        timeout(WRITTEN_WITHIN, self.store.write(batch))
            .await
            .unwrap_or(Err(StoreError::Late))
    }

    fn is_well(&self) {
        if self.state.is_failing.swap(false, Ordering::Relaxed) {
            tracing::info!("the store takes records again");
        }
    }

    fn is_ill(&mut self, error: &StoreError) {
        self.state.n_failures.fetch_add(1, Ordering::Relaxed);
        let is_new = !self.state.is_failing.swap(true, Ordering::Relaxed);
        if is_new || self.failure.is_due() {
            self.failure.note();
            tracing::warn!(%error, "the store takes no records; answers go on, records wait");
        }
    }

    fn say_losses(&mut self) {
        let n_lost = self.state.n_lost.load(Ordering::Relaxed);
        if n_lost > self.n_said && self.losses.is_due() {
            self.losses.note();
            tracing::warn!(
                n = n_lost - self.n_said,
                "records were lost, since the store does not keep up"
            );
            self.n_said = n_lost;
        }
    }
}

/// The next records, once the rest is over; 0 where there will be none.
async fn next(records: &mut mpsc::Receiver<Record>, batch: &mut Vec<Record>, rests_until: Instant) -> usize {
    sleep_until(rests_until).await;
    records.recv_many(batch, MAX_BATCH).await
}
