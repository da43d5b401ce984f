//! How fast commands are: a whole command through the desk, against the bare append of the same entry.
//!
//! `cargo bench --bench commands`: one writer; `benches/writers.rs` has sixteen. With `SMC_BENCH_POSTGRES=postgres://owner@127.0.0.1:5432/empty` also on
//! PostgreSQL, where the database must be empty and the login may make roles.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::PathBuf;

use divan::Bencher;
use divan::counter::ItemsCount;
use smc::commands::{Desk, Submission, origin};
use smc::domain::command::Command;
use smc::domain::log_line;
use smc::domain::names::SiteCode;
use smc::domain::site;
use smc::domain::text::{Line, Prose};
use smc::store::{Opening, Place, found};
use tokio::runtime::Runtime;

/// Commands in one sample.
const MANY: u32 = 200;

fn main() {
    divan::main();
}

struct Bench {
    runtime: Runtime,
    desk: Desk,
    _dir: tempfile::TempDir,
}

fn add() -> Command {
    Command::LogLine(log_line::Command::Add(log_line::Add {
        site: SiteCode::new("RLF").expect("a code"),
        text: Prose::new("round made, all gates shut").expect("a text"),
        incident: None,
    }))
}

fn open(place: impl FnOnce(PathBuf) -> Option<Place>) -> Option<Bench> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let dir = tempfile::tempdir().expect("a directory");
    let place = place(dir.path().join("smc.db"))?;
    let desk = runtime.block_on(async {
        let org = Line::new("Bench").expect("a name");
        // A database that was founded by the bench before is used again.
        let _ = found(&place, &org, true, &origin("bench")).await;
        let desk = Desk::open(place, Opening::default(), "bench").await.expect("a store");
        let register = site::Register {
            site: SiteCode::new("RLF").expect("a code"),
            name: Line::new("Rotterdam").expect("a name"),
            timezone: site::Zone::parse("Europe/Amsterdam").expect("a zone"),
            sector: None,
            frameworks: None,
            nerc_impact: None,
            otcc_level: None,
        };
        let _ =
            desk.submit(Submission::from(Command::Site(site::Command::Register(register)))).await;
        desk
    });
    Some(Bench { runtime, desk, _dir: dir })
}

fn sqlite() -> Option<Bench> {
    open(|path| Some(Place::File(path)))
}

fn postgres() -> Option<Bench> {
    let url = std::env::var("SMC_BENCH_POSTGRES").ok()?;
    open(|_| url.parse().ok())
}

fn one_by_one(bencher: Bencher, bench: Option<Bench>) {
    let Some(bench) = bench else { return };
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        bench.runtime.block_on(async {
            for _ in 0..MANY {
                bench.desk.submit(Submission::from(add())).await.expect("a receipt");
            }
        });
    });
}

fn all_at_once(bencher: Bencher, bench: Option<Bench>) {
    let Some(bench) = bench else { return };
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        bench.runtime.block_on(async {
            let many = (0..MANY).map(|_| Submission::from(add())).collect();
            bench.desk.submit_all(many).await.expect("receipts");
        });
    });
}

#[divan::bench(sample_count = 10)]
fn commands_one_by_one_sqlite(bencher: Bencher) {
    one_by_one(bencher, sqlite());
}

#[divan::bench(sample_count = 10)]
fn commands_in_one_transaction_sqlite(bencher: Bencher) {
    all_at_once(bencher, sqlite());
}

#[divan::bench(sample_count = 10)]
fn commands_one_by_one_postgres(bencher: Bencher) {
    one_by_one(bencher, postgres());
}

#[divan::bench(sample_count = 10)]
fn commands_in_one_transaction_postgres(bencher: Bencher) {
    all_at_once(bencher, postgres());
}

/// What the engine alone does for such an entry: one transaction, one row of the same size in a chain of the
/// same shape, one commit with the same durability.
#[divan::bench(sample_count = 10)]
fn bare_append_sqlite(bencher: Bencher) {
    use sqlx::ConnectOptions;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let dir = tempfile::tempdir().expect("a directory");
    let mut c = runtime.block_on(async {
        let mut c = SqliteConnectOptions::new()
            .filename(dir.path().join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging()
            .connect()
            .await
            .expect("a file");
        sqlx::raw_sql("CREATE TABLE ledger (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
            .execute(&mut c)
            .await
            .expect("a table");
        c
    });
    let body = vec![0x20_u8; 420];
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        runtime.block_on(async {
            for _ in 0..MANY {
                sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut c).await.expect("begin");
                sqlx::query("INSERT INTO ledger (body) VALUES ($1)")
                    .bind(body.as_slice())
                    .execute(&mut c)
                    .await
                    .expect("append");
                sqlx::raw_sql("COMMIT").execute(&mut c).await.expect("commit");
            }
        });
    });
}
