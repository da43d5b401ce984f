//! The doctor and the backup: what is wrong is named with what to do, and a copy is whole, closed and never a
//! replacement.

use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use smc::store::Write;
use smc::store::feed::State;
use tokio::time::timeout;

use super::desks::{command, desk, found, raw, run, site};
use crate::support::engine::Engine;
use crate::support::postgres::Server;
use crate::support::process::{Ran, account};
use crate::support::{engines, sqlite};

fn finding<'v>(told: &'v Value, check: &str) -> &'v Value {
    let findings = told["findings"].as_array().unwrap();
    findings
        .iter()
        .find(|finding| finding["check"] == check)
        .unwrap_or_else(|| panic!("nothing about {check} in {told:#}"))
}

fn worst_of(ran: &Ran, check: &str) -> (String, String) {
    let told = ran.json();
    let finding = finding(&told, check);
    let text = format!("{} {}", finding["found"], finding["fix"]);
    (finding["level"].as_str().unwrap().to_owned(), text)
}

#[test]
fn a_healthy_store_has_no_fault() {
    for engine in engines() {
        found(&engine);
        let founder = engine.founder();
        let told = founder.smc(&["doctor", "--json"]).exits(0).json();
        for check in ["store", "engine", "schema", "clock", "actor", "ledger", "lock", "head"] {
            assert_eq!(finding(&told, check)["level"], "ok", "{}: {told:#}", engine.name());
        }
        let own: &[&str] = match engine {
            Engine::Sqlite(_) => &["planted", "journal", "modes", "file system", "log size"],
            Engine::Postgres(_) => &["encryption", "sessions", "people", "release"],
        };
        for check in own {
            finding(&told, check);
        }
        let text = founder.smc(&["doctor"]).exits(0).stdout;
        assert!(text.lines().any(|line| line.starts_with("ok      ledger")), "{text}");
    }
}

#[test]
fn a_planted_trigger_is_a_fault_and_is_named() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let sql = "CREATE TRIGGER helpful AFTER INSERT ON decision BEGIN SELECT 1; END";
    run(raw(&place, sql));
    let ran = account.smc(&["doctor", "--json"]).exits(1);
    let (level, text) = worst_of(&ran, "planted");
    assert!(level == "fault" && text.contains("helpful"), "{text}");
}

const GUARD: &str = "ledger_is_never_updated";

#[test]
fn an_edited_entry_is_a_fault_of_the_ledger() {
    for engine in engines() {
        found(&engine);
        let sql = "UPDATE ledger SET actor = 'mallory' WHERE seq = 3";
        match &engine {
            Engine::Sqlite(place) => {
                // Whoever edits with care puts the guard back as it was.
                let made = include_str!("../../migrations/sqlite/0001_ledger.sql");
                let guard = made.split("\n\n").find(|part| part.contains(GUARD)).unwrap();
                run(raw(place, &format!("DROP TRIGGER {GUARD}; {sql}; {guard}")));
            }
            Engine::Postgres(database) => {
                database.sql(&format!(
                    "SET search_path = smc; ALTER TABLE ledger DISABLE TRIGGER ALL; {sql}"
                ));
            }
        }
        let ran = engine.founder().smc(&["doctor", "--json"]).exits(1);
        let (level, text) = worst_of(&ran, "ledger");
        assert!(level == "fault" && text.contains("entry 3"), "{}: {text}", engine.name());
        // A console that opens it says so by itself, a moment after its first news, and goes on telling what is written.
        run(async {
            let desk = desk(&engine.url()).await;
            let mut news = desk.watch();
            let first = timeout(Duration::from_secs(20), news.recv()).await.unwrap().unwrap();
            assert_eq!(first.state, State::Live);
            let tail = timeout(Duration::from_secs(20), news.recv()).await.unwrap().unwrap();
            let State::Alarm { backwards: false, why, .. } = &tail.state else {
                panic!("{}: {tail:?}", engine.name());
            };
            assert!(why.contains("entry 3"), "{why}");
            let receipt = desk.submit(site("NEW")).await.unwrap();
            let next = timeout(Duration::from_secs(20), news.recv()).await.unwrap().unwrap();
            assert_eq!(Some(&next.seq), receipt.entries.last());
            assert_eq!(next.state, tail.state);
        });
        let mut terminal = engine.founder().terminal(&[]).start();
        terminal.wait_for("P1! store");
        terminal.hang_up();
    }
}

#[test]
fn a_store_that_went_back_behind_the_remembered_head_is_a_fault() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let old = place.dir().join("old.db");
    account.smc(&["backup", old.to_str().unwrap()]).exits(0);
    run(async {
        let desk = desk(&place.url()).await;
        desk.submit(site("RLF")).await.unwrap();
    });
    account.smc(&["doctor", "--json"]).exits(0);
    for side in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{side}", place.file().display()));
    }
    std::fs::rename(&old, place.file()).unwrap();
    let ran = account.smc(&["doctor", "--json"]).exits(1);
    let (level, text) = worst_of(&ran, "head");
    assert!(level == "fault" && text.contains("went backwards"), "{text}");
    assert!(account.smc(&["tick"]).exits(4).stderr.contains("went backwards"));
}

#[test]
fn a_store_that_does_not_open_is_a_finding_too() {
    let place = sqlite::place();
    let ran = account(&place.url()).smc(&["doctor", "--json"]).exits(4);
    let (level, text) = worst_of(&ran, "open");
    assert!(level == "fault" && text.contains("smc init"), "{text}");
}

#[test]
fn persons_without_a_login_and_logins_with_powers_are_named() {
    let Some(server) = crate::support::postgres() else { return };
    let engine = Engine::Postgres(server.database());
    found(&engine);
    let alice = engine.person("alice");
    run(async {
        let desk = desk(&engine.url()).await;
        for login in ["nobody_yet", alice.login.as_str()] {
            let fields = serde_json::json!({"login": login, "name": "A person"});
            desk.submit(command("person.register", fields)).await.unwrap();
        }
    });
    let told = engine.founder().smc(&["doctor", "--json"]).exits(0).json();
    let people = finding(&told, "people")["found"].as_str().unwrap();
    assert!(people.contains("nobody_yet") && !people.contains("alice"), "{people}");
    let powers: Vec<&str> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["check"] == "powers")
        .map(|finding| finding["found"].as_str().unwrap())
        .collect();
    let owner = engine.founder().login;
    let names = |who: &str, what: &str| {
        powers.iter().any(|told| told.starts_with(&format!("{who}:")) && told.contains(what))
    };
    assert!(names("postgres", "SUPERUSER"), "{powers:?}");
    assert!(names(&owner, "CREATEROLE") && names(&owner, "smc_owner"), "{powers:?}");
    // Who was registered can work at once.
    alice.smc(&["doctor", "--json"]).exits(0);
}

fn holder(url: &str) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "it::doctor::a_shift_lead_releases_a_session_that_holds_the_ledger"])
        .arg("--nocapture")
        .env(MARK, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.as_mut().unwrap()));
    assert!(lines.map_while(Result::ok).any(|line| line.contains("holds the ledger")));
    child
}

const MARK: &str = "SMC_TEST_HELD_FOR_RELEASE";

#[test]
fn a_shift_lead_releases_a_session_that_holds_the_ledger() {
    if let Ok(url) = std::env::var(MARK) {
        run(async {
            let desk = desk(&url).await;
            let _write = Write::begin(desk.store()).await.unwrap();
            println!("holds the ledger");
            std::thread::sleep(Duration::from_secs(60));
        });
        return;
    }
    let Some(server) = Server::private() else { return };
    // It ends with this process, whatever else does.
    let server: &'static Server = Box::leak(Box::new(server));
    let engine = Engine::Postgres(server.database());
    if let Engine::Postgres(database) = &engine {
        // What a DBA grants where the installer may not.
        database.sql(
            "CREATE ROLE smc_owner; CREATE ROLE smc_console; GRANT smc_console TO smc_owner WITH ADMIN OPTION;
             GRANT pg_read_all_stats, pg_signal_backend TO smc_owner",
        );
        let owner = &database.owner().name;
        database.sql(&format!("GRANT smc_owner, smc_console TO {owner} WITH ADMIN OPTION"));
    }
    found(&engine);
    let founder = engine.founder();
    let mut child = holder(&engine.url());
    let told = founder.smc(&["doctor", "--json"]).exits(0).json();
    let lock = finding(&told, "lock");
    assert_eq!(lock["level"], "warning", "{lock}");
    let fix = lock["fix"].as_str().unwrap();
    let pid = fix.split("--release ").nth(1).unwrap().split('`').next().unwrap().to_owned();
    let refused = founder.smc(&["doctor", "--release", &pid, "--json"]).exits(3);
    let message = refused.json_error()["message"].to_string();
    assert!(message.contains("at work"), "{message}");
    std::thread::sleep(Duration::from_millis(10_500));
    founder.smc(&["doctor", "--release", &pid]).exits(0);
    run(async { desk(&engine.url()).await.submit(site("RLF")).await.unwrap() });
    let _ = child.kill();
    let _ = child.wait();
}

#[test]
fn on_sqlite_the_holder_is_named_and_nobody_is_ended_from_here() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let mut child = holder(&place.url());
    let ran = account.smc(&["doctor", "--json"]).exits(0);
    let (level, text) = worst_of(&ran, "lock");
    assert!(level == "warning" && text.contains(&format!("process {}", child.id())), "{text}");
    account.smc(&["doctor", "--release", &child.id().to_string()]).exits(3);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(worst_of(&account.smc(&["doctor", "--json"]), "lock").0, "ok");
}

#[test]
fn a_backup_is_whole_closed_to_others_and_never_replaces_a_file() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let copy = place.dir().join("copy.db");
    let name = copy.to_str().unwrap();
    let made = account.smc(&["backup", name, "--json"]).exits(0).json();
    assert_eq!(std::fs::metadata(&copy).unwrap().mode() & 0o777, 0o600);
    let again = account.smc(&["backup", name]).exits(4);
    assert!(again.stderr.contains("copy.db"), "{}", again.stderr);
    let head = made["head"].as_str().unwrap();
    let store = format!("sqlite:{name}");
    let other = crate::support::process::account(&store);
    let verified = other.smc(&["verify", "--json", "--head", head]).exits(0).json();
    assert_eq!(verified["entries"], 4);
    other.smc(&["tick"]).exits(0);
}

#[test]
fn a_store_on_a_server_names_the_command_that_copies_it_and_that_command_works() {
    let Some(server) = crate::support::postgres() else { return };
    let engine = Engine::Postgres(server.database());
    found(&engine);
    let home = engine.founder();
    let file = home.account.home().join("it's a copy.dump");
    let refused = home.smc(&["backup", file.to_str().unwrap()]).exits(2);
    let command = refused.stderr.trim().split_once("run: ").unwrap().1.to_owned();
    let output = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::metadata(&file).unwrap().len() > 1000);
}
