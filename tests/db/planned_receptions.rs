//! Receptions from the database into a plan, back as proposals, and onto the receptions once the roster is published.

use chrono::{Days, NaiveDate};
use paiban::cases::moves::By;
use paiban::db::audit::{self, AuditFilter};
use paiban::db::{Db, DbError, Page, planned_receptions, receptions, schedules};
use paiban::demo::{self, DemoCity, Preset};
use paiban::domain::*;
use paiban::planning::demo_load::load_demo;
use paiban::planning::keep::keep_roster;
use paiban::planning::receive::carry_out_receptions;
use paiban::planning::week::{PreparedWeek, prepare, prepare_stored};
use paiban::sharing::booking::Author;
use paiban_solver::control::{Options, Silent};
use paiban_solver::document::RosterDocument;
use paiban_solver::solve;

use crate::make::{WEEK, clock, date, schedule};
use crate::support::on_both;

/// The Saturday before the week: Monday is too soon for what is not announced.
fn saturday() -> NaiveDate {
    date(WEEK) - Days::new(2)
}

/// The demo street, planned and stored as of the Saturday before.
fn planned(db: &Db) -> (DemoCity, PreparedWeek, Schedule) {
    let city = demo::generate(Preset::Street, 7, date(WEEK));
    load_demo(db, &city, &clock()).unwrap();
    let street = city.units.iter().find(|unit| unit.level == UnitLevel::Street).unwrap();
    let wanted = schedule("w1", street.id.as_str());
    db.write(|tx| schedules::insert(tx, &wanted)).unwrap();
    let mut week = prepare(db, &wanted.id, saturday()).unwrap();
    // Receptions are what is looked at; a few posts keep the solve short.
    week.document.needs.truncate(12);
    week.document.cases.clear();
    let problem = week.document.to_problem().unwrap();
    let options = Options::default();
    let outcome = solve(&problem, &options, &Silent).unwrap();
    let roster = RosterDocument::from_outcome(&problem, &outcome, &week.document.input_hash(), &options);
    let kept = db.write(|tx| keep_roster(tx, &week, roster, clock().now())).unwrap();
    (city, week, kept)
}

fn stored(db: &Db, id: &ReceptionId) -> Reception {
    db.read(|conn| receptions::get(conn, id)).unwrap()
}

fn carry_out(db: &Db, schedule: &Schedule) -> usize {
    let by = By { actor: "anna", now: clock().now(), reason: Some("published") };
    let author = Author { actor: "anna", now: clock().now(), entropy: &SeededEntropy::new(1) };
    db.change("anna", clock().now(), |tx| {
        let written = carry_out_receptions(tx, &schedule.id, author, by)?;
        if written == 0 {
            tx.unchanged();
        }
        Ok(written)
    })
    .unwrap()
}

on_both! {
    fn a_plan_proposes_receptions_and_publication_writes_them(db: &Db) {
        let (city, week, schedule) = planned(db);
        let of_week = |reception: &&Reception| week.receptions.contains_key(reception.id.as_str());
        let before: Vec<Reception> = city.receptions.iter().filter(of_week).cloned().collect();
        assert_eq!(before.len(), 3, "one announced, two planned");
        let proposals = db.read(|conn| planned_receptions::of_schedule(conn, &schedule.id)).unwrap();
        assert_eq!(proposals.len(), 3);
        for reception in &before {
            assert_eq!(stored(db, &reception.id), *reception, "nothing changes before the roster is published");
        }
        let held: Vec<&PlannedReception> = proposals.iter().filter(|planned| planned.is_held).collect();
        assert!(held.iter().all(|planned| planned.host.is_some() && !planned.deputies.is_empty()));
        let open = |planned: &&&PlannedReception| {
            before.iter().any(|one| one.id == planned.reception && one.status == ReceptionStatus::Planned)
        };
        let open: Vec<&&PlannedReception> = held.iter().filter(open).collect();
        assert!(!open.is_empty(), "{proposals:?}");
        assert_eq!(carry_out(db, &schedule), open.len());
        for planned in open {
            let after = stored(db, &planned.reception);
            assert_eq!(after.status, ReceptionStatus::Planned, "announcing is left to somebody");
            assert_eq!(Some(after.date), planned.date);
            assert!((after.date - saturday()).num_days() >= NOTICE_DAYS);
            assert_eq!((&after.deputies, &after.host, &after.venue), (&planned.deputies, &planned.host, &planned.venue));
            let filter = AuditFilter { kind: Some("reception".to_owned()), ..AuditFilter::default() };
            let entries = db.read(|conn| audit::list(conn, &filter, &Page::first(50))).unwrap().items;
            assert!(entries.iter().any(|entry| entry.entity == after.id.as_str() && entry.action == "plan"));
        }
        let announced = before.iter().find(|one| one.status == ReceptionStatus::Announced).unwrap();
        assert_eq!(stored(db, &announced.id), *announced);
        assert_eq!(carry_out(db, &schedule), 0, "what is written once is not written again");
    }

    fn a_reception_that_has_changed_since_stays_as_it_is(db: &Db) {
        let (city, week, schedule) = planned(db);
        for reception in city.receptions.iter().filter(|one| week.receptions.contains_key(one.id.as_str())) {
            db.write(|tx| {
                let mut changed = receptions::get(tx, &reception.id)?;
                changed.title = "改过的接待日".to_owned();
                receptions::update(tx, &changed)
            })
            .unwrap();
        }
        assert_eq!(carry_out(db, &schedule), 0);
    }

    fn receptions_are_replaced_together_or_not_at_all(db: &Db) {
        let (city, ..) = planned(db);
        let open = city.receptions.iter().filter(|one| one.status == ReceptionStatus::Planned);
        let moved: Vec<Reception> = open
            .map(|one| Reception {
                date: one.date + Days::new(1),
                deputies: city.receptions.iter().filter_map(|other| other.deputies.first().cloned()).take(1).collect(),
                ..one.clone()
            })
            .collect();
        assert!(moved.len() > 1);
        let mut stale = moved.clone();
        stale.last_mut().unwrap().version = 7;
        let refused = db.write(|tx| receptions::replan_many(tx, &stale));
        assert!(matches!(refused, Err(DbError::Stale { expected: 7, actual: 1, .. })), "{refused:?}");
        let last = stale.last().unwrap();
        assert_eq!(stored(db, &moved[0].id).version, 1, "{} is refused, and the others with it", last.id);
        db.write(|tx| receptions::replan_many(tx, &moved)).unwrap();
        for one in moved {
            assert_eq!(stored(db, &one.id), Reception { version: 2, ..one });
        }
    }

    fn what_is_decided_takes_its_peoples_time_and_is_not_decided_again(db: &Db) {
        let (_, _, schedule) = planned(db);
        let week = db.snapshot(|conn| Ok(prepare_stored(conn, schedule.clone()))).unwrap().unwrap();
        assert!(week.document.receptions.is_empty());
        let proposals = db.read(|conn| planned_receptions::of_schedule(conn, &schedule.id)).unwrap();
        let planned = proposals.iter().find(|planned| planned.is_held && planned.venue.is_some()).unwrap();
        let host = week.document.people.iter().find(|person| Some(&person.id) == planned.host.as_ref().map(|id| id.as_str().to_owned()).as_ref()).unwrap();
        let start = planned.date.unwrap().and_hms_opt(u32::from(planned.start_minute.unwrap()) / 60, u32::from(planned.start_minute.unwrap()) % 60, 0).unwrap();
        assert!(host.unavailable.iter().any(|span| span.start.get() <= start && start < span.end.get()));
    }
}
