//! Tables of the network: units, stations, people and what is agreed with them.

use super::cells::{Field, Form, may, need};
use super::words::{CATEGORIES, LEVELS, STATION_KINDS, WISHES};
use super::{Kind, both_ways};
use crate::api::resources::availability::AvailabilityDocument;
use crate::api::resources::contracts::ContractDocument;
use crate::api::resources::lendings::LendingDocument;
use crate::api::resources::people::PersonDocument;
use crate::api::resources::secondments::SecondmentDocument;
use crate::api::resources::skills::SkillDocument;
use crate::api::resources::stations::StationDocument;
use crate::api::resources::units::UnitDocument;

const UNITS: &[Field] = &[
    need("单位编码", "id", Form::Code, "12 位区划码，服务点 15 位", "220102001000"),
    may("上级编码", "parent", Form::Code, "最上级留空", "220102000000"),
    need("级别", "level", Form::Word(LEVELS), "从列表选择", "街道"),
    need("名称", "name", Form::Text, "", "自强街道"),
];

const STATIONS: &[Field] = &[
    may("站点编号", "id", Form::Code, "新增可留空", "st-1"),
    need("所属单位", "unit", Form::Code, "单位编码", "220102001001"),
    need("名称", "name", Form::Text, "", "桃源社区站"),
    need("类型", "kind", Form::Word(STATION_KINDS), "从列表选择", "工作站"),
    may("全天开放", "alwaysOpen", Form::Flag, "是则开放时间留空", "否"),
    may("开放时间", "hours", Form::Hours, "以、分隔；休息日指法定休息日", "周一 08:30-12:00、周一 13:30-17:00"),
    may("坐标", "location", Form::Position, "纬度 经度", "43.88 125.32"),
];

const SKILLS: &[Field] =
    &[may("技能编号", "id", Form::Code, "新增可留空", "sk-medical"), need("名称", "name", Form::Text, "", "医疗")];

const PEOPLE: &[Field] = &[
    may("人员编号", "id", Form::Code, "新增人员可留空", "p-001"),
    need("姓名", "name", Form::Text, "", "单雪梅"),
    need("拼音", "sortKey", Form::Text, "排序用，注意姓氏读音", "shan xuemei"),
    need("类别", "category", Form::Word(CATEGORIES), "从列表选择", "党员志愿者"),
    need("所属单位", "homeUnit", Form::Code, "单位编码", "220102001001"),
    may("电话", "phone", Form::Code, "文本；打码的号码不改动原号码", "13800000001"),
    may("合同", "contract", Form::Code, "合同编号", "co-1"),
    may("启用日期", "activeFrom", Form::Date, "", "2026-01-01"),
    may("停用日期", "activeTo", Form::Date, "", "2026-12-31"),
    may("实习", "trainee", Form::Flag, "", "否"),
    may("新人", "newcomer", Form::Flag, "", "否"),
    may("兼信息员", "informationOfficer", Form::Flag, "", "否"),
    may("服务范围", "scope", Form::Codes, "单位编码，以、分隔；空为所属单位", "220102001000"),
    may("技能", "skills", Form::Skills, "技能编号:等级，有证书期限的再加 :有效期；以、分隔", "sk-medical:1:2027-12-31"),
    may("住址坐标", "home", Form::Position, "纬度 经度；导出时取两位小数，不改动原坐标", "43.88 125.32"),
    may("最远距离（米）", "maxDistanceMetres", Form::Whole, "住址到服务地点，空为不限", "3000"),
];

const AVAILABILITY: &[Field] = &[
    may("编号", "id", Form::Code, "新增可留空", "av-1"),
    need("人员编号", "person", Form::Code, "", "p-001"),
    need("意愿", "kind", Form::Word(WISHES), "从列表选择", "不可用"),
    may("星期", "weekday", Form::Whole, "1 周一至 7 周日；按日期填写时留空", "3"),
    may("开始日期", "fromDate", Form::Date, "", "2026-12-01"),
    may("结束日期", "toDate", Form::Date, "", "2026-12-03"),
    need("开始时间", "startMinute", Form::Time, "", "00:00"),
    need("结束时间", "endMinute", Form::Time, "", "24:00"),
    may("班次类型", "shiftType", Form::Code, "仅用于意愿", ""),
    may("站点", "station", Form::Code, "仅用于意愿", ""),
    need("权重", "weight", Form::Whole, "1 起", "1"),
    may("原因", "reason", Form::Text, "", "培训"),
];

const SECONDMENTS: &[Field] = &[
    may("挂职编号", "id", Form::Code, "新增可留空", "se-1"),
    need("人员编号", "person", Form::Code, "", "p-001"),
    need("挂职单位", "hostUnit", Form::Code, "单位编码", "220102001000"),
    need("开始日期", "fromDate", Form::Date, "", "2026-01-01"),
    may("结束日期", "toDate", Form::Date, "未定留空", "2026-12-31"),
    need("每周最少分钟", "minMinutesWeek", Form::Whole, "在挂职单位的最少服务时间", "960"),
];

const LENDINGS: &[Field] = &[
    may("借调编号", "id", Form::Code, "新增可留空", "le-1"),
    need("人员编号", "person", Form::Code, "", "p-001"),
    need("借入单位", "unit", Form::Code, "单位编码", "220102002000"),
    need("开始日期", "fromDate", Form::Date, "", "2026-11-01"),
    may("结束日期", "toDate", Form::Date, "未定留空", "2026-12-31"),
];

const CONTRACTS: &[Field] = &[
    may("合同编号", "id", Form::Code, "新增可留空", "co-1"),
    need("名称", "name", Form::Text, "", "招聘人员"),
    may("每日最多分钟", "maxMinutesDay", Form::Whole, "空为按规则方案，下同", "480"),
    may("每日最多班次", "maxDutiesDay", Form::Whole, "", "2"),
    may("每周最多分钟", "maxMinutesWeek", Form::Whole, "", "2400"),
    may("每周最多班次", "maxDutiesWeek", Form::Whole, "", "5"),
    may("四周最多分钟", "maxMinutesFourWeeks", Form::Whole, "", "9600"),
    may("排班期最少分钟", "minMinutesHorizon", Form::Whole, "", ""),
    may("排班期最多分钟", "maxMinutesHorizon", Form::Whole, "", ""),
    may("班间最少休息分钟", "minRestMinutes", Form::Whole, "", "660"),
    may("最多连续工作日", "maxConsecutiveDays", Form::Whole, "", "6"),
    may("最少连续工作日", "minConsecutiveDays", Form::Whole, "", ""),
    may("最少连续休息日", "minConsecutiveDaysOff", Form::Whole, "", ""),
    may("四周最多周末", "maxWeekendsFourWeeks", Form::Whole, "", "2"),
    may("排班期最多周末", "maxWeekendsHorizon", Form::Whole, "", ""),
    need("每周最少分钟", "minMinutesWeek", Form::Whole, "没有填 0", "1200"),
    may("希望最少连续工作日", "softMinConsecutiveDays", Form::Whole, "", ""),
    may("希望最多连续工作日", "softMaxConsecutiveDays", Form::Whole, "", ""),
    may("希望最少连续休息日", "softMinConsecutiveDaysOff", Form::Whole, "", ""),
    may("希望最多连续休息日", "softMaxConsecutiveDaysOff", Form::Whole, "", ""),
    may("合同期最少班次", "minTotalDuties", Form::Whole, "", ""),
    may("合同期最多班次", "maxTotalDuties", Form::Whole, "", ""),
    may("合同期最多周末", "maxTotalWeekends", Form::Whole, "", ""),
    may("周末整体上班", "completeWeekends", Form::Flag, "", "否"),
    may(
        "班次类型上限",
        "typeLimits",
        Form::Numbered("shiftType", "maxDuties"),
        "班次类型:最多班次，以、分隔",
        "evening:3",
    ),
];

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    both_ways!("units" "unit" "单位" UNITS, UnitDocument, units, UnitFilter),
    both_ways!("stations" "station" "站点" STATIONS, StationDocument, stations, StationFilter),
    both_ways!("skills" "skill" "技能" SKILLS, SkillDocument, skills, SkillFilter),
    both_ways!("people" "person" "人员" PEOPLE, PersonDocument, people, PersonFilter),
    both_ways!("availability" "availability" "可用时间" AVAILABILITY, AvailabilityDocument, availability, AvailabilityFilter),
    both_ways!("secondments" "secondment" "挂职" SECONDMENTS, SecondmentDocument, secondments, SecondmentFilter),
    both_ways!("lendings" "lending" "借调" LENDINGS, LendingDocument, lendings, LendingFilter),
    both_ways!("contracts" "contract" "合同" CONTRACTS, ContractDocument, contracts, ContractFilter),
];
