//! Documents taken in: an inventory, an advisory, and what analysis makes of the two.

use std::path::{Path, PathBuf};

use serde_json::json;
use smc::commands::Desk;
use smc::domain::site::Zone;
use smc::exchange::{advisories, assets};

use super::scene::Scene;
use crate::support::paper::{INVENTORY, advisory};

async fn inventory(desk: &Desk, file: &Path) -> assets::Summary {
    let create_sites = Some(Zone::parse("Europe/Amsterdam").unwrap());
    let taking = assets::Taking { create_sites, ..assets::Taking::default() };
    assets::take(desk, &[file.to_path_buf()], &taking, |_, _| ()).await.unwrap()
}

async fn csaf(desk: &Desk, file: &Path) -> advisories::Summary {
    let taking = advisories::Taking::default();
    advisories::take(desk, &[file.to_path_buf()], taking, |_, _| ()).await.unwrap()
}

pub async fn an_inventory_meets_an_advisory_and_a_risk_follows(scene: &Scene) {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let boss = &scene.story.boss;
    let first = file("a.json", advisory("BA-1", "1", "<V2.2").to_string());
    assert_eq!(csaf(boss, &first).await.matches["confirmed"], 0);
    let plant = file("plant.csv", INVENTORY.replace("PLC-7", "PLC-70"));
    let taken = inventory(boss, &plant).await;
    assert_eq!((taken.accepted, taken.matches["confirmed"]), (3, 1), "{taken:#?}");
    scene
        .shows(&taken.import.unwrap(), json!({"state": "finished", "read": 3, "accepted": 3}))
        .await;
    scene
        .lists(
            "risks",
            "advisory:BA-1",
            json!({"site": "RLF", "state": "candidate", "source": "advisory"}),
        )
        .await;
    scene
        .lists(
            "vulnerabilities",
            "advisory:BA-1",
            json!({"asset": "RLF/PLC-70", "tier": "confirmed"}),
        )
        .await;

    // A rating weighs the risk anew; a revision of the advisory is matched anew.
    let rated =
        json!({"tag": "PLC-70", "site": "RLF", "safety": 1, "regulatory": 1, "production": 1});
    scene.does(boss, "asset.update", rated, json!({"safety": 1})).await;
    scene.lists("risks", "advisory:BA-1", json!({"inherent": 4})).await;
    let second = file("b.json", advisory("BA-1", "2", "<V3.1").to_string());
    let taken = csaf(boss, &second).await;
    assert_eq!((taken.accepted, taken.matches["confirmed"]), (1, 2), "{taken:#?}");
    scene.shows("BA-1", json!({"version": "2", "revisions": 2})).await;
    assert_eq!(csaf(boss, &second).await.unchanged, 1);
    let newer = file("plant.csv", INVENTORY.replace("PLC-7", "PLC-70").replace("V2.1", "V4.0"));
    let taken = inventory(boss, &newer).await;
    assert_eq!((taken.accepted, taken.unchanged), (1, 2), "{taken:#?}");
}
