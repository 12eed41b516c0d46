//! The restricted master: cover rows with slack, counter rows, one row per person, on a live `HiGHS` model.

use std::collections::HashSet;
use std::time::Instant;

use highs::{Col, ColProblem, HighsModelStatus, Model, Row, Sense, SolvedModel};

use super::form::{Form, PostRow};
use super::pool::{Column, Duals, Pool};

/// A solved master.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Objective.
    pub value: f64,
    /// Value of each pool column with a positive one.
    pub columns: Vec<(usize, f64)>,
    /// Sum of the artificial columns: positive when the columns cannot meet the rows.
    pub artificial: f64,
    /// Prices.
    pub duals: Duals,
}

/// The live model; one thread owns it.
pub struct Master {
    model: Option<Model>,
    rows: Rows,
    /// Three columns a post: missing from the minimum, missing from the target, over the target.
    slack: Vec<Col>,
    /// Pool position and handle of each column in the model.
    columns: Vec<(usize, Col)>,
    present: HashSet<usize>,
    first_column: usize,
    is_tightened: bool,
    artificial: std::ops::Range<usize>,
    /// Seconds that the model has run: `HiGHS` counts its time limit from the first run on.
    spent: f64,
}

/// What [`Master::solve`] fails with when its time is up.
pub const OUT_OF_TIME: &str = "HiGHS: out of time";

/// Least and most of each slack column of a post (missing from the minimum, from the target, over) that a range of
/// heads leaves.
pub(super) fn slack_bounds(row: &PostRow, (low, high): (i64, i64)) -> [(i64, i64); 3] {
    let most = |value: i64| value.max(0);
    let part = |from: i64, to: i64| {
        // Heads missing between `from` and `to`.
        (most(to - high.max(from)), most(to - low.max(from)).min(most(to - from)))
    };
    let from_min = part(0, row.min);
    let from_target = part(row.min, row.target);
    [from_min, from_target, (most(low - row.target), most(high.min(row.max) - row.target))]
}

struct Rows {
    posts: Vec<Row>,
    relaxed: Vec<Vec<Row>>,
    people: Vec<Row>,
}

impl Rows {
    fn factors(&self, column: &Column) -> Vec<(Row, f64)> {
        let posts = column.posts.iter().map(|post| (self.posts[*post as usize], 1.0));
        let own = self.relaxed[column.person].iter().zip(&column.usage);
        let used = own.filter(|(_, usage)| **usage > 0).map(|(row, usage)| (*row, *usage as f64));
        posts.chain(used).chain([(self.people[column.person], 1.0)]).collect()
    }
}

impl Master {
    /// A model with slack only.
    ///
    /// # Errors
    /// When `HiGHS` refuses the model.
    pub fn new(form: &Form) -> Result<Self, String> {
        let mut problem = ColProblem::new();
        let posts: Vec<Row> =
            form.posts.iter().map(|row| problem.add_row(row.target as f64..=row.target as f64)).collect();
        let relaxed: Vec<Vec<Row>> = form
            .people
            .iter()
            .map(|network| network.relaxed.iter().map(|relaxed| problem.add_row(..=relaxed.limit as f64)).collect())
            .collect();
        let people: Vec<Row> = form.people.iter().map(|_| problem.add_row(1.0..=1.0)).collect();
        let mut slack: Vec<(i64, i64, Row, f64)> = Vec::new();
        for (row, handle) in form.posts.iter().zip(&posts) {
            let [from_min, from_target, over] = slack_bounds(row, (0, row.max.max(row.target)));
            slack.push((row.cost_min, from_min.1, *handle, 1.0));
            slack.push((row.cost_target, from_target.1, *handle, 1.0));
            slack.push((row.cost_over, over.1, *handle, -1.0));
        }
        let real = slack.len();
        for factor in [1.0, -1.0] {
            slack.extend(posts.iter().map(|handle| (form.forbidden, 1_000_000, *handle, factor)));
        }
        slack.extend(people.iter().map(|handle| (form.forbidden * 16, 1, *handle, 1.0)));
        slack.extend(relaxed.iter().flatten().map(|handle| (form.forbidden, 1_000_000, *handle, -1.0)));
        let count = slack.len();
        let mut model = problem.try_optimise(Sense::Minimise).map_err(|error| format!("HiGHS: {error:?}"))?;
        model.make_quiet();
        for (option, value) in [("threads", 1), ("random_seed", 1)] {
            model.try_set_option(option, value).map_err(|error| format!("HiGHS: {error:?}"))?;
        }
        let mut handles = Vec::with_capacity(count);
        for (cost, most, row, factor) in slack {
            let column = model.try_add_column(cost as f64, 0.0..=most as f64, [(row, factor)]);
            handles.push(column.map_err(|error| format!("HiGHS: {error:?}"))?);
        }
        let rows = Rows { posts, relaxed, people };
        Ok(Self {
            model: Some(model),
            rows,
            slack: handles.into_iter().take(real).collect(),
            columns: Vec::new(),
            present: HashSet::new(),
            first_column: count,
            is_tightened: true,
            artificial: real..count,
            spent: 0.0,
        })
    }

    /// Adds pool columns.
    ///
    /// # Errors
    /// When `HiGHS` refuses a column.
    pub fn add(&mut self, pool: &Pool, positions: impl IntoIterator<Item = usize>) -> Result<(), String> {
        let Some(model) = self.model.as_mut() else { return Err("HiGHS: no model".to_owned()) };
        for at in positions {
            if !self.present.insert(at) {
                continue;
            }
            let column = &pool.columns[at];
            let handle = model
                .try_add_column(column.cost as f64, 0.0.., self.rows.factors(column))
                .map_err(|error| format!("HiGHS: {error:?}"))?;
            self.columns.push((at, handle));
        }
        Ok(())
    }

    /// Whether a pool column is in the model.
    #[must_use]
    pub fn contains(&self, at: usize) -> bool {
        self.present.contains(&at)
    }

    /// Number of pool columns in the model.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether the model has no pool columns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Opens or closes columns.
    pub fn restrict(&mut self, mut is_open: impl FnMut(usize) -> bool) {
        self.restrict_some(|at| Some(is_open(at)));
    }

    /// Sets the least and most heads of every post.
    pub fn limit_heads(&mut self, form: &Form, heads: &[(i64, i64)]) {
        for (post, range) in heads.iter().enumerate() {
            self.limit_post(form, post, *range);
        }
    }

    /// Sets the least and most heads of one post.
    pub fn limit_post(&mut self, form: &Form, post: usize, range: (i64, i64)) {
        let Some(model) = self.model.as_mut() else { return };
        self.is_tightened = true;
        for ((low, high), column) in slack_bounds(&form.posts[post], range).into_iter().zip(&self.slack[3 * post..]) {
            model.change_column_bounds(*column, low as f64..=high as f64);
        }
    }

    /// Opens or closes those columns about which the caller says anything.
    pub fn restrict_some(&mut self, mut is_open: impl FnMut(usize) -> Option<bool>) {
        let Some(model) = self.model.as_mut() else { return };
        self.is_tightened = true;
        for (at, handle) in &self.columns {
            if let Some(is_open) = is_open(*at) {
                model.change_column_bounds(*handle, 0.0..=if is_open { f64::INFINITY } else { 0.0 });
            }
        }
    }

    /// Seconds spent in the solver so far.
    #[must_use]
    pub const fn spent(&self) -> f64 {
        self.spent
    }

    /// The objective after at most so many iterations of the dual simplex method: at most the optimum. None when the
    /// method ended otherwise.
    ///
    /// # Errors
    /// When `HiGHS` fails; [`OUT_OF_TIME`] when for lack of time.
    pub fn value(&mut self, iterations: i32, seconds: f64) -> Result<Option<f64>, String> {
        let solved = self.run(1, iterations, seconds)?;
        let (status, value) = (solved.status(), solved.objective_value());
        self.model = Some(Model::from(solved));
        match status {
            HighsModelStatus::Optimal | HighsModelStatus::ReachedIterationLimit => Ok(Some(value)),
            HighsModelStatus::ReachedTimeLimit => Err(OUT_OF_TIME.to_owned()),
            _ => Ok(None),
        }
    }

    fn run(&mut self, strategy: i32, iterations: i32, seconds: f64) -> Result<SolvedModel, String> {
        let Some(mut model) = self.model.take() else { return Err("HiGHS: no model".to_owned()) };
        // HiGHS counts its time limit from the first run on, iterations from the start of each.
        for (option, value) in [("simplex_strategy", strategy), ("simplex_iteration_limit", iterations)] {
            model.try_set_option(option, value).map_err(|error| format!("HiGHS: {error:?}"))?;
        }
        let limit = self.spent + seconds.max(0.01);
        model.try_set_option("time_limit", limit).map_err(|error| format!("HiGHS: {error:?}"))?;
        let begin = Instant::now();
        let solved = model.try_solve().map_err(|error| format!("HiGHS: {error:?}"))?;
        self.spent += begin.elapsed().as_secs_f64();
        Ok(solved)
    }

    /// Solves the linear programme in at most so many seconds.
    ///
    /// # Errors
    /// When `HiGHS` ends without an optimum; [`OUT_OF_TIME`] when for lack of time.
    pub fn solve(&mut self, seconds: f64) -> Result<Solution, String> {
        // New columns keep the basis primal feasible, closed ones keep it dual feasible.
        let strategy = if self.is_tightened { 1 } else { 4 };
        self.is_tightened = false;
        let solved = self.run(strategy, i32::MAX, seconds)?;
        let status = solved.status();
        let value = solved.objective_value();
        let solution = solved.get_solution();
        self.model = Some(Model::from(solved));
        if status == HighsModelStatus::ReachedTimeLimit {
            return Err(OUT_OF_TIME.to_owned());
        }
        if status != HighsModelStatus::Optimal {
            return Err(format!("HiGHS: master ended {status:?}"));
        }
        let primal = solution.columns();
        let dual = solution.dual_rows();
        let columns = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(index, (at, _))| Some((*at, *primal.get(self.first_column + index)?)))
            .filter(|(_, value)| *value > 1e-9)
            .collect();
        let artificial = primal.get(self.artificial.clone()).map_or(0.0, |values| values.iter().sum());
        let mut rest = dual.iter().copied();
        let posts = rest.by_ref().take(self.rows.posts.len()).collect();
        let relaxed = self
            .rows
            .relaxed
            .iter()
            .map(|own| rest.by_ref().take(own.len()).map(|price| (-price).max(0.0)).collect())
            .collect();
        let people = rest.collect();
        Ok(Solution { value, columns, artificial, duals: Duals { posts, relaxed, people } })
    }
}
