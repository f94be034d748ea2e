//! "Check against the briefing", in the menu of a message: what the briefing says beside each of its sentences.
//!
//! Discord hands over the message that the menu was used on, so no privileged intent is needed. Promise: seen by the one
//! who looked it up only, until they choose to post it.

use serenity::all::{CommandType, InstallationContext, InteractionContext};
use serenity::builder::CreateCommand;
use serenity::model::application::{CommandInteraction, ResolvedTarget};

use crate::answer::wording::asking as wording;
use crate::discord::asking::{self, Asker, Way};
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::Visibility;
use crate::discord::reply;

pub(super) const NAME: &str = wording::CHECK;

pub(super) fn definition() -> CreateCommand {
    CreateCommand::new(NAME)
        .kind(CommandType::Message)
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
}

pub(super) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let asker = Asker {
        user: command.user.id,
        channel: command.channel_id,
        server: command.guild_id,
        way: Way::Menu,
        event: command.id.into(),
        visibility: Visibility::Private,
    };
    let body = match command.data.target() {
        Some(ResolvedTarget::Message(message)) => asking::check(bot, asker, message),
        _ => reply::sentence(wording::CHECK_EMPTY),
    };
    Response::Message(body, Visibility::Private)
}
