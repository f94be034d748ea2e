//! Messages that do not speak to the bot, where a server wants them answered: ask channels, and the first post of a
//! forum's thread.
//!
//! The only part that needs the privileged message content intent, and off unless both the bot's owner and a server's
//! managers have turned it on. Promise: only a sure answer is posted; everything else is silence, and nothing of it is
//! counted, logged or remembered. Deliberately absent: the settings themselves.

use std::time::Instant;

use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ChannelId, GuildId, MessageId};

use super::asking::{self, Asker};
use super::bot::Bot;
use super::events::note_failure;
use super::message;
use super::questioning;
use super::rest::RestError;
use super::sending;
use crate::store::ServerSettings;

/// Whether a message there may be a question: quick, since every message of every server comes by here.
pub(super) fn may_be_a_question(bot: &Bot, message: MessageId, channel: ChannelId, server: Option<GuildId>) -> bool {
    if !bot.intents.contains(GatewayIntents::MESSAGE_CONTENT) || server.is_none() {
        return false;
    }
    let settings = bot.settings_of(server);
    let may_ask = is_ask_channel(&settings, channel)
        || !settings.ask_forums.is_empty() && message::begins_thread(message, channel);
    may_ask && !bot.shut.is_shut(channel, server, Instant::now())
}

/// Answers what somebody said, where it is a question and the answer is sure.
pub(super) async fn answer(bot: &Bot, asker: Asker, content: &str) {
    let (came, message) = (Instant::now(), MessageId::from(asker.event));
    let wordings = match wordings(bot, asker, content).await {
        Ok(Some(wordings)) => wordings,
        Ok(None) => return,
        Err(error) => return note_failure(bot, Err(error)),
    };
    let mut is_too_much = false;
    let sure = wordings.iter().find_map(|words| {
        asking::ask_if_sure(bot, asker, words, || {
            is_too_much = is_too_much || !questioning::is_let_out(bot, asker);
            !is_too_much
        })
    });
    if let Some(body) = sure {
        let _open = bot.lately.open(asker.channel, message.get());
        bot.lately.asked_in(asker.channel, asker.server, came);
        questioning::send(bot, asker, message, &body, came).await;
    }
}

/// The wordings that may ask, the likeliest first; `None` where the server wants no answer to what is said there.
pub(super) async fn wordings(bot: &Bot, asker: Asker, content: &str) -> Result<Option<Vec<String>>, RestError> {
    let settings = bot.records.settings_of(asker.server());
    let mut wordings = Vec::new();
    if !is_ask_channel(&settings, asker.channel) {
        let thread = sending::look_at_channel(&bot.rest, asker.channel).await?;
        let is_wanted = thread
            .parent_id
            .is_some_and(|forum| settings.ask_forums.contains(&forum.into()));
        if !is_wanted {
            return Ok(None);
        }
        // The title asks, as a rule, and the post explains.
        wordings.extend(thread.name);
    }
    wordings.push(content.to_owned());
    // A post may be a picture.
    wordings.retain(|words| !words.trim().is_empty());
    Ok(Some(wordings))
}

fn is_ask_channel(settings: &ServerSettings, channel: ChannelId) -> bool {
    settings.ask_channels.contains(&channel.into())
}
