//! Who is said to say it: "did Ukraine confirm …", "according to the council", "announced by Tokyo".
//!
//! A true claim in the wrong mouth is a false one. Whoever stands before a verb of saying, or behind "according to", is
//! taken for who says it; a fact's own phrasings are read in the same way, so that whom they let speak may be asked for.
//! Deliberately absent: who speaks for whom; the phrasings say that.

use super::analysis::{Analysis, Mention};
use super::vocabulary::Vocabulary;
use crate::fact::EntityKind;

/// Stems of verbs of saying.
const SAYING: &[&str] = &[
    "acknowledg",
    "admit",
    "alleg",
    "announc",
    "claim",
    "condemn",
    "confirm",
    "declar",
    "deni",
    "disclos",
    "reiter",
    "reveal",
    "say",
    "tell",
];
/// Words that may stand between somebody and the verb.
const BETWEEN: &[&str] = &[
    "also", "has", "have", "really", "ever", "already", "itself", "himself", "just",
];

/// Whoever the text lets speak, each with all entities that the name may be of.
pub fn sayers<'a>(text: &'a Analysis, vocabulary: &'a Vocabulary) -> impl Iterator<Item = &'a [u32]> {
    let speaking = text
        .mentions
        .iter()
        .filter(|mention| can_speak(mention, vocabulary) && (speaks(text, mention) || is_cited(text, mention)));
    speaking.map(|mention| mention.owners.as_slice())
}

fn can_speak(mention: &Mention, vocabulary: &Vocabulary) -> bool {
    let is_somebody = |owner: &u32| {
        matches!(
            vocabulary.entity_kind(*owner),
            Some(EntityKind::Person | EntityKind::State | EntityKind::Body)
        )
    };
    mention.owners.iter().any(is_somebody)
}

/// "Kirby also said", but not "what is Russia said to have done".
fn speaks(text: &Analysis, mention: &Mention) -> bool {
    let mut behind = text.terms[mention.start + mention.length..]
        .iter()
        .skip_while(|term| BETWEEN.contains(&term.word.as_str()));
    let is_saying = behind.next().is_some_and(|term| SAYING.contains(&term.stem.as_str()));
    is_saying && behind.next().is_none_or(|term| term.word != "to")
}

/// "According to Kirby", "confirmed by Kyiv".
fn is_cited(text: &Analysis, mention: &Mention) -> bool {
    let mut before = text.terms[..mention.start]
        .iter()
        .rev()
        .filter(|term| term.word != "the");
    match (before.next(), before.next()) {
        (Some(to), Some(according)) if to.word == "to" => according.word == "according",
        (Some(by), Some(verb)) if by.word == "by" => SAYING.contains(&verb.stem.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[test]
    fn whoever_says_it_is_found() {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let vocabulary = matcher.vocabulary();
        let office = vocabulary.entity(0, "harbour-office").unwrap();
        let master = vocabulary.entity(0, "harbour-master").unwrap();
        for (text, expected) in [
            ("Did the harbour office confirm that the wall is raised?", vec![office]),
            ("What has the harbour master also announced?", vec![master]),
            (
                "According to the port authority, when do the works begin?",
                vec![office],
            ),
            ("Was it announced by the harbour master?", vec![master]),
            ("What is the harbour office said to have done?", vec![]),
            ("What did they say of the harbour office?", vec![]),
            // A wall says nothing.
            ("What does the harbour wall say?", vec![]),
        ] {
            let analysis = matcher.analyse(&normalise(text));
            let found: Vec<u32> = sayers(&analysis, vocabulary).flatten().copied().collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
