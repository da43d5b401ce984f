//! The console on a pseudo-terminal of 80x24: from start to the first full frame, from key to repaint, bytes, idle cost,
//! and from a commit to the repaint on another console.
//!
//! `SMC_BENCH_STORE=sqlite:/…/smc.db cargo bench --bench console` measures on a store that stands (`smc demo --size fleet
//! --no-console --dir DIR` makes one); without it, a fleet of `SMC_BENCH_THOUSANDTHS` (20) is built on both engines, or with
//! `SMC_BENCH_SIZE=plant` five plants with 300 assets.
//! `SMC_BENCH_CONSOLES` says how many consoles look on while one commits.
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

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use smc::commands::{Desk, Submission, read};
use smc::demo::fleet::{Extent, fill};
use smc::domain::text::Line;
use smc::store::{Opening, Place, found};
use support::engine::Engine;
use support::engines;
use support::process::{Account, account};
use support::terminal::{self, Terminal, keys};

/// How finely the screen is looked at.
const FINE: Duration = Duration::from_micros(200);

fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// A row of what was measured: how many, median, p99, greatest, in milliseconds.
fn told(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1000.0;
    println!(
        "  {what}: {} times, median {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}

fn start(account: &Account, fine: Duration) -> (Terminal, Instant) {
    let setup = terminal::smc(account, &[]).env("LC_ALL", "C.UTF-8").read_every(fine);
    let begun = Instant::now();
    (setup.start(), begun)
}

/// The last byte of what is drawn from now on, until nothing came for this long.
fn drawn(terminal: &Terminal, since: usize, calm: Duration) -> Option<(Instant, usize)> {
    let begun = Instant::now();
    loop {
        let (last, bytes) = terminal.written();
        if bytes > since && last.elapsed() >= calm {
            return Some((last, bytes - since));
        }
        if begun.elapsed() > Duration::from_secs(2) {
            return None;
        }
        sleep(FINE);
    }
}

/// Strikes a key; how long until the last byte of its repaint, and how many bytes that was.
fn strike(terminal: &mut Terminal, key: &str, calm: Duration) -> Option<(Duration, usize)> {
    let before = terminal.bytes();
    let begun = Instant::now();
    terminal.send(key);
    drawn(terminal, before, calm)
        .map(|(last, bytes)| (last.saturating_duration_since(begun), bytes))
}

/// Processor time of all threads so far.
fn worked(pid: u32) -> Duration {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let of = |task: std::io::Result<std::fs::DirEntry>| -> Option<u64> {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    Duration::from_nanos(tasks.filter_map(of).sum())
}

/// The server's processes that answer for this store.
fn backends(place: &Place) -> Vec<u32> {
    let Place::Server(options, _) = place else { return Vec::new() };
    let named = format!(" {} ", options.get_database().unwrap_or_default());
    let pids = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let said = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        (said.starts_with("postgres: ") && said.contains(&named)).then_some(pid)
    });
    pids.collect()
}

fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn first_frames(account: &Account) {
    let mut took = Vec::new();
    let mut most = 0;
    for _ in 0..15 {
        let (mut terminal, begun) = start(account, FINE);
        if let Some((last, bytes)) = drawn(&terminal, 0, Duration::from_millis(400)) {
            took.push(last.saturating_duration_since(begun));
            most = most.max(bytes);
        }
        terminal.hang_up();
    }
    told("start to the last byte of the first frame", took);
    println!("  first frame: {most} bytes at the most");
}

fn keys_of(account: &Account) {
    let (mut terminal, _) = start(account, FINE);
    drawn(&terminal, 0, Duration::from_millis(400));
    let calm = Duration::from_millis(60);
    let (mut moves, mut bytes, mut most) = (Vec::new(), 0, 0);
    for list in ["2", "3"] {
        strike(&mut terminal, list, Duration::from_millis(300));
        // In an empty list a key draws nothing, and what is drawn then is the minute.
        if terminal.text().contains("is here; n") || terminal.text().contains("is here. n") {
            continue;
        }
        for number in 0..60 {
            let key = if number % 14 < 7 { "j" } else { "k" };
            if let Some((took, written)) = strike(&mut terminal, key, Duration::from_millis(15)) {
                moves.push(took);
                bytes += written;
                most = most.max(written);
            }
        }
    }
    if !moves.is_empty() {
        println!("  cursor move: {} bytes on average, {most} at the most", bytes / moves.len());
        told("key to repaint, in a list", moves);
    }
    let mut panes = Vec::new();
    for number in 0..36 {
        let pane = ["1", "2", "3", "4", "0", "2"][number % 6];
        panes.extend(strike(&mut terminal, pane, calm).map(|(took, _)| took));
    }
    told("pane switch to its last byte", panes);
    strike(&mut terminal, "2", calm);
    strike(&mut terminal, "/", calm);
    let mut typed = Vec::new();
    for _ in 0..4 {
        for key in ["k", "e", "s", "t", "r", "i", "x"] {
            typed.extend(strike(&mut terminal, key, calm).map(|(took, _)| took));
        }
        for _ in 0..7 {
            strike(&mut terminal, keys::BACKSPACE, calm);
        }
    }
    told("filter keystroke to its last byte", typed);
    strike(&mut terminal, keys::ESC, calm);
    strike(&mut terminal, "0", Duration::from_millis(500));
    let (before, from, begun) = (worked(terminal.pid()), terminal.bytes(), Instant::now());
    sleep(Duration::from_secs(20));
    let idle =
        (worked(terminal.pid()) - before).as_secs_f64() * 1000.0 / begun.elapsed().as_secs_f64();
    println!(
        "  idle: {idle:.2} ms of processor time a second, {} bytes in 20 s",
        terminal.bytes() - from
    );
    println!("  resident: {} MB", resident(terminal.pid()));
}

fn feed(account: &Account, place: &Place, consoles: u32) {
    let mut watching = Vec::new();
    for number in 0..consoles {
        let fine = if number < 4 { FINE } else { Duration::from_millis(50) };
        let (mut terminal, _) = start(account, fine);
        drawn(&terminal, 0, Duration::from_millis(100));
        terminal.send("2");
        watching.push(terminal);
    }
    sleep(Duration::from_secs(3));
    let pids: Vec<u32> = watching.iter().map(Terminal::pid).collect();
    let backends = backends(place);
    let all = |pids: &[u32]| pids.iter().map(|pid| worked(*pid)).sum::<Duration>();
    let before = (all(&pids), all(&backends));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let desk = runtime.block_on(Desk::open(place.clone(), Opening::default(), "bench")).unwrap();
    let mut took = Vec::new();
    const COMMITS: u32 = 25;
    for number in 0..COMMITS {
        let fields = json!({"site": "A00", "likelihood": 5, "consequence": {"safety": 5},
            "title": format!("Gate {number} of the tank farm stands open")});
        let before: Vec<usize> = watching.iter().take(4).map(Terminal::bytes).collect();
        runtime
            .block_on(desk.submit(Submission::from(read("risk.raise", fields).unwrap())))
            .unwrap();
        let committed = Instant::now();
        for (terminal, before) in watching.iter().zip(before) {
            if let Some((last, _)) = drawn(terminal, before, Duration::from_millis(40)) {
                took.push(last.saturating_duration_since(committed));
            }
        }
        sleep(Duration::from_millis(300));
    }
    let each = |now: Duration, before: Duration| {
        (now - before).as_secs_f64() * 1000.0 / f64::from(COMMITS * consoles.max(1))
    };
    println!(
        "  a commit costs each console {:.2} ms of processor time, and the server {:.2} ms for each",
        each(all(&pids), before.0),
        each(all(&backends), before.1)
    );
    if took.is_empty() {
        println!("  commit to repaint: no console repainted");
    } else {
        told(&format!("commit to the last byte of the repaint, {consoles} consoles"), took);
    }
}

fn main() {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {load}");
    if let Ok(url) = std::env::var("SMC_BENCH_STORE") {
        println!("{url}");
        let account = account(&url);
        first_frames(&account);
        keys_of(&account);
        feed(&account, &url.parse().unwrap(), asked("SMC_BENCH_CONSOLES", 20));
        return;
    }
    for engine in engines() {
        let place: Place = engine.url().parse().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let extent = match std::env::var("SMC_BENCH_SIZE").as_deref() {
            Ok("plant") => Extent::PLANT,
            _ => Extent::FLEET.part(asked("SMC_BENCH_THOUSANDTHS", 20)),
        };
        println!("{}: {extent:?}", engine.name());
        let begun = Instant::now();
        runtime.block_on(async {
            let work = tempfile::tempdir().unwrap();
            let name = Line::new("Bench").unwrap();
            found(&place, &name, true, &smc::commands::origin("bench")).await.unwrap();
            let desk = Desk::open(place.clone(), Opening::default(), "bench").await.unwrap();
            fill(&desk, work.path(), extent, 1, |_| {}).await.unwrap();
            desk.close().await;
        });
        println!("  built in {:.1} s", begun.elapsed().as_secs_f64());
        let usual = if matches!(engine, Engine::Sqlite(_)) { 20 } else { 100 };
        let founder = engine.founder();
        first_frames(&founder.account);
        keys_of(&founder.account);
        feed(&founder.account, &place, asked("SMC_BENCH_CONSOLES", usual));
    }
}
