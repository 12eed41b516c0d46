//! A roster of the whole problem as person-weeks, and what it costs part by part.

use crate::model::linear::{Costs, add_costs};
use crate::problem::{NeedIx, PersonIx};
use crate::search::city::City;

use super::desk::Present;
use super::price::{Scratch, Week};
use super::town::Town;

/// Everybody's week.
#[derive(Debug, Clone)]
pub struct Roster {
    /// By person.
    pub weeks: Vec<Week>,
    /// By need: who is there, counted.
    pub present: Vec<Present>,
    /// By need: who is there; empty when nobody has to be kept from anybody.
    pub at: Vec<Vec<PersonIx>>,
    /// By person: unsocial duties, those of past weeks included.
    pub loads: Vec<i64>,
}

impl Roster {
    /// The roster in which people keep their pins and do nothing else.
    #[must_use]
    pub fn idle(town: &Town) -> Self {
        let mut scratch = Scratch::default();
        let mut roster = Self {
            weeks: Vec::with_capacity(town.people.len()),
            present: vec![Present::default(); town.desks.len()],
            at: vec![Vec::new(); if town.apart.is_empty() { 0 } else { town.desks.len() }],
            loads: vec![0; town.people.len()],
        };
        for (citizen, person) in town.people.iter().zip((0..).map(PersonIx::from_index)) {
            let dear = vec![1 << 45; citizen.week.needs.len()];
            let (_, week) = citizen.week.cheapest(&dear, [0; 3], &mut scratch);
            roster.weeks.push(Week::default());
            roster.put(town, person, week);
        }
        roster
    }

    /// Gives somebody another week.
    pub fn put(&mut self, town: &Town, person: PersonIx, week: Week) {
        let citizen = &town.people[person.index()];
        let old = std::mem::replace(&mut self.weeks[person.index()], week);
        self.loads[person.index()] = citizen.load(&self.weeks[person.index()]);
        for &position in &old.positions {
            let need = citizen.week.needs[usize::from(position)].index();
            self.present[need] = self.present[need].with_kind(citizen.kind, -1);
            if let Some(at) = self.at.get_mut(need) {
                at.retain(|&other| other != person);
            }
        }
        for &position in &self.weeks[person.index()].positions {
            let need = citizen.week.needs[usize::from(position)].index();
            self.present[need] = self.present[need].with_kind(citizen.kind, 1);
            if let Some(at) = self.at.get_mut(need) {
                at.push(person);
            }
        }
    }

    /// Cost of each part: its posts, its people and their groups. Their sum is the cost of the roster.
    #[must_use]
    pub fn costs(&self, town: &Town, city: &City<'_, '_>) -> Vec<Costs> {
        let cost = |part: usize| {
            let mut costs = [0; 3];
            for need in city.needs(part) {
                add_costs(&mut costs, town.desks[need.index()].cost(self.present[need.index()]));
            }
            for person in city.residents(part) {
                add_costs(&mut costs, self.weeks[person.index()].costs);
            }
            for &group in &town.groups_of[part] {
                let group = &town.groups[group as usize];
                let load = group.members.iter().map(|person| self.loads[person.index()]).max().unwrap_or(0).max(0);
                add_costs(&mut costs, group.cost.map(|cost| cost * load));
            }
            costs
        };
        (0..city.parts()).map(cost).collect()
    }

    /// Needs of each person, sorted.
    #[must_use]
    pub fn duties(&self, town: &Town) -> Vec<Vec<NeedIx>> {
        let needs = self.weeks.iter().zip(&town.people).map(|(week, citizen)| {
            let mut needs: Vec<NeedIx> =
                week.positions.iter().map(|&position| citizen.week.needs[usize::from(position)]).collect();
            needs.sort_unstable();
            needs
        });
        needs.collect()
    }
}
