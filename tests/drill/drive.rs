//! Drives faults, one or two at a time, and measures how the bot comes out of each.

use std::thread;
use std::time::{Duration, Instant};

use crate::faults::{Fault, Part};
use crate::stage::Stage;

/// The goal: an answer to each way of asking, so soon after the end of a fault.
pub(crate) const RECOVERED_WITHIN: Duration = Duration::from_secs(5);
/// What the bot says of edits: a hint is followed at once, and the content compared every half minute.
pub(crate) const CURRENT_WITHIN: Duration = Duration::from_secs(35);
/// The store is tried again after at most 5 s, and an attempt may wait some seconds for a lock.
const STORED_WITHIN: Duration = Duration::from_secs(15);
/// Given up then.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came of a fault, over all times that it was driven.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outcome {
    pub(crate) n: u64,
    pub(crate) slowest: Duration,
    /// The slowest that new facts were told, or answers counted, where the fault was one of these.
    pub(crate) caught_up: Option<Duration>,
    pub(crate) n_missed: u64,
}

impl Outcome {
    pub(crate) fn note(&mut self, recovered: Duration) {
        self.n += 1;
        self.slowest = self.slowest.max(recovered);
        self.n_missed += u64::from(recovered > RECOVERED_WITHIN);
    }

    fn note_caught_up(&mut self, took: Duration, goal: Duration) {
        self.caught_up = self.caught_up.max(Some(took));
        self.n_missed += u64::from(took > goal);
    }
}

/// Lives through faults that begin and end together; `during` is the row that questions are counted in.
pub(crate) fn live_through(stage: &mut Stage, faults: &[&Fault], during: usize, outcome: &mut Outcome) {
    let n_logins: usize = faults.iter().map(|fault| fault.n_logins).sum();
    if !stage.can_log_in(n_logins) {
        stage.stop();
        stage.start();
        warm_up(stage);
    }
    let n_counted = is_of(faults, Part::Store).then(|| stage.store.n_counted());
    stage.ledger.turn_to(during);
    for fault in faults {
        (fault.begin)(stage);
    }
    thread::sleep(faults.iter().map(|fault| fault.lasts).max().unwrap_or_default());
    for fault in faults {
        (fault.end)(stage);
    }
    let recovered = answered_again(stage);
    outcome.note(recovered);
    if recovered > RECOVERED_WITHIN {
        let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
        stage.failures.push(format!("{names:?}: recovered after {recovered:?}"));
    }
    if is_of(faults, Part::Facts) {
        outcome.note_caught_up(current_again(stage), CURRENT_WITHIN);
    }
    if let Some(before) = n_counted {
        outcome.note_caught_up(stored_again(stage, before), STORED_WITHIN);
    }
    // Whatever comes of questions that are asked now is no fault's.
    stage.ledger.turn_to(0);
    let pause = 100 + stage.dice.below(300) as u64;
    thread::sleep(Duration::from_millis(pause));
}

/// Until the bot has answered everywhere and loaded facts, so that its memory has settled.
pub(crate) fn warm_up(stage: &mut Stage) {
    stage.ledger.turn_to(0);
    answered_again(stage);
    for _ in 0..3 {
        current_again(stage);
    }
    stage.settle_memory();
}

fn is_of(faults: &[&Fault], part: Part) -> bool {
    faults.iter().any(|fault| fault.part == part)
}

/// How long it takes from now until each way of asking is answered; an end of the bot is noted, and it is started again.
pub(crate) fn answered_again(stage: &mut Stage) -> Duration {
    let ended = Instant::now();
    stage.ledger.await_answers();
    loop {
        if let Some(at) = stage.ledger.all_answered() {
            return at.saturating_duration_since(ended);
        }
        let end = stage.bot.as_mut().and_then(crate::program::Running::end);
        if let Some(status) = end
            && let Some(bot) = stage.bot.take()
        {
            let written = bot.written();
            let last: Vec<&str> = written.lines().rev().take(3).collect();
            stage.failures.push(format!("the bot ended with {status}: {last:?}"));
            stage.look_through(&written);
            drop(bot);
            stage.start();
            stage.greet_everywhere();
        }
        if ended.elapsed() > PATIENCE {
            return ended.elapsed();
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// How long it takes until the facts as they are now are told, or another edit of them, whichever is longer.
pub(crate) fn current_again(stage: &mut Stage) -> Duration {
    let now = told(stage);
    stage.facts.replace();
    now.max(told(stage))
}

fn told(stage: &Stage) -> Duration {
    let began = Instant::now();
    while !stage.ledger.height().contains(stage.facts.height()) && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

/// How long it takes until more answers are counted in the store than before.
fn stored_again(stage: &mut Stage, before: i64) -> Duration {
    let began = Instant::now();
    while stage.store.n_counted() <= before && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(100));
    }
    began.elapsed()
}
