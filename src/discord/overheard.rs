//! Hears what serenity says in its log and nowhere else.
//!
//! On the close codes 4010, 4011 and 4012 serenity 0.12.5 neither returns from `start` nor calls any handler: it
//! spins, or logs in again and again; and it logs in every five seconds for as long as the gateway turns it away for
//! other reasons, until Discord resets the token. On other closes a shard spins for a while (`spins`). So a layer beside
//! the log listens for these lines, whatever `RUST_LOG` lets through. Tests hold each of them against the real client.

use std::collections::VecDeque;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serenity::model::id::ShardId;
use tokio::sync::{broadcast, watch};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::budget;
use super::error::DiscordError;
use super::spins::Spins;
use crate::config::ShardRange;

/// Fatal close codes as serenity logs them.
const FATAL_CLOSES: [(&str, u16); 3] = [
    ("Shard handler received err: Gateway(InvalidShardData)", 4010),
    ("Shard handler received err: Gateway(OverloadedShard)", 4011),
    ("Unknown unclean close 4012", 4012),
];
/// Where a shard's runner logs, and what: that its session is over, and that it looks for an event.
const RUNNER: &str = "serenity::gateway::bridge::shard_runner";
const WAITS: &str = "] Requesting restart";
const LOOKS: &str = "] loop iteration started.";
/// Where a shard logs, what it says of a close that it does not notice, and the name of the span that an event is in.
const SHARD: &str = "serenity::gateway::shard";
const DOES_NOT_NOTICE: &str = "] Sent no authentication.";
const EVENT: &str = "handle_event";
/// Room for a line, which is written piece by piece: there are two lines to hear for every event.
const LINE_BYTES: usize = 128;
/// Stranded shards that nobody has looked at yet.
const MAX_STRANDED: usize = 256;
/// A login as serenity logs it, and where.
const LOGIN: (&str, &str) = ("serenity::gateway::ws", "] Identifying");

/// A shard that will not go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stranded {
    /// Its session is over, and for 5 s it waits for its own end before it begins another.
    Waiting(ShardId),
    /// Its connection was closed in a way that serenity does not notice, and it looks for events there without a pause.
    Spinning(ShardId),
}

/// What was heard.
#[derive(Debug, Clone)]
pub struct Overheard {
    stranded: broadcast::Sender<Stranded>,
    alarm: watch::Sender<Option<DiscordError>>,
    logins: Arc<Mutex<VecDeque<Instant>>>,
    n_logins: watch::Sender<u64>,
    /// Logins lately, and within a day, after which another one means that something is turning the bot away.
    enough: Arc<[AtomicUsize; 2]>,
    spins: Arc<Spins>,
}

impl Default for Overheard {
    fn default() -> Self {
        Self {
            stranded: broadcast::Sender::new(MAX_STRANDED),
            alarm: watch::Sender::new(None),
            logins: Arc::default(),
            n_logins: watch::Sender::new(0),
            enough: Arc::new(enough(ShardRange::all(1)).map(AtomicUsize::new)),
            spins: Arc::default(),
        }
    }
}

impl Overheard {
    /// Ends once something was heard after which the connection must not go on.
    pub async fn alarm(&self) -> DiscordError {
        let mut alarm = self.alarm.subscribe();
        loop {
            if let Some(error) = alarm.borrow_and_update().clone() {
                return error;
            }
            if alarm.changed().await.is_err() {
                // `self` holds the sender, so it lives.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Hears how many logins there were since the start, whenever there is another one.
    #[must_use]
    pub fn logins(&self) -> watch::Receiver<u64> {
        self.n_logins.subscribe()
    }

    /// Hears of shards that will not go on by themselves, from now on.
    pub(crate) fn stranded(&self) -> broadcast::Receiver<Stranded> {
        self.stranded.subscribe()
    }

    /// From now on, these shards log in.
    pub(crate) fn expect_shards(&self, shards: ShardRange) {
        for (bound, enough) in self.enough.iter().zip(enough(shards)) {
            bound.store(enough, Ordering::Relaxed);
        }
    }

    fn hear(&self, target: &str, message: &str, now: Instant) {
        if target == LOGIN.0 && message.ends_with(LOGIN.1) {
            self.count_login(now);
            if let Some(shard) = shard_in(message) {
                self.spins.login(shard);
            }
            return;
        }
        if let Some(stranded) = self.stranded_by(target, message, now) {
            // Before the connection stands nobody listens, and nothing is stranded.
            let _ = self.stranded.send(stranded);
            return;
        }
        let fatal = FATAL_CLOSES.iter().find(|(text, _)| message.contains(text));
        if let Some(error) = fatal.and_then(|(_, code)| DiscordError::of_close(*code)) {
            self.alarm.send_replace(Some(error));
        }
    }

    fn stranded_by(&self, target: &str, message: &str, now: Instant) -> Option<Stranded> {
        let shard = || shard_in(message);
        if target == RUNNER && message.ends_with(LOOKS) {
            let shard = shard()?;
            return self.spins.round(shard, now).then_some(Stranded::Spinning(shard));
        }
        if target == RUNNER && message.ends_with(WAITS) {
            return shard().map(Stranded::Waiting);
        }
        if target == SHARD && message.ends_with(DOES_NOT_NOTICE) {
            let shard = shard()?;
            return self.spins.found_out(shard, now).then_some(Stranded::Spinning(shard));
        }
        None
    }

    fn count_login(&self, now: Instant) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        self.n_logins.send_modify(|n| *n += 1);
        logins.push_back(now);
        logins.retain(|login| now.saturating_duration_since(*login) < budget::DAY);
        for (within, enough) in [budget::LATELY, budget::DAY].into_iter().zip(self.enough.iter()) {
            let is_within = |login: &&Instant| now.saturating_duration_since(**login) < within;
            let n = logins.iter().rev().take_while(is_within).count();
            if n > enough.load(Ordering::Relaxed) {
                let turned_away = DiscordError::TurnedAway { logins: n, within };
                self.alarm.send_replace(Some(turned_away));
                return;
            }
        }
    }
}

/// Logins of these shards lately, and within a day, that are enough: of those that all shards may have in a day, their part.
fn enough(shards: ShardRange) -> [usize; 2] {
    let (n, total) = (u64::from(shards.n()), u64::from(shards.total.max(1)));
    let of_a_day = budget::of_a_day(shards.total) * n / total;
    [budget::OF_A_SHARD * n, of_a_day].map(|n| usize::try_from(n).unwrap_or(usize::MAX))
}

/// A layer that listens.
#[must_use]
pub fn overhear<S: Subscriber + for<'a> LookupSpan<'a>>(overheard: &Overheard) -> impl Layer<S> + use<S> {
    let listener = Listener {
        overheard: overheard.clone(),
    };
    listener.with_filter(filter_fn(may_tell))
}

fn may_tell(metadata: &Metadata<'_>) -> bool {
    let (target, level) = (metadata.target(), *metadata.level());
    if metadata.is_span() {
        return is_of_event(metadata);
    }
    let is_loud = level <= Level::WARN && target.starts_with("serenity::gateway");
    let is_told_quietly = level == Level::DEBUG && (target == LOGIN.0 || target == RUNNER);
    is_loud || is_told_quietly || level == Level::TRACE && target == RUNNER
}

fn is_of_event(metadata: &Metadata<'_>) -> bool {
    metadata.target() == SHARD && metadata.name() == EVENT
}

/// The shard that a line begins with: `[ShardInfo { id: ShardId(0), total: 1 }] …`.
fn shard_in(message: &str) -> Option<ShardId> {
    let (_, after) = message.split_once("ShardId(")?;
    let (number, _) = after.split_once(')')?;
    number.parse().ok().map(ShardId)
}

struct Listener {
    overheard: Overheard,
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if is_of_event(span.metadata()) {
            self.overheard.spins.event();
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut message = Message {
            text: String::with_capacity(LINE_BYTES),
        };
        event.record(&mut message);
        self.overheard
            .hear(event.metadata().target(), &message.text, Instant::now());
    }
}

struct Message {
    text: String,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn heard(overheard: &Overheard) -> Option<DiscordError> {
        overheard.alarm.borrow().clone()
    }

    #[test]
    fn one_login_too_many_within_the_window_is_an_alarm() {
        let overheard = Overheard::default();
        let start = Instant::now();
        let login = |after: Duration| overheard.hear(LOGIN.0, "[ShardInfo] Identifying", start + after);
        for number in 0..5 {
            login(budget::LATELY / 5 * number);
        }
        login(budget::LATELY);
        assert_eq!(heard(&overheard), None, "the first is past the window");
        login(budget::LATELY);
        assert!(matches!(
            heard(&overheard),
            Some(DiscordError::TurnedAway { logins: 6, .. })
        ));
    }

    #[test]
    fn every_shard_has_logins_of_its_own() {
        let overheard = Overheard::default();
        overheard.expect_shards(ShardRange::all(2));
        for _ in 0..10 {
            overheard.hear(LOGIN.0, "[ShardInfo] Identifying", Instant::now());
        }
        assert_eq!(heard(&overheard), None);
        overheard.hear(LOGIN.0, "[ShardInfo] Identifying", Instant::now());
        assert!(matches!(
            heard(&overheard),
            Some(DiscordError::TurnedAway { logins: 11, .. })
        ));
    }

    #[test]
    fn logins_that_are_never_too_many_at_once_are_too_many_in_a_day() {
        let overheard = Overheard::default();
        overheard.expect_shards(ShardRange::all(2));
        let start = Instant::now();
        // Two shards, each turned away every 2.1 minutes.
        let every = Duration::from_secs(63);
        let login = |number| overheard.hear(LOGIN.0, "[ShardInfo] Identifying", start + every * number);
        (0..400).for_each(login);
        assert_eq!(heard(&overheard), None);
        login(400);
        let alarm = heard(&overheard);
        assert!(matches!(
            alarm,
            Some(DiscordError::TurnedAway {
                logins: 401,
                within: budget::DAY
            })
        ));
    }

    #[test]
    fn the_processes_of_one_bot_share_the_day_s_logins() {
        let one_of_sixteen = ShardRange {
            first: 3,
            end: 4,
            total: 16,
        };
        assert_eq!(enough(one_of_sixteen), [5, 56]);
        assert_eq!(enough(ShardRange::all(16)), [80, 900]);
    }

    #[tokio::test]
    async fn a_stranded_shard_is_named() {
        let overheard = Overheard::default();
        let mut stranded = overheard.stranded();
        let hear = |target, message| overheard.hear(target, message, Instant::now());
        hear(
            RUNNER,
            "[ShardRunner ShardInfo { id: ShardId(3), total: 8 }] Requesting restart",
        );
        hear(
            SHARD,
            "[ShardInfo { id: ShardId(5), total: 8 }] Sent no authentication.",
        );
        assert_eq!(stranded.recv().await, Ok(Stranded::Waiting(ShardId(3))));
        assert_eq!(stranded.recv().await, Ok(Stranded::Spinning(ShardId(5))));
        hear(
            "serenity::http",
            "[ShardRunner ShardInfo { id: ShardId(3), total: 8 }] Requesting restart",
        );
        hear(RUNNER, "Requesting restart");
        assert_eq!(stranded.try_recv(), Err(broadcast::error::TryRecvError::Empty));
        // In vain, and without a pause.
        for _ in 0..100_000 {
            hear(
                RUNNER,
                "[ShardRunner ShardInfo { id: ShardId(7), total: 8 }] loop iteration started.",
            );
        }
        assert_eq!(stranded.try_recv(), Ok(Stranded::Spinning(ShardId(7))));
        assert_eq!(stranded.try_recv(), Err(broadcast::error::TryRecvError::Empty));
    }

    #[test]
    fn only_what_serenity_says_itself_counts() {
        let overheard = Overheard::default();
        for (target, message) in [
            (
                "serenity::gateway::ws",
                "Err deserializing text: x] Identifying; text: {}",
            ),
            ("serenity::gateway::shard", "[ShardInfo] Identifying"),
            ("serenity::gateway::shard", "Unknown unclean close 4000"),
        ] {
            for _ in 0..10 {
                overheard.hear(target, message, Instant::now());
            }
        }
        assert_eq!(heard(&overheard), None);
    }

    #[tokio::test]
    async fn an_alarm_that_was_raised_before_anyone_waited_is_not_missed() {
        let overheard = Overheard::default();
        overheard.hear(
            "serenity::gateway::shard",
            "[x] Unknown unclean close 4012: None",
            Instant::now(),
        );
        assert_eq!(overheard.alarm().await, DiscordError::ClosedForGood { code: 4012 });
    }
}
