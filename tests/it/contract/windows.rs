//! A vendor's access from request to its end.

use serde_json::{Value, json};
use smc::clock;
use smc::exchange::access;

use super::scene::Scene;
use crate::support::story::soon;

async fn asked(scene: &Scene, from: i64, to: i64) -> String {
    let boss = &scene.story.boss;
    let vendor = json!({"vendor": "YOKO", "name": "Yokogawa"});
    scene.does(boss, "vendor.register", vendor.clone(), vendor).await;
    let kenji = json!({"vendor": "YOKO", "name": "Kenji Mori", "screening_until": soon(86_400),
        "training_until": soon(86_400)});
    scene.does(boss, "vendor.person", kenji, json!({"vendor": "YOKO"})).await;
    again(scene, from, to).await
}

async fn again(scene: &Scene, from: i64, to: i64) -> String {
    scene
        .does(
            &scene.story.boss,
            "window.request",
            json!({"vendor": "YOKO", "person": "Kenji Mori", "assets": ["RLF/PLC-7"], "purpose": "Tune it",
                   "start": soon(from), "end": soon(to), "escort": "bob", "source": "10.0.0.7"}),
            json!({"site": "RLF", "vendor": "YOKO", "person": "Kenji Mori", "purpose": "Tune it",
                   "state": "requested", "assets": ["RLF/PLC-7"], "escort": "bob", "source": "10.0.0.7"}),
        )
        .await
}

async fn opened(scene: &Scene, window: &str) {
    scene.approved(window, "window.approve").await;
    let note = json!({"ref": window, "reason": "escort is here"});
    let effect =
        json!({"state": "open", "note": "escort is here", "opened_by": scene.story.logins[0]});
    scene.does(&scene.story.boss, "window.open", note, effect).await;
}

fn because(window: &str, reason: &str) -> Value {
    json!({"ref": window, "reason": reason})
}

pub async fn a_window_is_opened_and_closed_with_its_close_out(scene: &Scene) {
    let window = asked(scene, -60, 3_600).await;
    opened(scene, &window).await;
    let close = json!({"ref": window, "close_out": "tuned; trend saved"});
    let effect =
        json!({"state": "closed", "note": "tuned; trend saved", "ended_by": scene.story.logins[2]});
    scene.does(&scene.story.bob, "window.close", close, effect).await;
}

pub async fn a_window_is_opened_in_spite_of_what_stands_against_it(scene: &Scene) {
    let boss = &scene.story.boss;
    let window = asked(scene, -60, 3_600).await;
    let change = scene.story.change("RLF/PLC-7", -60, 7_200).await;
    scene.story.approve(&change).await;
    scene.approved(&window, "window.approve").await;
    scene.shows(&window, json!({"conflicts": [change]})).await;
    assert_eq!(scene.refused(boss, "window.open", json!({"ref": window})).await, "conflict");
    let bob = &scene.story.bob;
    let leads = json!({"login": scene.story.logins[2], "role": "shift_lead", "site": "RLF"});
    scene.writes(boss, "role.grant", leads).await;
    let named = json!({"ref": window, "despite": [change], "reason": "one crew does both"});
    let effect = json!({"state": "open", "conflicts": [], "note": "one crew does both"});
    // Who asked lets nothing pass for their own request.
    assert_eq!(scene.refused(boss, "window.open", named.clone()).await, "four-eyes");
    scene.does(bob, "window.open", named, effect).await;
    let more = json!({"ref": window, "end": soon(5_400), "reason": "the trend runs on"});
    let effect = json!({"state": "requested", "conflicts": []});
    scene.does(boss, "window.extend", more, effect).await;
}

pub async fn a_vendor_is_cut_off_and_a_request_taken_back(scene: &Scene) {
    let boss = &scene.story.boss;
    let window = asked(scene, -60, 3_600).await;
    opened(scene, &window).await;
    let effect = json!({"state": "cut_off", "note": "unknown file"});
    scene
        .does(&scene.story.alice, "window.cut-off", because(&window, "unknown file"), effect)
        .await;
    let next = again(scene, 600, 3_600).await;
    let effect = json!({"state": "cancelled", "note": "plans changed"});
    scene.does(boss, "window.cancel", because(&next, "plans changed"), effect).await;
    let last = again(scene, 600, 3_600).await;
    scene
        .does(
            &scene.story.bob,
            "window.reject",
            json!({"ref": last, "discipline": "operations", "reason": "not this week"}),
            json!({"state": "rejected"}),
        )
        .await;
}

pub async fn a_window_that_nobody_opened_lapses(scene: &Scene) {
    let change = scene.story.change("RLF/PLC-7", -60, 3_600).await;
    let served = json!({"vendor": "YOKO", "person": "Kenji Mori", "assets": ["RLF/PLC-7"], "purpose": "Load it",
                        "start": soon(600), "end": soon(3_000), "change": change});
    let window = asked(scene, -60, 3).await;
    let end = soon(3);
    let effect = json!({"change": change, "state": "requested"});
    scene.does(&scene.story.boss, "window.request", served, effect).await;
    scene.passed(&end).await;
    assert_eq!(scene.story.alice.tick().await.unwrap().len(), 1);
    scene.shows(&window, json!({"state": "lapsed"})).await;
}

pub async fn a_session_is_told_of_from_its_beginning_to_its_end(scene: &Scene) {
    let (boss, alice) = (&scene.story.boss, &scene.story.alice);
    let window = asked(scene, -60, 3_600).await;
    opened(scene, &window).await;
    let start = json!({"vendor": "YOKO", "person": "Kenji Mori", "asset": "RLF/PLC-7", "source": "10.0.0.7"});
    let effect = json!({"window": window, "state": "live", "source": "10.0.0.7", "started_by": scene.story.logins[0]});
    let session = scene.does(boss, "session.start", start.clone(), effect).await;
    scene.lists("access", "", json!({"ref": window, "sessions": [session]})).await;
    scene.shows(&window, json!({"sessions": [session]})).await;
    let within = json!({"ref": session, "reason": "another hand"});
    assert_eq!(scene.refused(boss, "session.cut-off", within).await, "wrong-state");
    let effect = json!({"state": "ended", "note": "logged out", "ended_by": scene.story.logins[1]});
    let end = json!({"ref": session, "reason": "logged out"});
    scene.does(alice, "session.end", end.clone(), effect).await;
    assert_eq!(scene.refused(alice, "session.end", end).await, "wrong-state");
    let close = json!({"ref": window, "close_out": "tuned"});
    scene.does(boss, "window.close", close, json!({"state": "closed"})).await;
    let outside = scene
        .does(boss, "session.start", start, json!({"window": null, "effective_state": "outside"}))
        .await;
    scene.lists("access", "", json!({"ref": outside, "state": "outside"})).await;
    scene.lists("alarms", "", json!({"kind": "session_outside", "subject": outside})).await;
    let order = json!({"ref": outside, "reason": "no window allows it"});
    let effect = json!({"state": "live", "effective_state": "cut_off", "cut_off_because": "no window allows it",
                        "cut_off_by": scene.story.logins[0]});
    scene.does(boss, "session.cut-off", order.clone(), effect.clone()).await;
    scene.lists("sessions", "state:cut_off", effect).await;
    assert_eq!(scene.refused(boss, "session.cut-off", order).await, "wrong-state");
    let change = scene.story.change("RLF/PLC-7", -60, 3_600).await;
    let served = json!({"vendor": "YOKO", "person": "Kenji Mori", "assets": ["RLF/PLC-7"], "purpose": "Load it",
                        "start": soon(-60), "end": soon(3_000), "change": change});
    let served = scene.does(boss, "window.request", served, json!({"change": change})).await;
    scene.approved(&served, "window.approve").await;
    let early = scene.refused(boss, "window.open", json!({"ref": served})).await;
    assert_eq!(early, "conflict", "the change it serves is not approved");
    let mut reader = alice.store().reader().await.unwrap();
    assert_eq!(reader.vendors_of("Kenji Mori").await.unwrap(), ["YOKO"]);
    assert!(reader.passage("", "Kenji Mori", "RLF/PLC-7").await.is_err());
    assert!(reader.passage("", "nobody", "RLF/PLC-7").await.is_err());
    reader.done().await;
}

pub async fn a_window_ends_later_when_that_is_approved(scene: &Scene) {
    let boss = &scene.story.boss;
    let window = asked(scene, -60, 3_600).await;
    opened(scene, &window).await;
    let later = soon(7_200);
    let more = json!({"ref": window, "end": later, "reason": "trend runs on"});
    let effect =
        json!({"window": window, "end": later, "state": "requested", "reason": "trend runs on"});
    let extension = scene.does(boss, "window.extend", more, effect).await;
    let no =
        json!({"ref": extension, "discipline": "it_security", "reason": "who stays with them?"});
    scene.does(&scene.story.alice, "extension.reject", no, json!({"state": "rejected"})).await;
    let more = json!({"ref": window, "end": later, "reason": "the escort stays"});
    let extension = scene.does(boss, "window.extend", more, json!({"state": "requested"})).await;
    scene.approved(&extension, "extension.approve").await;
    scene.shows(&extension, json!({"state": "approved"})).await;
    scene.shows(&window, json!({"end": later, "state": "open"})).await;
    scene.lists("extensions", &format!("window:{window}"), json!({"ref": extension})).await;
}

pub async fn the_log_of_a_gate_is_held_against_windows(scene: &Scene) {
    let boss = &scene.story.boss;
    let window = asked(scene, -60, 3_600).await;
    opened(scene, &window).await;
    let (now, before) = (clock::now(), clock::now().plus_seconds(-7_200));
    let rows = [
        (now, "Kenji Mori", "10.0.0.7"),
        (before, "Kenji Mori", "10.0.0.7"),
        (before, "nobody", "10.0.0.7"),
        (now, "Kenji Mori", "10.0.0.9"),
    ];
    let row = |(at, login, from): &(_, _, _)| format!("{at},{login},PLC-7,login,{from}\n");
    let rows: Vec<String> = rows.iter().map(row).collect();
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("gate.csv");
    std::fs::write(&log, format!("at,login,asset,action,source\n{}", rows.concat())).unwrap();
    let taking = access::Taking::default();
    let take = async || access::take(boss, std::slice::from_ref(&log), &taking, |_, _| ()).await;
    let taken = take().await.unwrap();
    assert_eq!((taken.accepted, taken.refused.len()), (4, 0), "{taken:#?}");
    let told: Vec<_> = taken.states.iter().map(|(state, count)| (state.as_str(), *count)).collect();
    assert_eq!(told, [("covered", 1), ("outside", 2), ("stranger", 1)]);
    let import = taken.import.unwrap();
    scene.shows(&import, json!({"state": "finished", "accepted": 4})).await;
    scene.shows("AE-1", json!({"state": "covered", "window": window, "import": import})).await;
    scene.lists("access-events", "state:outside", json!({"ref": "AE-2", "window": null})).await;
    let elsewhere = json!({"ref": "AE-4", "window": window, "because": "source"});
    scene.lists("access-events", "because:source", elsewhere).await;
    scene.lists("access", "", json!({"ref": "AE-4", "because": "source"})).await;
    let alarm = json!({"kind": "access_outside", "subject": "AE-2"});
    scene.lists("alarms", "", alarm).await;
    let again = take().await.unwrap();
    assert_eq!((again.accepted, again.unchanged), (0, 4), "an event is taken once");

    // Somebody of the plant who is inside when they are deactivated.
    let lena = json!({"login": "lena", "name": "Lena Vos"});
    scene.does(boss, "person.register", lena, json!({"state": "active"})).await;
    let came =
        format!("at,login,asset,action,source\n{},lena,PLC-7,login,10.0.0.8\n", clock::now());
    std::fs::write(&log, came).unwrap();
    let taken = take().await.unwrap();
    let told: Vec<_> = taken.states.iter().map(|(state, count)| (state.as_str(), *count)).collect();
    assert_eq!(told, [("staff", 1)]);
    let left = json!({"login": "lena", "reason": "works elsewhere"});
    scene.does(boss, "person.deactivate", left, json!({"state": "deactivated"})).await;
    scene.lists("access", "because:left", json!({"ref": "AE-5", "person": "lena"})).await;
    let alarm = json!({"kind": "access_outside", "subject": "AE-5", "cleared": false});
    scene.lists("alarms", "", alarm).await;
}
