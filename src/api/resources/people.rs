//! People: who they are and what they can do.

use actix_web::{delete, get, post, put};

use serde::{Deserialize, Serialize};

use super::document::{JsonField, entity_document, value_document};
use super::entity_handlers;
use super::query::list_query;
use crate::api::problem::Problem;
use crate::db::people::PersonFilter;
use crate::domain::{Location, Person};

value_document! {
    /// A position (WGS 84).
    LocationDocument as Location = Location
    {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    }
}

value_document! {
    /// A skill that a person has.
    PersonSkillDocument as PersonSkill = PersonSkill
    {
        /// Id of the skill.
        skill: String,
        /// Level, 1 and up.
        level: u8,
        /// Last day on which the certificate is valid; null when it does not expire.
        valid_until: Option<chrono::NaiveDate>,
    }
}

/// A telephone number that shows its first three and last four digits only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaskedPhone(String);

/// What stands for the digits that are not shown.
const MASK: &str = "****";

/// A telephone number without its middle digits.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let characters: Vec<char> = phone.chars().collect();
    let shown = if characters.len() > 7 { (3, 4) } else { (0, 2.min(characters.len())) };
    let head: String = characters.iter().take(shown.0).collect();
    let tail: String = characters.iter().skip(characters.len() - shown.1).collect();
    format!("{head}{MASK}{tail}")
}

impl JsonField<MaskedPhone> for String {
    fn to_json(self) -> MaskedPhone {
        MaskedPhone(mask_phone(&self))
    }

    fn from_json(json: MaskedPhone, _pointer: &str) -> Result<Self, Problem> {
        Ok(json.0)
    }
}

/// A position to about a kilometre, in hundredths of a degree: enough for travel, too little for a door.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RoundedLocation)]
pub struct RoundedLocation {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

fn hundredths(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

impl JsonField<RoundedLocation> for Location {
    fn to_json(self) -> RoundedLocation {
        RoundedLocation { latitude: hundredths(self.latitude), longitude: hundredths(self.longitude) }
    }

    fn from_json(json: RoundedLocation, _pointer: &str) -> Result<Self, Problem> {
        Ok(Self { latitude: json.latitude, longitude: json.longitude })
    }
}

/// A masked number or a rounded home that comes back means what it stands for.
fn keep_private(person: &mut Person, stored: &Person) {
    if person.phone.as_ref().is_some_and(|phone| phone.contains(MASK)) {
        person.phone.clone_from(&stored.phone);
    }
    let rounded = |home: Option<Location>| home.map(JsonField::<RoundedLocation>::to_json);
    if person.home.is_some()
        && rounded(stored.home)
            == person.home.map(|Location { latitude, longitude }| RoundedLocation { latitude, longitude })
    {
        person.home = stored.home;
    }
}

entity_document! {
    /// A person.
    PersonDocument as Person = Person, PersonId fresh, unseen keep_private;
    example {
        "id": "p-1", "name": "单雪梅", "sortKey": "shan xuemei", "category": "volunteer", "homeUnit": "220102001001",
        "phone": "138****5678", "home": {"latitude": 43.88, "longitude": 125.32}, "maxDistanceMetres": 3000,
        "contract": "c-volunteer", "activeFrom": "2026-01-01", "activeTo": null, "trainee": false, "newcomer": false,
        "informationOfficer": false,
        "skills": [{"skill": "s-medical", "level": 1, "validUntil": "2027-12-31"}], "scope": ["220102001000"],
        "version": 1
    }
    {
        /// Name.
        name: String,
        /// Pinyin by which names sort.
        sort_key: String,
        /// `secondedCadre`, `reassignedStaff`, `recruitedStaff`, `volunteer`, `deputy`, or `informationOfficer`
        /// for one who is nothing else and is not rostered.
        category: String,
        /// Code of the home unit.
        home_unit: String,
        /// Telephone number; masked in answers, and kept when a masked number comes back.
        #[schema(value_type = Option<String>)]
        phone: Option<MaskedPhone>,
        /// Where the person lives, for travel; rounded to hundredths of a degree in answers, and kept when the rounded
        /// position comes back.
        home: Option<RoundedLocation>,
        /// Greatest distance from home to a place, in metres.
        max_distance_metres: Option<u32>,
        /// Id of the contract form.
        contract: Option<String>,
        /// First day of service.
        active_from: Option<chrono::NaiveDate>,
        /// Last day of service.
        active_to: Option<chrono::NaiveDate>,
        /// A trainee does not count as a head.
        #[serde(default)]
        trainee: bool,
        /// A newcomer never serves alone.
        #[serde(default)]
        newcomer: bool,
        /// Registers residents' matters too (信息员).
        #[serde(default)]
        information_officer: bool,
        /// Skills.
        #[serde(default)]
        skills: Vec<PersonSkillDocument>,
        /// Codes of the subtrees the person may serve in besides secondments and lendings; the home unit when empty.
        #[serde(default)]
        scope: Vec<String>,
    }
}

list_query! {
    PersonQuery fills PersonFilter by "sortKey" "Order: `sortKey` (unless given), or `-sortKey` for the reverse." {
        /// Only people whose home unit lies in this unit's subtree.
        unit => subtree,
        /// Only this category.
        category => category,
        /// Only people with this skill.
        skill => skill,
        /// Only people under this contract form.
        contract => contract,
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "organisation", document: PersonDocument, id: PersonId, table: people,
    paths: "/people" "/people/{id}",
    list: list_people PersonQuery "Lists people by sort key.",
    create: create_person "Adds a person.",
    get: get_person "Answers one person.",
    replace: replace_person "Replaces a person with skills and scope.",
    delete: delete_person "Deletes a person to whom nothing refers.",
}
