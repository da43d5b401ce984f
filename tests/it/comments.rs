//! Comments through the command line, on both engines: heard beside the decisions, and never one of them.

use serde_json::{Value, json};

use crate::support::engines;
use crate::support::plant::{Plant, change, done, plant, refused};

fn shown(plant: &Plant, reference: &str) -> Value {
    plant.ida.smc(&["show", reference, "--json"]).exits(0).json()
}

fn consulted(plant: &Plant, reference: &str, discipline: &str) -> Value {
    let shown = shown(plant, reference);
    let mut seats = shown["consulted"].as_array().unwrap().iter();
    seats.find(|seat| seat["discipline"] == discipline).cloned().unwrap()
}

#[test]
fn who_is_consulted_is_heard_with_name_and_time_and_decides_nothing() {
    for engine in engines() {
        let plant = plant(&engine);
        let quinn = engine.person("quinn");
        plant.joined(&quinn, "quality", None);
        // Where no time was left to speak, silence says nothing.
        let past = plant.change(-60, 7_200);
        assert_eq!(consulted(&plant, &past, "quality")["comment"], Value::Null);
        let cr = plant.change(4, 7_200);
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        assert_eq!(consulted(&plant, &cr, "quality")["comment"], "no comment", "{}", engine.name());
        let text = "the batch is re-tested on Friday anyway";
        done(&quinn, "comment.add", json!({"ref": cr, "text": text}));
        let heard = consulted(&plant, &cr, "quality");
        assert_eq!((&heard["comment"], &heard["person"]), (&json!(text), &json!(quinn.login)));
        assert!(heard["said_at"].is_string(), "{heard}");
        let stands = shown(&plant, &cr);
        assert_eq!(stands["comments"][0]["discipline"], "quality");
        assert_eq!(
            (&stands["state"], &stands["approval"]),
            (&json!("requested"), &json!("pending"))
        );
        let own = stands["approvals"].as_array().unwrap();
        assert!(own.iter().all(|seat| seat["decision"].is_null()), "{own:?}");
        let read = |part: &str, filter: &str| {
            let said = format!("{part}:{filter}");
            plant.ida.smc(&["list", "changes", &said, "--json"]).exits(0).json_lines().len()
        };
        for part in ["consulted", "informed"] {
            let told = stands[part].as_array().unwrap();
            let named = |word: &str| told.iter().any(|seat| seat["discipline"] == word);
            for word in ["quality", "management", "vendor_management", "operations"] {
                let (found, told) = (read(part, word), if named(word) { 2 } else { 0 });
                assert_eq!(found, told, "{}: {part}:{word}", engine.name());
            }
        }
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_comment_is_of_its_revision() {
    for engine in engines() {
        let plant = plant(&engine);
        let quinn = engine.person("quinn");
        plant.joined(&quinn, "quality", None);
        let cr = plant.change(-60, 7_200);
        done(&quinn, "comment.add", json!({"ref": cr, "text": "not on a Friday"}));
        let later = change(600, 9_000);
        let revised =
            json!({"ref": cr, "reason": "later", "start": later["start"], "end": later["end"]});
        done(&plant.rita, "change.revise", revised);
        assert_ne!(
            consulted(&plant, &cr, "quality")["comment"],
            "not on a Friday",
            "{}",
            engine.name()
        );
        assert_eq!(shown(&plant, &cr)["comments"][0]["revision"], 1);
    }
}

#[test]
fn anybody_but_a_viewer_comments_for_a_discipline_that_they_hold() {
    for engine in engines() {
        let plant = plant(&engine);
        let vic = engine.person("vic");
        plant
            .done("person.register", json!({"login": vic.login, "name": "Vic", "disciplines": []}));
        plant.done("role.grant", json!({"login": vic.login, "role": "viewer"}));
        let risk = json!({"site": "RLF", "title": "Flat network"});
        let risk = done(&plant.rita, "risk.raise", risk)["ref"].as_str().unwrap().to_owned();
        let says = |text: &str| json!({"ref": risk, "text": text});
        assert_eq!(refused(&vic, "comment.add", says("so")), "not-allowed", "{}", engine.name());
        plant.done("role.grant", json!({"login": vic.login, "role": "scribe"}));
        done(&vic, "comment.add", says("seen on the walk"));
        assert_eq!(shown(&plant, &risk)["comments"][0]["discipline"], Value::Null);
        // The founder holds operations and engineering.
        assert_eq!(refused(&plant.founder, "comment.add", says("so")), "missing");
        let of = json!({"ref": risk, "text": "so", "discipline": "quality"});
        assert_eq!(refused(&plant.ida, "comment.add", of), "wrong-discipline");
        let nothing = json!({"ref": "CR-99", "text": "so"});
        assert_eq!(refused(&plant.founder, "comment.add", nothing), "unknown");
    }
}

#[test]
fn what_is_said_beside_a_request_makes_no_decision_on_it_stale() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(60, 3_600);
        let read = shown(&plant, &cr)["seq"].clone();
        done(&plant.ida, "comment.add", json!({"ref": cr, "text": "seen, the rest of us look"}));
        let yes = |discipline: &str| json!({"ref": cr, "discipline": discipline, "decision": "yes", "expect": read});
        done(&plant.olga, "decide", yes("operations"));
        // A decision is another matter: who decides next reads it first.
        assert_eq!(refused(&plant.ida, "decide", yes("it_security")), "stale", "{}", engine.name());
    }
}
