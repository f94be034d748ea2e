//! What comes in over the gateway, and how its answers go out.
//!
//! The thinnest layer there is: it reads, hands on, and sends. Promise: an interaction is answered within Discord's
//! three seconds or deferred; a panic while deciding is answered with an apology; sending fails quietly where the bot
//! may not speak.

use std::num::NonZeroU64;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde::Serialize;
use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use serenity::model::channel::Message;
use serenity::model::gateway::Ready;
use serenity::model::guild::{Guild, UnavailableGuild};
use serenity::model::id::ApplicationId;
use tokio::time::timeout;
use tracing::Instrument;

use super::admission::{self, Admission};
use super::asking::{self, Asker, Way, Why};
use super::bot::Bot;
use super::interaction::{self, Response, Work};
use super::limits::{self, NONCE_CHARS};
use super::message::{self, Reading};
use super::payload::{Body, Callback, File, Reference, ReplyMessage, Visibility};
use super::registration;
use super::reply;
use super::rest::{Call, RestError};
use crate::answer::wording::{discord as wording, managing as wording_managing};
use crate::store::{Record, Timestamp};

/// Discord forgets an interaction that has no response after 3 s; this leaves half a second for the way there.
const RESPOND_WITHIN: Duration = Duration::from_millis(2500);
/// Work that is done by then needs no deferral.
const DEFER_AFTER: Duration = Duration::from_millis(1200);
/// A message's answer still helps by then. Discord's limit of a busy channel may hold it back for some seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// Serving a message ends by then.
const MESSAGE_DEADLINE: Duration = Duration::from_secs(30);
/// Serving an interaction ends by then: the token of a deferred one lives for 15 minutes.
const INTERACTION_DEADLINE: Duration = Duration::from_mins(2);
/// Registering the commands ends by then.
const REGISTRATION_DEADLINE: Duration = Duration::from_mins(2);

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
        // Of several processes the one with the first shard registers, and no session after the first does.
        let is_first_shard = ready.shard.is_none_or(|shard| shard.id.0 == 0);
        if is_first_shard && !bot.is_registered.swap(true, Ordering::Relaxed) {
            let register = registration::register(&bot.rest, ready.application.id, bot.home);
            bot.guard.serve(REGISTRATION_DEADLINE, register).await;
        }
    }

    async fn message(&self, _: Context, message: Message) {
        let bot = &self.bot;
        let reading = message::read(&message, bot.me);
        if reading == Reading::Ignored {
            return;
        }
        let work = async {
            match admission::admit(bot, &message).await {
                Admission::Answered => answer_message(bot, &message, reading).await,
                Admission::TooMuch => reply_to(bot, &message, &reply::sentence(wording_managing::TOO_MUCH)).await,
                Admission::Ignored => {}
            }
        };
        serve(bot, message.id.get(), MESSAGE_DEADLINE, work).await;
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let bot = &self.bot;
        let work = answer_interaction(bot, &interaction);
        serve(bot, interaction.id().get(), INTERACTION_DEADLINE, work).await;
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

/// Serves what may be a question, under its id in the log, and measures how long that takes.
async fn serve(bot: &Bot, id: u64, deadline: Duration, work: impl Future<Output = ()>) {
    let began = Instant::now();
    let span = tracing::info_span!("question", id);
    bot.guard.serve(deadline, work.instrument(span)).await;
    bot.metrics.handled(began.elapsed());
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
    reply_to(bot, message, &body).await;
}

/// Replies to a message; where the bot may not speak, its author is told directly, once.
async fn reply_to(bot: &Bot, message: &Message, body: &Body) {
    let answer = ReplyMessage {
        body,
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
    let sent = bot.rest.put_with(call, &answer, body.file.as_ref()).await;
    let is_forbidden = sent.as_ref().is_err_and(|error| error.status() == Some(403));
    note_failure(bot, sent);
    if is_forbidden && message.guild_id.is_some() {
        let (channel, member) = (message.channel_id, message.author.id);
        bot.hints.give(&bot.rest, channel, member, message.id.get()).await;
    }
}

async fn answer_interaction(bot: &Bot, interaction: &Interaction) {
    let decide = || interaction::respond(bot, interaction);
    let response = std::panic::catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|_| {
        bot.counts.failed();
        Some(Response::Message(reply::sentence(wording::FAILED), Visibility::Private))
    });
    let sent = match response {
        None => return,
        Some(Response::Message(body, visibility)) => {
            respond(
                bot,
                interaction,
                &Callback::message(&body, visibility),
                body.file.as_ref(),
            )
            .await
        }
        Some(Response::Update(body)) => respond(bot, interaction, &Callback::update(&body), body.file.as_ref()).await,
        Some(Response::UpdateLater(work)) => update_later(bot, interaction, work).await,
        Some(Response::Choices(choices)) => respond(bot, interaction, &Callback::choices(&choices), None).await,
        Some(Response::Later(visibility, work)) => respond_later(bot, interaction, visibility, work).await,
    };
    note_failure(bot, sent);
}

/// Responds once the work is done; says that it takes a while where it does.
async fn respond_later(
    bot: &Bot,
    interaction: &Interaction,
    visibility: Visibility,
    mut work: Work,
) -> Result<(), RestError> {
    if let Ok(body) = timeout(DEFER_AFTER, &mut work).await {
        return respond(
            bot,
            interaction,
            &Callback::message(&body, visibility),
            body.file.as_ref(),
        )
        .await;
    }
    respond(bot, interaction, &Callback::deferred(visibility), None).await?;
    let body = work.await;
    edit_response(bot, interaction.application_id(), interaction.token(), &body).await
}

/// Changes the message that the pressed button is on once the work is done.
async fn update_later(bot: &Bot, interaction: &Interaction, mut work: Work) -> Result<(), RestError> {
    if let Ok(body) = timeout(DEFER_AFTER, &mut work).await {
        return respond(bot, interaction, &Callback::update(&body), body.file.as_ref()).await;
    }
    respond(bot, interaction, &Callback::deferred_update(), None).await?;
    let body = work.await;
    edit_response(bot, interaction.application_id(), interaction.token(), &body).await
}

async fn respond(
    bot: &Bot,
    interaction: &Interaction,
    callback: &impl Serialize,
    file: Option<&File>,
) -> Result<(), RestError> {
    let call = Call {
        method: LightMethod::Post,
        route: Route::InteractionResponse {
            interaction_id: interaction.id(),
            token: interaction.token(),
        },
        query: None,
        patience: RESPOND_WITHIN,
    };
    bot.rest.put_with(call, callback, file).await
}

async fn edit_response(bot: &Bot, application_id: ApplicationId, token: &str, body: &Body) -> Result<(), RestError> {
    let call = Call {
        method: LightMethod::Patch,
        route: Route::WebhookOriginalInteractionResponse { application_id, token },
        query: None,
        patience: ANSWER_WITHIN,
    };
    bot.rest.put_with(call, body, body.file.as_ref()).await
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
