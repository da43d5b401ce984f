//! A product as an advisory names it, flattened from the branch path and the relationships.

use serde::{Deserialize, Serialize};

/// One leaf of the product tree, or one combination that a relationship makes (CSAF 2.0, section 3.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// Local to the document; the same id means something else in another one.
    pub id: String,
    /// The vendor branch as written, mojibake and white space included.
    pub vendor: String,
    /// Family and product names along the branch path, from coarse to fine.
    pub names: Vec<String>,
    /// What the version branch says.
    pub version: VersionText,
    /// The name for people.
    pub full_name: String,
    /// The firmware or component that is installed on this product, when a relationship says so.
    pub component: Option<String>,
    /// Order codes; each may be a prefix, with `?` for one and `*` for any characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub model_numbers: Vec<String>,
    /// Serial numbers; each may be a prefix, with the same wildcards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serial_numbers: Vec<String>,
    /// Stock keeping units; each may be a prefix, with the same wildcards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// The CPE; it never overrides the version branch, because the two often disagree.
    pub cpe: Option<String>,
    /// The package URL.
    pub purl: Option<String>,
}

/// The version branch of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum VersionText {
    /// The path ends at the product: the advisory speaks of it in every version.
    #[default]
    Unnamed,
    /// `product_version`: one version, though ranges and lists occur too.
    Exact(String),
    /// `product_version_range`: vers, operators only, or prose.
    Range(String),
}

impl VersionText {
    /// The text as written; empty if no version is named.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unnamed => "",
            Self::Exact(text) | Self::Range(text) => text,
        }
    }
}

impl Product {
    /// The finest name of the branch path, or the name for people.
    pub fn name(&self) -> &str {
        self.names.last().map_or(self.full_name.as_str(), String::as_str)
    }
}
