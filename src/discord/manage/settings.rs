//! `/admin settings`: a server's own settings, as lists and a button; a change holds at once, in other processes
//! within half a minute.
//!
//! For who may manage that server, which is checked with every change. The bot's own admins have no say in it. Promise:
//! whoever names a channel learns what the bot lacks there, as far as Discord says so in time.

use std::sync::Arc;
use std::time::Duration;

use serenity::futures::future::join_all;
use serenity::model::application::{ComponentInteractionData, ComponentInteractionDataKind};
use serenity::model::channel::ChannelType;
use serenity::model::id::{ChannelId, GuildId, UserId};
use serenity::model::permissions::Permissions;
use tokio::time::timeout;

use super::audit::Audit;
use super::deed::{Management, Setting};
use super::look;
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
use crate::discord::rest::{Rest, RestError};
use crate::discord::room::{self, Need};
use crate::engine::Snapshot;
use crate::fact::FactBase;
use crate::store::{AnswersIn, ServerSettings, Snowflake, StoreError};

/// Channels where somebody can mention the bot: text, voice, announcements, stages, forums (`resources/channel.mdx`).
const SPOKEN_IN: &[u8] = &[0, 2, 5, 13, 15];
/// Channels and forums that can be opened for questions.
const ASKED_IN: &[u8] = &[0, 5, 15];
/// Channels that can be posted to.
const POSTED_TO: &[u8] = &[0, 5];
/// Of the channels that were chosen so many are looked at, each with a request of its own.
const MAX_LOOKED_AT: usize = 5;
/// Looking at them ends by then: whoever chose waits for the panel, and the choice holds already.
const LOOKED_AT_WITHIN: Duration = Duration::from_secs(5);

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
    let settings = bot.settings_of(Some(server));
    if settings.are_unreadable {
        return private(reply::sentence(panel::OF_ANOTHER_VERSION));
    }
    private(shown(&bot.snapshot(), &settings, has_intent(bot), Vec::new()))
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
    let (rest, me, guild) = (Arc::clone(&bot.rest), bot.me, server);
    let (choice, chosen) = (choice(setting, data), chosen(data));
    Response::UpdateLater(Box::pin(async move {
        let server = server.into();
        let before = records.settings_of(Some(server));
        let log_before = before.log_channel;
        match records.edit_settings(server, |settings| choice.apply(settings)).await {
            Ok(settings) => {
                let what = wording::deeds::changed(setting.name());
                audit.note(&what);
                // Whoever reads the log learns why it falls silent.
                if let Some(left) = log_before.filter(|_| settings.log_channel != log_before) {
                    audit.post_in(left, &what);
                }
                let known = named(&before, setting);
                let is_new = |channel: &Chosen| !known.contains(&channel.id.into());
                let new: Vec<Chosen> = chosen.into_iter().filter(is_new).take(MAX_LOOKED_AT).collect();
                let lacking = lacking(&rest, (guild, me), &new, setting).await;
                shown(&snapshot, &settings, has_intent, lacking)
            }
            Err(error) => {
                tracing::warn!(%error, "a server's settings could not be changed");
                audit.note(&wording::deeds::change_failed(setting.name()));
                if matches!(error, StoreError::Incompatible(_)) {
                    // That will not change by itself.
                    return reply::sentence(panel::OF_ANOTHER_VERSION);
                }
                let settings = records.settings_of(Some(server));
                let mut body = shown(&snapshot, &settings, has_intent, Vec::new());
                body.content = format!("{}\n{}", markup::plain(wording::STORE_SILENT), body.content);
                reply::fitted(body)
            }
        }
    }))
}

/// A channel that was chosen.
struct Chosen {
    id: ChannelId,
    name: String,
}

/// The channels that a list was set to.
fn chosen(data: &ComponentInteractionData) -> Vec<Chosen> {
    let ComponentInteractionDataKind::ChannelSelect { values } = &data.kind else {
        return Vec::new();
    };
    let name = |id: &ChannelId| data.resolved.channels.get(id)?.name.clone();
    let chosen = values.iter().map(|id| Chosen {
        id: *id,
        name: name(id).map_or_else(|| id.to_string(), |name| format!("#{name}")),
    });
    chosen.collect()
}

/// What the bot lacks in these channels for what they were chosen for, one line for each where it lacks anything.
async fn lacking(rest: &Rest, (guild, me): (GuildId, UserId), chosen: &[Chosen], setting: Setting) -> Vec<String> {
    if chosen.is_empty() {
        return Vec::new();
    }
    let looked = async {
        let server = look::server(rest, guild).await?;
        let myself = look::member(rest, guild, me).await?;
        let channels = join_all(chosen.iter().map(|chosen| look::channel(rest, chosen.id))).await;
        let lines = chosen.iter().zip(channels).filter_map(|(chosen, channel)| {
            let missing: Vec<&str> = match channel {
                Ok(channel) => {
                    let may = server.permissions_of(me, &myself.roles, &channel.permission_overwrites);
                    let missing = channel.room().missing(may);
                    let matters = missing.iter().filter(|need| matters(need, setting));
                    matters.map(|need| need.name).collect()
                }
                Err(error) if error.status() == Some(403) => vec![room::VIEW_CHANNEL],
                Err(_) => Vec::new(),
            };
            (!missing.is_empty()).then(|| panel::lacking(&chosen.name, &missing))
        });
        Ok::<Vec<String>, RestError>(lines.collect())
    };
    match timeout(LOOKED_AT_WITHIN, looked).await {
        Ok(Ok(lines)) => lines,
        Ok(Err(error)) => {
            tracing::warn!(%error, "Discord did not say what the bot may do in the channels that were chosen");
            Vec::new()
        }
        Err(_) => {
            tracing::warn!("Discord did not say in time what the bot may do in the channels that were chosen");
            Vec::new()
        }
    }
}

/// Whether what a setting is for needs the permission: the log is short lines, in reply to nothing.
fn matters(need: &Need, setting: Setting) -> bool {
    let to_post = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES;
    setting != Setting::LogChannel || to_post.contains(need.permission)
}

/// The channels that a setting names.
fn named(settings: &ServerSettings, setting: Setting) -> Vec<Snowflake> {
    match setting {
        Setting::Mentions => match &settings.answers_in {
            AnswersIn::AllChannels => Vec::new(),
            AnswersIn::Channels(channels) => channels.clone(),
        },
        Setting::AskChannels => {
            let asked = settings.ask_channels.iter().chain(&settings.ask_forums);
            asked.copied().collect()
        }
        Setting::LogChannel => settings.log_channel.into_iter().collect(),
        Setting::NoMentions(_) | Setting::Briefings | Setting::Private(_) => Vec::new(),
    }
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
    let snowflakes =
        |channels: Vec<ChannelId>| -> Vec<Snowflake> { channels.into_iter().map(Snowflake::from).collect() };
    match setting {
        Setting::Mentions => Choice::Mentions(snowflakes(channels())),
        Setting::NoMentions(are_ignored) => Choice::NoMentions(are_ignored),
        Setting::AskChannels => {
            let is_forum = |id: &ChannelId| {
                let channel = data.resolved.channels.get(id);
                channel.is_some_and(|channel| channel.kind == ChannelType::Forum)
            };
            let (forums, channels): (Vec<_>, Vec<_>) = channels().into_iter().partition(is_forum);
            Choice::AskChannels {
                channels: snowflakes(channels),
                forums: snowflakes(forums),
            }
        }
        Setting::LogChannel => Choice::LogChannel(channels().first().copied().map(Snowflake::from)),
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

/// The panel; `lacking` is said below what is set.
fn shown(snapshot: &Snapshot, settings: &ServerSettings, has_intent: bool, lacking: Vec<String>) -> Body {
    let base = snapshot.base();
    let briefings = browse::shown(base, settings);
    let titles: Vec<&str> = briefings
        .iter()
        .map(|briefing| briefing.source.title.as_str())
        .collect();
    let are_all = briefings.len() == base.briefings.len();
    let n_channels = settings.mentioned_in().map(<[_]>::len);
    let are_some_open = !(settings.ask_channels.is_empty() && settings.ask_forums.is_empty());
    let mut lines = vec![
        panel::TITLE.to_owned(),
        panel::mentions(n_channels, are_some_open),
        panel::ask_channels(settings.ask_channels.len(), settings.ask_forums.len(), has_intent),
        if briefings.is_empty() {
            panel::NOT_LOADED.to_owned()
        } else {
            panel::briefings(&titles, are_all)
        },
        panel::visibility(settings.is_private_by_default).to_owned(),
        panel::log_channel(settings.log_channel.is_some()).to_owned(),
    ];
    lines.extend(lacking);
    let mut body = reply::sentence(&lines.join("\n"));
    body.components = rows(base, settings);
    body
}

fn rows(base: &FactBase, settings: &ServerSettings) -> Vec<Row> {
    let most = SELECT_OPTIONS;
    let channels = |setting, placeholder, kinds, most| {
        let named = named(settings, setting);
        let chosen = named.iter().map(|id| id.get());
        Row::select(Select::channels(id(setting), placeholder, kinds, most, chosen))
    };
    let mut rows = vec![
        channels(Setting::Mentions, panel::MENTIONS, SPOKEN_IN, most),
        channels(Setting::AskChannels, panel::ASK_CHANNELS, ASKED_IN, most),
        channels(Setting::LogChannel, panel::LOG_CHANNEL, POSTED_TO, 1),
    ];
    // One is no choice, but for whoever has chosen what is not there.
    if base.briefings.len() > 1 || !settings.briefings.is_empty() {
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

fn id(setting: Setting) -> String {
    CustomId::Manage(Management::Setting(setting)).encode()
}
