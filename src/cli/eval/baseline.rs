//! An earlier run, as `eval --json` printed it.

use std::path::Path;

use serde::Deserialize;

use crate::eval::Verdict;
use crate::eval::compare::Earlier;
use crate::exit::Failure;

/// Other keys are of no concern here.
#[derive(Deserialize)]
struct Baseline {
    questions: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    question: String,
    verdict: String,
}

/// Reads an earlier run.
pub(super) fn read(path: &Path) -> Result<Vec<Earlier>, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::not_held(format!("cannot read `{shown}`: {error}")))?;
    let no_run = |what: &str| {
        Failure::not_held(format!(
            "`{shown}` is no earlier run: {what}\nhint: `eval --json … > {shown}` makes one"
        ))
    };
    let baseline: Baseline = serde_json::from_slice(&bytes).map_err(|error| no_run(&error.to_string()))?;
    baseline
        .questions
        .into_iter()
        .map(|line| {
            let verdict = Verdict::BY_URGENCY
                .into_iter()
                .find(|verdict| verdict.name() == line.verdict)
                .ok_or_else(|| no_run(&format!("not a verdict: `{}`", line.verdict)))?;
            Ok(Earlier {
                id: line.id,
                question: line.question,
                verdict,
            })
        })
        .collect()
}
