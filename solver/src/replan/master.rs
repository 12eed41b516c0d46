//! The linear programme over the weeks found so far: rows of posts, one row per person, and what tier 1 may cost.

use highs::{Col, ColProblem, HighsModelStatus, Model, Row, Sense};

use super::weeks::Weeks;
use crate::model::linear::Linear;
use crate::search::linear_solver::{IntegerLimits, solve_integer};
use crate::search::weeks::Week;

/// A week in the programme.
pub struct Column {
    /// Position of the person in [`Weeks::people`].
    pub person: usize,
    /// What the person does.
    pub week: Week,
    /// Whether that differs from what was published.
    pub changed: bool,
}

/// Prices of a solved programme.
pub struct Duals {
    /// One for each of [`Weeks::rows`].
    pub rows: Vec<f64>,
    /// One for each person.
    pub people: Vec<f64>,
    /// Of tier 1, when it is limited: never negative.
    pub tier1: f64,
}

/// The live model; one thread owns it.
pub struct Master<'w> {
    weeks: &'w Weeks,
    model: Option<Model>,
    /// Row of the model for each row of the street's model.
    rows: Vec<Option<Row>>,
    people: Vec<Row>,
    tier1: Row,
    /// Takes up tier 1: its upper bound is the limit.
    limit: Col,
    slack: Vec<(Col, f64)>,
    handles: Vec<Col>,
    /// Weeks, in the order of their columns.
    pub columns: Vec<Column>,
    costs: (f64, f64),
}

impl<'w> Master<'w> {
    /// A programme in which everybody does what is left of the published week. `costs` are those of tier 1 and of a
    /// person changed. `None` when the solver refuses it.
    #[must_use]
    pub fn new(weeks: &'w Weeks, costs: (f64, f64)) -> Option<Self> {
        let linear = &weeks.model.linear;
        let mut problem = ColProblem::new();
        let mut rows = vec![None; linear.rows.len()];
        for &row in &weeks.rows {
            let limits = linear.rows[row];
            let lower = limits.lower.map_or(f64::NEG_INFINITY, |side| side as f64);
            let upper = limits.upper.map_or(f64::INFINITY, |side| side as f64);
            rows[row] = Some(problem.add_row(lower..=upper));
        }
        let people: Vec<Row> = weeks.people.iter().map(|_| problem.add_row(1.0..=1.0)).collect();
        let tier1 = problem.add_row(..=0.0);
        let mut model = problem.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        for (option, value) in [("threads", 1), ("random_seed", 1)] {
            model.try_set_option(option, value).ok()?;
        }
        let limit = model.try_add_column(0.0, 0.0.., [(tier1, -1.0)]).ok()?;
        let mut of_column: Vec<Vec<(Row, f64)>> = vec![Vec::new(); linear.columns.len()];
        for (at, row) in rows.iter().enumerate() {
            let Some(row) = row else { continue };
            for &(column, factor) in linear.terms(at) {
                of_column[column as usize].push((*row, factor as f64));
            }
        }
        let mut slack = Vec::new();
        for (column, terms) in linear.columns.iter().zip(&of_column).skip(weeks.model.pairs.len()) {
            let cost = column.cost[0] as f64;
            let terms = terms.iter().copied().chain((cost != 0.0).then_some((tier1, cost)));
            let bounds = column.lower as f64..=column.upper as f64;
            slack.push((model.try_add_column(cost * costs.0, bounds, terms).ok()?, cost));
        }
        let mut master = Self {
            weeks,
            model: Some(model),
            rows,
            people,
            tier1,
            limit,
            slack,
            handles: Vec::new(),
            columns: Vec::new(),
            costs,
        };
        for (person, choice) in weeks.people.iter().enumerate() {
            master.add(Column { person, week: choice.rest.clone(), changed: choice.published.is_none() })?;
        }
        Some(master)
    }

    /// Adds a week.
    pub fn add(&mut self, column: Column) -> Option<()> {
        let choice = &self.weeks.people[column.person];
        let mut factors: Vec<(Row, f64)> = vec![(self.people[column.person], 1.0)];
        let tier1 = self.weeks.tier1(column.person, &column.week) as f64;
        if tier1 != 0.0 {
            factors.push((self.tier1, tier1));
        }
        for &position in &column.week.positions {
            let pair = choice.pairs[usize::from(position)];
            factors.extend(self.weeks.rows_of(pair).iter().filter_map(|&(row, factor)| {
                self.rows[row as usize].map(|row| (row, factor as f64))
            }));
        }
        let cost = tier1 * self.costs.0 + if column.changed { self.costs.1 } else { 0.0 };
        let handle = self.model.as_mut()?.try_add_column(cost, 0.0.., factors).ok()?;
        self.handles.push(handle);
        self.columns.push(column);
        Some(())
    }

    /// Counts people alone from now on, with at most so much of tier 1.
    pub fn limit_tier1(&mut self, most: i64) {
        let Some(model) = &mut self.model else { return };
        self.costs = (0.0, 1.0);
        for &(handle, _) in &self.slack {
            model.change_column_cost(handle, 0.0);
        }
        for (&handle, column) in self.handles.iter().zip(&self.columns) {
            model.change_column_cost(handle, if column.changed { 1.0 } else { 0.0 });
        }
        let most = most - self.weeks.model.linear.offset[0];
        // A hair of room keeps the programme feasible within the solver's own tolerance.
        model.change_column_bounds(self.limit, 0.0..=most as f64 + 1e-6);
    }

    /// Solves from the last basis.
    pub fn solve(&mut self) -> Option<Duals> {
        let solved = self.model.take()?.try_solve().ok()?;
        let is_optimal = solved.status() == HighsModelStatus::Optimal;
        let solution = solved.get_solution();
        self.model = Some(Model::from(solved));
        let duals = solution.dual_rows();
        let (rows, rest) = duals.split_at_checked(self.weeks.rows.len())?;
        let (people, tier1) = rest.split_at_checked(self.people.len())?;
        let tier1 = (-tier1.first()?).max(0.0);
        is_optimal.then(|| Duals { rows: rows.to_vec(), people: people.to_vec(), tier1 })
    }

    /// The best choice of whole weeks among those found: the column of each person, its tier 1 and its changes.
    /// `factor` is what a unit of tier 1 counts beside a person changed.
    #[must_use]
    pub fn whole(&self, factor: f64, seconds: f64) -> Option<(Vec<usize>, i64, i64)> {
        let model = &self.weeks.model.linear;
        let mut linear = Linear::default();
        linear.offset = [model.offset[0], 0, 0];
        let mut terms: Vec<Vec<(u32, i64)>> = vec![Vec::new(); model.rows.len()];
        let mut of_person: Vec<Vec<(u32, i64)>> = vec![Vec::new(); self.weeks.people.len()];
        for column in &self.columns {
            let tier1 = self.weeks.tier1(column.person, &column.week);
            let at = linear.add_column(0, 1, [tier1, i64::from(column.changed), 0], true);
            of_person[column.person].push((at, 1));
            for &position in &column.week.positions {
                let pair = self.weeks.people[column.person].pairs[usize::from(position)];
                for &(row, factor) in self.weeks.rows_of(pair) {
                    match terms[row as usize].last_mut() {
                        Some(last) if last.0 == at => last.1 += factor,
                        _ => terms[row as usize].push((at, factor)),
                    }
                }
            }
        }
        let pairs = self.weeks.model.pairs.len();
        let first = self.columns.len();
        for column in &model.columns[pairs..] {
            linear.add_column(column.lower, column.upper, [column.cost[0], 0, 0], column.integer);
        }
        for &row in &self.weeks.rows {
            let slack = model.terms(row).iter().filter(|(column, _)| *column as usize >= pairs);
            let slack = slack.filter_map(|&(column, factor)| {
                u32::try_from(column as usize - pairs + first).ok().map(|column| (column, factor))
            });
            let own = terms[row].iter().copied();
            linear.add_row(model.rows[row].lower, model.rows[row].upper, own.chain(slack));
        }
        for of_person in of_person {
            linear.add_row(Some(1), Some(1), of_person);
        }
        let limits = IntegerLimits { seconds, absolute_gap: 0.5, relative_gap: 0.0, seed: 1 };
        let found = solve_integer(&linear, [factor, 1.0, 0.0], None, &[], None, limits).values?;
        let point: Vec<i64> = found.iter().map(|&value| crate::model::linear::nearest(value)).collect();
        if !linear.is_feasible(&point) {
            return None;
        }
        let costs = linear.costs(&point);
        let chosen = (0..self.columns.len()).filter(|&at| point[at] == 1).collect();
        Some((chosen, costs[0], costs[1]))
    }
}
