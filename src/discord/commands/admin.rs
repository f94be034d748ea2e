//! `/admin`, as Discord is told of it.

use serenity::all::{ChannelType, CommandOptionType, InstallationContext, InteractionContext};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::permissions::Permissions;

use crate::answer::wording::managing as wording;
use crate::discord::manage;

pub(crate) const NAME: &str = "admin";

/// Hidden by Discord from whoever may not manage the server; that is no protection, only quiet.
pub(super) fn definition() -> CreateCommand {
    let sub = |name, about| CreateCommandOption::new(CommandOptionType::SubCommand, name, about);
    let option = CreateCommandOption::new;
    let number = option(CommandOptionType::Integer, manage::NUMBER, wording::ROLLBACK_NUMBER).min_int_value(1);
    let servers = option(CommandOptionType::Boolean, manage::SERVERS, wording::UNANSWERED_SERVERS);
    let channel = option(CommandOptionType::Channel, manage::CHANNEL, wording::DOCTOR_CHANNEL).channel_types(vec![
        ChannelType::Text,
        ChannelType::News,
        ChannelType::Voice,
        ChannelType::Stage,
        ChannelType::Forum,
        ChannelType::PublicThread,
        ChannelType::PrivateThread,
        ChannelType::NewsThread,
    ]);
    let member = option(CommandOptionType::User, manage::MEMBER, wording::DOCTOR_MEMBER);
    CreateCommand::new(NAME)
        .description(wording::ADMIN)
        .default_member_permissions(Permissions::MANAGE_GUILD)
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
        .integration_types(vec![InstallationContext::Guild])
        .add_option(sub(manage::SETTINGS, wording::SETTINGS))
        .add_option(
            sub(manage::DOCTOR, wording::DOCTOR)
                .add_sub_option(channel)
                .add_sub_option(member),
        )
        .add_option(sub(manage::UNANSWERED, wording::UNANSWERED).add_sub_option(servers))
        .add_option(sub(manage::STATUS, wording::STATUS))
        .add_option(sub(manage::RELOAD, wording::RELOAD))
        .add_option(sub(manage::ROLLBACK, wording::ROLLBACK).add_sub_option(number))
}
