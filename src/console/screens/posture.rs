//! Posture: six numbers for each site, what drags them down, and the counts behind every one.

use super::list::Spec;
use super::{Focus, cells};
use crate::console::ctx::Ctx;
use crate::console::keys::Scope;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::posture::Function;
use crate::safe_text::SafeText;
use crate::store::query::SitePosture;

impl Row for SitePosture {
    fn id(&self) -> &str {
        &self.site
    }
}

macro_rules! function {
    ($title:literal, $function:ident) => {
        Column::right($title, 4, |row, _| score(row, Function::$function))
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
        Column::right("P1", 3, |row, _| count(row.risks.p1, Role::P1)),
        Column::right("P2", 3, |row, _| count(row.risks.p2, Role::P2)),
        Column::left("What costs most", 22, |row, _| cells::word(row.because.as_deref())),
    ],
    empty: "No site is registered. n registers one.",
    filter_words: &[],
    focus: |row| Focus {
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.site, row.name.as_str(), Scope::Site)
    },
    strip: |row, _| {
        let why = row.because.as_deref().unwrap_or("nothing is amiss in what is measured");
        [
            Cell::text(format!("{} {}: {why}", row.site, row.name)),
            "-- means that too little is measured; Enter shows the counts behind each number"
                .into(),
        ]
    },
    detail: |row, ctx| detail(row, ctx),
    beside: None,
    third: None,
    denied: |_, _, _| None,
};

/// A number is marked only when it misses its target; too little measured reads `--`.
fn score(row: &SitePosture, function: Function) -> Cell {
    let found = row.functions.0.iter().find(|(known, _)| *known == function);
    match found.and_then(|(_, number)| *number) {
        Some(number) if number < row.target => {
            Cell::of(number.to_string(), Role::Title).and("▼", Role::P3)
        }
        Some(number) => Cell::text(number.to_string()).and(" ", Role::Normal),
        None => Cell::of("-- ", Role::Dim),
    }
}

fn count(count: i64, role: Role) -> Cell {
    if count == 0 { Cell::of("0", Role::Dim) } else { Cell::of(count.to_string(), role) }
}

fn detail(row: &SitePosture, _: &Ctx<'_>) -> Doc {
    document(row)
}

/// The numbers of a site with the counts and the words that each is made of.
pub fn document(row: &SitePosture) -> Doc {
    let mut doc = Doc::titled(SafeText::from(format!("{} {}", row.site, row.name)))
        .field("target", Cell::text(row.target.to_string()))
        .field("costs most", cells::word(row.because.as_deref()))
        .field(
            "open risks",
            Cell::text(format!(
                "P1 {}, P2 {}, P3 {}, P4 {}",
                row.risks.p1, row.risks.p2, row.risks.p3, row.risks.p4
            )),
        );
    for (function, number) in &row.functions.0 {
        let of = row.measures.iter().filter(|t| t.measure.function() == *function);
        let tallies: Vec<_> = of.filter(|tally| tally.all > 0).collect();
        let said = match number {
            Some(number) => format!("{number} of 100"),
            None => "-- too little is measured".to_owned(),
        };
        doc = doc.section(name(*function)).text(Cell::of(said, Role::Title));
        for tally in tallies {
            let line = format!(
                "{} of {}: {} (weight {})",
                tally.ok,
                tally.all,
                tally.measure.asks(),
                tally.measure.weight()
            );
            doc = doc.text(Cell::text(format!("{}: {line}", tally.measure)));
        }
    }
    doc.section("How a number is made").text(
        "Each measure is the share of its weight that is ok; an asset weighs its worst rating, 5 if unrated. \
         A function is the weighted mean of its measures, rounded down; -- if they carry under half of 100."
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
