//! A part of a roster as a problem of its own: some people on some days, everything else kept as it is. What the kept
//! days leave of the counters bounds the part's, and the way the line goes on after it prices the part's ends.

use std::ops::Range;

use super::form::{Form, PostRow};
use super::lines::Lines;
use super::network::{Counted, Counter, DayOption, NEVER, Network};

/// A part, with the form that describes it.
#[derive(Debug, Clone)]
pub struct Part {
    /// The people, in the order of the form's.
    pub people: Vec<usize>,
    /// The days.
    pub days: Range<usize>,
    /// The part as a problem of its own; its costs differ from the whole's by a constant.
    pub form: Form,
}

/// Days moved so that no weekend is cut.
#[must_use]
pub fn whole_weekends(form: &Form, days: Range<usize>) -> Range<usize> {
    let Some(network) = form.exact.first() else { return days };
    let is_second = |day: usize| network.weekend.get(day) == Some(&7);
    let (mut first, mut end) = (days.start, days.end.min(form.days));
    while first > 0 && is_second(first) {
        first -= 1;
    }
    while end < form.days && is_second(end) {
        end += 1;
    }
    first..end
}

impl Part {
    /// The part of some people and of days that cut no weekend; none when a line breaks a rule.
    #[must_use]
    pub fn new(form: &Form, lines: &Lines, people: &[usize], days: Range<usize>, cells: usize) -> Option<Self> {
        let mut heads = lines.heads.clone();
        for person in people {
            for day in days.clone() {
                let position = usize::from(lines.choices[*person][day]);
                if let Some(post) = form.exact[*person].day(day)[position].post {
                    heads[post as usize] -= 1;
                }
            }
        }
        let mut new_index = vec![u32::MAX; form.posts.len()];
        let mut posts = Vec::new();
        for (at, row) in form.posts.iter().enumerate().filter(|(_, row)| days.contains(&row.day)) {
            new_index[at] = posts.len() as u32;
            let least = |heads_wanted: i64| (heads_wanted - heads[at]).max(0);
            let (min, target, max) = (least(row.min), least(row.target), least(row.max));
            posts.push(PostRow { day: row.day - days.start, min, target, max, ..row.clone() });
        }
        let mut exact = Vec::with_capacity(people.len());
        for person in people {
            exact.push(part_of(&form.exact[*person], &lines.choices[*person], &days, &new_index)?);
        }
        let mut own = exact.clone();
        for network in &mut own {
            network.relax(cells);
        }
        let days_count = days.len();
        let step = form.step;
        let form = Form {
            days: days_count,
            posts,
            people: own,
            exact,
            constant: 0,
            factors: form.factors,
            step,
            forbidden: form.forbidden,
        };
        Some(Self { people: people.to_vec(), days, form })
    }

    /// The part's lines in a roster.
    #[must_use]
    pub fn cut(&self, lines: &Lines) -> Vec<Vec<u16>> {
        self.people.iter().map(|person| lines.choices[*person][self.days.clone()].to_vec()).collect()
    }

    /// A roster with the part's lines put in.
    #[must_use]
    pub fn put(&self, choices: &[Vec<u16>], part: &[Vec<u16>]) -> Vec<Vec<u16>> {
        let mut whole = choices.to_vec();
        for (person, line) in self.people.iter().zip(part) {
            whole[*person][self.days.clone()].copy_from_slice(line);
        }
        whole
    }
}

/// The run states that a line goes through, one more than days.
fn states(network: &Network, line: &[u16]) -> Option<Vec<usize>> {
    let mut states = vec![0];
    for (day, position) in line.iter().enumerate() {
        let group = network.day(day)[usize::from(*position)].group;
        let step = network.moves[*states.last()?].iter().find(|step| step.group == group)?;
        states.push(usize::from(step.to));
    }
    Some(states)
}

/// What the line costs from a day on when it comes from another state than it does, less what it costs now.
fn detour(network: &Network, line: &[u16], states: &[usize], first: usize, from: usize) -> i64 {
    let step_of = |day: usize, state: usize| {
        let group = network.day(day)[usize::from(line[day])].group;
        let step = network.moves[state].iter().find(|step| step.group == group)?;
        Some((usize::from(step.to), step.cost + network.weekend_cost(day, state, group > 0)))
    };
    let (mut state, mut change) = (from, 0);
    for (day, now) in states.iter().enumerate().take(line.len()).skip(first) {
        if state == *now {
            return change;
        }
        let (Some((to, cost)), Some((_, before))) = (step_of(day, state), step_of(day, *now)) else { return NEVER };
        state = to;
        change += cost - before;
    }
    let (end, before) = (network.ends[state], states.last().map_or(0, |state| network.ends[*state]));
    if end >= NEVER { NEVER } else { change + end - before }
}

fn part_of(network: &Network, line: &[u16], days: &Range<usize>, new_index: &[u32]) -> Option<Network> {
    let states = states(network, line)?;
    let start_state = states[days.start];
    let mut start = vec![0];
    let mut options = Vec::new();
    for day in days.clone() {
        let own = network.day(day).iter();
        options.extend(own.map(|option| DayOption { post: option.post.map(|at| new_index[at as usize]), ..*option }));
        start.push(options.len() as u32);
    }
    // The state before the part changes places with state 0.
    let placed = |state: usize| match state {
        0 => start_state,
        at if at == start_state => 0,
        at => at,
    };
    let count = network.moves.len();
    let order: Vec<usize> = (0..count).map(placed).collect();
    let mut moves: Vec<_> = order.iter().map(|state| network.moves[*state].clone()).collect();
    for step in moves.iter_mut().flatten() {
        step.to = placed(usize::from(step.to)) as u16;
    }
    let ends = order.iter().map(|state| detour(network, line, &states, days.end, *state)).collect();
    let mut part = Network {
        start,
        options,
        moves,
        is_work: order.iter().map(|state| network.is_work[*state]).collect(),
        ends,
        minutes: network.minutes.clone(),
        shift_types: network.shift_types.clone(),
        counters: Vec::new(),
        minute_unit: network.minute_unit,
        relaxed: Vec::new(),
        weekend: network.weekend[days.clone()].to_vec(),
        incomplete: network.incomplete,
        constant: 0,
    };
    for Counter { counted, terminal } in &network.counters {
        let counted = *counted;
        let used = |range: Range<usize>| usage(network, counted, line, &states, range);
        let outside = used(0..days.start) + used(days.end..line.len());
        let reach = reach(&part, counted);
        let own = part_ends(terminal, outside, used(days.clone()), reach);
        let is_idle = own.len() > reach && own.windows(2).all(|pair| pair[0] == pair[1]) && own[0] < NEVER;
        if !is_idle {
            part.counters.push(Counter { counted, terminal: own });
        }
    }
    if part.counters.is_empty() {
        part.counters.push(Counter { counted: Counted::Nothing, terminal: vec![0] });
    }
    part.merge_groups();
    Some(part)
}

/// What the values of a counter in a part cost. A line that breaks the counter must break it less.
fn part_ends(terminal: &[i64], outside: i64, inside: i64, reach: usize) -> Vec<i64> {
    let least = terminal.iter().position(|cost| *cost < NEVER).unwrap_or(0) as i64;
    let most = terminal.len() as i64 - 1;
    let all = outside + inside;
    if all > most {
        return vec![0; ((most - outside).max(inside - 1) + 1).max(1) as usize];
    }
    let first = if all < least { (least - outside).min(inside + 1) } else { 0 };
    let cost = |value: i64| {
        let cost = terminal.get((outside + value) as usize).copied().unwrap_or(NEVER);
        if all < least && value >= first { 0 } else { cost }
    };
    (0..=(reach as i64).min(most - outside)).map(cost).collect()
}

/// How much a counter grows over some days of a line.
fn usage(network: &Network, counted: Counted, line: &[u16], states: &[usize], days: Range<usize>) -> i64 {
    let grown = |day: usize| {
        let group = network.day(day)[usize::from(line[day])].group;
        if counted == Counted::Weekends {
            i64::from(group > 0 && network.starts_weekend(day, states[day]))
        } else {
            network.growth(counted, group)
        }
    };
    days.map(grown).sum()
}

/// Most that a counter can grow within a part.
fn reach(part: &Network, counted: Counted) -> usize {
    let most = |day: usize| {
        if counted == Counted::Weekends {
            return i64::from(matches!(part.weekend[day], 6 | 8));
        }
        part.day(day).iter().map(|option| part.growth(counted, option.group)).max().unwrap_or(0)
    };
    usize::try_from((0..part.days()).map(most).sum::<i64>()).unwrap_or(usize::MAX - 1)
}
