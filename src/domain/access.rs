//! Access events: what the log of a jump host or a gate says of somebody's coming and going. Which window covered one is
//! concluded from the tables; one that none covered raises an alarm. Reading a log is not here.

mod held;

pub use held::{Because, Known, held};

use super::command::Subject;
use super::field::{Type, Typed};
use super::import::Count;
use super::names::{Ref, Word};
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

/// The prefix of access events.
pub const PREFIX: &str = "AE";

words! {
    /// What happened.
    pub enum Action {
        /// Somebody was let in.
        Accepted = "accepted",
        /// A session began.
        Opened = "opened",
        /// A session ended.
        Closed = "closed",
    }
}

impl Typed for Action {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Action {
    /// Whether somebody came in by it.
    pub const fn enters(self) -> bool {
        match self {
            Self::Accepted | Self::Opened => true,
            Self::Closed => false,
        }
    }
}

words! {
    /// What an event is against windows.
    pub enum State {
        /// A window of the person was open.
        Covered = "covered",
        /// A window was open, past its end.
        Overrun = "overrun",
        /// Somebody known here whom nobody allowed; why it counts as that stands beside it.
        Outside = "outside",
        /// Somebody of this store's own people who had not left.
        Staff = "staff",
        /// A login that nobody here knows.
        Stranger = "stranger",
    }
}

impl State {
    /// Whether somebody must be told of an entry in this state.
    pub const fn calls(self) -> bool {
        match self {
            Self::Outside | Self::Stranger => true,
            Self::Covered | Self::Overrun | Self::Staff => false,
        }
    }
}

/// Seconds for which somebody counts as inside whom a log let in and no log let out: who stays longer than a week is in no
/// session of an access log.
pub const STAYS: i64 = 7 * 86_400;

/// One event of a log, as far as it tells who is inside.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Who.
    pub login: &'a str,
    /// Where.
    pub asset: &'a str,
    /// What tells the session apart, if the log says.
    pub session: Option<&'a str>,
    /// What happened.
    pub action: Action,
}

/// Which of these events, the earliest first, began a session that none after it ended. An end that names no session ends
/// the earliest of the same person there.
pub fn inside(seen: &[Seen<'_>]) -> Vec<usize> {
    let mut open: Vec<(usize, Seen<'_>)> = Vec::new();
    for (at, one) in seen.iter().enumerate() {
        let same = |(_, began): &(usize, Seen<'_>)| {
            let session = began.session.zip(one.session).is_none_or(|(a, b)| a == b);
            (began.login, began.asset) == (one.login, one.asset) && session
        };
        match one.action {
            Action::Accepted => {}
            Action::Opened => open.push((at, *one)),
            Action::Closed => {
                if let Some(ended) = open.iter().position(same) {
                    open.remove(ended);
                }
            }
        }
    }
    open.into_iter().map(|(at, _)| at).collect()
}

subject! {
    "access";
    @importer
    /// Takes in one event of an access log; the log itself is kept with its import.
    Record => Recorded("access.record" => "access.recorded") Attend creates "AE" writes ["access_event"]
    { at: Time = "When it happened."; login: Line = "The login, as the log names it."; asset: Ref = "Where, `SITE/tag`.";
      action: Action = "What happened."; digest: Line = "SHA-256 of the event's own line, hexadecimal.";
      import: Ref = "The import that brought it."; line: Count = "Its line in the file."; ;
      vendor: Word = "The vendor, if the log names it."; source: Line = "Where it came from.";
      method: Line = "How the person proved who they are."; key: Line = "The fingerprint of the key.";
      session: Line = "What tells the session apart in the log."; }
}

impl Kind {
    /// Access events are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Recorded(_) => Subject::New(PREFIX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_a_log_let_in_is_inside_until_a_log_lets_them_out() {
        let event = |login, session, action| Seen { login, asset: "RLF/JMP-1", session, action };
        let (opened, closed) = (Action::Opened, Action::Closed);
        let log = [
            event("kenji", Some("41"), Action::Accepted),
            event("kenji", Some("41"), opened),
            event("kenji", Some("42"), opened),
            event("mia", None, opened),
            event("kenji", Some("41"), closed),
            event("mia", Some("7"), closed),
            event("kenji", Some("9"), closed),
        ];
        assert_eq!(inside(&log), [2], "only what a log closed by its own name has ended");
        assert_eq!(inside(log.get(..3).unwrap()), [1, 2]);
    }
}
