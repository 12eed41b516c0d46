//! The whole problem laid out once for everything that plans by person-weeks: everybody's week, all posts, and the
//! places where prices stand.
//!
//! A price stands for each post and kind of person: what a head of staff is worth at a post may differ from what a
//! volunteer is worth there, since S23 asks for their mix and trainees do not count as heads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::desk::{Desk, Kind, Table};
use super::person::PersonWeek;
use super::price::Week;
use crate::model::candidates::{Group, Network};
use crate::model::linear::{Costs, in_tier};
use crate::problem::{NeedIx, PersonIx, RuleCode};
use crate::search::city::{City, parallel};

/// People whose weeks are built in one go.
const CHUNK: usize = 64;

/// No place for a price: the duty lies outside the posts that are planned.
pub const NO_SLOT: u32 = u32::MAX;

/// A person with everything that planning asks of it.
#[derive(Debug)]
pub struct Citizen {
    /// The person's week.
    pub week: PersonWeek,
    /// Of each position: where its price stands.
    pub slots: Vec<u32>,
    /// Of each position: whether the duty is unsocial (S31).
    pub unsocial: Vec<bool>,
    /// Position in [`Town::groups`], where fairness counts.
    pub group: Option<u32>,
    /// Unsocial duties of past weeks.
    pub ledger: i64,
    /// What the person counts as at a post.
    pub kind: Kind,
}

/// Comparable people of a street (S31).
#[derive(Debug)]
pub struct LoadGroup {
    /// Who.
    pub members: Vec<PersonIx>,
    /// Cost of each unit of the greatest load.
    pub cost: Costs,
}

/// The prices of a post: one for each kind of person who may serve there.
#[derive(Debug, Clone, Copy)]
pub struct Slots {
    /// First of the post's prices.
    pub first: u32,
    /// Position in [`Town::tables`].
    pub table: u32,
}

/// Everybody and every post.
#[derive(Debug)]
pub struct Town {
    /// By person.
    pub people: Vec<Citizen>,
    /// By need.
    pub desks: Vec<Desk>,
    /// By need.
    pub slots: Vec<Slots>,
    /// What posts of the same shape cost.
    pub tables: Vec<Table>,
    /// Number of prices.
    pub prices: usize,
    /// Groups of comparable people, each within one part.
    pub groups: Vec<LoadGroup>,
    /// Groups of each part.
    pub groups_of: Vec<Vec<u32>>,
    /// Whom each person may not meet at a post (H14); empty where the rule is off.
    pub apart: HashMap<PersonIx, Vec<PersonIx>>,
}

impl Citizen {
    /// Unsocial duties of a week, those of past weeks included.
    #[must_use]
    pub fn load(&self, week: &Week) -> i64 {
        let unsocial = week.positions.iter().filter(|&&at| self.unsocial[usize::from(at)]).count();
        self.ledger + i64::try_from(unsocial).unwrap_or(0)
    }
}

impl Town {
    /// Lays out a problem, or `None` when somebody's rules do not fit a [`PersonWeek`].
    #[must_use]
    pub fn new(network: &Network<'_>, city: &City<'_, '_>, threads: usize) -> Option<Self> {
        let problem = network.problem;
        let count = problem.people.len();
        let weeks = parallel(threads, count.div_ceil(CHUNK), |at| {
            (at * CHUNK..((at + 1) * CHUNK).min(count))
                .map(|person| {
                    let person = PersonIx::from_index(person);
                    PersonWeek::new(network, person, city.candidates(person), &city.pins_of(person))
                })
                .collect::<Option<Vec<_>>>()
        });
        let weeks: Vec<PersonWeek> = weeks.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let desks: Vec<Desk> =
            (0..problem.needs.len()).map(|need| Desk::new(network, NeedIx::from_index(need))).collect::<Option<_>>()?;
        let kinds: Vec<Kind> = problem.people.iter().map(Kind::of).collect();
        let mut eligible: Vec<[u16; Kind::COUNT]> = vec![[0; Kind::COUNT]; desks.len()];
        for (week, kind) in weeks.iter().zip(&kinds) {
            for need in &week.needs {
                let desk = need.index();
                eligible[desk][desks[desk].kind(*kind).index()] += 1;
            }
        }
        let mut tables: Vec<Table> = Vec::new();
        let mut known: HashMap<(Desk, [u16; Kind::COUNT]), u32> = HashMap::new();
        let mut prices = 0;
        let mut slots = Vec::with_capacity(desks.len());
        for (desk, eligible) in desks.iter().zip(&eligible) {
            let eligible = desk.within_capacity(*eligible);
            let table = match known.entry((desk.clone(), eligible)) {
                Entry::Occupied(table) => *table.get(),
                Entry::Vacant(place) => {
                    tables.push(Table::new(desk, eligible)?);
                    *place.insert(u32::try_from(tables.len() - 1).ok()?)
                }
            };
            slots.push(Slots { first: u32::try_from(prices).unwrap_or(NO_SLOT), table });
            prices += tables[table as usize].kinds.len();
        }
        let mut groups: Vec<LoadGroup> = Vec::new();
        let mut groups_of = vec![Vec::new(); city.parts()];
        let mut group_at: HashMap<Group, u32> = HashMap::new();
        let weight = problem.profile.weight(RuleCode::S31);
        let cost = in_tier(problem.profile.tier(RuleCode::S31), weight);
        let mut people = Vec::with_capacity(count);
        for (week, kind) in weeks.into_iter().zip(kinds) {
            let person = &problem.people[week.person.index()];
            let group = (weight != 0).then(|| {
                *group_at.entry(network.group(person)).or_insert_with(|| {
                    groups.push(LoadGroup { members: Vec::new(), cost });
                    let at = u32::try_from(groups.len() - 1).unwrap_or(NO_SLOT);
                    groups_of[city.home(week.person)].push(at);
                    at
                })
            });
            if let Some(group) = group {
                groups[group as usize].members.push(week.person);
            }
            let slot = |need: &NeedIx| {
                let at = slots[need.index()];
                let kind = desks[need.index()].kind(kind);
                let place = tables[at.table as usize].kinds.iter().position(|&other| other == kind);
                place.and_then(|place| u32::try_from(place).ok()).map_or(NO_SLOT, |place| at.first + place)
            };
            let unsocial = |need: &NeedIx| network.post(*need).is_some_and(|post| post.unsocial);
            people.push(Citizen {
                slots: week.needs.iter().map(slot).collect(),
                unsocial: week.needs.iter().map(unsocial).collect(),
                group,
                ledger: i64::from(person.history.fairness_unsocial_duties),
                kind,
                week,
            });
        }
        let mut apart: HashMap<PersonIx, Vec<PersonIx>> = HashMap::new();
        for &(one, other) in problem.apart.iter().filter(|_| network.settings.is_on(RuleCode::H14)) {
            apart.entry(one).or_default().push(other);
            apart.entry(other).or_default().push(one);
        }
        Some(Self { people, desks, slots, tables, prices, groups, groups_of, apart })
    }

    /// The need's prices.
    #[must_use]
    pub fn prices_of(&self, need: NeedIx) -> std::ops::Range<usize> {
        let slots = self.slots[need.index()];
        let first = slots.first as usize;
        first..first + self.tables[slots.table as usize].kinds.len()
    }
}
