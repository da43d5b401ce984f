//! The organisation that people look at before they have a store of their own: five plants and a bad Tuesday.
//!
//! It writes through commands alone, each by the person whose work it is, so its history begins when it is made.
//! Its data stand as files in `demo/`. It holds no SQL, no screen, and no way around a rule.

mod fault;
mod inventory;
mod make;
mod moment;
mod people;
mod seed;
mod size;
mod story;

pub use fault::Fault;
pub use make::{Made, make};
pub use size::Size;
pub use story::{Act, Step, story};

#[cfg(test)]
mod tests;
