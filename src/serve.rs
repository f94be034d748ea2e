//! `run`: starts everything, stops it in order.

use std::path::Path;

use crate::exit::Exit;

/// Runs the bot until it is told to stop.
///
/// # Errors
/// If it cannot start, or ends for a reason of its own.
pub fn run(knowledge: &Path) -> anyhow::Result<Exit> {
    anyhow::bail!("`run` is not built yet, so `{}` is not read", knowledge.display())
}
