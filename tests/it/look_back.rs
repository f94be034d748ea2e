//! Questions that came while the gateway was away: answered once it is back, once, and none that is old.

use crate::support::events::{IN_CHANNEL, IN_DIRECT, ON_SECOND_SHARD};
use crate::support::state::{Fault, Frame};
use crate::support::{Knowledge, Loopback, TestBot};

const QUESTION: &str = "How high will the harbour wall be?";

/// The gateway ends the session, so that the bot has to log in anew; `meanwhile` happens before it does.
fn begin_anew<T>(discord: &Loopback, meanwhile: impl FnOnce() -> T) -> T {
    let before = discord.state().with(|inner| inner.n_identifies);
    discord.send(&Frame::Close(4009));
    discord.state().with(|inner| inner.clients.clear());
    let result = meanwhile();
    assert_eq!(
        discord.state().with(|inner| inner.n_identifies),
        before,
        "it was back before all had happened"
    );
    discord.state().wait("the new session", |inner| {
        (inner.n_identifies > before && !inner.clients.is_empty()).then_some(())
    });
    result
}

fn n_reads(discord: &Loopback) -> usize {
    let reads = |(method, path): &&(String, String)| method == "GET" && path.contains("/messages?");
    discord.requests().iter().filter(reads).count()
}

#[test]
fn what_was_asked_meanwhile_is_answered_once_and_where_it_was_asked_lately_only() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
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
fn what_another_process_answered_and_what_is_old_is_left_alone() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
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
    let _bot = TestBot::start(&discord, &knowledge);
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
    let _bot = TestBot::start(&discord, &knowledge);
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
