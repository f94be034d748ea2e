//! What one process at a time may do.

use sqlx::query;

use super::Connection;
use crate::store::{ProcessId, StoreError, Timestamp};

pub(super) async fn claim(
    connection: &mut Connection,
    what: &str,
    holder: &ProcessId,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO claims (what, holder, held_until) VALUES ($1, $2, $3)
         ON CONFLICT (what) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
         WHERE claims.held_until <= $4 OR claims.holder = excluded.holder",
    )
    .bind(what)
    .bind(holder.as_str())
    .bind(until.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn release(connection: &mut Connection, what: &str, holder: &ProcessId) -> Result<(), StoreError> {
    query("DELETE FROM claims WHERE what = $1 AND holder = $2")
        .bind(what)
        .bind(holder.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
