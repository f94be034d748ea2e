//! An interaction to the response that it gets, as a value.
//!
//! Apart from how it is carried: the gateway's way posts it as a callback, the way over HTTP returns it. Promise:
//! deciding never waits for the network; what takes longer is handed over as a future, after a word that it does; a
//! panic while deciding, or in that future, is answered with an apology.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serenity::futures::FutureExt;
use serenity::model::application::Interaction;
use serenity::model::id::{GuildId, UserId};
use tokio::time::timeout;

use super::bot::Bot;
use super::counts::Counts;
use super::payload::{Body, Callback, Choice, File, Visibility};
use super::rest::RestError;
use super::{commands, components, reply, sending};
use crate::answer::wording::discord;

/// Work that is done by then needs no deferral.
const DEFER_AFTER: Duration = Duration::from_millis(1200);

/// What comes later.
pub(crate) type Work = ToCome<Body>;
type ToCome<T> = Pin<Box<dyn Future<Output = T> + Send>>;

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
    /// Another body for the message that the pressed button is on, once the work is done.
    UpdateLater(Work),
    /// Another body for the message that the pressed button is on, or a private message, as the work turns out.
    Turn(ToCome<Turn>),
    /// The message that the pressed button is on goes.
    Delete,
}

/// How the work behind a press turned out.
pub(crate) enum Turn {
    /// It is done, which the message that the button is on shows; `told` says so in private where that takes too long.
    Done { message: Body, told: Body },
    /// It came to nothing, as its presser is told in private.
    Nothing(Body),
}

/// What is said to an interaction first, and what comes after.
pub(crate) struct First {
    /// The callback in JSON, as Discord takes it.
    pub(crate) callback: String,
    /// What is sent with it.
    pub(crate) file: Option<File>,
    /// What becomes of it.
    pub(crate) later: Option<Later>,
}

/// What becomes of a first response.
pub(crate) enum Later {
    /// Another body takes its place.
    Edit(Work),
    /// It goes.
    Delete,
}

/// Whether a file can be sent with a first response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// It can.
    Taken,
    /// It comes after.
    Later,
}

/// What an interaction gets, in time for Discord; `None` for kinds that nothing of the bot's could have caused.
pub(crate) async fn first(bot: &Bot, interaction: &Interaction, files: Files) -> Option<First> {
    let decide = || respond(bot, interaction);
    let response = std::panic::catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|_| {
        bot.counts.failed();
        Some(Response::Message(sorry(), Visibility::Private))
    })?;
    Some(match response {
        Response::Message(body, visibility) => First::message(body, visibility, files),
        Response::Update(body) => First::update(body, files),
        Response::Choices(choices) => First::only(&Callback::choices(&choices)),
        Response::Later(visibility, work) => {
            let mut work = apologising(&bot.counts, work, sorry);
            match timeout(DEFER_AFTER, &mut work).await {
                Ok(body) => First::message(body, visibility, files),
                Err(_) => First::then(&Callback::deferred(visibility), Later::Edit(work)),
            }
        }
        Response::UpdateLater(work) => {
            let mut work = apologising(&bot.counts, work, sorry);
            match timeout(DEFER_AFTER, &mut work).await {
                Ok(body) => First::update(body, files),
                Err(_) => First::then(&Callback::deferred_update(), Later::Edit(work)),
            }
        }
        Response::Turn(work) => {
            let mut work = apologising(&bot.counts, work, || Turn::Nothing(sorry()));
            match timeout(DEFER_AFTER, &mut work).await {
                Ok(Turn::Done { message, .. }) => First::update(message, files),
                Ok(Turn::Nothing(told)) => First::message(told, Visibility::Private, files),
                // Whether the message is to change is fixed by the deferral, and by now it is not known.
                Err(_) => First::then(
                    &Callback::deferred(Visibility::Private),
                    Later::Edit(Box::pin(async move {
                        match work.await {
                            Turn::Done { told, .. } | Turn::Nothing(told) => told,
                        }
                    })),
                ),
            }
        }
        // By the interaction's token, which needs no permission in the channel.
        Response::Delete => First::then(&Callback::deferred_update(), Later::Delete),
    })
}

fn sorry() -> Body {
    reply::sentence(discord::FAILED)
}

/// The same work, with an apology where it panics.
fn apologising<T: 'static>(counts: &Arc<Counts>, work: ToCome<T>, apology: fn() -> T) -> ToCome<T> {
    let counts = Arc::clone(counts);
    Box::pin(async move {
        // The hook has logged the panic.
        AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
            counts.failed();
            apology()
        })
    })
}

/// Does what comes after a first response, whichever way that went.
pub(crate) async fn finish(bot: &Bot, interaction: &Interaction, later: Later) -> Result<(), RestError> {
    match later {
        Later::Edit(work) => sending::edit_response(&bot.rest, interaction, &work.await).await,
        Later::Delete => sending::delete_response(&bot.rest, interaction).await,
    }
}

impl First {
    fn message(body: Body, visibility: Visibility, files: Files) -> Self {
        if body.file.is_some() && files == Files::Later {
            return Self::then(&Callback::deferred(visibility), Later::done(body));
        }
        Self {
            file: body.file.clone(),
            ..Self::only(&Callback::message(&body, visibility))
        }
    }

    fn update(body: Body, files: Files) -> Self {
        if body.file.is_some() && files == Files::Later {
            return Self::then(&Callback::deferred_update(), Later::done(body));
        }
        Self {
            file: body.file.clone(),
            ..Self::only(&Callback::update(&body))
        }
    }

    fn then(callback: &impl Serialize, later: Later) -> Self {
        Self {
            later: Some(later),
            ..Self::only(callback)
        }
    }

    fn only(callback: &impl Serialize) -> Self {
        Self {
            // Bodies are structures of texts and numbers, which JSON has room for.
            callback: serde_json::to_string(callback).unwrap_or_default(),
            file: None,
            later: None,
        }
    }
}

impl Later {
    fn done(body: Body) -> Self {
        Self::Edit(Box::pin(std::future::ready(body)))
    }
}

/// The response to an interaction; `None` for kinds that nothing of the bot's could have caused.
fn respond(bot: &Bot, interaction: &Interaction) -> Option<Response> {
    match interaction {
        // Whoever manages a server must get in while it is flooded, so they have a rate of their own; their rights are
        // checked where they act.
        Interaction::Command(command) if command.data.name == commands::ADMIN => {
            Some(managing_too_much(bot, command.user.id).unwrap_or_else(|| commands::run(bot, command)))
        }
        Interaction::Component(pressed) if components::is_management(pressed) => {
            Some(managing_too_much(bot, pressed.user.id).unwrap_or_else(|| components::press(bot, pressed)))
        }
        Interaction::Command(command) => {
            Some(held_back(bot, command.user.id, command.guild_id).unwrap_or_else(|| commands::run(bot, command)))
        }
        Interaction::Autocomplete(command) => Some(Response::Choices(commands::complete(bot, command))),
        Interaction::Component(pressed) => {
            Some(held_back(bot, pressed.user.id, pressed.guild_id).unwrap_or_else(|| components::press(bot, pressed)))
        }
        _ => None,
    }
}

/// The notice to who asks too much: without a response Discord would say that the bot failed, so there is one each time,
/// for their eyes only.
fn held_back(bot: &Bot, member: UserId, server: Option<GuildId>) -> Option<Response> {
    let refusal = bot.rates.count(member, server).refusal()?;
    Some(Response::Message(reply::sentence(refusal), Visibility::Private))
}

/// The notice to who manages, or tries to, past the rate of that.
fn managing_too_much(bot: &Bot, member: UserId) -> Option<Response> {
    let refusal = bot.rates.refuse_managing(member)?;
    Some(Response::Message(reply::sentence(refusal), Visibility::Private))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_what_comes_later_is_an_apology_and_is_counted() {
        let counts = Arc::new(Counts::default());
        let work: Work = Box::pin(async { panic!("in the work") });
        let body = apologising(&counts, work, sorry).await;
        assert_eq!(body, sorry());
        assert_eq!(counts.tally().failed, 1);
    }
}
