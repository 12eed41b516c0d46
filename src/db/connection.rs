//! Connections of either backend, and the pool's view of them.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{Error as R2d2Error, ManageConnection};
use diesel::{Connection as _, PgConnection, SqliteConnection};

use super::dialect::on;
use super::error::{DbError, Verb};
use super::url::Target;

/// A connection to either backend.
#[expect(missing_debug_implementations, reason = "diesel's connections have none")]
pub enum Connection {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgresql(PgConnection),
}

/// A connection within a transaction of [`Db::write`](super::Db::write): functions that change anything ask for this,
/// so that the compiler keeps every write inside that door.
#[expect(missing_debug_implementations, reason = "diesel's connections have none")]
pub struct Tx<'a>(pub(super) &'a mut Connection);

impl std::ops::Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.0
    }
}

impl Tx<'_> {
    /// Runs a part of the transaction that may fail without the rest: on PostgreSQL, which gives a transaction up at its
    /// first failed statement, within a savepoint. On SQLite what a failed part wrote before it failed stays, so that
    /// whoever calls this undoes the whole transaction when a part has failed.
    ///
    /// # Errors
    /// Those of the connection; the part's own failure is the value.
    pub fn attempt<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<Result<T, E>, DbError> {
        let failed = |error| DbError::from_diesel(error, "transaction", Verb::Store);
        if let Connection::Postgresql(c) = &mut *self.0 {
            AnsiTransactionManager::begin_transaction(c).map_err(failed)?;
        }
        let done = work(self);
        if let Connection::Postgresql(c) = &mut *self.0 {
            match &done {
                Ok(_) => AnsiTransactionManager::commit_transaction(c),
                Err(_) => AnsiTransactionManager::rollback_transaction(c),
            }
            .map_err(failed)?;
        }
        Ok(done)
    }
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// Reads and writes. On SQLite the lock is taken at once: a transaction that reads first and then wants to write
    /// fails under contention whatever the busy timeout.
    Write,
    /// Reads one state of the database.
    Snapshot,
}

impl Connection {
    pub(super) fn establish(target: &Target, lock_wait: Duration) -> Result<Self, DbError> {
        match target {
            Target::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(|error| DbError::Unavailable(format!("{}: {error}", target.describe())))?;
                // FULL: a published roster must outlive a power cut, and writes are few. WAL: readers never wait.
                connection
                    .batch_execute(&format!(
                        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;",
                        lock_wait.as_millis()
                    ))
                    .map_err(|error| DbError::from_diesel(error, "database", Verb::Read))?;
                Ok(Self::Sqlite(connection))
            }
            Target::Postgresql(url) => {
                let mut connection = PgConnection::establish(url)
                    .map_err(|error| DbError::Unavailable(format!("{}: {error}", target.describe())))?;
                connection
                    .batch_execute(&format!("SET TIME ZONE 'UTC'; SET lock_timeout = {};", lock_wait.as_millis()))
                    .map_err(|error| DbError::from_diesel(error, "database", Verb::Read))?;
                Ok(Self::Postgresql(connection))
            }
        }
    }

    pub(super) fn begin(&mut self, begin: Begin) -> Result<(), DbError> {
        let done = match (self, begin) {
            (Self::Sqlite(c), Begin::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            (Self::Sqlite(c), Begin::Snapshot) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
            (Self::Postgresql(c), Begin::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            (Self::Postgresql(c), Begin::Snapshot) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        };
        done.map_err(|error| DbError::from_diesel(error, "transaction", Verb::Read))
    }

    pub(super) fn commit(&mut self) -> Result<(), DbError> {
        on!(self, c => AnsiTransactionManager::commit_transaction(c))
            .map_err(|error| DbError::from_diesel(error, "transaction", Verb::Store))
    }

    /// Ends the transaction; a connection on which even that fails is thrown away by the pool.
    pub(super) fn rollback(&mut self) {
        if let Err(error) = on!(self, c => AnsiTransactionManager::rollback_transaction(c)) {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}

/// Makes and tests the pool's connections.
#[derive(Debug)]
pub(super) struct Manager {
    pub(super) target: Target,
    pub(super) lock_wait: Duration,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = R2d2Error;

    fn connect(&self) -> Result<Connection, R2d2Error> {
        Connection::establish(&self.target, self.lock_wait)
            .map_err(|error| R2d2Error::ConnectionError(diesel::ConnectionError::BadConnection(error.to_string())))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), R2d2Error> {
        match connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgresql(c) => c.batch_execute("SELECT 1").map_err(R2d2Error::QueryError),
        }
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        std::thread::panicking() || on!(connection, c => AnsiTransactionManager::is_broken_transaction_manager(c))
    }
}
