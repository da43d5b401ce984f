//! Sixteen people write at once: commands through the desk, against what the engine alone does for such entries.
//!
//! `cargo bench --bench writers`. The bare append is one transaction with one entry of the same bytes and durability: on
//! SQLite the row of the ledger and the head, on PostgreSQL the owner's own function. Rounds of both take turns, so
//! that the ratio holds on a machine that does other things too. `SMC_BENCH_ROUNDS` and `SMC_BENCH_EACH` say how often.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]
#![allow(clippy::disallowed_types, reason = "the bare append is a statement of its own")]

#[allow(unused_imports, reason = "a tool box: not every bench needs every tool")]
#[path = "../tests/support/support.rs"]
mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use smc::commands::{Desk, Submission, origin, read};
use smc::domain::rule;
use smc::domain::text::Line;
use smc::domain::time::Time;
use smc::ledger::{Body, Draft, Salt, Tip};
use smc::store::{Opening, Place, found, fresh_id};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, PgConnection, SqliteConnection};
use support::engine::Engine;
use support::engines;

const WRITERS: usize = 16;

fn asked(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn command(name: &str, fields: serde_json::Value) -> Submission {
    Submission::from(read(name, fields).unwrap())
}

fn line() -> Submission {
    command("log.add", json!({"site": "RLF", "text": "round made, all gates shut"}))
}

fn rate(many: usize, took: Duration) -> f64 {
    many as f64 / took.as_secs_f64()
}

async fn store(place: &Place) {
    found(place, &Line::new("Bench").unwrap(), true, &origin("bench")).await.unwrap();
    let desk = Desk::open(place.clone(), Opening::default(), "bench").await.unwrap();
    let fields = json!({"site": "RLF", "name": "Rotterdam", "timezone": "Europe/Amsterdam"});
    desk.submit(command("site.register", fields)).await.unwrap();
    desk.close().await;
}

/// Commands a second through the desk, by 16 writers with a connection each.
async fn commands(place: &Place, each: usize) -> f64 {
    let mut desks = Vec::new();
    for _ in 0..WRITERS {
        let desk = Desk::open(place.clone(), Opening::default(), "bench").await.unwrap();
        desk.submit(line()).await.unwrap();
        desks.push(desk);
    }
    let begun = Instant::now();
    let writers: Vec<_> = desks
        .into_iter()
        .map(|desk| {
            tokio::spawn(async move {
                for _ in 0..each {
                    desk.submit(line()).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    rate(WRITERS * each, begun.elapsed())
}

fn draft() -> Draft {
    let id = fresh_id().unwrap();
    let data = json!({"site": "RLF", "text": "round made, all gates shut"});
    let mut body = Body::new(id, Salt([7; 16]), rule::CURRENT, origin("bench"), &data).unwrap();
    body.site = Some("RLF".to_owned());
    Draft::new("log.added", "LL-?", &body).unwrap()
}

async fn bare_sqlite(c: &mut SqliteConnection, store_id: &str) {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *c).await.unwrap();
    let (seq, hash, at): (i64, Vec<u8>, i64) =
        sqlx::query_as("SELECT seq, hash, at FROM head").fetch_one(&mut *c).await.unwrap();
    let hash = hash.as_slice().try_into().unwrap();
    let tip = Tip { seq, hash, at: Time::from_micros(at) };
    let mut draft = draft();
    draft.subject = format!("LL-{seq}");
    let entry = draft.seal(store_id, &tip, "bench", smc::clock::now());
    sqlx::query(
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, x'')",
    )
    .bind(entry.seq)
    .bind(entry.id.to_string())
    .bind(entry.prev.as_bytes().to_vec())
    .bind(entry.hash.as_bytes().to_vec())
    .bind(&entry.actor)
    .bind(entry.at.micros())
    .bind(&entry.kind)
    .bind(&entry.subject)
    .bind(&entry.body)
    .execute(&mut *c)
    .await
    .unwrap();
    sqlx::query("UPDATE head SET seq = $1, hash = $2, at = $3")
        .bind(entry.seq)
        .bind(entry.hash.as_bytes().to_vec())
        .bind(entry.at.micros())
        .execute(&mut *c)
        .await
        .unwrap();
    sqlx::query("COMMIT").execute(&mut *c).await.unwrap();
}

async fn bare_postgres(c: &mut PgConnection) {
    sqlx::query("BEGIN").execute(&mut *c).await.unwrap();
    sqlx::query("SELECT seq FROM api.append('log.added', 'LL-?', $1)")
        .bind(draft().body)
        .execute(&mut *c)
        .await
        .unwrap();
    sqlx::query("COMMIT").execute(&mut *c).await.unwrap();
}

/// Bare appends a second, by 16 writers with a connection each.
async fn appends(engine: &Engine, each: usize) -> f64 {
    let url = engine.url();
    let mut writers = Vec::new();
    let begun = match engine {
        Engine::Sqlite(place) => {
            let options = SqliteConnectOptions::new()
                .filename(place.file())
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(60))
                .disable_statement_logging();
            let mut connections = Vec::new();
            for _ in 0..WRITERS {
                connections.push(options.connect().await.unwrap());
            }
            let id: (String,) = sqlx::query_as("SELECT store_id FROM head")
                .fetch_one(&mut connections[0])
                .await
                .unwrap();
            let begun = Instant::now();
            for mut c in connections {
                let id = id.0.clone();
                writers.push(tokio::spawn(async move {
                    for _ in 0..each {
                        bare_sqlite(&mut c, &id).await;
                    }
                }));
            }
            begun
        }
        Engine::Postgres(_) => {
            let options: PgConnectOptions = url.parse().unwrap();
            let mut connections = Vec::new();
            for _ in 0..WRITERS {
                let mut c = options.clone().disable_statement_logging().connect().await.unwrap();
                // No rows follow here: the trigger that asks for them is off in this database.
                bare_postgres(&mut c).await;
                connections.push(c);
            }
            let begun = Instant::now();
            for mut c in connections {
                writers.push(tokio::spawn(async move {
                    for _ in 0..each {
                        bare_postgres(&mut c).await;
                    }
                }));
            }
            begun
        }
    };
    for writer in writers {
        writer.await.unwrap();
    }
    rate(WRITERS * each, begun.elapsed())
}

/// Lets an entry stand without a row, in a database that nobody but this bench uses.
async fn without_effect(engine: &Engine) {
    if let Engine::Postgres(_) = engine {
        let options: PgConnectOptions = engine.url().parse().unwrap();
        let mut c = options.connect().await.unwrap();
        sqlx::raw_sql(
            "SET ROLE smc_owner; ALTER TABLE smc.ledger DISABLE TRIGGER has_effect; RESET ROLE",
        )
        .execute(&mut c)
        .await
        .unwrap();
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (rounds, each) = (asked("SMC_BENCH_ROUNDS", 5), asked("SMC_BENCH_EACH", 40));
    let bare = engines();
    for (desk, bare) in engines().iter().zip(&bare) {
        let (place, other): (Place, Place) =
            (desk.url().parse().unwrap(), bare.url().parse().unwrap());
        runtime.block_on(async {
            store(&place).await;
            store(&other).await;
            without_effect(bare).await;
            let mut ratios = Vec::new();
            for round in 1..=rounds {
                let appends = appends(bare, each).await;
                let commands = commands(&place, each).await;
                println!(
                    "{} round {round}: {commands:.0} commands/s, {appends:.0} bare appends/s, {:.0} %",
                    desk.name(),
                    100.0 * commands / appends
                );
                ratios.push(commands / appends);
            }
            ratios.sort_by(f64::total_cmp);
            println!("{}: median ratio {:.0} % (budget 60 %)", desk.name(), 100.0 * ratios[rounds / 2]);
        });
    }
}
