//! The fuzz targets: what comes in from outside, damaged in every way, never panics and never gets what is not allowed.
//!
//! One target for each way in: question text, the fact base's files, custom ids, bodies of interactions over HTTP, and
//! lines of a batch. A target takes bytes and asserts what must hold of any. A fuzzer that is led by coverage needs a
//! nightly compiler, so proptest makes the bytes here, from good inputs that it damages (`damage`): so many a target in
//! every `cargo test`, and more where `PROPTEST_CASES` says so (`.ci/long`). Strange text alone is in `hostile`, and what
//! only the code beside them can reach has its property tests there; `SECURITY.md` names them all.

mod damage;
mod words;

use std::cmp::Reverse;
use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use briefing_bot::answer::{Answer, Conversation, Outcome, wording};
use briefing_bot::diff::Changes;
use briefing_bot::discord;
use briefing_bot::engine::Snapshot;
use briefing_bot::fact::files::{Content, Files};
use briefing_bot::fact::{Briefing, Correction, Fact, FactBase, FactRef, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use self::damage::{Input, damaged};
use crate::attacks::{self, MAX_CHARACTERS};
use crate::hostile::SHIPPED;
use crate::knowledge::draw;
use crate::program::run_with_input;
use crate::support::events::{self, ADMIN, CHANNEL, IN_CHANNEL, IN_DIRECT, MEMBER, Place};
use crate::support::http::free_address;
use crate::support::limits::{Checker, manners};
use crate::support::over_http::{ask, public_key};
use crate::support::{Knowledge, Loopback, Process, buttons};

/// Inputs of each target where nobody wants more, and of those that cost more than most.
const N_INPUTS: u32 = 256;
const N_DEAR: u32 = 96;

/// Gives a target its inputs.
fn fuzz<S: Strategy>(n: u32, inputs: &S, target: impl Fn(S::Value)) {
    let wanted = ProptestConfig::default();
    let is_own = std::env::var_os("PROPTEST_CASES").is_none();
    let config = ProptestConfig {
        cases: if is_own { n } else { wanted.cases },
        // A failure is told with its input, shrunk; it becomes a test of its own.
        failure_persistence: None,
        ..wanted
    };
    let outcome = TestRunner::new(config).run(inputs, |input| {
        target(input);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Inputs as the lines of one.
fn joined(lines: &[Input]) -> Input {
    let lines: Vec<&[u8]> = lines.iter().map(|line| line.bytes.as_slice()).collect();
    Input {
        seed: 0,
        bytes: lines.join(&b'\n'),
    }
}

/// What any answer must hold: of the news nothing but facts' own texts and what a curator said of a correction, each
/// fact with its citation, and a message that Discord takes.
#[track_caller]
fn is_decent(answer: &Answer, base: &FactBase) {
    let told = |briefing: &Briefing, fact: &Fact| {
        let is_it = |told: &&FactRef| told.briefing == briefing.id && told.fact == fact.id;
        answer.facts.iter().find(is_it)
    };
    let mut sentences = Vec::new();
    for (briefing, fact) in base.facts() {
        // What stands now may be told instead of a fact that was replaced.
        sentences.push(format!("{} {}", wording::superseded(), fact.answer));
        match (&fact.correction, told(briefing, fact)) {
            (Some(Correction::Retracted(why)), _) => sentences.push(wording::retracted(why)),
            (None, Some(reference)) => {
                sentences.push(fact.answer.clone());
                let is_cited = answer.citations.iter().any(|line| line.fact == *reference);
                assert!(is_cited, "a fact without its citation: {answer:?}");
            }
            (None, None) | (Some(Correction::SupersededBy(_)), _) => {}
        }
    }
    // A longer one may hold a shorter one.
    sentences.sort_by_key(|sentence| Reverse(sentence.len()));
    let said = answer.text.clone().unwrap_or_default();
    let rest = sentences.iter().fold(said.clone(), |rest, own| rest.replace(own, ""));
    assert_eq!(rest.trim(), "", "{said}");
    assert_eq!(
        answer.outcome == Outcome::Answer,
        !answer.facts.is_empty(),
        "{answer:?}"
    );
    let body: Value = serde_json::from_str(&discord::rendered(answer, base, NonZeroU64::MAX).unwrap()).unwrap();
    let mut checker = Checker::new();
    checker.message(&body);
    assert!(checker.violations.is_empty(), "{:?}", checker.violations);
    assert_eq!(manners(&body), Vec::<String>::new());
}

/// A dialogue, a line a turn.
fn questions(bytes: &[u8], snapshot: &Snapshot) {
    let mut conversation = Conversation::default();
    for turn in bytes.split(|byte| *byte == b'\n').take(4) {
        let question: String = String::from_utf8_lossy(turn).chars().take(MAX_CHARACTERS).collect();
        let (answer, after) = snapshot.ask(&question, &conversation);
        is_decent(&answer, snapshot.base());
        assert_eq!(snapshot.ask(&question, &conversation).0, answer, "{question}");
        let _ = snapshot.check(&question, &conversation);
        let _ = snapshot.complete(&question, &[], 25);
        conversation = after;
    }
}

#[test]
fn question_text() {
    let phrasings = SHIPPED.base().facts().flat_map(|(_, fact)| &fact.phrasings);
    let mut seeds: Vec<String> = phrasings.map(str::to_owned).collect();
    seeds.extend(attacks::about_nothing());
    let dialogue = vec(damaged(seeds, words::QUESTIONS), 1..4).prop_map(|turns| joined(&turns));
    fuzz(N_INPUTS, &dialogue, |dialogue| questions(&dialogue.bytes, &SHIPPED));
}

/// The files of a good briefing.
const FILES: [&str; 4] = ["facts/works.toml", "glossary.toml", "source.toml", "synonyms.toml"];

static GOOD: LazyLock<Vec<String>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|name| fs::read_to_string(format!("tests/data/good/harbour-works/{name}")).unwrap())
        .collect()
});

/// The good briefing with some files replaced: refused in words that can be shown, or as good as any.
fn files(replaced: &[Input], good: &FactBase) {
    let named: Vec<(&str, &str)> = FILES.iter().copied().zip(GOOD.iter().map(String::as_str)).collect();
    let mut files = Files::of_briefing("harbour-works", &named);
    for input in replaced {
        files.folders[0].files[input.seed].content = Content::Bytes(input.bytes.clone());
    }
    let loaded = match parse::load(&files) {
        Ok(loaded) => loaded,
        Err(problems) => return draw(&problems),
    };
    draw(&loaded.warnings);
    let changes = Changes::between(good, &loaded.base);
    // Hashes of paragraphs change no answer, so they are no part of the revision.
    assert!(loaded.base.revision == good.revision || !changes.is_empty());
    let snapshot = Snapshot::new(loaded.base);
    let own: Vec<String> = snapshot
        .base()
        .facts()
        .filter_map(|(_, fact)| fact.phrasings.first().map(str::to_owned))
        .collect();
    for question in &own {
        questions(question.as_bytes(), &snapshot);
    }
}

#[test]
fn the_fact_base_s_files() {
    let good = parse::load(&Files::of_briefing(
        "harbour-works",
        &FILES.map(|name| (name, GOOD[FILES.iter().position(|own| *own == name).unwrap()].as_str())),
    ));
    let good = good.unwrap().base;
    fuzz(N_INPUTS, &vec(damaged(GOOD.clone(), words::FILES), 1..3), |replaced| {
        files(&replaced, &good);
    });
}

/// A bot that takes interactions over HTTP and has no gateway. Its log holds nothing but failures.
struct Stage {
    discord: Loopback,
    bot: Process,
    knowledge: Knowledge,
    address: SocketAddr,
}

/// Ids that no interaction had before.
static NEXT_ID: AtomicU64 = AtomicU64::new(5_000_000_000);
/// Stands for such an id in a body.
const ANY_ID: u64 = 4_444_444_444;

impl Stage {
    fn start() -> Self {
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        let address = free_address();
        let settings = [
            ("SHARDS", "none".to_owned()),
            ("DISCORD_PUBLIC_KEY", public_key()),
            ("INTERACTIONS_LISTEN", address.to_string()),
            ("RUST_LOG", "off,briefing_bot=error".to_owned()),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
        let bot = Process::run(&discord, &knowledge, &settings);
        crate::support::http::wait_for(address, "/interactions", "interactions", |status, _| status == 405);
        Self {
            discord,
            bot,
            knowledge,
            address,
        }
    }

    /// Sends a body, signed, and gives the callback; `None` where the bot did not take it for an interaction.
    #[track_caller]
    fn callback(&self, body: &[u8]) -> Option<Value> {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed).to_string();
        let body = String::from_utf8_lossy(body).replace(&ANY_ID.to_string(), &id);
        let response = ask(self.address, &body);
        match response.status {
            // Unreadable, or of a kind that this bot asks for nowhere.
            400 | 503 => None,
            200 => {
                let callback = serde_json::from_str(&response.body).unwrap();
                let mut checker = Checker::new();
                checker.callback(&callback);
                assert!(checker.violations.is_empty(), "{callback}: {:?}", checker.violations);
                if matches!(callback["type"].as_u64(), Some(4 | 7)) {
                    assert_eq!(manners(&callback["data"]), Vec::<String>::new());
                }
                Some(callback)
            }
            status => panic!("{status} for {body}"),
        }
    }

    /// It still answers, and nothing has failed.
    fn end(self) {
        let question = ask_for("How high will the harbour wall be?");
        let callback = self.callback(question.to_string().as_bytes()).unwrap();
        assert!(callback.to_string().contains("six metres"), "{callback}");
        self.bot.signal("TERM");
        let (status, written) = self.bot.ended();
        assert_eq!((status.code(), written.as_str()), (Some(0), ""));
        // What was deferred goes to interactions that this Discord never had.
        self.discord.state().with(|inner| {
            let is_about_those =
                |failure: &String| failure.contains("that was never given") || failure.contains("webhooks");
            inner.failures.retain(|failure| !is_about_those(failure));
        });
        drop(self.knowledge);
    }
}

fn ask_for(words: &str) -> Value {
    let options = json!([{"name": "question", "type": 3, "value": words}]);
    events::command(ANY_ID, IN_CHANNEL, "ask", &options)
}

fn shown(place: Place) -> Value {
    events::message(5, place.by(events::BOT), "Did you mean this?")
}

/// Custom ids as the bot gives them, of every kind that a member or an admin meets soon.
fn custom_ids(stage: &Stage) -> Vec<String> {
    let command = |place, name: &str, options: &Value| events::command(ANY_ID, place, name, options);
    let admin = |action: &str| {
        command(
            IN_DIRECT.by(ADMIN),
            "admin",
            &json!([{"name": action, "type": 1, "options": []}]),
        )
    };
    let mut asked: Vec<Value> = [
        "",
        "How high will the harbour wall be?",
        "zorblatt",
        "the wall and the stone?",
    ]
    .map(ask_for)
    .to_vec();
    asked.extend(
        ["facts", "help", "timeline", "who", "source", "privacy"].map(|name| command(IN_CHANNEL, name, &json!([]))),
    );
    asked.extend(
        [
            "status",
            "reload",
            "rollback",
            "unanswered",
            "settings",
            "audit",
            "doctor",
        ]
        .map(admin),
    );
    let mut ids = Vec::new();
    for body in asked {
        if let Some(callback) = stage.callback(body.to_string().as_bytes()) {
            ids.extend(
                buttons(&callback["data"])
                    .into_iter()
                    .map(|(_, id)| id)
                    .filter(|id| !id.is_empty()),
            );
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn custom_ids_on_buttons_and_lists() {
    let stage = Stage::start();
    let seeds = custom_ids(&stage);
    assert!(seeds.len() > 12, "{seeds:?}");
    let press = (damaged(seeds, words::CUSTOM_IDS), any::<bool>(), any::<bool>());
    fuzz(N_INPUTS, &press, |(input, is_admin, is_list)| {
        // As Discord has it: text of at most a hundred characters.
        let id: String = String::from_utf8_lossy(&input.bytes).chars().take(100).collect();
        let place = IN_CHANNEL.by(if is_admin { ADMIN } else { MEMBER });
        let body = if is_list {
            events::choose(ANY_ID, place, &id, 3, &[&id], &shown(place))
        } else {
            events::press(ANY_ID, place, &id, &shown(place))
        };
        let callback = stage.callback(body.to_string().as_bytes());
        assert!(callback.is_some(), "no response to a press of {id:?}");
    });
    stage.end();
}

#[test]
fn bodies_of_interactions_over_http() {
    let stage = Stage::start();
    let mut seeds: Vec<Value> = vec![
        json!({"type": 1}),
        ask_for("How high will the harbour wall be?"),
        ask_for("zorblatt?"),
    ];
    seeds.push(events::autocomplete(ANY_ID, IN_DIRECT, "ask", "question", "stone"));
    seeds.push(events::autocomplete(ANY_ID, IN_CHANNEL, "facts", "topic", "w"));
    seeds.push(events::menu(
        ANY_ID,
        IN_CHANNEL,
        "Check against the briefing",
        &shown(IN_CHANNEL),
    ));
    for name in ["facts", "help", "timeline", "who", "source", "privacy"] {
        seeds.push(events::command(ANY_ID, IN_CHANNEL, name, &json!([])));
    }
    for action in ["status", "reload", "unanswered", "settings"] {
        let options = json!([{"name": action, "type": 1, "options": []}]);
        seeds.push(events::command(ANY_ID, IN_CHANNEL.by(ADMIN), "admin", &options));
    }
    for id in custom_ids(&stage) {
        seeds.push(events::press(ANY_ID, IN_CHANNEL, &id, &shown(IN_CHANNEL)));
    }
    let custom_id = "1:t:0000001f:42:harbour-works/wall-height";
    seeds.push(events::choose(
        ANY_ID,
        IN_DIRECT,
        custom_id,
        3,
        &["harbour-works/wall-height"],
        &shown(IN_DIRECT),
    ));
    seeds.push(events::choose_channels(
        ANY_ID,
        IN_CHANNEL,
        "1:s",
        &[(CHANNEL, 0)],
        &shown(IN_CHANNEL),
    ));
    let seeds = seeds.iter().map(Value::to_string).collect();
    fuzz(N_INPUTS, &damaged(seeds, words::BODIES), |input| {
        stage.callback(&input.bytes);
    });
    stage.end();
}

/// Each line that is not blank gets one line of JSON, an answer or what is wrong with it.
fn batch(input: &[u8]) {
    let is_blank = |(number, line): &(usize, &[u8])| {
        let text = std::str::from_utf8(line).unwrap_or("no text");
        let text = if *number == 0 {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        text.trim().is_empty()
    };
    let lines = input.split(|byte| *byte == b'\n').enumerate();
    let n_expected = lines.filter(|line| !is_blank(line)).count();
    let finished = run_with_input(&["ask", "--batch", "-"], input);
    let replies: Vec<Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let n_bad = replies.iter().filter(|reply| reply["error"].is_string()).count();
    assert!(
        replies
            .iter()
            .all(|reply| reply["error"].is_string() || reply["outcome"].is_string())
    );
    assert_eq!(replies.len(), n_expected);
    let status = i32::from(n_bad > 0);
    assert_eq!((finished.status, finished.stderr.as_str()), (Some(status), ""));
}

#[test]
fn batch_lines() {
    let line = |question: &str, conversation: Option<&str>| {
        json!({"question": question, "conversation": conversation}).to_string()
    };
    let seeds = vec![
        line("By how many metres will the wall be raised?", None),
        line("Where will the old crane be moved?", Some("c1")),
        line("and when?", Some("c1")),
        r#"{"question": "what does it cost?", "id": 7}"#.to_owned(),
        "not json".to_owned(),
        " \t".to_owned(),
    ];
    // Many lines a start of the program.
    let input = vec(damaged(seeds, words::LINES), 0..40).prop_map(|lines| joined(&lines));
    fuzz(N_DEAR, &input, |input| batch(&input.bytes));
}
