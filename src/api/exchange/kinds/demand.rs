//! Tables of what is to be staffed, and of the statutory calendar.

use serde_json::{Value, json};

use super::cells::{Field, Form, may, need, shown};
use super::words::DEMAND_DAYS;
use super::{Import, Kind, Reader, both_ways};
use crate::api::resources::demand_templates::TemplateDocument;
use crate::api::resources::posts::PostDocument;
use crate::api::resources::shift_types::ShiftTypeDocument;
use crate::db::{Connection, DbResult, Page};

const SHIFT_TYPES: &[Field] = &[
    may("班次类型编号", "id", Form::Code, "新增可留空", "evening"),
    need("名称", "name", Form::Text, "", "晚班"),
    may("希望最少连续天数", "minConsecutiveDays", Form::Whole, "", ""),
    may("希望最多连续天数", "maxConsecutiveDays", Form::Whole, "", "3"),
    may("次日不可接", "forbiddenNext", Form::Codes, "班次类型编号，以、分隔", "morning"),
];

const TEMPLATES: &[Field] = &[
    may("需求编号", "id", Form::Code, "新增可留空", "te-1"),
    need("站点", "station", Form::Code, "站点编号", "st-1"),
    need("名称", "name", Form::Text, "", "窗口上午"),
    need("日子", "days", Form::Words(DEMAND_DAYS), "周一至周日为工作日，休息日为法定休息日，以、分隔", "周一、周二"),
    need("开始时间", "startMinute", Form::Time, "", "08:30"),
    need("结束时间", "endMinute", Form::Time, "", "12:00"),
    may("技能", "skill", Form::Code, "技能编号", ""),
    need("技能等级", "skillLevel", Form::Whole, "1 起", "1"),
    may("班次类型", "shiftType", Form::Code, "", ""),
    need("最少人数", "minHeads", Form::Whole, "", "1"),
    need("目标人数", "targetHeads", Form::Whole, "", "1"),
    need("最多人数", "maxHeads", Form::Whole, "", "2"),
    need("优先级", "priority", Form::Whole, "1 起", "1"),
    may("新老搭配", "mix", Form::Flag, "", "否"),
    may("开始日期", "validFrom", Form::Date, "", ""),
    may("结束日期", "validTo", Form::Date, "", ""),
];

const POSTS: &[Field] = &[
    may("岗位编号", "id", Form::Code, "新增可留空", "po-1"),
    need("站点", "station", Form::Code, "站点编号", "st-1"),
    need("日期", "date", Form::Date, "", "2026-12-01"),
    need("开始时间", "startMinute", Form::Time, "", "08:30"),
    need("结束时间", "endMinute", Form::Time, "", "12:00"),
    may("技能", "skill", Form::Code, "技能编号", ""),
    need("技能等级", "skillLevel", Form::Whole, "1 起", "1"),
    may("班次类型", "shiftType", Form::Code, "", ""),
    need("最少人数", "minHeads", Form::Whole, "", "1"),
    need("目标人数", "targetHeads", Form::Whole, "", "1"),
    need("最多人数", "maxHeads", Form::Whole, "", "2"),
    need("优先级", "priority", Form::Whole, "1 起", "1"),
    may("新老搭配", "mix", Form::Flag, "", "否"),
];

const CALENDARS: &[Field] = &[
    shown("年份", "year", Form::Whole),
    shown("已公布", "published", Form::Flag),
    shown("文件", "source", Form::Text),
    shown("日期", "date", Form::Date),
    shown("休息", "isOff", Form::Flag),
    shown("名称", "name", Form::Text),
    shown("来源", "daySource", Form::Text),
];

/// A row for each day that a calendar lists, and one for a year that lists none.
fn calendar_days(conn: &mut Connection, page: &Page, _reader: &Reader<'_>) -> DbResult<(Vec<Value>, Option<String>)> {
    let slice = crate::db::calendar::list(conn, page)?;
    let mut rows = Vec::new();
    for calendar in slice.items {
        let year = json!({"year": calendar.year, "published": calendar.published, "source": calendar.source});
        let before = rows.len();
        for day in calendar.days {
            let mut row = year.clone();
            row["date"] = json!(day.date);
            row["isOff"] = json!(day.is_off);
            row["name"] = json!(day.name);
            row["daySource"] = json!(day.source);
            rows.push(row);
        }
        if rows.len() == before {
            rows.push(year);
        }
    }
    Ok((rows, slice.next))
}

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    both_ways!("shift-types" "shift type" "班次类型" SHIFT_TYPES, ShiftTypeDocument, shift_types, ShiftTypeFilter),
    both_ways!("demand-templates" "demand template" "岗位需求" TEMPLATES, TemplateDocument, demand_templates, TemplateFilter),
    both_ways!("posts" "post" "岗位" POSTS, PostDocument, posts, PostFilter),
    Kind {
        name: "calendars",
        entity: "calendar",
        title: "法定日历",
        fields: CALENDARS,
        import: Import::Elsewhere(
            "法定日历只能导出；导入用 /api/v1/calendar-imports（JSON 或 iCalendar）",
            "calendars are only exported: import them as JSON or iCalendar at /api/v1/calendar-imports",
        ),
        fetch: calendar_days,
    },
];
