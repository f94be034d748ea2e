//! Which text of an article is which paragraph.
//!
//! JSON Lines say it themselves. Plain text is split into blocks at blank lines; a block is the paragraph whose hash it
//! has. What is left over is told by order: between two known paragraphs (or the ends), blocks and paragraphs that are
//! left over are paired one by one, if there are as many of the one as of the other; else nothing is guessed. So a
//! changed paragraph is still found, and blocks that were not curated (a second caption, a by-line) do no harm.

use crate::fact::Paragraph;
use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::fact::parse::RawBriefing;
use crate::fact::parse::value::{collapse, paragraph_named};
use crate::fact::problem::{Collector, Fault, Place};

use super::{Article, paragraph_hash};

/// The paragraphs of an article.
pub(crate) type Paragraphs = BTreeMap<Paragraph, Found>;

/// A paragraph of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// White space collapsed.
    pub(crate) text: String,
    /// In the article's file.
    pub(crate) place: Place,
}

/// One line of JSON Lines; other keys are of no concern here.
#[derive(serde::Deserialize)]
struct Line {
    paragraph: serde_json::Value,
    text: String,
}

/// The article's paragraphs; `None`, and reported, where it is no text.
pub(super) fn find(article: &Article, briefing: &RawBriefing, collector: &mut Collector) -> Option<Paragraphs> {
    let text = String::from_utf8_lossy(&article.bytes);
    let text = text.as_ref();
    let file = collector.add_source(article.path.clone(), text.to_owned());
    if let Err(error) = std::str::from_utf8(&article.bytes) {
        let start = error.valid_up_to();
        let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
        let byte = article.bytes.get(start).copied().unwrap_or_default();
        collector.error(Place { file, start, end }, "", Fault::NotUtf8 { byte });
        return None;
    }
    let is_blank = |character: char| character.is_whitespace() || character == '\u{feff}';
    if text.chars().all(is_blank) {
        collector.error(Place { file, start: 0, end: 0 }, "", Fault::EmptyArticle);
        return None;
    }
    Some(if text.trim_start_matches(is_blank).starts_with('{') {
        from_lines(text, file, collector)
    } else {
        from_blocks(text, file, briefing)
    })
}

fn from_lines(text: &str, file: usize, collector: &mut Collector) -> Paragraphs {
    let mut found = Paragraphs::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim_end();
        let place = Place {
            file,
            start,
            end: start + line.trim_end().len(),
        };
        start += line.len();
        if content.is_empty() {
            continue;
        }
        match paragraph_of(content) {
            Ok((paragraph, _)) if found.contains_key(&paragraph) => {
                collector.error(place, "", Fault::RepeatedParagraph { paragraph });
            }
            Ok((paragraph, text)) => {
                found.insert(paragraph, Found { text, place });
            }
            Err(message) => collector.error(place, "", Fault::BadArticleLine { message }),
        }
    }
    found
}

fn paragraph_of(line: &str) -> Result<(Paragraph, String), String> {
    // Without the place within the line, which reads as one within the file.
    let message = |error: serde_json::Error| {
        error
            .to_string()
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let line: Line = serde_json::from_str(line).map_err(message)?;
    let name = match &line.paragraph {
        serde_json::Value::String(name) => name.clone(),
        other => other.to_string(),
    };
    let paragraph = paragraph_named(&name).map_err(|fault| fault.to_string())?;
    Ok((paragraph, collapse(&line.text)))
}

fn from_blocks(text: &str, file: usize, briefing: &RawBriefing) -> Paragraphs {
    let blocks = blocks(text);
    let mut listed: Vec<(Paragraph, &str)> = briefing
        .source
        .paragraphs
        .iter()
        .map(|(paragraph, hash)| (paragraph.value, hash.as_ref().map_or("", |hash| hash.value.0.as_str())))
        .collect();
    listed.sort();
    listed.dedup_by_key(|(paragraph, _)| *paragraph);
    let hashes: Vec<String> = blocks.iter().map(|block| paragraph_hash(block.1)).collect();
    let expected: Vec<&str> = listed.iter().map(|(_, hash)| *hash).collect();
    let assigned = assign(&hashes, &expected);
    let pairs = listed.iter().zip(assigned);
    pairs
        .filter_map(|((paragraph, _), block)| {
            let (start, text) = *blocks.get(block?)?;
            let end = start + text.len();
            let found = Found {
                text: collapse(text),
                place: Place { file, start, end },
            };
            Some((*paragraph, found))
        })
        .collect()
}

/// The runs of lines that are not blank, each with the byte where it begins.
fn blocks(text: &str) -> Vec<(usize, &str)> {
    let mut blocks = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim_matches('\u{feff}').trim().is_empty();
        match (begun, is_blank) {
            (None, false) => begun = Some(at),
            (Some(start), true) => {
                blocks.push((start, text[start..at].trim_end()));
                begun = None;
            }
            _ => {}
        }
        at += line.len();
    }
    if let Some(start) = begun {
        blocks.push((start, text[start..].trim_end()));
    }
    blocks
}

/// For each expected hash the index of its block, if there is one.
fn assign(blocks: &[String], expected: &[&str]) -> Vec<Option<usize>> {
    let mut is_taken = vec![false; blocks.len()];
    let mut assigned: Vec<Option<usize>> = vec![None; expected.len()];
    let mut by_hash: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (block, hash) in blocks.iter().enumerate() {
        by_hash.entry(hash).or_default().push_back(block);
    }
    for (index, hash) in expected.iter().enumerate() {
        if let Some(block) = by_hash.get_mut(hash).and_then(VecDeque::pop_front) {
            is_taken[block] = true;
            assigned[index] = Some(block);
        }
    }
    let mut start = 0;
    while start < expected.len() {
        if assigned[start].is_some() {
            start += 1;
            continue;
        }
        let end = (start..expected.len())
            .find(|&index| assigned[index].is_some())
            .unwrap_or(expected.len());
        let first_block = start
            .checked_sub(1)
            .and_then(|index| assigned[index])
            .map_or(0, |block| block + 1);
        let last_block = assigned.get(end).copied().flatten().unwrap_or(blocks.len());
        let free: Vec<usize> = (first_block..last_block).filter(|&block| !is_taken[block]).collect();
        if free.len() == end - start {
            for (index, block) in (start..end).zip(free) {
                is_taken[block] = true;
                assigned[index] = Some(block);
            }
        }
        start = end;
    }
    assigned
}
