//! Contract forms: limits and obligations that people share.

use actix_web::{delete, get, post, put};

use super::document::{entity_document, value_document};
use super::entity_handlers;
use super::query::list_query;
use crate::db::contracts::ContractFilter;

value_document! {
    /// Most duties of one kind of shift.
    TypeLimitDocument as TypeLimit = TypeLimit
    {
        /// Id of the kind of shift.
        shift_type: String,
        /// Most duties.
        max_duties: u16,
    }
}

entity_document! {
    /// A contract form; a limit left out follows the constraint profile.
    ContractDocument as Contract = Contract, ContractId fresh;
    example {
        "id": "c-staff", "name": "招聘人员", "maxMinutesWeek": 2400, "minMinutesWeek": 1200, "maxConsecutiveDays": 6,
        "completeWeekends": false, "typeLimits": [{"shiftType": "evening", "maxDuties": 3}], "version": 1
    }
    {
        /// Name.
        name: String,
        /// Most minutes a day (H04).
        max_minutes_day: Option<u32>,
        /// Most duties a day (H04).
        max_duties_day: Option<u16>,
        /// Most minutes a week (H05).
        max_minutes_week: Option<u32>,
        /// Most duties a week (H05).
        max_duties_week: Option<u16>,
        /// Most minutes in four weeks (H05).
        max_minutes_four_weeks: Option<u32>,
        /// Least minutes in the planned stretch (H05).
        min_minutes_horizon: Option<u32>,
        /// Most minutes in the planned stretch (H05).
        max_minutes_horizon: Option<u32>,
        /// Least rest between duties of different days (H06).
        min_rest_minutes: Option<u32>,
        /// Most consecutive working days (H07).
        max_consecutive_days: Option<u16>,
        /// Least consecutive working days (H07).
        min_consecutive_days: Option<u16>,
        /// Least consecutive days off (H07).
        min_consecutive_days_off: Option<u16>,
        /// Most weekends worked in four weeks (H08).
        max_weekends_four_weeks: Option<u16>,
        /// Most weekends worked in the planned stretch (H08).
        max_weekends_horizon: Option<u16>,
        /// Least minutes a week (S20).
        #[serde(default)]
        min_minutes_week: u32,
        /// Least consecutive working days wished for (S38).
        soft_min_consecutive_days: Option<u16>,
        /// Most consecutive working days wished for (S38).
        soft_max_consecutive_days: Option<u16>,
        /// Least consecutive days off wished for (S38).
        soft_min_consecutive_days_off: Option<u16>,
        /// Most consecutive days off wished for (S38).
        soft_max_consecutive_days_off: Option<u16>,
        /// Least duties of the contract period (S39).
        min_total_duties: Option<u16>,
        /// Most duties of the contract period (S39).
        max_total_duties: Option<u16>,
        /// Most weekends of the contract period (S39).
        max_total_weekends: Option<u16>,
        /// Weekends are worked whole or not at all (S40).
        #[serde(default)]
        complete_weekends: bool,
        /// Most duties of single kinds of shift (H09).
        #[serde(default)]
        type_limits: Vec<TypeLimitDocument>,
    }
}

list_query! {
    ContractQuery fills ContractFilter {
        /// Only names that contain this.
        name => name_contains,
    }
}

entity_handlers! {
    tag: "organisation", document: ContractDocument, id: ContractId, table: contracts,
    paths: "/contracts" "/contracts/{id}",
    list: list_contracts ContractQuery "Lists contract forms by id.",
    create: create_contract "Adds a contract form.",
    get: get_contract "Answers one contract form.",
    replace: replace_contract "Replaces a contract form.",
    delete: delete_contract "Deletes a contract form to which nothing refers.",
}
