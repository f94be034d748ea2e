//! Keeps one event's trouble from becoming the bot's.
//!
//! serenity starts a task for every event, without a bound, a deadline or an answer to a panic. Promise: at most so
//! many events are served at once, the rest are dropped and counted; each ends by its deadline; a panic ends the event
//! that it happened in; what is in flight can be waited for.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use serenity::futures::FutureExt;
use tokio::sync::Semaphore;

use super::counts::Counts;

/// Events served at once. Serving one takes well under a millisecond beside the request that carries its answer, so
/// this many in flight means that Discord does not take them.
const MAX_IN_FLIGHT: u32 = 512;

/// Lets events in, and waits for them at the end.
#[derive(Debug)]
pub(crate) struct Guard {
    permits: Arc<Semaphore>,
    counts: Arc<Counts>,
}

impl Guard {
    /// Counts what it drops, and what fails.
    pub(crate) fn new(counts: Arc<Counts>) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(MAX_IN_FLIGHT as usize)),
            counts,
        }
    }

    /// Serves an event.
    pub(crate) async fn serve(&self, deadline: Duration, work: impl Future<Output = ()>) {
        let Ok(_permit) = self.permits.try_acquire() else {
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
        guard.serve(SOON, async { panic!("in one question") }).await;
        let mut served = false;
        guard.serve(SOON, async { served = true }).await;
        assert!(served);
        assert_eq!(counts.tally().failed, 1);
    }

    #[tokio::test]
    async fn an_event_ends_by_its_deadline() {
        let (guard, counts) = guard();
        guard.serve(SOON, std::future::pending()).await;
        assert_eq!(counts.tally().failed, 1);
    }

    #[tokio::test]
    async fn events_past_the_bound_are_dropped_and_counted() {
        let (guard, counts) = guard();
        let all = guard.permits.try_acquire_many(MAX_IN_FLIGHT).unwrap();
        guard.serve(SOON, async { panic!("not served") }).await;
        drop(all);
        assert_eq!((counts.tally().dropped, counts.tally().failed), (1, 0));
    }

    #[tokio::test]
    async fn draining_waits_for_what_is_in_flight_and_lets_nothing_more_in() {
        let (guard, counts) = guard();
        let guard = Arc::new(guard);
        let slow = tokio::spawn({
            let guard = Arc::clone(&guard);
            async move { guard.serve(Duration::from_secs(5), tokio::time::sleep(SOON)).await }
        });
        tokio::task::yield_now().await;
        guard.drain(Duration::from_secs(5)).await;
        assert!(slow.is_finished());
        guard.serve(SOON, async { panic!("not served") }).await;
        assert_eq!(counts.tally().dropped, 1);
    }
}
