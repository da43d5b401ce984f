//! The schema of both engines: its files, its version, its fingerprint, and what may not stand in it.
#![allow(
    clippy::disallowed_types,
    reason = "objects are named by the catalog and by our own schema"
)]

mod written;

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::fault::StoreError;
use super::link::{Link, On};
use super::place::Place;
use crate::{exec, rows, scalar};

/// The version of the ledger's schema that this program writes.
pub const VERSION: i64 = 1;

const SQLITE_LEDGER: &str = include_str!("../../migrations/sqlite/0001_ledger.sql");
const SQLITE_TABLES: &str = include_str!("../../migrations/sqlite/0002_tables.sql");

/// The statements that make the tables which replay fills, in the engine's own words.
pub const fn tables(postgres: bool) -> &'static str {
    if postgres { super::server::TABLES } else { SQLITE_TABLES }
}

/// What `project` writes into the tables, as a number: raised when it writes something else for the same entries.
const PROJECTED: u32 = 7;

/// The digest of the tables' statements and of what is written into them: a store made with others is rebuilt.
pub fn tables_digest() -> String {
    let digest =
        Sha256::new_with_prefix(SQLITE_TABLES.as_bytes()).chain_update(PROJECTED.to_be_bytes());
    data_encoding::HEXLOWER.encode(&digest.finalize())
}

/// The names of the tables that replay fills, in the order they are made.
pub fn table_names() -> Vec<&'static str> {
    SQLITE_TABLES
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect()
}

/// Runs statements that stand in one text.
pub async fn script(c: &mut Link<'_>, text: &'static str) -> Result<(), StoreError> {
    match c {
        On::Sqlite(c) => sqlx::raw_sql(text).execute(&mut **c).await.map(|_| ())?,
        On::Postgres(c) => sqlx::raw_sql(text).execute(&mut **c).await.map(|_| ())?,
    }
    Ok(())
}

/// Makes the whole schema in an empty embedded store and notes its versions.
pub async fn create_sqlite(c: &mut Link<'_>) -> Result<(), StoreError> {
    script(c, SQLITE_LEDGER).await?;
    script(c, SQLITE_TABLES).await?;
    note(c).await
}

/// Notes the versions of the schema that stands.
pub async fn note(c: &mut Link<'_>) -> Result<(), StoreError> {
    for (key, value) in [("schema", VERSION.to_string()), ("tables", tables_digest())] {
        exec!(
            c,
            "INSERT INTO meta (key, value) VALUES ($1, $2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value
        )?;
    }
    Ok(())
}

/// Notes the versions and forgets every other note.
pub async fn only_notes(c: &mut Link<'_>) -> Result<(), StoreError> {
    exec!(c, "DELETE FROM meta")?;
    note(c).await
}

/// What the schema of an opened store is, against this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The same.
    Current,
    /// The ledger is the same, the tables are of another program and can be rebuilt by the owner.
    OtherTables,
    /// The ledger is older and can be migrated by the owner.
    Older(i64),
    /// The ledger is newer.
    Newer(i64),
}

/// Reads which schema stands.
///
/// # Errors
/// `NotAStore` if there is no note of a schema.
pub async fn standing(c: &mut Link<'_>, place: &Place) -> Result<Standing, StoreError> {
    let not = |why: String| StoreError::NotAStore { place: place.to_string(), why };
    let found = scalar!(c, String, "SELECT value FROM meta WHERE key = 'schema'")
        .map_err(|error| not(error.to_string()))?
        .ok_or_else(|| not("it names no schema".to_owned()))?;
    let version: i64 = found.parse().map_err(|_| not(format!("its schema is {found:?}")))?;
    if version > VERSION {
        return Ok(Standing::Newer(version));
    }
    if version < VERSION {
        return Ok(Standing::Older(version));
    }
    let tables = scalar!(c, String, "SELECT value FROM meta WHERE key = 'tables'")?;
    Ok(if tables.as_deref() == Some(tables_digest().as_str()) {
        Standing::Current
    } else {
        Standing::OtherTables
    })
}

async fn objects(c: &mut Link<'_>) -> Result<Vec<(String, String)>, StoreError> {
    Ok(rows!(
        c,
        (String, String),
        "SELECT type || ' ' || name, COALESCE(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
    )?)
}

/// An embedded store in memory, with our schema and nothing in it.
pub async fn in_memory() -> Result<sqlx::SqliteConnection, StoreError> {
    let mut scratch = sqlx::sqlite::SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(true)
        .connect()
        .await?;
    create_sqlite(&mut On::Sqlite(&mut scratch)).await?;
    Ok(scratch)
}

/// What is said of an object that should be there.
const MISSING: &str = "is missing";

/// Objects of an embedded store that this program never made, made otherwise, or made and misses, each with
/// what is wrong: `trigger x`, `was planted`.
pub async fn odd(c: &mut Link<'_>) -> Result<Vec<(String, &'static str)>, StoreError> {
    let found = objects(c).await?;
    if found.iter().cloned().eq(written::objects(&[SQLITE_LEDGER, SQLITE_TABLES])) {
        return Ok(Vec::new());
    }
    let mut scratch = in_memory().await?;
    let own = objects(&mut On::Sqlite(&mut scratch)).await?;
    // The scratch store is in memory: how it closes does not matter.
    let _ = scratch.close().await;
    let known = |name: &String| own.iter().any(|(known, _)| known == name);
    let stands = |name: &String| found.iter().any(|(known, _)| known == name);
    let others = found.iter().filter(|object| !own.contains(object)).map(|(name, _)| {
        (name.clone(), if known(name) { "is not as this program makes it" } else { "was planted" })
    });
    let missing =
        own.iter().filter(|(name, _)| !stands(name)).map(|(name, _)| (name.clone(), MISSING));
    Ok(others.chain(missing).collect())
}

/// Drops the tables that replay fills, the last made first.
pub async fn drop_tables(c: &mut Link<'_>) -> Result<(), StoreError> {
    for table in table_names().into_iter().rev() {
        // The names are constants of this program.
        statement(c, format!("DROP TABLE IF EXISTS \"{table}\"")).await?;
    }
    Ok(())
}

async fn statement(c: &mut Link<'_>, text: String) -> Result<(), StoreError> {
    match c {
        On::Sqlite(c) => sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **c).await.map(|_| ())?,
        On::Postgres(c) => {
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **c).await.map(|_| ())?
        }
    }
    Ok(())
}

/// Makes the schema of an embedded store what this program makes: planted objects are dropped, the tables that
/// replay fills are empty afterwards, what was missing is there.
///
/// # Errors
/// `Planted` if a table that replay cannot fill was altered or taken away: only a backup helps.
pub async fn mend_sqlite(c: &mut Link<'_>, place: &Place) -> Result<(), StoreError> {
    let names = table_names();
    for (what, how) in odd(c).await? {
        let Some((kind, name)) = what.split_once(' ') else { continue };
        let kept = kind == "table" && SQLITE_LEDGER.contains(&format!("CREATE TABLE {name} ("));
        if kept {
            return Err(StoreError::Planted {
                place: place.to_string(),
                what: format!("{what} {how}"),
            });
        }
        if how != MISSING
            && !names.contains(&name)
            && matches!(kind, "table" | "view" | "trigger" | "index")
        {
            // The name stood in the catalog; quotes in it are doubled.
            let quoted = name.replace('"', "\"\"");
            statement(c, format!("DROP {kind} IF EXISTS \"{quoted}\"")).await?;
        }
    }
    drop_tables(c).await?;
    script(c, SQLITE_TABLES).await?;
    let mut scratch = in_memory().await?;
    let own = objects(&mut On::Sqlite(&mut scratch)).await?;
    let _ = scratch.close().await;
    let stands = objects(c).await?;
    for (what, sql) in own {
        if !stands.iter().any(|(name, _)| *name == what) {
            statement(c, sql).await?;
        }
    }
    Ok(())
}

/// Refuses objects that this program never made, or made otherwise: a planted trigger runs in the process of
/// whoever writes next.
///
/// # Errors
/// `Planted`, naming the first such object.
pub async fn check_sqlite(c: &mut Link<'_>, place: &Place) -> Result<(), StoreError> {
    match odd(c).await?.into_iter().next() {
        None => Ok(()),
        Some((what, _)) => Err(StoreError::Planted { place: place.to_string(), what }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_we_write_is_what_the_engine_keeps() {
        let mut scratch = in_memory().await.unwrap();
        let kept = objects(&mut On::Sqlite(&mut scratch)).await.unwrap();
        let written = written::objects(&[SQLITE_LEDGER, SQLITE_TABLES]);
        assert_eq!(kept, written.into_iter().collect::<Vec<_>>());
    }
}
