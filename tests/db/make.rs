//! Sound entities for tests; tests change the fields that they are about.

use paiban::domain::*;

pub const CITY: &str = "220100000000";
pub const DISTRICT: &str = "220102000000";
pub const STREET: &str = "220102001000";
pub const COMMUNITY: &str = "220102001001";

pub fn unit_id(code: &str) -> UnitId {
    UnitId::parse(code).unwrap()
}

pub fn unit(code: &str, parent: Option<&str>, level: UnitLevel) -> Unit {
    Unit { id: unit_id(code), parent: parent.map(unit_id), level, name: format!("单位{code}"), version: 1 }
}

/// City, district, street, community.
pub fn branch() -> Vec<Unit> {
    vec![
        unit(CITY, None, UnitLevel::City),
        unit(DISTRICT, Some(CITY), UnitLevel::District),
        unit(STREET, Some(DISTRICT), UnitLevel::Street),
        unit(COMMUNITY, Some(STREET), UnitLevel::Community),
    ]
}

pub fn person_id(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

pub fn person(id: &str, sort_key: &str) -> Person {
    Person {
        id: person_id(id),
        name: "单晓".to_owned(),
        sort_key: sort_key.to_owned(),
        category: Category::Volunteer,
        home_unit: unit_id(COMMUNITY),
        phone: Some("13800005678".to_owned()),
        home: Some(Location { latitude: 43.88, longitude: 125.32 }),
        max_distance_metres: Some(3000),
        contract: None,
        active_from: None,
        active_to: None,
        trainee: false,
        newcomer: false,
        information_officer: false,
        skills: Vec::new(),
        scope: Vec::new(),
        version: 1,
    }
}

pub fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

pub fn clock() -> FixedClock {
    FixedClock::at("2026-11-20T08:00:00.123456Z")
}

/// The day of [`clock`].
pub fn today() -> chrono::NaiveDate {
    paiban::domain::local_date(clock().now())
}

pub fn station_id(id: &str) -> StationId {
    StationId::parse(id).unwrap()
}

/// Open 08:00 to 18:00 from Monday to Friday.
pub fn station(id: &str) -> Station {
    let weekdays = [HoursDay::Monday, HoursDay::Tuesday, HoursDay::Wednesday, HoursDay::Thursday, HoursDay::Friday];
    Station {
        id: station_id(id),
        unit: unit_id(COMMUNITY),
        name: format!("工作站{id}"),
        kind: StationKind::WorkStation,
        location: None,
        always_open: false,
        hours: weekdays.map(|day| OpeningHours { day, start_minute: 480, end_minute: 1080 }).to_vec(),
        version: 1,
    }
}

/// Every day of the week, 09:00 to 12:00, one head.
pub fn template(id: &str, station: &str) -> DemandTemplate {
    DemandTemplate {
        id: TemplateId::parse(id).unwrap(),
        station: station_id(station),
        name: "上午值班".to_owned(),
        days: DaySet::from_bits(0x7f),
        start_minute: 540,
        end_minute: 720,
        skill: None,
        skill_level: 1,
        shift_type: None,
        min_heads: 1,
        target_heads: 1,
        max_heads: 2,
        priority: 1,
        mix: false,
        valid_from: None,
        valid_to: None,
        version: 1,
    }
}

pub fn post(id: &str, station: &str, day: &str, start_minute: u16) -> Post {
    Post {
        id: PostId::parse(id).unwrap(),
        station: station_id(station),
        template: None,
        date: date(day),
        start_minute,
        end_minute: start_minute + 180,
        skill: None,
        skill_level: 1,
        shift_type: None,
        min_heads: 1,
        target_heads: 1,
        max_heads: 2,
        priority: 1,
        mix: false,
        retired: false,
        excluded: Vec::new(),
        version: 1,
    }
}

/// The published calendar of 2026, with one holiday that this test's week does not touch.
pub fn calendar_2026() -> CalendarYear {
    let holiday =
        CalendarDay { date: date("2026-10-01"), is_off: true, name: Some("国庆节".to_owned()), source: None };
    CalendarYear { year: 2026, published: true, source: None, days: vec![holiday], version: 1 }
}

pub const WEEK: &str = "2026-11-30";

pub fn schedule(id: &str, unit: &str) -> Schedule {
    Schedule {
        id: ScheduleId::parse(id).unwrap(),
        unit: unit_id(unit),
        week_start: date(WEEK),
        days: 7,
        status: ScheduleStatus::Draft,
        profile: ProfileId::parse("default").unwrap(),
        profile_version: 1,
        accept_draft_calendar: false,
        seed: 1,
        time_limit_seconds: 10,
        threads: 1,
        input_hash: None,
        outcome: None,
        certificate: None,
        created_at: clock().now(),
        planned_at: None,
        published_at: None,
        version: 1,
    }
}

/// A branch of units, stations s1 and s2 with templates t1 and t2, people p1 and p2, the calendar, the default profile.
pub fn small_network(db: &paiban::db::Db) {
    use paiban::db::{calendar, demand_templates, people, stations, units};

    db.write(|tx| {
        units::insert_many(tx, &branch())?;
        stations::insert_many(tx, &[station("s1"), station("s2")])?;
        demand_templates::insert_many(tx, &[template("t1", "s1"), template("t2", "s2")])?;
        people::insert_many(tx, &[person("p1", "a"), person("p2", "b")])?;
        calendar::insert(tx, &calendar_2026())?;
        paiban::planning::demo_load::ensure_default_profile(tx, &clock()).map(drop)
    })
    .unwrap();
}
