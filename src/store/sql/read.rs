//! What asks the store.

use sqlx::{query_as, query_scalar};

use super::{Connection, count, scope_to_store};
use crate::fact::FactRef;
use crate::store::record::fact_from_store;
use crate::store::{
    AskedChannel, Day, FactCount, FactRating, KeptQuestion, Listing, MemberHash, Numbered, Page, Rating, ReadSettings,
    ReloadRecord, ReloadResult, Scope, ServerSettings, Snowflake, StoreError, Timestamp, Unanswered, UnansweredCount,
    Vote,
};

pub(super) async fn all_settings(connection: &mut Connection) -> Result<Vec<ReadSettings>, StoreError> {
    let rows: Vec<(i64, String)> = query_as("SELECT server, settings FROM server_settings ORDER BY server")
        .fetch_all(connection)
        .await?;
    let read = |(server, text): (i64, String)| {
        let server = Snowflake::from_store(server)?;
        Some((server, ServerSettings::from_text(&text)))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A row of kept questions: number, server, words, outcome, nearest, confidence, how often, first, last.
pub(super) type KeptRow = (i64, i64, String, String, String, f64, i64, i64, i64);

pub(super) async fn kept_questions(
    connection: &mut Connection,
    scope: Scope,
    page: Page,
) -> Result<Listing<Numbered<KeptQuestion>>, StoreError> {
    let (is_all, server) = scope_to_store(scope);
    let n_total: i64 = query_scalar("SELECT COUNT(*) FROM kept_questions WHERE $1 = 1 OR server = $2")
        .bind(is_all)
        .bind(server)
        .fetch_one(&mut *connection)
        .await?;
    let rows: Vec<KeptRow> = query_as(
        "SELECT number, server, words, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at
         FROM kept_questions WHERE $1 = 1 OR server = $2
         ORDER BY n_asked DESC, last_asked_at DESC, number DESC LIMIT $3 OFFSET $4",
    )
    .bind(is_all)
    .bind(server)
    .bind(i64::from(page.limit))
    .bind(i64::from(page.offset))
    .fetch_all(connection)
    .await?;
    Ok(Listing {
        rows: rows.into_iter().map(kept_question).collect(),
        n_total: count(n_total),
    })
}

pub(super) fn kept_question(row: KeptRow) -> Numbered<KeptQuestion> {
    let (number, server, words, outcome, nearest, confidence, n_asked, first, last) = row;
    Numbered {
        number,
        entry: KeptQuestion {
            server: Snowflake::from_store(server),
            words,
            outcome: Unanswered::from_store(&outcome),
            nearest: fact_from_store(&nearest),
            confidence,
            n_asked: count(n_asked),
            first_asked_at: Timestamp(first),
            last_asked_at: Timestamp(last),
        },
    }
}

/// A row of votes: member, fact, server, whether it helped, when.
pub(super) type VoteRow = (String, String, i64, bool, i64);

pub(super) fn vote(row: VoteRow) -> Result<Vote, StoreError> {
    let (member, fact, server, is_helpful, at) = row;
    Ok(Vote {
        member: MemberHash::from_store(member),
        fact: named_fact(&fact)?,
        server: Snowflake::from_store(server),
        rating: if is_helpful {
            Rating::Helpful
        } else {
            Rating::NotHelpful
        },
        at: Timestamp(at),
    })
}

pub(super) async fn votes_of(connection: &mut Connection, member: &MemberHash) -> Result<Vec<Vote>, StoreError> {
    let rows: Vec<VoteRow> = query_as(
        "SELECT member, fact, server, is_helpful, voted_at FROM votes WHERE member = $1
         ORDER BY voted_at DESC, fact",
    )
    .bind(member.as_str())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(vote).collect()
}

pub(super) async fn ratings(connection: &mut Connection) -> Result<Vec<FactRating>, StoreError> {
    let rows: Vec<(String, i64, i64)> = query_as(
        "SELECT fact, CAST(SUM(CASE WHEN is_helpful THEN 1 ELSE 0 END) AS BIGINT) AS n_helpful,
             CAST(SUM(CASE WHEN is_helpful THEN 0 ELSE 1 END) AS BIGINT) AS n_not_helpful
         FROM votes GROUP BY fact ORDER BY n_not_helpful DESC, n_helpful, fact",
    )
    .fetch_all(connection)
    .await?;
    let read = |(fact, n_helpful, n_not_helpful): (String, i64, i64)| {
        Ok(FactRating {
            fact: named_fact(&fact)?,
            n_helpful: count(n_helpful),
            n_not_helpful: count(n_not_helpful),
        })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn answer_counts(connection: &mut Connection, since: &Day) -> Result<Vec<FactCount>, StoreError> {
    let rows: Vec<(String, i64)> = query_as(
        "SELECT fact, CAST(SUM(n) AS BIGINT) AS total FROM answer_counts WHERE day >= $1
         GROUP BY fact ORDER BY total DESC, fact",
    )
    .bind(since.as_str())
    .fetch_all(connection)
    .await?;
    let read = |(fact, n): (String, i64)| {
        Ok(FactCount {
            fact: named_fact(&fact)?,
            n: count(n),
        })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn unanswered_counts(
    connection: &mut Connection,
    since: &Day,
) -> Result<Vec<UnansweredCount>, StoreError> {
    let rows: Vec<(String, String, i64)> = query_as(
        "SELECT nearest, outcome, CAST(SUM(n) AS BIGINT) AS total FROM unanswered_counts WHERE day >= $1
         GROUP BY nearest, outcome ORDER BY total DESC, nearest, outcome",
    )
    .bind(since.as_str())
    .fetch_all(connection)
    .await?;
    let read = |(nearest, outcome, n): (String, String, i64)| UnansweredCount {
        nearest: fact_from_store(&nearest),
        outcome: Unanswered::from_store(&outcome),
        n: count(n),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A row of reloads: when, by whom, result, revision, number of facts, refusal.
pub(super) type ReloadRow = (i64, String, String, String, i64, String);

pub(super) fn reload(row: ReloadRow) -> ReloadRecord {
    let (at, by, result, revision, n_facts, refusal) = row;
    ReloadRecord {
        at: Timestamp(at),
        by,
        result: ReloadResult::from_store(&result),
        revision,
        n_facts: count(n_facts),
        refusal,
    }
}

pub(super) async fn reloads(connection: &mut Connection, limit: u32) -> Result<Vec<ReloadRecord>, StoreError> {
    let rows: Vec<ReloadRow> = query_as(
        "SELECT at, requested_by, result, revision, n_facts, refusal FROM reloads
         ORDER BY at DESC, number DESC LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(reload).collect())
}

pub(super) async fn n_identifies_since(connection: &mut Connection, since: Timestamp) -> Result<u64, StoreError> {
    let n: i64 = query_scalar("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM identifies WHERE at >= $1")
        .bind(since.0)
        .fetch_one(connection)
        .await?;
    Ok(count(n))
}

/// A fact that must be there.
pub(super) fn named_fact(text: &str) -> Result<FactRef, StoreError> {
    fact_from_store(text)
        .ok_or_else(|| StoreError::Unavailable(format!("expected a fact as `briefing/fact`, but found `{text}`")))
}

/// A row of channels: channel, server, asked, noted.
pub(super) type ChannelRow = (i64, i64, i64, i64);

pub(super) async fn asked_channels(
    connection: &mut Connection,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<AskedChannel>, StoreError> {
    let rows: Vec<ChannelRow> = query_as(
        "SELECT channel, server, asked_at, noted_at FROM asked_channels
         WHERE noted_at >= $1 ORDER BY noted_at DESC, channel LIMIT $2",
    )
    .bind(since.0)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(asked_channel).collect())
}

pub(super) fn asked_channel((channel, server, asked_at, noted_at): ChannelRow) -> Option<AskedChannel> {
    Some(AskedChannel {
        channel: Snowflake::from_store(channel)?,
        server: Snowflake::from_store(server),
        asked_at: Timestamp(asked_at),
        noted_at: Timestamp(noted_at),
    })
}
