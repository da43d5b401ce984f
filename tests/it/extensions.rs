//! More time for a window: asked for under its own reference, decided by others, and until then the old end stands.

use serde_json::{Value, json};

use super::windows::{approved, with_vendor};
use crate::support::engine::Person;
use crate::support::engines;
use crate::support::plant::{Plant, done, in_seconds, refused};

fn shown(plant: &Plant, reference: &str) -> Value {
    plant.ida.smc(&["show", reference, "--json"]).exits(0).json()
}

fn decide(person: &Person, on: &str, discipline: &str, decision: &str) -> Value {
    let fields = json!({"ref": on, "discipline": discipline, "decision": decision, "reason": "so"});
    done(person, "decide", fields)
}

fn more(window: &str, lasts: i64) -> Value {
    json!({"ref": window, "end": in_seconds(lasts), "reason": "the trend runs on"})
}

#[test]
fn the_old_end_stands_until_everybody_asked_has_said_yes() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let end = shown(&plant, &vw)["end"].clone();
        let later = more(&vw, 1_200);
        let asked = done(&plant.rita, "window.extend", later.clone());
        let vx = asked["ref"].as_str().unwrap();
        assert_eq!(vx, "VX-1", "{}", engine.name());
        assert_eq!(shown(&plant, &vw)["end"], end);
        assert_eq!(refused(&plant.rita, "window.extend", later.clone()), "conflict");
        let own = json!({"ref": vx, "discipline": "engineering", "decision": "yes"});
        assert_eq!(refused(&plant.rita, "decide", own), "four-eyes");
        let tasks = plant.olga.smc(&["list", "tasks", "mine:yes", "--json"]).exits(0).json_lines();
        let refs: Vec<_> = tasks.iter().filter_map(|task| task["ref"].as_str()).collect();
        assert!(refs.contains(&"decide:VX-1"), "{refs:?}");
        decide(&plant.olga, vx, "operations", "yes");
        assert_eq!(shown(&plant, &vw)["end"], end, "IT security has not said yes");
        let last = decide(&plant.ida, vx, "it_security", "yes");
        assert_eq!(last["entries"].as_array().unwrap().len(), 2, "the window follows: {last}");
        assert_eq!(shown(&plant, &vw)["end"], later["end"]);
        assert_eq!(shown(&plant, &vw)["state"], "open");
        let stands = shown(&plant, vx);
        assert_eq!((&stands["state"], &stands["old_end"]), (&json!("approved"), &end));
        assert!(stands["links"].as_array().unwrap().iter().any(|link| link["ref"] == json!(vw)));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn more_time_for_a_window_that_moved_since_it_was_read_is_refused_as_stale() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let seen = shown(&plant, &vw)["seq"].clone();
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let mut later = more(&vw, 1_200);
        later["expect"] = seen;
        let late = refused(&plant.rita, "window.extend", later.clone());
        assert_eq!(late, "stale", "{}", engine.name());
        later["expect"] = shown(&plant, &vw)["seq"].clone();
        done(&plant.rita, "window.extend", later);
    }
}

#[test]
fn a_refusal_leaves_the_end_as_it_was() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let end = shown(&plant, &vw)["end"].clone();
        let asked = done(&plant.rita, "window.extend", more(&vw, 1_200));
        let vx = asked["ref"].as_str().unwrap();
        let no = json!({"ref": vx, "discipline": "operations", "reason": "the shift ends"});
        done(&plant.olga, "extension.reject", no);
        assert_eq!(shown(&plant, vx)["state"], "rejected", "{}", engine.name());
        assert_eq!(shown(&plant, &vw)["end"], end);
        let asked = done(&plant.rita, "window.extend", more(&vw, 1_300));
        let vx = asked["ref"].as_str().unwrap();
        assert_eq!(shown(&plant, vx)["state"], "requested");
        // With its window it is over: nobody is asked any more.
        done(&plant.rita, "window.cancel", json!({"ref": vw, "reason": "nobody comes"}));
        assert_eq!(shown(&plant, vx)["state"], "lapsed", "{}", engine.name());
        let asks = ["list", "tasks", &format!("subject:{vx}"), "--json"];
        assert_eq!(plant.ida.smc(&asks).exits(0).json_lines(), Vec::<Value>::new());
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn more_time_is_asked_for_and_approved_before_the_end_and_for_papers_that_hold() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 11);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        assert_eq!(refused(&plant.rita, "window.extend", more(&vw, 1)), "invalid");
        let ends = json!({"vendor": "yoko", "login": "kenji", "training_until": in_seconds(600)});
        plant.done("vendor.person", ends);
        assert_eq!(refused(&plant.rita, "window.extend", more(&vw, 1_200)), "expired");
        let asked = done(&plant.rita, "window.extend", more(&vw, 300));
        let vx = asked["ref"].as_str().unwrap();
        decide(&plant.olga, vx, "operations", "yes");
        while shown(&plant, &vw)["effective_state"] != "overrun" {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let late = json!({"ref": vx, "discipline": "it_security", "decision": "yes"});
        assert_eq!(refused(&plant.ida, "decide", late), "wrong-state", "{}", engine.name());
        assert_eq!(shown(&plant, vx)["state"], "lapsed");
        assert_eq!(refused(&plant.rita, "window.extend", more(&vw, 300)), "expired");
    }
}
