//! Spreadsheets in and out, and pages to print.

pub mod calendars;
pub mod kinds;
pub mod rosters;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, post, web};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use self::kinds::cells::{Field, Filling, parsed};
use self::kinds::{Importer, Kind, Reader, Refusal, Stored, kind, missing, rows};
use super::access::rights::Need;
use super::idempotency::{IdempotencyKey, mismatch};
use super::lang::{Lang, Text};
use super::openapi::{GetErrors, ImportErrors, TemplateErrors};
use super::problem::{Code, Problem};
use super::resources::{FromQuery, query_problem};
use super::state::AppState;
use crate::db::{ConflictKind, DbError, DbResult, Trail};
use crate::domain::{AuditDraft, Who};
use crate::exchange::table::{Cell, Row, Table, read};
use crate::exchange::workbook::{Column, table as workbook};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_template).service(export_table).service(import_table);
    rosters::configure(config);
    calendars::configure(config);
}

/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Most bytes of a file.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// What is read and thrown away of a larger file, so that its sender gets to see the refusal.
const MAX_DRAINED: usize = 96 * 1024 * 1024;

/// A workbook as an answer.
pub(in crate::api) fn file(name: &str, media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type.to_owned()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

fn known(name: &str) -> Result<&'static Kind, Problem> {
    kind(name).ok_or_else(|| Problem::new(Code::NotFound).detail("没有这种表格", "there is no such kind of table"))
}

fn columns<'a>(fields: impl Iterator<Item = &'a Field>) -> Vec<Column> {
    let column = |field: &Field| Column {
        header: field.header,
        note: field.note,
        choices: field.choices(),
        example: field.example,
    };
    fields.map(column).collect()
}

/// Answers the template of a table: headers, choices, and how to fill it in.
#[utoipa::path(tag = "exchange", params(
    ("kind" = String, Path, description = "Name of a list, such as `people` or `demand-templates`", example = "people"),
), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), TemplateErrors,
))]
#[get("/templates/{kind}.xlsx")]
pub async fn get_template(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = known(&name)?;
    kind.save()?;
    let filled_in = kind.fields.iter().filter(|field| field.filling != Filling::Shown);
    let bytes = workbook(kind.title, &columns(filled_in), &[], None).map_err(Problem::internal)?;
    Ok(file(&format!("{name}-template.xlsx"), XLSX, bytes))
}

/// Exports everything of a kind that the author sees, in the form in which it can be imported again; telephone numbers
/// masked, which an import leaves as they are. It asks for the right that the list of the kind asks for, and at
/// least for `inspect` but for rules, open duties and one's own keys.
#[utoipa::path(tag = "exchange", params(
    ("kind" = String, Path, description = "Name of a list, such as `people` or `bookings`", example = "people"),
), responses(
    (status = 200, description = "Workbook", body = String, content_type = XLSX, example = json!("PK…")), GetErrors,
))]
#[get("/exports/{kind}.xlsx")]
pub async fn export_table(
    state: web::Data<AppState>,
    who: Who,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let kind = known(&name)?;
    let who = match kind.exported_by() {
        Some(Need::Right(right)) if who.holds(right) => Who { asked: Some(right), ..who },
        Some(Need::Right(right)) => {
            return Err(Problem::new(Code::Forbidden)
                .detail(format!("需要 {right} 权限"), format!("this table needs the right `{right}`")));
        }
        Some(Need::SignedIn) => who,
        _ => return Err(Problem::new(Code::Forbidden)),
    };
    let now = state.clock.now();
    let rows = state.read(move |conn| rows(conn, kind, Reader { who: &who, now })).await?;
    let made = web::block(move || workbook(kind.title, &columns(kind.fields.iter()), &rows, None))
        .await
        .map_err(Problem::internal)?;
    Ok(file(&format!("{name}.xlsx"), XLSX, made.map_err(Problem::internal)?))
}

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// `true` checks every row and stores nothing.
    dry_run: Option<String>,
    /// `xlsx` answers a dry run with the same table and its errors in a red column; `json` unless given.
    report: Option<String>,
}

/// One wrong cell or row.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowError {
    /// Number of the row in the file, from 1.
    row: usize,
    /// Header of the column, if it is one.
    column: Option<String>,
    /// What is wrong, in the reader's language.
    cause: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "dryRun": true, "rows": 3, "created": 1, "updated": 1, "unchanged": 0,
    "errors": [{"row": 5, "column": "电话", "cause": "编码或号码被存成了数字"}]
}))]
pub struct ImportReport {
    /// Nothing was stored.
    dry_run: bool,
    /// Rows read.
    rows: usize,
    /// Rows that add something.
    created: usize,
    /// Rows that change something.
    updated: usize,
    /// Rows that say what is stored already.
    unchanged: usize,
    /// Every wrong place.
    errors: Vec<RowError>,
}

/// An error before its language is known.
struct Wrong {
    row: usize,
    column: Option<&'static str>,
    cause: Text,
}

#[derive(Default)]
struct Outcome {
    counts: [usize; 3],
    wrong: Vec<Wrong>,
    told: Vec<kinds::Told>,
}

async fn body_of(mut payload: web::Payload) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::BadRequest))?;
        seen += chunk.len();
        if seen <= MAX_FILE {
            bytes.extend_from_slice(&chunk);
        } else if seen > MAX_DRAINED {
            break;
        }
    }
    if seen > MAX_FILE {
        return Err(Problem::new(Code::BodyTooLarge).detail("文件最大 16 MB", "a file has at most 16 MB"));
    }
    Ok(bytes)
}

/// The values of a row by field, or what is wrong with its cells. `places` says at which cell each field stands.
fn values(
    kind: &Kind,
    row: &Row,
    places: &[Option<usize>],
    wrong: &mut Vec<Wrong>,
) -> Option<serde_json::Map<String, serde_json::Value>> {
    let before = wrong.len();
    let mut values = serde_json::Map::new();
    for (field, place) in kind.fields.iter().zip(places) {
        // A column that the table leaves out says nothing.
        let Some(place) = place else { continue };
        let empty = Cell::Text(String::new());
        match parsed(field, row.cells.get(*place).unwrap_or(&empty)) {
            Ok(value) if field.name == "id" && value.is_null() => {}
            Ok(value) => drop(values.insert(field.name.to_owned(), value)),
            Err(cause) => wrong.push(Wrong { row: row.number, column: Some(field.header), cause }),
        }
    }
    (wrong.len() == before).then_some(values)
}

/// Says of rows that repeat an id, the name and the number of a person, or all there is in a row without id, which row
/// they repeat.
fn repeats(
    row: usize,
    values: &serde_json::Map<String, serde_json::Value>,
    seen: &mut HashMap<String, usize>,
    wrong: &mut Vec<Wrong>,
) {
    let text = |name: &str| values.get(name).and_then(serde_json::Value::as_str);
    let mut keys = match text("id").filter(|id| !id.is_empty()) {
        Some(id) => vec![format!("id {id}")],
        None => vec![serde_json::to_string(values).unwrap_or_default()],
    };
    if let (Some(name), Some(phone)) = (text("name"), text("phone"))
        && !phone.contains('*')
    {
        keys.push(format!("{name} {phone}"));
    }
    for key in keys {
        if let Some(first) = seen.insert(key, row) {
            let cause = Text::new(format!("与第 {first} 行重复"), format!("it repeats row {first}"));
            wrong.push(Wrong { row, column: None, cause });
            return;
        }
    }
}

fn store(
    tx: &mut Trail<'_, '_>,
    table: &Table,
    places: &[Option<usize>],
    importer: &Importer<'_>,
) -> DbResult<Outcome> {
    let kind = importer.kind;
    let save = kind.save().map_err(|problem| DbError::Internal(problem.to_string()))?;
    let mut outcome = Outcome::default();
    let mut seen = HashMap::new();
    for row in &table.rows {
        let Some(values) = values(kind, row, places, &mut outcome.wrong) else { continue };
        let before = outcome.wrong.len();
        repeats(row.number, &values, &mut seen, &mut outcome.wrong);
        if outcome.wrong.len() > before {
            continue;
        }
        let given = values.clone();
        match tx.attempt(|tx| save(tx, values, importer))? {
            Ok((Stored::Unchanged, _)) => outcome.counts[2] += 1,
            Ok((done, told)) => {
                outcome.counts[usize::from(done == Stored::Updated)] += 1;
                outcome.told.push(told);
            }
            Err(Refusal::Database(error)) => return Err(error),
            Err(Refusal::Row(mut problem)) => {
                if problem.code == Code::UnknownReference && problem.errors.is_empty() {
                    problem.errors = missing(tx, importer, &given)?;
                }
                outcome.wrong.extend(of_problem(kind, row.number, problem));
            }
        }
    }
    Ok(outcome)
}

fn of_problem(kind: &Kind, row: usize, problem: Problem) -> Vec<Wrong> {
    let header = |pointer: &str| {
        let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        kind.fields.iter().find(|field| field.name == name).map(|field| field.header)
    };
    if problem.errors.is_empty() {
        let title = Text::new(problem.code.title(Lang::Zh), problem.code.title(Lang::En));
        return vec![Wrong { row, column: None, cause: problem.detail.unwrap_or(title) }];
    }
    // A table has no room for what to do but beside what is wrong.
    let one = |error: super::problem::FieldError| Wrong {
        row,
        column: header(&error.pointer),
        cause: Text::new(
            format!("{}；{}", error.cause.zh, error.action.zh),
            format!("{}; {}", error.cause.en, error.action.en),
        ),
    };
    problem.errors.into_iter().map(one).collect()
}

/// Imports a table: xlsx, or csv in UTF-8 or GBK, as the template has it. Every row is checked; when any is wrong,
/// nothing is stored. Rows with a known id change what they have columns for, and others add.
#[utoipa::path(tag = "exchange", params(
    ("kind" = String, Path, description = "Name of a list, such as `people` or `cases`", example = "people"), ImportQuery,
    ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same file imports once"),
), request_body(content = String, content_type = "application/octet-stream", description = "The file"), responses(
    (status = 200, description = "Imported, or what a dry run found", body = ImportReport), ImportErrors,
))]
#[post("/imports/{kind}")]
pub async fn import_table(
    state: web::Data<AppState>,
    who: Who,
    name: web::Path<String>,
    query: web::Query<ImportQuery>,
    key: IdempotencyKey,
    lang: Lang,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let kind = known(&name)?;
    kind.save()?;
    let query = query.into_inner();
    let dry_run = query.dry_run.map(|text| bool::from_query(text, "dryRun")).transpose()?.unwrap_or(false);
    let as_workbook = match query.report.as_deref() {
        None | Some("json") => false,
        Some("xlsx") if dry_run => true,
        _ => return Err(query_problem("report", "it is neither json nor, with dryRun=true, xlsx", "use one of these")),
    };
    // As for the single thing: whoever may add one may add many.
    let path = format!("/api/v1/{}", kind.name);
    let who = match super::access::rights::need("POST", &path) {
        Some(Need::Right(right)) if who.holds(right) => Who { asked: Some(right), ..who },
        _ => return Err(Problem::new(Code::Forbidden)),
    };
    let bytes = body_of(payload).await?;
    let digest = Sha256::digest(&bytes);
    let once = key.of("import_table", &(&who.account, kind.name, dry_run, digest));
    // An export begins with what the server makes, a template with what is filled in.
    let is_filled_in = |field: &&Field| field.filling != Filling::Shown;
    let firsts = [kind.fields.first(), kind.fields.iter().find(is_filled_in)];
    let mut headers: Vec<&str> = firsts.into_iter().flatten().map(|field| field.header).collect();
    headers.dedup();
    let table = web::block(move || read(&bytes, &headers)).await.map_err(Problem::internal)?;
    let table = table.map_err(|cause| Problem::new(Code::UnreadableFile).detail(cause.zh, cause.en))?;
    let places: Vec<Option<usize>> =
        kind.fields.iter().map(|field| table.headers.iter().position(|header| header == field.header)).collect();
    let lacking =
        kind.fields.iter().zip(&places).find(|(field, place)| field.filling == Filling::Required && place.is_none());
    if let Some((field, _)) = lacking {
        let header = field.header;
        return Err(Problem::new(Code::UnreadableFile)
            .detail(format!("缺少列“{header}”"), format!("the column {header:?} is missing")));
    }
    let rows = table.rows.len();
    let table = Arc::new(table);
    let kept = Arc::new(Mutex::new(Outcome::default()));
    let (outlet, input, author) = (Arc::clone(&kept), Arc::clone(&table), who.clone());
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let done = state
        .change(&who, move |tx| {
            if !dry_run && let Some(answer) = once.before(tx)? {
                tx.unchanged();
                return Ok(Some(answer));
            }
            let importer = Importer { kind, who: &author, now, entropy: &*entropy };
            let mut outcome = store(tx, &input, &places, &importer)?;
            let stored = std::mem::take(&mut outcome.told);
            let refused = dry_run || !outcome.wrong.is_empty();
            let [created, updated, unchanged] = outcome.counts;
            *outlet.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
            if refused {
                // Undoes everything; what was found is in the outlet.
                let detail = "not imported".to_owned();
                return Err(DbError::Conflict { kind: "import", reason: ConflictKind::State, detail });
            }
            let report = ImportReport { rows, created, updated, unchanged, ..ImportReport::default() };
            let answer = serde_json::to_string(&report).map_err(|error| DbError::Internal(error.to_string()))?;
            once.keep(tx, &answer, now)?;
            if stored.is_empty() {
                tx.unchanged();
            }
            for (entity, unit_path, before, after) in stored {
                let action = if before.is_some() { "update" } else { "create" };
                let reason = Some("表格导入".to_owned());
                tx.tell(AuditDraft { action, kind: kind.entity, entity, unit_path, before, after, reason });
            }
            Ok(Some(answer))
        })
        .await;
    let outcome = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    match done {
        Ok(answer) => {
            return Ok(HttpResponse::Ok().content_type("application/json").body(answer.unwrap_or_default()));
        }
        Err(problem) if problem.code != Code::Conflict => return Err(mismatch(problem)),
        Err(problem) if !dry_run && outcome.wrong.is_empty() => return Err(mismatch(problem)),
        Err(_) => {}
    }
    if as_workbook {
        return marked(kind, &table, &outcome, lang);
    }
    if !dry_run {
        let mut problem = Problem::new(Code::ImportRefused);
        for wrong in outcome.wrong.into_iter().take(1_000) {
            let place = format!("{}!{}", wrong.row, wrong.column.unwrap_or_default());
            problem = problem.at(place, wrong.cause, Text::new("更正后重新导入", "correct it and import again"));
        }
        return Err(problem);
    }
    let [created, updated, unchanged] = outcome.counts;
    let one = |wrong: Wrong| RowError {
        row: wrong.row,
        column: wrong.column.map(str::to_owned),
        cause: wrong.cause.get(lang).to_owned(),
    };
    let errors = outcome.wrong.into_iter().map(one).collect();
    Ok(HttpResponse::Ok().json(ImportReport { dry_run, rows, created, updated, unchanged, errors }))
}

/// The same table with its errors in a red column.
fn marked(kind: &Kind, table: &Table, outcome: &Outcome, lang: Lang) -> Result<HttpResponse, Problem> {
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for row in &table.rows {
        let shown = |field: &Field| {
            let place = table.headers.iter().position(|header| header == field.header)?;
            Some(match row.cells.get(place)? {
                Cell::Text(text) | Cell::Date(text) => text.clone(),
                Cell::Number(number) => number.to_string(),
                Cell::Formula | Cell::Error | Cell::Merged => String::new(),
            })
        };
        rows.push(kind.fields.iter().map(|field| shown(field).unwrap_or_default()).collect());
        let own = outcome.wrong.iter().filter(|wrong| wrong.row == row.number);
        let texts = own.map(|wrong| format!("{} {}", wrong.column.unwrap_or_default(), wrong.cause.get(lang)));
        errors.push(texts.collect::<Vec<_>>().join("；"));
    }
    let bytes = workbook(kind.title, &columns(kind.fields.iter()), &rows, Some(&errors)).map_err(Problem::internal)?;
    Ok(file(&format!("{}-errors.xlsx", kind.name), XLSX, bytes))
}
