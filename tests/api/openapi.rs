//! The OpenAPI document: committed, complete, and true to the router.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

fn document() -> Value {
    let text = paiban::api::openapi::to_text(&paiban::api::router::document()).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every operation as (method, path, operation).
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

#[test]
fn the_committed_document_is_the_routers() {
    let text = paiban::api::openapi::to_text(&paiban::api::router::document()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/openapi.json has drifted: run `scripts/build.sh && target/debug/paiban openapi > docs/openapi.json`"
    );
}

#[test]
fn every_operation_has_a_summary_examples_and_error_codes() {
    let document = document();
    let has_example = |content: &Value| {
        let schema = &content["schema"];
        let resolved = schema["$ref"]
            .as_str()
            .map_or(schema, |path| &document["components"]["schemas"][path.rsplit('/').next().unwrap()]);
        let items = [&resolved["items"], &resolved["properties"]["items"]["items"]];
        let of_items = items.iter().any(|items| {
            let named = items["$ref"].as_str().map(|path| path.rsplit('/').next().unwrap());
            named.is_some_and(|name| !document["components"]["schemas"][name]["example"].is_null())
                || !items["example"].is_null()
        });
        !content["example"].is_null() || !resolved["example"].is_null() || of_items
    };
    let mut ids = std::collections::BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(ids.insert(id.to_owned()) && !id.is_empty(), "{name}: operation id {id:?} is missing or not unique");
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{name} has no summary");
        let responses = operation["responses"].as_object().unwrap();
        let errors: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with(['4', '5'])).collect();
        assert!(!errors.is_empty(), "{name} names no errors");
        for (status, error) in errors {
            assert!(error["description"].as_str().unwrap_or_default().contains(char::is_alphabetic), "{name} {status}");
            assert!(!error["content"]["application/problem+json"].is_null(), "{name} {status} is no problem document");
        }
        if let Some(content) = operation["requestBody"]["content"]["application/json"].as_object() {
            assert!(has_example(&json!(content)), "{name}: the body has no example");
        }
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            for content in response["content"].as_object().into_iter().flat_map(|contents| contents.values()) {
                assert!(has_example(content), "{name} {status} has no example");
            }
        }
    }
    assert!(ids.len() > 60, "only {} operations", ids.len());
}

#[actix_web::test]
async fn every_operation_answers_an_unknown_id_with_a_problem_document() {
    let app = TestApp::start().await;
    let document = document();
    for (method, path, operation) in operations(&document) {
        if !path.contains('{') {
            continue;
        }
        let unknown = path
            .split('/')
            .map(|segment| if segment.starts_with('{') { segment_value(segment) } else { segment.to_owned() })
            .collect::<Vec<_>>()
            .join("/");
        let body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            .as_str()
            .map(|name| document["components"]["schemas"][name.rsplit('/').next().unwrap()]["example"].clone());
        let body = body.map(|mut body| {
            if let Some(fields) = body.as_object_mut() {
                fields.remove("id");
                if fields.contains_key("year") && fields.contains_key("days") {
                    fields.insert("year".to_owned(), json!(1999));
                    fields.insert("days".to_owned(), json!([]));
                }
            }
            body
        });
        let method: Method = method.parse().unwrap();
        let answer = app.send(method.clone(), &unknown, &[("if-match", "\"1\"")], body.as_ref()).await;
        assert_eq!(answer.status, 404, "{method} {unknown}: {}", answer.text);
        answer.problem(404, "not-found");
        let declared = &operation["responses"]["404"]["description"];
        assert!(declared.as_str().unwrap_or_default().contains("not-found"), "{method} {path} does not declare 404");
    }
    app.stop().await;
}

fn segment_value(segment: &str) -> String {
    match segment {
        "{unit}" => "999999999999".to_owned(),
        "{week}.json" => "2026-W49.json".to_owned(),
        "{assignment}" | "{number}" => "1".to_owned(),
        _ => "1999".to_owned(),
    }
}
