//! The part of a file that a problem is shown with: a few lines, safe for a terminal and of bounded length.
//!
//! Why not the whole file as `miette` would take it: it counts columns in bytes, searches from the file's beginning for
//! each problem, and prints lines of any length with whatever control characters are in them.
//! Promise: no panic and no byte outside the text, whatever the span.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A message quotes at most so much of a file's text.
const MAX_CLIP_CHARS: usize = 80;
/// A line is shown in this length at most.
const MAX_LINE_CHARS: usize = 120;
/// How much of a long line is shown before the place.
const LEAD_CHARS: usize = 30;

/// A few lines around a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    path: String,
    text: String,
    /// Of the first line in `text`, from 0.
    first_line: usize,
    /// Where the place is, in `text`.
    pub(super) span: (usize, usize),
    /// Line and column of the place in the file, from 0.
    position: (usize, usize),
}

impl Excerpt {
    /// Cuts the line before the place, the place's first line, and the line after it.
    pub(super) fn of(path: &str, text: &str, start: usize, end: usize) -> Self {
        let start = floor_char_boundary(text, start);
        let end = floor_char_boundary(text, end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let (line, column) = position(text, start);
        let mut shown = String::new();
        let mut first_line = line - 1;
        if line_start > 0 {
            let before_start = text[..line_start - 1].rfind('\n').map_or(0, |at| at + 1);
            push_line(&mut shown, &text[before_start..line_start - 1], 0);
            first_line -= 1;
        }
        let skipped = if column - 1 > MAX_LINE_CHARS - LEAD_CHARS {
            column - 1 - LEAD_CHARS
        } else {
            0
        };
        let at = shown.len();
        push_line(&mut shown, &text[line_start..line_end], skipped);
        let span = span_within(
            &text[line_start..line_end],
            start - line_start,
            end.min(line_end) - line_start,
            skipped,
        );
        if line_end < text.len() {
            let after = text[line_end + 1..].split('\n').next().unwrap_or_default();
            push_line(&mut shown, after, 0);
        }
        Self {
            path: path.to_owned(),
            text: shown,
            first_line,
            span: (at + span.0, span.1),
            position: (line - 1, column - 1),
        }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (range, line, column) = if lines_before == 0 {
            // The place itself: only its position is used.
            (self.span.0..self.span.0 + self.span.1, self.position.0, self.position.1)
        } else {
            (0..self.text.len(), self.first_line, 0)
        };
        let data = self
            .text
            .as_bytes()
            .get(range.clone())
            .ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            data,
            (range.start, range.len()).into(),
            line,
            column,
            1,
        )))
    }
}

/// Line and column of a byte, from 1, columns in code points.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..floor_char_boundary(text, at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    // A byte order mark is no column.
    let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
    (line, column)
}

/// Text of a file as it may stand in a message: on one line, clipped, without control characters.
pub(crate) fn clip(text: &str) -> String {
    let mut chars = text.chars().map(printable);
    let mut clipped: String = chars.by_ref().take(MAX_CLIP_CHARS).collect();
    if chars.next().is_some() {
        clipped.push('…');
    }
    clipped
}

/// The character, or one that shows that it cannot be shown.
fn printable(character: char) -> char {
    if is_invisible(character) || character.is_control() {
        '\u{fffd}'
    } else {
        character
    }
}

/// Characters that change how the text around them looks: directions, joiners, marks.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Adds a line from its character `skipped` on, clipped.
fn push_line(shown: &mut String, line: &str, skipped: usize) {
    if skipped > 0 {
        shown.push('…');
    }
    let mut chars = clean_line(line).skip(skipped);
    shown.extend(chars.by_ref().take(MAX_LINE_CHARS));
    if chars.next().is_some() {
        shown.push('…');
    }
    shown.push('\n');
}

/// The characters of a line as they are shown; tabs count as one.
fn clean_line(line: &str) -> impl Iterator<Item = char> {
    line.trim_start_matches('\u{feff}')
        .trim_end_matches('\r')
        .chars()
        .map(|character| if character == '\t' { ' ' } else { printable(character) })
}

/// Start and length of a span of a line, in the bytes of what [`push_line`] shows of it.
fn span_within(line: &str, start: usize, end: usize, skipped: usize) -> (usize, usize) {
    let n_before = |at: usize| clean_line(&line[..at.min(line.len())]).count();
    let (first, last) = (
        n_before(start) - skipped.min(n_before(start)),
        n_before(end) - skipped.min(n_before(end)),
    );
    let mut shown = String::new();
    push_line(&mut shown, line, skipped);
    let mark = usize::from(skipped > 0);
    let byte = |n_chars: usize| {
        shown
            .char_indices()
            .nth(n_chars.min(MAX_LINE_CHARS) + mark)
            .map_or(shown.len().saturating_sub(1), |(at, _)| at)
            .min(shown.len().saturating_sub(1))
    };
    let (from, to) = (byte(first), byte(last));
    (from, to.saturating_sub(from))
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_place_is_found_in_what_is_shown() {
        let text = "one\ntwo = \"größe\"\nthree\nfour\n";
        let start = text.find("größe").unwrap();
        let excerpt = Excerpt::of("a.toml", text, start, start + "größe".len());
        assert_eq!(excerpt.text, "one\ntwo = \"größe\"\nthree\n");
        assert_eq!(&excerpt.text[excerpt.span.0..excerpt.span.0 + excerpt.span.1], "größe");
        assert_eq!(excerpt.position, (1, 7));
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("a = \"{}HERE{}\"", "x".repeat(5_000), "y".repeat(5_000));
        let start = text.find("HERE").unwrap();
        let excerpt = Excerpt::of("a.toml", &text, start, start + 4);
        assert!(excerpt.text.chars().count() < 2 * MAX_LINE_CHARS, "{}", excerpt.text);
        assert_eq!(&excerpt.text[excerpt.span.0..excerpt.span.0 + excerpt.span.1], "HERE");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let excerpt = Excerpt::of("a.toml", "a = \u{1b}[31m\u{9b}\u{202e}x\r\nb = 1\tc", 4, 5);
        assert!(
            !excerpt.text.replace('\n', "").chars().any(char::is_control),
            "{:?}",
            excerpt.text
        );
        assert_eq!(clip("a\nb\u{1b}"), "a\u{fffd}b\u{fffd}");
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_can_be_shown(text in "(?s).{0,300}", start in 0..400usize, length in 0..400usize) {
            let excerpt = Excerpt::of("a.toml", &text, start, start + length);
            prop_assert!(excerpt.text.get(excerpt.span.0..excerpt.span.0 + excerpt.span.1).is_some());
        }
    }
}
