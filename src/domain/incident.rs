//! Incidents, at first only their declaration, and the freeze of their sites: sites, severity, whether it is an exercise.

use super::command::Subject;
use super::discipline::Discipline;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::refusal::{Code, Refusal, Verdict};
use super::role::Holder;
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

words! {
    /// Whether the sites of an incident are frozen.
    pub enum Freezing {
        /// Nothing starts and nothing opens.
        Stands = "stands",
        /// Work may go on.
        Lifted = "lifted",
    }
}

impl Freezing {
    /// What an entry makes of a freeze that stands, was lifted, or never was.
    ///
    /// # Errors
    /// `wrong-state` for a freeze that stands already, or does not stand.
    pub fn after(on: &Ref, now: Option<Self>, freezes: bool) -> Result<Self, Refusal> {
        match (now, freezes) {
            (Some(Self::Lifted) | None, true) => Ok(Self::Stands),
            (Some(Self::Stands), false) => Ok(Self::Lifted),
            (Some(Self::Stands), true) => Err(Refusal::new(
                Code::WrongState,
                format!("the sites of {on} are frozen already"),
                "lift it with `smc do incident.unfreeze`",
            )),
            (Some(Self::Lifted) | None, false) => Err(Refusal::new(
                Code::WrongState,
                format!("the sites of {on} are not frozen"),
                "freeze them with `smc do incident.freeze`",
            )),
        }
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
    /// Freezes the sites of an incident: no change starts and no window opens there; what goes on goes on.
    Freeze => Frozen("incident.freeze" => "incident.frozen") Attend writes ["site_freeze", "incident"]
    { r#ref: Ref = "The incident."; reason: Line = "Why."; ; }
    /// Exempts one change or window from the freeze; somebody else, of operations, may begin it then.
    Exempt => Exempted("incident.exempt" => "incident.exempted") Exempt writes ["exemption", "incident"]
    { r#ref: Ref = "The incident."; subject: Ref = "The change or the window, at a site that is frozen.";
      reason: Line = "Why it cannot wait."; ; }
    /// Lifts the freeze of an incident.
    Unfreeze => Unfrozen("incident.unfreeze" => "incident.unfrozen") Unfreeze writes ["site_freeze", "incident"]
    { r#ref: Ref = "The incident."; reason: Line = "Why work may go on."; ; }
}

/// Whether somebody may begin what the commander exempted from a freeze: it takes a second person, of operations.
///
/// # Errors
/// `four-eyes` for whoever exempted it, `wrong-discipline` for whoever does not hold operations.
pub fn may_begin(who: &Holder, exempted_by: &str) -> Verdict {
    if who.login.as_str() == exempted_by {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} exempted it from the freeze", who.login),
            "somebody else, of operations, begins it",
        ));
    }
    if who.holds(Discipline::Operations) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongDiscipline,
        format!("the site is frozen; {exempted_by} exempted this for operations to begin"),
        "somebody who holds operations begins it",
    ))
}

impl Kind {
    /// Incidents are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Declared(_) => Subject::New(PREFIX),
            Self::Frozen(payload) => Subject::Is(payload.r#ref.clone()),
            Self::Exempted(payload) => Subject::Is(payload.r#ref.clone()),
            Self::Unfrozen(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}
