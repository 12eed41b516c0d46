//! A fresh database per test, on either backend.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use paiban::db::Db;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A database that is removed when the test ends.
pub struct TestDb {
    pub db: Option<Db>,
    pub url: String,
    folder: Option<PathBuf>,
    server: Option<(String, String)>,
}

impl TestDb {
    /// An empty SQLite file without schema.
    pub fn bare_sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("paiban-db-{}-{}", std::process::id(), next()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("test.db").display());
        Self { db: Some(Db::open(&url).unwrap()), url, folder: Some(folder), server: None }
    }

    /// An empty PostgreSQL database without schema.
    pub fn bare_postgresql() -> Self {
        let server = std::env::var("PAIBAN_TEST_POSTGRES").unwrap_or_else(|_| {
            panic!(
                "PAIBAN_TEST_POSTGRES is not set: run the tests through scripts/with-postgres.sh, as `make test` does"
            )
        });
        let name = format!("paiban_test_{}_{}", std::process::id(), next());
        let mut connection = PgConnection::establish(&server).unwrap();
        diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut connection).unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Self { db: Some(Db::open(&url).unwrap()), url, folder: None, server: Some((server, name)) }
    }

    pub fn sqlite() -> Self {
        Self::bare_sqlite().migrated()
    }

    pub fn postgresql() -> Self {
        Self::bare_postgresql().migrated()
    }

    fn migrated(self) -> Self {
        self.db().migrate().unwrap();
        self
    }

    pub fn db(&self) -> &Db {
        self.db.as_ref().unwrap()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db = None;
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some((server, name)) = &self.server
            && let Ok(mut connection) = PgConnection::establish(server)
        {
            let _ = diesel::sql_query(format!("DROP DATABASE {name} WITH (FORCE)")).execute(&mut connection);
        }
    }
}

fn next() -> u64 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// Defines each test twice: on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($db:ident: &Db) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            fn body($db: &paiban::db::Db) $body

            #[test]
            fn sqlite() {
                body(crate::support::TestDb::sqlite().db());
            }

            #[test]
            fn postgresql() {
                body(crate::support::TestDb::postgresql().db());
            }
        }
    )*};
}

pub(crate) use on_both;
