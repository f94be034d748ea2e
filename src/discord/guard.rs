//! Keeps one event's trouble from becoming the bot's.
//!
//! serenity starts a task for every event, without a bound, a deadline or an answer to a panic. Promise: at most so
//! many events are served at once, and of one server a part of that, the rest are dropped and counted; each ends by its
//! deadline; a panic ends the event that it happened in; what is in flight can be waited for.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serenity::futures::FutureExt;
use serenity::model::application::Interaction;
use serenity::model::id::{ChannelId, GuildId};
use tokio::sync::Semaphore;

use super::counts::Counts;

/// Events served at once. Serving one takes well under a millisecond beside the request that carries its answer, so
/// this many in flight means that Discord does not take them.
const MAX_IN_FLIGHT: u32 = 512;

/// Of those, so many of one server: Discord takes some five messages of a channel in five seconds, so a channel that is
/// asked a lot would soon hold all places, and every other server would wait for it.
const MAX_OF_ONE: u32 = MAX_IN_FLIGHT / 8;

/// Whose share of the places an event takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    /// The bot's own: it has little of it.
    Own,
    /// That of a server's messages, or of a direct channel's.
    Messages(u64),
    /// That of what is pressed and chosen there, which no busy channel holds up.
    Interactions(u64),
}

impl Whose {
    /// A message's.
    pub(crate) fn messages(server: Option<GuildId>, channel: ChannelId) -> Self {
        Self::Messages(server.map_or(channel.get(), GuildId::get))
    }

    /// An interaction's.
    pub(crate) fn interactions(interaction: &Interaction) -> Self {
        let direct = || match interaction {
            Interaction::Command(command) | Interaction::Autocomplete(command) => command.channel_id.get(),
            Interaction::Component(pressed) => pressed.channel_id.get(),
            _ => 0,
        };
        Self::Interactions(interaction.guild_id().map_or_else(direct, GuildId::get))
    }
}

/// Lets events in, and waits for them at the end.
#[derive(Debug)]
pub(crate) struct Guard {
    permits: Arc<Semaphore>,
    counts: Arc<Counts>,
    /// Places that are taken of each share.
    taken: Mutex<HashMap<Whose, u32>>,
}

/// A place of a share, until this is dropped.
struct Place<'a> {
    guard: &'a Guard,
    whose: Whose,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.guard.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.whose) {
            Some(n) if *n > 1 => *n -= 1,
            _ => drop(taken.remove(&self.whose)),
        }
    }
}

impl Guard {
    /// Counts what it drops, and what fails.
    pub(crate) fn new(counts: Arc<Counts>) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(MAX_IN_FLIGHT as usize)),
            counts,
            taken: Mutex::default(),
        }
    }

    /// A place of a share; `None` where all of them are taken.
    fn place(&self, whose: Whose) -> Option<Place<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let n = taken.entry(whose).or_default();
        if *n == MAX_OF_ONE && whose != Whose::Own {
            return None;
        }
        *n += 1;
        Some(Place { guard: self, whose })
    }

    /// Serves an event.
    pub(crate) async fn serve(&self, whose: Whose, deadline: Duration, work: impl Future<Output = ()>) {
        let (Ok(_permit), Some(_place)) = (self.permits.try_acquire(), self.place(whose)) else {
            self.counts.dropped();
            return;
        };
        match tokio::time::timeout(deadline, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(())) => {}
            // The hook has logged the panic.
            Ok(Err(_)) => self.counts.failed(),
            Err(_) => {
                self.counts.failed();
                tracing::warn!(deadline_s = deadline.as_secs(), "an event was given up at its deadline");
            }
        }
    }

    /// Lets no more events in, and waits for those that are being served, at most so long.
    pub(crate) async fn drain(&self, at_most: Duration) {
        if let Ok(Ok(all)) = tokio::time::timeout(at_most, self.permits.acquire_many(MAX_IN_FLIGHT)).await {
            all.forget();
        } else {
            tracing::warn!("some questions were still unanswered at the end");
        }
        self.permits.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn guard() -> (Guard, Arc<Counts>) {
        let counts = Arc::new(Counts::default());
        (Guard::new(Arc::clone(&counts)), counts)
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_event_only() {
        let (guard, counts) = guard();
        guard.serve(Whose::Own, SOON, async { panic!("in one question") }).await;
        let mut served = false;
        guard.serve(Whose::Own, SOON, async { served = true }).await;
        assert!(served);
        assert_eq!(counts.tally().failed, 1);
    }

    #[tokio::test]
    async fn an_event_ends_by_its_deadline() {
        let (guard, counts) = guard();
        guard.serve(Whose::Own, SOON, std::future::pending()).await;
        assert_eq!(counts.tally().failed, 1);
    }

    #[tokio::test]
    async fn events_past_the_bound_are_dropped_and_counted() {
        let (guard, counts) = guard();
        let all = guard.permits.try_acquire_many(MAX_IN_FLIGHT).unwrap();
        guard.serve(Whose::Own, SOON, async { panic!("not served") }).await;
        drop(all);
        assert_eq!((counts.tally().dropped, counts.tally().failed), (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn one_server_cannot_hold_the_places_that_others_need() {
        let (guard, counts) = guard();
        let guard = Arc::new(guard);
        for _ in 0..=MAX_OF_ONE {
            let guard = Arc::clone(&guard);
            let busy = Whose::Messages(1);
            tokio::spawn(async move { guard.serve(busy, SOON, std::future::pending()).await });
        }
        tokio::time::sleep(SOON / 2).await;
        assert_eq!(counts.tally().dropped, 1);
        let mut served = 0;
        for whose in [Whose::Messages(2), Whose::Interactions(1), Whose::Own] {
            guard.serve(whose, SOON, async { served += 1 }).await;
        }
        assert_eq!(served, 3);
        tokio::time::sleep(2 * SOON).await;
        guard.serve(Whose::Messages(1), SOON, async { served += 1 }).await;
        assert_eq!((served, counts.tally().dropped), (4, 1));
        assert!(
            guard.taken.lock().unwrap().is_empty(),
            "shares that nothing is taken of are forgotten"
        );
    }

    #[tokio::test]
    async fn draining_waits_for_what_is_in_flight_and_lets_nothing_more_in() {
        let (guard, counts) = guard();
        let guard = Arc::new(guard);
        let slow = tokio::spawn({
            let guard = Arc::clone(&guard);
            async move {
                guard
                    .serve(Whose::Own, Duration::from_secs(5), tokio::time::sleep(SOON))
                    .await;
            }
        });
        tokio::task::yield_now().await;
        guard.drain(Duration::from_secs(5)).await;
        assert!(slow.is_finished());
        guard.serve(Whose::Own, SOON, async { panic!("not served") }).await;
        assert_eq!(counts.tally().dropped, 1);
    }
}
