//! Sites: plants and facilities, each with its own time zone.

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::text::Line;
use crate::{subject, words};

/// An IANA time zone, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl Typed for Zone {
    const TYPE: Type = Type::Zone;
}

impl serde::Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> serde::Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

/// A name that is no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone: use an IANA name such as Europe/Amsterdam or UTC")]
pub struct NotAZone(pub String);

impl Zone {
    /// The zone with this IANA name.
    pub fn parse(name: &str) -> Result<Self, NotAZone> {
        name.parse().map(Self).map_err(|_| NotAZone(name.to_owned()))
    }

    /// The zone's IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

words! {
    /// NERC CIP-002 impact rating of a site's systems.
    pub enum NercImpact {
        /// High impact.
        High = "high",
        /// Medium impact.
        Medium = "medium",
        /// Low impact.
        Low = "low",
        /// Not in scope.
        None = "none",
    }
}

impl Typed for NercImpact {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

/// NCA OTCC facility level, 1 (most critical) to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct OtccLevel(i64);

impl OtccLevel {
    /// The level as a number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for OtccLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let level = i64::deserialize(deserializer)?;
        if (1..=3).contains(&level) {
            Ok(Self(level))
        } else {
            Err(serde::de::Error::custom(format!(
                "OTCC level {level} does not exist: give 1, 2 or 3"
            )))
        }
    }
}

impl Typed for OtccLevel {
    const TYPE: Type = Type::Integer { least: 1, most: 3 };
}

subject! {
    "site";
    /// Registers a site.
    Register => Registered("site.register" => "site.registered") Manage writes ["site"]
    { site: SiteCode = "Two or three of A-Z and 0-9."; name: Line = "The site's name.";
      timezone: Zone = "IANA time zone, as Europe/Amsterdam."; ;
      sector: Line = "Sector, as energy."; frameworks: Vec<Line> = "Frameworks that apply.";
      nerc_impact: NercImpact = "NERC CIP-002 impact rating."; otcc_level: OtccLevel = "NCA OTCC facility level."; }
    /// Says what a site asks for: of changes their number in the plant's own change system, of vendors' windows what remote access needs.
    Require => Required("site.require" => "site.required") Manage writes ["site"]
    { site: SiteCode = "The site."; external_ref: bool = "Whether the number is compulsory."; reason: Line = "Why."; ;
      remote_access: bool = "Whether a window says its second factor, its recording and the risk that it was weighed as; as it stood unless given."; }
}

impl Kind {
    /// A site is called by its code.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Registered(register) => Subject::Is(Ref::from(&register.site)),
            Self::Required(require) => Subject::Is(Ref::from(&require.site)),
        }
    }
}
