//! Activities at service bases: venue, goods, money and the post for their helpers in one transaction, all or nothing.

use super::booking::{Author, Wanted, book, drop_booking, hours_cover};
use crate::cases::working_days;
use crate::db::bookings::BookingFilter;
use crate::db::{
    ConflictKind, DbError, DbResult, MAX_PAGE, Page, Tx, activities, bookings, posts, resources, stations,
};
use crate::domain::{
    Activity, ActivityId, ActivityItem, ActivityStatus, BaseKind, BookingSource, BookingStatus, Check as _, Fault,
    Post, PostId, ProjectId, Resource, ResourceId, ResourceKind, SkillId, UnitId, local_date,
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
    /// Venue.
    pub venue: ResourceId,
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

/// Plans an activity: books its venue and everything else, and makes the post through which helpers are planned.
///
/// # Errors
/// Those of booking, and [`DbError::Invalid`] when the venue is no base of that kind or its station is closed.
pub fn hold(tx: &mut Tx<'_>, wanted: NewActivity, by: Author<'_>) -> DbResult<Activity> {
    let venue = resources::get(tx, &wanted.venue).map_err(missing)?;
    let [min_heads, target_heads, max_heads] = wanted.heads;
    let Some(station) = venue.station.clone() else {
        return Err(invalid("no-base", "/venue", "it is no venue", "name a venue"));
    };
    let mut items = wanted.items;
    items.sort();
    let activity = Activity {
        id: ActivityId::fresh(by.now, by.entropy),
        name: wanted.name,
        base_kind: wanted.base_kind,
        unit: wanted.unit,
        venue: wanted.venue,
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
        version: 1,
    };
    check_activity(tx, &activity, &venue, by)?;
    posts::insert(tx, &post_of(&activity))?;
    activities::insert(tx, &activity)?;
    let everything = [ActivityItem { resource: activity.venue.clone(), quantity: 1 }];
    for item in everything.iter().chain(&activity.items) {
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
    Ok(activity)
}

fn missing(error: DbError) -> DbError {
    match error {
        DbError::NotFound { kind, id } => DbError::conflict(
            kind,
            ConflictKind::MissingReference,
            format!("{kind} {id} does not exist; create it first or correct the id"),
        ),
        other => other,
    }
}

fn invalid(code: &'static str, pointer: &str, cause: impl Into<String>, action: &str) -> DbError {
    DbError::Invalid { kind: "activity", id: String::new(), faults: vec![Fault::new(code, pointer, cause, action)] }
}

fn check_activity(tx: &mut Tx<'_>, activity: &Activity, venue: &Resource, by: Author<'_>) -> DbResult<()> {
    let faults = activity.faults();
    if !faults.is_empty() {
        return Err(DbError::Invalid { kind: "activity", id: activity.id.as_str().to_owned(), faults });
    }
    if venue.kind != ResourceKind::Venue || venue.base_kind != Some(activity.base_kind) {
        return Err(invalid(
            "no-base",
            "/venue",
            format!("{} is no base for {}", venue.name, activity.base_kind),
            "name a venue whose baseKind is the activity's",
        ));
    }
    if activity.date < local_date(by.now) {
        return Err(invalid("date-past", "/date", format!("{} is over", activity.date), "give today or a later day"));
    }
    let station = stations::get(tx, &activity.station)?;
    let is_off = !working_days(tx, activity.date)?.is_working(activity.date);
    let is_open = station.always_open
        || hours_cover(&station.hours, activity.date, is_off, activity.start_minute, activity.end_minute);
    if is_open {
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
    let mut activity = activities::get(tx, id)?;
    activity.version = version;
    if activity.status == ActivityStatus::Cancelled {
        return Err(DbError::conflict("activity", ConflictKind::State, "the activity is cancelled already"));
    }
    if reason.trim().is_empty() {
        return Err(invalid("reason-missing", "/reason", "there is no reason", "say why"));
    }
    activity.status = ActivityStatus::Cancelled;
    activity.version = activities::update(tx, &activity)?;
    let mut post = posts::get(tx, &activity.post)?;
    post.retired = true;
    posts::update(tx, &post)?;
    let filter = BookingFilter { activity: Some(id.clone()), ..BookingFilter::default() };
    for booking in bookings::list(tx, &filter, &Page::first(MAX_PAGE))?.items {
        if booking.status == BookingStatus::Booked {
            drop_booking(tx, booking, reason, by)?;
        }
    }
    Ok(activity)
}
