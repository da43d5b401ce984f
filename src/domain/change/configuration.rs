//! What the configuration of an asset was before a change and is after it: where it is kept, and the sum of its bytes
//! (NERC CIP-010 R1.1 to R1.4). The bytes themselves are not kept here.

use crate::domain::field::{Type, Typed};
use crate::domain::refusal::{Code, Refusal, Verdict};

/// The SHA-256 of a file, 64 hexadecimal digits in lower case.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Sum(String);

impl Sum {
    /// Takes a sum as `sha256sum` prints it.
    pub fn new(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 64 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Sum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{text:?} is not a SHA-256: give the 64 digits that `sha256sum FILE` prints"
            ))
        })
    }
}

impl Typed for Sum {
    const TYPE: Type = Type::Word;
}

/// A configuration: where it is kept, and its sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Configuration<'a> {
    /// Where it is kept.
    pub place: Option<&'a str>,
    /// The sum of its bytes.
    pub sum: Option<&'a str>,
}

/// Whether what was kept before is told again after the work, which is asked for before it is verified.
///
/// # Errors
/// `missing` if it is not.
pub fn told_again(on: &str, before: Configuration<'_>, after: Configuration<'_>) -> Verdict {
    let missing = |what: &str, field: &str| {
        Err(Refusal::new(
            Code::Missing,
            format!(
                "{on} began with the {what} of the configuration and does not say what it is now"
            ),
            format!("give `{field}` with this verification"),
        ))
    };
    if before.place.is_some() && after.place.is_none() {
        return missing("place", "after");
    }
    if before.sum.is_some() && after.sum.is_none() {
        return missing("sum", "after_sum");
    }
    Ok(())
}

/// What the two sums say in words; nothing while one of them is not known.
pub fn compared(before: Configuration<'_>, after: Configuration<'_>) -> Option<&'static str> {
    let (before, after) = before.sum.zip(after.sum)?;
    Some(if before == after {
        "the sums are equal: nothing was changed"
    } else {
        "the sums differ, as a change makes them"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_what_sha256sum_prints() {
        assert!(Sum::new(&"0a".repeat(32)).is_some());
        for wrong in ["", "0a", &"0A".repeat(32), &"0g".repeat(32), &"0a".repeat(33)] {
            assert!(Sum::new(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_was_kept_before_is_told_again_after() {
        let of = |place, sum| Configuration { place, sum };
        let none = Configuration::default();
        assert!(told_again("CR-1", none, none).is_ok());
        assert!(told_again("CR-1", none, of(Some("vault"), Some("a"))).is_ok());
        assert!(told_again("CR-1", of(Some("vault"), None), of(Some("vault"), None)).is_ok());
        let missing = told_again("CR-1", of(Some("vault"), Some("a")), of(Some("vault"), None));
        assert!(missing.unwrap_err().fix.contains("after_sum"));
        assert_eq!(compared(of(None, Some("a")), none), None);
        assert!(compared(of(None, Some("a")), of(None, Some("a"))).unwrap().contains("nothing"));
    }
}
