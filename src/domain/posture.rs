//! Posture: what is measured of every site, how an item stands, and how counts become a number. It reads nothing.
//!
//! docs/posture.md says the same in words, and is made from the same tables.

mod absent;
mod fall;
mod item;
mod measure;
mod number;
mod words;

pub use absent::{ABSENT, LEFT_OUT};
pub use fall::{Fall, Fell, falls, foremost};
pub use item::{AssetFacts, Rated, Standing, State, Turn, WITHIN, standing};
pub use measure::{Function, Measure};
pub use number::{Because, Count, Counts, Score, Tally, because, percent, score};
pub use words::{FORMULA, document};

/// What a function is to reach, in percent.
pub const TARGET: i64 = 95;

/// The site of an item that belongs to every site: a vendor's person, a role held everywhere.
pub const EVERYWHERE: &str = "*";
