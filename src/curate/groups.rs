//! Questions that got no answer, put together by what they ask.
//!
//! Each group is led by the question asked most often; another joins the group whose leader it is most like, by its
//! words with matter, the entities it names, and its meaning. Promise: deterministic, whatever the order of the
//! questions; a group keeps its name as long as its leader does. Deliberately absent: where the questions come from.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::answer::{Conversation, Outcome, Suggestion};
use crate::engine::Snapshot;
use crate::fact::{FactRef, words_key};
use crate::matching::analysis::Analysis;
use crate::matching::vocabulary::NONE;
use crate::text::normalise::normalise;
use crate::text::vectors::{DIMENSIONS, dot};

/// From this likeness on, 0 to 1, two questions ask for the same. Lower, unlike ones meet; higher, every spelling stands
/// alone.
const ALIKE: f32 = 0.6;

/// Questions that ask for the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Made from the leader's words: 6 hex digits.
    pub id: String,
    /// The questions with how often each was asked, most often first.
    pub questions: Vec<(String, usize)>,
    /// The fact that the leader is nearest to, with its confidence.
    pub nearest: Option<Suggestion>,
    /// The gap that already says that the source leaves it open.
    pub gap: Option<String>,
}

impl Group {
    /// The question that stands for the group.
    #[must_use]
    pub fn leader(&self) -> &str {
        self.questions.first().map_or("", |(question, _)| question)
    }

    /// How often its questions were asked.
    #[must_use]
    pub fn n_asked(&self) -> usize {
        self.questions.iter().map(|(_, times)| times).sum()
    }
}

/// A question that is answered by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// As it was asked.
    pub question: String,
    /// What it gets.
    pub facts: Vec<FactRef>,
}

/// What became of the questions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grouped {
    /// Groups of what is not answered, most asked first.
    pub groups: Vec<Group>,
    /// Questions that the facts answer by now, for a curator to see whether they do so rightly.
    pub answered: Vec<Answered>,
    /// Questions that were dismissed.
    pub n_dismissed: usize,
}

/// Groups what is not answered. `is_dismissed` says of a [`fingerprint`] whether it was put aside.
#[must_use]
pub fn group(asked: &[(String, usize)], snapshot: &Snapshot, is_dismissed: impl Fn(&str) -> bool) -> Grouped {
    let mut grouped = Grouped::default();
    let mut open: Vec<Open> = Vec::new();
    for (question, times) in counted(asked) {
        if is_dismissed(&fingerprint(&question)) {
            grouped.n_dismissed += 1;
            continue;
        }
        let (answer, _) = snapshot.ask(&question, &Conversation::default());
        if answer.outcome == Outcome::Answer {
            let facts = answer.facts;
            grouped.answered.push(Answered { question, facts });
            continue;
        }
        let analysis = snapshot.matcher().analyse(&normalise(&question));
        let mark = Mark::of(&analysis);
        let likest = open
            .iter_mut()
            .map(|group| (group.leader.likeness(&mark), group))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match likest {
            Some((likeness, group)) if likeness >= ALIKE => group.questions.push((question, times)),
            _ => open.push(Open {
                leader: mark,
                gap: answer.gap,
                questions: vec![(question, times)],
            }),
        }
    }
    grouped.groups = open.into_iter().map(|open| open.close(snapshot)).collect();
    grouped
        .groups
        .sort_by(|a, b| b.n_asked().cmp(&a.n_asked()).then(a.leader().cmp(b.leader())));
    grouped
}

/// Names a question without saying it: 16 hex digits made from its words.
#[must_use]
pub fn fingerprint(question: &str) -> String {
    hex(&Sha256::digest(key(question).as_bytes()), 8)
}

/// Equal for questions of the same words, whatever their signs and letter case.
fn key(question: &str) -> String {
    words_key(&normalise(question))
}

/// Equal words once, most often asked first.
fn counted(asked: &[(String, usize)]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (question, times) in asked {
        let entry = counts.entry(key(question)).or_insert_with(|| (question.clone(), 0));
        entry.1 += times;
        // Of several spellings the first in order, whichever came first.
        if *question < entry.0 {
            entry.0.clone_from(question);
        }
    }
    let mut counted: Vec<(String, usize)> = counts
        .into_iter()
        .filter(|(key, _)| !key.is_empty())
        .map(|(_, one)| one)
        .collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted
}

/// A group while it grows.
struct Open {
    leader: Mark,
    gap: Option<String>,
    questions: Vec<(String, usize)>,
}

impl Open {
    fn close(self, snapshot: &Snapshot) -> Group {
        let leader = self.questions.first().map_or("", |(question, _)| question.as_str());
        Group {
            id: hex(&Sha256::digest(key(leader).as_bytes()), 3),
            nearest: snapshot.nearest(leader, &Conversation::default(), 1).into_iter().next(),
            gap: self.gap,
            questions: self.questions,
        }
    }
}

/// What a question is compared by.
struct Mark {
    words: BTreeSet<String>,
    vector: [f32; DIMENSIONS],
}

impl Mark {
    fn of(analysis: &Analysis) -> Self {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for term in analysis.content() {
            // Words that mean the same here count as one.
            words.insert(if term.group == NONE {
                term.stem.to_string()
            } else {
                format!("#{}", term.group)
            });
        }
        words.extend(
            analysis
                .mentions
                .iter()
                .flat_map(|mention| mention.owners.iter().map(|owner| format!("@{owner}"))),
        );
        words.extend(analysis.asked.kinds.iter().map(|kind| format!("?{}", kind.name())));
        Self {
            words,
            vector: analysis.vector,
        }
    }

    /// The mean of the share of common words and of the nearness in meaning, 0 to 1.
    fn likeness(&self, other: &Self) -> f32 {
        let n_common = self.words.intersection(&other.words).count();
        let n_all = self.words.union(&other.words).count();
        let words = if n_all == 0 {
            1.0
        } else {
            n_common as f32 / n_all as f32
        };
        let meaning = dot(&self.vector, &other.vector).max(0.0);
        f32::midpoint(words, meaning)
    }
}

fn hex(bytes: &[u8], n_bytes: usize) -> String {
    bytes
        .iter()
        .take(n_bytes)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
