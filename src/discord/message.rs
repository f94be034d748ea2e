//! Which messages are questions to the bot, and what their words are.
//!
//! Pure, so that the rules can be read and tested in one place. Without the privileged intent Discord delivers the
//! content of direct messages, of messages that mention the bot, and of replies to it with the ping on; everything
//! else arrives empty. With it, a reply with its ping off has its words, and is told from talk that is not for the bot,
//! and so has a message that mentions the bot's role in place of the bot, which is meant for it. Promise: bots, webhooks,
//! system messages and the bot itself are ignored.

use serenity::model::channel::{Embed, Message, MessageType};
use serenity::model::id::{ChannelId, MessageId, RoleId, UserId, WebhookId};
use serenity::model::user::User;

use super::limits::EMBEDS_CHARS;

/// So much of a message is read: its content, its embeds, and what it forwards have their own limits.
const MAX_CHARS: usize = 2 * EMBEDS_CHARS;

/// What a message is to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Nothing to answer.
    Ignored,
    /// A question in these words; the words may be none, where the bot was only called.
    Question(String),
    /// A reply to the bot whose content it does not get to see.
    UnreadableReply,
    /// A reply to the bot in these words, with its ping off: a question, or talk about the answer.
    QuietReply(String),
    /// Words that are not for the bot; a question all the same where a server has opted in.
    Overheard,
}

/// Reads a message; `my_role` is the role that the server has for the bot.
pub(crate) fn read(message: &Message, me: UserId, my_role: Option<RoleId>) -> Reading {
    if message.author.id == me || !is_by_member(message.kind, &message.author, message.webhook_id) {
        return Reading::Ignored;
    }
    let is_direct = message.guild_id.is_none();
    let mentions_me = message.mentions.iter().any(|user| user.id == me);
    let mentions_my_role = my_role.is_some_and(|role| message.mention_roles.contains(&role));
    let replies_to_me = replied_to(message, me).is_some();
    if message.content.trim().is_empty() {
        return if replies_to_me && (is_direct || mentions_me) {
            // A sticker or a picture: there are no words that could be had.
            Reading::Question(String::new())
        } else if replies_to_me {
            Reading::UnreadableReply
        } else if begins_thread(message.id, message.channel_id) {
            // A forum's post may ask by its title, and show a picture.
            Reading::Overheard
        } else {
            Reading::Ignored
        };
    }
    if is_direct || mentions_me || mentions_my_role {
        Reading::Question(words_of(&message.content, me, my_role))
    } else if replies_to_me {
        Reading::QuietReply(words_of(&message.content, me, my_role))
    } else {
        Reading::Overheard
    }
}

/// Whether a member wrote a message, and neither a program nor Discord itself.
pub(crate) fn is_by_member(kind: MessageType, author: &User, webhook: Option<WebhookId>) -> bool {
    let is_ordinary = matches!(kind, MessageType::Regular | MessageType::InlineReply);
    is_ordinary && !author.bot && !author.system && webhook.is_none()
}

/// Whether it is the first post of a forum's thread: that has the thread's own id.
pub(crate) fn begins_thread(message: MessageId, channel: ChannelId) -> bool {
    message.get() == channel.get()
}

/// All that a message says, the part that it was written with first: then what its embeds say, and what it forwards.
pub(crate) fn all_words(message: &Message, me: UserId, my_role: Option<RoleId>) -> String {
    let forwarded = message.message_snapshots.iter();
    let forwarded = forwarded.flat_map(|forwarded| said(&forwarded.content, &forwarded.embeds, me, my_role));
    let own = said(&message.content, &message.embeds, me, my_role);
    let mut lines: Vec<String> = own.chain(forwarded).collect();
    lines.retain(|line| !line.is_empty());
    lines.join("\n").chars().take(MAX_CHARS).collect()
}

/// The content, and of each embed what is read as text.
fn said(content: &str, embeds: &[Embed], me: UserId, my_role: Option<RoleId>) -> impl Iterator<Item = String> {
    let own = words_of(content, me, my_role);
    let of_embeds = embeds.iter().flat_map(|embed| {
        let head = [&embed.title, &embed.description].into_iter().flatten().cloned();
        let fields = embed.fields.iter();
        head.chain(fields.flat_map(|field| [field.name.clone(), field.value.clone()]))
    });
    std::iter::once(own).chain(of_embeds.map(|words| words.trim().to_owned()))
}

/// The message of the bot's that a message replies to.
pub(crate) fn replied_to(message: &Message, me: UserId) -> Option<MessageId> {
    let earlier = message.referenced_message.as_ref()?;
    (earlier.author.id == me).then_some(earlier.id)
}

/// The content without the calls to the bot, by its own name or by its role's; other mentions are left to the reader of
/// the question.
pub(crate) fn words_of(content: &str, me: UserId, my_role: Option<RoleId>) -> String {
    let mut without = content
        .replace(&format!("<@{me}>"), " ")
        .replace(&format!("<@!{me}>"), " ");
    if let Some(role) = my_role {
        without = without.replace(&format!("<@&{role}>"), " ");
    }
    without.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ME: u64 = 1;
    const MY_ROLE: u64 = 6;

    #[track_caller]
    fn check(changes: &Value, expected: &Reading) {
        assert_eq!(
            read(&message(changes), UserId::new(ME), Some(RoleId::new(MY_ROLE))),
            *expected,
            "{changes}"
        );
    }

    fn message(changes: &Value) -> Message {
        let user = |id: u64| json!({"id": id.to_string(), "username": "someone", "global_name": null, "avatar": null});
        let mut message = json!({
            "id": "10", "channel_id": "20", "guild_id": "30", "author": user(2), "content": "", "type": 0,
            "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null, "tts": false, "mention_everyone": false,
            "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false,
        });
        for (key, value) in changes.as_object().unwrap() {
            message[key] = match key.as_str() {
                "mentions" => value
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|id| user(id.as_u64().unwrap()))
                    .collect(),
                "referenced_message" => {
                    let mut earlier = message.clone();
                    earlier["author"] = user(value.as_u64().unwrap());
                    earlier
                }
                _ => value.clone(),
            };
        }
        serde_json::from_value(message).unwrap()
    }

    fn question(words: &str) -> Reading {
        Reading::Question(words.to_owned())
    }

    #[test]
    fn a_mention_is_a_question_without_the_mention() {
        check(
            &json!({"content": "<@1> how high?", "mentions": [1]}),
            &question("how high?"),
        );
        check(
            &json!({"content": "how high, <@!1>?", "mentions": [1]}),
            &question("how high,  ?"),
        );
        check(&json!({"content": "<@1>", "mentions": [1]}), &question(""));
        check(
            &json!({"content": "<@1> ask <@5>", "mentions": [1, 5]}),
            &question("ask <@5>"),
        );
    }

    #[test]
    fn a_direct_message_is_a_question() {
        check(
            &json!({"content": "how high?", "guild_id": null}),
            &question("how high?"),
        );
    }

    #[test]
    fn a_reply_with_its_ping_on_is_a_question() {
        check(
            &json!({"content": "and when?", "mentions": [1], "type": 19, "referenced_message": 1}),
            &question("and when?"),
        );
    }

    #[test]
    fn a_reply_with_its_ping_off_whose_words_arrive_is_a_quiet_one() {
        check(
            &json!({"content": "and when?", "type": 19, "referenced_message": 1}),
            &Reading::QuietReply("and when?".to_owned()),
        );
        check(
            &json!({"content": "and when?", "guild_id": null, "type": 19, "referenced_message": 1}),
            &question("and when?"),
        );
    }

    #[test]
    fn a_reply_to_the_bot_without_content_is_unreadable_and_other_empty_messages_are_nothing() {
        check(&json!({"type": 19, "referenced_message": 1}), &Reading::UnreadableReply);
        check(&json!({"type": 19, "referenced_message": 3}), &Reading::Ignored);
        let sticker = json!({"type": 19, "referenced_message": 1, "mentions": [1]});
        check(&sticker, &question(""));
        let direct = json!({"type": 19, "referenced_message": 1, "guild_id": null});
        check(&direct, &question(""));
        check(&json!({}), &Reading::Ignored);
        check(&json!({"guild_id": null}), &Reading::Ignored);
    }

    #[test]
    fn a_call_to_the_role_of_the_bot_is_one_to_the_bot_where_its_words_are_there() {
        check(
            &json!({"content": "<@&6> how high?", "mention_roles": ["6"]}),
            &question("how high?"),
        );
        check(&json!({"content": "<@&6>", "mention_roles": ["6"]}), &question(""));
        check(
            &json!({"content": "<@&6> ask <@&7>", "mention_roles": ["6", "7"]}),
            &question("ask <@&7>"),
        );
        check(&json!({"mention_roles": ["6"]}), &Reading::Ignored);
        check(
            &json!({"content": "<@&7> how high?", "mention_roles": ["7"]}),
            &Reading::Overheard,
        );
    }

    #[test]
    fn what_does_not_speak_to_the_bot_is_overheard_at_most() {
        check(&json!({"content": "how high?"}), &Reading::Overheard);
        check(
            &json!({"content": "<@3> how high?", "mentions": [3]}),
            &Reading::Overheard,
        );
        check(
            &json!({"content": "how high?", "type": 19, "referenced_message": 3}),
            &Reading::Overheard,
        );
        check(
            &json!({"content": "@everyone how high?", "mention_everyone": true}),
            &Reading::Overheard,
        );
    }

    #[test]
    fn the_first_post_of_a_thread_is_overheard_without_words_too() {
        check(&json!({"channel_id": "10"}), &Reading::Overheard);
        check(&json!({"channel_id": "10", "type": 18}), &Reading::Ignored);
    }

    #[test]
    fn a_message_says_what_its_embeds_and_what_it_forwards_say() {
        let embed = json!({
            "type": "rich", "title": "The title", "description": " The description ", "footer": {"text": "the footer"},
            "fields": [{"name": "A name", "value": "a value"}],
        });
        let snapshot = json!({"message": {
            "type": 0, "content": "forwarded <@1>", "mentions": [], "attachments": [], "embeds": [embed], "flags": 0,
            "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null,
        }});
        let words = |changes| all_words(&message(&changes), UserId::new(ME), Some(RoleId::new(MY_ROLE)));
        let said = "The title\nThe description\nA name\na value";
        assert_eq!(words(json!({"embeds": [embed]})), said);
        let all = words(json!({"content": "see <@1>", "embeds": [embed], "message_snapshots": [snapshot]}));
        assert_eq!(all, format!("see\n{said}\nforwarded\n{said}"));
        assert_eq!(words(json!({"content": "x".repeat(MAX_CHARS + 1)})).len(), MAX_CHARS);
        assert_eq!(words(json!({})), "");
    }

    #[test]
    fn programs_and_system_messages_are_ignored() {
        let bot = json!({"id": "4", "username": "other", "bot": true, "global_name": null, "avatar": null});
        let me = json!({"id": "1", "username": "me", "global_name": null, "avatar": null});
        let mention = |key: &str, value: Value| {
            let mut changes = json!({"content": "<@1> how high?", "mentions": [1]});
            changes[key] = value;
            changes
        };
        check(&mention("author", bot), &Reading::Ignored);
        check(&mention("author", me), &Reading::Ignored);
        check(&mention("webhook_id", json!("9")), &Reading::Ignored);
        check(&mention("type", json!(7)), &Reading::Ignored);
        check(&mention("type", json!(21)), &Reading::Ignored);
    }
}
