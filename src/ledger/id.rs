//! The identity of an entry: a ULID, so that ids made later sort later, and one rule for ids that time makes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use super::hash::length_prefixed;
use crate::domain::time::Time;

/// A ULID, written as 26 characters of Crockford's base32 in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Ulid);

/// A text that is no ULID in its one form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a ULID: 26 characters of 0-9 and A-Z without I, L, O and U, the first at most 7"
)]
pub struct NotAnId(pub String);

impl Id {
    /// The id made at this time from this randomness, of which 80 bits are used.
    pub fn from_parts(at: Time, random: u128) -> Self {
        let millis = u64::try_from(at.micros().div_euclid(1000)).unwrap_or(0);
        Self(Ulid::from_parts(millis, random))
    }

    /// The id of these 128 bits.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Ulid::from_bytes(bytes))
    }
}

/// The id of an entry that time itself makes (lapsed, expired), the same on every console that sees it due:
/// the first 128 bits of `SHA-256(lp(kind) ‖ lp(subject) ‖ lp(due))`, where `due` is the deadline in
/// microseconds since 1970 as decimal text and `lp` puts a big-endian u32 length in bytes before a text.
pub fn automatic_id(kind: &str, subject: &str, due: Time) -> Id {
    let mut sha = Sha256::new();
    length_prefixed(&mut sha, kind);
    length_prefixed(&mut sha, subject);
    length_prefixed(&mut sha, &due.micros().to_string());
    let whole = <[u8; 32]>::from(sha.finalize());
    let mut first = [0; 16];
    first.copy_from_slice(&whole[..16]);
    Id::from_bytes(first)
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAnId(text.to_owned());
        let id = Self(Ulid::from_string(text).map_err(|_| refuse())?);
        // The decoder takes lower case and overlong values; one id has one form.
        if id.to_string() == text { Ok(id) } else { Err(refuse()) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.array_to_str(&mut [0; ulid::ULID_LEN]))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let text = "01KAMQ9R000000000000000001";
        assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        for wrong in ["", "01kamq9r000000000000000001", "81KAMQ9R000000000000000001", "01KAMQ9R0"] {
            assert!(wrong.parse::<Id>().is_err(), "{wrong}");
        }
        let whole = Id::from_bytes([0xff; 16]);
        assert_eq!(whole.to_string().parse::<Id>().unwrap(), whole);
    }

    #[test]
    fn an_id_made_later_sorts_later() {
        let early = Id::from_parts(Time::from_micros(1_000_000), u128::MAX);
        let late = Id::from_parts(Time::from_micros(1_001_000), 0);
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn an_automatic_id_is_the_same_everywhere_and_differs_by_every_part() {
        let due = Time::from_micros(1_795_356_000_000_000);
        let id = automatic_id("window.lapsed", "VW-7", due);
        assert_eq!(id, automatic_id("window.lapsed", "VW-7", due));
        assert_eq!(id.to_string(), "2JE5AK7WKQ3CNXSWFNQSAHJNB5");
        assert_ne!(id, automatic_id("window.lapsed", "VW-8", due));
        assert_ne!(id, automatic_id("window.lapsedV", "W-7", due));
        assert_ne!(id, automatic_id("window.lapsed", "VW-7", due.plus_seconds(1)));
    }
}
