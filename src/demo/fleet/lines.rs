//! What the shifts wrote down over the years: by far the most entries of a ledger.

use serde_json::json;

use super::super::seed::Seed;
use super::plants::site;
use super::{Extent, Step, step};

const SEEN: [&str; 8] = [
    "round made, all cabinets locked",
    "key switch in RUN on every controller of the line",
    "vendor at the gate, escorted to the control room",
    "backup tape changed and taken to the vault",
    "pump house dry, no alarm since the last round",
    "visitor badge returned",
    "battery of the time server replaced",
    "door contact of the substation reset after the wind",
];

/// This many log lines, plant after plant in turn.
pub fn lines(extent: Extent, seed: u64, many: u32) -> impl Iterator<Item = Step> {
    let mut seed = Seed::new(seed);
    (0..many).map(move |number| {
        let seen = seed.pick(&SEEN).copied().unwrap_or("round made");
        let round = number / extent.sites.max(1) + 1;
        step(
            "log.add",
            json!({"site": site(number % extent.sites.max(1)), "text": format!("Round {round}: {seen}")}),
        )
    })
}
