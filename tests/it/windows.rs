//! A vendor's access window from request to close, told through the command line on both engines.

use serde_json::{Value, json};

use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::plant::{Plant, act, done, in_seconds, plant, refused};

pub fn window(from: i64, lasts: i64) -> Value {
    json!({
        "vendor": "yoko", "person": "kenji", "assets": ["RLF/PLC-1"], "purpose": "tune the loop",
        "start": in_seconds(from), "end": in_seconds(from + lasts),
    })
}

/// The plant, a vendor, and who manages vendors.
pub fn with_vendor(engine: &Engine) -> (Plant, Person) {
    let plant = plant(engine);
    plant.done("vendor.register", json!({"vendor": "yoko", "name": "Yokohama Controls"}));
    plant.done(
        "vendor.person",
        json!({"vendor": "yoko", "login": "kenji", "name": "Kenji Mori",
        "screening_until": in_seconds(90 * 86_400), "training_until": in_seconds(90 * 86_400)}),
    );
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

/// What keeps a window shut: the code, and all that is said.
fn shut(person: &Person, fields: Value) -> (String, String) {
    let told = act(person, "window.open", &fields).exits(3).json_error();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    (text("refused"), format!("{}; {}", text("message"), text("fix")))
}

/// A change of the first asset that everybody asked said yes to.
fn approved_change(plant: &Plant, from: i64, lasts: i64) -> String {
    let reference = plant.change(from, lasts);
    for (person, discipline) in [(&plant.olga, "operations"), (&plant.ida, "it_security")] {
        let yes = json!({"ref": reference, "discipline": discipline, "decision": "yes"});
        done(person, "decide", yes);
    }
    reference
}

fn shown(plant: &Plant, reference: &str) -> Value {
    plant.ida.smc(&["show", reference, "--json"]).exits(0).json()
}

#[test]
fn a_window_does_not_open_beside_a_change_unless_its_opening_names_it_and_says_why() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let waits = plant.change(-5, 900);
        assert_eq!(shown(&plant, &vw)["clashes"][0]["blocks"], json!(false), "{}", engine.name());
        done(&plant.rita, "change.withdraw", json!({"ref": waits}));
        let cr = approved_change(&plant, -5, 900);
        let blackout = json!({"site": "RLF", "title": "Campaign 4", "start": in_seconds(-60), "end": in_seconds(900)});
        let blk = done(&plant.olga, "blackout.declare", blackout);
        let blk = blk["ref"].as_str().unwrap();
        assert_eq!(shown(&plant, &vw)["conflicts"], json!([cr, blk]));
        let (code, said) = shut(&plant.olga, json!({"ref": vw}));
        assert_eq!(code, "conflict");
        for named in [&cr, blk, "despite"] {
            assert!(said.contains(named), "{named}: {said}");
        }
        let with =
            |names: Value| json!({"ref": vw, "despite": names, "reason": "one crew does both"});
        let silent = json!({"ref": vw, "despite": [cr, blk]});
        assert_eq!(refused(&plant.olga, "window.open", silent), "missing");
        assert_eq!(refused(&plant.olga, "window.open", with(json!([cr]))), "conflict");
        assert_eq!(refused(&plant.olga, "window.open", with(json!([cr, blk, "CR-99"]))), "unknown");
        let tasks = plant.olga.smc(&["list", "tasks", "kind:open", "--json"]).exits(0).json_lines();
        assert!(tasks[0]["title"].as_str().unwrap().contains(&cr), "{tasks:?}");
        done(&plant.olga, "window.open", with(json!([cr, blk])));
        let stands = shown(&plant, &vw);
        assert_eq!(stands["conflicts"], json!([]));
        assert_eq!(stands["clashes"][0]["waived"]["reason"], "one crew does both");
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn what_the_change_waived_of_a_window_holds_for_the_window_too() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let cr = approved_change(&plant, -5, 900);
        assert_eq!(shut(&plant.olga, json!({"ref": vw})).0, "conflict", "{}", engine.name());
        let waive = json!({"ref": cr, "conflict": vw, "reason": "the maker stands beside it"});
        done(&plant.olga, "change.waive", waive);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn operations_let_pass_only_what_operations_answer_for_and_no_freeze() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let cr = approved_change(&plant, -5, 900);
        for (discipline, value) in [("it_security", "A"), ("operations", "C")] {
            let cell = json!({"activity": "control.change", "discipline": discipline, "value": value, "site": "RLF"});
            plant.done("raci.set", cell);
        }
        let all_the_same = |name: &str| json!({"ref": vw, "despite": [name], "reason": "now"});
        let (code, said) = shut(&plant.olga, all_the_same(&cr));
        assert_eq!(code, "wrong-discipline", "{}", engine.name());
        assert!(said.contains("control.change"), "{said}");
        done(&plant.rita, "change.withdraw", json!({"ref": cr}));
        let declared = json!({"sites": ["RLF"], "title": "Unknown logic", "severity": 1});
        let incident = done(&plant.ida, "incident.declare", declared);
        let incident = incident["ref"].as_str().unwrap();
        done(&plant.ida, "incident.freeze", json!({"ref": incident, "reason": "nobody connects"}));
        assert_eq!(shut(&plant.olga, all_the_same(incident)).0, "frozen");
    }
}

#[test]
fn windows_of_two_vendors_are_not_open_on_one_asset_and_those_of_one_vendor_are() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let first = approved((&plant, &vera), -5, 600);
        let second = approved((&plant, &vera), -5, 600);
        plant.done("vendor.register", json!({"vendor": "abb", "name": "ABB"}));
        plant.done(
            "vendor.person",
            json!({"vendor": "abb", "login": "nils", "name": "Nils",
            "screening_until": in_seconds(90 * 86_400), "training_until": in_seconds(90 * 86_400)}),
        );
        let mut other = window(-5, 600);
        other["vendor"] = json!("abb");
        other["person"] = json!("nils");
        let other = done(&plant.rita, "window.request", other)["ref"].as_str().unwrap().to_owned();
        for vw in [&first, &second] {
            done(&plant.olga, "window.open", json!({"ref": vw}));
        }
        for one in shown(&plant, &other)["approvals"].as_array().unwrap() {
            let discipline = one["discipline"].as_str().unwrap();
            let by = match discipline {
                "operations" => &plant.olga,
                "it_security" => &plant.ida,
                "engineering" => &plant.founder,
                _ => &vera,
            };
            done(by, "decide", json!({"ref": other, "discipline": discipline, "decision": "yes"}));
        }
        let (code, said) = shut(&plant.olga, json!({"ref": other}));
        assert_eq!(code, "conflict", "{}", engine.name());
        assert!(said.contains(&first) && said.contains(&second), "{said}");
    }
}

#[test]
fn an_extension_names_what_the_longer_time_runs_into() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        let cr = approved_change(&plant, 700, 900);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let more = json!({"ref": vw, "end": in_seconds(1_200), "reason": "the trend runs on"});
        let asked = done(&plant.rita, "window.extend", more);
        let vx = asked["ref"].as_str().unwrap();
        assert_eq!(shown(&plant, vx)["conflicts"], json!([cr]), "{}", engine.name());
        assert_eq!(shown(&plant, &vw)["conflicts"], json!([]));
    }
}

#[test]
fn a_site_that_asks_it_of_remote_access_lets_nobody_in_without_factor_recording_and_risk() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let before = approved((&plant, &vera), -5, 600);
        let asks = |remote: bool| json!({"site": "RLF", "external_ref": false, "remote_access": remote, "reason": "OTCC 2-2-1-7"});
        plant.done("site.require", asks(true));
        let told = act(&plant.olga, "window.open", &json!({"ref": before})).exits(3).json_error();
        let message = told["message"].as_str().unwrap();
        assert!(message.contains("second_factor") && message.contains("`risks`"), "{message}");
        let mut fields = window(-5, 600);
        fields["second_factor"] = json!("token of the jump host");
        assert_eq!(refused(&plant.rita, "window.request", fields.clone()), "missing");
        fields["recording"] = json!("rec-02, kept 12 months");
        let risk = |site: &str| {
            let raised = json!({"site": site, "title": "A vendor's laptop brings something in"});
            done(&plant.founder, "risk.raise", raised)["ref"].clone()
        };
        fields["risks"] = json!([risk("ANR")]);
        assert_eq!(refused(&plant.rita, "window.request", fields.clone()), "conflict");
        let own = risk("RLF");
        fields["risks"] = json!([own]);
        let vw = done(&plant.rita, "window.request", fields)["ref"].as_str().unwrap().to_owned();
        for (person, discipline) in
            [(&plant.olga, "operations"), (&plant.ida, "it_security"), (&vera, "vendor_management")]
        {
            done(person, "window.approve", json!({"ref": vw, "discipline": discipline}));
        }
        done(&plant.olga, "window.open", json!({"ref": vw}));
        let shown = plant.rita.smc(&["show", &vw, "--json"]).exits(0).json();
        assert_eq!(
            (&shown["recording"], &shown["risks"]),
            (&json!("rec-02, kept 12 months"), &json!([own])),
            "{}",
            engine.name()
        );
        // What is not said anew stands as it stood.
        plant.done(
            "site.require",
            json!({"site": "RLF", "external_ref": true, "reason": "quality"}),
        );
        assert_eq!(refused(&plant.rita, "window.request", window(-5, 600)), "missing");
        plant.done("site.require", asks(false));
        done(&plant.olga, "window.open", json!({"ref": before}));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn nobody_says_yes_to_their_own_access_nor_opens_it() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let olga = &plant.olga.login;
        plant.done(
            "vendor.person",
            json!({"vendor": "yoko", "login": olga, "name": "Olga Visser",
                   "screening_until": in_seconds(86_400), "training_until": in_seconds(86_400)}),
        );
        let mut fields = window(-5, 600);
        fields["person"] = json!(olga);
        fields["escort"] = json!("olga visser");
        assert_eq!(
            refused(&plant.rita, "window.request", fields.clone()),
            "invalid",
            "their own escort"
        );
        fields["escort"] = json!("rita");
        let vw = done(&plant.rita, "window.request", fields)["ref"].as_str().unwrap().to_owned();
        let yes = json!({"ref": vw, "discipline": "operations", "decision": "yes"});
        assert_eq!(refused(&plant.olga, "decide", yes.clone()), "four-eyes", "{}", engine.name());
        let omar = engine.person("omar");
        plant.joined(&omar, "operations", Some("RLF"));
        plant.done("role.grant", json!({"login": omar.login, "role": "shift_lead", "site": "RLF"}));
        done(&omar, "decide", yes);
        for (person, discipline) in [(&plant.ida, "it_security"), (&vera, "vendor_management")] {
            done(person, "window.approve", json!({"ref": vw, "discipline": discipline}));
        }
        assert_eq!(refused(&plant.olga, "window.open", json!({"ref": vw})), "four-eyes");
        done(&omar, "window.open", json!({"ref": vw}));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn an_id_that_somebody_took_keeps_no_deadline_from_being_recorded() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let asked = done(&plant.rita, "window.request", window(-5, 8));
        let vw = asked["ref"].as_str().unwrap();
        let shown = plant.rita.smc(&["show", vw, "--json"]).exits(0).json();
        let due = crate::support::plant::time(shown["end"].as_str().unwrap());
        let taken = smc::ledger::automatic_id("window.lapsed", vw, due).to_string();
        let line = json!({"site": "RLF", "text": "nothing of note", "request_id": taken});
        done(&plant.rita, "log.add", line);
        std::thread::sleep(std::time::Duration::from_secs(9));
        let told = vera.smc(&["tick"]).exits(0).stdout;
        assert!(told.contains('1'), "{}: {told}", engine.name());
        let kinds = plant.rita.smc(&["log", "--json", "--subject", vw]).exits(0).json_lines();
        assert!(kinds.iter().any(|entry| entry["kind"] == "window.lapsed"), "{kinds:?}");
        assert!(vera.smc(&["tick"]).exits(0).stdout.contains('0'), "once");
        plant.founder.smc(&["verify"]).exits(0);
    }
}
