//! Fact bases on disk: every folder of `tests/data/bad` gets the messages of its `expected.txt`, and no bytes panic.
//!
//! `UPDATE_EXPECT=1 cargo it knowledge` writes the expected messages anew; read them before committing.

use std::path::Path;

use briefing_bot::fact::files::Files;
use briefing_bot::fact::parse;
use briefing_bot::fact::problem::{Look, Problems, Severity};
use briefing_bot::knowledge_dir;
use expect_test::expect_file;
use proptest::prelude::*;

/// One test for each bad folder, and the list of them.
macro_rules! bad {
    ($($test:ident: $folder:literal,)*) => {
        const FOLDERS: &[&str] = &[$($folder),*];

        $(#[test]
        fn $test() {
            check($folder);
        })*
    };
}

bad! {
    a_table_where_a_list_of_tables_belongs_is_told_how_to_become_one: "citation-in-single-brackets",
    a_claim_needs_its_speaker: "claimed-without-speaker",
    control_characters_are_refused: "control-character",
    ids_are_given_once: "duplicate-id",
    a_topic_has_one_file: "duplicate-topic",
    an_empty_folder_is_no_briefing: "empty-folder",
    text_and_lists_say_something: "empty-text",
    a_briefings_folder_is_not_the_knowledge_folder: "file-outside-a-briefing",
    the_first_phrasing_fits_a_choice: "first-phrasing-too-long",
    another_format_is_said_first_and_alone: "format-of-the-future",
    a_number_says_of_what: "how-many-without-counts",
    an_inference_says_from_what: "inferred-without-source",
    a_key_stands_once: "key-given-twice",
    a_list_that_is_not_closed_is_shown_where_it_begins: "list-not-closed",
    a_misnamed_file_is_not_passed_over_in_silence: "misnamed-file",
    a_briefing_is_named_like_an_id: "misnamed-folder",
    required_keys_are_missed: "missing-key",
    titles_are_required: "missing-title",
    deep_nesting_is_refused: "nested-too-deep",
    a_knowledge_folder_holds_a_briefing: "no-briefing",
    a_briefing_holds_a_fact: "no-fact",
    paragraphs_are_listed: "no-paragraphs",
    a_briefing_has_a_source: "no-source",
    entities_are_in_the_glossary: "no-such-entity",
    a_correction_names_a_fact: "no-such-fact",
    groups_are_in_the_synonyms: "no-such-group",
    cited_paragraphs_exist: "no-such-paragraph",
    a_phrasing_has_words: "no-words",
    dates_exist: "not-a-date",
    a_hash_is_16_lower_case_hex_digits: "not-a-hash",
    kinds_and_standings_are_known_ones: "not-a-kind",
    paragraphs_are_numbers_or_names: "not-a-paragraph",
    a_url_is_a_full_address: "not-an-address",
    ids_are_lower_case_words: "not-an-id",
    a_letter_that_is_not_utf_8_does_not_hide_other_problems: "not-utf-8",
    another_encoding_is_one_problem: "utf-16",
    numbers_have_a_limit: "number-too-large",
    a_group_is_not_its_own_opposite: "own-opposite",
    a_fragment_has_8_words_at_most: "quote-too-long",
    a_quotation_mark_within_text_is_explained: "quote-within-text",
    a_fact_has_one_correction: "retracted-and-superseded",
    problems_of_all_files_come_at_once: "several-files",
    a_name_belongs_to_one_entity: "shared-alias",
    a_phrasing_belongs_to_one_fact_or_gap: "shared-phrasing",
    only_an_inference_says_from_what: "source-without-inference",
    only_a_claim_has_a_speaker: "speaker-without-claim",
    a_gap_corrects_nothing: "superseded-by-gap",
    corrections_do_not_go_in_a_circle: "superseded-in-a-circle",
    a_syntax_error_is_explained: "syntax-error",
    long_text_that_is_not_closed_is_shown_where_it_begins: "text-not-closed",
    text_has_its_limits: "text-too-long",
    text_stands_in_straight_quotes: "text-without-quotes",
    an_unknown_key_names_the_nearest: "unknown-key",
    an_unknown_key_far_from_all_lists_them: "unknown-key-without-near-one",
    warnings_do_not_stop_the_bot: "warnings-only",
    a_wrong_type_does_not_hide_other_problems: "wrong-type",
    a_full_date_has_one_weekday: "wrong-weekday",
}

#[track_caller]
fn check(folder: &str) {
    let path = format!("tests/data/bad/{folder}");
    let files = knowledge_dir::read(Path::new(&path)).unwrap();
    let problems = match parse::load(&files) {
        Ok(loaded) => {
            assert_eq!(folder, "warnings-only", "nothing was found");
            loaded.warnings
        }
        Err(problems) => {
            assert!(problems.n_errors() > 0);
            problems
        }
    };
    expect_file![format!("{}/{path}/expected.txt", env!("CARGO_MANIFEST_DIR"))]
        .assert_eq(&problems.render(Look::Plain));
}

#[test]
fn every_bad_folder_has_its_test() {
    let mut names: Vec<String> = std::fs::read_dir("tests/data/bad")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut tested = FOLDERS.to_vec();
    names.sort();
    tested.sort_unstable();
    assert_eq!(names, tested);
}

#[test]
fn a_good_fact_base_has_nothing_to_report() {
    let files = knowledge_dir::read(Path::new("tests/data/good")).unwrap();
    let loaded = parse::load(&files).unwrap();
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings.render(Look::Plain));
    let briefing = loaded.base.briefing("harbour-works").unwrap();
    assert_eq!(
        briefing.fact("wall-height").unwrap().answer,
        "The harbour office said the wall will be raised by two metres, to six metres in all."
    );
    assert_eq!(briefing.source.published.unwrap().to_string(), "May 2, 2031");
    assert_eq!(briefing.source.paragraphs.len(), 5);
}

#[test]
fn comments_order_and_spacing_do_not_change_the_revision() {
    let files = good_files();
    let revision = parse::load(&of(&files)).unwrap().base.revision;
    let mut changed = files.clone();
    for (_, text) in &mut changed {
        let mut blocks: Vec<String> = text.replace(" = ", "  =  ").split("\n\n").map(str::to_owned).collect();
        // The head of a file stays where it is; its entries change places.
        blocks[1..].reverse();
        *text = format!("# a comment\n{}\n", blocks.join("\n\n\n"));
    }
    // The blocks of `source.toml` are one table each, and a table's keys would change their owner.
    changed[2].1 = files[2].1.clone();
    assert_eq!(parse::load(&of(&changed)).unwrap().base.revision, revision);
    let mut other = files;
    other[0].1 = other[0].1.replace("start in June", "begin in June");
    assert_ne!(parse::load(&of(&other)).unwrap().base.revision, revision);
}

#[test]
fn a_problem_is_also_two_plain_lines_for_a_chat_message() {
    let files = knowledge_dir::read(Path::new("tests/data/bad/unknown-key")).unwrap();
    let problems = parse::load(&files).unwrap_err();
    let first = problems.iter().next().unwrap();
    assert_eq!(
        problems.plain_lines(first),
        "tests/data/bad/unknown-key/harbour-works/facts/works.toml:18:1: fact `works-start`: unknown key `anwser`\n\
         hint: did you mean `answer`?\n"
    );
}

#[test]
fn a_flood_of_problems_is_counted_and_an_error_in_it_is_never_lost() {
    let many = "[[group]]\nid = \"a\"\nwords = [\"x\"]\ncolour = 1\n".repeat(5_000);
    let problems = parse::load(&Files::of_briefing("harbour-works", &[("synonyms.toml", &many)])).unwrap_err();
    assert!(problems.len() >= 5_000, "{}", problems.len());
    assert!(problems.iter().count() <= 500);
    assert!(problems.render(Look::Plain).contains("more\n"));
}

#[test]
fn huge_lists_are_read_and_reported_once() {
    let text = format!("title = \"x\"\n[[fact]]\nphrasings = [{}]\n", "\"a?\",".repeat(200_000));
    let problems = parse::load(&Files::of_briefing("harbour-works", &[("facts/works.toml", &text)])).unwrap_err();
    assert!(problems.render(Look::Plain).len() < 1_000_000);
}

/// The good fact base as (name, text).
fn good_files() -> Vec<(String, String)> {
    ["facts/works.toml", "glossary.toml", "source.toml", "synonyms.toml"]
        .map(|name| {
            let text = std::fs::read_to_string(format!("tests/data/good/harbour-works/{name}")).unwrap();
            (name.to_owned(), text)
        })
        .to_vec()
}

fn of(files: &[(String, String)]) -> Files {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Files::of_briefing("harbour-works", &files)
}

/// Draws everything, in both looks, as every problem must survive it.
pub(crate) fn draw(problems: &Problems) {
    let plain = problems.render(Look::Plain);
    let is_safe = |character: char| character == '\n' || !character.is_control();
    assert!(plain.chars().all(is_safe), "{plain:?}");
    assert!(problems.is_empty() || !problems.render(Look::Coloured).is_empty());
    for problem in problems.iter() {
        assert!(problem.severity == Severity::Warning || !problems.plain_lines(problem).is_empty());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), which in 0..4_usize) {
        let mut files = of(&good_files());
        files.folders[0].files[which].content = briefing_bot::fact::files::Content::Bytes(bytes);
        match parse::load(&files) {
            Ok(loaded) => draw(&loaded.warnings),
            Err(problems) => draw(&problems),
        }
    }

    #[test]
    fn no_damage_to_a_good_file_makes_the_parser_panic(
        which in 0..4_usize,
        at in 0.0..1.0_f64,
        n_removed in 0..40_usize,
        inserted in "[\\[\\]{}\"'=#.,\n\r\t \u{0}\u{feff}é“a-z0-9]{0,6}",
    ) {
        let mut files = good_files();
        let characters: Vec<char> = files[which].1.chars().collect();
        let start = (at * characters.len() as f64) as usize;
        let end = (start + n_removed).min(characters.len());
        files[which].1 = characters[..start].iter().copied().chain(inserted.chars()).chain(characters[end..].iter().copied()).collect();
        match parse::load(&of(&files)) {
            Ok(loaded) => draw(&loaded.warnings),
            Err(problems) => draw(&problems),
        }
    }
}
