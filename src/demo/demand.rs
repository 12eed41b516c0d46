//! Skills, shift types and weekly demand.

use chrono::Weekday;

use super::chance::Chance;
use super::network::{DAY_OPEN, EVENING_OPEN};
use super::parsed;
use crate::domain::{
    DaySet, DemandTemplate, HoursDay, ShiftType, ShiftTypeId, Skill, SkillId, Station, StationKind, TemplateId,
};

/// Ids and names of the skills.
pub(super) const SKILLS: [(&str, &str); 4] =
    [("medical", "医疗卫生"), ("education", "教育辅导"), ("labour", "劳动保障"), ("justice", "司法调解")];

/// Ids and names of the shift types with their minutes of the day.
const SHIFTS: [(&str, &str, (u16, u16)); 3] = [
    ("morning", "上午班", (DAY_OPEN.0, 12 * 60)),
    ("afternoon", "下午班", (13 * 60, DAY_OPEN.1)),
    ("evening", "晚班", EVENING_OPEN),
];

const WEEKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

pub(super) fn skills() -> Vec<Skill> {
    SKILLS.iter().map(|(id, name)| Skill { id: skill_id(id), name: (*name).to_owned(), version: 1 }).collect()
}

pub(super) fn skill_id(id: &str) -> SkillId {
    parsed(SkillId::parse(id))
}

pub(super) fn shift_types() -> Vec<ShiftType> {
    SHIFTS
        .iter()
        .map(|(id, name, _)| ShiftType {
            id: shift_type_id(id),
            name: (*name).to_owned(),
            min_consecutive_days: None,
            max_consecutive_days: None,
            forbidden_next: Vec::new(),
            version: 1,
        })
        .collect()
}

pub(super) fn shift_type_id(id: &str) -> ShiftTypeId {
    parsed(ShiftTypeId::parse(id))
}

/// What a template asks for.
struct Ask {
    name: &'static str,
    days: DaySet,
    shift: usize,
    skill: Option<(usize, u8)>,
    heads: [u16; 3],
    priority: u8,
    mix: bool,
}

/// The weekly demand of a station.
pub(super) fn templates(station: &Station, seed: u64) -> Vec<DemandTemplate> {
    let chance = Chance::new(seed, &format!("demand {}", station.id));
    let asks = match station.kind {
        StationKind::GeneralStation => general(),
        StationKind::WorkStation => work_station(station, &chance),
        StationKind::ServicePoint => service_point(station, &chance),
        // Centres guide and are run by their own offices; bases hold activities.
        StationKind::GuidanceCentre | StationKind::ServiceBase => Vec::new(),
    };
    asks.into_iter().enumerate().filter_map(|(number, ask)| template(station, number, &ask)).collect()
}

fn template(station: &Station, number: usize, ask: &Ask) -> Option<DemandTemplate> {
    let (shift, _, (start_minute, end_minute)) = SHIFTS.get(ask.shift)?;
    let skill = ask.skill.and_then(|(skill, level)| Some((skill_id(SKILLS.get(skill)?.0), level)));
    Some(DemandTemplate {
        id: parsed(TemplateId::parse(&format!("t{}-{}", station.unit, number + 1))),
        station: station.id.clone(),
        name: ask.name.to_owned(),
        days: ask.days,
        start_minute: *start_minute,
        end_minute: *end_minute,
        skill_level: skill.as_ref().map_or(1, |(_, level)| *level),
        skill: skill.map(|(skill, _)| skill),
        shift_type: Some(shift_type_id(shift)),
        min_heads: ask.heads[0],
        target_heads: ask.heads[1],
        max_heads: ask.heads[2],
        priority: ask.priority,
        mix: ask.mix,
        valid_from: None,
        valid_to: None,
        version: 1,
    })
}

fn workdays() -> DaySet {
    WEEKDAYS.into_iter().fold(DaySet::default(), DaySet::with)
}

/// The working days on which the station is open in the evening.
fn evenings(station: &Station) -> DaySet {
    WEEKDAYS
        .into_iter()
        .filter(|weekday| {
            let day = HoursDay::of(*weekday);
            station.hours.iter().any(|hours| hours.day == day && hours.start_minute == EVENING_OPEN.0)
        })
        .fold(DaySet::default(), DaySet::with)
}

fn is_open_on_off_days(station: &Station) -> bool {
    station.hours.iter().any(|hours| hours.day == HoursDay::OffDay)
}

const fn duty(name: &'static str, days: DaySet, shift: usize, heads: [u16; 3], priority: u8) -> Ask {
    Ask { name, days, shift, skill: None, heads, priority, mix: heads[1] >= 2 }
}

const fn specialist(name: &'static str, days: DaySet, shift: usize, skill: usize, level: u8, priority: u8) -> Ask {
    Ask { name, days, shift, skill: Some((skill, level)), heads: [1, 1, 1], priority, mix: false }
}

fn general() -> Vec<Ask> {
    let mut asks = vec![
        duty("综合服务", workdays(), 0, [2, 3, 4], 3),
        duty("综合服务", workdays(), 1, [2, 3, 4], 3),
        duty("晚间值班", workdays(), 2, [1, 2, 2], 2),
        duty("休息日值班", DaySet::OFF_DAYS, 0, [1, 2, 2], 2),
        duty("休息日值班", DaySet::OFF_DAYS, 1, [1, 2, 2], 2),
    ];
    let names = ["义诊咨询", "助学辅导", "就业与劳动保障咨询", "人民调解"];
    for (skill, name) in names.into_iter().enumerate() {
        let weekday = WEEKDAYS.get(skill).copied().unwrap_or(Weekday::Fri);
        asks.push(specialist(name, DaySet::default().with(weekday), 1, skill, 2, 3));
        asks.push(specialist(name, DaySet::default().with(weekday), 2, skill, 2, 3));
    }
    asks.push(specialist("休息日义诊", DaySet::OFF_DAYS, 0, 0, 2, 3));
    asks.push(specialist("休息日调解", DaySet::OFF_DAYS, 1, 3, 2, 3));
    asks
}

fn work_station(station: &Station, chance: &Chance) -> Vec<Ask> {
    let mut asks = Vec::new();
    // A larger community wants two heads where a smaller one wants one.
    let heads = if chance.percent(30) { [1, 2, 2] } else { [1, 1, 2] };
    asks.push(duty("社区服务", workdays(), 0, heads, 2));
    asks.push(duty("社区服务", workdays(), 1, heads, 2));
    let open_evenings = evenings(station);
    if open_evenings.bits() != 0 {
        asks.push(duty("晚间服务", open_evenings, 2, [1, 1, 2], 2));
    }
    if is_open_on_off_days(station) {
        asks.push(duty("休息日服务", DaySet::OFF_DAYS, 0, [1, 1, 2], 2));
        if chance.percent(60) {
            asks.push(duty("休息日服务", DaySet::OFF_DAYS, 1, [1, 1, 2], 1));
        }
    }
    for _ in 0..chance.between(3, 5) {
        let skill = chance.below(4) as usize;
        let weekday = WEEKDAYS[chance.below(5) as usize];
        let shift = chance.below(2) as usize;
        let level = u8::from(chance.percent(25)) + 1;
        asks.push(specialist("专业服务", DaySet::default().with(weekday), shift, skill, level, 2));
    }
    asks
}

fn service_point(station: &Station, chance: &Chance) -> Vec<Ask> {
    let mut asks = vec![duty("服务点值守", workdays(), 0, [1, 1, 1], 1)];
    let mut afternoons = workdays();
    if chance.percent(20) {
        afternoons = DaySet::default().with(Weekday::Tue).with(Weekday::Thu).with(Weekday::Fri);
    }
    asks.push(duty("服务点值守", afternoons, 1, [1, 1, 1], 1));
    let open_evenings = evenings(station);
    if open_evenings.bits() != 0 {
        asks.push(duty("晚间值守", open_evenings, 2, [1, 1, 1], 1));
    }
    if is_open_on_off_days(station) {
        asks.push(duty("休息日值守", DaySet::OFF_DAYS, 0, [1, 1, 1], 1));
        asks.push(duty("休息日值守", DaySet::OFF_DAYS, 1, [1, 1, 1], 1));
    }
    if chance.percent(35) {
        let weekday = WEEKDAYS[chance.below(5) as usize];
        asks.push(specialist("专业上门", DaySet::default().with(weekday), 1, chance.below(4) as usize, 1, 1));
    }
    asks
}
