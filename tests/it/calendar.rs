//! The calendar of a plant: who keeps it, what it takes, and what the ledger proves of it.

use serde_json::{Value, json};

use crate::support::engines;
use crate::support::plant::{change, done, holds, in_seconds, named, plant, refused};

fn outage(from: i64, to: i64) -> Value {
    json!({"site": "RLF", "title": "Stop of line 2", "start": in_seconds(from), "end": in_seconds(to)})
}

#[test]
fn one_command_sets_a_time_of_either_kind() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut set = outage(60, 600);
        set["kind"] = json!("outage");
        assert_eq!(refused(&plant.ida, "calendar.set", set.clone()), "wrong-discipline");
        let outage = done(&plant.olga, "calendar.set", set.clone());
        assert_eq!(outage["ref"], "OUT-1", "{}", engine.name());
        set["kind"] = json!("blackout");
        assert_eq!(done(&plant.olga, "calendar.set", set.clone())["ref"], "BLK-1");
        set["kind"] = json!("holiday");
        assert_eq!(refused(&plant.olga, "calendar.set", set), "invalid");
        holds(&engine, &plant);
    }
}

#[test]
fn the_calendar_is_kept_by_whom_the_raci_says_at_the_site() {
    for engine in engines() {
        let plant = plant(&engine);
        assert_eq!(refused(&plant.ida, "outage.plan", outage(60, 600)), "wrong-discipline");
        done(&plant.olga, "outage.plan", outage(60, 600));
        done(&plant.rita, "blackout.declare", outage(60, 600));
        // Olga leads the shift at RLF and nowhere else.
        let mut elsewhere = outage(60, 600);
        elsewhere["site"] = json!("ANR");
        assert_eq!(refused(&plant.olga, "outage.plan", elsewhere), "not-allowed");
        let own = json!({"activity": "outage.calendar", "discipline": "it_security", "value": "A", "site": "RLF"});
        plant.done("raci.set", own);
        done(&plant.ida, "outage.plan", outage(60, 600));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_time_of_the_calendar_is_to_come_and_its_assets_are_of_the_site() {
    for engine in engines() {
        let plant = plant(&engine);
        assert_eq!(refused(&plant.olga, "outage.plan", outage(600, 60)), "invalid");
        assert_eq!(refused(&plant.olga, "outage.plan", outage(-600, -60)), "expired");
        let mut named = outage(60, 600);
        named["assets"] = json!([]);
        assert_eq!(refused(&plant.olga, "outage.plan", named.clone()), "missing");
        named["assets"] = json!(["RLF/PLC-1", "RLF/PLC-1"]);
        assert_eq!(refused(&plant.olga, "outage.plan", named.clone()), "invalid");
        named["assets"] = json!(["RLF/NONE"]);
        assert_eq!(refused(&plant.olga, "outage.plan", named), "unknown");
        let planned = done(&plant.olga, "outage.plan", outage(60, 600));
        let back = json!({"ref": planned["ref"], "start": in_seconds(60), "end": in_seconds(30), "reason": "x"});
        assert_eq!(refused(&plant.olga, "outage.move", back), "invalid");
        let short = done(&plant.olga, "blackout.declare", outage(-60, 1));
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        let ended = json!({"ref": short["ref"], "reason": "x"});
        assert_eq!(refused(&plant.olga, "blackout.end", ended), "expired", "{}", engine.name());
    }
}

#[test]
fn one_of_them_is_shown_with_its_history() {
    for engine in engines() {
        let plant = plant(&engine);
        let planned = done(&plant.olga, "outage.plan", outage(60, 600));
        let reference = planned["ref"].as_str().unwrap();
        let later = json!({"ref": reference, "start": in_seconds(120), "end": in_seconds(900), "reason": "parts are late"});
        done(&plant.olga, "outage.move", later);
        let shown = plant.ida.smc(&["show", reference, "--json"]).exits(0).json();
        assert_eq!(shown["entries"].as_array().unwrap().len(), 2, "{}", engine.name());
        assert_eq!((&shown["note"], &shown["whole"]), (&json!("parts are late"), &json!(true)));
        assert_eq!(shown["links"][0]["ref"], "RLF");
        let told = plant.ida.smc(&["list", "calendar"]).exits(0).stdout;
        assert!(told.contains(reference) && told.contains("Stop of line 2"), "{told}");
    }
}

#[test]
fn whoever_asked_takes_nothing_away_that_stands_against_it() {
    for engine in engines() {
        let plant = plant(&engine);
        let asked = |fields: Value| named(&done(&plant.rita, "change.request", fields));
        let mut stops = change(600, 3_600);
        stops["impacts"]["uptime"] = json!({"level": "medium", "text": "the line stands"});
        asked(stops);
        assert_eq!(refused(&plant.rita, "outage.plan", outage(60, 9_000)), "four-eyes");
        let other = json!({"site": "RLF", "title": "Stop of the panel", "assets": ["RLF/HMI-1"],
                           "start": in_seconds(60), "end": in_seconds(9_000)});
        let out = named(&done(&plant.rita, "outage.plan", other));
        done(&plant.rita, "outage.cancel", json!({"ref": out, "reason": "not needed"}));
        let blackout = named(&done(&plant.olga, "blackout.declare", outage(60, 9_000)));
        let end = json!({"ref": blackout, "reason": "the campaign is over"});
        assert_eq!(refused(&plant.rita, "blackout.end", end.clone()), "four-eyes");
        let never =
            json!({"class": "plc", "intervention": "config", "allowed": "never", "site": "RLF"});
        plant.done("intervention.set", never.clone());
        let mut anytime = never;
        anytime["allowed"] = json!("anytime");
        assert_eq!(refused(&plant.rita, "intervention.set", anytime.clone()), "four-eyes");
        anytime["class"] = json!("hmi");
        done(&plant.rita, "intervention.set", anytime);
        // Another who keeps the calendar does it.
        done(&plant.olga, "blackout.end", end);
        done(&plant.olga, "outage.plan", outage(60, 9_000));
        holds(&engine, &plant);
    }
}
