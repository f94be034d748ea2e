//! Names that an article uses, put together into proposals for the glossary.

use std::collections::BTreeSet;

use super::Blocks;
use crate::curate::extract::extract;
use crate::curate::sentences::{Speaker, sentences, speaker};
use crate::fact::limits::MAX_ID_CHARS;
use crate::fact::problem::Detail;
use crate::fact::{EntityKind, Paragraph, words_key};

/// An entity to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Made from the name.
    pub id: String,
    /// The longest form of the name.
    pub name: String,
    /// A guess by its words.
    pub kind: EntityKind,
    /// Shorter forms and abbreviations that the article uses.
    pub aliases: Vec<String>,
    /// Where it is named.
    pub paragraphs: BTreeSet<Paragraph>,
}

/// Words that tell what a name is of.
const KINDS: [(EntityKind, &[&str]); 3] = [
    (
        EntityKind::Body,
        &[
            "office",
            "council",
            "ministry",
            "agency",
            "committee",
            "board",
            "authority",
            "commission",
            "department",
            "house",
            "union",
            "company",
            "association",
            "society",
            "club",
            "bank",
            "court",
            "police",
            "university",
            "nations",
            "museum",
            "school",
            "master",
            "secretary",
            "spokesman",
            "spokeswoman",
            "warden",
            "keeper",
            "chair",
            "curator",
            "mayor",
            "director",
            "inspector",
            "officer",
            "captain",
            "librarian",
        ],
    ),
    (
        EntityKind::Place,
        &[
            "island",
            "room",
            "street",
            "pier",
            "quay",
            "bay",
            "peninsula",
            "region",
            "city",
            "river",
            "lake",
            "harbour",
            "port",
            "park",
            "square",
            "bridge",
            "hill",
            "garden",
            "hall",
        ],
    ),
    (
        EntityKind::Event,
        &[
            "festival",
            "summit",
            "war",
            "conference",
            "fair",
            "regatta",
            "games",
            "day",
        ],
    ),
];

/// The proposals, in the order in which the article first names them.
pub(super) fn proposals(blocks: &Blocks) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut add = |name: &str, paragraph: Paragraph| match proposals.iter_mut().find(|known| is_form_of(name, known)) {
        Some(known) => {
            known.paragraphs.insert(paragraph);
            let is_known = std::iter::once(&known.name)
                .chain(&known.aliases)
                .any(|alias| words_key(alias) == words_key(name));
            if !is_known && name.len() > known.name.len() && !is_initials_of(&known.name, name) {
                known.aliases.push(std::mem::replace(&mut known.name, name.to_owned()));
            } else if !is_known {
                known.aliases.push(name.to_owned());
            }
        }
        None => proposals.push(Proposal {
            id: String::new(),
            name: name.to_owned(),
            kind: kind(name),
            aliases: Vec::new(),
            paragraphs: BTreeSet::from([paragraph]),
        }),
    };
    // The longest forms are in the text; a headline shortens and capitalises.
    let in_text = |paragraph: Paragraph| paragraph != Paragraph::Headline;
    for (paragraph, text) in blocks.paragraphs.iter().filter(|(paragraph, _)| in_text(*paragraph)) {
        for sentence in sentences(text) {
            for found in extract(sentence, |_| false) {
                if found.what == Detail::Name {
                    add(&found.text, *paragraph);
                }
            }
            if let Some(Speaker::Named(name)) = speaker(sentence) {
                add(&name, *paragraph);
            }
        }
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for proposal in &mut proposals {
        proposal.kind = kind(&proposal.name);
        proposal.id = unique_id(&proposal.name, &mut taken);
    }
    proposals.retain(|proposal| !proposal.id.is_empty());
    proposals
}

/// The id of the proposal that has this name.
pub(super) fn id_of(proposals: &[Proposal], name: &str) -> Option<String> {
    let key = words_key(name);
    proposals
        .iter()
        .find(|proposal| {
            std::iter::once(&proposal.name)
                .chain(&proposal.aliases)
                .any(|alias| words_key(alias) == key)
        })
        .map(|proposal| proposal.id.clone())
}

/// Equal words; or the end of a longer name, or its initials.
fn is_form_of(name: &str, known: &Proposal) -> bool {
    std::iter::once(&known.name).chain(&known.aliases).any(|other| {
        let (name_key, other_key) = (words_key(name), words_key(other));
        let is_end_of = |short: &str, long: &str| long.ends_with(&format!(" {short}"));
        name_key == other_key
            || is_end_of(&name_key, &other_key)
            || is_end_of(&other_key, &name_key)
            || is_initials_of(name, other)
            || is_initials_of(other, name)
    })
}

fn is_initials_of(short: &str, long: &str) -> bool {
    let letters: String = short.chars().filter(|character| character.is_alphabetic()).collect();
    let initials: String = long
        .split([' ', '-'])
        .filter_map(|word| word.chars().next())
        .filter(|character| character.is_uppercase())
        .collect();
    letters.len() > 1 && letters.chars().all(char::is_uppercase) && letters == initials
}

fn kind(name: &str) -> EntityKind {
    let last = name.to_lowercase();
    let words: Vec<&str> = last.split([' ', '-']).collect();
    KINDS
        .into_iter()
        .find(|(_, known)| words.iter().any(|word| known.contains(word)))
        .map_or(EntityKind::Thing, |(kind, _)| kind)
}

fn unique_id(name: &str, taken: &mut BTreeSet<String>) -> String {
    let ascii: String = words_key(name)
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        })
        .collect();
    let mut id = String::new();
    for word in ascii.split('-').filter(|word| !word.is_empty()) {
        if id.len() + word.len() + 4 > MAX_ID_CHARS {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    let base = id.clone();
    let mut number = 2;
    while !id.is_empty() && !taken.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}
