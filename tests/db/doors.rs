//! Opening, locking, and what happens when things go wrong.

use std::sync::mpsc;

use crate::make::{self, CITY, unit, unit_id};
use crate::support::{TestDb, on_both};
use paiban::db::{Db, DbError, units};
use paiban::domain::UnitLevel;

#[test]
fn a_typo_in_the_url_creates_no_file() {
    let folder = std::env::temp_dir().join(format!("paiban-typo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("paiban");
    let error = Db::open(path.to_str().unwrap()).unwrap_err();
    assert_eq!(error.code(), "bad-database-url");
    assert!(!path.exists());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_absent_server_is_unavailable_and_the_password_stays_hidden() {
    let error = Db::open("postgres://u:secret@127.0.0.1:1/d").unwrap_err();
    assert_eq!(error.code(), "database-unavailable");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = std::env::temp_dir().join(format!("paiban-nodb-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("letter.db");
    let text = "Dear colleague, this is a letter and no database. ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert!(Db::open(path.to_str().unwrap()).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// SQLite's own limit on the number of pages stands in for a full disk.
#[test]
fn a_full_disk_is_named_and_nothing_is_half_written() {
    use diesel::connection::SimpleConnection as _;

    let test = TestDb::sqlite();
    let limit = |tx: &mut paiban::db::Tx<'_>| match &mut **tx {
        paiban::db::Connection::Sqlite(c) => c.batch_execute("PRAGMA max_page_count = 1").unwrap(),
        paiban::db::Connection::Postgresql(_) => unreachable!(),
    };
    let many: Vec<_> =
        (0..5000).map(|n| unit(&format!("{:012}", 220_100_000_000_u64 + n), None, UnitLevel::City)).collect();
    let error = test.db().write(|tx| {
        limit(tx);
        units::insert_many(tx, &many)
    });
    assert_eq!(error.unwrap_err().code(), "disk-full");
    assert!(test.db().read(units::all).unwrap().is_empty());
}

on_both! {
    fn a_panic_in_a_transaction_undoes_it(db: &Db) {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            db.write(|tx| -> Result<(), DbError> {
                units::insert(tx, &unit(CITY, None, UnitLevel::City))?;
                panic!("on purpose");
            })
        }));
        assert!(result.is_err());
        assert!(db.read(units::all).unwrap().is_empty());
        db.write(|tx| units::insert(tx, &unit(CITY, None, UnitLevel::City))).unwrap();
    }

    fn a_snapshot_sees_one_state_while_others_write(db: &Db) {
        db.write(|tx| units::insert_many(tx, &make::branch())).unwrap();
        let (before, after) = db.snapshot(|conn| {
            let before = units::all(conn)?.len();
            let other = db.clone();
            std::thread::spawn(move || {
                other.write(|tx| units::insert(tx, &unit("220200000000", None, UnitLevel::City)))
            })
            .join()
            .unwrap()?;
            Ok((before, units::all(conn)?.len()))
        })
        .unwrap();
        assert_eq!((before, after), (4, 4));
        assert_eq!(db.read(units::all).unwrap().len(), 5);
    }

    fn writers_that_read_first_wait_for_each_other(db: &Db) {
        db.write(|tx| units::insert(tx, &unit(CITY, None, UnitLevel::City))).unwrap();
        let (done, all_done) = mpsc::channel();
        for _ in 0..8 {
            let (db, done) = (db.clone(), done.clone());
            std::thread::spawn(move || {
                let outcome = (0..5).try_for_each(|_| loop {
                    let edited = db.write(|tx| {
                        let city = units::get(tx, &unit_id(CITY))?;
                        units::update(tx, &city)
                    });
                    match edited {
                        // On PostgreSQL the version may have moved between the read and the lock: read again.
                        Err(DbError::Stale { .. }) => {}
                        other => break other.map(drop),
                    }
                });
                done.send(outcome).unwrap();
            });
        }
        drop(done);
        for outcome in all_done {
            outcome.unwrap();
        }
        assert_eq!(db.read(|conn| units::get(conn, &unit_id(CITY))).unwrap().version, 41);
    }
}
