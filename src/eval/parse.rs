//! Labelled questions and dialogues from JSON Lines.
//!
//! The two may be mixed in one file: a line with `turns` is a dialogue. Promise: every bad line is reported, each with
//! its number; blank lines are skipped, but counted. Keys that scoring does not use (`note`) are let through.

use serde::Deserialize;

use super::labelled::{DIALOGUE_CATEGORY, Expect, Label, LabelledConversation, LabelledQuestion, NO_CATEGORY};
use crate::fact::Paragraph;

/// A line that is no labelled question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// Reads all lines.
///
/// # Errors
/// Every line that is not one JSON object of the format, in order.
pub fn parse(text: &str) -> Result<Vec<LabelledConversation>, Vec<ParseError>> {
    let mut conversations = Vec::new();
    let mut errors = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match conversation(line) {
            Ok(conversation) => conversations.push(conversation),
            Err(message) => errors.push(ParseError {
                line: index + 1,
                message,
            }),
        }
    }
    if errors.is_empty() {
        Ok(conversations)
    } else {
        Err(errors)
    }
}

/// A line as it is written. Everything is optional here, so that the message can say what is missing from which kind
/// of line; an untagged enum would only say that nothing fits.
#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Line {
    id: Option<String>,
    category: Option<String>,
    turns: Option<Vec<Turn>>,
    #[serde(flatten)]
    only: Turn,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Turn {
    question: Option<String>,
    expect: Option<String>,
    #[serde(default)]
    paragraphs: Vec<serde_json::Value>,
    #[serde(default)]
    must: Vec<Vec<String>>,
    #[serde(default)]
    must_not: Vec<String>,
}

fn conversation(line: &str) -> Result<LabelledConversation, String> {
    // The parser's own place says `line 1` for every line of the file.
    let line: Line =
        serde_json::from_str(line).map_err(|error| error.to_string().replace(" at line 1 column", " at column"))?;
    let id = line.id.filter(|id| !id.is_empty()).ok_or("missing `id`")?;
    let Some(turns) = line.turns else {
        let category = line.category.unwrap_or_else(|| NO_CATEGORY.to_owned());
        let question = labelled(id, &category, line.only)?;
        return Ok(LabelledConversation { turns: vec![question] });
    };
    if turns.is_empty() {
        return Err("`turns` is empty".to_owned());
    }
    let category = line.category.unwrap_or_else(|| DIALOGUE_CATEGORY.to_owned());
    let turns = turns
        .into_iter()
        .enumerate()
        .map(|(index, turn)| {
            let place = index + 1;
            labelled(format!("{id}.{place}"), &category, turn).map_err(|message| format!("turn {place}: {message}"))
        })
        .collect::<Result<_, _>>()?;
    Ok(LabelledConversation { turns })
}

fn labelled(id: String, category: &str, turn: Turn) -> Result<LabelledQuestion, String> {
    let question = turn.question.ok_or("missing `question`")?;
    let expect = turn.expect.ok_or("missing `expect`")?;
    let expect = Expect::named(&expect)
        .ok_or_else(|| format!("expected `answer`, `decline` or `either` in `expect`, found `{expect}`"))?;
    if turn.must.iter().any(Vec::is_empty) {
        return Err("a group of `must` is empty, so no answer could meet it".to_owned());
    }
    let mut words = turn.must.iter().flatten().chain(&turn.must_not);
    if words.any(|words| words.trim().is_empty()) {
        return Err("words of `must` or `must_not` are blank, and every reply holds those".to_owned());
    }
    let paragraphs: Vec<Paragraph> = turn.paragraphs.iter().map(paragraph).collect::<Result<_, _>>()?;
    if expect == Expect::Answer && paragraphs.is_empty() {
        return Err("`paragraphs` is empty, so no answer could cite one of them".to_owned());
    }
    Ok(LabelledQuestion {
        id,
        question,
        category: category.to_owned(),
        label: Label {
            expect,
            paragraphs,
            must: turn.must,
            must_not: turn.must_not,
        },
    })
}

fn paragraph(value: &serde_json::Value) -> Result<Paragraph, String> {
    let number = || value.as_u64().and_then(|number| u32::try_from(number).ok());
    match value.as_str() {
        Some("headline") => Ok(Paragraph::Headline),
        Some("caption") => Ok(Paragraph::Caption),
        _ => number()
            .filter(|number| *number > 0)
            .map(Paragraph::Number)
            .ok_or_else(|| {
                format!("expected a number, `\"headline\"` or `\"caption\"` in `paragraphs`, found `{value}`")
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(line: &str, expected: &str) {
        let errors = parse(line).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].message, expected);
    }

    #[test]
    fn questions_and_dialogues_may_be_mixed_and_blank_lines_are_skipped() {
        let text = "\u{feff}{\"id\": \"a1\", \"question\": \"How high?\", \"category\": \"direct\", \"expect\": \"answer\", \
                    \"paragraphs\": [3, \"headline\", \"caption\"], \"must\": [[\"two\", \"2\"]], \"must_not\": [\"six\"], \
                    \"note\": \"let through\"}\n\n{\"id\": \"b1\", \"turns\": [{\"question\": \"Where?\", \"expect\": \
                    \"either\"}, {\"question\": \"and when?\", \"expect\": \"decline\"}]}\r\n";
        let conversations = parse(text).unwrap();
        assert_eq!(conversations.len(), 2);
        let question = &conversations[0].turns[0];
        assert_eq!((question.id.as_str(), question.category.as_str()), ("a1", "direct"));
        assert_eq!(
            question.label,
            Label {
                expect: Expect::Answer,
                paragraphs: vec![Paragraph::Number(3), Paragraph::Headline, Paragraph::Caption],
                must: vec![vec!["two".to_owned(), "2".to_owned()]],
                must_not: vec!["six".to_owned()],
            }
        );
        let turns: Vec<_> = conversations[1]
            .turns
            .iter()
            .map(|turn| (turn.id.as_str(), turn.category.as_str(), turn.label.expect))
            .collect();
        assert_eq!(
            turns,
            [
                ("b1.1", "dialogue", Expect::Either),
                ("b1.2", "dialogue", Expect::Decline)
            ]
        );
    }

    #[test]
    fn every_bad_line_is_reported_with_its_number() {
        let text = "{\n\n{\"id\": \"a\", \"question\": \"x\", \"expect\": \"decline\"}\n[]\n";
        let lines: Vec<_> = parse(text).unwrap_err().into_iter().map(|error| error.line).collect();
        assert_eq!(lines, [1, 4]);
    }

    #[test]
    fn a_bad_line_says_what_is_wrong_with_it() {
        check_error(r#"{"question": "x", "expect": "answer"}"#, "missing `id`");
        check_error(r#"{"id": "a", "expect": "answer"}"#, "missing `question`");
        check_error(r#"{"id": "a", "question": "x"}"#, "missing `expect`");
        check_error(
            r#"{"id": "a", "question": "x", "expect": "maybe"}"#,
            "expected `answer`, `decline` or `either` in `expect`, found `maybe`",
        );
        check_error(
            r#"{"id": "a", "question": "x", "expect": "answer", "paragraphs": ["title"]}"#,
            "expected a number, `\"headline\"` or `\"caption\"` in `paragraphs`, found `\"title\"`",
        );
        check_error(
            r#"{"id": "a", "question": "x", "expect": "answer", "must": [[]]}"#,
            "a group of `must` is empty, so no answer could meet it",
        );
        check_error(r#"{"id": "a", "turns": []}"#, "`turns` is empty");
        check_error(
            r#"{"id": "a", "question": "x", "expect": "answer"}"#,
            "`paragraphs` is empty, so no answer could cite one of them",
        );
        for key in [r#""must": [["two", " "]]"#, r#""must_not": [""]"#] {
            check_error(
                &format!(r#"{{"id": "a", "question": "x", "expect": "decline", {key}}}"#),
                "words of `must` or `must_not` are blank, and every reply holds those",
            );
        }
        check_error(
            r#"{"id": "a", "turns": [{"question": "x", "expect": "decline"}, {"expect": "answer"}]}"#,
            "turn 2: missing `question`",
        );
        check_error("not json", "expected ident at column 2");
        check_error(
            r#"{"id": 7, "question": "x", "expect": "answer"}"#,
            "invalid type: integer `7`, expected a string at column 8",
        );
    }
}
