//! What calls for a person, told on both engines: alarms with who acknowledged and shelved them, tasks and their sleep,
//! reports and their triage.

use std::time::Duration;

use serde_json::json;
use smc::domain::alarm::{Alarm, State};
use smc::domain::names::Ref;
use smc::domain::refusal::Code;
use smc::domain::task::{self, Task};
use smc::store::query::Page;
use smc::store::replay::{Progress, verify};
use smc::store::{StoreError, query::Object};

use crate::support::engine::engines;
use crate::support::plant::{done as did, plant, refused as refuses};
use crate::support::story::{Story, done, on_both, soon, submit};

async fn alarms(story: &Story, filter: &str) -> Vec<Alarm> {
    let mut reader = story.alice.store().reader().await.unwrap();
    let found = reader.alarms(filter, &Page::ALL).await.unwrap().rows;
    reader.done().await;
    found
}

async fn tasks(desk: &smc::commands::Desk, filter: &str) -> Vec<Task> {
    let mut reader = desk.store().reader().await.unwrap();
    let found = reader.tasks(filter, &Page::ALL).await.unwrap().rows;
    reader.done().await;
    found
}

async fn refused(desk: &smc::commands::Desk, name: &str, fields: serde_json::Value) -> Code {
    match submit(desk, name, fields.clone()).await {
        Err(StoreError::Refused(refusal)) => refusal.code,
        other => panic!("{name} {fields}: {other:?}"),
    }
}

/// The tables are what the ledger makes of them.
async fn replays(story: &Story) {
    let report = verify(story.boss.store(), &[], Progress::silent()).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

/// A window of the first asset that is open past its end, with the reference of its alarm.
async fn overrun(story: &Story) -> (String, String) {
    let window = story.window("RLF/PLC-7", -60, 2).await;
    story.approve(&window).await;
    done(&story.boss, "window.open", json!({"ref": window})).await;
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    let alarm = format!("window_overrun:{window}");
    (window, alarm)
}

#[test]
fn an_alarm_leaves_when_its_condition_has_ended_and_it_was_acknowledged() {
    on_both(async |engine, story| {
        let (window, name) = overrun(story).await;
        let stands = alarms(story, "kind:window_overrun").await;
        let [alarm] = stands.as_slice() else { panic!("{}: {stands:?}", engine.name()) };
        assert_eq!((alarm.r#ref.as_str(), alarm.subject.as_str()), (&*name, &*window));
        assert_eq!((alarm.state, alarm.priority), (State::Unacknowledged, 1));
        done(&story.alice, "alarm.acknowledge", json!({"ref": name, "reason": "rang them"})).await;
        let known = alarms(story, "state:acknowledged").await;
        assert_eq!(known.len(), 1, "it stands on: {}", engine.name());
        assert_eq!(known[0].acknowledged_by.as_deref(), Some(story.logins[1].as_str()));
        let again = refused(&story.bob, "alarm.acknowledge", json!({"ref": name})).await;
        assert_eq!(again, Code::WrongState);
        done(&story.boss, "window.close", json!({"ref": window, "close_out": "done"})).await;
        assert_eq!(alarms(story, "").await, []);
        let mut reader = story.alice.store().reader().await.unwrap();
        let shown = reader.show(&name).await.unwrap();
        let Object::Alarm(ended) = &shown.object else { panic!("{shown:?}") };
        assert_eq!((ended.state, ended.cleared), (State::Normal, true));
        assert!(shown.links.iter().any(|link| link.r#ref == window), "{shown:?}");
        assert_eq!(shown.entries.len(), 1);
        reader.done().await;
        replays(story).await;
    });
}

#[test]
fn what_is_said_of_an_alarm_is_said_of_the_occurrence_that_was_seen() {
    on_both(async |engine, story| {
        let (window, name) = overrun(story).await;
        let seen = alarms(story, "kind:window_overrun").await[0].due;
        let other = json!({"ref": name, "due": seen.plus_seconds(-60)});
        let stale = refused(&story.alice, "alarm.acknowledge", other).await;
        assert_eq!(stale, Code::Stale, "{}", engine.name());
        let shelf =
            json!({"ref": name, "due": seen.plus_seconds(1), "reason": "x", "until": soon(60)});
        assert_eq!(refused(&story.alice, "alarm.shelve", shelf).await, Code::Stale);
        done(&story.alice, "alarm.acknowledge", json!({"ref": name, "due": seen})).await;
        assert_eq!(alarms(story, "state:acknowledged").await.len(), 1);
        done(&story.boss, "window.close", json!({"ref": window, "close_out": "done"})).await;
        replays(story).await;
    });
}

#[test]
fn an_alarm_that_ended_before_anybody_acknowledged_it_stays_until_somebody_does() {
    on_both(async |engine, story| {
        let (window, name) = overrun(story).await;
        let why = json!({"ref": window, "reason": "unknown file copied"});
        done(&story.boss, "window.cut-off", why).await;
        let stands = alarms(story, "").await;
        assert_eq!(stands.len(), 1, "{}", engine.name());
        assert_eq!((stands[0].state, stands[0].priority), (State::Returned, 1));
        let shelf = json!({"ref": name, "reason": "later", "until": soon(600)});
        assert_eq!(refused(&story.alice, "alarm.shelve", shelf).await, Code::WrongState);
        done(&story.alice, "alarm.acknowledge", json!({"ref": name})).await;
        assert_eq!(alarms(story, "").await, []);
        replays(story).await;
    });
}

#[test]
fn work_that_ended_too_late_is_told_until_it_is_acknowledged() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-8", -60, 2).await;
        story.approve(&change).await;
        done(&story.boss, "change.start", json!({"ref": change})).await;
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        done(&story.boss, "change.complete", json!({"ref": change})).await;
        let stands = alarms(story, "kind:change_overdue").await;
        assert_eq!(stands.len(), 1, "{}", engine.name());
        assert!(stands[0].cleared && stands[0].state == State::Returned);
        let name = format!("change_overdue:{change}");
        done(&story.bob, "alarm.acknowledge", json!({"ref": name})).await;
        assert_eq!(alarms(story, "kind:change_overdue").await, []);
        replays(story).await;
    });
}

#[test]
fn an_alarm_is_shelved_by_name_with_a_reason_and_an_end_that_its_priority_limits() {
    on_both(async |engine, story| {
        let (window, name) = overrun(story).await;
        let shelf =
            |seconds: i64| json!({"ref": name, "reason": "they log out", "until": soon(seconds)});
        assert_eq!(refused(&story.alice, "alarm.shelve", shelf(3_700)).await, Code::Invalid);
        assert_eq!(refused(&story.alice, "alarm.shelve", shelf(-5)).await, Code::Expired);
        let other = json!({"ref": "window_overrun:VW-99", "reason": "x", "until": soon(60)});
        assert_eq!(refused(&story.alice, "alarm.shelve", other).await, Code::Unknown);
        done(&story.alice, "alarm.shelve", shelf(3)).await;
        let shelved = alarms(story, "state:shelved").await;
        assert_eq!(shelved.len(), 1, "{}", engine.name());
        assert_eq!(shelved[0].shelved_reason.as_deref(), Some("they log out"));
        tokio::time::sleep(Duration::from_millis(3_300)).await;
        assert_eq!(alarms(story, "").await[0].state, State::Unacknowledged, "the shelf ended");
        done(&story.alice, "alarm.shelve", shelf(600)).await;
        done(&story.bob, "alarm.unshelve", json!({"ref": name})).await;
        assert_eq!(alarms(story, "").await[0].state, State::Unacknowledged);
        let again = refused(&story.bob, "alarm.unshelve", json!({"ref": name})).await;
        assert_eq!(again, Code::WrongState);
        done(&story.boss, "window.close", json!({"ref": window, "close_out": "done"})).await;
        replays(story).await;
    });
}

#[test]
fn a_report_waits_for_triage_once_and_is_dismissed_or_linked() {
    on_both(async |engine, story| {
        let seen = json!({"where": "RLF line 2", "what": "Screen is black", "effect": "none"});
        let report = done(&story.boss, "report.submit", seen.clone()).await;
        let waits = tasks(&story.alice, "kind:triage").await;
        assert_eq!(waits.len(), 1, "{}", engine.name());
        assert_eq!((waits[0].subject.as_str(), waits[0].mine), (report.as_str(), true));
        let triage = |outcome: &str| json!({"ref": report, "outcome": outcome});
        assert_eq!(
            refused(&story.alice, "report.triage", triage("dismissed")).await,
            Code::Missing
        );
        assert_eq!(refused(&story.alice, "report.triage", triage("incident")).await, Code::Missing);
        let elsewhere = json!({"sites": ["ANR"], "title": "Panel frozen", "severity": 3});
        let incident = done(&story.boss, "incident.declare", elsewhere).await;
        let linked = json!({"ref": report, "outcome": "incident", "link": incident});
        assert_eq!(refused(&story.alice, "report.triage", linked).await, Code::Unknown);
        let risk = json!({"site": "RLF", "title": "Panels age"});
        let risk = done(&story.boss, "risk.raise", risk).await;
        let linked = json!({"ref": report, "outcome": "risk", "link": risk});
        done(&story.alice, "report.triage", linked.clone()).await;
        assert_eq!(refused(&story.alice, "report.triage", linked).await, Code::WrongState);
        assert_eq!(tasks(&story.alice, "kind:triage").await, []);
        let mut reader = story.alice.store().reader().await.unwrap();
        let shown = reader.show(&report).await.unwrap();
        assert!(shown.links.iter().any(|link| link.r#ref == risk), "{shown:?}");
        reader.done().await;
        let second = done(&story.boss, "report.submit", seen).await;
        let known = json!({"ref": second, "outcome": "dismissed", "reason": "the same screen"});
        done(&story.alice, "report.triage", known).await;
        replays(story).await;
    });
}

#[test]
fn a_task_sleeps_for_whoever_put_it_to_sleep_and_for_nobody_else() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", 600, 3_600).await;
        let name = format!("decide:{change}");
        let of = async |desk: &smc::commands::Desk| {
            let found = tasks(desk, "").await;
            found.into_iter().find(|task| task.r#ref.as_str() == name)
        };
        let waits = of(&story.bob).await.expect("bob decides for operations");
        assert!(waits.mine && waits.state == task::State::Waiting && waits.priority == 1);
        let own = of(&story.boss).await.expect("what is critical is shown to all");
        assert!(!own.mine, "nobody decides on their own request");
        let snooze = |seconds: i64| json!({"ref": name, "until": soon(seconds)});
        assert_eq!(refused(&story.bob, "task.snooze", snooze(700)).await, Code::Invalid);
        assert_eq!(refused(&story.boss, "task.snooze", snooze(60)).await, Code::Unknown);
        done(&story.bob, "task.snooze", snooze(2)).await;
        assert_eq!(of(&story.bob).await.unwrap().state, task::State::Asleep, "{}", engine.name());
        assert_eq!(of(&story.alice).await.unwrap().state, task::State::Waiting);
        let back = json!({"ref": name});
        assert_eq!(refused(&story.alice, "task.wake", back.clone()).await, Code::WrongState);
        done(&story.bob, "task.wake", back.clone()).await;
        assert_eq!(of(&story.bob).await.unwrap().state, task::State::Waiting);
        assert_eq!(refused(&story.bob, "task.wake", back).await, Code::WrongState);
        let later = json!({"ref": name, "until": soon(2), "reason": "after the round"});
        done(&story.bob, "task.snooze", later).await;
        let asleep = of(&story.bob).await.unwrap();
        assert_eq!(asleep.state, task::State::Asleep);
        assert_eq!(asleep.asleep_reason.as_deref(), Some("after the round"));
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        assert_eq!(of(&story.bob).await.unwrap().state, task::State::Waiting);
        let own = refused(&story.bob, "alarm.acknowledge", json!({"ref": name})).await;
        assert_eq!(own, Code::Unknown, "a task is not acknowledged");
        replays(story).await;
    });
}

#[test]
fn who_asked_is_told_of_a_veto_until_they_ask_anew_and_nobody_else_is() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", 600, 3_600).await;
        let name = format!("renew:{change}");
        let of = async |desk: &smc::commands::Desk| {
            let found = tasks(desk, "").await;
            found.into_iter().find(|task| task.r#ref.as_str() == name)
        };
        assert_eq!(of(&story.boss).await, None);
        let no = json!({"ref": change, "discipline": "operations", "decision": "no", "reason": "the campaign runs"});
        done(&story.bob, "decide", no).await;
        let told = of(&story.boss).await.expect("who asked is told");
        assert!(told.mine && told.title.starts_with("ask anew or let be"), "{}", engine.name());
        assert_eq!(of(&story.bob).await, None);
        assert_eq!(of(&story.alice).await, None);
        done(&story.boss, "task.snooze", json!({"ref": name, "until": soon(60)})).await;
        assert_eq!(of(&story.boss).await.unwrap().state, task::State::Asleep);
        done(&story.boss, "task.wake", json!({"ref": name})).await;
        let mut fields = crate::support::plant::change(700, 3_600);
        fields["assets"] = json!(["RLF/PLC-7"]);
        fields["supersedes"] = json!(change);
        done(&story.boss, "change.request", fields).await;
        assert_eq!(of(&story.boss).await, None, "it was asked for anew");
        replays(story).await;
    });
}

#[test]
fn who_asked_is_told_that_its_time_passed_before_work_began_until_they_ask_anew() {
    on_both(async |_, story| {
        let change = story.change("RLF/PLC-7", 1, 2).await;
        let of = async |desk: &smc::commands::Desk| {
            let found = tasks(desk, "kind:renew").await;
            found.into_iter().find(|task| task.subject.as_str() == change)
        };
        assert_eq!(of(&story.boss).await, None);
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        for recorded in [false, true] {
            let told = of(&story.boss).await.expect("who asked is told");
            assert!(told.mine && told.title.ends_with("whose time passed"), "{}", told.title);
            assert_eq!(told.priority, 4, "nothing burns for what is over");
            assert_eq!(of(&story.bob).await, None);
            if !recorded {
                story.alice.tick().await.unwrap();
            }
        }
        let mut fields = crate::support::plant::change(700, 3_600);
        fields["assets"] = json!(["RLF/PLC-7"]);
        fields["supersedes"] = json!(change);
        done(&story.boss, "change.request", fields).await;
        assert_eq!(of(&story.boss).await, None, "it was asked for anew");
        replays(story).await;
    });
}

#[test]
fn an_end_that_comes_near_is_told_in_time() {
    on_both(async |engine, story| {
        let third = story.joined(engine, "mia", &["management"], "site_security").await;
        let asked = json!({"site": "RLF", "title": "Flat network", "likelihood": 4,
            "consequence": {"production": 4}});
        let risk = done(&story.alice, "risk.raise", asked).await;
        let until = json!({"ref": risk, "until": soon(8), "reason": "outage comes"});
        let acceptance = done(&story.boss, "risk.accept", until).await;
        story.approve(&acceptance).await;
        let yes = json!({"ref": acceptance, "discipline": "management", "decision": "yes"});
        done(&third, "decide", yes).await;
        let mut reader = story.alice.store().reader().await.unwrap();
        let stands = reader.show(&acceptance).await.unwrap().json().unwrap();
        reader.done().await;
        assert_eq!(stands["state"], "approved", "{}: {stands}", engine.name());
        for kind in ["acceptance_ending", "acceptance_ended"] {
            let told = tokio::time::timeout(Duration::from_secs(20), async {
                while !alarms(story, "").await.iter().any(|alarm| alarm.kind.word() == kind) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            told.await.unwrap_or_else(|_| panic!("{}: {kind} is not told", engine.name()));
        }
        story.alice.tick().await.unwrap();
        let ended = alarms(story, "").await;
        assert_eq!((ended.len(), ended[0].state), (1, State::Unacknowledged));
        done(&story.alice, "risk.treat", json!({"ref": risk, "treatment": "mitigate"})).await;
        assert_eq!(alarms(story, "").await[0].state, State::Returned);
        let name = format!("acceptance_ended:{acceptance}");
        done(&story.alice, "alarm.acknowledge", json!({"ref": name})).await;
        assert_eq!(alarms(story, "").await, []);
        replays(story).await;
    });
}

#[test]
fn scripts_read_and_answer_the_same_queue() {
    for engine in engines() {
        let plant = plant(&engine);
        let seen = json!({"where": "RLF line 2", "what": "Screen is black", "effect": "none"});
        did(&plant.rita, "report.submit", seen);
        let change = plant.change(300, 3_600);
        let listed = plant.ida.smc(&["list", "tasks", "--json"]).exits(0).json_lines();
        let refs: Vec<_> = listed.iter().filter_map(|row| row["ref"].as_str()).collect();
        assert!(refs.contains(&format!("decide:{change}").as_str()), "{refs:?}");
        for row in &listed {
            for field in ["ref", "site", "state", "title", "seq", "priority", "due", "mine", "who"]
            {
                assert!(!row[field].is_null(), "{field}: {row}");
            }
        }
        let text = plant.ida.smc(&["list", "tasks", "mine:yes"]).exits(0).stdout;
        assert!(text.contains("triage Screen is black"), "{text}");
        let alarm = json!({"ref": "window_overrun:VW-1"});
        assert_eq!(refuses(&plant.ida, "alarm.acknowledge", alarm), "unknown");
        assert_eq!(refuses(&plant.ida, "alarm.acknowledge", json!({"ref": "VW-1"})), "unknown");
        assert!(Ref::new("window_overrun:VW-1").is_ok());
    }
}
