//! The plants: where they stand, what they are called, their zones.

use serde_json::json;

use super::{Extent, Step, step};

/// Zones of every plant, with their Purdue levels.
pub const ZONES: [(&str, &str, &str); 5] = [
    ("field", "Field devices", "0"),
    ("control", "Basic control", "1"),
    ("supervision", "Supervision", "2"),
    ("operations", "Site operations", "3"),
    ("dmz", "Industrial DMZ", "3.5"),
];

/// A plant's code: a letter and two digits.
pub fn site(number: u32) -> String {
    let letter = char::from(b'A'.saturating_add(u8::try_from(number / 100 % 26).unwrap_or(0)));
    format!("{letter}{:02}", number % 100)
}

/// Where plants stand, with the time zone and what is made there.
const PLACES: [(&str, &str, &str); 6] = [
    ("Rotterdam", "Europe/Amsterdam", "water"),
    ("Houston", "America/Chicago", "energy"),
    ("Jubail", "Asia/Riyadh", "chemical"),
    ("Göteborg", "Europe/Stockholm", "manufacturing"),
    ("Antwerp", "Europe/Brussels", "pharmaceutical"),
    ("Singapore", "Asia/Singapore", "energy"),
];

fn place(number: u32) -> (&'static str, &'static str, &'static str) {
    let place = PLACES.get(number as usize % PLACES.len());
    place.copied().unwrap_or(("Rotterdam", "UTC", "water"))
}

/// A plant's name.
pub fn name(number: u32) -> String {
    format!("{} {}", place(number).0, number / 6 + 1)
}

/// The plants with their zones.
pub fn plants(extent: Extent) -> impl Iterator<Item = Step> {
    (0..extent.sites).flat_map(|number| {
        let code = site(number);
        let (_, zone, sector) = place(number);
        let register =
            json!({"site": code, "name": name(number), "timezone": zone, "sector": sector});
        let zones = ZONES.iter().map(move |(zone, name, purdue)| {
            step(
                "zone.register",
                json!({"zone": zone, "site": code, "name": name, "purdue": purdue}),
            )
        });
        std::iter::once(step("site.register", register)).chain(zones)
    })
}
