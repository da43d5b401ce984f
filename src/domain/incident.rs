//! Incidents, at first only their declaration: sites, severity, whether it is an exercise.

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::SiteCode;
use super::text::{Line, Prose};
use crate::{subject, words};

/// The prefix of incidents.
pub const PREFIX: &str = "INC";

words! {
    /// The states an incident passes through.
    pub enum State {
        /// Declared, with a severity.
        Declared = "declared",
    }
}

/// Severity 1 (most severe) to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Severity(i64);

impl Severity {
    /// The severity as a number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for Severity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let severity = i64::deserialize(deserializer)?;
        if (1..=4).contains(&severity) {
            Ok(Self(severity))
        } else {
            Err(serde::de::Error::custom(format!(
                "severity {severity} does not exist: give 1 to 4"
            )))
        }
    }
}

impl Typed for Severity {
    const TYPE: Type = Type::Integer { least: 1, most: 4 };
}

subject! {
    "incident";
    /// Declares an incident.
    Declare => Declared("incident.declare" => "incident.declared") Operate creates "INC" writes ["incident", "incident_site"]
    { sites: Vec<SiteCode> = "The sites it touches, the first leading."; title: Line = "What it is.";
      severity: Severity = "1 is the most severe."; ;
      exercise: bool = "Whether it is an exercise."; summary: Prose = "What is known."; }
}

impl Kind {
    /// Incidents are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Declared(_) => Subject::New(PREFIX),
        }
    }
}
