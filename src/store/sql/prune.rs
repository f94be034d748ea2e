//! What the store forgets, and when.
//!
//! Promise: however much there is to forget, no transaction is long, since others wait for it, and what went before a
//! failure stays gone, so that the next attempt has less to do.

use sqlx::{query, query_as, query_scalar};

use super::read::{self, KeptRow};
use super::{Backend, Connection, write};
use crate::store::process::FORGET_PROCESS_AFTER_SECONDS;
use crate::store::{FORGET_CHANNEL_AFTER_SECONDS, FORGET_SERVER_AFTER_DAYS, Pruned, StoreError, Timestamp};

/// The identify budget looks back one day; nothing else needs these times.
const KEEP_IDENTIFIES_DAYS: u32 = 2;
/// Rows of one transaction: some tens of milliseconds of work, and few enough transactions for millions of rows.
const MAX_AT_ONCE: u32 = 5000;
/// Questions that one transaction reads again: each may take three statements of its own.
const READ_AT_ONCE: u32 = 500;

/// By time in seconds. Each says the age twice: a row that was renewed while the statement ran is not old any more.
const EXPIRED_BY_TIME: [&str; 3] = [
    "DELETE FROM kept_questions WHERE last_asked_at < $1 AND number IN
         (SELECT number FROM kept_questions WHERE last_asked_at < $1 ORDER BY last_asked_at LIMIT $2)",
    "DELETE FROM votes WHERE voted_at < $1 AND (member, fact) IN
         (SELECT member, fact FROM votes WHERE voted_at < $1 ORDER BY voted_at LIMIT $2)",
    "DELETE FROM reloads WHERE at < $1 AND number IN
         (SELECT number FROM reloads WHERE at < $1 ORDER BY at LIMIT $2)",
];
/// By day.
const EXPIRED_BY_DAY: [&str; 2] = [
    "DELETE FROM unanswered_counts WHERE (day, nearest, outcome) IN
         (SELECT day, nearest, outcome FROM unanswered_counts WHERE day < $1 ORDER BY day, nearest, outcome LIMIT $2)",
    "DELETE FROM answer_counts WHERE (day, fact) IN
         (SELECT day, fact FROM answer_counts WHERE day < $1 ORDER BY day, fact LIMIT $2)",
];
const OLD_IDENTIFIES: &str =
    "DELETE FROM identifies WHERE at IN (SELECT at FROM identifies WHERE at < $1 ORDER BY at LIMIT $2)";
const SILENT_PROCESSES: &str = "DELETE FROM processes WHERE seen_at < $1 AND id IN
         (SELECT id FROM processes WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)";
const OLD_CHANNELS: &str = "DELETE FROM asked_channels WHERE noted_at < $1 AND channel IN
         (SELECT channel FROM asked_channels WHERE noted_at < $1 ORDER BY noted_at LIMIT $2)";
/// Of servers that the bot was removed from before this time; the list of them last.
const OF_LEFT_SERVERS: [&str; 4] = [
    "DELETE FROM server_settings WHERE server IN
         (SELECT server FROM server_settings
          WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1) LIMIT $2)",
    "DELETE FROM kept_questions WHERE number IN
         (SELECT number FROM kept_questions
          WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1) LIMIT $2)",
    "DELETE FROM votes WHERE (member, fact) IN
         (SELECT member, fact FROM votes
          WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1) LIMIT $2)",
    "DELETE FROM left_servers WHERE left_at < $1 AND server IN
         (SELECT server FROM left_servers WHERE left_at < $1 LIMIT $2)",
];

/// What is older than this goes.
#[derive(Clone, Copy)]
enum Before<'a> {
    Time(Timestamp),
    Day(&'a str),
}

pub(super) async fn prune(backend: &Backend, now: Timestamp, retention_days: u32) -> Result<Pruned, StoreError> {
    let mut pruned = Pruned::default();
    let oldest = now.days_before(retention_days);
    for statement in EXPIRED_BY_TIME {
        pruned.n_expired += forget(backend, statement, Before::Time(oldest)).await?;
    }
    let oldest_day = oldest.day();
    for statement in EXPIRED_BY_DAY {
        pruned.n_expired += forget(backend, statement, Before::Day(oldest_day.as_str())).await?;
    }
    for (statement, oldest) in [
        (OLD_IDENTIFIES, now.days_before(KEEP_IDENTIFIES_DAYS)),
        (SILENT_PROCESSES, now.seconds_before(FORGET_PROCESS_AFTER_SECONDS)),
        (OLD_CHANNELS, now.seconds_before(FORGET_CHANNEL_AFTER_SECONDS)),
    ] {
        forget(backend, statement, Before::Time(oldest)).await?;
    }
    let left_before = Before::Time(now.days_before(FORGET_SERVER_AFTER_DAYS));
    for statement in OF_LEFT_SERVERS {
        pruned.n_of_left_servers += forget(backend, statement, left_before).await?;
    }
    read_again(backend).await?;
    Ok(pruned)
}

/// Deletes so many rows at a time, until there are none; returns how many there were.
async fn forget(backend: &Backend, statement: &'static str, before: Before<'_>) -> Result<u64, StoreError> {
    let mut n_deleted = 0;
    loop {
        let mut transaction = backend.begin_pruning().await?;
        let n = delete(&mut transaction, statement, before).await?;
        transaction.commit().await?;
        n_deleted += n;
        if n < u64::from(MAX_AT_ONCE) {
            return Ok(n_deleted);
        }
    }
}

async fn delete(connection: &mut Connection, statement: &'static str, before: Before<'_>) -> Result<u64, StoreError> {
    let statement = match before {
        Before::Time(at) => query(statement).bind(at.0),
        Before::Day(day) => query(statement).bind(day),
    };
    let done = statement.bind(i64::from(MAX_AT_ONCE)).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Takes what is not kept any more out of the words of questions that an earlier version kept: once, after its tables were
/// changed.
async fn read_again(backend: &Backend) -> Result<(), StoreError> {
    loop {
        let mut transaction = backend.begin_pruning().await?;
        let is_any = read_some_again(&mut transaction).await?;
        transaction.commit().await?;
        if !is_any {
            return Ok(());
        }
    }
}

/// Whether there were any.
async fn read_some_again(connection: &mut Connection) -> Result<bool, StoreError> {
    // By number, so that what another process has read meanwhile is not taken for what is read here.
    let last: Option<i64> = query_scalar(
        "SELECT MAX(number) FROM (SELECT number FROM questions_to_read_again ORDER BY number LIMIT $1) AS part",
    )
    .bind(i64::from(READ_AT_ONCE))
    .fetch_one(&mut *connection)
    .await?;
    let Some(last) = last else {
        return Ok(false);
    };
    let rows: Vec<KeptRow> = query_as(
        "SELECT number, server, words, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at
         FROM kept_questions WHERE number IN (SELECT number FROM questions_to_read_again WHERE number <= $1)
         ORDER BY last_asked_at",
    )
    .bind(last)
    .fetch_all(&mut *connection)
    .await?;
    for kept in rows.into_iter().map(read::kept_question) {
        let again = kept.entry.clone().kept_again();
        if again == kept.entry {
            continue;
        }
        let taken = query("DELETE FROM kept_questions WHERE number = $1")
            .bind(kept.number)
            .execute(&mut *connection)
            .await?;
        // Another process may have been faster, or somebody may have deleted it.
        if taken.rows_affected() > 0 {
            write::kept_question(connection, &again).await?;
        }
    }
    query("DELETE FROM questions_to_read_again WHERE number <= $1")
        .bind(last)
        .execute(connection)
        .await?;
    Ok(true)
}
