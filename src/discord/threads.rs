//! Which channel a thread is in, for settings that name channels.
//!
//! A message tells its thread only, and there is no cache of channels, so it is learnt as the gateway tells of threads,
//! and else asked once. Promise: bounded in number. A thread never moves, so what is known stays right.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::channel::GuildChannel;
use serenity::model::id::ChannelId;

use super::rest::{Call, Rest, RestError};

/// Channels that are remembered; past it, all are asked for anew.
const MAX_REMEMBERED: usize = 10_000;
/// Asking ends by then.
const PATIENCE: Duration = Duration::from_secs(5);
/// The kinds of threads (`resources/channel.mdx`).
const THREADS: [u8; 3] = [10, 11, 12];

/// What is known.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    places: Mutex<HashMap<ChannelId, Place>>,
}

/// Where a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is a thread in this one.
    Within(ChannelId),
    /// It is no thread.
    OfItsOwn,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(rename = "type")]
    kind: u8,
    parent_id: Option<ChannelId>,
}

impl Place {
    fn parent(self) -> Option<ChannelId> {
        match self {
            Self::Within(parent) => Some(parent),
            Self::OfItsOwn => None,
        }
    }
}

impl Threads {
    /// Remembers what Discord told of threads unasked.
    pub(crate) fn learn(&self, threads: &[GuildChannel]) {
        for thread in threads {
            if let Some(parent) = thread.parent_id {
                self.remember(thread.id, Place::Within(parent));
            }
        }
    }

    /// The channel that a thread is in; `None` for what is no thread.
    ///
    /// # Errors
    /// Where it is not known and Discord does not say.
    pub(crate) async fn parent_of(&self, rest: &Rest, channel_id: ChannelId) -> Result<Option<ChannelId>, RestError> {
        if let Some(known) = self.known(channel_id) {
            return Ok(known.parent());
        }
        let call = Call {
            method: LightMethod::Get,
            route: Route::Channel { channel_id },
            query: None,
            patience: PATIENCE,
        };
        let channel: Channel = rest.get(call).await?;
        let parent = channel.parent_id.filter(|_| THREADS.contains(&channel.kind));
        let place = parent.map_or(Place::OfItsOwn, Place::Within);
        self.remember(channel_id, place);
        Ok(place.parent())
    }

    fn known(&self, channel: ChannelId) -> Option<Place> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(&channel).copied()
    }

    fn remember(&self, channel: ChannelId, place: Place) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MAX_REMEMBERED {
            places.clear();
        }
        places.insert(channel, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let threads = Threads::default();
        for number in 1..=MAX_REMEMBERED as u64 + 1 {
            threads.remember(ChannelId::new(number), Place::Within(ChannelId::new(7)));
        }
        assert_eq!(threads.places.lock().unwrap().len(), 1);
        let last = ChannelId::new(MAX_REMEMBERED as u64 + 1);
        assert_eq!(threads.known(last), Some(Place::Within(ChannelId::new(7))));
        assert_eq!(threads.known(ChannelId::new(1)), None);
    }
}
