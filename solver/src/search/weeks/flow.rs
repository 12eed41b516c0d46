//! A street as a cheapest flow: from people through their half days to posts.
//!
//! A flow knows what a head is worth at a post, what a duty costs a person, that nobody is at two places at once and
//! how much a person can do in a day and in a week, and leaves out whatever looks at more than that: rests, ways
//! between places, newcomers alone, the greatest load. Whose week then breaks a rule may do less, and the flow is sought
//! again. What it finds in some tens of milliseconds is a roster to begin with, which posts decide tier 1, and prices.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::improve::RELUCTANCE;
use super::price::{Scratch, scaled};
use super::town::{NO_SLOT, Town};
use crate::model::candidates::{Network, PostFacts};
use crate::model::linear::{Costs, in_tier};
use crate::model::part::{Member, PartSpec, Role};
use crate::problem::{NeedIx, PersonIx, RuleCode, UnitIx};
use crate::search::circulation::Circulation;

/// Weights of the tiers, in whole numbers.
pub type WholeWeights = [i64; 3];

/// A street's people and posts as a network.
pub struct StreetFlow {
    flow: Circulation,
    pairs: Vec<Pair>,
    people: Vec<Walker>,
    /// All other arcs, and what a unit on them costs.
    steps: Vec<(usize, Costs)>,
    /// Posts, and their nodes.
    posts: Vec<(NeedIx, Place)>,
    /// Units above that take cases, their nodes, and how many cases might go there.
    rooms: Vec<(UnitIx, usize, i64)>,
    source: usize,
    sink: usize,
    /// Arcs of pairs that are closed.
    closed: Vec<usize>,
}

/// The nodes of a post.
#[derive(Debug, Clone, Copy)]
struct Place {
    anybody: usize,
    /// Where staff go in.
    staff: usize,
}

/// A duty that somebody may have.
struct Pair {
    person: PersonIx,
    need: NeedIx,
    arc: usize,
    costs: Costs,
}

/// Somebody in the network.
struct Walker {
    person: PersonIx,
    /// An arc for each duty of the week that the person may have, those that an obligation asks for first.
    units: Vec<usize>,
    /// How many of them are open.
    open: usize,
    /// The person's pairs.
    pairs: Range<usize>,
}

/// Weights that keep the order of tiers in a street.
const ORDER: WholeWeights = [1 << 36, 1 << 18, 1];

/// Times that a flow is sought again with people's weeks mended.
const ROUNDS: usize = 8;

/// Cost of an arc that is closed: more than any flow saves.
const CLOSED: i64 = 1 << 52;

/// Arcs and nodes before their numbers are known.
#[derive(Default)]
struct Sketch {
    nodes: usize,
    arcs: Vec<(usize, usize, i64)>,
}

impl Sketch {
    fn node(&mut self) -> usize {
        self.nodes += 1;
        self.nodes - 1
    }

    fn arc(&mut self, from: usize, to: usize, capacity: i64) -> usize {
        self.arcs.push((from, to, capacity));
        self.arcs.len() - 1
    }
}

impl StreetFlow {
    /// The people of a part and their duties there, with what each keeps.
    #[must_use]
    pub fn new(network: &Network<'_>, town: &Town, part: usize, spec: &PartSpec) -> Self {
        let mut sketch = Sketch::default();
        let (source, sink) = (sketch.node(), sketch.node());
        // Heads that are there whatever happens.
        let mut kept: FxHashMap<NeedIx, i64> = FxHashMap::default();
        for member in spec.members.iter().filter(|member| !network.problem.people[member.person.index()].trainee) {
            for &need in &member.kept {
                *kept.entry(network.desk(need)).or_default() += 1;
            }
        }
        let mut steps = Vec::new();
        let mut rooms: BTreeMap<UnitIx, (usize, i64)> = BTreeMap::new();
        let mut posts = Vec::with_capacity(town.needs[part].len());
        let mut node_of: FxHashMap<NeedIx, Place> = FxHashMap::default();
        for &need in &town.needs[part] {
            let node = sketch.node();
            let desk = town.desk(need);
            let mut place = Place { anybody: node, staff: node };
            // The first member of staff saves what volunteers among themselves cost (S23).
            if let Some(costs) = desk.gain_of_staff() {
                place.staff = sketch.node();
                steps.push((sketch.arc(place.staff, node, 1), costs));
                steps.push((sketch.arc(place.staff, node, desk.room().into()), [0; 3]));
            }
            node_of.insert(need, place);
            posts.push((need, place));
            let mut there = kept.get(&need).copied().unwrap_or(0);
            for (heads, costs) in desk.gains() {
                let left = (heads - there).max(0);
                there = (there - heads).max(0);
                steps.push((sketch.arc(node, sink, left), costs));
            }
            // A unit above that takes a case stands in for somebody who works it.
            if let Some((unit, up)) = desk.escalated {
                let (room, most) = rooms.entry(unit).or_insert_with(|| {
                    let room = sketch.node();
                    steps.push((sketch.arc(source, room, spec.room(network, unit)), [0; 3]));
                    (room, 0)
                });
                *most += 1;
                steps.push((sketch.arc(*room, node, 1), up));
            }
        }
        let rooms = rooms.into_iter().map(|(unit, (node, most))| (unit, node, most)).collect();
        let mut made = Self {
            flow: Circulation::new(0),
            pairs: Vec::new(),
            people: Vec::new(),
            steps,
            posts,
            rooms,
            source,
            sink,
            closed: Vec::new(),
        };
        let mut scratch = Scratch::default();
        for member in &spec.members {
            made.add_person(network, town, spec, member, &node_of, &mut sketch, &mut scratch);
        }
        let mut flow = Circulation::new(sketch.nodes);
        let numbers: Vec<usize> =
            sketch.arcs.iter().map(|&(from, to, capacity)| flow.add(from, to, capacity, 0)).collect();
        flow.add(sink, source, i64::MAX / 4, 0);
        let pairs = made.pairs.iter_mut().map(|pair| &mut pair.arc);
        let units = made.people.iter_mut().flat_map(|walker| &mut walker.units);
        for arc in pairs.chain(units).chain(made.steps.iter_mut().map(|(arc, _)| arc)) {
            *arc = numbers[*arc];
        }
        made.flow = flow;
        made
    }

    fn add_person(
        &mut self,
        network: &Network<'_>,
        town: &Town,
        spec: &PartSpec,
        member: &Member,
        node_of: &FxHashMap<NeedIx, Place>,
        sketch: &mut Sketch,
        scratch: &mut Scratch,
    ) {
        let citizen = &town.people[member.person.index()];
        let week = &citizen.week;
        let who = &network.problem.people[member.person.index()];
        let post = |position: usize| network.post(week.needs[position]);
        let rest = network.settings.min_rest_minutes(who);
        let kept: Vec<&PostFacts> = member.kept.iter().filter_map(|&need| network.post(need)).collect();
        let may: FxHashSet<NeedIx> = member.candidates.iter().copied().collect();
        let is_free = |need: NeedIx| {
            let post = network.post(need);
            post.is_some_and(|post| kept.iter().all(|kept| network.clash(rest, kept, post).is_none()))
        };
        let here = |position: usize| {
            let need = week.needs[position];
            let place = node_of.get(&network.desk(need));
            let desk = place.map(|place| if who.category.is_staff() { place.staff } else { place.anybody });
            let is_open = citizen.slots[position] != NO_SLOT && may.contains(&need) && is_free(need);
            desk.filter(|_| is_open).map(|desk| (position, desk))
        };
        let mine: Vec<(usize, usize)> = (0..week.needs.len()).filter_map(here).collect();
        if mine.is_empty() || who.trainee {
            return;
        }
        let minutes = |at: usize| post(at).map_or(0, |post| post.minutes);
        let mut own = vec![0; week.needs.len()];
        for &(position, _) in &mine {
            own[position] = minutes(position);
        }
        let count = i64::try_from(mine.len()).unwrap_or(i64::MAX);
        let mean = (own.iter().sum::<i64>() / count).max(1);
        let in_duties = week.most(&|position| own[position].min(1), scratch);
        let before: i64 = kept.iter().map(|post| post.minutes).sum();
        let most = in_duties - i64::try_from(kept.len()).unwrap_or(0);
        if most <= 0 {
            return;
        }
        let at_person = sketch.node();
        let owed = if member.role == Role::Guest { 0 } else { i64::from(who.contract.min_minutes_week) - before };
        let first = ((owed.max(0) + mean - 1) / mean).min(most);
        let profile = &network.problem.profile;
        let saves = in_tier(profile.tier(RuleCode::S20), -profile.weight(RuleCode::S20) * mean);
        let mut units = Vec::new();
        for number in 0..most {
            let arc = sketch.arc(self.source, at_person, 1);
            units.push(arc);
            self.steps.push((arc, if number < first { saves } else { [0; 3] }));
        }
        let first_pair = self.pairs.len();
        let burden = if spec.reluctant.contains(&member.person) { RELUCTANCE } else { 0 };
        let most_duties = network.settings.max_duties_day(who).unwrap_or(i64::MAX);
        let most_minutes = network.settings.max_minutes_day(who).unwrap_or(i64::MAX);
        for of_day in mine.chunk_by(|one, other| post(one.0).map(|post| post.day) == post(other.0).map(|post| post.day))
        {
            let blocks = blocks(network, &week.needs, of_day);
            let shortest = of_day.iter().map(|&(at, _)| minutes(at)).min().unwrap_or(1).max(1);
            let most_here = most_duties.min(most_minutes / shortest);
            let is_limited = i64::try_from(blocks.len()).is_ok_and(|count| count > most_here) && most > most_here;
            let above = if is_limited { self.below(sketch, at_person, most_here) } else { at_person };
            for block in blocks {
                let node = if block.len() > 1 { self.below(sketch, above, 1) } else { above };
                for &(position, desk) in block {
                    let mut costs = week.costs[position];
                    costs[1] += burden;
                    let arc = sketch.arc(node, desk, 1);
                    self.pairs.push(Pair { person: member.person, need: week.needs[position], arc, costs });
                }
            }
        }
        let pairs = first_pair..self.pairs.len();
        self.people.push(Walker { person: member.person, open: units.len(), units, pairs });
    }

    /// A node below another, with an arc of this capacity.
    fn below(&mut self, sketch: &mut Sketch, above: usize, capacity: i64) -> usize {
        let node = sketch.node();
        self.steps.push((sketch.arc(above, node, capacity), [0; 3]));
        node
    }

    /// Finds the cheapest flow at these weights, from the last one.
    pub fn solve(&mut self, weights: WholeWeights) {
        for pair in &self.pairs {
            self.flow.set_cost(pair.arc, scaled(pair.costs, weights));
        }
        for &(arc, costs) in &self.steps {
            self.flow.set_cost(arc, scaled(costs, weights));
        }
        let units = self.people.iter().flat_map(|walker| &walker.units[walker.open..]);
        for &arc in self.closed.iter().chain(units) {
            self.flow.set_cost(arc, CLOSED);
        }
        self.flow.solve();
    }

    /// Finds the cheapest flow, tier before tier, in which everybody's duties are a week that rules allow: whoever has
    /// more may have fewer from then on, and it is sought again, some times at most. In the first `closing` rounds only
    /// the duties that are too many are closed, which leaves people more to do.
    pub fn solve_in_order(&mut self, town: &Town, spec: &PartSpec, closing: usize) {
        let kept: FxHashMap<PersonIx, &[NeedIx]> =
            spec.members.iter().map(|member| (member.person, &member.kept[..])).collect();
        let mut scratch = Scratch::default();
        for round in 0..=ROUNDS {
            self.solve(ORDER);
            if round == ROUNDS {
                break;
            }
            let mut is_settled = true;
            for walker in &mut self.people {
                let pairs = &self.pairs[walker.pairs.clone()];
                let own: Vec<NeedIx> =
                    pairs.iter().filter(|pair| self.flow.on(pair.arc) > 0).map(|pair| pair.need).collect();
                let kept = kept.get(&walker.person).copied().unwrap_or_default();
                let fits = town.people[walker.person.index()].week.fitting(&own, kept, &mut scratch);
                if fits.len() < own.len() {
                    is_settled = false;
                    if round < closing {
                        let has = pairs.iter().filter(|pair| self.flow.on(pair.arc) > 0);
                        self.closed.extend(has.filter(|pair| !fits.contains(&pair.need)).map(|pair| pair.arc));
                        continue;
                    }
                    let fitting = fits.len();
                    for &unit in &walker.units[fitting..walker.open] {
                        self.flow.set_cost(unit, CLOSED);
                    }
                    walker.open = fitting;
                }
            }
            if is_settled {
                break;
            }
        }
    }

    /// Who serves where.
    pub fn duties(&self) -> impl Iterator<Item = (PersonIx, NeedIx)> + '_ {
        self.pairs.iter().filter(|pair| self.flow.on(pair.arc) > 0).map(|pair| (pair.person, pair.need))
    }

    /// Posts at which a head more is worth something in tier 1, after [`Self::solve_in_order`].
    pub fn scarce(&self) -> impl Iterator<Item = NeedIx> + '_ {
        self.prices().filter(|&(_, worth, _)| worth > ORDER[0] / 2).map(|(need, _, _)| need)
    }

    /// What one head more is worth at each post, and one of staff, in the weights of the last [`Self::solve`].
    pub fn prices(&self) -> impl Iterator<Item = (NeedIx, i64, i64)> + '_ {
        let worth = |node: usize| self.flow.worth(node, self.sink);
        self.posts.iter().map(move |&(need, place)| (need, worth(place.anybody), worth(place.staff)))
    }

    /// Duties that the cheapest flow has or might have, in the weights of the last [`Self::solve`].
    pub fn likely(&self) -> impl Iterator<Item = (PersonIx, NeedIx)> + '_ {
        let near = self.pairs.iter().filter(|pair| self.flow.cost_beyond(pair.arc) <= 0);
        near.map(|pair| (pair.person, pair.need))
    }

    /// What room for one case more is worth at each unit above, and how many cases might go there.
    pub fn rooms(&self) -> impl Iterator<Item = (UnitIx, i64, i64)> + '_ {
        self.rooms.iter().map(|&(unit, node, most)| (unit, self.flow.worth(node, self.source).max(0), most))
    }
}

/// Positions of a day, in order of start, by what overlaps.
fn blocks<'a>(network: &Network<'_>, needs: &[NeedIx], of_day: &'a [(usize, usize)]) -> Vec<&'a [(usize, usize)]> {
    let mut found = Vec::new();
    let (mut first, mut until) = (0, i32::MIN);
    for (at, &(position, _)) in of_day.iter().enumerate() {
        let Some(post) = network.post(needs[position]) else { continue };
        if post.span.start >= until && at > first {
            found.push(&of_day[first..at]);
            first = at;
        }
        until = until.max(post.span.end);
    }
    found.push(&of_day[first..]);
    found
}
