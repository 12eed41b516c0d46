//! Whole rosters as the engine keeps them.

use super::form::Form;
use super::generate::Context;
use super::pricing::{Prices, Workspace};

/// A whole roster: one line per person, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// By person: position of the choice within each day.
    pub choices: Vec<Vec<u16>>,
    /// By person: cost of the line, [`Form::forbidden`] times the days when it breaks a rule.
    pub costs: Vec<i64>,
    /// By post: heads.
    pub heads: Vec<i64>,
    /// Cost of all, without the form's constant.
    pub total: i64,
}

impl Lines {
    /// Lines of given choices.
    #[must_use]
    pub fn new(context: &Context<'_>, choices: Vec<Vec<u16>>) -> Self {
        let form = context.form;
        let mut heads = vec![0; form.posts.len()];
        let mut costs = Vec::with_capacity(choices.len());
        for (person, choice) in choices.iter().enumerate() {
            for post in posts(form, person, choice) {
                heads[post] += 1;
            }
            costs.push(line_cost(form, person, choice));
        }
        let cover: i64 = form.posts.iter().zip(&heads).map(|(row, heads)| row.cost(*heads, form.forbidden)).sum();
        let total = costs.iter().sum::<i64>() + cover;
        Self { choices, costs, heads, total }
    }

    /// Whether every line keeps the rules and no post is over its maximum.
    #[must_use]
    pub fn is_allowed(&self, form: &Form) -> bool {
        let mut lines = form.exact.iter().zip(&self.choices);
        lines.all(|(network, choice)| network.evaluate(choice).is_some())
            && form.posts.iter().zip(&self.heads).all(|(row, heads)| *heads <= row.max)
    }

    fn change(&mut self, form: &Form, person: usize, sign: i64) {
        for post in posts(form, person, &self.choices[person]) {
            let row = &form.posts[post];
            self.total -= row.cost(self.heads[post], form.forbidden);
            self.heads[post] += sign;
            self.total += row.cost(self.heads[post], form.forbidden);
        }
        self.total += sign * self.costs[person];
    }

    fn take_out(&mut self, form: &Form, person: usize) {
        self.change(form, person, -1);
    }

    fn put_in(&mut self, form: &Form, person: usize, choice: Vec<u16>) {
        self.costs[person] = line_cost(form, person, &choice);
        self.choices[person] = choice;
        self.change(form, person, 1);
    }
}

/// Cost of a line, priced so high when it breaks a rule that the search mends it first.
fn line_cost(form: &Form, person: usize, choice: &[u16]) -> i64 {
    form.exact[person].evaluate(choice).unwrap_or(form.forbidden * form.days as i64)
}

pub(super) fn posts<'a>(form: &'a Form, person: usize, choice: &'a [u16]) -> impl Iterator<Item = usize> + 'a {
    let network = &form.exact[person];
    choice
        .iter()
        .enumerate()
        .filter_map(move |(day, at)| network.day(day).get(usize::from(*at))?.post)
        .map(|post| post as usize)
}

/// Frees people from duties that nobody misses: of lines that cost the same, each person gets the one with the fewest.
pub fn spare(context: &Context<'_>, lines: &mut Lines, space: &mut Workspace) {
    let form = context.form;
    // Dearer than all duties of a line together, so that no cost is paid for a duty less.
    let scale = form.days as i64 + 1;
    for (person, pricer) in context.exact.iter().enumerate() {
        let Some(pricer) = pricer.as_ref().filter(|_| !(context.is_over)()) else { continue };
        let (before, kept) = (lines.total, lines.choices[person].clone());
        lines.take_out(form, person);
        let saved: Vec<i64> = form
            .posts
            .iter()
            .zip(&lines.heads)
            .map(|(row, heads)| (row.cost(*heads, form.forbidden) - row.cost(*heads + 1, form.forbidden)) * scale - 1)
            .collect();
        let prices = Prices { scale, posts: &saved, relaxed: &[] };
        let choice = pricer.cheapest(&prices, &[], space).map_or_else(|| kept.clone(), |path| path.choice);
        lines.put_in(form, person, choice);
        if lines.total > before {
            lines.take_out(form, person);
            lines.put_in(form, person, kept);
        }
    }
}
