//! One set of facts for several processes: published once, answered from by all.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::events::{ADMIN, IN_CHANNEL};
use crate::support::http::{free_address, get};
use crate::support::proxy::Proxy;
use crate::support::{Database, Knowledge, Loopback, PATIENCE, Process, block_on};

const QUESTION: &str = "How high will the harbour wall be?";
const BEFORE: &str = "raised by two metres, to six metres in all.";
const AFTER: &str = "raised by two metres, to seven metres in all.";
const QUIET: (&str, &str) = ("RUST_LOG", "off,briefing_bot=warn");
const FROM_STORE: (&str, &str) = ("KNOWLEDGE_SOURCE", "database");

/// Runs a command of the program on a store.
fn program(url: &str, knowledge: &Path, words: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
        .args(words)
        .arg("--knowledge")
        .arg(knowledge)
        .env_clear()
        .env("DATABASE_URL", url)
        .current_dir(knowledge)
        .output()
        .unwrap()
}

#[track_caller]
fn done(url: &str, knowledge: &Path, words: &[&str]) -> String {
    let output = program(url, knowledge, words);
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words:?}: {said}");
    said
}

/// Asks until the answer has these words; every answer until then must be the one before, whole.
#[track_caller]
fn until_answered(discord: &Loopback, before: &str, after: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = discord.asked(IN_CHANNEL, QUESTION);
        if answer.contains(after) {
            return;
        }
        assert!(answer.contains(before), "of neither publication: {answer}");
        assert!(Instant::now() < deadline, "still: {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn end(bot: &Process) {
    bot.signal("TERM");
}

/// An error of the facts, as where another version of the program took what this one refuses.
const INVALID: &str = "UPDATE publications SET files = replace(files, 'standing = ', 'standin = ') WHERE number = $1";
/// No text of files at all.
const UNREADABLE: &str = "UPDATE publications SET files = '{' WHERE number = $1";

/// Makes a publication one that this version refuses.
fn spoil(knowledge: &Knowledge, number: i64, spoil: &'static str) {
    block_on(async {
        let options = SqliteConnectOptions::new().filename(knowledge.store());
        let mut connection = options.connect().await.unwrap();
        sqlx::query(spoil).bind(number).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn three_processes_answer_from_what_was_published_last() {
    let Some(database) = block_on(Database::new()) else {
        return;
    };
    let url = database.url();
    let knowledge = Knowledge::harbour();
    let said = done(&url, knowledge.path(), &["publish"]);
    assert!(said.contains("as publication 1"), "{said}");
    let proxy = Proxy::to(&database.server_address());
    let by_proxy = database.url_by(proxy.address());
    let bots: Vec<(Loopback, Process)> = [&url, &url, &by_proxy]
        .into_iter()
        .map(|url| {
            let discord = Loopback::start();
            let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE, ("DATABASE_URL", url)]);
            (discord, bot)
        })
        .collect();
    for (discord, _) in &bots {
        discord.wait_until_ready();
        until_answered(discord, BEFORE, BEFORE);
    }

    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    for (discord, _) in &bots {
        until_answered(discord, BEFORE, AFTER);
    }
    assert!(done(&url, knowledge.path(), &["publish"]).starts_with("unchanged: publication 2"));

    // One is cut off from the store meanwhile: it goes on with what it has, and catches up.
    proxy.cut();
    done(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    until_answered(&bots[0].0, AFTER, BEFORE);
    assert!(bots[2].0.asked(IN_CHANNEL, QUESTION).contains(AFTER));
    proxy.mend();
    until_answered(&bots[2].0, AFTER, BEFORE);
    for (_, bot) in bots {
        end(&bot);
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
    }
    block_on(database.drop());
}

#[test]
fn a_stop_is_obeyed_while_the_first_facts_are_waited_for() {
    // A database that takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://bot@{}/bot", silent.local_addr().unwrap());
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let bot = Process::run(&discord, &knowledge, &[FROM_STORE, ("DATABASE_URL", &url)]);
    let _asked = silent.accept().unwrap();
    let began = Instant::now();
    end(&bot);
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    // Without a stop it gives up after four seconds.
    assert!(began.elapsed() < Duration::from_secs(3), "{written}");
    assert!(!written.contains("panicked"), "{written}");
}

#[test]
fn a_file_holds_publications_as_well() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let url = knowledge.store_url();
    let nothing = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE]);
    let (status, written) = nothing.ended();
    assert_eq!(status.code(), Some(1), "{written}");
    assert!(written.contains("nothing is published yet"), "{written}");
    let missing = program(&url, knowledge.path(), &["publish", "--rollback", "7"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        String::from_utf8(missing.stderr)
            .unwrap()
            .contains("there is no publication 7")
    );

    done(&url, knowledge.path(), &["publish"]);
    let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE]);
    discord.wait_until_ready();
    until_answered(&discord, BEFORE, BEFORE);
    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    until_answered(&discord, BEFORE, AFTER);
    end(&bot);
    assert_eq!(bot.ended().0.code(), Some(0));
}

#[test]
fn publications_are_listed_and_compared_with_each_other_and_with_a_folder() {
    let knowledge = Knowledge::harbour();
    let url = knowledge.store_url();
    let folder = knowledge.path().to_str().unwrap();
    let missing = program(&url, knowledge.path(), &["publish", "--list"]);
    assert_eq!(missing.status.code(), Some(1), "a store was made of the question");
    done(&url, knowledge.path(), &["publish"]);
    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    done(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    let listed = done(&url, knowledge.path(), &["publish", "--list"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert!(
        lines[0].starts_with("3 ") && lines[0].ends_with(" (in force)"),
        "{listed}"
    );
    assert!(lines[2].starts_with("1 ") && !lines[2].contains("in force"), "{listed}");

    let changed = done(&url, knowledge.path(), &["diff", "1", "2"]);
    assert!(
        changed.starts_with("~ fact harbour-works/wall-height (answer)\n"),
        "{changed}"
    );
    assert!(changed.contains(AFTER), "{changed}");
    for (old, new) in [("1", "3"), ("2", folder)] {
        let same = done(&url, knowledge.path(), &["diff", old, new]);
        assert!(same.starts_with("no change; "), "{old} {new}: {same}");
    }
    let missing = program(&url, knowledge.path(), &["diff", "1", "7"]);
    assert_eq!(missing.status.code(), Some(1));
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(said.contains("there is no publication 7"), "{said}");
}

#[test]
fn without_watching_a_publication_waits_for_a_reload() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let url = knowledge.store_url();
    done(&url, knowledge.path(), &["publish"]);
    let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE, ("KNOWLEDGE_WATCH", "off")]);
    discord.wait_until_ready();
    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    // A bot that watches asks every second.
    std::thread::sleep(Duration::from_millis(2500));
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains(BEFORE));
    bot.signal("HUP");
    until_answered(&discord, BEFORE, AFTER);
    end(&bot);
    assert_eq!(bot.ended().0.code(), Some(0));
}

#[test]
fn an_earlier_publication_with_an_error_is_not_published_again() {
    let knowledge = Knowledge::harbour();
    let url = knowledge.store_url();
    done(&url, knowledge.path(), &["publish"]);
    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    spoil(&knowledge, 1, INVALID);
    let refused = program(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("`publication 1` is no valid fact base") && said.contains("standin"),
        "{said}"
    );
    let listed = done(&url, knowledge.path(), &["publish", "--list"]);
    assert!(listed.starts_with("2 ") && listed.lines().count() == 2, "{listed}");
}

#[test]
fn a_start_on_a_publication_with_an_error_answers_from_the_one_before() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let url = knowledge.store_url();
    done(&url, knowledge.path(), &["publish"]);
    knowledge.edit(BEFORE, AFTER);
    done(&url, knowledge.path(), &["publish"]);
    spoil(&knowledge, 2, INVALID);
    let health = free_address();
    let address = health.to_string();
    let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE, ("HTTP_LISTEN", &address)]);
    discord.wait_until_ready();
    // What the alert looks at: the counter has no increase, since it began with this one.
    let (_, metrics) = get(health, "/metrics");
    assert!(metrics.contains("briefing_bot_facts_refused 1\n"), "{metrics}");
    until_answered(&discord, BEFORE, BEFORE);
    let (status, _) = discord.response_to(discord.admin(IN_CHANNEL.by(ADMIN), "status"));
    let status = status["content"].as_str().unwrap();
    assert!(
        status.contains("refused") && status.contains("publication 2"),
        "{status}"
    );
    // A good one that is published is loaded as ever.
    done(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    knowledge.edit(AFTER, "raised by two metres, to eight metres in all.");
    done(&url, knowledge.path(), &["publish"]);
    until_answered(&discord, BEFORE, "to eight metres in all.");
    let (_, metrics) = get(health, "/metrics");
    assert!(metrics.contains("briefing_bot_facts_refused 0\n"), "{metrics}");
    end(&bot);
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    assert_eq!(
        written.matches("the latest publication is refused").count(),
        1,
        "{written}"
    );
    assert!(!written.contains("a reload was refused"), "{written}");
    let reloads = done(&url, knowledge.path(), &["store", "reloads"]);
    assert!(reloads.contains("standin"), "{reloads}");
}

#[test]
fn publications_that_cannot_be_read_keep_no_bot_down_and_are_said_once() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let url = knowledge.store_url();
    done(&url, knowledge.path(), &["publish"]);
    for text in [AFTER, "raised by two metres, to eight metres in all."] {
        knowledge.edit(if text == AFTER { BEFORE } else { AFTER }, text);
        done(&url, knowledge.path(), &["publish"]);
    }
    // The search for an earlier one goes past the second of them.
    spoil(&knowledge, 2, UNREADABLE);
    spoil(&knowledge, 3, UNREADABLE);
    let exported = done(&url, knowledge.path(), &["store", "export"]);
    assert!(
        exported.contains("warning: publication 3 is left out: publication 3 cannot be read"),
        "{exported}"
    );
    let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE]);
    discord.wait_until_ready();
    until_answered(&discord, BEFORE, BEFORE);
    // The watcher, which asks every second, leaves what it has seen alone.
    std::thread::sleep(Duration::from_millis(2500));
    assert!(discord.asked(IN_CHANNEL, QUESTION).contains(BEFORE));
    // What is wrong in the store does not keep whoever mends it from publishing.
    let mended = done(&url, knowledge.path(), &["publish"]);
    assert!(mended.contains("as publication 4"), "{mended}");
    until_answered(&discord, BEFORE, "to eight metres in all.");
    end(&bot);
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    assert_eq!(written.matches("publication 3 cannot be read").count(), 1, "{written}");
    assert!(!written.contains("a reload was refused"), "{written}");
    // Nor from going back to the facts that it would have had.
    done(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    spoil(&knowledge, 5, UNREADABLE);
    let again = done(&url, knowledge.path(), &["publish", "--rollback", "1"]);
    assert!(again.contains("as publication 6"), "{again}");
}

#[test]
fn a_start_without_any_valid_publication_ends_with_what_a_restart_cannot_mend() {
    for (statement, said) in [(INVALID, "standin"), (UNREADABLE, "publication 1 cannot be read")] {
        let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
        let url = knowledge.store_url();
        done(&url, knowledge.path(), &["publish"]);
        spoil(&knowledge, 1, statement);
        let bot = Process::run(&discord, &knowledge, &[QUIET, FROM_STORE]);
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(78), "{written}");
        assert!(written.contains(said), "{written}");
    }
}

#[test]
fn it_is_said_into_which_store_it_is_published() {
    let (knowledge, elsewhere) = (Knowledge::harbour(), tempfile::tempdir().unwrap());
    let publish = |url: &str, words: &[&str]| {
        let output = program(url, knowledge.path(), words);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let file = knowledge.store();
    let named = format!(", in `{}`\n", file.display());
    let (_, said) = publish(&knowledge.store_url(), &["publish"]);
    assert!(said.contains(&named), "{said}");
    assert!(
        said.contains("made just now") && said.contains("same `DATABASE_URL`"),
        "{said}"
    );
    let (_, again) = publish(&knowledge.store_url(), &["publish"]);
    assert!(
        again.starts_with("unchanged: publication 1, ") && again.ends_with(&named),
        "{again}"
    );
    // A path that is not absolute says little of where it is.
    let (_, said) = publish("sqlite:beside.sqlite", &["publish"]);
    let beside = knowledge.path().join("beside.sqlite");
    assert!(said.contains(&format!(", in `{}`\n", beside.display())), "{said}");
    // There is nothing to go back to in a store that is not there.
    let url = format!("sqlite:{}", elsewhere.path().join("store.sqlite").display());
    assert_eq!(publish(&url, &["publish", "--rollback", "1"]).0, Some(1));
    assert!(
        !elsewhere.path().join("store.sqlite").exists(),
        "a store was made of the question"
    );
}

#[test]
fn a_fact_base_with_an_error_is_not_published() {
    let knowledge = Knowledge::harbour();
    knowledge.edit("standing = ", "standin = ");
    let refused = program(&knowledge.store_url(), knowledge.path(), &["publish"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("standin"), "{said}");
    assert!(!knowledge.store().exists(), "a store was made of it");
}
