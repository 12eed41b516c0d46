//! Planning again: the whole week anew, or the least change after something has happened.

use std::time::Duration;

use actix_web::http::header::LOCATION;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use paiban_solver::document::{EventDocument, LocalDateTime, TimeSpan};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{LeastChange, StreetReplan};
use super::documents::ScheduleDocument;
use super::explain::{ask, readable};
use super::receptions::PlannedReceptionDocument;
use super::visits::PlannedVisitDocument;
use super::{accepted, answered_before, schedule_for};
use crate::api::access::trail::Tell as _;
use crate::api::extract::parse;
use crate::api::idempotency::{IdempotencyKey, mismatch};
use crate::api::lang::{Lang, Text};
use crate::api::openapi::ReplanErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::{id_at, path_id};
use crate::api::state::AppState;
use crate::domain::{ScheduleId, Who, local_date};
use crate::planning::least_change::{Happening, Replan, ReplanRefusal, ReplanRequest, keep, replan};
use crate::planning::request::{PlanRefusal, request_replan};

/// A stretch of local time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LocalSpan)]
pub struct SpanDocument {
    /// Start, local time.
    #[schema(value_type = String, example = "2026-12-01T08:00")]
    start: LocalDateTime,
    /// End, local time.
    #[schema(value_type = String, example = "2026-12-01T18:00")]
    end: LocalDateTime,
}

/// Something that has happened since a roster was made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[schema(as = Event)]
pub enum EventRequest {
    /// The person cannot work from `start` until `end`.
    Sick {
        /// Id of the person.
        person: String,
        /// Start, local time.
        #[schema(value_type = String, example = "2026-12-01T00:00")]
        start: LocalDateTime,
        /// End, local time.
        #[schema(value_type = String, example = "2026-12-02T00:00")]
        end: LocalDateTime,
    },
    /// The person serves no more from this date on.
    Resigned {
        /// Id of the person.
        person: String,
        /// First date without service.
        from: NaiveDate,
    },
    /// The person's unavailable times are these now.
    Availability {
        /// Id of the person.
        person: String,
        /// Unavailable times.
        unavailable: Vec<SpanDocument>,
    },
    /// A post was added under `/posts` since.
    NewPost {
        /// Id of the post.
        post: String,
    },
    /// A case of the schedule's unit was triaged since and has nobody.
    NewCase {
        /// Id of the case.
        case: String,
    },
    /// The room cannot be had from `start` until `end`: receptions in it take another room or day, or fall.
    Withdrawn {
        /// Id of the venue under `/resources`.
        venue: String,
        /// Start, local time.
        #[schema(value_type = String, example = "2026-12-01T00:00")]
        start: LocalDateTime,
        /// End, local time.
        #[schema(value_type = String, example = "2026-12-02T00:00")]
        end: LocalDateTime,
    },
    /// The station is closed from `start` until `end`: its posts then are withdrawn.
    Closed {
        /// Id of the station.
        station: String,
        /// Start, local time.
        #[schema(value_type = String, example = "2026-12-01T00:00")]
        start: LocalDateTime,
        /// End, local time.
        #[schema(value_type = String, example = "2026-12-02T00:00")]
        end: LocalDateTime,
    },
}

impl EventRequest {
    fn happening(self, at: usize) -> Result<Happening, Problem> {
        Ok(Happening::Event(match self {
            Self::NewPost { post } => return id_at(&post, &format!("/events/{at}/post")).map(Happening::NewPost),
            Self::NewCase { case } => return id_at(&case, &format!("/events/{at}/case")).map(Happening::NewCase),
            Self::Withdrawn { venue, start, end } => EventDocument::Withdrawn { venue, start, end },
            Self::Sick { person, start, end } => EventDocument::Sick { person, start, end },
            Self::Resigned { person, from } => EventDocument::Resigned { person, from },
            Self::Availability { person, unavailable } => EventDocument::Availability {
                person,
                unavailable: unavailable
                    .into_iter()
                    .map(|span| TimeSpan { start: span.start, end: span.end })
                    .collect(),
            },
            Self::Closed { station, start, end } => EventDocument::Closed { place: station, start, end },
        }))
    }
}

/// What has happened, and how much may change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "events": [{"kind": "sick", "person": "p-1", "start": "2026-12-01T00:00", "end": "2026-12-02T00:00"}],
    "mostPeople": null, "timeLimitSeconds": 10
}))]
pub struct EventsRequest {
    /// What has happened, at least one and at most 200.
    events: Vec<EventRequest>,
    /// Change at most so many people of a street, also where that leaves more residents unserved; without it tier 1
    /// comes first, and then as few people as possible.
    most_people: Option<usize>,
    /// Seconds for each street, 1 to 60 (10 unless given).
    time_limit_seconds: Option<u16>,
}

impl EventsRequest {
    fn request(self, today: NaiveDate) -> Result<ReplanRequest, Problem> {
        let seconds = self.time_limit_seconds.unwrap_or(10);
        if !(1..=60).contains(&seconds) {
            return Err(Problem::new(Code::InvalidValue).at(
                "/timeLimitSeconds",
                Text::new("不在 1 到 60 之间", "it is not between 1 and 60"),
                Text::new("给出 1 到 60", "give 1 to 60"),
            ));
        }
        if !(1..=200).contains(&self.events.len()) {
            return Err(Problem::new(Code::InvalidValue).at(
                "/events",
                Text::new("应有 1 到 200 个事件", "there are 1 to 200 events"),
                Text::new("至少给出一个事件", "name at least one event"),
            ));
        }
        let happenings = self.events.into_iter().enumerate().map(|(at, event)| event.happening(at));
        Ok(ReplanRequest {
            happenings: happenings.collect::<Result<_, _>>()?,
            most_people: self.most_people,
            time_limit: Duration::from_secs(u64::from(seconds)),
            today,
        })
    }
}

impl From<ReplanRefusal> for Problem {
    fn from(refusal: ReplanRefusal) -> Self {
        match refusal {
            ReplanRefusal::Prepare(error) => error.into(),
            ReplanRefusal::Events(errors) => {
                errors.into_iter().fold(Self::new(Code::InvalidValue), |problem, error| {
                    let zh = format!("事件有误：{}", error.cause);
                    let action = Text::new("改正该事件", error.action);
                    problem.at(error.pointer, Text::new(zh, error.cause), action)
                })
            }
            ReplanRefusal::CaseNotOpen(case) => Self::new(Code::Conflict).at(
                "/events",
                Text::new(
                    format!("事项 {case} 未分类、已有承办人或不属于本班表"),
                    format!("the case {case} is not triaged, has somebody or is not one of the schedule's"),
                ),
                Text::new("先完成分类，或从事件中去掉", "triage it first, or leave it out"),
            ),
            ReplanRefusal::Pinned(broken) => {
                broken.into_iter().take(10).fold(Self::new(Code::Infeasible), |problem, broken| {
                    let action = Text::new("取消相关安排的锁定", "unpin the assignment that this names");
                    problem.at(format!("/{}", broken.code), Text::new(broken.zh, broken.en), action)
                })
            }
        }
    }
}

/// Plans a schedule again. Without a body the whole week is queued to be planned anew, and pinned assignments stay. With
/// events the answer comes at once: a new version in which, with tier 1 at its optimum, provably the fewest people
/// change. It names the receptions and visits that it decides otherwise, and why some fall.
#[utoipa::path(tag = "planning", params(
    ("id" = String, Path, description = "Id"),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key for the same request plans once"),
), request_body(content = Option<EventsRequest>, description = "What has happened; left out, the week is planned anew",
    example = json!({"events": [{"kind": "sick", "person": "p-1", "start": "2026-12-01T00:00",
        "end": "2026-12-02T00:00"}], "mostPeople": null})),
responses(
    (status = 201, description = "A new version with the least change", body = LeastChange,
        headers(("Location" = String, description = "The new version"))),
    (status = 202, description = "The run is queued", body = ScheduleDocument,
        headers(("Location" = String, description = "Where to follow it"))),
    ReplanErrors,
))]
#[post("/schedules/{id}/replan")]
pub async fn replan_schedule(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    key: IdempotencyKey,
    lang: Lang,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    if body.is_empty() {
        return plan_anew(&state, who, id, key).await;
    }
    let wanted: EventsRequest = parse(&body)?;
    let once = key.of("replan_schedule", &(&who.account, &id, &wanted));
    let author = who.clone();
    let base = id.clone();
    let known = once.clone();
    // A repeated request is answered before anything is solved.
    let before = state
        .change(&who, {
            let author = who.clone();
            let base = id.clone();
            move |tx| {
                schedule_for(&author, tx, &base)?;
                tx.unchanged();
                known.before(tx)?.map(|id| answered_before(tx, &id)).transpose()
            }
        })
        .await
        .map_err(mismatch)?;
    if let Some(schedule) = before {
        return Ok(created(LeastChange::of(schedule, &id)));
    }
    let today = local_date(state.clock.now());
    let made: Replan = ask(&state, move |db| {
        readable(db, &author, &base)?;
        replan(db, &base, &wanted.request(today)?).map_err(Problem::from)
    })
    .await?;
    let (now, entropy, author) = (state.clock.now(), state.entropy.clone(), who.clone());
    let (schedule, made) = state
        .change(&who, move |tx| {
            let (_, path) = schedule_for(&author, tx, &made.base.id)?;
            let schedule = keep(tx, &made, now, &*entropy)?;
            once.keep(tx, schedule.id.as_str(), now)?;
            let document = ScheduleDocument::new(schedule, None);
            let from = Some(format!("least change from {}", made.base.id));
            tx.because("replan", ("schedule", &document.id), path, from);
            Ok((document, made))
        })
        .await
        .map_err(mismatch)?;
    let (receptions, visits) = (made.result.receptions, made.result.visits);
    Ok(created(LeastChange {
        streets: made.streets.into_iter().map(StreetReplan::from).collect(),
        receptions: receptions.into_iter().map(|planned| PlannedReceptionDocument::new(planned, lang)).collect(),
        visits: visits.into_iter().map(|planned| PlannedVisitDocument::new(planned, lang)).collect(),
        ..LeastChange::of(schedule, &id)
    }))
}

fn created(answer: LeastChange) -> HttpResponse {
    let location = format!("/api/v1/schedules/{}", answer.schedule.id);
    HttpResponse::Created().insert_header((LOCATION, location)).json(answer)
}

async fn plan_anew(state: &AppState, who: Who, id: ScheduleId, key: IdempotencyKey) -> Result<HttpResponse, Problem> {
    let once = key.of("replan_schedule", &(&who.account, &id));
    let (now, entropy, queue_limit) = (state.clock.now(), state.entropy.clone(), state.queue_limit);
    let author = who.clone();
    let asked = state
        .change(&who, move |tx| {
            let (_, path) = schedule_for(&author, tx, &id)?;
            if let Some(id) = once.before(tx)? {
                tx.unchanged();
                return answered_before(tx, &id).map(Ok);
            }
            match request_replan(tx, &id, queue_limit, now, &*entropy) {
                Ok((schedule, job)) => {
                    once.keep(tx, schedule.id.as_str(), now)?;
                    tx.because("replan", ("schedule", id.as_str()), path, None);
                    Ok(Ok(ScheduleDocument::new(schedule, Some(job))))
                }
                Err(PlanRefusal::Database(error)) => Err(error),
                Err(refusal) => {
                    tx.unchanged();
                    Ok(Err(refusal))
                }
            }
        })
        .await
        .map_err(mismatch)?;
    state.planner.queue.wake();
    accepted(asked)
}
