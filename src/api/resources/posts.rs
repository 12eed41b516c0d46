//! Posts: what is to be staffed, station by date and time.

use actix_web::{delete, get, post, put};

use super::document::entity_document;
use super::query::page_sorted;
use super::{FromQuery, entity_handlers};
use crate::api::problem::Problem;
use crate::db::posts::PostFilter;
use crate::domain::{StationId, UnitId};

entity_document! {
    /// A post.
    PostDocument as Post = Post, PostId fresh;
    example {
        "id": "po-1", "station": "st-1", "template": "te-1", "date": "2026-11-30", "startMinute": 510,
        "endMinute": 720, "skill": null, "skillLevel": 1, "shiftType": "morning", "minHeads": 1, "targetHeads": 2,
        "maxHeads": 3, "priority": 2, "mix": true, "retired": false, "excluded": [], "version": 1
    }
    {
        /// Id of the station.
        station: String,
        /// Id of the template it was made from; null for a post made by hand.
        template: Option<String>,
        /// Date.
        date: chrono::NaiveDate,
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
        /// No longer wanted, and kept because a roster names it.
        #[serde(default)]
        retired: bool,
        /// Ids of people who may not serve here (H14).
        #[serde(default)]
        excluded: Vec<String>,
    }
}

/// Filters of the list, and which page.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostQuery {
    /// Only stations in this unit's subtree.
    unit: Option<String>,
    /// Only this station.
    station: Option<String>,
    /// Only this date or later.
    from: Option<String>,
    /// Only this date or earlier.
    to: Option<String>,
    /// `true` shows retired posts too.
    retired: Option<String>,
    /// Order: `date`, then start and id (unless given), or `-date` for the reverse.
    sort: Option<String>,
    /// Most items, 1 to 500 (50 unless given).
    limit: Option<u32>,
    /// From the `next` link of the page before.
    cursor: Option<String>,
}

impl PostQuery {
    fn filter(self) -> Result<(PostFilter, crate::db::Page), Problem> {
        let page = page_sorted(self.limit, self.cursor.as_deref(), self.sort.as_deref(), "date")?;
        let filter = PostFilter {
            subtree: self.unit.map(|text| UnitId::from_query(text, "unit")).transpose()?,
            station: self.station.map(|text| StationId::from_query(text, "station")).transpose()?,
            from: self.from.map(|text| FromQuery::from_query(text, "from")).transpose()?,
            to: self.to.map(|text| FromQuery::from_query(text, "to")).transpose()?,
            with_retired: self.retired.map(|text| bool::from_query(text, "retired")).transpose()?.unwrap_or(false),
        };
        Ok((filter, page))
    }
}

entity_handlers! {
    tag: "demand", document: PostDocument, id: PostId, table: posts,
    paths: "/posts" "/posts/{id}",
    list: list_posts PostQuery "Lists posts by date, time and id.",
    create: create_post "Adds a post by hand.",
    get: get_post "Answers one post.",
    replace: replace_post "Replaces a post.",
    delete: delete_post "Deletes a post that no roster names.",
}
