//! `diff`: what one knowledge folder, or one publication, says that another does not, and which questions get another
//! answer.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::progress::Progress;
use super::{DiffArguments, Outcome, learn_base, load, questions, store};
use crate::diff::{self, ChangedAnswer, Changes, Entry, Reworded, Said};
use crate::exit::Exit;
use crate::fact::FactBase;

/// Changed answers that are listed for people; the rest is counted. `--json` has them all.
const MAX_LISTED: usize = 50;

/// Compares two folders or publications.
///
/// # Errors
/// If a folder or publication is not there or holds no valid fact base, a file of questions cannot be read, or the output cannot be written.
pub fn run(arguments: &DiffArguments) -> Outcome {
    let mut asked = Vec::new();
    for file in &arguments.questions {
        asked.extend(questions::read(file)?);
    }
    let (old, new) = (fact_base(&arguments.old)?, fact_base(&arguments.new)?);
    let changes = Changes::between(&old, &new);
    let mut list: Vec<String> = asked.into_iter().map(|asked| asked.question).collect();
    if arguments.questions.is_empty() {
        list = diff::own_questions(&old, &new).into_iter().map(str::to_owned).collect();
    }
    let n_asked = list.len();
    let changed = if old.revision == new.revision {
        Vec::new()
    } else {
        let (old, new) = (learn_base(old), learn_base(new));
        let mut progress = Progress::start("questions", Some(n_asked));
        let list = list.iter().map(String::as_str).inspect(|_| progress.step());
        diff::answers(&old, &new, list)
    };
    let report = if arguments.json {
        serde_json::to_string(&DiffJson::new(&changes, &changed, n_asked))? + "\n"
    } else {
        text(&changes, &changed, n_asked)
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(report.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// The facts of a folder; of a publication, where no folder has that name and it is a number.
fn fact_base(place: &Path) -> anyhow::Result<FactBase> {
    match number_of(place).filter(|_| !place.exists()) {
        Some(number) => store::published(number),
        None => load(place),
    }
}

fn number_of(place: &Path) -> Option<i64> {
    place.to_str()?.parse().ok()
}

fn text(changes: &Changes, changed: &[ChangedAnswer], n_asked: usize) -> String {
    let mut paragraphs = changes.paragraphs();
    if !changed.is_empty() {
        paragraphs.push("questions that get another answer".to_owned());
    }
    paragraphs.extend(changed.iter().take(MAX_LISTED).map(ToString::to_string));
    let n_changed = changed.len();
    if n_changed > MAX_LISTED {
        let n_more = n_changed - MAX_LISTED;
        paragraphs.push(format!("… and {n_more} more; `--json` lists them all"));
    }
    paragraphs.push(format!(
        "{}; {n_changed} of {n_asked} questions get another answer\n",
        changes.summary()
    ));
    paragraphs.join("\n\n")
}

#[derive(Serialize)]
struct DiffJson<'c> {
    added: Vec<EntryJson<'c>>,
    removed: Vec<EntryJson<'c>>,
    reworded: Vec<RewordedJson<'c>>,
    parts: &'c [String],
    questions_asked: usize,
    answers_changed: Vec<ChangedJson<'c>>,
}

#[derive(Serialize)]
struct EntryJson<'c> {
    kind: &'static str,
    briefing: &'c str,
    id: &'c str,
    answer: &'c str,
}

#[derive(Serialize)]
struct RewordedJson<'c> {
    kind: &'static str,
    briefing: &'c str,
    id: &'c str,
    keys: &'c [&'static str],
    before: &'c str,
    after: &'c str,
    phrasings_added: &'c [String],
    phrasings_removed: &'c [String],
}

#[derive(Serialize)]
struct ChangedJson<'c> {
    question: &'c str,
    before: SaidJson<'c>,
    after: SaidJson<'c>,
}

#[derive(Serialize)]
struct SaidJson<'c> {
    outcome: &'static str,
    facts: &'c [String],
    gap: Option<&'c str>,
    confidence: f64,
    text: &'c str,
}

impl<'c> DiffJson<'c> {
    fn new(changes: &'c Changes, changed: &'c [ChangedAnswer], questions_asked: usize) -> Self {
        let changed = changed.iter().map(|changed| ChangedJson {
            question: &changed.question,
            before: said(&changed.before),
            after: said(&changed.after),
        });
        Self {
            added: changes.added.iter().map(entry).collect(),
            removed: changes.removed.iter().map(entry).collect(),
            reworded: changes.reworded.iter().map(reworded).collect(),
            parts: &changes.parts,
            questions_asked,
            answers_changed: changed.collect(),
        }
    }
}

fn kind(is_gap: bool) -> &'static str {
    if is_gap { "gap" } else { "fact" }
}

fn entry(entry: &Entry) -> EntryJson<'_> {
    EntryJson {
        kind: kind(entry.name.is_gap),
        briefing: &entry.name.briefing,
        id: &entry.name.id,
        answer: &entry.answer,
    }
}

fn reworded(reworded: &Reworded) -> RewordedJson<'_> {
    RewordedJson {
        kind: kind(reworded.name.is_gap),
        briefing: &reworded.name.briefing,
        id: &reworded.name.id,
        keys: &reworded.keys,
        before: &reworded.before,
        after: &reworded.after,
        phrasings_added: &reworded.phrasings_added,
        phrasings_removed: &reworded.phrasings_removed,
    }
}

fn said(said: &Said) -> SaidJson<'_> {
    SaidJson {
        outcome: said.outcome,
        facts: &said.facts,
        gap: said.gap.as_deref(),
        confidence: super::json::rounded(said.confidence),
        text: &said.text,
    }
}
