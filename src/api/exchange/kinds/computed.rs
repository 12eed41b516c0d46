//! Tables of what the server computes or fixes itself: they go out only.

use std::collections::HashSet;

use serde_json::Value;

use super::cells::{Field, Form, shown};
use super::words::QUOTA_KINDS;
use super::{Import, Kind, Reader, documents};
use crate::api::receptions::quotas::QuotaProgress;
use crate::api::resources::rules::{Rule, catalogue};
use crate::api::service::open_duties::{last_day, open_duties};
use crate::db::posts::PostFilter;
use crate::db::units::{self, UnitFilter};
use crate::db::{Connection, DbResult, MAX_PAGE, Page, Slice};
use crate::domain::{Right, UnitId, local, local_date};
use crate::reception::quota::{progress, year_of_day};

const RULES: &[Field] = &[
    shown("规则", "code", Form::Code),
    shown("名称", "name", Form::Text),
    shown("层级", "tier", Form::Whole),
    shown("默认启用", "on", Form::Flag),
    shown("权重", "weight", Form::Whole),
    shown("参数", "parameters", Form::Text),
    shown("说明", "zh", Form::Text),
    shown("英文说明", "en", Form::Text),
];

const OPEN_DUTIES: &[Field] = &[
    shown("岗位", "post", Form::Code),
    shown("排班", "schedule", Form::Code),
    shown("站点", "station", Form::Code),
    shown("站点名称", "stationName", Form::Text),
    shown("日期", "date", Form::Date),
    shown("开始时间", "startMinute", Form::Time),
    shown("结束时间", "endMinute", Form::Time),
    shown("技能", "skill", Form::Code),
    shown("现有人数", "heads", Form::Whole),
    shown("低于最少", "missing", Form::Whole),
    shown("低于目标", "wanted", Form::Whole),
];

const PROGRESS: &[Field] = &[
    shown("任务类型", "kind", Form::Word(QUOTA_KINDS)),
    shown("人员或站点", "subject", Form::Code),
    shown("姓名或名称", "name", Form::Text),
    shown("应完成", "target", Form::Whole),
    shown("已完成", "done", Form::Whole),
    shown("已安排", "ahead", Form::Whole),
    shown("还缺", "missing", Form::Whole),
    shown("进度落后", "isBehind", Form::Flag),
];

fn rule(rule: Rule) -> Value {
    let mut row = serde_json::to_value(rule).unwrap_or_default();
    let one = |parameter: &Value| {
        let text = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| parameter[name].to_string();
        format!("{}：{}={}（{} 至 {}）", text("zh"), text("key"), number("default"), number("min"), number("max"))
    };
    let parameters: Vec<String> = row["parameters"].as_array().into_iter().flatten().map(one).collect();
    row["parameters"] = Value::from(parameters.join("；"));
    row
}

/// The open duties of the next two weeks, as the list has them when it is asked for no other days.
fn duties(conn: &mut Connection, page: &Page, reader: &Reader<'_>) -> DbResult<(Vec<Value>, Option<String>)> {
    let now = local(reader.now);
    let filter = PostFilter { from: Some(now.date()), to: Some(last_day(now.date())), ..PostFilter::default() };
    Ok(documents(open_duties(conn, &filter, page, now)?, |duty| duty))
}

/// The roots of what the reader inspects.
fn roots(conn: &mut Connection, reader: &Reader<'_>) -> DbResult<Vec<UnitId>> {
    let own = reader.who.roots(Right::Inspect);
    if !own.contains(&None) {
        return Ok(own.into_iter().flatten().cloned().collect());
    }
    let mut page = Page::first(MAX_PAGE);
    let mut tops = Vec::new();
    loop {
        let slice = units::list(conn, &UnitFilter::default(), &page)?;
        tops.extend(slice.items.into_iter().filter(|unit| unit.parent.is_none()).map(|unit| unit.id));
        match slice.next {
            Some(next) => page.after = Some(next),
            None => return Ok(tops),
        }
    }
}

/// How everybody whom the reader inspects stands in the present year.
fn standing(conn: &mut Connection, _page: &Page, reader: &Reader<'_>) -> DbResult<(Vec<Value>, Option<String>)> {
    let today = local_date(reader.now);
    let mut seen = HashSet::new();
    let mut items = Vec::new();
    for root in roots(conn, reader)? {
        for row in progress(conn, &root, year_of_day(today), today)? {
            // Roles may hold in a unit and in one below it.
            if seen.insert((row.kind, row.subject.clone())) {
                items.push(row);
            }
        }
    }
    Ok(documents(Slice { items, next: None }, QuotaProgress::from))
}

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "rules",
        entity: "rule",
        title: "规则",
        fields: RULES,
        import: Import::Elsewhere(
            "规则目录只能导出：开关、权重和参数请用 /api/v1/constraint-profiles",
            "the catalogue of rules is only exported: switch and weigh rules at /api/v1/constraint-profiles",
        ),
        fetch: |_conn, _page, _reader| Ok((catalogue().map(rule).collect(), None)),
    },
    Kind {
        name: "open-duties",
        entity: "open duty",
        title: "待认领班次",
        fields: OPEN_DUTIES,
        import: Import::Elsewhere(
            "待认领班次只能导出：由本人用 /api/v1/open-duties 认领",
            "open duties are only exported: people claim them at /api/v1/open-duties",
        ),
        fetch: duties,
    },
    Kind {
        name: "quota-progress",
        entity: "quota progress",
        title: "任务进度",
        fields: PROGRESS,
        import: Import::Elsewhere(
            "任务进度只能导出：它由任务、接待和走访算出",
            "progress is only exported: it follows from quotas, receptions and visits",
        ),
        fetch: standing,
    },
];
