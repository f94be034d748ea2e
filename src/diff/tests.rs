//! Changes between small fact bases, and the answers that they change.

use expect_test::expect;

use super::*;
use crate::engine::Snapshot;
use crate::fact::files::Files;
use crate::fact::parse;

const SOURCE: &str = "format = 1\ntitle = \"Harbour wall\"\n[paragraphs]\n1 = \"0011223344556677\"\n";
const FACTS: &str = r#"title = "Works"
[[fact]]
id = "wall-height"
answer = "The wall will be raised by two metres."
standing = "stated"
gives = ["what"]
phrasings = ["How high will the wall be?", "What happens to the wall?"]
[[fact.citation]]
paragraph = 1
[[fact]]
id = "crane"
answer = "The crane moves to the east pier."
standing = "stated"
gives = ["where"]
phrasings = ["Where does the crane go?"]
[[fact.citation]]
paragraph = 1
[[gap]]
id = "cost"
answer = "The briefing does not say what it costs."
phrasings = ["What does it cost?"]
"#;

fn base(facts: &str) -> FactBase {
    let files = Files::of_briefing("harbour", &[("source.toml", SOURCE), ("facts/works.toml", facts)]);
    parse::load(&files).unwrap().base
}

#[test]
fn equal_bases_have_no_change() {
    let (old, new) = (base(FACTS), base(FACTS));
    let changes = Changes::between(&old, &new);
    assert!(changes.is_empty());
    assert_eq!(changes.summary(), "no change");
    let questions = own_questions(&old, &new);
    assert_eq!(questions.len(), 4);
    assert_eq!(
        answers(&Snapshot::new(old.clone()), &Snapshot::new(new.clone()), questions),
        []
    );
}

#[test]
fn an_order_that_says_nothing_is_no_change() {
    let with = |aliases: &str, agent: &str| {
        let facts = FACTS.replacen(
            "gives = [\"where\"]",
            &format!("gives = [\"where\"]\nclaim = {{ agent = {agent} }}"),
            1,
        );
        let glossary = format!(
            "[[entity]]\nid = \"pier\"\nname = \"East pier\"\nkind = \"place\"\naliases = {aliases}\nparagraphs = [1]\n\
             [[entity]]\nid = \"crane\"\nname = \"the crane\"\nkind = \"thing\"\nparagraphs = [1]\n"
        );
        let files = [
            ("source.toml", SOURCE),
            ("facts/works.toml", &facts),
            ("glossary.toml", &glossary),
        ];
        parse::load(&Files::of_briefing("harbour", &files)).unwrap().base
    };
    let old = with("[\"quay\", \"mole\"]", "[\"pier\", \"crane\"]");
    let new = with("[\"mole\", \"quay\"]", "[\"crane\", \"pier\"]");
    assert_ne!(old.briefings, new.briefings);
    assert_eq!(old.revision, new.revision);
    assert!(Changes::between(&old, &new).is_empty());
    let other = with("[\"mole\"]", "[\"pier\"]");
    let changes = Changes::between(&old, &other);
    assert_eq!(changes.parts, ["harbour: glossary"]);
    assert_eq!(changes.reworded[0].keys, ["claim"]);
}

#[test]
fn added_removed_and_reworded_are_told_apart() {
    let new = FACTS
        .replace("by two metres", "by three metres")
        .replace("\"What happens to the wall?\"", "\"What becomes of the wall?\"")
        .replace("id = \"crane\"", "id = \"crane-move\"");
    let changes = Changes::between(&base(FACTS), &base(&new));
    assert_eq!(changes.summary(), "1 added, 1 removed, 1 reworded");
    expect![[r#"
        - fact harbour/crane
            The crane moves to the east pier.
        + fact harbour/crane-move
            The crane moves to the east pier.
        ~ fact harbour/wall-height (answer, phrasings)
          - The wall will be raised by two metres.
          + The wall will be raised by three metres.
          - “What happens to the wall?”
          + “What becomes of the wall?”"#]]
    .assert_eq(&changes.paragraphs().join("\n"));
}

#[test]
fn the_order_of_phrasings_matters_for_the_first_only() {
    let reordered = FACTS.replace(
        "\"How high will the wall be?\", \"What happens to the wall?\"",
        "\"What happens to the wall?\", \"How high will the wall be?\"",
    );
    let changes = Changes::between(&base(FACTS), &base(&reordered));
    assert_eq!(changes.reworded[0].keys, ["phrasings"]);
    assert!(changes.reworded[0].phrasings_added.is_empty());
}

#[test]
fn a_question_whose_fact_is_gone_changes_its_answer_and_another_does_not() {
    let renamed = FACTS.replace("id = \"crane\"", "id = \"crane-move\"");
    let (old, new) = (Snapshot::new(base(FACTS)), Snapshot::new(base(&renamed)));
    let changed = answers(&old, &new, ["Where does the crane go?", "What does it cost?"]);
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(
        (changed[0].before.names().as_str(), changed[0].after.names().as_str()),
        ("crane", "crane-move")
    );
}

#[test]
fn a_reworded_answer_is_a_changed_answer() {
    let reworded = FACTS.replace("to the east pier", "over to the east pier");
    let (old, new) = (Snapshot::new(base(FACTS)), Snapshot::new(base(&reworded)));
    let changed = answers(&old, &new, ["Where does the crane go?"]);
    expect![[r"
        ? Where does the crane go?
          ~ crane: The crane moves over to the east pier."]]
    .assert_eq(&changed[0].to_string());
}

#[test]
fn a_new_briefing_is_a_part() {
    let old = base(FACTS);
    let mut second = old.briefings[0].clone();
    second.id = "quay".to_owned();
    let new = FactBase::new(vec![old.briefings[0].clone(), second]);
    assert_eq!(Changes::between(&old, &new).parts, ["quay: new briefing"]);
    assert_eq!(Changes::between(&new, &old).parts, ["quay: briefing removed"]);
    assert_eq!(Changes::between(&old, &new).added.len(), 3);
}
