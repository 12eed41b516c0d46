//! Price and branch: whole rosters out of known columns by a mixed-integer programme on `HiGHS`.

use highs::{ColProblem, HighsModelStatus, HighsSolutionStatus, Row, Sense};

use super::form::Form;
use super::generate::Context;
use super::lines::Lines;
use super::master::slack_bounds;
use super::pool::Pool;

/// What the programme found.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The roster, when there is one.
    pub lines: Option<Lines>,
    /// Bound over the columns given, without the form's constant.
    pub bound: f64,
    /// Whether the bound is proven over the columns given.
    pub is_proven: bool,
}

/// Chooses one column per person among `positions`; starts from `incumbent` when all its lines are among them.
///
/// # Errors
/// When `HiGHS` refuses the model.
pub fn choose(
    context: &Context<'_>,
    pool: &Pool,
    positions: &[usize],
    heads: &[(i64, i64)],
    seconds: f64,
    incumbent: &Lines,
) -> Result<Chosen, String> {
    let form = context.form;
    let mut problem = ColProblem::new();
    let mut start = Vec::new();
    let posts: Vec<Row> = form.posts.iter().map(|row| problem.add_row(row.target as f64..=row.target as f64)).collect();
    let people: Vec<Row> = form.people.iter().map(|_| problem.add_row(1.0..=1.0)).collect();
    for (post, (row, handle)) in form.posts.iter().zip(&posts).enumerate() {
        let now = incumbent.heads[post];
        let missing = (row.target - now).max(0);
        let from_min = (row.min - now).max(0);
        let range = heads.get(post).copied().unwrap_or((0, row.max.max(row.target)));
        let values = [from_min, missing - from_min, (now - row.target).max(0)];
        let costs = [(row.cost_min, 1.0), (row.cost_target, 1.0), (row.cost_over, -1.0)];
        for (((low, high), (cost, factor)), value) in slack_bounds(row, range).into_iter().zip(costs).zip(values) {
            if high > 0 {
                problem.add_column(cost as f64, low as f64..=high as f64, [(*handle, factor)]);
                start.push(value as f64);
            }
        }
    }
    let first = start.len();
    for at in positions {
        let column = &pool.columns[*at];
        let mut factors: Vec<(Row, f64)> = column.posts.iter().map(|post| (posts[*post as usize], 1.0)).collect();
        factors.push((people[column.person], 1.0));
        problem.add_integer_column(column.cost as f64, 0.0..=1.0, factors);
        start.push(f64::from(u8::from(incumbent.choices[column.person] == column.choice)));
    }
    let mut model = problem.try_optimise(Sense::Minimise).map_err(|error| format!("HiGHS: {error:?}"))?;
    model.make_quiet();
    model.try_set_option("threads", 1).map_err(failed)?;
    model.try_set_option("time_limit", seconds).map_err(failed)?;
    model.try_set_option("mip_rel_gap", 0.0).map_err(failed)?;
    model.try_set_option("mip_abs_gap", form.step as f64 * 0.999).map_err(failed)?;
    if start[first..].iter().filter(|value| **value > 0.5).count() == form.people.len() {
        // A start that HiGHS does not like is no loss.
        let _ignored = model.try_set_solution(Some(&start), None, None, None);
    }
    let solved = model.try_solve().map_err(failed)?;
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
    let is_proven = solved.status() == HighsModelStatus::Optimal;
    if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
        return Ok(Chosen { lines: None, bound, is_proven });
    }
    let solution = solved.get_solution();
    let mut choices = incumbent.choices.clone();
    for (at, value) in positions.iter().zip(&solution.columns()[first..]) {
        if *value > 0.5 {
            choices[pool.columns[*at].person].clone_from(&pool.columns[*at].choice);
        }
    }
    Ok(Chosen { lines: Some(Lines::new(context, choices)), bound, is_proven })
}

/// Columns of the pool that keep every rule and whose reduced cost is at most `gap`: of each person the best ones, some
/// `most` in all, and the incumbent's, without which the others may not make a roster.
#[must_use]
pub fn promising(
    form: &Form,
    pool: &Pool,
    duals: &super::pool::Duals,
    gap: f64,
    most: usize,
    incumbent: &Lines,
) -> Vec<usize> {
    let people = form.people.len();
    let mut by_person: Vec<Vec<(f64, usize)>> = vec![Vec::new(); people];
    for (at, column) in pool.columns.iter().enumerate().filter(|(_, column)| column.is_allowed(form)) {
        by_person[column.person].push((column.reduced_cost(duals), at));
    }
    let each = most.div_ceil(people.max(1));
    let mut kept = Vec::new();
    for (own, line) in by_person.iter_mut().zip(&incumbent.choices) {
        own.sort_by(|left, right| left.0.total_cmp(&right.0));
        let limit = own.first().map_or(0.0, |(least, _)| least + gap);
        let near = own.iter().take_while(|(reduced, _)| *reduced <= limit).take(each);
        let first = kept.len();
        kept.extend(near.map(|(_, at)| *at));
        let is_known = |at: &usize| pool.columns[*at].choice == *line;
        if !kept[first..].iter().any(is_known) {
            kept.extend(own.iter().map(|(_, at)| *at).find(is_known));
        }
    }
    kept
}

fn failed(error: impl std::fmt::Debug) -> String {
    format!("HiGHS: {error:?}")
}
