//! What was said before, by channel and member, for a quarter of an hour.
//!
//! Separate from the core, which has no clock: here is how long a conversation lives, and how many there may be.
//! Promise: bounded in number; nothing of it is ever written to disk. Deliberately absent: what a conversation is.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::id::{ChannelId, UserId};

use crate::answer::Conversation;

/// How long after its last turn a conversation is remembered (issue 6, item 6).
pub(crate) const REMEMBERED_FOR: Duration = Duration::from_mins(15);
/// Conversations at most: with four turns of some 500 bytes each, about 20 MiB where all are used.
const MAX_CONVERSATIONS: usize = 10_000;

/// Whose conversation it is.
pub(crate) type Key = (ChannelId, UserId);

/// All conversations that are remembered.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    conversations: HashMap<Key, (Instant, Conversation)>,
    /// Every turn in the order of time; an entry is stale where the conversation has gone on since.
    order: VecDeque<(Instant, Key)>,
}

impl Memory {
    /// The conversation as it stands; empty where there is none.
    pub(crate) fn recall(&self, key: Key, now: Instant) -> Conversation {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.conversations.get(&key) {
            Some((at, conversation)) if now.saturating_duration_since(*at) < REMEMBERED_FOR => conversation.clone(),
            _ => Conversation::default(),
        }
    }

    /// Keeps the conversation as it stands now.
    pub(crate) fn keep(&self, key: Key, conversation: Conversation, now: Instant) {
        if conversation.is_empty() {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.conversations.insert(key, (now, conversation));
        inner.order.push_back((now, key));
        inner.forget_old(now);
    }

    /// Forgets what is past its time, also where nobody speaks any more.
    pub(crate) fn prune(&self, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.forget_old(now);
    }

    /// Forgets the conversation.
    pub(crate) fn forget(&self, key: Key) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.conversations.remove(&key);
    }

    #[cfg(test)]
    fn sizes(&self) -> (usize, usize) {
        let inner = self.inner.lock().unwrap();
        (inner.conversations.len(), inner.order.len())
    }
}

impl Inner {
    /// Forgets what is past its time, and the oldest where there are too many. Amortised one entry a turn.
    fn forget_old(&mut self, now: Instant) {
        while let Some((at, key)) = self.order.front().copied() {
            let is_stale = self.conversations.get(&key).is_none_or(|(last, _)| *last != at);
            let is_past = now.saturating_duration_since(at) >= REMEMBERED_FOR;
            // One member alone may fill the order with stale entries, hence the second bound.
            let is_too_many = self.conversations.len() > MAX_CONVERSATIONS || self.order.len() > 2 * MAX_CONVERSATIONS;
            if !(is_stale || is_past || is_too_many) {
                return;
            }
            self.order.pop_front();
            if !is_stale {
                self.conversations.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::conversation::Turn;

    fn key(channel: u64, user: u64) -> Key {
        (ChannelId::new(channel), UserId::new(user))
    }

    fn said(question: &str) -> Conversation {
        Conversation::default().with(Turn {
            question: question.to_owned(),
            facts: Vec::new(),
            is_said: false,
            gap: None,
        })
    }

    #[test]
    fn a_conversation_is_remembered_for_its_time_and_for_its_member_alone() {
        let memory = Memory::default();
        let start = Instant::now();
        memory.keep(key(1, 2), said("when?"), start);
        let just_in_time = start + Duration::from_secs(15 * 60 - 1);
        assert_eq!(memory.recall(key(1, 2), just_in_time), said("when?"));
        assert!(memory.recall(key(1, 3), start).is_empty());
        assert!(memory.recall(key(2, 2), start).is_empty());
        assert!(memory.recall(key(1, 2), start + REMEMBERED_FOR).is_empty());
    }

    #[test]
    fn a_conversation_that_is_to_be_forgotten_is_and_others_stay() {
        let memory = Memory::default();
        let start = Instant::now();
        memory.keep(key(1, 2), said("when?"), start);
        memory.keep(key(1, 3), said("who?"), start);
        memory.forget(key(1, 2));
        assert!(memory.recall(key(1, 2), start).is_empty());
        assert!(!memory.recall(key(1, 3), start).is_empty());
        memory.keep(key(1, 2), said("where?"), start);
        assert_eq!(memory.recall(key(1, 2), start), said("where?"));
    }

    #[test]
    fn a_turn_renews_the_conversation() {
        let memory = Memory::default();
        let start = Instant::now();
        let later = start + Duration::from_mins(10);
        memory.keep(key(1, 2), said("when?"), start);
        memory.keep(key(1, 2), said("who?"), later);
        assert_eq!(memory.recall(key(1, 2), start + REMEMBERED_FOR), said("who?"));
    }

    #[test]
    fn the_number_is_bounded_and_the_oldest_go_first() {
        let memory = Memory::default();
        let start = Instant::now();
        for number in 1..=MAX_CONVERSATIONS as u64 + 5 {
            memory.keep(
                key(number, 1),
                said("when?"),
                start + Duration::from_millis(number / 100),
            );
        }
        assert_eq!(memory.sizes(), (MAX_CONVERSATIONS, MAX_CONVERSATIONS));
        assert!(memory.recall(key(5, 1), start).is_empty());
        assert!(!memory.recall(key(6, 1), start).is_empty());
    }

    #[test]
    fn one_member_who_asks_without_end_takes_one_place() {
        let memory = Memory::default();
        let start = Instant::now();
        for number in 0..3 * MAX_CONVERSATIONS as u64 {
            memory.keep(key(1, 1), said("when?"), start + Duration::from_nanos(number));
        }
        assert_eq!(memory.sizes(), (1, 1));
    }

    #[test]
    fn what_is_past_its_time_is_forgotten_when_others_speak() {
        let memory = Memory::default();
        let start = Instant::now();
        memory.keep(key(1, 1), said("when?"), start);
        memory.keep(key(2, 2), said("who?"), start + REMEMBERED_FOR);
        assert_eq!(memory.sizes(), (1, 1));
    }

    #[test]
    fn what_is_past_its_time_is_forgotten_also_where_nobody_speaks_any_more() {
        let memory = Memory::default();
        let start = Instant::now();
        memory.keep(key(1, 1), said("when?"), start);
        memory.prune(start + REMEMBERED_FOR.saturating_sub(Duration::from_secs(1)));
        assert_eq!(memory.sizes(), (1, 1));
        memory.prune(start + REMEMBERED_FOR);
        assert_eq!(memory.sizes(), (0, 0));
    }
}
