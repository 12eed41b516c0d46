//! Visits to households and units.

use actix_web::{delete, get, post, put};

use crate::api::resources::document::entity_document;
use crate::api::resources::entity_handlers;
use crate::api::resources::query::list_query;
use crate::db::visits::VisitFilter;

entity_document! {
    /// A visit. What is heard becomes a case with channel `visit`. While it is `open`, nobody and no time is named: a plan
    /// chooses them within what is wanted, and publication writes them.
    VisitDocument as Visit = Visit, VisitId fresh;
    example {
        "id": "vi-1", "person": "d-1", "unit": "220102001001", "date": "2026-12-03", "startMinute": 540,
        "endMinute": 660, "households": 6, "status": "planned", "note": null, "wantedFrom": null, "wantedUntil": null,
        "earliestMinute": null, "latestMinute": null, "minutes": null, "candidates": [], "version": 1
    }
    {
        /// Id of the deputy or volunteer; none while it is open.
        person: Option<String>,
        /// Code of the unit visited.
        unit: String,
        /// Date; none while it is open.
        date: Option<chrono::NaiveDate>,
        /// First minute of the day; none while it is open.
        start_minute: Option<u16>,
        /// First minute after the end; none while it is open.
        end_minute: Option<u16>,
        /// Households visited.
        households: u16,
        /// `open`, `planned`, `done` or `cancelled`.
        status: String,
        /// What was heard.
        note: Option<String>,
        /// First day on which an open visit may be made.
        wanted_from: Option<chrono::NaiveDate>,
        /// Last day, at most 92 later.
        wanted_until: Option<chrono::NaiveDate>,
        /// Minute of the day from which an open visit may be made; 480 when left out.
        earliest_minute: Option<u16>,
        /// Minute of the day by which it is over; 1080 when left out.
        latest_minute: Option<u16>,
        /// How long an open visit takes, 15 to 480.
        minutes: Option<u16>,
        /// Ids of those who may make an open visit; deputies of the street when empty, first those who owe visits.
        #[serde(default)]
        candidates: Vec<String>,
    }
}

list_query! {
    VisitQuery fills VisitFilter {
        /// Only in units of this unit's subtree.
        unit => subtree,
        /// Only of this person.
        person => person,
        /// Only this status.
        status => status,
        /// Only this date or later, and open ones that may still be made then.
        from => from,
        /// Only this date or earlier, and open ones that may be made by then.
        to => to,
    }
}

entity_handlers! {
    tag: "receptions", document: VisitDocument, id: VisitId, table: visits,
    paths: "/visits" "/visits/{id}",
    list: list_visits VisitQuery "Lists visits by id.",
    create: create_visit "Adds a visit.",
    get: get_visit "Answers one visit.",
    replace: replace_visit "Replaces a visit.",
    delete: delete_visit "Deletes a visit.",
}
