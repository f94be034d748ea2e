//! What the workbench shows: the last valid facts, and the problems of the files as they are now.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::Options;
use super::access::Access;
use crate::curate;
use crate::curate::collisions::{self, N_FOLDS};
use crate::curate::coverage::{self, Item};
use crate::curate::groups::Grouped;
use crate::engine::Snapshot;
use crate::fact::marks::{Marks, Remark};
use crate::fact::parse;
use crate::fact::problem::{Problems, Severity};
use crate::fact::{FactBase, Paragraph, Revision};
use crate::knowledge_dir;

/// How often the files are looked at: short enough to feel live, long enough to cost nothing.
const LOOKED_EVERY: Duration = Duration::from_millis(400);

/// Said in the place of how the left-out questions fare while the files are not valid.
const NOT_ASKED: &str = "The example questions are asked without themselves once the files are valid.";

/// Everything that requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) access: Access,
    current: ArcSwap<View>,
    /// Counts the views; whoever listens fetches the page anew.
    pub(super) changed: watch::Sender<u64>,
    /// The last evaluation's page, with the revision it is of.
    evaluated: Mutex<Option<(String, String)>>,
    grouped: Mutex<Option<Kept>>,
}

/// The groups of unanswered questions, with what they were made by.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) revision: Revision,
    /// The fingerprints of what was dismissed.
    pub(super) dismissed: HashSet<String>,
    pub(super) groups: Arc<Grouped>,
}

/// What there is to be seen.
#[derive(Debug, Default, Clone)]
pub(super) struct View {
    /// The last facts that were valid; `None` until there are some.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    pub(super) problems: Vec<Shown>,
    /// For each briefing with an article, its paragraphs.
    pub(super) coverage: Vec<(String, Vec<Covered>)>,
    /// How the example questions fare that were left out; `None` while they are being asked.
    pub(super) left_out: Option<String>,
}

/// A paragraph of an article with its details.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub(super) paragraph: Paragraph,
    pub(super) text: String,
    pub(super) items: Vec<Item>,
}

/// One problem as lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) is_error: bool,
    /// `file:line:column: what`, and the hint on a second line.
    pub(super) lines: Vec<String>,
}

impl Shared {
    pub(super) fn new(options: Options, access: Access) -> Self {
        Self {
            options,
            access,
            current: ArcSwap::default(),
            changed: watch::Sender::new(0),
            evaluated: Mutex::default(),
            grouped: Mutex::default(),
        }
    }

    /// What there is to be seen now.
    pub(super) fn view(&self) -> Arc<View> {
        self.current.load_full()
    }

    /// The last evaluation.
    pub(super) fn evaluated(&self) -> MutexGuard<'_, Option<(String, String)>> {
        // What is behind it is whole whatever happened to whoever held it.
        self.evaluated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last groups of unanswered questions.
    pub(super) fn grouped(&self) -> MutexGuard<'_, Option<Kept>> {
        self.grouped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, view: View) {
        self.current.store(Arc::new(view));
        self.changed.send_modify(|number| *number += 1);
    }
}

/// Looks at the files again and again, and shows what they say.
pub(super) fn watch(shared: &Shared) {
    let mut seen: Option<String> = None;
    loop {
        let fingerprint = fingerprint(shared);
        if seen.as_ref() != Some(&fingerprint) {
            let remarks = load(shared);
            seen = Some(fingerprint);
            if let Some((base, marks, remarks)) = remarks {
                ask_left_out(shared, &base, &marks, remarks, seen.as_deref().unwrap_or_default());
            }
        }
        std::thread::sleep(LOOKED_EVERY);
    }
}

fn fingerprint(shared: &Shared) -> String {
    match knowledge_dir::read(&shared.options.knowledge) {
        Ok(files) => knowledge_dir::fingerprint(&files),
        Err(error) => error.to_string(),
    }
}

/// Shows the files as they are; gives what is needed to ask the left-out questions, where they are valid.
fn load(shared: &Shared) -> Option<(FactBase, Marks, Vec<Remark>)> {
    let before = shared.view();
    let files = match knowledge_dir::read(&shared.options.knowledge) {
        Ok(files) => files,
        Err(error) => {
            let lines = error.to_string().lines().map(str::to_owned).collect();
            shared.show(View {
                problems: vec![Shown { is_error: true, lines }],
                left_out: left_out_of(&before),
                ..View::clone(&before)
            });
            return None;
        }
    };
    match parse::load_marked(&files, &shared.options.articles) {
        Err(problems) => {
            shared.show(View {
                problems: shown(&problems),
                left_out: left_out_of(&before),
                ..View::clone(&before)
            });
            None
        }
        Ok((loaded, marks)) => {
            let snapshot = Arc::new(shared.options.cache.learn(loaded.base.clone()));
            let mut remarks = curate::remarks(&snapshot);
            let mut all = Vec::new();
            for (index, briefing) in loaded.base.briefings.iter().enumerate() {
                let items = coverage::items(briefing, index, snapshot.matcher(), marks.article(&briefing.id));
                remarks.extend(items.iter().filter_map(|item| coverage::uncovered(briefing, item)));
                let paragraphs: Vec<Covered> = marks
                    .article(&briefing.id)
                    .map(|(paragraph, text)| Covered {
                        paragraph,
                        text: text.to_owned(),
                        items: items
                            .iter()
                            .filter(|item| item.paragraph == paragraph)
                            .cloned()
                            .collect(),
                    })
                    .collect();
                if !paragraphs.is_empty() {
                    all.push((briefing.id.clone(), paragraphs));
                }
            }
            let mut problems = shown(&loaded.warnings);
            problems.extend(shown(&marks.warnings(remarks)));
            shared.show(View {
                snapshot: Some(snapshot),
                problems,
                coverage: all,
                left_out: None,
            });
            Some((loaded.base, marks, Vec::new()))
        }
    }
}

/// How the left-out questions of the last valid facts fared; where their round was broken off, that it was.
fn left_out_of(before: &View) -> Option<String> {
    before.left_out.clone().or_else(|| Some(NOT_ASKED.to_owned()))
}

/// Asks the example questions without themselves, one part after the other; gives up as soon as a file is saved.
fn ask_left_out(shared: &Shared, base: &FactBase, marks: &Marks, mut remarks: Vec<Remark>, fingerprint_of: &str) {
    let mut held_out = Vec::new();
    for fold in 0..N_FOLDS {
        held_out.extend(collisions::ask_fold(base, fold));
        if fingerprint(shared) != fingerprint_of {
            return;
        }
    }
    let found = collisions::collisions(&held_out);
    remarks.extend(found.iter().map(collisions::collision_remark));
    let mut view = View::clone(&shared.view());
    view.problems.extend(shown(&marks.warnings(remarks)));
    view.left_out = Some(collisions::shares(&held_out).line());
    shared.show(view);
}

fn shown(problems: &Problems) -> Vec<Shown> {
    problems
        .iter()
        .map(|problem| Shown {
            is_error: problem.severity == Severity::Error,
            lines: problems.plain_lines(problem).lines().map(str::to_owned).collect(),
        })
        .collect()
}
