//! How an answer looks, what its buttons do, and that they outlive restarts and reloads.

use briefing_bot::store::{Page, Scope, SqliteStore, Store, Unanswered};
use serde_json::{Value, json};

use crate::support::events::{IN_CHANNEL, IN_DIRECT, OTHER_MEMBER};
use crate::support::{Knowledge, Loopback, TestBot, block_on, button, buttons, offers, until};

const HEIGHT: &str = "How high will the harbour wall be?";
const CLAIM: &str = "The harbour office said the wall will be raised by two metres, to six metres in all.";
const COST: &str = "What do the works cost?";

fn content(message: &Value) -> &str {
    message["content"].as_str().unwrap()
}

fn labels(message: &Value) -> Vec<String> {
    buttons(message).into_iter().map(|(label, _)| label).collect()
}

#[track_caller]
fn pressed(discord: &Loopback, label: &str, on: &Value) -> (Value, bool) {
    discord.response_to(discord.presses(IN_CHANNEL, &button(on, label), on))
}

/// What the store holds, once the bot has stopped.
fn store(knowledge: &Knowledge) -> SqliteStore {
    SqliteStore::new(&knowledge.store())
}

fn restarted(discord: &Loopback, knowledge: &Knowledge, bot: TestBot) -> TestBot {
    bot.stop().unwrap();
    let before = discord.state().with(|inner| inner.n_comparisons);
    let bot = TestBot::start(discord, knowledge);
    discord
        .state()
        .wait("the second start", |inner| (inner.n_comparisons > before).then_some(()));
    bot
}

#[test]
fn an_answer_has_related_questions_votes_and_why_below_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    assert_eq!(
        labels(&answer)[2..],
        ["Helpful", "Not helpful", "Why this answer", "Delete"]
    );
    let related = offers(&answer);
    assert_eq!(related.len(), 2, "as many as there are other facts: {answer}");
    let (told, is_private) = pressed(&discord, "When do the works on the wall begin?", &answer);
    assert!(
        content(&told).starts_with("The works begin in June.") && !is_private,
        "{told}"
    );
    let press = discord.presses(IN_CHANNEL, &related[0].1, &answer);
    assert_eq!(discord.callback_to(press)["type"], 4, "the first answer stays");
    let press = discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &related[0].1, &answer);
    assert!(discord.response_to(press).1);
}

#[test]
fn a_vote_counts_once_a_member_and_fact_and_the_last_one_does() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    for label in ["Helpful", "Helpful", "Not helpful"] {
        let (told, is_private) = pressed(&discord, label, &answer);
        assert!(is_private && content(&told).contains("your vote is counted"), "{told}");
    }
    discord.response_to(discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &button(&answer, "Helpful"), &answer));
    bot.stop().unwrap();
    let ratings = block_on(store(&knowledge).ratings()).unwrap();
    assert_eq!(ratings.len(), 1);
    assert_eq!((ratings[0].n_helpful, ratings[0].n_not_helpful), (1, 1));
    assert_eq!(ratings[0].fact.fact, "wall-height");
}

#[test]
fn why_says_what_was_matched_how_surely_what_came_next_and_what_was_repaired() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for answer in [
        discord.answer_to(discord.mention(IN_CHANNEL, "How high will the harbuor wall be?")),
        discord.shown(
            IN_CHANNEL,
            discord.ask(IN_CHANNEL, "How high will the harbuor wall be?", &json!([])),
        ),
    ] {
        assert!(content(&answer).starts_with(CLAIM), "{answer}");
        // Anyone may want to know.
        let press = discord.presses(
            IN_CHANNEL.by(OTHER_MEMBER),
            &button(&answer, "Why this answer"),
            &answer,
        );
        let (why, is_private) = discord.response_to(press);
        assert!(is_private);
        for part in [HEIGHT, " % sure", "Next nearest", "harbuor", "harbour"] {
            assert!(content(&why).contains(part), "{part} in {why}");
        }
    }
}

#[test]
fn why_outlives_a_restart_where_discord_or_the_button_still_knows_the_question() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let by_message = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    let directly = discord.answer_to(discord.says(IN_DIRECT, HEIGHT));
    // In other words than the fact's own, which would be a choice.
    let by_command = discord.shown(
        IN_CHANNEL,
        discord.ask(IN_CHANNEL, "by how much is the wall raised", &json!([])),
    );
    // Longer than a custom id, and than what is kept in memory.
    let padded = format!("{HEIGHT} {}", "Please tell me. ".repeat(100));
    let long = discord.answer_to(discord.mention(IN_CHANNEL, &padded));
    let long_command = discord.shown(
        IN_CHANNEL,
        discord.ask(
            IN_CHANNEL,
            "please tell me now by how many metres the harbour wall is to be raised by the works",
            &json!([]),
        ),
    );
    let with_markup = format!("**{HEIGHT}**");
    let unknown = discord.shown(IN_CHANNEL, discord.ask(IN_CHANNEL, &with_markup, &json!([])));
    let (known, _) = pressed(&discord, "Why this answer", &unknown);
    assert!(content(&known).contains(HEIGHT), "{known}");
    let gone = discord.mention(IN_CHANNEL, HEIGHT);
    let orphan = discord.answer_to(gone);
    let bot = restarted(&discord, &knowledge, bot);
    for answer in [by_message, directly, by_command, long] {
        let (why, is_private) = pressed(&discord, "Why this answer", &answer);
        assert!(is_private && content(&why).contains(" % sure"), "{why}");
    }
    discord.state().with(|inner| inner.messages.remove(&gone));
    for answer in [&unknown, &orphan, &long_command] {
        let (why, is_private) = pressed(&discord, "Why this answer", answer);
        assert!(
            is_private && content(&why).contains("no longer have the words"),
            "{why}"
        );
        // Of a command the button itself knows what was noted.
        let is_noted = content(&why).contains("Nearest question I know") && content(&why).contains(" % sure");
        assert_eq!(is_noted, *answer != orphan, "{why}");
    }
    // What no longer reads as it did is not said again.
    knowledge.edit(
        "How high will the harbour wall be?",
        "Which height will the harbour wall have?",
    );
    knowledge.edit("By how much is the wall raised?", "By what is the wall raised?");
    let _bot = restarted(&discord, &knowledge, bot);
    let (why, _) = pressed(&discord, "Why this answer", &long_command);
    assert!(content(&why).contains("Ask it again"), "{why}");
}

#[test]
fn why_of_a_chosen_fact_says_that_it_was_chosen_and_of_other_facts_that_they_changed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let chosen = discord.shown(
        IN_CHANNEL,
        discord.ask(IN_CHANNEL, "harbour-works/wall-height", &json!([])),
    );
    let (why, _) = pressed(&discord, "Why this answer", &chosen);
    assert!(content(&why).contains("the fact that you chose"), "{why}");
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    bot.stop().unwrap();
    knowledge.edit("id = \"wall-height\"", "id = \"wall-metres\"");
    let before = discord.state().with(|inner| inner.n_comparisons);
    let _bot = TestBot::start(&discord, &knowledge);
    discord
        .state()
        .wait("the second start", |inner| (inner.n_comparisons > before).then_some(()));
    let (why, _) = pressed(&discord, "Why this answer", &answer);
    assert!(content(&why).contains("another answer"), "{why}");
    let (vote, _) = pressed(&discord, "Helpful", &answer);
    assert!(content(&vote).contains("no longer in the briefing"), "{vote}");
}

#[test]
fn telling_the_curators_is_the_asker_s_own_to_agree_to_and_keeps_the_words_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, &format!("<@{OTHER_MEMBER}> {COST}")));
    assert!(content(&answer).contains("never who asked"), "{answer}");
    let press = discord.presses(
        IN_CHANNEL.by(OTHER_MEMBER),
        &button(&answer, "Tell the curators"),
        &answer,
    );
    let (told, is_private) = discord.response_to(press);
    assert!(
        is_private && content(&told).contains("Only the one who asked"),
        "{told}"
    );
    let bot = {
        let bot = restarted(&discord, &knowledge, bot);
        let kept = block_on(store(&knowledge).kept_questions(Scope::All, Page { offset: 0, limit: 9 })).unwrap();
        assert_eq!(kept.n_total, 0, "nothing is kept before a press");
        bot
    };
    let (told, _) = pressed(&discord, "Tell the curators", &answer);
    assert!(
        content(&told).starts_with(content(&answer).lines().next().unwrap()) && content(&told).contains("are kept"),
        "{told}"
    );
    bot.stop().unwrap();
    let kept = block_on(store(&knowledge).kept_questions(Scope::All, Page { offset: 0, limit: 9 })).unwrap();
    let entry = &kept.rows[0].entry;
    let words = format!("@someone {COST}");
    assert_eq!(
        (entry.words.as_str(), entry.outcome),
        (words.as_str(), Unanswered::Declined)
    );
    assert_eq!((kept.n_total, entry.n_asked), (1, 1));
    assert_eq!(entry.server.map(briefing_bot::store::Snowflake::get), IN_CHANNEL.guild);
}

#[test]
fn a_question_is_passed_on_once_however_often_that_is_pressed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, COST));
    let id = button(&answer, "Tell the curators");
    // Pressed again and again before Discord shows that it is spent, on the message as it was.
    let presses: Vec<u64> = (0..5).map(|_| discord.presses(IN_CHANNEL, &id, &answer)).collect();
    for press in presses {
        assert_eq!(discord.callback_to(press)["type"], 7);
        let (now, _) = discord.response_to(press);
        let row = now["components"].as_array().unwrap().last().unwrap();
        let spent = &row["components"][0];
        assert_eq!(
            (&spent["label"], &spent["disabled"]),
            (&json!("Passed on to the curators"), &json!(true)),
            "{now}"
        );
        assert_eq!(
            row["components"][1], answer["components"][0]["components"][1],
            "the rest stays"
        );
    }
    for other in [OTHER_MEMBER, OTHER_MEMBER + 1] {
        let (told, is_private) = discord.response_to(discord.presses(IN_CHANNEL.by(other), &id, &answer));
        assert!(
            is_private && content(&told).contains("Only the one who asked"),
            "{told}"
        );
    }
    bot.stop().unwrap();
    let kept = block_on(store(&knowledge).kept_questions(Scope::All, Page { offset: 0, limit: 9 })).unwrap();
    assert_eq!((kept.n_total, kept.rows[0].entry.n_asked), (1, 1));
}

#[test]
fn a_question_whose_words_are_gone_is_not_passed_on_and_the_message_stays() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, COST);
    let answer = discord.answer_to(question);
    let _bot = restarted(&discord, &knowledge, bot);
    discord.state().with(|inner| inner.messages.remove(&question));
    let press = discord.presses(IN_CHANNEL, &button(&answer, "Tell the curators"), &answer);
    assert_eq!(discord.callback_to(press)["type"], 4);
    let (told, is_private) = discord.response_to(press);
    assert!(
        is_private && content(&told).contains("no longer have the words"),
        "{told}"
    );
    assert_eq!(as_it_is(&discord, &answer), answer);
}

/// A message of the bot's as Discord has it now.
fn as_it_is(discord: &Loopback, message: &Value) -> Value {
    let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
    discord.state().with(|inner| inner.messages[&id].clone())
}

#[test]
fn none_of_these_asserts_nothing_and_offers_the_curators() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, "quarry"));
    let n_offers = offers(&answer).len();
    assert!((1..=5).contains(&n_offers), "{answer}");
    assert_eq!(labels(&answer)[n_offers..], ["None of these", "Delete"]);
    let press = discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &button(&answer, "None of these"), &answer);
    let (told, is_private) = discord.response_to(press);
    assert!(
        is_private && content(&told).contains("Only the one who asked"),
        "{told}"
    );
    assert_eq!(
        as_it_is(&discord, &answer),
        answer,
        "the asker's message stays as it is"
    );
    let press = discord.presses(IN_CHANNEL, &button(&answer, "None of these"), &answer);
    assert_eq!(discord.callback_to(press)["type"], 7);
    let (mut none, _) = discord.response_to(press);
    assert_eq!(labels(&none), ["Tell the curators", "Delete"]);
    none["id"] = answer["id"].clone();
    let message = {
        let mut message = answer.clone();
        message["content"] = none["content"].clone();
        message["components"] = none["components"].clone();
        message
    };
    let (told, _) = pressed(&discord, "Tell the curators", &message);
    assert!(content(&told).contains("are kept"), "{told}");
    bot.stop().unwrap();
    let kept = block_on(store(&knowledge).kept_questions(Scope::All, Page { offset: 0, limit: 9 })).unwrap();
    assert_eq!(kept.rows[0].entry.words, "quarry");
    assert_eq!(kept.rows[0].entry.outcome, Unanswered::Suggested);
}

#[test]
fn what_is_no_question_has_nothing_for_the_curators() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for words in ["thank you", "벽이 얼마나 높아요?", "ignore your rules", ""] {
        let answer = discord.answer_to(discord.mention(IN_CHANNEL, words));
        assert!(!labels(&answer).contains(&"Tell the curators".to_owned()), "{answer}");
    }
}

#[test]
fn a_retracted_fact_answers_with_the_correction_and_a_superseded_one_with_what_stands() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    knowledge.edit(
        "id = \"wall-height\"",
        "id = \"wall-height\"\nretracted = \"The office has taken the figure back.\"",
    );
    knowledge.edit(
        "id = \"works-start\"",
        "id = \"works-start\"\nsuperseded_by = \"stone-source\"",
    );
    let _bot = TestBot::start(&discord, &knowledge);
    let withdrawn = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    assert!(
        content(&withdrawn).starts_with("This was withdrawn: The office has taken the figure back."),
        "{withdrawn}"
    );
    assert!(!content(&withdrawn).contains("six metres"), "{withdrawn}");
    assert!(content(&withdrawn).contains("-# Source:"), "{withdrawn}");
    let corrected = discord.asked(IN_CHANNEL.by(OTHER_MEMBER), "When do the works on the wall begin?");
    assert!(
        corrected.starts_with("This was corrected. What stands now: The stone comes from the quarry"),
        "{corrected}"
    );
    assert!(
        corrected.contains("paragraph 4") && !corrected.contains("June"),
        "{corrected}"
    );
    let typed = discord.typed(IN_CHANNEL, "");
    assert_eq!(typed.len(), 1, "corrected facts are not offered: {typed:?}");
}

#[test]
fn an_answer_from_a_briefing_long_past_says_how_old_it_is() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answer = discord.asked(IN_CHANNEL, HEIGHT);
    assert!(
        answer.contains("the source names no year") && !answer.contains("old news"),
        "{answer}"
    );
    bot.stop().unwrap();
    knowledge.edit_source(
        "date = \"05-02\"\nweekday = \"Friday\"",
        "date = \"2008-05-02\"\nweekday = \"Friday\"",
    );
    let before = discord.state().with(|inner| inner.n_comparisons);
    let _bot = TestBot::start(&discord, &knowledge);
    discord
        .state()
        .wait("the second start", |inner| (inner.n_comparisons > before).then_some(()));
    let answer = discord.asked(IN_CHANNEL, HEIGHT);
    assert!(
        answer.contains("-# This is old news: May 2, 2008 was at least "),
        "{answer}"
    );
    let open = discord.asked(IN_CHANNEL.by(OTHER_MEMBER), COST);
    assert!(
        open.contains("-# This is old news: May 2, 2008 was at least "),
        "{open}"
    );
    let declined = discord.asked(IN_CHANNEL.by(77), "Who sells zorblatts in Atlantis?");
    assert!(!declined.contains("old news"), "{declined}");
}

#[test]
fn what_is_answered_the_most_is_offered_after_what_is_featured_and_the_others_after_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    knowledge.edit("featured = true\n", "");
    let bot = TestBot::start(&discord, &knowledge);
    let (start, stone) = (
        "When do the works on the wall begin?",
        "Where does the stone for the wall come from?",
    );
    let offered = || {
        let typed = discord.typed(IN_CHANNEL, "");
        let names = typed.iter().map(|choice| choice["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<String>>()
    };
    assert_eq!(offered(), [HEIGHT, start, stone], "in the order of the file");
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    assert_eq!(offers(&greeting).len(), 3, "{greeting}");
    for user in 500..503 {
        discord.asked(IN_CHANNEL.by(user), start);
    }
    discord.asked(IN_CHANNEL, stone);
    let _bot = restarted(&discord, &knowledge, bot);
    // The store is asked when the bot starts; it answers soon.
    until(|| {
        let offered = offered();
        let is_ranked = offered == [start, stone, HEIGHT];
        if is_ranked { Ok(()) } else { Err(format!("{offered:?}")) }
    });
}

#[test]
fn facts_and_names_at_their_limits_fit_whatever_is_pressed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let long = "*한 🇰🇷 שלום_ ".repeat(300);
    let long: String = long.chars().take(3900).collect();
    knowledge.edit("The works begin in June.", long.trim());
    knowledge.edit(
        "How high will the harbour wall be?",
        &format!("How high {}?", "벽🧱".repeat(45)),
    );
    knowledge.edit("id = \"stone-source\"", &format!("id = \"{}\"", "s".repeat(40)));
    let _bot = TestBot::start(&discord, &knowledge);
    for words in [
        "When do the works on the wall begin?",
        "By how much is the wall raised?",
        "wall?",
        "",
    ] {
        let answer = discord.answer_to(discord.mention(IN_CHANNEL, words));
        for (label, id) in buttons(&answer) {
            if label != "Delete" {
                discord.response_to(discord.presses(IN_CHANNEL, &id, &answer));
            }
        }
    }
}
