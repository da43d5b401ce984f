//! One normal form for names from anywhere: mojibake repaired, marks and case gone, words and their fingerprints.

use super::vocabulary::{LETTERS, UNKNOWN};

/// Lower case without marks; a name whose UTF-8 was once read as Latin-1 is read rightly.
pub(super) fn fold(text: &str) -> String {
    let repaired;
    let text = match repair(text) {
        Some(right) => {
            repaired = right;
            repaired.as_str()
        }
        None => text,
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_ascii() => out.push(c),
            '\u{2122}' | '\u{ae}' | '\u{a9}' | '\u{200b}' | '\u{feff}' | '\u{300}'..='\u{36f}' => {}
            c => match LETTERS.iter().find(|(letters, _)| letters.contains(c)) {
                Some((_, plain)) => out.push_str(plain),
                None if c.is_alphanumeric() => out.push(c),
                None => out.push(' '),
            },
        }
    }
    out.replace("(r)", "").replace("(tm)", "")
}

/// The text as it was before UTF-8 was read as Latin-1 or Windows-1252, also if its case was changed afterwards.
fn repair(text: &str) -> Option<String> {
    if text.is_ascii() || !text.contains(['Ã', 'Â', 'Å', 'â', 'ã', 'å']) {
        return None;
    }
    let decode = |text: &str| {
        let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
        String::from_utf8(bytes?).ok()
    };
    decode(text).or_else(|| {
        let upper: String =
            text.chars().map(|c| if ('à'..='å').contains(&c) { upper(c) } else { c }).collect();
        decode(&upper)
    })
}

fn upper(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}

/// The byte that Windows-1252 shows as this character.
fn byte(c: char) -> Option<u8> {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    HIGH.chars().position(|known| known == c).and_then(|at| u8::try_from(at + 0x80).ok())
}

/// Words of letters and digits.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Letters and digits only.
pub(super) fn squash(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// FNV-1a, 64 bits: stable over builds, good enough to stand for a word.
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The text trimmed, or nothing if it says that nobody knows.
pub(super) fn known(text: Option<&str>) -> Option<&str> {
    let text = text?.trim();
    let says_nothing =
        text.is_empty() || UNKNOWN.iter().any(|word| text.eq_ignore_ascii_case(word));
    (!says_nothing).then_some(text)
}

/// A name in quotation marks for a sentence, shortened, without control characters.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 90;
    let mut out = String::from("\"");
    for (index, c) in text.trim().chars().enumerate() {
        if index == MOST {
            out.push('…');
            break;
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mojibake_reads_like_the_name_it_was() {
        assert_eq!(fold("GeutebrÃ¼ck"), fold("Geutebrück"));
        assert_eq!(fold("GEUTEBRÃ¼CK GMBH"), fold("Geutebrück GmbH"));
        assert_eq!(fold("geutebrã¼ck"), "geutebruck");
        assert_eq!(fold("LeÃ£o"), "leao");
        assert_eq!(fold("Dräger"), "drager");
    }

    #[test]
    fn a_right_name_is_left_alone() {
        assert_eq!(fold("São Paulo"), "sao paulo");
        assert_eq!(fold("PSS(R)CAPE"), "psscape");
    }

    #[test]
    fn a_quoted_name_holds_no_control_character_and_ends() {
        let text = quoted(&format!("a\u{1b}[2J{}", "x".repeat(500)));
        assert!(text.chars().count() < 100 && !text.contains('\u{1b}'));
    }
}
