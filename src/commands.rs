//! The only way in: command, rules, entries, tables, in one transaction. It holds no SQL text and no screen.

mod analysis;
mod bulk;
mod consequence;
mod decided;
mod desk;
mod fleets;
mod reading;
mod receipt;
mod tick;

pub use crate::ledger::Id as EntryId;
pub use bulk::{event_id, step_id};
pub use decided::{asks, decision};
pub use desk::{Desk, Document, Submission, origin};
pub use reading::{Unread, read};
pub use receipt::Receipt;
