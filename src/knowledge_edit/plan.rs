//! What to do about a group of unanswered questions, worked out but not yet written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{EditError, add_gap, add_phrasing, has_entry, shown};
use crate::curate::groups::Group;
use crate::engine::Snapshot;
use crate::fact::files::{Content, Files};
use crate::fact::limits::MAX_PHRASING_CHARS;
use crate::fact::parse;
use crate::fact::problem::Look;
use crate::knowledge_dir::{self, ReadError};

/// A change to one file, with the facts that come of it.
#[derive(Debug)]
pub struct Plan {
    /// The file.
    pub path: PathBuf,
    before: String,
    after: String,
    /// The facts as they would be.
    pub snapshot: Snapshot,
}

/// Why there is no plan, or why it cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The folder cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file cannot be edited.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// There is nothing of this name.
    #[error("no fact or gap `{0}`")]
    NoEntry(String),
    /// There is no place for a gap.
    #[error("no file of facts to draft the gap in")]
    NoFile,
    /// The words are too many for a phrasing.
    #[error("the question has {n_chars} characters, a phrasing has {MAX_PHRASING_CHARS} at most\nhint: say it shorter")]
    TooLong {
        /// How many it has.
        n_chars: usize,
    },
    /// What comes of it has an error; the diff and the problems.
    #[error("{0}")]
    Invalid(String),
    /// The file is not as it was when the plan was made.
    #[error("`{}` was changed meanwhile, so nothing is written", .0.display())]
    Changed(PathBuf),
    /// The system would not write it.
    #[error("cannot write `{}`: {cause}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl Plan {
    /// The lines that change.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.path.display().to_string(), &self.before, &self.after)
    }

    /// Writes the file: beside it, then into its place, so that a full disk leaves it as it was, and a bot that watches
    /// never reads half of it.
    ///
    /// # Errors
    /// If it was changed since, or cannot be written.
    pub fn carry_out(&self) -> Result<(), PlanError> {
        let is_as_it_was = std::fs::read(&self.path).is_ok_and(|bytes| bytes == self.before.as_bytes());
        if !is_as_it_was {
            return Err(PlanError::Changed(self.path.clone()));
        }
        replace(&self.path, &self.after).map_err(|cause| PlanError::Write {
            path: self.path.clone(),
            cause,
        })
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // What a link points to is written, not the link.
    let path = path.canonicalize()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Whoever reads the folder passes over a name with a dot.
    let unfinished = path.with_file_name(format!(".{name}.unfinished"));
    // The copy has the rights of the file.
    let written = std::fs::copy(&path, &unfinished)
        .and_then(|_| std::fs::File::create(&unfinished))
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, &path));
    if written.is_err() {
        // What cannot be removed is in nobody's way.
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

/// Adds a phrasing to a fact or gap, named `id` or `briefing/id`.
///
/// # Errors
/// If there is no such entry, or what comes of it is no valid fact base.
pub fn accept(knowledge: &Path, phrasing: &str, id: &str) -> Result<Plan, PlanError> {
    let n_chars = phrasing.chars().count();
    if n_chars > MAX_PHRASING_CHARS {
        return Err(PlanError::TooLong { n_chars });
    }
    let files = knowledge_dir::read(knowledge)?;
    let (folder, name) = match id.split_once('/') {
        Some((folder, name)) => (Some(folder), name),
        None => (None, id),
    };
    let target = find(&files, |briefing, text| {
        folder.is_none_or(|folder| folder == briefing) && has_entry(text, name)
    });
    let target = target.ok_or_else(|| PlanError::NoEntry(id.to_owned()))?;
    let after = add_phrasing(&target.text, name, phrasing)?;
    plan(knowledge, files, target, after)
}

/// Drafts a gap with these phrasings, beside the fact that the group is nearest to.
///
/// # Errors
/// If there is no file of facts, or what comes of it is no valid fact base.
pub fn gap(knowledge: &Path, group: &Group, phrasings: &[String]) -> Result<Plan, PlanError> {
    let files = knowledge_dir::read(knowledge)?;
    let near = group.nearest.as_ref().map(|nearest| &nearest.fact);
    let target = find(&files, |briefing, text| {
        let is_beside = near.is_none_or(|near| near.briefing == briefing && has_entry(text, &near.fact));
        is_beside && text.contains("[[fact]]")
    });
    let target = target.ok_or(PlanError::NoFile)?;
    let after = add_gap(&target.text, &format!("open-{}", group.id), phrasings);
    plan(knowledge, files, target, after)
}

/// A file to be changed.
struct Target {
    folder: usize,
    file: usize,
    text: String,
}

fn find(files: &Files, is_it: impl Fn(&str, &str) -> bool) -> Option<Target> {
    for (folder, of_folder) in files.folders.iter().enumerate() {
        for (file, of_file) in of_folder.files.iter().enumerate() {
            let Content::Bytes(bytes) = &of_file.content else {
                continue;
            };
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            if of_file.name.starts_with("facts/") && is_it(&of_folder.briefing, text) {
                let text = text.to_owned();
                return Some(Target { folder, file, text });
            }
        }
    }
    None
}

/// Loads what would come of it.
fn plan(knowledge: &Path, mut files: Files, target: Target, after: String) -> Result<Plan, PlanError> {
    let folder = &mut files.folders[target.folder];
    let file = &mut folder.files[target.file];
    let path = knowledge.join(&folder.briefing).join(&file.name);
    file.content = Content::Bytes(after.clone().into_bytes());
    let loaded = parse::load(&files).map_err(|problems| {
        let diff = shown(&path.display().to_string(), &target.text, &after);
        let problems = problems.render(Look::Plain);
        PlanError::Invalid(format!(
            "this would be no valid fact base\n{diff}\n{}",
            problems.trim_end()
        ))
    })?;
    Ok(Plan {
        path,
        before: target.text,
        after,
        snapshot: Snapshot::new(loaded.base),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::engine::Snapshot;
    use crate::fact::FactBase;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("works.toml");
        fs::write(&path, "before").unwrap();
        let mut open = fs::File::open(&path).unwrap();
        let plan = Plan {
            path: path.clone(),
            before: "before".to_owned(),
            after: "after".to_owned(),
            snapshot: Snapshot::new(FactBase::new(Vec::new())),
        };
        plan.carry_out().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        // Whoever was reading reads on what was there.
        assert_eq!(io::read_to_string(&mut open).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(matches!(plan.carry_out(), Err(PlanError::Changed(_))));
    }
}
