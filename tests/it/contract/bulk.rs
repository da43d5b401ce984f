//! Many commands handed in at once, which go in as runs, and many advisories, which meet assets prepared once.

use serde_json::json;
use smc::demo::fleet::{Extent, fill};

use super::scene::Scene;

pub async fn what_comes_in_bulk_stands_as_if_it_came_one_by_one(scene: &Scene) {
    let work = tempfile::tempdir().unwrap();
    let extent = Extent { sites: 2, assets: 40, advisories: 5, risks: 4, entries: 150 };
    fill(&scene.story.boss, work.path(), extent, 3, |_| {}).await.unwrap();
    scene.shows("A00/PLC-0000", json!({"site": "A00", "state": "active"})).await;
    scene.lists("log-lines", "site:A01", json!({"site": "A01"})).await;
}
