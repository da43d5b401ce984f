//! The measures of a site, by function: what each counts, how much of it is ok, and what it asks.

use super::objects;
use crate::console::keys::Scope;
use crate::console::screens::list::{ListScreen, Spec};
use crate::console::screens::{Focus, Screen};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::posture::{Count, EVERYWHERE};
use crate::domain::words;
use crate::safe_text::SafeText;
use crate::store::query::{MeasureRow, SitePosture};

use super::drill::{Drill, View};

impl Row for MeasureRow {
    fn id(&self) -> &str {
        &self.r#ref
    }
}

macro_rules! state {
    ($title:literal, $width:literal, $state:ident, $role:ident) => {
        Column::right($title, $width, |row: &MeasureRow, _| items(row.counts.$state, Role::$role))
    };
}

/// What is special about the measures of a site.
pub const SPEC: Spec<MeasureRow> = Spec {
    subject: "measures",
    title: "Measures",
    scope: Scope::Measure,
    columns: &[
        Column::left("Fn", 2, |row, _| Cell::text(row.function.word())),
        Column::left("Sit", 3, |row, _| Cell::text(row.site.as_str())),
        Column::left("Measure", 18, |row, _| Cell::text(row.measure.name())),
        Column::right("W", 2, |row, _| Cell::text(row.counts_for.to_string())),
        Column::right("%", 5, |row, _| {
            row.percent.as_deref().map_or_else(|| "--".into(), Cell::text)
        }),
        state!("Ok", 6, ok, Normal),
        state!("Bad", 5, bad, Title),
        state!("Stale", 5, stale, Title),
        state!("Unkn", 5, unknown, Title),
        state!("Exc", 4, excepted, Normal),
        Column::right("Weight ok/of", 14, |row, _| {
            Cell::text(format!("{}/{}", row.counts.ok.weight, row.counts.asked().weight))
        }),
        Column::left("Ok when", 30, |row: &MeasureRow, _| row.measure.asks().into()).beyond(),
    ],
    empty: "Nothing is measured here yet: register assets, zones and risks.",
    filter_words: &["site:", "function:ID", "measure:described", "state:bad"],
    focus: |row| Focus::of(&row.r#ref, row.measure.name(), Scope::Measure),
    strip: |row, _| {
        [
            Cell::of(SafeText::from(row.r#ref.as_str()), Role::Title)
                .and(" ok when: ", Role::Normal)
                .and(row.measure.asks(), Role::Normal),
            Cell::text(format!(
                "of {}. Enter lists them; y what moved them",
                row.measure.population()
            )),
        ]
    },
    detail: |row, _| document(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied: |_, _, _| None,
};

fn items(count: Count, role: Role) -> Cell {
    let role = if count.items == 0 { Role::Dim } else { role };
    Cell::of(count.items.to_string(), role)
}

/// A measure with its counts and its question.
pub fn document(row: &MeasureRow) -> Doc {
    let counts = row.counts;
    let both = |count: Count| {
        Cell::text(format!("{}, weight {}", words::count(count.items, "item"), count.weight))
    };
    let mut doc = Doc::titled(SafeText::from(format!("{} {}", row.site, row.measure.name())))
        .field("asked of", row.measure.population())
        .field("ok when", row.measure.asks())
        .field("counts for", Cell::text(format!("{} of 100 in {}", row.counts_for, row.function)))
        .field("ok", both(counts.ok))
        .field("bad", both(counts.bad))
        .field("stale", both(counts.stale))
        .field("unknown", both(counts.unknown))
        .field("excepted", both(counts.excepted));
    if let Some(percent) = &row.percent {
        let (ok, asked) = (counts.ok.weight, counts.asked().weight);
        doc = doc.field("share", Cell::text(format!("{percent} % = weight {ok} of {asked}")));
    }
    doc
}

/// The measures of a site, or of all sites, at the one to look at first: that of the *because*.
pub fn of_site(site: &SitePosture) -> Box<dyn Screen> {
    let list = ListScreen::filtered(const { &SPEC }, format!("site:{}", site.site));
    let first = site.foremost.map(|measure| MeasureRow::called(&site.site, measure));
    let drill = Drill::new(list, |row| Some(objects::of_measure(row)), View::None);
    Box::new(drill.opened_for(first))
}

/// The measures of every site.
pub fn all() -> Box<dyn Screen> {
    let list = ListScreen::new(const { &SPEC });
    Box::new(Drill::new(list, |row| Some(objects::of_measure(row)), View::None))
}

/// The sites whose items a measure of this site counts, as a filter.
pub fn items_of(row: &MeasureRow) -> String {
    if row.site == EVERYWHERE {
        format!("measure:{}", row.measure)
    } else {
        format!("site:{} measure:{}", row.site, row.measure)
    }
}
