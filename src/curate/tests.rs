//! A curator's eye on a small invented briefing, and drafts from small invented articles.

use expect_test::{Expect, expect};

use super::collisions::{HeldOut, N_FOLDS, ask_fold, collisions, shares};
use super::*;
use crate::diff::Name;
use crate::fact::FactBase;
use crate::fact::article::Article;
use crate::fact::files::Files;
use crate::fact::limits::MAX_QUOTE_WORDS;
use crate::fact::marks::Marks;
use crate::fact::parse;

const ARTICLE: &str = "Harbour wall to be raised

PORTGATE (Coast Wire) - The wall of Portgate will be raised by 2 metres, the harbour master said on Friday.

\"The old crane moves to the east pier,\" the harbour master added. Works begin on June 3 and last 14 weeks.
";

const FACTS: &str = r#"title = "Works"
[[fact]]
id = "wall"
answer = "The harbour master said on Friday that the wall of Portgate will be raised by 2 metres."
standing = "claimed"
speaker = "harbour-master"
gives = ["how-many"]
counts = ["metres"]
entities = ["harbour-master", "portgate"]
phrasings = [
    "How high will the wall be?", "By how many metres is the wall raised?", "wall height", "What is done to the wall?",
    "Will they raise the sea defence?", "How tall is Portgate's new wall?",
]
[[fact.citation]]
paragraph = 1
quote = "raised by 2 metres"
[[fact]]
id = "crane"
answer = "The old crane moves to the east pier, the harbour master said."
standing = "claimed"
speaker = "harbour-master"
gives = ["where"]
entities = ["harbour-master"]
phrasings = [
    "Where does the crane go?", "Which pier gets the crane?", "crane new place", "What happens to the old crane?",
    "Is the crane moved to the east pier?", "Where will the lifting gear stand?",
]
[[fact.citation]]
paragraph = 2
quote = "crane moves to the east pier"
[[fact]]
id = "works"
answer = "Works begin on June 3 and last 14 weeks."
standing = "stated"
gives = ["when", "how-many"]
counts = ["weeks"]
date = { on = "06-03", order = 1 }
phrasings = [
    "When do the works begin?", "On which day do they start building?", "For how many weeks will it last?",
    "start of works", "How long is the building site open?", "When is the first day of construction?",
]
[[fact.citation]]
paragraph = 2
quote = "Works begin on June 3"
"#;
const GLOSSARY: &str = r#"[[entity]]
id = "harbour-master"
name = "the harbour master"
kind = "body"
[[entity]]
id = "portgate"
name = "Portgate"
kind = "place"
aliases = ["the town"]
"#;

/// The facts of the article, with these changes: each replaces a text by another.
fn files(changes: &[(&str, &str)]) -> Files {
    let draft = draft::draft(ARTICLE);
    let source = draft.files[0].1.replace("todo = ", "# ");
    let texts = [
        ("facts/works.toml", FACTS.to_owned()),
        ("glossary.toml", GLOSSARY.to_owned()),
        ("source.toml", source),
    ];
    let changed = texts.map(|(name, mut text)| {
        for (from, to) in changes {
            text = text.replace(from, to);
        }
        (name, text)
    });
    let borrowed: Vec<(&str, &str)> = changed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Files::of_briefing("harbour", &borrowed)
}

fn load(changes: &[(&str, &str)]) -> (FactBase, Marks) {
    let article = Article {
        briefing: "harbour".to_owned(),
        path: "harbour.txt".to_owned(),
        bytes: ARTICLE.as_bytes().to_vec(),
    };
    let (loaded, marks) = parse::load_marked(&files(changes), &[article])
        .unwrap_or_else(|problems| panic!("{}", problems.render(crate::fact::problem::Look::Plain)));
    (loaded.base, marks)
}

/// The remarks on the facts with these changes, as lines without hints.
#[track_caller]
fn check(changes: &[(&str, &str)], expected: &Expect) {
    let (base, marks) = load(changes);
    let snapshot = Snapshot::new(base);
    let mut found = remarks(&snapshot);
    for (index, briefing) in snapshot.base().briefings.iter().enumerate() {
        let items = coverage::items(briefing, index, snapshot.matcher(), marks.article(&briefing.id));
        found.extend(items.iter().filter_map(|item| coverage::uncovered(briefing, item)));
    }
    let problems = marks.warnings(found);
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            problems
                .plain_lines(problem)
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_good_briefing_gets_no_remark() {
    check(&[], &expect![""]);
}

#[test]
fn what_no_fact_covers_is_shown_in_the_article() {
    check(
        &[
            ("June 3 and last 14", "June 3 and last some"),
            ("quote = \"crane moves to the east pier\"", ""),
        ],
        &expect!["harbour.txt:5:98: warning: no fact that cites paragraph 2 has the number `14`"],
    );
}

#[test]
fn thin_facts_and_kinds_that_nobody_asks_are_named() {
    check(
        &[
            (
                "\"Where does the crane go?\", \"Which pier gets the crane?\", \"crane new place\", ",
                "",
            ),
            (
                "Where will the lifting gear stand?",
                "Is the crane moved to that east pier?",
            ),
            ("gives = [\"where\"]", "gives = [\"where\", \"why\"]"),
        ],
        &expect![[r#"
            knowledge/harbour/facts/works.toml:18:6: warning: fact `crane`: thin: 3 phrasings, and 6 at least are advised
            knowledge/harbour/facts/works.toml:18:6: warning: fact `crane`: it gives `where`, and no phrasing of it or of a fact beside it asks `where`
            knowledge/harbour/facts/works.toml:18:6: warning: fact `crane`: it gives `why`, and no phrasing of it or of a fact beside it asks `why`"#]],
    );
}

#[test]
fn dated_words_dead_aliases_and_what_is_unused_are_named() {
    check(
        &[
            ("Works begin on June 3", "Works begin tomorrow, on June 3"),
            (
                "quote = \"Works begin tomorrow, on June 3\"",
                "quote = \"begin on June 3\"",
            ),
            (
                "aliases = [\"the town\"]",
                "aliases = [\"the town\", \"that town\", \"towns\"]\n[[entity]]\nid = \"ferry\"\nname = \"the ferry\"\nkind = \"thing\"",
            ),
        ],
        &expect![[r#"
            knowledge/harbour/facts/works.toml:33:10: warning: fact `works`: `tomorrow` is of its day, and the answer will be read later
            knowledge/harbour/glossary.toml:9:37: warning: entity `portgate`: `towns` adds nothing to `the town`
            knowledge/harbour/glossary.toml:11:6: warning: entity `ferry`: nothing is said of it: no fact and no gap names it"#]],
    );
}

#[test]
fn every_phrasing_is_left_out_once_and_asked_of_a_base_without_it() {
    let (base, _) = load(&[]);
    let held_out: Vec<_> = (0..N_FOLDS).flat_map(|fold| ask_fold(&base, fold)).collect();
    assert_eq!(held_out.len(), 18);
    let mut phrasings: Vec<&str> = held_out.iter().map(|held_out| held_out.phrasing.as_str()).collect();
    phrasings.sort_unstable();
    phrasings.dedup();
    assert_eq!(phrasings.len(), 18);
    let shares = shares(&held_out);
    assert!(
        shares.find_their_own.is_some_and(|share| share > 0.6),
        "{shares:?}: {held_out:?}"
    );
    assert!(shares.win <= shares.find_their_own, "{shares:?}");
    assert_eq!(shares.stay_open, None);
    assert_eq!(collisions(&held_out), [], "{held_out:?}");
}

/// A held-out question of one fact or gap with another as its rival.
fn held_out(owner: &str, rival: &str, margin: f32) -> HeldOut {
    let name = |id: &str| Name {
        briefing: "harbour".to_owned(),
        id: id.trim_start_matches("gap ").to_owned(),
        is_gap: id.starts_with("gap "),
    };
    HeldOut {
        owner: name(owner),
        phrasing: format!("{owner} {margin}?"),
        rival: Some(name(rival)),
        margin,
        is_first_of_facts: margin > 0.0,
    }
}

#[test]
fn two_that_take_more_than_they_leave_collide() {
    let questions = [
        held_out("wall", "crane", -0.5),
        held_out("crane", "wall", -0.2),
        held_out("crane", "wall", 0.1),
        held_out("crane", "works", -0.9),
        held_out("works", "wall", 0.9),
    ];
    let found = collisions(&questions);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].n_disputed, found[0].n_lost), (3, 2));
    assert!((found[0].margin + 0.2).abs() < 1e-6, "{found:?}");
    assert_eq!(found[0].worst.phrasing, "wall -0.5?");
}

#[test]
fn what_is_held_on_the_whole_is_rare_or_between_gaps_is_no_collision() {
    let held = [-0.1, -0.1, 0.3].map(|margin| held_out("wall", "crane", margin));
    let rare = [-0.5, -0.5].map(|margin| held_out("wall", "works", margin));
    let gaps = [-0.5; 3].map(|margin| held_out("gap cost", "gap date", margin));
    assert_eq!(collisions(&[held.to_vec(), rare.to_vec(), gaps.to_vec()].concat()), []);
    let with_fact = [-0.5; 3].map(|margin| held_out("gap cost", "wall", margin));
    assert_eq!(collisions(&with_fact).len(), 1);
}

#[test]
fn a_draft_loads_says_what_is_to_do_and_holds_no_sentence_of_the_article() {
    let draft = draft::draft(ARTICLE);
    assert_eq!((draft.n_paragraphs, draft.n_facts, draft.n_left_out), (3, 3, 0));
    let files = written(&draft);
    let article = Article {
        briefing: "harbour".to_owned(),
        path: "harbour.txt".to_owned(),
        bytes: ARTICLE.as_bytes().to_vec(),
    };
    let loaded = parse::load_against(&files, &[article])
        .unwrap_or_else(|problems| panic!("{}", problems.render(crate::fact::problem::Look::Plain)));
    assert_eq!(loaded.base.n_facts(), 0);
    let is_todo = |problem: &&crate::fact::problem::Problem| matches!(problem.fault, Fault::Todo { .. });
    assert_eq!(
        loaded.warnings.iter().filter(is_todo).count(),
        1 + draft.n_facts + draft.n_entities
    );
    assert_eq!(sentence_in(&draft, ARTICLE), None);
}

/// The files of a draft as they would be read.
fn written(draft: &draft::Draft) -> Files {
    let mut named: Vec<(&str, &str)> = draft
        .files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    named.sort_unstable();
    Files::of_briefing("harbour", &named)
}

/// Words of a text that stand in a draft in a row, if there are more of them than a fragment may have.
fn sentence_in(draft: &draft::Draft, text: &str) -> Option<String> {
    let written: String = draft.files.iter().map(|(_, text)| text.as_str()).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut runs = words.windows(MAX_QUOTE_WORDS + 1).map(|run| run.join(" "));
    runs.find(|run| written.contains(run))
}

#[test]
fn a_cry_a_missing_headline_and_control_signs_make_a_draft_like_any() {
    let cry = "THE WALL WILL BE RAISED BY TWO METRES IN EVERY PART OF THE OLD TOWN BEFORE WINTER COMES TO THE COAST.";
    let paragraph = "the wall of portgate will be raised by two metres, ".repeat(6) + "and more.";
    for text in [
        format!("Harbour wall to be raised\nBy the \u{7}port desk\n\n{cry}\n"),
        format!("{paragraph}\n\n{cry}\n"),
    ] {
        let draft = draft::draft(&text);
        let loaded = parse::load(&written(&draft));
        assert!(
            loaded.is_ok(),
            "{:?}",
            loaded.map_err(|problems| problems.render(crate::fact::problem::Look::Plain))
        );
        assert_eq!(
            sentence_in(&draft, &text.replace("Harbour wall to be raised", "")),
            None
        );
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn a_draft_of_any_words_loads(
        words in proptest::collection::vec(
            "[A-Z]{2,12}|[A-Z][a-z]{2,9}|[a-z]{2,9}|[a-z]{2,9}[.?]|\"[a-z]{3,9}|[a-z]{3,9}\"|[0-9]{1,4}|June 3|of|the|said|By|\n\n|\u{7}",
            0..80,
        ),
    ) {
        let text = format!("Harbour wall\n\nThe wall is raised by 2 metres.\n\n{}", words.join(" "));
        let draft = draft::draft(&text);
        let loaded = parse::load(&written(&draft));
        proptest::prop_assert!(
            loaded.is_ok(),
            "{}",
            loaded.map_err(|problems| problems.render(crate::fact::problem::Look::Plain)).unwrap_err()
        );
        for (_, paragraph) in &draft::blocks(&text).paragraphs {
            proptest::prop_assert_eq!(sentence_in(&draft, paragraph), None);
        }
    }
}

#[test]
fn a_draft_proposes_the_speaker_the_kinds_the_names_and_a_fragment() {
    let draft = draft::draft(ARTICLE);
    let last = draft.files[1].1.rsplit_once("[[fact]]").unwrap_or_default().1;
    let first = draft.files[1].1.split("[[fact]]").nth(2).unwrap_or_default();
    let lines: Vec<&str> = first
        .lines()
        .chain(last.lines())
        .filter(|line| !line.starts_with('#'))
        .collect();
    expect![[r#"

        id = "p2-1"
        todo = "write the answer to this sentence of paragraph 2"
        standing = "claimed"
        speaker = "harbour-master"
        gives = ["what", "said", "who"]
        entities = ["harbour-master"]
        [[fact.citation]]
        paragraph = 2
        speaker = "harbour-master"
        quote = "The old crane moves to the"


        id = "p2-2"
        todo = "write the answer to this sentence of paragraph 2 (it names June 3; 14)"
        standing = "stated"
        gives = ["what", "how-many", "when"]
        counts = ["weeks"]
        entities = []
        [[fact.citation]]
        paragraph = 2
        quote = "and last 14 weeks""#]]
    .assert_eq(&lines.join("\n"));
    let glossary: Vec<&str> = draft.files[2]
        .1
        .lines()
        .filter(|line| line.starts_with("name") || line.starts_with("kind"))
        .collect();
    expect![[r#"
        name = "Coast Wire"
        kind = "thing"
        name = "Portgate"
        kind = "thing"
        name = "harbour master"
        kind = "body""#]]
    .assert_eq(&glossary.join("\n"));
}

#[test]
fn a_draft_gives_to_a_speaker_what_the_next_sentence_and_paragraph_go_on_with() {
    let article = "Ferry returns after repairs\n\n\
                   LUNE HARBOUR, March 3 (Coast Wire) -- The ferry sails again on Saturday.\n\n\
                   \"She is quieter,\" the harbour master said. \"The crossing takes 18.5 minutes.\"\n\n\
                   He added that 3.2 million crowns were spent on it.\n";
    let files = draft::draft(article).files;
    assert!(files[0].1.contains("agencies = [\"Coast Wire\"]"), "{}", files[0].1);
    let facts: Vec<&str> = files[1].1.split("[[fact]]").skip(1).collect();
    let is_claimed = |fact: &&str| fact.contains("standing = \"claimed\"\nspeaker = \"harbour-master\"");
    let claimed: Vec<bool> = facts.iter().map(is_claimed).collect();
    assert_eq!(claimed, [false, true, true, true], "{}", files[1].1);
    assert!(facts[2].contains("counts = [\"minutes\"]"), "{}", facts[2]);
    assert!(facts[3].contains("counts = [\"crowns\"]"), "{}", facts[3]);
}
