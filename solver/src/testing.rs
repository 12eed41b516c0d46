//! Builders of tiny problems for tests.
//!
//! ```ignore
//! let mut world = World::new(7);                       // Monday 2026-01-05, a street with one station, no rule but H15
//! world.on(RuleCode::S10);
//! let ann = world.person("Ann");
//! let desk = world.post(0, 8, 12);                     // day 0, 08:00 to 12:00, exactly one head
//! world.post_mut(desk).cover.target = 2;
//! let duties = [world.duty(ann, desk)];
//! assert!(check(&world.problem, &duties).is_feasible());
//! ```
//!
//! Everything is public data: change `world.problem` wherever a helper is missing.

use chrono::NaiveDate;

use crate::problem::{
    Case, CaseIx, Category, Contract, Cover, DayOffset, Duty, History, Horizon, Limits, MINUTES_PER_DAY, Minute, Need,
    NeedIx, NeedKind, Person, PersonIx, PersonSkill, Place, PlaceIx, Point, Post, Problem, Profile, Reception,
    ReceptionIx, ReceptionOption, RuleCode, Seat, SeatRole, ShiftType, ShiftTypeIx, Skill, SkillIx, Span, Unit, UnitIx,
    Venue, VenueIx, Wish, WishKind,
};

/// A problem under construction.
#[derive(Debug, Clone)]
pub struct World {
    /// The problem so far; valid at any time.
    pub problem: Problem,
}

impl World {
    /// The street of every world: the root unit.
    pub const STREET: UnitIx = UnitIx(0);
    /// The station of every world: always open, without location.
    pub const STATION: PlaceIx = PlaceIx(0);

    /// A street with one station and no people, from Monday 2026-01-05, with every rule off but H15.
    #[must_use]
    pub fn new(days: u16) -> Self {
        let mut world = Self::with_catalogue(days);
        for code in RuleCode::ALL.iter().filter(|code| **code != RuleCode::H15) {
            world.problem.profile.rules.entry(*code).or_default().on = Some(false);
        }
        world
    }

    /// The same with the rules as the catalogue has them.
    #[must_use]
    pub fn with_catalogue(days: u16) -> Self {
        let start = NaiveDate::default() + chrono::Duration::days(MONDAY_2026_01_05);
        let horizon = Horizon { start, days };
        let off_days = (0..DayOffset::from(days)).map(|day| horizon.is_weekend(day)).collect();
        let street =
            Unit { id: "street".into(), name: "street".into(), parent: None, is_street: true, escalations: None };
        let mut world = Self {
            problem: Problem {
                horizon,
                off_days,
                units: vec![street],
                places: Vec::new(),
                skills: Vec::new(),
                shift_types: Vec::new(),
                people: Vec::new(),
                needs: Vec::new(),
                cases: Vec::new(),
                receptions: Vec::new(),
                venues: Vec::new(),
                apart: Vec::new(),
                profile: Profile { name: "test".into(), version: 1, ..Profile::default() },
                pins: Vec::new(),
                published: Vec::new(),
            },
        };
        world.place("station", Self::STREET);
        world
    }

    /// Turns a rule on with the catalogue's weight and parameters.
    pub fn on(&mut self, code: RuleCode) -> &mut Self {
        self.problem.profile.rules.entry(code).or_default().on = Some(true);
        self
    }

    /// Turns a rule off.
    pub fn off(&mut self, code: RuleCode) -> &mut Self {
        self.problem.profile.rules.entry(code).or_default().on = Some(false);
        self
    }

    /// Sets a rule's weight.
    pub fn weight(&mut self, code: RuleCode, weight: i64) -> &mut Self {
        self.problem.profile.rules.entry(code).or_default().weight = Some(weight);
        self
    }

    /// Sets a rule's parameter.
    pub fn parameter(&mut self, code: RuleCode, key: &str, value: i64) -> &mut Self {
        self.problem.profile.rules.entry(code).or_default().parameters.insert(key.into(), value);
        self
    }

    /// Adds a unit below another that is not a street.
    pub fn unit(&mut self, name: &str, parent: UnitIx) -> UnitIx {
        self.problem.units.push(Unit {
            id: name.into(),
            name: name.into(),
            parent: Some(parent),
            is_street: false,
            escalations: None,
        });
        UnitIx::from_index(self.problem.units.len() - 1)
    }

    /// Adds a further street, a root of its own.
    pub fn street(&mut self, name: &str) -> UnitIx {
        self.problem.units.push(Unit {
            id: name.into(),
            name: name.into(),
            parent: None,
            is_street: true,
            escalations: None,
        });
        UnitIx::from_index(self.problem.units.len() - 1)
    }

    /// Adds a place that is always open and has no location.
    pub fn place(&mut self, name: &str, unit: UnitIx) -> PlaceIx {
        self.problem.places.push(Place { id: name.into(), name: name.into(), unit, location: None, opening: None });
        PlaceIx::from_index(self.problem.places.len() - 1)
    }

    /// Puts a place on the map, metres east of the origin.
    pub fn locate(&mut self, place: PlaceIx, east_metres: i32) -> &mut Self {
        self.problem.places[place.index()].location = Some(Point { east_metres, north_metres: 0 });
        self
    }

    /// Adds a skill.
    pub fn skill(&mut self, name: &str) -> SkillIx {
        self.problem.skills.push(Skill { id: name.into(), name: name.into() });
        SkillIx::from_index(self.problem.skills.len() - 1)
    }

    /// Adds a shift type that anything may follow.
    pub fn shift_type(&mut self, name: &str) -> ShiftTypeIx {
        let kind = ShiftType { id: name.into(), name: name.into(), forbidden_next: Vec::new(), consecutive_days: None };
        self.problem.shift_types.push(kind);
        ShiftTypeIx::from_index(self.problem.shift_types.len() - 1)
    }

    /// Adds a recruited member of staff of the street, always available, without limits, wishes or history.
    pub fn person(&mut self, name: &str) -> PersonIx {
        self.problem.people.push(Person {
            id: name.into(),
            name: name.into(),
            category: Category::RecruitedStaff,
            home_unit: Self::STREET,
            home: None,
            skills: Vec::new(),
            scope: vec![Self::STREET],
            max_distance_metres: None,
            active_days: (0, DayOffset::from(self.problem.horizon.days) - 1),
            unavailable: Vec::new(),
            limits: Limits::default(),
            contract: Contract::default(),
            trainee: false,
            newcomer: false,
            wishes: Vec::new(),
            familiar_places: Vec::new(),
            history: History::default(),
        });
        PersonIx::from_index(self.problem.people.len() - 1)
    }

    /// The same with changes.
    pub fn person_with(&mut self, name: &str, change: impl FnOnce(&mut Person)) -> PersonIx {
        let person = self.person(name);
        change(self.person_mut(person));
        person
    }

    /// A person, to be changed.
    pub fn person_mut(&mut self, person: PersonIx) -> &mut Person {
        &mut self.problem.people[person.index()]
    }

    /// Gives a person a skill that does not expire.
    pub fn grant(&mut self, person: PersonIx, skill: SkillIx, level: u8) -> &mut Self {
        self.person_mut(person).skills.push(PersonSkill { skill, level, valid_until: None });
        self
    }

    /// Adds a post of the station for exactly one head, hours of the day; an end beyond 24 is on the next day.
    pub fn post(&mut self, day: DayOffset, from_hour: Minute, to_hour: Minute) -> NeedIx {
        let id = format!("post-{}", self.problem.needs.len());
        self.problem.needs.push(Need {
            id,
            place: Self::STATION,
            skill: None,
            priority: 1,
            excluded: Vec::new(),
            case: None,
            seat: None,
            kind: NeedKind::Post(Post {
                span: hours(day, from_hour, to_hour),
                shift_type: None,
                cover: Cover { min: 1, target: 1, max: 1, weight_below_target: None, weight_above_target: None },
                mix: false,
            }),
        });
        NeedIx::from_index(self.problem.needs.len() - 1)
    }

    /// The same of a shift type.
    pub fn post_of(&mut self, kind: ShiftTypeIx, day: DayOffset, from_hour: Minute, to_hour: Minute) -> NeedIx {
        let need = self.post(day, from_hour, to_hour);
        self.post_mut(need).shift_type = Some(kind);
        need
    }

    /// One post of the station on each of the days, from 08:00 to 12:00.
    pub fn daily_posts(&mut self, days: impl IntoIterator<Item = DayOffset>) -> Vec<NeedIx> {
        days.into_iter().map(|day| self.post(day, 8, 12)).collect()
    }

    /// Adds a case of the street that is due at the end of the horizon, of an hour at the station from each start on:
    /// days and hours.
    pub fn case(&mut self, name: &str, starts: &[(DayOffset, Minute)]) -> CaseIx {
        let at = CaseIx::from_index(self.problem.cases.len());
        let options: Vec<NeedIx> = starts
            .iter()
            .map(|&(day, hour)| {
                let need = self.post(day, hour, hour + 1);
                let span = self.need_mut(need);
                span.id = format!("{name}@{day}-{hour}");
                span.case = Some(at);
                let cover = &mut self.post_mut(need).cover;
                (cover.min, cover.target, cover.weight_above_target) = (0, 0, Some(0));
                need
            })
            .collect();
        let deadline = self.problem.end();
        self.problem.cases.push(Case {
            id: name.into(),
            unit: Self::STREET,
            options,
            deadline,
            urgency: 1,
            earlier_handler: None,
            explainable: false,
        });
        at
    }

    /// Adds a reception of the station of an hour from each start on, for one of the deputies and any member of staff:
    /// days and hours.
    pub fn reception(&mut self, name: &str, starts: &[(DayOffset, Minute)], deputies: &[PersonIx]) -> ReceptionIx {
        self.session(name, starts, deputies, false)
    }

    /// Adds a visit of an hour from each start on, for one of the people.
    pub fn visit(&mut self, name: &str, starts: &[(DayOffset, Minute)], people: &[PersonIx]) -> ReceptionIx {
        self.session(name, starts, people, true)
    }

    fn session(
        &mut self,
        name: &str,
        starts: &[(DayOffset, Minute)],
        deputies: &[PersonIx],
        is_visit: bool,
    ) -> ReceptionIx {
        let at = ReceptionIx::from_index(self.problem.receptions.len());
        let mut options = Vec::with_capacity(starts.len());
        for (option, &(day, hour)) in (0_u16..).zip(starts) {
            let mut seat = |word: &str, role: SeatRole| {
                let need = self.post(day, hour, hour + 1);
                let data = self.need_mut(need);
                data.id = format!("{name}@{day}-{hour}{word}");
                data.seat = Some(Seat { reception: at, option, role });
                let cover = &mut self.post_mut(need).cover;
                (cover.min, cover.target, cover.weight_above_target) = (0, 0, Some(0));
                need
            };
            let deputies = seat("", if is_visit { SeatRole::Visitor } else { SeatRole::Deputy });
            let host = (!is_visit).then(|| seat("#host", SeatRole::Host));
            options.push(ReceptionOption { deputies, host, venue: None, weight: 0 });
        }
        self.problem.receptions.push(Reception {
            id: name.into(),
            is_visit,
            unit: Self::STREET,
            options,
            deputies: deputies.to_vec(),
            seats: 1,
            hosts: None,
            earliest_day: 0,
            is_announced: false,
            priority: 1,
            matters: Vec::new(),
        });
        at
    }

    /// A reception, to be changed.
    pub fn reception_mut(&mut self, reception: ReceptionIx) -> &mut Reception {
        &mut self.problem.receptions[reception.index()]
    }

    /// Gives a reception so many seats for deputies.
    pub fn seats(&mut self, reception: ReceptionIx, seats: u16) -> &mut Self {
        let needs: Vec<NeedIx> =
            self.problem.receptions[reception.index()].options.iter().map(|option| option.deputies).collect();
        for need in needs {
            self.post_mut(need).cover.max = seats;
        }
        self.reception_mut(reception).seats = seats;
        self
    }

    /// Adds a room that nobody has.
    pub fn venue(&mut self, name: &str) -> VenueIx {
        self.problem.venues.push(Venue { id: name.into(), name: name.into(), taken: Vec::new() });
        VenueIx::from_index(self.problem.venues.len() - 1)
    }

    /// Adds a deputy who comes to receptions and serves nowhere else.
    pub fn deputy(&mut self, name: &str) -> PersonIx {
        self.person_with(name, |person| {
            person.category = Category::Deputy;
            person.scope = Vec::new();
        })
    }

    /// A case, to be changed.
    pub fn case_mut(&mut self, case: CaseIx) -> &mut Case {
        &mut self.problem.cases[case.index()]
    }

    /// Puts a district above a street, which takes so many cases.
    pub fn district(&mut self, street: UnitIx, escalations: u32) -> &mut Self {
        // Parents stand before their children, so that the district takes the street's place and the street moves on.
        let district = Unit {
            id: "district".into(),
            name: "district".into(),
            parent: None,
            is_street: false,
            escalations: Some(escalations),
        };
        self.problem.units.insert(0, district);
        let moved = |unit: UnitIx| UnitIx(unit.0 + 1);
        for unit in self.problem.units.iter_mut().skip(1) {
            unit.parent = unit.parent.map(moved);
        }
        self.problem.units[moved(street).index()].parent = Some(UnitIx(0));
        for place in &mut self.problem.places {
            place.unit = moved(place.unit);
        }
        for person in &mut self.problem.people {
            person.home_unit = moved(person.home_unit);
            person.scope.iter_mut().for_each(|unit| *unit = moved(*unit));
        }
        for case in &mut self.problem.cases {
            case.unit = moved(case.unit);
        }
        for reception in &mut self.problem.receptions {
            reception.unit = moved(reception.unit);
        }
        self
    }

    /// A need, to be changed.
    pub fn need_mut(&mut self, need: NeedIx) -> &mut Need {
        &mut self.problem.needs[need.index()]
    }

    /// A need's post, to be changed.
    pub fn post_mut(&mut self, need: NeedIx) -> &mut Post {
        match &mut self.problem.needs[need.index()].kind {
            NeedKind::Post(post) => post,
        }
    }

    /// Sets minimum, target and maximum of a post.
    pub fn cover(&mut self, need: NeedIx, min: u16, target: u16, max: u16) -> &mut Self {
        let cover = &mut self.post_mut(need).cover;
        (cover.min, cover.target, cover.max) = (min, target, max);
        self
    }

    /// A duty over the whole span of a post.
    #[must_use]
    pub fn duty(&self, person: PersonIx, need: NeedIx) -> Duty {
        match &self.problem.needs[need.index()].kind {
            NeedKind::Post(post) => Duty { person, need, span: post.span },
        }
    }

    /// Duties of one person at many posts.
    #[must_use]
    pub fn duties(&self, person: PersonIx, needs: &[NeedIx]) -> Vec<Duty> {
        needs.iter().map(|need| self.duty(person, *need)).collect()
    }
}

/// Days from 1970-01-01 to Monday 2026-01-05.
const MONDAY_2026_01_05: i64 = 20_458;

/// Hours of a day as a span of minutes; hours beyond 24 lie on the next day.
#[must_use]
pub const fn hours(day: DayOffset, from_hour: Minute, to_hour: Minute) -> Span {
    Span { start: day * MINUTES_PER_DAY + from_hour * 60, end: day * MINUTES_PER_DAY + to_hour * 60 }
}

/// A problem of two streets, three people and four posts, small enough for enumeration; the choices draw its facts.
#[must_use]
pub fn tiny(choices: &[u8]) -> Problem {
    let mut at = choices.iter().copied().cycle();
    let mut pick = |bound: u8| at.next().unwrap_or(0) % bound;
    let mut world = World::with_catalogue(7);
    let other_street = world.street("other");
    let second = world.place("second", World::STREET);
    let third = world.place("third", other_street);
    world.locate(second, 3000).locate(third, 9000).locate(World::STATION, 0);
    let skill: SkillIx = world.skill("law");
    for name in ["ann", "bob", "cai"] {
        let category = [Category::Volunteer, Category::RecruitedStaff][usize::from(pick(2))];
        let shared = pick(3) == 0;
        let other = pick(3) == 0;
        let person = world.person_with(name, |person| {
            person.category = category;
            person.home_unit = if other { other_street } else { World::STREET };
            person.scope = if shared { vec![World::STREET, other_street] } else { vec![person.home_unit] };
            person.limits.max_duties_week = (pick(2) == 0).then(|| u16::from(1 + pick(2)));
            person.contract.min_minutes_week = u32::from(pick(3)) * 240;
            person.newcomer = pick(4) == 0;
            person.trainee = pick(6) == 0;
            person.history.consecutive_days = u16::from(pick(3)) * 3;
            person.history.weekends_last_three_weeks = [pick(2) == 0; 3];
            person.history.fairness_unsocial_duties = i32::from(pick(3)) - 1;
            person.limits.max_consecutive_days = (pick(2) == 0).then_some(2);
        });
        if pick(2) == 0 {
            world.grant(person, skill, 1);
        }
        if pick(2) == 0 {
            let kind = if pick(2) == 0 { WishKind::Want } else { WishKind::Avoid };
            let day = i32::from(pick(3)) * 1440;
            let span = Span { start: day, end: day + 1440 };
            world.person_mut(person).wishes = vec![Wish { kind, span, shift_type: None, place: None, weight: 2 }];
        }
    }
    for _ in 0..4 {
        let (day, hour) = (i32::from(pick(3)) + 3, [8, 13, 18][usize::from(pick(3))]);
        let need = world.post(day, hour, hour + 4);
        let target = u16::from(pick(2));
        world.cover(need, 1, 1 + target, 1 + target + u16::from(pick(2)));
        world.post_mut(need).mix = pick(2) == 0;
        let place = [World::STATION, second, third][usize::from(pick(3))];
        let need = world.need_mut(need);
        need.place = place;
        need.skill = (pick(3) == 0).then_some((skill, 1));
        need.priority = 1 + pick(3);
    }
    world.problem
}

/// The problem of [`tiny`] with two posts fewer and two cases more, in a district that takes one case at most.
#[must_use]
pub fn tiny_with_cases(choices: &[u8]) -> Problem {
    let mut world = World { problem: tiny(choices) };
    world.problem.needs.truncate(2);
    let mut at = choices.iter().rev().copied().cycle();
    let mut pick = |bound: u8| at.next().unwrap_or(0) % bound;
    let other_street = UnitIx(1);
    for (name, spans) in [("gas", 2), ("roof", 1)] {
        let (day, hour) = (i32::from(pick(3)) + 3, [8, 13, 18][usize::from(pick(3))]);
        let starts = [(day, hour), (day + i32::from(pick(2)), hour + 1)];
        let case = world.case(name, &starts[..spans]);
        let elsewhere = pick(3) == 0;
        for need in world.case_mut(case).options.clone() {
            world.need_mut(need).place = if elsewhere { PlaceIx(2) } else { World::STATION };
        }
        let handler = PersonIx(u32::from(pick(3)));
        let end = world.problem.end();
        let case = world.case_mut(case);
        case.unit = if elsewhere { other_street } else { World::STREET };
        case.urgency = 1 + pick(3);
        case.explainable = pick(3) == 0;
        case.earlier_handler = (pick(2) == 0).then_some(handler);
        case.deadline = [-60, (day + 1) * MINUTES_PER_DAY, end, end + 60][usize::from(pick(4))];
    }
    world.district(World::STREET, u32::from(pick(2)));
    world.problem.units[2].parent = Some(UnitIx(0));
    world.problem
}

/// A tiny problem with receptions or visits beside one of its posts: two deputies, one of whom may serve at posts as
/// well, one of up to two spans or two of one, and a room that they may share; visits perhaps by somebody from the post.
#[must_use]
pub fn tiny_with_receptions(choices: &[u8]) -> Problem {
    let mut problem = tiny(choices);
    problem.needs.truncate(1);
    let mut world = World { problem };
    let mut at = choices.iter().rev().copied().cycle();
    let mut pick = |bound: u8| at.next().unwrap_or(0) % bound;
    let (first, second) = (world.deputy("dan"), world.deputy("eve"));
    if pick(3) == 0 {
        world.person_mut(first).scope = vec![World::STREET];
    }
    let other = UnitIx(1);
    let law = SkillIx(0);
    if pick(2) == 0 {
        world.grant(second, law, 1);
    }
    world.person_mut(second).limits.max_receptions = (pick(2) == 0).then_some(1);
    let room = world.venue("room");
    if pick(3) == 0 {
        world.problem.venues[room.index()].taken = vec![hours(3, 8, 12)];
    }
    let count = 1 + usize::from(pick(2));
    for name in ["first", "second"].iter().take(count) {
        let starts = [(i32::from(pick(3)) + 3, [9, 14][usize::from(pick(2))]), (6, 9)];
        let starts = &starts[..if count == 1 { 1 + usize::from(pick(2)) } else { 1 }];
        let named = match pick(3) {
            0 => vec![first, second],
            1 => vec![first],
            _ => vec![second],
        };
        let at = if pick(3) == 0 {
            let visitors = [named.clone(), vec![PersonIx(0), first]][usize::from(pick(2))].clone();
            world.visit(name, starts, &visitors)
        } else {
            world.reception(name, starts, &named)
        };
        if named.len() == 2 && pick(3) == 0 {
            world.seats(at, 2);
        }
        let earliest = i32::from(pick(2)) * 4;
        let (matters, priority, is_announced) = (u16::from(pick(3)), 1 + pick(3), pick(3) == 0);
        let hosts = (pick(3) == 0).then(|| vec![PersonIx(u32::from(pick(3)))]);
        let in_room = pick(2) == 0;
        let reception = world.reception_mut(at);
        (reception.earliest_day, reception.priority, reception.is_announced) = (earliest, priority, is_announced);
        reception.matters = vec![(law, matters)];
        reception.hosts = hosts;
        if let [_, other] = reception.options.as_mut_slice() {
            other.weight = priority.into();
        }
        if in_room {
            reception.options.iter_mut().for_each(|option| option.venue = Some(room));
        }
        if pick(4) == 0 {
            world.reception_mut(at).unit = other;
            let place = world.problem.places.iter().position(|place| place.unit == other).unwrap_or(0);
            let needs: Vec<NeedIx> =
                world.problem.receptions[at.index()].options.iter().flat_map(|option| option.seats()).collect();
            for need in needs {
                world.need_mut(need).place = PlaceIx::from_index(place);
            }
        }
    }
    world.problem
}
