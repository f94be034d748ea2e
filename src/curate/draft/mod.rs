//! The first draft of a briefing from an article: what a curator would else copy by hand.
//!
//! Promise: no sentence of the article is in it, only the headline, names, numbers, dates, hashes, and fragments of
//! [`MAX_QUOTE_WORDS`] words or fewer; it loads; everything that is to be written is marked `todo`, so that it is not served.
//! Deliberately absent: answers. Those are the curator's own words.

mod article;
mod glossary;
mod write;

use std::collections::BTreeSet;

use super::extract::{Found, extract};
use super::sentences::{Speaker, sentences, speaker};
use crate::fact::limits::MAX_QUOTE_WORDS;
use crate::fact::problem::Detail;
use crate::fact::{Kind, Paragraph};

pub use article::{Blocks, blocks};
pub use glossary::Proposal;

/// What was made of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The briefing's files: each name within its folder, and its text.
    pub files: Vec<(String, String)>,
    /// Facts that are to be written.
    pub n_facts: usize,
    /// Entities that are proposed.
    pub n_entities: usize,
    /// Paragraphs, the headline and the caption among them.
    pub n_paragraphs: usize,
    /// Blocks that were taken for no part of the article.
    pub n_left_out: usize,
}

/// A fact to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) paragraph: Paragraph,
    /// The speaker's entity id.
    pub(crate) speaker: Option<String>,
    pub(crate) kinds: Vec<Kind>,
    /// The word after a number: what is counted.
    pub(crate) counts: Vec<String>,
    pub(crate) entities: Vec<String>,
    /// Names, numbers and dates of the sentence.
    pub(crate) details: Vec<String>,
    pub(crate) quote: Option<String>,
    pub(crate) has_date: bool,
}

/// Drafts a briefing.
#[must_use]
pub fn draft(text: &str) -> Draft {
    let blocks = blocks(text);
    let proposals = glossary::proposals(&blocks);
    let claims = claims(&blocks, &proposals);
    Draft {
        n_facts: claims.len(),
        n_entities: proposals.len(),
        n_paragraphs: blocks.paragraphs.len(),
        n_left_out: blocks.n_left_out,
        files: write::files(&blocks, &proposals, &claims),
    }
}

fn claims(blocks: &Blocks, proposals: &[Proposal]) -> Vec<Claim> {
    let mut claims = Vec::new();
    // "He added" may open a paragraph.
    let mut spoke: Option<String> = None;
    for (paragraph, text) in &blocks.paragraphs {
        if *paragraph == Paragraph::Headline {
            continue;
        }
        let mut spoke_here = false;
        for (place, sentence) in sentences(text).into_iter().enumerate() {
            let speaker = match speaker(sentence) {
                Some(Speaker::Named(name)) => glossary::id_of(proposals, &name),
                Some(Speaker::Earlier) => spoke.clone(),
                // The rest of a quotation whose speaker was named in its first sentence.
                None if spoke_here && is_quotation(sentence) => spoke.clone(),
                None => None,
            };
            spoke_here |= speaker.is_some();
            spoke = speaker.clone().or(spoke);
            claims.extend(claim(*paragraph, place + 1, sentence, speaker, proposals));
        }
    }
    claims
}

fn is_quotation(sentence: &str) -> bool {
    sentence.starts_with(['"', '“']) && sentence.ends_with(['"', '”'])
}

/// A fact to be written of a sentence; `None` where it claims nothing that could be asked for.
fn claim(
    paragraph: Paragraph,
    place: usize,
    sentence: &str,
    speaker: Option<String>,
    proposals: &[Proposal],
) -> Option<Claim> {
    /// A shorter sentence is a credit or a cry.
    const MIN_WORDS: usize = 4;
    let words: Vec<&str> = sentence.split(' ').collect();
    if words.len() < MIN_WORDS {
        return None;
    }
    let found = extract(sentence, |word| glossary::id_of(proposals, word).is_some());
    let has = |what: Detail| found.iter().any(|found| found.what == what);
    let mut kinds = vec![Kind::What];
    for (what, kind) in [
        (Detail::Number, Kind::HowMany),
        (Detail::Date, Kind::When),
        (Detail::Quotation, Kind::Said),
    ] {
        if has(what) {
            kinds.push(kind);
        }
    }
    if speaker.is_some() {
        kinds.push(Kind::Who);
    }
    let mut entities: BTreeSet<String> = speaker.iter().cloned().collect();
    let named = found.iter().filter(|found| found.what == Detail::Name);
    entities.extend(named.filter_map(|found| glossary::id_of(proposals, &found.text)));
    Some(Claim {
        id: format!("p{}-{place}", paragraph_id(paragraph)),
        paragraph,
        kinds,
        counts: counts(sentence, &found),
        entities: entities.into_iter().collect(),
        details: found
            .iter()
            .filter(|found| found.what != Detail::Quotation)
            .map(|found| found.text.clone())
            .collect(),
        quote: fragment(sentence, &found),
        has_date: has(Detail::Date),
        speaker,
    })
}

fn paragraph_id(paragraph: Paragraph) -> String {
    match paragraph {
        Paragraph::Number(number) => number.to_string(),
        other => format!("-{other}"),
    }
}

/// What the numbers of a sentence count, each once.
fn counts(sentence: &str, found: &[Found]) -> Vec<String> {
    let mut counts = Vec::new();
    let numbers = found.iter().filter(|found| found.what == Detail::Number);
    for word in numbers.filter_map(|number| counted(sentence, number)) {
        if !counts.contains(&word) {
            counts.push(word);
        }
    }
    counts
}

/// The word after a number, or after how many times it is to be taken.
fn counted(sentence: &str, number: &Found) -> Option<String> {
    const TIMES: [&str; 5] = ["dozen", "hundred", "thousand", "million", "billion"];
    let after = sentence.get(number.start + number.text.len()..)?;
    let mut words = after.strip_prefix(' ')?.split(' ');
    let word = words.find(|word| !TIMES.contains(word))?;
    let word = word.trim_matches(|character: char| !character.is_alphanumeric());
    let is_word = word.len() > 2 && word.chars().all(char::is_alphabetic);
    is_word.then(|| word.to_lowercase())
}

/// The bytes of `GULL ISLAND, May 3 (Coast Wire) -- ` before a sentence; 0 where it has none.
fn dateline_length(sentence: &str) -> usize {
    const MAX_BYTES: usize = 60;
    let dash = ["-- ", "— ", "– "]
        .into_iter()
        .find_map(|dash| Some((sentence.find(dash)?, dash.len())));
    match dash {
        Some((at, length)) if at <= MAX_BYTES && sentence[..at].contains(')') => at + length,
        _ => 0,
    }
}

/// A few words that prove it: the quotation's first ones, else those that end with the sentence's rarest detail.
fn fragment(sentence: &str, found: &[Found]) -> Option<String> {
    let by_use = [Detail::Quotation, Detail::Number, Detail::Date, Detail::Name];
    let told = dateline_length(sentence);
    let best = by_use
        .into_iter()
        .find_map(|what| found.iter().find(|found| found.what == what && found.start >= told))?;
    let start = if best.what == Detail::Quotation {
        best.start
    } else {
        // Two words before it, so that it is not a bare number.
        let before = &sentence[told..best.start];
        let spaces: Vec<usize> = before.trim_end().match_indices(' ').map(|(at, _)| at + 1).collect();
        told + spaces.iter().rev().nth(1).or(spaces.first()).copied().unwrap_or(0)
    };
    let end = if best.what == Detail::Quotation {
        best.start + best.text.len()
    } else {
        sentence.len()
    };
    let words: Vec<&str> = sentence
        .get(start..end)?
        .split(' ')
        .take(MAX_QUOTE_WORDS.min(6))
        .collect();
    let text = words.join(" ");
    let text = text
        .trim_matches(|character: char| !character.is_alphanumeric() && !matches!(character, '$' | '€' | '£' | '%'));
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_is_no_part_of_what_is_told() {
        for (sentence, told) in [
            (
                "GULL ISLAND, May 3 (Coast Wire) -- The wall is old.",
                "The wall is old.",
            ),
            ("Seoul, Jan. 2 (Wire) — It rained.", "It rained."),
            (
                "The wall -- the old one (of 1931) -- is closed.",
                "The wall -- the old one (of 1931) -- is closed.",
            ),
            ("The wall is old.", "The wall is old."),
        ] {
            assert_eq!(&sentence[dateline_length(sentence)..], told);
        }
    }
}
