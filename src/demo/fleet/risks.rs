//! What people found at assets on their rounds: each risk named by the asset and the plant.

use serde_json::json;

use super::super::seed::Seed;
use super::inventory::tag;
use super::plants::{name, site};
use super::{Extent, Step, step};

const FOUND: [&str; 8] = [
    "answers to its maker's first password",
    "has a modem that is on no drawing",
    "keeps its project on a private memory stick",
    "can be reached from the office network",
    "stands behind a cabinet door without a lock",
    "is known to one person alone",
    "has no second factor for its maker",
    "has no spare within two days",
];

/// The risk that is raised as this number: the assets of every plant in turn, another finding each time round.
pub fn raised(extent: Extent, seed: u64, number: u32) -> Step {
    let sites = extent.sites.max(1);
    let (plant, round) = (number % sites, number / sites);
    let assets = (extent.assets / sites).max(1);
    let (place, again) = (round % assets, round / assets);
    let drawn = Seed::new(seed ^ u64::from(plant * assets + place)).next();
    let found = FOUND.get(((drawn % 8) as usize + again as usize) % FOUND.len());
    let title = format!(
        "{} at {} {}",
        tag(extent, plant, place),
        name(plant),
        found.copied().unwrap_or_default()
    );
    step(
        "risk.raise",
        json!({"site": site(plant), "likelihood": 1 + number % 5, "consequence": {"production": 3},
            "title": title}),
    )
}
