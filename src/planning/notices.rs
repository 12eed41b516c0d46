//! What people and systems are told, written into the outbox in the transaction of what happened: only whom it concerns,
//! once. Sending is the business of [`notify`](crate::notify).

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Days, TimeDelta, Utc};

use super::publish::PersonChange;
use crate::db::{Connection, DbResult, Tx, channels, duties, outbox, people, policies, stations, units};
use crate::domain::expand::local_minute;
use crate::domain::{
    Assignment, Channel, ChannelKind, Delivery, DeliveryId, DeliveryStatus, DutyRecord, Entropy, NoticeWish, PersonId,
    Post, ServicePolicy, StationId, UnitId, local,
};

/// Something that happened to a roster in force.
#[derive(Debug, Clone, Copy)]
pub struct News<'a> {
    /// `roster.published`, `roster.withdrawn`, `duty.declined`, `duty.claimed`, `duty.swapped` or `duty.moved`.
    pub event: &'static str,
    /// Unit of the schedule.
    pub unit: &'a UnitId,
    /// Tells this occurrence from every other.
    pub occurrence: &'a str,
}

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// A time of a duty in words.
fn when(date: chrono::NaiveDate, start: u16, end: u16) -> String {
    let weekday = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let name = WEEKDAYS.get(weekday).copied().unwrap_or_default();
    format!("{}月{}日 {name} {}–{}", date.month(), date.day(), clock(start), clock(end))
}

fn title(event: &str) -> &'static str {
    match event {
        "roster.published" => "班表已发布",
        "roster.withdrawn" => "班表已撤回",
        "duty.declined" => "有人请辞班次",
        "duty.claimed" => "空岗已有人认领",
        "duty.swapped" => "换班已生效",
        "duty.moved" => "班次改了时间或地点",
        "duty.open" => "临近班次出现空岗",
        "duty.reminder" => "值班提醒",
        _ => "排班通知",
    }
}

/// What a composer looks up once.
struct Book {
    channels: Vec<(Channel, Option<String>)>,
    names: HashMap<String, String>,
    homes: HashMap<String, String>,
    wishes: HashMap<String, NoticeWish>,
    stations: HashMap<String, String>,
    policy: ServicePolicy,
}

impl Book {
    fn open(conn: &mut Connection, unit: &UnitId, ids: &[PersonId], places: Vec<StationId>) -> DbResult<Option<Self>> {
        let mut placed = Vec::new();
        for channel in channels::enabled(conn)? {
            let path = channel.unit.as_ref().map(|unit| units::path(conn, unit)).transpose()?;
            placed.push((channel, path));
        }
        if placed.is_empty() {
            return Ok(None);
        }
        let references: Vec<&PersonId> = ids.iter().collect();
        let names = people::names(conn, &references)?;
        let homes = people::home_paths(conn, ids)?;
        let wishes = channels::wishes(conn, ids)?.into_iter().map(|wish| (wish.person.to_string(), wish)).collect();
        let mut stations_by_id = HashMap::new();
        for id in places {
            if !stations_by_id.contains_key(id.as_str()) {
                stations_by_id.insert(id.to_string(), stations::get(conn, &id)?.name);
            }
        }
        let policy = policies::effective(conn, unit)?;
        Ok(Some(Self { channels: placed, names, homes, wishes, stations: stations_by_id, policy }))
    }

    fn concerns(&self, path: Option<&str>, person: &PersonId) -> bool {
        let home = self.homes.get(person.as_str()).map_or("", String::as_str);
        path.is_none_or(|path| home.starts_with(path))
    }

    fn wants(&self, kind: ChannelKind, person: &PersonId) -> bool {
        self.wishes.get(person.as_str()).is_some_and(|wish| match kind {
            ChannelKind::Mail => wish.by_mail && wish.mail.is_some(),
            ChannelKind::Sms => wish.by_sms,
            _ => false,
        })
    }

    fn name(&self, person: &PersonId) -> &str {
        self.names.get(person.as_str()).map_or("", String::as_str)
    }

    fn line(&self, duty: &Assignment) -> String {
        let station = self.stations.get(duty.station.as_str()).map_or("", String::as_str);
        format!("{} {station}", when(duty.date, duty.start_minute, duty.end_minute))
    }
}

/// Whether a channel speaks to single people.
const fn is_personal(kind: ChannelKind) -> bool {
    matches!(kind, ChannelKind::Mail | ChannelKind::Sms)
}

struct Draft<'a> {
    channel: &'a Channel,
    event: &'static str,
    person: Option<&'a PersonId>,
    once: String,
    subject: String,
    body: String,
    due_at: DateTime<Utc>,
}

impl Draft<'_> {
    fn delivery(self, now: DateTime<Utc>, entropy: &dyn Entropy) -> Delivery {
        Delivery {
            id: DeliveryId::fresh(now, entropy),
            channel: self.channel.id.clone(),
            event: self.event.to_owned(),
            person: self.person.cloned(),
            once: format!("{}|{}|{}", self.event, self.once, self.channel.id),
            subject: self.subject,
            body: self.body,
            status: DeliveryStatus::Queued,
            attempts: 0,
            due_at: self.due_at,
            error: None,
            created_at: now,
            sent_at: None,
            version: 1,
        }
    }
}

/// Writes what is to be told of changes.
///
/// # Errors
/// Those of the connection.
pub fn tell(
    tx: &mut Tx<'_>,
    changes: &[PersonChange],
    news: &News<'_>,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> DbResult<()> {
    let ids: Vec<PersonId> = changes.iter().map(|change| change.person.clone()).collect();
    let duties = changes.iter().flat_map(|change| change.added.iter().chain(&change.removed));
    let places = duties.map(|duty| duty.station.clone()).collect();
    let Some(book) = Book::open(tx, news.unit, &ids, places)? else { return Ok(()) };
    let calm = book.policy.after_quiet(now);
    let subject = title(news.event).to_owned();
    let mut drafts = Vec::new();
    for (channel, path) in &book.channels {
        let concerned: Vec<&PersonChange> =
            changes.iter().filter(|change| book.concerns(path.as_deref(), &change.person)).collect();
        if concerned.is_empty() {
            continue;
        }
        let draft = |person, once: String, body, due_at| Draft {
            channel,
            event: news.event,
            person,
            once,
            subject: subject.clone(),
            body,
            due_at,
        };
        if is_personal(channel.kind) {
            for change in concerned.iter().filter(|change| book.wants(channel.kind, &change.person)) {
                let once = format!("{}|{}", news.occurrence, change.person);
                drafts.push(draft(Some(&change.person), once, personal_text(&book, change), calm));
            }
        } else if channel.kind == ChannelKind::Webhook {
            drafts.push(draft(None, news.occurrence.to_owned(), webhook_json(&book, news, &concerned), now));
        } else {
            drafts.push(draft(None, news.occurrence.to_owned(), group_text(&book, &concerned), calm));
        }
    }
    let deliveries = drafts.into_iter().map(|draft| draft.delivery(now, entropy)).collect();
    outbox::write(tx, deliveries).map(drop)
}

fn personal_text(book: &Book, change: &PersonChange) -> String {
    let mut text = format!("{}，您的班次有变动：", book.name(&change.person));
    for (word, duties) in [("新增", &change.added), ("取消", &change.removed)] {
        for duty in duties {
            let _ = write!(text, "\n{word}：{}", book.line(duty));
        }
    }
    text
}

/// Most people whom a group message names; robots refuse longer ones.
const NAMED: usize = 30;

fn group_text(book: &Book, changes: &[&PersonChange]) -> String {
    let mut text = format!("{} 人的班次有变动：", changes.len());
    for change in changes.iter().take(NAMED) {
        let _ = write!(text, "\n- {}：", book.name(&change.person));
        let lines = change.added.iter().map(|duty| format!("新增 {}", book.line(duty)));
        let lines = lines.chain(change.removed.iter().map(|duty| format!("取消 {}", book.line(duty))));
        text.push_str(&lines.take(3).collect::<Vec<_>>().join("；"));
        if change.added.len() + change.removed.len() > 3 {
            text.push('…');
        }
    }
    if changes.len() > NAMED {
        let _ = write!(text, "\n……其余 {} 人请在系统中查看", changes.len() - NAMED);
    }
    text
}

fn webhook_json(book: &Book, news: &News<'_>, changes: &[&PersonChange]) -> String {
    let duty = |duty: &Assignment| {
        serde_json::json!({
            "post": duty.post.as_str(), "station": duty.station.as_str(), "date": duty.date,
            "startMinute": duty.start_minute, "endMinute": duty.end_minute,
        })
    };
    let people: Vec<_> = changes
        .iter()
        .map(|change| {
            serde_json::json!({
                "person": change.person.as_str(),
                "name": book.name(&change.person),
                "added": change.added.iter().map(duty).collect::<Vec<_>>(),
                "removed": change.removed.iter().map(duty).collect::<Vec<_>>(),
            })
        })
        .collect();
    let unit = news.unit.as_str();
    serde_json::json!({"event": news.event, "occurrence": news.occurrence, "unit": unit, "people": people}).to_string()
}

/// Alerts the coordinators' channels when a duty has fallen open close to its start; at any hour.
///
/// # Errors
/// Those of the connection.
pub fn alert_open(tx: &mut Tx<'_>, post: &Post, now: DateTime<Utc>, entropy: &dyn Entropy) -> DbResult<()> {
    let station = stations::get(tx, &post.station)?;
    let Some(book) = Book::open(tx, &station.unit, &[], vec![post.station.clone()])? else { return Ok(()) };
    let wait = local_minute(post.date, post.start_minute) - local(now);
    if wait > TimeDelta::hours(i64::from(book.policy.open_alert_hours)) {
        return Ok(());
    }
    let place = units::path(tx, &station.unit)?;
    let text = format!("{} {} 缺人，请尽快安排", when(post.date, post.start_minute, post.end_minute), station.name);
    let mut deliveries = Vec::new();
    for (channel, path) in &book.channels {
        let here = path.as_deref().is_none_or(|path| place.starts_with(path));
        if !here || is_personal(channel.kind) && channel.recipient.is_none() {
            continue;
        }
        let body = match channel.kind {
            ChannelKind::Webhook => serde_json::json!({
                "event": "duty.open", "post": post.id.as_str(), "station": post.station.as_str(), "date": post.date,
                "startMinute": post.start_minute, "endMinute": post.end_minute,
            })
            .to_string(),
            _ => text.clone(),
        };
        let draft = Draft {
            channel,
            event: "duty.open",
            person: None,
            once: format!("{}|{}", post.id, now.timestamp_micros()),
            subject: title("duty.open").to_owned(),
            body,
            due_at: now,
        };
        deliveries.push(draft.delivery(now, entropy));
    }
    outbox::write(tx, deliveries).map(drop)
}

/// Writes reminders of duties that begin soon, once each, and answers how many duties were reminded of.
///
/// # Errors
/// Those of the connection.
pub fn remind(tx: &mut Tx<'_>, now: DateTime<Utc>, entropy: &dyn Entropy) -> DbResult<usize> {
    let today = local(now).date();
    // No policy reminds earlier than a week before.
    let soon = duties::unreminded(tx, today, today + Days::new(8))?;
    let mut policy_of: HashMap<String, ServicePolicy> = HashMap::new();
    let mut due: Vec<DutyRecord> = Vec::new();
    for duty in soon {
        if !policy_of.contains_key(duty.station.as_str()) {
            let unit = stations::get(tx, &duty.station)?.unit;
            policy_of.insert(duty.station.to_string(), policies::effective(tx, &unit)?);
        }
        let Some(policy) = policy_of.get(duty.station.as_str()) else { continue };
        let wait = local_minute(duty.date, duty.start_minute) - local(now);
        if wait > TimeDelta::zero() && wait <= TimeDelta::hours(i64::from(policy.reminder_hours)) {
            due.push(duty);
        }
    }
    let Some(first) = due.first() else { return Ok(0) };
    let unit = stations::get(tx, &first.station)?.unit;
    let ids: Vec<PersonId> = due.iter().map(|duty| duty.person.clone()).collect();
    let places = due.iter().map(|duty| duty.station.clone()).collect();
    let book = Book::open(tx, &unit, &ids, places)?;
    let mut deliveries = Vec::new();
    for duty in &due {
        let Some(book) = &book else { break };
        let policy = policy_of.get(duty.station.as_str()).unwrap_or(&book.policy);
        let station = book.stations.get(duty.station.as_str()).map_or("", String::as_str);
        let time = when(duty.date, duty.start_minute, duty.end_minute);
        let confirm = if duty.confirmed_at.is_some() { "" } else { "，请登录系统确认" };
        for (channel, path) in &book.channels {
            let told = book.concerns(path.as_deref(), &duty.person) && book.wants(channel.kind, &duty.person);
            if !told {
                continue;
            }
            let draft = Draft {
                channel,
                event: "duty.reminder",
                person: Some(&duty.person),
                once: format!("{}|{}|{}|{}", duty.person, duty.post, duty.date, duty.start_minute),
                subject: title("duty.reminder").to_owned(),
                body: format!("{}，您将于 {time} 在{station}值班{confirm}。", book.name(&duty.person)),
                due_at: policy.after_quiet(now),
            };
            deliveries.push(draft.delivery(now, entropy));
        }
    }
    outbox::write(tx, deliveries)?;
    for duty in &due {
        duties::update(tx, &DutyRecord { reminded_at: Some(now), ..duty.clone() })?;
    }
    Ok(due.len())
}
