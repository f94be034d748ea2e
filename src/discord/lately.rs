//! What came in lately: where it was asked, and which questions were taken up.
//!
//! Promise: bounded in number; a question is taken up once, whichever way and however often it comes; the time that a
//! question is from is Discord's own, read off its id, so no clock of this machine matters. Nothing of it is ever
//! written to disk.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::id::{ChannelId, GuildId};

/// A channel counts as asked in for so long.
const ASKED_WITHIN: Duration = Duration::from_hours(1);
/// Channels that are remembered: some hundred bytes each.
const MAX_CHANNELS: usize = 1000;
/// Questions that are remembered as taken up: five minutes of a very busy bot.
const MAX_TAKEN: usize = 16_384;
/// The bits of an id below its time, which is in milliseconds (`reference.mdx`, snowflakes).
const BITS_BELOW_TIME: u32 = 22;

/// Where it was asked, and what was taken up.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    channels: HashMap<ChannelId, Asked>,
    taken: HashSet<u64>,
    /// The same, in the order of time.
    order: VecDeque<u64>,
    /// The latest id, and when it came.
    latest: Option<(u64, Instant)>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    guild: Option<GuildId>,
    at: Instant,
}

impl Lately {
    /// Takes a question up; `false` where that was done before.
    pub(crate) fn take(&self, id: u64, now: Instant) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.latest.is_none_or(|(latest, _)| id > latest) {
            inner.latest = Some((id, now));
        }
        if !inner.taken.insert(id) {
            return false;
        }
        inner.order.push_back(id);
        if inner.order.len() > MAX_TAKEN
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.taken.remove(&oldest);
        }
        true
    }

    /// Remembers that it was asked in a channel.
    pub(crate) fn asked_in(&self, channel: ChannelId, guild: Option<GuildId>, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.channels.insert(channel, Asked { guild, at: now });
        if inner.channels.len() > MAX_CHANNELS {
            let oldest = inner.channels.iter().min_by_key(|(_, asked)| asked.at);
            if let Some(channel) = oldest.map(|(channel, _)| *channel) {
                inner.channels.remove(&channel);
            }
        }
    }

    /// The channels where it was asked lately, the latest first.
    pub(crate) fn channels(&self, now: Instant) -> Vec<(ChannelId, Option<GuildId>)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let is_lately = |asked: &Asked| now.saturating_duration_since(asked.at) < ASKED_WITHIN;
        let mut channels: Vec<_> = inner.channels.iter().filter(|(_, asked)| is_lately(asked)).collect();
        channels.sort_by_key(|(_, asked)| std::cmp::Reverse(asked.at));
        channels
            .into_iter()
            .map(|(channel, asked)| (*channel, asked.guild))
            .collect()
    }

    /// The least id that something said so long ago can have; `None` where nothing came yet.
    pub(crate) fn id_of(&self, ago: Duration, now: Instant) -> Option<u64> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, came) = inner.latest?;
        let since = now.saturating_duration_since(came);
        let millis = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        let time = (id >> BITS_BELOW_TIME).saturating_add(millis(since));
        Some(time.saturating_sub(millis(ago)) << BITS_BELOW_TIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_taken_up_once() {
        let (lately, now) = (Lately::default(), Instant::now());
        assert!(lately.take(7, now));
        assert!(!lately.take(7, now));
        assert!(lately.take(8, now));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_goes_first() {
        let (lately, now) = (Lately::default(), Instant::now());
        for id in 0..=MAX_TAKEN as u64 {
            assert!(lately.take(id, now));
        }
        assert!(!lately.take(1, now));
        assert!(lately.take(0, now));
        for number in 1..=MAX_CHANNELS as u64 + 1 {
            lately.asked_in(ChannelId::new(number), None, now + Duration::from_millis(number));
        }
        let channels = lately.channels(now + Duration::from_secs(5));
        assert_eq!(channels.len(), MAX_CHANNELS);
        assert_eq!(channels[0].0, ChannelId::new(MAX_CHANNELS as u64 + 1));
        assert!(!channels.contains(&(ChannelId::new(1), None)));
    }

    #[test]
    fn a_channel_is_forgotten_after_an_hour() {
        let (lately, now) = (Lately::default(), Instant::now());
        lately.asked_in(ChannelId::new(1), Some(GuildId::new(2)), now);
        let just_in_time = now + Duration::from_mins(59);
        assert_eq!(
            lately.channels(just_in_time),
            [(ChannelId::new(1), Some(GuildId::new(2)))]
        );
        assert_eq!(lately.channels(now + ASKED_WITHIN), []);
    }

    #[test]
    fn the_time_of_an_id_is_discords() {
        let (lately, now) = (Lately::default(), Instant::now());
        assert_eq!(lately.id_of(Duration::ZERO, now), None);
        lately.take((10_000 << BITS_BELOW_TIME) + 5, now);
        let later = now + Duration::from_secs(3);
        assert_eq!(
            lately.id_of(Duration::from_secs(1), later),
            Some(12_000 << BITS_BELOW_TIME)
        );
        assert_eq!(lately.id_of(Duration::from_mins(5), later), Some(0));
    }
}
