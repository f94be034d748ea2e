//! The store never stands between a member and an answer: the program itself, with a store that is read-only, full, gone
//! or killed.

#[path = "../drill/dice.rs"]
#[expect(dead_code, reason = "the drill's, which uses the rest of it")]
mod dice;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::support::events::IN_CHANNEL;
use crate::support::http::{free_address, wait_for};
use crate::support::nobody::{as_nobody, command_by};
use crate::support::proxy::Proxy;
use crate::support::{Database, Knowledge, Loopback, PATIENCE, Process, block_on};
use dice::Dice;

const QUESTION: &str = "How high will the harbour wall be?";
/// Short enough to be read where a test fails.
const QUIET: (&str, &str) = ("RUST_LOG", "off,briefing_bot=warn");
const N_QUESTIONS: usize = 1000;
const N_KILLS: u64 = 40;
/// Kills at whatever moment of a life; each costs half of one, so that all are done while the others are.
const N_KILLS_AT_ANY_TIME: u64 = 20;
/// For the moments. Another one, others.
const SEED: u64 = 2026;
/// From SIGTERM to the end, where nothing is in flight.
const STOPS_WITHIN: Duration = Duration::from_millis(300);

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_briefing-bot"))
}

/// Asks a thousand questions, of which each must be answered; the program must end well, and have said why the store
/// takes nothing.
fn a_thousand_are_answered(discord: &Loopback, bot: Process) {
    for number in 0..N_QUESTIONS {
        let answer = discord.asked(IN_CHANNEL, QUESTION);
        assert!(answer.contains("metres"), "question {number}: {answer}");
    }
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    assert!(written.contains("the store takes no records"), "{written}");
    assert!(!written.contains("panicked"), "{written}");
}

/// A store that was made, and a question counted in it, by a bot that has stopped.
fn make_store(knowledge: &Knowledge) {
    let discord = Loopback::start();
    let bot = Process::run(&discord, knowledge, &[QUIET]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    assert!(knowledge.store().exists(), "{written}");
}

/// Opens the store's file beside the bot.
async fn open(knowledge: &Knowledge) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str(&knowledge.store_url()).unwrap();
    options.connect().await.unwrap()
}

/// Opens it where it is whole; where it is not, the test fails.
async fn open_whole(knowledge: &Knowledge, when: &str) -> SqliteConnection {
    let mut connection = open(knowledge).await;
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(whole, "ok", "{when}");
    connection
}

/// Whether the database is whole, and how many answers it has counted. Forgets the logins, which a bot that is started so
/// often would otherwise be held back for.
async fn n_counted_in_a_whole_store(knowledge: &Knowledge) -> i64 {
    let mut connection = open_whole(knowledge, "before counting").await;
    sqlx::query("DELETE FROM identifies")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query_scalar("SELECT COALESCE(SUM(n), 0) FROM answer_counts")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

#[test]
fn killing_it_loses_at_most_what_was_queued_and_never_the_store() {
    let knowledge = Knowledge::harbour();
    make_store(&knowledge);
    let (mut n_answered, mut n_counted) = (1, block_on(n_counted_in_a_whole_store(&knowledge)));
    assert_eq!(n_counted, 1);
    for kill in 0..N_KILLS {
        let discord = Loopback::start();
        let health = free_address();
        let bot = Process::run(&discord, &knowledge, &[QUIET, ("HTTP_LISTEN", &health.to_string())]);
        discord.wait_until_ready();
        // Killed once the last is answered: its record, and those before it, are then queued, being written, or written.
        let n_questions = 1 + kill % 7;
        for _ in 0..n_questions {
            discord.asked(IN_CHANNEL, QUESTION);
        }
        // At once, while they gather, and once they are said to be written.
        let are_written = kill % 3 == 2;
        if are_written {
            wait_for(health, "/metrics", "the end of the queue", |_, text| {
                text.contains("\nbriefing_bot_store_records_queued 0\n")
            });
        } else {
            std::thread::sleep(Duration::from_millis(150 * (kill % 3)));
        }
        bot.kill();
        let n_now = i64::try_from(n_questions).unwrap();
        n_answered += n_now;
        let now = block_on(n_counted_in_a_whole_store(&knowledge));
        assert!(
            (n_counted..=n_answered).contains(&now),
            "kill {kill}: {n_counted}, {now}, {n_answered}"
        );
        assert!(
            !are_written || now == n_counted + n_now,
            "kill {kill}: of {n_now} that were written {} are there",
            now - n_counted
        );
        n_counted = now;
    }
}

#[test]
fn killing_it_while_it_makes_its_store_starts_or_stops_leaves_the_store_whole() {
    let knowledge = Knowledge::harbour();
    let mut dice = Dice::new(SEED);
    let began = Instant::now();
    make_store(&knowledge);
    let life = began.elapsed();
    for kill in 0..N_KILLS_AT_ANY_TIME {
        // Every other one has to make it, and the next finds it as that one left it.
        if kill % 2 == 0 {
            for ending in ["", "-wal", "-shm"] {
                // Not every one of them is there.
                let _ = std::fs::remove_file(format!("{}{ending}", knowledge.store().display()));
            }
        }
        let discord = Loopback::start();
        let bot = Process::run(&discord, &knowledge, &[QUIET]);
        let span = if kill % 4 == 3 {
            discord.wait_until_ready();
            discord.asked(IN_CHANNEL, QUESTION);
            bot.signal("TERM");
            STOPS_WITHIN
        } else {
            life
        };
        let after = Duration::from_millis(dice.below(span.as_millis() as usize) as u64);
        std::thread::sleep(after);
        bot.kill();
        if knowledge.store().exists() {
            let when = format!("kill {kill}, after {after:?}");
            block_on(async { drop(open_whole(&knowledge, &when).await) });
        }
    }
    // The next one goes on with it.
    make_store(&knowledge);
    assert!(block_on(n_counted_in_a_whole_store(&knowledge)) >= 1);
}

#[test]
fn a_copy_that_is_put_back_is_what_the_next_run_remembers() {
    let knowledge = Knowledge::harbour();
    let store = knowledge.store();
    let copy = store.with_extension("copy");
    let discord = Loopback::start();
    let health = free_address();
    let bot = Process::run(&discord, &knowledge, &[QUIET, ("HTTP_LISTEN", &health.to_string())]);
    discord.wait_until_ready();
    let ask = |n_questions| {
        for _ in 0..n_questions {
            discord.asked(IN_CHANNEL, QUESTION);
        }
        wait_for(health, "/metrics", "the end of the queue", |_, text| {
            text.contains("\nbriefing_bot_store_records_queued 0\n")
        });
    };
    ask(2);
    // While it runs, as docs/OPERATING.md says.
    let copied = Command::new(program())
        .args(["store", "backup"])
        .arg(&copy)
        .env("DATABASE_URL", knowledge.store_url())
        .current_dir(knowledge.path())
        .output()
        .unwrap();
    assert!(copied.status.success(), "{copied:?}");
    ask(3);
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    let before = store.with_extension("before");
    std::fs::create_dir(&before).unwrap();
    for entry in std::fs::read_dir(store.parent().unwrap()).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap();
        if name.to_str().unwrap().starts_with("store.sqlite") {
            std::fs::rename(&file, before.join(name)).unwrap();
        }
    }
    std::fs::copy(&copy, &store).unwrap();
    let discord = Loopback::start();
    let bot = Process::run(&discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    // Two that were answered before the copy was made, and one after it was put back.
    assert_eq!(block_on(n_counted_in_a_whole_store(&knowledge)), 3);
}

#[test]
fn a_read_only_store_costs_no_answer() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    make_store(&knowledge);
    // Permission bits do not stop root, so it is run as another user, who may not reach the build's own folder.
    let stage = tempfile::tempdir().unwrap();
    let program = stage.path().join("briefing-bot");
    std::fs::copy(self::program(), &program).unwrap();
    let (store, its_folder) = (knowledge.store(), knowledge.store().parent().unwrap().to_owned());
    let allow = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(stage.path(), 0o755);
    allow(knowledge.path(), 0o755);
    allow(&its_folder, 0o555);
    allow(&store, 0o444);
    let as_nobody = as_nobody();
    let written = command_by(&as_nobody, Path::new("/bin/sh"))
        .args(["-c", "echo >> \"$0\""])
        .arg(&store)
        .output()
        .unwrap();
    assert!(
        !written.status.success(),
        "the fault must really be there, but the file can be written to"
    );

    let bot = Process::run_by(&as_nobody, &program, &discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    a_thousand_are_answered(&discord, bot);
    // Else whoever is not root could not remove it.
    allow(&its_folder, 0o755);
}

#[test]
fn a_full_disk_costs_no_answer() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    make_store(&knowledge);
    // A limit on the size of files, without the signal that comes with it: whatever is written past it fails.
    let limited = ["bash", "-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\""];
    let written = Command::new(limited[0])
        .args(&limited[1..])
        .args(["dd", "if=/dev/zero", "bs=64k", "count=1", "status=none"])
        .arg(format!("of={}", knowledge.store().with_extension("probe").display()))
        .output()
        .unwrap();
    assert!(
        !written.status.success(),
        "the fault must really be there, but a file can grow"
    );

    let bot = Process::run_by(&limited, program(), &discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    a_thousand_are_answered(&discord, bot);
}

#[test]
fn a_store_that_cannot_be_made_costs_no_answer() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    // A folder that is a file.
    let blocked = knowledge.store().with_extension("blocked");
    std::fs::write(&blocked, "").unwrap();
    let url = format!("sqlite:{}/store.sqlite", blocked.display());
    let bot = Process::run(&discord, &knowledge, &[QUIET, ("DATABASE_URL", &url)]);
    discord.wait_until_ready();
    a_thousand_are_answered(&discord, bot);
}

#[test]
fn a_database_that_goes_away_costs_no_answer_and_is_used_again() {
    let Some(database) = block_on(Database::new()) else {
        return;
    };
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let proxy = Proxy::to(&database.server_address());
    let url = database.url_by(proxy.address());
    let bot = Process::run(&discord, &knowledge, &[QUIET, ("DATABASE_URL", &url)]);
    discord.wait_until_ready();
    discord.asked(IN_CHANNEL, QUESTION);
    block_on(until_counted(&database, 1));
    proxy.cut();
    for _ in 0..N_QUESTIONS {
        discord.asked(IN_CHANNEL, QUESTION);
    }
    proxy.mend();
    block_on(until_counted(&database, 1 + N_QUESTIONS as u64));
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
    block_on(database.drop());
}

/// Waits until so many answers are counted.
async fn until_counted(database: &Database, expected: u64) {
    use briefing_bot::store::{Store, Timestamp};
    let store = database.store();
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let counts = store.answer_counts(Timestamp(0).day()).await.unwrap();
        let n: u64 = counts.iter().map(|count| count.n).sum();
        if n == expected {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{n} of {expected} are counted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await;
}
