//! Turns raw files in which no error was found into the briefing that the core speaks of.
//!
//! Deliberately absent: checks. What is missing here was reported before, so `None` never reaches a curator unexplained.

use std::collections::{HashMap, HashSet};

use crate::fact::{
    AsOf, Briefing, Citation, Claim, Correction, Entity, Fact, FactDate, Gap, Source, Standing, SynonymGroup, Topic,
};

use super::raw::{RawCitation, RawClaim, RawDate, RawEntity, RawFact, RawGap, RawGroup, RawSource};
use super::reader::Located;
use super::value::{Id, StandingName, Text};
use super::{RawBriefing, RawTopic};

/// The briefing; `None` where a required part is missing.
pub(super) fn briefing(raw: &RawBriefing) -> Option<Briefing> {
    let mut topics = Vec::new();
    let (mut facts, mut gaps) = (Vec::new(), Vec::new());
    let unfinished = unfinished(raw);
    for topic in &raw.topics {
        let is_served = |raw: &&RawFact| name(raw.id.as_ref()).is_none_or(|id| !unfinished.contains(id));
        for raw in topic.facts.fact.iter().filter(is_served) {
            facts.push(fact(raw, &topic.id)?);
        }
        for raw in topic.facts.gap.iter().filter(|raw| raw.todo.is_none()) {
            gaps.push(gap(raw, &topic.id)?);
        }
        topics.push(self::topic(topic)?);
    }
    topics.sort_by(|a, b| a.id.cmp(&b.id));
    Some(Briefing {
        id: raw.id.clone(),
        source: source(&raw.source)?,
        topics,
        facts,
        gaps,
        entities: all(&raw.glossary.entity, entity)?,
        synonyms: all(&raw.synonyms.group, group)?,
    })
}

/// The ids of facts that are still to be done, and of those that such a fact replaces, however many steps away: what is
/// replaced is known to be wrong.
fn unfinished(raw: &RawBriefing) -> HashSet<&str> {
    let facts = || raw.topics.iter().flat_map(|topic| &topic.facts.fact);
    let mut replaced: HashMap<&str, Vec<&str>> = HashMap::new();
    for fact in facts() {
        if let (Some(old), Some(new)) = (name(fact.id.as_ref()), name(fact.superseded_by.as_ref())) {
            replaced.entry(new).or_default().push(old);
        }
    }
    let to_be_done = facts().filter(|fact| fact.todo.is_some());
    let mut found: Vec<&str> = to_be_done.filter_map(|fact| name(fact.id.as_ref())).collect();
    let mut unfinished = HashSet::new();
    while let Some(id) = found.pop() {
        if unfinished.insert(id) {
            found.extend(replaced.get(id).into_iter().flatten());
        }
    }
    unfinished
}

fn source(raw: &RawSource) -> Option<Source> {
    let as_of = match &raw.as_of {
        None => None,
        Some(as_of) => Some(AsOf {
            date: as_of.date.as_ref()?.value,
            weekday: as_of.weekday.as_ref().map(|weekday| weekday.value.0.to_owned()),
            inferred_from: text(as_of.inferred_from.as_ref()),
        }),
    };
    let mut paragraphs = all(&raw.paragraphs, |(paragraph, hash)| {
        Some((paragraph.value, hash.as_ref()?.value.0.clone()))
    })?;
    paragraphs.sort();
    Some(Source {
        title: text(raw.title.as_ref())?,
        agencies: texts(&raw.agencies),
        publisher: text(raw.publisher.as_ref()),
        published: raw.published.as_ref().map(|published| published.value),
        url: raw.url.as_ref().map(|url| url.value.0.clone()),
        as_of,
        paragraphs,
    })
}

fn topic(raw: &RawTopic) -> Option<Topic> {
    Some(Topic {
        id: raw.id.clone(),
        title: text(raw.facts.title.as_ref())?,
    })
}

fn fact(raw: &RawFact, topic: &str) -> Option<Fact> {
    let correction = match (&raw.retracted, &raw.superseded_by) {
        (Some(why), _) => Some(Correction::Retracted(why.value.0.clone())),
        (None, Some(other)) => Some(Correction::SupersededBy(other.value.0.clone())),
        (None, None) => None,
    };
    let date = match &raw.date {
        None => None,
        Some(raw) => Some(date(raw)?),
    };
    Some(Fact {
        id: id(raw.id.as_ref())?,
        topic: topic.to_owned(),
        answer: text(raw.answer.as_ref())?,
        standing: standing(raw)?,
        gives: raw.gives.iter().map(|kind| kind.value).collect(),
        counts: texts(&raw.counts),
        entities: ids(&raw.entities),
        claim: raw.claim.as_ref().map(claim),
        date,
        featured: raw.featured.unwrap_or(false),
        correction,
        phrasings: raw.phrasings.iter().map(|text| &text.value.0).collect(),
        citations: all(&raw.citation, citation)?,
    })
}

fn standing(raw: &RawFact) -> Option<Standing> {
    Some(match raw.standing.as_ref()?.value {
        StandingName::Stated => Standing::Stated,
        StandingName::Claimed => Standing::Claimed {
            speaker: id(raw.speaker.as_ref())?,
        },
        StandingName::Inferred => Standing::Inferred {
            from: text(raw.inferred_from.as_ref())?,
        },
    })
}

fn date(raw: &RawDate) -> Option<FactDate> {
    Some(FactDate {
        on: raw.on.as_ref()?.value,
        order: raw.order?,
        inferred_from: text(raw.inferred_from.as_ref()),
    })
}

fn claim(raw: &RawClaim) -> Claim {
    Claim {
        agent: ids(&raw.agent),
        action: raw.action.as_ref().map(|action| action.value.0.clone()),
        target: ids(&raw.target),
        origin: ids(&raw.origin),
    }
}

fn gap(raw: &RawGap, topic: &str) -> Option<Gap> {
    Some(Gap {
        id: id(raw.id.as_ref())?,
        topic: topic.to_owned(),
        answer: text(raw.answer.as_ref())?,
        asks: raw.asks.iter().map(|kind| kind.value).collect(),
        counts: texts(&raw.counts),
        entities: ids(&raw.entities),
        phrasings: raw.phrasings.iter().map(|text| &text.value.0).collect(),
        citations: all(&raw.citation, citation)?,
    })
}

fn citation(raw: &RawCitation) -> Option<Citation> {
    Some(Citation {
        paragraph: raw.paragraph.as_ref()?.value,
        speaker: raw.speaker.as_ref().map(|speaker| speaker.value.0.clone()),
        quote: text(raw.quote.as_ref()),
    })
}

fn entity(raw: &RawEntity) -> Option<Entity> {
    Some(Entity {
        id: id(raw.id.as_ref())?,
        name: text(raw.name.as_ref())?,
        kind: raw.kind.as_ref()?.value,
        about: text(raw.about.as_ref()),
        paragraphs: raw.paragraphs.iter().map(|paragraph| paragraph.value).collect(),
        aliases: texts(&raw.aliases),
    })
}

fn group(raw: &RawGroup) -> Option<SynonymGroup> {
    Some(SynonymGroup {
        id: id(raw.id.as_ref())?,
        words: texts(&raw.words),
        opposite: raw.opposite.as_ref().map(|opposite| opposite.value.0.clone()),
    })
}

/// Every element converted, or nothing.
fn all<R, T>(raw: &[R], convert: impl Fn(&R) -> Option<T>) -> Option<Vec<T>> {
    raw.iter().map(convert).collect()
}

fn name(raw: Option<&Located<Id>>) -> Option<&str> {
    raw.map(|id| id.value.0.as_str())
}

fn id(raw: Option<&Located<Id>>) -> Option<String> {
    name(raw).map(str::to_owned)
}

fn ids(raw: &[Located<Id>]) -> Vec<String> {
    raw.iter().map(|id| id.value.0.clone()).collect()
}

fn text<const MAX: usize>(raw: Option<&Located<Text<MAX>>>) -> Option<String> {
    raw.map(|text| text.value.0.clone())
}

fn texts<const MAX: usize>(raw: &[Located<Text<MAX>>]) -> Vec<String> {
    raw.iter().map(|text| text.value.0.clone()).collect()
}

#[cfg(test)]
mod tests {
    use crate::fact::files::Files;
    use crate::fact::parse::load;

    #[test]
    fn what_an_unfinished_fact_replaces_is_not_served_however_many_steps_away() {
        let fact = |id: &str, more: &str| {
            format!(
                "[[fact]]\nid = \"{id}\"\nanswer = \"{id}.\"\nstanding = \"stated\"\ngives = [\"what\"]\n{more}\n\
                 phrasings = [\"What of {id}?\"]\n[[fact.citation]]\nparagraph = 1\n"
            )
        };
        let facts = [
            "title = \"Works\"\n".to_owned(),
            fact("first", "superseded_by = \"second\""),
            fact("second", "superseded_by = \"third\""),
            fact("third", "todo = \"Ask the office.\""),
            fact("other", ""),
        ];
        let source = "format = 1\ntitle = \"Harbour\"\n[paragraphs]\n1 = \"0011223344556677\"\n";
        let files = Files::of_briefing(
            "harbour",
            &[("source.toml", source), ("facts/works.toml", &facts.concat())],
        );
        let base = load(&files).unwrap().base;
        let served: Vec<&str> = base.facts().map(|(_, fact)| fact.id.as_str()).collect();
        assert_eq!(served, ["other"]);
    }
}
