//! Many people decide at once: nobody's word counts twice, nothing is approved that not all have approved, nothing is
//! opened twice, and whoever comes too late reads who was first and when.
//!
//! `SMC_RACES` is how many requests of each kind are decided at once, and how many rounds two approvers race; 12 unless
//! given, because every word is a process of its own. 200 and more take minutes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::{Value, json};
use smc::store::StoreError;
use smc::store::replay::{Progress, verify};

use crate::support::engine::Person;
use crate::support::engines;
use crate::support::plant::{act, change, done, in_seconds, plant};
use crate::support::story::{begin, done as told, soon, submit};

/// Processes that run at once.
const AT_ONCE: usize = 32;

fn scale() -> usize {
    std::env::var("SMC_RACES").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

/// What a person tries, as often as others try the same.
struct Try<'p> {
    who: &'p Person,
    command: &'static str,
    fields: Value,
}

/// Who was refused, what they tried, and what they read.
struct Refused {
    who: String,
    fields: Value,
    message: String,
}

/// Tries all of it, so many at once; gives what was refused.
fn race(tries: &[Try<'_>]) -> Vec<Refused> {
    let next = AtomicUsize::new(0);
    let refused = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(Try { who, command, fields }) = tries.get(next.fetch_add(1, Relaxed))
                {
                    let ran = act(who, command, fields);
                    match ran.code {
                        Some(0) => {}
                        Some(3) => {
                            let message = ran.json_error()["message"].as_str().unwrap().to_owned();
                            let (who, fields) = (who.login.clone(), fields.clone());
                            refused.lock().unwrap().push(Refused { who, fields, message });
                        }
                        other => panic!("{command} ended with {other:?}: {}", ran.stderr),
                    }
                }
            });
        }
    });
    refused.into_inner().unwrap()
}

/// Whether a message says that this person was first with this word, and when.
fn says(message: &str, person: &str, discipline: &str) -> bool {
    message.contains(&format!("{person} has decided yes for {discipline} at 20"))
        || message.contains(&format!("was decided yes by {person} for {discipline} at 20"))
}

#[test]
fn thirty_two_processes_decide_on_changes_and_windows_at_once() {
    for engine in engines() {
        let plant = plant(&engine);
        let [omar, ines, vera] = ["omar", "ines", "vera"].map(|word| engine.person(word));
        for (person, discipline) in
            [(&omar, "operations"), (&ines, "it_security"), (&vera, "vendor_management")]
        {
            plant.joined(person, discipline, Some("RLF"));
        }
        plant.done("role.grant", json!({"login": omar.login, "role": "shift_lead"}));
        plant.done("vendor.register", json!({"vendor": "yoko", "name": "Yokohama Controls"}));
        plant.done(
            "vendor.person",
            json!({"vendor": "yoko", "login": "kenji", "name": "Kenji",
            "screening_until": in_seconds(90 * 86_400), "training_until": in_seconds(90 * 86_400)}),
        );
        // On another asset than the changes, which would stand against it.
        let window = json!({
            "vendor": "yoko", "person": "kenji", "assets": ["RLF/HMI-1"], "purpose": "tune",
            "start": in_seconds(-5), "end": in_seconds(7_200),
        });
        let asked = |command: &str, fields: Value| {
            done(&plant.rita, command, fields)["ref"].as_str().unwrap().to_owned()
        };
        let mut requests = Vec::new();
        for _ in 0..scale() {
            requests.push(asked("change.request", change(-60, 7_200)));
            requests.push(asked("window.request", window.clone()));
        }
        let mut tries = Vec::new();
        for reference in &requests {
            let yes = |discipline: &str| json!({"ref": reference, "discipline": discipline, "decision": "yes"});
            for (who, discipline) in [
                (&plant.olga, "operations"),
                (&omar, "operations"),
                (&plant.ida, "it_security"),
                (&ines, "it_security"),
                (&plant.ida, "it_security"),
            ] {
                tries.push(Try { who, command: "decide", fields: yes(discipline) });
            }
            if reference.starts_with("VW") {
                tries.push(Try { who: &vera, command: "decide", fields: yes("vendor_management") });
            }
        }
        let refused = race(&tries);
        // Of five tries for two disciplines two are let through.
        assert_eq!(refused.len(), requests.len() * 3, "{}", engine.name());
        let mut won = BTreeMap::new();
        let mut opens = Vec::new();
        for reference in &requests {
            let shown = plant.rita.smc(&["show", reference, "--json"]).exits(0).json();
            assert_eq!(shown["state"], "approved", "{}: {reference}", engine.name());
            let mut people = BTreeMap::new();
            for seat in shown["approvals"].as_array().unwrap() {
                assert_eq!(seat["decision"], "yes");
                let text = |field: &str| seat[field].as_str().unwrap().to_owned();
                *people.entry(text("person")).or_insert(0) += 1;
                won.insert((reference.clone(), text("discipline")), text("person"));
            }
            assert!(people.values().all(|words| *words == 1), "{people:?}");
            if reference.starts_with("VW") {
                for who in [&plant.olga, &omar] {
                    let fields = json!({"ref": reference});
                    opens.push(Try { who, command: "window.open", fields });
                }
            }
        }
        for Refused { who, fields, message } in &refused {
            let text = |field: &str| fields[field].as_str().unwrap().to_owned();
            let first = &won[&(text("ref"), text("discipline"))];
            // Whoever tried twice at once may have lost to their own word, and to nobody else's.
            assert!(says(message, first, &text("discipline")), "{who} lost to {first}: {message}");
        }
        let late = race(&opens);
        assert_eq!(late.len(), opens.len() / 2, "{}", engine.name());
        for Refused { who, message, .. } in &late {
            let first = if *who == omar.login { &plant.olga } else { &omar };
            assert!(message.contains(&format!("{} opened it at 20", first.login)), "{message}");
        }
        plant.rita.smc(&["verify"]).exits(0);
    }
}

#[test]
fn two_approvers_race_for_the_last_word_round_after_round() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for engine in engines() {
        runtime.block_on(async {
            let story = begin(&engine).await;
            let omar = story.joined(&engine, "omar", &["operations", "it_security"], "smc_operator").await;
            let [_, _, bob] = &story.logins;
            for round in 0..scale() {
                let none = json!({"level": "none"});
                let change = told(&story.boss, "change.request", json!({
                    "site": "RLF", "title": format!("Round {round}"), "kind": "normal",
                    "assets": ["RLF/PLC-8"], "start": soon(600), "end": soon(3_600),
                    "impacts": {"security": none, "safety": none, "quality": none, "validation": none, "uptime": none},
                    "rollback": "back", "tests": "run",
                }))
                .await;
                let yes = |discipline: &str| json!({"ref": change, "discipline": discipline, "decision": "yes"});
                // One person in two disciplines, another for one of them, all at once.
                let (one, two, three) = tokio::join!(
                    submit(&omar, "decide", yes("operations")),
                    submit(&story.bob, "decide", yes("operations")),
                    submit(&omar, "decide", yes("it_security")),
                );
                let mut reader = story.alice.store().reader().await.unwrap();
                let shown = reader.show(&change).await.unwrap().json().unwrap();
                reader.done().await;
                let won: BTreeMap<&str, &str> = shown["approvals"].as_array().unwrap().iter()
                    .filter(|seat| seat["decision"] == "yes")
                    .map(|seat| (seat["discipline"].as_str().unwrap(), seat["person"].as_str().unwrap()))
                    .collect();
                // Operations decide once, omar counts once: IT security is his unless he was first for operations.
                let omars = [&one, &three].into_iter().filter(|came| came.is_ok()).count();
                assert_eq!(omars, 1, "omar counts once: {one:?}, {three:?}");
                assert_ne!(one.is_ok(), two.is_ok(), "operations decide once: {one:?}, {two:?}");
                assert_eq!(won.len(), if one.is_ok() { 1 } else { 2 }, "{}: {shown:#}", engine.name());
                let state = if one.is_ok() { "requested" } else { "approved" };
                assert_eq!(shown["state"], state, "{}: {shown:#}", engine.name());
                // There are only the two of them.
                let of_bob = |person: &str| person == bob;
                for (came, bobs, discipline) in [
                    (&one, false, "operations"),
                    (&two, true, "operations"),
                    (&three, false, "it_security"),
                ] {
                    let Err(StoreError::Refused(refusal)) = came else {
                        assert!(came.is_ok(), "{came:?}");
                        assert_eq!(of_bob(won[discipline]), bobs, "every word that was let in stands");
                        continue;
                    };
                    // Who was first in its place, or the other word of whoever counts once.
                    let first = won.iter().any(|(given, person)| {
                        (*given == discipline || of_bob(person) == bobs) && says(&refusal.message, person, given)
                    });
                    assert!(first, "{discipline}: {} of {won:?}", refusal.message);
                }
            }
            let report = verify(story.alice.store(), &[], Progress::silent()).await.unwrap();
            assert!(report.findings().is_empty(), "{}: {report:#?}", engine.name());
        });
    }
}
