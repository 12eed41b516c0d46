//! What has to be met at a place within a fixed span: posts, the spans within which cases can be worked, and
//! the seats of receptions.

use super::{CaseIx, PersonIx, PlaceIx, Seat, ShiftTypeIx, SkillIx, Span};

/// Something to be met at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// External id.
    pub id: String,
    /// Where.
    pub place: PlaceIx,
    /// Required skill and least level, if any (H03).
    pub skill: Option<(SkillIx, u8)>,
    /// Importance, 1 (lowest) and up; multiplies the weights of S10, S11 and S22.
    pub priority: u8,
    /// People who may not meet it (H14).
    pub excluded: Vec<PersonIx>,
    /// The case that this is a span of, if it is one: one that is worked within another span needs nobody here.
    pub case: Option<CaseIx>,
    /// The seat of a reception that this is, if it is one: only those whom the reception names may take it.
    pub seat: Option<Seat>,
    /// The kind, with what is particular to it.
    pub kind: NeedKind,
}

/// The kinds of need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeedKind {
    /// A post with a fixed span.
    Post(Post),
}

/// A post: a place to be staffed for a fixed span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Fixed time.
    pub span: Span,
    /// Kind of shift, if any.
    pub shift_type: Option<ShiftTypeIx>,
    /// How many people.
    pub cover: Cover,
    /// Whether at least one member of staff must stand beside volunteers, and a newcomer not alone (S23).
    pub mix: bool,
}

/// How many heads a post needs. `min <= target <= max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cover {
    /// Below this, S10 counts each missing head.
    pub min: u16,
    /// Between `min` and this, S22 counts each missing head.
    pub target: u16,
    /// Most heads (H11); above `target`, S24 counts each head.
    pub max: u16,
    /// Weight of one head missing from the target instead of the profile's S22 weight times priority.
    pub weight_below_target: Option<i64>,
    /// Weight of one head above the target instead of the profile's S24 weight.
    pub weight_above_target: Option<i64>,
}

impl Need {
    /// The post, if it is one.
    #[must_use]
    pub const fn as_post(&self) -> Option<&Post> {
        match &self.kind {
            NeedKind::Post(post) => Some(post),
        }
    }
}
