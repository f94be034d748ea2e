//! What the store forgets, and when.

use sqlx::query;

use super::Connection;
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
    Ok(pruned)
}
