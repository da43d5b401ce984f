//! A store that is lost under an open console: it says so and since when, its keys go on, nothing typed is lost, and it
//! finds back by itself.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use crate::support::engine::Engine;
use crate::support::hand::{console, strike};
use crate::support::plant::plant;
use crate::support::postgres::Server;
use crate::support::process::account;
use crate::support::proxy::{Proxy, Wire};
use crate::support::terminal::{Terminal, keys};
use crate::support::{postgres, sqlite};

const SUBMIT: &str = "\x0f";

/// What is typed while the store is away.
const LINE: &str = "Panel of the feed pump froze for a minute.";

/// Moves the file of a store and what belongs to it.
fn rename(from: &Path, to: &Path) {
    for side in ["", "-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{side}", path.display()));
        let _ = std::fs::rename(with(from), with(to));
    }
}

fn last_row(terminal: &Terminal) -> String {
    terminal.row(23)
}

/// A console is opened, the store goes away while a line is typed, and comes back.
fn survives(engine: &Engine, proxy: Option<(&Proxy, u16)>, lose: impl Fn(), find: impl Fn()) {
    let plant = plant(engine);
    plant.done("report.submit", json!({"where": "RLF 2", "what": "Odd noise", "effect": "none"}));
    let mut ida = plant.ida;
    if let Some((proxy, port)) = proxy {
        ida.account = account(&proxy.url(ida.account.store(), port));
    }
    let mut screen = console(&ida);
    // Row 1 tells of it before the list does, and what is typed belongs to the row it was begun on.
    screen.wait_until("the report in the list", |screen| {
        screen.contents().lines().skip(2).any(|row| row.contains("Odd noise"))
    });
    screen.wait_for(" ok ");
    strike(&mut screen, &["l"]);
    screen.wait_for("Writes a line into the log");
    strike(&mut screen, &["RLF", keys::TAB, &LINE[..20]]);

    lose();
    let began = Instant::now();
    screen.wait_for("P2! store");
    println!("{}: marked after {:?}", engine.name(), began.elapsed());
    screen.wait_for("does not answer");
    assert!(screen.row(0).contains("(since "), "{}", screen.text());

    // Keys go on, in the form, beside it, and back in it.
    strike(&mut screen, &[&LINE[20..]]);
    screen.wait_for(LINE);
    strike(&mut screen, &[keys::ESC, "3"]);
    screen.wait_for("3 Changes");
    strike(&mut screen, &["?"]);
    screen.wait_for("Asks for a change; its approvals");
    strike(&mut screen, &[keys::ESC, "0"]);
    screen.wait_for("Odd noise");
    strike(&mut screen, &["!"]);
    screen.wait_for("nobody at this console has acknowledged it");
    strike(&mut screen, &["A"]);
    screen.wait_for("store_stale acknowledged at this console");
    assert!(!screen.row(0).contains("P2! store"), "{}", screen.text());
    // How old it is, as long as it lasts.
    screen.wait_until("the age of what is shown", |screen| {
        screen.contents().lines().last().is_some_and(|row| row.contains("not answer for "))
    });
    strike(&mut screen, &["l"]);
    screen.wait_for(LINE);
    strike(&mut screen, &[SUBMIT]);
    screen.wait_for("[Submit]");
    screen.wait_for(LINE);

    find();
    let began = Instant::now();
    screen.wait_until("no mark of a lost store", |screen| {
        screen.contents().lines().last().is_some_and(|row| row.contains(" ok "))
    });
    println!("{}: found after {:?}", engine.name(), began.elapsed());
    screen.wait_for(LINE);
    strike(&mut screen, &[SUBMIT]);
    screen.wait_for("LL-1");
    let written = plant.founder.smc(&["list", "log-lines"]).exits(0).stdout;
    assert_eq!(written.matches(LINE).count(), 1, "{written}\n{}", last_row(&screen));
    assert!(!screen.text().contains("does not answer"), "{}", screen.text());
    plant.founder.smc(&["verify"]).exits(0);
}

#[test]
fn a_console_whose_file_is_moved_away_marks_it_and_finds_it_again() {
    let place = sqlite::place();
    let (file, away) = (place.file(), place.dir().join("away.db"));
    survives(&Engine::Sqlite(place), None, || rename(&file, &away), || rename(&away, &file));
}

#[test]
fn a_console_whose_server_crashes_marks_it_and_finds_it_again() {
    let Some(server) = Server::private() else { return };
    let server: &'static Server = Box::leak(Box::new(server));
    survives(&Engine::Postgres(server.database()), None, || server.crash(), || server.start());
}

#[test]
fn a_console_that_is_parted_from_its_server_marks_it_and_finds_it_again() {
    let Some(server) = postgres() else { return };
    let proxy = Proxy::to(server.port());
    survives(
        &Engine::Postgres(server.database()),
        Some((&proxy, server.port())),
        || proxy.set(Wire::Silent),
        || proxy.set(Wire::Open),
    );
}
