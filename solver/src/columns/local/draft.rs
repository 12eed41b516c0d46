//! A whole roster that knows what a change of some days costs without counting the other days again.

use super::tables::Tables;

/// Cost of a roster, and what it breaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worth {
    /// Cost of lines and cover, without the form's constant.
    pub cost: i64,
    /// Duties beyond counters and heads beyond maxima, in all.
    pub broken: i64,
}

impl Worth {
    /// One number, at a price for what is broken.
    #[must_use]
    pub const fn at(self, price: i64) -> i64 {
        self.cost + price * self.broken
    }

    /// After a change.
    #[must_use]
    pub const fn with(self, change: Self) -> Self {
        Self { cost: self.cost + change.cost, broken: self.broken + change.broken }
    }
}

/// What one person's line becomes: from `first` on, until it runs as before.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    person: usize,
    first: usize,
    /// Position of the choice of each day of the block.
    pub block: Vec<u16>,
    /// State after each day, and cost of each day.
    steps: Vec<(u16, i64)>,
    /// Change of each counter.
    counts: Vec<i64>,
    worth: Worth,
}

/// A roster.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    tables: &'a Tables<'a>,
    days: usize,
    /// By person and day: position of the choice.
    choices: Vec<u16>,
    /// By person and day, one more than days each: state before the day.
    states: Vec<u16>,
    /// By person and day.
    costs: Vec<i64>,
    /// By person and counter.
    counts: Vec<Vec<i64>>,
    /// By post.
    heads: Vec<i64>,
    worth: Worth,
}

impl<'a> Draft<'a> {
    /// The draft of a roster; none when a line breaks a rule of one day after the other.
    #[must_use]
    pub fn new(tables: &'a Tables<'a>, choices: &[Vec<u16>]) -> Option<Self> {
        let form = tables.form;
        let days = form.days;
        let mut draft = Self {
            tables,
            days,
            choices: choices.iter().flatten().copied().collect(),
            states: vec![0; choices.len() * (days + 1)],
            costs: vec![0; choices.len() * days],
            counts: tables.people.iter().map(|table| vec![0; table.counters()]).collect(),
            heads: vec![0; form.posts.len()],
            worth: Worth::default(),
        };
        for (person, (table, line)) in tables.people.iter().zip(choices).enumerate() {
            for (day, position) in line.iter().enumerate() {
                let from = draft.states[person * (days + 1) + day];
                let (to, cost) = table.step(day, from, *position)?;
                table.count(day, from, *position, 1, &mut draft.counts[person]);
                draft.states[person * (days + 1) + day + 1] = to;
                draft.costs[person * days + day] = cost;
                draft.worth.cost += cost;
                if let Some(post) = table.network.day(day)[usize::from(*position)].post {
                    draft.heads[post as usize] += 1;
                }
            }
            draft.worth.cost += table.last(draft.states[person * (days + 1) + days])?;
            for (counter, value) in draft.counts[person].iter().enumerate() {
                let end = table.end(counter, *value);
                draft.worth.cost += end.cost;
                draft.worth.broken += end.broken;
            }
        }
        for (row, heads) in form.posts.iter().zip(&draft.heads) {
            draft.worth.cost += row.cost(*heads, 0);
            draft.worth.broken += (heads - row.max).max(0);
        }
        Some(draft)
    }

    /// What the roster costs and breaks.
    #[must_use]
    pub const fn worth(&self) -> Worth {
        self.worth
    }

    /// Position of a person's choice on a day.
    #[must_use]
    pub fn choice(&self, person: usize, day: usize) -> u16 {
        self.choices[person * self.days + day]
    }

    /// Run state of a person before a day.
    #[must_use]
    pub fn state(&self, person: usize, day: usize) -> u16 {
        self.states[person * (self.days + 1) + day]
    }

    /// Value of a person's counter.
    #[must_use]
    pub fn count(&self, person: usize, counter: usize) -> i64 {
        self.counts[person][counter]
    }

    /// What a person's line costs more, and how many weekends more it works, from a day on when it comes to it in another
    /// state and goes on as it does. None where a hard rule forbids it.
    #[must_use]
    pub fn detour(&self, person: usize, first: usize, from: u16) -> Option<(i64, i64)> {
        let table = &self.tables.people[person];
        let network = table.network;
        let starts = |day, state: u16| i64::from(network.starts_weekend(day, usize::from(state)));
        let (mut state, mut change, mut weekends) = (from, 0, 0);
        for day in first..self.days {
            let (before, position) = (self.state(person, day), self.choice(person, day));
            if state == before {
                return Some((change, weekends));
            }
            let (to, cost) = table.step(day, state, position)?;
            change += cost - self.costs[person * self.days + day];
            if network.day(day)[usize::from(position)].group > 0 {
                weekends += starts(day, state) - starts(day, before);
            }
            state = to;
        }
        let last = |state| table.last(state);
        Some((change + last(state)? - last(self.state(person, self.days)).unwrap_or(0), weekends))
    }

    /// Post of a person on a day.
    #[must_use]
    pub fn post(&self, person: usize, day: usize) -> Option<usize> {
        let network = self.tables.people[person].network;
        let at = network.start[day] as usize + usize::from(self.choice(person, day));
        network.options[at].post.map(|post| post as usize)
    }

    /// Heads of a post.
    #[must_use]
    pub fn heads(&self, post: usize) -> i64 {
        self.heads[post]
    }

    /// All lines.
    #[must_use]
    pub fn lines(&self) -> Vec<Vec<u16>> {
        self.choices.chunks(self.days).map(<[u16]>::to_vec).collect()
    }

    /// Follows a person's line with the trail's block put in from `first` on. False when a hard rule forbids it.
    #[must_use]
    pub fn follow(&self, person: usize, first: usize, trail: &mut Trail) -> bool {
        let table = &self.tables.people[person];
        let (states, days) = (&self.states[person * (self.days + 1)..][..=self.days], self.days);
        (trail.person, trail.first) = (person, first);
        trail.steps.clear();
        trail.counts.clear();
        trail.counts.resize(table.counters(), 0);
        let mut state = states[first];
        let mut change = 0;
        let mut day = first;
        let block_end = first + trail.block.len();
        while day < days && (day < block_end || state != states[day]) {
            let before = self.choice(person, day);
            let position = if day < block_end { trail.block[day - first] } else { before };
            let Some((to, cost)) = table.step(day, state, position) else { return false };
            table.count(day, state, position, 1, &mut trail.counts);
            table.count(day, states[day], before, -1, &mut trail.counts);
            change += cost - self.costs[person * days + day];
            trail.steps.push((to, cost));
            state = to;
            day += 1;
        }
        if day == days && state != states[days] {
            let Some(last) = table.last(state) else { return false };
            change += last - table.last(states[days]).unwrap_or(0);
        }
        let mut worth = Worth { cost: change, broken: 0 };
        for (counter, (grown, value)) in trail.counts.iter().zip(&self.counts[person]).enumerate() {
            if *grown != 0 {
                let (old, new) = (table.end(counter, *value), table.end(counter, value + grown));
                worth.cost += new.cost - old.cost;
                worth.broken += new.broken - old.broken;
            }
        }
        trail.worth = worth;
        true
    }

    /// Puts a followed trail's posts in place of the old ones, so that the heads are those after it. The change of
    /// lines and cover together is returned; [`Draft::take`] or [`Draft::restore`] must come next.
    pub fn staff(&mut self, trails: &[Trail]) -> Worth {
        let mut change = Worth::default();
        for trail in trails {
            change = change.with(trail.worth);
            self.exchange(trail, false, &mut change);
        }
        change
    }

    /// Takes the posts of staffed trails back.
    pub fn restore(&mut self, trails: &[Trail]) {
        for trail in trails.iter().rev() {
            self.exchange(trail, true, &mut Worth::default());
        }
    }

    /// Makes staffed trails part of the roster; `change` is what [`Draft::staff`] returned.
    pub fn take(&mut self, trails: &[Trail], change: Worth) {
        for trail in trails {
            let (person, first) = (trail.person, trail.first);
            let at = person * self.days + first;
            self.choices[at..at + trail.block.len()].copy_from_slice(&trail.block);
            let after = person * (self.days + 1) + first + 1;
            for (offset, (state, cost)) in trail.steps.iter().enumerate() {
                self.states[after + offset] = *state;
                self.costs[at + offset] = *cost;
            }
            for (value, grown) in self.counts[person].iter_mut().zip(&trail.counts) {
                *value += grown;
            }
        }
        self.worth = self.worth.with(change);
    }

    fn exchange(&mut self, trail: &Trail, back: bool, change: &mut Worth) {
        let network = self.tables.people[trail.person].network;
        for (offset, position) in trail.block.iter().enumerate() {
            let day = trail.first + offset;
            let before = self.choice(trail.person, day);
            if before == *position {
                continue;
            }
            let first = network.start[day] as usize;
            let post = |position: u16| network.options[first + usize::from(position)].post;
            let (old, new) = if back { (*position, before) } else { (before, *position) };
            for (post, more) in [(post(old), -1), (post(new), 1)] {
                let Some(post) = post.map(|post| post as usize) else { continue };
                let (row, heads) = (&self.tables.form.posts[post], self.heads[post]);
                change.cost += row.cost(heads + more, 0) - row.cost(heads, 0);
                change.broken += (heads + more - row.max).max(0) - (heads - row.max).max(0);
                self.heads[post] += more;
            }
        }
    }
}
