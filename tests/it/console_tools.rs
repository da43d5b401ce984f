//! What the palette does with files and with the whole store, through the console's own door on both engines.

use serde_json::{Map, Value, json};
use smc::console::back::Door;
use smc::console::data::{Ask, Check, Data, Failure, Receipt, Submission};
use smc::console::runtime::Back;
use smc::store::query::{LogQuery, Since};

use super::watch_kept::door;
use crate::support::engine::Engine;
use crate::support::engines;
use crate::support::hand::{console, strike};
use crate::support::plant::plant;
use crate::support::story::{done, on_both};
use crate::support::terminal::{Terminal, keys};

const SUBMIT: &str = "\x0f";

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

async fn does(door: &Door, command: &str, value: Value) -> Result<Receipt, Failure> {
    let submission = Submission { command: command.to_owned(), fields: fields(value) };
    Box::pin(door.submit(submission)).await
}

fn told(receipt: &Receipt) -> String {
    receipt.told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_inventory_is_taken_in_from_the_console_as_from_the_command_line() {
    on_both(async |engine, story| {
        let founder = engine.founder().account;
        let csv = "tag,site,name,class\nPLC-71,RLF,Feed pump,plc\nPLC-72,RLF,Drain pump,plc\n";
        let file = founder.file("plant.csv", csv);
        let path = file.to_str().unwrap();
        let door = door(story).await;
        let dry = does(&door, "import.assets", json!({"paths": [path], "dry_run": true})).await;
        assert!(told(&dry.unwrap()).contains("2 would be written"));
        let taken = does(&door, "import.assets", json!({"paths": [path]})).await.unwrap();
        assert!(told(&taken).contains("2 read, 2 written"), "{}", told(&taken));
        let again = does(&door, "import.assets", json!({"paths": [path]})).await.unwrap();
        assert!(told(&again).contains("2 stand as the file says"));
        let more = founder.file("plant 2.csv", "tag,site,name,class\nPLC-73,RLF,Sump pump,plc\n");
        let both = does(&door, "import.assets", json!({"paths": [path, more]})).await.unwrap();
        assert!(told(&both).contains("3 read, 1 written"), "{}", told(&both));
        let absent = does(&door, "import.csaf", json!({"paths": ["/nowhere/at/all"]})).await;
        let Err(Failure::Refused { field, message, .. }) = absent else { panic!("{absent:?}") };
        assert!(message.as_str().contains("/nowhere/at/all"), "{message}");
        assert_eq!(field.as_deref(), Some("paths"));
        let wrong = does(&door, "import.assets", json!({"paths": [path], "site": "no site"})).await;
        let Err(Failure::Refused { field, .. }) = wrong else { panic!("{wrong:?}") };
        assert_eq!(field.as_deref(), Some("site"));
    });
}

#[test]
fn a_gate_s_question_a_written_head_and_deadlines_are_answered_in_the_console() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let asked = json!({"person": "ksato", "asset": "RLF/PLC-7"});
        let refused = does(&door, "window.check", asked).await;
        assert!(matches!(refused, Err(Failure::Refused { .. })), "{refused:?}");
        let window = story.window("RLF/PLC-7", -60, 600).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        let person = {
            let mut reader = story.boss.store().reader().await.unwrap();
            let row = reader.one::<smc::store::query::Window>(&window).await.unwrap().unwrap();
            reader.done().await;
            row.person
        };
        let asked = json!({"person": person, "asset": "RLF/PLC-7"});
        let allowed = does(&door, "window.check", asked).await.unwrap();
        assert!(told(&allowed).contains(&format!("by {window}")), "{}", told(&allowed));
        done(&story.boss, "vendor.register", json!({"vendor": "ABB", "name": "Abb"})).await;
        done(&story.boss, "vendor.person", json!({"vendor": "ABB", "name": person})).await;
        let either = does(&door, "window.check", json!({"person": person, "asset": "RLF/PLC-7"}));
        let Err(Failure::Refused { message, .. }) = either.await else {
            panic!("{person} is a person of two vendors")
        };
        assert!(message.as_str().starts_with("ABB and YOKO send a person called"), "{message}");
        let named = json!({"person": person, "asset": "RLF/PLC-7", "vendor": "YOKO"});
        let allowed = does(&door, "window.check", named).await.unwrap();
        assert!(told(&allowed).contains(&format!("by {window}")), "{}", told(&allowed));
        let head = {
            let mut reader = story.boss.store().reader().await.unwrap();
            let head = reader.status().await.unwrap().head.to_string();
            reader.done().await;
            head
        };
        let verified = does(&door, "verify.head", json!({"head": head})).await.unwrap();
        assert!(told(&verified).contains("entries"), "{}", told(&verified));
        let false_head = head.replace(':', ":A");
        let broken = does(&door, "verify.head", json!({"head": false_head})).await;
        assert!(broken.is_err() || told(&broken.unwrap()).contains("head"), "{}", engine.name());
        let ticked = does(&door, "tick", json!({})).await.unwrap();
        assert!(told(&ticked).contains("recorded"), "{}", told(&ticked));
        let hasty = does(&door, "repair", json!({"confirm": "yes"})).await;
        let Err(Failure::Refused { field, .. }) = hasty else { panic!("{hasty:?}") };
        assert_eq!(field.as_deref(), Some("confirm"));
        let repaired = does(&door, "repair", json!({"confirm": "repair"})).await;
        match engine {
            Engine::Sqlite(_) => assert!(told(&repaired.unwrap()).contains("nothing to repair")),
            // There nobody who works in a store owns it.
            Engine::Postgres(_) => {
                let Err(Failure::Refused { code, .. }) = repaired else { panic!("{repaired:?}") };
                assert_eq!(code.as_str(), "not-allowed");
            }
        }
    });
}

#[test]
fn the_palette_finds_what_is_planned_by_its_number() {
    on_both(async |_, story| {
        let door = door(story).await;
        let slot = json!({"site": "RLF", "title": "Winter stop", "start": "2031-01-02T06:00:00Z",
                          "end": "2031-01-03T06:00:00Z"});
        let planned = done(&story.bob, "outage.plan", slot).await;
        let ask = Ask::Find { words: planned.to_lowercase() };
        let Ok(Data::Found(found)) = Box::pin(door.load(ask)).await else { panic!("nothing") };
        let refs: Vec<&str> = found.iter().map(|one| one.reference.as_str()).collect();
        assert!(refs.contains(&planned.as_str()), "{refs:?}");
    });
}

#[test]
fn the_palette_finds_whatever_is_called_exactly_so() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let line = json!({"site": "RLF", "text": "the tank was rinsed"});
        let line = done(&story.alice, "log.add", line).await;
        for called in [line.as_str(), "store", "control.change"] {
            let ask = Ask::Find { words: called.to_owned() };
            let Ok(Data::Found(found)) = Box::pin(door.load(ask)).await else { panic!("nothing") };
            let first = found.first().unwrap_or_else(|| panic!("{}: {called}", engine.name()));
            assert_eq!(first.reference, called);
        }
    });
}

#[test]
fn why_something_is_done_is_kept_with_its_entry_from_the_console_too() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let moved = json!({"site": "RLF", "tag": "PLC-7", "name": "Boiler 7 east", "_why": "as on the drawing"});
        does(&door, "asset.update", moved).await.unwrap();
        let mut reader = story.alice.store().reader().await.unwrap();
        let subject = Some("RLF/PLC-7".to_owned());
        let query = LogQuery { since: Since::START, subject, limit: 100 };
        let entries = reader.log(&query).await.unwrap();
        reader.done().await;
        let kept = entries.iter().any(|entry| {
            let body: Value = serde_json::from_str(entry.body.get()).unwrap();
            body["reason"] == "as on the drawing"
        });
        assert!(kept, "{}: {entries:?}", engine.name());
        let long =
            json!({"site": "RLF", "tag": "PLC-7", "name": "Boiler", "_why": "x".repeat(9_000)});
        let Err(Failure::Refused { field, .. }) = does(&door, "asset.update", long).await else {
            panic!("a reason without end")
        };
        assert_eq!(field.as_deref(), Some("_why"));
    });
}

#[test]
fn the_store_is_verified_looked_at_and_copied_from_the_console() {
    on_both(async |engine, story| {
        let door = door(story).await;
        for (check, holds) in [(Check::Verify, "the chain holds"), (Check::Doctor, "ok")] {
            let found = Box::pin(door.load(Ask::Check(check))).await;
            let Ok(Data::Object(object)) = found else { panic!("{found:?}") };
            let said = format!("{:?}", object.doc);
            assert!(said.contains(holds), "{check:?}: {said}");
        }
        let founder = engine.founder().account;
        let copy = founder.file("beside", "").with_file_name("copy.db");
        let made = does(&door, "backup", json!({"path": copy})).await;
        if story.alice.store().is_postgres() {
            assert!(made.unwrap_err().line().to_string().contains("pg_dump"));
        } else {
            assert!(told(&made.unwrap()).contains("holds the store up to"));
            assert!(copy.exists());
        }
    });
}

#[test]
fn a_console_shows_the_store_as_it_once_stood_and_comes_back_to_now() {
    for engine in engines() {
        let plant = plant(&engine);
        plant.done("log.add", json!({"site": "RLF", "text": "the tank was rinsed"}));
        let mut rita = console(&plant.rita);
        let lead = |rita: &mut Terminal, moment: &str| {
            strike(rita, &[":", "as-of", keys::ENTER]);
            rita.wait_for("Shows the store as it once stood");
            strike(rita, &[moment, SUBMIT]);
        };
        lead(&mut rita, "9999");
        rita.wait_for("there is no entry 9999");
        strike(&mut rita, &["\x18"]);
        lead(&mut rita, "3");
        rita.wait_for("q leads back to now");
        rita.wait_for("| AS-OF |");
        strike(&mut rita, &[":", "log-lines", keys::ENTER]);
        rita.wait_for("No line was written");
        strike(&mut rita, &["l"]);
        rita.wait_for("it is shown as it stood at");
        strike(&mut rita, &["q", "q"]);
        rita.wait_for("EN smc_operator | DEMO | ");
        assert!(!rita.text().contains("AS-OF"));
        strike(&mut rita, &[":", "log-lines", keys::ENTER]);
        rita.wait_for("the tank was rinsed");
    }
}
