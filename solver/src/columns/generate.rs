//! Column generation at one node: masters and pricing in turn, with smoothed prices (Wentges 1997) and a Lagrangian
//! bound at every round.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::bound::{IntegerPrices, round_up};
use super::form::Form;
use super::master::{Master, OUT_OF_TIME, Solution};
use super::pool::{Column, Duals, Pool};
use super::pricing::{Path, Pricer, Prices, Workspace};

/// Open choices by person; an empty one leaves all open.
pub type Masks = [Vec<bool>];

/// What a node leaves open.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// Open choices by person.
    pub masks: &'a Masks,
    /// Least and most heads by post; none leaves them to the form.
    pub heads: &'a [(i64, i64)],
}

impl Limits<'_> {
    /// Everything open.
    pub const NONE: Self = Self { masks: &[], heads: &[] };
}

/// What the engine knows of the problem and shares between its parts.
pub struct Context<'a> {
    /// The translated problem.
    pub form: &'a Form,
    /// Pricing networks, one per person.
    pub pricers: Vec<Pricer>,
    /// Networks with every counter, one per person, where they are small enough to be priced whole.
    pub exact: Vec<Option<Pricer>>,
    /// Worker threads.
    pub threads: usize,
    /// Whether to stop: time is up or the caller cancelled.
    pub is_over: &'a (dyn Fn() -> bool + Sync),
    /// Seconds since the start.
    pub seconds: &'a (dyn Fn() -> f64 + Sync),
}

/// Prices to stay near, with a Lagrangian value that they are known to have at least: those of a node hold below it.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Prices.
    pub duals: Duals,
    /// Value, without the form's constant.
    pub value: f64,
}

/// Result at a node.
#[derive(Debug, Clone)]
pub struct NodeResult {
    /// Proven bound without the form's constant, a multiple of the costs' step; `i64::MIN` when none was found.
    pub bound: i64,
    /// Prices at which the bound was found, and what they are worth.
    pub best: Anchor,
    /// By person: least value at those prices, scaled as [`IntegerPrices`] scales them.
    pub least: Vec<i64>,
    /// The last master.
    pub solution: Solution,
    /// Whether no column can improve the master any more, or its rounded value is proven.
    pub is_converged: bool,
    /// A person has no path left.
    pub is_infeasible: bool,
}

/// When to leave a node.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Most rounds.
    pub rounds: usize,
    /// Stop when the bound reaches this (nothing better than the incumbent is left).
    pub cutoff: i64,
    /// Stop at this many seconds since the start.
    pub until: f64,
    /// Stop when the master is at most this.
    pub enough: f64,
}

/// Prices every person, in parallel. Fewer come back when time is up.
#[must_use]
pub fn price_all(
    context: &Context<'_>,
    prices: &IntegerPrices,
    masks: &Masks,
    more: usize,
    spaces: &mut [Workspace],
) -> Vec<Vec<Path>> {
    let next = AtomicUsize::new(0);
    let work = |space: &mut Workspace| {
        let mut out = Vec::new();
        loop {
            let person = next.fetch_add(1, Ordering::Relaxed);
            let Some(own) = context.pricers.get(person).filter(|_| !(context.is_over)()) else { return out };
            let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed: &prices.relaxed[person] };
            let mask = masks.get(person).map_or(&[][..], Vec::as_slice);
            let only = own.only_line(mask);
            let paths = match only.and_then(|choice| own.value_of(&seen, choice)) {
                Some(path) => vec![path],
                None => own.several(&seen, mask, more, space),
            };
            out.push((person, paths));
        }
    };
    let mut found: Vec<(usize, Vec<Path>)> = if spaces.len() == 1 {
        work(&mut spaces[0])
    } else {
        std::thread::scope(|scope| {
            let work = &work;
            let handles: Vec<_> = spaces.iter_mut().map(|space| scope.spawn(move || work(space))).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok()).flatten().collect()
        })
    };
    found.sort_by_key(|(person, _)| *person);
    found.into_iter().map(|(_, paths)| paths).collect()
}

/// Generates columns, at the anchor's prices first, until the node is solved or the effort is spent.
///
/// # Errors
/// When `HiGHS` fails.
pub fn generate(
    context: &Context<'_>,
    master: &mut Master,
    pool: &mut Pool,
    limits: Limits<'_>,
    effort: Effort,
    anchor: Anchor,
    spaces: &mut [Workspace],
) -> Result<NodeResult, String> {
    let form = context.form;
    let left = || effort.until - (context.seconds)();
    let mut solution = master.solve(left())?;
    let mut bound = i64::MIN;
    // The first look is at the anchor itself: its value holds here, and its columns answer what the node closed.
    let mut smooth = 1.0;
    let mut best = anchor;
    let mut best_least = Vec::new();
    let mut is_converged = false;
    for _ in 0..effort.rounds {
        if (context.is_over)() || (context.seconds)() > effort.until {
            break;
        }
        let seen = best.duals.mixed(&solution.duals, smooth);
        let prices = IntegerPrices::new(form, &seen);
        let paths = price_all(context, &prices, limits.masks, 3, spaces);
        if (context.is_over)() {
            break;
        }
        if paths.len() < form.people.len() || paths.iter().any(Vec::is_empty) {
            return Ok(NodeResult {
                bound,
                best,
                least: best_least,
                solution,
                is_converged: false,
                is_infeasible: true,
            });
        }
        let least: Vec<i64> = paths.iter().map(|own| own[0].value).collect();
        let lagrangian = prices.lagrangian(form, &context.pricers, &least, limits.heads);
        let value = lagrangian as f64 / prices.scale as f64;
        if value > best.value || best_least.is_empty() {
            best = Anchor { duals: seen, value };
            best_least.clone_from(&least);
        }
        bound = bound.max(round_up(lagrangian, prices.scale, form.step));
        let mut fresh = Vec::new();
        for (person, own) in paths.into_iter().enumerate() {
            for path in own {
                let Some(column) = Column::new(form, person, path.choice) else { continue };
                let reduced = column.reduced_cost(&solution.duals) - solution.duals.people[person];
                if reduced > -1e-6 {
                    continue;
                }
                let at = pool.add(column);
                if !master.contains(at) {
                    fresh.push(at);
                }
            }
        }
        if bound >= effort.cutoff || round_up_float(solution.value, form.step) <= bound {
            is_converged = true;
            break;
        }
        if fresh.is_empty() {
            if smooth == 0.0 {
                is_converged = true;
                break;
            }
            smooth = 0.0;
            continue;
        }
        master.add(pool, fresh)?;
        match master.solve(left()) {
            Ok(better) => solution = better,
            // The last solution still is one, and the bound found so far holds.
            Err(failure) if failure == OUT_OF_TIME => break,
            Err(failure) => return Err(failure),
        }
        if solution.value <= effort.enough {
            break;
        }
        smooth = if solution.value - best.value > 0.05 * solution.value.abs() { 0.8 } else { 0.6 };
    }
    Ok(NodeResult { bound, best, least: best_least, solution, is_converged, is_infeasible: false })
}

/// Rounds a master's value up to the costs' step, with its tolerance.
fn round_up_float(value: f64, step: i64) -> i64 {
    ((value - 1e-6) / step as f64).ceil() as i64 * step
}
