//! Settings of the server: flags before environment before file before defaults.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Deserialize;

/// Where a setting may come from besides defaults; also the layout of the TOML file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SettingsArgs {
    /// Database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME` [default: sqlite:paiban.db]
    #[arg(long, alias = "database", env = "PAIBAN_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<DatabaseUrl>,
    /// Address to listen on; with --open loopback only [default: 127.0.0.1:8080]
    #[arg(long, env = "PAIBAN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Planning runs solved at the same time [default: 1]
    #[arg(long, env = "PAIBAN_RUNNERS")]
    pub runners: Option<usize>,
    /// Planning runs that may wait before new ones are refused [default: 100]
    #[arg(long, env = "PAIBAN_QUEUE_LIMIT")]
    pub queue_limit: Option<usize>,
    /// Threads that answer requests [default: the number of processors]
    #[arg(long, env = "PAIBAN_HTTP_WORKERS")]
    pub http_workers: Option<usize>,
    /// Seconds that open requests get to finish at shutdown [default: 10]
    #[arg(long, env = "PAIBAN_SHUTDOWN_SECONDS")]
    pub shutdown_seconds: Option<u64>,
    /// No signing in: whoever reaches the address is administrator; loopback addresses only
    #[arg(long, env = "PAIBAN_OPEN", num_args = 0..=1, default_missing_value = "true")]
    pub open: Option<bool>,
    /// Reached by HTTPS through a proxy: cookies are sent that way only
    #[arg(long, env = "PAIBAN_HTTPS", num_args = 0..=1, default_missing_value = "true")]
    pub https: Option<bool>,
    /// Tries to sign in that one address has a minute [default: 20]
    #[arg(long, env = "PAIBAN_SIGN_INS_PER_MINUTE")]
    pub sign_ins_per_minute: Option<u32>,
    /// Requests that may change something that one account has a minute, by session and keys together; without signing
    /// in, one address [default: 6000]
    #[arg(long, env = "PAIBAN_WRITES_PER_MINUTE")]
    pub writes_per_minute: Option<u32>,
    /// Seconds between rounds of reminders and notifications; 0 for none [default: 20]
    #[arg(long, env = "PAIBAN_HOUSEKEEPING_SECONDS")]
    pub housekeeping_seconds: Option<u64>,
    /// Form of log lines [default: text]
    #[arg(long, env = "PAIBAN_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// TOML file with the same names
    #[arg(long, env = "PAIBAN_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A database URL; printing it never shows its password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL with its secret, for opening the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0.split(['?', '#']).next().unwrap_or_default();
        match url.split_once("://") {
            Some((scheme, rest)) => match rest.rsplit_once('@') {
                Some((login, host)) => {
                    let user = login.split(':').next().unwrap_or_default();
                    write!(formatter, "{scheme}://{user}:***@{host}")
                }
                None => write!(formatter, "{scheme}://{rest}"),
            },
            None => formatter.write_str(url),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// What the server runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Database.
    pub database_url: DatabaseUrl,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Planning runs solved at the same time, at least 1.
    pub runners: usize,
    /// Planning runs that may wait.
    pub queue_limit: usize,
    /// Threads that answer requests, at least 1.
    pub http_workers: usize,
    /// Seconds that open requests get to finish at shutdown.
    pub shutdown_seconds: u64,
    /// No signing in.
    pub open: bool,
    /// Cookies are sent by HTTPS only.
    pub https: bool,
    /// Tries to sign in that one address has a minute, at least 1.
    pub sign_ins_per_minute: u32,
    /// Requests that may change something that one account or address has a minute, at least 1.
    pub writes_per_minute: u32,
    /// Seconds between rounds of reminders and notifications; 0 for none.
    pub housekeeping_seconds: u64,
    /// Form of log lines.
    pub log_format: LogFormat,
}

/// Settings that cannot be used; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("error[config-unreadable]: cannot read {path}: {cause}; give --config a readable TOML file")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("error[config-invalid]: {path}: {cause}; correct the file or remove the setting")]
    Invalid {
        /// The file.
        path: String,
        /// Where and why.
        cause: String,
    },
    /// The address can be reached from other machines.
    #[error(
        "error[listen-not-loopback]: {0} can be reached from other machines, and --open lets everybody in; listen on \
         127.0.0.1 or [::1], or leave --open out so that people sign in"
    )]
    NotLoopback(SocketAddr),
    /// A count is 0.
    #[error("error[setting-out-of-range]: {name} is {value}; use {expected}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// What it is.
        value: usize,
        /// What it may be.
        expected: &'static str,
    },
}

impl Settings {
    /// Completes flags and environment with the file and the defaults, and checks the result.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(args: SettingsArgs) -> Result<Self, ConfigError> {
        let file = match &args.config {
            None => SettingsArgs::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|cause| ConfigError::Unreadable { path: path.display().to_string(), cause })?;
                toml::from_str(&text).map_err(|error| ConfigError::Invalid {
                    path: path.display().to_string(),
                    // The message alone: the full text would quote the line, and with it a password.
                    cause: error.message().to_owned(),
                })?
            }
        };
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let settings = Self {
            database_url: args
                .database_url
                .or(file.database_url)
                .unwrap_or_else(|| DatabaseUrl::from("sqlite:paiban.db".to_owned())),
            listen: args.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            runners: args.runners.or(file.runners).unwrap_or(1),
            queue_limit: args.queue_limit.or(file.queue_limit).unwrap_or(100),
            http_workers: args.http_workers.or(file.http_workers).unwrap_or(processors),
            shutdown_seconds: args.shutdown_seconds.or(file.shutdown_seconds).unwrap_or(10),
            open: args.open.or(file.open).unwrap_or(false),
            https: args.https.or(file.https).unwrap_or(false),
            sign_ins_per_minute: args.sign_ins_per_minute.or(file.sign_ins_per_minute).unwrap_or(20),
            writes_per_minute: args.writes_per_minute.or(file.writes_per_minute).unwrap_or(6_000),
            housekeeping_seconds: args.housekeeping_seconds.or(file.housekeeping_seconds).unwrap_or(20),
            log_format: args.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
        };
        settings.checked()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        if self.open && !self.listen.ip().is_loopback() {
            return Err(ConfigError::NotLoopback(self.listen));
        }
        for (name, value) in [("runners", self.runners), ("http-workers", self.http_workers)] {
            if !(1..=256).contains(&value) {
                return Err(ConfigError::OutOfRange { name, value, expected: "1 to 256" });
            }
        }
        let rates = [("sign-ins-per-minute", self.sign_ins_per_minute), ("writes-per-minute", self.writes_per_minute)];
        if let Some((name, _)) = rates.into_iter().find(|(_, rate)| *rate == 0) {
            return Err(ConfigError::OutOfRange { name, value: 0, expected: "1 or more" });
        }
        if !(1..=100_000).contains(&self.queue_limit) {
            return Err(ConfigError::OutOfRange {
                name: "queue-limit",
                value: self.queue_limit,
                expected: "1 to 100000",
            });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn load(toml: &str, mut args: SettingsArgs) -> Result<Settings, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(toml.as_bytes()).unwrap();
        args.config = Some(file.path().to_owned());
        Settings::load(args)
    }

    #[test]
    fn printing_settings_never_shows_a_password() {
        let settings = load(
            "database-url = \"postgres://paiban:p%40ss:word@db.example/x?password=hunter2\"",
            SettingsArgs::default(),
        )
        .unwrap();
        let text = format!("{settings:?} {}", settings.database_url);
        assert!(text.contains("postgres://paiban:***@db.example/x"), "{text}");
        assert!(!text.contains("word") && !text.contains("hunter2"), "{text}");
        assert!(settings.database_url.expose().contains("word"));
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let args = SettingsArgs { runners: Some(3), ..SettingsArgs::default() };
        let settings = load("runners = 2\nqueue-limit = 7", args).unwrap();
        assert_eq!((settings.runners, settings.queue_limit, settings.shutdown_seconds), (3, 7, 10));
    }

    #[test]
    fn wrong_settings_are_refused_with_a_code() {
        for (toml, code) in [
            ("open = true\nlisten = \"0.0.0.0:8080\"", "listen-not-loopback"),
            ("open = true\nlisten = \"192.168.1.5:80\"", "listen-not-loopback"),
            ("sign-ins-per-minute = 0", "setting-out-of-range"),
            ("writes-per-minute = 0", "setting-out-of-range"),
            ("runners = 0", "setting-out-of-range"),
            ("colour = \"red\"", "config-invalid"),
            ("runners = \"two\"", "config-invalid"),
        ] {
            let error = load(toml, SettingsArgs::default()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("error[{code}]: ")), "{toml}: {error}");
        }
        let missing = SettingsArgs { config: Some("/nonexistent/paiban.toml".into()), ..SettingsArgs::default() };
        assert!(Settings::load(missing).unwrap_err().to_string().starts_with("error[config-unreadable]"));
    }
}
