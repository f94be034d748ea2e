//! References: everything that is named must exist, and corrections must lead somewhere.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::fact::Paragraph;
use crate::fact::parse::raw::{RawCitation, RawFact, Reference};
use crate::fact::parse::reader::{Located, entry_name, nearest};
use crate::fact::parse::{Part, RawBriefing};
use crate::fact::problem::{Collector, Fault};

use super::{facts, gaps, name};

/// A misspelt reference is compared with so many ids at most.
const MAX_COMPARED: usize = 1_000;

/// Reports references to what does not exist.
pub(super) fn check(briefing: &RawBriefing, collector: &mut Collector) {
    let known = Known::of(briefing);
    if !briefing.lost.any_of(Part::Source) && briefing.source.paragraphs.is_empty() && facts(briefing).next().is_some()
    {
        // Once, instead of once for each citation.
        let place = briefing
            .source
            .title
            .as_ref()
            .map_or(briefing.place, |title| title.place);
        collector.error(place, "", Fault::NoParagraphs);
    }
    for (about, fact) in facts(briefing) {
        known.check_fact(&about, fact, collector);
    }
    for (about, gap) in gaps(briefing) {
        known.check_entities(&about, &gap.entities, collector);
        known.check_citations(&about, &gap.citation, collector);
    }
    for entity in &briefing.glossary.entity {
        let about = name("entity", entity.id.as_ref());
        for paragraph in &entity.paragraphs {
            known.check_paragraph(&about, paragraph, collector);
        }
    }
    for group in &briefing.synonyms.group {
        let about = name("group", group.id.as_ref());
        let Some(opposite) = &group.opposite else { continue };
        if group.id.as_ref().is_some_and(|id| id.value == opposite.value) {
            collector.error(opposite.place, &about, Fault::OwnOpposite);
        } else {
            known.check_group(&about, opposite, collector);
        }
    }
    check_circles(briefing, collector);
}

/// What may be named; `None` where a part of it was lost, so that nothing can be said to be missing.
#[derive(Debug)]
struct Known<'b> {
    paragraphs: Option<HashSet<Paragraph>>,
    entities: Option<BTreeSet<&'b str>>,
    facts: Option<BTreeSet<&'b str>>,
    gaps: BTreeSet<&'b str>,
    groups: Option<BTreeSet<&'b str>>,
}

impl<'b> Known<'b> {
    fn of(briefing: &'b RawBriefing) -> Self {
        let lost = &briefing.lost;
        let paragraphs = briefing.source.paragraphs.iter().map(|(paragraph, _)| paragraph.value);
        let entities = briefing.glossary.entity.iter().filter_map(|entity| entity.id.as_ref());
        let groups = briefing.synonyms.group.iter().filter_map(|group| group.id.as_ref());
        let facts = briefing.topics.iter().flat_map(|topic| &topic.facts.fact);
        let gaps = briefing.topics.iter().flat_map(|topic| &topic.facts.gap);
        Self {
            paragraphs: (!lost.any_of(Part::Source) && !briefing.source.paragraphs.is_empty())
                .then(|| paragraphs.collect()),
            entities: (!lost.any_of(Part::Glossary)).then(|| entities.map(|id| id.value.0.as_str()).collect()),
            facts: (!lost.any_of(Part::Facts)).then(|| {
                facts
                    .filter_map(|fact| Some(fact.id.as_ref()?.value.0.as_str()))
                    .collect()
            }),
            gaps: gaps.filter_map(|gap| Some(gap.id.as_ref()?.value.0.as_str())).collect(),
            groups: (!lost.any_of(Part::Synonyms)).then(|| groups.map(|id| id.value.0.as_str()).collect()),
        }
    }

    fn check_fact(&self, about: &str, fact: &RawFact, collector: &mut Collector) {
        self.check_entities(about, fact.speaker.as_slice(), collector);
        self.check_entities(about, &fact.entities, collector);
        self.check_citations(about, &fact.citation, collector);
        if let Some(claim) = &fact.claim {
            self.check_entities(about, &claim.agent, collector);
            self.check_entities(about, &claim.target, collector);
            self.check_entities(about, &claim.origin, collector);
            if let Some(action) = &claim.action {
                self.check_group(about, action, collector);
            }
        }
        if let Some(superseded_by) = &fact.superseded_by {
            if self.gaps.contains(superseded_by.value.0.as_str()) {
                let id = superseded_by.value.0.clone();
                collector.error(superseded_by.place, about, Fault::SupersededByGap { id });
            } else {
                let defined_in = "a file of `facts/`";
                check_known(about, superseded_by, "fact", self.facts.as_ref(), defined_in, collector);
            }
        }
    }

    fn check_entities(&self, about: &str, entities: &[Reference], collector: &mut Collector) {
        for entity in entities {
            check_known(
                about,
                entity,
                "entity",
                self.entities.as_ref(),
                "`glossary.toml`",
                collector,
            );
        }
    }

    fn check_group(&self, about: &str, group: &Reference, collector: &mut Collector) {
        check_known(
            about,
            group,
            "synonym group",
            self.groups.as_ref(),
            "`synonyms.toml`",
            collector,
        );
    }

    fn check_citations(&self, about: &str, citations: &[RawCitation], collector: &mut Collector) {
        for citation in citations {
            self.check_entities(about, citation.speaker.as_slice(), collector);
            if let Some(paragraph) = &citation.paragraph {
                self.check_paragraph(about, paragraph, collector);
            }
        }
    }

    fn check_paragraph(&self, about: &str, paragraph: &Located<Paragraph>, collector: &mut Collector) {
        if self
            .paragraphs
            .as_ref()
            .is_some_and(|known| !known.contains(&paragraph.value))
        {
            let fault = Fault::NoSuch {
                what: "paragraph",
                id: paragraph.value.to_string(),
                nearest: None,
                defined_in: "`[paragraphs]` of `source.toml`",
            };
            collector.error(paragraph.place, about, fault);
        }
    }
}

fn check_known(
    about: &str,
    reference: &Reference,
    what: &'static str,
    known: Option<&BTreeSet<&str>>,
    defined_in: &'static str,
    collector: &mut Collector,
) {
    let id = &reference.value.0;
    let Some(known) = known.filter(|known| !known.contains(id.as_str())) else {
        return;
    };
    // Comparing with each takes time in proportion, for each reference.
    let comparable = known.iter().copied().take(MAX_COMPARED);
    let fault = Fault::NoSuch {
        what,
        id: id.clone(),
        nearest: nearest(id, comparable).map(str::to_owned),
        defined_in,
    };
    collector.error(reference.place, about, fault);
}

/// Follows each correction to its end, which must not be on the way to it. Each fact is passed once.
fn check_circles(briefing: &RawBriefing, collector: &mut Collector) {
    let next: HashMap<&str, &Reference> = facts(briefing)
        .filter_map(|(_, fact)| Some((fact.id.as_ref()?.value.0.as_str(), fact.superseded_by.as_ref()?)))
        .collect();
    let mut passed: HashMap<&str, usize> = HashMap::new();
    for (way, (_, fact)) in facts(briefing).enumerate() {
        let Some(start) = fact.id.as_ref().map(|id| id.value.0.as_str()) else {
            continue;
        };
        let mut at = start;
        while let (false, Some(further)) = (passed.contains_key(at), next.get(at)) {
            passed.insert(at, way);
            at = further.value.0.as_str();
        }
        // Where an earlier way was met, its circle, if it has one, was reported with it.
        if passed.get(at) == Some(&way) {
            report_circle(at, &next, collector);
            passed.insert(at, usize::MAX);
        }
    }
}

fn report_circle(start: &str, next: &HashMap<&str, &Reference>, collector: &mut Collector) {
    let Some(first) = next.get(start) else { return };
    let mut circle = vec![start.to_owned()];
    let mut at = first.value.0.as_str();
    while let (true, Some(further)) = (at != start, next.get(at)) {
        circle.push(at.to_owned());
        at = further.value.0.as_str();
    }
    circle.push(start.to_owned());
    let fault = Fault::SupersededCircle { circle };
    collector.error(first.place, &entry_name("fact", start), fault);
}

#[cfg(test)]
mod tests {
    use crate::fact::files::Files;
    use crate::fact::parse;

    /// The circles that are found where each fact is superseded by the one after the colon, if there is one.
    fn circles(corrections: &[(&str, &str)]) -> Vec<String> {
        let blocks = corrections.iter().map(|(id, by)| {
            let superseded_by = if by.is_empty() {
                String::new()
            } else {
                format!("superseded_by = \"{by}\"\n")
            };
            format!("[[fact]]\nid = \"{id}\"\n{superseded_by}")
        });
        let text = blocks.collect::<Vec<_>>().concat();
        let files = Files::of_briefing("harbour", &[("facts/works.toml", &text)]);
        let problems = parse::load(&files).map(|_| ()).unwrap_err();
        let messages = problems.iter().map(|problem| problem.fault.to_string());
        messages
            .filter_map(|message| Some(message.strip_prefix("`superseded_by` leads in a circle: ")?.to_owned()))
            .collect()
    }

    #[test]
    fn each_circle_is_found_once_from_wherever_the_way_begins() {
        assert_eq!(circles(&[("a", "b"), ("b", "c"), ("c", "")]), [""; 0]);
        assert_eq!(circles(&[("a", "a")]), ["a → a"]);
        assert_eq!(circles(&[("a", "b"), ("b", "a")]), ["a → b → a"]);
        assert_eq!(
            circles(&[("z", "b"), ("y", "z"), ("b", "c"), ("c", "b"), ("x", "c")]),
            ["b → c → b"]
        );
        assert_eq!(
            circles(&[("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")]),
            ["a → b → a", "c → d → c"]
        );
    }
}
