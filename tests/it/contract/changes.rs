//! Changes from request to the end of the work.

use serde_json::{Value, json};
use smc::commands::Submission;
use smc::domain::command::Command;
use smc::store::{StoreError, fresh_id};

use super::scene::Scene;
use crate::support::story::soon;

pub fn request(from: i64, to: i64) -> Value {
    let none = json!({"level": "none"});
    json!({
        "site": "RLF", "title": "New firmware", "kind": "normal", "assets": ["RLF/PLC-7", "RLF/HMI-1"],
        "start": soon(from), "end": soon(to), "activity": "patch.deploy", "external_ref": "MOC-12",
        "impacts": {"security": none, "quality": none, "validation": none, "uptime": none,
                    "safety": {"level": "low", "text": "trip logic"}},
        "rollback": "Load the old one", "tests": "Loop check",
        "basis": "The old one stalls", "procedures": "OP-12 changes; the shift is trained",
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
                   "requester": scene.story.logins[0], "revision": 1, "rollback": "Load the old one",
                   "basis": "The old one stalls", "procedures": "OP-12 changes; the shift is trained"}),
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

pub async fn an_impact_is_raised_by_one_of_those_who_decide(scene: &Scene) {
    let (boss, bob) = (&scene.story.boss, &scene.story.bob);
    let change = asked(scene, 600, 3_600).await;
    let yes = json!({"ref": change, "discipline": "operations", "decision": "yes"});
    scene.does(bob, "decide", yes, json!({"state": "requested"})).await;
    assert!(!scene.waiting(&change).await.contains(&"operations".to_owned()));
    let to = |level: &str| {
        json!({"ref": change, "reason": "the guard stands open",
               "impacts": {"safety": {"level": level, "text": "the guard is open"}}})
    };
    assert_eq!(scene.refused(boss, "change.raise-impact", to("medium")).await, "four-eyes");
    assert_eq!(scene.refused(bob, "change.raise-impact", to("low")).await, "invalid");
    let effect = json!({"revision": 2, "note": "the guard stands open", "state": "requested",
                        "impacts": {"safety": {"level": "medium", "text": "the guard is open"}}});
    scene.does(bob, "change.raise-impact", to("medium"), effect).await;
    let waiting = scene.waiting(&change).await;
    for discipline in ["operations", "safety"] {
        assert!(waiting.contains(&discipline.to_owned()), "{waiting:?}");
    }
    let mut risky = to("medium");
    risky["impacts"] = json!({"security": {"level": "high", "text": "a way in"}});
    assert_eq!(scene.refused(bob, "change.raise-impact", risky.clone()).await, "missing");
    let risk = json!({"site": "RLF", "title": "A way in"});
    let risk = scene.does(boss, "risk.raise", risk, json!({"title": "A way in"})).await;
    risky["risks"] = json!([risk]);
    let effect = json!({"revision": 3, "risks": [risk]});
    scene.does(&scene.story.vera, "change.raise-impact", risky, effect).await;
    let lower = json!({"ref": change, "reason": "no way in after all", "impacts": {
        "security": {"level": "none"}, "safety": {"level": "none"}, "quality": {"level": "none"},
        "validation": {"level": "none"}, "uptime": {"level": "none"}}});
    scene.does(boss, "change.revise", lower, json!({"revision": 4})).await;
    assert!(!scene.waiting(&change).await.contains(&"safety".to_owned()));
}

pub async fn an_emergency_is_reviewed_after_it_was_decided(scene: &Scene) {
    let (boss, alice, erik) = (&scene.story.boss, &scene.story.alice, &scene.story.erik);
    let mut fields = request(-60, 3_600);
    fields["kind"] = json!("emergency");
    let nobody = scene.refused(boss, "change.request", fields.clone()).await;
    assert_eq!(nobody, "missing", "nobody is on call");
    let duty = json!({"login": scene.story.logins[1], "discipline": "it_security", "site": "RLF",
                      "from": soon(-60), "until": soon(3_600)});
    let on_call = json!({"login": scene.story.logins[1], "discipline": "it_security"});
    scene.does_in(boss, ("duty.set", duty), "duties", on_call).await;
    let mut later = fields.clone();
    later["start"] = json!(soon(90_000));
    later["end"] = json!(soon(93_600));
    assert_eq!(scene.refused(boss, "change.request", later).await, "invalid", "it can wait");
    let change = scene.does(boss, "change.request", fields, json!({"kind": "emergency"})).await;
    let yes =
        |discipline: &str| json!({"ref": change, "discipline": discipline, "decision": "yes"});
    let waits = json!({"state": "requested"});
    scene.does(&scene.story.bob, "decide", yes("operations"), waits).await;
    assert_eq!(scene.refused(erik, "decide", yes("engineering")).await, "not-allowed");
    scene.does(alice, "decide", yes("it_security"), json!({"state": "approved"})).await;
    scene.does(boss, "change.start", json!({"ref": change}), json!({"state": "in_progress"})).await;
    assert_eq!(scene.refused(boss, "change.complete", json!({"ref": change})).await, "missing");
    let done = json!({"ref": change, "note": "the pump runs on its spare"});
    scene.does(boss, "change.complete", done, json!({"state": "implemented"})).await;
    assert_eq!(scene.refused(boss, "change.verify", json!({"ref": change})).await, "missing");
    let no = json!({"ref": change, "discipline": "engineering", "decision": "no"});
    assert_eq!(scene.refused(erik, "change.review", no.clone()).await, "missing");
    let again = yes("it_security");
    assert_eq!(scene.refused(alice, "change.review", again).await, "wrong-discipline");
    let mut wrong = no;
    wrong["reason"] = json!("the pump runs dry");
    scene.does(erik, "change.review", wrong, json!({"state": "implemented"})).await;
    assert_eq!(scene.refused(boss, "change.verify", json!({"ref": change})).await, "vetoed");
    let undone = json!({"state": "backed_out"});
    scene.does(boss, "change.back-out", json!({"ref": change}), undone).await;
}

pub async fn a_standard_change_is_used_within_its_template(scene: &Scene) {
    let boss = &scene.story.boss;
    let standard = |from: i64| {
        let mut fields = request(from, 3_600);
        fields["kind"] = json!("standard");
        fields
    };
    let kind = json!({"kind": "standard"});
    let template = scene.does(boss, "change.request", standard(-60), kind).await;
    let mut once = standard(600);
    once["end"] = json!(soon(3_000));
    once["template"] = json!(template);
    once["assets"] = json!(["RLF/PLC-7"]);
    let early = scene.refused(boss, "change.request", once.clone()).await;
    assert_eq!(early, "wrong-state", "nobody has approved it");
    scene.approved(&template, "change.approve").await;
    let mut beyond = once.clone();
    beyond["assets"] = json!(["RLF/PLC-8"]);
    assert_eq!(scene.refused(boss, "change.request", beyond).await, "invalid");
    let mut worse = once.clone();
    worse["impacts"]["safety"]["level"] = json!("medium");
    assert_eq!(scene.refused(boss, "change.request", worse).await, "invalid");
    let mut otherwise = once.clone();
    otherwise["rollback"] = json!("none at all");
    assert_eq!(scene.refused(boss, "change.request", otherwise).await, "invalid");
    let mut after = once.clone();
    after["end"] = json!(soon(9_000));
    assert_eq!(scene.refused(boss, "change.request", after).await, "expired");
    let effect = json!({"template": template, "kind": "standard"});
    let used = scene.does(boss, "change.request", once, effect).await;
    assert_eq!(scene.waiting(&used).await, ["operations"]);
    let bob = &scene.story.bob;
    let yes = json!({"ref": used, "discipline": "operations", "decision": "yes"});
    scene.does(bob, "decide", yes, json!({"state": "approved"})).await;
    let more = json!({"ref": used, "reason": "both", "assets": ["RLF/PLC-8"]});
    assert_eq!(scene.refused(boss, "change.revise", more).await, "wrong-state");
}

pub async fn those_who_are_asked_say_what_they_think_without_deciding(scene: &Scene) {
    let alice = &scene.story.alice;
    let change = scene.story.change("RLF/PLC-7", 600, 7_200).await;
    let said = json!({"ref": change, "text": "the key is at the gate"});
    scene.does(alice, "comment.add", said.clone(), json!({"state": "requested"})).await;
    let heard = scene.shown(&change).await["comments"][0].clone();
    assert_eq!(heard["person"], json!(alice.store().facts().actor));
    assert_eq!((&heard["text"], &heard["revision"]), (&said["text"], &json!(1)));
    assert_eq!(heard["discipline"], "it_security");
    let of = json!({"ref": change, "text": "so", "discipline": "quality"});
    assert_eq!(scene.refused(alice, "comment.add", of).await, "wrong-discipline");
    let on_asset = json!({"ref": "RLF/PLC-7", "text": "so"});
    assert_eq!(scene.refused(alice, "comment.add", on_asset).await, "unknown");
}
