//! Integer programmes again, over what rosters turn out to be short of.
//!
//! Whom a region's programme over what is scarce seats there is missing elsewhere, and where chains find nobody for it,
//! that is scarce as well. Such posts and cases join, and the region begins anew from the wider programme's duties.

use std::collections::HashSet;

use super::city::Unfit;
use super::scarce::Scarce;
use super::town::Town;
use crate::control::Options;
use crate::problem::{NeedIx, PersonIx};
use crate::search::city::{City, Pass};
use crate::search::loads::Loads;
use crate::search::stopping::value_of;
use crate::search::watch::{Watch, parallel};

/// Share of the time left that the programmes of all regions may take.
const SHARE: f64 = 0.2;
/// Share of the time limit after which none begins.
const LATEST: f64 = 0.4;

impl City<'_, '_> {
    /// Begins regions anew around their programmes over `scarce` needs and those that the roster is short of, which join
    /// these, if tier 1 gains.
    pub(super) fn serve_wider(
        &self,
        scarce: &mut HashSet<NeedIx>,
        found: &mut Scarce,
        town: Option<&Town>,
        duties: &mut Vec<Vec<NeedIx>>,
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        if watch.is_past(LATEST) {
            return Ok(());
        }
        let worked: HashSet<NeedIx> = duties.iter().flatten().map(|&need| self.network.desk(need)).collect();
        let mut open = Vec::new();
        for (at, parts) in self.regions.iter().enumerate() {
            let is_decided = found.is_of_programme.get(at).is_some_and(|&is_proven| is_proven);
            let streets = parts.iter().filter(|_| is_decided);
            let lacking: Vec<NeedIx> =
                streets.flat_map(|&part| self.lacking(part, scarce, (duties, &worked))).collect();
            if !lacking.is_empty() {
                open.push(at);
                scarce.extend(lacking);
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let limits = self.limits(&self.regions, SHARE, options, watch);
        let needs: &HashSet<NeedIx> = scarce;
        let programmes = parallel(options.threads, open.len(), |at| {
            self.scarce_in(&self.regions[open[at]], needs, (limits[open[at]], options.seed), watch)
        });
        let mut trial = duties.clone();
        for (&at, (least, chosen)) in open.iter().zip(programmes) {
            found.least[at] = found.least[at].max(least);
            let Some(chosen) = chosen else { continue };
            self.begin_anew(at, chosen, &mut trial);
            self.begin_all(town, &self.regions[at], &mut trial, options)?;
        }
        self.fill_by_chains(town, (0, true), &mut trial, options, watch)?;
        if value_of(self.network, &trial)[0] < value_of(self.network, duties)[0] {
            *duties = trial;
        }
        Ok(())
    }

    /// Posts and cases of a street that the roster is short of, though they were not thought scarce; `worked` are the
    /// desks at which it has somebody.
    fn lacking(
        &self,
        part: usize,
        scarce: &HashSet<NeedIx>,
        (duties, worked): (&[Vec<NeedIx>], &HashSet<NeedIx>),
    ) -> Vec<NeedIx> {
        let posts = self.short(part, duties).filter(|&need| !self.is_seat(need) && !self.asks_for_skill(need));
        let cases = self.cases(part).iter().map(|case| &self.network.cases[case.index()]);
        let desks = cases.filter(|case| case.left[0] > 0).filter_map(|case| case.desk());
        posts.chain(desks.filter(|desk| !worked.contains(desk))).filter(|need| !scarce.contains(need)).collect()
    }

    /// Leaves the people of a region with their pins and these duties, receptions whose room others have taken apart.
    fn begin_anew(&self, region: usize, chosen: Vec<(PersonIx, NeedIx)>, duties: &mut [Vec<NeedIx>]) {
        for &part in &self.regions[region] {
            for &person in self.residents(part) {
                duties[person.index()] = self.pins_of(person);
            }
        }
        let mut users = self.room_users(duties.iter().flatten().copied());
        for (person, need) in self.without_clashes(chosen, &mut users) {
            let own = &mut duties[person.index()];
            if !own.contains(&need) {
                own.push(need);
            }
        }
    }

    /// The first rosters of a region's streets.
    fn begin_all(
        &self,
        town: Option<&Town>,
        parts: &[usize],
        duties: &mut [Vec<NeedIx>],
        options: &Options,
    ) -> Result<(), Unfit> {
        let loads = Loads::new(self.network, duties);
        let now: &[Vec<NeedIx>] = duties;
        let begun = parallel(options.threads, parts.len(), |at| self.begin(town, parts[at], now, &loads));
        for (&part, chosen) in parts.iter().zip(begun) {
            self.replace((part, Pass::Residents), chosen?, duties);
        }
        Ok(())
    }
}
