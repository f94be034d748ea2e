//! `chat`: the bot in the terminal, the way to try it.
//!
//! On a terminal, lines can be edited and come back with the arrow keys; through a pipe, lines are read and answered
//! plainly. What is said is the same: `session` answers, and this only carries lines to it.

mod editor;
mod session;

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use rustyline::error::ReadlineError;
use session::{Reply, Session};

use super::lines::{Line, next_line};
use super::terminal::{Colour, Look};
use super::{Outcome, learn};
use crate::answer::wording;
use crate::engine::Snapshot;
use crate::exit::Exit;

/// The longest line that is read from a pipe; far above any question.
const MAX_LINE_BYTES: usize = 1 << 20;
/// What stands before the cursor.
const PROMPT: &str = "> ";

/// Runs the sub-command.
///
/// # Errors
/// If the fact base cannot be loaded, the input cannot be read, or the output cannot be written.
pub fn run(knowledge: &Path) -> Outcome {
    let snapshot = learn(knowledge)?;
    let look = Look::of_stdout();
    let session = Session::new(&snapshot, look);
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        edited(session, &snapshot, look)
    } else {
        piped(session, std::io::stdin().lock(), std::io::stdout().lock())
    }
}

fn edited(mut session: Session<'_>, snapshot: &Snapshot, look: Look) -> Outcome {
    let mut editor = editor::editor(snapshot, look.colour == Colour::On)?;
    say(&mut std::io::stdout(), &session.greeting())?;
    let mut was_interrupted = false;
    loop {
        let line = match editor.readline(PROMPT) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) if !was_interrupted => {
                was_interrupted = true;
                say(&mut std::io::stdout(), &format!("{}\n", wording::terminal::INTERRUPTED))?;
                continue;
            }
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(Exit::Done),
            Err(error) => return Err(error.into()),
        };
        was_interrupted = false;
        match session.reply(&line) {
            Reply::Said(text) => say(&mut std::io::stdout(), &text)?,
            Reply::Nothing => {}
            Reply::End => return Ok(Exit::Done),
        }
    }
}

fn piped(mut session: Session<'_>, mut input: impl BufRead, mut output: impl Write) -> Outcome {
    while let Some(line) = next_line(&mut input, MAX_LINE_BYTES)? {
        let reply = match line {
            Line::Whole(bytes) => session.reply(&String::from_utf8_lossy(&bytes)),
            Line::TooLong => Reply::Said(format!("{}\n", wording::terminal::LINE_TOO_LONG)),
        };
        match reply {
            Reply::Said(text) => say(&mut output, &text)?,
            Reply::Nothing => {}
            Reply::End => break,
        }
    }
    Ok(Exit::Done)
}

/// A reply, with an empty line between it and the next.
fn say(output: &mut impl Write, text: &str) -> std::io::Result<()> {
    output.write_all(format!("{text}\n").as_bytes())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::test_values;

    #[test]
    fn a_pipe_gets_each_reply_and_the_end_is_no_error() {
        let snapshot = Snapshot::new(test_values::base());
        let mut output = Vec::new();
        let session = Session::new(&snapshot, Look::PLAIN);
        let exit = piped(session, &b"/why\r\n\n/quit\n/help\n"[..], &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(
            (exit, output),
            (Exit::Done, format!("{}\n\n", wording::terminal::NOTHING_ASKED))
        );
    }
}
