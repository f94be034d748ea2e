//! `/admin`: looking after the bot, for its own admins.
//!
//! Promise: whoever is no admin gets one private sentence and nothing happens; every attempt is in the log with who
//! and what. Deliberately absent: who is an admin (`permit`).

mod reload;
mod status;

use serenity::all::{CommandOptionType, InstallationContext, InteractionContext};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::CommandInteraction;
use serenity::model::permissions::Permissions;

use crate::answer::wording::discord as wording;
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::payload::Visibility;
use crate::discord::permit::Caller;
use crate::discord::reply;

pub(super) const NAME: &str = "admin";
const RELOAD: &str = "reload";
const STATUS: &str = "status";

/// Hidden by Discord from whoever may not manage the server; that is no protection, only quiet.
pub(super) fn definition() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    CreateCommand::new(NAME)
        .description(wording::ADMIN)
        .default_member_permissions(Permissions::MANAGE_GUILD)
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
        .integration_types(vec![InstallationContext::Guild])
        .add_option(sub(RELOAD, wording::ADMIN_RELOAD))
        .add_option(sub(STATUS, wording::ADMIN_STATUS))
}

pub(super) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let caller = Caller {
        user: command.user.id,
        guild: command.guild_id,
        permissions: command.member.as_ref().and_then(|member| member.permissions),
    };
    let action = command.data.options.first().map_or("", |option| option.name.as_str());
    if !bot.admins.include(caller) {
        tracing::warn!(
            member = caller.user.get(),
            action,
            "an admin action was refused: no admin"
        );
        return Response::Message(reply::sentence(wording::NOT_AN_ADMIN), Visibility::Private);
    }
    tracing::info!(member = caller.user.get(), action, "an admin action");
    match action {
        RELOAD => reload::run(bot, caller.user),
        STATUS => status::run(bot),
        _ => Response::Message(reply::sentence(wording::COMMAND_UNKNOWN), Visibility::Private),
    }
}
