//! Every error code of a document, each with the pointer to the fault.

use paiban_solver::document::{
    ActiveDocument, DutyDocument, ErrorCode, LimitsDocument, MAX_DOCUMENT_BYTES, NeedDocument, PostDocument,
    ProblemDocument, RuleSettingDocument, SkillRequirement, parse_problem,
};

use crate::example;

/// Code and pointer of the first error of the example's text with one piece replaced.
fn unreadable(from: &str, to: &str) -> (&'static str, String) {
    let text = example::text().replacen(from, to, 1);
    assert_ne!(text, example::text(), "{from:?} does not stand in the example");
    let error = parse_problem(text.as_bytes()).expect_err("the text is wrong");
    assert!(!error.cause.is_empty() && !error.action.is_empty());
    (error.code.as_str(), error.pointer)
}

#[test]
fn faults_of_the_text_name_their_place() {
    let at = |pointer: &str| pointer.to_owned();
    assert_eq!(unreadable("\"min\": 1", "\"min\": 1,,"), ("not-json", at("/needs/0")));
    assert_eq!(unreadable("\"horizon\"", "\"horizn\""), ("unknown-field", at("/horizn")));
    assert_eq!(unreadable("\"days\": 2", "\"length\": 2").0, "unknown-field");
    assert_eq!(unreadable(", \"days\": 2", ""), ("missing-field", at("/horizon")));
    assert_eq!(unreadable("\"days\": 2", "\"days\": \"2\""), ("wrong-type", at("/horizon/days")));
    assert_eq!(unreadable("\"days\": 2", "\"days\": -2"), ("wrong-type", at("/horizon/days")));
    assert_eq!(unreadable("\"volunteer\"", "\"helper\""), ("unknown-word", at("/people/1/category")));
    assert_eq!(unreadable("\"start\": \"2026-11-30\"", "\"start\": \"2026-11-31\"").0, "impossible-date");
    let opening = unreadable("\"end\": \"2026-11-30T17:00\"", "\"end\": \"2026-11-30T17:61\"");
    assert_eq!(opening, ("impossible-date", at("/places/0/opening/0/end")));
    assert_eq!(unreadable("\"kind\": \"post\"", "\"kind\": \"parade\"").0, "unknown-word");
    assert_eq!(unreadable("\"min\": 1", "\"min\": 1, \"colour\": 3").0, "unknown-field");
}

#[test]
fn a_cut_off_text_is_not_json() {
    let text = example::text();
    let error = parse_problem(&text.as_bytes()[..text.len() / 2]).expect_err("cut off");
    assert_eq!(error.code, ErrorCode::NotJson);
}

#[test]
fn a_huge_text_is_refused_before_it_is_read() {
    let error = parse_problem(&vec![b' '; MAX_DOCUMENT_BYTES + 1]).expect_err("too large");
    assert_eq!(error.code, ErrorCode::TooLarge);
}

/// Codes and pointers of the example after a change.
fn errors(change: impl FnOnce(&mut ProblemDocument)) -> Vec<(&'static str, String)> {
    let mut document = example::document();
    change(&mut document);
    let errors = document.to_problem().map(|_| ()).expect_err("the document is wrong");
    errors
        .into_iter()
        .map(|error| {
            assert!(!error.cause.is_empty() && !error.action.is_empty(), "{error:?}");
            (error.code.as_str(), error.pointer)
        })
        .collect()
}

fn one(code: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(code, pointer.to_owned())]
}

fn post(document: &mut ProblemDocument, at: usize) -> &mut PostDocument {
    let NeedDocument::Post(post) = &mut document.needs[at];
    post
}

fn duty(person: &str, need: &str) -> DutyDocument {
    DutyDocument {
        person: person.to_owned(),
        need: need.to_owned(),
        start: None,
        end: None,
        person_name: None,
        place_name: None,
    }
}

#[test]
fn ids_must_be_there_once_and_refer_to_something() {
    assert_eq!(errors(|document| document.format = "paiban-problem/9".to_owned()), one("unknown-format", "/format"));
    assert_eq!(errors(|document| document.shift_types[0].id.clear()).first().unwrap().0, "empty-id");
    let twice = errors(|document| document.people[1].id = "p1".to_owned());
    assert_eq!(twice, one("duplicate-id", "/people/1/id"));
    let twice = errors(|document| document.units[0].id = "220105001000".to_owned());
    assert!(twice.contains(&("duplicate-id", "/units/1/id".to_owned())), "{twice:?}");
    let twice = errors(|document| post(document, 1).id = "n1".to_owned());
    assert_eq!(twice, one("duplicate-id", "/needs/1/id"));
    assert_eq!(
        errors(|document| document.people[0].home_unit = "x".to_owned()),
        one("unknown-id", "/people/0/homeUnit")
    );
    assert_eq!(errors(|document| document.places[0].unit = "x".to_owned()), one("unknown-id", "/places/0/unit"));
    assert_eq!(errors(|document| post(document, 0).place = "x".to_owned()), one("unknown-id", "/needs/0/place"));
    assert_eq!(
        errors(|document| post(document, 0).skill = Some(SkillRequirement { id: "x".to_owned(), level: 1 })),
        one("unknown-id", "/needs/0/skill/id")
    );
    assert_eq!(
        errors(|document| document.units[1].parent = Some("x".to_owned())),
        one("unknown-id", "/units/1/parent")
    );
}

#[test]
fn a_unit_cannot_be_its_own_ancestor() {
    let cycle = errors(|document| document.units[0].parent = Some("220105001000".to_owned()));
    assert_eq!(cycle, one("unit-cycle", "/units/0/parent"));
    let own = errors(|document| document.units[0].parent = Some("220105000000".to_owned()));
    assert_eq!(own, one("unit-cycle", "/units/0/parent"));
}

#[test]
fn times_run_forward_and_lie_in_the_horizon() {
    let reversed = errors(|document| {
        let post = post(document, 0);
        std::mem::swap(&mut post.start, &mut post.end);
    });
    assert_eq!(reversed, one("reversed-time", "/needs/0/start"));
    let late = errors(|document| document.horizon.days = 1);
    assert_eq!(late, one("outside-horizon", "/needs/2/start"));
    let active = errors(|document| {
        let day = document.horizon.start;
        document.people[0].active = Some(ActiveDocument { from: Some(day), to: day.pred_opt() });
    });
    assert!(active.contains(&("reversed-time", "/people/0/active".to_owned())), "{active:?}");
}

#[test]
fn numbers_keep_their_order_and_range() {
    assert_eq!(errors(|document| post(document, 0).max = Some(0)), one("min-above-max", "/needs/0/min"));
    let minutes = errors(|document| {
        document.people[0].contract.min_minutes_week = 600;
        document.people[0].limits = LimitsDocument { max_minutes_week: Some(300), ..LimitsDocument::default() };
    });
    assert_eq!(minutes, one("min-above-max", "/people/0/contract/minMinutesWeek"));
    assert_eq!(errors(|document| document.horizon.days = 0), one("out-of-range", "/horizon/days"));
    assert_eq!(errors(|document| post(document, 0).priority = 0), one("out-of-range", "/needs/0/priority"));
    assert_eq!(
        errors(|document| document.people[0].skills[0].level = 0),
        one("out-of-range", "/people/0/skills/0/level")
    );
    let exchanged = errors(|document| {
        if let Some(location) = &mut document.places[0].location {
            std::mem::swap(&mut location.latitude, &mut location.longitude);
        }
    });
    assert_eq!(exchanged, one("out-of-range", "/places/0/location"));
}

#[test]
fn the_calendar_covers_every_day_once() {
    let missing = errors(|document| {
        document.calendar.days.pop();
    });
    assert_eq!(missing, one("calendar-missing", "/calendar/days"));
    let twice = errors(|document| document.calendar.days.push(document.calendar.days[0].clone()));
    assert_eq!(twice, one("duplicate-calendar-day", "/calendar/days/2/date"));
}

#[test]
fn the_profile_knows_its_rules() {
    let set = |code: &str, setting: RuleSettingDocument| {
        errors(|document| {
            document.profile.rules.insert(code.to_owned(), setting);
        })
    };
    let plain = RuleSettingDocument::default;
    assert_eq!(set("H99", plain()), one("unknown-rule", "/profile/rules/H99"));
    let unknown = RuleSettingDocument { parameters: [("rest".to_owned(), 5)].into(), ..plain() };
    assert_eq!(set("H06", unknown), one("unknown-parameter", "/profile/rules/H06/parameters/rest"));
    let far = RuleSettingDocument { parameters: [("min_rest_minutes".to_owned(), 9_999)].into(), ..plain() };
    assert_eq!(set("H06", far), one("out-of-range", "/profile/rules/H06/parameters/min_rest_minutes"));
    let tier = |tier| RuleSettingDocument { tier: Some(tier), ..plain() };
    assert_eq!(set("H06", tier(2)), one("wrong-tier", "/profile/rules/H06/tier"));
    assert_eq!(set("S22", tier(0)), one("wrong-tier", "/profile/rules/S22/tier"));
    let weight = RuleSettingDocument { weight: Some(-1), ..plain() };
    assert_eq!(set("S22", weight), one("out-of-range", "/profile/rules/S22/weight"));
}

#[test]
fn duties_fit_people_and_posts() {
    assert_eq!(errors(|document| document.pins = vec![duty("x", "n1")]), one("unknown-id", "/pins/0/person"));
    assert_eq!(errors(|document| document.published = vec![duty("p1", "x")]), one("unknown-id", "/published/0/need"));
    let twice = errors(|document| document.pins = vec![duty("p1", "n3"), duty("p1", "n3")]);
    assert_eq!(twice, one("duplicate-duty", "/pins/1"));
    let moved = errors(|document| {
        let start = Some(post(document, 0).start);
        document.pins = vec![DutyDocument { start, ..duty("p1", "n3") }];
    });
    assert_eq!(moved, one("duty-time", "/pins/0"));
    let own = errors(|document| document.apart = vec![["p1".to_owned(), "p1".to_owned()]]);
    assert_eq!(own, one("self-pair", "/apart/0"));
}

#[test]
fn what_only_the_solver_finds_is_reported_too() {
    let unpinned = errors(|document| {
        let off = RuleSettingDocument { on: Some(false), ..RuleSettingDocument::default() };
        document.profile.rules.insert("H15".to_owned(), off);
    });
    assert_eq!(unpinned.first().unwrap().0, "inconsistent");
}

#[test]
fn all_errors_are_found_at_once() {
    let all = errors(|document| {
        document.people[0].home_unit = "x".to_owned();
        post(document, 0).place = "y".to_owned();
        document.calendar.days.clear();
    });
    let codes: Vec<&str> = all.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["calendar-missing", "unknown-id", "unknown-id"]);
}

#[test]
fn codes_are_distinct_and_listed_on_the_page() {
    let page = include_str!("../../docs/instance-format.md");
    for code in ErrorCode::ALL {
        assert!(page.contains(&format!("`{code}`")), "{code} is not explained");
        assert_eq!(ErrorCode::ALL.iter().filter(|other| other.as_str() == code.as_str()).count(), 1);
    }
}
