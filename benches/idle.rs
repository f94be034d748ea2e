//! Prints what the program costs while nobody asks: `cargo bench --bench idle [-- --write]`.
//!
//! The program as it is shipped, on the facts that it is shipped with and an SQLite file of its own, against the loopback
//! Discord of the tests: the time from its start until the gateway has let it in, until it has answered a question that
//! waited for it, and its resident memory at rest. Once without anything learnt before, and then as every start after it.
//! The goals, of issue 5, are the latter's: it fails where one is missed. With `--write` the table goes into
//! `docs/PROOF.md`, with the goals and those that were missed.

#[path = "../examples/support/process.rs"]
#[expect(dead_code, reason = "memory only is of use here")]
mod process;
#[path = "../examples/support/proof.rs"]
mod proof;
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the tests' stage, of which this needs the loopback only"
)]
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use support::Loopback;
use support::events::IN_CHANNEL;
use support::state::TOKEN;

/// Starts that are measured.
const N_RUNS: usize = 9;
/// Until nothing of the start is left to do.
const AT_REST_AFTER: Duration = Duration::from_secs(2);
const GOAL_READY: Duration = Duration::from_millis(300);
const GOAL_MEBIBYTES: f64 = 40.0;

/// What one start came to.
struct Run {
    let_in: Duration,
    answered: Duration,
    mebibytes: f64,
}

#[expect(clippy::print_stdout, reason = "it is run for what it prints")]
fn main() -> Result<()> {
    let cache = tempfile::tempdir()?;
    let first = run(cache.path())?;
    let runs = (0..N_RUNS).map(|_| run(cache.path())).collect::<Result<Vec<_>>>()?;
    let later = Run {
        let_in: median(&runs, |run| run.let_in),
        answered: median(&runs, |run| run.answered),
        mebibytes: runs.iter().map(|run| run.mebibytes).fold(0.0, f64::max),
    };
    let missed = later.missed();
    let text = format!("{}\n{}\n\n{}", table(&first, &later), goals(), proof::held(&missed));
    println!("{text}");
    // Cargo puts words of its own beside it.
    if std::env::args().any(|argument| argument == "--write") {
        proof::write("idle", &text)?;
    }
    ensure!(missed.is_empty(), "a goal is missed");
    Ok(())
}

fn table(first: &Run, later: &Run) -> String {
    let row = |name: &str, run: &Run| {
        format!(
            "| {name} | {} | {} | {:.1} |\n",
            run.let_in.as_millis(),
            run.answered.as_millis(),
            run.mebibytes
        )
    };
    let names = [
        "the very first, which learns the facts".to_owned(),
        format!("every one after it, of {N_RUNS}"),
    ];
    format!(
        "{}; the shipped facts, and a question that waits for the bot. Of several starts, times are the medians and memory is the most.\n\n\
         | start | ready, ms | first answer, ms | resident at rest, MiB |\n| --- | --: | --: | --: |\n{}{}",
        proof::machine(),
        row(&names[0], first),
        row(&names[1], later)
    )
}

fn goals() -> String {
    format!(
        "Goals for every start but the very first: ready, which is let in by the gateway with the facts loaded, within {} ms; \
         at most {GOAL_MEBIBYTES:.0} MiB at rest.",
        GOAL_READY.as_millis()
    )
}

impl Run {
    /// The goals that it misses.
    fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        if self.let_in > GOAL_READY {
            missed.push(format!("ready after {} ms", self.let_in.as_millis()));
        }
        if self.mebibytes > GOAL_MEBIBYTES {
            missed.push(format!("{:.1} MiB at rest", self.mebibytes));
        }
        missed
    }
}

fn run(cache: &Path) -> Result<Run> {
    let store = tempfile::tempdir()?;
    let discord = Loopback::start();
    let began = Instant::now();
    let program = Program(start(&discord, store.path(), cache)?);
    discord
        .state()
        .wait("the bot", |inner| (!inner.clients.is_empty()).then_some(()));
    let let_in = began.elapsed();
    let answer = discord.asked(IN_CHANNEL, "What did Kirby say?");
    let answered = began.elapsed();
    ensure!(!answer.is_empty(), "an empty answer");
    std::thread::sleep(AT_REST_AFTER);
    let mebibytes = process::memory(program.0.id(), "VmRSS").context("the system does not say")?;
    Ok(Run {
        let_in,
        answered,
        mebibytes,
    })
}

/// The program while it runs, which is no longer than whoever looks at it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which was noticed already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(discord: &Loopback, folder: &Path, cache: &Path) -> Result<Child> {
    let program = Command::new(env!("CARGO_BIN_EXE_briefing-bot"))
        .arg("run")
        .arg("--knowledge")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"))
        .env_clear()
        .env("DISCORD_TOKEN", TOKEN)
        .env("DISCORD_API_URL", discord.url())
        .env(
            "DATABASE_URL",
            format!("sqlite:{}", folder.join("store.sqlite").display()),
        )
        .env("CACHE_DIR", cache)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    program.context("the program cannot be started")
}

fn median(runs: &[Run], of: impl Fn(&Run) -> Duration) -> Duration {
    let mut values: Vec<Duration> = runs.iter().map(of).collect();
    values.sort_unstable();
    values[values.len() / 2]
}
