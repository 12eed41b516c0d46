//! Curtois & Qu shift scheduling instances (2014).
//!
//! A post stands for each (day, shift): target = requirement with its own weights under and over; a (day, shift)
//! without a cover row is a post that costs nothing. Shifts have lengths only, so all begin at 00:00 of their day: one
//! shift a day and the forbidden successions are then the format's own rules, and rest between days never binds.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::lines::{Line, Lines};
use super::{FormatError, bare_profile, put};
use crate::problem::{
    Category, Contract, Cover, DayOffset, Duty, History, Horizon, Limits, MINUTES_PER_DAY, Minute, Need, NeedIx,
    NeedKind, Person, PersonIx, Place, PlaceIx, Post, Problem, RuleCode, ShiftType, ShiftTypeIx, Span, Tier, Unit,
    UnitIx, Wish, WishKind,
};

/// Longest horizon read, days.
const MOST_DAYS: u16 = 3_660;

/// Reads an instance.
///
/// # Errors
/// The first thing found wrong, with its line: `E2101` to `E2107`.
pub fn read(text: &str) -> Result<Problem, FormatError> {
    let mut lines = Lines::new("instance", text);
    lines.heading("SECTION_HORIZON")?;
    let line = lines.expect("the number of days")?;
    let days = line.within(line.number(line.text, "The horizon")?, 1, MOST_DAYS, "The horizon")?;
    let mut reader = Reader { problem: empty(days), lengths: Vec::new(), follows: Vec::new(), covered: Vec::new() };
    let mut section = "SECTION_HORIZON";
    let mut seen = vec![section];
    for line in lines.by_ref() {
        if line.text.starts_with("SECTION_") {
            line.unique(seen.iter().copied(), line.text, "section")?;
            section = line.text;
            seen.push(section);
            continue;
        }
        match section {
            "SECTION_SHIFTS" => reader.shift(&line)?,
            "SECTION_STAFF" => reader.employee(&line)?,
            "SECTION_DAYS_OFF" => reader.days_off(&line)?,
            "SECTION_SHIFT_ON_REQUESTS" => reader.request(&line, WishKind::Want)?,
            "SECTION_SHIFT_OFF_REQUESTS" => reader.request(&line, WishKind::Avoid)?,
            "SECTION_COVER" => reader.cover(&line)?,
            other => {
                let cause = format!("A line stands in '{other}', which holds none like it.");
                return Err(line.error("E2102", cause, "Move it to its section or remove it."));
            }
        }
    }
    for required in ["SECTION_SHIFTS", "SECTION_STAFF", "SECTION_COVER"] {
        if !seen.contains(&required) {
            return Err(lines.expect(required).err().unwrap_or_else(|| missing(required)));
        }
    }
    reader.finish()
}

fn missing(section: &str) -> FormatError {
    FormatError {
        code: "E2101",
        part: "instance".to_owned(),
        line: 1,
        cause: format!("{section} is missing."),
        action: "Check that the file is complete.".to_owned(),
    }
}

fn empty(days: u16) -> Problem {
    // 2024-01-01 is a Monday, as day 0 of every instance is.
    let horizon = Horizon { start: NaiveDate::default() + chrono::Duration::days(19_723), days };
    let off_days = (0..DayOffset::from(days)).map(|day| horizon.is_weekend(day)).collect();
    let mut profile = bare_profile("curtois");
    for code in [RuleCode::H05, RuleCode::H07, RuleCode::H08, RuleCode::H09] {
        put(&mut profile, code, None);
    }
    for code in [RuleCode::S22, RuleCode::S24, RuleCode::S30] {
        put(&mut profile, code, Some((Tier::Quality, 1)));
    }
    Problem {
        horizon,
        off_days,
        units: vec![Unit {
            id: "unit".to_owned(),
            name: "unit".to_owned(),
            parent: None,
            is_street: true,
            escalations: None,
        }],
        places: vec![Place {
            id: "ward".to_owned(),
            name: "ward".to_owned(),
            unit: UnitIx(0),
            location: None,
            opening: None,
        }],
        skills: Vec::new(),
        shift_types: Vec::new(),
        people: Vec::new(),
        needs: Vec::new(),
        cases: Vec::new(),
        receptions: Vec::new(),
        venues: Vec::new(),
        apart: Vec::new(),
        profile,
        pins: Vec::new(),
        published: Vec::new(),
    }
}

struct Reader<'a> {
    problem: Problem,
    /// Minutes of each shift type.
    lengths: Vec<Minute>,
    /// For each shift type its line, whose last field names types that may be defined further down.
    follows: Vec<(usize, Line<'a>)>,
    /// Cover rows: day, shift, requirement, weights under and over.
    covered: Vec<Option<(u16, i64, i64)>>,
}

impl<'a> Reader<'a> {
    fn shift(&mut self, line: &Line<'a>) -> Result<(), FormatError> {
        let [id, minutes, _] = line.fields(',', "A shift")?;
        line.unique(self.problem.shift_types.iter().map(|kind| kind.id.as_str()), id, "shift")?;
        let minutes = line.within(line.number(minutes, "The length")?, 1, MINUTES_PER_DAY, "The length")?;
        self.lengths.push(minutes);
        self.follows.push((self.problem.shift_types.len(), line.clone()));
        self.problem.shift_types.push(ShiftType {
            id: id.to_owned(),
            name: id.to_owned(),
            forbidden_next: Vec::new(),
            consecutive_days: None,
        });
        Ok(())
    }

    fn employee(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let [id, most_of_type, max_minutes, min_minutes, max_run, min_run, min_off, weekends] =
            line.fields(',', "An employee")?;
        line.unique(self.problem.people.iter().map(|person| person.id.as_str()), id, "employee")?;
        let mut max_duties_of_type = Vec::new();
        for entry in most_of_type.split('|').map(str::trim).filter(|entry| !entry.is_empty()) {
            let Some((kind, most)) = entry.split_once('=') else {
                return Err(line.error("E2103", format!("'{entry}' is not a limit."), "Write it like D=14."));
            };
            max_duties_of_type.push((self.shift_type(line, kind)?, line.number(most, "The limit")?));
        }
        let limits = Limits {
            min_minutes_horizon: Some(line.number(min_minutes, "MinTotalMinutes")?),
            max_minutes_horizon: Some(line.number(max_minutes, "MaxTotalMinutes")?),
            max_consecutive_days: Some(line.number(max_run, "MaxConsecutiveShifts")?),
            min_consecutive_days: Some(line.number(min_run, "MinConsecutiveShifts")?),
            min_consecutive_days_off: Some(line.number(min_off, "MinConsecutiveDaysOff")?),
            max_weekends_horizon: Some(line.number(weekends, "MaxWeekends")?),
            max_duties_of_type,
            ..Limits::default()
        };
        self.problem.people.push(Person {
            id: id.to_owned(),
            name: id.to_owned(),
            category: Category::RecruitedStaff,
            home_unit: UnitIx(0),
            home: None,
            skills: Vec::new(),
            scope: vec![UnitIx(0)],
            max_distance_metres: None,
            active_days: (0, DayOffset::from(self.problem.horizon.days) - 1),
            unavailable: Vec::new(),
            limits,
            contract: Contract::default(),
            trainee: false,
            newcomer: false,
            wishes: Vec::new(),
            familiar_places: Vec::new(),
            // Runs that touch day 0 are taken to have begun before it.
            history: History { consecutive_days_off: u16::MAX, ..History::default() },
        });
        Ok(())
    }

    fn days_off(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let mut fields = line.text.split(',').map(str::trim);
        let person = self.person(line, fields.next().unwrap_or_default())?;
        let mut days: Vec<DayOffset> =
            fields.filter(|field| !field.is_empty()).map(|field| self.day(line, field)).collect::<Result<_, _>>()?;
        let unavailable = &mut self.problem.people[person].unavailable;
        days.extend(unavailable.iter().map(|span| span.day()));
        days.sort_unstable();
        days.dedup();
        *unavailable = days.into_iter().map(|day| from_midnight(day, MINUTES_PER_DAY)).collect();
        Ok(())
    }

    fn request(&mut self, line: &Line<'_>, kind: WishKind) -> Result<(), FormatError> {
        let [id, day, shift, weight] = line.fields(',', "A request")?;
        let (person, day, shift) = (self.person(line, id)?, self.day(line, day)?, self.shift_type(line, shift)?);
        let weight: u16 = line.number(weight, "The weight")?;
        if weight == 0 {
            return Ok(());
        }
        self.problem.people[person].wishes.push(Wish {
            kind,
            span: from_midnight(day, self.lengths[shift.index()]),
            shift_type: Some(shift),
            place: None,
            weight,
        });
        Ok(())
    }

    fn cover(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let [day, shift, requirement, under, over] = line.fields(',', "A cover row")?;
        let (day, shift) = (self.day(line, day)?, self.shift_type(line, shift)?);
        let types = self.problem.shift_types.len();
        self.covered.resize(types * usize::from(self.problem.horizon.days), None);
        let index = usize::try_from(day).unwrap_or(0) * types + shift.index();
        if self.covered[index].is_some() {
            let cause = format!("Day {day} and shift {} have a cover row already.", line.text);
            return Err(line.error("E2106", cause, "Remove one of the two."));
        }
        let weight = |text, what| line.number::<u32>(text, what).map(i64::from);
        self.covered[index] = Some((
            line.number(requirement, "The requirement")?,
            weight(under, "The weight under")?,
            weight(over, "The weight over")?,
        ));
        Ok(())
    }

    fn finish(mut self) -> Result<Problem, FormatError> {
        for (kind, line) in std::mem::take(&mut self.follows) {
            let followers = line.text.rsplit(',').next().unwrap_or_default();
            for follower in followers.split('|').map(str::trim).filter(|follower| !follower.is_empty()) {
                let follower = self.shift_type(&line, follower)?;
                self.problem.shift_types[kind].forbidden_next.push(follower);
            }
        }
        let types = self.lengths.len();
        self.covered.resize(types * usize::from(self.problem.horizon.days), None);
        let people = u16::try_from(self.problem.people.len()).unwrap_or(u16::MAX);
        for day in 0..DayOffset::from(self.problem.horizon.days) {
            for (shift, minutes) in self.lengths.iter().enumerate() {
                let row = self.covered[usize::try_from(day).unwrap_or(0) * types + shift];
                let (target, under, over) = row.unwrap_or((0, 0, 0));
                let cover = Cover {
                    min: 0,
                    target,
                    max: people.max(target),
                    weight_below_target: Some(under),
                    weight_above_target: Some(over),
                };
                self.problem.needs.push(Need {
                    id: format!("{day}-{}", self.problem.shift_types[shift].id),
                    place: PlaceIx(0),
                    skill: None,
                    priority: 1,
                    excluded: Vec::new(),
                    case: None,
                    seat: None,
                    kind: NeedKind::Post(Post {
                        span: from_midnight(day, *minutes),
                        shift_type: Some(ShiftTypeIx::from_index(shift)),
                        cover,
                        mix: false,
                    }),
                });
            }
        }
        Ok(self.problem)
    }

    fn person(&self, line: &Line<'_>, id: &str) -> Result<usize, FormatError> {
        line.position(self.problem.people.iter().map(|person| person.id.as_str()), id, "employee")
    }

    fn shift_type(&self, line: &Line<'_>, id: &str) -> Result<ShiftTypeIx, FormatError> {
        line.position(self.problem.shift_types.iter().map(|kind| kind.id.as_str()), id.trim(), "shift")
            .map(ShiftTypeIx::from_index)
    }

    fn day(&self, line: &Line<'_>, text: &str) -> Result<DayOffset, FormatError> {
        let last = DayOffset::from(self.problem.horizon.days) - 1;
        line.within(line.number(text, "The day")?, 0, last, "The day")
    }
}

const fn from_midnight(day: DayOffset, minutes: Minute) -> Span {
    let start = day * MINUTES_PER_DAY;
    Span { start, end: start + minutes }
}

/// Writes one line per employee in file order: shift id or `-` per day, space separated.
#[must_use]
pub fn write_roster(problem: &Problem, duties: &[Duty]) -> String {
    let days = usize::from(problem.horizon.days);
    let mut cells = vec![vec!["-"; days]; problem.people.len()];
    for duty in duties {
        let kind = problem.needs.get(duty.need.index()).and_then(|need| need.as_post()?.shift_type);
        let day = usize::try_from(duty.span.day()).ok();
        let cell = day.and_then(|day| cells.get_mut(duty.person.index())?.get_mut(day));
        if let (Some(cell), Some(kind)) = (cell, kind.and_then(|kind| problem.shift_types.get(kind.index()))) {
            *cell = &kind.id;
        }
    }
    cells.iter().fold(String::new(), |mut text, row| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", row.join(" "));
        text
    })
}

/// Reads what [`write_roster`] writes.
///
/// # Errors
/// A line or field too few or too many, or an unknown shift: `E2101`, `E2103`, `E2105`.
pub fn read_roster(problem: &Problem, text: &str) -> Result<Vec<Duty>, FormatError> {
    let days = usize::from(problem.horizon.days);
    let mut lines = Lines::new("roster", text);
    let mut duties = Vec::new();
    for person in 0..problem.people.len() {
        let line = lines.expect(&format!("the line of employee {}", problem.people[person].id))?;
        let cells: Vec<&str> = line.text.split_whitespace().collect();
        if cells.len() != days {
            return Err(line.wrong_count("A roster line", days, cells.len()));
        }
        for (day, cell) in cells.into_iter().enumerate().filter(|(_, cell)| *cell != "-") {
            let kind = line.position(problem.shift_types.iter().map(|kind| kind.id.as_str()), cell, "shift")?;
            let need = NeedIx::from_index(day * problem.shift_types.len() + kind);
            let Some(post) = problem.needs.get(need.index()).and_then(Need::as_post) else { continue };
            duties.push(Duty { person: PersonIx::from_index(person), need, span: post.span });
        }
    }
    if let Some(line) = lines.next() {
        return Err(line.error("E2103", "There are more lines than employees.".to_owned(), "Remove the surplus."));
    }
    Ok(duties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    const TINY: &str = "# comment\nSECTION_HORIZON\n# days\n7\n\nSECTION_SHIFTS\nE,480,\nL,600,E\n\n\
        SECTION_STAFF\nA,E=7|L=2,2400,960,5,2,2,1\nB,E=7|L=0,2400,0,5,1,1,1\n\nSECTION_DAYS_OFF\nA,3,2\n\n\
        SECTION_SHIFT_ON_REQUESTS\nA,0,E,3\n\nSECTION_SHIFT_OFF_REQUESTS\nB,1,E,2\n\n\
        SECTION_COVER\n0,E,2,100,1\n1,E,1,100,7\n1,L,1,50,1\n";

    #[test]
    fn a_tiny_instance_costs_what_the_format_says() {
        let problem = read(TINY).unwrap();
        // A meets its request; B is on an unwanted shift; day 1: one E too many, one L missing; day 0: one E missing.
        let duties = read_roster(&problem, "E E - - - - -\n- E - - - - -\n").unwrap();
        let report = check(&problem, &duties);
        assert_eq!(report.hard().count(), 0, "{:?}", report.broken);
        assert_eq!(report.score.tiers, [0, 0, 100 + 2 + 7 + 50]);
        let nobody = check(&problem, &[]);
        assert_eq!(nobody.score.tiers, [0, 0, 200 + 100 + 50 + 3]);
    }

    #[test]
    fn hard_rules_of_the_format_are_tier_0() {
        let problem = read(TINY).unwrap();
        let codes = |roster: &str| {
            let report = check(&problem, &read_roster(&problem, roster).unwrap());
            report.hard().map(|broken| broken.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("E E E - - - -\n- - - - - - -\n"), [RuleCode::H02]);
        assert_eq!(codes("L E - - - - -\n- - - - - - -\n"), [RuleCode::H06]);
        assert_eq!(codes("E - - - - - -\n- - - - - - -\n"), [RuleCode::H05]);
        // The run at the beginning goes on before it, the lone day 5 does not.
        assert_eq!(codes("E - - - - E -\n- - - - - - -\n"), [RuleCode::H07]);
        assert_eq!(codes("L L - - L - -\n- - - - - - -\n"), [RuleCode::H07, RuleCode::H09]);
        assert_eq!(codes("E E - - - - -\n- - - - L - -\n"), [RuleCode::H09]);
    }

    #[test]
    fn rosters_survive_writing_and_reading() {
        let problem = read(TINY).unwrap();
        let text = "E E - - - - -\n- E - L - - E\n";
        assert_eq!(write_roster(&problem, &read_roster(&problem, text).unwrap()), text);
    }

    #[test]
    fn errors_name_line_cause_and_action() {
        let error = |from: &str, to: &str| {
            let error = read(&TINY.replace(from, to)).unwrap_err();
            assert!(!error.cause.is_empty() && !error.action.is_empty());
            (error.code, error.line)
        };
        assert_eq!(error("SECTION_HORIZON", "SECTION_HORZON"), ("E2102", 2));
        assert_eq!(error("0,E,2,100,1", "0,E,2,100"), ("E2103", 24));
        assert_eq!(error("0,E,2,100,1", "0,E,two,100,1"), ("E2104", 24));
        assert_eq!(error("0,E,2,100,1", "0,N,2,100,1"), ("E2105", 24));
        assert_eq!(error("L,600,E", "L,600,X"), ("E2105", 8));
        assert_eq!(error("1,E,1,100,7", "0,E,1,100,7"), ("E2106", 25));
        assert_eq!(error("0,E,2,100,1", "7,E,2,100,1"), ("E2107", 24));
        assert_eq!(read("").unwrap_err().code, "E2101");
        let problem = read(TINY).unwrap();
        assert_eq!(read_roster(&problem, "E E\n").unwrap_err().code, "E2103");
        assert_eq!(read_roster(&problem, "- - - - - - -\n").unwrap_err().code, "E2101");
    }
}
