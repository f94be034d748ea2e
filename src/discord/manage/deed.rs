//! What an admin's button or list does, as its custom id carries it.

use crate::fact::Revision;

/// What a press does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Management {
    /// Loads the facts, if they are still those of the preview.
    Reload {
        /// The revision that was shown.
        revision: Revision,
    },
    /// Publishes an earlier publication again.
    Rollback {
        /// Its number.
        number: i64,
    },
    /// Leaves everything as it is.
    Cancel,
    /// Turns a page of the questions without an answer.
    Unanswered {
        /// Counted from 0.
        page: usize,
        /// Whether the servers are named.
        are_named: bool,
    },
    /// Deletes a question without an answer.
    DeleteQuestion {
        /// Its number in the store.
        number: i64,
        /// The page that it was on, counted from 0.
        page: usize,
        /// Whether the servers are named.
        are_named: bool,
    },
    /// Changes a setting.
    Setting(Setting),
}

/// A setting of a server that a list or a button changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Where mentions are answered.
    Mentions,
    /// Whether mentions are answered nowhere; the button says what it makes of it.
    NoMentions(bool),
    /// Where every message is a question.
    AskChannels,
    /// Where what admins do is posted.
    LogChannel,
    /// Which briefings are answered from.
    Briefings,
    /// Whether `/ask` is private by default; the button says what it makes of it.
    Private(bool),
}

impl Setting {
    /// Every setting with the name that it has in custom ids and in the log.
    const ALL: [(Self, &'static str); 8] = [
        (Self::Mentions, "mentions"),
        (Self::NoMentions(true), "no-mentions"),
        (Self::NoMentions(false), "mentions-again"),
        (Self::AskChannels, "ask-channels"),
        (Self::LogChannel, "log-channel"),
        (Self::Briefings, "briefings"),
        (Self::Private(true), "private"),
        (Self::Private(false), "public"),
    ];

    /// The name it has in custom ids and in the log.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(setting, _)| *setting == self)
            .map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(setting, _)| *setting)
    }
}

impl Management {
    /// The text that Discord keeps, from behind the characters that all have.
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::Reload { revision } => format!("reload:{revision}"),
            Self::Rollback { number } => format!("rollback:{number}"),
            Self::Cancel => "cancel".to_owned(),
            Self::Unanswered { page, are_named } => format!("unanswered:{page}:{}", u8::from(*are_named)),
            Self::DeleteQuestion {
                number,
                page,
                are_named,
            } => format!("delete-question:{number}:{page}:{}", u8::from(*are_named)),
            Self::Setting(setting) => format!("set:{}", setting.name()),
        }
    }

    /// Reads the text back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let (verb, rest) = text.split_once(':').unwrap_or((text, ""));
        Some(match verb {
            "reload" => Self::Reload {
                revision: Revision::parse(rest)?,
            },
            "rollback" => Self::Rollback {
                number: rest.parse().ok()?,
            },
            "cancel" => Self::Cancel,
            "unanswered" => {
                let (page, are_named) = rest.split_once(':')?;
                Self::Unanswered {
                    page: page.parse().ok()?,
                    are_named: are_named == "1",
                }
            }
            "delete-question" => {
                let (number, rest) = rest.split_once(':')?;
                let (page, are_named) = rest.split_once(':')?;
                Self::DeleteQuestion {
                    number: number.parse().ok()?,
                    page: page.parse().ok()?,
                    are_named: are_named == "1",
                }
            }
            "set" => Self::Setting(Setting::named(rest)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded_to_the_same_and_fits() {
        let mut all = vec![
            Management::Reload {
                revision: Revision::of(&[]),
            },
            Management::Rollback { number: i64::MAX },
            Management::Cancel,
            Management::Unanswered {
                page: usize::MAX,
                are_named: true,
            },
            Management::Unanswered {
                page: 0,
                are_named: false,
            },
            Management::DeleteQuestion {
                number: i64::MAX,
                page: usize::MAX,
                are_named: true,
            },
        ];
        all.extend(Setting::ALL.map(|(setting, _)| Management::Setting(setting)));
        for management in all {
            let text = management.encode();
            assert!(text.len() < 90, "{text}");
            assert_eq!(Management::decode(&text), Some(management), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_deed() {
        for text in [
            "",
            "reload",
            "reload:xyz",
            "rollback:",
            "unanswered:1",
            "delete-question:1:2",
            "set:",
            "set:colour",
            "other",
        ] {
            assert_eq!(Management::decode(text), None, "{text}");
        }
    }
}
