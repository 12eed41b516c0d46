//! Needs as documents write them: one object per need, its `kind` first among equals.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_false;
use super::time::LocalDateTime;

/// Something to be met at a place; `kind` says which fields follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum NeedDocument {
    /// A place to be staffed for a fixed span.
    Post(PostDocument),
}

impl NeedDocument {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Post(post) => &post.id,
        }
    }
}

/// A required skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SkillRequirement {
    /// Id of the skill.
    pub id: String,
    /// Least level, 1 and up.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub level: u8,
}

/// A post: heads needed at a place for a fixed span. `min <= target <= max`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostDocument {
    /// Id.
    pub id: String,
    /// Id of the place.
    pub place: String,
    /// Start.
    pub start: LocalDateTime,
    /// End, later than the start.
    pub end: LocalDateTime,
    /// Required skill, if any (H03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<SkillRequirement>,
    /// Id of the shift type, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_type: Option<String>,
    /// Heads below which residents are not served (S10).
    pub min: u16,
    /// Heads wanted (S22); `min` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u16>,
    /// Most heads (H11); `target` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
    /// Importance, 1 (lowest) and up; multiplies the weights of S10 and S22.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1))]
    pub priority: u8,
    /// At least one member of staff beside volunteers, and a newcomer not alone (S23).
    #[serde(default, skip_serializing_if = "is_false")]
    pub mix: bool,
    /// Ids of the people who may not serve here (H14).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Cost of one head missing from the target, instead of the profile's S22 weight times the priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_below_target: Option<i64>,
    /// Cost of one head above the target, instead of the profile's S24 weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_above_target: Option<i64>,
}

impl PostDocument {
    /// Heads wanted: `target`, or `min` when left out.
    #[must_use]
    pub fn target(&self) -> u16 {
        self.target.unwrap_or(self.min)
    }

    /// Most heads: `max`, or the target when left out.
    #[must_use]
    pub fn max(&self) -> u16 {
        self.max.unwrap_or_else(|| self.target())
    }
}

const fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_one(value: &u8) -> bool {
    *value == 1
}
