//! The fact base: what a briefing's source claims, in our own words, and what it leaves open.
//!
//! These are the types that the whole core speaks of. They are plain values, immutable once loaded, and know neither
//! files nor formats: [`parse`] turns the bytes of TOML files into them and gathers every [`problem`] on the way.
//! Promise: a [`FactBase`] that [`parse`] gave is valid (every reference resolves, every id is unique in its briefing).
//! Deliberately absent: serde, I/O, time, Discord.

pub mod article;
mod check;
mod date;
pub mod files;
#[cfg(test)]
pub(crate) mod harbour;
pub mod limits;
pub mod marks;
pub mod parse;
pub mod problem;
pub(crate) mod revision;
pub mod schema;
mod texts;

use std::collections::HashMap;

pub use date::PartialDate;
pub use revision::Revision;
pub use texts::Texts;

pub(crate) use check::words::key as words_key;

/// All loaded briefings and the revision of their content.
#[derive(Debug, Clone, PartialEq)]
pub struct FactBase {
    /// The briefings, ordered by id.
    pub briefings: Vec<Briefing>,
    /// The content hash over everything that can change an answer.
    pub revision: Revision,
    /// For each briefing, where its facts are by their ids: of 100,000 each question would walk through several times.
    places: Vec<HashMap<Box<str>, usize>>,
}

impl FactBase {
    /// Puts briefings together, ordered by id, and computes the revision.
    #[must_use]
    pub fn new(mut briefings: Vec<Briefing>) -> Self {
        briefings.sort_by(|a, b| a.id.cmp(&b.id));
        let revision = Revision::of(&briefings);
        let places = briefings.iter().map(|briefing| {
            let ids = briefing.facts.iter().map(|fact| fact.id.as_str().into());
            ids.zip(0..).collect()
        });
        Self {
            places: places.collect(),
            briefings,
            revision,
        }
    }

    /// The briefing with this id.
    #[must_use]
    pub fn briefing(&self, id: &str) -> Option<&Briefing> {
        self.briefings.iter().find(|briefing| briefing.id == id)
    }

    /// The fact that a reference points to; `None` once a reload removed it.
    #[must_use]
    pub fn fact(&self, reference: &FactRef) -> Option<&Fact> {
        let (briefing, fact) = self.place_of(reference)?;
        self.briefings.get(briefing)?.facts.get(fact)
    }

    /// The places of a fact's briefing in [`FactBase::briefings`], and of the fact in its facts.
    #[must_use]
    pub fn place_of(&self, reference: &FactRef) -> Option<(usize, usize)> {
        let briefing = self.briefings.iter().position(|one| one.id == reference.briefing)?;
        let fact = self.places.get(briefing)?.get(reference.fact.as_str())?;
        Some((briefing, *fact))
    }

    /// Every fact with its briefing, in the order of the files.
    pub fn facts(&self) -> impl Iterator<Item = (&Briefing, &Fact)> {
        self.briefings
            .iter()
            .flat_map(|briefing| briefing.facts.iter().map(move |fact| (briefing, fact)))
    }

    /// The number of facts in all briefings.
    #[must_use]
    pub fn n_facts(&self) -> usize {
        self.briefings.iter().map(|briefing| briefing.facts.len()).sum()
    }
}

/// Names a fact across reloads and briefings: fact ids are unique within their briefing only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactRef {
    /// The briefing's id.
    pub briefing: String,
    /// The fact's id.
    pub fact: String,
}

/// A source with what was curated from it.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Briefing {
    /// The folder's name.
    pub id: String,
    /// What is cited.
    pub source: Source,
    /// Topics in the order of their ids.
    pub topics: Vec<Topic>,
    /// What the source claims.
    pub facts: Vec<Fact>,
    /// What the source leaves open.
    pub gaps: Vec<Gap>,
    /// The glossary.
    pub entities: Vec<Entity>,
    /// Words that mean the same in this briefing.
    pub synonyms: Vec<SynonymGroup>,
}

impl Briefing {
    /// The fact with this id.
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The gap with this id.
    #[must_use]
    pub fn gap(&self, id: &str) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.id == id)
    }

    /// The entity with this id.
    #[must_use]
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id == id)
    }

    /// The facts of a topic, in the order of its file.
    pub fn facts_of<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| fact.topic == topic)
    }
}

/// The published document that is cited. Only the title is required; what the document does not say stays `None`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Source {
    /// The document's headline.
    pub title: String,
    /// News agencies credited in the document.
    pub agencies: Vec<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When it was published.
    pub published: Option<PartialDate>,
    /// Where it stands.
    pub url: Option<String>,
    /// The day that the source speaks of as now.
    pub as_of: Option<AsOf>,
    /// The paragraphs that exist, in reading order, each with the first 16 hex digits of the SHA-256 over its text
    /// (white space collapsed to single spaces and trimmed).
    pub paragraphs: Vec<(Paragraph, String)>,
}

/// The day that the source speaks of as now.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct AsOf {
    /// The date, often without a year.
    pub date: PartialDate,
    /// The day's name in English, where known.
    pub weekday: Option<String>,
    /// From what the day was inferred; `None` where the document states it.
    pub inferred_from: Option<String>,
}

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Paragraph {
    /// The headline.
    Headline,
    /// The caption of the picture.
    Caption,
    /// A paragraph of the text, counted from 1.
    Number(u32),
}

impl std::fmt::Display for Paragraph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Headline => f.write_str("headline"),
            Self::Caption => f.write_str("caption"),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// A theme under which facts are browsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    /// The topic's id.
    pub id: String,
    /// How a member reads it.
    pub title: String,
}

/// Who answers for a claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Stated by the reporter.
    Stated,
    /// Claimed by a named speaker.
    Claimed {
        /// The speaker's entity id.
        speaker: String,
    },
    /// Inferred by the curator.
    Inferred {
        /// From what.
        from: String,
    },
}

/// One claim of the source, in our own words.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Fact {
    /// Unique within the briefing.
    pub id: String,
    /// The topic's id.
    pub topic: String,
    /// The claim in one or two sentences, naming who claims it.
    pub answer: String,
    /// Who answers for it.
    pub standing: Standing,
    /// The kinds of question that the answer satisfies.
    pub gives: Vec<Kind>,
    /// Of what a how-many answer is the number.
    pub counts: Vec<String>,
    /// Ids of the entities that the claim is about.
    pub entities: Vec<String>,
    /// Who does what to whom, where the curator said so.
    pub claim: Option<Claim>,
    /// When what it tells of happened.
    pub date: Option<FactDate>,
    /// Offered first where nothing was typed yet.
    pub featured: bool,
    /// Set where the claim was withdrawn or replaced.
    pub correction: Option<Correction>,
    /// Example questions; the first is the one that buttons show.
    pub phrasings: Texts,
    /// Where the source says it; at least one.
    pub citations: Vec<Citation>,
}

/// A question that the source leaves open.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Gap {
    /// Unique within the briefing, among facts and gaps together.
    pub id: String,
    /// The topic's id.
    pub topic: String,
    /// One honest sentence that says what is not said, and what is known nearby.
    pub answer: String,
    /// The kinds of question it leaves open; empty where any.
    pub asks: Vec<Kind>,
    /// What would be counted.
    pub counts: Vec<String>,
    /// Ids of the entities it is about.
    pub entities: Vec<String>,
    /// Example questions.
    pub phrasings: Texts,
    /// Where the source says what the sentence names.
    pub citations: Vec<Citation>,
}

/// A kind of question, and of the answer that satisfies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A person, an office or a body.
    Who,
    /// A thing or an action.
    What,
    /// A date, a day or a time.
    When,
    /// A place.
    Where,
    /// A number, an amount, a duration, an age.
    HowMany,
    /// One or some of a set.
    Which,
    /// A reason.
    Why,
    /// A manner or a means.
    How,
    /// The very words, or a position.
    Said,
    /// Yes or no.
    Whether,
    /// What something is called, or stands for.
    Name,
}

impl Kind {
    /// Every kind with the name it has in files.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Who, "who"),
        (Self::What, "what"),
        (Self::When, "when"),
        (Self::Where, "where"),
        (Self::HowMany, "how-many"),
        (Self::Which, "which"),
        (Self::Why, "why"),
        (Self::How, "how"),
        (Self::Said, "said"),
        (Self::Whether, "whether"),
        (Self::Name, "name"),
    ];

    /// The name it has in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }
}

/// Who does what to whom: lets a guard see that a question has it the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Entities that do it.
    pub agent: Vec<String>,
    /// The id of the synonym group that names the action.
    pub action: Option<String>,
    /// Entities that it is done to, or that receive it.
    pub target: Vec<String>,
    /// Entities that it comes from.
    pub origin: Vec<String>,
}

/// The day, month or year of a fact.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct FactDate {
    /// The date, often without a year.
    pub on: PartialDate,
    /// Its place on the time line, ascending: a date without a year has none of its own.
    pub order: i64,
    /// From what it was inferred; `None` where the source states it.
    pub inferred_from: Option<String>,
}

/// What became of a claim after it was curated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Correction {
    /// Withdrawn; why, in one sentence.
    Retracted(String),
    /// Replaced by another fact of the briefing.
    SupersededBy(String),
}

/// Where the source says it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Citation {
    /// The paragraph.
    pub paragraph: Paragraph,
    /// The entity id of who says it there.
    pub speaker: Option<String>,
    /// A verbatim fragment, 8 words or fewer.
    pub quote: Option<String>,
}

/// A person, place, body, state, event or thing of the glossary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entity {
    /// Unique within the briefing.
    pub id: String,
    /// How an answer says it.
    pub name: String,
    /// What sort of entity it is.
    pub kind: EntityKind,
    /// What the source says of it, in one sentence.
    pub about: Option<String>,
    /// Where the source names it.
    pub paragraphs: Vec<Paragraph>,
    /// Other names; each belongs to one entity only.
    pub aliases: Vec<String>,
}

/// What sort of entity it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A person.
    Person,
    /// A place.
    Place,
    /// An organisation or office.
    Body,
    /// A state.
    State,
    /// An event.
    Event,
    /// A thing or a group of things.
    Thing,
}

impl EntityKind {
    /// Every kind with the name it has in files.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Person, "person"),
        (Self::Place, "place"),
        (Self::Body, "body"),
        (Self::State, "state"),
        (Self::Event, "event"),
        (Self::Thing, "thing"),
    ];

    /// The name it has in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }
}

/// Words that mean the same in this briefing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SynonymGroup {
    /// Unique within the briefing.
    pub id: String,
    /// Words or short expressions.
    pub words: Vec<String>,
    /// The group that means the opposite.
    pub opposite: Option<String>,
}
