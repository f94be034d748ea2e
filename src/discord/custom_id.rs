//! What a button carries: all of its state, so that it outlives restarts and reloads.
//!
//! The text is `1:` (the version), a letter for what the button does, and its fields. Promise: what was encoded is
//! decoded to the same value, and never longer than Discord allows, whatever the ids' length; anything else decodes to
//! `None`. Deliberately absent: what a press does.

use std::fmt::Write as _;
use std::num::NonZeroU64;

use sha2::{Digest, Sha256};

use super::browse::View;
use super::glimpse::Glimpse;
use super::limits::{CHOICE_CHARS, CUSTOM_ID_CHARS};
use super::manage::Management;
use crate::fact::{Fact, FactBase, FactRef, Revision};
use crate::store::Rating;

/// The version of the encoding; a button of another version is too old, or too new.
const VERSION: &str = "1";
/// What stands in place of a question where the fact was chosen.
const CHOSEN: &str = "chosen";

/// Room for words on "Why this answer": `1:w:`, a digest with its mark, the longest id, and what is between them take 43.
const WHY_WORDS_CHARS: usize = CUSTOM_ID_CHARS - 43;

/// What a button does when it is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CustomId {
    /// Answers with a fact: a "did you mean", an example, a related question.
    Tell {
        /// The fact.
        fact: FactKey,
        /// What the fact said when the button was made.
        stamp: Stamp,
        /// Who had asked: the message with the button is theirs to change.
        asker: NonZeroU64,
        /// Where the answer goes for the one who had asked.
        place: Place,
    },
    /// Shows a page of something to browse.
    Browse(View),
    /// Does something of an admin's.
    Manage(Management),
    /// Turns down all of a "did you mean".
    NoneOfThese {
        /// Who had asked.
        asker: NonZeroU64,
        /// What.
        question: QuestionKey,
    },
    /// Agrees that the words of a question are kept.
    TellCurators {
        /// Who had asked: nobody else can agree to it.
        asker: NonZeroU64,
        /// What.
        question: QuestionKey,
    },
    /// Says whether facts helped.
    Vote {
        /// Whether they did.
        rating: Rating,
        /// The facts.
        facts: Vec<FactKey>,
    },
    /// Asks why these facts were the answer.
    Why {
        /// The first of the facts.
        fact: FactKey,
        /// To what; `None` where a button or a choice named the fact.
        question: Option<QuestionKey>,
    },
    /// Deletes the bot's reply.
    Delete {
        /// Who had asked.
        asker: NonZeroU64,
    },
    /// Deletes a check that was posted. Apart from [`CustomId::Delete`], by which an answer is known from it.
    DeleteCheck {
        /// Who had posted it.
        poster: NonZeroU64,
    },
    /// Posts a check for all to read, as a reply to the message that was checked.
    PostCheck {
        /// The message; it is in the channel that the button is in.
        message: NonZeroU64,
        /// The facts that it was checked against.
        revision: Revision,
    },
}

/// Where the answer to a press goes, for the one who had asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In place of the message with the button: nothing is lost with it.
    Here,
    /// In a message of its own: what is there is an answer that stays.
    Below,
}

/// Names a question: by the event that asked it, and in its own words where they are short and plain, or else by what is
/// left to say of its answer without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QuestionKey {
    /// The id of the message or the interaction.
    pub(crate) event: NonZeroU64,
    /// The words; for a command, whose words Discord does not tell again.
    pub(crate) words: Option<String>,
    /// Why it got its answer, for a command whose words do not fit.
    pub(crate) glimpse: Option<Glimpse>,
}

impl QuestionKey {
    /// Whether "Why this answer" has room for these words, whatever the event's id.
    pub(crate) fn has_room_for(words: &str) -> bool {
        words.chars().count() <= WHY_WORDS_CHARS
    }

    fn encode(&self, fields: &str) -> String {
        let short = format!("{fields}{}", self.event);
        let fits = |text: &String| text.chars().count() <= CUSTOM_ID_CHARS;
        let in_words = self.words.as_ref().map(|words| format!("{short}:{words}"));
        let in_short = || Some(format!("{short}~{}", self.glimpse.as_ref()?.encode()));
        let long = in_words.filter(fits).or_else(|| in_short().filter(fits));
        long.unwrap_or(short)
    }

    fn decode(text: &str) -> Option<Self> {
        let (event, words, glimpse) = match text.find([':', '~']).map(|at| (text.split_at(at), text.as_bytes()[at])) {
            Some(((event, words), b':')) => (event, Some(words[1..].to_owned()), None),
            Some(((event, glimpse), _)) => (event, None, Some(Glimpse::decode(&glimpse[1..])?)),
            None => (text, None, None),
        };
        Some(Self {
            event: event.parse().ok()?,
            words,
            glimpse,
        })
    }
}

/// The words as a custom id may hold them: with nothing in them that could be taken for markup or a mention.
pub(crate) fn plain_words(question: &str) -> Option<String> {
    let words = question.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_plain = |c: char| c.is_alphanumeric() || " .,;?!'’-%&()".contains(c);
    (!words.is_empty() && words.chars().all(is_plain)).then_some(words)
}

impl CustomId {
    /// The text that Discord keeps.
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::Tell {
                fact,
                stamp,
                asker,
                place,
            } => {
                let letter = match place {
                    Place::Here => 't',
                    Place::Below => 'r',
                };
                with_facts(
                    format!("{VERSION}:{letter}:{stamp}:{asker}:"),
                    std::slice::from_ref(fact),
                )
            }
            Self::Browse(view) => view.encode(&format!("{VERSION}:b:")),
            Self::Manage(management) => format!("{VERSION}:m:{}", management.encode()),
            Self::NoneOfThese { asker, question } => question.encode(&format!("{VERSION}:n:{asker}:")),
            Self::TellCurators { asker, question } => question.encode(&format!("{VERSION}:k:{asker}:")),
            Self::Vote { rating, facts } => {
                let letter = match rating {
                    Rating::Helpful => 'h',
                    Rating::NotHelpful => 'n',
                };
                with_facts(format!("{VERSION}:v:{letter}:"), facts)
            }
            Self::Why { fact, question } => {
                // The digest, so that the words have room.
                let fields = format!("{VERSION}:w:{}:", fact.digest());
                match question {
                    Some(question) => question.encode(&fields),
                    None => fields + CHOSEN,
                }
            }
            Self::Delete { asker } => format!("{VERSION}:x:{asker}"),
            Self::DeleteCheck { poster } => format!("{VERSION}:d:{poster}"),
            Self::PostCheck { message, revision } => format!("{VERSION}:p:{message}:{revision}"),
        }
    }

    /// Reads the text back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let (letter, rest) = text.strip_prefix(VERSION)?.strip_prefix(':')?.split_once(':')?;
        match letter {
            "t" => Self::decode_tell(rest, Place::Here),
            "r" => Self::decode_tell(rest, Place::Below),
            "n" | "k" => {
                let (asker, question) = rest.split_once(':')?;
                let (asker, question) = (asker.parse().ok()?, QuestionKey::decode(question)?);
                Some(match letter {
                    "n" => Self::NoneOfThese { asker, question },
                    _ => Self::TellCurators { asker, question },
                })
            }
            "v" => {
                let (rating, facts) = rest.split_once(':')?;
                let facts: Option<Vec<FactKey>> = facts.split(',').map(FactKey::decode).collect();
                Some(Self::Vote {
                    rating: match rating {
                        "h" => Rating::Helpful,
                        "n" => Rating::NotHelpful,
                        _ => return None,
                    },
                    facts: facts?,
                })
            }
            "w" => {
                let (fact, question) = rest.split_once(':')?;
                let question = match question {
                    CHOSEN => None,
                    question => Some(QuestionKey::decode(question)?),
                };
                Some(Self::Why {
                    fact: FactKey::decode(fact)?,
                    question,
                })
            }
            "x" => Some(Self::Delete {
                asker: rest.parse().ok()?,
            }),
            "d" => Some(Self::DeleteCheck {
                poster: rest.parse().ok()?,
            }),
            "p" => {
                let (message, revision) = rest.split_once(':')?;
                Some(Self::PostCheck {
                    message: message.parse().ok()?,
                    revision: Revision::parse(revision)?,
                })
            }
            "b" => View::decode(rest).map(Self::Browse),
            "m" => Management::decode(rest).map(Self::Manage),
            _ => None,
        }
    }

    fn decode_tell(rest: &str, place: Place) -> Option<Self> {
        let (stamp, rest) = rest.split_once(':')?;
        let (asker, fact) = rest.split_once(':')?;
        Some(Self::Tell {
            fact: FactKey::decode(fact)?,
            stamp: Stamp::decode(stamp)?,
            asker: asker.parse().ok()?,
            place,
        })
    }
}

/// The fields with the facts behind them, each in its share of the room: three digests always fit.
fn with_facts(fields: String, facts: &[FactKey]) -> String {
    let room = CUSTOM_ID_CHARS - fields.chars().count();
    let share = (room + 1) / facts.len().max(1) - 1;
    let facts: Vec<String> = facts.iter().map(|fact| fact.encode(share)).collect();
    fields + &facts.join(",")
}

/// Names a fact in few characters: by its ids, or where they are too long by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKey {
    /// `briefing/fact`.
    Named(FactRef),
    /// `#` and 16 hex digits of the SHA-256 over `briefing/fact`: its first eight bytes.
    Digest(u64),
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
            return is_digest
                .then(|| u64::from_str_radix(digest, 16).ok().map(Self::Digest))
                .flatten();
        }
        let (briefing, fact) = text.split_once('/')?;
        let is_id = |id: &str| !id.is_empty() && !id.contains([':', '/', '#', ' ', ',']);
        (is_id(briefing) && is_id(fact)).then(|| {
            Self::Named(FactRef {
                briefing: briefing.to_owned(),
                fact: fact.to_owned(),
            })
        })
    }

    /// The fact that it names; `None` once a reload removed it.
    pub(crate) fn find<'a>(&self, base: &'a FactBase) -> Option<(FactRef, &'a Fact)> {
        match self {
            Self::Named(reference) => base.fact(reference).map(|fact| (reference.clone(), fact)),
            Self::Digest(digest) => {
                let mut facts = base.facts();
                let (briefing, fact) = facts.find(|(briefing, fact)| digest_of(&briefing.id, &fact.id) == *digest)?;
                let reference = FactRef {
                    briefing: briefing.id.clone(),
                    fact: fact.id.clone(),
                };
                Some((reference, fact))
            }
        }
    }

    pub(super) fn encode(&self, room: usize) -> String {
        match self {
            Self::Named(reference) => {
                let named = format!("{}/{}", reference.briefing, reference.fact);
                if named.chars().count() <= room {
                    named
                } else {
                    self.digest()
                }
            }
            Self::Digest(_) => self.digest(),
        }
    }

    /// The key in its shortest form.
    fn digest(&self) -> String {
        let digest = match self {
            Self::Named(reference) => digest_of(&reference.briefing, &reference.fact),
            Self::Digest(digest) => *digest,
        };
        format!("#{digest:016x}")
    }

    /// Whether it names this fact.
    pub(crate) fn names(&self, reference: &FactRef) -> bool {
        match self {
            Self::Named(own) => own == reference,
            Self::Digest(digest) => digest_of(&reference.briefing, &reference.fact) == *digest,
        }
    }
}

/// Without a copy, since all facts may have to be looked at for one.
fn digest_of(briefing: &str, fact: &str) -> u64 {
    let hash = Sha256::new()
        .chain_update(briefing)
        .chain_update("/")
        .chain_update(fact)
        .finalize();
    hash.iter()
        .take(8)
        .fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

/// Takes text into a hash as it is written, so that it need not be put together.
struct Hashing(Sha256);

impl std::fmt::Write for Hashing {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

/// A short mark of what a fact says: equal stamps, equal facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(u32);

impl Stamp {
    /// The stamp of a fact as it is now.
    pub(crate) fn of(fact: &Fact) -> Self {
        let mut hasher = Hashing(Sha256::new());
        // Writing to a hash cannot fail.
        let _ = write!(hasher, "{:?}{:?}{:?}", fact.answer, fact.standing, fact.correction);
        let hash = hasher.0.finalize();
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
            asker: number(asker),
            place: Place::Here,
        }
    }

    fn number(number: u64) -> NonZeroU64 {
        NonZeroU64::new(number).unwrap()
    }

    fn question(words: Option<&str>) -> QuestionKey {
        QuestionKey {
            event: number(77),
            words: words.map(str::to_owned),
            glimpse: None,
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
    fn the_other_buttons_read_as_they_always_did() {
        let fact = FactKey::decode("a/b").unwrap();
        let digest = FactKey::decode("#0123456789abcdef").unwrap();
        let words = Some("how high: it?");
        for (id, text) in [
            (
                CustomId::NoneOfThese {
                    asker: number(42),
                    question: question(None),
                },
                "1:n:42:77",
            ),
            (
                CustomId::TellCurators {
                    asker: number(42),
                    question: question(words),
                },
                "1:k:42:77:how high: it?",
            ),
            (
                CustomId::Vote {
                    rating: Rating::Helpful,
                    facts: vec![fact.clone(), digest.clone()],
                },
                "1:v:h:a/b,#0123456789abcdef",
            ),
            (
                CustomId::Vote {
                    rating: Rating::NotHelpful,
                    facts: vec![fact],
                },
                "1:v:n:a/b",
            ),
            (
                CustomId::Why {
                    fact: digest.clone(),
                    question: None,
                },
                "1:w:#0123456789abcdef:chosen",
            ),
            (
                CustomId::Why {
                    fact: digest,
                    question: Some(question(Some("why"))),
                },
                "1:w:#0123456789abcdef:77:why",
            ),
            (CustomId::Delete { asker: number(42) }, "1:x:42"),
            (CustomId::DeleteCheck { poster: number(42) }, "1:d:42"),
            (
                CustomId::PostCheck {
                    message: number(42),
                    revision: Revision::parse("0123abcd").unwrap(),
                },
                "1:p:42:0123abcd",
            ),
        ] {
            assert_eq!(id.encode(), text);
            assert_eq!(CustomId::decode(text), Some(id), "{text}");
        }
    }

    #[test]
    fn a_glimpse_stands_where_words_would() {
        let id = CustomId::Why {
            fact: FactKey::decode("#0123456789abcdef").unwrap(),
            question: Some(QuestionKey {
                glimpse: Glimpse::decode("0000001f.93.89abcdef.41"),
                ..question(None)
            }),
        };
        let text = "1:w:#0123456789abcdef:77~0000001f.93.89abcdef.41";
        assert_eq!(id.encode(), text);
        assert_eq!(CustomId::decode(text), Some(id));
    }

    #[test]
    fn words_are_carried_where_they_fit_and_left_out_where_they_do_not() {
        let id = |words: String| CustomId::TellCurators {
            asker: NonZeroU64::MAX,
            question: question(Some(&words)),
        };
        let room = CUSTOM_ID_CHARS - id(String::new()).encode().chars().count();
        let at = id("한".repeat(room)).encode();
        assert_eq!(at.chars().count(), CUSTOM_ID_CHARS);
        assert!(at.ends_with('한'));
        let past = id("한".repeat(room + 1)).encode();
        assert!(past.ends_with(":77"), "{past}");
    }

    #[test]
    fn why_carries_words_that_have_room_and_a_glimpse_in_place_of_others() {
        let glimpse = Glimpse::decode("ffffffff.100.ffffffff.100");
        let id = |words: String| {
            let question = QuestionKey {
                event: NonZeroU64::MAX,
                words: Some(words),
                glimpse: glimpse.clone(),
            };
            let fact = FactKey::decode("#0123456789abcdef").unwrap();
            let question = Some(question);
            CustomId::Why { fact, question }.encode()
        };
        assert!(QuestionKey::has_room_for(&"한".repeat(WHY_WORDS_CHARS)));
        assert!(!QuestionKey::has_room_for(&"한".repeat(WHY_WORDS_CHARS + 1)));
        let at = id("한".repeat(WHY_WORDS_CHARS));
        assert_eq!(at.chars().count(), CUSTOM_ID_CHARS);
        assert!(at.ends_with('한'));
        let past = id("한".repeat(WHY_WORDS_CHARS + 1));
        assert!(past.ends_with("~ffffffff.100.ffffffff.100") && past.chars().count() <= CUSTOM_ID_CHARS);
    }

    #[test]
    fn only_words_that_cannot_be_markup_are_carried() {
        assert_eq!(plain_words("  How\nhigh is it? ").as_deref(), Some("How high is it?"));
        assert_eq!(plain_words("얼마나 높아요?").as_deref(), Some("얼마나 높아요?"));
        for text in [
            "",
            " ",
            "<@5> how",
            "@everyone",
            "**how**",
            "a\u{202e}b",
            "`x`",
            "a:b",
            "https://e.example",
        ] {
            assert_eq!(plain_words(text), None, "{text}");
        }
    }

    #[test]
    fn three_facts_of_any_names_fit_a_vote() {
        let fact = |n: usize| {
            FactKey::Named(FactRef {
                briefing: "b".repeat(40),
                fact: format!("{n}").repeat(40),
            })
        };
        let text = CustomId::Vote {
            rating: Rating::Helpful,
            facts: (0..3).map(fact).collect(),
        }
        .encode();
        assert!(text.chars().count() <= CUSTOM_ID_CHARS, "{text}");
        let Some(CustomId::Vote { facts, .. }) = CustomId::decode(&text) else {
            panic!("{text}")
        };
        assert_eq!(facts.len(), 3);
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
            "1:n:42",
            "1:k:42:",
            "1:k:42:77~",
            "1:k:42:77~93",
            "1:v:x:a/b",
            "1:v:h:",
            "1:w:#0123456789abcdef",
            "1:x:",
            "1:p:42:zz",
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
            let digest = digest_of(&reference.briefing, &reference.fact);
            prop_assert!(key == FactKey::Named(reference.clone()) || key == FactKey::Digest(digest));
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
