//! Diving: choices of large summed value are fixed, columns are generated for what is left, and so on to a whole
//! roster (Gamache, Soumis, Marquis, Desrosiers 1999, cut to its greedy branch).

use super::form::Form;
use super::generate::{Context, Effort, Limits, NodeResult, generate};
use super::lines::Lines;
use super::master::{Master, OUT_OF_TIME, Solution};
use super::pool::Pool;
use super::pricing::Workspace;
use super::random::Random;

/// Summed value of every option of every person.
#[must_use]
pub fn summed(form: &Form, pool: &Pool, solution: &Solution) -> Vec<Vec<f64>> {
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

/// Most choices of which one is fixed at a time.
const SLOWEST: usize = 32;
/// Factor of the threshold from node to node.
const COOLING: f64 = 0.97;
/// Columns of each person that a dive starts with.
const NEAREST: usize = 40;

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
    /// The same as it gets on, at least.
    pub quickest: usize,
    /// Most choices ruled out after a fixing proved too dear.
    pub flips: usize,
    /// Summed value from which choices are fixed at first.
    pub threshold: f64,
    /// Seconds that the dive before took.
    pub took: f64,
}

impl DivePlan {
    /// The first of a row of dives.
    #[must_use]
    pub const fn first() -> Self {
        let (slowness, threshold) = (2, 0.75);
        Self { until: 0.0, cutoff: 0, rounds: 20, slowness, quickest: slowness, flips: 30, threshold, took: 0.0 }
    }

    /// Takes the next dive of a row: the slower ones stay closer to the bound.
    #[must_use]
    pub fn next(&mut self, random: &mut Random) -> Self {
        let next = *self;
        self.slowness = if self.slowness < SLOWEST { self.slowness * 2 } else { SLOWEST / 8 };
        self.quickest = self.slowness.min(8);
        self.threshold = 0.7 + 0.29 * random.unit();
        next
    }
}

/// Masks that leave everything open.
#[must_use]
pub fn all_open(form: &Form) -> Vec<Vec<bool>> {
    form.people.iter().map(|network| vec![true; network.options.len()]).collect()
}

/// One dive from the root; returns a roster, repaired where the dive ended early.
///
/// # Errors
/// When `HiGHS` fails.
pub fn dive(
    context: &Context<'_>,
    pool: &mut Pool,
    root: &Solution,
    plan: DivePlan,
    best: &Lines,
    random: &mut Random,
    spaces: &mut [Workspace],
) -> Result<Lines, String> {
    let form = context.form;
    let mut master = Master::new(form)?;
    let kept = pool.closest(form.people.len(), &root.duals, NEAREST, |_| true);
    master.add(pool, kept)?;
    let mut solution = root.clone();
    let mut masks = all_open(form);
    let mut threshold = plan.threshold;
    let mut share = plan.slowness;
    let mut flips = 0;
    loop {
        let candidates = candidates(form, &masks, &summed(form, pool, &solution), random);
        let whole = candidates.iter().filter(|candidate| candidate.value > WHOLE).count();
        if whole == candidates.len() && solution.columns.iter().all(|(_, value)| *value > WHOLE) {
            break;
        }
        let before = masks.clone();
        let goal = ((candidates.len() - whole) / share.max(1)).max(1);
        let mut fixed = 0;
        for candidate in &candidates {
            // Whole choices cost little to fix, and make every node below quicker; of the others some at a time, so that
            // columns can answer.
            let is_whole = candidate.value > WHOLE;
            if !is_whole && fixed > 0 && (fixed >= goal || candidate.value < threshold) {
                break;
            }
            masks[candidate.person][candidate.day.clone()].fill(false);
            masks[candidate.person][candidate.at] = true;
            fixed += usize::from(!is_whole);
        }
        let effort = Effort { rounds: plan.rounds, cutoff: plan.cutoff, until: plan.until, enough: f64::NEG_INFINITY };
        let mut node = |masks: &[Vec<bool>], master: &mut Master| {
            master.restrict(|at| pool.columns[at].fits(form, &masks[pool.columns[at].person]));
            generate(context, master, pool, Limits { masks, heads: &[] }, effort, None, spaces)
        };
        let Some(result) = in_time(node(&masks, &mut master))? else { break };
        if (context.is_over)() || (context.seconds)() > plan.until {
            break;
        }
        if !result.is_infeasible && result.bound < plan.cutoff {
            solution = result.solution;
            threshold = (threshold * COOLING).max(0.51);
            share = (share * 3 / 4).max(plan.quickest);
            continue;
        }
        // Too dear: take the fixing back, fix fewer, and in the end rule the one choice out.
        masks = before;
        if fixed > 1 {
            share = share.max(4) * 4;
            continue;
        }
        share = plan.slowness;
        flips += 1;
        let Some(wrong) = candidates.iter().find(|candidate| candidate.value <= WHOLE) else { break };
        masks[wrong.person][wrong.at] = false;
        let Some(result) = in_time(node(&masks, &mut master))? else { break };
        if result.is_infeasible || result.bound >= plan.cutoff || flips > plan.flips {
            break;
        }
        solution = result.solution;
    }
    Ok(rounded(context, pool, &solution, best))
}

/// A node's result; none when its time was up before there was one.
fn in_time(result: Result<NodeResult, String>) -> Result<Option<NodeResult>, String> {
    match result {
        Err(failure) if failure == OUT_OF_TIME => Ok(None),
        result => result.map(Some),
    }
}

/// Values above this count as one.
const WHOLE: f64 = 0.999;

/// An open choice that could be fixed.
struct Candidate {
    value: f64,
    order: f64,
    person: usize,
    day: std::ops::Range<usize>,
    at: usize,
}

/// The choice of largest value of every person and open day, largest first, near ties in random order.
fn candidates(form: &Form, masks: &[Vec<bool>], sums: &[Vec<f64>], random: &mut Random) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (person, own) in sums.iter().enumerate() {
        let network = &form.people[person];
        for day in 0..form.days {
            let range = network.start[day] as usize..network.start[day + 1] as usize;
            if masks[person][range.clone()].iter().filter(|open| **open).count() <= 1 {
                continue;
            }
            if let Some(at) = range.clone().max_by(|left, right| own[*left].total_cmp(&own[*right])) {
                let value = own[at];
                let order = if value > WHOLE { 2.0 } else { value + 0.04 * random.unit() };
                found.push(Candidate { value, order, person, day: range, at });
            }
        }
    }
    found.sort_by(|left, right| right.order.total_cmp(&left.order));
    found
}
