//! The role that Discord makes for the bot in each server, under the bot's own name: whoever types `@` is offered both,
//! and means the bot by either.
//!
//! Learnt as the gateway tells of servers. Such a role lives as long as the bot is in the server, so what is known stays
//! right. Promise: bounded in number, one id a server.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serenity::model::id::{GuildId, RoleId, UserId};

/// Servers whose role is remembered: those of some forty shards, which nobody serves from one process.
const MAX_REMEMBERED: usize = 100_000;

/// What is known.
#[derive(Debug, Default)]
pub(crate) struct OwnRoles {
    roles: Mutex<HashMap<GuildId, RoleId>>,
}

impl OwnRoles {
    /// Remembers which of a server's roles is the bot's own; each is given with the bot that it was made for.
    pub(crate) fn learn(&self, server: GuildId, roles: impl IntoIterator<Item = (RoleId, Option<UserId>)>, me: UserId) {
        let own = roles.into_iter().find(|(_, bot)| *bot == Some(me));
        let mut known = self.lock();
        if let Some((role, _)) = own
            && (known.len() < MAX_REMEMBERED || known.contains_key(&server))
        {
            known.insert(server, role);
        }
    }

    /// Forgets a server that the bot was removed from.
    pub(crate) fn forget(&self, server: GuildId) {
        self.lock().remove(&server);
    }

    /// The bot's own role in a server.
    pub(crate) fn of(&self, server: Option<GuildId>) -> Option<RoleId> {
        self.lock().get(&server?).copied()
    }

    /// The same, where it is among the roles that were mentioned; nearly every message mentions none.
    pub(crate) fn among(&self, mentioned: &[RoleId], server: Option<GuildId>) -> Option<RoleId> {
        if mentioned.is_empty() {
            return None;
        }
        self.of(server).filter(|role| mentioned.contains(role))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<GuildId, RoleId>> {
        self.roles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_server_s_roles_the_one_that_was_made_for_the_bot_is_known_until_the_bot_is_removed() {
        let (known, server, me) = (OwnRoles::default(), GuildId::new(1), UserId::new(9));
        let roles = [
            (RoleId::new(1), None),
            (RoleId::new(2), Some(UserId::new(8))),
            (RoleId::new(3), Some(me)),
        ];
        known.learn(GuildId::new(2), roles[..2].iter().copied(), me);
        known.learn(server, roles, me);
        assert_eq!(known.of(Some(server)), Some(RoleId::new(3)));
        assert_eq!(known.of(Some(GuildId::new(2))), None);
        assert_eq!(known.of(None), None);
        let among = |mentioned: &[u64]| {
            let mentioned: Vec<RoleId> = mentioned.iter().copied().map(RoleId::new).collect();
            known.among(&mentioned, Some(server))
        };
        assert_eq!(among(&[2, 3]), Some(RoleId::new(3)));
        assert_eq!((among(&[1, 2]), among(&[])), (None, None));
        known.forget(server);
        assert_eq!(known.of(Some(server)), None);
    }

    #[test]
    fn more_servers_than_are_remembered_cost_no_more() {
        let (known, me) = (OwnRoles::default(), UserId::new(9));
        let of = |server| (RoleId::new(server), Some(me));
        for server in 1..=MAX_REMEMBERED as u64 + 1 {
            known.learn(GuildId::new(server), [of(server)], me);
        }
        assert_eq!(known.lock().len(), MAX_REMEMBERED);
        known.learn(GuildId::new(1), [of(7)], me);
        assert_eq!(known.of(Some(GuildId::new(1))), Some(RoleId::new(7)));
    }
}
