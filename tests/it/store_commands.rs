//! `store`: export, prune, backup, move.

use assert_cmd::Command;
use briefing_bot::fact::FactRef;
use briefing_bot::store::{Record, ReloadRecord, ReloadResult, Row, ServerSettings, SqliteStore, Store, Timestamp};
use std::num::NonZeroU64;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use crate::program::test_file;
use crate::support::{Database, put_settings};

fn run(url: &str, words: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
        .arg("store")
        .args(words)
        .current_dir(test_file(""))
        .env_clear()
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A store with a server's settings and an answer of today and one of long ago.
async fn stage(file: &Path) -> String {
    let store = SqliteStore::new(file);
    let answered = |fact: &str, at| Record::Answered {
        facts: vec![FactRef {
            briefing: "harbour".to_owned(),
            fact: fact.to_owned(),
        }],
        at,
    };
    let server = NonZeroU64::new(7).unwrap().into();
    let now = Timestamp::now();
    put_settings(&store, server, &ServerSettings::default(), now).await;
    let records = [answered("pier", now), answered("crane", now.days_before(100))];
    store.write(&records).await.unwrap();
    store.close().await;
    format!("sqlite:{}", file.display())
}

fn kinds(lines: &str) -> Vec<String> {
    let rows = lines.lines().map(|line| serde_json::from_str::<Row>(line).unwrap());
    rows.map(|row| format!("{row:?}").split(' ').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn everything_is_exported_pruned_and_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let url = stage(&folder.path().join("store.sqlite")).await;
    let (status, lines, _) = run(&url, &["export"]);
    assert_eq!(status, Some(0));
    assert_eq!(kinds(&lines), ["Settings", "AnswerCount", "AnswerCount"]);

    let copy = folder.path().join("copy.sqlite");
    let copied = run(&url, &["backup", copy.to_str().unwrap()]);
    assert_eq!(copied.0, Some(0), "{copied:?}");
    #[cfg(unix)]
    for file in ["store.sqlite", "copy.sqlite"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file} has questions of members in it");
    }
    let again = run(&url, &["backup", copy.to_str().unwrap()]);
    assert_eq!(again.0, Some(1), "a backup overwrote a file: {again:?}");

    let (status, said, _) = run(&url, &["prune"]);
    assert_eq!(status, Some(0));
    assert!(said.starts_with("entries removed: 1 older than 90 days"), "{said}");
    assert_eq!(kinds(&run(&url, &["export"]).1), ["Settings", "AnswerCount"]);
    let restored = run(&format!("sqlite:{}", copy.display()), &["export"]);
    assert_eq!(restored.1, lines, "the backup is as the store was");
}

#[tokio::test]
async fn a_backup_leaves_the_tables_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let url = stage(&file).await;
    // As an earlier version left them.
    let mut connection = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    for statement in [
        "DROP TABLE questions_to_read_again",
        "DELETE FROM _sqlx_migrations WHERE version = 9",
    ] {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    let copy = folder.path().join("copy.sqlite");
    let copied = run(&url, &["backup", copy.to_str().unwrap()]);
    assert_eq!(copied.0, Some(0), "{copied:?}");
    for file in [&file, &copy] {
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        let latest: i64 = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(latest, 8, "{}", file.display());
        connection.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_of_what_is_no_store_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    std::fs::write(
        &file,
        "no database at all, but a text that somebody saved there ".repeat(100),
    )
    .unwrap();
    let copy = folder.path().join("copy.sqlite");
    let copied = run(
        &format!("sqlite:{}", file.display()),
        &["backup", copy.to_str().unwrap()],
    );
    assert_eq!(copied.0, Some(1), "{copied:?}");
    assert!(!copy.exists());
}

#[tokio::test]
async fn reloads_are_listed_with_what_was_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let url = stage(&file).await;
    assert_eq!(run(&url, &["reloads"]).1, "no reload is written down\n");
    let reload = |at, by: &str, result, refusal: &str| {
        Record::Reloaded(ReloadRecord {
            at: Timestamp(at),
            by: by.to_owned(),
            result,
            revision: "0123abcd".to_owned(),
            n_facts: 12,
            refusal: refusal.to_owned(),
        })
    };
    let records = [
        reload(0, "start", ReloadResult::Replaced, ""),
        reload(
            61,
            "edit",
            ReloadResult::Refused,
            "works.toml:3: wrong\nworks.toml:4: wrong",
        ),
    ];
    let store = SqliteStore::new(&file);
    store.write(&records).await.unwrap();
    store.close().await;
    let listed = run(&url, &["reloads"]);
    expect_test::expect![[r"
        1970-01-01 00:01:01 UTC, by edit: refused, revision 0123abcd, 12 facts
            works.toml:3: wrong
            works.toml:4: wrong
        1970-01-01 00:00:00 UTC, by start: replaced, revision 0123abcd, 12 facts
    "]]
    .assert_eq(&listed.1);
}

#[tokio::test]
async fn a_store_moves_whole_and_into_an_empty_one_only() {
    let Some(database) = Database::new().await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = stage(&folder.path().join("store.sqlite")).await;
    let moved = run(&url, &["move", &database.url()]);
    assert_eq!(moved.0, Some(0), "{moved:?}");
    assert!(moved.1.starts_with("entries copied: 3\n"), "{moved:?}");
    assert_eq!(run(&database.url(), &["export"]).1, run(&url, &["export"]).1);
    let again = run(&url, &["move", &database.url()]);
    assert_eq!(again.0, Some(1));
    assert!(again.2.contains("not empty"), "{again:?}");
    let backup = run(&database.url(), &["backup", "copy"]);
    assert!(backup.2.contains("pg_dump"), "{backup:?}");
    database.drop().await;
}

#[test]
fn a_store_that_is_not_there_is_said_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let url = format!("sqlite:{}", file.display());
    for words in [
        &["export"][..],
        &["reloads"],
        &["prune"],
        &["backup", "copy"],
        &["move", "sqlite:other"],
    ] {
        let (status, _, said) = run(&url, words);
        assert_eq!(status, Some(1), "{words:?}: {said}");
        assert!(said.contains("there is no store at"), "{words:?}: {said}");
    }
    assert!(!file.exists());
    assert_eq!(run("mysql://x", &["export"]).0, Some(78));
}
