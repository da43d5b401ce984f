//! What the story must hold, read from its files; what becomes of it in a store stands in `tests/`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::advisories::ADVISORIES;
use super::moment::Moment;
use super::stage::command;
use super::*;
use crate::domain::time::Time;

fn present() -> Time {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn steps(size: Size) -> Vec<Step> {
    story(size, 1, present()).unwrap()
}

fn acts(size: Size) -> Vec<(Step, Act)> {
    let of = |step: Step| match &step.deed {
        Deed::Acts(acts) => acts.iter().map(|act| (step.clone(), act.clone())).collect(),
        Deed::Approve { .. }
        | Deed::Advisories(_)
        | Deed::Inventory { .. }
        | Deed::AccessLog { .. } => Vec::new(),
    };
    steps(size).into_iter().flat_map(of).collect()
}

fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => map.values().for_each(|item| texts(item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The name that a text refers to.
fn named(text: &str) -> Option<&str> {
    text.strip_prefix('$').or_else(|| text.split_once(":$").map(|(_, name)| name))
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_seed_another() {
    let told = |seed| story(Size::Plant, seed, present()).unwrap();
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}

#[test]
fn there_are_60_assets_at_one_plant_and_300_at_five() {
    let lines = inventory::lines(1).unwrap();
    assert_eq!(lines["ANR"].len(), 60);
    assert_eq!(lines.values().map(Vec::len).sum::<usize>(), 300);
    assert_ne!(lines, inventory::lines(2).unwrap());
    let count =
        |size, command: &str| acts(size).iter().filter(|(_, act)| act.command == command).count();
    assert_eq!((count(Size::Small, "site.register"), count(Size::Plant, "site.register")), (1, 5));
    assert!((30..=36).contains(&count(Size::Plant, "person.register")));
}

#[test]
fn the_story_spans_120_days_and_most_days_hold_work() {
    let steps = steps(Size::Plant);
    let day = |step: &Step| present().seconds_since(step.at).div_euclid(86_400);
    assert_eq!(steps.first().map(day), Some(120));
    assert!(steps.iter().all(|step| step.at <= present()), "nothing is still to come");
    let days: BTreeSet<i64> = steps.iter().map(day).collect();
    assert!(days.len() > 110, "work on {} days", days.len());
}

#[test]
fn every_command_reads_as_the_command_table_says() {
    for (step, act) in acts(Size::Plant) {
        let mut made = BTreeMap::new();
        let mut found = Vec::new();
        texts(&act.fields, &mut found);
        for name in found.iter().filter_map(|text| named(text)) {
            made.insert(name.to_owned(), "CR-1".to_owned());
        }
        let moment = Moment { at: step.at, present: present(), zone: step.zone, made: &made };
        let fields = moment.fill(&act.fields).unwrap();
        let read = command(&act, fields);
        assert!(read.is_ok(), "{act:?}: {}", read.unwrap_err());
    }
}

#[test]
fn no_two_titles_are_equal() {
    let mut seen = BTreeSet::new();
    let mut once = |title: &Value| assert!(seen.insert(title.to_string()), "{title} stands twice");
    for (_, act) in acts(Size::Plant) {
        let named = if act.command == "zone.register" { "name" } else { "title" };
        for field in [named, "purpose", "text", "what"] {
            act.fields.get(field).into_iter().for_each(&mut once);
        }
    }
    for line in inventory::lines(1).unwrap().values().flatten() {
        once(&Value::String(line["name"].clone()));
    }
    for (_, text) in ADVISORIES {
        let advisory: Value = serde_json::from_str(text).unwrap();
        once(&advisory["document"]["title"]);
    }
    assert!(seen.len() > 800, "{} titles", seen.len());
}

#[test]
fn nothing_in_it_sounds_made_up() {
    let acts = acts(Size::Plant);
    let mut found = Vec::new();
    acts.iter().for_each(|(_, act)| texts(&act.fields, &mut found));
    found.extend(ADVISORIES.iter().map(|(_, text)| *text));
    let lines = inventory::lines(1).unwrap();
    found.extend(lines.values().flatten().flat_map(|line| line.values()).map(String::as_str));
    for text in found {
        for word in ["demo", "test", "sample", "lorem", "foo", "example."] {
            assert!(!text.to_lowercase().contains(word), "{word:?} stands in {text:.200}");
        }
    }
}

#[test]
fn every_name_is_given_once_and_before_it_is_used_at_whatever_hour_it_is_told() {
    for hour in 0..24 {
        let present = present().plus_seconds(hour * 3_600 + 1_234);
        let mut given = BTreeSet::new();
        for step in story(Size::Plant, 1, present).unwrap() {
            assert!(step.at <= present, "{step:?} is still to come");
            match step.deed {
                Deed::Acts(acts) => {
                    for act in acts {
                        let mut found = Vec::new();
                        texts(&act.fields, &mut found);
                        for name in found.iter().filter_map(|text| named(text)) {
                            assert!(
                                name.contains('@') || given.contains(name),
                                "${name} is used before it is given, {hour} h"
                            );
                        }
                        if let Some(name) = act.name {
                            assert!(given.insert(name.clone()), "{name} is given twice");
                        }
                    }
                }
                Deed::Approve { name, .. } => {
                    assert!(given.contains(&name), "{name} is approved before it is asked");
                }
                Deed::Advisories(_) | Deed::Inventory { .. } | Deed::AccessLog { .. } => {}
            }
        }
    }
}

#[test]
fn one_duty_ends_within_the_hour_at_whatever_minute_it_is_told() {
    let none = BTreeMap::new();
    for quarter in 0..96 {
        let present = present().plus_seconds(quarter * 900 + 77);
        let mut ending = BTreeSet::new();
        for Step { at, zone, deed, .. } in story(Size::Plant, 1, present).unwrap() {
            let Deed::Acts(acts) = deed else { continue };
            for act in acts.iter().filter(|act| act.command == "duty.set") {
                let moment = Moment { at, present, zone, made: &none };
                let fields = moment.fill(&act.fields).unwrap();
                let until: Time = fields["until"].as_str().unwrap().parse().unwrap();
                if (0..3_600).contains(&until.seconds_since(present)) {
                    ending.insert(fields["login"].as_str().unwrap().to_owned());
                }
            }
        }
        assert_eq!(ending, BTreeSet::from(["ngoossens".to_owned()]), "at {present}");
    }
}
