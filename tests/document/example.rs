//! The worked example of docs/instance-format.md: read, solved, checked, written and read again.

use paiban_solver::check::check;
use paiban_solver::control::{Options, Silent};
use paiban_solver::document::{ProblemDocument, RosterDocument, StatusDocument, parse_problem, parse_roster};

const PAGE: &str = include_str!("../../docs/instance-format.md");

/// The example as it stands on the page.
pub fn text() -> &'static str {
    PAGE.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has a JSON example")
}

/// The example as a document.
pub fn document() -> ProblemDocument {
    parse_problem(text().as_bytes()).expect("the example is sound")
}

#[test]
fn the_worked_example_solves_to_what_the_page_says() {
    let document = document();
    let problem = document.to_problem().unwrap();
    let options = Options::default();
    let outcome = paiban_solver::solve(&problem, &options, &Silent).unwrap();
    let roster = RosterDocument::from_outcome(&problem, &outcome, &document.input_hash(), &options);
    let pairs: Vec<(&str, &str)> =
        roster.duties.iter().map(|duty| (duty.person.as_str(), duty.need.as_str())).collect();
    assert_eq!(pairs, [("p1", "n3"), ("p2", "n1"), ("p2", "n3")]);
    assert_eq!(roster.tiers.iter().map(|tier| tier.value).take(2).collect::<Vec<_>>(), [300, 0]);
    assert_eq!(roster.tiers[0].bound, 300);
    let unmet: Vec<(&str, u16)> = roster.unmet.iter().map(|unmet| (unmet.need.as_str(), unmet.missing)).collect();
    assert_eq!(unmet, [("n2", 1)]);
    assert!(roster.unmet[0].reason_zh.contains("技能"), "{}", roster.unmet[0].reason_zh);
    assert_eq!(roster.certificate.input_hash, document.input_hash());
    assert_ne!(roster.status, StatusDocument::Stopped);
    // Written and read again, it is the same roster, and the checker agrees with its claims.
    let json = serde_json::to_vec(&roster).unwrap();
    let again = parse_roster(&json).unwrap();
    assert_eq!(again, roster);
    let duties = again.duties(&problem).unwrap();
    let report = check(&problem, &duties);
    assert!(report.is_feasible(), "{:?}", report.broken);
    assert_eq!(report.score.tiers.to_vec(), roster.tiers.iter().map(|tier| tier.value).collect::<Vec<_>>());
}

#[test]
fn a_document_survives_being_written_and_read() {
    let document = document();
    let json = serde_json::to_vec(&document).unwrap();
    assert_eq!(parse_problem(&json).unwrap(), document);
}

#[test]
fn the_hash_follows_the_meaning_not_the_spelling() {
    let document = document();
    let spelled_out = text().replacen("\"min\": 1", "\"priority\": 1, \"mix\": false, \"min\": 1", 1);
    assert_eq!(parse_problem(spelled_out.as_bytes()).unwrap().input_hash(), document.input_hash());
    let other = text().replacen("\"min\": 1", "\"min\": 2", 1);
    assert_ne!(parse_problem(other.as_bytes()).unwrap().input_hash(), document.input_hash());
}

#[test]
fn units_may_stand_in_any_order() {
    let mut document = document();
    document.units.reverse();
    let problem = document.to_problem().unwrap();
    assert_eq!(problem.units[0].id, "220105000000");
    assert_eq!(problem.street_of(problem.places[0].unit), problem.street_of(problem.people[0].home_unit));
    assert!(problem.street_of(problem.places[0].unit).is_some());
}

#[test]
fn a_draft_calendar_takes_weekends_off() {
    let mut document = document();
    document.horizon.days = 7;
    document.calendar.days.clear();
    document.calendar.draft = true;
    let problem = document.to_problem().unwrap();
    assert_eq!(problem.off_days, [false, false, false, false, false, true, true]);
}
