//! Shared resources of every street, activities in the planned week, receptions, visits and quotas.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::demand::skill_id;
use super::network::{Network, Street};
use super::{DemoCity, parsed};
use crate::domain::{
    Activity, ActivityId, ActivityItem, ActivityStatus, BaseKind, Booking, BookingId, BookingSource, BookingStatus,
    Category, Contact, Matter, MatterStatus, PersonId, Post, PostId, Quota, QuotaId, QuotaKind, Reception, ReceptionId,
    ReceptionStatus, Resource, ResourceId, ResourceKind, Station, StationId, Visit, VisitId, VisitStatus, WorkingDays,
};
use crate::reception::announce::settle_date;

const BASES: [(BaseKind, &str, &str, u32); 4] = [
    (BaseKind::Study, "study", "学习教育基地", 60),
    (BaseKind::PartyActivities, "party", "党员活动基地", 80),
    (BaseKind::Health, "health", "医疗卫生基地", 40),
    (BaseKind::CultureSports, "culture", "文体娱乐基地", 120),
];

/// Every so many streets, the first among them, one leaves visits to the plan.
const STREETS_PER_OPEN_VISITS: usize = 16;
/// Visits that such a street leaves to the plan.
const OPEN_VISITS: usize = 3;

/// Fills in what every street shares and holds. People and stations must be there.
pub(super) fn fill(city: &mut DemoCity, network: &Network, seed: u64) {
    let days = WorkingDays::new(city.calendars.clone());
    for (number, street) in network.streets.iter().enumerate() {
        let Some(station) = city.stations.get(street.stations.start).cloned() else { continue };
        let chance = Chance::new(seed, &format!("sharing {}", street.unit));
        let of_street = |category: fn(Category) -> bool| -> Vec<PersonId> {
            city.people
                .iter()
                .filter(|person| category(person.category))
                .filter(|person| person.home_unit == street.unit || street.communities.contains(&person.home_unit))
                .map(|person| person.id.clone())
                .collect()
        };
        let deputies = of_street(|category| category == Category::Deputy);
        let staff = of_street(|category| !matches!(category, Category::Deputy | Category::Volunteer));
        let mut filling = Filling { city, street, station, chance, days: &days, deputies, staff };
        filling.resources();
        filling.activities();
        filling.receptions(number);
        filling.quotas_and_visits();
        if number % STREETS_PER_OPEN_VISITS == 0 {
            filling.open_visits(&Chance::new(seed, &format!("open visits {}", street.unit)));
        }
    }
}

struct Filling<'a> {
    city: &'a mut DemoCity,
    street: &'a Street,
    station: Station,
    chance: Chance,
    days: &'a WorkingDays,
    deputies: Vec<PersonId>,
    staff: Vec<PersonId>,
}

impl Filling<'_> {
    fn code(&self) -> &str {
        self.street.unit.as_str().get(..9).unwrap_or_default()
    }

    fn resource_id(&self, word: &str) -> ResourceId {
        parsed(ResourceId::parse(&format!("r{}-{word}", self.code())))
    }

    fn resource(&mut self, word: &str, name: String, kind: ResourceKind, quantity: u32) {
        let id = self.resource_id(word);
        self.city.resources.push(Resource {
            id,
            kind,
            name,
            unit: self.street.unit.clone(),
            station: Some(self.station.id.clone()),
            base_kind: None,
            capacity: None,
            quantity,
            withdrawn_from: None,
            withdrawn_to: None,
            hours: Vec::new(),
            version: 1,
        });
    }

    fn resources(&mut self) {
        let street = self.station.name.trim_end_matches("服务民生工作总站").to_owned();
        self.resource("room", format!("{street}接待室"), ResourceKind::Venue, 1);
        for (kind, word, name, capacity) in BASES {
            self.resource(word, format!("{street}{name}"), ResourceKind::Venue, 1);
            let hours = self.station.hours.clone();
            if let Some(base) = self.city.resources.last_mut() {
                base.base_kind = Some(kind);
                base.capacity = Some(capacity);
                base.hours = hours;
            }
        }
        self.resource("cars", format!("{street}公务用车"), ResourceKind::Vehicle, 2);
        self.resource("projectors", format!("{street}投影设备"), ResourceKind::Equipment, 3);
        self.resource("gifts", format!("{street}慰问物资"), ResourceKind::Goods, 300);
        self.resource("fund", format!("{street}服务民生资金"), ResourceKind::Fund, 50_000);
    }

    fn date(&self, days: u64) -> NaiveDate {
        self.city.week_start.checked_add_days(Days::new(days)).unwrap_or(self.city.week_start)
    }

    /// A health talk on Wednesday morning and a performance on Saturday afternoon; both also fall into the opening
    /// hours of days off.
    fn activities(&mut self) {
        for (turn, (base, word, name, day, start, skill, gifts)) in [
            (BaseKind::Health, "health", "健康讲座", 2, 9 * 60, Some("medical"), 30),
            (BaseKind::CultureSports, "culture", "文艺演出", 5, 14 * 60, None, 60),
        ]
        .into_iter()
        .enumerate()
        {
            let word_id = format!("a{}-{}", self.code(), turn + 1);
            let activity = Activity {
                id: parsed(ActivityId::parse(&word_id)),
                name: name.to_owned(),
                base_kind: base,
                unit: self.street.unit.clone(),
                venue: self.resource_id(word),
                station: self.station.id.clone(),
                date: self.date(day),
                start_minute: start,
                end_minute: start + 120,
                participants: gifts,
                skill: skill.map(skill_id),
                min_heads: 1,
                target_heads: 2,
                max_heads: 3,
                project: None,
                post: parsed(PostId::parse(&word_id)),
                status: ActivityStatus::Planned,
                items: vec![ActivityItem { resource: self.resource_id("gifts"), quantity: gifts }],
                venue_lost: false,
                version: 1,
            };
            self.city.activity_posts.push(Post {
                id: activity.post.clone(),
                station: activity.station.clone(),
                template: None,
                date: activity.date,
                start_minute: activity.start_minute,
                end_minute: activity.end_minute,
                skill: activity.skill.clone(),
                skill_level: 1,
                shift_type: None,
                min_heads: 1,
                target_heads: 2,
                max_heads: 3,
                priority: 2,
                mix: false,
                retired: false,
                excluded: Vec::new(),
                version: 1,
            });
            let span = (activity.date, activity.start_minute, activity.end_minute);
            self.booking(&format!("{word_id}-venue"), &activity.venue, 1, span, (Some(&activity.id), None), name);
            for item in &activity.items {
                let id = format!("{word_id}-gifts");
                self.booking(&id, &item.resource, item.quantity, span, (Some(&activity.id), None), name);
            }
            self.city.activities.push(activity);
        }
    }

    fn booking(
        &mut self,
        id: &str,
        resource: &ResourceId,
        quantity: u32,
        (date, start_minute, end_minute): (NaiveDate, u16, u16),
        (activity, reception): (Option<&ActivityId>, Option<&ReceptionId>),
        purpose: &str,
    ) {
        self.city.bookings.push(Booking {
            id: parsed(BookingId::parse(id)),
            resource: resource.clone(),
            unit: self.street.unit.clone(),
            date,
            start_minute,
            end_minute,
            quantity,
            purpose: purpose.to_owned(),
            activity: activity.cloned(),
            reception: reception.cloned(),
            source: BookingSource::Manual,
            status: BookingStatus::Booked,
            version: 1,
        });
    }

    /// One announced reception in the planned week, and one a week later that is wanted on any day of the week, so that
    /// those wanted on days off have moved.
    fn receptions(&mut self, number: usize) {
        let announced_at = self.date(0).and_time(chrono::NaiveTime::MIN).and_utc() - chrono::TimeDelta::days(8);
        let wanted = [(1, u64::try_from(number % 5).unwrap_or(0)), (2, 7 + u64::try_from(number % 7).unwrap_or(0))];
        for (turn, day) in wanted {
            let mut named: Vec<PersonId> =
                (0..turn).filter_map(|_| self.chance.pick(&self.deputies).cloned()).collect();
            named.sort();
            named.dedup();
            let id: ReceptionId = parsed(ReceptionId::parse(&format!("re{}-{turn}", self.code())));
            let mut reception = Reception {
                id: id.clone(),
                title: format!("{}代表委员接待日", self.station.name),
                station: self.station.id.clone(),
                date: self.date(day),
                start_minute: 13 * 60 + 30,
                end_minute: 15 * 60 + 30,
                slot_minutes: 20,
                per_slot: 1,
                venue: Some(self.resource_id("room")),
                host: self.chance.pick(&self.staff).cloned(),
                status: ReceptionStatus::Announced,
                announced_at: Some(announced_at),
                moved_from: None,
                moved_because: None,
                recorded_at: None,
                handover_due: self.date(day),
                deputies: named,
                version: 1,
            };
            settle_date(&mut reception, self.days);
            let span = (reception.date, reception.start_minute, reception.end_minute);
            let venue = self.resource_id("room");
            self.booking(&format!("{id}-room"), &venue, 1, span, (None, Some(&id)), &reception.title.clone());
            for matter in 1..=2_u16 {
                let domains = ["medical", "education", "labour", "justice"];
                let skill = self.chance.pick(&domains).copied().map(skill_id);
                self.city.matters.push(Matter {
                    reception: id.clone(),
                    number: u32::from(matter),
                    start_minute: reception.start_minute + (matter - 1) * reception.slot_minutes,
                    subject: format!("反映事项{matter}"),
                    description: None,
                    skill,
                    contact: Contact { name: Some(super::names::person(&self.chance).0), phone: None },
                    status: MatterStatus::Booked,
                    note: None,
                    case: None,
                    booked_at: announced_at,
                });
            }
            self.city.receptions.push(reception);
        }
        self.planned_receptions(number);
    }

    /// Two receptions of the planned week that a plan is to decide about: a joint one that is wanted when the announced
    /// one has the room, so that it has to move or, on a Friday, cannot be held; and one for which nobody is named.
    fn planned_receptions(&mut self, number: usize) {
        let first = u64::try_from(number % 5).unwrap_or(0);
        let second = u64::try_from((number + 2) % 5).unwrap_or(0);
        let mut pair: Vec<PersonId> = (0..2).filter_map(|_| self.chance.pick(&self.deputies).cloned()).collect();
        pair.sort();
        pair.dedup();
        let room = self.resource_id("room");
        let wanted = [
            (3, "联合接待日", first, 13 * 60 + 30, pair, Some(room)),
            (4, "代表委员接待日", second, 9 * 60, Vec::new(), None),
        ];
        for (turn, title, day, start, deputies, venue) in wanted {
            let mut reception = Reception {
                id: parsed(ReceptionId::parse(&format!("re{}-{turn}", self.code()))),
                title: format!("{}{title}", self.station.name),
                station: self.station.id.clone(),
                date: self.date(day),
                start_minute: start,
                end_minute: start + 120,
                slot_minutes: 20,
                per_slot: 1,
                venue,
                host: None,
                status: ReceptionStatus::Planned,
                announced_at: None,
                moved_from: None,
                moved_because: None,
                recorded_at: None,
                handover_due: self.date(day),
                deputies,
                version: 1,
            };
            settle_date(&mut reception, self.days);
            self.city.receptions.push(reception);
        }
    }

    fn quotas_and_visits(&mut self) {
        use chrono::Datelike as _;
        let year = u16::try_from(self.city.week_start.year()).unwrap_or(0);
        for (turn, deputy) in self.deputies.iter().enumerate() {
            self.city.quotas.push(Quota {
                id: parsed(QuotaId::parse(&format!("q{deputy}-{year}"))),
                kind: QuotaKind::DeputyReceptions,
                person: Some(deputy.clone()),
                station: None,
                year,
                target: 2,
                done_before: u16::try_from(self.chance.below(3)).unwrap_or(0),
                version: 1,
            });
            if turn % 5 == 0 {
                let day = self.days.on_or_after(self.date(u64::from(self.chance.below(5))));
                self.city.visits.push(Visit {
                    id: parsed(VisitId::parse(&format!("v{deputy}"))),
                    person: Some(deputy.clone()),
                    unit: self.chance.pick(&self.street.communities).unwrap_or(&self.street.unit).clone(),
                    date: Some(day),
                    start_minute: Some(9 * 60),
                    end_minute: Some(11 * 60),
                    households: u16::try_from(self.chance.between(3, 8)).unwrap_or(3),
                    status: VisitStatus::Planned,
                    note: None,
                    wanted_from: None,
                    wanted_until: None,
                    earliest_minute: None,
                    latest_minute: None,
                    minutes: None,
                    candidates: Vec::new(),
                    version: 1,
                });
            }
        }
        let station: StationId = self.station.id.clone();
        self.city.quotas.push(Quota {
            id: parsed(QuotaId::parse(&format!("q{station}-{year}"))),
            kind: QuotaKind::StationReceptions,
            person: None,
            station: Some(station),
            year,
            target: 24,
            done_before: u16::try_from(self.chance.between(18, 22)).unwrap_or(20),
            version: 1,
        });
    }

    /// Visits that the plan is to decide: the first to be made by a named deputy, the others by any of the street.
    fn open_visits(&mut self, chance: &Chance) {
        for turn in 0..OPEN_VISITS {
            let named = chance.pick(&self.deputies).filter(|_| turn == 0);
            self.city.visits.push(Visit {
                id: parsed(VisitId::parse(&format!("vo{}-{}", self.code(), turn + 1))),
                person: None,
                unit: chance.pick(&self.street.communities).unwrap_or(&self.street.unit).clone(),
                date: None,
                start_minute: None,
                end_minute: None,
                households: u16::try_from(chance.between(3, 8)).unwrap_or(3),
                status: VisitStatus::Open,
                note: None,
                wanted_from: Some(self.date(1)),
                wanted_until: Some(self.date(4)),
                earliest_minute: Some(9 * 60),
                latest_minute: Some(17 * 60),
                minutes: Some(if chance.percent(50) { 60 } else { 120 }),
                candidates: named.cloned().into_iter().collect(),
                version: 1,
            });
        }
    }
}
