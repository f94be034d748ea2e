//! The list of processes.

use sqlx::{query, query_as};

use super::Connection;
use crate::store::{ProcessId, ProcessRecord, StoreError, Timestamp};

/// A row of processes: id, name, doors, version, revision, started, seen.
type ProcessRow = (String, String, String, String, String, i64, i64);

pub(super) async fn note(connection: &mut Connection, process: &ProcessRecord) -> Result<(), StoreError> {
    query(
        "INSERT INTO processes (id, name, doors, version, revision, started_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, seen_at = excluded.seen_at",
    )
    .bind(process.id.as_str())
    .bind(&process.name)
    .bind(&process.doors)
    .bind(&process.version)
    .bind(&process.revision)
    .bind(process.started_at.0)
    .bind(process.seen_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn forget(connection: &mut Connection, process: &ProcessId) -> Result<(), StoreError> {
    query("DELETE FROM processes WHERE id = $1")
        .bind(process.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn seen(connection: &mut Connection, since: Timestamp) -> Result<Vec<ProcessRecord>, StoreError> {
    let rows: Vec<ProcessRow> = query_as(
        "SELECT id, name, doors, version, revision, started_at, seen_at FROM processes
         WHERE seen_at >= $1 ORDER BY name, started_at, id",
    )
    .bind(since.0)
    .fetch_all(connection)
    .await?;
    let read = |(id, name, doors, version, revision, started_at, seen_at): ProcessRow| ProcessRecord {
        id: ProcessId::from_store(id),
        name,
        doors,
        version,
        revision,
        started_at: Timestamp(started_at),
        seen_at: Timestamp(seen_at),
    };
    Ok(rows.into_iter().map(read).collect())
}
