//! Where the parts of a fact base are written, so that what is found in the loaded facts can be shown in their files.
//!
//! Promise: a part that has no place of its own is shown at its entry's, and an entry's at its briefing's folder.
//! Deliberately absent: finding anything.

use std::collections::HashMap;

use super::Paragraph;
use super::article::Paragraphs;
use super::parse::RawBriefing;
use super::parse::reader::Located;
use super::parse::value::Id;
use super::problem::{Collector, Fault, Place, Problem, Problems, Severity, SourceText};

/// A part of a fact base or of an article, by name; the briefing is named beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// The briefing as a whole.
    Briefing,
    /// The fact or gap with this id.
    Entry(String),
    /// The answer of the fact or gap with this id.
    Answer(String),
    /// A phrasing of the fact or gap with this id.
    Phrasing(String, String),
    /// The entity with this id.
    Entity(String),
    /// A name or alias of the entity with this id.
    Alias(String, String),
    /// The synonym group with this id.
    Group(String),
    /// Words within a paragraph of the article.
    Article(Paragraph, String),
}

/// What there is to say of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The briefing's id.
    pub briefing: String,
    /// Of what.
    pub part: Part,
    /// How messages name it: `` fact `wall-height` ``; empty where the place says it all.
    pub about: String,
    /// What.
    pub fault: Fault,
}

/// The places of everything in the files and the articles that were read.
#[derive(Debug, Default)]
pub struct Marks {
    sources: Vec<SourceText>,
    places: HashMap<(String, Part), Place>,
    articles: Vec<(String, Paragraphs)>,
}

impl Marks {
    pub(super) fn of(briefings: &[RawBriefing], articles: Vec<(String, Paragraphs)>, collector: &Collector) -> Self {
        let mut marks = Self {
            sources: collector.sources().to_vec(),
            places: HashMap::new(),
            articles,
        };
        for briefing in briefings {
            marks.add(briefing);
        }
        marks
    }

    /// The paragraphs of a briefing's article in reading order, with their texts; empty where none was given.
    pub fn article(&self, briefing: &str) -> impl Iterator<Item = (Paragraph, &str)> {
        self.articles
            .iter()
            .filter(move |(of, _)| of == briefing)
            .flat_map(|(_, paragraphs)| {
                paragraphs
                    .iter()
                    .map(|(paragraph, found)| (*paragraph, found.text.as_str()))
            })
    }

    /// The remarks as warnings, each at its place.
    #[must_use]
    pub fn warnings(&self, remarks: impl IntoIterator<Item = Remark>) -> Problems {
        let mut collector = Collector::default();
        for source in &self.sources {
            collector.add_source(source.path.clone(), source.text.clone());
        }
        for remark in remarks {
            collector.add(Problem {
                severity: Severity::Warning,
                place: self.place(&remark.briefing, &remark.part),
                about: remark.about,
                fault: remark.fault,
                other: None,
            });
        }
        collector.finish()
    }

    fn place(&self, briefing: &str, part: &Part) -> Place {
        if let Part::Article(paragraph, words) = part {
            return self.place_in_article(briefing, *paragraph, words);
        }
        let place = |part: &Part| self.places.get(&(briefing.to_owned(), part.clone())).copied();
        let entry = match part {
            Part::Answer(id) | Part::Phrasing(id, _) => Some(Part::Entry(id.clone())),
            Part::Alias(id, _) => Some(Part::Entity(id.clone())),
            _ => None,
        };
        place(part)
            .or_else(|| place(&entry?))
            .or_else(|| place(&Part::Briefing))
            .unwrap_or(Place {
                file: 0,
                start: 0,
                end: 0,
            })
    }

    fn place_in_article(&self, briefing: &str, paragraph: Paragraph, words: &str) -> Place {
        let mut of_briefing = self.articles.iter().filter(|(of, _)| of == briefing);
        let Some(found) = of_briefing.find_map(|(_, paragraphs)| paragraphs.get(&paragraph)) else {
            return self.place(briefing, &Part::Briefing);
        };
        let whole = found.place;
        let text = self.sources.get(whole.file).map_or("", |source| source.text.as_str());
        let within = text.get(whole.start..whole.end).and_then(|text| text.find(words));
        within.map_or(whole, |at| Place {
            file: whole.file,
            start: whole.start + at,
            end: whole.start + at + words.len(),
        })
    }

    fn add(&mut self, briefing: &RawBriefing) {
        let mut add = |part: Part, place: Place| {
            self.places.entry((briefing.id.clone(), part)).or_insert(place);
        };
        let id_of = |id: Option<&Located<Id>>| id.map(|id| (id.value.0.clone(), id.place));
        add(Part::Briefing, briefing.place);
        for topic in &briefing.topics {
            for fact in &topic.facts.fact {
                let Some((id, place)) = id_of(fact.id.as_ref()) else {
                    continue;
                };
                for phrasing in &fact.phrasings {
                    add(Part::Phrasing(id.clone(), phrasing.value.0.clone()), phrasing.place);
                }
                if let Some(answer) = &fact.answer {
                    add(Part::Answer(id.clone()), answer.place);
                }
                add(Part::Entry(id), place);
            }
            for gap in &topic.facts.gap {
                let Some((id, place)) = id_of(gap.id.as_ref()) else {
                    continue;
                };
                for phrasing in &gap.phrasings {
                    add(Part::Phrasing(id.clone(), phrasing.value.0.clone()), phrasing.place);
                }
                if let Some(answer) = &gap.answer {
                    add(Part::Answer(id.clone()), answer.place);
                }
                add(Part::Entry(id), place);
            }
        }
        for entity in &briefing.glossary.entity {
            let Some((id, place)) = id_of(entity.id.as_ref()) else {
                continue;
            };
            for alias in entity.name.iter().chain(&entity.aliases) {
                add(Part::Alias(id.clone(), alias.value.0.clone()), alias.place);
            }
            add(Part::Entity(id), place);
        }
        for group in &briefing.synonyms.group {
            if let Some((id, place)) = id_of(group.id.as_ref()) {
                add(Part::Group(id), place);
            }
        }
    }
}
