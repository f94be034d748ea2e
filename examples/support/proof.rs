//! Puts a command's figures into its own part of `docs/PROOF.md`, between two marks, and touches nothing else.
//!
//! Shared by the examples that prove something (`#[path = "../support/proof.rs"] mod proof;`).

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`.
///
/// # Errors
/// If the page cannot be read or written, or does not have the marks.
pub(crate) fn write(name: &str, text: &str) -> Result<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/PROOF.md");
    let page = fs::read_to_string(&path).context("cannot read `docs/PROOF.md`")?;
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let Some((before, rest)) = page.split_once(&begin) else {
        bail!("`docs/PROOF.md` has no line `{}`", begin.trim_end());
    };
    let Some((_, after)) = rest.split_once(&end) else {
        bail!("`docs/PROOF.md` has no line `{end}`");
    };
    let text = text.trim_end();
    fs::write(&path, format!("{before}{begin}{text}\n{end}{after}")).context("cannot write `docs/PROOF.md`")
}

/// What came of a command's goals, in words: a page must not look better than what was found.
#[must_use]
pub(crate) fn held(missed: &[String]) -> String {
    if missed.is_empty() {
        return "No goal was missed.\n".to_owned();
    }
    format!("- missed: {}\n", missed.join("\n- missed: "))
}

/// What the figures were measured on, and when: they mean little without.
#[must_use]
pub(crate) fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unknown processor", |(_, model)| model);
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    format!(
        "{n_cores} cores of {model}, {build} build, version {}",
        env!("CARGO_PKG_VERSION")
    )
}
