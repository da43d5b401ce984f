//! Subjects, their states, rules, clocks and scores, as plain types and pure functions.
//!
//! This room knows no clock, no database and no screen: whoever calls gives it the time and the facts.

pub mod acceptance;
pub mod access;
pub mod advisories;
pub mod advisory;
pub mod alarm;
pub mod approval;
pub mod asset;
pub mod attention;
pub mod calendar;
pub mod change;
pub mod command;
pub mod discipline;
pub mod duty;
pub mod extension;
pub mod field;
pub mod filter;
pub mod founding;
pub mod head;
pub mod import;
pub mod incident;
pub mod log_line;
pub mod matching;
pub mod names;
pub mod person;
pub mod posture;
pub mod raci;
pub mod refusal;
pub mod report;
pub mod restore;
pub mod risk;
pub mod role;
pub mod rule;
pub mod session;
pub mod site;
pub mod task;
pub mod text;
pub mod time;
pub mod time_input;
pub mod vendor;
pub mod version;
pub mod window;
pub mod words;
pub mod zone;
