//! A question as the matcher sees it: words repaired and weighed, entities, synonym groups, numbers, dates, and the
//! kind of answer asked for.
//!
//! Promise: pure; bounded time whatever the text (repairs are limited to [`MAX_REPAIRS`]).

use super::kind::{self, Asked};
use super::vocabulary::{NONE, StemId, Vocabulary};
use crate::text::function_words::is_function_word;
use crate::text::names;
use crate::text::stem::stem;
use crate::text::tokens::{Boundary, Shape, Token, tokenise};
use crate::text::vectors::{self, DIMENSIONS};

/// Misspelled words that are repaired in one question. A repair takes up to 50 µs, so that the worst question stays far
/// under 5 ms; a question with more slips than this is noise.
pub const MAX_REPAIRS: usize = 24;

/// One word of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The word, repaired.
    pub word: String,
    /// Its stem.
    pub stem: String,
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
        let terms = tokenise(normalised)
            .into_iter()
            .map(|token| read_term(token, vocabulary, &mut repairs))
            .collect();
        Self::of_terms(terms, repairs, vocabulary)
    }

    /// Puts terms together, for a question whose words come from several places.
    #[must_use]
    pub fn of_terms(mut terms: Vec<Term>, repairs: Vec<(String, String)>, vocabulary: &Vocabulary) -> Self {
        let mentions = find_mentions(&terms, vocabulary);
        mark_groups(&mut terms, vocabulary);
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

    /// The words in order, as they were read.
    #[must_use]
    pub fn matched_as(&self) -> String {
        self.terms
            .iter()
            .map(|term| term.word.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The terms that carry matter.
    pub fn content(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| !term.is_function)
    }
}

fn read_term(token: Token, vocabulary: &Vocabulary, repairs: &mut Vec<(String, String)>) -> Term {
    let Token {
        mut text,
        shape,
        boundary,
    } = token;
    let is_known = |word: &str| {
        vocabulary.has_word(word)
            || is_function_word(word)
            || vectors::table().row(word).is_some()
            || names::begins_name(word)
    };
    if shape == Shape::Word
        && !is_known(&text)
        && repairs.len() < MAX_REPAIRS
        && vocabulary.stem_id(&stem(&text)).is_none()
        && let Some(meant) = vocabulary.repair(&text)
    {
        repairs.push((std::mem::replace(&mut text, meant.to_owned()), meant.to_owned()));
    }
    let stem = stem(&text);
    let stem_id = vocabulary.stem_id(&stem);
    let row = vectors::table().row(&text);
    let is_function = is_function_word(&text);
    let knowledge = match stem_id {
        Some(_) => Knowledge::Own,
        None if is_function || row.is_some() || shape != Shape::Word => Knowledge::Everyday,
        None => Knowledge::Unknown,
    };
    let weight = vocabulary.weight(stem_id, &text);
    Term {
        word: text,
        stem,
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

fn find_mentions(terms: &[Term], vocabulary: &Vocabulary) -> Vec<Mention> {
    let stems: Vec<&str> = terms.iter().map(|term| term.stem.as_str()).collect();
    let mut mentions = Vec::new();
    let mut start = 0;
    while start < stems.len() {
        match vocabulary.alias_at(&stems[start..]) {
            Some((length, owners)) => {
                mentions.push(Mention {
                    start,
                    length,
                    owners: owners.to_vec(),
                });
                start += length;
            }
            None => start += 1,
        }
    }
    mentions
}

fn mark_groups(terms: &mut [Term], vocabulary: &Vocabulary) {
    let stems: Vec<String> = terms.iter().map(|term| term.stem.clone()).collect();
    let mut start = 0;
    while start < stems.len() {
        match vocabulary.group_at(&stems[start..]) {
            Some((length, group)) => {
                terms[start..start + length]
                    .iter_mut()
                    .for_each(|term| term.group = group);
                start += length;
            }
            None => start += 1,
        }
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
            for term in &mut terms[start..start + length] {
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
