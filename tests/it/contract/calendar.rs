//! The calendar of a plant: outages and blackouts.

use serde_json::json;

use super::scene::Scene;
use crate::support::story::soon;

pub async fn an_outage_is_planned_moved_and_taken_back(scene: &Scene) {
    let (alice, bob) = (&scene.story.alice, &scene.story.bob);
    let (start, end) = (soon(3_600), soon(7_200));
    let plan = json!({"site": "RLF", "title": "Spring stop", "start": start, "end": end,
                      "assets": ["RLF/PLC-7"]});
    assert_eq!(scene.refused(alice, "outage.plan", plan.clone()).await, "wrong-discipline");
    let effect = json!({"kind": "outage", "site": "RLF", "title": "Spring stop", "state": "planned",
                        "effective_state": "to_come", "whole": false, "assets": ["RLF/PLC-7"],
                        "start": start, "end": end, "author": scene.story.logins[2]});
    let outage = scene.does(bob, "outage.plan", plan.clone(), effect).await;
    let mut named = plan;
    named["kind"] = json!("blackout");
    let effect = json!({"kind": "blackout", "state": "declared", "effective_state": "to_come"});
    let blackout = scene.does(bob, "calendar.set", named, effect).await;
    let back = json!({"ref": blackout, "reason": "it was to be an outage"});
    scene.does(bob, "blackout.end", back, json!({"state": "ended"})).await;
    let (start, end) = (soon(-60), soon(9_000));
    let moved =
        json!({"ref": outage, "start": start, "end": end, "reason": "the crane comes later"});
    let effect = json!({"start": start, "end": end, "effective_state": "now",
                        "note": "the crane comes later"});
    scene.does(bob, "outage.move", moved, effect.clone()).await;
    scene.lists("outages", "asset:RLF/PLC-7 state:now", effect).await;
    let back = json!({"ref": outage, "reason": "no crane"});
    let effect = json!({"state": "cancelled", "effective_state": "cancelled", "note": "no crane",
                        "ended_by": scene.story.logins[2]});
    scene.does(bob, "outage.cancel", back.clone(), effect).await;
    assert_eq!(scene.refused(bob, "outage.cancel", back).await, "wrong-state");
    assert_eq!(
        scene.refused(bob, "outage.cancel", json!({"ref": "OUT-9", "reason": "x"})).await,
        "unknown"
    );
}

pub async fn a_blackout_is_declared_and_ended(scene: &Scene) {
    let boss = &scene.story.boss;
    let declare =
        json!({"site": "RLF", "title": "Campaign 4", "start": soon(-60), "end": soon(7_200)});
    let effect = json!({"kind": "blackout", "state": "declared", "effective_state": "now",
                        "whole": true, "assets": []});
    let blackout = scene.does(boss, "blackout.declare", declare, effect).await;
    scene.lists("blackouts", "asset:RLF/PLC-8", json!({"ref": blackout})).await;
    let end = json!({"ref": blackout, "reason": "the campaign is over early"});
    let effect = json!({"state": "ended", "effective_state": "ended"});
    scene.does(boss, "blackout.end", end, effect).await;
    scene.lists("calendar", "state:ended", json!({"ref": blackout})).await;
}

pub async fn what_may_be_done_to_a_class_of_asset_is_set(scene: &Scene) {
    let (boss, alice, bob) = (&scene.story.boss, &scene.story.alice, &scene.story.bob);
    let set = |site: Option<&str>, allowed: &str| json!({"class": "plc", "intervention": "firmware", "allowed": allowed, "site": site});
    let drop_null = |mut fields: serde_json::Value| {
        fields.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        fields
    };
    assert_eq!(
        scene.refused(alice, "intervention.set", set(Some("RLF"), "never")).await,
        "wrong-discipline"
    );
    assert_eq!(
        scene.refused(bob, "intervention.set", drop_null(set(None, "never"))).await,
        "not-allowed"
    );
    let effect = json!({"site": "*", "class": "plc", "intervention": "firmware", "allowed": "outage",
                        "set_by": boss.store().facts().actor});
    scene.does(boss, "intervention.set", drop_null(set(None, "outage")), effect).await;
    let effect = json!({"ref": "firmware.plc@RLF", "site": "RLF", "allowed": "never"});
    scene.does(bob, "intervention.set", set(Some("RLF"), "never"), effect).await;
    let effect = json!({"ref": "firmware.plc@RLF", "allowed": "ask"});
    scene.does(bob, "intervention.set", set(Some("RLF"), "ask"), effect.clone()).await;
    scene.lists("interventions", "site:RLF class:plc allowed:ask", effect).await;
    // Whoever asked for it does not set what it is held against.
    let mut own = super::changes::request(3_600, 7_200);
    own["intervention"] = json!("firmware");
    scene.does(boss, "change.request", own, json!({"intervention": "firmware"})).await;
    let anytime = set(Some("RLF"), "anytime");
    assert_eq!(scene.refused(boss, "intervention.set", anytime.clone()).await, "four-eyes");
    scene.does(bob, "intervention.set", anytime, json!({"allowed": "anytime"})).await;
}

pub async fn what_posture_is_measured_against_is_set(scene: &Scene) {
    let (boss, bob) = (&scene.story.boss, &scene.story.bob);
    let target =
        |value: i64| json!({"site": "RLF", "target": value, "reason": "the inspectors ask for it"});
    assert_eq!(scene.refused(bob, "posture.target", target(98)).await, "not-allowed");
    let effect = json!({"ref": "target@RLF", "site": "RLF", "value": 98, "state": "set",
                        "set_by": boss.store().facts().actor});
    scene.does(boss, "posture.target", target(98), effect.clone()).await;
    scene.lists("yardsticks", "site:RLF", effect).await;
    let weigh =
        |weight: i64| json!({"measure": "described", "weight": weight, "reason": "known by now"});
    let effect =
        json!({"ref": "weight.described", "site": "*", "measure": "described", "value": 5});
    scene.does(boss, "posture.weigh", weigh(40), json!({"value": 40})).await;
    scene.does(boss, "posture.weigh", weigh(5), effect).await;
    scene.lists("measures", "site:RLF measure:described", json!({"counts_for": 5})).await;
}

pub async fn what_stands_against_a_change_is_named_and_waived(scene: &Scene) {
    let (boss, alice, bob) = (&scene.story.boss, &scene.story.alice, &scene.story.bob);
    let part = json!({"tag": "PLC-7", "site": "RLF", "part_of": "PLC-8"});
    scene.does(boss, "asset.update", part, json!({"part_of": "RLF/PLC-8"})).await;
    let round = json!({"tag": "PLC-8", "site": "RLF", "part_of": "PLC-7"});
    assert_eq!(scene.refused(boss, "asset.update", round).await, "invalid");
    let change = scene.story.change("RLF/PLC-7", -60, 7_200).await;
    let declare =
        json!({"site": "RLF", "title": "Campaign 4", "start": soon(-60), "end": soon(7_200)});
    let blackout = scene.writes(bob, "blackout.declare", declare).await;
    let effect = json!({"conflicts": [blackout]});
    scene.shows(&change, effect.clone()).await;
    scene.lists("changes", "", effect).await;
    scene.story.approve(&change).await;
    assert_eq!(scene.refused(alice, "change.start", json!({"ref": change})).await, "conflict");
    let waive = |conflict: &str| json!({"ref": change, "conflict": conflict, "reason": "the campaign does not use it"});
    assert_eq!(scene.refused(boss, "change.waive", waive(&blackout)).await, "four-eyes");
    assert_eq!(scene.refused(alice, "change.waive", waive(&blackout)).await, "wrong-discipline");
    assert_eq!(scene.refused(bob, "change.waive", waive("BLK-9")).await, "unknown");
    scene.does(bob, "change.waive", waive(&blackout), json!({"conflicts": []})).await;
    assert_eq!(scene.refused(bob, "change.waive", waive(&blackout)).await, "wrong-state");
    scene.writes(boss, "change.start", json!({"ref": change})).await;
}

pub async fn nothing_starts_at_a_site_that_an_incident_froze(scene: &Scene) {
    let (boss, alice) = (&scene.story.boss, &scene.story.alice);
    let change = scene.story.change("RLF/PLC-7", -60, 7_200).await;
    scene.story.approve(&change).await;
    let declared = json!({"sites": ["ANR", "RLF"], "title": "Unknown logic", "severity": 1});
    let incident = scene.writes(alice, "incident.declare", declared).await;
    let why = json!({"ref": incident, "reason": "nobody loads anything"});
    assert_eq!(scene.refused(boss, "incident.unfreeze", why.clone()).await, "wrong-state");
    let effect =
        json!({"frozen_for": "nobody loads anything", "frozen_by": alice.store().facts().actor});
    scene.does(alice, "incident.freeze", why.clone(), effect).await;
    assert_eq!(scene.refused(alice, "incident.freeze", why.clone()).await, "wrong-state");
    assert_eq!(scene.refused(alice, "change.start", json!({"ref": change})).await, "frozen");
    assert_eq!(
        scene.refused(alice, "incident.unfreeze", why.clone()).await,
        "not-allowed",
        "an operator does not lift it"
    );
    let exempt = json!({"ref": incident, "subject": change, "reason": "the pump leaks"});
    assert_eq!(scene.refused(boss, "incident.exempt", exempt.clone()).await, "not-allowed");
    let commander = json!({"login": alice.store().facts().actor, "role": "incident_commander"});
    scene.writes(boss, "role.grant", commander).await;
    let effect = json!({"exempted": [change]});
    scene.does(alice, "incident.exempt", exempt.clone(), effect).await;
    assert_eq!(scene.refused(alice, "incident.exempt", exempt).await, "wrong-state");
    assert_eq!(scene.refused(alice, "change.start", json!({"ref": change})).await, "four-eyes");
    scene.shows(&change, json!({"conflicts": []})).await;
    let mut reader = alice.store().reader().await.unwrap();
    assert_eq!(reader.freezes().await.unwrap().len(), 2);
    reader.done().await;
    let effect = json!({"frozen_for": null, "frozen_since": null});
    scene.does(boss, "incident.unfreeze", why, effect).await;
    scene.writes(alice, "change.start", json!({"ref": change})).await;
}

pub async fn a_temporary_change_stays_longer_under_another(scene: &Scene) {
    let (boss, alice) = (&scene.story.boss, &scene.story.alice);
    let none = json!({"level": "none"});
    let temporary = |until: &str| {
        json!({"site": "RLF", "title": "A pump on loan", "kind": "temporary", "assets": ["RLF/PLC-7"],
               "start": soon(-60), "end": soon(7_200), "revert_by": until,
               "impacts": {"security": none, "quality": none, "validation": none, "uptime": none, "safety": none},
               "rollback": "Put the old one back", "tests": "Run it"})
    };
    let stays = scene.writes(boss, "change.request", temporary(&soon(8_000))).await;
    scene.story.approve(&stays).await;
    for step in ["change.start", "change.complete"] {
        scene.writes(boss, step, json!({"ref": stays})).await;
    }
    let later = soon(90_000);
    let mut longer = temporary(&later);
    longer["supersedes"] = json!(stays);
    let longer = scene.writes(boss, "change.request", longer).await;
    let renew = json!({"ref": stays, "change": longer, "reason": "the part is late"});
    assert_eq!(scene.refused(alice, "change.renew", renew.clone()).await, "wrong-state");
    scene.story.approve(&longer).await;
    let effect = json!({"revert_by": later, "state": "implemented"});
    scene.does(alice, "change.renew", renew, effect).await;
    scene.writes(boss, "change.back-out", json!({"ref": stays})).await;
    scene.writes(boss, "change.withdraw", json!({"ref": longer})).await;
}

pub async fn a_bypass_is_placed_renewed_and_taken_out(scene: &Scene) {
    let (boss, alice) = (&scene.story.boss, &scene.story.alice);
    let change = scene.story.change("RLF/PLC-7", -60, 7_200).await;
    let place = |until: &str| {
        json!({"change": change, "asset": "RLF/PLC-7", "what": "High level trip", "until": until,
               "reason": "the probe is replaced", "compensating": ["a man at the glass"]})
    };
    assert_eq!(scene.refused(alice, "bypass.place", place(&soon(600))).await, "wrong-state");
    scene.story.approve(&change).await;
    scene.writes(boss, "change.start", json!({"ref": change})).await;
    assert_eq!(scene.refused(alice, "bypass.place", place(&soon(9_000))).await, "invalid");
    let until = soon(2);
    let effect = json!({"state": "placed", "asset": "RLF/PLC-7", "change": change, "until": until,
                        "title": "High level trip", "compensating": ["a man at the glass"]});
    let bypass = scene.does(alice, "bypass.place", place(&until), effect).await;
    scene.passed(&until).await;
    let stands = json!({"kind": "bypass_ended", "subject": bypass, "state": "unacknowledged"});
    scene.lists("alarms", "kind:bypass_ended", stands).await;
    let late = json!({"ref": bypass, "title": "High level trip"});
    scene.lists("items", "measure:exceptions-in-date state:bad", late).await;
    scene.lists("bypasses", "state:ended asset:RLF/PLC-7", json!({"ref": bypass})).await;
    let renew =
        json!({"ref": bypass, "change": change, "until": soon(3_600), "reason": "no probe yet"});
    scene.does(alice, "bypass.renew", renew, json!({"effective_state": "placed"})).await;
    scene.lists("items", "measure:exceptions-in-date state:ok", json!({"ref": bypass})).await;
    assert_eq!(scene.refused(boss, "change.back-out", json!({"ref": change})).await, "conflict");
    scene.writes(boss, "change.complete", json!({"ref": change})).await;
    assert_eq!(scene.refused(boss, "change.verify", json!({"ref": change})).await, "conflict");
    let out = json!({"ref": bypass, "note": "trip tested at the panel"});
    let effect = json!({"state": "removed", "note": "trip tested at the panel"});
    scene.does(boss, "bypass.remove", out.clone(), effect).await;
    assert_eq!(scene.refused(boss, "bypass.remove", out).await, "wrong-state");
    scene.writes(boss, "change.verify", json!({"ref": change})).await;
}
