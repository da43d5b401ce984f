//! The work of every day and week, told from tables: changes, vendor windows, risks, reports, updates, shifts, duties.
//!
//! A row says what was asked and which course it took; here that becomes the steps of its course.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::seed::Seed;
use super::story::{FOUNDER, Told};

mod changes;
mod rest;
mod windows;

/// The steps of a plant's routine.
///
/// # Errors
/// `File` if one of the program's own files does not say what it should.
pub fn lines(site: &str) -> Result<Vec<Told>, Fault> {
    let mut lines = changes::lines(site)?;
    lines.extend(windows::lines(site)?);
    lines.extend(rest::lines(site)?);
    Ok(lines)
}

/// The lines that the centre writes at the end of each shift, and the duties that it keeps.
///
/// # Errors
/// As for `lines`.
pub fn of_the_centre(plants: &[&str], seed: &mut Seed) -> Result<Vec<Told>, Fault> {
    rest::of_the_centre(plants, seed)
}

/// Who stands for what at a plant: operations, IT security, the shift's lead, and whoever watches vendors.
struct Crew {
    operations: &'static str,
    security: &'static str,
    lead: &'static str,
    engineer: &'static str,
    escort: &'static str,
}

fn crew(site: &str) -> Crew {
    let (operations, security, lead, engineer, escort) = match site {
        "ANR" => ("wdewit", "ylambert", "ngoossens", "kpeeters", "Bram Maes"),
        "JUB" => ("malzahrani", "salqahtani", "falotaibi", "nalharbi", "Noura Al-Harbi"),
        "OHP" => ("tgreene", "rhuang", "dkowalski", "cmontgomery", "Carla Montgomery"),
        "RTM" => ("jvandijk", "mdeboer", "jvandijk", "sbakker", "Sanne Bakker"),
        _ => ("elindqvist", "onystrom", "elindqvist", "aholm", "Astrid Holm"),
    };
    Crew { operations, security, lead, engineer, escort }
}

fn rows<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<Vec<T>, Fault> {
    let read = csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>();
    read.map_err(|fault| Fault::file(file, fault))
}

fn told(at: String, by: &str, command: &str, fields: Value) -> Told {
    Told { at: Some(at), by: by.to_owned(), command: command.to_owned(), name: None, fields }
}

fn approve(at: String, name: &str, every: &str) -> Told {
    told(at, "", "approve", json!({"name": name, "every": every}))
}

/// A time on the wall so many days ago.
fn on(day: i64, clock: &str) -> String {
    format!("-{day}d {clock}")
}

/// A clock so many minutes after another, and how many days later that is.
fn later(clock: &str, minutes: i64) -> (i64, String) {
    let (hours, rest) = clock.split_once(':').unwrap_or((clock, "0"));
    let whole = hours.parse::<i64>().unwrap_or(0) * 60 + rest.parse::<i64>().unwrap_or(0) + minutes;
    let (days, within) = (whole.div_euclid(1_440), whole.rem_euclid(1_440));
    (days, format!("{:02}:{:02}", within / 60, within % 60))
}

/// So many minutes after a clock of so many days ago.
fn after(day: i64, clock: &str, minutes: i64) -> String {
    let (days, clock) = later(clock, minutes);
    on(day - days, &clock)
}

/// The clock at which the request of this row is made.
fn asked(row: usize) -> String {
    format!("{:02}:{:02}", 8 + row % 5, row * 17 % 60)
}

/// The time of a work: its start and end, seen from a request so many days before.
fn span(fields: &mut Map<String, Value>, lead: i64, from: &str, to: &str) {
    let over = i64::from(to <= from);
    fields.insert("start".to_owned(), json!(format!("@+{lead}d {from}")));
    fields.insert("end".to_owned(), json!(format!("@+{}d {to}", lead + over)));
}

/// Founder's own step.
fn by_founder(at: String, command: &str, fields: Value) -> Told {
    told(at, FOUNDER, command, fields)
}
