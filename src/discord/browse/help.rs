//! `/help`: how to ask, so that a new member learns it from here alone.

use super::Reader;
use crate::answer::wording::browsing as wording;
use crate::discord::asking;
use crate::discord::bot::Bot;
use crate::discord::markup;
use crate::discord::payload::{Body, Visibility};
use crate::discord::reply::{self, Frame};

/// Questions to press.
const N_EXAMPLES: usize = 3;

/// How to ask, with examples to press; and for who manages the server, what else there is.
pub(crate) fn help(bot: &Bot, reader: Reader, is_manager: bool) -> Body {
    let snapshot = bot.snapshot();
    let settings = bot.settings_of(reader.guild);
    let examples = asking::first_facts(bot, &snapshot, &settings, N_EXAMPLES);
    let questions: Vec<&str> = examples.iter().map(|example| example.question.as_str()).collect();
    let mut lines = wording::help(&questions);
    if is_manager {
        lines.push(wording::HELP_FOR_MANAGERS.to_owned());
    }
    let shown = |line: &String| match line.strip_prefix("- ") {
        Some(item) => format!("- {}", markup::plain(item)),
        None => markup::plain(line),
    };
    let text: Vec<String> = lines.iter().map(shown).collect();
    let mut body = reply::fit(&text.join("\n"));
    let frame = Frame {
        base: snapshot.base(),
        asker: reader.user.into(),
        question: None,
        related: Vec::new(),
        visibility: Visibility::Private,
    };
    body.components = reply::examples(&examples, &frame);
    body
}
