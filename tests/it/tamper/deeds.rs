//! What people with raw tools do: forge, cut, plant, replace, damage.

use std::os::unix::fs::FileExt;

use serde_json::{Value, json};
use smc::domain::command::Kind;
use smc::ledger::HeadCode;
use smc::store::replay::{Place as In, Progress, verify};
use smc::store::{Heads, Opening, Store, StoreError};

use super::forge;
use super::story::{Story, change, run, told, unguard};

fn words(report: &smc::store::replay::Report) -> String {
    let faults = report.faults.named().iter().map(|fault| fault.message.clone());
    faults
        .chain(report.violations.named().iter().map(|v| v.message.clone()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// An entry that the rules refuse with this code.
pub struct Deed {
    pub code: &'static str,
    pub actor: String,
    pub kind: &'static str,
    pub site: Option<&'static str>,
    pub data: Value,
    pub about: Option<&'static str>,
}

/// What nobody may do in the store that the stories tell, by the founder and by bob.
pub fn lawless(me: &str, bob: &str) -> Vec<Deed> {
    let yes = json!({"ref": "CR-1", "discipline": "engineering", "decision": "yes"});
    let eve = json!({"login": "eve", "name": "Eve"});
    let line = json!({"site": "RLF", "text": "x"});
    [
        ("four-eyes", me, "change.decided", Some("RLF"), yes.clone(), None),
        ("wrong-discipline", bob, "change.decided", Some("RLF"), yes, None),
        ("not-allowed", bob, "person.registered", None, eve, None),
        ("not-allowed", "mallory", "log.added", Some("RLF"), line, None),
        ("wrong-state", me, "change.started", Some("RLF"), json!({"ref": "CR-1"}), None),
        ("invalid", me, "change.requested", Some("RLF"), change(), Some("CR-9")),
    ]
    .map(|(code, actor, kind, site, data, about)| Deed {
        code,
        actor: actor.to_owned(),
        kind,
        site,
        data,
        about,
    })
    .into()
}

#[tokio::test]
async fn an_entry_that_the_rules_would_refuse_is_a_violation_and_has_no_effect() {
    let me = smc::store::os_user().unwrap().to_string();
    for Deed { code, actor, kind, site, data, about } in lawless(&me, "bob") {
        if smc::domain::command::kind(kind).is_none() {
            panic!("no kind {kind}");
        }
        let story = Story::told().await;
        let mut raw = story.raw().await;
        let entry = forge::append_about(&mut raw, &actor, kind, site, data, about).await;
        let report = story.verify().await;
        assert!(report.faults.is_empty(), "{code}: {}", words(&report));
        let [violation] = report.violations.named() else { panic!("{code}: {}", words(&report)) };
        assert_eq!((violation.seq, violation.actor.as_str()), (entry.seq, actor.as_str()));
        let start = format!("entry {} by {actor} would have been refused: ", entry.seq);
        assert!(violation.message.starts_with(&start), "{}", violation.message);
        assert_eq!(violation.code, code, "{}", violation.message);
    }
}

#[tokio::test]
async fn rows_of_a_refused_entry_are_counted_with_it() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    let yes = json!({"ref": "CR-1", "discipline": "engineering", "decision": "yes"});
    assert!(Kind::read("change.decided", yes.clone()).is_some());
    let entry = forge::append(&mut raw, "bob", "change.decided", Some("RLF"), yes).await;
    run(
        &mut raw,
        &format!("UPDATE change SET state = 'approved', seq = {} WHERE ref = 'CR-1'", entry.seq),
    )
    .await;
    let report = story.verify().await;
    assert!(report.faults.is_empty(), "{}", words(&report));
    assert_eq!(report.violations.named()[0].rows, 1);
    run(&mut raw, "UPDATE change SET title = 'another', seq = 12 WHERE ref = 'CR-1'").await;
    assert!(words(&story.verify().await).contains("column title: the store holds \"another\""));
}

#[tokio::test]
async fn a_deleted_row_and_a_row_of_no_entry_are_named() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    run(
        &mut raw,
        "DELETE FROM decision; INSERT INTO role_grant SELECT 'bob', 'admin', '*', NULL, 'held', 3",
    )
    .await;
    let told = words(&story.verify().await);
    assert!(
        told.contains("table decision, row \"CR-1\" 1 \"operations\": the store lacks this row"),
        "{told}"
    );
    assert!(told.contains("table role_grant, row \"bob\" \"admin\" \"*\": the store holds this row, the ledger makes none (it names entry 3)"), "{told}");
}

#[tokio::test]
async fn a_deleted_entry_is_a_gap() {
    let story = Story::told().await;
    let mut raw = story.raw().await;
    let triggers = unguard(&mut raw).await;
    run(&mut raw, "DELETE FROM ledger WHERE seq = 7").await;
    run(&mut raw, &triggers).await;
    let told = words(&story.verify().await);
    assert!(told.contains("entry 8 stands where 7 should"), "{told}");
    assert!(told.contains("entry 8 is chained to"), "{told}");
}

#[tokio::test]
async fn a_tail_that_was_cut_is_found_against_any_head_from_before() {
    let story = Story::told().await;
    let heads = Heads::at(story.file().with_file_name("heads"));
    let store = story.open().await;
    heads.check(&store).await.unwrap();
    let seen = story.verify().await.head;
    told(&story.at(), None, "log.add", json!({"site": "RLF", "text": "later"})).await.unwrap();
    heads.check(&store).await.unwrap();
    let last = story.verify().await;
    assert_eq!(heads.witness(&store).await.unwrap(), Some(last.head));

    let mut raw = story.raw().await;
    let triggers = unguard(&mut raw).await;
    let seq = last.head.seq;
    run(
        &mut raw,
        &format!("DELETE FROM ledger WHERE seq = {seq}; DELETE FROM log_line WHERE seq = {seq}"),
    )
    .await;
    run(&mut raw, "UPDATE counter SET last = 1 WHERE last = 2").await;
    forge::set_head(&mut raw, seen.seq).await;
    run(&mut raw, &triggers).await;

    let alone = story.verify().await;
    assert!(alone.holds(), "by itself the shorter ledger is in order: {}", words(&alone));
    let found = |heads: Vec<HeadCode>| {
        let store = &store;
        async move { verify(store, &heads, Progress::silent()).await.unwrap() }
    };
    assert!(found(vec![seen]).await.holds());
    let report = found(vec![last.head]).await;
    assert!(words(&report).contains("entries were cut off"), "{}", words(&report));
    assert_eq!(report.faults.named()[0].place, In::Witness);
    let back = heads.check(&store).await.unwrap_err();
    assert!(
        matches!(&back, StoreError::WentBack { seen, .. } if *seen == last.head.to_string()),
        "{back}"
    );

    told(&story.at(), None, "log.add", json!({"site": "RLF", "text": "another"})).await.unwrap();
    let forked = heads.check(&store).await.unwrap_err();
    assert!(matches!(forked, StoreError::WentBack { .. }), "{forked}");
    let report = found(vec![last.head]).await;
    assert!(words(&report).contains("the ledger was written anew"), "{}", words(&report));
}

#[tokio::test]
async fn what_was_planted_altered_or_taken_away_is_named_and_refused_at_the_door() {
    for (deed, what) in [
        (
            "CREATE TRIGGER t AFTER INSERT ON log_line BEGIN UPDATE change SET state = 'approved'; END",
            "trigger t was planted",
        ),
        ("CREATE VIEW v AS SELECT 1", "view v was planted"),
        ("CREATE TABLE extra (a)", "table extra was planted"),
        ("DROP TRIGGER ledger_is_never_updated", "trigger ledger_is_never_updated is missing"),
        ("DROP INDEX risk_by_rank", "index risk_by_rank is missing"),
        ("DROP TABLE log_line", "table log_line is missing"),
        (
            "ALTER TABLE log_line ADD COLUMN hidden TEXT",
            "table log_line is not as this program makes it",
        ),
    ] {
        let story = Story::told().await;
        run(&mut story.raw().await, deed).await;
        let refused = Store::open(story.at(), Opening::default()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Planted { .. }), "{deed}: {refused}");
        let told = words(&story.verify().await);
        assert!(told.contains(what), "{deed}: {told}");
    }
}

#[tokio::test]
async fn a_document_whose_bytes_were_changed_is_named() {
    let story = Story::told().await;
    let digest = smc::ledger::Hash::of(b"whole").to_string();
    run(
        &mut story.raw().await,
        &format!("INSERT INTO document VALUES ('{digest}', 'text/plain', CAST('whole' AS BLOB))"),
    )
    .await;
    assert!(story.verify().await.holds());
    run(&mut story.raw().await, "UPDATE document SET bytes = CAST('hole' AS BLOB)").await;
    assert!(words(&story.verify().await).contains(&format!("document {digest} was changed")));
}

/// Whatever a damaged file is, opening or verifying it says so, and never panics.
#[tokio::test]
async fn a_damaged_file_is_said_to_be_damaged() {
    let story = Story::told().await;
    // Everything goes from the log into the file itself.
    run(&mut story.raw().await, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let whole = std::fs::read(story.file()).unwrap();
    let page = 4096;
    let mut damages: Vec<(String, Vec<u8>)> = (0..whole.len() / page)
        .map(|number| {
            let mut bytes = whole.clone();
            bytes[number * page..][..page].fill(0xA5);
            (format!("page {number}"), bytes)
        })
        .collect();
    damages.push(("header".into(), [b"garbage! garbage! ", &whole[18..]].concat()));
    damages.push(("truncated".into(), whole[..whole.len() / 2].to_vec()));
    damages.push(("one page".into(), whole[..page].to_vec()));
    damages.push(("text".into(), b"this is no database at all".to_vec()));
    for (what, bytes) in damages {
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", story.file().display()));
        }
        let file =
            std::fs::OpenOptions::new().write(true).truncate(true).open(story.file()).unwrap();
        file.write_all_at(&bytes, 0).unwrap();
        drop(file);
        let opening = Opening { inspect: true, ..Opening::default() };
        match Store::open(story.at(), opening).await {
            Err(fault) => assert!(!fault.to_string().is_empty(), "{what}"),
            Ok(store) => match verify(&store, &[], Progress::silent()).await {
                Err(fault) => assert!(!fault.to_string().is_empty(), "{what}"),
                Ok(report) => assert!(!report.holds(), "{what} was not noticed"),
            },
        }
    }
}
