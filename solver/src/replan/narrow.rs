//! Tier after tier on a programme that grows smaller: what a bound shows to be in no roster as good as the best known
//! is closed, for this tier and for those that follow.

use std::time::Instant;

use crate::explain::stages::{Proof, ceil};
use crate::model::linear::{Linear, bound_scale, ceil_bound, fixed};
use crate::model::part::PartModel;
use crate::search::linear_solver::{IntegerLimits, LiveProgramme, solve_integer};

/// A model on its way through the tiers, with the best choice of pairs so far. Columns close as bounds allow.
pub(super) struct Narrow {
    /// The model; a closed column's bounds are equal.
    pub model: PartModel,
    /// One flag per pair.
    pub chosen: Vec<bool>,
    point: Vec<i64>,
    /// Pairs that programmes begin with.
    open: Vec<bool>,
    /// Whether few pairs open at once.
    pub opens_few: bool,
    /// Who changes.
    flags: Vec<Flag>,
    deadline: Instant,
}

/// The column that says whether a person changes, and the rows that ask it to be as large as duties are.
pub(super) struct Flag {
    /// The column.
    pub column: u32,
    /// The rows.
    pub rows: Vec<usize>,
}

/// Pairs that open after one linear programme, at most.
const MOST_OPENED: usize = 1500;
/// The same where quality counts: two duties of a day bring a column of their own (S32), so that few at once are faster.
const FEW_OPENED: usize = 200;

/// How much less linear programmes ask of a post.
const HAIR: f64 = 1e-4;

/// A programme over some of the columns: the others stand at their lower bound.
struct Restricted {
    linear: Linear,
    /// The whole's column of each column.
    columns: Vec<usize>,
    /// The whole's row of each row.
    rows: Vec<usize>,
}

/// What a linear programme says.
struct Relaxed {
    /// Exact lower bound, scaled.
    bound: i128,
    /// Exact reduced cost of each column, scaled.
    reduced: Vec<i128>,
    /// Value of each column.
    values: Vec<f64>,
}

impl Restricted {
    /// Adds a column to each of the marked rows that ask for something, with which they ask for up to one less.
    fn with_rooms(&mut self, marked: &[bool]) -> Vec<usize> {
        let whole = std::mem::take(&mut self.linear);
        self.linear.offset = whole.offset;
        self.linear.columns.clone_from(&whole.columns);
        let mut rooms = Vec::new();
        for (index, row) in whole.rows.iter().enumerate() {
            let room = (marked[index] && row.lower.is_some() && row.upper.is_none())
                .then(|| self.linear.add_column(0, 1, [0; 3], false));
            rooms.extend(room.map(|room| room as usize));
            let terms = whole.terms(index).iter().copied().chain(room.map(|room| (room, 1)));
            self.linear.add_row(row.lower, row.upper, terms.collect::<Vec<_>>());
        }
        rooms
    }
}

impl Narrow {
    /// Starts from a choice of pairs that keeps every row; `None` when it does not.
    pub fn new(model: PartModel, chosen: Vec<bool>, deadline: Instant) -> Option<Self> {
        let point = model.complete(&chosen);
        model.linear.is_feasible(&point).then(|| Self {
            model,
            open: chosen.clone(),
            chosen,
            point,
            opens_few: false,
            flags: Vec::new(),
            deadline,
        })
    }

    /// Lets programmes move these pairs from the start.
    pub fn open(&mut self, pairs: impl IntoIterator<Item = usize>) {
        for pair in pairs {
            self.open[pair] = true;
        }
    }

    /// Counts the present choice anew, after flags were added to the model.
    pub fn recount(&mut self, flags: Vec<Flag>) {
        self.flags = flags;
        self.point = self.model.complete(&self.chosen);
    }

    /// Costs of the present choice.
    pub fn costs(&self) -> [i64; 3] {
        self.model.linear.costs(&self.point)
    }

    /// Takes another choice when it keeps every row and the limits and costs less in the tier.
    pub fn offer(&mut self, chosen: &[bool], tier: usize, limits: &[(usize, i64)]) -> bool {
        let point = self.model.complete(chosen);
        let linear = &self.model.linear;
        let costs = linear.costs(&point);
        let keeps = limits.iter().all(|&(tier, limit)| costs[tier] <= limit);
        let is_better = keeps && costs[tier] < self.costs()[tier] && linear.is_feasible(&point);
        if is_better {
            for (open, &chosen) in self.open.iter_mut().zip(chosen) {
                *open |= chosen;
            }
            self.chosen = chosen.to_vec();
            self.point = point;
        }
        is_better
    }

    /// Minimises a tier with limits on others, and closes every column that no point as good as the best has.
    pub fn minimise(&mut self, tier: usize, limits: &[(usize, i64)]) -> Proof {
        let (proof, relaxed) = self.solve(tier, limits);
        if let Some(relaxed) = &relaxed {
            self.close(relaxed, proof.value);
        }
        proof
    }

    /// Minimises a tier and closes nothing.
    pub fn least(&mut self, tier: usize) -> Proof {
        self.solve(tier, &[]).0
    }

    fn solve(&mut self, tier: usize, limits: &[(usize, i64)]) -> (Proof, Option<Relaxed>) {
        let step = self.model.linear.step(tier).max(1);
        let relaxed = self.relaxed(tier, limits);
        let mut bound = self.model.linear.round_up(tier, self.model.linear.alone()[tier]);
        if let Some(relaxed) = &relaxed {
            bound = bound.max(self.model.linear.round_up(tier, ceil_bound(relaxed.bound)));
            if bound < self.costs()[tier] {
                self.rounded(&relaxed.values, tier, limits);
            }
        }
        let mut value = self.costs()[tier];
        bound = bound.min(value);
        if bound < value && Instant::now() < self.deadline {
            for whole in [false, true] {
                let all = self.model.linear.columns.clone();
                if let Some(relaxed) = &relaxed {
                    self.close(relaxed, value - step);
                }
                let (found, proven) = self.integer(tier, limits, step, whole);
                self.model.linear.columns = all;
                if let Some(chosen) = found {
                    self.offer(&chosen, tier, limits);
                }
                if whole {
                    // What was closed costs at least the value that stood.
                    let proven = proven.map_or(value, |proven| self.model.linear.round_up(tier, proven).min(value));
                    bound = bound.max(proven);
                }
                value = self.costs()[tier];
                bound = bound.min(value);
                if bound == value || Instant::now() >= self.deadline {
                    break;
                }
            }
        }
        (Proof { value, bound }, relaxed)
    }

    /// A programme of those pairs that `keep` accepts, of what is not closed; the others stand at their lower bound.
    /// Rows that can then not be broken are left out, with the columns that nothing else asks for.
    fn small(&self, keep: &dyn Fn(usize) -> bool) -> Restricted {
        let linear = &self.model.linear;
        let pairs = self.chosen.len();
        let range = |at: usize| {
            let column = &linear.columns[at];
            (column.lower, if at < pairs && !keep(at) { column.lower } else { column.upper })
        };
        let mut rows = Vec::new();
        let mut is_asked = vec![false; linear.columns.len()];
        for (index, row) in linear.rows.iter().enumerate() {
            let (mut least, mut most) = (0, 0);
            for &(column, factor) in linear.terms(index) {
                let (lower, upper) = range(column as usize);
                let (low, high) = if factor > 0 { (lower, upper) } else { (upper, lower) };
                least += factor * low;
                most += factor * high;
            }
            if row.lower.is_some_and(|lower| least < lower) || row.upper.is_some_and(|upper| most > upper) {
                rows.push(index);
                for &(column, _) in linear.terms(index) {
                    is_asked[column as usize] = true;
                }
            }
        }
        let mut small = Linear::default();
        small.offset = linear.offset;
        let mut columns = Vec::new();
        let mut position: Vec<u32> = vec![u32::MAX; linear.columns.len()];
        let mut at = Vec::with_capacity(linear.columns.len());
        for (index, column) in linear.columns.iter().enumerate() {
            let (lower, upper) = range(index);
            // What no row asks for stands where it costs least.
            let is_idle = !is_asked[index] && (index >= pairs && column.cost.iter().all(|&cost| cost >= 0));
            at.push(lower);
            if lower < upper && !is_idle {
                position[index] = small.add_column(lower, upper, column.cost, column.integer);
                columns.push(index);
            } else {
                for (offset, cost) in small.offset.iter_mut().zip(column.cost) {
                    *offset += cost * lower;
                }
            }
        }
        let mut terms: Vec<(u32, i64)> = Vec::new();
        for &index in &rows {
            terms.clear();
            let mut rest = 0;
            for &(column, factor) in linear.terms(index) {
                match position[column as usize] {
                    u32::MAX => rest += factor * at[column as usize],
                    column => terms.push((column, factor)),
                }
            }
            let row = &linear.rows[index];
            let side = |side: Option<i64>| side.map(|side| side - rest);
            small.add_row(side(row.lower), side(row.upper), terms.iter().copied());
        }
        Restricted { linear: small, columns, rows }
    }

    /// A linear programme over pairs that open by price, from the present choice on; what it says holds for all pairs.
    fn relaxed(&mut self, tier: usize, limits: &[(usize, i64)]) -> Option<Relaxed> {
        const HELPS: i128 = -8;
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let mut best: Option<Relaxed> = None;
        while Instant::now() < self.deadline {
            let linear = &self.model.linear;
            let mut small = self.small(&|pair| self.open[pair]);
            // Of all prices at which the present choice is best, the lowest are wanted: the others make every pair at a
            // full post look worth opening. A hair less asked of each post leaves prices only where people are short.
            let is_cover: Vec<bool> = small.rows.iter().map(|&row| row < self.model.covers).collect();
            let rooms = small.with_rooms(&is_cover);
            let Some(mut live) = LiveProgramme::new(&small.linear, weights, None) else { break };
            for (number, &column) in rooms.iter().enumerate() {
                live.set_bounds(column, 0.0, HAIR * (1.0 + (number * 37 % 101) as f64 / 101.0));
            }
            for &(above, limit) in limits {
                live.hold(&small.linear, above, limit as f64);
            }
            let Some(proposal) = live.solve() else { break };
            let mut multipliers = vec![0.0; linear.rows.len()];
            for (&row, &multiplier) in small.rows.iter().zip(&proposal.multipliers) {
                multipliers[row] = multiplier;
            }
            let (held, given) = proposal.held(small.rows.len(), weights, limits);
            let (bound, reduced) = lagrangian(linear, held, &self.shared_out(held, multipliers));
            let bound = bound - given;
            let mut helpful: Vec<(i128, usize)> = (0..self.chosen.len())
                .filter(|&pair| !self.open[pair] && reduced[pair] < HELPS)
                .filter(|&pair| linear.columns[pair].lower < linear.columns[pair].upper)
                .map(|pair| (reduced[pair], pair))
                .collect();
            if best.as_ref().is_none_or(|best| bound > best.bound) {
                let mut values: Vec<f64> = linear.columns.iter().map(|column| column.lower as f64).collect();
                for (&column, &value) in small.columns.iter().zip(&proposal.values) {
                    values[column] = value;
                }
                best = Some(Relaxed { bound, reduced, values });
            }
            let reached = best.as_ref().map_or(i64::MIN, |best| linear.round_up(tier, ceil_bound(best.bound)));
            if helpful.is_empty() || reached >= self.costs()[tier] {
                break;
            }
            helpful.sort_unstable();
            helpful.truncate(if self.opens_few { FEW_OPENED } else { MOST_OPENED });
            for (_, pair) in helpful {
                self.open[pair] = true;
            }
        }
        best
    }

    /// Puts what the flag of a person costs, as far as the linear programme left it unused, on those of the person's
    /// duties that look worth opening: a person who does not change for one of them may not change for any.
    fn shared_out(&self, weights: [f64; 3], mut multipliers: Vec<f64>) -> Vec<f64> {
        let linear = &self.model.linear;
        if self.flags.is_empty() {
            return multipliers;
        }
        let (_, reduced) = lagrangian(linear, weights, &multipliers);
        let scale = bound_scale() as f64;
        let mut reduced: Vec<f64> = reduced.into_iter().map(|reduced| reduced as f64 / scale).collect();
        for flag in &self.flags {
            for &row in &flag.rows {
                let terms = linear.terms(row);
                let pairs = || terms.iter().filter(|&&(column, factor)| column != flag.column && factor < 0);
                let open = |column: u32| {
                    let column = &linear.columns[column as usize];
                    column.lower < column.upper
                };
                let wanted = pairs().filter(|&&(column, _)| open(column)).map(|&(column, _)| -reduced[column as usize]);
                let share = wanted.fold(0.0, f64::max).min(reduced[flag.column as usize]);
                if share > 0.0 {
                    multipliers[row] += share;
                    reduced[flag.column as usize] -= share;
                    for &(column, _) in pairs() {
                        reduced[column as usize] += share;
                    }
                }
            }
        }
        multipliers
    }

    /// Closes the columns that no point of at most this cost moves away from where the Lagrangian has them.
    fn close(&mut self, relaxed: &Relaxed, most: i64) {
        let room = i128::from(most) * bound_scale() - relaxed.bound;
        for (column, &reduced) in self.model.linear.columns.iter_mut().zip(&relaxed.reduced) {
            if column.lower < column.upper && reduced.abs() > room {
                if reduced > 0 {
                    column.upper = column.lower;
                } else {
                    column.lower = column.upper;
                }
            }
        }
    }

    /// The pairs that a linear programme serves at least by half, where these keep every row.
    fn rounded(&mut self, values: &[f64], tier: usize, limits: &[(usize, i64)]) {
        let chosen: Vec<bool> = values.iter().take(self.chosen.len()).map(|&value| value > 0.5).collect();
        self.offer(&chosen, tier, limits);
    }

    /// Solves the integer programme of the open columns: a choice, and a lower bound; no bound when it has no point.
    fn integer(
        &self,
        tier: usize,
        limits: &[(usize, i64)],
        step: i64,
        whole: bool,
    ) -> (Option<Vec<bool>>, Option<i64>) {
        let small = self.small(&|pair| whole || self.open[pair]);
        let closed: Vec<bool> =
            self.model.linear.columns.iter().take(self.chosen.len()).map(|column| column.lower == 1).collect();
        if small.columns.is_empty() {
            // One point is left; whoever calls counts it.
            return (Some(closed), None);
        }
        let mut weights = [0.0; 3];
        weights[tier] = 1.0;
        let seconds = self.deadline.saturating_duration_since(Instant::now()).as_secs_f64();
        let integer_limits = IntegerLimits { seconds, absolute_gap: step as f64 * 0.99, relative_gap: 0.0, seed: 1 };
        let result = solve_integer(&small.linear, weights, None, limits, None, integer_limits);
        if result.infeasible {
            return (None, None);
        }
        let offset = small.linear.offset[tier] as f64;
        let bound = if result.bound.is_finite() { ceil(result.bound + offset - 1e-6) } else { i64::MIN };
        let chosen = result.values.map(|values| {
            let mut chosen = closed;
            for (value, &column) in values.iter().zip(&small.columns) {
                if let Some(chosen) = chosen.get_mut(column) {
                    *chosen = *value > 0.5;
                }
            }
            chosen
        });
        (chosen, Some(bound))
    }
}

/// The bound of [`Linear::lagrangian`] and the exact reduced cost of each column, scaled: a point in which a column
/// stands one unit away from its best bound costs at least so much more.
fn lagrangian(linear: &Linear, weights: [f64; 3], multipliers: &[f64]) -> (i128, Vec<i128>) {
    let bound = linear.lagrangian(weights, multipliers, &[]);
    let weights = weights.map(|weight| i128::from(fixed(weight)));
    let cost = |cost: [i64; 3]| cost.iter().zip(weights).map(|(&cost, weight)| i128::from(cost) * weight).sum();
    let mut reduced: Vec<i128> = linear.columns.iter().map(|column| cost(column.cost)).collect();
    for (index, row) in linear.rows.iter().enumerate() {
        let multiplier = i128::from(fixed(multipliers.get(index).copied().unwrap_or(0.0)));
        let side = if multiplier > 0 { row.lower } else { row.upper };
        if multiplier != 0 && side.is_some() {
            for &(column, coefficient) in linear.terms(index) {
                reduced[column as usize] -= multiplier * i128::from(coefficient);
            }
        }
    }
    (bound, reduced)
}
