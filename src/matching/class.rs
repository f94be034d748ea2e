//! What facts and gaps compete as: one class each, with everything that the signals and guards compare.
//!
//! Built once a snapshot. A class is known by its number; classes are ordered by briefing, facts before gaps, by id, so
//! that neither files' order nor names of files can change an answer.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, Term};
use super::kind::Kinds;
use super::negation::asks_for_the_rest;
use super::order::{self, Order};
use super::ranker::Collected;
use super::roles::Roles;
use super::sayers::sayers;
use super::subject;
use super::vocabulary::{NONE, StemId, Vocabulary};
use crate::fact::{Citation, Claim, FactBase, Kind, Texts};
use crate::text::normalise::normalise;
use crate::text::tokens::Shape;

/// Where a class comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A fact: places in [`FactBase::briefings`] and in its facts.
    Fact(usize, usize),
    /// A gap: places in [`FactBase::briefings`] and in its gaps.
    Gap(usize, usize),
}

impl Default for Origin {
    /// The first fact, until it is said otherwise.
    fn default() -> Self {
        Self::Fact(0, 0)
    }
}

/// One fact or gap, prepared for comparison. What the fact base says of it, and what follows from its order, is not kept
/// with what was learnt.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Class {
    /// Where it comes from.
    #[serde(skip)]
    pub origin: Origin,
    /// Its topic's number: topics of different briefings differ.
    #[serde(skip)]
    pub topic: u32,
    /// The places of its phrasings in the list of all.
    #[serde(skip)]
    pub phrasings: std::ops::Range<usize>,
    /// Stems of its phrasings, answer and entities, sorted.
    pub stems: Vec<StemId>,
    /// The stems among them that carry matter and have a meaning, sorted.
    pub matter: Vec<StemId>,
    /// Synonym groups of the same, sorted.
    pub groups: Vec<u32>,
    /// Entities that its phrasings and its answer name or that the curator declared, sorted.
    pub entities: Vec<u32>,
    /// Numbers that the same name, sorted.
    pub numbers: Vec<u64>,
    /// Dates that the same name, sorted.
    pub dates: Vec<(u8, u8)>,
    /// The kinds of question that the curator declared.
    #[serde(skip)]
    pub declared: Kinds,
    /// Stems of what its phrasings ask for.
    pub heads: Vec<StemId>,
    /// Synonym groups of the same.
    pub head_groups: Vec<u32>,
    /// Stems of what is counted.
    pub counts: Vec<StemId>,
    /// Groups of what is counted.
    pub count_groups: Vec<u32>,
    /// Whoever its phrasings let say it, sorted; none for a gap.
    pub sayers: Vec<u32>,
    /// Whomever its phrasings name first, sorted, where they agree on one; none for a gap.
    pub subjects: Vec<u32>,
    /// Who does what to whom, as its phrasings always have it, sorted; none for a gap.
    pub orders: Vec<Order>,
    /// Who does what to whom, as the curator declared it.
    #[serde(skip)]
    pub roles: Option<Roles>,
}

/// What the classes are made from, in the order of the classes.
struct Raw<'a> {
    origin: Origin,
    topic: u32,
    phrasings: &'a Texts,
    answer: &'a str,
    entities: &'a [String],
    kinds: &'a [Kind],
    counts: &'a [String],
    claim: Option<&'a Claim>,
    citations: &'a [Citation],
}

impl<'a> Raw<'a> {
    fn briefing(&self) -> usize {
        match self.origin {
            Origin::Fact(briefing, _) | Origin::Gap(briefing, _) => briefing,
        }
    }

    /// Everything that the class may be asked by or answers with. A gap's sentence is left out: it names what is known
    /// nearby, which is exactly what is not asked.
    fn texts(&self) -> Vec<&'a str> {
        let counts = self.counts.iter().map(String::as_str);
        let mut texts: Vec<&str> = self.phrasings.iter().chain(counts).collect();
        if matches!(self.origin, Origin::Fact(..)) {
            texts.push(self.answer);
            texts.extend(self.citations.iter().filter_map(|citation| citation.quote.as_deref()));
        }
        texts
    }
}

/// What is kept of one phrasing, beside what the ranker learns of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Phrasing {
    /// The kinds of answer that it asks for.
    pub kinds: Kinds,
    /// Its words in their order, see [`Analysis::sequence`].
    pub sequence: u32,
    /// Whether it asks for those of which something is not so.
    pub asks_for_the_rest: bool,
}

/// Reads all classes of a fact base, and its phrasings, which are also collected for the ranker.
#[must_use]
pub fn read(base: &FactBase) -> (Vocabulary, Vec<Class>, Vec<Phrasing>, Collected) {
    let raws = raws(base);
    let texts: Vec<Vec<&str>> = raws.iter().map(Raw::texts).collect();
    let vocabulary = Vocabulary::new(base, &texts);
    let mut classes = Vec::with_capacity(raws.len());
    let mut phrasings = Vec::new();
    let mut collected = Collected::new(raws.len());
    for (number, raw) in (0_u32..).zip(&raws) {
        let first = phrasings.len();
        let mut class = new_class(raw, &vocabulary);
        let mut orders = order::Counted::default();
        let mut subjects = subject::Counted::default();
        for text in raw.phrasings {
            let analysis = Analysis::new(&normalise(text), &vocabulary);
            collected.add(&analysis);
            orders.add(&analysis);
            subjects.add(&analysis, &vocabulary);
            class.take_in(&analysis);
            class.take_head(&analysis);
            class.sayers.extend(sayers(&analysis, &vocabulary).flatten());
            phrasings.push(Phrasing {
                kinds: analysis.asked.kinds,
                sequence: analysis.sequence(),
                asks_for_the_rest: asks_for_the_rest(&analysis),
            });
        }
        class.phrasings = first..phrasings.len();
        if class.is_gap() {
            class.sayers.clear();
        } else {
            class.orders = orders.settled();
            class.subjects = subjects.settled();
        }
        for text in &texts[number as usize][raw.phrasings.len()..] {
            class.take_in(&Analysis::new(&normalise(text), &vocabulary));
        }
        for text in raw.counts {
            class.count(&Analysis::new(&normalise(text), &vocabulary));
        }
        class.sort();
        classes.push(class);
    }
    (vocabulary, classes, phrasings, collected)
}

/// The classes of a fact base as [`read`] gave them, from what was learnt; `None` where that is of other facts.
pub(super) fn recall(
    base: &FactBase,
    vocabulary: &Vocabulary,
    learnt: Vec<Class>,
    n_phrasings: usize,
) -> Option<Vec<Class>> {
    let raws = raws(base);
    if raws.len() != learnt.len() || !learnt.iter().all(|class| class.fits(vocabulary)) {
        return None;
    }
    let mut classes = Vec::with_capacity(raws.len());
    let mut first = 0;
    for (raw, learnt) in raws.iter().zip(learnt) {
        let declared = new_class(raw, vocabulary);
        let phrasings = first..first + raw.phrasings.len();
        first = phrasings.end;
        classes.push(Class {
            origin: declared.origin,
            topic: declared.topic,
            phrasings,
            declared: declared.declared,
            roles: declared.roles,
            ..learnt
        });
    }
    (first == n_phrasings).then_some(classes)
}

fn raws(base: &FactBase) -> Vec<Raw<'_>> {
    let mut raws = Vec::new();
    let mut topics: FxHashMap<(usize, &str), u32> = FxHashMap::default();
    for (index, briefing) in base.briefings.iter().enumerate() {
        let mut facts: Vec<usize> = (0..briefing.facts.len()).collect();
        facts.sort_by(|a, b| briefing.facts[*a].id.cmp(&briefing.facts[*b].id));
        for place in facts {
            let fact = &briefing.facts[place];
            raws.push(Raw {
                origin: Origin::Fact(index, place),
                topic: number_of(&mut topics, (index, &fact.topic)),
                phrasings: &fact.phrasings,
                answer: &fact.answer,
                entities: &fact.entities,
                kinds: &fact.gives,
                counts: &fact.counts,
                claim: fact.claim.as_ref(),
                citations: &fact.citations,
            });
        }
        let mut gaps: Vec<usize> = (0..briefing.gaps.len()).collect();
        gaps.sort_by(|a, b| briefing.gaps[*a].id.cmp(&briefing.gaps[*b].id));
        for place in gaps {
            let gap = &briefing.gaps[place];
            raws.push(Raw {
                origin: Origin::Gap(index, place),
                topic: number_of(&mut topics, (index, &gap.topic)),
                phrasings: &gap.phrasings,
                answer: &gap.answer,
                entities: &gap.entities,
                kinds: &gap.asks,
                counts: &gap.counts,
                claim: None,
                citations: &gap.citations,
            });
        }
    }
    raws
}

/// Topics are numbered as they are met.
fn number_of<'a>(topics: &mut FxHashMap<(usize, &'a str), u32>, topic: (usize, &'a str)) -> u32 {
    let next = topics.len() as u32;
    *topics.entry(topic).or_insert(next)
}

/// A class with what the curator declared, and no words yet.
fn new_class(raw: &Raw<'_>, vocabulary: &Vocabulary) -> Class {
    let briefing = raw.briefing();
    let entity_numbers =
        |ids: &[String]| -> Vec<u32> { ids.iter().filter_map(|id| vocabulary.entity(briefing, id)).collect() };
    Class {
        origin: raw.origin,
        topic: raw.topic,
        entities: entity_numbers(raw.entities),
        declared: Kinds::of(raw.kinds),
        roles: raw.claim.map(|claim| Roles {
            agent: entity_numbers(&claim.agent),
            action: claim
                .action
                .as_ref()
                .and_then(|id| vocabulary.group(briefing, id))
                .map_or_else(Vec::new, |group| vocabulary.readings(group).to_vec()),
            target: entity_numbers(&claim.target),
            origin: entity_numbers(&claim.origin),
        }),
        ..Class::default()
    }
}

impl Class {
    /// Whether its phrasings, its answer or its entities have this word, in whatever form.
    #[must_use]
    pub fn has_word(&self, term: &Term) -> bool {
        term.stem_id.is_some_and(|stem| self.stems.binary_search(&stem).is_ok())
    }

    fn take_in(&mut self, analysis: &Analysis) {
        for term in &analysis.terms {
            self.stems.extend(term.stem_id);
            if term.group != NONE {
                self.groups.push(term.group);
            }
            if !term.is_function && term.row.is_some() {
                self.matter.extend(term.stem_id);
            }
            match term.shape {
                Shape::Number(number) => self.numbers.push(number),
                Shape::Date { month, day } => self.dates.push((month, day)),
                Shape::Word | Shape::Mixed => {}
            }
        }
        self.entities
            .extend(analysis.mentions.iter().flat_map(|mention| &mention.owners));
    }

    fn take_head(&mut self, phrasing: &Analysis) {
        let Some(head) = phrasing.asked.head.and_then(|head| phrasing.terms.get(head)) else {
            return;
        };
        self.heads.extend(head.stem_id);
        if head.group != NONE {
            self.head_groups.push(head.group);
        }
    }

    fn count(&mut self, analysis: &Analysis) {
        for term in &analysis.terms {
            self.counts.extend(term.stem_id);
            if term.group != NONE {
                self.count_groups.push(term.group);
            }
        }
    }

    fn sort(&mut self) {
        fn sort<T: Ord>(list: &mut Vec<T>) {
            list.sort_unstable();
            list.dedup();
        }
        sort(&mut self.stems);
        sort(&mut self.matter);
        sort(&mut self.groups);
        sort(&mut self.entities);
        sort(&mut self.sayers);
        sort(&mut self.numbers);
        sort(&mut self.dates);
        sort(&mut self.heads);
        sort(&mut self.head_groups);
        sort(&mut self.counts);
        sort(&mut self.count_groups);
    }

    /// Whether every number in it is one of the vocabulary's.
    fn fits(&self, vocabulary: &Vocabulary) -> bool {
        let stems = [&self.stems, &self.matter, &self.heads, &self.counts];
        let groups = [&self.groups, &self.head_groups, &self.count_groups];
        stems.into_iter().all(|stems| vocabulary.has_stems(stems))
            && groups.into_iter().all(|groups| vocabulary.has_groups(groups))
            && vocabulary.has_entities(&self.entities)
            && vocabulary.has_entities(&self.sayers)
            && vocabulary.has_entities(&self.subjects)
    }

    /// The phrasings of the fact or gap that it is.
    #[must_use]
    pub fn texts<'a>(&self, base: &'a FactBase) -> Option<&'a Texts> {
        let briefing = base.briefings.get(self.briefing())?;
        match self.origin {
            Origin::Fact(_, fact) => briefing.facts.get(fact).map(|fact| &fact.phrasings),
            Origin::Gap(_, gap) => briefing.gaps.get(gap).map(|gap| &gap.phrasings),
        }
    }

    /// Whether the class is a gap.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        matches!(self.origin, Origin::Gap(..))
    }

    /// The place of the briefing that it is of.
    #[must_use]
    pub fn briefing(&self) -> usize {
        let (Origin::Fact(briefing, _) | Origin::Gap(briefing, _)) = self.origin;
        briefing
    }
}
