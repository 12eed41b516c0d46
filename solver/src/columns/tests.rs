//! The networks against the checker by enumeration, and whole solves against brute force.

use std::sync::Mutex;
use std::time::Duration;

use proptest::prelude::*;

use super::bound::IntegerPrices;
use super::branch::{History, Open, Split, choose_split};
use super::dive::all_open;
use super::first::construct;
use super::form::Form;
use super::generate::{Anchor, Context, Effort, Limits, generate};
use super::lines::Lines;
use super::list::lines_within;
use super::master::Master;
use super::part::{Part, whole_weekends};
use super::pool::Pool;
use super::pricing::{Pricer, Prices, Workspace};
use super::random::Random;
use super::volume::{Warmth, warm_up};
use super::{Unsolved, solve_columns};
use crate::check::check;
use crate::control::{Options, Silent};
use crate::problem::{Duty, NeedIx, Person, PersonIx, Range, RuleCode, Span, Wish, WishKind};
use crate::roster::TierValues;
use crate::testing::World;

const CODES: [RuleCode; 11] = [
    RuleCode::H02,
    RuleCode::H05,
    RuleCode::H06,
    RuleCode::H07,
    RuleCode::H08,
    RuleCode::H09,
    RuleCode::S30,
    RuleCode::S37,
    RuleCode::S38,
    RuleCode::S39,
    RuleCode::S40,
];

/// Two shifts a day that overlap, so that one duty a day is all that anybody can take.
fn world(days: u16, rules: &[RuleCode]) -> (World, Vec<NeedIx>) {
    let mut world = World::new(days);
    world.on(RuleCode::H01);
    for code in rules {
        world.on(*code);
    }
    world.parameter(RuleCode::H05, "max_minutes_week", 0);
    world.parameter(RuleCode::H05, "max_minutes_four_weeks", 0);
    world.parameter(RuleCode::H06, "min_rest_minutes", 0);
    world.parameter(RuleCode::H07, "max_days", 0);
    world.parameter(RuleCode::H08, "max_in_four_weeks", 4);
    let early = world.shift_type("E");
    let late = world.shift_type("L");
    world.problem.shift_types[late.index()].forbidden_next = vec![early];
    world.problem.shift_types[early.index()].consecutive_days = Some(Range { min: 2, max: 2 });
    let mut needs = Vec::new();
    for day in 0..i32::from(days) {
        for (kind, from, to) in [(early, 8, 16), (late, 12, 18)] {
            let need = world.post_of(kind, day, from, to);
            world.cover(need, 0, 0, 9);
            needs.push(need);
        }
    }
    (world, needs)
}

/// Every choice of a day off or one of two shifts a day.
fn lines(days: u32) -> impl Iterator<Item = Vec<usize>> {
    (0..3_usize.pow(days)).map(move |code| {
        let mut rest = code;
        (0..days).map(|_| (rest % 3, rest /= 3).0).collect()
    })
}

fn duties(world: &World, person: PersonIx, needs: &[NeedIx], line: &[usize]) -> Vec<Duty> {
    let worked = line.iter().enumerate().filter(|(_, shift)| **shift > 0);
    worked.map(|(day, shift)| world.duty(person, needs[2 * day + shift - 1])).collect()
}

fn wishes(person: &mut Person, random: &mut Random, days: i32) {
    for _ in 0..3 {
        let day = random.below(days as usize) as i32;
        let span = Span { start: day * 1440, end: (day + 1) * 1440 };
        let kind = if random.below(2) == 0 { WishKind::Want } else { WishKind::Avoid };
        person.wishes.push(Wish { kind, span, shift_type: None, place: None, weight: 1 + random.below(4) as u16 });
    }
}

/// A person with random limits, contract and history.
fn vary(person: &mut Person, random: &mut Random, days: i32) {
    let some = |random: &mut Random, low: usize, high: usize| {
        (random.below(2) == 0).then(|| (low + random.below(high - low + 1)) as u16)
    };
    person.limits.max_minutes_horizon = some(random, 20, 45).map(|hours| u32::from(hours) * 60);
    person.limits.min_minutes_horizon = some(random, 5, 14).map(|hours| u32::from(hours) * 60);
    person.limits.max_consecutive_days = some(random, 2, 4);
    person.limits.min_consecutive_days = some(random, 1, 2);
    person.limits.min_consecutive_days_off = some(random, 1, 2);
    person.limits.max_weekends_horizon = some(random, 0, 1);
    if let Some(most) = some(random, 1, 3) {
        person.limits.max_duties_of_type.push((crate::problem::ShiftTypeIx(1), most));
    }
    let range = |random: &mut Random| {
        let min = random.below(3) as u16;
        (random.below(2) == 0).then(|| Range { min, max: min + 1 + random.below(2) as u16 })
    };
    person.contract.consecutive_days = range(random);
    person.contract.consecutive_days_off = range(random);
    person.contract.total_duties = range(random).map(|range| Range { min: range.min + 1, max: range.max + 1 });
    person.contract.max_total_weekends = some(random, 0, 2);
    person.contract.complete_weekends = random.below(2) == 0;
    match random.below(3) {
        0 => person.history.consecutive_days_off = 1 + random.below(3) as u16,
        1 => {
            person.history.consecutive_days = 1 + random.below(3) as u16;
            person.history.consecutive_days_of_type = 1;
            person.history.last_shift_type = Some(crate::problem::ShiftTypeIx(random.below(2) as u32));
        }
        _ => person.history.consecutive_days_off = 2,
    }
    person.history.total_duties = random.below(3) as u16;
    person.history.total_weekends = random.below(2) as u16;
    wishes(person, random, days);
}

/// Least combined cost less earnings over all lines that the checker accepts, and their number.
fn enumerate(world: &World, form: &Form, needs: &[NeedIx], days: u32, earn: &[i64]) -> (Option<i64>, Vec<i64>) {
    let mut values = Vec::new();
    for line in lines(days) {
        let duties = duties(world, PersonIx(0), needs, &line);
        let report = check(&world.problem, &duties);
        if report.is_feasible() {
            let earned: i64 = duties.iter().map(|duty| earn[duty.need.index()]).sum();
            values.push(form.combined(report.score.tiers) * 4 - earned);
        }
    }
    (values.iter().min().copied(), values)
}

fn agrees(seed: u64, rules: &[RuleCode]) {
    let days = 7;
    let mut random = Random::new(seed);
    let (mut world, needs) = world(days, rules);
    let person = world.person("Ann");
    vary(world.person_mut(person), &mut random, i32::from(days));
    let form = Form::new(&world.problem).expect("the rules are covered");
    let earn: Vec<i64> = needs.iter().map(|_| random.below(400) as i64 - 200).collect();
    let pricer = Pricer::new(form.people[0].clone());
    let prices = Prices { scale: 4, posts: &earn, relaxed: &[] };
    let mut space = Workspace::default();
    let (least, values) = enumerate(&world, &form, &needs, u32::from(days), &earn);
    let path = pricer.cheapest(&prices, &[], &mut space);
    assert_eq!(path.as_ref().map(|path| path.value + form.constant * 4), least, "seed {seed}, rules {rules:?}");
    let Some(path) = path else { return };
    assert!(form.people[0].evaluate(&path.choice).is_some());
    let (through, options) = pricer.through(&prices, &[], &mut space);
    assert_eq!(through, path.value, "from both ends");
    assert!(options.iter().all(|value| *value >= path.value));
    let limit = path.value + 100;
    let listed = lines_within(&pricer, &prices, &[], limit, 10_000, &mut space).expect("few lines");
    let expected = values.iter().filter(|value| **value - form.constant * 4 <= limit).count();
    assert_eq!(listed.len(), expected, "lines within 100 of the least");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pricing_agrees_with_enumeration_by_the_checker(seed in any::<u64>()) {
        agrees(seed, &CODES);
    }
}

#[test]
fn each_rule_alone_is_priced_as_the_checker_counts_it() {
    for (index, code) in CODES.iter().enumerate() {
        for seed in 0..3 {
            agrees(100 * index as u64 + seed, &[*code]);
        }
    }
}

/// Two people, five days, random cover: the optimum by brute force.
pub(super) fn small_team(seed: u64) -> (World, Vec<NeedIx>) {
    let mut random = Random::new(seed);
    let mut rules = CODES.to_vec();
    rules.extend([RuleCode::S10, RuleCode::S22, RuleCode::S24, RuleCode::H11]);
    let (mut world, needs) = world(5, &rules);
    for need in &needs {
        let target = 1 + random.below(2) as u16;
        world.cover(*need, random.below(2) as u16, target, 2);
    }
    for name in ["Ann", "Bob"] {
        let person = world.person(name);
        vary(world.person_mut(person), &mut random, 5);
        world.person_mut(person).limits.min_minutes_horizon = None;
    }
    (world, needs)
}

fn brute_force(world: &World, needs: &[NeedIx]) -> Option<TierValues> {
    let of = |person| lines(5).map(move |line| duties(world, PersonIx(person), needs, &line)).collect::<Vec<_>>();
    let (left, right) = (of(0), of(1));
    let form = Form::new(&world.problem).expect("the rules are covered");
    let mut least: Option<TierValues> = None;
    for ann in &left {
        for bob in &right {
            let both: Vec<Duty> = ann.iter().chain(bob).copied().collect();
            let report = check(&world.problem, &both);
            if report.is_feasible()
                && least.is_none_or(|least| form.combined(report.score.tiers) < form.combined(least))
            {
                least = Some(report.score.tiers);
            }
        }
    }
    least
}

#[test]
fn a_small_team_gets_the_optimum_of_brute_force_with_a_bound_below() {
    for seed in 0..3 {
        let (world, needs) = small_team(seed);
        let options = Options { time_limit: Duration::from_secs(5), ..Options::default() };
        let optimum = brute_force(&world, &needs);
        match solve_columns(&world.problem, &options, &Silent) {
            Ok(outcome) => {
                assert!(check(&world.problem, &outcome.roster.duties).is_feasible());
                let best = optimum.expect("a roster exists");
                let form = Form::new(&world.problem).expect("the rules are covered");
                assert_eq!(form.combined(outcome.score.tiers), form.combined(best), "seed {seed}");
                for (entry, value) in outcome.certificate.tiers.iter().zip(outcome.score.tiers) {
                    assert!(entry.bound <= value, "seed {seed}: bound {} above {value}", entry.bound);
                }
            }
            Err(Unsolved::NoRoster(_)) => assert_eq!(optimum, None, "seed {seed}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_rule_that_joins_people_is_refused_at_once() {
    let (mut world, _) = world(5, &[]);
    world.person("Ann");
    world.on(RuleCode::S31);
    let refused = solve_columns(&world.problem, &Options::default(), &Silent);
    assert!(matches!(refused, Err(Unsolved::Unsupported(_))));
}

#[test]
fn the_lagrangian_of_any_prices_is_a_bound() {
    let (world, needs) = small_team(1);
    let form = Form::new(&world.problem).expect("the rules are covered");
    let best = brute_force(&world, &needs).expect("a roster exists");
    let pricers: Vec<Pricer> = form.people.iter().cloned().map(Pricer::new).collect();
    let mut random = Random::new(7);
    let mut space = Workspace::default();
    for _ in 0..50 {
        let posts = needs.iter().map(|_| 300.0 * random.unit() - 60.0).collect();
        let relaxed = vec![Vec::new(); form.people.len()];
        let prices = IntegerPrices::new(&form, &super::pool::Duals { posts, relaxed, people: vec![0.0; 2] });
        let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed: &[] };
        let least: Vec<i64> =
            pricers.iter().map(|pricer| pricer.cheapest(&seen, &[], &mut space).expect("a path").value).collect();
        let bound = prices.lagrangian(&form, &pricers, &least, &[]).div_euclid(prices.scale) + form.constant;
        assert!(bound <= form.combined(best), "bound {bound} above {}", form.combined(best));
    }
}

/// A context in which no time passes.
fn still(form: &Form) -> Context<'_> {
    Context {
        form,
        pricers: form.people.iter().cloned().map(Pricer::new).collect(),
        exact: form.exact.iter().cloned().map(Pricer::new).map(Some).collect(),
        threads: 1,
        is_over: &|| false,
        seconds: &|| 0.0,
    }
}

#[test]
fn every_roster_lies_on_exactly_one_side_of_a_split() {
    let (world, _needs) = small_team(2);
    let form = Form::new(&world.problem).expect("the rules are covered");
    let options = |person: usize, day: usize| {
        let start = &form.people[person].start;
        start[day] as usize..start[day + 1] as usize
    };
    let mut splits: Vec<Split> =
        (0..form.posts.len()).flat_map(|post| [0, 1].map(|most| Split::Heads(post, most))).collect();
    for person in 0..form.people.len() {
        for day in 0..form.days {
            splits.push(Split::Works(person, day));
            splits.extend(options(person, day).map(|at| Split::Takes(person, day, at)));
        }
    }
    let mut random = Random::new(3);
    for _ in 0..100 {
        let pick =
            |person: usize| (0..form.days).map(|day| random.below(options(person, day).len())).collect::<Vec<_>>();
        let choices: Vec<Vec<usize>> = (0..form.people.len()).map(pick).collect();
        let mut heads = vec![0; form.posts.len()];
        for (person, days) in choices.iter().enumerate() {
            for (day, position) in days.iter().enumerate() {
                if let Some(post) = form.people[person].day(day)[*position].post {
                    heads[post as usize] += 1;
                }
            }
        }
        for split in &splits {
            let sides = (0..2).filter(|side| {
                let mut masks = all_open(&form);
                let mut ranges = vec![(0, 2); form.posts.len()];
                split.narrow(&form, *side, &mut masks, &mut ranges);
                let is_open = |person: usize| {
                    choices[person].iter().enumerate().all(|(day, at)| masks[person][options(person, day).start + at])
                };
                (0..choices.len()).all(is_open)
                    && heads.iter().zip(&ranges).all(|(heads, (low, high))| low <= heads && heads <= high)
            });
            assert_eq!(sides.count(), 1, "{split:?} of {choices:?}");
        }
    }
}

#[test]
fn looks_at_splits_leave_the_linear_programme_as_it_was() {
    let mut fractional = 0;
    for seed in 0..40 {
        let (world, _needs) = small_team(seed);
        let form = Form::new(&world.problem).expect("the rules are covered");
        let context = still(&form);
        let (mut pool, mut spaces) = (Pool::default(), vec![Workspace::default()]);
        let warmth = Warmth { rounds: 20, until: 60.0, patience: 5, goal: form.forbidden };
        let Some(center) = warm_up(&context, &mut pool, warmth, &mut spaces) else { continue };
        let mut master = Master::new(&form).expect("a model");
        master.add(&pool, 0..pool.columns.len()).expect("columns");
        let effort = Effort { rounds: 100, cutoff: i64::MAX, until: 60.0, enough: f64::NEG_INFINITY };
        let anchor = Anchor { duals: center.duals, value: center.value };
        let root =
            generate(&context, &mut master, &mut pool, Limits::NONE, effort, anchor, &mut spaces).expect("solved");
        let masks = all_open(&form);
        let heads: Vec<(i64, i64)> = form.posts.iter().map(|row| (0, row.max)).collect();
        let open = Open { masks: &masks, heads: &heads, depth: 0, gap: 1_000.0, seconds: 60.0 };
        let history = Mutex::new(History::new(&form));
        let split = choose_split(&form, &pool, &root.solution, &open, &mut master, &history).expect("looked");
        let after = master.solve(60.0).expect("solved").value;
        assert!((after - root.solution.value).abs() < 1e-6, "seed {seed}: {after} after {}", root.solution.value);
        let is_whole = root.solution.columns.iter().all(|(_, value)| *value > 0.999);
        assert!(!is_whole || split.is_none(), "seed {seed}: a whole solution was split");
        fractional += usize::from(split.is_some());
    }
    assert!(fractional > 0, "no linear programme was fractional");
}

#[test]
fn a_part_costs_what_the_whole_roster_costs_but_for_a_constant() {
    let mut compared = 0;
    for seed in 0..30 {
        let (world, _needs) = small_team(seed);
        let form = Form::new(&world.problem).expect("the rules are covered");
        let context = still(&form);
        let lines = construct(&context, seed, &mut Workspace::default());
        if !lines.is_allowed(&form) {
            continue;
        }
        let days = whole_weekends(&form, 1..4);
        let part = Part::new(&form, &lines, &[0, 1], days, usize::MAX).expect("the lines keep the rules");
        let own = still(&part.form);
        let before = Lines::new(&own, part.cut(&lines));
        for other in 0..10 {
            let inner = construct(&own, 100 + other, &mut Workspace::default());
            let whole = Lines::new(&context, part.put(&lines.choices, &inner.choices));
            assert!(inner.is_allowed(&part.form) && whole.is_allowed(&form), "seed {seed}");
            assert_eq!(whole.total - lines.total, inner.total - before.total, "seed {seed}");
            compared += usize::from(whole != lines);
        }
    }
    assert!(compared > 50, "only {compared} other rosters");
}
