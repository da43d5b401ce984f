//! A security advisory in our own reading shape: what matching, risk and the viewer need of a CSAF 2.0 document.
//!
//! Reading the file is not here; these are plain types. Whatever was odd but readable stands in `findings`.

use serde::{Deserialize, Serialize};

use crate::domain::time::Time;

pub mod product;
pub mod vulnerability;

pub use product::{Product, VersionText};
pub use vulnerability::{Remediation, Status, Vulnerability};

/// One revision of one advisory; its identity is the publisher's namespace with the tracking id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Advisory {
    /// `/document/tracking/id`, as the publisher writes it.
    pub id: String,
    /// Who published it.
    pub publisher: Publisher,
    /// `/document/title`.
    pub title: String,
    /// `/document/tracking/version`: integer or semantic, and no proof of what changed.
    pub version: String,
    /// `/document/tracking/status`: draft, interim or final.
    pub status: String,
    /// `/document/category`, free text in practice.
    pub category: String,
    /// First release, if it could be read.
    pub released: Option<Time>,
    /// Release of this revision, if it could be read.
    pub updated: Option<Time>,
    /// `/document/aggregate_severity/text`, if the publisher gives one.
    pub severity: Option<String>,
    /// The TLP label, if there is one.
    pub tlp: Option<String>,
    /// The first summary or description note, shortened.
    pub summary: Option<String>,
    /// The "Critical infrastructure sectors" note, free text.
    pub sectors: Option<String>,
    /// What the advisory speaks of.
    pub products: Vec<Product>,
    /// What is wrong with it.
    pub vulnerabilities: Vec<Vulnerability>,
    /// What was odd in the document but did not hinder reading it.
    pub findings: Vec<String>,
}

/// The publisher of an advisory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publisher {
    /// The name people read.
    pub name: String,
    /// The URL that makes tracking ids unique.
    pub namespace: String,
    /// Coordinator, vendor, other…
    pub category: String,
}

impl Advisory {
    /// The product with this document-local id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The highest base score of all its vulnerabilities in tenths, as CSAF viewers must show it.
    pub fn highest_score(&self) -> Option<u8> {
        self.vulnerabilities.iter().filter_map(|vulnerability| vulnerability.score).max()
    }

    /// Distinct vendor names in the order of the document.
    pub fn vendors(&self) -> Vec<&str> {
        let mut seen: Vec<&str> = Vec::new();
        for product in &self.products {
            if !product.vendor.is_empty() && !seen.contains(&product.vendor.as_str()) {
                seen.push(&product.vendor);
            }
        }
        seen
    }
}
