//! How fast a ledger is checked and replayed: entries a second, on a store of assets and log lines.
//!
//! `SMC_BENCH_ENTRIES` says how many entries the store has, 50,000 if it is not set. With
//! `SMC_BENCH_POSTGRES=postgres://owner@127.0.0.1:5432/empty` the store is there, where the database must be empty and the
//! login may make roles; else it is a SQLite file.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::json;
use smc::commands::origin;
use smc::domain::command::Kind;
use smc::domain::text::Line;
use smc::store::replay::{Progress, check_chain, verify};
use smc::store::{Given, Opening, Place, Store, Write, found};
use tokio::runtime::Runtime;

struct Bench {
    runtime: Runtime,
    store: Store,
    entries: i64,
    _dir: tempfile::TempDir,
}

fn main() {
    divan::main();
}

fn entries() -> i64 {
    std::env::var("SMC_BENCH_ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(50_000)
}

fn kind(number: i64) -> Kind {
    let (name, data) = if number % 4 == 0 {
        ("log.added", json!({"site": "RLF", "text": format!("round {number}: nothing to report")}))
    } else {
        (
            "asset.registered",
            json!({"tag": format!("PLC-{number}"), "site": "RLF", "name": format!("Controller {number}"),
                "class": "plc", "vendor": "Siemens", "product": "S7-1500", "firmware": "2.9.2",
                "serial": format!("S-{number}"), "ip": "10.0.0.1", "production": 3}),
        )
    };
    Kind::read(name, data).unwrap().unwrap()
}

async fn fill(place: &Place) -> (Store, i64) {
    found(place, &Line::new("Bench").unwrap(), true, &origin("bench")).await.unwrap();
    let store = Store::open(place.clone(), Opening::default()).await.unwrap();
    let site = json!({"site": "RLF", "name": "Ridley", "timezone": "UTC"});
    let mut write = Write::begin(&store).await.unwrap();
    let site = Kind::read("site.registered", site).unwrap().unwrap();
    write.append(site, &origin("bench"), Given::default()).await.unwrap();
    write.commit().await.unwrap();
    let mut last = 0;
    for chunk in 0..entries() / 1000 {
        let mut write = Write::begin(&store).await.unwrap();
        for number in 0..1000 {
            write
                .append(kind(chunk * 1000 + number), &origin("bench"), Given::default())
                .await
                .unwrap();
        }
        last = write.commit().await.unwrap().seq;
    }
    (store, last)
}

fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let place = match std::env::var("SMC_BENCH_POSTGRES") {
            Ok(url) => url.parse().expect("a place"),
            Err(_) => Place::File(dir.path().join("smc.db")),
        };
        let (store, entries) = runtime.block_on(fill(&place));
        Bench { runtime, store, entries, _dir: dir }
    })
}

fn items(bench: &Bench) -> ItemsCount {
    ItemsCount::new(usize::try_from(bench.entries).unwrap())
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn chain(bencher: Bencher<'_, '_>) {
    let bench = bench();
    bencher.counter(items(bench)).bench(|| {
        let report = bench.runtime.block_on(check_chain(&bench.store, Progress::silent())).unwrap();
        assert!(report.holds());
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn verify_whole(bencher: Bencher<'_, '_>) {
    let bench = bench();
    bencher.counter(items(bench)).bench(|| {
        let report = bench.runtime.block_on(verify(&bench.store, &[], Progress::silent())).unwrap();
        assert!(report.holds());
    });
}
