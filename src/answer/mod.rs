//! From a question to an answer: what a member gets, as a value.
//!
//! Promise: answering cannot fail, whatever the words; no fact is given without its citations; equal question,
//! conversation and fact base give equal bytes. Deliberately absent: time, I/O, Discord, markup.

pub mod age;
pub mod compose;
pub mod conversation;
pub mod decide;
pub mod explanation;
pub mod follow_up;
pub mod frames;
pub mod judgement;
pub mod lookup;
pub mod parts;
pub mod related;
pub mod replacement;
pub mod respond;
pub mod small_talk;
pub mod statements;
pub mod wording;

pub use conversation::Conversation;
pub use explanation::Explanation;

use crate::fact::{FactRef, Paragraph, Revision, Standing};

/// What kind of reply it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// One fact, or up to [`MAX_FACTS`] where the question asks for several things.
    Answer,
    /// Close, but not sure: "did you mean"; nothing is asserted.
    Suggest,
    /// The briefing does not say.
    None,
}

impl Outcome {
    /// The name it has in JSON, logs and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Suggest => "suggest",
            Self::None => "none",
        }
    }
}

/// Why the reply is what it is; shells choose their look by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Facts were found (outcome `answer`).
    Found,
    /// Facts are near, but not sure (outcome `suggest`).
    Unsure,
    /// A gap that the curator wrote matched (outcome `none`).
    Gap,
    /// The question carries words that the briefing does not know (outcome `none`).
    UnknownWords,
    /// Nothing is near enough (outcome `none`).
    NothingNear,
    /// Greeting, thanks or a question about the bot itself (outcome `none`, no suggestions).
    SmallTalk,
    /// An order to the bot (outcome `none`, no suggestions).
    Order,
    /// Not English (outcome `none`).
    OtherLanguage,
    /// No words at all (outcome `none`).
    Empty,
}

/// At most so many facts answer one question (design: "up to three").
pub const MAX_FACTS: usize = 3;
/// At most so many facts are suggested (design: 1 to 5; a row of Discord buttons holds 5).
pub const MAX_SUGGESTIONS: usize = 5;

/// The reply to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What kind of reply it is.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// 0 to 1, calibrated: of the answers given with 0.8, about 80 % are right. That of the best fact, whatever the
    /// outcome.
    pub confidence: f32,
    /// The claims in full; `None` unless the outcome is [`Outcome::Answer`].
    pub text: Option<String>,
    /// The facts that answer; empty unless the outcome is [`Outcome::Answer`].
    pub facts: Vec<FactRef>,
    /// The briefing that answers, or that the matched gap belongs to.
    pub briefing: Option<String>,
    /// Which facts were loaded.
    pub revision: Revision,
    /// Where the source says it, resolved for reading; empty unless the outcome is [`Outcome::Answer`].
    pub citations: Vec<CitationLine>,
    /// The nearest facts, best first.
    pub suggestions: Vec<Suggestion>,
    /// Words of the question that neither the briefing nor everyday English accounts for, in lower case as they were read.
    pub unknown_terms: Vec<String>,
    /// The matched gap's id: the whole question's, or that of its open part.
    pub gap: Option<String>,
    /// What the member reads in full, as plain text, whatever the outcome.
    pub message: String,
}

/// A citation with its names resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationLine {
    /// The fact that it proves.
    pub fact: FactRef,
    /// The source's title.
    pub source: String,
    /// The paragraph.
    pub paragraph: Paragraph,
    /// Who says it there.
    pub speaker: Option<String>,
    /// A verbatim fragment of 8 words or fewer.
    pub quote: Option<String>,
    /// Who answers for the claim.
    pub standing: Standing,
}

/// A fact offered without asserting it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The fact.
    pub fact: FactRef,
    /// Its first phrasing.
    pub question: String,
    /// 0 to 1, calibrated.
    pub confidence: f32,
}
