//! Which shards still have their heartbeats answered, each for itself.
//!
//! serenity writes down a shard's stage where it changes and its latency where a heartbeat is answered, so a shard that
//! ended without a word looks connected for ever, and only a latency that stays the same tells; one that hangs in its very
//! first connecting is not there at all. Promise: one dead shard shows, however many others live, and so does one that never
//! comes; one that starts, resumes or waits for its turn does not. Deliberately absent: serenity's manager, and what is done
//! about it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serenity::gateway::ConnectionStage;
use serenity::model::id::ShardId;

/// A heartbeat is due every 41 s and its answer changes the measured latency, so one that is older was missed twice. A
/// shard that is begun anew is not there for less than that.
const ANSWERED_WITHIN: Duration = Duration::from_secs(150);
/// For the next shard to come at a start: serenity begins one every 5 s, and one that it could not begin again after that.
const COMES_WITHIN: Duration = Duration::from_secs(150);

/// A shard as its manager has it at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Which one.
    pub(super) shard: ShardId,
    /// Its stage.
    pub(super) stage: ConnectionStage,
    /// How long its last heartbeat took.
    pub(super) latency: Option<Duration>,
}

/// Every shard that was there once, and how many there are to be.
#[derive(Debug, Default)]
pub(super) struct Heartbeats {
    n_expected: usize,
    shards: HashMap<ShardId, Seen>,
    /// When one came that had never been there.
    grown: Option<Instant>,
}

/// What was seen of a shard.
#[derive(Debug)]
struct Seen {
    latency: Option<Duration>,
    /// The last sign of life, or of somebody's having taken it in hand.
    since: Instant,
    is_there: bool,
}

impl Heartbeats {
    /// Of so many shards.
    pub(super) fn of(n_shards: u32) -> Self {
        Self {
            n_expected: usize::try_from(n_shards).unwrap_or(usize::MAX),
            ..Self::default()
        }
    }

    /// Whether there are shards, and every one is connected and had a heartbeat answered lately. One that was there and is
    /// not is being begun anew; it has as long as that, from whichever shard came last. So has one that never was there.
    pub(super) fn are_well(&mut self, sights: &[Sight], now: Instant) -> bool {
        let mut has_come = false;
        let mut are_connected = !sights.is_empty();
        for sight in sights {
            let is_connected = sight.stage == ConnectionStage::Connected;
            are_connected &= is_connected;
            if !self.shards.contains_key(&sight.shard) {
                self.grown = Some(now);
            }
            let seen = self.shards.entry(sight.shard).or_insert(Seen {
                latency: sight.latency,
                since: now,
                is_there: false,
            });
            has_come |= !seen.is_there;
            if !seen.is_there || !is_connected || seen.latency != sight.latency {
                *seen = Seen {
                    latency: sight.latency,
                    since: now,
                    is_there: true,
                };
            }
        }
        for (shard, seen) in &mut self.shards {
            let is_there = sights.iter().any(|sight| sight.shard == *shard);
            // They are begun one after the other, each 5 s after the one before.
            if !is_there && (seen.is_there || has_come) {
                seen.since = now;
            }
            seen.is_there = is_there;
        }
        let is_lately = |seen: &Seen| now.saturating_duration_since(seen.since) < ANSWERED_WITHIN;
        let is_growing = |grown: Instant| now.saturating_duration_since(grown) < COMES_WITHIN;
        let are_coming = self.shards.len() >= self.n_expected || self.grown.is_some_and(is_growing);
        are_connected && are_coming && self.shards.values().all(is_lately)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Time between two looks.
    const STEP: Duration = Duration::from_secs(10);

    fn connected(shard: u32, latency: Option<u64>) -> Sight {
        Sight {
            shard: ShardId(shard),
            stage: ConnectionStage::Connected,
            latency: latency.map(Duration::from_millis),
        }
    }

    /// Looks for so many steps; gives after how many it was not well for the first time.
    fn first_ill(
        heartbeats: &mut Heartbeats,
        steps: std::ops::Range<u32>,
        at: impl Fn(u32) -> Vec<Sight>,
    ) -> Option<u32> {
        let start = Instant::now();
        let mut ill = None;
        for step in steps {
            let is_well = heartbeats.are_well(&at(step), start + STEP * step);
            ill = ill.or((!is_well).then_some(step));
        }
        ill
    }

    /// Another one for every heartbeat.
    fn beating(shard: u32, step: u32) -> Sight {
        connected(shard, Some(u64::from(100 * (shard + 1) + step / 4)))
    }

    #[test]
    fn shards_whose_heartbeats_are_answered_are_well() {
        let ill = first_ill(&mut Heartbeats::default(), 0..100, |step| {
            vec![beating(0, step), beating(1, step)]
        });
        assert_eq!(ill, None);
        assert!(!Heartbeats::default().are_well(&[], Instant::now()));
    }

    #[test]
    fn a_dead_shard_shows_beside_a_living_one_whichever_was_faster() {
        for dead in [0, 1] {
            let ill = first_ill(&mut Heartbeats::default(), 0..100, |step| {
                vec![beating(dead, 0), beating(1 - dead, step)]
            });
            assert_eq!(ill, Some(15), "shard {dead}");
        }
    }

    #[test]
    fn a_shard_that_is_not_connected_shows_at_once_and_has_all_its_time_afterwards() {
        let ill = first_ill(&mut Heartbeats::default(), 0..4, |step| {
            let mut other = beating(1, 0);
            other.stage = if step == 2 {
                ConnectionStage::Resuming
            } else {
                ConnectionStage::Connected
            };
            vec![beating(0, step), other]
        });
        assert_eq!(ill, Some(2));
        let mut heartbeats = Heartbeats::default();
        let ill = first_ill(&mut heartbeats, 0..30, |step| {
            let mut shard = beating(0, 0);
            if step < 10 {
                shard.stage = ConnectionStage::Handshake;
            }
            vec![shard]
        });
        assert_eq!(ill, Some(0));
        let mut heartbeats = Heartbeats::default();
        heartbeats.are_well(&[beating(0, 0)], Instant::now());
        // Connected, and no heartbeat is due yet.
        assert_eq!(first_ill(&mut heartbeats, 0..14, |_| vec![connected(0, None)]), None);
    }

    #[test]
    fn a_shard_that_never_comes_shows_and_those_that_come_one_by_one_do_not() {
        let alone = |step| vec![beating(0, step)];
        assert_eq!(first_ill(&mut Heartbeats::of(1), 0..100, alone), None);
        assert_eq!(first_ill(&mut Heartbeats::of(2), 0..100, alone), Some(15));
        // Forty that come one by one, the last of them much later.
        let ill = first_ill(&mut Heartbeats::of(40), 0..100, |step| {
            let n_there = if step < 52 { (step + 1).min(39) } else { 40 };
            (0..n_there).map(|shard| beating(shard, step)).collect()
        });
        assert_eq!(ill, None);
    }

    #[test]
    fn a_shard_that_never_comes_back_shows_and_those_that_wait_for_their_turn_do_not() {
        let ill = first_ill(&mut Heartbeats::default(), 0..100, |step| {
            let other = (step < 10).then(|| beating(1, step));
            other.into_iter().chain([beating(0, step)]).collect()
        });
        assert_eq!(ill, Some(25));
        // Forty that come one by one, after all of them had been there.
        let ill = first_ill(&mut Heartbeats::default(), 0..100, |step| {
            let n_back = if step == 0 { 40 } else { step.min(40) };
            (0..n_back).map(|shard| beating(shard, step)).collect()
        });
        assert_eq!(ill, None);
    }
}
