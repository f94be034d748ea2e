//! Turns raw files in which no error was found into the briefing that the core speaks of.
//!
//! Deliberately absent: checks. What is missing here was reported before, so `None` never reaches a curator unexplained.

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
        let is_served = |raw: &&RawFact| {
            let replaced_by = raw.superseded_by.as_ref().map(|id| id.value.0.as_str());
            raw.todo.is_none() && !replaced_by.is_some_and(|id| unfinished.contains(&id))
        };
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

/// The ids of facts that are still to be done. Neither they are served, nor what they replace: that is known to be wrong.
fn unfinished(raw: &RawBriefing) -> Vec<&str> {
    let facts = raw.topics.iter().flat_map(|topic| &topic.facts.fact);
    facts
        .filter(|fact| fact.todo.is_some())
        .filter_map(|fact| Some(fact.id.as_ref()?.value.0.as_str()))
        .collect()
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

fn id(raw: Option<&Located<Id>>) -> Option<String> {
    raw.map(|id| id.value.0.clone())
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
