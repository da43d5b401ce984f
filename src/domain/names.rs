//! The names by which subjects are called: site codes, logins, references. Each is ASCII and checked once.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::head::HeadCode;

/// Why a name was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// A site code of another shape.
    #[error("{0:?} is not a site code: use two or three of A-Z and 0-9, as in RLF")]
    Site(String),
    /// A login of another shape.
    #[error("{0:?} is not a login: use 1 to 63 of a-z 0-9 . _ - and begin with a letter or _")]
    Login(String),
    /// A tag of another shape.
    #[error("{0:?} is not a tag: use 1 to 64 printable ASCII characters without space and '/'")]
    Tag(String),
    /// A word of another shape.
    #[error("{0:?} is not a word: use 1 to 64 of a-z A-Z 0-9 . _ -")]
    Word(String),
    /// A reference of another shape.
    #[error("{0:?} is not a reference: use 1 to 128 printable ASCII characters without space")]
    Ref(String),
}

fn is_site(text: &str) -> bool {
    (2..=3).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn is_login(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_')
        && text.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-')
        })
}

fn is_tag(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'/')
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn is_ref(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The order of references that are numbered: R-2 before R-10, and `decide:CR-2` before `decide:CR-10`.
pub fn in_order(a: &str, b: &str) -> Ordering {
    fn key(text: &str) -> (usize, &str, &str) {
        let subject = text.rsplit(':').next().unwrap_or(text);
        (subject.len(), subject, text)
    }
    key(a).cmp(&key(b))
}

macro_rules! name {
    ($(#[$doc:meta])* $t:ident, $check:ident, $fault:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $t(String);

        impl $t {
            /// Takes the text if it has the shape of this name.
            pub fn new(text: &str) -> Result<Self, NotAName> {
                if $check(text) { Ok(Self(text.to_owned())) } else { Err(NotAName::$fault(text.to_owned())) }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

name!(
    /// A site's code: two or three of A-Z and 0-9.
    SiteCode, is_site, Site
);
name!(
    /// A person's login: the operating system's name on SQLite, the role's name on PostgreSQL.
    Login, is_login, Login
);
name!(
    /// An asset's tag within its site.
    Tag, is_tag, Tag
);
name!(
    /// A short code: a vendor, a zone, an activity.
    Word, is_word, Word
);
name!(
    /// A reference to any subject: `CR-12`, `RLF/PLC-7`, `RLF`, a login, an advisory's tracking id.
    Ref, is_ref, Ref
);

impl From<&SiteCode> for Ref {
    fn from(site: &SiteCode) -> Self {
        Self(site.0.clone())
    }
}

impl From<&Login> for Ref {
    fn from(login: &Login) -> Self {
        Self(login.0.clone())
    }
}

impl From<&HeadCode> for Ref {
    fn from(head: &HeadCode) -> Self {
        Self(head.to_string())
    }
}

impl From<&Ref> for Ref {
    fn from(reference: &Ref) -> Self {
        reference.clone()
    }
}

impl From<&Word> for Ref {
    fn from(word: &Word) -> Self {
        Self(word.0.clone())
    }
}

impl Ref {
    /// The reference of the store itself.
    pub fn store() -> Self {
        Self("store".to_owned())
    }

    /// The reference of an asset: `SITE/tag`.
    pub fn asset(site: &SiteCode, tag: &Tag) -> Self {
        Self(format!("{site}/{tag}"))
    }

    /// The reference of a zone: `SITE:zone`.
    pub fn zone(site: &SiteCode, zone: &Word) -> Self {
        Self(format!("{site}:{zone}"))
    }

    /// The reference of a RACI row: the activity, with the site behind `@` for an override.
    pub fn raci(activity: &str, site: Option<&SiteCode>) -> Self {
        Self(site.map_or_else(|| activity.to_owned(), |site| format!("{activity}@{site}")))
    }

    /// The reference of a numbered subject: `CR-12`.
    pub fn numbered(prefix: &str, number: i64) -> Self {
        Self(format!("{prefix}-{number}"))
    }

    /// Prefix and number of a numbered subject, if this is one written the canonical way.
    pub fn number(&self) -> Option<(&str, i64)> {
        let (prefix, number) = self.0.rsplit_once('-')?;
        let value: i64 = number.parse().ok()?;
        (value > 0 && value.to_string() == number).then_some((prefix, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_comes_before_ten_whatever_stands_before_the_number() {
        assert_eq!(in_order("R-2", "R-10"), Ordering::Less);
        assert_eq!(in_order("verify:CR-2", "decide:CR-10"), Ordering::Less);
        assert_eq!(in_order("decide:CR-2", "verify:CR-2"), Ordering::Less);
    }

    #[test]
    fn names_hold_their_shapes() {
        assert!(SiteCode::new("RLF").is_ok() && SiteCode::new("R2").is_ok());
        assert!(SiteCode::new("rlf").is_err() && SiteCode::new("ROTT").is_err());
        assert!(
            Login::new("alice").is_ok() && Login::new("Alice").is_err() && Login::new("").is_err()
        );
        assert!(Tag::new("PLC 7").is_err() && Tag::new("A/B").is_err() && Tag::new("A-1").is_ok());
        assert!(Ref::new("CR-1\u{202e}").is_err());
    }

    #[test]
    fn only_canonical_numbers_count_as_numbered() {
        assert_eq!(Ref::new("CR-12").unwrap().number(), Some(("CR", 12)));
        assert_eq!(Ref::new("CR-012").unwrap().number(), None);
        assert_eq!(Ref::new("CR-0").unwrap().number(), None);
        assert_eq!(Ref::new("ICSA-21-210-02").unwrap().number(), None);
    }
}
