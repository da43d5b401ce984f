//! What an object is that is ended, moved, suspended or spoken of, for the commands that decide nothing on a request: who or
//! what is meant, since when and until when, and what hangs on it.

use super::{NAMED, from_to, named};
use crate::console::screens::cells;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::state_words;
use crate::store::query::{
    Acceptance, Asset, Bypass, Calendar, Change, Duty, Extension, Grant, Incident, Page, Person,
    RaciRow, Risk, Session, Slot, Vendor, Window,
};
use crate::store::{ReadError, Reader};

/// What is told of the object of a command; nothing of a command that has its facts elsewhere or is about no object.
pub async fn facts(
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<Option<Doc>, ReadError> {
    Ok(match command {
        "session.end" | "session.cut-off" => match reader.one::<Session>(reference).await? {
            Some(row) => Some(session(reader, &row).await?),
            None => None,
        },
        "bypass.remove" | "bypass.renew" => {
            reader.one::<Bypass>(reference).await?.map(|row| bypass(&row))
        }
        "outage.move" | "outage.cancel" | "blackout.end" => {
            reader.one::<Calendar>(reference).await?.map(|row| slot(&row.slot))
        }
        "incident.freeze" | "incident.exempt" | "incident.unfreeze" => {
            reader.one::<Incident>(reference).await?.map(|row| incident(&row))
        }
        "person.deactivate" | "role.grant" | "role.revoke" => {
            Some(person(reader, reference).await?)
        }
        "vendor.update" | "vendor.suspend" | "vendor.resume" => {
            match reader.one::<Vendor>(reference).await? {
                Some(row) => Some(vendor(reader, &row).await?),
                None => None,
            }
        }
        "asset.update" | "asset.retire" => match reader.one::<Asset>(reference).await? {
            Some(row) => Some(asset(reader, &row).await?),
            None => None,
        },
        "raci.set" => {
            let rows = reader.raci("", &Page::ALL).await?.rows;
            rows.iter().find(|row| row.r#ref == reference).map(raci)
        }
        "change.renew" | "change.revise" => {
            reader.one::<Change>(reference).await?.map(|row| change(&row))
        }
        "comment.add" => spoken_of(reader, reference).await?,
        _ => None,
    })
}

/// Whose session it is, to what, under which window, since when, until when, and who watches it.
async fn session(reader: &mut Reader<'_>, row: &Session) -> Result<Doc, ReadError> {
    let zone = cells::zone(&row.timezone);
    let window = match &row.window {
        Some(window) => reader.one::<Window>(window).await?,
        None => None,
    };
    let doc = Doc::default()
        .field("who", Cell::text(format!("{} of {}", row.person, row.vendor)))
        .field("on", Cell::text(row.asset.as_str()));
    let doc = match &window {
        Some(of) => {
            let state = state_words::spoken(&of.effective_state);
            doc.field("window", Cell::text(format!("{}, {state}: {}", of.r#ref, of.title)))
        }
        None => doc.field("window", Cell::of("none that was open when it began", Role::Title)),
    };
    let escort = window.as_ref().map(|of| of.escort.as_deref().unwrap_or("nobody"));
    let doc = doc
        .field("stands", Cell::text(state_words::spoken(&row.effective_state)))
        .when("since", Some(row.started_at), zone)
        .when("until", window.as_ref().map(|of| of.end), zone)
        .field("escort", Cell::text(escort.unwrap_or("nobody: no window says")))
        .field("from", cells::word(row.source.as_deref()))
        .field("told by", Cell::text(row.started_by.as_str()));
    let doc = match (&row.cut_off_by, &row.cut_off_because) {
        (Some(by), because) => {
            let why = because.as_deref().unwrap_or_default();
            doc.field("cut off", Cell::of(format!("by {by}: {why}"), Role::Title)).when(
                "at",
                row.cut_off_at,
                zone,
            )
        }
        (None, _) => doc,
    };
    // Whoever is on in two places must not be taken for gone.
    let filter = format!("vendor:\"{}\" state:live", row.vendor);
    let mut also: Vec<Session> = reader.list(&filter, &NAMED).await?.rows;
    also.retain(|other| other.person == row.person && other.r#ref != row.r#ref);
    let also: Vec<String> =
        also.iter().map(|other| format!("{} on {}", other.r#ref, other.asset)).collect();
    Ok(doc.field("also on", Cell::text(also.join(", "))))
}

fn bypass(row: &Bypass) -> Doc {
    let zone = cells::zone(&row.timezone);
    Doc::default()
        .field("bypassed", Cell::of(row.title.as_str(), Role::Title))
        .field("on", Cell::text(row.asset.as_str()))
        .when("until", Some(row.until), zone)
        .field("instead", Cell::text(row.compensating.0.join("; ")))
        .field("tag", cells::word(row.tag.as_deref()))
        .field("change", Cell::text(row.change.as_str()))
        .field("because", Cell::text(row.reason.as_str()))
        .field("placed by", Cell::text(row.placed_by.as_str()))
        .when("since", Some(row.placed_at), zone)
}

/// A time of the calendar, and what stands or falls with it.
fn slot(row: &Slot) -> Doc {
    let whole = [format!("the whole of {}", row.site)];
    let on: &[String] = if row.whole { &whole } else { &row.assets.0 };
    let doc = from_to(named(&row.title, on), row.start, row.end, &row.timezone);
    doc.when("ends", Some(row.end), cells::zone(&row.timezone))
        .field("stands", Cell::text(state_words::spoken(&row.effective_state)))
        .field("holds", Cell::text(row.holds.join(", ")))
        .field("would fit", Cell::text(row.fits.join(", ")))
        .field("set by", Cell::text(row.author.as_str()))
}

fn incident(row: &Incident) -> Doc {
    let zone = cells::zone(&row.timezone);
    let exercise = if row.exercise { ", an exercise" } else { "" };
    let by = row.frozen_by.as_deref().map(|by| {
        let why = row.frozen_for.as_deref().unwrap_or_default();
        format!("by {by}: {why}")
    });
    let doc = Doc::default()
        .field("what", Cell::text(row.title.as_str()))
        .field("sites", Cell::text(row.sites.0.join(", ")))
        .field("severity", Cell::text(format!("{}{exercise}", row.severity)));
    let doc = match by {
        Some(by) => doc.field("frozen", Cell::of(by, Role::Title)),
        None => doc.field("frozen", "no: work goes on"),
    };
    doc.when("since", row.frozen_since, zone)
        .field("exempt", Cell::text(row.exempted.0.join(", ")))
        .field("known", cells::word(row.summary.as_deref()))
        .field("declared by", Cell::text(row.declared_by.as_str()))
        .when("declared", Some(row.declared_at), zone)
}

/// A person with roles and duties, which end with them.
async fn person(reader: &mut Reader<'_>, login: &str) -> Result<Doc, ReadError> {
    let Some(row) = reader.one::<Person>(login).await? else {
        return Ok(Doc::default());
    };
    let disciplines = row.disciplines.0.iter().map(|word| word.replace('_', " "));
    let mut doc = Doc::default()
        .field("who", Cell::text(format!("{} ({}), {}", row.name, row.login, row.state)))
        .field("disciplines", Cell::text(disciplines.collect::<Vec<_>>().join(", ")));
    let filter = format!("login:\"{login}\" state:held");
    let roles: Vec<Grant> = reader.list(&filter, &NAMED).await?.rows;
    for role in roles {
        let of = role.site.as_deref().unwrap_or("all sites");
        let said = format!("{} at {of}", role.role.replace('_', " "));
        doc = doc.field("role", Cell::text(said)).when("until", role.until, chrono_tz::Tz::UTC);
    }
    let filter = format!("login:\"{login}\" state:on,to_come");
    let duties: Vec<Duty> = reader.list(&filter, &NAMED).await?.rows;
    for duty in duties {
        let of = format!("{} at {}", duty.discipline.replace('_', " "), duty.site);
        let zone = cells::zone(&duty.timezone);
        doc = doc.field("on call", Cell::text(of)).span("from", (duty.from, duty.until), zone);
    }
    Ok(doc)
}

/// A vendor with its papers, the windows that it has and who of it is on now.
async fn vendor(reader: &mut Reader<'_>, row: &Vendor) -> Result<Doc, ReadError> {
    let filter = format!("vendor:\"{}\" state:requested,approved,open", row.vendor);
    let windows: Vec<Window> = reader.list(&filter, &NAMED).await?.rows;
    let windows: Vec<String> = windows
        .iter()
        .map(|one| {
            let state = state_words::spoken(&one.effective_state);
            format!("{} {state}: {}", one.r#ref, one.person)
        })
        .collect();
    let filter = format!("vendor:\"{}\" state:live", row.vendor);
    let on: Vec<Session> = reader.list(&filter, &NAMED).await?.rows;
    let on: Vec<String> =
        on.iter().map(|one| format!("{} on {} ({})", one.person, one.asset, one.r#ref)).collect();
    Ok(Doc::default()
        .field("vendor", Cell::text(format!("{}, {}", row.name, row.state)))
        .field("on now", Cell::of(on.join("; "), Role::Title))
        .field("windows", Cell::text(windows.join("; ")))
        .when("contract to", row.contract_end, chrono_tz::Tz::UTC)
        .field("runs out", Cell::text(row.runs_out.join("; ")))
        .field("persons", Cell::text(row.persons.0.join(", "))))
}

/// An asset, and what is open on it.
async fn asset(reader: &mut Reader<'_>, row: &Asset) -> Result<Doc, ReadError> {
    let filter = format!("asset:\"{}\" state:requested,approved,in_progress", row.r#ref);
    let changes: Vec<Change> = reader.list(&filter, &NAMED).await?.rows;
    let filter = format!("asset:\"{}\" state:requested,approved,open", row.r#ref);
    let windows: Vec<Window> = reader.list(&filter, &NAMED).await?.rows;
    let filter = format!("asset:\"{}\" state:placed", row.r#ref);
    let bypasses: Vec<Bypass> = reader.list(&filter, &NAMED).await?.rows;
    let open: Vec<String> = changes
        .iter()
        .map(|one| (&one.r#ref, &one.effective_state))
        .chain(windows.iter().map(|one| (&one.r#ref, &one.effective_state)))
        .chain(bypasses.iter().map(|one| (&one.r#ref, &one.effective_state)))
        .map(|(on, state)| format!("{on} {}", state_words::spoken(state)))
        .collect();
    let made = [&row.vendor, &row.product, &row.model].into_iter().flatten();
    let made: Vec<&str> = made.map(String::as_str).collect();
    Ok(Doc::default()
        .field("asset", Cell::text(format!("{} {}, {}", row.r#ref, row.name, row.state)))
        .field("class", Cell::text(row.class.replace('_', " ")))
        .field("zone", cells::word(row.zone.as_deref()))
        .field("made by", Cell::text(made.join(" ")))
        .field("firmware", cells::word(row.firmware.as_deref()))
        .field("open on it", Cell::of(open.join(", "), Role::Title)))
}

/// A row of the RACI as it counts now.
fn raci(row: &RaciRow) -> Doc {
    let cells: Vec<String> = row
        .cells
        .iter()
        .map(|(discipline, letter)| format!("{} {letter}", discipline.replace('_', " ")))
        .collect();
    let of = row.site.as_deref().unwrap_or("all sites");
    Doc::default()
        .field("activity", Cell::text(format!("{} at {of}", row.activity)))
        .field("stands", Cell::text(cells.join(", ")))
        .field("answers", Cell::text(row.accountable.replace('_', " ")))
        .field("row from", Cell::text(row.origin))
}

/// A change that stays longer or is asked for otherwise.
fn change(row: &Change) -> Doc {
    let zone = cells::zone(&row.timezone);
    from_to(named(&row.title, &row.assets.0), row.start, row.end, &row.timezone)
        .field("kind", Cell::text(row.kind.as_str()))
        .when("revert by", row.revert_by, zone)
        .field("stands", Cell::text(state_words::spoken(&row.effective_state)))
        .field("asked by", Cell::text(row.requester.as_str()))
}

/// What something is that is spoken of, and how it stands.
async fn spoken_of(reader: &mut Reader<'_>, reference: &str) -> Result<Option<Doc>, ReadError> {
    let prefix = reference.split_once('-').map_or("", |(prefix, _)| prefix);
    let stands =
        |doc: Doc, state: &str| Some(doc.field("stands", Cell::text(state_words::spoken(state))));
    Ok(match prefix {
        "CR" => reader.one::<Change>(reference).await?.and_then(|row| {
            let doc = from_to(named(&row.title, &row.assets.0), row.start, row.end, &row.timezone);
            stands(doc, &row.effective_state)
        }),
        "VW" => reader.one::<Window>(reference).await?.and_then(|row| {
            let who = format!("{} of {}: {}", row.person, row.vendor, row.title);
            let doc = from_to(named(&who, &row.assets.0), row.start, row.end, &row.timezone);
            stands(doc, &row.effective_state)
        }),
        "VX" => reader.one::<Extension>(reference).await?.and_then(|row| {
            let who = format!("{} of {} in {}: {}", row.person, row.vendor, row.window, row.title);
            let zone = cells::zone(&row.timezone);
            let doc = named(&who, &row.assets.0).when("would end", Some(row.end), zone);
            stands(doc, &row.state)
        }),
        "RA" => reader.one::<Acceptance>(reference).await?.and_then(|row| {
            let what = format!("{} (P{}): {}", row.risk, row.priority, row.title);
            let zone = cells::zone(&row.timezone);
            let doc = named(&what, &row.assets.0).when("until", Some(row.until), zone);
            stands(doc, &row.state)
        }),
        "R" => reader.one::<Risk>(reference).await?.and_then(|row| {
            let what = format!("(P{}): {}", row.priority, row.title);
            stands(Doc::default().field("risk", Cell::text(what)), &row.effective_state)
        }),
        "INC" => reader.one::<Incident>(reference).await?.map(|row| incident(&row)),
        _ => None,
    })
}
