//! Signs of life of the connection, to be read from outside its runtime.
//!
//! Faults are known in which serenity neither returns nor reports anything, or spins so that its whole runtime stands
//! still. Both show as silence here: the sign is given only by a task of that runtime, and only while every shard is
//! connected and has its heartbeats answered. Promise: reading never waits.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When the connection was last seen alive.
#[derive(Debug)]
pub struct Pulse {
    start: Instant,
    /// Milliseconds after the start.
    alive_at: AtomicU64,
    /// Microseconds between the last heartbeat and its answer; 0 where none was answered yet.
    latency: AtomicU64,
    readies: AtomicU64,
    resumes: AtomicU64,
    accepts: AtomicBool,
    shards: AtomicU32,
    connected: AtomicUsize,
    /// Milliseconds after the start when that was last looked at.
    looked_at: AtomicU64,
    /// The shards that have begun a session, for those who write.
    came: Mutex<HashSet<u32>>,
    /// How many they are, for those who read.
    n_came: AtomicUsize,
}

impl Pulse {
    /// Counts as alive at first.
    #[must_use]
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            start: now,
            alive_at: AtomicU64::new(0),
            latency: AtomicU64::new(0),
            readies: AtomicU64::new(0),
            resumes: AtomicU64::new(0),
            accepts: AtomicBool::new(false),
            shards: AtomicU32::new(0),
            connected: AtomicUsize::new(0),
            looked_at: AtomicU64::new(0),
            came: Mutex::default(),
            n_came: AtomicUsize::new(0),
        }
    }

    /// How long the connection has shown no sign of life.
    #[must_use]
    pub fn silence(&self, now: Instant) -> Duration {
        let alive_at = Duration::from_millis(self.alive_at.load(Ordering::Relaxed));
        now.saturating_duration_since(self.start + alive_at)
    }

    /// How long ago the bot was started.
    #[must_use]
    pub fn uptime(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.start)
    }

    /// How long the gateway took to answer the last heartbeat.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        match self.latency.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }

    /// How often a session was begun anew since the start.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.readies.load(Ordering::Relaxed)
    }

    /// How often a session went on after its connection had ended.
    #[must_use]
    pub fn resumes(&self) -> u64 {
        self.resumes.load(Ordering::Relaxed)
    }

    /// Whether interactions are accepted over HTTP.
    #[must_use]
    pub fn accepts_interactions(&self) -> bool {
        self.accepts.load(Ordering::Relaxed)
    }

    pub(crate) fn is_accepting(&self) {
        self.accepts.store(true, Ordering::Relaxed);
    }

    /// Shards that this process serves, once that is known.
    #[must_use]
    pub fn shards(&self) -> u32 {
        self.shards.load(Ordering::Relaxed)
    }

    pub(crate) fn serves(&self, n_shards: u32) {
        self.shards.store(n_shards, Ordering::Relaxed);
    }

    /// Whether every shard that this process serves has begun a session since the start.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let n_came = self.n_came.load(Ordering::Relaxed);
        n_came > 0 && u32::try_from(n_came).is_ok_and(|n_came| n_came >= self.shards())
    }

    /// Shards that were connected when they were last looked at, if that was within so long: a runtime that stands still
    /// looks at none.
    #[must_use]
    pub fn connected_shards(&self, now: Instant, within: Duration) -> usize {
        let looked_at = Duration::from_millis(self.looked_at.load(Ordering::Relaxed));
        if now.saturating_duration_since(self.start + looked_at) < within {
            self.connected.load(Ordering::Relaxed)
        } else {
            0
        }
    }

    pub(crate) fn are_connected(&self, now: Instant, n_shards: usize) {
        self.connected.store(n_shards, Ordering::Relaxed);
        self.looked_at.store(self.millis(now), Ordering::Relaxed);
    }

    pub(crate) fn is_alive(&self, now: Instant, latency: Option<Duration>) {
        self.alive_at.store(self.millis(now), Ordering::Relaxed);
        let micros = latency.map_or(0, |latency| latency.as_micros().max(1));
        self.latency
            .store(u64::try_from(micros).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// After the start.
    fn millis(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.start);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// This shard has begun a session.
    pub(crate) fn is_ready(&self, shard: u32) {
        self.readies.fetch_add(1, Ordering::Relaxed);
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.insert(shard);
        self.n_came.store(came.len(), Ordering::Relaxed);
    }

    pub(crate) fn is_resumed(&self) {
        self.resumes.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_lasts_since_the_last_sign_of_life() {
        let start = Instant::now();
        let pulse = Pulse::new(start);
        assert_eq!(pulse.silence(start + Duration::from_secs(9)), Duration::from_secs(9));
        pulse.is_alive(start + Duration::from_secs(9), Some(Duration::from_millis(40)));
        assert_eq!(pulse.silence(start + Duration::from_secs(10)), Duration::from_secs(1));
        assert_eq!(pulse.latency(), Some(Duration::from_millis(40)));
    }

    #[test]
    fn shards_that_nobody_looks_at_any_more_count_as_away() {
        let start = Instant::now();
        let pulse = Pulse::new(start);
        let after = |seconds| start + Duration::from_secs(seconds);
        let within = Duration::from_mins(2);
        pulse.are_connected(after(100), 3);
        assert_eq!(pulse.connected_shards(after(219), within), 3);
        assert_eq!(pulse.connected_shards(after(220), within), 0);
    }

    #[test]
    fn it_is_complete_once_every_shard_has_come() {
        let pulse = Pulse::new(Instant::now());
        pulse.serves(2);
        assert!(!pulse.is_complete());
        pulse.is_ready(5);
        pulse.is_ready(5);
        assert!(!pulse.is_complete(), "one of them came twice");
        pulse.is_ready(4);
        assert!(pulse.is_complete());
        assert_eq!(pulse.sessions(), 3);
    }
}
