//! The hash of an entry and the exact bytes that it covers. `migrations/postgres` holds the same in SQL.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::domain::time::Time;

/// A SHA-256 value, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// A text or a run of bytes that is no hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a hash: 64 hex digits in lower case, or 32 bytes")]
pub struct NotAHash(pub String);

impl Hash {
    /// What stands before the first entry.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 16 base32 characters (RFC 4648, 80 bits) by which people compare hashes on paper.
    pub fn code(&self) -> String {
        BASE32_NOPAD.encode(&self.0[..10])
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = NotAHash;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        let bytes = bytes.try_into().map_err(|_| NotAHash(HEXLOWER.encode(bytes)))?;
        Ok(Self(bytes))
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAHash(text.to_owned());
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| refuse())?;
        bytes.try_into().map(Self).map_err(|_| refuse())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Everything that the hash of an entry covers.
#[derive(Clone, Copy, Debug)]
pub struct Preimage<'a> {
    /// The store's ULID as text, so that an entry of one store is none of another.
    pub store_id: &'a str,
    /// The entry's place, from 1.
    pub seq: i64,
    /// The hash of the entry before.
    pub prev: Hash,
    /// Who wrote it.
    pub actor: &'a str,
    /// When it was written.
    pub at: Time,
    /// What happened.
    pub kind: &'a str,
    /// What it happened to.
    pub subject: &'a str,
    /// The exact bytes of the body; they enter as their own hash, so that a body can be taken out by a governed
    /// entry and the chain still holds.
    pub body: &'a [u8],
    /// The signature; empty if there is none. It enters as its own hash.
    pub sig: &'a [u8],
}

impl Preimage<'_> {
    /// SHA-256 of `"smc-entry-v1" ‖ lp(store_id) ‖ u64 seq ‖ prev ‖ lp(actor) ‖ i64 at in µs ‖ lp(kind) ‖
    /// lp(subject) ‖ SHA-256(body) ‖ SHA-256(sig)`: integers big-endian, `lp` a u32 length in bytes before them.
    pub fn hash(&self) -> Hash {
        let mut sha = Sha256::new();
        sha.update(b"smc-entry-v1");
        length_prefixed(&mut sha, self.store_id);
        sha.update(self.seq.to_be_bytes());
        sha.update(self.prev.0);
        length_prefixed(&mut sha, self.actor);
        sha.update(self.at.micros().to_be_bytes());
        length_prefixed(&mut sha, self.kind);
        length_prefixed(&mut sha, self.subject);
        sha.update(Sha256::digest(self.body));
        sha.update(Sha256::digest(self.sig));
        Hash(sha.finalize().into())
    }
}

/// A text of 4 GiB or more cannot come out of a store; its length saturates, and the hash still differs.
pub(super) fn length_prefixed(sha: &mut Sha256, text: &str) {
    sha.update(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    sha.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_what_it_wrote_and_nothing_else() {
        let hash = Hash::of(b"");
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash.to_string(), hex);
        assert_eq!(hex.parse::<Hash>().unwrap(), hash);
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{hex}\""));
        assert!(hex.to_uppercase().parse::<Hash>().is_err());
        assert!(hex[2..].parse::<Hash>().is_err());
        assert_eq!(Hash::try_from(hash.as_bytes()).unwrap(), hash);
        assert!(Hash::try_from(&hash.as_bytes()[1..]).is_err());
    }

    #[test]
    fn a_code_is_the_first_eighty_bits_in_base32() {
        assert_eq!(Hash::ZERO.code(), "AAAAAAAAAAAAAAAA");
        assert_eq!(Hash::of(b"").code(), "4OYMIQUY7QOBJGX3");
    }

    #[test]
    fn moving_a_byte_from_one_field_to_the_next_changes_the_hash() {
        let hash = |kind: &str, subject: &str| {
            let at = Time::from_micros(0);
            let (body, sig) = (&b""[..], &b""[..]);
            Preimage {
                store_id: "S",
                seq: 1,
                prev: Hash::ZERO,
                actor: "a",
                at,
                kind,
                subject,
                body,
                sig,
            }
            .hash()
        };
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }
}
