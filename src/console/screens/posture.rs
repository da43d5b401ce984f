//! Posture: six numbers for each site, what drags them down, and the counts behind every one.

pub mod drill;
pub mod measures;
pub mod objects;
pub mod zones;

use std::cmp::Ordering;

use drill::{Drill, View};

use super::list::{ListScreen, Spec};
use super::{Focus, Screen, cells};
use crate::console::ctx::Ctx;
use crate::console::keys::Scope;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::posture::{Counts, FORMULA, Function, Score, Tally};
use crate::domain::words::count as count_of;
use crate::safe_text::SafeText;
use crate::store::query::SitePosture;

impl Row for SitePosture {
    fn id(&self) -> &str {
        &self.site
    }
}

macro_rules! function {
    ($title:literal, $function:ident) => {
        Column::right($title, 5, |row, _| score(row, Function::$function))
    };
}

/// What is special about the posture of sites.
pub const SPEC: Spec<SitePosture> = Spec {
    subject: "posture",
    title: "Posture",
    scope: Scope::Site,
    columns: &[
        Column::left("Site", 14, |row, _| Cell::text(format!("{} {}", row.site, row.name))),
        function!("GV", Govern),
        function!("ID", Identify),
        function!("PR", Protect),
        function!("DE", Detect),
        function!("RS", Respond),
        function!("RC", Recover),
        Column::right("Tgt", 3, |row, _| Cell::text(row.target.to_string())),
        Column::right("P1", 3, |row, _| count(row.risks.p1, 1)),
        Column::right("P2", 3, |row, _| count(row.risks.p2, 2)),
        Column::left("Because", 16, |row, _| cells::word(row.because.as_deref())),
    ],
    empty: "No site is registered. n registers one.",
    filter_words: &["site:"],
    focus: |row| Focus {
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.site, row.name.as_str(), Scope::Site)
    },
    strip: |row, _| {
        let why = row.because.as_deref().unwrap_or("nothing is amiss in what is measured");
        [Cell::text(format!("{} {}", row.site, row.name)), Cell::text(why)]
    },
    detail: |row, ctx| detail(row, ctx),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied: |_, _, _| None,
};

/// All sites, each of which opens its measures; `f` shows zones instead.
pub fn sites() -> Box<dyn Screen> {
    let list = ListScreen::new(const { &SPEC });
    Box::new(Drill::new(list, |row| Some(measures::of_site(row)), View::Screen(zones::screen)))
}

/// A number is marked only when it misses its target or rests on items in doubt, and before it when it moved in a day; too
/// little measured reads `--`.
pub fn score(row: &SitePosture, function: Function) -> Cell {
    let Score { number, doubtful } = row.functions.of(function);
    let misses = number.is_some_and(|number| number < row.target);
    let was = row.was.as_ref().and_then(|was| was.of(function).number);
    let moved = match number.zip(was).map(|(now, was)| now.cmp(&was)) {
        Some(Ordering::Less) => Cell::of("↓", Role::Title),
        Some(Ordering::Greater) => Cell::of("↑", Role::Dim),
        Some(Ordering::Equal) | None => Cell::empty(),
    };
    let cell = moved.and_all(match number {
        Some(number) if misses => Cell::of(number.to_string(), Role::Title),
        Some(number) => Cell::text(number.to_string()),
        None => Cell::of("--", Role::Dim),
    });
    match (misses, doubtful) {
        (true, true) => cell.and("▼", Role::Title).and("?", Role::Dim),
        (true, false) => cell.and("▼", Role::Title),
        (false, true) => cell.and("?", Role::Dim),
        (false, false) => cell.and(" ", Role::Normal),
    }
}

fn count(count: i64, priority: u8) -> Cell {
    let role = if count == 0 { Role::Dim } else { Role::of_priority(priority) };
    Cell::of(count.to_string(), role)
}

fn detail(row: &SitePosture, _: &Ctx<'_>) -> Doc {
    document(row)
}

/// The numbers of a site with the counts and the words that each is made of, and how that is done.
pub fn document(row: &SitePosture) -> Doc {
    formula(numbers(row))
}

/// A document with how a number is made, which whoever knows it goes over.
pub fn formula(doc: Doc) -> Doc {
    FORMULA.iter().fold(doc.section("How a number is made"), |doc, sentence| doc.text(*sentence))
}

/// The numbers of a site with the counts that each is made of.
pub fn numbers(row: &SitePosture) -> Doc {
    let mut doc = Doc::titled(SafeText::from(format!("{} {}", row.site, row.name)))
        .field("target", Cell::text(row.target.to_string()))
        .field("because", cells::word(row.because.as_deref()))
        .field(
            "open risks",
            Cell::text(format!(
                "P1 {}, P2 {}, P3 {}, P4 {}",
                row.risks.p1, row.risks.p2, row.risks.p3, row.risks.p4
            )),
        );
    for (function, score) in &row.functions.0 {
        let of = row.measures.iter().filter(|t| t.measure.function() == *function);
        let tallies: Vec<_> = of.filter(|tally| populated(tally)).collect();
        let said = match score.number {
            Some(number) => format!("{number} of 100"),
            None => "-- too little is measured".to_owned(),
        };
        let doubt =
            if score.doubtful { "; ? over a tenth is stale or was never recorded" } else { "" };
        doc = doc
            .section(name(*function))
            .text(Cell::of(said, Role::Title).and(SafeText::fixed(doubt), Role::Dim));
        let was = row.was.as_ref().and_then(|was| was.of(*function).number);
        if let Some((now, was)) = score.number.zip(was).filter(|(now, was)| now > was) {
            doc = doc.field("rose", Cell::text(format!("from {was} to {now} in 24 hours")));
        }
        if let Some(fall) = row.fell.iter().find(|fall| fall.function == *function) {
            doc = doc.field("fell", Cell::text(format!("from {} in 24 hours", fall.from)));
            for fell in &fall.measures {
                doc = doc.field("by", Cell::text(fell.words()));
            }
        }
        for tally in tallies {
            doc = doc.text(Cell::text(line(tally)));
        }
    }
    doc
}

/// Whether a measure has anything to say.
const fn populated(tally: &Tally) -> bool {
    let Counts { ok, bad, stale, unknown, excepted } = tally.counts;
    ok.items + bad.items + stale.items + unknown.items + excepted.items > 0
}

/// A measure in one line: items and what they weigh, those that are excepted, what is asked.
fn line(tally: &Tally) -> String {
    let (measure, counts) = (tally.measure, tally.counts);
    let asked = counts.asked();
    format!(
        "{}: {} of {} ok (weight {} of {}), {} excepted: {} (W {})",
        measure.name(),
        counts.ok.items,
        count_of(asked.items, "item"),
        counts.ok.weight,
        asked.weight,
        counts.excepted.items,
        measure.asks(),
        tally.counts_for
    )
}

const fn name(function: Function) -> &'static str {
    match function {
        Function::Govern => "GV govern",
        Function::Identify => "ID identify",
        Function::Protect => "PR protect",
        Function::Detect => "DE detect",
        Function::Respond => "RS respond",
        Function::Recover => "RC recover",
    }
}
