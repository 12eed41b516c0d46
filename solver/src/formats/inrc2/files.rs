//! The competition's input files as data.

use super::DAYS;
use crate::formats::FormatError;
use crate::formats::lines::{Line, Lines};
use crate::problem::{History, Range, ShiftTypeIx};

/// Most weeks of a scenario.
const MOST_WEEKS: u16 = 520;

/// A scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Weeks of the whole planning period.
    pub weeks: u16,
    /// Skill names.
    pub skills: Vec<String>,
    /// Shift types.
    pub shifts: Vec<ShiftKind>,
    /// Contracts.
    pub contracts: Vec<Contract>,
    /// Nurses.
    pub nurses: Vec<Nurse>,
}

/// A shift type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftKind {
    /// Name.
    pub name: String,
    /// Soft range of consecutive days.
    pub consecutive: Range,
    /// Positions of the types that may not follow on the next day.
    pub forbidden_next: Vec<usize>,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Name.
    pub name: String,
    /// Soft range of assignments in all weeks.
    pub total: Range,
    /// Soft range of consecutive working days.
    pub working_days: Range,
    /// Soft range of consecutive days off.
    pub days_off: Range,
    /// Soft most weekends in all weeks.
    pub max_weekends: u16,
    /// Whether weekends are to be worked whole or not at all.
    pub complete_weekends: bool,
}

/// A nurse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nurse {
    /// Name.
    pub name: String,
    /// Position of the contract.
    pub contract: usize,
    /// Positions of the skills.
    pub skills: Vec<usize>,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// The first thing found wrong, with its line: `E2101` to `E2107`.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let mut lines = Lines::new("scenario", text);
        let (_, name) = lines.value("SCENARIO")?;
        let (line, weeks) = lines.value("WEEKS")?;
        let weeks = line.within(line.number(weeks, "The number of weeks")?, 1, MOST_WEEKS, "The number of weeks")?;
        let mut scenario = Self {
            name: name.to_owned(),
            weeks,
            skills: Vec::new(),
            shifts: Vec::new(),
            contracts: Vec::new(),
            nurses: Vec::new(),
        };
        for _ in 0..count(&mut lines, "SKILLS")? {
            let line = lines.expect("a skill")?;
            let [skill] = line.words("A skill")?;
            line.unique(names(&scenario.skills, |name| name), skill, "skill")?;
            scenario.skills.push(skill.to_owned());
        }
        for _ in 0..count(&mut lines, "SHIFT_TYPES")? {
            scenario.shift(&lines.expect("a shift type")?)?;
        }
        lines.heading("FORBIDDEN_SHIFT_TYPES_SUCCESSIONS")?;
        for _ in 0..scenario.shifts.len() {
            scenario.succession(&lines.expect("a succession")?)?;
        }
        for _ in 0..count(&mut lines, "CONTRACTS")? {
            scenario.contract(&lines.expect("a contract")?)?;
        }
        for _ in 0..count(&mut lines, "NURSES")? {
            scenario.nurse(&lines.expect("a nurse")?)?;
        }
        match lines.next() {
            Some(line) => Err(surplus(&line)),
            None => Ok(scenario),
        }
    }

    fn shift(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let [name, consecutive] = line.words("A shift type")?;
        line.unique(names(&self.shifts, |shift| &shift.name), name, "shift type")?;
        let consecutive = ordered(line, consecutive, "The consecutive range")?;
        self.shifts.push(ShiftKind { name: name.to_owned(), consecutive, forbidden_next: Vec::new() });
        Ok(())
    }

    fn succession(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let words = list(line, 1, "A succession")?;
        let first = self.shift_position(line, words[0])?;
        for follower in &words[2..] {
            let follower = self.shift_position(line, follower)?;
            self.shifts[first].forbidden_next.push(follower);
        }
        Ok(())
    }

    fn contract(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let [name, total, working, off, weekends, complete] = line.words("A contract")?;
        line.unique(names(&self.contracts, |contract| &contract.name), name, "contract")?;
        self.contracts.push(Contract {
            name: name.to_owned(),
            total: ordered(line, total, "The range of assignments")?,
            working_days: ordered(line, working, "The range of working days")?,
            days_off: ordered(line, off, "The range of days off")?,
            max_weekends: line.number(weekends, "The most weekends")?,
            complete_weekends: line.number::<u8>(complete, "The complete-weekend flag")? != 0,
        });
        Ok(())
    }

    fn nurse(&mut self, line: &Line<'_>) -> Result<(), FormatError> {
        let words = list(line, 2, "A nurse")?;
        line.unique(names(&self.nurses, |nurse| &nurse.name), words[0], "nurse")?;
        let contract = line.position(names(&self.contracts, |contract| &contract.name), words[1], "contract")?;
        let skills = words[3..].iter().map(|skill| self.skill_position(line, skill)).collect::<Result<_, _>>()?;
        self.nurses.push(Nurse { name: words[0].to_owned(), contract, skills });
        Ok(())
    }

    fn shift_position(&self, line: &Line<'_>, name: &str) -> Result<usize, FormatError> {
        line.position(names(&self.shifts, |shift| &shift.name), name, "shift type")
    }

    fn skill_position(&self, line: &Line<'_>, name: &str) -> Result<usize, FormatError> {
        line.position(names(&self.skills, |skill| skill), name, "skill")
    }

    fn nurse_position(&self, line: &Line<'_>, name: &str) -> Result<usize, FormatError> {
        line.position(names(&self.nurses, |nurse| &nurse.name), name, "nurse")
    }
}

/// A history file: what came before a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFile {
    /// Weeks planned so far.
    pub week: u16,
    /// Name of the scenario as the file gives it.
    pub scenario: String,
    /// One history per nurse, in the scenario's order.
    pub nurses: Vec<History>,
}

impl HistoryFile {
    /// Reads a history file.
    ///
    /// # Errors
    /// The first thing found wrong, with its line: `E2101` to `E2107`.
    pub fn parse(scenario: &Scenario, text: &str) -> Result<Self, FormatError> {
        let mut lines = Lines::new("history", text);
        lines.heading("HISTORY")?;
        let line = lines.expect("week and scenario")?;
        let [week, name] = line.words("The week and scenario")?;
        let week = line.within(line.number(week, "The week")?, 0, scenario.weeks, "The week")?;
        lines.heading("NURSE_HISTORY")?;
        let mut found: Vec<Option<History>> = vec![None; scenario.nurses.len()];
        for _ in 0..scenario.nurses.len() {
            let line = lines.expect("the history of a nurse")?;
            let [nurse, total, weekends, last, of_type, working, off] = line.words("A nurse's history")?;
            let place = &mut found[scenario.nurse_position(&line, nurse)?];
            if place.is_some() {
                let cause = format!("The nurse '{nurse}' stands twice.");
                return Err(line.error("E2106", cause, "Remove one of the two."));
            }
            let last = if last == "None" { None } else { Some(scenario.shift_position(&line, last)?) };
            *place = Some(History {
                total_duties: line.number(total, "The number of assignments")?,
                total_weekends: line.number(weekends, "The number of weekends")?,
                last_shift_type: last.map(ShiftTypeIx::from_index),
                consecutive_days_of_type: line.number(of_type, "The days on the last shift")?,
                consecutive_days: line.number(working, "The working days in a row")?,
                // The largest value would mean an unknown history.
                consecutive_days_off: line.number::<u16>(off, "The days off in a row")?.min(u16::MAX - 1),
                ..History::default()
            });
        }
        if let Some(line) = lines.next() {
            return Err(surplus(&line));
        }
        let nurses = found.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Self { week, scenario: name.to_owned(), nurses })
    }
}

/// A week file: requirements and requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekFile {
    /// Minimum and optimum by day, shift, skill; see [`Self::requirement`].
    requirements: Vec<(u16, u16)>,
    pub(super) requests: Vec<Request>,
}

/// A request to be off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) nurse: usize,
    /// Of any shift when none.
    pub(super) shift: Option<usize>,
    /// 0 is Monday.
    pub(super) day: usize,
}

impl WeekFile {
    /// Reads a week file; `part` names it in errors.
    ///
    /// # Errors
    /// The first thing found wrong, with its line: `E2101` to `E2107`.
    pub fn parse(scenario: &Scenario, part: &str, text: &str) -> Result<Self, FormatError> {
        let mut lines = Lines::new(part, text);
        lines.heading("WEEK_DATA")?;
        lines.expect("the scenario's name")?;
        lines.heading("REQUIREMENTS")?;
        let combinations = scenario.shifts.len() * scenario.skills.len();
        let mut week = Self { requirements: vec![(0, 0); combinations * DAYS.len()], requests: Vec::new() };
        let mut seen = vec![false; combinations];
        let requests = loop {
            let line = lines.expect("a requirement or SHIFT_OFF_REQUESTS")?;
            if let Some((name, count)) = line.text.split_once('=')
                && name.trim() == "SHIFT_OFF_REQUESTS"
            {
                break line.number::<u32>(count, "The number of requests")?;
            }
            week.read_requirement(scenario, &line, &mut seen)?;
        };
        for _ in 0..requests {
            let line = lines.expect("a request")?;
            let [nurse, shift, day] = line.words("A request")?;
            week.requests.push(Request {
                nurse: scenario.nurse_position(&line, nurse)?,
                shift: if shift == "Any" { None } else { Some(scenario.shift_position(&line, shift)?) },
                day: line.position(DAYS, day, "day")?,
            });
        }
        match lines.next() {
            Some(line) => Err(surplus(&line)),
            None => Ok(week),
        }
    }

    fn read_requirement(&mut self, scenario: &Scenario, line: &Line<'_>, seen: &mut [bool]) -> Result<(), FormatError> {
        let [shift, skill, pairs @ ..] = &line.words::<9>("A requirement")?;
        let (shift, skill) = (scenario.shift_position(line, shift)?, scenario.skill_position(line, skill)?);
        if std::mem::replace(&mut seen[shift * scenario.skills.len() + skill], true) {
            let cause = "A shift and skill have requirements already.".to_owned();
            return Err(line.error("E2106", cause, "Remove one of the two."));
        }
        for (day, pair) in pairs.iter().enumerate() {
            let Range { min, max } = ordered(line, pair, "A requirement")?;
            let index = Self::index(scenario, day, shift, skill);
            self.requirements[index] = (min, max);
        }
        Ok(())
    }

    /// Minimum and optimum of heads; day 0 is Monday.
    #[must_use]
    pub fn requirement(&self, scenario: &Scenario, day: usize, shift: usize, skill: usize) -> (u16, u16) {
        self.requirements.get(Self::index(scenario, day, shift, skill)).copied().unwrap_or((0, 0))
    }

    fn index(scenario: &Scenario, day: usize, shift: usize, skill: usize) -> usize {
        (day * scenario.shifts.len() + shift) * scenario.skills.len() + skill
    }
}

fn names<'n, T>(items: &'n [T], name: impl Fn(&'n T) -> &'n String) -> impl Iterator<Item = &'n str> {
    items.iter().map(move |item| name(item).as_str())
}

fn count(lines: &mut Lines<'_>, name: &str) -> Result<u32, FormatError> {
    let (line, value) = lines.value(name)?;
    line.number(value, &format!("The number of {name}"))
}

/// Words of which the one at `counter` says how many follow it.
fn list<'a>(line: &Line<'a>, counter: usize, what: &str) -> Result<Vec<&'a str>, FormatError> {
    let words: Vec<&'a str> = line.text.split_whitespace().collect();
    let Some(count) = words.get(counter) else {
        return Err(line.wrong_count(what, counter + 1, words.len()));
    };
    let count = usize::from(line.number::<u16>(count, "The count")?);
    if words.len() != counter + 1 + count {
        return Err(line.wrong_count(what, counter + 1 + count, words.len()));
    }
    Ok(words)
}

fn ordered(line: &Line<'_>, text: &str, what: &str) -> Result<Range, FormatError> {
    let range = super::range(line.pair(text, what)?);
    line.within(range.min, 0, range.max, what)?;
    Ok(range)
}

fn surplus(line: &Line<'_>) -> FormatError {
    line.error("E2102", format!("'{}' stands after the end.", line.text), "Remove it or correct the counts above.")
}
