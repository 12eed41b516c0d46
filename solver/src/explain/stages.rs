//! Tier after tier to a proven optimum: the bound from a linear programme that opens columns by price, recounted
//! exactly; the point from an integer programme over the open columns, and over all of them only when the two differ.

use std::time::Instant;

use crate::model::linear::{Linear, ceil_bound};
use crate::model::part::PartModel;
use crate::search::linear_solver::{IntegerLimits, LiveProgramme, solve_integer};

/// Value and proven bound of one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Cost of the point.
    pub value: i64,
    /// No point that keeps the values of the stages before has a lower cost.
    pub bound: i64,
}

impl Proof {
    /// Whether nothing better exists.
    #[must_use]
    pub const fn is_proven(self) -> bool {
        self.value == self.bound
    }
}

/// A model on its way through the stages, with the best choice of pairs so far.
pub struct Stages<'m> {
    model: &'m PartModel,
    /// Columns that integer programmes may move; the others stay where the best choice has them.
    open: Vec<bool>,
    /// One flag per pair.
    pub chosen: Vec<bool>,
    /// The whole point of the choice.
    point: Vec<i64>,
    deadline: Instant,
    seed: i32,
}

impl<'m> Stages<'m> {
    /// Starts from a choice of pairs that keeps every row; `None` when it does not.
    #[must_use]
    pub fn new(model: &'m PartModel, chosen: Vec<bool>, deadline: Instant) -> Option<Self> {
        let point = model.complete(&chosen);
        if !model.linear.is_feasible(&point) {
            return None;
        }
        let mut open = vec![true; model.linear.columns.len()];
        for (open, &chosen) in open.iter_mut().zip(&chosen) {
            *open = chosen;
        }
        Some(Self { model, open, chosen, point, deadline, seed: 1 })
    }

    /// Lets the integer programmes move these pairs from the start.
    pub fn open(&mut self, pairs: impl IntoIterator<Item = usize>) {
        for pair in pairs {
            self.open[pair] = true;
        }
    }

    /// Takes a better start: a choice that keeps every row and costs less, tier after tier.
    pub fn offer(&mut self, chosen: &[bool]) {
        let point = self.model.complete(chosen);
        let linear = &self.model.linear;
        if linear.is_feasible(&point) && linear.costs(&point) < linear.costs(&self.point) {
            self.open(chosen.iter().enumerate().filter(|&(_, &chosen)| chosen).map(|(pair, _)| pair));
            self.chosen = chosen.to_vec();
            self.point = point;
        }
    }

    /// Minimises a tier (0 to 2 for tiers 1 to 3) of the model with the given limits on other tiers.
    pub fn minimise(&mut self, tier: usize, limits: &[(usize, i64)]) -> Proof {
        let linear = &self.model.linear;
        let mut value = linear.costs(&self.point)[tier];
        let (bound, opened) = self.bound(tier, limits);
        let mut bound = bound.min(value);
        self.open(opened);
        for whole in [false, true] {
            if bound == value || Instant::now() >= self.deadline {
                break;
            }
            let (found, proven) = self.integer(tier, limits, whole);
            if let Some(chosen) = found {
                self.take(&chosen, tier, limits);
                value = linear.costs(&self.point)[tier];
            }
            if whole {
                bound = bound.max(linear.round_up(tier, proven)).min(value);
            }
        }
        Proof { value, bound }
    }

    /// The cost of the present choice in a tier.
    #[must_use]
    pub fn cost(&self) -> [i64; 3] {
        self.model.linear.costs(&self.point)
    }

    fn take(&mut self, chosen: &[bool], tier: usize, limits: &[(usize, i64)]) {
        let point = self.model.complete(chosen);
        let linear = &self.model.linear;
        let costs = linear.costs(&point);
        let keeps = limits.iter().all(|&(tier, limit)| costs[tier] <= limit);
        if keeps && linear.is_feasible(&point) && costs[tier] < linear.costs(&self.point)[tier] {
            self.open(chosen.iter().enumerate().filter(|&(_, &chosen)| chosen).map(|(pair, _)| pair));
            self.chosen = chosen.to_vec();
            self.point = point;
        }
    }

    /// Solves the integer programme, of the open columns or of all: a choice, and a lower bound of what was solved.
    fn integer(&self, tier: usize, limits: &[(usize, i64)], whole: bool) -> (Option<Vec<bool>>, i64) {
        let linear = &self.model.linear;
        let pairs = self.model.pairs.len();
        let small = Small::of(linear, |column| whole || column >= pairs || self.open[column], &self.point);
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let seconds = self.deadline.saturating_duration_since(Instant::now()).as_secs_f64();
        let step = linear.step(tier).max(1) as f64;
        let integer_limits = IntegerLimits { seconds, absolute_gap: step * 0.99, relative_gap: 0.0, seed: self.seed };
        let start = small.inside(&self.point);
        let result = solve_integer(&small.linear, weights, None, limits, Some(&start), integer_limits);
        let offset = small.linear.offset[tier] as f64;
        let bound = if result.bound.is_finite() { ceil(result.bound + offset - 1e-6) } else { i64::MIN };
        let chosen = result.values.map(|values| {
            let mut chosen: Vec<bool> = self.chosen.clone();
            for (value, &column) in values.iter().zip(&small.columns) {
                if column < pairs {
                    chosen[column] = *value > 0.5;
                }
            }
            chosen
        });
        (chosen, bound)
    }

    /// A lower bound of a tier given limits on others, by linear programming over columns opened by price; and the
    /// pairs that were opened.
    fn bound(&self, tier: usize, limits: &[(usize, i64)]) -> (i64, Vec<usize>) {
        const HELPS: f64 = -1e-7;
        let linear = &self.model.linear;
        let pairs = self.model.pairs.len();
        let mut open = self.open.clone();
        let none = self.point.iter().zip(&linear.columns).map(|(_, column)| column.lower).collect::<Vec<i64>>();
        let mut best = linear.round_up(tier, linear.alone()[tier]);
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        while Instant::now() < self.deadline {
            let small = Small::of(linear, |column| column >= pairs || open[column], &none);
            let Some(mut live) = LiveProgramme::new(&small.linear, weights, None) else { break };
            for &(above, limit) in limits {
                live.hold(&small.linear, above, limit as f64);
            }
            let Some(proposal) = live.solve() else { break };
            let mut multipliers = vec![0.0; linear.rows.len()];
            for (&row, &multiplier) in small.rows.iter().zip(&proposal.multipliers) {
                multipliers[row] = multiplier;
            }
            let (held, given) = proposal.held(small.rows.len(), weights, limits);
            let right_side = linear.lagrangian(held, &multipliers, &[]);
            best = best.max(linear.round_up(tier, ceil_bound(right_side - given)));
            let reduced = reduced_costs(linear, held, &multipliers);
            let mut helpful: Vec<(f64, usize)> = (0..pairs)
                .filter(|&pair| !open[pair] && reduced[pair] < HELPS)
                .map(|pair| (reduced[pair], pair))
                .collect();
            if helpful.is_empty() {
                break;
            }
            helpful.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            helpful.truncate(200 + pairs / 10);
            for (_, pair) in helpful {
                open[pair] = true;
            }
        }
        let opened = (0..pairs).filter(|&pair| open[pair] && !self.open[pair]).collect();
        (best, opened)
    }
}

fn reduced_costs(linear: &Linear, weights: [f64; 3], multipliers: &[f64]) -> Vec<f64> {
    let mut reduced: Vec<f64> = linear
        .columns
        .iter()
        .map(|column| column.cost.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum())
        .collect();
    for (row, &multiplier) in multipliers.iter().enumerate().filter(|&(_, &multiplier)| multiplier != 0.0) {
        for &(column, factor) in linear.terms(row) {
            reduced[column as usize] -= multiplier * factor as f64;
        }
    }
    reduced
}

#[expect(clippy::cast_possible_truncation, reason = "costs are far below the limit of i64")]
pub(crate) fn ceil(value: f64) -> i64 {
    value.clamp(-1e17, 1e17).ceil() as i64
}

/// A programme over some of the columns: the others stand at a value, rows without any of the columns are left out.
struct Small {
    linear: Linear,
    columns: Vec<usize>,
    rows: Vec<usize>,
}

impl Small {
    fn of(linear: &Linear, keep: impl Fn(usize) -> bool, at: &[i64]) -> Self {
        let mut small = Linear::default();
        small.offset = linear.offset;
        let mut columns = Vec::new();
        let mut position: Vec<Option<u32>> = vec![None; linear.columns.len()];
        for (index, column) in linear.columns.iter().enumerate() {
            if keep(index) {
                position[index] = Some(small.add_column(column.lower, column.upper, column.cost, column.integer));
                columns.push(index);
            } else {
                for (offset, cost) in small.offset.iter_mut().zip(column.cost) {
                    *offset += cost * at[index];
                }
            }
        }
        let mut rows = Vec::new();
        let mut terms: Vec<(u32, i64)> = Vec::new();
        for (index, row) in linear.rows.iter().enumerate() {
            terms.clear();
            let mut rest = 0;
            for &(column, factor) in linear.terms(index) {
                match position[column as usize] {
                    Some(column) => terms.push((column, factor)),
                    None => rest += factor * at[column as usize],
                }
            }
            if !terms.is_empty() {
                let side = |side: Option<i64>| side.map(|side| side - rest);
                small.add_row(side(row.lower), side(row.upper), terms.iter().copied());
                rows.push(index);
            }
        }
        Self { linear: small, columns, rows }
    }

    fn inside(&self, point: &[i64]) -> Vec<i64> {
        self.columns.iter().map(|&column| point[column]).collect()
    }
}
