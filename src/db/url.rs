//! Which database a URL names. A typo never creates a file: only a `sqlite:` scheme or a database file name does.

use std::path::{Path, PathBuf};

use super::error::{DbError, DbResult};

/// A database to connect to.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// SQLite, a file.
    Sqlite(PathBuf),
    /// PostgreSQL, a URL.
    Postgresql(String),
}

/// File names that are taken for SQLite databases without a scheme.
const SQLITE_ENDINGS: [&str; 3] = ["db", "sqlite", "sqlite3"];

impl Target {
    /// Reads `sqlite:FILE`, `sqlite://FILE`, a path that ends in `.db`, `.sqlite` or `.sqlite3`, or
    /// `postgres://...`.
    pub(super) fn parse(url: &str) -> DbResult<Self> {
        let refuse = |cause: &str| DbError::BadUrl { url: without_password(url), cause: cause.to_owned() };
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return Self::sqlite(path).map_err(refuse);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgresql(url.to_owned()));
        }
        if url.contains("://") || url.is_empty() {
            return Err(refuse("write sqlite:FILE, sqlite://FILE or postgres://USER@HOST/DATABASE"));
        }
        let ending = Path::new(url).extension().and_then(|ending| ending.to_str()).unwrap_or("");
        if SQLITE_ENDINGS.contains(&ending) && !is_scheme_typo(url) {
            return Self::sqlite(url).map_err(refuse);
        }
        Err(refuse("it has no known scheme, nor is it a file name ending in .db; write sqlite:FILE for a SQLite file"))
    }

    fn sqlite(path: &str) -> Result<Self, &'static str> {
        if path.is_empty() || path == ":memory:" {
            return Err("name a file: every connection would see another database in memory");
        }
        let path = PathBuf::from(path);
        if path.is_dir() {
            return Err("it names a directory; name a file in it");
        }
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                Err("its directory does not exist; create it or correct the path")
            }
            _ => Ok(Self::Sqlite(path)),
        }
    }

    /// The URL as it may appear in a log.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgresql(url) => without_password(url),
        }
    }
}

/// `postgers:x.db` and the like: a single-word prefix before a colon is a scheme, not a path.
fn is_scheme_typo(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains(['/', '.', '\\']))
}

/// The URL with its password replaced.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    // A password may hold an unescaped slash, so the last @ counts when none stands before the first slash.
    let Some(at) = rest[..authority_end].rfind('@').or_else(|| rest.rfind('@')) else {
        return without_password_parameter(url);
    };
    let user = rest[..at].split(':').next().unwrap_or("");
    let shown = if rest[..at].contains(':') { format!("{user}:***") } else { user.to_owned() };
    without_password_parameter(&format!("{scheme}://{shown}{}", &rest[at..]))
}

fn without_password_parameter(url: &str) -> String {
    let Some(start) = url.find("password=") else { return url.to_owned() };
    let value = start + "password=".len();
    let end = url[value..].find('&').map_or(url.len(), |length| value + length);
    format!("{}***{}", &url[..value], &url[end..])
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.describe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_schemes_and_database_file_names_are_understood() {
        for (url, path) in
            [("sqlite:a.x", "a.x"), ("sqlite://a.x", "a.x"), ("sqlite:///tmp/a", "/tmp/a"), ("p.db", "p.db")]
        {
            assert_eq!(Target::parse(url).unwrap(), Target::Sqlite(PathBuf::from(path)), "{url}");
        }
        let url = "postgres://u@h/d";
        assert_eq!(Target::parse(url).unwrap(), Target::Postgresql(url.to_owned()));
    }

    #[test]
    fn typos_are_refused() {
        for url in [
            "",
            "typo",
            "postgers://h/d",
            "postgers:d.db",
            "mysql://h/d",
            "sqlite:",
            "sqlite::memory:",
            "paiban",
            "sqlite:/no/such/folder/x.db",
            "/tmp",
            "sqlite:/tmp",
            "host=localhost dbname=x",
        ] {
            let error = Target::parse(url).unwrap_err();
            assert_eq!(error.code(), "bad-database-url", "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://u:secret@h/d", "postgres://h/d?user=u&password=secret&x=1", "mysql://u:se/secret@h/d"] {
            assert!(!without_password(url).contains("secret"), "{url}");
        }
        assert_eq!(without_password("postgres://u:s@h/d"), "postgres://u:***@h/d");
    }
}
