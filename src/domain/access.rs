//! Access events: what the log of a jump host or a gate says of somebody's coming and going. Which window covered one is
//! concluded from the tables; one that none covered raises an alarm. Reading a log is not here.

mod held;
mod inside;

pub use held::{Because, Known, Proof, held};
pub use inside::{Inside, STAYS, Seen, inside};

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

subject! {
    "access";
    @importer
    /// Takes in one event of an access log; the log itself is kept with its import.
    Record => Recorded("access.record" => "access.recorded") Attend creates "AE" writes ["access_event"]
    { at: Time = "When it happened."; login: Line = "The login, as the log names it."; asset: Ref = "Where, `SITE/tag`.";
      action: Action = "What happened."; digest: Line = "SHA-256 of the event's own line, hexadecimal.";
      import: Ref = "The import that brought it."; line: Count = "Its line in the file."; ;
      vendor: Word = "The vendor, if the log names it."; source: Line = "Where it came from.";
      port: Count = "The port there, which tells one connection from another."; method: Line = "How the person proved who they are."; key: Line = "The fingerprint of the key.";
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
