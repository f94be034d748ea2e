//! What is wrong with files of a fact base, where, and how to mend it: values, and their rendering.
//!
//! Promise: a list of problems carries the text that it points into, so it can be shown after the files are gone.
//! Deliberately absent: finding problems ([`super::parse`], `super::check`, [`super::article`] do), colours.

mod advice;
mod excerpt;
mod fault;
mod render;

pub use advice::{Advice, Detail};
pub(crate) use excerpt::{clip, is_invisible};
pub use fault::{Fault, QuoteFound};
pub use render::Look;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The fact base cannot be used.
    Error,
    /// It can be used; the curator should look at it.
    Warning,
}

/// A span of bytes in one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file in the list that the problems carry.
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// In which fact, gap, entity, group or file: `` fact `wall-height` ``; empty where the place says it all.
    pub about: String,
    /// What.
    pub fault: Fault,
    /// Where the other one stands, of two that clash.
    pub other: Option<Place>,
}

/// A file or folder that problems point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceText {
    /// As it is shown.
    pub(crate) path: String,
    /// Empty for a folder, or a file that was not read.
    pub(crate) text: String,
}

/// More than this is no list that anybody reads to its end; the rest is counted.
pub const MAX_PROBLEMS: usize = 500;

/// Problems of all files, ordered by file and place, errors and warnings together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    sources: Vec<SourceText>,
    list: Vec<Problem>,
    n_left_out: usize,
}

impl Problems {
    /// Every problem, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many were found, those that are not kept included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len() + self.n_left_out
    }

    /// How many errors are in the list.
    #[must_use]
    pub fn n_errors(&self) -> usize {
        self.iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count()
    }

    /// How many warnings are in the list.
    #[must_use]
    pub fn n_warnings(&self) -> usize {
        self.list.len() - self.n_errors()
    }

    /// How many were found beyond [`MAX_PROBLEMS`].
    #[must_use]
    pub fn n_left_out(&self) -> usize {
        self.n_left_out
    }

    /// The path of the file or folder that the place is in, as shown.
    #[must_use]
    pub fn path(&self, place: Place) -> &str {
        self.source(place).map_or("", |source| source.path.as_str())
    }

    /// Line and column of the place, both counted from 1, columns in code points; `None` where no text was read.
    #[must_use]
    pub fn position(&self, place: Place) -> Option<(usize, usize)> {
        let text = self.source(place).map(|source| source.text.as_str())?;
        (!text.is_empty()).then(|| excerpt::position(text, place.start))
    }

    fn source(&self, place: Place) -> Option<&SourceText> {
        self.sources.get(place.file)
    }
}

/// Gathers problems while files are read.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    sources: Vec<SourceText>,
    list: Vec<Problem>,
    n_left_out: usize,
    left_out_an_error: bool,
}

impl Collector {
    /// Takes a file or folder into the list; gives its index.
    pub(crate) fn add_source(&mut self, path: String, text: String) -> usize {
        self.sources.push(SourceText { path, text });
        self.sources.len() - 1
    }

    /// The files and folders that were taken.
    pub(crate) fn sources(&self) -> &[SourceText] {
        &self.sources
    }

    /// The index of the file or folder that was taken last.
    pub(crate) fn last_source(&self) -> usize {
        self.sources.len().saturating_sub(1)
    }

    /// Takes a problem into the list.
    pub(crate) fn add(&mut self, problem: Problem) {
        // Some room beyond what is kept, so that sorting still decides which are; and warnings leave room for errors.
        let is_error = problem.severity == Severity::Error;
        let room = if is_error { 4 * MAX_PROBLEMS } else { 3 * MAX_PROBLEMS };
        if self.list.len() < room {
            self.list.push(problem);
        } else {
            self.n_left_out += 1;
            self.left_out_an_error |= is_error;
        }
    }

    /// Takes an error into the list.
    pub(crate) fn error(&mut self, place: Place, about: &str, fault: Fault) {
        self.add(Problem {
            severity: Severity::Error,
            place,
            about: about.to_owned(),
            fault,
            other: None,
        });
    }

    /// Takes a warning into the list.
    pub(crate) fn warning(&mut self, place: Place, about: &str, fault: Fault) {
        self.add(Problem {
            severity: Severity::Warning,
            place,
            about: about.to_owned(),
            fault,
            other: None,
        });
    }

    /// Takes an error on one of two things that clash into the list.
    pub(crate) fn clash(&mut self, place: Place, other: Place, about: &str, fault: Fault) {
        self.add(Problem {
            severity: Severity::Error,
            place,
            about: about.to_owned(),
            fault,
            other: Some(other),
        });
    }

    /// Whether an error was found.
    pub(crate) fn has_errors(&self) -> bool {
        self.left_out_an_error || self.list.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// How many problems there are now; with [`Collector::retain_from`], to take back some of them.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Of the problems from the `first` on, keeps those that `keep` names.
    pub(crate) fn retain_from(&mut self, first: usize, keep: impl Fn(&Problem) -> bool) {
        let later = self.list.split_off(first.min(self.list.len()));
        self.list.extend(later.into_iter().filter(keep));
    }

    /// The list, in the order of the files; the texts that nothing points to are let go.
    pub(crate) fn finish(mut self) -> Problems {
        self.list.sort_by_key(|problem| (problem.place, problem.severity));
        self.list.dedup();
        if self.list.len() > MAX_PROBLEMS {
            // Errors first, since a list full of warnings must not hide that there are some.
            self.list.sort_by_key(|problem| (problem.severity, problem.place));
            self.n_left_out += self.list.len() - MAX_PROBLEMS;
            self.list.truncate(MAX_PROBLEMS);
            self.list.sort_by_key(|problem| (problem.place, problem.severity));
        }
        for (index, source) in self.sources.iter_mut().enumerate() {
            let is_used = |problem: &Problem| {
                problem.place.file == index || problem.other.is_some_and(|other| other.file == index)
            };
            if !self.list.iter().any(is_used) {
                source.text = String::new();
            }
        }
        Problems {
            sources: self.sources,
            list: self.list,
            n_left_out: self.n_left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_however_many_leave_room_for_an_error() {
        let mut collector = Collector::default();
        let place = |start| Place {
            file: 0,
            start,
            end: start,
        };
        for start in 0..4 * MAX_PROBLEMS {
            collector.warning(place(start), "a fact", Fault::LongAnswer { n_chars: 400 });
        }
        collector.error(place(9), "a folder", Fault::NoBriefing);
        let problems = collector.finish();
        assert_eq!((problems.n_errors(), problems.iter().count()), (1, MAX_PROBLEMS));
        assert_eq!(problems.len(), 4 * MAX_PROBLEMS + 1);
    }
}
