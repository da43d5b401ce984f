//! What the story must hold, read from its files; what becomes of it in a store stands in `tests/`.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::make::{ADVISORIES, command};
use super::moment::Moment;
use super::*;
use crate::domain::time::Time;

fn acts(size: Size) -> Vec<Act> {
    let steps = story(size, 1).unwrap();
    steps
        .into_iter()
        .flat_map(|step| match step {
            Step::Together(acts) => acts,
            Step::Advisories(_) => Vec::new(),
        })
        .collect()
}

fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => map.values().for_each(|item| texts(item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_seed_another() {
    assert_eq!(story(Size::Plant, 7).unwrap(), story(Size::Plant, 7).unwrap());
    assert_ne!(story(Size::Plant, 7).unwrap(), story(Size::Plant, 8).unwrap());
}

#[test]
fn a_plant_is_the_same_in_every_size() {
    let assets = |size| {
        let all = acts(size).into_iter();
        all.filter(|a| a.command == "asset.register" && a.site() == Some("ANR")).collect::<Vec<_>>()
    };
    assert_eq!(assets(Size::Small), assets(Size::Plant));
}

#[test]
fn there_are_60_assets_at_one_plant_and_300_at_five() {
    let count = |size, command: &str| acts(size).iter().filter(|a| a.command == command).count();
    assert_eq!(
        (count(Size::Small, "asset.register"), count(Size::Small, "site.register")),
        (60, 1)
    );
    assert_eq!(
        (count(Size::Plant, "asset.register"), count(Size::Plant, "site.register")),
        (300, 5)
    );
    assert!((28..=32).contains(&count(Size::Plant, "person.register")));
}

#[test]
fn every_command_reads_as_the_command_table_says() {
    for act in acts(Size::Plant) {
        let mut made = BTreeMap::new();
        let mut found = Vec::new();
        texts(&act.fields, &mut found);
        for name in found.iter().filter_map(|text| text.strip_prefix('$')) {
            made.insert(name.to_owned(), "CR-1".to_owned());
        }
        let now: Time = "2026-11-24T10:00:00Z".parse().unwrap();
        let fields = Moment { now, zone: Tz::UTC, made: &made }.fill(&act.fields).unwrap();
        let read = command(&act, fields);
        assert!(read.is_ok(), "{act:?}: {}", read.unwrap_err());
    }
}

#[test]
fn no_two_titles_are_equal() {
    let mut seen = std::collections::BTreeSet::new();
    for act in acts(Size::Plant) {
        let title = act.fields.get("title").or(act.fields.get("purpose")).or(
            if act.command == "asset.register" || act.command == "zone.register" {
                act.fields.get("name")
            } else {
                None
            },
        );
        if let Some(title) = title {
            assert!(seen.insert(title.to_string()), "{title} stands twice");
        }
    }
    for (file, text) in ADVISORIES {
        let advisory: Value = serde_json::from_str(text).unwrap();
        assert!(seen.insert(advisory["document"]["title"].to_string()), "{file}");
    }
    assert!(seen.len() > 350, "{} titles", seen.len());
}

#[test]
fn nothing_in_it_sounds_made_up() {
    let acts = acts(Size::Plant);
    let mut found = Vec::new();
    acts.iter().for_each(|act| texts(&act.fields, &mut found));
    found.extend(ADVISORIES.iter().map(|(_, text)| *text));
    for text in found {
        for word in ["demo", "test", "sample", "lorem", "foo", "example."] {
            assert!(!text.to_lowercase().contains(word), "{word:?} stands in {text:.200}");
        }
    }
}

#[test]
fn every_name_is_given_once_and_before_it_is_used() {
    let mut given = std::collections::BTreeSet::new();
    for act in acts(Size::Plant) {
        let mut found = Vec::new();
        texts(&act.fields, &mut found);
        for name in found.iter().filter_map(|text| text.strip_prefix('$')) {
            assert!(
                name.contains('@') || given.contains(name),
                "${name} is used before it is given"
            );
        }
        if let Some(name) = act.name {
            assert!(given.insert(name.clone()), "{name} is given twice");
        }
    }
}
