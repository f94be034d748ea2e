//! What becomes of an answer when its question is edited or deleted, and what its asker can do with it.

use briefing_bot::store::{SqliteStore, Store, Timestamp};
use serde_json::{Value, json};

use crate::support::events::{self, BOT, DIRECT, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER};
use crate::support::{Knowledge, Loopback, TestBot, block_on, button, buttons};

const HEIGHT: &str = "How high will the harbour wall be?";
const START: &str = "When do the works on the wall begin?";
const HEIGHT_CLAIM: &str = "The harbour office said the wall will be raised";
const START_CLAIM: &str = "The works begin in June.";

fn mentioned(words: &str) -> String {
    format!("<@{BOT}> {words}")
}

#[test]
fn an_edited_question_gets_its_answer_edited_in_a_channel_and_directly() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for (place, first, second) in [
        (IN_CHANNEL, mentioned(HEIGHT), mentioned(START)),
        (IN_DIRECT, HEIGHT.to_owned(), START.to_owned()),
    ] {
        let question = discord.says(place, &first);
        let answer = discord.answer_to(question);
        assert!(
            answer["content"].as_str().unwrap().starts_with(HEIGHT_CLAIM),
            "{answer}"
        );
        discord.edits(question, &second, 1);
        discord.changed(&answer, |content| content.starts_with(START_CLAIM));
    }
}

#[test]
fn an_edit_is_answered_as_if_the_first_wording_had_never_been() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let alone = discord.asked(IN_CHANNEL.by(OTHER_MEMBER), "and when?");
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    assert_ne!(answer["content"], alone);
    discord.edits(question, &mentioned("and when?"), 1);
    discord.changed(&answer, |content| content == alone);
}

#[test]
fn an_edit_that_leaves_no_question_and_a_preview_of_a_link_change_nothing() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    discord.edits(question, "", 1);
    discord.edits(question, &mentioned(START), 2);
    discord.changed(&answer, |content| content.starts_with(START_CLAIM));
    let requests = discord.requests().len();
    // The same second: Discord has only added something.
    discord.edits(question, &mentioned(HEIGHT), 2);
    discord.asked(IN_DIRECT, HEIGHT);
    assert_eq!(discord.requests().len(), requests + 1);
}

#[test]
fn a_deleted_question_takes_its_answer_with_it_alone_and_in_bulk() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    let other = discord.answer_to(discord.mention(IN_CHANNEL.by(OTHER_MEMBER), HEIGHT));
    discord.deletes(IN_CHANNEL, question);
    discord.gone(&answer);
    assert!(is_there(&discord, &other));
    let ids = other["message_reference"]["message_id"].clone();
    discord.send(&crate::support::state::Frame::Dispatch(
        "MESSAGE_DELETE_BULK",
        json!({"ids": [ids, "5"], "channel_id": IN_CHANNEL.channel.to_string(), "guild_id": "22"}),
    ));
    discord.gone(&other);
}

fn is_there(discord: &Loopback, message: &Value) -> bool {
    let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
    discord.state().with(|inner| inner.messages.contains_key(&id))
}

#[test]
fn what_happens_while_the_answer_is_on_its_way_is_carried_out_once_it_is_there() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let slow = || {
        let mut fault = crate::support::state::Fault::new("/messages", 1, 200, "");
        fault.delay = std::time::Duration::from_millis(300);
        fault.only_slow = Some(crate::support::state::Slow::ToAct);
        fault
    };
    discord.script(slow());
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    wait_for_request(&discord, question);
    discord.edits(question, &mentioned(START), 1);
    let answer = discord.answer_to(question);
    discord.changed(&answer, |content| content.starts_with(START_CLAIM));
    discord.script(slow());
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    wait_for_request(&discord, question);
    discord.deletes(IN_CHANNEL, question);
    discord.gone(&discord.answer_to(question));
}

#[test]
fn a_mention_that_is_added_makes_a_message_a_question() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_DIRECT, HEIGHT);
    let forgotten = discord.expects_silence(|id| events::message(id, IN_CHANNEL, HEIGHT));
    discord.edits(forgotten, &mentioned(HEIGHT), 1);
    let answer = discord.answer_to(forgotten);
    assert!(
        answer["content"].as_str().unwrap().starts_with(HEIGHT_CLAIM),
        "{answer}"
    );
    // From now on it is a question as any other.
    discord.edits(forgotten, &mentioned(START), 2);
    discord.changed(&answer, |content| content.starts_with(START_CLAIM));
}

#[test]
fn a_mention_is_added_however_much_was_said_since() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_DIRECT, HEIGHT);
    discord.talk(IN_CHANNEL.by(OTHER_MEMBER), 120);
    let forgotten = discord.expects_silence(|id| events::message(id, IN_CHANNEL, HEIGHT));
    discord.talk(IN_CHANNEL.by(OTHER_MEMBER), 120);
    discord.edits(forgotten, &mentioned(HEIGHT), 1);
    let answer = discord.answer_to(forgotten);
    assert!(
        answer["content"].as_str().unwrap().starts_with(HEIGHT_CLAIM),
        "{answer}"
    );
}

#[test]
fn where_the_bot_may_not_read_an_added_mention_is_looked_for_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_DIRECT, HEIGHT);
    let refusal = r#"{"code": 50001, "message": "Missing Access"}"#;
    let path = "/channels/31/messages";
    discord.script(crate::support::state::Fault::new(path, 9, 403, refusal));
    for round in 0..3 {
        let forgotten = discord.expects_silence(|id| events::message(id, IN_CHANNEL, HEIGHT));
        discord.edits(forgotten, &mentioned(HEIGHT), 1);
        if round == 0 {
            discord.state().wait("the look", |inner| {
                inner.faults.iter().any(|fault| fault.times < 9).then_some(())
            });
        }
        // What follows is handled after it.
        discord.asked(IN_DIRECT, HEIGHT);
    }
    let n_left = discord.state().with(|inner| inner.faults[0].times);
    assert_eq!(n_left, 8, "it is known by then");
}

#[test]
fn the_last_of_two_quick_edits_is_answered_last() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, HEIGHT);
    let answer = discord.answer_to(question);
    let path: &'static str = format!("/messages/{}", answer["id"].as_str().unwrap()).leak();
    discord.script(crate::support::state::Fault::new(path, 1, 500, "<html>"));
    discord.edits(question, &mentioned(START), 1);
    discord.state().wait("the attempt that fails", |inner| {
        inner.faults.iter().all(|fault| fault.times == 0).then_some(())
    });
    discord.edits(question, &mentioned(HEIGHT), 2);
    discord.changed(&answer, |content| content.starts_with(START_CLAIM));
    discord.changed(&answer, |content| content.starts_with(HEIGHT_CLAIM));
}

/// Waits until the answer is on its way.
fn wait_for_request(discord: &Loopback, question: u64) {
    let nonce = format!("\"nonce\":\"{question}\"");
    discord.state().wait("the request", |inner| {
        inner
            .requests
            .iter()
            .any(|(_, request)| request.contains(&nonce))
            .then_some(())
    });
}

#[test]
fn the_asker_can_delete_the_reply_and_nobody_else_can() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    for words in [HEIGHT, "What do the works cost?", "quarry", "thank you", ""] {
        let answer = discord.answer_to(discord.mention(IN_CHANNEL, words));
        let (told, is_private) =
            discord.response_to(discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &button(&answer, "Delete"), &answer));
        assert!(
            is_private && told["content"].as_str().unwrap().contains("Only the one who asked"),
            "{told}"
        );
        assert!(is_there(&discord, &answer));
        discord.presses(IN_CHANNEL, &button(&answer, "Delete"), &answer);
        discord.gone(&answer);
    }
    let answer = discord.shown(IN_CHANNEL, discord.ask(IN_CHANNEL, HEIGHT, &json!([])));
    bot.stop().unwrap();
    let _bot = TestBot::start_with(&discord, &knowledge, &[]);
    discord
        .state()
        .wait("the second start", |inner| (inner.n_comparisons > 1).then_some(()));
    discord.presses(IN_CHANNEL, &button(&answer, "Delete"), &answer);
    discord.gone(&answer);
}

#[test]
fn a_private_answer_has_no_button_to_delete_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let private = json!([{"name": "private", "type": 5, "value": true}]);
    for words in [HEIGHT, "What do the works cost?"] {
        let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL, words, &private));
        assert!(buttons(&answer).iter().all(|(label, _)| label != "Delete"), "{answer}");
    }
}

#[test]
fn a_reply_to_an_answer_goes_on_from_there_whoever_writes_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, HEIGHT));
    let own = discord.asked(IN_CHANNEL, "who said that?");
    let alone = discord.asked(IN_CHANNEL.by(OTHER_MEMBER), "who said that?");
    assert_ne!(own, alone, "this question tells the two apart");
    let reply = discord
        .expects_answer(|id| events::reply(id, IN_CHANNEL.by(OTHER_MEMBER + 1), "who said that?", &answer, true));
    assert_eq!(discord.answer_to(reply)["content"], own);
}

#[test]
fn an_edit_counts_against_the_rate_and_past_it_the_answer_stays() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start_with(&discord, &knowledge, &[("MEMBER_RATE", "2")]);
    discord.wait_until_ready();
    let question = discord.says(IN_CHANNEL, &mentioned(HEIGHT));
    let answer = discord.answer_to(question);
    discord.edits(question, &mentioned(START), 1);
    discord.changed(&answer, |content| content.starts_with(START_CLAIM));
    // Of what it sends to channels alone: the bot may still be about its commands.
    let n_requests = || {
        let requests = discord.requests();
        let is_sent = |(method, what): &&(String, String)| method != "GET" && what.contains("/messages");
        requests.iter().filter(is_sent).count()
    };
    let n_before = n_requests();
    discord.edits(question, &mentioned(HEIGHT), 2);
    // Nor is a further question answered now. The edit was passed over in silence, so the notice was left for it.
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, &mentioned(HEIGHT)));
    let notice = discord.posted_in(DIRECT);
    assert!(notice.contains("a lot in a short time"), "{notice}");
    discord.asked(IN_CHANNEL.by(OTHER_MEMBER), HEIGHT);
    assert_eq!(n_requests(), n_before + 2);
    let id: u64 = answer["id"].as_str().unwrap().parse().unwrap();
    let now = discord.state().with(|inner| inner.messages[&id]["content"].to_string());
    assert!(now.contains(START_CLAIM), "{now}");
}

#[test]
fn an_edited_question_counts_as_one_answer() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let question = discord.says(IN_CHANNEL, &mentioned(HEIGHT));
    let answer = discord.answer_to(question);
    for (second, words, claim) in [(1, START, START_CLAIM), (2, HEIGHT, HEIGHT_CLAIM)] {
        discord.edits(question, &mentioned(words), second);
        discord.changed(&answer, |content| content.starts_with(claim));
    }
    // A greeting is no answer, so the question that is made of it is the first one.
    let question = discord.mention(IN_CHANNEL, "");
    let greeting = discord.answer_to(question);
    discord.edits(question, &mentioned(START), 3);
    discord.changed(&greeting, |content| content.starts_with(START_CLAIM));
    bot.stop().unwrap();
    let counts = block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        let counts = store.answer_counts(Timestamp(0).day()).await.unwrap();
        store.close().await;
        counts
    });
    let mut counts: Vec<(String, u64)> = counts.into_iter().map(|count| (count.fact.fact, count.n)).collect();
    counts.sort();
    assert_eq!(counts, [("wall-height".to_owned(), 1), ("works-start".to_owned(), 1)]);
}
