//! `/ask`: a question, with the facts' own questions offered while it is typed.
//!
//! A choice carries its fact's key. Discord hands over other text all the same: clients have sent a choice's label in
//! place of its value, and members send what they typed. So the key, the label and free text are all understood.

use serenity::all::{CommandOptionType, InstallationContext, InteractionContext};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{CommandInteraction, ResolvedValue};

use crate::answer::wording::discord as wording;
use crate::discord::asking::{self, Asker, Way, Why};
use crate::discord::bot::Bot;
use crate::discord::custom_id::FactKey;
use crate::discord::interaction::Response;
use crate::discord::limits::{self, CHOICE_CHARS, CHOICES};
use crate::discord::payload::{Choice, Visibility};
use crate::fact::{FactBase, FactRef};

pub(super) const NAME: &str = "ask";
const QUESTION: &str = "question";
const PRIVATE: &str = "private";
const WHY: &str = "why";

pub(super) fn definition() -> CreateCommand {
    CreateCommand::new(NAME)
        .description(wording::ASK)
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
        .add_option(
            CreateCommandOption::new(CommandOptionType::String, QUESTION, wording::ASK_QUESTION)
                .required(true)
                .set_autocomplete(true),
        )
        .add_option(CreateCommandOption::new(
            CommandOptionType::Boolean,
            PRIVATE,
            wording::ASK_PRIVATE,
        ))
        .add_option(CreateCommandOption::new(
            CommandOptionType::Boolean,
            WHY,
            wording::ASK_WHY,
        ))
}

pub(super) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let asker = Asker {
        user: command.user.id,
        channel: command.channel_id,
        way: Way::Command,
    };
    let settings = bot.settings_of(command.guild_id);
    let by_default = if settings.is_private_by_default {
        Visibility::Private
    } else {
        Visibility::Public
    };
    let (mut question, mut visibility, mut why) = ("", by_default, Why::Hidden);
    for option in command.data.options() {
        match (option.name, option.value) {
            (QUESTION, ResolvedValue::String(text)) => question = text,
            (PRIVATE, ResolvedValue::Boolean(true)) => visibility = Visibility::Private,
            (PRIVATE, ResolvedValue::Boolean(false)) => visibility = Visibility::Public,
            (WHY, ResolvedValue::Boolean(true)) => why = Why::Shown,
            _ => {}
        }
    }
    let body = match chosen(question, bot.snapshot().base()) {
        Some(key) => asking::tell(bot, asker, &key, None, why),
        None => asking::ask(bot, asker, question, why),
    };
    Response::Message(body, visibility)
}

pub(super) fn complete(bot: &Bot, command: &CommandInteraction) -> Vec<Choice> {
    let Some(typed) = command.data.autocomplete().filter(|option| option.name == QUESTION) else {
        return Vec::new();
    };
    let near = bot.snapshot().complete(typed.value.trim(), CHOICES);
    let choices = near.into_iter().take(CHOICES).map(|suggestion| Choice {
        name: label(&suggestion.question),
        value: FactKey::to_choice(&suggestion.fact),
    });
    choices.collect()
}

/// What a choice is called.
fn label(question: &str) -> String {
    limits::cut(question.trim(), CHOICE_CHARS)
}

/// The fact that the text chooses, by its key or by its label; `None` where it is free text. A key of a loaded
/// briefing is a choice even where its fact is gone: the member is told so.
fn chosen(text: &str, base: &FactBase) -> Option<FactKey> {
    let text = text.trim();
    if let Some(key) = FactKey::decode(text) {
        let is_choice = match &key {
            FactKey::Named(reference) => base.briefing(&reference.briefing).is_some(),
            FactKey::Digest(_) => true,
        };
        return is_choice.then_some(key);
    }
    let labelled = base
        .facts()
        .find(|(_, fact)| fact.phrasings.first().is_some_and(|first| label(first) == text));
    labelled.map(|(briefing, fact)| {
        FactKey::Named(FactRef {
            briefing: briefing.id.clone(),
            fact: fact.id.clone(),
        })
    })
}
