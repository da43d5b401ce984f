//! The one integration test binary: a file per topic in `tests/it/`, what they share in `tests/support/`.
//!
//! One binary links once; a new topic is one line in `mod it`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_types, reason = "tests tamper with raw statements")]

#[path = "support/support.rs"]
mod support;

mod it {
    mod access;
    mod access_logs;
    mod alarm_docs;
    mod as_of;
    mod attention;
    mod by_then;
    mod calendar;
    mod checkpoints;
    mod command_table;
    mod comments;
    mod conflicts;
    mod console_entries;
    mod console_forms;
    mod console_people;
    mod console_terminal;
    mod console_tools;
    mod contract;
    mod counts;
    mod cut_off;
    mod decision_docs;
    mod decisions;
    mod demo;
    mod derivation;
    mod desks;
    mod doctor;
    mod duties;
    mod entry_hash;
    mod extensions;
    mod faults;
    mod feed;
    mod first_starts;
    mod fleet;
    mod hard_terminals;
    mod hostile_commands;
    mod hostile_text;
    mod imports;
    mod inventory_docs;
    mod lists;
    mod lost_store;
    mod matching_truth;
    mod posture;
    mod races;
    mod reading;
    mod referee;
    mod repair;
    mod replay_equals;
    mod restore;
    mod show;
    mod steps;
    mod superseding;
    mod support_holds;
    mod tamper;
    mod version_share;
    mod walls;
    mod watch_kept;
    mod windows;
}
