//! Notices a shard that looks for events without a pause and finds none.
//!
//! serenity 0.12.5 takes a close frame without a code for nothing at all, and does not see that no event can come any
//! more: it looks for one again and again, on a thread that it never gives up, until a heartbeat falls due, up to 41 s
//! later. Its log says only that another round begins, as it does for every event, and 500 ms after the last round where
//! there is none. Promise: a shard that gets events is not taken for one that spins, however many they are; a shard is
//! named once between two of its logins. Deliberately absent: what is done about it (`revival`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::id::ShardId;

/// Rounds that are looked at together. Without events so many take a shard in good health eight minutes.
const N_ROUNDS: u64 = 1000;
/// Spinning takes some hundredths of a second for as many; connecting again and again, which is no spinning, longer.
const WITHIN: Duration = Duration::from_secs(1);

/// What is known of all shards of this process.
#[derive(Debug, Default)]
pub(super) struct Spins {
    /// Events of all shards, since serenity does not say whose one is; so many cannot come while one shard spins.
    n_events: AtomicU64,
    shards: Mutex<HashMap<ShardId, Rounds>>,
}

#[derive(Debug)]
struct Rounds {
    n: u64,
    since: Instant,
    n_events_before: u64,
    is_named: bool,
}

impl Spins {
    /// Some shard has an event.
    pub(super) fn event(&self) {
        self.n_events.fetch_add(1, Ordering::Relaxed);
    }

    /// A shard looks for an event; says whether it is to be named for spinning.
    pub(super) fn round(&self, shard: ShardId, now: Instant) -> bool {
        let n_events = self.n_events.load(Ordering::Relaxed);
        let mut shards = self.lock();
        let rounds = shards.entry(shard).or_insert_with(|| Rounds::new(now, n_events));
        rounds.n += 1;
        if rounds.n < N_ROUNDS {
            return false;
        }
        let is_fast = now.saturating_duration_since(rounds.since) < WITHIN;
        let is_in_vain = n_events.saturating_sub(rounds.n_events_before) < N_ROUNDS / 2;
        let is_named = rounds.is_named;
        *rounds = Rounds::new(now, n_events);
        rounds.is_named = is_named || is_fast && is_in_vain;
        rounds.is_named && !is_named
    }

    /// A shard was found out in another way; says whether it is to be named.
    pub(super) fn found_out(&self, shard: ShardId, now: Instant) -> bool {
        let n_events = self.n_events.load(Ordering::Relaxed);
        let mut shards = self.lock();
        let rounds = shards.entry(shard).or_insert_with(|| Rounds::new(now, n_events));
        !std::mem::replace(&mut rounds.is_named, true)
    }

    /// A shard logs in, on a connection of its own.
    pub(super) fn login(&self, shard: ShardId) {
        self.lock().remove(&shard);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ShardId, Rounds>> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rounds {
    fn new(since: Instant, n_events_before: u64) -> Self {
        Self {
            n: 0,
            since,
            n_events_before,
            is_named: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARD: ShardId = ShardId(3);

    /// Rounds that are `apart`, with an event in every one of `n_events_every`; gives how often the shard is named.
    fn n_named(spins: &Spins, n: u32, apart: Duration, n_events_every: u32) -> usize {
        let start = Instant::now();
        let rounds = (0..n).filter(|round| {
            if n_events_every > 0 && round % n_events_every == 0 {
                spins.event();
            }
            spins.round(SHARD, start + apart * *round)
        });
        rounds.count()
    }

    #[test]
    fn a_shard_that_spins_is_named_once_for_each_login() {
        let spins = Spins::default();
        let apart = Duration::from_micros(30);
        assert_eq!(n_named(&spins, 100_000, apart, 0), 1);
        spins.login(SHARD);
        assert_eq!(
            n_named(&spins, 100_000, apart, 100),
            1,
            "other shards have events meanwhile"
        );
        assert!(!spins.found_out(SHARD, Instant::now()));
        spins.login(SHARD);
        assert!(spins.found_out(SHARD, Instant::now()));
        assert_eq!(n_named(&spins, 100_000, apart, 0), 0);
    }

    #[test]
    fn a_shard_that_is_busy_or_quiet_or_connects_again_and_again_is_not_named() {
        for (apart, n_events_every) in [
            (Duration::from_micros(20), 1),
            (Duration::from_millis(500), 0),
            (Duration::from_millis(2), 0),
        ] {
            assert_eq!(
                n_named(&Spins::default(), 20_000, apart, n_events_every),
                0,
                "{apart:?}"
            );
        }
    }
}
