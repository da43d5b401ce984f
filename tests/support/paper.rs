//! Files that importers read: a small inventory and an advisory of our own, by a publisher who does not exist.

use serde_json::{Value, json};

/// An inventory of three assets at two sites, one of them in the advisory's range.
pub const INVENTORY: &str = "\
Tag,Site,Name,Vendor,Product Name,Firmware Version,Level,IP Address
PLC-7,RLF,Mixer PLC,Borealis Automation,MixControl 300,V2.1,1,10.1.2.3
PLC-8,RLF,Dryer PLC,Borealis Automation,MixControl 300,V3.0,1,10.1.2.4
HMI-9,ANR,Mixer panel,Borealis Automation,PanelView X,,2,10.1.2.5
";

/// An advisory of this id, version and range, about the mixer controller.
pub fn advisory(id: &str, version: &str, range: &str) -> Value {
    json!({
        "document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "lang": "en",
            "title": format!("Borealis MixControl 300 ({id})"),
            "publisher": {"category": "vendor", "name": "Borealis PSIRT", "namespace": "https://borealis.invalid"},
            "tracking": {
                "id": id, "status": "final", "version": version,
                "initial_release_date": "2026-01-05T10:00:00Z", "current_release_date": "2026-01-05T10:00:00Z",
                "revision_history": [{"date": "2026-01-05T10:00:00Z", "number": version, "summary": "first"}],
            },
        },
        "product_tree": {"branches": [{
            "category": "vendor", "name": "Borealis Automation", "branches": [{
                "category": "product_name", "name": "MixControl 300", "branches": [{
                    "category": "product_version_range", "name": range,
                    "product": {"name": "Borealis MixControl 300", "product_id": "P1"},
                }],
            }],
        }]},
        "vulnerabilities": [{
            "cve": "CVE-2026-10001",
            "notes": [{"category": "description", "text": "A crafted packet stops the controller."}],
            "product_status": {"known_affected": ["P1"]},
            "scores": [{"products": ["P1"], "cvss_v3": {
                "version": "3.1", "baseScore": 7.5, "baseSeverity": "HIGH",
                "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
            }}],
            "remediations": [{"category": "vendor_fix", "details": "Update to V2.2.", "product_ids": ["P1"]}],
        }],
    })
}
