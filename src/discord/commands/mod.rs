//! The slash commands, one file each.
//!
//! Promise: what is registered is what is answered, since both read `definitions`' names. Deliberately absent: how
//! commands reach Discord (`registration`), and how responses do (`events`).

mod admin;
mod ask;
mod browse;
mod check;

pub(crate) use admin::NAME as ADMIN;
use serenity::builder::CreateCommand;
use serenity::model::application::CommandInteraction;

use super::bot::Bot;
use super::interaction::Response;
use super::manage;
use super::payload::{Choice, Visibility};
use super::reply;
use crate::answer::wording::discord as wording;
use crate::fact::FactBase;

/// Every command, as Discord is told of it.
pub(crate) fn definitions(base: &FactBase) -> Vec<CreateCommand> {
    let mut all = vec![ask::definition(base), admin::definition(), check::definition()];
    all.extend(browse::definitions());
    all
}

/// The commands of the home server alone. There are none: everything is for every server, and a copy of it would show
/// twice. That it is compared removes what an earlier version, or another program of the same application, left there.
pub(crate) fn at_home() -> Vec<CreateCommand> {
    Vec::new()
}

/// Runs a command.
pub(crate) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    match command.data.name.as_str() {
        ask::NAME => ask::run(bot, command),
        check::NAME => check::run(bot, command),
        admin::NAME => manage::run(bot, command),
        name if browse::NAMES.contains(&name) => browse::run(bot, command),
        _ => Response::Message(reply::sentence(wording::COMMAND_UNKNOWN), Visibility::Private),
    }
}

/// Choices for what is being typed; none is a valid answer.
pub(crate) fn complete(bot: &Bot, command: &CommandInteraction) -> Vec<Choice> {
    match command.data.name.as_str() {
        ask::NAME => ask::complete(bot, command),
        name if browse::NAMES.contains(&name) => browse::complete(bot, command),
        _ => Vec::new(),
    }
}
