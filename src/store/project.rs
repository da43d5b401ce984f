//! Tables from entries: a function of the entry and the tables, without clock or randomness.
//!
//! What a rule concludes (states, required disciplines, weights) is computed here by `domain`, under the rule
//! version that the entry names. Nothing is refused here: `admit` has spoken.

mod access;
mod advisory;
mod alarm;
mod approval;
mod asset;
mod bypass;
mod calendar;
mod change;
mod comment;
mod extension;
mod person;
mod posture;
mod record;
mod restore;
mod risk;
mod session;
mod site;
mod window;

pub(super) use asset::registered;
pub(super) use record::log_lines;

use super::admit::Work;
use super::link::Link;
use super::said::Said;
use crate::domain::command::Kind;

/// Writes what an admitted entry says into the tables.
///
/// # Errors
/// Only if the engine fails, or a constraint holds what `admit` let through.
pub fn project<'a>(c: &'a mut Link<'_>, said: &'a Said<'_>) -> Work<'a> {
    match &said.kind {
        Kind::Store(kind) => Box::pin(site::store(c, said, kind)),
        Kind::Restore(kind) => Box::pin(restore::restore(c, said, kind)),
        Kind::Site(kind) => Box::pin(site::site(c, said, kind)),
        Kind::Zone(kind) => Box::pin(site::zone(c, said, kind)),
        Kind::Raci(kind) => Box::pin(site::raci(c, said, kind)),
        Kind::Person(kind) => Box::pin(person::person(c, said, kind)),
        Kind::Duty(kind) => Box::pin(person::duty(c, said, kind)),
        Kind::Vendor(kind) => Box::pin(person::vendor(c, said, kind)),
        Kind::Asset(kind) => Box::pin(asset::asset(c, said, kind)),
        Kind::Advisory(kind) => Box::pin(advisory::advisory(c, said, kind)),
        Kind::Import(kind) => Box::pin(advisory::import(c, said, kind)),
        Kind::Risk(kind) => Box::pin(risk::risk(c, said, kind)),
        Kind::Acceptance(kind) => Box::pin(risk::acceptance(c, said, kind)),
        Kind::Outage(kind) => Box::pin(calendar::outage(c, said, kind)),
        Kind::Blackout(kind) => Box::pin(calendar::blackout(c, said, kind)),
        Kind::Intervention(kind) => Box::pin(calendar::intervention(c, said, kind)),
        Kind::Yardstick(kind) => Box::pin(posture::yardstick(c, said, kind)),
        Kind::Change(kind) => Box::pin(change::change(c, said, kind)),
        Kind::Bypass(kind) => Box::pin(bypass::bypass(c, said, kind)),
        Kind::Window(kind) => Box::pin(window::window(c, said, kind)),
        Kind::Extension(kind) => Box::pin(extension::extension(c, said, kind)),
        Kind::Access(kind) => Box::pin(access::access(c, said, kind)),
        Kind::Session(kind) => Box::pin(session::session(c, said, kind)),
        Kind::Incident(kind) => Box::pin(record::incident(c, said, kind)),
        Kind::Report(kind) => Box::pin(record::report(c, said, kind)),
        Kind::LogLine(kind) => Box::pin(record::log_line(c, said, kind)),
        Kind::Alarm(kind) => Box::pin(alarm::alarm(c, said, kind)),
        Kind::Comment(kind) => Box::pin(comment::comment(c, said, kind)),
        Kind::Task(kind) => Box::pin(alarm::task(c, said, kind)),
    }
}
