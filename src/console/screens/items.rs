//! Subjects without a hand-made screen: rows as scripts read them, and a document of all their fields.

mod specs;

use chrono_tz::Tz;
use serde_json::Value;

use super::{Focus, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Does, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::console::widgets::list::Row;
use crate::domain::state_words;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

pub use specs::*;

/// A row of any list, as `smc list --json` prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    id: String,
    reference: String,
    value: Value,
}

impl Row for Item {
    fn id(&self) -> &str {
        &self.id
    }

    fn zone(&self) -> Option<Tz> {
        self.value.get("timezone").and_then(Value::as_str).map(cells::zone)
    }
}

impl Item {
    /// A row; one without a reference is told apart by its place in the ledger, and the several roles and duties of one
    /// person by what they are.
    pub fn new(value: Value) -> Self {
        let field = |name: &str| value.get(name).map(plain).filter(|text| !text.is_empty());
        let reference = field("ref").or_else(|| field("seq")).unwrap_or_default();
        let mut id = reference.clone();
        if value.get("role").is_some() || value.get("discipline").is_some() {
            let parts =
                ["role", "discipline", "site", "from"].iter().filter_map(|name| field(name));
            id = parts.fold(id, |id, part| id + "\u{1f}" + &part);
        }
        Self { id, reference, value }
    }

    /// A field in words, or one within a field as `cells/quality`; empty for what is not said.
    pub fn word(&self, field: &str) -> SafeText {
        let found = field.split('/').try_fold(&self.value, |value, name| value.get(name));
        SafeText::from(found.map(plain).unwrap_or_default())
    }

    /// A field that is an instant.
    pub fn time(&self, field: &str) -> Option<Time> {
        self.value.get(field)?.as_str()?.parse().ok()
    }

    /// A field that is a list of words.
    pub fn several(&self, field: &str) -> Vec<SafeText> {
        let values = self.value.get(field).and_then(Value::as_array);
        let words = values.into_iter().flatten().filter_map(Value::as_str);
        words.map(SafeText::from_untrusted).collect()
    }

    /// A field that is a number.
    pub fn number(&self, field: &str) -> Option<i64> {
        self.value.get(field)?.as_i64()
    }
}

/// A value in one line of words.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let said: Vec<String> = values.iter().map(plain).collect();
            said.join(", ")
        }
        Value::Object(fields) => {
            let said: Vec<String> = fields
                .iter()
                .filter(|(name, _)| !UNTOLD.contains(&name.as_str()))
                .map(|(name, value)| (name, within(value)))
                .filter(|(_, said)| !said.is_empty())
                .map(|(name, said)| format!("{} {said}", name.replace('_', " ")))
                .collect();
            said.join(", ")
        }
    }
}

/// A value within an object in a line: an instant to the minute.
fn within(value: &Value) -> String {
    instant(value).map_or_else(|| plain(value), |at| format!("{at:#}"))
}

/// A value in one line, whose instants are written out where it is shown.
fn spelled(value: &Value) -> Cell {
    if let Some(at) = instant(value) {
        return Cell::empty().and_at(at, None, Form::Full, Role::Normal);
    }
    let Value::Object(fields) = value else { return Cell::text(plain(value)) };
    if !fields.values().any(|value| instant(value).is_some()) {
        return Cell::text(plain(value));
    }
    let told = fields.iter().filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
    let parts = told.map(|(name, value)| (name, spelled(value)));
    let mut line = Cell::empty();
    for (name, part) in parts.filter(|(_, part)| part.width() > 0) {
        let before = if line.width() > 0 { ", " } else { "" };
        line = line.and(format!("{before}{} ", name.replace('_', " ")), Role::Normal);
        line = line.and_all(part);
    }
    line
}

/// A field name as people read it.
fn label(name: &str) -> SafeText {
    match name {
        "effective_state" => SafeText::fixed("stands"),
        _ => SafeText::from(name.replace('_', " ")),
    }
}

/// Fields whose words are the program's own, which people read without their underscores.
const SPOKEN: &[&str] = &["kind", "class", "intervention", "discipline", "accountable"];

/// A word of a row as people read it.
fn spoken(row: &Item, field: &str) -> SafeText {
    let word = row.word(field);
    match field {
        "state" | "effective_state" => SafeText::from(state_words::spoken(word.as_str())),
        _ if SPOKEN.contains(&field) => SafeText::from(word.as_str().replace('_', " ")),
        _ => word,
    }
}

/// Whether an instant stands in this text.
fn instant(value: &Value) -> Option<Time> {
    value.as_str().filter(|text| text.len() >= 20 && text.ends_with('Z'))?.parse().ok()
}

/// Every field of an object as a document: what has a value, lists of objects as sections.
pub fn document(title: SafeText, value: &Value) -> Doc {
    let mut doc = Doc::titled(title);
    let zone = value.get("timezone").and_then(Value::as_str).map_or(Tz::UTC, cells::zone);
    let Some(fields) = value.as_object() else { return doc.text(Cell::text(plain(value))) };
    let flat = |value: &&Value| match value {
        Value::Array(values) => !values.iter().any(Value::is_object),
        Value::Object(_) => false,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    };
    for (name, value) in fields.iter().filter(|(_, value)| flat(value)) {
        if let Some(at) = instant(value) {
            doc.0.push(Line::When(label(name), at, zone));
        } else {
            let text = plain(value);
            if !text.is_empty() {
                doc.0.push(Line::Field(label(name), Cell::text(text)));
            }
        }
    }
    for (name, value) in fields.iter().filter(|(_, value)| !flat(value)) {
        let rows: Vec<(SafeText, Cell)> = match value {
            Value::Array(values) => {
                values.iter().map(|value| (SafeText::default(), spelled(value))).collect()
            }
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (label(name), spelled(value))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        let rows: Vec<_> = rows.into_iter().filter(|(_, said)| said.width() > 0).collect();
        if rows.is_empty() {
            continue;
        }
        doc.0.push(Line::Gap);
        doc.0.push(Line::Heading(label(name)));
        for (name, said) in rows {
            doc.0.push(if name.is_empty() { Line::Text(said) } else { Line::Field(name, said) });
        }
    }
    doc
}

/// What only the program needs of an object: its heading has the reference and the title, its history the entries.
const UNTOLD: &[&str] = &["ref", "subject", "seq", "timezone"];

/// An object as a document for people.
pub fn told(title: SafeText, value: &Value) -> Doc {
    let mut doc = document(title, value);
    // A site's time zone says something of the site.
    let of_itself =
        value.get("site").is_none_or(|site| site.is_null() || Some(site) == value.get("ref"));
    let keeps = |name: &str| name == "timezone" && of_itself;
    let labels: Vec<SafeText> =
        UNTOLD.iter().filter(|name| !keeps(name)).map(|name| label(name)).collect();
    // What is stored says less than how it stands now.
    let stands = value.get("effective_state").is_some().then(|| label("state"));
    let dropped = |name: &SafeText| labels.contains(name) || stands.as_ref() == Some(name);
    doc.0.retain(|line| !matches!(line, Line::Field(name, _) if dropped(name)));
    doc
}

/// The kind of object behind a row of a list that holds several.
fn scope_of(row: &Item, scope: Scope) -> Scope {
    match row.word("kind").as_str() {
        "outage" if scope == Scope::Calendar => Scope::Outage,
        "blackout" if scope == Scope::Calendar => Scope::Blackout,
        _ => scope,
    }
}

/// Kinds whose commands know the object by another field than `ref`: that field, and where the row has it.
const KNOWN_BY: &[(Scope, &str, &str)] = &[
    (Scope::Vendor, "vendor", "ref"),
    (Scope::Person, "login", "ref"),
    (Scope::Raci, "activity", "activity"),
    (Scope::Duty, "login", "login"),
];

fn focus_in(row: &Item, scope: Scope) -> Focus {
    let scope = scope_of(row, scope);
    let mut focus = Focus {
        version: row.number("seq"),
        zone: Some(row.zone().unwrap_or(Tz::UTC)),
        ..Focus::of(&row.reference, row.word("title"), scope)
    };
    let known_by = KNOWN_BY.iter().filter(|(of, ..)| *of == scope);
    focus.fixed.extend(known_by.map(|(_, field, of)| (*field, row.word(of).as_str().to_owned())));
    let of_a_row = row.value.get("role").is_some() || [Scope::Raci, Scope::Duty].contains(&scope);
    if of_a_row {
        // The row is none of the object's own, whose version it does not know.
        focus.version = None;
        let known =
            ["role", "site", "discipline"].map(|name| (name, row.word(name).as_str().to_owned()));
        focus.known.extend(known.into_iter().filter(|(_, value)| !value.is_empty()));
        // What has not begun is told apart by when it would.
        if scope == Scope::Duty && row.word("state").as_str() == "to_come" {
            focus.known.push(("from", row.word("from").as_str().to_owned()));
        }
    }
    focus
}

fn strip(row: &Item, _: &Ctx<'_>) -> [Cell; 2] {
    let title = Some(row.word("title")).filter(|title| title.as_str() != row.reference);
    let head = Cell::of(SafeText::from(row.reference.as_str()), Role::Title)
        .and(" ", Role::Normal)
        .and(title.unwrap_or_default(), Role::Normal);
    [head, next(row)]
}

/// How it stands and what to do next, where its kind has something to do.
fn next(row: &Item) -> Cell {
    let stands = Some(row.word("effective_state"))
        .filter(|word| !word.is_empty())
        .unwrap_or(row.word("state"));
    let of = row.reference.split_once('-').map_or("", |(prefix, _)| prefix);
    let named = |field: &str, before: &str| {
        let said = row.word(field);
        if said.is_empty() { String::new() } else { format!("{before} {}; ", said.as_str()) }
    };
    let said = match (of, stands.as_str()) {
        ("BY", "ended") => {
            "past its end: d when it is out, e renews it under another change".to_owned()
        }
        ("BY", "placed") => {
            "in place: d when it is out, e renews it under another change".to_owned()
        }
        ("OUT", "to_come" | "now") => {
            let (holds, fits) = (named("holds", "holds"), named("fits", "would fit"));
            format!("{holds}{fits}e moves it, w takes it back")
        }
        ("BLK", "to_come" | "now") => "nothing is to be changed in it; w ends it".to_owned(),
        ("SE", "live" | "outside" | "overrun") => "it goes on: d when it has ended".to_owned(),
        ("SE", "cut_off") => {
            "to be ended where it runs, and goes on: d when it has ended".to_owned()
        }
        ("REP", "submitted") => "nobody has judged it: d does".to_owned(),
        ("INC", "declared")
            if !row.word("frozen_since").is_empty() && row.word("exercise").as_str() == "yes" =>
        {
            "frozen as an exercise: nothing is held back; e lifts it".to_owned()
        }
        ("INC", "declared") if !row.word("frozen_since").is_empty() => {
            "its sites are frozen, nothing starts and nothing opens; e lifts it".to_owned()
        }
        ("INC", "declared") => {
            "e freezes its sites: then nothing starts and nothing opens".to_owned()
        }
        _ if !row.word("differs").is_empty() => {
            format!("{}Enter shows its versions", named("differs", "against the level below:"))
        }
        _ => "Enter opens it, L its history".to_owned(),
    };
    Cell::text(said)
}

fn detail(row: &Item, _: &Ctx<'_>) -> Doc {
    told(SafeText::from(format!("{} {}", row.reference, row.word("title"))), &row.value)
}

/// Commands that a state does not allow; what else holds is asked of the store.
const OVER: &[(&str, &[&str])] = &[
    ("session.end", &["ended"]),
    ("bypass.renew", &["removed"]),
    ("bypass.remove", &["removed"]),
    ("report.triage", &["triaged"]),
    ("person.deactivate", &["deactivated"]),
    ("outage.move", &["over", "cancelled"]),
    ("outage.cancel", &["over", "cancelled"]),
    ("blackout.end", &["over", "ended"]),
    ("duty.end", &["over", "taken_back"]),
    ("session.cut-off", &["ended", "cut_off", "live", "overrun"]),
];

/// The states in which a command is over, if only its state ends it.
pub fn over(command: &str) -> Option<&'static [&'static str]> {
    OVER.iter().find(|(name, _)| *name == command).map(|(_, states)| *states)
}

/// Why a verb is off for this object.
pub fn denied(row: &Item, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action)?;
    let state = Some(row.word("effective_state"))
        .filter(|word| !word.is_empty())
        .unwrap_or(row.word("state"));
    let over = OVER.iter().find(|(name, _)| spec.command == Some(*name));
    if over.is_some_and(|(_, states)| states.contains(&state.as_str())) {
        return Some(SafeText::from(format!("it is {}", state_words::spoken(state.as_str()))));
    }
    // What is made anew has nothing to do with the site of the row that one stands on.
    let verdict = if matches!(action.does, Does::New(_)) {
        gate::somewhere(spec, me)
    } else {
        gate::by_right(spec, row.word("site").as_str(), me)
    };
    verdict.err().map(|refusal| gate::words(&refusal))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::names::{Login, SiteCode};
    use crate::domain::role::{Grant, Holder, Role};

    #[test]
    fn the_raci_is_a_grid_with_a_letter_for_each_discipline() {
        let row = Item::new(json!({
            "ref": "control.change", "activity": "control.change", "site": null, "state": "default",
            "cells": {"operations": "A", "quality": "C"}, "accountable": "operations",
        }));
        assert_eq!(row.word("cells/operations").as_str(), "A");
        assert_eq!(row.word("cells/quality").as_str(), "C");
        assert_eq!(row.word("cells/safety").as_str(), "");
        assert_eq!(RACI.columns.len(), 2 + crate::domain::discipline::Discipline::ALL.len() + 2);
    }

    #[test]
    fn every_field_that_says_something_stands_in_the_document() {
        let value = json!({
            "ref": "RLF", "title": "Rotterdam", "sector": null, "frameworks": ["NIS2", "IEC 62443"],
            "demo": false, "approvals": [{"discipline": "operations", "decision": null}],
            "risks": {"p1": 2, "p2": 0}, "at": "2026-11-22T14:00:00Z",
        });
        let doc = document("RLF".into(), &value);
        let said = format!("{doc:?}");
        for part in ["NIS2, IEC 62443", "discipline operations", "p1", "When("] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("sector"), "{said}");
        assert_eq!(Item::new(json!({"seq": 7})).id(), "7");
    }

    #[test]
    fn every_list_fits_eighty_columns() {
        for spec in specs::ALL {
            let widths: usize = spec.columns.iter().map(|column| usize::from(column.width)).sum();
            // The mark of the selection, and a space between two columns.
            let all = 1 + widths + spec.columns.len() - 1;
            assert!(all <= 80, "{} takes {all}", spec.subject);
        }
    }

    #[test]
    fn two_roles_of_one_person_are_two_rows_about_one_person() {
        let row =
            |role: &str| Item::new(json!({"ref": "olga", "login": "olga", "role": role, "seq": 9}));
        assert_ne!(row("shift_lead").id(), row("smc_operator").id());
        let focus = focus_in(&row("shift_lead"), Scope::Person);
        assert_eq!((focus.reference.as_str(), focus.version), ("olga", None));
        assert!(focus.fixed.contains(&("login", "olga".to_owned())));
        assert_eq!(focus.known, [("role", "shift_lead".to_owned())]);
    }

    #[test]
    fn an_object_within_an_object_is_one_line_of_what_it_says() {
        let person = json!({"name": "K. Tanaka", "screening_until": "2027-04-27T22:46:00Z",
                            "seq": 149, "ssh_keys": [], "login": null});
        assert_eq!(plain(&person), "name K. Tanaka, screening until 2027-04-27 22:46Z");
    }

    #[test]
    fn what_is_made_anew_is_offered_whatever_row_one_stands_on() {
        let grant = Grant { role: Role::ShiftLead, site: SiteCode::new("GOT").ok(), until: None };
        let lead = Holder {
            login: Login::new("lena").unwrap(),
            active: true,
            disciplines: vec![],
            grants: vec![grant],
        };
        let me = Me { holder: Some(&lead), now: Time::default() };
        let row = Item::new(json!({"ref": "SE-1", "state": "live", "site": "ANR"}));
        let off = |command| denied(&row, crate::console::keys::by_id(command).unwrap(), &me);
        assert_eq!(off("session.start"), None, "a session of her own site");
        assert!(off("session.end").is_some(), "the one of another site is none of hers");
    }

    #[test]
    fn what_the_state_does_not_allow_is_off_before_the_key_is_struck() {
        let me = Me { holder: None, now: Time::default() };
        let off = |command: &str, state: &str| {
            let row = Item::new(json!({"ref": "SE-1", "state": state, "site": "RLF"}));
            denied(&row, crate::console::keys::by_id(command).unwrap(), &me)
        };
        assert_eq!(off("session.end", "ended").unwrap().as_str(), "it is ended");
        assert_eq!(off("session.end", "live"), None);
        for (command, states) in OVER {
            for state in *states {
                assert!(off(command, state).is_some(), "{command} {state}");
            }
        }
    }

    #[test]
    fn what_only_the_program_needs_is_not_told_to_people() {
        let value = json!({"ref": "Z-1", "subject": "zone", "site": "RLF", "seq": 7, "timezone": "UTC", "state": "active"});
        let said = format!("{:?}", told("Z-1".into(), &value));
        assert!(said.contains("active") && said.contains("RLF"), "{said}");
        for field in ["seq", "subject", "timezone", "ref"] {
            assert!(!said.contains(&format!("SafeText({field:?})")), "{field} in {said}");
        }
        let site = json!({"ref": "RLF", "seq": 7, "timezone": "Europe/Amsterdam"});
        assert!(format!("{:?}", told("RLF".into(), &site)).contains("Europe/Amsterdam"));
    }
}
