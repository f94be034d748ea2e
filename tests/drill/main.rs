//! The fault drill: the real program against the loopback Discord, with faults of every kind, while questions flow.
//!
//! `cargo test --test drill` drives each fault once; `-- --questions N` goes on, in an order of chance and two at once,
//! until so many were asked, or `--minutes N` are over; `-- --soak MINUTES` has no faults, but other facts every second.
//! `--write` puts what came of it into `docs/PROOF.md`, `--seed N` repeats a run, `--rate N` is the questions a second,
//! `--program PATH` is another build of the bot, and `--only TEXT` drives the faults with this in their names. Exit status 1
//! where a goal is missed.
//!
//! Deliberately absent: a panic in a handler, which nothing that comes from outside causes (`discord::guard` and
//! `discord::interaction` have tests of their own for it).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a drill that cannot set up its stage fails, and it says what came of it"
)]

mod dice;
mod drive;
mod endings;
mod facts;
mod faults;
mod flow;
mod ledger;
#[path = "../../examples/support/process.rs"]
mod process;
mod program;
#[path = "../../examples/support/proof.rs"]
mod proof;
mod report;
mod soak;
mod stage;
mod store;
#[path = "../it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests', which use the rest of it")]
mod support;

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, Instant};

use drive::Outcome;
use faults::{Fault, Part};
use report::Row;
use stage::Stage;

const SEED: u64 = 8;
const RATE: f64 = 60.0;
/// In an order of chance, every so many faults come with another of another part.
const PAIR_EVERY: usize = 3;
/// In the long form the bot is turned away, which takes half a minute, in every so many rounds.
const TURNED_AWAY_EVERY: usize = 4;
/// Memory that may be more at the end of a bot's life than when it had settled.
const MAX_GROWTH_MIB: f64 = 24.0;

struct Arguments {
    seed: u64,
    rate: f64,
    n_questions: Option<u64>,
    at_most: Option<Duration>,
    soak: Option<f64>,
    only: Option<String>,
    program: PathBuf,
    writes: bool,
}

impl Arguments {
    /// A word that is none of them ends the drill: one that was mistyped would be hours of another.
    fn read() -> Self {
        let mut arguments = Self {
            seed: SEED,
            rate: RATE,
            n_questions: None,
            at_most: None,
            soak: None,
            only: None,
            program: env!("CARGO_BIN_EXE_briefing-bot").into(),
            writes: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            match name.as_str() {
                "--write" => arguments.writes = true,
                "--seed" => arguments.seed = value(&name, words.next()),
                "--rate" => arguments.rate = value(&name, words.next()),
                "--questions" => arguments.n_questions = Some(value(&name, words.next())),
                "--minutes" => arguments.at_most = Some(Duration::from_mins(value(&name, words.next()))),
                "--soak" => arguments.soak = Some(value(&name, words.next())),
                "--only" => arguments.only = Some(value(&name, words.next())),
                "--program" => arguments.program = value(&name, words.next()),
                _ => panic!("unknown: `{name}`"),
            }
        }
        arguments
    }
}

fn value<T: FromStr<Err: std::fmt::Debug>>(name: &str, word: Option<String>) -> T {
    let word = word.filter(|word| !word.starts_with("--"));
    let word = word.unwrap_or_else(|| panic!("`{name}` needs a value"));
    word.parse()
        .unwrap_or_else(|error| panic!("`{name} {word}`: {error:?}"))
}

/// The command that this was run by.
fn command() -> String {
    let release = if cfg!(debug_assertions) { "" } else { " --release" };
    let quoted = |word: String| if word.contains(' ') { format!("'{word}'") } else { word };
    let words: Vec<String> = std::env::args().skip(1).map(quoted).collect();
    format!("cargo test{release} --test drill -- {}", words.join(" "))
        .trim_end()
        .to_owned()
}

fn main() -> ExitCode {
    let arguments = Arguments::read();
    println!("seed {}, {} questions a second", arguments.seed, arguments.rate);
    let mut stage = Stage::set_up(&arguments.program, arguments.rate, arguments.seed);
    let (name, (text, missed)) = match arguments.soak {
        Some(minutes) => ("soak", soak::soak(&mut stage, minutes)),
        None => ("drill", drill(&mut stage, &arguments)),
    };
    // What is left was counted.
    let breaches = stage.discord.state().with(|inner| {
        inner.questions.clear();
        inner.interactions.clear();
        inner.posted.clear();
        std::mem::take(&mut inner.failures)
    });
    let missed: Vec<String> = missed.into_iter().chain(breaches.into_iter().take(20)).collect();
    let text = format!(
        "`{}`: {}; seed {}, {} questions a second. {}\n\n{}",
        command(),
        proof::machine(),
        arguments.seed,
        arguments.rate,
        text.trim_end(),
        proof::held(&missed)
    );
    println!("{text}");
    if arguments.writes {
        proof::write(name, &text).unwrap();
    }
    ExitCode::from(u8::from(!missed.is_empty()))
}

/// Drives the faults; gives the table, and the goals that were missed.
fn drill(stage: &mut Stage, arguments: &Arguments) -> (String, Vec<String>) {
    let mut drill = Drill::new(arguments.only.as_deref());
    stage.start();
    drive::warm_up(stage);
    drill.in_turn(stage);
    let mut round = 0;
    let began = Instant::now();
    let is_time_left = || arguments.at_most.is_none_or(|at_most| began.elapsed() < at_most);
    while stage_total(stage) < arguments.n_questions.unwrap_or_default() && is_time_left() {
        drill.mixed(stage);
        drill.endings(stage, round % TURNED_AWAY_EVERY == 0);
        round += 1;
    }
    if round == 0 {
        drill.endings(stage, false);
    }
    stage.stop();
    // Messages are given up after a while.
    while stage.ledger.n_waiting() > 0 {
        std::thread::sleep(Duration::from_millis(100));
    }
    drill.report(stage)
}

fn stage_total(stage: &Stage) -> u64 {
    report::total(&stage.ledger.tallies().0).asked
}

struct Drill {
    faults: Vec<Fault>,
    rows: Vec<Row>,
    most_growth: Option<(f64, f64)>,
}

impl Drill {
    fn new(only: Option<&str>) -> Self {
        let is_wanted = |name: &str| only.is_none_or(|only| name.contains(only));
        let mut faults = faults::all();
        faults.retain(|fault| is_wanted(fault.name));
        assert!(
            !faults.is_empty(),
            "no fault has `{}` in its name",
            only.unwrap_or_default()
        );
        let row = |part, name| Row {
            part,
            name,
            outcome: Outcome::default(),
        };
        let mut rows: Vec<Row> = faults
            .iter()
            .map(|fault| row(part_name(fault.part), fault.name))
            .collect();
        rows.push(row("mixed", "two at once"));
        rows.extend(endings::FATAL.iter().map(|(_, name)| row("gateway", name)));
        rows.push(row("gateway", endings::TURNED_AWAY));
        Self {
            faults,
            rows,
            most_growth: None,
        }
    }

    fn in_turn(&mut self, stage: &mut Stage) {
        for number in 0..self.faults.len() {
            self.drive(stage, number, &[number]);
        }
    }

    fn mixed(&mut self, stage: &mut Stage) {
        let mut order: Vec<usize> = (0..self.faults.len()).collect();
        stage.dice.shuffle(&mut order);
        for (place, number) in order.iter().copied().enumerate() {
            let other = order[stage.dice.below(order.len())];
            if place % PAIR_EVERY == 0 && self.faults[number].part != self.faults[other].part {
                self.drive(stage, self.faults.len(), &[number, other]);
            } else {
                self.drive(stage, number, &[number]);
            }
        }
    }

    fn drive(&mut self, stage: &mut Stage, row: usize, numbers: &[usize]) {
        let faults: Vec<&Fault> = numbers.iter().map(|number| &self.faults[*number]).collect();
        let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
        drive::live_through(stage, &faults, row + 1, &mut self.rows[row].outcome);
        println!("{names:?}: {:?}, {:?}", self.rows[row].outcome, stage.growth());
        let growth = |(before, now): (f64, f64)| now - before;
        let now = stage.growth();
        if now.map(growth).unwrap_or_default() >= self.most_growth.map(growth).unwrap_or_default() {
            self.most_growth = now;
        }
    }

    fn endings(&mut self, stage: &mut Stage, is_turned_away: bool) {
        let first = self.faults.len() + 1;
        for (place, (code, name)) in endings::FATAL.into_iter().enumerate() {
            let row = first + place;
            endings::close_for_good(stage, code, row + 1, &mut self.rows[row].outcome);
            println!("{name}: {:?}", self.rows[row].outcome);
        }
        if is_turned_away {
            let row = first + endings::FATAL.len();
            endings::turn_away(stage, row + 1, &mut self.rows[row].outcome);
            println!("{}: {:?}", endings::TURNED_AWAY, self.rows[row].outcome);
        }
    }

    fn report(&self, stage: &mut Stage) -> (String, Vec<String>) {
        let (tallies, examples) = stage.ledger.tallies();
        let total = report::total(&tallies);
        let (before, after) = self.most_growth.unwrap_or_default();
        let text = format!(
            "{} questions, by mention, command and button, from 16 servers and 4 direct channels; the bot's memory grew \
             at most from {before:.0} to {after:.0} MiB within its life.\n\n{}",
            total.asked,
            report::table(&self.rows, &tallies)
        );
        let mut missed = std::mem::take(&mut stage.failures);
        missed.extend(examples);
        if total.lost + total.doubled + total.wrong > 0 {
            missed.push(format!("questions: {total:?}"));
        }
        let late = self.rows.iter().filter(|row| row.outcome.n_missed > 0);
        missed.extend(late.map(|row| format!("{}: {}: {:?}", row.part, row.name, row.outcome)));
        if after - before > MAX_GROWTH_MIB {
            missed.push(format!("the memory grew from {before:.1} to {after:.1} MiB"));
        }
        (text, missed)
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Gateway => "gateway",
        Part::Rest => "REST",
        Part::Store => "store",
        Part::Facts => "facts",
        Part::Clock => "clock",
    }
}
