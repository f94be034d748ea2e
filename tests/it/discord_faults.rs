//! Discord's faults: refusals, limits, lost answers.

use std::time::Duration;

use serde_json::json;

use crate::support::events::{ADMIN, DIRECT, IN_CHANNEL, IN_DIRECT};
use crate::support::state::{Fault, Slow};
use crate::support::{Knowledge, Loopback, TestBot};

const QUESTION: &str = "How high will the harbour wall be?";

#[test]
fn a_limit_is_waited_out_as_long_as_discord_says() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let in_body = r#"{"message": "You are being rate limited.", "retry_after": 0.3, "global": false}"#;
    discord.script(Fault::new("/messages", 1, 429, in_body));
    let mut in_header = Fault::new("/messages", 1, 429, "<html>");
    in_header.headers.push(("retry-after", "0.2".to_owned()));
    discord.script(in_header);
    let began = std::time::Instant::now();
    discord.asked(IN_CHANNEL, QUESTION);
    assert!(began.elapsed() >= Duration::from_millis(500), "{:?}", began.elapsed());
    let attempts = discord
        .requests()
        .iter()
        .filter(|(method, request)| method == "POST" && request.contains("/messages"))
        .count();
    assert_eq!(attempts, 3);
}

#[test]
fn a_limit_longer_than_anyone_waits_ends_the_one_answer_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    discord.script(Fault::new(
        "/messages",
        1,
        429,
        r#"{"retry_after": 3600.0, "global": false}"#,
    ));
    let lost = discord.mention(IN_CHANNEL, QUESTION);
    discord.state().wait("the attempt", |inner| {
        inner.faults.iter().all(|fault| fault.times == 0).then_some(())
    });
    discord.asked(IN_DIRECT, QUESTION);
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| *question != lost));
}

#[test]
fn an_answer_that_was_lost_on_the_way_back_is_not_given_twice() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let mut lost = Fault::new("/messages", 2, 502, "<html>bad gateway</html>");
    lost.is_carried_out = true;
    discord.script(lost);
    discord.asked(IN_CHANNEL, QUESTION);
    discord.asked(IN_DIRECT, QUESTION);
    // Both were repeated, and the loopback would not bear a second message that nobody waits for.
    discord.state().wait("the repetitions", |inner| {
        let attempts = inner
            .requests
            .iter()
            .filter(|(method, request)| method == "POST" && request.contains("/messages"))
            .count();
        (attempts == 4).then_some(())
    });
}

#[test]
fn a_response_that_was_lost_on_the_way_back_counts_as_given() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    // The second attempt is refused as the second response that it is.
    discord.state().with(|inner| inner.is_lenient = true);
    let mut lost = Fault::new("/callback", 1, 502, "<html>bad gateway</html>");
    lost.is_carried_out = true;
    discord.script(lost);
    let (answer, _) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
    assert!(answer["content"].as_str().unwrap().contains("six metres"), "{answer}");
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn what_was_deferred_is_finished_where_only_the_answer_to_the_deferral_was_lost() {
    // A store that takes connections and says nothing, so that the work takes long.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://nobody@{}/none", silent.local_addr().unwrap());
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start_with(&discord, &knowledge, &[("DATABASE_URL", &url)]);
    discord.wait_until_ready();
    // The second attempt is refused as the second response that it is, and that is said too late as well.
    discord.state().with(|inner| inner.is_lenient = true);
    let mut slow = Fault::new("/callback", 5, 204, "");
    slow.delay = Duration::from_secs(10);
    slow.only_slow = Some(Slow::ToAnswer);
    discord.script(slow);
    let asked = discord.admin(IN_DIRECT.by(ADMIN), "status");
    assert_eq!(discord.callback_to(asked)["type"], 5, "it was not slow");
    let (status, _) = discord.response_to(asked);
    assert!(status["content"].as_str().unwrap().contains("Processes"), "{status}");
}

#[test]
fn where_the_bot_may_not_speak_it_keeps_silent_and_goes_on_elsewhere() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    discord.script(Fault::new(
        "/channels/31/messages",
        1,
        403,
        r#"{"code": 50013, "message": "Missing Permissions"}"#,
    ));
    let refused = discord.mention(IN_CHANNEL, QUESTION);
    discord.state().wait("the attempt", |inner| {
        inner.faults.iter().all(|fault| fault.times == 0).then_some(())
    });
    // The one who asked is told directly.
    assert!(discord.posted_in(DIRECT).contains("may not answer"));
    discord.asked(IN_DIRECT, QUESTION);
    let attempts = discord
        .requests()
        .iter()
        .filter(|(_, request)| request.contains("/channels/31/"))
        .count();
    assert_eq!(attempts, 1);
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| *question != refused));
}

#[test]
fn a_token_that_is_refused_later_ends_the_bot() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    discord.script(Fault::new(
        "/messages",
        1,
        401,
        r#"{"code": 0, "message": "401: Unauthorized"}"#,
    ));
    let lost = discord.mention(IN_CHANNEL, QUESTION);
    let end = bot.ended();
    assert!(
        end.as_ref()
            .is_err_and(|error| error.to_string().contains("refused the token")),
        "{end:?}"
    );
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| *question != lost));
}

#[test]
fn events_that_cannot_be_read_do_not_stop_the_next() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for event in ["MESSAGE_CREATE", "INTERACTION_CREATE", "NO_SUCH_EVENT"] {
        discord.send(&crate::support::state::Frame::Dispatch(
            event,
            json!({"id": "no id", "type": 99}),
        ));
    }
    discord.asked(IN_CHANNEL, QUESTION);
}
