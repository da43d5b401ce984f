//! What goes to stdout and stderr. A reader that closes the pipe ends the program quietly.

use std::io::Write;

use serde::Serialize;

use super::fault::Fault;

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
    let text = serde_json::to_string(value).map_err(|fault| Fault::Failed(fault.to_string()))?;
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
