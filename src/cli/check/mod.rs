//! `check`: every problem of the fact base at once, and of its citations against the article.
//!
//! The problems are what was asked for, so they go to standard output.

mod curated;

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::Path;

use super::{CheckArguments, Outcome};
use crate::exit::{Exit, Failure};
use crate::fact::article::Article;
use crate::fact::files::Files;
use crate::fact::marks::Marks;
use crate::fact::parse::{self, Loaded};
use crate::fact::problem::{Fault, Problems};
use crate::knowledge_dir::{self, MAX_FILE_BYTES};

/// Checks the fact base.
///
/// # Errors
/// If the folder or an article cannot be read, an article belongs to no briefing, or the output cannot be written.
pub fn run(arguments: &CheckArguments, knowledge: &Path) -> Outcome {
    let files = knowledge_dir::read(knowledge).map_err(|error| Failure::not_held(error.to_string()))?;
    let articles: Vec<Article> = arguments
        .article
        .iter()
        .map(|argument| read_article(argument, &files))
        .collect::<Result<_, _>>()?;
    let (report, exit) = match parse::load_marked(&files, &articles) {
        Ok((loaded, marks)) => report_on_valid(&loaded, &marks, arguments),
        Err(problems) => (report_on_invalid(&problems, &files.root), Exit::NotHeld),
    };
    let mut output = std::io::stdout().lock();
    output.write_all(report.as_bytes())?;
    output.flush()?;
    Ok(exit)
}

/// Warnings, what a curator should look at, and the counts. What is still to be done is not done.
fn report_on_valid(loaded: &Loaded, marks: &Marks, arguments: &CheckArguments) -> (String, Exit) {
    let base = &loaded.base;
    let sum = |count: fn(&crate::fact::Briefing) -> usize| base.briefings.iter().map(count).sum();
    let parts = [
        counted(base.briefings.len(), "briefing", "briefings"),
        counted(base.n_facts(), "fact", "facts"),
        counted(sum(|briefing| briefing.gaps.len()), "gap", "gaps"),
        counted(sum(|briefing| briefing.entities.len()), "entity", "entities"),
    ];
    let n_todo = loaded
        .warnings
        .iter()
        .filter(|problem| matches!(problem.fault, Fault::Todo { .. }))
        .count();
    let look = super::look(&std::io::stdout());
    let curated = curated::look_at(base, marks, arguments);
    let remarks = marks.warnings(curated.remarks);
    let warnings = match loaded.warnings.len() - n_todo {
        0 => "no problem".to_owned(),
        n_warnings => format!("no error, {}", counted(n_warnings, "warning", "warnings")),
    };
    let advice = match remarks.len() {
        0 => String::new(),
        n_remarks => format!(", {}", counted(n_remarks, "remark", "remarks")),
    };
    let todo = match n_todo {
        0 => String::new(),
        n_todo => format!(", not done: {n_todo} to do"),
    };
    let report = format!(
        "{}{}{}{}, revision {}: {warnings}{advice}{todo}\n",
        loaded.warnings.render(look),
        remarks.render(look),
        curated.figures,
        parts.join(", "),
        base.revision,
    );
    (report, if n_todo == 0 { Exit::Done } else { Exit::NotHeld })
}

fn report_on_invalid(problems: &Problems, root: &str) -> String {
    let drawn = problems.render(super::look(&std::io::stdout()));
    format!("{drawn}`{root}`: {}\n", super::summary(problems))
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `[BRIEFING=]FILE`.
pub(super) fn read_article(argument: &OsStr, files: &Files) -> Result<Article, Failure> {
    let (briefing, path) = match split_name(argument, files) {
        Some((briefing, path)) => (briefing, path),
        None => (only_briefing(argument, files)?, argument.to_owned()),
    };
    let mut bytes = Vec::new();
    let shown = path.to_string_lossy().into_owned();
    let read = std::fs::File::open(&path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return Err(Failure::not_held(format!("article cannot be read: `{shown}`: {error}")));
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::not_held(format!(
            "article has more than {MAX_FILE_BYTES} bytes: `{shown}`"
        )));
    }
    Ok(Article {
        briefing,
        path: shown,
        bytes,
    })
}

/// The briefing and the file, where what stands before the first `=` is a briefing.
fn split_name(argument: &OsStr, files: &Files) -> Option<(String, OsString)> {
    let bytes = argument.as_encoded_bytes();
    let at = bytes.iter().position(|byte| *byte == b'=')?;
    let briefing = std::str::from_utf8(&bytes[..at]).ok()?;
    let is_loaded = files.folders.iter().any(|folder| folder.briefing == briefing);
    if !is_loaded {
        return None;
    }
    // The rest of an argument in the system's encoding cannot be taken apart safely; where it is no UTF-8, what is
    // shown of it will not be found, which the message says.
    let path = String::from_utf8_lossy(&bytes[at + 1..]).into_owned();
    Some((briefing.to_owned(), path.into()))
}

fn only_briefing(argument: &OsStr, files: &Files) -> Result<String, Failure> {
    let names: Vec<&str> = files.folders.iter().map(|folder| folder.briefing.as_str()).collect();
    let argument_shown = argument.to_string_lossy();
    match names.as_slice() {
        [only] if !argument_shown.contains('=') || Path::new(argument).exists() => Ok((*only).to_owned()),
        _ => Err(Failure::usage(format!(
            "the article's briefing is not clear: `{argument_shown}`\nhint: write `--article BRIEFING=FILE`; the briefings are: {}",
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            },
        ))),
    }
}
