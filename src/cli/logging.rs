//! Log lines of the server: to stderr, so that stdout stays for results.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging; `PAIBAN_LOG` filters (`info` unless set).
pub(super) fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_env("PAIBAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in tests, keeps the first.
    let _started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
