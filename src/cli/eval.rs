//! `eval`: scores labelled questions.

use std::path::Path;

use super::{EvalArguments, Outcome};

/// Runs the sub-command.
///
/// # Errors
/// If the fact base cannot be loaded, or the output cannot be written.
pub fn run(arguments: &EvalArguments, knowledge: &Path) -> Outcome {
    let _ = arguments;
    anyhow::bail!("`eval` is not built yet, so `{}` is not read", knowledge.display())
}
