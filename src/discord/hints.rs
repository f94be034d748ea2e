//! A hint, in a direct message, to whoever asked in a channel and gets no answer there: because the bot may not write
//! there, or because it was a lot in a short time.
//!
//! Without it they would wait for an answer that never comes; in the channel everyone would read it. Promise: one hint
//! of a kind a day, member and channel, and where it cannot be given, silence: nothing is tried again. How to ask where
//! a reply cannot be read is said below that reply, and only counted here. Deliberately absent: which permission is
//! missing, which `/admin doctor` tells the server's managers.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, UserId};

use super::payload::OwnMessage;
use super::rates::Bound;
use super::reply;
use super::rest::{Call, Rest, RestError};
use crate::answer::wording::{discord, managing as wording};

/// Hints that are remembered; the oldest may be given once more.
const MAX_REMEMBERED: usize = 2_000;
/// After so long a hint may be given again: a permission may have been given and taken back meanwhile.
const REMEMBERED_FOR: Duration = Duration::from_hours(24);
/// Giving one ends by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Discord does not let the bot write there.
    MayNotAnswer,
    /// More was asked than the rate.
    TooMuch(Bound),
    /// A reply to the bot came without its words.
    UnreadableReply,
}

impl Hint {
    /// What is said.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::MayNotAnswer => wording::MAY_NOT_ANSWER,
            Self::TooMuch(bound) => bound.sentence(),
            Self::UnreadableReply => discord::UNREADABLE_REPLY,
        }
    }
}

/// What, where, and to whom.
type Given = (Hint, ChannelId, UserId);

/// Who was told, and what of.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    given: Mutex<VecDeque<(Instant, Given)>>,
}

#[derive(Serialize)]
struct Recipient {
    recipient_id: UserId,
}

#[derive(Deserialize)]
struct Direct {
    id: ChannelId,
}

impl Hints {
    /// Whether this is the first of its kind lately; counts it as given.
    pub(super) fn is_first(&self, hint: Hint, channel: ChannelId, member: UserId, now: Instant) -> bool {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let is_past = |at: Instant| now.saturating_duration_since(at) >= REMEMBERED_FOR;
        while given.front().is_some_and(|(at, _)| is_past(*at)) {
            given.pop_front();
        }
        if given.iter().any(|(_, known)| *known == (hint, channel, member)) {
            return false;
        }
        if given.len() == MAX_REMEMBERED {
            given.pop_front();
        }
        given.push_back((now, (hint, channel, member)));
        true
    }

    /// Tells a member, directly, why their question in a channel gets no answer; once a day.
    pub(crate) async fn give(&self, rest: &Rest, hint: Hint, (channel, member): (ChannelId, UserId), question: u64) {
        if !self.is_first(hint, channel, member, Instant::now()) {
            return;
        }
        match tell(rest, hint, member, question).await {
            Ok(()) => tracing::info!(
                channel = channel.get(),
                ?hint,
                "a member was told why there is no answer"
            ),
            Err(error) => tracing::info!(%error, ?hint, "a member could not be told why there is no answer"),
        }
    }
}

async fn tell(rest: &Rest, hint: Hint, member: UserId, question: u64) -> Result<(), RestError> {
    let call = |route| Call {
        method: LightMethod::Post,
        route,
        query: None,
        patience: PATIENCE,
    };
    let recipient = Recipient { recipient_id: member };
    let direct: Direct = rest.exchange(call(Route::UserMeDmChannels), &recipient).await?;
    let body = reply::sentence(hint.sentence());
    let message = OwnMessage {
        body: &body,
        nonce: question.to_string(),
        enforce_nonce: true,
    };
    rest.put(call(Route::ChannelMessages { channel_id: direct.id }), &message)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_given_once_and_what_is_remembered_is_bounded() {
        let (hints, start) = (Hints::default(), Instant::now());
        let first_at = |channel: u64, member: u64, now| {
            hints.is_first(Hint::MayNotAnswer, ChannelId::new(channel), UserId::new(member), now)
        };
        let first = |channel, member| first_at(channel, member, start);
        assert!(first(1, 1));
        assert!(!first(1, 1));
        assert!(hints.is_first(Hint::TooMuch(Bound::Member), ChannelId::new(1), UserId::new(1), start));
        assert!(first(1, 2) && first(2, 1));
        for channel in 10..10 + MAX_REMEMBERED as u64 {
            assert!(first(channel, 1));
        }
        assert_eq!(hints.given.lock().unwrap().len(), MAX_REMEMBERED);
        assert!(first(1, 1), "the oldest were forgotten");
        assert!(!first_at(1, 1, start + REMEMBERED_FOR / 2));
        assert!(first_at(1, 1, start + REMEMBERED_FOR), "a day is over");
    }
}
