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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct End {
    /// Cost.
    pub cost: i64,
    /// Duties (or weekends) too many or too few.
    pub broken: i64,
}

impl End {
    /// One number, at a price for what is broken.
    #[must_use]
    pub const fn at(self, price: i64) -> i64 {
        self.cost + price * self.broken
    }
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
    /// By group: its class. Groups of a class lead everywhere alike and take as much time.
    classes: Vec<u16>,
    /// By class: its first group.
    leaders: Vec<u16>,
    /// The counter of minutes, or else of duties.
    time: Option<usize>,
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
        let of = |wanted: Counted| counters.iter().position(|counter| counter.counted == wanted);
        let time = of(Counted::Minutes).or_else(|| of(Counted::Duties));
        let (classes, leaders) = classes(network, &steps, time.map(|at| counters[at].counted));
        Self {
            classes,
            leaders,
            time,
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

    /// Number of run states.
    #[must_use]
    pub fn states(&self) -> usize {
        self.network.moves.len()
    }

    /// Number of groups.
    #[must_use]
    pub const fn groups(&self) -> usize {
        self.groups
    }

    /// By class of groups: the first of them.
    #[must_use]
    pub fn leaders(&self) -> &[u16] {
        &self.leaders
    }

    /// Class of a group.
    #[must_use]
    pub fn class_of(&self, group: u16) -> u16 {
        self.classes[usize::from(group)]
    }

    /// The counter of minutes, or else of duties, if there is one.
    #[must_use]
    pub const fn time_counter(&self) -> Option<usize> {
        self.time
    }

    /// The counter of weekends, if there is one.
    #[must_use]
    pub const fn weekends(&self) -> Option<usize> {
        self.weekends
    }

    /// How much a counter, weekends aside, grows by a group's duty.
    #[must_use]
    pub fn growth_of(&self, group: u16, counter: usize) -> i64 {
        let own = &self.growth[usize::from(group)];
        own.iter().find(|(at, _)| *at == counter).map_or(0, |(_, amount)| *amount)
    }

    /// Counters that grow by a group's duty, and by how much, but for time and weekends.
    pub fn uncarried(&self, group: u16) -> impl Iterator<Item = (usize, i64)> + '_ {
        let own = self.growth[usize::from(group)].iter().copied();
        own.filter(|(counter, _)| Some(*counter) != self.time && Some(*counter) != self.weekends)
    }

    /// The step that a group's duty is from a state.
    #[must_use]
    pub fn step_of(&self, state: usize, group: u16) -> Step {
        self.steps[state * self.groups + usize::from(group)]
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

    /// Takes one day's option from a state: the state reached and the cost. None when a hard rule forbids it.
    #[inline]
    #[must_use]
    pub fn step(&self, day: usize, from: u16, position: u16) -> Option<(u16, i64)> {
        let network = self.network;
        let from = usize::from(from);
        let option = &network.options[network.start[day] as usize + usize::from(position)];
        let step = self.steps[from * self.groups + usize::from(option.group)];
        let cost = option.cost + step.cost + network.weekend_cost(day, from, option.group > 0);
        (step.to != NONE).then_some((step.to, cost))
    }

    /// Adds what one day's option from a state counts, `sign` times, to the counters.
    #[inline]
    pub fn count(&self, day: usize, from: u16, position: u16, sign: i64, counts: &mut [i64]) {
        let network = self.network;
        let option = &network.options[network.start[day] as usize + usize::from(position)];
        for (counter, amount) in &self.growth[usize::from(option.group)] {
            counts[*counter] += sign * amount;
        }
        if let Some(counter) = self.weekends
            && option.group > 0
            && network.starts_weekend(day, usize::from(from))
        {
            counts[counter] += sign;
        }
    }
}

/// By group the class, and by class the first group.
fn classes(network: &Network, steps: &[Step], time: Option<Counted>) -> (Vec<u16>, Vec<u16>) {
    let groups = network.minutes.len();
    let likeness = |group: u16| {
        let own = steps.iter().skip(usize::from(group)).step_by(groups).map(|step| (step.to, step.cost));
        (time.map_or(0, |time| network.growth(time, group)), group > 0, own.collect::<Vec<_>>())
    };
    let mut leaders: Vec<u16> = Vec::new();
    let mut known = Vec::new();
    let classes = (0..groups as u16).map(|group| {
        let own = likeness(group);
        let class = known.iter().position(|other| *other == own).unwrap_or_else(|| {
            leaders.push(group);
            known.push(own);
            known.len() - 1
        });
        class as u16
    });
    let classes = classes.collect();
    (classes, leaders)
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
    /// What a head below target costs at most.
    pub dearest_head: i64,
}

impl<'a> Tables<'a> {
    /// Lays out the networks with every counter.
    #[must_use]
    pub fn new(form: &'a Form) -> Self {
        let people = form.exact.iter().map(|network| Table::new(network, form.posts.len())).collect();
        Self { form, people, dearest_head: form.dearest_head() }
    }
}
