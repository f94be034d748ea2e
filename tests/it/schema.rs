//! The JSON Schemas for editors: as the code has them, and as strict as the reader of the files.
//!
//! `UPDATE_EXPECT=1 cargo it schema` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use briefing_bot::fact::files::{Content, Files};
use briefing_bot::fact::problem::Fault;
use briefing_bot::fact::{parse, schema};
use briefing_bot::knowledge_dir;
use expect_test::expect_file;
use serde_json::Value;

#[test]
fn schema_files_are_current() {
    for (name, text) in schema::files() {
        expect_file![format!("{}/schema/{name}", env!("CARGO_MANIFEST_DIR"))].assert_eq(&text);
    }
}

#[test]
fn what_the_reader_takes_is_valid() {
    let files = knowledge_dir::read(Path::new("tests/data/good")).unwrap();
    for file in &files.folders[0].files {
        let errors = violations(&file.name, &text_of(&file.content));
        assert!(errors.is_empty(), "{}: {errors:?}", file.name);
    }
}

#[test]
fn what_one_file_shows_to_be_wrong_is_invalid() {
    for (folder, name) in [
        ("unknown-key", "facts/works.toml"),
        ("unknown-key-without-near-one", "source.toml"),
        ("missing-key", "facts/works.toml"),
        ("missing-title", "source.toml"),
        ("empty-text", "facts/works.toml"),
        ("wrong-type", "source.toml"),
        ("wrong-type", "facts/works.toml"),
        ("citation-in-single-brackets", "facts/works.toml"),
        ("not-an-id", "facts/works.toml"),
        ("not-a-kind", "facts/works.toml"),
        ("not-a-kind", "glossary.toml"),
        ("not-a-paragraph", "source.toml"),
        ("not-a-paragraph", "facts/works.toml"),
        ("not-a-hash", "source.toml"),
        ("not-a-date", "facts/works.toml"),
        ("not-an-address", "source.toml"),
        ("text-too-long", "facts/works.toml"),
        ("format-of-the-future", "source.toml"),
    ] {
        let text = std::fs::read_to_string(format!("tests/data/bad/{folder}/harbour-works/{name}")).unwrap();
        assert!(!violations(name, &text).is_empty(), "{folder}: {name}");
    }
}

#[test]
fn the_schema_has_the_keys_that_the_reader_knows() {
    for (file, table, definition) in [
        ("source.toml", "", ""),
        ("source.toml", "[as_of]", "AsOf"),
        ("facts/works.toml", "", ""),
        ("facts/works.toml", "[[fact]]", "Fact"),
        ("facts/works.toml", "[[fact]]\n[[fact.citation]]", "Citation"),
        ("facts/works.toml", "[[fact]]\n[fact.claim]", "Claim"),
        ("facts/works.toml", "[[fact]]\n[fact.date]", "Date"),
        ("facts/works.toml", "[[gap]]", "Gap"),
        ("glossary.toml", "", ""),
        ("glossary.toml", "[[entity]]", "Entity"),
        ("synonyms.toml", "", ""),
        ("synonyms.toml", "[[group]]", "Group"),
    ] {
        let text = format!("{table}\nzzz = 1\n");
        let problems = parse::load(&Files::of_briefing("harbour-works", &[(file, &text)])).unwrap_err();
        let known: BTreeSet<String> = problems
            .iter()
            .find_map(|problem| match &problem.fault {
                Fault::UnknownKey { known, .. } => Some(known.iter().map(|key| (*key).to_owned()).collect()),
                _ => None,
            })
            .unwrap();
        let schema = schema_of(file);
        let table = if definition.is_empty() {
            &schema
        } else {
            &schema["definitions"][definition]
        };
        let keys: BTreeSet<String> = table["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, known, "{file} {definition}");
        assert_eq!(table["additionalProperties"], Value::Bool(false), "{file} {definition}");
    }
}

fn schema_of(file: &str) -> Value {
    let stem = if file.starts_with("facts/") {
        "facts"
    } else {
        file.strip_suffix(".toml").unwrap()
    };
    let name = format!("{stem}.schema.json");
    let (_, text) = schema::files().into_iter().find(|(other, _)| *other == name).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn violations(file: &str, text: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema_of(file)).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let instance = json_of(toml::Value::Table(table));
    validator
        .iter_errors(&instance)
        .map(|error| error.to_string())
        .collect()
}

/// The value as an editor's schema sees it: dates are text.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is_true) => is_true.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(array) => array.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json_of(value))).collect(),
    }
}

fn text_of(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => String::from_utf8(bytes.clone()).unwrap(),
        Content::Refused(refusal) => refusal.to_string(),
    }
}
