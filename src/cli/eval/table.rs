//! A scored run as people read it: every failure, the counts by category, the reliability table.
//!
//! The counts come last, so that they are what stands above the next prompt.

use comfy_table::Table;
use owo_colors::Style;

use crate::cli::terminal::{Look, align_right, fit, plain_table};
use crate::eval::compare::{Comparison, Paired};
use crate::eval::confusion::ConfusionPair;
use crate::eval::{Judged, Reliability, Run, Tally, Verdict};
use crate::page::evaluation::Report;

/// Shown where there is no figure.
const NO_FIGURE: &str = "–";

/// Confusion pairs that are listed; `--json` and `--html` have them all.
const MAX_PAIRS: usize = 15;
/// Changed questions that are listed of each sort.
const MAX_CHANGES: usize = 50;

/// The whole report.
pub(super) fn report(report: &Report<'_>, look: Look) -> String {
    let run = report.run;
    let reliability = run.reliability();
    let mut tables = [
        by_category(run),
        reliability_table(&reliability),
        confusion_table(&report.confusion),
    ];
    for table in &mut tables {
        fit(table, look);
    }
    let [by_category, by_band, by_pair] = tables.map(|table| table.trim_fmt());
    let failures = failures(run, look);
    let figures = figures(&reliability, run.answerable_auroc());
    let confusion = match report.confusion.len() {
        0 => String::new(),
        n if n > MAX_PAIRS => {
            format!("what was said instead of what, the first {MAX_PAIRS} pairs of {n}\n{by_pair}\n\n")
        }
        _ => format!("what was said instead of what\n{by_pair}\n\n"),
    };
    let compared = report
        .comparison
        .as_ref()
        .map_or_else(String::new, |comparison| compared(comparison, look));
    format!(
        "{failures}{confusion}reliability of the confidence, answers given only\n{by_band}\n{figures}\n\n{by_category}\n{compared}"
    )
}

fn confusion_table(pairs: &[ConfusionPair]) -> Table {
    let mut table = plain_table(["times", "expected", "said", "questions"]);
    for pair in pairs.iter().take(MAX_PAIRS) {
        table.add_row([
            pair.questions.len().to_string(),
            pair.expected.clone(),
            pair.said.clone(),
            pair.questions.join(", "),
        ]);
    }
    align_right(&mut table, &[0]);
    table
}

/// What got better and what worse since the earlier run, and whether that can be chance.
fn compared(comparison: &Comparison<'_>, look: Look) -> String {
    let mut shown = String::from("\n");
    for (title, changes) in [("worse", &comparison.worse), ("better", &comparison.better)] {
        for change in changes.iter().take(MAX_CHANGES) {
            let (before, now) = (change.before.name(), change.now.judgement.verdict.name());
            let labelled = &change.now.labelled;
            let line = format!("{title:<6} {before} → {now}  {} {}", labelled.id, labelled.question);
            for line in look.wrapped(&line, "       ") {
                shown.push_str(&line);
                shown.push('\n');
            }
        }
        if changes.len() > MAX_CHANGES {
            shown.extend([
                "… and ",
                &(changes.len() - MAX_CHANGES).to_string(),
                " more ",
                title,
                "\n",
            ]);
        }
    }
    let line = |what: &str, paired: Paired| {
        let p = shown_p(paired.p);
        format!(
            "{what}: won {}, lost {}, McNemar's exact test p = {p}\n",
            paired.n_won, paired.n_lost
        )
    };
    format!(
        "{shown}against the earlier run: {} questions in both, {} only there, {} only here; better {}, worse {}\n{}{}",
        comparison.n_shared,
        comparison.n_gone,
        comparison.n_new,
        comparison.better.len(),
        comparison.worse.len(),
        line("right", comparison.right),
        line("wrong", comparison.wrong),
    )
}

fn shown_p(p: Option<f64>) -> String {
    self::shown(p, |p| format!("{p:.3}"))
}

/// A share as a percentage with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn failures(run: &Run, look: Look) -> String {
    let failures: Vec<String> = run.failures().into_iter().map(|judged| failure(judged, look)).collect();
    if failures.is_empty() {
        return String::new();
    }
    format!("not right: {}\n\n{}\n", failures.len(), failures.join("\n"))
}

fn failure(judged: &Judged, look: Look) -> String {
    let verdict = judged.judgement.verdict;
    let style = if verdict == Verdict::Wrong {
        Style::new().red().bold()
    } else {
        Style::new().yellow()
    };
    let labelled = &judged.labelled;
    let head = format!(
        "{:<6} {} ({}, confidence {:.2})",
        verdict.name(),
        labelled.id,
        labelled.category,
        judged.answer.confidence
    );
    let said = judged.answer.message.lines().collect::<Vec<_>>().join(" / ");
    let faults = judged
        .judgement
        .faults
        .iter()
        .map(|fault| ("because", fault.to_string()));
    let mut shown = look.styled(&head, style) + "\n";
    for (label, text) in [("asked", labelled.question.clone()), ("said", said)]
        .into_iter()
        .chain(faults)
    {
        for line in look.wrapped(&format!("  {label:<8} {text}"), "           ") {
            shown.push_str(&line);
            shown.push('\n');
        }
    }
    shown
}

fn by_category(run: &Run) -> Table {
    let mut table = plain_table([
        "category",
        "questions",
        "right",
        "wrong",
        "helped",
        "silent",
        "right %",
        "wrong %",
    ]);
    for (category, tally) in run.by_category() {
        table.add_row(row(category, tally));
    }
    table.add_row(row("all", run.total()));
    align_right(&mut table, &[1, 2, 3, 4, 5, 6, 7]);
    table
}

fn row(category: &str, tally: Tally) -> Vec<String> {
    let verdicts = [Verdict::Right, Verdict::Wrong, Verdict::Helped, Verdict::Silent];
    let counts = verdicts.map(|verdict| tally.count(verdict).to_string());
    let shares = [Verdict::Right, Verdict::Wrong].map(|verdict| shown(tally.share(verdict), percent));
    let start = [category.to_owned(), tally.n_questions().to_string()];
    start.into_iter().chain(counts).chain(shares).collect()
}

fn reliability_table(reliability: &Reliability) -> Table {
    let mut table = plain_table(["confidence", "answers", "mean confidence", "right %"]);
    for band in &reliability.bands {
        table.add_row([
            format!("{:.1} to {:.1}", band.from, band.to),
            band.n_answers.to_string(),
            shown(band.mean_confidence, |mean| format!("{mean:.3}")),
            shown(band.share_right, percent),
        ]);
    }
    align_right(&mut table, &[1, 2, 3]);
    table
}

fn figures(reliability: &Reliability, answerable_auroc: Option<f64>) -> String {
    let lines = [
        ("calibration error (ECE, 10 bands)", reliability.ece),
        ("area under the risk-coverage curve (AURC)", reliability.aurc),
        ("AUROC, answers that are right against wrong", reliability.auroc),
        ("AUROC, questions answerable against not", answerable_auroc),
    ];
    let lines = lines.map(|(name, figure)| format!("{name:<44} {}", shown(figure, |figure| format!("{figure:.3}"))));
    lines.join("\n")
}

fn shown(figure: Option<f64>, format: impl Fn(f64) -> String) -> String {
    figure.map_or_else(|| NO_FIGURE.to_owned(), format)
}
