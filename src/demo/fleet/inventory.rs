//! What the plants run: thirty products at each, every product at two of them, so that an advisory meets two plants.

use serde_json::json;

use super::super::seed::Seed;
use super::plants::{ZONES, site};
use super::{Extent, Step, step};

/// Products at one plant.
const AT_A_SITE: u32 = 30;

/// Products that a plant does not share with the one before it.
const OF_ITS_OWN: u32 = 15;

/// Makers; three products in ten are of the first.
const MAKERS: [&str; 12] = [
    "Halvdrehm Automation",
    "Ostrava Regeltechnik",
    "Kinmoor Controls",
    "Tessaly Drives",
    "Brae Instrument",
    "Fjordlys Networks",
    "Caldera Process",
    "Norrland Relay",
    "Pemberley Safety",
    "Quillon Systems",
    "Sandhaven Pumps",
    "Verity Metering",
];

/// Product lines with the class and zone of what is sold under them.
const LINES: [(&str, &str, &str, usize); 6] = [
    ("Kestrix", "plc", "PLC", 1),
    ("Lumen RTU", "rtu", "RTU", 1),
    ("Tarn Panel", "hmi", "HMI", 2),
    ("Aero Switch", "network", "SW", 3),
    ("Vane Drive", "drive", "DRV", 0),
    ("Cairn Server", "server", "SRV", 3),
];

/// A product by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its maker.
    pub vendor: &'static str,
    /// Its name.
    pub name: String,
    /// The maker's order number.
    pub order_number: String,
    class: &'static str,
    prefix: &'static str,
    zone: usize,
}

fn of<T: Copy>(all: &[T], number: usize) -> Option<T> {
    all.get(number % all.len().max(1)).copied()
}

/// How many products there are.
pub fn products(extent: Extent) -> u32 {
    extent.sites.saturating_mul(OF_ITS_OWN)
}

/// The product of this number.
pub fn product(number: u32) -> Product {
    let at = number as usize;
    let vendor = if at % 10 < 3 { of(&MAKERS, 0) } else { of(&MAKERS, at / 10 * 7 + at % 10) };
    let (line, class, prefix, zone) = of(&LINES, at / 3).unwrap_or(("Kestrix", "plc", "PLC", 1));
    Product {
        vendor: vendor.unwrap_or("Halvdrehm Automation"),
        name: format!("{line} {}", 100 + number),
        order_number: format!("HK{}-{:05}-0AB{}", number % 9, 10_000 + number, number % 7),
        class,
        prefix,
        zone,
    }
}

/// The product that stands at a place of a plant.
fn placed(extent: Extent, plant: u32, place: u32) -> Product {
    product((plant * OF_ITS_OWN + place % AT_A_SITE) % products(extent).max(1))
}

/// The tag of the asset at a place of a plant.
pub fn tag(extent: Extent, plant: u32, place: u32) -> String {
    format!("{}-{place:04}", placed(extent, plant, place).prefix)
}

/// The registrations of all assets, plant after plant in turn.
pub fn assets(extent: Extent, seed: u64) -> impl Iterator<Item = Step> {
    let mut seed = Seed::new(seed);
    (0..extent.assets).map(move |number| {
        let (plant, place) = (number % extent.sites.max(1), number / extent.sites.max(1));
        let product = placed(extent, plant, place);
        let (zone, _, purdue) = ZONES.get(product.zone).copied().unwrap_or(("control", "", "1"));
        let drawn = seed.next();
        let rating = |by: u32| 1 + (drawn >> by) % 5;
        step(
            "asset.register",
            json!({
                "site": site(plant), "tag": tag(extent, plant, place), "class": product.class,
                "name": format!("{} unit {}", product.name, 1 + place / AT_A_SITE),
                "zone": zone, "purdue": purdue, "vendor": product.vendor, "product": product.name,
                "order_number": product.order_number, "serial": format!("{:010X}", seed.next() >> 24),
                "firmware": format!("V{}.{}", 1 + drawn % 4, (drawn >> 8) % 10),
                "ip": format!("10.{plant}.{}.{}", place / 250, 1 + place % 250),
                "safety": rating(16), "regulatory": rating(24), "production": rating(32),
            }),
        )
    })
}
