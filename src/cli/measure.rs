//! `paiban measure`: times of interactive answers on the streets of a planned network: replacements of duties drawn by
//! chance, and replans after generated events. Every replan is judged by the independent checker.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use paiban_solver::check::check;
use paiban_solver::explain::fill::replacements;
use paiban_solver::explain::scene::Scene;
use paiban_solver::explain::street::{Street, by_person};
use paiban_solver::problem::{Duty, NeedKind, PersonIx, Problem, Span};
use paiban_solver::replan::{Event, ReplanOptions, apply, replan_street, streets_touched};

use super::loaded::{Loaded, RosterArgs};
use super::say::say;

/// Options of `paiban measure`.
#[derive(Debug, Args)]
pub(super) struct MeasureArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// So many questions of each kind
    #[arg(long, default_value_t = 200)]
    events: usize,
    /// Seed of the questions
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds for each replan
    #[arg(long, default_value_t = 10)]
    seconds: u16,
    /// Print a line for each replan
    #[arg(long)]
    each: bool,
}

/// What a question took: on the wall's clock, and of this thread's processor, which other work does not lengthen.
struct Took {
    wall: Vec<Duration>,
    processor: Vec<Duration>,
}

/// The start of a question.
struct Start(Instant, Option<Duration>);

impl Start {
    fn now() -> Self {
        Self(Instant::now(), processor_time())
    }
}

impl Took {
    const fn nothing() -> Self {
        Self { wall: Vec::new(), processor: Vec::new() }
    }

    fn add(&mut self, start: &Start) {
        self.wall.push(start.0.elapsed());
        self.processor.extend(processor_time().zip(start.1).map(|(end, start)| end.saturating_sub(start)));
    }

    fn report(self, what: &str) {
        report(what, self.wall);
        // Only Linux tells.
        if !self.processor.is_empty() {
            report(&format!("{what}.processor"), self.processor);
        }
    }
}

/// Time that this thread has spent on a processor.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// A linear congruential generator: the same questions on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 33) % bound).unwrap_or(0)
    }
}

pub(super) fn run(args: &MeasureArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    anyhow::ensure!(!loaded.duties.is_empty(), "error[empty-roster]: the roster has no duties");
    let mut chance = Chance(args.seed);
    ask_replacements(&loaded, args.events, &mut chance)?;
    let all_kept = ask_replans(&loaded, args, &mut chance);
    Ok(ExitCode::from(u8::from(!all_kept)))
}

fn ask_replacements(loaded: &Loaded, count: usize, chance: &mut Chance) -> anyhow::Result<()> {
    let (mut times, mut found) = (Took::nothing(), 0);
    for _ in 0..count {
        let duty = loaded.duties[chance.below(loaded.duties.len())];
        let started = Start::now();
        let (street, _) = loaded.street_of(duty.need);
        let scene = Scene::of_street(&street);
        let (Some(person), Some(need)) = (street.person(duty.person), street.need(duty.need)) else {
            anyhow::bail!("error[internal]: a duty is not in its own street");
        };
        found += usize::from(!replacements(&scene, person, need, 5, true).is_empty());
        times.add(&started);
    }
    say!("replacements.found: {found} of {count}");
    times.report("replacements");
    Ok(())
}

fn ask_replans(loaded: &Loaded, args: &MeasureArgs, chance: &mut Chance) -> bool {
    let (mut times, mut least, mut whole, mut people, mut kept) = (Took::nothing(), 0, 0, 0, true);
    let options =
        ReplanOptions { time_limit: Duration::from_secs(u64::from(args.seconds)), ..ReplanOptions::default() };
    let mut problem = loaded.problem.clone();
    problem.published.clear();
    for _ in 0..args.events {
        let event = draw(&loaded.problem, &loaded.duties, chance);
        // What the event changes is put back afterwards, so that a copy of the city is no part of the time.
        let started = Start::now();
        apply(&mut problem, &event);
        let own = by_person(&problem, &loaded.duties);
        let touched = streets_touched(&problem, std::slice::from_ref(&event), &loaded.duties);
        for unit in touched {
            let street = Street::of(&problem, &own, unit);
            let before = started.0.elapsed();
            let made = replan_street(&street, options);
            times.add(&started);
            people += made.changed.len();
            let proven = made.tier1.is_proven() && made.people.is_proven();
            least += usize::from(proven);
            whole += usize::from(proven && made.quality.iter().all(|proof| proof.is_proven()));
            let verdict = check(&street.problem, &duties(&street, &made.duties));
            if let Some(broken) = verdict.hard().next() {
                say!("broken: {event:?}: {}", broken.en);
                kept = false;
            }
            if args.each {
                say!(
                    "{}: {:.3} s, of which street {:.3} s; forced {}, people {:?}, tier 1 {:?}, tiers 2 and 3 {:?}",
                    name(&event),
                    made.seconds,
                    before.as_secs_f64(),
                    made.forced,
                    made.people,
                    made.tier1,
                    made.quality
                );
            }
        }
        problem.people.clone_from(&loaded.problem.people);
        problem.needs.clone_from(&loaded.problem.needs);
    }
    say!("replans.least-change-proven: {least} of {}", times.wall.len());
    say!("replans.all-tiers-proven: {whole} of {}", times.wall.len());
    say!("replans.people-changed: {people}");
    times.report("replans");
    kept
}

fn duties(street: &Street, own: &[Vec<paiban_solver::problem::NeedIx>]) -> Vec<Duty> {
    let pairs = own.iter().enumerate().flat_map(|(at, needs)| needs.iter().map(move |&need| (at, need)));
    pairs
        .filter_map(|(person, need)| {
            let span = street.problem.needs[need.index()].as_post()?.span;
            Some(Duty { person: PersonIx::from_index(person), need, span })
        })
        .collect()
}

fn draw(problem: &Problem, duties: &[Duty], chance: &mut Chance) -> Event {
    let duty = duties[chance.below(duties.len())];
    let day = duty.span.day();
    let whole_day = Span { start: day * 1440, end: day * 1440 + 1440 };
    match chance.below(5) {
        0 => Event::Sick { person: duty.person, span: whole_day },
        1 => Event::Resigned { person: duty.person, from: day },
        2 => {
            let mut unavailable = problem.people[duty.person.index()].unavailable.clone();
            unavailable.push(duty.span);
            Event::Availability { person: duty.person, unavailable }
        }
        3 => {
            let mut need = problem.needs[duty.need.index()].clone();
            need.id = format!("{}-new", need.id);
            // A post of its own, also where the duty drawn is at a case or a reception.
            (need.case, need.seat) = (None, None);
            let NeedKind::Post(post) = &mut need.kind;
            (post.cover.min, post.cover.target, post.cover.max) = (1, 1, 1);
            Event::NewNeed(need)
        }
        _ => Event::Closed { place: problem.needs[duty.need.index()].place, span: whole_day },
    }
}

const fn name(event: &Event) -> &'static str {
    match event {
        Event::Sick { .. } => "sick",
        Event::Resigned { .. } => "resigned",
        Event::Availability { .. } => "availability",
        Event::NewNeed(_) => "new-post",
        Event::Closed { .. } => "closed",
        Event::Withdrawn { .. } => "withdrawn",
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    for (name, share) in [("p50", 50), ("p95", 95), ("max", 100)] {
        let time = times.get((times.len() * share / 100).min(last)).copied().unwrap_or_default();
        say!("{what}.{name}: {:.1} ms", time.as_secs_f64() * 1000.0);
    }
}
