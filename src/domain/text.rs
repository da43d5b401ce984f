//! Text that people type, checked once at the door: one line or several, without control characters.
//! Showing text safely on a screen is not done here.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Why a text was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Nothing but white space.
    #[error("is empty: give at least one character")]
    Empty,
    /// More characters than the field holds.
    #[error("has {0} characters and may have {1}: shorten it")]
    TooLong(usize, usize),
    /// NUL, escape or another control character, which no store may hold.
    #[error("holds the control character U+{0:04X}: remove it")]
    Control(u32),
}

/// One line of text, trimmed, 1 to 400 characters, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Line(String);

/// Text of several lines, trimmed, 1 to 8,000 characters, no control characters but line ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Prose(String);

fn checked(text: &str, most: usize, lines: bool) -> Result<String, NotText> {
    let text = if lines { text.replace("\r\n", "\n") } else { text.to_owned() };
    let text = text.trim();
    if text.is_empty() {
        return Err(NotText::Empty);
    }
    let count = text.chars().count();
    if count > most {
        return Err(NotText::TooLong(count, most));
    }
    match text.chars().find(|c| c.is_control() && !(lines && *c == '\n')) {
        Some(c) => Err(NotText::Control(u32::from(c))),
        None => Ok(text.to_owned()),
    }
}

impl Line {
    /// Takes one line of text, trimmed; refuses empty, overlong and control characters.
    pub fn new(text: &str) -> Result<Self, NotText> {
        checked(text, 400, false).map(Self)
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    /// Takes text of several lines, trimmed; refuses empty, overlong and control characters.
    pub fn new(text: &str) -> Result<Self, NotText> {
        checked(text, 8000, true).map(Self)
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! read_as_text {
    ($($t:ty),*) => { $(
        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}
read_as_text!(Line, Prose);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_enter_the_store() {
        assert_eq!(Line::new("a\u{0}b"), Err(NotText::Control(0)));
        assert_eq!(Line::new("a\u{1b}[2Jb"), Err(NotText::Control(0x1b)));
        assert_eq!(Line::new("two\nlines"), Err(NotText::Control(10)));
        assert!(Prose::new("two\r\nlines").is_ok());
    }

    #[test]
    fn blank_text_is_no_text() {
        assert_eq!(Line::new("  "), Err(NotText::Empty));
        assert_eq!(Line::new(" x ").map(|l| l.to_string()), Ok("x".to_owned()));
    }
}
