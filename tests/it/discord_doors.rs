//! One table of questions through every door: the same fact each time.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::events::{self, IN_CHANNEL, IN_DIRECT, OTHER_MEMBER};
use crate::support::{Knowledge, Loopback, TestBot};

/// Questions with the id of the fact or gap that they get; `None`: neither.
const TABLE: [(&str, Option<&str>); 8] = [
    ("How high will the harbour wall be?", Some("wall-height")),
    ("by how much is the wall raised", Some("wall-height")),
    ("How high will the harbuor wall be?", Some("wall-height")),
    ("When do the works on the wall begin?", Some("works-start")),
    ("where does the stone for the wall come from??", Some("stone-source")),
    ("What do the works cost?", Some("wall-cost")),
    ("How expensive is the wall?", Some("wall-cost")),
    ("Did the office say when it ends?", None),
];

/// What every reply has that gives this fact or gap.
fn sentence(id: &str) -> &'static str {
    match id {
        "wall-height" => "to six metres in all.",
        "works-start" => "The works begin in June.",
        "stone-source" => "The stone comes from the quarry at the north shore.",
        _ => "does not say what the works cost",
    }
}

/// The ids whose sentences are in a reply.
fn given(reply: &Value) -> Vec<&'static str> {
    let content = reply["content"].as_str().unwrap();
    let ids = ["wall-height", "works-start", "stone-source", "wall-cost"];
    ids.into_iter().filter(|id| content.contains(sentence(id))).collect()
}

fn program(knowledge: &Knowledge, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
        .args(arguments)
        .arg("--knowledge")
        .arg(knowledge.path())
        .current_dir(knowledge.path())
        .env_remove("KNOWLEDGE_DIR")
        .env("CACHE_DIR", "none")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn id_of(json: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(json).unwrap();
    let id = answer["facts"].get(0).unwrap_or(&answer["gap"]);
    id.as_str().map(str::to_owned)
}

#[test]
fn the_same_words_get_the_same_fact_at_every_door() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let _bot = TestBot::start(&discord, &knowledge);
    for (index, (words, expected)) in TABLE.into_iter().enumerate() {
        let expected: Vec<&str> = expected.into_iter().collect();
        // Members of their own at each door, so that nothing was said before.
        let user = 500 + 10 * index as u64;
        let by_mention = discord.answer_to(discord.mention(IN_CHANNEL.by(user), words));
        let greeting = discord.answer_to(discord.mention(IN_CHANNEL.by(user + 1), ""));
        let reply = discord.expects_answer(|id| events::reply(id, IN_CHANNEL.by(user + 2), words, &greeting, true));
        let by_reply = discord.answer_to(reply);
        let directly = discord.answer_to(discord.says(IN_DIRECT.by(user + 3), words));
        let (by_command, _) = discord.response_to(discord.ask(IN_CHANNEL.by(user + 4), words, &json!([])));
        let message = discord.expects_silence(|id| events::message(id, IN_CHANNEL.by(OTHER_MEMBER), words));
        let message = discord.state().with(|inner| inner.messages[&message].clone());
        let (by_menu, _) = discord.response_to(discord.checks(IN_CHANNEL.by(user + 5), &message));
        for (door, reply) in [
            ("mention", by_mention),
            ("reply", by_reply),
            ("direct message", directly),
            ("/ask", by_command),
            ("menu", by_menu),
        ] {
            assert_eq!(given(&reply), expected, "{words} by {door}: {reply}");
        }
        let in_terminal = program(&knowledge, &["ask", "--json", words], "");
        assert_eq!(
            id_of(&in_terminal).as_deref(),
            expected.first().copied(),
            "{words} in the terminal"
        );
    }
    let lines: String = TABLE
        .map(|(words, _)| json!({"question": words}).to_string() + "\n")
        .concat();
    let answers = program(&knowledge, &["ask", "--batch", "-"], &lines);
    let given: Vec<Option<String>> = answers.lines().map(id_of).collect();
    let expected: Vec<Option<String>> = TABLE.iter().map(|(_, id)| id.map(str::to_owned)).collect();
    assert_eq!(given, expected, "in a batch");
}
