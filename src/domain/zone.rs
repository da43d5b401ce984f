//! Zones: groups of assets with one security level (IEC 62443-3-2). Conduits are not here yet.

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode, Word};
use super::text::Line;
use crate::{subject, words};

words! {
    /// A level of the Purdue reference model.
    pub enum Purdue {
        /// The process.
        L0 = "0",
        /// Basic control.
        L1 = "1",
        /// Supervisory control.
        L2 = "2",
        /// Site operations.
        L3 = "3",
        /// The industrial demilitarised zone.
        L35 = "3.5",
        /// Site business network.
        L4 = "4",
        /// Enterprise network.
        L5 = "5",
    }
}

impl Typed for Purdue {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

/// A security level vector entry, 0 to 4 (IEC 62443-3-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct SecurityLevel(i64);

impl SecurityLevel {
    /// The level as a number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for SecurityLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let level = i64::deserialize(deserializer)?;
        if (0..=4).contains(&level) {
            Ok(Self(level))
        } else {
            Err(serde::de::Error::custom(format!(
                "security level {level} does not exist: give 0 to 4"
            )))
        }
    }
}

impl Typed for SecurityLevel {
    const TYPE: Type = Type::Integer { least: 0, most: 4 };
}

subject! {
    "zone";
    /// Registers a zone of a site.
    Register => Registered("zone.register" => "zone.registered") Operate writes ["zone", "posture_item"]
    { zone: Word = "The zone's code within the site."; site: SiteCode = "The site.";
      name: Line = "The zone's name."; purdue: Purdue = "Purdue level."; ;
      sl_target: SecurityLevel = "Target security level SL-T."; sl_achieved: SecurityLevel = "Achieved security level SL-A."; }
}

impl Kind {
    /// A zone is called `SITE:zone`.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Registered(register) => Subject::Is(Ref::zone(&register.site, &register.zone)),
        }
    }
}
