//! Who may serve what: an index of posts by skill and unit subtree, the static rules of a pair (H02, H03, H06 after
//! history, H10, H12, H14 exclusions), and a pair's linear cost.

use std::collections::HashMap;

use super::cases::{CaseFacts, late_units};
use super::linear::{Costs, add_costs, in_tier};
use super::settings::Settings;
use crate::problem::{
    CaseIx, Category, DayOffset, MINUTES_PER_DAY, Need, NeedIx, Person, PersonIx, PlaceIx, Point, Post, Problem,
    RuleCode, Seat, SeatRole, ShiftTypeIx, SkillIx, Span, UnitIx, WishKind,
};

/// What models need of a post, side by side in memory.
#[derive(Debug, Clone, Copy)]
pub struct PostFacts {
    /// When.
    pub span: Span,
    /// Day it belongs to.
    pub day: DayOffset,
    /// Length in minutes.
    pub minutes: i64,
    /// Where.
    pub place: PlaceIx,
    /// Unit of the place.
    pub unit: UnitIx,
    /// Location of the place.
    pub location: Option<Point>,
    /// Shift type.
    pub shift_type: Option<ShiftTypeIx>,
    /// Evening, weekend or off day (S31).
    pub unsocial: bool,
    /// Inside one opening span of its place (H12).
    pub open: bool,
    /// Within the horizon.
    pub in_horizon: bool,
    /// The case that this is a span of, if it is one.
    pub case: Option<CaseIx>,
    /// The seat of a reception that this is, if it is one.
    pub seat: Option<Seat>,
}

/// Group of comparable people (S31): home street (the home unit itself above street level) and category.
pub type Group = (UnitIx, Category);

/// A problem with its lookup tables.
#[derive(Debug)]
pub struct Network<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Switches and limits.
    pub settings: Settings,
    /// One entry per need; `None` for needs that are not posts.
    pub posts: Vec<Option<PostFacts>>,
    /// One entry per case.
    pub cases: Vec<CaseFacts>,
    /// Street of each unit.
    pub streets: Vec<Option<UnitIx>>,
    preorder: Vec<(u32, u32)>,
    /// Position 0: posts without skill; position `s + 1`: posts that ask for skill `s`; sorted by preorder of unit.
    by_skill: Vec<Vec<(u32, NeedIx)>>,
    /// Seats that name the people who may take them.
    named: HashMap<PersonIx, Vec<NeedIx>>,
    /// Seats of hosts that any member of staff may take.
    open_seats: Vec<NeedIx>,
    published: Vec<(PersonIx, NeedIx)>,
}

impl<'a> Network<'a> {
    /// Builds the lookup tables.
    #[must_use]
    pub fn new(problem: &'a Problem) -> Self {
        let settings = Settings::new(problem);
        let preorder = preorder(problem);
        let posts: Vec<Option<PostFacts>> = problem
            .needs
            .iter()
            .map(|need| need.as_post().map(|post| post_facts(problem, &settings, need, post)))
            .collect();
        let mut by_skill = vec![Vec::new(); problem.skills.len() + 1];
        for (index, (need, facts)) in problem.needs.iter().zip(&posts).enumerate() {
            let Some(facts) = facts.as_ref().filter(|facts| facts.seat.is_none()) else { continue };
            let slot = need.skill.filter(|_| settings.is_on(RuleCode::H03)).map_or(0, |(skill, _)| skill.index() + 1);
            by_skill[slot].push((preorder[facts.unit.index()].0, NeedIx::from_index(index)));
        }
        for posts in &mut by_skill {
            posts.sort_unstable();
        }
        let mut published: Vec<(PersonIx, NeedIx)> =
            problem.published.iter().map(|duty| (duty.person, duty.need)).collect();
        published.sort_unstable();
        published.dedup();
        let streets = (0..problem.units.len()).map(|unit| problem.street_of(UnitIx::from_index(unit))).collect();
        let cases = problem.cases.iter().map(|case| CaseFacts::new(problem, case)).collect();
        let (named, open_seats) = seats(problem);
        Self { problem, settings, posts, cases, streets, preorder, by_skill, named, open_seats, published }
    }

    /// Facts of a post; `None` when the need is of another kind.
    #[must_use]
    pub fn post(&self, need: NeedIx) -> Option<&PostFacts> {
        self.posts.get(need.index()).and_then(Option::as_ref)
    }

    /// The need at which heads are counted: for a span of a case the one that stands for all its spans.
    #[must_use]
    pub fn desk(&self, need: NeedIx) -> NeedIx {
        let case = self.post(need).and_then(|post| post.case).and_then(|case| self.cases.get(case.index()));
        case.and_then(CaseFacts::desk).unwrap_or(need)
    }

    /// The group of comparable people of a person.
    #[must_use]
    pub fn group(&self, person: &Person) -> Group {
        (self.streets[person.home_unit.index()].unwrap_or(person.home_unit), person.category)
    }

    /// Needs that the person may serve under the rules that look at the pair alone, in order of need.
    #[must_use]
    pub fn candidates(&self, person: PersonIx) -> Vec<NeedIx> {
        let who = &self.problem.people[person.index()];
        let mut found = Vec::new();
        let mut skills: Vec<Option<SkillIx>> = vec![None];
        skills.extend(who.skills.iter().map(|skill| Some(skill.skill)));
        skills.sort_unstable();
        skills.dedup();
        let everywhere = [UnitIx(u32::MAX)];
        let roots: &[UnitIx] = if self.settings.is_on(RuleCode::H10) { &who.scope } else { &everywhere };
        for skill in skills {
            let posts = &self.by_skill[skill.map_or(0, |skill| skill.index() + 1)];
            for &root in roots {
                let (first, last) = self.preorder.get(root.index()).copied().unwrap_or((0, u32::MAX));
                let start = posts.partition_point(|&(at, _)| at < first);
                let inside = posts[start..].iter().take_while(|&&(at, _)| at < last);
                found.extend(
                    inside.map(|&(_, need)| need).filter(|&need| self.stopped_outside_scope(person, need).is_none()),
                );
            }
        }
        let open = if who.category.is_staff() { &self.open_seats[..] } else { &[] };
        let seats = self.named.get(&person).into_iter().flatten().chain(open).copied();
        found.extend(seats.filter(|&need| self.stopped_by(person, need).is_none()));
        found.sort_unstable();
        found.dedup();
        found.retain(|&need| !self.is_excluded(person, need) && !self.is_withdrawn(need));
        found
    }

    /// Whether a need has room for nobody (H11): it was withdrawn.
    fn is_withdrawn(&self, need: NeedIx) -> bool {
        let post = self.problem.needs[need.index()].as_post();
        self.settings.is_on(RuleCode::H11) && post.is_some_and(|post| post.cover.max == 0)
    }

    /// The first of the static rules that stops the pair, in the order H11 (withdrawn), H10, H03, H02, H12, H14, H06
    /// (history).
    #[must_use]
    pub fn stopped_by(&self, person: PersonIx, need: NeedIx) -> Option<RuleCode> {
        let who = &self.problem.people[person.index()];
        let facts = self.post(need)?;
        if self.is_withdrawn(need) {
            return Some(RuleCode::H11);
        }
        if let Some(stop) = facts.seat.and_then(|seat| self.stopped_from_seat(person, seat, facts)) {
            return Some(stop);
        }
        if self.settings.is_on(RuleCode::H10)
            && !self.is_named(person, facts)
            && !who.scope.iter().any(|&root| self.is_within(facts.unit, root))
        {
            return Some(RuleCode::H10);
        }
        let stop = self.stopped_outside_scope(person, need);
        match stop {
            Some(RuleCode::H06) | None if self.is_excluded(person, need) => Some(RuleCode::H14),
            other => other,
        }
    }

    /// Whether a reception names the person for the seat that a need stands for: H10 is not asked then.
    fn is_named(&self, person: PersonIx, facts: &PostFacts) -> bool {
        let reception = |seat: Seat| self.problem.receptions.get(seat.reception.index());
        facts.seat.is_some_and(|seat| reception(seat).is_some_and(|at| at.names(person, seat.role)))
    }

    /// H13 and H11 of a seat, whoever else is there: whom the reception names, its notice, its room.
    fn stopped_from_seat(&self, person: PersonIx, seat: Seat, facts: &PostFacts) -> Option<RuleCode> {
        let reception = self.problem.receptions.get(seat.reception.index())?;
        let who = &self.problem.people[person.index()];
        let is_open = seat.role == SeatRole::Host && reception.hosts.is_none();
        let is_named = reception.names(person, seat.role) || is_open && who.category.is_staff() && !who.trainee;
        self.stopped_option(seat, facts).or((!is_named).then_some(RuleCode::H13))
    }

    /// What keeps a reception from being held within the span of a seat, whoever comes.
    #[must_use]
    pub fn stopped_option(&self, seat: Seat, facts: &PostFacts) -> Option<RuleCode> {
        let reception = self.problem.receptions.get(seat.reception.index())?;
        if !reception.is_announced && facts.day < reception.earliest_day {
            return Some(RuleCode::H13);
        }
        let venue = reception.options.get(usize::from(seat.option))?.venue?;
        let taken = &self.problem.venues.get(venue.index())?.taken;
        let is_taken = self.settings.is_on(RuleCode::H11) && taken.iter().any(|taken| taken.overlaps(facts.span));
        is_taken.then_some(RuleCode::H11)
    }

    /// Whether a unit lies in the subtree of a root.
    #[must_use]
    pub fn is_within(&self, unit: UnitIx, root: UnitIx) -> bool {
        let at = self.preorder[unit.index()].0;
        let (first, last) = self.preorder[root.index()];
        (first..last).contains(&at)
    }

    /// Whether the person has the need's skill and is available then (H03, H02); whatever the scope says.
    #[must_use]
    pub fn has_skill(&self, person: PersonIx, need: NeedIx) -> bool {
        let who = &self.problem.people[person.index()];
        let Some(facts) = self.post(need) else { return false };
        let skilled = self.problem.needs[need.index()].skill.is_none_or(|(skill, level)| {
            who.skills.iter().any(|own| {
                own.skill == skill && own.level >= level && own.valid_until.is_none_or(|until| until >= facts.day)
            })
        });
        let active = (who.active_days.0..=who.active_days.1).contains(&facts.day);
        skilled && active && !who.unavailable.iter().any(|span| span.overlaps(facts.span))
    }

    fn is_excluded(&self, person: PersonIx, need: NeedIx) -> bool {
        self.settings.is_on(RuleCode::H14) && self.problem.needs[need.index()].excluded.contains(&person)
    }

    fn stopped_outside_scope(&self, person: PersonIx, need: NeedIx) -> Option<RuleCode> {
        let who = &self.problem.people[person.index()];
        let facts = self.post(need)?;
        let on = |code| self.settings.is_on(code);
        if let (Some(most), Some(home), Some(place)) = (who.max_distance_metres, who.home, facts.location)
            && on(RuleCode::H10)
            && !self.is_named(person, facts)
            && home.distance_metres(place) > most
        {
            return Some(RuleCode::H10);
        }
        if let Some((skill, level)) = self.problem.needs[need.index()].skill
            && on(RuleCode::H03)
            && !who.skills.iter().any(|own| {
                own.skill == skill && own.level >= level && own.valid_until.is_none_or(|until| until >= facts.day)
            })
        {
            return Some(RuleCode::H03);
        }
        if on(RuleCode::H03) && who.trainee && facts.case.is_some() {
            return Some(RuleCode::H03);
        }
        if on(RuleCode::H02)
            && (facts.day < who.active_days.0
                || facts.day > who.active_days.1
                || who.unavailable.iter().any(|span| span.overlaps(facts.span)))
        {
            return Some(RuleCode::H02);
        }
        if on(RuleCode::H12) && !facts.open {
            return Some(RuleCode::H12);
        }
        if on(RuleCode::H06) && self.breaks_rest_after_history(who, facts) {
            return Some(RuleCode::H06);
        }
        None
    }

    fn breaks_rest_after_history(&self, who: &Person, facts: &PostFacts) -> bool {
        let rest = self.settings.min_rest_minutes(who);
        if who.history.last_duty_end.is_some_and(|end| i64::from(facts.span.start) - i64::from(end) < rest) {
            return true;
        }
        facts.day == 0
            && facts.shift_type.is_some_and(|next| {
                who.history
                    .last_shift_type
                    .is_some_and(|last| self.problem.shift_types[last.index()].forbidden_next.contains(&next))
            })
    }

    /// Linear cost of giving the need to the person: S30 avoided times, S32 from home, S33, S34. What seats of
    /// receptions cost counts where receptions are decided ([`Self::whole_cost`]) and nowhere else.
    #[must_use]
    pub fn pair_cost(&self, person: PersonIx, need: NeedIx) -> Costs {
        if self.post(need).is_some_and(|facts| facts.seat.is_some()) {
            return [0; 3];
        }
        self.whole_cost(person, need)
    }

    /// The same, and for seats of receptions S36 besides.
    #[must_use]
    pub fn whole_cost(&self, person: PersonIx, need: NeedIx) -> Costs {
        let mut costs = [0; 3];
        let Some(facts) = self.post(need) else { return costs };
        let who = &self.problem.people[person.index()];
        let profile = &self.problem.profile;
        let mut add = |code: RuleCode, units: i64| {
            if units != 0 && self.settings.is_on(code) {
                add_costs(&mut costs, in_tier(profile.tier(code), units * profile.weight(code)));
            }
        };
        let avoided: i64 = who
            .wishes
            .iter()
            .filter(|wish| wish.kind == WishKind::Avoid && Self::matches(wish, facts))
            .map(|wish| i64::from(wish.weight))
            .sum();
        add(RuleCode::S30, avoided);
        if let (Some(home), Some(place)) = (who.home, facts.location) {
            add(RuleCode::S32, i64::from(home.distance_metres(place) / self.settings.travel_unit_metres));
        }
        if let Some(case) = self.problem.case_of(need) {
            add(RuleCode::S33, i64::from(case.earlier_handler.is_some_and(|earlier| earlier != person)));
            add(RuleCode::S11, late_units(case, facts.span.end));
        } else if !who.familiar_places.is_empty() && !who.familiar_places.contains(&facts.place) {
            add(RuleCode::S33, 1);
        }
        if let Some((reception, _)) = self.problem.seat_of(need).filter(|(_, seat)| seat.role != SeatRole::Host) {
            add(RuleCode::S36, self.problem.matters_outside(reception, person));
        }
        if !self.published.is_empty() {
            // A published duty that is kept saves the unit that every missing one costs.
            add(RuleCode::S34, if self.is_published(person, need) { -1 } else { 1 });
        }
        costs
    }

    /// Whether the pair stands in the published roster.
    #[must_use]
    pub fn is_published(&self, person: PersonIx, need: NeedIx) -> bool {
        self.published.binary_search(&(person, need)).is_ok()
    }

    /// Number of published duties.
    #[must_use]
    pub fn published_duties(&self) -> &[(PersonIx, NeedIx)] {
        &self.published
    }

    /// Whether a duty at the post matches the wish.
    #[must_use]
    pub fn matches(wish: &crate::problem::Wish, facts: &PostFacts) -> bool {
        wish.span.overlaps(facts.span)
            && wish.shift_type.is_none_or(|kind| facts.shift_type == Some(kind))
            && wish.place.is_none_or(|place| facts.place == place)
    }

    /// H01 and H06 between two posts for one person: the rule that forbids both, if any.
    #[must_use]
    pub fn clash(&self, min_rest_minutes: i64, one: &PostFacts, other: &PostFacts) -> Option<RuleCode> {
        let (first, second) = if one.span.start <= other.span.start { (one, other) } else { (other, one) };
        let gap = i64::from(second.span.start) - i64::from(first.span.end);
        if self.settings.is_on(RuleCode::H01) {
            if gap < 0 {
                return Some(RuleCode::H01);
            }
            let travel = match (first.location, second.location) {
                (Some(from), Some(to)) if first.place != second.place => {
                    i64::from(from.distance_metres(to).div_ceil(self.settings.metres_per_minute))
                }
                _ => 0,
            };
            if gap < travel {
                return Some(RuleCode::H01);
            }
        }
        if self.settings.is_on(RuleCode::H06) && first.day != second.day {
            if gap < min_rest_minutes {
                return Some(RuleCode::H06);
            }
            let forbidden = |from: &PostFacts, to: &PostFacts| {
                to.day == from.day + 1
                    && from.shift_type.zip(to.shift_type).is_some_and(|(last, next)| {
                        self.problem.shift_types[last.index()].forbidden_next.contains(&next)
                    })
            };
            if forbidden(first, second) {
                return Some(RuleCode::H06);
            }
        }
        None
    }
}

/// Seats by the people they name, and seats of hosts that name nobody.
fn seats(problem: &Problem) -> (HashMap<PersonIx, Vec<NeedIx>>, Vec<NeedIx>) {
    let mut named: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
    let mut open = Vec::new();
    for reception in &problem.receptions {
        for option in &reception.options {
            for &person in &reception.deputies {
                named.entry(person).or_default().push(option.deputies);
            }
            let Some(seat) = option.host else { continue };
            match &reception.hosts {
                Some(hosts) => hosts.iter().for_each(|&host| named.entry(host).or_default().push(seat)),
                None => open.push(seat),
            }
        }
    }
    (named, open)
}

fn post_facts(problem: &Problem, settings: &Settings, need: &Need, post: &Post) -> PostFacts {
    let place = need.place;
    let at = &problem.places[place.index()];
    let day = post.span.day();
    let off = usize::try_from(day).ok().and_then(|day| problem.off_days.get(day).copied()).unwrap_or(false);
    let end_of_day = i64::from(post.span.end) - i64::from(day) * i64::from(MINUTES_PER_DAY);
    PostFacts {
        span: post.span,
        day,
        minutes: i64::from(post.span.minutes()),
        place,
        unit: at.unit,
        location: at.location,
        shift_type: post.shift_type,
        unsocial: off || problem.horizon.is_weekend(day) || end_of_day > settings.evening_from_minute,
        open: at
            .opening
            .as_ref()
            .is_none_or(|spans| spans.iter().any(|span| span.start <= post.span.start && post.span.end <= span.end)),
        in_horizon: day >= 0 && day < DayOffset::from(problem.horizon.days),
        case: need.case,
        seat: need.seat,
    }
}

/// Preorder position of each unit and the first position after its subtree.
fn preorder(problem: &Problem) -> Vec<(u32, u32)> {
    let count = problem.units.len();
    let mut size = vec![1_u32; count];
    for index in (0..count).rev() {
        if let Some(parent) = problem.units[index].parent {
            size[parent.index()] += size[index];
        }
    }
    let mut next_child = vec![0_u32; count];
    let mut next_root = 0;
    let mut order = vec![(0, 0); count];
    for (index, unit) in problem.units.iter().enumerate() {
        let slot = if let Some(parent) = unit.parent { &mut next_child[parent.index()] } else { &mut next_root };
        let at = *slot;
        *slot += size[index];
        order[index] = (at, at + size[index]);
        next_child[index] = at + 1;
    }
    order
}
