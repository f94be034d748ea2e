//! Looking after the bot from within Discord, and facts that change while it runs.

use briefing_bot::store::{SqliteStore, Store};
use serde_json::Value;

use crate::support::events::{ADMIN, ADMINISTRATOR, ELSEWHERE, HOME, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place};
use crate::support::{Knowledge, Loopback, TestBot, block_on, until};

const QUESTION: &str = "When do the works on the wall begin?";

/// The bot with its watcher off, so that nothing but the test reloads.
fn start(discord: &Loopback, knowledge: &Knowledge) -> TestBot {
    let bot = TestBot::start_with(discord, knowledge, &[("KNOWLEDGE_WATCH", "off")]);
    discord.wait_until_ready();
    bot
}

#[track_caller]
fn admin(discord: &Loopback, place: Place, action: &str) -> String {
    let (response, is_private): (Value, bool) = discord.response_to(discord.admin(place, action));
    assert!(is_private, "{response}");
    response["content"].as_str().unwrap().to_owned()
}

#[test]
fn an_admin_reloads_and_the_next_question_is_answered_from_the_new_facts() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge);
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in June.")
    );
    knowledge.edit("in June", "in July");
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in June.")
    );
    let told = discord.reload(IN_DIRECT.by(ADMIN));
    assert!(
        told.contains("Reloaded") && told.contains("0 added, 1 changed, 0 removed"),
        "{told}"
    );
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in July.")
    );
    let told = admin(&discord, IN_DIRECT.by(ADMIN), "reload");
    assert!(told.contains("Nothing to reload"), "{told}");
    // The history knows that it was an admin, and not which.
    bot.stop().unwrap();
    let store = SqliteStore::new(&knowledge.store());
    let reloads = block_on(store.reloads(9)).unwrap();
    assert!(!reloads.is_empty());
    for reload in reloads {
        assert!(["start", "admin"].contains(&reload.by.as_str()), "{reload:?}");
    }
}

#[test]
fn reloading_is_for_the_bots_own_admins() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    knowledge.edit("in June", "in July");
    let administrator = |guild| Place {
        guild: Some(guild),
        permissions: ADMINISTRATOR,
        ..IN_CHANNEL
    };
    for place in [
        IN_CHANNEL,
        IN_DIRECT,
        administrator(ELSEWHERE),
        Place {
            guild: Some(HOME),
            ..IN_CHANNEL
        },
    ] {
        for action in ["reload", "status", "rollback"] {
            let told = admin(&discord, place, action);
            assert!(told.contains("own admins"), "{place:?}: {told}");
        }
    }
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in June.")
    );
    let told = discord.reload(administrator(HOME));
    assert!(told.contains("Reloaded"), "{told}");
}

#[test]
fn a_broken_edit_is_refused_with_file_and_line_and_the_facts_stay() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    knowledge.edit(
        "answer = \"The works begin in June.\"",
        "anser = \"The works begin in July.\"",
    );
    let told = admin(&discord, IN_CHANNEL.by(ADMIN), "reload");
    assert!(told.starts_with("Refused"), "{told}");
    assert!(told.contains("facts/works.toml:24") && told.contains("anser"), "{told}");
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in June.")
    );
    let status = admin(&discord, IN_CHANNEL.by(ADMIN), "status");
    assert!(
        status.contains("refused") && status.contains("works.toml:2"),
        "{status}"
    );
    knowledge.edit("anser = ", "answer = ");
    assert!(discord.reload(IN_CHANNEL.by(ADMIN)).contains("Reloaded"));
    assert!(!admin(&discord, IN_CHANNEL.by(ADMIN), "status").contains("refused"));
}

#[test]
fn status_counts_what_was_asked_and_says_who_reloaded() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    discord.asked(IN_CHANNEL, QUESTION);
    discord.asked(IN_CHANNEL.by(OTHER_MEMBER), "thank you");
    let status = admin(&discord, IN_DIRECT.by(ADMIN), "status");
    for part in [
        env!("CARGO_PKG_VERSION"),
        "Facts: 3 in 1 briefing",
        "at the start",
        "1 answered",
        "1 not in the briefing",
        "Memory: ",
        "Store: it is well",
    ] {
        assert!(status.contains(part), "{part} in {status}");
    }
    knowledge.edit("in June", "in July");
    discord.reload(IN_DIRECT.by(ADMIN));
    let status = admin(&discord, IN_DIRECT.by(ADMIN), "status");
    assert!(
        status.contains(&format!("by the admin with the id {ADMIN}")),
        "{status}"
    );
}

/// The status once it says this.
#[track_caller]
fn status_with(discord: &Loopback, part: &str) -> String {
    until(|| {
        let status = admin(discord, IN_DIRECT.by(ADMIN), "status");
        if status.contains(part) { Ok(status) } else { Err(status) }
    })
}

#[test]
fn status_lists_this_process_once_it_is_written_down() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = start(&discord, &knowledge);
    let status = status_with(&discord, "Processes: 1");
    assert!(status.contains("shards 0..1/1, revision "), "{status}");
}

#[test]
fn a_saved_edit_is_picked_up_and_a_broken_one_is_not() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    knowledge.edit("in June", "in July");
    wait_for_answer(&discord, "The works begin in July.");
    knowledge.edit(
        "answer = \"The works begin in July.\"",
        "anser = \"The works begin in August.\"",
    );
    let status = status_with(&discord, "refused");
    assert!(status.contains("after an edit of the files"), "{status}");
    assert!(
        discord
            .asked(IN_CHANNEL, QUESTION)
            .starts_with("The works begin in July.")
    );
    knowledge.edit("anser = ", "answer = ");
    wait_for_answer(&discord, "The works begin in August.");
}

#[test]
fn a_hang_up_reloads() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = start(&discord, &knowledge);
    knowledge.edit("in June", "in July");
    bot.hang_up();
    wait_for_answer(&discord, "The works begin in July.");
}

#[track_caller]
fn wait_for_answer(discord: &Loopback, claim: &str) {
    until(|| {
        let answer = discord.asked(IN_CHANNEL, QUESTION);
        if answer.starts_with(claim) { Ok(()) } else { Err(answer) }
    });
}
