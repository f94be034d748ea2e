//! What a server opts in to: ask channels, forums, its own briefings, private answers.

use std::num::NonZeroU64;

use briefing_bot::store::{ServerSettings, Snowflake, SqliteStore, Store, Timestamp};
use serde_json::{Value, json};

use crate::support::events::{self, BOT, ELSEWHERE, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place};
use crate::support::state::{Fault, Frame};
use crate::support::{Knowledge, Loopback, TestBot, block_on, button, offers, put_settings, until};

const HEIGHT: &str = "How high will the harbour wall be?";
const CLAIM: &str = "The harbour office said the wall will be raised";
const FORUM: u64 = 40;

fn snowflake(id: u64) -> Snowflake {
    NonZeroU64::new(id).unwrap().into()
}

/// A bot that starts with these settings of the server [`ELSEWHERE`], with the intent or without.
fn start(discord: &Loopback, knowledge: &Knowledge, settings: &ServerSettings, message_content: &str) -> TestBot {
    let store = SqliteStore::new(&knowledge.store());
    block_on(async {
        put_settings(&store, snowflake(ELSEWHERE), settings, Timestamp(1)).await;
        store.close().await;
    });
    let bot = TestBot::start_with(discord, knowledge, &[("MESSAGE_CONTENT", message_content)]);
    discord.wait_until_ready();
    assert!(settings.is_private_by_default);
    wait_for_settings(discord);
    bot
}

/// Settings are read when the bot starts, beside everything else; all of these tests answer in private, which shows
/// when they are there.
fn wait_for_settings(discord: &Loopback) {
    until(|| {
        let (answer, is_private) = discord.response_to(discord.ask(IN_CHANNEL.by(OTHER_MEMBER), HEIGHT, &json!([])));
        if is_private { Ok(()) } else { Err(answer.to_string()) }
    });
}

/// Starts it once more, and waits until it has looked through the channels where it was asked.
fn start_again(discord: &Loopback, knowledge: &Knowledge) -> TestBot {
    let before = discord.state().with(|inner| inner.n_comparisons);
    let bot = TestBot::start_with(discord, knowledge, &[("MESSAGE_CONTENT", "on")]);
    discord.state().wait("the next start", |inner| {
        let is_read = |(method, path): &(String, String)| method == "GET" && path.contains("/messages?");
        (inner.n_comparisons > before && inner.requests.iter().any(is_read)).then_some(())
    });
    wait_for_settings(discord);
    bot
}

fn ask_channel() -> ServerSettings {
    ServerSettings {
        ask_channels: vec![snowflake(IN_CHANNEL.channel)],
        is_private_by_default: true,
        ..ServerSettings::default()
    }
}

fn content(message: &Value) -> &str {
    message["content"].as_str().unwrap()
}

/// The role of the bot in a server.
const OWN_ROLE: u64 = 905;

#[test]
fn whoever_mentions_the_bot_s_role_means_the_bot() {
    for message_content in ["on", "off"] {
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        let _bot = TestBot::start_with(&discord, &knowledge, &[("MESSAGE_CONTENT", message_content)]);
        discord.wait_until_ready();
        discord.send(&Frame::Dispatch("GUILD_CREATE", events::server(ELSEWHERE, OWN_ROLE)));
        // By the time that this is answered, that has long been heard.
        discord.asked(IN_CHANNEL, HEIGHT);
        let place = IN_CHANNEL.by(OTHER_MEMBER);
        let words = |role: u64| format!("<@&{role}> {HEIGHT}");
        discord.expects_silence(|id| events::mention_of_role(id, place, OWN_ROLE + 1, &words(OWN_ROLE + 1)));
        if message_content == "on" {
            let asked = discord.expects_answer(|id| events::mention_of_role(id, place, OWN_ROLE, &words(OWN_ROLE)));
            let answer = discord.answer_to(asked);
            assert!(content(&answer).contains(CLAIM), "{answer}");
            // Called without a word, it greets.
            let called =
                discord.expects_answer(|id| events::mention_of_role(id, place, OWN_ROLE, &format!("<@&{OWN_ROLE}>")));
            assert!(!offers(&discord.answer_to(called)).is_empty());
            // And so an edit that adds the role makes a question.
            let forgotten = discord.expects_silence(|id| events::message(id, place, HEIGHT));
            discord.asked(IN_CHANNEL, HEIGHT);
            discord.edits_to_role(forgotten, OWN_ROLE, HEIGHT, 1);
            let answer = discord.answer_to(forgotten);
            assert!(content(&answer).contains(CLAIM), "{answer}");
        } else {
            // Discord keeps the words to itself, and what comes without words is ignored.
            discord.expects_silence(|id| events::mention_of_role(id, place, OWN_ROLE, ""));
            discord.asked(place, HEIGHT);
        }
    }
}

#[test]
fn in_an_ask_channel_every_sure_answer_is_posted_and_nothing_else() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "on");
    for words in [
        "quarry",
        "thank you",
        "What do the works cost?",
        "Who is the king of Atlantis?",
        "🧱",
    ] {
        discord.expects_silence(|id| events::message(id, IN_CHANNEL, words));
    }
    let elsewhere = Place {
        channel: 39,
        ..IN_CHANNEL
    };
    discord.expects_silence(|id| events::message(id, elsewhere, HEIGHT));
    let answer = discord.answer_to(discord.says(IN_CHANNEL, HEIGHT));
    assert!(content(&answer).starts_with(CLAIM), "{answer}");
    // A mention is answered there as everywhere.
    assert!(
        discord
            .asked(IN_CHANNEL, "What do the works cost?")
            .contains("does not say")
    );
}

#[test]
fn in_an_ask_channel_an_edit_that_is_not_sure_any_more_takes_the_answer_back() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "on");
    let question = discord.says(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    discord.edits(question, "When do the works on the wall begin?", 1);
    discord.changed(&answer, |content| content.starts_with("The works begin in June."));
    discord.edits(question, "quarry", 2);
    discord.gone(&answer);
}

#[test]
fn in_an_ask_channel_an_edit_that_makes_a_question_of_talk_is_answered_and_only_the_first_is_looked_at() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "on");
    let says = |words: &'static str| discord.expects_silence(|id| events::message(id, IN_CHANNEL, words));
    let (unclear, talk) = (says("quarry"), says("Well, well."));
    let by_program = discord.expects_silence(|id| {
        let mut message = events::message(id, IN_CHANNEL, "quarry");
        message["author"]["bot"] = json!(true);
        message
    });
    // Once the bot has kept silent to them.
    discord.asked(IN_CHANNEL, HEIGHT);
    // An answer to one of these would be one that nobody waited for.
    discord.edits(by_program, HEIGHT, 1);
    discord.edits(talk, "Well, well, well.", 1);
    discord.edits(unclear, HEIGHT, 1);
    let answer = discord.answer_to(unclear);
    assert!(content(&answer).starts_with(CLAIM), "{answer}");
    let is_look = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages?");
    assert_eq!(discord.requests().iter().filter(is_look).count(), 0, "all was heard");
    discord.edits(talk, HEIGHT, 2);
    // From then on the answer follows.
    discord.edits(unclear, "When do the works on the wall begin?", 2);
    discord.changed(&answer, |content| content.starts_with("The works begin in June."));
}

#[test]
fn in_an_ask_channel_an_edit_is_followed_by_the_process_after_the_one_that_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge, &ask_channel(), "on");
    let question = discord.says(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    bot.stop().unwrap();
    let _bot = start_again(&discord, &knowledge);
    discord.edits(question, "When do the works on the wall begin?", 1);
    discord.changed(&answer, |content| content.starts_with("The works begin in June."));
    discord.edits(question, "quarry", 2);
    discord.gone(&answer);
}

#[test]
fn in_an_ask_channel_an_answer_that_was_deleted_does_not_come_back_with_an_edit() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge, &ask_channel(), "on");
    let asks = || {
        let question = discord.says(IN_CHANNEL, HEIGHT);
        (question, discord.answer_to(question))
    };
    let ((first, answer), (second, other)) = (asks(), asks());
    // The process after the one that answered has nothing but the pair.
    bot.stop().unwrap();
    let _bot = start_again(&discord, &knowledge);
    discord.presses(IN_CHANNEL, &button(&answer, "Delete"), &answer);
    discord.gone(&answer);
    // As whoever keeps order there deletes it.
    discord.deletes(IN_CHANNEL, other["id"].as_str().unwrap().parse().unwrap());
    discord.asked(IN_CHANNEL.by(OTHER_MEMBER), HEIGHT);
    // An answer to one of these would be one that nobody waited for.
    for question in [first, second] {
        discord.edits(question, "When do the works on the wall begin?", 1);
    }
    for user in 600..605 {
        discord.asked(IN_CHANNEL.by(user), HEIGHT);
    }
}

#[test]
fn a_mention_that_is_added_to_what_was_only_overheard_is_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "on");
    let words = "What do the works cost?";
    let forgotten = discord.expects_silence(|id| events::message(id, IN_CHANNEL, words));
    // Once the bot has kept silent to it.
    discord.asked(IN_CHANNEL, HEIGHT);
    discord.edits(forgotten, &format!("<@{BOT}> {words}"), 1);
    let answer = discord.answer_to(forgotten);
    assert!(content(&answer).contains("does not say"), "{answer}");
    // And so it is where there was an answer, which is no longer only for what is sure.
    let question = discord.says(IN_CHANNEL.by(OTHER_MEMBER), HEIGHT);
    let answer = discord.answer_to(question);
    discord.edits(question, &format!("<@{BOT}> {words}"), 1);
    discord.changed(&answer, |content| content.contains("does not say"));
}

#[test]
fn where_mentions_are_turned_off_one_that_is_added_is_not_even_looked_for() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = ServerSettings {
        ignores_mentions: true,
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "off");
    discord.asked(IN_DIRECT, HEIGHT);
    let forgotten = discord.expects_silence(|id| events::message(id, IN_CHANNEL, HEIGHT));
    discord.edits(forgotten, &format!("<@{BOT}> {HEIGHT}"), 1);
    for _ in 0..5 {
        discord.asked(IN_DIRECT, HEIGHT);
    }
    let is_look = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages");
    assert_eq!(discord.requests().iter().filter(is_look).count(), 0);
}

#[test]
fn a_question_by_mention_stays_one_when_its_edit_leaves_the_mention_out() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "on");
    let elsewhere = Place {
        channel: 39,
        ..IN_CHANNEL
    };
    for place in [elsewhere, IN_CHANNEL] {
        let question = discord.mention(place, HEIGHT);
        let answer = discord.answer_to(question);
        discord.edits_without_mention(question, "What do the works cost?", 1);
        discord.changed(&answer, |content| content.contains("does not say"));
    }
}

#[test]
fn a_reply_with_its_ping_off_is_answered_where_the_briefing_says_something_and_is_talk_else() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = ServerSettings {
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "on");
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    let reply = |to: &Value, words: &'static str| {
        let to = to.clone();
        move |id| events::reply(id, IN_CHANNEL.by(OTHER_MEMBER), words, &to, false)
    };
    // An answer to one of these would be one that nobody waited for.
    let mut talk = 0;
    for words in [
        "lol",
        "thanks",
        "quarry",
        "Who is the king of Atlantis?",
        "What do the works cost?",
    ] {
        talk = discord.expects_silence(reply(&answer, words));
    }
    // A sticker or a picture, which has no words that could be missing.
    discord.expects_silence(reply(&answer, ""));
    let followed = discord.answer_to(discord.expects_answer(reply(&answer, "who said that?")));
    assert!(content(&followed).starts_with(CLAIM), "{followed}");
    // Below the bot's words of no fact there is none to lean on.
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL.by(600), "hello"));
    let near = discord.expects_answer(|id| events::reply(id, IN_CHANNEL.by(601), "quarry?", &greeting, false));
    let near = discord.answer_to(near);
    assert!(
        !offers(&near).is_empty() && content(&near).contains("Did you mean"),
        "{near}"
    );
    // And what got silence may still be asked.
    discord.edits(talk, &format!("<@{BOT}> What do the works cost?"), 1);
    let answer = discord.answer_to(talk);
    assert!(content(&answer).contains("does not say"), "{answer}");
}

#[test]
fn an_edit_of_a_reply_with_its_ping_off_is_answered_as_the_reply_was_until_it_mentions_the_bot() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start_with(&discord, &knowledge, &[("MESSAGE_CONTENT", "on")]);
    discord.wait_until_ready();
    let above = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    // Nobody replies to an answer before the bot has heard that it was taken.
    discord.asked(IN_CHANNEL.by(601), HEIGHT);
    let asks = |user: u64| {
        let question =
            discord.expects_answer(|id| events::reply(id, IN_CHANNEL.by(user), "who said that?", &above, false));
        let answer = discord.answer_to(question);
        assert!(content(&answer).starts_with(CLAIM), "{answer}");
        (question, answer)
    };
    let (question, answer) = asks(OTHER_MEMBER);
    discord.edits(question, "When do the works on the wall begin?", 1);
    discord.changed(&answer, |content| content.contains("in June"));
    discord.edits(question, "thanks", 2);
    discord.gone(&answer);
    let (question, answer) = asks(600);
    discord.edits(question, &format!("<@{BOT}> What do the works cost?"), 1);
    discord.changed(&answer, |content| content.contains("does not say"));
}

#[test]
fn without_the_intent_being_asked_for_an_ask_channel_is_a_channel_like_others() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &ask_channel(), "off");
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, HEIGHT));
    discord.asked(IN_CHANNEL, HEIGHT);
    assert_eq!(intents(&discord) & (1 << 15), 0);
}

#[test]
fn the_intent_is_asked_for_where_the_owner_turned_it_on() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start_with(&discord, &knowledge, &[("MESSAGE_CONTENT", "on")]);
    discord.wait_until_ready();
    assert_ne!(intents(&discord) & (1 << 15), 0);
}

fn intents(discord: &Loopback) -> u64 {
    discord.state().with(|inner| inner.intents)
}

#[test]
fn the_first_post_of_a_forum_s_thread_is_answered_where_it_is_sure_and_later_ones_are_not() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = ServerSettings {
        ask_forums: vec![snowflake(FORUM)],
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "on");
    // The title asks and the post explains, or the other way round, or the post is a picture.
    for (title, post) in [(HEIGHT, "I could not find it."), ("A question", HEIGHT), (HEIGHT, "")] {
        let first = post_in_thread(&discord, FORUM, title, post, true);
        assert!(content(&discord.answer_to(first)).starts_with(CLAIM));
        let thread = Place {
            channel: first,
            ..IN_CHANNEL
        };
        discord.expects_silence(|id| events::message(id, thread.by(OTHER_MEMBER), HEIGHT));
    }
    post_in_thread(&discord, FORUM, "Hello", "quarry", false);
    post_in_thread(&discord, FORUM + 1, HEIGHT, HEIGHT, false);
    discord.asked(IN_CHANNEL, HEIGHT);
    // Whether it was looked at is not known before it was: every thread is.
    discord.state().wait("all threads", |inner| {
        let looks = inner
            .requests
            .iter()
            .filter(|(method, rest)| method == "GET" && rest.contains("/channels/"));
        (looks.count() == 5).then_some(())
    });
}

#[test]
fn an_edit_of_a_forum_s_post_leaves_the_answer_to_its_title() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = ServerSettings {
        ask_forums: vec![snowflake(FORUM)],
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "on");
    let first = post_in_thread(&discord, FORUM, HEIGHT, "I could not fnid it.", true);
    let answer = discord.answer_to(first);
    let n_edits = || {
        let is_edit = |(method, _): &&(String, String)| method == "PATCH";
        discord.requests().iter().filter(is_edit).count()
    };
    discord.edits(first, "I could not find it.", 1);
    discord.state().wait("the answer to the edit", |inner| {
        let is_change = |(method, _): &(String, String)| method == "PATCH" || method == "DELETE";
        inner.requests.iter().any(is_change).then_some(())
    });
    assert_eq!(n_edits(), 1);
    discord.changed(&answer, |content| content.starts_with(CLAIM));
    // While Discord does not say what the post is called, nothing is taken back.
    let path: &'static str = format!("/channels/{first}").leak();
    discord.script(Fault::new(
        path,
        9,
        403,
        r#"{"code": 50001, "message": "Missing Access"}"#,
    ));
    discord.edits(first, "I could not find it", 2);
    discord.state().wait("the look at the thread", |inner| {
        inner.faults.iter().any(|fault| fault.times < 9).then_some(())
    });
    discord.asked(IN_CHANNEL, HEIGHT);
    discord.changed(&answer, |content| content.starts_with(CLAIM));
    // Where neither asks any more, the answer goes.
    discord.state().with(|inner| {
        inner.faults.clear();
        inner.channels.insert(
            first,
            json!({"type": 11, "name": "Hello", "parent_id": FORUM.to_string()}),
        );
    });
    discord.edits(first, "Never mind.", 3);
    discord.gone(&answer);
}

/// A thread has the id of its first post.
fn post_in_thread(discord: &Loopback, forum: u64, title: &str, post: &str, is_answered: bool) -> u64 {
    let message = |id: u64| {
        let place = Place {
            channel: id,
            ..IN_CHANNEL
        };
        events::message(id, place, post)
    };
    let thread = json!({"type": 11, "name": title, "parent_id": forum.to_string()});
    discord
        .state()
        .with(|inner| inner.channels.insert(inner.next_id(), thread));
    if is_answered {
        discord.expects_answer(message)
    } else {
        discord.expects_silence(message)
    }
}

#[test]
fn a_server_s_answers_are_private_where_it_wants_that_and_a_member_may_choose_otherwise() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = ServerSettings {
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "off");
    assert!(discord.response_to(discord.ask(IN_CHANNEL, HEIGHT, &json!([]))).1);
    let public = json!([{"name": "private", "type": 5, "value": false}]);
    assert!(!discord.response_to(discord.ask(IN_CHANNEL, HEIGHT, &public)).1);
    assert!(!discord.response_to(discord.ask(IN_DIRECT, HEIGHT, &json!([]))).1);
}

/// The harbour's briefing, and the same of a quay beside it.
fn two_briefings() -> Knowledge {
    let knowledge = Knowledge::harbour();
    knowledge.add_briefing("quay-works", |text| {
        text.replace("harbour wall", "quay")
            .replace("Harbour wall", "Quay")
            .replace("sea wall", "landing")
            .replace("the wall", "the quay")
            .replace("six metres", "nine metres")
            .replace("in June", "in March")
    });
    knowledge
}

#[test]
fn where_several_briefings_are_loaded_one_of_them_can_be_asked() {
    let (discord, knowledge) = (Loopback::start(), two_briefings());
    let _bot = TestBot::start(&discord, &knowledge);
    let commands = discord.state().with(|inner| inner.commands.clone());
    let ask = commands.iter().find(|command| command["name"] == "ask").unwrap();
    assert_eq!(ask["options"][3]["name"], "briefing");
    let typed = discord.typed_into(IN_CHANNEL, "ask", "briefing", "quay");
    assert_eq!(typed, [json!({"name": "Quay to be raised", "value": "quay-works"})]);
    let words = "When do the works begin?";
    for (chosen, claim) in [("quay-works", "in March"), ("Harbour wall to be raised", "in June")] {
        let option = json!([{"name": "briefing", "type": 3, "value": chosen}]);
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL.by(500), words, &option));
        assert!(content(&answer).contains(claim), "{chosen}: {answer}");
    }
    // An example's own words, and its key, choose among the facts of the chosen one.
    for words in ["When do the works on the wall begin?", "harbour-works/works-start"] {
        let option = json!([{"name": "briefing", "type": 3, "value": "quay-works"}]);
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL.by(501), words, &option));
        assert!(!content(&answer).contains("in June"), "{words}: {answer}");
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL.by(502), words, &json!([])));
        assert!(content(&answer).contains("in June"), "{words}: {answer}");
    }
    // What is offered while the question is typed is of the chosen one, too.
    for typed in ["When do the works begin?", ""] {
        let offered = discord.callback_to(discord.interacts(|id| {
            let mut typing = events::autocomplete(id, IN_CHANNEL, "ask", "question", typed);
            let chosen = json!({"name": "briefing", "type": 3, "value": "quay-works"});
            typing["data"]["options"].as_array_mut().unwrap().push(chosen);
            typing
        }));
        let choices = offered["data"]["choices"].as_array().unwrap();
        let is_of_it = |choice: &Value| choice["value"].as_str().unwrap().starts_with("quay-works/");
        assert!(
            !choices.is_empty() && choices.iter().all(is_of_it),
            "{typed}: {offered}"
        );
    }
    let option = json!([{"name": "briefing", "type": 3, "value": "no such"}]);
    let (answer, is_private) = discord.response_to(discord.ask(IN_CHANNEL, words, &option));
    assert!(
        is_private && content(&answer).contains("“Quay to be raised”"),
        "{answer}"
    );
}

#[test]
fn where_one_briefing_is_loaded_nobody_is_asked_which() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let commands = discord.state().with(|inner| inner.commands.clone());
    let ask = commands.iter().find(|command| command["name"] == "ask").unwrap();
    assert_eq!(ask["options"].as_array().unwrap().len(), 3);
}

#[test]
fn a_server_answers_from_its_own_briefings_only() {
    let (discord, knowledge) = (Loopback::start(), two_briefings());
    let settings = ServerSettings {
        briefings: vec!["quay-works".to_owned()],
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    let _bot = start(&discord, &knowledge, &settings, "off");
    let answer = discord.asked(IN_CHANNEL, "When do the works on the harbour wall begin?");
    assert!(!answer.contains("in June"), "{answer}");
    let answer = discord.asked(IN_CHANNEL.by(OTHER_MEMBER), "When do the works begin?");
    assert!(answer.contains("in March"), "{answer}");
    for words in ["When do the works on the wall begin?", "harbour-works/works-start"] {
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL.by(503), words, &json!([])));
        assert!(!content(&answer).contains("in June"), "{words}: {answer}");
    }
    let directly = discord.asked(IN_DIRECT, "When do the works on the harbour wall begin?");
    assert!(directly.contains("in June"), "{directly}");
    for typed in ["", "works"] {
        let choices = discord.typed(IN_CHANNEL, typed);
        assert!(!choices.is_empty());
        for choice in choices {
            assert!(choice["value"].as_str().unwrap().starts_with("quay-works/"), "{choice}");
        }
    }
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    assert!(
        offers(&greeting).iter().all(|(_, id)| id.contains("quay-works/")),
        "{greeting}"
    );
    // A button of another briefing, as from before its managers chose.
    let (answer, everything) = (
        discord.answer_to(discord.mention(IN_DIRECT, "When do the works on the harbour wall begin?")),
        discord.answer_to(discord.mention(IN_DIRECT, "")),
    );
    let mut offered = [offers(&answer), offers(&everything)].into_iter().flatten();
    let (_, older) = offered.find(|(_, id)| id.contains("harbour-works/")).unwrap();
    let (told, is_private) = discord.response_to(discord.presses(IN_CHANNEL, &older, &greeting));
    assert!(
        is_private && content(&told).contains("does not answer from it any more"),
        "{told}"
    );
}
