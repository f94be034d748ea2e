//! What a curator should look at though the fact base can be used: every message, with a proposed mend.

use crate::fact::Paragraph;

use super::excerpt::clip;

/// What of an article is to be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Detail {
    /// A number.
    Number,
    /// A day, weekday or month.
    Date,
    /// A proper name.
    Name,
    /// What stands in quotation marks.
    Quotation,
}

impl Detail {
    /// Every one, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Number, Self::Date, Self::Name, Self::Quotation];

    /// As messages name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Name => "name",
            Self::Quotation => "quotation",
        }
    }
}

/// What could be better.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is, and what its fields are")]
pub enum Advice {
    #[error("no fact that cites paragraph {paragraph} has the {} `{}`", what.name(), clip(text))]
    NotCovered {
        what: Detail,
        text: String,
        paragraph: Paragraph,
    },
    #[error(
        "{one} and {other} steal from each other: {n_lost} of the {n_disputed} questions in dispute go to the wrong one, by {margin} on average, such as `{}`",
        clip(phrasing)
    )]
    Collision {
        one: String,
        other: String,
        n_lost: usize,
        n_disputed: usize,
        margin: String,
        phrasing: String,
    },
    #[error("goes to {winner}, by {margin}, when it is left out: `{}`", clip(phrasing))]
    Lost {
        winner: String,
        margin: String,
        phrasing: String,
    },
    #[error("thin: {n_phrasings} phrasings, and {least} at least are advised")]
    FewPhrasings { n_phrasings: usize, least: usize },
    #[error(
        "thin: its {n_phrasings} phrasings have only {n_wordings} different wordings, and {least} at least are advised"
    )]
    AlikePhrasings {
        n_phrasings: usize,
        n_wordings: usize,
        least: usize,
    },
    #[error("it gives `{kind}`, and no phrasing of it or of a fact beside it asks `{kind}`")]
    KindNotAsked { kind: &'static str },
    #[error("it has a date, and no phrasing of it or of a fact beside it asks `when`")]
    DateNotAsked,
    #[error("`{}` is never recognised", clip(alias))]
    DeadAlias { alias: String },
    #[error("`{}` adds nothing to `{}`", clip(alias), clip(like))]
    NeedlessAlias { alias: String, like: String },
    #[error("nothing is said of it: no fact and no gap names it")]
    UnusedEntity,
    #[error("none of its words is used by a fact or a gap")]
    UnusedGroup,
    #[error("`{}` is of its day, and the answer will be read later", clip(word))]
    DatedWord { word: String },
}

impl Advice {
    /// How to mend it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotCovered {
                what: Detail::Quotation,
                ..
            } => "quote a fragment of it in a fact that cites the paragraph, or write a fact for it",
            Self::NotCovered { what: Detail::Name, .. } => {
                "give it to a fact that cites the paragraph: in its `entities`, its answer or a fragment; the glossary knows other names of it by `aliases`"
            }
            Self::NotCovered { .. } => {
                "say it in the answer or in a fragment of a fact that cites the paragraph, or write a fact for it"
            }
            Self::Collision { .. } => {
                "say in the phrasings of each what the other is not about, move a phrasing to where its answer is best, or make one fact of the two"
            }
            Self::Lost { .. } => "give its fact another phrasing with these words, or move it to the other one",
            Self::FewPhrasings { .. } => "ask for it in other words, by another question word, and in telegram style",
            Self::AlikePhrasings { .. } => {
                "phrasings that differ in small words only teach nothing: use other verbs and nouns"
            }
            Self::KindNotAsked { .. } => "add a phrasing that asks so, or take the kind out of `gives`",
            Self::DateNotAsked => "add a phrasing that asks when, and `when` to `gives`",
            Self::DeadAlias { .. } => {
                "another name holds these words already, or they are read as something else; remove it, or write it as members do"
            }
            Self::NeedlessAlias { .. } => {
                "remove it: plurals, possessives, letter case and `the` need no alias of their own"
            }
            Self::UnusedEntity => "name it in the `entities` of what is about it, or remove it",
            Self::UnusedGroup => "use one of its words in a phrasing, or remove the group",
            Self::DatedWord { .. } => "say the day instead, as seen from the source's as-of day",
        }
    }
}
