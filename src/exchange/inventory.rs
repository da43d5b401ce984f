//! Asset inventories in: CSV from whatever tool wrote it, with the columns found by their names.
//!
//! The whole file is checked and every mistake named by line and field, before anybody writes an asset. Nothing is
//! repaired silently: a column that is not known is ignored and said to be.

use std::collections::HashMap;
use std::io::Read;

use crate::domain::asset::Register;
use crate::domain::names::SiteCode;

mod cells;
mod class;
mod columns;
mod fault;
mod rows;

pub use columns::{Column, Field, Mapping};
pub use fault::Fault;

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: u64,
    /// The most rows below the header.
    pub rows: usize,
    /// The longest field, in bytes.
    pub field: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024, rows: 200_000, field: 4 * 1024 }
    }
}

/// More mistakes than this are only counted.
const MOST_ERRORS: usize = 1_000;

/// An inventory as it was read.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Which column became which field.
    pub mapping: Mapping,
    /// The rows without a mistake.
    pub rows: Vec<Row>,
    /// The mistakes, in the order of the file, not more than a thousand.
    pub errors: Vec<Problem>,
    /// How many mistakes there are beyond those.
    pub more_errors: usize,
    /// Words for the kind of a thing that are not known, and how often; those assets came in as unclassified.
    pub unknown_classes: Vec<(String, usize)>,
}

/// A row that can be registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What it registers; `source` is left to the importer.
    pub asset: Register,
}

/// A mistake in a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The line in the file, from 1.
    pub line: u64,
    /// The field by its name in `asset.register`; empty if it concerns the whole row.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Reads a whole inventory; `site` is the site of rows that name none.
pub fn read(
    source: impl Read,
    site: Option<&SiteCode>,
    limits: Limits,
) -> Result<Inventory, Fault> {
    let bytes = bounded(source, limits.bytes)?;
    let text = text(&bytes)?;
    let (text, delimiter, skipped) = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| Fault::NoHeader)?.clone();
    let mapping = Mapping::of(&headers)?;
    mapping.check(site.is_some())?;
    let mut book = rows::Book::new(&mapping, site, limits);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => book.take(&record, line_of(&record, text) + skipped)?,
            Err(error) => return Err(Fault::Broken(error.to_string())),
        }
    }
    Ok(book.close(mapping.clone()))
}

/// The line a record begins in; the reader counts from the empty lines before it.
fn line_of(record: &csv::StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let empty =
        rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count();
    position.line() + u64::try_from(empty).unwrap_or(0)
}

fn bounded(source: impl Read, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    source
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::Unreadable(error.to_string()))?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= most) {
        Ok(bytes)
    } else {
        Err(Fault::TooLarge(most))
    }
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Fault::Utf16);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Fault::Spreadsheet);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Fault::NotUtf8 { line: before.iter().filter(|b| **b == b'\n').count() + 1 }
    })
}

/// What parts the columns: what a `sep=` line says, else what occurs most often in the header.
fn delimiter(text: &str) -> (&str, u8, u64) {
    let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(sign) = head.strip_prefix("sep=").and_then(|rest| rest.bytes().next())
        && sign.is_ascii()
        && !matches!(sign, b'"' | b'\n' | b'\r')
    {
        return (rest, sign, 1);
    }
    let count = |sign: u8| head.bytes().filter(|b| *b == sign).count();
    let best =
        [b',', b';', b'\t', b'|'].into_iter().max_by_key(|sign| (count(*sign), u8::MAX - *sign));
    (text, best.filter(|sign| count(*sign) > 0).unwrap_or(b','), 0)
}

/// Words and how often they occurred, most frequent first.
fn by_count(words: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut words: Vec<(String, usize)> = words.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words
}

#[cfg(test)]
mod tests;
