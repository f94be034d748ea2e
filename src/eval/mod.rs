//! How good the answers are: labelled questions in, verdicts and figures out.
//!
//! Separate from the command that prints it, so that fitting, the command and a test all score by the same rules.
//! Promise: equal runs give equal figures; a figure that cannot be computed is `None`, never a number made up.
//! Deliberately absent: files, clocks, tables for people, and any knowledge of how an answer is found: whatever turns
//! a question into an [`Answer`](crate::answer::Answer) can be scored.

pub mod compare;
pub mod confusion;
pub mod labelled;
pub mod parse;
pub mod reliability;
pub mod run;
pub mod verdict;

pub use labelled::{Expect, Label, LabelledConversation, LabelledQuestion};
pub use reliability::Reliability;
pub use run::{Judged, Run, Tally};
pub use verdict::{Fault, Judgement, Verdict, judge};

#[cfg(test)]
mod tests;
