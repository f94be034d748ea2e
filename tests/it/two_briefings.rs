//! Two briefings loaded at once: each question is answered from the right one, and what could be of both offers both.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::program::test_file;

/// A folder with the briefing of the wall and that of the lantern night. Both towns have a harbour master.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        copy(&test_file("good/harbour-works"), &folder.path().join("harbour-works"));
        copy(
            &test_file("curated/lantern-night"),
            &folder.path().join("lantern-night"),
        );
        folder
    });
    folder.path()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The answers to these questions, asked one after the other in one conversation where that is said.
fn ask(questions: &[&str], is_conversation: bool) -> Vec<Value> {
    let lines: String = questions
        .iter()
        .map(|question| {
            let mut line = serde_json::json!({"question": question});
            if is_conversation {
                line["conversation"] = "one".into();
            }
            line.to_string() + "\n"
        })
        .collect();
    let batch = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(batch.path(), lines).unwrap();
    let output = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
        .args(["ask", "--batch"])
        .arg(batch.path())
        .arg("--knowledge")
        .arg(folder())
        .current_dir(folder())
        .env_remove("KNOWLEDGE_DIR")
        .env("CACHE_DIR", "none")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn assert_answered(answer: &Value, briefing: &str, fact: &str, source: &str) {
    assert_eq!(answer["outcome"], "answer", "{answer}");
    assert_eq!(
        (&answer["briefing"], &answer["facts"][0]),
        (&briefing.into(), &fact.into()),
        "{answer}"
    );
    for citation in answer["citations"].as_array().unwrap() {
        assert_eq!(citation["source"], source, "{answer}");
    }
    assert!(answer["message"].as_str().unwrap().contains(source), "{answer}");
}

const WALL: &str = "Harbour wall to be raised";
const NIGHT: &str = "Lantern night moves from the quay to the park";

#[test]
fn a_question_is_answered_from_its_briefing_and_the_citation_names_which() {
    let answers = ask(
        &["How high will the harbour wall be?", "When do the gates open?"],
        false,
    );
    assert_answered(&answers[0], "harbour-works", "wall-height", WALL);
    assert_answered(&answers[1], "lantern-night", "gates", NIGHT);
}

#[test]
fn a_name_of_both_does_not_confuse_them() {
    let answers = ask(
        &[
            "What did the harbour master say about the quay?",
            "Did the harbour master say anything of loose piers?",
        ],
        false,
    );
    assert_answered(&answers[0], "lantern-night", "crowd", NIGHT);
    assert_answered(&answers[1], "lantern-night", "crowd", NIGHT);
}

#[test]
fn what_could_be_of_both_asserts_nothing_and_offers_both() {
    let answers = ask(&["When was the harbour master at a meeting?"], false);
    let answer = &answers[0];
    assert_eq!(answer["outcome"], "suggest", "{answer}");
    assert_eq!(
        (&answer["answer"], answer["facts"].as_array().unwrap().len()),
        (&Value::Null, 0)
    );
    let offered: Vec<&str> = answer["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|suggestion| suggestion["fact"].as_str().unwrap())
        .collect();
    assert!(
        offered.contains(&"meeting") && offered.contains(&"crowd"),
        "{offered:?}"
    );
}

#[test]
fn what_was_spoken_of_tells_which_one_is_meant() {
    let answers = ask(&["How high will the harbour wall be?", "When was the meeting?"], true);
    assert_answered(&answers[1], "harbour-works", "meeting", WALL);
}
