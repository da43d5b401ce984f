//! What goes to stdout and stderr. A reader that closes the pipe ends the program quietly.

use std::io::Write;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::fault::Fault;
use crate::safe_text::plain;

/// JSON on one line in which a terminal finds nothing to obey: such characters are written by their numbers.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        escaped(out, fragment)
    }

    /// What was JSON already holds such characters in its strings alone.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        escaped(out, fragment)
    }
}

fn escaped<W: ?Sized + Write>(out: &mut W, text: &str) -> std::io::Result<()> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return out.write_all(text.as_bytes());
    }
    for (c, shown) in plain(text) {
        if shown {
            write!(out, "{c}")?;
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
    }
    Ok(())
}

/// A value as one line of JSON.
///
/// # Errors
/// For a value that JSON cannot hold.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Plain))?;
    String::from_utf8(out).map_err(<serde_json::Error as serde::ser::Error>::custom)
}

/// Prints a line of text.
///
/// # Errors
/// If stdout cannot be written; a closed pipe counts as done.
pub fn line(text: &str) -> Result<(), Fault> {
    write(text)
}

/// Prints a value as one line of JSON.
///
/// # Errors
/// If stdout cannot be written.
pub fn json<T: Serialize>(value: &T) -> Result<(), Fault> {
    let text = to_json(value).map_err(|fault| Fault::Failed(fault.to_string()))?;
    write(&text)
}

/// Prints a line on stderr, as far as that is possible.
pub fn stderr(text: &str) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever closed the pipe wants no more; no terminal is raw and no lock is held while text is printed"
)]
fn write(text: &str) -> Result<(), Fault> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Fault::Failed(format!("write to stdout: {error}"))),
        Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_terminal_finds_nothing_to_obey_in_json_and_a_reader_finds_it_whole() {
        let value = json!({"title": "a\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{200b}\u{e0041}\u{7f} 製é", "n": [1, null]});
        let text = to_json(&value).unwrap();
        assert!(plain(&text).all(|(_, shown)| shown), "{text}");
        assert!(text.contains("製é") && text.contains("\\u202e"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
