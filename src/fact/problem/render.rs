//! Problems as text: with the place underlined for a terminal, or two plain lines each for a chat message or a log.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::{Problem, Problems, Severity};

/// How problems are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For a terminal that shows colours.
    Coloured,
    /// For everything else.
    Plain,
}

/// Messages are wrapped at this width.
const WIDTH_COLUMNS: usize = 100;

impl Problems {
    /// Every problem with file, line, column, the text underlined, what is wrong and how to mend it.
    #[must_use]
    pub fn render(&self, look: Look) -> String {
        let theme = match look {
            Look::Coloured => GraphicalTheme::unicode(),
            Look::Plain => GraphicalTheme::unicode_nocolor(),
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_wrap_lines(false)
            .with_links(false)
            .without_syntax_highlighting();
        let mut text = String::new();
        for problem in self.iter() {
            let drawn = self.draw(problem, &handler);
            // Formatting into a string fails only if the excerpt is refused; the plain lines need none.
            text.push_str(&drawn.unwrap_or_else(|_| self.plain_lines(problem)));
            text.push('\n');
        }
        if self.n_left_out() > 0 {
            text.extend(["… and ", &self.n_left_out().to_string(), " more\n\n"]);
        }
        text
    }

    /// The problem as `path:line:column: what` and, where there is one, a line `hint: how`.
    #[must_use]
    pub fn plain_lines(&self, problem: &Problem) -> String {
        let mut text = format!("{}: ", self.location(problem.place));
        if problem.severity == Severity::Warning {
            text.push_str("warning: ");
        }
        text.push_str(&message(problem));
        if let Some(help) = self.help(problem) {
            text.push_str("\nhint: ");
            text.push_str(&help.replace('\n', "; "));
        }
        text.push('\n');
        text
    }

    fn draw(&self, problem: &Problem, handler: &GraphicalReportHandler) -> Result<String, fmt::Error> {
        let source = self.source(problem.place).ok_or(fmt::Error)?;
        let excerpt = (!source.text.is_empty())
            .then(|| Excerpt::of(&source.path, &source.text, problem.place.start, problem.place.end));
        let drawing = Drawing {
            message: match &excerpt {
                Some(_) => wrap(&message(problem)),
                None => wrap(&format!("{}: {}", source.path, message(problem))),
            },
            severity: problem.severity,
            help: self.help(problem).map(|help| wrap(&help)),
            excerpt,
        };
        let mut text = String::new();
        handler.render_report(&mut text, &drawing)?;
        Ok(text)
    }

    fn help(&self, problem: &Problem) -> Option<String> {
        let other = problem
            .other
            .map(|other| format!("the other one: {}", self.location(other)));
        match (problem.fault.hint(), other) {
            (Some(hint), Some(other)) => Some(format!("{hint}\n{other}")),
            (hint, other) => hint.or(other),
        }
    }

    fn location(&self, place: super::Place) -> String {
        match self.position(place) {
            Some((line, column)) => format!("{}:{line}:{column}", self.path(place)),
            None => self.path(place).to_owned(),
        }
    }
}

/// Breaks lines at spaces, but never within what stands in backticks, so that it can be copied (`miette` would).
fn wrap(text: &str) -> String {
    let mut wrapped = String::new();
    let mut n_columns = 0;
    let mut is_code = false;
    for part in text.split_inclusive([' ', '\n']) {
        let n_chars = part.trim_end().chars().count();
        if n_columns > 0 && n_columns + n_chars > WIDTH_COLUMNS && !is_code {
            wrapped.truncate(wrapped.trim_end().len());
            wrapped.push('\n');
            n_columns = 0;
        }
        wrapped.push_str(part);
        n_columns = if part.ends_with('\n') {
            0
        } else {
            n_columns + part.chars().count()
        };
        is_code ^= part.matches('`').count() % 2 == 1;
    }
    wrapped
}

fn message(problem: &Problem) -> String {
    if problem.about.is_empty() {
        problem.fault.to_string()
    } else {
        format!("{}: {}", problem.about, problem.fault)
    }
}

/// A problem as `miette` draws it.
#[derive(Debug)]
struct Drawing {
    message: String,
    severity: Severity,
    help: Option<String>,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = LabeledSpan::new_with_span(None, (excerpt.span.0, excerpt.span.1));
        Some(Box::new(std::iter::once(label)))
    }
}
