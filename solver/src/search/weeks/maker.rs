//! How the network of a person's week is made: rules that reach over days become coordinates of its states.

use super::pattern::{Day, Draft, Extras, FORBIDDEN, LateTable, MOST_AXES, pack, reached};
use super::person::{Front, PersonWeek};
use crate::model::candidates::{Network, PostFacts};
use crate::model::linear::{Costs, add_costs, common_divisor, in_tier};
use crate::problem::{NeedIx, Person, PersonIx, Point, RuleCode, ShiftTypeIx, Wish, WishKind};

/// States of one person beyond which the network grows too large to be worth it.
const MOST_STATES: usize = 30_000;

/// One coordinate of a state.
#[derive(Debug, Clone)]
struct Axis {
    kind: AxisKind,
    /// Number of values.
    size: usize,
    /// Distance of neighbouring values in the state's index.
    stride: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AxisKind {
    /// A sum that may not pass its greatest value.
    Sum,
    /// A sum that stays at its greatest value.
    Saturating,
    /// Days worked in a row: moves by one, or back to none.
    Run,
    /// One while no day was free. Where rest once is enough for the week, only this matters of days worked in a row; the
    /// movement is 0 on a free day, 1 on one that may follow others, 2 on one that may not.
    Rested,
    /// What the last day leaves for the next; the movement holds the new value in its low byte and, in its high
    /// byte, a bit for each old value that it may not follow.
    Late,
}

/// Where the movement along an axis comes from.
enum Source {
    Minutes {
        step: i64,
        top: i64,
    },
    Host {
        step: i64,
    },
    Duties,
    Type(ShiftTypeIx),
    Run,
    /// From this day on nobody works who has not rested.
    Rested(i64),
    Late(LateTable),
    Want(Vec<bool>),
}

/// How far duties move a state along an axis.
enum Movement<'a> {
    /// By the sum of what each position adds, in these units, up to a greatest value.
    Sum { amounts: Vec<i64>, unit: i64, top: i64 },
    /// See [`AxisKind::Rested`].
    Rested { until: i64 },
    /// See [`AxisKind::Late`].
    Late(&'a LateTable),
}

/// A person's week in the making.
pub(super) struct Maker<'n, 'p> {
    pub network: &'n Network<'p>,
    pub who: &'p Person,
    /// By position.
    pub facts: Vec<&'n PostFacts>,
    pub kept: Vec<bool>,
    pub days: usize,
    base: Costs,
    axes: Vec<Axis>,
    sources: Vec<Source>,
}

impl<'n, 'p> Maker<'n, 'p> {
    /// Of these positions, in order of start.
    pub fn new(
        network: &'n Network<'p>,
        who: &'p Person,
        facts: Vec<&'n PostFacts>,
        kept: Vec<bool>,
        days: usize,
    ) -> Self {
        Self { network, who, facts, kept, days, base: [0; 3], axes: Vec::new(), sources: Vec::new() }
    }
}

impl Maker<'_, '_> {
    /// Duties of before that the person has no longer cost something until they are back (S34).
    pub fn published(&mut self, person: PersonIx) {
        let profile = &self.network.problem.profile;
        let duties = self.network.published_duties();
        let first = duties.partition_point(|&(who, _)| who < person);
        let count = duties[first..].iter().take_while(|&&(who, _)| who == person).count();
        let cost = i64::try_from(count).unwrap_or(0) * profile.weight(RuleCode::S34);
        add_costs(&mut self.base, in_tier(profile.tier(RuleCode::S34), cost));
    }

    /// The network of these needs, or `None` when it grows too large.
    pub fn make(
        mut self,
        person: PersonIx,
        needs: Vec<NeedIx>,
        costs: Vec<Costs>,
        mut drafts: Vec<Vec<Draft>>,
    ) -> Option<PersonWeek> {
        self.hopeless();
        // Minutes come first, where there are any: [`Front`].
        self.sums(&drafts);
        self.wants(&mut drafts);
        self.run(&drafts);
        self.late(&drafts)?;
        if self.sources.len() > MOST_AXES {
            return None;
        }
        let mut states = 1;
        for axis in &mut self.axes {
            axis.stride = states;
            states *= axis.size;
            if states > MOST_STATES {
                return None;
            }
        }
        let start = self.start();
        let movements: Vec<Movement<'_>> = self.sources.iter().map(|source| self.movement(source)).collect();
        for (day, drafts) in (0..).zip(&mut drafts) {
            for draft in drafts {
                for (axis, movement) in movements.iter().enumerate() {
                    draft.moves[axis] = movement.of(day, draft.posts())?;
                }
            }
        }
        let nothing = u16::try_from(needs.len()).ok().filter(|&count| count < u16::MAX)?;
        let mut extras = Extras::default();
        let mut days: Vec<Day> =
            drafts.into_iter().map(|drafts| pack(drafts, nothing, &mut extras)).collect::<Option<_>>()?;
        let mut kinds: Vec<[u16; MOST_AXES]> = Vec::new();
        let mut tables: Vec<Vec<u32>> = Vec::new();
        for class in days.iter_mut().flat_map(|day| &mut day.classes) {
            let kind = kinds.iter().position(|kind| *kind == class.moves).unwrap_or_else(|| {
                kinds.push(class.moves);
                tables.push(self.moved(&class.moves));
                kinds.len() - 1
            });
            class.table = u32::try_from(kind).unwrap_or(FORBIDDEN);
        }
        let ends = self.end_costs(states);
        let reached = reached(&days, &tables, states, start);
        let (base, kept) = (self.base, self.kept);
        let extras = extras.costs;
        let front = match (self.sources.first(), self.axes.first()) {
            (Some(Source::Minutes { .. }), Some(axis)) => {
                Front::new(axis.size, axis.kind == AxisKind::Saturating, &ends)
            }
            _ => None,
        };
        Some(PersonWeek { person, needs, costs, kept, base, days, states, start, ends, extras, reached, tables, front })
    }

    fn add_axis(&mut self, kind: AxisKind, size: usize, source: Source) {
        self.axes.push(Axis { kind, size, stride: 0 });
        self.sources.push(source);
    }

    /// S30: a wish for work that one day can meet is a cost of that day's patterns; one that several days can meet
    /// is an axis.
    fn wants(&mut self, drafts: &mut [Vec<Draft>]) {
        let profile = &self.network.problem.profile;
        let weight = profile.weight(RuleCode::S30);
        for wish in self.who.wishes.iter().filter(|wish| weight != 0 && wish.kind == WishKind::Want) {
            let cost = in_tier(profile.tier(RuleCode::S30), weight * i64::from(wish.weight));
            let matching: Vec<bool> = self.facts.iter().map(|post| Network::matches(wish, post)).collect();
            let mut on: Vec<usize> = (0..self.facts.len())
                .filter(|&at| matching[at])
                .filter_map(|at| usize::try_from(self.facts[at].day).ok())
                .collect();
            on.dedup();
            match on[..] {
                [] => add_costs(&mut self.base, cost),
                [day] => {
                    let meets = |draft: &Draft| draft.posts().iter().any(|&at| matching[usize::from(at)]);
                    for draft in drafts[day].iter_mut().filter(|draft| !meets(draft)) {
                        add_costs(&mut draft.extra, cost);
                    }
                }
                _ => {
                    self.add_axis(AxisKind::Saturating, 2, Source::Want(matching));
                }
            }
        }
    }

    /// Limits on sums over the week (H05, H09), and what S20 counts.
    fn sums(&mut self, drafts: &[Vec<Draft>]) {
        let settings = &self.network.settings;
        let most = |amount: &dyn Fn(&PostFacts) -> i64| -> i64 {
            // Facts lie far apart, and there are many more patterns than posts.
            let amounts: Vec<i64> = self.facts.iter().map(|post| amount(post)).collect();
            let of = |draft: &Draft| draft.posts().iter().map(|&at| amounts[usize::from(at)]).sum::<i64>();
            drafts.iter().map(|day| day.iter().map(of).max().unwrap_or(0)).sum()
        };
        let kept = |amount: &dyn Fn(&PostFacts) -> i64| -> i64 {
            let kept = self.facts.iter().zip(&self.kept).filter(|&(_, &kept)| kept);
            kept.map(|(post, _)| amount(post)).sum()
        };
        let step = self.facts.iter().fold(0, |step, post| common_divisor(step, post.minutes)).max(1);
        let mut cap: Option<i64> = self.who.limits.max_minutes_horizon.map(i64::from);
        let mut lower = |limit: Option<i64>| cap = cap.into_iter().chain(limit).min();
        if settings.is_on(RuleCode::H05) {
            lower(settings.max_minutes_week(self.who));
            let before: i64 = self.who.history.minutes_last_three_weeks.iter().map(|&minutes| i64::from(minutes)).sum();
            lower(settings.max_minutes_four_weeks(self.who).map(|most| (most - before).max(0)));
        } else {
            cap = None;
        }
        let potential = most(&|post| post.minutes);
        let cap = cap.map(|cap| cap.max(kept(&|post| post.minutes))).filter(|&cap| cap < potential);
        let least = self.least(self.who.contract.min_minutes_week);
        let mut axes: Vec<(AxisKind, i64, Source)> = Vec::new();
        if let Some(cap) = cap {
            axes.push((AxisKind::Sum, cap / step, Source::Minutes { step, top: i64::MAX }));
        } else if least > 0 && potential > 0 {
            let top = (least + step - 1) / step;
            axes.push((AxisKind::Saturating, top, Source::Minutes { step, top }));
        }
        let host = self.who.contract.host.map_or(0, |(_, minutes)| self.least(minutes));
        if host > 0 && !self.host_is_everything() && self.facts.iter().any(|post| self.at_host(post)) {
            axes.push((AxisKind::Saturating, (host + step - 1) / step, Source::Host { step }));
        } else if host > 0 && self.host_is_everything() && axes.is_empty() && potential > 0 {
            let top = (host + step - 1) / step;
            axes.push((AxisKind::Saturating, top, Source::Minutes { step, top }));
        } else if host > 0
            && self.host_is_everything()
            && let Some((AxisKind::Saturating, size, Source::Minutes { top, .. })) = axes.first_mut()
        {
            *top = (*top).max((host + step - 1) / step);
            *size = *top;
        }
        if let Some(limit) = self.who.limits.max_duties_week.map(i64::from).filter(|_| settings.is_on(RuleCode::H05)) {
            let limit = limit.max(kept(&|_| 1));
            if most(&|_| 1) > limit {
                axes.push((AxisKind::Sum, limit, Source::Duties));
            }
        }
        if settings.is_on(RuleCode::H09) {
            for &(kind, limit) in &self.who.limits.max_duties_of_type {
                let amount = |post: &PostFacts| i64::from(post.shift_type == Some(kind));
                let limit = i64::from(limit).max(kept(&amount));
                if most(&amount) > limit {
                    axes.push((AxisKind::Sum, limit, Source::Type(kind)));
                }
            }
        }
        for (kind, top, source) in axes {
            self.add_axis(kind, usize::try_from(top).unwrap_or(0) + 1, source);
        }
    }

    fn least(&self, minutes: u32) -> i64 {
        let within = i64::try_from(self.days).unwrap_or(7).min(7);
        if self.network.problem.profile.weight(RuleCode::S20) == 0 { 0 } else { i64::from(minutes) * within / 7 }
    }

    fn at_host(&self, post: &PostFacts) -> bool {
        self.who.contract.host.is_some_and(|(unit, _)| self.network.is_within(post.unit, unit))
    }

    fn host_is_everything(&self) -> bool {
        self.facts.iter().all(|post| self.at_host(post))
    }

    /// H07.
    fn run(&mut self, drafts: &[Vec<Draft>]) {
        let Some(most) = self.network.settings.max_consecutive_days(self.who) else { return };
        let mut run = i64::from(self.who.history.consecutive_days);
        let mut longest = 0;
        for day in drafts {
            run = if day.len() > 1 || day.iter().any(|draft| draft.count > 0) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let days = i64::try_from(self.days).unwrap_or(i64::MAX);
        if longest > most && most >= days - 1 {
            let until = most - i64::from(self.who.history.consecutive_days);
            self.add_axis(AxisKind::Rested, 2, Source::Rested(until));
        } else if longest > most {
            self.add_axis(AxisKind::Run, usize::try_from(most).unwrap_or(0) + 1, Source::Run);
        }
    }

    /// H06 and H01 between days: classes of what a day's duties forbid on the next.
    fn late(&mut self, drafts: &[Vec<Draft>]) -> Option<()> {
        let rest = self.network.settings.min_rest_minutes(self.who);
        let count = self.facts.len();
        let mut forbids: Vec<Vec<usize>> = vec![Vec::new(); count];
        // Beyond this no rest and no way forbids anything; types of shifts forbid others on the next day whatever lies between.
        let reach = rest.max(self.longest_way());
        let has_types = self.facts.iter().any(|post| post.shift_type.is_some());
        for earlier in 0..count {
            for later in earlier + 1..count {
                let (one, other) = (self.facts[earlier], self.facts[later]);
                if one.day == other.day {
                    continue;
                }
                let is_apart = i64::from(other.span.start) - i64::from(one.span.end) >= reach;
                if is_apart && (!has_types || other.day > one.day + 1) {
                    break;
                }
                if self.kept[earlier] && self.kept[later] {
                    continue;
                }
                if self.network.clash(rest, one, other).is_some() {
                    if other.day != one.day + 1 {
                        return None;
                    }
                    forbids[earlier].push(later);
                }
            }
        }
        if forbids.iter().all(Vec::is_empty) {
            return Some(());
        }
        self.sources.push(Source::Late(LateTable::new(&forbids, drafts.iter().flatten())?));
        let Some(Source::Late(table)) = self.sources.last() else { return None };
        self.axes.push(Axis { kind: AxisKind::Late, size: table.classes, stride: 0 });
        Some(())
    }

    /// Minutes that no way between two of the posts exceeds.
    fn longest_way(&self) -> i64 {
        let locations = || self.facts.iter().filter_map(|post| post.location);
        let corner = |pick: fn(i32, i32) -> i32| {
            locations().reduce(|one, other| Point {
                east_metres: pick(one.east_metres, other.east_metres),
                north_metres: pick(one.north_metres, other.north_metres),
            })
        };
        let metres = corner(i32::min).zip(corner(i32::max)).map_or(0, |(low, high)| low.distance_metres(high) + 1);
        i64::from(metres.div_ceil(self.network.settings.metres_per_minute))
    }

    /// The state after a day, by the state before it.
    fn moved(&self, moves: &[u16; MOST_AXES]) -> Vec<u32> {
        // Axis by axis, the first of which changes fastest; what is forbidden along one stays forbidden.
        let mut table = vec![0_u32];
        for (axis, &movement) in self.axes.iter().zip(moves) {
            let movement = usize::from(movement);
            let stride = u32::try_from(axis.stride).unwrap_or(FORBIDDEN);
            let mut next = Vec::with_capacity(table.len() * axis.size);
            for value in 0..axis.size {
                let moved = match axis.kind {
                    AxisKind::Sum => value + movement,
                    AxisKind::Saturating => (value + movement).min(axis.size - 1),
                    AxisKind::Run | AxisKind::Rested if movement == 0 => 0,
                    AxisKind::Run => value + 1,
                    AxisKind::Rested if movement == 2 && value == 1 => axis.size,
                    AxisKind::Rested => value,
                    AxisKind::Late if movement >> (8 + value) & 1 == 1 => axis.size,
                    AxisKind::Late => movement & 0xff,
                };
                match u32::try_from(moved) {
                    Ok(moved) if (moved as usize) < axis.size => {
                        let by = moved * stride;
                        next.extend(table.iter().map(|&low| if low == FORBIDDEN { low } else { low + by }));
                    }
                    _ => next.resize(next.len() + table.len(), FORBIDDEN),
                }
            }
            table = next;
        }
        table
    }

    fn start(&self) -> usize {
        let run = usize::from(self.who.history.consecutive_days);
        let value = |axis: &Axis| match axis.kind {
            AxisKind::Run => run.min(axis.size - 1),
            AxisKind::Rested => 1,
            _ => 0,
        };
        self.axes.iter().map(|axis| axis.stride * value(axis)).sum()
    }

    fn movement<'s>(&self, source: &'s Source) -> Movement<'s> {
        let each = |amount: &dyn Fn(&PostFacts) -> i64| self.facts.iter().map(|post| amount(post)).collect();
        let (amounts, unit, top) = match source {
            Source::Minutes { step, top } => (each(&|post| post.minutes), *step, *top),
            Source::Host { step } => (each(&|post| if self.at_host(post) { post.minutes } else { 0 }), *step, i64::MAX),
            Source::Duties => (each(&|_| 1), 1, i64::MAX),
            Source::Type(kind) => (each(&|post| i64::from(post.shift_type == Some(*kind))), 1, i64::MAX),
            Source::Run => (each(&|_| 1), 1, 1),
            Source::Want(matching) => (matching.iter().map(|&matches| i64::from(matches)).collect(), 1, 1),
            Source::Rested(until) => return Movement::Rested { until: *until },
            Source::Late(table) => return Movement::Late(table),
        };
        Movement::Sum { amounts, unit, top }
    }

    /// S20 that no duty can serve does not depend on the week.
    fn hopeless(&mut self) {
        let profile = &self.network.problem.profile;
        let mut short = if self.facts.is_empty() { self.least(self.who.contract.min_minutes_week) } else { 0 };
        if !self.facts.iter().any(|post| self.at_host(post)) {
            short += self.who.contract.host.map_or(0, |(_, minutes)| self.least(minutes));
        }
        add_costs(&mut self.base, in_tier(profile.tier(RuleCode::S20), short * profile.weight(RuleCode::S20)));
    }

    /// S20 and wishes at the end of the week, by state.
    fn end_costs(&self, states: usize) -> Vec<Costs> {
        let profile = &self.network.problem.profile;
        let least = if self.facts.is_empty() { 0 } else { self.least(self.who.contract.min_minutes_week) };
        let served = self.facts.iter().any(|post| self.at_host(post));
        let least_host = self.who.contract.host.filter(|_| served).map_or(0, |(_, minutes)| self.least(minutes));
        let host_is_everything = self.host_is_everything();
        let weight = profile.weight(RuleCode::S30);
        // Wishes that several days can meet, in the order of their axes.
        let is_open = |wish: &&Wish| {
            let mut on: Vec<i32> =
                self.facts.iter().filter(|post| Network::matches(wish, post)).map(|post| post.day).collect();
            on.dedup();
            weight != 0 && wish.kind == WishKind::Want && on.len() > 1
        };
        let wants = self.who.wishes.iter().filter(is_open).map(|wish| weight * i64::from(wish.weight));
        let axes = self.sources.iter().zip(&self.axes).filter(|(source, _)| matches!(source, Source::Want(_)));
        let wanted: Vec<(&Axis, Costs)> =
            axes.zip(wants).map(|((_, axis), cost)| (axis, in_tier(profile.tier(RuleCode::S30), cost))).collect();
        let end = |state: usize| {
            let value = |axis: &Axis| i64::try_from(state / axis.stride % axis.size).unwrap_or(0);
            let (mut minutes, mut host) = (0, None);
            for (source, axis) in self.sources.iter().zip(&self.axes) {
                match source {
                    Source::Minutes { step, .. } => minutes = value(axis) * step,
                    Source::Host { step } => host = Some(value(axis) * step),
                    _ => {}
                }
            }
            let host = host.unwrap_or(if host_is_everything { minutes } else { 0 });
            let short = (least - minutes).max(0) + (least_host - host).max(0);
            let mut costs = in_tier(profile.tier(RuleCode::S20), short * profile.weight(RuleCode::S20));
            for &(_, cost) in wanted.iter().filter(|&&(axis, _)| value(axis) == 0) {
                add_costs(&mut costs, cost);
            }
            costs
        };
        (0..states).map(end).collect()
    }
}

impl Movement<'_> {
    fn of(&self, day: i64, posts: &[u16]) -> Option<u16> {
        match self {
            Movement::Rested { .. } if posts.is_empty() => Some(0),
            Movement::Rested { until } => Some(if day < *until { 1 } else { 2 }),
            Movement::Sum { amounts, unit, top } => {
                let sum: i64 = posts.iter().map(|&at| amounts[usize::from(at)]).sum();
                u16::try_from((sum / unit).min(*top)).ok()
            }
            Movement::Late(table) => {
                let class = table.class(posts)?;
                let blocked = posts.iter().fold(0, |mask, &at| mask | table.blocked[usize::from(at)]);
                Some(class | blocked << 8)
            }
        }
    }
}
