//! The other columns of posture: every zone's target level against what it achieves (IEC 62443-3-2).

use crate::console::keys::Scope;
use crate::console::screens::list::{ListScreen, Spec};
use crate::console::screens::{Focus, Screen, cells};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::safe_text::SafeText;
use crate::store::query::Zone;

impl Row for Zone {
    fn id(&self) -> &str {
        &self.r#ref
    }
}

/// What is special about zones against their levels.
pub const SPEC: Spec<Zone> = Spec {
    subject: "zone levels",
    title: "Posture: zones",
    scope: Scope::Zone,
    columns: &[
        Column::left("Zone", 18, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Lvl", 3, |row, _| Cell::text(row.purdue.as_str())),
        Column::right("SL-T", 4, |row, _| level(row.sl_target)),
        Column::right("SL-A", 4, |row, _| level(row.sl_achieved)),
        Column::left("Gap", 8, |row, _| gap(row)),
        Column::left("Name", 37, |row, _| Cell::text(row.name.as_str())),
    ],
    empty: "No zone is registered. n registers one.",
    filter_words: &["site:", "ok:no", "purdue:", "target:>=3"],
    focus: |row| Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, row.name.as_str(), Scope::Zone)
    },
    strip: |row, _| {
        let head = Cell::of(SafeText::from(row.r#ref.as_str()), Role::Title)
            .and(" ", Role::Normal)
            .and(row.name.as_str(), Role::Normal);
        [
            head,
            "SL-T is what the zone is to reach, SL-A what it does; Esc goes back to the sites"
                .into(),
        ]
    },
    detail: |row, _| document(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied: |_, _, _| None,
};

fn level(level: Option<i64>) -> Cell {
    level.map_or_else(|| Cell::of("?", Role::Dim), |level| Cell::text(level.to_string()))
}

fn gap(row: &Zone) -> Cell {
    match (row.sl_target, row.sl_achieved) {
        (Some(target), Some(achieved)) if achieved < target => {
            Cell::of("▼", Role::Title).and(format!(" {}", target - achieved), Role::Title)
        }
        (Some(_), Some(_)) => Cell::empty(),
        (None, _) | (Some(_), None) => Cell::of("?", Role::Dim),
    }
}

fn document(row: &Zone) -> Doc {
    Doc::titled(SafeText::from(format!("{} {}", row.r#ref, row.name)))
        .field("level", Cell::text(row.purdue.as_str()))
        .field("SL-T", level(row.sl_target))
        .field("SL-A", level(row.sl_achieved))
        .field("gap", gap(row))
}

/// Every zone.
pub fn screen() -> Box<dyn Screen> {
    Box::new(ListScreen::new(const { &SPEC }))
}
