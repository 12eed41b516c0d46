//! The database: SQLite or PostgreSQL behind two doors, [`Db::read`] and [`Db::write`].
//!
//! One file per aggregate, each with the same functions: `get`, `list`, `insert`, `insert_many`, `update`, `delete`.
//! Readers take `&mut Connection`, writers `&mut Tx`, which only [`Db::write`] makes. An `update` expects the version
//! that the caller read and answers the new one. Invariant: diesel appears only below this module.

pub mod accounts;
pub mod activities;
pub mod apart;
pub mod api_keys;
pub mod assignments;
pub mod audit;
pub mod availability;
pub mod bookings;
pub mod bulk;
pub mod calendar;
pub mod calendar_keys;
pub mod case_categories;
pub mod case_counts;
pub mod case_events;
pub mod cases;
pub mod channels;
mod connection;
pub mod contracts;
mod decisions;
pub mod demand_templates;
pub mod demo_loads;
mod dialect;
pub mod duties;
mod error;
pub mod idempotency;
pub mod jobs;
pub mod ledger;
pub mod lendings;
mod migrate;
pub mod needs;
pub mod outbox;
pub mod overrides;
mod page;
pub mod people;
pub mod placement;
pub mod planned_cases;
pub mod planned_receptions;
pub mod planned_visits;
pub mod policies;
pub mod posts;
pub mod profiles;
pub mod projects;
pub mod quotas;
pub mod reception_matters;
pub mod receptions;
mod record;
pub mod replan_events;
pub mod resource_events;
pub mod resource_loans;
pub mod resources;
pub mod results;
pub mod schedules;
mod schema;
pub mod secondments;
pub mod serials;
pub mod sessions;
mod shapes;
pub mod shift_types;
pub mod skills;
pub mod stations;
pub mod swaps;
mod together;
mod trail;
mod turn;
pub mod units;
mod url;
pub mod visits;

pub use connection::{Connection, Tx};
pub use error::{ConflictKind, DbError, DbResult};
pub use page::{MAX_PAGE, Page, Slice};
pub use trail::Trail;

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};
use tokio::sync::watch;

use connection::{Begin, Manager};
use url::Target;

/// How long a caller waits for a free connection.
const POOL_WAIT: Duration = Duration::from_secs(5);

/// How long a transaction waits for the locks of another.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// Connections of one process.
const POOL_SIZE: u32 = 10;

/// A database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Db {
    pool: Pool<Manager>,
    target: Arc<Target>,
    /// SQLite only.
    turn: Option<Arc<turn::Turn>>,
    lock_wait: Duration,
    together: Arc<together::Together>,
    bell: watch::Sender<u64>,
}

impl Db {
    /// Opens `sqlite:FILE`, `sqlite://FILE`, a path ending in `.db`, or `postgres://...`. The file is created when
    /// missing; the schema is not touched (see [`Db::migrate`]).
    ///
    /// # Errors
    /// [`DbError::BadUrl`] for anything else, [`DbError::Unavailable`] when no connection can be made.
    pub fn open(url: &str) -> DbResult<Self> {
        Self::open_waiting(url, LOCK_WAIT)
    }

    /// As [`Db::open`]; a transaction waits so long for the locks of another before it is refused as busy.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_waiting(url: &str, lock_wait: Duration) -> DbResult<Self> {
        let target = Target::parse(url)?;
        // The pool would retry in the background and report a timeout only; the first connection reports the cause.
        drop(Connection::establish(&target, lock_wait)?);
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(1))
            .connection_timeout(POOL_WAIT)
            .error_handler(Box::new(LogErrors))
            .build(Manager { target: target.clone(), lock_wait })
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        let turn = matches!(target, Target::Sqlite(_)).then(Arc::default);
        Ok(Self {
            pool,
            target: Arc::new(target),
            turn,
            lock_wait,
            together: Arc::default(),
            bell: watch::Sender::new(0),
        })
    }

    /// The URL as it may appear in a log: without password.
    #[must_use]
    pub fn describe(&self) -> String {
        self.target.describe()
    }

    /// Whether the backend is PostgreSQL, which several processes may share.
    #[must_use]
    pub fn is_postgresql(&self) -> bool {
        matches!(*self.target, Target::Postgresql(_))
    }

    /// Runs queries, each seeing the state at its own start.
    ///
    /// # Errors
    /// Those of the closure; [`DbError::Busy`] when every connection stays in use.
    pub fn read<T>(&self, work: impl FnOnce(&mut Connection) -> DbResult<T>) -> DbResult<T> {
        let mut pooled = self.checkout()?;
        work(&mut pooled)
    }

    /// Runs queries that all see one state of the database.
    ///
    /// # Errors
    /// Those of the closure; [`DbError::Busy`] when every connection stays in use.
    pub fn snapshot<T>(&self, work: impl FnOnce(&mut Connection) -> DbResult<T>) -> DbResult<T> {
        let mut pooled = self.checkout()?;
        pooled.begin(Begin::Snapshot)?;
        let result = work(&mut pooled);
        pooled.rollback();
        result
    }

    /// Runs a transaction: committed when the closure succeeds, undone when it fails.
    ///
    /// # Errors
    /// Those of the closure; [`DbError::Busy`] when the database stays locked or every connection in use.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> DbResult<T>) -> DbResult<T> {
        // Before the connection, so that those who wait keep none from readers.
        let _turn = match &self.turn {
            Some(turn) => Some(turn.take(self.lock_wait).ok_or_else(|| {
                DbError::Busy(format!("other writers kept the database for {} seconds", self.lock_wait.as_secs()))
            })?),
            None => None,
        };
        let mut pooled = self.checkout()?;
        pooled.begin(Begin::Write)?;
        match work(&mut Tx(&mut pooled)) {
            Ok(value) => match pooled.commit() {
                Ok(()) => Ok(value),
                Err(error) => {
                    pooled.rollback();
                    Err(error)
                }
            },
            Err(error) => {
                pooled.rollback();
                Err(error)
            }
        }
    }

    /// Runs a small transaction that may share its commit with others of its kind, for writes that come many a second.
    /// PostgreSQL groups commits itself, so that there it is [`Db::write`].
    ///
    /// # Errors
    /// Those of the closure; [`DbError::Busy`] when the shared commit fails: then nothing of it is stored.
    pub fn write_together<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> DbResult<T> + Send + 'static,
    ) -> DbResult<T> {
        if self.is_postgresql() { self.write(work) } else { self.together.write(self, work) }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbError::Busy`] or [`DbError::Unavailable`].
    pub fn ping(&self) -> DbResult<()> {
        self.read(|conn| migrate::pending(conn).map(drop))
    }

    fn checkout(&self) -> DbResult<PooledConnection<Manager>> {
        self.pool.get().map_err(|error| DbError::Busy(format!("no free connection: {error}")))
    }
}

/// Connection errors go to the program's log instead of r2d2's own.
#[derive(Debug)]
struct LogErrors;

impl<E: std::error::Error> diesel::r2d2::HandleError<E> for LogErrors {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "a database connection failed");
    }
}
