//! Receptions: deputies listen to residents within one of a few spans, beside a host and in a room; and visits, which
//! somebody makes alone within one of a few spans.

use super::{DayOffset, NeedIx, PersonIx, ReceptionIx, SkillIx, Span, UnitIx, VenueIx};

/// A reception that is to be held in the horizon, or a visit that is to be made.
///
/// Each span within which it can be held has two [`Need`](super::Need)s of its own, one for its deputies and one for
/// its host; a visit has the first alone. What the reception asks is asked of all of them together: at one of its options
/// all seats are filled, and at the others none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reception {
    /// External id.
    pub id: String,
    /// Whether it is a visit: whoever is named makes it, without a host, and it is no reception of theirs (H13).
    pub is_visit: bool,
    /// Unit that holds it.
    pub unit: UnitIx,
    /// When it can be held; none when it cannot.
    pub options: Vec<ReceptionOption>,
    /// Deputies of whom it takes as many as it has seats; whoever may make it, if it is a visit.
    pub deputies: Vec<PersonIx>,
    /// Deputies who receive together, 1 and up.
    pub seats: u16,
    /// Who may be host; none stands for every member of staff. A visit has no host, whoever is named.
    pub hosts: Option<Vec<PersonIx>>,
    /// First day on which it may be held, so that residents have their notice.
    pub earliest_day: DayOffset,
    /// Whether residents know of it: notice is given.
    pub is_announced: bool,
    /// How far the quota is behind, 1 (least) and up; multiplies the weight of S21.
    pub priority: u8,
    /// Booked matters by the domain they fall into (S36).
    pub matters: Vec<(SkillIx, u16)>,
}

impl Reception {
    /// Whether the reception names the person for the seat, rather than asking for any member of staff.
    #[must_use]
    pub fn names(&self, person: PersonIx, role: SeatRole) -> bool {
        match role {
            SeatRole::Deputy | SeatRole::Visitor => self.deputies.contains(&person),
            SeatRole::Host => self.hosts.as_ref().is_some_and(|hosts| hosts.contains(&person)),
        }
    }
}

/// A span within which a reception can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceptionOption {
    /// Seats of the deputies.
    pub deputies: NeedIx,
    /// Seat of the host; a visit has none.
    pub host: Option<NeedIx>,
    /// Room, if one is to be booked.
    pub venue: Option<VenueIx>,
    /// How far it is from what was wanted; multiplies the weight of S30.
    pub weight: u16,
}

impl ReceptionOption {
    /// The needs of its seats: the deputies', and the host's if there is one.
    pub fn seats(self) -> impl Iterator<Item = NeedIx> {
        [Some(self.deputies), self.host].into_iter().flatten()
    }
}

/// A room that one user has at a time (H11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// External id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// When others have it, or it is closed; sorted and disjoint.
    pub taken: Vec<Span>,
}

/// What somebody is at a reception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatRole {
    /// Receives residents.
    Deputy,
    /// Host on behalf of the station.
    Host,
    /// Makes a visit.
    Visitor,
}

/// The seat that a need stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// Of which reception.
    pub reception: ReceptionIx,
    /// Position among its options.
    pub option: u16,
    /// Whose.
    pub role: SeatRole,
}
