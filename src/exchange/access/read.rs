//! Reading a log whole: which form it has, its events, the lines that tell of none, the lines that are wrong.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::event::Event;
use super::rows::{Columns, object};
use super::sshd;
use crate::words;

/// The largest log, in bytes.
const LARGEST: u64 = 32 << 20;

/// The longest line, in bytes.
const LONGEST: usize = 16 << 10;

/// More bad lines than this are only counted.
const MOST: usize = 1_000;

words! {
    /// The form of a log.
    pub enum Form {
        /// An object on each line.
        Json = "json",
        /// A table with a header.
        Csv = "csv",
        /// What sshd writes.
        Sshd = "sshd",
    }
}

/// A log that was read.
#[derive(Debug, Default)]
pub struct Log {
    /// Events with their line and its text.
    pub events: Vec<(u32, String, Event)>,
    /// Lines that tell of no access.
    pub ignored: usize,
    /// Bad lines, and what is wrong with each.
    pub problems: Vec<(u32, String)>,
    /// Bad lines beyond those.
    pub more_problems: usize,
}

/// The bytes of a file, or why they are not taken.
pub fn bytes(path: &Path) -> std::io::Result<Result<Vec<u8>, String>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(if size > LARGEST {
        Err(format!("the log is larger than {} MiB: import it in parts", LARGEST >> 20))
    } else {
        Ok(bytes)
    })
}

/// Which form a log has, by its first line.
fn form(text: &str) -> Form {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if first.starts_with('{') {
        Form::Json
    } else if Columns::of(first.split(',')).is_ok() {
        Form::Csv
    } else {
        Form::Sshd
    }
}

impl Log {
    fn bad(&mut self, line: u32, why: String) {
        if self.problems.len() < MOST {
            self.problems.push((line, why));
        } else {
            self.more_problems += 1;
        }
    }

    fn take(&mut self, line: u32, text: &str, read: Result<Option<Event>, String>) {
        match read {
            Ok(Some(event)) => self.events.push((line, text.to_owned(), event)),
            Ok(None) => self.ignored += 1,
            Err(why) => self.bad(line, why),
        }
    }
}

/// Reads a log.
///
/// # Errors
/// Why it is none at all.
pub fn read(bytes: &[u8], said: Option<Form>) -> Result<Log, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        format!(
            "line {line} is not UTF-8: take the log as it was written, not what a viewer made of it"
        )
    })?;
    let mut log = Log::default();
    match said.unwrap_or_else(|| form(text)) {
        Form::Csv => table(text, &mut log)?,
        of @ (Form::Json | Form::Sshd) => lines(text, of, &mut log),
    }
    Ok(log)
}

fn lines(text: &str, of: Form, log: &mut Log) {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        // journalctl marks where a host started with two dashes.
        if line.is_empty() || line.starts_with("-- ") {
            continue;
        }
        if line.len() > LONGEST {
            log.bad(number, format!("it is longer than {LONGEST} bytes"));
            continue;
        }
        let read = match of {
            Form::Sshd => sshd::read(line).map(|read| match read {
                sshd::Read::Event(event) => Some(event),
                sshd::Read::Other => None,
            }),
            Form::Json | Form::Csv => object(line).map(Some),
        };
        log.take(number, line, read);
    }
}

fn table(text: &str, log: &mut Log) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|fault| format!("the header: {fault}"))?.clone();
    let columns = Columns::of(header.iter())?;
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                let cells: Vec<&str> = record.iter().collect();
                // The names belong to what a row says: the same cells under others are another event.
                let said: Vec<String> = header
                    .iter()
                    .zip(&cells)
                    .map(|(name, cell)| format!("{name}={cell}"))
                    .collect();
                log.take(line, &said.join("\u{1f}"), columns.row(&cells).map(Some));
            }
            Err(fault) => {
                let line = fault.position().map_or(0, csv::Position::line);
                log.bad(u32::try_from(line).unwrap_or(u32::MAX), fault.to_string());
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_found_by_the_first_line() {
        assert_eq!(form("\n{\"at\": 1}"), Form::Json);
        assert_eq!(form("time,user,host,event,ip\n"), Form::Csv);
        assert_eq!(form("Nov 27 09:05:01 jump1 sshd[7]: x"), Form::Sshd);
    }

    #[test]
    fn bad_lines_are_named_by_their_number_and_others_are_read() {
        let text = "Nov 27 09:05:01 j sshd[7]: pam_unix(sshd:session): session closed for user k\n\n\
                    what is this\nNov 27 09:05:01 j cron[7]: x\n-- Boot 1 --\n";
        let log = read(text.as_bytes(), None).unwrap();
        assert_eq!((log.events.len(), log.ignored), (1, 1));
        assert_eq!(log.problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3]);
        let log =
            read(b"at,login,asset,action\nx,k,A/B,login\n2026-11-22T14:00:00Z,k,A/B,login\n", None);
        let log = log.unwrap();
        assert_eq!((log.problems[0].0, log.events[0].0), (2, 3));
    }

    #[test]
    fn what_is_no_text_is_no_log() {
        assert!(read(b"ab\n\xff\xfe", None).unwrap_err().contains("line 2"));
    }
}
