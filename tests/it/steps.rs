//! What each step of a change or a vendor's window is held against when it is taken, whatever was approved before, on
//! both engines: assets, impacts, templates, papers, reviews, the one who asks.

use serde_json::{Value, json};

use super::windows::{approved as window_approved, window, with_vendor};
use crate::support::engine::{Person, engines};
use crate::support::plant::{
    act, approve, change, done, holds, in_seconds, named, plant, refused, yes,
};

fn waits(person: &Person, reference: &str) -> Vec<String> {
    let shown = person.smc(&["show", reference, "--json"]).exits(0).json();
    let seats = shown["approvals"].as_array().unwrap();
    let open = seats.iter().filter(|seat| seat["decision"].is_null());
    open.map(|seat| seat["discipline"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_vetoed_is_asked_for_again_only_by_its_name() {
    for engine in engines() {
        let plant = plant(&engine);
        let asks = change(600, 7_200);
        let vetoed = named(&done(&plant.rita, "change.request", asks.clone()));
        let no = json!({"ref": vetoed, "discipline": "operations", "decision": "no", "reason": "the campaign"});
        done(&plant.olga, "decide", no);
        assert_eq!(refused(&plant.rita, "change.request", asks.clone()), "conflict");
        let mut otherwise = asks;
        otherwise["supersedes"] = json!(vetoed);
        assert_eq!(refused(&plant.rita, "change.request", otherwise.clone()), "conflict");
        otherwise["rollback"] = json!("Load the saved project from the second stick.");
        done(&plant.rita, "change.request", otherwise);
        holds(&engine, &plant);
    }
}

#[test]
fn a_temporary_change_is_reverted_after_it_was_verified_and_no_other_is() {
    for engine in engines() {
        let plant = plant(&engine);
        let run = |fields: Value| {
            let cr = named(&done(&plant.rita, "change.request", fields));
            approve(&plant, &cr);
            for step in ["change.start", "change.complete", "change.verify"] {
                done(&plant.rita, step, json!({"ref": cr}));
            }
            cr
        };
        let mut temporary = change(-60, 7_200);
        temporary["kind"] = json!("temporary");
        temporary["revert_by"] = json!(in_seconds(86_400));
        let cr = run(temporary);
        done(&plant.rita, "change.back-out", json!({"ref": cr}));
        let other = run(change(-60, 7_200));
        assert_eq!(refused(&plant.rita, "change.back-out", json!({"ref": other})), "wrong-state");
        holds(&engine, &plant);
    }
}

#[test]
fn a_temporary_change_stays_longer_under_another_that_all_approved_in_its_place() {
    for engine in engines() {
        let plant = plant(&engine);
        let temporary = |from: i64, until: i64, by: i64| {
            let mut fields = change(from, until);
            fields["kind"] = json!("temporary");
            fields["revert_by"] = json!(in_seconds(by));
            fields
        };
        // A quarter of its time is left from the beginning of the story on.
        let short = temporary(-120, 158, 40);
        let cr = named(&done(&plant.rita, "change.request", short));
        approve(&plant, &cr);
        for step in ["change.start", "change.complete"] {
            done(&plant.rita, step, json!({"ref": cr}));
        }
        let ending = || {
            let filter = format!("kind:revert_ending subject:{cr}");
            let told = plant.ida.smc(&["list", "alarms", &filter, "--json"]).exits(0);
            told.json_lines().iter().filter(|alarm| alarm["state"] != "returned").count()
        };
        assert_eq!(ending(), 1, "{}", engine.name());
        let mut longer = temporary(-60, 7_200, 90_000);
        longer["supersedes"] = json!(cr);
        let by = named(&done(&plant.rita, "change.request", longer));
        let renew = json!({"ref": cr, "change": by, "reason": "the part is late"});
        assert_eq!(refused(&plant.rita, "change.renew", renew.clone()), "wrong-state");
        approve(&plant, &by);
        done(&plant.rita, "change.renew", renew.clone());
        let stands =
            |reference: &str| plant.ida.smc(&["show", reference, "--json"]).exits(0).json();
        let (stays, under) = (stands(&cr), stands(&by));
        assert_eq!(stays["revert_by"], under["revert_by"], "{}", engine.name());
        assert_eq!(stays["state"], "implemented");
        assert_eq!(ending(), 0);
        assert_eq!(
            refused(&plant.rita, "change.renew", renew),
            "invalid",
            "it stays as long already"
        );
        holds(&engine, &plant);
    }
}

#[test]
fn work_begins_only_on_what_is_there_and_with_the_yes_of_all_whom_the_rules_ask_for_now() {
    for engine in engines() {
        let plant = plant(&engine);
        let sam = engine.person("sam");
        plant.joined(&sam, "safety", None);
        let cr = plant.change(-60, 7_200);
        approve(&plant, &cr);
        let rated = json!({"site": "RLF", "tag": "PLC-1", "safety": 5});
        done(&plant.olga, "asset.update", rated);
        let told = act(&plant.rita, "change.start", &json!({"ref": cr})).exits(3).json_error();
        assert_eq!(told["refused"], "missing", "{}: {told}", engine.name());
        assert!(told["message"].as_str().unwrap().contains("safety"), "{told}");
        done(&plant.rita, "change.withdraw", json!({"ref": cr}));
        let mut again = change(-60, 7_200);
        again["supersedes"] = json!(cr);
        again["rollback"] = json!("Load the saved project; the safety engineer stands by.");
        let again = named(&done(&plant.rita, "change.request", again));
        assert!(waits(&plant.rita, &again).contains(&"safety".to_owned()));
        let mut hmi = change(-60, 7_200);
        hmi["assets"] = json!(["RLF/HMI-1"]);
        let hmi = named(&done(&plant.rita, "change.request", hmi));
        approve(&plant, &hmi);
        done(&plant.olga, "asset.retire", json!({"site": "RLF", "tag": "HMI-1"}));
        assert_eq!(refused(&plant.rita, "change.start", json!({"ref": hmi})), "wrong-state");
        holds(&engine, &plant);
    }
}

#[test]
fn a_use_of_a_template_asks_whom_the_template_did_not_ask() {
    for engine in engines() {
        let plant = plant(&engine);
        let sam = engine.person("sam");
        plant.joined(&sam, "safety", None);
        let standard = || {
            let mut fields = change(-60, 7_200);
            fields["kind"] = json!("standard");
            fields
        };
        let template = named(&done(&plant.rita, "change.request", standard()));
        approve(&plant, &template);
        let of = || {
            let mut fields = standard();
            fields["template"] = json!(template);
            fields["end"] = json!(in_seconds(3_600));
            fields
        };
        let first = named(&done(&plant.rita, "change.request", of()));
        assert_eq!(waits(&plant.rita, &first), ["operations"], "{}", engine.name());
        let raised = json!({"ref": first, "reason": "more than it said",
            "impacts": {"safety": {"level": "high", "text": "the trip is bridged"}}});
        assert_eq!(refused(&plant.olga, "change.raise-impact", raised), "invalid");
        let mut otherwise = of();
        otherwise["intervention"] = json!("firmware");
        assert_eq!(refused(&plant.rita, "change.request", otherwise), "invalid");
        done(&plant.olga, "asset.update", json!({"site": "RLF", "tag": "PLC-1", "safety": 5}));
        let second = named(&done(&plant.rita, "change.request", of()));
        assert_eq!(waits(&plant.rita, &second), ["operations", "safety"]);
        assert_eq!(refused(&plant.ida, "change.withdraw", json!({"ref": template})), "missing");
        done(
            &plant.ida,
            "change.withdraw",
            json!({"ref": template, "note": "the maker warns of it"}),
        );
        let said = json!({"ref": first, "discipline": "operations", "decision": "yes"});
        assert_eq!(refused(&plant.olga, "decide", said), "wrong-state");
        holds(&engine, &plant);
    }
}

#[test]
fn evidence_of_the_start_is_no_validation_record() {
    for engine in engines() {
        let plant = plant(&engine);
        let quinn = engine.person("quinn");
        plant.joined(&quinn, "quality", None);
        let mut fields = change(-60, 7_200);
        fields["impacts"]["validation"] = json!({"level": "low", "text": "like for like"});
        let cr = named(&done(&plant.rita, "change.request", fields));
        approve(&plant, &cr);
        yes(&quinn, &cr, "quality");
        yes(&plant.founder, &cr, "engineering");
        done(&plant.rita, "change.start", json!({"ref": cr, "evidence": "photo of the cabinet"}));
        done(&plant.rita, "change.complete", json!({"ref": cr}));
        assert_eq!(refused(&plant.rita, "change.verify", json!({"ref": cr})), "missing");
        done(&plant.rita, "change.verify", json!({"ref": cr, "evidence": "VAL-118"}));
        holds(&engine, &plant);
    }
}

#[test]
fn papers_that_nobody_recorded_do_not_hold() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        plant.done("vendor.person", json!({"vendor": "yoko", "login": "ghost", "name": "G. Host"}));
        let mut asks = window(-5, 600);
        asks["person"] = json!("ghost");
        let told = act(&plant.rita, "window.request", &asks).exits(3).json_error();
        assert_eq!(told["refused"], "missing", "{}", engine.name());
        let said = told["message"].as_str().unwrap();
        assert!(said.contains("no screening") && said.contains("no training"), "{said}");
    }
}

#[test]
fn a_later_end_is_held_against_what_the_window_stands_on_when_it_is_decided() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = window_approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let more = json!({"ref": vw, "end": in_seconds(1_200), "reason": "the trend runs on"});
        let vx = named(&done(&plant.rita, "window.extend", more));
        let suspended = json!({"vendor": "yoko", "person": "kenji", "reason": "a breach"});
        plant.done("vendor.suspend", suspended.clone());
        let said = json!({"ref": vx, "discipline": "operations", "decision": "yes"});
        assert_eq!(refused(&plant.olga, "decide", said.clone()), "not-allowed");
        plant.done("vendor.resume", suspended);
        let slot = json!({"site": "RLF", "title": "Campaign", "start": in_seconds(700), "end": in_seconds(9_000)});
        done(&plant.olga, "blackout.declare", slot);
        assert_eq!(refused(&plant.olga, "decide", said.clone()), "conflict", "{}", engine.name());
        let mut explained = said;
        explained["reason"] = json!("he only reads");
        done(&plant.olga, "decide", explained);
        assert_eq!(refused(&plant.olga, "window.close", json!({"ref": vw})), "missing");
        done(&plant.olga, "window.close", json!({"ref": vw, "close_out": "read, nothing written"}));
        holds(&engine, &plant);
    }
}

#[test]
fn a_window_is_for_the_change_that_it_names() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let cr = plant.change(600, 3_600);
        let mut other = window(700, 600);
        other["change"] = json!(cr);
        other["assets"] = json!(["RLF/HMI-1"]);
        assert_eq!(refused(&plant.rita, "window.request", other), "conflict");
        let mut late = window(9_000, 600);
        late["change"] = json!(cr);
        assert_eq!(refused(&plant.rita, "window.request", late), "conflict");
        let mut fits = window(700, 600);
        fits["change"] = json!(cr);
        done(&plant.rita, "window.request", fits);
        holds(&engine, &plant);
    }
}

#[test]
fn the_accountable_discipline_of_a_row_is_moved_and_not_taken_away() {
    for engine in engines() {
        let plant = plant(&engine);
        let cell = |discipline: &str, value: &str| {
            json!({"activity": "control.change", "site": "RLF",
            "discipline": discipline, "value": value})
        };
        assert_eq!(refused(&plant.founder, "raci.set", cell("operations", "-")), "invalid");
        plant.done("raci.set", cell("quality", "A"));
        plant.done("raci.set", cell("operations", "R"));
        holds(&engine, &plant);
    }
}

#[test]
fn an_open_window_whose_ground_falls_is_an_alarm_until_it_holds_again() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = window_approved((&plant, &vera), -5, 3_600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let alarms = || {
            let filter = ["list", "alarms", "kind:window_ungrounded", "--json"];
            plant.rita.smc(&filter).exits(0).json_lines()
        };
        assert_eq!(alarms(), Vec::<Value>::new(), "{}", engine.name());
        let suspended = json!({"vendor": "yoko", "person": "kenji", "reason": "a breach"});
        plant.done("vendor.suspend", suspended.clone());
        let [alarm] = alarms().try_into().unwrap();
        assert_eq!((&alarm["subject"], &alarm["priority"]), (&json!(vw), &json!(1)));
        assert!(alarm["title"].as_str().unwrap().contains("is suspended"), "{alarm}");
        plant.done("vendor.resume", suspended);
        assert_eq!(alarms(), Vec::<Value>::new());
    }
}
