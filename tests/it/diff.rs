//! `diff` as a program: two folders in, what changed out.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};

use crate::program::{run, test_file};

/// A copy of the small fact base with one text replaced in one file.
fn changed_copy(folder: &Path, file: &str, from: &str, to: &str) -> String {
    let from_root = test_file("knowledge/harbour");
    for name in ["source.toml", "glossary.toml", "facts/crane.toml", "facts/wall.toml"] {
        let target = folder.join("harbour").join(name);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        let mut text = std::fs::read_to_string(from_root.join(name)).unwrap();
        if name == file {
            assert!(text.contains(from), "`{from}` is not in {file}");
            text = text.replace(from, to);
        }
        std::fs::write(target, text).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn what_changed_is_listed_with_the_questions_that_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let new = changed_copy(
        folder.path(),
        "facts/crane.toml",
        "to the east pier.",
        "over to the east pier.",
    );
    let finished = run(&["diff", "knowledge", &new]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    assert!(
        finished
            .stdout
            .contains("? What happens to the crane?\n  ~ crane-move: "),
        "{}",
        finished.stdout
    );
    let first: Vec<&str> = finished.stdout.lines().take(3).collect();
    expect![[r"
        ~ fact harbour/crane-move (answer)
          - The old crane will be moved to the east pier.
          + The old crane will be moved over to the east pier."]]
    .assert_eq(&first.join("\n"));
}

#[test]
fn equal_folders_and_a_changed_comment_are_no_change() {
    let folder = tempfile::tempdir().unwrap();
    let new = changed_copy(
        folder.path(),
        "facts/crane.toml",
        "topic = \"crane\"",
        "# moved\ntopic = \"crane\"",
    );
    let finished = run(&["diff", "knowledge", &new]);
    assert!(finished.stdout.starts_with("no change; 0 of "), "{}", finished.stdout);
}

#[test]
fn only_the_questions_of_a_file_are_asked_where_one_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let new = changed_copy(
        folder.path(),
        "facts/crane.toml",
        "to the east pier.",
        "over to the east pier.",
    );
    let questions = folder.path().join("questions.txt");
    std::fs::write(
        &questions,
        "Where will the old crane be moved?\nWill the ferry stop during the works?\n",
    )
    .unwrap();
    let finished = run(&[
        "diff",
        "knowledge",
        &new,
        "--json",
        "--questions",
        questions.to_str().unwrap(),
    ]);
    let report: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(report["questions_asked"], 2);
    assert_eq!(report["answers_changed"].as_array().unwrap().len(), 1);
    assert_eq!(report["answers_changed"][0]["after"]["facts"], json!(["crane-move"]));
    assert_eq!(report["reworded"][0]["keys"], json!(["answer"]));
}

#[test]
fn a_folder_that_is_no_fact_base_is_said() {
    let finished = run(&["diff", "knowledge", "nowhere"]);
    assert_eq!(finished.status, Some(1));
    assert!(
        finished
            .stderr
            .starts_with("error: knowledge folder not found: `nowhere`"),
        "{}",
        finished.stderr
    );
}
