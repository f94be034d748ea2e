//! The JSON of a scored run.
//!
//! Promise: every key is always present; a figure that cannot be computed is null. Shares are from 0 to 1.

use serde::Serialize;

use super::Gate;
use crate::cli::json::{ParagraphJson, rounded};
use crate::eval::compare::{Changed, Comparison, Paired};
use crate::eval::confusion::ConfusionPair;
use crate::eval::reliability::Band;
use crate::eval::{Judged, Reliability, Tally, Verdict};
use crate::page::evaluation::Report;

#[derive(Debug, Serialize)]
pub(super) struct EvalJson<'a> {
    revision: &'a str,
    total: TallyJson,
    categories: Vec<CategoryJson<'a>>,
    reliability: ReliabilityJson,
    failures: Vec<FailureJson<'a>>,
    confusion: Vec<ConfusionJson<'a>>,
    comparison: Option<ComparisonJson<'a>>,
    gate: Option<GateJson>,
    questions: Vec<QuestionJson<'a>>,
}

/// Every question, so that a later run can be compared with this one.
#[derive(Debug, Serialize)]
struct QuestionJson<'a> {
    id: &'a str,
    question: &'a str,
    verdict: &'static str,
    outcome: &'static str,
    confidence: f64,
    facts: Vec<&'a str>,
    gap: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct ConfusionJson<'a> {
    expected: &'a str,
    said: &'a str,
    questions: &'a [String],
}

#[derive(Debug, Serialize)]
struct ComparisonJson<'a> {
    shared: usize,
    gone: usize,
    new: usize,
    better: Vec<ChangeJson<'a>>,
    worse: Vec<ChangeJson<'a>>,
    right: PairedJson,
    wrong: PairedJson,
}

#[derive(Debug, Serialize)]
struct ChangeJson<'a> {
    id: &'a str,
    question: &'a str,
    before: &'static str,
    now: &'static str,
}

#[derive(Debug, Serialize)]
struct PairedJson {
    won: usize,
    lost: usize,
    p: Option<f64>,
}

#[derive(Debug, Serialize)]
struct TallyJson {
    questions: usize,
    right: usize,
    wrong: usize,
    helped: usize,
    silent: usize,
    share_right: Option<f64>,
    share_wrong: Option<f64>,
    share_helped: Option<f64>,
    share_silent: Option<f64>,
}

#[derive(Debug, Serialize)]
struct CategoryJson<'a> {
    category: &'a str,
    #[serde(flatten)]
    tally: TallyJson,
}

#[derive(Debug, Serialize)]
struct ReliabilityJson {
    bands: Vec<BandJson>,
    ece: Option<f64>,
    aurc: Option<f64>,
    auroc_right: Option<f64>,
    auroc_answerable: Option<f64>,
}

#[derive(Debug, Serialize)]
struct BandJson {
    from: f64,
    to: f64,
    answers: usize,
    mean_confidence: Option<f64>,
    share_right: Option<f64>,
}

#[derive(Debug, Serialize)]
struct FailureJson<'a> {
    id: &'a str,
    category: &'a str,
    verdict: &'static str,
    question: &'a str,
    reasons: Vec<String>,
    outcome: &'static str,
    confidence: f64,
    facts: Vec<&'a str>,
    gap: Option<&'a str>,
    paragraphs: Vec<ParagraphJson>,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct GateJson {
    min_right: Option<f64>,
    max_wrong: Option<f64>,
    passed: bool,
}

impl<'a> EvalJson<'a> {
    pub(super) fn new(report: &'a Report<'a>, gate: Gate, passed: bool) -> Self {
        let run = report.run;
        let category = |(category, tally)| CategoryJson {
            category,
            tally: tally_json(tally),
        };
        let is_gate = gate.min_right.is_some() || gate.max_wrong.is_some();
        Self {
            revision: &report.revision,
            total: tally_json(run.total()),
            categories: run.by_category().into_iter().map(category).collect(),
            reliability: reliability(&run.reliability(), run.answerable_auroc()),
            failures: run.failures().into_iter().map(failure).collect(),
            confusion: report.confusion.iter().map(confusion).collect(),
            comparison: report.comparison.as_ref().map(comparison),
            gate: is_gate.then_some(GateJson {
                min_right: gate.min_right,
                max_wrong: gate.max_wrong,
                passed,
            }),
            questions: run.judged.iter().map(question).collect(),
        }
    }
}

fn question(judged: &Judged) -> QuestionJson<'_> {
    QuestionJson {
        id: &judged.labelled.id,
        question: &judged.labelled.question,
        verdict: judged.judgement.verdict.name(),
        outcome: judged.answer.outcome.name(),
        confidence: rounded(judged.answer.confidence),
        facts: judged.answer.facts.iter().map(|fact| fact.fact.as_str()).collect(),
        gap: judged.answer.gap.as_deref(),
    }
}

fn confusion(pair: &ConfusionPair) -> ConfusionJson<'_> {
    ConfusionJson {
        expected: &pair.expected,
        said: &pair.said,
        questions: &pair.questions,
    }
}

fn comparison<'a>(comparison: &'a Comparison<'a>) -> ComparisonJson<'a> {
    let change = |change: &Changed<'a>| ChangeJson {
        id: &change.now.labelled.id,
        question: &change.now.labelled.question,
        before: change.before.name(),
        now: change.now.judgement.verdict.name(),
    };
    let paired = |paired: Paired| PairedJson {
        won: paired.n_won,
        lost: paired.n_lost,
        p: paired.p,
    };
    ComparisonJson {
        shared: comparison.n_shared,
        gone: comparison.n_gone,
        new: comparison.n_new,
        better: comparison.better.iter().map(change).collect(),
        worse: comparison.worse.iter().map(change).collect(),
        right: paired(comparison.right),
        wrong: paired(comparison.wrong),
    }
}

fn tally_json(tally: Tally) -> TallyJson {
    TallyJson {
        questions: tally.n_questions(),
        right: tally.count(Verdict::Right),
        wrong: tally.count(Verdict::Wrong),
        helped: tally.count(Verdict::Helped),
        silent: tally.count(Verdict::Silent),
        share_right: tally.share(Verdict::Right),
        share_wrong: tally.share(Verdict::Wrong),
        share_helped: tally.share(Verdict::Helped),
        share_silent: tally.share(Verdict::Silent),
    }
}

fn reliability(reliability: &Reliability, auroc_answerable: Option<f64>) -> ReliabilityJson {
    let band = |band: &Band| BandJson {
        from: band.from,
        to: band.to,
        answers: band.n_answers,
        mean_confidence: band.mean_confidence,
        share_right: band.share_right,
    };
    ReliabilityJson {
        bands: reliability.bands.iter().map(band).collect(),
        ece: reliability.ece,
        aurc: reliability.aurc,
        auroc_right: reliability.auroc,
        auroc_answerable,
    }
}

fn failure(judged: &Judged) -> FailureJson<'_> {
    let answer = &judged.answer;
    FailureJson {
        id: &judged.labelled.id,
        category: &judged.labelled.category,
        verdict: judged.judgement.verdict.name(),
        question: &judged.labelled.question,
        reasons: judged.judgement.faults.iter().map(ToString::to_string).collect(),
        outcome: answer.outcome.name(),
        confidence: rounded(answer.confidence),
        facts: answer.facts.iter().map(|fact| fact.fact.as_str()).collect(),
        gap: answer.gap.as_deref(),
        paragraphs: answer
            .citations
            .iter()
            .map(|citation| citation.paragraph.into())
            .collect(),
        message: &answer.message,
    }
}
