//! Two people at two consoles of one store: what one does, the other sees without a key, and decides.

use std::time::Duration;

use serde_json::json;
use smc::commands::Desk;
use smc::store::{Opening, Write};

use crate::support::engines;
use crate::support::hand::{console, strike};
use crate::support::plant::{Plant, done, in_seconds, plant};
use crate::support::terminal::{Terminal, keys};

const SUBMIT: &str = "\x0f";
const CANCEL: &str = "\x03";

/// Rita asks for a change of an asset, from the list of risks.
fn ask(rita: &mut Terminal) {
    strike(rita, &["2"]);
    rita.wait_for("Feed pump stops");
    strike(rita, &["n"]);
    rita.wait_for("Asks for a change.");
    fill(rita);
    strike(rita, &[SUBMIT]);
    rita.wait_for("CR-1 is asked for");
}

/// The fields of the change that mitigates the risk.
fn fill(rita: &mut Terminal) {
    strike(rita, &[keys::ENTER]);
    rita.wait_for("Mitigate R-1");
    let start = in_seconds(-60);
    // Title, site and risk are known from where the form was opened, and one writes where something is to be written;
    // where an impact is none, nothing is asked about it.
    rita.wait_for(">kind");
    strike(rita, &[" ", keys::TAB, keys::TAB, "RLF/PLC-1", keys::TAB]);
    // What is done to the assets follows from the activity.
    rita.wait_for(">intervention");
    strike(rita, &[keys::TAB, keys::TAB]);
    strike(rita, &[&start, keys::TAB, "+2h", keys::TAB]);
    for _ in 0..5 {
        strike(rita, &[" ", keys::TAB]);
    }
    strike(rita, &[keys::TAB, keys::TAB]);
    strike(rita, &["Load the saved project.", keys::TAB, "Run the pump in manual."]);
    rita.wait_for("pump in manual.");
}

fn with_risk(plant: &Plant) {
    let harm = json!({"safety": 2, "production": 4});
    plant.done(
        "risk.raise",
        json!({"site": "RLF", "title": "Feed pump stops", "likelihood": 4, "consequence": harm}),
    );
}

#[test]
fn a_change_goes_from_the_risk_list_to_verified_through_three_consoles() {
    for engine in engines() {
        let plant = plant(&engine);
        with_risk(&plant);
        let mut rita = console(&plant.rita);
        let (mut olga, mut ida) = (console(&plant.olga), console(&plant.ida));
        strike(&mut olga, &["3"]);
        olga.wait_for("No change is under way");
        strike(&mut ida, &["3"]);
        ask(&mut rita);

        // Nobody struck a key: the change is there, it waits for them, and who asked cannot decide.
        olga.wait_for("waits for you as operations");
        ida.wait_for("waits for you as it security");
        strike(&mut rita, &["3"]);
        rita.wait_for("O·I·");
        strike(&mut rita, &["a"]);
        rita.wait_for("cannot decide on it");

        strike(&mut olga, &["a"]);
        olga.wait_for("(x) operations");
        strike(&mut olga, &[SUBMIT]);
        olga.wait_for("CR-1: your yes of operations is in; it security still to decide");
        ida.wait_for("O✓I·");
        rita.wait_for("O✓I·");
        strike(&mut ida, &["a"]);
        ida.wait_for("(x) it_security");
        strike(&mut ida, &[SUBMIT]);
        ida.wait_for("CR-1 is approved now");
        rita.wait_for("s starts it");

        let steps = [
            ("s", "s starts it", "CR-1 started"),
            ("d", "d when done", "CR-1 completed"),
            ("v", "v verifies", "CR-1 verified"),
        ];
        for (key, offered, said) in steps {
            rita.wait_for(offered);
            strike(&mut rita, &[key]);
            rita.wait_for("Ctrl-O submit");
            strike(&mut rita, &[SUBMIT]);
            rita.wait_for(said);
        }
        // What is verified is under way no more.
        ida.wait_for("it left this list");

        strike(&mut ida, &["y"]);
        ida.wait_for("change.verified");
        strike(&mut ida, &[keys::ESC, "D"]);
        ida.wait_for("✓ yes");
        strike(&mut ida, &["q", "q"]);
        ida.wait_for("Leave the console?");
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_change_far_down_the_watch_is_approved_with_three_keys() {
    for engine in engines() {
        let plant = plant(&engine);
        for number in 1..=20 {
            let what = format!("Panel {number} shows a window that nobody opened.");
            let report = json!({"where": "RLF line 2", "what": what, "effect": "none"});
            done(&plant.rita, "report.submit", report);
        }
        let change = plant.change(3_000, 3_600);
        let mut ida = console(&plant.ida);
        ida.wait_for("1-17/2");
        strike(&mut ida, &["f"]);
        ida.wait_for("mine (f: shelf)");
        ida.wait_for("a approves, x rejects");
        strike(&mut ida, &["a"]);
        ida.wait_for("(x) it_security");
        strike(&mut ida, &[SUBMIT]);
        ida.wait_for(&format!("{change}: your yes of it security is in"));
        strike(&mut ida, &[keys::ESC]);
        ida.wait_for("all (f: mine)");
    }
}

#[test]
fn a_command_that_waits_for_the_ledger_says_for_whom_and_ends_when_told_to() {
    for engine in engines() {
        let plant = plant(&engine);
        with_risk(&plant);
        let mut rita = console(&plant.rita);
        strike(&mut rita, &["2"]);
        rita.wait_for("Feed pump stops");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let desk = runtime
            .block_on(Desk::open(engine.url().parse().unwrap(), Opening::default(), "test"))
            .unwrap();
        let write = runtime.block_on(Write::begin(desk.store())).unwrap();

        strike(&mut rita, &["n"]);
        rita.wait_for("Asks for a change.");
        fill(&mut rita);
        strike(&mut rita, &[SUBMIT]);
        rita.wait_for("Ctrl-C cancel  waiting for the ledger");
        rita.wait_for(&plant.founder.login);
        rita.wait_for("sending …");
        // It counts on, and what is asked of the screen is done.
        rita.wait_for("waiting for the ledger 3 s");
        rita.resize(30, 100);
        rita.wait_for("Ctrl-C cancel  waiting for the ledger");
        strike(&mut rita, &[CANCEL]);
        rita.wait_for("you gave up waiting for the ledger; nothing was written");
        rita.wait_gone("Ctrl-C cancel  waiting");
        rita.wait_for("[Submit]");

        runtime.block_on(write.roll_back());
        strike(&mut rita, &[SUBMIT]);
        rita.wait_for("CR-1 is asked for");
    }
}

#[test]
fn a_declared_incident_is_named_and_counted_on_its_tab() {
    for engine in engines() {
        let plant = plant(&engine);
        let rita = console(&plant.rita);
        rita.wait_for("0 Watch");
        let fields = json!({"sites": ["RLF"], "title": "Panel frozen", "severity": 2});
        plant.done("incident.declare", fields);
        rita.wait_for("5 INC-1 1");
    }
}

#[test]
fn an_idle_console_writes_nothing_while_nothing_changes() {
    for engine in engines() {
        let plant = plant(&engine);
        with_risk(&plant);
        let mut olga = console(&plant.olga);
        strike(&mut olga, &["2"]);
        olga.wait_for("Feed pump stops");
        let before = olga.settle(Duration::from_millis(500));
        std::thread::sleep(Duration::from_secs(3));
        // A minute may begin meanwhile: the clock of the last row is a change that is due.
        let drawn = olga.bytes() - before;
        assert!(drawn < 200, "{} on {}: {drawn} bytes", olga.text(), engine.name());
    }
}

#[test]
fn a_past_moment_is_shown_and_nothing_can_be_written_to_it() {
    for engine in engines() {
        let plant = plant(&engine);
        let then = plant.done("log.add", json!({"site": "RLF", "text": "quiet"}));
        let seq = then["entries"][0].to_string();
        with_risk(&plant);
        let start = plant.founder.terminal(&["--as-of", &seq]).env("LC_ALL", "C.UTF-8");
        let mut past = start.start();
        past.wait_for("AS-OF");
        strike(&mut past, &["2"]);
        past.wait_for("No risk of P1 or P2");
        strike(&mut past, &["n"]);
        past.wait_for("as it stood");
        strike(&mut past, &["q"]);
        past.wait_for("Leave the console?");
        strike(&mut past, &["q"]);
        let ended = past.wait_exit(Duration::from_secs(5)).expect("it ends");
        assert!(ended.success(), "{ended}");
    }
}

#[test]
fn without_a_terminal_or_a_store_the_console_says_what_to_do() {
    let engine = &engines()[0];
    let founder = engine.founder();
    let told = founder.smc(&[]).exits(2);
    assert!(told.stderr.contains("needs a terminal"), "{}", told.stderr);
    let alone = founder.terminal(&[]).start();
    alone.wait_for("smc init");
}

#[test]
fn a_display_on_the_wall_shows_what_it_was_told_to_and_writes_nothing() {
    for engine in engines() {
        let plant = plant(&engine);
        let reference = plant.change(600, 7_200);
        let start = plant.olga.terminal(&["--view", "changes", "--read-only"]);
        let mut wall = start.env("LC_ALL", "C.UTF-8").start();
        wall.wait_for(&reference);
        wall.wait_for("READ-ONLY");
        strike(&mut wall, &["a"]);
        wall.wait_for("it was started to show only");
        strike(&mut wall, &["q"]);
        wall.wait_for("Leave the console?");
        strike(&mut wall, &["q"]);
        assert!(wall.wait_exit(Duration::from_secs(5)).is_some());
        let wrong = plant.olga.terminal(&["--view", "nowhere"]).env("LC_ALL", "C.UTF-8").start();
        wrong.wait_for("--view nowhere: there is none");
    }
}
