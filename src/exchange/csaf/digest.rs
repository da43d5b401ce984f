//! Digests: our own name of a document's bytes, and the publisher's `.sha512` beside it.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256, Sha512};

use super::Fault;

/// SHA-256 of a document in hexadecimal: what tells one revision from another.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Compares a document with the text of its `.sha512` file ("digest  file name").
pub fn check_sidecar(bytes: &[u8], sidecar: &str) -> Result<(), Fault> {
    let stated =
        sidecar.trim_start_matches('\u{feff}').split_whitespace().next().unwrap_or_default();
    let stated = stated.trim_start_matches('\\').to_ascii_lowercase();
    if stated.len() != 128 || !stated.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Fault::Sidecar);
    }
    let actual = HEXLOWER.encode(&Sha512::digest(bytes));
    if actual == stated {
        return Ok(());
    }
    let first = |digest: &str| digest.chars().take(12).collect();
    Err(Fault::Digest { expected: first(&stated), actual: first(&actual) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_document_differs_from_its_sidecar() {
        let sidecar = format!("{}  a.json\n", HEXLOWER.encode(&Sha512::digest(b"{}")));
        assert_eq!(check_sidecar(b"{}", &sidecar), Ok(()));
        assert_eq!(check_sidecar(b"{}", &sidecar.to_uppercase()), Ok(()));
        assert!(matches!(check_sidecar(b"{ }", &sidecar), Err(Fault::Digest { .. })));
        assert_eq!(check_sidecar(b"{}", ""), Err(Fault::Sidecar));
    }
}
