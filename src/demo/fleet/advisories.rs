//! Advisories of a publisher of our own about the products of the fleet, as CSAF 2.0 documents in a folder.

use std::path::Path;

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::seed::Seed;
use super::Extent;
use super::inventory::{Product, product, products};

const FAULTS: [&str; 6] = [
    "accepts a project without asking who sends it",
    "gives its configuration to whoever asks",
    "stops when it is sent a long name",
    "keeps the password of its maker",
    "trusts a certificate that nobody signed",
    "forgets who is logged in",
];

/// Writes the documents that are not there yet.
pub fn write(folder: &Path, extent: Extent, seed: u64) -> Result<(), Fault> {
    std::fs::create_dir_all(folder).map_err(Fault::io(format!("make {}", folder.display())))?;
    let mut drawing = Seed::new(seed);
    for number in 0..extent.advisories {
        let drawn = drawing.next();
        let id = format!("MPC-2026-{:05}", 10_000 + number);
        let path = folder.join(format!("{}.json", id.to_lowercase()));
        if !path.exists() {
            let text = document(&id, number, (drawn, seed), extent).to_string();
            std::fs::write(&path, text).map_err(Fault::io(format!("write {}", path.display())))?;
        }
    }
    Ok(())
}

/// Firmware before this is affected.
fn fixed(drawn: u64) -> String {
    format!("V{}.{}", 2 + drawn % 2, (drawn >> 8) % 10)
}

fn branch(product: &Product, at: usize, fixed: &str) -> Value {
    let version = |category: &str, name: String, id: String| {
        json!({"category": category, "name": name, "product": {
            "name": format!("{} {} {name}", product.vendor, product.name), "product_id": id,
            "product_identification_helper": {"skus": [product.order_number]}}})
    };
    json!({"category": "vendor", "name": product.vendor, "branches": [{
    "category": "product_name", "name": product.name, "branches": [
        version("product_version_range", format!("<{fixed}"), format!("P{at}-A")),
        version("product_version", fixed.to_owned(), format!("P{at}-F")),
    ]}]})
}

/// What is wrong with the product that this advisory names first: something else each time that an advisory does.
fn fault(number: u32, products: u32, seed: u64) -> &'static str {
    let (product, again) = (number % products, number / products);
    let drawn = Seed::new(seed ^ u64::from(product)).next();
    FAULTS.get(((drawn % 6) as usize + again as usize) % FAULTS.len()).copied().unwrap_or_default()
}

fn document(id: &str, number: u32, (drawn, seed): (u64, u64), extent: Extent) -> Value {
    let all = products(extent).max(1);
    let first = number.wrapping_mul(7919) % all;
    let count = if number.is_multiple_of(6) { 2 } else { 1 };
    let named: Vec<Product> = (0..count).map(|at| product((first + at) % all)).collect();
    let (fixed, fault) = (fixed(drawn), fault(number, all, seed));
    let branches: Vec<Value> =
        named.iter().enumerate().map(|(at, product)| branch(product, at, &fixed)).collect();
    let affected: Vec<String> = (0..named.len()).map(|at| format!("P{at}-A")).collect();
    let mended: Vec<String> = (0..named.len()).map(|at| format!("P{at}-F")).collect();
    let score = 40 + drawn % 60;
    let vulnerabilities: Vec<Value> = (0..2)
        .map(|at| {
            json!({
                "cve": format!("CVE-2026-{}", 10_000 + number * 2 + at), "title": fault,
                "notes": [{"category": "description", "title": "Description", "text": "See the title."}],
                "product_status": {"known_affected": affected, "fixed": mended},
                "scores": [{"cvss_v3": {"version": "3.1", "baseScore": score as f64 / 10.0, "baseSeverity": "HIGH",
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, "products": affected}],
                "remediations": [{"category": "vendor_fix", "details": format!("Load firmware {fixed}."),
                    "product_ids": affected}],
            })
        })
        .collect();
    let title = named
        .first()
        .map_or_else(String::new, |product| format!("{} {} {fault}", product.vendor, product.name));
    json!({
        "document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "lang": "en", "title": title,
            "publisher": {"category": "coordinator", "name": "Meridian Plant CERT",
                "namespace": "https://meridian-plant-cert.example"},
            "tracking": {"id": id, "status": "final", "version": "1",
                "initial_release_date": "2026-06-09T08:00:00Z", "current_release_date": "2026-06-09T08:00:00Z",
                "revision_history": [{"number": "1", "date": "2026-06-09T08:00:00Z", "summary": "First issue."}]},
        },
        "product_tree": {"branches": branches},
        "vulnerabilities": vulnerabilities,
    })
}
