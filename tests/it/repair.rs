//! The owner makes the tables anew: what was tampered with is mended or taken note of, and named for good.

use serde_json::json;
use smc::commands::origin;
use smc::domain::names::Login;
use smc::store::replay::{Progress, Repaired, rebuild, repair};
use smc::store::{Opening, Store, StoreError};

use super::tamper::forge;
use super::tamper::story::{Story, run, told, unguard};

async fn repaired(story: &Story) -> Repaired {
    let store = story.open().await;
    let done = repair(&store, &origin("test"), Progress::silent()).await.unwrap();
    store.close().await;
    done
}

#[tokio::test]
async fn a_store_that_holds_is_left_alone() {
    let story = Story::told().await;
    let head = story.verify().await.head;
    assert!(repaired(&story).await.entry.is_none());
    assert_eq!(story.verify().await.head, head);
}

#[tokio::test]
async fn tables_and_schema_are_mended_and_the_entry_names_what_was_wrong() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    run(&mut raw, "UPDATE change SET state = 'approved'; DELETE FROM decision; UPDATE meta SET value = 'x' WHERE key = 'tables'").await;
    run(&mut raw, "DROP TRIGGER ledger_is_never_updated; CREATE TRIGGER t AFTER INSERT ON site BEGIN SELECT 1; END").await;
    run(&mut raw, "DROP TABLE log_line; CREATE VIEW v AS SELECT 1; CREATE TABLE \"we\"\"ird\" (a)")
        .await;
    drop(raw);
    let done = repaired(&story).await;
    assert!(done.report.faults.named().len() >= 8, "{:#?}", done.report);
    let after = story.verify().await;
    assert!(after.holds(), "{after:#?}");
    let entry = done.entry.unwrap();
    let body = String::from_utf8(entry.body.clone()).unwrap();
    assert!(body.contains("column state: the store holds \\\"approved\\\""), "{body}");
    assert_eq!((entry.kind.as_str(), after.head.seq), ("store.repaired", entry.seq));
    // And it goes on from there.
    Store::open(story.at(), Opening::default()).await.unwrap();
    told(&story.at(), None, "log.add", json!({"site": "RLF", "text": "go on"})).await.unwrap();
    assert!(story.verify().await.holds());
}

#[tokio::test]
async fn what_cannot_be_mended_is_acknowledged_and_new_faults_are_not() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    let triggers = unguard(&mut raw).await;
    run(&mut raw, "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'all quiet', 'all QUIET') AS BLOB)").await;
    run(&mut raw, &triggers).await;
    forge::append(
        &mut raw,
        "bob",
        "person.registered",
        None,
        json!({"login": "eve", "name": "Eve"}),
    )
    .await;
    drop(raw);
    let before = story.verify().await;
    assert_eq!(before.violations.named().len(), 1);
    repaired(&story).await;
    let after = story.verify().await;
    assert!(after.holds(), "{after:#?}");
    assert_eq!(after.acknowledged.len(), 2, "{:?}", after.acknowledged);

    let mut raw = story.raw().await;
    run(&mut raw, "UPDATE site SET name = 'Elsewhere'").await;
    assert!(!story.verify().await.holds());
    run(&mut raw, "UPDATE site SET name = 'Ridley Field'").await;
    let triggers = unguard(&mut raw).await;
    run(&mut raw, "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'all QUIET', 'all loud') AS BLOB)").await;
    run(&mut raw, &triggers).await;
    assert!(
        !story.verify().await.holds(),
        "the same entry changed again is not what was acknowledged"
    );
}

#[tokio::test]
async fn only_an_administrator_repairs_and_a_refusal_changes_nothing() {
    let story = Story::told().await;
    run(&mut story.raw().await, "UPDATE site SET name = 'Elsewhere'").await;
    let act_as = Some(Login::new("bob").unwrap());
    let store = Store::open(story.at(), Opening { act_as, inspect: true, ..Opening::default() })
        .await
        .unwrap();
    let refused = repair(&store, &origin("test"), Progress::silent()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused(_)), "{refused}");
    let after = story.verify().await;
    assert_eq!(after.faults.named().len(), 1, "{after:#?}");
}

#[tokio::test]
async fn a_ledger_that_was_taken_away_is_not_made_anew() {
    let story = Story::told().await;
    run(&mut story.raw().await, "ALTER TABLE ledger ADD COLUMN more TEXT").await;
    let store = story.open().await;
    let refused = repair(&store, &origin("test"), Progress::silent()).await.unwrap_err();
    assert!(refused.to_string().contains("restore a backup"), "{refused}");
}

#[tokio::test]
async fn tables_of_another_program_are_rebuilt_without_an_entry() {
    let story = Story::told().await;
    let head = story.verify().await.head;
    let mut raw = story.raw().await;
    run(&mut raw, "UPDATE meta SET value = 'older' WHERE key = 'tables'; DROP TABLE log_line; ALTER TABLE site DROP COLUMN sector").await;
    drop(raw);
    let store = story.open().await;
    assert!(store.read_only().is_some());
    rebuild(&store, Progress::silent()).await.unwrap();
    let after = story.verify().await;
    assert!(after.holds(), "{after:#?}");
    assert_eq!(after.head, head);
}
