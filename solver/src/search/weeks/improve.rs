//! Better rosters by planning people again: a few give up their weeks, and each in turn takes the week that is best
//! given everybody else, found exactly.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::columns::Random;
use crate::model::candidates::{Group, Network};
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::model::part::{PartSpec, Role};
use crate::problem::{NeedIx, PersonIx, RuleCode, UnitIx};

use super::desk::{Desk, Present};
use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch, Week, scaled};
use super::town::Town;

/// Weights that keep the order of tiers in whole numbers while tiers 2 and 3 of a street stay below a million; callers
/// compare [`Bench::costs`] tier by tier before they take a roster over.
pub const ORDER: ScaledWeights = [1 << 40, 1 << 20, 1];

/// Cost in tier 2 of a duty of somebody who is wanted elsewhere: more than a duty is worth there, less than in tier 1.
pub const RELUCTANCE: i64 = 780;

/// A roster of some people at some posts, and what it takes to change it.
pub struct Bench<'n, 'p> {
    pub(super) network: &'n Network<'p>,
    pub(super) members: Vec<Sitter>,
    desk_of: FxHashMap<NeedIx, u32>,
    pub(super) desks: Vec<Desk>,
    pub(super) present: Vec<Present>,
    pub(super) at: Vec<Vec<usize>>,
    /// For each unit above, how many cases it takes and the desks of those that may go up, greatest saving first.
    rooms: Vec<(usize, Vec<usize>)>,
    /// Members who may serve at each desk.
    eligible: Vec<Vec<u32>>,
    groups: Vec<LoadGroup>,
    pub(super) apart: FxHashMap<usize, Vec<usize>>,
    /// People beside the bench whom members may not meet.
    apart_outside: FxHashMap<usize, Vec<PersonIx>>,
    /// People beside the bench at each desk, whose duties stay.
    outsiders: FxHashMap<usize, Vec<PersonIx>>,
    pub(super) scratch: Scratch,
    reduced: Vec<i64>,
    pub(super) total: i64,
    /// What members had before each change, while that may have to be taken back.
    pub(super) journal: Option<Vec<(usize, Week)>>,
}

/// The desks of a part: one for each post, one for all spans of each case.
struct Desks {
    desk_of: FxHashMap<NeedIx, u32>,
    desks: Vec<Desk>,
    /// For each unit above, how many cases it takes and the desks of those that may go up, greatest saving first.
    rooms: Vec<(usize, Vec<usize>)>,
}

impl Desks {
    fn new(network: &Network<'_>, spec: &PartSpec) -> Option<Self> {
        let posts =
            || spec.needs.iter().copied().filter(|&need| network.post(need).is_none_or(|post| post.case.is_none()));
        let mut desk_of: FxHashMap<NeedIx, u32> = posts().zip(0..).collect();
        let mut desks: Vec<Desk> = posts().map(|need| Desk::new(network, need)).collect::<Option<_>>()?;
        let mut upward: BTreeMap<UnitIx, Vec<usize>> = BTreeMap::new();
        for case in spec.cases.iter().filter_map(|case| network.cases.get(case.index())) {
            let desk = u32::try_from(desks.len()).ok()?;
            desk_of.extend(case.options.iter().map(|&need| (need, desk)));
            if let Some((above, _)) = case.escalated {
                upward.entry(above).or_default().push(desks.len());
            }
            desks.push(Desk::of_case(network, case));
        }
        let rooms = upward.into_iter().map(|(above, mut cases)| {
            cases.sort_by_key(|&desk| (std::cmp::Reverse(desks[desk].saving()), desk));
            (usize::try_from(spec.room(network, above)).unwrap_or(0), cases)
        });
        let rooms = rooms.collect();
        Some(Self { desk_of, desks, rooms })
    }
}

/// A person on the bench.
pub(super) struct Sitter {
    pub(super) week: Arc<PersonWeek>,
    /// Desk of each position; `None` for duties kept elsewhere.
    pub(super) desks: Vec<Option<u32>>,
    /// Positions that the member may not have, though the week has them.
    pub(super) closed: Vec<bool>,
    unsocial: Vec<bool>,
    group: Option<usize>,
    ledger: i64,
    /// Unsocial duties of the present week, ledger included.
    load: i64,
    pub(super) chosen: Week,
    /// The week with kept duties alone.
    idle: Week,
}

impl Sitter {
    /// Of two positions of a week at one desk the dearer, if there are two.
    fn twice(&self, week: &Week, reduced: &[i64]) -> Option<u16> {
        let desk = |position: u16| self.desks[usize::from(position)];
        week.positions.iter().enumerate().find_map(|(at, &later)| {
            let earlier =
                week.positions[..at].iter().find(|&&other| desk(later).is_some() && desk(other) == desk(later));
            earlier.map(|&earlier| {
                let cost = |position: u16| reduced[usize::from(position)];
                if cost(earlier) > cost(later) { earlier } else { later }
            })
        })
    }
}

struct LoadGroup {
    members: Vec<usize>,
    floor: i64,
    cost: Costs,
}

impl<'n, 'p> Bench<'n, 'p> {
    /// A bench for a part in its surroundings, with weeks from a town where they are at hand; `None` when a person's
    /// rules do not fit a [`PersonWeek`].
    #[must_use]
    pub fn new(network: &'n Network<'p>, spec: &PartSpec, town: Option<&Town>) -> Option<Self> {
        let problem = network.problem;
        let Desks { desk_of, desks, rooms } = Desks::new(network, spec)?;
        let mut eligible = vec![Vec::new(); desks.len()];
        let mut groups: BTreeMap<Group, LoadGroup> = BTreeMap::new();
        let mut members = Vec::with_capacity(spec.members.len());
        let mut scratch = Scratch::default();
        let weight = problem.profile.weight(RuleCode::S31);
        let cost = in_tier(problem.profile.tier(RuleCode::S31), weight);
        for (index, member) in spec.members.iter().enumerate() {
            let mut week = match town.and_then(|town| town.week(member)) {
                Some(week) => week,
                None => Arc::new(PersonWeek::new(network, member.person, &member.candidates, &member.kept)?),
            };
            if spec.reluctant.contains(&member.person) {
                Arc::make_mut(&mut week).costs.iter_mut().for_each(|cost| cost[1] += RELUCTANCE);
            }
            let may: FxHashSet<NeedIx> = member.candidates.iter().chain(&member.kept).copied().collect();
            let closed: Vec<bool> = week.needs.iter().map(|need| !may.contains(need)).collect();
            let desk = |(need, &closed): (&NeedIx, &bool)| desk_of.get(need).copied().filter(|_| !closed);
            let desks: Vec<Option<u32>> = week.needs.iter().zip(&closed).map(desk).collect();
            let here = u32::try_from(index).unwrap_or(u32::MAX);
            for &desk in desks.iter().flatten() {
                let eligible: &mut Vec<u32> = &mut eligible[desk as usize];
                // Several spans of one case have one desk.
                if eligible.last() != Some(&here) {
                    eligible.push(here);
                }
            }
            let unsocial =
                week.needs.iter().map(|&need| network.post(need).is_some_and(|post| post.unsocial)).collect();
            let person = &problem.people[member.person.index()];
            let ledger = i64::from(person.history.fairness_unsocial_duties);
            if weight != 0 && member.role != Role::Guest {
                let group = network.group(person);
                let floor = spec.group_floor.get(&group).copied().unwrap_or(0).max(0);
                let entry = groups.entry(group).or_insert_with(|| LoadGroup { members: Vec::new(), floor, cost });
                entry.members.push(index);
            }
            let idle = week.idle(&mut scratch);
            members.push(Sitter {
                week,
                desks,
                closed,
                unsocial,
                group: None,
                ledger,
                load: ledger,
                chosen: idle.clone(),
                idle,
            });
        }
        let groups: Vec<LoadGroup> = groups.into_values().collect();
        for (at, group) in groups.iter().enumerate() {
            for &member in &group.members {
                members[member].group = Some(at);
            }
        }
        let position: FxHashMap<PersonIx, usize> =
            spec.members.iter().enumerate().map(|(at, member)| (member.person, at)).collect();
        let mut apart: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let mut apart_outside: FxHashMap<usize, Vec<PersonIx>> = FxHashMap::default();
        if network.settings.is_on(RuleCode::H14) {
            for (one, other) in &problem.apart {
                match (position.get(one), position.get(other)) {
                    (Some(&one), Some(&other)) => {
                        apart.entry(one).or_default().push(other);
                        apart.entry(other).or_default().push(one);
                    }
                    (Some(&one), None) => apart_outside.entry(one).or_default().push(*other),
                    (None, Some(&other)) => apart_outside.entry(other).or_default().push(*one),
                    (None, None) => {}
                }
            }
        }
        let count = desks.len();
        let mut bench = Self {
            network,
            members,
            desk_of,
            desks,
            present: vec![Present::default(); count],
            at: vec![Vec::new(); count],
            rooms,
            eligible,
            groups,
            apart,
            apart_outside,
            outsiders: FxHashMap::default(),
            scratch,
            reduced: Vec::new(),
            total: 0,
            journal: None,
        };
        for member in 0..bench.members.len() {
            bench.seat(member, 1);
            let idle = bench.members[member].idle.clone();
            bench.put(member, idle);
        }
        bench.total = scaled(bench.costs(), ORDER);
        bench.send_up();
        Some(bench)
    }

    /// Sends cases up as far as there is room: first those that nobody works, by what it saves, then, for whom they may
    /// be given up, those that fewest may work. Never makes the roster dearer.
    pub(super) fn send_up(&mut self) {
        for (room, cases) in &self.rooms {
            let mut order = cases.clone();
            order.sort_by_key(|&desk| {
                let is_worked = !self.desks[desk].is_short(self.present[desk]);
                (is_worked, if is_worked { self.eligible[desk].len() } else { 0 })
            });
            for (place, desk) in order.into_iter().enumerate() {
                let present = self.present[desk];
                self.total -= scaled(self.desks[desk].cost(present), ORDER);
                self.desks[desk].is_sent_up = place < *room;
                self.total += scaled(self.desks[desk].cost(present), ORDER);
            }
        }
    }

    /// Counts somebody who is not on the bench at the posts that they keep; before [`Self::load`].
    pub fn seat_outsider(&mut self, person: PersonIx, needs: &[NeedIx]) {
        let who = &self.network.problem.people[person.index()];
        for need in needs {
            let Some(&desk) = self.desk_of.get(need) else { continue };
            let desk = desk as usize;
            self.total -= scaled(self.desks[desk].cost(self.present[desk]), ORDER);
            self.present[desk] = self.present[desk].with(who, 1);
            self.total += scaled(self.desks[desk].cost(self.present[desk]), ORDER);
            self.outsiders.entry(desk).or_default().push(person);
        }
    }

    /// Takes over a roster; people whose duties do not fit their rules keep what they have.
    pub fn load(&mut self, duties: &dyn Fn(PersonIx) -> Vec<NeedIx>) {
        for member in 0..self.members.len() {
            let sitter = &self.members[member];
            let own = duties(sitter.week.person);
            let positions: Vec<u16> = (0..)
                .zip(&sitter.week.needs)
                .filter(|(_, need)| own.contains(need))
                .map(|(position, _)| position)
                .collect();
            if let Some(week) = sitter.week.week_of(&positions) {
                self.put(member, week);
            }
        }
        self.send_up();
    }

    /// Takes over duties beside those that people have, which may not all fit the rules: of each person's as many as do,
    /// where there still is room.
    pub fn load_most(&mut self, duties: &dyn Fn(PersonIx) -> Vec<NeedIx>) {
        for member in 0..self.members.len() {
            let sitter = &self.members[member];
            let own = duties(sitter.week.person);
            let fits = |desk: usize| self.desks[desk].has_room(self.present[desk]) && !self.is_parted(member, desk);
            let price = |(position, need): (usize, &NeedIx)| {
                let has = u16::try_from(position).is_ok_and(|position| sitter.chosen.positions.contains(&position));
                let desk = sitter.desks[position].map(|desk| desk as usize);
                match own.contains(need) && desk.is_none_or(fits) {
                    _ if has || sitter.week.kept[position] => -(1 << 44),
                    true => -(1 << 36),
                    false => i64::MAX,
                }
            };
            let reduced: Vec<i64> = sitter.week.needs.iter().enumerate().map(price).collect();
            let (_, week) = sitter.week.cheapest(&reduced, [0; 3], &mut self.scratch);
            self.put(member, week);
        }
        self.send_up();
    }

    /// Needs of a member, sorted.
    pub fn duties(&self) -> impl Iterator<Item = (PersonIx, Vec<NeedIx>)> + '_ {
        self.members.iter().map(|sitter| {
            let positions = sitter.chosen.positions.iter();
            (sitter.week.person, positions.map(|&at| sitter.week.needs[usize::from(at)]).collect())
        })
    }

    pub(super) fn person(&self, member: usize) -> &'p crate::problem::Person {
        &self.network.problem.people[self.members[member].week.person.index()]
    }

    /// Adds the member to the counts of its desks (`by` is 1) or takes it away (`by` is -1).
    fn seat(&mut self, member: usize, by: i64) {
        let person = self.person(member);
        let sitter = &self.members[member];
        for &position in &sitter.chosen.positions {
            let Some(desk) = sitter.desks[usize::from(position)] else { continue };
            let desk = desk as usize;
            self.present[desk] = self.present[desk].with(person, by);
            if by > 0 {
                self.at[desk].push(member);
            } else {
                self.at[desk].retain(|&other| other != member);
            }
        }
    }

    fn greatest_load(&self, group: usize, without: Option<usize>) -> i64 {
        let group = &self.groups[group];
        let loads =
            group.members.iter().filter(|&&member| Some(member) != without).map(|&member| self.members[member].load);
        loads.max().unwrap_or(0).max(group.floor)
    }

    /// The whole cost, counted anew.
    #[must_use]
    pub fn costs(&self) -> Costs {
        let mut costs = [0; 3];
        for (desk, &present) in self.desks.iter().zip(&self.present) {
            add_costs(&mut costs, desk.cost(present));
        }
        for sitter in &self.members {
            add_costs(&mut costs, sitter.chosen.costs);
        }
        for (at, group) in self.groups.iter().enumerate() {
            let load = self.greatest_load(at, None);
            add_costs(&mut costs, group.cost.map(|cost| cost * load));
        }
        costs
    }

    /// Gives the member another week and counts the difference.
    pub(super) fn put(&mut self, member: usize, week: Week) {
        self.total -= self.local(member, &week);
        self.seat(member, -1);
        let sitter = &mut self.members[member];
        let unsocial = week.positions.iter().filter(|&&at| sitter.unsocial[usize::from(at)]).count();
        sitter.load = sitter.ledger + i64::try_from(unsocial).unwrap_or(0);
        let old = std::mem::replace(&mut sitter.chosen, week);
        self.seat(member, 1);
        self.total += self.local(member, &old);
        if let Some(journal) = &mut self.journal {
            journal.push((member, old));
        }
    }

    /// Cost of the member, its group and all desks of its present and of another week.
    fn local(&self, member: usize, other: &Week) -> i64 {
        let sitter = &self.members[member];
        let mut costs = sitter.chosen.costs;
        let mut desks: Vec<u32> = sitter
            .chosen
            .positions
            .iter()
            .chain(&other.positions)
            .filter_map(|&at| sitter.desks[usize::from(at)])
            .collect();
        desks.sort_unstable();
        desks.dedup();
        for desk in desks {
            add_costs(&mut costs, self.desks[desk as usize].cost(self.present[desk as usize]));
        }
        if let Some(group) = sitter.group {
            let load = self.greatest_load(group, None);
            add_costs(&mut costs, self.groups[group].cost.map(|cost| cost * load));
        }
        scaled(costs, ORDER)
    }

    /// The member's best week given everybody else; the member must have given up its own.
    fn best_week(&mut self, member: usize) -> Week {
        let person = self.person(member);
        let sitter = &self.members[member];
        let burden = sitter.group.map_or(0, |group| {
            let others = self.greatest_load(group, Some(member));
            if sitter.ledger + 1 > others { scaled(self.groups[group].cost, ORDER) } else { 0 }
        });
        let mut reduced = std::mem::take(&mut self.reduced);
        reduced.clear();
        for (position, desk) in sitter.desks.iter().enumerate() {
            let mut cost = scaled(sitter.week.costs[position], ORDER);
            if u16::try_from(position).is_ok_and(|position| sitter.chosen.positions.contains(&position)) {
                // What is left of a week that was given up is kept whatever it costs.
                reduced.push(cost);
                continue;
            }
            if sitter.closed[position] {
                reduced.push(i64::MAX);
                continue;
            }
            if let Some(desk) = desk.map(|desk| desk as usize) {
                let present = self.present[desk];
                if self.is_parted(member, desk) || !self.desks[desk].has_room(present) {
                    reduced.push(i64::MAX);
                    continue;
                }
                let before = scaled(self.desks[desk].cost(present), ORDER);
                let after = scaled(self.desks[desk].cost(present.with(person, 1)), ORDER);
                cost += after - before;
            }
            if sitter.unsocial[position] {
                cost += burden;
            }
            reduced.push(cost);
        }
        let (_, mut week) = sitter.week.cheapest(&reduced, ORDER, &mut self.scratch);
        // Nobody works a case twice: of two spans the dearer one is closed, and the week is sought again.
        while let Some(dearer) = sitter.twice(&week, &reduced) {
            reduced[usize::from(dearer)] = i64::MAX;
            week = sitter.week.cheapest(&reduced, ORDER, &mut self.scratch).1;
        }
        self.reduced = reduced;
        week
    }

    /// Whether somebody at the desk may not share it with the member (H14).
    pub(super) fn is_parted(&self, member: usize, desk: usize) -> bool {
        let inside = self.apart.get(&member);
        let outside = self.apart_outside.get(&member);
        inside.is_some_and(|others| others.iter().any(|other| self.at[desk].contains(other)))
            || outside
                .zip(self.outsiders.get(&desk))
                .is_some_and(|(apart, there)| apart.iter().any(|other| there.contains(other)))
    }

    fn give_up(&mut self, member: usize) {
        let idle = self.members[member].idle.clone();
        self.put(member, idle);
    }

    fn plan_again(&mut self, member: usize) {
        self.give_up(member);
        let week = self.best_week(member);
        self.put(member, week);
    }

    /// Everybody in turn takes the best week given the others, until nobody gains.
    pub fn settle(&mut self, random: &mut Random, most_rounds: usize) {
        let mut order: Vec<usize> = (0..self.members.len()).collect();
        for _ in 0..most_rounds {
            shuffle(&mut order, random);
            let before = self.total;
            for &member in &order {
                let (kept, total) = (self.members[member].chosen.clone(), self.total);
                self.plan_again(member);
                if self.total > total {
                    self.put(member, kept);
                }
            }
            self.send_up();
            if self.total >= before {
                break;
            }
        }
    }

    /// Groups of people around a post give up their weeks and plan again; kept unless dearer. Ends after `patience`
    /// moves without a gain, after `most_moves`, or when `is_over` says so.
    pub fn improve(&mut self, random: &mut Random, most_moves: usize, patience: usize, is_over: &dyn Fn() -> bool) {
        let mut since = 0;
        let mut team: Vec<usize> = Vec::new();
        for number in 0..most_moves {
            if since > patience || number % 64 == 0 && is_over() {
                break;
            }
            since += 1;
            if number % 64 == 0 {
                self.send_up();
            }
            self.team(random, &mut team);
            let total = self.total;
            let before: Vec<Week> = team.iter().map(|&member| self.members[member].chosen.clone()).collect();
            for &member in &team {
                self.give_up(member);
            }
            for &member in &team {
                let week = self.best_week(member);
                self.put(member, week);
            }
            if self.total > total {
                for &member in &team {
                    self.give_up(member);
                }
                for (&member, week) in team.iter().zip(before) {
                    self.put(member, week);
                }
            } else if self.total < total {
                since = 0;
            }
        }
        self.send_up();
    }

    /// A few people who compete: around a post that is short, or any post, then around what they do.
    fn team(&self, random: &mut Random, team: &mut Vec<usize>) {
        team.clear();
        if self.members.is_empty() || self.desks.is_empty() {
            return;
        }
        let size = 2 + random.below(4);
        let mut desk = random.below(self.desks.len());
        // Every other time what costs in tiers 1 and 2 comes first: cases that wait are short too, but cost less.
        let is_grave = random.below(2) == 0;
        for _ in 0..8 {
            let costs = self.desks[desk].cost(self.present[desk]);
            let is_meant =
                if is_grave { costs[0] + costs[1] > 0 } else { self.desks[desk].is_short(self.present[desk]) };
            if is_meant {
                break;
            }
            desk = random.below(self.desks.len());
        }
        for _ in 0..4 * size {
            if team.len() >= size {
                break;
            }
            let eligible = &self.eligible[desk];
            let member = if eligible.is_empty() {
                random.below(self.members.len())
            } else {
                eligible[random.below(eligible.len())] as usize
            };
            if !team.contains(&member) {
                team.push(member);
            }
            let sitter = &self.members[member];
            let chosen = &sitter.chosen.positions;
            let position = if chosen.is_empty() || random.below(3) == 0 {
                random.below(sitter.desks.len().max(1))
            } else {
                usize::from(chosen[random.below(chosen.len())])
            };
            if let Some(next) = sitter.desks.get(position).copied().flatten() {
                desk = next as usize;
            }
        }
        shuffle(team, random);
    }
}

fn shuffle(order: &mut [usize], random: &mut Random) {
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
}
