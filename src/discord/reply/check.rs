//! The sentences of a message, each with what the briefing says on it.
//!
//! Nothing is ruled on: a cited fact stands beside a sentence, and who reads it compares. Promise: a sentence is shown
//! shortened and with no markup alive; a public check has the very text of the private one that it was made from.

use std::num::NonZeroU64;

use serenity::model::channel::Message;

use super::{buttons, fit, sentence, shown};
use crate::answer::statements::{Statement, Statements};
use crate::answer::wording::asking as wording;
use crate::answer::{Outcome, Suggestion};
use crate::discord::limits;
use crate::discord::markup;
use crate::discord::payload::{Body, Embed};
use crate::fact::Revision;

/// Of a sentence so much is shown as tells it from the others.
const SENTENCE_CHARS: usize = 150;
/// Of what is near to a sentence so much is named.
const MAX_NEAR: usize = 2;

/// The private check of a message.
pub(crate) fn check(statements: &Statements, message: NonZeroU64, revision: Revision) -> Body {
    if statements.checked.is_empty() {
        return sentence(wording::CHECK_EMPTY);
    }
    let mut blocks = vec![markup::plain(wording::CHECK_HEADING)];
    blocks.extend(statements.checked.iter().map(block));
    if statements.has_more {
        blocks.push(format!("-# {}", markup::plain(wording::CHECK_MORE)));
    }
    let mut body = fit(&blocks.join("\n\n"));
    body.components = buttons::post(message, revision);
    body
}

/// A private check as all may read it, which whoever posts it can delete.
pub(crate) fn posted_check(check: &Message, poster: NonZeroU64) -> Body {
    let mut body = copy_of(check);
    body.components = buttons::below_posted(poster);
    body
}

/// The text of a message of the bot's own.
pub(super) fn copy_of(check: &Message) -> Body {
    let mut body = Body::text(check.content.clone());
    let descriptions = check.embeds.iter().filter_map(|embed| embed.description.clone());
    body.embeds = descriptions.map(|description| Embed { description }).collect();
    body
}

fn block(statement: &Statement) -> String {
    let quoted = wording::quoted(&limits::cut(&statement.sentence, SENTENCE_CHARS));
    let found = match statement.answer.outcome {
        Outcome::Answer => shown(&statement.answer),
        Outcome::Suggest => format!(
            "{} {}",
            wording::CHECK_UNSURE,
            markup::plain(&near(&statement.answer.suggestions))
        ),
        // A gap's sentence says more than that nothing is said.
        Outcome::None if statement.answer.gap.is_some() => shown(&statement.answer),
        Outcome::None => markup::plain(wording::CHECK_NOTHING),
    };
    format!("> {}\n{found}", markup::plain(&quoted))
}

fn near(suggestions: &[Suggestion]) -> String {
    let questions = suggestions.iter().take(MAX_NEAR);
    let questions: Vec<String> = questions.map(|near| wording::quoted(&near.question)).collect();
    questions.join(", ")
}
