//! What kind of place a channel is, as far as permissions differ: what the bot needs there, and who may speak there.
//!
//! Pure. Promise: as Discord documents it (`topics/permissions.mdx`). Deliberately absent: who has which permissions.

use serenity::model::channel::PartialChannel;
use serenity::model::permissions::Permissions;

use crate::answer::wording::managing::doctor as words;

/// What a channel is, as far as permissions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Channel,
    /// The text beside a voice or stage channel.
    Voice,
    /// A forum, in whose posts alone something is said.
    Forum,
    Thread,
    LockedThread,
}

const EVERYWHERE: &[Room] = &[
    Room::Channel,
    Room::Voice,
    Room::Forum,
    Room::Thread,
    Room::LockedThread,
];

/// What Discord calls the permission without which it does not even show a channel.
pub(crate) const VIEW_CHANNEL: &str = "View Channel";

/// A permission that the bot needs: what Discord calls it, what it is for, and where it matters.
pub(crate) struct Need {
    pub(crate) permission: Permissions,
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    rooms: &'static [Room],
}

/// All of them. In a thread, Send Messages of the channel around it does not matter.
static NEEDS: [Need; 7] = [
    need(Permissions::VIEW_CHANNEL, VIEW_CHANNEL, words::VIEW, EVERYWHERE),
    // Whoever may not connect may do nothing there (`topics/permissions.mdx`).
    need(Permissions::CONNECT, "Connect", words::CONNECT, &[Room::Voice]),
    need(
        Permissions::SEND_MESSAGES,
        "Send Messages",
        words::SEND,
        &[Room::Channel, Room::Voice],
    ),
    need(
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads",
        words::SEND_IN_THREADS,
        &[Room::Channel, Room::Forum, Room::Thread, Room::LockedThread],
    ),
    need(
        Permissions::MANAGE_THREADS,
        "Manage Threads",
        words::LOCKED,
        &[Room::LockedThread],
    ),
    need(
        Permissions::READ_MESSAGE_HISTORY,
        "Read Message History",
        words::HISTORY,
        EVERYWHERE,
    ),
    need(Permissions::EMBED_LINKS, "Embed Links", words::EMBED, EVERYWHERE),
];

const fn need(permission: Permissions, name: &'static str, purpose: &'static str, rooms: &'static [Room]) -> Need {
    Need {
        permission,
        name,
        purpose,
        rooms,
    }
}

impl Room {
    /// By Discord's number of the kind (`resources/channel.mdx`).
    pub(crate) fn of(kind: u8, is_locked: bool) -> Self {
        match kind {
            2 | 13 => Self::Voice,
            15 | 16 => Self::Forum,
            10..=12 if is_locked => Self::LockedThread,
            10..=12 => Self::Thread,
            _ => Self::Channel,
        }
    }

    /// By what an interaction says of the channel that it comes from.
    pub(crate) fn of_partial(channel: &PartialChannel) -> Self {
        let thread = channel.thread_metadata.as_ref();
        Self::of(channel.kind.into(), thread.is_some_and(|thread| thread.locked))
    }

    /// What the bot needs there.
    pub(crate) fn needs(self) -> impl Iterator<Item = &'static Need> {
        NEEDS.iter().filter(move |need| need.rooms.contains(&self))
    }

    /// What of it these permissions do not give.
    pub(crate) fn missing(self, permissions: Permissions) -> Vec<&'static Need> {
        let is_given = |need: &&Need| permissions.administrator() || permissions.contains(need.permission);
        self.needs().filter(|need| !is_given(need)).collect()
    }

    /// Whether whoever has these permissions can say something there.
    pub(crate) fn lets_speak(self, may: Permissions) -> bool {
        let in_threads = Permissions::SEND_MESSAGES_IN_THREADS;
        may.administrator()
            || match self {
                Self::Channel => may.contains(Permissions::SEND_MESSAGES),
                Self::Voice => may.contains(Permissions::SEND_MESSAGES | Permissions::CONNECT),
                // A post of their own, or in somebody else's.
                Self::Forum => may.intersects(Permissions::SEND_MESSAGES | in_threads),
                Self::Thread => may.contains(in_threads),
                Self::LockedThread => may.contains(in_threads | Permissions::MANAGE_THREADS),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_channel_needs_what_discord_asks_for_there() {
        let (view, send, in_threads) = (
            Permissions::VIEW_CHANNEL,
            Permissions::SEND_MESSAGES,
            Permissions::SEND_MESSAGES_IN_THREADS,
        );
        let given = view | Permissions::READ_MESSAGE_HISTORY | Permissions::EMBED_LINKS;
        let missing = |kind: u8, is_locked: bool, more: Permissions| -> Vec<&str> {
            let missing = Room::of(kind, is_locked).missing(given | more);
            missing.iter().map(|need| need.name).collect()
        };
        assert_eq!(
            missing(0, false, Permissions::empty()),
            ["Send Messages", "Send Messages in Threads"]
        );
        for forum in [15, 16] {
            assert_eq!(missing(forum, false, send), ["Send Messages in Threads"]);
            assert!(missing(forum, false, in_threads).is_empty());
        }
        for voice in [2, 13] {
            assert_eq!(missing(voice, false, send), ["Connect"]);
            assert!(missing(voice, false, send | Permissions::CONNECT).is_empty());
        }
        assert!(missing(11, false, in_threads).is_empty());
        assert_eq!(missing(11, true, in_threads), ["Manage Threads"]);
        assert!(missing(11, true, Permissions::ADMINISTRATOR).is_empty());
    }

    #[test]
    fn who_may_speak_is_who_may_in_that_kind_of_channel() {
        let (send, in_threads) = (Permissions::SEND_MESSAGES, Permissions::SEND_MESSAGES_IN_THREADS);
        let speaks = |kind, is_locked, may| Room::of(kind, is_locked).lets_speak(may);
        assert!(speaks(0, false, send) && !speaks(0, false, in_threads));
        assert!(!speaks(2, false, send) && speaks(2, false, send | Permissions::CONNECT));
        assert!(speaks(15, false, send) && speaks(15, false, in_threads) && !speaks(15, false, Permissions::empty()));
        assert!(speaks(12, false, in_threads) && !speaks(12, false, send));
        assert!(!speaks(12, true, in_threads) && speaks(12, true, in_threads | Permissions::MANAGE_THREADS));
        assert!(speaks(12, true, Permissions::ADMINISTRATOR));
    }
}
