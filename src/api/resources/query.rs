//! Query strings of lists: filters by name, and which page.

use chrono::NaiveDate;

use crate::api::lang::Text;
use crate::api::paging::PageRequest;
use crate::api::problem::{Code, Problem};
use crate::domain::{TextEnum, TextId};

/// A value that a query parameter can give.
pub trait FromQuery: Sized {
    /// Reads a parameter.
    ///
    /// # Errors
    /// `invalid-query` at the parameter.
    fn from_query(text: String, parameter: &str) -> Result<Self, Problem>;
}

/// The problem of a parameter that cannot be read.
#[must_use]
pub fn query_problem(parameter: &str, cause: &str, action: &str) -> Problem {
    Problem::new(Code::InvalidQuery).at(
        parameter,
        Text::new(format!("参数 {parameter} 有误：{cause}"), cause),
        Text::new(format!("请更正参数（{action}）"), action),
    )
}

impl FromQuery for String {
    fn from_query(text: String, _parameter: &str) -> Result<Self, Problem> {
        Ok(text)
    }
}

impl FromQuery for NaiveDate {
    fn from_query(text: String, parameter: &str) -> Result<Self, Problem> {
        text.parse().map_err(|_| query_problem(parameter, &format!("{text:?} is no date"), "give a date as YYYY-MM-DD"))
    }
}

impl FromQuery for bool {
    fn from_query(text: String, parameter: &str) -> Result<Self, Problem> {
        text.parse()
            .map_err(|_| query_problem(parameter, &format!("{text:?} is neither true nor false"), "give true or false"))
    }
}

impl FromQuery for u16 {
    fn from_query(text: String, parameter: &str) -> Result<Self, Problem> {
        text.parse()
            .map_err(|_| query_problem(parameter, &format!("{text:?} is no number"), "give a whole number from 0 up"))
    }
}

macro_rules! text_from_query {
    (ids: $($id:ident),*; words: $($word:ident),* $(,)?) => {
        $(impl FromQuery for crate::domain::$id {
            fn from_query(text: String, parameter: &str) -> Result<Self, Problem> {
                <Self as TextId>::parse(&text).map_err(|fault| query_problem(parameter, &fault.cause, &fault.action))
            }
        })*
        $(impl FromQuery for crate::domain::$word {
            fn from_query(text: String, parameter: &str) -> Result<Self, Problem> {
                <Self as TextEnum>::parse(&text).ok_or_else(|| {
                    query_problem(parameter, &format!("{text:?} is not known"), "use a word of the API reference")
                })
            }
        })*
    };
}

text_from_query! {
    ids: UnitId, StationId, PersonId, ContractId, SkillId, ScheduleId, CaseCategoryId, ChannelId, ReceptionId, ResourceId, ActivityId;
    words: UnitLevel, Category, StationKind, AvailabilityKind, ScheduleStatus, CaseStatus, CaseChannel, ResourceKind,
           BaseKind, BookingStatus, NeedStatus, ProjectStatus, ActivityStatus, ReceptionStatus, VisitStatus, QuotaKind,
           ReplanKind, SwapStatus, DeliveryStatus, Settlement,
}

/// The page of a query's `limit` and `cursor` in the database's terms.
///
/// # Errors
/// `invalid-query` and `invalid-cursor`.
pub fn page_of(limit: Option<u32>, cursor: Option<&str>) -> Result<crate::db::Page, Problem> {
    let asked = PageRequest::parse(limit, cursor)?;
    let limit = u16::try_from(asked.limit).unwrap_or(u16::MAX);
    Ok(crate::db::Page { after: asked.after, limit, ..crate::db::Page::default() })
}

/// As [`page_of`], in the order that `sort` names: the list's own word, or the word after a minus for the reverse.
///
/// # Errors
/// `invalid-query` and `invalid-cursor`.
pub fn page_sorted(
    limit: Option<u32>,
    cursor: Option<&str>,
    sort: Option<&str>,
    word: &str,
) -> Result<crate::db::Page, Problem> {
    let mut page = page_of(limit, cursor)?;
    page.descending = match sort {
        None => false,
        Some(sort) if sort == word => false,
        Some(sort) => {
            let reverse = word.strip_prefix('-').map_or_else(|| format!("-{word}"), str::to_owned);
            if sort != reverse {
                let cause = format!("the list cannot be sorted by {sort:?}");
                return Err(query_problem("sort", &cause, &format!("use {word} or {reverse}")));
            }
            true
        }
    };
    Ok(page)
}

/// Defines the query of a list: parameters that fill the fields of a database filter, and the page.
macro_rules! list_query {
    ($query:ident fills $filter:ident { $($fields:tt)* }) => {
        $crate::api::resources::query::list_query! {
            $query fills $filter by "id" "Order: `id` (unless given), or `-id` for the reverse." { $($fields)* }
        }
    };
    (
        $query:ident fills $filter:ident by $word:tt $sorts:tt
        { $($(#[$meta:meta])* $parameter:ident => $field:ident,)* }
    ) => {
        /// Filters of the list, and which page.
        #[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $query {
            $($(#[$meta])* $parameter: Option<String>,)*
            #[doc = $sorts]
            sort: Option<String>,
            /// Most items, 1 to 500 (50 unless given).
            limit: Option<u32>,
            /// From the `next` link of the page before.
            cursor: Option<String>,
        }

        impl $query {
            /// The filter and the page in the database's terms.
            ///
            /// # Errors
            /// `invalid-query` and `invalid-cursor`.
            pub fn filter(self) -> Result<($filter, crate::db::Page), $crate::api::problem::Problem> {
                let page = $crate::api::resources::query::page_sorted(
                    self.limit,
                    self.cursor.as_deref(),
                    self.sort.as_deref(),
                    $word,
                )?;
                let filter = $filter {
                    $($field: self
                        .$parameter
                        .map(|text| $crate::api::resources::FromQuery::from_query(text, stringify!($parameter)))
                        .transpose()?,)*
                };
                Ok((filter, page))
            }
        }
    };
}

pub(crate) use list_query;
