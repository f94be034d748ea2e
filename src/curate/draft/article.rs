//! Which blocks of a plain text are the headline, the caption, the by-line and the paragraphs.

use std::collections::HashSet;

use crate::fact::Paragraph;

/// An article taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Headline, caption and paragraphs in reading order, white space collapsed.
    pub paragraphs: Vec<(Paragraph, String)>,
    /// The by-line, where one begins with `By`.
    pub byline: Option<String>,
    /// Agencies that the text credits in brackets or at a caption's end.
    pub agencies: Vec<String>,
    /// Blocks that were taken for no part of the article: repeated ones, by-lines, calls to subscribe.
    pub n_left_out: usize,
}

impl Blocks {
    /// The headline; empty where there is none.
    #[must_use]
    pub fn title(&self) -> &str {
        self.paragraphs
            .first()
            .filter(|(paragraph, _)| *paragraph == Paragraph::Headline)
            .map_or("", |(_, text)| text)
    }
}

/// Takes a plain text apart: the first block is the headline; then, where a block before the first paragraph ends
/// without a full stop but holds a sentence, it is the caption. There is one caption at most.
#[must_use]
pub fn blocks(text: &str) -> Blocks {
    let mut blocks = Blocks::default();
    let mut seen = HashSet::new();
    let mut number = 0;
    for text in raw_blocks(text) {
        let is_new = seen.insert(crate::fact::words_key(&text));
        if !is_new {
            blocks.n_left_out += 1;
        } else if blocks.paragraphs.is_empty() {
            blocks.paragraphs.push((Paragraph::Headline, text));
        } else if is_byline(&text) {
            blocks.byline = Some(text);
            blocks.n_left_out += 1;
        } else if ends_sentence(&text) {
            number += 1;
            blocks.agencies.extend(agency(&text));
            blocks.paragraphs.push((Paragraph::Number(number), text));
        } else if blocks.paragraphs.len() == 1 && text.contains(". ") {
            blocks.agencies.extend(credit(&text));
            blocks.paragraphs.push((Paragraph::Caption, text));
        } else {
            blocks.n_left_out += 1;
        }
    }
    let mut agencies = HashSet::new();
    blocks.agencies.retain(|agency| agencies.insert(agency.clone()));
    blocks
}

/// The runs of lines that are not blank, white space collapsed.
fn raw_blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = vec![String::new()];
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A by-line often follows the headline without a blank line.
        if blocks.len() == 1 && is_byline(line.trim()) {
            blocks.extend([line.to_owned(), String::new()]);
        } else if line.trim().is_empty() {
            blocks.push(String::new());
        } else if let Some(block) = blocks.last_mut() {
            block.push(' ');
            block.push_str(line);
        }
    }
    blocks
        .iter()
        .map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|block| !block.is_empty())
        .collect()
}

fn is_byline(text: &str) -> bool {
    const MAX_WORDS: usize = 10;
    text.starts_with("By ") && text.split(' ').count() <= MAX_WORDS && !text.ends_with('.')
}

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '”', '\'', '’']);
    bare.ends_with(['.', '?', '!']) || agency(text).is_some()
}

/// `(Coast Wire)` at the end, or in a dateline at the beginning.
fn agency(text: &str) -> Option<String> {
    const MAX_WORDS: usize = 4;
    let inside = if let Some(rest) = text.strip_suffix(')') {
        rest.rsplit_once('(')?.1
    } else {
        let (head, _) = text.split_once(") ")?;
        let (place, inside) = head.split_once('(')?;
        let is_dateline = place.trim_end().split(' ').count() <= MAX_WORDS && place.starts_with(char::is_uppercase);
        if !is_dateline {
            return None;
        }
        inside
    };
    let is_name = inside.starts_with(char::is_uppercase) && inside.split(' ').count() <= MAX_WORDS;
    is_name.then(|| inside.to_owned())
}

/// The words after a caption's last full stop.
fn credit(text: &str) -> Option<String> {
    const MAX_WORDS: usize = 4;
    let (_, credit) = text.rsplit_once(". ")?;
    (credit.split(' ').count() <= MAX_WORDS && credit.starts_with(char::is_uppercase)).then(|| credit.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_by_line_under_the_headline_is_none_of_it() {
        let blocks =
            blocks("The wall is to be raised\nBy the port desk\n\nThe wall will be raised.\nBy June it is done.\n");
        assert_eq!(blocks.title(), "The wall is to be raised");
        assert_eq!(blocks.byline.as_deref(), Some("By the port desk"));
        let told = "The wall will be raised. By June it is done.".to_owned();
        assert_eq!(blocks.paragraphs[1..], [(Paragraph::Number(1), told)]);
    }

    #[test]
    fn there_is_one_caption_at_most() {
        let blocks = blocks(
            "The wall\n\nThe quay at dusk. Coast Wire\n\nAn old crane. Photo by a reader\n\nThe wall is raised.\n",
        );
        let kinds: Vec<&Paragraph> = blocks.paragraphs.iter().map(|(paragraph, _)| paragraph).collect();
        assert_eq!(
            kinds,
            [&Paragraph::Headline, &Paragraph::Caption, &Paragraph::Number(1)]
        );
        assert_eq!(blocks.n_left_out, 1);
    }
}
