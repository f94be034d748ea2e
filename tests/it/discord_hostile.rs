//! Attacks by members, through the real client: whatever was written, nothing in the answer is alive.
//!
//! The loopback fails the test on a body that could notify somebody or that Discord would refuse. What this adds is a
//! reading of Discord's markup of its own, written apart from the program's.

use serde_json::{Value, json};

use crate::attacks;
use crate::support::events::{IN_CHANNEL, IN_DIRECT};
use crate::support::{Knowledge, Loopback, TestBot};

/// What formats, links or mentions anywhere in a line.
const ALIVE: [char; 7] = ['*', '_', '~', '`', '|', '<', '['];
/// What turns the reading direction, or hides.
const TURNING: [std::ops::RangeInclusive<char>; 5] = [
    '\u{202a}'..='\u{202e}',
    '\u{2066}'..='\u{2069}',
    '\u{200e}'..='\u{200f}',
    '\u{61c}'..='\u{61c}',
    '\u{e0000}'..='\u{e007f}',
];

/// What of a message Discord would show as anything but text: a part of it, where there is such.
fn alive(content: &str) -> Option<String> {
    content.lines().find_map(|line| {
        // What the bot itself marks: small print, and questions in a list.
        let line = line
            .strip_prefix("-# ")
            .or_else(|| line.strip_prefix("- "))
            .unwrap_or(line);
        let begins = line.trim_start().starts_with(['#', '>', '-', '+']);
        let mut rest = line.char_indices();
        let mut is_alive = begins;
        while let Some((at, character)) = rest.next() {
            let behind = &line[at + character.len_utf8()..];
            is_alive |= match character {
                '\\' => {
                    rest.next();
                    false
                }
                '@' => !behind.starts_with('\u{200b}'),
                ':' => behind.starts_with("//"),
                other => {
                    other.is_control() || ALIVE.contains(&other) || TURNING.iter().any(|range| range.contains(&other))
                }
            };
        }
        is_alive |= line.to_lowercase().contains("discord.gg/z");
        is_alive.then(|| line.to_owned())
    })
}

/// Everything that a member reads of a message.
fn texts(message: &Value) -> Vec<String> {
    let mut texts = vec![message["content"].as_str().unwrap_or_default().to_owned()];
    for embed in message["embeds"].as_array().into_iter().flatten() {
        texts.extend(embed["description"].as_str().map(str::to_owned));
    }
    texts
}

#[track_caller]
fn assert_dead(attack: &str, message: &Value) {
    for text in texts(message) {
        let beginning: String = attack.chars().take(60).collect();
        assert_eq!(alive(&text), None, "after {beginning:?}");
    }
}

#[test]
fn this_reading_of_markup_finds_what_is_alive() {
    for text in [
        "**bold**",
        "a `b`",
        "||s||",
        "<@1>",
        "@everyone",
        "[a](b)",
        "https://e.example",
        "# big",
        "> quote",
        "-# -# x",
        "turned \u{202e}round",
        "discord.gg/zorblatt",
        "bell \u{7}",
    ] {
        assert!(alive(text).is_some(), "{text}");
    }
    for text in [
        "plain text, 3.5 - 2",
        r"\*\*bold\*\*",
        "@\u{200b}everyone",
        "-# small print",
        "- a question?",
    ] {
        assert_eq!(alive(text), None, "{text}");
    }
}

#[test]
fn nothing_hostile_comes_alive_in_a_message() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    let why = json!([{"name": "why", "type": 5, "value": true}]);
    for (number, attack) in attacks::all().into_iter().enumerate() {
        // Members of their own, so that no cooldown and no conversation joins them.
        let member = 10_000 + number as u64;
        let answer = discord.answer_to(discord.mention(IN_CHANNEL.by(member), &attack));
        assert_dead(&attack, &answer);
        let (response, _) = discord.response_to(discord.ask(IN_DIRECT.by(member), &attack, &why));
        assert_dead(&attack, &response);
    }
}
