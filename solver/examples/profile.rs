//! Solves a problem document and prints where the time goes and what is proven, without the rest of the product:
//! `cargo run --workspace --example profile -- FILE.json SECONDS THREADS SEED`.

use std::time::{Duration, Instant};

use paiban_solver::check::check;
use paiban_solver::control::{Observer, Options, Progress};
use paiban_solver::document::parse_problem;
use paiban_solver::solve;

/// Prints each phase when it changes.
struct Phases;

impl Observer for Phases {
    fn progress(&self, progress: &Progress) {
        if progress.parts_done.is_multiple_of(16) || progress.parts_done == progress.parts {
            eprintln!("{:7.2} {} {}/{}", progress.seconds, progress.phase, progress.parts_done, progress.parts);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, standard: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(standard);
    let json = std::fs::read(arguments.first().map_or("", String::as_str))?;
    let document = parse_problem(&json).map_err(|error| format!("{error:?}"))?;
    let problem = document.to_problem().map_err(|errors| format!("{errors:?}"))?;
    let options = Options {
        time_limit: Duration::from_secs(number(1, 60)),
        threads: usize::try_from(number(2, 1))?,
        seed: number(3, 1),
        ..Options::default()
    };
    let started = Instant::now();
    let outcome = solve(&problem, &options, &Phases).map_err(|error| error.to_string())?;
    for tier in &outcome.certificate.tiers {
        println!("{:?} value {} bound {} gap {:.4}%", tier.tier, tier.value, tier.bound, tier.gap() * 100.0);
    }
    println!("{:?}", outcome.score.rules);
    let report = check(&problem, &outcome.roster.duties);
    println!("{:?} feasible {} unmet {}", outcome.status, report.is_feasible(), outcome.unmet.len());
    println!("duties {} seconds {:.2}", outcome.roster.duties.len(), started.elapsed().as_secs_f64());
    Ok(())
}
