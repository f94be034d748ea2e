//! `workbench`: reads what it is given, and serves the local page until it is stopped.

use std::io::Write;
use std::path::Path;

use super::{Outcome, WorkbenchArguments, check, eval, questions, store};
use crate::exit::{Exit, Failure};
use crate::knowledge_dir;
use crate::workbench::{self, Options};

/// Serves the workbench.
///
/// # Errors
/// If a file cannot be read, or the address cannot be listened on.
pub fn run(arguments: &WorkbenchArguments, knowledge: &Path) -> Outcome {
    let files = knowledge_dir::read(knowledge).map_err(|error| Failure::not_held(error.to_string()))?;
    let articles = arguments
        .article
        .iter()
        .map(|argument| check::read_article(argument, &files));
    let mut asked = if arguments.store {
        store::kept_questions()?
    } else {
        Vec::new()
    };
    for file in &arguments.questions {
        asked.extend(
            questions::read(file)?
                .into_iter()
                .map(|asked| (asked.question, asked.times)),
        );
    }
    let options = Options {
        knowledge: knowledge.to_owned(),
        listen: arguments.listen,
        cache: super::cache(),
        articles: articles.collect::<Result<_, _>>()?,
        questions: asked,
        labelled: if arguments.eval.is_empty() {
            Vec::new()
        } else {
            eval::read_all(&arguments.eval)?
        },
    };
    let served = workbench::run(options, |url| {
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "workbench: {url} (Ctrl-C ends it)")?;
        stdout.flush()
    });
    served.map_err(|error| {
        Failure::not_held(format!(
            "the workbench cannot be served at {}: {error}",
            arguments.listen
        ))
    })?;
    Ok(Exit::Done)
}
