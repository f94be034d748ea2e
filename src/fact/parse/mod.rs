//! From the bytes of TOML files to a fact base, or to every problem that stands in the way.
//!
//! In this order: bytes to text, text to a tree (`syntax`), the tree to the files as written (`raw`, by
//! `reader` and `value`), checks across them (`super::check`, `super::article`), and last the core's own types
//! (`convert`). Promise: no input makes it panic; loading is all or nothing; the problems of all files are found in
//! one run, and none twice. Deliberately absent: I/O.

mod convert;
pub(crate) mod raw;
pub(crate) mod reader;
mod syntax;
pub(crate) mod value;

use toml::Spanned;
use toml::de::DeTable;

use super::FactBase;
use super::article::{self, Article, Paragraphs};
use super::check;
use super::files::{Content, File, Files, Folder};
use super::limits::is_id;
use super::marks::Marks;
use super::problem::{Collector, Fault, Place, Problems};

use raw::{RawFacts, RawGlossary, RawSource, RawSynonyms};
use reader::{Reader, Table, nearest};

/// The version of the format that this version reads.
pub const FORMAT: i64 = 1;

/// A briefing's files, for messages.
pub(crate) const SUB_FILES: &str = "`source.toml`, `glossary.toml`, `synonyms.toml` and `facts/<topic>.toml`";

/// A fact base, and what the curator should look at nevertheless.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The facts.
    pub base: FactBase,
    /// Warnings only.
    pub warnings: Problems,
}

/// Makes a fact base of files.
///
/// # Errors
/// All problems of all files, warnings included, if one of them is an error.
pub fn load(files: &Files) -> Result<Loaded, Problems> {
    load_against(files, &[])
}

/// Makes a fact base of files, and checks its citations against the articles too.
///
/// # Errors
/// All problems of all files and articles, warnings included, if one of them is an error.
pub fn load_against(files: &Files, articles: &[Article]) -> Result<Loaded, Problems> {
    load_with(files, articles, |_, _, _| ()).map(|(loaded, ())| loaded)
}

/// As [`load_against`], with the places of everything, for remarks on what was loaded.
///
/// # Errors
/// All problems of all files and articles, warnings included, if one of them is an error.
pub fn load_marked(files: &Files, articles: &[Article]) -> Result<(Loaded, Marks), Problems> {
    load_with(files, articles, Marks::of)
}

/// What else is wanted of the files, `also` makes.
fn load_with<T>(
    files: &Files,
    articles: &[Article],
    also: impl FnOnce(&[RawBriefing], Vec<(String, Paragraphs)>, &Collector) -> T,
) -> Result<(Loaded, T), Problems> {
    let mut collector = Collector::default();
    let briefings = read(files, &mut collector);
    for briefing in &briefings {
        check::check(briefing, &mut collector);
    }
    let mut found = Vec::new();
    for article in articles {
        let paragraphs = article::check(article, &briefings, &mut collector);
        found.extend(paragraphs.map(|paragraphs| (article.briefing.clone(), paragraphs)));
    }
    let converted: Option<Vec<_>> = briefings.iter().map(convert::briefing).collect();
    match converted {
        Some(converted) if !collector.has_errors() => {
            let more = also(&briefings, found, &collector);
            let loaded = Loaded {
                base: FactBase::new(converted),
                warnings: collector.finish(),
            };
            Ok((loaded, more))
        }
        _ => Err(collector.finish()),
    }
}

/// A briefing as its files have it.
#[derive(Debug)]
pub(crate) struct RawBriefing {
    pub(crate) id: String,
    /// The folder.
    pub(crate) place: Place,
    pub(crate) source: RawSource,
    pub(crate) topics: Vec<RawTopic>,
    pub(crate) glossary: RawGlossary,
    pub(crate) synonyms: RawSynonyms,
    /// What was lost of it, so that references to it cannot be judged.
    pub(crate) lost: Lost,
}

/// A file of facts with its topic.
#[derive(Debug)]
pub(crate) struct RawTopic {
    pub(crate) id: String,
    /// Where the id is written, or the file's beginning.
    pub(crate) place: Place,
    pub(crate) facts: RawFacts,
}

/// The parts of a briefing of which a file, or a block of one, could not be read.
#[derive(Debug, Default)]
pub(crate) struct Lost(Vec<Part>);

/// A part of a briefing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Source,
    Facts,
    Glossary,
    Synonyms,
}

impl Lost {
    /// Whether something of this part was lost.
    pub(crate) fn any_of(&self, part: Part) -> bool {
        self.0.contains(&part)
    }
}

fn read(files: &Files, collector: &mut Collector) -> Vec<RawBriefing> {
    if files.folders.is_empty() && files.stray.is_empty() {
        let place = add_source(collector, &files.root, "");
        collector.error(place, "", Fault::NoBriefing);
    }
    if files.stray.iter().any(|name| name == "source.toml") {
        let place = add_source(collector, &files.root, "");
        collector.error(place, "", Fault::BriefingAsRoot);
        return Vec::new();
    }
    for name in &files.stray {
        let place = add_source(collector, &format!("{}/{name}", files.root), "");
        collector.error(place, "", Fault::StrayFile);
    }
    files
        .folders
        .iter()
        .filter_map(|folder| read_folder(&files.root, folder, collector))
        .collect()
}

/// The briefing; `None` where its format is another one, or there is nothing in it.
fn read_folder(root: &str, folder: &Folder, collector: &mut Collector) -> Option<RawBriefing> {
    let path = format!("{root}/{}", super::problem::clip(&folder.briefing));
    let place = add_source(collector, &path, "");
    if !is_id(&folder.briefing) {
        let name = folder.briefing.clone();
        collector.error(place, "", Fault::BadFolderName { name });
    }
    if folder.files.is_empty() {
        collector.error(place, "", Fault::EmptyFolder);
        return None;
    }
    let mut briefing = RawBriefing {
        id: folder.briefing.clone(),
        place,
        source: RawSource::default(),
        topics: Vec::new(),
        glossary: RawGlossary::default(),
        synonyms: RawSynonyms::default(),
        lost: Lost::default(),
    };
    let (sources, others): (Vec<&File>, Vec<&File>) = folder.files.iter().partition(|file| file.name == "source.toml");
    let n_before = collector.len();
    match sources.first() {
        None => {
            collector.error(place, "", Fault::NoSource);
            briefing.lost.0.push(Part::Source);
        }
        Some(file) => {
            briefing.source = read_file(
                &path,
                file,
                Part::Source,
                &mut briefing.lost,
                collector,
                RawSource::read,
            );
            if let Some(unread) = briefing
                .source
                .format
                .as_ref()
                .filter(|format| format.value.0 != FORMAT)
            {
                // What else seems wrong with it may be right in that format.
                collector.retain_from(n_before, |_| false);
                let found = unread.value.0.to_string();
                collector.error(unread.place, "", Fault::FormatUnread { found });
                return None;
            }
        }
    }
    for file in others {
        read_other(&path, file, &mut briefing, collector);
    }
    Some(briefing)
}

/// Reads a file other than `source.toml` by what its name says it is.
fn read_other(path: &str, file: &File, briefing: &mut RawBriefing, collector: &mut Collector) {
    let lost = &mut briefing.lost;
    match file.name.as_str() {
        "glossary.toml" => {
            briefing.glossary = read_file(path, file, Part::Glossary, lost, collector, RawGlossary::read);
        }
        "synonyms.toml" => {
            briefing.synonyms = read_file(path, file, Part::Synonyms, lost, collector, RawSynonyms::read);
        }
        name => {
            let topic = name.strip_prefix("facts/").and_then(|name| name.strip_suffix(".toml"));
            if let Some(topic) = topic.filter(|topic| !topic.contains('/')) {
                let facts = read_file(path, file, Part::Facts, lost, collector, RawFacts::read);
                let beginning = Place {
                    file: collector.last_source(),
                    start: 0,
                    end: 0,
                };
                let (id, place) = match &facts.topic {
                    Some(topic) => (topic.value.0.clone(), topic.place),
                    None => (topic.to_owned(), beginning),
                };
                if !is_id(&id) {
                    collector.error(place, "", Fault::BadId { text: id.clone() });
                }
                briefing.topics.push(RawTopic { id, place, facts });
            } else {
                let place = add_source(collector, &format!("{path}/{name}"), "");
                let stem = name.strip_suffix(".toml").unwrap_or(name);
                let nearest = nearest(stem, ["source", "glossary", "synonyms"].into_iter());
                // What refers to it is not to blame.
                match nearest {
                    Some("glossary") => lost.0.push(Part::Glossary),
                    Some("synonyms") => lost.0.push(Part::Synonyms),
                    _ => {}
                }
                let nearest = nearest.map(|stem| format!("{stem}.toml"));
                collector.error(place, "", Fault::UnknownFile { nearest });
            }
        }
    }
}

/// What is in a file; noted where something of it was lost.
fn read_file<T: Default>(
    folder: &str,
    file: &File,
    part: Part,
    lost: &mut Lost,
    collector: &mut Collector,
    read: impl FnOnce(&mut Table<'_, '_, '_, '_>) -> T,
) -> T {
    let path = format!("{folder}/{}", super::problem::clip(&file.name));
    let bytes = match &file.content {
        Content::Bytes(bytes) => bytes,
        Content::Refused(refusal) => {
            let place = add_source(collector, &path, "");
            collector.error(place, "", Fault::Refused(refusal.clone()));
            lost.0.push(part);
            return T::default();
        }
    };
    // With U+FFFD for what is no character, so that the rest of the file can be checked nevertheless.
    let text = String::from_utf8_lossy(bytes);
    let text = text.as_ref();
    let file = add_source(collector, &path, text).file;
    if let Err(error) = std::str::from_utf8(bytes) {
        let start = error.valid_up_to();
        let place = Place {
            file,
            start,
            end: start + char::REPLACEMENT_CHARACTER.len_utf8(),
        };
        let byte = bytes.get(start).copied().unwrap_or_default();
        collector.error(place, "", Fault::NotUtf8 { byte });
        // Another encoding altogether, not a single letter: every line would be wrong.
        if bytes.contains(&0) {
            lost.0.push(part);
            return T::default();
        }
    }
    let mended = syntax::mend(text);
    let (root, _) = DeTable::parse_recoverable(&mended.text);
    let n_before = collector.len();
    let content = read_root(&root, collector, file, mended.is_partial, read);
    // A value that is broken is not also of a wrong type.
    let overlaps = |place: Place| {
        mended
            .faults
            .iter()
            .any(|(span, _)| place.start < span.end && span.start < place.end)
    };
    collector.retain_from(n_before, |problem| !overlaps(problem.place));
    for (span, fault) in mended.faults {
        let place = Place {
            file,
            start: span.start,
            end: span.end,
        };
        collector.error(place, "", fault);
    }
    if mended.is_partial {
        lost.0.push(part);
    }
    content
}

fn read_root<T>(
    root: &Spanned<DeTable<'_>>,
    collector: &mut Collector,
    file: usize,
    is_partial: bool,
    read: impl FnOnce(&mut Table<'_, '_, '_, '_>) -> T,
) -> T {
    Reader::new(collector, file, is_partial).root(root, read)
}

fn add_source(collector: &mut Collector, path: &str, text: &str) -> Place {
    let file = collector.add_source(path.to_owned(), text.to_owned());
    Place { file, start: 0, end: 0 }
}
