//! Events against a published roster, and what they change in the problem.

use std::collections::BTreeSet;

use crate::explain::street::streets;
use crate::problem::{DayOffset, Duty, Minute, Need, NeedIx, PersonIx, PlaceIx, Problem, Span, UnitIx, VenueIx};

/// Something that happens after a roster was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The person cannot work within the span.
    Sick {
        /// Who.
        person: PersonIx,
        /// When.
        span: Span,
    },
    /// The person serves no more from this day on.
    Resigned {
        /// Who.
        person: PersonIx,
        /// First day without service.
        from: DayOffset,
    },
    /// The person's unavailable times are these now.
    Availability {
        /// Who.
        person: PersonIx,
        /// Sorted and disjoint.
        unavailable: Vec<Span>,
    },
    /// A further need.
    NewNeed(Need),
    /// The place is closed: its posts within the span are withdrawn.
    Closed {
        /// Where.
        place: PlaceIx,
        /// When.
        span: Span,
    },
    /// The room cannot be had within the span.
    Withdrawn {
        /// Which.
        venue: VenueIx,
        /// When.
        span: Span,
    },
}

/// Applies an event to a problem. Needs keep their positions: a withdrawn post stays with room for nobody.
pub fn apply(problem: &mut Problem, event: &Event) {
    match event {
        Event::Sick { person, span } => {
            let unavailable = &mut problem.people[person.index()].unavailable;
            unavailable.push(*span);
            *unavailable = joined(std::mem::take(unavailable));
        }
        Event::Resigned { person, from } => {
            let active = &mut problem.people[person.index()].active_days;
            active.1 = active.1.min(*from - 1);
        }
        Event::Availability { person, unavailable } => {
            problem.people[person.index()].unavailable = joined(unavailable.clone());
        }
        Event::NewNeed(need) => problem.needs.push(need.clone()),
        Event::Closed { place, span } => {
            for need in problem.needs.iter_mut().filter(|need| need.place == *place) {
                let crate::problem::NeedKind::Post(post) = &mut need.kind;
                if post.span.overlaps(*span) {
                    (post.cover.min, post.cover.target, post.cover.max) = (0, 0, 0);
                }
            }
        }
        Event::Withdrawn { venue, span } => {
            let taken = &mut problem.venues[venue.index()].taken;
            taken.push(*span);
            *taken = joined(std::mem::take(taken));
        }
    }
}

/// Sorted spans of which none touch.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut found: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match found.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => found.push(span),
        }
    }
    found
}

/// The streets that events touch: those of the needs that become impossible or new; `None` stands for what lies above
/// street level. `published` is the roster before.
#[must_use]
pub fn streets_touched(problem: &Problem, events: &[Event], published: &[Duty]) -> BTreeSet<Option<UnitIx>> {
    let streets = streets(problem);
    let of_place = |place: PlaceIx| streets[problem.places[place.index()].unit.index()];
    let of_need = |need: NeedIx| of_place(problem.needs[need.index()].place);
    let mut touched = BTreeSet::new();
    let mut served = |person: PersonIx, lost: &dyn Fn(Span) -> bool| {
        let own = published.iter().filter(|duty| duty.person == person && lost(duty.span));
        touched.extend(own.map(|duty| of_need(duty.need)));
    };
    let mut places = Vec::new();
    for event in events {
        match event {
            Event::Sick { person, span } => served(*person, &|duty| duty.overlaps(*span)),
            Event::Resigned { person, from } => served(*person, &|duty| duty.day() >= *from),
            Event::Availability { person, unavailable } => {
                served(*person, &|duty| unavailable.iter().any(|span| span.overlaps(duty)));
            }
            Event::NewNeed(need) => places.push(need.place),
            Event::Closed { place, .. } => places.push(*place),
            Event::Withdrawn { venue, .. } => {
                let options = problem.receptions.iter().flat_map(|reception| &reception.options);
                let wanted = options.filter(|option| option.venue == Some(*venue));
                places.extend(wanted.map(|option| problem.needs[option.deputies.index()].place));
            }
        }
    }
    touched.extend(places.into_iter().map(of_place));
    touched
}

/// The first minute of a day.
#[must_use]
pub const fn start_of(day: DayOffset) -> Minute {
    day * crate::problem::MINUTES_PER_DAY
}
