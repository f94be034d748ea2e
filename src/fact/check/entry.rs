//! Rules within one fact or gap: what its keys demand of each other.

use std::collections::HashSet;

use crate::fact::Kind;
use crate::fact::limits::{ADVISED_ANSWER_CHARS, MAX_QUOTE_WORDS, MAX_SHOWN_PHRASING_CHARS};
use crate::fact::parse::raw::{Phrasing, RawCitation, RawFact, RawGap, Reference};
use crate::fact::parse::reader::Located;
use crate::fact::parse::value::{StandingName, Text};
use crate::fact::problem::{Collector, Fault};

/// Reports what is wrong within a fact.
pub(super) fn check_fact(about: &str, fact: &RawFact, collector: &mut Collector) {
    check_standing(about, fact, collector);
    check_counts(about, fact, collector);
    check_answer(about, fact.answer.as_ref(), collector);
    check_phrasings(about, &fact.phrasings, collector);
    check_quotes(about, &fact.citation, collector);
    check_repeated(about, &fact.entities, collector);
    if let (Some(_), Some(superseded_by)) = (&fact.retracted, &fact.superseded_by) {
        collector.error(superseded_by.place, about, Fault::RetractedAndSuperseded);
    }
}

/// Reports what is wrong within a gap.
pub(super) fn check_gap(about: &str, gap: &RawGap, collector: &mut Collector) {
    check_answer(about, gap.answer.as_ref(), collector);
    check_phrasings(about, &gap.phrasings, collector);
    check_quotes(about, &gap.citation, collector);
    check_repeated(about, &gap.entities, collector);
}

fn check_standing(about: &str, fact: &RawFact, collector: &mut Collector) {
    let Some(standing) = &fact.standing else { return };
    let name = standing.value.name();
    match (standing.value, &fact.speaker) {
        (StandingName::Claimed, None) if fact.is_whole => {
            collector.error(standing.place, about, Fault::ClaimedWithoutSpeaker);
        }
        (StandingName::Stated | StandingName::Inferred, Some(speaker)) => {
            collector.error(speaker.place, about, Fault::SpeakerWithoutClaim { standing: name });
        }
        _ => {}
    }
    match (standing.value, &fact.inferred_from) {
        (StandingName::Inferred, None) if fact.is_whole => {
            collector.error(standing.place, about, Fault::InferredWithoutSource);
        }
        (StandingName::Stated | StandingName::Claimed, Some(from)) => {
            collector.error(from.place, about, Fault::SourceWithoutInference { standing: name });
        }
        _ => {}
    }
}

fn check_counts(about: &str, fact: &RawFact, collector: &mut Collector) {
    let how_many = fact.gives.iter().find(|kind| kind.value == Kind::HowMany);
    match (how_many, fact.counts.first()) {
        (Some(how_many), None) if fact.is_whole => {
            collector.error(how_many.place, about, Fault::HowManyWithoutCounts);
        }
        (None, Some(counts)) if fact.is_whole => {
            collector.warning(counts.place, about, Fault::CountsWithoutHowMany { key: "gives" });
        }
        _ => {}
    }
}

fn check_answer<const MAX: usize>(about: &str, answer: Option<&Located<Text<MAX>>>, collector: &mut Collector) {
    let Some(answer) = answer else { return };
    let n_chars = answer.value.0.chars().count();
    if n_chars > ADVISED_ANSWER_CHARS {
        collector.warning(answer.place, about, Fault::LongAnswer { n_chars });
    }
}

fn check_phrasings(about: &str, phrasings: &[Phrasing], collector: &mut Collector) {
    let Some(first) = phrasings.first() else { return };
    let n_chars = first.value.0.chars().count();
    if n_chars > MAX_SHOWN_PHRASING_CHARS {
        collector.error(first.place, about, Fault::FirstPhrasingTooLong { n_chars });
    }
}

fn check_quotes(about: &str, citations: &[RawCitation], collector: &mut Collector) {
    for quote in citations.iter().filter_map(|citation| citation.quote.as_ref()) {
        let n_words = quote.value.0.split_whitespace().count();
        if n_words > MAX_QUOTE_WORDS {
            collector.error(quote.place, about, Fault::QuoteTooLong { n_words });
        }
    }
}

fn check_repeated(about: &str, entities: &[Reference], collector: &mut Collector) {
    let mut seen = HashSet::new();
    for entity in entities {
        if !seen.insert(entity.value.0.as_str()) {
            let text = entity.value.0.clone();
            collector.warning(entity.place, about, Fault::Repeated { text });
        }
    }
}
