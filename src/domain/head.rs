//! The end of a ledger as people write it down: `SEQ:CODE`, on handover sheets, in commands and in every JSON answer.
//! How an entry is hashed is not said here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::{Type, Typed};

/// The base32 alphabet (RFC 4648, section 6).
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Characters of a code: 80 bits, five in each.
const LENGTH: usize = 16;

/// The place of an entry and the first 80 bits of its hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeadCode {
    /// The entry's place; 0 for the end of a ledger without entries.
    pub seq: i64,
    bits: u128,
}

/// A text that is no head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a head: write it as SEQ:CODE, a number and 16 characters of A-Z and 2-7")]
pub struct NotAHeadCode(pub String);

impl HeadCode {
    /// The head at this place whose hash begins with these bytes.
    pub fn new(seq: i64, bytes: [u8; 10]) -> Self {
        let bits = bytes.iter().fold(0, |bits, byte| (bits << 8) | u128::from(*byte));
        Self { seq, bits }
    }
}

impl FromStr for HeadCode {
    type Err = NotAHeadCode;

    /// Lower case is taken too: people copy heads from paper.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (seq, code) = text.trim().split_once(':')?;
            let digits = !seq.is_empty() && seq.bytes().all(|digit| digit.is_ascii_digit());
            let seq = seq.parse().ok().filter(|_| digits && code.len() == LENGTH)?;
            let bits = code.bytes().try_fold(0, |bits: u128, char| {
                let char = char.to_ascii_uppercase();
                let value = ALPHABET.iter().position(|known| *known == char)?;
                Some((bits << 5) | u128::try_from(value).ok()?)
            })?;
            Some(Self { seq, bits })
        };
        parse().ok_or_else(|| NotAHeadCode(text.to_owned()))
    }
}

impl fmt::Display for HeadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        for place in (0..LENGTH).rev() {
            let value = usize::try_from((self.bits >> (5 * place)) & 31).unwrap_or_default();
            let char = ALPHABET.get(value).copied().unwrap_or_default();
            write!(f, "{}", char::from(char))?;
        }
        Ok(())
    }
}

impl fmt::Debug for HeadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeadCode({self})")
    }
}

impl Serialize for HeadCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HeadCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Typed for HeadCode {
    const TYPE: Type = Type::Line;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_what_it_wrote_and_what_people_copied() {
        let head: HeadCode = "812:4OYMIQUY7QOBJGX3".parse().unwrap();
        assert_eq!(head.to_string(), "812:4OYMIQUY7QOBJGX3");
        assert_eq!(" 812:4oymiquy7qobjgx3".parse::<HeadCode>().unwrap(), head);
        assert_ne!(head, HeadCode::new(812, [0; 10]));
        assert_eq!(HeadCode::new(0, [0xff; 10]).to_string(), "0:7777777777777777");
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let code = "4OYMIQUY7QOBJGX3";
        for wrong in
            ["", "812", ":", &format!(":{code}"), &format!("+1:{code}"), "812:4OYM", "-1:A"]
        {
            assert!(wrong.parse::<HeadCode>().is_err(), "{wrong}");
        }
        assert!(format!("1:{code}A").parse::<HeadCode>().is_err());
        assert!(format!("1:{}", code.replace('4', "1")).parse::<HeadCode>().is_err());
    }
}
