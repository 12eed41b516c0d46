//! The whole problem laid out once for everything that plans by person-weeks: everybody's week, all posts, and the
//! places where prices stand.
//!
//! A price stands for each post and kind of person: what a head of staff is worth at a post may differ from what a
//! volunteer is worth there, since S23 asks for their mix and trainees do not count as heads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::desk::{Desk, Kind};
use super::person::PersonWeek;
use super::table::Table;
use crate::model::candidates::{Group, Network};
use crate::model::linear::{Costs, in_tier};
use crate::model::part::Member;
use crate::problem::{NeedIx, PersonIx, ReceptionIx, ReceptionOption, RuleCode, UnitIx};
use crate::search::city::City;
use crate::search::watch::parallel;

/// People whose weeks are built in one go.
const CHUNK: usize = 64;

/// No place for a price: the duty lies outside the posts that are planned.
pub const NO_SLOT: u32 = u32::MAX;

/// A person with everything that planning asks of it.
#[derive(Debug)]
pub struct Citizen {
    /// The person's week.
    pub week: Arc<PersonWeek>,
    /// Of each position: where its price stands.
    pub slots: Vec<u32>,
    /// Of each position: whether the duty is unsocial (S31).
    pub unsocial: Vec<bool>,
    /// Unsocial duties of past weeks.
    pub ledger: i64,
    /// Positions that are seats of receptions, and what a duty there costs.
    pub seats: Vec<(u16, Costs)>,
}

/// A reception or a visit of a part (S21): held at one of its options, or not at all.
#[derive(Debug)]
pub struct Meeting {
    /// Options.
    pub options: Vec<Sitting>,
    /// Cost of not being held.
    pub unheld: Costs,
}

/// A span within which a reception may be held.
#[derive(Debug)]
pub struct Sitting {
    /// Seats, and how many people each takes.
    pub seats: Vec<(NeedIx, u16)>,
    /// Cost of being held then.
    pub costs: Costs,
}

/// Comparable people of a street (S31).
#[derive(Debug)]
pub struct LoadGroup {
    /// Who.
    pub members: Vec<PersonIx>,
    /// Cost of each unit of the greatest load.
    pub cost: Costs,
}

/// The prices of a post: one for each kind of person who may serve there.
#[derive(Debug, Clone, Copy)]
pub struct Slots {
    /// First of the post's prices.
    pub first: u32,
    /// Position in [`Town::tables`].
    pub table: u32,
}

/// Where cases of a part may go up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Upward {
    /// The part.
    pub part: usize,
    /// The unit above.
    pub unit: UnitIx,
    /// Cost of going up.
    pub costs: Costs,
}

/// Everybody and every post.
#[derive(Debug)]
pub struct Town {
    /// By person.
    pub people: Vec<Citizen>,
    /// By need; spans of a case that do not stand for it have no prices of their own.
    pub slots: Vec<Slots>,
    /// What posts of the same shape cost.
    pub tables: Vec<Table>,
    /// By table: for cases of a part that may go up, the part, the unit above, and the cost of going up.
    pub upward: Vec<Option<Upward>>,
    /// Number of prices.
    pub prices: usize,
    /// Groups of comparable people, each within one part.
    pub groups: Vec<LoadGroup>,
    /// Groups of each part.
    pub groups_of: Vec<Vec<u32>>,
    /// By part: the posts and cases at which heads are counted, and seats.
    pub needs: Vec<Vec<NeedIx>>,
    /// By part: its receptions.
    pub meetings: Vec<Vec<Meeting>>,
    /// By price: which of them are alike but for the place, of one part; seats stand alone.
    pub alike: Vec<u32>,
    /// By need: most that a head is worth at a seat of one of these; none at any other need.
    pub seat_worth: Vec<Option<Costs>>,
}

impl Town {
    /// Lays out a problem, or `None` when somebody's rules do not fit a [`PersonWeek`].
    #[must_use]
    pub fn new(network: &Network<'_>, city: &City<'_, '_>, threads: usize) -> Option<Self> {
        let problem = network.problem;
        let count = problem.people.len();
        let weeks = parallel(threads, count.div_ceil(CHUNK), |at| {
            (at * CHUNK..((at + 1) * CHUNK).min(count))
                .map(|person| {
                    let person = PersonIx::from_index(person);
                    PersonWeek::new(network, person, city.candidates(person), &city.pins_of(person))
                })
                .collect::<Option<Vec<_>>>()
        });
        let weeks: Vec<PersonWeek> = weeks.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let kinds: Vec<Kind> = problem.people.iter().map(Kind::of).collect();
        let mut desks: Vec<Option<Desk>> =
            (0..problem.needs.len()).map(|need| desk_of(network, NeedIx::from_index(need))).collect();
        let mut eligible: Vec<[u16; Kind::COUNT]> = vec![[0; Kind::COUNT]; desks.len()];
        for (week, kind) in weeks.iter().zip(&kinds) {
            let mut last = None;
            for need in week.needs.iter().map(|&need| network.desk(need)) {
                // Several spans of one case stand side by side often enough; counting one twice does no harm.
                if last.replace(need) != Some(need)
                    && let Some(desk) = &desks[need.index()]
                {
                    eligible[need.index()][desk.kind(*kind).index()] += 1;
                }
            }
        }
        let mut tables: Vec<Table> = Vec::new();
        let mut upward = Vec::new();
        let mut known: HashMap<(Desk, [u16; Kind::COUNT], Option<Upward>), u32> = HashMap::new();
        let mut prices = 0;
        let mut slots = vec![Slots { first: 0, table: NO_SLOT }; desks.len()];
        let mut needs = vec![Vec::new(); city.parts()];
        for (part, own) in needs.iter_mut().enumerate() {
            for &need in city.needs(part) {
                let Some(desk) = desks[need.index()].take() else { continue };
                own.push(need);
                let up = desk.escalated.map(|(unit, costs)| Upward { part, unit, costs });
                let eligible = desk.within_capacity(eligible[need.index()]);
                let table = match known.entry((desk, eligible, up)) {
                    Entry::Occupied(table) => *table.get(),
                    Entry::Vacant(place) => {
                        tables.push(Table::new(&place.key().0, eligible)?);
                        upward.push(up);
                        *place.insert(u32::try_from(tables.len() - 1).ok()?)
                    }
                };
                slots[need.index()] = Slots { first: u32::try_from(prices).ok()?, table };
                prices += tables[table as usize].kinds.len();
            }
        }
        let mut groups: Vec<LoadGroup> = Vec::new();
        let mut groups_of = vec![Vec::new(); city.parts()];
        let mut group_at: HashMap<Group, u32> = HashMap::new();
        let weight = problem.profile.weight(RuleCode::S31);
        let cost = in_tier(problem.profile.tier(RuleCode::S31), weight);
        let mut people = Vec::with_capacity(count);
        for (week, kind) in weeks.into_iter().zip(kinds) {
            let person = &problem.people[week.person.index()];
            let group = (weight != 0).then(|| {
                *group_at.entry(network.group(person)).or_insert_with(|| {
                    groups.push(LoadGroup { members: Vec::new(), cost });
                    let at = u32::try_from(groups.len() - 1).unwrap_or(NO_SLOT);
                    groups_of[city.home(week.person)].push(at);
                    at
                })
            });
            if let Some(group) = group {
                groups[group as usize].members.push(week.person);
            }
            let slot = |need: &NeedIx| {
                let at = slots[network.desk(*need).index()];
                let table = tables.get(at.table as usize);
                let place = table.and_then(|table| table.kinds.iter().position(|&other| other == table.kind(kind)));
                place.and_then(|place| u32::try_from(place).ok()).map_or(NO_SLOT, |place| at.first + place)
            };
            let unsocial = |need: &NeedIx| network.post(*need).is_some_and(|post| post.unsocial);
            let is_seat = |need: NeedIx| network.post(need).is_some_and(|post| post.seat.is_some());
            let seats = (0..).zip(&week.needs).filter(|&(_, &need)| is_seat(need));
            people.push(Citizen {
                seats: seats.map(|(at, &need)| (at, network.whole_cost(week.person, need))).collect(),
                slots: week.needs.iter().map(slot).collect(),
                unsocial: week.needs.iter().map(unsocial).collect(),
                ledger: i64::from(person.history.fairness_unsocial_duties),
                week: Arc::new(week),
            });
        }
        let meetings: Vec<Vec<Meeting>> = (0..city.parts())
            .map(|part| city.receptions_in(part).into_iter().map(|at| Meeting::new(network, at)).collect())
            .collect();
        let mut seat_worth = vec![None; problem.needs.len()];
        for meeting in meetings.iter().flatten() {
            for (need, _) in meeting.options.iter().flat_map(|sitting| &sitting.seats) {
                seat_worth[need.index()] = Some(meeting.unheld);
            }
        }
        let alike = alike(network, &slots, &tables, &needs, prices);
        Some(Self { people, slots, tables, upward, prices, groups, groups_of, needs, meetings, alike, seat_worth })
    }

    /// The week of a person with these duties to choose from and to keep, where it is at hand: then it may hold others
    /// to choose from.
    #[must_use]
    pub fn week(&self, member: &Member) -> Option<Arc<PersonWeek>> {
        let week = &self.people[member.person.index()].week;
        let kept = week.needs.iter().zip(&week.kept).filter(|&(_, &kept)| kept).map(|(need, _)| need);
        let is_same = kept.clone().count() == member.kept.len() && kept.clone().all(|need| member.kept.contains(need));
        is_same.then(|| Arc::clone(week))
    }

    /// The post or case at which the heads of a need are counted.
    #[must_use]
    pub fn desk(&self, need: NeedIx) -> &Desk {
        self.tables[self.slots[need.index()].table as usize].desk()
    }

    /// Whether each of the need's prices is one of staff.
    pub fn staff_at(&self, need: NeedIx) -> impl Iterator<Item = bool> + '_ {
        let table = &self.tables[self.slots[need.index()].table as usize];
        table.kinds.iter().map(|kind| kind.is_staff())
    }

    /// The need's prices.
    #[must_use]
    pub fn prices_of(&self, need: NeedIx) -> std::ops::Range<usize> {
        let slots = self.slots[need.index()];
        let first = slots.first as usize;
        first..first + self.tables[slots.table as usize].kinds.len()
    }
}

impl Meeting {
    fn new(network: &Network<'_>, at: ReceptionIx) -> Self {
        let reception = &network.problem.receptions[at.index()];
        let profile = &network.problem.profile;
        let cost = |code, units: i64| in_tier(profile.tier(code), profile.weight(code) * units);
        let sitting = |option: &ReceptionOption| Sitting {
            seats: [(Some(option.deputies), reception.seats), (option.host, 1)]
                .into_iter()
                .filter_map(|(need, heads)| Some((need?, heads)))
                .collect(),
            costs: cost(RuleCode::S30, option.weight.into()),
        };
        Self {
            options: reception.options.iter().map(sitting).collect(),
            unheld: cost(RuleCode::S21, reception.priority.into()),
        }
    }
}

/// By price: the number of those that differ in place only.
fn alike(network: &Network<'_>, slots: &[Slots], tables: &[Table], needs: &[Vec<NeedIx>], prices: usize) -> Vec<u32> {
    let mut alike = vec![0; prices];
    let mut count = 0;
    for own in needs {
        let mut known = HashMap::new();
        for &need in own {
            let at = &network.problem.needs[need.index()];
            let own = slots[need.index()];
            let single = (at.case.is_some() || at.seat.is_some()).then_some(need);
            for (place, kind) in (own.first..).zip(&tables[own.table as usize].kinds) {
                let post = at.as_post().map(|post| (post.span, post.cover, post.mix));
                let key = (single, at.skill, at.priority, post, kind.index());
                alike[place as usize] = *known.entry(key).or_insert_with(|| {
                    count += 1;
                    count - 1
                });
            }
        }
    }
    alike
}

/// The desk of a post, or of a case at the need that stands for it.
fn desk_of(network: &Network<'_>, need: NeedIx) -> Option<Desk> {
    match network.post(need)?.case {
        None => Desk::new(network, need),
        Some(_) if network.desk(need) != need => None,
        Some(case) => network.cases.get(case.index()).map(|case| Desk::of_case(network, case)),
    }
}
