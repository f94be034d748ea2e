//! Pages at the limits: many facts, long ones, names in every script.

use serde_json::Value;

use super::*;
use crate::discord::limits::{CUSTOM_ID_CHARS, EMBEDS_CHARS};
use crate::fact::{AsOf, Entity, EntityKind, FactDate, PartialDate, Source, Standing, Topic, limits as fact_limits};

fn fact(number: usize, answer: &str, question: &str) -> Fact {
    Fact {
        id: format!("fact-{number}"),
        topic: "works".to_owned(),
        answer: answer.to_owned(),
        standing: Standing::Stated,
        gives: Vec::new(),
        counts: Vec::new(),
        entities: vec!["harbour-office".to_owned()],
        claim: None,
        date: Some(FactDate {
            on: PartialDate::parse("05-02").unwrap(),
            order: 1000 - i64::try_from(number).unwrap(),
            inferred_from: (number % 2 == 1).then(|| "paragraph 2".to_owned()),
        }),
        featured: false,
        correction: None,
        phrasings: [question].into_iter().collect(),
        citations: Vec::new(),
    }
}

fn briefing(facts: Vec<Fact>, name: &str) -> Briefing {
    Briefing {
        id: "harbour".to_owned(),
        source: Source {
            title: name.to_owned(),
            agencies: Vec::new(),
            publisher: None,
            published: None,
            url: Some("https://e.example/article".to_owned()),
            as_of: None,
            paragraphs: Vec::new(),
        },
        topics: vec![Topic {
            id: "works".to_owned(),
            title: name.to_owned(),
        }],
        facts,
        gaps: Vec::new(),
        entities: vec![Entity {
            id: "harbour-office".to_owned(),
            name: name.to_owned(),
            kind: EntityKind::Body,
            about: None,
            paragraphs: Vec::new(),
            aliases: vec![name.to_owned(); 60],
        }],
        synonyms: Vec::new(),
    }
}

/// What everything that may be looked at is, with facts at the limits.
fn largest(letter: &str) -> Briefing {
    let answer = letter.repeat(fact_limits::MAX_ANSWER_CHARS);
    let question = letter.repeat(fact_limits::MAX_SHOWN_PHRASING_CHARS);
    let facts = (0..300).map(|number| fact(number, &answer, &question)).collect();
    briefing(facts, &letter.repeat(fact_limits::MAX_NAME_CHARS))
}

#[track_caller]
fn fits(body: &Body) {
    let embeds: usize = body.embeds.iter().map(|embed| embed.description.chars().count()).sum();
    assert!(body.content.chars().count() <= limits::CONTENT_CHARS && embeds <= EMBEDS_CHARS);
    assert!(body.components.len() <= limits::ROWS);
    let value: Value = serde_json::to_value(body).unwrap();
    for component in value["components"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["components"].as_array().unwrap())
    {
        let id = component["custom_id"].as_str().unwrap_or_default();
        assert!(id.chars().count() <= CUSTOM_ID_CHARS, "{id}");
        let options = component["options"].as_array().cloned().unwrap_or_default();
        assert!(options.len() <= limits::SELECT_OPTIONS);
        for option in options {
            for key in ["label", "value"] {
                let chars = option[key].as_str().unwrap().chars().count();
                assert!((1..=limits::SELECT_OPTION_CHARS).contains(&chars), "{option}");
            }
        }
    }
}

#[test]
fn three_hundred_facts_of_the_greatest_length_are_browsed_to_the_last_within_the_limits() {
    for letter in ["한", "⚓", "ש", "*", "_", "x"] {
        let briefing = largest(letter);
        let briefings = [&briefing];
        let topic = Key::of("harbour", "works");
        fits(&facts::topics(&briefings, 0, Some(&"?".repeat(200))));
        for page in [0, 1, 37, 38, usize::MAX] {
            let body = facts::topic(&briefings, &topic, page).unwrap();
            fits(&body);
            fits(&who::who(&briefings, &Key::of("harbour", "harbour-office"), page).unwrap());
        }
        fits(&source(&briefings, crate::fact::Revision::of(&[])));
        assert_eq!(name_choices(&briefings, letter).len(), 1);
    }
}

#[test]
fn every_fact_is_on_one_page_and_a_page_past_the_end_is_the_last() {
    let facts = (0..300)
        .map(|number| fact(number, &format!("Claim {number}."), "Which?"))
        .collect();
    let briefing = briefing(facts, "The works");
    let (briefings, topic) = ([&briefing], Key::of("harbour", "works"));
    let text = |page| {
        let body = facts::topic(&briefings, &topic, page).unwrap();
        body.content
            + &body
                .embeds
                .iter()
                .map(|embed| embed.description.as_str())
                .collect::<String>()
    };
    let n_pages = 300_usize.div_ceil(FACTS_PER_PAGE);
    let all: Vec<String> = (0..n_pages).map(text).collect();
    for number in 0..300 {
        let claim = format!("Claim {number}.");
        assert_eq!(all.iter().filter(|page| page.contains(&claim)).count(), 1, "{claim}");
    }
    assert_eq!(text(n_pages), all[n_pages - 1]);
    assert!(all[1].contains("9 to 16 of 300"), "{}", all[1]);
}

#[test]
fn buttons_lead_to_the_pages_before_and_after_and_nowhere_else() {
    let labels = |number| {
        let page = Page::of(20, 8, number);
        let buttons = page.turning(|page| CustomId::Browse(View::Timeline { page }));
        buttons
            .into_iter()
            .map(|button| (button.label, button.custom_id))
            .collect::<Vec<_>>()
    };
    let to = |label: &str, page: usize| (label.to_owned(), format!("1:b:time:{page}"));
    assert_eq!(labels(0), [to(wording::NEXT, 1)]);
    assert_eq!(labels(1), [to(wording::BACK, 0), to(wording::NEXT, 2)]);
    assert_eq!(labels(2), [to(wording::BACK, 1)]);
    assert_eq!(
        Page::of(0, 8, 5).turning(|page| CustomId::Browse(View::Topics { page })),
        []
    );
}

/// The first page of a topic, of a name and of the dates.
async fn pages(briefing: &Briefing) -> [Body; 3] {
    let Shown::Later(work) = timeline::timeline(&[briefing], 0) else {
        panic!("a picture is drawn");
    };
    [
        facts::topic(&[briefing], &Key::of("harbour", "works"), 0).unwrap(),
        who::who(&[briefing], &Key::of("harbour", "harbour-office"), 0).unwrap(),
        work.await,
    ]
}

#[tokio::test]
async fn a_page_of_facts_says_as_of_when_they_are_whose_and_how_old() {
    let mut briefing = briefing(vec![fact(0, "Claim 0.", "When?")], "Harbour");
    for page in pages(&briefing).await {
        let small = format!("-# {}", wording::WHOSE);
        assert!(page.content.ends_with(&small), "{}", page.content);
    }
    briefing.source.as_of = Some(AsOf {
        date: PartialDate::parse("2008-05-02").unwrap(),
        weekday: None,
        inferred_from: None,
    });
    for page in pages(&briefing).await {
        let small = format!(
            "\n-# As of May 2, 2008. {}\n-# This is old news: May 2, 2008 was ",
            wording::WHOSE
        );
        assert!(page.content.contains(&small), "{}", page.content);
    }
    // Of nobody's facts there is nothing to say.
    briefing.facts.clear();
    let nothing = who::who(&[&briefing], &Key::of("harbour", "harbour-office"), 0).unwrap();
    assert!(!nothing.content.contains("As of"), "{}", nothing.content);
}

#[test]
fn what_no_longer_stands_is_marked() {
    let mut withdrawn = fact(0, "The wall is high.", "How high?");
    withdrawn.correction = Some(Correction::Retracted("it was not".to_owned()));
    assert!(listed(&withdrawn).starts_with(wording::WITHDRAWN));
    withdrawn.correction = Some(Correction::SupersededBy("fact-1".to_owned()));
    assert!(listed(&withdrawn).starts_with(wording::REPLACED));
}

#[tokio::test]
async fn the_time_line_is_in_the_order_of_the_dates_and_marks_what_was_inferred() {
    let facts = (0..3)
        .map(|number| fact(number, &format!("Claim {number}."), "When?"))
        .collect();
    let briefing = briefing(facts, "Harbour");
    let Shown::Later(work) = timeline::timeline(&[&briefing], 0) else {
        panic!("a picture is drawn");
    };
    let body = work.await;
    let at = |claim: &str| body.content.find(claim).unwrap();
    assert!(
        at("Claim 2.") < at("Claim 1.") && at("Claim 1.") < at("Claim 0."),
        "{}",
        body.content
    );
    assert_eq!(body.content.matches("(inferred)").count(), 1, "{}", body.content);
    let file = body.file.as_ref().unwrap();
    assert!(file.bytes.starts_with(b"\x89PNG"));
    let value = serde_json::to_value(&body).unwrap();
    let description = value["attachments"][0]["description"].as_str().unwrap();
    assert!(description.contains("May 2 (inferred): Claim 1."), "{description}");
}

#[tokio::test]
async fn a_time_line_of_the_largest_facts_fits() {
    let briefing = largest("한");
    let Shown::Later(work) = timeline::timeline(&[&briefing], usize::MAX) else {
        panic!("a picture is drawn");
    };
    let body = work.await;
    fits(&body);
    let value = serde_json::to_value(&body).unwrap();
    assert!(value["attachments"][0]["description"].as_str().unwrap().chars().count() <= 1024);
    assert!(body.file.as_ref().unwrap().bytes.len() < 1 << 20);
}

#[test]
fn a_server_that_chose_briefings_sees_those_and_none_where_none_of_them_is_left() {
    let base = FactBase::new(vec![briefing(Vec::new(), "A")]);
    let with = |ids: &[&str]| ServerSettings {
        briefings: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..ServerSettings::default()
    };
    assert_eq!(shown(&base, &with(&["harbour"])).len(), 1);
    assert_eq!(shown(&base, &with(&[])).len(), 1);
    assert_eq!(shown(&base, &with(&["harbour", "gone"])).len(), 1);
    assert_eq!(shown(&base, &with(&["gone"])).len(), 0);
    assert!(not_loaded(&base, &with(&["gone"])).is_some());
    for some in [&["harbour", "gone"][..], &[]] {
        assert!(not_loaded(&base, &with(some)).is_none());
    }
}
