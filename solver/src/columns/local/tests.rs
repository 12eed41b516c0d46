//! Drafts against the checker: whatever a search does, its count is the checker's.

use super::draft::{Draft, Trail};
use super::moves::propose;
use super::replan::{Planner, plan, replan};
use super::search::{Schedule, search};
use super::tables::{Table, Tables};
use crate::check::check;
use crate::columns::form::Form;
use crate::columns::random::Random;
use crate::columns::tests::small_team;
use crate::problem::{Duty, NeedIx, PersonIx};
use crate::testing::World;

/// The lines as duties of the world.
fn duties(world: &World, form: &Form, lines: &[Vec<u16>]) -> Vec<Duty> {
    let mut duties = Vec::new();
    for (person, line) in lines.iter().enumerate() {
        for (day, position) in line.iter().enumerate() {
            let post = form.exact[person].day(day)[usize::from(*position)].post;
            if let Some(row) = post.map(|post| &form.posts[post as usize]) {
                duties.push(world.duty(PersonIx::from_index(person), row.need));
            }
        }
    }
    duties
}

/// A line of each person that keeps the rules from day to day, counters aside.
fn some_lines(form: &Form, random: &mut Random) -> Option<Vec<Vec<u16>>> {
    let line = |network: &crate::columns::network::Network, random: &mut Random| {
        'again: for _ in 0..200 {
            let mut state = 0;
            let mut line = Vec::new();
            for day in 0..network.days() {
                let position = random.below(network.day(day).len());
                let group = network.day(day)[position].group;
                let Some(step) = network.moves[state].iter().find(|step| step.group == group) else { continue 'again };
                state = usize::from(step.to);
                line.push(position as u16);
            }
            return Some(line);
        }
        None
    };
    form.exact.iter().map(|network| line(network, random)).collect()
}

/// Calls with the seed, the world of a small team, its tables with some lines, their draft, and chance as these leave it.
fn for_drafts(
    seeds: std::ops::Range<u64>,
    mut call: impl FnMut(u64, &World, (&Tables<'_>, &[Vec<u16>]), Draft<'_>, Random),
) {
    for seed in seeds {
        let (world, _needs): (World, Vec<NeedIx>) = small_team(seed);
        let form = Form::new(&world.problem).expect("the rules are covered");
        let tables = Tables::new(&form);
        let mut random = Random::new(seed);
        if let Some(lines) = some_lines(&form, &mut random) {
            let draft = Draft::new(&tables, &lines).expect("the lines keep the rules from day to day");
            call(seed, &world, (&tables, &lines), draft, random);
        }
    }
}

#[test]
fn a_draft_counts_after_every_move_what_the_checker_counts() {
    let mut compared = 0;
    for_drafts(0..40, |seed, world, (tables, _lines), mut draft, mut random| {
        let form = tables.form;
        let mut trails = [Trail::default(), Trail::default()];
        let mut planner = Planner::default();
        for move_number in 0..200 {
            let taken = if move_number % 4 == 0 {
                let memory = (&mut trails[0], &mut planner);
                usize::from(replan(&draft, tables, &mut random, (20.0, form.forbidden), memory))
            } else {
                propose(&draft, tables, &mut random, &mut trails)
            };
            if taken == 0 {
                continue;
            }
            let change = draft.staff(&trails[..taken]);
            if random.below(2) == 0 {
                draft.restore(&trails[..taken]);
            } else {
                draft.take(&trails[..taken], change);
            }
            let again = Draft::new(tables, &draft.lines()).expect("moves keep the rules from day to day");
            assert_eq!(draft.worth(), again.worth(), "seed {seed}");
            let report = check(&world.problem, &duties(world, form, &draft.lines()));
            assert_eq!(report.is_feasible(), draft.worth().broken == 0, "seed {seed}: {:?}", report.broken);
            if report.is_feasible() {
                assert_eq!(form.combined(report.score.tiers), draft.worth().cost + form.constant, "seed {seed}");
                compared += 1;
            }
        }
    });
    assert!(compared > 500, "only {compared} rosters compared");
}

/// Every sequence of choices of a person's first `days` days.
fn blocks(table: &Table<'_>, days: usize) -> Vec<Vec<u16>> {
    (0..days).fold(vec![Vec::new()], |blocks, day| {
        let longer = |block: Vec<u16>| {
            let more = |position| block.iter().copied().chain([position]).collect();
            (0..table.network.day(day).len() as u16).map(more).collect::<Vec<_>>()
        };
        blocks.into_iter().flat_map(longer).collect()
    })
}

/// How often plans were compared with all lines, cost the least, and gained.
#[derive(Debug, Default)]
struct Tally {
    compared: i32,
    exact: i32,
    gained: i32,
}

#[test]
fn a_stretch_planned_anew_costs_what_the_best_of_all_lines_costs() {
    // With every counter carried one plan will do; duties of a type have a price by chance, which hits or misses.
    let (mut carried, mut priced) = (Tally::default(), Tally::default());
    let mut planner = Planner::default();
    for_drafts(0..60, |seed, _world, (tables, lines), mut draft, mut random| {
        let form = tables.form;
        let price = form.forbidden;
        let stays = [0..0, 2..3];
        let cases = tables.people.iter().enumerate().flat_map(|case| stays.iter().map(move |kept| (case, kept)));
        for ((person, table), kept) in cases {
            let is_carried = (0..table.groups() as u16).all(|group| table.uncarried(group).next().is_none());
            let (tally, tries) = if is_carried { (&mut carried, 1) } else { (&mut priced, 12) };
            let mut try_once = || {
                let chance = || if is_carried { 0.0 } else { random.unit() };
                plan(&draft, tables, (person, 0..form.days, kept.clone()), (0.0, price), chance, &mut planner)
            };
            let tried: Vec<Vec<u16>> = (0..tries).filter_map(|_| try_once()).collect();
            let mut worth_of = |block: &Vec<u16>| {
                let mut trail = Trail::default();
                trail.block.extend(block);
                draft.follow(person, 0, &mut trail).then(|| {
                    let change = draft.staff(std::slice::from_ref(&trail)).at(price);
                    draft.restore(std::slice::from_ref(&trail));
                    change
                })
            };
            let keeps = |block: &&Vec<u16>| kept.clone().all(|day| block[day] == lines[person][day]);
            assert!(tried.iter().all(|block| keeps(&block)), "seed {seed}: a day that stays has changed");
            let least = blocks(table, form.days).iter().filter(keeps).filter_map(&mut worth_of).min();
            let least = least.expect("the line as it is");
            let found = tried.iter().map(|block| worth_of(block).expect("plans keep the rules from day to day")).min();
            let found = found.expect("the line as it is");
            assert!(found >= least && (found <= 0 || !is_carried), "seed {seed}: {found}, the least is {least}");
            tally.compared += 1;
            tally.exact += i32::from(found == least);
            tally.gained += i32::from(found < 0);
        }
    });
    // Lines far from the old one in time are left out; a price for all days alike suits half of the others.
    for (tally, tenths) in [(&carried, 9), (&priced, 5)] {
        assert!(tally.compared >= 30 && tally.gained >= 20, "{carried:?}, {priced:?}");
        assert!(10 * tally.exact >= tenths * tally.compared, "{carried:?}, {priced:?}");
    }
}

#[test]
fn a_search_ends_with_a_roster_that_keeps_the_counters_when_there_is_one() {
    let (world, _needs): (World, Vec<NeedIx>) = small_team(1);
    let form = Form::new(&world.problem).expect("the rules are covered");
    let tables = Tables::new(&form);
    let lines = some_lines(&form, &mut Random::new(1)).expect("lines exist");
    let rounds = std::sync::atomic::AtomicU64::new(0);
    // A clock that counts how often it was asked, so that nothing depends on the machine.
    let seconds = || rounds.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as f64;
    let schedule = Schedule { until: 200.0, hottest: 50.0, coldest: 0.5, bound: i64::MIN, seed: 1 };
    let found = search(&tables, &lines, schedule, &seconds, &|| false).expect("the start keeps the rules");
    assert_eq!(found.worth.broken, 0);
    let report = check(&world.problem, &duties(&world, &form, &found.choices));
    assert!(report.is_feasible());
    assert_eq!(form.combined(report.score.tiers), found.worth.cost + form.constant);
}
