//! Reading labelled files, judging answers, counting verdicts.

use crate::answer::{Answer, CitationLine, Outcome, Reason};
use crate::eval::labelled::{Expect, Label, LabelledConversation, LabelledQuestion};
use crate::eval::run::Run;
use crate::eval::verdict::{Verdict, judge};
use crate::fact::{FactRef, Paragraph, Revision, Standing};

/// A label to start from: expects an answer from paragraph 3 that says `two` or `2`, and never `cost`.
fn label() -> Label {
    Label {
        expect: Expect::Answer,
        paragraphs: vec![Paragraph::Number(3), Paragraph::Caption],
        must: vec![vec!["two".to_owned(), " 2 ".to_owned()]],
        must_not: vec!["Cost".to_owned()],
    }
}

fn expecting(expect: Expect) -> Label {
    Label { expect, ..label() }
}

fn reply(outcome: Outcome, message: &str) -> Answer {
    Answer {
        outcome,
        reason: Reason::NothingNear,
        confidence: 0.5,
        text: None,
        facts: Vec::new(),
        briefing: None,
        revision: Revision::of(&[]),
        citations: Vec::new(),
        suggestions: Vec::new(),
        unknown_terms: Vec::new(),
        gap: None,
        message: message.to_owned(),
    }
}

/// An answer of one fact with this text that cites these paragraphs.
fn asserted(text: &str, paragraphs: &[u32]) -> Answer {
    let paragraphs: Vec<_> = paragraphs.iter().map(|number| Paragraph::Number(*number)).collect();
    Answer {
        text: Some(text.to_owned()),
        facts: vec![fact("wall-height")],
        citations: paragraphs.into_iter().map(|paragraph| cited(paragraph, None)).collect(),
        ..reply(Outcome::Answer, text)
    }
}

fn fact(id: &str) -> FactRef {
    FactRef {
        briefing: "harbour".to_owned(),
        fact: id.to_owned(),
    }
}

fn cited(paragraph: Paragraph, quote: Option<&str>) -> CitationLine {
    CitationLine {
        fact: fact("wall-height"),
        source: "Harbour wall to be raised".to_owned(),
        paragraph,
        speaker: Some("the cost office".to_owned()),
        quote: quote.map(str::to_owned),
        standing: Standing::Stated,
    }
}

#[track_caller]
fn check(label: &Label, answer: &Answer, verdict: Verdict, faults: &[&str]) {
    let judgement = judge(label, answer);
    let found: Vec<String> = judgement.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        (judgement.verdict, found),
        (verdict, faults.iter().map(ToString::to_string).collect())
    );
}

#[test]
fn the_outcome_and_what_is_expected_decide_first() {
    let answer = asserted("By two metres.", &[3]);
    let suggestion = reply(Outcome::Suggest, "Did you mean one of these?");
    let none = reply(Outcome::None, "The briefing does not say.");
    let suggested = "only suggested questions, though the source states it";
    let declined = "declined, though the source states it";
    let made_up = "asserted an answer where the source states none";

    check(&expecting(Expect::Answer), &answer, Verdict::Right, &[]);
    check(&expecting(Expect::Answer), &suggestion, Verdict::Helped, &[suggested]);
    check(&expecting(Expect::Answer), &none, Verdict::Silent, &[declined]);

    check(&expecting(Expect::Decline), &answer, Verdict::Wrong, &[made_up]);
    check(&expecting(Expect::Decline), &suggestion, Verdict::Right, &[]);
    check(&expecting(Expect::Decline), &none, Verdict::Right, &[]);

    check(&expecting(Expect::Either), &answer, Verdict::Right, &[]);
    check(&expecting(Expect::Either), &suggestion, Verdict::Right, &[]);
    check(&expecting(Expect::Either), &none, Verdict::Right, &[]);
    let elsewhere = "cites paragraph 4; expected one of paragraph 3, the caption";
    check(
        &expecting(Expect::Either),
        &asserted("By two metres.", &[4]),
        Verdict::Wrong,
        &[elsewhere],
    );
}

#[test]
fn what_must_not_be_said_makes_any_reply_wrong() {
    let forbidden = "says `Cost`, which must not be said";
    for expect in [Expect::Answer, Expect::Decline, Expect::Either] {
        for outcome in [Outcome::Suggest, Outcome::None] {
            let answer = reply(outcome, "It does not say what the\nCOSTS are.");
            check(&expecting(expect), &answer, Verdict::Wrong, &[forbidden]);
        }
    }
    let mut answer = asserted("By two metres, at a cost.", &[3]);
    check(&label(), &answer, Verdict::Wrong, &[forbidden]);
    answer.text = Some("By two metres.".to_owned());
    check(&label(), &answer, Verdict::Wrong, &[forbidden]);
    answer.message = "By two metres.".to_owned();
    check(&label(), &answer, Verdict::Right, &[]);
    answer.citations.push(cited(Paragraph::Caption, Some("at a cost")));
    check(&label(), &answer, Verdict::Wrong, &[forbidden]);
}

#[test]
fn every_group_needs_one_alternative_in_text_or_fragments_case_ignored() {
    let label = Label {
        must: vec![
            vec!["TWO METRES".to_owned(), "2 m".to_owned()],
            vec![" US ".to_owned(), "Washington".to_owned()],
        ],
        ..label()
    };
    check(&label, &asserted("Two\nmetres, says the US", &[3]), Verdict::Right, &[]);
    let widely_spaced = Label {
        must: vec![vec!["two\n  metres".to_owned()]],
        must_not: vec!["at  a cost".to_owned()],
        ..label.clone()
    };
    check(&widely_spaced, &asserted("By two metres.", &[3]), Verdict::Right, &[]);
    let costly = asserted("By two metres at a cost.", &[3]);
    let forbidden = "says `at  a cost`, which must not be said";
    check(&widely_spaced, &costly, Verdict::Wrong, &[forbidden]);
    check(
        &label,
        &asserted("US: 2 m", &[3]),
        Verdict::Wrong,
        &["says none of ` US `, `Washington`"],
    );
    check(&label, &asserted("us two  metres", &[3]), Verdict::Right, &[]);
    check(
        &label,
        &asserted("The bus is late", &[3]),
        Verdict::Wrong,
        &["says none of `TWO METRES`, `2 m`", "says none of ` US `, `Washington`"],
    );

    let mut answer = asserted("It goes up, washington says.", &[]);
    answer.citations = vec![cited(Paragraph::Number(3), Some("by two metres"))];
    check(&label, &answer, Verdict::Right, &[]);
}

#[test]
fn the_speaker_is_not_part_of_the_answer() {
    let label = Label {
        must: vec![vec!["cost office".to_owned()]],
        must_not: Vec::new(),
        ..label()
    };
    check(
        &label,
        &asserted("By two metres.", &[3]),
        Verdict::Wrong,
        &["says none of `cost office`"],
    );
    let forbids_speaker = Label {
        must: Vec::new(),
        must_not: vec!["cost office".to_owned()],
        ..label
    };
    check(&forbids_speaker, &asserted("By two metres.", &[3]), Verdict::Right, &[]);
}

#[test]
fn one_expected_paragraph_at_least_is_cited_and_half_of_the_distinct_ones() {
    let text = "By two metres.";
    let expected = "paragraph 3, the caption";
    check(&label(), &asserted(text, &[3, 4]), Verdict::Right, &[]);
    check(&label(), &asserted(text, &[3, 4, 4, 4, 4]), Verdict::Right, &[]);
    let too_widely =
        format!("cites paragraph 3, paragraph 4, paragraph 5; fewer than half of them are among {expected}");
    check(
        &label(),
        &asserted(text, &[3, 3, 3, 4, 5]),
        Verdict::Wrong,
        &[&too_widely],
    );
    let nothing = format!("cites nothing; expected one of {expected}");
    check(&label(), &asserted(text, &[]), Verdict::Wrong, &[&nothing]);
    let mut answer = asserted(text, &[3, 4, 5]);
    answer.citations.push(cited(Paragraph::Caption, None));
    check(&label(), &answer, Verdict::Right, &[]);
    let headline = cited(Paragraph::Headline, None);
    answer.citations = vec![headline];
    let elsewhere = format!("cites the headline; expected one of {expected}");
    check(&label(), &answer, Verdict::Wrong, &[&elsewhere]);
}

#[test]
fn an_asserted_text_has_350_characters_a_fact_and_700_in_all() {
    // Two bytes each: characters are counted, not bytes.
    let text = |n_chars: usize| format!("two {}", "é".repeat(n_chars - 4));
    let with_facts = |n_chars: usize, n_facts: usize| Answer {
        facts: (0..n_facts).map(|index| fact(&format!("fact-{index}"))).collect(),
        ..asserted(&text(n_chars), &[3])
    };
    let too_long = |n_chars: usize, limit: usize| {
        format!("the answer has {n_chars} characters; at most {limit} for the facts given")
    };
    check(&label(), &with_facts(350, 1), Verdict::Right, &[]);
    check(&label(), &with_facts(351, 1), Verdict::Wrong, &[&too_long(351, 350)]);
    check(&label(), &with_facts(700, 2), Verdict::Right, &[]);
    check(&label(), &with_facts(701, 2), Verdict::Wrong, &[&too_long(701, 700)]);
    check(&label(), &with_facts(700, 3), Verdict::Right, &[]);
    check(&label(), &with_facts(701, 3), Verdict::Wrong, &[&too_long(701, 700)]);
    let long_decline = reply(Outcome::None, &"x".repeat(2_000));
    check(&expecting(Expect::Decline), &long_decline, Verdict::Right, &[]);
}

fn question(id: &str, category: &str, expect: Expect) -> LabelledQuestion {
    LabelledQuestion {
        id: id.to_owned(),
        question: id.to_owned(),
        category: category.to_owned(),
        label: expecting(expect),
    }
}

/// Four questions and a dialogue of two turns; the answerer knows the answers by the questions' names.
fn run() -> Run {
    let single = |id, category, expect| LabelledConversation {
        turns: vec![question(id, category, expect)],
    };
    let conversations = vec![
        single("silent", "direct", Expect::Answer),
        single("wrong", "hard", Expect::Answer),
        single("right", "direct", Expect::Answer),
        single("none", "unanswerable", Expect::Decline),
        LabelledConversation {
            turns: vec![
                question("right", "dialogue", Expect::Answer),
                question("follow-up", "dialogue", Expect::Answer),
            ],
        },
    ];
    Run::of(conversations, |question, conversation| {
        let answer = match question {
            "right" => Answer {
                confidence: 0.9,
                ..asserted("two", &[3])
            },
            "wrong" => asserted("three", &[3]),
            "follow-up" if !conversation.is_empty() => reply(Outcome::Suggest, "Did you mean one of these?"),
            _ => Answer {
                confidence: 0.1,
                ..reply(Outcome::None, "The briefing does not say.")
            },
        };
        let turn = crate::answer::conversation::Turn {
            question: question.to_owned(),
            facts: answer.facts.clone(),
            is_said: false,
            gap: None,
        };
        (answer, conversation.clone().with(turn))
    })
}

#[test]
fn a_run_counts_turns_by_category_and_lists_failures_wrong_first() {
    let run = run();
    let counts: Vec<_> = run
        .by_category()
        .into_iter()
        .map(|(category, tally)| (category, Verdict::BY_URGENCY.map(|verdict| tally.count(verdict))))
        .collect();
    assert_eq!(
        counts,
        [
            ("direct", [0, 0, 1, 1]),
            ("hard", [1, 0, 0, 0]),
            ("unanswerable", [0, 0, 0, 1]),
            ("dialogue", [0, 1, 0, 1]),
        ]
    );
    let failures: Vec<_> = run
        .failures()
        .iter()
        .map(|judged| judged.labelled.id.as_str())
        .collect();
    assert_eq!(failures, ["wrong", "follow-up", "silent"]);
    assert_eq!(run.total().n_questions(), 6);
    assert_eq!(run.total().share(Verdict::Right), Some(0.5));
}

#[test]
fn reliability_is_of_answers_given_and_answerability_of_all() {
    let run = run();
    let reliability = run.reliability();
    let n_answers: usize = reliability.bands.iter().map(|band| band.n_answers).sum();
    assert_eq!(n_answers, 3);
    assert_eq!(reliability.auroc, Some(1.0));
    // One unanswerable question at 0.1; of the five answerable ones four are higher, one is tied.
    assert_eq!(run.answerable_auroc(), Some(0.9));
    assert_eq!(Run { judged: Vec::new() }.total().share(Verdict::Right), None);
}
