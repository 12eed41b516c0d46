//! The roster as the rule functions want it: by person in order of time, and by need.

use crate::problem::{
    DayOffset, Duty, MINUTES_PER_DAY, Need, NeedIx, Person, PersonIx, Place, Post, Problem, RuleCode, Settlement, Span,
};

use super::report::{At, Findings, Words};

/// The problem with the duties sorted both ways.
pub(super) struct Context<'a> {
    pub(super) problem: &'a Problem,
    /// Sorted by person, start, need; people and needs exist.
    duties: Vec<Duty>,
    /// Where each person's duties begin in `duties`; one more entry than people.
    of_person: Vec<usize>,
    /// People at the needs, sorted by need.
    attendants: Vec<PersonIx>,
    /// Where each need's people begin in `attendants`; one more entry than needs.
    of_need: Vec<usize>,
    /// ISO dates of the horizon.
    dates: Vec<String>,
    /// What becomes of each case.
    pub(super) settlements: Vec<Settlement>,
    /// Where each reception is held.
    pub(super) held: Vec<Option<usize>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(problem: &'a Problem, duties: &[Duty], findings: &mut Findings<'_>) -> Self {
        let mut known: Vec<Duty> = duties.iter().copied().filter(|duty| is_known(problem, *duty, findings)).collect();
        known.sort_unstable_by_key(|duty| (duty.person, duty.span.start, duty.need, duty.span.end));
        let mut pairs: Vec<(NeedIx, PersonIx)> = known.iter().map(|duty| (duty.need, duty.person)).collect();
        pairs.sort_unstable();
        let mut context = Self {
            problem,
            of_person: starts(problem.people.len(), known.iter().map(|duty| duty.person.index())),
            of_need: starts(problem.needs.len(), pairs.iter().map(|(need, _)| need.index())),
            settlements: super::cases::settle(problem, &known),
            attendants: pairs.into_iter().map(|(_, person)| person).collect(),
            duties: known,
            dates: (0..DayOffset::from(problem.horizon.days))
                .map(|day| problem.horizon.date(day).to_string())
                .collect(),
            held: Vec::new(),
        };
        context.held = super::receptions::held(&context);
        context
    }

    /// Everybody, with their duties in order of time.
    pub(super) fn people(&self) -> impl Iterator<Item = (PersonIx, &'a Person, &[Duty])> {
        self.problem.people.iter().enumerate().map(|(position, person)| {
            let ix = PersonIx::from_index(position);
            (ix, person, self.duties_of(ix))
        })
    }

    /// One person's duties in order of time.
    pub(super) fn duties_of(&self, person: PersonIx) -> &[Duty] {
        &self.duties[self.of_person[person.index()]..self.of_person[person.index() + 1]]
    }

    /// Every duty.
    pub(super) fn duties(&self) -> &[Duty] {
        &self.duties
    }

    /// Every post, with the people at it.
    pub(super) fn posts(&self) -> impl Iterator<Item = (NeedIx, &'a Need, &'a Post, &[PersonIx])> {
        self.problem.needs.iter().enumerate().filter_map(|(position, need)| {
            let ix = NeedIx::from_index(position);
            need.as_post().map(|post| (ix, need, post, self.people_at(ix)))
        })
    }

    /// The people at a need.
    pub(super) fn people_at(&self, need: NeedIx) -> &[PersonIx] {
        &self.attendants[self.of_need[need.index()]..self.of_need[need.index() + 1]]
    }

    /// Heads among people: all but trainees.
    pub(super) fn heads(&self, people: &[PersonIx]) -> i64 {
        length(people.iter().filter(|person| !self.problem.people[person.index()].trainee).count())
    }

    /// Whether the roster holds exactly this duty.
    pub(super) fn holds(&self, duty: Duty) -> bool {
        duty.person.index() < self.problem.people.len() && self.duties_of(duty.person).contains(&duty)
    }

    /// For each day of the horizon, whether it is a working day with these duties of one person.
    pub(super) fn working_days(&self, duties: &[Duty]) -> Vec<bool> {
        self.days_with(duties, |_| true)
    }

    /// For each day of the horizon, whether one of these duties that fits belongs to it.
    pub(super) fn days_with(&self, duties: &[Duty], fits: impl Fn(&Duty) -> bool) -> Vec<bool> {
        let mut days = vec![false; usize::from(self.problem.horizon.days)];
        for duty in duties.iter().filter(|duty| fits(duty)) {
            if let Some(day) = usize::try_from(duty.span.day()).ok().and_then(|index| days.get_mut(index)) {
                *day = true;
            }
        }
        days
    }

    /// The days of each Monday-to-Sunday week, as far as within the horizon: first and last.
    pub(super) fn weeks(&self) -> Vec<(DayOffset, DayOffset)> {
        let horizon = &self.problem.horizon;
        let mut weeks: Vec<(DayOffset, DayOffset)> = Vec::new();
        for day in 0..DayOffset::from(horizon.days) {
            match weeks.last_mut() {
                Some((first, last)) if horizon.week(*first) == horizon.week(day) => *last = day,
                _ => weeks.push((day, day)),
            }
        }
        weeks
    }

    /// For each week of [`Self::weeks`], whether its weekend is worked.
    pub(super) fn weekends_worked(&self, weeks: &[(DayOffset, DayOffset)], working: &[bool]) -> Vec<bool> {
        weeks
            .iter()
            .map(|(first, last)| {
                (*first..=*last).any(|day| self.problem.horizon.is_weekend(day) && is_set(working, day))
            })
            .collect()
    }

    pub(super) fn need(&self, duty: &Duty) -> &'a Need {
        &self.problem.needs[duty.need.index()]
    }

    pub(super) fn place(&self, duty: &Duty) -> &'a Place {
        &self.problem.places[self.need(duty).place.index()]
    }

    /// Straight-line metres between the places of two duties, if both are located and differ.
    pub(super) fn metres_between(&self, one: &Duty, other: &Duty) -> Option<u32> {
        let (one, other) = (self.need(one).place, self.need(other).place);
        if one == other {
            return None;
        }
        let places = &self.problem.places;
        Some(places[one.index()].location?.distance_metres(places[other.index()].location?))
    }

    /// The ISO date of a day.
    pub(super) fn date(&self, day: DayOffset) -> String {
        let known = usize::try_from(day).ok().and_then(|index| self.dates.get(index));
        known.cloned().unwrap_or_else(|| self.problem.horizon.date(day).to_string())
    }

    /// Place, date and hours of a duty.
    pub(super) fn describe(&self, duty: &Duty) -> String {
        self.describe_at(duty.need, duty.span)
    }

    /// Place, date and hours of a need.
    pub(super) fn describe_at(&self, need: NeedIx, span: Span) -> String {
        let place = &self.problem.places[self.problem.needs[need.index()].place.index()];
        format!("{} {} {}", place.name, self.date(span.day()), hours(span))
    }
}

/// Whether a day of the horizon is set; days outside are not.
pub(super) fn is_set(days: &[bool], day: DayOffset) -> bool {
    usize::try_from(day).ok().and_then(|index| days.get(index).copied()).unwrap_or(false)
}

/// A length as a cost or count.
pub(super) fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Minutes of all duties.
pub(super) fn minutes<'d>(duties: impl IntoIterator<Item = &'d Duty>) -> i64 {
    duties.into_iter().map(|duty| i64::from(duty.span.minutes())).sum()
}

/// Hours of a stretch as `08:00-12:00`; an end on a later day counts on beyond 24:00.
fn hours(span: Span) -> String {
    let midnight = span.day() * MINUTES_PER_DAY;
    let (start, end) = (span.start - midnight, span.end - midnight);
    format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
}

/// Offsets of the groups of a sorted list of keys below `groups`, with one closing entry.
fn starts(groups: usize, keys: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0; groups + 1];
    for key in keys {
        starts[key + 1] += 1;
    }
    for index in 0..groups {
        starts[index + 1] += starts[index];
    }
    starts
}

/// Reports a duty whose person or need does not exist.
fn is_known(problem: &Problem, duty: Duty, findings: &mut Findings<'_>) -> bool {
    if duty.person.index() >= problem.people.len() {
        let words = Words {
            zh: format!("班次指向不存在的人员（序号 {}）。", duty.person.0),
            en: format!("A duty names a person who does not exist (position {}).", duty.person.0),
        };
        findings.hard(RuleCode::H02, At::default().on(duty.span.day()), words);
        return false;
    }
    if duty.need.index() >= problem.needs.len() {
        let name = &problem.people[duty.person.index()].name;
        let words = Words {
            zh: format!("{name}的班次指向不存在的岗位（序号 {}）。", duty.need.0),
            en: format!("A duty of {name} names a need that does not exist (position {}).", duty.need.0),
        };
        findings.hard(RuleCode::H12, At::person(duty.person).on(duty.span.day()), words);
        return false;
    }
    true
}
