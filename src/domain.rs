//! Subjects, their states, rules, clocks and scores, as plain types and pure functions.
//!
//! This room knows no clock, no database and no screen: whoever calls gives it the time and the facts.

pub mod advisory;
pub mod time;
pub mod time_input;
