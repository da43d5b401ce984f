//! Duties: who is on call for a discipline at a site, from when to when.

use super::command::Subject;
use super::discipline::Discipline;
use super::names::{Login, Ref, SiteCode};
use super::text::Line;
use super::time::Time;
use crate::subject;

subject! {
    "duty";
    /// Puts a person on call for a discipline at a site.
    Set => Was("duty.set" => "duty.set") Admin writes ["duty"]
    { login: Login = "The person."; discipline: Discipline = "The discipline, which the person must hold.";
      site: SiteCode = "The site."; from: Time = "From when."; until: Time = "Until when."; ; }
    /// Ends a duty that goes on, at once, or takes back one that is to come.
    End => Ended("duty.end" => "duty.ended") Admin writes ["duty"]
    { login: Login = "The person."; discipline: Discipline = "The discipline."; site: SiteCode = "The site.";
      reason: Line = "Why."; ;
      from: Time = "Only for a duty that has not begun: when it would begin. Empty ends the one that goes on."; }
}

impl Kind {
    /// A duty belongs to its person.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Was(set) => Subject::Is(Ref::from(&set.login)),
            Self::Ended(ended) => Subject::Is(Ref::from(&ended.login)),
        }
    }
}
