//! Prints what the program costs while nobody asks: `cargo bench --bench idle`.
//!
//! The program as it is shipped, on the facts that it is shipped with and an SQLite file of its own, against the loopback
//! Discord of the tests: the time from its start until the gateway has let it in, until it has answered a question that
//! waited for it, and its resident memory at rest. Once without anything learnt before, and then as every start after it.
//! The goals, of issue 5, are the latter's: it fails where one is missed.

#[path = "../examples/support/process.rs"]
#[expect(dead_code, reason = "memory only is of use here")]
mod process;
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
    println!(
        "first start, which learns the facts: ready after {} ms, first answer after {} ms, resident at rest {:.1} MiB",
        first.let_in.as_millis(),
        first.answered.as_millis(),
        first.mebibytes
    );
    let runs = (0..N_RUNS).map(|_| run(cache.path())).collect::<Result<Vec<_>>>()?;
    let (let_in, answered) = (median(&runs, |run| run.let_in), median(&runs, |run| run.answered));
    let mebibytes = runs.iter().map(|run| run.mebibytes).fold(0.0, f64::max);
    println!("starts after it: {N_RUNS}");
    println!(
        "ready, which is let in by the gateway with the facts loaded: {} ms (median; goal {} ms)",
        let_in.as_millis(),
        GOAL_READY.as_millis()
    );
    println!(
        "first answer, to a question at that moment: {} ms (median)",
        answered.as_millis()
    );
    println!("resident at rest: {mebibytes:.1} MiB (most; goal {GOAL_MEBIBYTES:.0} MiB)");
    ensure!(let_in <= GOAL_READY && mebibytes <= GOAL_MEBIBYTES, "a goal is missed");
    Ok(())
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
