//! The way from a handler to the database: off the request threads, and errors as problem documents.

use actix_web::web;

use super::etag::stale;
use super::lang::Text;
use super::problem::{Code, FieldError, Problem};
use super::refusals;
use super::state::AppState;
use crate::db::{ConflictKind, Connection, DbError, DbResult, Trail, Tx};
use crate::domain::{Fault, Who};

impl AppState {
    /// Reads from the database on a thread for blocking work; the connection is taken there, too.
    ///
    /// # Errors
    /// The database's error as a problem.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> DbResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.db.clone();
        let result = web::block(move || db.read(work)).await.map_err(Problem::internal)?;
        result.map_err(Problem::from)
    }

    /// Writes what is no change of data, such as when a session was last used, in one transaction on a thread for
    /// blocking work.
    ///
    /// # Errors
    /// The database's error as a problem; then nothing is written.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> DbResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.db.clone();
        let result = web::block(move || db.write(work)).await.map_err(Problem::internal)?;
        result.map_err(Problem::from)
    }

    /// Changes data on somebody's behalf: one transaction, on a thread for blocking work, that ends only with an entry
    /// in the audit trail.
    ///
    /// # Errors
    /// The database's error as a problem; then nothing is written.
    pub async fn change<T: Send + 'static>(
        &self,
        who: &Who,
        work: impl FnOnce(&mut Trail<'_, '_>) -> DbResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (db, actor, now) = (self.db.clone(), who.actor.clone(), self.clock.now());
        let result = web::block(move || db.change(&actor, now, work)).await.map_err(Problem::internal)?;
        result.map_err(Problem::from)
    }

    /// Changes a little on somebody's behalf, as [`AppState::change`] does, perhaps in one commit with others who change something at
    /// the same moment.
    ///
    /// # Errors
    /// The database's error as a problem; then nothing is written.
    pub async fn change_together<T: Send + 'static>(
        &self,
        who: &Who,
        work: impl FnOnce(&mut Trail<'_, '_>) -> DbResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (db, actor, now) = (self.db.clone(), who.actor.clone(), self.clock.now());
        let result = web::block(move || db.change_together(&actor, now, work)).await.map_err(Problem::internal)?;
        result.map_err(Problem::from)
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// `unavailable` when it gives none.
    pub async fn check_database(&self) -> Result<(), Problem> {
        let db = self.db.clone();
        let result = web::block(move || db.ping()).await.map_err(Problem::internal)?;
        result.map_err(Problem::from)
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound { kind, id } => {
                let zh = format!("没有{} {id}", refusals::kind(kind));
                Self::new(Code::NotFound).detail(zh, format!("there is no {kind} {id}"))
            }
            DbError::Stale { .. } => stale(),
            DbError::Conflict { kind, reason, detail } => {
                let code = match reason {
                    ConflictKind::Duplicate => Code::Duplicate,
                    ConflictKind::MissingReference => Code::UnknownReference,
                    ConflictKind::StillReferenced => Code::InUse,
                    ConflictKind::State => Code::Conflict,
                    ConflictKind::Past => Code::PastPublished,
                    ConflictKind::Clash => Code::BookingClash,
                    ConflictKind::Full => Code::WindowFull,
                    ConflictKind::Replanned => Code::BaseReplanned,
                    ConflictKind::Time => Code::WrongTime,
                };
                let zh = refusals::sentence(&detail).unwrap_or_else(|| format!("{}：{detail}", refusals::kind(kind)));
                Self::new(code).detail(zh, detail)
            }
            DbError::Invalid { kind: "cursor", .. } => super::paging::bad_cursor(),
            DbError::Invalid { faults, .. } => of_faults(&faults),
            DbError::Forbidden(detail) => Self::new(Code::Forbidden).detail("角色的范围不包括它", detail),
            DbError::Breaks { broken } => Self {
                errors: broken
                    .into_iter()
                    .map(|one| {
                        let action = Text::new("换一个人或时间", "choose another person or time");
                        FieldError::new(one.rule, Text::new(one.zh, one.en), action)
                    })
                    .collect(),
                ..Self::new(Code::RuleBroken)
            },
            DbError::Busy(cause) | DbError::Unavailable(cause) => {
                Self { internal: Some(cause), ..Self::new(Code::Unavailable) }
            }
            DbError::DiskFull(cause) => Self { internal: Some(cause), ..Self::new(Code::StorageFull) },
            other => Self::internal(other),
        }
    }
}

/// One problem from the faults of an entity.
#[must_use]
pub fn of_faults(faults: &[Fault]) -> Problem {
    let cycle = faults.iter().any(|fault| fault.code == "unit-cycle");
    let mut problem = Problem::new(if cycle { Code::UnitCycle } else { Code::InvalidValue });
    problem.errors = faults
        .iter()
        .map(|fault| {
            let (cause, action) = refusals::fault(fault).map_or_else(
                || (format!("数据不符合规则（{}）", fault.cause), format!("请更正（{}）", fault.action)),
                |(cause, action)| (cause.to_owned(), action),
            );
            FieldError::new(
                fault.pointer.clone(),
                Text::new(cause, fault.cause.clone()),
                Text::new(action, fault.action.clone()),
            )
        })
        .collect();
    problem
}
