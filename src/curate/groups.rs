//! Questions that got no answer, put together by what they ask.
//!
//! Each group is led by the question asked most often; another joins the group whose leader it is most like, by its
//! words with matter, the entities it names, and its meaning. Promise: deterministic, whatever the order of the
//! questions; a group keeps its name as long as its leader does. Deliberately absent: where the questions come from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use data_encoding::HEXLOWER;
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
/// The nearness of equal meanings is 1, but for rounding.
const MOST_MEANING: f32 = 1.001;
/// As few as a curator may type, and so many that two of 10,000 groups share a name in one list of 20,000.
const N_NAME_BYTES: usize = 5;

/// Questions that ask for the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Made from the leader's words, in hex digits.
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
        self.questions
            .iter()
            .fold(0, |sum, (_, times)| sum.saturating_add(*times))
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

impl Grouped {
    /// The group of this name; `None` where there is none, or, as names are short, by bad luck more than one.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Group> {
        let mut named = self.groups.iter().filter(|group| group.id == id);
        named.next().filter(|_| named.next().is_none())
    }
}

/// Groups what is not answered. `is_dismissed` says of a [`fingerprint`] whether it was put aside.
#[must_use]
pub fn group(asked: &[(String, usize)], snapshot: &Snapshot, is_dismissed: impl Fn(&str) -> bool) -> Grouped {
    let mut grouped = Grouped::default();
    let mut open: Vec<Open> = Vec::new();
    let mut leaders = Leaders::default();
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
        match leaders.likest(&mark) {
            Some((place, likeness)) if likeness >= ALIKE => open[place].questions.push((question, times)),
            _ => {
                leaders.add(mark);
                open.push(Open {
                    gap: answer.gap,
                    questions: vec![(question, times)],
                });
            }
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
    HEXLOWER.encode(&Sha256::digest(key(question).as_bytes())[..8])
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
        entry.1 = entry.1.saturating_add(*times);
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
    gap: Option<String>,
    questions: Vec<(String, usize)>,
}

impl Open {
    fn close(self, snapshot: &Snapshot) -> Group {
        let leader = self.questions.first().map_or("", |(question, _)| question.as_str());
        Group {
            id: HEXLOWER.encode(&Sha256::digest(key(leader).as_bytes())[..N_NAME_BYTES]),
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
        if words.is_empty() {
            // Questions without a word have that in common.
            words.insert(String::new());
        }
        Self {
            words,
            vector: analysis.vector,
        }
    }
}

/// The leaders of the groups, found by their words: of thousands of groups a question shares words with few.
#[derive(Default)]
struct Leaders {
    /// Each: how many words it has, and its meaning.
    marks: Vec<(usize, [f32; DIMENSIONS])>,
    /// The places of those that have a word.
    with_word: HashMap<String, Vec<usize>>,
}

impl Leaders {
    fn add(&mut self, mark: Mark) {
        let place = self.marks.len();
        self.marks.push((mark.words.len(), mark.vector));
        for word in mark.words {
            self.with_word.entry(word).or_default().push(place);
        }
    }

    /// The place of the leader that is most like it, and the likeness: the mean of the share of common words and of the
    /// nearness in meaning, 0 to 1. `None` where none can be as like as [`ALIKE`].
    fn likest(&self, mark: &Mark) -> Option<(usize, f32)> {
        let mut n_common = vec![0_usize; self.marks.len()];
        for places in mark.words.iter().filter_map(|word| self.with_word.get(word)) {
            places.iter().for_each(|place| n_common[*place] += 1);
        }
        let likeness = |(place, n_common): (usize, usize)| {
            let (n_words, vector) = &self.marks[place];
            let words = n_common as f32 / (n_words + mark.words.len() - n_common) as f32;
            // With words this different no meaning makes up for it, and most leaders are.
            if f32::midpoint(words, MOST_MEANING) < ALIKE {
                return None;
            }
            let meaning = dot(vector, &mark.vector).max(0.0);
            Some((place, f32::midpoint(words, meaning)))
        };
        let alike = n_common.into_iter().enumerate().filter_map(likeness);
        alike.max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;

    #[test]
    fn the_likest_leader_is_the_one_that_each_by_itself_would_give() {
        let base = harbour::base().unwrap();
        let snapshot = Snapshot::new(base.clone());
        let of_gaps = base.briefings.iter().flat_map(|briefing| &briefing.gaps);
        let of_gaps = of_gaps.flat_map(|gap| &gap.phrasings);
        let texts = base.facts().flat_map(|(_, fact)| &fact.phrasings).chain(of_gaps);
        let mark = |text: &str| Mark::of(&snapshot.matcher().analyse(&normalise(text)));
        let texts: Vec<&str> = texts.chain(["", "?", "and", "why?"]).collect();
        // So that each has one that is like it.
        let texts = [texts.clone(), texts].concat();
        let mut leaders = Leaders::default();
        let mut n_alike = 0;
        for (n_leaders, text) in texts.iter().enumerate() {
            let marked = mark(text);
            let each = texts[..n_leaders].iter().map(|leader| {
                let leader = mark(leader);
                let n_common = leader.words.intersection(&marked.words).count();
                let n_all = leader.words.union(&marked.words).count();
                f32::midpoint(
                    n_common as f32 / n_all as f32,
                    dot(&leader.vector, &marked.vector).max(0.0),
                )
            });
            let expected = each
                .enumerate()
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .filter(|(_, likeness)| *likeness >= ALIKE);
            let found = leaders.likest(&marked).filter(|(_, likeness)| *likeness >= ALIKE);
            assert_eq!(found, expected, "{text}");
            n_alike += usize::from(found.is_some());
            leaders.add(marked);
        }
        assert!(n_alike > 0);
    }

    #[test]
    fn a_name_that_two_groups_have_names_neither() {
        let group = |id: &str, times: usize| Group {
            id: id.to_owned(),
            questions: vec![("How high?".to_owned(), times), ("how tall".to_owned(), 2)],
            nearest: None,
            gap: None,
        };
        let grouped = Grouped {
            groups: vec![group("aa", 1), group("bb", 2), group("aa", 3)],
            ..Grouped::default()
        };
        assert_eq!(grouped.named("bb"), Some(&grouped.groups[1]));
        assert_eq!((grouped.named("aa"), grouped.named("cc")), (None, None));
    }

    #[test]
    fn what_was_asked_beyond_all_counting_is_counted_as_most() {
        let most = ("How high?".to_owned(), usize::MAX);
        let counted = counted(&[most.clone(), most.clone()]);
        assert_eq!(counted, std::slice::from_ref(&most));
        let group = Group {
            id: String::new(),
            questions: vec![most.clone(), most],
            nearest: None,
            gap: None,
        };
        assert_eq!(group.n_asked(), usize::MAX);
    }
}
