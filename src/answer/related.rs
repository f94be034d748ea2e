//! What a member may want to read after an answer: the facts that share the most with the one that was given.
//!
//! Made once a snapshot, by the entities that two facts have in common, each worth the more the fewer facts have it, and
//! by their topic. Promise: equal fact bases, equal order; a corrected fact is never offered. Deliberately absent: the
//! question, and what the member has read already.

use std::collections::HashMap;

use super::{Answer, Outcome, Suggestion, compose};
use crate::fact::{Briefing, Fact, FactBase};

/// At most so many are offered below an answer: a row of buttons that a phone shows without scrolling.
pub const MAX_RELATED: usize = 3;
/// Kept for each fact: an answer of several facts leaves its own out.
const N_KEPT: usize = MAX_RELATED + super::MAX_FACTS;
/// What a common topic is worth: as much as an entity that two facts have.
const TOPIC_WORTH: f32 = 0.5;

/// For each fact of each briefing the places of the related ones in the same briefing, the nearest first.
#[derive(Debug)]
pub struct Related {
    briefings: Vec<Vec<Vec<usize>>>,
}

impl Related {
    /// Compares all facts of each briefing.
    #[must_use]
    pub fn new(base: &FactBase) -> Self {
        Self {
            briefings: base.briefings.iter().map(compare).collect(),
        }
    }

    /// The facts to offer below this answer; none below one that asserts nothing.
    #[must_use]
    pub fn of(&self, base: &FactBase, answer: &Answer) -> Vec<Suggestion> {
        let mut offered: Vec<Suggestion> = Vec::new();
        if answer.outcome != Outcome::Answer {
            return offered;
        }
        let lists = answer.facts.iter().filter_map(|given| {
            let place = base
                .briefings
                .iter()
                .position(|briefing| briefing.id == given.briefing)?;
            let briefing = &base.briefings[place];
            let fact = briefing.facts.iter().position(|fact| fact.id == given.fact)?;
            Some((briefing, self.briefings.get(place)?.get(fact)?))
        });
        let lists: Vec<(&Briefing, &Vec<usize>)> = lists.collect();
        // In turns: of each given fact its nearest, then of each its second.
        for turn in 0..N_KEPT {
            for (briefing, list) in &lists {
                let Some(fact) = list.get(turn).and_then(|place| briefing.facts.get(*place)) else {
                    continue;
                };
                let suggestion = compose::suggestion(briefing, fact, 0.0);
                let is_known = answer.facts.contains(&suggestion.fact)
                    || offered.iter().any(|other| other.fact == suggestion.fact);
                if !is_known && offered.len() < MAX_RELATED {
                    offered.push(suggestion);
                }
            }
        }
        offered
    }
}

fn compare(briefing: &Briefing) -> Vec<Vec<usize>> {
    let mut having: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, fact) in briefing.facts.iter().enumerate() {
        for entity in &fact.entities {
            having.entry(entity).or_default().push(place);
        }
    }
    let nearest = |(place, fact): (usize, &Fact)| nearest(briefing, place, fact, &having);
    briefing.facts.iter().enumerate().map(nearest).collect()
}

fn nearest(briefing: &Briefing, place: usize, fact: &Fact, having: &HashMap<&str, Vec<usize>>) -> Vec<usize> {
    let mut worth = vec![0.0_f32; briefing.facts.len()];
    for entity in &fact.entities {
        let others = having.get(entity.as_str()).map_or(&[][..], Vec::as_slice);
        for other in others {
            worth[*other] += 1.0 / others.len() as f32;
        }
    }
    for (worth, other) in worth.iter_mut().zip(&briefing.facts) {
        if other.topic == fact.topic {
            *worth += TOPIC_WORTH;
        }
        if other.correction.is_some() {
            *worth = 0.0;
        }
    }
    worth[place] = 0.0;
    let mut places: Vec<usize> = (0..worth.len()).filter(|place| worth[*place] > 0.0).collect();
    // The order of the files decides between equals, and the sort is stable.
    places.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]));
    places.truncate(N_KEPT);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::files::Files;
    use crate::fact::{FactRef, parse};

    const SOURCE: &str = "format = 1\ntitle = \"Harbour\"\n[paragraphs]\n1 = \"0011223344556677\"\n";

    /// Facts of these entities, the last one in a topic of its own.
    fn base() -> FactBase {
        let fact = |id: &str, entities: &str, more: &str| {
            format!(
                "[[fact]]\nid = \"{id}\"\nanswer = \"{id}.\"\nstanding = \"stated\"\ngives = [\"what\"]\n\
                 entities = [{entities}]\n{more}phrasings = [\"What of {id}?\"]\n[[fact.citation]]\nparagraph = 1\n"
            )
        };
        let works = [
            "title = \"Works\"\n".to_owned(),
            fact("height", "\"wall\", \"office\"", ""),
            fact("start", "\"wall\"", ""),
            fact("end", "\"wall\"", "retracted = \"Wrong.\"\n"),
            fact("head", "\"office\"", ""),
            fact("weather", "", ""),
        ];
        let money = "title = \"Money\"\n".to_owned() + &fact("cost", "\"office\"", "") + &fact("tax", "", "");
        let entity =
            |id: &str| format!("[[entity]]\nid = \"{id}\"\nname = \"the {id}\"\nkind = \"thing\"\nparagraphs = [1]\n");
        let files = Files::of_briefing(
            "harbour",
            &[
                ("source.toml", SOURCE),
                ("glossary.toml", &(entity("wall") + &entity("office"))),
                ("facts/works.toml", &works.concat()),
                ("facts/money.toml", &money),
            ],
        );
        parse::load(&files).unwrap().base
    }

    #[track_caller]
    fn check(facts: &[&str], expected: &[&str]) {
        let base = base();
        let briefing = &base.briefings[0];
        let mut answer = compose::told(&base, briefing, briefing.fact(facts[0]).unwrap());
        answer.facts = facts
            .iter()
            .map(|fact| FactRef {
                briefing: "harbour".to_owned(),
                fact: (*fact).to_owned(),
            })
            .collect();
        let offered = Related::new(&base).of(&base, &answer);
        let offered: Vec<&str> = offered.iter().map(|offer| offer.fact.fact.as_str()).collect();
        assert_eq!(offered, expected, "{facts:?}");
    }

    #[test]
    fn what_shares_the_rarer_entity_and_the_topic_comes_first_and_what_was_withdrawn_never() {
        check(&["height"], &["start", "head", "weather"]);
        check(&["cost"], &["tax", "height", "head"]);
    }

    #[test]
    fn an_answer_of_several_facts_offers_something_of_each_and_none_of_its_own() {
        check(&["height", "cost"], &["start", "tax", "head"]);
    }

    #[test]
    fn below_what_asserts_nothing_nothing_is_related() {
        let base = base();
        let answer = compose::plain(&base, crate::answer::Reason::NothingNear, String::new());
        assert!(Related::new(&base).of(&base, &answer).is_empty());
    }
}
