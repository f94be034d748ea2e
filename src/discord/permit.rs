//! Who may do what an admin does, decided by the bot itself.
//!
//! Discord's own command permissions can be changed by any server's managers, and a reload changes the bot for every
//! server, so they hide commands and nothing more. Promise: only what was configured counts, and what Discord says of
//! the member in this very interaction; nothing is remembered. Deliberately absent: what the commands do.

use std::num::NonZeroU64;

use serenity::model::application::{
    AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, CommandInteraction, ComponentInteraction,
};
use serenity::model::id::{GuildId, UserId};
use serenity::model::permissions::Permissions;

/// Who the bot's own admins are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Admins {
    users: Vec<UserId>,
    home: Option<GuildId>,
}

/// Who is asking, and from where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    /// The member.
    pub(crate) user: UserId,
    /// The server, where it is one.
    pub(crate) guild: Option<GuildId>,
    /// What the member may do there, as Discord says in the interaction.
    pub(crate) permissions: Option<Permissions>,
}

impl Caller {
    /// Who used a command.
    pub(crate) fn of_command(command: &CommandInteraction) -> Self {
        Self {
            user: command.user.id,
            guild: command.guild_id,
            permissions: command.member.as_ref().and_then(|member| member.permissions),
        }
    }

    /// Who pressed a button.
    pub(crate) fn of_press(pressed: &ComponentInteraction) -> Self {
        Self {
            user: pressed.user.id,
            guild: pressed.guild_id,
            permissions: pressed.member.as_ref().and_then(|member| member.permissions),
        }
    }

    /// The server that the caller may manage: the one that they ask from, where Discord says so in this interaction.
    pub(crate) fn managed(self) -> Option<GuildId> {
        let may_manage = |permissions: Permissions| permissions.manage_guild() || permissions.administrator();
        self.guild.filter(|_| self.permissions.is_some_and(may_manage))
    }
}

/// Whether a server has the bot, of those whose install let this interaction be; else it is only an app of who uses it.
pub(crate) fn is_of_server(owners: &AuthorizingIntegrationOwners) -> bool {
    let is_server = |owner: &AuthorizingIntegrationOwner| matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_));
    owners.0.iter().any(is_server)
}

impl Admins {
    /// From the configuration.
    pub(crate) fn new(users: &[NonZeroU64], home: Option<NonZeroU64>) -> Self {
        Self {
            users: users.iter().map(|id| UserId::from(*id)).collect(),
            home: home.map(GuildId::from),
        }
    }

    /// Whether the caller is one of them: named, or an administrator of the home server who asks from there.
    pub(crate) fn include(&self, caller: Caller) -> bool {
        let is_administrator = caller.permissions.is_some_and(Permissions::administrator);
        let is_at_home = self.home.is_some() && caller.guild == self.home;
        self.users.contains(&caller.user) || is_at_home && is_administrator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: u64 = 100;

    fn admins() -> Admins {
        Admins::new(&[NonZeroU64::new(1).unwrap()], NonZeroU64::new(HOME))
    }

    fn caller(user: u64, guild: Option<u64>, permissions: Option<Permissions>) -> Caller {
        Caller {
            user: UserId::new(user),
            guild: guild.map(GuildId::new),
            permissions,
        }
    }

    #[test]
    fn a_named_member_is_an_admin_everywhere() {
        assert!(admins().include(caller(1, None, None)));
        assert!(admins().include(caller(1, Some(7), Some(Permissions::empty()))));
    }

    #[test]
    fn an_administrator_is_an_admin_in_the_home_server_only() {
        let administrator = Some(Permissions::ADMINISTRATOR | Permissions::SEND_MESSAGES);
        assert!(admins().include(caller(2, Some(HOME), administrator)));
        assert!(!admins().include(caller(2, Some(7), administrator)));
        assert!(!admins().include(caller(2, None, administrator)));
    }

    #[test]
    fn managing_the_home_server_is_not_enough() {
        assert!(!admins().include(caller(2, Some(HOME), Some(Permissions::MANAGE_GUILD))));
        assert!(!admins().include(caller(2, Some(HOME), None)));
    }

    #[test]
    fn a_server_is_managed_by_who_may_manage_it_and_from_within_it_only() {
        let managed = |guild, permissions| caller(2, guild, Some(permissions)).managed();
        assert_eq!(managed(Some(7), Permissions::MANAGE_GUILD), Some(GuildId::new(7)));
        assert_eq!(managed(Some(7), Permissions::ADMINISTRATOR), Some(GuildId::new(7)));
        assert_eq!(managed(Some(7), Permissions::MANAGE_CHANNELS), None);
        assert_eq!(managed(None, Permissions::MANAGE_GUILD), None);
        assert_eq!(caller(1, Some(7), None).managed(), None);
    }

    #[test]
    fn where_nothing_is_configured_nobody_is_an_admin() {
        let nobody = Admins::new(&[], None);
        assert!(!nobody.include(caller(1, None, None)));
        assert!(!nobody.include(caller(1, Some(HOME), Some(Permissions::all()))));
    }
}
