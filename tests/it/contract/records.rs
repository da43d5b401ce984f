//! Incidents, reports and log lines.

use serde_json::json;

use super::scene::Scene;

pub async fn an_incident_keeps_its_log_and_a_report_stands_by_itself(scene: &Scene) {
    let (boss, bob) = (&scene.story.boss, &scene.story.bob);
    let incident = scene
        .does(
            boss,
            "incident.declare",
            json!({"sites": ["RLF", "ANR"], "title": "Panel frozen", "severity": 2, "exercise": true, "summary": "It hangs"}),
            json!({"site": "RLF", "sites": ["ANR", "RLF"], "title": "Panel frozen", "severity": 2, "exercise": true,
                   "state": "declared", "summary": "It hangs"}),
        )
        .await;
    scene
        .does(
            bob,
            "log.add",
            json!({"site": "RLF", "text": "Rang the shift", "incident": incident}),
            json!({"site": "RLF", "text": "Rang the shift", "incident": incident, "author": scene.story.logins[2]}),
        )
        .await;
    let report = scene
        .does(
            bob,
            "report.submit",
            json!({"where": "RLF line 2", "what": "Screen is black", "effect": "none"}),
            json!({"site": "RLF", "where": "RLF line 2", "what": "Screen is black", "effect": "none",
                   "author": scene.story.logins[2], "state": "submitted"}),
        )
        .await;
    scene
        .does(
            boss,
            "report.triage",
            json!({"ref": report, "outcome": "incident", "link": incident}),
            json!({"state": "triaged", "outcome": "incident", "link": incident, "triaged_by": scene.story.logins[0]}),
        )
        .await;
    let unknown = json!({"site": "RLF", "text": "x", "incident": "INC-9"});
    assert_eq!(scene.refused(bob, "log.add", unknown).await, "unknown");
}
