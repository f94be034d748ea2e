//! Questions that came while the gateway was away, or the bot: answered once it is back, once, and none that is old.

use std::str::FromStr;
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::support::events::{self, BOT, ELSEWHERE, IN_CHANNEL, IN_DIRECT, ON_SECOND_SHARD, OTHER_MEMBER, Place};
use crate::support::state::{Fault, Frame, Slow};
use crate::support::{Knowledge, Loopback, PATIENCE, Process, TestBot, block_on, button};

const QUESTION: &str = "How high will the harbour wall be?";

/// A bot that has looked for what it missed before its first login, which is nothing, and asks Discord for nothing.
fn start(discord: &Loopback, knowledge: &Knowledge) -> TestBot {
    let bot = TestBot::start(discord, knowledge);
    std::thread::sleep(Duration::from_secs(1));
    bot
}

/// The gateway ends the session, so that the bot has to log in anew; `meanwhile` happens before it does.
fn begin_anew<T>(discord: &Loopback, meanwhile: impl FnOnce() -> T) -> T {
    let before = discord.state().with(|inner| {
        inner.let_in_after = Duration::from_secs(2);
        inner.n_identifies
    });
    discord.send(&Frame::Close(4009));
    let result = meanwhile();
    let was_away = discord.state().with(|inner| inner.clients.is_empty());
    assert!(was_away, "it was back before all had happened");
    discord.state().wait("the new session", |inner| {
        (inner.n_identifies > before && !inner.clients.is_empty()).then_some(())
    });
    result
}

fn n_reads(discord: &Loopback) -> usize {
    n_reads_of(discord, "/messages?")
}

fn n_reads_of(discord: &Loopback, messages: &str) -> usize {
    let reads = |(method, path): &&(String, String)| method == "GET" && path.contains(messages);
    discord.requests().iter().filter(reads).count()
}

#[test]
fn what_was_asked_meanwhile_is_answered_once_and_where_it_was_asked_lately_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    discord.asked(IN_DIRECT, QUESTION);
    assert_eq!(n_reads(&discord), 0);
    let (first, second, direct, elsewhere) = begin_anew(&discord, || {
        (
            discord.mention_unheard(IN_CHANNEL, QUESTION),
            discord.mention_unheard(IN_CHANNEL.by(12), "Where does the stone for the wall come from?"),
            discord.mention_unheard(IN_DIRECT, QUESTION),
            discord.mention_unheard(ON_SECOND_SHARD, QUESTION),
        )
    });
    let content = |question| discord.answer_to(question)["content"].to_string();
    assert!(content(first).contains("six metres"));
    assert!(content(second).contains("quarry"));
    assert!(content(direct).contains("six metres"));
    assert_eq!(n_reads(&discord), 2, "a channel each, and no other");
    // Nobody had asked there, so nobody looks; the loopback fails the test for an answer that nobody waited for.
    let forgotten = |inner: &mut crate::support::state::Inner| inner.questions.retain(|open| *open != elsewhere);
    discord.state().with(forgotten);

    // Once more: all of it is answered, so nothing is said.
    begin_anew(&discord, || ());
    discord.state().wait("another look", |inner| {
        let is_read = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages?");
        (inner.requests.iter().filter(is_read).count() == 4).then_some(())
    });
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn what_was_asked_before_much_talk_is_answered_too() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    let (missed, answered) = begin_anew(&discord, || {
        let missed = discord.mention_unheard(IN_CHANNEL, QUESTION);
        let answered = discord.mention_unheard(IN_CHANNEL.by(OTHER_MEMBER), QUESTION);
        discord.talk(IN_CHANNEL.by(OTHER_MEMBER), 150);
        discord.answer_by_another(answered, IN_CHANNEL);
        discord.talk(IN_CHANNEL.by(OTHER_MEMBER), 90);
        (missed, answered)
    });
    assert!(discord.answer_to(missed)["content"].to_string().contains("six metres"));
    assert_eq!(n_reads(&discord), 3);
    // The loopback fails the test for a second answer, which nobody waits for.
    let forgotten = |inner: &mut crate::support::state::Inner| inner.questions.retain(|open| *open != answered);
    discord.state().with(forgotten);
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn it_looks_in_many_channels() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    let places: Vec<_> = (400..440).map(|channel| Place { channel, ..IN_CHANNEL }).collect();
    for place in &places {
        discord.asked(*place, QUESTION);
    }
    // In the one that was asked in first, and least lately.
    let missed = begin_anew(&discord, || discord.mention_unheard(places[0], QUESTION));
    assert!(discord.answer_to(missed)["content"].to_string().contains("six metres"));
}

#[test]
fn what_another_process_answered_and_what_is_old_is_left_alone() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    let minutes = |n: u64| (n * 60 * 1000) << 22;
    discord.state().with(|inner| inner.set_next_id(minutes(100)));
    let old = discord.mention_unheard(IN_CHANNEL, QUESTION);
    discord.state().with(|inner| inner.set_next_id(minutes(106)));
    discord.asked(IN_CHANNEL, QUESTION);
    let (answered, open) = begin_anew(&discord, || {
        let answered = discord.mention_unheard(IN_CHANNEL, QUESTION);
        discord.answer_by_another(answered, IN_CHANNEL);
        (
            answered,
            discord.mention_unheard(IN_CHANNEL, "When do the works on the wall begin?"),
        )
    });
    assert!(discord.answer_to(open)["content"].to_string().contains("June"));
    // Channels are looked through from the oldest message on, so these would have been answered by now.
    discord.state().with(|inner| {
        assert!(inner.posted.is_empty(), "{:?}", inner.posted);
        inner.questions.retain(|question| ![old, answered].contains(question));
    });
}

#[test]
fn an_event_that_comes_twice_is_answered_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, QUESTION);
    let again = discord.state().with(|inner| inner.messages[&question].clone());
    discord.answer_to(question);
    discord.send(&Frame::Dispatch("MESSAGE_CREATE", again));
    discord.asked(IN_CHANNEL, QUESTION);
    let posts = discord.requests();
    let posts = posts.iter().filter(|(method, _)| method == "POST").count();
    assert_eq!(posts, 2, "not even an attempt that the nonce would have stopped");
}

#[test]
fn a_channel_that_cannot_be_read_hinders_no_other() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    discord.asked(IN_DIRECT, QUESTION);
    let open = begin_anew(&discord, || {
        // The one that was asked in last is looked through first.
        discord.script(Fault::new(
            "/channels/32/messages",
            1,
            403,
            r#"{"code": 50001, "message": "Missing Access"}"#,
        ));
        discord.mention_unheard(IN_CHANNEL, QUESTION)
    });
    discord.answer_to(open);
    discord
        .state()
        .with(|inner| assert!(inner.faults.iter().all(|fault| fault.times == 0)));
}

#[test]
fn a_channel_that_discord_does_not_show_for_a_while_is_looked_through_then() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    let open = begin_anew(&discord, || {
        // More often than a look is repeated at once.
        discord.script(Fault::new("/channels/31/messages", 5, 502, "bad gateway"));
        discord.mention_unheard(IN_CHANNEL, QUESTION)
    });
    discord.answer_to(open);
    discord
        .state()
        .with(|inner| assert!(inner.faults.iter().all(|fault| fault.times == 0)));
}

/// Discord's clock goes on.
fn seconds_pass(discord: &Loopback, seconds: u64) {
    discord
        .state()
        .with(|inner| inner.set_next_id(inner.next_id() + ((seconds * 1000) << 22)));
}

/// The channels that are written down are as if that had been so much earlier.
fn make_older(knowledge: &Knowledge, seconds: i64) {
    block_on(async {
        let mut store = open(knowledge).await;
        sqlx::query("UPDATE asked_channels SET noted_at = noted_at - $1")
            .bind(seconds)
            .execute(&mut store)
            .await
            .unwrap();
    });
}

async fn open(knowledge: &Knowledge) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str(&knowledge.store_url()).unwrap();
    options.connect().await.unwrap()
}

/// Starts the bot again, and waits until it has looked through so many channels.
fn again(discord: &Loopback, knowledge: &Knowledge, n_channels: usize) -> TestBot {
    let before = n_reads(discord);
    let n_comparisons = discord.state().with(|inner| inner.n_comparisons);
    let bot = TestBot::start(discord, knowledge);
    discord.state().wait("the next start", |inner| {
        (inner.n_comparisons > n_comparisons).then_some(())
    });
    discord.state().wait("a look at the channels", |inner| {
        let is_read = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages?");
        (inner.requests.iter().filter(is_read).count() == before + n_channels).then_some(())
    });
    bot
}

#[test]
fn what_was_asked_during_a_restart_is_answered_once_and_what_was_answered_before_never_again() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    discord.asked(IN_DIRECT, QUESTION);
    // Its asker has deleted the answer, so nothing in the channel says that there was one.
    let asker = IN_CHANNEL.by(OTHER_MEMBER);
    let answer = discord.answer_to(discord.mention(asker, QUESTION));
    discord.presses(asker, &button(&answer, "Delete"), &answer);
    discord.gone(&answer);
    bot.stop().unwrap();

    seconds_pass(&discord, 2);
    let open = discord.mention_unheard(IN_CHANNEL, "When do the works on the wall begin?");
    let direct = discord.mention_unheard(IN_DIRECT, QUESTION);
    let elsewhere = discord.mention_unheard(ON_SECOND_SHARD, QUESTION);
    let bot = again(&discord, &knowledge, 2);
    assert!(discord.answer_to(open)["content"].to_string().contains("June"));
    assert!(discord.answer_to(direct)["content"].to_string().contains("six metres"));
    discord.asked(IN_CHANNEL, QUESTION);
    bot.stop().unwrap();
    // Nobody had asked there, so nobody looks.
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| *question != elsewhere));

    // Once more: the loopback fails the test for an answer that nobody waited for.
    let _bot = again(&discord, &knowledge, 2);
    discord.asked(IN_CHANNEL, QUESTION);
}

#[test]
fn after_a_restart_too_what_is_older_than_five_minutes_is_left_alone_and_a_channel_for_an_hour() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    bot.stop().unwrap();
    make_older(&knowledge, 600);
    seconds_pass(&discord, 200);
    let old = discord.mention_unheard(IN_CHANNEL, QUESTION);
    seconds_pass(&discord, 200);
    let open = discord.mention_unheard(IN_CHANNEL, QUESTION);
    let bot = again(&discord, &knowledge, 1);
    discord.answer_to(open);
    bot.stop().unwrap();

    make_older(&knowledge, 60 * 60);
    seconds_pass(&discord, 60 * 60);
    let late = discord.mention_unheard(IN_CHANNEL, QUESTION);
    let _bot = again(&discord, &knowledge, 0);
    // Elsewhere: the look may come after this question, and it looks where it was just asked, too.
    discord.asked(IN_DIRECT, QUESTION);
    assert_eq!(n_reads_of(&discord, "/channels/31/messages?"), 1);
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| ![old, late].contains(question)));
}

#[test]
fn what_becomes_of_a_question_is_followed_by_the_process_after_the_one_that_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let answered = |place| {
        let question = discord.mention(place, QUESTION);
        (question, discord.answer_to(question))
    };
    let (in_channel, directly) = (answered(IN_CHANNEL), answered(IN_DIRECT));
    let (deleted, kept) = (answered(IN_CHANNEL.by(OTHER_MEMBER)), answered(IN_CHANNEL.by(13)));
    // A reply, but the answer to no question of its author's.
    let talk = discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(OTHER_MEMBER), QUESTION));
    let target = discord.state().with(|inner| inner.messages[&talk].clone());
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    discord.response_to(discord.presses(IN_CHANNEL, &button(&preview, "Post as reply"), &preview));
    let check = discord.answer_to(talk);
    bot.stop().unwrap();

    seconds_pass(&discord, 30);
    let _bot = again(&discord, &knowledge, 2);
    let start = "When do the works on the wall begin?";
    for ((question, answer), words) in [
        (&in_channel, format!("<@{BOT}> {start}")),
        (&directly, start.to_owned()),
    ] {
        discord.edits(*question, &words, 1);
        discord.changed(answer, |content| content.contains("June"));
    }
    discord.deletes(IN_CHANNEL, talk);
    discord.deletes(IN_CHANNEL, deleted.0);
    discord.gone(&deleted.1);
    discord.asked(IN_CHANNEL.by(14), QUESTION);
    assert!(is_there(&discord, &kept.1) && is_there(&discord, &check));
}

#[test]
fn an_edit_is_followed_where_the_channel_could_not_be_looked_through_at_the_start() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let question = discord.mention(IN_CHANNEL, QUESTION);
    let answer = discord.answer_to(question);
    bot.stop().unwrap();
    let refusal = r#"{"code": 50001, "message": "Missing Access"}"#;
    discord.script(Fault::new("/channels/31/messages", 1, 403, refusal));
    let _bot = again(&discord, &knowledge, 1);
    for (second, words, claim) in [
        (1, "When do the works on the wall begin?", "June"),
        (2, QUESTION, "six metres"),
    ] {
        discord.edits(question, &format!("<@{BOT}> {words}"), second);
        discord.changed(&answer, |content| content.contains(claim));
    }
    assert_eq!(n_reads(&discord), 2, "once, and then it is known");
}

fn is_there(discord: &Loopback, message: &Value) -> bool {
    let id: u64 = message["id"].as_str().unwrap().parse().unwrap();
    discord.state().with(|inner| inner.messages.contains_key(&id))
}

/// Waits until a channel is written down for the next process.
fn until_written(knowledge: &Knowledge) {
    let deadline = Instant::now() + PATIENCE;
    let n_written = || {
        block_on(async {
            let mut store = open(knowledge).await;
            let n = sqlx::query_scalar("SELECT count(*) FROM asked_channels").fetch_one(&mut store);
            n.await.unwrap_or(0_i64)
        })
    };
    while n_written() == 0 {
        assert!(Instant::now() < deadline, "the channel was never written down");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn what_waits_for_its_answer_when_the_bot_is_killed_is_answered_by_the_next() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[]);
    discord.wait_until_ready();
    let mut slow = Fault::new("/channels/31/messages", 1, 200, "");
    slow.delay = PATIENCE;
    slow.only_slow = Some(Slow::ToAct);
    discord.script(slow);
    let open = discord.mention(IN_CHANNEL, QUESTION);
    discord
        .state()
        .wait("the slow answer", |inner| (inner.faults[0].times == 0).then_some(()));
    seconds_pass(&discord, 2);
    discord.asked(IN_CHANNEL.by(OTHER_MEMBER), QUESTION);
    until_written(&knowledge);
    bot.kill();
    let _bot = again(&discord, &knowledge, 1);
    discord.answer_to(open);
}

#[test]
fn a_bot_that_was_killed_catches_up_as_well() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    until_written(&knowledge);
    bot.kill();
    seconds_pass(&discord, 2);
    let open = discord.mention_unheard(IN_CHANNEL, QUESTION);
    let _bot = again(&discord, &knowledge, 1);
    discord.answer_to(open);
}

#[test]
fn a_store_that_cannot_be_read_costs_the_look_back_and_nothing_else() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    bot.stop().unwrap();
    std::fs::remove_file(knowledge.store()).unwrap();
    std::fs::create_dir(knowledge.store()).unwrap();
    seconds_pass(&discord, 2);
    let missed = discord.mention_unheard(IN_CHANNEL, QUESTION);
    let _bot = again(&discord, &knowledge, 0);
    // Elsewhere: the look may come after this question, and it looks where it was just asked, too.
    discord.asked(IN_DIRECT, QUESTION);
    discord
        .state()
        .with(|inner| inner.questions.retain(|question| *question != missed));
}

#[test]
fn a_mention_of_the_bot_s_role_during_a_restart_is_answered_though_the_role_is_told_of_later() {
    const OWN_ROLE: u64 = 905;
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let start = || TestBot::start_with(&discord, &knowledge, &[("MESSAGE_CONTENT", "on")]);
    let bot = start();
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    bot.stop().unwrap();

    seconds_pass(&discord, 2);
    let missed = discord.state().with(|inner| {
        let id = inner.new_id();
        inner.questions.push(id);
        let message = events::mention_of_role(id, IN_CHANNEL, OWN_ROLE, &format!("<@&{OWN_ROLE}> {QUESTION}"));
        inner.messages.insert(id, message);
        id
    });
    let before = n_reads(&discord);
    let _bot = start();
    discord.state().wait("a look at the channel", |inner| {
        let is_read = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages?");
        (inner.requests.iter().filter(is_read).count() > before).then_some(())
    });
    discord.send(&Frame::Dispatch("GUILD_CREATE", events::server(ELSEWHERE, OWN_ROLE)));
    assert!(discord.answer_to(missed)["content"].to_string().contains("six metres"));
}
