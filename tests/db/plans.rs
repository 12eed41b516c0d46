//! Schedules, jobs, results, and the way from the database to a problem and back.

use std::collections::BTreeMap;

use crate::make::{
    self, CITY, COMMUNITY, STREET, WEEK, clock, date, person_id, post, schedule, small_network, station_id, template,
    today, unit_id,
};
use crate::support::on_both;
use paiban::db::{Db, DbError, Page, assignments, demand_templates, jobs, ledger, posts, results, schedules};
use paiban::demo::{self, Preset};
use paiban::domain::*;
use paiban::planning::demo_load::{LoadOutcome, load_demo};
use paiban::planning::history::record_week;
use paiban::planning::keep::keep_roster;
use paiban::planning::week::{PreparedWeek, prepare, require_calendar};
use paiban_solver::document::{
    CertificateDocument, ProblemDocument, ProfileVersionDocument, RosterDocument, StatusDocument, TierDocument,
    UnmetDocument,
};

fn add(db: &Db, schedule: &Schedule) -> ScheduleId {
    db.write(|tx| schedules::insert(tx, schedule)).unwrap();
    schedule.id.clone()
}

/// A roster of the week that gives each (person, post).
fn roster(week: &PreparedWeek, duties: &[(&str, &str)], unmet: &[&str]) -> RosterDocument {
    RosterDocument {
        objective_bound: 0,
        format: "paiban-roster/1".to_owned(),
        status: StatusDocument::Optimal,
        objective: 0,
        tiers: (1..=3)
            .map(|tier| TierDocument { tier, value: 7, bound: 7, gap: 0.0, method: "MIP".to_owned(), seconds: 0.5 })
            .collect(),
        rules: BTreeMap::from([("S22".to_owned(), 7)]),
        unmet: unmet
            .iter()
            .map(|need| UnmetDocument {
                need: (*need).to_owned(),
                missing: 1,
                stopped_by: BTreeMap::from([("H02".to_owned(), 2)]),
                busy_elsewhere: 0,
                reason_zh: "两人请假。".to_owned(),
                reason_en: "Two people are on leave.".to_owned(),
            })
            .collect(),
        certificate: CertificateDocument {
            input_hash: week.document.input_hash(),
            profile: ProfileVersionDocument { name: "default".to_owned(), version: 1 },
            seed: 1,
            threads: 1,
            time_limit_seconds: 10.0,
            gap_limits: [0.0; 3],
            parts: 1,
            seconds: 0.5,
            versions: BTreeMap::new(),
        },
        cases: Vec::new(),
        receptions: Vec::new(),
        duties: duties.iter().map(|(person, post)| paiban::planning::assemble::duty(person, post)).collect(),
    }
}

fn in_any_order(mut document: ProblemDocument) -> ProblemDocument {
    document.description = None;
    document.units.sort_by(|left, right| left.id.cmp(&right.id));
    document.places.sort_by(|left, right| left.id.cmp(&right.id));
    document.skills.sort_by(|left, right| left.id.cmp(&right.id));
    document.shift_types.sort_by(|left, right| left.id.cmp(&right.id));
    document.people.sort_by(|left, right| left.id.cmp(&right.id));
    for person in &mut document.people {
        person.skills.sort_by(|left, right| left.id.cmp(&right.id));
        person.familiar_places.sort();
        person.wishes.sort_by_key(|wish| (wish.start, wish.end, wish.place.clone()));
    }
    document.needs.sort_by(|left, right| left.id().cmp(right.id()));
    document.apart.sort();
    document
}

on_both! {
    fn the_demo_makes_the_same_problem_with_and_without_a_database(db: &Db) {
        let city = demo::generate(Preset::Street, 7, date(WEEK));
        let loaded = load_demo(db, &city, &clock()).unwrap();
        assert!(matches!(loaded, LoadOutcome::Loaded { people, .. } if people == city.people.len()));
        let root = city.units.iter().find(|unit| unit.parent.is_none()).unwrap();
        let week = prepare(db, &add(db, &schedule("w1", root.id.as_str())), date(WEEK) - chrono::Days::new(2)).unwrap();
        let expected = in_any_order(demo::problem_document(&city));
        let found = in_any_order(week.document);
        assert_eq!(found.people, expected.people);
        assert_eq!(found.needs, expected.needs);
        assert_eq!(found, expected);
        assert!(found.to_problem().is_ok());
    }

    fn a_second_load_changes_nothing_and_another_demo_is_refused(db: &Db) {
        let city = demo::generate(Preset::Street, 7, date(WEEK));
        load_demo(db, &city, &clock()).unwrap();
        assert!(matches!(load_demo(db, &city, &clock()).unwrap(), LoadOutcome::AlreadyLoaded(load) if load.seed == 7));
        let other = demo::generate(Preset::Street, 8, date(WEEK));
        assert_eq!(load_demo(db, &other, &clock()).unwrap_err().code(), "wrong-state");
    }

    fn a_week_without_published_calendar_is_refused_unless_a_draft_is_accepted(db: &Db) {
        small_network(db);
        let mut next_year = schedule("w1", STREET);
        next_year.week_start = date("2026-12-28");
        let error = prepare(db, &add(db, &next_year), today()).unwrap_err();
        assert_eq!(error.code(), "calendar-missing");
        assert!(error.to_string().contains("2027-01-01"), "{error}");
        next_year.accept_draft_calendar = true;
        assert_eq!(require_calendar(db, &next_year).unwrap().len(), 7);
        let accepted = Schedule { id: ScheduleId::parse("w2").unwrap(), ..next_year };
        assert!(prepare(db, &add(db, &accepted), today()).unwrap().document.to_problem().is_ok());
    }

    fn a_unit_without_posts_is_nothing_to_plan(db: &Db) {
        small_network(db);
        db.write(|tx| {
            demand_templates::delete(tx, &template("t1", "s1").id, 1)?;
            demand_templates::delete(tx, &template("t2", "s2").id, 1)
        })
        .unwrap();
        assert_eq!(prepare(db, &add(db, &schedule("w1", STREET)), today()).unwrap_err().code(), "nothing-to-plan");
    }

    fn posts_follow_their_templates_but_not_over_hands(db: &Db) {
        small_network(db);
        let id = add(db, &schedule("w1", STREET));
        // Open from Monday to Friday: five posts of each template.
        assert_eq!(prepare(db, &id, today()).unwrap().posts.len(), 10);
        let mut edited = db.read(|conn| posts::get(conn, &PostId::parse("t1@2026-11-30").unwrap())).unwrap();
        edited.max_heads = 9;
        db.write(|tx| posts::update(tx, &edited)).unwrap();
        let mut changed = template("t1", "s1");
        changed.max_heads = 5;
        db.write(|tx| {
            posts::insert(tx, &post("hand", "s1", "2026-12-01", 900))?;
            demand_templates::update(tx, &changed)?;
            demand_templates::delete(tx, &template("t2", "s2").id, 1)
        })
        .unwrap();
        let week = prepare(db, &id, today()).unwrap();
        let heads: BTreeMap<&str, u16> =
            week.posts.iter().map(|(id, post)| (id.as_str(), post.max_heads)).collect();
        assert_eq!(
            heads,
            BTreeMap::from([
                ("hand", 2), ("t1@2026-11-30", 9), ("t1@2026-12-01", 5), ("t1@2026-12-02", 5), ("t1@2026-12-03", 5),
                ("t1@2026-12-04", 5),
            ])
        );
    }

    fn a_post_that_a_roster_names_is_retired_not_removed(db: &Db) {
        small_network(db);
        let id = add(db, &schedule("w1", STREET));
        let week = prepare(db, &id, today()).unwrap();
        let kept = roster(&week, &[("p1", "t2@2026-11-30")], &["t2@2026-12-01"]);
        db.write(|tx| keep_roster(tx, &week, kept, clock().now())).unwrap();
        db.write(|tx| demand_templates::delete(tx, &template("t2", "s2").id, 1)).unwrap();
        assert_eq!(prepare(db, &id, today()).unwrap().posts.len(), 5);
        let stored = db.read(|conn| posts::within(conn, &unit_id(CITY), date(WEEK), date("2026-12-06"))).unwrap();
        let retired: Vec<_> = stored.iter().filter(|post| post.retired).map(|post| post.id.as_str()).collect();
        assert_eq!(retired, ["t2@2026-11-30", "t2@2026-12-01"]);
    }

    fn a_roster_reads_back_by_station_person_and_need(db: &Db) {
        small_network(db);
        let id = add(db, &schedule("w1", STREET));
        let week = prepare(db, &id, today()).unwrap();
        let solved = roster(&week, &[("p1", "t1@2026-11-30"), ("p2", "t2@2026-11-30")], &["t1@2026-12-01"]);
        let planned = db.write(|tx| keep_roster(tx, &week, solved, clock().now())).unwrap();
        assert_eq!((planned.status, planned.outcome), (ScheduleStatus::Planned, Some(OutcomeStatus::Optimal)));
        assert_eq!(planned.input_hash, Some(week.document.input_hash()));
        assert_eq!(db.read(|conn| schedules::get(conn, &id)).unwrap(), planned);
        let at_station = db.read(|conn| assignments::of_station(conn, &id, &station_id("s2"))).unwrap();
        assert_eq!(at_station.iter().map(|duty| duty.person.as_str()).collect::<Vec<_>>(), ["p2"]);
        let of_person = db.read(|conn| assignments::of_person(conn, &id, &person_id("p1"))).unwrap();
        assert_eq!((of_person[0].seq, of_person[0].start_minute, of_person[0].date), (1, 540, date(WEEK)));
        let unmet = db.read(|conn| results::unmet(conn, &id, None, &Page::default())).unwrap();
        assert_eq!((unmet.items[0].missing, unmet.items[0].stopped_by.as_str()), (1, r#"{"H02":2}"#));
        assert_eq!(db.read(|conn| results::tiers(conn, &id)).unwrap().len(), 3);
        assert_eq!(db.read(|conn| results::rules(conn, &id)).unwrap(), [("S22".to_owned(), 7)]);
    }

    fn planning_again_keeps_pins_and_poses_them(db: &Db) {
        small_network(db);
        let id = add(db, &schedule("w1", STREET));
        let week = prepare(db, &id, today()).unwrap();
        let first = roster(&week, &[("p1", "t1@2026-11-30"), ("p2", "t2@2026-11-30")], &[]);
        db.write(|tx| keep_roster(tx, &week, first, clock().now())).unwrap();
        let mut pin = db.read(|conn| assignments::get(conn, &id, 2)).unwrap();
        pin.pinned = true;
        db.write(|tx| assignments::update(tx, &pin)).unwrap();
        assert_eq!(db.write(|tx| assignments::delete(tx, &id, 2, 2)).unwrap_err().code(), "wrong-state");
        let again = prepare(db, &id, today()).unwrap();
        assert_eq!(again.document.pins, [paiban::planning::assemble::duty("p2", "t2@2026-11-30")]);
        let second = roster(&again, &[("p1", "t1@2026-12-01"), ("p2", "t2@2026-11-30")], &[]);
        db.write(|tx| keep_roster(tx, &again, second, clock().now())).unwrap();
        let stored = db.read(|conn| assignments::of_schedule(conn, &id)).unwrap();
        let seqs: Vec<_> = stored.iter().map(|duty| (duty.seq, duty.post.as_str(), duty.pinned)).collect();
        assert_eq!(seqs, [(2, "t2@2026-11-30", true), (3, "t1@2026-12-01", false)]);
    }

    fn only_published_duties_are_mine_and_a_new_publication_takes_over(db: &Db) {
        small_network(db);
        let mine = || db.read(|conn| assignments::mine(conn, &person_id("p1"), date(WEEK), date("2026-12-06"))).unwrap();
        let mut published = Vec::new();
        for (name, duty) in [("w1", "t1@2026-11-30"), ("w2", "t1@2026-12-02")] {
            let id = add(db, &schedule(name, STREET));
            let week = prepare(db, &id, today()).unwrap();
            let before = mine();
            let solved = roster(&week, &[("p1", duty)], &[]);
            let planned = db.write(|tx| keep_roster(tx, &week, solved, clock().now())).unwrap();
            assert_eq!(mine(), before);
            published.push(db.write(|tx| schedules::publish(tx, &id, planned.version, clock().now())).unwrap());
            let names: Vec<_> = mine().into_iter().map(|duty| (duty.station_name, duty.assignment.post)).collect();
            assert_eq!(names, [("工作站s1".to_owned(), PostId::parse(duty).unwrap())]);
        }
        let first = db.read(|conn| schedules::get(conn, &published[0].id)).unwrap();
        assert_eq!(first.status, ScheduleStatus::Superseded);
        let week = prepare(db, &published[1].id, today()).unwrap();
        assert_eq!(week.document.published, [paiban::planning::assemble::duty("p1", "t1@2026-12-02")]);
        let overwrite = roster(&week, &[], &[]);
        let error = db.write(|tx| keep_roster(tx, &week, overwrite, clock().now())).unwrap_err();
        assert_eq!(error.code(), "wrong-state");
        let version = published[1].version;
        assert_eq!(db.write(|tx| schedules::publish(tx, &published[1].id, version, clock().now())).unwrap_err().code(), "wrong-state");
    }

    fn a_published_week_stands_in_the_ledger_and_counts_in_the_next(db: &Db) {
        small_network(db);
        let id = add(db, &schedule("w1", STREET));
        let week = prepare(db, &id, today()).unwrap();
        let solved = roster(&week, &[("p1", "t1@2026-12-03"), ("p1", "t1@2026-12-04")], &[]);
        let planned = db.write(|tx| keep_roster(tx, &week, solved, clock().now())).unwrap();
        let recorded = db.write(|tx| {
            let published = schedules::publish(tx, &id, planned.version, clock().now())?;
            record_week(tx, &published)?;
            record_week(tx, &published)
        });
        assert_eq!(recorded.unwrap(), 2);
        let rows = db.read(|conn| ledger::of_person(conn, &person_id("p1"), date(WEEK))).unwrap();
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        assert_eq!((row.minutes, row.duties, row.weekend_worked, row.unsocial_duties), (360, 2, false, 0));
        assert_eq!((row.consecutive_days, row.consecutive_days_off), (0, Some(2)));
        assert_eq!((row.fairness_minutes, row.total_duties), (180, 2));
        let idle = db.read(|conn| ledger::of_person(conn, &person_id("p2"), date(WEEK))).unwrap();
        assert_eq!((idle[0].fairness_minutes, idle[0].consecutive_days_off), (-180, None));
        let mut next = schedule("w2", STREET);
        next.week_start = date("2026-12-07");
        let next = prepare(db, &add(db, &next), today()).unwrap();
        let person = next.document.people.iter().find(|person| person.id == "p1").unwrap();
        let history = person.history.as_ref().unwrap();
        assert_eq!((history.minutes_last_three_weeks, history.consecutive_days_off), ([0, 0, 360], Some(2)));
        assert_eq!(person.familiar_places, ["s1"]);
    }

    fn a_duty_in_force_elsewhere_makes_a_person_unavailable(db: &Db) {
        small_network(db);
        let other = "220102002000";
        let community = "220102002001";
        let mut lent = make::person("p1", "a");
        lent.scope = vec![unit_id(STREET), unit_id(other)];
        db.write(|tx| {
            paiban::db::units::insert_many(tx, &[
                make::unit(other, Some(make::DISTRICT), UnitLevel::Street),
                make::unit(community, Some(other), UnitLevel::Community),
            ])?;
            let mut far = make::station("s9");
            far.unit = unit_id(community);
            paiban::db::stations::insert(tx, &far)?;
            demand_templates::insert(tx, &template("t9", "s9"))?;
            paiban::db::people::update(tx, &lent)
        })
        .unwrap();
        let id = add(db, &schedule("w1", STREET));
        let week = prepare(db, &id, today()).unwrap();
        let solved = roster(&week, &[("p1", "t1@2026-11-30")], &[]);
        let planned = db.write(|tx| keep_roster(tx, &week, solved, clock().now())).unwrap();
        db.write(|tx| schedules::publish(tx, &id, planned.version, clock().now())).unwrap();
        let there = prepare(db, &add(db, &schedule("w2", other)), today()).unwrap();
        assert_eq!(there.document.people.iter().map(|person| person.id.as_str()).collect::<Vec<_>>(), ["p1"]);
        let span = there.document.people[0].unavailable[0];
        assert_eq!((span.start.to_string(), span.end.to_string()), ("2026-11-30T09:00".to_owned(), "2026-11-30T12:00".to_owned()));
        assert!(there.document.published.is_empty());
        assert!(!there.document.units.iter().any(|unit| unit.id == make::CITY && unit.parent.is_some()));
        assert!(there.document.units.iter().any(|unit| unit.id == COMMUNITY), "the home unit is there");
    }

    fn a_job_goes_to_one_worker_and_to_another_when_that_falls_silent(db: &Db) {
        small_network(db);
        let plan = add(db, &schedule("w1", STREET));
        let now = clock().now();
        let job = Job::queued(JobId::parse("j1").unwrap(), plan, JobKind::Plan, now);
        db.write(|tx| jobs::insert(tx, &job)).unwrap();
        let claim = |worker: &str, at: chrono::DateTime<chrono::Utc>| {
            db.write(|tx| jobs::claim(tx, worker, at, at - chrono::Duration::seconds(30))).unwrap()
        };
        let taken = claim("one", now).unwrap();
        assert_eq!((taken.status, taken.attempts), (JobStatus::Running, 1));
        assert_eq!(claim("two", now), None);
        let progress = JobProgress {
            phase: "parts".to_owned(),
            parts_done: 1,
            parts: 3,
            incumbent: Some(TierTriple([1, -2, 3])),
            bound: None,
            trail: vec![
                Milestone { millis: 40, incumbent: None, bound: Some(TierTriple([0, -9, 1])) },
                Milestone { millis: 1500, incumbent: Some(TierTriple([1, -2, 3])), bound: None },
            ]
            .into(),
        };
        let beat = |worker: &str, at| db.write(|tx| jobs::heartbeat(tx, &job.id, worker, &progress, at));
        let later = now + chrono::Duration::seconds(20);
        assert!(!beat("one", later).unwrap());
        assert_eq!(claim("two", now + chrono::Duration::seconds(40)), None);
        let late = now + chrono::Duration::seconds(60);
        assert_eq!(claim("two", late).unwrap().attempts, 2);
        assert_eq!(beat("one", late).unwrap_err().code(), "wrong-state");
        db.write(|tx| jobs::request_stop(tx, &job.id, late)).unwrap();
        assert!(beat("two", late).unwrap());
        db.write(|tx| jobs::finish(tx, &job.id, "two", JobStatus::Stopped, None, late)).unwrap();
        let done = db.read(|conn| jobs::get(conn, &job.id)).unwrap();
        assert_eq!((done.status, done.finished_at, done.incumbent), (JobStatus::Stopped, Some(late), progress.incumbent));
        assert_eq!(done.trail, progress.trail);
        assert_eq!(db.read(|conn| jobs::latest(conn, &done.schedule)).unwrap(), Some(done));
        assert_eq!(claim("three", late + chrono::Duration::days(1)), None);
    }

    fn a_waiting_job_stops_at_once(db: &Db) {
        small_network(db);
        let plan = add(db, &schedule("w1", STREET));
        let now = clock().now();
        let job = Job::queued(JobId::parse("j1").unwrap(), plan, JobKind::Plan, now);
        db.write(|tx| jobs::insert(tx, &job)).unwrap();
        assert_eq!(db.write(|tx| jobs::request_stop(tx, &job.id, now)).unwrap().status, JobStatus::Stopped);
        assert_eq!(db.write(|tx| jobs::claim(tx, "one", now, now)).unwrap(), None);
    }

    fn posts_page_by_date_start_and_id(db: &Db) {
        small_network(db);
        let all = [
            post("c", "s1", "2026-11-30", 540), post("a", "s2", "2026-11-30", 600), post("b", "s1", "2026-11-30", 600),
            post("d", "s2", "2026-12-01", 480),
        ];
        db.write(|tx| posts::insert_many(tx, &all)).unwrap();
        let mut page = Page::first(1);
        let mut seen = Vec::new();
        loop {
            let slice = db.read(|conn| posts::list(conn, &posts::PostFilter::default(), &page)).unwrap();
            seen.extend(slice.items);
            match slice.next {
                Some(next) => page = Page::after(next, 1),
                None => break,
            }
        }
        assert_eq!(seen, all);
        let malformed = Page::after("x\u{1f}y\u{1f}z", 1);
        let error = db.read(|conn| posts::list(conn, &posts::PostFilter::default(), &malformed)).unwrap_err();
        assert!(matches!(error, DbError::Invalid { kind: "cursor", .. }), "{error}");
    }
}

/// The whole city: loads, prepares and keeps a roster within the times the product promises. Run by hand:
/// `scripts/with-postgres.sh cargo test --test db the_city -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute; prints times instead of asserting them"]
fn the_city_loads_and_prepares() {
    use crate::support::TestDb;

    for test in [TestDb::sqlite(), TestDb::postgresql()] {
        let db = test.db();
        let at = std::time::Instant::now();
        let city = demo::generate(Preset::City, 7, date(WEEK));
        println!("{}: generate {:?}", db.describe(), at.elapsed());
        let at = std::time::Instant::now();
        load_demo(db, &city, &clock()).unwrap();
        println!("load {:?}", at.elapsed());
        let root = city.units.iter().find(|unit| unit.parent.is_none()).unwrap();
        let id = add(db, &schedule("w1", root.id.as_str()));
        let at = std::time::Instant::now();
        let week = prepare(db, &id, today()).unwrap();
        println!("prepare {:?}: {} posts, {} people", at.elapsed(), week.posts.len(), week.document.people.len());
        let at = std::time::Instant::now();
        assert_eq!(prepare(db, &id, today()).unwrap().posts.len(), week.posts.len());
        println!("prepare again {:?}", at.elapsed());
        let at = std::time::Instant::now();
        let duties: Vec<(String, String)> = week
            .document
            .needs
            .iter()
            .zip(week.document.people.iter().cycle())
            .take(80_000)
            .map(|(need, person)| (person.id.clone(), need.id().to_owned()))
            .collect();
        let named: Vec<(&str, &str)> = duties.iter().map(|(person, post)| (person.as_str(), post.as_str())).collect();
        let solved = roster(&week, &named, &[]);
        let planned = db.write(|tx| keep_roster(tx, &week, solved, clock().now())).unwrap();
        println!("keep {} duties {:?}", named.len(), at.elapsed());
        db.write(|tx| schedules::publish(tx, &id, planned.version, clock().now())).unwrap();
        let at = std::time::Instant::now();
        for person in week.document.people.iter().take(1000) {
            db.read(|conn| assignments::mine(conn, &person_id(&person.id), date(WEEK), date("2026-12-06"))).unwrap();
        }
        println!("1000 x mine {:?}", at.elapsed());
        let street = city.units.iter().find(|unit| unit.level == UnitLevel::Street).unwrap();
        let at = std::time::Instant::now();
        let part = prepare(db, &add(db, &schedule("w2", street.id.as_str())), today()).unwrap();
        println!("prepare a street {:?}: {} posts", at.elapsed(), part.posts.len());
    }
}
