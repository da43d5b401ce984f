//! What tests share that work through the desk itself: a founded store and commands by their name.

use std::future::Future;

use serde_json::Value;
use smc::commands::{Desk, Submission};
use smc::domain::command::Command;
use smc::store::{Opening, Place};

use crate::support::engine::Engine;

/// Runs on a runtime like the program's.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Makes a store marked DEMO, as its founder.
pub fn found(engine: &Engine) {
    engine.founder().smc(&["init", "--org", "Acme", "--demo"]).exits(0);
}

/// A desk at the store of this name.
pub async fn desk(url: &str) -> Desk {
    let place: Place = url.parse().unwrap();
    Desk::open(place, Opening::default(), "test").await.unwrap()
}

/// A command by its name, ready to be handed in.
pub fn command(name: &str, fields: Value) -> Submission {
    Submission::from(Command::read(name, fields).unwrap().unwrap())
}

/// A command that registers a site.
pub fn site(code: &str) -> Submission {
    let fields =
        serde_json::json!({"site": code, "name": "A plant", "timezone": "Europe/Amsterdam"});
    command("site.register", fields)
}

/// A site code for a number below 900.
pub fn code(number: usize) -> String {
    format!("S{number:02}").chars().take(3).collect()
}

/// Changes a store behind the program's back.
pub async fn raw(place: &crate::support::sqlite::Place, sql: &str) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
