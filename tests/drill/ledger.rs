//! What was asked, and what became of it.
//!
//! Promise: every question ends in exactly one column. *Not taken*: Discord refused the answer, or its time for one was
//! over before the bot could have given it: the question never reached the bot, or every attempt met a fault until too
//! late. *Lost*: Discord would have taken an answer, and none came. *Doubled*: a second one came.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::state::Watcher;

/// How long Discord waits for the first response to an interaction.
const INTERACTION_WITHIN: Duration = Duration::from_secs(3);
/// An interaction that reached the bot, without a fault in the way, with so much of its time left must be answered.
const ENOUGH: Duration = Duration::from_secs(1);
/// A message may be answered at any time, but nobody waits longer; the bot itself gives up before.
const MESSAGE_WITHIN: Duration = Duration::from_secs(45);
/// What an attempt is said to have met that is only slow, and how long the bot waits for it before it tries again.
const NOTHING_BUT_SLOW: u16 = 200;
const SLOW_ATTEMPT: Duration = Duration::from_secs(1);
/// Where the bot may not write it does not try again for so long, with time for what was under way.
const SHUT_FOR: Duration = Duration::from_secs(20);
/// Questions of each fault that are told of in words.
const MAX_EXAMPLES: usize = 2;
/// For a second answer to show itself.
const WATCHED_FOR: Duration = Duration::from_secs(30);

/// The way of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Mention,
    Command,
    Button,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Mention, Self::Command, Self::Button];

    fn patience(self) -> Duration {
        match self {
            Self::Mention => MESSAGE_WITHIN,
            Self::Command | Self::Button => INTERACTION_WITHIN,
        }
    }
}

/// What became of the questions that were asked during one fault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) asked: u64,
    pub(crate) answered: u64,
    pub(crate) not_taken: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    /// Answers that do not say what is asked for.
    pub(crate) wrong: u64,
}

#[derive(Debug)]
struct Question {
    asked: Instant,
    way: Way,
    /// What its answer must say.
    expected: &'static str,
    /// The fault that it was asked during.
    during: usize,
    delivered: Option<Instant>,
    hindered: Option<(Instant, u16)>,
    answered: Option<Instant>,
}

#[derive(Debug, Default)]
struct Inner {
    open: HashMap<u64, Question>,
    /// The rows of those that ended in *not taken* or *lost*, and whether it was *lost*.
    given_up: HashMap<u64, (usize, bool)>,
    /// The last answer that was refused since the bot may not write in the channel.
    shut_at: Option<Instant>,
    tallies: HashMap<usize, Tally>,
    during: usize,
    /// Answers to questions that were asked from then on are waited for, one of each way.
    awaited_since: Option<Instant>,
    first: [Option<Instant>; Way::ALL.len()],
    /// What was told of the height of the wall last.
    height: String,
    examples: Vec<(usize, String)>,
}

/// The book of all questions.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    inner: Mutex<Inner>,
}

impl Ledger {
    /// Notes a question.
    pub(crate) fn asked(&self, id: u64, way: Way, expected: &'static str) {
        let mut inner = self.lock();
        let during = inner.during;
        inner.tallies.entry(during).or_default().asked += 1;
        let question = Question {
            asked: Instant::now(),
            way,
            expected,
            during,
            delivered: None,
            hindered: None,
            answered: None,
        };
        inner.open.insert(id, question);
    }

    /// From now on questions are asked during this fault.
    pub(crate) fn turn_to(&self, fault: usize) {
        self.lock().during = fault;
    }

    /// From now on one answer of each way is waited for.
    pub(crate) fn await_answers(&self) {
        let mut inner = self.lock();
        inner.awaited_since = Some(Instant::now());
        inner.first = [None; Way::ALL.len()];
    }

    /// When the last of the ways was answered for the first time, once all were.
    pub(crate) fn all_answered(&self) -> Option<Instant> {
        let first = self.lock().first;
        first
            .into_iter()
            .collect::<Option<Vec<Instant>>>()
            .and_then(|first| first.into_iter().max())
    }

    /// What was told of the height of the wall last.
    pub(crate) fn height(&self) -> String {
        self.lock().height.clone()
    }

    /// Settles what has had its time; gives the ids of the questions that can be forgotten.
    pub(crate) fn settle(&self) -> Vec<u64> {
        let mut inner = self.lock();
        let now = Instant::now();
        let is_done = |question: &Question| match question.answered {
            Some(at) => now.saturating_duration_since(at) > WATCHED_FOR,
            None => now.saturating_duration_since(question.asked) > question.way.patience() + ENOUGH,
        };
        let done: Vec<u64> = inner
            .open
            .iter()
            .filter_map(|(id, question)| is_done(question).then_some(*id))
            .collect();
        for id in &done {
            if let Some(question) = inner.open.remove(id) {
                inner.settle(*id, &question);
            }
        }
        done
    }

    /// The questions that have no answer and still wait for one.
    pub(crate) fn n_waiting(&self) -> usize {
        let inner = self.lock();
        inner
            .open
            .values()
            .filter(|question| question.answered.is_none())
            .count()
    }

    /// What became of the questions of each fault, and some that were lost, in words.
    pub(crate) fn tallies(&self) -> (HashMap<usize, Tally>, Vec<String>) {
        let inner = self.lock();
        let examples = inner.examples.iter().map(|(_, what)| what.clone());
        (inner.tallies.clone(), examples.collect())
    }

    fn answered(&self, id: u64, body: &Value) {
        let mut inner = self.lock();
        let now = Instant::now();
        let content = body["content"].as_str().unwrap_or_default();
        if let Some((during, was_lost)) = inner.given_up.remove(&id) {
            // Late, and better than never: the bot found it when it looked for what it had missed.
            let tally = inner.tallies.entry(during).or_default();
            tally.answered += 1;
            tally.lost -= u64::from(was_lost);
            tally.not_taken -= u64::from(!was_lost);
            return;
        }
        let Some(question) = inner.open.get_mut(&id) else {
            // It had an answer, and was watched long enough.
            let during = inner.during;
            inner.tallies.entry(during).or_default().doubled += 1;
            inner.note(
                during,
                format!("{id} was answered when nobody waited any more: {content}"),
            );
            return;
        };
        let (during, way, asked, expected) = (question.during, question.way, question.asked, question.expected);
        let is_second = question.answered.replace(now).is_some();
        if is_second {
            inner.tallies.entry(during).or_default().doubled += 1;
            inner.note(during, format!("{id} ({way:?}) had a second answer: {content}"));
            return;
        }
        if content.contains("metres in all") {
            content.clone_into(&mut inner.height);
        }
        let tally = inner.tallies.entry(during).or_default();
        tally.answered += 1;
        if !content.contains(expected) {
            tally.wrong += 1;
            inner.note(
                during,
                format!("{id} ({way:?}) was not told of `{expected}`: {content}"),
            );
        }
        if inner.awaited_since.is_some_and(|since| asked >= since) {
            inner.first[way as usize].get_or_insert(now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn settle(&mut self, id: u64, question: &Question) {
        if question.answered.is_some() {
            return;
        }
        let is_shut = |at: Instant| question.asked.saturating_duration_since(at) < SHUT_FOR;
        let may_be_shut_out = question.way == Way::Mention && self.shut_at.is_some_and(is_shut);
        let was_lost = !may_be_shut_out && !question.could_not_be_answered();
        self.given_up.insert(id, (question.during, was_lost));
        let tally = self.tallies.entry(question.during).or_default();
        if was_lost {
            tally.lost += 1;
        } else {
            tally.not_taken += 1;
        }
        if was_lost {
            self.note(question.during, format!("{id} was lost: {question:?}"));
        }
    }

    fn note(&mut self, during: usize, what: String) {
        if self.examples.iter().filter(|(of, _)| *of == during).count() < MAX_EXAMPLES {
            self.examples.push((during, what));
        }
    }
}

impl Question {
    fn could_not_be_answered(&self) -> bool {
        let is_refused = self
            .hindered
            .is_some_and(|(_, status)| (400..500).contains(&status) && status != 429);
        if is_refused {
            return true;
        }
        // A message may be asked while nothing reaches the bot, and be found by it later.
        if self.way == Way::Mention {
            return false;
        }
        let until = self.asked + INTERACTION_WITHIN;
        let Some(delivered) = self.delivered else { return true };
        let free_from = self.hindered.map_or(delivered, |(at, _)| at.max(delivered));
        until.saturating_duration_since(free_from) < ENOUGH
    }
}

impl Watcher for Ledger {
    fn delivered(&self, question: u64) {
        if let Some(question) = self.lock().open.get_mut(&question) {
            question.delivered = Some(Instant::now());
        }
    }

    fn hindered(&self, question: u64, status: u16) {
        let length = if status == NOTHING_BUT_SLOW {
            SLOW_ATTEMPT
        } else {
            Duration::ZERO
        };
        let mut inner = self.lock();
        if status == 403 {
            inner.shut_at = Some(Instant::now());
        }
        if let Some(question) = inner.open.get_mut(&question) {
            question.hindered = Some((Instant::now() + length, status));
        }
    }

    fn posted(&self, question: Option<u64>, message: &Value) {
        // What replies to nothing is a hint to a member.
        if let Some(question) = question {
            self.answered(question, message);
        }
    }

    fn responded(&self, question: u64, body: &Value) {
        self.answered(question, body);
    }
}
