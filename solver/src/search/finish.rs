//! From a roster that stands to a better one, and often to the proof that there is none: each street's integer
//! programme, tier after tier, in the time that the other methods leave.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::certificate::Proven;
use super::city::{City, CityResult, Pass};
use super::linear_solver::{IntegerLimits, IntegerResult, LiveProgramme, Proposal, Weights, solve_integer};
use super::loads::Loads;
use super::part_search::{round_up, step_of};
use super::stopping::{is_close, standing};
use super::watch::{Pending, Watch, parallel};
use crate::control::Options;
use crate::model::linear::{Costs, Linear, ceil_bound, fixed};
use crate::model::part::{PartModel, PartSpec};
use crate::problem::{NeedIx, PersonIx};
use crate::roster::{OBJECTIVE_FACTORS, TierValues, objective};

/// Share of the time left to a street that a programme of each tier may take.
const SHARES: [f64; 3] = [0.4, 0.6, 0.9];
/// Seconds of computing that the time limit must leave to a street: programmes cut short find little.
const LEAST_SECONDS: f64 = 12.0;
/// Seconds below which no programme begins.
const LAST_SECONDS: f64 = 0.5;

/// What a finish has proven of each tier given the ones above; `i64::MIN` where nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    bounds: TierValues,
    /// What all costs of tier 1 are multiples of.
    tier1_step: i64,
}

impl Finished {
    /// Nothing proven.
    pub const NOTHING: Self = Self { bounds: [i64::MIN; 3], tier1_step: 1 };

    /// The better of other bounds and these. `value` is that of the roster which was finished.
    #[must_use]
    pub fn with(self, other: Proven, value: TierValues) -> Proven {
        let tiers = [0, 1, 2].map(|tier| self.bounds[tier].max(other.tiers[tier]).min(value[tier]));
        // A roster is worse in tier 1, or no worse there and worse in tier 2, or no worse in both: then all bounds hold.
        let [factor1, factor2, _] = OBJECTIVE_FACTORS;
        let worse1 = factor1.saturating_mul(value[0].saturating_add(self.tier1_step));
        let worse2 = factor1.saturating_mul(tiers[0]).saturating_add(factor2.saturating_mul(value[1] + 1));
        let whole = objective(tiers).min(worse1).min(worse2);
        Proven { tiers, objective: whole.max(other.objective).min(objective(value)) }
    }

    /// Whether a tier's bound comes from here.
    #[must_use]
    pub const fn proves(self, tier: usize, bound: i64) -> bool {
        self.bounds[tier] >= bound && self.bounds[tier] != i64::MIN
    }
}

/// One in so many pairs is open in the programmes of each tier that are kept small, one after the other.
const NEAR: [&[usize]; 3] = [&[], &[], &[8, 3]];
/// A street on its way through its programmes.
struct Street {
    /// Its programme.
    model: Arc<PartModel>,
    /// The same with travel between places (S32): what rosters are judged by.
    exact: PartModel,
    /// What its people do.
    chosen: Vec<bool>,
    /// What that costs.
    costs: Costs,
    /// What is proven of the costs.
    bounds: TierValues,
}

impl City<'_, '_> {
    /// Goes on from a roster while time is left and a gap is open.
    ///
    /// Each street's programme decides everything in it, receptions too, with everything outside it as it stands. With
    /// one street the programmes' bounds are those of the whole.
    pub fn finish(&self, found: &mut CityResult, options: &Options, watch: &Watch<'_>) {
        let count = self.parts();
        if self.seconds_for_a_street(options) < LEAST_SECONDS {
            return;
        }
        let workers = options.threads.min(count);
        let seconds = |left: usize| watch.seconds_left() * workers as f64 / left.max(1) as f64;
        let (value, bound) = standing(self.network, &found.duties, &found.proofs);
        if is_close(value, bound, options.gap_limits) {
            return;
        }
        let started = Instant::now();
        let begun = AtomicUsize::new(0);
        for wave in &self.waves {
            let loads = Loads::new(self.network, &found.duties);
            let now: &[Vec<NeedIx>] = &found.duties;
            let streets = parallel(options.threads, wave.len(), |at| {
                let before = begun.fetch_add(1, Ordering::Relaxed);
                watch.report("finish", before, count);
                let run = Run {
                    part: wave[at],
                    known: (count == 1).then_some((value, bound)),
                    deadline: Instant::now() + Duration::from_secs_f64(seconds(count - before)),
                };
                self.finish_street(&run, now, &loads, options, watch)
            });
            for (&part, street) in wave.iter().zip(streets) {
                let Some((chosen, finished)) = street else { continue };
                self.replace((part, Pass::Everyone), chosen, &mut found.duties);
                if count == 1 {
                    found.finished = finished;
                }
            }
        }
        for needs in &mut found.duties {
            needs.sort_unstable();
        }
        found.stopped |= watch.is_over();
        found.search_seconds += started.elapsed().as_secs_f64() * workers as f64;
    }

    /// One street, and what is proven of the whole if it is the only one. `None` when it stays as it is.
    fn finish_street(
        &self,
        run: &Run,
        duties: &[Vec<NeedIx>],
        loads: &Loads,
        options: &Options,
        watch: &Watch<'_>,
    ) -> Option<(Vec<(PersonIx, NeedIx)>, Finished)> {
        let spec = self.opened(run.part, duties, loads);
        let exact = PartModel::build(self.network, &PartSpec { between_places: true, ..spec.clone() });
        let model = Arc::new(PartModel::build(self.network, &spec));
        let flags = |duties: &[Vec<NeedIx>]| -> Vec<bool> {
            model.pairs.iter().map(|pair| duties[pair.person.index()].contains(&pair.need)).collect()
        };
        let chosen = flags(duties);
        let costs = exact.evaluate(&chosen)?;
        let outside = run.known.map_or([0; 3], |(value, _)| [0, 1, 2].map(|tier| value[tier] - costs[tier]));
        let bounds = run.known.map_or([i64::MIN; 3], |(_, bound)| [0, 1, 2].map(|tier| bound[tier] - outside[tier]));
        let whole = |costs: Costs| [0, 1, 2].map(|tier: usize| costs[tier].saturating_add(outside[tier]));
        let mut street = Street { model, exact, chosen, costs, bounds };
        let tell = |street: &Street| {
            if run.known.is_some() {
                watch.report_values(0, 1, whole(street.costs), whole(street.bounds));
            }
        };
        let polish = |street: &mut Street| {
            let mut now = duties.to_vec();
            self.replace((run.part, Pass::Everyone), street.pairs(), &mut now);
            if let Some(polished) = self.polished(run.part, &now, loads, options, watch) {
                self.replace((run.part, Pass::Everyone), polished, &mut now);
                let flags = street.model.pairs.iter().map(|pair| now[pair.person.index()].contains(&pair.need));
                let flags = flags.collect();
                street.offer(flags);
            }
            tell(street);
        };
        for tier in 0..3 {
            let limits = |street: &Street| {
                let room = options.gap_limits[tier] * whole(street.costs)[tier].abs() as f64;
                let seconds = run.deadline.saturating_duration_since(Instant::now()).as_secs_f64();
                let open = street.costs[tier].saturating_sub(street.bounds[tier]) as f64 > room;
                let absolute_gap = room.max(step_of(&street.model.linear, tier) as f64 * 0.99);
                let seed = i32::try_from(options.seed % 1_000_000).unwrap_or(1);
                (open && seconds > LAST_SECONDS && !watch.is_over()).then_some(IntegerLimits {
                    seconds,
                    absolute_gap,
                    relative_gap: 0.0,
                    seed,
                })
            };
            // The whole programme proves, those over few pairs find: side by side with a thread to spare.
            let is_spare = self.parts() == 1 && options.threads > 1;
            let share = |limits: IntegerLimits| IntegerLimits { seconds: limits.seconds * SHARES[tier], ..limits };
            let proof = if is_spare { limits(&street).map(|limits| street.whole(tier, share(limits))) } else { None };
            for &one_in in NEAR[tier] {
                let Some(limits) = limits(&street) else { break };
                let found = street.near(tier, one_in, share(limits)).wait(watch, run.deadline);
                street.take(tier, found.flatten());
                polish(&mut street);
            }
            let proof = proof.or_else(|| limits(&street).map(|limits| street.whole(tier, share(limits))));
            street.take(tier, proof.and_then(|proof| proof.wait(watch, run.deadline)));
            tell(&street);
        }
        let finished = Finished { bounds: whole(street.bounds), tier1_step: self.tier1_step() };
        Some((street.pairs(), finished))
    }
}

/// One street's turn.
struct Run {
    part: usize,
    /// Values and bounds of the whole, if the street is all of it.
    known: Option<(TierValues, TierValues)>,
    deadline: Instant,
}

impl Street {
    fn pairs(&self) -> Vec<(PersonIx, NeedIx)> {
        let pairs = self.model.pairs.iter().zip(&self.chosen).filter(|&(_, &chosen)| chosen);
        pairs.map(|(pair, _)| (pair.person, pair.need)).collect()
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
            let proven = round_up(linear, tier, ceil(bound) + linear.offset[tier]);
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
    fn whole(&self, tier: usize, limits: IntegerLimits) -> Pending<IntegerResult> {
        let (model, above) = (Arc::clone(&self.model), self.above(tier));
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
            for (above, limit) in &above {
                let columns = linear.columns.iter().enumerate().filter(|(_, column)| column.cost[*above] != 0);
                let terms: Vec<(usize, f64)> = columns.map(|(at, column)| (at, column.cost[*above] as f64)).collect();
                // A hair of room keeps the programme feasible within the solver's own tolerance.
                live.add_limit((limit - linear.offset[*above]) as f64 + 1e-6, &terms)?;
            }
            let proposal = live.solve()?;
            let bound = held_bound(linear, weights, &above, &proposal);
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

/// What a linear programme with tiers held at their values proves, offset left out: recounted from its multipliers.
fn held_bound(linear: &Linear, mut weights: Weights, above: &[(usize, i64)], proposal: &Proposal) -> f64 {
    let rows = linear.rows.len();
    for (number, &(tier, _)) in above.iter().enumerate() {
        // The multiplier of a limit row `cost - limit <= 0` is not positive; its size weighs the tier above.
        weights[tier] = proposal.multipliers.get(rows + number).map_or(0.0, |dual| (-dual).max(0.0));
    }
    let tier = above.len();
    let right_side = linear.lagrangian(weights, &proposal.multipliers[..rows], &[]);
    let given: i128 = above.iter().map(|&(tier, limit)| i128::from(fixed(weights[tier])) * i128::from(limit)).sum();
    (ceil_bound(right_side - given) - linear.offset[tier]) as f64
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
