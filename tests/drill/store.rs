//! The bot's store from beside it: locked, moved away, looked into.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::runtime::Runtime;

use crate::support::Knowledge;

/// The files of a database.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// The store's file, and who keeps it locked.
pub(crate) struct StoreFile {
    url: String,
    path: PathBuf,
    runtime: Runtime,
    lock: Option<SqliteConnection>,
}

impl StoreFile {
    pub(crate) fn of(knowledge: &Knowledge) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let path = knowledge.store();
        fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            url: knowledge.store_url(),
            path,
            runtime: runtime.unwrap(),
            lock: None,
        }
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path.parent().unwrap().to_owned()
    }

    fn open(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::from_str(&self.url).unwrap();
        self.runtime.block_on(options.connect()).unwrap()
    }

    fn tell(&self, connection: &mut SqliteConnection, statement: &'static str) {
        self.runtime
            .block_on(sqlx::query(statement).execute(connection))
            .unwrap();
    }

    /// Nobody else may write.
    pub(crate) fn lock(&mut self) {
        let mut connection = self.open();
        self.tell(&mut connection, "BEGIN IMMEDIATE");
        self.lock = Some(connection);
    }

    /// Others may write again.
    pub(crate) fn unlock(&mut self) {
        if let Some(mut connection) = self.lock.take() {
            self.tell(&mut connection, "ROLLBACK");
            self.runtime.block_on(connection.close()).unwrap();
        }
    }

    /// The files go.
    pub(crate) fn remove(&self) {
        self.rename("", ".away");
    }

    /// They come back, over what was made meanwhile.
    pub(crate) fn put_back(&self) {
        for ending in &ENDINGS[1..] {
            // It is there or not.
            let _ = fs::remove_file(self.named(ending, ""));
        }
        self.rename(".away", "");
    }

    fn rename(&self, from: &str, to: &str) {
        for ending in ENDINGS {
            let from = self.named(ending, from);
            if from.exists() {
                fs::rename(from, self.named(ending, to)).unwrap();
            }
        }
    }

    fn named(&self, ending: &str, more: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        name.push(more);
        name.into()
    }

    /// The file may be written to, or not.
    pub(crate) fn permit(&self, is_writable: bool) {
        let mode = if is_writable { 0o600 } else { 0o400 };
        fs::set_permissions(&self.path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// How many answers it has counted.
    pub(crate) fn n_counted(&self) -> i64 {
        self.number("SELECT COALESCE(SUM(n), 0) FROM answer_counts")
    }

    /// How often other facts were loaded while a bot ran.
    pub(crate) fn n_reloads(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM reloads WHERE result = 'replaced' AND requested_by <> 'start'")
    }

    fn number(&self, question: &'static str) -> i64 {
        let mut connection = self.open();
        let found = sqlx::query_scalar(question).fetch_one(&mut connection);
        let number = self.runtime.block_on(found).unwrap();
        self.runtime.block_on(connection.close()).unwrap();
        number
    }

    /// Forgets the logins, since weeks of faults are pressed into minutes here, and the bot would be held back.
    pub(crate) fn forget_logins(&self) {
        if self.path.exists() {
            let mut connection = self.open();
            self.tell(&mut connection, "DELETE FROM identifies");
            self.runtime.block_on(connection.close()).unwrap();
        }
    }
}
