//! From a problem document to the problem: ids become indices, every error is collected.

mod cases;
mod duties;
mod needs;
mod network;
mod people;
mod profile;
mod receptions;

pub(super) use duties::resolve_duties;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::error::{DocumentError, ErrorCode};
use super::network::LocationDocument;
use super::plane::Plane;
use super::problem::{PROBLEM_FORMAT, ProblemDocument};
use super::time::{TimeSpan, days_in_minutes};
use crate::problem::validate::{ValidationError, validate};
use crate::problem::{Horizon, Minute, Problem, Span};

/// Positions by id.
pub(super) type Ids<'a> = HashMap<&'a str, u32>;

/// The errors found so far.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<DocumentError>);

impl Errors {
    /// Notes an error. The pointer is made only now: most documents have none.
    pub(super) fn add(&mut self, code: ErrorCode, pointer: String, cause: String, action: &str) {
        self.0.push(DocumentError { code, pointer, cause, action: action.to_owned() });
    }

    /// All errors, or the value when there are none.
    pub(super) fn or<T>(self, value: T) -> Result<T, Vec<DocumentError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// What resolving the parts of one document needs in common.
pub(super) struct Context<'a> {
    pub(super) start: NaiveDate,
    /// Minutes in the horizon.
    pub(super) minutes: Minute,
    pub(super) days: u16,
    pub(super) plane: Plane,
    pub(super) units: Ids<'a>,
    pub(super) places: Ids<'a>,
    pub(super) skills: Ids<'a>,
    pub(super) shift_types: Ids<'a>,
    pub(super) people: Ids<'a>,
    pub(super) errors: Errors,
}

impl Context<'_> {
    /// The index of an id, or an error that names the kind of entity.
    pub(super) fn find(&mut self, kind: Kind, id: &str, pointer: impl FnOnce() -> String) -> Option<u32> {
        let ids = match kind {
            Kind::Unit => &self.units,
            Kind::Place => &self.places,
            Kind::Skill => &self.skills,
            Kind::ShiftType => &self.shift_types,
            Kind::Person => &self.people,
        };
        let found = ids.get(id).copied();
        if found.is_none() {
            let (name, list) = kind.words();
            self.errors.add(
                ErrorCode::UnknownId,
                pointer(),
                format!("there is no {name} with id {id:?}"),
                &format!("correct the id, or add the {name} to {list}"),
            );
        }
        found
    }

    /// The span of two date-times, or an error when it ends before it starts.
    pub(super) fn span(&mut self, span: TimeSpan, pointer: impl FnOnce() -> String) -> Option<Span> {
        if span.end <= span.start {
            self.errors.add(
                ErrorCode::ReversedTime,
                pointer(),
                format!("the end {} is not after the start {}", span.end, span.start),
                "exchange or correct the two; a night's end lies on the next date",
            );
            return None;
        }
        Some(span.span(self.start))
    }

    /// The point of a position, or an error when it lies nowhere.
    pub(super) fn point(
        &mut self,
        location: Option<LocationDocument>,
        pointer: impl FnOnce() -> String,
    ) -> Option<crate::problem::Point> {
        let location = location?;
        if !(-85.0..=85.0).contains(&location.latitude) || !(-180.0..=180.0).contains(&location.longitude) {
            self.errors.add(
                ErrorCode::OutOfRange,
                pointer(),
                format!("there is no place at latitude {}, longitude {}", location.latitude, location.longitude),
                "give degrees: latitude within -85 to 85, longitude within -180 to 180 (not exchanged)",
            );
            return None;
        }
        Some(self.plane.point(location))
    }

    /// Notes a number outside its range.
    pub(super) fn out_of_range(&mut self, pointer: String, cause: String, action: &str) {
        self.errors.add(ErrorCode::OutOfRange, pointer, cause, action);
    }

    /// Notes a least value above its greatest.
    pub(super) fn min_above_max(&mut self, pointer: String, cause: String, action: &str) {
        self.errors.add(ErrorCode::MinAboveMax, pointer, cause, action);
    }
}

/// Kinds of entity that ids refer to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Unit,
    Place,
    Skill,
    ShiftType,
    Person,
}

impl Kind {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unit => ("unit", "units"),
            Self::Place => ("place", "places"),
            Self::Skill => ("skill", "skills"),
            Self::ShiftType => ("shift type", "shiftTypes"),
            Self::Person => ("person", "people"),
        }
    }
}

/// Positions by id; empty and repeated ids are errors.
pub(super) fn index_ids<'a>(list: &str, ids: impl Iterator<Item = &'a str>, errors: &mut Errors) -> Ids<'a> {
    let mut index = Ids::with_capacity(ids.size_hint().0);
    for (position, id) in ids.enumerate() {
        if id.trim().is_empty() {
            errors.add(
                ErrorCode::EmptyId,
                format!("/{list}/{position}/id"),
                "the id is empty".to_owned(),
                "give every entry an id of its own",
            );
        }
        let at = u32::try_from(position).unwrap_or(u32::MAX);
        if let Some(first) = index.insert(id, at) {
            errors.add(
                ErrorCode::DuplicateId,
                format!("/{list}/{position}/id"),
                format!("the id {id:?} already stands at /{list}/{first}"),
                "give every entry an id of its own, or remove the copy",
            );
        }
    }
    index
}

/// See [`ProblemDocument::to_problem`].
pub(super) fn to_problem(document: &ProblemDocument) -> Result<Problem, Vec<DocumentError>> {
    let mut errors = Errors::default();
    if document.format != PROBLEM_FORMAT {
        errors.add(
            ErrorCode::UnknownFormat,
            "/format".to_owned(),
            format!("the format is {:?}, not {PROBLEM_FORMAT:?}", document.format),
            "use the program version that wrote the document, or convert the document",
        );
        return errors.or(()).and(Err(Vec::new()));
    }
    let horizon = Horizon { start: document.horizon.start, days: document.horizon.days };
    if !(1..=366).contains(&horizon.days) {
        errors.add(
            ErrorCode::OutOfRange,
            "/horizon/days".to_owned(),
            format!("a horizon of {} days", horizon.days),
            "plan 1 to 366 days; 7 for a week",
        );
        return errors.or(()).and(Err(Vec::new()));
    }
    let place_positions = document.places.iter().filter_map(|place| place.location.as_ref());
    let home_positions = document.people.iter().filter_map(|person| person.home.as_ref());
    let (units, unit_ids) = network::units(&document.units, &mut errors);
    let mut context = Context {
        start: horizon.start,
        minutes: days_in_minutes(horizon.days),
        days: horizon.days,
        plane: Plane::around(place_positions.chain(home_positions)),
        units: unit_ids,
        places: index_ids("places", document.places.iter().map(|place| place.id.as_str()), &mut errors),
        skills: index_ids("skills", document.skills.iter().map(|skill| skill.id.as_str()), &mut errors),
        shift_types: index_ids("shiftTypes", document.shift_types.iter().map(|kind| kind.id.as_str()), &mut errors),
        people: index_ids("people", document.people.iter().map(|person| person.id.as_str()), &mut errors),
        errors,
    };
    let off_days = network::off_days(&document.calendar, &horizon, &mut context.errors);
    let mut places = network::places(&document.places, &mut context);
    let shift_types = network::shift_types(&document.shift_types, &mut context);
    let people = people::people(&document.people, &mut context);
    let mut needs = needs::needs(&document.needs, &mut context);
    let cases = cases::cases(&document.cases, &mut places, &mut needs, &mut context);
    let receptions = receptions::receptions(&document.receptions, &document.venues, &places, &mut needs, &mut context);
    let venues = receptions::venues(&document.venues, &mut context);
    let apart = needs::apart(&document.apart, &mut context);
    let profile = profile::profile(&document.profile, &mut context.errors);
    let mut need_ids = index_ids("needs", document.needs.iter().map(super::NeedDocument::id), &mut context.errors);
    let case_ids = index_ids("cases", document.cases.iter().map(|case| case.id.as_str()), &mut context.errors);
    let reception_ids = document.receptions.iter().map(|reception| reception.id.as_str());
    let reception_ids = index_ids("receptions", reception_ids, &mut context.errors);
    for (id, at) in reception_ids.iter().filter(|(id, _)| case_ids.contains_key(*id)) {
        context.errors.add(
            ErrorCode::DuplicateId,
            format!("/receptions/{at}/id"),
            format!("the id {id:?} is already a case's"),
            "give every case and reception an id of its own",
        );
    }
    let spans: Vec<String> = needs.iter().skip(document.needs.len()).map(|need| need.id.clone()).collect();
    need_ids.extend(
        (document.needs.len()..).zip(&spans).filter_map(|(at, id)| Some((id.as_str(), u32::try_from(at).ok()?))),
    );
    let mut problem = Problem {
        horizon,
        off_days,
        units,
        places,
        skills: network::skills(&document.skills),
        shift_types,
        people,
        needs,
        cases,
        receptions,
        venues,
        apart,
        profile,
        pins: Vec::new(),
        published: Vec::new(),
    };
    let Context { people: person_ids, mut errors, .. } = context;
    problem.pins = resolve_duties("pins", &document.pins, &problem, &person_ids, &need_ids, &mut errors);
    problem.published = resolve_duties("published", &document.published, &problem, &person_ids, &need_ids, &mut errors);
    let problem = errors.or(problem)?;
    let faults = validate(&problem);
    if faults.is_empty() { Ok(problem) } else { Err(faults.into_iter().map(inconsistent).collect()) }
}

/// What the solver's own checks find and the resolving above does not.
fn inconsistent(fault: ValidationError) -> DocumentError {
    DocumentError {
        code: ErrorCode::Inconsistent,
        pointer: fault.pointer,
        cause: format!("{}: {}", fault.code, fault.cause),
        action: fault.action,
    }
}
