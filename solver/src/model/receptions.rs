//! Receptions: all seats of one span or none, one user of a room at a time, and the most receptions of a deputy.

use std::collections::BTreeMap;

use super::labels::{Label, Measure};
use super::linear::{add_costs, in_tier};
use super::part::Builder;
use crate::problem::{NeedIx, PersonIx, Reception, RuleCode, SeatRole, Span, VenueIx};

/// Adds the rows of the part's receptions. A column per span says whether the reception is held then; one more per
/// reception that it is not held at all.
pub(super) fn add(builder: &mut Builder<'_, '_>, by_need: &[(NeedIx, u32)]) {
    let network = builder.network;
    let problem = network.problem;
    let profile = &problem.profile;
    let mut users: BTreeMap<VenueIx, Vec<User>> = BTreeMap::new();
    for &at in &builder.spec.receptions {
        let Some(reception) = problem.receptions.get(at.index()) else { continue };
        let mut held = Vec::with_capacity(reception.options.len());
        for option in &reception.options {
            let deputies = columns_at(by_need, option.deputies);
            let hosts = option.host.map(|host| columns_at(by_need, host));
            let wanted = in_tier(profile.tier(RuleCode::S30), profile.weight(RuleCode::S30) * i64::from(option.weight));
            let column = builder.linear.add_column(0, 1, wanted, true);
            for &pair in deputies.iter().chain(hosts.iter().flatten()) {
                builder.define(column, 0, [(column, 1), (pair, -1)]);
            }
            let hosts = hosts.iter().map(|hosts| (hosts, 1));
            for (pairs, seats) in [(&deputies, i64::from(reception.seats))].into_iter().chain(hosts) {
                let terms = pairs.iter().map(|&pair| (pair, 1)).chain([(column, -seats)]);
                builder.linear.add_row(Some(0), Some(0), terms);
            }
            builder.mark(None);
            held.push(column);
            if let Some((venue, post)) = option.venue.zip(network.post(option.deputies)) {
                users.entry(venue).or_default().push((post.span, column, option.deputies));
            }
        }
        let seat = reception.options.first().map(|option| option.deputies);
        let label = |code| seat.and_then(|need| Some(Label::need(code, need, network.post(need)?.day)));
        if held.len() > 1 {
            builder.add_at_most(1, held.iter().map(|&column| (column, 1)).collect());
            builder.mark(label(RuleCode::H13));
        }
        let amount = profile.weight(RuleCode::S21) * i64::from(reception.priority);
        let unheld = builder.linear.add_column(0, 1, in_tier(profile.tier(RuleCode::S21), amount), false);
        builder.define(unheld, 1, held.iter().map(|&column| (column, 1)).chain([(unheld, 1)]));
        builder.mark(label(RuleCode::S21));
        builder.unheld.push(unheld);
        if builder.matches && network.settings.is_on(RuleCode::S36) {
            matches(builder, by_need, reception);
            builder.mark(label(RuleCode::S36).map(|label| Label { measure: Measure::Matters, ..label }));
        }
    }
    if network.settings.is_on(RuleCode::H11) {
        rooms(builder, users);
    }
    most(builder);
    builder.mark(None);
}

/// S36 in a row of its own: at least so many matters lie outside the domains of the deputies who receive.
fn matches(builder: &mut Builder<'_, '_>, by_need: &[(NeedIx, u32)], reception: &Reception) {
    let problem = builder.network.problem;
    let (tier, weight) = (problem.profile.tier(RuleCode::S36), problem.profile.weight(RuleCode::S36));
    let mut outside = Vec::new();
    for column in reception.options.iter().flat_map(|option| columns_at(by_need, option.deputies)) {
        let Some(pair) = builder.pairs.get(column as usize) else { continue };
        let matters = problem.matters_outside(reception, pair.person);
        if matters > 0 {
            add_costs(&mut builder.linear.columns[column as usize].cost, in_tier(tier, -weight * matters));
            outside.push((column, -matters));
        }
    }
    if outside.is_empty() {
        return;
    }
    let most = outside.iter().map(|(_, matters)| -matters).sum();
    let column = builder.linear.add_column(0, most, in_tier(tier, weight), false);
    builder.define(column, 0, outside.into_iter().chain([(column, 1)]));
}

fn columns_at(by_need: &[(NeedIx, u32)], need: NeedIx) -> Vec<u32> {
    let first = by_need.partition_point(|&(at, _)| at < need);
    by_need[first..].iter().take_while(|&&(at, _)| at == need).map(|&(_, column)| column).collect()
}

/// When a reception would have a room, the column that says so, and its deputies' seats.
type User = (Span, u32, NeedIx);

/// One user at a time: of the spans that hold the start of one of them, at most one.
fn rooms(builder: &mut Builder<'_, '_>, users: BTreeMap<VenueIx, Vec<User>>) {
    for (_, mut spans) in users {
        spans.sort_unstable();
        // Spans that start together are in one row, so that one more user of the room is one more for all of them.
        for same_start in spans.chunk_by(|one, other| one.0.start == other.0.start) {
            let Some(&(span, _, need)) = same_start.first() else { continue };
            let at_once: Vec<(u32, i64)> = spans
                .iter()
                .filter(|(other, ..)| other.start <= span.start && span.start < other.end)
                .map(|&(_, column, _)| (column, 1))
                .collect();
            if at_once.len() > 1 {
                builder.add_at_most(1, at_once);
                builder.mark(Some(Label::need(RuleCode::H11, need, span.day())));
            }
        }
    }
}

/// H13: most receptions of a deputy.
fn most(builder: &mut Builder<'_, '_>) {
    let network = builder.network;
    let problem = network.problem;
    let standard = problem.profile.parameter(RuleCode::H13, "max_receptions");
    let is_deputys =
        |need: NeedIx| network.post(need).and_then(|post| post.seat).is_some_and(|seat| seat.role == SeatRole::Deputy);
    let mut seats: BTreeMap<PersonIx, Vec<(u32, i64)>> = BTreeMap::new();
    for (column, pair) in (0_u32..).zip(&builder.pairs).filter(|(_, pair)| is_deputys(pair.need)) {
        seats.entry(pair.person).or_default().push((column, 1));
    }
    for (person, terms) in seats {
        let own = problem.people[person.index()].limits.max_receptions.map(i64::from);
        let Some(most) = own.or(Some(standard).filter(|&most| most != 0)) else { continue };
        if i64::try_from(terms.len()).unwrap_or(i64::MAX) > most {
            builder.add_at_most(most, terms);
            builder.mark(Some(Label::person(RuleCode::H13, person, None, Measure::Duties, 1)));
        }
    }
}
