//! The JSON Schema of each file of a briefing, for editors, made from the types that the files are read into.
//!
//! The files under `schema/` are what [`files`] gives; a test says when they are not, and
//! `UPDATE_EXPECT=1 cargo it schema` writes them again. An editor takes them by `.taplo.toml`, or by a first line
//! `#:schema ../../schema/source.schema.json`.
//! Deliberately absent: what a schema cannot say, such as whether an entity exists; `check` says that.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::parse::raw::{RawFacts, RawGlossary, RawSource, RawSynonyms};
use super::parse::value::ParagraphHash;

/// The name and the text of each schema.
#[must_use]
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("source.schema.json", text_of::<RawSource>("A briefing's source")),
        (
            "facts.schema.json",
            text_of::<RawFacts>("The facts and gaps of a topic"),
        ),
        ("glossary.schema.json", text_of::<RawGlossary>("A briefing's glossary")),
        ("synonyms.schema.json", text_of::<RawSynonyms>("A briefing's synonyms")),
    ]
}

fn text_of<T: JsonSchema>(title: &str) -> String {
    // Draft 7 is what editors of TOML (Taplo, Tombi) understand.
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(forget_null));
    let generator = settings.into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    let mut text = format!("{:#}", schema.as_value());
    text.push('\n');
    text
}

/// What is optional in TOML is left out; a null does not exist there.
fn forget_null(schema: &mut Schema) {
    for key in ["type", "enum", "anyOf"] {
        let Some(Value::Array(options)) = schema.get_mut(key) else {
            continue;
        };
        options.retain(|option| *option != "null" && !option.is_null() && option["type"] != "null");
        if let [only] = options.as_slice()
            && key == "type"
        {
            let only = only.clone();
            schema.insert(key.to_owned(), only);
        }
    }
}

/// `[paragraphs]`: each paragraph's name with its hash.
pub(super) fn paragraphs(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "patternProperties": {"^(headline|caption|[1-9][0-9]*)$": generator.subschema_for::<ParagraphHash>()},
        "additionalProperties": false,
    })
}
