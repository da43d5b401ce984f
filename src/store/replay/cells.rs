//! Rows of any table as bare cells, by the columns that the catalog names, so that no column can be overlooked.
#![allow(
    clippy::disallowed_types,
    reason = "tables and columns are named by our own schema's catalog"
)]

use std::fmt;

use futures::StreamExt;
use futures::stream::BoxStream;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Decode, Postgres, Row, Sqlite, SqliteConnection, TypeInfo, ValueRef};

use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};

/// What stands in one column of one row, the same for both engines: times are microseconds, truth values 0 and 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text, which may be no text any more.
    Text(Vec<u8>),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => {
                let text = String::from_utf8_lossy(text);
                let short: String = text.chars().take(80).collect();
                if short.len() < text.len() {
                    write!(f, "{short:?}…")
                } else {
                    write!(f, "{short:?}")
                }
            }
            Self::Bytes(bytes) => {
                let digits: Vec<u8> = bytes.iter().copied().take(32).collect();
                write!(f, "x'{}'", data_encoding::HEXLOWER.encode(&digits))
            }
        }
    }
}

/// The columns of a table and which of them are its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The table.
    pub table: &'static str,
    /// The columns in the order in which they are read.
    pub columns: Vec<String>,
    /// The places of the key's columns among them.
    pub key: Vec<usize>,
}

/// The names of a table's columns, as the engine's own catalog has them.
pub async fn columns(c: &mut Link<'_>, table: &str) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(if c.is_postgres() {
        rows!(
            c,
            (String, i64),
            "SELECT attname::text, CAST(attnum AS BIGINT) FROM pg_attribute
             WHERE attrelid = to_regclass('smc.' || quote_ident($1)) AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum",
            table
        )?
    } else {
        rows!(c, (String, i64), "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid", table)?
    })
}

fn of_sqlite(row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
    (0..row.len())
        .map(|place| {
            let value = row.try_get_raw(place)?;
            if value.is_null() {
                return Ok(Cell::Null);
            }
            let name = value.type_info().name().to_owned();
            let read = match name.as_str() {
                "INTEGER" | "BOOLEAN" => <i64 as Decode<'_, Sqlite>>::decode(value).map(Cell::Int),
                "TEXT" => <&[u8] as Decode<'_, Sqlite>>::decode(value)
                    .map(|bytes| Cell::Text(bytes.to_vec())),
                "REAL" => <f64 as Decode<'_, Sqlite>>::decode(value)
                    .map(|number| Cell::Bytes(number.to_be_bytes().to_vec())),
                _ => <&[u8] as Decode<'_, Sqlite>>::decode(value)
                    .map(|bytes| Cell::Bytes(bytes.to_vec())),
            };
            read.map_err(sqlx::Error::Decode)
        })
        .collect()
}

fn of_postgres(row: &PgRow) -> Result<Vec<Cell>, sqlx::Error> {
    (0..row.len())
        .map(|place| {
            let value = row.try_get_raw(place)?;
            if value.is_null() {
                return Ok(Cell::Null);
            }
            let name = value.type_info().name().to_owned();
            let read = match name.as_str() {
                "BOOL" => {
                    <bool as Decode<'_, Postgres>>::decode(value).map(|set| Cell::Int(set.into()))
                }
                "INT8" => <i64 as Decode<'_, Postgres>>::decode(value).map(Cell::Int),
                "INT4" => <i32 as Decode<'_, Postgres>>::decode(value).map(|n| Cell::Int(n.into())),
                "INT2" => <i16 as Decode<'_, Postgres>>::decode(value).map(|n| Cell::Int(n.into())),
                "TIMESTAMPTZ" => <Time as Decode<'_, Postgres>>::decode(value)
                    .map(|time| Cell::Int(time.micros())),
                "BYTEA" => <&[u8] as Decode<'_, Postgres>>::decode(value)
                    .map(|bytes| Cell::Bytes(bytes.to_vec())),
                _ => value.as_bytes().map(|bytes| Cell::Text(bytes.to_vec())),
            };
            read.map_err(sqlx::Error::Decode)
        })
        .collect()
}

/// How rows are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the key.
    Key,
    /// By the key, short ones first: a number before the numbers that it may be named by.
    Number,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Every row of a table.
pub fn stream<'c>(
    c: &'c mut Link<'_>,
    shape: &Shape,
    order: Order,
) -> BoxStream<'c, Result<Vec<Cell>, sqlx::Error>> {
    // Names from our own schema's catalog, set in quotes.
    let columns: Vec<String> = shape.columns.iter().map(|name| quoted(name)).collect();
    let key: Vec<String> = shape
        .key
        .iter()
        .filter_map(|place| shape.columns.get(*place))
        .map(|name| quoted(name))
        .collect();
    let sql = AssertSqlSafe(format!(
        "SELECT {} FROM \"{}\" ORDER BY {}",
        columns.join(", "),
        shape.table,
        match (order, key.first()) {
            (Order::Number, Some(first)) => format!("length({first}), {}", key.join(", ")),
            (Order::Number | Order::Key, _) => key.join(", "),
        }
    ));
    match c {
        On::Sqlite(c) => sqlx::query(sql).fetch(&mut **c).map(|row| of_sqlite(&row?)).boxed(),
        On::Postgres(c) => sqlx::query(sql).fetch(&mut **c).map(|row| of_postgres(&row?)).boxed(),
    }
}

/// Rows of a chunk.
const CHUNK: i64 = 512;

/// Rows of an embedded store's table that follow each other in its file, as one text.
pub struct Chunk {
    /// The rows, each as a list of its cells: numbers bare, texts in quotes with what is not printable escaped.
    pub text: Vec<u8>,
    /// How many they are; none at the end.
    pub rows: i64,
    /// The first place behind them; none behind the last place that there is.
    next: Option<i64>,
}

impl Chunk {
    /// Before the first row.
    pub const START: Self = Self { text: Vec::new(), rows: 0, next: Some(i64::MIN) };

    /// The rows behind this chunk.
    ///
    /// # Errors
    /// If the engine fails, or a row holds what no such text can: bytes.
    pub async fn next(&self, c: &mut SqliteConnection, sql: &str) -> Result<Self, sqlx::Error> {
        let from = self.next.ok_or(sqlx::Error::RowNotFound)?;
        let (text, rows, last) =
            sqlx::query_as::<_, (Option<Vec<u8>>, i64, Option<i64>)>(AssertSqlSafe(sql.to_owned()))
                .bind(from)
                .bind(CHUNK)
                .fetch_one(c)
                .await?;
        let next = last.and_then(|last| last.checked_add(1));
        Ok(Self { text: text.unwrap_or_default(), rows, next })
    }
}

/// The statement that reads a chunk of a table.
pub fn chunks(shape: &Shape) -> String {
    // Names from our own schema's catalog, set in quotes.
    let columns: Vec<String> = shape.columns.iter().map(|name| quoted(name)).collect();
    format!(
        "SELECT group_concat(row, char(10)), COUNT(*), MAX(place)
         FROM (SELECT rowid AS place, json_array({}) AS row FROM \"{}\" WHERE rowid >= $1 ORDER BY rowid LIMIT $2)",
        columns.join(", "),
        shape.table
    )
}
