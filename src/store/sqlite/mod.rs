//! The store in a file: SQLite, which needs no set-up.
//!
//! Opened when it is first needed, and again after whatever went wrong, so that a file that was locked, read-only, full or
//! gone is used again as soon as it can be. One connection writes, since SQLite has one writer at a time; each of its
//! transactions takes the lock at once, since one that takes it later is refused without waiting where another was
//! faster. Promise: what was acknowledged outlives a power failure (write-ahead log, `synchronous = FULL`); the file is
//! readable to its owner only. Not for network file systems.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Sqlite, SqliteConnection, Transaction, query, query_scalar};

use super::StoreError;
use super::migrations::migrator;
use super::opener::Opener;

#[path = "../sql/mod.rs"]
mod sql;

use SqliteStore as Backend;
type Connection = SqliteConnection;

/// How long SQLite waits for another process's lock.
const LOCKED_AT_MOST: Duration = Duration::from_secs(2);
/// How long an operation waits for its turn.
const TURN_WITHIN: Duration = Duration::from_secs(4);
/// Connections that read beside the one that writes.
const N_READERS: u32 = 2;

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

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    open: Opener<Arc<Open>>,
}

#[derive(Debug)]
struct Open {
    writer: SqlitePool,
    readers: SqlitePool,
    /// The file that was opened, so that another one in its place is noticed.
    file: FileId,
}

/// What tells a file from another one of the same name.
type FileId = Option<(u64, u64)>;

impl SqliteStore {
    /// In this file; nothing is opened yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            open: Opener::default(),
        }
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a whole copy to a new file, while the store may be in use. The tables are as they were: a copy that is made
    /// before an upgrade, even by the newer program, is one that the older one reads. Once this returns, it is on the disk,
    /// and was read through.
    ///
    /// # Errors
    /// If the file is there already, cannot be written, or is not whole.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let name = file
            .to_str()
            .ok_or_else(|| StoreError::Refused(format!("`{}` is not UTF-8", file.display())))?;
        // SQLite would make a file that others can read too; an empty one it takes as it is.
        let made = for_owner().create_new(true).open(file).await;
        made.map_err(|error| {
            StoreError::Refused(match error.kind() {
                std::io::ErrorKind::AlreadyExists => format!("`{}` is there already", file.display()),
                _ => format!("`{}`: {error}", file.display()),
            })
        })?;
        let attempt = async {
            // A connection of its own, which changes no tables.
            let options = SqliteConnectOptions::new().filename(&self.path);
            let mut connection = options.busy_timeout(LOCKED_AT_MOST).connect().await?;
            query("VACUUM INTO $1").bind(name).execute(&mut connection).await?;
            connection.close().await?;
            read_through(file).await?;
            sync(file)
                .await
                .map_err(|error| StoreError::Unavailable(format!("`{}`: {error}", file.display())))
        };
        let result = attempt.await;
        if result.is_err() {
            // Nothing of use is in it. Where it cannot be removed, the next backup says that it is there.
            let _ = tokio::fs::remove_file(file).await;
        }
        result
    }

    async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.open().await?.readers.begin().await?)
    }

    async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.open().await?.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A file that is read-only lets a transaction begin, and takes nothing in it: not even a deletion of no row.
    async fn begin_pinging(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut transaction = self.begin_writing().await?;
        query("DELETE FROM claims WHERE 0").execute(&mut *transaction).await?;
        Ok(transaction)
    }

    /// As other writing begins.
    async fn begin_pruning(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.begin_writing().await
    }

    /// As other reading begins.
    async fn begin_exporting(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.begin_reading().await
    }

    /// A file tells nobody of a change.
    async fn announced(&self) -> Result<(), StoreError> {
        std::future::pending().await
    }

    /// After a failure that another attempt may not meet, the file is opened anew: a connection that was opened while
    /// the file was read-only stays so.
    async fn settle<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(result, Err(StoreError::Unavailable(_) | StoreError::Late)) {
            self.disconnect().await;
        }
        result
    }

    async fn disconnect(&self) {
        if let Some(open) = self.open.take_if(|_| true) {
            open.close().await;
        }
    }

    async fn open(&self) -> Result<Arc<Open>, StoreError> {
        if let Some(open) = self.open.now() {
            if file_id(&self.path).await == open.file {
                return Ok(open);
            }
            if let Some(gone) = self.open.take_if(|now| Arc::ptr_eq(now, &open)) {
                tracing::warn!("the store's file is another one now, so it is opened anew");
                gone.close().await;
            }
        }
        let path = self.path.clone();
        self.open.get(|| Open::at(path)).await
    }
}

impl Open {
    /// Opens the file, with the tables as this version needs them.
    async fn at(path: PathBuf) -> Result<Arc<Self>, StoreError> {
        create(&path)
            .await
            .map_err(|error| StoreError::Unavailable(format!("`{}`: {error}", path.display())))?;
        let options = SqliteConnectOptions::new().filename(&path).busy_timeout(LOCKED_AT_MOST);
        let pool = |n_connections| {
            SqlitePoolOptions::new()
                .max_connections(n_connections)
                .acquire_timeout(TURN_WITHIN)
        };
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = pool(1).connect_with(writing).await?;
        migrator(&MIGRATIONS).run(&writer).await?;
        let readers = pool(N_READERS).connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Arc::new(Self {
            writer,
            readers,
            file: file_id(&path).await,
        }))
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Reads all of a database, to see whether it is whole.
async fn read_through(file: &Path) -> Result<(), StoreError> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let found: String = query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    if found == "ok" {
        Ok(())
    } else {
        Err(StoreError::Unavailable(format!("the copy is not whole: {found}")))
    }
}

/// Waits until a file is on the disk, and its name in its folder.
async fn sync(file: &Path) -> std::io::Result<()> {
    tokio::fs::File::open(file).await?.sync_all().await?;
    #[cfg(unix)]
    {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = tokio::fs::File::open(folder.unwrap_or(Path::new("."))).await?;
        folder.sync_all().await?;
    }
    Ok(())
}

/// Makes the file, and the folders that it is in, where they are not there.
async fn create(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await?;
    }
    if tokio::fs::try_exists(path).await? {
        return Ok(());
    }
    for_owner().create(true).open(path).await.map(drop)
}

/// For a file that is made for its owner only.
fn for_owner() -> tokio::fs::OpenOptions {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

#[cfg(unix)]
async fn file_id(path: &Path) -> FileId {
    use std::os::unix::fs::MetadataExt;
    let metadata = tokio::fs::metadata(path).await.ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere a file that is in use cannot be replaced.
#[cfg(not(unix))]
async fn file_id(path: &Path) -> FileId {
    tokio::fs::metadata(path).await.ok().map(|_| (0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store as _;

    #[tokio::test]
    async fn a_file_that_is_read_only_is_not_up() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::new(&folder.path().join("store.sqlite"));
        store.ping().await.unwrap();
        store.disconnect().await;
        // As where permissions, or the file system, let nobody write to it.
        let options = SqliteConnectOptions::new().filename(store.path()).read_only(true);
        let pool = SqlitePoolOptions::new().connect_lazy_with(options);
        let opened = Arc::new(Open {
            writer: pool.clone(),
            readers: pool,
            file: file_id(store.path()).await,
        });
        store.open.get(|| async move { Ok(opened) }).await.unwrap();
        let pinged = store.ping().await;
        let is_said = matches!(&pinged, Err(StoreError::Unavailable(why)) if why.contains("readonly"));
        assert!(is_said, "{pinged:?}");
        // It is opened anew.
        store.ping().await.unwrap();
        store.close().await;
    }
}
