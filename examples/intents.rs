//! Measures the product's own matcher on any labelled texts: `intents TRAIN TEST [VAL] [--predictions FILE]`.
//!
//! TRAIN becomes a fact base, one fact a label with its texts as phrasings; TEST is asked of it. Lines are
//! `{"text", "label"}`; label `oos` means out of scope. VAL chooses the threshold below which a text is out of scope.
//! Prints one JSON object; shares are 0 to 1, `null` where they cannot be computed.

#[path = "support/process.rs"]
#[expect(dead_code, reason = "memory only is of use here")]
mod process;

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use briefing_bot::answer::Conversation;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::{Briefing, Citation, Fact, FactBase, Paragraph, Source, Standing};
use serde::{Deserialize, Serialize};

/// The label of texts that no fact answers.
const OUT_OF_SCOPE: &str = "oos";

#[derive(Deserialize)]
struct Example {
    text: String,
    label: String,
}

struct Prediction {
    label: String,
    confidence: f32,
    microseconds: f64,
}

#[derive(Serialize)]
struct Figures {
    accuracy: Option<f64>,
    auroc: Option<f64>,
    threshold: Option<f32>,
    accuracy_at_threshold: Option<f64>,
    oos_recall: Option<f64>,
    mean: Option<f64>,
    median_us: Option<f64>,
    p99_us: Option<f64>,
    build_ms: f64,
    peak_mib: Option<f64>,
}

fn main() -> Result<()> {
    let mut paths = Vec::new();
    let mut predictions_path = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--predictions" {
            predictions_path = Some(arguments.next().context("`--predictions` needs a file")?);
        } else {
            paths.push(argument);
        }
    }
    let (train, test, val) = match paths.as_slice() {
        [train, test] => (train, test, None),
        [train, test, val] => (train, test, Some(val)),
        _ => bail!("usage: intents TRAIN TEST [VAL] [--predictions FILE]"),
    };
    let (base, labels) = fact_base(&read(train)?);
    let start = Instant::now();
    let snapshot = Snapshot::new(base);
    let build_ms = start.elapsed().as_secs_f64() * 1e3;
    let test = read(test)?;
    let predictions = predict(&snapshot, &labels, &test);
    if let Some(path) = predictions_path {
        write_predictions(&path, &predictions)?;
    }
    let threshold = match val {
        Some(path) => {
            let val = read(path)?;
            best_threshold(&val, &predict(&snapshot, &labels, &val))
        }
        None => None,
    };
    let figures = figures(&test, &predictions, threshold, build_ms);
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&figures)?)?;
    Ok(())
}

fn read(path: &str) -> Result<Vec<Example>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{path}`"))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| serde_json::from_str(line).with_context(|| format!("{path}:{}", number + 1)))
        .collect()
}

/// One fact a label. Ids are numbers of four digits, so that their order is that of the labels.
fn fact_base(examples: &[Example]) -> (FactBase, BTreeMap<String, String>) {
    let mut by_label: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for example in examples {
        by_label.entry(&example.label).or_default().push(example.text.clone());
    }
    let mut labels = BTreeMap::new();
    let facts = by_label.into_iter().enumerate().map(|(number, (label, phrasings))| {
        let id = format!("label-{number:06}");
        labels.insert(id.clone(), label.to_owned());
        Fact {
            id,
            topic: "intents".to_owned(),
            answer: String::new(),
            standing: Standing::Stated,
            gives: Vec::new(),
            counts: Vec::new(),
            entities: Vec::new(),
            claim: None,
            date: None,
            featured: false,
            correction: None,
            phrasings: phrasings.into_iter().collect(),
            citations: vec![Citation {
                paragraph: Paragraph::Headline,
                speaker: None,
                quote: None,
            }],
        }
    });
    let facts = facts.collect();
    let source = Source {
        title: "Intents".to_owned(),
        agencies: Vec::new(),
        publisher: None,
        published: None,
        url: None,
        as_of: None,
        paragraphs: Vec::new(),
    };
    let briefing = Briefing {
        id: "intents".to_owned(),
        source,
        topics: Vec::new(),
        facts,
        gaps: Vec::new(),
        entities: Vec::new(),
        synonyms: Vec::new(),
    };
    (FactBase::new(vec![briefing]), labels)
}

fn predict(snapshot: &Snapshot, labels: &BTreeMap<String, String>, examples: &[Example]) -> Vec<Prediction> {
    let predict_one = |example: &Example| {
        let start = Instant::now();
        let best = snapshot.nearest(&example.text, &Conversation::default(), 1);
        let microseconds = start.elapsed().as_secs_f64() * 1e6;
        match best.first() {
            Some(best) => Prediction {
                label: labels.get(&best.fact.fact).cloned().unwrap_or_default(),
                confidence: best.confidence,
                microseconds,
            },
            None => Prediction {
                label: String::new(),
                confidence: 0.0,
                microseconds,
            },
        }
    };
    examples.iter().map(predict_one).collect()
}

fn write_predictions(path: &str, predictions: &[Prediction]) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path).with_context(|| format!("cannot write `{path}`"))?);
    for prediction in predictions {
        let line = serde_json::json!({
            "label": prediction.label,
            "confidence": prediction.confidence,
            "us": prediction.microseconds,
        });
        writeln!(file, "{line}")?;
    }
    file.flush()?;
    Ok(())
}

fn figures(test: &[Example], predictions: &[Prediction], threshold: Option<f32>, build_ms: f64) -> Figures {
    let at_threshold = threshold.map(|threshold| at_threshold(test, predictions, threshold));
    let (accuracy_at_threshold, oos_recall) = at_threshold.unwrap_or((None, None));
    let mut times: Vec<f64> = predictions.iter().map(|prediction| prediction.microseconds).collect();
    times.sort_by(f64::total_cmp);
    let quantile = |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied();
    Figures {
        accuracy: at_threshold_of_nothing(test, predictions),
        auroc: auroc(test, predictions),
        threshold,
        accuracy_at_threshold,
        oos_recall,
        mean: accuracy_at_threshold
            .zip(oos_recall)
            .map(|(accuracy, recall)| f64::midpoint(accuracy, recall)),
        median_us: quantile(0.5),
        p99_us: quantile(0.99),
        build_ms,
        peak_mib: process::memory(std::process::id(), "VmHWM"),
    }
}

fn share(part: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

/// The share right of texts in scope, nothing rejected.
fn at_threshold_of_nothing(examples: &[Example], predictions: &[Prediction]) -> Option<f64> {
    at_threshold(examples, predictions, f32::NEG_INFINITY).0
}

/// The share right of texts in scope, and the share rejected of those out of scope.
fn at_threshold(examples: &[Example], predictions: &[Prediction], threshold: f32) -> (Option<f64>, Option<f64>) {
    let (mut n_in, mut n_right, mut n_out, mut n_rejected) = (0, 0, 0, 0);
    for (example, prediction) in examples.iter().zip(predictions) {
        let is_rejected = prediction.confidence < threshold;
        if example.label == OUT_OF_SCOPE {
            n_out += 1;
            n_rejected += usize::from(is_rejected);
        } else {
            n_in += 1;
            n_right += usize::from(!is_rejected && prediction.label == example.label);
        }
    }
    (share(n_right, n_in), share(n_rejected, n_out))
}

/// A threshold by the one-standard-error rule (Breiman et al., 1984): how good a threshold is on a hundred texts out of
/// scope is known within a standard error only, so the middle of all those that are as good as the best within it is
/// taken, rather than the one that happens to be best.
fn best_threshold(examples: &[Example], predictions: &[Prediction]) -> Option<f32> {
    let mut thresholds: Vec<f32> = predictions.iter().map(|prediction| prediction.confidence).collect();
    thresholds.sort_by(f32::total_cmp);
    thresholds.dedup();
    let n_out = examples.iter().filter(|example| example.label == OUT_OF_SCOPE).count() as f64;
    let n_in = examples.len() as f64 - n_out;
    let worths: Vec<(f64, f64)> = thresholds
        .iter()
        .map(|threshold| {
            let (accuracy, recall) = at_threshold(examples, predictions, *threshold);
            let (accuracy, recall) = (accuracy.unwrap_or(0.0), recall.unwrap_or(0.0));
            let variance = accuracy * (1.0 - accuracy) / n_in.max(1.0) + recall * (1.0 - recall) / n_out.max(1.0);
            (accuracy + recall, variance.sqrt())
        })
        .collect();
    at_threshold(examples, predictions, 0.0).1?;
    let (best, error) = worths.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let is_as_good = |(worth, _): &(f64, f64)| *worth >= best - error;
    let first = thresholds[worths.iter().position(is_as_good)?];
    let last = thresholds[worths.iter().rposition(is_as_good)?];
    Some(f32::midpoint(first, last))
}

/// How likely a text in scope has more confidence than one out of scope.
fn auroc(examples: &[Example], predictions: &[Prediction]) -> Option<f64> {
    let mut scored: Vec<(f32, bool)> = examples
        .iter()
        .zip(predictions)
        .map(|(e, p)| (p.confidence, e.label != OUT_OF_SCOPE))
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n_in = scored.iter().filter(|(_, is_in)| *is_in).count() as f64;
    let n_out = scored.len() as f64 - n_in;
    let mut sum_of_ranks = 0.0;
    let mut start = 0;
    while start < scored.len() {
        let end = start
            + scored[start..]
                .iter()
                .take_while(|(confidence, _)| confidence.total_cmp(&scored[start].0).is_eq())
                .count();
        let rank = f64::midpoint((start + 1) as f64, end as f64);
        sum_of_ranks += rank * scored[start..end].iter().filter(|(_, is_in)| *is_in).count() as f64;
        start = end;
    }
    (n_in > 0.0 && n_out > 0.0).then(|| (sum_of_ranks - n_in * (n_in + 1.0) / 2.0) / (n_in * n_out))
}
