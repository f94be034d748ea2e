//! Interactions over HTTP: only Discord's are served, and as the gateway's are.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::events::{self, ADMIN, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place};
use crate::support::http::{self, free_address, get, wait_for};
use crate::support::loopback::private;
use crate::support::over_http::{ask, headers, now, public_key};
use crate::support::{Knowledge, Loopback, Process, TestBot};

const QUESTION: &str = "How high will the harbour wall be?";
const PATH: &str = "/interactions";

/// A bot without a gateway. It is dropped first, since the loopback holds what is unanswered then against it.
struct Stage {
    bot: TestBot,
    discord: Loopback,
    _knowledge: Knowledge,
    address: SocketAddr,
    health: SocketAddr,
}

fn start(more: &[(&str, &str)]) -> Stage {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let (address, health) = (free_address(), free_address());
    let own = [
        ("SHARDS", "none"),
        ("DISCORD_PUBLIC_KEY", &public_key()),
        ("INTERACTIONS_LISTEN", &address.to_string()),
        ("HTTP_LISTEN", &health.to_string()),
    ];
    let settings: Vec<_> = more.iter().copied().chain(own).collect();
    let bot = TestBot::start_with(&discord, &knowledge, &settings);
    wait_for(address, PATH, "interactions", |status, _| status == 405);
    Stage {
        bot,
        discord,
        _knowledge: knowledge,
        address,
        health,
    }
}

fn question(id: u64, place: Place, words: &str) -> Value {
    let options = json!([{"name": "question", "type": 3, "value": words}]);
    events::command(id, place, "ask", &options)
}

#[test]
fn commands_autocomplete_and_buttons_are_served_without_a_gateway() {
    let stage = start(&[]);
    let (discord, address, health) = (&stage.discord, stage.address, stage.health);
    let asked = discord.interacts_over_http(address, |id| question(id, IN_CHANNEL, QUESTION));
    let (answer, is_private) = discord.response_to(asked);
    assert!(answer["content"].as_str().unwrap().contains("six metres"), "{answer}");
    assert!(!is_private);

    let typed = |id| events::autocomplete(id, IN_DIRECT, "ask", "question", "stone");
    let offered = discord.callback_to(discord.interacts_over_http(address, typed));
    assert_eq!(offered["type"], 8);
    let choices = offered["data"]["choices"].as_array().unwrap();
    assert!(
        choices
            .iter()
            .any(|choice| choice["name"].as_str().unwrap().contains("stone"))
    );

    let (greeting, _) = discord.response_to(discord.interacts_over_http(address, |id| question(id, IN_CHANNEL, "")));
    let button = &greeting["components"][0]["components"][0]["custom_id"];
    let mut on = events::message(5, IN_CHANNEL, greeting["content"].as_str().unwrap());
    on["components"] = greeting["components"].clone();
    let press = |id| events::press(id, IN_CHANNEL.by(OTHER_MEMBER), button.as_str().unwrap(), &on);
    let (told, is_private) = discord.response_to(discord.interacts_over_http(address, press));
    assert!(is_private && told["content"].as_str().unwrap().len() > 10, "{told}");

    let ready = wait_for(health, "/readyz", "readiness", |status, _| status == 200);
    assert!(
        ready.contains(r#""gateway":null"#) && ready.contains(r#""interactions":true"#),
        "{ready}"
    );
    let (_, metrics) = get(health, "/metrics");
    for counted in [r#"{outcome="answer",way="command"} 1"#, r#"way="button"} 1"#] {
        assert!(metrics.contains(counted), "{counted} in {metrics}");
    }
    assert!(!metrics.contains("gateway_connected"), "{metrics}");
    // Without a gateway it looks after the commands by itself.
    discord
        .state()
        .wait("the commands", |inner| (inner.n_overwrites == 1).then_some(()));
    stage.bot.stop().unwrap();
    discord
        .state()
        .with(|inner| assert_eq!((inner.n_identifies, inner.n_overwrites), (0, 1)));
}

#[test]
fn the_answer_is_the_gateway_s_word_for_word() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let settings = [
        ("DISCORD_PUBLIC_KEY", public_key()),
        ("INTERACTIONS_LISTEN", address.to_string()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let _bot = TestBot::start_with(&discord, &knowledge, &settings);
    discord.wait_until_ready();
    let mut member = 100;
    for words in [QUESTION, "what about the zorblatts?", "", "stone", "thank you"] {
        member += 1;
        // The interaction's id is in the buttons, so that the words can be found again.
        let shown = |id: u64| discord.callback_to(id).to_string().replace(&format!(":{id}:"), ":ID:");
        let by_gateway = shown(discord.ask(IN_CHANNEL.by(member), words, &json!([])));
        // The id of whoever asked is in the buttons, so it is the same; the conversation must not be.
        let elsewhere = Place {
            channel: 34,
            ..IN_CHANNEL.by(member)
        };
        let id = discord.interacts_over_http(address, |id| question(id, elsewhere, words));
        assert_eq!(shown(id), by_gateway, "{words}");
    }
}

#[test]
fn work_that_takes_long_is_deferred_and_finished() {
    // A database that takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://nobody@{}/none", silent.local_addr().unwrap());
    let stage = start(&[("DATABASE_URL", &url)]);
    let (discord, address) = (&stage.discord, stage.address);
    let action = json!([{"name": "status", "type": 1, "options": []}]);
    let id = discord.interacts_over_http(address, |id| events::command(id, IN_DIRECT.by(ADMIN), "admin", &action));
    assert_eq!(discord.callback_to(id)["type"], 5, "it was not slow");
    let (status, is_private) = discord.response_to(id);
    assert!(
        status["content"]
            .as_str()
            .unwrap()
            .contains("Processes: the store does not say")
    );
    assert!(is_private);
}

#[test]
fn with_the_store_away_questions_are_answered_and_a_load_balancer_is_told_so() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let url = format!("sqlite:{}/store.sqlite", file.path().display());
    let stage = start(&[("DATABASE_URL", &url)]);
    let (discord, address, health) = (&stage.discord, stage.address, stage.health);
    let unready = wait_for(health, "/readyz", "an answer", |status, _| status != 0);
    assert!(unready.starts_with("HTTP/1.1 503"), "{unready}");
    assert_eq!(get(health, "/servez").0, 200);
    let asked = discord.interacts_over_http(address, |id| question(id, IN_CHANNEL, QUESTION));
    let (answer, _) = discord.response_to(asked);
    assert!(answer["content"].as_str().unwrap().contains("six metres"), "{answer}");
}

#[test]
fn without_a_gateway_what_was_said_in_messages_is_not_called_forgotten() {
    let stage = start(&[]);
    let (discord, address) = (&stage.discord, stage.address);
    let asked = |id| events::command(id, IN_CHANNEL, "privacy", &json!([]));
    let (page, _) = discord.response_to(discord.interacts_over_http(address, asked));
    let buttons = page["components"][0]["components"].as_array().unwrap();
    let forget = buttons
        .iter()
        .find(|one| one["label"] == "Forget this conversation")
        .unwrap();
    let press = |id| events::press(id, IN_CHANNEL, forget["custom_id"].as_str().unwrap(), &private(&page));
    let (told, is_private) = discord.response_to(discord.interacts_over_http(address, press));
    assert!(is_private && told.to_string().contains("by commands"), "{told}");
}

#[test]
fn a_ping_is_answered() {
    let stage = start(&[]);
    let response = ask(stage.address, r#"{"type": 1}"#);
    assert_eq!((response.status, response.body.as_str()), (200, r#"{"type":1}"#));
}

#[test]
fn what_discord_did_not_sign_just_now_is_refused_and_does_nothing() {
    let stage = start(&[]);
    let (address, health) = (stage.address, stage.health);
    let body = question(7, IN_CHANNEL, QUESTION).to_string();
    let time = now().to_string();
    let good = headers(&time, &body);
    let post = |headers: &[(&'static str, String)], body: &str| http::post(address, PATH, headers, body).status;
    assert_eq!(post(&[], &body), 401);
    assert_eq!(post(&good[..1], &body), 401);
    assert_eq!(post(&good[1..], &body), 401);
    assert_eq!(post(&good, &body.replace("harbour", "garden")), 401);
    let mut other = good.clone();
    other[0]
        .1
        .replace_range(0..1, if other[0].1.starts_with('0') { "1" } else { "0" });
    assert_eq!(post(&other, &body), 401);
    for age in [-3600, -60, 60] {
        let time = (now() + age).to_string();
        assert_eq!(post(&headers(&time, &body), &body), 401, "{age}");
    }
    // Discord's own, with a time that was not signed.
    let mut other = good.clone();
    other[1].1 = (now() + 1).to_string();
    assert_eq!(post(&other, &body), 401);
    let (_, metrics) = get(health, "/metrics");
    for refused in [
        r#"interactions_refused_total{reason="unsigned"} 3"#,
        r#"interactions_refused_total{reason="wrong-signature"} 3"#,
        r#"interactions_refused_total{reason="stale"} 3"#,
    ] {
        assert!(metrics.contains(refused), "{refused} in {metrics}");
    }
    assert!(
        !metrics.contains("briefing_bot_answers_total{"),
        "something was answered: {metrics}"
    );
}

#[test]
fn a_request_that_was_served_is_not_served_again() {
    let stage = start(&[]);
    let (discord, address, health) = (&stage.discord, stage.address, stage.health);
    let mut overheard = String::new();
    let id = discord.interacts_over_http(address, |id| {
        let body = question(id, IN_CHANNEL, QUESTION);
        overheard = body.to_string();
        body
    });
    discord.callback_to(id);
    assert_eq!(ask(address, &overheard).status, 503);
    let (_, metrics) = get(health, "/metrics");
    assert!(metrics.contains(r#"way="command"} 1"#), "{metrics}");
}

#[test]
fn hostile_requests_cost_little_and_hinder_nobody() {
    let stage = start(&[]);
    let (discord, address, health) = (&stage.discord, stage.address, stage.health);
    assert_eq!(get(address, PATH).0, 405);
    assert_eq!(get(address, "/metrics").0, 404);
    for body in ["", "{", "[]", "null", r#"{"type": 2}"#, r#"{"type": "2"}"#, "\u{0}"] {
        assert_eq!(ask(address, body).status, 400, "{body}");
    }
    assert_eq!(http::send(address, b"\x16\x03\x01 nonsense\r\n\r\n").status, 400);
    // Where it hangs up on something that is too long, its last words may be lost.
    let head = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(64 << 10));
    assert!([0, 431].contains(&http::send(address, head.as_bytes()).status));
    let [signature, time] = headers(&now().to_string(), "").map(|(name, value)| format!("{name}: {value}"));
    let announced = move |length: u32| {
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{signature}\r\n{time}\r\n\r\n"
        );
        let began = Instant::now();
        (http::send(address, head.as_bytes()).status, began.elapsed())
    };
    assert_eq!(announced(600 << 10).0, 413);
    // A body that never comes.
    let waiting = std::thread::spawn(move || announced(100));
    discord.callback_to(discord.interacts_over_http(address, |id| question(id, IN_CHANNEL, QUESTION)));
    let (status, after) = waiting.join().unwrap();
    assert_eq!(status, 408);
    assert!(after >= Duration::from_secs(3), "{after:?}");
    wait_for(health, "/readyz", "readiness", |status, _| status == 200);
}

#[test]
fn a_key_of_another_application_ends_with_78() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let settings = [
        ("SHARDS", "none".to_owned()),
        ("DISCORD_PUBLIC_KEY", "0f".repeat(32)),
        ("INTERACTIONS_LISTEN", free_address().to_string()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (status, written) = Process::run(&discord, &knowledge, &settings).ended();
    assert_eq!(status.code(), Some(78), "{written}");
    assert!(written.contains("`DISCORD_PUBLIC_KEY` is not the key"), "{written}");
}
