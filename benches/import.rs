//! 2,500 advisories against 20,000 assets through the store: how long, and how much memory.
//!
//! `SMC_REAL_DATA=DIR cargo bench --bench import` takes the documents below `DIR/csaf`, again and again under new ids
//! until there are enough; without it, the documents of the made-up fleet. The program itself imports, in a process of
//! its own, whose greatest memory the system knows. `SMC_BENCH_ADVISORIES` and `SMC_BENCH_ASSETS` ask for other numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[allow(unused_imports, reason = "a tool box: not every bench needs every tool")]
#[path = "../tests/support/support.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use smc::commands::Desk;
use smc::demo::fleet::{Extent, fill, write_advisories};
use smc::domain::text::Line;
use smc::store::{Opening, Place, found};
use support::engines;

fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
}

/// Real documents under new ids; the made-up ones where none are named.
fn documents(folder: &Path, many: u32) {
    let Some(real) = std::env::var_os("SMC_REAL_DATA") else {
        let extent = Extent { advisories: many, ..Extent::FLEET };
        write_advisories(folder, extent, 1).unwrap();
        return;
    };
    std::fs::create_dir_all(folder).unwrap();
    let mut paths = Vec::new();
    files(&Path::new(&real).join("csaf"), &mut paths);
    paths.sort();
    let documents: Vec<Value> = paths
        .iter()
        .filter_map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).ok())
        .filter(|document: &Value| document.pointer("/document/tracking/id").is_some())
        .collect();
    assert!(!documents.is_empty(), "no CSAF documents below {}", Path::new(&real).display());
    for (number, document) in (0..many).zip(documents.iter().cycle()) {
        let mut document = document.clone();
        let id = format!("BENCH-{number:05}");
        document["document"]["tracking"]["id"] = Value::from(id.clone());
        let path = folder.join(format!("{}.json", id.to_lowercase()));
        std::fs::write(path, document.to_string()).unwrap();
    }
}

/// The greatest resident memory of a process so far, in kB.
fn greatest(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (advisories, assets) =
        (asked("SMC_BENCH_ADVISORIES", 2_500), asked("SMC_BENCH_ASSETS", 20_000));
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("csaf");
    documents(&folder, advisories);
    for engine in engines() {
        let place: Place = engine.url().parse().unwrap();
        runtime.block_on(async {
            let name = Line::new("Bench").unwrap();
            found(&place, &name, true, &smc::commands::origin("bench")).await.unwrap();
            let desk = Desk::open(place.clone(), Opening::default(), "bench").await.unwrap();
            let extent = Extent { sites: 24, assets, advisories: 0, risks: 0, entries: 0 };
            let begun = Instant::now();
            fill(&desk, &work.path().join(engine.name()), extent, 1, |_| {}).await.unwrap();
            println!(
                "{}: {assets} assets in {:.1} s",
                engine.name(),
                begun.elapsed().as_secs_f64()
            );
            desk.close().await;
        });
        let founder = engine.founder();
        let begun = Instant::now();
        let mut child =
            founder.account.spawn(&["import", "csaf", folder.to_str().unwrap(), "--json"]);
        drop(child.stdin.take());
        let out =
            child.stdout.take().map(|out| std::thread::spawn(move || std::io::read_to_string(out)));
        let err =
            child.stderr.take().map(|err| std::thread::spawn(move || std::io::read_to_string(err)));
        let mut most = 0;
        let status = loop {
            most = most.max(greatest(child.id()).unwrap_or(0));
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let took = begun.elapsed().as_secs_f64();
        let said = out.unwrap().join().unwrap().unwrap();
        let told: Value = serde_json::from_str(&said).unwrap_or_default();
        println!(
            "{}: {advisories} advisories in {took:.1} s (budget 60), {} MB at the most (budget 300), {status}; \
             accepted {}, matches {}",
            engine.name(),
            most / 1024,
            told["accepted"],
            told["matches"]
        );
        let err = err.unwrap().join().unwrap().unwrap();
        if !status.success() {
            println!("{}", err.lines().last().unwrap_or_default());
        }
    }
}
