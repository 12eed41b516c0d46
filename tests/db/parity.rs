//! Both backends have the same migrations and the same schema.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};

use crate::support::TestDb;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

fn migration_names(backend: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const IGNORED: &str = "__diesel_schema_migrations";

const SQLITE_COLUMNS: &str = "
    SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c.\"notnull\" THEN ' not null' ELSE '' END AS line
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'";

const POSTGRESQL_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' '
        || CASE data_type WHEN 'timestamp without time zone' THEN 'timestamp' ELSE data_type END
        || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS line
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";

const SQLITE_INDEXES: &str = "
    SELECT m.name || '(' || (
            SELECT group_concat(name, ',' ORDER BY seqno) FROM pragma_index_info(i.name)
        ) || ')' || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END AS line
    FROM sqlite_master m JOIN pragma_index_list(m.name) i
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'
    UNION
    SELECT m.name || '(' || c.name || ') unique' AS line
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.pk = 1 AND lower(c.type) IN ('integer', 'bigint')
        AND (SELECT count(*) FROM pragma_table_info(m.name) WHERE pk > 0) = 1
        AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'";

const POSTGRESQL_INDEXES: &str = "
    SELECT t.relname || '(' || (
            SELECT string_agg(a.attname, ',' ORDER BY k.place)
            FROM unnest(i.indkey) WITH ORDINALITY AS k (attribute, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attribute
        ) || ')' || CASE WHEN i.indisunique THEN ' unique' ELSE '' END AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = 'public' AND t.relname <> '__diesel_schema_migrations'";

const SQLITE_REFERENCES: &str = "
    SELECT m.name || '(' || group_concat(f.\"from\", ',' ORDER BY f.seq) || ') -> ' || f.\"table\" || '(' || group_concat(f.\"to\", ',' ORDER BY f.seq)
        || ') on delete ' || lower(f.on_delete) AS line
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table'
    GROUP BY m.name, f.id";

const POSTGRESQL_REFERENCES: &str = "
    SELECT t.relname || '(' || (
            SELECT string_agg(a.attname, ',' ORDER BY k.place)
            FROM unnest(c.conkey) WITH ORDINALITY AS k (attribute, place)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attribute
        ) || ') -> ' || r.relname || '(' || (
            SELECT string_agg(a.attname, ',' ORDER BY k.place)
            FROM unnest(c.confkey) WITH ORDINALITY AS k (attribute, place)
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attribute
        ) || ') on delete ' || CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'a' THEN 'no action'
            WHEN 'n' THEN 'set null' ELSE 'restrict' END AS line
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
    WHERE c.contype = 'f'";

/// Text sorts by bytes on both backends only if PostgreSQL is told so column by column.
const POSTGRESQL_OTHER_COLLATIONS: &str = "
    SELECT table_name || '.' || column_name AS line FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
        AND table_name <> '__diesel_schema_migrations'";

fn in_sqlite(test: &TestDb, query: &str) -> BTreeSet<String> {
    let mut connection = SqliteConnection::establish(test.url.strip_prefix("sqlite:").unwrap()).unwrap();
    let lines: Vec<Line> = sql_query(query).load(&mut connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn in_postgresql(test: &TestDb, query: &str) -> BTreeSet<String> {
    let mut connection = PgConnection::establish(&test.url).unwrap();
    let lines: Vec<Line> = sql_query(query).load(&mut connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

#[test]
fn both_backends_have_the_same_migrations() {
    let names = migration_names("sqlite");
    assert_eq!(names, migration_names("postgresql"));
    assert!(names.len() >= 5, "{names:?}");
}

#[test]
fn both_backends_have_the_same_schema() {
    let (sqlite, postgresql) = (TestDb::sqlite(), TestDb::postgresql());
    for (in_one, in_other, least) in [
        (SQLITE_COLUMNS, POSTGRESQL_COLUMNS, 200),
        (SQLITE_INDEXES, POSTGRESQL_INDEXES, 60),
        (SQLITE_REFERENCES, POSTGRESQL_REFERENCES, 40),
    ] {
        let (one, other) = (in_sqlite(&sqlite, in_one), in_postgresql(&postgresql, in_other));
        let only_one: Vec<_> = one.difference(&other).collect();
        let only_other: Vec<_> = other.difference(&one).collect();
        assert!(
            only_one.is_empty() && only_other.is_empty(),
            "SQLite only: {only_one:#?}; PostgreSQL only: {only_other:#?}"
        );
        assert!(one.len() >= least, "only {} lines were compared", one.len());
    }
    assert_eq!(in_postgresql(&postgresql, POSTGRESQL_OTHER_COLLATIONS), BTreeSet::new());
    assert!(in_sqlite(&sqlite, SQLITE_COLUMNS).iter().all(|line| !line.starts_with(IGNORED)));
}

/// Every reference has an index that begins with its columns; without one, removing what is referred to reads the
/// whole table.
#[test]
fn every_reference_has_an_index() {
    let sqlite = TestDb::sqlite();
    let indexes = in_sqlite(&sqlite, SQLITE_INDEXES);
    let missing: Vec<String> = in_sqlite(&sqlite, SQLITE_REFERENCES)
        .into_iter()
        .filter(|reference| {
            let columns = reference.split(')').next().unwrap();
            !indexes.iter().any(|index| {
                index.strip_prefix(columns).is_some_and(|rest| rest.starts_with(',') || rest.starts_with(')'))
            })
        })
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

fn up_down_up(test: &TestDb) {
    let names: Vec<String> = migration_names("sqlite").into_iter().collect();
    let db = test.db();
    assert_eq!(db.require_migrated().unwrap_err().code(), "not-migrated");
    assert_eq!(db.migrate().unwrap(), names);
    assert_eq!(db.migrate().unwrap(), Vec::<String>::new());
    db.require_migrated().unwrap();
    db.revert_migrations().unwrap();
    assert_eq!(db.migrate().unwrap(), names);
    db.require_migrated().unwrap();
}

#[test]
fn migrations_go_up_down_and_up_on_sqlite() {
    up_down_up(&TestDb::bare_sqlite());
}

#[test]
fn migrations_go_up_down_and_up_on_postgresql() {
    up_down_up(&TestDb::bare_postgresql());
}

/// What somebody with the database's password would do to hide a change.
fn tampering(test: &TestDb, run: impl Fn(&str) -> Result<usize, diesel::result::Error>) {
    use paiban::db::audit;
    use paiban::domain::{AuditDraft, Clock as _};

    let tell = |entity: &str| AuditDraft {
        action: "update",
        kind: "person",
        entity: entity.to_owned(),
        unit_path: None,
        before: None,
        after: Some("{}".to_owned()),
        reason: None,
    };
    let now = crate::make::clock().now();
    for entity in ["p1", "p2", "p3"] {
        let told = test.db().change("lin", now, |trail| {
            trail.tell(tell(entity));
            Ok(())
        });
        told.unwrap();
    }
    for statement in [
        "DELETE FROM audit_entries WHERE seq = 2",
        "UPDATE audit_entries SET actor = 'zhao' WHERE seq = 2",
        "UPDATE audit_entries SET after = '[]' WHERE seq = 2",
    ] {
        let refused = run(statement).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    for trigger in ["audit_entries_stay", "audit_entries_only_lose_payload"] {
        let on = if test.db().is_postgresql() { " ON audit_entries" } else { "" };
        run(&format!("DROP TRIGGER {trigger}{on}")).unwrap();
    }
    run("UPDATE audit_entries SET after = '[]' WHERE seq = 2").unwrap();
    let found = test.db().read(audit::verify).unwrap();
    assert_eq!(found.fault.map(|(seq, _)| seq), Some(2), "the chain tells what the triggers no longer stop");
    run("DELETE FROM audit_entries WHERE seq = 2").unwrap();
    let found = test.db().read(audit::verify).unwrap();
    assert_eq!(found.fault.map(|(seq, _)| seq), Some(3));
}

#[test]
fn the_audit_trail_withstands_tampering_on_sqlite() {
    let test = TestDb::sqlite();
    tampering(&test, |statement| {
        let mut connection = SqliteConnection::establish(test.url.strip_prefix("sqlite:").unwrap()).unwrap();
        sql_query(statement).execute(&mut connection)
    });
}

#[test]
fn the_audit_trail_withstands_tampering_on_postgresql() {
    let test = TestDb::postgresql();
    tampering(&test, |statement| {
        let mut connection = PgConnection::establish(&test.url).unwrap();
        sql_query(statement).execute(&mut connection)
    });
}
