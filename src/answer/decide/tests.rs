//! The decision in parts, on the tests' harbour.

use super::reading::{is_of_another, read_joined};
use super::*;
use crate::answer::respond::respond;
use crate::answer::{Answer, Outcome, Reason, wording};
use crate::fact::{FactBase, harbour};
use crate::text::normalise::normalise;

const HEIGHT: &str = "By how many metres will the wall be raised?";

/// The tests' harbour, and so many more of the same facts under other names.
fn harbours(n: usize) -> (FactBase, Matcher) {
    let one = &harbour::base().unwrap().briefings[0];
    let named = |number: usize| {
        let mut briefing = one.clone();
        briefing.id = format!("harbour-{number}");
        briefing
    };
    let base = FactBase::new((0..n).map(named).collect());
    let matcher = Matcher::new(&base);
    (base, matcher)
}

/// The answers to questions of one conversation.
fn talk(n_harbours: usize, about: &[&str], questions: &[&str]) -> Vec<Answer> {
    let (base, matcher) = harbours(n_harbours);
    let about: Vec<String> = about.iter().map(|id| (*id).to_owned()).collect();
    let mut conversation = Conversation::default().about(&about);
    let ask = |question: &&str| {
        let (answer, after) = respond(&base, &matcher, question, &conversation);
        conversation = after;
        answer
    };
    questions.iter().map(ask).collect()
}

fn facts(answer: &Answer) -> Vec<&str> {
    answer.facts.iter().map(|fact| fact.fact.as_str()).collect()
}

#[test]
fn what_two_briefings_would_answer_is_offered_from_both() {
    let [alone] = &talk(1, &[], &[HEIGHT])[..] else {
        panic!()
    };
    assert_eq!((alone.outcome, facts(alone)), (Outcome::Answer, vec!["wall-height"]));
    let [both] = &talk(2, &[], &[HEIGHT])[..] else { panic!() };
    assert_eq!(both.outcome, Outcome::Suggest);
    let offered: Vec<&str> = both.suggestions.iter().map(|one| one.fact.briefing.as_str()).collect();
    assert!(
        offered.contains(&"harbour-0") && offered.contains(&"harbour-1"),
        "{offered:?}"
    );
}

#[test]
fn two_questions_in_one_message_are_no_way_round_the_choice_of_the_briefing() {
    let both = "By how many metres will the wall be raised, and when does the work on the wall start?";
    assert_eq!(talk(1, &[], &[both])[0].outcome, Outcome::Answer);
    assert_eq!(talk(2, &["harbour-1"], &[both])[0].outcome, Outcome::Answer);
    assert_eq!(talk(2, &[], &[both])[0].outcome, Outcome::Suggest);
}

#[test]
fn a_follow_up_that_is_said_for_its_twin_is_as_contested_as_any() {
    let (base, matcher) = harbours(2);
    let thresholds = matcher.weights().thresholds;
    let match_of = |briefing: usize, id: &str, confidence: f32| {
        let place = base.briefings[briefing].facts.iter().position(|fact| fact.id == id);
        let mut found = matcher.find(&matcher.analyse("the wall"), &Context::default())[0].clone();
        found.class = matcher.class_of(Origin::Fact(briefing, place.unwrap())).unwrap();
        (found.confidence, found.context, found.ranked.score) = (confidence, 0.0, 0.5);
        found
    };
    let reading = |rival: Option<Match>| Reading {
        analysis: matcher.analyse("the wall"),
        matches: [
            match_of(0, "wall-height", thresholds.follow_up - 0.01),
            match_of(0, "works-start", 0.6),
        ]
        .into_iter()
        .chain(rival)
        .collect(),
        is_follow_up: true,
        is_joined: false,
        n_own: 2,
        is_adrift: false,
        asked_of: Vec::new(),
    };
    let verdict = |rival| decide_one(&matcher, reading(rival), &Context::default()).verdict;
    assert!(matches!(verdict(None), Verdict::Answer { .. }));
    let rival = match_of(1, "wall-height", thresholds.answer);
    assert_eq!(verdict(Some(rival)), Verdict::Suggest);
}

#[test]
fn what_was_said_is_not_said_again_where_its_briefing_may_not_answer() {
    let (base, matcher) = harbours(2);
    let only = |id: &str| [id.to_owned()];
    let (said, after) = respond(
        &base,
        &matcher,
        HEIGHT,
        &Conversation::default().about(&only("harbour-0")),
    );
    assert_eq!(said.outcome, Outcome::Answer);
    for doubt in ["are you sure?", "who said that?"] {
        let (again, _) = respond(&base, &matcher, doubt, &after);
        assert_eq!(again.briefing.as_deref(), Some("harbour-0"), "{doubt}");
        let (elsewhere, _) = respond(&base, &matcher, doubt, &after.clone().about(&only("harbour-1")));
        assert!(
            elsewhere.facts.iter().all(|fact| fact.briefing == "harbour-1"),
            "{doubt}"
        );
    }
}

#[test]
fn a_part_is_said_where_the_whole_is_near_to_it_and_elsewhere_only_beyond_doubt() {
    let (_, matcher) = harbours(1);
    let only_best = |question: &str| {
        let mut reading = read(&matcher, matcher.analyse(&normalise(question)), &Context::default());
        reading.matches.truncate(1);
        reading
    };
    let (near, far) = (only_best(HEIGHT), only_best("Where will the old crane be moved?"));
    let is_said = |confidence: f32, whole: &Reading| {
        let mut part = near.clone();
        part.matches[0].confidence = confidence;
        decide_several(&matcher, &[part], whole, &Context::default()).is_some()
    };
    assert!(is_said(SURE_ALONE - 0.01, &near));
    assert!(!is_said(SURE_ALONE - 0.01, &far));
    assert!(is_said(SURE_ALONE, &far));
}

#[test]
fn a_fourth_fact_is_not_said_and_its_question_not_passed_over() {
    let three = "Where will the old crane be moved? When does the work on the wall start? Does the ferry to Gull Island keep running?";
    let [three, four] = [three.to_owned(), format!("{three} {HEIGHT}")].map(|asked| talk(1, &[], &[&asked]).remove(0));
    assert_eq!((three.facts.len(), four.facts.len()), (3, 3));
    assert!(!three.message.contains(wording::MORE_PARTS));
    assert!(four.message.contains(wording::MORE_PARTS));
}

#[test]
fn the_briefing_that_is_spoken_of_answers() {
    let answers = talk(2, &["harbour-1"], &[HEIGHT]);
    assert_eq!(answers[0].outcome, Outcome::Answer);
    assert_eq!(answers[0].briefing.as_deref(), Some("harbour-1"));
}

#[test]
fn a_gap_is_said_and_nothing_asserted() {
    let answers = talk(1, &[], &["What do the works cost?"]);
    assert_eq!((answers[0].outcome, answers[0].reason), (Outcome::None, Reason::Gap));
    assert_eq!(answers[0].gap.as_deref(), Some("wall-cost"));
    assert!(answers[0].facts.is_empty());
}

#[test]
fn a_stranger_is_asserted_nothing_of() {
    let answers = talk(1, &[], &["By how many metres will the wall of Paris be raised?"]);
    assert_ne!(answers[0].outcome, Outcome::Answer);
    assert_eq!(answers[0].unknown_terms, ["paris"]);
}

#[test]
fn a_word_that_no_example_question_has_makes_other_words_of_them() {
    let (_, matcher) = harbours(1);
    for (own, other) in [
        (
            "Which pier does the crane go to?",
            "Which pier does the crane operator go to?",
        ),
        (
            "Will the ferry stop during the works?",
            "Will the ferry stop smelling during the works?",
        ),
    ] {
        let best = |question: &str| {
            let analysis = matcher.analyse(&normalise(question));
            matcher.find(&analysis, &Context::default())[0].clone()
        };
        assert!(best(own).is_in_own_words, "{own}");
        // To the features they are the same.
        assert!(best(other).ranked.nearest_words > 0.9995, "{other}");
        assert!(!best(other).is_in_own_words, "{other}");
    }
}

#[test]
fn own_words_in_another_order_are_no_own_words() {
    let mut briefings = harbour::base().unwrap().briefings;
    let crane = briefings[0]
        .facts
        .iter_mut()
        .find(|fact| fact.id == "crane-move")
        .unwrap();
    crane.phrasings = ["Did the ferry pass the crane?", "Where will the old crane be moved?"]
        .map(str::to_owned)
        .into_iter()
        .collect();
    let matcher = Matcher::new(&FactBase::new(briefings));
    let best = |question: &str| {
        let analysis = matcher.analyse(&normalise(question));
        matcher.find(&analysis, &Context::default())[0].clone()
    };
    assert!(best("Did the ferry pass the crane?").is_in_own_words);
    assert!(best("did the ferry PASS the cranes").is_in_own_words);
    for other in [
        "Did the crane pass the ferry?",
        "Did the ferry not pass the crane?",
        "Did the ferry never pass the crane?",
    ] {
        assert!(!best(other).is_in_own_words, "{other}");
    }
}

#[test]
fn a_name_that_the_fact_itself_has_is_no_stranger_to_it() {
    let mut briefing = harbour::base().unwrap().briefings[0].clone();
    let moves = briefing.facts.iter_mut().find(|fact| fact.id == "crane-move").unwrap();
    let more = ["Does the crane from Norway move?"];
    moves.phrasings = moves.phrasings.iter().chain(more).map(str::to_owned).collect();
    let base = FactBase::new(vec![briefing]);
    let matcher = Matcher::new(&base);
    let answer = |question: &str| respond(&base, &matcher, question, &Conversation::default()).0;
    let own = answer("Does the crane from Norway move?");
    assert_eq!((own.outcome, facts(&own)), (Outcome::Answer, vec!["crane-move"]));
    let of_another = answer("By how many metres will the wall of Norway be raised?");
    assert_ne!(of_another.outcome, Outcome::Answer);
    // The briefing does mention it.
    assert!(of_another.unknown_terms.is_empty());
}

#[test]
fn a_follow_up_is_about_what_was_said() {
    let answers = talk(1, &[], &[HEIGHT, "and when does it start?"]);
    assert_eq!(facts(&answers[1]), ["works-start"]);
    // Nothing was said before.
    let answers = talk(1, &[], &["and when?"]);
    assert_ne!(answers[0].outcome, Outcome::Answer);
}

#[test]
fn two_questions_get_two_facts_and_an_open_part_its_gap() {
    let answers = talk(
        1,
        &[],
        &[
            "By how many metres will the wall be raised, and when does the work on the wall start?",
            "When does the work on the wall start, and what do the works cost?",
        ],
    );
    assert_eq!(facts(&answers[0]), ["wall-height", "works-start"]);
    assert_eq!(facts(&answers[1]), ["works-start"]);
    assert_eq!(answers[1].gap.as_deref(), Some("wall-cost"));
}

#[test]
fn a_follow_up_may_be_polite_and_ask_for_a_time_of_day() {
    for polite in ["do you know when?", "and later?", "did they ignore the restrictions?"] {
        let reason = talk(1, &[], &[HEIGHT, polite])[1].reason;
        assert!(
            !matches!(reason, Reason::SmallTalk | Reason::Order),
            "{polite}: {reason:?}"
        );
    }
}

#[test]
fn who_said_it_is_whoever_is_cited_for_what_was_said() {
    let answers = talk(1, &[], &[HEIGHT, "who said that?"]);
    assert_eq!(facts(&answers[1]), ["wall-height"]);
    assert_ne!(talk(1, &[], &["who said that?"])[0].outcome, Outcome::Answer);
}

#[test]
fn who_said_it_of_nothing_that_was_said_is_no_answer() {
    let (base, matcher) = harbours(1);
    let analysis = matcher.analyse("who said that");
    let fact = class(&base, &matcher, "wall-height");
    let decided = |verdict: Verdict, confidence: f32| Decision {
        verdict,
        confidence,
        reading: read(&matcher, analysis.clone(), &Context::default()),
    };
    let answered = |facts: Vec<u32>| Verdict::Answer {
        facts,
        open: Open::Nothing,
    };
    let nothing_said = Context::default();
    let offered = who_says(
        &matcher,
        decided(answered(vec![fact]), 0.7),
        analysis.clone(),
        &nothing_said,
    );
    assert_eq!(offered.verdict, Verdict::Suggest);
    let declined = who_says(&matcher, decided(Verdict::None, 0.2), analysis.clone(), &nothing_said);
    assert_eq!((declined.verdict, declined.confidence), (Verdict::None, 0.2));
    // What was said stands, as sure as it was when it was said.
    let said = Context {
        classes: vec![fact],
        topics: vec![matcher.class(fact).topic],
        is_said: true,
        ..Context::default()
    };
    let height = matcher.analyse(&normalise(HEIGHT));
    let as_sure = read(&matcher, height.clone(), &said).matches[0].confidence;
    assert!(as_sure > 0.5);
    let stands = who_says(&matcher, decided(Verdict::None, 0.2), height, &said);
    assert_eq!((stands.verdict, stands.confidence), (answered(vec![fact]), as_sure));
    let of_another_matter = class(&base, &matcher, "crane-move");
    let stands = who_says(
        &matcher,
        decided(answered(vec![of_another_matter]), 0.95),
        analysis.clone(),
        &said,
    );
    assert_eq!((stands.verdict, stands.confidence), (answered(vec![fact]), 0.95));
    let of_the_matter = class(&base, &matcher, "works-start");
    let answers = who_says(
        &matcher,
        decided(answered(vec![of_the_matter]), 0.7),
        analysis.clone(),
        &said,
    );
    assert_eq!(
        (answers.verdict, answers.confidence),
        (answered(vec![of_the_matter]), 0.7)
    );
}

#[test]
fn what_was_said_is_said_again_where_it_is_doubted() {
    let answers = talk(1, &[], &[HEIGHT, "are you sure?", "really?"]);
    assert_eq!(facts(&answers[1]), ["wall-height"]);
    assert_eq!(facts(&answers[2]), ["wall-height"]);
    // What follows leans on what was asked first.
    let answers = talk(1, &[], &[HEIGHT, "really?", "and when does it start?"]);
    assert_eq!(facts(&answers[2]), ["works-start"]);
    // Nothing was said that could be doubted.
    assert_ne!(talk(1, &[], &["are you sure?"])[0].outcome, Outcome::Answer);
}

#[test]
fn what_was_said_is_no_answer_to_more_than_it_says() {
    let answers = talk(1, &[], &[HEIGHT, "and who pays for it?"]);
    assert_ne!(facts(&answers[1]), ["wall-height"]);
}

#[test]
fn a_question_asks_more_where_none_of_its_own_words_are_the_facts() {
    let made = Made::new();
    let fact = made.matcher.class(class(&made.base, &made.matcher, "wall-height"));
    let asks = |question: &str, n_own: usize, is_joined: bool| {
        let reading = made.reading(question, Vec::new());
        asks_more(
            &Reading {
                is_joined,
                n_own,
                ..reading
            },
            fact,
        )
    };
    assert!(asks("will it rust wall", 3, true));
    assert!(!asks("will it rust wall", 3, false));
    assert!(!asks("will it rust wall", 4, true));
    assert!(!asks("and when wall", 2, true));
    assert!(!asks("on what day wall", 3, true));
    assert!(!asks("is it really wall", 3, true));
}

/// The class of a fact or a gap of the tests' harbour.
fn class(base: &FactBase, matcher: &Matcher, id: &str) -> u32 {
    let briefing = &base.briefings[0];
    let fact = briefing.facts.iter().position(|fact| fact.id == id);
    let gap = briefing.gaps.iter().position(|gap| gap.id == id);
    let origin = fact.map_or_else(|| Origin::Gap(0, gap.unwrap()), |fact| Origin::Fact(0, fact));
    matcher.class_of(origin).unwrap()
}

/// What a question to the harbour may be about, with made-up likelihoods.
struct Made {
    base: FactBase,
    matcher: Matcher,
}

impl Made {
    fn new() -> Self {
        let (base, matcher) = harbours(1);
        Self { base, matcher }
    }

    fn found(&self, id: &str, confidence: f32, score: f32) -> Match {
        let analysis = self.matcher.analyse("the wall");
        let mut found = self.matcher.find(&analysis, &Context::default())[0].clone();
        found.class = class(&self.base, &self.matcher, id);
        (found.confidence, found.context, found.ranked.score) = (confidence, 0.5, score);
        found
    }

    fn reading(&self, question: &str, matches: Vec<Match>) -> Reading {
        Reading {
            analysis: self.matcher.analyse(&normalise(question)),
            matches,
            is_follow_up: false,
            is_joined: false,
            n_own: 0,
            is_adrift: false,
            asked_of: Vec::new(),
        }
    }
}

#[test]
fn a_twin_is_of_the_same_matter_and_nearly_as_likely() {
    let made = Made::new();
    let best = made.found("wall-height", 0.9, 0.5);
    let is_said = |question: &str, other: Match| {
        let reading = made.reading(question, vec![best.clone(), other.clone()]);
        let said = with_twin(&made.matcher, &reading, &best);
        assert!(said == [best.class] || said == [best.class, other.class]);
        said.len() == 2
    };
    let other = || made.found("works-start", 0.6, 0.2);
    assert!(is_said("the wall", other()));
    assert!(is_said("when is the wall raised", other()));
    assert!(!is_said("the wall of Paris", other()));
    assert!(!is_said("who raises the wall", other()));
    assert!(!is_said("the wall", made.found("wall-cost", 0.6, 0.2)));
    assert!(!is_said("the wall", made.found("crane-move", 0.6, 0.2)));
    assert!(!is_said("the wall", made.found("works-start", 0.49, 0.2)));
    assert!(!is_said("the wall", made.found("works-start", 0.6, 0.049)));
    assert!(is_said("the wall", made.found("works-start", 0.6, 0.051)));
    let less_spoken_of = Match {
        context: 0.0,
        ..other()
    };
    assert!(!is_said("the wall", less_spoken_of));
}

#[test]
fn another_briefing_contests_an_answer_where_it_would_give_one_too() {
    let (base, matcher) = harbours(2);
    let at = matcher.weights().thresholds.answer;
    let best = Match {
        class: class(&base, &matcher, "wall-height"),
        ..matcher.find(&matcher.analyse("the wall"), &Context::default())[0].clone()
    };
    let is_contested_by = |origin: Origin, confidence: f32, context: &Context| {
        let other = Match {
            class: matcher.class_of(origin).unwrap(),
            confidence,
            ..best.clone()
        };
        let mut reading = read(&matcher, matcher.analyse("the wall"), context);
        reading.matches = vec![best.clone(), other];
        is_contested(&matcher, &reading, &best, context)
    };
    let nothing_said = Context::default();
    assert!(is_contested_by(Origin::Fact(1, 0), at, &nothing_said));
    assert!(!is_contested_by(Origin::Fact(1, 0), at - 0.001, &nothing_said));
    assert!(
        !is_contested_by(Origin::Fact(0, 1), at, &nothing_said),
        "the same briefing's"
    );
    assert!(
        !is_contested_by(Origin::Gap(1, 0), at, &nothing_said),
        "nothing is said of a gap"
    );
    let spoken_of = |origin: Origin| Context {
        classes: vec![matcher.class_of(origin).unwrap()],
        ..Context::default()
    };
    assert!(!is_contested_by(Origin::Fact(1, 0), at, &spoken_of(Origin::Fact(0, 1))));
    assert!(is_contested_by(Origin::Fact(1, 0), at, &spoken_of(Origin::Fact(1, 1))));
}

#[test]
fn what_is_borrowed_is_known_from_what_is_not() {
    let made = Made::new();
    let ground = made.matcher.analyse("when does the work on the wall start");
    let joined = |question: &str| {
        let own = made.matcher.analyse(question);
        read_joined(&made.matcher, &own.terms, &ground, &Context::default())
    };
    let borrowed = joined("and why");
    assert!(borrowed.is_joined && borrowed.analysis.terms.len() > 2);
    let of_itself = joined("when does the work on the wall start");
    assert!(!of_itself.is_joined);
}

#[test]
fn what_is_pointed_at_is_no_other_than_it_was_told_apart_as() {
    let made = Made::new();
    let is_of_another = |question: &str, before: &str| {
        let alone = made.reading(question, vec![made.found("works-start", 0.9, 0.5)]);
        is_of_another(&made.matcher, &alone, &made.matcher.analyse(&normalise(before)))
    };
    assert!(is_of_another("when does it start", "What was planned for Jan. 2?"));
    assert!(!is_of_another("when does it start", "What was planned for the wall?"));
    assert!(!is_of_another(
        "when does the work on the wall start",
        "What was planned for Jan. 2?"
    ));
    // The fact's own month tells apart nothing else.
    assert!(!is_of_another("when does it start", "What is planned for June?"));
}

#[test]
fn a_judgement_is_not_given_and_the_facts_are_offered() {
    let question = "Is it good that the wall will be raised by two metres?";
    let answer = &talk(1, &[], &[question])[0];
    assert_ne!(answer.outcome, Outcome::Answer);
    // Nor as the second half of a message.
    let both = format!("Where will the old crane be moved? {question}");
    assert_eq!(facts(&talk(1, &[], &[&both])[0]), ["crane-move"]);
    let told = "Is it true that the wall will be raised by two metres?";
    assert_eq!(facts(&talk(1, &[], &[told])[0]), ["wall-height"]);
}

#[test]
fn what_is_joined_on_and_not_told_is_said_to_be_open() {
    let half = "Will the wall be raised by two metres and painted?";
    let whole = "Will the wall be raised by two metres and by the harbour office?";
    let [half, whole] = [half, whole].map(|asked| talk(1, &[], &[asked]).remove(0));
    assert_eq!((facts(&half)[0], facts(&whole)[0]), ("wall-height", "wall-height"));
    assert!(half.message.contains(wording::HALF), "{}", half.message);
    assert!(!whole.message.contains(wording::HALF), "{}", whole.message);
}

#[test]
fn where_it_was_heard_is_no_stranger() {
    let heard = format!("I saw on Twitter that they are at it. {HEIGHT}");
    assert_eq!(facts(&talk(1, &[], &[&heard])[0]), ["wall-height"]);
    let claimed = "Reddit says that the wall will be raised by two metres, true?";
    assert_eq!(facts(&talk(1, &[], &[claimed])[0])[0], "wall-height");
    let asked = "What does Reddit say about the height of the wall?";
    assert_ne!(talk(1, &[], &[asked])[0].outcome, Outcome::Answer);
}

#[test]
fn a_second_fact_makes_up_for_half_of_what_the_first_lacks() {
    let made = Made::new();
    let best = made.found("wall-height", 0.6, 0.5);
    let together = |others: Vec<Match>| {
        let matches = std::iter::once(best.clone()).chain(others).collect();
        said_together(&made.matcher, &made.reading("the wall", matches), &best)
    };
    assert!((together(Vec::new()) - 0.6).abs() < 1e-6);
    assert!((together(vec![made.found("works-start", 0.5, 0.4)]) - 0.7).abs() < 1e-6);
    // Half of what is lacking, times how likely the second is itself.
    assert!((together(vec![made.found("works-start", 1.0, 0.4)]) - 0.8).abs() < 1e-6);
}

#[test]
fn the_gap_that_is_said_is_the_likest_not_the_surest() {
    let made = Made::new();
    let gap = |score: f32, confidence: f32| made.found("wall-cost", confidence, score);
    let matches = vec![made.found("wall-height", 0.9, 0.9), gap(0.1, 0.8), gap(0.4, 0.5)];
    let reading = made.reading("the wall", matches);
    let likest = made.matcher.likest_gap(&reading.matches).unwrap();
    assert!((likest.confidence - 0.5).abs() < 1e-6);
    let none = made.reading("the wall", vec![made.found("wall-height", 0.9, 0.9)]);
    assert!(made.matcher.likest_gap(&none.matches).is_none());
}

#[test]
fn a_gap_is_far_where_neither_its_meaning_nor_its_words_are_near() {
    let made = Made::new();
    let is_far = |meaning: f32, coverage: f32| {
        let mut gap = made.found("wall-cost", 0.5, 0.5);
        (gap.signals[NEAREST_MEANING], gap.signals[SOFT_COVERAGE]) = (meaning, coverage);
        is_far_from_gap(&gap)
    };
    assert!(is_far(0.69, 0.39));
    assert!(!is_far(0.7, 0.39) && !is_far(0.69, 0.4));
}

#[test]
fn grammar_alone_has_no_matter_where_nothing_was_said_before() {
    let made = Made::new();
    let has_none = |question: &str, is_adrift: bool| {
        let reading = made.reading(question, Vec::new());
        has_no_matter(&Reading { is_adrift, ..reading })
    };
    assert!(has_none("and why", true));
    assert!(!has_none("and why", false));
    assert!(!has_none("why the wall", true));
}

#[test]
fn facts_are_near_and_gaps_are_not() {
    let made = Made::new();
    let has_near = |found: Match| has_near_fact(&made.matcher, &made.reading("the wall", vec![found]), 0.2);
    assert!(has_near(made.found("wall-height", 0.2, 0.5)));
    assert!(!has_near(made.found("wall-height", 0.19, 0.5)));
    assert!(!has_near(made.found("wall-cost", 0.9, 0.5)));
}

#[test]
fn a_part_that_only_asks_who_says_so_is_left_out_and_another_is_not() {
    let (_, matcher) = harbours(1);
    let after = |message: &str| {
        let message = matcher.analyse(&normalise(message));
        let mut parts = parts::split(&message);
        leave_out_who_says(&matcher, &message, &mut parts);
        (parts.asking.len(), parts.has_ground)
    };
    assert_eq!(after("How high is the wall?"), (1, false));
    assert_eq!(after("How high is the wall, and who said so?"), (1, true));
    assert_eq!(after("How high is the wall, and when does the work start?"), (2, false));
    assert_eq!(after("Who said so?"), (1, false));
}
