//! Some weeks of one person's line planned anew, at once and nearly exactly: a dynamic programme over run states, one
//! counter of time and the weekends worked, against the heads that the others leave. Where a better line differs on many
//! days, changes of a few days find no way to it: a free weekend that moves, and the duties of two weeks with it.
//!
//! Time and weekends are kept as what they differ from the line as it is. Not carried are counters of shift types: their duties have a price, by chance between that of one less and that of one
//! more. Rounded is time, where it has more values than fit. Often the stretch is two, with the days between them as they
//! are: weekends and minutes go from one to the other. What is found is a proposal, whose exact worth the draft says.

use std::ops::Range;

use super::draft::{Draft, Trail};
use super::tables::{End, NONE, Table, Tables};
use crate::columns::form::gcd;
use crate::columns::network::NEVER;
use crate::columns::random::Random;

/// Days planned at once, at least and at most.
const LENGTHS: (usize, usize) = (7, 35);
/// The same of either of two stretches.
const HALF_LENGTHS: (usize, usize) = (5, 14);
/// Most days from the first of one stretch to the last of another.
const MOST_DAYS: usize = 140;
/// Most values of time and of weekends.
const MOST_VALUES: i64 = 64;
/// How far the time since the stretch began may stray from the line as it is, in longest duties, and weekends likewise.
const BAND: i64 = 3;
/// Posts looked at to find one that lacks heads.
const GLANCES: usize = 12;

/// Working memory, kept between calls.
#[derive(Debug, Default)]
pub struct Planner {
    /// By day and cell: least cost, [`NEVER`] where there is none; everywhere between calls.
    costs: Vec<i64>,
    /// By day and cell: the cell of the day before, and the class of the choice.
    from: Vec<(u32, u16)>,
    /// By day: cells with a cost.
    live: Vec<Vec<u32>>,
    /// By day and class: cost and position of the cheapest choice.
    choices: Vec<(i64, u16)>,
    /// By state: cost and weekends more of going on as before after the stretch.
    tails: Vec<Option<(i64, i64)>>,
    /// By day, state and class.
    ways: Vec<Way>,
    /// By state: least cost of what follows the day looked back at last, and of what follows the one before it.
    rests: [Vec<i64>; 2],
    /// Options priced and steps looked at so far.
    work: u64,
}

/// A choice of a class on a day, from a state.
#[derive(Debug, Clone, Copy)]
struct Way {
    to: u16,
    cost: i64,
    /// With the least that follows, time and weekends left out; [`NEVER`] where nothing can.
    least: i64,
}

/// Plans a stretch of somebody's line anew at a price of what is broken, each choice dearer by chance by up to `noise`.
/// False when nothing else comes of it.
pub fn replan(
    draft: &Draft<'_>,
    tables: &Tables<'_>,
    random: &mut Random,
    (noise, price): (f64, i64),
    (trail, planner): (&mut Trail, &mut Planner),
) -> bool {
    let (person, around) = whom(draft, tables, random);
    let (days, kept) = stretches(random, tables.form.days, around);
    let first = days.start;
    let planned = plan(draft, tables, (person, days, kept), (noise, price), || random.unit(), planner);
    let Some(block) = planned else { return false };
    let differs = (first..).zip(&block).any(|(day, position)| *position != draft.choice(person, day));
    trail.block.clear();
    trail.block.extend(block);
    differs && draft.follow(person, first, trail)
}

/// Days around one of them, and those among them that stay as they are.
fn stretches(random: &mut Random, all: usize, around: usize) -> (Range<usize>, Range<usize>) {
    let some = |random: &mut Random, (least, most): (usize, usize), around: usize| {
        let length = (least + random.below(most + 1 - least)).min(all);
        let first = (around + 1).saturating_sub(1 + random.below(length)).min(all - length);
        first..first + length
    };
    let whole = some(random, LENGTHS, around);
    if all <= LENGTHS.1 || random.below(2) == 0 {
        return (whole.clone(), whole.start..whole.start);
    }
    let other = random.below(all);
    let (mut left, mut right) = (some(random, HALF_LENGTHS, around), some(random, HALF_LENGTHS, other));
    if left.start > right.start {
        std::mem::swap(&mut left, &mut right);
    }
    let days = left.start..right.end.max(left.end);
    if days.len() > MOST_DAYS {
        return (whole.clone(), whole.start..whole.start);
    }
    (days, left.end..right.start.max(left.end))
}

/// The choices of a person's days at the least cost at a price of what is broken, each dearer by a chance (0 to 1) of the noise.
/// None when no line within reach goes on as the old one does.
pub(super) fn plan(
    draft: &Draft<'_>,
    tables: &Tables<'_>,
    (person, days, kept): (usize, Range<usize>, Range<usize>),
    (noise, price): (f64, i64),
    chance: impl FnMut() -> f64,
    planner: &mut Planner,
) -> Option<Vec<u16>> {
    let stretch = Stretch::new(draft, &tables.people[person], person, days, kept);
    planner.price(&stretch, tables, (noise, price), chance);
    planner.plan(&stretch, price)
}

/// Somebody, and a day: as often as not of a post that lacks heads and that the person could serve.
fn whom(draft: &Draft<'_>, tables: &Tables<'_>, random: &mut Random) -> (usize, usize) {
    let person = random.below(tables.people.len());
    let posts = &tables.form.posts;
    if random.below(2) == 0 {
        let is_wanted =
            |post: &usize| draft.heads(*post) < posts[*post].target && tables.people[person].position(*post) != NONE;
        if let Some(post) = (0..GLANCES).map(|_| random.below(posts.len())).find(is_wanted) {
            return (person, posts[post].day);
        }
    }
    (person, random.below(tables.form.days))
}

/// How time is counted: in units, so that it has few values.
struct Clock {
    counter: Option<usize>,
    unit: i64,
    /// By class of groups, in units.
    growth: Vec<i64>,
    /// Largest growth.
    fastest: i64,
}

impl Clock {
    fn new(table: &Table<'_>) -> Self {
        let growth = |group: &u16| table.time_counter().map_or(0, |counter| table.growth_of(*group, counter));
        let growth: Vec<i64> = table.leaders().iter().map(growth).collect();
        let step = growth.iter().copied().fold(0, gcd).max(1);
        let longest = 2 * BAND * growth.iter().copied().max().unwrap_or(0);
        let unit = step.max(longest.div_euclid(MOST_VALUES - 1) + 1);
        let growth: Vec<i64> = growth.iter().map(|growth| (growth + unit / 2) / unit).collect();
        let fastest = growth.iter().copied().max().unwrap_or(0);
        Self { counter: table.time_counter(), unit, growth, fastest }
    }
}

/// Days of a person's line. Time, in the clock's units, and weekends are what they are more than those of the line as it is.
struct Stretch<'a> {
    draft: &'a Draft<'a>,
    table: &'a Table<'a>,
    person: usize,
    days: Range<usize>,
    kept: Range<usize>,
    clock: Clock,
    /// How far time and weekends may stray.
    bands: (i64, i64),
}

impl<'a> Stretch<'a> {
    fn new(draft: &'a Draft<'a>, table: &'a Table<'a>, person: usize, days: Range<usize>, kept: Range<usize>) -> Self {
        let clock = Clock::new(table);
        let bands = (BAND * clock.fastest, table.weekends().map_or(0, |_| BAND));
        Self { draft, table, person, days, kept, clock, bands }
    }

    fn cells(&self) -> usize {
        self.table.states() * ((2 * self.bands.0 + 1) * (2 * self.bands.1 + 1)) as usize
    }

    fn cell(&self, state: u16, time: i64, weekends: i64) -> usize {
        let above = i64::from(state) * (2 * self.bands.0 + 1) + self.bands.0 + time;
        (above * (2 * self.bands.1 + 1) + self.bands.1 + weekends) as usize
    }

    /// State, time and weekends of a cell.
    fn apart(&self, cell: u32) -> (u16, i64, i64) {
        let (times, weekends) = ((2 * self.bands.0 + 1) as u32, (2 * self.bands.1 + 1) as u32);
        let above = cell / weekends;
        let (time, weekend) = (i64::from(above % times), i64::from(cell % weekends));
        ((above / times) as u16, time - self.bands.0, weekend - self.bands.1)
    }

    /// Class of a day's choice as it is.
    fn class(&self, day: usize) -> usize {
        let position = usize::from(self.draft.choice(self.person, day));
        usize::from(self.table.class_of(self.table.network.day(day)[position].group))
    }

    /// Whether a duty of a class on a day begins a weekend, coming from a state.
    fn starts_weekend(&self, day: usize, state: u16, class: usize) -> bool {
        self.bands.1 > 0
            && self.table.leaders()[class] > 0
            && self.table.network.starts_weekend(day, usize::from(state))
    }

    /// Weekends that the line as it is begins on a day.
    fn own_weekends(&self, day: usize) -> i64 {
        i64::from(self.starts_weekend(day, self.draft.state(self.person, day), self.class(day)))
    }

    /// What the whole line's time means when it is so much more.
    fn time_end(&self, more: i64) -> End {
        let end = |counter| self.table.end(counter, self.draft.count(self.person, counter) + more * self.clock.unit);
        self.clock.counter.map_or_else(End::default, end)
    }

    /// What the whole line's weekends mean when they are so many more.
    fn weekends_end(&self, more: i64) -> End {
        let end = |counter| self.table.end(counter, self.draft.count(self.person, counter) + more);
        self.table.weekends().map_or_else(End::default, end)
    }

    /// Least and most time, and most weekends, that break no more than the line as it is, or a little.
    fn room(&self) -> (i64, i64, i64) {
        let is_kept = |more: &i64| more.abs() <= 1 || self.time_end(*more).broken == 0;
        let most = (0..=self.bands.0).take_while(is_kept).last().unwrap_or(0);
        let least = (0..=self.bands.0).map(|less| -less).take_while(is_kept).last().unwrap_or(0);
        let is_kept = |more: &i64| *more == 0 || self.weekends_end(*more).broken == 0;
        (least, most, (0..=self.bands.1).take_while(is_kept).last().unwrap_or(0))
    }
}

impl Planner {
    /// Options priced and steps looked at so far.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.work
    }

    /// The cheapest choice of each day and class, against the heads that the others leave.
    fn price(
        &mut self,
        stretch: &Stretch<'_>,
        tables: &Tables<'_>,
        (noise, price): (f64, i64),
        mut chance: impl FnMut() -> f64,
    ) {
        let Stretch { draft, table, person, .. } = *stretch;
        let classes = table.leaders().len();
        self.choices.clear();
        self.choices.resize(stretch.days.len() * classes, (NEVER, 0));
        let (posts, head) = (&tables.form.posts, tables.dearest_head);
        // Any price between what a duty less saves and what one more costs keeps a counter for some line: chance takes one.
        let tolls: Vec<i64> = (0..table.counters())
            .map(|counter| {
                let at = |value: i64| table.end(counter, value.max(0)).at(price);
                let now = draft.count(person, counter);
                let (less, more) = (at(now) - at(now - 1), at(now + 1) - at(now));
                let (low, high) = (less.clamp(-head, head), more.clamp(-head, head));
                low + ((high - low) as f64 * chance()) as i64
            })
            .collect();
        let toll = |(counter, amount): (usize, i64)| tolls[counter] * amount;
        let dearer: Vec<i64> = (0..table.groups() as u16).map(|group| table.uncarried(group).map(toll).sum()).collect();
        for (at, day) in stretch.days.clone().enumerate() {
            let own = usize::from(draft.choice(person, day));
            let options = table.network.day(day);
            self.work += options.len() as u64;
            for (position, option) in options.iter().enumerate() {
                if stretch.kept.contains(&day) && position != own {
                    continue;
                }
                let mut cost = option.cost + dearer[usize::from(option.group)] + (chance() * noise) as i64;
                if let Some(post) = option.post.map(|post| post as usize) {
                    let others = draft.heads(post) - i64::from(position == own);
                    cost += posts[post].cost(others + 1, price) - posts[post].cost(others, price);
                }
                let slot = &mut self.choices[at * classes + usize::from(table.class_of(option.group))];
                if cost < slot.0 {
                    *slot = (cost, position as u16);
                }
            }
        }
    }

    /// The cheapest block at the choices' prices.
    fn plan(&mut self, stretch: &Stretch<'_>, price: i64) -> Option<Vec<u16>> {
        let (length, cells) = (stretch.days.len(), stretch.cells());
        if self.costs.len() < (length + 1) * cells {
            self.costs.resize((length + 1) * cells, NEVER);
            self.from.resize((length + 1) * cells, (0, 0));
        }
        if self.live.len() <= length {
            self.live.resize_with(length + 1, Vec::new);
        }
        self.look_back(stretch);
        let enough = self.as_now(stretch, price);
        let start = stretch.cell(stretch.draft.state(stretch.person, stretch.days.start), 0, 0);
        self.costs[start] = 0;
        self.live[0].push(start as u32);
        let (least, most, weekends) = stretch.room();
        // What the line as it is has yet to come can be saved.
        let mut to_come: i64 = stretch.days.clone().map(|day| stretch.own_weekends(day)).sum();
        for (at, day) in stretch.days.clone().enumerate() {
            let left = (length - 1 - at) as i64 * stretch.clock.fastest;
            let times = (least - left).max(-stretch.bands.0)..=(most + left).min(stretch.bands.0);
            to_come -= stretch.own_weekends(day);
            self.advance(stretch, at, times, (weekends + to_come).min(stretch.bands.1), enough);
        }
        let end = self.end(stretch, price);
        let block = end.map(|end| self.trace(stretch, end));
        for (day, live) in self.live.iter_mut().enumerate() {
            live.drain(..).for_each(|cell| self.costs[day * cells + cell as usize] = NEVER);
        }
        block
    }

    /// From the end of the stretch back: where each state leads on each day, and the least that it costs.
    fn look_back(&mut self, stretch: &Stretch<'_>) {
        let (table, length, states) = (stretch.table, stretch.days.len(), stretch.table.states());
        let classes = table.leaders().len();
        self.work += (length * states * classes) as u64;
        let tail = |state: usize| stretch.draft.detour(stretch.person, stretch.days.end, state as u16);
        self.tails.clear();
        self.tails.extend((0..states).map(tail));
        let [after, before] = &mut self.rests;
        after.clear();
        after.extend(self.tails.iter().map(|tail| tail.map_or(NEVER, |(cost, _)| cost)));
        self.ways.resize(length * states * classes, Way { to: 0, cost: 0, least: NEVER });
        for (at, day) in stretch.days.clone().enumerate().rev() {
            before.clear();
            let choices = &self.choices[at * classes..][..classes];
            for state in 0..states {
                let ways = &mut self.ways[(at * states + state) * classes..][..classes];
                let incomplete = [false, true].map(|works| table.network.weekend_cost(day, state, works));
                let mut least = NEVER;
                for ((leader, (own, _)), way) in table.leaders().iter().zip(choices).zip(ways) {
                    let step = table.step_of(state, *leader);
                    way.least = NEVER;
                    if *own < NEVER && step.to != NONE && after[usize::from(step.to)] < NEVER {
                        let cost = own + step.cost + incomplete[usize::from(*leader > 0)];
                        *way = Way { to: step.to, cost, least: cost + after[usize::from(step.to)] };
                        least = least.min(way.least);
                    }
                }
                before.push(least);
            }
            std::mem::swap(after, before);
        }
    }

    /// What the line costs as it is, each choice the cheapest of its class.
    fn as_now(&self, stretch: &Stretch<'_>, price: i64) -> i64 {
        let (states, classes) = (stretch.table.states(), stretch.table.leaders().len());
        let (mut state, mut cost) = (usize::from(stretch.draft.state(stretch.person, stretch.days.start)), 0);
        for at in 0..stretch.days.len() {
            let way = self.ways[(at * states + state) * classes + stretch.class(stretch.days.start + at)];
            (state, cost) = (usize::from(way.to), cost + way.cost);
        }
        cost + stretch.time_end(0).at(price) + stretch.weekends_end(0).at(price)
    }

    /// From the cells before a day to those after it that can still cost no more than enough.
    fn advance(
        &mut self,
        stretch: &Stretch<'_>,
        at: usize,
        times: std::ops::RangeInclusive<i64>,
        most_weekends: i64,
        enough: i64,
    ) {
        let (table, day, cells) = (stretch.table, stretch.days.start + at, stretch.cells());
        let (states, classes) = (table.states(), table.leaders().len());
        let (past, future) = self.live.split_at_mut(at + 1);
        let (past, future) = (&past[at], &mut future[0]);
        let (before, after) = self.costs.split_at_mut((at + 1) * cells);
        let (before, traces) = (&before[at * cells..], &mut self.from[(at + 1) * cells..]);
        self.work += (past.len() * classes) as u64;
        let (growth, own) = (&stretch.clock.growth, stretch.class(day));
        let own_weekends = stretch.own_weekends(day);
        for &source in past {
            let (state, time, weekends) = stretch.apart(source);
            let cost = before[source as usize];
            let ways = &self.ways[(at * states + usize::from(state)) * classes..][..classes];
            for (class, way) in ways.iter().enumerate() {
                if cost + way.least > enough {
                    continue;
                }
                let starts = i64::from(stretch.starts_weekend(day, state, class));
                let (time, weekends) = (time + growth[class] - growth[own], weekends + starts - own_weekends);
                if !times.contains(&time) || weekends > most_weekends || weekends < -stretch.bands.1 {
                    continue;
                }
                let target = stretch.cell(way.to, time, weekends);
                let slot = &mut after[target];
                if *slot >= NEVER {
                    future.push(target as u32);
                }
                if cost + way.cost < *slot {
                    *slot = cost + way.cost;
                    traces[target] = (source, class as u16);
                }
            }
        }
    }

    /// The cell in which the stretch ends best, the line going on as before.
    fn end(&self, stretch: &Stretch<'_>, price: i64) -> Option<usize> {
        let ends = &self.costs[stretch.days.len() * stretch.cells()..];
        let live = &self.live[stretch.days.len()];
        let costs = live.iter().filter_map(|cell| {
            let (state, time, weekends) = stretch.apart(*cell);
            let (tail, more) = self.tails[usize::from(state)]?;
            let counted = stretch.time_end(time).at(price) + stretch.weekends_end(weekends + more).at(price);
            Some((ends[*cell as usize] + tail + counted, *cell as usize))
        });
        costs.min().map(|(_, cell)| cell)
    }

    /// The block that ends in a cell.
    fn trace(&self, stretch: &Stretch<'_>, end: usize) -> Vec<u16> {
        let (length, cells, classes) = (stretch.days.len(), stretch.cells(), stretch.table.leaders().len());
        let (mut block, mut at) = (vec![0; length], end);
        for day in (0..length).rev() {
            let (source, class) = self.from[(day + 1) * cells + at];
            block[day] = self.choices[day * classes + usize::from(class)].1;
            at = source as usize;
        }
        block
    }
}
