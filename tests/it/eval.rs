//! `eval`: scores, gates and refusals of the real program.

use expect_test::expect;
use serde_json::{Value, json};

use crate::program::{run, run_with_closed_output, run_with_input};

const QUESTIONS: &str = "questions/harbour.jsonl";

#[test]
fn a_report_lists_failures_wrong_first_and_counts_by_category() {
    let finished = run(&["eval", QUESTIONS]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let places: Vec<_> = [
        "wrong  h2 (direct",
        "silent h4 (mislabelled",
        "calibration error",
        "\n all ",
    ]
    .iter()
    .map(|part| {
        finished
            .stdout
            .find(part)
            .unwrap_or_else(|| panic!("no `{part}` in {}", finished.stdout))
    })
    .collect();
    assert!(places.is_sorted(), "{}", finished.stdout);
    assert!(
        finished.stdout.contains("because  says none of `west pier`"),
        "{}",
        finished.stdout
    );
    let counts: Vec<_> = finished
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with(" category"))
        .collect();
    expect![[r#"
         category       questions   right   wrong   helped   silent   right %   wrong %
        ────────────────────────────────────────────────────────────────────────────────
         direct                 2       1       1        0        0    50.0 %    50.0 %
         unanswerable           1       1       0        0        0   100.0 %     0.0 %
         mislabelled            1       0       0        0        1     0.0 %     0.0 %
         dialogue               2       2       0        0        0   100.0 %     0.0 %
         all                    6       4       1        0        1    66.7 %    16.7 %"#]]
    .assert_eq(&counts.join("\n"));
}

#[test]
fn a_report_as_json_has_the_same_counts() {
    let finished = run(&["eval", "--json", "--min-right", "0.5", QUESTIONS, QUESTIONS]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&finished.stdout).unwrap();
    let total = &report["total"];
    let counts = ["questions", "right", "wrong", "helped", "silent"].map(|key| total[key].as_u64().unwrap());
    assert_eq!(counts, [12, 8, 2, 0, 2]);
    assert_eq!(total["share_right"], 8.0 / 12.0);
    assert_eq!(report["failures"][0]["id"], "h2");
    assert_eq!(report["failures"][0]["paragraphs"], json!([3, "caption"]));
    assert_eq!(report["reliability"]["bands"].as_array().unwrap().len(), 10);
    assert_eq!(
        report["gate"],
        json!({"min_right": 0.5, "max_wrong": null, "passed": true})
    );
}

#[test]
fn a_gate_that_is_not_met_ends_with_status_1_and_says_why() {
    let finished = run(&["eval", "--min-right", "0.9", "--max-wrong", "0.03", QUESTIONS]);
    assert_eq!(finished.status, Some(1));
    expect![[r#"
        error: expected at least 90.0 % right, found 66.7 % right (4 of 6)
        expected at most 3.0 % wrong, found 16.7 % wrong (1 of 6)
    "#]]
    .assert_eq(&finished.stderr);
    assert!(finished.stdout.contains("calibration error"));
    assert_eq!(
        run(&["eval", "--min-right", "0.66", "--max-wrong", "0.17", QUESTIONS]).status,
        Some(0)
    );
    assert_eq!(run(&["eval", "--min-right", "60", QUESTIONS]).status, Some(2));
    assert_eq!(run(&["eval"]).status, Some(2));
}

#[test]
fn every_bad_line_of_every_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("a.jsonl"), "\n{\"id\": \"a\"}\n{\n").unwrap();
    std::fs::write(path("b.jsonl"), b"{}\n\n\xff\n").unwrap();
    std::fs::write(path("empty.jsonl"), "\n").unwrap();
    let finished = run(&["eval", &path("a.jsonl"), &path("b.jsonl"), &path("c.jsonl"), QUESTIONS]);
    assert_eq!((finished.status, finished.stdout.as_str()), (Some(1), ""));
    expect![[r#"
        error: …/a.jsonl:2: missing `question`
        …/a.jsonl:3: EOF while parsing an object at column 1
        …/b.jsonl:3: not valid UTF-8
        cannot read `…/c.jsonl`: No such file or directory (os error 2)
    "#]]
    .assert_eq(&finished.stderr.replace(folder.path().to_str().unwrap(), "…"));
    let finished = run(&["eval", &path("empty.jsonl")]);
    assert_eq!(
        (finished.status, finished.stderr.as_str()),
        (Some(1), "error: there are no questions to score\n")
    );
}

#[test]
fn questions_may_come_through_a_pipe_and_nobody_need_read_the_report() {
    let input = std::fs::read(crate::program::test_file(QUESTIONS)).unwrap();
    let finished = run_with_input(&["eval", "-"], &input);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let finished = run_with_closed_output(&["eval", QUESTIONS]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_run_is_compared_with_an_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.json");
    let path = baseline.to_str().unwrap();
    let mut earlier: Value = serde_json::from_str(&run(&["eval", "--json", QUESTIONS]).stdout).unwrap();
    // As if the first had been wrong, the second right, and another question had been asked too.
    earlier["questions"][0]["verdict"] = json!("wrong");
    earlier["questions"][1]["verdict"] = json!("right");
    let mut gone = earlier["questions"][0].clone();
    gone["id"] = json!("gone");
    earlier["questions"].as_array_mut().unwrap().push(gone);
    std::fs::write(&baseline, earlier.to_string()).unwrap();
    let finished = run(&["eval", "--compare", path, QUESTIONS]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let shown: Vec<&str> = finished.stdout.lines().rev().take(5).collect();
    let shown: Vec<&str> = shown.into_iter().rev().collect();
    expect![[r#"
        worse  right → wrong  h2 Where will the old crane be moved?
        better wrong → right  h1 By how many metres will the wall be raised?
        against the earlier run: 6 questions in both, 1 only there, 0 only here; better 1, worse 1
        right: won 1, lost 1, McNemar's exact test p = 1.000
        wrong: won 1, lost 1, McNemar's exact test p = 1.000"#]]
    .assert_eq(&shown.join("\n"));
    let report: Value = serde_json::from_str(&run(&["eval", "--json", "--compare", path, QUESTIONS]).stdout).unwrap();
    assert_eq!(report["comparison"]["worse"][0]["id"], "h2");
    assert_eq!(report["comparison"]["right"], json!({"won": 1, "lost": 1, "p": 1.0}));
}

#[test]
fn what_is_no_earlier_run_is_refused() {
    let finished = run(&["eval", "--compare", QUESTIONS, QUESTIONS]);
    assert_eq!(finished.status, Some(1));
    assert!(finished.stderr.contains("is no earlier run: "), "{}", finished.stderr);
    assert!(finished.stderr.contains("\nhint: `eval --json"), "{}", finished.stderr);
}

#[test]
fn what_is_compared_with_is_read_before_anything_is_learnt() {
    // The weights are read for what was learnt.
    let finished = run(&[
        "eval",
        QUESTIONS,
        "--compare",
        "no-such-run",
        "--weights",
        "no-such-weights",
    ]);
    assert_eq!(finished.status, Some(1));
    assert!(finished.stderr.contains("no-such-run"), "{}", finished.stderr);
}

#[test]
fn confusion_pairs_name_what_would_have_been_right() {
    let report: Value = serde_json::from_str(&run(&["eval", "--json", QUESTIONS]).stdout).unwrap();
    let pairs: Vec<_> = report["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            format!(
                "{} → {}",
                pair["expected"].as_str().unwrap(),
                pair["said"].as_str().unwrap()
            )
        })
        .collect();
    assert!(pairs.contains(&"(no single fact) → crane-move".to_owned()), "{pairs:?}");
    assert!(
        run(&["eval", QUESTIONS])
            .stdout
            .contains("what was said instead of what\n")
    );
}

#[test]
fn a_report_as_a_page_needs_nothing_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let finished = run(&["eval", "--html", page.to_str().unwrap(), QUESTIONS]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));
    for part in [
        "<svg",
        "Reliability: ",
        "Risk and coverage: ",
        "expected ↓ said →",
        "says none of `west pier`",
    ] {
        assert!(page.contains(part), "no `{part}`");
    }
    for outside in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "`{outside}`");
    }
    let finished = run(&["eval", "--html", folder.path().to_str().unwrap(), QUESTIONS]);
    assert_eq!(finished.status, Some(1));
    assert!(
        finished.stderr.starts_with("error: cannot write `"),
        "{}",
        finished.stderr
    );
}
