//! Questions that came while the gateway was away.
//!
//! A session that is resumed is sent what it missed. One that had to begin anew is not, and what was said meanwhile would
//! never be answered; nor would what was said while the process was restarted. So the channels where it was lately asked,
//! which the store knows across a restart, are looked through. Promise: bounded in channels,
//! messages and age; no question is answered twice: what was taken up is remembered, what any process of this bot has
//! replied to is seen in the channel itself, and Discord enforces the nonce of an answer. The bot's own answers that are
//! seen there are known from then on, so what becomes of their questions is followed, whichever process answered.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::channel::Message;
use serenity::model::gateway::ShardInfo;
use serenity::model::id::{ChannelId, GuildId, MessageId};
use serenity::utils::shard_id;

use super::answered::{self, Reader};
use super::bot::Bot;
use super::lately::{self, Place};
use super::message::{self, Reading};
use super::rest::{Call, RestError};
use crate::store::{FORGET_CHANNEL_AFTER_SECONDS, Timestamp};

/// A question that is older is no longer answered: its asker has gone, or asked again.
const MAX_AGE: Duration = Duration::from_mins(5);
/// Channels that are looked through, one request each where not much was said: some seconds with eight at once, and a
/// quarter of what Discord takes of a bot in the minute that there is for it.
const MAX_CHANNELS: usize = 250;
/// Messages of a channel that one request gives.
const PAGE_MESSAGES: usize = 100;
/// Requests for one channel: five hundred messages are more than people write in the time that is looked back.
const MAX_PAGES: usize = 5;
/// Messages that are looked at around one: half of them come after it, and its answer soon after it.
const MAX_AROUND: usize = 50;
/// How long each request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at a channel, and while Discord tells of the servers at the start of a session.
const LOOKED_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Learns from the store where the process before this one was asked. Without it that is not known, and nothing else is
/// lost.
pub(super) async fn restore(bot: &Bot) {
    let now = Timestamp::now();
    let since = now.seconds_before(FORGET_CHANNEL_AFTER_SECONDS);
    let asked = bot
        .records
        .ask(move |store| async move { store.asked_channels(since, lately::MAX_CHANNELS).await });
    match asked.await {
        Ok(channels) => bot.lately.restore(&channels, now, Instant::now()),
        Err(error) => tracing::warn!(%error, "where it was asked before the restart could not be read"),
    }
}

/// A question that was found.
pub(super) struct Missed {
    pub(super) message: Message,
    pub(super) reading: Reading,
}

/// The channels of this shard where it was lately asked, the latest first, from the messages on that are still answered.
pub(super) fn places(bot: &Bot, shard: Option<ShardInfo>) -> Vec<Place> {
    let now = Instant::now();
    let Some(least) = bot.lately.id_of(MAX_AGE, now) else {
        return Vec::new();
    };
    let channels = bot.lately.channels(now);
    let of_shard = channels.into_iter().filter(|place| is_of(shard, place.guild));
    let young_enough = of_shard.map(|place| Place {
        least: place.least.max(least),
        ..place
    });
    young_enough.take(MAX_CHANNELS).collect()
}

/// What was asked there and not answered, the oldest first. What took the gateway away may have taken the rest of Discord
/// with it, so a look that fails is taken again, until nobody waits any more; where the bot may not look it is left.
pub(super) async fn missed(bot: &Bot, place: Place, give_up_at: Instant) -> Vec<Missed> {
    loop {
        let error = match latest(bot, place).await {
            Ok(messages) => {
                if may_miss_own_role(bot, &messages, place) {
                    tokio::time::sleep(LOOKED_AGAIN_AFTER).await;
                }
                learn_answers(bot, &messages, place);
                return unanswered(bot, messages, place);
            }
            Err(error) => error,
        };
        let is_lasting = error.status().is_some_and(|status| (400..500).contains(&status));
        if is_lasting || Instant::now() + LOOKED_AGAIN_AFTER > give_up_at {
            tracing::info!(%error, "a channel could not be looked through");
            return Vec::new();
        }
        tokio::time::sleep(LOOKED_AGAIN_AFTER).await;
    }
}

/// Whether a message may mention the bot's role, which is not known yet: Discord tells of the servers, and of their
/// roles with them, after it has told that the session began. Without the intent such a message has no words anyway.
fn may_miss_own_role(bot: &Bot, messages: &[Message], place: Place) -> bool {
    bot.intents.message_content()
        && place.guild.is_some()
        && messages.iter().any(|message| !message.mention_roles.is_empty())
        && bot.own_roles.of(place.guild).is_none()
}

/// A message that an edit made a question of, read again, where all of it is; `None` where it is none, or its answer is
/// there.
pub(super) async fn around(bot: &Bot, place: Place, message: MessageId) -> Option<Missed> {
    let around = Some(("around", message.get()));
    let messages = match read(bot, place.channel, MAX_AROUND, around).await {
        Ok(page) => page.messages,
        Err(error) => {
            if error.status() == Some(403) {
                // Who may not read there may not reply either.
                bot.shut.refused(place.channel, place.guild, Instant::now());
            }
            tracing::info!(%error, "a message that was edited could not be read again");
            return None;
        }
    };
    learn_answers(bot, &messages, place);
    let missed = unanswered(bot, messages, place);
    missed.into_iter().find(|missed| missed.message.id == message)
}

/// Whether the shard is the one that a server's events come by, or those of direct messages.
fn is_of(shard: Option<ShardInfo>, guild: Option<GuildId>) -> bool {
    let Some(shard) = shard else {
        return true;
    };
    let of_guild = guild.map_or(0, |guild| shard_id(guild, shard.total.max(1)));
    of_guild == shard.id.0
}

/// The latest messages of a channel, as far back as matters or one looks. From the latest back: of what is seen the
/// answer, which comes after it, is seen as well, so that nothing is answered twice.
async fn latest(bot: &Bot, place: Place) -> Result<Vec<Message>, RestError> {
    let (mut messages, mut before) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let page = read(bot, place.channel, PAGE_MESSAGES, before.map(|id| ("before", id))).await?;
        messages.extend(page.messages);
        before = page.rest_before.filter(|id| *id > place.least);
        if before.is_none() {
            return Ok(messages);
        }
    }
    tracing::warn!(
        channel = place.channel.get(),
        "too much was said in a channel to look through all of it"
    );
    Ok(messages)
}

/// Messages of a channel that one request gave.
struct Page {
    messages: Vec<Message>,
    /// There may be more, with lesser ids than this one.
    rest_before: Option<u64>,
}

/// So many messages of a channel: the latest, or those at the place that Discord's parameter names by an id.
async fn read(
    bot: &Bot,
    channel_id: ChannelId,
    limit: usize,
    at: Option<(&'static str, u64)>,
) -> Result<Page, RestError> {
    let mut query = vec![("limit", limit.to_string())];
    query.extend(at.map(|(parameter, id)| (parameter, id.to_string())));
    let call = Call {
        method: LightMethod::Get,
        route: Route::ChannelMessages { channel_id },
        query: Some(query),
        patience: PATIENCE,
    };
    let messages: Vec<Value> = bot.rest.get(call).await?;
    let ids = messages
        .iter()
        .filter_map(|message| message["id"].as_str()?.parse::<u64>().ok());
    let rest_before = ids.min().filter(|_| messages.len() >= limit);
    // One of a kind that serenity does not know must not hide the others.
    let messages = messages
        .into_iter()
        .filter_map(|message| serde_json::from_value(message).ok())
        .collect();
    Ok(Page { messages, rest_before })
}

fn learn_answers(bot: &Bot, messages: &[Message], place: Place) {
    let reader = Reader {
        me: bot.me,
        my_role: bot.own_roles.of(place.guild),
        is_direct: place.guild.is_none(),
        overhears: bot.intents.message_content(),
    };
    let now = Instant::now();
    for found in answered::found(messages, reader) {
        if let Some(asked_at) = bot.lately.moment_of(found.question.get(), now) {
            bot.questions.found(found, place.channel, asked_at);
        }
    }
}

fn unanswered(bot: &Bot, messages: Vec<Message>, Place { guild, least, .. }: Place) -> Vec<Missed> {
    let own = messages.iter().filter(|message| message.author.id == bot.me);
    let answered: HashSet<MessageId> = own
        .filter_map(|message| message.message_reference.as_ref()?.message_id)
        .collect();
    let open = messages
        .into_iter()
        .filter(|message| message.id.get() >= least && !answered.contains(&message.id));
    let mut found: Vec<Missed> = open
        .filter_map(|mut message| {
            // Only events say which server it is.
            message.guild_id = guild;
            let my_role = bot.own_roles.among(&message.mention_roles, guild);
            let reading = message::read(&message, bot.me, my_role);
            let speaks_to_me = matches!(reading, Reading::Question(_) | Reading::UnreadableReply);
            speaks_to_me.then_some(Missed { message, reading })
        })
        .collect();
    found.sort_by_key(|missed| missed.message.id);
    found
}

#[cfg(test)]
mod tests {
    use serenity::model::id::ShardId;

    use super::*;

    #[test]
    fn a_server_s_channels_are_looked_through_by_its_shard_alone() {
        let shard = |id| {
            Some(ShardInfo {
                id: ShardId(id),
                total: 2,
            })
        };
        let guild = |number: u64| Some(GuildId::new((number << 22) + 1));
        assert!(is_of(shard(0), guild(4)) && !is_of(shard(1), guild(4)));
        assert!(is_of(shard(1), guild(5)) && !is_of(shard(0), guild(5)));
        assert!(is_of(shard(0), None) && !is_of(shard(1), None));
        assert!(is_of(None, guild(5)));
    }
}
