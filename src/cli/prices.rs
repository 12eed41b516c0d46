//! `paiban prices`: what rules cost, by shadow price and by solving again, and the price of fairness.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use paiban_solver::document::answers::PricesDocument;
use paiban_solver::explain::prices::{PriceOptions, fairness, prices};
use paiban_solver::explain::street::Street;

use super::loaded::{RosterArgs, print_json};
use super::say::say;

/// Options of `paiban prices`.
#[derive(Debug, Args)]
pub(super) struct PricesArgs {
    #[command(flatten)]
    files: RosterArgs,
    /// Only the street with this id
    #[arg(long, value_name = "UNIT")]
    street: Option<String>,
    /// Solve again for so many of the dearest rule instances of each street
    #[arg(long, default_value_t = 3)]
    exact: usize,
    /// Show so many rule instances of each street
    #[arg(long, default_value_t = 20)]
    top: usize,
    /// Seconds for each solve
    #[arg(long, default_value_t = 20)]
    seconds: u16,
    /// Solve with and without S31 for the price of fairness
    #[arg(long)]
    fairness: bool,
}

pub(super) fn run(args: &PricesArgs) -> anyhow::Result<ExitCode> {
    let loaded = args.files.load()?;
    let own = loaded.by_person();
    let time_limit = Duration::from_secs(u64::from(args.seconds));
    let mut found = Vec::new();
    for street in loaded.streets(args.street.as_deref())? {
        let id = street.map(|unit| loaded.unit_id(unit));
        let street = Street::of(&loaded.problem, &own, street);
        let prices = prices(&street, PriceOptions { exact: args.exact, time_limit });
        let fairness = args.fairness.then(|| fairness(&street, time_limit)).flatten();
        found.push(PricesDocument::new(&street, id, &prices, fairness.as_ref(), args.top));
    }
    if args.files.json {
        print_json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    for street in &found {
        say!("street: {}", street.street.as_deref().unwrap_or("-"));
        for (rule, sum) in &street.by_rule {
            say!("  shadow.{rule}: {}", triple(sum));
        }
        for price in &street.instances {
            let whom = price.person.as_deref().or(price.need.as_deref()).unwrap_or("-");
            let date = price.date.map(|date| format!(" {date}")).unwrap_or_default();
            let shadow = triple(&price.shadow);
            let known = format!("  {} {whom}{date} +{} {}: shadow {shadow}", price.rule, price.step, price.measure);
            match (price.exact, price.exact_proven) {
                (Some(exact), Some(true)) => say!("{known}, exact {exact:?}"),
                (Some(found), _) => say!("{known}, found {found:?} (not proven)"),
                _ => say!("{known}"),
            }
        }
        if let Some(fairness) = &street.fairness {
            let proven = if fairness.proven { "exact" } else { "not proven" };
            say!("  price of fairness: {} ({proven})", fairness.price);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn triple(prices: &[f64; 3]) -> String {
    prices.iter().map(|price| format!("{price:.2}")).collect::<Vec<_>>().join(" / ")
}
