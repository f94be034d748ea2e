//! Fact bases that were published: whole, numbered, and never changed.
//!
//! What is stored are the curator's files, so that every process reads and validates them as it would from a folder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// The files of every briefing's folder: folder, name within it, text.
pub type PublishedFiles = BTreeMap<String, BTreeMap<String, String>>;

/// A fact base as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// The revision of its facts.
    pub revision: String,
    /// The number of its facts.
    pub n_facts: u64,
    /// The files.
    pub files: PublishedFiles,
}
