//! Which checks were posted, and below which messages, so that each goes with the words that it quotes.
//!
//! Apart from `questions`: a check is no answer, and what it was made from no question. Promise: bounded in number, the
//! oldest are forgotten first; ids only, and none is ever written to disk; a message that goes while its check is being
//! posted is not overlooked. Deliberately absent: Discord's requests.

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

#[derive(Debug, Clone, Copy)]
struct Posted {
    /// The private check that it is posted from.
    private: MessageId,
    checked: MessageId,
    /// `None` while it is being posted.
    check: Option<(ChannelId, MessageId)>,
}

impl Checks {
    /// Whether a private check is posted as a response for the first time; it counts as posted from now on.
    pub(crate) fn respond(&self, private: MessageId) -> bool {
        self.responded.take(private.get())
    }

    /// A private check is about to be posted below the message that was checked; the same may be told twice.
    pub(crate) fn begin(&self, private: MessageId, checked: MessageId) {
        let mut all = self.lock();
        if all.iter().any(|posted| posted.private == private) {
            return;
        }
        if all.len() == MAX_REMEMBERED {
            all.pop_front();
        }
        all.push_back(Posted {
            private,
            checked,
            check: None,
        });
    }

    /// It was posted; `false` where the message is gone meanwhile, so that the check has to go as well.
    pub(crate) fn posted(&self, private: MessageId, check: (ChannelId, MessageId)) -> bool {
        let mut all = self.lock();
        let Some(begun) = all.iter_mut().find(|posted| posted.private == private) else {
            return false;
        };
        begun.check = Some(check);
        true
    }

    /// It could not be posted, this time.
    pub(crate) fn not_posted(&self, private: MessageId) {
        self.lock()
            .retain(|posted| posted.private != private || posted.check.is_some());
    }

    /// Whether a check is below this message, or about to be.
    pub(crate) fn are_below(&self, checked: MessageId) -> bool {
        self.lock().iter().any(|posted| posted.checked == checked)
    }

    /// The checks below a message that is gone, which are forgotten with it.
    pub(crate) fn take(&self, checked: MessageId) -> Vec<(ChannelId, MessageId)> {
        let mut all = self.lock();
        let below = all.iter().filter(|posted| posted.checked == checked);
        let below = below.filter_map(|posted| posted.check).collect();
        all.retain(|posted| posted.checked != checked);
        below
    }

    /// A posted check was deleted.
    pub(crate) fn forget(&self, check: MessageId) {
        let is_it = |posted: &Posted| posted.check.is_some_and(|(_, id)| id == check);
        self.lock().retain(|posted| !is_it(posted));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Posted>> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChannelId = ChannelId::new(3);

    fn check(id: u64) -> (ChannelId, MessageId) {
        (CHANNEL, MessageId::new(id))
    }

    fn post(checks: &Checks, private: u64, checked: u64, id: u64) -> bool {
        checks.begin(MessageId::new(private), MessageId::new(checked));
        checks.posted(MessageId::new(private), check(id))
    }

    #[test]
    fn checks_go_with_their_message_once_each() {
        let (checks, message) = (Checks::default(), MessageId::new(1));
        for (private, id) in [(20, 10), (20, 10), (21, 11)] {
            assert!(post(&checks, private, 1, id));
        }
        assert!(post(&checks, 22, 2, 12));
        assert!(checks.are_below(message));
        assert_eq!(checks.take(message), [check(10), check(11)]);
        assert!(!checks.are_below(message));
        assert!(checks.take(message).is_empty());
        assert!(checks.are_below(MessageId::new(2)));
        checks.forget(MessageId::new(12));
        assert!(!checks.are_below(MessageId::new(2)));
    }

    #[test]
    fn a_message_that_goes_while_its_check_is_posted_takes_the_check_with_it() {
        let (checks, message, private) = (Checks::default(), MessageId::new(1), MessageId::new(20));
        checks.begin(private, message);
        assert!(checks.are_below(message));
        assert!(checks.take(message).is_empty());
        assert!(!checks.posted(private, check(10)));
        checks.begin(private, message);
        checks.not_posted(private);
        assert!(!checks.are_below(message));
        // The second press of a button whose first one did it.
        assert!(post(&checks, 20, 1, 10));
        checks.begin(private, message);
        checks.not_posted(private);
        assert_eq!(checks.take(message), [check(10)]);
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_go_first() {
        let checks = Checks::default();
        for id in 1..=MAX_REMEMBERED as u64 + 1 {
            assert!(post(&checks, 200_000 + id, id, 100_000 + id));
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
