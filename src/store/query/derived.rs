//! Lists that no table holds: rows concluded at the instant of reading, filtered and paged like any other.

use serde::Serialize;

use super::engine::{Page, Paged, cursor, keys};
use crate::domain::filter::{Filter, Test, Word};
use crate::domain::time::Time;
use crate::store::reader::ReadError;

/// What a row holds under a word of the filter.
#[derive(Clone, Copy, Debug)]
pub enum Fact<'r> {
    /// A word.
    Word(&'r str),
    /// A number.
    Number(i64),
    /// An instant.
    Time(Time),
    /// Nothing: no test holds.
    None,
}

/// A row of a list that no table holds.
pub trait Derived: Serialize {
    /// The word of `smc list`.
    const NAME: &'static str;
    /// What the filter line knows.
    const WORDS: &'static [Word];

    /// What the row holds under a word.
    fn fact(&self, word: &str) -> Fact<'_>;

    /// The text that words are looked for in.
    fn text(&self) -> String;

    /// What tells the row apart.
    fn key(&self) -> String;
}

fn passes<T: Derived>(row: &T, filter: &Filter, now: Time) -> bool {
    let text = row.text().to_lowercase();
    filter.text.iter().all(|word| text.contains(word))
        && filter.terms.iter().all(|term| match (&term.test, row.fact(term.word)) {
            (Test::Any(words), Fact::Word(word)) => words.iter().any(|one| one == word),
            (Test::Number(compare, number), Fact::Number(held)) => compare.holds(&held, number),
            (Test::Time(compare, when), Fact::Time(held)) => compare.holds(&held, &when.at(now)),
            (
                Test::Any(_) | Test::Number(..) | Test::Time(..) | Test::Flag(_),
                Fact::Word(_) | Fact::Number(_) | Fact::Time(_) | Fact::None,
            ) => false,
        })
}

/// The page of these rows, which come in their order.
///
/// # Errors
/// `Cursor` for the cursor of another list.
pub fn page<T: Derived>(
    rows: Vec<T>,
    filter: &Filter,
    page: &Page,
    now: Time,
) -> Result<Paged<T>, ReadError> {
    let rows: Vec<T> = rows.into_iter().filter(|row| passes(row, filter, now)).collect();
    let from = match &page.after {
        Some(text) => {
            let (key, place): (String, usize) = keys(T::NAME, text)?;
            // The row may have gone since: then its place tells where to go on.
            rows.iter().position(|row| row.key() == key).map_or(place, |found| found + 1)
        }
        None => 0,
    };
    let limit = page.limit.max(1);
    let more = rows.len().saturating_sub(from) > limit;
    let rows: Vec<T> = rows.into_iter().skip(from).take(limit).collect();
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| cursor(T::NAME, &(last.key(), from.saturating_add(limit))));
    Ok(Paged { rows, next })
}
