//! Finds syntax errors, and blanks out the blocks that have one, so that the rest of the file is still checked.
//!
//! A block is what stands from one `[x]` or `[[x]]` line to the next. Of a broken block, what the parser says after the
//! error that broke it is guesswork, and not reported. Errors after which the parser knows how to go on (a value without
//! quotes, a forgotten comma) do not cost the block. Promise: what is left parses, and every byte keeps its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use crate::fact::problem::Fault;

/// Blocks blanked out in one file; a file with more broken blocks is given up.
const MAX_BROKEN_BLOCKS: usize = 20;
/// A file with more errors than this is no TOML, and each block of it would cost another parse.
const MAX_ERRORS: usize = 2_000;

/// A text that parses.
#[derive(Debug)]
pub(super) struct Mended {
    /// The text; broken blocks are spaces.
    pub(super) text: String,
    /// What was wrong, and where.
    pub(super) faults: Vec<(Range<usize>, Fault)>,
    /// Whether something was blanked out, so that what seems missing may only be broken.
    pub(super) is_partial: bool,
}

/// Reports syntax errors and removes what they broke.
pub(super) fn mend(text: &str) -> Mended {
    let mut mended = Mended {
        text: text.to_owned(),
        faults: Vec::new(),
        is_partial: false,
    };
    for _ in 0..MAX_BROKEN_BLOCKS {
        let (root, mut errors) = DeTable::parse_recoverable(&mended.text);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        let Some(first) = errors.iter().find(|error| !leaves_block_whole(error)) else {
            let faults = errors.iter().map(|error| fault_of(&mended.text, error));
            mended.faults.extend(faults.collect::<Vec<_>>());
            return mended;
        };
        let (span, fault, block) = judge(&mended.text, &root, first);
        // Of the same block's errors, the first in the text is the one to read.
        let earlier = errors.iter().find(|error| {
            error
                .span()
                .is_some_and(|at| block.contains(&at.start) && at.start < span.start)
        });
        let reported = earlier.map_or((span, fault), |error| fault_of(&mended.text, error));
        mended.faults.push(reported);
        mended.is_partial = true;
        let is_hopeless = errors.len() > MAX_ERRORS || first.span().is_none();
        drop(root);
        mended.blank(if is_hopeless { 0..mended.text.len() } else { block });
    }
    mended.blank(0..mended.text.len());
    mended
}

impl Mended {
    fn blank(&mut self, block: Range<usize>) {
        let keeps = |byte: u8| byte == b'\n';
        let blanked: String = self.text[block.clone()]
            .bytes()
            .map(|byte| if keeps(byte) { '\n' } else { ' ' })
            .collect();
        self.text.replace_range(block, &blanked);
    }
}

/// Whether the parser goes on after it as if it were not there.
fn leaves_block_whole(error: &Error) -> bool {
    let message = error.message();
    error.span().is_some()
        && (message == "duplicate key"
            || message.starts_with("string values must be quoted")
            || message.starts_with("invalid boolean")
            || message.starts_with("missing escaped value")
            || message.starts_with("too few unicode value digits")
            || message.starts_with("extra comma in")
            || message.starts_with("missing comma between array elements"))
}

/// What an error means, where to point, and which block it breaks.
fn judge(text: &str, root: &Spanned<DeTable<'_>>, error: &Error) -> (Range<usize>, Fault, Range<usize>) {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let root = root.get_ref();
    // A list that runs on over the next block's header: whatever is said after that is of no use.
    let list = open_at(root, span.start, "list").filter(|&start| {
        let is_within = |(header, _): (usize, &str)| start < header && header <= span.start;
        message.starts_with("unclosed array,") || headers(text).any(is_within)
    });
    let opening = match list {
        Some(start) => Some((start, "list")),
        None if message.starts_with("unclosed inline table") => open_at(root, span.start, "table").zip(Some("table")),
        None if message.starts_with("invalid multi-line") => open_at(root, span.start, "text").zip(Some("text")),
        None => None,
    };
    if let Some((start, what)) = opening {
        let closing = match (what, text.get(start..start + 3)) {
            ("list", _) => "]",
            ("table", _) => "}",
            (_, Some("'''")) => "'''",
            _ => "\"\"\"",
        };
        let fault = Fault::NotClosed { what, closing };
        return (start..start + 1, fault, block_at(text, start));
    }
    let (span, fault) = fault_of(text, error);
    let block = block_at(text, span.start);
    (span, fault, block)
}

fn fault_of(text: &str, error: &Error) -> (Range<usize>, Fault) {
    let span = error.span().unwrap_or(0..0);
    let written = text.get(span.clone()).unwrap_or_default();
    let message = error.message();
    if message == "duplicate key" {
        return (
            span,
            Fault::DuplicateKey {
                key: written.to_owned(),
            },
        );
    }
    let (message, hint) = match message.split(", expected ").next().unwrap_or(message) {
        "string values must be quoted" if written.contains(['“', '”', '‘', '’']) => (
            "text in typographic quotation marks",
            Some("use straight ones: `\"…\"`"),
        ),
        "string values must be quoted" => (
            "text without quotation marks",
            Some("write it as `\"…\"`; `true` and `false` and numbers need none"),
        ),
        "invalid basic string" => (
            "this text is never closed",
            Some("put `\"` at its end; a `\"` within it is written `\\\"`"),
        ),
        "invalid literal string" => (
            "this text is never closed",
            Some("put `'` at its end; text with an apostrophe stands in `\"…\"`"),
        ),
        "missing opening quote" => (
            "an apostrophe ends the text",
            Some("text with an apostrophe stands in `\"…\"`"),
        ),
        "unexpected key or value" => (
            "something follows the value",
            Some(
                "one `key = value` a line; a `\"` within text is written `\\\"`, text with an apostrophe stands in `\"…\"`",
            ),
        ),
        "missing comma between array elements" => (
            "a comma is missing before this",
            Some("the elements of a list are separated by commas"),
        ),
        "unclosed array table" | "unclosed table" => (
            "a `]` is missing here",
            Some("a block begins with a line `[[name]]`, or `[name]` where there is one of it"),
        ),
        "key with no value" => (
            "a key without `=` and a value",
            Some("one `key = value` a line; a comment begins with `#`"),
        ),
        "recursion limit" | "cannot recurse further; max recursion depth met" => ("nested too deep", None),
        _ => (message, None),
    };
    let message = message.to_owned();
    (span, Fault::Syntax { message, hint })
}

/// The outermost list, inline table or long text (what is `sought`) that begins before a byte and is not over there.
fn open_at(table: &DeTable<'_>, at: usize, sought: &'static str) -> Option<usize> {
    table.values().filter_map(|value| open_in(value, at, sought)).min()
}

fn open_in(value: &Spanned<DeValue<'_>>, at: usize, sought: &'static str) -> Option<usize> {
    let span = value.span();
    let (kind, inner) = match value.get_ref() {
        DeValue::Array(array) => {
            let inner = array.iter().filter_map(|element| open_in(element, at, sought));
            ("list", inner.min())
        }
        DeValue::Table(table) => ("table", open_at(table, at, sought)),
        DeValue::String(_) => ("text", None),
        _ => return None,
    };
    let is_open = kind == sought && span.start < at && at <= span.end;
    is_open.then_some(span.start).or(inner)
}

/// The header lines of a text, each with the byte where it begins.
fn headers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        start += line.len();
        (start - line.len(), line)
    });
    lines.filter(|(_, line)| is_header(line))
}

/// The block that holds a byte: from its header, or the file's beginning, to the next header.
fn block_at(text: &str, at: usize) -> Range<usize> {
    let of_blocks = headers(text).filter(|(_, line)| !line.split(']').next().unwrap_or_default().contains('.'));
    let mut block = 0..text.len();
    for (start, _) in of_blocks {
        if start > at {
            block.end = start;
            break;
        }
        block.start = start;
    }
    block
}

/// Whether the line is `[name]` or `[[name]]`, with dots in the name or not.
fn is_header(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default().trim();
    let name = line
        .strip_prefix("[[")
        .and_then(|rest| rest.strip_suffix("]]"))
        .or_else(|| line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')));
    name.is_some_and(|name| {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !name.is_empty() && name.bytes().all(is_word)
    })
}
