//! The whole bot on a store whose calls fail, or do not return, at a chosen moment: no question is left without its answer.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use briefing_bot::store::{ServerSettings, Snowflake, SqliteStore, Store, Timestamp};
use serde_json::{Value, json};

use crate::support::events::{self, ELSEWHERE, IN_CHANNEL, OTHER_MEMBER};
use crate::support::{Fault, FaultyStore, Knowledge, Loopback, PATIENCE, TestBot, block_on, offers, put_settings};

const QUESTION: &str = "How high will the harbour wall be?";
const CLAIM: &str = "The harbour office said the wall will be raised by two metres, to six metres in all.";
/// What is asked of each bot by mention and command, and the press of a button; a check is no answer of its own.
const N_ANSWERED: u64 = 3;
/// Threads that try the calls in turn: a start and an end are waiting for the most part.
const N_AT_ONCE: u64 = 4;

fn text(message: &Value) -> &str {
    message["content"].as_str().unwrap()
}

/// A bot on a store in a file, with a fault before it.
struct Stage {
    discord: Loopback,
    knowledge: Knowledge,
    inner: Arc<SqliteStore>,
    faulty: Arc<FaultyStore>,
}

impl Stage {
    fn new(fault: Fault) -> Self {
        let knowledge = Knowledge::harbour();
        let inner = Arc::new(SqliteStore::new(&knowledge.store()));
        Self {
            discord: Loopback::start(),
            faulty: FaultyStore::new(Arc::clone(&inner) as Arc<dyn Store>, fault),
            inner,
            knowledge,
        }
    }

    fn start(&self) -> TestBot {
        TestBot::start_on(
            &self.discord,
            &self.knowledge,
            Arc::clone(&self.faulty) as Arc<dyn Store>,
        )
    }

    /// Asks by mention, button, command and menu; each must be answered with the fact.
    #[track_caller]
    fn ask_every_way(&self) {
        let discord = &self.discord;
        let answer = discord.answer_to(discord.mention(IN_CHANNEL, QUESTION));
        assert!(text(&answer).starts_with(CLAIM), "{answer}");
        let (label, button) = offers(&answer).remove(0);
        let (pressed, _) = discord.response_to(discord.presses(IN_CHANNEL, &button, &answer));
        assert!(text(&pressed).contains("-# Source:"), "{label}: {pressed}");
        let (told, _) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
        assert!(text(&told).starts_with(CLAIM), "{told}");
        let words = "The harbour wall will be six metres high.";
        let id = discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(OTHER_MEMBER), words));
        let target = discord.state().with(|inner| inner.messages[&id].clone());
        let (checked, _) = discord.response_to(discord.checks(IN_CHANNEL, &target));
        assert!(text(&checked).contains(CLAIM), "{checked}");
    }

    /// How many answers the store has counted.
    fn n_counted(&self) -> u64 {
        let counts = block_on(self.inner.answer_counts(Timestamp(0).day())).unwrap();
        counts.iter().map(|count| count.n).sum()
    }

    /// Whether an answer to the server is private: what it chose is known to the bot then.
    fn is_private(&self) -> bool {
        self.discord
            .response_to(self.discord.ask(IN_CHANNEL, QUESTION, &json!([])))
            .1
    }

    /// The server wants private answers.
    fn make_private(&self) {
        let server: Snowflake = NonZeroU64::new(ELSEWHERE).unwrap().into();
        let settings = ServerSettings {
            is_private_by_default: true,
            ..ServerSettings::default()
        };
        block_on(put_settings(&*self.inner, server, &settings, Timestamp(1)));
    }
}

/// A bot's whole life with this call failing; gives how many it made. What it counted is whole all the same.
#[track_caller]
fn live_with_call_failing(n: u64) -> u64 {
    let stage = Stage::new(Fault::FailsAt(n));
    let bot = stage.start();
    stage.discord.wait_until_ready();
    stage.ask_every_way();
    bot.stop().unwrap();
    assert_eq!(stage.n_counted(), N_ANSWERED, "with call {n} failing");
    stage.faulty.n_calls()
}

#[test]
fn every_call_of_a_bot_may_fail_in_turn_and_no_question_goes_unanswered() {
    std::thread::scope(|scope| {
        for first in 0..N_AT_ONCE {
            scope.spawn(move || {
                let mut n = first;
                while live_with_call_failing(n) > n {
                    n += N_AT_ONCE;
                }
                // The start alone makes more.
                assert!(n > 8, "call {n} was never made");
            });
        }
    });
}

#[test]
fn a_store_that_never_returns_keeps_no_question_waiting() {
    let stage = Stage::new(Fault::Hangs);
    let _bot = stage.start();
    stage.discord.wait_until_ready();
    // Discord gives up on a command, a press or a menu after three seconds; the loopback does as well.
    stage.ask_every_way();
}

#[test]
fn what_a_server_has_set_holds_from_the_first_question_on() {
    let stage = Stage::new(Fault::KeepsSettings);
    stage.make_private();
    let _bot = stage.start();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Longer than a start takes otherwise, and shorter than it waits for them.
            std::thread::sleep(Duration::from_millis(1500));
            stage.faulty.set(Fault::None);
        });
        stage.discord.wait_until_ready();
        assert!(stage.is_private(), "the first question was answered by the defaults");
    });
}

#[test]
fn settings_that_do_not_come_are_not_waited_for_for_ever() {
    let stage = Stage::new(Fault::KeepsSettings);
    stage.make_private();
    let _bot = stage.start();
    stage.discord.wait_until_ready();
    assert!(!stage.is_private());
    stage.faulty.set(Fault::None);
    let deadline = std::time::Instant::now() + PATIENCE;
    while !stage.is_private() {
        assert!(std::time::Instant::now() < deadline, "the settings were never read");
    }
}
