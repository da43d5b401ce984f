//! Who is on call: whom an emergency counts, and how a duty is taken back, on both engines.

use serde_json::{Value, json};

use crate::support::engine::Person;
use crate::support::engines;
use crate::support::plant::{Plant, change, done, holds, in_seconds, named, plant, refused};

fn on_call(person: &Person, discipline: &str, from: i64, until: i64) -> Value {
    json!({"login": person.login, "discipline": discipline, "site": "RLF",
           "from": in_seconds(from), "until": in_seconds(until)})
}

fn emergency() -> Value {
    let mut asks = change(-30, 7_200);
    asks["kind"] = json!("emergency");
    asks["basis"] = json!("The pump trips every hour.");
    asks
}

fn states(plant: &Plant, login: &str) -> Vec<String> {
    let list = ["list", "duties", &format!("login:{login}"), "--json"];
    let rows = plant.founder.smc(&list).exits(0).json_lines();
    rows.iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn whoever_is_on_call_but_may_not_decide_takes_no_emergency() {
    for engine in engines() {
        let plant = plant(&engine);
        let eve = engine.person("eve");
        let login = &eve.login;
        plant.done(
            "person.register",
            json!({"login": login, "name": login, "disciplines": ["engineering"]}),
        );
        plant.done("duty.set", on_call(&eve, "engineering", -60, 7_200));
        assert_eq!(refused(&plant.rita, "change.request", emergency()), "missing");
        plant.done("role.grant", json!({"login": login, "role": "auditor"}));
        assert_eq!(refused(&plant.rita, "change.request", emergency()), "missing");
        plant.done("role.grant", json!({"login": login, "role": "engineering"}));
        let cr = named(&done(&plant.rita, "change.request", emergency()));
        for (person, discipline) in [(&plant.olga, "operations"), (&eve, "engineering")] {
            let fields = json!({"ref": cr, "discipline": discipline, "decision": "yes"});
            done(person, "decide", fields);
        }
        done(&plant.rita, "change.start", json!({"ref": cr}));
        holds(&engine, &plant);
    }
}

#[test]
fn a_duty_that_is_to_come_is_taken_back_and_set_again() {
    for engine in engines() {
        let plant = plant(&engine);
        let ida = &plant.ida;
        let mut duty = on_call(ida, "it_security", 3_600, 7_200);
        plant.done("duty.set", duty.clone());
        assert_eq!(states(&plant, &ida.login), ["to_come"], "{}", engine.name());
        let mut back = json!({"login": ida.login, "discipline": "it_security", "site": "RLF",
                              "reason": "another takes it"});
        assert_eq!(refused(&plant.founder, "duty.end", back.clone()), "unknown");
        back["from"] = json!(in_seconds(3_660));
        assert_eq!(refused(&plant.founder, "duty.end", back.clone()), "unknown");
        back["from"] = duty["from"].clone();
        plant.done("duty.end", back.clone());
        assert_eq!(states(&plant, &ida.login), ["taken_back"]);
        assert_eq!(refused(&plant.founder, "duty.end", back), "unknown", "it is taken back once");
        duty["until"] = json!(in_seconds(9_000));
        plant.done("duty.set", duty);
        assert_eq!(states(&plant, &ida.login), ["to_come"]);
        holds(&engine, &plant);
    }
}

#[test]
fn a_duty_that_has_begun_is_ended_and_not_said_anew() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut duty = on_call(&plant.ida, "it_security", -600, 7_200);
        plant.done("duty.set", duty.clone());
        duty["until"] = json!(in_seconds(-60));
        assert_eq!(refused(&plant.founder, "duty.set", duty), "conflict", "{}", engine.name());
        let end = json!({"login": plant.ida.login, "discipline": "it_security", "site": "RLF",
                         "reason": "went home"});
        plant.done("duty.end", end);
        assert_eq!(states(&plant, &plant.ida.login), ["over"]);
        holds(&engine, &plant);
    }
}
