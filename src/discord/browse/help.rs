//! `/help`: how to ask, so that a new member learns it from here alone. Promise: it names no way that leads nowhere from
//! where it is read.

use serenity::model::application::{CommandInteraction, InteractionContext};
use serenity::model::id::ChannelId;

use crate::answer::wording::browsing::{self as wording, Mentioned};
use crate::discord::asking;
use crate::discord::bot::Bot;
use crate::discord::markup;
use crate::discord::payload::{Body, Visibility};
use crate::discord::permit::{self, Caller};
use crate::discord::reply::{self, Frame};
use crate::store::ServerSettings;

/// Questions to press.
const N_EXAMPLES: usize = 3;

/// How to ask, with examples to press; and for who manages the server, what else there is.
pub(crate) fn help(bot: &Bot, command: &CommandInteraction) -> Body {
    let snapshot = bot.snapshot();
    let settings = bot.settings_of(command.guild_id);
    let examples = asking::first_facts(bot, &snapshot, &settings, N_EXAMPLES);
    let questions: Vec<&str> = examples.iter().map(|example| example.question.as_str()).collect();
    let mut lines = wording::help(&questions, mentioned(&settings, command));
    // `/admin` is there only where the server has the bot.
    if is_member(command) && Caller::of_command(command).managed().is_some() {
        lines.push(wording::HELP_FOR_MANAGERS.to_owned());
    }
    let shown = |line: &String| match line.strip_prefix("- ") {
        Some(item) => format!("- {}", markup::plain(item)),
        None => markup::plain(line),
    };
    let text: Vec<String> = lines.iter().map(shown).collect();
    let mut body = reply::fit(&text.join("\n"));
    let frame = Frame {
        base: snapshot.base(),
        asker: command.user.id.into(),
        question: None,
        related: Vec::new(),
        visibility: Visibility::Private,
    };
    body.components = reply::examples(&examples, &frame);
    body
}

/// Whether the bot is a member of the server that the command is used in, and not only an app of who uses it.
fn is_member(command: &CommandInteraction) -> bool {
    command.guild_id.is_some() && permit::is_of_server(&command.authorizing_integration_owners)
}

/// Where mentions are answered, seen from where the command is used.
fn mentioned(settings: &ServerSettings, command: &CommandInteraction) -> Mentioned {
    if command.guild_id.is_none() {
        let is_among_others = command.context == Some(InteractionContext::PrivateChannel);
        return if is_among_others {
            Mentioned::Nowhere
        } else {
            Mentioned::Here
        };
    }
    let parent = command.channel.as_ref().and_then(|channel| channel.parent_id);
    let places = [Some(command.channel_id), parent].into_iter().flatten();
    let places: Vec<u64> = places.map(ChannelId::get).collect();
    if !is_member(command) {
        Mentioned::Nowhere
    } else if settings.answers_mentions_in(&places) {
        Mentioned::Here
    } else if settings.answers_mentions_anywhere() {
        Mentioned::Elsewhere
    } else {
        Mentioned::Nowhere
    }
}
