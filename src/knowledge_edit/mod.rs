//! Changes to a fact base's files that keep everything else as the curator wrote it: comments, order, spacing.
//!
//! Text in, text out, by `toml_edit`; what is to be written is shown first as lines taken away and put in. Promise: an
//! edit touches the entry it is for and nothing else; where it is not there, nothing is changed.
//! [`plan`] works out what to do about unanswered questions, and is alone in touching files.

pub mod dismissed;
pub mod plan;

use similar::{ChangeTag, TextDiff};
use toml_edit::{Array, DocumentMut, Item, RawString, Value};

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file is no TOML.
    #[error("the file cannot be read as TOML: {0}")]
    Syntax(String),
    /// There is no entry with this id in the file.
    #[error("no fact or gap `{0}` in the file")]
    NoEntry(String),
    /// The entry has no list of phrasings.
    #[error("`{0}` has no list of phrasings")]
    NoPhrasings(String),
}

/// Whether the file holds a fact or a gap with this id.
#[must_use]
pub fn has_entry(text: &str, id: &str) -> bool {
    text.parse::<DocumentMut>()
        .is_ok_and(|document| place(&document, id).is_some())
}

/// The file with one phrasing more, at the end of the entry's list, written as the one before it is.
///
/// # Errors
/// If the text is no TOML, or holds no such entry with a list of phrasings.
pub fn add_phrasing(text: &str, id: &str, phrasing: &str) -> Result<String, EditError> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| EditError::Syntax(error.message().to_owned()))?;
    let (kind, index) = place(&document, id).ok_or_else(|| EditError::NoEntry(id.to_owned()))?;
    let phrasings = document
        .get_mut(kind)
        .and_then(Item::as_array_of_tables_mut)
        .and_then(|tables| tables.get_mut(index))
        .and_then(|table| table.get_mut("phrasings"))
        .and_then(Item::as_array_mut)
        .ok_or_else(|| EditError::NoPhrasings(id.to_owned()))?;
    push(phrasings, phrasing);
    Ok(document.to_string())
}

/// The file with one gap more at its end, to be looked at: it says `todo`, so that it is not served as it is.
#[must_use]
pub fn add_gap(text: &str, id: &str, phrasings: &[String]) -> String {
    let mut lines = vec![
        String::new(),
        "[[gap]]".to_owned(),
        format!("id = {}", quoted(id)),
        format!(
            "todo = {}",
            quoted("say in one honest sentence what the source leaves open, and what it says nearby")
        ),
        "# answer = \"The briefing does not say …\"".to_owned(),
        "phrasings = [".to_owned(),
    ];
    lines.extend(phrasings.iter().map(|phrasing| format!("    {},", quoted(phrasing))));
    lines.push("]".to_owned());
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text + &lines.join("\n") + "\n"
}

/// What changes, as lines with `-` and `+` and three lines around them.
#[must_use]
pub fn shown(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut shown = format!("--- {path}\n+++ {path}\n");
    for group in diff.grouped_ops(3) {
        for operation in &group {
            for change in diff.iter_changes(operation) {
                let sign = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                if sign != ' ' || change.value() != "\n" {
                    shown.push(sign);
                }
                shown.push_str(change.value());
                if !change.value().ends_with('\n') {
                    shown.push('\n');
                }
            }
        }
        shown.push_str("…\n");
    }
    shown
}

/// Whether it is a fact or a gap, and its place among them.
fn place(document: &DocumentMut, id: &str) -> Option<(&'static str, usize)> {
    ["fact", "gap"].into_iter().find_map(|kind| {
        let tables = document.get(kind)?.as_array_of_tables()?;
        let index = tables
            .iter()
            .position(|table| table.get("id").and_then(Item::as_str) == Some(id))?;
        Some((kind, index))
    })
}

/// Adds an element that looks like the last one, so that a list of one a line stays one. A comment behind the last
/// element stays behind it.
fn push(array: &mut Array, text: &str) {
    let of_last = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let last = array.len().checked_sub(1).and_then(|place| array.get(place));
    let prefix = without_comments(&of_last(last.and_then(|last| last.decor().prefix())));
    let has_comma = array.trailing_comma();
    let behind = if has_comma {
        of_last(Some(array.trailing()))
    } else {
        of_last(last.and_then(|last| last.decor().suffix())) + &of_last(Some(array.trailing()))
    };
    // What closes the list stays at its end; what is said of the last element goes before the new one.
    let (comment, closing) = behind.split_at(behind.rfind('\n').unwrap_or(0));
    let mut value = Value::from(text);
    *value.decor_mut() = toml_edit::Decor::new(comment.trim_end().to_owned() + &prefix, "");
    if let Some(last) = array.len().checked_sub(1).and_then(|place| array.get_mut(place)) {
        last.decor_mut().set_suffix("");
    }
    array.push_formatted(value);
    array.set_trailing(closing);
    array.set_trailing_comma(has_comma);
}

/// The white space of the last line: a comment above an element belongs to that element.
fn without_comments(prefix: &str) -> String {
    match prefix.rfind('\n') {
        Some(at) => prefix[at..].to_owned(),
        None => prefix.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const FILE: &str = "# the works
title = \"Works\"

[[fact]]
id = \"wall\"   # the sea wall
phrasings = [
    # short ones
    \"wall height\",
    \"How high?\", # asked most
]

[[fact]]
id = \"crane\"
phrasings = [\"Where?\", \"Which pier?\"]
";

    #[test]
    fn a_phrasing_is_added_where_it_belongs_and_comments_stay() {
        let after = add_phrasing(FILE, "wall", "How tall is \"it\"?").unwrap();
        expect![[r#"
            --- works.toml
            +++ works.toml
                 # short ones
                 "wall height",
                 "How high?", # asked most
            +    'How tall is "it"?',
             ]

             [[fact]]
            …
        "#]]
        .assert_eq(&shown("works.toml", FILE, &after));
        let after = add_phrasing(FILE, "crane", "Where to?").unwrap();
        assert!(
            after.contains("phrasings = [\"Where?\", \"Which pier?\", \"Where to?\"]\n"),
            "{after}"
        );
        assert!(after.parse::<DocumentMut>().is_ok());
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        assert_eq!(
            add_phrasing(FILE, "ferry", "?"),
            Err(EditError::NoEntry("ferry".to_owned()))
        );
        assert!(matches!(add_phrasing("a = [", "wall", "?"), Err(EditError::Syntax(_))));
        assert!(has_entry(FILE, "crane") && !has_entry(FILE, "works"));
    }

    #[test]
    fn a_gap_is_added_at_the_end_as_something_to_do() {
        let after = add_gap(FILE, "cost", &["What does it cost?".to_owned()]);
        assert!(after.starts_with(FILE));
        let document: DocumentMut = after.parse().unwrap();
        assert!(has_entry(&after, "cost"));
        let gap = document["gap"].as_array_of_tables().unwrap().get(0).unwrap();
        assert!(gap.contains_key("todo"));
        assert_eq!(gap["phrasings"].as_array().unwrap().len(), 1);
    }
}
