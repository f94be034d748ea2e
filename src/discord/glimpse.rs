//! Why an answer was given, in so few characters that a button has room for it.
//!
//! For answers whose question is too long for the button and that Discord does not tell again, such as that of a command:
//! once memory has forgotten the words, this is what is left. Promise: what was encoded is decoded to the same value, in
//! at most 25 characters; an example question is named again only where it reads as it did. Deliberately absent: any word
//! of a member's.

use sha2::{Digest, Sha256};

use crate::answer::Explanation;
use crate::answer::explanation::Candidate;
use crate::fact::{FactBase, FactRef};

/// Hex digits of a mark.
const MARK_CHARS: usize = 8;

/// The likeness that an answer rests on, and the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glimpse {
    best: Near,
    runner_up: Option<Near>,
}

/// One likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Near {
    /// A short mark of the example question: equal marks, equal questions.
    mark: u32,
    /// How sure, in per cent.
    percent: u8,
}

/// A glimpse in the words of the facts as they are now: example questions, each with how sure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recalled<'a> {
    /// The fact's own.
    pub(crate) best: (&'a str, f32),
    /// The next.
    pub(crate) runner_up: Option<(&'a str, f32)>,
}

impl Glimpse {
    /// Of the explanation of an answer; `None` where it rests on no fact.
    pub(crate) fn of(explanation: &Explanation) -> Option<Self> {
        let given = explanation.answer.facts.first()?;
        let is_given = |candidate: &&Candidate| candidate.briefing == given.briefing && candidate.id == given.fact;
        let best = explanation.candidates.iter().find(is_given)?;
        let near = |candidate: &Candidate, confidence: f32| Near {
            mark: mark_of(&candidate.nearest_phrasing),
            percent: per_cent(confidence),
        };
        let runner_up = explanation.candidates.iter().find(|other| !std::ptr::eq(*other, best));
        Some(Self {
            best: near(best, explanation.answer.confidence),
            runner_up: runner_up.map(|candidate| near(candidate, candidate.confidence)),
        })
    }

    /// The text that a button carries.
    pub(crate) fn encode(&self) -> String {
        let near = |near: &Near| format!("{:08x}.{}", near.mark, near.percent);
        let all: Vec<String> = [Some(&self.best), self.runner_up.as_ref()]
            .into_iter()
            .flatten()
            .map(near)
            .collect();
        all.join(".")
    }

    /// Reads the text back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts[..] {
            [mark, percent] => Some(Self {
                best: Near::decode(mark, percent)?,
                runner_up: None,
            }),
            [mark, percent, next_mark, next_percent] => Some(Self {
                best: Near::decode(mark, percent)?,
                runner_up: Some(Near::decode(next_mark, next_percent)?),
            }),
            _ => None,
        }
    }

    /// In words, where the fact still has that example question; the runner-up where there still is one.
    pub(crate) fn recall<'a>(&self, base: &'a FactBase, fact: &FactRef) -> Option<Recalled<'a>> {
        let own = base.fact(fact)?.phrasings.iter();
        let facts = base.facts().flat_map(|(_, fact)| &fact.phrasings);
        let gaps = base.briefings.iter().flat_map(|briefing| &briefing.gaps);
        let mut others = facts.chain(gaps.flat_map(|gap| &gap.phrasings));
        Some(Recalled {
            best: self.best.find(own)?,
            runner_up: self.runner_up.and_then(|near| near.find(&mut others)),
        })
    }
}

impl Near {
    fn decode(mark: &str, percent: &str) -> Option<Self> {
        let is_mark = mark.len() == MARK_CHARS && mark.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_number = percent.bytes().all(|byte| byte.is_ascii_digit());
        if !is_mark || !is_number {
            return None;
        }
        Some(Self {
            mark: u32::from_str_radix(mark, 16).ok()?,
            percent: percent.parse().ok().filter(|percent| *percent <= 100)?,
        })
    }

    fn find<'a>(self, questions: impl Iterator<Item = &'a str>) -> Option<(&'a str, f32)> {
        let mut questions = questions;
        let found = questions.find(|question| mark_of(question) == self.mark)?;
        Some((found, f32::from(self.percent) / 100.0))
    }
}

fn mark_of(question: &str) -> u32 {
    let hash = Sha256::digest(question);
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// From 0 to 1 in whole per cent; what is no number is 0.
fn per_cent(confidence: f32) -> u8 {
    let percent = (confidence * 100.0).round().clamp(0.0, 100.0);
    (0..=100_u8).find(|whole| f32::from(*whole) >= percent).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_glimpse_reads_as_it_always_did() {
        // Buttons of this form are in channels already.
        for text in ["0000001f.93", "0000001f.7.89abcdef.0", "ffffffff.100.ffffffff.100"] {
            let glimpse = Glimpse::decode(text).unwrap();
            assert_eq!(glimpse.encode(), text);
            assert!(text.len() <= 25, "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "0000001f",
            "0000001f.101",
            "0000001f.+1",
            "0000001F.1",
            "1f.1",
            "0000001f.1.0000001f",
            "0000001f.1.0000001f.",
            "0000001f.1.0000001f.1.1",
        ] {
            assert_eq!(Glimpse::decode(text), None, "{text}");
        }
    }

    #[test]
    fn confidence_is_told_in_whole_per_cent() {
        let told = [0.0, 0.004, 0.936, 1.0, 7.0, -1.0, f32::NAN].map(per_cent);
        assert_eq!(told, [0, 0, 94, 100, 100, 0, 0]);
    }

    proptest! {
        #[test]
        fn decoding_never_panics_and_what_is_decoded_is_encoded_to_the_same_value(text in "[0-9.a-f]{0,30}") {
            if let Some(glimpse) = Glimpse::decode(&text) {
                prop_assert_eq!(Glimpse::decode(&glimpse.encode()), Some(glimpse));
            }
        }
    }
}
