//! Signs and their ASCII stand-ins, for serial lines and locales without UTF-8. Applied to the whole frame.

use ratatui::buffer::Buffer;
use unicode_normalization::UnicodeNormalization;

/// Each sign that the console itself uses, and what stands for it in ASCII.
pub const STAND_INS: &[(char, char)] = &[
    ('■', '#'),
    ('▲', '^'),
    ('◆', '*'),
    ('○', 'o'),
    ('✓', '+'),
    ('✗', 'x'),
    ('·', '.'),
    ('▼', 'v'),
    ('…', '~'),
    ('–', '-'),
    ('—', '-'),
    ('─', '-'),
    ('│', '|'),
    ('→', '>'),
    ('←', '<'),
    ('↑', '^'),
    ('↓', 'v'),
    ('●', '*'),
    ('§', 'S'),
    ('×', 'x'),
    ('≥', '>'),
    ('≤', '<'),
];

/// The row or the field where one stands.
pub const HERE: &str = ">";
/// A row that was marked.
pub const MARKED: &str = "+";
/// What may no longer be so.
pub const OLD: &str = "?";

/// The sign of a priority 1 to 4; other numbers have none.
pub const fn of_priority(priority: u8) -> char {
    match priority {
        1 => '■',
        2 => '▲',
        3 => '◆',
        4 => '○',
        _ => ' ',
    }
}

/// The ASCII stand-in of a character; what has none is `?`.
pub fn ascii(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let stand_in = STAND_INS.iter().find(|(sign, _)| *sign == c).map(|(_, stand_in)| *stand_in);
    // A letter with marks is still that letter: Göteborg reads Goteborg.
    let letter = || std::iter::once(c).nfd().next().filter(char::is_ascii_alphabetic);
    stand_in.or_else(letter).unwrap_or('?')
}

/// Rewrites a finished frame so that it holds ASCII only.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let stand_in = cell.symbol().chars().next().map_or(' ', ascii);
            cell.set_char(stand_in);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn a_frame_in_ascii_keeps_its_columns() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 16, 1));
        buffer.set_string(0, 0, "▲2 O✓I· 製x Gö", Style::new());
        to_ascii(&mut buffer);
        let line: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert!(line.is_ascii());
        assert!(line.starts_with("^2 O+I. ? x Go"), "{line}");
    }
}
