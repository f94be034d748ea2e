//! Faults after which the bot must end, by itself and soon, with the status that keeps a supervisor from trying on.

use std::thread;
use std::time::{Duration, Instant};

use crate::drive::{Outcome, answered_again, warm_up};
use crate::stage::Stage;
use crate::support::state::Frame;

/// Close codes that stay.
pub(crate) const FATAL: [(u16, &str); 6] = [
    (4004, "closed for good with 4004"),
    (4010, "closed for good with 4010"),
    (4011, "closed for good with 4011"),
    (4012, "closed for good with 4012"),
    (4013, "closed for good with 4013"),
    (4014, "closed for good with 4014"),
];
/// What repeated closes are called.
pub(crate) const TURNED_AWAY: &str = "closed with 4009 at every login";
/// A core that spun, and logins that went on, would show by then at the latest: the bot is gone.
const ENDED_WITHIN: Duration = Duration::from_secs(5);
/// serenity logs in every 5 s.
const TURNED_AWAY_WITHIN: Duration = Duration::from_mins(1);
/// Logins at which the bot must have seen that it is turned away: Discord gives a thousand a day.
const MAX_LOGINS: usize = 6;
/// Status 78: what a restart cannot mend. Status 1: what it can.
const LASTING: i32 = 78;
const PASSING: i32 = 1;

/// The gateway closes for good: the bot must end, and log in once more at most.
pub(crate) fn close_for_good(stage: &mut Stage, code: u16, during: usize, outcome: &mut Outcome) {
    let n_logins = stage.discord.state().with(|inner| inner.n_identifies);
    stage.ledger.turn_to(during);
    // Nobody could answer what is asked from now on; what was asked before must be answered.
    stage.flow.switches().pause(true);
    stage.discord.send(&Frame::Close(code));
    let took = ended(stage, ENDED_WITHIN, LASTING, &format!("closed with {code}"));
    let n_more = stage.discord.state().with(|inner| inner.n_identifies) - n_logins;
    // One may have been under way when the close was heard of.
    if n_more > 1 {
        stage
            .failures
            .push(format!("closed with {code}: logged in {n_more} times more"));
    }
    begin_again(stage, took, outcome);
}

/// The gateway turns the bot away at every login: it must stop logging in.
pub(crate) fn turn_away(stage: &mut Stage, during: usize, outcome: &mut Outcome) {
    stage.ledger.turn_to(during);
    stage.flow.switches().pause(true);
    stage.discord.state().with(|inner| inner.close_on_identify = Some(4009));
    let n_logins = stage.discord.state().with(|inner| inner.n_identifies);
    stage.close(4009);
    ended(stage, TURNED_AWAY_WITHIN, PASSING, TURNED_AWAY);
    let n_more = stage.discord.state().with(|inner| {
        inner.close_on_identify = None;
        inner.n_identifies - n_logins
    });
    if n_more > MAX_LOGINS {
        stage.failures.push(format!("{TURNED_AWAY}: {n_more} logins"));
    }
    begin_again(stage, Duration::ZERO, outcome);
}

/// Waits for the end; gives how long it took.
fn ended(stage: &mut Stage, within: Duration, status: i32, what: &str) -> Duration {
    let began = Instant::now();
    let Some(mut bot) = stage.bot.take() else {
        stage.failures.push(format!("{what}: there was no bot"));
        return Duration::ZERO;
    };
    let processor = bot.processor_seconds();
    match bot.ended_within(within) {
        Some(end) if end.code() == Some(status) => {}
        end => {
            let used = bot
                .processor_seconds()
                .zip(processor)
                .map(|(after, before)| after - before);
            let end = end.map_or_else(|| "not ended".to_owned(), |end| end.to_string());
            stage.failures.push(format!(
                "{what}: {end} after {within:?}, {used:?} s of the processor used"
            ));
        }
    }
    let took = began.elapsed();
    stage.look_through(&bot.written());
    took
}

/// Whoever looks after the bot has mended what was wrong.
fn begin_again(stage: &mut Stage, took: Duration, outcome: &mut Outcome) {
    // Answers that were on their way have come, or never will.
    thread::sleep(Duration::from_millis(200));
    let started = stage.start();
    let answered = answered_again(stage);
    outcome.note(took.max(started + answered));
    warm_up(stage);
}
