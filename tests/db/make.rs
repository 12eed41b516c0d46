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
        skills: Vec::new(),
        scope: Vec::new(),
        version: 1,
    }
}
