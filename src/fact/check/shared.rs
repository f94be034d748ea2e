//! What two owners claim: a phrasing of two answers, a name of two entities, a word of two groups.

use std::collections::HashMap;

use crate::fact::parse::RawBriefing;
use crate::fact::parse::raw::Phrasing;
use crate::fact::problem::{Collector, Fault, Place, Problem, Severity};

use super::words::{key, name_key};
use super::{facts, gaps, name};

/// Reports what has two owners.
pub(super) fn check(briefing: &RawBriefing, collector: &mut Collector) {
    check_phrasings(briefing, collector);
    check_names(briefing, collector);
    check_words(briefing, collector);
}

fn check_phrasings(briefing: &RawBriefing, collector: &mut Collector) {
    let mut owners: HashMap<String, (String, Place)> = HashMap::new();
    let of_facts = facts(briefing).map(|(about, fact)| (about, fact.place, &fact.phrasings));
    let of_gaps = gaps(briefing).map(|(about, gap)| (about, gap.place, &gap.phrasings));
    for (about, entry, phrasings) in of_facts.chain(of_gaps) {
        for phrasing in phrasings {
            let key = key(&phrasing.value.0);
            if key.is_empty() {
                let text = phrasing.value.0.clone();
                collector.error(phrasing.place, &about, Fault::NoWords { text });
                continue;
            }
            // The entry's place tells entries apart whose ids are missing or the same.
            match owners.get(&key) {
                None => {
                    owners.insert(key, (about.clone(), phrasing.place));
                }
                Some((owner, first)) => {
                    let is_own = *owner == about && first.file == entry.file && first.start >= entry.start;
                    report_phrasing(&about, phrasing, (!is_own).then_some(owner.as_str()), *first, collector);
                }
            }
        }
    }
}

fn report_phrasing(about: &str, phrasing: &Phrasing, owner: Option<&str>, first: Place, collector: &mut Collector) {
    let phrasing_text = phrasing.value.0.clone();
    let (severity, fault) = match owner {
        Some(owner) => (
            Severity::Error,
            Fault::SharedPhrasing {
                phrasing: phrasing_text,
                owner: owner.to_owned(),
            },
        ),
        None => (
            Severity::Warning,
            Fault::RepeatedPhrasing {
                phrasing: phrasing_text,
            },
        ),
    };
    collector.add(Problem {
        severity,
        place: phrasing.place,
        about: about.to_owned(),
        fault,
        other: Some(first),
    });
}

fn check_names(briefing: &RawBriefing, collector: &mut Collector) {
    let mut owners: HashMap<String, (usize, &str, Place)> = HashMap::new();
    for (index, entity) in briefing.glossary.entity.iter().enumerate() {
        let about = name("entity", entity.id.as_ref());
        let id = entity.id.as_ref().map_or("", |id| id.value.0.as_str());
        for alias in entity.name.iter().chain(&entity.aliases) {
            let key = name_key(&alias.value.0);
            let text = alias.value.0.clone();
            if key.is_empty() {
                collector.error(alias.place, &about, Fault::NoWords { text });
                continue;
            }
            match owners.get(&key) {
                None => {
                    owners.insert(key, (index, id, alias.place));
                }
                Some((owner, owner_id, first)) if *owner != index => {
                    let owner = (*owner_id).to_owned();
                    collector.clash(alias.place, *first, &about, Fault::SharedAlias { alias: text, owner });
                }
                // An alias that is the name again, or is written with and without full stops, does no harm.
                Some(_) => {}
            }
        }
    }
}

fn check_words(briefing: &RawBriefing, collector: &mut Collector) {
    let mut owners: HashMap<String, (usize, &str)> = HashMap::new();
    for (index, group) in briefing.synonyms.group.iter().enumerate() {
        let about = name("group", group.id.as_ref());
        let id = group.id.as_ref().map_or("", |id| id.value.0.as_str());
        for word in &group.words {
            let key = key(&word.value.0);
            let text = word.value.0.clone();
            if key.is_empty() {
                collector.error(word.place, &about, Fault::NoWords { text });
                continue;
            }
            match owners.get(&key) {
                None => {
                    owners.insert(key, (index, id));
                }
                Some((owner, _)) if *owner == index => {
                    collector.warning(word.place, &about, Fault::Repeated { text });
                }
                Some((_, owner_id)) => {
                    let group = (*owner_id).to_owned();
                    collector.warning(word.place, &about, Fault::WordInTwoGroups { word: text, group });
                }
            }
        }
    }
}
