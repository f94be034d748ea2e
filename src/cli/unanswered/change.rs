//! A change to the fact base's files, shown with what it does before it is written.

use crate::cli::UnansweredArguments;
use crate::cli::eval::read_all;
use crate::cli::progress::Progress;
use crate::diff;
use crate::engine::Snapshot;
use crate::eval::compare::{Comparison, Earlier};
use crate::eval::{Run, Verdict};
use crate::exit::Failure;
use crate::knowledge_edit::plan::{Plan, PlanError};

/// Shows the change and what comes of it, and writes it where that was asked for.
pub(super) fn finish(
    arguments: &UnansweredArguments,
    old: &Snapshot,
    plan: Result<Plan, PlanError>,
) -> anyhow::Result<String> {
    let not_held = |error: PlanError| Failure::not_held(error.to_string());
    let plan = plan.map_err(not_held)?;
    let mut report = plan.shown() + "\n" + &effect(arguments, old, &plan.snapshot)?;
    if arguments.write {
        plan.carry_out().map_err(not_held)?;
        report.extend(["written: `", &plan.path.display().to_string(), "`\n"]);
    } else {
        report.push_str("nothing is written yet; add `--write` to do it\n");
    }
    Ok(report)
}

/// What the change does to labelled questions, or to the fact base's own where none are given.
fn effect(arguments: &UnansweredArguments, old: &Snapshot, new: &Snapshot) -> anyhow::Result<String> {
    if arguments.eval.is_empty() {
        let questions = diff::own_questions(old.base(), new.base());
        let mut progress = Progress::start("questions", Some(questions.len()));
        let n_asked = questions.len();
        let changed = diff::answers(old, new, questions.into_iter().inspect(|_| progress.step()));
        let mut lines: Vec<String> = changed.iter().take(10).map(ToString::to_string).collect();
        lines.push(format!(
            "{} of the {n_asked} example questions get another answer",
            changed.len()
        ));
        return Ok(lines.join("\n") + "\n");
    }
    let conversations = read_all(&arguments.eval)?;
    let before = Run::of(conversations.clone(), |question, conversation| {
        old.ask(question, conversation)
    });
    let after = Run::of(conversations, |question, conversation| new.ask(question, conversation));
    let earlier: Vec<Earlier> = before
        .judged
        .iter()
        .map(|judged| Earlier {
            id: judged.labelled.id.clone(),
            question: judged.labelled.question.clone(),
            verdict: judged.judgement.verdict,
        })
        .collect();
    let comparison = Comparison::of(&earlier, &after);
    let mut lines = Vec::new();
    for (title, changes) in [("worse", &comparison.worse), ("better", &comparison.better)] {
        for change in changes {
            let (was, is) = (change.before.name(), change.now.judgement.verdict.name());
            lines.push(format!("{title}: {was} → {is}: {}", change.now.labelled.question));
        }
    }
    let count = |run: &Run, verdict| run.total().count(verdict);
    lines.push(format!(
        "eval: right {} → {}, wrong {} → {}, of {}",
        count(&before, Verdict::Right),
        count(&after, Verdict::Right),
        count(&before, Verdict::Wrong),
        count(&after, Verdict::Wrong),
        after.judged.len()
    ));
    Ok(lines.join("\n") + "\n")
}
