//! Inventories of the usual tools, mistakes and hostile files.

use std::io::Cursor;

use rstest::rstest;

use super::*;
use crate::domain::asset::Class;

fn site(code: &str) -> SiteCode {
    SiteCode::new(code).unwrap()
}

fn inventory(text: &str) -> Inventory {
    read(Cursor::new(text), None, Limits::default()).unwrap()
}

fn only_error(text: &str) -> Problem {
    let inventory = inventory(text);
    assert_eq!((inventory.rows.len(), inventory.errors.len()), (0, 1), "{:?}", inventory.errors);
    inventory.errors[0].clone()
}

#[test]
fn a_plain_list_is_read() {
    let text = "Tag,Site,Name,Vendor,Product Name,Order Number,Firmware Version,Level,IP Address,Serial Number\n\
                A-1,RLF,Mixer,Siemens,SIMATIC,6ES7,V2.1,3.5,10.1.2.3,77\n";
    let inventory = inventory(text);
    let asset = &inventory.rows[0].asset;
    assert_eq!(
        (inventory.rows[0].line, asset.tag.as_str(), asset.name.as_str()),
        (2, "A-1", "Mixer")
    );
    assert_eq!(asset.order_number.as_ref().unwrap().as_str(), "6ES7");
    assert_eq!(asset.purdue.unwrap().word(), "3.5");
    assert_eq!(asset.class, Class::Unclassified);
    assert!(inventory.mapping.ignored().next().is_none());
}

#[rstest]
#[case::netbox(
    "Name,Site,Role,Manufacturer,Type,Serial number,Asset tag,Status\nx,RLF,PLC,ABB,T,1,A1,active",
    "A1"
)]
#[case::netbox_import(
    "name,site,role,manufacturer,device_type,serial,asset_tag\nx,RLF,PLC,ABB,AC800,1,A1",
    "A1"
)]
#[case::nozomi(
    "id,site,label,vendor,product_name,firmware_version,level,mac_vendor\nN7,RLF,x,ABB,AC,1,level1,Intel",
    "N7"
)]
#[case::claroty(
    "ResourceID,SiteID,Name,Vendor,FirmwareVersion,IP\nR9,RLF,x,ABB,V4.003,\"['10.0.0.1', '10.0.0.2']\"",
    "R9"
)]
#[case::defender(
    "Site;Zone;Name;Type;Vendor;Firmware;IP Address\nRLF;;PLC-1;PLC;ABB;1;10.0.0.1",
    "PLC-1"
)]
#[case::tabs("TAG\tSITE\nA2\tRLF", "A2")]
#[case::excel("sep=;\r\ntag;site\r\nA3;RLF\r\n", "A3")]
#[case::marked("\u{feff}tag,site\nA4,RLF", "A4")]
fn lists_of_the_usual_tools_are_read(#[case] text: &str, #[case] tag: &str) {
    let inventory = inventory(text);
    assert_eq!(inventory.errors, []);
    assert_eq!(inventory.rows[0].asset.tag.as_str(), tag);
    assert_eq!(inventory.rows[0].asset.site, site("RLF"));
}

#[test]
fn unknown_columns_are_named_and_empty_cells_are_unknown() {
    let inventory =
        inventory("tag,site,vendor,MAC Vendor,Criticality\nA,RLF,,Intel,High\nB,RLF,n/a,,\n");
    assert_eq!(inventory.mapping.ignored().collect::<Vec<_>>(), ["MAC Vendor", "Criticality"]);
    assert!(inventory.rows.iter().all(|row| row.asset.vendor.is_none()));
}

#[rstest]
#[case("tag,site\nA/1,RLF", "tag", "'/'")]
#[case("tag,site\nA,Ruhr", "site", "two or three")]
#[case("tag,site\nA,rlf", "site", "write RLF")]
#[case("tag,site\n,RLF\n", "tag", "is empty")]
#[case("tag,site\nA,\n", "site", "--site")]
#[case("tag,site,level\nA,RLF,7", "purdue", "0, 1, 2, 3, 3.5, 4 or 5")]
#[case("tag,site,ip\nA,RLF,10.0.0.300", "ip", "10.1.2.3")]
#[case("tag,site,safety\nA,RLF,High", "safety", "1 to 5")]
#[case("tag,site,support_end\nA,RLF,soon", "support_end", "2031-12-31")]
#[case("tag,site,zone\nA,RLF,Line 3 North", "zone", "zone code")]
#[case("tag,site,patch ok\nA,RLF,perhaps", "patch_ok", "yes or no")]
#[case("tag,site,vendor\nA,RLF,a\u{1b}[2Jb", "vendor", "U+001B")]
#[case("tag,site,vendor\nA,RLF\n", "", "3")]
#[case("tag,site\nA,RLF,surplus\n", "", "quote")]
fn a_mistake_is_named_by_line_and_field_with_its_mending(
    #[case] text: &str,
    #[case] field: &str,
    #[case] hint: &str,
) {
    let error = only_error(text);
    assert_eq!((error.line, error.field), (2, field));
    assert!(error.message.contains(hint), "{}", error.message);
}

#[test]
fn a_tag_twice_in_one_site_names_both_lines() {
    let inventory = inventory("tag,site\nA,RLF\nB,RLF\n\nA,RLF\nA,KHI\n");
    assert_eq!(inventory.rows.len(), 3);
    assert_eq!(inventory.errors.len(), 1);
    let message = &inventory.errors[0].message;
    assert!(message.contains("line 2") && message.contains("line 5"), "{message}");
}

#[test]
fn a_given_site_fills_gaps_and_refuses_others() {
    let given = site("RLF");
    let inventory = read(Cursor::new("tag\nA\n"), Some(&given), Limits::default()).unwrap();
    assert_eq!(inventory.rows[0].asset.site, given);
    let inventory =
        read(Cursor::new("tag,site\nA,KHI\nB,\n"), Some(&given), Limits::default()).unwrap();
    assert_eq!((inventory.rows.len(), inventory.errors[0].line), (1, 2));
}

#[test]
fn an_unknown_kind_comes_in_unclassified_and_is_counted() {
    let inventory =
        inventory("tag,site,type\nA,RLF,OT_device\nB,RLF,OT_device\nC,RLF,Safety Controller\n");
    assert_eq!(inventory.unknown_classes, [("OT_device".to_owned(), 2)]);
    assert_eq!(inventory.rows[2].asset.class, Class::Sis);
}

#[test]
fn a_file_that_is_no_inventory_is_refused_whole() {
    let fault =
        |bytes: &[u8]| read(Cursor::new(bytes.to_vec()), None, Limits::default()).unwrap_err();
    assert!(matches!(fault(b"vendor,model\nx,y\n"), Fault::NoColumn { field: "tag", .. }));
    assert!(matches!(fault(b"tag,model\nx,y\n"), Fault::NoColumn { field: "site", .. }));
    assert_eq!(fault(b""), Fault::NoHeader);
    assert_eq!(fault(b"\xff\xfet\0"), Fault::Utf16);
    assert_eq!(fault(b"PK\x03\x04"), Fault::Spreadsheet);
    assert_eq!(fault(b"tag,site\nA,RLF\nB\xe4,RLF\n"), Fault::NotUtf8 { line: 3 });
}

#[test]
fn limits_hold_against_endless_input() {
    let endless = std::io::repeat(b'a');
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    assert_eq!(read(endless, None, limits).unwrap_err(), Fault::TooLarge(1 << 20));
    let many = format!("tag,site\n{}", "A,RLF\n".repeat(11));
    let limits = Limits { rows: 10, ..Limits::default() };
    assert_eq!(read(Cursor::new(many), None, limits).unwrap_err(), Fault::TooManyRows(10));
    let open = format!("tag,site\nA,\"RLF\n{}", "B,RLF\n".repeat(2000));
    assert!(only_error(&open).message.contains("quotation mark"));
}

#[test]
fn errors_are_counted_beyond_the_first_thousand() {
    let text = format!("tag,site\n{}", "A/,RLF\n".repeat(1500));
    let inventory = inventory(&text);
    assert_eq!((inventory.errors.len(), inventory.more_errors), (1000, 500));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let mut text = b"tag,site,level,ip,zone,support_end\n".to_vec();
        text.extend(&bytes);
        let _ = read(Cursor::new(text), None, Limits::default());
        let _ = read(Cursor::new(bytes), None, Limits::default());
    }
}

#[test]
fn the_real_plant_list_is_read_without_a_mistake() {
    let Some(data) = std::env::var_os("SMC_REAL_DATA") else {
        println!("skipped: SMC_REAL_DATA is not set");
        return;
    };
    let path = std::path::Path::new(&data).join("assets/plant-assets.csv");
    let inventory = read(std::fs::File::open(path).unwrap(), None, Limits::default()).unwrap();
    assert_eq!((inventory.rows.len(), inventory.errors.len()), (111, 0), "{:?}", inventory.errors);
    assert!(inventory.mapping.ignored().next().is_none());
}
