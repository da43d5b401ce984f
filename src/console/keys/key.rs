//! One key stroke as the console names it: `g`, `Ctrl-O`, `PgDn`. It knows nothing of terminals or actions.

use std::fmt;
use std::str::FromStr;

/// What was struck, apart from the Ctrl key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, with Shift already applied.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete forward.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

/// A key stroke; Alt is never used, because Escape and a key are the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What was struck.
    pub code: Code,
    /// Whether Ctrl was held.
    pub ctrl: bool,
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} names no key: write one character, Ctrl-X, or one of Enter, Esc, Tab, PgUp, PgDn, Up …"
)]
pub struct NotAKey(pub String);

/// Every named key and its written form.
const NAMES: &[(Code, &str)] = &[
    (Code::Char(' '), "Space"),
    (Code::Enter, "Enter"),
    (Code::Esc, "Esc"),
    (Code::Tab, "Tab"),
    (Code::BackTab, "Shift-Tab"),
    (Code::Backspace, "Backspace"),
    (Code::Delete, "Del"),
    (Code::Insert, "Ins"),
    (Code::Up, "Up"),
    (Code::Down, "Down"),
    (Code::Left, "Left"),
    (Code::Right, "Right"),
    (Code::Home, "Home"),
    (Code::End, "End"),
    (Code::PageUp, "PgUp"),
    (Code::PageDown, "PgDn"),
];

impl Key {
    /// A key without Ctrl.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    /// A character without Ctrl.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Ctrl and a letter.
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true }
    }

    /// The character that this key types into a text, if it types one.
    pub const fn typed(self) -> Option<char> {
        match self {
            Self { code: Code::Char(c), ctrl: false } => Some(c),
            Self { .. } => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if let Some((_, name)) = NAMES.iter().find(|(code, _)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            Code::Enter
            | Code::Esc
            | Code::Tab
            | Code::BackTab
            | Code::Backspace
            | Code::Delete
            | Code::Insert
            | Code::Up
            | Code::Down
            | Code::Left
            | Code::Right
            | Code::Home
            | Code::End
            | Code::PageUp
            | Code::PageDown => Ok(()),
        }
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (ctrl, name) = match text.strip_prefix("Ctrl-") {
            Some(name) => (true, name),
            None => (false, text),
        };
        if let Some((code, _)) = NAMES.iter().find(|(_, n)| n.eq_ignore_ascii_case(name)) {
            return Ok(Self { code: *code, ctrl });
        }
        let mut chars = name.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if ctrl => Code::Char(c.to_ascii_lowercase()),
            (Some(c), None) => Code::Char(c),
            (Some('F' | 'f'), Some(_)) => match name.get(1..).map(str::parse::<u8>) {
                Some(Ok(n @ 1..=12)) => Code::F(n),
                Some(_) | None => return Err(NotAKey(text.to_owned())),
            },
            (Some(_) | None, _) => return Err(NotAKey(text.to_owned())),
        };
        Ok(Self { code, ctrl })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_what_it_prints() {
        let mut keys = vec![Key::char('g'), Key::char('?'), Key::ctrl('o'), Key::plain(Code::F(5))];
        keys.extend(NAMES.iter().map(|(code, _)| Key::plain(*code)));
        for key in keys {
            assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }
        assert_eq!(Key::ctrl('o').to_string(), "Ctrl-O");
        assert_eq!(Key::plain(Code::PageDown).to_string(), "PgDn");
    }

    #[test]
    fn a_name_that_no_key_has_is_refused() {
        for text in ["", "Ctrl-", "Foo", "F13", "ab"] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }
}
