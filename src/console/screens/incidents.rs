//! Incidents, as far as they are built: the document of one. Their list stands in `items`.

use chrono_tz::Tz;

use super::items::Item;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::safe_text::SafeText;

/// What a severity asks for, in words.
const SEVERITY: &[&str] = &["1, the most severe", "2, severe", "3, limited", "4, the least"];

/// Everything that the row itself tells.
pub fn document(row: &Item) -> Doc {
    let zone = row.zone().unwrap_or(Tz::UTC);
    let said = |field: &str| Cell::text(row.word(field));
    let severity = row.number("severity").and_then(|at| usize::try_from(at).ok()?.checked_sub(1));
    let words = severity.and_then(|at| SEVERITY.get(at)).copied().unwrap_or_default();
    let exercise = row.word("exercise").as_str() == "yes";
    let several = row.word("sites") != row.word("site");
    Doc::titled(SafeText::from(format!("{} {}", row.word("ref"), row.word("title"))))
        .field("severity", words)
        .field("state", said("state"))
        .field("exercise", if exercise { "yes: nothing of it is real" } else { "" })
        .field("sites", said("sites"))
        .field("leads", if several { said("site") } else { Cell::empty() })
        .when("declared", row.time("declared_at"), zone)
        .field("by", said("declared_by"))
        .field("known so far", said("summary"))
        .when("frozen since", row.time("frozen_since"), zone)
        .field("frozen by", said("frozen_by"))
        .field("frozen for", said("frozen_for"))
        .field("exempted", said("exempted"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::{Incident, Lines};

    #[test]
    fn an_incident_says_how_grave_it_is_where_and_what_is_known() {
        let row = Incident {
            r#ref: "INC-7".into(),
            site: "ANR".into(),
            state: "declared".into(),
            title: "Logic was downloaded that nobody asked for".into(),
            sites: Lines(vec!["ANR".into(), "RTM".into()]),
            severity: 2,
            exercise: false,
            summary: Some("Line 2 runs by hand.".into()),
            declared_by: "mvermeer".into(),
            declared_at: "2026-11-22T14:00:00Z".parse().unwrap(),
            frozen_since: None,
            frozen_by: None,
            frozen_for: None,
            exempted: Lines(Vec::new()),
            timezone: "Europe/Brussels".into(),
            seq: 41,
        };
        let row = Item::new(serde_json::to_value(&row).unwrap());
        let said = format!("{:?}", document(&row));
        for part in ["2, severe", "ANR, RTM", "Line 2 runs by hand.", "mvermeer", "Brussels"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("exercise") && !said.contains("41"), "{said}");
    }
}
