//! Whatever the 4,000 characters of a question are, they are answered within 5 ms and nothing panics.
//!
//! The time is asserted in an optimised build only (`.ci/optimised cargo test --test it hostile`, or `cargo test --release
//! --test it hostile`), as the best of three runs for each input, so that a busy machine does not decide. The debug build
//! asserts that nothing panics.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use briefing_bot::answer::{Conversation, Outcome};
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::parse;
use briefing_bot::knowledge_dir;
use proptest::prelude::*;

use crate::attacks::{self, MAX_CHARACTERS, SHAPES, filled_with};

const MAX_TIME: Duration = Duration::from_millis(5);

pub(crate) static SHIPPED: LazyLock<Snapshot> = LazyLock::new(|| {
    let files = knowledge_dir::read(std::path::Path::new("knowledge")).unwrap();
    let loaded = parse::load(&files).unwrap_or_else(|_| panic!("`briefing-bot check` says what is wrong"));
    Snapshot::new(loaded.base)
});

#[track_caller]
fn holds(question: &str) {
    let question: String = question.chars().take(MAX_CHARACTERS).collect();
    let ask = || {
        let start = Instant::now();
        let (answer, _) = SHIPPED.ask(&question, &Conversation::default());
        (start.elapsed(), answer)
    };
    // The first question also builds what is built once.
    LazyLock::force(&SHIPPED);
    let runs = [ask(), ask(), ask()];
    assert!(
        runs.iter().all(|(_, answer)| *answer == runs[0].1),
        "same question, same answer"
    );
    if !cfg!(debug_assertions) {
        let best = runs.iter().map(|(time, _)| *time).min().unwrap();
        let beginning: String = question.chars().take(60).collect();
        assert!(best <= MAX_TIME, "{best:?} for a question that begins `{beginning}`");
    }
}

/// Whatever is said of the news is a fact's own text, whole.
#[track_caller]
fn says_only_facts(question: &str) {
    let (answer, _) = SHIPPED.ask(question, &Conversation::default());
    let facts = answer
        .facts
        .iter()
        .map(|fact| &SHIPPED.base().fact(fact).unwrap().answer);
    let facts: Vec<&String> = facts.collect();
    let said = answer.text.unwrap_or_default();
    let rest = facts
        .iter()
        .fold(said.clone(), |rest, fact| rest.replace(fact.as_str(), ""));
    assert_eq!(rest.trim(), "", "{question}: {said}");
}

#[test]
fn shapes_that_cost_others_dear() {
    for unit in SHAPES {
        holds(&filled_with(unit));
    }
}

#[test]
fn no_attack_takes_long_or_panics() {
    for attack in attacks::all() {
        holds(&attack);
        says_only_facts(&attack);
    }
}

/// Attacks that get a fact said although they ask for none: the `rf` of `rm -rf` is read as Russia, again and again.
/// What is said is true, but nobody asked; to be lowered with the matcher, never raised.
const MAX_ANSWERED: usize = 2;

#[test]
fn hardly_an_attack_is_answered() {
    // A question that is none gets an answer, so silence here means something.
    let (answer, _) = SHIPPED.ask("Who is John Kirby?", &Conversation::default());
    assert_eq!(answer.outcome, Outcome::Answer);
    let attacks = attacks::about_nothing();
    assert!(attacks.len() > 250, "{}", attacks.len());
    let mut answered = attacks;
    answered.retain(|attack| SHIPPED.ask(attack, &Conversation::default()).0.outcome == Outcome::Answer);
    assert!(answered.len() <= MAX_ANSWERED, "{answered:#?}");
}

#[test]
fn thousands_of_different_slips() {
    // Every word another one, none of them spelled right.
    let words = [
        "missiles",
        "launchers",
        "containers",
        "resolutions",
        "diplomats",
        "escalation",
    ];
    let mut text = String::new();
    let mut turn = 0_usize;
    while text.len() < MAX_CHARACTERS {
        let mut letters: Vec<char> = words[turn % words.len()].chars().collect();
        let place = turn / words.len() % (letters.len() - 1);
        letters.swap(place, place + 1);
        let extra = char::from(b'a' + (turn % 26) as u8);
        letters.insert(turn / 3 % letters.len(), extra);
        text.extend(letters);
        text.push(' ');
        turn += 1;
    }
    holds(&text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text(question in proptest::collection::vec(any::<char>(), 0..MAX_CHARACTERS)) {
        holds(&question.into_iter().collect::<String>());
    }

    /// Attacks glued together in any order, with words of the briefing between.
    #[test]
    fn any_mixture_of_attacks(pieces in proptest::collection::vec(proptest::sample::select(attacks::about_nothing()), 1..30)) {
        let question = pieces.join(" missiles ");
        holds(&question);
        says_only_facts(&question);
    }

    #[test]
    fn any_words(question in "([a-z]{1,14}[ ,.?]){1,400}") {
        holds(&question);
    }
}
