//! An answer as a Discord message, within Discord's limits whatever the facts' length.
//!
//! One look for all, so it is made in one place: the claim as plain text, and what stands behind it (who says so, as
//! of when, where) as small print below. Text that is too long for a message's content goes into embeds; only what is
//! too long for those too is cut, and says so. Promise: every body fits, and no character of an answer is markup.
//! Deliberately absent: sentences (`answer::wording` has them all), and who sees the reply.

mod buttons;
mod check;

use std::num::NonZeroU64;

use check::copy_of;
pub(crate) use check::{check, posted_check};
use serenity::model::channel::Message;

use super::custom_id::{Place, QuestionKey};
use super::glimpse::Recalled;
use super::limits::{self, BUTTON_LABEL_CHARS, CONTENT_CHARS, EMBED_DESCRIPTION_CHARS, EMBEDS_CHARS};
use super::markup;
use super::payload::{Body, Embed, File, Row, Visibility};
use crate::answer::explanation::Candidate;
use crate::answer::wording::{self as core_wording, asking as asking_wording, discord as wording};
use crate::answer::{Answer, Explanation, Suggestion};
use crate::fact::FactBase;

/// Where text must be cut anyway, a block smaller than this is not begun: so ten embeds always suffice.
const LEAST_BLOCK_CHARS: usize = 200;
/// How the lines begin that are small print where nothing is claimed too, as below a gap.
const SMALL_STARTS: [&str; 2] = [core_wording::SOURCE_START, core_wording::AGE_START];

/// What the look of a reply depends on beside the answer.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// The facts that answered.
    pub(crate) base: &'a FactBase,
    /// Who had asked.
    pub(crate) asker: NonZeroU64,
    /// What; `None` where a button or a choice named the fact.
    pub(crate) question: Option<QuestionKey>,
    /// What may be read next, below an answer.
    pub(crate) related: Vec<Suggestion>,
    /// Who sees it.
    pub(crate) visibility: Visibility,
}

/// Sentences around an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    /// Said before it.
    pub(crate) before: Option<&'static str>,
    /// Said after it, as small print.
    pub(crate) after: Option<String>,
}

/// An answer of any outcome, with what can be done next.
pub(crate) fn answer(answer: &Answer, frame: &Frame<'_>, notes: &Notes) -> Body {
    let may_be_kept = frame.question.is_some() && buttons::may_be_kept(answer);
    let parts = [
        notes.before.map(markup::plain),
        Some(shown(answer)),
        may_be_kept.then(|| small_print(asking_wording::TELL_HINT)),
        notes.after.as_deref().map(small_print),
    ];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    let mut body = fit(&text.join("\n"));
    body.components = buttons::below(answer, frame);
    body
}

/// The message of an answer to a member who chose a fact, as Discord is sent it, for benchmarks.
///
/// # Errors
/// Never: a body is text and numbers.
pub fn rendered(answer: &Answer, base: &FactBase, asker: NonZeroU64) -> serde_json::Result<String> {
    let frame = Frame {
        base,
        asker,
        question: None,
        related: Vec::new(),
        visibility: Visibility::Public,
    };
    serde_json::to_string(&self::answer(answer, &frame, &Notes::default()))
}

/// A short welcome with examples to press.
pub(crate) fn greeting(examples: &[Suggestion], frame: &Frame<'_>) -> Body {
    let mut text = markup::plain(wording::GREETING);
    for example in examples {
        text.push_str("\n- ");
        text.push_str(&markup::plain(&example.question));
    }
    let mut body = fit(&text);
    body.components = buttons::examples(examples, frame, Place::Here);
    body
}

/// Facts to press, below a text that is no answer, and is read on.
pub(crate) fn examples(examples: &[Suggestion], frame: &Frame<'_>) -> Vec<Row> {
    buttons::examples(examples, frame, Place::Below)
}

/// What is said once every fact of a "did you mean" was turned down.
pub(crate) fn none_was_meant(question: &QuestionKey, asker: NonZeroU64, visibility: Visibility) -> Body {
    let text = markup::plain(asking_wording::NONE_WAS_MEANT);
    let mut body = fit(&format!("{text}\n{}", small_print(asking_wording::TELL_HINT)));
    body.components = buttons::after_none(question, asker, visibility);
    body
}

/// A message of the bot's own once its question was passed on: as it was, but for the button that did it.
pub(crate) fn passed_on(message: &Message) -> Body {
    let mut body = copy_of(message);
    let told = body.content.replace(
        &small_print(asking_wording::TELL_HINT),
        &small_print(asking_wording::TOLD_CURATORS),
    );
    if told.chars().count() <= CONTENT_CHARS {
        body.content = told;
    }
    body.components = buttons::passed_on(&message.components);
    body
}

/// Why this is the answer, in plain language: the question that was matched, how surely, what came next, and which
/// words were taken for misspelt.
pub(crate) fn why(explanation: &Explanation) -> String {
    let given = explanation.answer.facts.first();
    let is_given = |candidate: &&Candidate| {
        given.is_none_or(|fact| candidate.briefing == fact.briefing && candidate.id == fact.fact)
    };
    let best = explanation.candidates.iter().find(is_given);
    let is_other = |candidate: &&Candidate| best.is_none_or(|best| !std::ptr::eq(best, *candidate));
    let runner_up = explanation.candidates.iter().find(is_other);
    wording::why(
        best.map(|candidate| candidate.nearest_phrasing.as_str()),
        explanation.answer.confidence,
        runner_up.map(|candidate| (candidate.nearest_phrasing.as_str(), candidate.confidence)),
        &explanation.repairs,
    )
}

/// The same, once the words of the question are gone.
pub(crate) fn why_without_words(recalled: &Recalled<'_>) -> Body {
    let (question, confidence) = recalled.best;
    let why = wording::why(Some(question), confidence, recalled.runner_up, &[]);
    sentence(&format!("{}\n{why}", asking_wording::WHY_WITHOUT_WORDS))
}

/// A sentence of the bot's own.
pub(crate) fn sentence(text: &str) -> Body {
    fit(&markup::plain(text))
}

/// The same for all to read, below the words of somebody who can delete it.
pub(crate) fn public_sentence(text: &str, asker: NonZeroU64) -> Body {
    let mut body = sentence(text);
    body.components = buttons::only_delete(asker);
    body
}

/// A sentence and a text that keeps its columns, such as the problems of a fact base; what is too long for a message is
/// beside it as a file, whole.
pub(crate) fn document(sentence: &str, text: &str, filename: &'static str) -> Body {
    let sentence = markup::plain(sentence);
    // The line break between the two.
    let room = CONTENT_CHARS.saturating_sub(sentence.chars().count() + 1);
    let block = markup::code_block(text);
    if block.chars().count() <= room {
        return Body::text(format!("{sentence}\n{block}"));
    }
    let more = markup::plain(wording::IN_FILE);
    // A fence and its line breaks take 8 characters, and what is broken in the text for safety some more.
    let room = room.saturating_sub(more.chars().count() + 1);
    let mut kept = whole_lines(text, room.saturating_sub(8));
    while !kept.is_empty() && markup::code_block(&kept).chars().count() > room {
        kept = whole_lines(&kept, kept.chars().count() * 3 / 4);
    }
    let block = markup::code_block(&kept);
    let mut body = Body::text(limits::cut(&format!("{sentence}\n{block}\n{more}"), CONTENT_CHARS));
    body.file = Some(File::new(filename, "", text.as_bytes().to_vec()));
    body
}

/// The body with its content where it fits.
pub(crate) fn fitted(mut body: Body) -> Body {
    let text = fit(&body.content);
    (body.content, body.embeds) = (text.content, text.embeds);
    body
}

/// The claim and what else answers the question in plain text, what stands behind it as small print. A question that
/// a button carries in full is left out of the list above the buttons.
fn shown(answer: &Answer) -> String {
    let claim = answer.text.as_deref().filter(|text| answer.message.starts_with(*text));
    let rest = claim.map_or(answer.message.as_str(), |claim| &answer.message[claim.len()..]);
    let mut lines: Vec<String> = claim.map(markup::plain).into_iter().collect();
    for line in rest.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let offered = line
            .strip_prefix("- ")
            .filter(|line| answer.suggestions.iter().any(|offer| offer.question == *line));
        match offered {
            Some(question) if question.chars().count() <= BUTTON_LABEL_CHARS => {}
            Some(question) => lines.push(format!("- {}", markup::plain(question))),
            None if SMALL_STARTS.iter().any(|start| line.starts_with(start)) => lines.push(small_print(line)),
            None if claim.is_some() && !line.starts_with(core_wording::OPEN_PART_START) => {
                lines.push(small_print(line));
            }
            None => lines.push(markup::plain(line)),
        }
    }
    lines.join("\n")
}

fn small_print(lines: &str) -> String {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let small: Vec<String> = lines.map(|line| format!("-# {}", markup::plain(line))).collect();
    small.join("\n")
}

/// Puts text where it fits: into the content, or else into embeds.
pub(crate) fn fit(text: &str) -> Body {
    let text = text.trim();
    if text.chars().count() <= CONTENT_CHARS {
        return Body::text(text.to_owned());
    }
    let mut room = EMBEDS_CHARS;
    let mut rest = text;
    let mut blocks: Vec<String> = Vec::new();
    let cut_off = markup::plain(wording::CUT_OFF);
    if text.chars().count() > EMBEDS_CHARS {
        room -= cut_off.chars().count();
    }
    while !rest.is_empty() {
        let is_last = rest.chars().count() > room && room < LEAST_BLOCK_CHARS;
        let (block, after) = split(rest, room.min(EMBED_DESCRIPTION_CHARS));
        if is_last || block.is_empty() {
            blocks.push(cut_off);
            break;
        }
        room -= block.chars().count();
        blocks.push(block.to_owned());
        rest = after;
    }
    let mut body = Body::default();
    body.embeds = blocks.into_iter().map(|description| Embed { description }).collect();
    body
}

/// Splits off at most so many characters: at a line break, else at a space, else in the middle of a word, but never
/// between a backslash and what it escapes.
fn split(text: &str, most: usize) -> (&str, &str) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return (text, "");
    };
    let head = &text[..end];
    let half = end / 2;
    let at = ['\n', ' ']
        .iter()
        .find_map(|space| head.rfind(*space).filter(|at| *at > half))
        .unwrap_or_else(|| {
            let n_backslashes = head.len() - head.trim_end_matches('\\').len();
            end - n_backslashes % 2
        });
    (text[..at].trim_end(), text[at..].trim_start())
}

/// As many whole lines as fit in so many characters; part of the first where not even that fits.
fn whole_lines(text: &str, most: usize) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        if kept.chars().count() + line.chars().count() + 1 > most {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    if kept.is_empty() {
        return limits::cut(text, most);
    }
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests;
