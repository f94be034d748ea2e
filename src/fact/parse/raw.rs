//! The files as they are written: every table and its keys, each value with its place.
//!
//! Separate from the facts of the core, so that the format and the core can change apart. A field that is required is
//! `None` after it was reported as missing or wrong, so that its neighbours can still be checked. The JSON Schema for
//! editors is made from these types; the doc comments are what an editor shows.

use schemars::JsonSchema;
use toml::Spanned;
use toml::de::DeValue;

use crate::fact::limits::{
    MAX_ANSWER_CHARS, MAX_NAME_CHARS, MAX_PHRASING_CHARS, MAX_QUOTE_CHARS, MAX_SENTENCE_CHARS, MAX_TITLE_CHARS,
    MAX_WORD_CHARS,
};
use crate::fact::problem::Place;
use crate::fact::{EntityKind, Kind, Paragraph, PartialDate};

use super::reader::{Located, Readable, Reader, Table};
use super::value::{Format, Id, ParagraphHash, StandingName, Text, Url, Weekday, paragraph_named};

type Name = Located<Text<MAX_NAME_CHARS>>;
type Sentence = Located<Text<MAX_SENTENCE_CHARS>>;
type Word = Located<Text<MAX_WORD_CHARS>>;
pub(crate) type Phrasing = Located<Text<MAX_PHRASING_CHARS>>;
pub(crate) type Quote = Located<Text<MAX_QUOTE_CHARS>>;
pub(crate) type Reference = Located<Id>;

/// `source.toml`: what is cited, its as-of day, a hash of each paragraph
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Source")]
pub(crate) struct RawSource {
    /// The version of this format
    #[schemars(required)]
    pub(crate) format: Option<Located<Format>>,
    /// The document's headline
    #[schemars(required)]
    pub(crate) title: Option<Located<Text<MAX_TITLE_CHARS>>>,
    /// News agencies, as credited in the document
    #[schemars(default)]
    pub(crate) agencies: Vec<Name>,
    /// Who published it, if the document says so
    pub(crate) publisher: Option<Name>,
    /// When it was published, if the document says so: YYYY-MM-DD, MM-DD, YYYY-MM, YYYY or MM
    pub(crate) published: Option<Located<PartialDate>>,
    /// Where it stands
    pub(crate) url: Option<Located<Url>>,
    /// The day that the source speaks of as now
    pub(crate) as_of: Option<RawAsOf>,
    /// What is still to be done here
    pub(crate) todo: Option<Sentence>,
    /// First 16 hex digits of SHA-256 over each paragraph's text, its white space collapsed
    #[schemars(default, schema_with = "crate::fact::schema::paragraphs")]
    pub(crate) paragraphs: Vec<(Located<Paragraph>, Option<Located<ParagraphHash>>)>,
}

/// The day that the source speaks of as now
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "AsOf")]
pub(crate) struct RawAsOf {
    /// YYYY-MM-DD, MM-DD, YYYY-MM, YYYY or MM
    #[schemars(required)]
    pub(crate) date: Option<Located<PartialDate>>,
    /// The day's name
    pub(crate) weekday: Option<Located<Weekday>>,
    /// From what the day was inferred; absent where the document states it
    pub(crate) inferred_from: Option<Sentence>,
}

/// `facts/<topic>.toml`: the facts and gaps of one topic
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Facts")]
pub(crate) struct RawFacts {
    /// The topic's id; the file's name without `.toml` if absent
    pub(crate) topic: Option<Located<Id>>,
    /// How a member reads the topic
    #[schemars(required)]
    pub(crate) title: Option<Name>,
    /// What the source claims
    #[schemars(default)]
    pub(crate) fact: Vec<RawFact>,
    /// What the source leaves open
    #[schemars(default)]
    pub(crate) gap: Vec<RawGap>,
}

/// One claim of the source, in our own words
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Fact")]
pub(crate) struct RawFact {
    #[schemars(skip)]
    pub(crate) place: Place,
    /// Whether nothing was wrong with any of its keys, so that what seems to be missing is.
    #[schemars(skip)]
    pub(crate) is_whole: bool,
    /// Unique among the briefing's facts and gaps
    #[schemars(required)]
    pub(crate) id: Option<Located<Id>>,
    /// The claim in one or two sentences, 350 characters are advised, naming who claims it
    #[schemars(required)]
    pub(crate) answer: Option<Located<Text<MAX_ANSWER_CHARS>>>,
    /// stated (by the reporter), claimed (by `speaker`) or inferred (by the curator)
    #[schemars(required)]
    pub(crate) standing: Option<Located<StandingName>>,
    /// The entity that claims it; required for `claimed`, forbidden otherwise
    pub(crate) speaker: Option<Reference>,
    /// From what it was inferred; required for `inferred`, forbidden otherwise
    pub(crate) inferred_from: Option<Sentence>,
    /// The kinds of question that the answer satisfies
    #[schemars(required, length(min = 1))]
    pub(crate) gives: Vec<Located<Kind>>,
    /// Of what a how-many answer is the number; required with `how-many`
    #[schemars(default)]
    pub(crate) counts: Vec<Word>,
    /// Entities that the claim is about, answer and question alike
    #[schemars(default)]
    pub(crate) entities: Vec<Reference>,
    /// Offered first where nothing was typed yet
    pub(crate) featured: Option<bool>,
    /// When what it tells of happened
    pub(crate) date: Option<RawDate>,
    /// Why the claim was withdrawn, in one sentence
    pub(crate) retracted: Option<Sentence>,
    /// The fact that replaced it
    pub(crate) superseded_by: Option<Reference>,
    /// Example questions; buttons show the first, which has 100 characters at most
    #[schemars(required, length(min = 1))]
    pub(crate) phrasings: Vec<Phrasing>,
    /// Where the source says it
    #[schemars(required, length(min = 1))]
    pub(crate) citation: Vec<RawCitation>,
    /// Who does what to whom; makes the guards exact
    pub(crate) claim: Option<RawClaim>,
    /// What is still to be done; a fact with it may lack anything but its id, and is not served
    pub(crate) todo: Option<Sentence>,
}

/// A question that the source leaves open
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Gap")]
pub(crate) struct RawGap {
    #[schemars(skip)]
    pub(crate) place: Place,
    /// Unique among the briefing's facts and gaps
    #[schemars(required)]
    pub(crate) id: Option<Located<Id>>,
    /// One honest sentence: what the briefing does not say, and what is known nearby
    #[schemars(required)]
    pub(crate) answer: Option<Located<Text<MAX_ANSWER_CHARS>>>,
    /// Example questions; buttons show the first, which has 100 characters at most
    #[schemars(required, length(min = 1))]
    pub(crate) phrasings: Vec<Phrasing>,
    /// Entities that it is about
    #[schemars(default)]
    pub(crate) entities: Vec<Reference>,
    /// The kinds of question it leaves open; any, if absent
    #[schemars(default)]
    pub(crate) asks: Vec<Located<Kind>>,
    /// What would be counted
    #[schemars(default)]
    pub(crate) counts: Vec<Word>,
    /// Where the source says what the sentence names
    #[schemars(default)]
    pub(crate) citation: Vec<RawCitation>,
    /// What is still to be done; a gap with it may lack anything but its id, and is not served
    pub(crate) todo: Option<Sentence>,
}

/// Where the source says it
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Citation")]
pub(crate) struct RawCitation {
    /// A number from 1, "headline" or "caption"
    #[schemars(required)]
    pub(crate) paragraph: Option<Located<Paragraph>>,
    /// The entity that says it there
    pub(crate) speaker: Option<Reference>,
    /// A verbatim fragment of 8 words or fewer that proves it
    pub(crate) quote: Option<Quote>,
}

/// Who does what to whom
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Claim")]
pub(crate) struct RawClaim {
    /// Entities that do it
    #[schemars(default)]
    pub(crate) agent: Vec<Reference>,
    /// The id of a synonym group
    pub(crate) action: Option<Reference>,
    /// Entities that it is done to, or that receive it
    #[schemars(default)]
    pub(crate) target: Vec<Reference>,
    /// Entities that it comes from
    #[schemars(default)]
    pub(crate) origin: Vec<Reference>,
}

/// When what a fact tells of happened
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Date")]
pub(crate) struct RawDate {
    /// YYYY-MM-DD, MM-DD, YYYY-MM, YYYY or MM
    #[schemars(required)]
    pub(crate) on: Option<Located<PartialDate>>,
    /// Its place on the time line, ascending
    #[schemars(required)]
    pub(crate) order: Option<i64>,
    /// From what it was inferred; absent where the source states it
    pub(crate) inferred_from: Option<Sentence>,
}

/// `glossary.toml`: entities and their aliases
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Glossary")]
pub(crate) struct RawGlossary {
    /// A person, place, body, state, event or thing that the article names
    #[schemars(default)]
    pub(crate) entity: Vec<RawEntity>,
}

/// A person, place, body, state, event or thing that the article names
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Entity")]
pub(crate) struct RawEntity {
    /// Unique among the briefing's entities
    #[schemars(required)]
    pub(crate) id: Option<Located<Id>>,
    /// How an answer says it
    #[schemars(required)]
    pub(crate) name: Option<Name>,
    /// What sort of entity it is
    #[schemars(required)]
    pub(crate) kind: Option<Located<EntityKind>>,
    /// What the article says of it, in one sentence
    pub(crate) about: Option<Sentence>,
    /// Where the article names it
    #[schemars(default)]
    pub(crate) paragraphs: Vec<Located<Paragraph>>,
    /// Other names; each belongs to one entity only
    #[schemars(default)]
    pub(crate) aliases: Vec<Name>,
    /// What is still to be done here
    pub(crate) todo: Option<Sentence>,
}

/// `synonyms.toml`: groups of words that mean the same here, and opposites
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Synonyms")]
pub(crate) struct RawSynonyms {
    /// Words that mean the same here
    #[schemars(default)]
    pub(crate) group: Vec<RawGroup>,
}

/// Words that mean the same here
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Group")]
pub(crate) struct RawGroup {
    /// Unique among the briefing's groups
    #[schemars(required)]
    pub(crate) id: Option<Located<Id>>,
    /// Words or short expressions; endings need not be listed
    #[schemars(required, length(min = 1))]
    pub(crate) words: Vec<Word>,
    /// The group that means the opposite: a question that uses it is about something else
    pub(crate) opposite: Option<Reference>,
}

impl RawSource {
    pub(crate) fn read(table: &mut Table<'_, '_, '_, '_>) -> Self {
        Self {
            format: table.required("format"),
            title: table.required("title"),
            agencies: table.list("agencies"),
            publisher: table.optional("publisher"),
            published: table.optional("published"),
            url: table.optional("url"),
            as_of: table.optional("as_of"),
            paragraphs: table.pairs("paragraphs", paragraph_named),
            todo: table.optional("todo"),
        }
    }
}

impl RawFacts {
    pub(crate) fn read(table: &mut Table<'_, '_, '_, '_>) -> Self {
        Self {
            topic: table.optional("topic"),
            title: table.required("title"),
            fact: table.list("fact"),
            gap: table.list("gap"),
        }
    }
}

impl RawGlossary {
    pub(crate) fn read(table: &mut Table<'_, '_, '_, '_>) -> Self {
        Self {
            entity: table.list("entity"),
        }
    }
}

impl RawSynonyms {
    pub(crate) fn read(table: &mut Table<'_, '_, '_, '_>) -> Self {
        Self {
            group: table.list("group"),
        }
    }
}

impl Readable for RawAsOf {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.table(value, |table| Self {
            date: table.required("date"),
            weekday: table.optional("weekday"),
            inferred_from: table.optional("inferred_from"),
        })
    }
}

impl Readable for RawFact {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let n_problems = reader.n_problems();
        let mut fact = reader.entry("fact", value, |table| Self {
            place: table.place,
            is_whole: true,
            id: table.required("id"),
            answer: table.required_unless_todo("answer"),
            standing: table.required_unless_todo("standing"),
            speaker: table.optional("speaker"),
            inferred_from: table.optional("inferred_from"),
            gives: table.required_list_unless_todo("gives"),
            counts: table.list("counts"),
            entities: table.list("entities"),
            featured: table.optional("featured"),
            date: table.optional("date"),
            retracted: table.optional("retracted"),
            superseded_by: table.optional("superseded_by"),
            phrasings: table.required_list_unless_todo("phrasings"),
            citation: table.required_list_unless_todo("citation"),
            claim: table.optional("claim"),
            todo: table.optional("todo"),
        })?;
        fact.is_whole = reader.n_problems() == n_problems && fact.todo.is_none();
        Some(fact)
    }
}

impl Readable for RawGap {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.entry("gap", value, |table| Self {
            place: table.place,
            id: table.required("id"),
            answer: table.required_unless_todo("answer"),
            phrasings: table.required_list_unless_todo("phrasings"),
            entities: table.list("entities"),
            asks: table.list("asks"),
            counts: table.list("counts"),
            citation: table.list("citation"),
            todo: table.optional("todo"),
        })
    }
}

impl Readable for RawCitation {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.table(value, |table| Self {
            paragraph: table.required("paragraph"),
            speaker: table.optional("speaker"),
            quote: table.optional("quote"),
        })
    }
}

impl Readable for RawClaim {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.table(value, |table| Self {
            agent: table.list("agent"),
            action: table.optional("action"),
            target: table.list("target"),
            origin: table.list("origin"),
        })
    }
}

impl Readable for RawDate {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.table(value, |table| Self {
            on: table.required("on"),
            order: table.required("order"),
            inferred_from: table.optional("inferred_from"),
        })
    }
}

impl Readable for RawEntity {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.entry("entity", value, |table| Self {
            id: table.required("id"),
            name: table.required("name"),
            kind: table.required("kind"),
            about: table.optional("about"),
            paragraphs: table.list("paragraphs"),
            aliases: table.list("aliases"),
            todo: table.optional("todo"),
        })
    }
}

impl Readable for RawGroup {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.entry("group", value, |table| Self {
            id: table.required("id"),
            words: table.required_list("words"),
            opposite: table.optional("opposite"),
        })
    }
}
