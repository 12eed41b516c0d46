//! Some people, the posts that they may serve, and the roster they have together: what it costs, and what it takes to
//! change it.
//!
//! Everybody else's duties stay as they are and are counted. People of the bench keep what they do at posts that are
//! not on the bench.

use std::collections::HashMap;

use crate::model::linear::{Costs, add_costs};
use crate::problem::{NeedIx, PersonIx};

use super::desk::Present;
use super::price::{ScaledWeights, Scratch, Week, scaled};
use super::roster::Roster;
use super::town::Town;

/// Weights that keep the order of tiers in whole numbers while tiers 2 and 3 of a street stay below a million; callers
/// compare [`Bench::costs`] tier by tier before they take a roster over.
pub const ORDER: ScaledWeights = [1 << 40, 1 << 20, 1];

/// Reduced cost of a duty that is kept whatever it costs.
const KEPT: i64 = -(1 << 55);

/// No desk of the bench.
const ELSEWHERE: u32 = u32::MAX;

/// Prices as whole numbers, and the weights of the tiers at which they hold.
#[derive(Debug)]
pub struct Guide {
    /// One for each of [`Town::prices`], scaled.
    pub prices: Vec<i64>,
    /// Scaled weights.
    pub weights: ScaledWeights,
}

/// People at posts.
pub struct Bench<'t> {
    pub(super) town: &'t Town,
    pub(super) members: Vec<Sitter>,
    needs: Vec<NeedIx>,
    pub(super) present: Vec<Present>,
    /// People at each desk; kept only where somebody may not meet somebody.
    at: Vec<Vec<PersonIx>>,
    /// Members who may serve at each desk.
    pub(super) eligible: Vec<Vec<u32>>,
    groups: Vec<BenchGroup>,
    scratch: Scratch,
    reduced: Vec<i64>,
    /// The whole cost by [`ORDER`].
    pub(super) total: i64,
}

/// A person on the bench.
pub struct Sitter {
    /// Who.
    pub person: PersonIx,
    /// Desk of each position.
    pub desks: Vec<u32>,
    /// The present week.
    pub chosen: Week,
    group: Option<u32>,
    /// Unsocial duties of the present week, ledger included.
    load: i64,
    /// The week with kept duties alone.
    idle: Week,
}

struct BenchGroup {
    members: Vec<u32>,
    /// Greatest load of those who are not on the bench.
    floor: i64,
    cost: Costs,
}

impl<'t> Bench<'t> {
    /// A bench for some people and posts; `desk_of` gives the position of a need in `needs`.
    #[must_use]
    pub fn new(
        town: &'t Town,
        roster: &Roster,
        people: &[PersonIx],
        needs: Vec<NeedIx>,
        desk_of: impl Fn(NeedIx) -> Option<u32>,
    ) -> Self {
        let count = needs.len();
        let mut bench = Self {
            town,
            members: Vec::with_capacity(people.len()),
            present: needs.iter().map(|need| roster.present[need.index()]).collect(),
            at: vec![Vec::new(); if town.apart.is_empty() { 0 } else { count }],
            eligible: vec![Vec::new(); count],
            groups: Vec::new(),
            scratch: Scratch::default(),
            reduced: Vec::new(),
            total: 0,
            needs,
        };
        if !town.apart.is_empty() {
            for (at, need) in bench.at.iter_mut().zip(&bench.needs) {
                at.clone_from(&roster.at[need.index()]);
            }
        }
        let mut group_at: HashMap<u32, u32> = HashMap::new();
        for (&person, index) in people.iter().zip(0_u32..) {
            let citizen = &town.people[person.index()];
            let desks: Vec<u32> = citizen.week.needs.iter().map(|&need| desk_of(need).unwrap_or(ELSEWHERE)).collect();
            for &desk in desks.iter().filter(|&&desk| desk != ELSEWHERE) {
                bench.eligible[desk as usize].push(index);
            }
            let chosen = roster.weeks[person.index()].clone();
            let reduced: Vec<i64> = desks
                .iter()
                .zip(0_u16..)
                .map(|(&desk, position)| match desk {
                    ELSEWHERE if chosen.positions.contains(&position) => KEPT,
                    ELSEWHERE => i64::MAX,
                    _ => 1 << 50,
                })
                .collect();
            let (_, idle) = citizen.week.cheapest(&reduced, ORDER, &mut bench.scratch);
            let group = citizen.group.map(|group| {
                *group_at.entry(group).or_insert_with(|| {
                    let cost = town.groups[group as usize].cost;
                    bench.groups.push(BenchGroup { members: Vec::new(), floor: 0, cost });
                    u32::try_from(bench.groups.len() - 1).unwrap_or(ELSEWHERE)
                })
            });
            if let Some(group) = group {
                bench.groups[group as usize].members.push(index);
            }
            let load = roster.loads[person.index()];
            bench.members.push(Sitter { person, desks, chosen, group, load, idle });
        }
        for (&group, &at) in &group_at {
            let inside = &bench.groups[at as usize].members;
            let is_inside = |person: &PersonIx| {
                inside.iter().any(|&member| bench.members[member as usize].person == *person)
            };
            let outside = town.groups[group as usize].members.iter().filter(|person| !is_inside(person));
            let floor = outside.map(|person| roster.loads[person.index()]).max().unwrap_or(0).max(0);
            bench.groups[at as usize].floor = floor;
        }
        bench.total = scaled(bench.costs(), ORDER);
        bench
    }

    /// Number of people.
    #[must_use]
    pub const fn people(&self) -> usize {
        self.members.len()
    }

    /// Takes over a roster of the desks here; members whose rules it does not fit keep what they have.
    pub fn load(&mut self, chosen: &[(PersonIx, NeedIx)]) {
        let mut needs: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for &(person, need) in chosen {
            needs.entry(person).or_default().push(need);
        }
        for member in (0..).take(self.members.len()) {
            let sitter = &self.members[member as usize];
            let week = &self.town.people[sitter.person.index()].week;
            let own = needs.get(&sitter.person).map_or(&[][..], Vec::as_slice);
            let stays = |position: u16| sitter.desks[usize::from(position)] == ELSEWHERE;
            let positions: Vec<u16> = (0..)
                .zip(&week.needs)
                .filter(|&(at, need)| if stays(at) { sitter.chosen.positions.contains(&at) } else { own.contains(need) })
                .map(|(at, _)| at)
                .collect();
            if let Some(week) = week.week_of(&positions, &mut self.scratch) {
                self.put(member, week);
            }
        }
    }

    /// Everybody's present week.
    pub fn into_weeks(self) -> impl Iterator<Item = (PersonIx, Week)> {
        self.members.into_iter().map(|sitter| (sitter.person, sitter.chosen))
    }

    /// The whole cost of the desks, members and groups, counted anew.
    #[must_use]
    pub fn costs(&self) -> Costs {
        let mut costs = [0; 3];
        for (&need, &present) in self.needs.iter().zip(&self.present) {
            add_costs(&mut costs, self.town.desks[need.index()].cost(present));
        }
        for sitter in &self.members {
            add_costs(&mut costs, sitter.chosen.costs);
        }
        for (group, at) in self.groups.iter().zip(0..) {
            let load = self.greatest_load(at, None);
            add_costs(&mut costs, group.cost.map(|cost| cost * load));
        }
        costs
    }

    fn greatest_load(&self, group: u32, without: Option<u32>) -> i64 {
        let group = &self.groups[group as usize];
        let loads = group.members.iter().filter(|&&member| Some(member) != without);
        loads.map(|&member| self.members[member as usize].load).max().unwrap_or(0).max(group.floor)
    }

    fn desk_cost(&self, desk: u32) -> Costs {
        self.town.desks[self.needs[desk as usize].index()].cost(self.present[desk as usize])
    }

    /// Whether a desk costs anything in tier 1 or 2.
    pub(super) fn is_troubled(&self, desk: usize) -> bool {
        let costs = self.town.desks[self.needs[desk].index()].cost(self.present[desk]);
        costs[0] > 0 || costs[1] > 0
    }

    /// Adds the member to the counts of its desks (`by` is 1) or takes it away (`by` is -1).
    fn seat(&mut self, member: u32, by: i64) {
        let sitter = &self.members[member as usize];
        let kind = self.town.people[sitter.person.index()].kind;
        for &position in &sitter.chosen.positions {
            let desk = sitter.desks[usize::from(position)];
            if desk == ELSEWHERE {
                continue;
            }
            let desk = desk as usize;
            self.present[desk] = self.present[desk].with_kind(kind, by);
            if self.at.is_empty() {
                continue;
            }
            if by > 0 {
                self.at[desk].push(sitter.person);
            } else {
                self.at[desk].retain(|&other| other != sitter.person);
            }
        }
    }

    /// Cost of the member and its group.
    fn own_cost(&self, member: u32) -> i64 {
        let sitter = &self.members[member as usize];
        let mut costs = sitter.chosen.costs;
        if let Some(group) = sitter.group {
            let load = self.greatest_load(group, None);
            add_costs(&mut costs, self.groups[group as usize].cost.map(|cost| cost * load));
        }
        scaled(costs, ORDER)
    }

    fn desk_costs(&self, member: u32) -> i64 {
        let sitter = &self.members[member as usize];
        let desks = sitter.chosen.positions.iter().map(|&position| sitter.desks[usize::from(position)]);
        desks.filter(|&desk| desk != ELSEWHERE).map(|desk| scaled(self.desk_cost(desk), ORDER)).sum()
    }

    /// Gives the member another week and counts the difference.
    pub(super) fn put(&mut self, member: u32, week: Week) {
        let mut change = -self.own_cost(member) - self.desk_costs(member);
        self.seat(member, -1);
        change += self.desk_costs(member);
        let town = self.town;
        let sitter = &mut self.members[member as usize];
        let citizen = &town.people[sitter.person.index()];
        sitter.load = citizen.load(&week);
        sitter.chosen = week;
        change -= self.desk_costs(member);
        self.seat(member, 1);
        change += self.desk_costs(member) + self.own_cost(member);
        self.total += change;
    }

    /// Takes all duties off the member that it may give up.
    pub(super) fn give_up(&mut self, member: u32) {
        let idle = self.members[member as usize].idle.clone();
        self.put(member, idle);
    }

    /// The member's best week given everybody else; the member must have given up its own.
    ///
    /// With a guide, a head at a post that lacks one is worth no more than its price, so that the member leaves to
    /// others what they do more cheaply.
    pub(super) fn best_week(&mut self, member: u32, guide: Option<&Guide>) -> Week {
        let sitter = &self.members[member as usize];
        let town = self.town;
        let citizen = &town.people[sitter.person.index()];
        let weights = guide.map_or(ORDER, |guide| guide.weights);
        let burden = sitter.group.map_or(0, |group| {
            let others = self.greatest_load(group, Some(member));
            if citizen.ledger + 1 > others { scaled(self.groups[group as usize].cost, weights) } else { 0 }
        });
        let mut reduced = std::mem::take(&mut self.reduced);
        reduced.clear();
        for (position, &desk) in sitter.desks.iter().enumerate() {
            if desk == ELSEWHERE {
                reduced.push(i64::MAX);
                continue;
            }
            let at = desk as usize;
            let (desk, present) = (&town.desks[self.needs[at].index()], self.present[at]);
            if !desk.has_room(present) || self.is_parted(sitter.person, at) {
                reduced.push(i64::MAX);
                continue;
            }
            let mut change = scaled(desk.change(present, citizen.kind), weights);
            if let Some(guide) = guide
                && let Some(&price) = guide.prices.get(citizen.slots[position] as usize)
            {
                change = change.max(-price);
            }
            let mut cost = scaled(citizen.week.costs[position], weights) + change;
            if citizen.unsocial[position] {
                cost += burden;
            }
            reduced.push(cost);
        }
        for &position in &sitter.chosen.positions {
            // What is left of a week that was given up is kept whatever it costs.
            reduced[usize::from(position)] = KEPT;
        }
        let (_, week) = citizen.week.cheapest(&reduced, weights, &mut self.scratch);
        self.reduced = reduced;
        week
    }

    /// Whether somebody at the desk may not share it with the person (H14).
    fn is_parted(&self, person: PersonIx, desk: usize) -> bool {
        !self.at.is_empty()
            && self.town.apart.get(&person).is_some_and(|others| others.iter().any(|other| self.at[desk].contains(other)))
    }
}
