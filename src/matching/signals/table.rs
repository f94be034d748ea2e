//! Which signals there are, in which order, and what each may say.
//!
//! Promise: whoever needs one signal names it ([`place`]), so that another one among them shifts nothing. Deliberately
//! absent: how they are computed, and what they weigh.

/// The number of signals.
pub const N_SIGNALS: usize = 50;

/// What a signal may say of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Only for it.
    For,
    /// Only against it.
    Against,
    /// Either; the fit decides.
    Either,
}

impl Sign {
    /// Whether a weight has this sign.
    #[must_use]
    pub fn allows(self, weight: f64) -> bool {
        match self {
            Self::For => weight >= 0.0,
            Self::Against => weight <= 0.0,
            Self::Either => true,
        }
    }
}

/// Each signal's name, in the order of [`Signals`](super::Signals), and what it may say of a fact, whatever the questions of a fit say: an
/// unknown word, another number or another name is never a reason to assert, in no fact base.
const TABLE: [(&str, Sign); N_SIGNALS] = {
    use Sign::{Against, Either, For};
    [
        ("nearest-words", For),
        ("nearest-meaning", For),
        ("likelihood", For),
        ("margin-same", For),
        ("margin-other", For),
        ("margin", For),
        ("coverage", For),
        ("soft-coverage", For),
        ("heaviest-missing", Against),
        ("elsewhere", Against),
        ("rival-coverage", Against),
        ("noun-missing", Against),
        ("kind-declared", For),
        ("kind-against", Against),
        ("kind-nearest", For),
        ("entities-missing", Against),
        ("foreign-name", Against),
        ("unknown-words", Against),
        ("number-missing", Against),
        ("date-missing", Against),
        ("counted-other", Against),
        ("opposite", Against),
        ("roles-swapped", Against),
        ("lead", For),
        ("context", For),
        ("length", Either),
        ("joined", Either),
        ("head-missing", Against),
        ("hardest-missing", Against),
        ("exchanged", Against),
        ("rival", Either),
        ("nearest-words-ahead", For),
        ("nearest-meaning-ahead", For),
        ("coverage-ahead", For),
        ("soft-coverage-ahead", For),
        ("heaviest-missing-ahead", Against),
        ("elsewhere-ahead", Against),
        ("noun-missing-ahead", Against),
        ("kind-declared-ahead", For),
        ("kind-against-ahead", Against),
        ("kind-nearest-ahead", For),
        ("entities-missing-ahead", Against),
        ("number-missing-ahead", Against),
        ("date-missing-ahead", Against),
        ("counted-other-ahead", Against),
        ("opposite-ahead", Against),
        ("context-ahead", For),
        ("head-missing-ahead", Against),
        ("hardest-missing-ahead", Against),
        ("exchanged-ahead", Against),
    ]
};

/// Names of the signals, in the order of [`Signals`](super::Signals); the weights file uses them. Those that end in `-ahead` say how far
/// a class is ahead of the best class of the other sort (a fact of the best gap, a gap of the best fact) in a signal.
pub const NAMES: [&str; N_SIGNALS] = {
    let mut names = [""; N_SIGNALS];
    let mut place = 0;
    while place < N_SIGNALS {
        names[place] = TABLE[place].0;
        place += 1;
    }
    names
};
/// What each signal may say of a fact.
pub const FACT_SIGNS: [Sign; N_SIGNALS] = {
    let mut signs = [Sign::Either; N_SIGNALS];
    let mut place = 0;
    while place < N_SIGNALS {
        signs[place] = TABLE[place].1;
        place += 1;
    }
    signs
};

/// The place of the signal of this name; in a constant, a name that is none does not compile.
#[must_use]
pub const fn place(name: &str) -> usize {
    let mut place = 0;
    while !is_same(NAMES[place].as_bytes(), name.as_bytes()) {
        place += 1;
    }
    place
}

/// `==` of slices is not to be had in a constant.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// See [`Ranked`](crate::matching::ranker::Ranked).
pub const NEAREST_MEANING: usize = place("nearest-meaning");
/// See [`Coverage::hard`](super::Coverage::hard).
pub const COVERAGE: usize = place("coverage");
/// See [`Coverage::soft`](super::Coverage::soft).
pub const SOFT_COVERAGE: usize = place("soft-coverage");
/// The weight of the heaviest word of the question that the class does not have.
pub const HARDEST_MISSING: usize = place("hardest-missing");
pub(super) const ENTITIES_MISSING: usize = place("entities-missing");
pub(super) const NUMBER_MISSING: usize = place("number-missing");
pub(super) const DATE_MISSING: usize = place("date-missing");
pub(super) const COUNTED_OTHER: usize = place("counted-other");
/// Whether the question was put together from two.
pub const JOINED: usize = place("joined");
/// 1 where there is a class of the other sort among the candidates. The signals after it are the differences.
pub(super) const RIVAL: usize = place("rival");
/// The signals that the differences are taken of, in order.
pub(super) const COMPARED: [usize; N_SIGNALS - RIVAL - 1] = [
    place("nearest-words"),
    NEAREST_MEANING,
    COVERAGE,
    SOFT_COVERAGE,
    place("heaviest-missing"),
    place("elsewhere"),
    place("noun-missing"),
    place("kind-declared"),
    place("kind-against"),
    place("kind-nearest"),
    ENTITIES_MISSING,
    NUMBER_MISSING,
    DATE_MISSING,
    COUNTED_OTHER,
    place("opposite"),
    place("context"),
    place("head-missing"),
    place("hardest-missing"),
    place("exchanged"),
];
/// The two signals that mean the same in every fact base.
pub const UNIVERSAL: [usize; 2] = [place("lead"), COVERAGE];
