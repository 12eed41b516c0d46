//! Diving: choices of large summed value are fixed, columns are generated for what is left, and so on to a whole
//! roster (Gamache, Soumis, Marquis, Desrosiers 1999, cut to its greedy branch).

use super::form::Form;
use super::generate::{Context, Effort, generate};
use super::improve::Lines;
use super::master::{Master, Solution};
use super::pool::Pool;
use super::pricing::Workspace;
use super::random::Random;

/// Summed value of every option of every person.
fn summed(form: &Form, pool: &Pool, solution: &Solution) -> Vec<Vec<f64>> {
    let mut sums: Vec<Vec<f64>> = form.people.iter().map(|network| vec![0.0; network.options.len()]).collect();
    for (at, value) in &solution.columns {
        let column = &pool.columns[*at];
        let start = &form.people[column.person].start;
        for (position, first) in column.choice.iter().zip(start) {
            sums[column.person][*first as usize + usize::from(*position)] += value;
        }
    }
    sums
}

/// The roster of a master whose people each have one column at 1; the column of largest value for the others.
#[must_use]
pub fn rounded(context: &Context<'_>, pool: &Pool, solution: &Solution, fallback: &Lines) -> Lines {
    let mut choices = fallback.choices.clone();
    let mut values = vec![0.0; choices.len()];
    for (at, value) in &solution.columns {
        let column = &pool.columns[*at];
        if *value > values[column.person] && column.is_allowed(context.form) {
            values[column.person] = *value;
            choices[column.person].clone_from(&column.choice);
        }
    }
    Lines::new(context, choices)
}

/// How a dive runs.
#[derive(Debug, Clone, Copy)]
pub struct DivePlan {
    /// Give up at this many seconds since the start.
    pub until: f64,
    /// A node whose bound reaches this cannot lead to anything better.
    pub cutoff: i64,
    /// Rounds of column generation per node.
    pub rounds: usize,
    /// At most one in this many open choices is fixed at a time, unless its value is whole.
    pub slowness: usize,
    /// Summed value from which choices are fixed at first.
    pub threshold: f64,
}

/// Masks that leave everything open.
#[must_use]
pub fn all_open(form: &Form) -> Vec<Vec<bool>> {
    form.people.iter().map(|network| vec![true; network.options.len()]).collect()
}

/// Masks that keep a roster's lines but for some people, or but for some days of everybody.
#[must_use]
pub fn around(form: &Form, lines: &Lines, free: &[bool], days: std::ops::Range<usize>) -> Vec<Vec<bool>> {
    let mut masks = all_open(form);
    for (person, mask) in masks.iter_mut().enumerate() {
        if free[person] {
            continue;
        }
        let start = &form.people[person].start;
        for (day, position) in lines.choices[person].iter().enumerate() {
            if !days.contains(&day) {
                mask[start[day] as usize..start[day + 1] as usize].fill(false);
                mask[start[day] as usize + usize::from(*position)] = true;
            }
        }
    }
    masks
}

/// One dive from the root, or from a neighbourhood given by masks; returns a roster, repaired where the dive ended early.
///
/// # Errors
/// When HiGHS fails.
pub fn dive(
    context: &Context<'_>,
    pool: &mut Pool,
    root: &Solution,
    plan: DivePlan,
    best: &Lines,
    mut masks: Vec<Vec<bool>>,
    random: &mut Random,
    spaces: &mut [Workspace],
) -> Result<Lines, String> {
    let form = context.form;
    let mut master = Master::new(form)?;
    let kept: Vec<usize> = (0..pool.columns.len())
        .filter(|at| {
            let column = &pool.columns[*at];
            column.fits(form, &masks[column.person])
                && column.reduced_cost(&root.duals) - root.duals.people[column.person] < form.forbidden as f64 * 0.1
        })
        .collect();
    master.add(pool, kept)?;
    let effort = Effort { rounds: 3 * plan.rounds, cutoff: plan.cutoff, until: plan.until };
    let is_root = masks.iter().flatten().all(|open| *open);
    let mut solution = if is_root {
        root.clone()
    } else {
        let result = generate(context, &mut master, pool, &masks, effort, None, spaces)?;
        if result.is_infeasible || result.bound >= plan.cutoff {
            return Ok(best.clone());
        }
        result.solution
    };
    let mut threshold = plan.threshold;
    loop {
        let sums = summed(form, pool, &solution);
        let mut fixed = 0;
        let mut candidates = Vec::new();
        for (person, own) in sums.iter().enumerate() {
            let network = &form.people[person];
            for day in 0..form.days {
                let range = network.start[day] as usize..network.start[day + 1] as usize;
                if masks[person][range.clone()].iter().filter(|open| **open).count() <= 1 {
                    continue;
                }
                let jitter = 0.02 * random.unit();
                if let Some(at) = range.clone().max_by(|left, right| own[*left].total_cmp(&own[*right])) {
                    candidates.push((own[at] + jitter, person, range, at));
                }
            }
        }
        if candidates.is_empty() {
            break;
        }
        candidates.sort_by(|left, right| right.0.total_cmp(&left.0));
        let goal = (candidates.len() / plan.slowness).max(2);
        for (value, person, range, at) in &candidates {
            // Whole choices cost nothing to fix; of the others some at a time, so that columns can answer.
            if *value < threshold && fixed > 0 {
                break;
            }
            if *value < 0.999 && fixed >= goal {
                break;
            }
            masks[*person][range.clone()].fill(false);
            masks[*person][*at] = true;
            fixed += usize::from(*value < 0.999);
            if *value < threshold {
                break;
            }
        }
        if fixed == 0 {
            let is_whole = solution.columns.iter().all(|(_, value)| *value > 0.999);
            if is_whole {
                break;
            }
        }
        threshold = (threshold * 0.97).max(0.51);
        master.restrict(|at| pool.columns[at].fits(form, &masks[pool.columns[at].person]));
        let effort = Effort { rounds: plan.rounds, cutoff: plan.cutoff, until: plan.until };
        let result = generate(context, &mut master, pool, &masks, effort, None, spaces)?;
        if result.is_infeasible
            || result.bound >= plan.cutoff
            || (context.is_over)()
            || (context.seconds)() > plan.until
        {
            if !result.is_infeasible {
                solution = result.solution;
            }
            break;
        }
        solution = result.solution;
    }
    Ok(rounded(context, pool, &solution, best))
}
