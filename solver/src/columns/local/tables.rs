//! The networks of all people, laid out for steps of some nanoseconds.

use crate::columns::form::Form;
use crate::columns::network::{Counted, Counter, NEVER, Network};

/// Marks a step that a hard rule forbids, and a post that a person cannot serve.
pub const NONE: u16 = u16::MAX;

/// A step of the run automaton.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// State reached, [`NONE`] when the step is forbidden.
    pub to: u16,
    /// Cost of the run rules.
    pub cost: i64,
}

/// What a counter's final value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Cost.
    pub cost: i64,
    /// Duties (or weekends) too many or too few.
    pub broken: i64,
}

/// One person's network.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// Days and options.
    pub network: &'a Network,
    counters: usize,
    groups: usize,
    steps: Vec<Step>,
    /// By group: counters that grow, and by how much.
    growth: Vec<Vec<(usize, i64)>>,
    weekends: Option<usize>,
    /// By counter and value.
    ends: Vec<Vec<End>>,
    /// By post: position of its option in its day.
    position: Vec<u16>,
}

impl<'a> Table<'a> {
    fn new(network: &'a Network, posts: usize) -> Self {
        let groups = network.minutes.len();
        let mut steps = vec![Step { to: NONE, cost: 0 }; network.moves.len() * groups];
        for (state, out) in network.moves.iter().enumerate() {
            for step in out {
                steps[state * groups + usize::from(step.group)] = Step { to: step.to, cost: step.cost };
            }
        }
        let counters = &network.counters;
        let growth = (0..groups)
            .map(|group| {
                let amounts = counters.iter().map(|counter| network.growth(counter.counted, group as u16));
                amounts.enumerate().filter(|(_, amount)| *amount > 0).collect()
            })
            .collect();
        let ends = counters.iter().map(|counter| ends(network, counter)).collect();
        let mut position = vec![NONE; posts];
        for day in 0..network.days() {
            for (at, option) in network.day(day).iter().enumerate() {
                if let Some(post) = option.post {
                    position[post as usize] = at as u16;
                }
            }
        }
        Self {
            network,
            counters: counters.len(),
            groups,
            steps,
            growth,
            weekends: counters.iter().position(|counter| counter.counted == Counted::Weekends),
            ends,
            position,
        }
    }

    /// Number of counters.
    #[must_use]
    pub fn counters(&self) -> usize {
        self.counters
    }

    /// Position of a post's option in its day, [`NONE`] when the person cannot serve it.
    #[must_use]
    pub fn position(&self, post: usize) -> u16 {
        self.position[post]
    }

    /// Cost of ending in a state; none where the line cannot end.
    #[must_use]
    pub fn last(&self, state: u16) -> Option<i64> {
        Some(self.network.ends[usize::from(state)]).filter(|cost| *cost < NEVER)
    }

    /// What a counter's value means at the end.
    #[must_use]
    pub fn end(&self, counter: usize, value: i64) -> End {
        let own = &self.ends[counter];
        own[usize::try_from(value).unwrap_or(0).min(own.len() - 1)]
    }

    /// Takes one day's option from a state: the state reached and the cost, counters grown in `counts` by `sign`.
    /// None when a hard rule forbids it.
    #[inline]
    pub fn step(&self, day: usize, from: u16, position: u16, sign: i64, counts: &mut [i64]) -> Option<(u16, i64)> {
        let network = self.network;
        let from = usize::from(from);
        let option = &network.options[network.start[day] as usize + usize::from(position)];
        let step = self.steps[from * self.groups + usize::from(option.group)];
        if step.to == NONE {
            return None;
        }
        let works = option.group > 0;
        for (counter, amount) in &self.growth[usize::from(option.group)] {
            counts[*counter] += sign * amount;
        }
        if let Some(counter) = self.weekends
            && works
            && network.starts_weekend(day, from)
        {
            counts[counter] += sign;
        }
        Some((step.to, option.cost + step.cost + network.weekend_cost(day, from, works)))
    }
}

/// Ends of a counter for every value that a line can reach.
fn ends(network: &Network, counter: &Counter) -> Vec<End> {
    let terminal = &counter.terminal;
    let amounts = (0..network.minutes.len()).map(|group| network.growth(counter.counted, group as u16));
    let largest = amounts.max().unwrap_or(0).max(1);
    let least = terminal.iter().position(|cost| *cost < NEVER).unwrap_or(0);
    let reach = largest as usize * network.days() + 1;
    (0..reach.max(terminal.len()))
        .map(|value| {
            let nearest = value.clamp(least, terminal.len() - 1);
            let units = value.abs_diff(nearest) as i64;
            let cost = terminal[nearest];
            End { cost: if cost < NEVER { cost } else { 0 }, broken: (units + largest - 1) / largest }
        })
        .collect()
}

/// All people.
#[derive(Debug, Clone)]
pub struct Tables<'a> {
    /// The translated problem.
    pub form: &'a Form,
    /// One table per person.
    pub people: Vec<Table<'a>>,
}

impl<'a> Tables<'a> {
    /// Lays out the networks with every counter.
    #[must_use]
    pub fn new(form: &'a Form) -> Self {
        let people = form.exact.iter().map(|network| Table::new(network, form.posts.len())).collect();
        Self { form, people }
    }
}
