//! The store in PostgreSQL, for a bot of several processes.
//!
//! Connected to when it is first needed; a connection that broke is replaced by the pool. Promise: no operation
//! holds a lock for longer than [`STATEMENT_WITHIN`] but pruning, or runs for longer but pruning and exports; tables are
//! made and changed by one process at a time, at their first use and in a time of their own. Deliberately absent: backups,
//! for which PostgreSQL has its own tools.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{Executor, PgConnection, Postgres, Transaction, query_scalar};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::StoreError;
use super::migrations::migrator;
use super::opener::Opener;

#[path = "../sql/mod.rs"]
#[expect(
    clippy::duplicate_mod,
    reason = "sqlx's types name their database, so the statements that both have in common are compiled for each"
)]
mod sql;

use PostgresStore as Backend;
type Connection = PgConnection;

/// How long one statement may take, in PostgreSQL's words.
const STATEMENT_WITHIN: &str = "SET statement_timeout = '8s'; SET lock_timeout = '4s'";
/// How long one statement of pruning may take.
const PRUNED_WITHIN: &str = "SET LOCAL statement_timeout = '4min'";
/// A statement of an export lasts until whoever reads it has taken its last row, which may be slow.
const EXPORTED_AT_LEISURE: &str = "SET LOCAL statement_timeout = 0";
/// How long it may take to change the tables, or to wait for another process that does; then the connection is given up,
/// which may be one that nobody answers on.
const MIGRATED_WITHIN: Duration = Duration::from_mins(5);
/// How long an operation waits for a connection.
const CONNECTED_WITHIN: Duration = Duration::from_secs(4);
/// Connections of one process: one writes records, the rest are for admins, health and pruning.
const N_CONNECTIONS: u32 = 4;

/// What publications are announced on; the tables' own trigger does it.
const PUBLICATIONS: &str = "briefing_bot_publications";

/// Changes to the tables, in order; never edited once released, and each only adds.
const MIGRATIONS: [(&str, &str); 9] = [
    ("begin", include_str!("migrations/0001_begin.sql")),
    ("publications", include_str!("migrations/0002_publications.sql")),
    ("processes", include_str!("migrations/0003_processes.sql")),
    ("asked channels", include_str!("migrations/0004_asked_channels.sql")),
    ("joined servers", include_str!("migrations/0005_joined_servers.sql")),
    ("claims", include_str!("migrations/0006_claims.sql")),
    ("no admins", include_str!("migrations/0007_no_admins.sql")),
    ("by age", include_str!("migrations/0008_by_age.sql")),
    ("read again", include_str!("migrations/0009_read_again.sql")),
];

/// A store in PostgreSQL.
#[derive(Debug)]
pub struct PostgresStore {
    url: SecretString,
    pool: Opener<PgPool>,
    listener: Mutex<Option<PgListener>>,
}

impl PostgresStore {
    /// At this address, `postgres://user:password@host/database`; nothing is connected to yet. That nobody will look whose
    /// database it is, where it is on another machine, is said in the log.
    #[must_use]
    pub fn new(url: SecretString) -> Self {
        let store = Self {
            url,
            pool: Opener::default(),
            listener: Mutex::default(),
        };
        // What is no address is said when it is used.
        if store.options().is_ok_and(|options| is_unchecked(&options)) {
            tracing::warn!(
                "`DATABASE_URL` says nothing of how the database is known to be the right one, so whoever sits between may \
                 read and change what is stored; add `?sslmode=verify-full`"
            );
        }
        store
    }

    async fn begin_reading(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(self.pool().await?.begin_with(begin).await?)
    }

    async fn begin_writing(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.pool().await?.begin().await?)
    }

    /// A standby lets a transaction begin, and takes nothing in it.
    async fn begin_pinging(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.begin_writing().await?;
        let is_read_only: bool = query_scalar("SELECT current_setting('transaction_read_only') = 'on'")
            .fetch_one(&mut *transaction)
            .await?;
        if is_read_only {
            return Err(StoreError::Unavailable("the database is read-only".to_owned()));
        }
        Ok(transaction)
    }

    /// Pruning may have much to do, and its caller waits longer for it.
    async fn begin_pruning(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.begin_writing().await?;
        transaction.execute(PRUNED_WITHIN).await?;
        Ok(transaction)
    }

    /// An export is as long as what is stored, and waits for its reader.
    async fn begin_exporting(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.begin_reading().await?;
        transaction.execute(EXPORTED_AT_LEISURE).await?;
        Ok(transaction)
    }

    /// Ends at a notification, and wherever one may have been missed: after the first listening, and after each
    /// connection that was lost.
    async fn announced(&self) -> Result<(), StoreError> {
        let mut slot = self.listener.lock().await;
        let Some(listener) = slot.as_mut() else {
            // Before anybody looks, so that nothing is published between the look and the listening.
            *slot = Some(self.listen().await?);
            return Ok(());
        };
        let heard = listener.try_recv().await;
        if heard.is_err() {
            *slot = None;
        }
        heard.map(drop).map_err(StoreError::from)
    }

    /// On a connection of its own, since it is held for good.
    async fn listen(&self) -> Result<PgListener, StoreError> {
        // The tables, and with them what announces, are there after this.
        self.pool().await?;
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(CONNECTED_WITHIN)
            .connect_lazy_with(self.options()?);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.ignore_pool_close_event(true);
        listener.listen(PUBLICATIONS).await?;
        Ok(listener)
    }

    fn options(&self) -> Result<PgConnectOptions, StoreError> {
        let options = PgConnectOptions::from_str(self.url.expose_secret());
        // The error's own text could quote the address, and with it the password.
        let options = options
            .map_err(|_| StoreError::Unavailable("`DATABASE_URL` is no address of a PostgreSQL database".to_owned()))?;
        Ok(options.application_name("briefing-bot"))
    }

    /// The pool heals itself.
    #[expect(clippy::unused_async, reason = "the operations ask every backend the same way")]
    async fn settle<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        result
    }

    async fn disconnect(&self) {
        // Where somebody listens just now, the connection goes with the process.
        if let Ok(mut listener) = self.listener.try_lock() {
            listener.take();
        }
        if let Some(pool) = self.pool.take_if(|_| true) {
            pool.close().await;
        }
    }

    /// The connections, with the tables as this version needs them.
    async fn pool(&self) -> Result<PgPool, StoreError> {
        if let Some(pool) = self.pool.now() {
            return Ok(pool);
        }
        let options = self.options()?;
        self.pool.get(|| connect(options)).await
    }
}

/// Whether the way to it is another machine's, and the address leaves it open whether it is encrypted, and for whom.
fn is_unchecked(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = host == "localhost"
        || host.starts_with('/')
        || options.get_socket().is_some()
        || address.is_ok_and(|address| address.is_loopback());
    !is_here && matches!(options.get_ssl_mode(), PgSslMode::Prefer)
}

async fn connect(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    timeout(MIGRATED_WITHIN, migrate(options.clone()))
        .await
        .unwrap_or(Err(StoreError::Late))?;
    let pool = PgPoolOptions::new()
        .max_connections(N_CONNECTIONS)
        .acquire_timeout(CONNECTED_WITHIN)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(STATEMENT_WITHIN).await.map(drop) }))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// On a connection of its own, since its statements may take longer than others.
async fn migrate(options: PgConnectOptions) -> Result<(), StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECTED_WITHIN)
        .connect_with(options)
        .await?;
    let migrated = migrator(&MIGRATIONS).run(&pool).await;
    pool.close().await;
    Ok(migrated?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_that_nobody_checks_is_told_from_others() {
        let is_unchecked = |url: &str| super::is_unchecked(&PgConnectOptions::from_str(url).unwrap());
        for unchecked in [
            "postgres://bot:secret@db.example/bot",
            "postgres://bot@10.0.0.7:5432/bot",
            "postgres://bot@[2001:db8::1]/bot",
        ] {
            assert!(is_unchecked(unchecked), "{unchecked}");
            for chosen in ["verify-full", "verify-ca", "require", "disable"] {
                let chosen = format!("{unchecked}?sslmode={chosen}");
                assert!(!is_unchecked(&chosen), "{chosen}");
            }
        }
        for here in [
            "postgres://bot@localhost/bot",
            "postgres://bot@127.0.0.1:5433/bot",
            "postgres://bot@[::1]/bot",
            "postgres:///bot?host=/var/run/postgresql",
        ] {
            assert!(!is_unchecked(here), "{here}");
        }
    }
}
