//! The organisation that people look at before they have a store of their own: five plants and a bad Tuesday.
//!
//! Its story spans 120 days before its present and is written through commands alone, each by the person whose work
//! it is, at the time it is told of. Its data stand as files in `demo/`. It holds no SQL, no screen, and no way around
//! a rule.

mod advisories;
mod fault;
pub mod fleet;
mod inventory;
mod make;
mod moment;
mod people;
mod routine;
mod seed;
mod size;
mod stage;
mod story;

pub use fault::Fault;
pub use make::{Made, make, make_anew, tell};
pub use size::Size;
pub use story::{Act, Deed, Step, story};

#[cfg(test)]
mod tests;
