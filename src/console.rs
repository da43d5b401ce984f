//! The terminal program: screens, overlays, keys, themes. It reads through the Reader and writes through the Desk.
//!
//! It follows The Elm Architecture: `app` is the only mutable state, `update` does no input or output,
//! `view` only reads, and `runtime` turns happenings into messages and effects into jobs.

pub mod ctx;
pub mod data;
pub mod keys;
pub mod overlays;
pub mod screens;
pub mod term;
pub mod theme;
pub mod widgets;
