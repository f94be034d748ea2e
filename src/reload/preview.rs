//! What a reload would change, before it does.
//!
//! Promise: every fact and gap that differs, and every question, of the facts' own phrasings and of the files of labelled
//! questions, that would get another answer. A file that cannot be used is named, and the rest is asked all the same.

use std::path::{Path, PathBuf};

use crate::diff::{self, ChangedAnswer, Changes};
use crate::engine::Snapshot;
use crate::eval::parse;
use crate::fact::Revision;

/// What would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The revision in place.
    pub from: Revision,
    /// The one that would be.
    pub to: Revision,
    /// How many facts that has.
    pub n_facts: usize,
    /// Facts, gaps and other parts that differ.
    pub changes: Changes,
    /// Questions that would get another answer.
    pub answers: Vec<ChangedAnswer>,
    /// How many were asked.
    pub n_asked: usize,
    /// Files of labelled questions that could not be used.
    pub unread: Vec<UnreadQuestions>,
}

/// A file of labelled questions that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct UnreadQuestions {
    /// Its name.
    pub file: String,
    /// What is wrong.
    pub reason: String,
}

impl Preview {
    /// Compares; takes a while where there are many questions.
    #[must_use]
    pub(super) fn between(old: &Snapshot, new: &Snapshot, files: &[PathBuf]) -> Self {
        let (mut labelled, mut unread) = (Vec::new(), Vec::new());
        for file in files {
            match questions_of(file) {
                Ok(questions) => labelled.extend(questions),
                Err(reason) => unread.push(UnreadQuestions {
                    file: file.display().to_string(),
                    reason,
                }),
            }
        }
        let own = diff::own_questions(old.base(), new.base());
        let n_asked = own.len() + labelled.len();
        let is_same = old.base().revision == new.base().revision;
        let answers = if is_same {
            Vec::new()
        } else {
            let questions = labelled.iter().map(String::as_str).chain(own);
            diff::answers(old, new, questions)
        };
        Self {
            from: old.base().revision,
            to: new.base().revision,
            n_facts: new.base().n_facts(),
            changes: Changes::between(old.base(), new.base()),
            answers,
            n_asked,
            unread,
        }
    }

    /// Whether everything would stay as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }
}

fn questions_of(file: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let conversations = parse::parse(&text).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
    let turns = conversations.into_iter().flat_map(|conversation| conversation.turns);
    Ok(turns.map(|turn| turn.question).collect())
}
