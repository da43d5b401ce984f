//! The alarms that stand about an object: no entry raised them, so its entries alone do not say why it calls.

use super::super::Door;
use crate::console::screens::watch::Watched;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::alarm::{Alarm, State, rationale};
use crate::safe_text::SafeText;
use crate::store::{ReadError, Reader};

/// The document with a section of the alarms about this object, if any stand.
pub async fn standing(
    door: &Door,
    reader: &mut Reader<'_>,
    mut doc: Doc,
    reference: &str,
) -> Result<Doc, ReadError> {
    let scene = door.scene(reader).await?;
    let rows = scene.watch.iter().chain(&scene.shelf);
    let all = rows.filter_map(|row| Some((row, row.alarm.as_deref()?)));
    let about: Vec<(&Watched, &Alarm)> =
        all.filter(|(_, alarm)| alarm.subject.as_str() == reference).collect();
    if about.is_empty() {
        return Ok(doc);
    }
    doc = doc.section("Alarms: made by the clock and what is written below, by no entry");
    for (row, alarm) in about {
        doc.0.push(Line::Field(name(alarm), said(row, alarm)));
    }
    Ok(doc)
}

fn name(alarm: &Alarm) -> SafeText {
    SafeText::from(alarm.kind.word().replace('_', " "))
}

/// What is wrong, counted from when, how it stands and what ends it.
fn said(row: &Watched, alarm: &Alarm) -> Cell {
    let known = rationale(alarm.kind);
    let by = |who: &Option<String>| who.clone().unwrap_or_default();
    let stands = match alarm.state {
        State::Normal => "it has ended".to_owned(),
        State::Unacknowledged => "nobody acknowledged it".to_owned(),
        State::Acknowledged => format!("acknowledged by {}", by(&alarm.acknowledged_by)),
        // On record it has, and somebody is still there.
        State::Returned if !row.has_ended() => row.because.to_string(),
        State::Returned => "it has ended, and nobody acknowledged it".to_owned(),
        State::Shelved => format!("shelved by {}", by(&alarm.shelved_by)),
    };
    Cell::text(format!("{}; counts from ", known.cause))
        .and_at(alarm.due, Some(row.zone), Form::Full, Role::Normal)
        .and(format!("; {stands}; ends when {}", known.cleared_by), Role::Normal)
}
