//! One question from a member to the body that answers it, whatever the way of asking.
//!
//! Every door leads through here, so the same words get the same fact at each. Promise: a question sees one snapshot
//! of the facts; its words are logged only where that is asked for, and no member's or server's id ever.

use std::collections::HashSet;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use serenity::model::channel::Message;
use serenity::model::id::{ChannelId, GuildId, UserId};

use super::bot::Bot;
use super::browse;
use super::custom_id::{self, FactKey, QuestionKey, Stamp};
use super::glimpse::Glimpse;
use super::message;
use super::payload::{Body, Visibility};
use super::questions::Asked;
use super::reply::{self, Frame, Notes};
use crate::answer::respond::Read;
use crate::answer::wording::{asking as asking_wording, discord as wording};
use crate::answer::{Answer, Conversation, Outcome, Reason, Suggestion, age, compose};
use crate::engine::Snapshot;
use crate::fact::{FactBase, FactRef, PartialDate};
use crate::store::{KeptQuestion, Record, ServerSettings, Snowflake, Timestamp, Unanswered};

/// Examples in a greeting.
const N_EXAMPLES: usize = 3;

/// How it was asked, as the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Message,
    /// By a message that does not speak to the bot: only a sure answer is given.
    Overheard,
    /// By a reply with its ping off, which may be talk: only what the briefing has something on is answered.
    Quiet,
    Command,
    Menu,
    Button,
}

impl Way {
    /// The name it has in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Overheard => "overheard",
            Self::Quiet => "quiet",
            Self::Command => "command",
            Self::Menu => "menu",
            Self::Button => "button",
        }
    }
}

/// Who asks, where, and by what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) server: Option<GuildId>,
    pub(crate) way: Way,
    /// The id of the message or the interaction.
    pub(crate) event: NonZeroU64,
    /// Who will see the answer.
    pub(crate) visibility: Visibility,
}

impl Asker {
    fn id(self) -> NonZeroU64 {
        self.user.into()
    }

    /// The server as the store names it.
    pub(crate) fn server(self) -> Option<Snowflake> {
        self.server.map(Into::into)
    }
}

/// Whether to say why it is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Shown,
    Hidden,
}

/// A question in a member's words.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) words: &'a str,
    pub(crate) why: Why,
    /// Ids of the briefings that may answer; empty: those that the server answers from.
    pub(crate) briefings: Vec<String>,
    /// What was said before, where that is another's conversation, or an earlier state of the member's own.
    pub(crate) before: Option<Conversation>,
}

impl<'a> Question<'a> {
    /// A question without anything around it.
    pub(crate) fn new(words: &'a str) -> Self {
        Self {
            words,
            why: Why::Hidden,
            briefings: Vec::new(),
            before: None,
        }
    }
}

/// Answers a question.
pub(crate) fn ask(bot: &Bot, snapshot: &Snapshot, asker: Asker, question: Question<'_>) -> Body {
    if let Some(sentence) = browse::not_loaded(snapshot.base(), &bot.records.settings_of(asker.server())) {
        return sentence_to(asker, sentence);
    }
    if question.words.trim().is_empty() {
        return greet(bot, snapshot, asker);
    }
    let asked = answer(bot, snapshot, asker, question);
    if asked.answer.reason == Reason::Empty {
        return greet(bot, snapshot, asker);
    }
    asked.told(bot, snapshot, asker)
}

/// A sentence in place of an answer, which its asker can delete where all can read it.
pub(crate) fn sentence_to(asker: Asker, sentence: &str) -> Body {
    match asker.visibility {
        Visibility::Public => reply::public_sentence(sentence, asker.id()),
        Visibility::Private => reply::sentence(sentence),
    }
}

/// Answers where the answer is sure, and is let out once it is; `None` is silence, and leaves no trace. What members say
/// to each other is no conversation with the bot, so nothing was said before.
pub(crate) fn ask_if_sure(bot: &Bot, asker: Asker, words: &str, is_let_out: impl FnOnce() -> bool) -> Option<Body> {
    let mut question = Question::new(words);
    question.before = Some(Conversation::default());
    ask_if(bot, asker, question, &[Outcome::Answer], is_let_out)
}

/// The same, but for the conversation, where the words may be meant for the bot: of those with a question mark, which
/// talk about an answer seldom has, a "did you mean" is told as well.
pub(crate) fn ask_if_meant(
    bot: &Bot,
    asker: Asker,
    question: Question<'_>,
    is_let_out: impl FnOnce() -> bool,
) -> Option<Body> {
    let told: &[Outcome] = if has_question_mark(question.words) {
        &[Outcome::Answer, Outcome::Suggest]
    } else {
        &[Outcome::Answer]
    };
    ask_if(bot, asker, question, told, is_let_out)
}

/// Whether words have a question mark, which that of an address is not.
fn has_question_mark(words: &str) -> bool {
    let mut words = words.split_whitespace().filter(|word| !word.contains("://"));
    words.any(|word| word.contains(['?', '？', '؟']))
}

fn ask_if(
    bot: &Bot,
    asker: Asker,
    question: Question<'_>,
    told: &[Outcome],
    is_let_out: impl FnOnce() -> bool,
) -> Option<Body> {
    let snapshot = bot.snapshot();
    if browse::not_loaded(snapshot.base(), &bot.records.settings_of(asker.server())).is_some() {
        return None;
    }
    let asked = answer(bot, &snapshot, asker, question);
    let is_told = told.contains(&asked.answer.outcome);
    (is_told && is_let_out()).then(|| asked.told(bot, &snapshot, asker))
}

/// A question with its answer, before anybody is told.
struct Answered<'a> {
    words: &'a str,
    why: Why,
    read: Read,
    answer: Answer,
    before: Conversation,
    after: Conversation,
    took: Duration,
}

fn answer<'a>(bot: &Bot, snapshot: &Snapshot, asker: Asker, question: Question<'a>) -> Answered<'a> {
    let settings = bot.records.settings_of(asker.server());
    let briefings = if question.briefings.is_empty() {
        browse::chosen(snapshot.base(), &settings)
    } else {
        question.briefings
    };
    let before = question.before.unwrap_or_else(|| recall(bot, asker)).about(&briefings);
    let began = Instant::now();
    let read = snapshot.read(question.words, &before);
    let (answer, after) = snapshot.answer(&read, &before);
    Answered {
        words: question.words,
        why: question.why,
        read,
        answer,
        before,
        after,
        took: began.elapsed(),
    }
}

impl Answered<'_> {
    /// The body, with all that is to be remembered of it.
    fn told(self, bot: &Bot, snapshot: &Snapshot, asker: Asker) -> Body {
        note(bot, asker, &self.answer, self.took, self.words);
        let mut key = key(asker, self.words);
        let explain = || snapshot.explain_read(self.words, &self.read);
        let after = match self.why {
            Why::Hidden => None,
            Why::Shown => Some(reply::why(&explain())),
        };
        // Once memory has forgotten the words, nobody else knows them.
        let has_room = key.words.as_deref().is_some_and(QuestionKey::has_room_for);
        if asker.way == Way::Command && self.answer.outcome == Outcome::Answer && !has_room {
            key.glimpse = Glimpse::of(&explain());
        }
        let frame = Frame {
            base: snapshot.base(),
            asker: asker.id(),
            question: Some(key),
            related: snapshot.related(&self.answer),
            visibility: asker.visibility,
        };
        let answer = age::read_on(self.answer, snapshot.base(), today());
        let body = reply::answer(&answer, &frame, &Notes { before: None, after });
        keep(bot, asker, self.after.clone());
        let asked = Asked {
            key: (asker.channel, asker.user),
            words: self.words.to_owned(),
            before: self.before,
            after: self.after,
        };
        bot.questions.keep(asker.event, asked, Instant::now());
        body
    }
}

/// How buttons name the question: Discord still knows the words of a message, but not those of a command.
fn key(asker: Asker, words: &str) -> QuestionKey {
    QuestionKey {
        event: asker.event,
        words: (asker.way == Way::Command)
            .then(|| custom_id::plain_words(words))
            .flatten(),
        glimpse: None,
    }
}

/// A fact that was named, as it is told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) body: Body,
    /// The conversation as it stands after it.
    pub(crate) after: Conversation,
}

/// Answers with a fact that a button or a choice named; `stamp` is what the fact said when it was offered. `None` where
/// the fact is gone, or the server does not answer from its briefing any more: nothing is said in place of what is
/// there.
pub(crate) fn tell(
    bot: &Bot,
    snapshot: &Snapshot,
    asker: Asker,
    key: &FactKey,
    (stamp, why): (Option<Stamp>, Why),
) -> Option<Told> {
    let began = Instant::now();
    let (reference, fact) = key.find(snapshot.base())?;
    if !browse::is_chosen(&reference.briefing, &bot.records.settings_of(asker.server())) {
        return None;
    }
    let (answer, after) = snapshot.tell(&reference, &recall(bot, asker))?;
    note(bot, asker, &answer, began.elapsed(), "");
    keep(bot, asker, after.clone());
    let is_edited = stamp.is_some_and(|then| then != Stamp::of(fact));
    let notes = Notes {
        before: is_edited.then_some(wording::FACT_CHANGED),
        after: (why == Why::Shown).then(|| wording::WHY_CHOSEN.to_owned()),
    };
    let frame = Frame {
        base: snapshot.base(),
        asker: asker.id(),
        question: None,
        related: snapshot.related(&answer),
        visibility: asker.visibility,
    };
    let body = reply::answer(&age::read_on(answer, snapshot.base(), today()), &frame, &notes);
    Some(Told { body, after })
}

/// Holds the sentences of somebody's message against the briefing; none of them is a turn of a conversation.
pub(crate) fn check(bot: &Bot, asker: Asker, message: &Message) -> Body {
    let snapshot = bot.snapshot();
    let settings = bot.records.settings_of(asker.server());
    if let Some(sentence) = browse::not_loaded(snapshot.base(), &settings) {
        return reply::sentence(sentence);
    }
    let about = Conversation::default().about(&browse::chosen(snapshot.base(), &settings));
    let began = Instant::now();
    let words = message::all_words(message, bot.me, bot.own_roles.of(asker.server));
    let mut statements = snapshot.check(&words, &about);
    let took = began.elapsed();
    let (base, today) = (snapshot.base(), today());
    let of_each = took.div_f64(statements.checked.len().max(1) as f64);
    for statement in &mut statements.checked {
        count(bot, asker.way, statement.answer.outcome, of_each);
        statement.answer = age::read_on(statement.answer.clone(), base, today);
    }
    tracing::info!(
        way = ?asker.way,
        sentences = statements.checked.len(),
        elapsed_us = took.as_micros(),
        "checked a message"
    );
    reply::check(&statements, message.id.into(), base.revision)
}

/// Says why a fact was the answer to a question.
pub(crate) fn explain(snapshot: &Snapshot, asked: &Asked, fact: &FactKey) -> Body {
    let explanation = snapshot.explain(&asked.words, &asked.before);
    let is_same = explanation.answer.facts.first().is_some_and(|first| fact.names(first));
    reply::sentence(&if is_same {
        reply::why(&explanation)
    } else {
        asking_wording::WHY_CHANGED.to_owned()
    })
}

/// Says why a fact was the answer to a question whose words are gone, as far as its button tells; `None` where the facts
/// are others now.
pub(crate) fn explain_without_words(snapshot: &Snapshot, glimpse: &Glimpse, fact: &FactKey) -> Option<Body> {
    let base = snapshot.base();
    let (fact, _) = fact.find(base)?;
    let recalled = glimpse.recall(base, &fact)?;
    Some(reply::why_without_words(&recalled))
}

/// The record of a question whose asker wants the curators to know of it; `None` where it is answered by now.
pub(crate) fn kept(snapshot: &Snapshot, asked: &Asked, server: Option<Snowflake>) -> Option<KeptQuestion> {
    let (answer, _) = snapshot.ask(&asked.words, &asked.before);
    let outcome = match answer.outcome {
        Outcome::Answer => return None,
        Outcome::Suggest => Unanswered::Suggested,
        Outcome::None => Unanswered::Declined,
    };
    let nearest = answer.suggestions.first().map(|nearest| nearest.fact.clone());
    let at = Timestamp::now();
    Some(KeptQuestion::new(
        server,
        &asked.words,
        outcome,
        nearest,
        answer.confidence,
        at,
    ))
}

/// Today in UTC, for answers that say how old they are.
pub(super) fn today() -> PartialDate {
    Timestamp::now().day().date()
}

/// Facts to begin with where nothing was asked yet: the featured ones, then the most answered ones, then the others, of
/// the briefings that the server answers from.
pub(crate) fn first_facts(bot: &Bot, snapshot: &Snapshot, settings: &ServerSettings, limit: usize) -> Vec<Suggestion> {
    let base = snapshot.base();
    if browse::not_loaded(base, settings).is_some() {
        return Vec::new();
    }
    let chosen = browse::chosen(base, settings);
    let (featured, popular) = (snapshot.complete("", &chosen, limit), bot.popular.ranked());
    first_of(base, &chosen, featured, popular.iter(), limit)
}

/// The featured facts, which are of these briefings, then the most answered ones of them, or of all where none is
/// named, then the others in the order of the files; each once, and none that was corrected. Whoever types waits for it,
/// so it looks no further than it has to.
fn first_of<'a>(
    base: &FactBase,
    chosen: &[String],
    featured: Vec<Suggestion>,
    popular: impl Iterator<Item = &'a FactRef>,
    limit: usize,
) -> Vec<Suggestion> {
    let is_wanted = |briefing: &String| chosen.is_empty() || chosen.contains(briefing);
    let popular = popular.filter(|fact| is_wanted(&fact.briefing));
    let popular = popular.filter_map(|fact| base.briefing(&fact.briefing).zip(base.fact(fact)));
    let wanted = base.briefings.iter().filter(|briefing| is_wanted(&briefing.id));
    let others = wanted.flat_map(|briefing| briefing.facts.iter().map(move |fact| (briefing, fact)));
    let standing = popular.chain(others).filter(|(_, fact)| fact.correction.is_none());
    let mut seen = HashSet::new();
    let first = featured
        .into_iter()
        .chain(standing.map(|(briefing, fact)| compose::suggestion(briefing, fact, 0.0)))
        .filter(|offered| seen.insert(offered.fact.clone()));
    first.take(limit).collect()
}

fn greet(bot: &Bot, snapshot: &Snapshot, asker: Asker) -> Body {
    let settings = bot.records.settings_of(asker.server());
    let frame = Frame {
        base: snapshot.base(),
        asker: asker.id(),
        question: None,
        related: Vec::new(),
        visibility: asker.visibility,
    };
    reply::greeting(&first_facts(bot, snapshot, &settings, N_EXAMPLES), &frame)
}

fn recall(bot: &Bot, asker: Asker) -> Conversation {
    bot.memory.recall((asker.channel, asker.user), Instant::now())
}

fn keep(bot: &Bot, asker: Asker, conversation: Conversation) {
    bot.memory
        .keep((asker.channel, asker.user), conversation, Instant::now());
}

fn note(bot: &Bot, asker: Asker, answer: &Answer, took: Duration, question: &str) {
    let is_counted = bot.questions.count(asker.event);
    if is_counted {
        count(bot, asker.way, answer.outcome, took);
        if let Some(record) = record_of(answer, Timestamp::now()) {
            bot.records.record(record);
        }
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
        is_edit = !is_counted,
        "answered"
    );
}

/// Counts what was looked up. What is remembered of it is counted apart: a sentence that was checked is nobody's question.
fn count(bot: &Bot, way: Way, outcome: Outcome, took: Duration) {
    bot.counts.asked(outcome, took);
    bot.metrics.answered(outcome.name(), way.name(), took);
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_question_mark_of_an_address_asks_nothing() {
        for asks in ["quarry?", "is it https://e.example/a?b=c ?", "높아요？"] {
            assert!(has_question_mark(asks), "{asks}");
        }
        for talk in ["quarry", "see https://e.example/a?b=c", "<https://e.example/?q>"] {
            assert!(!has_question_mark(talk), "{talk}");
        }
    }

    #[test]
    fn what_is_offered_first_is_offered_once_and_looked_for_no_further_than_it_has_to() {
        let base = crate::fact::harbour::base().unwrap();
        let all = base.facts().filter(|(_, fact)| fact.correction.is_none());
        let all: Vec<Suggestion> = all
            .map(|(briefing, fact)| compose::suggestion(briefing, fact, 0.0))
            .collect();
        let references: Vec<FactRef> = all.iter().map(|offered| offered.fact.clone()).collect();
        let n_looked_at = Cell::new(0);
        let first = |chosen: &[String], limit| {
            n_looked_at.set(0);
            let popular = references.iter().cycle().take(1000);
            let popular = popular.inspect(|_| n_looked_at.set(n_looked_at.get() + 1));
            first_of(&base, chosen, vec![all[1].clone()], popular, limit)
        };
        assert_eq!(first(&[], 2), [all[1].clone(), all[0].clone()]);
        assert_eq!(n_looked_at.get(), 1);
        // Where nothing was answered yet.
        let fresh = first_of(&base, &[], Vec::new(), std::iter::empty(), 3);
        assert_eq!(fresh, all[..3]);
        assert_eq!(first(&[], 1000).len(), all.len());
        assert_eq!(first(&["harbour".to_owned()], 1000).len(), all.len());
        assert_eq!(first(&["elsewhere".to_owned()], 1000), [all[1].clone()]);
    }
}
