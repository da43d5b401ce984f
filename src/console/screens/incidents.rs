//! Incidents, as far as they are built: the document of one. Their list stands in `items`.

use super::cells;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::safe_text::SafeText;
use crate::store::query::Incident;

/// What a severity asks for, in words.
const SEVERITY: &[&str] = &["1, the most severe", "2, severe", "3, limited", "4, the least"];

/// Everything that the row itself tells.
pub fn document(row: &Incident) -> Doc {
    let zone = cells::zone(&row.timezone);
    let severity = usize::try_from(row.severity).ok().and_then(|at| at.checked_sub(1));
    let words = severity.and_then(|at| SEVERITY.get(at)).copied().unwrap_or_default();
    Doc::titled(SafeText::from(format!("{} {}", row.r#ref, row.title)))
        .field("severity", words)
        .field("state", Cell::text(row.state.replace('_', " ")))
        .field("exercise", if row.exercise { "yes: nothing of it is real" } else { "" })
        .field("sites", Cell::text(row.sites.0.join(", ")))
        .field(
            "leads",
            if row.sites.0.len() > 1 { Cell::text(row.site.as_str()) } else { Cell::empty() },
        )
        .when("declared", Some(row.declared_at), zone)
        .field("by", Cell::text(row.declared_by.as_str()))
        .field("known so far", cells::word(row.summary.as_deref()))
        .when("frozen since", row.frozen_since, zone)
        .field("frozen by", cells::word(row.frozen_by.as_deref()))
        .field("frozen for", cells::word(row.frozen_for.as_deref()))
        .field("exempted", Cell::text(row.exempted.0.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::Lines;

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
        let said = format!("{:?}", document(&row));
        for part in ["2, severe", "ANR, RTM", "Line 2 runs by hand.", "mvermeer", "Brussels"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("exercise") && !said.contains("41"), "{said}");
    }
}
