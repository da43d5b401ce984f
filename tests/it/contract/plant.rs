//! What stands in the plant, and who comes from outside.

use serde_json::json;

use super::scene::Scene;
use crate::support::story::soon;

pub async fn a_site_its_zone_and_its_assets_stand_as_they_were_registered(scene: &Scene) {
    let boss = &scene.story.boss;
    scene
        .does(
            boss,
            "site.register",
            json!({"site": "GOT", "name": "Gothenburg", "timezone": "Europe/Stockholm", "sector": "energy",
                   "frameworks": ["NIS2"], "nerc_impact": "medium", "otcc_level": 2}),
            json!({"site": "GOT", "name": "Gothenburg", "timezone": "Europe/Stockholm", "sector": "energy",
                   "frameworks": ["NIS2"], "nerc_impact": "medium", "otcc_level": 2}),
        )
        .await;
    let number = json!({"site": "GOT", "external_ref": true, "remote_access": true, "reason": "as quality asks"});
    scene
        .does(
            boss,
            "site.require",
            number,
            json!({"site": "GOT", "asks_number": true, "asks_remote": true}),
        )
        .await;
    scene
        .does(
            boss,
            "zone.register",
            json!({"zone": "SIS", "site": "GOT", "name": "Safety", "purdue": "1", "sl_target": 3, "sl_achieved": 1}),
            json!({"site": "GOT", "zone": "SIS", "name": "Safety", "purdue": "1", "sl_target": 3, "sl_achieved": 1}),
        )
        .await;
    let asset = scene
        .does(
            boss,
            "asset.register",
            json!({"tag": "PLC-1", "site": "GOT", "name": "Dryer", "class": "plc", "zone": "SIS",
                   "vendor": "Siemens", "firmware": "2.8", "safety": 4,
                   "constraints": {"scan_ok": false, "warranty": "until 2030"}}),
            json!({"site": "GOT", "tag": "PLC-1", "name": "Dryer", "state": "active", "vendor": "Siemens",
                   "firmware": "2.8", "safety": 4, "constraints": {"scan_ok": false, "warranty": "until 2030"}}),
        )
        .await;
    scene
        .does(
            boss,
            "asset.update",
            json!({"tag": "PLC-1", "site": "GOT", "firmware": "2.9", "owner": scene.story.logins[2]}),
            json!({"name": "Dryer", "vendor": "Siemens", "firmware": "2.9", "owner": scene.story.logins[2]}),
        )
        .await;
    scene
        .does(
            boss,
            "asset.update",
            json!({"tag": "PLC-1", "site": "GOT", "vendor": "Yokogawa", "product": "ProSafe"}),
            json!({"vendor": "Yokogawa", "product": "ProSafe", "firmware": "2.9"}),
        )
        .await;
    scene
        .does(
            boss,
            "asset.retire",
            json!({"tag": "PLC-1", "site": "GOT", "reason": "line closed"}),
            json!({"ref": asset, "state": "retired"}),
        )
        .await;
    let again = json!({"tag": "PLC-1", "site": "GOT", "firmware": "3"});
    assert_eq!(scene.refused(boss, "asset.update", again).await, "wrong-state");
}

pub async fn a_vendor_and_its_people_are_known_until_their_dates(scene: &Scene) {
    let boss = &scene.story.boss;
    scene
        .does(
            boss,
            "vendor.register",
            json!({"vendor": "YOKO", "name": "Yokogawa", "contact": "+31 10 1234567"}),
            json!({"vendor": "YOKO", "name": "Yokogawa", "contact": "+31 10 1234567", "state": "active"}),
        )
        .await;
    let person = json!({"vendor": "YOKO", "login": "kenji", "name": "Kenji Mori",
                        "screening_until": soon(86_400), "ssh_keys": ["ssh-ed25519 AAAA"]});
    scene.does(boss, "vendor.person", person, json!({"vendor": "YOKO"})).await;
    let renewed = json!({"vendor": "YOKO", "login": "kenji", "training_until": soon(86_400)});
    scene.does(boss, "vendor.person", renewed, json!({"vendor": "YOKO"})).await;
    let vendor = scene.shown("YOKO").await;
    let [kenji] = vendor["persons"].as_array().unwrap().as_slice() else { panic!("{vendor:#}") };
    assert_eq!((&kenji["person"], &kenji["name"]), (&json!("kenji"), &json!("Kenji Mori")));
    assert_eq!(kenji["ssh_keys"], json!(["ssh-ed25519 AAAA"]));
    assert!(!kenji["screening_until"].is_null() && !kenji["training_until"].is_null(), "{kenji}");
}

pub async fn a_vendor_or_one_of_its_people_is_suspended_and_resumed(scene: &Scene) {
    let boss = &scene.story.boss;
    let vendor = json!({"vendor": "YOKO", "name": "Yokogawa", "contract_end": soon(86_400)});
    scene.does(boss, "vendor.register", vendor, json!({"contract": "expiring"})).await;
    let renewed =
        json!({"vendor": "YOKO", "contract_end": soon(90 * 86_400), "contact": "+31 10 7654321"});
    let effect = json!({"contract": "valid", "contact": "+31 10 7654321", "name": "Yokogawa"});
    scene.does(boss, "vendor.update", renewed, effect).await;
    let person = json!({"vendor": "YOKO", "login": "kenji", "training_until": soon(86_400)});
    scene.does(boss, "vendor.person", person, json!({"vendor": "YOKO"})).await;
    let why = json!({"vendor": "YOKO", "reason": "breach at the maker"});
    scene.does(boss, "vendor.suspend", why.clone(), json!({"state": "suspended"})).await;
    assert_eq!(scene.refused(boss, "vendor.suspend", why.clone()).await, "wrong-state");
    scene.does(boss, "vendor.resume", why, json!({"state": "active"})).await;
    let kenji = json!({"vendor": "YOKO", "person": "kenji", "reason": "lost a token"});
    scene.does(boss, "vendor.suspend", kenji, json!({"state": "active"})).await;
    let shown = scene.shown("YOKO").await;
    assert_eq!(shown["persons"][0]["state"], "suspended");
    assert_eq!(shown["persons"][0]["training"], "expiring");
    let nobody = json!({"vendor": "YOKO", "person": "nobody", "reason": "x"});
    assert_eq!(scene.refused(boss, "vendor.suspend", nobody).await, "unknown");
}
