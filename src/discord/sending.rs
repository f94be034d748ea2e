//! The requests that carry answers, each as one function.
//!
//! Promise: each ends within its patience; what a repeated request would do twice carries a nonce. Deliberately absent:
//! when to send what.

use std::time::Duration;

use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::application::Interaction;
use serenity::model::id::{ApplicationId, ChannelId, MessageId};

use super::limits::{self, NONCE_CHARS};
use super::payload::{Body, File, Reference, ReplyMessage};
use super::rest::{Call, Rest, RestError};

/// Discord forgets an interaction that has no response after 3 s; this leaves half a second for the way there.
const RESPOND_WITHIN: Duration = Duration::from_millis(2500);
/// A message's answer still helps by then. Discord's limit of a busy channel may hold it back for some seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// Whoever waits for a look at a message has pressed a button.
const LOOK_WITHIN: Duration = Duration::from_secs(5);

/// A message as far as the bot looks at it.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    /// Its id.
    pub(crate) id: MessageId,
    /// Its text; empty where the bot may not read it.
    #[serde(default)]
    pub(crate) content: String,
}

/// A channel as far as the bot looks at it.
#[derive(Debug, Deserialize)]
pub(crate) struct Place {
    /// What a thread is called.
    pub(crate) name: Option<String>,
    /// The channel that a thread is in.
    pub(crate) parent_id: Option<ChannelId>,
}

/// Posts a body as the reply to a message, also where that is gone meanwhile; gives the reply's id. `nonce` keeps it
/// from being posted twice.
pub(crate) async fn reply(
    rest: &Rest,
    to: (ChannelId, MessageId),
    nonce: &str,
    body: &Body,
) -> Result<MessageId, RestError> {
    post(rest, to, false, nonce, body).await
}

/// The same, but for a message that is gone: Discord refuses that.
pub(crate) async fn reply_if_there(
    rest: &Rest,
    to: (ChannelId, MessageId),
    nonce: &str,
    body: &Body,
) -> Result<MessageId, RestError> {
    post(rest, to, true, nonce, body).await
}

async fn post(
    rest: &Rest,
    (channel_id, message_id): (ChannelId, MessageId),
    fail_if_not_exists: bool,
    nonce: &str,
    body: &Body,
) -> Result<MessageId, RestError> {
    let reply = ReplyMessage {
        body,
        message_reference: Reference {
            message_id,
            channel_id,
            fail_if_not_exists,
        },
        nonce: limits::cut(nonce, NONCE_CHARS),
        enforce_nonce: true,
    };
    let route = Route::ChannelMessages { channel_id };
    let written: Written = rest
        .exchange(call(LightMethod::Post, route, ANSWER_WITHIN), &reply)
        .await?;
    Ok(written.id)
}

/// Changes a message of the bot's own.
pub(crate) async fn edit(
    rest: &Rest,
    (channel_id, message_id): (ChannelId, MessageId),
    body: &Body,
) -> Result<(), RestError> {
    let route = Route::ChannelMessage { channel_id, message_id };
    rest.put(call(LightMethod::Patch, route, ANSWER_WITHIN), body).await
}

/// Deletes a message of the bot's own.
pub(crate) async fn delete(rest: &Rest, (channel_id, message_id): (ChannelId, MessageId)) -> Result<(), RestError> {
    let route = Route::ChannelMessage { channel_id, message_id };
    rest.delete(call(LightMethod::Delete, route, ANSWER_WITHIN)).await
}

/// Looks at a message again.
pub(crate) async fn look(rest: &Rest, (channel_id, message_id): (ChannelId, MessageId)) -> Result<Written, RestError> {
    let route = Route::ChannelMessage { channel_id, message_id };
    rest.get(call(LightMethod::Get, route, LOOK_WITHIN)).await
}

/// Looks at a channel.
pub(crate) async fn look_at_channel(rest: &Rest, channel_id: ChannelId) -> Result<Place, RestError> {
    let route = Route::Channel { channel_id };
    rest.get(call(LightMethod::Get, route, LOOK_WITHIN)).await
}

/// Gives the first response to an interaction, which is in JSON already.
pub(crate) async fn respond(
    rest: &Rest,
    to: &Interaction,
    callback: String,
    file: Option<&File>,
) -> Result<(), RestError> {
    let route = Route::InteractionResponse {
        interaction_id: to.id(),
        token: to.token(),
    };
    let call = call(LightMethod::Post, route, RESPOND_WITHIN);
    rest.put_json(call, callback, file).await
}

/// Changes the response to an interaction, or the message that the pressed button is on.
pub(crate) async fn edit_response(rest: &Rest, to: &Interaction, body: &Body) -> Result<(), RestError> {
    let route = original(to.application_id(), to.token());
    let call = call(LightMethod::Patch, route, ANSWER_WITHIN);
    rest.put_with(call, body, body.file.as_ref()).await
}

/// Deletes the message that the pressed button is on.
pub(crate) async fn delete_response(rest: &Rest, to: &Interaction) -> Result<(), RestError> {
    let route = original(to.application_id(), to.token());
    rest.delete(call(LightMethod::Delete, route, ANSWER_WITHIN)).await
}

fn original(application_id: ApplicationId, token: &str) -> Route<'_> {
    Route::WebhookOriginalInteractionResponse { application_id, token }
}

fn call(method: LightMethod, route: Route<'_>, patience: Duration) -> Call<'_> {
    Call {
        method,
        route,
        query: None,
        patience,
    }
}
