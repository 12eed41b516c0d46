//! Tables of reception days, visits and what is owed of them.

use super::cells::{Field, Form, may, need, shown};
use super::words::{QUOTA_KINDS, RECEPTION_STATUSES, VISIT_STATUSES};
use super::{Kind, both_ways, out_only};
use crate::api::receptions::documents::ReceptionDocument;
use crate::api::receptions::quotas::QuotaDocument;
use crate::api::receptions::visits::VisitDocument;

const RECEPTIONS: &[Field] = &[
    shown("接待编号", "id", Form::Code),
    shown("标题", "title", Form::Text),
    shown("站点", "station", Form::Code),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("结束时间", "endMinute", Form::Time),
    shown("每段分钟", "slotMinutes", Form::Whole),
    shown("每段人数", "perSlot", Form::Whole),
    shown("场所", "venue", Form::Code),
    shown("接待人", "host", Form::Code),
    shown("代表委员", "deputies", Form::Codes),
    shown("状态", "status", Form::Word(RECEPTION_STATUSES)),
    shown("公告时间", "announcedAt", Form::Date),
    shown("原定日期", "movedFrom", Form::Date),
    shown("顺延原因", "movedBecause", Form::Text),
    shown("记录时间", "recordedAt", Form::Date),
    shown("记录期限", "handoverDue", Form::Date),
];

const VISITS: &[Field] = &[
    may("走访编号", "id", Form::Code, "新增可留空", "vi-1"),
    may("人员编号", "person", Form::Code, "待安排的留空", "d-1"),
    need("走访单位", "unit", Form::Code, "单位编码", "220102001001"),
    may("日期", "date", Form::Date, "待安排的留空", "2026-12-03"),
    may("开始时间", "startMinute", Form::Time, "待安排的留空", "09:00"),
    may("结束时间", "endMinute", Form::Time, "待安排的留空", "11:00"),
    need("户数", "households", Form::Whole, "", "6"),
    need("状态", "status", Form::Word(VISIT_STATUSES), "从列表选择", "计划"),
    may("记录", "note", Form::Text, "", ""),
    may("可走访起", "wantedFrom", Form::Date, "待安排的填写", ""),
    may("可走访止", "wantedUntil", Form::Date, "待安排的填写", ""),
    may("最早时间", "earliestMinute", Form::Time, "留空为 08:00", ""),
    may("最晚时间", "latestMinute", Form::Time, "留空为 18:00", ""),
    may("时长", "minutes", Form::Whole, "分钟，待安排的填写", ""),
    may("可走访人员", "candidates", Form::Codes, "留空为本街道代表", ""),
];

const QUOTAS: &[Field] = &[
    may("任务编号", "id", Form::Code, "新增可留空", "qu-1"),
    need("类型", "kind", Form::Word(QUOTA_KINDS), "从列表选择", "代表接待"),
    may("人员编号", "person", Form::Code, "代表任务填写", "d-1"),
    may("站点", "station", Form::Code, "站点任务填写", ""),
    need("年份", "year", Form::Whole, "", "2026"),
    need("应完成次数", "target", Form::Whole, "", "2"),
    need("此前已完成", "doneBefore", Form::Whole, "没有填 0", "0"),
];

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    out_only!("receptions" "reception" "接待日" RECEPTIONS, receptions, ReceptionFilter,
        |reception| ReceptionDocument::new(reception, &[], Vec::new()),
        "接待日只能导出：安排、公告和记录各有检查，请用 /api/v1/receptions",
        "receptions are only exported: planning, announcing and recording have checks of their own at /api/v1/receptions"),
    both_ways!("visits" "visit" "走访" VISITS, VisitDocument, visits, VisitFilter),
    both_ways!("quotas" "quota" "接待走访任务" QUOTAS, QuotaDocument, quotas, QuotaFilter),
];
