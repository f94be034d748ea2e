//! `ask --batch`: a line in, a line out.
//!
//! Promise: each line is answered before the next is read, so a batch works as one half of a dialogue through a pipe;
//! every line that is not blank gets exactly one line, in order; a bad one does not stop the rest.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Map, Value};

use super::conversations::{Conversations, MAX_CONVERSATIONS};
use super::{Explain, json_reply};
use crate::answer::Conversation;
use crate::cli::lines::{Line, next_line};
use crate::cli::progress::Progress;
use crate::cli::{Outcome, learn};
use crate::engine::Snapshot;
use crate::exit::Exit;

/// The longest line that is read: questions have at most 4,000 characters in Discord, so this is no limit to anybody,
/// and keeps a file without line breaks from filling the memory.
const MAX_LINE_BYTES: usize = 1 << 20;

/// One line's request.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    question: String,
    conversation: Option<String>,
}

/// What a bad line gets.
#[derive(Debug, Serialize)]
struct BadLine<'a> {
    error: &'a str,
    line: usize,
}

pub(super) fn run(file: &Path, explain: Explain, knowledge: &Path) -> Outcome {
    let stdout = std::io::stdout().lock();
    if file == Path::new("-") {
        let snapshot = learn(knowledge)?;
        let input = std::io::stdin().lock();
        return Batch::new(&snapshot, explain, "cannot read standard input").answer_lines(input, stdout, || ());
    }
    let cannot_read = format!("cannot read `{}`", file.display());
    let input = BufReader::new(File::open(file).with_context(|| cannot_read.clone())?);
    let snapshot = learn(knowledge)?;
    let mut progress = Progress::start("lines", None);
    Batch::new(&snapshot, explain, &cannot_read).answer_lines(input, stdout, || progress.step())
}

/// What stays the same, and what is remembered, from line to line.
struct Batch<'a> {
    snapshot: &'a Snapshot,
    explain: Explain,
    cannot_read: &'a str,
    conversations: Conversations,
}

impl<'a> Batch<'a> {
    fn new(snapshot: &'a Snapshot, explain: Explain, cannot_read: &'a str) -> Self {
        Self {
            snapshot,
            explain,
            cannot_read,
            conversations: Conversations::new(MAX_CONVERSATIONS),
        }
    }

    fn answer_lines(
        mut self,
        mut input: impl BufRead,
        mut output: impl Write,
        mut after_each: impl FnMut(),
    ) -> Outcome {
        let mut exit = Exit::Done;
        let mut number = 0;
        while let Some(line) = next_line(&mut input, MAX_LINE_BYTES).with_context(|| self.cannot_read.to_owned())? {
            number += 1;
            let reply = match read(line, number) {
                Ok(None) => continue,
                Ok(Some(request)) => self.answer(&request)?,
                Err(error) => {
                    exit = Exit::NotHeld;
                    serde_json::to_string(&BadLine {
                        error: &error,
                        line: number,
                    })?
                }
            };
            // In one piece: whoever reads the other end sees whole lines only.
            output.write_all(format!("{reply}\n").as_bytes())?;
            output.flush()?;
            after_each();
        }
        Ok(exit)
    }

    fn answer(&mut self, request: &Request) -> serde_json::Result<String> {
        let name = request.conversation.as_deref();
        let before = name.map_or_else(Conversation::default, |name| self.conversations.get(name));
        let (reply, after) = json_reply(self.snapshot, &request.question, &before, self.explain)?;
        if let Some(name) = name {
            self.conversations.put(name, after);
        }
        Ok(reply)
    }
}

/// The line's request; `None` for a blank line.
fn read(line: Line, number: usize) -> Result<Option<Request>, String> {
    let Line::Whole(bytes) = line else {
        return Err(format!("longer than {MAX_LINE_BYTES} bytes"));
    };
    let text = String::from_utf8(bytes).map_err(|_| "not valid UTF-8")?;
    let text = if number == 1 {
        text.trim_start_matches('\u{feff}')
    } else {
        &text
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    // The parser's own place says `line 1` for every line of the file.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!(
            "not valid JSON: {}",
            error.to_string().replace(" at line 1 column", " at column")
        )
    })?;
    let Value::Object(mut object) = value else {
        return Err(format!("expected an object, found {}", kind(&value)));
    };
    let question = string(&mut object, "question")?.ok_or("missing `question`")?;
    let conversation = string(&mut object, "conversation")?;
    if question.trim().is_empty() {
        return Err("`question` is empty".to_owned());
    }
    Ok(Some(Request { question, conversation }))
}

/// The string under a key; `None` where it is absent or null.
fn string(object: &mut Map<String, Value>, key: &str) -> Result<Option<String>, String> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("expected a string in `{key}`, found {}", kind(&other))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::cli::test_values;

    static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| Snapshot::new(test_values::base()));

    #[track_caller]
    fn check(line: &str, expected: Result<Option<(&str, Option<&str>)>, &str>) {
        let found = read(Line::Whole(line.as_bytes().to_vec()), 1);
        let expected = match expected {
            Err(error) => Err(error.to_owned()),
            Ok(request) => Ok(request.map(|(question, conversation)| Request {
                question: question.to_owned(),
                conversation: conversation.map(str::to_owned),
            })),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_is_an_object_with_a_question_and_perhaps_a_conversation() {
        check(r#"{"question": "why?"}"#, Ok(Some(("why?", None))));
        check(
            r#"{"question": "why?", "conversation": "c1"}"#,
            Ok(Some(("why?", Some("c1")))),
        );
        check(
            r#" {"conversation": null, "id": 7, "question": "why?"}"#,
            Ok(Some(("why?", None))),
        );
        check("\u{feff}{\"question\": \"why?\"}\r", Ok(Some(("why?", None))));
        check(" \t\r", Ok(None));
    }

    #[test]
    fn a_bad_line_says_what_is_wrong_with_it() {
        check("{", Err("not valid JSON: EOF while parsing an object at column 1"));
        check("[1]", Err("expected an object, found an array"));
        check("{}", Err("missing `question`"));
        check(r#"{"question": null}"#, Err("missing `question`"));
        check(
            r#"{"question": 7}"#,
            Err("expected a string in `question`, found a number"),
        );
        check(
            r#"{"question": "why?", "conversation": ["c1"]}"#,
            Err("expected a string in `conversation`, found an array"),
        );
        check(r#"{"question": " "}"#, Err("`question` is empty"));
        assert_eq!(
            read(Line::Whole(vec![b'"', 0xff, b'"']), 1),
            Err("not valid UTF-8".to_owned())
        );
        assert_eq!(read(Line::TooLong, 1), Err("longer than 1048576 bytes".to_owned()));
    }

    #[test]
    fn deep_nesting_is_a_bad_line_and_no_overflow() {
        let error = read(Line::Whole("[".repeat(500_000).into_bytes()), 1).unwrap_err();
        assert!(error.starts_with("not valid JSON: recursion limit exceeded"), "{error}");
    }

    /// Lines as they may be: good, nearly good, and any bytes.
    fn line() -> impl Strategy<Value = Vec<u8>> {
        let good = (any::<String>(), proptest::option::of(any::<String>())).prop_map(|(question, conversation)| {
            serde_json::json!({"question": question, "conversation": conversation})
                .to_string()
                .into_bytes()
        });
        let nearly = r#"[\{\[]?("(question|conversation|q)":? ?("[a-z?\\"]{0,9}"|null|7|\[\]|\{),?){0,3}[\}\]]{0,2}"#;
        let any_bytes = proptest::collection::vec(any::<u8>().prop_filter("one line", |byte| *byte != b'\n'), 0..60);
        prop_oneof![
            good,
            nearly.prop_map(String::into_bytes),
            "[ \t\r\u{feff}]{0,3}".prop_map(String::into_bytes),
            any_bytes
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn any_line_that_is_not_blank_gets_one_line(lines in proptest::collection::vec(line(), 0..12)) {
            let is_blank = |(number, line): &(usize, &Vec<u8>)| {
                let text = String::from_utf8((*line).clone()).unwrap_or_else(|_| "no text".to_owned());
                let text = if *number == 0 { text.trim_start_matches('\u{feff}') } else { &text };
                text.trim().is_empty()
            };
            let n_expected = lines.iter().enumerate().filter(|line| !is_blank(line)).count();
            let mut output = Vec::new();
            let batch = Batch::new(&SNAPSHOT, Explain::No, "cannot read the lines");
            let exit = batch.answer_lines(lines.join(&b'\n').as_slice(), &mut output, || ()).unwrap();
            let replies = String::from_utf8(output).unwrap();
            let mut n_bad = 0;
            for reply in replies.lines() {
                let reply: Value = serde_json::from_str(reply).unwrap();
                let is_bad = reply.get("error").is_some();
                prop_assert!(is_bad || reply["outcome"].is_string(), "{reply}");
                n_bad += usize::from(is_bad);
            }
            prop_assert_eq!(replies.lines().count(), n_expected);
            prop_assert_eq!(exit == Exit::NotHeld, n_bad > 0);
        }
    }
}
