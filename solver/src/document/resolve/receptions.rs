//! Receptions: for each start a need of its deputies and one of its host, and the rooms they take. Visits have the first
//! need alone.

use super::{Context, Ids, Kind, index_ids};
use crate::document::error::ErrorCode;
use crate::document::reception::{ReceptionDocument, VenueDocument};
use crate::document::time::join_spans;
use crate::problem::{
    Cover, DayOffset, Minute, Need, NeedIx, NeedKind, PersonIx, Place, PlaceIx, Post, Reception, ReceptionIx,
    ReceptionOption, Seat, SeatRole, SkillIx, Span, UnitIx, Venue, VenueIx,
};

/// The rooms, in the order of the document.
pub(super) fn venues(documents: &[VenueDocument], context: &mut Context<'_>) -> Vec<Venue> {
    documents
        .iter()
        .enumerate()
        .map(|(position, document)| {
            let taken = document.taken.iter().enumerate();
            let taken = taken.filter_map(|(at, span)| context.span(*span, || format!("/venues/{position}/taken/{at}")));
            let taken = join_spans(taken.collect());
            Venue { id: document.id.clone(), name: document.name.clone(), taken }
        })
        .collect()
}

/// Adds the receptions' needs after those given, and answers the receptions.
pub(super) fn receptions(
    documents: &[ReceptionDocument],
    venues: &[VenueDocument],
    places: &[Place],
    needs: &mut Vec<Need>,
    context: &mut Context<'_>,
) -> Vec<Reception> {
    let venues = index_ids("venues", venues.iter().map(|venue| venue.id.as_str()), &mut context.errors);
    let mut found = Vec::with_capacity(documents.len());
    for (position, document) in documents.iter().enumerate() {
        let mut resolving = Resolving { position, document, venues: &venues, context };
        found.push(resolving.reception(places, needs));
    }
    found
}

struct Resolving<'r, 'd, 'c> {
    position: usize,
    document: &'d ReceptionDocument,
    venues: &'r Ids<'d>,
    context: &'r mut Context<'c>,
}

impl Resolving<'_, '_, '_> {
    fn at(&self, field: &str) -> String {
        format!("/receptions/{}{field}", self.position)
    }

    fn reception(&mut self, places: &[Place], needs: &mut Vec<Need>) -> Reception {
        let document = self.document;
        let pointer = self.at("/place");
        let place = PlaceIx(self.context.find(Kind::Place, &document.place, || pointer).unwrap_or(0));
        if document.priority == 0 {
            self.context.out_of_range(self.at("/priority"), "a priority of 0".to_owned(), "priorities count from 1");
        }
        if document.seats == 0 {
            let cause = format!("the reception {:?} has no seat", document.id);
            self.context.out_of_range(self.at("/seats"), cause, "at least one deputy receives");
        }
        if !(1..=1440).contains(&document.minutes) {
            let cause = format!("the reception {:?} lasts {} minutes", document.id, document.minutes);
            self.context.out_of_range(self.at("/minutes"), cause, "give 1 to 1440 minutes");
        }
        let deputies = self.people("/deputies", &document.deputies);
        let hosts = document.hosts.as_ref().map(|hosts| self.people("/hosts", hosts));
        let options = (0..document.options.len()).map(|number| self.option(number, place, needs)).collect();
        let matters = document.matters.iter().enumerate().filter_map(|(number, matters)| {
            let pointer = self.at(&format!("/matters/{number}/skill"));
            Some((SkillIx(self.context.find(Kind::Skill, &matters.skill, || pointer)?), matters.count))
        });
        let matters = matters.collect();
        Reception {
            id: document.id.clone(),
            is_visit: document.is_visit(),
            unit: places.get(place.index()).map_or(UnitIx(0), |place| place.unit),
            options,
            deputies,
            seats: document.seats,
            hosts,
            earliest_day: document.earliest.map_or(0, |date| {
                DayOffset::try_from((date - self.context.start).num_days()).unwrap_or(DayOffset::MAX)
            }),
            is_announced: document.announced,
            priority: document.priority,
            matters,
        }
    }

    fn people(&mut self, field: &str, ids: &[String]) -> Vec<PersonIx> {
        let mut found = Vec::with_capacity(ids.len());
        for (number, id) in ids.iter().enumerate() {
            let pointer = self.at(&format!("{field}/{number}"));
            if let Some(person) = self.context.find(Kind::Person, id, || pointer) {
                found.push(PersonIx(person));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn option(&mut self, number: usize, place: PlaceIx, needs: &mut Vec<Need>) -> ReceptionOption {
        let document = self.document;
        let option = &document.options[number];
        let start = option.start;
        let begin = start.minute(self.context.start);
        if begin < 0 || begin >= self.context.minutes {
            self.context.errors.add(
                ErrorCode::OutsideHorizon,
                self.at(&format!("/options/{number}/start")),
                format!("the reception {:?} could start at {start}, outside the horizon", document.id),
                "correct the start, or plan more days",
            );
        }
        if document.options.iter().take(number).any(|other| other.start == start) {
            self.context.errors.add(
                ErrorCode::DuplicateId,
                self.at(&format!("/options/{number}/start")),
                format!("the start {start} stands there twice"),
                "remove the copy",
            );
        }
        let venue = option.venue.as_ref().and_then(|id| {
            let found = self.venues.get(id.as_str()).copied();
            if found.is_none() {
                self.context.errors.add(
                    ErrorCode::UnknownId,
                    self.at(&format!("/options/{number}/venue")),
                    format!("there is no venue with id {id:?}"),
                    "correct the id, or add the venue to venues",
                );
            }
            found.map(VenueIx)
        });
        let receives = if document.is_visit() { SeatRole::Visitor } else { SeatRole::Deputy };
        let span = Span { start: begin, end: begin.saturating_add(Minute::from(document.minutes)) };
        let mut seat = |id: String, role: SeatRole, max: u16| {
            needs.push(Need {
                id,
                place,
                skill: None,
                priority: document.priority.max(1),
                excluded: Vec::new(),
                case: None,
                seat: Some(Seat {
                    reception: ReceptionIx::from_index(self.position),
                    option: u16::try_from(number).unwrap_or(u16::MAX),
                    role,
                }),
                kind: NeedKind::Post(Post { span, shift_type: None, cover: room_for(max), mix: false }),
            });
            NeedIx::from_index(needs.len() - 1)
        };
        ReceptionOption {
            deputies: seat(document.need_id(start), receives, document.seats),
            host: (!document.is_visit()).then(|| seat(document.host_need_id(start), SeatRole::Host, 1)),
            venue,
            weight: option.weight,
        }
    }
}

/// What a seat asks by itself: nobody, and no more than there is room for.
const fn room_for(max: u16) -> Cover {
    Cover { min: 0, target: 0, max, weight_below_target: None, weight_above_target: Some(0) }
}
