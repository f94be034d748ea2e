//! Questions from a file: plain text with one a line, or JSON Lines with a `question` or with `turns`.
//!
//! Promise: every bad line is named. Deliberately absent: labels; what is expected of an answer is `eval`'s.

use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use crate::exit::Failure;

/// A question and how often it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The words.
    pub question: String,
    /// How often; 1 where the file does not say.
    pub times: usize,
}

#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
struct Line {
    question: Option<String>,
    times: Option<usize>,
    #[serde(default)]
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    question: String,
}

/// Reads a file of questions (`-`: standard input).
///
/// # Errors
/// If it cannot be read, is not UTF-8, or holds a line of JSON that is no question: all such lines at once.
pub fn read(path: &Path) -> Result<Vec<Asked>, Failure> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.display().to_string(), std::fs::read(path))
    };
    let bytes = bytes.map_err(|error| Failure::not_held(format!("cannot read `{name}`: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::not_held(format!("`{name}` is not valid UTF-8")))?;
    parse(&text).map_err(|errors| {
        let lines: Vec<String> = errors
            .into_iter()
            .map(|(line, error)| format!("{name}:{line}: {error}"))
            .collect();
        Failure::not_held(lines.join("\n"))
    })
}

fn parse(text: &str) -> Result<Vec<Asked>, Vec<(usize, String)>> {
    let mut asked = Vec::new();
    let mut errors = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with('{') {
            asked.push(Asked {
                question: line.to_owned(),
                times: 1,
            });
            continue;
        }
        match serde_json::from_str::<Line>(line) {
            Ok(line) if line.question.is_none() && line.turns.is_empty() => {
                errors.push((index + 1, "missing `question`".to_owned()));
            }
            Ok(line) => {
                let times = line.times.unwrap_or(1).max(1);
                let turns = line.turns.into_iter().map(|turn| turn.question);
                asked.extend(
                    line.question
                        .into_iter()
                        .chain(turns)
                        .map(|question| Asked { question, times }),
                );
            }
            Err(error) => {
                let error = error.to_string().replace(" at line 1 column", " at column");
                errors.push((index + 1, error));
            }
        }
    }
    if errors.is_empty() { Ok(asked) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_and_json_lines_may_be_mixed() {
        let text = "\u{feff}# asked in May\nWho?\n\n{\"question\": \"When?\", \"times\": 3}\n{\"turns\": [{\"question\": \"A?\"}, {\"question\": \"B?\"}]}\n";
        let asked = parse(text).unwrap();
        let pairs: Vec<_> = asked
            .iter()
            .map(|asked| (asked.question.as_str(), asked.times))
            .collect();
        assert_eq!(pairs, [("Who?", 1), ("When?", 3), ("A?", 1), ("B?", 1)]);
    }

    #[test]
    fn every_bad_line_is_named() {
        let errors = parse("Who?\n{}\n{\"question\"\n").unwrap_err();
        assert_eq!(errors.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    }
}
