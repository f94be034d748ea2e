//! The line editor: history for the session, and completion of commands and of the facts' questions.
//!
//! Deliberately absent: a history file. What was asked is nobody's business once the chat is over.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};

use super::session::COMMANDS;
use crate::engine::Snapshot;

/// Questions that Tab goes through.
const MAX_COMPLETIONS: usize = 8;

/// Completes what is typed.
pub(super) struct Completions<'a> {
    snapshot: &'a Snapshot,
}

/// An editor for one session.
///
/// # Errors
/// If the terminal refuses.
pub(super) fn editor(
    snapshot: &Snapshot,
    is_coloured: bool,
) -> rustyline::Result<Editor<Completions<'_>, DefaultHistory>> {
    let config = Config::builder()
        .auto_add_history(true)
        .history_ignore_dups(true)?
        // Completions are whole questions: going through them is easier than typing on towards the one that is meant.
        .completion_type(CompletionType::Circular)
        .color_mode(if is_coloured {
            ColorMode::Enabled
        } else {
            ColorMode::Disabled
        })
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Completions { snapshot }));
    Ok(editor)
}

impl Completions<'_> {
    fn of(&self, typed: &str) -> Vec<String> {
        if typed.starts_with('/') {
            let commands = COMMANDS.iter().filter(|command| command.starts_with(typed));
            return commands.map(ToString::to_string).collect();
        }
        let suggestions = self.snapshot.complete(typed, &[], MAX_COMPLETIONS);
        suggestions.into_iter().map(|suggestion| suggestion.question).collect()
    }
}

impl Completer for Completions<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok((0, self.of(line.get(..pos).unwrap_or(line))))
    }
}

impl Helper for Completions<'_> {}
impl Highlighter for Completions<'_> {}
impl Validator for Completions<'_> {}
impl Hinter for Completions<'_> {
    type Hint = String;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::test_values;

    #[test]
    fn a_slash_completes_commands() {
        let snapshot = Snapshot::new(test_values::base());
        let completions = Completions { snapshot: &snapshot };
        assert_eq!(completions.of("/f"), ["/facts"]);
        assert_eq!(completions.of("/").len(), COMMANDS.len());
        assert!(completions.of("/nothing").is_empty());
    }
}
