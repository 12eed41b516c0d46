//! What the commands about rosters start from: a problem document and a roster for it, and how they print.

use std::path::{Path, PathBuf};

use clap::Args;
use paiban_solver::document::{DutyDocument, LocalDateTime, RosterDocument};
use paiban_solver::explain::street::{Street, by_person, streets};
use paiban_solver::problem::{Duty, NeedIx, Problem, UnitIx};
use serde::Serialize;

use super::BadInput;
use super::files::{from_errors, read_problem, read_roster};
use super::say::say;

/// The two files that most commands about rosters read.
#[derive(Debug, Args)]
pub(super) struct RosterArgs {
    /// The problem
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The roster
    #[arg(value_name = "ROSTER")]
    pub(super) roster: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// A problem and a roster of it.
pub(super) struct Loaded {
    pub(super) problem: Problem,
    pub(super) roster: RosterDocument,
    pub(super) duties: Vec<Duty>,
}

impl RosterArgs {
    pub(super) fn load(&self) -> Result<Loaded, BadInput> {
        load(&self.file, &self.roster)
    }
}

/// Reads a problem and a roster.
pub(super) fn load(file: &Path, roster_file: &Path) -> Result<Loaded, BadInput> {
    let document = read_problem(file)?;
    let problem = document.to_problem().map_err(|errors| from_errors(file, &errors))?;
    let roster = read_roster(roster_file)?;
    let duties = roster.duties(&problem).map_err(|errors| from_errors(roster_file, &errors))?;
    Ok(Loaded { problem, roster, duties })
}

impl Loaded {
    /// Needs of each person.
    pub(super) fn by_person(&self) -> Vec<Vec<NeedIx>> {
        by_person(&self.problem, &self.duties)
    }

    /// The street around a need, with its id.
    pub(super) fn street_of(&self, need: NeedIx) -> (Street, Option<String>) {
        let place = self.problem.needs[need.index()].place;
        let unit = self.problem.places[place.index()].unit;
        let street = self.problem.street_of(unit);
        (Street::of(&self.problem, &self.by_person(), street), street.map(|unit| self.unit_id(unit)))
    }

    pub(super) fn unit_id(&self, unit: UnitIx) -> String {
        self.problem.units.get(unit.index()).map(|unit| unit.id.clone()).unwrap_or_default()
    }

    /// Streets that have needs; only the one with the id, if one is given.
    pub(super) fn streets(&self, id: Option<&str>) -> Result<Vec<Option<UnitIx>>, BadInput> {
        let of_unit = streets(&self.problem);
        let places = self.problem.needs.iter().map(|need| self.problem.places[need.place.index()].unit);
        let mut found: Vec<Option<UnitIx>> = places.map(|unit| of_unit[unit.index()]).collect();
        found.sort_unstable();
        found.dedup();
        if let Some(id) = id {
            found.retain(|street| street.is_some_and(|unit| self.unit_id(unit) == id));
            if found.is_empty() {
                return Err(BadInput(format!("error[unknown-id]: no street with needs has the id {id:?}")));
            }
        }
        Ok(found)
    }
}

/// Prints a value as indented JSON.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A duty in one line.
pub(super) fn line(duty: &DutyDocument) -> String {
    let time = |at: &Option<LocalDateTime>| at.map(|at| at.to_string().replace('T', " ")).unwrap_or_default();
    let name = duty.person_name.as_deref().unwrap_or(&duty.person);
    let place = duty.place_name.as_deref().unwrap_or_default();
    format!("{name} ({}) {place} {} ({})", duty.person, time(&duty.start), duty.need)
}

/// Changes of tiers 1 to 3 in one line.
pub(super) fn tiers(change: &[i64; 3]) -> String {
    change
        .iter()
        .zip(1..)
        .map(|(change, tier): (&i64, i32)| format!("tier{tier} {change:+}"))
        .collect::<Vec<_>>()
        .join(" ")
}
