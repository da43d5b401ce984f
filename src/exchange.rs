//! Formats in and out: advisories, inventories, access logs. It reads files and makes commands; it holds no SQL and no screen.

pub mod access;
pub mod advisories;
pub mod assets;
pub mod csaf;
pub mod inventory;
mod told;

use crate::domain::refusal::{Code, Refusal};
use crate::domain::text::Line;

/// One line of what a file says: control characters become spaces, what is too long is cut, nothing is `-`.
fn line(text: &str) -> Result<Line, Refusal> {
    let short: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
    let short = if short.trim().is_empty() { "-" } else { &short };
    Line::new(short)
        .map_err(|fault| Refusal::new(Code::Invalid, fault.to_string(), "mend the document"))
}
