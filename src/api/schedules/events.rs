//! Server-sent events of a run: `progress` while it goes on, `finished` at its end.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use futures_util::stream;
use tokio::sync::watch;

use super::documents::RunDocument;
use super::schedule_for;
use crate::api::openapi::EventErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::path_id;
use crate::api::state::AppState;
use crate::db::jobs;
use crate::domain::{Job, JobId, ScheduleId, Who};

/// The database is asked this often about runs of other processes; also the pace of keep-alive comments.
const POLL: Duration = Duration::from_secs(1);

/// Follows the schedule's run as server-sent events; 410 when it has ended.
#[utoipa::path(tag = "planning", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Events `progress` and `finished`, each with the run as data", body = String,
        content_type = "text/event-stream", example = json!("event: progress\ndata: {\"id\":\"jo-1\",\"status\":\"running\"}\n\n")),
    EventErrors,
))]
#[get("/schedules/{id}/events")]
pub async fn get_schedule_events(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: ScheduleId = path_id(&id)?;
    let bell = state.planner.board.subscribe();
    let job = state
        .read(move |conn| {
            schedule_for(&who, conn, &id)?;
            jobs::latest(conn, &id)
        })
        .await?
        .filter(|job| !job.status.is_final())
        .ok_or_else(|| Problem::new(Code::Finished))?;
    let follower = Follower { state, bell, job: job.id, last: None, ended: false };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok::<_, actix_web::Error>(web::Bytes::from(event)), follower))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(events))
}

/// What one open stream knows.
struct Follower {
    state: web::Data<AppState>,
    bell: watch::Receiver<u64>,
    job: JobId,
    last: Option<String>,
    ended: bool,
}

impl Follower {
    /// The next piece of the stream; none at its end.
    async fn next(&mut self) -> Option<String> {
        if self.ended {
            return None;
        }
        if self.last.is_some() {
            tokio::select! {
                () = self.state.stopping.cancelled() => return None,
                // A closed bell leaves the poll.
                _ = self.bell.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        // A look that fails is not the run's end: the next one may succeed.
        let event = self.event().await.unwrap_or_default();
        if event.is_empty() || self.last.as_ref() == Some(&event) {
            self.last.get_or_insert_default();
            return Some(": alive\n\n".to_owned());
        }
        self.last = Some(event.clone());
        Some(event)
    }

    async fn event(&mut self) -> Result<String, Problem> {
        let board = &self.state.planner.board;
        let mut run = RunDocument::from(self.job().await?);
        run.freshen(board);
        let ended = run.finished_at.is_some();
        self.ended = ended;
        let data = serde_json::to_string(&run).map_err(Problem::internal)?;
        Ok(format!("event: {}\ndata: {data}\n\n", if ended { "finished" } else { "progress" }))
    }

    async fn job(&self) -> Result<Job, Problem> {
        let id = self.job.clone();
        self.state.read(move |conn| jobs::get(conn, &id)).await
    }
}
