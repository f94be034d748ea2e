//! Looking around in Discord: facts, names, dates, the source, help, privacy.

use serde_json::{Value, json};

use crate::support::events::{ELSEWHERE, IN_CHANNEL, IN_DIRECT, MEMBER, OTHER_MEMBER, Place};
use crate::support::loopback::private;
use crate::support::{Knowledge, Loopback, TestBot, block_on, state};

/// What a command shows, to its reader only.
#[track_caller]
fn shown(discord: &Loopback, place: Place, command: &str, options: &Value) -> Value {
    let (shown, is_private) = discord.response_to(discord.command(place, command, options));
    assert!(is_private, "{shown}");
    shown
}

/// Everything that is read: the content, or else the embeds.
fn text(body: &Value) -> String {
    let embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    let embeds = embeds.iter().filter_map(|embed| embed["description"].as_str());
    embeds.fold(body["content"].as_str().unwrap_or_default().to_owned(), |all, text| {
        all + text
    })
}

fn components(body: &Value) -> Vec<Value> {
    let rows = body["components"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .flat_map(|row| row["components"].as_array().unwrap().clone())
        .collect()
}

#[track_caller]
fn id_of(body: &Value, label: &str) -> String {
    let all = components(body);
    let found = all
        .iter()
        .find(|one| one["label"] == label || one["placeholder"] == label);
    found.unwrap_or_else(|| panic!("no `{label}` in {all:?}"))["custom_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn option(name: &str, value: &str) -> Value {
    json!([{"name": name, "type": 3, "value": value}])
}

/// 300 facts in one topic, dated, about somebody whose name is in three scripts.
fn many() -> Knowledge {
    let knowledge = Knowledge::harbour();
    let name = "김항구 ⚓ מרים";
    knowledge.append("glossary.toml", &format!(
        "\n[[entity]]\nid = \"harbour-master\"\nname = \"{name}\"\nkind = \"person\"\nabout = \"Speaks for the port.\"\nparagraphs = [2]\naliases = [\"the master of the harbour\"]\n"
    ));
    let head = "topic = \"many\"\ntitle = \"많은 ⚓ הרבה\"\n".to_owned();
    let fact = |number| {
        format!(
            "\n[[fact]]\nid = \"many-{number}\"\nanswer = \"{name} counted pier {number}. {}\"\nstanding = \"stated\"\ngives = [\"what\"]\nentities = [\"harbour-master\"]\nphrasings = [\"What of pier {number} at the port?\"]\n[fact.date]\non = \"05-01\"\norder = {number}\n[[fact.citation]]\nparagraph = 2\n",
            "긴 ".repeat(100),
        )
    };
    let facts = [head]
        .into_iter()
        .chain((0..300).map(fact))
        .collect::<Vec<_>>()
        .concat();
    knowledge.write("facts/many.toml", &facts);
    knowledge
}

#[test]
fn facts_are_browsed_from_the_topics_to_the_last_page_and_read_in_full() {
    let (discord, knowledge) = (Loopback::start(), many());
    let _bot = TestBot::start(&discord, &knowledge);
    let topics = shown(&discord, IN_CHANNEL, "facts", &json!([]));
    assert!(
        text(&topics).contains("The works (3 facts)") && text(&topics).contains("(300 facts)"),
        "{topics}"
    );
    let list = id_of(&topics, "Open a topic");
    let message = private(&topics);
    let opened = discord.chooses(IN_CHANNEL, &list, &["harbour-works/many"], &message);
    assert_eq!(discord.callback_to(opened)["type"], 7);
    let (mut page, _) = discord.response_to(opened);
    assert!(text(&page).contains("1 to 8 of 300"), "{page}");
    for _ in 0..37 {
        (page, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "Next ▶"), &message));
    }
    assert!(
        text(&page).contains("297 to 300 of 300") && text(&page).contains("pier 299"),
        "{page}"
    );
    assert!(components(&page).iter().all(|one| one["label"] != "Next ▶"));
    (page, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "◀ Back"), &message));
    assert!(text(&page).contains("289 to 296 of 300"), "{page}");
    let list = id_of(&page, "Read one in full, with its source");
    let chosen = discord.chooses(IN_CHANNEL, &list, &["harbour-works/many-290"], &message);
    let (told, is_private) = discord.response_to(chosen);
    assert_eq!(discord.callback_to(chosen)["type"], 4, "the list stays");
    assert!(
        is_private && text(&told).contains("counted pier 290") && text(&told).contains("paragraph 2"),
        "{told}"
    );
}

#[test]
fn a_topic_is_opened_by_its_name_its_choice_and_with_an_error() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    // Nothing to browse there.
    let open = r#"
topic = "open"
title = "The works that are left open"
[[gap]]
id = "architect"
answer = "The briefing does not say who planned the wall."
phrasings = ["Who planned the wall?"]
"#;
    knowledge.write("facts/open.toml", open);
    let _bot = TestBot::start(&discord, &knowledge);
    let choices = discord.typed_into(IN_CHANNEL, "facts", "topic", "wroks");
    let all = discord.typed_into(IN_CHANNEL, "facts", "topic", "");
    assert!(
        all.iter()
            .all(|choice| choice["name"] != "The works that are left open"),
        "{all:?}"
    );
    assert_eq!(choices[0]["name"], "The works", "{choices:?}");
    for typed in ["The works", "wroks", choices[0]["value"].as_str().unwrap()] {
        let page = shown(&discord, IN_DIRECT, "facts", &option("topic", typed));
        assert!(text(&page).contains("The works begin in June"), "{typed}: {page}");
    }
    let none = shown(
        &discord,
        IN_CHANNEL,
        "facts",
        &option("topic", "**@everyone** [x](https://e.example)"),
    );
    assert!(
        text(&none).contains("no topic called") && text(&none).contains("The works"),
        "{none}"
    );
    assert!(!text(&none).contains("**@") && text(&none).contains(r"\[x]"), "{none}");
}

#[test]
fn who_tells_what_the_article_says_and_the_facts_about_them() {
    let (discord, knowledge) = (Loopback::start(), many());
    let _bot = TestBot::start(&discord, &knowledge);
    let choices = discord.typed_into(IN_CHANNEL, "who", "name", "port athority");
    assert_eq!(choices[0]["name"], "the harbour office", "{choices:?}");
    for typed in [
        "port athority",
        "the harbour office",
        choices[0]["value"].as_str().unwrap(),
    ] {
        let page = shown(&discord, IN_CHANNEL, "who", &option("name", typed));
        for part in [
            "The office that runs the port",
            "port authority",
            "paragraph 2",
            "raised by two metres",
        ] {
            assert!(text(&page).contains(part), "{typed}: {part} in {page}");
        }
    }
    assert_eq!(discord.typed_into(IN_CHANNEL, "who", "name", "").len(), 4);
    let page = shown(&discord, IN_CHANNEL, "who", &option("name", "김항구 ⚓ מרים"));
    assert!(
        text(&page).contains("Speaks for the port") && text(&page).contains("1 to 8 of 300"),
        "{page}"
    );
    let message = private(&page);
    let (page, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "Next ▶"), &message));
    assert!(text(&page).contains("9 to 16 of 300"), "{page}");
    let several = shown(&discord, IN_CHANNEL, "who", &option("name", "harbour"));
    let list = id_of(&several, "Choose a name");
    let (page, _) = discord.response_to(discord.chooses(IN_CHANNEL, &list, &["harbour-works/harbour-wall"], &message));
    assert!(text(&page).contains("the harbour wall"), "{page}");
    let nobody = shown(&discord, IN_CHANNEL, "who", &option("name", "<@11> zorblatt"));
    assert!(text(&nobody).contains("nobody and nothing"), "{nobody}");
}

#[test]
fn the_time_line_is_text_and_a_picture_with_a_description_on_every_page() {
    let (discord, knowledge) = (Loopback::start(), many());
    let _bot = TestBot::start(&discord, &knowledge);
    let page = shown(&discord, IN_CHANNEL, "timeline", &json!([]));
    assert!(
        text(&page).contains("May 1") && text(&page).contains("1 to 8 of 300"),
        "{page}"
    );
    let described = |page: &Value| {
        assert_eq!(page["attachments"][0]["filename"], "timeline.png");
        // What every PNG begins with.
        assert!(
            page["files"][0]["base64"].as_str().unwrap().starts_with("iVBORw0KGgo"),
            "{page}"
        );
        page["attachments"][0]["description"].as_str().unwrap().to_owned()
    };
    assert!(described(&page).contains("May 1: 김항구"), "{page}");
    let message = private(&page);
    let (page, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "Next ▶"), &message));
    assert!(
        text(&page).contains("pier 8") && described(&page).contains("pier 8"),
        "{page}"
    );
}

#[test]
fn a_briefing_without_dates_says_so() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let page = shown(&discord, IN_CHANNEL, "timeline", &json!([]));
    assert!(text(&page).contains("None of the facts here has a date"), "{page}");
}

#[test]
fn the_source_says_what_the_article_says_of_itself_and_what_it_does_not() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let page = text(&shown(&discord, IN_CHANNEL, "source", &json!([])));
    for part in [
        "Harbour wall to be raised",
        "Coast Wire",
        "Publisher: the article does not say",
        "May 2",
        "no year",
        "inferred",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn help_alone_teaches_a_new_member_to_ask() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let page = shown(&discord, IN_CHANNEL, "help", &json!([]));
    for part in [
        "mention me",
        "/ask",
        "direct message",
        "reply",
        "/facts",
        "/who",
        "/timeline",
        "/source",
        "/privacy",
    ] {
        assert!(text(&page).contains(part), "{part} in {page}");
    }
    assert!(!text(&page).contains("/admin"), "{page}");
    let examples = components(&page);
    assert_eq!(examples.len(), 3);
    let id = examples[0]["custom_id"].as_str().unwrap();
    let press = discord.presses(IN_CHANNEL, id, &private(&page));
    assert_eq!(discord.callback_to(press)["type"], 4, "the page stays to be read on");
    let (told, is_private) = discord.response_to(press);
    assert!(is_private && text(&told).contains("two metres"), "{told}");
    let manager = Place {
        permissions: 1 << 5,
        ..IN_CHANNEL
    };
    assert!(text(&shown(&discord, manager, "help", &json!([]))).contains("/admin settings"));
}

/// What `/help` says where Discord tells the bot of it with this change.
fn help(discord: &Loopback, place: Place, change: impl FnOnce(&mut Value)) -> String {
    let id = discord.interacts(|id| {
        let mut command = crate::support::events::command(id, place, "help", &json!([]));
        change(&mut command);
        command
    });
    text(&discord.response_to(id).0)
}

#[test]
fn help_names_no_way_that_leads_nowhere_from_where_it_is_read() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let manager = Place {
        permissions: 1 << 5,
        ..IN_CHANNEL
    };
    assert!(help(&discord, manager, |_| {}).contains("/admin settings"));
    // Whoever has installed the bot for themselves finds neither a member nor `/admin` there.
    let told = help(&discord, manager, |command| {
        command["authorizing_integration_owners"] = json!({"1": manager.user.to_string()});
    });
    assert!(told.contains("/ask") && told.contains("direct message"), "{told}");
    for gone in ["mention me", "reply to one", "/admin"] {
        assert!(!told.contains(gone), "{gone} in {told}");
    }

    let (panel, _) = discord.response_to(discord.admin(manager, "settings"));
    let list = id_of(&panel, "Answer mentions here (none chosen: everywhere)");
    discord.response_to(discord.chooses_channels(manager, &list, &[(700, 0)], &private(&panel)));
    assert!(help(&discord, manager, |_| {}).contains("managers opened for it (not this one)"));
    let in_thread = |command: &mut Value| command["channel"]["parent_id"] = json!("700");
    let told = help(&discord, manager, in_thread);
    assert!(told.contains("mention me") && !told.contains("not this one"), "{told}");
    let off = id_of(&panel, "Answer no mentions");
    discord.response_to(discord.presses(manager, &off, &private(&panel)));
    assert!(!help(&discord, manager, in_thread).contains("mention me"));
    // In a channel that is open for questions a mention is answered all the same.
    let open = id_of(&panel, "Every message is a question here (channels, forums)");
    discord.response_to(discord.chooses_channels(manager, &open, &[(701, 0)], &private(&panel)));
    assert!(help(&discord, manager, in_thread).contains("managers opened for it (not this one)"));
    let in_open = |command: &mut Value| command["channel"]["parent_id"] = json!("701");
    let told = help(&discord, manager, in_open);
    assert!(told.contains("mention me") && !told.contains("not this one"), "{told}");
}

#[test]
fn privacy_shows_and_deletes_the_members_own_votes_and_forgets_their_conversation() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let page = shown(&discord, IN_CHANNEL, "privacy", &json!([]));
    assert!(
        text(&page).contains("keyed hash") && text(&page).contains("no votes stored"),
        "{page}"
    );
    assert!(text(&page).contains("Whoever replies to an answer"), "{page}");
    block_on(vote(&knowledge, MEMBER));
    block_on(vote(&knowledge, OTHER_MEMBER));
    let page = shown(&discord, IN_CHANNEL, "privacy", &json!([]));
    assert!(
        text(&page).contains("one vote stored") && text(&page).contains("harbour-works/wall-height"),
        "{page}"
    );
    let message = private(&page);
    let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "Delete my votes"), &message));
    assert!(text(&told).contains("Your vote is deleted"), "{told}");
    assert!(text(&shown(&discord, IN_CHANNEL, "privacy", &json!([]))).contains("no votes stored"));
    let others = shown(&discord, IN_CHANNEL.by(OTHER_MEMBER), "privacy", &json!([]));
    assert!(text(&others).contains("one vote stored"), "{others}");

    discord.asked(IN_CHANNEL, "How high will the harbour wall be?");
    let followed = discord.asked(IN_CHANNEL, "who said that?");
    discord.asked(IN_CHANNEL, "How high will the harbour wall be?");
    let (told, _) =
        discord.response_to(discord.presses(IN_CHANNEL, &id_of(&page, "Forget this conversation"), &message));
    assert!(text(&told).contains("Forgotten"), "{told}");
    assert_ne!(discord.asked(IN_CHANNEL, "who said that?"), followed);
}

#[test]
fn privacy_says_that_questions_are_logged_where_they_are() {
    for (switch, is_said) in [("off", false), ("on", true)] {
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        let _bot = TestBot::start_with(&discord, &knowledge, &[("LOG_QUESTIONS", switch)]);
        discord.wait_until_ready();
        let page = shown(&discord, IN_CHANNEL, "privacy", &json!([]));
        assert_eq!(text(&page).contains("a log of questions"), is_said, "{switch}: {page}");
    }
}

/// Votes as the bot would, in a store of its own on the same file.
async fn vote(knowledge: &Knowledge, member: u64) {
    use briefing_bot::fact::FactRef;
    use briefing_bot::store::{MemberHasher, Rating, Record, SqliteStore, Store, Timestamp, Vote};
    let store = SqliteStore::new(&knowledge.store());
    let vote = Vote {
        member: MemberHasher::new(state::TOKEN.into()).hash(member),
        fact: FactRef {
            briefing: "harbour-works".to_owned(),
            fact: "wall-height".to_owned(),
        },
        server: None,
        rating: Rating::Helpful,
        at: Timestamp::now(),
    };
    store.write(&[Record::Voted(vote)]).await.unwrap();
    store.close().await;
}

#[test]
fn what_a_reload_removed_is_said_to_be_gone() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let message = private(&json!({"content": "x"}));
    for id in [
        "1:b:topic:0:harbour-works/no-such-topic",
        "1:b:who:0:harbour-works/nobody",
        "1:b:fact",
    ] {
        let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, id, &message));
        assert!(text(&told).contains("no longer in the briefing"), "{id}: {told}");
    }
}

#[test]
fn another_members_list_is_left_alone() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let mut public = private(&json!({"content": "x"}));
    public["flags"] = json!(0);
    let pressed = discord.presses(IN_CHANNEL.by(OTHER_MEMBER), "1:b:topics:0", &public);
    assert_eq!(discord.callback_to(pressed)["type"], 4);
    let (_, is_private) = discord.response_to(pressed);
    assert!(is_private);
}

#[test]
fn a_server_browses_the_briefings_that_it_chose() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    knowledge.add_briefing("other-news", |text| {
        text.replace("Harbour wall to be raised", "Other news of the day")
    });
    let _bot = TestBot::start(&discord, &knowledge);
    let page = shown(&discord, IN_CHANNEL, "source", &json!([]));
    assert!(
        text(&page).contains("Other news") && text(&page).contains("Harbour wall"),
        "{page}"
    );
    let manager = Place {
        permissions: 1 << 5,
        guild: Some(ELSEWHERE),
        ..IN_CHANNEL
    };
    let (panel, _) = discord.response_to(discord.admin(manager, "settings"));
    let list = id_of(&panel, "Answer from these briefings (none chosen: from all)");
    let (panel, _) = discord.response_to(discord.chooses(manager, &list, &["harbour-works"], &private(&panel)));
    assert!(
        text(&panel).contains("I answer from: Harbour wall to be raised"),
        "{panel}"
    );
    let page = shown(&discord, IN_CHANNEL, "source", &json!([]));
    assert!(
        !text(&page).contains("Other news") && text(&page).contains("Harbour wall"),
        "{page}"
    );
    let elsewhere = Place {
        guild: Some(777),
        ..IN_CHANNEL
    };
    assert!(text(&shown(&discord, elsewhere, "source", &json!([]))).contains("Other news"));
}
