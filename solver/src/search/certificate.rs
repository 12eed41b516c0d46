//! From the proofs of the parts to the bounds of the whole.
//!
//! A part proves inequalities `w1*T1 + w2*T2 + w3*T3 >= g` over its own tier costs, one per tier, with exact integer
//! weights. Parts that share people each hold a copy of them, so their sum is a relaxation and the sums of the
//! inequalities hold for the whole. Given that the whole costs at most `V1` in tier 1, tier 2 follows: a part cannot
//! go below its own proven least tier 1 cost, so only the slack `V1 - sum of least costs` can be moved between parts,
//! and it is charged at the greatest multiplier.

use crate::model::linear::{bound_scale, ceil_bound};
use crate::roster::{OBJECTIVE_FACTORS, TierValues};

/// `weights . tiers >= right_side`, weights and right side scaled by [`bound_scale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inequality {
    /// Scaled weights; none is negative.
    pub weights: [i64; 3],
    /// Scaled right side.
    pub right_side: i128,
}

/// What a part proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartProof {
    /// Least tier 1 cost of the part.
    pub least_tier1: i64,
    /// One inequality per tier, with weight one on the tier itself and none on the tiers below.
    pub tiers: [Inequality; 3],
    /// Least cost of each tier whatever the others cost.
    pub alone: TierValues,
}

/// Bounds of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    /// Per tier, given that the tiers above cost no more than the roster.
    pub tiers: TierValues,
    /// Of the one-number objective, without any condition.
    pub objective: i64,
}

/// Combines the proofs of all parts for a roster of the given value.
#[must_use]
pub fn combine(parts: &[PartProof], value: TierValues) -> Proven {
    let least1: i64 = parts.iter().map(|part| part.least_tier1).sum();
    let slack1 = i128::from((value[0] - least1).max(0));
    let scale = bound_scale();
    let mut sum2 = 0_i128;
    let mut sum3 = 0_i128;
    let mut greatest21 = 0_i128;
    let mut greatest31 = 0_i128;
    let mut greatest32 = 0_i128;
    let mut least2_total = 0_i128;
    for part in parts {
        let [_, second, third] = &part.tiers;
        let least1 = i128::from(part.least_tier1);
        let given1 = second.right_side - i128::from(second.weights[0]) * least1;
        let least2 = i128::from(ceil_bound(given1)).max(i128::from(part.alone[1]));
        sum2 += least2 * scale;
        least2_total += least2;
        greatest21 = greatest21.max(i128::from(second.weights[0]));
        sum3 += third.right_side - i128::from(third.weights[0]) * least1 - i128::from(third.weights[1]) * least2;
        greatest31 = greatest31.max(i128::from(third.weights[0]));
        greatest32 = greatest32.max(i128::from(third.weights[1]));
    }
    let bound2 = ceil_bound(sum2 - slack1 * greatest21);
    // Tier 2 of a part is at least `least2 - w21 * (its share of slack1)`; what is left of the whole's tier 2 may
    // sit in any part.
    let slack2 = (i128::from(value[1]) - least2_total).max(0) * scale + slack1 * greatest21;
    let loss3 = slack1 * greatest31 + (slack2 * greatest32).div_euclid(scale) + i128::from(slack2 * greatest32 > 0);
    let alone3: i64 = parts.iter().map(|part| part.alone[2]).sum();
    let bound3 = ceil_bound(sum3 - loss3).max(alone3);
    let objective: i128 = parts.iter().map(objective_bound).sum();
    let objective = i64::try_from(objective.div_euclid(scale)).unwrap_or(i64::MIN);
    let tiers = [least1.min(value[0]), bound2.min(value[1]), bound3.min(value[2])];
    Proven { tiers, objective: objective.min(crate::roster::objective(value)) }
}

/// Scaled lower bound of one part on the one-number objective: the best of a few non-negative combinations.
fn objective_bound(part: &PartProof) -> i128 {
    let scale = bound_scale();
    let factors = OBJECTIVE_FACTORS.map(i128::from);
    let [_, second, third] = &part.tiers;
    // What the combination leaves of each tier is charged at the tier's own least cost.
    let close = |left: [i128; 3], gained: i128| -> Option<i128> {
        if left.iter().any(|&left| left < 0) {
            return None;
        }
        let least = [part.least_tier1, part.alone[1], part.alone[2]].map(i128::from);
        Some(gained + left.iter().zip(least).map(|(left, least)| left * least).sum::<i128>())
    };
    let all = factors.map(|factor| factor * scale);
    let minus = |left: [i128; 3], inequality: &Inequality, times: i128| -> [i128; 3] {
        let mut left = left;
        for (left, weight) in left.iter_mut().zip(inequality.weights) {
            *left -= times * i128::from(weight);
        }
        left
    };
    let mut best = close(all, 0).unwrap_or(i128::MIN / 4);
    let only_second = minus(all, second, factors[1]);
    best = close(only_second, factors[1] * second.right_side).map_or(best, |bound| bound.max(best));
    let after_third = minus(all, third, factors[2]);
    best = close(after_third, factors[2] * third.right_side).map_or(best, |bound| bound.max(best));
    if after_third[1] > 0 {
        // As many whole times the second inequality as are left of tier 2.
        let times = after_third[1].div_euclid(scale);
        let left = minus(after_third, second, times);
        let gained = factors[2] * third.right_side + times * second.right_side;
        best = close(left, gained).map_or(best, |bound| bound.max(best));
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(value: i64) -> i128 {
        i128::from(value) * bound_scale()
    }

    fn part(least: TierValues) -> PartProof {
        let weight = |tier: usize| {
            let mut weights = [0; 3];
            weights[tier] = i64::try_from(bound_scale()).unwrap();
            Inequality { weights, right_side: scaled(least[tier]) }
        };
        PartProof { least_tier1: least[0], tiers: [weight(0), weight(1), weight(2)], alone: [0; 3] }
    }

    #[test]
    fn bounds_of_independent_parts_add_up() {
        let proven = combine(&[part([100, 60, 5]), part([0, 7, 1])], [100, 67, 6]);
        assert_eq!(proven, Proven { tiers: [100, 67, 6], objective: 100_067_006 });
    }

    #[test]
    fn slack_in_tier_1_is_charged_at_the_greatest_multiplier() {
        let mut first = part([100, 60, 5]);
        first.tiers[1].weights[0] = i64::try_from(2 * bound_scale()).unwrap();
        first.tiers[1].right_side = scaled(260);
        // The first part proves T2 + 2*T1 >= 260, that is T2 >= 60 at its least T1; 10 of slack take away 20.
        assert_eq!(combine(&[first.clone(), part([0, 7, 1])], [100, 80, 9]).tiers, [100, 67, 6]);
        assert_eq!(combine(&[first, part([0, 7, 1])], [110, 80, 9]).tiers[1], 47);
    }
}
