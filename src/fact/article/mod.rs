//! Proves the citations against the article itself, where the curator has it at hand: every fragment stands, verbatim,
//! in the cited paragraph, and every paragraph is the one whose hash `source.toml` has.
//!
//! The article is no part of a fact base, so this runs on demand only. Promise: white space apart, a fragment is
//! compared letter by letter, and stands there in whole words. Deliberately absent: opening files.

mod paragraphs;

use std::collections::HashSet;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::Paragraph;
use super::check::words::key;
use super::limits::PARAGRAPH_HASH_CHARS;
use super::parse::raw::{RawCitation, RawFact, RawGap};
use super::parse::reader::entry_name;
use super::parse::value::collapse;
use super::parse::{Part, RawBriefing};
use super::problem::{Collector, Fault, QuoteFound};

use paragraphs::find;
pub(crate) use paragraphs::{Found, Paragraphs};

/// An article as it was given, with the briefing that was curated from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The briefing's id.
    pub briefing: String,
    /// The file's path, as shown in messages.
    pub path: String,
    /// JSON Lines of `{"paragraph", "text"}`, or plain text in blocks separated by blank lines.
    pub bytes: Vec<u8>,
}

/// The hash of a paragraph as `source.toml` has it: the first 16 hex digits of SHA-256 over the text, its white space
/// collapsed to single spaces and trimmed.
#[must_use]
pub fn paragraph_hash(text: &str) -> String {
    let hash = Sha256::digest(collapse(text).as_bytes());
    let mut digits = HEXLOWER.encode(&hash);
    digits.truncate(PARAGRAPH_HASH_CHARS);
    digits
}

/// Reports what does not agree between an article and its briefing; gives the article's paragraphs.
pub(super) fn check(article: &Article, briefings: &[RawBriefing], collector: &mut Collector) -> Option<Paragraphs> {
    // Where there is none, its format is another one, or it is empty; that was reported.
    let briefing = briefings.iter().find(|briefing| briefing.id == article.briefing)?;
    let found = find(article, briefing, collector)?;
    check_hashes(article, briefing, &found, collector);
    for topic in &briefing.topics {
        for RawFact { id, citation, .. } in &topic.facts.fact {
            let about = id
                .as_ref()
                .map_or_else(|| "fact".to_owned(), |id| entry_name("fact", &id.value.0));
            check_quotes(&about, citation, &found, collector);
        }
        for RawGap { id, citation, .. } in &topic.facts.gap {
            let about = id
                .as_ref()
                .map_or_else(|| "gap".to_owned(), |id| entry_name("gap", &id.value.0));
            check_quotes(&about, citation, &found, collector);
        }
    }
    Some(found)
}

fn check_hashes(article: &Article, briefing: &RawBriefing, found: &Paragraphs, collector: &mut Collector) {
    let listed = &briefing.source.paragraphs;
    for (paragraph, hash) in listed {
        let paragraph_name = paragraph.value;
        match found.get(&paragraph_name) {
            None => {
                let fault = Fault::ParagraphNotInArticle {
                    paragraph: paragraph_name,
                    article: article.path.clone(),
                };
                collector.error(paragraph.place, "", fault);
            }
            Some(found) => {
                let Some(hash) = hash else { continue };
                let found = paragraph_hash(&found.text);
                if found != hash.value.0 {
                    let fault = Fault::ParagraphChanged {
                        paragraph: paragraph_name,
                        found,
                    };
                    collector.error(hash.place, "", fault);
                }
            }
        }
    }
    if briefing.lost.any_of(Part::Source) {
        return;
    }
    let listed: HashSet<Paragraph> = listed.iter().map(|(paragraph, _)| paragraph.value).collect();
    for (paragraph, found) in found {
        if !listed.contains(paragraph) {
            let fault = Fault::ParagraphNotInSource {
                paragraph: *paragraph,
                hash: paragraph_hash(&found.text),
            };
            collector.error(found.place, "", fault);
        }
    }
}

fn check_quotes(about: &str, citations: &[RawCitation], found: &Paragraphs, collector: &mut Collector) {
    for citation in citations {
        let (Some(paragraph), Some(quote)) = (&citation.paragraph, &citation.quote) else {
            continue;
        };
        let Some(cited) = found.get(&paragraph.value) else {
            continue;
        };
        let text = &quote.value.0;
        if !stands_in(text, &cited.text) {
            let fault = Fault::QuoteNotFound {
                paragraph: paragraph.value,
                quote: text.clone(),
                found: find_otherwise(text, cited, found),
            };
            collector.error(quote.place, about, fault);
        }
    }
}

/// Whether the fragment is a run of whole words of the text.
fn stands_in(fragment: &str, text: &str) -> bool {
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(fragment).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + fragment.len()..]);
        let cuts_start = is_word(before.chars().next_back()) && is_word(fragment.chars().next());
        let cuts_end = is_word(after.chars().next()) && is_word(fragment.chars().next_back());
        !cuts_start && !cuts_end
    })
}

/// Where a fragment stands that is not in its paragraph as it is written.
fn find_otherwise(fragment: &str, cited: &Found, found: &Paragraphs) -> Option<QuoteFound> {
    if cited.text.contains(fragment) {
        return Some(QuoteFound::WithinWord);
    }
    if let Some((elsewhere, _)) = found.iter().find(|(_, found)| stands_in(fragment, &found.text)) {
        return Some(QuoteFound::Elsewhere(*elsewhere));
    }
    let words: Vec<&str> = cited.text.split(' ').collect();
    let fragment_key = key(fragment);
    let n_words = fragment.split(' ').count();
    words
        .windows(n_words)
        .map(|window| window.join(" "))
        .find(|window| key(window) == fragment_key)
        .map(QuoteFound::Otherwise)
}

#[cfg(test)]
mod tests;
