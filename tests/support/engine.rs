//! The same story on both engines: a fresh, empty place for a store, and people who come to it.
//!
//! On PostgreSQL a person is a login of the server. On SQLite everyone is the same user of the operating system,
//! so people are told apart by `--as`, which only a store made with `init --demo` accepts.

use super::postgres::{Database, postgres};
use super::process::{Account, Ran, account};
use super::sqlite::{Place, place};
use super::terminal::{self, Setup};

/// A place for one store on one engine; gone when dropped.
pub enum Engine {
    /// A directory for a file.
    Sqlite(Place),
    /// A database of the shared server.
    Postgres(Database<'static>),
}

/// Somebody at the store, with an account of their own on the host.
pub struct Person {
    /// The login, which is the actor of what they write.
    pub login: String,
    /// Their home and environment, where `SMC_STORE` names the store.
    pub account: Account,
    as_login: bool,
}

/// A fresh place on each engine; SQLite alone if `SMC_NO_POSTGRES` is set.
pub fn engines() -> Vec<Engine> {
    let postgres = postgres().map(|server| Engine::Postgres(server.database()));
    [Engine::Sqlite(place())].into_iter().chain(postgres).collect()
}

impl Engine {
    /// What a failing test calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// What `--store` takes for whoever makes the store.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(place) => place.url(),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }

    /// Who makes the store: the operating system's user on SQLite, the database's owner on PostgreSQL.
    pub fn founder(&self) -> Person {
        let login = match self {
            Self::Sqlite(_) => {
                let user = nix::unistd::User::from_uid(nix::unistd::geteuid());
                user.expect("the user list").expect("this user has a name").name
            }
            Self::Postgres(database) => database.owner().name.clone(),
        };
        Person { login, account: account(&self.url()), as_login: false }
    }

    /// Somebody whom the store does not know yet. Take the login from the result: it is not always `word`.
    pub fn person(&self, word: &str) -> Person {
        match self {
            Self::Sqlite(place) => {
                Person { login: word.to_owned(), account: account(&place.url()), as_login: true }
            }
            Self::Postgres(database) => {
                let login = database.login(word);
                Person { login: login.name, account: account(&login.url), as_login: false }
            }
        }
    }
}

impl Person {
    /// Runs `smc` as this person.
    pub fn smc(&self, args: &[&str]) -> Ran {
        self.account.smc(&self.arguments(args))
    }

    /// `smc` as this person on a screen.
    pub fn terminal(&self, args: &[&str]) -> Setup {
        terminal::smc(&self.account, &self.arguments(args))
    }

    fn arguments<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        let who = if self.as_login { vec!["--as", self.login.as_str()] } else { Vec::new() };
        who.into_iter().chain(args.iter().copied()).collect()
    }
}
