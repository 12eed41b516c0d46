//! Which cell of a row names something that does not exist: the database says only that one does.

use serde_json::Value;

use super::Importer;
use crate::api::lang::Text;
use crate::api::problem::FieldError;
use crate::db::placement::Placed as _;
use crate::db::{Connection, DbError, DbResult};
use crate::domain::{
    CaseCategoryId, ContractId, NeedId, PersonId, ResourceId, ShiftTypeId, SkillId, StationId, UnitId,
};

/// The codes of a value: one, several, or those of things that have a code among others.
fn codes(value: &Value) -> Vec<&str> {
    match value {
        Value::String(code) => vec![code],
        Value::Array(items) => items.iter().filter_map(code_of).collect(),
        _ => Vec::new(),
    }
}

fn code_of(item: &Value) -> Option<&str> {
    match item {
        Value::Object(fields) => fields.get("skill").or_else(|| fields.get("shiftType")).and_then(Value::as_str),
        other => other.as_str(),
    }
}

/// Whether the code that stands in a field names something that the author's right reaches.
fn is_known(conn: &mut Connection, importer: &Importer<'_>, field: &str, code: &str) -> DbResult<bool> {
    macro_rules! known {
        ($table:ident, $id:ty) => {{
            let Ok(id) = <$id>::parse(code) else { return Ok(false) };
            match crate::db::$table::get(conn, &id) {
                Ok(entity) => entity.path(conn)?.is_none_or(|path| importer.who.may_here(Some(&path))),
                Err(DbError::NotFound { .. }) => false,
                Err(error) => return Err(error),
            }
        }};
    }
    Ok(match field {
        "unit" | "homeUnit" | "hostUnit" | "parent" | "scope" => known!(units, UnitId),
        "person" | "lead" => known!(people, PersonId),
        "station" => known!(stations, StationId),
        "skill" | "skills" => known!(skills, SkillId),
        "contract" => known!(contracts, ContractId),
        "shiftType" | "forbiddenNext" | "typeLimits" => known!(shift_types, ShiftTypeId),
        "category" if importer.kind.name == "cases" => known!(case_categories, CaseCategoryId),
        "resource" | "fund" => known!(resources, ResourceId),
        "need" => known!(needs, NeedId),
        _ => true,
    })
}

/// The cells of a refused row that name what does not exist, or not for the author.
///
/// # Errors
/// Those of the connection.
pub fn missing(
    conn: &mut Connection,
    importer: &Importer<'_>,
    row: &serde_json::Map<String, Value>,
) -> DbResult<Vec<FieldError>> {
    let mut errors = Vec::new();
    for field in importer.kind.fields {
        for code in row.get(field.name).map(codes).unwrap_or_default() {
            if !is_known(conn, importer, field.name, code)? {
                errors.push(FieldError::new(
                    format!("/{}", field.name),
                    Text::new(
                        format!("没有“{code}”，或不在您的范围内"),
                        format!("there is no {code:?}, or it is outside your units"),
                    ),
                    Text::new("先新增，或更正编号", "create it first or correct the code"),
                ));
            }
        }
    }
    Ok(errors)
}
