//! What can go in and out as a table: for each kind its columns, and how a row becomes the JSON document that the REST
//! interface reads, so that both obey the same checks.
//!
//! A new kind is one entry of [`KINDS`]: its columns, and the functions that the macro makes of its document and table.

use serde_json::{Map, Value};

use crate::api::lang::Text;
use crate::api::problem::Problem;
use crate::api::resources::availability::AvailabilityDocument;
use crate::api::resources::people::PersonDocument;
use crate::api::resources::posts::PostDocument;
use crate::api::resources::skills::SkillDocument;
use crate::api::resources::stations::StationDocument;
use crate::api::resources::units::UnitDocument;
use crate::api::resources::{EntityDocument, id_at};
use crate::db::placement::Placed;
use crate::db::{Connection, DbError, DbResult, Page, Slice, Tx};
use crate::domain::{Entropy, TextId, Visible};
use crate::exchange::table::Cell;
use crate::exchange::workbook::Column;

/// How a cell and a field of a document are written.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Text as it is.
    Text,
    /// A code or telephone number: text, never a number, since digits would be lost.
    Code,
    /// A whole number.
    Whole,
    /// A date, `2026-11-30`.
    Date,
    /// 是 or 否.
    Flag,
    /// A minute of the day as `08:30`; after midnight `25:00`.
    Time,
    /// One word of a list, in Chinese.
    Word(&'static [(&'static str, &'static str)]),
    /// Codes separated by 、 or ;.
    Codes,
}

/// A column and the field that it fills.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As it is written.
    pub column: Column,
    /// Name in the document.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// Must be filled in.
    pub required: bool,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was added.
    Created,
    /// It changed what was stored.
    Updated,
    /// It says what is stored already.
    Unchanged,
}

/// How a row may be stored: within the author's rights.
pub type Allow<'a> = &'a dyn Fn(&mut Connection, Option<String>, &str) -> DbResult<Option<String>>;

/// A change for the audit trail: id, place, documents before and after.
pub type Told = (String, Option<String>, Option<String>, Option<String>);

/// Why a row cannot be stored.
pub enum Refusal {
    /// The row is wrong.
    Row(Problem),
    /// The database fails.
    Database(DbError),
}

type Save = fn(&mut Tx<'_>, Map<String, Value>, Allow<'_>, &dyn Fn() -> String) -> Result<(Stored, Told), Refusal>;
type Fetch = fn(&mut Connection, &Page) -> DbResult<(Vec<Value>, Option<String>)>;

/// A kind of table.
pub struct Kind {
    /// In addresses.
    pub name: &'static str,
    /// In the audit trail.
    pub entity: &'static str,
    /// Title of the sheet.
    pub title: &'static str,
    /// Columns; the first holds the id.
    pub fields: &'static [Field],
    /// Stores a row.
    pub save: Save,
    /// Reads a page.
    pub fetch: Fetch,
    /// Prefix of ids that the server makes; none where everybody brings their own.
    pub prefix: Option<&'static str>,
}

const fn field(
    header: &'static str,
    name: &'static str,
    form: Form,
    required: bool,
    note: &'static str,
    choices: &'static [&'static str],
    example: &'static str,
) -> Field {
    Field { column: Column { header, note, choices, example }, name, form, required }
}

const YES_NO: &[&str] = &["是", "否"];

const LEVELS: &[(&str, &str)] =
    &[("市", "city"), ("区县", "district"), ("街道", "street"), ("社区", "community"), ("服务点", "point")];

const CATEGORIES: &[(&str, &str)] = &[
    ("挂职干部", "secondedCadre"),
    ("分流人员", "reassignedStaff"),
    ("招聘人员", "recruitedStaff"),
    ("党员志愿者", "volunteer"),
    ("两代表一委员", "deputy"),
    ("信息员", "informationOfficer"),
];

const WISHES: &[(&str, &str)] = &[("不可用", "unavailable"), ("不希望", "undesired"), ("希望", "desired")];

const UNITS: &[Field] = &[
    field("单位编码", "id", Form::Code, true, "12 位区划码，服务点 15 位", &[], "220102001000"),
    field("上级编码", "parent", Form::Code, false, "最上级留空", &[], "220102000000"),
    field("级别", "level", Form::Word(LEVELS), true, "从列表选择", &["市", "区县", "街道", "社区", "服务点"], "街道"),
    field("名称", "name", Form::Text, true, "", &[], "自强街道"),
];

const PEOPLE: &[Field] = &[
    field("人员编号", "id", Form::Code, false, "新增人员可留空", &[], "p-001"),
    field("姓名", "name", Form::Text, true, "", &[], "单雪梅"),
    field("拼音", "sortKey", Form::Text, true, "排序用，注意姓氏读音", &[], "shan xuemei"),
    field(
        "类别",
        "category",
        Form::Word(CATEGORIES),
        true,
        "从列表选择",
        &["挂职干部", "分流人员", "招聘人员", "党员志愿者", "两代表一委员", "信息员"],
        "党员志愿者",
    ),
    field("所属单位", "homeUnit", Form::Code, true, "单位编码", &[], "220102001001"),
    field("电话", "phone", Form::Code, false, "文本；打码的号码不改动原号码", &[], "13800000001"),
    field("合同", "contract", Form::Code, false, "合同编号", &[], "co-1"),
    field("启用日期", "activeFrom", Form::Date, false, "", &[], "2026-01-01"),
    field("停用日期", "activeTo", Form::Date, false, "", &[], "2026-12-31"),
    field("实习", "trainee", Form::Flag, false, "", YES_NO, "否"),
    field("新人", "newcomer", Form::Flag, false, "", YES_NO, "否"),
    field("兼信息员", "informationOfficer", Form::Flag, false, "", YES_NO, "否"),
    field("服务范围", "scope", Form::Codes, false, "单位编码，以、分隔；空为所属单位", &[], "220102001000"),
];

const AVAILABILITY: &[Field] = &[
    field("编号", "id", Form::Code, false, "新增可留空", &[], "av-1"),
    field("人员编号", "person", Form::Code, true, "", &[], "p-001"),
    field("意愿", "kind", Form::Word(WISHES), true, "从列表选择", &["不可用", "不希望", "希望"], "不可用"),
    field("星期", "weekday", Form::Whole, false, "1 周一至 7 周日；按日期填写时留空", &[], "3"),
    field("开始日期", "fromDate", Form::Date, false, "", &[], "2026-12-01"),
    field("结束日期", "toDate", Form::Date, false, "", &[], "2026-12-03"),
    field("开始时间", "startMinute", Form::Time, true, "", &[], "00:00"),
    field("结束时间", "endMinute", Form::Time, true, "", &[], "24:00"),
    field("班次类型", "shiftType", Form::Code, false, "仅用于意愿", &[], ""),
    field("站点", "station", Form::Code, false, "仅用于意愿", &[], ""),
    field("权重", "weight", Form::Whole, true, "1 起", &[], "1"),
    field("原因", "reason", Form::Text, false, "", &[], "培训"),
];

const POSTS: &[Field] = &[
    field("岗位编号", "id", Form::Code, false, "新增可留空", &[], "po-1"),
    field("站点", "station", Form::Code, true, "站点编号", &[], "st-1"),
    field("日期", "date", Form::Date, true, "", &[], "2026-12-01"),
    field("开始时间", "startMinute", Form::Time, true, "", &[], "08:30"),
    field("结束时间", "endMinute", Form::Time, true, "", &[], "12:00"),
    field("技能", "skill", Form::Code, false, "技能编号", &[], ""),
    field("技能等级", "skillLevel", Form::Whole, true, "1 起", &[], "1"),
    field("班次类型", "shiftType", Form::Code, false, "", &[], ""),
    field("最少人数", "minHeads", Form::Whole, true, "", &[], "1"),
    field("目标人数", "targetHeads", Form::Whole, true, "", &[], "1"),
    field("最多人数", "maxHeads", Form::Whole, true, "", &[], "2"),
    field("优先级", "priority", Form::Whole, true, "1 起", &[], "1"),
    field("新老搭配", "mix", Form::Flag, false, "", YES_NO, "否"),
];

const SKILLS: &[Field] = &[
    field("技能编号", "id", Form::Code, false, "新增可留空", &[], "sk-medical"),
    field("名称", "name", Form::Text, true, "", &[], "医疗"),
];

const STATION_KINDS: &[(&str, &str)] = &[];

const STATIONS: &[Field] = &[
    field("站点编号", "id", Form::Code, false, "新增可留空", &[], "st-1"),
    field("所属单位", "unit", Form::Code, true, "单位编码", &[], "220102001001"),
    field("名称", "name", Form::Text, true, "", &[], "桃源社区站"),
    field("类型", "kind", Form::Word(STATION_KINDS), true, "如 workStation", &[], "workStation"),
    field("全天开放", "alwaysOpen", Form::Flag, false, "否则按已录入的开放时间", YES_NO, "否"),
];

fn save_row<D>(
    tx: &mut Tx<'_>,
    row: Map<String, Value>,
    allow: Allow<'_>,
    fresh: &dyn Fn() -> String,
    get: fn(&mut Connection, &D::Id) -> DbResult<D::Entity>,
    insert: fn(&mut Tx<'_>, &D::Entity) -> DbResult<()>,
    update: fn(&mut Tx<'_>, &D::Entity) -> DbResult<i64>,
    version: fn(&D::Entity) -> i64,
) -> Result<(Stored, Told), Refusal>
where
    D: EntityDocument + serde::de::DeserializeOwned,
    D::Entity: Placed + Clone,
{
    let json = |document: &D| serde_json::to_value(document).unwrap_or_default();
    let named = row.get("id").and_then(Value::as_str).map(str::to_owned);
    let id: D::Id = id_at(&named.unwrap_or_else(fresh), "/id").map_err(Refusal::Row)?;
    let stored = match get(tx, &id) {
        Ok(entity) => Some(entity),
        Err(DbError::NotFound { .. }) => None,
        Err(error) => return Err(Refusal::Database(error)),
    };
    // What the table has no column for stays as it is.
    let before = stored.clone().map(|entity| json(&D::from_entity(entity)));
    let mut wanted = before.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    wanted.extend(row);
    wanted.insert("id".to_owned(), Value::from(id.as_str()));
    let told = |path, after: Option<Value>| {
        let text = |value: Option<&Value>| value.map(ToString::to_string);
        (id.as_str().to_owned(), path, text(before.as_ref()), text(after.as_ref()))
    };
    if let Some(entity) = &stored {
        let place = entity.path(tx).map_err(Refusal::Database)?;
        allow(tx, place.clone(), id.as_str()).map_err(of_row)?;
        if before.as_ref() == Some(&Value::Object(wanted.clone())) {
            return Ok((Stored::Unchanged, told(place, None)));
        }
    }
    let bytes = serde_json::to_vec(&wanted).unwrap_or_default();
    let document: D = crate::api::extract::parse(&bytes).map_err(Refusal::Row)?;
    let mut entity = document.into_entity(id.clone(), stored.as_ref().map_or(1, version)).map_err(Refusal::Row)?;
    let done = match &stored {
        Some(stored) => {
            D::keep_unseen(&mut entity, stored);
            update(tx, &entity).map_err(of_row)?;
            Stored::Updated
        }
        None => {
            insert(tx, &entity).map_err(of_row)?;
            Stored::Created
        }
    };
    let place = entity.path(tx).map_err(of_row)?;
    allow(tx, place.clone(), id.as_str()).map_err(of_row)?;
    let after = json(&D::from_entity(entity));
    Ok((done, told(place, Some(after))))
}

/// What the row is to blame for, and what it is not.
fn of_row(error: DbError) -> Refusal {
    match error {
        DbError::NotFound { kind, id } => Refusal::Row(
            Problem::new(crate::api::problem::Code::UnknownReference)
                .detail(format!("没有 {kind} {id}"), format!("there is no {kind} {id}")),
        ),
        DbError::Conflict { .. } | DbError::Invalid { .. } | DbError::Forbidden(_) | DbError::Stale { .. } => {
            Refusal::Row(Problem::from(error))
        }
        other => Refusal::Database(other),
    }
}

fn documents<D: EntityDocument>(slice: Slice<D::Entity>) -> (Vec<Value>, Option<String>) {
    let json = |entity| serde_json::to_value(D::from_entity(entity)).unwrap_or_default();
    (slice.items.into_iter().map(json).collect(), slice.next)
}

macro_rules! kinds {
    ($($constant:ident: $name:literal $entity:literal $title:literal $fields:ident $prefix:expr,
        $document:ident, $table:ident, $filter:ty;)*) => {
        $(const $constant: Kind = Kind {
            name: $name,
            entity: $entity,
            title: $title,
            fields: $fields,
            prefix: $prefix,
            save: |tx, row, allow, fresh| {
                save_row::<$document>(
                    tx,
                    row,
                    allow,
                    fresh,
                    crate::db::$table::get,
                    crate::db::$table::insert,
                    crate::db::$table::update,
                    |entity| entity.version,
                )
            },
            fetch: |conn, page| {
                crate::db::$table::list(conn, &<$filter>::default(), page).map(documents::<$document>)
            },
        };)*

        /// Every kind.
        pub const KINDS: &[Kind] = &[$($constant),*];
    };
}

kinds! {
    OF_UNITS: "units" "unit" "单位" UNITS None, UnitDocument, units, crate::db::units::UnitFilter;
    OF_PEOPLE: "people" "person" "人员" PEOPLE Some("pe"), PersonDocument, people, crate::db::people::PersonFilter;
    OF_AVAILABILITY: "availability" "availability" "可用时间" AVAILABILITY Some("av"), AvailabilityDocument, availability,
        crate::db::availability::AvailabilityFilter;
    OF_POSTS: "posts" "post" "岗位" POSTS Some("po"), PostDocument, posts, crate::db::posts::PostFilter;
    OF_SKILLS: "skills" "skill" "技能" SKILLS Some("sk"), SkillDocument, skills, crate::db::skills::SkillFilter;
    OF_STATIONS: "stations" "station" "站点" STATIONS Some("st"), StationDocument, stations,
        crate::db::stations::StationFilter;
}

/// The kind of this name.
#[must_use]
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// A new id.
#[must_use]
pub fn fresh_id(prefix: &str, now: chrono::DateTime<chrono::Utc>, entropy: &dyn Entropy) -> String {
    let post = crate::domain::PostId::fresh(now, entropy);
    format!("{prefix}{}", post.as_str().trim_start_matches("po"))
}

/// Everything of a kind that somebody may see, as rows of text.
///
/// # Errors
/// Those of the connection.
pub fn rows(conn: &mut Connection, kind: &Kind, visible: &Visible) -> DbResult<Vec<Vec<String>>> {
    let mut all = Vec::new();
    let mut page = Page { visible: visible.clone(), ..Page::first(crate::db::MAX_PAGE) };
    loop {
        let (items, next) = (kind.fetch)(conn, &page)?;
        all.extend(items.iter().map(|item| kind.fields.iter().map(|field| written(field, item)).collect()));
        match next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// A field of a document as it stands in a cell.
fn written(field: &Field, document: &Value) -> String {
    match (field.form, document.get(field.name)) {
        (_, None | Some(Value::Null)) => String::new(),
        (Form::Flag, Some(Value::Bool(flag))) => if *flag { "是" } else { "否" }.to_owned(),
        (Form::Time, Some(value)) => {
            let minute = value.as_u64().unwrap_or(0);
            format!("{:02}:{:02}", minute / 60, minute % 60)
        }
        (Form::Word(words), Some(Value::String(word))) => {
            words.iter().find(|(_, known)| known == word).map_or_else(|| word.clone(), |(zh, _)| (*zh).to_owned())
        }
        (Form::Codes, Some(Value::Array(codes))) => {
            codes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、")
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    }
}

/// The field's value of a cell.
///
/// # Errors
/// What is wrong with the cell.
pub fn parsed(field: &Field, cell: &Cell) -> Result<Value, Text> {
    let text = match (cell, field.form) {
        (Cell::Formula, _) => return Err(Text::new("是公式，请粘贴为数值", "it is a formula: paste the value")),
        (Cell::Error, _) => return Err(Text::new("单元格有错误值", "the cell holds an error")),
        (Cell::Merged, _) => {
            return Err(Text::new("是合并单元格，请取消合并", "the cell is part of a merged stretch: unmerge it"));
        }
        (Cell::Number(number), Form::Code | Form::Codes) => {
            return Err(Text::new(
                format!("编码或号码被存成了数字 {number:E}，可能已丢失数位，请设为文本后重填"),
                format!("a code is stored as the number {number:E} and may have lost digits: format it as text"),
            ));
        }
        (Cell::Number(number), Form::Whole) if number.fract() == 0.0 && number.abs() < 1e9 => format!("{number:.0}"),
        (Cell::Number(number), Form::Time) if (0.0..2.0).contains(number) => {
            let minutes = (number * 1440.0).round();
            format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        (Cell::Number(_), _) => return Err(Text::new("类型不对，应为文本", "the cell holds a number and needs text")),
        (Cell::Date(date), Form::Date) => date.clone(),
        (Cell::Date(_), _) => return Err(Text::new("类型不对，不应为日期", "the cell holds a date and needs text")),
        (Cell::Text(text), _) => text.trim().to_owned(),
    };
    if text.is_empty() {
        if field.required {
            return Err(Text::new("必填", "it must be filled in"));
        }
        return Ok(match field.form {
            Form::Flag => Value::Bool(false),
            Form::Codes => Value::Array(Vec::new()),
            _ => Value::Null,
        });
    }
    let wrong = |zh: &str, en: &str| Text::new(format!("“{text}”{zh}"), format!("{text:?} {en}"));
    match field.form {
        Form::Code if text.contains("E+") || text.contains("e+") => {
            Err(wrong("是科学计数法，数位已丢失，请重填", "has lost digits: fill the code in anew, as text"))
        }
        Form::Text | Form::Code | Form::Word([]) => Ok(Value::from(text)),
        Form::Whole => text.parse::<u32>().map(Value::from).map_err(|_| wrong("不是整数", "is no whole number")),
        Form::Date => {
            let plain = text.replace(['/', '.'], "-");
            let date = chrono::NaiveDate::parse_from_str(&plain, "%Y-%m-%d");
            date.map(|date| Value::from(date.to_string())).map_err(|_| wrong("不是日期", "is no date: 2026-11-30"))
        }
        Form::Flag => match text.as_str() {
            "是" | "true" | "TRUE" => Ok(Value::Bool(true)),
            "否" | "false" | "FALSE" => Ok(Value::Bool(false)),
            _ => Err(wrong("应为是或否", "is neither 是 nor 否")),
        },
        Form::Time => {
            let minute = text.replace('：', ":").split_once(':').and_then(|(hour, minute)| {
                let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
                (hour <= 47 && minute < 60).then_some(hour * 60 + minute)
            });
            minute.map(Value::from).ok_or_else(|| wrong("不是时间", "is no time: 08:30"))
        }
        Form::Word(words) => {
            let known = words.iter().find(|(zh, word)| *zh == text || *word == text);
            known.map(|(_, word)| Value::from(*word)).ok_or_else(|| wrong("不在可选项中", "is not one of the choices"))
        }
        Form::Codes => {
            let parts = text.split(['、', ';', '；', ',', '，']).map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(Value::from).collect()))
        }
    }
}
