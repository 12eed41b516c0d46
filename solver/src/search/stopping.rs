//! When a search ends by itself: the proven gap of every tier is within what the caller asked for.
//!
//! The other ends are elsewhere: the time limit and the caller's cancel in [`super::Watch`], and in each street the
//! number of moves without a gain.

use super::city::Proofs;
use crate::check::check;
use crate::model::candidates::Network;
use crate::problem::NeedIx;
use crate::roster::TierValues;

/// A roster's values, as the checker counts them.
pub(super) fn value_of(network: &Network<'_>, own: &[Vec<NeedIx>]) -> TierValues {
    check(network.problem, &network.problem.duties_of(own)).score.tiers
}

/// A roster's values, and what is proven of them.
pub(super) fn standing(network: &Network<'_>, own: &[Vec<NeedIx>], proofs: &Proofs) -> (TierValues, TierValues) {
    let value = value_of(network, own);
    (value, proofs.proven(value).tiers)
}

/// Whether each tier's gap, relative to the tier's own value, is at most its limit.
pub(super) fn is_close(value: TierValues, bound: TierValues, limits: [f64; 3]) -> bool {
    let tiers = value.iter().zip(bound).zip(limits);
    tiers.into_iter().all(|((&value, bound), limit)| (value - bound) as f64 <= limit * value.abs() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tier_is_measured_by_its_own_value() {
        let limits = [0.0, 0.005, 0.02];
        assert!(is_close([300, 1000, 500], [300, 995, 490], limits));
        assert!(!is_close([300, 1000, 500], [299, 995, 490], limits), "tier 1 has no room");
        assert!(!is_close([1_000_000, 1000, 500], [1_000_000, 994, 490], limits), "a large tier 1 hides nothing");
        assert!(!is_close([0, 0, 500], [0, 0, 489], limits));
        assert!(is_close([0, 0, 0], [0, 0, 0], [0.0; 3]));
    }
}
