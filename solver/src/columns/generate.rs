//! Column generation at one node: masters and pricing in turn, with smoothed prices (Wentges 1997) and a Lagrangian
//! bound at every round.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::bound::{IntegerPrices, round_up};
use super::form::Form;
use super::master::{Master, Solution};
use super::pool::{Column, Duals, Pool};
use super::pricing::{Path, Pricer, Prices, Workspace};

/// Open choices by person; an empty one leaves all open.
pub type Masks = [Vec<bool>];

/// What the engine knows of the problem and shares between its parts.
pub struct Context<'a> {
    /// The translated problem.
    pub form: &'a Form,
    /// Pricing networks, one per person.
    pub pricers: Vec<Pricer>,
    /// Networks with every counter, one per person.
    pub exact: Vec<Pricer>,
    /// Worker threads.
    pub threads: usize,
    /// Whether to stop: time is up or the caller cancelled.
    pub is_over: &'a (dyn Fn() -> bool + Sync),
    /// Seconds since the start.
    pub seconds: &'a (dyn Fn() -> f64 + Sync),
}

/// Result at a node.
#[derive(Debug, Clone)]
pub struct NodeResult {
    /// Proven bound without the form's constant, a multiple of the costs' step; `i64::MIN` when none was found.
    pub bound: i64,
    /// Prices at which the bound was found.
    pub best: Duals,
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

/// Prices every person, in parallel.
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
            let Some(own) = context.pricers.get(person) else { return out };
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

/// Prices to smooth towards, and their Lagrangian value.
#[derive(Debug, Clone)]
pub struct Center {
    /// Prices.
    pub duals: Duals,
    /// Value.
    pub value: f64,
    /// The same as a bound, a multiple of the costs' step.
    pub bound: i64,
}

/// Subgradient steps (Polyak 1969) from flat prices: good prices and a varied pool before the first master.
#[must_use]
pub fn warm_up(
    context: &Context<'_>,
    pool: &mut Pool,
    goal: i64,
    rounds: usize,
    until: f64,
    spaces: &mut [Workspace],
) -> Option<Center> {
    let form = context.form;
    let mut duals = Duals {
        posts: form.posts.iter().map(|row| 0.25 * row.cost_min.max(row.cost_target) as f64).collect(),
        relaxed: form.people.iter().map(|network| vec![0.0; network.relaxed.len()]).collect(),
        people: vec![0.0; form.people.len()],
    };
    let mut best: Option<Center> = None;
    let mut stride = 1.0;
    let mut since = 0;
    for _ in 0..rounds {
        if (context.is_over)() || (context.seconds)() > until {
            break;
        }
        let prices = IntegerPrices::new(form, &duals);
        let paths = price_all(context, &prices, &[], 0, spaces);
        let least: Vec<i64> = paths.iter().filter_map(|own| own.first().map(|path| path.value)).collect();
        if least.len() < form.people.len() {
            break;
        }
        let lagrangian = prices.lagrangian(form, &context.pricers, &least);
        let value = lagrangian as f64 / prices.scale as f64;
        if best.as_ref().is_none_or(|best| value > best.value) {
            let bound = round_up(lagrangian, prices.scale, form.step);
            best = Some(Center { duals: duals.clone(), value, bound });
            since = 0;
        } else {
            since += 1;
            if since % 4 == 0 {
                stride *= 0.6;
                if let Some(best) = &best {
                    duals = best.duals.clone();
                }
            }
        }
        let mut slope: Vec<f64> = form.posts.iter().map(|row| row.target as f64).collect();
        let mut used: Vec<Vec<f64>> = Vec::with_capacity(form.people.len());
        for (person, own) in paths.into_iter().enumerate() {
            let limits = &form.people[person].relaxed;
            let column = own.into_iter().next().and_then(|path| Column::new(form, person, path.choice));
            let Some(column) = column else { return best };
            for post in &column.posts {
                slope[*post as usize] -= 1.0;
            }
            used.push(column.usage.iter().zip(limits).map(|(usage, at)| (usage - at.limit) as f64).collect());
            pool.add(column);
        }
        for ((slope, row), price) in slope.iter_mut().zip(&form.posts).zip(&duals.posts) {
            let is_capped = *price >= row.cost_min.max(row.cost_target) as f64 || *price <= -(row.cost_over as f64);
            *slope = if is_capped && (*slope > 0.0) == (*price > 0.0) { 0.0 } else { *slope };
        }
        let length: f64 = slope.iter().chain(used.iter().flatten()).map(|part| part * part).sum();
        if length <= 0.0 {
            break;
        }
        let step = stride * (goal as f64 - value).max(1.0) / length;
        for ((price, row), slope) in duals.posts.iter_mut().zip(&form.posts).zip(&slope) {
            *price = (*price + step * slope).clamp(-(row.cost_over as f64), row.cost_min.max(row.cost_target) as f64);
        }
        for (prices, slopes) in duals.relaxed.iter_mut().zip(&used) {
            for (price, slope) in prices.iter_mut().zip(slopes) {
                *price = (*price + step * slope).max(0.0);
            }
        }
    }
    best
}

/// Generates columns until the node is solved or the effort is spent.
///
/// # Errors
/// When `HiGHS` fails.
pub fn generate(
    context: &Context<'_>,
    master: &mut Master,
    pool: &mut Pool,
    masks: &Masks,
    effort: Effort,
    center: Option<Center>,
    spaces: &mut [Workspace],
) -> Result<NodeResult, String> {
    let form = context.form;
    let mut solution = master.solve()?;
    let mut bound = i64::MIN;
    let mut smooth = if center.is_some() { 0.6 } else { 0.0 };
    let (mut best, mut best_value) =
        center.map_or_else(|| (solution.duals.clone(), f64::NEG_INFINITY), |center| (center.duals, center.value));
    let mut is_converged = false;
    for round in 0..effort.rounds {
        if (context.is_over)() || (context.seconds)() > effort.until {
            break;
        }
        let seen = best.mixed(&solution.duals, smooth);
        let prices = IntegerPrices::new(form, &seen);
        let paths = price_all(context, &prices, masks, 3, spaces);
        if paths.len() < form.people.len() || paths.iter().any(Vec::is_empty) {
            return Ok(NodeResult { bound, best, solution, is_converged: false, is_infeasible: true });
        }
        let least: Vec<i64> = paths.iter().map(|own| own[0].value).collect();
        let lagrangian = prices.lagrangian(form, &context.pricers, &least);
        let value = lagrangian as f64 / prices.scale as f64;
        if value > best_value {
            best_value = value;
            best = seen;
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
        solution = master.solve()?;
        if solution.value <= effort.enough {
            break;
        }
        smooth = if round < 3 { 0.0 } else { 0.6 };
    }
    Ok(NodeResult { bound, best, solution, is_converged, is_infeasible: false })
}

/// Rounds a master's value up to the costs' step, with its tolerance.
fn round_up_float(value: f64, step: i64) -> i64 {
    ((value - 1e-6) / step as f64).ceil() as i64 * step
}
