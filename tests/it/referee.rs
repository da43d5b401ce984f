//! What an operator with raw SQL may do to a store on PostgreSQL: what the rules allow, and nothing else.
//!
//! Everything here is spoken in SQL by logins of the server. The program takes no part but to check the chain.

mod altered;
mod approval;
mod chain;
mod grants;
mod hostage;
mod ledger;
mod rights;
mod rows;
mod thirty;

use std::sync::atomic::{AtomicU32, Ordering};

use smc::domain::rule::CURRENT;

use crate::support::postgres::{Database, Login};
use crate::support::{postgres, schema};

/// A founded demo store with the sites RLF and ANR, and the people who come to it.
struct Store {
    database: Database<'static>,
    /// The founder: administrator, manager, operator and shift lead, of operations and engineering.
    founder: Login,
    /// Operator of all sites, of IT security.
    alice: Login,
    /// Operator of RLF alone, of quality.
    bob: Login,
}

/// A store of the test's own; `None` if PostgreSQL is left out.
fn store() -> Option<Store> {
    let database = postgres()?.database();
    schema::schema(&database);
    let founder = database.owner().clone();
    let (alice, bob) = (database.login("alice"), database.login("bob"));
    let mut script = format!("SELECT api.found('Acme', '{}', true);", founder.name);
    for site in ["RLF", "ANR"] {
        script += &with(
            &entry("site.registered", site, None),
            "INSERT INTO smc.site (ref, name, timezone, frameworks, state, seq)
             SELECT subject, subject, 'UTC', '[]', 'active', seq FROM e;",
        );
    }
    script += &registered(&alice, "it_security");
    script += &registered(&bob, "quality");
    script += &granted(&alice, "smc_operator", "*", "NULL");
    script += &granted(&bob, "smc_operator", "RLF", "NULL");
    let store = Store { database, founder, alice, bob };
    store.may(&store.founder, &script);
    Some(store)
}

impl Store {
    /// Runs SQL that the store must take.
    #[track_caller]
    fn may(&self, who: &Login, sql: &str) -> String {
        match self.database.sql_as(who, sql) {
            Ok(said) => said,
            Err(why) => panic!("{} may {sql}\nbut: {why}", who.name),
        }
    }

    /// Runs SQL that the store must refuse, with these words.
    #[track_caller]
    fn refused(&self, who: &Login, sql: &str, words: &str) {
        match self.database.sql_as(who, sql) {
            Ok(said) => panic!("{} may not {sql}\nbut could: {said}", who.name),
            Err(why) => {
                assert!(why.contains(words), "{sql}\nwas refused, but not with {words:?}:\n{why}")
            }
        }
    }

    /// Registers a login with one discipline, and lets it use the console.
    #[track_caller]
    fn person(&self, login: &Login, discipline: &str) {
        self.may(&self.founder, &registered(login, discipline));
    }

    /// Grants a role, at a site or `*`, until an SQL expression or NULL.
    #[track_caller]
    fn grant(&self, login: &Login, role: &str, scope: &str, until: &str) {
        self.may(&self.founder, &granted(login, role, scope, until));
    }
}

fn registered(login: &Login, discipline: &str) -> String {
    let name = &login.name;
    format!(
        "WITH e AS ({}), p AS (
             INSERT INTO smc.person (ref, name, state, seq) SELECT subject, subject, 'active', seq FROM e
         )
         INSERT INTO smc.person_discipline (person_ref, discipline, seq)
         SELECT subject, '{discipline}', seq FROM e;
         SELECT api.grant_console('{name}');",
        entry("person.registered", name, None)
    )
}

fn granted(login: &Login, role: &str, scope: &str, until: &str) -> String {
    let rows = format!(
        "INSERT INTO smc.role_grant (person_ref, role, scope, until_at, state, seq)
         SELECT subject, '{role}', '{scope}', {until}, 'held', seq FROM e;"
    );
    with(&entry("role.granted", &login.name, None), &rows)
}

/// A body of this site, with an id of its own, as an SQL expression.
fn body(site: Option<&str>) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let site = site.map(|site| format!(r#""site":"{site}","#)).unwrap_or_default();
    format!(
        r#"convert_to('{{"id":"01KAMQ9R{number:018}","salt":"00112233445566778899aabbccddeeff","v":{CURRENT},{site}"from":{{"host":"jh1","tty":"","via":"psql","version":"0"}},"data":{{}}}}', 'UTF8')"#
    )
}

/// An append of this kind about this subject, as an SQL query.
pub fn entry(kind: &str, subject: &str, site: Option<&str>) -> String {
    format!("SELECT * FROM api.append('{kind}', '{subject}', {})", body(site))
}

/// A statement that writes rows from the entry `e`.
fn with(entry: &str, rows: &str) -> String {
    format!("WITH e AS ({entry}) {rows}")
}

/// A log line as the rules want it: an entry and its row.
fn log_line(site: &str) -> String {
    with(&entry("log.added", "LL-?", Some(site)), &log_row(site))
}

/// The row of a log line from the entry `e`.
fn log_row(site: &str) -> String {
    format!(
        "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq)
         SELECT subject, '{site}', 'all quiet', actor, at, 'added', seq FROM e"
    )
}
