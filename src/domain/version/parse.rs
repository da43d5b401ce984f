//! From a normalised text to a [`Version`]: prefix, dotted core, marks.

use super::words::{MARKS, MONTHS, NOISE, Rank};
use super::{Atom, Component, Mark, Prose, Version};

/// Longer texts are sentences.
const LONGEST: usize = 80;

pub(super) fn version(text: &str) -> Result<Version, Prose> {
    if text.len() > LONGEST || !text.is_ascii() {
        return Err(Prose);
    }
    if MONTHS
        .iter()
        .any(|month| text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == *month))
    {
        return Err(Prose);
    }
    let text = without_noise(text.trim_end_matches(['.', ',', ';', ':', ' ']));
    let (prefix, rest) = prefix(text)?;
    let mut cursor = Cursor { rest };
    let core = cursor.core()?;
    if core.is_empty() {
        return Err(Prose);
    }
    let marks = cursor.marks()?;
    Ok(Version { prefix, core, marks })
}

fn without_noise(mut text: &str) -> &str {
    loop {
        let before = text;
        for word in NOISE {
            if let Some(rest) = text.strip_prefix(word)
                && rest
                    .starts_with(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ':' | '#'))
            {
                text = rest.trim_start_matches([' ', '.', ':', '#']);
            }
        }
        for letter in ['v', 'r'] {
            if let Some(rest) = text.strip_prefix(letter) {
                let rest = rest.trim_start_matches([' ', '.']);
                if rest.starts_with(|c: char| c.is_ascii_digit()) || rest.starts_with("x.") {
                    text = rest;
                }
            }
        }
        if before.len() == text.len() {
            return text;
        }
    }
}

/// Splits what stands before the first number of the version: "mx-v4.0" is "mx" and "4.0".
fn prefix(text: &str) -> Result<(String, &str), Prose> {
    if let Some(at) = last_v(text) {
        let head = text.get(..at).unwrap_or_default().trim_end_matches([' ', '-']);
        let rest = text.get(at..).unwrap_or_default().trim_start_matches([' ', '-', 'v', '.']);
        if head.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok((squash(head)?, rest));
        }
        return Err(Prose);
    }
    if text.starts_with("x.") || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok((String::new(), text));
    }
    match text.find(|c: char| c.is_ascii_digit()) {
        Some(at) => {
            Ok((squash(text.get(..at).unwrap_or_default())?, text.get(at..).unwrap_or_default()))
        }
        None if (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok((String::new(), text))
        }
        None => Err(Prose),
    }
}

/// The last place where a "v" with a digit follows other text ("cpci85 v05.20", "mx-v4").
fn last_v(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (1..bytes.len()).rev().find(|&at| {
        bytes.get(at) == Some(&b'v')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && matches!(bytes.get(at.wrapping_sub(1)), Some(b' ' | b'-'))
    })
}

fn squash(head: &str) -> Result<String, Prose> {
    let words = head.split([' ', '-']).filter(|word| !word.is_empty() && !NOISE.contains(word));
    let mut out = String::new();
    for (index, word) in words.enumerate() {
        if index > 1 || !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Prose);
        }
        out.push_str(word);
    }
    if out.len() > 12 { Err(Prose) } else { Ok(out) }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|b| !keep(b)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn number(&mut self) -> Result<Atom, Prose> {
        let digits = self.take_while(|b| b.is_ascii_digit()).trim_start_matches('0');
        if digits.is_empty() {
            Ok(Atom::Number(0))
        } else {
            digits.parse().map(Atom::Number).map_err(|_| Prose)
        }
    }

    /// Whether a mark starts here ("u1" of "14.4u1"): a known word with a number behind it.
    fn at_mark(&self) -> bool {
        let word_end =
            self.rest.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, behind) = self.rest.split_at(word_end);
        mark(word).is_some() && behind.starts_with(|c: char| c.is_ascii_digit())
    }

    fn core(&mut self) -> Result<Vec<Component>, Prose> {
        let mut core = Vec::new();
        loop {
            let component = self.component()?;
            if component.is_empty() {
                return if core.is_empty() { Err(Prose) } else { Ok(core) };
            }
            core.push(component);
            let mut behind = self.rest.bytes();
            if behind.next() == Some(b'.')
                && behind.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'*')
            {
                self.rest = self.rest.get(1..).unwrap_or_default();
                if self.at_mark() {
                    return Ok(core);
                }
            } else {
                return Ok(core);
            }
        }
    }

    fn component(&mut self) -> Result<Component, Prose> {
        let mut atoms = Vec::new();
        loop {
            match self.peek() {
                Some(b) if b.is_ascii_digit() => atoms.push(self.number()?),
                Some(b'*') => {
                    self.take_while(|b| b == b'*');
                    atoms.push(Atom::Any);
                    return Ok(atoms);
                }
                Some(b) if b.is_ascii_alphabetic() => {
                    if !atoms.is_empty() && self.at_mark() {
                        return Ok(atoms);
                    }
                    let letters = self.take_while(|b| b.is_ascii_alphabetic());
                    if letters.bytes().all(|b| b == b'x') && atoms.is_empty() {
                        atoms.push(Atom::Any);
                        return Ok(atoms);
                    }
                    if letters.len() > 4 {
                        return Err(Prose);
                    }
                    atoms.push(Atom::Letters(letters.to_owned()));
                }
                Some(_) | None => return Ok(atoms),
            }
        }
    }

    fn marks(&mut self) -> Result<Vec<Mark>, Prose> {
        let mut marks = Vec::new();
        loop {
            self.take_while(|b| {
                matches!(b, b' ' | b'-' | b'.' | b',' | b'+' | b'#' | b':' | b'(' | b')')
            });
            match self.peek() {
                None => break,
                Some(b) if b.is_ascii_digit() => {
                    marks.push(Mark { rank: Rank::Build, word: "", value: self.value()? });
                }
                Some(b) if b.is_ascii_alphabetic() => {
                    let word = self.take_while(|b| b.is_ascii_alphabetic());
                    let (word, rank) = mark(word).ok_or(Prose)?;
                    self.take_while(|b| matches!(b, b' ' | b'-' | b'.' | b'#' | b':'));
                    let value = self.value()?;
                    if value.is_empty() && rank != Rank::Before {
                        return Err(Prose);
                    }
                    marks.push(Mark { rank, word, value });
                }
                Some(_) => return Err(Prose),
            }
        }
        marks.sort_by_key(|mark| mark.rank);
        Ok(marks)
    }

    /// The dotted number of a mark, flattened; letters directly behind it belong to it.
    fn value(&mut self) -> Result<Vec<Atom>, Prose> {
        let mut atoms = Vec::new();
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            atoms.push(self.number()?);
            if self.peek().is_some_and(|b| b.is_ascii_alphabetic()) && !self.at_mark() {
                let letters = self.take_while(|b| b.is_ascii_alphabetic());
                if letters.len() > 2 {
                    return Err(Prose);
                }
                atoms.push(Atom::Letters(letters.to_owned()));
            }
            let mut behind = self.rest.bytes();
            if behind.next() == Some(b'.') && behind.next().is_some_and(|b| b.is_ascii_digit()) {
                self.rest = self.rest.get(1..).unwrap_or_default();
            }
        }
        Ok(atoms)
    }
}

fn mark(word: &str) -> Option<(&'static str, Rank)> {
    MARKS.iter().find(|(written, _, _)| *written == word).map(|(_, word, rank)| (*word, *rank))
}
