//! The README's pictures of the bot in Discord, drawn from what it really sends. `UPDATE_EXPECT=1` makes them anew.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use briefing_bot::picture::{self, Line, Message};
use serde_json::{Value, json};

use crate::support::events::IN_CHANNEL;
use crate::support::{Knowledge, Loopback, TestBot};

const AUTHOR: &str = "briefing-bot";

/// Keeps a picture, where pictures are being made anew; else the one that is there must be the same.
#[track_caller]
fn keep(name: &str, png: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, png).unwrap();
    } else {
        let kept = std::fs::read(path).unwrap_or_default();
        // Not `assert_eq`, which would print them.
        assert!(
            kept == png,
            "`docs/pictures/{name}` is another picture, or none\nhint: UPDATE_EXPECT=1 cargo test --test it pictures"
        );
    }
}

/// What Discord shows of a body: its Markdown read, as far as the bot writes any.
fn as_shown(question: &str, body: &Value) -> Message {
    let unescaped = |line: &str| {
        let (mut text, mut is_escaped) = (String::new(), false);
        for letter in line.chars() {
            match letter {
                '\\' if !is_escaped => is_escaped = true,
                '\u{200b}' => {}
                letter => {
                    text.push(letter);
                    is_escaped = false;
                }
            }
        }
        text
    };
    let content = body["content"].as_str().unwrap();
    let lines = content.lines().map(|line| {
        let small = line.strip_prefix("-# ");
        Line {
            text: unescaped(small.unwrap_or(line)),
            is_small: small.is_some(),
        }
    });
    let rows = body["components"].as_array().cloned().unwrap_or_default();
    let buttons = rows
        .iter()
        .flat_map(|row| row["components"].as_array().cloned().unwrap_or_default());
    Message {
        question: question.to_owned(),
        author: AUTHOR.to_owned(),
        lines: lines.collect(),
        buttons: buttons
            .filter_map(|button| button["label"].as_str().map(str::to_owned))
            .collect(),
    }
}

#[test]
fn the_readme_shows_an_answer_a_did_you_mean_a_decline_and_the_time_line() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    for (id, date) in [
        ("wall-height", r#"{ on = "05-01", order = 10 }"#),
        (
            "stone-source",
            r#"{ on = "05-02", order = 20, inferred_from = "paragraph 4 says today" }"#,
        ),
        ("works-start", r#"{ on = "06", order = 30 }"#),
    ] {
        let id = format!("id = \"{id}\"\n");
        knowledge.edit(&id, &format!("{id}date = {date}\n"));
    }
    let _bot = TestBot::start(&discord, &knowledge);
    let snapshot = knowledge.snapshot();
    let kinds: [(&str, &str, &[&str]); 3] = [
        (
            "discord-answer.png",
            "answer",
            &[
                "how hgih will the harbor wall be?",
                "How high will the harbour wall be?",
            ],
        ),
        (
            "discord-did-you-mean.png",
            "suggest",
            &[
                "wall?",
                "what about the stone?",
                "who said that?",
                "what about the zorblatts?",
                "harbour?",
                "when and where?",
            ],
        ),
        (
            "discord-decline.png",
            "none",
            &["What do the works cost?", "what about the zorblatts?"],
        ),
    ];
    for (name, outcome, questions) in kinds {
        let is_it = |question: &&str| {
            let (answer, _) = snapshot.ask(question, &briefing_bot::answer::Conversation::default());
            answer.outcome.name() == outcome
        };
        let question = questions.iter().copied().find(is_it).unwrap();
        let place = IN_CHANNEL.by(40 + name.len() as u64);
        let body = discord.answer_to(discord.mention(place, question));
        keep(name, &picture::png(&as_shown(question, &body).to_svg()).unwrap());
    }
    let (body, _) = discord.response_to(discord.command(IN_CHANNEL, "timeline", &json!([])));
    let png = STANDARD.decode(body["files"][0]["base64"].as_str().unwrap());
    keep("discord-timeline.png", &png.unwrap());
}
