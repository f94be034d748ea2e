//! An answer as it is shown beside what led to it.

use maud::{Markup, html};

use crate::answer::explanation::{Candidate, SignalValue};
use crate::answer::{Answer, Explanation};

/// Candidates whose signals are shown.
const MAX_COMPARED: usize = 3;
/// Signals shown of a candidate: those that moved its score most.
const MAX_SIGNALS: usize = 8;

/// The message that a member reads, with what it is and how sure.
#[must_use]
pub fn reply(answer: &Answer) -> Markup {
    html! {
        div.card.reply { (answer.message) }
        p.small { (answer.outcome.name()) ", confidence " (format!("{:.2}", answer.confidence)) }
    }
}

/// What led to an answer.
#[must_use]
pub fn explanation(explanation: &Explanation) -> Markup {
    let lines = [
        ("read as", explanation.matched_as.clone()),
        ("asks for", explanation.kinds.join(", ")),
        ("repaired", arrows(&explanation.repairs)),
        ("names", arrows(&explanation.entities)),
        ("unknown words", explanation.answer.unknown_terms.join(", ")),
    ];
    html! {
        table {
            @for (label, value) in lines {
                @if !value.is_empty() { tr { th { (label) } td { (value) } } }
            }
        }
        @if !explanation.candidates.is_empty() {
            div.scroll { (candidates(&explanation.candidates)) }
            @for candidate in explanation.candidates.iter().take(MAX_COMPARED) { (signals(candidate)) }
        }
    }
}

fn candidates(candidates: &[Candidate]) -> Markup {
    html! {
        table {
            tr { th { "candidate" } th.n { "confidence" } th { "nearest phrasing" } th { "against it" } }
            @for candidate in candidates {
                tr {
                    td { @if candidate.is_gap { "gap " } (candidate.id) }
                    td.n { (format!("{:.2}", candidate.confidence)) }
                    td { (candidate.nearest_phrasing) }
                    td { (candidate.guards.join("; ")) }
                }
            }
        }
    }
}

fn signals(candidate: &Candidate) -> Markup {
    let added = |signal: &SignalValue| signal.value * signal.weight;
    let mut signals: Vec<&SignalValue> = candidate.signals.iter().filter(|signal| added(signal) != 0.0).collect();
    signals.sort_by(|a, b| added(b).abs().total_cmp(&added(a).abs()));
    let parts: Vec<String> = signals
        .iter()
        .take(MAX_SIGNALS)
        .map(|signal| format!("{} {:+.2}", signal.name, added(signal)))
        .collect();
    html! { p.small { (candidate.id) ": " (parts.join(", ")) } }
}

fn arrows(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(from, to)| format!("{from} → {to}")).collect();
    pairs.join(", ")
}
