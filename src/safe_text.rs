//! Text from the store or a file, made safe to show. Widgets and printers take nothing else.
//!
//! A vendor's name may carry an escape sequence that recolours the operator's screen, or a bidi override
//! that makes `open` read as `closed`. Nothing is dropped in silence: what a terminal would obey is
//! shown by its code point instead. This module does not decide colours or layout.

use std::fmt;

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar;

/// Most characters that one text may hold; longer input ends in `…`.
pub const MOST_CHARS: usize = 4_096;

/// Most characters of a line that somebody writes in; no field of any command holds as many.
const MOST_WRITTEN: usize = 65_536;

/// Most combining marks kept on one base character; more would climb over the rows above.
const MOST_MARKS: usize = 4;

/// Columns that a TAB stands for.
const TAB: &str = "    ";

/// Text that holds no control, format or zero-width character, in NFC, of limited length.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(String);

impl SafeText {
    /// Makes any text safe: controls show as `<1B>`, invisible characters as `<U+202E>`, TAB as spaces.
    pub fn from_untrusted(text: &str) -> Self {
        Self::within(text, MOST_CHARS)
    }

    /// The same with another limit.
    fn within(text: &str, most: usize) -> Self {
        // Most texts: every frame makes some hundred of them.
        if text.len() <= most && is_plain(text) {
            return Self(text.to_owned());
        }
        let mut out = String::with_capacity(text.len().min(most));
        let mut marks = 0;
        for (chars, c) in text.chars().take(most + 1).nfc().enumerate() {
            if chars >= most {
                out.push('…');
                break;
            }
            if is_combining_mark(c) && !is_hidden(c) {
                if out.is_empty() {
                    out.push('◌');
                }
                marks += 1;
                if marks <= MOST_MARKS {
                    out.push(c);
                }
                continue;
            }
            marks = 0;
            push_shown(&mut out, c);
        }
        // A code point shown as letters can meet a following mark: normalise what now stands there.
        Self(out.nfc().collect())
    }

    /// Text of the program itself; it goes through the same filter, so that a slip cannot pass.
    pub fn fixed(text: &'static str) -> Self {
        Self::from_untrusted(text)
    }

    /// Splits untrusted text at its line ends and makes each line safe.
    pub fn lines(text: &str) -> Vec<Self> {
        text.lines().map(Self::from_untrusted).collect()
    }

    /// The same for what is written in and sent back, which must not lose its end: a field holds far less than
    /// [`MOST_WRITTEN`].
    pub fn whole_lines(text: &str) -> Vec<Self> {
        text.lines().map(|line| Self::within(line, MOST_WRITTEN)).collect()
    }

    /// The text as it may be written to a terminal or a file.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns that the text takes on a terminal.
    pub fn width(&self) -> usize {
        if self.0.is_ascii() {
            return self.0.len();
        }
        self.0.chars().map(columns).sum()
    }

    /// This text followed by another.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// The texts with `between` between them.
    pub fn join(parts: &[Self], between: &'static str) -> Self {
        let parts: Vec<&str> = parts.iter().map(Self::as_str).collect();
        Self(parts.join(Self::fixed(between).as_str()))
    }

    /// At most `cols` columns; a cut text ends in `…`.
    #[must_use]
    pub fn truncate(&self, cols: usize) -> Self {
        if self.width() <= cols {
            return self.clone();
        }
        let mut out = take_columns(&self.0, cols.saturating_sub(1)).0.to_owned();
        if cols > 0 {
            out.push('…');
        }
        Self(out)
    }

    /// Exactly `cols` columns: cut, or filled with spaces on the right.
    #[must_use]
    pub fn pad(&self, cols: usize) -> Self {
        let mut cut = self.truncate(cols);
        let missing = cols.saturating_sub(cut.width());
        cut.0.extend(std::iter::repeat_n(' ', missing));
        cut
    }

    /// Exactly `cols` columns: cut, or filled with spaces on the left.
    #[must_use]
    pub fn pad_left(&self, cols: usize) -> Self {
        let cut = self.truncate(cols);
        let mut out: String = " ".repeat(cols.saturating_sub(cut.width()));
        out.push_str(&cut.0);
        Self(out)
    }

    /// The text in lines of at most `cols` columns, broken at spaces where there are any.
    pub fn wrap(&self, cols: usize) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut rest = self.0.trim_end();
        while !rest.is_empty() && cols > 0 {
            let (head, tail) = take_columns(rest, cols);
            if head.is_empty() {
                break;
            }
            if tail.is_empty() || tail.starts_with(' ') {
                lines.push(Self(head.trim_end().to_owned()));
                rest = tail.trim_start();
                continue;
            }
            match head.rsplit_once(' ') {
                Some((line, word)) if !line.trim().is_empty() => {
                    lines.push(Self(line.trim_end().to_owned()));
                    let at = rest.len() - tail.len() - word.len();
                    rest = rest.get(at..).unwrap_or_default();
                }
                Some(_) | None => {
                    lines.push(Self(head.to_owned()));
                    rest = tail;
                }
            }
        }
        lines
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for SafeText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SafeText {
    fn from(text: &str) -> Self {
        Self::from_untrusted(text)
    }
}

impl From<String> for SafeText {
    fn from(text: String) -> Self {
        Self::from_untrusted(&text)
    }
}

impl Serialize for SafeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether a text holds nothing but printable characters of ASCII, which stand for themselves.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn columns(c: char) -> usize {
    UnicodeWidthChar::width(c).unwrap_or(0)
}

/// The longest head of at most `cols` columns, with its combining marks, and the rest.
fn take_columns(text: &str, cols: usize) -> (&str, &str) {
    // No character of ASCII takes more than one column.
    if text.is_ascii() {
        return text.split_at(cols.min(text.len()));
    }
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += columns(c);
        if used > cols {
            return text.split_at(at);
        }
    }
    (text, "")
}

fn push_shown(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str(TAB),
        ' '..='~' => out.push(c),
        c if c.is_control() => out.push_str(&format!("<{:02X}>", u32::from(c))),
        c if c.is_whitespace() && !matches!(c, '\u{2028}' | '\u{2029}') => out.push(' '),
        c if is_hidden(c) || !is_printable(c) => {
            out.push_str(&format!("<U+{:04X}>", u32::from(c)));
        }
        c => out.push(c),
    }
}

/// Each character of a text, and whether it may be written to a terminal as it is: what it would obey or show nothing
/// for may not, nor a mark that would climb over the rows above.
pub fn plain(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut marks = 0;
    text.chars().map(move |c| {
        let mark = is_combining_mark(c) && !is_hidden(c);
        marks = if mark { marks + 1 } else { 0 };
        let shown = matches!(c, ' '..='~')
            || (mark && marks <= MOST_MARKS)
            || (!mark && !c.is_control() && !is_hidden(c) && is_printable(c));
        (c, shown)
    })
}

/// Whether the standard library prints the character as it is: no control, format, private or unassigned one.
fn is_printable(c: char) -> bool {
    matches!(c, '\'' | '"' | '\\') || c.escape_debug().count() == 1
}

/// Characters that draw nothing although they count as letters or marks (Unicode: Default_Ignorable_Code_Point).
const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{034F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2065}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        SafeText::from_untrusted(text).to_string()
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(shown("a\x1b[31mred\x07"), "a<1B>[31mred<07>");
        assert_eq!(shown("\u{9b}2J"), "<9B>2J");
        assert_eq!(shown("open\u{202e}desolc"), "open<U+202E>desolc");
        assert_eq!(shown("zero\u{200b}width\u{feff}"), "zero<U+200B>width<U+FEFF>");
        assert_eq!(shown("a\tb\nc"), "a    b<0A>c");
    }

    #[test]
    fn ordinary_words_of_any_script_pass_unchanged() {
        for text in ["Überwachung", "مصفاة", "製油所", "O✓I·Q✓E✗+2", "“quoted” \\ 'x'"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_pile_of_marks_keeps_four_and_a_lone_mark_gets_a_circle() {
        let pile = format!("x{}", "\u{0336}".repeat(40));
        assert_eq!(shown(&pile).chars().count(), 5);
        assert_eq!(shown("\u{0336}"), "◌\u{0336}");
    }

    #[test]
    fn cutting_and_filling_count_columns_not_characters() {
        let text = SafeText::from_untrusted("製油所 A");
        assert_eq!(text.width(), 8);
        assert_eq!(text.truncate(4).as_str(), "製…");
        assert_eq!(text.pad(5).as_str(), "製油…");
        assert_eq!(text.pad(4).as_str(), "製… ");
        assert_eq!(SafeText::fixed("7").pad_left(3).as_str(), "  7");
        assert_eq!(text.truncate(0).as_str(), "");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_cuts_long_words() {
        let text = SafeText::fixed("approve the firmware of RLF-DCS-02");
        let lines: Vec<String> = text.wrap(12).iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["approve the", "firmware of", "RLF-DCS-02"]);
        let lines: Vec<String> =
            SafeText::fixed("abcdefgh ij").wrap(4).iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["abcd", "efgh", "ij"]);
    }

    proptest! {
        #[test]
        fn no_text_yields_a_control_or_format_character(text in "\\PC*|.*|(?s)[\\x00-\\x1f\\u{80}-\\u{9f}\\u{200b}-\\u{206f}\\u{300}-\\u{36f}a-z]*") {
            let safe = SafeText::from_untrusted(&text);
            for c in safe.as_str().chars() {
                prop_assert!(!c.is_control(), "{c:?}");
                prop_assert!(is_combining_mark(c) || is_printable(c), "{c:?}");
                prop_assert!(!is_hidden(c), "{c:?}");
            }
        }

        #[test]
        fn plain_text_stands_for_itself_and_one_other_character_changes_nothing_of_it(text in "[ -~]*") {
            let whole = SafeText::from_untrusted(&text);
            prop_assert_eq!(whole.as_str(), &text);
            prop_assert_eq!(whole.width(), text.chars().count());
            // Not plain any more, the same text takes the long way.
            let with = SafeText::from_untrusted(&format!("{text}√"));
            prop_assert_eq!(with.as_str(), format!("{text}√"));
            for cols in 0..text.len() {
                prop_assert_eq!(whole.truncate(cols), with.truncate(cols));
            }
        }

        #[test]
        fn cutting_never_exceeds_its_columns(text in ".*", cols in 0_usize..40) {
            let safe = SafeText::from_untrusted(&text);
            prop_assert!(safe.truncate(cols).width() <= cols);
            prop_assert_eq!(safe.pad(cols).width(), cols);
            prop_assert!(safe.wrap(cols).iter().all(|line| line.width() <= cols));
        }
    }
}
