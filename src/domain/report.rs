//! Reports from the plant or the SOC: what was seen, where, with which effect. Triage is not here yet.

use super::command::Subject;
use super::names::SiteCode;
use super::text::{Line, Prose};
use crate::subject;

/// The prefix of reports.
pub const PREFIX: &str = "REP";

subject! {
    "report";
    /// Reports abnormal behaviour; open to every role.
    Submit => Submitted("report.submit" => "report.submitted") Report creates "REP" writes ["report"]
    { r#where: Place = "Site, and where in it: `RLF` or `RLF packaging line 2`.";
      what: Prose = "What was seen."; effect: Line = "Effect on the process."; ; }
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

impl Kind {
    /// Reports are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Submitted(_) => Subject::New(PREFIX),
        }
    }
}
