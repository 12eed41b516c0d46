//! The exact method for small problems: one integer programme per tier, through `good_lp`.

use good_lp::solvers::highs::highs;
use good_lp::{Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, variable};

use crate::model::linear::Linear;
use crate::model::part::PartModel;
use crate::roster::TierValues;

use super::part_search::PartResult;

/// Finds a roster that is optimal in every tier, or `None` when the time does not suffice.
///
/// Costs are whole numbers, so an optimum that the solver proves within a tolerance far below one is exact; the
/// costs returned are recounted from the roster in integers and must agree.
#[must_use]
pub fn solve_exactly(model: &PartModel, seconds: f64) -> Option<PartResult> {
    let mut limits: Vec<i64> = Vec::new();
    let mut chosen = Vec::new();
    for tier in 0..3 {
        let point = minimise(&model.linear, tier, &limits, seconds / 3.0)?;
        chosen = point[..model.pairs.len()].iter().map(|&value| value > 0.5).collect::<Vec<bool>>();
        let costs = model.evaluate(&chosen)?;
        let claimed = objective(&model.linear, tier, &point);
        let agrees = (claimed - costs[tier] as f64).abs() < 0.5;
        let keeps_limits = limits.iter().zip(costs).all(|(&limit, cost)| cost <= limit);
        if !agrees || !keeps_limits {
            return None;
        }
        limits.push(costs[tier]);
    }
    let costs = model.evaluate(&chosen)?;
    (TierValues::from(costs)[..] == limits[..]).then_some(PartResult { chosen, costs })
}

/// The least weighted sum of tiers, or `None` when the time does not suffice. Costs and weights are whole numbers.
#[must_use]
pub fn least(model: &PartModel, weights: [i64; 3], seconds: f64) -> Option<i64> {
    let sum = |costs: [i64; 3]| costs.iter().zip(weights).map(|(cost, weight)| cost * weight).sum::<i64>();
    let mut linear = model.linear.clone();
    for column in &mut linear.columns {
        column.cost = [sum(column.cost), 0, 0];
    }
    linear.offset = [sum(linear.offset), 0, 0];
    let point = minimise(&linear, 0, &[], seconds)?;
    let chosen: Vec<bool> = point[..model.pairs.len()].iter().map(|&value| value > 0.5).collect();
    let value = sum(model.evaluate(&chosen)?);
    ((objective(&linear, 0, &point) - value as f64).abs() < 0.5).then_some(value)
}

fn objective(linear: &Linear, tier: usize, point: &[f64]) -> f64 {
    let sum: f64 = linear.columns.iter().zip(point).map(|(column, value)| column.cost[tier] as f64 * value).sum();
    sum + linear.offset[tier] as f64
}

fn minimise(linear: &Linear, tier: usize, limits: &[i64], seconds: f64) -> Option<Vec<f64>> {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = linear
        .columns
        .iter()
        .map(|column| {
            let definition = variable().min(column.lower as f64).max(column.upper as f64);
            variables.add(if column.integer { definition.integer() } else { definition })
        })
        .collect();
    let cost = |tier: usize| -> Expression {
        columns
            .iter()
            .zip(&linear.columns)
            .filter(|(_, column)| column.cost[tier] != 0)
            .map(|(&variable, column)| variable * column.cost[tier] as f64)
            .sum()
    };
    let mut problem = variables.minimise(cost(tier)).using(highs).set_threads(1).set_time_limit(seconds.max(0.1));
    problem = problem.set_mip_rel_gap(0.0).ok()?.set_mip_abs_gap(0.0).ok()?;
    for (index, row) in linear.rows.iter().enumerate() {
        let activity: Expression =
            linear.terms(index).iter().map(|&(column, factor)| columns[column as usize] * factor as f64).sum();
        if let Some(lower) = row.lower {
            problem.add_constraint(activity.clone().geq(lower as f64));
        }
        if let Some(upper) = row.upper {
            problem.add_constraint(activity.leq(upper as f64));
        }
    }
    for (above, &limit) in limits.iter().enumerate() {
        problem.add_constraint(cost(above).leq((limit - linear.offset[above]) as f64));
    }
    let solution = problem.solve().ok()?;
    if !matches!(solution.status(), SolutionStatus::Optimal) {
        return None;
    }
    Some(columns.iter().map(|&column| solution.value(column)).collect())
}
