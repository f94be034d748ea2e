//! `ask`: one answer, and batches through files and pipes.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use expect_test::expect;
use serde_json::Value;

use crate::program::{program, run, run_shipped_with_input, run_with_closed_output, run_with_input, test_file, wait};

const HEIGHT: &str = "By how many metres will the wall be raised?";
const CRANE: &str = "Where will the old crane be moved?";
const COST: &str = "What do the works cost?";

fn lines_of(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_answer_is_printed_plainly_with_its_source() {
    let finished = run(&["ask", HEIGHT]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    expect![[r#"
        The harbour office said the wall will be raised by two metres.
        Claimed by the harbour office.
        Source: “Harbour wall to be raised” (Coast Wire), paragraph 1, the harbour office: “raised by two metres”; the headline. As of Friday, May 2 (inferred); the source names no year.
    "#]].assert_eq(&finished.stdout);
    let words: Vec<&str> = std::iter::once("ask").chain(HEIGHT.split(' ')).collect();
    assert_eq!(run(&words).stdout, finished.stdout);
}

#[test]
fn a_question_that_the_briefing_leaves_open_is_no_failure() {
    let finished = run(&["ask", COST]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    // What it gives beside what it leaves open is of a day too.
    expect![[r#"
        The briefing does not say what the works cost; it gives the height only.
        Source: “Harbour wall to be raised” (Coast Wire), paragraph 1. As of Friday, May 2 (inferred); the source names no year.
    "#]].assert_eq(&finished.stdout);
}

#[test]
fn an_answer_as_json_is_one_object_with_every_key_in_order() {
    let finished = run(&["ask", "--json", HEIGHT]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    let places: Vec<_> = [
        "question",
        "outcome",
        "confidence",
        "answer",
        "facts",
        "briefing",
        "revision",
        "citations",
        "suggestions",
        "unknown_terms",
        "gap",
        "message",
        "elapsed_us",
    ]
    .iter()
    .map(|key| finished.stdout.find(&format!("\"{key}\":")).unwrap())
    .collect();
    assert!(places.is_sorted(), "{}", finished.stdout);
    let answer = &lines_of(&finished.stdout)[0];
    assert_eq!(answer["facts"], serde_json::json!(["wall-height"]));
    assert_eq!(answer["citations"][0]["paragraph"], 1);
    assert_eq!(answer["citations"][1]["paragraph"], "headline");
    assert_eq!(answer.as_object().unwrap().len(), 13);
}

#[test]
fn explain_adds_what_led_to_the_answer() {
    let finished = run(&["ask", "--explain", HEIGHT]);
    assert_eq!(finished.status, Some(0));
    assert!(
        finished.stdout.contains("\noutcome        answer (confidence "),
        "{}",
        finished.stdout
    );
    let finished = run(&["ask", "--explain", "--json", HEIGHT]);
    assert!(lines_of(&finished.stdout)[0]["explain"]["candidates"].is_array());
}

#[test]
fn wrong_usage_is_told_apart_from_a_question_without_an_answer() {
    for arguments in [
        &["ask", ""][..],
        &["ask", " ", ""],
        &["ask"],
        &["ask", "--batch", "x.jsonl", "why?"],
        &["ask", "--no-such-flag", "x"],
    ] {
        let finished = run(arguments);
        assert_eq!(
            (finished.status, finished.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(!finished.stderr.is_empty());
    }
    assert_eq!(
        run(&["ask", ""]).stderr,
        "error: the question is empty\nhint: `briefing-bot ask \"What does the briefing say?\"`\n"
    );
}

#[test]
fn a_fact_base_that_cannot_be_read_is_a_failure() {
    let finished = program(&["ask", "--knowledge", "nowhere", HEIGHT]).output().unwrap();
    // The option is given twice, so the command line itself is wrong.
    assert_eq!(finished.status.code(), Some(2));
    let mut alone = std::process::Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"));
    alone
        .args(["ask", HEIGHT, "--knowledge", "nowhere"])
        .current_dir(test_file(""));
    let finished = alone.output().unwrap();
    assert_eq!(finished.status.code(), Some(1));
    assert!(String::from_utf8(finished.stderr).unwrap().contains("`nowhere`"));
}

#[test]
fn a_batch_answers_in_order_and_goes_on_after_bad_lines() {
    let long = format!("{{\"question\": \"{}\"}}", "x".repeat(1 << 20));
    let mut input = Vec::new();
    let question = |question: &str| format!("{{\"question\": \"{question}\"}}").into_bytes();
    for line in [
        &question(HEIGHT)[..],
        b"",
        b"{\"question\": 7}",
        b"not json",
        b"{\"question\": \"\xff\"}",
        long.as_bytes(),
        b"  \t\r",
        b"{\"conversation\": \"c1\"}",
        &question(CRANE),
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    input.extend(question(COST));
    let finished = run_with_input(&["ask", "--batch", "-"], &input);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(1), ""));
    let lines = lines_of(&finished.stdout);
    let found: Vec<_> = lines
        .iter()
        .map(|line| {
            let bad = line["line"].as_u64();
            bad.map_or_else(
                || line["question"].to_string(),
                |number| format!("{number}: {}", line["error"]),
            )
        })
        .collect();
    expect![[r#"
        "By how many metres will the wall be raised?"
        3: "expected a string in `question`, found a number"
        4: "not valid JSON: expected ident at column 2"
        5: "not valid UTF-8"
        6: "longer than 1048576 bytes"
        8: "missing `question`"
        "Where will the old crane be moved?"
        "What do the works cost?""#]]
    .assert_eq(&found.join("\n"));
    assert_eq!(lines.last().unwrap()["gap"], "wall-cost");
}

#[test]
fn a_batch_without_bad_lines_ends_well_and_reads_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("questions.jsonl");
    std::fs::write(&file, format!("{{\"question\": \"{HEIGHT}\"}}\n")).unwrap();
    let finished = run(&["ask", "--batch", file.to_str().unwrap()]);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""));
    assert_eq!(lines_of(&finished.stdout).len(), 1);
    assert_eq!(run_with_input(&["ask", "--batch", "-"], b"").status, Some(0));
}

#[test]
fn a_batch_that_cannot_be_read_names_the_file() {
    for file in ["no-such-file.jsonl", "knowledge"] {
        let finished = run(&["ask", "--batch", file]);
        assert_eq!((finished.status, finished.stdout.as_str()), (Some(1), ""));
        assert!(
            finished.stderr.starts_with(&format!("error: cannot read `{file}`: ")),
            "{}",
            finished.stderr
        );
    }
}

#[test]
fn a_batch_answers_each_line_before_the_next_is_written() {
    let mut child = program(&["ask", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (sender, answers) = mpsc::channel();
    std::thread::spawn(move || stdout.lines().try_for_each(|line| sender.send(line.unwrap())));
    for question in [HEIGHT, CRANE, COST] {
        writeln!(stdin, "{{\"question\": \"{question}\"}}").unwrap();
        let answer = answers.recv_timeout(Duration::from_mins(1)).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["question"], question);
    }
    drop(stdin);
    assert_eq!(wait(child).status, Some(0));
}

#[test]
fn lines_share_the_memory_of_their_conversation_only() {
    let line = |question: &str, conversation: &str| {
        format!("{{\"question\": \"{question}\", \"conversation\": {conversation}}}\n")
    };
    let input = [
        line(HEIGHT, "\"one\""),
        line("When does the work on the wall start?", "\"two\""),
        line("who said that?", "null"),
        line("who said that?", "\"one\""),
        line("who said that?", "\"two\""),
    ];
    let finished = run_with_input(&["ask", "--batch", "-"], input.concat().as_bytes());
    let facts: Vec<_> = lines_of(&finished.stdout)
        .iter()
        .map(|line| line["facts"].to_string())
        .collect();
    let (one, two) = ("[\"wall-height\"]", "[\"works-start\"]");
    let alone = lines_of(&run(&["ask", "--json", "who said that?"]).stdout)[0]["facts"].to_string();
    assert_eq!(facts, [one, two, &alone, one, two]);
}

#[test]
fn what_people_say_first_is_taken_as_it_is_meant() {
    let expected = [
        // Words of grammar alone, and yet a question.
        ("What is this about?", "answer", "By the headline"),
        // An order to tell a story is none to tell this one in short.
        ("Give me the gist of the story", "answer", "By the headline"),
        ("Tell me a story", "none", "I only answer questions"),
        (
            "Warum wurde die Stadt getroffen?",
            "none",
            "I can only answer questions asked in English",
        ),
        (
            "¿Cuántos misiles llegaron?",
            "none",
            "I can only answer questions asked in English",
        ),
        ("why", "none", "The briefing does not say."),
        ("yes", "none", "Noted"),
        ("How do I bake pasta?", "none", "The briefing does not"),
        ("What is 5 times 7?", "suggest", "I am not sure"),
        // A time that is taken for known, and is not the fact's.
        (
            "Who fired the missiles on Dec. 31?",
            "none",
            "The briefing does not say",
        ),
        (
            "Did Russia provide North Korea with launchers and several ballistic missiles?",
            "answer",
            "This question may have who did what the other way round.",
        ),
    ];
    let lines = expected.map(|(question, ..)| format!("{{\"question\": \"{question}\"}}\n"));
    let finished = run_shipped_with_input(&["ask", "--batch", "-"], lines.concat().as_bytes());
    let answers = lines_of(&finished.stdout);
    assert_eq!(answers.len(), expected.len(), "{}", finished.stderr);
    for (line, (question, outcome, start)) in answers.iter().zip(expected) {
        let message = line["message"].as_str().unwrap();
        assert_eq!(line["outcome"], outcome, "{question}: {message}");
        assert!(message.starts_with(start), "{question}: {message}");
    }
}

#[test]
fn a_question_behind_another_that_only_asks_who_says_so_adds_no_fact() {
    let alone = lines_of(&run(&["ask", "--json", HEIGHT]).stdout)[0]["facts"].clone();
    let both = format!("{HEIGHT} And who said so?");
    assert_eq!(lines_of(&run(&["ask", "--json", &both]).stdout)[0]["facts"], alone);
}

#[test]
fn who_said_that_is_asked_of_what_was_said() {
    let asked = |first: &str| {
        let lines = [first, "who told you so?"]
            .map(|question| format!("{{\"question\": \"{question}\", \"conversation\": \"one\"}}\n"));
        let finished = run_with_input(&["ask", "--batch", "-"], lines.concat().as_bytes());
        let lines = lines_of(&finished.stdout);
        (
            lines[0]["outcome"].clone(),
            lines[1]["outcome"].clone(),
            lines[1]["facts"].clone(),
        )
    };
    let (first, second, facts) = asked(HEIGHT);
    assert_eq!(
        (first, second, facts.to_string().as_str()),
        ("answer".into(), "answer".into(), "[\"wall-height\"]")
    );
    let (first, second, facts) = asked("Who was the first person on the moon?");
    assert_ne!(first, "answer");
    assert_ne!(second, "answer");
    assert_eq!(facts.to_string(), "[]");
}

#[test]
fn a_closed_pipe_ends_silently() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("questions.jsonl");
    // A bad line first: its status 1 is forgotten once nobody reads.
    let lines = format!("{{}}\n{}", format!("{{\"question\": \"{HEIGHT}\"}}\n").repeat(100));
    std::fs::write(&file, lines).unwrap();
    for arguments in [
        &["ask", HEIGHT][..],
        &["ask", "--json", HEIGHT],
        &["ask", "--explain", HEIGHT],
        &["ask", "--batch", file.to_str().unwrap()],
    ] {
        let finished = run_with_closed_output(arguments);
        assert_eq!(
            (finished.status, finished.stderr.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}
