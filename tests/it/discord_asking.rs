//! Every way of asking in Discord, and what is answered.

use briefing_bot::answer::{Conversation, Outcome};
use serde_json::json;

use crate::support::events::{self, BOT, IN_CHANNEL, IN_DIRECT, MEMBER, OTHER_MEMBER};
use crate::support::{Knowledge, Loopback, TestBot, button, offers};

const QUESTION: &str = "How high will the harbour wall be?";
const CLAIM: &str = "The harbour office said the wall will be raised by two metres, to six metres in all.";

#[test]
fn the_same_words_get_the_same_answer_at_every_door() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let by_mention = discord.asked(IN_CHANNEL, QUESTION);
    assert!(by_mention.starts_with(CLAIM), "{by_mention}");
    let directly = discord.answer_to(discord.says(IN_DIRECT, QUESTION));
    assert_eq!(directly["content"], by_mention);
    let by_reply = discord.expects_answer(|id| events::reply(id, IN_CHANNEL, QUESTION, &directly, true));
    assert_eq!(discord.answer_to(by_reply)["content"], by_mention);
    for place in [IN_CHANNEL, IN_DIRECT] {
        let (by_command, is_private) = discord.response_to(discord.ask(place, QUESTION, &json!([])));
        assert_eq!(by_command["content"], by_mention);
        assert!(!is_private);
    }
}

#[test]
fn an_answer_says_who_stands_behind_it_and_where_it_is_said() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let answer = discord.asked(IN_CHANNEL, QUESTION);
    let (claim, behind_it) = answer.split_once('\n').unwrap();
    assert_eq!(claim, CLAIM);
    assert!(behind_it.lines().all(|line| line.starts_with("-# ")), "{behind_it}");
    assert!(
        behind_it.contains("the harbour office") && behind_it.contains('3'),
        "{behind_it}"
    );
}

#[test]
fn an_answer_is_a_reply_that_outlives_its_question() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, QUESTION);
    let reference = discord.answer_to(question)["message_reference"].clone();
    assert_eq!(reference["message_id"], question.to_string());
    assert_eq!(reference["fail_if_not_exists"], false);
}

#[test]
fn a_mention_without_a_question_gets_a_greeting_with_three_examples() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    let examples = offers(&greeting);
    assert_eq!(examples.len(), 3);
    for (label, _) in &examples {
        assert!(greeting["content"].as_str().unwrap().contains(label), "{greeting}");
    }
}

#[test]
fn what_does_not_speak_to_the_bot_is_ignored() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let mention = format!("<@{BOT}> {QUESTION}");
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, ""));
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, QUESTION));
    discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(BOT), &mention));
    discord.expects_silence(|id| {
        let mut message = events::message(id, IN_CHANNEL.by(OTHER_MEMBER), &mention);
        message["author"]["bot"] = json!(true);
        message
    });
    discord.expects_silence(|id| {
        let mut message = events::message(id, IN_CHANNEL, &mention);
        message["webhook_id"] = json!("5");
        message
    });
    // Answered after all of them were looked at: an answer to any would be one that nobody waited for.
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn a_reply_without_content_is_told_to_mention_the_bot() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, QUESTION));
    let reply = discord.expects_answer(|id| events::reply(id, IN_CHANNEL, "", &answer, false));
    let hint = discord.answer_to(reply);
    let content = hint["content"].as_str().unwrap();
    assert!(content.contains("mention me") && !content.contains('\n'), "{content}");
    discord.presses(IN_CHANNEL, &button(&hint, "Delete"), &hint);
    discord.gone(&hint);
}

#[test]
fn a_question_cannot_ping_anyone_or_bring_markup_to_life() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for words in [
        "@everyone @here <@11> <@&5> <@!12> what do you know of zorblatts?",
        "**zorblatts** [x](https://e.example) ```code``` ||hidden|| \u{202e}backwards",
        "> zorblatts\n# zorblatts\n-# @everyone",
    ] {
        // The loopback holds every body against the promise to notify nobody.
        let content = discord.asked(IN_CHANNEL, words);
        for alive in ["](http", "```", "||", "\u{202e}", "**zorblatts**"] {
            assert!(!content.contains(alive), "{content}");
        }
        let (response, _) = discord.response_to(discord.ask(IN_DIRECT, words, &json!([])));
        assert!(!response["content"].as_str().unwrap().contains("](http"), "{response}");
    }
}

#[test]
fn ask_keeps_the_answer_private_and_shows_why_where_it_is_told_to() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let private = json!([{"name": "private", "type": 5, "value": true}]);
    let (answer, is_private) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &private));
    assert!(is_private);
    assert!(
        !answer["content"].as_str().unwrap().contains("Why this answer"),
        "{answer}"
    );
    let why = json!([{"name": "why", "type": 5, "value": true}, {"name": "private", "type": 5, "value": false}]);
    let (answer, is_private) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &why));
    assert!(!is_private);
    assert!(
        answer["content"].as_str().unwrap().contains("Why this answer"),
        "{answer}"
    );
}

#[test]
fn what_is_typed_is_completed_and_every_form_of_a_choice_is_understood() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let featured = discord.typed(IN_CHANNEL, "");
    assert_eq!(featured.len(), 3);
    assert_eq!(
        discord
            .typed(IN_CHANNEL, "xqzzkw jjjjj")
            .iter()
            .filter(|choice| choice["name"].is_null())
            .count(),
        0
    );
    let choice = discord.typed(IN_CHANNEL, "how high").into_iter().next().unwrap();
    assert_eq!(choice["value"], "harbour-works/wall-height");
    for chosen in ["name", "value"] {
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL, choice[chosen].as_str().unwrap(), &json!([])));
        assert!(answer["content"].as_str().unwrap().starts_with(CLAIM), "{answer}");
    }
    let (gone, is_private) = discord.response_to(discord.ask(IN_CHANNEL, "harbour-works/no-such-fact", &json!([])));
    assert!(
        is_private && gone["content"].as_str().unwrap().contains("no longer in the briefing"),
        "{gone}"
    );
}

#[test]
fn a_button_answers_the_asker_in_place_and_anyone_else_in_private() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    let (_, id) = offers(&greeting)
        .into_iter()
        .find(|(label, _)| label == QUESTION)
        .unwrap();
    let own = discord.presses(IN_CHANNEL, &id, &greeting);
    assert_eq!(discord.callback_to(own)["type"], 7);
    let (answer, _) = discord.response_to(own);
    assert!(answer["content"].as_str().unwrap().starts_with(CLAIM), "{answer}");
    let others = discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &id, &greeting);
    assert_eq!(discord.callback_to(others)["type"], 4);
    let (answer, is_private) = discord.response_to(others);
    assert!(
        is_private && answer["content"].as_str().unwrap().starts_with(CLAIM),
        "{answer}"
    );
}

#[test]
fn a_reply_goes_on_from_the_fact_that_was_chosen_below_a_did_you_mean() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let words = "who said that?";
    let by_message = discord.answer_to(discord.mention(IN_CHANNEL, words));
    let by_command = discord.shown(IN_CHANNEL, discord.ask(IN_CHANNEL, words, &json!([])));
    for (suggested, stranger) in [(by_message, 600), (by_command, 601)] {
        let offered = offers(&suggested);
        let (stone, (first, _)) = ("Where does the stone for the wall come from?", &offered[0]);
        assert_ne!(first, stone, "the nearest would be leant on anyway");
        let (_, id) = offered.iter().find(|(label, _)| label == stone).unwrap();
        let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, id, &suggested));
        assert!(told["content"].as_str().unwrap().starts_with("The stone"), "{told}");
        // With nothing said before, and with all of it.
        for member in [stranger, MEMBER] {
            let place = IN_CHANNEL.by(member);
            let reply = discord.expects_answer(|id| events::reply(id, place, words, &suggested, true));
            let followed = discord.answer_to(reply);
            assert!(
                followed["content"].as_str().unwrap().starts_with("The stone"),
                "{followed}"
            );
        }
    }
}

#[test]
fn a_button_outlives_a_restart_and_tells_what_became_of_its_fact() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    let ids = offers(&greeting);
    let id_of = |question: &str| ids.iter().find(|(label, _)| label == question).unwrap().1.clone();
    bot.stop().unwrap();
    knowledge.edit("in June", "in July");
    knowledge.edit("id = \"stone-source\"", "id = \"stone-origin\"");
    let comparisons = discord.state().with(|inner| inner.n_comparisons);
    let _bot = TestBot::start(&discord, &knowledge);
    discord.state().wait("the second start", |inner| {
        (inner.n_comparisons > comparisons).then_some(())
    });
    let pressed = |question: &str| {
        let (answer, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(question), &greeting));
        answer["content"].as_str().unwrap().to_owned()
    };
    assert!(pressed(QUESTION).starts_with(CLAIM));
    let changed = pressed("When do the works on the wall begin?");
    assert!(
        changed.contains("was edited") && changed.contains("in July"),
        "{changed}"
    );
    let stone = id_of("Where does the stone for the wall come from?");
    let id: u64 = greeting["id"].as_str().unwrap().parse().unwrap();
    let as_it_was = discord.state().with(|inner| inner.messages[&id].clone());
    let (gone, is_private) = discord.response_to(discord.presses(IN_CHANNEL, &stone, &greeting));
    assert!(
        is_private && gone["content"].as_str().unwrap().contains("no longer in the briefing"),
        "{gone}"
    );
    let as_it_is = discord.state().with(|inner| inner.messages[&id].clone());
    assert_eq!(as_it_is, as_it_was, "what else is offered stays");
}

#[test]
fn a_button_of_another_version_is_answered_kindly() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    for id in ["9:t:whatever", "about", "1:t:0000001f:0:a/b"] {
        let (answer, is_private) = discord.response_to(discord.presses(IN_CHANNEL, id, &greeting));
        assert!(
            is_private && answer["content"].as_str().unwrap().contains("another version"),
            "{answer}"
        );
    }
}

#[test]
fn a_question_of_four_thousand_characters_is_answered_within_the_limits() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for words in [
        "how high ".repeat(444),
        "@everyone ".repeat(400),
        "한".repeat(4000),
        "*".repeat(4000),
    ] {
        discord.answer_to(discord.mention(IN_CHANNEL, &words));
        discord.response_to(discord.ask(IN_CHANNEL, &words, &json!([{"name": "why", "type": 5, "value": true}])));
        discord.typed(IN_CHANNEL, &words);
    }
}

#[test]
fn commands_say_where_they_may_be_used_and_installed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let commands = discord.state().with(|inner| inner.commands.clone());
    let of = |name: &str| commands.iter().find(|command| command["name"] == name).unwrap();
    assert_eq!(of("ask")["contexts"], json!([0, 1, 2]));
    assert_eq!(of("ask")["integration_types"], json!([0, 1]));
    let menu = of("Check against the briefing");
    assert_eq!((&menu["type"], &menu["contexts"]), (&json!(3), &json!([0, 1, 2])));
    assert_eq!(menu["integration_types"], json!([0, 1]));
    assert_eq!(of("admin")["contexts"], json!([0, 1]));
    assert_eq!(of("admin")["integration_types"], json!([0]));
    assert_eq!(of("admin")["default_member_permissions"], "32");
}

#[test]
fn what_was_said_before_counts_for_the_same_member_in_the_same_channel_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let snapshot = knowledge.snapshot();
    let (_, conversation) = snapshot.ask(QUESTION, &Conversation::default());
    let claim_of = |conversation: &Conversation| snapshot.ask("who said that?", conversation).0.text;
    let (followed, alone) = (claim_of(&conversation), claim_of(&Conversation::default()));
    assert_ne!(followed, alone, "this question tells the two apart");
    let holds = |content: &str, claim: &Option<String>| claim.as_ref().is_some_and(|claim| content.starts_with(claim));
    discord.asked(IN_CHANNEL, QUESTION);
    let content = discord.asked(IN_CHANNEL, "who said that?");
    assert_eq!(
        (holds(&content, &followed), holds(&content, &alone)),
        (followed.is_some(), false),
        "{content}"
    );
    for place in [IN_CHANNEL.by(OTHER_MEMBER), IN_DIRECT] {
        let content = discord.asked(place, "who said that?");
        assert_eq!(
            (holds(&content, &followed), holds(&content, &alone)),
            (false, alone.is_some()),
            "{content}"
        );
    }
}

#[test]
fn whatever_the_outcome_the_message_is_the_engines_and_its_suggestions_can_be_pressed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let snapshot = knowledge.snapshot();
    let mut outcomes = Vec::new();
    for (index, words) in [
        QUESTION,
        "What do the works cost?",
        "what about the zorblatts?",
        "wall?",
        "thank you",
        "who said that?",
    ]
    .into_iter()
    .enumerate()
    {
        // A member of its own, so that nothing was said before.
        let place = IN_CHANNEL.by(500 + index as u64);
        let (expected, _) = snapshot.ask(words, &Conversation::default());
        let answer = discord.answer_to(discord.mention(place, words));
        let content = answer["content"].as_str().unwrap();
        assert!(
            content.starts_with(expected.message.lines().next().unwrap()),
            "{words}: {content}"
        );
        let labels: Vec<String> = match expected.outcome {
            Outcome::Answer => Vec::new(),
            _ => offers(&answer).into_iter().map(|(label, _)| label).collect(),
        };
        let offered: Vec<&str> = expected
            .suggestions
            .iter()
            .map(|suggestion| suggestion.question.as_str())
            .collect();
        assert_eq!(labels, offered, "{words}");
        // Below an answer are related facts, which a test of their own looks at.
        let suggested = if expected.outcome == Outcome::Answer {
            Vec::new()
        } else {
            offers(&answer)
        };
        for (label, id) in suggested {
            let (told, _) = discord.response_to(discord.presses(place, &id, &answer));
            let (fact, _) = snapshot.ask(&label, &Conversation::default());
            assert!(
                told["content"]
                    .as_str()
                    .unwrap()
                    .starts_with(fact.text.as_deref().unwrap()),
                "{label}: {told}"
            );
        }
        outcomes.push(expected.outcome);
    }
    for outcome in [Outcome::Answer, Outcome::Suggest, Outcome::None] {
        assert!(outcomes.contains(&outcome), "{outcomes:?}");
    }
}

#[test]
fn a_thread_that_is_opened_on_an_answer_goes_on_from_it_until_more_is_said_there() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, QUESTION));
    let thread = events::Place {
        channel: answer["id"].as_str().unwrap().parse().unwrap(),
        ..IN_CHANNEL.by(OTHER_MEMBER)
    };
    // Nobody opens a thread on an answer before the bot has heard that it was taken.
    discord.asked(IN_CHANNEL.by(600), QUESTION);
    let followed = discord.asked(thread, "who said that?");
    assert!(followed.starts_with(CLAIM), "{followed}");
    let stone = "Where does the stone for the wall come from?";
    assert!(discord.asked(thread, stone).starts_with("The stone"));
    let followed = discord.asked(thread, "who said that?");
    assert!(followed.starts_with("The stone"), "{followed}");
}

#[test]
fn a_thread_is_a_place_to_ask_and_a_conversation_of_its_own() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let thread = events::Place {
        channel: 500,
        ..IN_CHANNEL
    };
    let question = discord.mention(thread, QUESTION);
    let answer = discord.answer_to(question);
    assert!(answer["content"].as_str().unwrap().starts_with(CLAIM), "{answer}");
    assert_eq!(
        answer["channel_id"],
        thread.channel.to_string(),
        "it is answered in the thread"
    );
    let alone = discord.asked(IN_CHANNEL, "who said that?");
    let followed = discord.asked(thread, "who said that?");
    assert_ne!(followed, alone, "the channel around it has not heard the thread");
    assert!(followed.to_lowercase().contains("harbour office"), "{followed}");
    // In the thread's reply chain as well, whoever goes on with it.
    let reply =
        discord.expects_answer(|id| events::reply(id, thread.by(OTHER_MEMBER), "who said that?", &answer, true));
    assert_eq!(discord.answer_to(reply)["content"], followed);
}
