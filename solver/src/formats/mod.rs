//! Published benchmark formats: readers into [`Problem`] and writers of rosters. Text in, text out; no files.
//!
//! - [`curtois`]: Curtois & Qu shift scheduling (one text file; roster as one line per employee).
//! - [`inrc2`]: Second International Nurse Rostering Competition (scenario, history, week files; solution files).
//!
//! Costs of both sets stand in tier 3; what the sets call hard is tier 0, but for INRC-II's minimum cover, which is
//! tier 1 (S10), so that a shortfall can be expressed and is still never traded for quality.

pub mod curtois;
pub mod inrc2;
mod lines;

use std::fmt;
use std::str::FromStr;

use crate::problem::{Duty, Problem, Profile, RuleCode, Tier};

/// The formats that can be read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Curtois & Qu 2014.
    Curtois,
    /// INRC-II.
    Inrc2,
}

impl Format {
    /// The name on a command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Curtois => "curtois",
            Self::Inrc2 => "inrc2",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "curtois" => Ok(Self::Curtois),
            "inrc2" => Ok(Self::Inrc2),
            other => Err(format!("unknown format '{other}': use curtois or inrc2")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Contents of the files that make up one problem.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// One Curtois & Qu instance.
    Curtois(&'a str),
    /// INRC-II files; weeks in order, all known in advance.
    Inrc2 {
        /// Scenario file.
        scenario: &'a str,
        /// History file before the first week.
        history: &'a str,
        /// Week files.
        weeks: &'a [&'a str],
    },
}

/// Reads a problem.
///
/// # Errors
/// The first thing found wrong, with its file and line.
pub fn read(input: Input<'_>) -> Result<Problem, FormatError> {
    match input {
        Input::Curtois(text) => curtois::read(text),
        Input::Inrc2 { scenario, history, weeks } => inrc2::read(scenario, history, weeks),
    }
}

/// Writes a roster of a problem that [`read`] made: one text for Curtois, one a week for INRC-II.
#[must_use]
pub fn write(format: Format, problem: &Problem, duties: &[Duty]) -> Vec<String> {
    match format {
        Format::Curtois => vec![curtois::write_roster(problem, duties)],
        Format::Inrc2 => inrc2::write_solutions(problem, duties, 0),
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} {part}, line {line}: {cause} {action}")]
pub struct FormatError {
    /// Stable code `E21..`.
    pub code: &'static str,
    /// Which file: `instance`, `scenario`, `history`, `week 1`, `roster`.
    pub part: String,
    /// Line, counted from 1; the last line when something is missing at the end.
    pub line: usize,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub action: String,
}

/// A profile with every rule off but pins, capacity and the one-shift-a-day rules, and no limit by default; rules of
/// the format are then turned on with [`put`].
fn bare_profile(name: &str) -> Profile {
    let mut profile = Profile { name: name.to_owned(), version: 1, ..Profile::default() };
    let kept =
        [RuleCode::H01, RuleCode::H02, RuleCode::H03, RuleCode::H04, RuleCode::H06, RuleCode::H11, RuleCode::H15];
    for code in RuleCode::ALL.iter().filter(|code| !kept.contains(code)) {
        profile.rules.entry(*code).or_default().on = Some(false);
    }
    let unlimited = [
        (RuleCode::H04, "max_minutes", 0),
        (RuleCode::H04, "max_duties", 1),
        (RuleCode::H05, "max_minutes_week", 0),
        (RuleCode::H05, "max_minutes_four_weeks", 0),
        (RuleCode::H06, "min_rest_minutes", 0),
        (RuleCode::H07, "max_days", 0),
        (RuleCode::H08, "max_in_four_weeks", 4),
    ];
    for (code, key, value) in unlimited {
        profile.rules.entry(code).or_default().parameters.insert(key.to_owned(), value);
    }
    profile
}

/// Turns a rule on; a soft one at a tier and weight.
fn put(profile: &mut Profile, code: RuleCode, cost: Option<(Tier, i64)>) {
    let setting = profile.rules.entry(code).or_default();
    setting.on = Some(true);
    setting.tier = cost.map(|(tier, _)| tier);
    setting.weight = cost.map(|(_, weight)| weight);
}
