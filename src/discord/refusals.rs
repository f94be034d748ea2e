//! Counts what Discord refuses, so that the bot never gets its address banned.
//!
//! Discord bans an address for a while after 10,000 responses of 401, 403 or 429 in 10 minutes
//! (`topics/rate-limits.mdx`). Promise: an alarm well before that, and silence at half of it. The window is two
//! halves, so it is between 10 and 20 minutes long: rather too careful than too bold. Deliberately absent: other processes
//! behind the same address. Their part of the bound would be so small that one server's refusals (`shut`) filled it.
//!
//! Of 429 those are not seen that serenity's own limiter waits out, since it repeats such a request itself, in time, and
//! tells of it as of what it holds back before anything is sent: here are those of interactions, and with `DISCORD_API_URL`
//! set all of them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Half of the window that is counted over.
const HALF_WINDOW: Duration = Duration::from_mins(10);
/// Refusals at which something is wrong.
const ALARM_AT: u32 = 1_000;
/// Refusals at which nothing more is sent: half of what Discord bans for.
const STOP_AT: u32 = 5_000;

/// What the count means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send.
    Go,
    /// Send nothing.
    Stop,
}

/// The count of the last minutes.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    halves: Mutex<Halves>,
}

#[derive(Debug, Default)]
struct Halves {
    began: Option<Instant>,
    before: u32,
    now: u32,
}

impl Refusals {
    /// Counts one.
    pub(crate) fn count(&self, now: Instant) {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.turn(now);
        halves.now += 1;
        match halves.before + halves.now {
            ALARM_AT => tracing::error!("Discord refused {ALARM_AT} requests within minutes"),
            STOP_AT => {
                tracing::error!("Discord refused {STOP_AT} requests within minutes, sending nothing for a while");
            }
            _ => {}
        }
    }

    /// Whether to go on.
    pub(crate) fn verdict(&self, now: Instant) -> Verdict {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.turn(now);
        if halves.before + halves.now < STOP_AT {
            Verdict::Go
        } else {
            Verdict::Stop
        }
    }
}

impl Halves {
    fn turn(&mut self, now: Instant) {
        let began = *self.began.get_or_insert(now);
        let elapsed = now.saturating_duration_since(began);
        if elapsed >= 2 * HALF_WINDOW {
            (self.before, self.now, self.began) = (0, 0, Some(now));
        } else if elapsed >= HALF_WINDOW {
            (self.before, self.now, self.began) = (self.now, 0, Some(began + HALF_WINDOW));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sending_stops_at_the_bound_and_goes_on_after_the_window() {
        let refusals = Refusals::default();
        let start = Instant::now();
        for _ in 1..STOP_AT {
            refusals.count(start);
        }
        assert_eq!(refusals.verdict(start), Verdict::Go);
        refusals.count(start);
        assert_eq!(refusals.verdict(start), Verdict::Stop);
        assert_eq!(refusals.verdict(start + HALF_WINDOW), Verdict::Stop);
        assert_eq!(refusals.verdict(start + 2 * HALF_WINDOW), Verdict::Go);
    }
}
