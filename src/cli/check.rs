//! `check`: validates the fact base.

use std::path::Path;

use super::{CheckArguments, Outcome};

/// Runs the sub-command.
///
/// # Errors
/// If the fact base cannot be loaded, or the output cannot be written.
pub fn run(arguments: &CheckArguments, knowledge: &Path) -> Outcome {
    let _ = arguments;
    anyhow::bail!("`check` is not built yet, so `{}` is not read", knowledge.display())
}
