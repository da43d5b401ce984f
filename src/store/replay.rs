//! Proof that the tables follow from the ledger: verification, repair, and the store as it once stood.
//!
//! `chain` checks entries, `walk` reads them, `play` runs them through the rules into a `scratch` store,
//! `compare` holds tables against tables. It decides nothing: `admit` and `project` do.

mod alike;
mod as_of;
mod cache;
mod cells;
mod chain;
mod compare;
mod fabric;
mod fragment;
mod gather;
mod play;
mod progress;
mod refill;
mod repair;
mod report;
mod scratch;
mod verify;
mod walk;

pub use as_of::{At, Moment, NoMoment, Past, as_of, as_of_apart, cache_of_user};
pub(in crate::store) use fragment::Fragment;
pub use progress::{Progress, Step};
pub use repair::{Repaired, rebuild, repair};
pub use report::{Fault, NAMED, Named, Place, Report, Signatures, Violation};
pub use verify::{check_chain, verify};
