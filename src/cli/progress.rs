//! Progress on the terminal, and Ctrl-C as a request to stop and keep the best roster.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use paiban_solver::control::{Observer, Progress};

/// Shows progress on stderr and listens for Ctrl-C.
#[derive(Debug)]
pub(super) struct Terminal {
    bar: ProgressBar,
    prints_steps: bool,
    cancelled: Arc<AtomicBool>,
}

impl Terminal {
    /// Starts the bar and the listener; with `prints_steps` every step is a line that stays, in place of the bar.
    pub(super) fn start(time_limit_seconds: f64, prints_steps: bool) -> anyhow::Result<Self> {
        let bar = if prints_steps { ProgressBar::hidden() } else { ProgressBar::new(0) };
        bar.set_style(ProgressStyle::with_template("{spinner} {elapsed} {wide_bar} part {pos} of {len}  {msg}")?);
        bar.set_message(format!("at most {time_limit_seconds} s"));
        let cancelled = Arc::new(AtomicBool::new(false));
        listen(Arc::clone(&cancelled))?;
        Ok(Self { bar, prints_steps, cancelled })
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Waits for Ctrl-C on a thread of its own; a second one ends the process at once.
fn listen(cancelled: Arc<AtomicBool>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    std::thread::Builder::new().name("ctrl-c".to_owned()).spawn(move || {
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                cancelled.store(true, Ordering::Relaxed);
                eprintln!("stopping, keeping the best roster so far; Ctrl-C again to give up");
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    })?;
    Ok(())
}

impl Observer for Terminal {
    fn progress(&self, progress: &Progress) {
        self.bar.set_length(u64::try_from(progress.parts).unwrap_or(0));
        self.bar.set_position(u64::try_from(progress.parts_done).unwrap_or(0));
        let values = |values: Option<[i64; 3]>| {
            values.map_or_else(|| "-".to_owned(), |[one, two, three]| format!("{one}/{two}/{three}"))
        };
        if self.prints_steps {
            eprintln!(
                "{:9.2} {:<10} tiers {}  bounds {}",
                progress.seconds,
                progress.phase,
                values(progress.incumbent),
                values(progress.bound)
            );
        }
        self.bar.set_message(format!(
            "{}  tiers {}  bounds {}",
            progress.phase,
            values(progress.incumbent),
            values(progress.bound)
        ));
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
