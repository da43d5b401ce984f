//! The rules of matching as stories.

use proptest::prelude::*;

use super::*;
use crate::domain::advisories::Tier;
use crate::domain::advisory::{Advisory, Product, VersionText, Vulnerability};

fn product(id: &str, vendor: &str, name: &str, range: &str) -> Product {
    Product {
        id: id.to_owned(),
        vendor: vendor.to_owned(),
        names: vec![name.to_owned()],
        version: VersionText::Range(range.to_owned()),
        ..Product::default()
    }
}

fn affecting(products: Vec<Product>) -> Advisory {
    let affected = products.iter().map(|product| product.id.clone()).collect();
    let one = Vulnerability { cve: "CVE-2026-1".to_owned(), affected, ..Vulnerability::default() };
    Advisory { products, vulnerabilities: vec![one], ..Advisory::default() }
}

fn asset(vendor: &str, product: &str, firmware: &str) -> AssetIdentity {
    AssetIdentity {
        vendor: Some(vendor.to_owned()),
        product: Some(product.to_owned()),
        firmware: Some(firmware.to_owned()),
        ..AssetIdentity::default()
    }
}

fn assess(asset: &AssetIdentity, advisory: &Advisory) -> Assessment {
    PreparedAsset::new(asset.clone()).assess(&PreparedAdvisory::new(advisory))
}

fn tier(asset: &AssetIdentity, advisory: &Advisory) -> Option<Tier> {
    assess(asset, advisory).strongest()
}

#[test]
fn the_tier_follows_identity_and_version() {
    let advisory = affecting(vec![product("1", "Siemens", "SIMATIC PCS neo", "<V3.1")]);
    for (product, firmware, expected) in [
        ("SIMATIC PCS neo", "V3.0", Some(Tier::Confirmed)),
        ("SIMATIC PCS neo", "", Some(Tier::Likely)),
        ("SIMATIC PCS neo", "see label", Some(Tier::Undetermined)),
        ("SIMATIC PCS neo Administration", "V3.0", Some(Tier::Possible)),
        ("SIMATIC PCS neo", "V3.1", Some(Tier::RuledOut)),
        ("SIMATIC HMI Comfort Panel", "V3.0", None),
    ] {
        assert_eq!(
            tier(&asset("Siemens AG", product, firmware), &advisory),
            expected,
            "{product} {firmware}"
        );
    }
}

#[test]
fn a_shared_vendor_is_never_a_match() {
    let advisory = affecting(vec![product("1", "Siemens", "SIMATIC PCS neo", "vers:all/*")]);
    assert!(assess(&asset("Siemens", "Remote Panel TP-208", "V3.0"), &advisory).found.is_empty());
    assert!(assess(&asset("ABB", "SIMATIC PCS neo", "V3.0"), &advisory).found.is_empty());
}

#[test]
fn another_order_code_ends_the_comparison() {
    let advisory = affecting(vec![product(
        "1",
        "Siemens",
        "SIMATIC S7-1500 CPU 1511-1 PN (6ES7511-1AK01-0AB0)",
        "vers:all/*",
    )]);
    let mut asset = asset("Siemens", "SIMATIC S7-1500 CPU 1511-1 PN", "V2.0");
    assert_eq!(tier(&asset, &advisory), Some(Tier::Possible), "the advisory's name is finer");
    asset.order_number = Some("6ES7 511-1AK02-0AB0".to_owned());
    assert_eq!(tier(&asset, &advisory), None);
    asset.order_number = Some("6es7 511 1ak01 0ab0".to_owned());
    assert_eq!(tier(&asset, &advisory), Some(Tier::Confirmed));
    asset.order_number = Some("6ES7 511".to_owned());
    assert_eq!(tier(&asset, &advisory), Some(Tier::Possible));
}

#[test]
fn helper_fields_match_by_prefix_and_wildcard() {
    let mut named =
        product("1", "Schneider Electric", "Harmony with Operator Terminal Expert", "vers:all/*");
    named.model_numbers = vec!["HMIST6".to_owned(), "HMIG3U*".to_owned()];
    let advisory = affecting(vec![named]);
    let mut asset = asset("Schneider Electric", "Harmony panel", "1.0");
    asset.order_number = Some("HMIST6500".to_owned());
    assert_eq!(tier(&asset, &advisory), Some(Tier::Confirmed));
    asset.order_number = Some("HMIGXU500".to_owned());
    assert_eq!(tier(&asset, &advisory), None);
}

#[test]
fn a_serial_number_outside_the_list_is_another_unit() {
    let mut named = product("1", "Medtronic", "MiniMed 530G", "vers:all/*");
    named.serial_numbers = vec!["7F26*".to_owned()];
    let advisory = affecting(vec![named]);
    let mut asset = asset("Medtronic", "MiniMed 530G", "1.0");
    asset.serial = Some("7F26144B".to_owned());
    assert_eq!(tier(&asset, &advisory), Some(Tier::Confirmed));
    asset.serial = Some("9A26144B".to_owned());
    assert_eq!(tier(&asset, &advisory), None);
}

#[test]
fn a_vulnerability_counts_only_for_products_it_lists() {
    let products = vec![
        product("1", "Vendor", "Alpha Loader", "<2"),
        product("2", "Vendor", "Beta Loader", "<2"),
    ];
    let mut advisory = affecting(products);
    let only = |cve: &str, id: &str| Vulnerability {
        cve: cve.to_owned(),
        affected: vec![id.to_owned()],
        ..Vulnerability::default()
    };
    advisory.vulnerabilities = vec![only("CVE-A", "1"), only("CVE-B", "2"), only("CVE-C", "1")];
    let found = assess(&asset("Vendor", "Alpha Loader", "1"), &advisory).found;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].product.as_str(), found[0].cves.join(",")),
        ("1", "CVE-A,CVE-C".to_owned())
    );
}

#[test]
fn an_id_that_comes_twice_is_one_vulnerability() {
    let mut advisory = affecting(vec![product("1", "Vendor", "Alpha Loader", "<2")]);
    let again = advisory.vulnerabilities[0].clone();
    advisory.vulnerabilities.push(again);
    let found = assess(&asset("Vendor", "Alpha Loader", "1"), &advisory).found;
    assert_eq!((found.len(), found[0].cves.len()), (1, 1));
}

#[test]
fn fixed_and_not_affected_versions_are_respected() {
    let products = vec![
        product("bad", "Wind River", "VxWorks RTOS", ">=6.5"),
        product("good", "Wind River", "VxWorks RTOS", "7 SR620"),
        product("cert", "Wind River", "VxWorks Cert", "vers:all/*"),
    ];
    let mut advisory = affecting(products);
    advisory.vulnerabilities[0].affected = vec!["bad".to_owned()];
    advisory.vulnerabilities[0].not_affected = vec!["good".to_owned(), "cert".to_owned()];
    assert_eq!(tier(&asset("Wind River", "VxWorks RTOS", "6.9"), &advisory), Some(Tier::Confirmed));
    assert_eq!(
        tier(&asset("Wind River", "VxWorks RTOS", "7 SR620"), &advisory),
        Some(Tier::RuledOut)
    );
    assert_eq!(tier(&asset("Wind River", "VxWorks Cert", "6.9"), &advisory), Some(Tier::RuledOut));
}

#[test]
fn listed_as_affected_and_as_fixed_without_a_version_the_warning_stays() {
    let mut advisory = affecting(vec![product("1", "Vendor", "Alpha Loader", "")]);
    advisory.vulnerabilities[0].fixed = vec!["1".to_owned()];
    assert_eq!(tier(&asset("Vendor", "Alpha Loader", "1"), &advisory), Some(Tier::Confirmed));
}

#[test]
fn under_investigation_is_for_people_to_decide() {
    let mut advisory = affecting(vec![product("1", "Vendor", "Alpha Loader", "<2")]);
    advisory.vulnerabilities[0].investigated =
        std::mem::take(&mut advisory.vulnerabilities[0].affected);
    assert_eq!(tier(&asset("Vendor", "Alpha Loader", "1"), &advisory), Some(Tier::Undetermined));
}

#[test]
fn a_version_in_the_product_name_is_a_series() {
    let advisory =
        affecting(vec![product("1", "Siemens", "SIMATIC WinCC OA V3.17", "<V3.17_P013")]);
    assert_eq!(
        tier(&asset("Siemens", "SIMATIC WinCC OA", "V3.17 P012"), &advisory),
        Some(Tier::Confirmed)
    );
    assert_eq!(
        tier(&asset("Siemens", "SIMATIC WinCC OA", "V3.17 P013"), &advisory),
        Some(Tier::RuledOut)
    );
    assert_eq!(tier(&asset("Siemens", "SIMATIC WinCC OA", "V3.18"), &advisory), None);
    assert_eq!(tier(&asset("Siemens", "SIMATIC WinCC OA", ""), &advisory), Some(Tier::Possible));
}

#[test]
fn product_and_model_together_may_be_the_name() {
    let advisory = affecting(vec![product(
        "1",
        "Mitsubishi Electric",
        "MELSEC iQ-R R120 SFCPU firmware",
        "<=22",
    )]);
    let mut identity = asset("Mitsubishi Electric Corporation", "MELSEC iQ-R", "22");
    identity.model = Some("R120SFCPU".to_owned());
    assert_eq!(tier(&identity, &advisory), Some(Tier::Confirmed));
}

#[test]
fn a_label_alone_is_never_more_than_possible() {
    let advisory = affecting(vec![product("1", "Advantech", "iView", "vers:all/*")]);
    let labelled = AssetIdentity {
        vendor: Some("Advantech".to_owned()),
        name: "iView".to_owned(),
        ..AssetIdentity::default()
    };
    assert_eq!(tier(&labelled, &advisory), Some(Tier::Possible));
}

#[test]
fn without_a_vendor_it_is_never_more_than_possible() {
    let advisory = affecting(vec![product("1", "Advantech", "iView", "vers:all/*")]);
    let mut nobody = asset("unknown", "Advantech iView", "5.6");
    assert!(asset_keys(&nobody).iter().any(|key| advisory_keys(&advisory).contains(key)));
    nobody.product = Some("iView".to_owned());
    assert_eq!(tier(&nobody, &advisory), Some(Tier::Possible));
}

#[test]
fn every_step_stands_in_the_reasons() {
    let advisory = affecting(vec![product("1", "Siemens", "SIMATIC PCS neo", "<V3.1")]);
    let found = assess(&asset("SIEMENS", "SIMATIC PCS neo", "V3.1"), &advisory).found;
    let because = found[0].because.join(" ");
    for part in ["SIEMENS", "SIMATIC PCS neo", "\"V3.1\" does not lie in \"<V3.1\""] {
        assert!(because.contains(part), "{because}");
    }
}

#[test]
fn reasons_fit_a_line_of_the_ledger_whatever_the_texts() {
    let long = "x9 \u{1b}[31m".repeat(400);
    let advisory = affecting(vec![product("1", "Vendor", &long, &long)]);
    for found in assess(&asset("Vendor", &long, &long), &advisory).found {
        for line in found.because {
            assert!(crate::domain::text::Line::new(&line).is_ok(), "{line}");
        }
    }
}

#[test]
fn a_fleet_compares_equal_assets_once_and_finds_all_of_them() {
    let advisory = PreparedAdvisory::new(&affecting(vec![product(
        "1",
        "Siemens",
        "SIMATIC PCS neo",
        "<V3.1",
    )]));
    let same = asset("Siemens", "SIMATIC PCS neo", "V3.0");
    let fleet = Fleet::new([
        ("A", same.clone()),
        ("B", same),
        ("C", asset("ABB", "TropOS Mesh OS", "8.5")),
    ]);
    let (found, compared) = fleet.assess(&advisory);
    assert_eq!((found.len(), found[0].0, compared), (1, ["A", "B"].as_slice(), 2));
}

proptest! {
    #[test]
    fn any_texts_are_assessed_without_panic(
        vendor in ".{0,20}", name in ".{0,40}", range in ".{0,20}", code in ".{0,20}", firmware in ".{0,12}",
    ) {
        let mut named = product("1", &vendor, &name, &range);
        named.model_numbers = vec![code.clone()];
        let mut asset = asset(&vendor, &name, &firmware);
        asset.order_number = Some(code);
        let _ = assess(&asset, &affecting(vec![named]));
    }

    #[test]
    fn what_matches_shares_a_key(
        vendor in "(Siemens|ABB|GE|unknown|)", name in "(iView|SIMATIC PCS neo|ABB TropOS)", code in "(|6ES7511-1AK02)",
    ) {
        let mut named = product("1", "Siemens", &name, "*");
        named.model_numbers = vec!["6ES7511-1AK02-0AB0".to_owned()];
        let advisory = affecting(vec![named]);
        let mut asset = asset(&vendor, &name, "1");
        asset.order_number = Some(code);
        let shares = asset_keys(&asset).iter().any(|key| advisory_keys(&advisory).contains(key));
        let certain = matches!(tier(&asset, &advisory), Some(Tier::Confirmed | Tier::Likely | Tier::Undetermined));
        prop_assert!(shares || !certain);
    }
}
