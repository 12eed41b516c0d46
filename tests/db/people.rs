//! People.

use crate::make::{self, CITY, STREET, person, person_id, unit_id};
use crate::support::on_both;
use paiban::db::people::{self, PersonFilter};
use paiban::db::{Db, DbError, Page, units};
use paiban::domain::{Category, Person};

fn with_people(db: &Db, crowd: &[Person]) {
    db.write(|tx| {
        units::insert_many(tx, &make::branch())?;
        people::insert_many(tx, crowd)
    })
    .unwrap();
}

on_both! {
    fn a_person_reads_back_as_stored(db: &Db) {
        let mut shan = person("p1", "shan xiao");
        shan.scope = vec![unit_id(CITY), unit_id(STREET)];
        shan.active_from = chrono::NaiveDate::from_ymd_opt(2026, 1, 2);
        with_people(db, std::slice::from_ref(&shan));
        assert_eq!(db.read(|conn| people::get(conn, &person_id("p1"))).unwrap(), shan);
    }

    fn an_edit_replaces_every_field_and_counts_the_version(db: &Db) {
        let mut shan = person("p1", "shan xiao");
        shan.scope = vec![unit_id(CITY)];
        with_people(db, std::slice::from_ref(&shan));
        shan.phone = None;
        shan.home = None;
        shan.scope = vec![unit_id(STREET)];
        shan.version = db.write(|tx| people::update(tx, &shan).and_then(|_| people::get(tx, &shan.id))).unwrap().version;
        assert_eq!(shan.version, 2);
        assert_eq!(db.read(|conn| people::get(conn, &person_id("p1"))).unwrap(), shan);
    }

    fn a_failed_transaction_leaves_nothing(db: &Db) {
        with_people(db, &[]);
        let mut lost = person("p2", "b");
        lost.home_unit = unit_id("220199999999");
        let error = db.write(|tx| {
            people::insert(tx, &person("p1", "a"))?;
            people::insert(tx, &lost)
        });
        assert_eq!(error.unwrap_err().code(), "missing-reference");
        assert!(matches!(db.read(|conn| people::get(conn, &person_id("p1"))), Err(DbError::NotFound { .. })));
    }

    fn faults_are_all_named(db: &Db) {
        let mut bad = person("p1", "");
        bad.active_from = chrono::NaiveDate::from_ymd_opt(2026, 2, 1);
        bad.active_to = chrono::NaiveDate::from_ymd_opt(2026, 1, 1);
        let error = db.write(|tx| people::insert(tx, &bad)).unwrap_err();
        let DbError::Invalid { faults, .. } = error else { panic!("{error}") };
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["empty-name", "range-upside-down"]);
    }

    fn people_list_by_sort_key_then_id(db: &Db) {
        with_people(db, &[person("p3", "zeng"), person("p2", "shan"), person("p1", "shan"), person("p0", "Ou")]);
        let first = db.read(|conn| people::list(conn, &PersonFilter::default(), &Page::first(2))).unwrap();
        let rest = Page::after(first.next.unwrap(), 10);
        let second = db.read(|conn| people::list(conn, &PersonFilter::default(), &rest)).unwrap();
        assert_eq!(second.next, None);
        let ids: Vec<_> = first.items.iter().chain(&second.items).map(|person| person.id.as_str()).collect();
        assert_eq!(ids, ["p0", "p1", "p2", "p3"]);
    }

    fn a_foreign_cursor_is_refused(db: &Db) {
        let error = db.read(|conn| people::list(conn, &PersonFilter::default(), &Page::after("x", 1))).unwrap_err();
        assert_eq!(error.code(), "invalid");
    }

    fn people_filter_by_home_subtree_and_category(db: &Db) {
        let mut deputy = person("p2", "b");
        deputy.category = Category::Deputy;
        deputy.home_unit = unit_id(CITY);
        with_people(db, &[person("p1", "a"), deputy]);
        let ids = |filter: PersonFilter| {
            let slice = db.read(|conn| people::list(conn, &filter, &Page::default())).unwrap();
            slice.items.into_iter().map(|person| person.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(PersonFilter { subtree: Some(unit_id(STREET)), ..PersonFilter::default() }), ["p1"]);
        assert_eq!(ids(PersonFilter { category: Some(Category::Deputy), ..PersonFilter::default() }), ["p2"]);
    }
}
