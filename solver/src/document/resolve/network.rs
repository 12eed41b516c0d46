//! Units, calendar, places, skills and shift types.

use std::collections::HashMap;

use super::{Context, Errors, Ids, Kind, index_ids};
use crate::document::error::ErrorCode;
use crate::document::network::{
    CalendarDocument, PlaceDocument, RangeDocument, ShiftTypeDocument, SkillDocument, UnitDocument,
};
use crate::document::time::join_spans;
use crate::problem::{Horizon, Place, Range, ShiftType, ShiftTypeIx, Skill, Unit, UnitIx};

/// The units in an order in which parents stand before children, and their positions in that order.
pub(super) fn units<'a>(documents: &'a [UnitDocument], errors: &mut Errors) -> (Vec<Unit>, Ids<'a>) {
    let given = index_ids("units", documents.iter().map(|unit| unit.id.as_str()), errors);
    let mut parents: Vec<Option<u32>> = Vec::with_capacity(documents.len());
    for (position, unit) in documents.iter().enumerate() {
        let parent = unit.parent.as_deref().and_then(|id| {
            let found = given.get(id).copied();
            if found.is_none() {
                errors.add(
                    ErrorCode::UnknownId,
                    format!("/units/{position}/parent"),
                    format!("there is no unit with id {id:?}"),
                    "correct the id, or add the unit to units",
                );
            }
            found
        });
        parents.push(parent);
    }
    let order = parents_first(&parents, documents, errors);
    let mut moved = vec![0_u32; documents.len()];
    for (to, from) in order.iter().enumerate() {
        if let Some(slot) = moved.get_mut(*from) {
            *slot = u32::try_from(to).unwrap_or(u32::MAX);
        }
    }
    let new_position = |old: u32| moved.get(old as usize).copied().unwrap_or(0);
    let units = order
        .iter()
        .filter_map(|from| {
            let document = documents.get(*from)?;
            Some(Unit {
                id: document.id.clone(),
                name: document.name.clone(),
                parent: parents.get(*from).copied().flatten().map(|parent| UnitIx(new_position(parent))),
                is_street: document.street,
                escalations: document.escalations,
            })
        })
        .collect();
    (units, given.into_iter().map(|(id, old)| (id, new_position(old))).collect())
}

/// Positions in an order in which parents stand before children, otherwise as given; units on a cycle, or below one,
/// come last, and each cycle is reported once.
fn parents_first(parents: &[Option<u32>], documents: &[UnitDocument], errors: &mut Errors) -> Vec<usize> {
    let mut children: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut order = Vec::with_capacity(parents.len());
    for (position, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => children.entry(*parent).or_default().push(position),
            None => order.push(position),
        }
    }
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        if let Some(below) = children.get(&u32::try_from(at).unwrap_or(u32::MAX)) {
            order.extend(below);
        }
    }
    if order.len() < parents.len() {
        let mut seen = vec![false; parents.len()];
        for at in &order {
            seen[*at] = true;
        }
        for start in 0..parents.len() {
            if seen[start] {
                continue;
            }
            let mut path = vec![start];
            seen[start] = true;
            while let Some(up) = path.last().and_then(|at| parents[*at]) {
                let up = up as usize;
                if let Some(first) = path.iter().position(|at| *at == up) {
                    report_cycle(&path[first..], documents, errors);
                    break;
                }
                if seen[up] {
                    break;
                }
                seen[up] = true;
                path.push(up);
            }
            order.extend(path);
        }
    }
    order
}

fn report_cycle(cycle: &[usize], documents: &[UnitDocument], errors: &mut Errors) {
    let mut ids: Vec<&str> = cycle.iter().map(|at| documents[*at].id.as_str()).collect();
    ids.extend(ids.first().copied());
    errors.add(
        ErrorCode::UnitCycle,
        format!("/units/{}/parent", cycle[0]),
        format!("the unit is its own ancestor: {}", ids.join(" -> ")),
        "correct one parent on the way round, so that every unit leads to a root",
    );
}

/// Off days of the horizon.
pub(super) fn off_days(calendar: &CalendarDocument, horizon: &Horizon, errors: &mut Errors) -> Vec<bool> {
    let mut listed = HashMap::with_capacity(calendar.days.len());
    for (position, day) in calendar.days.iter().enumerate() {
        if listed.insert(day.date, day.off).is_some() {
            errors.add(
                ErrorCode::DuplicateCalendarDay,
                format!("/calendar/days/{position}/date"),
                format!("{} stands in the calendar twice", day.date),
                "keep the entry that follows the official notice",
            );
        }
    }
    let mut missing = Vec::new();
    let days = (0..i32::from(horizon.days))
        .map(|day| {
            let date = horizon.date(day);
            listed.get(&date).copied().unwrap_or_else(|| {
                missing.push(date.to_string());
                horizon.is_weekend(day)
            })
        })
        .collect();
    if !calendar.draft && !missing.is_empty() {
        missing.truncate(8);
        errors.add(
            ErrorCode::CalendarMissing,
            "/calendar/days".to_owned(),
            format!("the statutory calendar does not say whether these days are off: {}", missing.join(", ")),
            "add the days once the official notice is out, or set calendar.draft to plan with weekends off",
        );
    }
    days
}

/// Places, with their opening hours sorted and joined.
pub(super) fn places(documents: &[PlaceDocument], context: &mut Context<'_>) -> Vec<Place> {
    let mut places = Vec::with_capacity(documents.len());
    for (position, document) in documents.iter().enumerate() {
        let unit = context.find(Kind::Unit, &document.unit, || format!("/places/{position}/unit"));
        let location = context.point(document.location, || format!("/places/{position}/location"));
        let opening = document.opening.as_ref().map(|spans| {
            let spans = spans
                .iter()
                .enumerate()
                .filter_map(|(number, span)| context.span(*span, || format!("/places/{position}/opening/{number}")));
            join_spans(spans.collect())
        });
        places.push(Place {
            id: document.id.clone(),
            name: document.name.clone(),
            unit: UnitIx(unit.unwrap_or(0)),
            location,
            opening,
        });
    }
    places
}

/// Skills.
pub(super) fn skills(documents: &[SkillDocument]) -> Vec<Skill> {
    documents.iter().map(|skill| Skill { id: skill.id.clone(), name: skill.name.clone() }).collect()
}

/// Shift types.
pub(super) fn shift_types(documents: &[ShiftTypeDocument], context: &mut Context<'_>) -> Vec<ShiftType> {
    let mut types = Vec::with_capacity(documents.len());
    for (position, document) in documents.iter().enumerate() {
        let forbidden_next = document
            .forbidden_next
            .iter()
            .enumerate()
            .filter_map(|(number, id)| {
                context.find(Kind::ShiftType, id, || format!("/shiftTypes/{position}/forbiddenNext/{number}"))
            })
            .map(ShiftTypeIx)
            .collect();
        let consecutive_days =
            range(document.consecutive_days, context, || format!("/shiftTypes/{position}/consecutiveDays"));
        types.push(ShiftType {
            id: document.id.clone(),
            name: document.name.clone(),
            forbidden_next,
            consecutive_days,
        });
    }
    types
}

/// A range, checked.
pub(super) fn range(
    document: Option<RangeDocument>,
    context: &mut Context<'_>,
    pointer: impl FnOnce() -> String,
) -> Option<Range> {
    let document = document?;
    let range = Range { min: document.min, max: document.max.unwrap_or(u16::MAX) };
    if range.min > range.max {
        context.min_above_max(
            pointer(),
            format!("the least value {} is above the greatest value {}", range.min, range.max),
            "lower min or raise max",
        );
    }
    Some(range)
}
