//! People with contracts, skills, secondments and lendings.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::demand::{SKILLS, skill_id};
use super::network::{Network, Street, distance_squared, offset};
use super::{DemoCity, Preset, availability, ledger, names, parsed};
use crate::domain::{
    ApartPair, Category, Contract, ContractId, Lending, LendingId, Location, Person, PersonId, PersonSkill, Secondment,
    SecondmentId, UnitId,
};

/// Staff, volunteers, deputies and information officers of the whole city; streets share them evenly, the first ones
/// taking the remainder.
const CITY_PEOPLE: [u32; 4] = [8_300, 20_000, 2_000, 4_300];
/// Of a street's information officers, so many are volunteers too.
const OFFICERS_AMONG_VOLUNTEERS: u32 = 9;
const STREETS: u32 = 159;

/// Ids, names, least and most minutes a week, most duties a week.
const CONTRACTS: [(&str, &str, u32, u32, Option<u16>); 5] = [
    ("full-time", "全日制", 2_160, 2_400, None),
    ("part-time", "非全日制", 720, 1_440, None),
    ("cadre", "挂职", 1_200, 2_400, None),
    ("volunteer", "志愿者", 0, 600, Some(2)),
    ("deputy", "代表委员", 0, 480, Some(1)),
];

pub(super) fn contracts() -> Vec<Contract> {
    CONTRACTS
        .iter()
        .map(|(id, name, least, most, duties)| {
            let mut contract = Contract::new(contract_id(id), *name);
            contract.min_minutes_week = *least;
            contract.max_minutes_week = Some(*most);
            contract.max_duties_week = *duties;
            contract.max_duties_day = Some(if duties.is_some() { 1 } else { 2 });
            contract.max_minutes_four_weeks = Some(*most * 4);
            contract.max_weekends_four_weeks = Some(if duties.is_some() { 3 } else { 2 });
            contract
        })
        .collect()
}

fn contract_id(id: &str) -> ContractId {
    parsed(ContractId::parse(id))
}

/// Fills in the people of every street.
pub(super) fn fill(city: &mut DemoCity, network: &Network, preset: Preset, seed: u64) {
    for (position, street) in network.streets.iter().enumerate() {
        let number = u32::try_from(position).unwrap_or(0);
        let counts = CITY_PEOPLE.map(|all| {
            // Only in the whole city do the remainders add up to anything.
            let remainder = if preset == Preset::City { u32::from(number < all % STREETS) } else { 0 };
            all / STREETS + remainder
        });
        Filling { city, network, street, chance: Chance::new(seed, &format!("people {}", street.unit)) }.street(counts);
    }
}

struct Filling<'a> {
    city: &'a mut DemoCity,
    network: &'a Network,
    street: &'a Street,
    chance: Chance,
}

impl Filling<'_> {
    fn street(&mut self, [staff, volunteers, deputies, officers]: [u32; 4]) {
        let first = self.city.people.len();
        for number in 0..staff {
            let category = match number % 10 {
                0 | 1 => Category::SecondedCadre,
                2..=4 => Category::ReassignedStaff,
                _ => Category::RecruitedStaff,
            };
            self.person(category, number);
        }
        for number in 0..volunteers {
            self.person(Category::Volunteer, number);
        }
        for number in 0..deputies {
            self.person(Category::Deputy, number);
        }
        self.apart_pairs(first, staff as usize);
        self.officers(first + staff as usize, officers);
    }

    /// The first volunteers are officers too; the others are nothing else, and have chances of their own, so that
    /// they change nobody else.
    fn officers(&mut self, first_volunteer: usize, officers: u32) {
        for volunteer in self.city.people.iter_mut().skip(first_volunteer).take(OFFICERS_AMONG_VOLUNTEERS as usize) {
            volunteer.information_officer = true;
        }
        let chance = Chance::new(self.city.seed, &format!("officers {}", self.street.unit));
        for number in 0..officers.saturating_sub(OFFICERS_AMONG_VOLUNTEERS) {
            let (name, sort_key) = names::person(&chance);
            let street_code = self.street.unit.as_str().get(..9).unwrap_or_default();
            let community = chance.pick(&self.street.communities).unwrap_or(&self.street.unit);
            self.city.people.push(Person {
                id: parsed(PersonId::parse(&format!("p{street_code}-i{number:03}"))),
                name,
                sort_key,
                category: Category::InformationOfficer,
                home_unit: community.clone(),
                phone: Some(phone(&chance)),
                home: None,
                max_distance_metres: None,
                contract: None,
                active_from: Some(days_before(self.city.week_start, chance.between(30, 2_000))),
                active_to: None,
                trainee: false,
                newcomer: false,
                information_officer: true,
                skills: Vec::new(),
                scope: Vec::new(),
                version: 1,
            });
        }
    }

    fn person(&mut self, category: Category, number: u32) {
        let chance = &self.chance;
        let (name, sort_key) = names::person(chance);
        let letter = match category {
            Category::SecondedCadre | Category::ReassignedStaff | Category::RecruitedStaff => 'a',
            Category::Volunteer => 'v',
            Category::Deputy => 'd',
            Category::InformationOfficer => 'i',
        };
        let street_code = self.street.unit.as_str().get(..9).unwrap_or_default();
        let id: PersonId = parsed(PersonId::parse(&format!("p{street_code}-{letter}{number:03}")));
        let radius = self.street.radius_metres;
        let home = offset(self.street.centre, chance.around_zero() * radius, chance.around_zero() * radius);
        let is_staff = !matches!(category, Category::Volunteer | Category::Deputy);
        // Volunteers live in a community and serve in its street; staff belong to the street itself.
        let (home_unit, scope) = if is_staff {
            (self.street.unit.clone(), Vec::new())
        } else {
            let community = chance.pick(&self.street.communities).unwrap_or(&self.street.unit);
            (community.clone(), vec![self.street.unit.clone()])
        };
        let contract = match category {
            Category::SecondedCadre => "cadre",
            Category::Volunteer => "volunteer",
            Category::Deputy => "deputy",
            _ if chance.percent(65) => "full-time",
            _ => "part-time",
        };
        let share = if is_staff { chance.between(45, 75) } else { chance.between(45, 80) };
        let mut person = Person {
            id: id.clone(),
            name,
            sort_key,
            category,
            home_unit,
            phone: Some(phone(chance)),
            home: Some(home),
            max_distance_metres: Some(metres(radius, share)),
            contract: Some(contract_id(contract)),
            active_from: Some(days_before(self.city.week_start, chance.between(30, 2_000))),
            active_to: None,
            trainee: is_staff && chance.percent(2),
            newcomer: category == Category::Volunteer && chance.percent(4),
            information_officer: false,
            skills: skills(chance, is_staff, self.city.week_start),
            scope,
            version: 1,
        };
        if person.newcomer {
            person.active_from = Some(days_before(self.city.week_start, chance.between(1, 20)));
        }
        if category == Category::SecondedCadre {
            self.secondment(&id);
        }
        if category != Category::Deputy {
            if self.chance.percent(5) {
                self.lendings(&id);
                person.max_distance_metres = Some(metres(radius, 350));
            }
            availability::fill(self.city, &person, &self.chance);
            let nearest = self.nearest_stations(home);
            ledger::fill(self.city, &person, &nearest, &self.chance);
        }
        self.city.people.push(person);
    }

    fn secondment(&mut self, person: &PersonId) {
        let from = days_before(self.city.week_start, self.chance.between(20, 300));
        self.city.secondments.push(Secondment {
            id: parsed(SecondmentId::parse(&format!("{person}-host"))),
            person: person.clone(),
            host_unit: self.street.unit.clone(),
            from_date: from,
            to_date: from.checked_add_days(Days::new(365)),
            min_minutes_week: 960,
            version: 1,
        });
    }

    /// The person may also serve in one or two of the nearest streets.
    fn lendings(&mut self, person: &PersonId) {
        let mut others: Vec<(f64, &UnitId)> = self
            .network
            .streets
            .iter()
            .filter(|other| other.unit != self.street.unit)
            .map(|other| (distance_squared(self.street.centre, other.centre), &other.unit))
            .collect();
        others.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(other.1)));
        let wanted = self.chance.between(1, 2) as usize;
        for (number, (_, unit)) in others.into_iter().take(wanted).enumerate() {
            self.city.lendings.push(Lending {
                id: parsed(LendingId::parse(&format!("{person}-lend{}", number + 1))),
                person: person.clone(),
                unit: unit.clone(),
                from_date: days_before(self.city.week_start, 60),
                to_date: self.city.week_start.checked_add_days(Days::new(120)),
                version: 1,
            });
        }
    }

    /// Stations of the street, nearest first.
    fn nearest_stations(&self, home: Location) -> Vec<usize> {
        let mut stations: Vec<(f64, usize)> = self
            .street
            .stations
            .clone()
            .filter_map(|at| {
                let location = self.network.stations.get(at)?.location?;
                Some((distance_squared(home, location), at))
            })
            .collect();
        stations.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        stations.into_iter().map(|(_, at)| at).collect()
    }

    /// Relatives who may not share a post: one or two pairs of staff in every street.
    fn apart_pairs(&mut self, first: usize, staff: usize) {
        let mut starts: Vec<usize> = (0..self.chance.between(1, 2)).map(|pair| 3 + 7 * pair as usize).collect();
        starts.retain(|at| at + 4 < staff);
        for at in starts {
            if let (Some(one), Some(other)) = (self.city.people.get(first + at), self.city.people.get(first + at + 4)) {
                self.city.apart.push(ApartPair {
                    first: one.id.clone(),
                    second: other.id.clone(),
                    reason: Some("亲属回避".to_owned()),
                });
            }
        }
    }
}

fn phone(chance: &Chance) -> String {
    format!("1{}{:09}", chance.between(3, 9), chance.below(1_000_000_000))
}

/// A share, in percent, of a street's radius.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few kilometres, never negative")]
fn metres(radius: f64, percent: u32) -> u32 {
    (radius * f64::from(percent) / 100.0) as u32
}

fn days_before(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(days))).unwrap_or(date)
}

/// Skills: three staff in ten and a fifth of the others have one, few have two; some certificates run out within the week.
fn skills(chance: &Chance, is_staff: bool, week_start: NaiveDate) -> Vec<PersonSkill> {
    let mut skills = Vec::new();
    let wanted = u32::from(chance.percent(if is_staff { 34 } else { 22 })) + u32::from(chance.percent(4));
    for _ in 0..wanted {
        let skill = skill_id(chance.pick(&SKILLS).map_or("medical", |(id, _)| id));
        let valid_until = chance.percent(40).then(|| {
            let days = if chance.percent(5) { chance.between(0, 6) } else { chance.between(30, 900) };
            week_start.checked_add_days(Days::new(u64::from(days))).unwrap_or(week_start)
        });
        if skills.iter().all(|known: &PersonSkill| known.skill != skill) {
            skills.push(PersonSkill { skill, level: u8::from(chance.percent(55)) + 1, valid_until });
        }
    }
    skills.sort_unstable();
    skills
}
