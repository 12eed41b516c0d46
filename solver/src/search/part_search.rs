//! One part: tier by tier, first the proof by linear programming, then a roster by rounding and integer programming.

use std::collections::{HashMap, HashSet};

use super::certificate::{Inequality, PartProof};
use super::linear_solver::{LiveProgramme, Proposal, Weights, weighted};
use super::rounding::round_greedily;
use crate::model::candidates::Network;
use crate::model::linear::{Costs, Linear, ceil_bound, fixed};
use crate::model::part::{Pair, PartModel, PartSpec};
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx};
use crate::roster::TierValues;

/// The roster of a part.
#[derive(Debug, Clone)]
pub struct PartResult {
    /// One flag per pair of the model.
    pub chosen: Vec<bool>,
    /// Costs of the part.
    pub costs: Costs,
}

/// What the linear programmes of a part give.
#[derive(Debug, Clone)]
pub struct Relaxation {
    /// The proof.
    pub proof: PartProof,
    /// Least cost per tier given the tiers above, all proven.
    pub least: TierValues,
    /// The last linear point, best in tier 3 given the tiers above.
    pub point: Option<Proposal>,
}

/// Pairs that a linear programme starts with: the cheapest of each need and of each person; pricing opens more.
const START_PER_NEED: usize = 8;
const START_PER_PERSON: usize = 12;

/// A linear programme over the open columns; closed ones stand at their lower bound until their price opens them.
pub(super) struct Pricing<'m> {
    linear: &'m Linear,
    pub(super) closed: Vec<Option<i64>>,
}

impl<'m> Pricing<'m> {
    pub(super) fn new(model: &'m PartModel) -> Self {
        let linear = &model.linear;
        let mut closed: Vec<Option<i64>> = vec![None; linear.columns.len()];
        for (column, closed) in linear.columns.iter().zip(&mut closed).take(model.pairs.len()) {
            *closed = (column.lower == 0).then_some(0);
        }
        let cost = |column: usize| {
            let cost = linear.columns[column].cost;
            (cost[0], cost[1], cost[2], column)
        };
        let mut by_need: Vec<usize> = (0..model.pairs.len()).collect();
        by_need.sort_unstable_by_key(|&column| (model.pairs[column].need, cost(column)));
        for columns in by_need.chunk_by(|&one, &other| model.pairs[one].need == model.pairs[other].need) {
            let open = columns.iter().filter(|&&column| linear.columns[column].upper > 0);
            open.take(START_PER_NEED).for_each(|&column| closed[column] = None);
        }
        for member in &model.members {
            let mut own: Vec<usize> = (member.first..member.last).collect();
            own.sort_unstable_by_key(|&column| cost(column));
            own.into_iter().take(START_PER_PERSON).for_each(|column| closed[column] = None);
        }
        Self { linear, closed }
    }

    /// Starts from these pairs instead.
    fn start_from(&mut self, model: &PartModel, likely: &HashSet<(PersonIx, NeedIx)>) {
        for ((closed, column), pair) in self.closed.iter_mut().zip(&self.linear.columns).zip(&model.pairs) {
            let is_open = column.lower != 0 || likely.contains(&(pair.person, pair.need));
            *closed = (!is_open).then_some(0);
        }
    }

    /// Opens the pairs of a roster.
    fn open(&mut self, chosen: &[bool]) {
        for (closed, _) in self.closed.iter_mut().zip(chosen).filter(|&(_, &chosen)| chosen) {
            *closed = None;
        }
    }

    /// Solves over the open columns and opens those that would help, until none would.
    pub(super) fn solve(&mut self, live: &mut LiveProgramme) -> Option<Proposal> {
        const HELPS: f64 = -1e-6;
        loop {
            let proposal = live.solve()?;
            let mut helpful: Vec<(f64, usize)> = self
                .closed
                .iter()
                .enumerate()
                .filter(|&(column, closed)| {
                    closed.is_some() && self.linear.columns[column].upper > 0 && proposal.reduced[column] < HELPS
                })
                .map(|(column, _)| (proposal.reduced[column], column))
                .collect();
            if helpful.is_empty() || !proposal.is_optimal {
                return Some(proposal);
            }
            helpful.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            helpful.truncate(1 + self.linear.columns.len() / 10);
            for (_, column) in helpful {
                self.closed[column] = None;
                live.set_bounds(column, 0.0, 1.0);
            }
        }
    }

    /// A fresh programme for a tier with the tiers above held at their least costs.
    fn programme(&self, tier: usize, least: TierValues) -> Option<LiveProgramme> {
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let mut live = LiveProgramme::new(self.linear, weights, Some(&self.closed))?;
        for above in 0..tier {
            live.hold(self.linear, above, least[above] as f64)?;
        }
        Some(live)
    }
}

/// A live linear programme of a part, solved for one weighing of the tiers after the other.
pub(super) struct Programme<'m> {
    pricing: Pricing<'m>,
    live: Option<LiveProgramme>,
}

impl<'m> Programme<'m> {
    /// The programme of a model.
    #[must_use]
    pub fn new(model: &'m PartModel) -> Self {
        Self { pricing: Pricing::new(model), live: None }
    }

    /// The programme of a model that begins with these pairs.
    #[must_use]
    pub fn starting_from(model: &'m PartModel, likely: &HashSet<(PersonIx, NeedIx)>) -> Self {
        let mut programme = Self::new(model);
        programme.pricing.start_from(model, likely);
        programme
    }

    /// An optimum with these weights, from the last one; `None` when the solver fails.
    pub fn solve(&mut self, weights: Weights) -> Option<Proposal> {
        let mut live = match self.live.take() {
            Some(mut live) => {
                live.set_weights(self.pricing.linear, weights);
                live
            }
            None => LiveProgramme::new(self.pricing.linear, weights, Some(&self.pricing.closed))?,
        };
        let found = self.pricing.solve(&mut live)?;
        self.live = Some(live);
        Some(found)
    }

    /// The same for at most these seconds, after which the multipliers so far come back.
    pub fn solve_within(&mut self, weights: Weights, seconds: f64) -> Option<Proposal> {
        let mut live = LiveProgramme::new(self.pricing.linear, weights, Some(&self.pricing.closed))?;
        live.end_within(seconds);
        self.live = Some(live);
        self.solve(weights)
    }

    /// Pairs near the last point, one flag each, the rules of every person held: what is nearly whole is settled, and the
    /// rest solved again, until all is or `is_over` says so. `barred` pairs stay out.
    pub fn dive(
        mut self,
        (network, model): (&Network<'_>, &PartModel),
        mut point: Proposal,
        barred: &[usize],
        is_over: &dyn Fn() -> bool,
    ) -> Vec<bool> {
        let mut settled = Settled::new(model, network);
        let Some(live) = &mut self.live else { return settled.chosen() };
        for &column in barred.iter().filter(|&&column| model.linear.columns[column].lower == 0) {
            self.pricing.closed[column] = None;
            settled.bar(column, live);
        }
        if let Some(next) = self.pricing.solve(live).filter(|next| next.is_optimal) {
            point = next;
        }
        for _ in 0..MOST_ROUNDS {
            if fractional(model, &point) == 0 || is_over() {
                break;
            }
            settled.settle(&point, live);
            let Some(next) = live.solve().filter(|next| next.is_optimal) else { break };
            point = next;
        }
        settled.settle(&point, live);
        settled.chosen()
    }
}

/// Times that a linear programme is solved again on the way to whole numbers: further ones settle a few pairs each.
const MOST_ROUNDS: usize = 8;

/// Row multipliers of each tier with the tiers above held at their linear optimum; zeros where the solver fails.
#[must_use]
pub fn multipliers_by_tier(model: &PartModel) -> [Vec<f64>; 3] {
    let linear = &model.linear;
    let rows = linear.rows.len();
    let mut pricing = Pricing::new(model);
    let mut held: Vec<f64> = Vec::new();
    [0, 1, 2].map(|tier: usize| {
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let solved = LiveProgramme::new(linear, weights, Some(&pricing.closed)).and_then(|mut live| {
            for (above, &cost) in held.iter().enumerate() {
                live.hold(linear, above, cost)?;
            }
            pricing.solve(&mut live)
        });
        let Some(proposal) = solved else { return vec![0.0; rows] };
        let costs = linear.columns.iter().zip(&proposal.values).map(|(column, value)| column.cost[tier] as f64 * value);
        held.push(costs.sum::<f64>() + linear.offset[tier] as f64);
        proposal.multipliers.into_iter().take(rows).collect()
    })
}

/// Proves a part's bounds by lexicographic linear programming.
#[must_use]
pub fn prove(model: &PartModel) -> Relaxation {
    let linear = &model.linear;
    let alone = linear.alone();
    let mut proof = prove_nothing(model);
    let mut least = alone;
    let mut point = None;
    let mut pricing = Pricing::new(model);
    let rows = linear.rows.len();
    let mut live: Option<LiveProgramme> = None;
    for tier in 0..3 {
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let next = match live.take() {
            Some(mut second) if tier == 2 => {
                let held = second.hold(linear, 1, least[1] as f64);
                second.set_weights(linear, weights);
                held.map(|()| second)
            }
            _ => pricing.programme(tier, least),
        };
        let Some(mut programme) = next else { break };
        let Some(proposal) = pricing.solve(&mut programme) else { break };
        let held: Vec<(usize, i64)> = (0..tier).map(|above| (above, least[above])).collect();
        let (weights, given) = proposal.held(rows, weights, &held);
        let right_side = linear.lagrangian(weights, &proposal.multipliers[..rows], &[]);
        let inequality = Inequality { weights: weights.map(fixed), right_side };
        let bound = linear.round_up(tier, ceil_bound(right_side - given));
        if bound >= alone[tier] {
            least[tier] = bound;
            proof.tiers[tier] = inequality;
        }
        if tier == 0 {
            proof.least_tier1 = least[0];
        }
        point = Some(proposal);
        live = Some(programme);
    }
    Relaxation { proof, least, point }
}

/// The proof that needs no solver: the least cost of each tier over the column bounds alone.
#[must_use]
pub fn prove_nothing(model: &PartModel) -> PartProof {
    let alone = model.linear.alone();
    let tiers = [0, 1, 2].map(|tier| {
        let mut weights = [0; 3];
        weights[tier] = fixed(1.0);
        Inequality { weights, right_side: i128::from(alone[tier]) * crate::model::linear::bound_scale() }
    });
    PartProof { least_tier1: alone[0], tiers, alone }
}

/// Finds a roster of a part by diving: the linear programme of all tiers at once, pairs settled a few at a time, and
/// an integer programme over the few that stay open. `start` is a roster to improve on, if there is one.
#[must_use]
pub fn search(network: &Network<'_>, spec: &PartSpec, model: &PartModel, start: Option<&[bool]>) -> PartResult {
    let greedy = round_greedily(network, spec, model, None);
    let mut best = PartResult { costs: cost_of(model, &greedy), chosen: greedy };
    if !spec.reluctant.is_empty() {
        // What counts here is to leave those people free, which no tier shows: only the dive decides.
        best = PartResult { chosen: vec![false; model.pairs.len()], costs: [i64::MAX; 3] };
    }
    if let Some(start) = start {
        offer(model, &mut best, start.to_vec());
    }
    let relaxation = PartModel::relaxation(network, spec);
    let mut pricing = Pricing::new(&relaxation);
    pricing.open(&best.chosen);
    let mut forced: Vec<usize> = Vec::new();
    for _ in 0..MOST_DIVES {
        let Some(point) = dive(network, spec, &relaxation, &mut pricing, &forced) else { break };
        let rounded = round_greedily(network, spec, model, Some(&point));
        let costs = cost_of(model, &rounded);
        // A dive may lose a minimum that the roster to improve on meets: then it goes again with those duties kept.
        let lost = start.filter(|_| costs[0] > best.costs[0]).map(|start| lost(model, start, &rounded, &forced));
        offer(model, &mut best, rounded);
        match lost {
            Some(lost) if !lost.is_empty() => forced.extend(lost),
            _ => break,
        }
    }
    best
}

/// Dives attempted in one part.
const MOST_DIVES: usize = 4;

/// Solves the programme of all tiers and settles pairs until none is fractional; the last point.
fn dive(
    network: &Network<'_>,
    spec: &PartSpec,
    model: &PartModel,
    pricing: &mut Pricing<'_>,
    forced: &[usize],
) -> Option<Proposal> {
    let mut live = LiveProgramme::new(&model.linear, DIVE_WEIGHTS, Some(&pricing.closed))?;
    for (column, _) in model.pairs.iter().enumerate().filter(|(_, pair)| spec.reluctant.contains(&pair.person)) {
        live.set_cost(column, weighted(model.linear.columns[column].cost, DIVE_WEIGHTS) + RELUCTANCE);
    }
    let mut settled = Settled::new(model, network);
    for &column in forced {
        settled.put(column, &mut live);
    }
    let mut point = pricing.solve(&mut live)?;
    while fractional(model, &point) > 0 {
        settled.settle(&point, &mut live);
        let Some(next) = live.solve() else { break };
        point = next;
    }
    Some(point)
}

/// Pairs of `start` at needs where `found` has fewer people.
fn lost(model: &PartModel, start: &[bool], found: &[bool], forced: &[usize]) -> Vec<usize> {
    let count = |chosen: &[bool]| {
        let mut at: HashMap<NeedIx, usize> = HashMap::new();
        for (pair, _) in model.pairs.iter().zip(chosen).filter(|&(_, &chosen)| chosen) {
            *at.entry(pair.need).or_default() += 1;
        }
        at
    };
    let (before, after) = (count(start), count(found));
    let fewer = |need: &NeedIx| after.get(need).copied().unwrap_or(0) < before.get(need).copied().unwrap_or(0);
    let pairs = model.pairs.iter().enumerate();
    pairs
        .filter(|&(column, pair)| start[column] && fewer(&pair.need) && !forced.contains(&column))
        .map(|(column, _)| column)
        .collect()
}

/// Weights of the tiers while diving: large enough that a tier is not traded for the ones below it where one duty is at
/// stake, small enough for a linear programme of few digits. What they might trade shows as a gap: proofs never use them.
const DIVE_WEIGHTS: [f64; 3] = [8.0, 1.0, 8.0];
/// Cost of using a person who is wanted elsewhere: more than tier 2 pays for a duty, less than tier 1 does.
const RELUCTANCE: f64 = 780.0;
const NEARLY: f64 = 1e-6;

fn is_fractional(value: f64) -> bool {
    (NEARLY..=1.0 - NEARLY).contains(&value)
}

fn fractional(model: &PartModel, point: &Proposal) -> usize {
    point.values[..model.pairs.len()].iter().filter(|&&value| is_fractional(value)).count()
}

/// Pairs settled while diving.
struct Settled<'m, 'n, 'p> {
    model: &'m PartModel,
    network: &'n Network<'p>,
    done: Vec<bool>,
    duties: HashMap<PersonIx, Vec<NeedIx>>,
    at_post: HashMap<NeedIx, usize>,
}

impl<'m, 'n, 'p> Settled<'m, 'n, 'p> {
    fn new(model: &'m PartModel, network: &'n Network<'p>) -> Self {
        let mut duties: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        let mut done = vec![false; model.pairs.len()];
        let mut at_post: HashMap<NeedIx, usize> = HashMap::new();
        for (column, pair) in model.pairs.iter().enumerate() {
            if model.linear.columns[column].lower == 1 {
                duties.entry(pair.person).or_default().push(pair.need);
                *at_post.entry(network.desk(pair.need)).or_default() += 1;
                done[column] = true;
            }
        }
        Self { model, network, done, duties, at_post }
    }

    /// Settles the pairs nearest to one: all above a threshold, and at least a share of those left.
    fn settle(&mut self, point: &Proposal, live: &mut LiveProgramme) {
        const THRESHOLD: f64 = 0.8;
        const LEAST_SHARE: usize = 8;
        let mut open: Vec<usize> =
            (0..self.model.pairs.len()).filter(|&column| !self.done[column] && point.values[column] > NEARLY).collect();
        open.sort_by(|&one, &other| point.values[other].total_cmp(&point.values[one]).then(one.cmp(&other)));
        let least = open.iter().filter(|&&column| is_fractional(point.values[column])).count().div_ceil(LEAST_SHARE);
        let mut small = 0;
        for column in open {
            let value = point.values[column];
            if value < THRESHOLD {
                small += 1;
                if small > least {
                    break;
                }
            }
            let pair = self.model.pairs[column];
            let own = self.duties.entry(pair.person).or_default();
            let post = self.network.problem.needs[pair.need.index()].as_post();
            let at_post = self.at_post.entry(self.network.desk(pair.need)).or_default();
            let fits = post.is_some_and(|post| *at_post < usize::from(post.cover.max))
                && person_rules::stops(self.network, pair.person, own, pair.need).is_none();
            if fits {
                self.put(column, live);
            } else {
                self.bar(column, live);
            }
        }
    }

    /// Keeps the person away from the post.
    fn bar(&mut self, column: usize, live: &mut LiveProgramme) {
        self.done[column] = true;
        live.set_bounds(column, 0.0, 0.0);
    }

    /// Puts the person at the post.
    fn put(&mut self, column: usize, live: &mut LiveProgramme) {
        let pair = self.model.pairs[column];
        if !self.done[column] {
            self.duties.entry(pair.person).or_default().push(pair.need);
            *self.at_post.entry(self.network.desk(pair.need)).or_default() += 1;
            self.done[column] = true;
            live.set_bounds(column, 1.0, 1.0);
        }
    }

    /// Which pairs are settled for their post, one flag each.
    fn chosen(&self) -> Vec<bool> {
        let serves = |pair: &Pair| self.duties.get(&pair.person).is_some_and(|own| own.contains(&pair.need));
        self.model.pairs.iter().map(serves).collect()
    }
}

fn cost_of(model: &PartModel, chosen: &[bool]) -> Costs {
    model.evaluate(chosen).unwrap_or([i64::MAX; 3])
}

fn offer(model: &PartModel, best: &mut PartResult, chosen: Vec<bool>) {
    let costs = cost_of(model, &chosen);
    if costs < best.costs {
        *best = PartResult { chosen, costs };
    }
}
