//! Log lines of the server: to stderr, so that stdout stays for results.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging at the given level; `PAIBAN_LOG` filters otherwise.
pub(super) fn start(format: LogFormat, level: &str) {
    // HiGHS warns of every time limit that it reaches, which is how a plan is meant to end.
    let usual = format!("{level},highs=error,actix_server=warn");
    let filter = EnvFilter::try_from_env("PAIBAN_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in tests, keeps the first.
    let _started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
