//! Tables of what has happened and been planned: they go out only.

use serde_json::json;

use super::cells::{Field, Form, shown};
use super::words::{OUTCOMES, REPLAN_KINDS, RESOURCE_EVENTS, SCHEDULE_STATUSES, SWAP_MODES, SWAP_STATUSES};
use super::{Kind, out_only};
use crate::api::schedules::documents::ScheduleDocument;
use crate::api::service::duties::ReplanEventDocument;
use crate::api::service::swaps::SwapDocument;
use crate::api::sharing::resources::ResourceEventDocument;
use crate::domain::ConstraintProfile;

const SCHEDULES: &[Field] = &[
    shown("排班编号", "id", Form::Code),
    shown("单位", "unit", Form::Code),
    shown("周", "week", Form::Text),
    shown("周一日期", "weekStart", Form::Date),
    shown("天数", "days", Form::Whole),
    shown("状态", "status", Form::Word(SCHEDULE_STATUSES)),
    shown("规则方案", "profile", Form::Code),
    shown("方案版本", "profileVersion", Form::Whole),
    shown("求解结果", "outcome", Form::Word(OUTCOMES)),
    shown("创建时间", "createdAt", Form::Date),
    shown("排班时间", "plannedAt", Form::Date),
    shown("发布时间", "publishedAt", Form::Date),
];

const PROFILES: &[Field] = &[
    shown("方案编号", "id", Form::Code),
    shown("名称", "name", Form::Text),
    shown("单位", "unit", Form::Code),
    shown("最新版本", "latest", Form::Whole),
];

const SWAPS: &[Field] = &[
    shown("换班编号", "id", Form::Code),
    shown("排班", "schedule", Form::Code),
    shown("班次号", "assignment", Form::Whole),
    shown("岗位", "post", Form::Code),
    shown("站点", "station", Form::Code),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("提出人", "giver", Form::Code),
    shown("接受人", "taker", Form::Code),
    shown("交换班次号", "for", Form::Whole),
    shown("审批方式", "mode", Form::Word(SWAP_MODES)),
    shown("状态", "status", Form::Word(SWAP_STATUSES)),
    shown("原因", "reason", Form::Text),
    shown("提出时间", "createdAt", Form::Date),
    shown("决定时间", "decidedAt", Form::Date),
];

const REPLAN_EVENTS: &[Field] = &[
    shown("事件编号", "id", Form::Code),
    shown("事件", "kind", Form::Word(REPLAN_KINDS)),
    shown("排班", "schedule", Form::Code),
    shown("岗位", "post", Form::Code),
    shown("站点", "station", Form::Code),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("人员", "person", Form::Code),
    shown("原因", "reason", Form::Text),
    shown("时间", "at", Form::Date),
];

const EVENTS_OF_RESOURCES: &[Field] = &[
    shown("事件编号", "id", Form::Code),
    shown("时间", "at", Form::Date),
    shown("事件", "kind", Form::Word(RESOURCE_EVENTS)),
    shown("资源", "resource", Form::Code),
    shown("预订", "booking", Form::Code),
    shown("开始日期", "fromDate", Form::Date),
    shown("结束日期", "toDate", Form::Date),
    shown("操作人", "actor", Form::Text),
    shown("原因", "reason", Form::Text),
];

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    out_only!("schedules" "schedule" "排班" SCHEDULES, schedules, ScheduleFilter,
        |schedule| ScheduleDocument::new(schedule, None),
        "排班只能导出：由 /api/v1/schedules 生成",
        "schedules are only exported: they are planned at /api/v1/schedules"),
    out_only!("constraint-profiles" "constraint profile" "规则方案" PROFILES, profiles, ProfileFilter,
        |profile: ConstraintProfile| json!({"id": profile.id.to_string(), "name": profile.name,
            "unit": profile.unit.map(|unit| unit.to_string()), "latest": profile.latest}),
        "规则方案只能导出：每次修改都成为新版本，请用 /api/v1/constraint-profiles",
        "constraint profiles are only exported: each edit is a new version, at /api/v1/constraint-profiles"),
    out_only!("swaps" "swap" "换班" SWAPS, swaps, SwapFilter, SwapDocument::from,
        "换班只能导出：由本人用 /api/v1/swaps 提出",
        "swaps are only exported: people offer their own duties at /api/v1/swaps"),
    out_only!("replan-events" "replan event" "调班事件" REPLAN_EVENTS, replan_events, ReplanEventFilter,
        ReplanEventDocument::from,
        "调班事件只能导出：它们记录已发生的事",
        "replan events are only exported: they record what has happened"),
    out_only!("resource-events" "resource event" "资源事件" EVENTS_OF_RESOURCES, resource_events, ResourceEventFilter,
        ResourceEventDocument::from,
        "资源事件只能导出：它们记录已发生的事",
        "resource events are only exported: they record what has happened"),
];
