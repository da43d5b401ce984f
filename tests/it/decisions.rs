//! Who may decide on what, told through the command line on both engines.

use serde_json::json;

use crate::support::engines;
use crate::support::plant::{act, change, done, in_seconds, plant, refused};

#[test]
fn a_change_is_approved_by_operations_and_it_and_then_done() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(-60, 3600);
        assert_eq!(cr, "CR-1", "{}", engine.name());
        assert_eq!(refused(&plant.rita, "change.start", json!({"ref": cr})), "wrong-state");
        let yes = |discipline| json!({"ref": cr, "discipline": discipline, "decision": "yes"});
        done(&plant.olga, "decide", yes("operations"));
        done(&plant.ida, "change.approve", json!({"ref": cr, "discipline": "it_security"}));
        for step in ["change.start", "change.complete", "change.verify"] {
            done(&plant.rita, step, json!({"ref": cr, "note": "as planned"}));
        }
        assert_eq!(refused(&plant.rita, "change.withdraw", json!({"ref": cr})), "wrong-state");
    }
}

#[test]
fn operations_veto_ends_a_change() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(60, 3600);
        let no = json!({"ref": cr, "discipline": "operations"});
        assert_eq!(refused(&plant.olga, "change.reject", no.clone()), "missing");
        let mut with_reason = no;
        with_reason["reason"] = json!("the line runs until Friday");
        done(&plant.olga, "change.reject", with_reason);
        let late = json!({"ref": cr, "discipline": "it_security", "decision": "yes"});
        assert_eq!(refused(&plant.ida, "decide", late), "vetoed");
        let again = json!({"ref": cr, "reason": "another time"});
        assert_eq!(refused(&plant.rita, "change.revise", again), "vetoed");
        let mut superseding = change(7 * 86_400, 3600);
        superseding["supersedes"] = json!(cr);
        done(&plant.rita, "change.request", superseding);
    }
}

#[test]
fn nobody_decides_on_their_own_request_or_twice() {
    for engine in engines() {
        let plant = plant(&engine);
        let own = done(&plant.founder, "change.request", change(60, 3600));
        let cr = own["ref"].as_str().unwrap();
        let yes = |discipline| json!({"ref": cr, "discipline": discipline, "decision": "yes"});
        assert_eq!(refused(&plant.founder, "decide", yes("operations")), "four-eyes");
        done(&plant.olga, "decide", yes("operations"));
        assert_eq!(refused(&plant.olga, "decide", yes("operations")), "wrong-discipline");
        assert_eq!(refused(&plant.olga, "decide", yes("it_security")), "wrong-discipline");
    }
}

#[test]
fn a_revision_voids_the_decisions() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(60, 3600);
        let yes = json!({"ref": cr, "discipline": "operations", "decision": "yes"});
        done(&plant.olga, "decide", yes.clone());
        let shorter = json!({"ref": cr, "reason": "shorter", "end": in_seconds(1800)});
        assert_eq!(refused(&plant.ida, "change.revise", shorter.clone()), "not-allowed");
        done(&plant.rita, "change.revise", shorter);
        done(&plant.olga, "decide", yes);
    }
}

#[test]
fn a_revision_keeps_the_risks_that_the_change_treats_or_names_others() {
    for engine in engines() {
        let plant = plant(&engine);
        let raised = |site: &str, title: &str| {
            let risk = done(&plant.rita, "risk.raise", json!({"site": site, "title": title}));
            risk["ref"].as_str().unwrap().to_owned()
        };
        let (first, second) = (raised("RLF", "Flat network"), raised("RLF", "Old firmware"));
        let elsewhere = raised("ANR", "Open door");
        let mut asked = change(600, 3600);
        asked["risks"] = json!([first]);
        done(&plant.rita, "change.request", asked);
        let treats = || {
            let row = plant.ida.smc(&["show", "CR-1", "--json"]).exits(0).json();
            row["risks"].clone()
        };
        let treated = |risk: &str| {
            let filter = format!("risk:{risk}");
            plant.ida.smc(&["list", "changes", &filter, "--json"]).exits(0).json_lines().len()
        };
        done(&plant.rita, "change.revise", json!({"ref": "CR-1", "reason": "same risks"}));
        assert_eq!((treats(), treated(&first)), (json!([first]), 1), "{}", engine.name());
        let other = |risks: Vec<&str>| json!({"ref": "CR-1", "reason": "others", "risks": risks});
        assert_eq!(refused(&plant.rita, "change.revise", other(vec![&elsewhere])), "conflict");
        done(&plant.rita, "change.revise", other(vec![&second, &second]));
        assert_eq!((treats(), treated(&first), treated(&second)), (json!([second]), 0, 1));
        let shown = plant.ida.smc(&["show", &first, "--json"]).exits(0).json();
        assert!(!shown["links"].to_string().contains("CR-1"), "{shown}");
        done(&plant.rita, "change.revise", other(vec![]));
        assert_eq!(treats(), json!([]));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_role_at_one_site_reaches_no_other() {
    for engine in engines() {
        let plant = plant(&engine);
        let at = |site: &str| json!({"site": site, "text": "gate found open"});
        let grant = json!({"login": plant.olga.login, "role": "smc_operator", "site": "RLF"});
        assert_eq!(refused(&plant.olga, "log.add", at("RLF")), "not-allowed");
        plant.done("role.grant", grant);
        done(&plant.olga, "log.add", at("RLF"));
        assert_eq!(refused(&plant.olga, "log.add", at("ANR")), "not-allowed");
    }
}

#[test]
fn whoever_names_what_is_not_there_reads_that_and_not_that_a_right_is_missing() {
    for engine in engines() {
        let plant = plant(&engine);
        let place = json!({"change": "CR-1", "asset": "RLF/NONE-1", "what": "High level trip",
                           "until": "2099-01-01T00:00:00Z", "reason": "the probe is replaced"});
        let grant = json!({"login": plant.olga.login, "role": "smc_operator", "site": "RLF"});
        plant.done("role.grant", grant);
        assert_eq!(refused(&plant.olga, "bypass.place", place), "unknown");
        assert_eq!(refused(&plant.olga, "change.start", json!({"ref": "CR-99"})), "unknown");
    }
}

#[test]
fn whoever_is_deactivated_or_unknown_may_nothing() {
    for engine in engines() {
        let plant = plant(&engine);
        let line = json!({"site": "RLF", "text": "round made"});
        let gone = json!({"login": plant.ida.login, "reason": "left"});
        plant.done("person.deactivate", gone);
        assert_eq!(refused(&plant.ida, "log.add", line.clone()), "not-allowed");
        let stranger = engine.person("mallory");
        act(&stranger, "log.add", &line).exits(3);
    }
}

#[test]
fn the_same_request_id_writes_once() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut fields = change(60, 3600);
        fields["request_id"] = json!("01KAMQ9R00000000000000ABCD");
        let first = done(&plant.rita, "change.request", fields.clone());
        let second = done(&plant.rita, "change.request", fields);
        assert_eq!(first["ref"], second["ref"], "{}", engine.name());
        assert_eq!(second["repeated"], json!(true));
        assert_eq!(first["entries"], second["entries"]);
        assert_eq!(plant.change(60, 3600), "CR-2");
    }
}

#[test]
fn a_subject_that_moved_since_it_was_read_is_refused_as_stale() {
    for engine in engines() {
        let plant = plant(&engine);
        let cr = plant.change(60, 3600);
        let yes = |discipline: &str, version: i64| json!({"ref": cr, "discipline": discipline, "decision": "yes", "expect": version});
        let asked =
            done(&plant.founder, "log.add", json!({"site": "RLF", "text": "read the change"}));
        let version = asked["entries"][0].as_i64().unwrap() - 1;
        done(&plant.olga, "decide", yes("operations", version));
        assert_eq!(refused(&plant.ida, "decide", yes("it_security", version)), "stale");
    }
}

#[test]
fn what_is_made_out_of_an_object_that_moved_since_it_was_read_is_refused_as_stale() {
    for engine in engines() {
        let plant = plant(&engine);
        let written = |made: &serde_json::Value| {
            let entries = made["entries"].as_array().unwrap();
            entries.iter().filter_map(serde_json::Value::as_i64).max().unwrap()
        };
        // What is made out of nothing has nothing that could have moved.
        let mut alone = change(180, 3_600);
        alone["expect"] = json!(1);
        done(&plant.rita, "change.request", alone);
        let first = plant.change(60, 3_600);
        let seen = done(&plant.founder, "log.add", json!({"site": "RLF", "text": "read it"}));
        let no = json!({"ref": first, "discipline": "operations", "reason": "not in this week"});
        let no = done(&plant.olga, "change.reject", no);
        let instead = |version: i64| {
            let mut fields = change(120, 3_600);
            fields["supersedes"] = json!(first);
            fields["expect"] = json!(version);
            fields
        };
        let late = refused(&plant.rita, "change.request", instead(written(&seen)));
        assert_eq!(late, "stale", "{}", engine.name());
        done(&plant.rita, "change.request", instead(written(&no)));
    }
}
