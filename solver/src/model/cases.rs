//! Residents' cases: what each costs while nobody works it, and its rows: one handler, and what the units above take.

use std::collections::BTreeMap;

use super::labels::Label;
use super::linear::{Costs, add_costs, in_tier};
use super::part::Builder;
use crate::problem::{Case, Minute, NeedIx, Problem, RuleCode, UnitIx};

/// What models need of a case.
#[derive(Debug, Clone)]
pub struct CaseFacts {
    /// Its spans, as needs.
    pub options: Vec<NeedIx>,
    /// Unit of the case.
    pub unit: UnitIx,
    /// Cost when nobody works it and it does not go up.
    pub left: Costs,
    /// The unit it may go up to, and the cost when it does; none when that saves nothing.
    pub escalated: Option<(UnitIx, Costs)>,
}

impl CaseFacts {
    pub(super) fn new(problem: &Problem, case: &Case) -> Self {
        let late = |units: i64| {
            let amount = units * i64::from(case.urgency) * problem.profile.weight(RuleCode::S11);
            in_tier(problem.profile.tier(RuleCode::S11), amount)
        };
        let level =
            |units: i64| in_tier(problem.profile.tier(RuleCode::S35), units * problem.profile.weight(RuleCode::S35));
        let sum = |mut one: Costs, other: Costs| {
            add_costs(&mut one, other);
            one
        };
        let units = |key| problem.profile.parameter(RuleCode::S35, key);
        let settled_late = late(i64::from(case.deadline < 0));
        let mut left = if case.deadline <= problem.end() { late(2) } else { level(1) };
        if case.explainable {
            left = left.min(sum(settled_late, level(units("explained_units"))));
        }
        let above = problem.units[case.unit.index()].parent;
        let up = sum(settled_late, level(units("escalated_units")));
        let escalated = above.filter(|above| up < left && problem.escalations(*above) > 0);
        Self { options: case.options.clone(), unit: case.unit, left, escalated: escalated.map(|above| (above, up)) }
    }

    /// The need that stands for all spans of the case; none when it has no span.
    #[must_use]
    pub fn desk(&self) -> Option<NeedIx> {
        self.options.first().copied()
    }

    /// What going up saves, tier by tier; more than nothing wherever it is allowed.
    #[must_use]
    pub fn saving(&self) -> Costs {
        self.escalated.map_or([0; 3], |(_, up)| [0, 1, 2].map(|tier| self.left[tier] - up[tier]))
    }
}

/// Units of S11 of a span that ends after the case's deadline.
pub(super) fn late_units(case: &Case, end: Minute) -> i64 {
    i64::from(end > case.deadline) * i64::from(case.urgency)
}

/// A case's columns that its pairs do not decide alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upward {
    /// One when the case is left.
    pub left: u32,
    /// One when it goes up.
    pub up: u32,
}

/// What a unit takes from a part.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// The unit.
    pub unit: UnitIx,
    /// Cases taken at most.
    pub most: i64,
    /// The row that says so.
    pub row: usize,
    /// The cases, those that save most first.
    pub cases: Vec<Upward>,
}

/// Adds the rows of the part's cases; `in_one_row` ties a case's columns in an equation, as prices want it.
pub(super) fn add(builder: &mut Builder<'_, '_>, by_need: &[(NeedIx, u32)], in_one_row: bool) {
    let mut upward: BTreeMap<UnitIx, Vec<(Costs, usize, Upward)>> = BTreeMap::new();
    for &at in &builder.spec.cases {
        let Some(case) = builder.network.cases.get(at.index()) else { continue };
        let mut terms: Vec<(u32, i64)> = Vec::new();
        for &need in &case.options {
            let first = by_need.partition_point(|&(at, _)| at < need);
            terms.extend(by_need[first..].iter().take_while(|&&(at, _)| at == need).map(|&(_, column)| (column, 1)));
        }
        if terms.len() > 1 && !in_one_row {
            builder.add_at_most(1, terms.clone());
        }
        let day = case.desk().and_then(|need| builder.network.post(need)).map_or(0, |post| post.day);
        if let Some(need) = case.desk().filter(|_| !in_one_row) {
            builder.mark(Some(Label::need(RuleCode::H11, need, day)));
        }
        let left = builder.linear.add_column(0, 1, case.left, false);
        terms.push((left, 1));
        if let Some((above, cost)) = case.escalated {
            let up = builder.linear.add_column(0, 1, cost, true);
            terms.push((up, 1));
            upward.entry(above).or_default().push((case.saving(), at.index(), Upward { left, up }));
        }
        if in_one_row {
            builder.linear.add_row(Some(1), Some(1), terms);
        } else {
            builder.define(left, 1, terms);
            builder.mark(case.desk().map(|need| Label::need(RuleCode::S11, need, day)));
        }
    }
    builder.mark(None);
    for (unit, mut cases) in upward {
        cases.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let most = builder.spec.room(builder.network, unit);
        // The room above stands under the case that would use it first.
        let dearest = cases.first().and_then(|&(_, at, _)| builder.network.cases.get(at)?.desk());
        let day = dearest.and_then(|need| builder.network.post(need)).map_or(0, |post| post.day);
        let label = dearest.map(|need| Label::need(RuleCode::S35, need, day));
        let cases: Vec<Upward> = cases.into_iter().map(|(_, _, columns)| columns).collect();
        let row = builder.linear.add_row(None, Some(most), cases.iter().map(|case| (case.up, 1)));
        builder.mark(label);
        builder.rooms.push(Room { unit, most, row, cases });
    }
    builder.mark(None);
}

/// Sends up the cases that are left, as far as there is room.
pub(super) fn escalate(rooms: &[Room], values: &mut [i64]) {
    for room in rooms {
        let mut most = room.most;
        for case in &room.cases {
            if most > 0 && values[case.left as usize] > 0 {
                (values[case.left as usize], values[case.up as usize]) = (0, 1);
                most -= 1;
            }
        }
    }
}
