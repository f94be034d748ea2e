//! `unanswered`: what members asked and did not get, grouped, and what to do about a group; counts and votes.
//!
//! Promise: nothing is written without `--write`; before that, what would be written and what it changes is shown.

mod change;
mod feedback;
mod list;

use std::io::Write;
use std::path::Path;

use super::progress::while_doing;
use super::{Outcome, UnansweredArguments, learn, questions, store};
use crate::curate::groups::{Group, Grouped, fingerprint, group};
use crate::exit::{Exit, Failure};
use crate::knowledge_edit::dismissed;
use crate::knowledge_edit::plan::{self, Plan, PlanError};

/// Lists the groups, or does something about one.
///
/// # Errors
/// If the questions or the fact base cannot be read, there is no such group or fact, what comes out is no valid fact
/// base, or a file cannot be written.
pub fn run(arguments: &UnansweredArguments, knowledge: &Path) -> Outcome {
    let mut asked = if arguments.files.is_empty() {
        store::kept_questions()?
    } else {
        Vec::new()
    };
    for file in &arguments.files {
        asked.extend(
            questions::read(file)?
                .into_iter()
                .map(|asked| (asked.question, asked.times)),
        );
    }
    let snapshot = learn(knowledge)?;
    let dismissed = dismissed::read(knowledge).map_err(|error| {
        Failure::not_held(format!(
            "cannot read `{}`: {error}",
            dismissed::path(knowledge).display()
        ))
    })?;
    let grouped = while_doing(&format!("asking {} questions", asked.len()), || {
        group(&asked, &snapshot, |fingerprint| dismissed.contains(fingerprint))
    });
    let report = if let Some([group, fact]) = arguments.accept.as_deref() {
        let group = find(&grouped, group)?;
        let phrasing = arguments.phrasing.as_deref().unwrap_or_else(|| group.leader());
        change::finish(
            arguments,
            &snapshot,
            planned(|| plan::accept(knowledge, phrasing, fact)),
        )?
    } else if let Some(group) = &arguments.gap {
        let group = find(&grouped, group)?;
        let phrasings: Vec<String> = match &arguments.phrasing {
            Some(phrasing) => vec![phrasing.clone()],
            None => group.questions.iter().map(|(question, _)| question.clone()).collect(),
        };
        change::finish(
            arguments,
            &snapshot,
            planned(|| plan::gap(knowledge, group, &phrasings)),
        )?
    } else if let Some(group) = &arguments.dismiss {
        dismiss(knowledge, find(&grouped, group)?, arguments.write)?
    } else {
        listed(arguments, &grouped)?
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(report.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// The groups, and beside them what the store knows without words, unless a file is asked instead of it.
fn listed(arguments: &UnansweredArguments, grouped: &Grouped) -> anyhow::Result<String> {
    let feedback = arguments.files.is_empty().then(store::feedback).transpose()?;
    if arguments.json {
        return Ok(list::json(grouped, feedback.as_ref())? + "\n");
    }
    Ok(list::text(grouped, feedback.as_ref()))
}

/// A plan learns the facts as they would be.
fn planned(plan: impl FnOnce() -> Result<Plan, PlanError>) -> Result<Plan, PlanError> {
    while_doing("learning the facts as they would be", plan)
}

fn find<'g>(grouped: &'g Grouped, id: &str) -> Result<&'g Group, Failure> {
    grouped.named(id).ok_or_else(|| {
        Failure::not_held(format!(
            "no group `{id}`\nhint: without `--accept`, `--gap` and `--dismiss` the groups are listed; a group's name stays as long as its first question does, and one that two groups have names neither"
        ))
    })
}

/// Puts a group's questions aside.
fn dismiss(knowledge: &Path, group: &Group, is_to_be_written: bool) -> Result<String, Failure> {
    let listed: String = group
        .questions
        .iter()
        .flat_map(|(question, _)| ["- ", question, "\n"])
        .collect();
    if !is_to_be_written {
        return Ok(format!(
            "{listed}would be dismissed; nothing else changes. Add `--write` to do it\n"
        ));
    }
    let path = dismissed::path(knowledge);
    dismissed::add(
        knowledge,
        group.questions.iter().map(|(question, _)| fingerprint(question)),
    )
    .map_err(|error| Failure::not_held(format!("cannot write `{}`: {error}", path.display())))?;
    Ok(format!("{listed}dismissed in `{}`\n", path.display()))
}
