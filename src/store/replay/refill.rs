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

async fn insert(
    c: &mut Link<'_>,
    table: &str,
    columns: &[Column],
    rows: Vec<Value>,
) -> Result<(), StoreError> {
    let json = Value::Array(rows).to_string();
    // Names from the engine's own catalog of tables that were just made, set in quotes.
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.name.replace('"', "\"\""))).collect();
    let names = names.join(", ");
    match c {
        On::Sqlite(c) => {
            let values: Vec<String> = columns
                .iter()
                .map(|column| format!("value ->> '{}'", column.name.replace('\'', "''")))
                .collect();
            let sql = format!(
                "INSERT INTO \"{table}\" ({names}) SELECT {} FROM json_each($1)",
                values.join(", ")
            );
            sqlx::query(AssertSqlSafe(sql)).bind(json).execute(&mut **c).await?;
        }
        On::Postgres(c) => {
            let sql = format!(
                "INSERT INTO smc.\"{table}\" ({names})
                 SELECT {names} FROM json_populate_recordset(NULL::smc.\"{table}\", CAST($1 AS JSON))"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(json).execute(&mut **c).await?;
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
        let mut batch = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let cells = columns.iter().zip(row);
            let object: Map<String, Value> = cells
                .map(|(column, cell)| (column.name.clone(), value(cell, &column.of)))
                .collect();
            batch.push(Value::Object(object));
            if batch.len() == ROWS {
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
