//! The unit tree.

use crate::make::{self, CITY, COMMUNITY, DISTRICT, STREET, unit, unit_id};
use crate::support::on_both;
use paiban::db::units::{self, UnitFilter};
use paiban::db::{Db, DbError, Page};
use paiban::domain::UnitLevel;

fn with_branch(db: &Db) {
    db.write(|tx| units::insert_many(tx, &make::branch())).unwrap();
}

on_both! {
    fn a_unit_reads_back_as_stored(db: &Db) {
        with_branch(db);
        let stored = db.read(|conn| units::get(conn, &unit_id(STREET))).unwrap();
        assert_eq!(stored, unit(STREET, Some(DISTRICT), UnitLevel::Street));
    }

    fn an_unknown_unit_is_not_found(db: &Db) {
        let error = db.read(|conn| units::get(conn, &unit_id(STREET))).unwrap_err();
        assert!(matches!(error, DbError::NotFound { kind: "unit", .. }), "{error}");
    }

    fn a_repeated_code_is_a_duplicate(db: &Db) {
        with_branch(db);
        let error = db.write(|tx| units::insert(tx, &unit(CITY, None, UnitLevel::City))).unwrap_err();
        assert_eq!(error.code(), "duplicate");
    }

    fn a_missing_parent_is_a_missing_reference(db: &Db) {
        let error = db.write(|tx| units::insert(tx, &unit(STREET, Some(DISTRICT), UnitLevel::Street))).unwrap_err();
        assert_eq!(error.code(), "missing-reference");
    }

    fn a_cycle_is_refused(db: &Db) {
        with_branch(db);
        let city = unit(CITY, Some(STREET), UnitLevel::City);
        let error = db.write(|tx| units::update(tx, &city)).unwrap_err();
        let DbError::Invalid { faults, .. } = error else { panic!("{error}") };
        assert_eq!(faults[0].code, "unit-cycle");
    }

    fn a_child_on_a_higher_level_is_refused(db: &Db) {
        with_branch(db);
        let error = db.write(|tx| units::insert(tx, &unit("220103000000", Some(STREET), UnitLevel::District)));
        let DbError::Invalid { faults, .. } = error.unwrap_err() else { panic!() };
        assert_eq!(faults[0].code, "unit-level");
        let raised = unit(DISTRICT, Some(CITY), UnitLevel::Community);
        assert_eq!(db.write(|tx| units::update(tx, &raised)).unwrap_err().code(), "invalid");
    }

    fn a_moved_unit_takes_its_subtree_along(db: &Db) {
        with_branch(db);
        let other = "220103000000";
        db.write(|tx| units::insert(tx, &unit(other, Some(CITY), UnitLevel::District))).unwrap();
        let moved = unit(STREET, Some(other), UnitLevel::Street);
        assert_eq!(db.write(|tx| units::update(tx, &moved)).unwrap(), 2);
        let below = |root: &str| {
            let units = db.read(|conn| units::within(conn, &unit_id(root))).unwrap();
            units.into_iter().map(|unit| unit.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(below(other), [other, STREET, COMMUNITY]);
        assert_eq!(below(DISTRICT), [DISTRICT]);
        let above = db.read(|conn| units::ancestors(conn, &unit_id(COMMUNITY))).unwrap();
        assert_eq!(above, [unit_id(CITY), unit_id(other), unit_id(STREET)]);
    }

    fn a_stale_version_is_refused_and_changes_nothing(db: &Db) {
        with_branch(db);
        let mut street = unit(STREET, Some(DISTRICT), UnitLevel::Street);
        street.name = "新名".to_owned();
        db.write(|tx| units::update(tx, &street)).unwrap();
        street.name = "旧名".to_owned();
        let error = db.write(|tx| units::update(tx, &street)).unwrap_err();
        assert!(matches!(error, DbError::Stale { expected: 1, actual: 2, .. }), "{error}");
        assert_eq!(db.read(|conn| units::get(conn, &unit_id(STREET))).unwrap().name, "新名");
    }

    fn a_unit_with_children_stays(db: &Db) {
        with_branch(db);
        let error = db.write(|tx| units::delete(tx, &unit_id(STREET), 1)).unwrap_err();
        assert_eq!(error.code(), "still-referenced");
        db.write(|tx| units::delete(tx, &unit_id(COMMUNITY), 1)).unwrap();
        db.write(|tx| units::delete(tx, &unit_id(STREET), 1)).unwrap();
    }

    fn pages_follow_each_other_without_gap_or_repeat(db: &Db) {
        with_branch(db);
        let mut page = Page::first(2);
        let mut seen = Vec::new();
        loop {
            let slice = db.read(|conn| units::list(conn, &UnitFilter::default(), &page)).unwrap();
            seen.extend(slice.items.into_iter().map(|unit| unit.id));
            match slice.next {
                Some(next) => page = Page::after(next, 2),
                None => break,
            }
        }
        assert_eq!(seen, [CITY, DISTRICT, STREET, COMMUNITY].map(unit_id));
    }

    fn filters_narrow_a_list(db: &Db) {
        with_branch(db);
        let count = |filter: UnitFilter| db.read(|conn| units::list(conn, &filter, &Page::default())).unwrap().items.len();
        assert_eq!(count(UnitFilter { subtree: Some(unit_id(STREET)), ..UnitFilter::default() }), 2);
        assert_eq!(count(UnitFilter { parent: Some(unit_id(CITY)), ..UnitFilter::default() }), 1);
        assert_eq!(count(UnitFilter { level: Some(UnitLevel::Street), ..UnitFilter::default() }), 1);
        assert_eq!(count(UnitFilter { name_contains: Some("位2201020010".to_owned()), ..UnitFilter::default() }), 2);
        assert_eq!(count(UnitFilter { name_contains: Some("%".to_owned()), ..UnitFilter::default() }), 0);
    }
}
