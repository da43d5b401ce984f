//! Conflicts through the command line, on both engines: named, waived by whom the RACI says, held at the start, and what
//! the ledger proves of it.

use serde_json::{Value, json};

use super::windows::{approved as approved_window, with_vendor};
use crate::support::engine::Person;
use crate::support::engines;
use crate::support::plant::{Plant, act, change, done, in_seconds, plant, refused};

fn approved(plant: &Plant, reference: &str) {
    for (person, discipline) in [(&plant.olga, "operations"), (&plant.ida, "it_security")] {
        let yes = json!({"ref": reference, "discipline": discipline, "decision": "yes"});
        done(person, "decide", yes);
    }
}

fn asked(plant: &Plant, fields: Value) -> String {
    let reference = done(&plant.rita, "change.request", fields)["ref"].as_str().unwrap().to_owned();
    approved(plant, &reference);
    reference
}

/// The conflicts of a change: what it is called, its kind, whether it blocks.
fn clashes(person: &Person, reference: &str) -> Vec<(String, String, bool)> {
    let shown = person.smc(&["show", reference, "--json"]).exits(0).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let clashes = shown["clashes"].as_array().unwrap().iter();
    clashes
        .map(|one| (text(&one["with"]), text(&one["against"]), one["blocks"].as_bool().unwrap()))
        .collect()
}

fn start(person: &Person, reference: &str) -> Result<(), (String, String)> {
    let ran = act(person, "change.start", &json!({"ref": reference}));
    if ran.code == Some(0) {
        return Ok(());
    }
    let told = ran.exits(3).json_error();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    Err((text("refused"), format!("{}; {}", text("message"), text("fix"))))
}

#[test]
fn two_changes_of_one_asset_do_not_run_at_once() {
    for engine in engines() {
        let plant = plant(&engine);
        let first = asked(&plant, change(-60, 7_200));
        let second = done(&plant.rita, "change.request", change(-30, 7_200));
        let second = second["ref"].as_str().unwrap().to_owned();
        let named = |with: &str, blocks| vec![(with.to_owned(), "change".to_owned(), blocks)];
        assert_eq!(clashes(&plant.ida, &first), named(&second, false), "{}", engine.name());
        start(&plant.rita, &first).unwrap();
        approved(&plant, &second);
        assert_eq!(clashes(&plant.ida, &second), named(&first, true));
        let (code, said) = start(&plant.rita, &second).unwrap_err();
        assert_eq!(code, "conflict");
        assert!(said.contains(&format!("{first}: it is on RLF/PLC-1")), "{said}");
        done(&plant.rita, "change.complete", json!({"ref": first}));
        start(&plant.rita, &second).unwrap();
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn work_that_the_plant_notices_waits_for_an_outage_or_for_the_word_of_operations() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut fields = change(-60, 7_200);
        fields["impacts"]["uptime"] = json!({"level": "medium", "text": "the line stands"});
        let in_outage = asked(&plant, fields.clone());
        let (code, said) = start(&plant.rita, &in_outage).unwrap_err();
        assert_eq!(code, "conflict");
        assert!(said.contains("no outage of RLF/PLC-1 holds it"), "{said}");
        let outage = json!({"site": "RLF", "title": "Stop of line 2", "start": in_seconds(-600),
                            "end": in_seconds(8_000)});
        let outage = done(&plant.olga, "outage.plan", outage)["ref"].as_str().unwrap().to_owned();
        assert_eq!(clashes(&plant.ida, &in_outage), []);
        // An outage that moves away leaves the work without one.
        let moved = json!({"ref": outage, "start": in_seconds(3_600), "end": in_seconds(8_000), "reason": "later"});
        done(&plant.olga, "outage.move", moved);
        assert_eq!(clashes(&plant.ida, &in_outage).len(), 1);
        let tasks = |person: &Person| {
            let listed =
                person.smc(&["list", "tasks", "kind:waive", "--json"]).exits(0).json_lines();
            listed.iter().map(|task| task["mine"].as_bool().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((tasks(&plant.olga), tasks(&plant.rita)), (vec![true], vec![]));
        let waive =
            json!({"ref": in_outage, "conflict": "RLF/PLC-1", "reason": "line 3 takes over"});
        assert_eq!(refused(&plant.ida, "change.waive", waive.clone()), "wrong-discipline");
        assert_eq!(refused(&plant.rita, "change.waive", waive.clone()), "four-eyes");
        done(&plant.olga, "change.waive", waive);
        assert_eq!(tasks(&plant.olga), Vec::<bool>::new());
        let listed = plant.rita.smc(&["list", "changes", "--json"]).exits(0).json_lines();
        let begin = json!({"ref": in_outage, "expect": listed[0]["seq"]});
        done(&plant.rita, "change.start", begin);
        let shown = plant.ida.smc(&["show", &in_outage, "--json"]).exits(0).json();
        assert_eq!(shown["clashes"][0]["waived"]["reason"], "line 3 takes over");
        assert_eq!(shown["conflicts"], json!([]));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_waiver_does_not_outlive_what_it_was_given_for() {
    for engine in engines() {
        let plant = plant(&engine);
        let first = asked(&plant, change(-60, 3_600));
        let other = done(&plant.rita, "change.request", change(-30, 3_600));
        let other = other["ref"].as_str().unwrap().to_owned();
        approved(&plant, &other);
        let waive = json!({"ref": first, "conflict": other, "reason": "the same crew does both"});
        done(&plant.olga, "change.waive", waive);
        let open = |reference: &str| {
            let shown = plant.ida.smc(&["show", reference, "--json"]).exits(0).json();
            shown["conflicts"].as_array().unwrap().len()
        };
        assert_eq!(open(&first), 0);
        assert_eq!(open(&other), 1, "the other one was not asked about");
        // A revision of the change itself starts everything anew, its waivers too.
        done(&plant.rita, "change.withdraw", json!({"ref": other}));
        let third = done(&plant.rita, "change.request", change(-30, 7_200));
        let third = third["ref"].as_str().unwrap().to_owned();
        let waive = json!({"ref": third, "conflict": first, "reason": "after it"});
        done(&plant.olga, "change.waive", waive);
        assert_eq!(open(&third), 0);
        let later = json!({"ref": third, "reason": "longer", "end": in_seconds(9_000)});
        done(&plant.rita, "change.revise", later);
        assert_eq!(open(&third), 1, "{}", engine.name());
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn what_the_matrix_never_allows_nobody_waives() {
    for engine in engines() {
        let plant = plant(&engine);
        let set = |allowed: &str| json!({"class": "plc", "intervention": "firmware", "allowed": allowed, "site": "RLF"});
        done(&plant.olga, "intervention.set", set("never"));
        let mut fields = change(-60, 7_200);
        fields["intervention"] = json!("firmware");
        let reference = asked(&plant, fields);
        let (code, said) = start(&plant.rita, &reference).unwrap_err();
        assert_eq!(
            (code.as_str(), said.contains("is never allowed")),
            ("conflict", true),
            "{said}"
        );
        assert!(!said.contains("change.waive"), "{said}");
        let waive = json!({"ref": reference, "conflict": "RLF/PLC-1", "reason": "now"});
        assert_eq!(refused(&plant.olga, "change.waive", waive), "not-allowed");
        done(&plant.olga, "intervention.set", set("anytime"));
        start(&plant.rita, &reference).unwrap();
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn no_window_opens_at_a_frozen_site() {
    for engine in engines() {
        let plant = plant(&engine);
        let vera = engine.person("vera");
        plant.joined(&vera, "vendor_management", None);
        done(&plant.rita, "vendor.register", json!({"vendor": "YOKO", "name": "Yokogawa"}));
        let person = json!({"vendor": "YOKO", "name": "Kenji Mori",
            "screening_until": in_seconds(90_000), "training_until": in_seconds(90_000)});
        done(&plant.rita, "vendor.person", person);
        let window = json!({"vendor": "YOKO", "person": "Kenji Mori", "assets": ["RLF/PLC-1"],
            "purpose": "Read the buffer", "start": in_seconds(-60), "end": in_seconds(7_200)});
        let window =
            done(&plant.rita, "window.request", window)["ref"].as_str().unwrap().to_owned();
        let board = plant.ida.smc(&["show", &window, "--json"]).exits(0).json();
        for one in board["approvals"].as_array().unwrap() {
            let discipline = one["discipline"].as_str().unwrap();
            let by = match discipline {
                "operations" => &plant.olga,
                "it_security" => &plant.ida,
                _ => &vera,
            };
            done(by, "decide", json!({"ref": window, "discipline": discipline, "decision": "yes"}));
        }
        let declared = json!({"sites": ["RLF"], "title": "Unknown logic", "severity": 1});
        let incident =
            done(&plant.ida, "incident.declare", declared)["ref"].as_str().unwrap().to_owned();
        let why = json!({"ref": incident, "reason": "nobody connects"});
        done(&plant.ida, "incident.freeze", why.clone());
        let told = act(&plant.olga, "window.open", &json!({"ref": window})).exits(3).json_error();
        let said = told["message"].as_str().unwrap();
        assert!(said.contains(&format!("{incident} froze RLF")), "{said}");
        done(&plant.olga, "incident.unfreeze", why);
        // What is only exercised holds nothing back.
        let drill = json!({"sites": ["RLF"], "title": "Drill", "severity": 1, "exercise": true});
        let drill = done(&plant.ida, "incident.declare", drill)["ref"].as_str().unwrap().to_owned();
        done(&plant.ida, "incident.freeze", json!({"ref": drill, "reason": "as we would"}));
        done(&plant.olga, "window.open", json!({"ref": window}));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn work_on_a_rack_stands_against_work_on_its_cards_and_not_between_them() {
    for engine in engines() {
        let plant = plant(&engine);
        let part = |tag: &str, of: &str| json!({"site": "RLF", "tag": tag, "name": tag, "class": "field_io", "part_of": of});
        assert_eq!(refused(&plant.rita, "asset.register", part("CARD-1", "RACK-1")), "unknown");
        let rack = json!({"site": "RLF", "tag": "RACK-1", "name": "Rack", "class": "field_io"});
        done(&plant.rita, "asset.register", rack);
        for card in ["CARD-1", "CARD-2"] {
            done(&plant.rita, "asset.register", part(card, "RACK-1"));
        }
        let round = json!({"site": "RLF", "tag": "RACK-1", "part_of": "CARD-1"});
        assert_eq!(refused(&plant.rita, "asset.update", round), "invalid");
        let on = |asset: &str| {
            let mut fields = change(-60, 7_200);
            fields["assets"] = json!([format!("RLF/{asset}")]);
            asked(&plant, fields)
        };
        let first = on("CARD-1");
        let neighbour = on("CARD-2");
        assert_eq!(clashes(&plant.ida, &neighbour), [], "{}", engine.name());
        start(&plant.rita, &first).unwrap();
        let rack = on("RACK-1");
        let with: Vec<String> =
            clashes(&plant.ida, &rack).into_iter().map(|(with, ..)| with).collect();
        assert_eq!(with, [first.as_str(), neighbour.as_str()]);
        assert_eq!(start(&plant.rita, &rack).unwrap_err().0, "conflict");
        let shown = plant.ida.smc(&["show", "RLF/CARD-1", "--json"]).exits(0).json();
        assert_eq!(shown["part_of"], "RLF/RACK-1");
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn an_outage_says_what_it_holds_and_what_would_fit() {
    for engine in engines() {
        let plant = plant(&engine);
        let outage = json!({"site": "RLF", "title": "Stop", "start": in_seconds(10_000),
                            "end": in_seconds(20_000), "assets": ["RLF/PLC-1"]});
        let outage = done(&plant.olga, "outage.plan", outage)["ref"].as_str().unwrap().to_owned();
        let request = |fields: Value| {
            done(&plant.rita, "change.request", fields)["ref"].as_str().unwrap().to_owned()
        };
        let inside = request(change(11_000, 5_000));
        let elsewhen = request(change(600, 9_000));
        request(change(600, 11_000));
        let mut other = change(600, 100);
        other["assets"] = json!(["RLF/HMI-1"]);
        request(other);
        let shown = plant.ida.smc(&["show", &outage, "--json"]).exits(0).json();
        let told = (&shown["holds"], &shown["fits"]);
        assert_eq!(told, (&json!([inside]), &json!([elsewhen])), "{}", engine.name());
        let seen = plant.ida.smc(&["show", &elsewhen, "--json"]).exits(0).json();
        assert_eq!(seen["fits"][0]["ref"], json!(outage), "and the change says the same");
        let later = json!({"ref": outage, "start": in_seconds(12_000), "end": in_seconds(22_000), "reason": "parts"});
        done(&plant.olga, "outage.move", later);
        let listed = plant.ida.smc(&["list", "outages", "--json"]).exits(0).json_lines();
        assert_eq!(listed[0]["holds"], json!([]), "it moved away from what was planned into it");
        assert_eq!(listed[0]["fits"], json!([inside, elsewhen]));
    }
}

#[test]
fn what_the_configuration_was_before_is_told_again_after() {
    for engine in engines() {
        let plant = plant(&engine);
        let reference = asked(&plant, change(-60, 7_200));
        let begin = |sum: &str| json!({"ref": reference, "before": "vault/118", "before_sum": sum});
        assert_eq!(refused(&plant.rita, "change.start", begin("12ab")), "invalid");
        let (before, after) = ("0a".repeat(32), "0b".repeat(32));
        done(&plant.rita, "change.start", begin(&before));
        done(&plant.rita, "change.complete", json!({"ref": reference, "after": "vault/119"}));
        assert_eq!(refused(&plant.rita, "change.verify", json!({"ref": reference})), "missing");
        done(&plant.rita, "change.verify", json!({"ref": reference, "after_sum": after}));
        let shown = plant.ida.smc(&["show", &reference, "--json"]).exits(0).json();
        let told = ["before", "before_sum", "after", "after_sum"].map(|name| shown[name].clone());
        assert_eq!(told, [json!("vault/118"), json!(before), json!("vault/119"), json!(after)]);
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn what_the_commander_exempts_from_a_freeze_another_of_operations_begins() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let change = asked(&plant, change(-60, 7_200));
        let other = asked(&plant, {
            let mut fields = crate::support::plant::change(-60, 7_200);
            fields["assets"] = json!(["RLF/HMI-1"]);
            fields
        });
        let declared = json!({"sites": ["RLF"], "title": "Unknown logic", "severity": 1});
        let incident = done(&plant.ida, "incident.declare", declared);
        let incident = incident["ref"].as_str().unwrap().to_owned();
        let why = json!({"ref": incident, "reason": "nobody connects"});
        let exempt = |subject: &str| json!({"ref": incident, "subject": subject, "reason": "the pump leaks"});
        for (login, role) in
            [(&plant.ida.login, "incident_commander"), (&plant.olga.login, "smc_operator")]
        {
            plant.done("role.grant", json!({"login": login, "role": role}));
        }
        assert_eq!(refused(&plant.ida, "incident.exempt", exempt(&change)), "wrong-state");
        done(&plant.ida, "incident.freeze", why.clone());
        let (code, said) = start(&plant.olga, &change).unwrap_err();
        assert_eq!(code, "frozen", "{}", engine.name());
        assert!(said.contains("incident.exempt"), "{said}");
        assert_eq!(refused(&plant.rita, "incident.exempt", exempt(&change)), "not-allowed");
        done(&plant.ida, "incident.exempt", exempt(&change));
        let shown = plant.ida.smc(&["show", &change, "--json"]).exits(0).json();
        assert_eq!(shown["clashes"][0]["waived"]["person"], json!(plant.ida.login));
        let shown = plant.ida.smc(&["show", &incident, "--json"]).exits(0).json();
        assert_eq!(shown["exempted"], json!([change]));
        assert_eq!(start(&plant.ida, &change).unwrap_err().0, "four-eyes");
        assert_eq!(start(&plant.rita, &change).unwrap_err().0, "wrong-discipline");
        assert_eq!(
            start(&plant.olga, &other).unwrap_err().0,
            "frozen",
            "that one alone is exempted"
        );
        done(&plant.olga, "change.start", json!({"ref": change}));
        done(&plant.olga, "change.complete", json!({"ref": change}));
        let vw = approved_window((&plant, &vera), -5, 600);
        done(&plant.ida, "incident.exempt", exempt(&vw));
        done(&plant.olga, "window.open", json!({"ref": vw}));
        // It ends with the freeze: the next one holds what was exempted from the first.
        done(&plant.ida, "incident.exempt", exempt(&other));
        done(&plant.olga, "incident.unfreeze", why.clone());
        done(&plant.ida, "incident.freeze", why);
        assert_eq!(start(&plant.olga, &other).unwrap_err().0, "frozen");
        plant.founder.smc(&["verify"]).exits(0);
    }
}
