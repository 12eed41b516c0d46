//! The door to HiGHS: live linear programmes, and integer programmes with a time limit.

use highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense};

use crate::model::linear::{Linear, fixed};

/// What a linear solve proposes. Nothing here is trusted: bounds are recomputed exactly, rosters are checked.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Column values.
    pub values: Vec<f64>,
    /// Row multipliers; those of rows added later stand at the end.
    pub multipliers: Vec<f64>,
    /// Reduced costs.
    pub reduced: Vec<f64>,
    /// Whether this is an optimum, and not where a limit ended the search for one.
    pub is_optimal: bool,
}

impl Proposal {
    /// What tiers held by [`LiveProgramme::hold`] do to a Lagrangian, where theirs are the rows after the programme's
    /// own `rows`, in this order: the weights of the tiers, and what is to be taken off, scaled.
    #[must_use]
    pub fn held(&self, rows: usize, mut weights: Weights, held: &[(usize, i64)]) -> (Weights, i128) {
        let mut given = 0;
        for (row, &(tier, value)) in (rows..).zip(held) {
            // The multiplier of a row `cost - limit <= 0` is not positive; its size weighs the tier.
            weights[tier] = self.multipliers.get(row).map_or(0.0, |dual| (-dual).max(0.0));
            given += i128::from(fixed(weights[tier])) * i128::from(value);
        }
        (weights, given)
    }
}

/// A live linear programme: costs and bounds change, rows are added, the basis stays.
pub struct LiveProgramme {
    model: Option<Model>,
    columns: Vec<Col>,
    is_limited: bool,
}

/// A part of the objective: weights of the three tiers.
pub type Weights = [f64; 3];

fn build(linear: &Linear, weights: Weights, integer: bool, fixed: Option<&[Option<i64>]>) -> (RowProblem, Vec<Col>) {
    let mut problem = RowProblem::new();
    let columns: Vec<Col> = linear
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let (lower, upper) =
                fixed.and_then(|fixed| fixed[index]).map_or((column.lower, column.upper), |value| (value, value));
            let bounds = lower as f64..=upper as f64;
            let cost = weighted(column.cost, weights);
            problem.add_column_with_integrality(cost, bounds, integer && column.integer)
        })
        .collect();
    for (index, row) in linear.rows.iter().enumerate() {
        let terms: Vec<(Col, f64)> =
            linear.terms(index).iter().map(|&(column, factor)| (columns[column as usize], factor as f64)).collect();
        match (row.lower, row.upper) {
            (Some(lower), Some(upper)) => problem.add_row(lower as f64..=upper as f64, &terms),
            (Some(lower), None) => problem.add_row(lower as f64.., &terms),
            (None, Some(upper)) => problem.add_row(..=upper as f64, &terms),
            (None, None) => {}
        }
    }
    (problem, columns)
}

/// One cost from the costs of the tiers.
#[must_use]
pub fn weighted(cost: [i64; 3], weights: Weights) -> f64 {
    cost.iter().zip(weights).map(|(&cost, weight)| cost as f64 * weight).sum()
}

impl LiveProgramme {
    /// Passes the linear relaxation to the solver, with some columns closed at a value.
    #[must_use]
    pub fn new(linear: &Linear, weights: Weights, closed: Option<&[Option<i64>]>) -> Option<Self> {
        let (problem, columns) = build(linear, weights, false, closed);
        let mut model = Model::try_new(problem).ok()?;
        model.set_sense(Sense::Minimise);
        quiet(&mut model);
        Some(Self { model: Some(model), columns, is_limited: false })
    }

    /// Replaces the objective.
    pub fn set_weights(&mut self, linear: &Linear, weights: Weights) {
        if let Some(model) = &mut self.model {
            for (&handle, column) in self.columns.iter().zip(&linear.columns) {
                model.change_column_cost(handle, weighted(column.cost, weights));
            }
        }
    }

    /// Sets the cost of one column.
    pub fn set_cost(&mut self, column: usize, cost: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_cost(self.columns[column], cost);
        }
    }

    /// Sets the bounds of one column.
    pub fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.columns[column], lower..=upper);
        }
    }

    /// Adds a row that keeps a tier of the programme at this cost, offset included; `None` when the solver refuses.
    pub fn hold(&mut self, linear: &Linear, tier: usize, cost: f64) -> Option<()> {
        let columns = self.columns.iter().zip(&linear.columns).filter(|(_, column)| column.cost[tier] != 0);
        let terms: Vec<(Col, f64)> = columns.map(|(&handle, column)| (handle, column.cost[tier] as f64)).collect();
        // A hair of room keeps the programme feasible within the solver's own tolerance.
        let limit = cost - linear.offset[tier] as f64 + 1e-6;
        self.model.as_mut()?.try_add_row(..=limit, terms).ok().map(|_| ())
    }

    /// Ends searches after these seconds of the solver's own time, all searches together: they then come back without an
    /// optimum, but with multipliers.
    pub fn end_within(&mut self, seconds: f64) {
        if let Some(model) = &mut self.model {
            model.set_option("time_limit", seconds.max(0.01));
            self.is_limited = true;
        }
    }

    /// Solves from the last basis. `None` when the solver ends without an optimum, unless a limit is why.
    pub fn solve(&mut self) -> Option<Proposal> {
        let solved = self.model.take()?.try_solve().ok()?;
        let status = solved.status();
        let solution = solved.get_solution();
        self.model = Some(solved.into());
        let is_optimal = status == HighsModelStatus::Optimal;
        let is_late = self.is_limited && status == HighsModelStatus::ReachedTimeLimit;
        (is_optimal || is_late).then(|| Proposal {
            is_optimal,
            values: solution.columns().to_vec(),
            multipliers: solution.dual_rows().to_vec(),
            reduced: solution.dual_columns().to_vec(),
        })
    }
}

/// Limits of an integer solve.
#[derive(Debug, Clone, Copy)]
pub struct IntegerLimits {
    /// Seconds.
    pub seconds: f64,
    /// Stop at this absolute gap of the weighted objective.
    pub absolute_gap: f64,
    /// Stop at this relative gap.
    pub relative_gap: f64,
    /// Seed of the solver's own random choices.
    pub seed: i32,
}

/// How an integer solve ended.
#[derive(Debug, Clone)]
pub struct IntegerResult {
    /// The best point found, if any; integer columns are whole numbers within tolerance.
    pub values: Option<Vec<f64>>,
    /// The solver's own lower bound on the weighted objective, offset left out.
    pub bound: f64,
    /// Whether the solver proved that no point exists.
    pub infeasible: bool,
}

/// Solves the integer programme with some columns fixed, and with extra rows `sum <= limit`.
///
/// HiGHS 1.16.0 may improve a start within its presolved programme and then hand back the start itself under the better
/// objective. The objective of the point is therefore recounted, and where it differs, the solve is done without start.
#[must_use]
pub fn solve_integer(
    linear: &Linear,
    weights: Weights,
    fixed: Option<&[Option<i64>]>,
    limits_on_tiers: &[(usize, i64)],
    start: Option<&[i64]>,
    limits: IntegerLimits,
) -> IntegerResult {
    let (result, claimed) = attempt(linear, weights, fixed, limits_on_tiers, start, limits);
    let Some(values) = result.values.as_ref().filter(|_| start.is_some()) else { return result };
    let counted: f64 =
        linear.columns.iter().zip(values).map(|(column, value)| weighted(column.cost, weights) * value).sum();
    if counted <= claimed + 1e-6 * claimed.abs().max(1.0) {
        return result;
    }
    attempt(linear, weights, fixed, limits_on_tiers, None, limits).0
}

/// The result, and the objective that the solver claims for its point.
fn attempt(
    linear: &Linear,
    weights: Weights,
    fixed: Option<&[Option<i64>]>,
    limits_on_tiers: &[(usize, i64)],
    start: Option<&[i64]>,
    limits: IntegerLimits,
) -> (IntegerResult, f64) {
    let failed = IntegerResult { values: None, bound: f64::NEG_INFINITY, infeasible: false };
    let (mut problem, columns) = build(linear, weights, true, fixed);
    for &(tier, limit) in limits_on_tiers {
        let terms: Vec<(Col, f64)> = columns
            .iter()
            .zip(&linear.columns)
            .filter(|(_, column)| column.cost[tier] != 0)
            .map(|(&handle, column)| (handle, column.cost[tier] as f64))
            .collect();
        problem.add_row(..=(limit - linear.offset[tier]) as f64, &terms);
    }
    let Ok(mut model) = Model::try_new(problem) else { return (failed, f64::INFINITY) };
    model.set_sense(Sense::Minimise);
    quiet(&mut model);
    model.set_option("time_limit", limits.seconds.max(0.01));
    model.set_option("mip_abs_gap", limits.absolute_gap);
    model.set_option("mip_rel_gap", limits.relative_gap);
    model.set_option("random_seed", limits.seed);
    if let Some(start) = start {
        let values: Vec<f64> = start.iter().map(|&value| value as f64).collect();
        // A start that the solver refuses costs nothing but its help.
        let _accepted = model.try_set_solution(Some(&values), None, None, None);
    }
    let Ok(solved) = model.try_solve() else { return (failed, f64::INFINITY) };
    let infeasible = solved.status() == HighsModelStatus::Infeasible;
    let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible && !infeasible;
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
    let values = found.then(|| solved.get_solution().columns().to_vec());
    (IntegerResult { values, bound, infeasible }, solved.objective_value())
}

fn quiet(model: &mut Model) {
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("parallel", "off");
}
