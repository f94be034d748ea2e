//! `eval`: scores labelled questions and dialogues.

mod baseline;
mod json;
mod table;

use std::io::{Read, Write};
use std::path::Path;

use super::progress::Progress;
use super::terminal::Look;
use super::{EvalArguments, Outcome, learn};
use crate::engine::Snapshot;
use crate::eval::compare::Comparison;
use crate::eval::{LabelledConversation, Run, Tally, Verdict, parse};
use crate::exit::{Exit, Failure};
use crate::matching::confidence::Weights;
use crate::page;
use crate::page::evaluation::Report;

/// What the shares must be for the command to end well.
#[derive(Debug, Clone, Copy)]
struct Gate {
    min_right: Option<f64>,
    max_wrong: Option<f64>,
}

/// Runs the sub-command.
///
/// # Errors
/// If a file cannot be read or holds a line that is no labelled question, the fact base cannot be loaded, the shares
/// are not what was asked for, or the output cannot be written.
pub fn run(arguments: &EvalArguments, knowledge: &Path) -> Outcome {
    let conversations = read_all(&arguments.files)?;
    let earlier = arguments.compare.as_deref().map(baseline::read).transpose()?;
    let mut snapshot = learn(knowledge)?;
    if let Some(path) = &arguments.weights {
        snapshot.set_weights(read_weights(path)?);
    }
    let run = ask_all(conversations, &snapshot);
    let gate = Gate {
        min_right: arguments.min_right,
        max_wrong: arguments.max_wrong,
    };
    let shortfalls = gate.shortfalls(run.total());
    let comparison = earlier.as_ref().map(|earlier| Comparison::of(earlier, &run));
    let scored = Report::of(&run, &snapshot, comparison);
    if let Some(path) = &arguments.html {
        write_page(&scored, path)?;
    }
    let report = if arguments.json {
        let json = json::EvalJson::new(&scored, gate, shortfalls.is_empty());
        serde_json::to_string(&json)? + "\n"
    } else {
        table::report(&scored, Look::of_stdout())
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(report.as_bytes())?;
    stdout.flush()?;
    if shortfalls.is_empty() {
        Ok(Exit::Done)
    } else {
        Err(Failure::not_held(shortfalls.join("\n")).into())
    }
}

fn write_page(report: &Report<'_>, path: &Path) -> Result<(), Failure> {
    let page = page::frame("Evaluation", &maud::html! {}, &page::evaluation::body(report));
    std::fs::write(path, page.into_string())
        .map_err(|error| Failure::not_held(format!("cannot write `{}`: {error}", path.display())))
}

fn read_weights(path: &Path) -> anyhow::Result<Weights> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::not_held(format!("cannot read `{}`: {error}", path.display())))?;
    let weights = Weights::parse(&text);
    Ok(weights.map_err(|error| {
        Failure::not_held(format!(
            "`{}` is no weights file: {error}; `fit --write` makes one",
            path.display()
        ))
    })?)
}

fn ask_all(conversations: Vec<LabelledConversation>, snapshot: &Snapshot) -> Run {
    let n_questions = conversations.iter().map(|conversation| conversation.turns.len()).sum();
    let mut progress = Progress::start("questions", Some(n_questions));
    Run::of(conversations, |question, conversation| {
        let reply = snapshot.ask(question, conversation);
        progress.step();
        reply
    })
}

/// Reads all files, and reports what is wrong with all of them.
pub(super) fn read_all(files: &[impl AsRef<Path>]) -> anyhow::Result<Vec<LabelledConversation>> {
    let mut conversations = Vec::new();
    let mut problems: Vec<String> = Vec::new();
    for file in files {
        match read(file.as_ref()) {
            Ok(read) => conversations.extend(read),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() && conversations.is_empty() {
        problems.push("there are no questions to score".to_owned());
    }
    if problems.is_empty() {
        Ok(conversations)
    } else {
        Err(Failure::not_held(problems.join("\n")).into())
    }
}

fn read(file: &Path) -> Result<Vec<LabelledConversation>, Vec<String>> {
    let (name, bytes) = if file == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (file.display().to_string(), std::fs::read(file))
    };
    let bytes = bytes.map_err(|error| vec![format!("cannot read `{name}`: {error}")])?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(valid).matches('\n').count() + 1;
        vec![format!("{name}:{line}: not valid UTF-8")]
    })?;
    parse::parse(&text).map_err(|errors| {
        let shown = errors
            .iter()
            .map(|error| format!("{name}:{}: {}", error.line, error.message));
        shown.collect()
    })
}

impl Gate {
    /// What is not as it was asked for, a line each.
    fn shortfalls(self, total: Tally) -> Vec<String> {
        let n_questions = total.n_questions();
        let share = |verdict| total.share(verdict).unwrap_or_default();
        let found = |verdict| {
            let (share, count) = (table::percent(share(verdict)), total.count(verdict));
            format!("{share} {} ({count} of {n_questions})", verdict.name())
        };
        let too_few = self
            .min_right
            .filter(|min_right| share(Verdict::Right) < *min_right)
            .map(|min_right| {
                format!(
                    "expected at least {} right, found {}",
                    table::percent(min_right),
                    found(Verdict::Right)
                )
            });
        let too_many = self
            .max_wrong
            .filter(|max_wrong| share(Verdict::Wrong) > *max_wrong)
            .map(|max_wrong| {
                format!(
                    "expected at most {} wrong, found {}",
                    table::percent(max_wrong),
                    found(Verdict::Wrong)
                )
            });
        too_few.into_iter().chain(too_many).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(right: usize, wrong: usize, silent: usize) -> Tally {
        let mut tally = Tally::default();
        for (verdict, count) in [
            (Verdict::Right, right),
            (Verdict::Wrong, wrong),
            (Verdict::Silent, silent),
        ] {
            for _ in 0..count {
                tally.add(verdict);
            }
        }
        tally
    }

    #[track_caller]
    fn check(min_right: Option<f64>, max_wrong: Option<f64>, total: Tally, expected: &[&str]) {
        assert_eq!(Gate { min_right, max_wrong }.shortfalls(total), expected);
    }

    #[test]
    fn a_gate_is_met_by_exactly_the_share_it_names() {
        check(Some(0.9), Some(0.03), tally(180, 6, 14), &[]);
        check(Some(1.0), Some(0.0), tally(7, 0, 0), &[]);
        check(None, None, tally(0, 7, 0), &[]);
    }

    #[test]
    fn a_gate_that_is_not_met_says_by_how_much() {
        let too_few = "expected at least 90.0 % right, found 89.5 % right (179 of 200)";
        let too_many = "expected at most 3.0 % wrong, found 3.5 % wrong (7 of 200)";
        check(Some(0.9), Some(0.03), tally(179, 7, 14), &[too_few, too_many]);
        check(None, Some(0.03), tally(179, 7, 14), &[too_many]);
    }
}
