//! Tables from entries: a function of the entry and the tables, without clock or randomness.
//!
//! What a rule concludes (states, required disciplines, weights) is computed here by `domain`, under the rule
//! version that the entry names. Nothing is refused here: `admit` has spoken.

mod advisory;
mod alarm;
mod approval;
mod asset;
mod change;
mod person;
mod posture;
mod record;
mod restore;
mod risk;
mod site;
mod window;

pub(super) use asset::registered;
pub(super) use record::log_lines;

use super::fault::StoreError;
use super::link::Link;
use super::said::Said;
use crate::domain::command::Kind;

/// Writes what an admitted entry says into the tables.
///
/// # Errors
/// Only if the engine fails, or a constraint holds what `admit` let through.
pub async fn project(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    match &said.kind {
        Kind::Store(kind) => site::store(c, said, kind).await,
        Kind::Restore(kind) => restore::restore(c, said, kind).await,
        Kind::Site(kind) => site::site(c, said, kind).await,
        Kind::Zone(kind) => site::zone(c, said, kind).await,
        Kind::Raci(kind) => site::raci(c, said, kind).await,
        Kind::Person(kind) => person::person(c, said, kind).await,
        Kind::Duty(kind) => person::duty(c, said, kind).await,
        Kind::Vendor(kind) => person::vendor(c, said, kind).await,
        Kind::Asset(kind) => asset::asset(c, said, kind).await,
        Kind::Advisory(kind) => advisory::advisory(c, said, kind).await,
        Kind::Import(kind) => advisory::import(c, said, kind).await,
        Kind::Risk(kind) => risk::risk(c, said, kind).await,
        Kind::Acceptance(kind) => Box::pin(risk::acceptance(c, said, kind)).await,
        Kind::Change(kind) => Box::pin(change::change(c, said, kind)).await,
        Kind::Window(kind) => Box::pin(window::window(c, said, kind)).await,
        Kind::Incident(kind) => record::incident(c, said, kind).await,
        Kind::Report(kind) => record::report(c, said, kind).await,
        Kind::LogLine(kind) => record::log_line(c, said, kind).await,
        Kind::Alarm(kind) => alarm::alarm(c, said, kind).await,
        Kind::Task(kind) => alarm::task(c, said, kind).await,
    }
}
