//! Questions that a curator put aside, by their fingerprints.
//!
//! The file stands beside the briefings' folders; a name with a dot is not read as part of the fact base. Promise: it
//! holds no word that anybody asked, so it may be kept with the briefings.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

const FILE: &str = ".dismissed-questions";

/// Where they are kept.
#[must_use]
pub fn path(knowledge: &Path) -> PathBuf {
    knowledge.join(FILE)
}

/// The fingerprints of what was dismissed; none where nothing was.
///
/// # Errors
/// If the file is there and cannot be read.
pub fn read(knowledge: &Path) -> io::Result<HashSet<String>> {
    match std::fs::read_to_string(path(knowledge)) {
        Ok(text) => Ok(text.lines().map(|line| line.trim().to_owned()).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}

/// Puts questions aside.
///
/// # Errors
/// If the file cannot be written.
pub fn add(knowledge: &Path, fingerprints: impl Iterator<Item = String>) -> io::Result<()> {
    // A last line that was edited by hand may have no end.
    let is_open = std::fs::read(path(knowledge)).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
    let lines = fingerprints.map(|fingerprint| fingerprint + "\n");
    let lines: String = is_open.then(|| "\n".to_owned()).into_iter().chain(lines).collect();
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path(knowledge))?;
    file.write_all(lines.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_line_without_an_end_is_not_run_into() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path()), "abc").unwrap();
        for fingerprint in ["def", "ghi"] {
            add(folder.path(), [fingerprint.to_owned()].into_iter()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path(folder.path())).unwrap(), "abc\ndef\nghi\n");
    }
}
