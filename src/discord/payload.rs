//! The bodies of requests to Discord, as far as the bot needs them.
//!
//! Its own types instead of serenity's builders: one value serves as a message, a response and an edit, and what is
//! sent can be checked as a whole. Promise: no body of these lets anyone be notified.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serenity::model::id::{ChannelId, MessageId};

use super::limits::{self, FILE_DESCRIPTION_CHARS};

/// `EPHEMERAL`: only the one who asked sees it.
const EPHEMERAL: u64 = 1 << 6;

/// Nobody is notified: `parse` is empty, and so is everything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct NoMentions {
    parse: [&'static str; 0],
    replied_user: bool,
}

/// What is shown, common to messages, responses and edits. All keys are always there, so that an edit also removes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Body {
    /// The text.
    pub(crate) content: String,
    /// Longer text.
    pub(crate) embeds: Vec<Embed>,
    /// Rows of buttons.
    pub(crate) components: Vec<Row>,
    /// A file shown with it. Its key is there without one too, or an edit would leave an earlier one standing.
    #[serde(rename = "attachments", serialize_with = "alone")]
    pub(crate) file: Option<File>,
    allowed_mentions: NoMentions,
}

impl Body {
    /// A body with this content and nothing else.
    pub(crate) fn text(content: String) -> Self {
        Self {
            content,
            ..Self::default()
        }
    }
}

/// A block of text too long for the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Embed {
    /// The text.
    pub(crate) description: String,
}

/// A file that is sent with a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct File {
    /// Its place among the files of the body, of which there is one.
    id: u64,
    /// Its name; the ending says what it is.
    pub(crate) filename: &'static str,
    /// What is to be seen, for whoever does not see it.
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    /// What is in it.
    #[serde(skip)]
    pub(crate) bytes: Vec<u8>,
}

impl File {
    /// `description` is what it shows, empty where it is text.
    pub(crate) fn new(filename: &'static str, description: &str, bytes: Vec<u8>) -> Self {
        Self {
            id: 0,
            filename,
            description: limits::cut(description, FILE_DESCRIPTION_CHARS),
            bytes,
        }
    }
}

/// A row of buttons, or a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The buttons; none where it is a list.
    pub(crate) components: Vec<Button>,
    select: Option<Select>,
}

impl Row {
    /// A row of these.
    pub(crate) fn new(components: Vec<Button>) -> Self {
        Self {
            components,
            select: None,
        }
    }

    /// A list, which takes a whole row.
    pub(crate) fn select(select: Select) -> Self {
        Self {
            components: Vec::new(),
            select: Some(select),
        }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Row", 2)?;
        row.serialize_field("type", &1)?;
        match &self.select {
            Some(select) => row.serialize_field("components", &[select])?,
            None => row.serialize_field("components", &self.components)?,
        }
        row.end()
    }
}

/// A list to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Select {
    #[serde(rename = "type")]
    kind: u8,
    custom_id: String,
    placeholder: &'static str,
    min_values: usize,
    max_values: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<SelectOption>,
    #[serde(skip_serializing_if = "<[u8]>::is_empty")]
    channel_types: &'static [u8],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    default_values: Vec<ChosenChannel>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SelectOption {
    /// What is read.
    pub(crate) label: String,
    /// What comes back.
    pub(crate) value: String,
    /// Whether it is chosen already.
    #[serde(rename = "default", skip_serializing_if = "is_false")]
    pub(crate) is_chosen: bool,
}

/// A channel that is chosen already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ChosenChannel {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Select {
    /// Of these, one is to be chosen.
    pub(crate) fn one_of(custom_id: String, placeholder: &'static str, options: Vec<SelectOption>) -> Self {
        Self {
            kind: 3,
            custom_id,
            placeholder,
            min_values: 1,
            max_values: 1,
            options,
            channel_types: &[],
            default_values: Vec::new(),
        }
    }

    /// Of these, any number may be chosen.
    pub(crate) fn any_of(custom_id: String, placeholder: &'static str, options: Vec<SelectOption>) -> Self {
        Self {
            min_values: 0,
            max_values: options.len().max(1),
            ..Self::one_of(custom_id, placeholder, options)
        }
    }

    /// Of the server's channels of these types, up to so many may be chosen; these are already.
    pub(crate) fn channels(
        custom_id: String,
        placeholder: &'static str,
        channel_types: &'static [u8],
        most: usize,
        chosen: impl IntoIterator<Item = u64>,
    ) -> Self {
        let chosen = chosen.into_iter().take(most).map(|id| ChosenChannel {
            id: id.to_string(),
            kind: "channel",
        });
        Self {
            kind: 8,
            min_values: 0,
            max_values: most,
            channel_types,
            default_values: chosen.collect(),
            ..Self::one_of(custom_id, placeholder, Vec::new())
        }
    }
}

/// A button that the bot reacts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Button {
    #[serde(rename = "type")]
    kind: u8,
    style: u8,
    /// What it says.
    pub(crate) label: String,
    /// What it carries; nothing where it leads to an address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) custom_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(rename = "disabled", skip_serializing_if = "is_false")]
    is_disabled: bool,
}

impl Button {
    /// A grey button: it offers, and urges nothing.
    pub(crate) fn secondary(label: String, custom_id: String) -> Self {
        Self {
            kind: 2,
            style: 2,
            label,
            custom_id,
            url: String::new(),
            is_disabled: false,
        }
    }

    /// A button that can no longer be pressed, and says why.
    pub(crate) fn spent(label: String, custom_id: String) -> Self {
        Self {
            is_disabled: true,
            ..Self::secondary(label, custom_id)
        }
    }

    /// A red button: what it does cannot be undone, or changes the bot for everyone.
    pub(crate) fn danger(label: String, custom_id: String) -> Self {
        Self {
            style: 4,
            ..Self::secondary(label, custom_id)
        }
    }

    /// A button that leads to an address.
    pub(crate) fn link(label: String, url: String) -> Self {
        Self {
            style: 5,
            url,
            ..Self::secondary(label, String::new())
        }
    }
}

/// A message of the bot's own accord, such as a line of the admins' log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OwnMessage<'a> {
    #[serde(flatten)]
    pub(crate) body: &'a Body,
    pub(crate) nonce: String,
    pub(crate) enforce_nonce: bool,
}

/// A message that answers another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReplyMessage<'a> {
    #[serde(flatten)]
    pub(crate) body: &'a Body,
    pub(crate) message_reference: Reference,
    /// The id of the message that is answered: the same question is never answered twice, even where a request is
    /// repeated because its answer was lost.
    pub(crate) nonce: String,
    pub(crate) enforce_nonce: bool,
}

/// The message that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Reference {
    pub(crate) message_id: MessageId,
    pub(crate) channel_id: ChannelId,
    pub(crate) fail_if_not_exists: bool,
}

/// The first response to an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Callback<D> {
    #[serde(rename = "type")]
    pub(crate) kind: u8,
    pub(crate) data: D,
}

impl<'a> Callback<Shown<'a>> {
    /// Answers with a message.
    pub(crate) fn message(body: &'a Body, visibility: Visibility) -> Self {
        Self {
            kind: 4,
            data: Shown {
                body,
                flags: visibility.flags(),
            },
        }
    }

    /// Changes the message that the pressed button is on.
    pub(crate) fn update(body: &'a Body) -> Self {
        Self {
            kind: 7,
            data: Shown { body, flags: 0 },
        }
    }
}

impl Callback<Deferred> {
    /// Says that the message that the pressed button is on will be changed, or go.
    pub(crate) fn deferred_update() -> Self {
        Self {
            kind: 6,
            data: Deferred { flags: 0 },
        }
    }

    /// Says that the answer takes a while; who will see it is fixed by this.
    pub(crate) fn deferred(visibility: Visibility) -> Self {
        Self {
            kind: 5,
            data: Deferred {
                flags: visibility.flags(),
            },
        }
    }
}

impl<'a> Callback<Choices<'a>> {
    /// Offers choices while someone types.
    pub(crate) fn choices(choices: &'a [Choice]) -> Self {
        Self {
            kind: 8,
            data: Choices { choices },
        }
    }
}

/// A body and who sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Shown<'a> {
    #[serde(flatten)]
    body: &'a Body,
    #[serde(skip_serializing_if = "is_zero")]
    flags: u64,
}

/// Who will see what comes later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Deferred {
    #[serde(skip_serializing_if = "is_zero")]
    flags: u64,
}

/// What may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Choices<'a> {
    choices: &'a [Choice],
}

/// One choice: what is read, and what comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Who sees a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Everyone in the channel.
    Public,
    /// The one who asked.
    Private,
}

impl Visibility {
    fn flags(self) -> u64 {
        match self {
            Self::Public => 0,
            Self::Private => EPHEMERAL,
        }
    }
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
fn alone<S: Serializer>(file: &Option<File>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(file)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_zero(flags: &u64) -> bool {
    *flags == 0
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_reply_notifies_nobody_and_survives_the_loss_of_its_question() {
        let body = Body::text("yes".to_owned());
        let reply = ReplyMessage {
            body: &body,
            message_reference: Reference {
                message_id: MessageId::new(7),
                channel_id: ChannelId::new(8),
                fail_if_not_exists: false,
            },
            nonce: "7".to_owned(),
            enforce_nonce: true,
        };
        expect![[r#"{"content":"yes","embeds":[],"components":[],"attachments":[],"allowed_mentions":{"parse":[],"replied_user":false},"message_reference":{"message_id":"7","channel_id":"8","fail_if_not_exists":false},"nonce":"7","enforce_nonce":true}"#]]
            .assert_eq(&serde_json::to_string(&reply).unwrap());
    }

    #[test]
    fn a_private_response_carries_the_flag() {
        let body = Body::text("yes".to_owned());
        let value = serde_json::to_value(Callback::message(&body, Visibility::Private)).unwrap();
        assert_eq!(value["type"], 4);
        assert_eq!(value["data"]["flags"], 64);
        let value = serde_json::to_value(Callback::message(&body, Visibility::Public)).unwrap();
        assert_eq!(value["data"].get("flags"), None);
    }
}
