//! Local date-times as documents write them: `2026-11-30T08:30`, in the network's own time zone.

use std::borrow::Cow;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::problem::{Horizon, MINUTES_PER_DAY, Minute, Span};

/// A local date-time to the minute, written `2026-11-30T08:30`; `T24:00` is accepted for the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime(NaiveDateTime);

impl LocalDateTime {
    /// The date-time, with its seconds cut off.
    #[must_use]
    pub fn new(at: NaiveDateTime) -> Self {
        let time = NaiveTime::from_hms_opt(at.hour(), at.minute(), 0).unwrap_or(NaiveTime::MIN);
        Self(at.date().and_time(time))
    }

    /// The date-time of a minute of a horizon.
    #[must_use]
    pub fn from_minute(horizon: &Horizon, minute: Minute) -> Self {
        Self(horizon.start.and_time(NaiveTime::MIN) + chrono::Duration::minutes(i64::from(minute)))
    }

    /// Minutes since 00:00 of the first day of the horizon; saturates some 4,000 years away.
    #[must_use]
    pub fn minute(self, horizon_start: NaiveDate) -> Minute {
        let minutes = (self.0 - horizon_start.and_time(NaiveTime::MIN)).num_minutes();
        Minute::try_from(minutes).unwrap_or(if minutes < 0 { Minute::MIN } else { Minute::MAX })
    }

    /// The date-time itself.
    #[must_use]
    pub const fn get(self) -> NaiveDateTime {
        self.0
    }

    /// Reads `2026-11-30T08:30`, also with `:00` seconds; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let text_length_is_known = bytes.len() == 16 || (bytes.len() == 19 && text.ends_with(":00"));
        if !text_length_is_known
            || bytes.get(4) != Some(&b'-')
            || bytes.get(7) != Some(&b'-')
            || bytes.get(10) != Some(&b'T')
            || bytes.get(13) != Some(&b':')
        {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<u32> {
            bytes
                .get(from..to)?
                .iter()
                .try_fold(0_u32, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
        let (hour, minute) = (number(11, 13)?, number(14, 16)?);
        if hour == 24 && minute == 0 {
            return date.succ_opt().map(|next| Self(next.and_time(NaiveTime::MIN)));
        }
        NaiveTime::from_hms_opt(hour, minute, 0).map(|time| Self(date.and_time(time)))
    }
}

impl From<NaiveDateTime> for LocalDateTime {
    fn from(at: NaiveDateTime) -> Self {
        Self::new(at)
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{:02}:{:02}", self.0.date(), self.0.hour(), self.0.minute())
    }
}

impl Serialize for LocalDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format_args!("impossible date: {text:?} is not a date-time such as 2026-11-30T08:30"))
        })
    }
}

impl JsonSchema for LocalDateTime {
    fn schema_name() -> Cow<'static, str> {
        "LocalDateTime".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "Local date-time to the minute, such as 2026-11-30T08:30; T24:00 ends a day.",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?$"
        })
    }
}

/// A half-open stretch of time: from `start` until just before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeSpan {
    /// First minute.
    pub start: LocalDateTime,
    /// First minute after the end; later than `start`.
    pub end: LocalDateTime,
}

impl TimeSpan {
    /// The span relative to a horizon that starts on the given date.
    #[must_use]
    pub fn span(self, horizon_start: NaiveDate) -> Span {
        Span { start: self.start.minute(horizon_start), end: self.end.minute(horizon_start) }
    }

    /// The date-times of a span of a horizon.
    #[must_use]
    pub fn from_span(horizon: &Horizon, span: Span) -> Self {
        Self {
            start: LocalDateTime::from_minute(horizon, span.start),
            end: LocalDateTime::from_minute(horizon, span.end),
        }
    }
}

/// Sorts spans and joins those that touch or overlap.
pub(super) fn join_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// Minutes in a number of days.
pub(super) fn days_in_minutes(days: u16) -> Minute {
    Minute::from(days) * MINUTES_PER_DAY
}
