//! A vendor's access window from request to close, told through the command line on both engines.

use serde_json::{Value, json};

use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::plant::{Plant, done, in_seconds, plant, refused};

fn window(from: i64, lasts: i64) -> Value {
    json!({
        "vendor": "yoko", "person": "kenji", "assets": ["RLF/PLC-1"], "purpose": "tune the loop",
        "start": in_seconds(from), "end": in_seconds(from + lasts),
    })
}

/// The plant, a vendor, and who manages vendors.
pub fn with_vendor(engine: &Engine) -> (Plant, Person) {
    let plant = plant(engine);
    plant.done("vendor.register", json!({"vendor": "yoko", "name": "Yokohama Controls"}));
    plant.done("vendor.person", json!({"vendor": "yoko", "login": "kenji", "name": "Kenji Mori"}));
    let vera = engine.person("vera");
    plant.joined(&vera, "vendor_management", None);
    (plant, vera)
}

/// A window that everybody said yes to, from so many seconds from now, for so long.
pub fn approved((plant, vera): (&Plant, &Person), from: i64, lasts: i64) -> String {
    let asked = done(&plant.rita, "window.request", window(from, lasts));
    let vw = asked["ref"].as_str().unwrap().to_owned();
    for (person, discipline) in
        [(&plant.olga, "operations"), (&plant.ida, "it_security"), (vera, "vendor_management")]
    {
        done(person, "window.approve", json!({"ref": vw, "discipline": discipline}));
    }
    vw
}

#[test]
fn a_window_is_opened_by_the_shift_lead_of_operations_and_closed() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        assert_eq!(refused(&plant.rita, "window.open", json!({"ref": vw})), "not-allowed");
        done(&plant.olga, "window.open", json!({"ref": vw}));
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": vw})), "wrong-state");
        done(
            &plant.rita,
            "window.close",
            json!({"ref": vw, "close_out": "loop tuned, trend saved"}),
        );
    }
}

#[test]
fn a_shift_lead_with_operations_ends_what_a_shift_lead_opened() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let [closed, cut] = [(); 2].map(|()| approved((&plant, &vera), -5, 600));
        for vw in [&closed, &cut] {
            done(&plant.olga, "window.open", json!({"ref": vw}));
        }
        assert_eq!(refused(&vera, "window.close", json!({"ref": closed})), "not-allowed");
        done(&plant.olga, "window.close", json!({"ref": closed, "close_out": "loop tuned"}));
        done(&plant.olga, "window.cut-off", json!({"ref": cut, "reason": "unknown file copied"}));
    }
}

#[test]
fn a_decision_says_whether_the_object_is_approved_now_and_who_is_missing() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let asked = done(&plant.rita, "window.request", window(-5, 600));
        let vw = asked["ref"].as_str().unwrap();
        let says = |person: &Person, discipline: &str| {
            let said = done(person, "window.approve", json!({"ref": vw, "discipline": discipline}));
            said["came_of_it"].as_str().unwrap().to_owned()
        };
        let first = says(&plant.olga, "operations");
        let missing =
            "your yes of operations is in; it security and vendor management still to decide";
        assert!(first.contains(&format!("{vw}: {missing}")), "{first}");
        says(&plant.ida, "it_security");
        let last = says(&vera, "vendor_management");
        assert!(last.contains(&format!("{vw} is approved now")), "{last}");
    }
}

#[test]
fn approval_never_moves_a_window() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let early = approved((&plant, &vera), 600, 600);
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": early})), "too-early");
    }
}

#[test]
fn a_window_that_was_never_opened_lapses_once() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 7);
        std::thread::sleep(std::time::Duration::from_millis(2200));
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": vw})), "expired");
        let first = plant.rita.smc(&["tick", "--json"]).exits(0).json();
        assert_eq!(first["entries"].as_array().unwrap().len(), 1, "{}", engine.name());
        let second = plant.olga.smc(&["tick", "--json"]).exits(0).json();
        assert_eq!(second["entries"], json!([]), "{}", engine.name());
        assert_eq!(
            refused(&plant.rita, "window.cancel", json!({"ref": vw, "reason": "x"})),
            "wrong-state"
        );
    }
}

#[test]
fn a_person_whose_training_has_ended_gets_no_window() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let ends = json!({"vendor": "yoko", "login": "kenji", "training_until": in_seconds(300)});
        plant.done("vendor.person", ends);
        assert_eq!(refused(&plant.rita, "window.request", window(0, 600)), "expired");
        assert_eq!(
            refused(&plant.rita, "window.request", {
                let mut other = window(0, 100);
                other["person"] = json!("nobody");
                other
            }),
            "unknown"
        );
    }
}

#[test]
fn a_vendor_is_cut_off_with_a_reason() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.founder, "window.open", json!({"ref": vw}));
        assert_eq!(refused(&plant.rita, "window.cut-off", json!({"ref": vw})), "missing");
        done(&plant.rita, "window.cut-off", json!({"ref": vw, "reason": "unknown file copied"}));
    }
}

#[test]
fn an_accepted_risk_is_decided_under_its_own_reference() {
    for engine in engines() {
        let plant = plant(&engine);
        let mia = engine.person("mia");
        plant.done(
            "person.register",
            json!({"login": mia.login, "name": "Mia", "disciplines": ["management"]}),
        );
        plant.done("role.grant", json!({"login": mia.login, "role": "site_security"}));
        let raised =
            done(&plant.rita, "risk.raise", json!({"site": "RLF", "title": "Flat network"}));
        let risk = raised["ref"].as_str().unwrap();
        let asked = json!({"ref": risk, "until": in_seconds(3600), "reason": "outage in June"});
        let ra =
            done(&plant.rita, "risk.accept", asked.clone())["ref"].as_str().unwrap().to_owned();
        assert!(ra.starts_with("RA-"));
        let yes = |discipline| json!({"ref": ra, "discipline": discipline});
        assert_eq!(
            refused(&plant.olga, "change.approve", yes("operations")),
            "invalid",
            "{}",
            engine.name()
        );
        done(&plant.olga, "acceptance.approve", yes("operations"));
        done(&plant.ida, "acceptance.approve", yes("it_security"));
        let last = done(&mia, "acceptance.approve", yes("management"));
        assert_eq!(last["entries"].as_array().unwrap().len(), 2, "the risk follows: {last}");
        assert_eq!(refused(&plant.rita, "risk.accept", asked), "wrong-state");
    }
}
