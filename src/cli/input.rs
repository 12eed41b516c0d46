//! What `solve` and `check` work on: a problem document, or the files of a published format.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use paiban_solver::formats::{self, Format, Input, inrc2};
use paiban_solver::problem::Problem;
use paiban_solver::problem::validate::validate;

use super::BadInput;
use super::files::{from_errors, read_problem, read_text};

/// Where the problem comes from.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Format of the problem
    #[arg(long, value_enum, default_value = "paiban")]
    pub(super) format: FormatArg,
    /// Scenario file (inrc2)
    #[arg(long, value_name = "FILE", required_if_eq("format", "inrc2"))]
    scenario: Option<PathBuf>,
    /// History file before the first week (inrc2)
    #[arg(long, value_name = "FILE", required_if_eq("format", "inrc2"))]
    history: Option<PathBuf>,
    /// Week files, in order, separated by commas (inrc2)
    #[arg(long, value_name = "FILES", value_delimiter = ',', required_if_eq("format", "inrc2"))]
    weeks: Vec<PathBuf>,
}

/// Formats of problems and rosters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// JSON documents, see docs/instance-format.md
    Paiban,
    /// Curtois & Qu shift scheduling
    Curtois,
    /// Second International Nurse Rostering Competition
    Inrc2,
}

impl FormatArg {
    /// The published format, if it is one.
    pub(super) const fn published(self) -> Option<Format> {
        match self {
            Self::Paiban => None,
            Self::Curtois => Some(Format::Curtois),
            Self::Inrc2 => Some(Format::Inrc2),
        }
    }
}

/// A problem with the hash of the document it was read from; published formats have none.
pub(super) struct Read {
    pub(super) problem: Problem,
    pub(super) input_hash: Option<String>,
}

/// The files of an INRC-II problem.
pub(super) struct Inrc2Files {
    pub(super) scenario: inrc2::Scenario,
    pub(super) history: inrc2::HistoryFile,
    pub(super) weeks: Vec<inrc2::WeekFile>,
}

impl InputArgs {
    /// Reads the files of an INRC-II problem each by itself, for planning by stages.
    pub(super) fn read_inrc2(&self) -> Result<Inrc2Files, BadInput> {
        let (FormatArg::Inrc2, Some(scenario), Some(history)) = (self.format, &self.scenario, &self.history) else {
            return Err(BadInput("error[stages]: only a problem of --format inrc2 is planned by stages".to_owned()));
        };
        let refused = |error: formats::FormatError| BadInput(format!("error[{}]: {error}", error.code));
        let scenario = inrc2::Scenario::parse(&read_text(scenario)?).map_err(refused)?;
        let history = inrc2::HistoryFile::parse(&scenario, &read_text(history)?).map_err(refused)?;
        let week = |(index, path): (usize, &PathBuf)| {
            inrc2::WeekFile::parse(&scenario, &format!("week {}", index + 1), &read_text(path)?).map_err(refused)
        };
        let weeks = self.weeks.iter().enumerate().map(week).collect::<Result<_, BadInput>>()?;
        Ok(Inrc2Files { scenario, history, weeks })
    }

    /// Reads the problem; `file` is the one on the command line, which inrc2 does without.
    pub(super) fn read(&self, file: Option<&Path>) -> Result<Read, BadInput> {
        let missing = || BadInput("error[missing-file]: name the problem's file on the command line".to_owned());
        let problem = match self.format {
            FormatArg::Paiban => {
                let path = file.ok_or_else(missing)?;
                let document = read_problem(path)?;
                let problem = document.to_problem().map_err(|errors| from_errors(path, &errors))?;
                return Ok(Read { problem, input_hash: Some(document.input_hash()) });
            }
            FormatArg::Curtois => {
                let text = read_text(file.ok_or_else(missing)?)?;
                formats::read(Input::Curtois(&text))
            }
            FormatArg::Inrc2 => {
                let (Some(scenario), Some(history)) = (&self.scenario, &self.history) else { return Err(missing()) };
                let (scenario, history) = (read_text(scenario)?, read_text(history)?);
                let weeks = self.weeks.iter().map(|path| read_text(path)).collect::<Result<Vec<_>, _>>()?;
                let weeks: Vec<&str> = weeks.iter().map(String::as_str).collect();
                formats::read(Input::Inrc2 { scenario: &scenario, history: &history, weeks: &weeks })
            }
        };
        let problem = problem.map_err(|error| BadInput(format!("error[{}]: {error}", error.code)))?;
        let faults = validate(&problem);
        if !faults.is_empty() {
            let lines: Vec<String> =
                faults.iter().take(50).map(|fault| format!("error[{}]: {fault}", fault.code)).collect();
            return Err(BadInput(lines.join("\n")));
        }
        Ok(Read { problem, input_hash: None })
    }
}
