//! How a store's tables come to be as this version needs them, whatever the database: embedded statements, in order.
//!
//! Promise: what a later version has added is no hindrance, so that a version before it may be put back; statements that
//! were changed once released are refused. Deliberately absent: the statements, which each backend has of its own.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// What makes the changes of these names, numbered from 1 on.
pub(super) fn migrator(changes: &'static [(&'static str, &'static str)]) -> Migrator {
    let migrations = changes.iter().zip(1_i64..).map(|((name, statements), version)| {
        Migration::new(
            version,
            (*name).into(),
            MigrationType::Simple,
            (*statements).into_sql_str(),
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.set_ignore_missing(true);
    migrator
}
