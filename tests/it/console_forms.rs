//! What a form of the console has from the store before anybody types, on both engines.

use serde_json::json;
use smc::console::back::Door;
use smc::console::data::{Ask, Data, Start};
use smc::console::runtime::Back;

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
