//! Identifiers: text newtypes that only `parse` makes, so that a value of the type is a well-formed id.

use std::fmt;

use super::entropy::Entropy;
use super::fault::Fault;
use chrono::{DateTime, Utc};

/// Most bytes in an id that a caller chooses.
pub const MAX_ID_BYTES: usize = 64;

/// Most bytes in the id of a post: a template's id, `@` and a date.
const MAX_POST_ID_BYTES: usize = MAX_ID_BYTES + 11;

fn is_id(text: &str) -> bool {
    is_word(text, MAX_ID_BYTES)
}

fn is_post_id(text: &str) -> bool {
    is_word(text, MAX_POST_ID_BYTES)
}

fn is_word(text: &str, max_bytes: usize) -> bool {
    !text.is_empty()
        && text.len() <= max_bytes
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@' | b':'))
}

fn is_unit_code(text: &str) -> bool {
    matches!(text.len(), 12 | 15) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What every id type can do; storage and paging are generic over it.
pub trait TextId: Sized + Clone {
    /// What the id names, in English, such as `unit`.
    const KIND: &'static str;

    /// Reads an id.
    ///
    /// # Errors
    /// A fault that says what an id looks like.
    fn parse(text: &str) -> Result<Self, Fault>;

    /// The id as text.
    fn as_str(&self) -> &str;
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal $check:ident $action:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// A fault that says what an id looks like.
            pub fn parse(text: &str) -> Result<Self, Fault> {
                if $check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Fault::new("malformed-id", "/id", format!("{text:?} is not the id of a {}", $kind), $action))
                }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TextId for $name {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Result<Self, Fault> {
                Self::parse(text)
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

macro_rules! fresh_ids {
    ($($name:ident $prefix:literal;)*) => {$(
        impl $name {
            /// A new id; ids made later sort later.
            #[must_use]
            pub fn fresh(now: DateTime<Utc>, entropy: &dyn Entropy) -> Self {
                Self(fresh($prefix, now, entropy))
            }
        }
    )*};
}

/// `prefix` + 13 hex digits of microseconds + 12 hex digits of randomness: sorts by time, and two made in the same
/// microsecond still differ.
fn fresh(prefix: &str, now: DateTime<Utc>, entropy: &dyn Entropy) -> String {
    let micros = now.timestamp_micros().max(0);
    let random = entropy.next_u64() & 0xffff_ffff_ffff;
    format!("{prefix}-{micros:013x}{random:012x}")
}

text_ids! {
    /// Statistical division code of a unit: 12 digits, or 15 for a service point; text, never a number.
    UnitId "unit" is_unit_code "give the 12-digit division code, with a 3-digit suffix for a service point";
    /// A station, service point or venue.
    StationId "station" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A person.
    PersonId "person" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A contract form that people share.
    ContractId "contract" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A skill or certificate.
    SkillId "skill" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A kind of shift.
    ShiftTypeId "shift type" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A secondment of a person to a host unit.
    SecondmentId "secondment" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A lending of a person to another unit.
    LendingId "lending" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A statement of availability.
    AvailabilityId "availability" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A demand template.
    TemplateId "demand template" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A post.
    PostId "post" is_post_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A constraint profile.
    ProfileId "constraint profile" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A schedule.
    ScheduleId "schedule" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A job: one run of the planner.
    JobId "job" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// An account.
    AccountId "account" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// An API key.
    ApiKeyId "API key" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A resident's case.
    CaseId "case" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A category of cases.
    CaseCategoryId "case category" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A reception of residents by deputies.
    ReceptionId "reception" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A visit to residents.
    VisitId "visit" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A quota of receptions or visits.
    QuotaId "quota" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A shared resource: venue, vehicle, equipment, goods or fund.
    ResourceId "resource" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A loan of a resource to a unit.
    LoanId "loan" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A booking of a resource.
    BookingId "booking" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// An activity at a service base.
    ActivityId "activity" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A line of the list of needs.
    NeedId "need" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A line of the list of projects.
    ProjectId "project" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// Something that happened to a resource and that a replan has to take into account.
    ResourceEventId "resource event" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A swap of duties.
    SwapId "swap" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A change of a roster in force.
    ReplanEventId "replan event" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A secret address of a calendar.
    CalendarKeyId "calendar key" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A rule broken by hand.
    OverrideId "override" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// Where notifications go.
    ChannelId "channel" is_id "use 1 to 64 letters, digits and . _ - @ :";
    /// A notification on its way.
    DeliveryId "delivery" is_id "use 1 to 64 letters, digits and . _ - @ :";
}

fresh_ids! {
    StationId "st";
    PersonId "pe";
    ContractId "co";
    SkillId "sk";
    ShiftTypeId "sh";
    SecondmentId "se";
    LendingId "le";
    AvailabilityId "av";
    TemplateId "te";
    PostId "po";
    ProfileId "pr";
    ScheduleId "sc";
    JobId "jo";
    AccountId "ac";
    ApiKeyId "ak";
    CaseId "ca";
    CaseCategoryId "cc";
    ReceptionId "re";
    VisitId "vi";
    QuotaId "qu";
    ResourceId "rs";
    LoanId "lo";
    BookingId "bo";
    ActivityId "at";
    NeedId "ne";
    ProjectId "pj";
    ResourceEventId "ev";
    SwapId "sw";
    ReplanEventId "rp";
    CalendarKeyId "ck";
    OverrideId "ov";
    ChannelId "ch";
    DeliveryId "de";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, FixedClock, SeededEntropy};

    #[test]
    fn a_unit_code_has_twelve_or_fifteen_digits() {
        assert!(UnitId::parse("220102001000").is_ok());
        assert!(UnitId::parse("220102001000003").is_ok());
        for bad in ["", "2201", "22010200100a", "220102001000 ", "2201020010001"] {
            assert_eq!(UnitId::parse(bad).unwrap_err().code, "malformed-id", "{bad:?}");
        }
    }

    #[test]
    fn an_id_keeps_to_safe_characters() {
        assert_eq!(PersonId::parse("p-1.a_b@c:d").unwrap().as_str(), "p-1.a_b@c:d");
        for bad in ["", "a/b", "a b", "张", &"x".repeat(65)] {
            assert!(PersonId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn fresh_ids_sort_by_time_and_differ() {
        let clock = FixedClock::at("2026-11-30T00:00:00Z");
        let entropy = SeededEntropy::new(1);
        let first = JobId::fresh(clock.now(), &entropy);
        let second = JobId::fresh(clock.now(), &entropy);
        let later = JobId::fresh(clock.now() + chrono::Duration::microseconds(1), &entropy);
        assert_ne!(first, second);
        assert!(later > first && later > second);
        assert!(JobId::parse(first.as_str()).is_ok());
    }
}
