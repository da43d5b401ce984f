//! How it is made: whole or not at all, the same from the same seed, once, and never over a real store.

use std::path::Path;

use serde_json::Value;
use smc::demo::{Size, tell};
use smc::store::Place as Store;

use crate::support::process::{Account, Ran, account};
use crate::support::sqlite;

/// Runs `smc demo` without its console.
pub fn demo(account: &Account, dir: &Path, more: &[&str]) -> Ran {
    let mut args = vec!["demo", "--no-console", "--dir", dir.to_str().unwrap()];
    args.extend(more);
    account.smc(&args)
}

/// Every entry of a store as the command line prints it, and its head.
fn ledger(place: &sqlite::Place) -> Vec<Value> {
    account(&place.url()).smc(&["log", "--json"]).exits(0).json_lines()
}

#[tokio::test]
async fn the_same_seed_and_present_make_the_same_ledger_to_the_last_byte() {
    let present = "2026-11-24T10:00:00.123456Z".parse().unwrap();
    let mut made = Vec::new();
    for seed in [3, 3, 4] {
        let place = sqlite::place();
        let store: Store = place.url().parse().unwrap();
        tell(&store, Size::Small, seed, present).await.unwrap();
        made.push(ledger(&place));
    }
    assert!(made[0].len() > 500, "{} entries", made[0].len());
    assert_eq!(made[0], made[1]);
    assert_ne!(made[0].last(), made[2].last());
}

#[tokio::test]
async fn another_present_moves_the_times_and_nothing_else() {
    let mut made = Vec::new();
    for present in ["2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"] {
        let place = sqlite::place();
        let store: Store = place.url().parse().unwrap();
        tell(&store, Size::Small, 3, present.parse().unwrap()).await.unwrap();
        let entries = ledger(&place);
        made.push(
            entries
                .iter()
                .map(|entry| {
                    let said = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                    (said("kind"), said("subject"), said("actor"), entry["body"]["salt"].clone())
                })
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(made[0], made[1]);
}

/// Tells the whole story up to this present.
async fn tells_up_to(present: &str) {
    let place = sqlite::place();
    let store: Store = place.url().parse().unwrap();
    let told = tell(&store, Size::Plant, 5, present.parse().unwrap()).await;
    assert!(told.is_ok(), "{present}: {}", told.unwrap_err());
}

#[tokio::test]
async fn it_can_be_told_in_the_night_in_which_the_clocks_change() {
    tells_up_to("2026-03-29T00:40:00Z").await;
}

#[tokio::test]
async fn it_can_be_told_on_a_sunday_evening() {
    tells_up_to("2026-07-05T21:20:00Z").await;
}

#[test]
fn a_store_that_stands_is_opened_and_not_made_again_unless_it_shall_be() {
    let place = sqlite::place();
    let account = account(&place.url());
    let made = |more: &[&str]| {
        let args: Vec<_> = ["--size", "small", "--json"].iter().chain(more).copied().collect();
        demo(&account, place.dir(), &args).exits(0).json()
    };
    let (first, second, third) = (made(&[]), made(&[]), made(&["--fresh"]));
    assert_eq!((&first["made"], &second["made"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(first["store"], second["store"]);
    assert_eq!(third["made"], Value::Bool(true));
    assert_ne!(first["store"], third["store"]);
    account.smc(&["verify"]).exits(0);
    let left: Vec<_> = std::fs::read_dir(place.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("smc.db"))
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}

#[tokio::test]
async fn a_demo_of_another_version_says_how_it_is_brought_up_and_is_made_afresh() {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", "small"]).exits(0);
    let other = "UPDATE meta SET value = 'of another program' WHERE key = 'tables'";
    super::super::desks::raw(&place, other).await;
    let told = demo(&account, place.dir(), &["--size", "small"]).exits(4);
    let advice = format!("smc init --store {}", place.url());
    assert!(told.stderr.contains(&advice), "{}", told.stderr);
    account.smc(&["init", "--store", &place.url()]).exits(0);
    demo(&account, place.dir(), &["--size", "small"]).exits(0);
    super::super::desks::raw(&place, other).await;
    demo(&account, place.dir(), &["--size", "small", "--fresh"]).exits(0);
    account.smc(&["verify"]).exits(0);
}

#[tokio::test]
async fn a_story_that_ended_yesterday_says_so() {
    let place = sqlite::place();
    let store: Store = place.url().parse().unwrap();
    tell(&store, Size::Small, 1, "2026-11-24T10:00:00Z".parse().unwrap()).await.unwrap();
    let account = account(&place.url());
    let told = demo(&account, place.dir(), &[]).exits(0);
    assert!(told.stderr.contains("smc demo --fresh"), "{}", told.stderr);
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
    for words in [["do", "report.submit", "--json", report].as_slice(), &["list", "tasks"]] {
        let refused = account.smc(&[&["--as", "nobody"], words].concat()).exits(3).stderr;
        assert!(
            refused.contains("no person nobody") && refused.contains("smc list people"),
            "{refused}"
        );
    }
    account.smc(&["verify"]).exits(0);
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
    let shown = account.smc(&["status"]).exits(0);
    assert!(shown.stderr.contains("went backwards"), "{}", shown.stderr);
    account.smc(&["do", "log.add", "--json", line]).exits(4);
}

#[test]
fn a_size_that_there_is_not_is_named_and_a_real_store_is_left_alone() {
    let place = sqlite::place();
    let account = account(&place.url());
    demo(&account, place.dir(), &["--size", "continent"]).exits(2);
    assert!(!place.file().exists());
    account.smc(&["init", "--org", "Real works"]).exits(0);
    demo(&account, place.dir(), &[]).exits(2);
    demo(&account, place.dir(), &["--fresh"]).exits(2);
    account.smc(&["status"]).exits(0);
}
