//! Bytes that a terminal sent, as keys and pastes. It keeps what one read cut in two; it reads nothing itself.
//!
//! The decoder is ours because two things must be known that event libraries hide: how many keys one
//! read brought (a burst is a paste, whatever the terminal calls it), and that the line has ended.

use crate::console::keys::key::{Code, Key};

/// Longest escape sequence that is waited for; a longer one is noise and is dropped.
const LONGEST_SEQUENCE: usize = 32;

/// Longest paste that is kept; the rest of it is dropped.
const LONGEST_PASTE: usize = 64 * 1024;

const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

/// One thing that the person did at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A key.
    Key(Key),
    /// A bracketed paste, as it came: untrusted.
    Paste(String),
    /// A bracketed paste whose end never came; nothing of it is handed on.
    BrokenPaste,
}

/// What one read brought, in order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Strokes {
    /// The strokes.
    pub strokes: Vec<Stroke>,
    /// Whether they came as one lump of more than one key: pasted, not typed.
    pub burst: bool,
}

impl Strokes {
    /// These and what came after them; a burst if either is one.
    #[must_use]
    pub fn then(mut self, after: Self) -> Self {
        self.strokes.extend(after.strokes);
        Self { burst: self.burst || after.burst, ..self }
    }
}

/// Turns reads into strokes.
#[derive(Debug, Default)]
pub struct Decoder {
    pending: Vec<u8>,
    paste: Option<Vec<u8>>,
}

/// What stands at the head of the pending bytes.
enum Head {
    /// A key of this many bytes.
    Key(Key, usize),
    /// Bytes that mean nothing to us.
    Skip(usize),
    /// The opening of a bracketed paste.
    Paste,
    /// Not enough bytes to say.
    Partial,
}

impl Decoder {
    /// Takes what one read brought.
    pub fn feed(&mut self, bytes: &[u8]) -> Strokes {
        self.pending.extend_from_slice(bytes);
        self.drain(false)
    }

    /// Whether bytes wait for the rest of their sequence (a lone Escape does).
    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty() && self.paste.is_none()
    }

    /// Whether a bracketed paste waits for its end.
    pub const fn is_pasting(&self) -> bool {
        self.paste.is_some()
    }

    /// Gives up waiting: a lone Escape is the Escape key, and a paste without an end is none.
    pub fn flush(&mut self) -> Strokes {
        if self.paste.take().is_some() {
            self.pending.clear();
            return Strokes { strokes: vec![Stroke::BrokenPaste], burst: false };
        }
        self.drain(true)
    }

    fn drain(&mut self, last: bool) -> Strokes {
        let mut strokes = Vec::new();
        loop {
            if self.paste.is_some() {
                match self.take_paste() {
                    Some(text) => strokes.push(Stroke::Paste(text)),
                    None => break,
                }
                continue;
            }
            let taken = match head(&self.pending, last) {
                Head::Key(key, taken) => {
                    strokes.push(Stroke::Key(key));
                    taken
                }
                Head::Skip(taken) => taken,
                Head::Paste => {
                    self.paste = Some(Vec::new());
                    PASTE_START.len()
                }
                Head::Partial => break,
            };
            self.pending.drain(..taken.min(self.pending.len()));
        }
        let burst = strokes.len() > 1 && !is_held_key(&strokes);
        Strokes { strokes, burst }
    }

    fn take_paste(&mut self) -> Option<String> {
        let end = self.pending.windows(PASTE_END.len()).position(|w| w == PASTE_END);
        // Without an end, keep back what may be its first bytes.
        let ready = end.unwrap_or(self.pending.len().saturating_sub(PASTE_END.len() - 1));
        let paste = self.paste.get_or_insert_default();
        let room = LONGEST_PASTE.saturating_sub(paste.len());
        paste.extend(self.pending.drain(..ready).take(room));
        end?;
        self.pending.drain(..PASTE_END.len());
        let bytes = self.paste.take()?;
        // Terminals send what ends a line as the key Enter does.
        Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n"))
    }
}

/// A key held down on a slow line arrives in lumps, but always the same movement key.
fn is_held_key(strokes: &[Stroke]) -> bool {
    let moves = |stroke: &Stroke| {
        matches!(
            stroke,
            Stroke::Key(Key {
                code: Code::Up
                    | Code::Down
                    | Code::Left
                    | Code::Right
                    | Code::PageUp
                    | Code::PageDown
                    | Code::Backspace
                    | Code::Char('j' | 'k'),
                ctrl: false
            })
        )
    };
    strokes.windows(2).all(|pair| pair.first() == pair.last()) && strokes.iter().all(moves)
}

fn head(bytes: &[u8], last: bool) -> Head {
    match bytes {
        [] => Head::Partial,
        [0x1b] if last => Head::Key(Key::plain(Code::Esc), 1),
        [0x1b] => Head::Partial,
        [0x1b, b'[', rest @ ..] => control_sequence(bytes, rest, last),
        [0x1b, b'O', rest @ ..] => match rest {
            [] if last => Head::Key(Key::plain(Code::Esc), 1),
            [] => Head::Partial,
            [end, ..] => keypad(*end).map_or(Head::Skip(3), |key| Head::Key(key, 3)),
        },
        // Escape and a key within one read: two strokes, since Alt is never used.
        [0x1b, ..] => Head::Key(Key::plain(Code::Esc), 1),
        [b'\r' | b'\n', ..] => Head::Key(Key::plain(Code::Enter), 1),
        [b'\t', ..] => Head::Key(Key::plain(Code::Tab), 1),
        [0x08 | 0x7f, ..] => Head::Key(Key::plain(Code::Backspace), 1),
        [c @ 0x01..=0x1a, ..] => Head::Key(Key::ctrl(char::from(c - 1 + b'a')), 1),
        [0x00 | 0x1c..=0x1f, ..] => Head::Skip(1),
        [c @ 0x20..=0x7e, ..] => Head::Key(Key::char(char::from(*c)), 1),
        [_, ..] => wide_character(bytes, last),
    }
}

fn wide_character(bytes: &[u8], last: bool) -> Head {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) | None => return Head::Skip(1),
    };
    match bytes.get(..length) {
        Some(whole) => match std::str::from_utf8(whole).ok().and_then(|text| text.chars().next()) {
            Some(c) if !c.is_control() => Head::Key(Key::char(c), length),
            Some(_) => Head::Skip(length),
            None => Head::Skip(1),
        },
        None if last => Head::Skip(bytes.len()),
        None => Head::Partial,
    }
}

/// CSI: parameters 0x30–0x3f, intermediates 0x20–0x2f, one final byte 0x40–0x7e (ECMA-48, 5.4).
fn control_sequence(bytes: &[u8], rest: &[u8], last: bool) -> Head {
    if bytes.starts_with(PASTE_START) {
        return Head::Paste;
    }
    // The Linux console writes F1 to F5 as ESC [ [ A to E.
    if let [b'[', which, ..] = rest {
        return match which {
            b'A'..=b'E' => Head::Key(Key::plain(Code::F(which - b'A' + 1)), 4),
            _ => Head::Skip(4),
        };
    }
    // rxvt ends Shift and a numbered key with `$`.
    let ends = |b: &u8| matches!(b, b'$' | 0x40..=0x7e) && *b != b'[';
    let Some(end) = rest.iter().position(ends) else {
        return match (last, rest.len() > LONGEST_SEQUENCE) {
            (true, _) if rest.is_empty() => Head::Key(Key::plain(Code::Esc), 1),
            (true, _) | (false, true) => Head::Skip(bytes.len()),
            (false, false) => Head::Partial,
        };
    };
    let taken = end + 3;
    let parameters = rest.get(..end).unwrap_or_default();
    let mut numbers = parameters
        .split(|b| *b == b';')
        .map(|p| std::str::from_utf8(p).ok().and_then(|t| t.parse::<u16>().ok()));
    let first = numbers.next().flatten();
    let modifiers = numbers.next().flatten().unwrap_or(1).saturating_sub(1);
    let last_byte = rest.get(end).copied();
    let code = match last_byte {
        Some(b'~' | b'$' | b'^' | b'@') => first.and_then(numbered_key),
        Some(b'Z') => Some(Code::BackTab),
        Some(shifted @ b'a'..=b'd') => letter_key(shifted.to_ascii_uppercase()),
        Some(letter) => letter_key(letter),
        None => None,
    };
    match code {
        Some(code) => {
            // rxvt ends Ctrl and a numbered key with `^`, and with `@` when Shift is held too.
            let ctrl = modifiers & 4 != 0 || matches!(last_byte, Some(b'^' | b'@'));
            Head::Key(Key { code, ctrl }, taken)
        }
        None => Head::Skip(taken),
    }
}

/// SS3: the keys that terminals send in application mode; rxvt sends Ctrl and an arrow so.
fn keypad(end: u8) -> Option<Key> {
    let typed = |c: u8| Some(Key::char(char::from(c)));
    match end {
        b'a'..=b'd' => letter_key(end.to_ascii_uppercase()).map(|code| Key { code, ctrl: true }),
        // `*` to `/` and the digits, as the VT220 codes its keypad: 0x40 above themselves.
        b'j'..=b'o' | b'p'..=b'y' => typed(end - 0x40),
        b'X' => typed(b'='),
        b' ' => typed(b' '),
        b'I' => Some(Key::plain(Code::Tab)),
        letter => letter_key(letter).map(Key::plain),
    }
}

const fn letter_key(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        b'P' => Code::F(1),
        b'Q' => Code::F(2),
        b'R' => Code::F(3),
        b'S' => Code::F(4),
        _ => return None,
    })
}

/// The numbered keys of VT220, xterm, rxvt and PuTTY.
fn numbered_key(number: u16) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F(u8::try_from(number - 10).ok()?),
        17..=21 => Code::F(u8::try_from(number - 11).ok()?),
        23..=24 => Code::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(bytes: &[u8]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut strokes = decoder.feed(bytes).strokes;
        strokes.extend(decoder.flush().strokes);
        strokes
            .into_iter()
            .map(|stroke| match stroke {
                Stroke::Key(key) => key.to_string(),
                Stroke::Paste(text) => format!("paste {text:?}"),
                Stroke::BrokenPaste => "a broken paste".to_owned(),
            })
            .collect()
    }

    #[test]
    fn the_same_key_is_read_from_every_terminal_that_writes_it_its_own_way() {
        for home in ["\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"] {
            assert_eq!(keys(home.as_bytes()), ["Home"]);
        }
        assert_eq!(keys(b"\x1b[5~\x1b[6~\x1b[Z\x1b[3~"), ["PgUp", "PgDn", "Shift-Tab", "Del"]);
        assert_eq!(
            keys(b"\x0f\x1a\x0c\x03\x0b"),
            ["Ctrl-O", "Ctrl-Z", "Ctrl-L", "Ctrl-C", "Ctrl-K"]
        );
        assert_eq!(keys(b"\x1b[1;5C\x1b[15~\x1b[[A\x1bOP"), ["Ctrl-Right", "F5", "F1", "F1"]);
        assert_eq!(keys(b"\x1bOM\x1bOp\x1bOy\x1bOk\x1bOo"), ["Enter", "0", "9", "+", "/"]);
        assert_eq!(
            keys(b"\x1bOa\x1b[7^\x1b[8$j\x1b[a"),
            ["Ctrl-Up", "Ctrl-Home", "End", "j", "Up"]
        );
        assert_eq!(keys("é製".as_bytes()), ["é", "製"]);
        assert_eq!(keys(b"\r\x7f "), ["Enter", "Backspace", "Space"]);
    }

    #[test]
    fn a_lone_escape_waits_for_its_rest_and_then_is_the_escape_key() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"\x1b").strokes.is_empty());
        assert!(decoder.is_waiting());
        assert_eq!(decoder.flush().strokes, [Stroke::Key(Key::plain(Code::Esc))]);
        assert!(!decoder.is_waiting());
    }

    #[test]
    fn a_sequence_cut_in_two_by_the_network_is_one_key() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"\x1b[").strokes.is_empty());
        assert_eq!(decoder.feed(b"B").strokes, [Stroke::Key(Key::plain(Code::Down))]);
        let mut decoder = Decoder::default();
        let bytes = "製".as_bytes();
        assert!(decoder.feed(&bytes[..2]).strokes.is_empty());
        assert_eq!(decoder.feed(&bytes[2..]).strokes, [Stroke::Key(Key::char('製'))]);
    }

    #[test]
    fn several_keys_in_one_read_are_a_burst_but_a_held_arrow_is_not() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"a\x0f").burst);
        assert!(!decoder.feed(b"a").burst);
        assert!(!decoder.feed(b"\x1b[B\x1b[B\x1b[B").burst);
        assert!(decoder.feed(b"aa").burst);
    }

    #[test]
    fn a_bracketed_paste_is_one_stroke_even_when_cut_anywhere() {
        let whole = b"x\x1b[200~one\ntwo\x1b[201~y";
        for cut in 0..whole.len() {
            let mut decoder = Decoder::default();
            let mut strokes = decoder.feed(&whole[..cut]).strokes;
            strokes.extend(decoder.feed(&whole[cut..]).strokes);
            assert_eq!(
                strokes,
                [
                    Stroke::Key(Key::char('x')),
                    Stroke::Paste("one\ntwo".into()),
                    Stroke::Key(Key::char('y'))
                ],
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn lines_of_a_paste_end_as_lines_do_however_the_terminal_sends_that() {
        let mut decoder = Decoder::default();
        let strokes = decoder.feed(b"\x1b[200~one\rtwo\r\nthree\nfour\x1b[201~").strokes;
        assert_eq!(strokes, [Stroke::Paste("one\ntwo\nthree\nfour".into())]);
    }

    #[test]
    fn a_paste_whose_end_never_comes_is_dropped_once_it_is_given_up() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"\x1b[200~half a paste").strokes.is_empty());
        assert!(decoder.feed(&b"j2\x0f".repeat(LONGEST_PASTE)).strokes.is_empty());
        assert!(decoder.is_pasting() && !decoder.is_waiting());
        assert_eq!(decoder.flush().strokes, [Stroke::BrokenPaste]);
        assert!(!decoder.is_pasting() && !decoder.is_waiting());
        assert_eq!(decoder.feed(b"j").strokes, [Stroke::Key(Key::char('j'))]);
    }

    proptest! {
        #[test]
        fn noise_never_stops_the_decoder(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut decoder = Decoder::default();
            decoder.feed(&bytes);
            decoder.flush();
            prop_assert!(!decoder.is_waiting() && !decoder.is_pasting());
        }
    }
}
