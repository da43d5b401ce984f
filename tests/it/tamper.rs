//! What tampering with a store leads to: every kind is named, and nothing panics.

mod alike;
mod deeds;
pub mod forge;
mod server;
pub mod story;
mod versions;

use smc::store::replay::{Place as In, Progress, check_chain, verify};
use sqlx::{AssertSqlSafe, Row};
use story::{Story, run, unguard};

const COLUMNS: [(&str, bool); 10] = [
    ("seq", true),
    ("id", false),
    ("prev", false),
    ("hash", false),
    ("actor", false),
    ("at", true),
    ("kind", false),
    ("subject", false),
    ("body", false),
    ("sig", false),
];

#[tokio::test]
async fn a_store_that_nobody_touched_holds() {
    let story = Story::told().await;
    let report = story.verify().await;
    assert!(report.holds(), "{:#?}", report);
    assert!(report.entries >= 12, "{}", report.entries);
    assert_eq!(report.signatures.unsigned, report.entries);
}

#[tokio::test]
async fn every_byte_of_the_ledger_counts() {
    let story = Story::told().await;
    let store = story.open().await;
    let mut raw = story.raw().await;
    let triggers = unguard(&mut raw).await;
    let count = story.verify().await.entries;
    let mut flips = 0;
    for seq in 1..=count {
        for (column, number) in COLUMNS {
            let old: Vec<u8> = if number {
                let old: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
                    "SELECT {column} FROM ledger WHERE seq = $1"
                )))
                .bind(seq)
                .fetch_one(&mut raw)
                .await
                .unwrap();
                old.to_be_bytes().to_vec()
            } else {
                sqlx::query_scalar(AssertSqlSafe(format!(
                    "SELECT CAST({column} AS BLOB) FROM ledger WHERE seq = $1"
                )))
                .bind(seq)
                .fetch_one(&mut raw)
                .await
                .unwrap()
            };
            for place in 0..old.len() {
                let mut new = old.clone();
                new[place] ^= 1 << ((place + flips) % 8);
                flips += 1;
                let text = matches!(column, "id" | "actor" | "kind" | "subject");
                let value = |bytes: &[u8]| {
                    if number {
                        i64::from_be_bytes(bytes.try_into().unwrap()).to_string()
                    } else if text {
                        format!("CAST(x'{}' AS TEXT)", hex(bytes))
                    } else {
                        format!("x'{}'", hex(bytes))
                    }
                };
                let at = if column == "seq" { value(&new) } else { seq.to_string() };
                if column == "seq" && (1..=count).contains(&at.parse().unwrap()) {
                    continue;
                }
                run(
                    &mut raw,
                    &format!("UPDATE ledger SET {column} = {} WHERE seq = {seq}", value(&new)),
                )
                .await;
                let report = check_chain(&store, Progress::silent()).await.unwrap();
                assert!(!report.holds(), "byte {place} of {column} of entry {seq}");
                run(
                    &mut raw,
                    &format!("UPDATE ledger SET {column} = {} WHERE seq = {at}", value(&old)),
                )
                .await;
            }
        }
    }
    assert!(flips > 4_000, "{flips}");
    run(&mut raw, &triggers).await;
    assert!(story.verify().await.holds());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn every_cell_of_the_tables_counts() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('ledger', 'document') AND name NOT LIKE 'sqlite_%'",
    ).fetch_all(&mut raw).await.unwrap();
    let store = story.open().await;
    let mut cells = 0;
    for table in &tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut raw)
            .await
            .unwrap();
        let rows: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT rowid FROM {table}")))
                .fetch_all(&mut raw)
                .await
                .unwrap();
        for row in rows {
            for column in &columns {
                if table == "head" && column == "one" || table == "meta" && column == "key" {
                    continue;
                }
                let old: (String, String) = sqlx::query_as(AssertSqlSafe(format!(
                    "SELECT typeof({column}), quote({column}) FROM {table} WHERE rowid = {row}"
                )))
                .fetch_one(&mut raw)
                .await
                .unwrap();
                let new = match old.0.as_str() {
                    "integer" if column == "seq" && old.1 == "1" => "2".to_owned(),
                    "integer" => format!("{column} + 1"),
                    "text" => format!("{column} || 'x'"),
                    "blob" => "zeroblob(32)".to_owned(),
                    _ => declared(&mut raw, table, column).await,
                };
                // The program keeps the key of the one head, so that it can be found at all.
                let set = |value: &str| {
                    format!("UPDATE {table} SET {column} = {value} WHERE rowid = {row}")
                };
                run(&mut raw, &set(&new)).await;
                let report = verify(&store, &[], Progress::silent()).await.unwrap();
                let place = match table.as_str() {
                    "head" => None,
                    "meta" => Some(In::Schema),
                    _ => Some(In::Table),
                };
                let named = report.faults.named().iter().any(|fault| {
                    place.is_none_or(|place| fault.place == place)
                        && (place != Some(In::Table) || fault.table == Some(table.as_str()))
                });
                assert!(named, "{table}.{column} of row {row}: {report:#?}");
                run(&mut raw, &set(&old.1)).await;
                cells += 1;
            }
        }
    }
    assert!(cells > 100, "{cells}");
    assert!(story.verify().await.holds());
}

async fn declared(raw: &mut sqlx::SqliteConnection, table: &str, column: &str) -> String {
    let row = sqlx::query("SELECT type FROM pragma_table_info($1) WHERE name = $2")
        .bind(table)
        .bind(column)
        .fetch_one(&mut *raw)
        .await
        .unwrap();
    if row.get::<String, _>(0) == "INTEGER" { "1".to_owned() } else { "'x'".to_owned() }
}
