//! It is lawful to the last entry, its posture follows from what stands, and its watch is one that a person can work with.

use serde_json::Value;
use smc::domain::task;

use super::made::{five, one};
use crate::support::terminal;

#[test]
fn one_plant_and_five_are_lawful() {
    for (_, account) in [one(), five()] {
        account.smc(&["verify"]).exits(0);
    }
}

#[test]
fn the_watch_of_a_bad_day_keeps_the_first_priority_for_what_cannot_wait() {
    let (_, account) = five();
    let queue = |list: &str| {
        account.smc(&["--as", "mvermeer", "list", list, "--json"]).exits(0).json_lines()
    };
    let mut rows: Vec<Value> = queue("alarms").into_iter().chain(queue("tasks")).collect();
    rows.retain(|row| row["state"] != "shelved");
    let first: Vec<&str> = rows
        .iter()
        .filter(|row| row["priority"] == 1)
        .filter_map(|row| row["ref"].as_str()?.split(':').next())
        .collect();
    // Two sessions that end within minutes, and what nobody has judged in four hours, which somebody knows.
    assert!(first.len() <= 3 && rows.len() >= 7 * first.len(), "{first:?} of {} rows", rows.len());
    let kinds = ["window_ending", "window_overrun", "report_untriaged"];
    assert!(first.iter().all(|kind| kinds.contains(kind)), "{first:?}");
    let calls = |row: &&Value| row["priority"] == 1 && row["state"] == "unacknowledged";
    assert_eq!(rows.iter().filter(calls).count(), 2, "{first:?}");
}

#[test]
fn a_number_that_fell_says_by_which_measures_it_fell() {
    let (_, account) = five();
    let status = account.smc(&["status", "--json"]).exits(0).json();
    let sites = status["sites"].as_array().unwrap();
    let fell = |site: &&Value| !site["fell"].as_array().unwrap().is_empty();
    let fallen: Vec<&Value> = sites.iter().filter(fell).collect();
    assert!(!fallen.is_empty(), "something went wrong in the last day: {sites:#?}");
    for site in fallen {
        let because = site["because"].as_str().unwrap();
        for fall in site["fell"].as_array().unwrap() {
            assert!(fall["to"].as_i64() < fall["from"].as_i64(), "{fall}");
            let (from, to) = (&fall["from"], &fall["to"]);
            let function = fall["function"].as_str().unwrap();
            assert!(because.contains(&format!("{function} {from} to {to}: ")), "{because}");
            assert!(!fall["measures"].as_array().unwrap().is_empty(), "{fall}");
        }
    }
}

#[test]
fn every_kind_of_row_stands_on_the_watch_of_who_is_on_shift() {
    let (place, account) = five();
    let dir = place.dir().to_str().unwrap();
    // What stands against a change in Ohio is operations' to let pass, and not urgent enough for everybody.
    let tasks = ["mvermeer", "tgreene"].map(|login| {
        account.smc(&["--as", login, "list", "tasks", "--json"]).exits(0).json_lines()
    });
    let tasks = tasks.concat();
    let kinds: Vec<&str> = tasks.iter().filter_map(|task| task["kind"].as_str()).collect();
    for kind in task::TaskKind::WORDS {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
    let args = ["--as", "mvermeer", "demo", "--dir", dir];
    let mut terminal = terminal::smc(account, &args).size(40, 120).start();
    for word in ["mvermeer", "DEMO", " alarm ", " decide "] {
        terminal.wait_for(word);
    }
    terminal.send("q");
    terminal.wait_for("Leave the console?");
    terminal.send("q");
    assert!(terminal.wait_exit(terminal::PATIENCE).is_some_and(|status| status.success()));
}
