//! Looking after a server and the bot in Discord: previews, settings, questions without an answer, the doctor, the log.

use std::num::NonZeroU64;

use briefing_bot::store::{
    KeptQuestion, Publication, PublishedFiles, Record, SqliteStore, Store, Timestamp, Unanswered,
};
use serde_json::{Value, json};

use crate::support::events::{
    ADMIN, ADMINISTRATOR, BOT, CHANNEL, ELSEWHERE, HOME, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place,
};
use crate::support::loopback::private;
use crate::support::state::Fault;
use crate::support::{Knowledge, Loopback, TestBot, block_on};

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
        "{\"id\": \"w1\", \"question\": \"in which month do the wall works begin?\", \"expect\": \"answer\"}\n",
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
    let settings = block_on(async {
        let store = SqliteStore::new(&knowledge.store());
        let all = store.all_settings().await.unwrap();
        store.close().await;
        all
    });
    let ids = |ids: &[briefing_bot::store::Snowflake]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&settings[0].1.ask_channels), ids(&settings[0].1.ask_forums)),
        (vec![CHANNEL], vec![600])
    );
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

#[test]
fn a_log_channel_that_may_not_be_posted_to_is_no_trouble() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let panel = shown(&discord, MANAGER, "settings", &json!([]));
    let list = id_of(&panel, "Post what admins do here (none: nowhere)");
    discord.script(Fault::new(
        "channels/77/messages",
        5,
        403,
        r#"{"code": 50013, "message": "Missing Permissions"}"#,
    ));
    let chosen = discord.chooses_channels(MANAGER, &list, &[(LOG, 0)], &private(&panel));
    assert!(text(&discord.response_to(chosen).0).contains("posted to a channel"));
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
    let mut files = PublishedFiles::new();
    for folder in briefing_bot::knowledge_dir::read(knowledge.path()).unwrap().folders {
        let texts = folder.files.into_iter().map(|file| match file.content {
            briefing_bot::fact::files::Content::Bytes(bytes) => (file.name, String::from_utf8(bytes).unwrap()),
            briefing_bot::fact::files::Content::Refused(refusal) => panic!("{refusal}"),
        });
        files.insert(folder.briefing, texts.collect());
    }
    let base = knowledge.snapshot().base().clone();
    let publication = Publication {
        at: Timestamp::now(),
        revision: base.revision.to_string(),
        n_facts: base.n_facts() as u64,
        files,
    };
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
