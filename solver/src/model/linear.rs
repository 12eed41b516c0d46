//! An integer linear programme with integer data, and the exact evaluation of its Lagrangian bound.
//!
//! All costs, bounds and coefficients are `i64`, so that a bound can be recomputed without rounding from any
//! multipliers that a floating-point solver proposes.

use crate::problem::Tier;

/// Costs per tier; index 0 is tier 1.
pub type Costs = [i64; 3];

/// Fraction bits of a fixed-point multiplier.
const FRACTION_BITS: u32 = 20;

/// Greatest multiplier that is kept; larger ones are clipped, which weakens a bound but never falsifies it.
const LARGEST_MULTIPLIER: f64 = 1e9;

/// A column: bounds, costs, integrality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Least value.
    pub lower: i64,
    /// Greatest value.
    pub upper: i64,
    /// Cost of one unit, per tier.
    pub cost: Costs,
    /// Whether only whole values count.
    pub integer: bool,
}

/// A row `lower <= sum of terms <= upper`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Least activity, if any.
    pub lower: Option<i64>,
    /// Greatest activity, if any.
    pub upper: Option<i64>,
    first_term: usize,
}

/// An integer linear programme, minimised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linear {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    terms: Vec<(u32, i64)>,
    /// Constant cost per tier.
    pub offset: Costs,
}

/// The index of a tier in [`Costs`]; tier 0 has none.
#[must_use]
pub const fn tier_index(tier: Tier) -> Option<usize> {
    match tier {
        Tier::Hard => None,
        Tier::Residents => Some(0),
        Tier::Obligations => Some(1),
        Tier::Quality => Some(2),
    }
}

/// Costs with one amount in one tier.
#[must_use]
pub fn in_tier(tier: Tier, amount: i64) -> Costs {
    let mut costs = [0; 3];
    if let Some(index) = tier_index(tier) {
        costs[index] = amount;
    }
    costs
}

/// Adds costs in place.
pub fn add_costs(to: &mut Costs, costs: Costs) {
    for (to, cost) in to.iter_mut().zip(costs) {
        *to += cost;
    }
}

impl Linear {
    /// Adds a column and returns its position.
    pub fn add_column(&mut self, lower: i64, upper: i64, cost: Costs, integer: bool) -> u32 {
        self.columns.push(Column { lower, upper, cost, integer });
        u32::try_from(self.columns.len() - 1).unwrap_or(u32::MAX)
    }

    /// Adds a row and returns its position.
    pub fn add_row(
        &mut self,
        lower: Option<i64>,
        upper: Option<i64>,
        terms: impl IntoIterator<Item = (u32, i64)>,
    ) -> usize {
        let first_term = self.terms.len();
        self.terms.extend(terms);
        self.rows.push(Row { lower, upper, first_term });
        self.rows.len() - 1
    }

    /// The terms of a row.
    #[must_use]
    pub fn terms(&self, row: usize) -> &[(u32, i64)] {
        let end = self.rows.get(row + 1).map_or(self.terms.len(), |next| next.first_term);
        self.rows.get(row).map_or(&[], |this| &self.terms[this.first_term..end])
    }

    /// Costs of a point, offset included.
    #[must_use]
    pub fn costs(&self, values: &[i64]) -> Costs {
        let mut costs = self.offset;
        for (column, &value) in self.columns.iter().zip(values) {
            if value != 0 {
                add_costs(&mut costs, column.cost.map(|cost| cost * value));
            }
        }
        costs
    }

    /// Whether a point lies within all bounds and rows.
    #[must_use]
    pub fn is_feasible(&self, values: &[i64]) -> bool {
        let inside = |lower: Option<i64>, upper: Option<i64>, value: i64| {
            lower.is_none_or(|lower| lower <= value) && upper.is_none_or(|upper| value <= upper)
        };
        self.columns.iter().zip(values).all(|(column, &value)| inside(Some(column.lower), Some(column.upper), value))
            && self.rows.iter().enumerate().all(|(index, row)| {
                let activity = self.terms(index).iter().map(|&(column, factor)| factor * values[column as usize]).sum();
                inside(row.lower, row.upper, activity)
            })
    }

    /// Least cost of each tier over the column bounds alone.
    #[must_use]
    pub fn alone(&self) -> Costs {
        let mut least = self.offset;
        for column in &self.columns {
            for (least, cost) in least.iter_mut().zip(column.cost) {
                *least += cost * if cost > 0 { column.lower } else { column.upper };
            }
        }
        least
    }

    /// What the costs of a tier, but for the offset, are multiples of; 0 where there are none.
    #[must_use]
    pub fn step(&self, tier: usize) -> i64 {
        self.columns.iter().fold(0, |step, column| common_divisor(step, column.cost[tier]))
    }

    /// Rounds a bound up to what the costs of the tier can add up to; exact when every costed column is a whole number.
    #[must_use]
    pub fn round_up(&self, tier: usize, bound: i64) -> i64 {
        let step = self.step(tier);
        if step <= 1 || bound == i64::MIN {
            return bound;
        }
        let above = bound - self.offset[tier];
        self.offset[tier] + (above.div_euclid(step) + i64::from(above.rem_euclid(step) != 0)) * step
    }

    /// Exact lower bound on `sum weight[t] * cost[t]` (offset included) over all points of the programme, from any
    /// row multipliers: multipliers of the wrong sign count as zero, and each column takes its best bound.
    /// `extra` adds a cost to columns (prices of shared capacity).
    ///
    /// The result is scaled by [`bound_scale`]; the arithmetic is exact in `i128`.
    #[must_use]
    pub fn lagrangian(&self, weights: [f64; 3], multipliers: &[f64], extra: &[(u32, f64)]) -> i128 {
        let weights = weights.map(fixed);
        let mut reduced: Vec<i128> = self
            .columns
            .iter()
            .map(|column| {
                column.cost.iter().zip(weights).map(|(&cost, weight)| i128::from(cost) * i128::from(weight)).sum()
            })
            .collect();
        for &(column, price) in extra {
            reduced[column as usize] += i128::from(fixed(price));
        }
        let mut bound: i128 =
            self.offset.iter().zip(weights).map(|(&cost, weight)| i128::from(cost) * i128::from(weight)).sum();
        for (index, row) in self.rows.iter().enumerate() {
            let multiplier = i128::from(fixed(multipliers.get(index).copied().unwrap_or(0.0)));
            let side = if multiplier > 0 { row.lower } else { row.upper };
            let Some(side) = side.filter(|_| multiplier != 0) else { continue };
            bound += multiplier * i128::from(side);
            for &(column, coefficient) in self.terms(index) {
                reduced[column as usize] -= multiplier * i128::from(coefficient);
            }
        }
        for (column, reduced) in self.columns.iter().zip(reduced) {
            bound += reduced * i128::from(if reduced > 0 { column.lower } else { column.upper });
        }
        bound
    }
}

/// Greatest common divisor, not negative; 0 where both are 0.
#[must_use]
pub fn common_divisor(one: i64, other: i64) -> i64 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// The scale of [`Linear::lagrangian`].
#[must_use]
pub const fn bound_scale() -> i128 {
    1 << FRACTION_BITS
}

/// A scaled bound as the least whole number not below it.
#[must_use]
pub fn ceil_bound(scaled: i128) -> i64 {
    let ceiling = scaled.div_euclid(bound_scale()) + i128::from(scaled.rem_euclid(bound_scale()) != 0);
    i64::try_from(ceiling).unwrap_or(if ceiling < 0 { i64::MIN } else { i64::MAX })
}

/// A multiplier as a fixed-point number.
#[expect(clippy::cast_possible_truncation, reason = "clipped to a range that fits")]
#[must_use]
pub fn fixed(value: f64) -> i64 {
    if value.is_nan() {
        return 0;
    }
    (value.clamp(-LARGEST_MULTIPLIER, LARGEST_MULTIPLIER) * (1_u64 << FRACTION_BITS) as f64).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knapsack() -> Linear {
        // min -3a - 2b  s.t. 2a + 2b <= 3, a, b in {0, 1}: LP optimum -4 at (1, 0.5).
        let mut linear = Linear::default();
        let a = linear.add_column(0, 1, [0, 0, -3], true);
        let b = linear.add_column(0, 1, [0, 0, -2], true);
        linear.add_row(None, Some(3), [(a, 2), (b, 2)]);
        linear
    }

    #[test]
    fn the_bound_equals_the_lp_optimum_at_optimal_multipliers() {
        assert_eq!(ceil_bound(knapsack().lagrangian([0.0, 0.0, 1.0], &[-1.0], &[])), -4);
    }

    #[test]
    fn a_multiplier_of_the_wrong_sign_is_ignored() {
        assert_eq!(ceil_bound(knapsack().lagrangian([0.0, 0.0, 1.0], &[7.0], &[])), -5);
        assert_eq!(ceil_bound(knapsack().lagrangian([0.0, 0.0, 1.0], &[f64::NAN], &[])), -5);
    }

    #[test]
    fn any_multiplier_gives_a_valid_bound() {
        for step in 0..100 {
            let multiplier = -0.07 * f64::from(step);
            assert!(ceil_bound(knapsack().lagrangian([0.0, 0.0, 1.0], &[multiplier], &[])) <= -3);
        }
    }
}
