//! A fresh database of a server, with logins of its own.

use std::sync::Mutex;

use super::{Login, Server};

/// A fresh database, and the login that owns it: no superuser, with CREATEROLE. Dropped with its logins.
pub struct Database<'s> {
    server: &'s Server,
    name: String,
    owner: Login,
    logins: Mutex<Vec<String>>,
}

impl<'s> Database<'s> {
    /// A database that was just made, of this login.
    pub(super) fn of(server: &'s Server, name: String, owner: Login) -> Self {
        Self { server, name, owner, logins: Mutex::new(Vec::new()) }
    }
}

impl Database<'_> {
    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The login that owns the database: who runs `smc init`.
    pub fn owner(&self) -> &Login {
        &self.owner
    }

    /// What `--store` takes to come in as the owner.
    pub fn url(&self) -> &str {
        &self.owner.url
    }

    /// A fresh login without any right of its own. Its name begins with `word` and is unique in the server.
    pub fn login(&self, word: &str) -> Login {
        let login = self.server.login(&format!("{word}_{}", self.server.number()), &self.name, "");
        self.logins.lock().expect("no test panicked here").push(login.name.clone());
        login
    }

    /// The URL of the server's superuser in this database: for what a DBA with every right could do.
    pub fn superuser_url(&self) -> String {
        self.server.url("postgres", &self.name)
    }

    /// What pg_dump and pg_restore make of it, in another database.
    pub fn copy(&self) -> Self {
        self.server.restored(&self.name)
    }

    /// Puts a copy in the place of this database, under its name; what stood there is gone.
    pub fn put_back(&self, copy: &Self) {
        let run = |sql: String| self.server.superuser_sql("postgres", &sql);
        run(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        run(format!(
            "CREATE DATABASE {} TEMPLATE {} OWNER {}",
            self.name, copy.name, self.owner.name
        ));
    }

    /// This login as it comes to this database.
    pub fn as_login(&self, login: &Login) -> Login {
        Login { name: login.name.clone(), url: self.server.url(&login.name, &self.name) }
    }

    /// Runs SQL as the superuser and returns what psql printed, unaligned; fails the test on an error.
    #[track_caller]
    pub fn sql(&self, sql: &str) -> String {
        self.server.superuser_sql(&self.name, sql)
    }

    /// Runs SQL in raw psql as this login: what it printed, or what the server refused with.
    pub fn sql_as(&self, login: &Login, sql: &str) -> Result<String, String> {
        self.server.psql(&login.url, sql)
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // A test may have stopped the server; its files go as a whole then.
        let postgres = self.server.url("postgres", "postgres");
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if self.server.psql(&postgres, &drop).is_err() {
            return;
        }
        let logins = self.logins.get_mut().map(std::mem::take).unwrap_or_default();
        for role in logins.iter().chain([&self.owner.name]) {
            // A role that granted something stays; its name is never used again.
            let _ = self.server.psql(&postgres, &format!("DROP ROLE IF EXISTS {role}"));
        }
    }
}
