//! The groups as people and machines read them.

use serde::Serialize;

use super::feedback::{self, FeedbackJson};
use crate::cli::json::rounded;
use crate::cli::store::Feedback;
use crate::curate::groups::{Answered, Group, Grouped};

/// Questions of a group that are listed; the rest is counted.
const MAX_QUESTIONS: usize = 5;
/// Questions that are answered by now, of those that are listed; the rest is counted.
const MAX_ANSWERED: usize = 10;

pub(super) fn text(grouped: &Grouped, feedback: Option<&Feedback>) -> String {
    let mut paragraphs: Vec<String> = grouped.groups.iter().map(group).collect();
    let n_open: usize = grouped.groups.iter().map(|group| group.questions.len()).sum();
    if !grouped.answered.is_empty() {
        paragraphs.push(answered(&grouped.answered));
    }
    paragraphs.extend(feedback.map(feedback::paragraphs).unwrap_or_default());
    paragraphs.push(format!(
        "{} groups of {n_open} questions without an answer; {} are answered by now, {} were dismissed\n",
        grouped.groups.len(),
        grouped.answered.len(),
        grouped.n_dismissed
    ));
    paragraphs.join("\n\n")
}

fn answered(answered: &[Answered]) -> String {
    let mut lines = vec!["answered by now, which a curator should look at once".to_owned()];
    lines.extend(answered.iter().take(MAX_ANSWERED).map(|one| {
        let facts: Vec<String> = one.facts.iter().map(|fact| format!("`{}`", fact.fact)).collect();
        format!("  {}  {}", facts.join(", "), one.question)
    }));
    if answered.len() > MAX_ANSWERED {
        lines.push(format!("  … and {} more", answered.len() - MAX_ANSWERED));
    }
    lines.join("\n")
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
    #[serde(flatten)]
    feedback: Option<FeedbackJson>,
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

pub(super) fn json(grouped: &Grouped, feedback: Option<&Feedback>) -> serde_json::Result<String> {
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
        answered: grouped.answered.len(),
        dismissed: grouped.n_dismissed,
        feedback: feedback.map(feedback::json),
    })
}
