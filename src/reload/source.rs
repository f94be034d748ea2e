//! Where facts come from, as far as a reload needs to know.
//!
//! A trait, since a folder is only the first such place: processes that share one set of facts take theirs from a
//! database. Promise: what [`FactSource::load`] gives is of one moment, never half of one and half of another.

use std::path::{Path, PathBuf};

use crate::fact::FactBase;

/// Equal content, equal fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(pub String);

/// Why facts are not taken: what is wrong, as an admin reads it, with file and line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    text: String,
}

impl Refusal {
    /// Refused because of this.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// A place that holds facts.
pub trait FactSource: std::fmt::Debug + Send + Sync {
    /// What is there now, without giving it a meaning.
    ///
    /// # Errors
    /// If it cannot be read.
    fn fingerprint(&self) -> Result<Fingerprint, Refusal>;

    /// Reads and validates what is there now.
    ///
    /// # Errors
    /// If it cannot be read, or there is an error in it.
    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal>;

    /// A folder whose changes are a hint that there may be something new.
    fn watched(&self) -> Option<&Path>;
}

/// A folder that holds the briefings' folders.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// This folder.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }
}
