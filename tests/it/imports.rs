//! Real input through the command line on both engines: inventories, advisories, and the risks that follow.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::paper::{INVENTORY, advisory};
use crate::support::plant::done;

fn founder(engine: &Engine) -> Person {
    let founder = engine.founder();
    founder.smc(&["init", "--org", "Delta Works", "--demo"]).exits(0);
    founder
}

fn import(person: &Person, what: &str, file: &std::path::Path, more: &[&str]) -> Value {
    let path = file.to_str().unwrap();
    let mut words = vec!["import", what, path, "--json"];
    words.extend(more);
    person.smc(&words).exits(0).json()
}

const SITES: &[&str] = &["--create-sites", "Europe/Amsterdam"];

#[test]
fn an_asset_found_in_an_advisory_raises_one_risk_a_site_whichever_came_first() {
    for engine in engines() {
        for advisory_first in [true, false] {
            let engine_name = engine.name();
            // A second store on the same engine would share its place; the other order gets its own.
            let engine = engines().into_iter().find(|e| e.name() == engine_name).unwrap();
            let founder = founder(&engine);
            let csv = founder.account.file("plant.csv", INVENTORY);
            let json =
                founder.account.file("a.json", advisory("BA-2026-01", "1", "<V2.2").to_string());
            let counts = if advisory_first {
                import(&founder, "csaf", &json, &[]);
                import(&founder, "assets", &csv, SITES)["matches"].clone()
            } else {
                import(&founder, "assets", &csv, SITES);
                import(&founder, "csaf", &json, &[])["matches"].clone()
            };
            assert_eq!(
                counts,
                json!({"confirmed": 1, "likely": 0, "possible": 0, "undetermined": 0}),
                "{engine_name}, advisory first: {advisory_first}"
            );
            let risks = founder.smc(&["list", "risks", "--json"]).exits(0).json_lines();
            assert_eq!(risks.len(), 1, "{engine_name}: {risks:?}");
            assert_eq!(risks[0]["site"], "RLF");
            assert_eq!(risks[0]["state"], "candidate");
            let title = risks[0]["title"].as_str().unwrap();
            assert!(title.ends_with(" at RLF"), "it says where: {title}");
            founder.smc(&["verify"]).exits(0);
        }
    }
}

#[test]
fn an_inventory_is_checked_whole_before_anything_is_written() {
    for engine in engines() {
        let founder = founder(&engine);
        let broken = INVENTORY.replace("V3.0,1,10.1.2.4", "V3.0,9,10.1.2.400");
        let file = founder.account.file("broken.csv", broken);
        let words = ["import", "assets", file.to_str().unwrap(), "--json"];
        let told = founder.smc(&[&words[..], SITES].concat()).exits(1).json();
        let reasons = told["refused"].to_string();
        assert!(reasons.contains("line 3") && reasons.contains("purdue"), "{reasons}");
        assert!(reasons.contains("ip"), "{reasons}");
        assert_eq!(told["accepted"], json!(0));
        assert!(founder.smc(&["list", "assets", "--json"]).exits(0).json_lines().is_empty());
        assert!(founder.smc(&["list", "sites", "--json"]).exits(0).json_lines().is_empty());
    }
}

#[test]
fn unknown_sites_are_listed_and_not_made_up() {
    for engine in engines() {
        let founder = founder(&engine);
        let file = founder.account.file("plant.csv", INVENTORY);
        let told =
            founder.smc(&["import", "assets", file.to_str().unwrap(), "--json"]).exits(1).json();
        assert_eq!(told["unknown_sites"], json!({"ANR": 1, "RLF": 2}), "{}", engine.name());
    }
}

#[test]
fn importing_again_changes_only_what_differs_and_keeps_the_source_of_the_rest() {
    for engine in engines() {
        let founder = founder(&engine);
        let file = founder.account.file("plant.csv", INVENTORY);
        import(&founder, "assets", &file, SITES);
        let again = import(&founder, "assets", &file, &[]);
        assert_eq!((&again["accepted"], &again["unchanged"]), (&json!(0), &json!(3)));
        let newer = founder.account.file("newer.csv", INVENTORY.replace("V2.1", "V2.3"));
        let dry = import(&founder, "assets", &newer, &["--dry-run"]);
        assert_eq!(
            dry["differences"],
            json!([{"asset": "RLF/PLC-7", "line": 2, "new": false,
                    "changes": [{"field": "firmware", "from": "V2.1", "to": "V2.3"}]}]),
            "{}",
            engine.name()
        );
        assert_eq!(import(&founder, "assets", &newer, &[])["accepted"], json!(1));
    }
}

/// Until when each asset counts as confirmed, and by which entry.
fn confirmed(person: &Person) -> BTreeMap<String, (String, i64)> {
    let rows = person.smc(&["list", "items", "measure:confirmed", "--json"]).exits(0).json_lines();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let one = |row: &Value| (text(row, "turns_at"), row["seq"].as_i64().unwrap());
    rows.iter().map(|row| (text(row, "ref"), one(row))).collect()
}

#[test]
fn an_inventory_confirms_what_it_names_although_nothing_changes() {
    for engine in engines() {
        let founder = founder(&engine);
        let file = founder.account.file("plant.csv", INVENTORY);
        import(&founder, "assets", &file, SITES);
        let before = confirmed(&founder);
        assert_eq!(before.len(), 3, "{before:?}");
        let entries = || founder.smc(&["log", "--json"]).exits(0).json_lines();
        let first = entries().len();
        let again = import(&founder, "assets", &file, &[]);
        let new: Vec<Value> = entries().split_off(first);
        let kinds: Vec<&str> = new.iter().filter_map(|entry| entry["kind"].as_str()).collect();
        let two_sites =
            ["import.started", "import.confirmed", "import.confirmed", "import.finished"];
        assert_eq!(kinds, two_sites, "{}: one for each site, none for an asset", engine.name());
        let after = confirmed(&founder);
        for (asset, (until, by)) in &after {
            assert!(*until > before[asset].0, "{asset}: {until} after {:?}", before[asset]);
            assert!(kinds.len() > 2 && *by > before[asset].1, "{asset}");
        }
        let imports = founder.smc(&["list", "imports", "--json"]).exits(0).json_lines();
        assert_eq!((&imports[0]["ref"], &imports[0]["confirmed"]), (&again["ref"], &json!(3)));
        // Of a file in which one differs, the others are confirmed beside it; a dry run writes nothing.
        let newer = founder.account.file("newer.csv", INVENTORY.replace("V2.1", "V2.3"));
        import(&founder, "assets", &newer, &["--dry-run"]);
        assert_eq!(confirmed(&founder), after);
        import(&founder, "assets", &newer, &[]);
        assert!(confirmed(&founder).iter().all(|(asset, (until, _))| *until > after[asset].0));
        let imports = founder.smc(&["list", "imports", "--json"]).exits(0).json_lines();
        assert_eq!((&imports[0]["accepted"], &imports[0]["confirmed"]), (&json!(1), &json!(2)));
        founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_fixed_firmware_rules_the_asset_out() {
    for engine in engines() {
        let founder = founder(&engine);
        let csv = founder.account.file("plant.csv", INVENTORY);
        import(&founder, "assets", &csv, SITES);
        let json = founder.account.file("a.json", advisory("BA-2026-01", "1", "<V2.2").to_string());
        import(&founder, "csaf", &json, &[]);
        let newer = founder.account.file("newer.csv", INVENTORY.replace("V2.1", "V2.3"));
        let told = import(&founder, "assets", &newer, &[]);
        assert_eq!(told["matches"]["confirmed"], json!(0), "{}: {told}", engine.name());
    }
}

#[test]
fn a_revision_is_told_by_its_bytes_and_a_lower_version_is_asked_about() {
    for engine in engines() {
        let founder = founder(&engine);
        let take = |name: &str, version: &str, range: &str, more: &[&str]| {
            let text = advisory("BA-2026-01", version, range).to_string();
            import(&founder, "csaf", &founder.account.file(name, text), more)
        };
        assert_eq!(take("1.json", "2", "<V2.2", &[])["accepted"], json!(1));
        assert_eq!(take("2.json", "2", "<V2.2", &[])["unchanged"], json!(1));
        let silent = take("3.json", "2", "<V2.3", &[]);
        assert!(silent["findings"].to_string().contains("silently changed"), "{silent}");
        let lower = take("4.json", "1", "<V2.4", &[]);
        assert!(lower["refused"].to_string().contains("--older"), "{lower}");
        assert_eq!(take("5.json", "1", "<V2.4", &["--older"])["accepted"], json!(1));
    }
}

#[test]
fn a_file_that_is_no_advisory_is_refused_by_name_and_the_rest_goes_in() {
    for engine in engines() {
        let founder = founder(&engine);
        let dir = founder.account.home().join("advisories");
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("bad.json"), "{\"document\": ").unwrap();
        std::fs::write(dir.join("good.json"), advisory("BA-2026-02", "1", "<V2.2").to_string())
            .unwrap();
        let told = import(&founder, "csaf", &dir, &[]);
        assert_eq!((&told["read"], &told["accepted"]), (&json!(2), &json!(1)));
        assert_eq!(told["refused"][0]["file"], "bad.json", "{}", engine.name());
    }
}

#[test]
fn a_zone_that_is_not_registered_stops_the_file_before_anything_is_written() {
    for engine in engines() {
        let founder = founder(&engine);
        let csv = INVENTORY
            .replace("IP Address", "IP Address,Zone")
            .replace("10.1.2.5", "10.1.2.5,CELL9");
        let file = founder.account.file("zones.csv", csv);
        let words = ["import", "assets", file.to_str().unwrap(), "--json"];
        let told = founder.smc(&[&words[..], SITES].concat()).exits(1).json();
        assert!(told["refused"].to_string().contains("line 4, zone: ANR:CELL9"), "{told}");
        assert!(founder.smc(&["list", "assets", "--json"]).exits(0).json_lines().is_empty());
    }
}

#[test]
fn a_right_that_is_lacking_at_one_site_refuses_the_whole_file() {
    for engine in engines() {
        let founder = founder(&engine);
        let ben = engine.person("ben");
        for site in ["RLF", "ANR"] {
            let made = json!({"site": site, "name": site, "timezone": "UTC"});
            done(&founder, "site.register", made);
        }
        done(&founder, "person.register", json!({"login": ben.login, "name": "Ben"}));
        done(
            &founder,
            "role.grant",
            json!({"login": ben.login, "role": "smc_operator", "site": "RLF"}),
        );
        let file = ben.account.file("plant.csv", INVENTORY);
        let words = ["import", "assets", file.to_str().unwrap(), "--json"];
        assert_eq!(
            ben.smc(&words).exits(3).json_error()["refused"],
            "not-allowed",
            "{}",
            engine.name()
        );
        assert!(founder.smc(&["list", "assets", "--json"]).exits(0).json_lines().is_empty());
    }
}

#[test]
fn a_second_revision_rules_out_no_asset_that_another_page_of_the_comparison_holds() {
    for engine in engines() {
        let founder = founder(&engine);
        let mut csv = String::from("Tag,Site,Name,Vendor,Product Name,Firmware Version\n");
        for number in 0..1_003 {
            csv.push_str(&format!(
                "P-{number:04},RLF,Mixer {number},Borealis Automation,MixControl 300,V2.1\n"
            ));
        }
        import(&founder, "assets", &founder.account.file("plant.csv", csv), SITES);
        let take = |name: &str, version: &str, range: &str| {
            let text = advisory("BA-2026-01", version, range).to_string();
            import(&founder, "csaf", &founder.account.file(name, text), &[])
        };
        let found = |tier: &str| {
            let words = ["list", "vulnerabilities", tier, "--json"];
            founder.smc(&words).exits(0).json_lines().len()
        };
        assert_eq!(take("1.json", "1", "<V2.2")["matches"]["confirmed"], json!(1_003));
        take("2.json", "2", "<V2.3");
        assert_eq!(found("tier:confirmed"), 1_003, "{}", engine.name());
        // What the third revision no longer names is ruled out on every page.
        take("3.json", "3", "<V2.0");
        assert_eq!(found("tier:confirmed"), 0, "{}", engine.name());
        founder.smc(&["verify"]).exits(0);
    }
}
