//! A hint to whoever asked where the bot may not answer.
//!
//! Without it they would wait for an answer that never comes. Promise: one hint a member and channel, and where it cannot
//! be given, silence: nothing is tried again. Deliberately absent: which permission is missing, which `/admin doctor`
//! tells the server's managers.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, UserId};

use super::payload::OwnMessage;
use super::reply;
use super::rest::{Call, Rest, RestError};
use crate::answer::wording::managing as wording;

/// Hints that are remembered; the oldest may be given once more.
const MAX_REMEMBERED: usize = 2_000;
/// Giving one ends by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who was told.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    given: Mutex<VecDeque<(ChannelId, UserId)>>,
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
    /// Whether this is the first of its kind; counts it as given.
    fn is_first(&self, channel: ChannelId, member: UserId) -> bool {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if given.contains(&(channel, member)) {
            return false;
        }
        if given.len() == MAX_REMEMBERED {
            given.pop_front();
        }
        given.push_back((channel, member));
        true
    }

    /// Tells a member, directly, that the bot may not answer in a channel; once.
    pub(crate) async fn give(&self, rest: &Rest, channel: ChannelId, member: UserId, question: u64) {
        if !self.is_first(channel, member) {
            return;
        }
        match tell(rest, member, question).await {
            Ok(()) => tracing::info!(
                channel = channel.get(),
                "a member was told that the bot may not answer there"
            ),
            Err(error) => tracing::info!(%error, "a member could not be told that the bot may not answer"),
        }
    }
}

async fn tell(rest: &Rest, member: UserId, question: u64) -> Result<(), RestError> {
    let call = |route| Call {
        method: LightMethod::Post,
        route,
        query: None,
        patience: PATIENCE,
    };
    let recipient = Recipient { recipient_id: member };
    let direct: Direct = rest.exchange(call(Route::UserMeDmChannels), &recipient).await?;
    let body = reply::sentence(wording::MAY_NOT_ANSWER);
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
        let hints = Hints::default();
        let first = |channel: u64, member: u64| hints.is_first(ChannelId::new(channel), UserId::new(member));
        assert!(first(1, 1));
        assert!(!first(1, 1));
        assert!(first(1, 2) && first(2, 1));
        for channel in 10..10 + MAX_REMEMBERED as u64 {
            assert!(first(channel, 1));
        }
        assert_eq!(hints.given.lock().unwrap().len(), MAX_REMEMBERED);
        assert!(first(1, 1), "the oldest were forgotten");
    }
}
