//! Duties: pins, published rosters and rosters to be checked.

use std::collections::HashSet;

use super::{Errors, Ids};
use crate::document::error::ErrorCode;
use crate::document::roster::DutyDocument;
use crate::document::time::TimeSpan;
use crate::problem::{Duty, NeedIx, NeedKind, PersonIx, Problem};

/// The duties of a list, in its order; a time left out is the post's own.
pub(in crate::document) fn resolve_duties(
    list: &str,
    documents: &[DutyDocument],
    problem: &Problem,
    people: &Ids<'_>,
    needs: &Ids<'_>,
    errors: &mut Errors,
) -> Vec<Duty> {
    let mut duties = Vec::with_capacity(documents.len());
    let mut seen = HashSet::with_capacity(documents.len());
    for (position, document) in documents.iter().enumerate() {
        let at = |field: &str| format!("/{list}/{position}{field}");
        let person = people.get(document.person.as_str()).copied();
        if person.is_none() {
            errors.add(
                ErrorCode::UnknownId,
                at("/person"),
                format!("there is no person with id {:?}", document.person),
                "correct the id, or add the person to people",
            );
        }
        let need = needs.get(document.need.as_str()).copied();
        if need.is_none() {
            errors.add(
                ErrorCode::UnknownId,
                at("/need"),
                format!("there is no need with id {:?}", document.need),
                "correct the id, or add the need to needs",
            );
        }
        let (Some(person), Some(need)) = (person.map(PersonIx), need.map(NeedIx)) else { continue };
        let Some(NeedKind::Post(post)) = problem.needs.get(need.index()).map(|found| &found.kind) else { continue };
        let own = TimeSpan::from_span(&problem.horizon, post.span);
        if document.start.is_some_and(|start| start != own.start) || document.end.is_some_and(|end| end != own.end) {
            errors.add(
                ErrorCode::DutyTime,
                at(""),
                format!("the post {:?} lasts from {} to {}, the duty does not", document.need, own.start, own.end),
                "give the post's own time, or leave start and end out",
            );
        }
        if !seen.insert((person, need)) {
            errors.add(
                ErrorCode::DuplicateDuty,
                at(""),
                format!("{:?} already stands at the post {:?}", document.person, document.need),
                "remove the copy",
            );
            continue;
        }
        duties.push(Duty { person, need, span: post.span });
    }
    duties
}
