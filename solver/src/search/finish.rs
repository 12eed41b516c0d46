//! From a roster that stands to a better one, and often to the proof that there is none: each street's integer
//! programme, tier after tier, in the time that the other methods leave.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::certificate::Proven;
use super::city::{City, CityResult, Pass};
use super::loads::Loads;
use super::programmes::{Course, Programmes};
use super::stopping::{is_close, standing};
use super::watch::{Watch, parallel};
use crate::control::Options;
use crate::model::linear::Costs;
use crate::problem::{NeedIx, PersonIx};
use crate::roster::{OBJECTIVE_FACTORS, TierValues, objective};

/// Seconds of one thread that the time limit must leave to a street: programmes cut short find little.
const LEAST_SECONDS: f64 = 4.0;
/// The same of the time that is left in the end: programmes would hardly be laid out in less.
const LAID_OUT_SECONDS: f64 = 1.5;
/// Share of the limit that is kept back for receptions which streets have given up one by one.
const HOLDING_SHARE: f64 = 0.03;

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

impl City<'_, '_> {
    /// Goes on from a roster while time is left and a gap is open.
    ///
    /// Each street's programmes decide everything in it, receptions too, with everything outside it as it stands. With
    /// one street their bounds are those of the whole.
    pub fn finish(&self, found: &mut CityResult, options: &Options, watch: &Watch<'_>) {
        self.finish_streets(found, options, watch);
        // One street's programmes have decided its receptions with everything else.
        if self.parts() > 1 {
            self.hold_again(&mut found.duties, options.threads, watch);
        }
        for needs in &mut found.duties {
            needs.sort_unstable();
        }
    }

    /// Each street's programmes.
    fn finish_streets(&self, found: &mut CityResult, options: &Options, watch: &Watch<'_>) {
        let count = self.parts();
        let workers = options.threads.min(count);
        if options.time_limit.as_secs_f64() * (workers as f64) < LEAST_SECONDS * count as f64 {
            return;
        }
        let kept_back = if count > 1 { options.time_limit.as_secs_f64() * HOLDING_SHARE } else { 0.0 };
        let seconds = |streets: usize| {
            let left = (watch.seconds_left() - kept_back).max(0.0);
            (left * workers as f64 / streets.max(1) as f64).min(left)
        };
        if seconds(count) < LAID_OUT_SECONDS {
            return;
        }
        let standing = standing(self.network, &found.duties, &found.proofs);
        if is_close(standing.0, standing.1, options.gap_limits) {
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
                let deadline = Instant::now() + Duration::from_secs_f64(seconds(count - before));
                self.finish_street(wave[at], (now, &loads), standing, deadline, options, watch)
            });
            for (&part, street) in wave.iter().zip(streets) {
                let Some((chosen, finished)) = street else { continue };
                self.replace((part, Pass::Everyone), chosen, &mut found.duties);
                if count == 1 {
                    found.finished = finished;
                }
            }
        }
        found.stopped |= watch.is_over();
        found.search_seconds += started.elapsed().as_secs_f64() * workers as f64;
    }

    /// One street, and what is proven of the whole if it is the only one. `None` when it stays as it is.
    fn finish_street(
        &self,
        part: usize,
        (duties, loads): (&[Vec<NeedIx>], &Loads),
        (value, bound): (TierValues, TierValues),
        deadline: Instant,
        options: &Options,
        watch: &Watch<'_>,
    ) -> Option<(Vec<(PersonIx, NeedIx)>, Finished)> {
        let is_alone = self.parts() == 1;
        let spec = self.opened(part, duties, loads);
        let serves = |person: PersonIx, need: NeedIx| duties[person.index()].contains(&need);
        let mut street = Programmes::new(self.network, spec, &serves)?;
        let outside = [0, 1, 2].map(|tier| if is_alone { value[tier] - street.costs[tier] } else { 0 });
        if is_alone {
            street.bounds = [0, 1, 2].map(|tier| bound[tier] - outside[tier]);
        }
        let whole = |costs: Costs| [0, 1, 2].map(|tier: usize| costs[tier].saturating_add(outside[tier]));
        let tell = |costs: Costs, bounds: TierValues| {
            if is_alone {
                watch.report_values("finish", (0, 1), whole(costs), Some(whole(bounds)));
            }
        };
        street.run(&Course {
            deadline,
            gap_limits: options.gap_limits,
            outside,
            seed: options.seed,
            is_alone,
            is_spare: is_alone && options.threads > 1,
            watch,
            tell: &tell,
        });
        let finished = Finished { bounds: whole(street.bounds), tier1_step: self.tier1_step() };
        Some((street.pairs().collect(), finished))
    }
}
