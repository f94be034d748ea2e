//! `/admin doctor`: what the bot may and may not do in a channel, and why somebody gets no answer there.
//!
//! From what Discord says now: for the channel that it is asked in, from the interaction itself; for another, from what
//! `look` gets to know. Promise: it changes nothing, and guesses nothing where Discord does not answer.

use std::sync::Arc;

use serenity::model::application::CommandInteraction;
use serenity::model::channel::ChannelType;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
use serenity::model::permissions::Permissions;

use super::audit::Audit;
use super::look::{self, Member};
use super::{private, refused};
use crate::answer::wording::managing::{self as wording, doctor as words};
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::markup;
use crate::discord::payload::{Body, Visibility};
use crate::discord::permit::Caller;
use crate::discord::reply;
use crate::discord::rest::{Rest, RestError};
use crate::discord::room::Room;
use crate::store::{ServerSettings, Snowflake};

/// What is looked at.
struct Case {
    rest: Arc<Rest>,
    settings: Arc<ServerSettings>,
    me: UserId,
    guild: GuildId,
    channel: ChannelId,
    /// The channel that a thread is in, where it is known already.
    parent: Option<ChannelId>,
    /// What Discord says of the bot in this very channel; `None` for another.
    here: Option<(Permissions, Room)>,
    /// Whether it is a private thread, which shows itself to its members only.
    is_private_thread: bool,
    intents: Vec<String>,
    has_content: bool,
    member: Option<Patient>,
}

/// A member who gets no answer.
struct Patient {
    id: UserId,
    is_bot: bool,
    /// Their roles; `None` where they are not in the server.
    roles: Option<Vec<RoleId>>,
    /// What they may do in the channel that the doctor was asked in, where that is the one in question.
    permissions: Option<Permissions>,
}

/// Looks at a channel, the one that is asked in without another; and at a member, where one is named.
pub(super) fn examine(
    bot: &Bot,
    command: &CommandInteraction,
    audit: &Audit,
    channel: Option<ChannelId>,
    member: Option<UserId>,
) -> Response {
    let caller = Caller::of_command(command);
    let Some(guild) = caller.guild else {
        return private(reply::sentence(wording::NO_SERVER));
    };
    if caller.managed().is_none() && !bot.admins.include(caller) {
        return refused(audit, super::DOCTOR, wording::NOT_A_MANAGER);
    }
    audit.note(wording::deeds::DOCTOR);
    let channel = channel.unwrap_or(command.channel_id);
    let is_here = channel == command.channel_id;
    let here = command.channel.as_ref().filter(|_| is_here);
    let resolved = &command.data.resolved;
    let case = Case {
        rest: Arc::clone(&bot.rest),
        settings: bot.settings_of(Some(guild)),
        me: bot.me,
        guild,
        channel,
        parent: here.and_then(|here| here.parent_id),
        here: command
            .app_permissions
            .filter(|_| is_here)
            .map(|permissions| (permissions, here.map_or(Room::Channel, Room::of_partial))),
        is_private_thread: resolved
            .channels
            .get(&channel)
            .is_some_and(|channel| channel.kind == ChannelType::PrivateThread),
        intents: bot.intents.iter_names().map(|(name, _)| name.to_owned()).collect(),
        has_content: bot.intents.message_content(),
        member: member.map(|id| {
            let member = resolved.members.get(&id);
            Patient {
                id,
                is_bot: resolved.users.get(&id).is_some_and(|user| user.bot),
                roles: member.map(|member| member.roles.clone()),
                permissions: member.and_then(|member| member.permissions).filter(|_| is_here),
            }
        }),
    };
    Response::Later(Visibility::Private, Box::pin(async move { report(&case).await }))
}

async fn report(case: &Case) -> Body {
    let myself = look::member(&case.rest, case.guild, case.me).await;
    let am_timed_out = myself.as_ref().is_ok_and(Member::is_timed_out);
    let (mut lines, place) = match seen(case, myself).await {
        Ok(seen) => (
            may(&seen.name, seen.permissions, seen.room),
            (seen.around, Some(seen.room), seen.of_member),
        ),
        Err(error) if error.status() == Some(403) => {
            let sentence = if case.is_private_thread {
                words::CANNOT_SEE_THREAD
            } else {
                words::CANNOT_SEE
            };
            (vec![sentence.to_owned()], (None, None, None))
        }
        Err(error) => {
            tracing::warn!(%error, "the doctor got no answer from Discord");
            (vec![words::UNKNOWN.to_owned()], (None, None, None))
        }
    };
    if am_timed_out {
        lines.push(words::TIMED_OUT.to_owned());
    }
    lines.push(words::COMMANDS_WORK.to_owned());
    lines.push(String::new());
    lines.push(words::intents(&case.intents));
    lines.push(
        if case.has_content {
            words::CONTENT
        } else {
            words::NO_CONTENT
        }
        .to_owned(),
    );
    lines.push(String::new());
    lines.extend(reasons(case, place, is_member_timed_out(case).await));
    let shown: Vec<String> = lines.iter().map(|line| markup::plain(line)).collect();
    reply::fit(&shown.join("\n"))
}

/// Whether the member that was named is timed out, as far as Discord says.
async fn is_member_timed_out(case: &Case) -> bool {
    let here = |member: &&Patient| member.roles.is_some() && !member.is_bot;
    let Some(member) = case.member.as_ref().filter(here) else {
        return false;
    };
    let found = look::member(&case.rest, case.guild, member.id).await;
    found.is_ok_and(|member| member.is_timed_out())
}

/// What the bot may do, and what to add.
fn may(channel: &str, permissions: Permissions, room: Room) -> Vec<String> {
    let missing: Vec<&str> = room.missing(permissions).iter().map(|need| need.name).collect();
    let mut lines = vec![words::title(channel)];
    lines.extend(
        room.needs()
            .map(|need| words::permission(need.name, !missing.contains(&need.name), need.purpose)),
    );
    lines.push(if missing.is_empty() {
        words::NOTHING_MISSING.to_owned()
    } else {
        words::add(&missing)
    });
    lines
}

/// The channel that a thread is in, what the channel is, and what the member may do there, each where it is known.
type Known = (Option<ChannelId>, Option<Room>, Option<Permissions>);

/// Why somebody gets no answer in the channel, what is certain first.
fn reasons(case: &Case, (parent, room, of_member): Known, is_member_timed_out: bool) -> Vec<String> {
    let places: Vec<u64> = [Some(case.channel), parent]
        .into_iter()
        .flatten()
        .map(ChannelId::get)
        .collect();
    let is_among = |ids: &[Snowflake]| ids.iter().any(|id| places.contains(&id.get()));
    let is_open = is_among(&case.settings.ask_channels) || is_among(&case.settings.ask_forums);
    let is_set = case.settings.answers_mentions_in(&places);
    let mut lines = vec![words::WHY_NO_ANSWER.to_owned()];
    lines.push(if is_set { words::IS_SET } else { words::NOT_SET }.to_owned());
    if is_open && !case.has_content {
        lines.push(words::ASK_WITHOUT_INTENT.to_owned());
    }
    if let Some(member) = &case.member {
        let about = if is_member_timed_out {
            words::MEMBER_IS_TIMED_OUT
        } else {
            about(member, room, of_member)
        };
        lines.push(about.to_owned());
    }
    lines.extend(words::ALWAYS.map(str::to_owned));
    lines
}

/// What keeps a member from getting an answer, as far as it is about the member.
fn about(member: &Patient, room: Option<Room>, permissions: Option<Permissions>) -> &'static str {
    match (room, permissions) {
        _ if member.is_bot => words::MEMBER_IS_BOT,
        _ if member.roles.is_none() => words::MEMBER_NOT_HERE,
        (Some(room), Some(may)) if room.lets_speak(may) => words::MEMBER_IS_FINE,
        (Some(_), Some(_)) => words::MEMBER_MAY_NOT_SEND,
        _ => words::MEMBER_UNKNOWN,
    }
}

/// What is known of the channel.
struct Seen {
    name: String,
    room: Room,
    permissions: Permissions,
    /// What the member may do there, where one was named.
    of_member: Option<Permissions>,
    /// The channel that a thread is in.
    around: Option<ChannelId>,
}

async fn seen(case: &Case, myself: Result<Member, RestError>) -> Result<Seen, RestError> {
    if let Some((permissions, room)) = case.here {
        return Ok(Seen {
            name: words::THIS_CHANNEL.to_owned(),
            room,
            permissions,
            of_member: case.member.as_ref().and_then(|member| member.permissions),
            around: case.parent,
        });
    }
    let channel = look::channel(&case.rest, case.channel).await?;
    let (room, around) = (channel.room(), channel.around());
    let overwrites = match around {
        Some(around) => look::channel(&case.rest, around).await?.permission_overwrites,
        None => channel.permission_overwrites,
    };
    let server = look::server(&case.rest, case.guild).await?;
    let may = |member: UserId, roles: &[RoleId]| server.permissions_of(member, roles, &overwrites);
    let patient = case.member.as_ref();
    Ok(Seen {
        room,
        permissions: may(case.me, &myself?.roles),
        of_member: patient.and_then(|patient| Some(may(patient.id, patient.roles.as_deref()?))),
        name: channel
            .name
            .map_or_else(|| words::THIS_CHANNEL.to_owned(), |name| format!("#{name}")),
        around,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_as_discord_names_it() {
        let lines = may(
            "#harbour",
            Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES,
            Room::Channel,
        );
        let add = lines.last().unwrap();
        assert!(
            add.contains("Send Messages in Threads, Read Message History, Embed Links"),
            "{add}"
        );
        let lines = may("#harbour", Permissions::ADMINISTRATOR, Room::Channel);
        assert_eq!(lines.last().unwrap(), words::NOTHING_MISSING);
    }
}
