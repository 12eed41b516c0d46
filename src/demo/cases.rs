//! Open cases of residents: 5,000 in the whole city, spread over the streets, with the history that led to where they
//! stand.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone as _, Utc};

use super::chance::Chance;
use super::demand::skill_id;
use super::network::{Network, Street, offset};
use super::{DemoCity, Preset, names, parsed};
use crate::cases::intake::{Intake, first_event, new_case, number, number_prefix};
use crate::domain::{
    Acting, Case, CaseAction, CaseCategory, CaseCategoryId, CaseChannel, CaseId, Category, Contact, PersonId, Triage,
    UnitId, WorkingDays,
};

/// Cases of the whole city; streets share them evenly, the first ones taking the remainder.
const CITY_CASES: u32 = 5_000;
const STREETS: u32 = 159;

/// Id, name, skill, minutes, working days, and what residents say.
type Kind = (&'static str, &'static str, Option<&'static str>, u32, u16, [&'static str; 3]);

const KINDS: [Kind; 10] = [
    ("housing", "房屋维修", None, 90, 10, ["楼道灯不亮", "屋顶漏雨", "单元门锁坏了"]),
    ("sanitation", "环境卫生", None, 60, 5, ["垃圾没有清运", "下水井堵塞", "楼前积水结冰"]),
    ("heating", "供暖供水", None, 60, 5, ["暖气不热", "水压太低", "阀门漏水"]),
    ("traffic", "交通出行", None, 60, 10, ["路口没有信号灯", "车辆占道停放", "公交站牌损坏"]),
    ("noise", "噪音扰民", None, 45, 5, ["施工夜间噪音", "广场舞声音太大", "邻居装修扰民"]),
    ("elderly", "养老助残", None, 120, 10, ["独居老人需要送餐", "申请适老化改造", "轮椅借用"]),
    ("labour", "劳动保障", Some("labour"), 90, 10, ["拖欠工资", "社保转移咨询", "就业困难登记"]),
    ("medical", "医疗卫生", Some("medical"), 90, 10, ["行动不便需上门量血压", "慢性病用药咨询", "疫苗接种预约"]),
    ("education", "教育辅导", Some("education"), 60, 15, ["放学后无人看管", "转学材料咨询", "青少年心理辅导"]),
    ("dispute", "矛盾调解", Some("justice"), 150, 15, ["邻里漏水纠纷", "物业费争议", "家庭赡养纠纷"]),
];

const CHANNELS: [CaseChannel; 10] = [
    CaseChannel::Hotline,
    CaseChannel::Hotline,
    CaseChannel::InformationOfficer,
    CaseChannel::InformationOfficer,
    CaseChannel::SuggestionBox,
    CaseChannel::QuestionBoard,
    CaseChannel::ServiceCard,
    CaseChannel::Website,
    CaseChannel::Sms,
    CaseChannel::Visit,
];

pub(super) fn categories() -> Vec<CaseCategory> {
    KINDS
        .iter()
        .map(|(id, name, skill, minutes, working_days, _)| CaseCategory {
            id: category_id(id),
            name: (*name).to_owned(),
            skill: skill.map(skill_id),
            minutes: *minutes,
            working_days: *working_days,
            version: 1,
        })
        .collect()
}

fn category_id(id: &str) -> CaseCategoryId {
    parsed(CaseCategoryId::parse(id))
}

/// Fills in the cases of every street. People must be there: some cases have a handler.
pub(super) fn fill(city: &mut DemoCity, network: &Network, preset: Preset, seed: u64) {
    let mut staff: HashMap<UnitId, Vec<PersonId>> = HashMap::new();
    for person in &city.people {
        if !matches!(person.category, Category::Volunteer | Category::Deputy) {
            staff.entry(person.home_unit.clone()).or_default().push(person.id.clone());
        }
    }
    let days = WorkingDays::new(city.calendars.clone());
    let parents: HashMap<UnitId, UnitId> =
        city.units.iter().filter_map(|unit| Some((unit.id.clone(), unit.parent.clone()?))).collect();
    let mut serials: BTreeMap<String, u32> = BTreeMap::new();
    for (position, street) in network.streets.iter().enumerate() {
        let first = u32::try_from(position).unwrap_or(0) < CITY_CASES % STREETS;
        // Only in the whole city do the remainders add up to anything.
        let cases = CITY_CASES / STREETS + u32::from(preset == Preset::City && first);
        let handlers = staff.get(&street.unit).map_or(&[][..], Vec::as_slice);
        let chance = Chance::new(seed, &format!("cases {}", street.unit));
        for turn in 0..cases {
            let filling =
                Filling { street, chance: &chance, days: &days, handlers, parents: &parents, monday: city.week_start };
            filling.case(city, &mut serials, turn);
        }
    }
    city.case_serials = serials.into_iter().collect();
}

struct Filling<'a> {
    street: &'a Street,
    chance: &'a Chance,
    days: &'a WorkingDays,
    handlers: &'a [PersonId],
    parents: &'a HashMap<UnitId, UnitId>,
    monday: NaiveDate,
}

impl Filling<'_> {
    fn case(&self, city: &mut DemoCity, serials: &mut BTreeMap<String, u32>, turn: u32) {
        let chance = self.chance;
        let (category, _, skill, minutes, working_days, subjects) =
            *chance.pick(&KINDS).unwrap_or(&("housing", "房屋维修", None, 90, 10, ["楼道灯不亮"; 3]));
        let unit = if chance.percent(12) {
            self.street.unit.clone()
        } else {
            chance.pick(&self.street.communities).unwrap_or(&self.street.unit).clone()
        };
        // The week before the plan is left free, so that nothing has come in after the day on which a demo is loaded.
        let day = before(self.monday, u64::from(chance.between(8, 17)));
        let at = local(day, 8 * 60 + chance.below(9 * 60));
        let radius = self.street.radius_metres;
        let place = offset(self.street.centre, chance.around_zero() * radius, chance.around_zero() * radius);
        let road = names::places(chance, 1).pop().unwrap_or_default();
        let building = chance.between(1, 30);
        let subject = chance.pick(&subjects).copied().unwrap_or_default();
        let prefix = number_prefix(&unit, day);
        let serial = serials.entry(prefix.clone()).and_modify(|last| *last += 1).or_insert(1);
        let intake = Intake {
            unit,
            channel: chance.pick(&CHANNELS).copied().unwrap_or(CaseChannel::Hotline),
            subject: format!("{building}号楼{subject}"),
            description: None,
            address: Some(format!("{road}路{}号{building}号楼", chance.between(1, 200))),
            location: Some(place),
            category: Some(category_id(category)),
            urgency: u8::try_from(chance.between(1, 3)).unwrap_or(1),
            contact: chance.percent(85).then(|| Contact {
                name: Some(names::person(chance).0),
                phone: Some(format!("1{}{:09}", chance.between(3, 9), chance.below(1_000_000_000))),
            }),
            reception: None,
            earlier_handler: None,
        };
        let street_code = self.street.unit.as_str().get(..9).unwrap_or_default();
        let id: CaseId = parsed(CaseId::parse(&format!("c{street_code}-{turn:04}")));
        let mut case = new_case(intake, id, number(&prefix, i64::from(*serial)), at, self.days);
        let mut events = vec![first_event(&case, "demo")];
        let triage = Triage {
            category: category_id(category),
            skill: skill.map(skill_id),
            minutes,
            urgency: case.urgency,
            working_days,
            // In or soon after the week of the plan, some of them just before it.
            deadline: Some(self.days.on_or_after(after(self.monday, u64::from(chance.between(0, 9))))),
            earliest: None,
            excluded: Vec::new(),
        };
        for action in self.story(triage) {
            let parent = self.parents.get(&case.unit).cloned();
            let seq = u32::try_from(events.len()).unwrap_or(0) + 1;
            let acting = Acting {
                actor: "demo",
                now: at + TimeDelta::hours(i64::from(seq)),
                reason: Some("示例数据"),
                days: self.days,
                parent: parent.as_ref(),
                seq,
            };
            if let Ok(event) = case.apply(&action, &acting) {
                events.push(event);
            }
        }
        city.case_events.extend(events);
        city.cases.push(Case { version: 1, ..case });
    }

    /// What has happened to a case until now: most are triaged and wait for somebody.
    fn story(&self, triage: Triage) -> Vec<CaseAction> {
        let mut story = Vec::new();
        let share = self.chance.below(100);
        if share < 6 {
            return story;
        }
        story.push(CaseAction::Triage(Box::new(triage)));
        let Some(handler) = self.chance.pick(self.handlers).filter(|_| share >= 88) else { return story };
        story.push(CaseAction::Assign { handler: handler.clone(), category: Category::RecruitedStaff });
        match share {
            88..=92 => {}
            93..=95 => story.push(CaseAction::Accept),
            96..=97 => story.push(CaseAction::Return),
            _ => story.push(CaseAction::Escalate),
        }
        story
    }
}

fn before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

fn after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

/// A minute of a day in the city.
fn local(date: NaiveDate, minute: u32) -> DateTime<Utc> {
    let at = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    chrono_tz::Asia::Shanghai
        .from_local_datetime(&at)
        .earliest()
        .map_or_else(|| at.and_utc(), |local| local.with_timezone(&Utc))
}
