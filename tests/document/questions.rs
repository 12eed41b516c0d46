//! The commands that answer questions about a roster, on the worked example.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::{paiban, solved_example, text};

/// The JSON that a command prints; it must end well.
fn answer(folder: &Path, arguments: &[&str]) -> Value {
    let done = paiban(folder, &[arguments, &["--json"]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("the command prints JSON")
}

/// The error of a command that refuses its input.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], code: &str) {
    let done = paiban(folder, arguments);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stdout));
    assert!(text(&done.stderr).contains(&format!("error[{code}]")), "{}", text(&done.stderr));
}

#[test]
fn explain_names_who_is_stopped_and_what_overriding_costs() {
    let folder = solved_example();
    let found = answer(folder.path(), &["explain", "p.json", "r.json"]);
    assert_eq!((&found[0]["need"], &found[0]["missing"]), (&json!("n2"), &json!(1)));
    assert_eq!(found[0]["stoppedBy"], json!({"H02": 1, "H03": 1}));
    // Zhao is on leave, which may be asked back; Shan lacks the skill, which nobody overrides.
    let repairs = found[0]["repairs"].as_array().unwrap();
    assert_eq!(repairs.len(), 1, "{found:#}");
    assert_eq!((&repairs[0]["kind"], &repairs[0]["effect"]["tiers"][0]), (&json!("override"), &json!(-300)));
    let shown = paiban(folder.path(), &["explain", "p.json", "r.json"]);
    assert!(text(&shown.stdout).starts_with("unmet: 1\nn2: "), "{}", text(&shown.stdout));
    refused(folder.path(), &["explain", "p.json", "r.json", "--need", "n1"], "unknown-id");
}

#[test]
fn replacements_and_prices_are_printed() {
    let folder = solved_example();
    let nobody = answer(folder.path(), &["replacements", "p.json", "r.json", "--duty", "p2@n1"]);
    assert_eq!(nobody, json!([]), "Zhao is on leave");
    refused(folder.path(), &["replacements", "p.json", "r.json", "--duty", "p1@n1"], "unknown-duty");
    let found = answer(folder.path(), &["prices", "p.json", "r.json", "--fairness"]);
    assert_eq!(found[0]["street"], "220105001000");
    let price = found[0]["instances"].as_array().unwrap().iter().find(|one| one["need"] == "n2");
    assert!(price.is_none_or(|price| price["exact"][0] == -300), "one head fewer is worth 300: {found:#}");
    assert_eq!(found[0]["fairness"]["proven"], true);
    refused(folder.path(), &["prices", "p.json", "r.json", "--street", "nowhere"], "unknown-id");
}

#[test]
fn a_replan_after_an_event_is_a_roster_that_the_checker_accepts() {
    let folder = solved_example();
    let event = r#"[{"kind":"sick","person":"p2","start":"2026-12-01T00:00","end":"2026-12-02T00:00"}]"#;
    fs::write(folder.path().join("events.json"), event).unwrap();
    let arguments = ["replan", "p.json", "r.json", "--events", "@events.json", "--out", "new.json"];
    let found = answer(folder.path(), &arguments);
    assert_eq!(found[0]["people"], json!({"value": 1, "bound": 1, "proven": true}), "{found:#}");
    assert_eq!((&found[0]["forced"], &found[0]["tier1"]["value"]), (&json!(1), &json!(300)));
    let compared = answer(folder.path(), &["diff", "p.json", "r.json", "new.json"]);
    assert_eq!(compared["people"], json!(["p2"]));
    assert_eq!(compared["removed"], json!([{"person": "p2", "need": "n3"}]));
    let checked = paiban(folder.path(), &["check", "p.json", "new.json"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    refused(folder.path(), &["replan", "p.json", "r.json", "--event", "{}"], "invalid-event");
    let nobody = r#"{"kind":"resigned","person":"p9","from":"2026-12-01"}"#;
    refused(folder.path(), &["replan", "p.json", "r.json", "--event", nobody], "unknown-id");
}

#[test]
fn what_if_plans_a_patched_copy() {
    let folder = solved_example();
    fs::write(folder.path().join("patch.json"), r#"{"people": {"p1": {"unavailable": []}}}"#).unwrap();
    let found = answer(folder.path(), &["what-if", "p.json", "--patch", "patch.json", "--roster", "r.json"]);
    assert_eq!(found["tiers"]["1"], json!({"before": 300, "after": 0}), "{found:#}");
    fs::write(folder.path().join("patch.json"), r#"{"people": {"p1": {"category": "king"}}}"#).unwrap();
    refused(folder.path(), &["what-if", "p.json", "--patch", "patch.json"], "unknown-word");
    fs::write(folder.path().join("patch.json"), "{").unwrap();
    refused(folder.path(), &["what-if", "p.json", "--patch", "patch.json"], "not-json");
}

#[test]
fn a_solve_stops_at_the_gap_that_was_asked_for_and_refuses_a_wrong_one() {
    let folder = solved_example();
    let arguments = ["solve", "p.json", "--stop-at-gap", "0", "0.005", "0.02", "--out", "r2.json"];
    let solved = paiban(folder.path(), &arguments);
    assert_eq!(solved.status.code(), Some(0), "{}", text(&solved.stderr));
    let roster: Value = serde_json::from_slice(&fs::read(folder.path().join("r2.json")).unwrap()).unwrap();
    assert_eq!(roster["certificate"]["gapLimits"], json!([0.0, 0.005, 0.02]));
    let wrong = ["solve", "p.json", "--stop-at-gap", "0", "2", "0", "--out", "r3.json"];
    refused(folder.path(), &wrong, "stop-at-gap");
}
