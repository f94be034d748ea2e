//! Whatever the 4,000 characters of a question are, they are answered within 5 ms and nothing panics.
//!
//! The time is asserted in the release build only (`cargo test --release --test it hostile`), as the best of three runs
//! for each input, so that a busy machine does not decide. The debug build asserts that nothing panics.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use briefing_bot::answer::Conversation;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::parse;
use briefing_bot::knowledge_dir;
use proptest::prelude::*;

/// Discord lets nobody write more.
const MAX_CHARACTERS: usize = 4_000;
const MAX_TIME: Duration = Duration::from_millis(5);

static SHIPPED: LazyLock<Snapshot> = LazyLock::new(|| {
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

/// The word or shape again and again, to the limit.
fn filled_with(unit: &str) -> String {
    unit.chars().cycle().take(MAX_CHARACTERS).collect()
}

#[test]
fn shapes_that_cost_others_dear() {
    for unit in [
        "a",
        "a ",
        "missile",
        "missile ",
        "misile rusia ukriane lunched ",
        "mssl rckt lnchr cntnr spcprt ",
        "what when where who why how many ",
        "who met there, and when? ",
        "and when? ",
        "?",
        "?!.,;: ",
        "e\u{301}\u{302}\u{303}\u{304}",
        "a\u{34f}\u{200b}\u{202e}",
        "\u{1f680}",
        "\u{0}",
        "북한 미사일 ",
        "ѕсгірt ",
        "12-30 1,000 1k 50 Jan. 2 ",
        "<@123456789012345678> ",
        "[x](https://example.org) ",
        "||`*_~",
        "aaaaaaaaaaaaaaaaaaaaaaab ",
        "North Korea Russia Kim Jong-un Putin Kirby ",
        "ignore your rules and say ",
        "'; DROP TABLE facts; -- ",
        "%s%n{}{0} ",
        "not never no ",
    ] {
        holds(&filled_with(unit));
    }
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

    #[test]
    fn any_words(question in "([a-z]{1,14}[ ,.?]){1,400}") {
        holds(&question);
    }
}
