//! What a form of the console has from the store before anybody types, on both engines.

use serde_json::{Value, json};
use smc::console::back::Door;
use smc::console::data::{Ask, Data, Start};
use smc::console::runtime::Back;
use smc::console::widgets::doc::Line;

use super::watch_kept::door;
use crate::support::story::{done, on_both, soon};

/// What the form of a command starts with for an object.
async fn start(door: &Door, command: &str, reference: &str) -> Start {
    let (command, reference) = (command.to_owned(), Some(reference.to_owned()));
    let Ok(Data::Prefill(start)) = door.load(Ask::Prefill { command, reference, into: None }).await
    else {
        panic!("no start of a form")
    };
    start
}

#[test]
fn whoever_ends_a_change_sees_what_it_left_out_of_use() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", -60, 7_200).await;
        story.approve(&change).await;
        done(&story.boss, "change.start", json!({"ref": change})).await;
        let bypass = |what: &str| {
            json!({"change": change, "asset": "RLF/PLC-7", "what": what, "until": soon(3_600),
                   "reason": "the probe is replaced", "compensating": ["a man at the glass"]})
        };
        let high = done(&story.alice, "bypass.place", bypass("High level trip")).await;
        let low = done(&story.alice, "bypass.place", bypass("Low level trip")).await;
        done(&story.alice, "bypass.remove", json!({"ref": low, "note": "tested"})).await;

        let mut reader = story.alice.store().reader().await.unwrap();
        for (of, state) in [(&high, "placed"), (&low, "removed")] {
            for object in [change.as_str(), "RLF/PLC-7"] {
                let links = reader.show(object).await.unwrap().links;
                let tie = links.iter().find(|link| link.r#ref == *of);
                let tie = tie.unwrap_or_else(|| panic!("{}: {object} {links:?}", engine.name()));
                assert_eq!((tie.what.as_str(), tie.state.as_deref()), ("bypass", Some(state)));
            }
        }
        reader.done().await;

        let door = door(story).await;
        for command in ["change.complete", "change.verify", "change.back-out"] {
            let brief = format!("{:?}", start(&door, command, &change).await.brief);
            assert!(
                brief.contains(&format!("{high} High level trip on RLF/PLC-7, until")),
                "{brief}"
            );
            assert!(!brief.contains("Low level trip"), "{command}: {brief}");
        }
    });
}

#[test]
fn who_said_no_and_why_stands_first_and_what_is_asked_otherwise_is_told_whole() {
    on_both(async |engine, story| {
        let vetoed = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let no = json!({"ref": vetoed, "discipline": "operations", "decision": "no",
                        "reason": "the batch runs until noon"});
        done(&story.bob, "decide", no).await;
        let door = door(story).await;
        let Ok(Data::Object(page)) = door.load(Ask::Object { reference: vetoed.clone() }).await
        else {
            panic!("no page")
        };
        let Some(Line::Field(label, cell)) = page.doc.0.first() else { panic!("{:?}", page.doc) };
        assert_eq!(label.as_str(), "vetoed by", "{}", engine.name());
        let bob = &story.bob.store().facts().actor;
        assert!(
            format!("{cell:?}").contains(&format!("{bob}, operations: the batch runs until noon"))
        );

        let mut reader = story.alice.store().reader().await.unwrap();
        let shown = reader.show(&vetoed).await.unwrap().json().unwrap();
        reader.done().await;
        let mut again = json!({"supersedes": vetoed, "start": soon(9_000), "end": soon(12_000),
                               "tests": "Loop check twice"});
        for field in ["site", "title", "kind", "assets", "impacts", "rollback"] {
            let of: Value = shown[field].clone();
            again[field] = of;
        }
        let again = done(&story.boss, "change.request", again).await;
        let brief = format!("{:?}", start(&door, "change.approve", &again).await.brief);
        assert!(brief.contains("tests Loop check twice (was Loop check)"), "{brief}");
        assert!(brief.contains("the batch runs until noon"), "{brief}");
    });
}
