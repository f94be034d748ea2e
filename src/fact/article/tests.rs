//! Articles that agree with a briefing, and those that do not.

use expect_test::{Expect, expect};

use super::*;
use crate::fact::files::Files;
use crate::fact::parse::load_against;

const PARAGRAPHS: [(&str, &str); 4] = [
    ("headline", "Harbour wall to be raised"),
    ("1", "The wall will be raised by two metres, the harbour office said."),
    ("2", "Work starts in June."),
    ("3", "“We cannot wait,” the harbour master said."),
];

/// What is said of an article, with these fragments cited from paragraphs.
#[track_caller]
fn check(quotes: &[(&str, &str)], article: &str, expected: &Expect) {
    let hashes = PARAGRAPHS.map(|(name, text)| format!("{name} = \"{}\"", paragraph_hash(text)));
    let source = format!("format = 1\ntitle = \"Harbour wall\"\n[paragraphs]\n{}\n", hashes.join("\n"));
    let cited = ["\"headline\"", "1", "2", "3"].map(|paragraph| format!("[[fact.citation]]\nparagraph = {paragraph}\n"));
    let fragments: Vec<String> = quotes
        .iter()
        .map(|(paragraph, quote)| format!("[[fact.citation]]\nparagraph = {paragraph}\nquote = '{quote}'\n"))
        .collect();
    let facts = "title = \"Works\"\n[[fact]]\nid = \"works\"\nanswer = \"They work.\"\nstanding = \"stated\"\n\
                 gives = [\"what\"]\nphrasings = [\"What?\"]\n"
        .to_owned()
        + &cited.concat()
        + &fragments.concat();
    let files = Files::of_briefing("harbour", &[("source.toml", &source), ("facts/works.toml", &facts)]);
    let article = Article {
        briefing: "harbour".to_owned(),
        path: "article".to_owned(),
        bytes: article.as_bytes().to_vec(),
    };
    let problems = match load_against(&files, &[article]) {
        Ok(loaded) => loaded.warnings,
        Err(problems) => problems,
    };
    let lines: String = problems.iter().map(|problem| problems.plain_lines(problem)).collect();
    expected.assert_eq(&lines);
}

fn plain_text() -> String {
    PARAGRAPHS.map(|(_, text)| text).join("\n\n")
}

fn json_lines() -> String {
    let line = |(name, text): (&str, &str)| {
        let name: serde_json::Value = name.parse::<u32>().map_or_else(|_| name.into(), Into::into);
        format!("{}\n", serde_json::json!({"paragraph": name, "text": text}))
    };
    PARAGRAPHS.map(line).concat()
}

#[test]
fn the_hash_does_not_know_spacing() {
    assert_eq!(
        paragraph_hash("  The wall\n will\tbe raised. "),
        paragraph_hash("The wall will be raised.")
    );
    assert_eq!(paragraph_hash(""), "e3b0c44298fc1c14");
}

#[test]
fn fragments_that_stand_there_are_proved() {
    let quotes = [
        ("1", "raised by two metres"),
        ("3", "We cannot wait,"),
        ("2", "Work starts in June."),
    ];
    for article in [
        plain_text(),
        json_lines(),
        plain_text().replace(' ', " \n ").replace("\n\n", "\r\n \r\n"),
    ] {
        check(&quotes, &article, &expect![""]);
    }
}

#[test]
fn fragments_that_do_not_stand_there_are_told_why() {
    let quotes = [
        ("1", "raised by three metres"),
        ("1", "Work starts in June"),
        ("1", "raised by two metre"),
        ("3", "\"we cannot wait\""),
    ];
    check(
        &quotes,
        &plain_text(),
        &expect![[r#"
        knowledge/harbour/facts/works.toml:18:9: fact `works`: fragment not found in paragraph 1: `raised by three metres`
        hint: a fragment is copied word for word from the cited paragraph; only spacing and line breaks may differ
        knowledge/harbour/facts/works.toml:21:9: fact `works`: fragment not found in paragraph 1: `Work starts in June`
        hint: it stands in paragraph 2
        knowledge/harbour/facts/works.toml:24:9: fact `works`: fragment not found in paragraph 1: `raised by two metre`
        hint: it begins or ends within a word there; quote whole words
        knowledge/harbour/facts/works.toml:27:9: fact `works`: fragment not found in paragraph 3: `"we cannot wait"`
        hint: the article writes `“We cannot wait,”`
    "#]],
    );
}

#[test]
fn blocks_that_were_not_curated_do_no_harm() {
    let article = plain_text().replace("\n\nThe wall", "\n\nBy a reporter\n\nA photo of the wall\n\nThe wall");
    check(&[("1", "raised by two metres")], &article, &expect![""]);
}

#[test]
fn a_changed_paragraph_is_found_by_its_place() {
    let article = plain_text().replace("in June", "in July");
    check(
        &[("2", "starts in June")],
        &article,
        &expect![[r#"
        knowledge/harbour/source.toml:6:5: paragraph 2 is not the one that was curated: its hash is `1139cb70b7ae8c39`
        hint: if this is the right article, check every fact that cites the paragraph, then write `"1139cb70b7ae8c39"`
        knowledge/harbour/facts/works.toml:18:9: fact `works`: fragment not found in paragraph 2: `starts in June`
        hint: a fragment is copied word for word from the cited paragraph; only spacing and line breaks may differ
    "#]],
    );
}

#[test]
fn a_paragraph_that_is_left_out_is_missed_and_nothing_is_guessed() {
    let article = plain_text().replace("Work starts in June.\n\n", "");
    check(
        &[("2", "starts in June")],
        &article,
        &expect![[r#"
        knowledge/harbour/source.toml:6:1: paragraph 2 is not in the article `article`
        hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
    "#]],
    );
    check(&[], "Something else altogether.", &expect![[r#"
        knowledge/harbour/source.toml:4:1: paragraph headline is not in the article `article`
        hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
        knowledge/harbour/source.toml:5:1: paragraph 1 is not in the article `article`
        hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
        knowledge/harbour/source.toml:6:1: paragraph 2 is not in the article `article`
        hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
        knowledge/harbour/source.toml:7:1: paragraph 3 is not in the article `article`
        hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
    "#]]);
}

#[test]
fn bad_lines_are_reported_and_the_others_read() {
    let article = json_lines().replace("\"paragraph\":2", "\"paragraph\":1")
        + "{\"paragraph\": 9, \"text\": \"More.\"}\n{\"text\": 1}\n{";
    check(
        &[],
        &article,
        &expect![[r#"
            knowledge/harbour/source.toml:6:1: paragraph 2 is not in the article `article`
            hint: is it the whole article? blocks of a plain text are known by their hash, else by their order between known ones
            article:3:1: paragraph 1 is given twice
            hint: a paragraph is one line of the file
            article:5:1: paragraph 9 is not in `source.toml`
            hint: add `9 = "2e823667482aae3d"` under `[paragraphs]` of `source.toml`
            article:6:1: not a paragraph: invalid type: integer `1`, expected a string
            hint: a line is `{"paragraph": 1, "text": "…"}`; the paragraph a number from 1, `"headline"` or `"caption"`
            article:7:1: not a paragraph: EOF while parsing an object
            hint: a line is `{"paragraph": 1, "text": "…"}`; the paragraph a number from 1, `"headline"` or `"caption"`
        "#]],
    );
}

#[test]
fn an_empty_article_is_reported() {
    check(&[], " \n\u{feff}\n", &expect![[r#"
        article:1:1: the article holds no text
        hint: give the article's text, as JSON Lines or in blocks separated by blank lines
    "#]]);
}
