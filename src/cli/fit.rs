//! `fit`: fits the weights that decide answers to labelled questions, and writes them to a file.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::{FitArguments, Outcome, eval, learn};
use crate::engine::Snapshot;
use crate::exit::{Exit, Failure};
use crate::fit::{Ablated, Fitted, Question, Shares, Use, ablations, bare, fit, questions};
use crate::matching::confidence::Weights;

/// Candidates depend on the reading of the question, and that on the weights, so the fit is done again with its own
/// outcome; after this many rounds nothing changes any more.
const N_ROUNDS: usize = 3;

/// Runs the sub-command.
///
/// # Errors
/// If a file cannot be read, the fact base cannot be loaded, the questions do not suffice for a fit, or the weights
/// cannot be written.
pub fn run(arguments: &FitArguments, knowledge: &Path) -> Outcome {
    let usual = eval::read_all(&arguments.files)?;
    let hard = if arguments.hard.is_empty() {
        Vec::new()
    } else {
        eval::read_all(&arguments.hard)?
    };
    let mut snapshot = learn(knowledge)?;
    let too_few = || Failure::not_held("the questions are too few, or all of one kind, to fit anything".to_owned());
    let bare = bare(snapshot.base()).ok_or_else(too_few)?;
    let mut outcome = None;
    for _ in 0..N_ROUNDS {
        let mut examples = questions(&snapshot, &usual, Use::All);
        examples.extend(questions(&snapshot, &hard, Use::WeightsOnly));
        let fitted = fit(&examples, bare).ok_or_else(too_few)?;
        snapshot.set_weights(fitted.weights.clone());
        outcome = Some((fitted, examples));
    }
    let Some((fitted, examples)) = outcome else {
        return Ok(Exit::Done);
    };
    if arguments.ablate {
        let table = ablation_table(&fitted, &ablations(&examples, bare))?;
        std::io::stdout().lock().write_all(table.as_bytes())?;
    }
    let text = file(&fitted, &examples, &snapshot)?;
    match &arguments.write {
        Some(path) => write(path, &text)?,
        None if arguments.ablate => {}
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text)
        .map_err(|error| Failure::not_held(format!("cannot write `{}`: {error}", path.display())).into())
}

fn file(fitted: &Fitted, examples: &[Question], snapshot: &Snapshot) -> anyhow::Result<String> {
    let n_questions = examples.len();
    let mut text = String::from(
        "# The weights that decide answers, and from which confidence what is done.\n# Written by `briefing-bot fit`; not to be edited by hand.\n",
    );
    writeln!(
        text,
        "# Fitted on {n_questions} labelled questions against revision {}.",
        snapshot.base().revision
    )?;
    for (name, shares) in [("questions", fitted.over_questions), ("facts", fitted.over_facts)] {
        writeln!(
            text,
            "# Cross-validated over {name}, the best fact alone: {:.1} % right, {:.1} % wrong.",
            100.0 * shares.right,
            100.0 * shares.wrong
        )?;
    }
    text.push('\n');
    let weights: &Weights = &fitted.weights;
    text.push_str(&weights.write()?);
    Ok(text)
}

/// A table for a page: what each kind of signal is worth.
fn ablation_table(fitted: &Fitted, ablated: &[Ablated]) -> anyhow::Result<String> {
    let mut table = String::from(
        "| without | right, over questions | wrong | right, over facts | wrong |\n| --- | --- | --- | --- | --- |\n",
    );
    let mut add = |name: &str, over_questions: Shares, over_facts: Shares| {
        writeln!(
            table,
            "| {name} | {:.1} % | {:.1} % | {:.1} % | {:.1} % |",
            100.0 * over_questions.right,
            100.0 * over_questions.wrong,
            100.0 * over_facts.right,
            100.0 * over_facts.wrong
        )
    };
    add("nothing", fitted.over_questions, fitted.over_facts)?;
    for ablated in ablated {
        add(ablated.group, ablated.over_questions, ablated.over_facts)?;
    }
    Ok(table)
}
