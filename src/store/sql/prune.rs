//! What the store forgets, and when.

use sqlx::{query, query_as};

use super::read::{self, KeptRow};
use super::{Connection, write};
use crate::store::process::FORGET_PROCESS_AFTER_SECONDS;
use crate::store::{FORGET_CHANNEL_AFTER_SECONDS, FORGET_SERVER_AFTER_DAYS, Pruned, StoreError, Timestamp};

/// The identify budget looks back one day; nothing else needs these times.
const KEEP_IDENTIFIES_DAYS: u32 = 2;

/// By time in seconds.
const EXPIRED_BY_TIME: [&str; 3] = [
    "DELETE FROM kept_questions WHERE last_asked_at < $1",
    "DELETE FROM votes WHERE voted_at < $1",
    "DELETE FROM reloads WHERE at < $1",
];
/// By day.
const EXPIRED_BY_DAY: [&str; 2] = [
    "DELETE FROM unanswered_counts WHERE day < $1",
    "DELETE FROM answer_counts WHERE day < $1",
];
/// Of servers that the bot was removed from before this time; the list of them last.
const OF_LEFT_SERVERS: [&str; 4] = [
    "DELETE FROM server_settings WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1)",
    "DELETE FROM kept_questions WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1)",
    "DELETE FROM votes WHERE server IN (SELECT server FROM left_servers WHERE left_at < $1)",
    "DELETE FROM left_servers WHERE left_at < $1",
];

pub(super) async fn prune(
    connection: &mut Connection,
    now: Timestamp,
    retention_days: u32,
) -> Result<Pruned, StoreError> {
    let mut pruned = Pruned::default();
    let oldest = now.days_before(retention_days);
    for statement in EXPIRED_BY_TIME {
        let done = query(statement).bind(oldest.0).execute(&mut *connection).await?;
        pruned.n_expired += done.rows_affected();
    }
    for statement in EXPIRED_BY_DAY {
        let done = query(statement)
            .bind(oldest.day().as_str())
            .execute(&mut *connection)
            .await?;
        pruned.n_expired += done.rows_affected();
    }
    query("DELETE FROM identifies WHERE at < $1")
        .bind(now.days_before(KEEP_IDENTIFIES_DAYS).0)
        .execute(&mut *connection)
        .await?;
    query("DELETE FROM processes WHERE seen_at < $1")
        .bind(now.seconds_before(FORGET_PROCESS_AFTER_SECONDS).0)
        .execute(&mut *connection)
        .await?;
    query("DELETE FROM asked_channels WHERE noted_at < $1")
        .bind(now.seconds_before(FORGET_CHANNEL_AFTER_SECONDS).0)
        .execute(&mut *connection)
        .await?;
    let left_before = now.days_before(FORGET_SERVER_AFTER_DAYS);
    for statement in OF_LEFT_SERVERS {
        let done = query(statement).bind(left_before.0).execute(&mut *connection).await?;
        pruned.n_of_left_servers += done.rows_affected();
    }
    read_again(connection).await?;
    Ok(pruned)
}

/// Takes what is not kept any more out of the words of questions that an earlier version kept: once, after its tables were
/// changed.
async fn read_again(connection: &mut Connection) -> Result<(), StoreError> {
    let rows: Vec<KeptRow> = query_as(
        "SELECT number, server, words, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at
         FROM kept_questions WHERE number IN (SELECT number FROM questions_to_read_again) ORDER BY last_asked_at",
    )
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
    query("DELETE FROM questions_to_read_again").execute(connection).await?;
    Ok(())
}
