//! The rows of a replay put into a store's own tables, which stand empty.
#![allow(
    clippy::disallowed_types,
    reason = "tables and columns are named by our own schema's catalog"
)]

use futures::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

use super::cells::{self, Cell, Order, Shape};
use super::progress::Progress;
use super::scratch::Scratch;
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::schema;

/// Rows of one statement.
const ROWS: usize = 1_000;

/// Values of one statement on SQLite, which binds 32,766 at most.
const VALUES: usize = 16_000;

/// A column with the type that the store's own engine gives it.
struct Column {
    name: String,
    of: String,
}

async fn columns(c: &mut Link<'_>, table: &str) -> Result<Vec<Column>, StoreError> {
    let found = if c.is_postgres() {
        rows!(
            c,
            (String, String),
            "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
             WHERE attrelid = to_regclass('smc.' || quote_ident($1)) AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum",
            table
        )?
    } else {
        rows!(
            c,
            (String, String),
            "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
            table
        )?
    };
    Ok(found.into_iter().map(|(name, of)| Column { name, of }).collect())
}

fn value(cell: Cell, of: &str) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) if of == "boolean" => Value::Bool(number != 0),
        Cell::Int(number) if of.starts_with("timestamp") => Value::String(
            Time::from_micros(number).utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        ),
        Cell::Int(number) => Value::from(number),
        Cell::Text(text) => Value::String(String::from_utf8_lossy(&text).into_owned()),
        Cell::Bytes(bytes) => Value::String(data_encoding::HEXLOWER.encode(&bytes)),
    }
}

/// How many rows of a table one statement takes.
fn at_once(c: &Link<'_>, columns: &[Column]) -> usize {
    if c.is_postgres() { ROWS } else { (VALUES / columns.len().max(1)).clamp(1, ROWS) }
}

/// Rows as JSON for PostgreSQL, which knows by its own types what each value is.
fn json(columns: &[Column], rows: Vec<Vec<Cell>>) -> String {
    let object = |row: Vec<Cell>| -> Value {
        let cells = columns.iter().zip(row);
        let named: Map<String, Value> =
            cells.map(|(column, cell)| (column.name.clone(), value(cell, &column.of))).collect();
        Value::Object(named)
    };
    Value::Array(rows.into_iter().map(object).collect()).to_string()
}

async fn insert(
    c: &mut Link<'_>,
    table: &str,
    columns: &[Column],
    rows: Vec<Vec<Cell>>,
) -> Result<(), StoreError> {
    // Names from the engine's own catalog of tables that were just made, set in quotes.
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.name.replace('"', "\"\""))).collect();
    let names = names.join(", ");
    match c {
        On::Sqlite(c) => {
            // Bound one by one: taking them out of JSON reads each row once for each of its columns.
            let row = format!("({})", vec!["?"; columns.len()].join(", "));
            let values = vec![row.as_str(); rows.len()].join(", ");
            let sql = format!("INSERT INTO \"{table}\" ({names}) VALUES {values}");
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in rows.into_iter().flatten() {
                query = match cell {
                    Cell::Null => query.bind(None::<i64>),
                    Cell::Int(number) => query.bind(number),
                    Cell::Text(text) => query.bind(String::from_utf8_lossy(&text).into_owned()),
                    Cell::Bytes(bytes) => query.bind(bytes),
                };
            }
            query.execute(&mut **c).await?;
        }
        On::Postgres(c) => {
            let sql = format!(
                "INSERT INTO smc.\"{table}\" ({names})
                 SELECT {names} FROM json_populate_recordset(NULL::smc.\"{table}\", CAST($1 AS JSON))"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(json(columns, rows)).execute(&mut **c).await?;
        }
    }
    Ok(())
}

async fn empty(c: &mut Link<'_>, table: &str) -> Result<(), StoreError> {
    // The name is a constant of this program.
    let sql = format!("DELETE FROM \"{table}\"");
    match c {
        On::Sqlite(c) => sqlx::query(AssertSqlSafe(sql)).execute(&mut **c).await.map(|_| ())?,
        On::Postgres(c) => sqlx::query(AssertSqlSafe(sql)).execute(&mut **c).await.map(|_| ())?,
    }
    Ok(())
}

/// Fills every table from a replay.
///
/// # Errors
/// `Unavailable` if an engine fails, `Stopped` if it was stopped.
pub async fn refill(
    c: &mut Link<'_>,
    scratch: &mut Scratch,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let names = schema::table_names();
    let count = i64::try_from(names.len()).unwrap_or(0);
    for (done, table) in (1..).zip(names) {
        let columns = columns(c, table).await?;
        // What a trigger counted while other tables were filled is in the replay's own count.
        empty(c, table).await?;
        let key = cells::columns(&mut scratch.link(), table).await?;
        let place = |part: i64| key.iter().position(|(_, own)| *own == part);
        let shape = Shape {
            table,
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            key: (1..).map_while(place).collect(),
        };
        let mut from = scratch.link();
        let mut rows = cells::stream(&mut from, &shape, Order::Number);
        let (mut batch, most) = (Vec::new(), at_once(c, &columns));
        while let Some(row) = rows.try_next().await? {
            batch.push(row);
            if batch.len() == most {
                insert(c, table, &columns, std::mem::take(&mut batch)).await?;
            }
        }
        if !batch.is_empty() {
            insert(c, table, &columns, batch).await?;
        }
        progress.step("refill", done, count)?;
    }
    Ok(())
}
