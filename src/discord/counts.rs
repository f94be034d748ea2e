//! What the bot has done since it was started, in numbers only.
//!
//! Promise: no word of a question, no member and no server is in it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::answer::Outcome;

/// Numbers that only grow.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    answered: AtomicU64,
    suggested: AtomicU64,
    declined: AtomicU64,
    matching_micros: AtomicU64,
    slowest_micros: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
}

/// The numbers at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) answered: u64,
    pub(crate) suggested: u64,
    pub(crate) declined: u64,
    /// Events that were not served since too many were being served.
    pub(crate) dropped: u64,
    /// Events whose handling panicked, timed out, or could not be answered.
    pub(crate) failed: u64,
    /// Mean time that matching took.
    pub(crate) mean: Duration,
    /// Longest time that matching took.
    pub(crate) slowest: Duration,
}

impl Counts {
    /// One question with what came of it.
    pub(crate) fn asked(&self, outcome: Outcome, took: Duration) {
        let counter = match outcome {
            Outcome::Answer => &self.answered,
            Outcome::Suggest => &self.suggested,
            Outcome::None => &self.declined,
        };
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        counter.fetch_add(1, Ordering::Relaxed);
        self.matching_micros.fetch_add(micros, Ordering::Relaxed);
        self.slowest_micros.fetch_max(micros, Ordering::Relaxed);
    }

    /// One event not served.
    pub(crate) fn dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// One event that failed.
    pub(crate) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// The numbers now.
    pub(crate) fn tally(&self) -> Tally {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (answered, suggested, declined) = (read(&self.answered), read(&self.suggested), read(&self.declined));
        let mean = read(&self.matching_micros).checked_div(answered + suggested + declined);
        Tally {
            answered,
            suggested,
            declined,
            dropped: read(&self.dropped),
            failed: read(&self.failed),
            mean: Duration::from_micros(mean.unwrap_or_default()),
            slowest: Duration::from_micros(read(&self.slowest_micros)),
        }
    }
}
