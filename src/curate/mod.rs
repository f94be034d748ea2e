//! A curator's eye: what could be better about a fact base that is valid.
//!
//! Promise: deterministic; every remark names its place, why, and a mend. What is asked of the matcher is asked of the
//! real one. Deliberately absent: files, and any change of a fact base.

pub mod collisions;
pub mod coverage;
pub mod draft;
pub mod extract;
mod glossary;
pub mod groups;
mod sentences;
mod wording;

use crate::engine::Snapshot;
use crate::fact::marks::{Part, Remark};
use crate::fact::problem::{Advice, Fault};

/// Everything that can be seen without asking questions anew: thin facts, dead aliases, what is not used, dated words.
#[must_use]
pub fn remarks(snapshot: &Snapshot) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (index, briefing) in snapshot.base().briefings.iter().enumerate() {
        remarks.extend(wording::remarks(briefing, snapshot.matcher()));
        remarks.extend(glossary::remarks(briefing, index, snapshot.matcher()));
    }
    remarks
}

fn remark(briefing: &str, part: Part, about: String, advice: Advice) -> Remark {
    Remark {
        briefing: briefing.to_owned(),
        part,
        about,
        fault: Fault::Advice(advice),
    }
}

fn about(kind: &str, id: &str) -> String {
    format!("{kind} `{id}`")
}

#[cfg(test)]
mod tests;
