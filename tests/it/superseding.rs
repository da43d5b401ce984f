//! What is asked for in place of something else, and what a request may not say, since rule version 7, on both engines.

use serde_json::json;

use crate::support::engines;
use crate::support::plant::{act, approve, change, done, holds, in_seconds, named, plant, refused};

#[test]
fn nothing_is_asked_for_in_place_of_what_can_still_be_done() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(600, 7_200);
        let mut instead = change(600, 9_000);
        instead["supersedes"] = json!(cr);
        let told = act(&plant.rita, "change.request", &instead).exits(3).json_error();
        assert_eq!(told["refused"], "wrong-state", "{}", engine.name());
        assert!(told["message"].as_str().unwrap().contains(&format!("{cr} is requested")));
        approve(&plant, &cr);
        assert_eq!(refused(&plant.rita, "change.request", instead.clone()), "wrong-state");
        done(&plant.rita, "change.withdraw", json!({"ref": cr, "note": "asked for anew"}));
        done(&plant.rita, "change.request", instead);
        holds(&engine, &plant);
    }
}

#[test]
fn a_template_stays_in_use_until_the_next_is_approved() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut template = change(-60, 86_400);
        template["kind"] = json!("standard");
        let first = named(&done(&plant.rita, "change.request", template.clone()));
        approve(&plant, &first);
        template["supersedes"] = json!(first);
        template["tests"] = json!("Run the pump in manual, then in cascade.");
        let mut normal = template.clone();
        normal["kind"] = json!("normal");
        assert_eq!(refused(&plant.rita, "change.request", normal), "wrong-state");
        let next = named(&done(&plant.rita, "change.request", template));
        let mut of_first = change(-60, 3_600);
        of_first["kind"] = json!("standard");
        of_first["template"] = json!(first);
        let used = named(&done(&plant.rita, "change.request", of_first.clone()));
        approve(&plant, &next);
        let told = act(&plant.rita, "change.request", &of_first).exits(3).json_error();
        let message = told["message"].as_str().unwrap();
        assert!(message.contains(&format!("{first} was superseded by {next}")), "{message}");
        let yes = json!({"ref": used, "discipline": "operations", "decision": "yes"});
        assert_eq!(refused(&plant.olga, "decide", yes), "wrong-state", "{}", engine.name());
        assert_eq!(refused(&plant.rita, "change.start", json!({"ref": first})), "wrong-state");
        holds(&engine, &plant);
    }
}

#[test]
fn only_a_temporary_change_names_a_date_to_be_reverted_by() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut asks = change(60, 3_600);
        asks["revert_by"] = json!(in_seconds(86_400));
        assert_eq!(refused(&plant.rita, "change.request", asks.clone()), "invalid");
        asks["kind"] = json!("temporary");
        let mut early = asks.clone();
        early["revert_by"] = json!(in_seconds(3_000));
        assert_eq!(refused(&plant.rita, "change.request", early), "invalid", "before it is done");
        let cr = named(&done(&plant.rita, "change.request", asks));
        let late = json!({"ref": cr, "reason": "it takes longer", "end": in_seconds(90_000)});
        assert_eq!(refused(&plant.rita, "change.revise", late), "invalid");
        holds(&engine, &plant);
    }
}
