//! The bot's own answers in a channel that is looked through, each with the question that it replies to.
//!
//! Which answer belongs to which question is known in memory alone (`questions`), so a process that was just started
//! learns it here. Pure. Promise: only what this bot wrote, in answer to the very member whose message it replies to; a
//! check that was posted as a reply is none. Deliberately absent: what is done about an edit or a deletion.

use std::num::NonZeroU64;

use serenity::model::Timestamp;
use serenity::model::application::{ActionRowComponent, ButtonKind};
use serenity::model::channel::Message;
use serenity::model::id::{MessageId, RoleId, UserId};

use super::asking::Way;
use super::custom_id::CustomId;

/// An answer that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) question: MessageId,
    pub(crate) answer: MessageId,
    pub(crate) way: Way,
    /// The last edit of the question that the answer knows of.
    pub(crate) edited_at: Option<Timestamp>,
}

/// Where the messages are from, and who reads them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) me: UserId,
    /// The role that the server has for the bot.
    pub(crate) my_role: Option<RoleId>,
    /// Whether they are direct messages.
    pub(crate) is_direct: bool,
    /// Whether the bot gets to read what does not speak to it.
    pub(crate) overhears: bool,
}

/// The answers among these messages.
pub(crate) fn found(messages: &[Message], reader: Reader) -> Vec<Found> {
    messages.iter().filter_map(|message| read(message, reader)).collect()
}

fn read(answer: &Message, reader: Reader) -> Option<Found> {
    let question = answer.referenced_message.as_deref()?;
    let asker = NonZeroU64::from(question.author.id);
    if answer.author.id != reader.me || asker_of(answer) != Some(asker) {
        return None;
    }
    let mentions_my_role = reader
        .my_role
        .is_some_and(|role| question.mention_roles.contains(&role));
    let mentions_me = question.mentions.iter().any(|user| user.id == reader.me);
    let speaks_to_me = reader.is_direct || mentions_me || mentions_my_role;
    let last_said_at = answer.edited_timestamp.unwrap_or(answer.timestamp);
    Some(Found {
        question: question.id,
        answer: answer.id,
        way: if speaks_to_me || !reader.overhears {
            Way::Message
        } else {
            Way::Overheard
        },
        edited_at: question.edited_timestamp.filter(|at| *at <= last_said_at),
    })
}

/// Who asked, by the button that is theirs alone; `None` where there is none: below a check is another.
fn asker_of(answer: &Message) -> Option<NonZeroU64> {
    let components = answer.components.iter().flat_map(|row| &row.components);
    let mut ids = components.filter_map(|component| match component {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } => CustomId::decode(custom_id),
            _ => None,
        },
        _ => None,
    });
    ids.find_map(|id| match id {
        CustomId::Delete { asker } => Some(asker),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ME: u64 = 1;
    const ASKER: u64 = 2;
    const MY_ROLE: u64 = 6;

    fn message(id: u64, author: u64) -> Value {
        let user = json!({"id": author.to_string(), "username": "someone", "global_name": null, "avatar": null});
        json!({
            "id": id.to_string(), "channel_id": "20", "author": user, "content": "how high?", "type": 0,
            "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null, "tts": false, "mention_everyone": false,
            "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false,
        })
    }

    fn answer(to: &Value, asker: u64) -> Value {
        let asker = NonZeroU64::new(asker).unwrap();
        reply(to, &CustomId::Delete { asker })
    }

    fn reply(to: &Value, button: &CustomId) -> Value {
        let button = json!({"type": 2, "style": 2, "label": "Delete", "custom_id": button.encode()});
        let mut answer = message(11, ME);
        answer["components"] = json!([{"type": 1, "components": [button]}]);
        answer["referenced_message"] = to.clone();
        answer
    }

    fn look(answer: Value, overhears: bool) -> Option<Found> {
        let reader = Reader {
            me: UserId::new(ME),
            my_role: Some(RoleId::new(MY_ROLE)),
            is_direct: false,
            overhears,
        };
        let messages = [serde_json::from_value(answer).unwrap()];
        found(&messages, reader).first().copied()
    }

    #[test]
    fn an_answer_names_its_question_and_how_that_was_asked() {
        let question = message(10, ASKER);
        let expected = Found {
            question: MessageId::new(10),
            answer: MessageId::new(11),
            way: Way::Message,
            edited_at: None,
        };
        assert_eq!(look(answer(&question, ASKER), false), Some(expected));
        let overheard = Found {
            way: Way::Overheard,
            ..expected
        };
        assert_eq!(look(answer(&question, ASKER), true), Some(overheard));
        let mut mention = question.clone();
        mention["mentions"] = json!([message(0, ME)["author"]]);
        assert_eq!(look(answer(&mention, ASKER), true), Some(expected));
        for (role, found) in [(MY_ROLE, expected), (MY_ROLE + 1, overheard)] {
            let mut mention = question.clone();
            mention["mention_roles"] = json!([role.to_string()]);
            assert_eq!(look(answer(&mention, ASKER), true), Some(found), "{role}");
        }
    }

    #[test]
    fn what_somebody_else_wrote_or_is_no_answer_to_that_member_is_none() {
        let question = message(10, ASKER);
        let mut others = answer(&question, ASKER);
        others["author"] = message(0, 3)["author"].clone();
        let poster = NonZeroU64::new(ASKER).unwrap();
        let check = reply(&question, &CustomId::DeleteCheck { poster });
        let mut gone = answer(&question, ASKER);
        gone["referenced_message"] = Value::Null;
        // As below an answer where a button was pressed: the reply is to the bot itself.
        let below = answer(&message(9, ME), ASKER);
        for none in [others, check, gone, below] {
            assert_eq!(look(none.clone(), false), None, "{none}");
        }
    }

    #[test]
    fn an_edit_that_came_after_the_answer_is_not_known_to_it() {
        let mut question = message(10, ASKER);
        question["edited_timestamp"] = json!("2031-05-02T10:00:05+00:00");
        let edited_at = |answer| {
            look(answer, false)
                .unwrap()
                .edited_at
                .map(|at| at.unix_timestamp() % 60)
        };
        assert_eq!(edited_at(answer(&question, ASKER)), None);
        let mut followed = answer(&question, ASKER);
        followed["edited_timestamp"] = json!("2031-05-02T10:00:06+00:00");
        assert_eq!(edited_at(followed), Some(5));
    }
}
