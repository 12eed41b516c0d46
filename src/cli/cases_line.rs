//! How many cases a roster settles in which way, and how many receptions it holds, a line each.

use paiban_solver::problem::Settlement;

use super::say::say;

/// Prints the counts; nothing when there are no cases.
pub(super) fn print_cases(settlements: impl Iterator<Item = Settlement>) {
    let mut counts = [0_usize; 5];
    for settlement in settlements {
        let [worked, escalated, explained, waiting, late] = &mut counts;
        let count = match settlement {
            Settlement::Worked(_) => worked,
            Settlement::Escalated(_) => escalated,
            Settlement::Explained => explained,
            Settlement::Waiting => waiting,
            Settlement::Late => late,
        };
        *count += 1;
    }
    if counts.iter().sum::<usize>() == 0 {
        return;
    }
    for (name, count) in ["worked", "escalated", "explained", "waiting", "late"].into_iter().zip(counts) {
        say!("cases.{name}: {count}");
    }
}

/// Prints how many receptions are held and how many are not; nothing when there are none.
pub(super) fn print_receptions(held: impl Iterator<Item = bool>) {
    let (held, unheld): (Vec<bool>, Vec<bool>) = held.partition(|held| *held);
    if held.len() + unheld.len() > 0 {
        say!("receptions.held: {}", held.len());
        say!("receptions.unheld: {}", unheld.len());
    }
}
