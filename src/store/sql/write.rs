//! What changes the store.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use sqlx::query_builder::{QueryBuilder, Separated};
use sqlx::{query, query_scalar};

use super::{Connection, scope_to_store, server_to_store, to_i64};
use crate::store::record::{fact_to_store, nearest_to_store};
use crate::store::{
    AskedChannel, KeptQuestion, MemberHash, Rating, Record, ReloadRecord, Scope, ServerSettings, SettingsEdit, Shard,
    Snowflake, StoreError, Timestamp, Vote,
};

/// Servers in one statement, which takes some 32,000 values at most.
const SERVERS_AT_ONCE: usize = 1000;

type Database = <Connection as sqlx::Connection>::Database;
/// The values of one row.
type Values<'a> = Separated<'a, Database, &'static str>;

/// Records of a batch that are counts, summed up, and those of which the last counts. In the order of their keys, so
/// that two processes that write at once never wait for each other in a circle.
#[derive(Default)]
struct Sums {
    /// By day and fact.
    answers: BTreeMap<(String, String), i64>,
    /// By day, nearest fact and outcome.
    unanswered: BTreeMap<(String, String, &'static str), i64>,
    /// The last of each channel.
    channels: BTreeMap<Snowflake, AskedChannel>,
    /// Servers that the bot is in. After a start all of a shard come within seconds, each in a record of its own.
    joined: BTreeSet<Snowflake>,
}

impl Sums {
    async fn write(self, connection: &mut Connection) -> Result<(), StoreError> {
        servers_joined(connection, self.joined).await?;
        let channels: Vec<AskedChannel> = self.channels.into_values().collect();
        asked_channels(connection, &channels).await?;
        let answers = self.answers.iter();
        let answers: Vec<_> = answers
            .map(|((day, fact), n)| (day.as_str(), fact.as_str(), *n))
            .collect();
        answer_counts(connection, &answers).await?;
        let unanswered = self.unanswered.iter();
        let unanswered: Vec<_> = unanswered
            .map(|((day, nearest, outcome), n)| (day.as_str(), nearest.as_str(), *outcome, *n))
            .collect();
        unanswered_counts(connection, &unanswered).await
    }
}

pub(super) async fn records(connection: &mut Connection, records: &[Record]) -> Result<(), StoreError> {
    let mut sums = Sums::default();
    for record in records {
        match record {
            Record::Answered { facts, at } => {
                for fact in facts {
                    let key = (at.day().to_string(), fact_to_store(fact));
                    *sums.answers.entry(key).or_default() += 1;
                }
            }
            Record::Unanswered { outcome, nearest, at } => {
                let key = (at.day().to_string(), nearest_to_store(nearest.as_ref()), outcome.name());
                *sums.unanswered.entry(key).or_default() += 1;
            }
            Record::Kept(question) => kept_question(connection, question).await?,
            Record::Voted(given) => vote(connection, given).await?,
            Record::VotesDeleted { member } => _ = delete_votes_of(connection, member).await?,
            Record::Reloaded(done) => reload(connection, done).await?,
            Record::Identified { at } => identify(connection, *at, 1).await?,
            Record::AskedIn(asked) => {
                sums.channels.insert(asked.channel, *asked);
            }
            Record::ServerLeft { server, at } => {
                sums.channels.retain(|_, asked| asked.server != Some(*server));
                // It was joined before, so that this removal counts, and not an earlier one.
                if sums.joined.remove(server) {
                    server_joined(connection, *server).await?;
                }
                removed_from(connection, *server, *at).await?;
            }
            Record::ServerJoined { server } => _ = sums.joined.insert(*server),
            Record::SessionBegan { shard, servers, at } => {
                // A server that was joined before the session may be missed by it.
                servers_joined(connection, std::mem::take(&mut sums.joined)).await?;
                let now = servers.iter().copied().collect();
                for server in missed_by(connection, *shard, &now).await? {
                    sums.channels.retain(|_, asked| asked.server != Some(server));
                    removed_from(connection, server, *at).await?;
                }
                sums.joined = now;
            }
        }
    }
    sums.write(connection).await
}

/// A statement that puts in all rows at once, since each statement goes to the database's own thread, or over the network,
/// and back. No two of the rows may have the same key; `conflict` is what is done with one whose key is there.
fn insertion<Row>(
    into: &str,
    rows: &[Row],
    mut bind: impl FnMut(&mut Values<'_>, &Row),
    conflict: &str,
) -> QueryBuilder<Database> {
    let mut statement = QueryBuilder::new(format!("INSERT INTO {into} "));
    statement.push_values(rows, |mut values, row| bind(&mut values, row));
    statement.push(format!(" ON CONFLICT {conflict}"));
    statement
}

/// Runs a statement whose text is another for each number of rows, so that nothing of it is worth keeping.
async fn run(connection: &mut Connection, mut statement: QueryBuilder<Database>) -> Result<(), StoreError> {
    statement.build().persistent(false).execute(connection).await?;
    Ok(())
}

/// Each: day, fact, how often.
pub(super) async fn answer_counts(connection: &mut Connection, counts: &[(&str, &str, i64)]) -> Result<(), StoreError> {
    if counts.is_empty() {
        return Ok(());
    }
    let statement = insertion(
        "answer_counts (day, fact, n)",
        counts,
        |values, (day, fact, n)| _ = values.push_bind(*day).push_bind(*fact).push_bind(*n),
        "(day, fact) DO UPDATE SET n = answer_counts.n + excluded.n",
    );
    run(connection, statement).await
}

/// Each: day, nearest fact, outcome, how often.
pub(super) async fn unanswered_counts(
    connection: &mut Connection,
    counts: &[(&str, &str, &str, i64)],
) -> Result<(), StoreError> {
    if counts.is_empty() {
        return Ok(());
    }
    let statement = insertion(
        "unanswered_counts (day, nearest, outcome, n)",
        counts,
        |values, (day, nearest, outcome, n)| {
            values
                .push_bind(*day)
                .push_bind(*nearest)
                .push_bind(*outcome)
                .push_bind(*n);
        },
        "(day, nearest, outcome) DO UPDATE SET n = unanswered_counts.n + excluded.n",
    );
    run(connection, statement).await
}

pub(super) async fn kept_question(connection: &mut Connection, question: &KeptQuestion) -> Result<(), StoreError> {
    if question.words.is_empty() {
        return Ok(());
    }
    query(
        "INSERT INTO kept_questions
             (server, words, digest, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (server, digest) DO UPDATE SET
             outcome = excluded.outcome, nearest = excluded.nearest, confidence = excluded.confidence,
             n_asked = kept_questions.n_asked + excluded.n_asked,
             first_asked_at = CASE WHEN excluded.first_asked_at < kept_questions.first_asked_at
                 THEN excluded.first_asked_at ELSE kept_questions.first_asked_at END,
             last_asked_at = CASE WHEN excluded.last_asked_at > kept_questions.last_asked_at
                 THEN excluded.last_asked_at ELSE kept_questions.last_asked_at END",
    )
    .bind(server_to_store(question.server))
    .bind(&question.words)
    .bind(digest(&question.words))
    .bind(question.outcome.name())
    .bind(nearest_to_store(question.nearest.as_ref()))
    .bind(question.confidence)
    .bind(to_i64(question.n_asked))
    .bind(question.first_asked_at.0)
    .bind(question.last_asked_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn vote(connection: &mut Connection, vote: &Vote) -> Result<(), StoreError> {
    query(
        "INSERT INTO votes (member, fact, server, is_helpful, voted_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (member, fact) DO UPDATE SET
             server = excluded.server, is_helpful = excluded.is_helpful, voted_at = excluded.voted_at",
    )
    .bind(vote.member.as_str())
    .bind(fact_to_store(&vote.fact))
    .bind(server_to_store(vote.server))
    .bind(vote.rating == Rating::Helpful)
    .bind(vote.at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// What was noted last counts: whoever notes knows which questions are still being answered.
pub(super) async fn asked_channels(connection: &mut Connection, channels: &[AskedChannel]) -> Result<(), StoreError> {
    if channels.is_empty() {
        return Ok(());
    }
    let statement = insertion(
        "asked_channels (channel, server, asked_at, noted_at)",
        channels,
        |values, asked| {
            values
                .push_bind(asked.channel.to_store())
                .push_bind(server_to_store(asked.server))
                .push_bind(asked.asked_at.0)
                .push_bind(asked.noted_at.0);
        },
        "(channel) DO UPDATE SET server = excluded.server, noted_at = excluded.noted_at, asked_at = excluded.asked_at
         WHERE excluded.noted_at >= asked_channels.noted_at",
    );
    run(connection, statement).await
}

/// The servers of a shard that the bot was in and is not any more.
async fn missed_by(
    connection: &mut Connection,
    shard: Shard,
    now: &BTreeSet<Snowflake>,
) -> Result<Vec<Snowflake>, StoreError> {
    let before: Vec<i64> = query_scalar("SELECT server FROM joined_servers ORDER BY server")
        .fetch_all(connection)
        .await?;
    let before = before.into_iter().filter_map(Snowflake::from_store);
    Ok(before
        .filter(|server| shard.has(*server) && !now.contains(server))
        .collect())
}

async fn removed_from(connection: &mut Connection, server: Snowflake, at: Timestamp) -> Result<(), StoreError> {
    query("DELETE FROM joined_servers WHERE server = $1")
        .bind(server.to_store())
        .execute(&mut *connection)
        .await?;
    forget_channels(connection, server).await?;
    server_left(connection, server, at).await
}

async fn forget_channels(connection: &mut Connection, server: Snowflake) -> Result<(), StoreError> {
    query("DELETE FROM asked_channels WHERE server = $1")
        .bind(server.to_store())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn reload(connection: &mut Connection, reload: &ReloadRecord) -> Result<(), StoreError> {
    query("INSERT INTO reloads (at, requested_by, result, revision, n_facts, refusal) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(reload.at.0)
        .bind(&reload.by)
        .bind(reload.result.name())
        .bind(&reload.revision)
        .bind(to_i64(reload.n_facts))
        .bind(&reload.refusal)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn identify(connection: &mut Connection, at: Timestamp, n: i64) -> Result<(), StoreError> {
    query(
        "INSERT INTO identifies (at, n) VALUES ($1, $2)
         ON CONFLICT (at) DO UPDATE SET n = identifies.n + excluded.n",
    )
    .bind(at.0)
    .bind(n)
    .execute(connection)
    .await?;
    Ok(())
}

/// The first time counts: the bot cannot be removed twice without having been in the server between.
pub(super) async fn server_left(
    connection: &mut Connection,
    server: Snowflake,
    at: Timestamp,
) -> Result<(), StoreError> {
    query("INSERT INTO left_servers (server, left_at) VALUES ($1, $2) ON CONFLICT (server) DO NOTHING")
        .bind(server.to_store())
        .bind(at.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn server_joined(connection: &mut Connection, server: Snowflake) -> Result<(), StoreError> {
    servers_joined(connection, BTreeSet::from([server])).await
}

/// A shard has up to 2,500 of them, and a batch must be written in time: so many at once, never one by one.
async fn servers_joined(connection: &mut Connection, servers: BTreeSet<Snowflake>) -> Result<(), StoreError> {
    let servers: Vec<Snowflake> = servers.into_iter().collect();
    for some in servers.chunks(SERVERS_AT_ONCE) {
        let mut not_left = QueryBuilder::<Database>::new("DELETE FROM left_servers WHERE server IN (");
        let mut ids = not_left.separated(", ");
        for server in some {
            ids.push_bind(server.to_store());
        }
        not_left.push(")");
        run(connection, not_left).await?;
        let joined = insertion(
            "joined_servers (server)",
            some,
            |values, server| _ = values.push_bind(server.to_store()),
            "(server) DO NOTHING",
        );
        run(connection, joined).await?;
    }
    Ok(())
}

pub(super) async fn edit_settings(
    connection: &mut Connection,
    server: Snowflake,
    edit: SettingsEdit,
    now: Timestamp,
) -> Result<ServerSettings, StoreError> {
    // Written to before it is read: from then on the row is this transaction's, and whoever else edits it waits.
    let text: String = query_scalar(
        "INSERT INTO server_settings (server, settings, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (server) DO UPDATE SET changed_at = excluded.changed_at RETURNING settings",
    )
    .bind(server.to_store())
    .bind(settings_to_store(&ServerSettings::default())?)
    .bind(now.0)
    .fetch_one(&mut *connection)
    .await?;
    let mut edited = ServerSettings::from_text(&text)?;
    edit(&mut edited);
    settings(connection, server, &edited, now).await?;
    Ok(edited)
}

pub(super) async fn settings(
    connection: &mut Connection,
    server: Snowflake,
    settings: &ServerSettings,
    now: Timestamp,
) -> Result<(), StoreError> {
    settings_text(connection, server, &settings_to_store(settings)?, now).await
}

/// As the store has them.
pub(super) async fn settings_text(
    connection: &mut Connection,
    server: Snowflake,
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO server_settings (server, settings, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (server) DO UPDATE SET settings = excluded.settings, changed_at = excluded.changed_at",
    )
    .bind(server.to_store())
    .bind(text)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

fn settings_to_store(settings: &ServerSettings) -> Result<String, StoreError> {
    settings
        .to_text()
        .map_err(|error| StoreError::Refused(error.to_string()))
}

pub(super) async fn delete_kept_question(
    connection: &mut Connection,
    number: i64,
    scope: Scope,
) -> Result<bool, StoreError> {
    let (is_all, server) = scope_to_store(scope);
    let done = query("DELETE FROM kept_questions WHERE number = $1 AND ($2 = 1 OR server = $3)")
        .bind(number)
        .bind(is_all)
        .bind(server)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn delete_votes_of(connection: &mut Connection, member: &MemberHash) -> Result<u64, StoreError> {
    let done = query("DELETE FROM votes WHERE member = $1")
        .bind(member.as_str())
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Questions that differ in the case of letters only are one.
fn digest(words: &str) -> String {
    let hash = Sha256::digest(words.to_lowercase());
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
