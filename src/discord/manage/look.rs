//! What Discord says of a channel, and of who may do what in it, for the doctor and the settings.
//!
//! Permissions are computed as Discord documents it (`topics/permissions.mdx`): from the server's roles and the channel's
//! overwrites. Promise: nothing is changed, and nothing guessed where Discord does not answer. Deliberately absent: what
//! is made of it, and which of them matter where (`room`).

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serenity::http::{LightMethod, Route};
use serenity::model::Timestamp;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
use serenity::model::permissions::Permissions;

use crate::discord::rest::{Call, Rest, RestError};
use crate::discord::room::Room;
use crate::store::Snowflake;

/// One question to Discord ends by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// A channel.
#[derive(Deserialize)]
pub(super) struct Channel {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    kind: u8,
    parent_id: Option<ChannelId>,
    #[serde(default)]
    pub(super) permission_overwrites: Vec<Overwrite>,
    thread_metadata: Option<ThreadMetadata>,
}

#[derive(Deserialize)]
struct ThreadMetadata {
    #[serde(default)]
    locked: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Overwrite {
    id: Snowflake,
    #[serde(rename = "type")]
    kind: u8,
    allow: Permissions,
    deny: Permissions,
}

/// A server.
#[derive(Deserialize)]
pub(super) struct Server {
    id: GuildId,
    owner_id: UserId,
    roles: Vec<Role>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Role {
    id: RoleId,
    permissions: Permissions,
}

/// A member of a server.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) roles: Vec<RoleId>,
    communication_disabled_until: Option<Timestamp>,
}

impl Channel {
    pub(super) fn room(&self) -> Room {
        let is_locked = self.thread_metadata.as_ref().is_some_and(|thread| thread.locked);
        Room::of(self.kind, is_locked)
    }

    /// The channel that a thread is in, whose overwrites hold: a thread has none of its own.
    pub(super) fn around(&self) -> Option<ChannelId> {
        let is_thread = matches!(self.room(), Room::Thread | Room::LockedThread);
        self.parent_id.filter(|_| is_thread)
    }
}

impl Member {
    /// Whether a moderator has them write nothing for now.
    pub(super) fn is_timed_out(&self) -> bool {
        self.communication_disabled_until
            .is_some_and(|until| until > Timestamp::now())
    }
}

impl Server {
    /// The permissions of a member in a channel: the server's first, then the overwrites for everyone, for the roles
    /// together, and for the member.
    pub(super) fn permissions_of(&self, member: UserId, held: &[RoleId], overwrites: &[Overwrite]) -> Permissions {
        if self.owner_id == member {
            return Permissions::all();
        }
        let everyone = RoleId::new(self.id.get());
        let mut permissions = self
            .roles
            .iter()
            .filter(|role| role.id == everyone || held.contains(&role.id))
            .fold(Permissions::empty(), |sum, role| sum | role.permissions);
        if permissions.administrator() {
            return Permissions::all();
        }
        let of_role = |overwrite: &&Overwrite| overwrite.kind == 0;
        let is_held = |overwrite: &&Overwrite| held.iter().any(|role| role.get() == overwrite.id.get());
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
}

/// What Discord says of a channel.
pub(super) async fn channel(rest: &Rest, channel_id: ChannelId) -> Result<Channel, RestError> {
    get(rest, Route::Channel { channel_id }).await
}

/// What it says of a server.
pub(super) async fn server(rest: &Rest, guild_id: GuildId) -> Result<Server, RestError> {
    get(rest, Route::Guild { guild_id }).await
}

/// What it says of a member.
pub(super) async fn member(rest: &Rest, guild_id: GuildId, user_id: UserId) -> Result<Member, RestError> {
    get(rest, Route::GuildMember { guild_id, user_id }).await
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

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    const GUILD: u64 = 1;
    const ME: u64 = 2;
    const HELPER: u64 = 3;
    const MUTED: u64 = 4;
    const OWNER: u64 = 5;

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

    fn server(roles: Vec<Role>) -> Server {
        Server {
            id: GuildId::new(GUILD),
            owner_id: UserId::new(OWNER),
            roles,
        }
    }

    fn of(overwrites: &[Overwrite]) -> Permissions {
        let roles = [
            role(GUILD, Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES),
            role(HELPER, Permissions::EMBED_LINKS),
            role(MUTED, Permissions::ADMINISTRATOR),
        ];
        server(roles.into()).permissions_of(UserId::new(ME), &[RoleId::new(HELPER)], overwrites)
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
        let hidden = [overwrite(GUILD, 0, Permissions::empty(), Permissions::VIEW_CHANNEL)];
        let may = server(roles.into()).permissions_of(UserId::new(ME), &[RoleId::new(HELPER)], &hidden);
        assert_eq!(may, Permissions::all());
    }

    #[test]
    fn the_owner_may_do_everything() {
        let may = server(Vec::new()).permissions_of(UserId::new(OWNER), &[], &[]);
        assert_eq!(may, Permissions::all());
    }

    #[test]
    fn a_time_out_holds_until_its_end() {
        let is_timed_out = |until: Option<&str>| {
            let member = serde_json::json!({"roles": [], "communication_disabled_until": until});
            serde_json::from_value::<Member>(member).unwrap().is_timed_out()
        };
        assert!(is_timed_out(Some("2999-01-01T00:00:00.000000+00:00")));
        assert!(!is_timed_out(Some("2020-01-01T00:00:00.000000+00:00")));
        assert!(!is_timed_out(None));
    }
}
