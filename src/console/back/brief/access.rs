//! What is decided on where somebody is to be let in: a vendor's window, or its extension.

use super::{CONFLICTS, NAMED, conflicts, from_to, named};
use crate::console::screens::cells;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::state_words;
use crate::domain::time::Time;
use crate::domain::window::ground::Ground;
use crate::store::query::{Extension, Window};
use crate::store::{ReadError, Reader};

/// The other windows of the same person that are asked for, approved or open.
async fn others(reader: &mut Reader<'_>, row: &Window) -> Result<Vec<Window>, ReadError> {
    let filter = format!("vendor:{} state:requested,approved,open", row.vendor);
    let mut found: Vec<Window> = reader.list(&filter, &NAMED).await?.rows;
    found.retain(|other| other.person == row.person && other.r#ref != row.r#ref);
    Ok(found)
}

/// Who comes, to what, when, with which papers, and what stands against it.
pub async fn window(reader: &mut Reader<'_>, row: &Window) -> Result<Doc, ReadError> {
    let others = others(reader, row).await?;
    let ground = row.ground(reader.now());
    let who = format!("{} of {}: {}", row.person, row.vendor, row.title);
    let doc = named(&who, &row.assets.0);
    let doc = from_to(doc, row.start, row.end, &row.timezone);
    let doc = lacks(doc, &ground, row.end);
    Ok(conflicts(doc, &row.clashes, CONFLICTS, "may let it pass")
        .field("serves", cells::word(row.change.as_deref()))
        .field("escort", Cell::text(row.escort.as_deref().unwrap_or("nobody")))
        .field("from", cells::word(row.source.as_deref()))
        .field("papers", Cell::text(papers(&ground, &row.timezone)))
        .field("also has", Cell::text(also(&others)))
        .field("asked by", Cell::text(row.requester.as_str())))
}

/// Whose access ends, to what it was, what for, and who is still on.
pub fn ends(row: &Window) -> Doc {
    let who = format!("{} of {}: {}", row.person, row.vendor, row.title);
    named(&who, &row.assets.0)
        .when("ends", Some(row.end), cells::zone(&row.timezone))
        .field("serves", cells::word(row.change.as_deref()))
        .field("still on", Cell::text(row.sessions.0.join(", ")))
}

/// What nobody may be let in without and is not there, or ends before the window does.
fn lacks(mut doc: Doc, ground: &Ground, end: Time) -> Doc {
    let found = ground.hindrances(end).into_iter().chain(ground.unrecorded()).chain(ground.wrong());
    for lack in found {
        doc = doc.field("lacks", Cell::of(lack.message, Role::Title));
    }
    doc
}

/// Until when contract, screening and training hold.
fn papers(ground: &Ground, timezone: &str) -> String {
    let zone = cells::zone(timezone);
    let until = |at: Time| at.utc().with_timezone(&zone).format("%Y-%m-%d").to_string();
    let said = |what: &str, at: Option<Time>, none: &str| match at {
        Some(at) => format!("{what} until {}", until(at)),
        None => format!("{what} {none}"),
    };
    [
        said("contract", ground.contract_end, "without an end"),
        said("screening", ground.screening_until, "not on record"),
        said("training", ground.training_until, "not on record"),
    ]
    .join(", ")
}

fn also(others: &[Window]) -> String {
    let said = |other: &Window| {
        let state = state_words::spoken(&other.effective_state);
        format!("{} {state} on {}", other.r#ref, other.assets.0.join(", "))
    };
    others.iter().map(said).collect::<Vec<_>>().join("; ")
}

/// Whose access would end later, and why.
pub fn extension(row: &Extension) -> Doc {
    let zone = cells::zone(&row.timezone);
    let who = format!("{} of {} in {}: {}", row.person, row.vendor, row.window, row.title);
    let doc = named(&who, &row.assets.0).when("ends now", Some(row.old_end), zone).when(
        "would end",
        Some(row.end),
        zone,
    );
    conflicts(doc, &row.clashes, CONFLICTS, "answers for it")
        .field("because", Cell::text(row.reason.as_str()))
        .field("asked by", Cell::text(row.requester.as_str()))
}
