//! An answer and its explanation as a terminal shows them.
//!
//! The words are the answer's own; this adds line breaks, colour where there is a terminal that wants it, and numbers
//! to pick by. Promise: no control character of a question or a fact reaches the terminal; without a terminal the
//! text is exactly the answer's, so it can be piped and compared.

use std::fmt::Write as _;
use std::io::IsTerminal;

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use owo_colors::{OwoColorize, Style};

use crate::answer::explanation::Candidate;
use crate::answer::{Answer, Explanation, wording};
use crate::fact::problem;

/// Longer lines are hard to read, however wide the terminal.
const MAX_WIDTH: usize = 100;

/// How text may look where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Whether colour may be used.
    pub(super) colour: Colour,
    /// The width to break lines at; `None`: as they are.
    pub(super) width: Option<usize>,
}

/// Whether colour may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// It may.
    On,
    /// It may not.
    Off,
}

/// How suggestions are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suggestions {
    /// As the answer's message has them.
    AsWritten,
    /// All of them, with numbers to pick by.
    Numbered,
}

impl Look {
    /// Text as it is.
    pub(super) const PLAIN: Self = Self {
        colour: Colour::Off,
        width: None,
    };

    /// The look of standard output: colour only on a terminal that has it, and never with `NO_COLOR`.
    pub(super) fn of_stdout() -> Self {
        if !std::io::stdout().is_terminal() {
            return Self::PLAIN;
        }
        let is_coloured = matches!(super::look(&std::io::stdout()), problem::Look::Coloured);
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            colour: if is_coloured { Colour::On } else { Colour::Off },
            width: width.filter(|width| *width > 0).map(|width| width.min(MAX_WIDTH)),
        }
    }

    /// The text in this style, if colour may be used.
    pub(super) fn styled(self, text: &str, style: Style) -> String {
        match self.colour {
            Colour::On if !text.is_empty() => text.style(style).to_string(),
            Colour::On | Colour::Off => text.to_owned(),
        }
    }

    /// One line or several, broken at the width; continued lines are indented by `indent`.
    pub(super) fn wrapped(self, line: &str, indent: &str) -> Vec<String> {
        let line = without_controls(line);
        match self.width {
            None => vec![line],
            Some(width) => {
                let options = textwrap::Options::new(width).subsequent_indent(indent);
                textwrap::wrap(&line, options)
                    .into_iter()
                    .map(std::borrow::Cow::into_owned)
                    .collect()
            }
        }
    }
}

/// The message of an answer, ending with a line break.
pub(super) fn answer(answer: &Answer, suggestions: Suggestions, look: Look) -> String {
    let mut shown = String::new();
    let asserted = answer.text.as_deref().filter(|text| answer.message.starts_with(*text));
    let n_asserted_lines = asserted.map_or(0, |text| text.lines().count());
    let mut n_listed = 0;
    for (index, line) in answer.message.lines().enumerate() {
        let number = suggestion_number(answer, line).filter(|_| suggestions == Suggestions::Numbered);
        if let Some(number) = number {
            n_listed += 1;
            shown.push_str(&numbered(number, &answer.suggestions[number - 1].question, look));
            continue;
        }
        let style = if index < n_asserted_lines {
            Style::new().bold()
        } else if is_small_print(answer, line) {
            Style::new().dimmed()
        } else {
            Style::new()
        };
        push_line(&mut shown, line, style, look);
    }
    if suggestions == Suggestions::Numbered && n_listed == 0 && !answer.suggestions.is_empty() {
        push_line(&mut shown, &wording::nearby(), Style::new(), look);
        for (index, suggestion) in answer.suggestions.iter().enumerate() {
            shown.push_str(&numbered(index + 1, &suggestion.question, look));
        }
    }
    shown
}

/// One line to pick by its number.
pub(super) fn numbered(number: usize, question: &str, look: Look) -> String {
    let mut lines = look.wrapped(&format!("{number:>3}. {question}"), "     ");
    if let Some(first) = lines.first_mut() {
        let number = format!("{number:>3}.");
        let rest = first.strip_prefix(&number).unwrap_or_default().to_owned();
        *first = format!("{}{rest}", look.styled(&number, Style::new().cyan()));
    }
    lines.join("\n") + "\n"
}

fn push_line(shown: &mut String, line: &str, style: Style, look: Look) {
    for line in look.wrapped(line, "") {
        shown.push_str(&look.styled(&line, style));
        shown.push('\n');
    }
}

fn suggestion_number(answer: &Answer, line: &str) -> Option<usize> {
    let question = line.strip_prefix("- ")?;
    let index = answer
        .suggestions
        .iter()
        .position(|suggestion| suggestion.question == question)?;
    Some(index + 1)
}

/// A line that says where the answer stands, not what it is.
fn is_small_print(answer: &Answer, line: &str) -> bool {
    answer.citations.iter().any(|citation| line.contains(&citation.source))
}

/// What a member or a file wrote could else move the cursor or recolour the terminal.
fn without_controls(line: &str) -> String {
    line.chars().filter(|character| !character.is_control()).collect()
}

/// What led to an answer, as tables.
pub(super) fn explanation(explanation: &Explanation, look: Look) -> String {
    let mut shown = String::new();
    let answer = &explanation.answer;
    let outcome = format!("{} (confidence {:.2})", answer.outcome.name(), answer.confidence);
    for (label, value) in [
        ("outcome", outcome),
        ("matched as", explanation.matched_as.clone()),
        ("asks for", explanation.kinds.join(", ")),
        ("repaired", arrows(&explanation.repairs)),
        ("entities", arrows(&explanation.entities)),
        ("unknown terms", answer.unknown_terms.join(", ")),
    ] {
        let value = if value.is_empty() { "none" } else { &value };
        let line = format!("{label:<14} {value}");
        push_line(&mut shown, &line, Style::new(), look);
    }
    if !explanation.candidates.is_empty() {
        let tables = [candidates(&explanation.candidates), signals(&explanation.candidates)];
        for mut table in tables {
            fit(&mut table, look);
            // Writing to a string cannot fail.
            let _ = write!(shown, "\n{}\n", table.trim_fmt());
        }
    }
    shown
}

fn arrows(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(from, to)| format!("`{from}` → `{to}`")).collect();
    pairs.join(", ")
}

fn candidates(candidates: &[Candidate]) -> Table {
    let mut table = plain_table([
        "#",
        "candidate",
        "kind",
        "confidence",
        "nearest phrasing",
        "guards against it",
    ]);
    for (index, candidate) in candidates.iter().enumerate() {
        table.add_row([
            (index + 1).to_string(),
            without_controls(&candidate.id),
            if candidate.is_gap { "gap" } else { "fact" }.to_owned(),
            format!("{:.2}", candidate.confidence),
            without_controls(&candidate.nearest_phrasing),
            candidate.guards.join("; "),
        ]);
    }
    align_right(&mut table, &[0, 3]);
    table
}

/// A row for each signal, a column for each candidate: the value, and what it adds to the score.
fn signals(candidates: &[Candidate]) -> Table {
    let numbers = (1..=candidates.len()).map(|number| format!("#{number}"));
    let header = ["signal".to_owned(), "weight".to_owned()].into_iter().chain(numbers);
    let mut table = plain_table(header);
    let mut names: Vec<(&str, f32)> = Vec::new();
    for signal in candidates.iter().flat_map(|candidate| &candidate.signals) {
        if !names.iter().any(|(name, _)| *name == signal.name) {
            names.push((signal.name, signal.weight));
        }
    }
    for (name, weight) in names {
        let value = |candidate: &Candidate| {
            let signal = candidate.signals.iter().find(|signal| signal.name == name);
            signal.map_or_else(String::new, |signal| {
                format!("{:.2} ({:+.2})", signal.value, signal.value * signal.weight)
            })
        };
        let start = [name.to_owned(), format!("{weight:.2}")];
        table.add_row(start.into_iter().chain(candidates.iter().map(value)));
    }
    let numbers: Vec<usize> = (1..candidates.len() + 2).collect();
    align_right(&mut table, &numbers);
    table
}

/// One line under the header and none around: a table that reads well in a log, too.
const HEADER_LINE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table of plain rows.
pub(super) fn plain_table(header: impl IntoIterator<Item = impl Into<Cell>>) -> Table {
    let header: Vec<Cell> = header.into_iter().map(Into::into).collect();
    let mut table = Table::new();
    table.load_style(HEADER_LINE).set_header(header);
    table
}

/// Numbers line up by their last digit.
pub(super) fn align_right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Breaks cells where the table is wider than the terminal.
pub(super) fn fit(table: &mut Table, look: Look) {
    if let Some(width) = look.width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::cli::test_values;

    const COLOURED: Look = Look {
        colour: Colour::On,
        width: Some(40),
    };

    #[track_caller]
    fn check(shown: &str, expected: &Expect) {
        expected.assert_eq(&shown.replace('\x1b', "␛"));
    }

    #[test]
    fn without_a_terminal_the_message_stays_as_it_is() {
        for value in [test_values::answer(), test_values::suggested(), test_values::declined()] {
            let shown = answer(&value, Suggestions::AsWritten, Look::PLAIN);
            assert_eq!(shown, format!("{}\n", value.message));
        }
    }

    #[test]
    fn on_a_terminal_the_answer_stands_out_from_its_small_print() {
        check(
            &answer(&test_values::answer(), Suggestions::AsWritten, COLOURED),
            &expect![[r#"
                ␛[1mThe wall will be raised by two metres.␛[0m
                As to the rest of your question: the
                briefing does not say.
                ␛[2mSource: “Harbour wall to be raised”␛[0m
                ␛[2m(Coast Wire), paragraph 3, the harbour␛[0m
                ␛[2moffice: “raised by two metres”; the␛[0m
                ␛[2mheadline.␛[0m
            "#]],
        );
    }

    #[test]
    fn suggestions_are_numbered_in_their_place() {
        check(
            &answer(&test_values::suggested(), Suggestions::Numbered, Look::PLAIN),
            &expect![[r#"
                Did you mean:
                  1. How high will the wall be?
                  2. Where does the crane go?
            "#]],
        );
        check(
            &answer(&test_values::suggested(), Suggestions::Numbered, COLOURED),
            &expect![[r#"
                Did you mean:
                ␛[36m  1.␛[0m How high will the wall be?
                ␛[36m  2.␛[0m Where does the crane go?
            "#]],
        );
    }

    #[test]
    fn suggestions_that_the_message_leaves_out_are_offered_below() {
        check(
            &answer(&test_values::declined(), Suggestions::Numbered, Look::PLAIN),
            &expect![[r#"
                The briefing does not say what the works cost.
                What the briefing does say something about:
                  1. How high will the wall be?
                  2. Where does the crane go?
            "#]],
        );
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        let hostile = Answer {
            message: "The briefing does not mention \u{1b}[31m\u{7}red\u{9b}.\r\nNothing.".to_owned(),
            ..test_values::declined()
        };
        for look in [
            Look::PLAIN,
            Look {
                width: Some(40),
                ..Look::PLAIN
            },
        ] {
            let shown = answer(&hostile, Suggestions::AsWritten, look);
            assert!(
                shown
                    .chars()
                    .all(|character| character == '\n' || !character.is_control()),
                "{shown:?}"
            );
        }
    }

    #[test]
    fn an_explanation_is_a_readable_table() {
        check(
            &explanation(&test_values::explanation(), Look::PLAIN),
            &expect![[r#"
                outcome        answer (confidence 0.93)
                matched as     how high
                asks for       how-many
                repaired       `hihg` → `high`
                entities       `the wall` → `harbour-wall`
                unknown terms  zanzibar

                 #   candidate     kind   confidence   nearest phrasing             guards against it
                ─────────────────────────────────────────────────────────────────────────────────────────────
                 1   wall-height   fact         0.93   How high will the wall be?
                 2   wall-cost     gap          0.21   What does it cost?           another thing is counted

                 signal    weight             #1              #2
                ─────────────────────────────────────────────────
                 overlap     2.00   0.50 (+1.00)    0.25 (+0.50)
                 kind        0.25   1.00 (+0.25)
                 names       0.50                  -1.00 (-0.50)
            "#]],
        );
    }

    #[test]
    fn an_explanation_fits_the_terminal() {
        let look = Look {
            width: Some(60),
            ..Look::PLAIN
        };
        let shown = explanation(&test_values::explanation(), look);
        assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
    }
}
