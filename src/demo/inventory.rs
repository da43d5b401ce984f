//! The assets: rows of `demo/inventory.csv` counted out, with the maker's facts of `demo/products.csv`.
//!
//! A row that names a firmware keeps it; the others draw theirs, and all serial numbers, from the seed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::seed::Seed;
use super::size::{PLANTS, Size};
use super::story::Act;

const ROWS: &str = "demo/inventory.csv";
const ROWS_TEXT: &str = include_str!("../../demo/inventory.csv");
const PRODUCTS: &str = "demo/products.csv";
const PRODUCTS_TEXT: &str = include_str!("../../demo/products.csv");

/// What an inventory writes that does not know.
const UNKNOWN: &str = "-";

#[derive(Deserialize)]
struct Row {
    site: String,
    zone: String,
    class: String,
    tag: String,
    name: String,
    product: String,
    count: u32,
    firmware: String,
    /// Safety, regulatory and production rating in three digits; a dash for what nobody has rated.
    ratings: String,
    owner: String,
}

#[derive(Deserialize)]
struct Product {
    key: String,
    vendor: String,
    product: String,
    model: String,
    order_number: String,
    firmwares: String,
    support_end: String,
}

/// Purdue level, third part of the address, and whether a thing there has an address, by zone.
fn level(zone: &str) -> (&'static str, u32) {
    match zone {
        "field" => ("0", 10),
        "control" => ("1", 20),
        "safety" => ("1", 30),
        "supervision" => ("2", 40),
        "operations" => ("3", 50),
        _ => ("3.5", 60),
    }
}

fn constraints(class: &str, site: &str, purdue: &str) -> Value {
    let mut out = Map::new();
    let mut no = |what: &str| out.insert(what.to_owned(), json!(false));
    match class {
        "sis" => {
            no("scan_ok");
            no("patch_ok");
            no("agent_ok");
            no("reboot_ok");
        }
        "plc" | "dcs" | "rtu" | "ied" | "field_io" | "drive" => {
            no("scan_ok");
            no("agent_ok");
        }
        _ => {}
    }
    if site == "ANR" && ["1", "2", "3"].contains(&purdue) {
        out.insert("validated".to_owned(), json!(true));
    }
    Value::Object(out)
}

fn read<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<Vec<T>, Fault> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|fault| Fault::file(file, fault))
}

/// The registrations of a plant's assets, in the order of the file.
pub fn acts(size: Size, seed: u64) -> Result<BTreeMap<&'static str, Vec<Act>>, Fault> {
    let rows: Vec<Row> = read(ROWS, ROWS_TEXT)?;
    let products: Vec<Product> = read(PRODUCTS, PRODUCTS_TEXT)?;
    let products: BTreeMap<_, _> = products.iter().map(|p| (p.key.as_str(), p)).collect();
    let mut seed = Seed::new(seed);
    let mut host: BTreeMap<(String, u32), u32> = BTreeMap::new();
    let mut acts: BTreeMap<&'static str, Vec<Act>> = BTreeMap::new();
    for row in &rows {
        let octet = PLANTS.iter().zip(1_u32..).find(|(site, _)| **site == row.site);
        let (site, octet) =
            octet.ok_or_else(|| Fault::file(ROWS, format!("no plant {}", row.site)))?;
        let product = products
            .get(row.product.as_str())
            .ok_or_else(|| Fault::file(ROWS, format!("no product {}", row.product)))?;
        for n in 1..=row.count {
            // Drawn for every plant, so that a plant is the same in every size.
            let serial = format!("{:010X}", seed.next() >> 24);
            let firmwares: Vec<&str> = product.firmwares.split('|').collect();
            let drawn = seed.pick(&firmwares).copied().unwrap_or(UNKNOWN);
            if !size.has(site) {
                continue;
            }
            let firmware = if row.firmware.is_empty() { drawn } else { &row.firmware };
            let fields = asset(row, product, n, firmware, &serial, (octet, &mut host))?;
            let acts = acts.entry(site).or_default();
            // One engineer of the plant keeps its list, whoever answers for the things in it.
            let by = acts.first().map_or_else(|| row.owner.clone(), |first: &Act| first.by.clone());
            acts.push(Act { by, command: "asset.register".to_owned(), name: None, fields });
        }
    }
    Ok(acts)
}

fn asset(
    row: &Row,
    product: &Product,
    n: u32,
    firmware: &str,
    serial: &str,
    (octet, host): (u32, &mut BTreeMap<(String, u32), u32>),
) -> Result<Value, Fault> {
    let (purdue, net) = level(&row.zone);
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("site", json!(row.site));
    put("zone", json!(row.zone));
    put("purdue", json!(purdue));
    put("class", json!(row.class));
    put("tag", json!(row.tag.replace('#', &format!("{n:02}"))));
    put("name", json!(row.name.replace('#', &n.to_string())));
    put("owner", json!(row.owner));
    put("constraints", constraints(&row.class, &row.site, purdue));
    put("serial", json!(serial));
    for (name, text) in [
        ("vendor", product.vendor.as_str()),
        ("product", &product.product),
        ("model", &product.model),
        ("order_number", &product.order_number),
        ("support_end", &product.support_end),
        ("firmware", firmware),
    ] {
        if !text.is_empty() && text != UNKNOWN {
            put(name, json!(text));
        }
    }
    if !matches!(row.class.as_str(), "sensor" | "field_io") {
        let last = host.entry((row.site.clone(), net)).or_insert(10);
        *last += 1;
        put("ip", json!(format!("10.{}.{net}.{last}", 40 + octet)));
    }
    for (name, digit) in ["safety", "regulatory", "production"].iter().zip(row.ratings.chars()) {
        if digit != '-' {
            let rating = digit
                .to_digit(10)
                .ok_or_else(|| Fault::file(ROWS, format!("no ratings {}", row.ratings)))?;
            put(name, json!(rating));
        }
    }
    Ok(Value::Object(fields))
}
