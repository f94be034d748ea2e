//! What comes in over the gateway, and how its answers go out.
//!
//! The thinnest layer there is: it reads, hands on, and sends. Promise: an interaction is answered within Discord's
//! three seconds or deferred; the same event is served once, however often it comes; sending fails quietly where the
//! bot may not speak.

use std::num::NonZeroU64;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use serenity::model::channel::Message;
use serenity::model::gateway::{Ready, ShardInfo};
use serenity::model::guild::{Guild, UnavailableGuild};
use tracing::Instrument;

use super::asking::{self, Asker, Way, Why};
use super::bot::Bot;
use super::interaction::{self, First, Work};
use super::limits::{self, NONCE_CHARS};
use super::look_back::{self, Missed};
use super::message::{self, Reading};
use super::payload::{Body, Reference, ReplyMessage};
use super::registration;
use super::reply;
use super::rest::{Call, RestError};
use crate::answer::wording::discord as wording;
use crate::store::{Record, Timestamp};

/// Discord forgets an interaction that has no response after 3 s; this leaves half a second for the way there.
const RESPOND_WITHIN: Duration = Duration::from_millis(2500);
/// A message's answer still helps by then. Discord's limit of a busy channel may hold it back for some seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// Serving a message ends by then.
const MESSAGE_DEADLINE: Duration = Duration::from_secs(30);
/// Serving an interaction ends by then: the token of a deferred one lives for 15 minutes.
pub(super) const INTERACTION_DEADLINE: Duration = Duration::from_mins(2);
/// Registering the commands ends by then.
pub(super) const REGISTRATION_DEADLINE: Duration = Duration::from_mins(2);
/// Looking for questions that were missed, and answering them, ends by then.
const LOOK_BACK_DEADLINE: Duration = Duration::from_mins(2);

/// Hands events of the gateway on.
pub(crate) struct Gateway {
    pub(crate) bot: Arc<Bot>,
}

#[async_trait]
impl EventHandler for Gateway {
    async fn ready(&self, _: Context, ready: Ready) {
        let bot = &self.bot;
        bot.pulse.is_ready();
        tracing::info!(servers = ready.guilds.len(), "connected to Discord");
        let register = async {
            // Of several processes, the one with the first shard.
            if ready.shard.is_none_or(|shard| shard.id.0 == 0) {
                registration::register(&bot.rest, ready.application.id).await;
            }
        };
        tokio::join!(
            bot.guard.serve(REGISTRATION_DEADLINE, register),
            bot.guard.serve(LOOK_BACK_DEADLINE, catch_up(bot, ready.shard)),
        );
    }

    async fn message(&self, _: Context, message: Message) {
        let bot = &self.bot;
        let reading = message::read(&message, bot.me);
        if reading != Reading::Ignored {
            bot.lately
                .asked_in(message.channel_id, message.guild_id, Instant::now());
            take_up(bot, &message, reading).await;
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let bot = &self.bot;
        let id = interaction.id().get();
        serve(bot, id, INTERACTION_DEADLINE, answer_interaction(bot, &interaction)).await;
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        let server = NonZeroU64::from(guild.id).into();
        self.bot.records.record(Record::ServerJoined { server });
    }

    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        // Unavailable: an outage of Discord's, and the bot is still in it.
        if !guild.unavailable {
            let (server, at) = (NonZeroU64::from(guild.id).into(), Timestamp::now());
            self.bot.records.record(Record::ServerLeft { server, at });
        }
    }
}

/// Serves what may be a question, once, under its id in the log, and measures how long that takes.
pub(super) async fn serve(bot: &Bot, id: u64, deadline: Duration, work: impl Future<Output = ()>) {
    let began = Instant::now();
    let work = Box::pin(work);
    let once = async {
        if bot.lately.take(id, began) {
            work.await;
        } else {
            tracing::debug!("it was taken up before");
        }
    };
    let span = tracing::info_span!("question", id);
    bot.guard.serve(deadline, once.instrument(span)).await;
    bot.metrics.handled(began.elapsed());
}

async fn take_up(bot: &Bot, message: &Message, reading: Reading) {
    let work = answer_message(bot, message, reading);
    serve(bot, message.id.get(), MESSAGE_DEADLINE, work).await;
}

/// Answers what came while the gateway was away.
async fn catch_up(bot: &Bot, shard: Option<ShardInfo>) {
    for Missed { message, reading } in look_back::missed(bot, shard).await {
        take_up(bot, &message, reading).await;
    }
}

async fn answer_message(bot: &Bot, message: &Message, reading: Reading) {
    let asker = Asker {
        user: message.author.id,
        channel: message.channel_id,
        way: Way::Message,
    };
    let body = apologise_for_panic(bot, || match reading {
        Reading::Question(words) => asking::ask(bot, asker, &words, Why::Hidden),
        Reading::UnreadableReply | Reading::Ignored => reply::sentence(wording::UNREADABLE_REPLY),
    });
    let answer = ReplyMessage {
        body: &body,
        message_reference: Reference {
            message_id: message.id,
            channel_id: message.channel_id,
            fail_if_not_exists: false,
        },
        nonce: limits::cut(&message.id.to_string(), NONCE_CHARS),
        enforce_nonce: true,
    };
    let call = Call {
        method: LightMethod::Post,
        route: Route::ChannelMessages {
            channel_id: message.channel_id,
        },
        query: None,
        patience: ANSWER_WITHIN,
    };
    note_failure(bot, bot.rest.put(call, &answer).await);
}

async fn answer_interaction(bot: &Bot, interaction: &Interaction) {
    let Some(First { callback, later }) = interaction::first(bot, interaction).await else {
        return;
    };
    let sent = respond(bot, interaction, &callback).await;
    let is_taken = sent.is_ok();
    note_failure(bot, sent);
    if let Some(work) = later.filter(|_| is_taken) {
        finish(bot, interaction, work).await;
    }
}

async fn respond(bot: &Bot, interaction: &Interaction, callback: &Value) -> Result<(), RestError> {
    let call = Call {
        method: LightMethod::Post,
        route: Route::InteractionResponse {
            interaction_id: interaction.id(),
            token: interaction.token(),
        },
        query: None,
        patience: RESPOND_WITHIN,
    };
    bot.rest.put(call, callback).await
}

/// Puts what the work comes to in the place of a deferral, whichever way that went.
pub(super) async fn finish(bot: &Bot, interaction: &Interaction, work: Work) {
    let body = work.await;
    let call = Call {
        method: LightMethod::Patch,
        route: Route::WebhookOriginalInteractionResponse {
            application_id: interaction.application_id(),
            token: interaction.token(),
        },
        query: None,
        patience: ANSWER_WITHIN,
    };
    note_failure(bot, bot.rest.put(call, &body).await);
}

fn apologise_for_panic(bot: &Bot, make: impl FnOnce() -> Body) -> Body {
    std::panic::catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| {
        bot.counts.failed();
        reply::sentence(wording::FAILED)
    })
}

/// Where the bot may not speak it keeps silent: 403 says so, and saying more would be refused as well. 404 and 10062
/// mean that the question is gone.
fn note_failure(bot: &Bot, sent: Result<(), RestError>) {
    match sent {
        Ok(()) => {}
        Err(error) if matches!(error.status(), Some(403 | 404)) => tracing::info!(%error, "an answer was not wanted"),
        Err(error) => {
            bot.counts.failed();
            tracing::warn!(%error, "an answer could not be sent");
        }
    }
}
