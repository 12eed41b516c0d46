//! What open pages are told so that they show what others have changed: kinds and ids, never contents. Whoever listens
//! reads anew what is on the page, by the rights that hold for reading it.
//!
//! Changes are read from the audit trail, which every change ends in, in the order of their commits. One task of the
//! process reads it for all listeners: at once after a commit of this process, and every two seconds for commits of
//! other processes on the same database.

use std::collections::{BTreeSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Sleep;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::openapi::ListErrors;
use super::problem::Problem;
use super::resources::query_problem;
use super::state::AppState;
use crate::db::audit::{self, Mark};
use crate::db::people;
use crate::domain::{Right, Visible, Who, local_date};

/// How often the trail is looked at for changes of other processes.
const LOOK: Duration = Duration::from_secs(2);
/// Changes that come closer together than this are told together.
const PACE: Duration = Duration::from_millis(150);
/// How often a silent stream gives a sign of life; as an event, since browsers tell pages nothing of comments.
const ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after this time, so that the rights of whoever listens are judged anew.
const LIFE: Duration = Duration::from_mins(5);
/// After so many changes at once it is simpler to read the page anew.
const MOST: usize = 1000;
/// So many things of one kind are named; of more, only the kind is told.
const NAMED: usize = 50;
/// Tellings that a slow listener may be behind.
const BACKLOG: usize = 64;

/// Kinds that pages show; others, such as keys, are told to nobody.
const TOLD: &[&str] = &[
    "activity",
    "assignment",
    "availability",
    "booking",
    "calendar",
    "case",
    "case category",
    "constraint profile",
    "contract",
    "demand template",
    "lending",
    "loan",
    "need",
    "person",
    "post",
    "project",
    "quota",
    "reception",
    "resource",
    "schedule",
    "secondment",
    "service policy",
    "shift type",
    "skill",
    "station",
    "swap",
    "unit",
    "visit",
];
/// Of these, the ones that people see on their own pages without seeing all of their unit.
const PERSONAL: &[&str] = &["assignment", "availability", "case", "reception", "schedule", "swap"];
/// What only whoever holds this right reads, in lists that no unit bounds; the kind is told, without ids.
const OFFICE: &[(&str, Right)] = &[("account", Right::Administer), ("channel", Right::Edit), ("delivery", Right::Edit)];
/// The trail itself, whatever an entry is about.
const ENTRY: &str = "audit entry";

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_changes);
}

/// What was committed, to all listeners of the process.
#[derive(Debug, Clone)]
pub struct Wire(broadcast::Sender<Arc<Telling>>);

#[derive(Debug)]
enum Telling {
    Marks(Vec<Mark>),
    /// More than anybody wants to be told one by one; the number of the last.
    Many(i64),
}

impl Default for Wire {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

/// Tells listeners of changes until the server stops.
pub async fn tell_changes(state: web::Data<AppState>) {
    let mut bell = state.db.bell();
    let mut told = None;
    loop {
        match look(&state, told).await {
            Ok(last) => told = Some(last),
            // The next look may succeed, and begins where this one should have.
            Err(problem) => tracing::warn!(error = ?problem, "changes could not be read"),
        }
        tokio::time::sleep(PACE).await;
        tokio::select! {
            () = state.stopping.cancelled() => return,
            Ok(()) = bell.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Tells of what came after a number, and answers the last number.
async fn look(state: &AppState, told: Option<i64>) -> Result<i64, Problem> {
    let Some(told) = told else { return state.read(audit::last_seq).await };
    let telling = after(state, told).await?;
    let last = match &telling {
        Telling::Marks(marks) => marks.last().map_or(told, |mark| mark.seq),
        Telling::Many(last) => *last,
    };
    // Whoever begins to listen after this reads what came before by themselves. Nobody listening is no fault.
    if last > told {
        let _listeners = state.wire.0.send(Arc::new(telling));
    }
    Ok(last)
}

async fn after(state: &AppState, seq: i64) -> Result<Telling, Problem> {
    state
        .read(move |conn| {
            let marks = audit::marks_after(conn, seq, i64::try_from(MOST + 1).unwrap_or(i64::MAX))?;
            Ok(if marks.len() > MOST { Telling::Many(audit::last_seq(conn)?) } else { Telling::Marks(marks) })
        })
        .await
}

/// From where on somebody wants to be told.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// Number of the last change that is known; the last of all unless given. `Last-Event-ID` of a browser that comes
    /// back by itself goes before it.
    after: Option<String>,
}

/// Something that was changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeNotice {
    /// Kind, as the audit trail names it, such as `case`.
    kind: &'static str,
    /// Id; null when many things were changed, and for those who may know only that something near their own was. That
    /// of an assignment begins with its schedule's.
    id: Option<String>,
}

/// What was changed after a number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "last": 4711, "everything": false,
    "changes": [{"kind": "case", "id": "ca-1"}, {"kind": "schedule", "id": null}]
}))]
pub struct Changes {
    /// Number of the last change, to ask with the next time.
    last: i64,
    /// So much was changed that it is not listed: read everything anew.
    everything: bool,
    /// What was changed, each once.
    changes: Vec<ChangeNotice>,
}

/// Whoever is told of changes.
#[derive(Debug)]
struct Hearer {
    who: Who,
    /// Where somebody is told that something of a kind they see on their own pages was changed.
    near: Visible,
}

impl Hearer {
    /// With the places where the person serves, which may lie outside the units of the roles.
    async fn find(state: &AppState, who: Who) -> Result<Self, Problem> {
        let mut near = who.visible_by(Right::See);
        // What a key may do is given by its scopes alone.
        if let (Visible::Subtrees(paths), Some(person), None) = (&mut near, who.person.clone(), &who.scopes) {
            let today = local_date(state.clock.now());
            paths.extend(state.read(move |conn| people::ground(conn, &person, today)).await?);
        }
        Ok(Self { who, near })
    }
}

/// Answers what was changed after a number: once, or to whoever accepts `text/event-stream` as it comes. Of things in
/// the subtrees where `inspect` holds it tells kind and id; of what people see on their own pages, as soon as it is in or
/// above the subtrees of their roles or the units where they serve, the kind only. A stream ends after five minutes or
/// when the account is changed; browsers come back by themselves.
#[utoipa::path(tag = "changes", params(ChangesQuery), responses(
    (status = 200, description = "Changes; as a stream, events `changes` with these as data, and `alive` every 15 seconds of silence", body = Changes), ListErrors,
))]
#[get("/changes")]
pub async fn get_changes(
    state: web::Data<AppState>,
    who: Who,
    request: HttpRequest,
    query: web::Query<ChangesQuery>,
) -> Result<HttpResponse, Problem> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let known = header("last-event-id").or(query.after.as_deref());
    let known: Option<i64> = known
        .map(|text| {
            text.parse().map_err(|_| query_problem("after", &format!("{text:?} is no number"), "give a number"))
        })
        .transpose()?;
    // Before the trail is read, so that nothing falls between the two.
    let wire = state.wire.0.subscribe();
    let hearer = Hearer::find(&state, who).await?;
    let last = state.read(audit::last_seq).await?;
    let first = match known {
        // A number from another database, or from before it was restored.
        Some(seq) if seq > last => Changes { last, everything: true, changes: Vec::new() },
        Some(seq) => told(&hearer, seq, &after(&state, seq).await?),
        None => Changes { last, everything: false, changes: Vec::new() },
    };
    if !header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        return Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(first));
    }
    let listener = Listener {
        state,
        hearer,
        wire,
        last: first.last,
        waiting: VecDeque::from([event(&first)]),
        life: Box::pin(tokio::time::sleep(LIFE)),
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, actix_web::Error>(web::Bytes::from(event)), listener))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(events))
}

fn event(changes: &Changes) -> String {
    let data = serde_json::to_string(changes).unwrap_or_default();
    format!("retry: 3000\nid: {}\nevent: changes\ndata: {data}\n\n", changes.last)
}

/// What somebody may know of a telling, when they know everything up to a number.
fn told(hearer: &Hearer, known: i64, telling: &Telling) -> Changes {
    let marks = match telling {
        Telling::Marks(marks) => marks,
        Telling::Many(last) => return Changes { last: *last, everything: *last > known, changes: Vec::new() },
    };
    let last = marks.last().map_or(known, |mark| mark.seq.max(known));
    let mut named: BTreeSet<ChangeNotice> =
        marks.iter().filter(|mark| mark.seq > known).flat_map(|mark| notices(hearer, mark)).collect();
    for kind in TOLD {
        let of_kind = named.iter().filter(|notice| notice.kind == *kind).count();
        if of_kind > NAMED {
            named.retain(|notice| notice.kind != *kind);
            named.insert(ChangeNotice { kind, id: None });
        }
    }
    Changes { last, everything: false, changes: named.into_iter().collect() }
}

/// What somebody hears of an entry: the thing that it is about, and that the trail has one more.
fn notices(hearer: &Hearer, mark: &Mark) -> impl Iterator<Item = ChangeNotice> {
    let reads_trail = hearer.who.may(Right::Administer, mark.unit_path.as_deref());
    let office = OFFICE.iter().find(|(kind, right)| *kind == mark.kind && hearer.who.holds(*right));
    let bare = [office.map(|(kind, _)| *kind), reads_trail.then_some(ENTRY)];
    let bare = bare.into_iter().flatten().map(|kind| ChangeNotice { kind, id: None });
    notice(hearer, mark).into_iter().chain(bare)
}

fn notice(Hearer { who, near }: &Hearer, mark: &Mark) -> Option<ChangeNotice> {
    let kind = TOLD.iter().find(|kind| **kind == mark.kind)?;
    let path = mark.unit_path.as_deref();
    if who.may(Right::Inspect, path) {
        return Some(ChangeNotice { kind, id: Some(mark.entity.clone()) });
    }
    let is_near = || path.is_none_or(|path| near.touches(path));
    (PERSONAL.contains(kind) && (mark.actor == who.actor || is_near())).then_some(ChangeNotice { kind, id: None })
}

/// One open stream.
struct Listener {
    state: web::Data<AppState>,
    hearer: Hearer,
    wire: broadcast::Receiver<Arc<Telling>>,
    last: i64,
    waiting: VecDeque<String>,
    life: Pin<Box<Sleep>>,
}

impl Listener {
    /// The next piece of the stream; none at its end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let heard = tokio::select! {
                () = self.state.stopping.cancelled() => return None,
                () = &mut self.life => return None,
                heard = self.wire.recv() => heard,
                () = tokio::time::sleep(ALIVE) => return Some("event: alive\ndata: 0\n\n".to_owned()),
            };
            let telling = match heard {
                Ok(telling) => telling,
                // The browser comes back with the number of what it was told last.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            };
            if self.is_about_listener(&telling) {
                return None;
            }
            let changes = told(&self.hearer, self.last, &telling);
            self.last = changes.last;
            if changes.everything || !changes.changes.is_empty() {
                self.waiting.push_back(event(&changes));
            }
        }
    }

    /// The account's roles may be others now.
    fn is_about_listener(&self, telling: &Telling) -> bool {
        match (&self.hearer.who.account, telling) {
            (Some(own), Telling::Marks(marks)) => {
                // What was told late, and was so before the stream began, is known already.
                let mut fresh = marks.iter().filter(|mark| mark.seq > self.last);
                fresh.any(|mark| mark.kind == "account" && mark.entity == own.as_str())
            }
            (Some(_), Telling::Many(last)) => *last > self.last,
            (None, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Grant, PlacedGrant, Role};

    fn who(role: Role, path: Option<&str>) -> Hearer {
        let placed = PlacedGrant { grant: Grant { role, unit: None }, path: path.map(str::to_owned) };
        let who = Who { actor: "own".to_owned(), grants: vec![placed], ..Who::open() };
        Hearer { near: who.visible_by(Right::See), who }
    }

    fn mark(seq: i64, kind: &str, entity: &str, path: Option<&str>) -> Mark {
        let (kind, entity, unit_path) = (kind.to_owned(), entity.to_owned(), path.map(str::to_owned));
        Mark { seq, actor: "other".to_owned(), kind, entity, unit_path }
    }

    fn heard(who: &Hearer, marks: &[Mark]) -> Vec<(&'static str, Option<String>)> {
        let changes = told(who, 0, &Telling::Marks(marks.to_vec()));
        changes.changes.into_iter().map(|notice| (notice.kind, notice.id)).collect()
    }

    #[test]
    fn ids_are_told_where_somebody_inspects_and_kinds_near_their_own() {
        let marks = [
            mark(1, "case", "ca-in", Some("1/2/")),
            mark(2, "case", "ca-out", Some("1/3/")),
            mark(3, "schedule", "sc-above", Some("1/")),
            mark(4, "person", "p-in", Some("1/2/")),
            mark(5, "account", "ac-1", Some("1/2/")),
        ];
        let some = |id: &str| Some(id.to_owned());
        let coordinator = heard(&who(Role::Coordinator, Some("1/2/")), &marks);
        assert_eq!(coordinator, [("case", some("ca-in")), ("person", some("p-in")), ("schedule", None)]);
        assert_eq!(heard(&who(Role::Member, Some("1/2/")), &marks), [("case", None), ("schedule", None)]);
        assert_eq!(heard(&who(Role::Member, Some("1/3/")), &marks), [("case", None), ("schedule", None)]);
        assert_eq!(heard(&who(Role::Member, Some("2/")), &marks), []);
        let everything = heard(&who(Role::Administrator, None), &marks);
        let bare: Vec<_> = everything.iter().filter(|(_, id)| id.is_none()).map(|(kind, _)| *kind).collect();
        assert_eq!((everything.len(), bare), (6, vec!["account", "audit entry"]), "{everything:?}");
    }

    #[test]
    fn accounts_channels_and_the_trail_are_told_to_those_who_keep_them() {
        let marks = [
            mark(1, "account", "ac-1", None),
            mark(2, "channel", "ch-1", Some("1/2/")),
            mark(3, "API key", "ak-1", None),
        ];
        let kinds = |role, path| heard(&who(role, path), &marks).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(kinds(Role::Administrator, None), ["account", "audit entry", "channel"]);
        // Entries about the whole network are not theirs, and the list of accounts is, as far as it is theirs.
        assert_eq!(kinds(Role::Administrator, Some("1/3/")), ["account", "channel"]);
        assert_eq!(kinds(Role::Administrator, Some("1/2/")), ["account", "audit entry", "channel"]);
        assert_eq!(kinds(Role::Coordinator, Some("1/2/")), ["channel"]);
        assert_eq!(kinds(Role::Manager, None), [] as [&str; 0]);
        assert_eq!(kinds(Role::Member, Some("1/2/")), [] as [&str; 0]);
    }

    #[test]
    fn catalogues_are_told_to_planners_of_any_unit() {
        let marks = [
            mark(1, "calendar", "2026", None),
            mark(2, "skill", "law", None),
            mark(3, "demand template", "te-out", Some("1/3/")),
        ];
        let some = |id: &str| Some(id.to_owned());
        let told = heard(&who(Role::Coordinator, Some("1/2/")), &marks);
        assert_eq!(told, [("calendar", some("2026")), ("skill", some("law"))]);
        assert_eq!(heard(&who(Role::Member, Some("1/2/")), &marks), []);
    }

    #[test]
    fn what_one_has_done_oneself_is_told_wherever_it_is() {
        let own = Mark { actor: "own".to_owned(), ..mark(1, "swap", "sw-1", Some("9/")) };
        assert_eq!(heard(&who(Role::Member, Some("1/2/")), &[own]), [("swap", None)]);
    }

    #[test]
    fn somebody_who_serves_elsewhere_hears_of_what_happens_there() {
        let lent = Hearer { near: Visible::Subtrees(vec!["2/1/".to_owned()]), ..who(Role::Member, Some("1/2/")) };
        let marks = [
            mark(1, "schedule", "sc-there", Some("2/")),
            mark(2, "person", "p-there", Some("2/1/")),
            mark(3, "case", "ca-beside", Some("2/3/")),
        ];
        assert_eq!(heard(&lent, &marks), [("schedule", None)]);
    }

    #[test]
    fn many_things_of_a_kind_are_told_as_the_kind_and_what_is_known_is_not_told_again() {
        let reader = who(Role::Reader, None);
        let mut marks: Vec<Mark> = (1..=60).map(|seq| mark(seq, "person", &format!("p-{seq}"), None)).collect();
        marks.push(mark(61, "case", "ca-1", None));
        assert_eq!(heard(&reader, &marks), [("case", Some("ca-1".to_owned())), ("person", None)]);
        let later = told(&reader, 60, &Telling::Marks(marks));
        assert_eq!((later.last, later.changes.len()), (61, 1));
        let many = told(&reader, 60, &Telling::Many(5000));
        assert!(many.everything && many.last == 5000);
    }
}
