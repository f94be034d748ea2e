//! One question from a member to the body that answers it, whatever the way of asking.
//!
//! Every door leads through here, so the same words get the same fact at each. Promise: a question sees one snapshot
//! of the facts; its words are logged only where that is asked for, and no member's or server's id ever.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use serenity::model::id::{ChannelId, UserId};

use super::bot::Bot;
use super::custom_id::{FactKey, Stamp};
use super::payload::Body;
use super::reply;
use crate::answer::wording::discord as wording;
use crate::answer::{Answer, Conversation, Outcome, Reason};
use crate::engine::Snapshot;
use crate::store::{Record, Timestamp, Unanswered};

/// Examples in a greeting.
const N_EXAMPLES: usize = 3;

/// How it was asked, as the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Message,
    Command,
    Button,
}

impl Way {
    /// The name it has in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Command => "command",
            Self::Button => "button",
        }
    }
}

/// Who asks, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) way: Way,
}

impl Asker {
    fn id(self) -> NonZeroU64 {
        self.user.into()
    }
}

/// Whether to say why it is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Shown,
    Hidden,
}

/// Answers a question in a member's words.
pub(crate) fn ask(bot: &Bot, asker: Asker, question: &str, why: Why) -> Body {
    let snapshot = bot.snapshot();
    if question.trim().is_empty() {
        return greet(&snapshot, asker);
    }
    let conversation = recall(bot, asker);
    let began = Instant::now();
    let (answer, after) = snapshot.ask(question, &conversation);
    note(bot, asker, &answer, began.elapsed(), question);
    keep(bot, asker, after);
    match why {
        _ if answer.reason == Reason::Empty => greet(&snapshot, asker),
        Why::Hidden => reply::answer(&answer, snapshot.base(), asker.id()),
        Why::Shown => reply::explained(&snapshot.explain(question, &conversation), snapshot.base(), asker.id()),
    }
}

/// Answers with a fact that a button or a choice named; `stamp` is what the fact said when it was offered.
pub(crate) fn tell(bot: &Bot, asker: Asker, key: &FactKey, stamp: Option<Stamp>, why: Why) -> Body {
    let snapshot = bot.snapshot();
    let began = Instant::now();
    let conversation = recall(bot, asker);
    let found = key.find(snapshot.base());
    let told = found.and_then(|(reference, fact)| Some((snapshot.tell(&reference, &conversation)?, Stamp::of(fact))));
    let Some(((answer, after), now)) = told else {
        return reply::sentence(wording::FACT_GONE);
    };
    note(bot, asker, &answer, began.elapsed(), "");
    keep(bot, asker, after);
    let is_edited = stamp.is_some_and(|then| then != now);
    let notes = reply::Notes {
        before: is_edited.then_some(wording::FACT_CHANGED),
        after: (why == Why::Shown).then_some(wording::WHY_CHOSEN),
    };
    reply::told(&answer, snapshot.base(), asker.id(), notes)
}

fn greet(snapshot: &Snapshot, asker: Asker) -> Body {
    reply::greeting(&snapshot.complete("", N_EXAMPLES), snapshot.base(), asker.id())
}

fn recall(bot: &Bot, asker: Asker) -> Conversation {
    bot.memory.recall((asker.channel, asker.user), Instant::now())
}

fn keep(bot: &Bot, asker: Asker, conversation: Conversation) {
    bot.memory
        .keep((asker.channel, asker.user), conversation, Instant::now());
}

fn note(bot: &Bot, asker: Asker, answer: &Answer, took: Duration, question: &str) {
    bot.counts.asked(answer.outcome, took);
    bot.metrics.answered(answer.outcome.name(), asker.way.name(), took);
    if let Some(record) = record_of(answer, Timestamp::now()) {
        bot.records.record(record);
    }
    let words = bot.log_questions.is_on().then_some(question);
    tracing::info!(
        way = ?asker.way,
        outcome = answer.outcome.name(),
        confidence = answer.confidence,
        fact = answer.facts.first().map(|fact| fact.fact.as_str()),
        gap = answer.gap.as_deref(),
        elapsed_us = took.as_micros(),
        question = words,
        "answered"
    );
}

/// What of an answer is counted: its facts, or the fact that was nearest; nothing of what was no question.
fn record_of(answer: &Answer, at: Timestamp) -> Option<Record> {
    let unanswered = |outcome| Record::Unanswered {
        outcome,
        nearest: answer.suggestions.first().map(|nearest| nearest.fact.clone()),
        at,
    };
    match (answer.outcome, answer.reason) {
        (_, Reason::SmallTalk | Reason::Order | Reason::Empty) => None,
        (Outcome::Answer, _) => Some(Record::Answered {
            facts: answer.facts.clone(),
            at,
        }),
        (Outcome::Suggest, _) => Some(unanswered(Unanswered::Suggested)),
        (Outcome::None, _) => Some(unanswered(Unanswered::Declined)),
    }
}
