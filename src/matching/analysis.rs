//! A question as the matcher sees it: words repaired and weighed, entities, synonym groups, numbers, dates, and the
//! kind of answer asked for.
//!
//! Promise: pure; bounded time whatever the text (repairs are limited to [`MAX_REPAIRS`]).

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use compact_str::CompactString;
use rustc_hash::FxHasher;

use super::kind::{self, Asked};
use super::vocabulary::{NONE, StemId, Vocabulary, WordId};
use crate::text::function_words::is_function_word;
use crate::text::names;
use crate::text::stem::stem;
use crate::text::tokens::{Boundary, Shape, Token, date_in_words, month, tokenise};
use crate::text::vectors::{self, DIMENSIONS};

/// Words that are looked up as misspellings in one question, whether or not something is found. A look-up takes up to
/// 100 µs, so that the worst question stays under 5 ms; a question with more slips than this is noise.
pub const MAX_REPAIRS: usize = 14;

/// Words of grammar that turn what is said round.
const NEGATIONS: &[&str] = &[
    "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "without",
];
/// One word of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The word, repaired.
    pub word: CompactString,
    /// Its stem.
    pub stem: CompactString,
    /// The word's number, if the fact base uses it in this form.
    pub word_id: Option<WordId>,
    /// The stem's number, if the fact base uses it.
    pub stem_id: Option<StemId>,
    /// The row of the word vector.
    pub row: Option<u32>,
    /// How much it counts, 0 to 1.
    pub weight: f32,
    /// Word, number or date.
    pub shape: Shape,
    /// What stands before it.
    pub boundary: Boundary,
    /// The synonym group that it belongs to, or `NONE`.
    pub group: u32,
    /// Whether it carries grammar only.
    pub is_function: bool,
    /// What is known of it.
    pub knowledge: Knowledge,
}

/// What the bot knows of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// The fact base uses it.
    Own,
    /// Everyday English, which the fact base does not use.
    Everyday,
    /// A well-known name that the fact base does not have.
    ForeignName,
    /// Not known at all.
    Unknown,
}

/// An entity that the question names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The place of its first term.
    pub start: usize,
    /// The number of its terms.
    pub length: usize,
    /// The entities that own the alias: one a briefing at most.
    pub owners: Vec<u32>,
}

/// A question as the matcher sees it.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Its words.
    pub terms: Vec<Term>,
    /// The entities that it names.
    pub mentions: Vec<Mention>,
    /// What it asks for.
    pub asked: Asked,
    /// What was taken for a misspelling: as written, as read.
    pub repairs: Vec<(String, String)>,
    /// Its meaning, of length 1, or all zeros where no word has a vector.
    pub vector: [f32; DIMENSIONS],
}

impl Analysis {
    /// Reads normalised text.
    #[must_use]
    pub fn new(normalised: &str, vocabulary: &Vocabulary) -> Self {
        let mut repairs = Vec::new();
        let mut n_tried = 0;
        let terms = tokenise(normalised)
            .into_iter()
            .map(|token| read_term(token, vocabulary, (&mut repairs, &mut n_tried)))
            .collect();
        Self::of_terms(terms, repairs, vocabulary)
    }

    /// A number that texts share whose words of matter, and negations, are the same in the same order, in whatever form.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        let mut hasher = FxHasher::default();
        let is_said = |term: &&Term| !term.is_function || NEGATIONS.contains(&term.word.as_str());
        self.terms
            .iter()
            .filter(is_said)
            .for_each(|term| term.stem.hash(&mut hasher));
        // The upper half is mixed best, and there is one for every phrasing.
        (hasher.finish() >> u32::BITS) as u32
    }

    /// Puts terms together, for a question whose words come from several places.
    #[must_use]
    pub fn of_terms(mut terms: Vec<Term>, repairs: Vec<(String, String)>, vocabulary: &Vocabulary) -> Self {
        let stems: Vec<StemId> = terms.iter().map(|term| term.stem_id.unwrap_or(NONE)).collect();
        let mentions = find_mentions(&stems, vocabulary);
        mark_groups(&mut terms, &stems, vocabulary);
        mark_foreign_names(&mut terms, &mentions);
        let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
        let asked = kind::asked(&words);
        let vector = meaning(&terms);
        Self {
            terms,
            mentions,
            asked,
            repairs,
            vector,
        }
    }

    /// The words in order, as they were read; read again, they give the same words, numbers and dates.
    #[must_use]
    pub fn matched_as(&self) -> String {
        let mut text = String::new();
        for term in &self.terms {
            let may_be_of_a_date = matches!(term.shape, Shape::Number(_)) || month(&term.word).is_some();
            text.push_str(match term.boundary {
                _ if text.is_empty() => "",
                // What was no date must be none again.
                Boundary::Comma | Boundary::Sentence if may_be_of_a_date => ", ",
                _ => " ",
            });
            text.push_str(&match term.shape {
                // `12-30` would be read as two numbers.
                Shape::Date { month, day } => Cow::Owned(date_in_words(month, day)),
                _ => Cow::Borrowed(term.word.as_str()),
            });
        }
        text
    }

    /// The terms that carry matter.
    pub fn content(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| !term.is_function)
    }
}

fn read_term(
    token: Token,
    vocabulary: &Vocabulary,
    (repairs, n_tried): (&mut Vec<(String, String)>, &mut usize),
) -> Term {
    let Token {
        mut text,
        shape,
        boundary,
    } = token;
    let mut known = Known::new(&text, vocabulary);
    if shape == Shape::Word
        && known.stem_id.is_none()
        && known.row.is_none()
        && *n_tried < MAX_REPAIRS
        && !is_function_word(&text)
        && !names::begins_name(&text)
        && let Some(meant) = {
            *n_tried += 1;
            vocabulary.repair(&text)
        }
    {
        repairs.push((text.to_string(), meant.to_owned()));
        text = meant.into();
        known = Known::new(&text, vocabulary);
    }
    let Known {
        stem,
        stem_id,
        word_id,
        row,
    } = known;
    let is_function = is_function_word(&text);
    let knowledge = match stem_id {
        Some(_) => Knowledge::Own,
        // A number is known to everybody; whether it is the right one is asked elsewhere. `s300` is a name.
        None if is_function || row.is_some() || !matches!(shape, Shape::Word | Shape::Mixed) => Knowledge::Everyday,
        None => Knowledge::Unknown,
    };
    let weight = vocabulary.weight(stem_id);
    Term {
        word: text,
        stem,
        word_id,
        stem_id,
        row,
        weight,
        shape,
        boundary,
        group: NONE,
        is_function,
        knowledge,
    }
}

/// What the vocabulary knows of a word.
struct Known {
    stem: CompactString,
    stem_id: Option<StemId>,
    word_id: Option<WordId>,
    row: Option<u32>,
}

impl Known {
    /// Words in the fact base's own form need no stemming.
    fn new(word: &str, vocabulary: &Vocabulary) -> Self {
        if let Some(own) = vocabulary.word(word) {
            return Self {
                stem: own.stem.clone(),
                stem_id: Some(own.stem_id),
                word_id: Some(own.word_id),
                row: own.row,
            };
        }
        let stem = stem(word);
        Self {
            stem_id: vocabulary.stem_id(&stem),
            stem: stem.into(),
            word_id: None,
            row: vectors::table().row(word),
        }
    }
}

fn find_mentions(stems: &[StemId], vocabulary: &Vocabulary) -> Vec<Mention> {
    let mention = |(start, length, owners): (usize, usize, &[u32])| Mention {
        start,
        length,
        owners: owners.to_vec(),
    };
    vocabulary.aliases_in(stems).map(mention).collect()
}

fn mark_groups(terms: &mut [Term], stems: &[StemId], vocabulary: &Vocabulary) {
    for (start, length, group) in vocabulary.groups_in(stems) {
        terms[start..start + length]
            .iter_mut()
            .for_each(|term| term.group = group);
    }
}

fn mark_foreign_names(terms: &mut [Term], mentions: &[Mention]) {
    let mut start = 0;
    while start < terms.len() {
        let found = names::name_at(&mut terms[start..].iter().map(|term| term.word.as_str()));
        let Some((length, _)) = found else {
            start += 1;
            continue;
        };
        let is_ours = mentions
            .iter()
            .any(|mention| mention.start < start + length && start < mention.start + mention.length);
        if !is_ours {
            // One that is a name already may have been borrowed, for less weight.
            let unmarked = terms[start..start + length]
                .iter_mut()
                .filter(|term| term.knowledge != Knowledge::ForeignName);
            for term in unmarked {
                term.knowledge = Knowledge::ForeignName;
                term.weight = 1.0;
            }
        }
        start += length;
    }
}

fn meaning(terms: &[Term]) -> [f32; DIMENSIONS] {
    let table = vectors::table();
    let mut vector = [0.0; DIMENSIONS];
    let mut before: Option<&Term> = None;
    for term in terms {
        let Some(row) = term.row else { continue };
        table.add(row, 1.0, &mut vector);
        if let Some(pair) = before.and_then(|before| table.pair(&before.word, &term.word)) {
            table.add(pair, 1.0, &mut vector);
        }
        before = Some(term);
    }
    vectors::to_unit_length(&mut vector);
    vector
}
