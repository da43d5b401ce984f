//! What is decided on, begun, reported or undone where it is a change: what is to be known before all else comes first.

use chrono_tz::Tz;

use super::{ALL_CONFLICTS, CONFLICTS, conflicts, from_to, named};
use crate::console::screens::cells;
use crate::console::screens::changes::done;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::Doc;
use crate::domain::change::{Difference, Impact, Impacts, Nature};
use crate::domain::time::Time;
use crate::store::query::{Change, Clash, Refused, Replaces};

/// What an emergency says for itself, what a standard change is of, or what kind of change it is otherwise.
fn kind(row: &Change) -> Cell {
    let why = row.basis.as_deref().map(|basis| format!(": {basis}")).unwrap_or_default();
    match Nature::parse(&row.kind) {
        Some(Nature::Emergency) => Cell::of(format!("{}{why}", row.kind), Role::Title),
        Some(Nature::Standard) => Cell::text(match &row.template {
            Some(template) => format!("standard, a use of {template} that all approved"),
            None => {
                "standard, a template: each use of it then takes operations' yes alone".to_owned()
            }
        }),
        Some(Nature::Normal | Nature::Temporary) | None => Cell::text(row.kind.as_str()),
    }
}

/// What is to be known before all else of a change that is decided on, a line of each at least; then the rest.
pub fn change(row: &Change, replaced: Option<&Replaces>) -> Doc {
    let revision = if row.revision > 1 { row.revision.to_string() } else { String::new() };
    let nature = Nature::parse(&row.kind);
    let unusual = matches!(nature, Some(Nature::Emergency | Nature::Standard));
    let mut doc = from_to(named(&row.title, &row.assets.0), row.start, row.end, &row.timezone);
    if unusual {
        doc = doc.field("kind", kind(row));
    }
    doc = conflicts(doc, &row.clashes, CONFLICTS, "may waive it, till then it does not start");
    doc = doc
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("rollback", Cell::text(row.rollback.as_str()))
        .field("tests", Cell::text(row.tests.as_str()))
        .field(
            "replaces",
            replaced.map_or_else(Cell::empty, |one| replaces(one, cells::zone(&row.timezone))),
        );
    if !unusual {
        doc = doc.field("kind", kind(row));
    }
    doc.field("done to them", Cell::text(done(row)))
        .field("asked by", Cell::text(row.requester.as_str()))
        .field("revision", Cell::text(revision))
}

/// What stands against a change, of which one thing is to be waived; how it is undone if that was wrong.
pub fn waive(row: &Change) -> Doc {
    let doc = named(&row.title, &row.assets.0);
    let doc = conflicts(doc, &row.clashes, ALL_CONFLICTS, "may waive it");
    let doc = from_to(doc, row.start, row.end, &row.timezone)
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("rollback", Cell::text(row.rollback.as_str()));
    waived(doc, &row.clashes)
}

/// What is done to which assets and how grave that is said to be.
pub fn weigh(row: &Change) -> Doc {
    let logic = if row.alters_logic { "control logic" } else { "" };
    let validated = if row.alters_validated { "a validated parameter" } else { "" };
    let changes: Vec<&str> =
        [logic, validated].into_iter().filter(|word| !word.is_empty()).collect();
    named(&row.title, &row.assets.0)
        .field("done to them", Cell::text(done(row)))
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("it changes", Cell::text(changes.join(" and ")))
}

/// What begins, until when, what may go wrong and how it is undone.
pub fn begin(row: &Change) -> Doc {
    let doc = named(&row.title, &row.assets.0);
    let doc = from_to(doc, row.start, row.end, &row.timezone)
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("rollback", Cell::text(row.rollback.as_str()));
    waived(conflicts(doc, &row.clashes, CONFLICTS, "may waive it"), &row.clashes)
}

/// What would stand against it, who let it pass and why: whoever begins reads under what it may.
fn waived(mut doc: Doc, clashes: &[Clash]) -> Doc {
    for clash in clashes {
        let Some(waiver) = &clash.waived else { continue };
        let said = format!("{}, by {}: {}", clash.conflict.with, waiver.person, waiver.reason);
        doc = doc.field("waived", Cell::text(said));
    }
    doc
}

/// What was to be done and how it is tested, what is kept of it so far, and what is said of the validation record that
/// it needs.
pub fn prove(row: &Change, validated: bool, said: &'static str) -> Doc {
    let record = if validated { said } else { "" };
    named(&row.title, &row.assets.0)
        .when("ends", Some(row.end), cells::zone(&row.timezone))
        .field("tests", Cell::text(row.tests.as_str()))
        .field("before", cells::word(row.before.as_deref()))
        .field("after", cells::word(row.after.as_deref()))
        .field("evidence", cells::word(row.evidence.as_deref()))
        .field("said of it", cells::word(row.note.as_deref()))
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("record", Cell::text(record))
}

/// What is undone, and how.
pub fn undo(row: &Change) -> Doc {
    named(&row.title, &row.assets.0)
        .field("rollback", Cell::text(row.rollback.as_str()))
        .field("before", cells::word(row.before.as_deref()))
}

/// The change that it replaces, who said no to that one and why, and what is asked otherwise.
fn replaces(replaced: &Replaces, zone: Tz) -> Cell {
    let no = |no: &Refused| {
        let what = if no.veto { "vetoed" } else { "refused" };
        let reason = no.reason.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{what} by {} ({}){reason}", no.discipline.replace('_', " "), no.person)
    };
    let refused: Vec<String> = replaced.refused.iter().map(no).collect();
    let zone = Some(zone);
    let otherwise = |one: &Difference| {
        let times = (one.after.parse::<Time>(), one.before.parse::<Time>());
        let (Ok(after), Ok(before)) = times else {
            return Cell::text(format!("{} {} (was {})", one.field, one.after, one.before));
        };
        Cell::text(format!("{} ", one.field))
            .and_at(after, zone, Form::Day, Role::Normal)
            .and(" (was ", Role::Normal)
            .and_at(before, zone, Form::Day, Role::Normal)
            .and(")", Role::Normal)
    };
    let refused: String = refused.iter().map(|one| format!("{one}; ")).collect();
    let mut cell = Cell::text(format!("{}, {refused}differs in ", replaced.r#ref));
    for (at, one) in replaced.differences.iter().enumerate() {
        let between = if at == 0 { "" } else { ", " };
        cell = cell.and(between, Role::Normal).and_all(otherwise(one));
    }
    if replaced.differences.is_empty() { cell.and("nothing", Role::Normal) } else { cell }
}

/// The impacts above none with their words, the gravest first.
fn impacts(impacts: &Impacts) -> String {
    let mut found: Vec<_> =
        impacts.named().into_iter().filter(|(_, answer)| answer.level != Impact::None).collect();
    found.sort_by_key(|(_, answer)| std::cmp::Reverse(answer.level));
    let said: Vec<String> = found
        .iter()
        .map(|(name, answer)| {
            let text = answer.text.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
            format!("{name} {}{text}", answer.level.word())
        })
        .collect();
    if said.is_empty() { "none".to_owned() } else { said.join("; ") }
}
