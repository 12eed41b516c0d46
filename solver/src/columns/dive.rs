//! Diving: choices of large summed value are fixed, columns are generated for what is left, and so on to a whole
//! roster (Gamache, Soumis, Marquis, Desrosiers 1999, cut to its greedy branch and few ways back).

use super::form::Form;
use super::generate::{Anchor, Context, Effort, Limits, NodeResult, generate};
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

/// Most choices of which one is fixed at a time in a dive's first nodes.
const SLOWEST: usize = 32;
/// The same after a fixing proved too dear, at most a quarter of what it becomes.
const MOST_SHARE: usize = 1 << 10;
/// Factor of the threshold from node to node.
const COOLING: f64 = 0.97;
/// Time that is kept for a dive's nodes, as a multiple of what the last one promises.
const MARGIN: f64 = 1.2;
/// A dive needs at least this share of what the one before took: cut short it leaves nothing of use.
const LEAST_OF_A_DIVE: f64 = 0.7;
/// Columns of each person that a dive starts with.
const NEAREST: usize = 40;

/// How a dive runs.
#[derive(Debug, Clone, Copy)]
pub struct DivePlan {
    /// Give up at this many seconds since the start.
    pub until: f64,
    /// The root's bound.
    pub bound: i64,
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
    /// Most ways back to a node above after nothing was left below it.
    pub returns: usize,
    /// Summed value from which choices are fixed at first.
    pub threshold: f64,
    /// Seconds that the dive before took.
    pub took: f64,
}

impl DivePlan {
    /// The first of a row of dives.
    #[must_use]
    pub const fn first() -> Self {
        let (slowness, threshold) = (4, 0.75);
        Self {
            until: 0.0,
            bound: 0,
            cutoff: 0,
            rounds: 8,
            slowness,
            quickest: slowness,
            flips: 30,
            returns: 1,
            threshold,
            took: 0.0,
        }
    }

    /// Whether another dive of the row would end in its time.
    #[must_use]
    pub fn has_time(&self, now: f64) -> bool {
        self.until - now > self.took * LEAST_OF_A_DIVE
    }

    /// Takes the next dive of a row, which looks for something better than `cutoff`: the slower ones stay closer to the
    /// bound.
    #[must_use]
    pub fn next(&mut self, cutoff: i64, random: &mut Random) -> Self {
        let next = Self { cutoff, ..*self };
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
    root: &NodeResult,
    plan: DivePlan,
    best: &Lines,
    random: &mut Random,
    spaces: &mut [Workspace],
) -> Result<Lines, String> {
    let form = context.form;
    let mut master = Master::new(form)?;
    let kept = pool.closest(form.people.len(), &root.solution.duals, NEAREST, |_| true);
    master.add(pool, kept)?;
    let mut here = Level {
        masks: all_open(form),
        solution: root.solution.clone(),
        anchor: root.best.clone(),
        bound: plan.bound,
        share: plan.slowness,
    };
    // The last node above whose bound had not risen much yet: the way back when nothing is left below it.
    let (mut back, mut returns) = (None, plan.returns);
    let low = plan.bound + (plan.cutoff - plan.bound) / 2;
    // The solution with the fewest choices open, for a dive that ends early.
    let (mut deepest, mut least_open) = (root.solution.clone(), usize::MAX);
    let mut threshold = plan.threshold;
    let mut flips = 0;
    let mut took = 0.0;
    let effort = Effort { rounds: plan.rounds, cutoff: plan.cutoff, until: plan.until, enough: f64::NEG_INFINITY };
    let mut node = |masks: &[Vec<bool>], anchor: &Anchor, pool: &mut Pool| {
        master.restrict(|at| pool.columns[at].fits(form, &masks[pool.columns[at].person]));
        let limits = Limits { masks, heads: &[] };
        let result = in_time(generate(context, &mut master, pool, limits, effort, anchor.clone(), spaces))?;
        Ok::<_, String>(result.filter(|_| !(context.is_over)() && (context.seconds)() <= plan.until))
    };
    let is_hopeful = |result: &NodeResult| !result.is_infeasible && result.bound < plan.cutoff;
    loop {
        let candidates = candidates(form, &here.masks, &summed(form, pool, &here.solution), random);
        let whole = candidates.iter().filter(|candidate| candidate.value > WHOLE).count();
        let open = candidates.len() - whole;
        if open < least_open {
            (least_open, deepest) = (open, here.solution.clone());
        }
        if open == 0 && here.solution.columns.iter().all(|(_, value)| *value > WHOLE) {
            break;
        }
        let mut masks = here.masks.clone();
        // At least as many as bring the dive to its end in time: nodes take less and less as fewer choices are open.
        let left = (plan.until - (context.seconds)()).max(1e-3);
        let least = (open as f64 * (took * MARGIN / left).min(1.0)) as usize;
        let goal = (open / here.share.max(1)).max(1).max(least);
        let mut fixed = 0;
        for candidate in &candidates {
            // Whole choices cost little to fix, and make every node below quicker; of the others some at a time, so that
            // columns can answer.
            let is_whole = candidate.value > WHOLE;
            if !is_whole && fixed > 0 && (fixed >= goal || candidate.value < threshold && fixed >= least) {
                break;
            }
            masks[candidate.person][candidate.day.clone()].fill(false);
            masks[candidate.person][candidate.at] = true;
            fixed += usize::from(!is_whole);
        }
        let begin = (context.seconds)();
        let Some(result) = node(&masks, &here.anchor, pool)? else { break };
        took = (context.seconds)() - begin;
        if is_hopeful(&result) {
            threshold = (threshold * COOLING).max(0.51);
            let share = (here.share * 3 / 4).max(plan.quickest);
            let bound = result.bound.max(here.bound);
            let below = Level { masks, solution: result.solution, anchor: result.best, bound, share };
            let parent = std::mem::replace(&mut here, below);
            if returns > 0 && parent.bound <= low {
                back = Some(parent);
            }
            continue;
        }
        // Too dear: fix fewer, and in the end rule the one choice out.
        if fixed > 1 {
            here.share = fewer(here.share);
            continue;
        }
        here.share = plan.slowness;
        flips += 1;
        let wrong = candidates.iter().find(|candidate| candidate.value <= WHOLE);
        if let Some(wrong) = wrong.filter(|_| flips <= plan.flips) {
            here.masks[wrong.person][wrong.at] = false;
            let Some(result) = node(&here.masks, &here.anchor, pool)? else { break };
            if is_hopeful(&result) {
                (here.solution, here.anchor) = (result.solution, result.best);
                here.bound = here.bound.max(result.bound);
                continue;
            }
        }
        // Nothing better is left here.
        let Some(level) = back.take() else { break };
        here = Level { share: fewer(level.share), ..level };
        returns -= 1;
    }
    Ok(rounded(context, pool, &deepest, best))
}

/// What to fix one in so many of after one in `share` proved too dear.
fn fewer(share: usize) -> usize {
    share.clamp(4, MOST_SHARE) * 4
}

/// A node of a dive: what is open there, and its linear programme.
struct Level {
    masks: Vec<Vec<bool>>,
    solution: Solution,
    anchor: Anchor,
    bound: i64,
    /// One in this many open choices is fixed next.
    share: usize,
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
