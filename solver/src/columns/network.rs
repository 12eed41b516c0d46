//! The network of one person: choices by day, run states, and counters over the horizon
//! (H05, H08, H09; S39, S40). A path through it is a roster line that keeps every hard rule of the person.

use super::form::{PostRow, Unsupported, gcd};
use super::options::{self, Choice};
use super::runs::{self, Class, Move, Runs, tier_factor};
use crate::problem::{Problem, RuleCode, ShiftTypeIx};
use crate::roster::TierValues;

/// A cost that no path can have.
pub const NEVER: i64 = i64::MAX / 4;

/// One choice of one day in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOption {
    /// Cover row, none for a day off.
    pub post: Option<u32>,
    /// Group, 0 for a day off; choices of one group differ in cost and cover only.
    pub group: u16,
    /// Cost by itself.
    pub cost: i64,
}

/// What a counter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Nothing: stands in for a person without counters.
    Nothing,
    /// Minutes, in units of the counter.
    Minutes,
    /// Duties.
    Duties,
    /// Weekends worked.
    Weekends,
    /// Duties of one shift type.
    Type(ShiftTypeIx),
}

/// A quantity counted over the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// What.
    pub counted: Counted,
    /// Cost of each final value, [`NEVER`] for a banned one; values beyond the end are banned.
    pub terminal: Vec<i64>,
}

impl Counter {
    /// Whether it only allows or forbids.
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.counted != Counted::Nothing && self.terminal.iter().all(|cost| *cost == 0 || *cost >= NEVER)
    }

    /// Least value allowed.
    #[must_use]
    pub fn least(&self) -> i64 {
        self.terminal.iter().position(|cost| *cost < NEVER).unwrap_or(0) as i64
    }
}

/// A counter that became a row of the master: its value may be at most `limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relaxed {
    /// What.
    pub counted: Counted,
    /// Most.
    pub limit: i64,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Network {
    /// First option of each day, and the end.
    pub start: Vec<u32>,
    /// Options, by day.
    pub options: Vec<DayOption>,
    /// Moves out of each run state; 0 is the state before the horizon.
    pub moves: Vec<Vec<Move>>,
    /// Whether a run state means that the last day was worked.
    pub is_work: Vec<bool>,
    /// Cost of ending in each run state, [`NEVER`] where the line cannot end.
    pub ends: Vec<i64>,
    /// Minutes of each group; group 0 has none.
    pub minutes: Vec<i64>,
    /// Shift type of each group.
    pub shift_types: Vec<Option<ShiftTypeIx>>,
    /// Counters carried; the first is the innermost.
    pub counters: Vec<Counter>,
    /// Minutes that count as one unit.
    pub minute_unit: i64,
    /// Counters left to the master.
    pub relaxed: Vec<Relaxed>,
    /// By day: 0, 6 for a Saturday, 7 for a Sunday whose Saturday is in the horizon, 8 for another Sunday.
    pub weekend: Vec<u8>,
    /// S40 of one incomplete weekend.
    pub incomplete: i64,
    /// Cost whatever the path.
    pub constant: i64,
}

impl Network {
    /// Builds the network of a person.
    ///
    /// # Errors
    /// When a rule in force lies outside what it expresses.
    pub fn new(problem: &Problem, person: usize, rows: &[PostRow], factors: TierValues) -> Result<Self, Unsupported> {
        let options::Choices { days: mut choices, constant } = options::choices(problem, person, rows, factors)?;
        runs::apply_history(problem, person, rows, &mut choices);
        refuse_weekly_limits(problem, person, rows, &choices)?;
        let class_of = |row: usize| {
            let post = problem.needs[rows[row].need.index()].as_post();
            post.map(|post| Class {
                shift_type: post.shift_type,
                start: post.span.start.rem_euclid(crate::problem::MINUTES_PER_DAY),
                minutes: post.span.minutes(),
            })
        };
        let mut classes: Vec<Class> = Vec::new();
        for class in choices.iter().flatten().filter_map(|choice| choice.post.and_then(class_of)) {
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        let group_class: Vec<usize> = (0..classes.len()).collect();
        let run = Runs::new(problem, person, &classes, &group_class, factors)?;
        let mut start = vec![0];
        let mut options = Vec::new();
        for day in &choices {
            for choice in day {
                let class = choice.post.and_then(class_of);
                let group = class.and_then(|class| classes.iter().position(|known| *known == class));
                options.push(DayOption {
                    post: choice.post.and_then(|post| u32::try_from(post).ok()),
                    group: group.map_or(0, |group| group as u16 + 1),
                    cost: choice.cost,
                });
            }
            start.push(options.len() as u32);
        }
        let mut minutes = vec![0];
        minutes.extend(classes.iter().map(|class| i64::from(class.minutes)));
        let mut shift_types = vec![None];
        shift_types.extend(classes.iter().map(|class| class.shift_type));
        let mut network = Self {
            start,
            options,
            ends: vec![0; run.moves.len()],
            moves: run.moves,
            is_work: run.is_work,
            minutes,
            shift_types,
            counters: Vec::new(),
            minute_unit: 1,
            relaxed: Vec::new(),
            weekend: weekend_days(problem),
            incomplete: 0,
            constant,
        };
        network.add_counters(problem, person, factors);
        network.merge_groups();
        if problem.people[person].contract.complete_weekends {
            network.incomplete = tier_factor(problem, RuleCode::S40, factors) * problem.profile.weight(RuleCode::S40);
        }
        Ok(network)
    }

    /// Number of days.
    #[must_use]
    pub fn days(&self) -> usize {
        self.start.len() - 1
    }

    /// Options of a day.
    #[must_use]
    pub fn day(&self, day: usize) -> &[DayOption] {
        &self.options[self.start[day] as usize..self.start[day + 1] as usize]
    }

    /// How much a counter grows by a group's duty; weekends depend on the day, see [`Network::starts_weekend`].
    #[must_use]
    pub fn growth(&self, counted: Counted, group: u16) -> i64 {
        if group == 0 {
            return 0;
        }
        match counted {
            Counted::Minutes => self.minutes[usize::from(group)] / self.minute_unit,
            Counted::Duties => 1,
            Counted::Weekends | Counted::Nothing => 0,
            Counted::Type(counted) => i64::from(self.shift_types[usize::from(group)] == Some(counted)),
        }
    }

    /// Whether working on a day, coming from a state, makes its weekend a worked one.
    #[must_use]
    pub fn starts_weekend(&self, day: usize, from: usize) -> bool {
        match self.weekend[day] {
            6 | 8 => true,
            7 => !self.is_work[from],
            _ => false,
        }
    }

    /// S40 of a Sunday.
    #[must_use]
    pub fn weekend_cost(&self, day: usize, from: usize, works: bool) -> i64 {
        if self.weekend[day] == 7 && self.is_work[from] != works { self.incomplete } else { 0 }
    }

    /// Cost of a choice of options (position within each day), `None` when it breaks a hard rule; counters left to
    /// the master are not looked at.
    #[must_use]
    pub fn evaluate(&self, choice: &[u16]) -> Option<i64> {
        let mut state = 0;
        let mut cost = 0;
        let mut values = vec![0; self.counters.len()];
        for (day, position) in choice.iter().enumerate() {
            let option = self.day(day).get(usize::from(*position))?;
            let step = self.moves[state].iter().find(|step| step.group == option.group)?;
            let works = option.group > 0;
            cost += option.cost + step.cost + self.weekend_cost(day, state, works);
            for (value, counter) in values.iter_mut().zip(&self.counters) {
                *value += if counter.counted == Counted::Weekends {
                    i64::from(works && self.starts_weekend(day, state))
                } else {
                    self.growth(counter.counted, option.group)
                };
            }
            state = usize::from(step.to);
        }
        if self.ends[state] >= NEVER {
            return None;
        }
        cost += self.ends[state];
        for (value, counter) in values.iter().zip(&self.counters) {
            let terminal = counter.terminal.get(usize::try_from(*value).ok()?).copied().unwrap_or(NEVER);
            if terminal >= NEVER {
                return None;
            }
            cost += terminal;
        }
        Some(cost)
    }

    /// Value of a counter left to the master, for a choice of options.
    #[must_use]
    pub fn usage(&self, relaxed: &Relaxed, choice: &[u16]) -> i64 {
        let mut worked_before = self.is_work[0];
        let mut total = 0;
        for (day, position) in choice.iter().enumerate() {
            let group = self.day(day)[usize::from(*position)].group;
            if relaxed.counted == Counted::Weekends {
                let starts = matches!(self.weekend[day], 6 | 8) || (self.weekend[day] == 7 && !worked_before);
                total += i64::from(group > 0 && starts);
            } else {
                total += self.growth(relaxed.counted, group);
            }
            worked_before = group > 0;
        }
        total
    }

    /// Leaves counters to the master until the network has at most `cells` cells; soft counters stay. The master knows
    /// limits from above only: a least value is left out altogether, so that the network allows more than the rules.
    pub fn relax(&mut self, cells: usize) {
        while self.cells() > cells {
            // Minutes last: as the only ones with a least value they lose most.
            let hard = self.counters.iter().enumerate().filter(|(_, counter)| counter.is_hard());
            let order = |(_, counter): &(usize, &Counter)| (counter.least() == 0, counter.terminal.len());
            let Some((largest, _)) = hard.max_by_key(order) else { break };
            let counter = self.counters.remove(largest);
            let limit = i64::try_from(counter.terminal.len()).unwrap_or(i64::MAX) - 1;
            self.relaxed.push(Relaxed { counted: counter.counted, limit });
        }
        if self.counters.is_empty() {
            self.counters.push(Counter { counted: Counted::Nothing, terminal: vec![0] });
        }
        self.merge_groups();
    }

    /// Cells of the dynamic programme.
    #[must_use]
    pub fn cells(&self) -> usize {
        let counters =
            self.counters.iter().fold(1_usize, |cells, counter| cells.saturating_mul(counter.terminal.len()));
        counters.saturating_mul(self.moves.len()).saturating_mul(self.days() + 1)
    }

    /// Greatest common divisor of the costs of all paths' differences.
    #[must_use]
    pub fn cost_step(&self) -> i64 {
        let mut step = self.options.iter().fold(self.incomplete, |step, option| gcd(step, option.cost));
        step = self.moves.iter().flatten().fold(step, |step, at| gcd(step, at.cost));
        step = self.ends.iter().filter(|cost| **cost < NEVER).fold(step, |step, cost| gcd(step, *cost));
        let terminal = self.counters.iter().flat_map(|counter| &counter.terminal).filter(|cost| **cost < NEVER);
        terminal.fold(step, |step, cost| gcd(step, *cost))
    }

    /// Heaviest single cost, without the final ones of the counters.
    #[must_use]
    pub fn heaviest_cost(&self) -> i64 {
        let options = self.options.iter().map(|option| option.cost.abs());
        let ends = self.ends.iter().filter(|cost| **cost < NEVER).map(|cost| cost.abs());
        let steps = self.moves.iter().flatten().map(|at| at.cost);
        options.chain(steps).chain(ends).max().unwrap_or(0).max(self.incomplete)
    }

    /// Groups that lead everywhere alike and count alike become one, so that pricing takes their best only.
    pub(super) fn merge_groups(&mut self) {
        let kinds: Vec<Counted> = self
            .counters
            .iter()
            .map(|counter| counter.counted)
            .chain(self.relaxed.iter().map(|relaxed| relaxed.counted))
            .collect();
        let signature = |group: u16| {
            let counts: Vec<i64> = kinds.iter().map(|kind| self.growth(*kind, group)).collect();
            let steps: Vec<Option<(u16, i64)>> = self
                .moves
                .iter()
                .map(|out| out.iter().find(|step| step.group == group).map(|step| (step.to, step.cost)))
                .collect();
            (counts, steps)
        };
        let mut kept: Vec<u16> = vec![0];
        let mut signatures = vec![(Vec::new(), Vec::new())];
        let mut target = vec![0_u16; self.minutes.len()];
        for group in 1..self.minutes.len() as u16 {
            let own = signature(group);
            let found = signatures.iter().skip(1).position(|known| *known == own).map(|at| at + 1);
            target[usize::from(group)] = found.unwrap_or(kept.len()) as u16;
            if found.is_none() {
                kept.push(group);
                signatures.push(own);
            }
        }
        for option in &mut self.options {
            option.group = target[usize::from(option.group)];
        }
        for out in &mut self.moves {
            out.retain(|step| kept.contains(&step.group));
            for step in out.iter_mut() {
                step.group = target[usize::from(step.group)];
            }
        }
        self.minutes = kept.iter().map(|group| self.minutes[usize::from(*group)]).collect();
        self.shift_types = kept.iter().map(|group| self.shift_types[usize::from(*group)]).collect();
    }

    fn add_counters(&mut self, problem: &Problem, person_index: usize, factors: TierValues) {
        let days = self.days();
        let person = &problem.people[person_index];
        let (limits, profile) = (&person.limits, &problem.profile);
        let longest = self.minutes.iter().copied().max().unwrap_or(0);
        let reach = longest * days as i64;
        self.minute_unit = self.minutes.iter().fold(0, |unit, minutes| gcd(unit, *minutes)).max(1);
        if profile.is_on(RuleCode::H05) {
            let most = limits.max_minutes_horizon.map_or(reach, i64::from).min(reach);
            let least = limits.min_minutes_horizon.map_or(0, i64::from);
            if most < reach || least > 0 {
                let first = (least + self.minute_unit - 1) / self.minute_unit;
                let terminal = (0..=most / self.minute_unit).map(|at| if at < first { NEVER } else { 0 }).collect();
                self.counters.push(Counter { counted: Counted::Minutes, terminal });
            }
        }
        let total = tier_factor(problem, RuleCode::S39, factors);
        if let Some(range) = person.contract.total_duties.filter(|_| total > 0) {
            let unit = total * profile.weight(RuleCode::S39);
            let cost = |duties: usize| {
                let all = i64::from(person.history.total_duties) + duties as i64;
                unit * ((i64::from(range.min) - all).max(0) + (all - i64::from(range.max)).max(0))
            };
            self.counters.push(Counter { counted: Counted::Duties, terminal: (0..=days).map(cost).collect() });
        }
        self.add_weekends(problem, person_index, factors);
        if profile.is_on(RuleCode::H09) {
            let mut types = limits.max_duties_of_type.clone();
            types.sort_by_key(|(_, most)| *most);
            for (shift_type, most) in types {
                let counted = Counted::Type(shift_type);
                let can = |day: usize| self.day(day).iter().any(|option| self.growth(counted, option.group) > 0);
                let possible = (0..days).filter(|day| can(*day)).count();
                if most == 0 {
                    self.ban_type(shift_type);
                } else if usize::from(most) < possible {
                    self.counters.push(Counter { counted, terminal: vec![0; usize::from(most) + 1] });
                }
            }
        }
        if self.counters.is_empty() {
            self.counters.push(Counter { counted: Counted::Nothing, terminal: vec![0] });
        }
    }

    fn add_weekends(&mut self, problem: &Problem, person_index: usize, factors: TierValues) {
        let person = &problem.people[person_index];
        let profile = &problem.profile;
        let weekends = self.weekend.iter().filter(|kind| matches!(kind, 6 | 8)).count();
        let hard = person.limits.max_weekends_horizon.filter(|_| profile.is_on(RuleCode::H08));
        let soft = person.contract.max_total_weekends;
        let total = tier_factor(problem, RuleCode::S39, factors);
        let soft = soft.filter(|_| total > 0);
        if soft.is_none() && hard.is_none_or(|most| usize::from(most) >= weekends) {
            return;
        }
        let unit = total * profile.parameter(RuleCode::S39, "weekend_factor");
        let most = hard.map_or(weekends, |most| usize::from(most).min(weekends));
        let cost = |worked: usize| {
            let all = i64::from(person.history.total_weekends) + worked as i64;
            soft.map_or(0, |limit| unit * (all - i64::from(limit)).max(0))
        };
        self.counters.push(Counter { counted: Counted::Weekends, terminal: (0..=most).map(cost).collect() });
    }

    /// Takes the choices of a shift type away.
    fn ban_type(&mut self, shift_type: ShiftTypeIx) {
        let mut kept = Vec::with_capacity(self.options.len());
        let mut start = vec![0];
        for day in 0..self.days() {
            let banned = |option: &DayOption| self.shift_types[usize::from(option.group)] == Some(shift_type);
            kept.extend(self.day(day).iter().filter(|option| !banned(option)).copied());
            start.push(kept.len() as u32);
        }
        self.options = kept;
        self.start = start;
    }
}

fn weekend_days(problem: &Problem) -> Vec<u8> {
    let days = i32::from(problem.horizon.days);
    (0..days)
        .map(|day| {
            if !problem.horizon.is_weekend(day) {
                0
            } else if problem.horizon.is_weekend(day + 1) {
                6
            } else if day > 0 {
                7
            } else {
                8
            }
        })
        .collect()
}

/// The networks know no weekly counters: a limit that could bind sends the problem elsewhere.
fn refuse_weekly_limits(
    problem: &Problem,
    person_index: usize,
    rows: &[PostRow],
    choices: &[Vec<Choice>],
) -> Result<(), Unsupported> {
    let (profile, person) = (&problem.profile, &problem.people[person_index]);
    let no = |why: &str| Err(Unsupported(format!("{why} of {} may bind", person.id)));
    let minutes = |choice: &Choice| {
        let post = choice.post.and_then(|row| problem.needs[rows[row].need.index()].as_post());
        post.map_or(0, |post| i64::from(post.span.minutes()))
    };
    let longest: Vec<i64> = choices.iter().map(|day| day.iter().map(minutes).max().unwrap_or(0)).collect();
    let (mut weeks, mut duties) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    for (day, longest) in longest.iter().enumerate() {
        let week = problem.horizon.week(day as i32);
        *weeks.entry(week).or_insert(0) += longest;
        *duties.entry(week).or_insert(0) += i64::from(*longest > 0);
    }
    let limit = |own: Option<u32>, key: &str| own.map_or(profile.parameter(RuleCode::H05, key), i64::from);
    if profile.is_on(RuleCode::H05) {
        let week = limit(person.limits.max_minutes_week, "max_minutes_week");
        if week > 0 && weeks.values().any(|most| *most > week) {
            return no("H05 weekly minutes");
        }
        if person.limits.max_duties_week.is_some_and(|most| duties.values().any(|can| *can > i64::from(most))) {
            return no("H05 weekly duties");
        }
        let four = limit(person.limits.max_minutes_four_weeks, "max_minutes_four_weeks");
        let mut run: Vec<i64> = person.history.minutes_last_three_weeks.iter().map(|at| i64::from(*at)).collect();
        run.extend(weeks.values());
        if four > 0 && run.windows(4).any(|weeks| weeks.iter().sum::<i64>() > four) {
            return no("H05 minutes of four weeks");
        }
    }
    if profile.is_on(RuleCode::H08) {
        let parameter = profile.parameter(RuleCode::H08, "max_in_four_weeks");
        if person.limits.max_weekends_four_weeks.map_or(parameter, i64::from) < 4 {
            return no("H08 weekends of four weeks");
        }
    }
    if profile.weight(RuleCode::S20) > 0 && (person.contract.min_minutes_week > 0 || person.contract.host.is_some()) {
        return no("S20 weekly minimum");
    }
    Ok(())
}
