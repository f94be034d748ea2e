//! Channels that Discord lately did not let the bot write in.
//!
//! Discord bans an address that has ten thousand requests refused in ten minutes, and before that this bot stops sending
//! at all (`refusals`): without this, the mentions of one server could get it there. Promise: bounded in number, and
//! short, so that a permission that was given is soon noticed. Deliberately absent: who is told (`hints`).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::id::{ChannelId, GuildId};

/// A channel is not tried again for so long.
const SHUT_FOR: Duration = Duration::from_secs(15);
/// With so many channels shut, all of a server are: 200 refusals in ten minutes, where 5,000 stop everything.
const MAX_OF_A_SERVER: usize = 5;
/// Channels that are remembered; past it, further ones are tried.
const MAX_REMEMBERED: usize = 1_000;

/// Where the bot may not write.
#[derive(Debug, Default)]
pub(crate) struct Shut {
    refused: Mutex<HashMap<ChannelId, (Option<GuildId>, Instant)>>,
}

impl Shut {
    /// Discord did not let the bot write there.
    pub(crate) fn refused(&self, channel: ChannelId, server: Option<GuildId>, now: Instant) {
        let mut refused = self.lock();
        if refused.len() >= MAX_REMEMBERED {
            refused.retain(|_, (_, at)| is_lately(*at, now));
        }
        if refused.len() < MAX_REMEMBERED {
            refused.insert(channel, (server, now));
        }
    }

    /// Whether an answer there would be refused as well, or one too many.
    pub(crate) fn is_shut(&self, channel: ChannelId, server: Option<GuildId>, now: Instant) -> bool {
        let refused = self.lock();
        let is_of_server = |of: Option<GuildId>| of.is_some() && of == server;
        let shut = refused
            .values()
            .filter(|(of, at)| is_of_server(*of) && is_lately(*at, now));
        refused.get(&channel).is_some_and(|(_, at)| is_lately(*at, now)) || shut.count() >= MAX_OF_A_SERVER
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, (Option<GuildId>, Instant)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_lately(at: Instant, now: Instant) -> bool {
    now.saturating_duration_since(at) < SHUT_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Option<GuildId> = Some(GuildId::new(7));

    fn channel(id: u64) -> ChannelId {
        ChannelId::new(id)
    }

    #[test]
    fn a_channel_is_shut_for_a_while_and_others_are_not() {
        let (shut, now) = (Shut::default(), Instant::now());
        assert!(!shut.is_shut(channel(1), SERVER, now));
        shut.refused(channel(1), SERVER, now);
        assert!(shut.is_shut(channel(1), SERVER, now));
        assert!(!shut.is_shut(channel(2), SERVER, now));
        assert!(!shut.is_shut(channel(1), SERVER, now + SHUT_FOR));
    }

    #[test]
    fn a_server_with_many_shut_channels_is_shut_and_others_are_not() {
        let (shut, now) = (Shut::default(), Instant::now());
        for id in 1..=MAX_OF_A_SERVER as u64 {
            shut.refused(channel(id), SERVER, now);
            shut.refused(channel(100 + id), None, now);
        }
        assert!(shut.is_shut(channel(50), SERVER, now));
        assert!(!shut.is_shut(channel(51), Some(GuildId::new(8)), now));
        assert!(!shut.is_shut(channel(52), None, now));
        assert!(!shut.is_shut(channel(50), SERVER, now + SHUT_FOR));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (shut, now) = (Shut::default(), Instant::now());
        for id in 1..=MAX_REMEMBERED as u64 + 1 {
            shut.refused(channel(id), None, now);
        }
        assert_eq!(shut.lock().len(), MAX_REMEMBERED);
        shut.refused(channel(5_000), None, now + SHUT_FOR);
        assert_eq!(shut.lock().len(), 1);
    }
}
