//! What a button carries: all of its state, so that it outlives restarts and reloads.
//!
//! The text is `1:` (the version), a letter for what the button does, and its fields. Promise: what was encoded is
//! decoded to the same value, and never longer than Discord allows, whatever the ids' length; anything else decodes to
//! `None`. Deliberately absent: what a press does.

use std::fmt::Write as _;
use std::num::NonZeroU64;

use sha2::{Digest, Sha256};

use super::limits::{CHOICE_CHARS, CUSTOM_ID_CHARS};
use crate::fact::{Fact, FactBase, FactRef};

/// The version of the encoding; a button of another version is too old, or too new.
const VERSION: &str = "1";

/// What a button does when it is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CustomId {
    /// Answers with a fact: a "did you mean", or an example.
    Tell {
        /// The fact.
        fact: FactKey,
        /// What the fact said when the button was made.
        stamp: Stamp,
        /// Who had asked: the message with the button is theirs to change.
        asker: NonZeroU64,
    },
}

impl CustomId {
    /// The text that Discord keeps.
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::Tell { fact, stamp, asker } => {
                let fields = format!("{VERSION}:t:{stamp}:{asker}:");
                let room = CUSTOM_ID_CHARS - fields.chars().count();
                format!("{fields}{}", fact.encode(room))
            }
        }
    }

    /// Reads the text back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(VERSION)?.strip_prefix(":t:")?;
        let (stamp, rest) = rest.split_once(':')?;
        let (asker, fact) = rest.split_once(':')?;
        Some(Self::Tell {
            fact: FactKey::decode(fact)?,
            stamp: Stamp::decode(stamp)?,
            asker: asker.parse().ok()?,
        })
    }
}

/// Names a fact in few characters: by its ids, or where they are too long by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKey {
    /// `briefing/fact`.
    Named(FactRef),
    /// `#` and 16 hex digits of the SHA-256 over `briefing/fact`.
    Digest(String),
}

impl FactKey {
    /// The key of a fact as an autocomplete choice carries it.
    pub(crate) fn to_choice(reference: &FactRef) -> String {
        Self::Named(reference.clone()).encode(CHOICE_CHARS)
    }

    /// Reads a key back; `None` for anything that no fact could have.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        if let Some(digest) = text.strip_prefix('#') {
            let is_digest = digest.len() == 16 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            return is_digest.then(|| Self::Digest(digest.to_owned()));
        }
        let (briefing, fact) = text.split_once('/')?;
        let is_id = |id: &str| !id.is_empty() && !id.contains([':', '/', '#', ' ']);
        (is_id(briefing) && is_id(fact)).then(|| {
            Self::Named(FactRef {
                briefing: briefing.to_owned(),
                fact: fact.to_owned(),
            })
        })
    }

    /// The fact that it names; `None` once a reload removed it.
    pub(crate) fn find<'a>(&self, base: &'a FactBase) -> Option<(FactRef, &'a Fact)> {
        let mut facts = base.facts().map(|(briefing, fact)| {
            let reference = FactRef {
                briefing: briefing.id.clone(),
                fact: fact.id.clone(),
            };
            (reference, fact)
        });
        match self {
            Self::Named(reference) => base.fact(reference).map(|fact| (reference.clone(), fact)),
            Self::Digest(digest) => facts.find(|(reference, _)| digest_of(reference) == *digest),
        }
    }

    fn encode(&self, room: usize) -> String {
        match self {
            Self::Named(reference) => {
                let named = format!("{}/{}", reference.briefing, reference.fact);
                if named.chars().count() <= room {
                    named
                } else {
                    format!("#{}", digest_of(reference))
                }
            }
            Self::Digest(digest) => format!("#{digest}"),
        }
    }
}

fn digest_of(reference: &FactRef) -> String {
    let hash = Sha256::digest(format!("{}/{}", reference.briefing, reference.fact));
    hash.iter().take(8).fold(String::new(), |mut digest, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
        digest
    })
}

/// A short mark of what a fact says: equal stamps, equal facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(u32);

impl Stamp {
    /// The stamp of a fact as it is now.
    pub(crate) fn of(fact: &Fact) -> Self {
        let hash = Sha256::digest(format!("{:?}{:?}{:?}", fact.answer, fact.standing, fact.correction));
        Self(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
    }

    fn decode(text: &str) -> Option<Self> {
        let is_hex = text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_hex.then(|| u32::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tell(briefing: &str, fact: &str, stamp: u32, asker: u64) -> CustomId {
        CustomId::Tell {
            fact: FactKey::Named(FactRef {
                briefing: briefing.to_owned(),
                fact: fact.to_owned(),
            }),
            stamp: Stamp(stamp),
            asker: NonZeroU64::new(asker).unwrap(),
        }
    }

    #[test]
    fn a_button_reads_as_it_always_did() {
        // Buttons of this form are in channels already: they must be read for as long as the version is 1.
        let id = tell("harbour-works", "wall-height", 0x1f, 42);
        assert_eq!(id.encode(), "1:t:0000001f:42:harbour-works/wall-height");
        assert_eq!(CustomId::decode("1:t:0000001f:42:harbour-works/wall-height"), Some(id));
    }

    #[test]
    fn anything_else_is_no_button_of_ours() {
        for text in [
            "",
            "1",
            "1:t",
            "2:t:0000001f:42:a/b",
            "1:x:0000001f:42:a/b",
            "1:t:1f:42:a/b",
            "1:t:0000001f:0:a/b",
            "1:t:0000001f:-1:a/b",
            "1:t:0000001f:42:ab",
            "1:t:0000001f:42:a/b/c",
            "1:t:0000001f:42:#12",
        ] {
            assert_eq!(CustomId::decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_fits_is_decoded_to_the_same(
            briefing in "[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,2}", fact in "[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,2}",
            stamp: u32, asker in 1..u64::MAX,
        ) {
            let id = tell(&briefing, &fact, stamp, asker);
            let text = id.encode();
            prop_assert!(text.chars().count() <= CUSTOM_ID_CHARS);
            prop_assert_eq!(CustomId::decode(&text), Some(id));
        }

        #[test]
        fn ids_of_any_length_fit_and_find_their_fact(
            briefing in "[a-z]{1,150}", fact in "[a-z]{1,150}", stamp: u32, asker in 1..u64::MAX,
        ) {
            let text = tell(&briefing, &fact, stamp, asker).encode();
            prop_assert!(text.chars().count() <= CUSTOM_ID_CHARS);
            let Some(CustomId::Tell { fact: key, .. }) = CustomId::decode(&text) else {
                return Err(TestCaseError::fail(text));
            };
            let reference = FactRef { briefing, fact };
            prop_assert!(key == FactKey::Named(reference.clone()) || key == FactKey::Digest(digest_of(&reference)));
            prop_assert!(FactKey::to_choice(&reference).chars().count() <= CHOICE_CHARS);
        }

        #[test]
        fn decoding_never_panics(text in any::<String>()) {
            let _ = CustomId::decode(&text);
            let _ = FactKey::decode(&text);
        }

        /// Nearly right ids, as a forger writes them: what is taken for a button is one that we could have made.
        #[test]
        fn what_is_decoded_at_all_is_encoded_to_the_same(
            text in "[12]:[tx]:[0-9a-fA-F]{7,9}:[+-]?[0-9]{0,21}:(#[0-9a-f]{15,17}|[a-z0-9 :#é-]{0,50}/[a-z0-9/-]{0,60})",
        ) {
            if let Some(id) = CustomId::decode(&text) {
                let encoded = id.encode();
                prop_assert!(encoded.chars().count() <= CUSTOM_ID_CHARS);
                if text.chars().count() <= CUSTOM_ID_CHARS {
                    prop_assert_eq!(CustomId::decode(&encoded), Some(id));
                }
            }
        }
    }
}
