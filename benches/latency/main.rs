//! How long a member waits for this bot, beside a serenity bot that always says the same: `cargo bench --bench latency`.
//!
//! Both are processes of their own, with the same serenity features and its limiter off, and talk to the same Discord on
//! the loopback. Measured is the time from the event being written to the gateway's socket until the request that carries
//! the answer has arrived; one question at a time. Rounds are paired, so that what else the machine does falls on both.
//! Deliberately absent: the network, and Discord's own time.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod constant;
mod discord;

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use discord::Discord;
use tempfile::TempDir;

/// Paired rounds; the median of their ratios counts.
const N_ROUNDS: usize = 5;
/// Questions of each bot in a round, after some to warm up.
const N_QUESTIONS: usize = 400;
const N_WARM_UP: usize = 50;
/// What was promised: at most so many times the constant bot's time.
const PROMISED_RATIO: f64 = 1.4;
/// How this program is told to be the constant bot.
const CONSTANT: &str = "constant-bot";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == CONSTANT) {
        let url = arguments.get(at + 1).context("the constant bot needs an address")?;
        return constant::run(url);
    }
    let questions = questions(Path::new("tests/data/questions/fit.jsonl"))?;
    let mut ratios = Vec::new();
    println!("median of {N_QUESTIONS} questions a round, in microseconds; one at a time");
    println!("{:>5}  {:>12}  {:>12}  {:>6}", "round", "this bot", "constant", "ratio");
    for round in 1..=N_ROUNDS {
        // Whichever goes first, the other has the warmer machine.
        let (own, constant) = if round % 2 == 0 {
            let constant = measure(&Bot::constant()?, &questions)?;
            (measure(&Bot::own()?, &questions)?, constant)
        } else {
            let own = measure(&Bot::own()?, &questions)?;
            (own, measure(&Bot::constant()?, &questions)?)
        };
        let ratio = own.as_secs_f64() / constant.as_secs_f64();
        println!(
            "{round:>5}  {:>12}  {:>12}  {ratio:>6.2}",
            own.as_micros(),
            constant.as_micros()
        );
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[N_ROUNDS / 2];
    println!("median ratio {median:.2}; promised is {PROMISED_RATIO} at most");
    if median > PROMISED_RATIO {
        bail!("slower than promised");
    }
    Ok(())
}

/// A bot in a process of its own, connected to a Discord of its own.
struct Bot {
    discord: Discord,
    process: Child,
    _folder: TempDir,
}

impl Bot {
    fn own() -> Result<Self> {
        Self::start(|url, folder| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_briefing-bot"));
            let knowledge = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
            command.args(["run", "--knowledge"]).arg(knowledge);
            // Away from any `.env`.
            command.current_dir(folder).env_clear().envs([
                ("DISCORD_TOKEN", discord::TOKEN.to_owned()),
                ("DISCORD_API_URL", url.to_owned()),
                (
                    "DATABASE_URL",
                    format!("sqlite:{}", folder.join("store.sqlite").display()),
                ),
                ("RUST_LOG", "error".to_owned()),
                ("SERVER_RATE", "0".to_owned()),
                ("MEMBER_RATE", "0".to_owned()),
            ]);
            Ok(command)
        })
    }

    fn constant() -> Result<Self> {
        Self::start(|url, _| {
            let mut command = Command::new(std::env::current_exe()?);
            command.args([CONSTANT, url]);
            Ok(command)
        })
    }

    fn start(command: impl FnOnce(&str, &Path) -> Result<Command>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let discord = Discord::start()?;
        let process = command(&discord.url(), folder.path())?.stdin(Stdio::null()).spawn()?;
        let bot = Self {
            discord,
            process,
            _folder: folder,
        };
        bot.discord.wait_until_connected()?;
        Ok(bot)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It has ended already where it could not start.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The median time to an answer.
fn measure(bot: &Bot, questions: &[String]) -> Result<Duration> {
    let mut asked = questions.iter().cycle();
    let mut times = Vec::with_capacity(N_QUESTIONS);
    for number in 0..N_WARM_UP + N_QUESTIONS {
        let question = asked.next().ok_or_else(|| anyhow!("no questions"))?;
        let time = bot.discord.ask(number as u64, question)?;
        if number >= N_WARM_UP {
            times.push(time);
        }
    }
    times.sort_unstable();
    Ok(times[N_QUESTIONS / 2])
}

fn questions(file: &Path) -> Result<Vec<String>> {
    let lines = std::fs::read(file).with_context(|| file.display().to_string())?;
    let question = |line: std::io::Result<String>| {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let question = line["question"].as_str().context("a line without a question")?;
        Ok(question.to_owned())
    };
    lines.lines().map(question).collect()
}
