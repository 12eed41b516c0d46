//! Needs and apart-pairs.

use super::{Context, Kind};
use crate::document::error::ErrorCode;
use crate::document::need::{NeedDocument, PostDocument};
use crate::document::time::TimeSpan;
use crate::problem::{Cover, Need, NeedKind, PersonIx, PlaceIx, Post, ShiftTypeIx, SkillIx, Span};

/// The needs, in the order of the document. Those with errors keep their position, so that pointers stay right.
pub(super) fn needs(documents: &[NeedDocument], context: &mut Context<'_>) -> Vec<Need> {
    documents
        .iter()
        .enumerate()
        .map(|(position, document)| match document {
            NeedDocument::Post(post) => post_need(position, post, context),
        })
        .collect()
}

fn post_need(position: usize, document: &PostDocument, context: &mut Context<'_>) -> Need {
    let at = |field: &str| format!("/needs/{position}{field}");
    let place = context.find(Kind::Place, &document.place, || at("/place"));
    let skill = document.skill.as_ref().and_then(|required| {
        if required.level == 0 {
            context.out_of_range(at("/skill/level"), "a skill of level 0".to_owned(), "levels count from 1");
        }
        Some((SkillIx(context.find(Kind::Skill, &required.id, || at("/skill/id"))?), required.level))
    });
    let shift_type = document.shift_type.as_ref().and_then(|id| context.find(Kind::ShiftType, id, || at("/shiftType")));
    if document.priority == 0 {
        context.out_of_range(at("/priority"), "a priority of 0".to_owned(), "priorities count from 1");
    }
    if document.min > document.target() || document.target() > document.max() {
        context.min_above_max(
            at("/min"),
            format!("min {}, target {}, max {} do not rise", document.min, document.target(), document.max()),
            "keep min <= target <= max",
        );
    }
    for (field, weight) in
        [("/weightBelowTarget", document.weight_below_target), ("/weightAboveTarget", document.weight_above_target)]
    {
        if weight.is_some_and(|weight| !(0..=1_000_000_000).contains(&weight)) {
            context.out_of_range(at(field), "a weight below 0 or above 1,000,000,000".to_owned(), "give 0 and up");
        }
    }
    let excluded = document
        .excluded
        .iter()
        .enumerate()
        .filter_map(|(number, id)| context.find(Kind::Person, id, || at(&format!("/excluded/{number}"))))
        .map(PersonIx)
        .collect();
    Need {
        id: document.id.clone(),
        place: PlaceIx(place.unwrap_or(0)),
        skill,
        priority: document.priority,
        excluded,
        case: None,
        seat: None,
        kind: NeedKind::Post(Post {
            span: post_span(document, context, || at("/start")),
            shift_type: shift_type.map(ShiftTypeIx),
            cover: Cover {
                min: document.min,
                target: document.target(),
                max: document.max(),
                weight_below_target: document.weight_below_target,
                weight_above_target: document.weight_above_target,
            },
            mix: document.mix,
        }),
    }
}

/// The span of a post; it starts within the horizon and lasts at most a day.
fn post_span(document: &PostDocument, context: &mut Context<'_>, pointer: impl Fn() -> String) -> Span {
    let Some(span) = context.span(TimeSpan { start: document.start, end: document.end }, &pointer) else {
        return Span { start: 0, end: 0 };
    };
    if span.start < 0 || span.start >= context.minutes {
        context.errors.add(
            ErrorCode::OutsideHorizon,
            pointer(),
            format!("the post {:?} starts at {}, outside the horizon", document.id, document.start),
            "correct the start, or plan more days",
        );
    }
    if span.minutes() > 24 * 60 {
        context.out_of_range(
            pointer(),
            format!("the post {:?} lasts {} minutes", document.id, span.minutes()),
            "split it: a post lasts at most a day",
        );
    }
    span
}

/// Apart-pairs.
pub(super) fn apart(pairs: &[[String; 2]], context: &mut Context<'_>) -> Vec<(PersonIx, PersonIx)> {
    let mut found = Vec::with_capacity(pairs.len());
    for (position, [first, second]) in pairs.iter().enumerate() {
        if first == second {
            context.errors.add(
                ErrorCode::SelfPair,
                format!("/apart/{position}"),
                format!("{first:?} is to stay apart from itself"),
                "name two different people",
            );
            continue;
        }
        let first = context.find(Kind::Person, first, || format!("/apart/{position}/0"));
        let second = context.find(Kind::Person, second, || format!("/apart/{position}/1"));
        if let (Some(first), Some(second)) = (first, second) {
            found.push((PersonIx(first), PersonIx(second)));
        }
    }
    found
}
