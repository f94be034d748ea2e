//! How many questions a second the bot answers, and how long each takes:
//! `cargo build --release && cargo run --release --example load -- [--write] [--seconds N] [--rate N] [--questions N]`.
//!
//! The real program with its store on and its metrics scraped, against a Discord on the loopback, in steps to saturation;
//! then a bot on the same library that says one line to everything, in the same way. Questions come by mention, slash
//! command and button in turn, from 500 servers. Both share the machine with the one who asks, so their figures are to be
//! compared with each other. `--rate` tries one rate only, for a profiler to look at. `--questions` asks the bot so many
//! at that rate, and looks at its memory all the while. With `--write` the table goes into `docs/PROOF.md`, with the goals
//! and those that were missed. Exit status 1 where one was.
#![expect(clippy::print_stdout, reason = "an example prints")]

mod constant;
mod discord;
#[path = "../../tests/it/support/events.rs"]
#[expect(dead_code, clippy::expect_used, reason = "the tests', which use the rest of it")]
mod events;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/proof.rs"]
mod proof;

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use briefing_bot::fact::parse;
use briefing_bot::{eval, knowledge_dir};
use discord::{Answered, Discord};
use events::{BOT, Place};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

const TOKEN: &str = "load.of.questions";
const N_SERVERS: u64 = 500;
const SECONDS: u64 = 4;
/// The first rate, and by how much each is above the one before it.
const FIRST_RATE: f64 = 250.0;
const STEP: f64 = 1.35;
/// How often the bot's metrics are asked for: more often than anybody's Prometheus does.
const SCRAPED_EVERY: Duration = Duration::from_secs(1);
/// Answers that come later than this are counted as lost.
const PATIENCE: Duration = Duration::from_secs(3);
/// A rate is kept up with where so many of its answers come within it.
const KEPT_UP: f64 = 0.97;
/// How often the way between the last rate that was kept up with and the first that was not is halved: the rate of
/// saturation is known to within a fifteenth.
const N_HALVED: usize = 2;
/// Where many questions are asked: how many a second unless told otherwise, and in how many parts, after each of which the
/// memory is looked at.
const STEADY_RATE: f64 = 1000.0;
const N_PARTS: u64 = 10;
/// The goals.
const MIN_SHARE: f64 = 0.5;
const MAX_SLOWER: f64 = 1.5;
/// How much more memory the bot may hold after the last part than after the second, in MiB: what it remembers of members,
/// conversations and answers is full after some 20,000 of each.
const MAX_GROWTH: f64 = 4.0;

/// What came of one rate. Times are milliseconds.
#[derive(Debug, Clone)]
struct Step {
    asked: f64,
    answered: f64,
    n_lost: usize,
    median: f64,
    p99: f64,
    longest: f64,
    /// Microseconds of the processor for each answer.
    processor: f64,
    mib: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if let Some(url) = value("--constant") {
        return runtime.block_on(constant::run(url, TOKEN));
    }
    let seconds = value("--seconds").map_or(Ok(SECONDS), |text| text.parse())?;
    let questions = Questions::read()?;
    let rate = value("--rate").map(|text| text.parse()).transpose()?;
    let (section, text, missed) = if let Some(many) = value("--questions") {
        let rate = rate.unwrap_or(STEADY_RATE);
        let (text, missed) = runtime.block_on(ask_many(&questions, many.parse()?, rate))?;
        ("many", text, missed)
    } else if let Some(rate) = rate {
        return runtime.block_on(try_one(&questions, rate, seconds));
    } else {
        let (table, missed) = runtime.block_on(measure(&questions, seconds))?;
        ("load", format!("{table}\n{}", goals()), missed)
    };
    let text = format!("{text}\n\n{}", proof::held(&missed));
    println!("{text}");
    if arguments.iter().any(|argument| argument == "--write") {
        proof::write(section, &text)?;
    }
    ensure!(missed.is_empty(), "a goal was missed");
    Ok(())
}

/// Asks so many questions at a steady rate: a sentence of what came of them, and the goals that were missed.
async fn ask_many(questions: &Questions, n_questions: u64, rate: f64) -> Result<(String, Vec<String>)> {
    let folder = tempfile::tempdir()?;
    let bot = Contender::real(folder.path()).await?;
    let seconds = (n_questions as f64 / N_PARTS as f64 / rate).ceil() as u64;
    let (mut memory, mut n_asked, mut n_lost) = (Vec::new(), 0, 0);
    for part in 0..N_PARTS {
        let step = bot
            .at_from(questions, part * n_questions / N_PARTS, rate, seconds)
            .await?;
        n_asked += (rate * seconds as f64) as u64;
        n_lost += step.n_lost;
        println!("{n_asked} asked, {n_lost} lost, {:.1} MiB", step.mib);
        memory.push(step.mib);
    }
    let (second, last) = (memory[1], memory[memory.len() - 1]);
    let listed: Vec<String> = memory.iter().map(|mib| format!("{mib:.1}")).collect();
    let n_doubled = bot.discord.n_doubled();
    let text = format!(
        "{}; {n_asked} questions at {rate:.0} a second by mention, command and button, each of another member: {n_lost} \
         lost, {n_doubled} answered twice. Resident memory after each tenth of them: {} MiB.\n\nGoals: none lost, none \
         answered twice, and after the last at most {MAX_GROWTH} MiB more than after two tenths.",
        proof::machine(),
        listed.join(", ")
    );
    let mut missed = Vec::new();
    if n_lost > 0 || n_doubled > 0 {
        missed.push(format!("{n_lost} were lost and {n_doubled} answered twice"));
    }
    if last > second + MAX_GROWTH {
        missed.push(format!("from {second:.1} to {last:.1} MiB"));
    }
    Ok((text, missed))
}

/// One rate for each of the two, printed as it comes.
async fn try_one(questions: &Questions, rate: f64, seconds: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for contender in [Contender::real(folder.path()).await?, Contender::constant().await?] {
        contender.at(questions, rate, 1).await?;
        println!(
            "process {}: {:?}",
            contender.child.id(),
            contender.at(questions, rate, seconds).await?
        );
    }
    Ok(())
}

/// The table, and the goals that were missed.
async fn measure(questions: &Questions, seconds: u64) -> Result<(String, Vec<String>)> {
    let folder = tempfile::tempdir()?;
    let bot = Contender::real(folder.path()).await?;
    let steps = bot.to_saturation(questions, seconds).await?;
    let best = best_rate(&steps);
    let half = bot.at(questions, best / 2.0, seconds).await?;
    let n_doubled = bot.discord.n_doubled();
    ensure!(bot.is_scraped(), "the bot's metrics could not be had");
    drop(bot);
    let other = Contender::constant().await?;
    let other_steps = other.to_saturation(questions, seconds).await?;
    let other_best = best_rate(&other_steps);
    let other_half = other.at(questions, best / 2.0, seconds).await?;
    let mut text = format!(
        "{}; store on, metrics scraped every second, {N_SERVERS} servers, {seconds} s a step. The bot answers {best:.0} questions a second, \
         the other {other_best:.0} ({:.0} %); at {:.0} a second their 99th percentiles are {:.2} ms and {:.2} ms.\n\n\
         | bot | asked a second | answered | lost | median, ms | p99, ms | longest, ms | processor for each, µs | MiB |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        proof::machine(),
        100.0 * best / other_best,
        best / 2.0,
        half.p99,
        other_half.p99,
    );
    for (name, steps, half) in [("briefing-bot", &steps, &half), ("one line", &other_steps, &other_half)] {
        for step in steps.iter().chain([half]) {
            let _ = writeln!(
                text,
                "| {name} | {:.0} | {:.0} | {} | {:.2} | {:.2} | {:.1} | {:.0} | {:.0} |",
                step.asked, step.answered, step.n_lost, step.median, step.p99, step.longest, step.processor, step.mib
            );
        }
    }
    let mut missed = Vec::new();
    for (name, n_doubled) in [("bot", n_doubled), ("other", other.discord.n_doubled())] {
        if n_doubled > 0 {
            missed.push(format!("the {name} gave {n_doubled} second answers"));
        }
    }
    if best < MIN_SHARE * other_best {
        missed.push(format!(
            "{best:.0} answers a second are less than half of {other_best:.0}"
        ));
    }
    if half.p99 > MAX_SLOWER * other_half.p99 {
        missed.push(format!(
            "at half the rate, {:.2} ms are more than half as slow again as {:.2} ms",
            half.p99, other_half.p99
        ));
    }
    Ok((text, missed))
}

fn goals() -> String {
    format!(
        "Goals: at least {:.0} % of the other's rate, a 99th percentile of at most {MAX_SLOWER} times the other's at \
         half of the bot's rate, and no answer twice.",
        100.0 * MIN_SHARE
    )
}

impl Step {
    fn keeps_up(&self) -> bool {
        self.answered >= KEPT_UP * self.asked && self.n_lost == 0
    }
}

/// The highest rate that was kept up with.
fn best_rate(steps: &[Step]) -> f64 {
    let kept_up = steps.iter().filter(|step| step.keeps_up());
    kept_up.map(|step| step.answered).fold(0.0, f64::max)
}

/// What is asked.
struct Questions {
    words: Vec<String>,
    custom_id: String,
}

impl Questions {
    fn read() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(root.join("tests/data/questions/fit.jsonl"))?;
        let parsed = eval::parse::parse(&text).map_err(|_| anyhow!("the questions hold a bad line"))?;
        let turns = parsed.into_iter().flat_map(|conversation| conversation.turns);
        let files = knowledge_dir::read(&root.join("knowledge"))?;
        let loaded = parse::load(&files).map_err(|_| anyhow!("`briefing-bot check` says what is wrong"))?;
        let (briefing, fact) = loaded.base.facts().next().context("there is a fact")?;
        Ok(Self {
            words: turns.map(|turn| turn.question).collect(),
            custom_id: format!("1:t:00000000:{}:{}/{}", Self::member(2), briefing.id, fact.id),
        })
    }

    /// Each question is another member's.
    fn member(number: u64) -> u64 {
        1_000 + number
    }

    fn ask(&self, discord: &Discord, number: u64) {
        let place = Place {
            user: Self::member(number),
            channel: 200_000 + number % N_SERVERS,
            guild: Some(100_000 + number % N_SERVERS),
            permissions: 1 << 11,
        };
        let words = &self.words[number as usize % self.words.len()];
        match number % 3 {
            0 => discord.ask("MESSAGE_CREATE", |id| {
                events::message(id, place, &format!("<@{BOT}> {words}"))
            }),
            1 => {
                let options = json!([{"name": "question", "type": 3, "value": words}]);
                discord.ask("INTERACTION_CREATE", |id| events::command(id, place, "ask", &options));
            }
            _ => {
                let on: Value = events::message(5, place.by(BOT), "Did you mean this?");
                discord.ask("INTERACTION_CREATE", |id| {
                    events::press(id, place, &self.custom_id, &on)
                });
            }
        }
    }
}

/// A bot as a process of its own, with a Discord of its own.
struct Contender {
    discord: Discord,
    child: Child,
    scrapes: Option<Scrapes>,
}

/// Asks for a bot's metrics, as Prometheus does.
struct Scrapes {
    n_answered: Arc<AtomicUsize>,
    asking: JoinHandle<()>,
}

impl Scrapes {
    fn of(address: SocketAddr) -> Result<Self> {
        let n_answered = Arc::new(AtomicUsize::new(0));
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let asking = tokio::spawn({
            let n_answered = Arc::clone(&n_answered);
            async move {
                let mut moments = tokio::time::interval(SCRAPED_EVERY);
                loop {
                    moments.tick().await;
                    let response = client.get(format!("http://{address}/metrics")).send().await;
                    if let Ok(response) = response.and_then(reqwest::Response::error_for_status)
                        && response.bytes().await.is_ok()
                    {
                        n_answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        });
        Ok(Self { n_answered, asking })
    }
}

impl Contender {
    async fn real(folder: &Path) -> Result<Self> {
        let program = program()?;
        // Free a moment ago; where it no longer is, the bot says so and ends.
        let health = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let discord = Discord::start().await?;
        let child = Command::new(&program)
            .args(["run", "--knowledge"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"))
            .current_dir(folder)
            .env_clear()
            .env("DISCORD_TOKEN", TOKEN)
            .env("DISCORD_API_URL", discord.url())
            .env(
                "DATABASE_URL",
                format!("sqlite:{}", folder.join("store.sqlite").display()),
            )
            .env("HTTP_LISTEN", health.to_string())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        let mut contender = Self::ready(discord, child).await?;
        contender.scrapes = Some(Scrapes::of(health)?);
        Ok(contender)
    }

    async fn constant() -> Result<Self> {
        let discord = Discord::start().await?;
        let child = Command::new(std::env::current_exe()?)
            .args(["--constant", &discord.url()])
            .stdin(Stdio::null())
            .spawn()?;
        Self::ready(discord, child).await
    }

    async fn ready(discord: Discord, child: Child) -> Result<Self> {
        let contender = Self {
            discord,
            child,
            scrapes: None,
        };
        contender.discord.connected(Duration::from_mins(1)).await?;
        // The commands are written after the connection stands.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(contender)
    }

    /// One rate after the other, until it is no longer kept up with; then nearer to the last that was.
    async fn to_saturation(&self, questions: &Questions, seconds: u64) -> Result<Vec<Step>> {
        // Connections are opened, and pages touched, before anything counts.
        self.at(questions, FIRST_RATE, 1).await?;
        let mut steps: Vec<Step> = Vec::new();
        let (mut rate, mut factor, mut n_halved) = (FIRST_RATE, STEP, 0);
        loop {
            let step = self.at(questions, rate, seconds).await?;
            let keeps_up = step.keeps_up();
            steps.push(step);
            if !keeps_up || n_halved > 0 {
                if n_halved == N_HALVED {
                    return Ok(steps);
                }
                n_halved += 1;
                factor = factor.sqrt();
            }
            rate *= if keeps_up { factor } else { 1.0 / factor };
        }
    }

    /// Asks the first questions at a rate.
    async fn at(&self, questions: &Questions, rate: f64, seconds: u64) -> Result<Step> {
        self.at_from(questions, 0, rate, seconds).await
    }

    /// Asks the questions from this one on at a rate.
    async fn at_from(&self, questions: &Questions, first: u64, rate: f64, seconds: u64) -> Result<Step> {
        let n_questions = (rate * seconds as f64) as u64;
        let began = Instant::now();
        let processor = self.processor_seconds()?;
        for number in 0..n_questions {
            let due = Duration::from_secs_f64(number as f64 / rate);
            if let Some(early) = due.checked_sub(began.elapsed()).filter(|early| early.as_micros() > 500) {
                tokio::time::sleep(early).await;
            }
            questions.ask(&self.discord, first + number);
        }
        let deadline = Instant::now() + PATIENCE;
        while self.discord.n_open() > 0 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let taken = self.discord.take();
        let is_in_time = |answer: &&Answered| answer.took <= PATIENCE;
        let in_time: Vec<&Answered> = taken.answers.iter().filter(is_in_time).collect();
        let last = in_time.iter().map(|answer| answer.at).max();
        let last = last.with_context(|| format!("no answer in time at {rate:.0} questions a second"))?;
        // Not until now, since what was lost is waited for; nor less than the asking takes.
        let elapsed = last.saturating_duration_since(began).as_secs_f64();
        let elapsed = elapsed.max(n_questions as f64 / rate);
        let mut times: Vec<Duration> = in_time.iter().map(|answer| answer.took).collect();
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        Ok(Step {
            asked: rate,
            answered: times.len() as f64 / elapsed,
            n_lost: taken.n_given_up + taken.answers.len() - in_time.len(),
            median: at(0.5),
            p99: at(0.99),
            longest: at(1.0),
            processor: 1e6 * (self.processor_seconds()? - processor) / times.len() as f64,
            mib: process::memory(self.child.id(), "VmRSS").unwrap_or(f64::NAN),
        })
    }

    /// Whether its metrics were had, at least once.
    fn is_scraped(&self) -> bool {
        let is_answered = |scrapes: &Scrapes| scrapes.n_answered.load(Ordering::Relaxed) > 0;
        self.scrapes.as_ref().is_some_and(is_answered)
    }

    /// Seconds of the processor that it has used.
    fn processor_seconds(&self) -> Result<f64> {
        process::processor_seconds(self.child.id()).context("the system does not say what a process has used")
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        if let Some(scrapes) = &self.scrapes {
            scrapes.asking.abort();
        }
        // It may have ended by itself, which was noticed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program beside this example.
fn program() -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this
        .parent()
        .and_then(Path::parent)
        .context("an example is in a folder of its own")?;
    let program = folder.join("briefing-bot");
    ensure!(
        is_current(&program),
        "`{}` is not there, or not made of these sources as they are now\nhint: cargo build --release",
        program.display()
    );
    Ok(program)
}

/// Whether the program was built here, and nothing that it is made of has changed since: cargo builds it for tests, and
/// not for examples. The example's own age does not tell, since it is linked after the program.
fn is_current(program: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    // Cargo lists what a program is made of beside it, as `make` reads it: a space within a path has a `\` before it.
    let Ok(listed) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let Some((_, listed)) = listed.split_once(": ") else {
        return false;
    };
    let files = listed.replace("\\ ", "\0");
    let files: Vec<PathBuf> = files
        .split_whitespace()
        .map(|file| PathBuf::from(file.replace('\0', " ")))
        .collect();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
    // What is gone has changed as well.
    let is_older = |file: &PathBuf| changed(file).is_some_and(|changed_at| Some(changed_at) <= changed(program));
    files.contains(&own) && files.iter().all(is_older)
}
