//! Who of a vendor is on which asset: sessions within windows and outside, the question that gates ask, and what stands
//! in the way of opening, told through the command line on both engines.

use serde_json::{Value, json};

use super::windows::{approved, with_vendor};
use crate::support::engine::Person;
use crate::support::engines;
use crate::support::plant::{act, done, in_seconds, refused};

const WHO: [&str; 4] = ["--person", "kenji", "--asset", "RLF/PLC-1"];

fn started(person: &Person) -> Value {
    let args = [&["session", "start", "--json"], &WHO[..]].concat();
    person.smc(&args).exits(0).json()
}

fn listed(person: &Person, list: &str, filter: &str) -> Vec<Value> {
    person.smc(&["list", list, filter, "--json"]).exits(0).json_lines()
}

/// The code of the refusal at a gate, and its sentence.
fn stopped(person: &Person) -> (String, String) {
    let args = [&["window", "check", "--json"], &WHO[..]].concat();
    let told = person.smc(&args).exits(3).json_error();
    let word = |name: &str| told[name].as_str().unwrap().to_owned();
    (word("refused"), word("message"))
}

#[test]
fn a_session_in_an_open_window_belongs_to_it_until_it_ends() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let session = started(&plant.rita);
        assert_eq!(session["window"], json!(vw), "{}", engine.name());
        let [access] = listed(&plant.ida, "access", "").try_into().unwrap();
        assert_eq!((&access["ref"], &access["state"]), (&json!(vw), &json!("open")), "{access}");
        assert_eq!(access["sessions"], json!([session["ref"]]));
        assert_eq!(listed(&plant.ida, "windows", "")[0]["sessions"], json!([session["ref"]]));
        let end = [&["session", "end"], &WHO[..]].concat();
        plant.olga.smc(&end).exits(0);
        plant.olga.smc(&end).exits(3);
        let named = session["ref"].as_str().unwrap();
        plant.olga.smc(&["session", "end", named]).exits(3);
        assert_eq!(listed(&plant.ida, "access", "")[0]["sessions"], json!([]));
        let [row] = listed(&plant.ida, "sessions", "").try_into().unwrap();
        assert_eq!((&row["state"], &row["window"]), (&json!("ended"), &json!(vw)));
        let shown = plant.ida.smc(&["show", named, "--json"]).exits(0).json();
        assert!(shown["links"].as_array().unwrap().iter().any(|l| l["ref"] == json!(vw)));
        assert_eq!(listed(&plant.ida, "alarms", "kind:session_outside"), Vec::<Value>::new());
    }
}

#[test]
fn a_session_that_no_window_covers_is_recorded_and_alarms_until_it_has_ended_and_is_known() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let told = plant.rita.smc(&[&["session", "start"], &WHO[..]].concat()).exits(0);
        assert!(told.stderr.contains("no open window covers SE-1"), "{}", told.stderr);
        let [access] = listed(&plant.ida, "access", "state:outside").try_into().unwrap();
        assert_eq!(access["ref"], "SE-1");
        assert_eq!(listed(&plant.ida, "sessions", "state:outside").len(), 1, "{}", engine.name());
        let alarm = |state: &str| listed(&plant.ida, "alarms", &format!("state:{state}"));
        assert_eq!(alarm("unacknowledged")[0]["priority"], 1);
        plant.rita.smc(&["session", "end", "SE-1"]).exits(0);
        assert_eq!(alarm("returned").len(), 1, "it stays until somebody knows");
        let known = json!({"ref": "session_outside:SE-1", "reason": "our own test"});
        done(&plant.ida, "alarm.acknowledge", known);
        assert_eq!(listed(&plant.ida, "alarms", ""), Vec::<Value>::new());
        let nobody = ["session", "start", "--person", "nobody", "--asset", "RLF/PLC-1"];
        plant.rita.smc(&nobody).exits(3);
        let nowhere = ["session", "start", "--person", "kenji", "--asset", "RLF/PLC-99"];
        plant.rita.smc(&nowhere).exits(3);
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_session_that_goes_on_after_its_window_was_ended_stands_out() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        started(&plant.rita);
        done(&plant.rita, "window.cut-off", json!({"ref": vw, "reason": "unknown file copied"}));
        let [access] = listed(&plant.ida, "access", "").try_into().unwrap();
        assert_eq!((&access["ref"], &access["state"]), (&json!("SE-1"), &json!("outside")));
        assert_eq!(listed(&plant.ida, "alarms", "kind:session_outside").len(), 1);
        plant.rita.smc(&["session", "end", "SE-1"]).exits(0);
        assert_eq!(listed(&plant.ida, "access", ""), Vec::<Value>::new(), "{}", engine.name());
        assert_eq!(listed(&plant.ida, "alarms", "kind:session_outside"), Vec::<Value>::new());
    }
}

#[test]
fn a_gate_is_told_yes_with_the_end_or_no_with_the_reason() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        assert_eq!(stopped(&plant.ida).0, "not-allowed", "{}", engine.name());
        let ask = |person: &str, asset: &str| {
            let args = ["window", "check", "--json", "--person", person, "--asset", asset];
            plant.ida.smc(&args).exits(3).json_error()["refused"].clone()
        };
        assert_eq!(ask("nobody", "RLF/PLC-1"), "unknown");
        assert_eq!(ask("kenji", "RLF/PLC-99"), "unknown");
        let later = approved((&plant, &vera), 600, 600);
        assert_eq!(stopped(&plant.ida).0, "too-early");
        done(&plant.rita, "window.cancel", json!({"ref": later, "reason": "sooner"}));
        let vw = approved((&plant, &vera), -5, 600);
        assert_eq!(
            stopped(&plant.ida),
            ("wrong-state".into(), format!("{vw} is approved and not opened"))
        );
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let args = [&["window", "check", "--json"], &WHO[..]].concat();
        let told = plant.ida.smc(&args).exits(0).json();
        assert_eq!((&told["allowed"], &told["window"]), (&json!(true), &json!(vw)));
        assert!(told["until"].is_string(), "{told}");
        let panel = ["window", "check", "--person", "kenji", "--asset", "RLF/HMI-1"];
        plant.ida.smc(&panel).exits(3);
        let suspend = json!({"vendor": "yoko", "person": "kenji", "reason": "lost a token"});
        plant.done("vendor.suspend", suspend);
        let (code, why) = stopped(&plant.ida);
        assert_eq!(code, "not-allowed");
        assert!(why.contains("kenji (yoko) is suspended"), "{why}");
        let resume = json!({"vendor": "yoko", "person": "kenji", "reason": "has a new one"});
        plant.done("vendor.resume", resume.clone());
        assert_eq!(refused(&plant.founder, "vendor.resume", resume), "wrong-state");
        plant.ida.smc(&args).exits(0);
        done(&plant.rita, "window.cut-off", json!({"ref": vw, "reason": "unknown file copied"}));
        assert_eq!(stopped(&plant.ida).1, format!("{vw} was cut off"));
    }
}

#[test]
fn a_gate_lets_nobody_through_past_the_end_of_an_open_window() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 8);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(3_200));
        let (code, why) = stopped(&plant.ida);
        assert_eq!(code, "expired", "{}: {why}", engine.name());
        assert_eq!(listed(&plant.ida, "access", "state:overrun").len(), 1);
        let session = started(&plant.rita);
        assert_eq!(session["window"], json!(vw));
        assert_eq!(listed(&plant.ida, "sessions", "state:overrun").len(), 1);
    }
}

#[test]
fn each_thing_in_the_way_of_opening_is_named_before_and_when_it_is_tried() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        assert_eq!(listed(&plant.ida, "windows", "")[0]["hindrances"], json!([]));
        for (command, fields) in [
            ("vendor.update", json!({"vendor": "yoko", "contract_end": in_seconds(60)})),
            (
                "vendor.person",
                json!({"vendor": "yoko", "login": "kenji", "training_until": in_seconds(60),
                                     "screening_until": in_seconds(60)}),
            ),
            ("vendor.suspend", json!({"vendor": "yoko", "reason": "breach at the maker"})),
            ("asset.retire", json!({"site": "RLF", "tag": "PLC-1"})),
        ] {
            plant.done(command, fields);
        }
        let told = act(&plant.olga, "window.open", &json!({"ref": vw})).exits(3).json_error();
        let why = told["message"].as_str().unwrap();
        let shown = listed(&plant.ida, "windows", "")[0]["hindrances"].to_string();
        for part in [
            "vendor yoko is suspended",
            "contract of yoko",
            "screening of kenji",
            "training of kenji",
            "RLF/PLC-1 is retired",
        ] {
            assert!(why.contains(part), "{}: {part} in {why}", engine.name());
            assert!(shown.contains(part), "{part} in {shown}");
        }
        plant.done(
            "vendor.resume",
            json!({"vendor": "yoko", "reason": "they have shown what was done"}),
        );
        let renewed = json!({"vendor": "yoko", "contract_end": in_seconds(90 * 86_400)});
        plant.done("vendor.update", renewed);
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": vw})), "expired");
        let papers = json!({"vendor": "yoko", "login": "kenji", "training_until": in_seconds(9_000),
                            "screening_until": in_seconds(9_000)});
        plant.done("vendor.person", papers);
        let told = act(&plant.olga, "window.open", &json!({"ref": vw})).exits(3).json_error();
        assert_eq!(told["message"], "the asset RLF/PLC-1 is retired");
        let [vendor] = listed(&plant.ida, "vendors", "").try_into().unwrap();
        assert!(vendor["runs_out"].to_string().contains("a training ends"), "{vendor}");
    }
}

#[test]
fn who_had_access_is_told_of_any_time() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let opened = done(&plant.olga, "window.open", json!({"ref": vw}));
        started(&plant.rita);
        done(&plant.rita, "window.close", json!({"ref": vw, "close_out": "loop tuned"}));
        plant.rita.smc(&["session", "end", "SE-1"]).exits(0);
        assert_eq!(listed(&plant.ida, "access", ""), Vec::<Value>::new());
        let at = opened["entries"][0].to_string();
        let then =
            plant.ida.smc(&["--as-of", &at, "list", "access", "--json"]).exits(0).json_lines();
        assert_eq!(then.len(), 1, "{}", engine.name());
        assert_eq!((&then[0]["person"], &then[0]["asset"]), (&json!("kenji"), &json!("RLF/PLC-1")));
    }
}

#[test]
fn a_gate_is_told_no_answer_where_two_vendors_send_a_person_of_that_name_and_none_is_named() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        plant.done("vendor.register", json!({"vendor": "abb", "name": "Abb & Sons"}));
        plant.done("vendor.person", json!({"vendor": "abb", "login": "kenji"}));
        let check = [&["window", "check", "--json"], &WHO[..]].concat();
        let told = plant.ida.smc(&check).exits(2).stderr;
        let asked = "abb and yoko send a person called kenji: say which with --vendor";
        assert!(told.contains(asked), "{}: {told}", engine.name());
        let of = |vendor: &'static str| [&check[..], &["--vendor", vendor]].concat();
        let allowed = plant.ida.smc(&of("yoko")).exits(0).json();
        assert_eq!(allowed["window"], json!(vw));
        let other = plant.ida.smc(&of("abb")).exits(3).json_error();
        assert_eq!(other["refused"], "not-allowed", "{other}");
    }
}
