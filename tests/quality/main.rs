//! How well the shipped facts answer the exam, asked in this process: a test program of its own, so that `cargo mutants`
//! need not build the whole-program tests to see whether a fault in the decision makes answers worse.
//!
//! The bounds lie a few questions below what is reached (`docs/EVAL.md`), since an edit of the facts moves that many.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::path::Path;
use std::sync::LazyLock;

use briefing_bot::engine::Snapshot;
use briefing_bot::eval::{Run, Verdict, parse};
use briefing_bot::fact::parse as facts;
use briefing_bot::knowledge_dir;

static SHIPPED: LazyLock<Snapshot> = LazyLock::new(|| {
    let files = knowledge_dir::read(Path::new("knowledge")).unwrap();
    let loaded = facts::load(&files).unwrap_or_else(|_| panic!("`briefing-bot check` says what is wrong"));
    Snapshot::new(loaded.base)
});

/// Asks a labelled file; right and wrong answers in a thousand.
fn shares(file: &str) -> (f64, f64) {
    let text = std::fs::read_to_string(Path::new("tests/data/questions").join(file)).unwrap();
    let conversations = parse::parse(&text).unwrap();
    let run = Run::of(conversations, |question, conversation| {
        SHIPPED.ask(question, conversation)
    });
    let total = run.total();
    assert!(total.n_questions() > 100, "{file} has hardly any questions");
    let in_a_thousand = |verdict| 1000.0 * total.share(verdict).unwrap();
    (in_a_thousand(Verdict::Right), in_a_thousand(Verdict::Wrong))
}

#[track_caller]
fn reaches(file: &str, least_right: f64, most_wrong: f64) {
    let (right, wrong) = shares(file);
    assert!(
        right >= least_right && wrong <= most_wrong,
        "{file}: {right:.0} right (at least {least_right}), {wrong:.0} wrong (at most {most_wrong}) in a thousand"
    );
}

#[test]
fn questions_are_answered_right() {
    reaches("exam.jsonl", 930.0, 22.0);
}

#[test]
fn dialogues_are_answered_right() {
    reaches("exam-dialogues.jsonl", 885.0, 45.0);
}
