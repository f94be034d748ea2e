//! `ask`: one answer, or a batch of them.

use std::path::Path;

use super::{AskArguments, Outcome};

/// Runs the sub-command.
///
/// # Errors
/// If the fact base cannot be loaded, or the output cannot be written.
pub fn run(arguments: &AskArguments, knowledge: &Path) -> Outcome {
    let _ = arguments;
    anyhow::bail!("`ask` is not built yet, so `{}` is not read", knowledge.display())
}
