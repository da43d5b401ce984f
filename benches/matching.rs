//! How long matching takes: one asset against one product, and an import of 2,500 advisories against 20,000 assets.
//!
//! The advisories are written here, in the shapes and shares that real ones have: three in ten of one large maker,
//! two products at the median and some hundred at the most.
#![allow(clippy::indexing_slicing, reason = "a bench may end at its own fault")]

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use smc::domain::advisory::{Advisory, Product, VersionText, Vulnerability};
use smc::domain::matching::{AssetIdentity, Fleet, PreparedAdvisory, PreparedAsset};
use smc::domain::version::{Installed, Range};

fn main() {
    divan::main();
}

const MAKERS: &[&str] = &[
    "Rockwell Automation",
    "Schneider Electric",
    "Mitsubishi Electric",
    "Delta Electronics",
    "ABB",
    "Moxa",
];
const LINES: &[&str] =
    &["SIMATIC ET 200SP IM", "SCALANCE XM", "RUGGEDCOM RS", "SINAMICS G", "Modicon M", "iQ-R R"];

/// The maker and product with this number; the large maker's products carry order codes.
fn named(number: usize) -> (String, String, Option<String>) {
    let line = LINES[number % LINES.len()];
    let product = format!("{line} {}-{} PN", number % 97, number % 13);
    if number % 10 < 3 {
        let code = format!("6ES7{:03}-{}AB{:02}-0AB0", number % 500, number % 7, number % 40);
        ("Siemens".to_owned(), product, Some(code))
    } else {
        (MAKERS[number % MAKERS.len()].to_owned(), product, None)
    }
}

fn advisory(number: usize) -> Advisory {
    let count = match number % 40 {
        0 => 200,
        1..8 => 30,
        _ => 2,
    };
    let products: Vec<Product> = (0..count)
        .map(|at| {
            let (vendor, product, code) = named(number.wrapping_mul(31).wrapping_add(at * 10));
            let name = code.as_ref().map_or(product.clone(), |code| format!("{product} ({code})"));
            Product {
                id: format!("P-{at}"),
                vendor,
                names: vec![name],
                version: VersionText::Range(format!("vers:all/<V{}.{}", number % 9, at % 9)),
                model_numbers: code.into_iter().collect(),
                ..Product::default()
            }
        })
        .collect();
    let affected: Vec<String> = products.iter().map(|product| product.id.clone()).collect();
    let vulnerabilities = (0..3)
        .map(|at| Vulnerability {
            cve: format!("CVE-{number}-{at}"),
            affected: affected.clone(),
            ..Vulnerability::default()
        })
        .collect();
    Advisory { id: format!("A-{number}"), products, vulnerabilities, ..Advisory::default() }
}

fn asset(number: usize) -> AssetIdentity {
    let (vendor, product, order_number) = named(number);
    AssetIdentity {
        vendor: Some(if number.is_multiple_of(3) { vendor.to_uppercase() } else { vendor }),
        product: Some(product),
        order_number: order_number.filter(|_| !number.is_multiple_of(4)),
        firmware: Some(format!("V{}.{}.{}", number % 9, number % 11, number % 5)),
        ..AssetIdentity::default()
    }
}

#[divan::bench]
fn prepare_an_asset(bencher: Bencher) {
    let asset = asset(7);
    bencher.bench(|| PreparedAsset::new(black_box(asset.clone())));
}

#[divan::bench]
fn prepare_an_advisory_of_30_products(bencher: Bencher) {
    let advisory = advisory(1);
    bencher.bench(|| PreparedAdvisory::new(black_box(&advisory)));
}

/// Per product, because that is what meets most often.
#[divan::bench]
fn assess_one_asset_against_200_products(bencher: Bencher) {
    let advisory = PreparedAdvisory::new(&advisory(40));
    let assets: Vec<PreparedAsset> =
        (0..64).map(|number| PreparedAsset::new(asset(number))).collect();
    bencher.counter(ItemsCount::new(advisory.products() * assets.len())).bench(|| {
        for asset in &assets {
            black_box(asset.assess(black_box(&advisory)));
        }
    });
}

#[divan::bench]
fn compare_a_version_with_a_range(bencher: Bencher) {
    let range = Range::parse(">=V7.80_SP1<V9.40_Update_3");
    let installed = Installed::read("V9.40 Update 2");
    bencher.bench(|| {
        installed.as_ref().map(|installed| black_box(&range).holds(black_box(installed)))
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn prepare_a_fleet_of_20_000(bencher: Bencher) {
    bencher.bench(|| Fleet::new((0..20_000).map(|number| (number, asset(number)))));
}

/// Without reading files and without the store: what matching itself adds to an import.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn assess_2_500_advisories_against_20_000_assets(bencher: Bencher) {
    let fleet = Fleet::new((0..20_000).map(|number| (number, asset(number))));
    let advisories: Vec<PreparedAdvisory> =
        (0..2_500).map(|number| PreparedAdvisory::new(&advisory(number))).collect();
    bencher.bench(|| {
        let found: usize = advisories.iter().map(|advisory| fleet.assess(advisory).0.len()).sum();
        black_box(found)
    });
}
