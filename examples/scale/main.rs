//! What 100, 1,000, 10,000 and 100,000 facts cost, and whether the right one still wins:
//! `cargo run --release --example scale -- [--write] [--seed N] [N_FACTS…]`.
//!
//! The facts are an invented country's (`world`), written to a folder and read from there as the bot reads them. Each
//! size has a process of its own, so that its memory is its own. With `--write` the table goes into `docs/PROOF.md`,
//! with the goals and those that were missed. Exit status 1 where one was.
#![expect(clippy::print_stdout, reason = "an example prints")]

#[path = "../support/process.rs"]
#[expect(dead_code, reason = "memory only is of use here")]
mod process;
#[path = "../support/proof.rs"]
mod proof;
mod words;
mod world;

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use briefing_bot::answer::{Answer, Conversation, Outcome};
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::parse;
use briefing_bot::knowledge_dir;
use briefing_bot::matching::class::Origin;
use serde::{Deserialize, Serialize};
use world::{Question, World};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const SEED: u64 = 2031;
const N_QUESTIONS: usize = 2_000;
/// Times that each question is asked; the best counts, so that a busy machine does not decide.
const N_RUNS: usize = 3;

/// The goals, for [`GOAL_FACTS`] facts and more.
const GOAL_FACTS: usize = 100_000;
const MAX_LOAD: f64 = 15.0;
const MAX_MIB: f64 = 1_536.0;
const MAX_MEDIAN: f64 = 1_000.0;
const MAX_P99: f64 = 5_000.0;
/// For ten times the facts, the time of matching may grow by less than this.
const MAX_GROWTH: f64 = 5.0;

/// What was measured of one size. Times of matching are microseconds, shares 0 to 1.
#[derive(Debug, Serialize, Deserialize)]
struct Figures {
    n_facts: usize,
    n_phrasings: usize,
    read_seconds: f64,
    learn_seconds: f64,
    peak_mib: f64,
    resident_mib: f64,
    median: f64,
    p99: f64,
    longest: f64,
    answer_median: f64,
    right_first: f64,
    right_said: f64,
    wrong_said: f64,
    gaps_declined: f64,
}

fn main() -> Result<()> {
    let mut sizes = Vec::new();
    let (mut seed, mut is_written, mut one) = (SEED, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => is_written = true,
            "--seed" => seed = arguments.next().context("`--seed` needs a number")?.parse()?,
            "--one" => one = Some(arguments.next().context("`--one` needs a number")?.parse()?),
            // `cargo run` hands over what stands behind `--`; a size.
            size => sizes.push(
                size.replace(['_', ','], "")
                    .parse()
                    .context("a size is a number of facts")?,
            ),
        }
    }
    if let Some(n_facts) = one {
        println!("{}", serde_json::to_string(&measure(seed, n_facts)?)?);
        return Ok(());
    }
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    println!("seed {seed}; {}", proof::machine());
    let figures = sizes.iter().map(|n_facts| measure_apart(seed, *n_facts));
    let figures: Vec<Figures> = figures.collect::<Result<_>>()?;
    let missed = missed(&figures);
    let text = format!("{}\n{}\n\n{}", table(seed, &figures), goals(), proof::held(&missed));
    println!("{text}");
    if is_written {
        proof::write("scale", &text)?;
    }
    ensure!(missed.is_empty(), "a goal was missed");
    Ok(())
}

/// Measures in a process of its own.
fn measure_apart(seed: u64, n_facts: usize) -> Result<Figures> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--seed", &seed.to_string(), "--one", &n_facts.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{n_facts} facts could not be measured: {said}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn measure(seed: u64, n_facts: usize) -> Result<Figures> {
    let world = World::new(seed, n_facts);
    let folder = tempfile::tempdir()?;
    write_files(world, folder.path())?;
    let start = Instant::now();
    let base = {
        let files = knowledge_dir::read(folder.path())?;
        match parse::load(&files) {
            Ok(loaded) => loaded.base,
            Err(problems) => bail!(
                "the facts are not valid:\n{}",
                problems
                    .iter()
                    .map(|one| format!("{one:?}\n"))
                    .take(5)
                    .collect::<String>()
            ),
        }
    };
    let read_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let snapshot = Snapshot::new(base);
    let learn_seconds = start.elapsed().as_secs_f64();
    let peak_mib = process::memory(std::process::id(), "VmHWM").unwrap_or(f64::NAN);
    let questions: Vec<Question> = world.questions(N_QUESTIONS).collect();
    let nothing = Conversation::default();
    let mut matching = best_times(&questions, |text| {
        black_box(snapshot.nearest(text, &nothing, 5));
    });
    let mut answering = best_times(&questions, |text| {
        black_box(snapshot.ask(text, &nothing));
    });
    let quality = Quality::of(&snapshot, &questions);
    let n_phrasings = snapshot.base().facts().map(|(_, fact)| fact.phrasings.len()).sum();
    Ok(Figures {
        n_facts: snapshot.base().n_facts(),
        n_phrasings,
        read_seconds,
        learn_seconds,
        peak_mib,
        resident_mib: process::memory(std::process::id(), "VmRSS").unwrap_or(f64::NAN),
        median: quantile(&mut matching, 0.5),
        p99: quantile(&mut matching, 0.99),
        longest: quantile(&mut matching, 1.0),
        answer_median: quantile(&mut answering, 0.5),
        right_first: share(quality.right_first, questions.len()),
        right_said: share(quality.right_said, quality.of_facts),
        wrong_said: share(quality.wrong_said, questions.len()),
        gaps_declined: share(quality.gaps_declined, questions.len() - quality.of_facts),
    })
}

fn write_files(world: World, folder: &Path) -> Result<()> {
    for (name, text) in world.files() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn best_times(questions: &[Question], mut ask: impl FnMut(&str)) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; questions.len()];
    for _ in 0..N_RUNS {
        for (question, best) in questions.iter().zip(&mut best) {
            let start = Instant::now();
            ask(&question.text);
            *best = start.elapsed().min(*best);
        }
    }
    best
}

/// In microseconds.
fn quantile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 { f64::NAN } else { part as f64 / all as f64 }
}

/// How many of the questions.
#[derive(Debug, Default)]
struct Quality {
    of_facts: usize,
    /// The fact or gap that the question is of is the likeliest.
    right_first: usize,
    /// The fact was said.
    right_said: usize,
    /// A fact was said that the question is not of.
    wrong_said: usize,
    gaps_declined: usize,
}

impl Quality {
    fn of(snapshot: &Snapshot, questions: &[Question]) -> Self {
        let mut quality = Self::default();
        for question in questions {
            let found = snapshot.candidates(&question.text, &Conversation::default());
            let first = found
                .first()
                .and_then(|found| id_of(snapshot, snapshot.matcher().class(found.class).origin));
            quality.right_first += usize::from(first == Some(question.id.as_str()));
            let (answer, _) = snapshot.ask(&question.text, &Conversation::default());
            let said = said(&answer);
            let is_right = said.contains(&question.id.as_str());
            quality.wrong_said += usize::from(!said.is_empty() && !is_right);
            if question.is_gap {
                quality.gaps_declined += usize::from(answer.outcome != Outcome::Answer);
            } else {
                quality.of_facts += 1;
                quality.right_said += usize::from(is_right);
            }
        }
        quality
    }
}

fn id_of(snapshot: &Snapshot, origin: Origin) -> Option<&str> {
    let briefings = &snapshot.base().briefings;
    match origin {
        Origin::Fact(briefing, place) => Some(&briefings.get(briefing)?.facts.get(place)?.id),
        Origin::Gap(briefing, place) => Some(&briefings.get(briefing)?.gaps.get(place)?.id),
    }
}

fn table(seed: u64, figures: &[Figures]) -> String {
    let mut text = format!(
        "Seed {seed}; {}. Times of matching are the best of {N_RUNS} for each of {N_QUESTIONS} questions; none is in a \
         phrasing's words, every fourth has a slip of the finger.\n\n",
        proof::machine()
    );
    text.push_str(
        "| facts | phrasings | read, s | learn, s | at most, MiB | then, MiB | match, median µs | p99 | longest | answer, median µs | right first | right said | wrong said | gaps declined |\n\
         | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for one in figures {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let _ = writeln!(
            text,
            "| {} | {} | {:.2} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {} | {} | {} | {} |",
            one.n_facts,
            one.n_phrasings,
            one.read_seconds,
            one.learn_seconds,
            one.peak_mib,
            one.resident_mib,
            one.median,
            one.p99,
            one.longest,
            one.answer_median,
            percent(one.right_first),
            percent(one.right_said),
            percent(one.wrong_said),
            percent(one.gaps_declined),
        );
    }
    text
}

fn goals() -> String {
    format!(
        "Goals for {GOAL_FACTS} facts and more: read and learned within {MAX_LOAD} s, at most {MAX_MIB} MiB, a match \
         within {MAX_MEDIAN} µs (median) and {MAX_P99} µs (99th percentile). For ten times the facts, a median of less \
         than {MAX_GROWTH} times."
    )
}

/// The goals that were missed.
fn missed(figures: &[Figures]) -> Vec<String> {
    let mut missed = Vec::new();
    for one in figures.iter().filter(|one| one.n_facts >= GOAL_FACTS) {
        let mut at_most = |what: &str, found: f64, goal: f64| {
            if found.is_nan() || found > goal {
                missed.push(format!(
                    "{} facts: {what} is {found:.0}, and may be {goal:.0}",
                    one.n_facts
                ));
            }
        };
        at_most("the load in seconds", one.read_seconds + one.learn_seconds, MAX_LOAD);
        at_most("the memory in MiB", one.peak_mib, MAX_MIB);
        at_most("the median in microseconds", one.median, MAX_MEDIAN);
        at_most("the 99th percentile in microseconds", one.p99, MAX_P99);
    }
    for pair in figures
        .windows(2)
        .filter(|pair| pair[1].n_facts >= 10 * pair[0].n_facts)
    {
        let growth = pair[1].median / pair[0].median;
        if growth.is_nan() || growth >= MAX_GROWTH {
            missed.push(format!(
                "from {} to {} facts the median grows {growth:.1} times",
                pair[0].n_facts, pair[1].n_facts
            ));
        }
    }
    missed
}

/// The facts that an answer says.
fn said(answer: &Answer) -> Vec<&str> {
    match answer.outcome {
        Outcome::Answer => answer.facts.iter().map(|fact| fact.fact.as_str()).collect(),
        _ => Vec::new(),
    }
}
