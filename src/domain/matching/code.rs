//! Order codes: found in names and helper fields, compared without separators, with `?` for one and `*` for any.

use super::text::fold;

/// Fewer literal characters than this identify nothing.
const LEAST: usize = 4;

/// An order code or a pattern of one, in upper case without separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// As written.
    pub(super) text: String,
    pattern: Vec<u8>,
    /// Whether a longer code that begins with it matches too.
    prefix: bool,
    /// Whether it holds no wildcard.
    plain: bool,
}

/// How an asset's order code stands to an advisory's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The same code, or one that the pattern covers.
    Same,
    /// The asset's code is the beginning of the advisory's.
    Begins,
    /// Another code.
    Other,
}

impl Code {
    /// A code from a helper field: it may be a prefix, and `?` and `*` are wildcards (CSAF 2.0, section 3.1.3.3).
    pub(super) fn partial(text: &str) -> Option<Self> {
        Self::new(text, true, false)
    }

    /// A code written in full; placeholders of x's count as wildcards only where a pattern is written.
    pub(super) fn whole(text: &str) -> Option<Self> {
        Self::new(text, false, text.contains(['*', '?']) || has_placeholder(text))
    }

    /// A code as an asset carries it: nothing in it is a wildcard.
    pub(super) fn literal(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, '*' | '?')).collect();
        Self::new(&plain, false, false)
    }

    fn new(text: &str, prefix: bool, placeholders: bool) -> Option<Self> {
        let mut pattern = Vec::with_capacity(text.len());
        let placeholder = placeholders && has_placeholder(text);
        for c in fold(text).chars() {
            match c {
                '*' | '?' => pattern.push(u8::try_from(c).unwrap_or(b'?')),
                'x' if placeholder => pattern.push(b'?'),
                c if c.is_ascii_alphanumeric() => {
                    pattern.push(u8::try_from(c.to_ascii_uppercase()).unwrap_or(b'?'))
                }
                _ => {}
            }
        }
        let literal = pattern.iter().filter(|b| b.is_ascii_alphanumeric()).count();
        let digits = pattern.iter().filter(|b| b.is_ascii_digit()).count();
        (literal >= LEAST && digits >= 1 && pattern.len() <= 64).then(|| Self {
            text: text.trim().to_owned(),
            plain: literal == pattern.len(),
            pattern,
            prefix,
        })
    }

    /// Whether it holds wildcards.
    pub(super) fn is_pattern(&self) -> bool {
        !self.plain
    }

    /// How the code of an asset stands to this one.
    pub(super) fn fit(&self, asset: &Self) -> Fit {
        if self.plain {
            let (ours, theirs) = (self.pattern.as_slice(), asset.pattern.as_slice());
            return if ours == theirs || (self.prefix && theirs.starts_with(ours)) {
                Fit::Same
            } else if ours.starts_with(theirs) {
                Fit::Begins
            } else {
                Fit::Other
            };
        }
        if covers(&self.pattern, &asset.pattern, self.prefix) {
            return Fit::Same;
        }
        // What a trailing placeholder stands for may be left out: 750-880 is one of 750-880/xxx-xxx.
        let fixed =
            self.pattern.iter().rposition(|b| !matches!(b, b'?' | b'*')).map_or(0, |at| at + 1);
        if fixed < self.pattern.len()
            && self.pattern.get(..fixed).is_some_and(|head| covers(head, &asset.pattern, false))
        {
            return Fit::Same;
        }
        let begins = asset.pattern.len() < self.pattern.len()
            && self
                .pattern
                .get(..asset.pattern.len())
                .is_some_and(|head| covers(head, &asset.pattern, false));
        if begins { Fit::Begins } else { Fit::Other }
    }

    /// The literal beginning by which codes are indexed; shorter ones are not.
    pub(super) fn key(&self) -> Option<String> {
        let literal: Vec<u8> = self
            .pattern
            .iter()
            .copied()
            .take_while(u8::is_ascii_alphanumeric)
            .take(LEAST)
            .collect();
        (literal.len() == LEAST).then(|| format!("#{}", String::from_utf8_lossy(&literal)))
    }

    /// How many characters it has.
    pub(super) fn len(&self) -> usize {
        self.pattern.len()
    }
}

/// Wildcard comparison in one pass with one way back: no pattern makes it slow.
fn covers(pattern: &[u8], text: &[u8], prefix: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while let Some(&c) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p, t));
                p += 1;
            }
            Some(&wanted) if wanted == b'?' || wanted == c => {
                p += 1;
                t += 1;
            }
            None if prefix => return true,
            Some(_) | None => match back {
                Some((star, at)) => {
                    p = star + 1;
                    t = at + 1;
                    back = Some((star, at + 1));
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

fn has_placeholder(text: &str) -> bool {
    let folded = fold(text);
    folded.contains("xx") && folded.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a word has the shape of an order code: letters or separators among several digits.
pub(super) fn looks_like_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let dashes = word.bytes().filter(|b| matches!(b, b'-' | b'/')).count();
    word.len() >= 6
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'*' | b'?'))
        && digits >= 3
        && (letters >= 1 || dashes >= 1)
        && word.split(|c: char| !c.is_ascii_alphabetic()).all(|run| run.len() <= 5)
}

/// Takes order codes in brackets out of a name: "CPU 1511 (6ES7511-1AK02-0AB0)".
pub(super) fn take_from(name: &str) -> (String, Vec<Code>) {
    let mut rest = String::with_capacity(name.len());
    let mut codes = Vec::new();
    let mut left = name;
    while let Some(open) = left.find('(') {
        let (before, tail) = left.split_at(open);
        let Some(close) = tail.find(')') else { break };
        let inside = tail.get(1..close).unwrap_or_default();
        let found = bracketed(inside);
        rest.push_str(before);
        if found.is_empty() {
            rest.push_str(tail.get(..=close).unwrap_or_default());
        } else {
            rest.push(' ');
            codes.extend(found);
        }
        left = tail.get(close + 1..).unwrap_or_default();
    }
    rest.push_str(left);
    (rest, codes)
}

/// The codes in a bracket that holds nothing else.
fn bracketed(inside: &str) -> Vec<Code> {
    let pieces: Vec<&str> =
        inside.split([',', ';', '|']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let mut codes = Vec::new();
    for piece in pieces {
        let joined: String = piece.split_whitespace().collect();
        let one_word = joined.len() == piece.len();
        let split_code = piece.split_whitespace().next().is_some_and(|head| {
            head.len() == 4
                && head.starts_with(|c: char| c.is_ascii_digit())
                && head.ends_with(|c: char| c.is_ascii_digit())
        });
        match Code::whole(&joined) {
            Some(code) if looks_like_code(&joined) && (one_word || split_code) => codes.push(code),
            Some(_) | None => return Vec::new(),
        }
    }
    codes
}

/// Patterns and unbracketed codes among the words of a name ("750-880/xxx-xxx", "BMKC80*").
pub(super) fn among_words(name: &str) -> Vec<Code> {
    name.split([' ', ',', ';', '(', ')'])
        .filter(|word| {
            looks_like_code(word)
                || (word.contains('*') && word.bytes().any(|b| b.is_ascii_digit()))
        })
        .filter(|word| word.len() >= 6)
        .filter_map(Code::whole)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(advisory: &str, asset: &str) -> Fit {
        Code::partial(advisory).unwrap().fit(&Code::literal(asset).unwrap())
    }

    #[test]
    fn separators_do_not_count_and_other_codes_differ() {
        assert_eq!(fit("6ES7511-1AK02-0AB0", "6es7 511 1ak02 0ab0"), Fit::Same);
        assert_eq!(fit("6ES7511-1AK02-0AB0", "6ES7511-1AK01-0AB0"), Fit::Other);
    }

    #[test]
    fn wildcards_and_prefixes_of_helpers_count() {
        assert_eq!(fit("6RA801?-??V62-0AA0", "6RA8013-6DV62-0AA0"), Fit::Same);
        assert_eq!(fit("6RA801?-??V62-0AA0", "6RA8113-6DV62-0AA0"), Fit::Other);
        assert_eq!(fit("BMKC80*", "BMKC8020301"), Fit::Same);
        assert_eq!(fit("HMIST6", "HMIST6500"), Fit::Same);
        assert_eq!(fit("6ES7511-1AK02-0AB0", "6ES7511"), Fit::Begins);
    }

    #[test]
    fn a_placeholder_of_a_name_covers_what_it_stands_for() {
        let pattern = Code::whole("750-880/xxx-xxx").unwrap();
        assert_eq!(pattern.fit(&Code::literal("750-880/025-000").unwrap()), Fit::Same);
        assert_eq!(pattern.fit(&Code::literal("750-880").unwrap()), Fit::Same);
        assert_eq!(pattern.fit(&Code::literal("750-881/025-000").unwrap()), Fit::Other);
    }

    #[test]
    fn a_bracket_with_other_words_is_no_code() {
        let (rest, codes) = take_from("SIMATIC ET 200pro IM 154-8F PN/DP CPU (6ES7154-8FB01-0AB0)");
        assert_eq!((rest.trim(), codes.len()), ("SIMATIC ET 200pro IM 154-8F PN/DP CPU", 1));
        for name in [
            "RS900 (32M) V5.X",
            "ET 200SP (incl. SIPLUS variants)",
            "GENESIS64 (AlarmWorX64 MMX)",
            "open (",
            "a ) b (",
        ] {
            assert_eq!(take_from(name), (name.to_owned(), vec![]), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_taken_apart_without_panic(name in ".{0,60}") {
            let _ = take_from(&name);
            let _ = among_words(&name);
            let _ = Code::partial(&name);
        }

        #[test]
        fn a_code_fits_itself(code in "[0-9A-Z]{4}[0-9]-[A-Z0-9-]{2,12}") {
            prop_assert_eq!(fit(&code, &code), Fit::Same);
        }
    }
}
