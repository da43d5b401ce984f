//! Which assets an advisory speaks of, how sure that is, and every step that led there.
//!
//! Tiers instead of probabilities: a number would hide which step failed. Sharing a vendor is never a match; two
//! different order codes end the comparison; a vulnerability counts only for the products it lists itself.
//! Reading documents, storing matches and what people decide about them are not here.

use serde::{Deserialize, Serialize};

mod assess;
mod code;
mod fleet;
mod identify;
mod keys;
mod name;
mod prepare;
mod text;
mod vendor;
mod vocabulary;

pub use assess::{Assessment, Found};
pub use fleet::Fleet;
pub use keys::{advisory_keys, asset_keys};
pub use prepare::{PreparedAdvisory, PreparedAsset, PreparedProduct};
pub use vendor::vendor_keys;

/// Changes whenever the same asset and advisory may come out in another tier.
pub const ANALYSER_VERSION: u32 = 1;

/// What is known of an asset, as far as it can identify it; empty and "unknown" count as not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AssetIdentity {
    /// The maker.
    pub vendor: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The maker's order number.
    pub order_number: Option<String>,
    /// The firmware or software version.
    pub firmware: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// What people call it; used only where neither product nor model is known, and never for more than "possible".
    pub name: String,
}

#[cfg(test)]
mod tests;
