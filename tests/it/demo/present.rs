//! What is on screen when the story ends, sentence by sentence of what it promises.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::Value;
use smc::domain::time::Time;

use super::made::{end_of_story, five, list, time};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn present() -> Time {
    end_of_story(&five().1)
}

/// Seconds from the end of the story until the instant that a row names; negative for what was.
fn until(value: &Value) -> i64 {
    time(value).seconds_since(present())
}

fn one(subject: &str, is: impl Fn(&Value) -> bool) -> Value {
    let rows = list(subject);
    let mut found = rows.iter().filter(|row| is(row));
    let first = found.next().unwrap_or_else(|| panic!("none of the {subject} is it"));
    assert_eq!(found.next(), None, "two of the {subject} are it");
    first.clone()
}

/// Whether so many seconds are these, with what the whole minute adds.
fn about(seconds: i64, these: i64) {
    assert!((these..=these + MINUTE).contains(&seconds), "{seconds} s, and it should be {these} s");
}

#[test]
fn five_plants_stand_where_they_should_under_their_rules() {
    let said = |site: &str, name: &str| one("sites", |row| row["ref"] == site)[name].clone();
    let plants = [
        ("JUB", "Jubail gas", "Asia/Riyadh", "NCA OTCC"),
        ("OHP", "Ohio power", "America/New_York", "NERC CIP"),
        ("ANR", "Antwerp pharma", "Europe/Brussels", "NIS2"),
        ("RTM", "Rotterdam water", "Europe/Amsterdam", "NIS2"),
        ("GOT", "Göteborg automotive", "Europe/Stockholm", "NIS2"),
    ];
    assert_eq!(list("sites").len(), plants.len());
    for (site, name, zone, framework) in plants {
        assert_eq!((said(site, "name"), said(site, "timezone")), (name.into(), zone.into()));
        assert!(said(site, "frameworks").to_string().contains(framework), "{site}");
    }
    assert_eq!(said("JUB", "otcc_level"), 1);
    assert_eq!(said("OHP", "nerc_impact"), "medium");
    let assets = list("assets");
    assert_eq!(assets.len(), 300);
    let of = |name: &str| {
        let words = assets.iter().filter_map(|row| row[name].as_str().map(str::to_owned));
        words.collect::<BTreeSet<_>>()
    };
    assert!(of("class").len() >= 15 && of("purdue").len() >= 5 && of("vendor").len() >= 9);
    let validated = |row: &&Value| row["constraints"]["validated"] == true;
    assert!(assets.iter().filter(validated).all(|row| row["site"] == "ANR"));
    assert!(assets.iter().filter(validated).count() > 20, "Antwerp's systems are validated");
    let people = list("people");
    assert!((30..=37).contains(&people.len()), "{} people", people.len());
}

#[test]
fn its_history_begins_120_days_ago() {
    let log = five().1.smc(&["log", "--json"]).exits(0).json_lines();
    assert_eq!(until(&log[0]["at"]), -120 * DAY);
    assert_eq!(log.last().unwrap()["kind"], "demo.sealed");
}

#[test]
fn an_incident_of_severity_2_goes_on_at_antwerp() {
    let incident = one("incidents", |row| row["site"] == "ANR");
    assert_eq!(incident["severity"], 2);
    assert!(incident["title"].as_str().unwrap().starts_with("Logic download"), "{incident}");
}

#[test]
fn one_window_ends_in_8_minutes_with_a_live_session_and_another_2_minutes_after_the_start() {
    let open = |row: &&Value| row["state"] == "open" && until(&row["end"]) > 0;
    let mut windows: Vec<Value> = list("windows").into_iter().filter(|row| open(&row)).collect();
    windows.sort_by_key(|row| until(&row["end"]));
    let sessions = list("sessions");
    for (window, ends) in windows.iter().zip([2 * MINUTE, 8 * MINUTE]) {
        about(until(&window["end"]), ends);
        let live = |row: &&Value| row["state"] == "live" && row["window"] == window["ref"];
        assert!(sessions.iter().any(|row| live(&row)), "nobody is in {}", window["ref"]);
    }
}

#[test]
fn operations_vetoed_a_change_and_another_takes_its_place() {
    let changes = list("changes");
    let another = changes.iter().find(|row| row["supersedes"].is_string()).unwrap();
    let vetoed = changes.iter().find(|row| row["ref"] == another["supersedes"]).unwrap();
    assert_eq!(vetoed["state"], "rejected");
    let no = |one: &&Value| one["discipline"] == "operations" && one["decision"] == "no";
    assert!(vetoed["approvals"].as_array().unwrap().iter().any(|one| no(&one)), "{vetoed}");
}

#[test]
fn an_emergency_waits_for_its_review() {
    let (_, account) = five();
    let tasks = account.smc(&["--as", "mvermeer", "list", "tasks", "--json"]).exits(0).json_lines();
    let review = tasks.iter().find(|task| task["kind"] == "review").unwrap();
    assert!(until(&review["due"]) < 0, "it is due: {review}");
    let change = one("changes", |row| row["ref"] == review["subject"]);
    assert_eq!(change["kind"], "emergency");
}

#[test]
fn a_bypass_of_a_key_switch_ends_in_5_hours_and_an_acceptance_tomorrow() {
    let bypass = one("bypasses", |row| {
        row["state"] == "placed" && row["title"].as_str().unwrap().contains("key switch")
    });
    about(until(&bypass["until"]), 5 * HOUR);
    let tomorrow = one("acceptances", |row| {
        row["state"] == "approved" && (0..2 * DAY).contains(&until(&row["until"]))
    });
    about(until(&tomorrow["until"]), DAY);
}

#[test]
fn a_report_waits_for_25_minutes() {
    let waits = |row: &Value| row["state"] == "submitted";
    let last =
        list("reports").into_iter().filter(waits).map(|row| until(&row["submitted_at"])).max();
    assert_eq!(last, Some(-25 * MINUTE));
}

#[test]
fn rotterdams_inventory_is_97_days_old_and_counts_as_stale() {
    let import = one("imports", |row| row["site"] == "RTM" && row["format"] == "assets");
    let day = |at: Time| at.utc().with_timezone(&Tz::Europe__Amsterdam).date_naive();
    let began = day(time(&import["started_at"]));
    assert_eq!((day(present()) - began).num_days(), 97);
    let stale = list("items").into_iter().filter(|row| {
        row["site"] == "RTM" && row["measure"] == "confirmed" && row["state"] == "stale"
    });
    // Above level 1 for 90 days, at the process for a year.
    assert!(stale.count() > 15, "what nobody has seen for 90 days is stale");
}

#[test]
fn a_shift_ends_in_47_minutes() {
    let ends =
        one("duties", |row| row["state"] == "on" && (0..HOUR).contains(&until(&row["until"])));
    assert_eq!((&ends["site"], &ends["login"]), (&"ANR".into(), &"ngoossens".into()));
    about(until(&ends["until"]), 47 * MINUTE);
}

#[test]
fn posture_follows_from_what_stands() {
    let (_, account) = five();
    let status = account.smc(&["status", "--json"]).exits(0).json();
    for site in status["sites"].as_array().unwrap() {
        assert!(site["functions"]["ID"].is_number(), "{site}");
    }
    // No entry says a number: it is computed from the items.
    let log = account.smc(&["log", "--json"]).exits(0).json_lines();
    let posture: BTreeSet<&str> = log
        .iter()
        .filter_map(|entry| entry["kind"].as_str().filter(|kind| kind.starts_with("posture")))
        .collect();
    assert_eq!(posture, BTreeSet::from(["posture.target-set", "posture.weighed"]));
}
