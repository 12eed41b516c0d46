//! Receptions and visits beside a whole roster: why one is not held, and hosts and visitors who are needed more elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::fill::first_stop;
use super::scene::{Change, Effect, Judge, Scene};
use crate::check::check;
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx, Problem, Reception, ReceptionIx, ReceptionOption, RuleCode};
use crate::roster::{Obstacle, SettledReception, TierValues};

/// Says of each reception whether it is held, with whom, and why not. `held` is what the checker found.
#[must_use]
pub fn explain(problem: &Problem, duties: &[Vec<NeedIx>], held: &[Option<usize>]) -> Vec<SettledReception> {
    if problem.receptions.is_empty() {
        return Vec::new();
    }
    let scene = Scene::new(problem, duties.to_vec());
    let settled = |(at, reception): (usize, &Reception)| {
        let option = held.get(at).copied().flatten();
        let seats = option.and_then(|option| reception.options.get(option));
        let obstacles = if option.is_none() { obstacles(&scene, reception) } else { Vec::new() };
        SettledReception {
            reception: ReceptionIx::from_index(at),
            held: option,
            deputies: seats.map(|seats| scene.at[seats.deputies.index()].clone()).unwrap_or_default(),
            host: seats.and_then(|seats| scene.at[seats.host?.index()].first().copied()),
            obstacles,
        }
    };
    problem.receptions.iter().enumerate().map(settled).collect()
}

/// What keeps a reception from each of its spans.
fn obstacles(scene: &Scene<'_>, reception: &Reception) -> Vec<Obstacle> {
    let problem = scene.problem();
    let counted = |need: NeedIx, people: &[PersonIx]| {
        let mut stopped: BTreeMap<RuleCode, u32> = BTreeMap::new();
        let mut free = 0;
        for &person in people {
            match first_stop(scene, person, need) {
                Some(rule) => *stopped.entry(rule).or_default() += 1,
                None => free += 1,
            }
        }
        (free, stopped)
    };
    let obstacle = |(at, option): (usize, &ReceptionOption)| {
        let stop = scene.network.post(option.deputies).and_then(|post| scene.network.stopped_option(post.seat?, post));
        let may_host = |person: &PersonIx| {
            let who = &problem.people[person.index()];
            reception.hosts.is_some() || (who.category.is_staff() && !who.trainee)
        };
        let (deputies_free, deputies_stopped) = counted(option.deputies, &reception.deputies);
        let (hosts_free, hosts_stopped) = option.host.map_or_else(Default::default, |seat| {
            let hosts: Vec<PersonIx> = scene.reachable(seat).into_iter().filter(may_host).collect();
            counted(seat, &hosts)
        });
        Obstacle {
            option: at,
            is_too_soon: stop == Some(RuleCode::H13),
            is_room_taken: stop == Some(RuleCode::H11) || is_room_used(scene, reception, at),
            deputies_free,
            deputies_stopped,
            hosts_free,
            hosts_stopped,
        }
    };
    reception.options.iter().enumerate().map(obstacle).collect()
}

/// Whether another reception has the room within this span.
fn is_room_used(scene: &Scene<'_>, reception: &Reception, option: usize) -> bool {
    let own = reception.options[option];
    let span = |need: NeedIx| scene.network.post(need).map(|post| post.span);
    let (Some(venue), Some(time)) = (own.venue, span(own.deputies)) else { return false };
    let others = scene.problem().receptions.iter().filter(|other| other.id != reception.id);
    others.flat_map(|other| &other.options).any(|other| {
        other.venue == Some(venue)
            && !scene.at[other.deputies.index()].is_empty()
            && span(other.deputies).is_some_and(|theirs| theirs.overlaps(time))
    })
}

/// Rounds in which hosts may change.
const ROUNDS: usize = 3;
/// Most people who are tried in a host's place.
const MOST_HOSTS: usize = 8;
/// Most posts that lack heads and are tried for one host.
const MOST_POSTS: usize = 12;

/// The roster with hosts and visitors where they are needed most: one whom a post lacks goes there, somebody free takes the seat or
/// the reception is not held; a host for whom somebody cheaper is free gives way; and a reception that is not
/// held takes whoever is free. Nothing changes that makes the roster worse, tier by tier.
#[must_use]
pub fn settle(problem: &Problem, duties: Vec<Vec<NeedIx>>) -> Vec<Vec<NeedIx>> {
    if problem.receptions.is_empty() {
        return duties;
    }
    let rank = |duties: &[Vec<NeedIx>]| check(problem, &problem.duties_of(duties)).rank();
    let mut best = duties;
    for _ in 0..ROUNDS {
        let changes = round(problem, &best);
        if changes.is_empty() {
            break;
        }
        let mut next = best.clone();
        for change in changes {
            for (person, need) in change.removed {
                next[person.index()].retain(|&own| own != need);
            }
            for (person, need) in change.added {
                next[person.index()].push(need);
                next[person.index()].sort_unstable();
            }
        }
        // Each change is exact by itself; together they count only if the checker agrees.
        let (before, after) = (rank(&best), rank(&next));
        if after >= before {
            break;
        }
        best = next;
    }
    best
}

/// Changes that each make the roster better and that have nobody and no need in common.
fn round(problem: &Problem, duties: &[Vec<NeedIx>]) -> Vec<Change> {
    let scene = Scene::new(problem, duties.to_vec());
    let mut judge = scene.judge();
    let short = short(&scene);
    let mut touched: (BTreeSet<PersonIx>, BTreeSet<NeedIx>) = Default::default();
    let mut changes = Vec::new();
    for reception in problem.receptions.iter().filter(|reception| !reception.is_announced) {
        let mut moves = Moves { scene: &scene, judge: &mut judge, best: None };
        let is_taken = |option: &&ReceptionOption| !scene.at[option.host.unwrap_or(option.deputies).index()].is_empty();
        match reception.options.iter().find(is_taken) {
            Some(option) => moves.of_seat(*option, &short),
            None => moves.hold(reception),
        }
        let Some((_, change)) = moves.best else { continue };
        let both = || change.removed.iter().chain(&change.added);
        if both().any(|(person, need)| touched.0.contains(person) || touched.1.contains(need)) {
            continue;
        }
        touched.0.extend(both().map(|(person, _)| *person));
        touched.1.extend(both().map(|(_, need)| *need));
        changes.push(change);
    }
    changes
}

/// Posts that lack heads: those below their minimum first, then those below their target, important ones first.
fn short(scene: &Scene<'_>) -> Vec<NeedIx> {
    let lacks = |(index, need): (usize, &crate::problem::Need)| {
        let (at, post) = (NeedIx::from_index(index), need.as_post()?);
        let heads = scene.heads(at);
        let is_below = heads < usize::from(post.cover.target);
        is_below.then_some((heads >= usize::from(post.cover.min), std::cmp::Reverse(need.priority), at))
    };
    let mut short: Vec<_> = scene.problem().needs.iter().enumerate().filter_map(lacks).collect();
    short.sort_unstable();
    short.into_iter().map(|(_, _, need)| need).collect()
}

/// The best change found for one reception.
struct Moves<'m, 's, 'p> {
    scene: &'s Scene<'p>,
    judge: &'m mut Judge<'s, 'p>,
    best: Option<(TierValues, Change)>,
}

impl Moves<'_, '_, '_> {
    fn offer(&mut self, change: Change) {
        let Effect { tiers, broken, .. } = self.judge.effect(&change);
        if broken.is_empty() && tiers < self.best.as_ref().map_or([0; 3], |(tiers, _)| *tiers) {
            self.best = Some((tiers, change));
        }
    }

    /// Whether somebody could serve a need beside these duties.
    fn fits(&self, person: PersonIx, own: &[NeedIx], need: NeedIx) -> bool {
        self.scene.network.stopped_by(person, need).is_none()
            && person_rules::stops(&self.scene.network, person, own, need).is_none()
    }

    /// The nearest people who are free for a seat, the cheapest first.
    fn free(&self, need: NeedIx) -> Vec<PersonIx> {
        let scene = self.scene;
        let mut free: Vec<_> = scene
            .reachable(need)
            .into_iter()
            .filter(|&person| !scene.at[need.index()].contains(&person))
            .filter(|&person| self.fits(person, &scene.duties[person.index()], need))
            .map(|person| (scene.network.whole_cost(person, need), scene.metres(person, need), person))
            .collect();
        free.sort_unstable();
        free.into_iter().map(|(_, _, person)| person).collect()
    }

    /// Somebody else in the seat of the host, or of whoever makes a visit, and no reception at all.
    fn of_seat(&mut self, option: ReceptionOption, short: &[NeedIx]) {
        let seat = option.host.unwrap_or(option.deputies);
        let scene = self.scene;
        let &[host] = scene.at[seat.index()].as_slice() else { return };
        if scene.is_pinned(host, seat) {
            return;
        }
        let others: Vec<PersonIx> = self.free(seat).into_iter().take(MOST_HOSTS).collect();
        for &other in &others {
            self.offer(Change { removed: vec![(host, seat)], added: vec![(other, seat)] });
        }
        let rest: Vec<NeedIx> = scene.duties[host.index()].iter().copied().filter(|&need| need != seat).collect();
        let could: Vec<NeedIx> =
            short.iter().copied().filter(|&need| self.fits(host, &rest, need)).take(MOST_POSTS).collect();
        for need in could {
            for &other in others.iter().take(4) {
                let added = vec![(host, need), (other, seat)];
                self.offer(Change { removed: vec![(host, seat)], added });
            }
            let at = option.seats().flat_map(|seat| scene.at[seat.index()].iter().map(move |&person| (person, seat)));
            let removed: Vec<(PersonIx, NeedIx)> = at.collect();
            if removed.iter().all(|&(person, seat)| !scene.is_pinned(person, seat)) {
                self.offer(Change { removed, added: vec![(host, need)] });
            }
        }
    }

    /// Seats whoever is free.
    fn hold(&mut self, reception: &Reception) {
        for option in &reception.options {
            let mut deputies = self.free(option.deputies);
            deputies.truncate(usize::from(reception.seats));
            if deputies.len() < usize::from(reception.seats) {
                continue;
            }
            let seats: Vec<(PersonIx, NeedIx)> = deputies.iter().map(|&deputy| (deputy, option.deputies)).collect();
            let Some(seat) = option.host else {
                self.offer(Change { removed: Vec::new(), added: seats });
                continue;
            };
            let hosts: Vec<PersonIx> = self.free(seat).into_iter().take(MOST_HOSTS).collect();
            for host in hosts.into_iter().filter(|host| !deputies.contains(host)) {
                let added = seats.iter().copied().chain([(host, seat)]).collect();
                self.offer(Change { removed: Vec::new(), added });
            }
        }
    }
}
