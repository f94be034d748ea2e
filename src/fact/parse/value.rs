//! The values that the files are made of, each with how it is read and what an editor's JSON Schema says of it.
//!
//! The two stand side by side, so that a change of one is seen beside the other.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use toml::Spanned;
use toml::de::DeValue;

use crate::fact::limits::{ID_PATTERN, MAX_ID_CHARS, MAX_URL_CHARS, PARAGRAPH_HASH_CHARS, is_id};
use crate::fact::problem::{Fault, is_invisible};
use crate::fact::{EntityKind, Kind, Paragraph, PartialDate};

use super::reader::{Located, Readable, Reader, nearest};

/// Text of at most `MAX` characters that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<const MAX: usize>(pub(crate) String);

/// An id; see [`is_id`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) String);

/// The hash of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParagraphHash(pub(crate) String);

/// A web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url(pub(crate) String);

/// The number of the format; any number, since another one gets a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format(pub(crate) i64);

/// The name of a standing, without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StandingName {
    Stated,
    Claimed,
    Inferred,
}

impl StandingName {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Stated, "stated"),
        (Self::Claimed, "claimed"),
        (Self::Inferred, "inferred"),
    ];

    /// The name it has in files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Claimed => "claimed",
            Self::Inferred => "inferred",
        }
    }
}

/// The day of the week in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weekday(pub(crate) &'static str);

/// From Monday on.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

impl<const MAX: usize> Readable for Text<MAX> {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = text_of(value, reader)?;
        let n_chars = text.chars().count();
        if n_chars > MAX {
            let key = reader.key;
            reader.error(
                value,
                Fault::TooLong {
                    key,
                    n_chars,
                    max_chars: MAX,
                },
            );
            return None;
        }
        Some(Self(text))
    }
}

impl Readable for Id {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = text_of(value, reader)?;
        if !is_id(&text) {
            reader.error(value, Fault::BadId { text });
            return None;
        }
        Some(Self(text))
    }
}

impl Readable for ParagraphHash {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = text_of(value, reader)?;
        let is_hash = text.len() == PARAGRAPH_HASH_CHARS
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        if !is_hash {
            reader.error(value, Fault::BadHash { text });
            return None;
        }
        Some(Self(text))
    }
}

impl Readable for Url {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let Text::<MAX_URL_CHARS>(text) = Text::read(value, reader)?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_url = host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
            && !text.contains(|character: char| character.is_whitespace() || matches!(character, '<' | '>' | '"'));
        if !is_url {
            reader.error(value, Fault::BadUrl { text });
            return None;
        }
        Some(Self(text))
    }
}

impl Readable for Format {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        i64::read(value, reader).map(Self)
    }
}

impl Readable for bool {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let read = value.get_ref().as_bool();
        if read.is_none() {
            reader.wrong_type(value, "`true` or `false`", None);
        }
        read
    }
}

impl Readable for i64 {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let DeValue::Integer(integer) = value.get_ref() else {
            let hint = value.get_ref().is_str().then(|| "write it without quotes".to_owned());
            reader.wrong_type(value, "a whole number", hint);
            return None;
        };
        let read = Self::from_str_radix(integer.as_str(), integer.radix()).ok();
        if read.is_none() {
            let text = integer.to_string();
            reader.error(value, Fault::NumberTooLarge { text });
        }
        read
    }
}

impl Readable for Paragraph {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match value.get_ref() {
            DeValue::Integer(integer) => integer.to_string(),
            // Only the names: a number in quotes would be another way to write the same.
            DeValue::String(text) if !text.starts_with(|first: char| first.is_ascii_digit()) => text.to_string(),
            DeValue::String(_) => {
                reader.wrong_type(
                    value,
                    "a paragraph's number or name",
                    Some("write the number without quotes".to_owned()),
                );
                return None;
            }
            _ => {
                reader.wrong_type(value, "a paragraph's number or name", None);
                return None;
            }
        };
        match paragraph_named(&text) {
            Ok(paragraph) => Some(paragraph),
            Err(fault) => {
                reader.error(value, fault);
                None
            }
        }
    }
}

impl Readable for PartialDate {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            // A full date is a type of TOML's own, written without quotes.
            DeValue::Datetime(date) if date.time.is_none() => date.to_string(),
            DeValue::Integer(_) => {
                reader.wrong_type(value, "a date", Some("put it in quotes".to_owned()));
                return None;
            }
            _ => {
                reader.wrong_type(value, "a date", None);
                return None;
            }
        };
        let date = Self::parse(&text);
        if date.is_none() {
            reader.error(value, Fault::BadDate { text });
        }
        date
    }
}

impl Readable for Kind {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        one_of(value, reader, "a kind of question", &Self::ALL)
    }
}

impl Readable for EntityKind {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        one_of(value, reader, "a kind of entity", &Self::ALL)
    }
}

impl Readable for StandingName {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        one_of(value, reader, "a standing", &Self::ALL)
    }
}

impl Readable for Weekday {
    fn read(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<Self> {
        let all = WEEKDAYS.map(|day| (Self(day), day));
        one_of(value, reader, "a day of the week", &all)
    }
}

/// The paragraph with this name.
///
/// # Errors
/// The fault, where there can be no such paragraph.
pub(crate) fn paragraph_named(name: &str) -> Result<Paragraph, Fault> {
    let number = || {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_digit()) && !name.starts_with('0');
        name.parse().ok().filter(|_| is_plain).map(Paragraph::Number)
    };
    match name {
        "headline" => Ok(Paragraph::Headline),
        "caption" => Ok(Paragraph::Caption),
        _ => number().ok_or_else(|| Fault::BadParagraph { text: name.to_owned() }),
    }
}

/// Text with its white space collapsed: line breaks and spacing never matter.
pub(crate) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text_of(value: &Spanned<DeValue<'_>>, reader: &mut Reader<'_>) -> Option<String> {
    let DeValue::String(text) = value.get_ref() else {
        let hint = value
            .get_ref()
            .is_array()
            .then(|| "one text only, without brackets".to_owned());
        reader.wrong_type(value, "text", hint.or_else(|| Some("put it in quotes".to_owned())));
        return None;
    };
    let collapsed = collapse(text);
    if collapsed.is_empty() {
        let key = reader.key;
        reader.error(value, Fault::Empty { key });
        return None;
    }
    if let Some(character) = collapsed
        .chars()
        .find(|&character| character.is_control() || is_invisible(character))
    {
        reader.error(value, Fault::ControlCharacter { character });
        return None;
    }
    Some(collapsed)
}

fn one_of<T: Copy>(
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
    what: &'static str,
    all: &[(T, &'static str)],
) -> Option<T> {
    let text = text_of(value, reader)?;
    let found = all.iter().find(|(_, name)| *name == text).map(|(one, _)| *one);
    if found.is_none() {
        let known: Vec<&'static str> = all.iter().map(|(_, name)| *name).collect();
        let nearest = nearest(&text, known.iter().copied()).map(str::to_owned);
        reader.error(
            value,
            Fault::UnknownName {
                what,
                text,
                nearest,
                known,
            },
        );
    }
    found
}

/// Says what an editor may accept for a value that the code reads.
macro_rules! schema {
    ($type:ty, $name:expr, $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

schema!(
    Id,
    "Id",
    json_schema!({"type": "string", "pattern": ID_PATTERN, "maxLength": MAX_ID_CHARS})
);
schema!(
    ParagraphHash,
    "ParagraphHash",
    json_schema!({"type": "string", "pattern": format!("^[0-9a-f]{{{PARAGRAPH_HASH_CHARS}}}$")})
);
schema!(
    Url,
    "Url",
    json_schema!({"type": "string", "pattern": "^https?://[^/\\s<>\"][^\\s<>\"]*$", "maxLength": MAX_URL_CHARS})
);
schema!(Format, "Format", json_schema!({"const": super::FORMAT}));
schema!(
    Paragraph,
    "Paragraph",
    json_schema!({"oneOf": [{"type": "integer", "minimum": 1}, {"enum": ["headline", "caption"]}]})
);
schema!(
    PartialDate,
    "PartialDate",
    json_schema!({"type": "string", "pattern": "^([0-9]{4}|([0-9]{4}-)?[0-9]{2}(-[0-9]{2})?)$"})
);
schema!(Kind, "Kind", json_schema!({"enum": Kind::ALL.map(|(_, name)| name)}));
schema!(
    EntityKind,
    "EntityKind",
    json_schema!({"enum": EntityKind::ALL.map(|(_, name)| name)})
);
schema!(
    StandingName,
    "Standing",
    json_schema!({"enum": StandingName::ALL.map(|(_, name)| name)})
);
schema!(Weekday, "Weekday", json_schema!({"enum": WEEKDAYS}));

impl<const MAX: usize> JsonSchema for Text<MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "maxLength": MAX})
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
