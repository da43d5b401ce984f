//! Checkpoints of a long ledger: made on the way, gone on from, never proof of anything, and never of another ledger.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

use serde_json::json;
use smc::commands::Desk;
use smc::domain::command::Command;
use smc::store::link::On;
use smc::store::replay::{At, Past, Progress, Step, as_of_apart, verify};
use smc::store::{Opening, Place, Store, StoreError};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};

use crate::support::engine::Engine;
use crate::support::story::{full, on_both};

/// Checkpoints are made where a page of the ledger ends: the nearest that they can be.
const APART: i64 = 1_000;

async fn write(desk: &Desk, count: usize, text: &str) {
    for from in (0..count).step_by(400) {
        let lines = (from..count.min(from + 400)).map(|number| {
            let fields = json!({"site": "RLF", "text": format!("{text} {number}")});
            Command::read("log.add", fields).unwrap().unwrap().into()
        });
        desk.submit_all(lines.collect()).await.unwrap();
    }
}

/// The store after this entry, and how many entries were played for it.
async fn seen(store: &Store, seq: i64, cache: &Path) -> (Past, i64) {
    let played = AtomicI64::new(0);
    let tell = |step: Step| played.store(step.done, Relaxed);
    let never = AtomicBool::new(false);
    let past = as_of_apart(store, At::Seq(seq), cache, APART, Progress::new(&tell, &never));
    let past = past.await.unwrap();
    assert_eq!(past.head.tip.seq, seq);
    (past, played.into_inner())
}

fn kept(cache: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(cache).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Every row of every table, but for the entries of the ledger, whose bodies no replay keeps.
pub async fn rows(past: Past) -> BTreeMap<String, Vec<String>> {
    let On::Sqlite(mut c) = past.tables else { panic!("a past is always a file") };
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'ledger'",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        all.insert(table.clone(), rows_of(&mut c, &table).await);
    }
    all
}

async fn rows_of(c: &mut SqliteConnection, table: &str) -> Vec<String> {
    let columns: Vec<String> =
        sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut *c)
            .await
            .unwrap();
    let sql = format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || '|' || "));
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(c).await.unwrap()
}

/// Another store with the same beginning, as a copy or a restored dump is one; it goes on by itself.
async fn fork(
    engine: &Engine,
    desk: &Desk,
    dir: &Path,
) -> (Option<crate::support::postgres::Database<'static>>, Desk) {
    let (database, place): (_, Place) = match engine {
        Engine::Sqlite(_) => {
            let copy = dir.join("fork.db");
            desk.store().backup(&copy).await.unwrap();
            (None, Place::File(copy))
        }
        Engine::Postgres(database) => {
            let copy = database.copy();
            copy.sql("UPDATE smc.head SET xid = '0'");
            let url = copy.as_login(database.owner()).url;
            (Some(copy), url.parse().unwrap())
        }
    };
    (database, Desk::open(place, Opening::default(), "test").await.unwrap())
}

#[test]
fn checkpoints_are_made_on_the_way_and_gone_on_from() {
    on_both(async |engine, story| {
        full(story).await;
        write(&story.boss, 2_200, "here").await;
        let dir = tempfile::tempdir().unwrap();
        let (cache, fresh) = (dir.path().join("cache"), dir.path().join("fresh"));
        let store = story.alice.store();

        let (_, played) = seen(store, 2_150, &cache).await;
        assert_eq!(played, 2_150, "{}: from the first entry", engine.name());
        assert_eq!(kept(&cache).len(), 3, "two checkpoints and what was asked for");
        let (from_one, played) = seen(store, 2_100, &cache).await;
        assert_eq!(played, 100, "from the checkpoint after 2,000");
        let (from_none, played) = seen(store, 2_100, &fresh).await;
        assert_eq!(played, 2_100);
        let (from_one, from_none) = (rows(from_one).await, rows(from_none).await);
        assert_eq!(from_one, from_none, "{}", engine.name());
        assert!(from_one.values().filter(|rows| !rows.is_empty()).count() > 15, "{from_one:?}");

        for file in kept(&cache) {
            std::fs::remove_file(file).unwrap();
        }
        assert_eq!(seen(store, 2_100, &cache).await.1, 2_100, "what was removed is made anew");
        assert_eq!(kept(&cache).len(), 3);
        let (_, again) = seen(store, 2_100, &cache).await;
        assert_eq!(again, 0, "it is there");
    });
}

#[test]
fn what_is_kept_and_cannot_be_read_is_made_anew() {
    on_both(async |engine, story| {
        write(&story.boss, 1_400, "here").await;
        let cache = tempfile::tempdir().unwrap();
        let store = story.alice.store();
        let whole = rows(seen(store, 1_300, cache.path()).await.0).await;
        for rubbish in ["", "no database, and longer than its first page is said to be"] {
            for file in kept(cache.path()) {
                std::fs::write(file, rubbish).unwrap();
            }
            let (past, played) = seen(store, 1_300, cache.path()).await;
            assert_eq!(played, 1_300, "{}: not even the checkpoint was of use", engine.name());
            assert_eq!(rows(past).await, whole);
        }
    });
}

#[test]
fn what_was_stopped_goes_on_from_its_last_checkpoint() {
    on_both(async |engine, story| {
        write(&story.boss, 1_400, "here").await;
        let cache = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        let reached = AtomicI64::new(0);
        let tell = |step: Step| {
            reached.store(step.done, Relaxed);
            stop.store(step.done > APART, Relaxed);
        };
        let store = story.alice.store();
        let progress = Progress::new(&tell, &stop);
        let stopped = as_of_apart(store, At::Seq(1_300), cache.path(), APART, progress).await;
        assert!(matches!(stopped, Err(StoreError::Stopped)), "{stopped:?}");
        assert_eq!(reached.load(Relaxed), 1_300);
        assert_eq!(kept(cache.path()).len(), 1, "{}: what was begun is gone", engine.name());
        assert_eq!(seen(store, 1_300, cache.path()).await.1, 300);
    });
}

#[test]
fn no_verification_goes_by_a_checkpoint() {
    on_both(async |engine, story| {
        write(&story.boss, 1_200, "here").await;
        let cache = tempfile::tempdir().unwrap();
        let store = story.alice.store();
        let (_, played) = seen(store, 1_100, cache.path()).await;
        assert_eq!(played, 1_100);
        for file in kept(cache.path()) {
            let mut c =
                sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
            sqlx::query("UPDATE site SET name = 'made up'").execute(&mut c).await.unwrap();
        }
        let (past, played) = seen(store, 1_150, cache.path()).await;
        assert_eq!(played, 50);
        assert!(rows(past).await["site"].concat().contains("made up"), "a past goes by them");
        let played = AtomicI64::new(0);
        let tell = |step: Step| {
            if step.what == "entries" {
                played.store(step.done, Relaxed);
            }
        };
        let never = AtomicBool::new(false);
        let report = verify(store, &[], Progress::new(&tell, &never)).await.unwrap();
        assert!(report.holds(), "{}: {report:#?}", engine.name());
        assert_eq!(played.load(Relaxed), report.entries, "from the first entry to the last");
    });
}

#[test]
fn a_checkpoint_of_another_ledger_is_none() {
    on_both(async |engine, story| {
        let dir = tempfile::tempdir().unwrap();
        let cache = dir.path().join("cache");
        let (_database, forked) = fork(engine, &story.boss, dir.path()).await;
        write(&story.boss, 1_200, "here").await;
        assert_eq!(seen(story.alice.store(), 1_100, &cache).await.1, 1_100);
        write(&forked, 1_200, "forked").await;
        let ids = [story.boss.store(), forked.store()].map(|store| store.facts().store_id.clone());
        assert_eq!(ids[0], ids[1], "a copy has the id of the store");
        let (past, played) = seen(forked.store(), 1_100, &cache).await;
        assert_eq!(
            played,
            1_100,
            "{}: the same store's checkpoint is of another ledger",
            engine.name()
        );
        let lines = rows(past).await["log_line"].concat();
        assert!(lines.contains("forked 7") && !lines.contains("here 7"));
    });
}
