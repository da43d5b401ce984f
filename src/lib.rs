//! The console of an OT Security Management Center: one ledger, two engines, one door.
//!
//! Rooms, bottom up: `domain` decides, `ledger` makes bytes and the chain, `store` holds both engines,
//! `commands` is the only way in, `exchange` and `report` carry formats in and out, `console` and `cli`
//! are what people touch. The binary is a thin shell around [`cli`].
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod cli;
pub mod clock;
pub mod commands;
pub mod console;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod ledger;
pub mod report;
pub mod safe_text;
pub mod store;
