//! The groups as people and machines read them.

use serde::Serialize;

use crate::cli::json::rounded;
use crate::curate::groups::{Group, Grouped};

/// Questions of a group that are listed; the rest is counted.
const MAX_QUESTIONS: usize = 5;

pub(super) fn text(grouped: &Grouped) -> String {
    let mut paragraphs: Vec<String> = grouped.groups.iter().map(group).collect();
    let n_open: usize = grouped.groups.iter().map(|group| group.questions.len()).sum();
    paragraphs.push(format!(
        "{} groups of {n_open} questions without an answer; {} are answered by now, {} were dismissed\n",
        grouped.groups.len(),
        grouped.n_answered,
        grouped.n_dismissed
    ));
    paragraphs.join("\n\n")
}

fn group(group: &Group) -> String {
    let near = match (&group.gap, &group.nearest) {
        (Some(gap), _) => format!("is the gap `{gap}`"),
        (None, Some(nearest)) => format!("nearest: `{}` ({:.2})", nearest.fact.fact, nearest.confidence),
        (None, None) => "nothing is near".to_owned(),
    };
    let mut lines = vec![format!("{}  asked {} times, {near}", group.id, group.n_asked())];
    lines.extend(
        group
            .questions
            .iter()
            .take(MAX_QUESTIONS)
            .map(|(question, times)| format!("  {times:>4} × {question}")),
    );
    if group.questions.len() > MAX_QUESTIONS {
        lines.push(format!("         … and {} more", group.questions.len() - MAX_QUESTIONS));
    }
    lines.join("\n")
}

#[derive(Serialize)]
struct GroupedJson<'g> {
    groups: Vec<GroupJson<'g>>,
    answered: usize,
    dismissed: usize,
}

#[derive(Serialize)]
struct GroupJson<'g> {
    group: &'g str,
    asked: usize,
    questions: Vec<QuestionJson<'g>>,
    nearest: Option<&'g str>,
    confidence: Option<f64>,
    gap: Option<&'g str>,
}

#[derive(Serialize)]
struct QuestionJson<'g> {
    question: &'g str,
    times: usize,
}

pub(super) fn json(grouped: &Grouped) -> serde_json::Result<String> {
    let groups = grouped.groups.iter().map(|group| GroupJson {
        group: &group.id,
        asked: group.n_asked(),
        questions: group
            .questions
            .iter()
            .map(|(question, times)| QuestionJson {
                question,
                times: *times,
            })
            .collect(),
        nearest: group.nearest.as_ref().map(|nearest| nearest.fact.fact.as_str()),
        confidence: group.nearest.as_ref().map(|nearest| rounded(nearest.confidence)),
        gap: group.gap.as_deref(),
    });
    serde_json::to_string(&GroupedJson {
        groups: groups.collect(),
        answered: grouped.n_answered,
        dismissed: grouped.n_dismissed,
    })
}
