//! Blackouts: a time, such as a production campaign, in which nothing may be changed at a site or on some of its assets.

use crate::domain::command::Subject;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::{subject, words};

/// The prefix of blackouts.
pub const PREFIX: &str = "BLK";

words! {
    /// The states of a blackout.
    pub enum State {
        /// It will be, is, or was.
        Declared = "declared",
        /// Ended before its time.
        Ended = "ended",
    }
}

subject! {
    "blackout";
    /// Declares a blackout: a time in which nothing is to be changed at a site, or on some of its assets.
    Declare => Declared("blackout.declare" => "blackout.declared") Calendar creates "BLK"
    writes ["calendar", "calendar_asset"]
    { site: SiteCode = "The site."; title: Line = "What it is for."; start: Time = "When it begins.";
      end: Time = "When it ends."; ;
      assets: Vec<Ref> = "The assets that are left alone, `SITE/tag`; the whole site unless given."; }
    /// Ends a blackout before its time, or takes it back.
    End => WasEnded("blackout.end" => "blackout.ended") Calendar writes ["calendar"]
    { r#ref: Ref = "The blackout."; reason: Line = "Why."; ; }
}

impl Kind {
    /// Blackouts are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Declared(_) => Subject::New(PREFIX),
            Self::WasEnded(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}
