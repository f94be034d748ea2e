//! How long a question takes on the shipped fact base, beside a plain scan with `strsim`'s Jaro-Winkler over the same
//! phrasings in the same run: `cargo bench --bench matching`.
//!
//! Every question of two of the project's own sets, `fit.jsonl` and `exam.jsonl`, is asked several times and its best
//! time is kept, so that what is measured is the program and not what else the machine does; the quantiles are over
//! questions. Deliberately absent: a framework; those time one function again and again, and what counts here is the
//! slowest of many different questions.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use briefing_bot::answer::Conversation;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::{FactBase, parse};
use briefing_bot::{eval, knowledge_dir};

const QUESTION_FILES: [&str; 2] = ["tests/data/questions/fit.jsonl", "tests/data/questions/exam.jsonl"];
/// Times that each question is asked of the bot, and of the much slower scan.
const N_RUNS: usize = 7;
const N_RUNS_OF_SCAN: usize = 2;
/// Every how manieth question is asked of the scan.
const EVERY: usize = 10;

fn main() -> Result<()> {
    let start = Instant::now();
    let base = load(Path::new("knowledge"))?;
    let read_time = start.elapsed();
    let phrasings: Vec<String> = base
        .briefings
        .iter()
        .flat_map(|briefing| {
            let facts = briefing.facts.iter().flat_map(|fact| &fact.phrasings);
            facts.chain(briefing.gaps.iter().flat_map(|gap| &gap.phrasings))
        })
        .map(str::to_lowercase)
        .collect();
    let start = Instant::now();
    let snapshot = Snapshot::new(base);
    let learn_time = start.elapsed();
    let questions = questions()?;
    let nothing = Conversation::default();
    let mut matching = best_times(&questions, N_RUNS, |question| {
        black_box(snapshot.nearest(question, &nothing, 5));
    });
    let mut answering = best_times(&questions, N_RUNS, |question| {
        black_box(snapshot.ask(question, &nothing));
    });
    let few: Vec<String> = questions.iter().step_by(EVERY).cloned().collect();
    let mut scan = best_times(&few, N_RUNS_OF_SCAN, |question| {
        let question = question.to_lowercase();
        let scores = phrasings
            .iter()
            .map(|phrasing| strsim::jaro_winkler(&question, phrasing));
        black_box(scores.fold(0.0, f64::max));
    });
    println!(
        "{} questions, {} phrasings; read in {} ms, learned in {} ms",
        questions.len(),
        phrasings.len(),
        read_time.as_millis(),
        learn_time.as_millis()
    );
    println!(
        "{:<34}{:>12}{:>12}{:>12}",
        "microseconds a question", "median", "p99", "longest"
    );
    let matching_median = print_row("match", &mut matching);
    print_row("match, decide and compose", &mut answering);
    let scan_median = print_row("strsim Jaro-Winkler scan", &mut scan);
    println!(
        "the scan takes {:.0} times as long as matching",
        scan_median / matching_median
    );
    Ok(())
}

fn load(path: &Path) -> Result<FactBase> {
    let files = knowledge_dir::read(path)?;
    let loaded = parse::load(&files).map_err(|_| anyhow!("`briefing-bot check` says what is wrong"))?;
    Ok(loaded.base)
}

fn questions() -> Result<Vec<String>> {
    let mut questions = Vec::new();
    for file in QUESTION_FILES {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{file}`"))?;
        let parsed = eval::parse::parse(&text).map_err(|_| anyhow!("`{file}` holds a bad line"))?;
        questions.extend(
            parsed
                .into_iter()
                .flat_map(|conversation| conversation.turns)
                .map(|turn| turn.question),
        );
    }
    Ok(questions)
}

/// The best time of each question.
fn best_times(questions: &[String], n_runs: usize, mut ask: impl FnMut(&str)) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; questions.len()];
    for _ in 0..n_runs {
        for (question, best) in questions.iter().zip(&mut best) {
            let start = Instant::now();
            ask(question);
            *best = start.elapsed().min(*best);
        }
    }
    best
}

/// Prints a row of the table; gives the median.
fn print_row(name: &str, times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    println!("{name:<34}{:>12.1}{:>12.1}{:>12.1}", at(0.5), at(0.99), at(1.0));
    at(0.5)
}
