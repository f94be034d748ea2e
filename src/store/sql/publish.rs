//! Publications: written whole in one row, so that nobody ever sees half of one.
//!
//! Promise: none is taken, or read into memory, that is larger than a folder may be.

use sqlx::{query_as, query_scalar};

use super::{Connection, count, to_i64};
use crate::fact::files::MAX_TOTAL_BYTES;
use crate::store::publication::{MAX_STORED_BYTES, too_large};
use crate::store::{Numbered, Publication, PublicationHead, StoreError, Timestamp};

/// A row of publications: number, when, revision, number of facts, files.
type PublicationRow = (i64, i64, String, i64, String);

pub(super) async fn publish(connection: &mut Connection, publication: &Publication) -> Result<i64, StoreError> {
    publication.check_size(MAX_TOTAL_BYTES)?;
    let files = serde_json::to_string(&publication.files).map_err(|error| StoreError::Refused(error.to_string()))?;
    let number = query_scalar(
        "INSERT INTO publications (published_at, revision, n_facts, files) VALUES ($1, $2, $3, $4) RETURNING number",
    )
    .bind(publication.at.0)
    .bind(&publication.revision)
    .bind(to_i64(publication.n_facts))
    .bind(files)
    .fetch_one(connection)
    .await?;
    Ok(number)
}

pub(super) async fn latest_number(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    Ok(query_scalar("SELECT MAX(number) FROM publications")
        .fetch_one(connection)
        .await?)
}

pub(super) async fn publication(
    connection: &mut Connection,
    number: Option<i64>,
) -> Result<Option<Numbered<Publication>>, StoreError> {
    // Whoever can write to the database may have put there what no program published.
    let size: Option<(i64, i64)> = query_as(
        "SELECT number, CAST(OCTET_LENGTH(files) AS BIGINT) FROM publications
         WHERE number = COALESCE($1, (SELECT MAX(number) FROM publications))",
    )
    .bind(number)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((number, n_bytes)) = size else {
        return Ok(None);
    };
    if count(n_bytes) > MAX_STORED_BYTES {
        return Err(too_large(count(n_bytes), MAX_STORED_BYTES));
    }
    let row: PublicationRow =
        query_as("SELECT number, published_at, revision, n_facts, files FROM publications WHERE number = $1")
            .bind(number)
            .fetch_one(connection)
            .await?;
    read(row).map(Some)
}

/// A row of publications without its files.
type HeadRow = (i64, i64, String, i64);

pub(super) async fn publications(
    connection: &mut Connection,
    limit: u32,
) -> Result<Vec<Numbered<PublicationHead>>, StoreError> {
    let rows: Vec<HeadRow> =
        query_as("SELECT number, published_at, revision, n_facts FROM publications ORDER BY number DESC LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?;
    let head = |(number, at, revision, n_facts): HeadRow| Numbered {
        number,
        entry: PublicationHead {
            at: Timestamp(at),
            revision,
            n_facts: count(n_facts),
        },
    };
    Ok(rows.into_iter().map(head).collect())
}

fn read(row: PublicationRow) -> Result<Numbered<Publication>, StoreError> {
    let (number, at, revision, n_facts, files) = row;
    let files = serde_json::from_str(&files)
        .map_err(|error| StoreError::Refused(format!("publication {number} cannot be read: {error}")))?;
    Ok(Numbered {
        number,
        entry: Publication {
            at: Timestamp(at),
            revision,
            n_facts: count(n_facts),
            files,
        },
    })
}
