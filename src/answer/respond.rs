//! The one way through: question → normalise → match → decide → compose.
//!
//! Every door (mention, command, menu, terminal, batch) calls this, so the same words get the same fact everywhere.

use super::conversation::{Conversation, Turn};
use super::decide::{Decision, decide};
use super::small_talk::{SmallTalk, small_talk};
use super::{Answer, Reason, Suggestion, compose, wording};
use crate::fact::{Briefing, FactBase, FactRef};
use crate::matching::analysis::Analysis;
use crate::matching::class::Origin;
use crate::matching::{Context, Match, Matcher};
use crate::text::languages::is_other_language;
use crate::text::normalise::{foreign_script_share, normalise};

/// Questions shown as examples in a greeting.
const N_EXAMPLES: usize = 3;
/// Above this share of letters of other scripts a question is taken for one in another language. Set by hand: a
/// name or two of another script is no other language.
const MAX_FOREIGN_SHARE: f32 = 0.5;

/// Answers a question, and gives the conversation as it stands after it.
#[must_use]
pub fn respond(
    base: &FactBase,
    matcher: &Matcher,
    question: &str,
    conversation: &Conversation,
) -> (Answer, Conversation) {
    let read = read(base, matcher, question, conversation);
    answer(base, matcher, &read, conversation)
}

/// Answers what was read, and gives the conversation as it stands after it.
#[must_use]
pub fn answer(base: &FactBase, matcher: &Matcher, read: &Read, conversation: &Conversation) -> (Answer, Conversation) {
    match read {
        Read::Plain(answer) => (answer.clone(), conversation.clone()),
        Read::Question(decision) => {
            let (answer, turn): (Answer, Turn) = compose::compose(base, matcher, decision);
            (answer, conversation.clone().with(turn))
        }
    }
}

/// What a message was read as.
#[derive(Debug)]
pub enum Read {
    /// Something that no fact is looked up for.
    Plain(Answer),
    /// A question.
    Question(Box<Decision>),
}

/// Reads a message and decides, without composing.
#[must_use]
pub fn read(base: &FactBase, matcher: &Matcher, question: &str, conversation: &Conversation) -> Read {
    let normalised = normalise(question);
    if foreign_script_share(question) > MAX_FOREIGN_SHARE || is_other_language(&normalised) {
        return Read::Plain(compose::plain(base, Reason::OtherLanguage, wording::other_language()));
    }
    let message: Analysis = matcher.analyse(&normalised);
    if message.terms.is_empty() {
        return Read::Plain(compose::plain(base, Reason::Empty, wording::empty()));
    }
    if let Some(kind) = small_talk(&message) {
        let reason = if kind == SmallTalk::Order {
            Reason::Order
        } else {
            Reason::SmallTalk
        };
        let text = wording::small_talk(kind, &examples(base, conversation));
        return Read::Plain(compose::plain(base, reason, text));
    }
    let context = context(base, matcher, conversation);
    Read::Question(Box::new(decide(matcher, message, conversation, &context)))
}

/// The first phrasings of featured facts of what the conversation is about.
fn examples<'a>(base: &'a FactBase, conversation: &Conversation) -> Vec<&'a str> {
    let about = conversation.briefings();
    let featured = base.facts().filter(|(briefing, fact)| {
        fact.featured && fact.correction.is_none() && (about.is_empty() || about.contains(&briefing.id))
    });
    featured
        .filter_map(|(_, fact)| fact.phrasings.first())
        .take(N_EXAMPLES)
        .collect()
}

/// What the last turn was about. Facts that a reload removed are forgotten, and those of briefings that may not answer.
fn context(base: &FactBase, matcher: &Matcher, conversation: &Conversation) -> Context {
    let mut context = Context {
        briefings: places(base, conversation.briefings()),
        ..Context::default()
    };
    let Some(turn) = conversation.latest_first().next() else {
        return context;
    };
    for reference in &turn.facts {
        let Some((briefing, fact)) = base.place_of(reference) else {
            continue;
        };
        if context
            .briefings
            .as_ref()
            .is_some_and(|places| !places.contains(&briefing))
        {
            continue;
        }
        if let Some(number) = matcher.class_of(Origin::Fact(briefing, fact)) {
            context.classes.push(number);
            context.is_said = turn.is_said;
            context.topics.push(matcher.class(number).topic);
        }
    }
    context
}

/// The places of the briefings with these ids, but for those that a reload removed; `None` for no ids.
fn places(base: &FactBase, ids: &[String]) -> Option<Vec<usize>> {
    let place = |id: &String| base.briefings.iter().position(|briefing| briefing.id == *id);
    (!ids.is_empty()).then(|| ids.iter().filter_map(place).collect())
}

/// Answers with exactly this fact; `None` where it is not there any more.
#[must_use]
pub fn tell(base: &FactBase, reference: &FactRef, conversation: &Conversation) -> Option<(Answer, Conversation)> {
    let briefing = base.briefing(&reference.briefing)?;
    let fact = base.fact(reference)?;
    let answer = compose::told(base, briefing, fact);
    let question = fact.phrasings.first().map(normalise).unwrap_or_default();
    let turn = Turn {
        question,
        facts: vec![reference.clone()],
        is_said: true,
        gap: None,
    };
    Some((answer, conversation.clone().with(turn)))
}

/// The facts that a question is most likely about, best first, whatever their confidence.
#[must_use]
pub fn nearest(
    base: &FactBase,
    matcher: &Matcher,
    question: &str,
    conversation: &Conversation,
    limit: usize,
) -> Vec<Suggestion> {
    let message = matcher.analyse(&normalise(question));
    let mut facts = compose::nearest_facts(
        base,
        matcher,
        &matcher.find(&message, &context(base, matcher, conversation)),
    );
    facts.truncate(limit);
    facts
}

/// Everything that a question may be about, in the ranker's order, facts and gaps.
#[must_use]
pub fn candidates(base: &FactBase, matcher: &Matcher, question: &str, conversation: &Conversation) -> Vec<Match> {
    let message = matcher.analyse(&normalise(question));
    let mut matches = matcher.find(&message, &context(base, matcher, conversation));
    matches.sort_by(|a, b| b.ranked.score.total_cmp(&a.ranked.score).then(a.class.cmp(&b.class)));
    matches
}

/// The facts nearest to words still being typed; featured facts, in the order of the files, where there are none. Of the
/// briefings with these ids, or of all where there are none.
#[must_use]
pub fn complete(
    base: &FactBase,
    matcher: &Matcher,
    typed: &str,
    briefings: &[String],
    limit: usize,
) -> Vec<Suggestion> {
    let message = matcher.analyse(&normalise(typed));
    if message.terms.is_empty() {
        let is_wanted = |briefing: &Briefing| briefings.is_empty() || briefings.contains(&briefing.id);
        let featured = base
            .facts()
            .filter(|(briefing, fact)| fact.featured && fact.correction.is_none() && is_wanted(briefing));
        return featured
            .take(limit)
            .map(|(briefing, fact)| compose::suggestion(briefing, fact, 0.0))
            .collect();
    }
    let near = matcher.find_unfinished(&message, places(base, briefings), limit);
    let mut suggestions = compose::nearest_facts(base, matcher, &near);
    suggestions.truncate(limit);
    suggestions
}
