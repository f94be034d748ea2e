//! Looking after a server and the bot in Discord: previews, settings, questions without an answer, the doctor, the log.

use std::num::NonZeroU64;
use std::str::FromStr;

use briefing_bot::store::{KeptQuestion, Record, ServerSettings, SqliteStore, Store, Timestamp, Unanswered};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::support::events::{
    ADMIN, ADMINISTRATOR, BOT, CHANNEL, ELSEWHERE, HOME, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place,
};
use crate::support::loopback::private;
use crate::support::state::{Fault, Frame, Inner, Slow};
use crate::support::{Knowledge, Loopback, PATIENCE, TestBot, block_on, until};

const QUESTION: &str = "When do the works on the wall begin?";
const LOG: u64 = 77;

/// A member who may manage the server that is not the home.
const MANAGER: Place = Place {
    guild: Some(ELSEWHERE),
    permissions: 1 << 5,
    ..IN_CHANNEL
};

fn start(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> TestBot {
    let settings: Vec<(&str, &str)> = more.iter().copied().chain([("KNOWLEDGE_WATCH", "off")]).collect();
    let bot = TestBot::start_with(discord, knowledge, &settings);
    discord.wait_until_ready();
    bot
}

#[track_caller]
fn shown(discord: &Loopback, place: Place, action: &str, options: &Value) -> Value {
    let options = json!([{"name": action, "type": 1, "options": options}]);
    let (shown, is_private) = discord.response_to(discord.command(place, "admin", &options));
    assert!(is_private, "{shown}");
    shown
}

fn text(body: &Value) -> String {
    let embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    let embeds = embeds.iter().filter_map(|embed| embed["description"].as_str());
    embeds.fold(body["content"].as_str().unwrap_or_default().to_owned(), |all, text| {
        all + text
    })
}

#[track_caller]
fn id_of(body: &Value, label: &str) -> String {
    let rows = body["components"].as_array().cloned().unwrap_or_default();
    let mut all = rows.iter().flat_map(|row| row["components"].as_array().unwrap());
    let found = all.find(|one| one["label"] == label || one["placeholder"] == label);
    found.unwrap_or_else(|| panic!("no `{label}` in {body}"))["custom_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Presses a button on a private message of the bot's.
#[track_caller]
fn press(discord: &Loopback, place: Place, body: &Value, label: &str) -> Value {
    discord
        .response_to(discord.presses(place, &id_of(body, label), &private(body)))
        .0
}

#[test]
fn a_preview_says_what_would_change_and_changes_nothing_until_it_is_confirmed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let labelled = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        labelled.path(),
        "{\"id\": \"w1\", \"question\": \"in which month do the wall works begin?\", \"expect\": \"answer\", \"paragraphs\": [2]}\n",
    )
    .unwrap();
    let path = labelled.path().to_str().unwrap();
    let _bot = start(&discord, &knowledge, &[("LABELLED_QUESTIONS", path)]);
    knowledge.edit("in June", "in July");
    let preview = shown(&discord, IN_DIRECT.by(ADMIN), "reload", &json!([]));
    for part in [
        "1 reworded",
        "The works begin in July.",
        QUESTION,
        "in which month do the wall works begin?",
        "Nothing is loaded yet",
    ] {
        assert!(text(&preview).contains(part), "{part} in {preview}");
    }
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let told = press(&discord, IN_DIRECT.by(ADMIN), &preview, "Leave everything as it is");
    assert!(
        text(&told).contains("Nothing was changed") && told["components"] == json!([]),
        "{told}"
    );
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let told = press(&discord, IN_DIRECT.by(ADMIN), &preview, "Load these facts");
    assert!(text(&told).contains("Reloaded"), "{told}");
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in July"));
}

#[test]
fn the_file_of_a_long_preview_goes_once_it_is_confirmed_or_cancelled() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let place = IN_DIRECT.by(ADMIN);
    for (n, choice) in ["Leave everything as it is", "Load these facts"]
        .into_iter()
        .enumerate()
    {
        let more: Vec<String> = (0..40)
            .map(|fact| {
                format!(
                    "[[fact]]\nid = \"pile-{n}-{fact}\"\nanswer = \"Pile {fact} is made of oak of the year {n}.\"\n\
                     standing = \"stated\"\ngives = [\"what\"]\n\
                     phrasings = [\"What is pile {fact} of the year {n} made of?\"]\n\
                     [[fact.citation]]\nparagraph = 3\n\n"
                )
            })
            .collect();
        let head = "topic = \"piles\"\ntitle = \"Piles\"\n\n";
        knowledge.write("facts/piles.toml", &(head.to_owned() + &more.concat()));
        let preview = discord.shown(place, discord.admin(place, "reload"));
        assert_eq!(preview["attachments"][0]["filename"], "preview.txt", "{preview}");
        let pressed = discord.presses(place, &id_of(&preview, choice), &preview);
        discord.response_to(pressed);
        let id: u64 = preview["id"].as_str().unwrap().parse().unwrap();
        let now = discord.state().with(|inner| inner.messages[&id].clone());
        assert_eq!(now["attachments"], json!([]), "{choice}: {now}");
    }
}

#[test]
fn what_was_edited_after_the_preview_is_shown_before_it_is_loaded() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    knowledge.edit("in June", "in July");
    let preview = shown(&discord, IN_DIRECT.by(ADMIN), "reload", &json!([]));
    knowledge.edit("in July", "in August");
    let again = press(&discord, IN_DIRECT.by(ADMIN), &preview, "Load these facts");
    assert!(
        text(&again).contains("edited after that preview") && text(&again).contains("in August"),
        "{again}"
    );
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let told = press(&discord, IN_DIRECT.by(ADMIN), &again, "Load these facts");
    assert!(text(&told).contains("Reloaded"), "{told}");
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in August"));
}

#[test]
fn a_button_of_a_preview_is_for_admins_too() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    knowledge.edit("in June", "in July");
    let preview = shown(&discord, IN_CHANNEL.by(ADMIN), "reload", &json!([]));
    let administrator = Place {
        permissions: ADMINISTRATOR,
        ..IN_CHANNEL
    };
    for place in [IN_CHANNEL, administrator, IN_DIRECT] {
        let told = press(&discord, place, &preview, "Load these facts");
        assert!(text(&told).contains("own admins"), "{told}");
    }
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

#[test]
fn a_refused_reload_shows_every_problem_also_past_a_messages_length() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let broken: Vec<String> = (0..100)
        .map(|n| format!("[[fact]]\nid = \"broken-{n}\"\nanser = \"x\"\n"))
        .collect();
    let broken = broken.concat();
    knowledge.write(
        "facts/broken.toml",
        &format!("topic = \"broken\"\ntitle = \"Broken\"\n{broken}"),
    );
    let refused = shown(&discord, IN_DIRECT.by(ADMIN), "reload", &json!([]));
    assert!(
        text(&refused).starts_with("Refused") && text(&refused).contains("broken.toml:"),
        "{refused}"
    );
    assert_eq!(refused["files"][0]["filename"], "problems.txt");
    assert!(refused["files"][0]["bytes"].as_u64().unwrap() > 2000, "{refused}");
}

#[test]
fn settings_are_for_who_manages_the_server_on_buttons_too() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    // The bot's own admins have no say in a server that they do not manage.
    for place in [IN_CHANNEL, IN_CHANNEL.by(ADMIN)] {
        assert!(text(&shown(&discord, place, "settings", &json!([]))).contains("Manage Server"));
    }
    assert!(text(&shown(&discord, IN_DIRECT, "settings", &json!([]))).contains("concerns a server"));
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let told = press(&discord, IN_CHANNEL, &panel, "Make /ask private by default");
    assert!(text(&told).contains("Manage Server"), "{told}");
    let (_, is_private) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
    assert!(!is_private);
}

#[test]
fn answers_are_private_by_default_where_the_managers_want_it_and_the_asker_has_the_last_word() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let panel = press(&discord, MANAGER, &panel, "Make /ask private by default");
    assert!(text(&panel).contains("answers privately"), "{panel}");
    let is_private = |place, more: &Value| discord.response_to(discord.ask(place, QUESTION, more)).1;
    assert!(is_private(IN_CHANNEL, &json!([])));
    assert!(!is_private(
        IN_CHANNEL,
        &json!([{"name": "private", "type": 5, "value": false}])
    ));
    let elsewhere = Place {
        guild: Some(HOME),
        ..IN_CHANNEL
    };
    assert!(!is_private(elsewhere, &json!([])));
    press(&discord, MANAGER, &panel, "Make /ask public by default");
    assert!(!is_private(IN_CHANNEL, &json!([])));
}

#[test]
fn mentions_can_be_turned_off_and_on_again() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let panel = press(&discord, MANAGER, &panel, "Answer no mentions");
    assert!(text(&panel).contains("in no channel"), "{panel}");
    discord.expects_silence(|id| crate::support::events::message(id, IN_CHANNEL, &format!("<@{BOT}> {QUESTION}")));
    // What nobody else has to read is answered.
    let (told, _) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
    assert!(text(&told).contains("in June"));
    assert!(discord.asked(IN_DIRECT, QUESTION).contains("in June"));
    let panel = press(&discord, MANAGER, &panel, "Answer mentions again");
    assert!(text(&panel).contains("every channel"), "{panel}");
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

#[test]
fn the_panel_says_where_mentions_are_answered_though_they_are_turned_off() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Every message is a question here (channels, forums)");
    let chosen = discord.chooses_channels(MANAGER, &list, &[(CHANNEL, 0)], &private(&panel));
    let (panel, _) = discord.response_to(chosen);
    let panel = press(&discord, MANAGER, &panel, "Answer no mentions");
    let but_open = "in no channel but those that are open for questions";
    assert!(text(&panel).contains(but_open), "{panel}");
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let elsewhere = Place {
        channel: 501,
        ..IN_CHANNEL
    };
    discord
        .state()
        .with(|inner| inner.channels.insert(501, json!({"id": "501", "type": 0})));
    discord.expects_silence(|id| crate::support::events::message(id, elsewhere, &format!("<@{BOT}> {QUESTION}")));
    let list = id_of(&panel, "Answer mentions here (none chosen: everywhere)");
    let chosen = discord.chooses_channels(MANAGER, &list, &[(501, 0)], &private(&panel));
    let (panel, _) = discord.response_to(chosen);
    let and_open = "in one channel and its threads, and in those that are open for questions";
    assert!(text(&panel).contains(and_open), "{panel}");
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    assert!(discord.asked(elsewhere, QUESTION).contains("in June"));
}

/// Discord deletes a channel of the server that is not the home.
fn delete_channel(discord: &Loopback, channel: u64, kind: u8) {
    let deleted = json!({
        "id": channel.to_string(), "type": kind, "guild_id": ELSEWHERE.to_string(), "name": "the pier", "position": 1,
        "permission_overwrites": [],
    });
    discord.send(&Frame::Dispatch("CHANNEL_DELETE", deleted));
}

#[test]
fn a_channel_that_is_deleted_leaves_the_settings_and_the_bot_speaks_nowhere_else_for_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let other = Place {
        channel: 501,
        ..IN_CHANNEL
    };
    discord
        .state()
        .with(|inner| inner.channels.insert(501, json!({"id": "501", "type": 0})));
    let choose = |label: &str, channels: &[(u64, u8)]| {
        let panel = shown(&discord, MANAGER, "settings", &json!([]));
        let list = id_of(&panel, label);
        discord.response_to(discord.chooses_channels(MANAGER, &list, channels, &private(&panel)));
    };
    choose(
        "Answer mentions here (none chosen: everywhere)",
        &[(CHANNEL, 0), (502, 0)],
    );
    choose(
        "Every message is a question here (channels, forums)",
        &[(CHANNEL, 0), (600, 15)],
    );
    choose("Post what admins do here (none: nowhere)", &[(LOG, 0)]);
    discord.posted_in(LOG);
    delete_channel(&discord, CHANNEL, 0);
    assert_eq!(
        discord.posted_in(LOG),
        "A channel that this server's settings named was deleted, so I took it out of them."
    );
    delete_channel(&discord, 600, 15);
    discord.posted_in(LOG);
    // One that nothing names is nobody's concern.
    delete_channel(&discord, 503, 0);
    delete_channel(&discord, 502, 0);
    let told = discord.posted_in(LOG);
    assert!(told.contains("mentions there alone"), "{told}");
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    discord.posted_in(LOG);
    for part in [
        "in no channel;",
        "No channel is open for questions",
        "posted to a channel",
    ] {
        assert!(text(&panel).contains(part), "{part} in {panel}");
    }
    discord.expects_silence(|id| crate::support::events::message(id, other, &format!("<@{BOT}> {QUESTION}")));
    delete_channel(&discord, LOG, 0);
    // Nobody is told of that.
    let deadline = std::time::Instant::now() + PATIENCE;
    while settings(&knowledge).log_channel.is_some() {
        assert!(std::time::Instant::now() < deadline, "the log channel stays");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    discord.asked(IN_DIRECT, QUESTION);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let panel = press(&discord, MANAGER, &panel, "Answer mentions again");
    assert!(text(&panel).contains("every channel"), "{panel}");
    assert!(discord.asked(other, QUESTION).contains("in June"));
}

#[test]
fn mentions_are_answered_in_the_chosen_channels_and_their_threads_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Answer mentions here (none chosen: everywhere)");
    let chosen = discord.chooses_channels(MANAGER, &list, &[(CHANNEL, 0)], &private(&panel));
    let (panel, _) = discord.response_to(chosen);
    assert!(text(&panel).contains("one channel and its threads"), "{panel}");
    assert_eq!(
        panel["components"][0]["components"][0]["default_values"][0]["id"],
        CHANNEL.to_string()
    );
    let (thread, other) = (500, 501);
    discord.state().with(|inner| {
        let thread_of =
            |id: u64, parent: u64| json!({"id": id.to_string(), "type": 11, "parent_id": parent.to_string()});
        inner.channels.insert(thread, thread_of(thread, CHANNEL));
        inner.channels.insert(
            other,
            json!({"id": other.to_string(), "type": 0, "parent_id": CHANNEL.to_string()}),
        );
    });
    let at = |channel| Place { channel, ..IN_CHANNEL };
    assert!(discord.asked(at(CHANNEL), QUESTION).contains("in June"));
    assert!(discord.asked(at(thread), QUESTION).contains("in June"));
    // What the gateway has told of is not asked for, which may come to nothing.
    let told_of = 502;
    let begun = json!({
        "id": told_of.to_string(), "type": 11, "guild_id": ELSEWHERE.to_string(), "parent_id": CHANNEL.to_string(),
        "name": "the pier", "thread_metadata": {"archived": false, "auto_archive_duration": 60, "locked": false},
    });
    discord.send(&Frame::Dispatch("THREAD_CREATE", begun));
    std::thread::sleep(std::time::Duration::from_millis(300));
    discord.script(Fault::new("/channels/502", 9, 500, "<html>"));
    assert!(discord.asked(at(told_of), QUESTION).contains("in June"));
    discord.expects_silence(|id| crate::support::events::message(id, at(other), &format!("<@{BOT}> {QUESTION}")));
    // `/ask` is nobody's noise, so it is answered everywhere.
    let (told, _) = discord.response_to(discord.ask(at(other), QUESTION, &json!([])));
    assert!(text(&told).contains("in June"));
    let chosen = discord.chooses_channels(MANAGER, &list, &[], &private(&panel));
    assert!(text(&discord.response_to(chosen).0).contains("every channel"));
    assert!(discord.asked(at(other), QUESTION).contains("in June"));
}

#[test]
fn channels_and_forums_are_opened_for_questions_and_the_panel_says_what_that_needs() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Every message is a question here (channels, forums)");
    let chosen = discord.chooses_channels(MANAGER, &list, &[(CHANNEL, 0), (600, 15)], &private(&panel));
    let (panel, _) = discord.response_to(chosen);
    assert!(
        text(&panel).contains("without a mention: 1; forums whose first posts are: 1")
            && text(&panel).contains("Message Content"),
        "{panel}"
    );
    let settings = settings(&knowledge);
    let ids = |ids: &[briefing_bot::store::Snowflake]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&settings.ask_channels), ids(&settings.ask_forums)),
        (vec![CHANNEL], vec![600])
    );
}

#[test]
fn settings_that_another_version_made_are_said_to_be_and_not_changed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        store.ping().await.unwrap();
        store.close().await;
        let options = SqliteConnectOptions::new().filename(store.path());
        let mut connection = options.connect().await.unwrap();
        let newer = "INSERT INTO server_settings (server, settings, changed_at) VALUES ($1, $2, 1)";
        sqlx::query(newer)
            .bind(i64::try_from(ELSEWHERE).unwrap())
            .bind(r#"{"answers_in":"nowhere"}"#)
            .execute(&mut connection)
            .await
            .unwrap();
    });
    let _bot = start(&discord, &knowledge, &[]);
    until(|| {
        let told = text(&shown(&discord, MANAGER, "settings", &json!([])));
        if told.contains("made by another version of me") {
            Ok(())
        } else {
            Err(told)
        }
    });
    // As from a panel of the time before, or of a process that has read them.
    let at_home = Place {
        guild: Some(HOME),
        ..MANAGER
    };
    let panel = shown(&discord, at_home, "settings", &json!([]));
    let id = id_of(&panel, "Make /ask private by default");
    let (told, _) = discord.response_to(discord.presses(MANAGER, &id, &private(&panel)));
    assert!(text(&told).contains("Whoever runs me has to update me."), "{told}");
    assert!(!text(&told).contains("try again"), "{told}");
}

/// The settings of the only server that has some.
fn settings(knowledge: &Knowledge) -> ServerSettings {
    block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        let all = store.all_settings().await.unwrap();
        store.close().await;
        assert_eq!(all.len(), 1);
        all[0].1.clone().unwrap()
    })
}

#[test]
fn what_admins_do_is_posted_where_the_managers_want_it_and_pings_nobody() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let home_manager = Place {
        guild: Some(HOME),
        permissions: ADMINISTRATOR,
        ..IN_CHANNEL
    };
    let panel = shown(&discord, home_manager, "settings", &json!([]));
    let list = id_of(&panel, "Post what admins do here (none: nowhere)");
    discord.response_to(discord.chooses_channels(home_manager, &list, &[(LOG, 0)], &private(&panel)));
    assert!(
        discord
            .posted_in(LOG)
            .contains("changed this server's settings: log-channel")
    );
    knowledge.edit("in June", "in July");
    // From a direct message: it changes the bot for every server, so the home server's managers hear of it.
    discord.reload(IN_DIRECT.by(ADMIN));
    let (previewed, reloaded) = (discord.posted_in(LOG), discord.posted_in(LOG));
    assert!(
        previewed.contains(&ADMIN.to_string()) && previewed.contains("would change"),
        "{previewed}"
    );
    assert!(reloaded.contains("reloaded the facts: revision"), "{reloaded}");
}

/// Chooses the channel that what admins do is posted to; none with 0.
fn log_in(discord: &Loopback, place: Place, channel: u64) -> Value {
    let panel = shown(discord, place, "settings", &json!([]));
    let list = id_of(&panel, "Post what admins do here (none: nowhere)");
    let chosen: Vec<(u64, u8)> = [(channel, 0)].into_iter().filter(|(id, _)| *id != 0).collect();
    discord
        .response_to(discord.chooses_channels(place, &list, &chosen, &private(&panel)))
        .0
}

#[test]
fn the_channel_that_the_log_leaves_hears_of_it() {
    const MOVED_TO: u64 = 78;
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    log_in(&discord, MANAGER, LOG);
    assert!(discord.posted_in(LOG).contains("changed this server's settings"));
    log_in(&discord, MANAGER, MOVED_TO);
    assert!(discord.posted_in(LOG).contains("looked at this server's settings"));
    for channel in [LOG, MOVED_TO] {
        assert!(
            discord
                .posted_in(channel)
                .contains("changed this server's settings: log-channel")
        );
    }
    log_in(&discord, MANAGER, 0);
    assert!(discord.posted_in(MOVED_TO).contains("looked at this server's settings"));
    assert!(
        discord
            .posted_in(MOVED_TO)
            .contains("changed this server's settings: log-channel")
    );
    // A post after this would be one that nobody waited for.
    shown(&discord, MANAGER, "doctor", &json!([]));
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

/// Keeps everybody else from writing to the store, until it is dropped.
fn lock(knowledge: &Knowledge) -> SqliteConnection {
    block_on(async {
        let options = SqliteConnectOptions::from_str(&knowledge.store_url()).unwrap();
        let mut connection = options.connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
        connection
    })
}

#[test]
fn a_change_that_the_store_did_not_take_is_in_the_log_as_failed() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = log_in(&discord, MANAGER, LOG);
    discord.posted_in(LOG);
    let locked = lock(&knowledge);
    let told = press(&discord, MANAGER, &panel, "Make /ask private by default");
    assert!(text(&told).contains("does not answer just now"), "{told}");
    let noted = discord.posted_in(LOG);
    assert!(noted.contains("private; it failed"), "{noted}");
    drop(locked);
    let (_, is_private) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
    assert!(!is_private);
}

#[test]
fn a_log_channel_that_may_not_be_posted_to_is_no_trouble_and_is_told_to_who_chose_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    channel_without(&discord, LOG, SEND | REST);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Post what admins do here (none: nowhere)");
    discord.script(Fault::new(
        "channels/77/messages",
        5,
        403,
        r#"{"code": 50013, "message": "Missing Permissions"}"#,
    ));
    let chosen = discord.chooses_channels(MANAGER, &list, &[(LOG, 0)], &private(&panel));
    let panel = text(&discord.response_to(chosen).0);
    assert!(panel.contains("posted to a channel"), "{panel}");
    // It needs no more than that of it.
    let told = "I may not do all I have to in #channel-77: add Send Messages (/admin";
    assert!(panel.contains(told), "{panel}");
    discord.state().wait("the attempt", |inner| {
        let n_attempts = inner
            .requests
            .iter()
            .filter(|(_, what)| what.contains("channels/77/messages"))
            .count();
        (n_attempts == 1).then_some(())
    });
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

/// Lets the bot do everything in a server; gives the overwrites of a channel there in which it may not do this.
fn may_all_but(inner: &mut Inner, denied: u64) -> Value {
    let all = (VIEW | SEND | SEND_IN_THREADS | REST).to_string();
    inner.guilds.insert(
        ELSEWHERE,
        json!({"id": ELSEWHERE.to_string(), "name": "x", "owner_id": "1", "roles": [
            {"id": ELSEWHERE.to_string(), "permissions": all},
        ]}),
    );
    inner.own_members.insert(ELSEWHERE, json!({"roles": []}));
    json!([{"id": BOT.to_string(), "type": 1, "allow": "0", "deny": denied.to_string()}])
}

/// A channel in which the bot may do everything but this.
fn channel_without(discord: &Loopback, channel: u64, denied: u64) {
    discord.state().with(|inner| {
        let denied = may_all_but(inner, denied);
        inner.channels.insert(
            channel,
            json!({"id": channel.to_string(), "type": 0, "name": "x", "permission_overwrites": denied}),
        );
    });
}

#[test]
fn whoever_names_a_channel_learns_what_the_bot_lacks_there() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    channel_without(&discord, 700, SEND_IN_THREADS);
    channel_without(&discord, 701, 0);
    discord.script(Fault::new(
        "channels/702",
        1,
        403,
        r#"{"code": 50001, "message": "Missing Access"}"#,
    ));
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Answer mentions here (none chosen: everywhere)");
    let choose = |channels: &[(u64, u8)]| {
        let chosen = discord.chooses_channels(MANAGER, &list, channels, &private(&panel));
        text(&discord.response_to(chosen).0)
    };
    let told = choose(&[(700, 0), (701, 0), (702, 0)]);
    for part in [
        "in #channel-700: add Send Messages in Threads (/admin",
        "in #channel-702: add View Channel (/admin",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!told.contains("channel-701"), "{told}");
    // What was there before is not said again.
    let told = choose(&[(700, 0)]);
    assert!(!told.contains("channel-700"), "{told}");
}

#[test]
fn what_is_on_its_way_to_the_log_when_the_bot_stops_is_posted() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge, &[]);
    log_in(&discord, MANAGER, LOG);
    discord.posted_in(LOG);
    let mut slow = Fault::new("/channels/77/messages", 1, 200, "");
    slow.delay = std::time::Duration::from_millis(1200);
    slow.only_slow = Some(Slow::ToAct);
    discord.script(slow);
    shown(&discord, MANAGER, "settings", &json!([]));
    bot.stop().unwrap();
    assert_eq!(discord.state().with(|inner| inner.posted.len()), 1);
    assert!(discord.posted_in(LOG).contains("looked at this server's settings"));
}

fn kept(server: Option<u64>, words: &str) -> Record {
    let server = server.map(|id| NonZeroU64::new(id).unwrap().into());
    Record::Kept(KeptQuestion::new(
        server,
        words,
        Unanswered::Declined,
        None,
        0.1,
        Timestamp::now(),
    ))
}

fn keep(knowledge: &Knowledge, records: &[Record]) {
    block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        store.write(records).await.unwrap();
        store.close().await;
    });
}

#[test]
fn questions_without_an_answer_are_shown_in_pages_to_who_may_see_them() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    assert!(
        text(&shown(&discord, MANAGER, "unanswered", &json!([]))).contains("No question without an answer is kept")
    );
    let mut records: Vec<Record> = (0..20)
        .map(|n| kept(Some(ELSEWHERE), &format!("what of pier {n:02}?")))
        .collect();
    records.push(kept(Some(HOME), "what of the home server?"));
    records.push(kept(
        None,
        "**what** of @everyone ||direct|| [x](https://e.example) 김항구?",
    ));
    keep(&knowledge, &records);
    for place in [IN_CHANNEL, IN_DIRECT] {
        let told = text(&shown(&discord, place, "unanswered", &json!([])));
        assert!(!told.contains("pier"), "{told}");
    }
    let mut page = shown(&discord, MANAGER, "unanswered", &json!([]));
    let mut seen = text(&page);
    for _ in 0..2 {
        page = press(&discord, MANAGER, &page, "Next ▶");
        seen += &text(&page);
    }
    for number in 0..20 {
        assert_eq!(seen.matches(&format!("pier {number:02}")).count(), 1, "{seen}");
    }
    assert!(!seen.contains("home server") && !seen.contains("direct"), "{seen}");
    // A button is checked as the command is.
    let told = press(&discord, IN_CHANNEL, &page, "◀ Back");
    assert!(text(&told).contains("Manage Server"), "{told}");

    let all = |options: &Value| {
        let mut page = shown(&discord, IN_DIRECT.by(ADMIN), "unanswered", options);
        let mut seen = text(&page);
        for _ in 0..2 {
            page = press(&discord, IN_DIRECT.by(ADMIN), &page, "Next ▶");
            seen += &text(&page);
        }
        seen
    };
    discord.state().with(|inner| {
        inner.guilds.insert(
            ELSEWHERE,
            json!({"id": ELSEWHERE.to_string(), "name": "The *Pier* Club"}),
        )
    });
    let seen = all(&json!([]));
    assert!(
        seen.contains("home server") && seen.contains("direct") && !seen.contains("Club"),
        "{seen}"
    );
    assert!(seen.contains(r"\[x]") && !seen.contains("||"), "{seen}");
    let seen = all(&json!([{"name": "servers", "type": 5, "value": true}]));
    for part in [r"The \*Pier\* Club", "the server with the id 21", "a direct message"] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
}

#[test]
fn a_manager_deletes_questions_of_their_own_server_and_an_admin_of_any() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    shown(&discord, MANAGER, "unanswered", &json!([]));
    let mut records: Vec<Record> = (0..9)
        .map(|n| kept(Some(ELSEWHERE), &format!("what of pier {n}?")))
        .collect();
    records.push(kept(Some(HOME), "what of the home server?"));
    keep(&knowledge, &records);
    let page = shown(&discord, MANAGER, "unanswered", &json!([]));
    let first = text(&page).lines().nth(1).unwrap().to_owned();
    let all = shown(&discord, IN_DIRECT.by(ADMIN), "unanswered", &json!([]));
    // Who may not see them may not delete them, nor one server's managers another's.
    let told = press(&discord, IN_CHANNEL, &page, "Delete 1");
    assert!(text(&told).contains("Manage Server"), "{told}");
    let elsewhere = Place {
        guild: Some(HOME),
        ..MANAGER
    };
    press(&discord, elsewhere, &page, "Delete 1");
    let again = shown(&discord, MANAGER, "unanswered", &json!([]));
    assert_eq!(text(&again), text(&page));
    let left = press(&discord, MANAGER, &page, "Delete 1");
    assert!(!text(&left).contains(&first), "{left}");
    assert!(text(&left).contains("8 in all"), "{left}");
    // On the page as it was, which is no longer there: it is said to be gone, and nothing else goes.
    let left = press(&discord, MANAGER, &page, "Delete 1");
    assert!(text(&left).contains("8 in all"), "{left}");
    let left = press(&discord, IN_DIRECT.by(ADMIN), &all, "Delete 3");
    assert!(text(&left).contains("8 in all"), "{left}");
    // The last of a page takes the page with it.
    let mut left = left;
    for n in (1..8).rev() {
        left = press(&discord, IN_DIRECT.by(ADMIN), &left, "Delete 1");
        assert!(text(&left).contains(&format!("{n} in all")), "{left}");
    }
    let none = press(&discord, IN_DIRECT.by(ADMIN), &left, "Delete 1");
    assert!(text(&none).contains("No question without an answer"), "{none}");
}

#[test]
fn who_turns_pages_of_questions_is_in_the_log_once_and_who_deletes_one_without_its_words() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    log_in(&discord, MANAGER, LOG);
    discord.posted_in(LOG);
    let records: Vec<Record> = (0..9)
        .map(|n| kept(Some(ELSEWHERE), &format!("what of pier {n}?")))
        .collect();
    keep(&knowledge, &records);
    let page = shown(&discord, MANAGER, "unanswered", &json!([]));
    assert!(discord.posted_in(LOG).contains("looked at questions"));
    let page = press(&discord, MANAGER, &page, "Next ▶");
    // Posts leave in the order of the deeds, so this is the next one.
    press(&discord, MANAGER, &page, "Delete 9");
    let noted = discord.posted_in(LOG);
    assert!(
        noted.contains("deleted a question") && !noted.contains("pier"),
        "{noted}"
    );
}

#[test]
fn the_doctor_says_what_is_missing_here_and_how_to_add_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    assert!(text(&shown(&discord, IN_CHANNEL, "doctor", &json!([]))).contains("Manage Server"));
    // The loopback's interactions say that the bot may do nothing.
    let told = text(&shown(&discord, MANAGER, "doctor", &json!([])));
    for part in [
        "View Channel is missing",
        "Send Messages is missing",
        "To add: View Channel, Send Messages",
        "GUILD_MESSAGES",
        "Message Content \\(privileged\\) is off",
        "ping off",
    ] {
        let part = part.replace('\\', "");
        assert!(told.replace('\\', "").contains(&part), "{part} in {told}");
    }
}

#[test]
fn the_doctor_computes_what_may_be_done_in_another_channel() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let (channel, role) = (700_u64, 800_u64);
    let (view, send, history, embed, threads) = (1_u64 << 10, 1_u64 << 11, 1_u64 << 16, 1_u64 << 14, 1_u64 << 38);
    discord.state().with(|inner| {
        inner.guilds.insert(
            ELSEWHERE,
            json!({"id": ELSEWHERE.to_string(), "name": "x", "owner_id": "1", "roles": [
                {"id": ELSEWHERE.to_string(), "permissions": (view | send).to_string()},
                {"id": role.to_string(), "permissions": (history | embed | threads).to_string()},
            ]}),
        );
        inner
            .own_members
            .insert(ELSEWHERE, json!({"roles": [role.to_string()]}));
        inner.channels.insert(
            channel,
            json!({"id": channel.to_string(), "type": 0, "name": "harbour", "permission_overwrites": [
                {"id": ELSEWHERE.to_string(), "type": 0, "allow": "0", "deny": send.to_string()},
            ]}),
        );
    });
    let option = |id: u64| json!([{"name": "channel", "type": 7, "value": id.to_string()}]);
    let told = text(&shown(&discord, MANAGER, "doctor", &option(channel)));
    assert!(
        told.contains("harbour")
            && told.contains("Send Messages is missing")
            && told.contains("To add: Send Messages."),
        "{told}"
    );
    assert!(!told.contains("View Channel is missing"), "{told}");
    discord.script(Fault::new(
        "channels/701",
        1,
        403,
        r#"{"code": 50001, "message": "Missing Access"}"#,
    ));
    let told = text(&shown(&discord, MANAGER, "doctor", &option(701)));
    assert!(told.contains("cannot see that channel"), "{told}");
    // A private thread shows itself to its members only, whatever the roles are given.
    discord.script(Fault::new(
        "channels/702",
        1,
        403,
        r#"{"code": 50001, "message": "Missing Access"}"#,
    ));
    let resolved = json!({"channels": {"702": {"id": "702", "type": 12, "name": "quay", "permissions": "0"}}});
    let told = examined(&discord, (0, VIEW), &option(702), &resolved);
    assert!(told.contains("has to add me"), "{told}");
}

/// The doctor is asked, with these options and what Discord resolves of them, in a channel of this kind where the bot
/// may do this.
#[track_caller]
fn examined(discord: &Loopback, (kind, may): (u8, u64), options: &Value, resolved: &Value) -> String {
    let id = discord.interacts_with(&json!({}), |id| {
        let options = json!([{"name": "doctor", "type": 1, "options": options}]);
        let mut command = crate::support::events::command(id, MANAGER, "admin", &options);
        command["channel"] = json!({"id": CHANNEL.to_string(), "type": kind, "parent_id": "30"});
        command["app_permissions"] = json!(may.to_string());
        command["data"]["resolved"] = resolved.clone();
        command
    });
    let (told, is_private) = discord.response_to(id);
    assert!(is_private, "{told}");
    text(&told)
}

const VIEW: u64 = 1 << 10;
const SEND: u64 = 1 << 11;
const SEND_IN_THREADS: u64 = 1 << 38;
const REST: u64 = 1 << 16 | 1 << 14;

#[test]
fn in_a_thread_the_doctor_asks_for_what_threads_need() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let none = json!({});
    for thread in [10, 11, 12] {
        let told = examined(&discord, (thread, VIEW | SEND | REST), &json!([]), &none);
        assert!(told.contains("To add: Send Messages in Threads."), "{told}");
        let told = examined(&discord, (thread, VIEW | SEND_IN_THREADS | REST), &json!([]), &none);
        assert!(told.contains("Nothing is missing"), "{told}");
    }
    let told = examined(&discord, (0, VIEW | SEND_IN_THREADS | REST), &json!([]), &none);
    assert!(told.contains("To add: Send Messages."), "{told}");
    // The text of a voice channel, which has no threads.
    let told = examined(&discord, (2, VIEW | SEND | REST), &json!([]), &none);
    assert!(told.contains("To add: Connect."), "{told}");
}

#[test]
fn the_doctor_sees_a_time_out_of_the_bot() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let all = VIEW | SEND | SEND_IN_THREADS | REST;
    for (until, is_timed_out) in [
        ("2020-01-01T00:00:00+00:00", false),
        ("2999-01-01T00:00:00+00:00", true),
    ] {
        discord.state().with(|inner| {
            let myself = json!({"roles": [], "communication_disabled_until": until});
            inner.own_members.insert(ELSEWHERE, myself);
        });
        let told = examined(&discord, (0, all), &json!([]), &json!({}));
        assert_eq!(told.contains("I am timed out"), is_timed_out, "{told}");
    }
}

#[test]
fn the_doctor_looks_at_another_channel_s_thread_through_the_channel_that_it_is_in() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let (forum, thread) = (700_u64, 701_u64);
    discord.state().with(|inner| {
        let denied = may_all_but(inner, SEND_IN_THREADS);
        inner.channels.insert(
            forum,
            json!({"id": forum.to_string(), "type": 15, "name": "questions", "permission_overwrites": denied}),
        );
        inner.channels.insert(
            thread,
            json!({"id": thread.to_string(), "type": 11, "name": "the pier", "parent_id": forum.to_string()}),
        );
        inner.channels.insert(
            702,
            json!({"id": "702", "type": 11, "name": "x", "parent_id": "703", "thread_metadata": {"locked": true}}),
        );
        let without = json!([{"id": BOT.to_string(), "type": 1, "allow": "0", "deny": SEND.to_string()}]);
        inner.channels.insert(
            703,
            json!({"id": "703", "type": 15, "name": "open", "permission_overwrites": without}),
        );
    });
    let option = json!([{"name": "channel", "type": 7, "value": thread.to_string()}]);
    let told = text(&shown(&discord, MANAGER, "doctor", &option));
    assert!(
        told.contains("the pier") && told.contains("To add: Send Messages in Threads."),
        "{told}"
    );
    let option = |id: &str| json!([{"name": "channel", "type": 7, "value": id}]);
    let told = text(&shown(&discord, MANAGER, "doctor", &option("702")));
    assert!(told.contains("To add: Manage Threads."), "{told}");
    // In a forum everything that is said is said in a thread.
    let told = text(&shown(&discord, MANAGER, "doctor", &option("703")));
    assert!(told.contains("Nothing is missing"), "{told}");
}

#[test]
fn the_doctor_says_what_keeps_a_member_from_an_answer() {
    const PATIENT: u64 = 40;
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let all = VIEW | SEND | SEND_IN_THREADS | REST;
    let (member, muted) = (PATIENT.to_string(), 50_u64.to_string());
    let resolved = |may: u64, roles: &Value, is_bot: bool| {
        let mut resolved = json!({"users": {}, "members": {}});
        resolved["users"][&member] = crate::support::events::user(PATIENT);
        resolved["users"][&member]["bot"] = json!(is_bot);
        resolved["members"][&member] = json!({
            "roles": roles, "permissions": may.to_string(), "joined_at": "2030-01-01T00:00:00+00:00", "nick": null,
            "premium_since": null, "pending": false, "avatar": null, "flags": 0,
        });
        resolved
    };
    let named = json!([{"name": "member", "type": 6, "value": member}]);
    let here = |kind, resolved: &Value| examined(&discord, (kind, all), &named, resolved);
    let told = here(0, &resolved(VIEW | SEND, &json!([]), false));
    assert!(told.contains("Nothing about that member"), "{told}");
    // In a thread another permission decides.
    let told = here(11, &resolved(VIEW | SEND, &json!([]), false));
    assert!(told.contains("may not send messages in this channel"), "{told}");
    let told = here(0, &resolved(VIEW, &json!([]), false));
    assert!(told.contains("may not send messages in this channel"), "{told}");
    let told = here(0, &resolved(all, &json!([]), true));
    assert!(told.contains("is a bot"), "{told}");
    let mut gone = resolved(all, &json!([]), false);
    gone["members"] = json!({});
    assert!(here(0, &gone).contains("not in this server"));
    let timed_out = json!({"roles": [], "communication_disabled_until": "2999-01-01T00:00:00+00:00"});
    discord.state().with(|inner| inner.members.insert(PATIENT, timed_out));
    let told = here(0, &resolved(all, &json!([]), false));
    assert!(told.contains("member is timed out"), "{told}");
    discord.state().with(|inner| inner.members.clear());

    // In another channel it is computed, from the member's roles.
    discord.state().with(|inner| {
        inner.guilds.insert(
            ELSEWHERE,
            json!({"id": ELSEWHERE.to_string(), "name": "x", "owner_id": "1", "roles": [
                {"id": ELSEWHERE.to_string(), "permissions": all.to_string()}, {"id": muted, "permissions": "0"},
            ]}),
        );
        inner.own_members.insert(ELSEWHERE, json!({"roles": []}));
        let denied = json!([{"id": muted, "type": 0, "allow": "0", "deny": SEND.to_string()}]);
        let channel = json!({"id": "700", "type": 0, "name": "pier", "permission_overwrites": denied});
        inner.channels.insert(700, channel);
    });
    let elsewhere = |channel: &str, roles: &Value| {
        let options = json!([{"name": "channel", "type": 7, "value": channel}, named[0]]);
        examined(&discord, (0, all), &options, &resolved(all, roles, false))
    };
    let told = elsewhere("700", &json!([]));
    assert!(told.contains("Nothing about that member"), "{told}");
    let told = elsewhere("700", &json!([muted]));
    assert!(told.contains("may not send messages in this channel"), "{told}");
    // Where Discord says nothing of the channel, nothing is guessed.
    let told = elsewhere("702", &json!([]));
    assert!(told.contains("could not find out"), "{told}");
}

#[test]
fn briefings_are_chosen_from_a_list_where_there_are_several() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge, &[]);
    let label = "Answer from these briefings (none chosen: from all)";
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    assert!(!panel.to_string().contains(label), "one is no choice: {panel}");
    knowledge.add_briefing("quay-works", |text| {
        text.replace("Harbour wall", "Quay")
            .replace("the wall", "the quay")
            .replace("in June", "in March")
    });
    bot.hang_up();
    discord.state().wait("the choice of a briefing", |inner| {
        (inner.n_overwrites == 2).then_some(())
    });
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    assert!(text(&panel).contains("from every briefing"), "{panel}");
    let list = id_of(&panel, label);
    // Who may not manage the server chooses nothing.
    let tried = discord.chooses(IN_CHANNEL, &list, &["quay-works"], &private(&panel));
    assert!(text(&discord.response_to(tried).0).contains("Manage Server"));
    let chosen = discord.chooses(MANAGER, &list, &["quay-works"], &private(&panel));
    let (panel, _) = discord.response_to(chosen);
    assert!(text(&panel).contains("I answer from: Quay"), "{panel}");
    let rows = panel["components"].as_array().unwrap();
    let options = rows
        .iter()
        .find(|row| row["components"][0]["placeholder"] == label)
        .unwrap();
    let options = options["components"][0]["options"].as_array().unwrap();
    let chosen = |id: &str| options.iter().find(|option| option["value"] == id).unwrap()["default"] == true;
    assert!(chosen("quay-works") && !chosen("harbour-works"), "{panel}");
    let words = "When do the works begin?";
    assert!(discord.asked(IN_CHANNEL, words).contains("in March"));
    let chosen = discord.chooses(MANAGER, &list, &["harbour-works"], &private(&panel));
    discord.response_to(chosen);
    assert!(discord.asked(IN_CHANNEL.by(OTHER_MEMBER), words).contains("in June"));
    let chosen = discord.chooses(MANAGER, &list, &[], &private(&panel));
    assert!(text(&discord.response_to(chosen).0).contains("from every briefing"));
}

#[test]
fn where_no_chosen_briefing_is_left_nothing_is_answered_until_others_are_chosen() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    knowledge.add_briefing("quay-works", |text| {
        text.replace("Harbour wall", "Quay")
            .replace("the wall", "the quay")
            .replace("in June", "in March")
    });
    let bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Answer from these briefings (none chosen: from all)");
    discord.response_to(discord.chooses(MANAGER, &list, &["quay-works"], &private(&panel)));
    let words = "When do the works begin?";
    assert!(discord.asked(IN_CHANNEL, words).contains("in March"));
    let check = |words: &str| {
        let target = crate::support::events::message(77, IN_CHANNEL, words);
        discord.response_to(discord.checks(IN_CHANNEL, &target)).0
    };
    assert!(!text(&check("The works on the wall begin in June.")).contains("The works begin in June."));
    std::fs::remove_dir_all(knowledge.path().join("quay-works")).unwrap();
    bot.hang_up();
    discord.state().wait("the end of the choice of a briefing", |inner| {
        (inner.n_overwrites == 2).then_some(())
    });
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let lost = "not loaded any more";
    assert!(text(&panel).contains(lost), "{panel}");
    assert!(discord.asked(IN_CHANNEL.by(OTHER_MEMBER), words).contains(lost));
    let (asked, _) = discord.response_to(discord.ask(IN_CHANNEL.by(501), words, &json!([])));
    assert!(text(&asked).contains(lost), "{asked}");
    assert!(text(&check("The works on the wall begin in June.")).contains(lost));
    let greeting = discord.answer_to(discord.mention(IN_CHANNEL, ""));
    assert!(text(&greeting).contains(lost), "{greeting}");
    // What all can read can be deleted by its asker.
    for public in [&asked, &greeting] {
        id_of(public, "Delete");
    }
    for command in ["facts", "timeline", "source"] {
        let (told, _) = discord.response_to(discord.command(IN_CHANNEL.by(502), command, &json!([])));
        assert!(text(&told).contains(lost), "{command}: {told}");
    }
    assert_eq!(discord.typed(IN_CHANNEL, ""), Vec::<Value>::new());
    assert_eq!(discord.typed(IN_CHANNEL, "works"), Vec::<Value>::new());
    // What has nothing to do with it goes on.
    let (told, _) = discord.response_to(discord.command(IN_CHANNEL.by(502), "help", &json!([])));
    assert!(
        text(&told).contains("/ask") && !told.to_string().contains("harbour-works/"),
        "{told}"
    );

    let chosen = discord.chooses(MANAGER, &list, &["harbour-works"], &private(&panel));
    assert!(text(&discord.response_to(chosen).0).contains("from every briefing"));
    assert!(discord.asked(IN_CHANNEL.by(503), words).contains("in June"));
}

#[test]
fn rollback_needs_publications() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let told = text(&shown(&discord, IN_DIRECT.by(ADMIN), "rollback", &json!([])));
    assert!(told.contains("from a folder"), "{told}");
}

/// Publishes the folder as it stands.
fn publish(knowledge: &Knowledge) {
    let publication = knowledge.publication(Timestamp::now());
    block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        store.publish(&publication).await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_rollback_is_shown_first_and_puts_earlier_facts_back() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    publish(&knowledge);
    knowledge.edit("in June", "in July");
    publish(&knowledge);
    let _bot = start(&discord, &knowledge, &[("KNOWLEDGE_SOURCE", "database")]);
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in July"));
    let preview = shown(&discord, IN_DIRECT.by(ADMIN), "rollback", &json!([]));
    for part in ["Publication 1", "1 reworded", "in June"] {
        assert!(text(&preview).contains(part), "{part} in {preview}");
    }
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in July"));
    let refused = press(
        &discord,
        IN_CHANNEL.by(OTHER_MEMBER),
        &preview,
        "Go back to these facts",
    );
    assert!(text(&refused).contains("own admins"), "{refused}");
    let told = press(&discord, IN_DIRECT.by(ADMIN), &preview, "Go back to these facts");
    assert!(
        text(&told).contains("published again, as publication 3") && text(&told).contains("Reloaded"),
        "{told}"
    );
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let number = |number: i64| json!([{"name": "number", "type": 4, "value": number}]);
    let told = text(&shown(&discord, IN_DIRECT.by(ADMIN), "rollback", &number(9)));
    assert!(told.contains("no publication 9"), "{told}");
    let told = text(&shown(&discord, IN_DIRECT.by(ADMIN), "rollback", &number(1)));
    assert!(told.contains("in force already"), "{told}");
}

#[test]
fn facts_that_this_version_refuses_are_not_gone_back_to() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    publish(&knowledge);
    knowledge.edit("in June", "in July");
    publish(&knowledge);
    let from_store = [("KNOWLEDGE_SOURCE", "database")];
    let bot = start(&discord, &knowledge, &from_store);
    let admin = IN_DIRECT.by(ADMIN);
    let preview = shown(&discord, admin, "rollback", &json!([]));
    // As where the button is from before an upgrade to rules that are stricter.
    block_on(async {
        let options = SqliteConnectOptions::from_str(&knowledge.store_url()).unwrap();
        let mut connection = options.connect().await.unwrap();
        let spoil = "UPDATE publications SET files = replace(files, 'standing = ', 'standin = ') WHERE number = 1";
        sqlx::query(spoil).execute(&mut connection).await.unwrap();
    });
    let told = press(&discord, admin, &preview, "Go back to these facts");
    for part in ["Refused", "publication 1/", "standin"] {
        assert!(text(&told).contains(part), "{part} in {told}");
    }
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in July"));
    bot.stop().unwrap();
    let n_before = discord.state().with(|inner| inner.n_comparisons);
    let _bot = start(&discord, &knowledge, &from_store);
    discord
        .state()
        .wait("another start", |inner| (inner.n_comparisons > n_before).then_some(()));
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in July"));
}

#[test]
fn reloads_and_rollbacks_that_come_to_nothing_are_in_the_log_too() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    publish(&knowledge);
    knowledge.edit("in June", "in July");
    publish(&knowledge);
    let _bot = start(&discord, &knowledge, &[("KNOWLEDGE_SOURCE", "database")]);
    let home_manager = Place {
        guild: Some(HOME),
        permissions: ADMINISTRATOR,
        ..IN_CHANNEL
    };
    let admin = IN_DIRECT.by(ADMIN);
    log_in(&discord, home_manager, LOG);
    discord.posted_in(LOG);
    let preview = shown(&discord, admin, "rollback", &json!([]));
    assert!(discord.posted_in(LOG).contains("looked at what a rollback"));
    let locked = lock(&knowledge);
    let told = press(&discord, admin, &preview, "Go back to these facts");
    assert!(text(&told).contains("does not answer just now"), "{told}");
    let noted = discord.posted_in(LOG);
    assert!(noted.contains("publication 1; it failed"), "{noted}");
    drop(locked);
    press(&discord, admin, &preview, "Go back to these facts");
    let (went_back, reloaded) = (discord.posted_in(LOG), discord.posted_in(LOG));
    assert!(
        (went_back.clone() + &reloaded).contains("went back to the facts of publication 1"),
        "{went_back} {reloaded}"
    );
}

#[test]
fn a_refused_reload_is_in_the_log_as_refused() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let home_manager = Place {
        guild: Some(HOME),
        permissions: ADMINISTRATOR,
        ..IN_CHANNEL
    };
    let admin = IN_DIRECT.by(ADMIN);
    log_in(&discord, home_manager, LOG);
    discord.posted_in(LOG);
    knowledge.edit("in June", "in July");
    let preview = shown(&discord, admin, "reload", &json!([]));
    assert!(discord.posted_in(LOG).contains("looked at what a reload"));
    knowledge.edit("in July", "in August");
    press(&discord, admin, &preview, "Load these facts");
    let noted = discord.posted_in(LOG);
    assert!(noted.contains("edited after the preview"), "{noted}");
    knowledge.write("facts/broken.toml", "topic = \"broken\"\n[[fact]]\nid = \"x\"\n");
    press(&discord, admin, &preview, "Load these facts");
    let noted = discord.posted_in(LOG);
    assert!(noted.contains("it was refused"), "{noted}");
}
