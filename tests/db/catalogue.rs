//! Stations, catalogues, calendars, profiles, and where and when people may serve.

use crate::make::{
    self, CITY, STREET, calendar_2026, clock, date, person_id, small_network, station, station_id, unit_id,
};
use crate::support::on_both;
use paiban::db::{
    DbError, Page, apart, audit, availability, calendar, contracts, idempotency, profiles, secondments, shift_types,
    skills, stations,
};
use paiban::domain::*;

fn statement(id: &str, kind: AvailabilityKind) -> Availability {
    Availability {
        id: AvailabilityId::parse(id).unwrap(),
        person: person_id("p1"),
        kind,
        weekday: Some(2),
        from_date: None,
        to_date: None,
        start_minute: 0,
        end_minute: 1440,
        shift_type: None,
        station: None,
        weight: 1,
        reason: None,
        version: 1,
    }
}

fn fault_codes(error: DbError) -> Vec<&'static str> {
    let DbError::Invalid { faults, .. } = error else { panic!("{error}") };
    faults.iter().map(|fault| fault.code).collect()
}

on_both! {
    fn a_station_keeps_its_hours_through_an_edit(db: &Db) {
        small_network(db);
        let mut stored = db.read(|conn| stations::get(conn, &station_id("s1"))).unwrap();
        assert_eq!(stored, station("s1"));
        stored.hours = vec![OpeningHours { day: HoursDay::OffDay, start_minute: 540, end_minute: 720 }];
        stored.version = db.write(|tx| stations::update(tx, &stored)).unwrap();
        assert_eq!(db.read(|conn| stations::get(conn, &station_id("s1"))).unwrap(), stored);
    }

    fn overlapping_hours_are_refused(db: &Db) {
        small_network(db);
        let mut bad = station("s3");
        bad.hours.push(OpeningHours { day: HoursDay::Friday, start_minute: 1020, end_minute: 1200 });
        assert_eq!(fault_codes(db.write(|tx| stations::insert(tx, &bad)).unwrap_err()), ["hours-overlap"]);
    }

    fn stations_filter_by_subtree(db: &Db) {
        small_network(db);
        let filter = stations::StationFilter { subtree: Some(unit_id(STREET)), ..Default::default() };
        let slice = db.read(|conn| stations::list(conn, &filter, &Page::default())).unwrap();
        assert_eq!(slice.items, [station("s1"), station("s2")]);
        let absent = stations::StationFilter { subtree: Some(unit_id("220300000000")), ..Default::default() };
        let error = db.read(|conn| stations::list(conn, &absent, &Page::default())).unwrap_err();
        assert_eq!(error.code(), "not-found");
    }

    fn a_station_with_posts_stays(db: &Db) {
        small_network(db);
        db.write(|tx| paiban::db::posts::insert(tx, &make::post("x", "s1", "2026-11-30", 540))).unwrap();
        let error = db.write(|tx| stations::delete(tx, &station_id("s1"), 1)).unwrap_err();
        assert_eq!(error.code(), "still-referenced");
    }

    fn shift_types_keep_their_successions(db: &Db) {
        let day = ShiftType {
            id: ShiftTypeId::parse("day").unwrap(),
            name: "白班".to_owned(),
            min_consecutive_days: None,
            max_consecutive_days: Some(5),
            forbidden_next: Vec::new(),
            version: 1,
        };
        let night = ShiftType {
            id: ShiftTypeId::parse("night").unwrap(),
            name: "夜班".to_owned(),
            forbidden_next: vec![day.id.clone()],
            ..day.clone()
        };
        db.write(|tx| shift_types::insert_many(tx, &[day.clone(), night.clone()])).unwrap();
        let filter = shift_types::ShiftTypeFilter::default();
        let slice = db.read(|conn| shift_types::list(conn, &filter, &Page::default())).unwrap();
        assert_eq!(slice.items, [day, night]);
    }

    fn a_contract_with_minimum_above_maximum_is_refused(db: &Db) {
        let mut contract = Contract::new(ContractId::parse("c1").unwrap(), "全日制");
        contract.min_minutes_week = 2400;
        contract.max_minutes_week = Some(1200);
        assert_eq!(fault_codes(db.write(|tx| contracts::insert(tx, &contract)).unwrap_err()), ["range-upside-down"]);
        contract.max_minutes_week = Some(2640);
        db.write(|tx| contracts::insert(tx, &contract)).unwrap();
        assert_eq!(db.read(|conn| contracts::get(conn, &contract.id)).unwrap(), contract);
    }

    fn a_skill_in_use_stays(db: &Db) {
        small_network(db);
        let law = Skill { id: SkillId::parse("law").unwrap(), name: "法律".to_owned(), version: 1 };
        let mut helper = make::person("p3", "c");
        helper.skills = vec![PersonSkill { skill: law.id.clone(), level: 2, valid_until: Some(date("2027-01-01")) }];
        db.write(|tx| skills::insert(tx, &law).and_then(|()| paiban::db::people::insert(tx, &helper))).unwrap();
        assert_eq!(db.read(|conn| paiban::db::people::get(conn, &helper.id)).unwrap(), helper);
        let error = db.write(|tx| skills::delete(tx, &law.id, 1)).unwrap_err();
        assert_eq!(error.code(), "still-referenced");
    }

    fn a_calendar_reads_back_and_takes_edits(db: &Db) {
        let mut year = calendar_2026();
        db.write(|tx| calendar::insert(tx, &year)).unwrap();
        assert_eq!(db.read(|conn| calendar::get(conn, 2026)).unwrap(), year);
        year.days.push(CalendarDay { date: date("2026-10-10"), is_off: false, name: None, source: None });
        year.version = db.write(|tx| calendar::update(tx, &year)).unwrap();
        assert_eq!(db.read(|conn| calendar::list(conn, &Page::default())).unwrap().items, [year.clone()]);
        year.version = 1;
        assert_eq!(db.write(|tx| calendar::update(tx, &year)).unwrap_err().code(), "stale");
        assert_eq!(db.write(|tx| calendar::delete(tx, 2027, 1)).unwrap_err().code(), "not-found");
    }

    fn a_day_of_another_year_is_refused(db: &Db) {
        let mut year = calendar_2026();
        year.days.push(CalendarDay { date: date("2027-01-01"), is_off: true, name: None, source: None });
        assert_eq!(fault_codes(db.write(|tx| calendar::insert(tx, &year)).unwrap_err()), ["date-outside-year"]);
    }

    fn availability_filters_by_dates_and_refuses_nonsense(db: &Db) {
        small_network(db);
        let weekly = statement("a1", AvailabilityKind::Unavailable);
        let mut leave = statement("a2", AvailabilityKind::Unavailable);
        leave.weekday = None;
        leave.from_date = Some(date("2026-12-01"));
        leave.to_date = Some(date("2026-12-02"));
        db.write(|tx| availability::insert_many(tx, &[weekly.clone(), leave.clone()])).unwrap();
        let ids = |from: &str| {
            let filter = availability::AvailabilityFilter { from: Some(date(from)), ..Default::default() };
            let slice = db.read(|conn| availability::list(conn, &filter, &Page::default())).unwrap();
            slice.items.into_iter().map(|item| item.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("2026-12-02"), ["a1", "a2"]);
        assert_eq!(ids("2026-12-03"), ["a1"]);
        let mut bad = leave;
        bad.to_date = None;
        bad.weight = 0;
        bad.end_minute = 0;
        let error = db.write(|tx| availability::insert(tx, &bad)).unwrap_err();
        assert_eq!(fault_codes(error), ["impossible-time-span", "open-dates", "weight-zero"]);
    }

    fn secondments_filter_by_day(db: &Db) {
        small_network(db);
        let secondment = Secondment {
            id: SecondmentId::parse("h1").unwrap(),
            person: person_id("p1"),
            host_unit: unit_id(CITY),
            from_date: date("2026-01-01"),
            to_date: Some(date("2026-06-30")),
            min_minutes_week: 480,
            version: 1,
        };
        db.write(|tx| secondments::insert(tx, &secondment)).unwrap();
        let on = |day: &str| {
            let filter = secondments::SecondmentFilter { on: Some(date(day)), ..Default::default() };
            db.read(|conn| secondments::list(conn, &filter, &Page::default())).unwrap().items.len()
        };
        assert_eq!((on("2025-12-31"), on("2026-01-01"), on("2026-06-30"), on("2026-07-01")), (0, 1, 1, 0));
    }

    fn profile_versions_follow_each_other_and_stay(db: &Db) {
        small_network(db);
        let id = ProfileId::parse("default").unwrap();
        let number = db
            .write(|tx| profiles::add_version(tx, &id, 1, r#"{"S30":{"weight":20}}"#, Some("more"), clock().now()))
            .unwrap();
        assert_eq!(number, 2);
        let versions = db.read(|conn| profiles::versions(conn, &id)).unwrap();
        assert_eq!(versions.iter().map(|version| version.rules.as_str()).collect::<Vec<_>>(), ["{}", r#"{"S30":{"weight":20}}"#]);
        assert_eq!(versions[1].created_at, clock().now());
        let stale = db.write(|tx| profiles::add_version(tx, &id, 1, "{}", None, clock().now())).unwrap_err();
        assert_eq!(stale.code(), "stale");
    }

    fn a_pair_is_the_same_in_either_order(db: &Db) {
        small_network(db);
        let pair = ApartPair { first: person_id("p2"), second: person_id("p1"), reason: None };
        db.write(|tx| apart::insert(tx, &pair)).unwrap();
        let turned = ApartPair { first: person_id("p1"), second: person_id("p2"), reason: None };
        assert_eq!(db.read(apart::all).unwrap(), [turned.clone()]);
        assert_eq!(db.write(|tx| apart::insert(tx, &turned)).unwrap_err().code(), "duplicate");
        db.write(|tx| apart::delete(tx, &person_id("p2"), &person_id("p1"))).unwrap();
    }

    fn the_audit_trail_is_chained_listed_and_kept(db: &Db) {
        let draft = |entity: &str| AuditDraft {
            action: "update",
            kind: "person",
            entity: entity.to_owned(),
            unit_path: Some(format!("1/{entity}/")),
            before: None,
            after: Some("{}".to_owned()),
            reason: None,
        };
        let tell = |entities: &[&str]| {
            db.change("lin", clock().now(), |trail| {
                for entity in entities {
                    trail.tell(draft(entity));
                }
                Ok(())
            })
        };
        tell(&["p1", "p2"]).unwrap();
        tell(&["p1"]).unwrap();
        let seqs = |filter: &audit::AuditFilter, page: &Page| -> Vec<i64> {
            let slice = db.read(|conn| audit::list(conn, filter, page)).unwrap();
            slice.items.iter().map(|entry| entry.seq).collect()
        };
        let about = audit::AuditFilter { entity: Some("p1".to_owned()), ..Default::default() };
        assert_eq!(seqs(&about, &Page::first(9)), [3, 1]);
        let all = audit::AuditFilter::default();
        let first = db.read(|conn| audit::list(conn, &all, &Page::first(2))).unwrap();
        assert_eq!(seqs(&all, &Page::after(first.next.unwrap(), 2)), [1]);
        let within = |path: &str| Page { visible: Visible::Subtrees(vec![path.to_owned()]), ..Page::first(9) };
        assert_eq!(seqs(&all, &within("1/p2/")), [2]);
        assert_eq!(seqs(&all, &within("1/")), [3, 2, 1]);
        let found = db.read(audit::verify).unwrap();
        assert_eq!((found.entries, found.erased, found.fault), (3, 0, None));
        assert_eq!(db.read(|conn| audit::hash_of(conn, 3)).unwrap(), Some(found.head));
        assert_eq!(db.write(|tx| audit::erase(tx, "person", "p1")).unwrap(), 2);
        let found = db.read(audit::verify).unwrap();
        assert_eq!((found.entries, found.erased, found.fault), (3, 2, None), "erasing does not break the chain");
        let silent = db.change("lin", clock().now(), |_| Ok(())).unwrap_err();
        assert_eq!(silent.code(), "database-error", "a change has to tell something");
    }

    fn a_repeated_request_gets_the_same_answer(db: &Db) {
        db.write(|tx| idempotency::insert(tx, "create_schedule", "k", "print", "answer", clock().now())).unwrap();
        let find = |print: &str| db.read(|conn| idempotency::find(conn, "create_schedule", "k", print));
        assert_eq!(find("print").unwrap().as_deref(), Some("answer"));
        assert_eq!(find("other").unwrap_err().code(), "wrong-state");
        let later = clock().now() + chrono::Duration::days(1);
        assert_eq!(db.write(|tx| idempotency::delete_before(tx, later)).unwrap(), 1);
        assert_eq!(find("print").unwrap(), None);
    }
}
