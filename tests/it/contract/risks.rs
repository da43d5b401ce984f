//! Risks from raised to closed, and what becomes of their acceptance.

use serde_json::{Value, json};
use smc::store::query::{Change, Page, Risk};

use super::scene::Scene;
use crate::support::story::soon;

async fn raised(scene: &Scene) -> String {
    scene
        .does(
            &scene.story.boss,
            "risk.raise",
            json!({"site": "RLF", "title": "Flat network", "likelihood": 3, "consequence": {"production": 4}}),
            json!({"site": "RLF", "title": "Flat network", "source": "person", "inherent": 12, "priority": 2}),
        )
        .await
}

fn accept(risk: &str, until: &str) -> Value {
    json!({"ref": risk, "until": until, "reason": "the outage comes", "compensating": ["watched"]})
}

pub async fn a_risk_is_weighed_treated_and_closed(scene: &Scene) {
    let boss = &scene.story.boss;
    let risk = raised(scene).await;
    let weigh = |level: &str, likelihood: i64| json!({"ref": risk, "level": level, "likelihood": likelihood, "consequence": {"production": 4}});
    scene
        .does(
            boss,
            "risk.assess",
            weigh("inherent", 5),
            json!({"state": "open", "inherent": 20, "priority": 1}),
        )
        .await;
    scene
        .does(
            boss,
            "risk.assess",
            weigh("current", 2),
            json!({"current": 8, "inherent": 20, "priority": 3}),
        )
        .await;
    scene
        .does(boss, "risk.assess", weigh("inherent", 4), json!({"inherent": 16, "priority": 3}))
        .await;
    scene
        .does(boss, "risk.assess", weigh("residual", 1), json!({"residual": 4, "current": 8}))
        .await;
    let owner = &scene.story.logins[1];
    scene
        .does(
            boss,
            "risk.treat",
            json!({"ref": risk, "treatment": "mitigate", "owner": owner, "due": soon(86_400), "compensating": ["a rule"]}),
            json!({"state": "treating", "treatment": "mitigate", "owner": owner, "compensating": ["a rule"]}),
        )
        .await;
    scene
        .does(
            boss,
            "risk.close",
            json!({"ref": risk, "reason": "segmented"}),
            json!({"state": "closed"}),
        )
        .await;
    assert_eq!(
        scene.refused(boss, "risk.treat", json!({"ref": risk, "treatment": "avoid"})).await,
        "wrong-state"
    );
}

pub async fn a_change_names_the_risks_that_it_treats_and_each_shows_the_other(scene: &Scene) {
    let boss = &scene.story.boss;
    let risk = raised(scene).await;
    let none = json!({"level": "none"});
    let mut asked = json!({
        "site": "RLF", "title": "Segment it", "kind": "normal", "assets": ["RLF/PLC-7"], "risks": [risk],
        "start": soon(600), "end": soon(3_600), "rollback": "Join them", "tests": "Ping",
        "impacts": {"security": none, "quality": none, "validation": none, "uptime": none, "safety": none},
    });
    let change = scene.does(boss, "change.request", asked.clone(), json!({"risks": [risk]})).await;
    let mut reader = scene.story.bob.store().reader().await.unwrap();
    for (one, what, other) in [(&change, "treats", &risk), (&risk, "change", &change)] {
        let links = reader.show(one).await.unwrap().links;
        assert!(links.iter().any(|link| link.what == what && link.r#ref == *other), "{links:?}");
    }
    let found = reader.list::<Change>(&format!("risk:{risk}"), &Page::ALL).await.unwrap().rows;
    assert_eq!(found.iter().map(|row| row.r#ref.as_str()).collect::<Vec<_>>(), [change.as_str()]);
    let cells = reader.risk_matrix().await.unwrap();
    let cell = cells.iter().find(|cell| (cell.likelihood, cell.worst) == (3, 4)).unwrap();
    let same = "state:candidate,open,treating,accepted likelihood:3 worst:4";
    assert_eq!(reader.count::<Risk>(same).await.unwrap(), cell.count);
    reader.done().await;
    asked["risks"] = json!(["R-999"]);
    assert_eq!(scene.refused(boss, "change.request", asked).await, "unknown");
}

pub async fn an_accepted_risk_reopens_when_its_acceptance_ends(scene: &Scene) {
    let boss = &scene.story.boss;
    let risk = raised(scene).await;
    // Whoever decides is there before the time runs.
    scene.third().await;
    let until = soon(5);
    let asked = accept(&risk, &until);
    let effect = json!({"risk": risk, "state": "requested", "compensating": ["watched"]});
    let acceptance = scene.does(boss, "risk.accept", asked, effect).await;
    scene.approved(&acceptance, "acceptance.approve").await;
    scene.shows(&risk, json!({"state": "accepted", "treatment": "accept"})).await;
    scene.passed(&until).await;
    assert_eq!(scene.story.alice.tick().await.unwrap().len(), 2, "the acceptance and its risk");
    scene.shows(&acceptance, json!({"state": "expired"})).await;
    scene.shows(&risk, json!({"state": "open", "until": null})).await;
    // Letting it run out makes no number better: it counts as past its end until somebody does something about the risk.
    let exceptions = "measure:exceptions-in-date";
    scene.lists("items", &format!("{exceptions} state:bad"), json!({"ref": risk})).await;
    let treated = json!({"ref": risk, "treatment": "avoid"});
    scene.does(boss, "risk.treat", treated, json!({"state": "treating"})).await;
    let mut reader = scene.story.bob.store().reader().await.unwrap();
    let counted = reader.listing("items", exceptions, &Page::ALL).await.unwrap().rows;
    reader.done().await;
    assert!(counted.iter().all(|item| item["ref"] != *risk), "{counted:?}");
}

pub async fn a_risk_whose_acceptance_is_refused_stays_as_it_was(scene: &Scene) {
    let risk = raised(scene).await;
    let asked = accept(&risk, &soon(3_600));
    let effect = json!({"risk": risk, "state": "requested"});
    let acceptance = scene.does(&scene.story.boss, "risk.accept", asked, effect).await;
    scene
        .does(
            &scene.story.bob,
            "acceptance.reject",
            json!({"ref": acceptance, "discipline": "operations", "reason": "too long"}),
            json!({"state": "rejected"}),
        )
        .await;
    scene.shows(&risk, json!({"state": "open", "treatment": null})).await;
}
