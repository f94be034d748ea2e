//! Manners: how much is answered, what is said where the bot may not speak, which commands are registered where.

use serde_json::{Value, json};

use crate::support::events::{self, BOT, CHANNEL, DIRECT, HOME, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place};
use crate::support::loopback::private;
use crate::support::state::Fault;
use crate::support::{Knowledge, Loopback, TestBot};

const QUESTION: &str = "When do the works on the wall begin?";
/// Another channel of the same server.
const NEXT_DOOR: Place = Place {
    channel: CHANNEL + 100,
    ..IN_CHANNEL
};
const FORBIDDEN: &str = r#"{"code": 50013, "message": "Missing Permissions"}"#;

fn start(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> TestBot {
    let bot = TestBot::start_with(discord, knowledge, more);
    discord.wait_until_ready();
    bot
}

#[test]
fn past_the_rate_a_member_gets_one_notice_and_silence_and_others_are_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[("MEMBER_RATE", "1")]);
    assert!(discord.asked(IN_DIRECT, QUESTION).contains("in June"));
    let notice = discord.answer_to(discord.says(IN_DIRECT, QUESTION));
    assert!(
        notice["content"].as_str().unwrap().contains("a lot in a short time"),
        "{notice}"
    );
    for _ in 0..20 {
        discord.expects_silence(|id| events::message(id, IN_DIRECT, QUESTION));
    }
    // An interaction must be answered, so the notice comes again, for the member's eyes only.
    let (told, is_private) = discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &json!([])));
    assert!(
        is_private && told["content"].as_str().unwrap().contains("a lot in a short time"),
        "{told}"
    );
    let (told, is_private) = discord.response_to(discord.presses(IN_CHANNEL, "1:b:topics:0", &private(&told)));
    assert!(
        is_private && told["content"].as_str().unwrap().contains("a lot in a short time"),
        "{told}"
    );
    // Letters typed into a command are not counted.
    assert!(!discord.typed(IN_CHANNEL, "how high").is_empty());
    assert!(discord.asked(IN_DIRECT.by(OTHER_MEMBER), QUESTION).contains("in June"));
}

#[test]
fn past_its_rate_one_member_of_a_server_is_told_and_direct_messages_are_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[("SERVER_RATE", "2")]);
    for member in 100..102 {
        assert!(discord.asked(IN_CHANNEL.by(member), QUESTION).contains("in June"));
    }
    for member in 102..120 {
        let mention = format!("<@{BOT}> {QUESTION}");
        discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(member), &mention));
    }
    // One of them is told, where the others do not read it.
    let notice = discord.posted_in(DIRECT);
    assert!(notice.contains("server has asked me a lot"), "{notice}");
    let n_more = discord.state().with(|inner| inner.posted.len());
    assert_eq!(n_more, 0, "one notice is enough");
    assert!(discord.asked(IN_DIRECT.by(105), QUESTION).contains("in June"));
}

#[test]
fn past_the_rate_in_a_channel_the_member_is_told_directly_and_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[("MEMBER_RATE", "1")]);
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    let mention = format!("<@{BOT}> {QUESTION}");
    for _ in 0..10 {
        discord.expects_silence(|id| events::message(id, IN_CHANNEL, &mention));
    }
    let notice = discord.posted_in(DIRECT);
    assert!(notice.contains("a lot in a short time"), "{notice}");
    let n_more = discord.state().with(|inner| inner.posted.len());
    assert_eq!(n_more, 0, "one notice is enough");
}

#[test]
fn where_the_bot_may_not_speak_the_asker_is_told_directly_and_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    discord.script(Fault::new("channels/31/messages", 60, 403, FORBIDDEN));
    let mention = format!("<@{BOT}> {QUESTION}");
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, &mention));
    let hint = discord.posted_in(DIRECT);
    assert!(
        hint.contains("may not answer in the channel") && hint.contains("/admin doctor"),
        "{hint}"
    );
    for _ in 0..50 {
        discord.expects_silence(|id| events::message(id, IN_CHANNEL, &mention));
    }
    // A second hint would be one that nobody waited for, but another member is told.
    discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(OTHER_MEMBER), &mention));
    assert!(discord.posted_in(DIRECT).contains("may not answer in the channel"));
    assert!(discord.asked(NEXT_DOOR, QUESTION).contains("in June"));
    let n_attempts = discord.state().with(|inner| {
        let posts = format!("channels/{CHANNEL}/messages");
        inner.requests.iter().filter(|(_, what)| what.contains(&posts)).count()
    });
    assert_eq!(
        n_attempts, 1,
        "Discord bans an address for being refused again and again"
    );
}

#[test]
fn a_reply_that_cannot_be_read_is_told_how_to_ask_once_a_member_and_channel_and_is_talk_else() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[("MEMBER_RATE", "4")]);
    let answer = discord.answer_to(discord.mention(IN_CHANNEL, QUESTION));
    for place in [IN_CHANNEL, NEXT_DOOR, IN_CHANNEL.by(OTHER_MEMBER)] {
        let told = discord.answer_to(discord.expects_answer(without_words(place, &answer)));
        assert!(told["content"].as_str().unwrap().contains("mention me"), "{told}");
    }
    // An answer to one of these would be one that nobody waited for, and so would a notice of the rate.
    for place in [IN_CHANNEL, NEXT_DOOR, IN_CHANNEL.by(OTHER_MEMBER)] {
        for _ in 0..10 {
            discord.expects_silence(without_words(place, &answer));
        }
    }
    // Nor did they count for the rate: this is the last that it allows.
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

/// A reply with its ping off, so that Discord keeps its words to itself.
fn without_words(place: Place, to: &Value) -> impl FnOnce(u64) -> Value {
    move |id| events::reply(id, place, "", to, false)
}

#[test]
fn who_manages_too_much_is_told_to_wait_and_may_go_on_asking() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    let is_held_back = |_| {
        let (told, is_private) = discord.response_to(discord.admin(IN_CHANNEL, "doctor"));
        is_private && told["content"].as_str().unwrap().contains("a lot in a short time")
    };
    assert!((0..100).any(is_held_back));
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
}

#[test]
fn where_the_asker_cannot_be_told_either_there_is_silence() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    discord.script(Fault::new("channels/31/messages", 1, 403, FORBIDDEN));
    discord.script(Fault::new(
        "users/@me/channels",
        10,
        403,
        r#"{"code": 50007, "message": "Cannot send messages to this user"}"#,
    ));
    discord.expects_silence(|id| events::message(id, IN_CHANNEL, &format!("<@{BOT}> {QUESTION}")));
    discord.state().wait("the attempt", |inner| {
        inner
            .requests
            .iter()
            .any(|(_, what)| what.contains("users/@me/channels"))
            .then_some(())
    });
    assert!(discord.asked(NEXT_DOOR, QUESTION).contains("in June"));
    let n_attempts = |inner: &mut crate::support::state::Inner| {
        inner
            .requests
            .iter()
            .filter(|(_, what)| what.contains("users/@me/channels"))
            .count()
    };
    assert_eq!(discord.state().with(n_attempts), 1);
}

#[test]
fn what_failed_in_the_home_server_is_tried_again() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| {
        inner.home_commands = vec![json!({"id": "1", "name": "old", "type": 1, "description": "Left behind"})];
    });
    let path: &'static str = format!("/guilds/{HOME}/commands").leak();
    // Reading is tried three times.
    discord.script(Fault::new(path, 3, 503, "<html>"));
    let bot = start(&discord, &knowledge, &[]);
    discord.state().wait("the failure", |inner| {
        inner.faults.iter().all(|fault| fault.times == 0).then_some(())
    });
    // It is tried again at the next reload, and now and then.
    bot.hang_up();
    discord.state().wait("the home server's commands", |inner| {
        (inner.n_home_overwrites == 1).then_some(())
    });
    assert_eq!(discord.state().with(|inner| inner.n_overwrites), 1);
}

#[test]
fn commands_show_once_in_the_home_server_and_what_was_left_there_goes() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    discord.state().with(|inner| {
        let left = |name: &str| json!({"id": "1", "name": name, "type": 1, "description": "Left behind"});
        inner.home_commands = vec![left("ask"), left("old")];
        inner.commands = vec![left("older")];
    });
    let bot = start(&discord, &knowledge, &[]);
    discord.state().wait("the home server's commands", |inner| {
        (inner.n_home_overwrites == 1).then_some(())
    });
    let (everywhere, at_home) = discord
        .state()
        .with(|inner| (inner.commands.clone(), inner.home_commands.clone()));
    let names: Vec<&str> = everywhere
        .iter()
        .map(|command| command["name"].as_str().unwrap())
        .collect();
    for name in ["ask", "facts", "who", "timeline", "source", "help", "privacy", "admin"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!names.contains(&"older"), "{names:?}");
    assert!(
        at_home
            .iter()
            .all(|command| !names.contains(&command["name"].as_str().unwrap())),
        "{at_home:?}"
    );
    bot.stop().unwrap();
    let _bot = start(&discord, &knowledge, &[]);
    discord.state().wait("the second comparison", |inner| {
        (inner.n_home_comparisons == 2).then_some(())
    });
    let (n_overwrites, n_home) = discord
        .state()
        .with(|inner| (inner.n_overwrites, inner.n_home_overwrites));
    assert_eq!((n_overwrites, n_home), (1, 1), "what is the same is not written again");
}

#[test]
fn of_several_processes_the_one_with_the_first_shard_registers_and_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge, &[]);
    discord.state().wait("the home server's commands", |inner| {
        (inner.n_home_comparisons == 1).then_some(())
    });
    // A new session of the same process.
    discord.send(&crate::support::state::Frame::Close(4009));
    discord.state().wait("the second session", |inner| {
        (inner.n_identifies == 2 && !inner.clients.is_empty()).then_some(())
    });
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains("in June"));
    assert_eq!(discord.state().with(|inner| inner.n_comparisons), 1);
}

#[test]
fn a_reload_that_adds_or_removes_a_briefing_registers_the_choice_of_one_and_no_other_reload_does() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge, &[("KNOWLEDGE_WATCH", "off")]);
    discord.state().wait("the home server's commands", |inner| {
        (inner.n_home_comparisons == 1).then_some(())
    });
    let has_choice = |inner: &mut crate::support::state::Inner| {
        let ask = inner.commands.iter().find(|command| command["name"] == "ask").unwrap();
        let options = ask["options"].as_array().unwrap();
        options.iter().any(|option| option["name"] == "briefing")
    };
    assert!(!discord.state().with(has_choice));
    knowledge.edit("in June", "in July");
    bot.hang_up();
    wait_for_answer(&discord, "in July");
    assert_eq!(
        discord.state().with(|inner| (inner.n_comparisons, inner.n_overwrites)),
        (1, 1)
    );
    knowledge.add_briefing("pier-works", |text| text.replace("harbour", "pier"));
    bot.hang_up();
    discord
        .state()
        .wait("the choice of a briefing", |inner| has_choice(inner).then_some(()));
    std::fs::remove_dir_all(knowledge.path().join("pier-works")).unwrap();
    bot.hang_up();
    discord
        .state()
        .wait("the choice to go", |inner| (!has_choice(inner)).then_some(()));
    let counts =
        |inner: &mut crate::support::state::Inner| (inner.n_comparisons, inner.n_overwrites, inner.n_home_comparisons);
    assert_eq!(discord.state().with(counts), (3, 3, 1));
}

/// Asks until the answer is of the facts that were reloaded.
fn wait_for_answer(discord: &Loopback, wanted: &str) {
    let deadline = std::time::Instant::now() + crate::support::PATIENCE;
    while !discord.asked(IN_CHANNEL, QUESTION).contains(wanted) {
        assert!(std::time::Instant::now() < deadline, "never {wanted}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
