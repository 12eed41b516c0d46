//! Tables of shared resources, who has borrowed and booked them, and what they are for.

use super::cells::{Field, Form, may, need, shown};
use super::words::{
    BASE_KINDS, BOOKING_SOURCES, BOOKING_STATUSES, NEED_STATUSES, PLANNED_STATUSES, PROJECT_STATUSES, RESOURCE_KINDS,
};
use super::{Kind, both_ways, out_only};
use crate::api::sharing::activities::ActivityDocument;
use crate::api::sharing::bookings::BookingDocument;
use crate::api::sharing::loans::LoanDocument;
use crate::api::sharing::needs::NeedDocument;
use crate::api::sharing::projects::ProjectDocument;
use crate::api::sharing::resources::ResourceDocument;

const RESOURCES: &[Field] = &[
    may("资源编号", "id", Form::Code, "新增可留空", "rs-1"),
    need("类型", "kind", Form::Word(RESOURCE_KINDS), "从列表选择", "场所"),
    need("名称", "name", Form::Text, "", "桃源社区多功能厅"),
    need("所属单位", "unit", Form::Code, "单位编码", "220102001001"),
    may("站点", "station", Form::Code, "场所必填", "st-1"),
    may("基地类型", "baseKind", Form::Word(BASE_KINDS), "仅用于场所", "文体娱乐"),
    may("容纳人数", "capacity", Form::Whole, "仅用于场所", "60"),
    need("数量", "quantity", Form::Whole, "场所填 1；资金以元计", "1"),
    may("可用时间", "hours", Form::Hours, "空为随时可用", "周一 08:00-21:00"),
    shown("撤回开始", "withdrawnFrom", Form::Date),
    shown("撤回结束", "withdrawnTo", Form::Date),
];

const LOANS: &[Field] = &[
    may("出借编号", "id", Form::Code, "新增可留空", "lo-1"),
    need("资源", "resource", Form::Code, "资源编号", "rs-1"),
    need("借入单位", "unit", Form::Code, "单位编码", "220102001002"),
    need("开始日期", "fromDate", Form::Date, "", "2026-12-01"),
    need("结束日期", "toDate", Form::Date, "", "2026-12-31"),
    need("数量", "quantity", Form::Whole, "", "1"),
];

const BOOKINGS: &[Field] = &[
    shown("预订编号", "id", Form::Code),
    shown("资源", "resource", Form::Code),
    shown("使用单位", "unit", Form::Code),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("结束时间", "endMinute", Form::Time),
    shown("数量", "quantity", Form::Whole),
    shown("用途", "purpose", Form::Text),
    shown("活动", "activity", Form::Code),
    shown("接待", "reception", Form::Code),
    shown("来源", "source", Form::Word(BOOKING_SOURCES)),
    shown("状态", "status", Form::Word(BOOKING_STATUSES)),
];

const ACTIVITIES: &[Field] = &[
    shown("活动编号", "id", Form::Code),
    shown("名称", "name", Form::Text),
    shown("基地类型", "baseKind", Form::Word(BASE_KINDS)),
    shown("举办单位", "unit", Form::Code),
    shown("场所", "venue", Form::Code),
    shown("站点", "station", Form::Code),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("结束时间", "endMinute", Form::Time),
    shown("预计人数", "participants", Form::Whole),
    shown("技能", "skill", Form::Code),
    shown("最少人手", "minHeads", Form::Whole),
    shown("目标人手", "targetHeads", Form::Whole),
    shown("最多人手", "maxHeads", Form::Whole),
    shown("项目", "project", Form::Code),
    shown("岗位", "post", Form::Code),
    shown("使用资源", "items", Form::Numbered("resource", "quantity")),
    shown("状态", "status", Form::Word(PLANNED_STATUSES)),
    shown("须另找场地", "venueLost", Form::Flag),
];

const NEEDS: &[Field] = &[
    may("需求编号", "id", Form::Code, "新增可留空", "ne-1"),
    need("单位", "unit", Form::Code, "单位编码", "220102001001"),
    need("需求", "title", Form::Text, "一句话", "独居老人冬季测温"),
    may("说明", "description", Form::Text, "", ""),
    may("资源类型", "kind", Form::Word(RESOURCE_KINDS), "从列表选择", "设施"),
    need("数量", "quantity", Form::Whole, "", "20"),
    may("需要日期", "wantedBy", Form::Date, "", "2026-12-15"),
    may("对接资源", "resource", Form::Code, "资源编号", ""),
    need("状态", "status", Form::Word(NEED_STATUSES), "从列表选择", "待对接"),
];

const PROJECTS: &[Field] = &[
    may("项目编号", "id", Form::Code, "新增可留空", "pj-1"),
    need("单位", "unit", Form::Code, "单位编码", "220102001001"),
    need("名称", "name", Form::Text, "", "冬季关爱行动"),
    may("基地类型", "baseKind", Form::Word(BASE_KINDS), "从列表选择", "医疗卫生"),
    may("需求", "need", Form::Code, "需求编号", "ne-1"),
    may("负责人", "lead", Form::Code, "人员编号", "p-001"),
    may("资金", "fund", Form::Code, "资源编号", "rs-9"),
    need("预算（元）", "budgetYuan", Form::Whole, "没有填 0", "3000"),
    may("开始日期", "fromDate", Form::Date, "", "2026-12-01"),
    may("结束日期", "toDate", Form::Date, "", "2026-12-31"),
    need("状态", "status", Form::Word(PROJECT_STATUSES), "从列表选择", "计划"),
];

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    both_ways!("resources" "resource" "资源" RESOURCES, ResourceDocument, resources, ResourceFilter),
    both_ways!("resource-loans" "loan" "资源出借" LOANS, LoanDocument, resource_loans, LoanFilter,
        crate::sharing::lending::lend, crate::sharing::lending::change),
    both_ways!("needs" "need" "需求清单" NEEDS, NeedDocument, needs, NeedFilter),
    both_ways!("projects" "project" "项目清单" PROJECTS, ProjectDocument, projects, ProjectFilter),
    out_only!("bookings" "booking" "资源预订" BOOKINGS, bookings, BookingFilter, BookingDocument::from,
        "预订只能导出：预订时要检查冲突，请用 /api/v1/bookings",
        "bookings are only exported: each is checked for clashes when it is made at /api/v1/bookings"),
    out_only!("activities" "activity" "活动" ACTIVITIES, activities, ActivityFilter, ActivityDocument::from,
        "活动只能导出：活动同时预订场所和物资并生成岗位，请用 /api/v1/activities",
        "activities are only exported: each books its venue and goods and makes a post, at /api/v1/activities"),
];
