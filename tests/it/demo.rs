//! The store to look around in, as the command line makes it: whole, lawful, with every state to be seen.

use std::path::Path;

use serde_json::Value;
use smc::domain::{acceptance, approval, change, risk, window};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::support::process::{Account, Ran, account};
use crate::support::{sqlite, terminal};

fn demo(account: &Account, dir: &Path, more: &[&str]) -> Ran {
    let mut args = vec!["demo", "--no-console", "--dir", dir.to_str().unwrap()];
    args.extend(more);
    account.smc(&args)
}

async fn raw(dir: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("smc.db"));
    options.read_only(true).connect().await.unwrap()
}

/// The words that a column holds.
async fn held(c: &mut SqliteConnection, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(c).await.unwrap()
}

fn all(words: &[&str]) -> Vec<String> {
    let mut words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    words.sort_unstable();
    words
}

async fn whole(size: &str) {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", size]).exits(0);
    account.smc(&["verify"]).exits(0);
    let mut c = raw(place.dir()).await;
    assert_eq!(
        held(&mut c, "SELECT DISTINCT state FROM change ORDER BY 1").await,
        all(change::State::WORDS)
    );
    assert_eq!(
        held(&mut c, "SELECT DISTINCT state FROM vendor_window ORDER BY 1").await,
        all(window::State::WORDS)
    );
    assert_eq!(
        held(&mut c, "SELECT DISTINCT state FROM risk ORDER BY 1").await,
        all(risk::State::WORDS)
    );
    assert_eq!(
        held(&mut c, "SELECT DISTINCT state FROM acceptance ORDER BY 1").await,
        all(acceptance::State::WORDS)
    );
    let tiers = held(&mut c, "SELECT DISTINCT tier FROM vuln_match ORDER BY 1").await;
    assert_eq!(tiers, ["confirmed", "likely", "possible", "undetermined"]);
    let natures = held(&mut c, "SELECT DISTINCT kind FROM change ORDER BY 1").await;
    assert_eq!(natures, all(change::Nature::WORDS));
    let own: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM decision d JOIN approval a ON a.ref = d.approval_ref AND a.requester = d.person",
    )
    .fetch_one(&mut c)
    .await
    .unwrap();
    assert_eq!(own, 0, "nobody decides on their own request");
    assert!(approval::Approvable::ALL.len() == 3, "another subject is decided on: show it here");
    c.close().await.unwrap();
}

#[tokio::test]
async fn one_plant_shows_every_state() {
    whole("small").await;
}

#[tokio::test]
async fn five_plants_show_every_state() {
    whole("plant").await;
}

#[test]
fn a_store_that_stands_is_opened_and_not_made_again() {
    let place = sqlite::place();
    let account = account(&place.url());
    let first = demo(&account, place.dir(), &["--size", "small", "--json"]).exits(0).json();
    let second = demo(&account, place.dir(), &["--size", "small", "--json"]).exits(0).json();
    assert_eq!((&first["made"], &second["made"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(first["store"], second["store"]);
    let left: Vec<_> = std::fs::read_dir(place.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("smc.db"))
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}

#[test]
fn whoever_made_it_acts_as_anybody() {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", "small"]).exits(0);
    let report = r#"{"where": "ANR dock 2", "what": "A pallet of panels came without its papers.", "effect": "None"}"#;
    account.smc(&["--as", "wdewit", "do", "report.submit", "--json", report]).exits(0);
    let person = r#"{"login": "x", "name": "X"}"#;
    account.smc(&["--as", "wdewit", "do", "person.register", "--json", person]).exits(3);
    account.smc(&["--as", "nobody", "do", "report.submit", "--json", report]).exits(3);
}

#[test]
fn the_console_opens_on_it() {
    let place = sqlite::place();
    let account = account(&place.url());
    let dir = place.dir().to_str().unwrap();
    let args = ["--as", "mvermeer", "demo", "--size", "small", "--dir", dir];
    let mut terminal = terminal::smc(&account, &args).size(24, 80).start();
    terminal.wait_for("mvermeer");
    terminal.wait_for("DEMO");
    terminal.wait_for("VW-");
    terminal.send("q");
    terminal.wait_for("Leave the console?");
    terminal.send("q");
    assert!(terminal.wait_exit(terminal::PATIENCE).is_some_and(|status| status.success()));
}

#[test]
fn what_a_person_wrote_cannot_be_taken_away_unseen() {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", "small"]).exits(0);
    let store = place.url();
    let older = place.dir().join("older.db");
    std::fs::copy(place.file(), &older).unwrap();
    let line = r#"{"site": "ANR", "text": "Lock 31 is open."}"#;
    account.smc(&["--store", &store, "do", "log.add", "--json", line]).exits(0);
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", place.file().display()));
    }
    std::fs::copy(&older, place.file()).unwrap();
    account.smc(&["status"]).exits(4);
    account.smc(&["do", "log.add", "--json", line]).exits(4);
}

#[test]
fn a_size_that_is_not_built_says_so_and_a_real_store_is_left_alone() {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", "fleet"]).exits(2);
    assert!(!place.file().exists());
    account.smc(&["init", "--org", "Real works"]).exits(0);
    demo(&account, place.dir(), &[]).exits(2);
}
