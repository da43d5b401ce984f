//! The end of a ledger as people write it down: `SEQ:CODE`, on handover sheets and in every JSON answer.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Hash;

const CODE_BITS: usize = 80;

/// The place of an entry and the first 80 bits of its hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeadCode {
    /// The entry's place; 0 for the end of a ledger without entries.
    pub seq: i64,
    code: [u8; CODE_BITS / 8],
}

/// A text that is no head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a head: write it as SEQ:CODE, a number and 16 characters of A-Z and 2-7")]
pub struct NotAHeadCode(pub String);

/// The head of a ledger that ends, or passes, at this entry.
pub fn head_code(seq: i64, hash: &Hash) -> HeadCode {
    let mut code = [0; CODE_BITS / 8];
    for (to, from) in code.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    HeadCode { seq, code }
}

impl FromStr for HeadCode {
    type Err = NotAHeadCode;

    /// Lower case is taken too: people copy heads from paper.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (seq, code) = text.trim().split_once(':')?;
            let digits = !seq.is_empty() && seq.bytes().all(|digit| digit.is_ascii_digit());
            let seq = seq.parse().ok().filter(|_| digits)?;
            let code = BASE32_NOPAD.decode(code.to_ascii_uppercase().as_bytes()).ok()?;
            Some(Self { seq, code: code.try_into().ok()? })
        };
        parse().ok_or_else(|| NotAHeadCode(text.to_owned()))
    }
}

impl fmt::Display for HeadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, BASE32_NOPAD.encode(&self.code))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_what_it_wrote_and_what_people_copied() {
        let head = head_code(812, &Hash::of(b""));
        assert_eq!(head.to_string(), "812:4OYMIQUY7QOBJGX3");
        assert_eq!(head.to_string(), format!("812:{}", Hash::of(b"").code()));
        assert_eq!(head.to_string().parse::<HeadCode>().unwrap(), head);
        assert_eq!(" 812:4oymiquy7qobjgx3".parse::<HeadCode>().unwrap(), head);
        assert_ne!(head, head_code(812, &Hash::ZERO));
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
