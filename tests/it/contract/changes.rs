//! Changes from request to the end of the work.

use serde_json::{Value, json};
use smc::commands::Submission;
use smc::domain::command::Command;
use smc::store::{StoreError, fresh_id};

use super::scene::Scene;
use crate::support::story::soon;

fn request(from: i64, to: i64) -> Value {
    let none = json!({"level": "none"});
    json!({
        "site": "RLF", "title": "New firmware", "kind": "normal", "assets": ["RLF/PLC-7", "RLF/HMI-1"],
        "start": soon(from), "end": soon(to), "activity": "patch.deploy", "external_ref": "MOC-12",
        "impacts": {"security": none, "quality": none, "validation": none, "uptime": none,
                    "safety": {"level": "low", "text": "trip logic"}},
        "rollback": "Load the old one", "tests": "Loop check",
    })
}

async fn asked(scene: &Scene, from: i64, to: i64) -> String {
    scene
        .does(
            &scene.story.boss,
            "change.request",
            request(from, to),
            json!({"site": "RLF", "title": "New firmware", "state": "requested", "kind": "normal",
                   "activity": "patch.deploy", "assets": ["RLF/HMI-1", "RLF/PLC-7"], "external_ref": "MOC-12",
                   "requester": scene.story.logins[0], "revision": 1, "rollback": "Load the old one"}),
        )
        .await
}

pub async fn a_change_goes_from_request_to_verified(scene: &Scene) {
    let boss = &scene.story.boss;
    let change = asked(scene, -60, 3_600).await;
    scene.approved(&change, "change.approve").await;
    for (command, state) in [
        ("change.start", "in_progress"),
        ("change.complete", "implemented"),
        ("change.verify", "verified"),
    ] {
        let note = json!({"ref": change, "note": command, "evidence": "photo 7"});
        let effect = json!({"state": state, "note": command, "evidence": "photo 7"});
        scene.does(boss, command, note, effect).await;
    }
    let mut next = request(3_600, 7_200);
    next["supersedes"] = json!(change);
    let next = scene.does(boss, "change.request", next, json!({"supersedes": change})).await;
    let withdrawn = json!({"state": "withdrawn", "note": "not needed"});
    let note = json!({"ref": next, "note": "not needed"});
    scene.does(boss, "change.withdraw", note, withdrawn).await;
}

pub async fn a_revision_starts_the_decisions_again(scene: &Scene) {
    let (boss, bob) = (&scene.story.boss, &scene.story.bob);
    let change = asked(scene, 600, 3_600).await;
    let yes = json!({"ref": change, "discipline": "operations", "decision": "yes"});
    scene.does(bob, "decide", yes, json!({"state": "requested"})).await;
    assert!(!scene.waiting(&change).await.contains(&"operations".to_owned()));
    let none = json!({"level": "none"});
    let revised = json!({"ref": change, "reason": "one panel less", "title": "Firmware alone",
        "assets": ["RLF/PLC-7"], "start": soon(900), "rollback": "Load 2.8",
        "impacts": {"security": none, "safety": none, "quality": none, "validation": none, "uptime": none}});
    let effect = json!({"title": "Firmware alone", "assets": ["RLF/PLC-7"], "revision": 2, "rollback": "Load 2.8"});
    scene.does(boss, "change.revise", revised, effect).await;
    assert!(scene.waiting(&change).await.contains(&"operations".to_owned()));
    let reason = json!({"ref": change, "reason": "a later start"});
    scene
        .does(boss, "change.revise", reason, json!({"title": "Firmware alone", "revision": 3}))
        .await;
    scene
        .does(
            bob,
            "change.reject",
            json!({"ref": change, "discipline": "operations", "reason": "the batch runs"}),
            json!({"state": "rejected", "approval": "vetoed"}),
        )
        .await;
}

pub async fn work_that_went_wrong_is_undone(scene: &Scene) {
    let boss = &scene.story.boss;
    let change = asked(scene, -60, 3_600).await;
    scene.approved(&change, "change.approve").await;
    let on = json!({"ref": change});
    scene.does(boss, "change.start", on, json!({"state": "in_progress"})).await;
    let wrong = json!({"ref": change, "note": "the loop oscillates"});
    let undone = json!({"state": "backed_out", "note": "the loop oscillates"});
    scene.does(boss, "change.back-out", wrong, undone).await;
}

async fn due(scene: &Scene) -> bool {
    let mut reader = scene.story.alice.store().reader().await.unwrap();
    let due = reader.due().await.unwrap();
    reader.done().await;
    due
}

pub async fn a_change_that_nobody_began_expires(scene: &Scene) {
    let change = asked(scene, -60, 3).await;
    let end = soon(3);
    assert!(!due(scene).await);
    scene.passed(&end).await;
    assert!(due(scene).await);
    assert_eq!(scene.story.alice.tick().await.unwrap().len(), 1);
    assert!(scene.story.bob.tick().await.unwrap().is_empty(), "once for all");
    scene.shows(&change, json!({"state": "expired"})).await;
    let last = scene.shown(&change).await["seq"].as_i64();
    let mut reader = scene.story.bob.store().reader().await.unwrap();
    let history = reader.history(&change).await.unwrap();
    let entry = history.last().unwrap();
    assert_eq!((entry.kind.as_str(), Some(entry.seq)), ("change.expired", last));
}

pub async fn a_command_that_is_repeated_or_out_of_date_writes_nothing(scene: &Scene) {
    let boss = &scene.story.boss;
    let id = fresh_id().unwrap();
    let submission = |expect| {
        let command = Command::read("change.request", request(600, 3_600)).unwrap().unwrap();
        Submission { request_id: Some(id), expect, ..Submission::from(command) }
    };
    let first = boss.submit(submission(None)).await.unwrap();
    let second = boss.submit(submission(None)).await.unwrap();
    assert_eq!((second.repeated, second.reference.as_str()), (true, first.reference.as_str()));
    assert_eq!(boss.outcome(&[id]).await.unwrap().unwrap()[0].entries, first.entries);
    assert!(boss.outcome(&[fresh_id().unwrap()]).await.unwrap().is_none());

    let seen = first.entries[0];
    let note = |text: &str| json!({"ref": first.reference.as_str(), "reason": text});
    let effect = json!({"revision": 2});
    scene.does(boss, "change.revise", note("once"), effect).await;
    let command = Command::read("change.revise", note("twice")).unwrap().unwrap();
    let late = Submission { expect: Some(seen), ..Submission::from(command) };
    match boss.submit(late).await {
        Err(StoreError::Refused(refusal)) => assert_eq!(refusal.code.word(), "stale"),
        other => panic!("{other:?}"),
    }
    scene.shows(first.reference.as_str(), json!({"revision": 2})).await;
}
