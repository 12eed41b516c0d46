//! The demo: the same for the same seed, as large as the report says, and sound.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use paiban::demo::{DemoCity, Preset, generate, problem_document};
use paiban::domain::{Category, Check, StationKind, UnitLevel, VisitStatus};
use paiban_solver::document::{CategoryDocument, NeedDocument, SessionKindDocument, parse_problem};

fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 30).unwrap()
}

fn people(city: &DemoCity, matches: impl Fn(Category) -> bool) -> usize {
    city.people.iter().filter(|person| matches(person.category)).count()
}

fn faults<T: Check>(entities: &[T]) -> usize {
    entities.iter().map(|entity| entity.faults().len()).sum()
}

#[test]
fn a_seed_always_gives_the_same_city_and_another_seed_another() {
    let first = problem_document(&generate(Preset::Street, 7, monday()));
    assert_eq!(first.input_hash(), problem_document(&generate(Preset::Street, 7, monday())).input_hash());
    assert_ne!(first.input_hash(), problem_document(&generate(Preset::Street, 8, monday())).input_hash());
}

#[test]
fn any_day_of_the_week_stands_for_its_monday() {
    let sunday = NaiveDate::from_ymd_opt(2026, 12, 6).unwrap();
    assert_eq!(generate(Preset::Street, 7, sunday), generate(Preset::Street, 7, monday()));
}

#[test]
fn the_city_has_the_counts_of_the_report() {
    let city = generate(Preset::City, 7, monday());
    let stations = |kinds: &[StationKind]| city.stations.iter().filter(|station| kinds.contains(&station.kind)).count();
    assert_eq!(stations(&[StationKind::GuidanceCentre]), 15);
    assert_eq!(stations(&[StationKind::GeneralStation]), 159);
    assert_eq!(stations(&[StationKind::WorkStation, StationKind::ServicePoint]), 6_472);
    assert_eq!(people(&city, |category| category == Category::Volunteer), 20_000);
    assert_eq!(people(&city, |category| category == Category::Deputy), 2_000);
    assert_eq!(
        people(&city, |category| !matches!(
            category,
            Category::Volunteer | Category::Deputy | Category::InformationOfficer
        )),
        8_300
    );
    assert_eq!(city.people.iter().filter(|person| person.information_officer).count(), 4_300);
    let only_officers = people(&city, |category| category == Category::InformationOfficer);
    assert_eq!(only_officers, 4_300 - 9 * 159, "the others are volunteers too");
    let staff: BTreeSet<Category> = city.people.iter().map(|person| person.category).collect();
    assert_eq!(staff.len(), 6);
    let levels: BTreeSet<UnitLevel> = city.units.iter().map(|unit| unit.level).collect();
    assert_eq!(levels.len(), 5);
    assert_eq!(city.units.iter().filter(|unit| unit.level == UnitLevel::Street).count(), 159);
    // About one in twenty of those at posts may also serve elsewhere.
    let lent: BTreeSet<&str> = city.lendings.iter().map(|lending| lending.person.as_str()).collect();
    assert!((1_132..=1_698).contains(&lent.len()), "{} people are lent", lent.len());
    // The week's document: everybody at posts, the deputies whom receptions may take and the officers who are host, about
    // 620 posts a street.
    let document = problem_document(&city);
    let (guests, at_posts): (Vec<_>, Vec<_>) =
        document.people.iter().partition(|person| person.scope.as_ref().is_some_and(Vec::is_empty));
    let (deputies, officers): (Vec<_>, Vec<_>) =
        guests.into_iter().partition(|person| person.category == CategoryDocument::Deputy);
    assert_eq!(at_posts.len(), 28_300);
    assert!((1..=159).contains(&officers.len()), "{} officers are host", officers.len());
    assert!((159 * 3..=2_000).contains(&deputies.len()), "{} deputies", deputies.len());
    let (visits, receptions): (Vec<_>, Vec<_>) =
        document.receptions.iter().partition(|reception| reception.kind == SessionKindDocument::Visit);
    assert_eq!((receptions.len(), visits.len()), (159 * 3, 10 * 3));
    assert!(document.receptions.iter().all(|reception| !reception.deputies.is_empty()));
    let options = |most| document.receptions.iter().filter(|reception| reception.options.len() <= most).count();
    assert!(options(1) > 159 && options(1) < 159 * 3, "some can be held on one day alone, others can move");
    assert!((90_000..=107_000).contains(&document.needs.len()), "{} posts", document.needs.len());
    let problem = document.to_problem().unwrap_or_else(|errors| panic!("{:?}", &errors[..errors.len().min(5)]));
    assert!(problem.needs.iter().all(|need| problem.street_of(problem.places[need.place.index()].unit).is_some()));
}

#[test]
fn every_entity_of_a_district_is_sound() {
    let city = generate(Preset::District, 3, monday());
    assert_eq!(city.units.iter().filter(|unit| unit.level == UnitLevel::Street).count(), 11);
    assert_eq!(
        [
            faults(&city.units),
            faults(&city.stations),
            faults(&city.skills),
            faults(&city.shift_types),
            faults(&city.contracts),
            faults(&city.people),
            faults(&city.secondments),
            faults(&city.lendings),
            faults(&city.availability),
            faults(&city.templates),
            faults(&city.calendars),
            faults(&city.posts()),
        ],
        [0; 12]
    );
    assert!(city.people.iter().any(|person| person.name.starts_with('单') && person.sort_key.starts_with("shan ")));
}

#[test]
fn templates_become_posts_only_where_and_when_a_station_is_open() {
    let document = problem_document(&generate(Preset::Street, 7, monday()));
    let opening: std::collections::HashMap<_, _> =
        document.places.iter().map(|place| (place.id.as_str(), place.opening.clone().unwrap_or_default())).collect();
    for NeedDocument::Post(post) in &document.needs {
        let spans = &opening[post.place.as_str()];
        assert!(spans.iter().any(|span| span.start <= post.start && post.end <= span.end), "{post:?}");
    }
    assert!(document.needs.len() > 550 && document.needs.len() < 700, "{} posts", document.needs.len());
}

#[test]
fn every_preset_leaves_a_few_visits_to_the_plan() {
    for (preset, expected) in [(Preset::Street, 3), (Preset::District, 3), (Preset::City, 30)] {
        let city = generate(preset, 7, monday());
        let open: Vec<_> = city.visits.iter().filter(|visit| visit.status == VisitStatus::Open).collect();
        assert_eq!(open.len(), expected);
        assert!(
            open.iter().any(|visit| visit.candidates.len() == 1)
                && open.iter().any(|visit| visit.candidates.is_empty())
        );
        assert_eq!(city.visits, generate(preset, 7, monday()).visits);
    }
    let document = problem_document(&generate(Preset::Street, 7, monday()));
    let visits = document.receptions.iter().filter(|reception| reception.kind == SessionKindDocument::Visit);
    assert!(
        visits.clone().count() == 3 && visits.clone().all(|visit| visit.options.len() == 8),
        "four days, mornings and afternoons"
    );
}

#[test]
fn a_holiday_week_has_the_hours_of_days_off() {
    let national_day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
    let document = problem_document(&generate(Preset::Street, 7, national_day));
    let off = document.calendar.days.iter().filter(|day| day.off).count();
    assert_eq!((document.calendar.days.len(), off, document.calendar.draft), (7, 4, false));
    let ordinary = problem_document(&generate(Preset::Street, 7, monday()));
    assert!(document.needs.len() < ordinary.needs.len());
}

#[test]
fn a_week_without_published_calendar_is_marked_as_a_draft() {
    let document = problem_document(&generate(Preset::Street, 7, NaiveDate::from_ymd_opt(2027, 3, 1).unwrap()));
    assert!(document.calendar.draft && document.calendar.days.is_empty());
    assert!(document.to_problem().is_ok());
}

#[test]
fn the_document_of_a_street_survives_being_written_and_read() {
    let document = problem_document(&generate(Preset::Street, 7, monday()));
    let json = serde_json::to_vec(&document).unwrap();
    assert_eq!(parse_problem(&json).unwrap(), document);
}

#[test]
fn the_city_has_open_cases_shared_resources_and_receptions_that_moved() {
    let city = generate(Preset::City, 7, monday());
    assert_eq!(city.cases.len(), 5_000);
    assert!(city.cases.iter().all(|case| case.status.is_open() && case.received_at < city_monday(&city)));
    let numbers: BTreeSet<&str> = city.cases.iter().map(|case| case.number.as_str()).collect();
    assert_eq!(numbers.len(), 5_000, "every number is given once");
    let statuses: BTreeSet<_> = city.cases.iter().map(|case| case.status).collect();
    assert_eq!(statuses.len(), 6, "cases stand everywhere but at the end: {statuses:?}");
    assert!(city.cases.iter().any(|case| case.level > 0), "some have gone up");
    let within = |days| city.cases.iter().filter(|case| (case.deadline - city.week_start).num_days() < days).count();
    assert!((2_000..4_900).contains(&within(7)), "{} deadlines lie in the week", within(7));
    assert_eq!(city.resources.len(), 159 * 9);
    assert_eq!(city.receptions.len(), 159 * 4);
    assert!(city.receptions.iter().any(|reception| reception.moved_from.is_some()), "some fell on days off");
    assert_eq!(city.activities.len(), city.activity_posts.len());
    let all = [
        faults(&city.cases),
        faults(&city.case_categories),
        faults(&city.resources),
        faults(&city.activities),
        faults(&city.bookings),
        faults(&city.receptions),
        faults(&city.matters),
        faults(&city.quotas),
        faults(&city.visits),
    ];
    assert_eq!(all, [0; 9]);
}

fn city_monday(city: &DemoCity) -> chrono::DateTime<chrono::Utc> {
    city.week_start.and_time(chrono::NaiveTime::MIN).and_utc()
}
