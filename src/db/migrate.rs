//! Migrations: embedded, with the same names for both backends.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::Begin;
use super::dialect::on;
use super::error::{DbError, DbResult, Verb};
use super::{Connection, Db};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Key of the lock that keeps two processes from migrating PostgreSQL at once.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7265626116)";

/// Names of the migrations that the database lacks, in order.
pub(super) fn pending(connection: &mut Connection) -> DbResult<Vec<String>> {
    match connection {
        Connection::Sqlite(c) => names(&c.pending_migrations(SQLITE).map_err(refused)?),
        Connection::Postgresql(c) => names(&c.pending_migrations(POSTGRESQL).map_err(refused)?),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "both arms of the match above have the caller's type")]
fn names<DB: diesel::backend::Backend>(
    migrations: &[Box<dyn diesel::migration::Migration<DB>>],
) -> DbResult<Vec<String>> {
    Ok(migrations.iter().map(|migration| migration.name().to_string()).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "used as the argument of map_err")]
fn refused(error: Box<dyn std::error::Error + Send + Sync>) -> DbError {
    DbError::from_message(&error.to_string())
}

impl Db {
    /// Applies the migrations that the database lacks, all or none, and answers their names.
    ///
    /// # Errors
    /// [`DbError::Busy`] when another process holds the database, [`DbError::Internal`] when a migration fails.
    pub fn migrate(&self) -> DbResult<Vec<String>> {
        self.migration_transaction(|connection| {
            let names = pending(connection)?;
            match connection {
                Connection::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop),
                Connection::Postgresql(c) => c.run_pending_migrations(POSTGRESQL).map(drop),
            }
            .map_err(refused)?;
            Ok(names)
        })
    }

    /// Reverts every migration, and with them all data; for tests of the migrations.
    ///
    /// # Errors
    /// [`DbError::Busy`] when another process holds the database, [`DbError::Internal`] when a migration fails.
    pub fn revert_migrations(&self) -> DbResult<()> {
        self.migration_transaction(|connection| {
            match connection {
                Connection::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop),
                Connection::Postgresql(c) => c.revert_all_migrations(POSTGRESQL).map(drop),
            }
            .map_err(refused)
        })
    }

    /// Fails unless every migration is applied: a server must not start on an old schema.
    ///
    /// # Errors
    /// [`DbError::NotMigrated`] with the number of missing migrations.
    pub fn require_migrated(&self) -> DbResult<()> {
        match self.read(pending)?.len() {
            0 => Ok(()),
            missing => Err(DbError::NotMigrated(missing)),
        }
    }

    fn migration_transaction<T>(&self, work: impl FnOnce(&mut Connection) -> DbResult<T>) -> DbResult<T> {
        let mut pooled = self.checkout()?;
        pooled.begin(Begin::Write)?;
        let done = match &mut *pooled {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgresql(c) => {
                c.batch_execute(LOCK).map_err(|error| DbError::from_diesel(error, "migration", Verb::Store))
            }
        }
        .and_then(|()| work(&mut pooled));
        match done {
            Ok(value) => {
                pooled.commit()?;
                on!(&mut *pooled, c => c.batch_execute("ANALYZE"))
                    .map_err(|error| DbError::from_diesel(error, "migration", Verb::Store))?;
                Ok(value)
            }
            Err(error) => {
                pooled.rollback();
                Err(error)
            }
        }
    }
}
