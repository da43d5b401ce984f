//! Where a store is: a SQLite file or a PostgreSQL server, by the name people give it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::fault::StoreError;
use super::open::os_user;
use crate::domain::names::Login;

/// The place of a store.
#[derive(Clone, Debug)]
pub enum Place {
    /// A SQLite file on this host.
    File(PathBuf),
    /// A database of a PostgreSQL server; the name is without its password.
    Server(Box<PgConnectOptions>, String),
}

impl FromStr for Place {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains('\0') {
                return Err(StoreError::BadName(text.to_owned()));
            }
            return Ok(Self::File(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let options: PgConnectOptions =
                text.parse().map_err(|_| StoreError::BadName(nameless(text)))?;
            let local = options.get_socket().is_some()
                || options.get_host().starts_with('/')
                || matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
            // Nobody between this host and the server may read or change what goes by, unless told so.
            let options = if local || text.contains("sslmode=") {
                options
            } else {
                options.ssl_mode(PgSslMode::VerifyFull)
            };
            return Ok(Self::Server(Box::new(options), nameless(text)));
        }
        Err(StoreError::BadName(nameless(text)))
    }
}

/// The name without its password: it goes into messages.
fn nameless(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            let login = text.get(scheme + 3..at).unwrap_or_default();
            let user = login.split(':').next().unwrap_or_default();
            format!(
                "{}{user}{}",
                text.get(..scheme + 3).unwrap_or_default(),
                text.get(at..).unwrap_or_default()
            )
        }
        _ => text.to_owned(),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Server(_, name) => f.write_str(name),
        }
    }
}

impl Place {
    /// The login that comes to this place: the server's role, or the operating system's user.
    ///
    /// # Errors
    /// `NoActor` if it cannot be a person of a store.
    pub fn login(&self) -> Result<Login, StoreError> {
        match self {
            Self::File(_) => os_user(),
            Self::Server(options, _) => {
                let name = options.get_username();
                Login::new(name).map_err(|_| StoreError::NoActor(name.to_owned()))
            }
        }
    }

    /// The file that writers take turns by, beside the store's own.
    pub fn side_file(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        PathBuf::from(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_to_a_server_is_its_role() {
        let place: Place = "postgres://alice@localhost/smc".parse().unwrap();
        assert_eq!(place.login().unwrap().as_str(), "alice");
        let place: Place = "postgres://Alice@localhost/smc".parse().unwrap();
        assert!(place.login().is_err());
    }

    #[test]
    fn a_password_never_reaches_a_message() {
        let place: Place = "postgres://alice:s3cret@db.plant/smc".parse().unwrap();
        assert_eq!(place.to_string(), "postgres://alice@db.plant/smc");
        let bad = "mysql://alice:s3cret@db/smc".parse::<Place>().unwrap_err().to_string();
        assert!(!bad.contains("s3cret"), "{bad}");
    }

    #[test]
    fn a_server_off_this_host_must_prove_who_it_is() {
        let mode = |name: &str| match name.parse::<Place>() {
            Ok(Place::Server(options, _)) => options.get_ssl_mode(),
            other => panic!("{other:?}"),
        };
        assert!(matches!(mode("postgres://a@db.plant/smc"), PgSslMode::VerifyFull));
        assert!(matches!(mode("postgres://a@db.plant/smc?sslmode=disable"), PgSslMode::Disable));
        assert!(matches!(mode("postgres://a@127.0.0.1/smc"), PgSslMode::Prefer));
    }

    #[test]
    fn what_names_no_store_is_refused() {
        for name in ["", "smc.db", "sqlite:", "http://x"] {
            assert!(name.parse::<Place>().is_err(), "{name}");
        }
    }
}
