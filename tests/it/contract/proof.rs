//! What proves the store and keeps it: verification, repair, the past, inspection, the feed, a backup.

use std::time::Duration;

use smc::commands::{Desk, origin};
use smc::domain::names::Ref;
use smc::domain::text::Line;
use smc::ledger::{Hash, Tip, head_code};
use smc::store::query::{LogQuery, Since};
use smc::store::replay::{At, Progress, as_of, check_chain, rebuild, repair, verify};
use smc::store::{Heads, NoBackup, Opening, Place, Store, StoreError, Teller, doctor};

use serde_json::json;
use sqlx::ConnectOptions;

use super::scene::Scene;
use crate::it::show;
use crate::it::tamper::forge;
use crate::support::engine::Engine;
use crate::support::story::full;
use crate::support::{postgres, sqlite};

/// The store as its owner opens it, whatever is wrong with it.
async fn opened(scene: &Scene) -> Store {
    let place: Place = scene.engine.url().parse().unwrap();
    Store::open(place, Opening { inspect: true, ..Opening::default() }).await.unwrap()
}

/// Changes a row behind the program's back.
async fn tamper(scene: &Scene, sql: &'static str) {
    match &scene.engine {
        Engine::Sqlite(place) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
            let mut c = options.connect().await.unwrap();
            sqlx::raw_sql(sql).execute(&mut c).await.unwrap();
        }
        Engine::Postgres(database) => {
            let sql =
                format!("SET session_replication_role = replica; SET search_path = smc; {sql}");
            database.sql(&sql);
        }
    }
}

pub async fn a_past_is_told_and_sealed(scene: &Scene) {
    let engine = match &scene.engine {
        Engine::Sqlite(_) => Engine::Sqlite(sqlite::place()),
        Engine::Postgres(_) => Engine::Postgres(postgres().unwrap().database()),
    };
    let place: Place = engine.url().parse().unwrap();
    let (works, at) = (Line::new("Works").unwrap(), "2026-11-01T08:00:00Z".parse().unwrap());
    let (store, teller) = Teller::found(&place, &works, at, 1).await.unwrap();
    teller.seal(&store).await.unwrap();
    store.close().await;
    let store = Store::open(place, Opening::default()).await.unwrap();
    let report = verify(&store, &[], Progress::silent()).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

pub async fn a_store_is_verified_repaired_and_rebuilt(scene: &Scene) {
    full(&scene.story).await;
    show::advisory(&scene.story.boss).await;
    let store = opened(scene).await;
    assert!(check_chain(&store, Progress::silent()).await.unwrap().holds());
    let report = verify(&store, &[], Progress::silent()).await.unwrap();
    assert!(report.holds(), "{report:#?}");
    assert!(repair(&store, &origin("test"), Progress::silent()).await.unwrap().entry.is_none());

    tamper(scene, "UPDATE risk SET title = 'another' WHERE ref = 'R-1'").await;
    let done = repair(&store, &origin("test"), Progress::silent()).await.unwrap();
    assert_eq!(done.report.faults.named().len(), 1, "{:#?}", done.report);
    assert!(done.entry.is_some());
    rebuild(&opened(scene).await, Progress::silent()).await.unwrap();
    let report = verify(&opened(scene).await, &[], Progress::silent()).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

pub async fn an_entry_that_only_a_constraint_holds_has_no_effect(scene: &Scene) {
    // A replay is always into a file: the other engine's refuses before.
    let Engine::Sqlite(place) = &scene.engine else { return };
    show::advisory(&scene.story.boss).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
    let mut c = options.connect().await.unwrap();
    let data = serde_json::to_value(show::imported(&Ref::new("SSA-200").unwrap(), 101)).unwrap();
    let me = &scene.story.logins[0];
    let forged = forge::append(&mut c, me, "advisory.imported", None, data).await;
    scene.story.change("RLF/PLC-7", 600, 3_600).await;
    let report = verify(&opened(scene).await, &[], Progress::silent()).await.unwrap();
    let [violation] = report.violations.named() else { panic!("{report:#?}") };
    assert_eq!((violation.seq, violation.code), (forged.seq, "conflict"), "{report:#?}");
    assert!(report.faults.is_empty(), "what stands before and behind it is played: {report:#?}");
}

pub async fn a_store_is_seen_as_it_once_stood(scene: &Scene) {
    full(&scene.story).await;
    let store = opened(scene).await;
    let cache = tempfile::tempdir().unwrap();
    let head = store.reader().await.unwrap().snapshot().head.tip;
    let past = as_of(&store, At::Time(head.at), cache.path(), Progress::silent()).await.unwrap();
    assert_eq!(past.head.tip, head);
    let past =
        as_of(&store, At::Seq(head.seq / 2), cache.path(), Progress::silent()).await.unwrap();
    let store = store.at(past);
    let mut reader = store.reader().await.unwrap();
    assert_eq!(reader.snapshot().head.tip.seq, head.seq / 2);
    assert!(!reader.show("RLF/PLC-7").await.unwrap().entries.is_empty());
    assert!(reader.show("RA-1").await.is_err(), "it was asked for later");
}

pub async fn a_store_that_was_put_back_is_taken_when_two_persons_say_what_is_lost(scene: &Scene) {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(scene).await;
    let heads = Heads::at(dir.path());
    let tip = store.reader().await.unwrap().snapshot().head.tip;
    let lost = Tip { seq: tip.seq + 7, hash: Hash::of(b"lost"), at: tip.at };
    heads.save(&store.facts().store_id, &lost).unwrap();
    let old_head = head_code(lost.seq, &lost.hash).to_string();
    let back = async || matches!(heads.check(&store).await, Err(StoreError::WentBack { .. }));
    assert!(back().await);

    let fields = json!({"old_head": old_head, "reason": "the disk burnt"});
    let proposed = async |reference: &str| {
        let mut reader = scene.story.bob.store().reader().await.unwrap();
        let history = reader.history(reference).await.unwrap();
        reader.done().await;
        history.len() == 1 && history[0].body.get().contains("the disk burnt") && back().await
    };
    scene.does_so(&scene.story.boss, ("store.restore", fields), proposed).await;
    let second = scene.story.joined(&scene.engine, "second", &["management"], "smc_manager").await;
    let accepted = async |_: &str| {
        let loss = heads.check(&store).await.unwrap().unwrap();
        assert_eq!(loss.proposed_by, scene.story.logins[0]);
        assert_eq!(loss.confirmed_by, second.store().facts().actor.as_str());
        loss.old_head.to_string() == old_head && heads.check(&store).await.unwrap().is_none()
    };
    let typed = json!({"old_head": old_head});
    scene.does_so(&second, ("store.confirm-restore", typed), accepted).await;
}

pub async fn a_store_is_examined_followed_remembered_and_backed_up(scene: &Scene) {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(scene).await;
    let heads = Heads::at(dir.path().join("heads"));
    heads.check(&store).await.unwrap();
    let desk: &Desk = &scene.story.boss;
    let mut news = desk.watch();
    let before = news.recv().await.unwrap();
    let change = scene.story.change("RLF/PLC-7", 600, 3_600).await;
    let told = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            let tail = news.recv().await.unwrap();
            if let Some(entry) = tail.entries.iter().find(|entry| entry.subject == change) {
                return entry.clone();
            }
        }
    });
    let entry = told.await.expect("the change is told");
    assert_eq!((entry.kind.as_str(), entry.site.as_deref()), ("change.requested", Some("RLF")));
    assert!(entry.seq > before.seq);

    heads.check(&store).await.unwrap();
    let findings = doctor::examine(&store, Some(&heads)).await.unwrap();
    for check in ["store", "schema", "actor"] {
        assert!(findings.iter().any(|finding| finding.check == check), "{findings:#?}");
    }
    let released = doctor::release(&store, 1).await;
    assert!(matches!(released, Ok(false) | Err(StoreError::Refused(_))), "{released:?}");

    let mut reader = store.reader().await.unwrap();
    let since = Since::Time(smc::clock::now().plus_seconds(-3_600));
    let query = LogQuery { since, subject: None, limit: 2 };
    assert_eq!(reader.log(&query).await.unwrap().len(), 2);
    reader.done().await;
    let to = dir.path().join("copy.db");
    match (&scene.engine, store.backup(&to).await) {
        (Engine::Sqlite(_), Ok(backup)) => assert!(to.is_file() && backup.bytes > 0),
        (Engine::Postgres(_), Err(NoBackup::ByServer(_))) => {}
        (_, other) => panic!("{other:?}"),
    }
}
