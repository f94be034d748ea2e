//! `/ask`: a question, with the facts' own questions offered while it is typed.
//!
//! A choice carries its fact's key. Discord hands over other text all the same: clients have sent a choice's label in
//! place of its value, and members send what they typed. So the key, the label and free text are all understood.

use serenity::all::{CommandOptionType, InstallationContext, InteractionContext};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{CommandDataOptionValue, CommandInteraction, ResolvedValue};

use crate::answer::Suggestion;
use crate::answer::wording::{asking as asking_wording, discord as wording};
use crate::discord::asking::{self, Asker, Question, Way, Why};
use crate::discord::bot::Bot;
use crate::discord::browse;
use crate::discord::custom_id::FactKey;
use crate::discord::interaction::Response;
use crate::discord::limits::{self, CHOICE_CHARS, CHOICES};
use crate::discord::payload::{Choice, Visibility};
use crate::discord::reply;
use crate::engine::Snapshot;
use crate::fact::{Briefing, FactBase, FactRef};
use crate::store::ServerSettings;

pub(super) const NAME: &str = "ask";
const QUESTION: &str = "question";
const PRIVATE: &str = "private";
const WHY: &str = "why";
const BRIEFING: &str = "briefing";

/// `briefing` is there where several are loaded only: with one it would ask what has one answer.
pub(super) fn definition(base: &FactBase) -> CreateCommand {
    let option = |kind, name, about| CreateCommandOption::new(kind, name, about);
    let command = CreateCommand::new(NAME)
        .description(wording::ASK)
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
        .add_option(
            option(CommandOptionType::String, QUESTION, wording::ASK_QUESTION)
                .required(true)
                .set_autocomplete(true),
        )
        .add_option(option(CommandOptionType::Boolean, PRIVATE, wording::ASK_PRIVATE))
        .add_option(option(CommandOptionType::Boolean, WHY, wording::ASK_WHY));
    if base.briefings.len() < 2 {
        return command;
    }
    command.add_option(option(CommandOptionType::String, BRIEFING, asking_wording::ASK_BRIEFING).set_autocomplete(true))
}

pub(super) fn run(bot: &Bot, command: &CommandInteraction) -> Response {
    let mut asker = Asker {
        user: command.user.id,
        channel: command.channel_id,
        server: command.guild_id,
        way: Way::Command,
        event: command.id.into(),
        visibility: Visibility::Public,
    };
    let settings = bot.records.settings_of(asker.server());
    let mut is_private = settings.is_private_by_default;
    let mut question = Question::new("");
    let mut briefing = None;
    for option in command.data.options() {
        match (option.name, option.value) {
            (QUESTION, ResolvedValue::String(text)) => question.words = text,
            (PRIVATE, ResolvedValue::Boolean(choice)) => is_private = choice,
            (WHY, ResolvedValue::Boolean(true)) => question.why = Why::Shown,
            (BRIEFING, ResolvedValue::String(text)) => briefing = Some(text),
            _ => {}
        }
    }
    if is_private {
        asker.visibility = Visibility::Private;
    }
    let snapshot = bot.snapshot();
    if let Some(sentence) = browse::not_loaded(snapshot.base(), &settings) {
        return Response::Message(asking::sentence_to(asker, sentence), asker.visibility);
    }
    let mut here = browse::shown(snapshot.base(), &settings);
    if let Some(text) = briefing {
        let Some(named) = here.iter().copied().find(|briefing| is_named(briefing, text)) else {
            let titles: Vec<&str> = here.iter().map(|briefing| briefing.source.title.as_str()).collect();
            let sentence = asking_wording::briefing_unknown(&titles);
            return Response::Message(reply::sentence(&sentence), Visibility::Private);
        };
        question.briefings = vec![named.id.clone()];
        here = vec![named];
    }
    let body = match chosen(question.words, snapshot.base(), &here) {
        Some(key) => match asking::tell(bot, &snapshot, asker, &key, (None, question.why)) {
            Some(told) => told.body,
            // Of interest to nobody else.
            None => return Response::Message(reply::sentence(wording::FACT_GONE), Visibility::Private),
        },
        None => asking::ask(bot, &snapshot, asker, question),
    };
    Response::Message(body, asker.visibility)
}

pub(super) fn complete(bot: &Bot, command: &CommandInteraction) -> Vec<Choice> {
    let Some(typed) = command.data.autocomplete() else {
        return Vec::new();
    };
    let snapshot = bot.snapshot();
    let here = browse::shown(snapshot.base(), &bot.settings_of(command.guild_id));
    if here.is_empty() {
        // To a question that names none of them, all of them may answer.
        return Vec::new();
    }
    match typed.name {
        QUESTION => {
            let chosen = briefing_of(command).and_then(|text| here.iter().find(|briefing| is_named(briefing, text)));
            let asked = chosen.map_or_else(|| here.clone(), |briefing| vec![*briefing]);
            complete_question(bot, &snapshot, &asked, typed.value.trim())
        }
        BRIEFING => complete_briefing(&here, typed.value.trim()),
        _ => Vec::new(),
    }
}

/// The briefing that was chosen before the question is typed.
fn briefing_of(command: &CommandInteraction) -> Option<&str> {
    command.data.options.iter().find_map(|option| match &option.value {
        CommandDataOptionValue::String(text) if option.name == BRIEFING => Some(text.as_str()),
        _ => None,
    })
}

fn complete_question(bot: &Bot, snapshot: &Snapshot, asked: &[&Briefing], typed: &str) -> Vec<Choice> {
    let briefings: Vec<String> = asked.iter().map(|briefing| briefing.id.clone()).collect();
    let near: Vec<Suggestion> = if typed.is_empty() {
        let only = ServerSettings {
            briefings,
            ..ServerSettings::default()
        };
        asking::first_facts(bot, snapshot, &only, CHOICES)
    } else {
        snapshot.complete(typed, &briefings, CHOICES)
    };
    let choices = near.into_iter().map(|suggestion| Choice {
        name: label(&suggestion.question),
        value: FactKey::to_choice(&suggestion.fact),
    });
    choices.collect()
}

fn complete_briefing(here: &[&Briefing], typed: &str) -> Vec<Choice> {
    let typed = typed.to_lowercase();
    let near = here.iter().filter(|briefing| {
        let title = briefing.source.title.to_lowercase();
        title.contains(&typed) || briefing.id.contains(&typed)
    });
    let choices = near.take(CHOICES).map(|briefing| Choice {
        name: label(&briefing.source.title),
        value: briefing.id.clone(),
    });
    choices.collect()
}

/// Whether the text chooses the briefing, by its id or by its label.
fn is_named(briefing: &Briefing, text: &str) -> bool {
    let text = text.trim();
    briefing.id == text || label(&briefing.source.title) == text || briefing.source.title.eq_ignore_ascii_case(text)
}

/// What a choice is called.
fn label(question: &str) -> String {
    limits::cut(question.trim(), CHOICE_CHARS)
}

/// The fact of one of these briefings that the text chooses, by its key or by its label; `None` where it is free text. A
/// key is a choice even where its fact is gone: the member is told so.
fn chosen(text: &str, base: &FactBase, here: &[&Briefing]) -> Option<FactKey> {
    let text = text.trim();
    let is_here = |of: &FactRef| here.iter().any(|briefing| briefing.id == of.briefing);
    if let Some(key) = FactKey::decode(text) {
        let is_choice = match &key {
            FactKey::Named(reference) => is_here(reference),
            FactKey::Digest(_) => key.find(base).is_none_or(|(reference, _)| is_here(&reference)),
        };
        return is_choice.then_some(key);
    }
    here.iter().find_map(|briefing| {
        let is_labelled = |first: &str| label(first) == text;
        let mut facts = briefing.facts.iter();
        let labelled = facts.find(|fact| fact.phrasings.first().is_some_and(is_labelled))?;
        Some(FactKey::Named(FactRef {
            briefing: briefing.id.clone(),
            fact: labelled.id.clone(),
        }))
    })
}
