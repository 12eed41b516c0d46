//! People.

use chrono::NaiveDate;

use super::fault::{Check, Fault, check_name, check_order, check_text};
use super::ids::{ContractId, PersonId, SkillId, UnitId};
use super::text_enum;

text_enum! {
    /// Category of a person.
    Category {
        /// 挂职干部: seconded cadre, staff.
        SecondedCadre = "secondedCadre",
        /// 分流人员: reassigned staff.
        ReassignedStaff = "reassignedStaff",
        /// 招聘人员: recruited staff.
        RecruitedStaff = "recruitedStaff",
        /// 党员志愿者: party-member volunteer.
        Volunteer = "volunteer",
        /// 两代表一委员: deputy.
        Deputy = "deputy",
        /// 信息员 who is nothing else: registers residents' matters and is not rostered.
        InformationOfficer = "informationOfficer",
    }
}

/// A geographical position (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// Degrees north, -85 to 85.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Location {
    /// Checks that the position is on the earth.
    pub(super) fn check(self, faults: &mut Vec<Fault>, pointer: &str) {
        if !(-85.0..=85.0).contains(&self.latitude) || !(-180.0..=180.0).contains(&self.longitude) {
            faults.push(Fault::new(
                "impossible-location",
                pointer,
                format!("{} degrees north, {} degrees east is no position", self.latitude, self.longitude),
                "give latitude -85 to 85 and longitude -180 to 180 in degrees",
            ));
        }
    }
}

/// A skill that a person has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonSkill {
    /// Which.
    pub skill: SkillId,
    /// Level, 1 and up.
    pub level: u8,
    /// Last day on which the certificate is valid; none when it does not expire.
    pub valid_until: Option<NaiveDate>,
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Pinyin by which names sort; editable, since libraries misread surnames.
    pub sort_key: String,
    /// Category.
    pub category: Category,
    /// Home unit.
    pub home_unit: UnitId,
    /// Telephone number, text.
    pub phone: Option<String>,
    /// Where the person lives, for travel.
    pub home: Option<Location>,
    /// Greatest distance from home to a place, in metres.
    pub max_distance_metres: Option<u32>,
    /// Contract form.
    pub contract: Option<ContractId>,
    /// First day of service.
    pub active_from: Option<NaiveDate>,
    /// Last day of service.
    pub active_to: Option<NaiveDate>,
    /// A trainee does not count as a head.
    pub trainee: bool,
    /// A newcomer never serves alone.
    pub newcomer: bool,
    /// Registers residents' matters too (信息员), besides serving.
    pub information_officer: bool,
    /// Skills, sorted by skill.
    pub skills: Vec<PersonSkill>,
    /// Roots of the subtrees the person may serve in besides secondments and lendings, sorted; the home unit alone
    /// when empty.
    pub scope: Vec<UnitId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Person {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_name(&mut faults, "/sortKey", &self.sort_key);
        if let Some(phone) = &self.phone {
            check_text(&mut faults, "/phone", phone, 32);
        }
        if let Some(home) = self.home {
            home.check(&mut faults, "/home");
        }
        check_order(&mut faults, "/activeTo", self.active_from, self.active_to);
        if self.skills.iter().any(|skill| skill.level == 0) {
            faults.push(Fault::new("skill-level-zero", "/skills", "a skill has level 0", "levels start at 1"));
        }
        if has_repeats(self.skills.iter().map(|skill| &skill.skill)) {
            faults.push(Fault::new("repeated-skill", "/skills", "a skill is listed twice", "list each skill once"));
        }
        if has_repeats(self.scope.iter()) {
            faults.push(Fault::new("repeated-unit", "/scope", "a unit is listed twice", "list each unit once"));
        }
        faults
    }
}

/// Whether a value comes twice.
pub(super) fn has_repeats<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values.windows(2).any(|pair| matches!(pair, [left, right] if left == right))
}
