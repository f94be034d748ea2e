//! The commands for looking around, as Discord is told of them: `/facts`, `/who`, `/timeline`, `/source`, `/help`,
//! `/privacy`.

use serenity::all::{CommandOptionType, InstallationContext, InteractionContext};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{CommandDataOptionValue, CommandInteraction};

use crate::answer::wording::browsing as wording;
use crate::discord::bot::Bot;
use crate::discord::browse::{self, Reader, Shown, View};
use crate::discord::interaction::Response;
use crate::discord::payload::Choice;
use crate::discord::reply;

const FACTS: &str = "facts";
const TOPIC: &str = "topic";
const WHO: &str = "who";
const PERSON: &str = "name";
const TIMELINE: &str = "timeline";
const SOURCE: &str = "source";
const HELP: &str = "help";
const PRIVACY: &str = "privacy";

pub(super) const NAMES: [&str; 6] = [FACTS, WHO, TIMELINE, SOURCE, HELP, PRIVACY];

pub(super) fn definitions() -> Vec<CreateCommand> {
    let topic = CreateCommandOption::new(CommandOptionType::String, TOPIC, wording::FACTS_TOPIC);
    let name = CreateCommandOption::new(CommandOptionType::String, PERSON, wording::WHO_NAME);
    vec![
        everywhere(FACTS, wording::FACTS).add_option(topic.set_autocomplete(true)),
        everywhere(WHO, wording::WHO).add_option(name.required(true).set_autocomplete(true)),
        everywhere(TIMELINE, wording::TIMELINE),
        everywhere(SOURCE, wording::SOURCE),
        everywhere(HELP, wording::HELP),
        everywhere(PRIVACY, wording::PRIVACY),
    ]
}

/// A command wherever Discord allows an app to be.
fn everywhere(name: &str, about: &str) -> CreateCommand {
    CreateCommand::new(name)
        .description(about)
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
}

pub(super) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let reader = Reader {
        user: command.user.id,
        channel: command.channel_id,
        guild: command.guild_id,
    };
    let snapshot = bot.snapshot();
    let settings = bot.settings_of(reader.guild);
    let briefings = browse::shown(snapshot.base(), &settings);
    let named = |name: &str| text_of(command, name);
    let name = command.data.name.as_str();
    let needs_facts = [FACTS, WHO, TIMELINE, SOURCE].contains(&name);
    if let Some(sentence) = browse::not_loaded(snapshot.base(), &settings).filter(|_| needs_facts) {
        return Shown::Now(reply::sentence(sentence)).into_message();
    }
    let page = match name {
        FACTS => match named(TOPIC) {
            Some(topic) => Shown::Now(browse::topic_named(&briefings, topic)),
            None => browse::show(bot, reader, &View::Topics { page: 0 }),
        },
        WHO => Shown::Now(browse::entity_named(&briefings, named(PERSON).unwrap_or_default())),
        TIMELINE => browse::show(bot, reader, &View::Timeline { page: 0 }),
        SOURCE => Shown::Now(browse::source(&briefings, snapshot.base().revision)),
        PRIVACY => browse::show(bot, reader, &View::Privacy { page: 0 }),
        _ => Shown::Now(browse::help(bot, command)),
    };
    page.into_message()
}

fn text_of<'c>(command: &'c CommandInteraction, name: &str) -> Option<&'c str> {
    let option = command.data.options.iter().find(|option| option.name == name)?;
    match &option.value {
        CommandDataOptionValue::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

pub(super) fn complete(bot: &Bot, command: &CommandInteraction) -> Vec<Choice> {
    let snapshot = bot.snapshot();
    let settings = bot.settings_of(command.guild_id);
    let briefings = browse::shown(snapshot.base(), &settings);
    match (command.data.name.as_str(), command.data.autocomplete()) {
        (FACTS, Some(typed)) if typed.name == TOPIC => browse::topic_choices(&briefings, typed.value),
        (WHO, Some(typed)) if typed.name == PERSON => browse::name_choices(&briefings, typed.value),
        _ => Vec::new(),
    }
}
