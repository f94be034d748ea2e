//! Questions without pause: by mention, slash command and button, from several servers and direct messages.
//!
//! Promise: each is noted before it is sent; equal seed, equal questions in equal order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::ledger::{Ledger, Way};
use crate::support::Loopback;
use crate::support::events::{self, BOT, Place};
use crate::support::state::Frame;

const N_SERVERS: u64 = 16;
/// Members that write directly.
const N_DIRECT: u64 = 4;
const N_MEMBERS: usize = 5_000;
/// What ids of Discord count from, in milliseconds after 1970, and the bits below their time (`reference.mdx`).
const EPOCH: u64 = 1_420_070_400_000;
const BITS_BELOW_TIME: u32 = 22;

/// A question, what its answer must say, and the fact of it.
type Question = (&'static str, &'static str, &'static str);
const QUESTIONS: [Question; 3] = [
    ("How high will the harbour wall be?", "metres in all", "wall-height"),
    ("When do the works on the wall begin?", "June", "works-start"),
    ("Where does the stone for the wall come from?", "quarry", "stone-source"),
];

/// The flow, until it is dropped.
pub(crate) struct Flow {
    switches: Arc<Switches>,
    threads: Vec<JoinHandle<()>>,
}

/// What may be changed while it flows.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    is_paused: AtomicBool,
    is_twice: AtomicBool,
    is_over: AtomicBool,
    /// Held while a question is asked.
    asking: Mutex<()>,
}

impl Switches {
    /// Nothing is asked, from the return of this on.
    pub(crate) fn pause(&self, is_paused: bool) {
        self.is_paused.store(is_paused, Ordering::SeqCst);
        drop(self.asking.lock());
    }

    /// Every event is sent twice.
    pub(crate) fn send_twice(&self, is_twice: bool) {
        self.is_twice.store(is_twice, Ordering::SeqCst);
    }
}

impl Flow {
    /// Begins, with so many a second.
    pub(crate) fn start(discord: &Arc<Loopback>, ledger: &Arc<Ledger>, rate: f64, seed: u64) -> Self {
        let switches = Arc::new(Switches::default());
        switches.pause(true);
        let asking = {
            let (discord, ledger, switches) = (Arc::clone(discord), Arc::clone(ledger), Arc::clone(&switches));
            thread::spawn(move || ask_on(&discord, &ledger, &switches, rate, Dice::new(seed)))
        };
        let settling = {
            let (discord, ledger, switches) = (Arc::clone(discord), Arc::clone(ledger), Arc::clone(&switches));
            thread::spawn(move || {
                while !switches.is_over.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(250));
                    tidy_up(&discord, &ledger);
                }
            })
        };
        Self {
            switches,
            threads: vec![asking, settling],
        }
    }

    pub(crate) fn switches(&self) -> &Switches {
        &self.switches
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.switches.is_over.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

fn ask_on(discord: &Loopback, ledger: &Ledger, switches: &Switches, rate: f64, mut dice: Dice) {
    let pause = Duration::from_secs_f64(1.0 / rate);
    let mut due = Instant::now();
    while !switches.is_over.load(Ordering::SeqCst) {
        let asking = switches.asking.lock();
        if switches.is_paused.load(Ordering::SeqCst) {
            drop(asking);
            thread::sleep(Duration::from_millis(5));
            due = Instant::now();
            continue;
        }
        let is_twice = switches.is_twice.load(Ordering::SeqCst);
        ask(discord, ledger, is_twice, &mut dice);
        drop(asking);
        due += pause;
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            thread::sleep(early);
        }
    }
}

fn ask(discord: &Loopback, ledger: &Ledger, is_twice: bool, dice: &mut Dice) {
    let user = 10_000 + dice.below(N_MEMBERS) as u64;
    let server = dice.below((N_SERVERS + N_DIRECT) as usize) as u64;
    let place = place(server, user);
    let way = Way::ALL[dice.below(Way::ALL.len())];
    let question @ (words, expected, fact) = QUESTIONS[dice.below(QUESTIONS.len())];
    let again: (&'static str, Value) = match way {
        Way::Mention => ("MESSAGE_CREATE", mention(discord, ledger, place, question)),
        Way::Command | Way::Button => {
            keep_time(discord);
            let mut sent = Value::Null;
            discord.interacts(|id| {
                ledger.asked(id, way, expected);
                sent = interaction(id, way, place, words, fact);
                sent.clone()
            });
            ("INTERACTION_CREATE", sent)
        }
    };
    if is_twice {
        discord.send(&Frame::Dispatch(again.0, again.1));
    }
}

/// Asks by mention in every channel once.
pub(crate) fn ask_everywhere(discord: &Loopback, ledger: &Ledger) {
    for server in 0..N_SERVERS + N_DIRECT {
        mention(discord, ledger, place(server, 9_999), QUESTIONS[0]);
    }
}

fn place(server: u64, user: u64) -> Place {
    Place {
        user,
        channel: 200_000 + server,
        guild: (server < N_SERVERS).then_some(100_000 + server),
        permissions: 1 << 11,
    }
}

fn mention(discord: &Loopback, ledger: &Ledger, place: Place, (words, expected, _): Question) -> Value {
    keep_time(discord);
    let mut sent = Value::Null;
    discord.expects_answer(|id| {
        ledger.asked(id, Way::Mention, expected);
        sent = events::message(id, place, &format!("<@{BOT}> {words}"));
        sent.clone()
    });
    sent
}

fn interaction(id: u64, way: Way, place: Place, words: &str, fact: &str) -> Value {
    if way == Way::Command {
        let options = json!([{"name": "question", "type": 3, "value": words}]);
        return events::command(id, place, "ask", &options);
    }
    let custom_id = format!("1:t:00000000:{}:harbour-works/{fact}", place.user);
    let on = events::message(5, place.by(BOT), "Did you mean this?");
    events::press(id, place, &custom_id, &on)
}

/// Ids hold the time that they are from.
fn keep_time(discord: &Loopback) {
    discord
        .state()
        .with(|inner| inner.set_next_id(inner.next_id().max(id_of_now())));
}

#[expect(
    clippy::disallowed_methods,
    reason = "ids of Discord hold the time that they are from"
)]
fn id_of_now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    millis.saturating_sub(EPOCH) << BITS_BELOW_TIME
}

/// Settles what has had its time, and lets the loopback forget it.
fn tidy_up(discord: &Loopback, ledger: &Ledger) {
    let done = ledger.settle();
    discord.state().with(|inner| {
        inner.requests.clear();
        inner.posted.clear();
        for id in done {
            inner.interactions.remove(&id);
            inner.messages.remove(&id);
            inner.questions.retain(|open| *open != id);
            if let Some(answer) = inner.by_nonce.remove(&id.to_string())
                && let Some(id) = answer["id"].as_str().and_then(|id| id.parse().ok())
            {
                inner.messages.remove(&id);
            }
        }
    });
}
