//! CSAF 2.0 advisories in: one document, its digest, or a whole folder of them.
//!
//! Real documents break the schema in a hundred harmless ways, so reading is lenient and says what was odd; it
//! refuses only what is no JSON, no CSAF 2.0, or has no tracking id. Signatures are noticed, not verified.

use crate::domain::advisory::Advisory;

mod cvss;
mod digest;
mod document;
mod fault;
mod folder;
mod lenient;
mod products;
mod vulnerabilities;

pub use digest::{check_sidecar, sha256};
pub use fault::Fault;
pub use folder::{Folder, Item, Signature};

/// Changes whenever the same document may be read into another [`Advisory`].
pub const READER_VERSION: u32 = 1;

/// The largest document that is read, in bytes; thirty times the largest real one.
pub const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// Reads one CSAF 2.0 document.
pub fn read(bytes: &[u8]) -> Result<Advisory, Fault> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > MOST_BYTES {
        return Err(Fault::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Fault::Utf16);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| Fault::NotUtf8 { at: error.valid_up_to() })?;
    let document: document::Csaf = serde_json::from_str(text).map_err(Fault::from)?;
    document.into_advisory()
}

#[cfg(test)]
mod tests;
