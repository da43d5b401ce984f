//! The inventory of known truth against the real advisories: every "yes" must be found, no "no" may be.

use std::collections::BTreeMap;
use std::path::PathBuf;

use smc::domain::advisories::Tier;
use smc::domain::matching::{AssetIdentity, Fleet, PreparedAdvisory};
use smc::exchange::csaf::Folder;

#[derive(serde::Deserialize)]
struct Truth {
    yes: Vec<String>,
    no: Vec<String>,
}

fn assets(data: &std::path::Path) -> Vec<(String, AssetIdentity)> {
    let mut reader = csv::Reader::from_path(data.join("assets/plant-assets.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let field =
                |name: &str| Some(row[column(name)].to_owned()).filter(|text| !text.is_empty());
            let identity = AssetIdentity {
                vendor: field("Vendor"),
                product: field("Product Name"),
                model: None,
                order_number: field("Order Number"),
                firmware: field("Firmware Version"),
                serial: field("Serial Number"),
                name: row[column("Name")].to_owned(),
            };
            (row[column("Tag")].to_owned(), identity)
        })
        .collect()
}

#[test]
fn known_truth_holds() {
    let Some(data) = std::env::var_os("SMC_REAL_DATA").map(PathBuf::from) else {
        println!("skipped: SMC_REAL_DATA is not set");
        return;
    };
    let truth: BTreeMap<String, Truth> =
        serde_json::from_slice(&std::fs::read(data.join("assets/plant-truth.json")).unwrap())
            .unwrap();
    let fleet = Fleet::new(assets(&data));
    let mut raised: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut steps: BTreeMap<(String, String), String> = BTreeMap::new();
    for item in Folder::open(&data.join("csaf")).unwrap() {
        let advisory = item.advisory.unwrap();
        let (found, _) = fleet.assess(&PreparedAdvisory::new(&advisory));
        for (tags, assessment) in found {
            for one in &assessment.found {
                for tag in tags {
                    let line = format!("{} {:?}\n", one.tier, one.because);
                    steps.entry((tag.clone(), advisory.id.clone())).or_default().push_str(&line);
                    if matches!(one.tier, Tier::Confirmed | Tier::Likely) {
                        raised.entry(tag.clone()).or_default().push(advisory.id.clone());
                    }
                }
            }
        }
    }
    let mut wrong = Vec::new();
    let mut judged = 0;
    for (tag, truth) in &truth {
        let raised = raised.get(tag).cloned().unwrap_or_default();
        let why = |id: &str| steps.get(&(tag.clone(), id.to_owned())).cloned().unwrap_or_default();
        for id in &truth.yes {
            judged += 1;
            if !raised.contains(id) {
                wrong.push(format!("{tag} must match {id}: {}", why(id)));
            }
        }
        for id in &truth.no {
            judged += 1;
            let bad: Vec<&String> = if id == "*" {
                raised.iter().collect()
            } else {
                raised.iter().filter(|one| *one == id).collect()
            };
            for id in bad {
                wrong.push(format!("{tag} must not match {id}: {}", why(id)));
            }
        }
    }
    for ((tag, id), text) in &steps {
        println!("{tag} {id}\n{text}");
    }
    assert!(wrong.is_empty(), "{} of {judged} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged >= 100, "only {judged} statements were judged");
}
