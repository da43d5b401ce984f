//! The very objects behind a count: how each stands, why not ok, what it weighs.

use super::drill::{Drill, View};
use super::measures::items_of;
use crate::console::ctx::Ctx;
use crate::console::keys::{Does, Scope};
use crate::console::screens::items;
use crate::console::screens::list::{ListScreen, Spec};
use crate::console::screens::{Focus, Screen};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::names::Ref;
use crate::domain::posture::{Measure, State};
use crate::safe_text::SafeText;
use crate::store::query::{Item, MeasureRow};

/// An item as a row: one object may have several.
#[derive(Debug)]
pub struct Found {
    id: String,
    item: Item,
}

impl From<Item> for Found {
    fn from(item: Item) -> Self {
        Self { id: format!("{} {} {}", item.measure, item.r#ref, item.part), item }
    }
}

impl Row for Found {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What is special about the items of a measure.
pub const SPEC: Spec<Found> = Spec {
    subject: "items",
    title: "Items",
    scope: Scope::Measure,
    columns: &[
        Column::left("Object", 18, |row: &Found, _| Cell::text(row.item.r#ref.as_str())),
        Column::left("Sit", 3, |row, _| Cell::text(row.item.site.as_str())),
        Column::left("State", 8, |row, _| state(&row.item)),
        Column::right("Wt", 2, |row, _| Cell::text(row.item.weight.to_string())),
        Column::left("Why not ok", 28, |row: &Found, _| why(&row.item)).grows(),
        Column::left("Name", 15, |row: &Found, _| {
            let Item { part, title, .. } = &row.item;
            Cell::text(if part.is_empty() { title.as_str() } else { part.as_str() })
        })
        .grows(),
    ],
    empty: "Nothing is wrong in this measure; f shows all its items.",
    filter_words: &["site:", "measure:described", "state:bad,stale,unknown", "state:ok"],
    focus: |row| Focus::of(&row.item.r#ref, row.item.title.as_str(), scope(&row.item)),
    strip: |row, ctx| {
        let item = &row.item;
        let part = if item.part.is_empty() { "" } else { " " };
        let head = Cell::of(SafeText::from(item.r#ref.as_str()), Role::Title)
            .and(part, Role::Normal)
            .and(item.part.as_str(), Role::Normal)
            .and(" ", Role::Normal)
            .and(item.title.as_str(), Role::Normal);
        [head, said(item, ctx)]
    },
    detail: |row, ctx| detail(&row.item, ctx),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied: |row, action, _| {
        // How the object itself stands is not known here, and what is over must not be offered.
        let decided = matches!(
            scope(&row.item),
            Scope::Change | Scope::Window | Scope::Acceptance | Scope::Risk | Scope::Report
        );
        let on = matches!(action.does, Does::On(_) | Does::Choose(_)) || action.is_of_a_row();
        let on = on && decided;
        on.then(|| SafeText::fixed("Enter opens it; what can be done to it works there"))
    },
};

fn state(item: &Item) -> Cell {
    let role = match State::parse(&item.state) {
        Some(State::Bad | State::Stale | State::Unknown) => Role::Title,
        Some(State::Ok | State::Excepted | State::Out) | None => Role::Dim,
    };
    Cell::of(SafeText::from(item.state.as_str()), role)
}

fn why(item: &Item) -> Cell {
    item.why.as_deref().map_or_else(Cell::empty, Cell::text)
}

/// Why it is not ok, or what time will make of it; and what Enter does.
fn said(item: &Item, ctx: &Ctx<'_>) -> Cell {
    let turns = item.turns_at.zip(item.turned.as_deref());
    match (&item.why, turns) {
        (Some(why), _) if rows_of(item).is_some() => {
            Cell::text(format!("{why}; Enter opens the rows that hold there"))
        }
        (Some(why), _) => Cell::text(format!("{why}; Enter opens it, L its entries")),
        (None, Some((at, turned))) => {
            let left = ctx.left(at);
            Cell::text(format!("{turned} in "))
                .and(left, Role::Normal)
                .and(" unless somebody acts; Enter opens it", Role::Normal)
        }
        (None, None) => "Enter opens it, L its entries".into(),
    }
}

fn detail(item: &Item, ctx: &Ctx<'_>) -> Doc {
    let asks = Measure::parse(&item.measure).map_or("", Measure::asks);
    let doc = Doc::titled(SafeText::from(format!("{} {}", item.r#ref, item.title)))
        .field("state", state(item))
        .field("why", why(item))
        .field("weighs", Cell::text(item.weight.to_string()))
        .field("measure", Cell::text(item.measure.as_str()))
        .field("ok when", asks)
        .field(
            "last entry",
            Cell::text(format!("{}; what time alone did, no entry says", item.moved)),
        );
    match item.turned.as_deref() {
        Some(turned) => doc.field("turns", Cell::text(turned)).when("at", item.turns_at, ctx.zone),
        None => doc,
    }
}

/// The kind of the object, which decides the verbs.
fn scope(item: &Item) -> Scope {
    let prefix = Ref::new(&item.r#ref).ok().and_then(|found| Some(found.number()?.0.to_owned()));
    match Measure::parse(&item.measure) {
        Some(Measure::Described | Measure::Criticality | Measure::Confirmed) => Scope::Asset,
        Some(Measure::Zones) => Scope::Zone,
        Some(Measure::Reports) => Scope::Report,
        Some(Measure::DecisionRights) => Scope::Raci,
        Some(Measure::Access) if item.part.contains('@') => Scope::Person,
        Some(Measure::Access) => Scope::Vendor,
        Some(
            Measure::DecisionsOnTime
            | Measure::Exceptions
            | Measure::Risks
            | Measure::VendorWindows
            | Measure::Changes,
        )
        | None => match prefix.as_deref() {
            Some("CR") => Scope::Change,
            Some("VW") => Scope::Window,
            Some("RA") => Scope::Acceptance,
            Some("BY") => Scope::Bypass,
            Some("R") => Scope::Risk,
            Some(_) | None => Scope::Measure,
        },
    }
}

const SHORT: &str = " state:bad,stale,unknown";

/// All items, or those that are not ok.
fn other(filter: &str) -> String {
    match filter.strip_suffix(SHORT.trim_start()) {
        Some(all) => all.trim_end().to_owned(),
        None => format!("{filter}{SHORT}").trim_start().to_owned(),
    }
}

/// The rows of the RACI that hold at a site where none was set; any other item is an object of its own.
fn rows_of(item: &Item) -> Option<Box<dyn Screen>> {
    let right = Measure::parse(&item.measure) == Some(Measure::DecisionRights);
    let unset = right && item.r#ref == item.site;
    let screen = || -> Box<dyn Screen> {
        Box::new(ListScreen::filtered(const { &items::RACI }, "state:default".to_owned()))
    };
    unset.then(screen)
}

/// The items of a measure that are not ok; `f` shows all.
pub fn of_measure(row: &MeasureRow) -> Box<dyn Screen> {
    let list = ListScreen::filtered(const { &SPEC }, items_of(row) + SHORT);
    Box::new(Drill::new(list, |found| rows_of(&found.item), View::Filter(other)))
}

/// The items of every measure that are not ok; `f` shows all.
pub fn all() -> Box<dyn Screen> {
    let list = ListScreen::filtered(const { &SPEC }, other(""));
    Box::new(Drill::new(list, |found| rows_of(&found.item), View::Filter(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_view_of_what_is_not_ok_is_everything_and_back() {
        let short = other("site:RLF measure:zones");
        assert_eq!(short, "site:RLF measure:zones state:bad,stale,unknown");
        assert_eq!(other(&short), "site:RLF measure:zones");
        assert_eq!(other(&other("")), "");
    }
    #[test]
    fn a_site_without_a_row_of_its_own_leads_to_the_rows_that_hold_there() {
        let item = |reference: &str| Item {
            r#ref: reference.to_owned(),
            site: "RTM".to_owned(),
            state: "unknown".to_owned(),
            title: String::new(),
            measure: Measure::DecisionRights.word().to_owned(),
            part: String::new(),
            why: None,
            weight: 1,
            turns_at: None,
            turned: None,
            moved: 1,
            seq: 1,
        };
        let opened = rows_of(&item("RTM")).map(|screen| screen.filter().to_owned());
        assert_eq!(opened.as_deref(), Some("state:default"));
        assert!(rows_of(&item("control.change@RTM")).is_none(), "a row opens itself");
    }
}
