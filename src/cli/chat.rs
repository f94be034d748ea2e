//! `chat`: the bot in the terminal.

use std::path::Path;

use super::Outcome;

/// Runs the sub-command.
///
/// # Errors
/// If the fact base cannot be loaded, or the output cannot be written.
pub fn run(knowledge: &Path) -> Outcome {
    anyhow::bail!("`chat` is not built yet, so `{}` is not read", knowledge.display())
}
