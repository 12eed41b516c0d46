//! Stations, service points and bases, with opening hours.

use actix_web::{delete, get, post, put};

use super::document::{entity_document, value_document};
use super::entity_handlers;
use super::query::list_query;
use crate::db::stations::StationFilter;

value_document! {
    /// Opening hours of one kind of day.
    OpeningHoursDocument as OpeningHours = OpeningHours
    {
        /// `1-monday` to `7-sunday`, or `off-day` for statutory days off.
        day: String,
        /// First minute of the day.
        start_minute: u16,
        /// First minute after the end.
        end_minute: u16,
    }
}

entity_document! {
    /// A station.
    StationDocument as Station = Station, StationId fresh;
    example {
        "id": "st-1", "unit": "220102001001", "name": "桃源社区服务民生工作站", "kind": "workStation",
        "location": {"latitude": 43.88, "longitude": 125.32}, "alwaysOpen": false,
        "hours": [{"day": "1-monday", "startMinute": 510, "endMinute": 1020}], "version": 1
    }
    {
        /// Code of the unit it belongs to.
        unit: String,
        /// Name.
        name: String,
        /// `guidanceCentre`, `generalStation`, `workStation`, `servicePoint` or `serviceBase`.
        kind: String,
        /// Where it is.
        location: Option<super::people::LocationDocument>,
        /// Open day and night; then without hours.
        #[serde(default)]
        always_open: bool,
        /// Opening hours; closed on days that are not named.
        #[serde(default)]
        hours: Vec<OpeningHoursDocument>,
    }
}

list_query! {
    StationQuery fills StationFilter {
        /// Only stations in this unit's subtree.
        unit => subtree,
        /// Only this kind.
        kind => kind,
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "organisation", document: StationDocument, id: StationId, table: stations,
    paths: "/stations" "/stations/{id}",
    list: list_stations StationQuery "Lists stations by id.",
    create: create_station "Adds a station.",
    get: get_station "Answers one station.",
    replace: replace_station "Replaces a station with its hours.",
    delete: delete_station "Deletes a station to which nothing refers.",
}
