//! What a member may want to read after an answer: the facts that share the most with the one that was given.
//!
//! By the entities that two facts have in common, each worth the more the fewer facts have it, and by their topic. Who has
//! what is noted once a snapshot, and facts are compared when one was told: to compare all with all would take a
//! hundred thousand facts half a minute. Promise: equal fact bases, equal order; a corrected fact is never offered.
//! Deliberately absent: the question, and what the member has read already.

use std::collections::HashMap;

use super::{Answer, Outcome, Suggestion, compose};
use crate::fact::{Briefing, FactBase};

/// At most so many are offered below an answer: a row of buttons that a phone shows without scrolling.
pub const MAX_RELATED: usize = 3;
/// Looked at for each fact: an answer of several facts leaves its own out.
const N_KEPT: usize = MAX_RELATED + super::MAX_FACTS;
/// What a common topic is worth: as much as an entity that two facts have.
const TOPIC_WORTH: f32 = 0.5;

/// Who has what, in each briefing.
#[derive(Debug)]
pub struct Related {
    briefings: Vec<Having>,
}

/// The places of the facts that have an entity, and of those of a topic, in the order of the files.
#[derive(Debug, Default)]
struct Having {
    entity: HashMap<String, Vec<u32>>,
    topic: HashMap<String, Vec<u32>>,
}

impl Related {
    /// Notes who has what.
    #[must_use]
    pub fn new(base: &FactBase) -> Self {
        Self {
            briefings: base.briefings.iter().map(Having::new).collect(),
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
            let (briefing, fact) = base.place_of(given)?;
            let having = self.briefings.get(briefing)?;
            let briefing = base.briefings.get(briefing)?;
            Some((briefing, having.nearest(briefing, fact)))
        });
        let lists: Vec<(&Briefing, Vec<usize>)> = lists.collect();
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

impl Having {
    fn new(briefing: &Briefing) -> Self {
        let mut having = Self::default();
        for (place, fact) in (0_u32..).zip(&briefing.facts) {
            for entity in &fact.entities {
                note(&mut having.entity, entity, place);
            }
            note(&mut having.topic, &fact.topic, place);
        }
        having
    }

    /// The places of the facts that share the most with the one at this place, the nearest first.
    fn nearest(&self, briefing: &Briefing, place: usize) -> Vec<usize> {
        let Some(fact) = briefing.facts.get(place) else {
            return Vec::new();
        };
        let mut worth = vec![0.0_f32; briefing.facts.len()];
        let mut add = |others: Option<&Vec<u32>>, of_each: fn(usize) -> f32| {
            let others = others.map_or(&[][..], Vec::as_slice);
            for other in others {
                worth[*other as usize] += of_each(others.len());
            }
        };
        for entity in &fact.entities {
            add(self.entity.get(entity), |n_others| 1.0 / n_others as f32);
        }
        add(self.topic.get(&fact.topic), |_| TOPIC_WORTH);
        let is_offered = |other: &usize| {
            let is_corrected = briefing.facts.get(*other).is_none_or(|fact| fact.correction.is_some());
            worth[*other] > 0.0 && *other != place && !is_corrected
        };
        let mut places: Vec<usize> = (0..worth.len()).filter(is_offered).collect();
        // The order of the files decides between equals.
        let order = |a: &usize, b: &usize| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b));
        if places.len() > N_KEPT {
            places.select_nth_unstable_by(N_KEPT, order);
            places.truncate(N_KEPT);
        }
        places.sort_unstable_by(order);
        places
    }
}

fn note(having: &mut HashMap<String, Vec<u32>>, what: &str, place: u32) {
    match having.get_mut(what) {
        Some(places) => places.push(place),
        None => {
            having.insert(what.to_owned(), vec![place]);
        }
    }
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
