//! An answer as a Discord message, within Discord's limits whatever the facts' length.
//!
//! One look for all, so it is made in one place: the claim as plain text, and what stands behind it (who says so, as
//! of when, where) as small print below. Text that is too long for a message's content goes into embeds; only what is
//! too long for those too is cut, and says so. Promise: every body fits, and no character of an answer is markup.
//! Deliberately absent: sentences (`answer::wording` has them all), and who sees the reply.

use std::num::NonZeroU64;

use super::custom_id::{CustomId, FactKey, Stamp};
use super::limits::{
    self, BUTTON_LABEL_CHARS, BUTTONS_PER_ROW, CONTENT_CHARS, EMBED_DESCRIPTION_CHARS, EMBEDS_CHARS, ROWS,
};
use super::markup;
use super::payload::{Body, Button, Embed, Row};
use crate::answer::wording::{self as core_wording, discord as wording};
use crate::answer::{Answer, Explanation, Suggestion};
use crate::fact::FactBase;

/// Where text must be cut anyway, a block smaller than this is not begun: so ten embeds always suffice.
const LEAST_BLOCK_CHARS: usize = 200;

/// An answer with the nearest facts to press.
pub(crate) fn answer(answer: &Answer, base: &FactBase, asker: NonZeroU64) -> Body {
    let mut body = fit(&shown(answer));
    body.components = offers(&answer.suggestions, base, asker);
    body
}

/// The message of an answer as Discord is sent it, for benchmarks.
///
/// # Errors
/// Never: a body is text and numbers.
pub fn rendered(answer: &Answer, base: &FactBase, asker: NonZeroU64) -> serde_json::Result<String> {
    serde_json::to_string(&self::answer(answer, base, asker))
}

/// An answer with why it is the answer.
pub(crate) fn explained(explanation: &Explanation, base: &FactBase, asker: NonZeroU64) -> Body {
    let text = format!("{}\n{}", shown(&explanation.answer), small_print(&why(explanation)));
    let mut body = fit(&text);
    body.components = offers(&explanation.answer.suggestions, base, asker);
    body
}

/// Sentences around an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Notes {
    /// Said before it.
    pub(crate) before: Option<&'static str>,
    /// Said after it, as small print.
    pub(crate) after: Option<&'static str>,
}

/// The answer that a button or a choice asked for.
pub(crate) fn told(answer: &Answer, base: &FactBase, asker: NonZeroU64, notes: Notes) -> Body {
    let before = notes.before.map(markup::plain);
    let after = notes.after.map(small_print);
    let parts = [before, Some(shown(answer)), after];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    let mut body = fit(&text.join("\n"));
    body.components = offers(&answer.suggestions, base, asker);
    body
}

/// A short welcome with examples to press.
pub(crate) fn greeting(examples: &[Suggestion], base: &FactBase, asker: NonZeroU64) -> Body {
    let mut text = markup::plain(wording::GREETING);
    for example in examples {
        text.push_str("\n- ");
        text.push_str(&markup::plain(&example.question));
    }
    let mut body = fit(&text);
    body.components = offers(examples, base, asker);
    body
}

/// A sentence of the bot's own.
pub(crate) fn sentence(text: &str) -> Body {
    fit(&markup::plain(text))
}

/// A sentence and a listing that keeps its columns, such as the problems of a fact base.
pub(crate) fn listing(sentence: &str, lines: &str) -> Body {
    let sentence = markup::plain(sentence);
    // A fence and its line breaks take 8 characters; the rest of the room is the listing's.
    let room = CONTENT_CHARS.saturating_sub(sentence.chars().count() + 9);
    let mut block = markup::code_block(lines);
    if block.chars().count() > room {
        let room = room.saturating_sub(wording::CUT_OFF.chars().count() + 1);
        let kept = whole_lines(lines, room);
        block = format!("{}\n{}", markup::code_block(&kept), markup::plain(wording::CUT_OFF));
    }
    Body::text(limits::cut(&format!("{sentence}\n{block}"), CONTENT_CHARS))
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
            None if line.starts_with(core_wording::SOURCE_START) => lines.push(small_print(line)),
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

fn why(explanation: &Explanation) -> String {
    let mut candidates = explanation.candidates.iter();
    let best = candidates.next();
    let runner_up = candidates.next();
    wording::why(
        best.map(|candidate| candidate.nearest_phrasing.as_str()),
        explanation.answer.confidence,
        runner_up.map(|candidate| (candidate.nearest_phrasing.as_str(), candidate.confidence)),
        &explanation.repairs,
    )
}

/// Facts to press, a row at most; each once.
fn offers(suggestions: &[Suggestion], base: &FactBase, asker: NonZeroU64) -> Vec<Row> {
    let mut offered = Vec::new();
    let mut buttons = Vec::new();
    for suggestion in suggestions {
        let Some(fact) = base.fact(&suggestion.fact) else {
            continue;
        };
        if offered.contains(&&suggestion.fact) {
            continue;
        }
        offered.push(&suggestion.fact);
        let id = CustomId::Tell {
            fact: FactKey::Named(suggestion.fact.clone()),
            stamp: Stamp::of(fact),
            asker,
        };
        buttons.push(Button::secondary(
            limits::cut(suggestion.question.trim(), BUTTON_LABEL_CHARS),
            id.encode(),
        ));
    }
    let rows: Vec<Row> = buttons
        .chunks(BUTTONS_PER_ROW)
        .take(ROWS)
        .map(|row| Row::new(row.to_vec()))
        .collect();
    rows
}

/// Puts text where it fits: into the content, or else into embeds.
fn fit(text: &str) -> Body {
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
