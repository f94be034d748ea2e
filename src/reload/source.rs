//! Where facts come from, as far as a reload needs to know.
//!
//! A trait, since a folder is only the first such place: processes that share one set of facts take theirs from a
//! database. Promise: what [`FactSource::load`] gives is of one moment, never half of one and half of another.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use crate::fact::problem::{Problems, Severity};
use crate::fact::{FactBase, parse};
use crate::knowledge_dir;

/// How often a folder's content is compared whatever the hints say.
const FOLDER_POLLED_EVERY: Duration = Duration::from_secs(30);

/// Equal content, equal fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(pub String);

/// Why facts are not taken: what is wrong, as an admin reads it, with file and line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    text: String,
    is_passing: bool,
}

impl Refusal {
    /// Refused because of this.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_passing: false,
        }
    }

    /// Refused because of this, which another time may not be so.
    #[must_use]
    pub fn passing(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_passing: true,
        }
    }

    /// Whether another time it may not be so.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.is_passing
    }
}

impl From<&Problems> for Refusal {
    /// Refused because of these, each error with file and line.
    fn from(problems: &Problems) -> Self {
        Self::new(errors_of(problems))
    }
}

/// Facts of before, in the place of ones that are refused.
#[derive(Debug)]
pub struct Earlier {
    /// The facts.
    pub base: FactBase,
    /// What is there now, which is refused until it is another.
    pub seen: Fingerprint,
    /// Why that is refused; `None` where it has been mended meanwhile, and these are its facts.
    pub refused: Option<Refusal>,
}

/// A place that holds facts.
#[async_trait]
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

    /// What to start on where [`FactSource::load`] has refused what is there for good.
    ///
    /// # Errors
    /// With that refusal, where there are no facts of before or this version takes none of them.
    fn load_earlier(&self, refusal: Refusal) -> Result<Earlier, Refusal> {
        Err(refusal)
    }

    /// How often what is there is compared, whatever else hints at a change.
    fn polled_every(&self) -> Duration;

    /// A folder whose changes are a hint that there may be something new.
    fn watched(&self) -> Option<&Path>;

    /// Whether what is there is whole at any moment, so that nobody need wait until it is no longer being written.
    fn is_always_whole(&self) -> bool {
        false
    }

    /// Ends when there may be something new, for other reasons than a changed folder; a hint as well.
    async fn hinted(&self) {
        std::future::pending::<()>().await;
    }
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

impl FactSource for Directory {
    fn fingerprint(&self) -> Result<Fingerprint, Refusal> {
        let files = knowledge_dir::read(&self.path).map_err(|error| Refusal::new(error.to_string()))?;
        Ok(Fingerprint(knowledge_dir::fingerprint(&files)))
    }

    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal> {
        let files = knowledge_dir::read(&self.path).map_err(|error| Refusal::new(error.to_string()))?;
        match parse::load(&files) {
            Ok(loaded) => Ok((Fingerprint(knowledge_dir::fingerprint(&files)), loaded.base)),
            Err(problems) => Err(Refusal::from(&problems)),
        }
    }

    fn watched(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn polled_every(&self) -> Duration {
        FOLDER_POLLED_EVERY
    }
}

/// Every error with file and line, without the drawings of a terminal, which no telephone has room for.
fn errors_of(problems: &Problems) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let mut text: String = errors.map(|problem| problems.plain_lines(problem)).collect();
    if problems.n_left_out() > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "… and {} more", problems.n_left_out());
    }
    text
}
