//! Whether a message is answered at all: where the server's managers want it, and not more than is good.
//!
//! Apart from `message`, which reads what a message says, and `guard`, which bounds what is served at once.

use std::time::Instant;

use serenity::model::channel::Message;
use serenity::model::id::{ChannelId, GuildId};

use super::bot::Bot;
use super::hints::Hint;
use super::message::Reading;
use super::rates::{Bound, Verdict};

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is answered.
    Answered,
    /// Its author is told that it is too much.
    TooMuch(Bound),
    /// Nothing is said.
    Ignored,
}

/// Decides on a message that speaks to the bot.
pub(crate) async fn admit(bot: &Bot, message: &Message, reading: &Reading) -> Admission {
    if !is_wanted(bot, message.channel_id, message.guild_id).await {
        return Admission::Ignored;
    }
    if *reading == Reading::UnreadableReply {
        return admit_unreadable(bot, message);
    }
    match bot.rates.count(message.author.id, message.guild_id) {
        Verdict::Answer => Admission::Answered,
        Verdict::Notice(bound) => Admission::TooMuch(bound),
        Verdict::Silence(_) => Admission::Ignored,
    }
}

/// Decides on a reply whose words are not seen. It may be members' talk about an answer as well as a question, so its
/// author is told how to ask now and then, and what they say else counts for nothing.
fn admit_unreadable(bot: &Bot, message: &Message) -> Admission {
    let (channel, member, now) = (message.channel_id, message.author.id, Instant::now());
    // So seldom that no rate is asked. With the intent it has no words at all: it is a sticker or a picture, which asks
    // nothing.
    let is_told = !bot.intents.message_content()
        && !bot.shut.is_shut(channel, message.guild_id, now)
        && bot.hints.is_first(Hint::UnreadableReply, channel, member, now);
    if is_told {
        Admission::Answered
    } else {
        Admission::Ignored
    }
}

/// Whether the server's managers want answers in this channel, or in the one that this thread is in; in direct messages
/// nobody minds them.
pub(crate) async fn is_wanted(bot: &Bot, channel: ChannelId, server: Option<GuildId>) -> bool {
    let settings = bot.settings_of(server);
    if server.is_none() || settings.answers_mentions_in(&[channel.get()]) {
        return true;
    }
    if !settings.answers_mentions_anywhere() {
        return false;
    }
    match bot.threads.parent_of(&bot.rest, channel).await {
        Ok(parent) => parent.is_some_and(|parent| settings.answers_mentions_in(&[parent.get()])),
        Err(error) => {
            // Managers who named channels want silence elsewhere; but whoever asked may be one who gets no answer.
            bot.counts.failed();
            tracing::warn!(%error, "a channel could not be asked for, so a mention in it is not answered");
            false
        }
    }
}
