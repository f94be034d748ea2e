//! Why a question got its answer, for `--explain`, "Why this answer" and the workbench.

use super::Answer;

/// The answer and everything that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The answer itself, as [`crate::engine::Snapshot::ask`] gives it.
    pub answer: Answer,
    /// The question as it was matched: normalised and repaired.
    pub matched_as: String,
    /// Words that were taken for a misspelling: as written, as read.
    pub repairs: Vec<(String, String)>,
    /// Entities recognised: as written, the entity's id.
    pub entities: Vec<(String, String)>,
    /// The kinds of answer asked for, by name.
    pub kinds: Vec<&'static str>,
    /// The best candidates, best first; facts and gaps alike.
    pub candidates: Vec<Candidate>,
}

/// One fact or gap that competed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The briefing's id.
    pub briefing: String,
    /// The fact's or gap's id.
    pub id: String,
    /// Whether it is a gap.
    pub is_gap: bool,
    /// 0 to 1, calibrated.
    pub confidence: f32,
    /// The example question that is nearest.
    pub nearest_phrasing: String,
    /// Each signal: its name, its value, and the weight that multiplied it.
    pub signals: Vec<SignalValue>,
    /// What the guards said against it, in plain words.
    pub guards: Vec<String>,
}

/// One signal of one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalValue {
    /// Its name, as in the weights file.
    pub name: &'static str,
    /// Its value.
    pub value: f32,
    /// The weight that multiplied it.
    pub weight: f32,
}
