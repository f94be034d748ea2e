//! Lines of bounded length from a reader of unbounded lines.
//!
//! Promise: a line is handed out as soon as it has arrived whole; however long a line is, no more of it than the
//! bound is held. Deliberately absent: text. A line is bytes here, since it need not be UTF-8.

use std::io::{BufRead, ErrorKind, Result};

/// A line without its line break.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The whole line.
    Whole(Vec<u8>),
    /// The line was longer than the bound; its bytes are gone.
    TooLong,
}

/// Reads the next line; `None` at the end of the input.
///
/// # Errors
/// What the reader reports.
pub(super) fn next_line(input: &mut impl BufRead, max_bytes: usize) -> Result<Option<Line>> {
    let mut line = Vec::new();
    let mut is_too_long = false;
    let mut is_at_end = true;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            break;
        }
        is_at_end = false;
        let line_break = available.iter().position(|byte| *byte == b'\n');
        let part = &available[..line_break.unwrap_or(available.len())];
        if line.len() + part.len() > max_bytes {
            is_too_long = true;
            line = Vec::new();
        }
        if !is_too_long {
            line.extend_from_slice(part);
        }
        let n_used = part.len() + usize::from(line_break.is_some());
        input.consume(n_used);
        if line_break.is_some() {
            break;
        }
    }
    Ok(match (is_at_end, is_too_long) {
        (true, _) => None,
        (false, true) => Some(Line::TooLong),
        (false, false) => Some(Line::Whole(line)),
    })
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// Reads with a buffer smaller than the lines, so that lines come in parts.
    #[track_caller]
    fn check(input: &str, expected: &[Option<&str>]) {
        let mut input = BufReader::with_capacity(3, input.as_bytes());
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input, 5).unwrap() {
            lines.push(match line {
                Line::Whole(bytes) => Some(String::from_utf8(bytes).unwrap()),
                Line::TooLong => None,
            });
        }
        let expected: Vec<_> = expected.iter().map(|line| line.map(str::to_owned)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_end_at_a_line_break_or_at_the_end() {
        check("", &[]);
        check("\n", &[Some("")]);
        check("one\n\ntwo", &[Some("one"), Some(""), Some("two")]);
        check("one\n", &[Some("one")]);
    }

    #[test]
    fn a_line_of_the_bound_is_whole_and_a_longer_one_does_not_touch_the_next() {
        check("12345\n123456\nnext\n", &[Some("12345"), None, Some("next")]);
        check("1234567890123", &[None]);
    }
}
