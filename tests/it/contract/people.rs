//! People, their roles, who answers for what, who is on call.

use serde_json::json;
use smc::domain::time::Time;

use super::scene::Scene;
use crate::support::story::soon;

pub async fn a_role_is_held_until_it_is_revoked_and_a_person_until_deactivated(scene: &Scene) {
    let boss = &scene.story.boss;
    let carol = scene.engine.person("carol").login;
    let until = soon(3_600);
    scene
        .does(
            boss,
            "person.register",
            json!({"login": carol, "name": "Carol Ng", "disciplines": ["quality", "safety"]}),
            json!({"name": "Carol Ng", "state": "active", "disciplines": ["quality", "safety"]}),
        )
        .await;
    let grant = json!({"login": carol, "role": "scribe", "site": "RLF", "until": until});
    let held = json!({"login": carol, "role": "scribe", "site": "RLF", "state": "held",
                      "until": until.parse::<Time>().unwrap()});
    scene.does_in(boss, ("role.grant", grant.clone()), "roles", held.clone()).await;
    let everywhere = json!({"login": carol, "role": "viewer"});
    scene.does_in(boss, ("role.grant", everywhere.clone()), "roles", everywhere.clone()).await;
    scene
        .does_in(
            boss,
            (
                "role.revoke",
                json!({"login": carol, "role": "scribe", "site": "RLF", "reason": "moved"}),
            ),
            "roles",
            json!({"login": carol, "role": "scribe", "site": "RLF", "state": "revoked"}),
        )
        .await;
    assert_eq!(
        scene
            .refused(boss, "role.revoke", json!({"login": carol, "role": "scribe", "site": "RLF"}))
            .await,
        "unknown"
    );
    scene.does_in(boss, ("role.grant", grant), "roles", held).await;
    scene
        .does(
            boss,
            "person.deactivate",
            json!({"login": carol, "reason": "left the company"}),
            json!({"state": "deactivated", "name": "Carol Ng"}),
        )
        .await;
    assert_eq!(scene.refused(boss, "role.grant", everywhere).await, "wrong-state");
}

pub async fn a_cell_of_the_raci_table_holds_at_its_site_alone(scene: &Scene) {
    let boss = &scene.story.boss;
    let cell = |discipline: &str, value: &str| json!({"activity": "control.change", "discipline": discipline, "value": value, "site": "ANR"});
    let moved = json!({"site": "ANR", "accountable": "quality", "cells": {"quality": "A"}});
    let row = scene.does(boss, "raci.set", cell("quality", "A"), moved).await;
    assert_eq!(row, "control.change@ANR");
    scene.shows("control.change", json!({"accountable": "operations"})).await;
    scene.story.joined(&scene.engine, "quin", &["quality"], "quality").await;
    let asked = scene.story.change("ANR/PLC-1", 3_600, 7_200).await;
    assert!(scene.waiting(&asked).await.contains(&"quality".to_owned()));
    assert_eq!(scene.refused(boss, "raci.set", cell("quality", "C")).await, "invalid");
    let back = json!({"accountable": "operations", "cells": {"operations": "A"}});
    scene.does(boss, "raci.set", cell("operations", "A"), back).await;
    scene.does(boss, "raci.set", cell("quality", "C"), json!({"cells": {"quality": "C"}})).await;
    let asked = scene.story.change("ANR/PLC-1", 3_600, 7_200).await;
    assert!(!scene.waiting(&asked).await.contains(&"quality".to_owned()));
}

pub async fn somebody_is_on_call_for_a_discipline_they_hold(scene: &Scene) {
    let boss = &scene.story.boss;
    let bob = &scene.story.logins[2];
    let (from, until) = (soon(-60), soon(3_600));
    let duty = |discipline: &str| json!({"login": bob, "discipline": discipline, "site": "RLF", "from": from, "until": until});
    let effect = json!({"login": bob, "discipline": "operations", "site": "RLF",
        "from": from.parse::<Time>().unwrap(), "until": until.parse::<Time>().unwrap()});
    scene.does_in(boss, ("duty.set", duty("operations")), "duties", effect).await;
    assert_eq!(scene.refused(boss, "duty.set", duty("quality")).await, "wrong-discipline");
    let end = json!({"login": bob, "discipline": "operations", "site": "RLF", "reason": "the crew changed"});
    let over = json!({"login": bob, "discipline": "operations", "state": "over", "from": from.parse::<Time>().unwrap()});
    scene.does_in(boss, ("duty.end", end.clone()), "duties", over).await;
    assert_eq!(scene.refused(boss, "duty.end", end).await, "unknown");
}
