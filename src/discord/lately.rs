//! What came in lately: where it was asked, and which questions were taken up.
//!
//! Promise: bounded in number; a question is taken up once, whichever way and however often it comes; the time that a
//! question is from is Discord's own, read off its id, so of this machine's clocks only what passed between two looks at
//! them matters. Of all this the channels alone are written down, for the next process. Deliberately absent: the store.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::id::{ChannelId, GuildId, MessageId};

use super::once::Once;
use crate::store::{AskedChannel, FORGET_CHANNEL_AFTER_SECONDS, Timestamp};

/// A channel counts as asked in for so long.
const ASKED_WITHIN: Duration = Duration::from_secs(FORGET_CHANNEL_AFTER_SECONDS as u64);
/// Channels that are remembered: some hundred bytes each.
pub(crate) const MAX_CHANNELS: u32 = 1000;
/// The bits of an id below its time, which is in milliseconds (`reference.mdx`, snowflakes).
const BITS_BELOW_TIME: u32 = 22;
/// The time that those milliseconds are counted from: the first second of 2015 (the same page).
const DISCORD_EPOCH_SECONDS: i64 = 1_420_070_400;

/// Where it was asked, and what was taken up.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    taken: Once,
    /// What may be no question: apart from those that are, since an edit may make one of it.
    overheard: Once,
    /// The same, whose edit was looked at as well.
    overheard_again: Once,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    channels: HashMap<ChannelId, Asked>,
    /// The latest id, and when it came.
    latest: Option<(u64, Moment)>,
    /// What is being answered in each channel.
    open: HashMap<ChannelId, BTreeSet<u64>>,
    /// The latest question that was answered in each channel, while any is being answered there.
    done: HashMap<ChannelId, u64>,
}

/// A question that is being answered, until this is dropped.
#[derive(Debug)]
pub(crate) struct Open<'a> {
    lately: &'a Lately,
    channel: ChannelId,
    id: u64,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let mut inner = self.lately.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = inner.open.get_mut(&self.channel) {
            open.remove(&self.id);
            if open.is_empty() {
                inner.open.remove(&self.channel);
                inner.done.remove(&self.channel);
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    guild: Option<GuildId>,
    at: Moment,
    /// The least id that a process before this one may have left unanswered.
    least: u64,
}

/// A moment that may be before this process, or this machine, was started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    known_at: Instant,
    age_then: Duration,
}

impl Moment {
    /// This very moment.
    pub(crate) fn now(now: Instant) -> Self {
        Self::past(Duration::ZERO, now)
    }

    /// One that is so long past.
    pub(crate) fn past(age_then: Duration, now: Instant) -> Self {
        Self {
            known_at: now,
            age_then,
        }
    }

    /// How long it is past.
    pub(crate) fn age(self, now: Instant) -> Duration {
        now.saturating_duration_since(self.known_at)
            .saturating_add(self.age_then)
    }
}

/// A channel where it was asked lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) channel: ChannelId,
    pub(crate) guild: Option<GuildId>,
    /// What has a lesser id was left to the process before this one, which knew what became of it.
    pub(crate) least: u64,
}

/// The second that an id is from.
fn second_of(id: u64) -> Timestamp {
    let seconds = (id >> BITS_BELOW_TIME) / 1000;
    Timestamp(DISCORD_EPOCH_SECONDS.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)))
}

/// The least id of a second.
fn first_id_of(second: Timestamp) -> u64 {
    let seconds = second.0.saturating_sub(DISCORD_EPOCH_SECONDS);
    (u64::try_from(seconds).unwrap_or_default().saturating_mul(1000)) << BITS_BELOW_TIME
}

impl Lately {
    /// Takes a question up; `false` where that was done before.
    pub(crate) fn take(&self, id: u64, now: Instant) -> bool {
        self.came(id, now);
        self.taken.take(id)
    }

    /// Takes up what may be no question; `false` where that was done before.
    pub(crate) fn overhear(&self, id: u64, now: Instant) -> bool {
        self.came(id, now);
        self.overheard.take(id)
    }

    /// Takes up the edit of what may be no question; `false` where one was before.
    pub(crate) fn overhear_again(&self, id: u64, now: Instant) -> bool {
        self.came(id, now);
        self.overheard_again.take(id)
    }

    fn came(&self, id: u64, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.latest.is_none_or(|(latest, _)| id > latest) {
            inner.latest = Some((id, Moment::now(now)));
        }
    }

    /// From an id on something in a channel is not done, whatever else is: the next process is to look from there.
    pub(crate) fn open(&self, channel: ChannelId, id: u64) -> Open<'_> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.open.entry(channel).or_default().insert(id);
        Open {
            lately: self,
            channel,
            id,
        }
    }

    /// The channel of a question that was answered, for the next process. One that was asked before it may still be
    /// waiting for its answer, where Discord is slow, and the next process would have to see to it.
    pub(crate) fn asked_channel(
        &self,
        channel: ChannelId,
        guild: Option<GuildId>,
        question: MessageId,
        noted_at: Timestamp,
    ) -> AskedChannel {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let done = inner.done.entry(channel).or_default();
        *done = question.get().max(*done);
        let done = *done;
        // Itself is done, though whoever answers it has not let go of it yet.
        let mut open = inner.open.get(&channel).into_iter().flatten().copied();
        let asked_at = match open.find(|open| *open != question.get()).filter(|open| *open < done) {
            Some(open) => Timestamp(second_of(open).0.saturating_sub(1)),
            None => second_of(done),
        };
        AskedChannel {
            channel: channel.into(),
            server: guild.map(Into::into),
            asked_at,
            noted_at,
        }
    }

    /// Remembers what the process before this one wrote down.
    pub(crate) fn restore(&self, channels: &[AskedChannel], today: Timestamp, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for asked in channels.iter().take(MAX_CHANNELS as usize) {
            // A clock that was put back meanwhile says nothing of the age.
            let seconds = today.0.saturating_sub(asked.noted_at.0);
            let at = Moment::past(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()), now);
            let least = first_id_of(Timestamp(asked.asked_at.0.saturating_add(1)));
            let guild = asked.server.map(|server| GuildId::new(server.get()));
            inner
                .channels
                .insert(ChannelId::new(asked.channel.get()), Asked { guild, at, least });
            let id = first_id_of(asked.asked_at);
            let is_later = inner
                .latest
                .is_none_or(|(latest, came)| time_of(id, at, now) > time_of(latest, came, now));
            if is_later {
                inner.latest = Some((id, at));
            }
        }
    }

    /// Remembers that it was asked in a channel.
    pub(crate) fn asked_in(&self, channel: ChannelId, guild: Option<GuildId>, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let at = Moment::now(now);
        let least = inner.channels.get(&channel).map_or(0, |asked| asked.least);
        inner.channels.insert(channel, Asked { guild, at, least });
        if inner.channels.len() > MAX_CHANNELS as usize {
            let oldest = inner.channels.iter().max_by_key(|(_, asked)| asked.at.age(now));
            if let Some(channel) = oldest.map(|(channel, _)| *channel) {
                inner.channels.remove(&channel);
            }
        }
    }

    /// The channels where it was asked lately, the latest first.
    pub(crate) fn channels(&self, now: Instant) -> Vec<Place> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let is_lately = |asked: &Asked| asked.at.age(now) < ASKED_WITHIN;
        let mut channels: Vec<_> = inner.channels.iter().filter(|(_, asked)| is_lately(asked)).collect();
        channels.sort_by_key(|(channel, asked)| (asked.at.age(now), **channel));
        let place = |(channel, asked): (&ChannelId, &Asked)| Place {
            channel: *channel,
            guild: asked.guild,
            least: asked.least,
        };
        channels.into_iter().map(place).collect()
    }

    /// The least id that something said so long ago can have; `None` where nothing came yet.
    pub(crate) fn id_of(&self, ago: Duration, now: Instant) -> Option<u64> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, came) = inner.latest?;
        Some(time_of(id, came, now).saturating_sub(millis(ago)) << BITS_BELOW_TIME)
    }

    /// The moment that something with this id was said, as far as it is known.
    pub(crate) fn moment_of(&self, id: u64, now: Instant) -> Option<Moment> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (latest, came) = inner.latest?;
        let millis = time_of(latest, came, now).saturating_sub(id >> BITS_BELOW_TIME);
        Some(Moment::past(Duration::from_millis(millis), now))
    }
}

/// What Discord's clock shows now, in its milliseconds, where an id came at that moment.
fn time_of(id: u64, came: Moment, now: Instant) -> u64 {
    (id >> BITS_BELOW_TIME).saturating_add(millis(came.age(now)))
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(channel: u64, guild: Option<u64>, least: u64) -> Place {
        Place {
            channel: ChannelId::new(channel),
            guild: guild.map(GuildId::new),
            least,
        }
    }

    #[test]
    fn what_the_process_before_wrote_down_is_known_with_its_age() {
        let (lately, now) = (Lately::default(), Instant::now());
        let second = |second: u64| (second * 1000) << BITS_BELOW_TIME;
        let written = |channel, guild, question: u64, noted_at| {
            let guild: Option<u64> = guild;
            let (channel, guild) = (ChannelId::new(channel), guild.map(GuildId::new));
            lately.asked_channel(channel, guild, MessageId::new(question), Timestamp(noted_at))
        };
        let channels = [
            written(1, Some(2), second(100) + 77, 5_000),
            written(2, None, second(160), 5_060),
        ];
        assert_eq!(channels[0].asked_at, Timestamp(DISCORD_EPOCH_SECONDS + 100));
        lately.restore(&channels, Timestamp(5_090), now);
        // Half a minute after the last question.
        assert_eq!(lately.id_of(Duration::ZERO, now), Some(second(190)));
        let expected = [place(2, None, second(161)), place(1, Some(2), second(101))];
        assert_eq!(lately.channels(now), expected);
        let in_time = now + Duration::from_secs(60 * 60 - 31);
        assert_eq!(lately.channels(in_time), [place(2, None, second(161))]);
        // What is asked now is not what the process before knew of.
        lately.asked_in(ChannelId::new(1), Some(GuildId::new(2)), in_time);
        assert_eq!(lately.channels(in_time)[0], place(1, Some(2), second(101)));
    }

    #[test]
    fn a_clock_that_was_put_back_makes_nothing_older() {
        let (lately, now) = (Lately::default(), Instant::now());
        let asked = lately.asked_channel(ChannelId::new(1), None, MessageId::new(1 << 40), Timestamp(5_000));
        lately.restore(&[asked], Timestamp(4_000), now);
        assert_eq!(lately.channels(now).len(), 1);
        assert!(lately.channels(now + ASKED_WITHIN).is_empty());
    }

    #[test]
    fn what_waits_for_its_answer_is_left_to_the_next_process_whatever_was_answered_after_it() {
        let lately = Lately::default();
        let channel = ChannelId::new(1);
        let id = |second: u64| (second * 1000) << BITS_BELOW_TIME;
        let asked_at = |second: u64| {
            let question = MessageId::new(id(second));
            let asked = lately.asked_channel(channel, None, question, Timestamp(0));
            asked.asked_at.0 - DISCORD_EPOCH_SECONDS
        };
        let first = lately.open(channel, id(100));
        let second = lately.open(channel, id(103));
        let _elsewhere = lately.open(ChannelId::new(2), id(90));
        assert_eq!(asked_at(105), 99);
        assert_eq!(asked_at(100), 102, "itself is done");
        drop(first);
        assert_eq!(asked_at(105), 102);
        assert_eq!(asked_at(103), 105, "it was the last, and came to its end late");
        drop(second);
        assert_eq!(asked_at(106), 106);
    }

    #[test]
    fn a_question_is_taken_up_once() {
        let (lately, now) = (Lately::default(), Instant::now());
        assert!(lately.take(7, now));
        assert!(!lately.take(7, now));
        assert!(lately.take(8, now));
    }

    #[test]
    fn what_was_overheard_may_become_a_question() {
        let (lately, now) = (Lately::default(), Instant::now());
        assert!(lately.overhear(7, now));
        assert!(!lately.overhear(7, now));
        assert!(lately.overhear_again(7, now));
        assert!(!lately.overhear_again(7, now));
        assert!(lately.take(7, now));
        assert!(!lately.take(7, now));
    }

    #[test]
    fn the_channels_are_bounded_and_the_oldest_goes_first() {
        let (lately, now) = (Lately::default(), Instant::now());
        for number in 1..=u64::from(MAX_CHANNELS) + 1 {
            lately.asked_in(ChannelId::new(number), None, now + Duration::from_millis(number));
        }
        let channels = lately.channels(now + Duration::from_secs(5));
        assert_eq!(channels.len(), MAX_CHANNELS as usize);
        assert_eq!(channels[0], place(u64::from(MAX_CHANNELS) + 1, None, 0));
        assert!(!channels.contains(&place(1, None, 0)));
    }

    #[test]
    fn a_channel_is_forgotten_after_an_hour() {
        let (lately, now) = (Lately::default(), Instant::now());
        lately.asked_in(ChannelId::new(1), Some(GuildId::new(2)), now);
        let just_in_time = now + Duration::from_mins(59);
        assert_eq!(lately.channels(just_in_time), [place(1, Some(2), 0)]);
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
        let age = |id| lately.moment_of(id, later).map(|moment| moment.age(later));
        assert_eq!(age(4_000 << BITS_BELOW_TIME), Some(Duration::from_secs(9)));
        assert_eq!(age(u64::MAX), Some(Duration::ZERO));
    }
}
