//! The glossary and the synonyms: names that are never heard, and what nothing is said of.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use super::{about, remark};
use crate::fact::marks::{Part, Remark};
use crate::fact::problem::Advice;
use crate::fact::{Briefing, Citation, Entity, EntityKind, Standing};
use crate::matching::Matcher;
use crate::text::normalise::normalise;

pub(super) fn remarks(briefing: &Briefing, index: usize, matcher: &Matcher) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let used = used_entities(briefing, index, matcher);
    for entity in &briefing.entities {
        let about = about("entity", &entity.id);
        for (alias, advice) in names(entity, index, matcher) {
            let part = Part::Alias(entity.id.clone(), alias);
            remarks.push(remark(&briefing.id, part, about.clone(), advice));
        }
        if !used.contains(entity.id.as_str()) {
            let part = Part::Entity(entity.id.clone());
            remarks.push(remark(&briefing.id, part, about, Advice::UnusedEntity));
        }
    }
    let used = used_groups(briefing, index, matcher);
    for group in briefing
        .synonyms
        .iter()
        .filter(|group| !used.contains(group.id.as_str()))
    {
        let part = Part::Group(group.id.clone());
        let about = about("group", &group.id);
        remarks.push(remark(&briefing.id, part, about, Advice::UnusedGroup));
    }
    remarks
}

/// The names of an entity that do no work. The name itself is there to be read, so it may.
fn names(entity: &Entity, index: usize, matcher: &Matcher) -> Vec<(String, Advice)> {
    let number = matcher.vocabulary().entity(index, &entity.id);
    let mut earlier: BTreeMap<Vec<CompactString>, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, alias) in std::iter::once(&entity.name).chain(&entity.aliases).enumerate() {
        let analysis = matcher.analyse(&normalise(alias));
        let stems: Vec<CompactString> = analysis.terms.iter().map(|term| term.stem.clone()).collect();
        let stems = match stems.split_first() {
            Some((the, rest)) if the == "the" && !rest.is_empty() => rest.to_vec(),
            _ => stems,
        };
        let is_heard = analysis
            .mentions
            .iter()
            .any(|mention| number.is_some_and(|number| mention.owners.contains(&number)));
        let like = earlier.get(&stems).copied();
        if place > 0 && !is_heard {
            let alias = alias.clone();
            found.push((alias.clone(), Advice::DeadAlias { alias }));
        } else if let Some(like) = like.filter(|like| *like != entity.name) {
            let (alias, like) = (alias.clone(), like.to_owned());
            found.push((alias.clone(), Advice::NeedlessAlias { alias, like }));
        }
        earlier.entry(stems).or_insert(alias);
    }
    found
}

/// What somebody reads or asks: answers, phrasings, and what is counted.
fn texts(briefing: &Briefing) -> impl Iterator<Item = &str> {
    let of_facts = briefing.facts.iter().flat_map(|fact| {
        let others = fact.counts.iter().chain([&fact.answer]);
        fact.phrasings.iter().chain(others.map(String::as_str))
    });
    let of_gaps = briefing.gaps.iter().flat_map(|gap| {
        let others = gap.counts.iter().chain([&gap.answer]);
        gap.phrasings.iter().chain(others.map(String::as_str))
    });
    of_facts.chain(of_gaps)
}

fn used_entities<'b>(briefing: &'b Briefing, index: usize, matcher: &Matcher) -> BTreeSet<&'b str> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let speakers = |citations: &'b [Citation]| citations.iter().filter_map(|citation| citation.speaker.as_deref());
    for fact in &briefing.facts {
        used.extend(fact.entities.iter().map(String::as_str));
        used.extend(speakers(&fact.citations));
        if let Standing::Claimed { speaker } = &fact.standing {
            used.insert(speaker);
        }
        if let Some(claim) = &fact.claim {
            used.extend(
                claim
                    .agent
                    .iter()
                    .chain(&claim.target)
                    .chain(&claim.origin)
                    .map(String::as_str),
            );
        }
    }
    for gap in &briefing.gaps {
        used.extend(gap.entities.iter().map(String::as_str));
        used.extend(speakers(&gap.citations));
    }
    let numbers: BTreeMap<u32, &str> = briefing
        .entities
        .iter()
        .filter_map(|entity| Some((matcher.vocabulary().entity(index, &entity.id)?, entity.id.as_str())))
        .collect();
    for text in texts(briefing) {
        let analysis = matcher.analyse(&normalise(text));
        let owners = analysis.mentions.iter().flat_map(|mention| &mention.owners);
        used.extend(owners.filter_map(|owner| numbers.get(owner).copied()));
    }
    // The source's own agency is named by every citation.
    let is_credited =
        |entity: &&'b Entity| entity.kind == EntityKind::Body && briefing.source.agencies.contains(&entity.name);
    used.extend(
        briefing
            .entities
            .iter()
            .filter(is_credited)
            .map(|entity| entity.id.as_str()),
    );
    used
}

/// The groups of which a text uses a word, or that a claim or another group names.
fn used_groups<'b>(briefing: &'b Briefing, index: usize, matcher: &Matcher) -> BTreeSet<&'b str> {
    let mut groups_of: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for group in &briefing.synonyms {
        let number = matcher.vocabulary().group(index, &group.id);
        for read in number.map_or(&[][..], |number| matcher.vocabulary().readings(number)) {
            groups_of.entry(*read).or_default().push(&group.id);
        }
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for text in texts(briefing) {
        let analysis = matcher.analyse(&normalise(text));
        let terms = analysis.terms.iter();
        used.extend(terms.filter_map(|term| groups_of.get(&term.group)).flatten().copied());
    }
    let claims = briefing.facts.iter().filter_map(|fact| fact.claim.as_ref());
    used.extend(claims.filter_map(|claim| claim.action.as_deref()));
    used.extend(briefing.synonyms.iter().filter_map(|group| group.opposite.as_deref()));
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Snapshot;
    use crate::fact::files::{Content, File, Files, Folder};
    use crate::fact::parse;
    use crate::fact::problem::Fault;
    use crate::matching::Context;
    use crate::matching::signals::place;

    const SOURCE: &str = "format = 1\ntitle = \"Harbour\"\n[paragraphs]\n1 = \"0011223344556677\"\n";

    /// A briefing in which the office raises the wall, with these synonyms for the action of this name.
    fn briefing(name: &str, action: &str, synonyms: &str) -> Folder {
        let entity =
            |id: &str| format!("[[entity]]\nid = \"{id}\"\nname = \"the {id}\"\nkind = \"thing\"\nparagraphs = [1]\n");
        let fact = format!(
            "title = \"Works\"\n[[fact]]\nid = \"works\"\nanswer = \"The office will raise the wall.\"\n\
             standing = \"stated\"\ngives = [\"whether\"]\nentities = [\"office\", \"wall\"]\n\
             phrasings = [\"Will the office raise the wall?\"]\n\
             [fact.claim]\nagent = [\"office\"]\naction = \"{action}\"\ntarget = [\"wall\"]\n\
             [[fact.citation]]\nparagraph = 1\n"
        );
        let texts = [
            ("facts/works.toml", fact),
            ("glossary.toml", entity("office") + &entity("wall")),
            ("source.toml", SOURCE.to_owned()),
            ("synonyms.toml", synonyms.to_owned()),
        ];
        let file = |(name, text): (&str, String)| File {
            name: name.to_owned(),
            content: Content::Bytes(text.into_bytes()),
        };
        Folder {
            briefing: name.to_owned(),
            files: texts.map(file).into(),
        }
    }

    #[test]
    fn a_synonym_of_two_briefings_is_alive_in_both() {
        let lift = "[[group]]\nid = \"lift\"\nwords = [\"raise\", \"hoist\"]\nopposite = \"lower\"\n\
                    [[group]]\nid = \"lower\"\nwords = [\"lower\", \"sink\"]\n";
        let raise = "[[group]]\nid = \"raise\"\nwords = [\"raise\", \"heighten\"]\n";
        let files = Files {
            folders: vec![briefing("first", "raise", raise), briefing("second", "lift", lift)],
            ..Files::default()
        };
        let snapshot = Snapshot::new(parse::load(&files).unwrap().base);
        let matcher = snapshot.matcher();
        let is_unused = |remark: &Remark| matches!(&remark.fault, Fault::Advice(Advice::UnusedGroup));
        for (index, briefing) in snapshot.base().briefings.iter().enumerate() {
            assert!(
                !remarks(briefing, index, matcher).iter().any(is_unused),
                "{}",
                briefing.id
            );
        }
        let signals = |question: &str, name: &str| {
            let mut found = matcher.find(&matcher.analyse(question), &Context::default());
            found.sort_by_key(|found| matcher.class(found.class).briefing());
            found
                .iter()
                .map(|found| found.signals[place(name)] > 0.0)
                .collect::<Vec<bool>>()
        };
        assert_eq!(signals("will the wall raise the office", "roles-swapped"), [true, true]);
        assert_eq!(
            signals("will the office raise the wall", "roles-swapped"),
            [false, false]
        );
        assert_eq!(signals("will the office lower the wall", "opposite"), [true, true]);
        // What is done by a day is not done by it.
        assert_eq!(
            signals("by friday, will the wall raise the office", "roles-swapped"),
            [true, true]
        );
        assert_eq!(signals("by whom was the wall raised", "roles-swapped"), [false, false]);
    }
}
