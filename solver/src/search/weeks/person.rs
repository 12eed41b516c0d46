//! One person's week as a small network: the duties of a day as patterns, the rules that reach over days as states.
//!
//! Everything here is exact: a path through the network is a week that the person may work, and its cost is the cost
//! of the week in all rules that concern the person alone (S20, S30, S32, S33, S34).

use super::pattern::{Day, Draft, FORBIDDEN, LateTable, MOST_AXES, pack, reached, union};
use crate::model::candidates::{Network, PostFacts};
use crate::model::linear::{Costs, add_costs, common_divisor, in_tier};
use crate::problem::{NeedIx, Person, PersonIx, RuleCode, ShiftTypeIx, WishKind};

/// Patterns of one person beyond which the network grows too large to be worth it.
const MOST_PATTERNS: usize = 600_000;
/// States of one person beyond which the network grows too large to be worth it.
const MOST_STATES: usize = 30_000;
/// A person's week.
#[derive(Debug, Clone)]
pub struct PersonWeek {
    /// Who.
    pub person: PersonIx,
    /// Needs that the person may serve or keeps, in order of start, then need; patterns name positions here.
    pub needs: Vec<NeedIx>,
    /// Cost of each pair alone.
    pub costs: Vec<Costs>,
    /// Whether the person has the duty whatever happens.
    pub kept: Vec<bool>,
    /// Costs that no choice changes.
    pub base: Costs,
    pub(super) days: Vec<Day>,
    pub(super) states: usize,
    pub(super) start: usize,
    /// Cost of ending the week in a state.
    pub(super) ends: Vec<Costs>,
    /// Costs besides those of the pairs that patterns have.
    pub(super) extras: Vec<Costs>,
    /// Of each day: the states in which it may begin, rising.
    pub(super) reached: Vec<Vec<u32>>,
    /// The state after each state, one table for each kind of movement; [`FORBIDDEN`] where rules forbid it.
    pub(super) tables: Vec<Vec<u32>>,
}

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
    /// What the last day leaves for the next; the movement holds the new value in its low byte and, in its high
    /// byte, a bit for each old value that it may not follow.
    Late,
}

impl PersonWeek {
    /// The network of a person, or `None` when rules apply that it does not hold: more than a week, rests of more
    /// than a day, or more duties and counters than it is worth.
    #[must_use]
    pub fn new(network: &Network<'_>, person: PersonIx, candidates: &[NeedIx], kept: &[NeedIx]) -> Option<Self> {
        let problem = network.problem;
        let who = &problem.people[person.index()];
        let days = usize::from(problem.horizon.days);
        if days == 0 || problem.horizon.week(i32::from(problem.horizon.days) - 1) != 0 {
            return None;
        }
        let mut posts: Vec<(i32, NeedIx, bool)> = Vec::with_capacity(candidates.len());
        let weekend = may_work_weekends(network, who);
        for &need in candidates.iter().filter(|need| !kept.contains(need)) {
            let facts = network.post(need)?;
            if weekend || !problem.horizon.is_weekend(facts.day) {
                posts.push((facts.span.start, need, false));
            }
        }
        for &need in kept {
            posts.push((network.post(need)?.span.start, need, true));
        }
        posts.sort_unstable();
        let facts: Vec<&PostFacts> = posts.iter().filter_map(|&(_, need, _)| network.post(need)).collect();
        let kept: Vec<bool> = posts.iter().map(|&(_, _, kept)| kept).collect();
        let needs: Vec<NeedIx> = posts.iter().map(|&(_, need, _)| need).collect();
        let costs = needs.iter().map(|&need| network.pair_cost(person, need)).collect();
        let mut maker = Maker { network, who, facts, kept, days, base: [0; 3], axes: Vec::new(), sources: Vec::new() };
        maker.published(person);
        let drafts = maker.drafts()?;
        maker.make(person, needs, costs, drafts)
    }

    /// The position that stands for no duty.
    pub(super) fn nothing(&self) -> u16 {
        u16::try_from(self.needs.len()).unwrap_or(u16::MAX)
    }
}

fn may_work_weekends(network: &Network<'_>, who: &Person) -> bool {
    if !network.settings.is_on(RuleCode::H08) {
        return true;
    }
    let past = who.history.weekends_last_three_weeks.iter().filter(|&&worked| worked).count();
    let past = i64::try_from(past).unwrap_or(3);
    network.settings.max_weekends_four_weeks(who).is_none_or(|most| past < most)
        && who.limits.max_weekends_horizon.is_none_or(|most| most > 0)
}

/// Where the movement along an axis comes from.
enum Source {
    Minutes { step: i64, top: i64 },
    Host { step: i64 },
    Duties,
    Type(ShiftTypeIx),
    Run,
    Late(LateTable),
    Want(Vec<bool>),
}

struct Maker<'n, 'p> {
    network: &'n Network<'p>,
    who: &'p Person,
    facts: Vec<&'n PostFacts>,
    kept: Vec<bool>,
    days: usize,
    base: Costs,
    axes: Vec<Axis>,
    sources: Vec<Source>,
}

impl Maker<'_, '_> {
    fn published(&mut self, person: PersonIx) {
        let profile = &self.network.problem.profile;
        let duties = self.network.published_duties();
        let first = duties.partition_point(|&(who, _)| who < person);
        let count = duties[first..].iter().take_while(|&&(who, _)| who == person).count();
        let cost = i64::try_from(count).unwrap_or(0) * profile.weight(RuleCode::S34);
        add_costs(&mut self.base, in_tier(profile.tier(RuleCode::S34), cost));
    }

    /// All patterns by day; the first of each day is the day without further duties.
    fn drafts(&self) -> Option<Vec<Vec<Draft>>> {
        let mut total = 0;
        let mut all = Vec::with_capacity(self.days);
        for day in 0..self.days {
            let of_day = |at: &usize| usize::try_from(self.facts[*at].day) == Ok(day);
            let free: Vec<usize> = (0..self.facts.len()).filter(of_day).filter(|&at| !self.kept[at]).collect();
            let mut forced = Draft::EMPTY;
            for at in (0..self.facts.len()).filter(of_day).filter(|&at| self.kept[at]) {
                forced = forced.with(at)?;
            }
            let mut drafts = vec![forced];
            self.extend(forced, &free, &mut drafts, MOST_PATTERNS.saturating_sub(total))?;
            total += drafts.len();
            for draft in &mut drafts {
                draft.extra = self.between(draft.posts());
            }
            all.push(drafts);
        }
        Some(all)
    }

    /// Adds every feasible set of the free posts to the present ones.
    fn extend(&self, present: Draft, free: &[usize], found: &mut Vec<Draft>, room: usize) -> Option<()> {
        let settings = &self.network.settings;
        let posts = || present.posts().iter().map(|&at| self.facts[usize::from(at)]);
        let minutes: i64 = posts().map(|post| post.minutes).sum();
        let rest = settings.min_rest_minutes(self.who);
        if settings.max_duties_day(self.who).is_some_and(|most| i64::from(present.count) >= most) {
            return Some(());
        }
        for (index, &at) in free.iter().enumerate() {
            let post = self.facts[at];
            if settings.max_minutes_day(self.who).is_some_and(|most| minutes + post.minutes > most)
                || posts().any(|other| self.network.clash(rest, post, other).is_some())
                || posts().any(|other| post.case.is_some() && post.case == other.case)
            {
                continue;
            }
            if found.len() >= room {
                return None;
            }
            let next = present.with(at)?;
            found.push(next);
            self.extend(next, &free[index + 1..], found, room)?;
        }
        Some(())
    }

    /// S32 between the duties of a day, in order of start.
    fn between(&self, posts: &[u16]) -> Costs {
        let mut costs = [0; 3];
        let profile = &self.network.problem.profile;
        let weight = profile.weight(RuleCode::S32);
        for pair in posts.windows(2) {
            let (from, to) = (self.facts[usize::from(pair[0])], self.facts[usize::from(pair[1])]);
            if weight == 0 || from.place == to.place {
                continue;
            }
            let distance = from.location.zip(to.location).map_or(0, |(from, to)| from.distance_metres(to));
            let units = i64::from(distance / self.network.settings.travel_unit_metres);
            add_costs(&mut costs, in_tier(profile.tier(RuleCode::S32), units * weight));
        }
        costs
    }

    fn make(
        mut self,
        person: PersonIx,
        needs: Vec<NeedIx>,
        costs: Vec<Costs>,
        mut drafts: Vec<Vec<Draft>>,
    ) -> Option<PersonWeek> {
        self.wants(&mut drafts);
        self.hopeless();
        self.sums(&drafts);
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
        for draft in drafts.iter_mut().flatten() {
            for (axis, source) in self.sources.iter().enumerate() {
                draft.moves[axis] = self.movement(source, draft.posts())?;
            }
        }
        let nothing = u16::try_from(needs.len()).ok().filter(|&count| count < u16::MAX)?;
        let mut extras = vec![[0; 3]];
        let mut days: Vec<Day> =
            drafts.into_iter().map(|drafts| pack(drafts, nothing, &mut extras)).collect::<Option<_>>()?;
        let mut kinds: Vec<[u16; MOST_AXES]> = Vec::new();
        let mut tables: Vec<Vec<u32>> = Vec::new();
        for class in days.iter_mut().flat_map(|day| &mut day.classes) {
            let kind = kinds.iter().position(|kind| *kind == class.moves).unwrap_or_else(|| {
                kinds.push(class.moves);
                tables.push((0..states).map(|state| self.moved(state, &class.moves)).collect());
                kinds.len() - 1
            });
            class.table = u32::try_from(kind).unwrap_or(FORBIDDEN);
        }
        let ends = (0..states).map(|state| self.end_cost(state)).collect();
        let reached = reached(&days, &tables, states, start);
        let (base, kept) = (self.base, self.kept);
        Some(PersonWeek { person, needs, costs, kept, base, days, states, start, ends, extras, reached, tables })
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
            let of = |draft: &Draft| draft.posts().iter().map(|&at| amount(self.facts[usize::from(at)])).sum::<i64>();
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
        if longest > most {
            self.add_axis(AxisKind::Run, usize::try_from(most).unwrap_or(0) + 1, Source::Run);
        }
    }

    /// H06 and H01 between days: classes of what a day's duties forbid on the next.
    fn late(&mut self, drafts: &[Vec<Draft>]) -> Option<()> {
        let rest = self.network.settings.min_rest_minutes(self.who);
        let count = self.facts.len();
        let mut forbids: Vec<Vec<usize>> = vec![Vec::new(); count];
        let reach = rest.max(24 * 60) + 24 * 60;
        for earlier in 0..count {
            for later in earlier + 1..count {
                let (one, other) = (self.facts[earlier], self.facts[later]);
                if one.day == other.day {
                    continue;
                }
                if i64::from(other.span.start) - i64::from(one.span.end) >= reach && other.day > one.day + 1 {
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
        let mut classes: Vec<Vec<usize>> = vec![Vec::new()];
        for draft in drafts.iter().flatten() {
            let union = union(&forbids, draft.posts());
            if !classes.contains(&union) {
                classes.push(union);
                if classes.len() > 8 {
                    return None;
                }
            }
        }
        let blocked = (0..count)
            .map(|post| {
                let holding = classes.iter().zip(0..).filter(|(class, _)| class.contains(&post));
                holding.fold(0_u16, |mask, (_, at)| mask | 1 << at)
            })
            .collect();
        self.add_axis(AxisKind::Late, classes.len(), Source::Late(LateTable { classes, forbids, blocked }));
        Some(())
    }

    /// The state after a day.
    fn moved(&self, state: usize, moves: &[u16; MOST_AXES]) -> u32 {
        let mut next = 0;
        for (axis, &movement) in self.axes.iter().zip(moves) {
            let value = state / axis.stride % axis.size;
            let movement = usize::from(movement);
            let value = match axis.kind {
                AxisKind::Sum => value + movement,
                AxisKind::Saturating => (value + movement).min(axis.size - 1),
                AxisKind::Run if movement == 0 => 0,
                AxisKind::Run => value + 1,
                AxisKind::Late if movement >> (8 + value) & 1 == 1 => return FORBIDDEN,
                AxisKind::Late => movement & 0xff,
            };
            if value >= axis.size {
                return FORBIDDEN;
            }
            next += value * axis.stride;
        }
        u32::try_from(next).unwrap_or(FORBIDDEN)
    }

    fn start(&self) -> usize {
        let run = usize::from(self.who.history.consecutive_days);
        self.axes
            .iter()
            .filter(|axis| axis.kind == AxisKind::Run)
            .map(|axis| axis.stride * run.min(axis.size - 1))
            .sum()
    }

    fn movement(&self, source: &Source, posts: &[u16]) -> Option<u16> {
        let facts = || posts.iter().map(|&at| self.facts[usize::from(at)]);
        let moved = match source {
            Source::Minutes { step, top } => (facts().map(|post| post.minutes).sum::<i64>() / step).min(*top),
            Source::Host { step } => {
                facts().filter(|post| self.at_host(post)).map(|post| post.minutes).sum::<i64>() / step
            }
            Source::Duties => i64::try_from(posts.len()).ok()?,
            Source::Type(kind) => i64::try_from(facts().filter(|post| post.shift_type == Some(*kind)).count()).ok()?,
            Source::Run => i64::from(!posts.is_empty()),
            Source::Want(matching) => i64::from(posts.iter().any(|&at| matching[usize::from(at)])),
            Source::Late(table) => {
                let class = match posts {
                    [post] => table.class(&table.forbids[usize::from(*post)])?,
                    _ => table.class(&union(&table.forbids, posts))?,
                };
                let blocked = posts.iter().fold(0, |mask, &at| mask | table.blocked[usize::from(at)]);
                return u16::try_from(class).ok().map(|class| class | blocked << 8);
            }
        };
        u16::try_from(moved).ok()
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

    /// S20 and wishes at the end of the week.
    fn end_cost(&self, state: usize) -> Costs {
        let mut costs = [0; 3];
        let profile = &self.network.problem.profile;
        let value = |axis: &Axis| i64::try_from(state / axis.stride % axis.size).unwrap_or(0);
        let mut minutes = 0;
        let mut host = None;
        let mut wants = self.sources.iter().zip(&self.axes).filter_map(|(source, axis)| match source {
            Source::Want(_) => Some(value(axis)),
            _ => None,
        });
        for (source, axis) in self.sources.iter().zip(&self.axes) {
            match source {
                Source::Minutes { step, .. } => minutes = value(axis) * step,
                Source::Host { step } => host = Some(value(axis) * step),
                _ => {}
            }
        }
        let least = if self.facts.is_empty() { 0 } else { self.least(self.who.contract.min_minutes_week) };
        let served = self.facts.iter().any(|post| self.at_host(post));
        let least_host = self.who.contract.host.filter(|_| served).map_or(0, |(_, minutes)| self.least(minutes));
        let host = host.unwrap_or(if self.host_is_everything() { minutes } else { 0 });
        let short = (least - minutes).max(0) + (least_host - host).max(0);
        add_costs(&mut costs, in_tier(profile.tier(RuleCode::S20), short * profile.weight(RuleCode::S20)));
        let weight = profile.weight(RuleCode::S30);
        for wish in self.who.wishes.iter().filter(|wish| weight != 0 && wish.kind == WishKind::Want) {
            let mut on: Vec<i32> =
                self.facts.iter().filter(|post| Network::matches(wish, post)).map(|post| post.day).collect();
            on.dedup();
            if on.len() > 1 && wants.next() == Some(0) {
                add_costs(&mut costs, in_tier(profile.tier(RuleCode::S30), weight * i64::from(wish.weight)));
            }
        }
        costs
    }
}
