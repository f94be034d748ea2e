//! The bot's life in Discord: connecting, registering, ending.

use briefing_bot::discord::DiscordError;
use briefing_bot::serve::ServeError;
use briefing_bot::store::{Row, SqliteStore, Store};
use serde_json::json;

use crate::support::events::{HOME, IN_CHANNEL};
use crate::support::http::{free_address, wait_for};
use crate::support::state::{Fault, Frame, TOKEN};
use crate::support::{Knowledge, Loopback, Process, TestBot, block_on, until};

const QUESTION: &str = "How high will the harbour wall be?";

/// The program's end on this loopback.
#[track_caller]
fn ends(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> (Option<i32>, String) {
    let (status, written) = Process::run(discord, knowledge, more).ended();
    assert!(!written.contains(TOKEN), "{written}");
    assert!(!written.contains("panicked"), "{written}");
    (status.code(), written)
}

#[test]
fn commands_are_written_once_and_again_only_on_a_difference() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let overwritten = |expected: usize| {
        let comparisons = discord.state().with(|inner| inner.n_comparisons);
        let bot = TestBot::start_with(&discord, &knowledge, &[]);
        discord.state().wait("a comparison", |inner| {
            (inner.n_comparisons > comparisons).then_some(())
        });
        discord.state().wait("the overwriting", |inner| {
            (inner.n_overwrites == expected).then_some(())
        });
        // Answered after the comparison, and stopped after all that is in flight: there is no overwriting to come.
        bot.stop().unwrap();
        assert_eq!(discord.state().with(|inner| inner.n_overwrites), expected);
    };
    overwritten(1);
    overwritten(1);
    discord
        .state()
        .with(|inner| inner.commands[0]["description"] = "Left behind by an earlier version".into());
    overwritten(2);
    discord.state().with(|inner| {
        let mut stray = inner.commands[0].clone();
        stray["name"] = "left-behind".into();
        inner.commands.push(stray);
    });
    overwritten(3);
}

/// Waits until the store knows these servers as those that the bot is in, and those that it was removed from.
#[track_caller]
fn until_known(knowledge: &Knowledge, joined: &[u64], left: &[u64]) {
    until(|| {
        let known = block_on(servers(knowledge));
        if known == (joined.to_vec(), left.to_vec()) {
            Ok(())
        } else {
            Err(format!("{known:?} instead of {joined:?}, {left:?}"))
        }
    });
}

async fn servers(knowledge: &Knowledge) -> (Vec<u64>, Vec<u64>) {
    let store = SqliteStore::new(&knowledge.store());
    let (mut joined, mut left) = (Vec::new(), Vec::new());
    let mut sink = |row| {
        match row {
            Row::JoinedServer { server } => joined.push(server.get()),
            Row::LeftServer { server, .. } => left.push(server.get()),
            _ => {}
        }
        Ok(())
    };
    store.export(&mut sink).await.unwrap();
    store.close().await;
    (joined, left)
}

#[test]
fn a_removal_from_a_server_is_noted_also_where_the_bot_was_away() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| inner.other_servers = vec![701, 702, 703]);
    let bot = TestBot::start(&discord, &knowledge);
    until_known(&knowledge, &[HOME, 701, 702, 703], &[]);
    // An outage of Discord's is no removal.
    discord.send(&Frame::Dispatch(
        "GUILD_DELETE",
        json!({"id": "703", "unavailable": true}),
    ));
    discord.send(&Frame::Dispatch("GUILD_DELETE", json!({"id": "701"})));
    until_known(&knowledge, &[HOME, 702, 703], &[701]);
    bot.stop().unwrap();
    discord.state().with(|inner| inner.other_servers = vec![703]);
    let bot = TestBot::start(&discord, &knowledge);
    until_known(&knowledge, &[HOME, 703], &[701, 702]);
    bot.stop().unwrap();
}

#[test]
fn the_program_stops_on_sigterm_with_a_clean_close() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    for signal in ["TERM", "INT"] {
        let bot = Process::run(&discord, &knowledge, &[]);
        discord.wait_until_ready();
        discord.asked(IN_CHANNEL, QUESTION);
        bot.signal(signal);
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
        assert!(!written.contains(TOKEN), "{written}");
        discord.state().wait("the close", |inner| {
            (inner.last_close.take() == Some(1000)).then_some(())
        });
        discord.state().with(|inner| inner.clients.clear());
    }
}

#[test]
fn the_program_reloads_on_sighup() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[("KNOWLEDGE_WATCH", "off")]);
    discord.wait_until_ready();
    knowledge.edit("six metres in all", "seven metres in all");
    bot.signal("HUP");
    until(|| {
        let answer = discord.asked(IN_CHANNEL, QUESTION);
        if answer.contains("seven metres") {
            Ok(())
        } else {
            Err(answer)
        }
    });
    bot.signal("TERM");
    assert_eq!(bot.ended().0.code(), Some(0));
}

#[test]
fn nothing_that_is_logged_holds_the_token_or_a_question() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    for format in ["text", "json"] {
        let bot = Process::run(&discord, &knowledge, &[("RUST_LOG", "trace"), ("LOG_FORMAT", format)]);
        discord.wait_until_ready();
        discord.asked(IN_CHANNEL, "what about the zorblatts?");
        discord.response_to(discord.ask(IN_CHANNEL, "what about the zorblatts?", &serde_json::json!([])));
        // One that serenity cannot read, and one that is none.
        discord.send(&Frame::Dispatch(
            "MESSAGE_CREATE",
            serde_json::json!({"content": "what about the zorblatts?"}),
        ));
        discord.send(&Frame::Dispatch(
            "ZORBLATTS",
            serde_json::json!({"content": "what about the zorblatts?"}),
        ));
        discord.asked(IN_CHANNEL, QUESTION);
        bot.signal("TERM");
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0));
        assert!(written.contains("answered"), "{written}");
        for secret in [TOKEN, "secret-part", "zorblatts", "interaction-token"] {
            let line = written.lines().find(|line| line.to_lowercase().contains(secret));
            assert_eq!(line, None, "{secret}");
        }
        discord.state().with(|inner| inner.clients.clear());
    }
}

#[test]
fn questions_are_logged_where_that_is_asked_for() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[("LOG_QUESTIONS", "on"), ("LOG_FORMAT", "json")]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, "what about the zorblatts?");
    bot.signal("TERM");
    let (_, written) = bot.ended();
    assert!(written.contains("what about the zorblatts?"), "{written}");
    for line in written.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn without_a_token_the_program_says_how_to_get_one() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let (code, written) = ends(&discord, &knowledge, &[("DISCORD_TOKEN", "")]);
    assert_eq!(code, Some(78), "{written}");
    for part in [
        "https://discord.com/developers/applications",
        "Reset Token",
        "`.env`",
        "hint: `briefing-bot chat`",
    ] {
        assert!(written.contains(part), "{part} in {written}");
    }
    assert!(discord.requests().is_empty());
}

#[test]
fn a_refused_token_ends_with_78() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let (code, written) = ends(&discord, &knowledge, &[("DISCORD_TOKEN", "some.other.token")]);
    assert_eq!(code, Some(78), "{written}");
    assert!(
        written.contains("refused the token") && !written.contains("some.other.token"),
        "{written}"
    );
}

#[test]
fn fatal_close_codes_end_with_78() {
    for (close, says) in [
        (4004, "refused the token"),
        (4013, "intents"),
        (4014, "intents"),
        (4010, "4010"),
        (4011, "shards"),
        (4012, "4012"),
    ] {
        // A store of its own for each, since so many logins with one would be held back.
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        discord.state().with(|inner| inner.close_on_identify = Some(close));
        let (code, written) = ends(&discord, &knowledge, &[]);
        assert_eq!(code, Some(78), "{close}: {written}");
        assert!(written.contains(says), "{close}: {written}");
    }
}

#[test]
fn a_fatal_close_of_a_session_that_stood_ends_with_78() {
    let knowledge = Knowledge::harbour();
    for close in [4004, 4014, 4011] {
        let discord = Loopback::start();
        let bot = Process::run(&discord, &knowledge, &[]);
        discord.wait_until_ready();
        discord.send(&Frame::Close(close));
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(78), "{close}: {written}");
    }
}

#[test]
fn without_a_network_the_program_ends_with_1() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (code, written) = ends(
        &discord,
        &knowledge,
        &[("DISCORD_API_URL", &format!("http://{nobody}"))],
    );
    assert_eq!(code, Some(1), "{written}");
    assert!(
        written.contains(&nobody.to_string()) && written.contains("hint:"),
        "{written}"
    );
}

#[test]
fn while_discord_is_down_the_program_ends_with_1() {
    let knowledge = Knowledge::harbour();
    for path in ["/users/@me", "/gateway/bot"] {
        let discord = Loopback::start();
        discord.script(Fault::new(path, 99, 503, "<html>upstream connect error</html>"));
        let (code, written) = ends(&discord, &knowledge, &[]);
        assert_eq!(code, Some(1), "{written}");
        assert!(written.contains("503"), "{written}");
    }
}

#[test]
fn facts_that_cannot_be_loaded_end_with_78_before_discord_is_asked_anything() {
    let discord = Loopback::start();
    let knowledge = Knowledge::harbour();
    knowledge.edit(
        "answer = \"The works begin in June.\"",
        "anser = \"The works begin in June.\"",
    );
    let (code, written) = ends(&discord, &knowledge, &[]);
    assert_eq!(code, Some(78), "{written}");
    assert!(written.contains("facts/works.toml:24"), "{written}");
    let missing = Knowledge::harbour();
    std::fs::remove_dir_all(missing.path().join("harbour-works")).unwrap();
    assert_eq!(ends(&discord, &missing, &[]).0, Some(78));
    assert!(discord.requests().is_empty());
}

#[test]
fn a_setting_that_means_nothing_ends_with_78() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let (code, written) = ends(&discord, &knowledge, &[("ADMIN_USER_IDS", "me"), ("RUST_LOG", "warn")]);
    assert_eq!(code, Some(78), "{written}");
    assert!(written.contains("`ADMIN_USER_IDS`"), "{written}");
    let (code, written) = ends(&discord, &knowledge, &[("RUST_LOG", "briefing_bot=loud")]);
    assert_eq!(code, Some(78), "{written}");
}

#[test]
fn few_logins_left_keep_the_bot_from_logging_in() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| inner.logins_left = 49);
    let end = TestBot::start_with(&discord, &knowledge, &[]).ended();
    assert!(
        matches!(
            end,
            Err(ServeError::Discord(DiscordError::TooFewLogins { remaining: 49, .. }))
        ),
        "{end:?}"
    );
    assert_eq!(discord.state().with(|inner| inner.n_identifies), 0);
}

#[test]
fn a_session_is_resumed_after_the_gateway_closed_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let health = free_address();
    let _bot = TestBot::start_with(&discord, &knowledge, &[("HTTP_LISTEN", &health.to_string())]);
    discord.wait_until_ready();
    discord.send(&Frame::Close(4000));
    discord.state().wait("the resumed session", |inner| {
        (inner.n_resumes > 0 && !inner.clients.is_empty()).then_some(())
    });
    discord.asked(IN_CHANNEL, QUESTION);
    assert_eq!(discord.state().with(|inner| inner.n_identifies), 1);
    wait_for(health, "/metrics", "the resume to be counted", |_, text| {
        text.contains("gateway_sessions_total 1\n") && text.contains("gateway_resumes_total 1\n")
    });
}

#[test]
fn a_bot_that_is_told_to_stop_while_discord_hangs_stops() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let mut slow = Fault::new("/users/@me", 99, 200, "{}");
    slow.delay = std::time::Duration::from_mins(1);
    discord.script(slow);
    let bot = TestBot::start_with(&discord, &knowledge, &[]);
    discord
        .state()
        .wait("the first question", |inner| (!inner.requests.is_empty()).then_some(()));
    bot.stop().unwrap();
}

#[test]
fn a_bot_that_is_turned_away_again_and_again_stops_logging_in() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| inner.close_on_identify = Some(4009));
    let (code, written) = ends(&discord, &knowledge, &[]);
    assert_eq!(code, Some(1), "{written}");
    assert!(written.contains("turned the bot away"), "{written}");
    // The last one is heard before it is sent, and the program may end in between.
    let logins = discord.state().with(|inner| inner.n_identifies);
    assert!((5..=6).contains(&logins), "{logins}");
}

#[test]
fn the_gateway_is_found_where_discord_said_even_if_serenity_is_not_told() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    // serenity asks for itself, and would take Discord's own gateway where that fails.
    discord.script(Fault::new("/api/v10/gateway", 99, 500, "{}"));
    let _bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
}
