//! Rows that look like those they stand for: what a comparison of texts must not be taken in by.

use serde_json::json;
use smc::commands::origin;
use smc::domain::command::Kind;
use smc::store::replay::Place as In;
use smc::store::{Given, Write};

use super::story::{Story, run};

/// More rows than are compared at once.
const LINES: i64 = 1_100;

async fn faults(story: &Story) -> Vec<String> {
    let report = story.verify().await;
    let named = report.faults.named().iter();
    named.filter(|fault| fault.place == In::Table).map(|fault| fault.message.clone()).collect()
}

#[tokio::test]
async fn what_reads_alike_and_is_not_is_named() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    for (table, column, value) in [
        ("asset", "name", "name || char(0)"),
        ("asset", "name", "name || char(0) || 'x'"),
        ("asset", "name", "name || '\",\"'"),
        ("asset", "name", "char(92) || 'u0042oiler'"),
        ("asset", "name", "CAST(CAST(name AS BLOB) || x'ff' AS TEXT)"),
        ("asset", "model", "'null'"),
        ("asset", "model", "''"),
        ("asset", "vendor", "NULL"),
        ("asset", "constraints", "constraints || ' '"),
        ("log_line", "text", "text || char(10)"),
    ] {
        run(
            &mut raw,
            &format!("CREATE TABLE kept AS SELECT rowid AS place, {column} FROM {table}"),
        )
        .await;
        run(&mut raw, &format!("UPDATE {table} SET {column} = {value}")).await;
        let named = faults(&story).await;
        assert_eq!(named.len(), 1, "{table}.{column} = {value}: {named:#?}");
        assert!(named[0].contains(&format!("column {column}:")), "{named:#?}");
        run(
            &mut raw,
            &format!(
                "UPDATE {table} SET {column} = kept.{column} FROM kept WHERE kept.place = {table}.rowid; DROP TABLE kept"
            ),
        )
        .await;
    }
    assert_eq!(faults(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_row_at_any_place_of_its_file_counts_and_the_place_itself_does_not() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    for place in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let row = format!(
            "INSERT INTO log_line (rowid, ref, site, text, incident, author, added_at, state, seq)
             SELECT {place}, 'LL-9', site, text, incident, author, added_at, state, seq FROM log_line"
        );
        run(&mut raw, &row).await;
        let named = faults(&story).await;
        assert_eq!(named.len(), 1, "{place}: {named:#?}");
        assert!(named[0].contains("the ledger makes none"), "{named:#?}");
        run(&mut raw, "DELETE FROM log_line WHERE ref = 'LL-9'").await;
        run(&mut raw, &format!("UPDATE log_line SET rowid = {place}")).await;
        assert_eq!(faults(&story).await, Vec::<String>::new(), "{place}");
    }
    run(&mut raw, "UPDATE person SET rowid = -rowid").await;
    assert_eq!(faults(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn among_many_rows_each_counts() {
    let story = Story::told().await;
    let store = story.open().await;
    let mut write = Write::begin(&store).await.unwrap();
    for number in 1..=LINES {
        let line = json!({"site": "RLF", "text": format!("round {number}")});
        let kind = Kind::read("log.added", line).unwrap().unwrap();
        write.append(kind, &origin("test"), Given::default()).await.unwrap();
    }
    write.commit().await.unwrap();
    store.close().await;
    assert_eq!(faults(&story).await, Vec::<String>::new());
    let mut raw = story.raw().await;
    for number in [1, 511, 512, 513, 1_024, 1_025, LINES + 1] {
        let row = format!("log_line SET text = text || '.' WHERE ref = 'LL-{number}'");
        run(&mut raw, &format!("UPDATE {row}")).await;
        let named = faults(&story).await;
        assert_eq!(named.len(), 1, "{number}: {named:#?}");
        assert!(named[0].contains(&format!("\"LL-{number}\", column text:")), "{named:#?}");
        let back = format!("text = rtrim(text, '.') WHERE ref = 'LL-{number}'");
        run(&mut raw, &format!("UPDATE log_line SET {back}")).await;
    }
    run(&mut raw, &format!("DELETE FROM log_line WHERE ref = 'LL-{}'", LINES + 1)).await;
    assert_eq!(faults(&story).await.len(), 1);
}
