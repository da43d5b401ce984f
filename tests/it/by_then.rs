//! What is held against what is known by then, since rule version 6, on both engines: a revision against vetoes, a window
//! and its extension against who must say yes and against the change they serve, work against what it really does.

use serde_json::{Value, json};

use super::windows::{approved as window_approved, window, with_vendor};
use crate::support::engine::{Person, engines};
use crate::support::plant::{
    Plant, act, approve, change, done, holds, in_seconds, named, plant, refused, yes,
};

fn vetoed(plant: &Plant, asks: &Value) -> String {
    let cr = named(&done(&plant.rita, "change.request", asks.clone()));
    let no =
        json!({"ref": cr, "discipline": "operations", "decision": "no", "reason": "the campaign"});
    done(&plant.olga, "decide", no);
    cr
}

fn says(person: &Person, command: &str, fields: &Value, words: &str) {
    let told = act(person, command, fields).exits(3).json_error();
    assert!(told["message"].as_str().unwrap().contains(words), "{command}: {told}");
}

#[test]
fn no_revision_brings_back_what_was_vetoed() {
    for engine in engines() {
        let plant = plant(&engine);
        let asks = change(600, 7_200);
        let no = vetoed(&plant, &asks);
        // A veto is not gone round by a minute either.
        let mut later = asks.clone();
        later["end"] = json!(in_seconds(7_860));
        says(&plant.rita, "change.request", &later, &format!("{no} asked the same"));
        let mut named_so = later;
        named_so["supersedes"] = json!(no);
        named_so["tests"] = json!("Run the pump in manual, twice.");
        let cr = named(&done(&plant.rita, "change.request", named_so));
        let back = json!({"ref": cr, "reason": "as it was", "tests": asks["tests"],
                          "start": asks["start"], "end": asks["end"]});
        assert_eq!(refused(&plant.rita, "change.revise", back), "conflict", "{}", engine.name());
        let mut other = asks.clone();
        other["rollback"] = json!("Load the project of last year.");
        let other = named(&done(&plant.rita, "change.request", other));
        let back = json!({"ref": other, "reason": "as it was", "rollback": asks["rollback"]});
        says(&plant.rita, "change.revise", &back, &format!("{no} asked the same"));
        let on = json!({"ref": other, "reason": "from the vault", "rollback": "Load it from the vault."});
        done(&plant.rita, "change.revise", on);
        holds(&engine, &plant);
    }
}

#[test]
fn a_window_opens_and_stays_longer_only_with_the_yes_of_all_whom_the_rules_ask_for_by_then() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let sam = engine.person("sam");
        plant.joined(&sam, "safety", None);
        let rate = |safety: i64| {
            let rated = json!({"site": "RLF", "tag": "PLC-1", "safety": safety});
            done(&plant.olga, "asset.update", rated);
        };
        rate(2);
        let [opened, left] = [0, 1].map(|_| window_approved((&plant, &vera), -5, 600));
        done(&plant.olga, "window.open", json!({"ref": opened}));
        let longer = json!({"ref": opened, "end": in_seconds(1_200), "reason": "it takes longer"});
        let vx = named(&done(&plant.rita, "window.extend", longer));
        rate(5);
        says(&plant.olga, "window.open", &json!({"ref": left}), "nobody said yes for safety");
        let said = json!({"ref": vx, "discipline": "operations", "decision": "yes"});
        says(&plant.olga, "decide", &said, "nobody said yes for safety");
        rate(2);
        done(&plant.olga, "window.open", json!({"ref": left}));
        done(&plant.olga, "decide", said);
        holds(&engine, &plant);
    }
}

#[test]
fn a_window_opens_for_the_change_as_that_stands_then_and_ends_with_it() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let cr = plant.change(-60, 3_600);
        let mut long = window(-5, 7_200);
        long["change"] = json!(cr);
        says(&plant.rita, "window.request", &long, "access would last past");
        let mut alone = window(-5, 600);
        alone["escort"] = alone["person"].clone();
        says(&plant.rita, "window.request", &alone, "escorted by themselves");
        let [moved, kept] = ["RLF/PLC-1", "RLF/HMI-1"].map(|asset| {
            let mut fits = window(-5, 600);
            fits["change"] = json!(cr);
            fits["assets"] = json!([asset]);
            fits
        });
        let asked = |fits: Value| {
            let vw = named(&done(&plant.rita, "window.request", fits));
            yes(&plant.olga, &vw, "operations");
            yes(&plant.ida, &vw, "it_security");
            yes(&vera, &vw, "vendor_management");
            vw
        };
        let moved = asked(moved);
        let revise = json!({"ref": cr, "reason": "the panel first", "assets": ["RLF/HMI-1"]});
        done(&plant.rita, "change.revise", revise);
        approve(&plant, &cr);
        let opens = json!({"ref": moved});
        says(&plant.olga, "window.open", &opens, "RLF/PLC-1 is no asset of the change");
        let vw = asked(kept);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let beyond = json!({"ref": vw, "end": in_seconds(5_000), "reason": "the trend"});
        let vx = named(&done(&plant.rita, "window.extend", beyond));
        let said = json!({"ref": vx, "discipline": "operations", "decision": "yes"});
        says(&plant.olga, "decide", &said, "access would last past");
        holds(&engine, &plant);
    }
}

/// An emergency that operations and IT security took on call, begun.
fn emergency(plant: &Plant) -> String {
    let duty = json!({"login": plant.ida.login, "site": "RLF", "discipline": "it_security",
                      "from": in_seconds(-60), "until": in_seconds(7_200)});
    drop(act(&plant.founder, "duty.set", &duty));
    let mut asks = change(-30, 7_200);
    asks["kind"] = json!("emergency");
    asks["basis"] = json!("The pump trips every hour.");
    let cr = named(&done(&plant.rita, "change.request", asks));
    approve(plant, &cr);
    cr
}

#[test]
fn an_emergency_asks_all_who_must_review_it_and_ends_with_a_word() {
    for engine in engines() {
        let plant = plant(&engine);
        let sam = engine.person("sam");
        plant.joined(&sam, "safety", None);
        let eve = engine.person("eve");
        plant.joined(&eve, "engineering", None);
        let cr = emergency(&plant);
        let rated = json!({"site": "RLF", "tag": "PLC-1", "safety": 5});
        done(&plant.olga, "asset.update", rated);
        says(&plant.rita, "change.start", &json!({"ref": cr}), "safety");
        done(&plant.rita, "change.withdraw", json!({"ref": cr}));
        let cr = emergency(&plant);
        done(&plant.rita, "change.start", json!({"ref": cr}));
        assert_eq!(refused(&plant.rita, "change.complete", json!({"ref": cr})), "missing");
        done(&plant.rita, "change.complete", json!({"ref": cr, "note": "the relay was replaced"}));
        holds(&engine, &plant);
    }
}

#[test]
fn nothing_more_is_done_under_what_a_review_found_wrong() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let eve = engine.person("eve");
        plant.joined(&eve, "engineering", None);
        let cr = emergency(&plant);
        done(&plant.rita, "change.start", json!({"ref": cr}));
        let place = json!({"change": cr, "asset": "RLF/PLC-1", "what": "Low flow trip",
                           "until": in_seconds(600), "reason": "the probe", "compensating": ["a man"]});
        let by = named(&done(&plant.rita, "bypass.place", place));
        let mut asks = window(-5, 600);
        asks["change"] = json!(cr);
        let [opened, left] = [0, 1].map(|_| {
            let vw = named(&done(&plant.rita, "window.request", asks.clone()));
            yes(&plant.olga, &vw, "operations");
            yes(&plant.ida, &vw, "it_security");
            yes(&vera, &vw, "vendor_management");
            vw
        });
        done(&plant.olga, "window.open", json!({"ref": opened}));
        let gate = ["window", "check", "--person", "kenji", "--asset", "RLF/PLC-1"];
        plant.rita.smc(&gate).exits(0);
        let wrong = json!({"ref": cr, "discipline": "engineering", "decision": "no", "reason": "the wrong relay"});
        done(&eve, "change.review", wrong);
        let renew =
            json!({"ref": by, "change": cr, "until": in_seconds(900), "reason": "still needed"});
        assert_eq!(refused(&plant.rita, "bypass.renew", renew), "vetoed", "{}", engine.name());
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": left})), "vetoed");
        assert_eq!(refused(&plant.rita, "window.request", asks), "vetoed");
        plant.rita.smc(&gate).exits(3);
        let alarms = ["list", "alarms", "kind:window_ungrounded", "--json"];
        let [alarm] = plant.rita.smc(&alarms).exits(0).json_lines().try_into().unwrap();
        assert_eq!(alarm["subject"], json!(opened), "{alarm}");
        holds(&engine, &plant);
    }
}

#[test]
fn what_the_matrix_forbids_is_not_done_under_another_name() {
    for engine in engines() {
        let plant = plant(&engine);
        let never =
            json!({"class": "plc", "intervention": "config", "allowed": "never", "site": "RLF"});
        plant.done("intervention.set", never);
        let asks = |activity: &str, intervention: Option<&str>| {
            let mut fields = change(-60, 3_600);
            fields["activity"] = json!(activity);
            if let Some(done) = intervention {
                fields["intervention"] = json!(done);
            }
            fields
        };
        for activity in ["firewall.rule", "backup.restore", "account.access"] {
            let cr = named(&done(&plant.rita, "change.request", asks(activity, None)));
            approve(&plant, &cr);
            assert_eq!(
                refused(&plant.rita, "change.start", json!({"ref": cr})),
                "conflict",
                "{} {activity}",
                engine.name()
            );
            done(&plant.rita, "change.withdraw", json!({"ref": cr}));
        }
        let unsaid = asks("physical.access", None);
        says(&plant.rita, "change.request", &unsaid, "does not say what is done to the assets");
        let looks = asks("control.change", Some("passive_scan"));
        says(&plant.rita, "change.request", &looks, "does more to the assets than a passive scan");
        done(&plant.rita, "change.request", asks("monitor.passive", Some("passive_scan")));
        holds(&engine, &plant);
    }
}

#[test]
fn whoever_decides_says_that_logic_changes_and_a_revision_corrects_it() {
    for engine in engines() {
        let plant = plant(&engine);
        let quinn = engine.person("quinn");
        plant.joined(&quinn, "quality", None);
        let eve = engine.person("eve");
        plant.joined(&eve, "engineering", None);
        let cr = named(&done(&plant.rita, "change.request", change(600, 7_200)));
        let needs = |discipline: &str| {
            let shown = plant.rita.smc(&["show", &cr, "--json"]).exits(0).json();
            let seats = shown["approvals"].as_array().unwrap();
            seats.iter().any(|seat| seat["discipline"] == discipline)
        };
        assert!(!needs("quality"), "{}", engine.name());
        let logic = json!({"ref": cr, "reason": "the interlock moves", "alters_logic": true});
        done(&plant.olga, "change.raise-impact", logic.clone());
        assert!(needs("quality") && needs("engineering"));
        assert_eq!(refused(&plant.olga, "change.raise-impact", logic), "invalid");
        let back = json!({"ref": cr, "reason": "the interlock stays", "alters_logic": false});
        done(&plant.rita, "change.revise", back);
        assert!(!needs("quality"));
        holds(&engine, &plant);
    }
}

#[test]
fn what_lets_another_stay_is_neither_begun_nor_taken_back() {
    for engine in engines() {
        let plant = plant(&engine);
        let temporary = |from: i64, until: i64, by: i64| {
            let mut fields = change(from, until);
            fields["kind"] = json!("temporary");
            fields["revert_by"] = json!(in_seconds(by));
            fields
        };
        let cr = named(&done(&plant.rita, "change.request", temporary(-120, 300, 600)));
        approve(&plant, &cr);
        for step in ["change.start", "change.complete"] {
            done(&plant.rita, step, json!({"ref": cr}));
        }
        let mut longer = temporary(-60, 7_200, 90_000);
        longer["supersedes"] = json!(cr);
        let by = named(&done(&plant.rita, "change.request", longer));
        approve(&plant, &by);
        done(
            &plant.rita,
            "change.renew",
            json!({"ref": cr, "change": by, "reason": "the part is late"}),
        );
        for step in ["change.start", "change.withdraw"] {
            says(&plant.rita, step, &json!({"ref": by}), &format!("{cr} stays in the plant until"));
        }
        let starts = ["list", "tasks", &format!("subject:{by}"), "--json"];
        assert_eq!(plant.rita.smc(&starts).exits(0).json_lines(), Vec::<Value>::new());
        done(&plant.rita, "change.back-out", json!({"ref": cr}));
        done(&plant.rita, "change.withdraw", json!({"ref": by}));
        holds(&engine, &plant);
    }
}

#[test]
fn a_site_that_asks_for_its_own_number_lets_nothing_begin_without_it() {
    for engine in engines() {
        let plant = plant(&engine);
        let asks = |site: &str, asks: bool| json!({"site": site, "external_ref": asks, "reason": "as quality asks"});
        assert_eq!(refused(&plant.rita, "site.require", asks("RLF", true)), "not-allowed");
        assert_eq!(refused(&plant.founder, "site.require", asks("XYZ", true)), "unknown");
        plant.done("site.require", asks("RLF", true));
        let cr = plant.change(-60, 7_200);
        approve(&plant, &cr);
        says(&plant.rita, "change.start", &json!({"ref": cr}), "RLF asks for the number");
        done(&plant.rita, "change.start", json!({"ref": cr, "external_ref": "MOC-2026-114"}));
        let shown = plant.rita.smc(&["show", &cr, "--json"]).exits(0).json();
        assert_eq!(shown["external_ref"], "MOC-2026-114", "{}", engine.name());
        done(&plant.rita, "change.complete", json!({"ref": cr}));
        // An emergency begins without it and does not end without it.
        let eve = engine.person("eve");
        plant.joined(&eve, "engineering", None);
        let urgent = emergency(&plant);
        done(&plant.rita, "change.start", json!({"ref": urgent}));
        let mut ends = json!({"ref": urgent, "note": "the relay was replaced"});
        says(&plant.rita, "change.complete", &ends, "RLF asks for the number");
        ends["external_ref"] = json!("MOC-2026-115");
        done(&plant.rita, "change.complete", ends);
        plant.done("site.require", asks("RLF", false));
        let cr = plant.change(-60, 7_200);
        approve(&plant, &cr);
        done(&plant.rita, "change.start", json!({"ref": cr}));
        holds(&engine, &plant);
    }
}
