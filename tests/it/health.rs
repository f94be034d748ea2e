//! Health over HTTP, and what a bot remembers of its own life.

use std::net::TcpListener;
use std::str::FromStr;
use std::time::Duration;

use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::support::events::{self, IN_CHANNEL};
use crate::support::http::{free_address, get, wait_for};
use crate::support::state::{Fault, Frame};
use crate::support::{Knowledge, Loopback, PATIENCE, Process, TestBot, block_on};

const QUESTION: &str = "How high will the harbour wall be?";

#[test]
fn health_and_metrics_are_served() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &address.to_string())]);
    discord.wait_until_ready();
    assert_eq!(get(address, "/livez").0, 200);
    let ready = wait_for(address, "/readyz", "readiness", |status, _| status == 200);
    assert!(ready.contains(r#""gateway":true,"store":true"#), "{ready}");
    discord.asked(IN_CHANNEL, QUESTION);
    let lines = [
        "briefing_bot_store_records_written_total 4",
        // There from the start, so that the first is seen to be one more.
        r#"briefing_bot_reloads_total{result="refused"} 0"#,
        r#"briefing_bot_answers_total{outcome="answer",way="message"} 1"#,
        "briefing_bot_gateway_connected 1",
        "briefing_bot_gateway_shards 1",
        "briefing_bot_store_up 1",
        "briefing_bot_ready 1",
        "briefing_bot_facts ",
        "briefing_bot_revision_info{revision=",
        "briefing_bot_handling_duration_seconds_count 1",
        "briefing_bot_matching_duration_seconds_count 1",
        "# EOF",
    ];
    let metrics = wait_for(address, "/metrics", "the numbers", |_, text| {
        lines.iter().all(|line| text.contains(line))
    });
    assert!(!metrics.contains("harbour wall"), "a question's words in {metrics}");
    assert_eq!(get(address, "/elsewhere").0, 404);
}

#[test]
fn each_sentence_that_is_checked_is_counted_by_what_it_got() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &address.to_string())]);
    discord.wait_until_ready();
    let words = "The harbour wall will be six metres high. So sad! The works on the wall begin in June. What do the works cost?";
    let target = events::message(7, IN_CHANNEL, words);
    discord.response_to(discord.checks(IN_CHANNEL, &target));
    let lines = [
        r#"briefing_bot_answers_total{outcome="answer",way="menu"} 2"#,
        r#"briefing_bot_answers_total{outcome="none",way="menu"} 1"#,
        "briefing_bot_matching_duration_seconds_count 3",
    ];
    let (_, metrics) = get(address, "/metrics");
    for line in lines {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    // And the admins are shown the same.
    let (status, _) = discord.response_to(discord.admin(IN_CHANNEL.by(events::ADMIN), "status"));
    let status = status["content"].as_str().unwrap();
    assert!(
        status.contains("2 answered, 0 with suggestions, 1 not in the briefing"),
        "{status}"
    );
}

#[test]
fn a_store_that_is_gone_makes_it_unready_but_alive() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let blocked = knowledge.store().with_extension("blocked");
    std::fs::write(&blocked, "").unwrap();
    let url = format!("sqlite:{}/store.sqlite", blocked.display());
    let address = free_address();
    let more = [("DATABASE_URL", url.as_str()), ("HTTP_LISTEN", &address.to_string())];
    let _bot = TestBot::start_with(&discord, &knowledge, &more);
    discord.wait_until_ready();
    let unready = wait_for(address, "/readyz", "an answer", |status, _| status != 0);
    assert!(
        unready.starts_with("HTTP/1.1 503") && unready.contains(r#""store":false"#),
        "{unready}"
    );
    assert_eq!(get(address, "/livez").0, 200);
    assert_eq!(get(address, "/servez").0, 200, "it answers all the same");
    let (_, metrics) = get(address, "/metrics");
    for line in ["briefing_bot_store_up 0", "briefing_bot_ready 0"] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn what_becomes_of_others_messages_is_no_answer_s_time() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &address.to_string())]);
    discord.wait_until_ready();
    let channel = IN_CHANNEL.channel.to_string();
    for id in 1..=100 {
        let edited = events::message(id, IN_CHANNEL, "not for the bot");
        discord.send(&Frame::Dispatch("MESSAGE_UPDATE", edited));
        let deleted = json!({"id": id.to_string(), "channel_id": channel, "guild_id": "22"});
        discord.send(&Frame::Dispatch("MESSAGE_DELETE", deleted));
    }
    discord.asked(IN_CHANNEL, QUESTION);
    wait_for(address, "/metrics", "one answer's time", |_, text| {
        let counted = text
            .lines()
            .find(|line| line.starts_with("briefing_bot_handling_duration_seconds_count"));
        counted.is_some_and(|line| line.ends_with("_count 1"))
    });
}

#[test]
fn a_response_that_came_too_late_is_a_failure() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &address.to_string())]);
    discord.wait_until_ready();
    let too_late = r#"{"code": 10062, "message": "Unknown interaction"}"#;
    discord.script(Fault::new("/callback", 1, 404, too_late));
    let lost = discord.ask(IN_CHANNEL, QUESTION, &json!([]));
    wait_for(address, "/metrics", "the failure", |_, text| {
        text.contains("briefing_bot_events_failed_total 1")
    });
    discord.state().with(|inner| inner.interactions.remove(&lost));
}

#[test]
fn a_store_that_takes_no_records_makes_it_unready_until_it_does() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &address.to_string())]);
    discord.wait_until_ready();
    wait_for(address, "/readyz", "readiness", |status, _| status == 200);
    // As with a full disk, a transaction can be begun all the same.
    rename(&knowledge, "answer_counts", "elsewhere");
    discord.asked(IN_CHANNEL, QUESTION);
    let unready = wait_for(address, "/readyz", "the failure", |status, _| status == 503);
    assert!(unready.contains(r#""gateway":true,"store":false"#), "{unready}");
    // And stays so: it is opened anew between two attempts, and can be.
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(get(address, "/readyz").0, 503);
    }
    rename(&knowledge, "elsewhere", "answer_counts");
    wait_for(address, "/readyz", "readiness", |status, _| status == 200);
}

/// Renames a table of the store.
fn rename(knowledge: &Knowledge, from: &str, to: &str) {
    block_on(async {
        let options = SqliteConnectOptions::from_str(&knowledge.store_url()).unwrap();
        let mut connection = options.busy_timeout(PATIENCE).connect().await.unwrap();
        let statement = format!("ALTER TABLE {from} RENAME TO {to}");
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn an_address_that_is_taken_is_said_and_ends_with_1() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (status, written) = Process::run(&discord, &knowledge, &[("HTTP_LISTEN", &address)]).ended();
    assert_eq!(status.code(), Some(1), "{written}");
    assert!(
        written.contains("`HTTP_LISTEN`") && written.contains(&address),
        "{written}"
    );
}

#[test]
fn logins_are_held_back_across_restarts() {
    let knowledge = Knowledge::harbour();
    for _ in 0..5 {
        let discord = Loopback::start();
        let bot = Process::run(&discord, &knowledge, &[]);
        discord.wait_until_ready();
        bot.signal("TERM");
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
    }
    let (status, written) = Process::run(&Loopback::start(), &knowledge, &[]).ended();
    assert_eq!(status.code(), Some(1), "{written}");
    assert!(written.contains("logged in 5 times within 10 min"), "{written}");
}
