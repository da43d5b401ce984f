//! Reports from the plant or the SOC: what was seen, where, with which effect, and what triage made of it.

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::refusal::{Code, Refusal, Verdict};
use super::text::{Line, Prose};
use super::time::Time;
use crate::{subject, words};

/// The prefix of reports.
pub const PREFIX: &str = "REP";

/// Within this many seconds somebody triages a report: half a shift.
const TRIAGE: i64 = 4 * 3_600;

/// When a report that came in at this instant must have been triaged.
pub const fn triage_by(submitted: Time) -> Time {
    submitted.plus_seconds(TRIAGE)
}

words! {
    /// The states of a report.
    pub enum State {
        /// It came in and nobody has judged it.
        Submitted = "submitted",
        /// Somebody judged it.
        Triaged = "triaged",
    }
}

words! {
    /// What triage made of a report.
    pub enum Outcome {
        /// Nothing: with a reason.
        Dismissed = "dismissed",
        /// It belongs to an incident.
        Incident = "incident",
        /// It belongs to a risk.
        Risk = "risk",
    }
}

impl Typed for Outcome {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

subject! {
    "report";
    /// Reports abnormal behaviour; open to every role.
    Submit => Submitted("report.submit" => "report.submitted") Report creates "REP" writes ["report", "posture_item"]
    { r#where: Place = "Site, and where in it: `RLF` or `RLF packaging line 2`.";
      what: Prose = "What was seen."; effect: Line = "Effect on the process."; ; }
    /// Judges a report: dismisses it with a reason, or links the incident or risk that it belongs to.
    Triage => Triaged("report.triage" => "report.triaged") Operate writes ["report", "posture_item"]
    { r#ref: Ref = "The report."; outcome: Outcome = "What it is."; ;
      reason: Line = "Why; compulsory when it is dismissed."; link: Ref = "The incident or risk; compulsory otherwise."; }
}

/// A place: a site's code, and words for where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The site.
    pub site: SiteCode,
    /// Where in the site, as said.
    pub place: Option<Line>,
}

impl serde::Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.place {
            None => serializer.collect_str(&self.site),
            Some(place) => serializer.collect_str(&format_args!("{} {place}", self.site)),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let (site, place) = text.split_once(' ').unwrap_or((&text, ""));
        let site = SiteCode::new(site).map_err(D::Error::custom)?;
        let place = match place.trim() {
            "" => None,
            words => Some(Line::new(words).map_err(D::Error::custom)?),
        };
        Ok(Self { site, place })
    }
}

impl super::field::Typed for Place {
    const TYPE: super::field::Type = super::field::Type::Line;
}

impl Triage {
    /// Whether the outcome says what it must: a reason, or a link, and not a link to what was dismissed.
    ///
    /// # Errors
    /// `missing` for an absent reason or link, `invalid` for a link beside a dismissal.
    pub fn whole(&self) -> Verdict {
        match (self.outcome, &self.reason, &self.link) {
            (Outcome::Dismissed, None, _) => Err(Refusal::new(
                Code::Missing,
                format!("{} is dismissed without a reason", self.r#ref),
                "say in `reason` why nothing is to be done",
            )),
            (Outcome::Dismissed, Some(_), Some(link)) => Err(Refusal::new(
                Code::Invalid,
                format!("{} is dismissed and linked to {link}", self.r#ref),
                "leave `link` out, or give the outcome incident or risk",
            )),
            (Outcome::Incident | Outcome::Risk, _, None) => Err(Refusal::new(
                Code::Missing,
                format!("{} has the outcome {} and no link", self.r#ref, self.outcome),
                "name it in `link`; declare or raise it first if it is new",
            )),
            (Outcome::Dismissed, Some(_), None)
            | (Outcome::Incident | Outcome::Risk, _, Some(_)) => Ok(()),
        }
    }
}

impl Kind {
    /// Reports are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Submitted(_) => Subject::New(PREFIX),
            Self::Triaged(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }

    /// The state this entry leads to from that one.
    ///
    /// # Errors
    /// `wrong-state` for a report that was triaged already.
    pub fn moves(&self, from: State) -> Result<State, Refusal> {
        match (self, from) {
            (Self::Submitted(_), any) => Ok(any),
            (Self::Triaged(_), State::Submitted) => Ok(State::Triaged),
            (Self::Triaged(_), State::Triaged) => Err(Refusal::new(
                Code::WrongState,
                "the report was triaged already",
                "see `smc show` for what was made of it; what came later is a report of its own",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triage(outcome: Outcome, reason: bool, link: bool) -> Option<Code> {
        let triage = Triage {
            r#ref: Ref::new("REP-1").unwrap(),
            outcome,
            reason: reason.then(|| Line::new("known").unwrap()),
            link: link.then(|| Ref::new("INC-1").unwrap()),
        };
        triage.whole().err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_dismissal_says_why_and_anything_else_says_what_it_belongs_to() {
        assert_eq!(triage(Outcome::Dismissed, false, false), Some(Code::Missing));
        assert_eq!(triage(Outcome::Dismissed, true, true), Some(Code::Invalid));
        assert_eq!(triage(Outcome::Incident, true, false), Some(Code::Missing));
        assert_eq!(triage(Outcome::Dismissed, true, false), None);
        assert_eq!(triage(Outcome::Risk, false, true), None);
    }
}
