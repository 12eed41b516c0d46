//! Weekly demand of stations, from which posts are made.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::entity_handlers;
use super::query::list_query;
use crate::db::demand_templates::TemplateFilter;

entity_document! {
    /// A demand template.
    TemplateDocument as DemandTemplate = DemandTemplate, TemplateId fresh;
    example {
        "id": "te-1", "station": "st-1", "name": "窗口上午", "days": ["monday", "tuesday"], "startMinute": 510,
        "endMinute": 720, "skill": null, "skillLevel": 1, "shiftType": "morning", "minHeads": 1, "targetHeads": 2,
        "maxHeads": 3, "priority": 2, "mix": true, "validFrom": null, "validTo": null, "version": 1
    }
    {
        /// Id of the station.
        station: String,
        /// Name.
        name: String,
        /// `monday` to `sunday` for working days, `offDays` for statutory days off.
        days: Vec<String>,
        /// First minute of the day.
        start_minute: u16,
        /// First minute after the end; above 1440 on the next day.
        end_minute: u16,
        /// Id of the required skill.
        skill: Option<String>,
        /// Least level of the skill, 1 and up.
        skill_level: u8,
        /// Id of the kind of shift.
        shift_type: Option<String>,
        /// Least heads.
        min_heads: u16,
        /// Heads wished for.
        target_heads: u16,
        /// Most heads.
        max_heads: u16,
        /// Importance, 1 and up.
        priority: u8,
        /// At least one member of staff beside volunteers, and a newcomer not alone (S23).
        #[serde(default)]
        mix: bool,
        /// First day.
        valid_from: Option<chrono::NaiveDate>,
        /// Last day.
        valid_to: Option<chrono::NaiveDate>,
    }
}

list_query! {
    TemplateQuery fills TemplateFilter {
        /// Only stations in this unit's subtree.
        unit => subtree,
        /// Only this station.
        station => station,
    }
}

entity_handlers! {
    tag: "demand", document: TemplateDocument, id: TemplateId, table: demand_templates,
    paths: "/demand-templates" "/demand-templates/{id}",
    list: list_demand_templates TemplateQuery "Lists demand templates by id.",
    create: create_demand_template "Adds a demand template.",
    get: get_demand_template "Answers one demand template.",
    replace: replace_demand_template "Replaces a demand template.",
    delete: delete_demand_template "Deletes a demand template; posts made from it stay.",
}
