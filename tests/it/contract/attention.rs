//! Alarms that are acknowledged and shelved, tasks that sleep.

use std::time::Duration;

use serde_json::json;

use super::scene::Scene;
use crate::support::story::{done, soon};

pub async fn an_alarm_is_shelved_taken_back_and_acknowledged(scene: &Scene) {
    let (boss, bob) = (&scene.story.boss, &scene.story.bob);
    let window = scene.story.window("RLF/PLC-7", -60, 2).await;
    scene.story.approve(&window).await;
    done(boss, "window.open", json!({"ref": window})).await;
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    let alarm = format!("window_overrun:{window}");
    scene.shows(&alarm, json!({"state": "unacknowledged", "priority": 1, "site": "RLF"})).await;
    let shelf = json!({"ref": alarm, "reason": "they log out", "until": soon(600)});
    let shelved = json!({"state": "shelved", "shelved_reason": "they log out"});
    scene.does(bob, "alarm.shelve", shelf, shelved).await;
    let back = json!({"ref": alarm});
    scene.does(boss, "alarm.unshelve", back.clone(), json!({"state": "unacknowledged"})).await;
    let known = json!({"state": "acknowledged", "acknowledged_by": scene.story.logins[2],
                       "rationale": {"cause": "a vendor still has access after the window's end"}});
    scene.does(bob, "alarm.acknowledge", back.clone(), known).await;
    let mut reader = scene.story.alice.store().reader().await.unwrap();
    let rate = reader.alarm_rate().await.unwrap();
    assert_eq!((rate.ten_minutes, rate.day), (2, 2), "it was ending, then past its end");
    reader.done().await;
    assert_eq!(scene.refused(boss, "alarm.acknowledge", back).await, "wrong-state");
    done(boss, "window.close", json!({"ref": window, "close_out": "done"})).await;
    scene.shows(&alarm, json!({"state": "normal", "cleared": true})).await;
}

pub async fn a_task_sleeps_for_whoever_has_it(scene: &Scene) {
    let change = scene.story.change("RLF/PLC-7", 600, 3_600).await;
    let task = format!("decide:{change}");
    scene.lists("tasks", "", json!({"ref": task, "state": "waiting", "mine": true})).await;
    let sleeps = json!({"ref": task, "until": soon(300), "reason": "after the round"});
    let asleep = json!({"ref": task, "state": "asleep"});
    scene.does_in(&scene.story.alice, ("task.snooze", sleeps), "tasks", asleep).await;
    let awake = json!({"ref": task, "state": "waiting"});
    let wakes = json!({"ref": task, "reason": "the round is over"});
    scene.does_in(&scene.story.alice, ("task.wake", wakes.clone()), "tasks", awake).await;
    assert_eq!(scene.refused(&scene.story.alice, "task.wake", wakes).await, "wrong-state");
    let late = json!({"ref": task, "until": soon(900)});
    assert_eq!(scene.refused(&scene.story.alice, "task.snooze", late).await, "invalid");
}
