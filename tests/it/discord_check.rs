//! "Check against the briefing": a message's sentences beside what the briefing says, and the way to a public reply.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::events::{self, ELSEWHERE, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER, Place};
use crate::support::http::free_address;
use crate::support::over_http::public_key;
use crate::support::state::{Fault, Slow};
use crate::support::{Knowledge, Loopback, TestBot, button, buttons};

const CLAIM: &str = "The harbour office said the wall will be raised by two metres, to six metres in all.";
const TALK: &str = "The harbour wall will be six metres high. So sad! The works on the wall begin in June.\n\
                    What do the works cost? My aunt sells zorblatts in Atlantis, they say.";

/// Somebody else's message, which does not speak to the bot.
fn message(discord: &Loopback, place: Place, content: &str) -> Value {
    let id = discord.expects_silence(|id| events::message(id, place.by(OTHER_MEMBER), content));
    discord.state().with(|inner| inner.messages[&id].clone())
}

fn content(message: &Value) -> &str {
    message["content"].as_str().unwrap()
}

#[test]
fn each_sentence_stands_beside_what_the_briefing_says_and_nothing_is_ruled_on() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for place in [IN_CHANNEL, IN_DIRECT] {
        // In a direct message the words would be a question of their own.
        let target = message(&discord, IN_CHANNEL, TALK);
        let (check, is_private) = discord.response_to(discord.checks(place, &target));
        assert!(is_private);
        let blocks: Vec<&str> = content(&check).split("\n\n").skip(1).collect();
        assert_eq!(blocks.len(), 4, "{check}");
        assert!(
            blocks[0].starts_with("> “The harbour wall will be six metres high.”\n"),
            "{check}"
        );
        assert!(blocks[0].contains(CLAIM) && blocks[0].contains("-# Source:"), "{check}");
        assert!(blocks[1].contains("The works begin in June."), "{check}");
        assert!(blocks[2].contains("does not say what the works cost"), "{check}");
        assert!(
            blocks[3].contains("Nothing that I am sure of. Near to it: “"),
            "{check}"
        );
        let ruled = content(&check).to_lowercase();
        for word in ["true", "false", "correct", "wrong", "right"] {
            assert!(!ruled.contains(word), "{word} in {check}");
        }
    }
}

#[test]
fn between_users_the_commands_of_whoever_installed_the_bot_are_answered() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let place = Place {
        channel: 34,
        ..IN_DIRECT
    };
    let among_users = |mut interaction: Value| {
        interaction["context"] = json!(2);
        interaction["authorizing_integration_owners"] = json!({"1": place.user.to_string()});
        interaction
    };
    let words = "How high will the harbour wall be?";
    let options = json!([{"name": "question", "type": 3, "value": words}]);
    let asked = discord.interacts(|id| among_users(events::command(id, place, "ask", &options)));
    let (answer, _) = discord.response_to(asked);
    assert!(content(&answer).contains(CLAIM), "{answer}");
    let target = events::message(77, place.by(OTHER_MEMBER), TALK);
    let name = "Check against the briefing";
    let checked = discord.interacts(|id| among_users(events::menu(id, place, name, &target)));
    let (check, is_private) = discord.response_to(checked);
    assert!(is_private && content(&check).contains(CLAIM), "{check}");
}

#[test]
fn a_check_is_posted_as_a_reply_once_and_in_the_very_words_of_the_preview() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = TestBot::start(&discord, &knowledge);
    let target = message(&discord, IN_CHANNEL, TALK);
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    // The text is in the preview, so that a restart and a missing intent cost nothing.
    bot.stop().unwrap();
    let before = discord.state().with(|inner| inner.n_comparisons);
    let _bot = TestBot::start(&discord, &knowledge);
    discord
        .state()
        .wait("the second start", |inner| (inner.n_comparisons > before).then_some(()));
    let id = button(&preview, "Post as reply");
    for _ in 0..2 {
        let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, &id, &preview));
        assert_eq!(content(&told), "Posted as a reply.");
        assert_eq!(buttons(&told), []);
    }
    let posted = discord.answer_to(target["id"].as_str().unwrap().parse().unwrap());
    assert_eq!(posted["content"], preview["content"]);
}

#[test]
fn a_posted_check_goes_where_its_poster_wants_it_and_with_the_message_that_it_is_below() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let posted = || {
        let target = message(&discord, IN_CHANNEL, TALK);
        let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
        discord.response_to(discord.presses(IN_CHANNEL, &button(&preview, "Post as reply"), &preview));
        let target: u64 = target["id"].as_str().unwrap().parse().unwrap();
        (target, discord.answer_to(target))
    };
    let (_, check) = posted();
    let labels: Vec<String> = buttons(&check).into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["Delete"]);
    let id = button(&check, "Delete");
    let (told, is_private) = discord.response_to(discord.presses(IN_CHANNEL.by(OTHER_MEMBER), &id, &check));
    assert!(
        is_private && content(&told).contains("Only the one who posted"),
        "{told}"
    );
    discord.presses(IN_CHANNEL, &id, &check);
    discord.gone(&check);
    let ((target, check), (_, other)) = (posted(), posted());
    discord.deletes(IN_CHANNEL, target);
    discord.gone(&check);
    let other: u64 = other["id"].as_str().unwrap().parse().unwrap();
    assert!(discord.state().with(|inner| inner.messages.contains_key(&other)));
}

#[test]
fn a_message_that_is_deleted_while_its_check_is_posted_takes_the_check_with_it() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let target = message(&discord, IN_CHANNEL, TALK);
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    let mut slow = Fault::new("/messages", 1, 200, "");
    (slow.delay, slow.only_slow) = (Duration::from_secs(2), Some(Slow::ToAnswer));
    discord.script(slow);
    let press = discord.presses(IN_CHANNEL, &button(&preview, "Post as reply"), &preview);
    let target: u64 = target["id"].as_str().unwrap().parse().unwrap();
    let check = discord.answer_to(target);
    discord.deletes(IN_CHANNEL, target);
    discord.gone(&check);
    let (told, _) = discord.response_to(press);
    assert!(content(&told).starts_with("I could not post it"), "{told}");
}

#[test]
fn a_check_that_may_not_be_posted_says_so_and_one_of_other_facts_is_not_posted() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start_with(&discord, &knowledge, &[("KNOWLEDGE_WATCH", "off")]);
    discord.wait_until_ready();
    let target = message(&discord, IN_CHANNEL, TALK);
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    let id = button(&preview, "Post as reply");
    let refusal = r#"{"code": 50013, "message": "Missing Permissions"}"#;
    discord.script(Fault::new("/messages", 1, 403, refusal));
    let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, &id, &preview));
    assert!(content(&told).starts_with("I could not post it"), "{told}");
    knowledge.edit("in June", "in July");
    discord.reload(IN_CHANNEL.by(crate::support::events::ADMIN));
    let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, &id, &preview));
    assert!(content(&told).contains("facts were changed"), "{told}");
}

#[test]
fn a_check_of_a_message_that_is_gone_is_not_posted() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let target = message(&discord, IN_CHANNEL, TALK);
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    discord.deletes(IN_CHANNEL, target["id"].as_str().unwrap().parse().unwrap());
    let id = button(&preview, "Post as reply");
    let (told, _) = discord.response_to(discord.presses(IN_CHANNEL, &id, &preview));
    assert!(content(&told).starts_with("I could not post it"), "{told}");
    assert_eq!(buttons(&told), []);
}

#[test]
fn a_member_who_may_not_write_there_cannot_have_the_bot_write() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let target = message(&discord, IN_CHANNEL, TALK);
    let silenced = Place {
        permissions: 0,
        ..IN_CHANNEL
    };
    let preview = discord.shown(silenced, discord.checks(silenced, &target));
    let id = button(&preview, "Post as reply");
    let (told, is_private) = discord.response_to(discord.presses(silenced, &id, &preview));
    assert!(is_private && content(&told).contains("You may not write"), "{told}");
    let thread = |permissions| {
        let place = Place {
            permissions,
            ..IN_CHANNEL
        };
        let press = discord.interacts_with(&preview, |interaction| {
            let mut press = events::press(interaction, place, &id, &preview);
            press["channel"]["type"] = json!(11);
            press
        });
        discord.response_to(press).0
    };
    assert!(content(&thread(1 << 11)).contains("You may not write"));
    let beside_voice = discord.interacts_with(&preview, |interaction| {
        let mut press = events::press(interaction, IN_CHANNEL, &id, &preview);
        press["channel"]["type"] = json!(2);
        press
    });
    // Whoever may not connect may do nothing there.
    assert!(content(&discord.response_to(beside_voice).0).contains("You may not write"));
    assert_eq!(content(&thread(1 << 38)), "Posted as a reply.");
    discord.answer_to(target["id"].as_str().unwrap().parse().unwrap());
}

#[test]
fn where_only_the_member_has_installed_the_bot_the_check_is_a_response() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let target = message(&discord, IN_CHANNEL, TALK);
    let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
    let press = || {
        discord.interacts_with(&preview, |id| {
            let mut press = events::press(id, IN_CHANNEL, &button(&preview, "Post as reply"), &preview);
            press["authorizing_integration_owners"] = json!({"1": IN_CHANNEL.user.to_string()});
            press
        })
    };
    assert_eq!(IN_CHANNEL.guild, Some(ELSEWHERE));
    let (posted, is_private) = discord.response_to(press());
    assert_eq!(posted["content"], preview["content"]);
    assert!(!is_private);
    // Once only, as a reply is.
    let again = press();
    assert_eq!(discord.callback_to(again)["type"], 7);
    let (told, _) = discord.response_to(again);
    assert!(
        content(&told).starts_with("I was asked to post this already."),
        "{told}"
    );
}

#[test]
fn a_message_without_a_sentence_says_so_and_of_many_five_are_looked_at() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for words in ["", "🧱🧱🧱", "thank you", "벽이 얼마나 높아요?"] {
        let target = message(&discord, IN_CHANNEL, words);
        let (check, is_private) = discord.response_to(discord.checks(IN_CHANNEL, &target));
        assert!(
            is_private && content(&check).starts_with("There is no sentence"),
            "{words}: {check}"
        );
        assert_eq!(buttons(&check), []);
    }
    let many = "The works on the wall begin in June. ".repeat(6);
    let target = message(&discord, IN_CHANNEL, &many);
    let (check, _) = discord.response_to(discord.checks(IN_CHANNEL, &target));
    assert_eq!(content(&check).matches("> “The works").count(), 5, "{check}");
    assert!(content(&check).contains("Only the first five"), "{check}");
}

#[test]
fn what_a_message_shows_in_an_embed_or_forwards_is_checked_by_both_ways() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let address = free_address();
    let settings = [
        ("DISCORD_PUBLIC_KEY", public_key()),
        ("INTERACTIONS_LISTEN", address.to_string()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let _bot = TestBot::start_with(&discord, &knowledge, &settings);
    discord.wait_until_ready();
    let embed = json!({
        "type": "rich", "title": "The works on the wall begin in June", "description": "What do the works cost?",
        "fields": [{"name": "Height", "value": "The harbour wall will be six metres high.", "inline": false}],
    });
    let forwarded = json!({"message": {
        "type": 0, "content": "The stone comes from the quarry at the north shore.", "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [embed], "flags": 0, "components": [],
        "timestamp": "2031-05-02T10:00:00+00:00", "edited_timestamp": null,
    }});
    let in_embed = ["The works begin in June.", "does not say what the works cost", CLAIM];
    let mut shows = message(&discord, IN_CHANNEL, "");
    shows["embeds"] = json!([embed]);
    let mut forwards = message(&discord, IN_CHANNEL, "");
    forwards["message_snapshots"] = json!([forwarded]);
    forwards["message_reference"] = json!({"type": 1, "message_id": "5", "channel_id": "6", "guild_id": "7"});
    for (target, n_blocks) in [(&shows, 3), (&forwards, 4)] {
        let by_gateway = discord.checks(IN_CHANNEL, target);
        let over_http = discord.interacts_over_http(address, |id| {
            events::menu(id, IN_CHANNEL, "Check against the briefing", target)
        });
        for asked in [by_gateway, over_http] {
            let (check, _) = discord.response_to(asked);
            let said = said(&check);
            assert_eq!(said.matches("> “").count(), n_blocks, "{check}");
            for part in in_embed {
                assert!(said.contains(part), "{part} in {check}");
            }
            assert_eq!(said.contains("> “The stone comes"), n_blocks == 4, "{check}");
        }
    }
}

/// The text of a body, which is in an embed where it is long.
fn said(body: &Value) -> String {
    let embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    let embeds = embeds.iter().filter_map(|embed| embed["description"].as_str());
    content(body).to_owned() + &embeds.collect::<String>()
}

#[test]
fn a_checked_message_s_markup_is_dead_and_its_length_does_not_matter() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let long: String = "한*_ 🇰🇷 ".repeat(800).chars().take(3900).collect();
    knowledge.edit("The works begin in June.", long.trim());
    let _bot = TestBot::start(&discord, &knowledge);
    for words in [
        "@everyone <@11> the **works on the wall** begin [in June](https://e.example) ||hidden|| \u{202e}now"
            .to_owned(),
        "When do the works on the wall begin? ".repeat(100),
        "x".repeat(4000),
        "one two three. ".repeat(266),
    ] {
        let target = message(&discord, IN_CHANNEL, &words);
        let preview = discord.shown(IN_CHANNEL, discord.checks(IN_CHANNEL, &target));
        for alive in ["](http", "||", "\u{202e}", "**works"] {
            assert!(!content(&preview).contains(alive), "{preview}");
        }
        discord.response_to(discord.presses(IN_CHANNEL, &button(&preview, "Post as reply"), &preview));
        discord.answer_to(target["id"].as_str().unwrap().parse().unwrap());
    }
}
