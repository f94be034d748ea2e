//! An interaction to the response that it gets, as a value.
//!
//! Apart from how it is carried: the gateway's way posts it as a callback, the way over HTTP returns it. Promise:
//! deciding never waits for the network; what takes longer is handed over as a future.

use std::pin::Pin;

use serenity::model::application::Interaction;
use serenity::model::id::{GuildId, UserId};

use super::bot::Bot;
use super::payload::{Body, Choice, Visibility};
use super::rates::Verdict;
use super::{commands, components, reply};
use crate::answer::wording::managing as wording;

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
    /// Another body for the message that the pressed button is on, once the work is done.
    UpdateLater(Work),
    /// The message that the pressed button is on goes.
    Delete,
}

/// The response to an interaction; `None` for kinds that nothing of the bot's could have caused.
pub(crate) fn respond(bot: &Bot, interaction: &Interaction) -> Option<Response> {
    match interaction {
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
    let is_too_much = bot.rates.count(member, server) != Verdict::Answer;
    is_too_much.then(|| Response::Message(reply::sentence(wording::TOO_MUCH), Visibility::Private))
}
