//! A server's own settings.
//!
//! Kept as one JSON text a server, so that a setting can be added without a migration: an unknown one of a newer version
//! is kept as it is, an absent one has its default. Promise: what cannot be read is never written over, and while it
//! cannot be, the bot is careful in that server. Deliberately absent: who may change them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::StoreError;
use super::record::Snowflake;

/// A change of a server's settings.
pub type SettingsEdit = Box<dyn FnOnce(&mut ServerSettings) + Send>;

/// A server, and its settings as far as they can be read.
pub type ReadSettings = (Snowflake, Result<ServerSettings, StoreError>);

/// What a server's managers have set; the default is a server where nothing was set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerSettings {
    /// Where mentions are answered.
    pub answers_in: AnswersIn,
    /// Channels where every message is a question, answered only where the answer is sure. Opt-in.
    pub ask_channels: Vec<Snowflake>,
    /// Forums where the first post of a thread is a question. Opt-in.
    pub ask_forums: Vec<Snowflake>,
    /// Ids of the briefings that this server answers from; empty: all of them.
    pub briefings: Vec<String>,
    /// Whether `/ask` answers in private where nothing else is said.
    pub is_private_by_default: bool,
    /// The channel where admin actions are posted.
    pub log_channel: Option<Snowflake>,
    /// Whether mentions are answered nowhere, whatever `answers_in` says. Apart from it, so that an earlier version, which
    /// does not know this, still reads the rest; and turning mentions on again finds the channels as they were.
    pub ignores_mentions: bool,
    /// Whether they stand in for settings that cannot be read.
    #[serde(skip)]
    pub are_unreadable: bool,
    /// What a newer version has set, which an edit by this one leaves as it is.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl ServerSettings {
    /// The channels where mentions are answered; `None`: in every one.
    #[must_use]
    pub fn mentioned_in(&self) -> Option<&[Snowflake]> {
        match &self.answers_in {
            _ if self.ignores_mentions => Some(&[]),
            AnswersIn::AllChannels => None,
            AnswersIn::Channels(channels) => Some(channels),
        }
    }

    /// Whether mentions are answered in a channel; `places`: its id, and that of the channel that it is a thread of.
    #[must_use]
    pub fn answers_mentions_in(&self, places: &[u64]) -> bool {
        let is_among = |ids: &[Snowflake]| ids.iter().any(|id| places.contains(&id.get()));
        self.open_to_mentions().is_none_or(|all| all.into_iter().any(is_among))
    }

    /// Whether mentions are answered in any channel.
    #[must_use]
    pub fn answers_mentions_anywhere(&self) -> bool {
        let has_some = |ids: &[Snowflake]| !ids.is_empty();
        self.open_to_mentions().is_none_or(|all| all.into_iter().any(has_some))
    }

    /// The same channels, and those that are open for questions, where a mention is answered in any case.
    fn open_to_mentions(&self) -> Option<[&[Snowflake]; 3]> {
        let chosen = self.mentioned_in()?;
        Some([chosen, &self.ask_channels, &self.ask_forums])
    }
}

impl ServerSettings {
    /// Whether a channel is named anywhere.
    #[must_use]
    pub fn names(&self, channel: Snowflake) -> bool {
        let chosen: &[Snowflake] = match &self.answers_in {
            AnswersIn::AllChannels => &[],
            AnswersIn::Channels(channels) => channels,
        };
        let mut named = [chosen, &self.ask_channels, &self.ask_forums].into_iter().flatten();
        named.any(|known| *known == channel) || self.log_channel == Some(channel)
    }

    /// Takes out a channel that is no more. Where mentions were answered there alone, they are nowhere from then on:
    /// managers who named a channel did not want the bot in all others.
    pub fn forget_channel(&mut self, channel: Snowflake) {
        let is_other = |known: &Snowflake| *known != channel;
        if let AnswersIn::Channels(channels) = &mut self.answers_in
            && channels.contains(&channel)
        {
            channels.retain(is_other);
            if channels.is_empty() {
                self.answers_in = AnswersIn::AllChannels;
                self.ignores_mentions = true;
            }
        }
        self.ask_channels.retain(is_other);
        self.ask_forums.retain(is_other);
        self.log_channel = self.log_channel.filter(is_other);
    }
}

/// Where mentions are answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswersIn {
    /// In every channel.
    #[default]
    AllChannels,
    /// In these channels, and the threads in them, only.
    Channels(Vec<Snowflake>),
}

impl ServerSettings {
    /// The text that the store keeps.
    ///
    /// # Errors
    /// Never for these types; the format's own error is passed on.
    pub(super) fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads the text back.
    ///
    /// # Errors
    /// [`StoreError::Incompatible`] where it cannot be read: then another version wrote it.
    pub(super) fn from_text(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Incompatible(format!("a server's settings cannot be read: {error}")))
    }

    /// For a server whose settings cannot be read: it may have wanted the bot in no channel, so that commands are answered
    /// only, and in private where nothing else is said.
    pub(super) fn careful() -> Self {
        Self {
            is_private_by_default: true,
            ignores_mentions: true,
            are_unreadable: true,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use expect_test::expect;

    use super::*;

    fn id(number: u64) -> Snowflake {
        Snowflake::from(NonZeroU64::new(number).unwrap())
    }

    #[test]
    fn settings_read_as_they_always_did() {
        let settings = ServerSettings {
            answers_in: AnswersIn::Channels(vec![id(7), id(u64::MAX)]),
            ask_channels: vec![id(8)],
            ask_forums: vec![id(10)],
            briefings: vec!["harbour".to_owned()],
            is_private_by_default: true,
            log_channel: Some(id(9)),
            ignores_mentions: true,
            ..ServerSettings::default()
        };
        let text = settings.to_text().unwrap();
        expect![[r#"{"answers_in":{"channels":["7","18446744073709551615"]},"ask_channels":["8"],"ask_forums":["10"],"briefings":["harbour"],"is_private_by_default":true,"log_channel":"9","ignores_mentions":true}"#]]
            .assert_eq(&text);
        assert_eq!(ServerSettings::from_text(&text), Ok(settings));
    }

    #[test]
    fn a_channel_that_is_no_more_is_taken_out_and_never_makes_the_bot_speak_elsewhere() {
        let mut settings = ServerSettings {
            answers_in: AnswersIn::Channels(vec![id(7), id(8)]),
            ask_channels: vec![id(7), id(9)],
            ask_forums: vec![id(10)],
            log_channel: Some(id(11)),
            ..ServerSettings::default()
        };
        let before = settings.clone();
        settings.forget_channel(id(12));
        assert!(settings == before && !settings.names(id(12)));
        for number in [7, 10, 11] {
            assert!(settings.names(id(number)));
            settings.forget_channel(id(number));
            assert!(!settings.names(id(number)));
        }
        let rest = ServerSettings {
            answers_in: AnswersIn::Channels(vec![id(8)]),
            ask_channels: vec![id(9)],
            ..ServerSettings::default()
        };
        assert_eq!(settings, rest);
        settings.forget_channel(id(8));
        assert_eq!(settings.mentioned_in(), Some(&[][..]));
        assert!(settings.ignores_mentions);
    }

    #[test]
    fn mentions_are_answered_in_the_chosen_channels_and_in_those_that_are_open_for_questions() {
        let everywhere = ServerSettings::default();
        assert!(everywhere.answers_mentions_in(&[1]) && everywhere.answers_mentions_anywhere());
        let chosen = ServerSettings {
            answers_in: AnswersIn::Channels(vec![id(7)]),
            ask_forums: vec![id(8)],
            ..everywhere
        };
        let answers_in = |settings: &ServerSettings| [7, 8, 9].map(|channel| settings.answers_mentions_in(&[channel]));
        assert_eq!(answers_in(&chosen), [true, true, false]);
        assert!(chosen.answers_mentions_in(&[9, 7]));
        let mut turned_off = chosen;
        turned_off.ignores_mentions = true;
        assert_eq!(answers_in(&turned_off), [false, true, false]);
        assert!(turned_off.answers_mentions_anywhere());
        turned_off.forget_channel(id(8));
        assert!(!turned_off.answers_mentions_anywhere());
    }

    #[test]
    fn settings_of_another_version_are_read_as_far_as_they_go_and_kept_whole() {
        let newer = r#"{"is_private_by_default":true,"colour":{"of":["red",7]}}"#;
        let mut read = ServerSettings::from_text(newer).unwrap();
        assert!(read.is_private_by_default);
        assert_eq!(read.answers_in, AnswersIn::AllChannels);
        read.briefings.push("harbour".to_owned());
        let text = read.to_text().unwrap();
        assert!(text.contains(r#""colour":{"of":["red",7]}"#), "{text}");
        assert_eq!(ServerSettings::from_text(&text), Ok(read));
        for unreadable in ["not JSON", r#"{"answers_in":"nowhere"}"#] {
            let read = ServerSettings::from_text(unreadable);
            assert!(matches!(read, Err(StoreError::Incompatible(_))), "{read:?}");
        }
        let careful = ServerSettings::careful();
        assert_eq!(careful.mentioned_in(), Some(&[][..]), "it may have wanted no answers");
        assert!(careful.is_private_by_default && careful.briefings.is_empty());
        assert!(careful.are_unreadable && !careful.to_text().unwrap().contains("unreadable"));
    }
}
