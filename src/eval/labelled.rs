//! A question with what a right reply to it holds.
//!
//! A single question is a conversation of one turn, so that everything after parsing has one case only.

use crate::fact::Paragraph;

/// The category that turns of a dialogue are counted under, unless their line names another.
pub const DIALOGUE_CATEGORY: &str = "dialogue";
/// The category of a question that names none.
pub const NO_CATEGORY: &str = "uncategorised";

/// Questions asked one after the other, each within the conversation of the earlier ones; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledConversation {
    /// The turns in order.
    pub turns: Vec<LabelledQuestion>,
}

/// One question and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledQuestion {
    /// The id in its file; a dialogue's turn adds its place, counted from 1: `dd01.2`.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// What it is counted under.
    pub category: String,
    /// What is expected.
    pub label: Label,
}

/// What a right reply holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Whether the source states it.
    pub expect: Expect,
    /// Of these one at least must be cited by an asserted answer.
    pub paragraphs: Vec<Paragraph>,
    /// An asserted answer holds at least one alternative of every group, case ignored.
    pub must: Vec<Vec<String>>,
    /// What must not be said, whatever the outcome.
    pub must_not: Vec<String>,
}

/// Whether the source states what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It does.
    Answer,
    /// It does not, and nothing may be asserted.
    Decline,
    /// A false premise or a near miss: declining passes, and so does a right, cited correction.
    Either,
}

impl Expect {
    /// Every expectation with the name it has in files.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Answer, "answer"),
        (Self::Decline, "decline"),
        (Self::Either, "either"),
    ];

    /// The expectation of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(expect, _)| *expect)
    }
}
