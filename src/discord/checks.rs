//! Which checks were posted, and below which messages, so that each goes with the words that it quotes.
//!
//! Apart from `questions`: a check is no answer, and what it was made from no question. Promise: bounded in number, the
//! oldest are forgotten first; ids only, and none is ever written to disk. Deliberately absent: Discord's requests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serenity::model::id::{ChannelId, MessageId};

use super::once::Once;

/// Checks that are remembered: few enough to look through all of them for each message that is deleted.
const MAX_REMEMBERED: usize = 1_000;

/// The checks that were posted.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    posted: Mutex<VecDeque<Posted>>,
    /// The private ones that were posted as a response, which no nonce keeps from being posted twice.
    responded: Once,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posted {
    checked: MessageId,
    check: (ChannelId, MessageId),
}

impl Checks {
    /// Whether a private check is posted as a response for the first time; it counts as posted from now on.
    pub(crate) fn respond(&self, private: MessageId) -> bool {
        self.responded.take(private.get())
    }

    /// A check was posted below the message that was checked; the same may be told twice.
    pub(crate) fn posted(&self, checked: MessageId, check: (ChannelId, MessageId)) {
        let (mut all, posted) = (self.lock(), Posted { checked, check });
        if all.contains(&posted) {
            return;
        }
        if all.len() == MAX_REMEMBERED {
            all.pop_front();
        }
        all.push_back(posted);
    }

    /// Whether a check is below this message.
    pub(crate) fn are_below(&self, checked: MessageId) -> bool {
        self.lock().iter().any(|posted| posted.checked == checked)
    }

    /// The checks below a message that is gone, which are forgotten with it.
    pub(crate) fn take(&self, checked: MessageId) -> Vec<(ChannelId, MessageId)> {
        let mut all = self.lock();
        let below = all.iter().filter(|posted| posted.checked == checked);
        let below = below.map(|posted| posted.check).collect();
        all.retain(|posted| posted.checked != checked);
        below
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Posted>> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChannelId = ChannelId::new(3);

    #[test]
    fn checks_go_with_their_message_once_each() {
        let (checks, message) = (Checks::default(), MessageId::new(1));
        let check = |id: u64| (CHANNEL, MessageId::new(id));
        for id in [10, 10, 11] {
            checks.posted(message, check(id));
        }
        checks.posted(MessageId::new(2), check(12));
        assert!(checks.are_below(message));
        assert_eq!(checks.take(message), [check(10), check(11)]);
        assert!(!checks.are_below(message));
        assert!(checks.take(message).is_empty());
        assert!(checks.are_below(MessageId::new(2)));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_go_first() {
        let checks = Checks::default();
        for id in 1..=MAX_REMEMBERED as u64 + 1 {
            checks.posted(MessageId::new(id), (CHANNEL, MessageId::new(100_000 + id)));
        }
        assert_eq!(checks.lock().len(), MAX_REMEMBERED);
        assert!(!checks.are_below(MessageId::new(1)));
        assert!(checks.are_below(MessageId::new(2)));
    }

    #[test]
    fn a_private_check_is_a_response_once() {
        let checks = Checks::default();
        assert!(checks.respond(MessageId::new(1)));
        assert!(!checks.respond(MessageId::new(1)));
        assert!(checks.respond(MessageId::new(2)));
    }
}
