//! The state machine, move by move.

use super::*;
use crate::domain::{CaseChannel, CaseId, Clock as _, FixedClock};

fn case(status: CaseStatus) -> Case {
    let unit = UnitId::parse("220102001001").unwrap();
    Case {
        id: CaseId::parse("ca-1").unwrap(),
        number: "MQ220102-20261130-0001".to_owned(),
        unit: unit.clone(),
        intake_unit: unit,
        channel: CaseChannel::Hotline,
        subject: "楼道灯坏了".to_owned(),
        description: None,
        address: None,
        location: None,
        category: None,
        skill: None,
        minutes: None,
        urgency: 1,
        working_days: 5,
        earliest: None,
        deadline: date("2026-12-07"),
        extended: false,
        handler: None,
        earlier_handler: None,
        status,
        level: 0,
        reopened: 0,
        received_at: FixedClock::at("2026-11-30T01:00:00Z").now(),
        response_due: date("2026-12-01"),
        responded_at: None,
        closed_at: None,
        satisfaction: None,
        warned_at: None,
        reception: None,
        contact: None,
        excluded: Vec::new(),
        version: 1,
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

fn triage() -> Triage {
    Triage {
        category: CaseCategoryId::parse("housing").unwrap(),
        skill: None,
        minutes: 60,
        urgency: 2,
        working_days: 3,
        deadline: None,
        earliest: None,
        excluded: vec![person("p-9")],
    }
}

/// Acts on Monday 2026-11-30 with a reason.
fn act(case: &mut Case, action: &CaseAction) -> Result<CaseEvent, MoveRefused> {
    let parent = UnitId::parse("220102001000").unwrap();
    let days = WorkingDays::default();
    let now = FixedClock::at("2026-11-30T02:00:00Z").now();
    let by = Acting { actor: "li", now, reason: Some("因为"), days: &days, parent: Some(&parent), seq: 2 };
    case.apply(action, &by)
}

fn assign(id: &str) -> CaseAction {
    CaseAction::Assign { handler: person(id), category: Category::RecruitedStaff }
}

fn actions() -> Vec<CaseAction> {
    vec![
        CaseAction::Triage(Box::new(triage())),
        assign("p-1"),
        CaseAction::Accept,
        CaseAction::Return,
        CaseAction::Escalate,
        CaseAction::Extend { deadline: date("2026-12-20") },
        CaseAction::Explain,
        CaseAction::Resolve,
        CaseAction::CallBack { satisfaction: Satisfaction::Satisfied },
        CaseAction::Reopen,
    ]
}

#[test]
fn only_the_legal_moves_succeed_and_each_leads_where_it_should() {
    use CaseStatus as S;
    let legal: &[(S, &[(CaseMove, S)])] = &[
        (S::Received, &[(CaseMove::Triage, S::Triaged)]),
        (
            S::Triaged,
            &[
                (CaseMove::Triage, S::Triaged),
                (CaseMove::Assign, S::Assigned),
                (CaseMove::Escalate, S::Escalated),
                (CaseMove::Extend, S::Triaged),
                (CaseMove::Explain, S::Explained),
            ],
        ),
        (
            S::Assigned,
            &[
                (CaseMove::Assign, S::Assigned),
                (CaseMove::Accept, S::InProgress),
                (CaseMove::Return, S::Returned),
                (CaseMove::Escalate, S::Escalated),
                (CaseMove::Extend, S::Assigned),
                (CaseMove::Explain, S::Explained),
            ],
        ),
        (
            S::InProgress,
            &[
                (CaseMove::Return, S::Returned),
                (CaseMove::Escalate, S::Escalated),
                (CaseMove::Extend, S::InProgress),
                (CaseMove::Explain, S::Explained),
                (CaseMove::Resolve, S::Solved),
            ],
        ),
        (S::Escalated, &[(CaseMove::Triage, S::Triaged)]),
        (S::Returned, &[(CaseMove::Triage, S::Triaged), (CaseMove::Escalate, S::Escalated)]),
        (S::Solved, &[(CaseMove::CallBack, S::Solved), (CaseMove::Reopen, S::Triaged)]),
        (S::Explained, &[(CaseMove::CallBack, S::Explained), (CaseMove::Reopen, S::Triaged)]),
    ];
    assert_eq!(legal.len(), CaseStatus::ALL.len());
    for (status, expected) in legal {
        let names: Vec<CaseMove> = expected.iter().map(|(name, _)| *name).collect();
        assert_eq!(case(*status).legal_moves(true), names, "{status}");
        for action in actions() {
            let mut tried = case(*status);
            let outcome = act(&mut tried, &action);
            match expected.iter().find(|(name, _)| *name == action.name()) {
                Some((_, after)) => {
                    let event = outcome.unwrap_or_else(|refused| panic!("{status} {}: {refused:?}", action.name()));
                    assert_eq!((event.from_status, event.to_status, tried.status), (Some(*status), *after, *after));
                    assert_eq!((event.actor.as_str(), event.reason.as_str()), ("li", "因为"));
                }
                None => {
                    let MoveRefused::Illegal { legal, .. } = outcome.unwrap_err() else { panic!("{status}") };
                    assert_eq!(legal, names);
                    assert_eq!(tried, case(*status), "a refused move changes nothing");
                }
            }
        }
    }
}

#[test]
fn a_case_is_extended_once_and_only_to_a_later_day() {
    let mut open = case(CaseStatus::InProgress);
    let earlier = act(&mut open, &CaseAction::Extend { deadline: date("2026-12-07") }).unwrap_err();
    assert!(matches!(&earlier, MoveRefused::Faulty(faults) if faults[0].code == "deadline-not-later"));
    act(&mut open, &CaseAction::Extend { deadline: date("2026-12-10") }).unwrap();
    assert_eq!(open.deadline, date("2026-12-10"));
    let again = act(&mut open, &CaseAction::Extend { deadline: date("2026-12-20") }).unwrap_err();
    assert!(matches!(again, MoveRefused::Illegal { .. }), "{again:?}");
}

#[test]
fn moves_that_take_something_away_need_a_reason() {
    let days = WorkingDays::default();
    let now = FixedClock::at("2026-11-30T02:00:00Z").now();
    let by = Acting { actor: "li", now, reason: Some("  "), days: &days, parent: None, seq: 2 };
    let refused = case(CaseStatus::InProgress).apply(&CaseAction::Resolve, &by).unwrap_err();
    assert!(matches!(&refused, MoveRefused::Faulty(faults) if faults[0].code == "reason-missing"));
    let event = case(CaseStatus::Assigned).apply(&CaseAction::Accept, &by).unwrap();
    assert_eq!(event.reason, "承办人接收", "accepting says so itself");
}

#[test]
fn a_case_without_a_unit_above_cannot_go_up() {
    assert!(!case(CaseStatus::Triaged).legal_moves(false).contains(&CaseMove::Escalate));
}

#[test]
fn a_deadline_counts_working_days_and_lies_ahead() {
    let mut new = case(CaseStatus::Received);
    act(&mut new, &CaseAction::Triage(Box::new(triage()))).unwrap();
    assert_eq!(new.deadline, date("2026-12-03"));
    let past = Triage { deadline: Some(date("2026-11-29")), ..triage() };
    let refused = act(&mut new, &CaseAction::Triage(Box::new(past))).unwrap_err();
    assert!(matches!(&refused, MoveRefused::Faulty(faults) if faults[0].code == "deadline-past"));
    let late_start = Triage { earliest: Some(date("2026-12-30")), ..triage() };
    let refused = act(&mut new, &CaseAction::Triage(Box::new(late_start))).unwrap_err();
    assert!(matches!(&refused, MoveRefused::Faulty(faults) if faults[0].code == "earliest-after-deadline"));
}

#[test]
fn neither_a_deputy_nor_somebody_with_a_conflict_handles_a_case() {
    let mut open = case(CaseStatus::Received);
    act(&mut open, &CaseAction::Triage(Box::new(triage()))).unwrap();
    let conflict = act(&mut open, &assign("p-9")).unwrap_err();
    assert!(matches!(&conflict, MoveRefused::Faulty(faults) if faults[0].code == "conflict-of-interest"));
    let deputy = CaseAction::Assign { handler: person("d-1"), category: Category::Deputy };
    let refused = act(&mut open, &deputy).unwrap_err();
    assert!(matches!(&refused, MoveRefused::Faulty(faults) if faults[0].code == "deputy-as-handler"));
}

#[test]
fn going_up_and_reopening_remember_the_handler_and_renew_the_deadline() {
    let mut open = case(CaseStatus::Triaged);
    act(&mut open, &assign("p-1")).unwrap();
    act(&mut open, &CaseAction::Accept).unwrap();
    assert!(open.responded_at.is_some());
    act(&mut open, &CaseAction::Escalate).unwrap();
    assert_eq!((open.unit.as_str(), open.level, open.handler.as_ref()), ("220102001000", 1, None));
    assert_eq!(open.earlier_handler, Some(person("p-1")));
    assert_eq!(open.deadline, date("2026-12-07"), "the parent has at least what was left");
    let mut closed = case(CaseStatus::Solved);
    closed.satisfaction = Some(Satisfaction::Dissatisfied);
    closed.extended = true;
    act(&mut closed, &CaseAction::Reopen).unwrap();
    assert_eq!((closed.reopened, closed.satisfaction, closed.extended), (1, None, false));
    assert_eq!(closed.deadline, date("2026-12-07"));
}

#[test]
fn a_late_case_steps_up_more_urgent_with_days_of_its_own() {
    let mut late = case(CaseStatus::InProgress);
    late.deadline = date("2026-11-27");
    assert!(late.is_overdue(date("2026-11-30")));
    act(&mut late, &CaseAction::StepUp).unwrap();
    assert_eq!((late.status, late.urgency, late.level), (CaseStatus::Escalated, 2, 1));
    assert_eq!(late.deadline, date("2026-12-02"));
    let refused = act(&mut case(CaseStatus::Solved), &CaseAction::StepUp).unwrap_err();
    assert!(matches!(refused, MoveRefused::Illegal { .. }));
}

#[test]
fn the_contact_shows_to_the_handler_while_the_case_is_open() {
    let mut open = case(CaseStatus::InProgress);
    open.handler = Some(person("p-1"));
    assert!(open.shows_contact_to(Some(&person("p-1"))));
    assert!(!open.shows_contact_to(Some(&person("p-2"))));
    assert!(!open.shows_contact_to(None));
    open.status = CaseStatus::Solved;
    assert!(!open.shows_contact_to(Some(&person("p-1"))));
    open.handler = None;
    open.status = CaseStatus::Received;
    assert!(!open.shows_contact_to(None), "nobody is not the handler");
}
