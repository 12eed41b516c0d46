//! What publication has written to receptions and visits, and what becomes of it when it is withdrawn or replaced.

use chrono::{DateTime, NaiveDate, Utc};

use paiban::cases::moves::By;
use paiban::db::results::{PlanResult, store_result};
use paiban::db::{Db, planned_receptions, planned_visits, receptions, schedules, visits};
use paiban::domain::*;
use paiban::planning::receive::carry_out_receptions;
use paiban::planning::take_back::{Because, TakenBack, hand_over, take_back};
use paiban::planning::visits::carry_out_visits;
use paiban::sharing::booking::Author;

use crate::make::{COMMUNITY, STREET, clock, date, person_id, schedule, small_network, station_id, unit_id};
use crate::support::on_both;

fn open_visit(db: &Db, id: &str) -> Visit {
    let visit = Visit {
        id: VisitId::parse(id).unwrap(),
        person: None,
        unit: unit_id(COMMUNITY),
        date: None,
        start_minute: None,
        end_minute: None,
        households: 4,
        status: VisitStatus::Open,
        note: None,
        wanted_from: Some(date("2026-11-30")),
        wanted_until: Some(date("2026-12-06")),
        earliest_minute: None,
        latest_minute: None,
        minutes: Some(120),
        candidates: vec![person_id("p1")],
        version: 1,
    };
    db.write(|tx| visits::insert(tx, &visit)).unwrap();
    visit
}

fn planned_reception(db: &Db, id: &str) -> Reception {
    let reception = Reception {
        id: ReceptionId::parse(id).unwrap(),
        title: "代表接待日".to_owned(),
        station: station_id("s1"),
        date: date("2026-12-02"),
        start_minute: 840,
        end_minute: 900,
        slot_minutes: 20,
        per_slot: 1,
        venue: None,
        host: None,
        status: ReceptionStatus::Planned,
        announced_at: None,
        moved_from: Some(date("2026-12-01")),
        moved_because: Some("停电".to_owned()),
        recorded_at: None,
        handover_due: date("2026-12-09"),
        deputies: vec![person_id("p2")],
        version: 1,
    };
    db.write(|tx| receptions::insert(tx, &reception)).unwrap();
    reception
}

fn made(visit: &Visit, person: &str, day: &str) -> PlannedVisit {
    PlannedVisit {
        schedule: ScheduleId::parse("s").unwrap(),
        visit: visit.id.clone(),
        visit_version: visit.version,
        is_made: true,
        person: Some(person_id(person)),
        date: Some(date(day)),
        start_minute: Some(540),
        end_minute: Some(660),
        reason_zh: String::new(),
        reason_en: String::new(),
        is_carried_out: false,
        former: None,
    }
}

fn held(reception: &Reception, day: Option<&str>) -> PlannedReception {
    PlannedReception {
        schedule: ScheduleId::parse("s").unwrap(),
        reception: reception.id.clone(),
        reception_version: reception.version,
        is_held: day.is_some(),
        date: day.map(date),
        start_minute: day.map(|_| 600),
        end_minute: day.map(|_| 660),
        deputies: vec![person_id("p1")],
        host: day.map(|_| person_id("p2")),
        venue: None,
        reason_zh: String::new(),
        reason_en: String::new(),
        is_carried_out: false,
        former: None,
    }
}

/// A planned schedule with these decisions.
fn decided(db: &Db, id: &str, receptions: &[PlannedReception], visits: &[PlannedVisit]) -> ScheduleId {
    let schedule = schedule(id, STREET);
    let result = PlanResult {
        outcome: OutcomeStatus::Optimal,
        input_hash: String::new(),
        certificate: "{}".to_owned(),
        duties: Vec::new(),
        tiers: Vec::new(),
        rules: Vec::new(),
        unmet: Vec::new(),
        cases: Vec::new(),
        receptions: receptions.to_vec(),
        visits: visits.to_vec(),
    };
    db.write(|tx| {
        schedules::insert(tx, &schedule)?;
        store_result(tx, &schedule.id, &result, clock().now())
    })
    .unwrap();
    schedule.id
}

fn told(action: &'static str, schedule: &ScheduleId) -> AuditDraft {
    AuditDraft {
        action,
        kind: "schedule",
        entity: schedule.to_string(),
        unit_path: None,
        before: None,
        after: None,
        reason: None,
    }
}

/// What publishing does to receptions and visits.
fn publish(db: &Db, schedule: &ScheduleId, replaced: Option<&ScheduleId>) {
    let now = clock().now();
    let by = By { actor: "anna", now, reason: Some("published") };
    let author = Author { actor: "anna", now, entropy: &SeededEntropy::new(1) };
    db.change("anna", now, |tx| {
        if let Some(replaced) = replaced {
            hand_over(tx, replaced, schedule)?;
        }
        carry_out_receptions(tx, schedule, author, by)?;
        carry_out_visits(tx, schedule, by)?;
        if let Some(replaced) = replaced {
            take_back(tx, replaced, Some(schedule), by)?;
        }
        tx.tell(told("publish", schedule));
        Ok(())
    })
    .unwrap();
}

/// What withdrawing does to them.
fn withdraw(db: &Db, schedule: &ScheduleId, restored: Option<&ScheduleId>, now: DateTime<Utc>) -> TakenBack {
    let by = By { actor: "anna", now, reason: Some("withdrawn") };
    let author = Author { actor: "anna", now, entropy: &SeededEntropy::new(1) };
    db.change("anna", now, |tx| {
        let taken = take_back(tx, schedule, restored, by)?;
        if let Some(restored) = restored {
            carry_out_receptions(tx, restored, author, by)?;
            carry_out_visits(tx, restored, by)?;
        }
        tx.tell(told("withdraw", schedule));
        Ok(taken)
    })
    .unwrap()
}

fn visit(db: &Db, of: &Visit) -> Visit {
    db.read(|conn| visits::get(conn, &of.id)).unwrap()
}

fn reception(db: &Db, of: &Reception) -> Reception {
    db.read(|conn| receptions::get(conn, &of.id)).unwrap()
}

fn who_and_when(visit: &Visit) -> (Option<&str>, Option<NaiveDate>) {
    (visit.person.as_ref().map(PersonId::as_str), visit.date)
}

fn ids(taken: &TakenBack) -> Vec<&str> {
    taken.put_back.iter().map(|subject| subject.id.as_str()).collect()
}

on_both! {
    fn what_nobody_has_touched_goes_back_and_can_be_written_again(db: &Db) {
        small_network(db);
        let (open, wanted) = (open_visit(db, "v1"), planned_reception(db, "r1"));
        let id = decided(db, "w1", &[held(&wanted, Some("2026-12-03"))], &[made(&open, "p1", "2026-12-01")]);
        publish(db, &id, None);
        assert_eq!(who_and_when(&visit(db, &open)), (Some("p1"), Some(date("2026-12-01"))));
        let written = reception(db, &wanted);
        assert_eq!((written.date, written.moved_from), (date("2026-12-03"), None));

        let taken = withdraw(db, &id, None, clock().now());
        assert_eq!((ids(&taken), taken.kept.len()), (vec!["r1", "v1"], 0));
        assert_eq!(visit(db, &open), Visit { version: 3, ..open.clone() });
        assert_eq!(reception(db, &wanted), Reception { version: 3, ..wanted.clone() });
        let rows = db.read(|conn| planned_visits::of_schedule(conn, &id)).unwrap();
        assert!(rows.iter().all(|row| !row.is_carried_out && row.former.is_none() && row.visit_version == 3));
        let rows = db.read(|conn| planned_receptions::of_schedule(conn, &id)).unwrap();
        assert!(rows.iter().all(|row| !row.is_carried_out && row.former.is_none() && row.reception_version == 3));
        assert_eq!(withdraw(db, &id, None, clock().now()), TakenBack::default(), "nothing is taken back twice");

        publish(db, &id, None);
        assert_eq!(who_and_when(&visit(db, &open)), (Some("p1"), Some(date("2026-12-01"))));
        assert_eq!(reception(db, &wanted), Reception { version: 4, ..written });
    }

    fn what_is_announced_changed_or_begun_stays_and_is_said(db: &Db) {
        small_network(db);
        let [edited, done, begun, ahead] = ["v1", "v2", "v3", "v4"].map(|id| open_visit(db, id));
        let [public, retitled] = ["r1", "r2"].map(|id| planned_reception(db, id));
        let days = [(&edited, "2026-12-04"), (&done, "2026-12-04"), (&begun, "2026-12-01"), (&ahead, "2026-12-04")];
        let id = decided(
            db,
            "w1",
            &[&public, &retitled].map(|one| held(one, Some("2026-12-03"))),
            &days.map(|(one, day)| made(one, "p1", day)),
        );
        publish(db, &id, None);
        db.write(|tx| {
            let announced_at = Some(clock().now());
            let was = receptions::get(tx, &public.id)?;
            receptions::update(tx, &Reception { status: ReceptionStatus::Announced, announced_at, ..was })?;
            let was = receptions::get(tx, &retitled.id)?;
            receptions::update(tx, &Reception { title: "联合接待日".to_owned(), ..was })?;
            let was = visits::get(tx, &edited.id)?;
            visits::update(tx, &Visit { households: 9, ..was })?;
            let was = visits::get(tx, &done.id)?;
            visits::update(tx, &Visit { status: VisitStatus::Done, ..was })
        })
        .unwrap();
        let all = || {
            let stored = [&edited, &done, &begun].map(|one| visit(db, one));
            (stored, [&public, &retitled].map(|one| reception(db, one)))
        };
        let before = all();
        let taken = withdraw(db, &id, None, "2026-12-01T02:00:00Z".parse().unwrap());
        let kept: Vec<(&str, Because)> =
            taken.kept.iter().map(|(subject, because)| (subject.id.as_str(), *because)).collect();
        let expected = [
            ("r1", Because::Announced),
            ("r2", Because::Changed),
            ("v1", Because::Changed),
            ("v2", Because::Changed),
            ("v3", Because::Begun),
        ];
        assert_eq!((kept.as_slice(), ids(&taken)), (expected.as_slice(), vec!["v4"]));
        assert_eq!(all(), before);
        assert_eq!(visit(db, &ahead).status, VisitStatus::Open);
    }

    fn a_schedule_that_takes_the_place_of_another_writes_its_own_whichever_was_planned_first(db: &Db) {
        small_network(db);
        let [both, first_alone] = ["v1", "v2"].map(|id| open_visit(db, id));
        let wanted = planned_reception(db, "r1");
        let first = decided(
            db,
            "w1",
            &[held(&wanted, Some("2026-12-03"))],
            &[made(&both, "p1", "2026-12-01"), made(&first_alone, "p1", "2026-12-02")],
        );
        // Planned before the first was published: it knows nothing of what that one has written.
        let second = decided(db, "w2", &[held(&wanted, None)], &[made(&both, "p2", "2026-12-04")]);
        publish(db, &first, None);
        let by_first = reception(db, &wanted);
        publish(db, &second, Some(&first));
        assert_eq!(who_and_when(&visit(db, &both)), (Some("p2"), Some(date("2026-12-04"))));
        assert_eq!(who_and_when(&visit(db, &first_alone)), (None, None));
        let version = reception(db, &wanted).version;
        assert_eq!(reception(db, &wanted), Reception { version, ..wanted.clone() });

        // Withdrawn, it leaves everything as the first had written it; withdrawn as well, that leaves nothing.
        withdraw(db, &second, Some(&first), clock().now());
        assert_eq!(who_and_when(&visit(db, &both)), (Some("p1"), Some(date("2026-12-01"))));
        assert_eq!(who_and_when(&visit(db, &first_alone)), (Some("p1"), Some(date("2026-12-02"))));
        let version = reception(db, &wanted).version;
        assert_eq!(reception(db, &wanted), Reception { version, ..by_first });
        let taken = withdraw(db, &first, None, clock().now());
        assert_eq!((ids(&taken), taken.kept.len()), (vec!["r1", "v1", "v2"], 0));
        assert_eq!(visit(db, &both).status, VisitStatus::Open);
        assert_eq!(visit(db, &first_alone).status, VisitStatus::Open);
    }
}
