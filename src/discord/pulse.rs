//! Signs of life of the connection, to be read from outside its runtime.
//!
//! Faults are known in which serenity neither returns nor reports anything, or spins so that its whole runtime stands
//! still. Both show as silence here: the sign is given only by a task of that runtime, and only while every shard is
//! connected and has its heartbeats answered. Promise: reading never waits.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
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

    pub(crate) fn is_alive(&self, now: Instant, latency: Option<Duration>) {
        let alive_at = now.saturating_duration_since(self.start);
        self.alive_at.store(
            u64::try_from(alive_at.as_millis()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
        let micros = latency.map_or(0, |latency| latency.as_micros().max(1));
        self.latency
            .store(u64::try_from(micros).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn is_ready(&self) {
        self.readies.fetch_add(1, Ordering::Relaxed);
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
}
