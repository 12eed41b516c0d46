//! Cases on both backends: what is stored reads back, numbers never repeat, nobody overwrites anybody.

use crate::make::{COMMUNITY, STREET, clock, date, person_id, small_network, unit_id};
use crate::support::on_both;
use paiban::cases::intake::{Intake, receive};
use paiban::cases::moves::{By, make_move};
use paiban::db::cases::{CaseFilter, CaseSort};
use paiban::db::{Db, Page, case_events, cases, serials};
use paiban::domain::*;

fn intake(subject: &str) -> Intake {
    Intake {
        unit: unit_id(COMMUNITY),
        channel: CaseChannel::Hotline,
        subject: subject.to_owned(),
        description: Some("第一行\n第二行".to_owned()),
        address: Some("桃源路12号".to_owned()),
        location: Some(Location { latitude: 43.88, longitude: 125.32 }),
        category: None,
        urgency: 1,
        contact: Some(Contact { name: Some("张桂英".to_owned()), phone: Some("13800005678".to_owned()) }),
        reception: None,
        earlier_handler: None,
    }
}

fn received(db: &Db, subject: &str, entropy: &dyn Entropy) -> Case {
    db.write(|tx| receive(tx, intake(subject), "tester", clock().now(), entropy)).unwrap()
}

on_both! {
    fn a_case_reads_back_with_contact_exclusions_and_history(db: &Db) {
        small_network(db);
        let entropy = SeededEntropy::new(1);
        let mut case = received(db, "楼道灯不亮", &entropy);
        assert_eq!(db.read(|conn| cases::get(conn, &case.id)).unwrap(), case);
        case.excluded = vec![person_id("p1"), person_id("p2")];
        case.contact = None;
        case.version = db.write(|tx| cases::update(tx, &case)).unwrap();
        assert_eq!(db.read(|conn| cases::get(conn, &case.id)).unwrap(), case);
        let history = db.read(|conn| case_events::of_case(conn, &case.id)).unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!((history[0].action, history[0].at), (CaseMove::Receive, clock().now()));
    }

    fn numbers_follow_each_other_under_concurrent_intake(db: &Db) {
        small_network(db);
        let entropy = SeededEntropy::new(1);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for turn in 0..5 {
                        received(db, &format!("事项{turn}"), &entropy);
                    }
                });
            }
        });
        let filter = CaseFilter { sort: CaseSort::Received, ..CaseFilter::default() };
        let all = db.read(|conn| cases::list(conn, &filter, &Page::first(500))).unwrap().items;
        let mut numbers: Vec<String> = all.into_iter().map(|case| case.number).collect();
        numbers.sort();
        let expected: Vec<String> = (1..=20).map(|serial| format!("MQ220102-20261120-{serial:04}")).collect();
        assert_eq!(numbers, expected);
        assert_eq!(db.write(|tx| serials::take(tx, "x", 3)).unwrap(), 1);
        assert_eq!(db.write(|tx| serials::take(tx, "x", 1)).unwrap(), 4);
    }

    fn writes_that_share_a_commit_fail_alone_and_are_all_stored(db: &Db) {
        small_network(db);
        let outcomes: Vec<bool> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..24_u64)
                .map(|number| {
                    scope.spawn(move || {
                        db.write_together(move |tx| {
                            let entropy = SeededEntropy::new(number);
                            let wanted = intake(if number % 3 == 0 { "" } else { "楼道灯不亮" });
                            receive(tx, wanted, "tester", clock().now(), &entropy).map(drop)
                        })
                        .is_ok()
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|stored| **stored).count(), 16, "{outcomes:?}");
        let filter = CaseFilter::default();
        let stored = db.read(|conn| cases::list(conn, &filter, &Page::first(500))).unwrap().items;
        let mut numbers: Vec<String> = stored.into_iter().map(|case| case.number).collect();
        numbers.sort();
        let expected: Vec<String> = (1..=16).map(|serial| format!("MQ220102-20261120-{serial:04}")).collect();
        assert_eq!(numbers, expected, "a failed intake uses no number up");
    }

    fn of_two_moves_from_one_version_only_one_is_made(db: &Db) {
        small_network(db);
        let entropy = SeededEntropy::new(1);
        let case = received(db, "楼道灯不亮", &entropy);
        let category = CaseCategory {
            id: CaseCategoryId::parse("housing").unwrap(),
            name: "房屋".to_owned(),
            skill: None,
            minutes: 60,
            working_days: 3,
            version: 1,
        };
        db.write(|tx| paiban::db::case_categories::insert(tx, &category)).unwrap();
        let triage = CaseAction::Triage(Box::new(Triage {
            category: category.id.clone(),
            skill: None,
            minutes: 60,
            urgency: 1,
            working_days: 3,
            deadline: None,
            earliest: None,
            excluded: Vec::new(),
        }));
        let by = By { actor: "tester", now: clock().now(), reason: None };
        let outcomes: Vec<bool> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..2)
                .map(|_| scope.spawn(|| db.write(|tx| make_move(tx, &case.id, 1, &triage, by)).is_ok()))
                .collect();
            tries.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|made| **made).count(), 1, "{outcomes:?}");
        assert_eq!(db.read(|conn| case_events::of_case(conn, &case.id)).unwrap().len(), 2);
        let error = db.write(|tx| paiban::db::case_categories::delete(tx, &category.id, 1)).unwrap_err();
        assert_eq!(error.code(), "still-referenced");
    }

    fn lists_are_paged_by_deadline_and_narrowed(db: &Db) {
        small_network(db);
        let entropy = SeededEntropy::new(1);
        for turn in 0..5_u32 {
            let mut case = received(db, &format!("事项{turn}"), &entropy);
            case.deadline = date("2026-12-10") - chrono::Duration::days(i64::from(turn % 3));
            case.version = db.write(|tx| cases::update(tx, &case)).unwrap();
        }
        let filter = CaseFilter { subtree: Some(unit_id(STREET)), open: Some(true), ..CaseFilter::default() };
        let mut page = Page::first(2);
        let mut seen: Vec<Case> = Vec::new();
        loop {
            let slice = db.read(|conn| cases::list(conn, &filter, &page)).unwrap();
            seen.extend(slice.items);
            match slice.next {
                Some(next) => page = Page::after(next, 2),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.windows(2).all(|pair| (pair[0].deadline, &pair[0].id) < (pair[1].deadline, &pair[1].id)));
        let due = CaseFilter { due_before: Some(date("2026-12-09")), ..CaseFilter::default() };
        assert_eq!(db.read(|conn| cases::list(conn, &due, &Page::default())).unwrap().items.len(), 1);
        let closed = CaseFilter { open: Some(false), ..CaseFilter::default() };
        assert_eq!(db.read(|conn| cases::list(conn, &closed, &Page::default())).unwrap().items, []);
        assert_eq!(db.read(|conn| cases::open_within(conn, &unit_id(STREET))).unwrap().len(), 5);
    }
}
