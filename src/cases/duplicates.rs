//! Which earlier cases may be the same matter: same place, same category, close in time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::cases::{self, Likeness};
use crate::db::{Connection, DbResult};
use crate::domain::{Case, Location};

/// How far back a matter may have been registered before.
const WINDOW_DAYS: i64 = 30;

/// Cases of the unit, and cases near the place, looked at at most: a community registers fewer in a month.
const CANDIDATES: i64 = 50;

/// Suggestions at most.
const SUGGESTIONS: usize = 5;

/// Share of common pairs of characters from which two subjects are alike.
const ALIKE_PERCENT: usize = 40;

/// Points from which a case is suggested.
const THRESHOLD: u32 = 4;

/// An earlier case that may be the same matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The case.
    pub case: Likeness,
    /// Metres between the places, if both are known.
    pub metres: Option<u32>,
    /// Same address, or within 100 m.
    pub same_place: bool,
    /// Same category.
    pub same_category: bool,
    /// Days between the two.
    pub days_apart: i64,
}

/// Earlier cases that may be the same matter as this one, the likeliest first.
///
/// # Errors
/// Those of the connection.
pub fn suggest(conn: &mut Connection, case: &Case) -> DbResult<Vec<Suggestion>> {
    let since = case.received_at - TimeDelta::days(WINDOW_DAYS);
    let candidates = cases::alike(conn, &case.intake_unit, case.location, since, CANDIDATES)?;
    let mut scored: Vec<(u32, Suggestion)> = candidates
        .into_iter()
        .filter(|candidate| candidate.id != case.id && candidate.received_at <= case.received_at)
        .map(|candidate| score(case, candidate))
        .filter(|(points, _)| *points >= THRESHOLD)
        .collect();
    scored.sort_by(|one, other| {
        other.0.cmp(&one.0).then(one.1.days_apart.cmp(&other.1.days_apart)).then(one.1.case.id.cmp(&other.1.case.id))
    });
    Ok(scored.into_iter().take(SUGGESTIONS).map(|(_, suggestion)| suggestion).collect())
}

/// Place counts most, then category, then words in common, then time: a lamp in the same stairwell last week.
fn score(case: &Case, candidate: Likeness) -> (u32, Suggestion) {
    let metres = case.location.zip(candidate.location).map(|(one, other)| distance_metres(one, other));
    let same_address = case
        .address
        .as_deref()
        .zip(candidate.address.as_deref())
        .is_some_and(|(one, other)| plain(one) == plain(other));
    let same_place = same_address || metres.is_some_and(|metres| metres <= 100);
    let same_category = case.category.is_some() && case.category == candidate.category;
    let days_apart = days_between(candidate.received_at, case.received_at);
    let mut points = 0;
    points += if same_place { 3 } else { u32::from(metres.is_some_and(|metres| metres <= 300)) };
    points += if same_category { 2 } else { 0 };
    points += if common_share_percent(&case.subject, &candidate.subject) >= ALIKE_PERCENT { 2 } else { 0 };
    points += u32::from(days_apart <= 7);
    (points, Suggestion { case: candidate, metres, same_place, same_category, days_apart })
}

fn days_between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> i64 {
    (later - earlier).num_days()
}

/// Without spaces, which people put anywhere.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The share of pairs of neighbouring characters that two texts have in common (Dice coefficient, in percent): Chinese
/// has no spaces to cut words at.
fn common_share_percent(one: &str, other: &str) -> usize {
    let pairs = |text: &str| {
        let characters: Vec<char> = plain(text).chars().collect();
        let mut pairs: Vec<(char, char)> =
            characters.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    };
    let (one, other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 0;
    }
    let common = one.iter().filter(|pair| other.binary_search(pair).is_ok()).count();
    200 * common / all
}

/// Metres between two places, on a sphere.
fn distance_metres(one: Location, other: Location) -> u32 {
    let (lat1, lat2) = (one.latitude.to_radians(), other.latitude.to_radians());
    let half_lat = ((other.latitude - one.latitude).to_radians() / 2.0).sin();
    let half_lon = ((other.longitude - one.longitude).to_radians() / 2.0).sin();
    let haversine = (lat1.cos() * lat2.cos() * half_lon).mul_add(half_lon, half_lat * half_lat);
    let metres = 2.0 * 6_371_000.0 * haversine.sqrt().asin();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most half the earth's circumference"
    )]
    let whole = metres.round() as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_by_neighbouring_characters() {
        assert_eq!(common_share_percent("楼道灯不亮", "楼道灯 不亮"), 100);
        assert!(common_share_percent("三号楼楼道灯不亮", "楼道灯坏了不亮") >= ALIKE_PERCENT);
        assert_eq!(common_share_percent("暖气不热", "噪音扰民"), 0);
        assert_eq!(common_share_percent("", ""), 0);
    }

    #[test]
    fn a_hundredth_of_a_degree_north_is_eleven_hundred_metres() {
        let at = |latitude| Location { latitude, longitude: 125.3 };
        assert!((1_100..1_125).contains(&distance_metres(at(43.80), at(43.81))));
        assert_eq!(distance_metres(at(43.8), at(43.8)), 0);
    }
}
