//! Activities at service bases: venue, goods, money and the post for their helpers in one transaction, all or nothing.

use super::base::{Occasion, choose};
use super::booking::{Author, Wanted, book, drop_booking, is_open, referenced};
use crate::cases::working_days;
use crate::db::bookings::BookingFilter;
use crate::db::{
    ConflictKind, DbError, DbResult, MAX_PAGE, Page, Tx, activities, bookings, posts, resources, stations,
};
use crate::domain::{
    Activity, ActivityId, ActivityItem, ActivityStatus, BaseKind, BookingSource, BookingStatus, Check as _, Fault,
    Post, PostId, ProjectId, ResourceId, ResourceKind, SkillId, StationId, UnitId, Visible, check_span, local_date,
};

/// What is to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewActivity {
    /// Name.
    pub name: String,
    /// Kind of base.
    pub base_kind: BaseKind,
    /// Unit that holds it.
    pub unit: UnitId,
    /// Venue; without it any base that can be had.
    pub venue: Option<ResourceId>,
    /// Date.
    pub date: chrono::NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// People expected.
    pub participants: u32,
    /// Skill that its helpers need.
    pub skill: Option<SkillId>,
    /// Least helpers, helpers wished for, most helpers.
    pub heads: [u16; 3],
    /// Project that it belongs to.
    pub project: Option<ProjectId>,
    /// What else it uses.
    pub items: Vec<ActivityItem>,
}

impl NewActivity {
    fn occasion(&self) -> Occasion {
        Occasion {
            base_kind: self.base_kind,
            unit: self.unit.clone(),
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            participants: self.participants,
        }
    }
}

/// Where and when an activity is to be instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// Venue; without it the present one if it can be had, and otherwise any.
    pub venue: Option<ResourceId>,
    /// Date, if it changes.
    pub date: Option<chrono::NaiveDate>,
    /// First minute of the day, if it changes.
    pub start_minute: Option<u16>,
    /// First minute after the end, if it changes.
    pub end_minute: Option<u16>,
    /// Why.
    pub reason: String,
}

/// Plans an activity: books its venue and everything else, and makes the post through which helpers are planned. Without
/// a venue it takes the nearest that can be had among those that the author sees.
///
/// # Errors
/// Those of booking and of [`choose`], and [`DbError::Invalid`] when the venue is no base of that kind or its station is
/// closed.
pub fn hold(tx: &mut Tx<'_>, wanted: NewActivity, visible: &Visible, by: Author<'_>) -> DbResult<Activity> {
    let occasion = wanted.occasion();
    check_time(&occasion, by)?;
    let venue = match wanted.venue {
        Some(id) => id,
        None => choose(tx, &occasion, None, visible, by)?.id,
    };
    let station = station_of(tx, &venue, &occasion)?;
    let [min_heads, target_heads, max_heads] = wanted.heads;
    let mut items = wanted.items;
    items.sort();
    let activity = Activity {
        id: ActivityId::fresh(by.now, by.entropy),
        name: wanted.name,
        base_kind: wanted.base_kind,
        unit: wanted.unit,
        venue,
        station,
        date: wanted.date,
        start_minute: wanted.start_minute,
        end_minute: wanted.end_minute,
        participants: wanted.participants,
        skill: wanted.skill,
        min_heads,
        target_heads,
        max_heads,
        project: wanted.project,
        post: PostId::fresh(by.now, by.entropy),
        status: ActivityStatus::Planned,
        items,
        venue_lost: false,
        version: 1,
    };
    check_sound(tx, &activity)?;
    posts::insert(tx, &post_of(&activity))?;
    activities::insert(tx, &activity)?;
    book_all(tx, &activity, by)?;
    Ok(activity)
}

/// Gives a planned activity another base or another time: what it has booked is given up and booked again, and its post
/// goes along.
///
/// # Errors
/// Those of [`hold`]; [`DbError::NotFound`], [`DbError::Stale`], and [`DbError::Conflict`] when it is cancelled or over.
pub fn relocate(
    tx: &mut Tx<'_>,
    id: &ActivityId,
    version: i64,
    to: Relocation,
    visible: &Visible,
    by: Author<'_>,
) -> DbResult<Activity> {
    let mut activity = planned(tx, id, version, &to.reason)?;
    if activity.date < local_date(by.now) {
        return Err(DbError::conflict(
            "activity",
            ConflictKind::State,
            format!("the activity was on {}; hold another one", activity.date),
        ));
    }
    give_up(tx, id, &to.reason, by)?;
    activity.date = to.date.unwrap_or(activity.date);
    activity.start_minute = to.start_minute.unwrap_or(activity.start_minute);
    activity.end_minute = to.end_minute.unwrap_or(activity.end_minute);
    let occasion = Occasion {
        base_kind: activity.base_kind,
        unit: activity.unit.clone(),
        date: activity.date,
        start_minute: activity.start_minute,
        end_minute: activity.end_minute,
        participants: activity.participants,
    };
    check_time(&occasion, by)?;
    activity.venue = match to.venue {
        Some(id) => id,
        None => choose(tx, &occasion, Some(&activity.venue), visible, by)?.id,
    };
    activity.station = station_of(tx, &activity.venue, &occasion)?;
    check_sound(tx, &activity)?;
    activity.version = activities::update(tx, &activity)?;
    let post = posts::get(tx, &activity.post)?;
    let moved = Post {
        station: activity.station.clone(),
        date: activity.date,
        start_minute: activity.start_minute,
        end_minute: activity.end_minute,
        ..post
    };
    posts::update(tx, &moved)?;
    book_all(tx, &activity, by)?;
    activity.venue_lost = false;
    Ok(activity)
}

/// Books the venue and everything else that an activity uses.
fn book_all(tx: &mut Tx<'_>, activity: &Activity, by: Author<'_>) -> DbResult<()> {
    let venue = ActivityItem { resource: activity.venue.clone(), quantity: 1 };
    for item in [&venue].into_iter().chain(&activity.items) {
        let wanted = Wanted {
            resource: item.resource.clone(),
            unit: activity.unit.clone(),
            date: activity.date,
            start_minute: activity.start_minute,
            end_minute: activity.end_minute,
            quantity: item.quantity,
            people: Some(activity.participants),
            purpose: activity.name.clone(),
            activity: Some(activity.id.clone()),
            reception: None,
            source: BookingSource::Manual,
        };
        book(tx, &wanted, by)?;
    }
    Ok(())
}

fn invalid(code: &'static str, pointer: &str, cause: impl Into<String>, action: &str) -> DbError {
    DbError::Invalid { kind: "activity", id: String::new(), faults: vec![Fault::new(code, pointer, cause, action)] }
}

/// What is wrong with the time alone: before anything is looked for at that time.
fn check_time(occasion: &Occasion, by: Author<'_>) -> DbResult<()> {
    if occasion.date < local_date(by.now) {
        return Err(invalid("date-past", "/date", format!("{} is over", occasion.date), "give today or a later day"));
    }
    let mut faults = Vec::new();
    check_span(&mut faults, "/startMinute", occasion.start_minute, occasion.end_minute);
    if faults.is_empty() { Ok(()) } else { Err(DbError::Invalid { kind: "activity", id: String::new(), faults }) }
}

/// The station of a venue that is a base of the occasion's kind.
fn station_of(tx: &mut Tx<'_>, venue: &ResourceId, occasion: &Occasion) -> DbResult<StationId> {
    let found = referenced(resources::get(tx, venue))?;
    match found.station {
        Some(station) if found.kind == ResourceKind::Venue && found.base_kind == Some(occasion.base_kind) => {
            Ok(station)
        }
        _ => Err(invalid(
            "no-base",
            "/venue",
            format!("{} is no base for {}", found.name, occasion.base_kind),
            "name a venue whose baseKind is the activity's",
        )),
    }
}

fn check_sound(tx: &mut Tx<'_>, activity: &Activity) -> DbResult<()> {
    let faults = activity.faults();
    if !faults.is_empty() {
        return Err(DbError::Invalid { kind: "activity", id: activity.id.as_str().to_owned(), faults });
    }
    let station = stations::get(tx, &activity.station)?;
    let is_off = !working_days(tx, activity.date)?.is_working(activity.date);
    if is_open(&station, activity.date, [activity.start_minute, activity.end_minute], is_off) {
        Ok(())
    } else {
        Err(invalid(
            "station-closed",
            "/startMinute",
            format!("{} is closed at that time of {} (H12)", station.name, activity.date),
            "choose a time within its opening hours",
        ))
    }
}

fn post_of(activity: &Activity) -> Post {
    Post {
        id: activity.post.clone(),
        station: activity.station.clone(),
        template: None,
        date: activity.date,
        start_minute: activity.start_minute,
        end_minute: activity.end_minute,
        skill: activity.skill.clone(),
        skill_level: 1,
        shift_type: None,
        min_heads: activity.min_heads,
        target_heads: activity.target_heads,
        max_heads: activity.max_heads,
        priority: 2,
        mix: false,
        retired: false,
        excluded: Vec::new(),
        version: 1,
    }
}

/// Cancels an activity: its bookings are given up and its post is no longer wanted.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], [`DbError::Conflict`] when it is cancelled already.
pub fn cancel(tx: &mut Tx<'_>, id: &ActivityId, version: i64, reason: &str, by: Author<'_>) -> DbResult<Activity> {
    let mut activity = planned(tx, id, version, reason)?;
    activity.status = ActivityStatus::Cancelled;
    activity.venue_lost = false;
    activity.version = activities::update(tx, &activity)?;
    let mut post = posts::get(tx, &activity.post)?;
    post.retired = true;
    posts::update(tx, &post)?;
    give_up(tx, id, reason, by)?;
    Ok(activity)
}

/// The activity, of which somebody knows this version, if it can still be changed and there is a reason to.
fn planned(tx: &mut Tx<'_>, id: &ActivityId, version: i64, reason: &str) -> DbResult<Activity> {
    let activity = activities::get(tx, id)?;
    if activity.version != version {
        return Err(DbError::Stale {
            kind: "activity",
            id: id.as_str().to_owned(),
            expected: version,
            actual: activity.version,
        });
    }
    if activity.status == ActivityStatus::Cancelled {
        return Err(DbError::conflict("activity", ConflictKind::State, "the activity is cancelled already"));
    }
    if reason.trim().is_empty() {
        return Err(invalid("reason-missing", "/reason", "there is no reason", "say why"));
    }
    Ok(activity)
}

/// Gives up whatever an activity has booked.
fn give_up(tx: &mut Tx<'_>, id: &ActivityId, reason: &str, by: Author<'_>) -> DbResult<()> {
    let filter =
        BookingFilter { activity: Some(id.clone()), status: Some(BookingStatus::Booked), ..BookingFilter::default() };
    for booking in bookings::list(tx, &filter, &Page::first(MAX_PAGE))?.items {
        drop_booking(tx, booking, reason, by)?;
    }
    Ok(())
}
