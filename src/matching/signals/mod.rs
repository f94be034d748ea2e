//! What speaks for and against one class as the place where a question is answered, each as one number.
//!
//! Most signals are computed from the question's analysis and one class alone; the margins, what the conversation says,
//! and those that end in `-ahead` also from the other candidates ([`Standing`], [`compare`]). Which there are is said in
//! `table`, which of them outweigh all others in `guards`. How much a signal counts is not said here but in
//! `weights.toml`, fitted by `briefing-bot fit`.

mod guards;
mod table;

use super::analysis::{Analysis, Knowledge, Term};
use super::class::Class;
use super::kind::Kinds;
use super::nearness::Nearness;
use super::ranker::Ranked;
use super::roles;
use super::vocabulary::{NONE, StemId, Vocabulary};
use crate::fact::Kind;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;
use crate::text::tokens::{Shape, month};
use crate::text::vectors::{self, DIMENSIONS};

pub use guards::{HeldBack, held_back};
use table::{COMPARED, RIVAL};
pub use table::{
    COVERAGE, FACT_SIGNS, HARDEST_MISSING, JOINED, N_SIGNALS, NAMES, NEAREST_MEANING, SOFT_COVERAGE, Sign, UNIVERSAL,
    place,
};

/// One value for each of [`NAMES`].
pub type Signals = [f32; N_SIGNALS];

/// What the ranking says beyond the class itself.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// How far the class is ahead of the best other one (negative where it is behind), in the ranker's score.
    pub margin: f32,
    /// The logarithm of the ranker's probability.
    pub likelihood: f32,
    /// How far its likelihood is ahead of the best other class of the same sort (fact or gap).
    pub margin_same: f32,
    /// How far its likelihood is ahead of the best class of the other sort.
    pub margin_other: f32,
    /// The best coverage of the question by any class of the other sort.
    pub rival_coverage: f32,
    /// 1 where the conversation was about it, a half where it was about its topic, else 0.
    pub context: f32,
    /// Whether the question was put together with the one before it.
    pub is_joined: bool,
}

/// Computes the signals of a class for a question; the differences are left to [`compare`].
#[must_use]
pub fn signals(
    (question, common): (&Analysis, &Common),
    class: &Class,
    covered: &Coverage,
    ranked: &Ranked,
    nearest: Kinds,
    standing: Standing,
    vocabulary: &Vocabulary,
) -> Signals {
    let (kind_declared, kind_against) = kind_declared(question, class);
    // A signal of the table that has no value here, or a value too many, does not compile.
    let own: [f32; RIVAL] = [
        ranked.nearest_words,
        ranked.nearest_meaning,
        standing.likelihood,
        standing.margin_same,
        standing.margin_other,
        standing.margin,
        covered.hard,
        covered.soft,
        covered.heaviest_missing,
        covered.elsewhere,
        (standing.rival_coverage - covered.hard).max(0.0),
        covered.noun_missing,
        kind_declared,
        kind_against,
        kind_nearest(question, nearest),
        entities_missing(question, class),
        common.foreign_names,
        common.unknown,
        numbers_missing(question, class),
        dates_missing(question, common, class),
        counted_other(question, class, standing.is_joined),
        opposite(question, class, vocabulary),
        class
            .roles
            .as_ref()
            .map_or(0.0, |roles| roles::swapped(question, roles)),
        ranked.lead,
        standing.context,
        common.length,
        f32::from(u8::from(standing.is_joined)),
        covered.head_missing,
        covered.hardest_missing,
        covered.hardest_missing * ranked.nearest_words,
    ];
    let mut signals = [0.0; N_SIGNALS];
    signals[..RIVAL].copy_from_slice(&own);
    signals
}

/// Fills in how far a class is ahead of the best class of the other sort.
pub fn compare(signals: &mut Signals, rival: Option<&Signals>) {
    signals[RIVAL] = f32::from(u8::from(rival.is_some()));
    for (place, compared) in COMPARED.into_iter().enumerate() {
        signals[RIVAL + 1 + place] = rival.map_or(0.0, |rival| signals[compared] - rival[compared]);
    }
}

/// How much of the question the class's own words account for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Coverage {
    /// The share of weight of words that the class uses itself, in any form, or under another alias or synonym.
    pub hard: f32,
    /// The same, where a word that the class does not use counts as far as it means something near.
    pub soft: f32,
    /// The weight of the heaviest word that is not covered, as far as nothing near is meant.
    pub heaviest_missing: f32,
    /// The share of weight of words that other classes use and this one does not.
    pub elsewhere: f32,
    /// How little the noun asked for ("which *camera*", "how many *launchers*") is covered; 0 where there is none.
    pub noun_missing: f32,
    /// How far what is asked for is from all that the class's phrasings ask for, 0 to 1; 0 where only a question word
    /// says what is asked for.
    pub head_missing: f32,
    /// The weight of the heaviest word that the class does not use, whatever is near to it. Where the rest is nearly a
    /// phrasing of the class, one word was exchanged for another, and that is another question.
    pub hardest_missing: f32,
}

/// What is the same of a question whatever it is held against; worked out once a question.
#[derive(Debug)]
pub struct Common {
    /// What the words mean that carry matter. A name means nothing: what is said of one state is not said of another.
    meanings: Vec<Option<Meaning>>,
    /// The share of weight of well-known names that the fact base does not have.
    foreign_names: f32,
    /// The share of weight of words that are not known at all.
    unknown: f32,
    /// See [`length`].
    length: f32,
    /// The places of the words and dates that say when.
    times: Vec<usize>,
}

/// What a word means.
#[derive(Debug)]
enum Meaning {
    /// The same as this stem of the fact base.
    Own(StemId),
    /// Something that the fact base has no word for.
    Other(Box<Packed>),
}

impl Common {
    /// Works it out.
    #[must_use]
    pub fn new(question: &Analysis) -> Self {
        let meaning = |term: &Term| {
            let row = term
                .row
                .filter(|_| !term.is_function && term.knowledge != Knowledge::ForeignName)?;
            if let Some(stem) = term.stem_id {
                return Some(Meaning::Own(stem));
            }
            let mut vector = [0.0; DIMENSIONS];
            vectors::table().add(row, 1.0, &mut vector);
            vectors::to_unit_length(&mut vector);
            Some(Meaning::Other(Box::new(Packed::new(&vector))))
        };
        let times = question.terms.iter().enumerate().filter(|(_, term)| says_when(term));
        Self {
            meanings: question.terms.iter().map(meaning).collect(),
            foreign_names: share(question, |knowledge| knowledge == Knowledge::ForeignName),
            unknown: share(question, |knowledge| knowledge == Knowledge::Unknown),
            length: length(question),
            times: times.map(|(place, _)| place).collect(),
        }
    }
}

impl Meaning {
    /// How near it is to the nearest of these stems, 0 to 1.
    fn nearest(&self, stems: &[StemId], vocabulary: &Vocabulary) -> f32 {
        let vectors = vocabulary.vectors();
        let own = match self {
            Self::Own(stem) => &vectors[*stem as usize],
            Self::Other(vector) => vector,
        };
        Lanes::default().largest_dot(own, vectors, stems).min(1.0)
    }
}

/// A class that a question is held against, with what was worked out about it and all the others.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The class's number.
    pub number: u32,
    /// The class.
    pub class: &'a Class,
    /// The words.
    pub vocabulary: &'a Vocabulary,
    /// How near words are to classes.
    pub nearness: &'a Nearness,
}

impl Candidate<'_> {
    /// How near a word is in meaning to the nearest word of the class, 0 to 1.
    fn nearness(&self, meaning: &Meaning) -> f32 {
        let known = match meaning {
            Meaning::Own(stem) => self.nearness.of(*stem, self.number),
            Meaning::Other(_) => None,
        };
        known.unwrap_or_else(|| meaning.nearest(&self.class.matter, self.vocabulary))
    }
}

/// How much of the question the class accounts for.
#[must_use]
pub fn coverage(question: &Analysis, common: &Common, candidate: Candidate<'_>) -> Coverage {
    let class = candidate.class;
    let mut coverage = Coverage::default();
    let mut all = 0.0;
    let noun = question.asked.noun.or(question.asked.counted.map(|(_, end)| end - 1));
    for (place, term) in question.terms.iter().enumerate().filter(|(_, term)| !term.is_function) {
        all += term.weight;
        if covers(question, class, place) {
            coverage.hard += term.weight;
            coverage.soft += term.weight;
            continue;
        }
        coverage.hardest_missing = coverage.hardest_missing.max(term.weight);
        let nearness = common.meanings[place]
            .as_ref()
            .map_or(0.0, |meaning| candidate.nearness(meaning));
        coverage.soft += term.weight * nearness;
        coverage.heaviest_missing = coverage.heaviest_missing.max(term.weight * (1.0 - nearness));
        if term.knowledge == Knowledge::Own {
            coverage.elsewhere += term.weight;
        }
        if noun == Some(place) {
            coverage.noun_missing = 1.0 - nearness;
        }
    }
    coverage.head_missing = head_missing(question, common, candidate);
    if all > 0.0 {
        coverage.hard /= all;
        coverage.soft /= all;
        coverage.elsewhere /= all;
    }
    coverage
}

/// Whether the class uses the word itself, in any form, or a synonym of it, or another alias of what it names.
fn covers(question: &Analysis, class: &Class, place: usize) -> bool {
    let term = &question.terms[place];
    term.stem_id.is_some_and(|id| class.stems.binary_search(&id).is_ok())
        || (term.group != NONE && class.groups.binary_search(&term.group).is_ok())
        || question.mentions.iter().any(|mention| {
            (mention.start..mention.start + mention.length).contains(&place)
                && has_any(&class.entities, &mention.owners)
        })
}

fn head_missing(question: &Analysis, common: &Common, candidate: Candidate<'_>) -> f32 {
    let class = candidate.class;
    let Some((place, head)) = question
        .asked
        .head
        .and_then(|place| Some((place, question.terms.get(place)?)))
    else {
        return 0.0;
    };
    let is_asked = head.stem_id.is_some_and(|id| class.heads.binary_search(&id).is_ok())
        || (head.group != NONE && class.head_groups.binary_search(&head.group).is_ok());
    if is_asked {
        return 0.0;
    }
    let nearest = common.meanings[place]
        .as_ref()
        .map_or(0.0, |meaning| meaning.nearest(&class.heads, candidate.vocabulary));
    1.0 - nearest
}

fn has_any(sorted: &[u32], wanted: &[u32]) -> bool {
    wanted.iter().any(|one| sorted.binary_search(one).is_ok())
}

/// Kinds that only an answer of that kind satisfies. "What", "which", "how" and yes-no questions are asked of
/// everything, so they speak against little.
pub const STRICT_KINDS: [Kind; 6] = [Kind::Who, Kind::When, Kind::Where, Kind::HowMany, Kind::Why, Kind::Name];

/// Whether the kind asked for is one that the curator declared, and whether it is another one; each 0 to 1.
fn kind_declared(question: &Analysis, class: &Class) -> (f32, f32) {
    let asked = question.asked.kinds;
    if asked.is_empty() || class.declared.is_empty() {
        return (0.0, 0.0);
    }
    let is_strict = asked.iter().any(|kind| STRICT_KINDS.contains(&kind));
    match (asked.meets(class.declared), is_strict) {
        (true, true) => (1.0, 0.0),
        (true, false) => (0.5, 0.0),
        (false, true) => (0.0, 1.0),
        (false, false) => (0.0, 0.2),
    }
}

/// Whether the nearest phrasing asks for the same kind: 1 the same, -1 another, 0 where either has none.
fn kind_nearest(question: &Analysis, nearest: Kinds) -> f32 {
    let asked = question.asked.kinds;
    if asked.is_empty() || nearest.is_empty() {
        0.0
    } else if asked.meets(nearest) {
        1.0
    } else {
        -1.0
    }
}

/// The share of the entities named by the question that the class does not have.
fn entities_missing(question: &Analysis, class: &Class) -> f32 {
    let n_missing = question
        .mentions
        .iter()
        .filter(|mention| !has_any(&class.entities, &mention.owners))
        .count();
    if question.mentions.is_empty() {
        0.0
    } else {
        n_missing as f32 / question.mentions.len() as f32
    }
}

/// The share of the question's weight that words of this knowledge carry; a word that is said again adds nothing.
fn share(question: &Analysis, wanted: impl Fn(Knowledge) -> bool) -> f32 {
    let (mut all, mut part) = (0.0, 0.0);
    for (place, term) in question.terms.iter().enumerate().filter(|(_, term)| !term.is_function) {
        if question.terms[..place].iter().any(|before| before.stem == term.stem) {
            continue;
        }
        all += term.weight;
        if wanted(term.knowledge) {
            part += term.weight;
        }
    }
    if all > 0.0 { part / all } else { 0.0 }
}

/// Numbers of the question that the class does not name.
fn numbers_missing(question: &Analysis, class: &Class) -> f32 {
    let missing = question.terms.iter().filter(|term| match term.shape {
        Shape::Number(number) => class.numbers.binary_search(&number).is_err(),
        Shape::Mixed => term.stem_id.is_none_or(|id| class.stems.binary_search(&id).is_err()),
        _ => false,
    });
    (missing.count() as f32).min(2.0)
}

/// Whether the word is a date, or a month's or a day's name.
#[must_use]
pub fn says_when(term: &Term) -> bool {
    match term.shape {
        Shape::Date { .. } => true,
        Shape::Word => names_a_time(&term.word),
        _ => false,
    }
}

/// Whether the word is a month's or a day's.
fn names_a_time(word: &str) -> bool {
    const DAYS: [&str; 11] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "yesterday",
        "today",
        "tomorrow",
        "tonight",
    ];
    // `may` and `march` are verbs more often than months.
    DAYS.contains(&word) || month(word).is_some() && !matches!(word, "may" | "march")
}

/// Dates, months and weekdays of the question that the class does not name.
fn dates_missing(question: &Analysis, common: &Common, class: &Class) -> f32 {
    let is_missing = |place: &&usize| {
        let term = &question.terms[**place];
        match term.shape {
            Shape::Date { month, day } => class.dates.binary_search(&(month, day)).is_err(),
            _ => term.stem_id.is_none_or(|id| class.stems.binary_search(&id).is_err()),
        }
    };
    (common.times.iter().filter(is_missing).count() as f32).min(2.0)
}

/// 1 where a number of something is asked for and the class counts something else or nothing.
fn counted_other(question: &Analysis, class: &Class, is_joined: bool) -> f32 {
    let counted = match question.asked.counted {
        Some((from, to)) => &question.terms[from..to],
        // "How many of those?": what was spoken of.
        None if is_joined && question.asked.kinds.has(Kind::HowMany) && question.asked.noun.is_none() => {
            &question.terms
        }
        None => return 0.0,
    };
    let is_counted = counted.iter().any(|term| {
        term.stem_id.is_some_and(|id| class.counts.binary_search(&id).is_ok())
            || (term.group != NONE && class.count_groups.binary_search(&term.group).is_ok())
    });
    if is_counted { 0.0 } else { 1.0 }
}

/// 1 where the question uses the opposite of a word of the class, and the class does not use that opposite itself.
fn opposite(question: &Analysis, class: &Class, vocabulary: &Vocabulary) -> f32 {
    let speaks_against = question.terms.iter().filter(|term| term.group != NONE).any(|term| {
        class.groups.binary_search(&term.group).is_err()
            && vocabulary
                .opposites(term.group)
                .iter()
                .any(|opposite| class.groups.binary_search(opposite).is_ok())
    });
    if speaks_against { 1.0 } else { 0.0 }
}

/// How much there is to go by: 0 for a word or two, towards 1 for a sentence.
fn length(question: &Analysis) -> f32 {
    let n_content = question.content().count() as f32;
    n_content / (n_content + 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(question: &str) -> Analysis {
        crate::matching::Matcher::new(&crate::fact::FactBase::new(Vec::new())).analyse(question)
    }

    #[track_caller]
    fn is(value: f32, expected: f32) {
        assert!((value - expected).abs() < f32::EPSILON, "{value} is not {expected}");
    }

    #[test]
    fn numbers_and_dates_that_the_class_lacks_are_missing() {
        let question = analysis("did 12 boats come on dec 31");
        let common = Common::new(&question);
        let mut class = Class::default();
        is(numbers_missing(&question, &class), 1.0);
        is(dates_missing(&question, &common, &class), 1.0);
        class.numbers = vec![12];
        class.dates = vec![(12, 31)];
        is(numbers_missing(&question, &class), 0.0);
        is(dates_missing(&question, &common, &class), 0.0);
    }

    #[test]
    fn what_is_counted_must_be_what_the_class_counts() {
        let question = analysis("how many boats are there");
        is(counted_other(&question, &Class::default(), false), 1.0);
        is(counted_other(&analysis("who came"), &Class::default(), false), 0.0);
    }

    #[test]
    fn days_that_are_named_by_today_are_times() {
        for word in ["today", "tomorrow", "tonight", "monday"] {
            let question = analysis(word);
            assert!(says_when(&question.terms[0]), "{word}");
        }
        assert!(!says_when(&analysis("may").terms[0]));
    }

    #[test]
    fn the_differences_are_those_to_the_best_of_the_other_sort() {
        let (mut signals, mut rival) = ([0.0; N_SIGNALS], [0.0; N_SIGNALS]);
        signals[COVERAGE] = 0.75;
        rival[COVERAGE] = 0.5;
        compare(&mut signals, Some(&rival));
        is(signals[place("rival")], 1.0);
        is(signals[place("coverage-ahead")], 0.25);
        compare(&mut signals, None);
        is(signals[place("rival")], 0.0);
        is(signals[place("coverage-ahead")], 0.0);
    }

    #[test]
    fn each_difference_has_the_name_of_what_it_is_of() {
        for (ahead, compared) in NAMES[RIVAL + 1..].iter().zip(COMPARED) {
            assert_eq!(ahead.strip_suffix("-ahead"), Some(NAMES[compared]));
        }
    }
}
