//! Looking after the bot, and after what it does in a server: everything behind `/admin`, its buttons and lists.
//!
//! Promise: whoever may not gets one private sentence and nothing happens, on a button as on a command; every deed is in
//! the log with who and what, and in the channel that the server's managers chose. Deliberately absent: who may what
//! (`permit`), and how commands are registered (`commands`).

mod audit;
mod deed;
mod deleted_channel;
mod doctor;
mod look;
mod reload;
mod rollback;
mod settings;
mod status;
mod unanswered;

use serenity::model::application::{CommandDataOptionValue, CommandInteraction, ComponentInteraction};

pub(crate) use deed::Management;
pub(crate) use deleted_channel::forget_channel;

use super::bot::Bot;
use super::interaction::Response;
use super::payload::{Body, Visibility};
use super::permit::Caller;
use super::reply;
use crate::answer::wording::discord as other_wording;
use crate::answer::wording::managing as wording;
use audit::Audit;

/// The sub-commands of `/admin`, and their options.
pub(crate) const RELOAD: &str = "reload";
pub(crate) const ROLLBACK: &str = "rollback";
pub(crate) const STATUS: &str = "status";
pub(crate) const UNANSWERED: &str = "unanswered";
pub(crate) const SETTINGS: &str = "settings";
pub(crate) const DOCTOR: &str = "doctor";
pub(crate) const NUMBER: &str = "number";
pub(crate) const SERVERS: &str = "servers";
pub(crate) const CHANNEL: &str = "channel";
pub(crate) const MEMBER: &str = "member";

/// Runs a sub-command of `/admin`.
pub(crate) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let caller = Caller::of_command(command);
    let sub = command.data.options.first();
    let action = sub.map_or("", |option| option.name.as_str());
    let audit = Audit::new(bot, caller, &command.user.name, command.id.get());
    let options = match sub.map(|option| &option.value) {
        Some(CommandDataOptionValue::SubCommand(options)) => options.as_slice(),
        _ => &[],
    };
    let value = |name: &str| {
        options
            .iter()
            .find(|option| option.name == name)
            .map(|option| &option.value)
    };
    match action {
        RELOAD | ROLLBACK | STATUS if !bot.admins.include(caller) => refused(&audit, action, wording::NOT_AN_ADMIN),
        RELOAD => reload::preview(bot, audit),
        ROLLBACK => {
            let number = match value(NUMBER) {
                Some(CommandDataOptionValue::Integer(number)) => Some(*number),
                _ => None,
            };
            rollback::preview(bot, audit, number)
        }
        STATUS => status::status(bot, &audit),
        UNANSWERED => {
            let are_named = matches!(value(SERVERS), Some(CommandDataOptionValue::Boolean(true)));
            unanswered::open(bot, caller, &audit, are_named).into_message()
        }
        SETTINGS => settings::open(bot, caller, &audit),
        DOCTOR => {
            let channel = match value(CHANNEL) {
                Some(CommandDataOptionValue::Channel(channel)) => Some(*channel),
                _ => None,
            };
            let member = match value(MEMBER) {
                Some(CommandDataOptionValue::User(member)) => Some(*member),
                _ => None,
            };
            doctor::examine(bot, command, &audit, channel, member)
        }
        _ => private(reply::sentence(other_wording::COMMAND_UNKNOWN)),
    }
}

/// A press of a button, or a choice from a list, of something of an admin's.
pub(crate) fn press(bot: &Bot, pressed: &ComponentInteraction, management: &Management) -> Response {
    let caller = Caller::of_press(pressed);
    let audit = Audit::new(bot, caller, &pressed.user.name, pressed.id.get());
    match management {
        Management::Reload { .. } | Management::Rollback { .. } | Management::Cancel if !bot.admins.include(caller) => {
            refused(&audit, "button", wording::NOT_AN_ADMIN)
        }
        Management::Reload { revision } => reload::confirm(bot, audit, *revision),
        Management::Rollback { number } => rollback::confirm(bot, audit, *number),
        Management::Cancel => {
            audit.note(wording::deeds::CANCELLED);
            Response::Update(reply::sentence(wording::CANCELLED))
        }
        Management::Unanswered { page, are_named } => {
            unanswered::turn(bot, caller, &audit, *page, *are_named).into_update()
        }
        Management::DeleteQuestion {
            number,
            page,
            are_named,
        } => unanswered::delete(bot, caller, &audit, *number, (*page, *are_named)).into_update(),
        Management::Setting(setting) => settings::change(bot, caller, audit, *setting, &pressed.data),
    }
}

fn private(body: Body) -> Response {
    Response::Message(body, Visibility::Private)
}

/// Says no, and logs that somebody tried.
fn refused(audit: &Audit, action: &str, sentence: &str) -> Response {
    audit.refused(action);
    private(reply::sentence(sentence))
}
