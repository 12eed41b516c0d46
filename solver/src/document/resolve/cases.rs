//! Cases: a place of its own for each, and a need for each start.

use super::{Context, Kind};
use crate::document::case::CaseDocument;
use crate::document::error::ErrorCode;
use crate::problem::{
    Case, CaseIx, Cover, Minute, Need, NeedIx, NeedKind, PersonIx, Place, PlaceIx, Post, SkillIx, Span, UnitIx,
};

/// Adds the cases' places and needs after those given, and answers the cases.
pub(super) fn cases(
    documents: &[CaseDocument],
    places: &mut Vec<Place>,
    needs: &mut Vec<Need>,
    context: &mut Context<'_>,
) -> Vec<Case> {
    documents.iter().enumerate().map(|(position, document)| case(position, document, places, needs, context)).collect()
}

fn case(
    position: usize,
    document: &CaseDocument,
    places: &mut Vec<Place>,
    needs: &mut Vec<Need>,
    context: &mut Context<'_>,
) -> Case {
    let at = |field: &str| format!("/cases/{position}{field}");
    let unit = UnitIx(context.find(Kind::Unit, &document.unit, || at("/unit")).unwrap_or(0));
    let location = context.point(document.location, || at("/location"));
    let skill = document.skill.as_ref().and_then(|required| {
        if required.level == 0 {
            context.out_of_range(at("/skill/level"), "a skill of level 0".to_owned(), "levels count from 1");
        }
        Some((SkillIx(context.find(Kind::Skill, &required.id, || at("/skill/id"))?), required.level))
    });
    if document.urgency == 0 {
        context.out_of_range(at("/urgency"), "an urgency of 0".to_owned(), "urgencies count from 1");
    }
    if !(1..=1440).contains(&document.minutes) {
        let cause = format!("the case {:?} takes {} minutes", document.id, document.minutes);
        context.out_of_range(at("/minutes"), cause, "give 1 to 1440 minutes");
    }
    let earlier_handler = document
        .earlier_handler
        .as_ref()
        .and_then(|id| context.find(Kind::Person, id, || at("/earlierHandler")))
        .map(PersonIx);
    let excluded: Vec<PersonIx> = document
        .excluded
        .iter()
        .enumerate()
        .filter_map(|(number, id)| context.find(Kind::Person, id, || at(&format!("/excluded/{number}"))))
        .map(PersonIx)
        .collect();
    let place = PlaceIx::from_index(places.len());
    places.push(Place { id: document.id.clone(), name: document.name.clone(), unit, location, opening: None });
    let mut options = Vec::with_capacity(document.starts.len());
    for (number, &start) in document.starts.iter().enumerate() {
        let begin = start.minute(context.start);
        if begin < 0 || begin >= context.minutes {
            context.errors.add(
                ErrorCode::OutsideHorizon,
                at(&format!("/starts/{number}")),
                format!("the case {:?} could start at {start}, outside the horizon", document.id),
                "correct the start, or plan more days",
            );
        }
        if document.starts.iter().take(number).any(|&other| other == start) {
            context.errors.add(
                ErrorCode::DuplicateId,
                at(&format!("/starts/{number}")),
                format!("the start {start} stands there twice"),
                "remove the copy",
            );
        }
        options.push(NeedIx::from_index(needs.len()));
        needs.push(Need {
            id: document.need_id(start),
            place,
            skill,
            priority: document.urgency,
            excluded: excluded.clone(),
            case: Some(CaseIx::from_index(position)),
            seat: None,
            kind: NeedKind::Post(Post {
                span: Span { start: begin, end: begin + Minute::from(document.minutes) },
                shift_type: None,
                cover: ROOM_FOR_ONE,
                mix: false,
            }),
        });
    }
    Case {
        id: document.id.clone(),
        unit,
        options,
        deadline: document.deadline.minute(context.start),
        urgency: document.urgency,
        earlier_handler,
        explainable: document.explainable,
    }
}

/// What a span of a case asks by itself: nobody, and no more than one.
const ROOM_FOR_ONE: Cover =
    Cover { min: 0, target: 0, max: 1, weight_below_target: None, weight_above_target: Some(0) };
