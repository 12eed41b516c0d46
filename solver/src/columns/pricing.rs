//! Exact pricing: the cheapest path of one person's network under given prices, by dynamic programme over days.
//!
//! Values are integers (costs times a scale, less rounded duals), so least reduced costs, and bounds made of them,
//! are exact. A cell is (day, run state, outer counters, innermost counter); the innermost counter is contiguous, and
//! a move adds one constant to a shifted slice of it. Reduced costs of single choices come from the same programme
//! run from both ends (Irnich, Desaulniers, Desrosiers, Hadjar 2010, path-reduced costs).

use super::network::{Counted, NEVER, Network};

/// A value that no path has; room is left so that adding costs to it neither wraps nor comes near real values.
pub const INFINITE: i32 = 1 << 29;
/// Largest sum of magnitudes along a path.
pub const REACH: i64 = 1 << 26;

/// Prices seen by one person.
#[derive(Debug, Clone, Copy)]
pub struct Prices<'a> {
    /// Costs are multiplied by this.
    pub scale: i64,
    /// What serving each post earns, scaled.
    pub posts: &'a [i64],
    /// What each unit of each relaxed counter costs, scaled, in the order of `Network::relaxed`.
    pub relaxed: &'a [i64],
}

/// Choices left open, by position in `Network::options`; all when empty.
pub type Mask = [bool];

/// Layout and shifts of the counters of one network.
#[derive(Debug, Clone)]
pub struct Layout {
    inner: usize,
    rows: usize,
    /// By kind of step (see `kind`): target row of each row, `usize::MAX` when over the end.
    shifts: Vec<Vec<usize>>,
    /// Growth of the innermost counter by group.
    inner_growth: Vec<usize>,
    /// Kind of step by group, without and with a new weekend.
    kinds: Vec<[usize; 2]>,
    inner_counts_weekends: bool,
    terminal_inner: Vec<i64>,
    terminal_row: Vec<i64>,
}

impl Layout {
    /// The layout of a network.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let inner = network.counters[0].terminal.len();
        let outer = &network.counters[1..];
        let rows: usize = outer.iter().map(|counter| counter.terminal.len()).product();
        let mut vectors: Vec<Vec<usize>> = Vec::new();
        let mut kinds = Vec::new();
        for group in 0..network.minutes.len() {
            let mut pair = [0; 2];
            for (weekend, slot) in pair.iter_mut().enumerate() {
                let grow = |counted| {
                    let growth = network.growth(counted, group as u16);
                    if counted == Counted::Weekends { weekend } else { usize::try_from(growth).unwrap_or(0) }
                };
                let vector: Vec<usize> = outer.iter().map(|counter| grow(counter.counted)).collect();
                *slot = vectors.iter().position(|known| *known == vector).unwrap_or_else(|| {
                    vectors.push(vector);
                    vectors.len() - 1
                });
            }
            kinds.push(pair);
        }
        let sizes: Vec<usize> = outer.iter().map(|counter| counter.terminal.len()).collect();
        let split = |row: usize| {
            let mut rest = row;
            sizes.iter().map(|size| (rest % size, rest /= size).0).collect::<Vec<usize>>()
        };
        let join = |values: &[usize]| {
            let mut row = 0;
            for (value, size) in values.iter().zip(&sizes).rev() {
                if value >= size {
                    return usize::MAX;
                }
                row = row * size + value;
            }
            row
        };
        let shift = |vector: &Vec<usize>, row: usize| {
            let moved: Vec<usize> = split(row).iter().zip(vector).map(|(at, grow)| at + grow).collect();
            join(&moved)
        };
        let shifts = vectors.iter().map(|vector| (0..rows).map(|row| shift(vector, row)).collect()).collect();
        let terminal = |row: usize| {
            let values = split(row);
            let costs = values.iter().zip(outer).map(|(value, counter)| counter.terminal[*value]);
            costs.fold(0, |sum, cost| if sum >= NEVER || cost >= NEVER { NEVER } else { sum + cost })
        };
        let first = network.counters[0].counted;
        Self {
            inner,
            rows,
            shifts,
            inner_growth: (0..network.minutes.len())
                .map(|group| usize::try_from(network.growth(first, group as u16)).unwrap_or(0))
                .collect(),
            kinds,
            inner_counts_weekends: first == Counted::Weekends,
            terminal_inner: network.counters[0].terminal.clone(),
            terminal_row: (0..rows).map(terminal).collect(),
        }
    }

    /// Target row and inner growth of a step; `usize::MAX` when a counter would run over.
    pub(super) fn step(&self, group: u16, weekend: bool, row: usize) -> (usize, usize) {
        let kind = self.kinds[usize::from(group)][usize::from(weekend)];
        let inner = self.inner_growth[usize::from(group)] + usize::from(self.inner_counts_weekends && weekend);
        (self.shifts[kind][row], inner)
    }
}

/// Range of innermost values that a row of cells holds; empty when `low > high`.
#[derive(Debug, Clone, Copy)]
struct Alive {
    low: u32,
    high: u32,
}

const DEAD: Alive = Alive { low: u32::MAX, high: 0 };

impl Alive {
    const fn is_dead(self) -> bool {
        self.low > self.high
    }
}

/// Working memory, kept between calls.
#[derive(Debug, Default)]
pub struct Workspace {
    cells: Vec<i32>,
    alive: Vec<Alive>,
    back: Vec<i32>,
    back_alive: Vec<Alive>,
    day_cost: Vec<i32>,
    day_best: Vec<u16>,
}

/// The cheapest path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Scaled cost less prices.
    pub value: i64,
    /// Position of the choice within each day.
    pub choice: Vec<u16>,
}

/// A network with its layout: what pricing works on.
#[derive(Debug, Clone)]
pub struct Pricer {
    /// The network.
    pub network: Network,
    pub(super) layout: Layout,
}

impl Pricer {
    /// Prepares a network.
    #[must_use]
    pub fn new(network: Network) -> Self {
        let layout = Layout::new(&network);
        Self { network, layout }
    }

    /// The only line that a mask leaves, when it leaves one choice a day.
    pub(super) fn only_line(&self, mask: &Mask) -> Option<Vec<u16>> {
        if mask.is_empty() {
            return None;
        }
        (0..self.network.days())
            .map(|day| {
                let own = &mask[self.network.start[day] as usize..self.network.start[day + 1] as usize];
                let mut open = own.iter().enumerate().filter(|(_, open)| **open).map(|(at, _)| at as u16);
                let first = open.next()?;
                open.next().is_none().then_some(first)
            })
            .collect()
    }

    /// A given line with its value; none when it breaks a rule.
    pub(super) fn value_of(&self, prices: &Prices<'_>, choice: Vec<u16>) -> Option<Path> {
        let mut value = self.network.evaluate(&choice)? * prices.scale;
        for (day, position) in choice.iter().enumerate() {
            let post = self.network.day(day)[usize::from(*position)].post;
            value -= post.map_or(0, |post| prices.posts[post as usize]);
        }
        for (relaxed, price) in self.network.relaxed.iter().zip(prices.relaxed) {
            value += self.network.usage(relaxed, &choice) * price;
        }
        Some(Path { value, choice })
    }

    /// Least value from a cell to an end, after `backward`; none when no end is reached.
    pub(super) fn rest(&self, space: &Workspace, day: usize, at: (usize, usize, usize)) -> Option<i64> {
        let (state, row, inner) = at;
        let line = (day * self.network.moves.len() + state) * self.layout.rows + row;
        let alive = *space.back_alive.get(line)?;
        if alive.is_dead() || inner < alive.low as usize || inner > alive.high as usize {
            return None;
        }
        let value = space.back[line * self.layout.inner + inner];
        (value < INFINITE / 2).then_some(i64::from(value))
    }

    /// Cheapest open choice of each group and day.
    fn price_days(&self, prices: &Prices<'_>, mask: &Mask, space: &mut Workspace) {
        let network = &self.network;
        let groups = network.minutes.len();
        space.day_cost.clear();
        space.day_cost.resize(network.days() * groups, INFINITE);
        space.day_best.clear();
        space.day_best.resize(network.days() * groups, 0);
        for day in 0..network.days() {
            let first = network.start[day] as usize;
            for (position, option) in network.day(day).iter().enumerate() {
                if !mask.is_empty() && !mask[first + position] {
                    continue;
                }
                let cost = self.option_cost(prices, option.post, option.group, option.cost);
                let slot = day * groups + usize::from(option.group);
                if cost < space.day_cost[slot] {
                    space.day_cost[slot] = cost;
                    space.day_best[slot] = position as u16;
                }
            }
        }
    }

    pub(super) fn option_cost(&self, prices: &Prices<'_>, post: Option<u32>, group: u16, cost: i64) -> i32 {
        let mut value = cost * prices.scale;
        if let Some(post) = post {
            value -= prices.posts[post as usize];
        }
        for (relaxed, price) in self.network.relaxed.iter().zip(prices.relaxed) {
            value += self.network.growth(relaxed.counted, group) * price;
        }
        value.clamp(-REACH, REACH) as i32
    }

    /// Scaled cost of a step besides the choice's own.
    pub(super) fn step_cost(&self, prices: &Prices<'_>, day: usize, from: usize, group: u16, cost: i64) -> (i32, bool) {
        let network = &self.network;
        let works = group > 0;
        let weekend = works && network.starts_weekend(day, from);
        let mut value = (cost + network.weekend_cost(day, from, works)) * prices.scale;
        if weekend {
            for (relaxed, price) in network.relaxed.iter().zip(prices.relaxed) {
                value += if relaxed.counted == Counted::Weekends { *price } else { 0 };
            }
        }
        (value.clamp(-REACH, REACH) as i32, weekend)
    }

    pub(super) fn forward(&self, prices: &Prices<'_>, mask: &Mask, space: &mut Workspace) {
        self.price_days(prices, mask, space);
        let (network, layout) = (&self.network, &self.layout);
        let (states, rows, inner, groups) = (network.moves.len(), layout.rows, layout.inner, network.minutes.len());
        let days = network.days();
        let lines = states * rows;
        if space.cells.len() < (days + 1) * lines * inner {
            space.cells = vec![0; (days + 1) * lines * inner];
        }
        space.alive.clear();
        space.alive.resize((days + 1) * lines, DEAD);
        space.alive[0] = Alive { low: 0, high: 0 };
        space.cells[0] = 0;
        let longest =
            layout.inner_growth.iter().copied().max().unwrap_or(0) + usize::from(layout.inner_counts_weekends);
        let least = layout.terminal_inner.iter().position(|cost| *cost < NEVER).unwrap_or(0);
        for day in 0..days {
            // Below this the innermost counter can no more reach an allowed end.
            let floor = least.saturating_sub(longest * (days - day - 1));
            let (past, future) = space.cells.split_at_mut((day + 1) * lines * inner);
            let past = &past[day * lines * inner..];
            let (past_alive, future_alive) = space.alive.split_at_mut((day + 1) * lines);
            let past_alive = &past_alive[day * lines..];
            for state in 0..states {
                let own = &past_alive[state * rows..(state + 1) * rows];
                if own.iter().all(|alive| alive.is_dead()) {
                    continue;
                }
                for step in &network.moves[state] {
                    let choice = space.day_cost[day * groups + usize::from(step.group)];
                    if choice >= INFINITE {
                        continue;
                    }
                    let (cost, weekend) = self.step_cost(prices, day, state, step.group, step.cost);
                    let cost = cost + choice;
                    for (row, alive) in own.iter().enumerate() {
                        if alive.is_dead() {
                            continue;
                        }
                        let (target, grow) = layout.step(step.group, weekend, row);
                        if target == usize::MAX {
                            continue;
                        }
                        let low = (alive.low as usize).max(floor.saturating_sub(grow));
                        let high = (alive.high as usize).min((inner - 1).wrapping_sub(grow));
                        if grow >= inner || low > high {
                            continue;
                        }
                        let line = usize::from(step.to) * rows + target;
                        let source = &past[(state * rows + row) * inner..][low..=high];
                        let goal = &mut future[line * inner..][..inner];
                        merge(source, goal, low + grow, cost, &mut future_alive[line]);
                    }
                }
            }
        }
    }

    /// The cheapest path, none when no path is open.
    pub fn cheapest(&self, prices: &Prices<'_>, mask: &Mask, space: &mut Workspace) -> Option<Path> {
        self.forward(prices, mask, space);
        let ends = self.ends(prices.scale, space);
        let best = ends.into_iter().min()?;
        Some(self.trace(prices, space, best))
    }

    /// The cheapest path and up to `more` cheapest paths that end in other run states.
    pub fn several(&self, prices: &Prices<'_>, mask: &Mask, more: usize, space: &mut Workspace) -> Vec<Path> {
        self.forward(prices, mask, space);
        let mut ends = self.ends(prices.scale, space);
        ends.sort_unstable();
        let mut taken: Vec<usize> = Vec::new();
        let mut paths = Vec::new();
        for end in ends {
            if taken.contains(&end.1) {
                continue;
            }
            taken.push(end.1);
            paths.push(self.trace(prices, space, end));
            if paths.len() > more {
                break;
            }
        }
        paths
    }

    /// Values of the allowed ends: (value, state, row, innermost), the cheapest innermost value of each line.
    fn ends(&self, scale: i64, space: &Workspace) -> Vec<(i64, usize, usize, usize)> {
        let layout = &self.layout;
        let (states, rows, inner) = (self.network.moves.len(), layout.rows, layout.inner);
        let day = self.network.days();
        let mut ends = Vec::new();
        for state in 0..states {
            let last = self.network.ends[state];
            for row in 0..rows {
                let line = (day * states + state) * rows + row;
                let alive = space.alive[line];
                if alive.is_dead() || layout.terminal_row[row] >= NEVER || last >= NEVER {
                    continue;
                }
                let cell = |at: usize| {
                    let (value, terminal) = (space.cells[line * inner + at], layout.terminal_inner[at]);
                    (value < INFINITE / 2 && terminal < NEVER).then(|| {
                        (i64::from(value) + (terminal + layout.terminal_row[row] + last) * scale, state, row, at)
                    })
                };
                ends.extend((alive.low as usize..=alive.high as usize).filter_map(cell).min());
            }
        }
        ends
    }

    fn trace(&self, prices: &Prices<'_>, space: &Workspace, end: (i64, usize, usize, usize)) -> Path {
        let (network, layout) = (&self.network, &self.layout);
        let (states, rows, inner, groups) = (network.moves.len(), layout.rows, layout.inner, network.minutes.len());
        let (value, mut state, mut row, mut at) = end;
        let mut choice = vec![0; network.days()];
        for day in (0..network.days()).rev() {
            let here = space.cells[(((day + 1) * states + state) * rows + row) * inner + at];
            'found: for from in 0..states {
                for step in network.moves[from].iter().filter(|step| usize::from(step.to) == state) {
                    let own = space.day_cost[day * groups + usize::from(step.group)];
                    if own >= INFINITE {
                        continue;
                    }
                    let (cost, weekend) = self.step_cost(prices, day, from, step.group, step.cost);
                    for before in 0..rows {
                        let (target, grow) = layout.step(step.group, weekend, before);
                        let line = (day * states + from) * rows + before;
                        let alive = space.alive[line];
                        if target != row || at < grow || alive.is_dead() {
                            continue;
                        }
                        let source = at - grow;
                        if source < alive.low as usize || source > alive.high as usize {
                            continue;
                        }
                        if space.cells[line * inner + source] + cost + own == here {
                            choice[day] = space.day_best[day * groups + usize::from(step.group)];
                            (state, row, at) = (from, before, source);
                            break 'found;
                        }
                    }
                }
            }
        }
        Path { value, choice }
    }

    /// Least value of a path through each option, [`NEVER`] where there is none, and the least of all.
    pub fn through(&self, prices: &Prices<'_>, mask: &Mask, space: &mut Workspace) -> (i64, Vec<i64>) {
        self.forward(prices, mask, space);
        self.backward(prices, space);
        let (network, layout) = (&self.network, &self.layout);
        let (states, rows, inner, groups) = (network.moves.len(), layout.rows, layout.inner, network.minutes.len());
        let mut least = NEVER;
        let mut through = vec![NEVER; network.options.len()];
        for day in 0..network.days() {
            let mut by_group = vec![NEVER; groups];
            for state in 0..states {
                for step in &network.moves[state] {
                    let (cost, weekend) = self.step_cost(prices, day, state, step.group, step.cost);
                    for row in 0..rows {
                        let line = (day * states + state) * rows + row;
                        let alive = space.alive[line];
                        let (target, grow) = layout.step(step.group, weekend, row);
                        if alive.is_dead() || target == usize::MAX || grow >= inner {
                            continue;
                        }
                        let next = ((day + 1) * states + usize::from(step.to)) * rows + target;
                        let ahead = space.back_alive[next];
                        if ahead.is_dead() {
                            continue;
                        }
                        let low = (alive.low as usize).max((ahead.low as usize).saturating_sub(grow));
                        let high = (alive.high as usize).min((ahead.high as usize).wrapping_sub(grow).min(inner - 1));
                        if (ahead.high as usize) < grow || low > high {
                            continue;
                        }
                        let left = &space.cells[line * inner..][low..=high];
                        let right = &space.back[next * inner..][low + grow..=high + grow];
                        let best = left.iter().zip(right).map(|(left, right)| left + right).min().unwrap_or(INFINITE);
                        if best < INFINITE / 2 {
                            let slot = &mut by_group[usize::from(step.group)];
                            *slot = (*slot).min(i64::from(best) + i64::from(cost));
                        }
                    }
                }
            }
            let first = network.start[day] as usize;
            for (position, option) in network.day(day).iter().enumerate() {
                let rest = by_group[usize::from(option.group)];
                if (mask.is_empty() || mask[first + position]) && rest < NEVER {
                    let own = self.option_cost(prices, option.post, option.group, option.cost);
                    through[first + position] = rest + i64::from(own);
                    least = least.min(through[first + position]);
                }
            }
        }
        (least, through)
    }

    pub(super) fn backward(&self, prices: &Prices<'_>, space: &mut Workspace) {
        let (network, layout) = (&self.network, &self.layout);
        let (states, rows, inner, groups) = (network.moves.len(), layout.rows, layout.inner, network.minutes.len());
        let days = network.days();
        let lines = states * rows;
        if space.back.len() < (days + 1) * lines * inner {
            space.back = vec![0; (days + 1) * lines * inner];
        }
        space.back_alive.clear();
        space.back_alive.resize((days + 1) * lines, DEAD);
        for state in 0..states {
            let last = network.ends[state];
            for row in 0..rows {
                let line = (days * states + state) * rows + row;
                let goal = &mut space.back[line * inner..][..inner];
                for (at, slot) in goal.iter_mut().enumerate() {
                    let (row_cost, own) = (layout.terminal_row[row], layout.terminal_inner[at]);
                    let banned = row_cost >= NEVER || own >= NEVER || last >= NEVER;
                    let cost = if banned { i64::from(INFINITE) } else { (row_cost + own + last) * prices.scale };
                    *slot = cost.min(i64::from(INFINITE)) as i32;
                }
                space.back_alive[line] = Alive { low: 0, high: inner as u32 - 1 };
            }
        }
        for day in (0..days).rev() {
            let (past, future) = space.back.split_at_mut((day + 1) * lines * inner);
            let past = &mut past[day * lines * inner..];
            let (past_alive, future_alive) = space.back_alive.split_at_mut((day + 1) * lines);
            let past_alive = &mut past_alive[day * lines..];
            for state in 0..states {
                for step in &network.moves[state] {
                    let choice = space.day_cost[day * groups + usize::from(step.group)];
                    if choice >= INFINITE {
                        continue;
                    }
                    let (cost, weekend) = self.step_cost(prices, day, state, step.group, step.cost);
                    for row in 0..rows {
                        let line = state * rows + row;
                        let reached = space.alive[day * lines + line];
                        let (target, grow) = layout.step(step.group, weekend, row);
                        if reached.is_dead() || target == usize::MAX {
                            continue;
                        }
                        let next = usize::from(step.to) * rows + target;
                        let ahead = future_alive[next];
                        if ahead.is_dead() || (ahead.high as usize) < grow {
                            continue;
                        }
                        let low = (ahead.low as usize).max(grow);
                        let source = &future[next * inner..][low..=ahead.high as usize];
                        let goal = &mut past[line * inner..][..inner];
                        merge(source, goal, low - grow, cost + choice, &mut past_alive[line]);
                    }
                }
            }
        }
    }
}

/// Takes `source + cost` into `goal` from `offset` on wherever it is lower.
fn merge(source: &[i32], goal: &mut [i32], offset: usize, cost: i32, alive: &mut Alive) {
    let (low, high) = (offset, offset + source.len() - 1);
    if alive.is_dead() {
        *alive = Alive { low: low as u32, high: high as u32 };
        for (slot, value) in goal[low..=high].iter_mut().zip(source) {
            *slot = value + cost;
        }
        return;
    }
    let (old_low, old_high) = (alive.low as usize, alive.high as usize);
    if low < old_low {
        goal[low..old_low].fill(INFINITE);
    }
    if high > old_high {
        goal[old_high + 1..=high].fill(INFINITE);
    }
    alive.low = old_low.min(low) as u32;
    alive.high = old_high.max(high) as u32;
    for (slot, value) in goal[low..=high].iter_mut().zip(source) {
        *slot = (*slot).min(value + cost);
    }
}
