//! What a roster decides about cases: from the roster document to rows, and on publication from rows to moves.

use std::collections::HashMap;

use chrono::Timelike as _;
use paiban_solver::document::{CaseDocument, DutyDocument, SettlementDocument, SettlementKind};

use crate::cases::moves::{By, make_move};
use crate::db::{DbError, DbResult, Tx, cases, people, planned_cases};
use crate::domain::{
    CaseAction, CaseId, CaseMove, CaseStatus, Fault, PersonId, PlannedCase, ScheduleId, Settlement, UnitId,
};

/// The duties at cases, which are no posts, by the need that they name.
#[must_use]
pub fn case_duties<'a>(
    cases: &'a [SettlementDocument],
    duties: &'a [DutyDocument],
) -> HashMap<&'a str, &'a DutyDocument> {
    let worked: std::collections::HashSet<&str> = cases.iter().filter_map(|case| case.need.as_deref()).collect();
    duties.iter().map(|duty| (duty.need.as_str(), duty)).filter(|(need, _)| worked.contains(need)).collect()
}

/// What the roster decides about the cases of its problem, as rows.
///
/// # Errors
/// [`DbError::Internal`] when the roster and the problem do not fit each other.
pub fn planned_cases(
    schedule: &ScheduleId,
    problem: &[CaseDocument],
    cases: &[SettlementDocument],
    duties: &[DutyDocument],
) -> DbResult<Vec<PlannedCase>> {
    let duties = case_duties(cases, duties);
    let units: HashMap<&str, &str> = problem.iter().map(|case| (case.id.as_str(), case.unit.as_str())).collect();
    let odd = |what: &str| DbError::Internal(format!("the roster's case {what} is not one of its problem"));
    cases
        .iter()
        .map(|settled| {
            let unit = units.get(settled.case.as_str()).ok_or_else(|| odd(&settled.case))?;
            let duty = settled.need.as_deref().and_then(|need| duties.get(need));
            let start = duty.and_then(|duty| duty.start).map(|at| at.get());
            let end = duty.and_then(|duty| duty.end).map(|at| at.get());
            let minute = |at: chrono::NaiveDateTime| u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
            Ok(PlannedCase {
                schedule: schedule.clone(),
                case: CaseId::parse(&settled.case).map_err(|_| odd(&settled.case))?,
                unit: UnitId::parse(unit).map_err(|_| odd(unit))?,
                settlement: match settled.settlement {
                    SettlementKind::Worked => Settlement::Worked,
                    SettlementKind::Escalated => Settlement::Escalated,
                    SettlementKind::Explained => Settlement::Explained,
                    SettlementKind::Waiting => Settlement::Waiting,
                    SettlementKind::Late => Settlement::Late,
                },
                person: duty.and_then(|duty| PersonId::parse(&duty.person).ok()),
                date: start.map(|at| at.date()),
                start_minute: start.map(minute),
                end_minute: end.map(minute),
                reason_zh: settled.reason_zh.clone(),
                reason_en: settled.reason_en.clone(),
                is_carried_out: false,
            })
        })
        .collect()
}

/// Moves the cases as a roster that has come into force decided: those worked are assigned, those escalated go up.
/// Explaining takes a talk with the resident: it stays a proposal, but for the cases named in `explain`, for which somebody
/// has accepted it. A case that has moved since it was planned, so that
/// its unit or state no longer allow the move, stays as it is. Whom the roster that is `replaced` had named, and who has
/// not begun, gives the case to the one named now, or gives it back. Answers how many were moved.
///
/// # Errors
/// Those of the connection.
pub fn carry_out(
    tx: &mut Tx<'_>,
    schedule: &ScheduleId,
    replaced: Option<&ScheduleId>,
    explain: &[CaseId],
    by: By<'_>,
) -> DbResult<usize> {
    let before = match replaced {
        Some(replaced) => planned_cases::of_schedule(tx, replaced)?,
        None => Vec::new(),
    };
    let handed_over: HashMap<&CaseId, &PersonId> = before
        .iter()
        .filter(|case| case.is_carried_out)
        .filter_map(|case| Some((&case.case, case.person.as_ref()?)))
        .collect();
    let decided = planned_cases::of_schedule(tx, schedule)?;
    check_explained(schedule, &decided, explain)?;
    let mut moved = 0;
    for planned in decided.into_iter().filter(|case| !case.is_carried_out) {
        let case = cases::get(tx, &planned.case)?;
        let named = case.handler.as_ref();
        let is_plans =
            case.status == CaseStatus::Assigned && named.is_some() && handed_over.get(&case.id).copied() == named;
        let action = match (planned.settlement, &planned.person) {
            (Settlement::Worked, Some(person)) => {
                let category = people::get(tx, person)?.category;
                CaseAction::Assign { handler: person.clone(), category }
            }
            (Settlement::Escalated, _) => CaseAction::Escalate,
            (Settlement::Explained, _) if explain.contains(&planned.case) => CaseAction::Explain,
            _ if is_plans => CaseAction::Return,
            _ => continue,
        };
        // Somebody else has been named since: the plan does not take the case away from them.
        let is_named = action.name() == CaseMove::Assign && named.is_some() && !is_plans;
        if case.unit != planned.unit || is_named {
            continue;
        }
        let reason = if planned.reason_zh.is_empty() { None } else { Some(planned.reason_zh.as_str()) };
        let by = By { reason: reason.or(by.reason), ..by };
        if make_move(tx, &planned.case, case.version, &action, by)?.is_ok() {
            planned_cases::carried_out(tx, schedule, &planned.case)?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// Only what the roster proposes to explain can be accepted.
fn check_explained(schedule: &ScheduleId, decided: &[PlannedCase], explain: &[CaseId]) -> DbResult<()> {
    let is_proposed =
        |id: &CaseId| decided.iter().any(|case| case.case == *id && case.settlement == Settlement::Explained);
    let faults: Vec<Fault> = explain
        .iter()
        .enumerate()
        .filter(|(_, id)| !is_proposed(id))
        .map(|(at, id)| {
            let cause = format!("the roster does not propose to explain {id}");
            Fault::new("not-proposed", format!("/explain/{at}"), cause, "leave it out, or explain the case itself")
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(DbError::Invalid { kind: "schedule", id: schedule.to_string(), faults })
}
