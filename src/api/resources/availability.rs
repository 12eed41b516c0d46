//! When people cannot, would rather not, or would like to serve.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::availability::AvailabilityFilter;

entity_document! {
    /// A statement of availability, weekly or dated.
    AvailabilityDocument as Availability = Availability, AvailabilityId fresh;
    example {
        "id": "av-1", "person": "p-1", "kind": "unavailable", "weekday": 3, "fromDate": null, "toDate": null,
        "startMinute": 0, "endMinute": 1440, "shiftType": null, "station": null, "weight": 1, "reason": "培训", "version": 1
    }
    {
        /// Id of the person.
        person: String,
        /// `unavailable`, `undesired` or `desired`.
        kind: String,
        /// 1 Monday to 7 Sunday for a weekly statement; null for every day of its dates.
        weekday: Option<u8>,
        /// First day.
        from_date: Option<chrono::NaiveDate>,
        /// Last day.
        to_date: Option<chrono::NaiveDate>,
        /// First minute of the day.
        start_minute: u16,
        /// First minute after the end.
        end_minute: u16,
        /// Only this kind of shift.
        shift_type: Option<String>,
        /// Only this station.
        station: Option<String>,
        /// Cost of not heeding a wish, 1 and up.
        weight: u16,
        /// Reason, for the coordinator.
        reason: Option<String>,
    }
}

list_query! {
    AvailabilityQuery fills AvailabilityFilter {
        /// Only this person.
        person => person,
        /// Only this kind.
        kind => kind,
        /// Only what reaches into this date or later.
        from => from,
        /// Only what reaches into this date or earlier.
        to => to,
    }
}

entity_handlers! {
    tag: "organisation", document: AvailabilityDocument, id: AvailabilityId, table: availability,
    paths: "/availability" "/availability/{id}",
    list: list_availability AvailabilityQuery "Lists statements of availability by id.",
    create: create_availability "Adds a statement of availability.",
    get: get_availability "Answers one statement of availability.",
    replace: replace_availability "Replaces a statement of availability.",
    delete: delete_availability "Deletes a statement of availability.",
}
