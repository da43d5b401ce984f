//! What its things are called: no two alike, and nothing that sounds made up.

use std::collections::BTreeMap;

use serde_json::Value;
use smc::store::query::{LISTS, Page};

use super::made::{desk, five, one};

/// Lists whose rows are called by something else: what they are of, a rule's or the program's own word.
const CALLED_BY_ANOTHER: &[&str] = &[
    "calendar", // outages and blackouts in one
    "roles",
    "duties",
    "raci",
    "interventions",
    "yardsticks",
    "vulnerabilities", // an advisory on an asset
    "acceptances",     // of a risk
    "extensions",      // of a window
    "sessions",        // a person on an asset
    "access-events",
    "access",
    "alarms", // of whatever raises them
    "tasks",
    "measures",
    "items",
];

/// Every row of every list of a store, by list.
async fn rows(url: &str) -> Vec<(&'static str, Value)> {
    let desk = desk(url, Some("mvermeer")).await;
    let mut reader = desk.store().reader().await.unwrap();
    let mut rows = Vec::new();
    for list in LISTS {
        let listing = reader.listing(list, "", &Page::ALL).await.unwrap();
        assert!(!listing.rows.is_empty(), "nothing stands in {list}");
        rows.extend(listing.rows.into_iter().map(|row| (*list, row)));
    }
    reader.done().await;
    desk.close().await;
    rows
}

#[tokio::test]
async fn no_two_titles_are_equal() {
    for (place, _) in [one(), five()] {
        let mut called: BTreeMap<String, String> = BTreeMap::new();
        for (list, row) in rows(&place.url()).await {
            if CALLED_BY_ANOTHER.contains(&list) {
                continue;
            }
            let (title, of) = (row["title"].as_str().unwrap(), row["ref"].as_str().unwrap());
            let before = called.insert(title.to_lowercase(), format!("{list} {of}"));
            assert_eq!(before, None, "{list} {of} is called {title:?} too");
        }
        assert!(called.len() > 200, "{} titles", called.len());
    }
}

fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => map.values().for_each(|item| texts(item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[tokio::test]
async fn nothing_that_stands_in_it_sounds_made_up() {
    for (list, row) in rows(&five().0.url()).await {
        let mut found = Vec::new();
        texts(&row, &mut found);
        for text in found {
            for word in ["demo", "test", "sample", "lorem"] {
                let text = text.to_lowercase();
                assert!(!text.contains(word), "{word:?} stands in {list} {}: {text}", row["ref"]);
            }
        }
    }
}
