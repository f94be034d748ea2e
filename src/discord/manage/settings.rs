//! `/admin settings`: a server's own settings, as lists and a button; a change holds at once, in other processes
//! within half a minute.
//!
//! For who may manage that server, which is checked with every change. The bot's own admins have no say in it.

use std::num::NonZeroU64;
use std::sync::Arc;

use serenity::model::application::{ComponentInteractionData, ComponentInteractionDataKind};
use serenity::model::channel::ChannelType;

use super::audit::Audit;
use super::deed::{Management, Setting};
use super::{private, refused};
use crate::answer::wording::managing::{self as wording, settings as panel};
use crate::discord::bot::Bot;
use crate::discord::browse;
use crate::discord::custom_id::CustomId;
use crate::discord::interaction::Response;
use crate::discord::limits::{self, SELECT_OPTION_CHARS, SELECT_OPTIONS};
use crate::discord::markup;
use crate::discord::payload::{Body, Button, Row, Select, SelectOption};
use crate::discord::permit::Caller;
use crate::discord::reply;
use crate::engine::Snapshot;
use crate::fact::FactBase;
use crate::store::{AnswersIn, ServerSettings, Snowflake};

/// Channels where somebody can mention the bot: text, voice, announcements, stages, forums (`resources/channel.mdx`).
const SPOKEN_IN: &[u8] = &[0, 2, 5, 13, 15];
/// Channels and forums that can be opened for questions.
const ASKED_IN: &[u8] = &[0, 5, 15];
/// Channels that can be posted to.
const POSTED_TO: &[u8] = &[0, 5];

/// What a list or a button was set to.
enum Choice {
    Mentions(Vec<Snowflake>),
    NoMentions(bool),
    AskChannels {
        channels: Vec<Snowflake>,
        forums: Vec<Snowflake>,
    },
    LogChannel(Option<Snowflake>),
    Briefings(Vec<String>),
    Private(bool),
}

/// Shows the settings of the server that the caller manages.
pub(super) fn open(bot: &Bot, caller: Caller, audit: &Audit) -> Response {
    let Some(server) = caller.managed() else {
        let sentence = if caller.guild.is_some() {
            wording::NOT_A_MANAGER
        } else {
            wording::NO_SERVER
        };
        return refused(audit, super::SETTINGS, sentence);
    };
    audit.note(wording::deeds::SETTINGS);
    private(shown(&bot.snapshot(), &bot.settings_of(Some(server)), has_intent(bot)))
}

/// Changes a setting of the server that the caller manages.
pub(super) fn change(
    bot: &Bot,
    caller: Caller,
    audit: Audit,
    setting: Setting,
    data: &ComponentInteractionData,
) -> Response {
    let Some(server) = caller.managed() else {
        return refused(&audit, setting.name(), wording::NOT_A_MANAGER);
    };
    let (records, snapshot, has_intent) = (Arc::clone(&bot.records), bot.snapshot(), has_intent(bot));
    let choice = choice(setting, data);
    Response::UpdateLater(Box::pin(async move {
        let server = NonZeroU64::from(server).into();
        let log_before = records.settings_of(Some(server)).log_channel;
        match records.edit_settings(server, |settings| choice.apply(settings)).await {
            Ok(settings) => {
                let what = wording::deeds::changed(setting.name());
                audit.note(&what);
                // Whoever reads the log learns why it falls silent.
                if let Some(left) = log_before.filter(|_| settings.log_channel != log_before) {
                    audit.post_in(left, &what);
                }
                shown(&snapshot, &settings, has_intent)
            }
            Err(error) => {
                tracing::warn!(%error, "a server's settings could not be changed");
                audit.note(&wording::deeds::change_failed(setting.name()));
                let mut body = shown(&snapshot, &records.settings_of(Some(server)), has_intent);
                body.content = format!("{}\n{}", markup::plain(wording::STORE_SILENT), body.content);
                reply::fitted(body)
            }
        }
    }))
}

fn has_intent(bot: &Bot) -> bool {
    bot.intents.message_content()
}

/// What was chosen, as far as it concerns this setting.
fn choice(setting: Setting, data: &ComponentInteractionData) -> Choice {
    let channels = || match &data.kind {
        ComponentInteractionDataKind::ChannelSelect { values } => values.clone(),
        _ => Vec::new(),
    };
    let snowflake = |id: &serenity::model::id::ChannelId| Snowflake::from(NonZeroU64::from(*id));
    match setting {
        Setting::Mentions => Choice::Mentions(channels().iter().map(snowflake).collect()),
        Setting::NoMentions(are_ignored) => Choice::NoMentions(are_ignored),
        Setting::AskChannels => {
            let is_forum = |id: &serenity::model::id::ChannelId| {
                let channel = data.resolved.channels.get(id);
                channel.is_some_and(|channel| channel.kind == ChannelType::Forum)
            };
            let (forums, channels): (Vec<_>, Vec<_>) = channels().into_iter().partition(is_forum);
            Choice::AskChannels {
                channels: channels.iter().map(snowflake).collect(),
                forums: forums.iter().map(snowflake).collect(),
            }
        }
        Setting::LogChannel => Choice::LogChannel(channels().first().map(snowflake)),
        Setting::Briefings => Choice::Briefings(match &data.kind {
            ComponentInteractionDataKind::StringSelect { values } => values.clone(),
            _ => Vec::new(),
        }),
        Setting::Private(is_private) => Choice::Private(is_private),
    }
}

impl Choice {
    fn apply(self, settings: &mut ServerSettings) {
        match self {
            Self::Mentions(channels) => {
                settings.ignores_mentions = false;
                settings.answers_in = if channels.is_empty() {
                    AnswersIn::AllChannels
                } else {
                    AnswersIn::Channels(channels)
                };
            }
            Self::NoMentions(are_ignored) => settings.ignores_mentions = are_ignored,
            Self::AskChannels { channels, forums } => {
                settings.ask_channels = channels;
                settings.ask_forums = forums;
            }
            Self::LogChannel(channel) => settings.log_channel = channel,
            Self::Briefings(briefings) => settings.briefings = briefings,
            Self::Private(is_private) => settings.is_private_by_default = is_private,
        }
    }
}

fn shown(snapshot: &Snapshot, settings: &ServerSettings, has_intent: bool) -> Body {
    let base = snapshot.base();
    let briefings = browse::shown(base, settings);
    let titles: Vec<&str> = briefings
        .iter()
        .map(|briefing| briefing.source.title.as_str())
        .collect();
    let are_all = briefings.len() == base.briefings.len();
    let n_channels = settings.mentioned_in().map(<[_]>::len);
    let are_some_open = !(settings.ask_channels.is_empty() && settings.ask_forums.is_empty());
    let lines = [
        panel::TITLE.to_owned(),
        panel::mentions(n_channels, are_some_open),
        panel::ask_channels(settings.ask_channels.len(), settings.ask_forums.len(), has_intent),
        panel::briefings(&titles, are_all),
        panel::visibility(settings.is_private_by_default).to_owned(),
        panel::log_channel(settings.log_channel.is_some()).to_owned(),
    ];
    let mut body = reply::sentence(&lines.join("\n"));
    body.components = rows(base, settings);
    body
}

fn rows(base: &FactBase, settings: &ServerSettings) -> Vec<Row> {
    let mentions: &[Snowflake] = match &settings.answers_in {
        AnswersIn::AllChannels => &[],
        AnswersIn::Channels(channels) => channels,
    };
    let (most, asked) = (SELECT_OPTIONS, settings.ask_channels.iter().chain(&settings.ask_forums));
    let log = settings.log_channel.iter();
    let mut rows = vec![
        channels(Setting::Mentions, panel::MENTIONS, SPOKEN_IN, most, mentions.iter()),
        channels(Setting::AskChannels, panel::ASK_CHANNELS, ASKED_IN, most, asked),
        channels(Setting::LogChannel, panel::LOG_CHANNEL, POSTED_TO, 1, log),
    ];
    if base.briefings.len() > 1 {
        let options = base.briefings.iter().take(most).map(|briefing| SelectOption {
            label: limits::cut(briefing.source.title.trim(), SELECT_OPTION_CHARS),
            value: briefing.id.clone(),
            is_chosen: settings.briefings.contains(&briefing.id),
        });
        let select = Select::any_of(id(Setting::Briefings), panel::BRIEFINGS, options.collect());
        rows.push(Row::select(select));
    }
    let (label, makes_private) = if settings.is_private_by_default {
        (panel::MAKE_PUBLIC, false)
    } else {
        (panel::MAKE_PRIVATE, true)
    };
    let visibility = Button::secondary(label.to_owned(), id(Setting::Private(makes_private)));
    let label = if settings.ignores_mentions {
        panel::ANSWER_MENTIONS
    } else {
        panel::ANSWER_NO_MENTIONS
    };
    let mentions = Setting::NoMentions(!settings.ignores_mentions);
    rows.push(Row::new(vec![
        visibility,
        Button::secondary(label.to_owned(), id(mentions)),
    ]));
    rows
}

fn channels<'s>(
    setting: Setting,
    placeholder: &'static str,
    kinds: &'static [u8],
    most: usize,
    chosen: impl Iterator<Item = &'s Snowflake>,
) -> Row {
    let chosen = chosen.map(|id| id.get());
    Row::select(Select::channels(id(setting), placeholder, kinds, most, chosen))
}

fn id(setting: Setting) -> String {
    CustomId::Manage(Management::Setting(setting)).encode()
}
