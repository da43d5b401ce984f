//! The one list engine: a list is data, and this makes its statement, reads its page and its count.
//!
//! Only texts of the program are pushed into a statement; whatever a person wrote is bound.

use std::pin::Pin;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Encode, FromRow, Postgres, QueryBuilder, Row, Sqlite, Type};

use crate::domain::filter::{Filter, Test, Word};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::reader::ReadError;

/// A word of the filter, and the columns it is held against: text before the test, text behind it.
#[derive(Debug)]
pub struct By {
    /// The word.
    pub word: Word,
    /// One of these must hold.
    pub sql: &'static [(&'static str, &'static str)],
}

/// The type of a column that a list is ordered by.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// A whole number.
    Int,
    /// A word.
    Text,
    /// An instant.
    Time,
}

/// Stands before `t.ref` in the order of a list whose references are numbered, so that R-2 comes before R-10.
pub const NUMBER: (&str, Of) = ("CAST(LENGTH(t.ref) AS BIGINT)", Of::Int);

/// A list as data. `:now` in any text stands for the instant of reading, `t` for the list's own table.
#[derive(Debug)]
pub struct List {
    /// The word of `smc list`.
    pub name: &'static str,
    /// The table, as `t`.
    pub from: &'static str,
    /// What belongs to the list before any filter.
    pub base: &'static str,
    /// What the filter line knows.
    pub filters: &'static [By],
    /// The folded text that words are looked for in.
    pub text: &'static str,
    /// What it is ordered by; the last ones tell rows apart. None is ever null.
    pub order: &'static [(&'static str, Of)],
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Which row of the table the key is of, by `p.k0`, `p.k1`, ….
    pub same: &'static str,
    /// The columns of a row.
    pub columns: &'static str,
    /// Tables that only the columns need.
    pub with: &'static str,
}

impl List {
    /// The words of the filter line.
    pub fn words(&self) -> Vec<Word> {
        self.filters.iter().map(|by| by.word).collect()
    }

    /// Reads a filter line against this list.
    ///
    /// # Errors
    /// Names the word that was not understood.
    pub fn filter(&self, line: &str) -> Result<Filter, ReadError> {
        Ok(Filter::parse(line, &self.words())?)
    }
}

/// A row of a list.
pub trait Listed:
    Sized + Send + Unpin + Serialize + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
    /// The list it is of.
    const LIST: &'static List;

    /// Concludes what only the instant of reading tells.
    fn settle(&mut self, _now: Time) {}

    /// Concludes for a filter which rows pass what no column tells, for whoever reads.
    fn conclude<'a>(
        _c: &'a mut Link<'_>,
        _filter: &'a mut Filter,
        _holder: Option<&'a Holder>,
        _now: Time,
    ) -> Completed<'a> {
        Box::pin(async { Ok(()) })
    }

    /// Concludes for the rows of a page what other tables tell at the instant of reading.
    fn complete<'a>(_c: &'a mut Link<'_>, _rows: &'a mut [Self], _now: Time) -> Completed<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// The work of completing a page or a filter.
pub type Completed<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Most rows.
    pub limit: usize,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// Rows of a page when none is said.
pub const LIMIT: usize = 100;

impl Default for Page {
    fn default() -> Self {
        Self { limit: LIMIT, after: None }
    }
}

impl Page {
    /// Everything in one page.
    pub const ALL: Self = Self { limit: usize::MAX, after: None };
}

/// A page of a list, and the cursor of the next if there is more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor to go on from.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Int(i64),
    Text(String),
}

const KEYS: [&str; 5] = ["k0", "k1", "k2", "k3", "k4"];

/// A cursor as people hold it.
pub fn cursor<T: Serialize>(list: &str, keys: &T) -> String {
    BASE64URL_NOPAD.encode(&serde_json::to_vec(&(list, keys)).unwrap_or_default())
}

/// The keys of a cursor that this list gave out.
///
/// # Errors
/// `Cursor` for any other text.
pub fn keys<T: for<'de> Deserialize<'de>>(list: &str, text: &str) -> Result<T, ReadError> {
    let wrong = || ReadError::Cursor(text.to_owned());
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| wrong())?;
    let (of, keys): (String, T) = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    if of == list { Ok(keys) } else { Err(wrong()) }
}

/// A question to a list, ready to be put to either engine.
pub struct Question<'q> {
    list: &'static List,
    filter: &'q Filter,
    one: Option<&'q str>,
    after: Vec<Key>,
    limit: i64,
    now: Time,
}

impl<'q> Question<'q> {
    /// A question for a page.
    ///
    /// # Errors
    /// `Cursor` for a cursor of another list.
    pub fn new(
        list: &'static List,
        filter: &'q Filter,
        page: &Page,
        now: Time,
    ) -> Result<Self, ReadError> {
        let after: Vec<Key> = match &page.after {
            Some(text) => {
                let found: Vec<Key> = keys(list.name, text)?;
                if found.len() != list.order.len() {
                    return Err(ReadError::Cursor(text.clone()));
                }
                found
            }
            None => Vec::new(),
        };
        let limit = i64::try_from(page.limit.max(1)).unwrap_or(i64::MAX - 1);
        Ok(Self { list, filter, one: None, after, limit, now })
    }

    /// A question for the row of one reference.
    pub fn one(list: &'static List, none: &'q Filter, reference: &'q str, now: Time) -> Self {
        Self { list, filter: none, one: Some(reference), after: Vec::new(), limit: 1, now }
    }

    fn page<DB: Database>(&self, b: &mut QueryBuilder<DB>)
    where
        String: for<'e> Encode<'e, DB> + Type<DB>,
        i64: for<'e> Encode<'e, DB> + Type<DB>,
        bool: for<'e> Encode<'e, DB> + Type<DB>,
        Time: for<'e> Encode<'e, DB> + Type<DB>,
    {
        let direction = if self.list.descending { " DESC" } else { "" };
        for (at, ((sql, _), key)) in self.list.order.iter().zip(KEYS).enumerate() {
            b.push(if at == 0 { "" } else { ", " });
            push(b, sql, self.now);
            b.push(" AS ").push(key);
        }
        b.push(" FROM ").push(self.list.from).push(" WHERE ");
        self.narrowed(b);
        if !self.after.is_empty() {
            b.push(" AND (");
            for (at, (sql, _)) in self.list.order.iter().enumerate() {
                b.push(if at == 0 { "" } else { ", " });
                push(b, sql, self.now);
            }
            b.push(if self.list.descending { ") < (" } else { ") > (" });
            for (at, (key, (_, of))) in self.after.iter().zip(self.list.order).enumerate() {
                b.push(if at == 0 { "" } else { ", " });
                match (key, of) {
                    (Key::Int(micros), Of::Time) => b.push_bind(Time::from_micros(*micros)),
                    (Key::Int(number), Of::Int | Of::Text) => b.push_bind(*number),
                    (Key::Text(text), Of::Int | Of::Text | Of::Time) => b.push_bind(text.clone()),
                };
            }
            b.push(")");
        }
        b.push(" ORDER BY ");
        self.ordered(b, "", direction);
        b.push(" LIMIT ").push_bind(self.limit.saturating_add(1));
        b.push(") SELECT ");
        for key in KEYS.iter().take(self.list.order.len()) {
            b.push("p.").push(key).push(", ");
        }
        push(b, self.list.columns, self.now);
        b.push(" FROM p CROSS JOIN ").push(self.list.from).push(" ").push(self.list.with);
        b.push(" WHERE ").push(self.list.same).push(" ORDER BY ");
        self.ordered(b, "p.", direction);
    }

    fn ordered<DB: Database>(&self, b: &mut QueryBuilder<DB>, of: &str, direction: &str) {
        for (at, key) in KEYS.iter().take(self.list.order.len()).enumerate() {
            b.push(if at == 0 { "" } else { ", " }).push(of).push(key).push(direction);
        }
    }

    /// What the list and the filter leave.
    fn narrowed<DB: Database>(&self, b: &mut QueryBuilder<DB>)
    where
        String: for<'e> Encode<'e, DB> + Type<DB>,
        i64: for<'e> Encode<'e, DB> + Type<DB>,
        bool: for<'e> Encode<'e, DB> + Type<DB>,
        Time: for<'e> Encode<'e, DB> + Type<DB>,
    {
        push(b, self.list.base, self.now);
        for term in &self.filter.terms {
            let Some(by) = self.list.filters.iter().find(|by| by.word.name == term.word) else {
                continue;
            };
            b.push(" AND (");
            for (at, (before, behind)) in by.sql.iter().enumerate() {
                b.push(if at == 0 { "" } else { " OR " });
                push(b, before, self.now);
                self.test(b, &term.test);
                push(b, behind, self.now);
            }
            if !term.also.is_empty() {
                b.push(" OR t.ref");
                self.test(b, &Test::Any(term.also.clone()));
            }
            b.push(")");
        }
        if let Some(reference) = self.one {
            b.push(" AND t.ref = ").push_bind(reference.to_owned());
        }
        for word in &self.filter.text {
            b.push(" AND ").push(self.list.text).push(" LIKE ");
            b.push_bind(like(word)).push(r" ESCAPE '\'");
        }
    }

    fn test<DB: Database>(&self, b: &mut QueryBuilder<DB>, test: &Test)
    where
        String: for<'e> Encode<'e, DB> + Type<DB>,
        i64: for<'e> Encode<'e, DB> + Type<DB>,
        bool: for<'e> Encode<'e, DB> + Type<DB>,
        Time: for<'e> Encode<'e, DB> + Type<DB>,
    {
        match test {
            Test::Any(words) => {
                b.push(" IN (");
                for (at, word) in words.iter().enumerate() {
                    b.push(if at == 0 { "" } else { ", " }).push_bind(word.clone());
                }
                b.push(")");
            }
            Test::Number(compare, number) => {
                b.push(" ").push(compare.sign()).push(" ").push_bind(*number);
            }
            Test::Time(compare, when) => {
                b.push(" ").push(compare.sign()).push(" ").push_bind(when.at(self.now));
            }
            Test::Flag(flag) => {
                b.push(" = ").push_bind(*flag);
            }
        }
    }
}

/// Pushes a text of the program, with the instant of reading bound wherever it says `:now`.
fn push<DB: Database>(b: &mut QueryBuilder<DB>, sql: &'static str, now: Time)
where
    Time: for<'e> Encode<'e, DB> + Type<DB>,
{
    for (at, part) in sql.split(":now").enumerate() {
        if at > 0 {
            b.push_bind(now);
        }
        b.push(part);
    }
}

/// The pattern that finds this word anywhere.
fn like(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

macro_rules! read_page {
    ($db:ty, $t:ty, $c:expr, $question:expr) => {{
        let mut b = QueryBuilder::<$db>::new("WITH p AS (SELECT ");
        $question.page(&mut b);
        let mut found = b.build().fetch_all(&mut **$c).await?;
        let limit = usize::try_from($question.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let mut next = None;
        if let (true, Some(last)) = (more, found.last()) {
            let mut keys = Vec::new();
            for ((_, of), name) in $question.list.order.iter().zip(KEYS) {
                keys.push(match of {
                    Of::Int => Key::Int(last.try_get(name)?),
                    Of::Text => Key::Text(last.try_get(name)?),
                    Of::Time => Key::Int(last.try_get::<Time, _>(name)?.micros()),
                });
            }
            next = Some(cursor($question.list.name, &keys));
        }
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let mut row = <$t>::from_row(row)?;
            row.settle($question.now);
            rows.push(row);
        }
        Paged { rows, next }
    }};
}

/// Reads a page.
pub async fn page<T: Listed>(
    c: &mut Link<'_>,
    question: &Question<'_>,
) -> Result<Paged<T>, StoreError> {
    let mut page = match c {
        On::Sqlite(c) => read_page!(Sqlite, T, c, question),
        On::Postgres(c) => read_page!(Postgres, T, c, question),
    };
    T::complete(c, &mut page.rows, question.now).await?;
    Ok(page)
}

macro_rules! read_count {
    ($db:ty, $c:expr, $question:expr) => {{
        let mut b = QueryBuilder::<$db>::new("SELECT COUNT(*) FROM ");
        b.push($question.list.from).push(" WHERE ");
        $question.narrowed(&mut b);
        Ok(b.build_query_scalar::<i64>().fetch_one(&mut **$c).await?)
    }};
}

/// Counts what a filter leaves.
pub async fn count(c: &mut Link<'_>, question: &Question<'_>) -> Result<i64, StoreError> {
    match c {
        On::Sqlite(c) => read_count!(Sqlite, c, question),
        On::Postgres(c) => read_count!(Postgres, c, question),
    }
}

macro_rules! read_count_by_site {
    ($db:ty, $c:expr, $question:expr) => {{
        let mut b = QueryBuilder::<$db>::new("SELECT t.site, COUNT(*) FROM ");
        b.push($question.list.from).push(" WHERE ");
        $question.narrowed(&mut b);
        b.push(" GROUP BY t.site");
        Ok(b.build_query_as::<(String, i64)>().fetch_all(&mut **$c).await?)
    }};
}

/// Counts what a filter leaves at each site.
pub async fn count_by_site(
    c: &mut Link<'_>,
    question: &Question<'_>,
) -> Result<Vec<(String, i64)>, StoreError> {
    match c {
        On::Sqlite(c) => read_count_by_site!(Sqlite, c, question),
        On::Postgres(c) => read_count_by_site!(Postgres, c, question),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_percent_and_underscore_as_they_are() {
        assert_eq!(like("a%_\\b"), r"%a\%\_\\b%");
    }

    #[test]
    fn a_cursor_is_of_one_list() {
        let text = cursor("risks", &[Key::Int(1), Key::Text("R-1".into())]);
        assert_eq!(keys::<Vec<Key>>("risks", &text).unwrap().len(), 2);
        assert!(keys::<Vec<Key>>("changes", &text).is_err());
        assert!(keys::<Vec<Key>>("risks", "x").is_err());
    }
}
