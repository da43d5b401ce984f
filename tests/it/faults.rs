//! Faults of disks, wires and other people's processes: nothing acknowledged is lost, nothing is written twice, and
//! whoever waits is told why.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use smc::domain::refusal::Code;
use smc::store::feed::State;
use smc::store::{StoreError, Write};
use tokio::time::timeout;

use super::desks::{code, desk, found, run, site};
use crate::support::engine::Engine;
use crate::support::postgres::Server;
use crate::support::process::account;
use crate::support::proxy::{Proxy, Wire};
use crate::support::{engines, sqlite};

/// This test again, as a process of its own, which is told what to do by this variable.
fn child(test: &str, mark: &str, value: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("it::faults::{test}"), "--nocapture"])
        .env(mark, value)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until a child has printed this word.
fn says(child: &mut Child, word: &str) {
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.as_mut().unwrap()));
    assert!(lines.map_while(Result::ok).any(|line| line.contains(word)), "{word} was never said");
}

fn entries(engine: &Engine) -> usize {
    let ran = engine.founder().smc(&["verify", "--json"]).exits(0);
    usize::try_from(ran.json()["entries"].as_i64().unwrap()).unwrap()
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_by_its_id_and_never_written_twice() {
    let Some(server) = crate::support::postgres() else { return };
    let database = server.database();
    account(database.url()).smc(&["init", "--org", "Acme"]).exits(0);
    let proxy = Proxy::to(server.port());
    run(async {
        let desk = desk(&proxy.url(database.url(), server.port())).await;
        desk.submit(site("S00")).await.unwrap();
        proxy.set(Wire::LoseAnswer);
        let began = Instant::now();
        let receipt = desk.submit(site("S01")).await.unwrap();
        assert!(receipt.repeated && receipt.reference.as_str() == "S01", "{receipt:?}");
        assert!(began.elapsed() < Duration::from_secs(5));
        assert_eq!(database.sql("SELECT count(*) FROM smc.ledger WHERE subject = 'S01'"), "1");

        proxy.set(Wire::LoseCommit);
        let lost = desk.submit(site("S02")).await;
        let told = lost.unwrap_err().to_string();
        assert!(told.contains("nothing was written"), "{told}");
        assert_eq!(database.sql("SELECT count(*) FROM smc.ledger WHERE subject = 'S02'"), "0");
        desk.submit(site("S02")).await.unwrap();
    });
}

#[test]
fn a_partition_ends_every_call_in_time_and_work_goes_on_after_it() {
    let Some(server) = crate::support::postgres() else { return };
    let database = server.database();
    account(database.url()).smc(&["init", "--org", "Acme"]).exits(0);
    let proxy = Proxy::to(server.port());
    run(async {
        let desk = desk(&proxy.url(database.url(), server.port())).await;
        desk.submit(site("S00")).await.unwrap();
        let mut news = desk.watch();
        assert_eq!(news.recv().await.unwrap().state, State::Live);
        proxy.set(Wire::Silent);
        let began = Instant::now();
        let refused = desk.submit(site("S01")).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(began.elapsed() < Duration::from_secs(11), "{:?}", began.elapsed());
        let stale = timeout(Duration::from_secs(13), news.recv()).await.unwrap().unwrap();
        assert!(matches!(stale.state, State::Stale { .. }), "{stale:?}");
        proxy.set(Wire::Open);
        let began = Instant::now();
        while news.recv().await.unwrap().state != State::Live {}
        println!("back after {:?}", began.elapsed());
        desk.submit(site("S01")).await.unwrap();
    });
}

#[test]
fn a_server_killed_under_writers_loses_no_acknowledged_entry() {
    let Some(server) = Server::private() else { return };
    let database = server.database();
    account(database.url()).smc(&["init", "--org", "Acme"]).exits(0);
    let (mut acknowledged, mut unsure) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let url = database.url();
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                scope.spawn(move || {
                    run(async {
                        let desk = desk(url).await;
                        let (mut done, mut unsure) = (Vec::new(), 0);
                        for number in 0..20 {
                            let name = code(writer * 20 + number);
                            match desk.submit(site(&name)).await {
                                Ok(receipt) => done.push(receipt.id.to_string()),
                                Err(StoreError::Unknown { .. }) => unsure += 1,
                                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                            }
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                        (done, unsure)
                    })
                })
            })
            .collect();
        for _ in 0..2 {
            std::thread::sleep(Duration::from_millis(300));
            server.crash();
            server.start();
        }
        for writer in writers {
            let (done, lost) = writer.join().unwrap();
            acknowledged.extend(done);
            unsure += lost;
        }
    });
    assert!(!acknowledged.is_empty());
    assert_eq!(unsure, 0, "an outcome stayed unknown although the server came back");
    for id in &acknowledged {
        let stands = format!("SELECT count(*) FROM smc.ledger WHERE id = '{id}'");
        assert_eq!(database.sql(&stands), "1");
    }
    account(database.url()).smc(&["verify"]).exits(0);
}

#[test]
fn writers_that_are_killed_leave_a_store_that_verifies() {
    const MARK: &str = "SMC_TEST_KILLED_WRITER";
    if let Ok(what) = std::env::var(MARK) {
        let (number, url) = what.split_once(' ').unwrap();
        let number: usize = number.parse().unwrap();
        run(async {
            let desk = desk(url).await;
            for step in 0..1000 {
                let fields = serde_json::json!({"site": "RLF", "text": format!("{number} {step}")});
                let receipt = desk.submit(super::desks::command("log.add", fields)).await.unwrap();
                println!("wrote {}", receipt.entries.last().unwrap());
            }
        });
        return;
    }
    let place = sqlite::place();
    let founder = account(&place.url());
    founder.smc(&["init", "--org", "Acme", "--demo"]).exits(0);
    run(async { desk(&place.url()).await.submit(site("RLF")).await.unwrap() });
    let mut last = 0;
    for round in 0..3 {
        let mut children: Vec<Child> = (0..4)
            .map(|number| {
                let what = format!("{} {}", round * 4 + number, place.url());
                child("writers_that_are_killed_leave_a_store_that_verifies", MARK, &what)
            })
            .collect();
        std::thread::sleep(Duration::from_millis(700));
        for child in &mut children {
            child.kill().unwrap();
        }
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            // The last line may be half of one.
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let wrote = whole.lines().filter_map(|line| line.split("wrote ").nth(1)?.parse().ok());
            last = last.max(wrote.max().unwrap_or(0));
        }
    }
    assert!(last > 20, "{last} entries");
    let engine = Engine::Sqlite(place);
    assert!(entries(&engine) >= last, "{last} was acknowledged");
}

#[test]
fn who_holds_the_ledger_is_told_while_others_wait_and_reads_go_on() {
    const MARK: &str = "SMC_TEST_HOLDER";
    if let Ok(url) = std::env::var(MARK) {
        run(async {
            let desk = desk(&url).await;
            let _write = Write::begin(desk.store()).await.unwrap();
            println!("holds the ledger");
            std::thread::sleep(Duration::from_secs(60));
        });
        return;
    }
    for engine in engines() {
        found(&engine);
        let mut holder = child(
            "who_holds_the_ledger_is_told_while_others_wait_and_reads_go_on",
            MARK,
            &engine.url(),
        );
        says(&mut holder, "holds the ledger");
        let pid = nix::unistd::Pid::from_raw(holder.id().cast_signed());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGSTOP).unwrap();
        run(async {
            let waiter = desk(&engine.url()).await;
            let mut waiting = waiter.waiting();
            let began = Instant::now();
            let submit = waiter.submit(site("S00"));
            let told = async {
                let told = waiting
                    .wait_for(|waiting| waiting.as_ref().is_some_and(|w| w.holder.is_some()));
                let told = timeout(Duration::from_secs(4), told).await.unwrap().unwrap().clone();
                let after = began.elapsed();
                waiter.store().reader().await.unwrap().done().await;
                (told.unwrap().holder.unwrap(), after)
            };
            let (refused, (found, after)) = tokio::join!(submit, told);
            println!("{}: told after {after:?}: {found}", engine.name());
            assert_eq!(found.login, engine.founder().login);
            let Err(StoreError::Refused(refusal)) = refused else { panic!("{refused:?}") };
            assert_eq!(refusal.code, Code::Conflict);
            assert!(refusal.message.contains(&found.login), "{}", refusal.message);
            assert!(began.elapsed() < Duration::from_secs(12));
            assert!(waiter.waiting().borrow().is_none());
            holder.kill().unwrap();
            holder.wait().unwrap();
            waiter.submit(site("S00")).await.unwrap();
        });
    }
}

#[test]
fn a_full_disk_refuses_with_the_reason_and_the_same_process_goes_on_when_there_is_room() {
    const MARK: &str = "SMC_TEST_FULL_DISK";
    if let Ok(url) = std::env::var(MARK) {
        let limit = |bytes: &str| {
            let pid = std::process::id().to_string();
            let limit = format!("--fsize={bytes}:unlimited");
            let done = Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap();
            assert!(done.success());
        };
        run(async {
            let desk = desk(&url).await;
            desk.submit(site("S00")).await.unwrap();
            limit("4096");
            let full = desk.submit(site("S01")).await;
            assert!(full.is_err());
            let again = desk.submit(site("S01")).await.unwrap_err().to_string();
            limit("unlimited");
            let after = desk.submit(site("S01")).await.unwrap();
            println!("refused: {}; {again}; then {}", full.unwrap_err(), after.reference);
        });
        return;
    }
    let place = sqlite::place();
    account(&place.url()).smc(&["init", "--org", "Acme"]).exits(0);
    // The signal of a file that grows too large would end the process; a full disk sends none.
    let test = "it::faults::a_full_disk_refuses_with_the_reason_and_the_same_process_goes_on_when_there_is_room";
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .env(MARK, place.url())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("refused: ") && said.contains("then S01"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
    let engine = Engine::Sqlite(place);
    assert!(entries(&engine) > 4);
}

#[test]
fn a_store_whose_file_is_gone_is_refused_and_comes_back_with_it() {
    let place = sqlite::place();
    account(&place.url()).smc(&["init", "--org", "Acme"]).exits(0);
    let away = place.dir().join("away.db");
    let with = |path: &Path, side: &str| format!("{}{side}", path.display());
    let rename = |from: &Path, to: &Path| {
        for side in ["", "-wal", "-shm"] {
            let _ = std::fs::rename(with(from, side), with(to, side));
        }
    };
    run(async {
        let desk = desk(&place.url()).await;
        desk.submit(site("S00")).await.unwrap();
        rename(&place.file(), &away);
        let refused = desk.submit(site("S01")).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(desk.store().reader().await.is_err());
        rename(&away, &place.file());
        desk.submit(site("S01")).await.unwrap();
    });
}

#[test]
fn many_writers_take_turns_and_none_waits_long() {
    const MARK: &str = "SMC_TEST_TURNS";
    if let Ok(what) = std::env::var(MARK) {
        let (number, url) = what.split_once(' ').unwrap();
        let number: usize = number.parse().unwrap();
        run(async {
            let desk = desk(url).await;
            let mut longest = Duration::ZERO;
            for step in 0..10 {
                let began = Instant::now();
                desk.submit(site(&code(number * 10 + step))).await.unwrap();
                longest = longest.max(began.elapsed());
            }
            println!("longest {}", longest.as_millis());
        });
        return;
    }
    for engine in engines() {
        found(&engine);
        let children: Vec<Child> = (0..8)
            .map(|number| {
                let what = format!("{number} {}", engine.url());
                child("many_writers_take_turns_and_none_waits_long", MARK, &what)
            })
            .collect();
        let mut longest = 0;
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let one = said.split("longest ").nth(1).unwrap_or_else(|| panic!("{said}"));
            longest = longest.max(one.split_whitespace().next().unwrap().parse::<u64>().unwrap());
        }
        println!("{}: the longest of 80 commits by 8 processes took {longest} ms", engine.name());
        assert!(longest < 3_000, "{}: {longest} ms", engine.name());
        assert!(entries(&engine) >= 80);
    }
}
