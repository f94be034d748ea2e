//! From words to facts: which facts and gaps a question is about, and how sure that is.
//!
//! [`class`] prepares facts and gaps for comparison, [`analysis`] a question; [`ranker`] orders classes by likeness;
//! [`signals`] says what speaks for and against each of the best; [`confidence`] makes one calibrated number of it.
//! Promise: equal inputs, equal outputs. Deliberately absent: the decision what to say, which is `answer`'s.

pub mod analysis;
pub mod class;
pub mod confidence;
mod held_back;
pub mod kind;
pub mod learnt;
pub mod nearness;
pub mod negation;
pub mod order;
pub mod phrases;
pub mod ranker;
pub mod roles;
pub mod sayers;
pub mod signals;
pub mod subject;
pub mod vocabulary;

use rustc_hash::FxHashMap;

use analysis::Analysis;
use class::{Class, Origin, Phrasing};
use confidence::{CONFIDENCE_OF_FAR, Sort, Weights};
use nearness::Nearness;
use ranker::{Ranked, Ranker};
use signals::{Candidate, Common, Coverage, HARDEST_MISSING, HeldBack, Signals, Standing};
use vocabulary::{StemId, Vocabulary};

use crate::fact::FactBase;

/// Classes that get the full treatment.
const N_CANDIDATES: usize = 8;

/// How much the own words of a question count by themselves where it was put together with what it leans on: "its name?"
/// is asked of the summit, but it asks for a name. Chosen by `eval` on the 876 turns of the fit sets' dialogues: with 0,
/// 0.3, 0.6 and 1, right 89.5, 91.1, 90.8 and 91.3 %, wrong 4.7, 3.5, 3.7 and 3.8 %; and once follow-ups were read as they
/// are now, with 0.15, 0.3 and 0.45, right 90.4, 91.6 and 91.2 %, wrong 3.9, 3.2 and 3.3 %.
const WEIGHT_OF_OWN: f32 = 0.3;

/// From this cosine on, a question has all words of an example question; the rest is rounding. One word that is another makes
/// it 0.98 at most, even in a question of thirty, where example questions have that word; one that they do not have is no
/// feature, and is looked for apart, as is the order, since pairs of words that stand once are no features either.
const SAME_WORDS: f32 = 0.9995;
/// The confidence where a question is asked in the very words of an example question. The curator says that these words
/// ask for this fact, and `check` that no other fact or gap has them; what is left are grammar's words that a reader passes
/// over. The weights cannot learn this: a labelled question seldom has a curator's very words.
const CONFIDENCE_OF_OWN_WORDS: f32 = 0.97;

/// What the conversation is about: facts that count as its matter, and the topics they belong to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// Class numbers.
    pub classes: Vec<u32>,
    /// Topic numbers.
    pub topics: Vec<u32>,
    /// Whether the facts were said, and not only near to what was asked.
    pub is_said: bool,
    /// Whether the question is put together with the one before it.
    pub is_joined: bool,
    /// Places of the only briefings that may answer; `None`: any.
    pub briefings: Option<Vec<usize>>,
}

impl Context {
    /// How much a class belongs to it: 1 for a class that was spoken of, a half for one of the same topic.
    #[must_use]
    fn nearness(&self, number: u32, class: &Class) -> f32 {
        if self.classes.contains(&number) {
            1.0
        } else if self.topics.contains(&class.topic) {
            0.5
        } else {
            0.0
        }
    }
}

/// A class as a candidate for a question.
#[derive(Debug, Clone)]
pub struct Match {
    /// The class's number.
    pub class: u32,
    /// How likely it is right, 0 to 1.
    pub confidence: f32,
    /// How much the conversation was about it, 0 to 1.
    pub context: f32,
    /// What spoke for and against it.
    pub signals: Signals,
    /// Why it was held back, if it was; the very words of an example question overrule that.
    pub held_back: Option<HeldBack>,
    /// What the ranker said.
    pub ranked: Ranked,
    /// Whether it is asked for in the very words of an example question.
    pub is_in_own_words: bool,
}

/// Everything derived from a fact base.
#[derive(Debug)]
pub struct Matcher {
    vocabulary: Vocabulary,
    classes: Vec<Class>,
    /// The number of each class by its origin.
    numbers: FxHashMap<Origin, u32>,
    /// All phrasings, each class's together.
    phrasings: Vec<Phrasing>,
    ranker: Ranker,
    nearness: Nearness,
    weights: Weights,
    /// Whether there is nothing to go by but example questions: no gaps, no entities.
    is_bare: bool,
}

impl Matcher {
    /// Learns a fact base, with the shipped weights.
    #[must_use]
    pub fn new(base: &FactBase) -> Self {
        Self::with_weights(base, Weights::shipped())
    }

    /// Learns a fact base, with other weights.
    #[must_use]
    pub fn with_weights(base: &FactBase, weights: Weights) -> Self {
        let (vocabulary, classes, phrasings, collected) = class::read(base);
        let places = classes.iter().map(|class| class.phrasings.clone()).collect();
        let ranker = Ranker::new(collected, places, &vocabulary);
        let nearness = Nearness::new(&classes, &vocabulary);
        Self {
            weights,
            ..Self::of_parts(base, vocabulary, classes, phrasings, ranker, nearness)
        }
    }

    /// With the shipped weights.
    fn of_parts(
        base: &FactBase,
        vocabulary: Vocabulary,
        classes: Vec<Class>,
        phrasings: Vec<Phrasing>,
        ranker: Ranker,
        nearness: Nearness,
    ) -> Self {
        Self {
            nearness,
            vocabulary,
            numbers: classes.iter().map(|class| class.origin).zip(0..).collect(),
            classes,
            phrasings,
            ranker,
            weights: Weights::shipped(),
            is_bare: base
                .briefings
                .iter()
                .all(|briefing| briefing.gaps.is_empty() && briefing.entities.is_empty()),
        }
    }

    /// Puts other weights in place.
    pub fn set_weights(&mut self, weights: Weights) {
        self.weights = weights;
    }

    /// The weights in use.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The words of the fact base.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// A class by its number, which is one of this matcher's.
    ///
    /// # Panics
    /// If no class has the number.
    #[must_use]
    pub fn class(&self, number: u32) -> &Class {
        &self.classes[number as usize]
    }

    /// Whether a fact uses the word with this stem, in its answer or its example questions.
    #[must_use]
    pub fn is_in_a_fact(&self, stem: StemId) -> bool {
        let mut facts = self.classes.iter().filter(|class| !class.is_gap());
        facts.any(|class| class.stems.binary_search(&stem).is_ok())
    }

    /// The number of classes.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// The number of the class with this origin.
    #[must_use]
    pub fn class_of(&self, origin: Origin) -> Option<u32> {
        self.numbers.get(&origin).copied()
    }

    /// The phrasing of a match that is nearest to the question, as the curator wrote it; `base` is what was learnt from.
    #[must_use]
    pub fn nearest_phrasing<'a>(&self, base: &'a FactBase, found: &Match) -> &'a str {
        let class = self.class(found.class);
        let texts = class.texts(base);
        let text = texts.and_then(|texts| texts.get(found.ranked.nearest - class.phrasings.start));
        text.unwrap_or_default()
    }

    /// Reads normalised text.
    #[must_use]
    pub fn analyse(&self, normalised: &str) -> Analysis {
        Analysis::new(normalised, &self.vocabulary)
    }

    /// Whether the question has somebody do what the class's phrasings always say that another does.
    #[must_use]
    pub fn is_turned_round(&self, question: &Analysis, class: u32) -> bool {
        order::is_turned_round(question, &self.class(class).orders)
    }

    /// The classes nearest to words still being typed, by likeness alone, since half a question has no confidence; of the
    /// briefings at these places, or of all.
    #[must_use]
    pub fn find_unfinished(&self, typed: &Analysis, briefings: Option<Vec<usize>>, limit: usize) -> Vec<Match> {
        let context = Context {
            briefings,
            ..Context::default()
        };
        // Gaps are not offered, and there may be as many of them near as facts.
        let ranked = self
            .ranker
            .rank(typed, None, |class| self.may_answer(class, &context), 3 * limit);
        let mut matches = self.judge(typed, &ranked, &context);
        matches.sort_by(|a, b| {
            let nearness =
                |found: &Match| found.ranked.nearest_words + found.ranked.nearest_meaning + found.ranked.score;
            nearness(b).total_cmp(&nearness(a)).then(a.class.cmp(&b.class))
        });
        matches
    }

    /// The best classes for a question, most likely first, in the light of what the conversation is about.
    #[must_use]
    pub fn find(&self, question: &Analysis, context: &Context) -> Vec<Match> {
        self.find_leaning(question, None, context)
    }

    /// The best classes for a question that was put together with what it leans on; `own` is the question without that.
    #[must_use]
    pub fn find_leaning(&self, question: &Analysis, own: Option<&Analysis>, context: &Context) -> Vec<Match> {
        let own = own.map(|own| (own, WEIGHT_OF_OWN));
        let ranked = self
            .ranker
            .rank(question, own, |class| self.may_answer(class, context), N_CANDIDATES);
        let mut matches = self.judge(question, &ranked, context);
        matches.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.class.cmp(&b.class)));
        matches
    }

    /// The gap that is most like the question. Labels say whether declining is right, not which gap is: so the fitted
    /// confidence tells whether a gap is meant, and the ranker which.
    #[must_use]
    pub fn likest_gap<'a>(&self, matches: &'a [Match]) -> Option<&'a Match> {
        let gaps = matches.iter().filter(|found| self.class(found.class).is_gap());
        gaps.max_by(|a, b| a.ranked.score.total_cmp(&b.ranked.score).then(b.class.cmp(&a.class)))
    }

    /// Whether the class is of a briefing that may answer.
    fn may_answer(&self, class: u32, context: &Context) -> bool {
        let briefings = context.briefings.as_ref();
        briefings.is_none_or(|briefings| briefings.contains(&self.class(class).briefing()))
    }

    fn judge(&self, question: &Analysis, ranked: &[Ranked], context: &Context) -> Vec<Match> {
        let common = Common::new(question);
        let cover = |candidate: &Ranked| {
            let candidate = Candidate {
                number: candidate.class,
                class: self.class(candidate.class),
                vocabulary: &self.vocabulary,
                nearness: &self.nearness,
            };
            signals::coverage(question, &common, candidate)
        };
        let coverages: Vec<Coverage> = ranked.iter().map(cover).collect();
        let rivals = Rivals::of(self, ranked, &coverages);
        let signals_of = |(candidate, covered): (&Ranked, &Coverage)| {
            let class = self.class(candidate.class);
            let nearest = self.phrasings[candidate.nearest].kinds;
            let standing = rivals.standing(candidate, class, context);
            signals::signals(
                (question, &common),
                class,
                covered,
                candidate,
                nearest,
                standing,
                &self.vocabulary,
            )
        };
        let mut signals: Vec<Signals> = ranked.iter().zip(&coverages).map(signals_of).collect();
        let asked_of: Vec<&[u32]> = sayers::sayers(question, &self.vocabulary).collect();
        self.compare(ranked, &mut signals);
        let judged = ranked.iter().zip(signals).map(|(candidate, signals)| {
            let context = context.nearness(candidate.class, self.class(candidate.class));
            self.weigh(question, &asked_of, *candidate, signals, context)
        });
        judged.collect()
    }

    /// One confidence of the signals, and of what the weights cannot learn.
    fn weigh(&self, question: &Analysis, asked_of: &[&[u32]], ranked: Ranked, signals: Signals, context: f32) -> Match {
        let class = self.class(ranked.class);
        let sort = self.sort_of(class);
        let held_back = match sort {
            Sort::Fact => self.held_back(question, asked_of, &ranked, &signals),
            Sort::Gap | Sort::Bare => None,
        };
        let is_in_own_words = ranked.nearest_words > SAME_WORDS
            && signals[HARDEST_MISSING] <= 0.0
            && self.has_phrasing_of(class, question.sequence())
            && !self.is_turned_round(question, ranked.class);
        let mut confidence = self.weights.confidence(&signals, sort);
        if held_back.is_some() {
            confidence = confidence.min(CONFIDENCE_OF_FAR);
        }
        if is_in_own_words {
            confidence = confidence.max(CONFIDENCE_OF_OWN_WORDS);
        }
        Match {
            class: ranked.class,
            confidence,
            context,
            signals,
            held_back,
            ranked,
            is_in_own_words,
        }
    }

    /// Whether a phrasing of the class has these words in this order.
    fn has_phrasing_of(&self, class: &Class, sequence: u32) -> bool {
        let phrasings = self.phrasings.get(class.phrasings.clone()).unwrap_or_default();
        phrasings.iter().any(|phrasing| phrasing.sequence == sequence)
    }

    /// Which of the weights apply to a class.
    #[must_use]
    pub fn sort_of(&self, class: &Class) -> Sort {
        if class.is_gap() {
            Sort::Gap
        } else if self.is_bare && class.declared.is_empty() {
            Sort::Bare
        } else {
            Sort::Fact
        }
    }

    /// Holds each candidate against the first of the other sort.
    fn compare(&self, ranked: &[Ranked], signals: &mut [Signals]) {
        let first = |is_gap: bool| {
            let place = ranked
                .iter()
                .position(|candidate| self.class(candidate.class).is_gap() == is_gap)?;
            Some(signals[place])
        };
        let (fact, gap) = (first(false), first(true));
        for (candidate, signals) in ranked.iter().zip(signals) {
            let rival = if self.class(candidate.class).is_gap() {
                &fact
            } else {
                &gap
            };
            signals::compare(signals, rival.as_ref());
        }
    }
}

/// The best two facts and the best two gaps, which every candidate is held against.
struct Rivals {
    /// Each: class and likelihood; facts, then gaps.
    best: [[Option<(u32, f32)>; 2]; 2],
    coverage: [f32; 2],
}

/// The likelihood of a class that is not among the candidates.
const NO_LIKELIHOOD: f32 = -9.0;

impl Rivals {
    fn of(matcher: &Matcher, ranked: &[Ranked], coverages: &[Coverage]) -> Self {
        let mut rivals = Self {
            best: [[None; 2]; 2],
            coverage: [0.0; 2],
        };
        for (candidate, covered) in ranked.iter().zip(coverages) {
            let class = matcher.class(candidate.class);
            let sort = usize::from(class.is_gap());
            if let Some(slot) = rivals.best[sort].iter_mut().find(|slot| slot.is_none()) {
                *slot = Some((candidate.class, likelihood(candidate)));
            }
            rivals.coverage[sort] = rivals.coverage[sort].max(covered.hard);
        }
        rivals
    }

    fn standing(&self, candidate: &Ranked, class: &Class, context: &Context) -> Standing {
        let sort = usize::from(class.is_gap());
        let other_than = |sort: usize| {
            self.best[sort]
                .iter()
                .flatten()
                .find(|(class, _)| *class != candidate.class)
                .map_or(NO_LIKELIHOOD, |(_, likelihood)| *likelihood)
        };
        let likelihood = likelihood(candidate);
        let (same, other) = (other_than(sort), other_than(1 - sort));
        Standing {
            margin: candidate.score - same.max(other).exp(),
            likelihood,
            margin_same: likelihood - same,
            margin_other: likelihood - other,
            rival_coverage: self.coverage[1 - sort],
            context: context.nearness(candidate.class, class),
            is_joined: context.is_joined,
        }
    }
}

fn likelihood(candidate: &Ranked) -> f32 {
    candidate.score.ln().max(NO_LIKELIHOOD)
}
