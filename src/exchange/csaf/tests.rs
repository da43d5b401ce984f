//! Documents good, odd and hostile, and every real one.

use std::path::{Path, PathBuf};

use super::*;
use crate::domain::advisory::VersionText;

fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("SMC_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: SMC_REAL_DATA is not set");
    }
    folder
}

fn minimal(inside: &str) -> String {
    format!(
        r#"{{"document":{{"csaf_version":"2.0","category":"csaf_vex","title":"T","lang":"en",
        "publisher":{{"name":"P","namespace":"https://p.example","category":"vendor"}},
        "tracking":{{"id":"A-1","version":"1","status":"final","initial_release_date":"2026-01-02T03:04:05Z",
        "current_release_date":"2026-01-02T03:04:05Z"}}}}{inside}}}"#
    )
}

fn fault(text: &str) -> Fault {
    read(text.as_bytes()).unwrap_err()
}

#[test]
fn a_clean_document_has_no_findings() {
    let advisory = read(minimal("").as_bytes()).unwrap();
    assert_eq!(
        (advisory.id.as_str(), advisory.findings.len()),
        ("A-1", 0),
        "{:?}",
        advisory.findings
    );
    assert_eq!(advisory.released.unwrap().to_string(), "2026-01-02T03:04:05Z");
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    assert!(read(format!("\u{feff}{}", minimal("")).as_bytes()).is_ok());
}

#[test]
fn a_newer_csaf_is_refused_by_name() {
    let newer = minimal("").replace("\"2.0\"", "\"2.1\"");
    assert_eq!(fault(&newer), Fault::OtherVersion("2.1".to_owned()));
    assert!(fault(&newer).to_string().contains("CSAF 2.1"));
}

#[test]
fn what_is_no_advisory_is_refused_with_a_reason() {
    assert_eq!(fault("{}"), Fault::NotCsaf);
    assert_eq!(fault("[]"), Fault::NotCsaf);
    assert_eq!(fault("3"), Fault::NotCsaf);
    assert!(matches!(fault(""), Fault::NotJson { .. }));
    assert!(matches!(fault("{\"document\":"), Fault::NotJson { line: 1, .. }));
    assert!(matches!(fault(&format!("{} x", minimal(""))), Fault::NotJson { .. }));
    assert_eq!(fault(&minimal("").replace("\"A-1\"", "\"  \"")), Fault::NoId);
    assert!(matches!(fault(&minimal("").replace("A-1", "A 1")), Fault::BadId(_)));
    assert_eq!(read(b"\xff\xfe{\0}\0").unwrap_err(), Fault::Utf16);
    assert_eq!(read(b"{\"a\":\"\xc3\x28\"}").unwrap_err(), Fault::NotUtf8 { at: 6 });
}

#[test]
fn depth_cannot_overflow_the_stack() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert!(matches!(fault(&deep), Fault::TooDeep | Fault::NotJson { .. } | Fault::NotCsaf));
    let branches = format!(
        ",\"product_tree\":{{\"branches\":{}{}}}",
        "[{\"branches\":".repeat(100_000),
        "}]".repeat(100_000)
    );
    assert_eq!(fault(&minimal(&branches)), Fault::TooDeep);
    let ignored = format!(",\"x\":{}1{}", "{\"a\":".repeat(1_000_000), "}".repeat(1_000_000));
    let outcome = read(minimal(&ignored).as_bytes());
    assert!(matches!(outcome, Ok(_) | Err(Fault::TooDeep)));
}

#[test]
fn a_key_that_comes_twice_counts_last_and_is_reported() {
    let twice = minimal(
        r#","product_tree":{},"product_tree":{"full_product_names":[{"product_id":"1","name":"N"}]}"#,
    );
    let advisory = read(twice.as_bytes()).unwrap();
    assert_eq!(advisory.products.len(), 1);
    assert!(advisory.findings.iter().any(|finding| finding.contains("product_tree stands twice")));
}

#[test]
fn wrong_types_read_as_absent() {
    let odd = minimal(r#","product_tree":[1,{"a":2}],"vulnerabilities":{"cve":"X"}"#);
    let advisory = read(odd.as_bytes()).unwrap();
    assert!(advisory.products.is_empty() && advisory.vulnerabilities.is_empty());
    let odd = minimal(
        r#","vulnerabilities":[3,null,"x",[],{"cve":7,"scores":"no","product_status":[],"remediations":[null,{"details":[]}]}]"#,
    );
    let advisory = read(odd.as_bytes()).unwrap();
    assert_eq!(advisory.vulnerabilities.len(), 5);
    assert_eq!(advisory.vulnerabilities[4].cve, "7");
}

#[test]
fn nul_never_reaches_the_store() {
    let text = minimal("").replace("\"T\"", "\"T\\u0000x\"");
    assert_eq!(read(text.as_bytes()).unwrap().title, "T x");
}

#[test]
fn a_vector_outweighs_the_number_beside_it() {
    let scored = minimal(
        r#","vulnerabilities":[{"cve":"CVE-2026-1","scores":[{"cvss_v3":{"baseScore":2.0,
        "vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]}]"#,
    );
    let advisory = read(scored.as_bytes()).unwrap();
    assert_eq!(advisory.highest_score(), Some(98));
    assert_eq!(advisory.vulnerabilities[0].severity, "CRITICAL");
    assert!(
        advisory.findings.iter().any(|finding| finding.contains("2.0")),
        "{:?}",
        advisory.findings
    );
}

#[test]
fn firmware_on_a_device_gives_the_device_its_version() {
    let related = minimal(
        r#","product_tree":{"branches":[{"category":"vendor","name":"V","branches":[
        {"category":"product_name","name":"Cam","product":{"product_id":"H","name":"V Cam"}},
        {"category":"product_name","name":"Cam Firmware","branches":[
          {"category":"product_version","name":"1.2","product":{"product_id":"F","name":"V Cam Firmware 1.2"}}]}]}],
        "relationships":[{"category":"installed_on","product_reference":"F","relates_to_product_reference":"H",
          "full_product_name":{"product_id":"FH","name":"V Cam Firmware 1.2 installed on V Cam"}}]}"#,
    );
    let advisory = read(related.as_bytes()).unwrap();
    let made = advisory.product("FH").unwrap();
    assert_eq!((made.vendor.as_str(), made.name()), ("V", "Cam"));
    assert_eq!(made.version, VersionText::Exact("1.2".to_owned()));
    assert_eq!(made.component.as_deref(), Some("V Cam Firmware 1.2"));
}

#[test]
fn a_file_that_claims_to_be_huge_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.json");
    std::fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
    let item = Folder::open(&path).unwrap().next().unwrap();
    assert_eq!(item.advisory.unwrap_err(), Fault::TooLarge);
    assert!(item.bytes.is_empty());
}

#[test]
fn a_folder_comes_in_order_and_a_wrong_digest_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("2025")).unwrap();
    put("b.json", &minimal(""));
    put("b.json.sha512", "00");
    put("b.json.asc", "x");
    put("2025/z.JSON", &minimal(""));
    put("a.json", "no");
    put("list.csv", "a,b");
    let items: Vec<Item> = Folder::open(folder.path()).unwrap().collect();
    let names: Vec<&str> = items.iter().map(|item| item.file.as_str()).collect();
    assert_eq!(names, ["2025/z.JSON", "a.json", "b.json"]);
    assert!(items[0].advisory.is_ok() && items[0].signature == Signature::Absent);
    assert!(matches!(items[1].advisory, Err(Fault::NotJson { .. })));
    assert_eq!(items[2].advisory, Err(Fault::Sidecar));
    assert_eq!(items[2].signature, Signature::PresentNotVerified);
}

#[test]
fn every_real_advisory_is_read() {
    let Some(data) = real() else { return };
    let mut read = 0;
    for folder in ["csaf", "csaf-updates"] {
        for item in Folder::open(&data.join(folder)).unwrap() {
            let advisory = item.advisory.unwrap_or_else(|fault| panic!("{}: {fault}", item.file));
            read += 1;
            assert!(
                !advisory.products.is_empty() && !advisory.vulnerabilities.is_empty(),
                "{}",
                item.file
            );
            for vulnerability in &advisory.vulnerabilities {
                assert!(!vulnerability.affected.is_empty(), "{}", item.file);
            }
            let name = Path::new(&item.file).file_stem().unwrap().to_string_lossy().into_owned();
            assert_eq!(advisory.id.to_lowercase(), name);
            let vectors =
                advisory.findings.iter().filter(|finding| finding.contains("vector")).count();
            assert_eq!(vectors, 0, "{}: {:?}", item.file, advisory.findings);
            if folder == "csaf" && item.signature == Signature::PresentNotVerified {
                assert!(item.digest_checked, "{}", item.file);
            }
            println!(
                "{} {} {:?} {:?}",
                item.file,
                advisory.products.len(),
                advisory.highest_score(),
                advisory.findings
            );
        }
    }
    assert_eq!(read, 60);
}
