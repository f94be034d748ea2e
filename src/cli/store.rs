//! `store`: looks after what the bot remembers, while it may be running.
//!
//! Promise: a store that is not there is not made by asking for it; a backup never overwrites a file, and changes nothing
//! in the store.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::{Outcome, StoreCommand, load_files};
use crate::config::{StoreConfig, StorePlace};
use crate::exit::{Exit, Failure};
use crate::fact::FactBase;
use crate::store::{
    FactRating, Numbered, Page, PostgresStore, ReloadRecord, Row, Scope, SqliteStore, Store, StoreError, Timestamp,
    UnansweredCount,
};

/// Reloads that are listed: what anybody would still look through.
const MAX_LISTED: u32 = 50;

/// Does what is asked with the store of the environment.
///
/// # Errors
/// If the environment is at fault, the store is not there or does not obey, or the output cannot be written.
pub fn run(command: &StoreCommand) -> Outcome {
    let config = StoreConfig::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = existing(&config.place)?;
        let done = match command {
            StoreCommand::Export => export(&*store).await,
            StoreCommand::Reloads => reloads(&*store).await,
            StoreCommand::Prune => prune(&*store, config.retention_days).await,
            StoreCommand::Backup { file } => backup(&config.place, file).await,
            StoreCommand::Move { url } => move_to(&*store, url).await,
        };
        store.close().await;
        done
    })
}

/// Questions that were left open and kept with their askers' consent, each with how often it was asked.
///
/// # Errors
/// If the environment is at fault, or the store is not there or does not obey.
pub(super) fn kept_questions() -> anyhow::Result<Vec<(String, usize)>> {
    /// As many at a time as a page of a list may hold.
    const AT_A_TIME: u32 = 500;
    let config = StoreConfig::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = existing(&config.place)?;
        let mut kept = Vec::new();
        loop {
            let page = Page {
                offset: u32::try_from(kept.len())?,
                limit: AT_A_TIME,
            };
            let listing = store.kept_questions(Scope::All, page).await?;
            let n_read = listing.rows.len();
            for Numbered { entry, .. } in listing.rows {
                kept.push((entry.words, usize::try_from(entry.n_asked)?));
            }
            if n_read == 0 || kept.len() as u64 >= listing.n_total {
                break;
            }
        }
        store.close().await;
        Ok(kept)
    })
}

/// What members made of their answers, in counts.
#[derive(Debug)]
pub(super) struct Feedback {
    /// How often questions were left open, by nearest fact.
    pub(super) unanswered: Vec<UnansweredCount>,
    /// The votes on facts, the least helpful first.
    pub(super) ratings: Vec<FactRating>,
}

/// All of it that is not too old to be kept.
///
/// # Errors
/// If the environment is at fault, or the store is not there or does not obey.
pub(super) fn feedback() -> anyhow::Result<Feedback> {
    let config = StoreConfig::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = existing(&config.place)?;
        let unanswered = store.unanswered_counts(Timestamp(0).day()).await?;
        let ratings = store.ratings().await?;
        store.close().await;
        Ok(Feedback { unanswered, ratings })
    })
}

/// The facts of a publication.
///
/// # Errors
/// If the environment is at fault, the store is not there or does not obey, or there is no such publication, or, by the
/// rules of this version, an error in it.
pub(super) fn published(number: i64) -> anyhow::Result<FactBase> {
    let config = StoreConfig::from_environment().map_err(|error| Failure::configuration(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let publication = runtime.block_on(async {
        let store = existing(&config.place)?;
        let publication = store.publication(Some(number)).await;
        store.close().await;
        anyhow::Ok(publication?)
    })?;
    let publication = publication.ok_or_else(|| Failure::not_held(format!("there is no publication {number}")))?;
    load_files(&publication.to_files())
}

/// A store that is there; a database is looked for when it is used.
pub(super) fn existing(place: &StorePlace) -> anyhow::Result<Box<dyn Store>> {
    match place {
        StorePlace::Sqlite(path) if !path.exists() => {
            let message = format!(
                "there is no store at `{}`\nhint: `DATABASE_URL` names it, and `run` makes it at its first start",
                path.display()
            );
            Err(Failure::not_held(message).into())
        }
        place => Ok(open(place)),
    }
}

/// A store, which is made when it is used.
pub(super) fn open(place: &StorePlace) -> Box<dyn Store> {
    match place {
        StorePlace::Sqlite(path) => Box::new(SqliteStore::new(path)),
        StorePlace::Postgres(url) => Box::new(PostgresStore::new(url.clone())),
    }
}

async fn export(store: &dyn Store) -> Outcome {
    let mut output = BufWriter::new(std::io::stdout());
    let mut unwritten = None;
    let mut sink = |row: Row| {
        warn_of_left_out(&row);
        let written = serde_json::to_string(&row)
            .map_err(std::io::Error::from)
            .and_then(|line| writeln!(output, "{line}"));
        written.map_err(|error| {
            let reason = error.to_string();
            unwritten = Some(error);
            StoreError::Refused(reason)
        })
    };
    let exported = store.export(&mut sink).await;
    if let Some(error) = unwritten {
        return Err(error.into());
    }
    exported?;
    output.flush()?;
    Ok(Exit::Done)
}

/// The latest first, each with why it was refused where it was.
async fn reloads(store: &dyn Store) -> Outcome {
    let mut output = std::io::stdout();
    let reloads = store.reloads(MAX_LISTED).await?;
    for reload in &reloads {
        let ReloadRecord {
            at,
            by,
            result,
            revision,
            n_facts,
            refusal,
        } = reload;
        let result = result.name();
        writeln!(output, "{at}, by {by}: {result}, revision {revision}, {n_facts} facts")?;
        for line in refusal.lines() {
            writeln!(output, "    {line}")?;
        }
    }
    if reloads.is_empty() {
        writeln!(output, "no reload is written down")?;
    }
    Ok(Exit::Done)
}

async fn prune(store: &dyn Store, retention_days: u32) -> Outcome {
    let pruned = store.prune(Timestamp::now(), retention_days).await?;
    writeln!(
        std::io::stdout(),
        "entries removed: {} older than {retention_days} days, {} of servers that the bot was removed from",
        pruned.n_expired,
        pruned.n_of_left_servers
    )?;
    Ok(Exit::Done)
}

async fn backup(place: &StorePlace, file: &Path) -> Outcome {
    let StorePlace::Sqlite(path) = place else {
        let message = "a store in PostgreSQL is backed up by its own tools\nhint: `pg_dump --format=custom`";
        return Err(Failure::not_held(message).into());
    };
    let store = SqliteStore::new(path);
    let done = store.backup(file).await;
    store.close().await;
    done?;
    writeln!(std::io::stdout(), "wrote `{}`", file.display())?;
    Ok(Exit::Done)
}

/// All rows at once, so that the other store has all of them or none.
async fn move_to(store: &dyn Store, url: &str) -> Outcome {
    let other = open(&StorePlace::parse(url).map_err(Failure::usage)?);
    let moved = copy(store, &*other).await;
    other.close().await;
    let n_rows = moved?;
    writeln!(
        std::io::stdout(),
        "entries copied: {n_rows}\nhint: set `DATABASE_URL` to the other store before the bot is started again"
    )?;
    Ok(Exit::Done)
}

async fn copy(from: &dyn Store, to: &dyn Store) -> anyhow::Result<usize> {
    if !rows_of(to).await?.is_empty() {
        return Err(Failure::not_held("the other store is not empty, so nothing was copied").into());
    }
    let mut rows = rows_of(from).await?;
    rows.retain(|row| !warn_of_left_out(row));
    to.import(&rows).await?;
    Ok(rows.len())
}

/// Says so where a row says only that something is left out; whether it does.
fn warn_of_left_out(row: &Row) -> bool {
    let Row::UnreadPublication { number, reason } = row else {
        return false;
    };
    // Where nobody reads this, the row is there all the same.
    let _ = writeln!(std::io::stderr(), "warning: publication {number} is left out: {reason}");
    true
}

async fn rows_of(store: &dyn Store) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    let mut sink = |row| {
        rows.push(row);
        Ok(())
    };
    store.export(&mut sink).await?;
    Ok(rows)
}
