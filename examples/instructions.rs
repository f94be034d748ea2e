//! A fixed amount of each kind of work, for `.ci/instructions`, which counts the instructions it takes.
//!
//! The work is over an invented fact base (`scale/world.rs`), so that no curator's edit changes the counts, only the
//! program does. Each kind is one function that is not inlined, so that callgrind can tell them apart by name; what is
//! counted is what happens within them. Deliberately absent: time.
#![expect(clippy::print_stdout, reason = "an example prints")]

#[path = "scale/words.rs"]
mod words;
#[path = "scale/world.rs"]
#[expect(dead_code, reason = "what answers a question is of no use here")]
mod world;

use std::hint::black_box;
use std::num::NonZeroU64;

use anyhow::{Result, anyhow, ensure};
use briefing_bot::answer::{Answer, Conversation, Outcome};
use briefing_bot::discord;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::files::{Content, File, Files, Folder};
use briefing_bot::fact::{FactBase, parse};
use briefing_bot::text::normalise::normalise;
use world::World;

const SEED: u64 = 2031;
const N_FACTS: usize = 300;
const N_QUESTIONS: usize = 200;
/// Questions that are answered with facts: where fewer were, declining would be counted, which is less work.
const MIN_ANSWERED: usize = N_QUESTIONS / 2;

fn main() -> Result<()> {
    let world = World::new(SEED, N_FACTS);
    let files = files(world);
    let questions: Vec<String> = world.questions(N_QUESTIONS).map(|question| question.text).collect();
    let base = counted_read(&files)?;
    let snapshot = counted_learn(base);
    counted_normalise(&questions);
    counted_match(&snapshot, &questions);
    let answers = counted_answer(&snapshot, &questions);
    let n_answered = answers
        .iter()
        .filter(|answer| answer.outcome == Outcome::Answer)
        .count();
    ensure!(
        n_answered >= MIN_ANSWERED,
        "only {n_answered} of {N_QUESTIONS} questions are answered: the counts would be of other work"
    );
    let n_bytes = counted_render(&snapshot, &answers)?;
    println!("vectors: {}", vectors());
    println!(
        "{} facts, {} questions, {n_answered} answered, {n_bytes} bytes of answers",
        snapshot.base().n_facts(),
        questions.len()
    );
    Ok(())
}

/// The registers that the vector loops take here, as far as counts differ by them.
fn vectors() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        return if is_x86_feature_detected!("avx512f") {
            "avx512"
        } else {
            "avx2"
        };
    }
    std::env::consts::ARCH
}

/// The world's files in memory, as the reader of folders gives them.
fn files(world: World) -> Files {
    let files = world.files().map(|(name, text)| File {
        name: name.trim_start_matches("towns/").to_owned(),
        content: Content::Bytes(text.into_bytes()),
    });
    let mut files: Vec<File> = files.collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Files {
        root: "knowledge".to_owned(),
        folders: vec![Folder {
            briefing: "towns".to_owned(),
            files,
        }],
        stray: Vec::new(),
    }
}

#[inline(never)]
fn counted_read(files: &Files) -> Result<FactBase> {
    let loaded = parse::load(files).map_err(|_| anyhow!("the invented facts are not valid"))?;
    Ok(loaded.base)
}

#[inline(never)]
fn counted_learn(base: FactBase) -> Snapshot {
    Snapshot::new(base)
}

#[inline(never)]
fn counted_normalise(questions: &[String]) {
    for question in questions {
        black_box(normalise(question));
    }
}

#[inline(never)]
fn counted_match(snapshot: &Snapshot, questions: &[String]) {
    for question in questions {
        black_box(snapshot.nearest(question, &Conversation::default(), 5));
    }
}

#[inline(never)]
fn counted_answer(snapshot: &Snapshot, questions: &[String]) -> Vec<Answer> {
    let answers = questions
        .iter()
        .map(|question| snapshot.ask(question, &Conversation::default()).0);
    answers.collect()
}

#[inline(never)]
fn counted_render(snapshot: &Snapshot, answers: &[Answer]) -> Result<usize> {
    let mut n_bytes = 0;
    for answer in answers {
        n_bytes += discord::rendered(answer, snapshot.base(), NonZeroU64::MIN)?.len();
    }
    Ok(n_bytes)
}
