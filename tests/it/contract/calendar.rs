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
    let outage = scene.does(bob, "outage.plan", plan, effect).await;
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
