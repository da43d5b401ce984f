//! The feed: what one person writes, the others see soon; a store that is lost or wrong is told, and comes back.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use serde_json::json;
use smc::store::feed::{State, Tail};
use smc::store::{Heads, StoreError};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

use super::desks::{code, command, desk, found, run, site};
use crate::support::engines;
use crate::support::postgres::Server;
use crate::support::sqlite;

const SOON: Duration = Duration::from_secs(10);

async fn next(news: &mut Receiver<Tail>) -> Tail {
    timeout(SOON, news.recv()).await.expect("news in time").expect("the feed goes on")
}

/// Waits for news that show this, and gives the last; others may come before.
async fn until(news: &mut Receiver<Tail>, shows: impl Fn(&Tail) -> bool) -> Tail {
    loop {
        let tail = next(news).await;
        if shows(&tail) {
            return tail;
        }
    }
}

#[test]
fn what_one_desk_commits_another_sees_soon_and_once() {
    for engine in engines() {
        found(&engine);
        run(async {
            let (writer, reader) = (desk(&engine.url()).await, desk(&engine.url()).await);
            let mut news = reader.watch();
            let first = next(&mut news).await;
            assert_eq!((first.state, first.entries.len()), (State::Live, 0));
            let (mut seq, mut end) = (first.seq, None);
            let mut took = Vec::new();
            for number in 0..20 {
                let receipt = writer.submit(site(&code(number))).await.unwrap();
                let began = Instant::now();
                let tail = next(&mut news).await;
                took.push(began.elapsed());
                assert_eq!(tail.seq, *receipt.entries.last().unwrap());
                assert_eq!(tail.entries.first().unwrap().seq, seq + 1);
                let entry = tail.entries.last().unwrap();
                assert_eq!(
                    (entry.kind.as_str(), &entry.subject),
                    ("site.registered", &code(number))
                );
                // Whoever knows the ledger up to the one end knows it up to the other.
                let (from, upto) = tail.between.unwrap();
                assert_eq!((from.seq, upto.seq), (seq, tail.seq));
                assert!(end.replace(upto).is_none_or(|end| end == from), "{}", engine.name());
                seq = tail.seq;
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
            took.sort();
            println!(
                "{}: commit to seen {:?} in the middle, {:?} at most",
                engine.name(),
                took[10],
                took[19]
            );
            // Nothing changes any more, and nothing is said.
            assert!(timeout(Duration::from_secs(3), news.recv()).await.is_err());
        });
    }
}

#[test]
fn many_commits_become_few_news_and_none_is_missed() {
    for engine in engines() {
        found(&engine);
        run(async {
            let (writer, reader) = (desk(&engine.url()).await, desk(&engine.url()).await);
            let mut news = reader.watch();
            let mut seen = next(&mut news).await.seq;
            let work = async {
                let mut last = 0;
                for number in 0..60 {
                    last =
                        *writer.submit(site(&code(number))).await.unwrap().entries.last().unwrap();
                }
                last
            };
            let read = async {
                let mut tails = 0;
                while let Ok(Some(tail)) = timeout(Duration::from_secs(2), news.recv()).await {
                    tails += 1;
                    for entry in tail.entries {
                        assert_eq!(entry.seq, seen + 1);
                        seen = entry.seq;
                    }
                }
                tails
            };
            let (last, tails) = tokio::join!(work, read);
            assert_eq!(seen, last, "{}", engine.name());
            assert!(tails <= 60, "{}: {tails} news", engine.name());
        });
    }
}

#[test]
fn a_lost_server_is_told_as_stale_and_the_feed_returns_by_itself() {
    let Some(server) = Server::private() else { return };
    let database = server.database();
    let account = crate::support::process::account(database.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    run(async {
        let desk = desk(database.url()).await;
        let mut news = desk.watch();
        let before = next(&mut news).await;
        server.crash();
        let lost = next(&mut news).await;
        assert!(matches!(lost.state, State::Stale { .. }), "{lost:?}");
        assert_eq!(lost.seq, before.seq);
        let began = Instant::now();
        let refused = desk.submit(site("LST")).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(began.elapsed() < Duration::from_secs(10));
        server.start();
        let back = until(&mut news, |tail| tail.state == State::Live).await;
        assert_eq!(back.seq, before.seq);
        let receipt = desk.submit(site("RLF")).await.unwrap();
        let tail = until(&mut news, |tail| tail.seq > before.seq).await;
        assert_eq!(tail.seq, *receipt.entries.last().unwrap());
    });
}

/// Writes as fast as it can, and looks meanwhile as a console of the same store and as other programs of the same user do.
#[test]
fn whoever_writes_while_looking_is_never_told_that_the_store_went_backwards() {
    let threads =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    for engine in engines() {
        found(&engine);
        let place = tempfile::tempdir().unwrap();
        let heads = Heads::at(place.path());
        threads.block_on(async {
            let console = Arc::new(desk(&engine.url()).await);
            let written = Arc::new(AtomicBool::new(false));
            let mut looks = Vec::new();
            for _ in 0..3 {
                let (heads, written) = (heads.clone(), Arc::clone(&written));
                let other = desk(&engine.url()).await;
                looks.push(tokio::spawn(async move {
                    let mut looked = 0;
                    while !written.load(Relaxed) {
                        heads.check(other.store()).await.unwrap();
                        looked += 1;
                    }
                    looked
                }));
            }
            let (mut news, done) = (console.watch(), Arc::clone(&written));
            let feed = tokio::spawn(async move {
                while !done.load(Relaxed) {
                    let Ok(Some(tail)) = timeout(SOON, news.recv()).await else { return };
                    assert_eq!(tail.state, State::Live, "{tail:?}");
                }
            });
            console.submit(site("RLF")).await.unwrap();
            let line = || command("log.add", json!({"site": "RLF", "text": "all quiet"}));
            for _ in 0..300 {
                console.submit(line()).await.unwrap();
                heads.check(console.store()).await.unwrap();
            }
            written.store(true, Relaxed);
            for look in looks {
                assert!(look.await.unwrap() > 50, "{}: it looked often", engine.name());
            }
            // One more, so that the feed looks up.
            console.submit(line()).await.unwrap();
            feed.await.unwrap();
        });
    }
}

#[test]
fn an_older_copy_in_the_stores_place_raises_an_alarm_and_takes_no_write() {
    let place = sqlite::place();
    let account = crate::support::process::account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let (old, new) = (place.dir().join("old.db"), place.dir().join("new.db"));
    run(async {
        std::fs::copy(place.file(), &old).unwrap();
        let desk = desk(&place.url()).await;
        desk.submit(site("RLF")).await.unwrap();
        let mut news = desk.watch();
        let seen = next(&mut news).await;
        std::fs::rename(place.file(), &new).unwrap();
        for side in ["-wal", "-shm"] {
            let side_of = |path: &std::path::Path| format!("{}{side}", path.display());
            std::fs::rename(side_of(&place.file()), side_of(&new)).unwrap();
        }
        std::fs::rename(&old, place.file()).unwrap();
        let alarm = until(&mut news, |tail| matches!(tail.state, State::Alarm { .. })).await;
        let State::Alarm { why, .. } = &alarm.state else { return };
        assert!(why.contains("went backwards"), "{why}");
        let refused = desk.submit(site("NEW")).await;
        assert!(matches!(refused, Err(StoreError::WentBack { .. })), "{refused:?}");
        // The right file is found again: it holds what was seen, and work goes on.
        std::fs::rename(&new, place.file()).unwrap();
        for side in ["-wal", "-shm"] {
            let _ = std::fs::rename(
                format!("{}{side}", new.display()),
                format!("{}{side}", place.file().display()),
            );
        }
        let back = until(&mut news, |tail| tail.state == State::Live).await;
        assert_eq!(back.seq, seen.seq);
        desk.submit(site("NEW")).await.unwrap();
    });
}

#[test]
fn notifications_that_are_forged_show_nothing_and_cost_little() {
    let Some(server) = crate::support::postgres() else { return };
    let database = server.database();
    let account = crate::support::process::account(database.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    run(async {
        let desk = desk(database.url()).await;
        let mut news = desk.watch();
        next(&mut news).await;
        let sql = "DO $$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_notify('smc_head', i::text); END LOOP; END $$";
        for _ in 0..3 {
            database.sql(sql);
        }
        assert!(timeout(Duration::from_secs(2), news.recv()).await.is_err());
        let receipt = desk.submit(site("RLF")).await.unwrap();
        assert_eq!(next(&mut news).await.seq, *receipt.entries.last().unwrap());
    });
}

/// Run again as a child of its own, so that no other test's work is counted. What is counted is how
/// often a thread woke, which a loaded machine does not change; the processor's time is only told.
#[test]
fn an_idle_feed_wakes_a_few_times_a_second() {
    const MARK: &str = "SMC_TEST_IDLE_FEED";
    if let Ok(url) = std::env::var(MARK) {
        run(async {
            let desk = desk(&url).await;
            let mut news = desk.watch();
            next(&mut news).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
            let (slept, before) = (sleeps(), cpu());
            let quiet = timeout(Duration::from_secs(4), news.recv()).await;
            let used = (cpu() - before).as_micros() / 4;
            println!("idle {} {} {used}", quiet.is_err(), (sleeps() - slept) / 4);
        });
        return;
    }
    for engine in engines() {
        found(&engine);
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "it::feed::an_idle_feed_wakes_a_few_times_a_second", "--nocapture"])
            .env(MARK, engine.url())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let words = said.split("idle ").nth(1).unwrap_or_else(|| panic!("{said}"));
        let mut words = words.split_whitespace();
        assert_eq!(words.next(), Some("true"), "something was told");
        let woke: u64 = words.next().unwrap().parse().unwrap();
        let micros = words.next().unwrap();
        println!("{}: woke {woke} times and used {micros} µs a second", engine.name());
        assert!(woke < 60, "{}: woke {woke} times a second", engine.name());
    }
}

/// How often the threads of this process went to sleep of themselves.
fn sleeps() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let counts = tasks.flatten().filter_map(|task| {
        let said = std::fs::read_to_string(task.path().join("status")).ok()?;
        let line = said.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse::<u64>().ok()
    });
    counts.sum()
}

/// Processor time of all threads of this process.
fn cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let nanos = tasks.flatten().filter_map(|task| {
        let said = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        said.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

#[test]
fn a_console_repaints_with_what_somebody_else_wrote() {
    for engine in engines() {
        found(&engine);
        let founder = engine.founder();
        let mut terminal = founder.terminal(&[]).start();
        terminal.settle(Duration::from_millis(1500));
        let took = run(async {
            let desk = desk(&engine.url()).await;
            let before = terminal.bytes();
            desk.submit(site("RLF")).await.unwrap();
            let began = Instant::now();
            while terminal.bytes() == before {
                assert!(began.elapsed() < SOON, "nothing was drawn:\n{}", terminal.text());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            began.elapsed()
        });
        println!("{}: commit to repaint {took:?}", engine.name());
        terminal.hang_up();
    }
}
