//! Weights for facts of which nothing is known but their example questions, fitted to a fact base's own.
//!
//! Every third example question of each fact is taken out and asked of the rest; every third of the gaps' is asked too, as questions that no fact answers. So no labelled question is needed, and nothing that only a curated fact base
//! has (kinds, entities, gaps) is relied on. Deliberately absent: thresholds, which are the labelled questions' matter.

use super::logistic;
use crate::answer::Conversation;
use crate::engine::Snapshot;
use crate::fact::FactBase;
use crate::matching::class::Origin;
use crate::matching::signals::UNIVERSAL;

/// Every how manieth example question is taken out.
const EVERY: usize = 3;
/// Best candidates of a question that become examples.
const N_EXAMPLES: usize = 5;

/// One weight for each signal that means the same in every fact base, and the intercept.
pub type Bare = [f32; UNIVERSAL.len() + 1];

/// Fits the weights; `None` where the fact base has too little of either.
#[must_use]
pub fn bare(base: &FactBase) -> Option<Bare> {
    let mut asked: Vec<(Option<(usize, usize)>, String)> = Vec::new();
    let mut rest = base.briefings.clone();
    for (briefing_place, briefing) in rest.iter_mut().enumerate() {
        let of_gaps = briefing.gaps.iter().flat_map(|gap| gap.phrasings.iter().step_by(EVERY));
        asked.extend(of_gaps.map(|phrasing| (None, phrasing.to_owned())));
        briefing.gaps.clear();
        briefing.entities.clear();
        briefing.synonyms.clear();
        for (fact_place, fact) in briefing.facts.iter_mut().enumerate() {
            fact.gives.clear();
            fact.counts.clear();
            fact.entities.clear();
            fact.claim = None;
            let numbered = (1..).zip(&fact.phrasings);
            let (kept, out): (Vec<_>, Vec<_>) = numbered.partition(|(number, _)| number % EVERY != 0);
            let meant = Some((briefing_place, fact_place));
            asked.extend(out.into_iter().map(|(_, phrasing)| (meant, phrasing.to_owned())));
            fact.phrasings = kept.into_iter().map(|(_, phrasing)| phrasing).collect();
        }
    }
    let snapshot = Snapshot::new(FactBase::new(rest));
    let examples: Vec<([f32; UNIVERSAL.len()], bool)> = asked
        .iter()
        .flat_map(|(meant, question)| examples(&snapshot, *meant, question))
        .collect();
    logistic::plain(&examples)
}

/// The best candidates; other facts of the same topic are left out, since they may answer the question as well.
fn examples(snapshot: &Snapshot, meant: Option<(usize, usize)>, question: &str) -> Vec<([f32; UNIVERSAL.len()], bool)> {
    let facts = |(briefing, fact): (usize, usize)| &snapshot.base().briefings[briefing].facts[fact];
    let mut examples = Vec::new();
    for found in snapshot
        .candidates(question, &Conversation::default())
        .iter()
        .take(N_EXAMPLES)
    {
        let Origin::Fact(briefing, fact) = snapshot.matcher().class(found.class).origin else {
            continue;
        };
        let is_right = meant == Some((briefing, fact));
        let is_beside = !is_right && meant.is_some_and(|meant| facts(meant).topic == facts((briefing, fact)).topic);
        if !is_beside {
            examples.push((UNIVERSAL.map(|place| found.signals[place]), is_right));
        }
    }
    examples
}
