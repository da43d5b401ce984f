//! Why a document was not taken, and what to do about it.

use super::MOST_BYTES;

/// A document that cannot be read as CSAF 2.0, or that is not what its publisher signed for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More bytes than any real advisory has.
    #[error("is larger than {} MiB: this is no advisory, leave it out", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// Bytes that are not UTF-8.
    #[error("is not UTF-8 at byte {at}: fetch it again, or convert it to UTF-8")]
    NotUtf8 {
        /// Where, from 0.
        at: usize,
    },
    /// A byte order mark of UTF-16.
    #[error("is UTF-16: convert it to UTF-8, which JSON must be")]
    Utf16,
    /// The JSON is broken.
    #[error("is not JSON (line {line}, column {column}: {why}): fetch it again, it may be cut off")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The parser's reason.
        why: String,
    },
    /// More levels than CSAF can have.
    #[error("is nested deeper than any advisory: this is no CSAF document, leave it out")]
    TooDeep,
    /// JSON without a `document` object.
    #[error("is JSON but not CSAF: it has no /document/csaf_version; give advisories in CSAF 2.0")]
    NotCsaf,
    /// Another version of the standard.
    #[error("is CSAF {0}, which this program does not read yet: ask the publisher for CSAF 2.0")]
    OtherVersion(String),
    /// No identity.
    #[error(
        "has no /document/tracking/id, so nothing can refer to it: ask the publisher for a complete document"
    )]
    NoId,
    /// The tracking id has another shape than ids have.
    #[error(
        "has the tracking id {0}, which is longer than 128 characters or holds a space: nothing can refer to it"
    )]
    BadId(String),
    /// The sidecar says that these are other bytes.
    #[error("differs from its .sha512 file ({expected}…, is {actual}…): fetch both again")]
    Digest {
        /// The first digits the publisher gives.
        expected: String,
        /// The first digits of these bytes.
        actual: String,
    },
    /// The sidecar holds no digest.
    #[error("has a .sha512 file without a SHA-512 digest in it: fetch it again, or remove it")]
    Sidecar,
    /// The file could not be read.
    #[error("could not be read: {0}")]
    Unreadable(String),
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        let text = error.to_string();
        if text.starts_with("recursion limit exceeded") {
            return Self::TooDeep;
        }
        let why = text.split(" at line ").next().unwrap_or_default().to_owned();
        Self::NotJson { line: error.line(), column: error.column(), why }
    }
}
