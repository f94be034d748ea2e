//! Who is said to do what to whom, as far as the order of words tells.
//!
//! No grammar is parsed: of two names in one clause, the one before a word is taken for the doer of it and the one after
//! for whom it concerns, unless "by" says that it is the other way round. A fact's own phrasings are read in the same way, so that
//! what is misread is misread alike on both sides and does not count. Promise: a fact's orders are only those that its
//! phrasings never turn round. Deliberately absent: what follows from it; words alone do not say that somebody is wrong.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, Mention, Term};
use super::vocabulary::NONE;
use crate::text::tokens::Boundary;

/// How often a fact's phrasings must have an order, for it to be the fact's.
const LEAST_PHRASINGS: u32 = 2;

/// Somebody, what they do, and whom it concerns: numbers of an entity, a synonym group or a stem, and an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Order {
    doer: u32,
    deed: Deed,
    other: u32,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Deed {
    /// By any word of a synonym group.
    Group(u32),
    /// By a word of this stem.
    Stem(u32),
}

impl Order {
    fn turned_round(self) -> Self {
        Self {
            doer: self.other,
            other: self.doer,
            ..self
        }
    }
}

/// Words that may stand before whom a deed concerns, beside articles; after others ("in", "with", "from") stands where it
/// was done, or with whom.
pub(super) const TOWARDS: &[&str] = &["against", "at", "into", "on", "onto", "to"];
const ARTICLES: &[&str] = &["a", "an", "the"];
/// What stands between the two belongs to two clauses where one of these is among it.
const JOINTS: &[&str] = &[
    "and", "as", "but", "how", "if", "or", "than", "that", "what", "when", "where", "which", "while", "who", "why",
];
/// What two do to each other, by its stem: nobody is the doer.
const MUTUAL: &[&str] = &["agre", "agree", "cooper", "meet", "met", "negoti", "speak", "talk"];
/// How adjectives end that are made of names: in "Russian missiles" nobody does anything.
///
/// Not `an` by itself, in which Japan and Iran end.
const ADJECTIVE_ENDINGS: &[&str] = &["ian", "ean", "can", "ese", "ish"];

/// The orders in a question; none in mere keywords.
fn orders(question: &Analysis) -> Vec<Order> {
    let mut orders = Vec::new();
    if !question.terms.iter().any(|term| term.is_function) {
        return orders;
    }
    for (place, first) in question.mentions.iter().enumerate() {
        let end = first.start + first.length;
        let rest = question.terms.get(end..).unwrap_or_default();
        // A name behind the clause's end is no part of it, and neither is any after that.
        let clause_end = end + rest.iter().take_while(|term| !is_joint(term)).count();
        let is_in_clause = |second: &&Mention| second.start < clause_end;
        for second in question.mentions[place + 1..].iter().take_while(is_in_clause) {
            if let Some((doers, deed, others)) = order(question, first, second) {
                add(&mut orders, doers, deed, others);
            }
        }
    }
    orders
}

/// What the first of two names of one clause does to the second, or the other way round.
fn order<'a>(question: &Analysis, first: &'a Mention, second: &'a Mention) -> Option<(&'a Mention, Deed, &'a Mention)> {
    let from = first.start + first.length;
    let between = question.terms.get(from..second.start)?;
    let mut before = between.iter().rev().filter(|term| !is_article(term));
    let last = before.next()?;
    if last.word == "by" {
        let deed = before.find_map(deed)?;
        return Some((second, deed, first));
    }
    let is_towards = !last.is_function || TOWARDS.contains(&last.word.as_str());
    let deed = between.iter().find_map(deed)?;
    (is_towards && !is_adjective(question, first)).then_some((first, deed, second))
}

pub(super) fn is_article(term: &Term) -> bool {
    ARTICLES.contains(&term.word.as_str())
}

/// Whether another clause begins with the word.
pub(super) fn is_joint(term: &Term) -> bool {
    JOINTS.contains(&term.word.as_str()) || term.boundary != Boundary::None
}

/// Whether the name is an adjective to what follows: "Russian missiles".
pub(super) fn is_adjective(question: &Analysis, mention: &Mention) -> bool {
    let end = mention.start + mention.length;
    let last = question.terms.get(end - 1).map_or("", |term| term.word.as_str());
    ADJECTIVE_ENDINGS.iter().any(|ending| last.ends_with(ending))
        && question.terms.get(end).is_some_and(|next| !next.is_function)
}

fn deed(term: &Term) -> Option<Deed> {
    if term.is_function || MUTUAL.contains(&term.stem.as_str()) {
        None
    } else if term.group != NONE {
        Some(Deed::Group(term.group))
    } else {
        term.stem_id.map(Deed::Stem)
    }
}

fn add(orders: &mut Vec<Order>, doers: &Mention, deed: Deed, others: &Mention) {
    for doer in &doers.owners {
        for other in others.owners.iter().filter(|other| *other != doer) {
            orders.push(Order {
                doer: *doer,
                deed,
                other: *other,
            });
        }
    }
}

/// Counts the orders in a fact's phrasings.
#[derive(Debug, Default)]
pub(super) struct Counted(FxHashMap<Order, u32>);

impl Counted {
    /// Takes in one phrasing.
    pub(super) fn add(&mut self, phrasing: &Analysis) {
        let mut orders = orders(phrasing);
        orders.sort_unstable();
        orders.dedup();
        for order in orders {
            *self.0.entry(order).or_default() += 1;
        }
    }

    /// Those that are the fact's, sorted.
    pub(super) fn settled(&self) -> Vec<Order> {
        let is_settled =
            |(order, n): (&Order, &u32)| *n >= LEAST_PHRASINGS && !self.0.contains_key(&order.turned_round());
        let mut settled: Vec<Order> = self
            .0
            .iter()
            .filter(|entry| is_settled(*entry))
            .map(|(order, _)| *order)
            .collect();
        settled.sort_unstable();
        settled
    }
}

/// Whether the question has one of these orders the other way round, and none of them as it is.
#[must_use]
pub(super) fn is_turned_round(question: &Analysis, settled: &[Order]) -> bool {
    let is_settled = |order: &Order| settled.binary_search(order).is_ok();
    let orders = orders(question);
    orders.iter().any(|order| is_settled(&order.turned_round())) && !orders.iter().any(is_settled)
}

#[cfg(test)]
mod tests {
    use crate::fact::{FactBase, harbour};
    use crate::matching::Matcher;
    use crate::matching::class::Origin;
    use crate::text::normalise::normalise;

    /// A harbour whose first fact is asked for like this.
    fn harbour(phrasings: &[&str]) -> Matcher {
        let mut briefings = harbour::base().unwrap().briefings;
        briefings[0].facts[0].phrasings = phrasings.iter().map(|text| (*text).to_owned()).collect();
        Matcher::new(&FactBase::new(briefings))
    }

    fn is_turned_round(matcher: &Matcher, question: &str) -> bool {
        let class = matcher.class_of(Origin::Fact(0, 0)).unwrap();
        matcher.is_turned_round(&matcher.analyse(&normalise(question)), class)
    }

    #[test]
    fn who_does_what_to_whom_is_told_from_the_phrasings() {
        let matcher = harbour(&[
            "When did the harbour office warn the harbour master?",
            "Why was the harbour master warned by the harbour office?",
            "Did the harbour office write to the harbour master in June?",
            "Which harbour office warned a harbour master?",
        ]);
        for (question, expected) in [
            ("When did the harbour master warn the harbour office?", true),
            ("Was the harbour office warned by the harbour master?", true),
            ("When did the harbour office warn the harbour master?", false),
            ("Was the harbour master warned by the harbour office?", false),
            // Nothing is known of this.
            ("Did the harbour master praise the harbour office?", false),
            // Nobody does anything to anybody.
            ("harbour master warned harbour office", false),
            ("Did the harbour master and the harbour office warn of it?", false),
            ("Did the harbour master meet the harbour office?", false),
            ("What did the harbour master see in the harbour office?", false),
            ("Who is the harbour master? When does the harbour office open?", false),
            ("", false),
        ] {
            assert_eq!(is_turned_round(&matcher, question), expected, "{question}");
        }
    }

    #[test]
    fn what_the_phrasings_have_both_ways_is_nobodys_order() {
        let matcher = harbour(&[
            "When did the harbour office warn the harbour master?",
            "Why did the harbour office warn the harbour master?",
            "When did the harbour master warn the harbour office?",
        ]);
        assert!(!is_turned_round(
            &matcher,
            "Did the harbour master warn the harbour office?"
        ));
        assert!(!is_turned_round(
            &matcher,
            "Did the harbour office warn the harbour master?"
        ));
    }

    #[test]
    fn one_phrasing_is_no_order_yet() {
        let matcher = harbour(&["When did the harbour office warn the harbour master?"]);
        assert!(!is_turned_round(
            &matcher,
            "Did the harbour master warn the harbour office?"
        ));
    }
}
