//! A scored run as a page: the figures, both charts, the confusion map, and every failure with its explanation.

use maud::{Markup, html};

use super::{chart, explained, percent, shown};
use crate::answer::{Conversation, Explanation};
use crate::engine::Snapshot;
use crate::eval::compare::{Changed, Comparison, Paired};
use crate::eval::confusion::{self, ConfusionPair, NO_SINGLE_FACT, NOTHING};
use crate::eval::{Expect, Judged, Run, Tally, Verdict, judge};
use crate::fact::FactRef;

/// Expected facts (rows) and said ones (columns) that the map shows; the pairs beyond it are listed below it.
const MAX_MAPPED: usize = 12;
/// Pairs that are listed.
const MAX_LISTED_PAIRS: usize = 60;

/// A reply that is not right, with why.
#[derive(Debug)]
pub struct Failure<'r> {
    /// The question, the reply and the verdict.
    pub judged: &'r Judged,
    /// What led to the reply.
    pub explanation: Explanation,
    /// The fact that would have been right.
    pub expected: String,
}

/// Everything that the page shows.
#[derive(Debug)]
pub struct Report<'r> {
    /// The run.
    pub run: &'r Run,
    /// The revision of the facts that were asked.
    pub revision: String,
    /// Its failures, wrong ones first.
    pub failures: Vec<Failure<'r>>,
    /// What was said instead of what.
    pub confusion: Vec<ConfusionPair>,
    /// Against an earlier run.
    pub comparison: Option<Comparison<'r>>,
}

impl<'r> Report<'r> {
    /// Explains every failure of a run by the facts that were asked.
    #[must_use]
    pub fn of(run: &'r Run, snapshot: &Snapshot, comparison: Option<Comparison<'r>>) -> Self {
        let failures = run.failures().into_iter().map(|judged| {
            let explanation = snapshot.explain(&judged.labelled.question, &judged.conversation);
            Failure {
                expected: expected(judged, &explanation, snapshot),
                judged,
                explanation,
            }
        });
        let failures: Vec<Failure<'r>> = failures.collect();
        let expected_of = |judged: &Judged| {
            let failure = failures.iter().find(|failure| std::ptr::eq(failure.judged, judged));
            failure.map_or_else(String::new, |failure| failure.expected.clone())
        };
        Self {
            run,
            revision: snapshot.base().revision.to_string(),
            confusion: confusion::pairs(run, expected_of),
            failures,
            comparison,
        }
    }
}

/// The fact that would have been judged right: the likeliest one first, since several may do.
fn expected(judged: &Judged, explanation: &Explanation, snapshot: &Snapshot) -> String {
    if judged.labelled.label.expect == Expect::Decline {
        return NOTHING.to_owned();
    }
    let likely = explanation
        .candidates
        .iter()
        .filter(|candidate| !candidate.is_gap)
        .map(|candidate| FactRef {
            briefing: candidate.briefing.clone(),
            fact: candidate.id.clone(),
        });
    let others = snapshot.base().facts().map(|(briefing, fact)| FactRef {
        briefing: briefing.id.clone(),
        fact: fact.id.clone(),
    });
    let is_right = |fact: &FactRef| {
        let told = snapshot.tell(fact, &Conversation::default());
        told.is_some_and(|(answer, _)| judge(&judged.labelled.label, &answer).verdict == Verdict::Right)
    };
    likely
        .chain(others)
        .find(is_right)
        .map_or_else(|| NO_SINGLE_FACT.to_owned(), |fact| fact.fact)
}

/// The report, without the frame.
#[must_use]
pub fn body(report: &Report<'_>) -> Markup {
    let reliability = report.run.reliability();
    html! {
        p.small { (report.run.judged.len()) " questions, facts of revision " (report.revision) }
        (tallies(report.run))
        @if let Some(comparison) = &report.comparison { (compared(comparison)) }
        h2 { "Confidence" }
        div.charts {
            (chart::reliability(&reliability.bands))
            (chart::risk_coverage(&report.run.risk_coverage_curve()))
        }
        table {
            @for (name, figure) in [
                ("calibration error (ECE, 10 bands)", reliability.ece),
                ("area under the risk-coverage curve (AURC)", reliability.aurc),
                ("AUROC, answers that are right against wrong", reliability.auroc),
                ("AUROC, questions answerable against not", report.run.answerable_auroc()),
            ] {
                tr { th { (name) } td.n { (shown(figure, |figure| format!("{figure:.3}"))) } }
            }
        }
        (confusion(&report.confusion))
        h2 { "Not right: " (report.failures.len()) }
        @for failure in &report.failures { (failed(failure)) }
    }
}

fn tallies(run: &Run) -> Markup {
    let row = |name: &str, tally: Tally| {
        html! {
            tr {
                td { (name) } td.n { (tally.n_questions()) }
                @for verdict in [Verdict::Right, Verdict::Wrong, Verdict::Helped, Verdict::Silent] {
                    td.n { (tally.count(verdict)) }
                }
                td.n { (shown(tally.share(Verdict::Right), percent)) }
                td.n { (shown(tally.share(Verdict::Wrong), percent)) }
            }
        }
    };
    html! {
        div.scroll { table {
            tr {
                th { "category" }
                @for name in ["questions", "right", "wrong", "helped", "silent", "right %", "wrong %"] { th.n { (name) } }
            }
            @for (category, tally) in run.by_category() { (row(category, tally)) }
            (row("all", run.total()))
        } }
    }
}

fn compared(comparison: &Comparison<'_>) -> Markup {
    let line = |what: &str, paired: Paired| {
        html! {
            tr {
                th { (what) } td.n { "+" (paired.n_won) } td.n { "−" (paired.n_lost) }
                td.n { (shown(paired.p, |p| format!("{p:.3}"))) }
            }
        }
    };
    let list = |title: &str, changes: &[Changed<'_>]| {
        html! {
            details {
                summary { (title) ": " (changes.len()) }
                table {
                    @for change in changes {
                        tr {
                            td { (change.before.name()) " → " span class=(change.now.judgement.verdict.name()) { (change.now.judgement.verdict.name()) } }
                            td { (change.now.labelled.id) } td { (change.now.labelled.question) }
                        }
                    }
                }
            }
        }
    };
    html! {
        h2 { "Against the earlier run" }
        p.small { (comparison.n_shared) " questions in both, " (comparison.n_gone) " only in the earlier one, " (comparison.n_new) " only in this one" }
        table {
            tr { th { "" } th.n { "won" } th.n { "lost" } th.n { "McNemar p" } }
            (line("right", comparison.right))
            (line("wrong", comparison.wrong))
        }
        (list("Worse", &comparison.worse))
        (list("Better", &comparison.better))
    }
}

fn confusion(pairs: &[ConfusionPair]) -> Markup {
    let names = |name: fn(&ConfusionPair) -> &str| {
        let mut names: Vec<&str> = Vec::new();
        for pair in pairs {
            if !names.contains(&name(pair)) && names.len() < MAX_MAPPED {
                names.push(name(pair));
            }
        }
        names
    };
    let (rows, columns) = (names(|pair| &pair.expected), names(|pair| &pair.said));
    let count = |row: &str, column: &str| {
        let pair = pairs.iter().find(|pair| pair.expected == row && pair.said == column);
        pair.map_or(0, |pair| pair.questions.len())
    };
    let most = pairs.iter().map(|pair| pair.questions.len()).max().unwrap_or(1);
    html! {
        h2 { "What was said instead of what" }
        @if pairs.is_empty() { p { "Nothing was." } } @else {
            div.scroll { table {
                tr { th { "expected ↓ said →" } @for column in &columns { th { (column) } } }
                @for row in &rows {
                    tr {
                        th { (row) }
                        @for column in &columns {
                            @let count = count(row, column);
                            @let depth = 100 * count / most;
                            td.cell style=(format!("background: color-mix(in srgb, var(--wrong) {depth}%, transparent)")) {
                                @if count > 0 { (count) }
                            }
                        }
                    }
                }
            } }
            details {
                summary { "Pairs: " (pairs.len()) }
                table {
                    tr { th.n { "times" } th { "expected" } th { "said" } th { "questions" } }
                    @for pair in pairs.iter().take(MAX_LISTED_PAIRS) {
                        tr {
                            td.n { (pair.questions.len()) } td { (pair.expected) } td { (pair.said) }
                            td.small { (pair.questions.join(", ")) }
                        }
                    }
                }
            }
        }
    }
}

fn failed(failure: &Failure<'_>) -> Markup {
    let Failure {
        judged, explanation, ..
    } = failure;
    let verdict = judged.judgement.verdict.name();
    html! {
        details {
            summary {
                span class=(verdict) { (verdict) } " " (judged.labelled.question)
                " " small { (judged.labelled.id) ", " (judged.labelled.category) }
            }
            ul { @for fault in &judged.judgement.faults { li { (fault) } } }
            p { "expected: " (failure.expected) }
            (explained::reply(&judged.answer))
            (explained::explanation(explanation))
        }
    }
}
