//! A row of the RACI table as a document: who answers for an activity, who does it, who is heard and told, and which level
//! says so. The list stands in `items`.

use super::board::spoken;
use super::items::Item;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::discipline::Discipline;
use crate::domain::raci::Value;
use crate::safe_text::SafeText;

/// What a letter of the table means, the one that answers first.
const MEANS: &[(Value, &str)] = &[
    (Value::Accountable, "answers"),
    (Value::Responsible, "does it"),
    (Value::Consulted, "is heard"),
    (Value::Informed, "is told"),
    (Value::None, "no part"),
];

/// The levels of the table, by the word that a row has for them.
const LEVELS: &[(&str, &str)] = &[
    ("default", "the default table"),
    ("corporate", "a row for every site"),
    ("site", "a row of the site"),
];

fn level(word: &SafeText) -> &'static str {
    LEVELS.iter().find(|(level, _)| *level == word.as_str()).map_or("", |(_, said)| said)
}

/// Everything that the row tells.
pub fn document(row: &Item) -> Doc {
    let site = row.word("site");
    let place = match site.as_str() {
        "" => "at every site that has no row of its own".to_owned(),
        site => format!("at {site}"),
    };
    let activity = row.word("activity");
    let mut doc =
        Doc::titled(SafeText::from(format!("{activity} {place}"))).field("activity", activity);
    for (value, means) in MEANS {
        let has =
            |one: &&Discipline| row.word(&format!("cells/{}", one.word())).as_str() == value.word();
        let who: Vec<String> =
            Discipline::ALL.iter().filter(has).map(|one| spoken(one.word()).to_string()).collect();
        let role = if *value == Value::Accountable { Role::Title } else { Role::Normal };
        doc = doc.field(means, Cell::of(who.join(", "), role));
    }
    doc.field("holds", Cell::text(place))
        .field("comes from", level(&row.word("state")))
        .field("A is set by", level(&row.word("origin")))
        .field("differs", differs(row))
}

/// What it has otherwise than the level below it, where there is one.
fn differs(row: &Item) -> Cell {
    match row.word("differs") {
        _ if row.word("state").as_str() == "default" => Cell::empty(),
        none if none.is_empty() => "in nothing from the level below".into(),
        some => Cell::text(format!("from the level below: {some}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(doc: &Doc) -> String {
        format!("{doc:?}")
    }

    #[test]
    fn a_row_of_the_raci_says_in_words_who_answers_does_is_heard_and_told() {
        let row = Item::new(json!({
            "ref": "control.change@ANR", "activity": "control.change", "site": "ANR",
            "state": "site", "origin": "site", "accountable": "quality", "title": "control.change",
            "cells": {"operations": "R", "quality": "A", "it_security": "C", "management": "I",
                      "engineering": "R", "safety": "C", "vendor_management": "-"},
            "differs": ["quality A instead of C"],
        }));
        let said = fields(&document(&row));
        for part in [
            "control.change at ANR",
            "operations, engineering",
            "it security, safety",
            "a row of the site",
            "quality A instead of C",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("origin") && !said.contains("cells"), "{said}");
    }

    #[test]
    fn every_letter_and_every_level_has_its_words() {
        assert_eq!(MEANS.len(), Value::WORDS.len());
        let word = |name: &'static str| SafeText::fixed(name);
        for name in ["default", "corporate", "site"] {
            assert!(!level(&word(name)).is_empty(), "{name}");
        }
    }
}
