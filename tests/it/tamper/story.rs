//! A small store with a story in it, and the raw connection by which somebody tampers with it.

use std::path::PathBuf;

use serde_json::{Value, json};
use smc::commands::{Desk, Submission, origin};
use smc::domain::command::Command;
use smc::domain::names::Login;
use smc::domain::text::Line;
use smc::store::replay::{Progress, Report, verify};
use smc::store::{Opening, Place, Store, StoreError, found};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};

use crate::support::sqlite;

/// A SQLite store on a place of its own.
pub struct Story {
    place: sqlite::Place,
}

/// Hands in a command as somebody.
pub async fn told(
    place: &Place,
    who: Option<&str>,
    name: &str,
    fields: Value,
) -> Result<Vec<i64>, StoreError> {
    let act_as = who.map(|login| Login::new(login).unwrap());
    let desk = Desk::open(place.clone(), Opening { act_as, ..Opening::default() }, "test").await?;
    let command = Command::read(name, fields).unwrap_or_else(|| panic!("no command {name}"));
    let receipt = desk.submit(Submission::from(command.unwrap())).await?;
    Ok(receipt.entries)
}

impl Story {
    /// A store that was founded and nothing more.
    pub async fn founded() -> Self {
        let story = Self { place: sqlite::place() };
        found(&story.at(), &Line::new("Acme").unwrap(), true, &origin("test")).await.unwrap();
        story
    }

    /// A store in which a change was asked for and half decided.
    pub async fn told() -> Self {
        let story = Self::founded().await;
        for (who, name, fields) in [
            (
                None,
                "site.register",
                json!({"site": "RLF", "name": "Ridley Field", "timezone": "Europe/Amsterdam"}),
            ),
            (
                None,
                "asset.register",
                json!({"tag": "PLC-1", "site": "RLF", "name": "Boiler", "class": "plc",
                "vendor": "Siemens", "product": "S7-1500", "firmware": "2.9.2", "production": 4}),
            ),
            (
                None,
                "person.register",
                json!({"login": "bob", "name": "Bob", "disciplines": ["operations", "engineering"]}),
            ),
            (None, "role.grant", json!({"login": "bob", "role": "shift_lead"})),
            (None, "log.add", json!({"site": "RLF", "text": "all quiet"})),
            (
                None,
                "person.register",
                json!({"login": "ida", "name": "Ida", "disciplines": ["it_security"]}),
            ),
            (None, "role.grant", json!({"login": "ida", "role": "smc_operator"})),
            (None, "change.request", change()),
            (
                Some("bob"),
                "decide",
                json!({"ref": "CR-1", "discipline": "operations", "decision": "yes"}),
            ),
        ] {
            told(&story.at(), who, name, fields)
                .await
                .unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
        story
    }

    pub fn at(&self) -> Place {
        Place::File(self.file())
    }

    pub fn file(&self) -> PathBuf {
        self.place.file()
    }

    /// The store, opened to be looked at whatever is in it.
    pub async fn open(&self) -> Store {
        let opening = Opening { inspect: true, ..Opening::default() };
        Store::open(self.at(), opening).await.unwrap()
    }

    pub async fn verify(&self) -> Report {
        let store = self.open().await;
        let report = verify(&store, &[], Progress::silent()).await.unwrap();
        store.close().await;
        report
    }

    /// The file as somebody with raw tools has it.
    pub async fn raw(&self) -> SqliteConnection {
        sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.file())
            .foreign_keys(false)
            .pragma("ignore_check_constraints", "ON")
            .connect()
            .await
            .unwrap()
    }
}

/// The fields of a change that is asked for.
pub fn change() -> Value {
    let (level, none) = (json!({"level": "low", "text": "little"}), json!({"level": "none"}));
    json!({"site": "RLF", "title": "New firmware", "kind": "normal", "assets": ["RLF/PLC-1"],
        "start": "2031-01-02T08:00:00Z", "end": "2031-01-02T10:00:00Z",
        "impacts": {"security": level, "safety": level, "quality": level, "validation": none, "uptime": level},
        "rollback": "the old one", "tests": "it runs"})
}

/// Runs statements as they are.
pub async fn run(c: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *c)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Takes the ledger's triggers away; gives what makes them again.
pub async fn unguard(c: &mut SqliteConnection) -> String {
    let triggers: Vec<(String, String)> =
        sqlx::query_as("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            .fetch_all(&mut *c)
            .await
            .unwrap();
    for (name, _) in &triggers {
        run(c, &format!("DROP TRIGGER {name}")).await;
    }
    triggers.into_iter().map(|(_, sql)| sql + ";").collect()
}
