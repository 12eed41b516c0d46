//! Events against a published roster as JSON.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::error::{DocumentError, ErrorCode};
use super::need::PostDocument;
use super::time::{LocalDateTime, TimeSpan};
use crate::problem::{
    Cover, DayOffset, Need, NeedKind, PersonIx, PlaceIx, Post, Problem, ShiftTypeIx, SkillIx, Span, VenueIx,
};
use crate::replan::Event;

/// Something that happens after a roster was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum EventDocument {
    /// The person cannot work from `start` until `end`.
    Sick {
        /// Id of the person.
        person: String,
        /// Start.
        start: LocalDateTime,
        /// End.
        end: LocalDateTime,
    },
    /// The person serves no more from this date on.
    Resigned {
        /// Id of the person.
        person: String,
        /// First date without service.
        from: NaiveDate,
    },
    /// The person's unavailable times are these now.
    Availability {
        /// Id of the person.
        person: String,
        /// Unavailable times.
        unavailable: Vec<TimeSpan>,
    },
    /// A further post.
    NewPost {
        /// The post.
        post: PostDocument,
    },
    /// The place is closed from `start` until `end`: its posts then are withdrawn.
    Closed {
        /// Id of the place.
        place: String,
        /// Start.
        start: LocalDateTime,
        /// End.
        end: LocalDateTime,
    },
    /// The room cannot be had from `start` until `end`: receptions in it move or fall.
    Withdrawn {
        /// Id of the venue.
        venue: String,
        /// Start.
        start: LocalDateTime,
        /// End.
        end: LocalDateTime,
    },
}

/// The events in indices of a problem.
///
/// # Errors
/// Every unknown id, reversed time and impossible number, with its pointer.
pub fn resolve_events(problem: &Problem, documents: &[EventDocument]) -> Result<Vec<Event>, Vec<DocumentError>> {
    let mut resolver = Resolver::new(problem);
    let events: Vec<Event> =
        documents.iter().enumerate().filter_map(|(at, document)| resolver.event(at, document)).collect();
    if resolver.errors.is_empty() { Ok(events) } else { Err(resolver.errors) }
}

struct Resolver<'p> {
    problem: &'p Problem,
    people: HashMap<&'p str, usize>,
    needs: HashMap<&'p str, usize>,
    errors: Vec<DocumentError>,
}

impl<'p> Resolver<'p> {
    fn new(problem: &'p Problem) -> Self {
        let people = problem.people.iter().enumerate().map(|(at, person)| (person.id.as_str(), at)).collect();
        let needs = problem.needs.iter().enumerate().map(|(at, need)| (need.id.as_str(), at)).collect();
        Self { problem, people, needs, errors: Vec::new() }
    }

    fn fail(&mut self, code: ErrorCode, pointer: String, cause: String, action: &str) {
        self.errors.push(DocumentError { code, pointer, cause, action: action.to_owned() });
    }

    fn found(&mut self, found: Option<usize>, kind: &str, id: &str, pointer: String) -> Option<usize> {
        if found.is_none() {
            let cause = format!("there is no {kind} with id {id:?}");
            self.fail(ErrorCode::UnknownId, pointer, cause, "correct the id");
        }
        found
    }

    fn person(&mut self, id: &str, pointer: String) -> Option<PersonIx> {
        let found = self.people.get(id).copied();
        self.found(found, "person", id, pointer).map(PersonIx::from_index)
    }

    fn place(&mut self, id: &str, pointer: String) -> Option<PlaceIx> {
        let found = self.problem.places.iter().position(|place| place.id == id);
        self.found(found, "place", id, pointer).map(PlaceIx::from_index)
    }

    fn span(&mut self, start: LocalDateTime, end: LocalDateTime, pointer: String) -> Option<Span> {
        if end <= start {
            let cause = format!("the end {end} is not after the start {start}");
            self.fail(ErrorCode::ReversedTime, pointer, cause, "exchange or correct the two");
            return None;
        }
        Some(TimeSpan { start, end }.span(self.problem.horizon.start))
    }

    fn event(&mut self, at: usize, document: &EventDocument) -> Option<Event> {
        let pointer = |field: &str| format!("/events/{at}{field}");
        match document {
            EventDocument::Sick { person, start, end } => {
                let span = self.span(*start, *end, pointer(""));
                let person = self.person(person, pointer("/person"))?;
                Some(Event::Sick { person, span: span? })
            }
            EventDocument::Resigned { person, from } => {
                let person = self.person(person, pointer("/person"))?;
                let day = (*from - self.problem.horizon.start).num_days();
                Some(Event::Resigned { person, from: DayOffset::try_from(day).unwrap_or(DayOffset::MAX) })
            }
            EventDocument::Availability { person, unavailable } => {
                let spans: Vec<Option<Span>> = unavailable
                    .iter()
                    .enumerate()
                    .map(|(number, span)| self.span(span.start, span.end, pointer(&format!("/unavailable/{number}"))))
                    .collect();
                let person = self.person(person, pointer("/person"))?;
                Some(Event::Availability { person, unavailable: spans.into_iter().collect::<Option<Vec<Span>>>()? })
            }
            EventDocument::NewPost { post } => self.post(post, &pointer("/post")).map(Event::NewNeed),
            EventDocument::Closed { place, start, end } => {
                let span = self.span(*start, *end, pointer(""));
                let place = self.place(place, pointer("/place"))?;
                Some(Event::Closed { place, span: span? })
            }
            EventDocument::Withdrawn { venue, start, end } => {
                let span = self.span(*start, *end, pointer(""));
                let found = self.problem.venues.iter().position(|known| known.id == *venue);
                let venue = self.found(found, "venue", venue, pointer("/venue")).map(VenueIx::from_index)?;
                Some(Event::Withdrawn { venue, span: span? })
            }
        }
    }

    fn post(&mut self, post: &PostDocument, pointer: &str) -> Option<Need> {
        let span = self.span(post.start, post.end, pointer.to_owned())?;
        let place = self.place(&post.place, format!("{pointer}/place"))?;
        let problem = self.problem;
        if self.needs.contains_key(post.id.as_str()) {
            let cause = format!("the id {:?} is already a need's", post.id);
            self.fail(ErrorCode::DuplicateId, format!("{pointer}/id"), cause, "give the post an id of its own");
            return None;
        }
        let days = DayOffset::from(problem.horizon.days);
        if !(0..days).contains(&span.day()) {
            let cause = "the post begins outside the horizon".to_owned();
            self.fail(ErrorCode::OutsideHorizon, format!("{pointer}/start"), cause, "give a day of the roster");
            return None;
        }
        if post.min > post.target() || post.target() > post.max() || post.priority == 0 {
            let cause = "the post needs min <= target <= max and a priority of at least 1".to_owned();
            self.fail(ErrorCode::MinAboveMax, pointer.to_owned(), cause, "correct the numbers");
            return None;
        }
        let skill = match &post.skill {
            None => None,
            Some(wanted) => {
                let found = problem.skills.iter().position(|skill| skill.id == wanted.id);
                let found = self.found(found, "skill", &wanted.id, format!("{pointer}/skill/id"))?;
                Some((SkillIx::from_index(found), wanted.level))
            }
        };
        let shift_type = match &post.shift_type {
            None => None,
            Some(id) => {
                let found = problem.shift_types.iter().position(|kind| kind.id == *id);
                Some(ShiftTypeIx::from_index(self.found(found, "shift type", id, format!("{pointer}/shiftType"))?))
            }
        };
        let mut excluded = Vec::new();
        for (number, id) in post.excluded.iter().enumerate() {
            excluded.push(self.person(id, format!("{pointer}/excluded/{number}"))?);
        }
        let cover = Cover {
            min: post.min,
            target: post.target(),
            max: post.max(),
            weight_below_target: post.weight_below_target,
            weight_above_target: post.weight_above_target,
        };
        let kind = NeedKind::Post(Post { span, shift_type, cover, mix: post.mix });
        Some(Need {
            id: post.id.clone(),
            place,
            skill,
            priority: post.priority,
            excluded,
            case: None,
            seat: None,
            kind,
        })
    }
}
