//! The assets: rows of `demo/inventory.csv` counted out, with the maker's facts of `demo/products.csv`.
//!
//! A row that names a firmware keeps it; the others draw theirs, and all serial numbers, from the seed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::fault::Fault;
use super::seed::Seed;
use super::size::PLANTS;

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

/// What must not be done to a thing, by the columns of an inventory.
fn constraints(class: &str, site: &str, purdue: &str) -> Vec<(&'static str, &'static str)> {
    let mut out = match class {
        "sis" => {
            vec![("scan_ok", "no"), ("patch_ok", "no"), ("agent_ok", "no"), ("reboot_ok", "no")]
        }
        "plc" | "dcs" | "rtu" | "ied" | "field_io" | "drive" => {
            vec![("scan_ok", "no"), ("agent_ok", "no")]
        }
        _ => Vec::new(),
    };
    if site == "ANR" && ["1", "2", "3"].contains(&purdue) {
        out.push(("validated", "yes"));
    }
    out
}

fn read<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<Vec<T>, Fault> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|fault| Fault::file(file, fault))
}

/// A row of an inventory: what stands in which column.
pub type Line = BTreeMap<&'static str, String>;

/// The assets of every plant, in the order of the file.
///
/// # Errors
/// `File` if one of the program's own files does not say what it should.
pub fn lines(seed: u64) -> Result<BTreeMap<&'static str, Vec<Line>>, Fault> {
    let rows: Vec<Row> = read(ROWS, ROWS_TEXT)?;
    let products: Vec<Product> = read(PRODUCTS, PRODUCTS_TEXT)?;
    let products: BTreeMap<_, _> = products.iter().map(|p| (p.key.as_str(), p)).collect();
    let mut seed = Seed::new(seed);
    let mut host: BTreeMap<(String, u32), u32> = BTreeMap::new();
    let mut lines: BTreeMap<&'static str, Vec<Line>> = BTreeMap::new();
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
            let firmware = if row.firmware.is_empty() { drawn } else { &row.firmware };
            let line = line(row, product, n, firmware, &serial, (octet, &mut host));
            lines.entry(site).or_default().push(line);
        }
    }
    Ok(lines)
}

fn line(
    row: &Row,
    product: &Product,
    n: u32,
    firmware: &str,
    serial: &str,
    (octet, host): (u32, &mut BTreeMap<(String, u32), u32>),
) -> Line {
    let (purdue, net) = level(&row.zone);
    let mut line = Line::from([
        ("site", row.site.clone()),
        ("zone", row.zone.clone()),
        ("purdue", purdue.to_owned()),
        ("class", row.class.clone()),
        ("tag", row.tag.replace('#', &format!("{n:02}"))),
        ("name", row.name.replace('#', &n.to_string())),
        ("owner", row.owner.clone()),
        ("serial", serial.to_owned()),
    ]);
    let mut put = |name: &'static str, text: &str| {
        if !text.is_empty() && text != UNKNOWN {
            line.insert(name, text.to_owned());
        }
    };
    put("vendor", &product.vendor);
    put("product", &product.product);
    put("model", &product.model);
    put("order_number", &product.order_number);
    put("support_end", &product.support_end);
    put("firmware", firmware);
    for (name, word) in constraints(&row.class, &row.site, purdue) {
        put(name, word);
    }
    for (name, digit) in ["safety", "regulatory", "production"].iter().zip(row.ratings.chars()) {
        put(name, &digit.to_string());
    }
    if !matches!(row.class.as_str(), "sensor" | "field_io") {
        let last = host.entry((row.site.clone(), net)).or_insert(10);
        *last += 1;
        put("ip", &format!("10.{}.{net}.{last}", 40 + octet));
    }
    line
}

/// Lines as a file that the importer of inventories reads.
///
/// # Errors
/// `File` if a cell cannot be written.
pub fn file(lines: &[Line]) -> Result<Vec<u8>, Fault> {
    let columns: BTreeSet<&str> = lines.iter().flat_map(|line| line.keys().copied()).collect();
    let mut csv = csv::Writer::from_writer(Vec::new());
    let told = |fault: csv::Error| Fault::file(ROWS, fault);
    csv.write_record(&columns).map_err(told)?;
    for line in lines {
        let cells = columns.iter().map(|column| line.get(column).map_or("", String::as_str));
        csv.write_record(cells).map_err(told)?;
    }
    csv.into_inner().map_err(|fault| Fault::file(ROWS, fault))
}
