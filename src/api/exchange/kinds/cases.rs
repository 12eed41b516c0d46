//! Tables of residents' cases and their categories. New rows of cases are taken in as a call would be; a case that is
//! known already changes by its moves only.

use serde_json::{Map, Value, json};

use super::cells::{Field, Form, may, need, same_text, shown, written};
use super::words::{CASE_STATUSES, CHANNELS, SATISFACTIONS};
use super::{Import, Importer, Kind, Refusal, Stored, Told, both_ways, check_shown, documents, of_row};
use crate::api::access::guard::allow_unit;
use crate::api::cases::case_for;
use crate::api::cases::categories::CaseCategoryDocument;
use crate::api::cases::documents::{CaseDocument, NewCase, ResidentDocument};
use crate::api::lang::Text;
use crate::api::problem::{Code, Problem};
use crate::api::resources::id_at;
use crate::cases::intake;
use crate::db::cases::{CaseFilter, CaseSort};
use crate::db::{DbError, Tx, units};
use crate::domain::{Case, CaseId, local_date};

const CATEGORIES: &[Field] = &[
    may("分类编号", "id", Form::Code, "新增可留空", "housing"),
    need("名称", "name", Form::Text, "", "房屋维修"),
    may("技能", "skill", Form::Code, "技能编号", ""),
    need("通常分钟", "minutes", Form::Whole, "", "90"),
    need("期限（工作日）", "workingDays", Form::Whole, "", "5"),
];

const CASES: &[Field] = &[
    shown("事项编号", "id", Form::Code),
    shown("事项号", "number", Form::Code),
    need("单位", "unit", Form::Code, "登记单位的编码", "220102001001"),
    need("来源", "channel", Form::Word(CHANNELS), "从列表选择", "热线"),
    need("事由", "subject", Form::Text, "一句话", "3号楼2单元楼道灯不亮"),
    may("详细情况", "description", Form::Text, "居民原话", "老人晚上上下楼不便"),
    may("地点", "address", Form::Text, "", "桃源路12号3号楼"),
    may("分类", "category", Form::Code, "分类编号", "housing"),
    may("紧急程度", "urgency", Form::Whole, "1 一般至 5", "2"),
    may("居民姓名", "residentName", Form::Text, "导出时打码", "张桂英"),
    may("居民电话", "residentPhone", Form::Code, "文本；导出时打码", "13800005678"),
    shown("状态", "status", Form::Word(CASE_STATUSES)),
    shown("办理人", "handler", Form::Code),
    shown("上报级数", "level", Form::Whole),
    shown("登记时间", "receivedAt", Form::Date),
    shown("期限", "deadline", Form::Date),
    shown("办结时间", "closedAt", Form::Date),
    shown("满意度", "satisfaction", Form::Word(SATISFACTIONS)),
];

/// The case as its table shows it, with the resident masked.
fn row_of(case: Case) -> Value {
    let resident = case.contact.map(|contact| ResidentDocument::new(contact, false));
    let (name, phone) = resident.map_or((None, None), |resident| (resident.name, resident.phone));
    json!({
        "id": case.id.as_str(), "number": case.number, "unit": case.intake_unit.as_str(),
        "channel": case.channel.as_str(), "subject": case.subject, "description": case.description,
        "address": case.address, "category": case.category.map(|id| id.to_string()), "urgency": case.urgency,
        "residentName": name, "residentPhone": phone, "status": case.status.as_str(),
        "handler": case.handler.map(|id| id.to_string()), "level": case.level, "receivedAt": case.received_at,
        "deadline": case.deadline, "closedAt": case.closed_at, "satisfaction": case.satisfaction.map(|said| said.as_str()),
    })
}

fn save_case(tx: &mut Tx<'_>, mut row: Map<String, Value>, importer: &Importer<'_>) -> Result<(Stored, Told), Refusal> {
    let named = row.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
    if let Some(named) = named {
        let id: CaseId = id_at(&named, "/id").map_err(Refusal::Row)?;
        return unchanged(tx, row, importer, &id);
    }
    check_shown(&mut row, importer.kind, None)?;
    let (name, phone) = (row.remove("residentName"), row.remove("residentPhone"));
    let is_given = |part: &Option<Value>| part.as_ref().is_some_and(|part| !part.is_null());
    if is_given(&name) || is_given(&phone) {
        row.insert("resident".to_owned(), json!({"name": name, "phone": phone}));
    }
    let bytes = serde_json::to_vec(&row).unwrap_or_default();
    let wanted: NewCase = crate::api::extract::parse(&bytes).map_err(Refusal::Row)?;
    let wanted = wanted.into_intake().map_err(Refusal::Row)?;
    let path = allow_unit(importer.who, tx, &wanted.unit).map_err(of_row)?;
    let taken_in = intake::receive(tx, wanted, &importer.who.actor, importer.now, importer.entropy);
    let case = taken_in.map_err(of_row).map_err(by_column)?;
    let has_parent = units::get(tx, &case.unit).map_err(of_row)?.parent.is_some();
    let id = case.id.as_str().to_owned();
    let document = CaseDocument::new(case, None, local_date(importer.now), has_parent);
    let after =
        serde_json::to_string(&document).map_err(|error| Refusal::Database(DbError::Internal(error.to_string())))?;
    Ok((Stored::Created, (id, path, None, Some(after))))
}

/// A row of a case that is known already must say what is stored.
fn unchanged(
    tx: &mut Tx<'_>,
    row: Map<String, Value>,
    importer: &Importer<'_>,
    id: &CaseId,
) -> Result<(Stored, Told), Refusal> {
    let case = case_for(importer.who, tx, id).map_err(of_row)?;
    let stored = row_of(case);
    for field in importer.kind.fields {
        let Some(given) = row.get(field.name) else { continue };
        let shown = written(field, &stored);
        // Shown columns come as they stand in their cell, the others as values.
        let same = match stored.get(field.name) {
            Some(known) if known == given => true,
            _ => same_text(given.as_str().unwrap_or_default(), &shown),
        };
        if !same {
            return Err(Refusal::Row(Problem::new(Code::InvalidValue).at(
                format!("/{}", field.name),
                Text::new(
                    "已登记的事项不能通过表格修改，请用办理操作",
                    "a registered case is not changed by a table: use its moves",
                ),
                Text::new("恢复导出时的内容", "leave it as exported"),
            )));
        }
    }
    Ok((Stored::Unchanged, (id.as_str().to_owned(), None, None, None)))
}

/// The resident's faults at the columns of the resident.
fn by_column(refusal: Refusal) -> Refusal {
    let Refusal::Row(mut problem) = refusal else { return refusal };
    for error in &mut problem.errors {
        match error.pointer.as_str() {
            "/resident/name" => "/residentName".clone_into(&mut error.pointer),
            "/resident/phone" => "/residentPhone".clone_into(&mut error.pointer),
            _ => {}
        }
    }
    Refusal::Row(problem)
}

/// Kinds of this subject.
pub const KINDS: &[Kind] = &[
    both_ways!("case-categories" "case category" "事项分类" CATEGORIES, CaseCategoryDocument, case_categories, CaseCategoryFilter),
    Kind {
        name: "cases",
        entity: "case",
        title: "民情事项",
        fields: CASES,
        import: Import::Rows(save_case),
        fetch: |conn, page, _reader| {
            let filter = CaseFilter { sort: CaseSort::Received, ..CaseFilter::default() };
            Ok(documents(crate::db::cases::list(conn, &filter, page)?, row_of))
        },
    },
];
