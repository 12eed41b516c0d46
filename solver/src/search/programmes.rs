//! The integer programmes of a street, tier after tier, from a roster that stands.
//!
//! Programmes over all pairs find and prove; in tier 3, where they take longest, small ones over few pairs find before
//! them. Travel between places (S32) takes most of the rows, so that it is left out of the programmes of larger streets
//! where it counts last: people planning again see to it, and what is left out costs nothing less than nothing, so that
//! bounds hold. Where time is left, one programme with travel goes on from what these have found.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use super::linear_solver::{IntegerLimits, IntegerResult, LiveProgramme, Weights, solve_integer};
use super::watch::{Pending, Watch};
use super::weeks::Bench;
use crate::columns::Random;
use crate::model::candidates::Network;
use crate::model::linear::{Costs, ceil_bound};
use crate::model::part::{PartModel, PartSpec};
use crate::problem::{NeedIx, PersonIx, RuleCode, Tier};
use crate::roster::TierValues;

/// Share of the time left that a programme of each tier may take.
const SHARES: [f64; 3] = [0.4, 0.6, 0.9];
/// One in so many pairs is open in the small programmes of each tier, one after the other.
const NEAR: [&[usize]; 3] = [&[], &[8], &[8, 3]];
/// Seconds below which no programme begins.
const LAST_SECONDS: f64 = 0.5;
/// Needs up to which programmes hold travel between places.
const NEEDS_WITH_TRAVEL: usize = 400;
/// Rounds of people planning in turn between programmes.
const ROUNDS: usize = 3;
/// Moves of groups for each person then.
const MOVES: usize = 20;
/// Moves without a gain after which they end, for each person.
const PATIENCE: usize = 6;
/// Times that people plan again at the end without a gain before the roster stands.
const IDLE_ROUNDS: usize = 3;

/// How long, how far and with what means.
pub struct Course<'a, 'o> {
    /// When the last programme ends.
    pub deadline: Instant,
    /// A tier is close enough at this share of its value.
    pub gap_limits: [f64; 3],
    /// What everything outside the street costs: gaps are shares of the whole.
    pub outside: TierValues,
    /// Seed of random choices.
    pub seed: u64,
    /// Whether the street is all that there is, so that its bounds are proofs.
    pub is_alone: bool,
    /// Whether a programme may run beside another.
    pub is_spare: bool,
    /// Whether to stop.
    pub watch: &'a Watch<'o>,
    /// Told of values and bounds.
    pub tell: &'a dyn Fn(Costs, TierValues),
}

/// A street on its way through its programmes.
pub struct Programmes<'n, 'p> {
    network: &'n Network<'p>,
    spec: PartSpec,
    /// What is solved.
    model: Arc<PartModel>,
    /// The same with travel between places: what rosters are judged by, and what proves the last of tier 3.
    exact: Arc<PartModel>,
    chosen: Vec<bool>,
    /// What the roster costs.
    pub costs: Costs,
    /// What is proven of the costs.
    pub bounds: TierValues,
}

impl<'n, 'p> Programmes<'n, 'p> {
    /// The programmes of a part from a roster of it; `None` when that breaks a rule.
    #[must_use]
    pub fn new(network: &'n Network<'p>, spec: PartSpec, serves: &dyn Fn(PersonIx, NeedIx) -> bool) -> Option<Self> {
        let exact = Arc::new(PartModel::build(network, &PartSpec { between_places: true, ..spec.clone() }));
        let counts_last = network.problem.profile.tier(RuleCode::S32) == Tier::Quality;
        let between_places = spec.needs.len() <= NEEDS_WITH_TRAVEL || !counts_last;
        let model = if between_places {
            Arc::clone(&exact)
        } else {
            Arc::new(PartModel::build(network, &PartSpec { between_places, ..spec.clone() }))
        };
        let chosen: Vec<bool> = model.pairs.iter().map(|pair| serves(pair.person, pair.need)).collect();
        let costs = exact.evaluate(&chosen)?;
        Some(Self { network, spec, model, exact, chosen, costs, bounds: [i64::MIN; 3] })
    }

    /// Who serves where.
    pub fn pairs(&self) -> impl Iterator<Item = (PersonIx, NeedIx)> + '_ {
        let pairs = self.model.pairs.iter().zip(&self.chosen).filter(|&(_, &chosen)| chosen);
        pairs.map(|(pair, _)| (pair.person, pair.need))
    }

    /// Makes the roster better and proves how good it is, until every tier is close enough or time is up.
    pub fn run(&mut self, course: &Course<'_, '_>) {
        let (watch, deadline) = (course.watch, course.deadline);
        for tier in 0..3 {
            // The whole programme proves, those over few pairs find: side by side with a thread to spare.
            let beside = course.is_spare.then(|| self.limits(tier, course)).flatten();
            let proof = beside.map(|limits| self.whole(&self.model, tier, limits));
            for &one_in in NEAR[tier] {
                let Some(limits) = self.limits(tier, course) else { break };
                let found = self.near(tier, one_in, limits).wait(watch, deadline);
                self.take(tier, found.flatten());
                self.polish(course, 0);
                (course.tell)(self.costs, self.bounds);
            }
            let proof = proof.or_else(|| self.limits(tier, course).map(|limits| self.whole(&self.model, tier, limits)));
            self.take(tier, proof.and_then(|proof| proof.wait(watch, deadline)));
            if tier == 1 {
                self.polish(course, 0);
            }
            (course.tell)(self.costs, self.bounds);
        }
        self.polish_on(course);
        // Of several streets others need the time more.
        let leaves_out = course.is_alone && !Arc::ptr_eq(&self.model, &self.exact);
        if let Some(limits) = self.limits(2, course).filter(|_| leaves_out) {
            let proof = self.whole(&self.exact, 2, limits);
            self.take(2, proof.wait(watch, deadline));
            (course.tell)(self.costs, self.bounds);
        }
    }

    /// People plan again, otherwise each time, for as long as that gains.
    fn polish_on(&mut self, course: &Course<'_, '_>) {
        let mut idle = 0;
        for round in 1.. {
            if idle >= IDLE_ROUNDS || self.limits(2, course).is_none() {
                break;
            }
            let before = self.costs;
            self.polish(course, round);
            idle = if self.costs < before { 0 } else { idle + 1 };
            (course.tell)(self.costs, self.bounds);
        }
    }

    /// Limits of a programme; `None` when none is wanted, or there is no time for one.
    fn limits(&self, tier: usize, course: &Course<'_, '_>) -> Option<IntegerLimits> {
        let room = course.gap_limits[tier] * (self.costs[tier] + course.outside[tier]).abs() as f64;
        let seconds = course.deadline.saturating_duration_since(Instant::now()).as_secs_f64();
        let is_open = self.costs[tier].saturating_sub(self.bounds[tier]) as f64 > room;
        let is_wanted = is_open && seconds > LAST_SECONDS && !course.watch.is_over();
        is_wanted.then(|| IntegerLimits {
            seconds: seconds * SHARES[tier],
            absolute_gap: room.max(self.model.linear.step(tier) as f64 * 0.99),
            relative_gap: 0.0,
            seed: i32::try_from(course.seed % 1_000_000).unwrap_or(1),
        })
    }

    /// People plan again around the receptions that are held: what programmes leave out is looked after here.
    fn polish(&mut self, course: &Course<'_, '_>, round: u64) {
        let mut own: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for (person, need) in self.pairs() {
            own.entry(person).or_default().push(need);
        }
        let is_seat = |need: &NeedIx| self.network.post(*need).is_some_and(|post| post.seat.is_some());
        let mut spec = PartSpec { receptions: Vec::new(), ..self.spec.clone() };
        for member in &mut spec.members {
            member.candidates.retain(|need| !is_seat(need));
            let seats = own.get(&member.person).into_iter().flatten().copied().filter(|need| is_seat(need));
            let seats: Vec<NeedIx> = seats.filter(|need| !member.kept.contains(need)).collect();
            member.kept.extend(seats);
        }
        let Some(mut bench) = Bench::new(self.network, &spec, None) else { return };
        bench.load(&|person| own.get(&person).cloned().unwrap_or_default());
        let mut random = Random::new(course.seed.wrapping_add(round << 32));
        bench.settle(&mut random, ROUNDS);
        let people = spec.members.len();
        bench.improve(&mut random, MOVES * people, PATIENCE * people, &|| {
            Instant::now() >= course.deadline || course.watch.is_over()
        });
        let better: HashMap<PersonIx, Vec<NeedIx>> = bench.duties().collect();
        let serves = |person: PersonIx, need: NeedIx| better.get(&person).is_some_and(|own| own.contains(&need));
        let chosen = self.model.pairs.iter().map(|pair| serves(pair.person, pair.need)).collect();
        self.offer(chosen);
    }

    /// Takes a choice over if it is better, tier by tier.
    fn offer(&mut self, chosen: Vec<bool>) {
        if let Some(costs) = self.exact.evaluate(&chosen).filter(|costs| *costs < self.costs) {
            (self.chosen, self.costs) = (chosen, costs);
        }
    }

    /// Takes over what a programme of a tier has found and proven.
    fn take(&mut self, tier: usize, result: Option<IntegerResult>) {
        let Some(IntegerResult { values, bound, .. }) = result else { return };
        if bound.is_finite() {
            let linear = &self.model.linear;
            let proven = linear.round_up(tier, ceil(bound) + linear.offset[tier]);
            self.bounds[tier] = self.bounds[tier].max(proven);
        }
        if let Some(values) = values {
            self.offer(values[..self.model.pairs.len()].iter().map(|&value| value > 0.5).collect());
        }
        self.bounds[tier] = self.bounds[tier].min(self.costs[tier]);
    }

    /// The tiers above a tier at their values.
    fn above(&self, tier: usize) -> Vec<(usize, i64)> {
        (0..tier).map(|above| (above, self.costs[above])).collect()
    }

    /// The integer programme of one tier, the tiers above held at their values.
    fn whole(&self, model: &Arc<PartModel>, tier: usize, limits: IntegerLimits) -> Pending<IntegerResult> {
        let (model, above) = (Arc::clone(model), self.above(tier));
        let start = model.complete(&self.chosen);
        Pending::start(move || solve_integer(&model.linear, alone(tier), None, &above, Some(&start), limits))
    }

    /// The same over the pairs of the roster and one in so many of all: those that the linear programme would sooner
    /// take than others. Its bound is that of the linear programme.
    fn near(&self, tier: usize, one_in: usize, limits: IntegerLimits) -> Pending<Option<IntegerResult>> {
        let (model, above) = (Arc::clone(&self.model), self.above(tier));
        let start = model.complete(&self.chosen);
        Pending::start(move || {
            let began = Instant::now();
            let linear = &model.linear;
            let weights = alone(tier);
            let mut live = LiveProgramme::new(linear, weights, None)?;
            for &(above, limit) in &above {
                live.hold(linear, above, limit as f64)?;
            }
            let proposal = live.solve()?;
            let (held, given) = proposal.held(linear.rows.len(), weights, &above);
            let right_side = linear.lagrangian(held, &proposal.multipliers[..linear.rows.len()], &[]);
            let bound = (ceil_bound(right_side - given) - linear.offset[tier]) as f64;
            let pairs = model.pairs.len();
            let reduced = &proposal.reduced;
            let mut order: Vec<usize> = (0..pairs).filter(|&pair| start[pair] == 0).collect();
            order.sort_by(|&one, &other| reduced[one].total_cmp(&reduced[other]).then(one.cmp(&other)));
            let mut fixed: Vec<Option<i64>> = vec![None; linear.columns.len()];
            for &pair in order.iter().skip(pairs / one_in) {
                fixed[pair] = Some(0);
            }
            let seconds = limits.seconds - began.elapsed().as_secs_f64();
            let limits = IntegerLimits { seconds, ..limits };
            let found = solve_integer(linear, weights, Some(&fixed), &above, Some(&start), limits);
            Some(IntegerResult { bound, ..found })
        })
    }
}

fn alone(tier: usize) -> Weights {
    let mut weights = [0.0; 3];
    weights[tier] = 1.0;
    weights
}

/// The bound as a whole number; what the solver's own tolerance may add is taken off.
#[expect(clippy::cast_possible_truncation, reason = "costs are far below the limit of i64")]
fn ceil(bound: f64) -> i64 {
    (bound - 1e-6 * bound.abs().max(1.0)).clamp(-1e17, 1e17).ceil() as i64
}
