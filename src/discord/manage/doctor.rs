//! `/admin doctor`: what the bot may and may not do in a channel, and why somebody gets no answer there.
//!
//! Computed from what Discord says now: for the channel that it is asked in, from the interaction itself; for another,
//! from the server's roles and the channel's overwrites, as Discord documents it (`topics/permissions.mdx`). Promise: it
//! changes nothing, and guesses nothing where Discord does not answer.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serenity::http::{LightMethod, Route};
use serenity::model::application::CommandInteraction;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
use serenity::model::permissions::Permissions;

use super::audit::Audit;
use super::{private, refused};
use crate::answer::wording::managing::{self as wording, doctor as words};
use crate::discord::bot::Bot;
use crate::discord::interaction::Response;
use crate::discord::markup;
use crate::discord::payload::{Body, Visibility};
use crate::discord::permit::Caller;
use crate::discord::reply;
use crate::discord::rest::{Call, Rest, RestError};
use crate::store::{ServerSettings, Snowflake};

/// One question to Discord ends by then.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a channel is, as far as permissions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Channel,
    Thread,
}

impl Room {
    /// By Discord's number of the kind (`resources/channel.mdx`).
    fn of(kind: u8) -> Self {
        match kind {
            10..=12 => Self::Thread,
            _ => Self::Channel,
        }
    }

    /// What whoever speaks there needs.
    fn to_speak(self) -> Permissions {
        match self {
            Self::Channel => Permissions::SEND_MESSAGES,
            Self::Thread => Permissions::SEND_MESSAGES_IN_THREADS,
        }
    }

    /// Whether a permission matters there: in a thread that of the channel around it does not.
    fn needs(self, permission: Permissions) -> bool {
        self == Self::Channel || permission != Permissions::SEND_MESSAGES
    }
}

/// What the bot needs in a channel, what Discord calls it, and what it is for.
const NEEDED: [(Permissions, &str, &str); 5] = [
    (Permissions::VIEW_CHANNEL, "View Channel", words::VIEW),
    (Permissions::SEND_MESSAGES, "Send Messages", words::SEND),
    (
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads",
        words::SEND_IN_THREADS,
    ),
    (
        Permissions::READ_MESSAGE_HISTORY,
        "Read Message History",
        words::HISTORY,
    ),
    (Permissions::EMBED_LINKS, "Embed Links", words::EMBED),
];

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
    let case = Case {
        rest: Arc::clone(&bot.rest),
        settings: bot.settings_of(Some(guild)),
        me: bot.me,
        guild,
        channel,
        parent: here.and_then(|here| here.parent_id),
        here: command.app_permissions.filter(|_| is_here).map(|permissions| {
            let room = here.map_or(Room::Channel, |here| Room::of(here.kind.into()));
            (permissions, room)
        }),
        intents: bot.intents.iter_names().map(|(name, _)| name.to_owned()).collect(),
        has_content: bot.intents.message_content(),
        member: member.map(|id| {
            let resolved = &command.data.resolved;
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
    let of_member = case.member.as_ref().and_then(|member| member.permissions);
    let (mut lines, place) = match case.here {
        Some((permissions, room)) => {
            let place = (case.parent, Some(room), of_member);
            (may(words::THIS_CHANNEL, permissions, room), place)
        }
        None => match look(case).await {
            Ok(seen) => (
                may(&seen.name, seen.permissions, seen.room),
                (seen.parent, Some(seen.room), seen.of_member),
            ),
            Err(error) if error.status() == Some(403) => (vec![words::CANNOT_SEE.to_owned()], (None, None, None)),
            Err(error) => {
                tracing::warn!(%error, "the doctor got no answer from Discord");
                (vec![words::UNKNOWN.to_owned()], (None, None, None))
            }
        },
    };
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
    lines.extend(reasons(case, place));
    let shown: Vec<String> = lines.iter().map(|line| markup::plain(line)).collect();
    reply::fit(&shown.join("\n"))
}

/// What the bot may do, and what to add.
fn may(channel: &str, permissions: Permissions, room: Room) -> Vec<String> {
    let is_given = |wanted: Permissions| permissions.administrator() || permissions.contains(wanted);
    let mut lines = vec![words::title(channel)];
    let needed = || NEEDED.iter().filter(|(wanted, ..)| room.needs(*wanted));
    lines.extend(needed().map(|(wanted, name, purpose)| words::permission(name, is_given(*wanted), purpose)));
    let missing: Vec<&str> = needed()
        .filter(|(wanted, ..)| !is_given(*wanted))
        .map(|(_, name, _)| *name)
        .collect();
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
fn reasons(case: &Case, (parent, room, of_member): Known) -> Vec<String> {
    let is_among = |ids: &[Snowflake]| {
        let is_it =
            |id: &Snowflake| id.get() == case.channel.get() || parent.is_some_and(|parent| id.get() == parent.get());
        ids.iter().any(is_it)
    };
    let is_open = is_among(&case.settings.ask_channels) || is_among(&case.settings.ask_forums);
    let is_set = case
        .settings
        .mentioned_in()
        .is_none_or(|channels| is_open || is_among(channels));
    let mut lines = vec![words::WHY_NO_ANSWER.to_owned()];
    lines.push(if is_set { words::IS_SET } else { words::NOT_SET }.to_owned());
    if is_open && !case.has_content {
        lines.push(words::ASK_WITHOUT_INTENT.to_owned());
    }
    if let Some(member) = &case.member {
        lines.push(about(member, room, of_member).to_owned());
    }
    lines.extend(words::ALWAYS.map(str::to_owned));
    lines
}

/// What keeps a member from getting an answer, as far as it is about the member.
fn about(member: &Patient, room: Option<Room>, permissions: Option<Permissions>) -> &'static str {
    let is_given = |wanted| permissions.is_some_and(|may| may.administrator() || may.contains(wanted));
    match room {
        _ if member.is_bot => words::MEMBER_IS_BOT,
        _ if member.roles.is_none() => words::MEMBER_NOT_HERE,
        Some(room) if permissions.is_some() => {
            if is_given(room.to_speak()) {
                words::MEMBER_IS_FINE
            } else {
                words::MEMBER_MAY_NOT_SEND
            }
        }
        _ => words::MEMBER_UNKNOWN,
    }
}

/// What Discord says of another channel.
struct Seen {
    name: String,
    room: Room,
    permissions: Permissions,
    /// What the member may do there, where one was named.
    of_member: Option<Permissions>,
    parent: Option<ChannelId>,
}

#[derive(Deserialize)]
struct Channel {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: u8,
    parent_id: Option<ChannelId>,
    #[serde(default)]
    permission_overwrites: Vec<Overwrite>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Overwrite {
    id: Snowflake,
    #[serde(rename = "type")]
    kind: u8,
    allow: Permissions,
    deny: Permissions,
}

#[derive(Deserialize)]
struct Server {
    owner_id: UserId,
    roles: Vec<Role>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Role {
    id: RoleId,
    permissions: Permissions,
}

#[derive(Deserialize)]
struct Myself {
    roles: Vec<RoleId>,
}

async fn look(case: &Case) -> Result<Seen, RestError> {
    let channel: Channel = get(
        &case.rest,
        Route::Channel {
            channel_id: case.channel,
        },
    )
    .await?;
    let room = Room::of(channel.kind);
    let parent = channel.parent_id.filter(|_| room == Room::Thread);
    // A thread has no overwrites of its own.
    let overwrites = match parent {
        Some(channel_id) => {
            get::<Channel>(&case.rest, Route::Channel { channel_id })
                .await?
                .permission_overwrites
        }
        None => channel.permission_overwrites,
    };
    let server: Server = get(&case.rest, Route::Guild { guild_id: case.guild }).await?;
    let route = Route::GuildMember {
        guild_id: case.guild,
        user_id: case.me,
    };
    let myself: Myself = get(&case.rest, route).await?;
    let may = |member: UserId, roles: &[RoleId]| {
        if server.owner_id == member {
            return Permissions::all();
        }
        permissions_in(case.guild, member, (&server.roles, roles), &overwrites)
    };
    let patient = case.member.as_ref();
    Ok(Seen {
        room,
        permissions: may(case.me, &myself.roles),
        of_member: patient.and_then(|patient| Some(may(patient.id, patient.roles.as_deref()?))),
        name: channel
            .name
            .map_or_else(|| words::THIS_CHANNEL.to_owned(), |name| format!("#{name}")),
        parent,
    })
}

async fn get<T: DeserializeOwned>(rest: &Rest, route: Route<'_>) -> Result<T, RestError> {
    let call = Call {
        method: LightMethod::Get,
        route,
        query: None,
        patience: PATIENCE,
    };
    rest.get(call).await
}

/// The permissions of a member in a channel: the server's first, then the overwrites for everyone, for the roles
/// together, and for the member.
fn permissions_in(
    guild: GuildId,
    member: UserId,
    (roles, of_member): (&[Role], &[RoleId]),
    overwrites: &[Overwrite],
) -> Permissions {
    let everyone = RoleId::new(guild.get());
    let mut permissions = roles
        .iter()
        .filter(|role| role.id == everyone || of_member.contains(&role.id))
        .fold(Permissions::empty(), |sum, role| sum | role.permissions);
    if permissions.administrator() {
        return Permissions::all();
    }
    let of_role = |overwrite: &&Overwrite| overwrite.kind == 0;
    let is_held = |overwrite: &&Overwrite| of_member.iter().any(|role| role.get() == overwrite.id.get());
    let steps = [
        overwrites
            .iter()
            .filter(of_role)
            .filter(|o| o.id.get() == everyone.get())
            .copied()
            .collect(),
        overwrites.iter().filter(of_role).filter(is_held).copied().collect(),
        overwrites
            .iter()
            .filter(|o| o.kind == 1 && o.id.get() == member.get())
            .copied()
            .collect::<Vec<_>>(),
    ];
    for step in steps {
        let deny = step
            .iter()
            .fold(Permissions::empty(), |sum, overwrite| sum | overwrite.deny);
        let allow = step
            .iter()
            .fold(Permissions::empty(), |sum, overwrite| sum | overwrite.allow);
        permissions = (permissions & !deny) | allow;
    }
    if permissions.view_channel() {
        permissions
    } else {
        Permissions::empty()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    const GUILD: u64 = 1;
    const ME: u64 = 2;
    const HELPER: u64 = 3;
    const MUTED: u64 = 4;

    fn role(id: u64, permissions: Permissions) -> Role {
        Role {
            id: RoleId::new(id),
            permissions,
        }
    }

    fn overwrite(id: u64, kind: u8, allow: Permissions, deny: Permissions) -> Overwrite {
        Overwrite {
            id: NonZeroU64::new(id).unwrap().into(),
            kind,
            allow,
            deny,
        }
    }

    fn of(overwrites: &[Overwrite]) -> Permissions {
        let roles = [
            role(GUILD, Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES),
            role(HELPER, Permissions::EMBED_LINKS),
            role(MUTED, Permissions::ADMINISTRATOR),
        ];
        let mine = [RoleId::new(HELPER)];
        permissions_in(GuildId::new(GUILD), UserId::new(ME), (&roles, &mine), overwrites)
    }

    #[test]
    fn roles_that_are_held_count_and_others_do_not() {
        let expected = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES | Permissions::EMBED_LINKS;
        assert_eq!(of(&[]), expected);
    }

    #[test]
    fn overwrites_go_from_everyone_to_the_member() {
        let (send, none) = (Permissions::SEND_MESSAGES, Permissions::empty());
        let everyone = overwrite(GUILD, 0, none, send);
        assert!(!of(&[everyone]).send_messages());
        let helper = overwrite(HELPER, 0, send, none);
        assert!(of(&[helper, everyone]).send_messages());
        let me = overwrite(ME, 1, none, send);
        assert!(!of(&[me, helper, everyone]).send_messages());
        let other = overwrite(MUTED, 0, none, send);
        assert!(of(&[other]).send_messages());
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_in_it() {
        let hidden = overwrite(GUILD, 0, Permissions::empty(), Permissions::VIEW_CHANNEL);
        assert_eq!(of(&[hidden]), Permissions::empty());
    }

    #[test]
    fn an_administrator_may_do_everything() {
        let roles = [
            role(GUILD, Permissions::empty()),
            role(HELPER, Permissions::ADMINISTRATOR),
        ];
        let mine = [RoleId::new(HELPER)];
        let hidden = [overwrite(GUILD, 0, Permissions::empty(), Permissions::VIEW_CHANNEL)];
        let may = permissions_in(GuildId::new(GUILD), UserId::new(ME), (&roles, &mine), &hidden);
        assert_eq!(may, Permissions::all());
    }

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
