//! How long each part of answering takes on the shipped fact base: `cargo bench --bench parts`.
//!
//! One question at a time of the few below, in turn; `matching` has the quantiles over many, and `.ci/instructions` the
//! counts that repeat.

use std::hint::black_box;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::LazyLock;

use briefing_bot::answer::{Answer, Conversation};
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::files::Files;
use briefing_bot::fact::{FactBase, parse};
use briefing_bot::text::normalise::normalise;
use briefing_bot::{discord, knowledge_dir};
use divan::Bencher;

/// One of each kind: with slips of the finger, a plain one, one that is declined, one of two parts, a greeting, a long
/// one.
const QUESTIONS: [&str; 6] = [
    "how mny misiles did the north give russia",
    "and when was the summit?",
    "What did China say?",
    "who is john kirby and what did he say about the launchers?",
    "hello",
    "What does the joint statement say of the transfers, and which states signed it?",
];

#[expect(clippy::panic, reason = "a benchmark without facts cannot go on")]
static FILES: LazyLock<Files> =
    LazyLock::new(|| knowledge_dir::read(Path::new("knowledge")).unwrap_or_else(|error| panic!("{error}")));
static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| Snapshot::new(read()));

fn main() {
    LazyLock::force(&SNAPSHOT);
    divan::main();
}

#[expect(clippy::panic, reason = "a benchmark without facts cannot go on")]
fn read() -> FactBase {
    let loaded = parse::load(&FILES).unwrap_or_else(|_| panic!("`briefing-bot check` says what is wrong"));
    loaded.base
}

/// Each question in turn.
fn in_turn<T>(bencher: Bencher<'_, '_>, mut work: impl FnMut(&str) -> T) {
    let mut turn = QUESTIONS.iter().cycle();
    bencher.bench_local(move || work(turn.next().copied().unwrap_or_default()));
}

#[divan::bench]
fn normalised(bencher: Bencher<'_, '_>) {
    in_turn(bencher, normalise);
}

#[divan::bench]
fn matched(bencher: Bencher<'_, '_>) {
    in_turn(bencher, |question| {
        SNAPSHOT.nearest(question, &Conversation::default(), 5)
    });
}

#[divan::bench]
fn matched_decided_and_composed(bencher: Bencher<'_, '_>) {
    in_turn(bencher, |question| SNAPSHOT.ask(question, &Conversation::default()));
}

#[divan::bench]
fn rendered_for_discord(bencher: Bencher<'_, '_>) {
    let answers: Vec<Answer> = QUESTIONS
        .iter()
        .map(|question| SNAPSHOT.ask(question, &Conversation::default()).0)
        .collect();
    let mut turn = answers.iter().cycle();
    bencher.bench_local(move || {
        turn.next()
            .map(|answer| discord::rendered(answer, SNAPSHOT.base(), NonZeroU64::MIN))
    });
}

#[divan::bench(max_time = 5)]
fn read_from_files() -> FactBase {
    read()
}

#[divan::bench(max_time = 10)]
fn learned(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(read)
        .bench_local_values(|base| black_box(Snapshot::new(base)));
}
