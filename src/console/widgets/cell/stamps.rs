//! Times within the program's own sentences, as the rules write them: found, so that whoever looks reads them in the time
//! that they chose.

use super::Form;
use crate::domain::time::Time;

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words.
    Words(&'t str),
    /// A time, and how it was written.
    At(Time, Form),
}

/// How a time stands in a sentence, digits as zeros: to the minute, and to the second.
const WRITTEN: &[(&str, Form)] =
    &[("0000-00-00 00:00Z", Form::Full), ("0000-00-00 00:00:00Z", Form::Second)];

/// The time that this text begins with, how it was written and how long it is.
fn first(text: &str) -> Option<(Time, Form, usize)> {
    WRITTEN.iter().find_map(|(pattern, form)| {
        let head = text.get(..pattern.len())?;
        let fits = |(c, p): (u8, u8)| if p == b'0' { c.is_ascii_digit() } else { c == p };
        head.bytes().zip(pattern.bytes()).all(fits).then_some(())?;
        let (day, rest) = head.split_once(' ')?;
        let seconds = if *form == Form::Second { "" } else { ":00" };
        let clock = rest.trim_end_matches('Z');
        let at = format!("{day}T{clock}{seconds}Z").parse().ok()?;
        Some((at, *form, pattern.len()))
    })
}

/// A sentence in pieces.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut from) = (Vec::new(), 0);
    let mut places = text.char_indices().map(|(at, _)| at).peekable();
    while let Some(at) = places.next() {
        let Some((time, form, long)) = text.get(at..).and_then(first) else { continue };
        if let Some(words) = text.get(from..at).filter(|words| !words.is_empty()) {
            found.push(Piece::Words(words));
        }
        found.push(Piece::At(time, form));
        from = at + long;
        while places.next_if(|next| *next < from).is_some() {}
    }
    if let Some(words) = text.get(from..).filter(|words| !words.is_empty()) {
        found.push(Piece::Words(words));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_sentence_are_found_and_nothing_else_of_it_is_touched() {
        let at: Time = "2026-11-29T12:07:00Z".parse().unwrap();
        let told = format!("VW-60 is cut off: märta did so at {at:#}; nothing is left");
        assert_eq!(
            pieces(&told),
            [
                Piece::Words("VW-60 is cut off: märta did so at "),
                Piece::At(at, Form::Full),
                Piece::Words("; nothing is left")
            ]
        );
        let exact = at.plus_seconds(33);
        assert_eq!(pieces(&format!("{exact:#}")), [Piece::At(exact, Form::Second)]);
        for other in ["2026-11-29", "2026-13-41 12:07Z", "12:07Z", "2026-11-29 12:07 +01"] {
            assert_eq!(pieces(other), [Piece::Words(other)], "{other}");
        }
        assert_eq!(pieces(""), []);
    }
}
