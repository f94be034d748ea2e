//! Which numbers, dates, names and quotations of an article the facts hold.
//!
//! A detail is covered where a fact that cites its paragraph has it: a number or a date in the answer or a fragment, a
//! name there or among its entities, a quotation by a fragment of it. Deliberately absent: whether what the fact says of
//! it is right; that is the curator's to read.

use std::collections::{BTreeSet, HashSet};

use super::extract::{Found, extract};
use super::remark;
use crate::fact::marks::{Part, Remark};
use crate::fact::problem::{Advice, Detail};
use crate::fact::{Briefing, Fact, Paragraph, Standing};
use crate::matching::Matcher;
use crate::text::function_words::is_function_word;
use crate::text::normalise::normalise;
use crate::text::stem::stem;
use crate::text::tokens::tokenise;

/// A detail of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stands.
    pub paragraph: Paragraph,
    /// What it is, as the article writes it.
    pub found: Found,
    /// Whether a fact that cites the paragraph has it.
    pub is_covered: bool,
}

/// The article's details; each one once a paragraph.
pub fn items<'t>(
    briefing: &Briefing,
    index: usize,
    matcher: &Matcher,
    paragraphs: impl Iterator<Item = (Paragraph, &'t str)>,
) -> Vec<Item> {
    let is_known = |word: &str| !owners(word, matcher).is_empty();
    let mut items = Vec::new();
    for (paragraph, text) in paragraphs {
        let held = Held::of(briefing, index, matcher, paragraph);
        let mut seen = HashSet::new();
        for found in extract(text, is_known) {
            if seen.insert((found.what, found.text.to_lowercase())) {
                items.push(Item {
                    paragraph,
                    is_covered: held.has(&found, matcher),
                    found,
                });
            }
        }
    }
    items
}

/// How many there are of this kind, and how many of them are covered.
#[must_use]
pub fn count(items: &[Item], what: Detail) -> (usize, usize) {
    let of_kind = || items.iter().filter(|item| item.found.what == what);
    (of_kind().count(), of_kind().filter(|item| item.is_covered).count())
}

/// A detail that nothing covers, as a remark in the article; `None` where it is covered.
#[must_use]
pub fn uncovered(briefing: &Briefing, item: &Item) -> Option<Remark> {
    let advice = Advice::NotCovered {
        what: item.found.what,
        text: item.found.text.clone(),
        paragraph: item.paragraph,
    };
    let part = Part::Article(item.paragraph, item.found.text.clone());
    (!item.is_covered).then(|| remark(&briefing.id, part, String::new(), advice))
}

/// What the facts that cite a paragraph hold.
#[derive(Default)]
struct Held<'b> {
    /// Answers and fragments.
    texts: Vec<&'b str>,
    quotes: Vec<&'b str>,
    /// Tokens of them, and their stems.
    tokens: BTreeSet<String>,
    entities: BTreeSet<u32>,
}

impl<'b> Held<'b> {
    fn of(briefing: &'b Briefing, index: usize, matcher: &Matcher, paragraph: Paragraph) -> Self {
        let mut held = Self::default();
        let cites = |fact: &&Fact| fact.citations.iter().any(|citation| citation.paragraph == paragraph);
        for fact in briefing.facts.iter().filter(cites) {
            let quotes = fact.citations.iter().filter_map(|citation| citation.quote.as_deref());
            held.quotes.extend(quotes);
            held.texts.push(&fact.answer);
            let speakers = fact.citations.iter().filter_map(|citation| citation.speaker.as_ref());
            let claims = match &fact.standing {
                Standing::Claimed { speaker } => Some(speaker),
                _ => None,
            };
            let ids = fact.entities.iter().chain(speakers).chain(claims);
            held.entities
                .extend(ids.filter_map(|id| matcher.vocabulary().entity(index, id)));
        }
        held.texts.extend(&held.quotes);
        // Every citation names them.
        held.texts.extend(
            briefing
                .source
                .agencies
                .iter()
                .chain(&briefing.source.publisher)
                .map(String::as_str),
        );
        for text in &held.texts {
            for token in tokenise(&normalise(text)) {
                held.tokens.insert(stem(&token.text));
                held.tokens.insert(token.text.into());
            }
            held.entities.extend(owners(text, matcher));
        }
        held
    }

    fn has(&self, found: &Found, matcher: &Matcher) -> bool {
        match found.what {
            Detail::Number | Detail::Date => tokenise(&normalise(&found.text))
                .iter()
                .all(|token| self.tokens.contains(token.text.as_str()) || self.tokens.contains(&stem(&token.text))),
            Detail::Name => self.has_name(&found.text, matcher),
            Detail::Quotation => self.has_quotation(&found.text),
        }
    }

    /// Every entity that the name names is theirs, and every other word of it is said.
    fn has_name(&self, name: &str, matcher: &Matcher) -> bool {
        let analysis = matcher.analyse(&normalise(name));
        let mentioned = |place: usize| {
            let mention = analysis
                .mentions
                .iter()
                .find(|mention| (mention.start..mention.start + mention.length).contains(&place))?;
            Some(mention.owners.iter().any(|owner| self.entities.contains(owner)))
        };
        analysis.terms.iter().enumerate().all(|(place, term)| {
            is_function_word(&term.word)
                || self.tokens.contains(term.stem.as_str())
                || self.tokens.contains(term.word.as_str())
                || mentioned(place) == Some(true)
        })
    }

    /// A fragment lies within it, or it lies whole within what is said.
    fn has_quotation(&self, quotation: &str) -> bool {
        let bare = quotation.trim_matches(|character: char| !character.is_alphanumeric());
        let lower = bare.to_lowercase();
        self.quotes.iter().any(|quote| quotation.contains(quote))
            || self.texts.iter().any(|text| text.to_lowercase().contains(&lower))
    }
}

fn owners(text: &str, matcher: &Matcher) -> Vec<u32> {
    let analysis = matcher.analyse(&normalise(text));
    analysis
        .mentions
        .iter()
        .flat_map(|mention| mention.owners.iter().copied())
        .collect()
}
