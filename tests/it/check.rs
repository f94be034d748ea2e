//! `check` and `export` as programs: what is printed where, and how they end.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};

use crate::program::test_file;

fn bot(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("briefing-bot").unwrap();
    command
        .args(arguments)
        .current_dir(test_file(""))
        .env_remove("KNOWLEDGE_DIR")
        .env("CACHE_DIR", "none")
        .env_remove("NO_COLOR");
    command
}

const GOOD: [&str; 2] = ["--knowledge", "good"];

#[test]
fn a_valid_fact_base_is_counted_and_ends_with_0() {
    bot(&["check"])
        .args(GOOD)
        .assert()
        .code(0)
        .stdout(contains("\n1 briefing, 5 facts, 1 gap, 4 entities, revision "))
        .stdout(contains(": no problem, "))
        .stderr(is_empty());
}

#[test]
fn warnings_are_shown_and_end_with_0() {
    bot(&["check", "--knowledge", "bad/warnings-only"])
        .assert()
        .code(0)
        .stdout(contains("no error, 7 warnings"));
}

#[test]
fn an_error_ends_with_1_and_stands_on_standard_output_without_colour() {
    bot(&["check", "--knowledge", "bad/several-files"])
        .assert()
        .code(1)
        .stdout(contains("works.toml:7:1").and(contains("\u{1b}").not()))
        .stdout(contains("`bad/several-files`: 4 errors"))
        .stderr(is_empty());
}

#[test]
fn another_command_says_what_is_wrong_on_standard_error_and_ends_with_1() {
    bot(&["export", "--knowledge", "bad/several-files"])
        .assert()
        .code(1)
        .stdout(is_empty())
        .stderr(starts_with(
            "error: `bad/several-files` is no valid fact base: 4 errors",
        ))
        .stderr(contains("did you mean `speaker`?"));
}

#[test]
fn a_folder_that_is_not_there_is_one_message_and_ends_with_1() {
    bot(&["check", "--knowledge", "nowhere"])
        .assert()
        .code(1)
        .stderr(starts_with("error: knowledge folder not found: `nowhere`\nhint: "));
    bot(&["check", "--knowledge", "articles/harbour-works.txt"])
        .assert()
        .code(1)
        .stderr(starts_with("error: not a folder: `articles/harbour-works.txt`\nhint: "));
}

#[test]
fn the_folder_comes_from_the_environment_and_the_command_line_overrides_it() {
    bot(&["check"]).env("KNOWLEDGE_DIR", "good").assert().code(0);
    bot(&["check"])
        .args(GOOD)
        .env("KNOWLEDGE_DIR", "nowhere")
        .assert()
        .code(0);
}

#[test]
fn wrong_usage_ends_with_2_and_no_command_with_help() {
    bot(&["check", "--artikel"])
        .assert()
        .code(2)
        .stderr(contains("--article"));
    bot(&["chekc"]).assert().code(2);
    bot(&[]).assert().code(0).stdout(contains("Usage:")).stderr(is_empty());
}

#[test]
fn fragments_are_found_in_the_article_in_both_forms() {
    for article in ["harbour-works.jsonl", "harbour-works.txt"] {
        let article = format!("articles/{article}");
        bot(&["check", "--article", &article]).args(GOOD).assert().code(0);
        bot(&["check", "--article", &format!("harbour-works={article}")])
            .args(GOOD)
            .assert()
            .code(0);
    }
}

#[test]
fn an_article_of_no_briefing_is_wrong_usage_and_one_that_is_not_there_is_not() {
    bot(&["check", "--article", "quay=articles/harbour-works.txt"])
        .args(GOOD)
        .assert()
        .code(2)
        .stderr(contains("the briefings are: harbour-works"));
    bot(&["check", "--article", "articles/quay.txt"])
        .args(GOOD)
        .assert()
        .code(1)
        .stderr(starts_with("error: article cannot be read: `articles/quay.txt`: "));
}

#[test]
fn a_broken_dotenv_is_a_warning_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "DISCORD_TOKEN = 'never shown\n").unwrap();
    let good = test_file("good");
    bot(&["check", "--knowledge", good.to_str().unwrap()])
        .current_dir(folder.path())
        .assert()
        .code(0)
        .stderr(starts_with("warning: `.env`").and(contains("never shown").not()));
    bot(&["run"])
        .current_dir(folder.path())
        .assert()
        .code(78)
        .stderr(contains("never shown").not());
}

#[test]
fn export_prints_every_fact_and_gap_with_every_key() {
    let output = bot(&["export"]).args(GOOD).assert().code(0).get_output().stdout.clone();
    let lines: Vec<serde_json::Value> = String::from_utf8(output)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6);
    for line in &lines {
        let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "answer",
                "briefing",
                "citations",
                "date",
                "entities",
                "id",
                "kind",
                "phrasings",
                "standing",
                "topic"
            ]
        );
    }
    assert_eq!(lines[0]["citations"][0]["speaker"], "the harbour office");
    assert_eq!(lines[0]["citations"][1]["paragraph"], "headline");
    assert_eq!(lines[1]["date"], "06");
    assert_eq!(lines[5]["kind"], "gap");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_with_0_and_in_silence() {
    for arguments in [["export"], ["check"]] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("briefing-bot"))
            .args(arguments)
            .args(GOOD)
            .current_dir(test_file(""))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
