//! Cutting off a session that no open window covers, on both engines.

use serde_json::{Value, json};

use super::windows::{approved, with_vendor};
use crate::support::engine::engines;
use crate::support::plant::{Plant, act, done, holds, named, refused};

fn alarms(plant: &Plant, subject: &str) -> Vec<Value> {
    let asks = ["list", "alarms", &format!("subject:{subject}"), "--json"];
    plant.founder.smc(&asks).exits(0).json_lines()
}

fn session(plant: &Plant) -> String {
    let fields = json!({"vendor": "yoko", "person": "kenji", "asset": "RLF/PLC-1"});
    named(&done(&plant.rita, "session.start", fields))
}

#[test]
fn a_session_outside_of_any_window_is_cut_off_by_name_and_alarms_until_it_has_ended() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let se = session(&plant);
        assert_eq!(
            refused(&plant.rita, "session.cut-off", json!({"ref": "SE-99", "reason": "no"})),
            "unknown"
        );
        let order = json!({"ref": se, "reason": "no window allows it"});
        done(&plant.olga, "session.cut-off", order.clone());
        let told = act(&plant.rita, "session.cut-off", &order).exits(3).json_error();
        assert_eq!(told["refused"], "wrong-state", "{}", engine.name());
        let first = format!("{} cut {se} off at", plant.olga.login);
        assert!(
            told["message"].as_str().unwrap().contains(&first),
            "who was first, and when: {told}"
        );
        let shown = plant.rita.smc(&["show", &se, "--json"]).exits(0).json();
        assert_eq!(
            (
                &shown["state"],
                &shown["effective_state"],
                &shown["cut_off_by"],
                &shown["cut_off_because"]
            ),
            (
                &json!("live"),
                &json!("cut_off"),
                &json!(plant.olga.login),
                &json!("no window allows it")
            ),
        );
        let [alarm] = alarms(&plant, &se).try_into().unwrap();
        let title = alarm["title"].as_str().unwrap();
        assert!(title.starts_with("kenji (yoko) on RLF/PLC-1, cut off"), "{title}");
        done(&plant.rita, "session.end", json!({"ref": se}));
        assert_eq!(refused(&plant.olga, "session.cut-off", order), "wrong-state", "it has ended");
        holds(&engine, &plant);
    }
}

#[test]
fn within_an_open_window_it_is_the_window_that_is_cut_off() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 1_800);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let se = session(&plant);
        let order = json!({"ref": se, "reason": "another hand"});
        let told = act(&plant.olga, "session.cut-off", &order).exits(3).json_error();
        assert_eq!(told["refused"], "wrong-state", "{}", engine.name());
        assert!(told["fix"].as_str().unwrap().contains(&format!("cut off {vw}")), "{told}");
        done(&plant.olga, "window.cut-off", json!({"ref": vw, "reason": "another hand"}));
        let gate = ["window", "check", "--person", "kenji", "--asset", "RLF/PLC-1"];
        plant.rita.smc(&gate).exits(3);
        // Whoever stays after that is told to go by the session's own name.
        done(&plant.olga, "session.cut-off", order);
        let shown = plant.rita.smc(&["show", &se, "--json"]).exits(0).json();
        assert_eq!(shown["effective_state"], "cut_off");
        done(&plant.rita, "session.end", json!({"ref": se, "reason": "line pulled"}));
        let shown = plant.rita.smc(&["show", &se, "--json"]).exits(0).json();
        assert_eq!(
            (&shown["cut_off_because"], &shown["note"]),
            (&json!("another hand"), &json!("line pulled")),
        );
        holds(&engine, &plant);
    }
}
