//! Bodies at the limits and one past them, and the look of each kind of reply.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::answer::statements::{Statement, Statements};
use crate::answer::{Outcome, Reason};
use crate::discord::custom_id::CustomId;
use crate::fact::{Briefing, Fact, FactRef, Revision, Source, Standing};

fn asker() -> NonZeroU64 {
    NonZeroU64::new(42).unwrap()
}

fn fact(id: &str, question: &str) -> Fact {
    Fact {
        id: id.to_owned(),
        topic: "works".to_owned(),
        answer: "The wall will be six metres high.".to_owned(),
        standing: Standing::Stated,
        gives: Vec::new(),
        counts: Vec::new(),
        entities: Vec::new(),
        claim: None,
        date: None,
        featured: false,
        correction: None,
        phrasings: [question].into_iter().collect(),
        citations: Vec::new(),
    }
}

fn base(n_facts: usize) -> FactBase {
    FactBase::new(vec![Briefing {
        id: "harbour".to_owned(),
        source: Source {
            title: "Harbour wall to be raised".to_owned(),
            agencies: Vec::new(),
            publisher: None,
            published: None,
            url: None,
            as_of: None,
            paragraphs: Vec::new(),
        },
        topics: Vec::new(),
        facts: (0..n_facts)
            .map(|n| fact(&format!("fact-{n}"), &format!("Question {n}?")))
            .collect(),
        gaps: Vec::new(),
        entities: Vec::new(),
        synonyms: Vec::new(),
    }])
}

fn suggestion(n: usize, question: &str) -> Suggestion {
    Suggestion {
        fact: FactRef {
            briefing: "harbour".to_owned(),
            fact: format!("fact-{n}"),
        },
        question: question.to_owned(),
        confidence: 0.4,
    }
}

fn an_answer(text: Option<&str>, message: &str, suggestions: Vec<Suggestion>) -> Answer {
    Answer {
        outcome: if text.is_some() { Outcome::Answer } else { Outcome::None },
        reason: Reason::Found,
        confidence: 0.9,
        text: text.map(str::to_owned),
        facts: Vec::new(),
        briefing: None,
        revision: Revision::of(&[]),
        citations: Vec::new(),
        suggestions,
        unknown_terms: Vec::new(),
        gap: None,
        message: message.to_owned(),
    }
}

/// A private reply to a choice: without buttons of its own, so that these tests see the rest.
fn frame(base: &FactBase) -> Frame<'_> {
    Frame {
        base,
        asker: asker(),
        question: None,
        related: Vec::new(),
        visibility: Visibility::Private,
    }
}

fn shown_with(answer: &Answer, n_facts: usize) -> Body {
    super::answer(answer, &frame(&base(n_facts)), &Notes::default())
}

#[track_caller]
fn check(body: &Body, expected: &Expect) {
    let buttons = body.components.iter().flat_map(|row| &row.components);
    let buttons: Vec<_> = buttons
        .map(|button| format!("[{}] {}", button.label, button.custom_id))
        .collect();
    expected.assert_eq(&format!("{}\n{}", body.content, buttons.join("\n")));
}

#[track_caller]
fn assert_fits(body: &Body) {
    let descriptions: Vec<usize> = body
        .embeds
        .iter()
        .map(|embed| embed.description.chars().count())
        .collect();
    assert!(
        body.content.chars().count() <= 2000,
        "content of {}",
        body.content.chars().count()
    );
    assert!(!body.content.is_empty() || !body.embeds.is_empty(), "nothing at all");
    assert!(
        descriptions.iter().all(|chars| (1..=4096).contains(chars)),
        "{descriptions:?}"
    );
    assert!(
        descriptions.len() <= 10 && descriptions.iter().sum::<usize>() <= 6000,
        "{descriptions:?}"
    );
}

#[test]
fn an_answer_is_its_claim_with_small_print_below() {
    let message = "The wall will be six metres high.\n\nStated by the reporter.\nAs of Friday, May 2.";
    let answer = an_answer(Some("The wall will be six metres high."), message, Vec::new());
    check(
        &shown_with(&answer, 0),
        &expect![[r#"
            The wall will be six metres high.
            -# Stated by the reporter.
            -# As of Friday, May 2.
            [Helpful] 1:v:h:
            [Not helpful] 1:v:n:"#]],
    );
}

#[test]
fn the_open_part_of_a_question_is_no_small_print_and_the_source_of_a_gap_is() {
    let message =
        "Six metres.\nAs to the rest of your question: it does not say.\nStated by the reporter.\nSource: “x”.";
    check(
        &shown_with(&an_answer(Some("Six metres."), message, Vec::new()), 0),
        &expect![[r#"
            Six metres.
            As to the rest of your question: it does not say.
            -# Stated by the reporter.
            -# Source: “x”.
            [Helpful] 1:v:h:
            [Not helpful] 1:v:n:"#]],
    );
    let message = "The briefing does not say what it costs.\nSource: “x”, paragraph 3.\nThis is old news: May 2 was \
                   9 months ago.";
    check(
        &shown_with(&an_answer(None, message, Vec::new()), 0),
        &expect![[r"
            The briefing does not say what it costs.
            -# Source: “x”, paragraph 3.
            -# This is old news: May 2 was 9 months ago.
        "]],
    );
}

#[test]
fn a_question_that_its_button_carries_in_full_is_not_listed_above_it() {
    let long = "Why ".repeat(25);
    let long = long.trim();
    let message = format!("Did you mean:\n- How high?\n- {long}");
    let answer = an_answer(None, &message, vec![suggestion(0, "How high?"), suggestion(1, long)]);
    assert_eq!(shown_with(&answer, 2).content, format!("Did you mean:\n- {long}"));
}

#[test]
fn suggestions_are_buttons_each_once_and_only_of_facts_that_exist() {
    let suggestions = vec![
        suggestion(0, "How high?"),
        suggestion(0, "How high?"),
        suggestion(9, "Gone?"),
    ];
    let answer = an_answer(None, "Did you mean one of these?", suggestions);
    let body = shown_with(&answer, 1);
    assert_eq!(body.content, "Did you mean one of these?");
    let buttons = &body.components[0].components;
    assert_eq!(buttons.len(), 1);
    assert_eq!(buttons[0].label, "How high?");
    assert!(CustomId::decode(&buttons[0].custom_id).is_some());
}

#[test]
fn a_long_question_is_cut_for_its_button() {
    let question = "Why ".repeat(25);
    let answer = an_answer(None, "Did you mean this?", vec![suggestion(0, &question)]);
    let label = &shown_with(&answer, 1).components[0].components[0].label;
    assert_eq!(label.chars().count(), 80);
    assert!(label.ends_with('…'));
}

#[test]
fn markup_of_a_question_is_not_alive_in_the_answer() {
    let answer = an_answer(None, "The briefing does not speak of “**@everyone** <@5>”.", Vec::new());
    let body = shown_with(&answer, 0);
    assert_eq!(
        body.content,
        "The briefing does not speak of “\\*\\*@\u{200b}everyone\\*\\* \\<@\u{200b}5>”."
    );
}

#[test]
fn text_at_the_limit_stays_in_the_content_and_one_past_it_goes_into_an_embed() {
    let at = fit(&"x".repeat(2000));
    assert_eq!((at.content.len(), at.embeds.len()), (2000, 0));
    let past = fit(&"x".repeat(2001));
    assert_eq!((past.content.len(), past.embeds.len()), (0, 1));
    assert_fits(&past);
}

#[test]
fn nothing_is_lost_up_to_six_thousand_characters_and_one_past_them_says_so() {
    let text = "word ".repeat(1200);
    let body = fit(text.trim_end());
    assert_fits(&body);
    let joined: Vec<_> = body.embeds.iter().map(|embed| embed.description.as_str()).collect();
    assert_eq!(joined.join(" "), text.trim_end());
    let body = fit(&"x".repeat(6001));
    assert_fits(&body);
    assert_eq!(body.embeds.last().unwrap().description, markup::plain(wording::CUT_OFF));
}

#[test]
fn a_fact_at_its_limit_fits_even_where_every_character_is_escaped() {
    for text in ["*".repeat(3900), "한".repeat(3900), "a @b ".repeat(780)] {
        let message = format!("{text}\n\nStated by the reporter.\nAs of Friday, May 2.");
        assert_fits(&shown_with(&an_answer(Some(&text), &message, Vec::new()), 0));
    }
}

#[test]
fn a_document_of_any_length_fits_closes_its_block_and_is_whole_beside_it() {
    for n_lines in [1, 20, 1000] {
        let lines: Vec<_> = (0..n_lines)
            .map(|n| format!("facts/works.toml:{n}: unknown key `anser`"))
            .collect();
        let text = lines.join("\n");
        let body = document("Refused. What is wrong:", &text, "problems.txt");
        assert_fits(&body);
        assert_eq!(body.content.matches("```").count(), 2, "{}", body.content);
        let file = body.file.as_ref().map(|file| file.bytes.as_slice());
        assert_eq!(file, (n_lines == 1000).then_some(text.as_bytes()));
    }
    // At the limit and one past it: a fence takes 8 characters, the line break one.
    let room = CONTENT_CHARS - "Refused.".len() - 9;
    for (n, has_file) in [(room, false), (room + 1, true), (5000, true)] {
        let body = document("Refused.", &"x".repeat(n), "problems.txt");
        assert_fits(&body);
        assert_eq!(body.file.is_some(), has_file, "{n}");
    }
    assert_fits(&document("Refused.", &"@".repeat(5000), "problems.txt"));
}

#[test]
fn the_greeting_lists_its_examples_and_offers_them() {
    let examples = [suggestion(0, "How high?"), suggestion(1, "When?")];
    let body = greeting(&examples, &frame(&base(2)));
    assert!(body.content.ends_with("\n- How high?\n- When?"), "{}", body.content);
    assert_eq!(body.components[0].components.len(), 2);
}

/// A public reply to a question.
fn public(base: &FactBase) -> Frame<'_> {
    Frame {
        question: Some(QuestionKey {
            event: NonZeroU64::new(77).unwrap(),
            words: None,
            glimpse: None,
        }),
        visibility: Visibility::Public,
        ..frame(base)
    }
}

#[test]
fn below_an_answer_are_related_facts_and_what_can_be_done_with_it() {
    let base = base(4);
    let mut answer = an_answer(Some("Six metres."), "Six metres.\nStated by the reporter.", Vec::new());
    answer.facts = vec![suggestion(0, "").fact];
    let frame = Frame {
        related: (1..4).map(|n| suggestion(n, &format!("Question {n}?"))).collect(),
        ..public(&base)
    };
    let body = super::answer(&answer, &frame, &Notes::default());
    let rows = body.components.iter().map(|row| row.components.iter());
    let labels: Vec<Vec<&str>> = rows
        .map(|row| row.map(|button| button.label.as_str()).collect())
        .collect();
    assert_eq!(
        labels,
        [
            vec!["Question 1?", "Question 2?", "Question 3?"],
            vec!["Helpful", "Not helpful", "Why this answer", "Delete"]
        ]
    );
    let ids = body.components.iter().flat_map(|row| &row.components);
    for button in ids {
        assert!(CustomId::decode(&button.custom_id).is_some(), "{}", button.custom_id);
    }
}

#[test]
fn a_decline_says_what_telling_the_curators_keeps_before_it_is_pressed() {
    let base = base(0);
    let mut answer = an_answer(None, "The briefing does not say.", Vec::new());
    answer.reason = Reason::NothingNear;
    check(
        &super::answer(&answer, &public(&base), &Notes::default()),
        &expect![[r"
            The briefing does not say.
            -# “Tell the curators” keeps the words of the question, never who asked.
            [Tell the curators] 1:k:42:77
            [Delete] 1:x:42"]],
    );
    // A choice has no words to keep.
    check(
        &shown_with(&answer, 0),
        &expect![[r"
            The briefing does not say.
        "]],
    );
}

#[test]
fn a_did_you_mean_can_be_turned_down() {
    let base = base(2);
    let mut answer = an_answer(
        None,
        "Did you mean:",
        vec![suggestion(0, "How high?"), suggestion(1, "When?")],
    );
    answer.outcome = Outcome::Suggest;
    let body = super::answer(&answer, &public(&base), &Notes::default());
    let labels: Vec<&str> = body.components[1]
        .components
        .iter()
        .map(|button| button.label.as_str())
        .collect();
    assert_eq!(labels, ["None of these", "Delete"]);
}

#[test]
fn a_check_sets_what_is_said_beside_each_sentence_and_says_where_nothing_is() {
    let said = an_answer(Some("Six metres."), "Six metres.\nStated by the reporter.", Vec::new());
    let near = Answer {
        outcome: Outcome::Suggest,
        ..an_answer(
            None,
            "Did you mean:",
            (0..3).map(|n| suggestion(n, &format!("Question {n}?"))).collect(),
        )
    };
    let open = Answer {
        gap: Some("cost".to_owned()),
        ..an_answer(None, "The briefing does not say what it costs.", Vec::new())
    };
    let nothing = an_answer(None, "The briefing does not say. What it does say:", Vec::new());
    let statement = |(sentence, answer): (&str, Answer)| Statement {
        sentence: sentence.to_owned(),
        answer,
    };
    let statements = Statements {
        checked: [
            ("It is **six** metres high.", said),
            ("It may be old.", near),
            ("It costs a lot.", open),
            (&"A long one ".repeat(20), nothing),
        ]
        .map(statement)
        .into(),
        has_more: true,
    };
    let body = super::check(&statements, asker(), Revision::of(&[]));
    let (_, points) = body.content.split_once("\n\n").unwrap();
    expect![[r#"
        > “It is \*\*six\*\* metres high.”
        Six metres.
        -# Stated by the reporter.

        > “It may be old.”
        Nothing that I am sure of. Near to it: “Question 0?”, “Question 1?”

        > “It costs a lot.”
        The briefing does not say what it costs.

        > “A long one A long one A long one A long one A long one A long one A long one A long one A long one A long one A long one A long one A long one A long…”
        The briefing does not say.

        -# Only the first five sentences that say something were looked at."#]]
    .assert_eq(points);
    assert_eq!(body.components[0].components[0].label, "Post as reply");
}

proptest! {
    #[test]
    fn any_answer_fits(text in "(\\PC|[\n*_]){0,9000}", tail in any::<String>()) {
        let message = format!("{text}\n{tail}");
        let body = shown_with(&an_answer(Some(&text), &message, Vec::new()), 0);
        if !markup::plain(&message).trim().is_empty() {
            assert_fits(&body);
        }
    }
}
