//! Everything out, and everything in again.
//!
//! Promise: one entry that cannot be read keeps no other back.

use futures_util::TryStreamExt;
use sqlx::{query_as, query_scalar};

use super::publish;
use super::read::{self, ReloadRow, VoteRow, named_fact};
use super::{Connection, count, to_i64, write};
use crate::store::record::{fact_from_store, fact_to_store, nearest_to_store};
use crate::store::{Day, KeptQuestion, Row, ServerSettings, Snowflake, StoreError, Timestamp, Unanswered};

type Sink<'a> = &'a mut (dyn FnMut(Row) -> Result<(), StoreError> + Send);

pub(super) async fn export(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    servers(connection, sink).await?;
    questions(connection, sink).await?;
    counts(connection, sink).await?;
    history(connection, sink).await
}

async fn servers(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    let mut rows =
        query_as("SELECT server, settings, changed_at FROM server_settings ORDER BY server").fetch(&mut *connection);
    while let Some((server, settings, changed_at)) = rows.try_next().await? {
        let (server, text): (i64, String) = (server, settings);
        let changed_at = Timestamp(changed_at);
        let Some(server) = Snowflake::from_store(server) else {
            continue;
        };
        sink(match ServerSettings::from_text(&text) {
            Ok(settings) => Row::Settings {
                server,
                settings,
                changed_at,
            },
            Err(_) => Row::UnreadSettings {
                server,
                text,
                changed_at,
            },
        })?;
    }
    drop(rows);
    let mut rows = query_as("SELECT server FROM joined_servers ORDER BY server").fetch(&mut *connection);
    while let Some((server,)) = rows.try_next().await? {
        if let Some(server) = Snowflake::from_store(server) {
            sink(Row::JoinedServer { server })?;
        }
    }
    drop(rows);
    let mut rows = query_as("SELECT server, left_at FROM left_servers ORDER BY server").fetch(&mut *connection);
    while let Some((server, left_at)) = rows.try_next().await? {
        if let Some(server) = Snowflake::from_store(server) {
            sink(Row::LeftServer {
                server,
                left_at: Timestamp(left_at),
            })?;
        }
    }
    Ok(())
}

/// Server, words, outcome, nearest, confidence, how often, first, last.
type QuestionRow = (i64, String, String, String, f64, i64, i64, i64);

async fn questions(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    let mut rows = query_as(
        "SELECT server, words, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at
         FROM kept_questions ORDER BY number",
    )
    .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let (server, words, outcome, nearest, confidence, n_asked, first, last): QuestionRow = row;
        sink(Row::KeptQuestion(KeptQuestion {
            server: Snowflake::from_store(server),
            words,
            outcome: Unanswered::from_store(&outcome),
            nearest: fact_from_store(&nearest),
            confidence,
            n_asked: count(n_asked),
            first_asked_at: Timestamp(first),
            last_asked_at: Timestamp(last),
        }))?;
    }
    Ok(())
}

async fn counts(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    let mut rows = query_as("SELECT day, nearest, outcome, n FROM unanswered_counts ORDER BY day, nearest, outcome")
        .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let (day, nearest, outcome, n): (String, String, String, i64) = row;
        sink(Row::UnansweredCount {
            day: Day::from_store(day),
            nearest: fact_from_store(&nearest),
            outcome: Unanswered::from_store(&outcome),
            n: count(n),
        })?;
    }
    drop(rows);
    let mut rows = query_as("SELECT day, fact, n FROM answer_counts ORDER BY day, fact").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let (day, fact, n): (String, String, i64) = row;
        sink(Row::AnswerCount {
            day: Day::from_store(day),
            fact: named_fact(&fact)?,
            n: count(n),
        })?;
    }
    Ok(())
}

async fn history(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    let mut rows =
        query_as("SELECT member, fact, server, is_helpful, voted_at FROM votes ORDER BY voted_at, fact, member")
            .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let row: VoteRow = row;
        sink(Row::Vote(read::vote(row)?))?;
    }
    drop(rows);
    let mut rows = query_as("SELECT at, requested_by, result, revision, n_facts, refusal FROM reloads ORDER BY number")
        .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let row: ReloadRow = row;
        sink(Row::Reload(read::reload(row)))?;
    }
    drop(rows);
    publications(connection, sink).await?;
    let mut rows = query_as("SELECT at, n FROM identifies ORDER BY at").fetch(&mut *connection);
    while let Some((at, n)) = rows.try_next().await? {
        sink(Row::Identify {
            at: Timestamp(at),
            n: count(n),
        })?;
    }
    drop(rows);
    let mut rows = query_as("SELECT channel, server, asked_at, noted_at FROM asked_channels ORDER BY channel")
        .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        if let Some(asked) = read::asked_channel(row) {
            sink(Row::AskedChannel(asked))?;
        }
    }
    Ok(())
}

async fn publications(connection: &mut Connection, sink: Sink<'_>) -> Result<(), StoreError> {
    let numbers: Vec<i64> = query_scalar("SELECT number FROM publications ORDER BY number")
        .fetch_all(&mut *connection)
        .await?;
    // One at a time, so that none is in memory that is too large.
    for number in numbers {
        match publish::publication(connection, Some(number)).await {
            Ok(Some(publication)) => sink(Row::Publication(publication.entry))?,
            Ok(None) => {}
            Err(StoreError::Refused(reason)) => sink(Row::UnreadPublication { number, reason })?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(super) async fn import(connection: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        match row {
            Row::Settings {
                server,
                settings,
                changed_at,
            } => write::settings(connection, *server, settings, *changed_at).await?,
            Row::UnreadSettings {
                server,
                text,
                changed_at,
            } => write::settings_text(connection, *server, text, *changed_at).await?,
            Row::JoinedServer { server } => write::server_joined(connection, *server).await?,
            Row::LeftServer { server, left_at } => write::server_left(connection, *server, *left_at).await?,
            Row::KeptQuestion(question) => write::kept_question(connection, &question.clone().kept_again()).await?,
            Row::UnansweredCount {
                day,
                nearest,
                outcome,
                n,
            } => {
                let nearest = nearest_to_store(nearest.as_ref());
                let count = (day.as_str(), nearest.as_str(), outcome.name(), to_i64(*n));
                write::unanswered_counts(connection, &[count]).await?;
            }
            Row::AnswerCount { day, fact, n } => {
                let fact = fact_to_store(fact);
                write::answer_counts(connection, &[(day.as_str(), fact.as_str(), to_i64(*n))]).await?;
            }
            Row::Vote(vote) => write::vote(connection, vote).await?,
            Row::Reload(reload) => write::reload(connection, reload).await?,
            Row::Publication(publication) => drop(publish::publish(connection, publication).await?),
            Row::UnreadPublication { .. } => {}
            Row::AskedChannel(asked) => write::asked_channels(connection, std::slice::from_ref(asked)).await?,
            Row::Identify { at, n } => write::identify(connection, *at, to_i64(*n)).await?,
        }
    }
    Ok(())
}
