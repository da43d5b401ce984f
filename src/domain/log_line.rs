//! The log: what a person writes down, at the store's time, never changed afterwards.

use super::command::Subject;
use super::names::{Ref, SiteCode};
use super::text::Prose;
use crate::subject;

/// The prefix of log lines.
pub const PREFIX: &str = "LL";

subject! {
    "log line";
    /// Adds a line to the site's log.
    Add => Added("log.add" => "log.added") Operate creates "LL" writes ["log_line"]
    { site: SiteCode = "The site."; text: Prose = "What to write down."; ;
      incident: Ref = "The incident it belongs to."; }
}

impl Kind {
    /// Log lines are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Added(_) => Subject::New(PREFIX),
        }
    }
}
