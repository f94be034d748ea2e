//! The gateway's faults: connections that are cut, fall silent or end without serenity's notice, and text that is no event.
//!
//! `tests/drill` drives them all, under load; here are those that the bot once came out of badly.

use std::thread;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use crate::support::events::IN_CHANNEL;
use crate::support::proxy::Proxy;
use crate::support::state::Frame;
use crate::support::{Knowledge, Loopback, PATIENCE, Process, TestBot, block_on};

#[path = "support/tls.rs"]
mod tls;

const QUESTION: &str = "How high will the harbour wall be?";
/// Between two logins, whatever happens: serenity keeps it, and Discord wants it.
const BETWEEN_LOGINS: Duration = Duration::from_secs(5);
/// Less than what serenity would wait for nothing, and enough for a machine that is busy.
const SOON: Duration = Duration::from_secs(4);

fn n_logins(discord: &Loopback) -> usize {
    discord.state().with(|inner| inner.n_identifies)
}

/// Waits for another session.
fn until_let_in(discord: &Loopback, n_logins_before: usize) -> Duration {
    let began = Instant::now();
    discord.state().wait("another session", |inner| {
        (inner.n_identifies > n_logins_before && !inner.clients.is_empty()).then_some(())
    });
    began.elapsed()
}

#[test]
fn after_a_session_that_is_over_another_begins_at_once_and_the_end_is_clean_all_the_same() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let quiet = ("RUST_LOG", "off,briefing_bot=warn");
    let bot = Process::run(&discord, &knowledge, &[quiet]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    for _ in 0..2 {
        thread::sleep(BETWEEN_LOGINS);
        let before = n_logins(&discord);
        discord.send(&Frame::Close(4009));
        let took = until_let_in(&discord, before);
        assert!(took < SOON, "{took:?}");
        discord.asked(IN_CHANNEL, QUESTION);
    }
    discord.state().with(|inner| inner.last_close = None);
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    assert_eq!(discord.state().with(|inner| inner.last_close), Some(1000), "{written}");
}

#[test]
fn a_shard_that_does_not_notice_its_end_is_begun_anew() {
    for close in [Frame::Close(4003), Frame::CloseWithoutCode] {
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        // As a program, since it hears of this in its own log.
        let quiet = ("RUST_LOG", "off,briefing_bot=warn");
        let bot = Process::run(&discord, &knowledge, &[quiet]);
        discord.wait_until_ready();
        discord.asked(IN_CHANNEL, QUESTION);
        let before = n_logins(&discord);
        discord.send(&close);
        // Without help it spins until a heartbeat is due, after 41 s.
        let took = until_let_in(&discord, before);
        assert!(took < BETWEEN_LOGINS + SOON, "{close:?}: {took:?}");
        discord.asked(IN_CHANNEL, QUESTION);
        assert_eq!(n_logins(&discord), before + 1, "{close:?}");
        bot.signal("TERM");
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
    }
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_a_frame_is_resumed_and_nothing_is_lost() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let proxy = Proxy::to(discord.url().trim_start_matches("http://"));
    let gateway = format!("ws://{}", proxy.address());
    discord.state().with(|inner| inner.gateway_url = Some(gateway));
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    proxy.cut_after(100);
    for _ in 0..3 {
        discord.asked(IN_CHANNEL, QUESTION);
    }
    assert_eq!(n_logins(&discord), 1);
    assert!(discord.state().with(|inner| inner.n_resumes) > 0);
}

#[test]
fn a_gateway_without_a_certificate_of_a_known_root_is_told_nothing() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let refused = block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = format!("wss://{}", listener.local_addr().unwrap());
        discord.state().with(|inner| inner.gateway_url = Some(gateway));
        let bot = TestBot::start_with(&discord, &knowledge, &[]);
        let connection = tokio::time::timeout(PATIENCE, listener.accept()).await.unwrap();
        let (impostor, _) = tls::self_signed("127.0.0.1");
        let refused = impostor.accept(connection.unwrap().0).await.err();
        bot.stop().unwrap();
        refused
    });
    // The bot says why it goes before it has said anything else.
    let refused = refused.unwrap().to_string();
    assert!(refused.contains("fatal alert"), "{refused}");
    assert_eq!(n_logins(&discord), 0);
}

#[test]
fn a_connection_that_falls_silent_is_given_up_and_what_was_asked_meanwhile_is_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord
        .state()
        .with(|inner| inner.heartbeat = Some(Duration::from_secs(2)));
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    let before = n_logins(&discord);
    discord.send(&Frame::Hush);
    let meanwhile = discord.mention_unheard(IN_CHANNEL, QUESTION);
    until_let_in(&discord, before);
    discord.answer_to(meanwhile);
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn text_that_is_no_event_does_not_stop_the_next() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for text in [
        "{",
        "",
        "[1, 2]",
        r#"{"op": 99, "t": null, "s": null, "d": {}}"#,
        r#"{"op": -1}"#,
    ] {
        discord.send(&Frame::Raw(text.to_owned()));
    }
    discord.asked(IN_CHANNEL, QUESTION);
    assert_eq!(n_logins(&discord), 1);
}
