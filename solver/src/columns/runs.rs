//! Run states: how long the person has been working or off, and on which shift type (H06, H07, S37, S38).
//!
//! A state says everything about the past that the costs and bans of the next day depend on, and no more: lengths
//! stop counting where no rule looks any further, and shift types that forbid the same successors share a state.

use std::collections::HashMap;

use super::form::{Form, PostRow, Unsupported, factor};
use super::options::Choice;
use crate::problem::{MINUTES_PER_DAY, Minute, Problem, Range, RuleCode, ShiftTypeIx};
use crate::roster::TierValues;

/// What distinguishes duties of one day for the following days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// Shift type.
    pub shift_type: Option<ShiftTypeIx>,
    /// Start, in minutes of its day.
    pub start: Minute,
    /// Length in minutes.
    pub minutes: Minute,
}

/// A step from one run state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Group of choices taken: 0 is a day off.
    pub group: u16,
    /// State reached.
    pub to: u16,
    /// Cost of the run rules.
    pub cost: i64,
}

/// The run automaton of a person.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    /// Moves out of each state; the state before the horizon is 0.
    pub moves: Vec<Vec<Move>>,
    /// Whether the last day was worked.
    pub is_work: Vec<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    /// Days off in a row; `counted` says whether the least number applies.
    Off { days: u16, counted: bool, fresh: bool },
    /// Working days in a row, signature of the last class, days in a row on its type.
    Work { days: u16, counted: bool, signature: usize, of_type: u16 },
}

/// Limits and costs of one kind of run.
#[derive(Debug, Clone, Copy)]
struct RunRule {
    hard_min: u16,
    hard_max: Option<u16>,
    soft: Option<Range>,
    cost: i64,
}

impl RunRule {
    /// Length beyond which nothing changes any more.
    fn cap(&self) -> u16 {
        let soft = self.soft.map_or(0, |range| range.min.max(if range.max == u16::MAX { 0 } else { range.max }));
        self.hard_max.unwrap_or(0).max(self.hard_min).max(soft).max(1)
    }

    /// Cost of one more day, or `None` when it is banned.
    fn longer(&self, days: u16) -> Option<i64> {
        if self.hard_max.is_some_and(|most| days >= most) {
            return None;
        }
        Some(if self.soft.is_some_and(|range| days >= range.max) { self.cost } else { 0 })
    }

    /// Cost of ending after so many days, or `None` when it is banned.
    fn end(&self, days: u16, counted: bool) -> Option<i64> {
        if days == 0 {
            return Some(0);
        }
        if counted && days < self.hard_min {
            return None;
        }
        Some(self.soft.map_or(0, |range| self.cost * i64::from(range.min.saturating_sub(days))))
    }
}

struct Builder<'a> {
    work: RunRule,
    off: RunRule,
    /// Soft range of each signature's type, if it has one.
    type_range: Vec<Option<(ShiftTypeIx, Range)>>,
    type_cost: i64,
    /// Whether a class (by index) may follow a signature.
    may_follow: Vec<Vec<bool>>,
    signature_of: Vec<usize>,
    group_class: &'a [usize],
    ids: HashMap<State, u16>,
    queue: Vec<State>,
}

impl Runs {
    /// Builds the automaton; `classes[group_class[g]]` is the class of group `g + 1`.
    pub fn new(
        problem: &Problem,
        person_index: usize,
        classes: &[Class],
        group_class: &[usize],
        factors: TierValues,
    ) -> Result<Self, Unsupported> {
        let (work, off) = run_rules(problem, person_index, factors);
        let person = &problem.people[person_index];
        let range_of = |shift_type: Option<ShiftTypeIx>| {
            let at = shift_type?;
            let range = problem.shift_types.get(at.index())?.consecutive_days?;
            problem.profile.is_on(RuleCode::S37).then_some((at, range))
        };
        let mut signatures: Vec<(Option<ShiftTypeIx>, Vec<bool>)> = Vec::new();
        let mut signature_of = Vec::new();
        let mut type_range = Vec::new();
        for class in classes {
            let follow: Vec<bool> = classes.iter().map(|next| may_follow(problem, person_index, class, next)).collect();
            let range = range_of(class.shift_type);
            let signature = (range.map(|(at, _)| at), follow);
            let found = signatures.iter().position(|known| *known == signature).unwrap_or_else(|| {
                signatures.push(signature);
                type_range.push(range);
                signatures.len() - 1
            });
            signature_of.push(found);
        }
        // What history ends with: its own signature; bans against it are taken out of the first day's choices.
        let last_type = person.history.last_shift_type;
        type_range.push(range_of(last_type));
        let mut may_follow: Vec<Vec<bool>> = signatures.into_iter().map(|(_, follow)| follow).collect();
        may_follow.push(vec![true; classes.len()]);
        let builder = Builder {
            work,
            off,
            type_cost: Form::weight(problem, RuleCode::S37, factors),
            type_range,
            may_follow,
            signature_of,
            group_class,
            ids: HashMap::new(),
            queue: Vec::new(),
        };
        let history_signature = builder.may_follow.len() - 1;
        let start = start_state(problem, person_index, &builder, history_signature);
        builder.run(start)
    }
}

fn run_rules(problem: &Problem, person_index: usize, factors: TierValues) -> (RunRule, RunRule) {
    let person = &problem.people[person_index];
    let profile = &problem.profile;
    let hard = profile.is_on(RuleCode::H07);
    let default = u16::try_from(profile.parameter(RuleCode::H07, "max_days")).unwrap_or(0);
    let most = person.limits.max_consecutive_days.unwrap_or(default);
    let days = problem.horizon.days.saturating_add(person.history.consecutive_days);
    let soft = profile.is_on(RuleCode::S38);
    let unit = |key| Form::weight(problem, RuleCode::S38, factors) * profile.parameter(RuleCode::S38, key);
    let work = RunRule {
        hard_min: if hard { person.limits.min_consecutive_days.unwrap_or(0) } else { 0 },
        hard_max: (hard && most > 0 && most < days).then_some(most),
        soft: person.contract.consecutive_days.filter(|_| soft),
        cost: unit("work_factor"),
    };
    let off = RunRule {
        hard_min: if hard { person.limits.min_consecutive_days_off.unwrap_or(0) } else { 0 },
        hard_max: None,
        soft: person.contract.consecutive_days_off.filter(|_| soft),
        cost: unit("off_factor"),
    };
    (work, off)
}

/// H01 and H06 between the duties of two following days.
fn may_follow(problem: &Problem, person_index: usize, first: &Class, next: &Class) -> bool {
    let gap = MINUTES_PER_DAY + next.start - first.start - first.minutes;
    if gap < least_rest(problem, person_index) {
        return false;
    }
    !(problem.profile.is_on(RuleCode::H06) && is_forbidden_next(problem, first.shift_type, next.shift_type))
}

fn least_rest(problem: &Problem, person_index: usize) -> Minute {
    let profile = &problem.profile;
    if !profile.is_on(RuleCode::H06) {
        return 0;
    }
    let parameter = profile.parameter(RuleCode::H06, "min_rest_minutes");
    let rest = problem.people[person_index].limits.min_rest_minutes.map_or(parameter, i64::from);
    Minute::try_from(rest).unwrap_or(Minute::MAX / 2).max(0)
}

fn is_forbidden_next(problem: &Problem, first: Option<ShiftTypeIx>, next: Option<ShiftTypeIx>) -> bool {
    let (Some(first), Some(next)) = (first, next) else { return false };
    problem.shift_types.get(first.index()).is_some_and(|shift| shift.forbidden_next.contains(&next))
}

/// Takes out of the first days what history's last duty forbids.
pub(super) fn apply_history(problem: &Problem, person_index: usize, rows: &[PostRow], days: &mut [Vec<Choice>]) {
    let history = &problem.people[person_index].history;
    let rest = least_rest(problem, person_index);
    for (index, day) in days.iter_mut().enumerate().take(3) {
        day.retain(|choice| {
            let Some(post) = choice.post.and_then(|row| problem.needs.get(rows[row].need.index())?.as_post()) else {
                return true;
            };
            if history.last_duty_end.is_some_and(|end| post.span.start - end < rest) {
                return false;
            }
            index > 0
                || !problem.profile.is_on(RuleCode::H06)
                || !is_forbidden_next(problem, history.last_shift_type, post.shift_type)
        });
    }
}

fn start_state(problem: &Problem, person_index: usize, builder: &Builder<'_>, signature: usize) -> State {
    let history = &problem.people[person_index].history;
    if history.consecutive_days > 0 {
        let cap = builder.type_cap(signature);
        return State::Work {
            days: history.consecutive_days.min(builder.work.cap()),
            counted: true,
            signature,
            of_type: history.consecutive_days_of_type.clamp(1, cap),
        };
    }
    let unknown = history.consecutive_days_off == u16::MAX;
    State::Off { days: history.consecutive_days_off.min(builder.off.cap()), counted: !unknown, fresh: unknown }
}

impl Builder<'_> {
    fn type_cap(&self, signature: usize) -> u16 {
        self.type_range[signature]
            .map_or(1, |(_, range)| if range.max == u16::MAX { range.min } else { range.max })
            .max(1)
    }

    fn id(&mut self, state: State) -> Result<u16, Unsupported> {
        if let Some(id) = self.ids.get(&state) {
            return Ok(*id);
        }
        let id = u16::try_from(self.ids.len()).ok().filter(|id| *id < 20_000);
        let id = id.ok_or_else(|| Unsupported("too many run states".to_owned()))?;
        self.ids.insert(state, id);
        self.queue.push(state);
        Ok(id)
    }

    fn run(mut self, start: State) -> Result<Runs, Unsupported> {
        self.id(start)?;
        let mut moves: Vec<Vec<Move>> = Vec::new();
        let mut at = 0;
        while at < self.queue.len() {
            let state = self.queue[at];
            at += 1;
            let mut out = Vec::new();
            if let Some((next, cost)) = self.off_after(state) {
                out.push(Move { group: 0, to: self.id(next)?, cost });
            }
            for group in 0..self.group_class.len() {
                if let Some((next, cost)) = self.work_after(state, self.group_class[group]) {
                    let group = u16::try_from(group + 1).map_err(|_| Unsupported("too many shifts".to_owned()))?;
                    out.push(Move { group, to: self.id(next)?, cost });
                }
            }
            moves.push(out);
        }
        let is_work = self.queue.iter().map(|state| matches!(state, State::Work { .. })).collect();
        Ok(Runs { moves, is_work })
    }

    fn off_state(&self, days: u16, counted: bool) -> State {
        let days = days.min(self.off.cap());
        State::Off { days, counted: counted || days >= self.off.hard_min, fresh: false }
    }

    fn off_after(&self, state: State) -> Option<(State, i64)> {
        match state {
            State::Off { days, counted, fresh } => {
                let cost = self.off.longer(days)?;
                Some((self.off_state(days.saturating_add(1), counted || !fresh), cost))
            }
            State::Work { days, counted, signature, of_type } => {
                let cost = self.work.end(days, counted)? + self.end_of_type(signature, of_type);
                Some((self.off_state(1, true), cost))
            }
        }
    }

    fn work_after(&self, state: State, class: usize) -> Option<(State, i64)> {
        let signature = self.signature_of[class];
        match state {
            State::Off { days, counted, fresh } => {
                let cost = self.off.end(days, counted)?;
                Some((self.work_state(1, !fresh, signature, 1), cost))
            }
            State::Work { days, counted, signature: before, of_type } => {
                if !self.may_follow[before][class] {
                    return None;
                }
                let mut cost = self.work.longer(days)?;
                let same = self.type_range[before].is_some()
                    && self.type_range[before].map(|(at, _)| at) == self.type_range[signature].map(|(at, _)| at);
                let of_type = if same {
                    if self.type_range[before].is_some_and(|(_, range)| of_type >= range.max) {
                        cost += self.type_cost;
                    }
                    of_type + 1
                } else {
                    cost += self.end_of_type(before, of_type);
                    1
                };
                Some((self.work_state(days.saturating_add(1), counted, signature, of_type), cost))
            }
        }
    }

    fn work_state(&self, days: u16, counted: bool, signature: usize, of_type: u16) -> State {
        let days = days.min(self.work.cap());
        let of_type = of_type.min(self.type_cap(signature));
        State::Work { days, counted: counted || days >= self.work.hard_min, signature, of_type }
    }

    fn end_of_type(&self, signature: usize, of_type: u16) -> i64 {
        self.type_range[signature].map_or(0, |(_, range)| self.type_cost * i64::from(range.min.saturating_sub(of_type)))
    }
}

/// Factor of the tier of a rule that is on; 0 for one that is off.
pub(super) fn tier_factor(problem: &Problem, code: RuleCode, factors: TierValues) -> i64 {
    if problem.profile.is_on(code) { factor(factors, problem.profile.tier(code)) } else { 0 }
}
