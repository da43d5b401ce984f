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

/// Tries all of it, so many at once; gives what was refused, by message.
fn race(tries: &[Try<'_>]) -> Vec<String> {
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
                            let told = ran.json_error();
                            refused
                                .lock()
                                .unwrap()
                                .push(told["message"].as_str().unwrap().to_owned());
                        }
                        other => panic!("{command} ended with {other:?}: {}", ran.stderr),
                    }
                }
            });
        }
    });
    refused.into_inner().unwrap()
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
        assert_eq!(refused.len(), requests.len() * 3, "{}: {refused:#?}", engine.name());
        for message in &refused {
            let names = [&plant.olga, &omar, &plant.ida, &ines, &vera];
            assert!(names.iter().any(|one| message.contains(&one.login)), "who won: {message}");
            assert!(message.contains(" at 20"), "and when: {message}");
        }
        let mut opens = Vec::new();
        for reference in &requests {
            let shown = plant.rita.smc(&["show", reference, "--json"]).exits(0).json();
            assert_eq!(shown["state"], "approved", "{}: {reference}", engine.name());
            let mut people = BTreeMap::new();
            for seat in shown["approvals"].as_array().unwrap() {
                assert_eq!(seat["decision"], "yes");
                *people.entry(seat["person"].to_string()).or_insert(0) += 1;
            }
            assert!(people.values().all(|words| *words == 1), "{people:?}");
            if reference.starts_with("VW") {
                for who in [&plant.olga, &omar] {
                    let fields = json!({"ref": reference});
                    opens.push(Try { who, command: "window.open", fields });
                }
            }
        }
        let late = race(&opens);
        assert_eq!(late.len(), opens.len() / 2, "{}: {late:#?}", engine.name());
        for message in &late {
            assert!(message.contains("opened it at 20"), "{message}");
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
                let won = |came: &Result<_, StoreError>| i32::from(came.is_ok());
                // One person in two disciplines, another for one of them, all at once.
                let (one, two, three) = tokio::join!(
                    submit(&omar, "decide", yes("operations")),
                    submit(&story.bob, "decide", yes("operations")),
                    submit(&omar, "decide", yes("it_security")),
                );
                let omars = won(&one) + won(&three);
                assert!(omars <= 1, "omar counts once");
                assert!(won(&one) + won(&two) <= 1, "operations decides once");
                let mut reader = story.alice.store().reader().await.unwrap();
                let shown = reader.show(&change).await.unwrap().json().unwrap();
                reader.done().await;
                let said = shown["approvals"].as_array().unwrap();
                let given = said.iter().filter(|seat| seat["decision"] == "yes").count();
                let state = if given == said.len() { "approved" } else { "requested" };
                assert_eq!(shown["state"], state, "{}: {shown:#}", engine.name());
                assert_eq!(given as i32, omars + won(&two), "every word that was let in stands");
            }
        });
    }
}
