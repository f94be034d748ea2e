//! An interaction to the response that it gets, as a value.
//!
//! Apart from how it is carried: the gateway's way posts it as a callback, the way over HTTP returns it. Promise:
//! deciding never waits for the network; what takes longer is handed over as a future, after a word that it does; a
//! panic while deciding is answered with an apology.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serenity::model::application::Interaction;
use tokio::time::timeout;

use super::bot::Bot;
use super::payload::{Body, Callback, Choice, Visibility};
use super::{commands, components, reply};
use crate::answer::wording::discord as wording;

/// Work that is done by then needs no deferral.
const DEFER_AFTER: Duration = Duration::from_millis(1200);

/// What comes later.
pub(crate) type Work = Pin<Box<dyn Future<Output = Body> + Send>>;

/// What an interaction gets.
pub(crate) enum Response {
    /// A message.
    Message(Body, Visibility),
    /// Another body for the message that the pressed button is on.
    Update(Body),
    /// Choices while someone types.
    Choices(Vec<Choice>),
    /// A message, once the work is done.
    Later(Visibility, Work),
}

/// What is said to an interaction first, and what comes after.
pub(crate) struct First {
    /// The callback, as Discord takes it.
    pub(crate) callback: Value,
    /// The body that replaces a deferral.
    pub(crate) later: Option<Work>,
}

/// What an interaction gets, in time for Discord; `None` for kinds that nothing of the bot's could have caused.
pub(crate) async fn first(bot: &Bot, interaction: &Interaction) -> Option<First> {
    let decide = || respond(bot, interaction);
    let response = std::panic::catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|_| {
        bot.counts.failed();
        Some(Response::Message(reply::sentence(wording::FAILED), Visibility::Private))
    })?;
    Some(match response {
        Response::Message(body, visibility) => First::only(&Callback::message(&body, visibility)),
        Response::Update(body) => First::only(&Callback::update(&body)),
        Response::Choices(choices) => First::only(&Callback::choices(&choices)),
        Response::Later(visibility, mut work) => match timeout(DEFER_AFTER, &mut work).await {
            Ok(body) => First::only(&Callback::message(&body, visibility)),
            Err(_) => First {
                later: Some(work),
                ..First::only(&Callback::deferred(visibility))
            },
        },
    })
}

impl First {
    fn only(callback: &impl Serialize) -> Self {
        Self {
            // Bodies are structures of texts and numbers, which JSON has room for.
            callback: serde_json::to_value(callback).unwrap_or_default(),
            later: None,
        }
    }
}

/// The response to an interaction; `None` for kinds that nothing of the bot's could have caused.
fn respond(bot: &Bot, interaction: &Interaction) -> Option<Response> {
    match interaction {
        Interaction::Command(command) => Some(commands::run(bot, command)),
        Interaction::Autocomplete(command) => Some(Response::Choices(commands::complete(bot, command))),
        Interaction::Component(pressed) => Some(components::press(bot, pressed)),
        _ => None,
    }
}
