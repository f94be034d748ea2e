//! The processes that share a store, each as it last wrote itself down.
//!
//! What is said of them is for admins who wonder which of them is behind; nothing depends on it.

use std::fmt::Write as _;

use super::time::Timestamp;

/// A process that was not seen for so long is off the list.
pub(super) const FORGET_PROCESS_AFTER_SECONDS: u32 = 60 * 60;

/// Tells a process from every other, those that had its name before included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessId(String);

impl ProcessId {
    /// One that no other process has.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0_u8; 8];
        // A system without randomness has worse problems; its processes share one line of the list.
        let _ = getrandom::fill(&mut bytes);
        Self(bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// As the store gave it.
    pub(super) fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A process as it wrote itself down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessRecord {
    /// Tells it from the others.
    pub id: ProcessId,
    /// The machine's name and the number that the process has there.
    pub name: String,
    /// What it serves: shards, interactions.
    pub doors: String,
    /// The program's version.
    pub version: String,
    /// The revision of the facts that it answers from.
    pub revision: String,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it last said that it is alive.
    pub seen_at: Timestamp,
}
