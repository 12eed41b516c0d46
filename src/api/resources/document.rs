//! How entities become JSON documents and back: one conversion for each kind of field, and a macro over the fields.

use chrono::NaiveDate;

use super::{id_at, word_at};
use crate::api::lang::Text;
use crate::api::problem::{Code, Problem};
use crate::domain::{DaySet, TextEnum};

/// A value of an entity that a JSON document holds as `J`.
pub trait JsonField<J>: Sized {
    /// The document's form.
    fn to_json(self) -> J;

    /// The value of a document.
    ///
    /// # Errors
    /// `invalid-value` at the pointer.
    fn from_json(json: J, pointer: &str) -> Result<Self, Problem>;
}

macro_rules! same_in_json {
    ($($type:ty),*) => {$(
        impl JsonField<$type> for $type {
            fn to_json(self) -> $type {
                self
            }

            fn from_json(json: $type, _pointer: &str) -> Result<Self, Problem> {
                Ok(json)
            }
        }
    )*};
}

same_in_json!(String, bool, u8, u16, u32, i32, i64, f64, NaiveDate);

macro_rules! text_in_json {
    (ids: $($id:ident),*; words: $($word:ident),* $(,)?) => {
        $(impl JsonField<String> for crate::domain::$id {
            fn to_json(self) -> String {
                self.as_str().to_owned()
            }

            fn from_json(json: String, pointer: &str) -> Result<Self, Problem> {
                id_at(&json, pointer)
            }
        })*
        $(impl JsonField<String> for crate::domain::$word {
            fn to_json(self) -> String {
                <Self as TextEnum>::as_str(self).to_owned()
            }

            fn from_json(json: String, pointer: &str) -> Result<Self, Problem> {
                word_at(&json, pointer, <Self as TextEnum>::parse)
            }
        })*
    };
}

text_in_json! {
    ids: UnitId, StationId, PersonId, ContractId, SkillId, ShiftTypeId, TemplateId, ProfileId, CaseCategoryId, CaseId,
         ReceptionId, VisitId, QuotaId, ResourceId, LoanId, BookingId, ActivityId, NeedId, ProjectId, PostId;
    words: UnitLevel, Category, StationKind, HoursDay, AvailabilityKind, ResourceKind, BaseKind, NeedStatus,
           ProjectStatus, VisitStatus, QuotaKind,
}

impl<J, T: JsonField<J>> JsonField<Option<J>> for Option<T> {
    fn to_json(self) -> Option<J> {
        self.map(JsonField::to_json)
    }

    fn from_json(json: Option<J>, pointer: &str) -> Result<Self, Problem> {
        json.map(|json| T::from_json(json, pointer)).transpose()
    }
}

impl<J, T: JsonField<J>> JsonField<Vec<J>> for Vec<T> {
    fn to_json(self) -> Vec<J> {
        self.into_iter().map(JsonField::to_json).collect()
    }

    fn from_json(json: Vec<J>, pointer: &str) -> Result<Self, Problem> {
        json.into_iter().enumerate().map(|(index, json)| T::from_json(json, &format!("{pointer}/{index}"))).collect()
    }
}

const WEEKDAYS: [(&str, chrono::Weekday); 7] = [
    ("monday", chrono::Weekday::Mon),
    ("tuesday", chrono::Weekday::Tue),
    ("wednesday", chrono::Weekday::Wed),
    ("thursday", chrono::Weekday::Thu),
    ("friday", chrono::Weekday::Fri),
    ("saturday", chrono::Weekday::Sat),
    ("sunday", chrono::Weekday::Sun),
];

impl JsonField<Vec<String>> for DaySet {
    fn to_json(self) -> Vec<String> {
        let days = WEEKDAYS.iter().filter(|(_, day)| self.contains(*day, false)).map(|(name, _)| (*name).to_owned());
        let off = (self.bits() & Self::OFF_DAYS.bits() != 0).then(|| "offDays".to_owned());
        days.chain(off).collect()
    }

    fn from_json(json: Vec<String>, pointer: &str) -> Result<Self, Problem> {
        json.iter().enumerate().try_fold(Self::default(), |days, (index, name)| {
            if name == "offDays" {
                return Ok(days.with_off_days());
            }
            WEEKDAYS.iter().find(|(known, _)| known == name).map(|(_, day)| days.with(*day)).ok_or_else(|| {
                Problem::new(Code::InvalidValue).at(
                    format!("{pointer}/{index}"),
                    Text::new(format!("{name:?} 不是星期"), format!("{name:?} is no day")),
                    Text::new("用 monday 到 sunday 或 offDays", "use monday to sunday, or offDays"),
                )
            })
        })
    }
}

/// `/camelCase` of a field's name.
#[must_use]
pub fn pointer(field: &str) -> String {
    let mut pointer = String::from("/");
    let mut upper = false;
    for character in field.chars() {
        match character {
            '_' => upper = true,
            _ if upper => {
                pointer.push(character.to_ascii_uppercase());
                upper = false;
            }
            _ => pointer.push(character),
        }
    }
    pointer
}

/// Defines the document of an entity with an id and a version, and the way there and back.
macro_rules! entity_document {
    (
        $(#[doc = $doc:tt])+
        $document:ident as $schema:ident = $entity:ident, $id:ident $($fresh:ident)? $(, unseen $unseen:ident)?;
        example $example:tt
        { $($(#[$meta:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[schema(as = $schema, example = json!($example))]
        pub struct $document {
            /// Id; made by the server when left out, unless it is a statutory code.
            pub id: Option<String>,
            $($(#[$meta])* pub $field: $type,)*
            /// Counts the edits, as in the `ETag`; never read.
            #[schema(read_only)]
            pub version: Option<i64>,
        }

        impl $crate::api::resources::EntityDocument for $document {
            type Entity = crate::domain::$entity;
            type Id = crate::domain::$id;

            fn id(&self) -> Option<&str> {
                self.id.as_deref()
            }

            $(fn $fresh(
                now: chrono::DateTime<chrono::Utc>,
                entropy: &dyn crate::domain::Entropy,
            ) -> Option<crate::domain::$id> {
                Some(crate::domain::$id::fresh(now, entropy))
            })?

            $(fn keep_unseen(entity: &mut crate::domain::$entity, stored: &crate::domain::$entity) {
                $unseen(entity, stored);
            })?

            fn into_entity(
                self,
                id: crate::domain::$id,
                version: i64,
            ) -> Result<crate::domain::$entity, $crate::api::problem::Problem> {
                Ok(crate::domain::$entity {
                    id,
                    $($field: $crate::api::resources::document::JsonField::from_json(
                        self.$field,
                        &$crate::api::resources::document::pointer(stringify!($field)),
                    )?,)*
                    version,
                })
            }

            fn from_entity(entity: crate::domain::$entity) -> Self {
                Self {
                    id: Some(entity.id.as_str().to_owned()),
                    $($field: $crate::api::resources::document::JsonField::to_json(entity.$field),)*
                    version: Some(entity.version),
                }
            }
        }
    };
}

/// Defines the document of a value within an entity, and the way there and back.
macro_rules! value_document {
    (
        $(#[doc = $doc:tt])+
        $document:ident as $schema:ident = $value:ident
        { $($(#[$meta:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[schema(as = $schema)]
        pub struct $document { $($(#[$meta])* pub $field: $type,)* }

        impl $crate::api::resources::document::JsonField<$document> for crate::domain::$value {
            fn to_json(self) -> $document {
                $document {
                    $($field: $crate::api::resources::document::JsonField::to_json(self.$field),)*
                }
            }

            fn from_json(json: $document, pointer: &str) -> Result<Self, $crate::api::problem::Problem> {
                Ok(Self {
                    $($field: $crate::api::resources::document::JsonField::from_json(
                        json.$field,
                        &format!("{pointer}{}", $crate::api::resources::document::pointer(stringify!($field))),
                    )?,)*
                })
            }
        }
    };
}

pub(crate) use {entity_document, value_document};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_in_camel_case() {
        assert_eq!(pointer("home_unit"), "/homeUnit");
        assert_eq!(pointer("id"), "/id");
    }

    #[test]
    fn days_survive_the_way_there_and_back() {
        let names = vec!["monday".to_owned(), "sunday".to_owned(), "offDays".to_owned()];
        let days = DaySet::from_json(names.clone(), "/days").unwrap();
        assert_eq!(days.to_json(), names);
        let problem = DaySet::from_json(vec!["monday".to_owned(), "funday".to_owned()], "/days").unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/days/1");
    }
}
