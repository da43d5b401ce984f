//! Who must decide on a request and why, told through the command line on both engines.

use serde_json::{Value, json};

use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::plant::{Plant, act, change, done, plant, refused};

/// The plant with somebody for every discipline at its site.
struct House {
    plant: Plant,
    quin: Person,
    sam: Person,
    erik: Person,
}

fn house(engine: &Engine) -> House {
    let plant = plant(engine);
    let [quin, sam, erik] = ["quin", "sam", "erik"].map(|word| engine.person(word));
    for (person, discipline) in [(&quin, "quality"), (&sam, "safety"), (&erik, "engineering")] {
        plant.joined(person, discipline, Some("RLF"));
    }
    House { plant, quin, sam, erik }
}

fn of(impact: &str, level: &str) -> Value {
    let mut fields = change(60, 3600);
    fields["impacts"]["quality"] = json!({"level": "none"});
    fields["impacts"][impact] = json!({"level": level, "text": "it is felt"});
    fields
}

fn asked(plant: &Plant, fields: Value) -> String {
    done(&plant.rita, "change.request", fields)["ref"].as_str().unwrap().to_owned()
}

fn shown(person: &Person, reference: &str) -> Value {
    person.smc(&["show", reference, "--json"]).exits(0).json()
}

fn listed<'v>(shown: &'v Value, part: &str) -> Vec<&'v str> {
    let rows = shown[part].as_array().unwrap();
    rows.iter().map(|row| row["discipline"].as_str().unwrap()).collect()
}

fn seat<'v>(shown: &'v Value, discipline: &str) -> &'v Value {
    let mut rows = shown["approvals"].as_array().unwrap().iter();
    rows.find(|row| row["discipline"] == discipline).unwrap()
}

fn yes(person: &Person, reference: &str, discipline: &str) {
    done(person, "decide", json!({"ref": reference, "discipline": discipline, "decision": "yes"}));
}

#[test]
fn who_must_decide_follows_the_impacts_and_is_kept_with_its_reason() {
    for engine in engines() {
        let house = house(&engine);
        let cr = asked(&house.plant, of("quality", "medium"));
        let board = shown(&house.quin, &cr);
        assert_eq!(listed(&board, "approvals"), ["it_security", "operations", "quality"]);
        let quality = seat(&board, "quality");
        assert_eq!(quality["because"], "quality is medium", "{}", engine.name());
        assert_eq!(
            (&quality["rule"], &quality["need"]),
            (&json!(smc::domain::rule::CURRENT), &json!("must"))
        );
        assert_eq!(quality["could"], json!([house.quin.login]));
        assert_eq!(quality["corporate"], json!(false));
        assert_eq!(seat(&board, "operations")["veto"], json!(true));
        assert_eq!(board["accountable"], "operations");
        assert_eq!(listed(&board, "consulted"), ["safety", "vendor_management"]);
        assert_eq!(listed(&board, "informed"), ["management"]);
        assert_eq!(board["consulted"][0]["comment"], Value::Null, "there is time to comment");
        let rights = board["conditions"].as_array().unwrap();
        let holds: Vec<&str> = rights
            .iter()
            .filter(|one| !one["holds"].is_null())
            .map(|one| one["when"].as_str().unwrap())
            .collect();
        assert_eq!(holds, ["quality is low or more", "quality is medium or more"]);
        let says =
            |when: &str| rights.iter().find(|one| one["when"] == when).unwrap()["says"].clone();
        assert_eq!(says("quality is medium or more"), "quality must say yes");
        assert_eq!(says("safety is high"), "engineering must say yes; safety may veto");
        let mut logic = of("quality", "medium");
        logic["alters_logic"] = json!(true);
        let cr = asked(&house.plant, logic);
        let board = shown(&house.quin, &cr);
        let all = ["engineering", "it_security", "operations", "quality"];
        assert_eq!(listed(&board, "approvals"), all, "{}", engine.name());
        for (person, discipline) in [
            (&house.erik, "engineering"),
            (&house.plant.ida, "it_security"),
            (&house.plant.olga, "operations"),
        ] {
            yes(person, &cr, discipline);
        }
        assert_eq!(shown(&house.quin, &cr)["state"], "requested", "quality has not spoken");
        yes(&house.quin, &cr, "quality");
        assert_eq!(shown(&house.quin, &cr)["state"], "approved");
    }
}

#[test]
fn an_asset_counts_for_more_than_was_answered() {
    for engine in engines() {
        let house = house(&engine);
        let sis = json!({"site": "RLF", "tag": "SIS-1", "name": "Trip", "class": "sis"});
        house.plant.done("asset.register", sis);
        let mut fields = of("security", "low");
        fields["assets"] = json!(["RLF/PLC-1", "RLF/SIS-1"]);
        let board = shown(&house.sam, &asked(&house.plant, fields));
        assert_eq!(
            seat(&board, "safety")["because"],
            "safety counts as medium: RLF/SIS-1 is a safety instrumented system"
        );
        let constraints = json!({"validated": true});
        let mes = json!({"site": "RLF", "tag": "MES-1", "name": "MES", "class": "ot_application",
                         "constraints": constraints});
        house.plant.done("asset.register", mes);
        let mut fields = of("security", "low");
        fields["assets"] = json!(["RLF/MES-1"]);
        let cr = asked(&house.plant, fields);
        let board = shown(&house.sam, &cr);
        assert_eq!(
            listed(&board, "approvals"),
            ["engineering", "it_security", "operations", "quality"],
            "{}",
            engine.name()
        );
    }
}

#[test]
fn a_discipline_that_nobody_holds_is_refused_by_name_and_the_corporation_stands_in() {
    for engine in engines() {
        let plant = plant(&engine);
        let told = act(&plant.rita, "change.request", &of("quality", "medium")).exits(3);
        let told = told.json_error();
        assert_eq!(told["refused"], "missing", "{}", engine.name());
        assert!(told["message"].as_str().unwrap().contains("quality"), "{told}");
        assert!(told["fix"].as_str().unwrap().contains("person.register"), "{told}");
        // Rita is of engineering and asks; the founder holds it too, for all sites, and could decide.
        let board = shown(&plant.rita, &asked(&plant, of("uptime", "high")));
        assert_eq!(seat(&board, "engineering")["corporate"], json!(true), "{}", engine.name());
        assert_eq!(seat(&board, "engineering")["could"], json!([plant.founder.login]));
    }
}

#[test]
fn the_requester_is_nobody_to_decide_and_a_person_counts_once() {
    for engine in engines() {
        let plant = plant(&engine);
        let quin = engine.person("quin");
        plant.joined(&quin, "quality", None);
        let cr = asked(&plant, of("quality", "medium"));
        let board = shown(&plant.rita, &cr);
        assert_eq!(seat(&board, "quality")["corporate"], json!(true), "{}", engine.name());
        assert_eq!(seat(&board, "operations")["corporate"], json!(false));
        let own = act(&quin, "change.request", &of("quality", "medium")).exits(3).json_error();
        assert_eq!(own["refused"], "not-allowed", "quin has no role to ask");
        plant.done("role.grant", json!({"login": quin.login, "role": "smc_operator"}));
        let own = act(&quin, "change.request", &of("quality", "medium")).exits(3).json_error();
        assert_eq!(own["refused"], "missing");
        assert!(own["message"].as_str().unwrap().contains("who asks"), "{own}");
        let gone = json!({"login": quin.login, "reason": "left"});
        plant.done("person.deactivate", gone);
        assert_eq!(refused(&plant.rita, "change.request", of("quality", "medium")), "missing");
    }
}

#[test]
fn safety_may_veto_what_is_high_and_returns_what_is_not() {
    for engine in engines() {
        let house = house(&engine);
        let no =
            |cr: &str| json!({"ref": cr, "discipline": "safety", "reason": "the guard is open"});
        let medium = asked(&house.plant, of("safety", "medium"));
        done(&house.sam, "change.reject", no(&medium));
        assert_eq!(shown(&house.sam, &medium)["state"], "returned", "{}", engine.name());
        let again = json!({"ref": medium, "reason": "the guard is closed"});
        done(&house.plant.rita, "change.revise", again);
        let high = asked(&house.plant, of("safety", "high"));
        done(&house.sam, "change.reject", no(&high));
        assert_eq!(shown(&house.sam, &high)["state"], "rejected", "{}", engine.name());
    }
}

#[test]
fn a_raci_row_says_what_each_version_made_otherwise_and_where_it_differs() {
    for engine in engines() {
        let house = house(&engine);
        let boss = &house.plant.founder;
        let set = |discipline: &str, value: &str, site: Option<&str>| {
            let mut cell =
                json!({"activity": "control.change", "discipline": discipline, "value": value});
            if let Some(site) = site {
                cell["site"] = json!(site);
            }
            done(boss, "raci.set", cell);
        };
        set("quality", "A", Some("RLF"));
        set("safety", "I", None);
        let row = shown(&house.quin, "control.change@RLF");
        let versions: Vec<(Value, Value)> = row["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| (version["level"].clone(), version["differences"].clone()))
            .collect();
        let moved = |discipline: &str, before: &str, after: &str| json!({"discipline": discipline, "before": before, "after": after});
        let own = json!([moved("operations", "A", "R"), moved("quality", "C", "A")]);
        let corporate = json!([moved("safety", "C", "I")]);
        assert_eq!(
            versions,
            [(json!("site"), own), (json!("corporate"), corporate)],
            "{}",
            engine.name()
        );
        assert_eq!(row["differs"], json!(["operations A to R", "quality C to A"]));
        let differing = boss.smc(&["list", "raci", "differs:yes", "--json"]).exits(0);
        assert_eq!(differing.stdout.lines().count(), 2, "{}", differing.stdout);
    }
}

#[test]
fn a_site_without_quality_has_the_yes_of_whom_it_names_in_its_raci() {
    for engine in engines() {
        let plant = plant(&engine);
        let [sam, erik] = ["sam", "erik"].map(|word| engine.person(word));
        plant.joined(&sam, "safety", Some("RLF"));
        plant.joined(&erik, "engineering", Some("RLF"));
        let mut fields = change(60, 3_600);
        fields["alters_logic"] = json!(true);
        // Nobody holds quality, and nobody is named: it is never dropped.
        assert_eq!(refused(&plant.rita, "change.request", fields.clone()), "missing");
        let set = |discipline: &str, value: &str| {
            let cell = json!({"activity": "control.change", "discipline": discipline, "value": value,
                              "site": "RLF"});
            plant.done("raci.set", cell);
        };
        set("quality", "-");
        assert_eq!(refused(&plant.rita, "change.request", fields.clone()), "missing");
        set("engineering", "R");
        assert_eq!(
            refused(&plant.rita, "change.request", fields.clone()),
            "missing",
            "one yes is no two"
        );
        set("safety", "R");
        let cr = asked(&plant, fields.clone());
        let board = shown(&plant.rita, &cr);
        assert_eq!(
            listed(&board, "approvals"),
            ["engineering", "it_security", "operations", "safety"],
            "{}",
            engine.name()
        );
        let because = seat(&board, "safety")["because"].as_str().unwrap();
        assert!(because.contains("it holds quality here (site RACI)"), "{because}");
        // A site that has quality asks quality, whatever its table says.
        let quin = engine.person("quin");
        plant.joined(&quin, "quality", Some("RLF"));
        let board = shown(&plant.rita, &asked(&plant, fields));
        assert!(listed(&board, "approvals").contains(&"quality"), "{board}");
        let left = json!({"login": quin.login, "reason": "works elsewhere"});
        plant.done("person.deactivate", left);
        for (person, discipline) in [
            (&plant.olga, "operations"),
            (&plant.ida, "it_security"),
            (&erik, "engineering"),
            (&sam, "safety"),
        ] {
            yes(person, &cr, discipline);
        }
        assert_eq!(shown(&plant.rita, &cr)["state"], "approved");
        plant.founder.smc(&["verify"]).exits(0);
    }
}
