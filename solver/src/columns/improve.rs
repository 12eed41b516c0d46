//! Local search: some people's lines are taken out and put back one after the other, each by the exact dynamic
//! programme against the cover that the others leave. Worse rosters are accepted as in simulated annealing
//! (Kirkpatrick, Gelatt, Vecchi 1983).

use super::form::Form;
use super::generate::Context;
use super::pricing::{Prices, Workspace};
use super::random::Random;

/// Prices are counted in this many parts of a cost unit, so that ties can be broken at random.
const SCALE: i64 = 16;
/// Days of the windows that long horizons are worked on in.
const WINDOW_DAYS: usize = 35;
/// Cells of a person's network beyond which only windows are re-planned.
const WHOLE_CELLS: usize = 3_000_000;

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
        self.choices.iter().enumerate().all(|(person, choice)| {
            let network = &form.exact[person];
            network.evaluate(choice).is_some() && network.excess(choice) == 0
        }) && form.posts.iter().zip(&self.heads).all(|(row, heads)| *heads <= row.max)
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

/// Cost of a line, with what it breaks priced so high that the search mends it first.
fn line_cost(form: &Form, person: usize, choice: &[u16]) -> i64 {
    let network = &form.exact[person];
    let cost = network.evaluate(choice).unwrap_or(form.forbidden * form.days as i64);
    cost + network.excess(choice) * form.forbidden
}

/// Prices of the counters that a person's network does not carry: steep once the present line is near a limit.
fn counter_prices(form: &Form, person: usize, choice: &[u16]) -> Vec<i64> {
    let network = &form.exact[person];
    let price = |relaxed: &super::network::Relaxed| {
        if 10 * network.usage(relaxed, choice) < 9 * relaxed.limit { 0 } else { form.forbidden * SCALE / 8 }
    };
    network.relaxed.iter().map(price).collect()
}

fn posts<'a>(form: &'a Form, person: usize, choice: &'a [u16]) -> impl Iterator<Item = usize> + 'a {
    let network = &form.exact[person];
    choice
        .iter()
        .enumerate()
        .filter_map(move |(day, at)| network.day(day).get(usize::from(*at))?.post)
        .map(|post| post as usize)
}

/// What serving each post saves, in parts of a cost unit, with noise up to `noise` parts.
fn savings(form: &Form, heads: &[i64], noise: i64, random: &mut Random) -> Vec<i64> {
    let value = |(row, heads): (&super::form::PostRow, &i64)| {
        let saved = row.cost(*heads, form.forbidden) - row.cost(*heads + 1, form.forbidden);
        saved * SCALE + if noise > 0 { random.below(2 * noise as usize + 1) as i64 - noise } else { 0 }
    };
    form.posts.iter().zip(heads).map(value).collect()
}

/// A first roster: everyone off duty where rules allow, then best lines one person at a time.
///
/// People whose own rules leave no path at all (pins against limits) keep a line of first choices.
#[must_use]
pub fn construct(context: &Context<'_>, seed: u64, space: &mut Workspace) -> Lines {
    let form = context.form;
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..form.people.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let mut heads = vec![0; form.posts.len()];
    let mut choices = vec![vec![0; form.days]; form.people.len()];
    for person in order {
        let posts_saved = savings(form, &heads, SCALE / 2, &mut random);
        let prices = Prices { scale: SCALE, posts: &posts_saved, relaxed: &[] };
        if let Some(path) = context.exact[person].cheapest(&prices, &[], space) {
            choices[person] = path.choice;
        }
        for post in posts(form, person, &choices[person]) {
            heads[post] += 1;
        }
    }
    Lines::new(context, choices)
}

/// How a search runs.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Ends at this many seconds since the start.
    pub until: f64,
    /// First temperature, in cost units.
    pub heat: f64,
    /// Nothing below this is possible.
    pub bound: i64,
    /// Seed.
    pub seed: u64,
}

/// Improves a roster until the plan ends; returns the best found.
#[must_use]
pub fn anneal(context: &Context<'_>, start: &Lines, plan: Plan, space: &mut Workspace) -> Lines {
    let form = context.form;
    let mut random = Random::new(plan.seed);
    let mut best = start.clone();
    let mut now = start.clone();
    let begin = (context.seconds)();
    let span = (plan.until - begin).max(1e-3);
    let people = form.people.len();
    let mut heat = plan.heat;
    let mut since = 0;
    while best.total > plan.bound && !(context.is_over)() {
        let seconds = (context.seconds)();
        if seconds >= plan.until {
            break;
        }
        let left = ((plan.until - seconds) / span).clamp(0.0, 1.0);
        heat = (plan.heat * left * left).min(heat).max(0.05);
        let count = (1 + random.below(4)).min(people);
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        while chosen.len() < count {
            let person = random.below(people);
            if !chosen.contains(&person) {
                chosen.push(person);
            }
        }
        let window = window(context, &chosen, &mut random);
        let mut next = now.clone();
        for person in &chosen {
            next.take_out(form, *person);
        }
        let is_varied = count > 1 || random.below(4) > 0;
        for (index, person) in chosen.iter().enumerate() {
            let last = index + 1 == count;
            let noise = if is_varied && !last { (heat * SCALE as f64 * 2.0) as i64 + 2 } else { 2 };
            let posts_saved = savings(form, &next.heads, noise, &mut random);
            let relaxed = counter_prices(form, *person, &now.choices[*person]);
            let prices = Prices { scale: SCALE, posts: &posts_saved, relaxed: &relaxed };
            let mask = window_mask(form, *person, &now.choices[*person], window);
            let path = context.exact[*person].cheapest(&prices, &mask, space);
            let choice = path.map_or_else(|| now.choices[*person].clone(), |path| path.choice);
            next.put_in(form, *person, choice);
        }
        let worse = (next.total - now.total) as f64;
        if worse <= 0.0 || random.unit() < (-worse / heat).exp() {
            now = next;
        }
        since += 1;
        if now.total < best.total {
            best = now.clone();
            since = 0;
        } else if since > 3000 {
            // Far from the best for long: go back to it.
            now = best.clone();
            since = 0;
        }
    }
    best
}

/// Frees people from duties that nobody misses: of lines that cost the same, each person gets the one with the fewest.
pub fn spare(context: &Context<'_>, lines: &mut Lines, space: &mut Workspace) {
    let form = context.form;
    // Dearer than all duties of a line together, so that no cost is paid for a duty less.
    let scale = form.days as i64 + 1;
    for (person, pricer) in context.exact.iter().enumerate() {
        if pricer.network.cells() > WHOLE_CELLS || (context.is_over)() {
            continue;
        }
        let (before, kept) = (lines.total, lines.choices[person].clone());
        lines.take_out(form, person);
        let saved: Vec<i64> = form
            .posts
            .iter()
            .zip(&lines.heads)
            .map(|(row, heads)| (row.cost(*heads, form.forbidden) - row.cost(*heads + 1, form.forbidden)) * scale - 1)
            .collect();
        let relaxed: Vec<i64> = counter_prices(form, person, &kept).iter().map(|price| price / SCALE * scale).collect();
        let prices = Prices { scale, posts: &saved, relaxed: &relaxed };
        let choice = pricer.cheapest(&prices, &[], space).map_or_else(|| kept.clone(), |path| path.choice);
        lines.put_in(form, person, choice);
        if lines.total > before {
            lines.take_out(form, person);
            lines.put_in(form, person, kept);
        }
    }
}

/// Days to re-plan: all of them, or a window where whole lines are too many cells.
fn window(context: &Context<'_>, chosen: &[usize], random: &mut Random) -> Option<(usize, usize)> {
    let days = context.form.days;
    let is_large = chosen.iter().any(|person| context.exact[*person].network.cells() > WHOLE_CELLS);
    if days <= WINDOW_DAYS || !is_large {
        return None;
    }
    let first = random.below(days + WINDOW_DAYS).saturating_sub(WINDOW_DAYS);
    Some((first, (first + WINDOW_DAYS).min(days)))
}

/// Open choices of a person: all in the window, the present ones outside.
fn window_mask(form: &Form, person: usize, choice: &[u16], window: Option<(usize, usize)>) -> Vec<bool> {
    let Some((first, end)) = window else { return Vec::new() };
    let network = &form.exact[person];
    let mut mask = vec![false; network.options.len()];
    for (day, chosen) in choice.iter().enumerate() {
        let range = network.start[day] as usize..network.start[day + 1] as usize;
        if (first..end).contains(&day) {
            mask[range].fill(true);
        } else if let Some(slot) = mask.get_mut(range.start + usize::from(*chosen)) {
            *slot = true;
        }
    }
    mask
}
