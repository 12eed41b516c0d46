//! People.

use super::network::range;
use super::{Context, Kind};
use crate::document::error::ErrorCode;
use crate::document::people::{
    ActiveDocument, CategoryDocument, ContractDocument, HistoryDocument, LimitsDocument, PersonDocument,
    PersonSkillDocument, WishDocument, WishKindDocument,
};
use crate::document::time::{TimeSpan, join_spans};
use crate::problem::{
    Category, Contract, DayOffset, History, Limits, Person, PersonSkill, PlaceIx, ShiftTypeIx, SkillIx, UnitIx, Wish,
    WishKind,
};

/// Minutes in a week: no one can work more.
const MINUTES_PER_WEEK: u32 = 7 * 24 * 60;

/// The people, in the order of the document.
pub(super) fn people(documents: &[PersonDocument], context: &mut Context<'_>) -> Vec<Person> {
    documents.iter().enumerate().map(|(position, document)| person(position, document, context)).collect()
}

fn person(position: usize, document: &PersonDocument, context: &mut Context<'_>) -> Person {
    let at = |rest: &str| format!("/people/{position}/{rest}");
    let home_unit = UnitIx(context.find(Kind::Unit, &document.home_unit, || at("homeUnit")).unwrap_or(0));
    let scope = document.scope.as_ref().map_or_else(
        || vec![home_unit],
        |units| {
            let found = units
                .iter()
                .enumerate()
                .filter_map(|(number, id)| context.find(Kind::Unit, id, || at(&format!("scope/{number}"))));
            found.map(UnitIx).collect()
        },
    );
    let unavailable = document
        .unavailable
        .iter()
        .enumerate()
        .filter_map(|(number, span)| context.span(*span, || at(&format!("unavailable/{number}"))))
        .collect();
    let familiar_places = document
        .familiar_places
        .iter()
        .enumerate()
        .filter_map(|(number, id)| context.find(Kind::Place, id, || at(&format!("familiarPlaces/{number}"))))
        .map(PlaceIx)
        .collect();
    check_minutes(position, document, context);
    Person {
        id: document.id.clone(),
        name: document.name.clone(),
        category: category(document.category),
        home_unit,
        home: context.point(document.home, || at("home")),
        skills: skills(position, &document.skills, context),
        scope,
        max_distance_metres: document.max_distance_metres,
        active_days: active_days(position, document.active.unwrap_or_default(), context),
        unavailable: join_spans(unavailable),
        limits: limits(position, &document.limits, context),
        contract: contract(position, &document.contract, context),
        trainee: document.trainee,
        newcomer: document.newcomer,
        wishes: wishes(position, &document.wishes, context),
        familiar_places,
        history: history(position, document.history.as_ref(), context),
    }
}

const fn category(document: CategoryDocument) -> Category {
    match document {
        CategoryDocument::SecondedCadre => Category::SecondedCadre,
        CategoryDocument::ReassignedStaff => Category::ReassignedStaff,
        CategoryDocument::RecruitedStaff => Category::RecruitedStaff,
        CategoryDocument::Volunteer => Category::Volunteer,
        CategoryDocument::Deputy => Category::Deputy,
    }
}

/// A contract must be possible within the person's own limits.
fn check_minutes(position: usize, document: &PersonDocument, context: &mut Context<'_>) {
    let contract = &document.contract;
    let most = document.limits.max_minutes_week.unwrap_or(MINUTES_PER_WEEK);
    if contract.min_minutes_week > most {
        context.min_above_max(
            format!("/people/{position}/contract/minMinutesWeek"),
            format!("{} owes {} minutes a week but may work only {most}", document.id, contract.min_minutes_week),
            "lower contract.minMinutesWeek or raise limits.maxMinutesWeek",
        );
    }
    if let Some(host) = &contract.host
        && host.min_minutes_week > most
    {
        context.min_above_max(
            format!("/people/{position}/contract/host/minMinutesWeek"),
            format!("{} owes its host {} minutes a week but may work only {most}", document.id, host.min_minutes_week),
            "lower contract.host.minMinutesWeek or raise limits.maxMinutesWeek",
        );
    }
}

fn skills(position: usize, documents: &[PersonSkillDocument], context: &mut Context<'_>) -> Vec<PersonSkill> {
    let mut skills: Vec<PersonSkill> = Vec::with_capacity(documents.len());
    for (number, document) in documents.iter().enumerate() {
        let pointer = || format!("/people/{position}/skills/{number}");
        if document.level == 0 {
            context.out_of_range(pointer() + "/level", "a skill of level 0".to_owned(), "levels count from 1");
        }
        let Some(skill) = context.find(Kind::Skill, &document.id, || pointer() + "/id").map(SkillIx) else { continue };
        if skills.iter().any(|known| known.skill == skill) {
            context.errors.add(
                ErrorCode::DuplicateId,
                pointer() + "/id",
                format!("the person has the skill {:?} twice", document.id),
                "keep the entry with the higher level",
            );
        }
        let valid_until = document.valid_until.map(|date| day_offset(date, context));
        skills.push(PersonSkill { skill, level: document.level, valid_until });
    }
    skills
}

fn day_offset(date: chrono::NaiveDate, context: &Context<'_>) -> DayOffset {
    // The span of all dates chrono knows is below 2^28 days.
    DayOffset::try_from((date - context.start).num_days()).unwrap_or(DayOffset::MAX)
}

/// First and last day of service; an open end reaches as far as the horizon, or as the other end lies outside it.
fn active_days(position: usize, document: ActiveDocument, context: &mut Context<'_>) -> (DayOffset, DayOffset) {
    if let (Some(from), Some(to)) = (document.from, document.to)
        && to < from
    {
        context.errors.add(
            ErrorCode::ReversedTime,
            format!("/people/{position}/active"),
            format!("the last day {to} lies before the first day {from}"),
            "exchange or correct the two",
        );
    }
    let last = DayOffset::from(context.days) - 1;
    let from = document.from.map(|date| day_offset(date, context));
    let to = document.to.map(|date| day_offset(date, context));
    let first_day = from.unwrap_or_else(|| to.map_or(0, |to| to.min(0)));
    let last_day = to.unwrap_or_else(|| from.map_or(last, |from| from.max(last)));
    (first_day, last_day)
}

fn limits(position: usize, document: &LimitsDocument, context: &mut Context<'_>) -> Limits {
    let least_above = |least: Option<u32>, most: Option<u32>| matches!((least, most), (Some(a), Some(b)) if a > b);
    let at = |field: &str| format!("/people/{position}/limits/{field}");
    if least_above(document.min_minutes_horizon, document.max_minutes_horizon) {
        context.min_above_max(
            at("minMinutesHorizon"),
            "the least minutes of the horizon are above the most".to_owned(),
            "lower minMinutesHorizon or raise maxMinutesHorizon",
        );
    }
    if least_above(document.min_consecutive_days.map(u32::from), document.max_consecutive_days.map(u32::from)) {
        context.min_above_max(
            at("minConsecutiveDays"),
            "the least consecutive working days are above the most".to_owned(),
            "lower minConsecutiveDays or raise maxConsecutiveDays",
        );
    }
    let max_duties_of_type = document
        .max_duties_of_type
        .iter()
        .enumerate()
        .filter_map(|(number, limit)| {
            let pointer = || format!("/people/{position}/limits/maxDutiesOfType/{number}/shiftType");
            Some((ShiftTypeIx(context.find(Kind::ShiftType, &limit.shift_type, pointer)?), limit.max))
        })
        .collect();
    Limits {
        max_minutes_day: document.max_minutes_day,
        max_duties_day: document.max_duties_day,
        max_minutes_week: document.max_minutes_week,
        max_duties_week: document.max_duties_week,
        max_minutes_four_weeks: document.max_minutes_four_weeks,
        min_minutes_horizon: document.min_minutes_horizon,
        max_minutes_horizon: document.max_minutes_horizon,
        min_rest_minutes: document.min_rest_minutes,
        max_consecutive_days: document.max_consecutive_days,
        min_consecutive_days: document.min_consecutive_days,
        min_consecutive_days_off: document.min_consecutive_days_off,
        max_weekends_four_weeks: document.max_weekends_four_weeks,
        max_weekends_horizon: document.max_weekends_horizon,
        max_duties_of_type,
        max_receptions: document.max_receptions,
    }
}

fn contract(position: usize, document: &ContractDocument, context: &mut Context<'_>) -> Contract {
    let at = |field: &str| format!("/people/{position}/contract/{field}");
    let host = document.host.as_ref().and_then(|host| {
        let unit = context.find(Kind::Unit, &host.unit, || at("host/unit"))?;
        Some((UnitIx(unit), host.min_minutes_week))
    });
    Contract {
        min_minutes_week: document.min_minutes_week,
        host,
        consecutive_days: range(document.consecutive_days, context, || at("consecutiveDays")),
        consecutive_days_off: range(document.consecutive_days_off, context, || at("consecutiveDaysOff")),
        total_duties: range(document.total_duties, context, || at("totalDuties")),
        max_total_weekends: document.max_total_weekends,
        complete_weekends: document.complete_weekends,
    }
}

fn wishes(position: usize, documents: &[WishDocument], context: &mut Context<'_>) -> Vec<Wish> {
    let mut wishes = Vec::with_capacity(documents.len());
    for (number, document) in documents.iter().enumerate() {
        let at = |field: &str| format!("/people/{position}/wishes/{number}{field}");
        if document.weight == 0 {
            context.out_of_range(at("/weight"), "a wish of weight 0".to_owned(), "weights count from 1");
        }
        let span = context.span(TimeSpan { start: document.start, end: document.end }, || at(""));
        let shift_type =
            document.shift_type.as_ref().and_then(|id| context.find(Kind::ShiftType, id, || at("/shiftType")));
        let place = document.place.as_ref().and_then(|id| context.find(Kind::Place, id, || at("/place")));
        let Some(span) = span else { continue };
        wishes.push(Wish {
            kind: match document.kind {
                WishKindDocument::Want => WishKind::Want,
                WishKindDocument::Avoid => WishKind::Avoid,
            },
            span,
            shift_type: shift_type.map(ShiftTypeIx),
            place: place.map(PlaceIx),
            weight: document.weight,
        });
    }
    wishes
}

fn history(position: usize, document: Option<&HistoryDocument>, context: &mut Context<'_>) -> History {
    let Some(document) = document else {
        return History { consecutive_days_off: u16::MAX, ..History::default() };
    };
    let at = |field: &str| format!("/people/{position}/history/{field}");
    if document.minutes_last_three_weeks.iter().any(|minutes| *minutes > MINUTES_PER_WEEK) {
        context.out_of_range(
            at("minutesLastThreeWeeks"),
            format!("a week has only {MINUTES_PER_WEEK} minutes"),
            "give minutes worked in each of the last three weeks",
        );
    }
    if document.consecutive_days > 0 && document.consecutive_days_off.is_some_and(|days| days > 0) {
        context.out_of_range(
            at("consecutiveDaysOff"),
            "the day before the horizon was both worked and off".to_owned(),
            "leave consecutiveDaysOff out when consecutiveDays is above 0",
        );
    }
    let last_shift_type = document
        .last_shift_type
        .as_ref()
        .and_then(|id| context.find(Kind::ShiftType, id, || at("lastShiftType")))
        .map(ShiftTypeIx);
    let unknown = if document.consecutive_days > 0 { 0 } else { u16::MAX };
    History {
        minutes_last_three_weeks: document.minutes_last_three_weeks,
        weekends_last_three_weeks: document.weekends_last_three_weeks,
        consecutive_days: document.consecutive_days,
        consecutive_days_off: document.consecutive_days_off.unwrap_or(unknown),
        consecutive_days_of_type: document.consecutive_days_of_type,
        last_shift_type,
        last_duty_end: document.last_duty_end.map(|end| end.minute(context.start)),
        total_duties: document.total_duties,
        total_weekends: document.total_weekends,
        fairness_minutes: document.fairness_minutes,
        fairness_unsocial_duties: document.fairness_unsocial_duties,
    }
}
