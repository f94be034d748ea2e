//! Which reply answers which message, and in which words it was asked.
//!
//! So that an edited question gets an edited answer, a deleted one none, a reply to an answer goes on from there, and
//! "Why this answer" knows the question. Promise: bounded in number and in size; words go after a quarter of an hour,
//! the rest is ids; nothing of it is ever written to disk. What happens to a question while it is still being answered
//! is not lost: whoever sends the answer is told. Deliberately absent: Discord's requests.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::Timestamp;
use serenity::model::id::{ChannelId, MessageId};

use super::answered::Found;
use super::asking::Way;
use super::lately::Moment;
use super::memory::{Key, REMEMBERED_FOR};
use super::once::Once;
use crate::answer::Conversation;

/// An edit changes the answer for so long (issue 6, item 1).
pub(super) const EDITED_WITHIN: Duration = Duration::from_mins(10);
/// Changing an answer has ended by then: serving an edit has a deadline of as long.
const CHANGED_WITHIN: Duration = Duration::from_secs(30);
/// Pairs of question and answer: some 150 bytes each.
const MAX_PAIRS: usize = 20_000;
/// Questions whose words are known: some kilobytes each, with what was said before.
const MAX_WORDS: usize = 2_000;
/// Longer questions are not kept in words: Discord still has those of messages.
const MAX_WORDS_BYTES: usize = 4_000;

/// Everything that is known of questions asked lately.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    inner: Mutex<Inner>,
    /// Those that were passed on to the curators.
    passed_on: Arc<Once>,
}

/// A question in words, and the conversation around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// Whose conversation it belongs to.
    pub(crate) key: Key,
    /// As it was asked.
    pub(crate) words: String,
    /// As it stood before the question.
    pub(crate) before: Conversation,
    /// As it stood after the answer.
    pub(crate) after: Conversation,
}

/// What became of a question before its answer was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// It has other words now.
    Edited(String),
    /// It is gone.
    Deleted,
}

#[derive(Debug, Default)]
struct Inner {
    pairs: HashMap<MessageId, Pair>,
    by_answer: HashMap<MessageId, MessageId>,
    pairs_in_order: VecDeque<MessageId>,
    asked: HashMap<NonZeroU64, (Instant, Asked)>,
    asked_in_order: VecDeque<(Instant, NonZeroU64)>,
}

#[derive(Debug)]
struct Pair {
    channel: ChannelId,
    /// How it was asked.
    way: Way,
    asked_at: Moment,
    edited_at: Option<Timestamp>,
    answer: Option<MessageId>,
    change: Option<Change>,
    /// Since when its answer is being changed: what happens meanwhile is carried out after it.
    changing_since: Option<Instant>,
    is_counted: bool,
}

impl Pair {
    fn new(channel: ChannelId, way: Way, asked_at: Moment) -> Self {
        Self {
            channel,
            way,
            asked_at,
            edited_at: None,
            answer: None,
            change: None,
            changing_since: None,
            is_counted: false,
        }
    }
}

impl Questions {
    /// A message is being answered.
    pub(crate) fn begin(&self, question: MessageId, channel: ChannelId, way: Way, now: Instant) {
        let mut inner = self.lock();
        let pair = Pair::new(channel, way, Moment::now(now));
        if inner.pairs.insert(question, pair).is_none() {
            inner.pairs_in_order.push_back(question);
        }
        while inner.pairs_in_order.len() > MAX_PAIRS {
            if let Some(oldest) = inner.pairs_in_order.pop_front() {
                inner.forget_pair(oldest);
            }
        }
    }

    /// A process before this one has answered a message, which was asked at that moment; what this one knows itself stays.
    pub(crate) fn found(&self, found: Found, channel: ChannelId, asked_at: Moment) {
        let mut inner = self.lock();
        if inner.pairs.contains_key(&found.question) || inner.pairs_in_order.len() >= MAX_PAIRS {
            return;
        }
        let pair = Pair {
            edited_at: found.edited_at,
            answer: Some(found.answer),
            is_counted: true,
            ..Pair::new(channel, found.way, asked_at)
        };
        inner.pairs.insert(found.question, pair);
        inner.pairs_in_order.push_back(found.question);
        inner.by_answer.insert(found.answer, found.question);
    }

    /// It speaks to the bot from now on, however it was asked.
    pub(crate) fn speaks_to_me(&self, question: MessageId) {
        if let Some(pair) = self.lock().pairs.get_mut(&question) {
            pair.way = Way::Message;
        }
    }

    /// How it was asked, as far as it is known.
    pub(crate) fn way_of(&self, question: MessageId) -> Option<Way> {
        self.lock().pairs.get(&question).map(|pair| pair.way)
    }

    /// Its answer is there; what happened to it meanwhile is the caller's to carry out.
    pub(crate) fn answered(&self, question: MessageId, answer: MessageId, now: Instant) -> Option<Change> {
        let mut inner = self.lock();
        let pair = inner.pairs.get_mut(&question)?;
        pair.answer = Some(answer);
        let change = pair.change.take();
        pair.changing_since = change.is_some().then_some(now);
        inner.by_answer.insert(answer, question);
        change
    }

    /// Whether what it got is still to be counted; from now on it is. A question that is edited is one question, and
    /// what is no message that is being answered is asked once.
    pub(crate) fn count(&self, event: NonZeroU64) -> bool {
        let mut inner = self.lock();
        match inner.pairs.get_mut(&MessageId::from(event)) {
            Some(pair) => !std::mem::replace(&mut pair.is_counted, true),
            None => true,
        }
    }

    /// Those that were passed on to the curators, for work that outlives the event.
    pub(crate) fn passed_on(&self) -> Arc<Once> {
        Arc::clone(&self.passed_on)
    }

    /// Whether an edit or a deletion of this message may be news: it is a question, or an answer to one.
    pub(crate) fn knows(&self, message: MessageId) -> bool {
        let inner = self.lock();
        inner.pairs.contains_key(&message)
            || inner.by_answer.contains_key(&message)
            || inner.asked.contains_key(&NonZeroU64::from(message))
    }

    /// It gets no answer.
    pub(crate) fn not_answered(&self, question: MessageId) {
        self.lock().forget_pair(question);
    }

    /// It was edited: the answer to change, where there is one and the edit is in time. Updates come for other reasons
    /// too, such as the preview of a link, and in any order: only a later time of editing counts.
    pub(crate) fn edited(&self, question: MessageId, at: Timestamp, words: &str, now: Instant) -> Option<MessageId> {
        let mut inner = self.lock();
        let pair = inner.pairs.get_mut(&question)?;
        let is_news = pair.edited_at.is_none_or(|last| at > last);
        let is_in_time = pair.asked_at.age(now) <= EDITED_WITHIN;
        if !is_news || !is_in_time || pair.change == Some(Change::Deleted) {
            return None;
        }
        pair.edited_at = Some(at);
        let is_changing = |since| now.saturating_duration_since(since) < CHANGED_WITHIN;
        if pair.answer.is_none() || pair.changing_since.is_some_and(is_changing) {
            pair.change = Some(Change::Edited(words.to_owned()));
            return None;
        }
        pair.changing_since = Some(now);
        pair.answer
    }

    /// Its answer was changed: the words that it was edited to meanwhile, which are the caller's to answer.
    pub(crate) fn changed(&self, question: MessageId) -> Option<String> {
        let mut inner = self.lock();
        let pair = inner.pairs.get_mut(&question)?;
        let Some(Change::Edited(words)) = pair.change.take() else {
            pair.changing_since = None;
            return None;
        };
        Some(words)
    }

    /// It was deleted: the answer to delete with it, where there is one.
    pub(crate) fn deleted(&self, question: MessageId) -> Option<(ChannelId, MessageId)> {
        let mut inner = self.lock();
        if let Ok(event) = NonZeroU64::try_from(question.get()) {
            inner.asked.remove(&event);
        }
        let pair = inner.pairs.get_mut(&question)?;
        let (channel, answer) = (pair.channel, pair.answer);
        if answer.is_none() {
            pair.change = Some(Change::Deleted);
            return None;
        }
        inner.forget_pair(question);
        answer.map(|answer| (channel, answer))
    }

    /// Its answer was deleted: the question, where it is known.
    pub(crate) fn answer_is_gone(&self, answer: MessageId) -> Option<MessageId> {
        let mut inner = self.lock();
        inner.asked.remove(&NonZeroU64::from(answer));
        let question = inner.by_answer.get(&answer).copied()?;
        inner.forget_pair(question);
        Some(question)
    }

    /// Keeps the words of a question, by the event that asked it.
    pub(crate) fn keep(&self, event: NonZeroU64, asked: Asked, now: Instant) {
        let mut inner = self.lock();
        // Its answer says something new, whatever was chosen below the one before.
        inner.forget_chosen(MessageId::from(event));
        if asked.words.len() > MAX_WORDS_BYTES {
            return;
        }
        inner.asked.insert(event, (now, asked));
        inner.asked_in_order.push_back((now, event));
        inner.forget_words(now);
    }

    /// A fact was chosen that stands in place of an answer from now on: a reply to that message goes on from there.
    /// Kept by the message, since that of a command's answer is known by nothing else.
    pub(crate) fn chosen(&self, answer: MessageId, key: Key, after: Conversation, now: Instant) {
        let chosen = Asked {
            key,
            words: String::new(),
            before: Conversation::default(),
            after,
        };
        self.keep(NonZeroU64::from(answer), chosen, now);
    }

    /// The words of a question.
    pub(crate) fn recall(&self, event: NonZeroU64, now: Instant) -> Option<Asked> {
        let inner = self.lock();
        let (at, asked) = inner.asked.get(&event)?;
        (now.saturating_duration_since(*at) < REMEMBERED_FOR).then(|| asked.clone())
    }

    /// The conversation that an answer of the bot's belongs to, as it stood after it.
    pub(crate) fn conversation_after(&self, answer: MessageId, now: Instant) -> Option<Conversation> {
        let chosen = self.recall(NonZeroU64::from(answer), now);
        let asked = chosen.or_else(|| {
            let question = *self.lock().by_answer.get(&answer)?;
            self.recall(NonZeroU64::from(question), now)
        });
        asked.map(|asked| asked.after)
    }

    /// Forgets words that are past their time, also where nobody asks any more.
    pub(crate) fn prune(&self, now: Instant) {
        let mut inner = self.lock();
        inner.forget_words(now);
        // Those of an edit wait for an answer, which may have been given up.
        for pair in inner.pairs.values_mut() {
            let is_past = pair.asked_at.age(now) >= REMEMBERED_FOR;
            if is_past && matches!(pair.change, Some(Change::Edited(_))) {
                pair.change = None;
            }
        }
    }

    /// Forgets the words of a member in a channel.
    pub(crate) fn forget(&self, key: Key) {
        self.lock().asked.retain(|_, (_, asked)| asked.key != key);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn sizes(&self) -> (usize, usize, usize, usize) {
        let inner = self.lock();
        (
            inner.pairs.len(),
            inner.pairs_in_order.len(),
            inner.asked.len(),
            inner.asked_in_order.len(),
        )
    }
}

impl Inner {
    /// The place in the order stays until its turn comes: ids are not used again.
    fn forget_pair(&mut self, question: MessageId) {
        self.forget_chosen(question);
        if let Some(answer) = self.pairs.remove(&question).and_then(|pair| pair.answer) {
            self.by_answer.remove(&answer);
        }
    }

    /// Forgets the fact that stands in place of a question's answer.
    fn forget_chosen(&mut self, question: MessageId) {
        if let Some(answer) = self.pairs.get(&question).and_then(|pair| pair.answer) {
            self.asked.remove(&NonZeroU64::from(answer));
        }
    }

    fn forget_words(&mut self, now: Instant) {
        while let Some((at, event)) = self.asked_in_order.front().copied() {
            let is_stale = self.asked.get(&event).is_none_or(|(last, _)| *last != at);
            let is_past = now.saturating_duration_since(at) >= REMEMBERED_FOR;
            let is_too_many = self.asked.len() > MAX_WORDS || self.asked_in_order.len() > 2 * MAX_WORDS;
            if !(is_stale || is_past || is_too_many) {
                return;
            }
            self.asked_in_order.pop_front();
            if !is_stale {
                self.asked.remove(&event);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serenity::model::id::UserId;

    use super::*;
    use crate::answer::conversation::Turn;

    const QUESTION: MessageId = MessageId::new(1);
    const ANSWER: MessageId = MessageId::new(2);
    const CHANNEL: ChannelId = ChannelId::new(3);

    fn second(second: i64) -> Timestamp {
        Timestamp::from_unix_timestamp(1_900_000_000 + second).unwrap()
    }

    fn event(id: u64) -> NonZeroU64 {
        NonZeroU64::new(id).unwrap()
    }

    fn asked(user: u64, words: &str) -> Asked {
        let turn = Turn {
            question: words.to_owned(),
            facts: Vec::new(),
            is_said: true,
            gap: None,
        };
        Asked {
            key: (CHANNEL, UserId::new(user)),
            words: words.to_owned(),
            before: Conversation::default(),
            after: Conversation::default().with(turn),
        }
    }

    fn answered(now: Instant) -> Questions {
        let questions = Questions::default();
        questions.begin(QUESTION, CHANNEL, Way::Message, now);
        assert_eq!(questions.answered(QUESTION, ANSWER, now), None);
        questions
    }

    #[test]
    fn an_edit_in_time_names_the_answer_to_change_and_a_late_one_none() {
        let start = Instant::now();
        let questions = answered(start);
        assert_eq!(
            questions.edited(QUESTION, second(1), "when?", start + EDITED_WITHIN),
            Some(ANSWER)
        );
        let late = start + EDITED_WITHIN + Duration::from_millis(1);
        assert_eq!(questions.edited(QUESTION, second(2), "who?", late), None);
        assert_eq!(questions.edited(ANSWER, second(2), "who?", start), None);
    }

    #[test]
    fn an_edit_while_another_is_answered_is_answered_after_it() {
        let start = Instant::now();
        let questions = answered(start);
        assert_eq!(questions.edited(QUESTION, second(1), "when?", start), Some(ANSWER));
        assert_eq!(questions.edited(QUESTION, second(2), "where?", start), None);
        assert_eq!(questions.edited(QUESTION, second(3), "who?", start), None);
        assert_eq!(questions.changed(QUESTION), Some("who?".to_owned()));
        assert_eq!(questions.edited(QUESTION, second(4), "why?", start), None);
        assert_eq!(questions.changed(QUESTION), Some("why?".to_owned()));
        assert_eq!(questions.changed(QUESTION), None);
        assert_eq!(questions.edited(QUESTION, second(5), "how?", start), Some(ANSWER));
        // The one before was given up in the middle.
        let later = start + CHANGED_WITHIN;
        assert_eq!(questions.edited(QUESTION, second(6), "which?", later), Some(ANSWER));
    }

    #[test]
    fn only_a_later_edit_counts() {
        let start = Instant::now();
        let questions = answered(start);
        assert_eq!(questions.edited(QUESTION, second(5), "when?", start), Some(ANSWER));
        assert_eq!(
            questions.edited(QUESTION, second(5), "when?", start),
            None,
            "a preview of a link"
        );
        assert_eq!(questions.edited(QUESTION, second(4), "wen?", start), None, "overtaken");
    }

    #[test]
    fn what_happens_before_the_answer_is_there_is_told_once_it_is() {
        let now = Instant::now();
        let questions = Questions::default();
        questions.begin(QUESTION, CHANNEL, Way::Message, now);
        assert_eq!(questions.edited(QUESTION, second(1), "when?", now), None);
        assert_eq!(
            questions.answered(QUESTION, ANSWER, now),
            Some(Change::Edited("when?".to_owned()))
        );
        questions.begin(QUESTION, CHANNEL, Way::Message, now);
        assert_eq!(questions.deleted(QUESTION), None);
        assert_eq!(questions.edited(QUESTION, second(2), "who?", now), None, "it is gone");
        assert_eq!(questions.answered(QUESTION, ANSWER, now), Some(Change::Deleted));
    }

    #[test]
    fn a_deleted_question_names_its_answer_once() {
        let questions = answered(Instant::now());
        assert_eq!(questions.deleted(QUESTION), Some((CHANNEL, ANSWER)));
        assert_eq!(questions.deleted(QUESTION), None);
        let questions = answered(Instant::now());
        assert_eq!(questions.answer_is_gone(ANSWER), Some(QUESTION));
        assert_eq!(questions.answer_is_gone(ANSWER), None);
        assert_eq!(questions.deleted(QUESTION), None);
    }

    #[test]
    fn a_message_is_counted_once_and_anything_else_each_time() {
        let questions = answered(Instant::now());
        let counted = |id: MessageId| questions.count(event(id.get()));
        assert!(counted(QUESTION));
        assert!(!counted(QUESTION));
        assert!(counted(ANSWER) && counted(ANSWER));
    }

    #[test]
    fn words_are_known_for_their_time_and_a_reply_to_the_answer_goes_on_from_it() {
        let start = Instant::now();
        let questions = answered(start);
        questions.keep(event(1), asked(7, "when?"), start);
        assert_eq!(questions.recall(event(1), start), Some(asked(7, "when?")));
        assert_eq!(
            questions.conversation_after(ANSWER, start),
            Some(asked(7, "when?").after)
        );
        assert_eq!(questions.recall(event(1), start + REMEMBERED_FOR), None);
        assert_eq!(questions.conversation_after(ANSWER, start + REMEMBERED_FOR), None);
    }

    #[test]
    fn a_reply_goes_on_from_what_was_chosen_last_until_the_question_is_another() {
        let now = Instant::now();
        let questions = answered(now);
        let key = (CHANNEL, UserId::new(7));
        let after = |words: &str| asked(7, words).after;
        questions.keep(event(1), asked(7, "when?"), now);
        questions.chosen(ANSWER, key, after("who?"), now);
        assert_eq!(questions.conversation_after(ANSWER, now), Some(after("who?")));
        questions.keep(event(1), asked(7, "where?"), now);
        assert_eq!(questions.conversation_after(ANSWER, now), Some(after("where?")));
        questions.chosen(ANSWER, key, after("who?"), now);
        questions.answer_is_gone(ANSWER);
        assert_eq!(questions.conversation_after(ANSWER, now), None);
        // As below a command's answer: what it answers is no message.
        let of_command = MessageId::new(9);
        questions.chosen(of_command, key, after("who?"), now);
        assert_eq!(questions.conversation_after(of_command, now), Some(after("who?")));
        questions.forget(key);
        assert_eq!(questions.conversation_after(of_command, now), None);
    }

    #[test]
    fn words_go_after_their_time_also_where_nobody_asks_any_more() {
        let (start, questions) = (Instant::now(), Questions::default());
        questions.begin(QUESTION, CHANNEL, Way::Message, start);
        questions.keep(event(1), asked(7, "when?"), start);
        assert_eq!(questions.edited(QUESTION, second(1), "who?", start), None);
        questions.prune(start + REMEMBERED_FOR.saturating_sub(Duration::from_secs(1)));
        assert_eq!(questions.sizes(), (1, 1, 1, 1));
        questions.prune(start + REMEMBERED_FOR);
        assert_eq!(questions.sizes(), (1, 1, 0, 0));
        let change = questions.answered(QUESTION, ANSWER, start);
        assert_eq!(change, None, "the words of its edit");
    }

    #[test]
    fn what_a_member_wants_forgotten_is_forgotten_and_that_of_others_stays() {
        let now = Instant::now();
        let questions = Questions::default();
        questions.keep(event(1), asked(7, "when?"), now);
        questions.keep(event(2), asked(8, "who?"), now);
        questions.forget((CHANNEL, UserId::new(7)));
        assert_eq!(questions.recall(event(1), now), None);
        assert!(questions.recall(event(2), now).is_some());
    }

    #[test]
    fn what_a_process_before_answered_is_followed_in_time_and_counts_no_more() {
        let (now, questions) = (Instant::now(), Questions::default());
        let found = Found {
            question: QUESTION,
            answer: ANSWER,
            way: Way::Overheard,
            edited_at: Some(second(1)),
        };
        questions.found(found, CHANNEL, Moment::past(EDITED_WITHIN, now));
        assert!(!questions.count(event(1)));
        assert_eq!(questions.way_of(QUESTION), Some(Way::Overheard));
        assert_eq!(questions.edited(QUESTION, second(1), "when?", now), None);
        assert_eq!(questions.edited(QUESTION, second(2), "when?", now), Some(ANSWER));
        let late = now + Duration::from_secs(1);
        assert_eq!(questions.edited(QUESTION, second(3), "who?", late), None);
        assert_eq!(questions.deleted(QUESTION), Some((CHANNEL, ANSWER)));
        // What is being answered now is not taken for answered.
        questions.begin(QUESTION, CHANNEL, Way::Message, now);
        questions.found(found, CHANNEL, Moment::now(now));
        assert_eq!(questions.edited(QUESTION, second(4), "when?", now), None);
    }

    #[test]
    fn both_memories_are_bounded() {
        let now = Instant::now();
        let questions = Questions::default();
        for id in 1..=30_000 {
            questions.begin(MessageId::new(id), CHANNEL, Way::Message, now);
            questions.answered(MessageId::new(id), MessageId::new(100_000 + id), now);
            questions.keep(event(id), asked(7, "when?"), now);
        }
        assert_eq!(questions.sizes(), (MAX_PAIRS, MAX_PAIRS, MAX_WORDS, MAX_WORDS));
        assert_eq!(questions.lock().by_answer.len(), MAX_PAIRS);
        let one_more = Found {
            question: QUESTION,
            answer: ANSWER,
            way: Way::Message,
            edited_at: None,
        };
        questions.found(one_more, CHANNEL, Moment::now(now));
        assert!(!questions.knows(QUESTION));
        questions.keep(event(1), asked(7, &"x".repeat(MAX_WORDS_BYTES + 1)), now);
        assert_eq!(questions.recall(event(1), now), None);
    }
}
