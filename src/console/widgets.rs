//! The parts that screens are built of. They take only [`SafeText`](crate::safe_text::SafeText) and read only.

pub mod bars;
pub mod cell;
pub mod doc;
pub mod layout;
pub mod list;
pub mod paint;
pub mod strip;
pub mod table;
pub mod tiles;
