//! What-if patches: JSON merge patch (RFC 7396) on a problem document, with one addition: a list of things with ids
//! may be patched by an object whose keys are ids. `null` removes the thing, an unknown id adds one.

use serde_json::{Map, Value};

use super::error::{DocumentError, ErrorCode};
use super::problem::ProblemDocument;
use super::read::parse_problem;

/// Applies a patch to a copy of the document.
///
/// # Errors
/// Those of reading a problem document; the pointer is of the patched document.
pub fn patched(document: &ProblemDocument, patch: &Value) -> Result<ProblemDocument, DocumentError> {
    let broken = |cause: String| DocumentError {
        code: ErrorCode::NotJson,
        pointer: String::new(),
        cause,
        action: "correct the patch".to_owned(),
    };
    if !patch.is_object() {
        return Err(broken("the patch is no JSON object".to_owned()));
    }
    let mut value = serde_json::to_value(document).map_err(|error| broken(error.to_string()))?;
    merge(&mut value, patch);
    let text = serde_json::to_vec(&value).map_err(|error| broken(error.to_string()))?;
    parse_problem(&text)
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if let Value::Array(items) = target
        && items.iter().all(|item| item.get("id").is_some_and(Value::is_string))
    {
        merge_by_id(items, changes);
        return;
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

fn merge_by_id(items: &mut Vec<Value>, changes: &Map<String, Value>) {
    for (id, change) in changes {
        let at = items.iter().position(|item| item.get("id").and_then(Value::as_str) == Some(id));
        match (at, change.is_null()) {
            (Some(at), true) => drop(items.remove(at)),
            (Some(at), false) => merge(&mut items[at], change),
            (None, true) => {}
            (None, false) => {
                let mut item = Value::Object(Map::from_iter([("id".to_owned(), Value::String(id.clone()))]));
                merge(&mut item, change);
                items.push(item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_merge_nulls_remove_and_lists_follow_their_ids() {
        let mut value =
            json!({"profile": {"rules": {"S31": {"on": true}}}, "people": [{"id": "a", "x": 1}, {"id": "b"}]});
        merge(
            &mut value,
            &json!({"profile": {"rules": {"S31": {"on": false}, "S30": {"weight": 2}}},
                "people": {"a": {"x": null, "y": 2}, "b": null, "c": {"x": 3}}}),
        );
        let wanted = json!({"profile": {"rules": {"S31": {"on": false}, "S30": {"weight": 2}}},
            "people": [{"id": "a", "y": 2}, {"id": "c", "x": 3}]});
        assert_eq!(value, wanted);
        merge(&mut value, &json!({"people": []}));
        assert_eq!(value["people"], json!([]));
    }
}
