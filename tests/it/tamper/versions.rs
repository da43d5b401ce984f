//! Entries of an older version of the rules: they are replayed by it, and nobody asks by it any more.

use serde_json::json;
use smc::commands::origin;
use smc::store::replay::{Progress, repair};

use super::forge;
use super::story::{Story, change, told};

#[tokio::test]
async fn an_entry_of_version_one_is_replayed_by_version_one() {
    let me = smc::store::os_user().unwrap().to_string();
    let story = Story::founded().await;
    for (name, fields) in [
        ("site.register", json!({"site": "RLF", "name": "Ridley Field", "timezone": "UTC"})),
        (
            "asset.register",
            json!({"tag": "PLC-1", "site": "RLF", "name": "Boiler", "class": "sis"}),
        ),
    ] {
        told(&story.at(), None, name, fields).await.unwrap();
    }
    let mut grave = change();
    grave["impacts"]["quality"]["level"] = json!("high");
    let mut raw = story.raw().await;
    forge::append_under(&mut raw, 1, &me, "change.requested", Some("RLF"), grave).await;
    let report = story.verify().await;
    // Version 2 would have asked quality and safety, whom nobody holds, and refused it.
    assert!(report.violations.is_empty(), "{report:#?}");
    let missing: Vec<&str> = report
        .faults
        .named()
        .iter()
        .filter(|fault| fault.table == Some("requirement"))
        .map(|fault| fault.message.as_str())
        .collect();
    let named = |discipline: &str| missing.iter().any(|words| words.contains(discipline));
    assert!(named("operations") && named("it_security"), "{report:#?}");
    assert!(!named("quality") && !named("safety"), "{report:#?}");
}

#[tokio::test]
async fn nobody_asks_by_older_rules_after_newer_ones() {
    let me = smc::store::os_user().unwrap().to_string();
    let story = Story::told().await;
    let mut raw = story.raw().await;
    let entry =
        forge::append_under(&mut raw, 1, &me, "change.requested", Some("RLF"), change()).await;
    let report = story.verify().await;
    let [violation] = report.violations.named() else { panic!("{report:#?}") };
    assert_eq!((violation.seq, violation.code), (entry.seq, "invalid"));
    assert!(violation.message.contains("rule version 1"), "{}", violation.message);
}

#[tokio::test]
async fn an_access_of_somebody_who_had_left_is_replayed_by_the_rules_it_was_taken_under() {
    let me = smc::store::os_user().unwrap().to_string();
    let story = Story::founded().await;
    for (name, fields) in [
        ("site.register", json!({"site": "RLF", "name": "Ridley Field", "timezone": "UTC"})),
        (
            "asset.register",
            json!({"tag": "PLC-1", "site": "RLF", "name": "Boiler", "class": "plc"}),
        ),
        ("person.register", json!({"login": "lena", "name": "Lena Vos"})),
        ("person.deactivate", json!({"login": "lena", "reason": "works elsewhere"})),
    ] {
        told(&story.at(), None, name, fields).await.unwrap();
    }
    let mut raw = story.raw().await;
    let import = json!({"format": "access-events", "source": "auth.log", "site": "RLF"});
    forge::append_under(&mut raw, 5, &me, "import.started", Some("RLF"), import).await;
    for (version, states) in [(5, vec!["staff"]), (6, vec!["staff", "outside"])] {
        let event = json!({"at": smc::clock::now(), "login": "lena", "asset": "RLF/PLC-1", "action": "opened",
                           "digest": format!("{version:064}"), "import": "IM-1", "line": version});
        forge::append_under(&mut raw, version, &me, "access.recorded", Some("RLF"), event).await;
        let store = story.open().await;
        let done = repair(&store, &origin("test"), Progress::silent()).await.unwrap();
        assert!(done.report.violations.is_empty(), "{:#?}", done.report);
        store.close().await;
        let told: Vec<String> = sqlx::query_scalar("SELECT state FROM access_event ORDER BY ref")
            .fetch_all(&mut raw)
            .await
            .unwrap();
        assert_eq!(told, states);
    }
}
