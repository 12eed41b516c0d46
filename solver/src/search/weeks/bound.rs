//! From the streets' shares to the bounds of the whole, people who serve in several streets included.
//!
//! Each stage weighs the tiers and prices all posts; the sum of the streets' shares and of the shared people's exact
//! weeks is at most the weighted cost of any roster. The weights of a stage are small enough that what the tiers above
//! lack to their own bounds costs little, and large enough that trading them does not pay.

use crate::model::linear::{ceil_bound, fixed};
use crate::roster::{OBJECTIVE_FACTORS, TierValues, objective};
use crate::search::Proven;

/// Weights of the tiers in each stage: tier 1 alone; tier 2 beside tier 1; tier 3 beside both.
///
/// One head short of a minimum costs 100 or more in tier 1 and frees at most one duty elsewhere, which saves at most
/// twice that in tier 2; a duty saves a few units of tier 3 and costs 30 or more above.
pub const STAGES: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [1.4, 1.0, 0.0], [0.5, 0.0625, 1.0]];

/// Weights of the linear programmes whose prices the stages use: a trace of tier 3 breaks ties in the second.
pub const PROGRAMMES: [[f64; 3]; 3] = [STAGES[0], [1.4, 1.0, 0.004], STAGES[2]];

/// Lower bounds on the weighted costs of the stages, scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageBounds {
    /// One for each of [`STAGES`].
    pub stages: [i128; 3],
    /// What tier 1 costs are multiples of, and where they start.
    pub tier1_step: i64,
    /// Whether integer programmes over what is scarce prove the first, by their solver's own bound.
    pub is_first_of_programmes: bool,
}

impl StageBounds {
    /// The bounds of each tier given a roster's values above it, and of the one-number objective.
    #[must_use]
    pub fn proven(&self, value: TierValues) -> Proven {
        let weights = STAGES.map(|weights| weights.map(|weight| i128::from(fixed(weight))));
        let step = i128::from(self.tier1_step.max(1));
        let least = i128::from(ceil_bound(self.stages[0]));
        let least1 = least.div_euclid(step) * step + if least.rem_euclid(step) == 0 { 0 } else { step };
        let least1 = i64::try_from(least1).unwrap_or(i64::MIN);
        let value = value.map(i128::from);
        let second = self.stages[1] - weights[1][0] * value[0];
        let third = self.stages[2] - weights[2][0] * value[0] - weights[2][1] * value[1];
        let tiers = [least1, ceil_bound(second).max(0), ceil_bound(third).max(0)];
        let value = value.map(|value| i64::try_from(value).unwrap_or(i64::MAX));
        let tiers = [0, 1, 2].map(|tier| tiers[tier].min(value[tier]));
        Proven { tiers, objective: self.objective().min(objective(value)) }
    }

    /// The objective as a non-negative combination of the stages: the third once, the second for what is left of
    /// tier 2, the first for what is left of tier 1.
    fn objective(&self) -> i64 {
        let scale = crate::model::linear::bound_scale();
        let factors = OBJECTIVE_FACTORS.map(i128::from);
        let weights = STAGES.map(|weights| weights.map(|weight| i128::from(fixed(weight))));
        let left2 = factors[1] * scale - weights[2][1];
        let left1 = factors[0] * scale - weights[2][0] - left2 * weights[1][0] / scale;
        let sum = self.stages[2] + left2 * self.stages[1] / scale + left1 * self.stages[0] / scale;
        i64::try_from(sum.div_euclid(scale)).unwrap_or(i64::MIN)
    }
}
