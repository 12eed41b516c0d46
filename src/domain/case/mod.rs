//! Residents' cases 民情事项: what is recorded, and who may see whom.

mod moves;
mod planned;

pub use moves::{Acting, CaseAction, MoveRefused, Triage};
pub use planned::{PlannedCase, Settlement};

use chrono::{DateTime, NaiveDate, Utc};

use super::fault::{Check, Fault, check_name, check_text};
use super::ids::{CaseCategoryId, CaseId, PersonId, ReceptionId, SkillId, UnitId};
use super::person::{Location, has_repeats};
use super::text_enum;

/// Working days within which somebody takes a case up or answers the resident.
pub const RESPONSE_WORKING_DAYS: u16 = 1;

/// Working days to a case's deadline until triage sets its own.
pub const DEFAULT_WORKING_DAYS: u16 = 5;

text_enum! {
    /// How a case came in.
    CaseChannel {
        /// 热线: hotline.
        Hotline = "hotline",
        /// 意见箱: suggestion box.
        SuggestionBox = "suggestionBox",
        /// 问事栏: question board.
        QuestionBoard = "questionBoard",
        /// 提示卡: service card.
        ServiceCard = "serviceCard",
        /// 网站: website.
        Website = "website",
        /// 短信: SMS.
        Sms = "sms",
        /// 信息员: information officer.
        InformationOfficer = "informationOfficer",
        /// 接待日: reception day.
        Reception = "reception",
        /// 走访: visit.
        Visit = "visit",
    }
}

text_enum! {
    /// Where a case stands.
    CaseStatus {
        /// Recorded; nobody has looked at it.
        Received = "received",
        /// Category, minutes, urgency and deadline are set.
        Triaged = "triaged",
        /// A person is named.
        Assigned = "assigned",
        /// The named person works on it.
        InProgress = "inProgress",
        /// Went up to the parent unit, which has to triage it.
        Escalated = "escalated",
        /// The named person gave it back; the unit has to triage it again.
        Returned = "returned",
        /// Solved.
        Solved = "solved",
        /// Cannot be solved for now, and this was explained to the resident. Counted apart from solved and unsolved.
        Explained = "explained",
    }
}

impl CaseStatus {
    /// Whether work on the case goes on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Solved | Self::Explained)
    }
}

text_enum! {
    /// What can happen to a case.
    CaseMove {
        /// It comes in.
        Receive = "receive",
        /// Category, skill, minutes, urgency and deadline are set.
        Triage = "triage",
        /// A person is named.
        Assign = "assign",
        /// The named person takes it up.
        Accept = "accept",
        /// The named person gives it back.
        Return = "return",
        /// It goes up to the parent unit.
        Escalate = "escalate",
        /// Its deadline moves, once.
        Extend = "extend",
        /// It cannot be solved for now, and the resident was told why.
        Explain = "explain",
        /// It is solved.
        Resolve = "resolve",
        /// The resident was asked whether that helped.
        CallBack = "callBack",
        /// It is taken up again.
        Reopen = "reopen",
        /// The deadline is near (system).
        Warn = "warn",
        /// The deadline has passed, and it went up to the parent unit (system).
        StepUp = "stepUp",
        /// The deadline has passed, and there is no unit above (system).
        Overdue = "overdue",
        /// The unit was merged into another, which took the case over.
        Transfer = "transfer",
    }
}

text_enum! {
    /// What a resident said when called back.
    Satisfaction {
        /// 满意: satisfied.
        Satisfied = "satisfied",
        /// 基本满意: mostly satisfied.
        MostlySatisfied = "mostlySatisfied",
        /// 不满意: not satisfied.
        Dissatisfied = "dissatisfied",
        /// Could not be reached.
        NoAnswer = "noAnswer",
    }
}

/// A category of cases with what triage proposes for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseCategory {
    /// Id.
    pub id: CaseCategoryId,
    /// Name.
    pub name: String,
    /// Skill that its cases usually need.
    pub skill: Option<SkillId>,
    /// Minutes that its cases usually take.
    pub minutes: u32,
    /// Working days to the deadline.
    pub working_days: u16,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for CaseCategory {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_minutes(&mut faults, self.minutes);
        check_working_days(&mut faults, self.working_days);
        faults
    }
}

/// How to reach the resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: Option<String>,
    /// Telephone number, text.
    pub phone: Option<String>,
}

/// A resident's case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Id.
    pub id: CaseId,
    /// Speaking number: district, date, serial.
    pub number: String,
    /// Unit that answers for it now.
    pub unit: UnitId,
    /// Unit where it came in.
    pub intake_unit: UnitId,
    /// How it came in.
    pub channel: CaseChannel,
    /// What it is about, in one line.
    pub subject: String,
    /// The resident's words.
    pub description: Option<String>,
    /// Place of the matter.
    pub address: Option<String>,
    /// Position of the matter.
    pub location: Option<Location>,
    /// Category.
    pub category: Option<CaseCategoryId>,
    /// Skill that its handler needs.
    pub skill: Option<SkillId>,
    /// Expected minutes.
    pub minutes: Option<u32>,
    /// Urgency, 1 ordinary to 5.
    pub urgency: u8,
    /// Working days from (re)opening or step-up to the deadline.
    pub working_days: u16,
    /// First day on which it can be worked.
    pub earliest: Option<NaiveDate>,
    /// Last day.
    pub deadline: NaiveDate,
    /// Whether the one extension is used up.
    pub extended: bool,
    /// Who handles it.
    pub handler: Option<PersonId>,
    /// Who handled it before, preferred for a follow-up.
    pub earlier_handler: Option<PersonId>,
    /// Where it stands.
    pub status: CaseStatus,
    /// Steps that it has gone up from where it came in.
    pub level: u16,
    /// How often it was taken up again.
    pub reopened: u16,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Last day of a timely response.
    pub response_due: NaiveDate,
    /// When somebody took it up or answered.
    pub responded_at: Option<DateTime<Utc>>,
    /// When it was last solved or explained.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the resident said last.
    pub satisfaction: Option<Satisfaction>,
    /// When the unit was last warned of the present deadline.
    pub warned_at: Option<DateTime<Utc>>,
    /// Reception where it came up.
    pub reception: Option<ReceptionId>,
    /// How to reach the resident.
    pub contact: Option<Contact>,
    /// People with a conflict of interest (H14), sorted.
    pub excluded: Vec<PersonId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Case {
    /// Whether a reader who is this person sees the resident's contact: only the handler, only while the case is open.
    #[must_use]
    pub fn shows_contact_to(&self, person: Option<&PersonId>) -> bool {
        self.status.is_open() && self.handler.is_some() && self.handler.as_ref() == person
    }

    /// Whether the deadline has passed without an outcome.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.status.is_open() && self.deadline < today
    }
}

impl Check for Case {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/subject", &self.subject);
        check_prose(&mut faults, "/description", self.description.as_deref(), 4_000);
        check_text(&mut faults, "/address", self.address.as_deref().unwrap_or(""), 200);
        if let Some(location) = self.location {
            location.check(&mut faults, "/location");
        }
        if let Some(contact) = &self.contact {
            check_text(&mut faults, "/resident/name", contact.name.as_deref().unwrap_or(""), 60);
            check_text(&mut faults, "/resident/phone", contact.phone.as_deref().unwrap_or(""), 32);
        }
        if let Some(minutes) = self.minutes {
            check_minutes(&mut faults, minutes);
        }
        check_working_days(&mut faults, self.working_days);
        if !(1..=5).contains(&self.urgency) {
            faults.push(Fault::new("impossible-urgency", "/urgency", "there is no such urgency", "1 ordinary to 5"));
        }
        if has_repeats(self.excluded.iter()) {
            faults.push(Fault::new("repeated-person", "/excluded", "a person is listed twice", "list each once"));
        }
        faults
    }
}

fn check_minutes(faults: &mut Vec<Fault>, minutes: u32) {
    if !(5..=2_400).contains(&minutes) {
        faults.push(Fault::new(
            "impossible-minutes",
            "/minutes",
            format!("{minutes} minutes are no piece of work"),
            "give 5 to 2400 minutes; split larger matters",
        ));
    }
}

fn check_working_days(faults: &mut Vec<Fault>, days: u16) {
    if !(1..=60).contains(&days) {
        faults.push(Fault::new(
            "impossible-working-days",
            "/workingDays",
            format!("{days} working days are no deadline"),
            "give 1 to 60",
        ));
    }
}

/// Checks a text of several lines: at most so many characters, no control characters but line breaks and tabs.
pub(super) fn check_prose(faults: &mut Vec<Fault>, pointer: &str, text: Option<&str>, max_characters: usize) {
    let joined = text.unwrap_or("").replace(['\n', '\r', '\t'], " ");
    check_text(faults, pointer, &joined, max_characters);
}

/// One line of a case's history: who did what, when and why, and how the case stood afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// Case.
    pub case: CaseId,
    /// Number, from 1.
    pub seq: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub action: CaseMove,
    /// Status before; none for the first.
    pub from_status: Option<CaseStatus>,
    /// Status after.
    pub to_status: CaseStatus,
    /// Unit that answers for it afterwards.
    pub unit: UnitId,
    /// Handler afterwards.
    pub handler: Option<PersonId>,
    /// Deadline afterwards.
    pub deadline: NaiveDate,
    /// Why.
    pub reason: String,
}
