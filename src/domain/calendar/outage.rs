//! Outages: a time in which assets of a site, or all of it, stand still, so that work may stop them.

use crate::domain::command::Subject;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::{subject, words};

/// The prefix of outages.
pub const PREFIX: &str = "OUT";

words! {
    /// The states of an outage.
    pub enum State {
        /// It will be, is, or was.
        Planned = "planned",
        /// Taken back before it was over.
        Cancelled = "cancelled",
    }
}

subject! {
    "outage";
    /// Plans an outage: a time in which work may stop assets of a site, or all of it.
    Plan => Planned("outage.plan" => "outage.planned") Calendar creates "OUT" writes ["calendar", "calendar_asset"]
    { site: SiteCode = "The site."; title: Line = "What it is for."; start: Time = "When it begins.";
      end: Time = "When it ends."; ;
      assets: Vec<Ref> = "The assets that stand still, `SITE/tag`; the whole site unless given."; }
    /// Moves an outage; what is planned into it is held against its new time.
    Move => Moved("outage.move" => "outage.moved") Calendar writes ["calendar"]
    { r#ref: Ref = "The outage."; start: Time = "When it begins."; end: Time = "When it ends."; reason: Line = "Why."; ; }
    /// Takes an outage back; what is planned into it stands without one.
    Cancel => Cancelled("outage.cancel" => "outage.cancelled") Calendar writes ["calendar"]
    { r#ref: Ref = "The outage."; reason: Line = "Why."; ; }
}

impl Kind {
    /// Outages are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Planned(_) => Subject::New(PREFIX),
            Self::Moved(payload) => Subject::Is(payload.r#ref.clone()),
            Self::Cancelled(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}
