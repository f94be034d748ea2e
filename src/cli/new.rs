//! `new`: a briefing's folder from an article, with everything that is to be written marked as to do.

use std::io::Write;
use std::path::Path;

use super::{NewArguments, Outcome};
use crate::curate::draft::draft;
use crate::exit::{Exit, Failure};
use crate::fact::limits::{MAX_ID_CHARS, is_id};
use crate::knowledge_dir::MAX_FILE_BYTES;

/// Starts a briefing. Nothing that is there is written over.
///
/// # Errors
/// If the name is none, the folder is there already, the article cannot be read or has no headline and paragraph, or the
/// files cannot be written.
pub fn run(arguments: &NewArguments, knowledge: &Path) -> Outcome {
    let name = &arguments.name;
    if !is_id(name) {
        return Err(Failure::usage(format!(
            "not a briefing's name: `{name}`\nhint: lower-case words joined by hyphens, {MAX_ID_CHARS} characters at most, such as `harbour-works`"
        ))
        .into());
    }
    let folder = knowledge.join(name);
    if folder.exists() {
        return Err(Failure::not_held(format!(
            "there is such a folder already: `{}`\nhint: choose another name, or go on in that folder",
            folder.display()
        ))
        .into());
    }
    let draft = draft(&read(&arguments.article)?);
    if draft.n_facts == 0 {
        return Err(Failure::not_held(format!(
            "no claim was found in `{}`\nhint: plain text, the headline first, blank lines between the paragraphs",
            arguments.article.display()
        ))
        .into());
    }
    for (file, text) in &draft.files {
        let path = folder.join(file);
        let written = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&path, text));
        written.map_err(|error| Failure::not_held(format!("cannot write `{}`: {error}", path.display())))?;
    }
    let mut stdout = std::io::stdout().lock();
    writeln!(
        stdout,
        "`{}`: {} paragraphs ({} blocks left out), {} facts to be written, {} entities to be looked at",
        folder.display(),
        draft.n_paragraphs,
        draft.n_left_out,
        draft.n_facts,
        draft.n_entities,
    )?;
    writeln!(
        stdout,
        "next: write the facts in `{}`; `briefing-bot check --article {name}={}` lists what is left to do",
        folder.join("facts").display(),
        arguments.article.display()
    )?;
    stdout.flush()?;
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::not_held(format!("cannot read `{shown}`: {error}")))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::not_held(format!(
            "`{shown}` has more than {MAX_FILE_BYTES} bytes"
        )));
    }
    String::from_utf8(bytes).map_err(|_| Failure::not_held(format!("`{shown}` is not valid UTF-8")))
}
