//! What one fact base says that another does not: facts and gaps added, removed, reworded, and the questions that get
//! another answer.
//!
//! The same code behind the command and behind the preview of a reload. Promise: equal revisions give no change; lists
//! are ordered by briefing and id, changed answers by the order of the questions. Deliberately absent: files, and how
//! many changes anybody wants to read at once.

mod answers;
mod text;

pub use answers::{ChangedAnswer, Said, answers, own_questions};

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::{Briefing, Fact, FactBase, Gap, Texts, revision};

/// A fact or gap by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The briefing's id.
    pub briefing: String,
    /// The fact's or gap's id.
    pub id: String,
    /// Whether it is a gap.
    pub is_gap: bool,
}

/// A fact or gap that only one of the two bases has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub name: Name,
    /// What it says.
    pub answer: String,
}

/// A fact or gap that both bases have, and not alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reworded {
    /// Which.
    pub name: Name,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// The keys that differ, as files name them; `answer` first if it is among them.
    pub keys: Vec<&'static str>,
    /// Phrasings that were not there before.
    pub phrasings_added: Vec<String>,
    /// Phrasings that are not there any more.
    pub phrasings_removed: Vec<String>,
}

/// What differs between two fact bases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Facts and gaps that are new.
    pub added: Vec<Entry>,
    /// Facts and gaps that are gone.
    pub removed: Vec<Entry>,
    /// Facts and gaps that are not as they were.
    pub reworded: Vec<Reworded>,
    /// What else changed of briefings, as `briefing: part`: its source, topics, glossary or synonyms.
    pub parts: Vec<String>,
}

impl Changes {
    /// What differs between the old base and the new one.
    #[must_use]
    pub fn between(old: &FactBase, new: &FactBase) -> Self {
        let (before, after) = (entries(old), entries(new));
        let only_in = |these: &BTreeMap<Name, Either<'_>>, others: &BTreeMap<Name, Either<'_>>| {
            let missing = these.iter().filter(|(name, _)| !others.contains_key(*name));
            missing
                .map(|(name, entry)| Entry {
                    name: name.clone(),
                    answer: entry.answer().to_owned(),
                })
                .collect()
        };
        Self {
            added: only_in(&after, &before),
            removed: only_in(&before, &after),
            reworded: before
                .iter()
                .filter_map(|(name, entry)| reworded(name, entry, after.get(name)?))
                .collect(),
            parts: parts(old, new),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.reworded.is_empty() && self.parts.is_empty()
    }
}

/// A fact or a gap.
#[derive(Clone, Copy)]
enum Either<'b> {
    Fact(&'b Fact),
    Gap(&'b Gap),
}

impl<'b> Either<'b> {
    fn answer(self) -> &'b str {
        match self {
            Self::Fact(fact) => &fact.answer,
            Self::Gap(gap) => &gap.answer,
        }
    }

    fn phrasings(self) -> &'b Texts {
        match self {
            Self::Fact(fact) => &fact.phrasings,
            Self::Gap(gap) => &gap.phrasings,
        }
    }
}

fn entries(base: &FactBase) -> BTreeMap<Name, Either<'_>> {
    let name = |briefing: &Briefing, id: &str, is_gap| Name {
        briefing: briefing.id.clone(),
        id: id.to_owned(),
        is_gap,
    };
    let mut entries = BTreeMap::new();
    for briefing in &base.briefings {
        for fact in &briefing.facts {
            entries.insert(name(briefing, &fact.id, false), Either::Fact(fact));
        }
        for gap in &briefing.gaps {
            entries.insert(name(briefing, &gap.id, true), Either::Gap(gap));
        }
    }
    entries
}

fn reworded(name: &Name, before: &Either<'_>, after: &Either<'_>) -> Option<Reworded> {
    let keys = match (*before, *after) {
        (Either::Fact(before), Either::Fact(after)) => fact_keys(before, after),
        (Either::Gap(before), Either::Gap(after)) => gap_keys(before, after),
        // A name says whether it is a gap, so these two never share one.
        _ => Vec::new(),
    };
    if keys.is_empty() {
        return None;
    }
    let new_in = |these: &Texts, others: &Texts| {
        let others: BTreeSet<&str> = others.iter().collect();
        let new = these.iter().filter(|text| !others.contains(text));
        new.map(str::to_owned).collect()
    };
    Some(Reworded {
        name: name.clone(),
        before: before.answer().to_owned(),
        after: after.answer().to_owned(),
        keys,
        phrasings_added: new_in(after.phrasings(), before.phrasings()),
        phrasings_removed: new_in(before.phrasings(), after.phrasings()),
    })
}

fn fact_keys(before: &Fact, after: &Fact) -> Vec<&'static str> {
    differing([
        ("answer", before.answer != after.answer),
        ("topic", before.topic != after.topic),
        ("standing", before.standing != after.standing),
        ("gives", !same_set(&before.gives, &after.gives)),
        ("counts", !same_set(&before.counts, &after.counts)),
        ("entities", !same_set(&before.entities, &after.entities)),
        (
            "claim",
            before.claim.as_ref().map(revision::sorted) != after.claim.as_ref().map(revision::sorted),
        ),
        ("date", before.date != after.date),
        ("featured", before.featured != after.featured),
        ("correction", before.correction != after.correction),
        ("phrasings", phrasings_differ(&before.phrasings, &after.phrasings)),
        ("citation", before.citations != after.citations),
    ])
}

fn gap_keys(before: &Gap, after: &Gap) -> Vec<&'static str> {
    differing([
        ("answer", before.answer != after.answer),
        ("topic", before.topic != after.topic),
        ("asks", !same_set(&before.asks, &after.asks)),
        ("counts", !same_set(&before.counts, &after.counts)),
        ("entities", !same_set(&before.entities, &after.entities)),
        ("phrasings", phrasings_differ(&before.phrasings, &after.phrasings)),
        ("citation", before.citations != after.citations),
    ])
}

fn differing<const N: usize>(keys: [(&'static str, bool); N]) -> Vec<&'static str> {
    keys.into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(key, _)| key)
        .collect()
}

/// The first is the one that buttons show, so its place counts; those of the others do not.
fn phrasings_differ(before: &Texts, after: &Texts) -> bool {
    let (former, latter): (BTreeSet<&str>, BTreeSet<&str>) = (before.iter().collect(), after.iter().collect());
    before.first() != after.first() || former != latter
}

fn same_set<T: Ord>(a: &[T], b: &[T]) -> bool {
    a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>()
}

fn parts(old: &FactBase, new: &FactBase) -> Vec<String> {
    let mut parts = Vec::new();
    for after in &new.briefings {
        let Some(before) = old.briefing(&after.id) else {
            parts.push(format!("{}: new briefing", after.id));
            continue;
        };
        let (before, after) = (revision::frame(before), revision::frame(after));
        let differing = differing([
            ("source", before.source != after.source),
            ("topics", before.topics != after.topics),
            ("glossary", before.entities != after.entities),
            ("synonyms", before.synonyms != after.synonyms),
        ]);
        parts.extend(differing.into_iter().map(|part| format!("{}: {part}", after.id)));
    }
    let gone = old
        .briefings
        .iter()
        .filter(|briefing| new.briefing(&briefing.id).is_none());
    parts.extend(gone.map(|briefing| format!("{}: briefing removed", briefing.id)));
    parts
}

#[cfg(test)]
mod tests;
