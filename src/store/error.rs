//! Why the store did not do something.
//!
//! Promise: no text of a question, no member and no password is in it: databases quote values in the details of their
//! errors, so only their messages are taken.

/// Why the store did not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, opened, read or written now; another time it may.
    #[error("the store cannot be used now: {0}")]
    Unavailable(String),
    /// It did not answer in time.
    #[error("the store did not answer in time")]
    Late,
    /// It does not take these values, now or ever.
    #[error("the store does not take this: {0}")]
    Refused(String),
    /// Another version of the program wrote it, in a way that this one neither reads nor may change.
    #[error("the store was written by another version of the program: {0}\nhint: use that version, or another store")]
    Incompatible(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        match &error {
            sqlx::Error::PoolTimedOut => Self::Late,
            sqlx::Error::Database(reported) => {
                let is_of_data = reported.code().is_some_and(|code| {
                    // SQLSTATE class 22: data exceptions. SQLite's codes have no letters and are shorter.
                    code.len() == 5 && code.starts_with("22")
                });
                let message = reported.message().to_owned();
                match reported.kind() {
                    ErrorKind::Other if !is_of_data => Self::Unavailable(message),
                    _ => Self::Refused(message),
                }
            }
            sqlx::Error::Encode(_) | sqlx::Error::InvalidArgument(_) => Self::Refused(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        match error {
            MigrateError::VersionMismatch(version) => Self::Incompatible(format!("migration {version} is another one")),
            MigrateError::Execute(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}
