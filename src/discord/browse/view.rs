//! What is browsed, as a button carries it: which list, and which page of it.

use crate::discord::custom_id::FactKey;
use crate::discord::limits::CUSTOM_ID_CHARS;
use crate::fact::FactRef;

/// A page of something to browse, or something that its reader may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    /// The topics.
    Topics {
        /// Counted from 0, as everywhere here.
        page: usize,
    },
    /// The facts of a topic.
    Topic {
        /// Which.
        topic: Key,
        /// The page.
        page: usize,
    },
    /// Whom a name means, and the facts about them.
    Who {
        /// Which entity.
        entity: Key,
        /// The page.
        page: usize,
    },
    /// The facts in the order of their dates.
    Timeline {
        /// The page.
        page: usize,
    },
    /// What is stored, with the page of the member's own votes.
    Privacy {
        /// The page.
        page: usize,
    },
    /// A list of facts of which one was chosen.
    ChooseFact,
    /// A list of topics of which one was chosen.
    ChooseTopic,
    /// A list of names of which one was chosen.
    ChooseEntity,
    /// Deletes the member's votes.
    DeleteVotes,
    /// Forgets what the member said in this channel.
    Forget,
}

/// A topic or an entity in few characters: named as facts are, by its briefing's id and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(FactKey);

impl Key {
    /// The key of the thing with this id in this briefing.
    pub(crate) fn of(briefing: &str, id: &str) -> Self {
        Self(FactKey::Named(reference(briefing, id)))
    }

    /// As a choice or an option carries it.
    pub(crate) fn to_choice(&self) -> String {
        self.0.encode(crate::discord::limits::CHOICE_CHARS)
    }

    /// Reads a choice back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        FactKey::decode(text).map(Self)
    }

    /// Whether it names the thing with this id in this briefing.
    pub(crate) fn names(&self, briefing: &str, id: &str) -> bool {
        self.0.names(&reference(briefing, id))
    }
}

fn reference(briefing: &str, id: &str) -> FactRef {
    FactRef {
        briefing: briefing.to_owned(),
        fact: id.to_owned(),
    }
}

impl View {
    /// The text that Discord keeps, after these characters.
    pub(crate) fn encode(&self, before: &str) -> String {
        let with_key = |letter: &str, page: &usize, Key(key): &Key| {
            let fields = format!("{before}{letter}:{page}:");
            let room = CUSTOM_ID_CHARS.saturating_sub(fields.chars().count());
            format!("{fields}{}", key.encode(room))
        };
        match self {
            Self::Topics { page } => format!("{before}topics:{page}"),
            Self::Topic { topic, page } => with_key("topic", page, topic),
            Self::Who { entity, page } => with_key("who", page, entity),
            Self::Timeline { page } => format!("{before}time:{page}"),
            Self::Privacy { page } => format!("{before}privacy:{page}"),
            Self::ChooseFact => format!("{before}fact"),
            Self::ChooseTopic => format!("{before}of-topics"),
            Self::ChooseEntity => format!("{before}of-names"),
            Self::DeleteVotes => format!("{before}unvote"),
            Self::Forget => format!("{before}forget"),
        }
    }

    /// Reads the text back, from behind the characters that all have.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let (verb, rest) = text.split_once(':').unwrap_or((text, ""));
        let (page, key) = rest.split_once(':').unwrap_or((rest, ""));
        let page = || page.parse().ok();
        Some(match verb {
            "topics" => Self::Topics { page: page()? },
            "topic" => Self::Topic {
                topic: Key::decode(key)?,
                page: page()?,
            },
            "who" => Self::Who {
                entity: Key::decode(key)?,
                page: page()?,
            },
            "time" => Self::Timeline { page: page()? },
            "privacy" => Self::Privacy { page: page()? },
            "fact" => Self::ChooseFact,
            "of-topics" => Self::ChooseTopic,
            "of-names" => Self::ChooseEntity,
            "unvote" => Self::DeleteVotes,
            "forget" => Self::Forget,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded_to_the_same() {
        let key = || Key::of("harbour-works", "works");
        for view in [
            View::Topics { page: 0 },
            View::Topic { topic: key(), page: 12 },
            View::Who { entity: key(), page: 3 },
            View::Timeline { page: 1 },
            View::Privacy { page: 2 },
            View::ChooseFact,
            View::ChooseTopic,
            View::ChooseEntity,
            View::DeleteVotes,
            View::Forget,
        ] {
            let text = view.encode("1:b:");
            assert_eq!(View::decode(text.strip_prefix("1:b:").unwrap()), Some(view), "{text}");
        }
    }

    #[test]
    fn a_button_reads_as_it_always_did() {
        let view = View::Topic {
            topic: Key::of("harbour-works", "works"),
            page: 2,
        };
        assert_eq!(view.encode("1:b:"), "1:b:topic:2:harbour-works/works");
    }

    #[test]
    fn ids_of_the_greatest_length_fit() {
        let long = "x".repeat(crate::fact::limits::MAX_ID_CHARS);
        let key = Key::of(&long, &long);
        let view = View::Topic {
            topic: key.clone(),
            page: usize::MAX,
        };
        let text = view.encode("1:b:");
        assert!(text.chars().count() <= CUSTOM_ID_CHARS, "{text}");
        let Some(View::Topic { topic, .. }) = View::decode(text.strip_prefix("1:b:").unwrap()) else {
            panic!("{text}");
        };
        assert!(topic.names(&long, &long) && !topic.names(&long, "x"));
    }

    #[test]
    fn anything_else_is_no_view() {
        for text in [
            "",
            "topic",
            "topic:1",
            "topic:x:a/b",
            "who:1:ab",
            "time:",
            "time:-1",
            "nothing:1",
        ] {
            assert_eq!(View::decode(text), None, "{text}");
        }
    }
}
