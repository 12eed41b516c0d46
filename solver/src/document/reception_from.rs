//! From what becomes of receptions to their documents, with reasons in words.

use std::collections::BTreeMap;

use super::reception::PlannedReceptionDocument;
use super::roster_from::{obstacles_en, obstacles_zh};
use super::time::{LocalDateTime, TimeSpan};
use crate::problem::{PersonIx, Problem, Reception, RuleCode};
use crate::roster::{Obstacle, SettledReception};

/// The document of one reception; `None` for indices that the problem does not have.
pub(super) fn planned_reception(problem: &Problem, settled: &SettledReception) -> Option<PlannedReceptionDocument> {
    let reception = problem.receptions.get(settled.reception.index())?;
    let option = settled.held.and_then(|option| reception.options.get(option));
    let post = option.and_then(|option| problem.needs.get(option.deputies.index())?.as_post());
    let time = post.map(|post| TimeSpan::from_span(&problem.horizon, post.span));
    let id = |person: &PersonIx| Some(problem.people.get(person.index())?.id.clone());
    let (reason_zh, reason_en) =
        if option.is_some() { (String::new(), String::new()) } else { reasons(problem, reception, &settled.obstacles) };
    Some(PlannedReceptionDocument {
        reception: reception.id.clone(),
        held: option.is_some(),
        start: time.map(|time| time.start),
        end: time.map(|time| time.end),
        deputies: settled.deputies.iter().filter_map(id).collect(),
        host: settled.host.as_ref().and_then(id),
        venue: option.and_then(|option| Some(problem.venues.get(option.venue?.index())?.id.clone())),
        reason_zh,
        reason_en,
    })
}

fn reasons(problem: &Problem, reception: &Reception, obstacles: &[Obstacle]) -> (String, String) {
    if obstacles.is_empty() {
        return ("未安排：没有可选的时间。".to_owned(), "Not held: there is no time to choose from.".to_owned());
    }
    let at = |obstacle: &Obstacle| {
        let need = reception.options.get(obstacle.option).and_then(|option| problem.needs.get(option.deputies.index()));
        let start = need.and_then(|need| need.as_post()).map_or(0, |post| post.span.start);
        LocalDateTime::from_minute(&problem.horizon, start).to_string().replace('T', " ")
    };
    let zh: Vec<String> =
        obstacles.iter().map(|obstacle| format!("{}{}", at(obstacle), words_zh(reception, obstacle))).collect();
    let en: Vec<String> =
        obstacles.iter().map(|obstacle| format!("{}: {}", at(obstacle), words_en(reception, obstacle))).collect();
    (format!("未安排：{}。", zh.join("；")), format!("Not held. {}.", en.join("; ")))
}

/// Whether what stops people says more than that the room is taken, which stops everybody.
fn is_telling(obstacle: &Obstacle, stopped: &BTreeMap<RuleCode, u32>) -> bool {
    !obstacle.is_room_taken || stopped.keys().any(|code| *code != RuleCode::H11)
}

fn words_zh(reception: &Reception, obstacle: &Obstacle) -> String {
    if obstacle.is_too_soon {
        return "公告期不足（H13）".to_owned();
    }
    let mut parts = Vec::new();
    if obstacle.is_room_taken {
        parts.push("场所已被占用（H11）".to_owned());
    }
    if obstacle.deputies_free < u32::from(reception.seats) && is_telling(obstacle, &obstacle.deputies_stopped) {
        let (free, seats) = (obstacle.deputies_free, reception.seats);
        let stopped = obstacles_zh(&obstacle.deputies_stopped, 0);
        parts.push(if reception.is_visit {
            format!("需{seats}人走访、可到{free}人（{stopped}）")
        } else {
            format!("代表需{seats}人、可到{free}人（{stopped}）")
        });
    }
    if !reception.is_visit && obstacle.hosts_free == 0 && is_telling(obstacle, &obstacle.hosts_stopped) {
        parts.push(format!("没有工作人员可值守（{}）", obstacles_zh(&obstacle.hosts_stopped, 0)));
    }
    if parts.is_empty() {
        let who = if reception.is_visit { "人选" } else { "代表和工作人员" };
        parts.push(format!("{who}都有，但须先保证其他安排"));
    }
    parts.join("，")
}

fn words_en(reception: &Reception, obstacle: &Obstacle) -> String {
    if obstacle.is_too_soon {
        return "the notice is too short (H13)".to_owned();
    }
    let mut parts = Vec::new();
    if obstacle.is_room_taken {
        parts.push("the room is taken (H11)".to_owned());
    }
    if obstacle.deputies_free < u32::from(reception.seats) && is_telling(obstacle, &obstacle.deputies_stopped) {
        let (free, seats) = (obstacle.deputies_free, reception.seats);
        let stopped = obstacles_en(&obstacle.deputies_stopped, 0);
        parts.push(if reception.is_visit {
            format!("{free} of {seats} can make the visit ({stopped})")
        } else {
            format!("{free} of {seats} deputies can come ({stopped})")
        });
    }
    if !reception.is_visit && obstacle.hosts_free == 0 && is_telling(obstacle, &obstacle.hosts_stopped) {
        parts.push(format!("nobody can be host ({})", obstacles_en(&obstacle.hosts_stopped, 0)));
    }
    if parts.is_empty() {
        let who = if reception.is_visit { "those who may make it" } else { "deputies and hosts" };
        parts.push(format!("{who} could come but are needed elsewhere"));
    }
    parts.join(", ")
}
