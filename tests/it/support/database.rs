//! A PostgreSQL database of a test's own.
//!
//! `TEST_DATABASE_URL` names a server; `.ci/postgres COMMAND` runs a command with one. Without it these tests say that
//! they did nothing, unless `CI` is set: then they fail.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use briefing_bot::store::PostgresStore;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};

static N_DATABASES: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::print_stderr, reason = "whoever runs the tests is to see it")]
fn say_that_it_is_skipped() {
    eprintln!("NOT TESTED on PostgreSQL: `TEST_DATABASE_URL` is not set; see `.ci/postgres`");
}

pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// An empty one; `None` where there is no server.
    pub(crate) async fn new() -> Option<Self> {
        let Some(server) = std::env::var_os("TEST_DATABASE_URL") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "`TEST_DATABASE_URL` is not set: run the tests by `.ci/postgres cargo test`"
            );
            say_that_it_is_skipped();
            return None;
        };
        let number = N_DATABASES.fetch_add(1, Ordering::Relaxed);
        let database = Self {
            server: server.into_string().unwrap(),
            name: format!("test_{}_{number}", std::process::id()),
        };
        database
            .tell(&format!("DROP DATABASE IF EXISTS {}", database.name))
            .await;
        database.tell(&format!("CREATE DATABASE {}", database.name)).await;
        Some(database)
    }

    /// For `DATABASE_URL`.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// The same, by another way to the server.
    pub(crate) fn url_by(&self, address: std::net::SocketAddr) -> String {
        self.url().replace(&self.server_address(), &address.to_string())
    }

    /// The server's `host:port`.
    pub(crate) fn server_address(&self) -> String {
        let (_, after) = self.server.split_once('@').unwrap();
        after.split('/').next().unwrap().to_owned()
    }

    pub(crate) fn store(&self) -> PostgresStore {
        PostgresStore::new(self.url().into())
    }

    /// Removes it, whoever is connected.
    pub(crate) async fn drop(self) {
        self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    /// Tells the server something.
    pub(crate) async fn tell(&self, statement: &str) {
        let options = PgConnectOptions::from_str(&self.server).unwrap();
        let mut connection: PgConnection = options.connect().await.unwrap();
        connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
    }

    /// How many rows the server answers with.
    pub(crate) async fn n_rows(&self, question: &str) -> usize {
        let options = PgConnectOptions::from_str(&self.server).unwrap();
        let mut connection: PgConnection = options.connect().await.unwrap();
        let rows = connection.fetch_all(AssertSqlSafe(question.to_owned())).await;
        rows.unwrap().len()
    }
}
