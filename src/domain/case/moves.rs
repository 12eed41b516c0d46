//! The state machine of cases: every move names who, when and why; a move that is not legal is refused with those that
//! are.
//!
//! ```text
//! received -> triaged -> assigned -> inProgress -> solved | explained
//! triaged | assigned | inProgress | returned -> escalated (at the parent unit) -> triaged
//! assigned | inProgress -> returned -> triaged
//! solved | explained -> triaged (reopened)
//! ```

use chrono::{DateTime, NaiveDate, Utc};

use super::{Case, CaseEvent, CaseMove, CaseStatus, Satisfaction};
use crate::domain::fault::{Fault, check_text};
use crate::domain::ids::{CaseCategoryId, PersonId, SkillId, UnitId};
use crate::domain::person::Category;
use crate::domain::working_days::{WorkingDays, local_date};

/// What triage decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triage {
    /// Category.
    pub category: CaseCategoryId,
    /// Skill that the handler needs.
    pub skill: Option<SkillId>,
    /// Expected minutes.
    pub minutes: u32,
    /// Urgency, 1 ordinary to 5.
    pub urgency: u8,
    /// Working days from now to the deadline.
    pub working_days: u16,
    /// The deadline itself, if it is not counted in working days from now.
    pub deadline: Option<NaiveDate>,
    /// First day on which it can be worked.
    pub earliest: Option<NaiveDate>,
    /// People with a conflict of interest.
    pub excluded: Vec<PersonId>,
}

/// A move with what it needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseAction {
    /// Sets category, minutes, urgency and deadline.
    Triage(Box<Triage>),
    /// Names a person.
    Assign {
        /// Who.
        handler: PersonId,
        /// Category of that person.
        category: Category,
    },
    /// The named person takes it up.
    Accept,
    /// The named person gives it back.
    Return,
    /// Sends it to the parent unit.
    Escalate,
    /// Moves the deadline.
    Extend {
        /// The new last day.
        deadline: NaiveDate,
    },
    /// Closes it with an explanation.
    Explain,
    /// Closes it as solved.
    Resolve,
    /// Notes what the resident says.
    CallBack {
        /// What.
        satisfaction: Satisfaction,
    },
    /// Opens it again.
    Reopen,
    /// Notes that the deadline is near.
    Warn,
    /// Sends it to the parent unit after the deadline.
    StepUp,
    /// Notes that the deadline has passed where no unit is above.
    Overdue,
}

impl CaseAction {
    /// The move's name.
    #[must_use]
    pub const fn name(&self) -> CaseMove {
        match self {
            Self::Triage(_) => CaseMove::Triage,
            Self::Assign { .. } => CaseMove::Assign,
            Self::Accept => CaseMove::Accept,
            Self::Return => CaseMove::Return,
            Self::Escalate => CaseMove::Escalate,
            Self::Extend { .. } => CaseMove::Extend,
            Self::Explain => CaseMove::Explain,
            Self::Resolve => CaseMove::Resolve,
            Self::CallBack { .. } => CaseMove::CallBack,
            Self::Reopen => CaseMove::Reopen,
            Self::Warn => CaseMove::Warn,
            Self::StepUp => CaseMove::StepUp,
            Self::Overdue => CaseMove::Overdue,
        }
    }
}

/// Who acts, when and why, and what the case's unit is part of.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// Why; moves that take something from the resident or from somebody else need it.
    pub reason: Option<&'a str>,
    /// The statutory calendar.
    pub days: &'a WorkingDays,
    /// Unit above the case's unit.
    pub parent: Option<&'a UnitId>,
    /// Number of the event.
    pub seq: u32,
}

/// Why a move is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveRefused {
    /// The case's state does not allow it.
    Illegal {
        /// What was tried.
        tried: CaseMove,
        /// Where the case stands.
        status: CaseStatus,
        /// What is legal.
        legal: Vec<CaseMove>,
    },
    /// A value is wrong.
    Faulty(Vec<Fault>),
}

impl CaseMove {
    /// Whether a person may make the move; the others are the system's.
    const PEOPLES: [Self; 10] = [
        Self::Triage,
        Self::Assign,
        Self::Accept,
        Self::Return,
        Self::Escalate,
        Self::Extend,
        Self::Explain,
        Self::Resolve,
        Self::CallBack,
        Self::Reopen,
    ];

    /// Whether a case in this status may make the move.
    #[must_use]
    pub const fn is_legal_from(self, status: CaseStatus) -> bool {
        use CaseStatus as S;
        match self {
            Self::Receive => false,
            Self::Triage => matches!(status, S::Received | S::Triaged | S::Escalated | S::Returned),
            Self::Assign => matches!(status, S::Triaged | S::Assigned),
            Self::Accept => matches!(status, S::Assigned),
            Self::Return => matches!(status, S::Assigned | S::InProgress),
            Self::Escalate => matches!(status, S::Triaged | S::Assigned | S::InProgress | S::Returned),
            Self::Extend | Self::Explain => matches!(status, S::Triaged | S::Assigned | S::InProgress),
            Self::Resolve => matches!(status, S::InProgress),
            Self::CallBack | Self::Reopen => matches!(status, S::Solved | S::Explained),
            Self::Warn | Self::StepUp | Self::Overdue => status.is_open(),
            Self::Transfer => true,
        }
    }

    /// Whether the move is worth nothing without a reason of its own.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Return
                | Self::Escalate
                | Self::Extend
                | Self::Explain
                | Self::Resolve
                | Self::Reopen
                | Self::Transfer
        )
    }
}

impl Case {
    /// The moves that a person may make now.
    #[must_use]
    pub fn legal_moves(&self, has_parent: bool) -> Vec<CaseMove> {
        CaseMove::PEOPLES
            .into_iter()
            .filter(|name| name.is_legal_from(self.status))
            .filter(|name| *name != CaseMove::Extend || !self.extended)
            .filter(|name| *name != CaseMove::Escalate || has_parent)
            .collect()
    }

    /// Makes a move and gives the line of history that tells of it.
    ///
    /// # Errors
    /// See [`MoveRefused`]; then the case is unchanged.
    pub fn apply(&mut self, action: &CaseAction, by: &Acting<'_>) -> Result<CaseEvent, MoveRefused> {
        let name = action.name();
        let legal = self.legal_moves(by.parent.is_some());
        let is_system = matches!(name, CaseMove::Warn | CaseMove::StepUp | CaseMove::Overdue);
        if !legal.contains(&name) && !(is_system && self.status.is_open()) {
            return Err(MoveRefused::Illegal { tried: name, status: self.status, legal });
        }
        let reason = self.reason(action, by)?;
        let mut next = self.clone();
        next.carry_out(action, by)?;
        let event = CaseEvent {
            case: next.id.clone(),
            seq: by.seq,
            at: by.now,
            actor: by.actor.to_owned(),
            action: name,
            from_status: Some(self.status),
            to_status: next.status,
            unit: next.unit.clone(),
            handler: next.handler.clone(),
            deadline: next.deadline,
            reason,
        };
        *self = next;
        Ok(event)
    }

    fn reason(&self, action: &CaseAction, by: &Acting<'_>) -> Result<String, MoveRefused> {
        let given = by.reason.map(str::trim).filter(|reason| !reason.is_empty());
        let mut faults = Vec::new();
        check_text(&mut faults, "/reason", given.unwrap_or(""), 1_000);
        if given.is_none() && action.name().needs_reason() {
            faults.push(Fault::new(
                "reason-missing",
                "/reason",
                format!("{} needs a reason", action.name()),
                "say why, in words that the resident may read",
            ));
        }
        if !faults.is_empty() {
            return Err(MoveRefused::Faulty(faults));
        }
        Ok(given.map_or_else(|| self.own_reason(action), str::to_owned))
    }

    /// What a move says for itself when nobody gives a reason.
    fn own_reason(&self, action: &CaseAction) -> String {
        match action {
            CaseAction::Triage(triage) => format!("分类 {}，{} 分钟", triage.category, triage.minutes),
            CaseAction::Assign { handler, .. } => format!("指派 {handler}"),
            CaseAction::Accept => "承办人接收".to_owned(),
            CaseAction::CallBack { satisfaction } => format!("回访：{satisfaction}"),
            CaseAction::Warn => format!("期限 {} 将到", self.deadline),
            CaseAction::StepUp => format!("期限 {} 已过，自动上报", self.deadline),
            CaseAction::Overdue => format!("期限 {} 已过，已无上级单位", self.deadline),
            _ => action.name().to_string(),
        }
    }

    fn carry_out(&mut self, action: &CaseAction, by: &Acting<'_>) -> Result<(), MoveRefused> {
        let today = local_date(by.now);
        match action {
            CaseAction::Triage(triage) => self.triage(triage, today, by)?,
            CaseAction::Assign { handler, category } => {
                self.check_handler(handler, *category)?;
                self.hand_to(Some(handler.clone()));
                self.status = CaseStatus::Assigned;
            }
            CaseAction::Accept => {
                self.status = CaseStatus::InProgress;
                self.respond(by.now);
            }
            CaseAction::Return => {
                self.hand_to(None);
                self.status = CaseStatus::Returned;
            }
            CaseAction::Escalate => self.go_up(today, by),
            CaseAction::StepUp => {
                self.go_up(today, by);
                self.urgency = (self.urgency + 1).min(5);
            }
            CaseAction::Extend { deadline } => {
                if *deadline <= self.deadline || *deadline < today {
                    return Err(faulty(
                        "deadline-not-later",
                        "/deadline",
                        format!("{deadline} is not after {}", self.deadline.max(today)),
                        "give a later day",
                    ));
                }
                self.deadline = *deadline;
                self.extended = true;
                self.warned_at = None;
            }
            CaseAction::Explain | CaseAction::Resolve => {
                let is_solved = matches!(action, CaseAction::Resolve);
                self.status = if is_solved { CaseStatus::Solved } else { CaseStatus::Explained };
                self.closed_at = Some(by.now);
                self.respond(by.now);
            }
            CaseAction::CallBack { satisfaction } => self.satisfaction = Some(*satisfaction),
            CaseAction::Reopen => {
                self.hand_to(None);
                self.status = CaseStatus::Triaged;
                self.reopened += 1;
                self.extended = false;
                self.closed_at = None;
                self.satisfaction = None;
                self.warned_at = None;
                self.deadline = by.days.after(today, self.working_days);
            }
            CaseAction::Warn | CaseAction::Overdue => self.warned_at = Some(by.now),
        }
        Ok(())
    }

    fn triage(&mut self, triage: &Triage, today: NaiveDate, by: &Acting<'_>) -> Result<(), MoveRefused> {
        if let Some(deadline) = triage.deadline.filter(|deadline| *deadline < today) {
            return Err(faulty(
                "deadline-past",
                "/deadline",
                format!("{deadline} is over"),
                "give today or a later day, or leave it out to count working days",
            ));
        }
        self.category = Some(triage.category.clone());
        self.skill.clone_from(&triage.skill);
        self.minutes = Some(triage.minutes);
        self.urgency = triage.urgency;
        self.working_days = triage.working_days;
        self.deadline = triage.deadline.unwrap_or_else(|| by.days.after(today, triage.working_days));
        self.earliest = triage.earliest;
        self.excluded.clone_from(&triage.excluded);
        self.excluded.sort();
        self.warned_at = None;
        self.status = CaseStatus::Triaged;
        if self.earliest.is_some_and(|earliest| earliest > self.deadline) {
            return Err(faulty(
                "earliest-after-deadline",
                "/earliest",
                format!("work could begin only after {}", self.deadline),
                "give an earlier day, or a later deadline",
            ));
        }
        let faults = crate::domain::Check::faults(self);
        if faults.is_empty() { Ok(()) } else { Err(MoveRefused::Faulty(faults)) }
    }

    fn check_handler(&self, handler: &PersonId, category: Category) -> Result<(), MoveRefused> {
        if self.excluded.contains(handler) {
            return Err(faulty(
                "conflict-of-interest",
                "/handler",
                format!("{handler} has a conflict of interest in this case (H14)"),
                "name somebody else",
            ));
        }
        if category == Category::Deputy {
            return Err(faulty(
                "deputy-as-handler",
                "/handler",
                format!("{handler} is a deputy, who listens and records but disposes of no matter alone"),
                "name a member of staff or a volunteer",
            ));
        }
        Ok(())
    }

    fn hand_to(&mut self, handler: Option<PersonId>) {
        if let Some(before) = self.handler.take() {
            self.earlier_handler = Some(before);
        }
        self.handler = handler;
    }

    fn respond(&mut self, now: DateTime<Utc>) {
        self.responded_at.get_or_insert(now);
    }

    /// To the parent unit, which gets half of the case's working days, at least one.
    fn go_up(&mut self, today: NaiveDate, by: &Acting<'_>) {
        if let Some(parent) = by.parent {
            self.unit = parent.clone();
            self.level += 1;
        }
        self.hand_to(None);
        self.status = CaseStatus::Escalated;
        self.warned_at = None;
        self.deadline = by.days.after(today, (self.working_days / 2).max(1)).max(self.deadline);
    }
}

fn faulty(code: &'static str, pointer: &str, cause: String, action: &str) -> MoveRefused {
    MoveRefused::Faulty(vec![Fault::new(code, pointer, cause, action)])
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
