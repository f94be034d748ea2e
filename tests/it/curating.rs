//! `check`'s curator's eye, `new` and `unanswered`, as programs.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};

use crate::program::{Finished, run, test_file};

/// The program with this knowledge folder; the last `--knowledge` is the one that counts for a global option, so it is
/// given instead of the small fact base.
fn run_in(knowledge: &Path, arguments: &[&str]) -> Finished {
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
        .args(arguments)
        .arg("--knowledge")
        .arg(knowledge)
        .current_dir(test_file(""))
        .env_remove("KNOWLEDGE_DIR")
        .env("CACHE_DIR", "none")
        .env_remove("NO_COLOR")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    Finished {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A copy of the small fact base that may be changed.
fn copy(folder: &Path) {
    for name in ["source.toml", "glossary.toml", "facts/crane.toml", "facts/wall.toml"] {
        let target = folder.join("harbour").join(name);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(test_file("knowledge/harbour").join(name), target).unwrap();
    }
}

#[test]
fn check_says_what_could_be_better_and_still_ends_with_0() {
    let finished = run(&["check"]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    assert!(
        finished
            .stdout
            .contains("thin: 3 phrasings, and 6 at least are advised"),
        "{}",
        finished.stdout
    );
    assert!(
        finished.stdout.contains("left out and asked again, "),
        "{}",
        finished.stdout
    );
    let quick = run(&["check", "--quick"]);
    assert!(!quick.stdout.contains("left out and asked again, "), "{}", quick.stdout);
    assert_eq!(run(&["check", "--quick", "--lost"]).status, Some(2));
}

#[test]
fn check_against_the_article_lists_what_no_fact_covers() {
    let finished = run(&["check", "--quick", "--article", "articles/harbour.jsonl"]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    assert!(
        finished.stdout.contains("`harbour` covers of its article "),
        "{}",
        finished.stdout
    );
    assert!(
        finished.stdout.contains("no fact that cites paragraph "),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_new_briefing_loads_is_not_done_and_can_be_finished() {
    for (name, article, n_paragraphs) in [
        ("clock-tower", "clock-tower.txt", 7),
        ("lantern-night", "lantern-night.txt", 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let article = test_file("articles").join(article);
        let article = article.to_str().unwrap();
        let finished = run_in(folder.path(), &["new", name, "--article", article]);
        assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
        assert!(
            finished.stdout.contains(&format!("`: {n_paragraphs} paragraphs (")),
            "{}",
            finished.stdout
        );

        let checked = run_in(folder.path(), &["check", "--quick", "--article", article]);
        assert_eq!(
            (checked.status, checked.stderr.as_str()),
            (Some(1), ""),
            "{}",
            checked.stdout
        );
        assert!(checked.stdout.contains(", not done: "), "{}", checked.stdout);
        assert!(checked.stdout.contains(": no "), "{}", checked.stdout);

        // One fact is written; the others are still not served.
        let facts = folder.path().join(name).join("facts/claims.toml");
        let text = std::fs::read_to_string(&facts).unwrap();
        let at = text.find("todo = ").unwrap();
        let end = at + text[at..].find('\n').unwrap();
        let written = format!(
            "{}answer = \"A finished answer.\"\nphrasings = [\"Is it finished?\"]{}",
            &text[..at],
            &text[end..]
        );
        std::fs::write(&facts, written).unwrap();
        let exported = run_in(folder.path(), &["export"]);
        assert_eq!(
            (exported.status, exported.stdout.lines().count()),
            (Some(0), 1),
            "{}",
            exported.stderr
        );

        let again = run_in(folder.path(), &["new", name, "--article", article]);
        assert_eq!(again.status, Some(1));
        assert!(
            again.stderr.starts_with("error: there is such a folder already"),
            "{}",
            again.stderr
        );
    }
}

#[test]
fn new_copies_no_sentence_of_the_article() {
    for article in ["clock-tower.txt", "lantern-night.txt", "harbour-works.txt"] {
        let folder = tempfile::tempdir().unwrap();
        let article = test_file("articles").join(article);
        let text = std::fs::read_to_string(&article).unwrap();
        run_in(
            folder.path(),
            &["new", "copied", "--article", article.to_str().unwrap()],
        );
        let mut written = String::new();
        for file in ["facts/claims.toml", "glossary.toml", "synonyms.toml"] {
            written += &std::fs::read_to_string(folder.path().join("copied").join(file)).unwrap();
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        for run in words.windows(9) {
            assert!(!written.contains(&run.join(" ")), "{run:?}");
        }
    }
}

#[test]
fn new_refuses_what_is_no_name_and_no_article() {
    let folder = tempfile::tempdir().unwrap();
    let article = test_file("articles/clock-tower.txt");
    let article = article.to_str().unwrap();
    assert_eq!(
        run_in(folder.path(), &["new", "Clock Tower", "--article", article]).status,
        Some(2)
    );
    assert_eq!(
        run_in(folder.path(), &["new", "../up", "--article", article]).status,
        Some(2)
    );
    let nothing = folder.path().join("nothing.txt");
    std::fs::write(&nothing, "Only a headline\n").unwrap();
    let finished = run_in(
        folder.path(),
        &["new", "nothing", "--article", nothing.to_str().unwrap()],
    );
    assert_eq!(finished.status, Some(1));
    assert!(
        finished.stderr.starts_with("error: no claim was found"),
        "{}",
        finished.stderr
    );
    assert!(!folder.path().join("nothing").exists());
}

#[test]
fn what_got_no_answer_is_grouped_and_a_group_can_be_accepted() {
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path());
    let questions = folder.path().join("asked.txt");
    std::fs::write(
        &questions,
        "Which pub serves the best chowder?\nwhich pub serves the best chowder\nBest chowder in which pub?\nWhere will the old crane be moved?\n",
    )
    .unwrap();
    let questions = questions.to_str().unwrap();
    let listed = run_in(folder.path(), &["unanswered", questions, "--json"]);
    assert_eq!((listed.status, listed.stderr.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(report["answered"], 1);
    let group = &report["groups"][0];
    assert_eq!(group["asked"], 3, "{report}");
    let group = group["group"].as_str().unwrap();

    let file = folder.path().join("harbour/facts/crane.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let shown = run_in(
        folder.path(),
        &["unanswered", questions, "--accept", group, "ferry-runs"],
    );
    assert_eq!((shown.status, shown.stderr.as_str()), (Some(0), ""));
    assert!(
        shown
            .stdout
            .contains("\n+    \"Which pub serves the best chowder?\",\n"),
        "{}",
        shown.stdout
    );
    assert!(
        shown.stdout.contains("example questions get another answer"),
        "{}",
        shown.stdout
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn what_accepting_does_to_labelled_questions_is_said_before_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path());
    let questions = folder.path().join("asked.txt");
    std::fs::write(&questions, "Which pub serves the best chowder?\n").unwrap();
    let questions = questions.to_str().unwrap();
    let listed = run_in(folder.path(), &["unanswered", questions]);
    let group = listed.stdout.split(' ').next().unwrap();
    let file = folder.path().join("harbour/facts/crane.toml");
    let labelled = test_file("questions/harbour.jsonl");
    let arguments = [
        "unanswered",
        questions,
        "--accept",
        group,
        "ferry-runs",
        "--eval",
        labelled.to_str().unwrap(),
        "--write",
    ];
    let written = run_in(folder.path(), &arguments);
    assert!(
        written.stdout.contains("eval: right 4 → 4, wrong 1 → 1, of 6"),
        "{}",
        written.stdout
    );
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(
        after.contains("    \"What happens to the ferry?\",\n    \"Which pub serves the best chowder?\",\n]"),
        "{after}"
    );
    assert_eq!(run_in(folder.path(), &["check", "--quick"]).status, Some(0));
    let listed = run_in(folder.path(), &["unanswered", questions]);
    expect![[r"
        answered by now, which a curator should look at once
          `ferry-runs`  Which pub serves the best chowder?

        0 groups of 0 questions without an answer; 1 are answered by now, 0 were dismissed
    "]]
    .assert_eq(&listed.stdout);
}

#[test]
fn a_group_can_be_drafted_as_a_gap_or_dismissed() {
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path());
    let questions = folder.path().join("asked.txt");
    std::fs::write(&questions, "Which pub serves the best chowder?\n").unwrap();
    let questions = questions.to_str().unwrap();
    let listed = run_in(folder.path(), &["unanswered", questions]);
    let group = listed.stdout.split(' ').next().unwrap();

    let drafted = run_in(folder.path(), &["unanswered", questions, "--gap", group, "--write"]);
    assert_eq!((drafted.status, drafted.stderr.as_str()), (Some(0), ""));
    let checked = run_in(folder.path(), &["check", "--quick"]);
    assert_eq!(checked.status, Some(1));
    assert!(checked.stdout.contains(", not done: 1 to do"), "{}", checked.stdout);

    let shown = run_in(folder.path(), &["unanswered", questions, "--dismiss", group]);
    assert!(shown.stdout.contains("would be dismissed"), "{}", shown.stdout);
    let dismissed = run_in(folder.path(), &["unanswered", questions, "--dismiss", group, "--write"]);
    assert_eq!((dismissed.status, dismissed.stderr.as_str()), (Some(0), ""));
    let kept = std::fs::read_to_string(folder.path().join(".dismissed-questions")).unwrap();
    assert!(!kept.contains("chowder"), "{kept}");
    let listed = run_in(folder.path(), &["unanswered", questions]);
    expect![[r"
        0 groups of 0 questions without an answer; 0 are answered by now, 1 were dismissed
    "]]
    .assert_eq(&listed.stdout);
    let missing = run_in(folder.path(), &["unanswered", questions, "--dismiss", group]);
    assert_eq!(missing.status, Some(1));
    assert!(missing.stderr.starts_with("error: no group `"), "{}", missing.stderr);
}

#[test]
fn the_briefings_that_the_guide_makes_cover_their_articles() {
    let articles = ["clock-tower", "lantern-night"].map(|name| {
        let article = test_file("articles").join(name).with_extension("txt");
        format!("{name}={}", article.display())
    });
    let finished = run_in(
        &test_file("curated"),
        &["check", "--article", &articles[0], "--article", &articles[1]],
    );
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    for kind in [
        "no fact that cites",
        "thin: ",
        "no phrasing of it",
        "is of its day",
        "nothing is said of it",
    ] {
        assert!(!finished.stdout.contains(kind), "{}", finished.stdout);
    }
    assert!(
        finished
            .stdout
            .contains("`clock-tower` covers of its article 6 of 6 numbers"),
        "{}",
        finished.stdout
    );
}

/// A question that was passed on twice, three that were only counted, and a vote.
fn passed_on() -> [briefing_bot::store::Record; 6] {
    use briefing_bot::fact::FactRef;
    use briefing_bot::store::{KeptQuestion, MemberHasher, Rating, Record, Timestamp, Unanswered, Vote};
    let kept = |words: &str| {
        let question = KeptQuestion::new(None, words, Unanswered::Declined, None, 0.1, Timestamp::now());
        Record::Kept(question)
    };
    let ferry = || FactRef {
        briefing: "harbour".to_owned(),
        fact: "ferry-runs".to_owned(),
    };
    let unanswered = |nearest| Record::Unanswered {
        outcome: Unanswered::Declined,
        nearest,
        at: Timestamp::now(),
    };
    [
        kept("Which pub serves the best chowder?"),
        kept("Which pub serves the best chowder?"),
        unanswered(Some(ferry())),
        unanswered(Some(ferry())),
        unanswered(None),
        Record::Voted(Vote {
            member: MemberHasher::new("the key".into()).hash(7),
            fact: ferry(),
            server: None,
            rating: Rating::NotHelpful,
            at: Timestamp::now(),
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_members_passed_on_and_what_is_counted_of_the_rest_is_read_from_the_store() {
    use briefing_bot::store::{SqliteStore, Store};
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path());
    let path = folder.path().join("store.sqlite");
    let store = SqliteStore::new(&path);
    store.write(&passed_on()).await.unwrap();
    store.close().await;
    let listed = |more: &[&str]| {
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
            .arg("unanswered")
            .args(more)
            .arg("--knowledge")
            .arg(folder.path())
            .current_dir(folder.path())
            .env_remove("KNOWLEDGE_DIR")
            .env("CACHE_DIR", "none")
            .env("DATABASE_URL", format!("sqlite:{}", path.display()))
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let report: Value = serde_json::from_str(&listed(&["--json"])).unwrap();
    assert_eq!(report["groups"][0]["asked"], 2, "{report}");
    let expected = json!([
        {"nearest": "harbour/ferry-runs", "suggested": 0, "declined": 2},
        {"nearest": null, "suggested": 0, "declined": 1},
    ]);
    assert_eq!(report["left_open"], expected);
    let expected = json!([{"fact": "harbour/ferry-runs", "helpful": 0, "not_helpful": 1}]);
    assert_eq!(report["votes"], expected);
    let text = listed(&[]);
    for line in [
        "   2 × `harbour/ferry-runs`: 0 with suggestions, 2 without\n",
        "   1 × nothing is near: 0 with suggestions, 1 without\n",
        "  `harbour/ferry-runs`: 0 helped, 1 did not\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
