//! Solves a generated grid of streets and prints where the time goes and what is proven:
//! `cargo run --release -p paiban-solver --example grid -- STREETS SEED THREADS SECONDS`.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use paiban_solver::check::check;
use paiban_solver::control::{Observer, Options, Progress};
use paiban_solver::problem::{
    Category, Contract, Cover, History, Horizon, Limits, Need, NeedKind, Person, PersonIx, PersonSkill, Place, PlaceIx,
    Point, Post, Problem, Profile, Skill, SkillIx, Span, Unit, UnitIx, Wish, WishKind,
};
use paiban_solver::solve;

/// A small generator of even quality (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    fn small(&mut self, bound: u64) -> i32 {
        i32::try_from(self.below(bound)).unwrap_or(0)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

const BLOCKS: [(i32, i32); 3] = [(510, 690), (810, 1020), (1080, 1230)];

fn main() {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let argument = |at: usize, standard: u64| arguments.get(at).copied().unwrap_or(standard);
    let problem = grid(argument(0, 1), argument(1, 1));
    println!("people {} needs {}", problem.people.len(), problem.needs.len());
    let options = Options {
        time_limit: Duration::from_secs(argument(3, 60)),
        threads: usize::try_from(argument(2, 1)).unwrap_or(1),
        seed: 1,
        ..Options::default()
    };
    let started = Instant::now();
    match solve(&problem, &options, &Phases) {
        Ok(outcome) => {
            for tier in &outcome.certificate.tiers {
                println!("{:?} value {} bound {} gap {:.4}%", tier.tier, tier.value, tier.bound, tier.gap() * 100.0);
            }
            println!("{:?}", outcome.score.rules);
            println!("objective bound {}", outcome.certificate.objective_bound);
            let report = check(&problem, &outcome.roster.duties);
            println!("{:?} feasible {} unmet {}", outcome.status, report.is_feasible(), outcome.unmet.len());
            println!("duties {} seconds {:.2}", outcome.roster.duties.len(), started.elapsed().as_secs_f64());
        }
        Err(infeasible) => println!("{infeasible}"),
    }
}

struct Phases;

impl Observer for Phases {
    fn progress(&self, progress: &Progress) {
        if progress.parts_done.is_multiple_of(40) {
            eprintln!("{:7.2} {} {}/{}", progress.seconds, progress.phase, progress.parts_done, progress.parts);
        }
    }
}

fn grid(streets: u64, seed: u64) -> Problem {
    let mut random = Random(seed);
    let start = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default();
    let mut problem = Problem {
        horizon: Horizon { start, days: 7 },
        off_days: vec![false, false, false, false, false, true, true],
        units: vec![Unit { id: "city".into(), name: "city".into(), parent: None, is_street: false }],
        places: Vec::new(),
        skills: (0..6).map(|skill| Skill { id: format!("k{skill}"), name: format!("k{skill}") }).collect(),
        shift_types: Vec::new(),
        people: Vec::new(),
        needs: Vec::new(),
        apart: Vec::new(),
        profile: Profile { name: "grid".into(), version: 1, ..Profile::default() },
        pins: Vec::new(),
        published: Vec::new(),
    };
    let side = (1..).find(|side| side * side >= streets).unwrap_or(1);
    for street in 0..streets {
        let unit =
            Unit { id: format!("s{street}"), name: format!("s{street}"), parent: Some(UnitIx(0)), is_street: true };
        problem.units.push(unit);
    }
    for street in 0..streets {
        add_street(&mut problem, &mut random, street, side, streets);
    }
    problem
}

fn add_street(problem: &mut Problem, random: &mut Random, street: u64, side: u64, streets: u64) {
    let unit = UnitIx(u32::try_from(street + 1).unwrap_or(1));
    let corner = [i32::try_from(street % side).unwrap_or(0) * 3000, i32::try_from(street / side).unwrap_or(0) * 3000];
    let point = |random: &mut Random| Point {
        east_metres: corner[0] + random.small(3000),
        north_metres: corner[1] + random.small(3000),
    };
    let first_place = problem.places.len();
    for place in 0..41 {
        let location = Some(point(random));
        let id = format!("s{street}p{place}");
        problem.places.push(Place { name: id.clone(), id, unit, location, opening: None });
        for day in 0..7 {
            for (block, &(from, to)) in BLOCKS.iter().enumerate() {
                let open = match block {
                    2 => random.chance(45),
                    _ if day >= 5 => random.chance(75),
                    _ => random.chance(97),
                };
                if open && random.chance(if place == 0 { 100 } else { 97 }) {
                    let skill = random.chance(30).then(|| (SkillIx(u32::try_from(random.below(6)).unwrap_or(0)), 1));
                    let min = if random.chance(15) { 2 } else { 1 };
                    let target = min + u16::from(random.chance(20));
                    problem.needs.push(Need {
                        id: format!("s{street}p{place}d{day}b{block}"),
                        place: PlaceIx::from_index(first_place + place),
                        skill,
                        priority: 1 + u8::try_from(random.below(3)).unwrap_or(0),
                        excluded: Vec::new(),
                        kind: NeedKind::Post(Post {
                            span: Span { start: day * 1440 + from, end: day * 1440 + to },
                            shift_type: None,
                            cover: Cover {
                                min,
                                target,
                                max: target + u16::from(random.chance(30)),
                                weight_below_target: None,
                                weight_above_target: None,
                            },
                            mix: random.chance(30),
                        }),
                    });
                }
            }
        }
    }
    for index in 0..178 {
        let staff = index < 52;
        let home = point(random);
        let mut scope = vec![unit];
        if random.chance(5) {
            for neighbour in [street + 1, street.wrapping_sub(1), street + side, street.wrapping_sub(side)] {
                if neighbour < streets && random.chance(50) && scope.len() < 3 {
                    scope.push(UnitIx(u32::try_from(neighbour + 1).unwrap_or(1)));
                }
            }
        }
        let person = person(random, format!("s{street}x{index}"), unit, home, scope, staff);
        problem.people.push(person);
        let familiar = PlaceIx::from_index(first_place + usize::try_from(random.below(41)).unwrap_or(0));
        if let Some(person) = problem.people.last_mut() {
            person.familiar_places = vec![familiar];
        }
    }
    let _first = PersonIx(0);
}

fn person(random: &mut Random, id: String, home_unit: UnitIx, home: Point, scope: Vec<UnitIx>, staff: bool) -> Person {
    let mut unavailable = Vec::new();
    let mut wishes = Vec::new();
    for day in 0..7 {
        for &(from, to) in &BLOCKS {
            let span = Span { start: day * 1440 + from, end: day * 1440 + to };
            if random.chance(if staff {
                8
            } else if from < 1080 && day < 5 {
                85
            } else {
                45
            }) {
                unavailable.push(span);
            } else if random.chance(8) {
                let kind = if random.chance(70) { WishKind::Avoid } else { WishKind::Want };
                wishes.push(Wish { kind, span, shift_type: None, place: None, weight: 1 });
            }
        }
    }
    Person {
        name: id.clone(),
        id,
        category: match (staff, random.below(3)) {
            (false, _) => Category::Volunteer,
            (true, 0) => Category::SecondedCadre,
            (true, 1) => Category::ReassignedStaff,
            (true, _) => Category::RecruitedStaff,
        },
        home_unit,
        home: Some(home),
        skills: (0..6)
            .filter(|_| random.chance(25))
            .map(|skill| PersonSkill { skill: SkillIx(skill), level: 1, valid_until: None })
            .collect(),
        scope,
        max_distance_metres: Some(if staff { 1500 } else { 2000 }),
        active_days: (0, 6),
        unavailable,
        limits: Limits {
            max_duties_week: (!staff).then(|| 2 + u16::try_from(random.below(2)).unwrap_or(0)),
            ..Limits::default()
        },
        contract: Contract { min_minutes_week: if staff { 1800 } else { 0 }, ..Contract::default() },
        trainee: false,
        newcomer: random.chance(3),
        wishes,
        familiar_places: Vec::new(),
        history: History {
            consecutive_days_off: 1,
            fairness_unsocial_duties: random.small(3) - 1,
            ..History::default()
        },
    }
}
